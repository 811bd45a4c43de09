/*
 * test_calendar_algebra — union and intersection of calendars of different zones and ranges.
 */
#include "calendar_support.h"

static csq_calendar *merge(int is_union, const csq_calendar *a, const csq_calendar *b)
{
    const csq_calendar *const both[2] = {a, b};
    csq_calendar *merged = NULL;
    assert_status(CSQ_OK, is_union ? csq_calendar_union(both, 2, NULL, &merged, NULL)
                                   : csq_calendar_intersection(both, 2, NULL, &merged, NULL));
    return merged;
}

static void follow_the_sun_joins_and_overlap_remains(void **state)
{
    (void)state;
    /* 2026-07-07, a Tuesday: Berlin is open 07 to 15 UTC, New York 13 to 21, Shanghai 01 to 09. */
    csq_calendar *parts[3] = {office_of(TZ_BERLIN), office_of(TZ_NEW_YORK), office_of(TZ_SHANGHAI)};
    const csq_calendar *const all[3] = {parts[0], parts[1], parts[2]};
    csq_calendar *any = NULL;
    assert_status(CSQ_OK, csq_calendar_union(all, 3, NULL, &any, NULL));
    csq_calendar *const both = merge(0, parts[0], parts[1]);
    const char *const from = "2026-07-07T00:00:00Z";
    const char *const to = "2026-07-08T00:00:00Z";
    assert_ms_equal(measure_text(any, from, to), 20 * HOUR_MS);
    assert_ms_equal(measure_text(both, from, to), 2 * HOUR_MS);
    csq_ms found = 0;
    assert_status(CSQ_OK, csq_calendar_next_open(any, instant_of(from), &found, NULL));
    assert_ms_equal(found, instant_of("2026-07-07T01:00:00Z"));
    assert_status(CSQ_OK, csq_calendar_next_close(any, found, &found, NULL));
    assert_ms_equal(found, instant_of("2026-07-07T21:00:00Z"));
    assert_null(csq_calendar_zone(any));
    assert_status(CSQ_ESTATE, csq_calendar_add_workdays(any, found, 1, 0, &found, NULL));
    assert_int_equal(csq_calendar_name(any).size, 0);
    csq_interval range;
    assert_status(CSQ_OK, csq_calendar_range(any, &range, NULL));
    assert_ms_equal(range.from, instant_of("2000-01-01T00:00:00-05:00"));
    assert_ms_equal(range.to, instant_of("2050-01-01T00:00:00+01:00"));
    csq_calendar_free(any);
    csq_calendar_free(both);
    for (int i = 0; i < 3; i++) {
        csq_calendar_free(parts[i]);
    }
}

static void calendars_that_repeat_make_one_that_repeats(void **state)
{
    (void)state;
    csq_calendar *const east = office_of("XXX-8");
    csq_calendar *const west = office_of("YYY-2");
    csq_calendar *const any = merge(1, east, west);
    assert_ms_equal(measure_text(any, "9000-01-06T00:00:00Z", "9000-01-13T00:00:00Z"),
                    5 * 14 * HOUR_MS);
    assert_true(measure_of(any, 1000000000000, INT64_MAX) > 0);
    csq_calendar_free(any);
    csq_calendar_free(east);
    csq_calendar_free(west);
}

static void always_and_never_absorb_or_vanish(void **state)
{
    (void)state;
    csq_calendar *const office = office_of(TZ_BERLIN);
    csq_calendar *always = NULL;
    csq_calendar *never = NULL;
    assert_status(CSQ_OK, csq_calendar_new_always(csq_str_of("a"), NULL, &always, NULL));
    assert_status(CSQ_OK, csq_calendar_new_never(csq_str_of("n"), NULL, &never, NULL));
    const char *const from = "2026-01-05T00:00:00Z";
    const char *const to = "2026-01-06T00:00:00Z";
    const struct {
        int is_union;
        const csq_calendar *a;
        const csq_calendar *b;
        csq_ms open;
    } rows[] = {
        {1, office, always, DAY_MS},
        {1, always, never, DAY_MS},
        {1, never, never, 0},
        {1, office, never, 8 * HOUR_MS},
        {0, office, always, 8 * HOUR_MS},
        {0, always, always, DAY_MS},
        {0, office, never, 0},
        {0, never, always, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_calendar *const merged = merge(rows[i].is_union, rows[i].a, rows[i].b);
        assert_ms_equal(measure_text(merged, from, to), rows[i].open);
        assert_int_equal(csq_calendar_is_never(merged), rows[i].open == 0);
        csq_calendar_free(merged);
    }
    csq_calendar_free(office);
    csq_calendar_free(always);
    csq_calendar_free(never);
}

static void one_zone_keeps_working_days(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(csq_zone_retain(zone), CSQ_NIGHT_DEFAULT);
    add_week(builder, 6, 6, "10:00", "14:00");
    add_week(builder, 3, 3, "17:00", "19:00");
    csq_calendar *const saturday = build(builder, zone);
    csq_zone_free(zone);
    csq_calendar *const office = office_of(TZ_BERLIN); // another zone object of the same name
    csq_calendar *const any = merge(1, office, saturday);
    csq_calendar *const same = merge(0, office, office);
    const csq_ms monday = instant_of("2026-07-06T10:30:00+02:00");
    csq_ms found = 0;
    assert_status(CSQ_OK, csq_calendar_add_workdays(any, monday, 5, 1, &found, NULL));
    assert_ms_equal(found, instant_of("2026-07-11T14:00:00+02:00"));
    assert_status(CSQ_OK, csq_calendar_add_workdays(any, monday, 2, 1, &found, NULL));
    assert_ms_equal(found, instant_of("2026-07-08T19:00:00+02:00"));
    for (int64_t n = -700; n <= 700; n++) {
        csq_ms wanted = 0;
        const uint32_t mode = (uint32_t)(n & 1);
        assert_status(CSQ_OK, csq_calendar_add_workdays(office, monday, n, mode, &wanted, NULL));
        assert_status(CSQ_OK, csq_calendar_add_workdays(same, monday, n, mode, &found, NULL));
        assert_ms_equal(found, wanted);
    }
    csq_calendar_free(any);
    csq_calendar_free(same);
    csq_calendar_free(saturday);
    csq_calendar_free(office);
}

static void merging_refuses_nothing_nobody_and_no_common_time(void **state)
{
    (void)state;
    csq_calendar *parts[2];
    for (int i = 0; i < 2; i++) {
        csq_zone *const zone = zone_of(TZ_BERLIN);
        csq_calendar_options options = {
            .size = sizeof options, .first_year = 2020 + 5 * i, .last_year = 2022 + 5 * i};
        csq_calendar_builder *builder = NULL;
        assert_status(CSQ_OK, csq_calendar_builder_new(zone, &options, NULL, &builder, NULL));
        add_week(builder, 1, 5, "09:00", "17:00");
        parts[i] = build(builder, zone);
    }
    const csq_calendar *const all[3] = {parts[0], parts[1], NULL};
    csq_calendar *out = parts[0];
    csq_error error;
    assert_status(CSQ_ERANGE, csq_calendar_union(all, 2, NULL, &out, &error));
    assert_null(out);
    assert_status(CSQ_EINVAL, csq_calendar_union(all, 0, NULL, &out, &error));
    assert_status(CSQ_EINVAL,
                  csq_calendar_union(all, CSQ_CALENDAR_MERGE_LIMIT + 1, NULL, &out, &error));
    assert_status(CSQ_EINVAL, csq_calendar_intersection(all, 3, NULL, &out, &error));
    assert_int_equal(error.index, 2);
    assert_status(CSQ_EINVAL, csq_calendar_union(NULL, 1, NULL, &out, &error));
    assert_status(CSQ_EINVAL, csq_calendar_union(all, 1, NULL, NULL, &error));
    csq_calendar_free(parts[0]);
    csq_calendar_free(parts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follow_the_sun_joins_and_overlap_remains),
        cmocka_unit_test(calendars_that_repeat_make_one_that_repeats),
        cmocka_unit_test(always_and_never_absorb_or_vanish),
        cmocka_unit_test(one_zone_keeps_working_days),
        cmocka_unit_test(merging_refuses_nothing_nobody_and_no_common_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
