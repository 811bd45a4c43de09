/*
 * test_period — periods of a zone's calendar. Instants are worked by hand from the zones'
 * transitions, week numbers by Python's datetime.date.isocalendar.
 */
#include "zone_files.h"
#include "time/time_internal.h"

typedef struct period_row {
    const char *zone;
    uint32_t kind;
    uint32_t number; /* minutes, or the first weekday */
    const char *at;
    const char *from;
    const char *to;
    int64_t index;
    const char *label;
} period_row;

static csq_period_options options_of(uint32_t kind, uint32_t number)
{
    return (csq_period_options){
        .size = sizeof(csq_period_options),
        .kind = kind,
        .minutes = kind == CSQ_PERIOD_MINUTES ? number : 0,
        .first_weekday = kind == CSQ_PERIOD_WEEK ? number : 0,
    };
}

static void assert_period(const period_row *row)
{
    csq_zone *zone = zone_of_file("slim", row->zone);
    const csq_period_options options = options_of(row->kind, row->number);
    csq_period period = {.size = sizeof period};
    assert_status(CSQ_OK, csq_period_at(zone, &options, ms_of(row->at), &period, NULL));
    assert_string_equal(period.label, row->label);
    assert_ms_equal(period.from, ms_of(row->from));
    assert_ms_equal(period.to, ms_of(row->to));
    assert_ms_equal(period.index, row->index);
    assert_int_equal(period.kind, row->kind);
    csq_zone_free(zone);
}

static void assert_periods(const period_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_period(&rows[i]);
    }
}

static void days_follow_the_clock(void **state)
{
    (void)state;
    static const period_row rows[] = {
        /* 24, 23 and 25 hours */
        {"Europe/Berlin", CSQ_PERIOD_DAY, 0, "2026-03-28T12:00:00Z", "2026-03-27T23:00:00Z",
         "2026-03-28T23:00:00Z", 20540, "2026-03-28"},
        {"Europe/Berlin", CSQ_PERIOD_DAY, 0, "2026-03-28T23:00:00Z", "2026-03-28T23:00:00Z",
         "2026-03-29T22:00:00Z", 20541, "2026-03-29"},
        {"Europe/Berlin", CSQ_PERIOD_DAY, 0, "2026-10-25T22:59:59.999Z", "2026-10-24T22:00:00Z",
         "2026-10-25T23:00:00Z", 20751, "2026-10-25"},
        {"Asia/Shanghai", CSQ_PERIOD_DAY, 0, "2026-02-16T16:00:00Z", "2026-02-16T16:00:00Z",
         "2026-02-17T16:00:00Z", 20501, "2026-02-17"},
        /* Apia had no 30 December 2011 */
        {"Pacific/Apia", CSQ_PERIOD_DAY, 0, "2011-12-30T09:59:59.999Z", "2011-12-29T10:00:00Z",
         "2011-12-30T10:00:00Z", 15337, "2011-12-29"},
        {"Pacific/Apia", CSQ_PERIOD_DAY, 0, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z",
         "2011-12-31T10:00:00Z", 15339, "2011-12-31"},
        /* midnight itself is skipped: the day begins at 01:00 */
        {"America/Sao_Paulo", CSQ_PERIOD_DAY, 0, "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z",
         "2018-11-05T02:00:00Z", 17839, "2018-11-04"},
        /* the clock goes back from 00:00 to 23:00: one day of 25 hours */
        {"America/Sao_Paulo", CSQ_PERIOD_DAY, 0, "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z",
         "2018-02-18T03:00:00Z", 17579, "2018-02-17"},
        /* from 00:01 back to 23:01: what is repeated belongs to the day that had begun */
        {"America/St_Johns", CSQ_PERIOD_DAY, 0, "2010-11-07T03:00:00Z", "2010-11-07T02:30:00Z",
         "2010-11-08T03:30:00Z", 14920, "2010-11-07"},
    };
    assert_periods(rows, sizeof rows / sizeof rows[0]);
}

static void weeks_months_and_years_are_made_of_days(void **state)
{
    (void)state;
    static const period_row rows[] = {
        {"Etc/UTC", CSQ_PERIOD_WEEK, 0, "1970-01-01T00:00:00Z", "1969-12-29T00:00:00Z",
         "1970-01-05T00:00:00Z", 0, "1970-W01"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 0, "1969-12-28T23:59:59Z", "1969-12-22T00:00:00Z",
         "1969-12-29T00:00:00Z", -1, "1969-W52"},
        {"Asia/Shanghai", CSQ_PERIOD_WEEK, 0, "2026-02-16T00:00:00Z", "2026-02-15T16:00:00Z",
         "2026-02-22T16:00:00Z", 2929, "2026-W08"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 1, "2027-01-01T00:00:00Z", "2026-12-28T00:00:00Z",
         "2027-01-04T00:00:00Z", 2974, "2026-W53"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 0, "2024-12-30T00:00:00Z", "2024-12-30T00:00:00Z",
         "2025-01-06T00:00:00Z", 2870, "2025-W01"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 0, "2021-01-03T00:00:00Z", "2020-12-28T00:00:00Z",
         "2021-01-04T00:00:00Z", 2661, "2020-W53"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 7, "2026-02-16T00:00:00Z", "2026-02-15T00:00:00Z",
         "2026-02-22T00:00:00Z", 2929, "2026-02-15/P7D"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 4, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z",
         "1970-01-08T00:00:00Z", 0, "1970-01-01/P7D"},
        {"Etc/UTC", CSQ_PERIOD_WEEK, 5, "1970-01-01T00:00:00Z", "1969-12-26T00:00:00Z",
         "1970-01-02T00:00:00Z", 0, "1969-12-26/P7D"},
        /* a week of 167 hours */
        {"Europe/Berlin", CSQ_PERIOD_WEEK, 0, "2026-03-29T12:00:00Z", "2026-03-22T23:00:00Z",
         "2026-03-29T22:00:00Z", 2934, "2026-W13"},
        {"Europe/Berlin", CSQ_PERIOD_MONTH, 0, "2026-03-31T21:59:59Z", "2026-02-28T23:00:00Z",
         "2026-03-31T22:00:00Z", 674, "2026-03"},
        {"Etc/UTC", CSQ_PERIOD_MONTH, 0, "2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z",
         "2024-03-01T00:00:00Z", 649, "2024-02"},
        {"Etc/UTC", CSQ_PERIOD_MONTH, 0, "1969-12-31T23:59:59Z", "1969-12-01T00:00:00Z",
         "1970-01-01T00:00:00Z", -1, "1969-12"},
        {"America/New_York", CSQ_PERIOD_QUARTER, 0, "2026-11-01T12:00:00Z",
         "2026-10-01T04:00:00Z", "2027-01-01T05:00:00Z", 227, "2026-Q4"},
        {"Etc/UTC", CSQ_PERIOD_HALF_YEAR, 0, "2026-06-30T23:59:59Z", "2026-01-01T00:00:00Z",
         "2026-07-01T00:00:00Z", 112, "2026-H1"},
        {"Etc/UTC", CSQ_PERIOD_HALF_YEAR, 0, "2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z",
         "2027-01-01T00:00:00Z", 113, "2026-H2"},
        {"Asia/Tokyo", CSQ_PERIOD_YEAR, 0, "2025-12-31T15:00:00Z", "2025-12-31T15:00:00Z",
         "2026-12-31T15:00:00Z", 56, "2026"},
        {"Etc/UTC", CSQ_PERIOD_YEAR, 0, "1969-01-01T00:00:00Z", "1969-01-01T00:00:00Z",
         "1970-01-01T00:00:00Z", -1, "1969"},
    };
    assert_periods(rows, sizeof rows / sizeof rows[0]);
}

static void minutes_and_hours_end_where_the_clock_jumps(void **state)
{
    (void)state;
    static const period_row rows[] = {
        {"Etc/UTC", CSQ_PERIOD_MINUTES, 15, "2026-10-01T09:44:59Z", "2026-10-01T09:30:00Z",
         "2026-10-01T09:45:00Z", 1790847000, "2026-10-01T09:30+00:00"},
        {"Etc/UTC", CSQ_PERIOD_MINUTES, 1, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:00Z",
         "1970-01-01T00:00:00Z", -60, "1969-12-31T23:59+00:00"},
        /* a quarter past the hour in UTC is the hour there */
        {"Asia/Kathmandu", CSQ_PERIOD_HOUR, 0, "2026-10-01T00:20:00Z", "2026-10-01T00:15:00Z",
         "2026-10-01T01:15:00Z", 1790813700, "2026-10-01T06:00+05:45"},
        /* what the clock shows twice is two periods */
        {"Europe/Berlin", CSQ_PERIOD_HOUR, 0, "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z",
         "2026-10-25T01:00:00Z", 1792886400, "2026-10-25T02:00+02:00"},
        {"Europe/Berlin", CSQ_PERIOD_HOUR, 0, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z",
         "2026-10-25T02:00:00Z", 1792890000, "2026-10-25T02:00+01:00"},
        /* 02:00 to 02:30 is left out */
        {"Australia/Lord_Howe", CSQ_PERIOD_HOUR, 0, "2026-10-03T15:45:00Z",
         "2026-10-03T15:30:00Z", "2026-10-03T16:00:00Z", 1791041400, "2026-10-04T02:30+11:00"},
        /* 01:30 to 02:00 comes again */
        {"Australia/Lord_Howe", CSQ_PERIOD_HOUR, 0, "2026-04-04T15:10:00Z",
         "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z", 1775314800, "2026-04-05T01:30+10:30"},
        {"Europe/Berlin", CSQ_PERIOD_MINUTES, 1440, "2026-10-01T12:00:00Z",
         "2026-09-30T22:00:00Z", "2026-10-01T22:00:00Z", 1790805600, "2026-10-01T00:00+02:00"},
    };
    assert_periods(rows, sizeof rows / sizeof rows[0]);
}

static void without_division_all_time_is_one_period(void **state)
{
    (void)state;
    const csq_period_options none = {.size = sizeof none};
    const csq_period_options *const options[] = {NULL, &none};
    for (size_t i = 0; i < 2; i++) {
        csq_period period = {.size = sizeof period};
        assert_status(CSQ_OK, csq_period_at(NULL, options[i], INT64_MIN, &period, NULL));
        assert_ms_equal(period.from, INT64_MIN);
        assert_ms_equal(period.to, INT64_MAX);
        assert_int_equal(period.index, 0);
        assert_string_equal(period.label, "all");
    }
}

/* Two years, from one period to the next: no gap, no overlap, growing indices. */
static void periods_follow_each_other(void **state)
{
    (void)state;
    static const char *const zones[] = {"Europe/Berlin", "Australia/Lord_Howe",
                                        "America/St_Johns", "Pacific/Apia", "Antarctica/Troll"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        csq_zone *zone = zone_of_file("fat", zones[i]);
        for (uint32_t kind = CSQ_PERIOD_MINUTES; kind <= CSQ_PERIOD_YEAR; kind++) {
            const csq_period_options options = options_of(kind, kind == CSQ_PERIOD_WEEK ? 7 : 30);
            csq_period last = {.size = sizeof last};
            csq_ms at = ms_of("2010-06-15T12:34:56Z");
            assert_status(CSQ_OK, csq_period_at(zone, &options, at, &last, NULL));
            while (last.to < ms_of("2012-06-01T00:00:00Z")) {
                csq_period next = {.size = sizeof next};
                csq_period inside = {.size = sizeof inside};
                assert_true(last.from < last.to);
                assert_status(CSQ_OK, csq_period_at(zone, &options, last.to, &next, NULL));
                assert_status(CSQ_OK, csq_period_at(zone, &options, last.to - 1, &inside, NULL));
                assert_memory_equal(&inside, &last, sizeof last);
                assert_ms_equal(next.from, last.to);
                assert_true(next.index > last.index);
                last = next;
            }
        }
        csq_zone_free(zone);
    }
}

static void options_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    static const struct {
        csq_period_options options;
        csq_status status;
        int32_t field;
    } rows[] = {
        {{16, 9, 0, 0}, CSQ_EINVAL, offsetof(csq_period_options, kind)},
        {{16, CSQ_PERIOD_MINUTES, 0, 0}, CSQ_EINVAL, offsetof(csq_period_options, minutes)},
        {{16, CSQ_PERIOD_MINUTES, 7, 0}, CSQ_EINVAL, offsetof(csq_period_options, minutes)},
        {{16, CSQ_PERIOD_MINUTES, 2880, 0}, CSQ_EINVAL, offsetof(csq_period_options, minutes)},
        {{16, CSQ_PERIOD_DAY, 15, 0}, CSQ_EINVAL, offsetof(csq_period_options, minutes)},
        {{16, CSQ_PERIOD_WEEK, 0, 8}, CSQ_EINVAL, offsetof(csq_period_options, first_weekday)},
        {{16, CSQ_PERIOD_DAY, 0, 1}, CSQ_EINVAL, offsetof(csq_period_options, first_weekday)},
        {{12, CSQ_PERIOD_DAY, 0, 0}, CSQ_EABI, 0},
    };
    csq_zone *zone = zone_of_posix("UTC0");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_period period = {.size = sizeof period};
        csq_error error;
        assert_status(rows[i].status, csq_period_at(zone, &rows[i].options, 0, &period, &error));
        assert_int_equal(error.field, rows[i].field);
    }
    csq_period period = {.size = sizeof period};
    const csq_period_options day = options_of(CSQ_PERIOD_DAY, 0);
    assert_status(CSQ_EINVAL, csq_period_at(NULL, &day, 0, &period, NULL));
    assert_status(CSQ_EINVAL, csq_period_at(zone, &day, 0, NULL, NULL));
    period.size = 1;
    assert_status(CSQ_EABI, csq_period_at(zone, &day, 0, &period, NULL));
    csq_zone_free(zone);
}

static void periods_end_with_the_civil_years(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_posix("EST5EDT,M3.2.0,M11.1.0");
    for (uint32_t kind = CSQ_PERIOD_MINUTES; kind <= CSQ_PERIOD_YEAR; kind++) {
        const csq_period_options options = options_of(kind, kind == CSQ_PERIOD_WEEK ? 0 : 15);
        csq_period period = {.size = sizeof period};
        assert_status(CSQ_OK, csq_period_at(zone, &options, ms_of("9999-12-31T12:00:00Z"),
                                            &period, NULL));
        assert_status(CSQ_OK, csq_period_at(zone, &options,
                                            CSQ_DAYS_FIRST * CSQ__DAY_MS + 5 * CSQ__HOUR_MS,
                                            &period, NULL));
        assert_memory_equal(period.label, "-9999", kind == CSQ_PERIOD_WEEK ? 1 : 5);
        assert_status(CSQ_ERANGE, csq_period_at(zone, &options, INT64_MIN, &period, NULL));
        assert_status(CSQ_ERANGE, csq_period_at(zone, &options, INT64_MAX, &period, NULL));
    }
    csq_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_follow_the_clock),
        cmocka_unit_test(weeks_months_and_years_are_made_of_days),
        cmocka_unit_test(minutes_and_hours_end_where_the_clock_jumps),
        cmocka_unit_test(without_division_all_time_is_one_period),
        cmocka_unit_test(periods_follow_each_other),
        cmocka_unit_test(options_that_do_not_fit_are_refused),
        cmocka_unit_test(periods_end_with_the_civil_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
