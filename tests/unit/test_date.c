/*
 * test_date — civil dates, and dates, times of day and instants as text.
 */
#include "zone_files.h"
#include "time/time_internal.h"

/* ---- dates --------------------------------------------------------------------------------- */

/* Rows by Python's datetime.date (toordinal, isocalendar), which follows ISO 8601. */
static void dates_have_their_numbers_weekdays_and_weeks(void **state)
{
    (void)state;
    static const struct {
        int32_t days;
        int32_t members[7];
    } rows[] = {
        {0, {1970, 1, 1, 4, 1, 1970, 1}},
        {-1, {1969, 12, 31, 3, 365, 1970, 1}},
        {11016, {2000, 2, 29, 2, 60, 2000, 9}},
        {20727, {2026, 10, 1, 4, 274, 2026, 40}},
        {20454, {2026, 1, 1, 4, 1, 2026, 1}},
        {20819, {2027, 1, 1, 5, 1, 2026, 53}},
        {20087, {2024, 12, 30, 1, 365, 2025, 1}},
        {18630, {2021, 1, 3, 7, 3, 2020, 53}},
        {18627, {2020, 12, 31, 4, 366, 2020, 53}},
        {16801, {2016, 1, 1, 5, 1, 2015, 53}},
        {-135080, {1600, 3, 1, 3, 61, 1600, 9}},
        {2932896, {9999, 12, 31, 5, 365, 9999, 52}},
        {-719162, {1, 1, 1, 1, 1, 1, 1}},
        {17896, {2018, 12, 31, 1, 365, 2019, 1}},
        {14612, {2010, 1, 3, 7, 3, 2009, 53}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_date date = {.size = sizeof date};
        assert_status(CSQ_OK, csq_date_of_days(rows[i].days, &date, NULL));
        assert_memory_equal(&date.year, rows[i].members, sizeof rows[i].members);
        assert_int_equal(csq_date_weekday(rows[i].days), date.weekday);
        int32_t days = 0;
        assert_status(CSQ_OK,
                      csq_date_to_days(date.year, date.month, date.day, &days, NULL));
        assert_int_equal(days, rows[i].days);
    }
}

/* Counts through 800 years a day at a time, with nothing but the lengths of months. */
static void days_follow_each_other_through_two_cycles(void **state)
{
    (void)state;
    int32_t days = 0;
    assert_status(CSQ_OK, csq_date_to_days(1600, 1, 1, &days, NULL));
    int32_t weekday = 6; /* a Saturday */
    for (int32_t year = 1600; year < 2400; year++) {
        const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        const int32_t lengths[] = {31, is_leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        for (int32_t month = 1; month <= 12; month++) {
            for (int32_t day = 1; day <= lengths[month - 1]; day++) {
                const csq__civil civil = csq__civil_of_days(days);
                assert_true(civil.year == year && civil.month == month && civil.day == day);
                assert_int_equal(csq__days_of_civil(year, month, day), days);
                assert_int_equal(csq_date_weekday(days), weekday);
                weekday = weekday % 7 + 1;
                days++;
            }
        }
    }
}

static void dates_outside_the_range_are_refused(void **state)
{
    (void)state;
    csq_date date = {.size = sizeof date};
    assert_status(CSQ_OK, csq_date_of_days(CSQ_DAYS_FIRST, &date, NULL));
    assert_int_equal(date.year, -9999);
    assert_int_equal(date.day_of_year, 1);
    assert_status(CSQ_OK, csq_date_of_days(CSQ_DAYS_LAST, &date, NULL));
    assert_int_equal(date.year, 9999);
    assert_int_equal(date.day_of_year, 365);
    assert_status(CSQ_ERANGE, csq_date_of_days(CSQ_DAYS_FIRST - 1, &date, NULL));
    assert_status(CSQ_ERANGE, csq_date_of_days(CSQ_DAYS_LAST + 1, &date, NULL));
    assert_status(CSQ_ERANGE, csq_date_of_days(INT32_MIN, &date, NULL));
    assert_status(CSQ_ERANGE, csq_date_of_days(INT32_MAX, &date, NULL));
    assert_status(CSQ_EINVAL, csq_date_of_days(0, NULL, NULL));
    date.size = 4;
    assert_status(CSQ_EABI, csq_date_of_days(0, &date, NULL));
    assert_true(csq_date_weekday(INT32_MIN) >= 1 && csq_date_weekday(INT32_MAX) <= 7);
}

static void dates_that_do_not_exist_are_refused(void **state)
{
    (void)state;
    static const struct {
        int32_t year;
        int32_t month;
        int32_t day;
        csq_status status;
    } rows[] = {
        {2024, 2, 29, CSQ_OK},    {2000, 2, 29, CSQ_OK},    {0, 2, 29, CSQ_OK},
        {-4, 2, 29, CSQ_OK},      {2023, 2, 29, CSQ_EDATE}, {1900, 2, 29, CSQ_EDATE},
        {2024, 2, 30, CSQ_EDATE}, {2024, 4, 31, CSQ_EDATE}, {2024, 1, 32, CSQ_EDATE},
        {2024, 1, 0, CSQ_EDATE},  {2024, 0, 1, CSQ_EDATE},  {2024, 13, 1, CSQ_EDATE},
        {2024, -1, 1, CSQ_EDATE}, {2024, 1, -1, CSQ_EDATE}, {10000, 1, 1, CSQ_ERANGE},
        {-10000, 1, 1, CSQ_ERANGE}, {INT32_MIN, INT32_MIN, INT32_MIN, CSQ_ERANGE},
        {2024, INT32_MAX, 1, CSQ_EDATE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t days = 123456789;
        assert_status(rows[i].status, csq_date_to_days(rows[i].year, rows[i].month, rows[i].day,
                                                       &days, NULL));
        assert_true(rows[i].status == CSQ_OK || days == 123456789);
    }
    assert_status(CSQ_EINVAL, csq_date_to_days(2024, 1, 1, NULL, NULL));
}

/* ---- text ---------------------------------------------------------------------------------- */

typedef struct text_row {
    const char *text;
    int64_t value; /* or the byte of the failure */
    csq_status status;
} text_row;

static void assert_failure(const text_row *row, csq_status status, const csq_error *error)
{
    if (status != row->status || (status != CSQ_OK && error->byte != row->value)) {
        fail_msg("\"%s\": %s, byte %lld: %s", row->text, csq_status_name(status),
                 (long long)error->byte, error->message);
    }
}

static void date_text_is_strict(void **state)
{
    (void)state;
    static const text_row rows[] = {
        {"1970-01-01", 0, CSQ_OK},          {"2026-10-01", 20727, CSQ_OK},
        {"0000-01-01", -719528, CSQ_OK},    {"9999-12-31", 2932896, CSQ_OK},
        {"", 0, CSQ_EDATE},                 {"2026", 4, CSQ_EDATE},
        {"2026-1-01", 6, CSQ_EDATE},        {"2026-10-1", 9, CSQ_EDATE},
        {"2026/10/01", 4, CSQ_EDATE},       {"20261001", 4, CSQ_EDATE},
        {"2026-10_01", 7, CSQ_EDATE},       {"2026-1001", 7, CSQ_EDATE},
        {" 2026-10-01", 0, CSQ_EDATE},      {"2026-10-01 ", 10, CSQ_EDATE},
        {"2026-13-01", 5, CSQ_EDATE},       {"2026-00-01", 5, CSQ_EDATE},
        {"2026-02-29", 8, CSQ_EDATE},       {"2026-10-00", 8, CSQ_EDATE},
        {"-026-10-01", 0, CSQ_EDATE},       {"+2026-10-01", 0, CSQ_EDATE},
        {"2026-10-01T00:00", 10, CSQ_EDATE}, {"2026-1\xC3\xA4-01", 6, CSQ_EDATE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t days = INT32_MIN;
        csq_error error;
        assert_failure(&rows[i], csq_date_parse(csq_str_of(rows[i].text), &days, &error), &error);
        assert_int_equal(days, rows[i].status == CSQ_OK ? rows[i].value : INT32_MIN);
        if (rows[i].status == CSQ_OK) {
            char text[CSQ_DATE_TEXT];
            assert_status(CSQ_OK, csq_date_format(days, text, sizeof text, NULL));
            assert_string_equal(text, rows[i].text);
        }
    }
}

static void clock_text_is_strict(void **state)
{
    (void)state;
    static const text_row rows[] = {
        {"00:00", 0, CSQ_OK},              {"09:30", 34200000, CSQ_OK},
        {"09:30:15", 34215000, CSQ_OK},    {"09:30:15.250", 34215250, CSQ_OK},
        {"23:59:59.999", 86399999, CSQ_OK}, {"24:00", 86400000, CSQ_OK},
        {"30:00", 108000000, CSQ_OK},      {"48:00", 172800000, CSQ_OK},
        {"", 0, CSQ_EDATE},                {"9:30", 1, CSQ_EDATE},
        {"0930", 2, CSQ_EDATE},            {"09:3", 4, CSQ_EDATE},
        {"09:60", 3, CSQ_EDATE},           {"09:30:", 6, CSQ_EDATE},
        {"09:30:60", 6, CSQ_EDATE},        {"09:30:15.", 9, CSQ_EDATE},
        {"09:30:15.1234", 12, CSQ_EDATE},  {"09:30:15,5", 8, CSQ_EDATE},
        {"48:00:01", 0, CSQ_EDATE},        {"49:00", 0, CSQ_EDATE},
        {"-1:00", 0, CSQ_EDATE},           {"09:30 ", 5, CSQ_EDATE},
        {"9am", 1, CSQ_EDATE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ms clock = -1;
        csq_error error;
        assert_failure(&rows[i],
                       csq_clock_parse(csq_str_of(rows[i].text), 2 * CSQ__DAY_MS, &clock, &error),
                       &error);
        assert_ms_equal(clock, rows[i].status == CSQ_OK ? rows[i].value : -1);
        if (rows[i].status == CSQ_OK) {
            char text[CSQ_CLOCK_TEXT];
            assert_status(CSQ_OK, csq_clock_format(clock, text, sizeof text, NULL));
            assert_string_equal(text, rows[i].text);
        }
    }
    csq_ms clock = 0;
    assert_status(CSQ_OK, csq_clock_parse(csq_str_of("10:00:00.5"), CSQ__DAY_MS, &clock, NULL));
    assert_ms_equal(clock, 36000500);
}

static void clock_text_ends_at_its_limit(void **state)
{
    (void)state;
    csq_ms clock = 0;
    csq_error error;
    assert_status(CSQ_OK, csq_clock_parse(csq_str_of("24:00"), CSQ__DAY_MS, &clock, NULL));
    assert_status(CSQ_EDATE, csq_clock_parse(csq_str_of("24:01"), CSQ__DAY_MS, &clock, &error));
    assert_string_equal(error.message, "expected a time up to 24:00, found 24:01");
    assert_int_equal(error.byte, 0);
    assert_status(CSQ_EINVAL, csq_clock_parse(csq_str_of("24:01"), 0, &clock, NULL));
    assert_status(CSQ_EINVAL,
                  csq_clock_parse(csq_str_of("24:01"), 2 * CSQ__DAY_MS + 1, &clock, NULL));
}

static void instant_text_is_rfc_3339(void **state)
{
    (void)state;
    static const text_row rows[] = {
        {"1970-01-01T00:00:00Z", 0, CSQ_OK},
        {"1985-04-12T23:20:50.52Z", 482196050520, CSQ_OK}, /* RFC 3339, 5.8 */
        {"1996-12-19T16:39:57-08:00", 851042397000, CSQ_OK},
        {"1937-01-01T12:00:27.87+00:20", -1041337172130, CSQ_OK},
        {"1990-12-31t15:59:59z", 662659199000, CSQ_OK},
        {"2026-10-01T00:00:00-00:00", 1790812800000, CSQ_OK},
        {"0000-01-01T00:00:00+23:59", -62167305540000, CSQ_OK},
        {"9999-12-31T23:59:59.999-23:59", 253402387139999, CSQ_OK},
        {"1990-12-31T23:59:60Z", 17, CSQ_EDATE}, /* a leap second */
        {"2026-10-01", 10, CSQ_EDATE},
        {"2026-10-01 00:00:00Z", 10, CSQ_EDATE},
        {"2026-10-01T00:00Z", 16, CSQ_EDATE},
        {"2026-10-01T24:00:00Z", 11, CSQ_EDATE},
        {"2026-10-01T00:00:00", 19, CSQ_EDATE},
        {"2026-10-01T00:00:00.Z", 20, CSQ_EDATE},
        {"2026-10-01T00:00:00.1234Z", 23, CSQ_EDATE},
        {"2026-10-01T00:00:00+0200", 22, CSQ_EDATE},
        {"2026-10-01T00:00:00+02", 22, CSQ_EDATE},
        {"2026-10-01T00:00:00+24:00", 20, CSQ_EDATE},
        {"2026-10-01T00:00:00+02:60", 23, CSQ_EDATE},
        {"2026-10-01T00:00:00Z ", 20, CSQ_EDATE},
        {"2026-02-30T00:00:00Z", 8, CSQ_EDATE},
        {"10000-01-01T00:00:00Z", 4, CSQ_EDATE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ms at = CSQ_MS_NONE;
        csq_error error;
        assert_failure(&rows[i], csq_instant_parse(csq_str_of(rows[i].text), &at, &error),
                       &error);
        assert_ms_equal(at, rows[i].status == CSQ_OK ? rows[i].value : CSQ_MS_NONE);
    }
}

static void instants_are_written_in_the_zone_s_time(void **state)
{
    (void)state;
    static const struct {
        const char *zone; /* NULL: UTC */
        const char *at;
        const char *text;
    } rows[] = {
        {NULL, "2026-10-01T07:30:00Z", "2026-10-01T07:30:00Z"},
        {NULL, "2026-10-01T07:30:00.05Z", "2026-10-01T07:30:00.050Z"},
        {NULL, "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"Europe/Berlin", "2026-10-01T07:30:00Z", "2026-10-01T09:30:00+02:00"},
        {"Europe/London", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"},
        {"America/St_Johns", "2026-01-01T00:00:00.001Z", "2025-12-31T20:30:00.001-03:30"},
        {"Europe/Berlin", "1800-01-01T00:00:00Z", "1800-01-01T00:00:00Z"}, /* +00:53:28 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = rows[i].zone == NULL ? NULL : zone_of_file("slim", rows[i].zone);
        char text[CSQ_INSTANT_TEXT];
        assert_status(CSQ_OK,
                      csq_instant_format(ms_of(rows[i].at), zone, text, sizeof text, NULL));
        assert_string_equal(text, rows[i].text);
        assert_ms_equal(ms_of(text), ms_of(rows[i].at));
        csq_zone_free(zone);
    }
}

static void text_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char text[32] = "as before";
    assert_status(CSQ_ELIMIT, csq_date_format(0, text, 10, NULL));
    assert_status(CSQ_ELIMIT, csq_clock_format(0, text, 5, NULL));
    assert_status(CSQ_ELIMIT, csq_instant_format(0, NULL, text, 20, NULL));
    assert_status(CSQ_ELIMIT, csq_instant_format(0, NULL, text, 0, NULL));
    assert_string_equal(text, "as before");
    assert_status(CSQ_OK, csq_date_format(0, text, 11, NULL));
    assert_status(CSQ_OK, csq_clock_format(0, text, 6, NULL));
    assert_status(CSQ_OK, csq_instant_format(0, NULL, text, 21, NULL));
    assert_status(CSQ_EINVAL, csq_date_format(0, NULL, 11, NULL));
    assert_status(CSQ_ERANGE, csq_date_format(CSQ_DAYS_FIRST, text, 32, NULL));
    assert_status(CSQ_ERANGE, csq_date_format(CSQ_DAYS_LAST + 1, text, 32, NULL));
    assert_status(CSQ_ERANGE, csq_clock_format(-1, text, 32, NULL));
    assert_status(CSQ_ERANGE, csq_clock_format(2 * CSQ__DAY_MS + 1, text, 32, NULL));
    assert_status(CSQ_ERANGE, csq_instant_format(INT64_MAX, NULL, text, 32, NULL));
    assert_status(CSQ_ERANGE, csq_instant_format(INT64_MIN, NULL, text, 32, NULL));
    csq_zone *zone = NULL;
    assert_status(CSQ_OK, csq_zone_new_fixed(86400, NULL, &zone, NULL));
    assert_status(CSQ_OK, csq_instant_format(0, zone, text, 32, NULL));
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    csq_zone_free(zone);
}

static void missing_arguments_are_refused(void **state)
{
    (void)state;
    int32_t days = 0;
    csq_ms at = 0;
    const csq_str null = {NULL, 5};
    assert_status(CSQ_EINVAL, csq_date_parse(null, &days, NULL));
    assert_status(CSQ_EINVAL, csq_date_parse(csq_str_of("2026-10-01"), NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_parse(csq_str_of("09:00"), CSQ__DAY_MS, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_instant_parse(csq_str_of("x"), NULL, NULL));
    assert_status(CSQ_EDATE, csq_instant_parse((csq_str){NULL, 0}, &at, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_have_their_numbers_weekdays_and_weeks),
        cmocka_unit_test(days_follow_each_other_through_two_cycles),
        cmocka_unit_test(dates_outside_the_range_are_refused),
        cmocka_unit_test(dates_that_do_not_exist_are_refused),
        cmocka_unit_test(date_text_is_strict),
        cmocka_unit_test(clock_text_is_strict),
        cmocka_unit_test(clock_text_ends_at_its_limit),
        cmocka_unit_test(instant_text_is_rfc_3339),
        cmocka_unit_test(instants_are_written_in_the_zone_s_time),
        cmocka_unit_test(text_that_does_not_fit_is_refused),
        cmocka_unit_test(missing_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
