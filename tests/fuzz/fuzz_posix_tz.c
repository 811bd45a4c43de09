/*
 * fuzz_posix_tz — any bytes as a POSIX TZ string: an error with its place, or a rule whose spans
 * follow each other.
 */
#include <stdlib.h>

#include "time/time_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Walks a few spans on from an instant. */
static void check_spans(const csq_zone *zone, csq_ms at)
{
    csq__offset_span span;
    require(csq__zone_span(zone, at, &span, NULL) == CSQ_OK);
    require(span.from <= at && (at < span.until || span.until == INT64_MAX));
    for (int i = 0; i < 6 && span.until != INT64_MAX; i++) {
        csq__offset_span next;
        require(csq__zone_span(zone, span.until, &next, NULL) == CSQ_OK);
        require(next.from == span.until && next.offset_s != span.offset_s);
        csq_ms first;
        csq_ms local;
        if (csq__add(span.until, next.offset_s * CSQ__SECOND_MS, &local) &&
            csq__zone_first(zone, local, &first, NULL) == CSQ_OK) {
            require(first <= span.until);
        }
        span = next;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    csq_zone *zone = NULL;
    csq_error error;
    const csq_str text = {(const char *)data, size};
    const csq_status status = csq_zone_new_posix(text, NULL, &zone, &error);
    require((status == CSQ_OK) == (zone != NULL));
    if (zone == NULL) {
        require(error.code == CSQ_EPOSIXTZ && error.byte >= 0 && (uint64_t)error.byte <= size);
        return 0;
    }
    check_spans(zone, INT64_MIN);
    check_spans(zone, -1);
    check_spans(zone, 1774746000000);
    check_spans(zone, INT64_MAX - 100000000000);
    check_spans(zone, INT64_MAX);
    csq_zone_free(zone);
    return 0;
}
