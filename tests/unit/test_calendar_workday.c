/*
 * test_calendar_workday — counting in working days.
 */
#include "calendar_support.h"

static csq_calendar *may_2026(void)
{
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "12:00");
    add_week(builder, 1, 5, "13:30", "18:00");
    add_holiday(builder, "2026-05-01", "劳动节");
    add_holiday(builder, "2026-05-04", "劳动节");
    add_holiday(builder, "2026-05-05", "劳动节");
    add_override(builder, "2026-05-09", "调休", "10:00", "16:00");
    add_break(builder, "2026-05-11", "all of it", "00:00", "24:00");
    return build(builder, zone);
}

static void the_nth_working_day_keeps_the_time_or_ends_the_day(void **state)
{
    (void)state;
    csq_calendar *const calendar = may_2026();
    const struct {
        const char *at;
        int64_t n;
        uint32_t mode;
        const char *expected;
    } rows[] = {
        {"2026-04-29T15:00:00+08:00", 1, CSQ_WORKDAY_KEEP_TIME, "2026-04-30T15:00:00+08:00"},
        {"2026-04-29T15:00:00+08:00", 2, CSQ_WORKDAY_KEEP_TIME, "2026-05-06T15:00:00+08:00"},
        {"2026-04-29T23:59:59+08:00", 2, CSQ_WORKDAY_END_OF_DAY, "2026-05-06T18:00:00+08:00"},
        {"2026-04-29T15:00:00+08:00", 5, CSQ_WORKDAY_END_OF_DAY, "2026-05-09T16:00:00+08:00"},
        {"2026-04-29T15:00:00+08:00", 6, CSQ_WORKDAY_END_OF_DAY, "2026-05-12T18:00:00+08:00"},
        {"2026-05-02T08:00:00+08:00", 1, CSQ_WORKDAY_KEEP_TIME, "2026-05-06T08:00:00+08:00"},
        {"2026-05-02T08:00:00+08:00", -1, CSQ_WORKDAY_KEEP_TIME, "2026-04-30T08:00:00+08:00"},
        {"2026-05-12T08:00:00+08:00", -1, CSQ_WORKDAY_END_OF_DAY, "2026-05-09T16:00:00+08:00"},
        {"2026-05-12T08:00:00+08:00", -5, CSQ_WORKDAY_END_OF_DAY, "2026-04-30T18:00:00+08:00"},
        {"2026-05-12T08:00:00+08:00", 0, CSQ_WORKDAY_END_OF_DAY, "2026-05-12T18:00:00+08:00"},
        {"2026-05-11T08:00:00+08:00", 0, CSQ_WORKDAY_KEEP_TIME, "2026-05-11T08:00:00+08:00"},
        {"4026-05-13T08:00:00+08:00", 5000, CSQ_WORKDAY_KEEP_TIME, "4045-07-12T08:00:00+08:00"},
        {"4045-07-12T08:00:00+08:00", -5000, CSQ_WORKDAY_KEEP_TIME, "4026-05-13T08:00:00+08:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ms found = 0;
        assert_status(CSQ_OK, csq_calendar_add_workdays(calendar, instant_of(rows[i].at), rows[i].n,
                                                        rows[i].mode, &found, NULL));
        if (found != instant_of(rows[i].expected)) {
            fail_msg("%s + %d: expected %s, got %lld", rows[i].at, (int)rows[i].n, rows[i].expected,
                     (long long)found);
        }
    }
    csq_calendar_free(calendar);
}

static void a_night_is_a_working_day_of_its_date_only(void **state)
{
    (void)state;
    for (uint32_t night = CSQ_NIGHT_BY_OWNER_DATE; night <= CSQ_NIGHT_BY_CALENDAR_DATE; night++) {
        csq_zone *const zone = zone_of(TZ_BERLIN);
        csq_calendar_builder *const builder = builder_of(zone, night);
        add_week(builder, 5, 5, "22:00", "30:00");
        csq_calendar *const calendar = build(builder, zone);
        csq_ms found = 0;
        const csq_ms thursday = instant_of("2026-01-08T12:00:00+01:00");
        assert_status(CSQ_OK, csq_calendar_add_workdays(calendar, thursday, 1,
                                                        CSQ_WORKDAY_END_OF_DAY, &found, NULL));
        const int is_split = night == CSQ_NIGHT_BY_CALENDAR_DATE;
        assert_ms_equal(found, instant_of(is_split ? "2026-01-10T00:00:00+01:00"
                                                   : "2026-01-10T06:00:00+01:00"));
        assert_status(CSQ_OK, csq_calendar_add_workdays(calendar, thursday, 2,
                                                        CSQ_WORKDAY_END_OF_DAY, &found, NULL));
        assert_ms_equal(found, instant_of(is_split ? "2026-01-10T06:00:00+01:00"
                                                   : "2026-01-17T06:00:00+01:00"));
        csq_calendar_free(calendar);
    }
}

static void the_clock_may_jump_on_the_way(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 6, "09:00", "17:00");
    add_week(builder, 7, 7, "02:10", "02:50"); // skipped on 2026-03-29
    csq_calendar *const calendar = build(builder, zone);
    const struct {
        const char *at;
        int64_t n;
        const char *expected;
    } rows[] = {
        {"2026-03-28T12:00:00+01:00", 1, "2026-03-30T12:00:00+02:00"},
        {"2026-03-21T02:30:00+01:00", 1, "2026-03-22T02:30:00+01:00"},
        {"2026-10-24T02:30:00+02:00", 1, "2026-10-25T02:30:00+02:00"},
        {"2026-10-25T02:30:00+01:00", 1, "2026-10-26T02:30:00+01:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ms found = 0;
        assert_status(CSQ_OK, csq_calendar_add_workdays(calendar, instant_of(rows[i].at), rows[i].n,
                                                        0, &found, NULL));
        assert_ms_equal(found, instant_of(rows[i].expected));
    }
    csq_calendar_free(calendar);
}

static void a_version_counts_from_its_instant_on(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 7, "09:00", "17:00");
    assert_status(CSQ_OK, csq_calendar_builder_version(
                              builder, instant_of("2026-01-07T12:00:00+08:00"), NULL));
    add_week(builder, 1, 7, "08:00", "10:00");
    add_holiday(builder, "2026-01-08", "");
    csq_calendar *const calendar = build(builder, zone);
    const struct {
        int64_t n;
        const char *expected;
    } rows[] = {
        {1, "2026-01-06T17:00:00+08:00"},
        {2, "2026-01-07T12:00:00+08:00"}, // cut off by the new version
        {3, "2026-01-09T10:00:00+08:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ms found = 0;
        assert_status(CSQ_OK,
                      csq_calendar_add_workdays(calendar, instant_of("2026-01-05T12:00:00+08:00"),
                                                rows[i].n, CSQ_WORKDAY_END_OF_DAY, &found, NULL));
        assert_ms_equal(found, instant_of(rows[i].expected));
    }
    csq_calendar_free(calendar);
}

static void what_has_no_answer_says_so(void **state)
{
    (void)state;
    csq_calendar *const calendar = may_2026();
    csq_calendar *const bounded = office_of(TZ_BERLIN);
    const csq_ms at = instant_of("2026-05-11T12:00:00+08:00");
    csq_ms found = 7;
    csq_error e;
    assert_status(CSQ_ENODATA, csq_calendar_add_workdays(calendar, at, 0, 1, &found, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add_workdays(calendar, at, 1, 2, &found, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add_workdays(NULL, at, 1, 0, &found, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add_workdays(calendar, at, 1, 0, NULL, &e));
    assert_status(CSQ_ERANGE, csq_calendar_add_workdays(calendar, 0, 1, 0, &found, &e));
    const int64_t far[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX / 7, 1000000000000};
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        for (uint32_t mode = 0; mode < 2; mode++) {
            assert_status(CSQ_ERANGE,
                          csq_calendar_add_workdays(calendar, at, far[i], mode, &found, &e));
            assert_status(CSQ_ERANGE,
                          csq_calendar_add_workdays(bounded, at, far[i], mode, &found, &e));
        }
    }
    assert_status(CSQ_ERANGE, csq_calendar_add_workdays(bounded, at, 10000, 0, &found, &e));
    assert_status(CSQ_ERANGE, csq_calendar_add_workdays(bounded, at, -10000, 0, &found, &e));
    assert_status(CSQ_ERANGE,
                  csq_calendar_add_workdays(bounded, instant_of("2049-12-31T12:00:00+01:00"), 1, 0,
                                            &found, &e));
    assert_status(CSQ_ERANGE, csq_calendar_add_workdays(calendar, INT64_MAX, 1, 0, &found, &e));
    assert_ms_equal(found, 7);
    csq_calendar_free(calendar);
    csq_calendar_free(bounded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_working_day_keeps_the_time_or_ends_the_day),
        cmocka_unit_test(a_night_is_a_working_day_of_its_date_only),
        cmocka_unit_test(the_clock_may_jump_on_the_way),
        cmocka_unit_test(a_version_counts_from_its_instant_on),
        cmocka_unit_test(what_has_no_answer_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
