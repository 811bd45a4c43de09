/*
 * property_time — local time and periods on random zones, real and invented.
 *
 * Invented zones have a table of jumps of any size, minutes to days apart, and a random footer;
 * nothing that a legislator has done so far is wilder. `first` is compared with a walk over all
 * spans.
 */
#include "zone_files.h"
#include "time/time_internal.h"

enum { ZONES = 400, QUERIES = 250 };

static void put_number(unsigned char **p, int64_t value, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        *(*p)++ = (unsigned char)((uint64_t)value >> (8 * i));
    }
}

static void put_header(unsigned char **p, int64_t n_times, int64_t n_types, int64_t n_names)
{
    memset(*p, 0, 44);
    memcpy(*p, "TZif3", 5);
    *p += 20;
    const int64_t counts[] = {0, 0, 0, n_times, n_types, n_names};
    for (size_t i = 0; i < 6; i++) {
        put_number(p, counts[i], 4);
    }
}

/* An offset of up to 25 h, mostly a multiple of a quarter of an hour. */
static int64_t random_offset(uint64_t *random)
{
    const int64_t quarters = (int64_t)test_below(random, 201) - 100;
    return quarters * 900 + (test_below(random, 8) == 0 ? (int64_t)test_below(random, 900) : 0);
}

static void random_rule(uint64_t *random, char *out, size_t size)
{
    const int standard = (int)test_below(random, 49) - 24;
    const int daylight = (int)test_below(random, 49) - 24;
    const int start = (int)test_below(random, 335) - 167;
    const int end = (int)test_below(random, 335) - 167;
    switch (test_below(random, 4)) {
    case 0:
        snprintf(out, size, "AAA%d", standard);
        break;
    case 1:
        snprintf(out, size, "AAA%dBBB%d,M%d.%d.%d/%d,M%d.%d.%d/%d", standard, daylight,
                 (int)test_below(random, 12) + 1, (int)test_below(random, 5) + 1,
                 (int)test_below(random, 7), start, (int)test_below(random, 12) + 1,
                 (int)test_below(random, 5) + 1, (int)test_below(random, 7), end);
        break;
    case 2:
        snprintf(out, size, "AAA%dBBB%d,J%d/%d,%d/%d", standard, daylight,
                 (int)test_below(random, 365) + 1, start, (int)test_below(random, 366), end);
        break;
    default:
        /* changes within days of each other, and around the turn of the year */
        snprintf(out, size, "AAA%dBBB%d,%d/%d,%d/%d", standard, daylight,
                 (int)test_below(random, 4) + (test_below(random, 2) == 0 ? 0 : 362), start,
                 (int)test_below(random, 4) + (test_below(random, 2) == 0 ? 0 : 362), end);
        break;
    }
}

static csq_zone *invented_zone(uint64_t *random)
{
    unsigned char bytes[1024];
    unsigned char *p = bytes;
    const int64_t n_times = (int64_t)test_below(random, 30);
    const int64_t n_types = (int64_t)test_below(random, 8) + 1;
    put_header(&p, 0, 0, 0);
    put_header(&p, n_times, n_types, 4);
    static const int64_t steps[] = {60, 3600, 86400, 8640000};
    int64_t at = ms_of("2020-01-01T00:00:00Z") / 1000;
    for (int64_t i = 0; i < n_times; i++) {
        at += 1 + (int64_t)test_below(random, (uint64_t)steps[test_below(random, 4)] * 3);
        put_number(&p, at, 8);
    }
    for (int64_t i = 0; i < n_times; i++) {
        put_number(&p, (int64_t)test_below(random, (uint64_t)n_types), 1);
    }
    for (int64_t i = 0; i < n_types; i++) {
        put_number(&p, random_offset(random), 4);
        put_number(&p, (int64_t)test_below(random, 2), 1);
        put_number(&p, 0, 1);
    }
    memcpy(p, "ABC", 4);
    p += 4;
    char rule[128];
    random_rule(random, rule, sizeof rule);
    p += snprintf((char *)p, (size_t)(bytes + sizeof bytes - p), "\n%s\n", rule);
    csq_zone *zone;
    csq_error error;
    const csq_status status = csq_zone_new_tzif(csq_str_of("Made/Up"), bytes,
                                                (uint64_t)(p - bytes), NULL, &zone, &error);
    if (status != CSQ_OK) {
        fail_msg("%s: %s", rule, error.message);
    }
    return zone;
}

static csq_zone *random_zone(uint64_t *random, int i)
{
    if (i % 4 == 0) {
        return zone_of_file(i % 8 == 0 ? "fat" : "slim",
                            zone_file_names[test_below(random, ZONE_FILE_COUNT)]);
    }
    return invented_zone(random);
}

static csq__offset_span span_at(const csq_zone *zone, csq_ms at)
{
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, at, &span, NULL));
    assert_true(span.from <= at && at < span.until);
    return span;
}

static csq_ms clock_at(const csq_zone *zone, csq_ms at)
{
    return at + span_at(zone, at).offset_s * CSQ__SECOND_MS;
}

/* Mostly near a jump, where it is interesting, and anywhere otherwise. */
static csq_ms random_instant(uint64_t *random, const csq_zone *zone)
{
    const csq_ms at = ms_of("2019-06-01T00:00:00Z") +
                      (csq_ms)test_below(random, UINT64_C(6) * 365 * 86400000);
    const csq__offset_span span = span_at(zone, at);
    if (span.until == INT64_MAX || test_below(random, 4) == 0) {
        return at;
    }
    return span.until + (csq_ms)test_below(random, 2 * 95000000) - 95000000;
}

/* The first instant at which the clock shows `local` or later, by a walk from long before. */
static csq_ms first_by_walk(const csq_zone *zone, csq_ms local)
{
    csq__offset_span span = span_at(zone, local - INT64_C(10) * 86400000);
    while (span.until != INT64_MAX && span.until + span.offset_s * CSQ__SECOND_MS <= local) {
        span = span_at(zone, span.until);
    }
    const csq_ms at = local - span.offset_s * CSQ__SECOND_MS;
    return at > span.from ? at : span.from;
}

static void a_local_time_resolves_to_the_instant_that_showed_it(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < ZONES; i++) {
        csq_zone *zone = random_zone(&random, i);
        for (int j = 0; j < QUERIES; j++) {
            const csq_ms at = random_instant(&random, zone);
            const csq_ms local = clock_at(zone, at);
            csq_resolution found = {.size = sizeof found};
            assert_status(CSQ_OK, csq_zone_resolve(zone, local, &found, NULL));
            assert_true(found.kind != CSQ_LOCAL_SKIPPED);
            assert_true(found.first <= found.earlier);
            assert_true(found.earlier <= at && at <= found.later);
            assert_ms_equal(clock_at(zone, found.earlier), local);
            assert_ms_equal(clock_at(zone, found.later), local);
            assert_true((found.kind == CSQ_LOCAL_UNIQUE) == (found.earlier == found.later));
        }
        csq_zone_free(zone);
    }
}

static void first_is_what_a_walk_finds_and_never_decreases(void **state)
{
    (void)state;
    uint64_t random = 2;
    for (int i = 0; i < ZONES; i++) {
        csq_zone *zone = random_zone(&random, i);
        for (int j = 0; j < QUERIES; j++) {
            const csq_ms local = clock_at(zone, random_instant(&random, zone)) +
                                 (csq_ms)test_below(&random, 7200001) - 3600000;
            const csq_ms step = (csq_ms)test_below(&random, 7200000);
            csq_ms first = 0;
            csq_ms later = 0;
            assert_status(CSQ_OK, csq__zone_first(zone, local, &first, NULL));
            assert_status(CSQ_OK, csq__zone_first(zone, local + step, &later, NULL));
            assert_ms_equal(first, first_by_walk(zone, local));
            assert_true(first <= later);
            assert_true(clock_at(zone, first) >= local);
            assert_true(clock_at(zone, first - 1) < local);
            csq_resolution found = {.size = sizeof found};
            assert_status(CSQ_OK, csq_zone_resolve(zone, local, &found, NULL));
            assert_ms_equal(found.first, first);
            if (found.kind == CSQ_LOCAL_SKIPPED) {
                assert_true(clock_at(zone, first) > local);
                assert_ms_equal(found.earlier, first);
                assert_ms_equal(found.later, first);
                assert_true(found.offset_after_s > found.offset_before_s);
            }
        }
        csq_zone_free(zone);
    }
}

static void spans_are_maximal(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int i = 0; i < ZONES; i++) {
        csq_zone *zone = random_zone(&random, i);
        csq__offset_span span = span_at(zone, ms_of("2019-12-01T00:00:00Z"));
        for (int j = 0; j < 60 && span.until != INT64_MAX; j++) {
            const csq__offset_span next = span_at(zone, span.until);
            assert_true(next.offset_s != span.offset_s);
            assert_ms_equal(next.from, span.until);
            assert_ms_equal(span_at(zone, span.until - 1).from, span.from);
            span = next;
        }
        csq_zone_free(zone);
    }
}

static void an_instant_lies_in_its_period(void **state)
{
    (void)state;
    uint64_t random = 4;
    for (int i = 0; i < ZONES; i++) {
        csq_zone *zone = random_zone(&random, i);
        for (int j = 0; j < QUERIES / 5; j++) {
            csq_period_options options = {.size = sizeof options};
            options.kind = (uint32_t)test_below(&random, 8) + 1;
            options.minutes = options.kind == CSQ_PERIOD_MINUTES ? 15 : 0;
            const csq_ms at = random_instant(&random, zone);
            csq_period period = {.size = sizeof period};
            csq_period next = {.size = sizeof next};
            assert_status(CSQ_OK, csq_period_at(zone, &options, at, &period, NULL));
            assert_true(period.from <= at && at < period.to);
            assert_status(CSQ_OK, csq_period_at(zone, &options, period.to, &next, NULL));
            assert_ms_equal(next.from, period.to);
            assert_true(next.index > period.index);
        }
        csq_zone_free(zone);
    }
}

static void instants_survive_text(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (int i = 0; i < ZONES; i++) {
        csq_zone *zone = random_zone(&random, i);
        for (int j = 0; j < QUERIES / 5; j++) {
            const csq_ms at = random_instant(&random, zone);
            char text[CSQ_INSTANT_TEXT];
            assert_status(CSQ_OK, csq_instant_format(at, zone, text, sizeof text, NULL));
            assert_ms_equal(ms_of(text), at);
        }
        csq_zone_free(zone);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_local_time_resolves_to_the_instant_that_showed_it),
        cmocka_unit_test(first_is_what_a_walk_finds_and_never_decreases),
        cmocka_unit_test(spans_are_maximal),
        cmocka_unit_test(an_instant_lies_in_its_period),
        cmocka_unit_test(instants_survive_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
