/*
 * fuzz_tzif — any bytes as a TZif file: an error with its place, or a zone whose spans hold the
 * instants asked for and whose local times resolve.
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

static void check_instant(const csq_zone *zone, csq_ms at)
{
    csq__offset_span span;
    if (csq__zone_span(zone, at, &span, NULL) != CSQ_OK) {
        return;
    }
    require(span.from <= at && (at < span.until || span.until == INT64_MAX));
    csq_local local = {.size = sizeof local};
    if (csq_zone_local(zone, at, &local, NULL) == CSQ_OK) {
        require(local.offset_s == span.offset_s);
    }
    csq_ms clock;
    csq_resolution found = {.size = sizeof found};
    if (csq__add(at, span.offset_s * CSQ__SECOND_MS, &clock) &&
        csq_zone_resolve(zone, clock, &found, NULL) == CSQ_OK) {
        require(found.first <= found.earlier && found.earlier <= at && at <= found.later);
    }
    const csq_period_options day = {.size = sizeof day, .kind = CSQ_PERIOD_DAY};
    csq_period period = {.size = sizeof period};
    if (csq_period_at(zone, &day, at, &period, NULL) == CSQ_OK) {
        require(period.from <= at && at < period.to);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const csq_ms instants[] = {
        INT64_MIN,           INT64_MIN + 1000,     -8520336000000,     -1, 0,
        1000000000000,       1774746000000,        1792890000000,      4102444800000,
        253402300799999,     INT64_MAX - 1000,     INT64_MAX,
    };
    csq_zone *zone = NULL;
    csq_error error;
    const csq_status status =
        csq_zone_new_tzif(CSQ__STR("Fuzz"), data, size, NULL, &zone, &error);
    require((status == CSQ_OK) == (zone != NULL));
    if (zone == NULL) {
        require(error.code == status && error.byte >= 0 && (uint64_t)error.byte <= size);
        return 0;
    }
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        check_instant(zone, instants[i]);
    }
    csq_ms tail;
    bool is_fixed;
    (void)csq__zone_tail(zone, &tail, &is_fixed);
    check_instant(zone, tail);
    check_instant(zone, csq__sub_saturated(tail, 1));
    csq_zone_free(zone);
    return 0;
}
