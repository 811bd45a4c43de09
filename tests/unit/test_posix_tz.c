/*
 * test_posix_tz — POSIX TZ strings: every form, every malformation with its place, and rules at
 * their edges.
 */
#include "zone_files.h"
#include "time/time_internal.h"

/* The offset that a string gives at an instant. */
static int32_t offset_at(const csq_zone *zone, const char *at)
{
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, ms_of(at), &span, NULL));
    return span.offset_s;
}

static void valid_strings_give_their_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t january_s; /* 2026-01-15T12:00Z */
        int32_t july_s;    /* 2026-07-15T12:00Z */
    } rows[] = {
        {"UTC0", 0, 0},
        {"JST-9", 32400, 32400},
        {"CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200},
        {"EST5EDT,M3.2.0,M11.1.0", -18000, -14400},
        {"NST3:30NDT,M3.2.0,M11.1.0", -12600, -9000},
        {"<+0330>-3:30", 12600, 12600},
        {"<-03>3", -10800, -10800},
        {"LMT-0:53:28", 3208, 3208},
        {"XYZ+05", -18000, -18000},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3600},              /* negative saving: Dublin */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", 39600, 36000},       /* southern order */
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 39600, 37800}, /* half an hour */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600},    /* time before midnight */
        {"EET-2EEST,M3.4.4/50,M10.4.4/50", 7200, 10800},      /* two days after Thursday */
        {"EST5EDT,0/0,J365/25", -14400, -14400},              /* RFC 9636: all year */
        {"XXX3EDT4,0/0,J365/23", -14400, -14400},             /* the same, older form */
        {"AAA0BBB,J60,J300", 0, 3600},
        {"AAA0BBB,59/0,299/0", 0, 3600},
        {"AAA0BBB-1:30,M4.1.0,M10.1.0", 0, 5400},
        {"AAA0BBB,M1.1.0/-167,M12.5.0/167", 3600, 3600},
        {"AAA24BBB24,M3.5.0,M10.5.0", -86400, -86400},        /* both clocks alike */
        {"AAA-24:59:59", 89999, 89999},
        {"ABCDEFGHIJKLMNO0", 0, 0},
        {"<+-A>0<B9b>-02,365/0,0/0", 7200, 7200}, /* off for two hours a year */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = zone_of_posix(rows[i].text);
        assert_int_equal(offset_at(zone, "2026-01-15T12:00:00Z"), rows[i].january_s);
        assert_int_equal(offset_at(zone, "2026-07-15T12:00:00Z"), rows[i].july_s);
        assert_int_equal(csq_zone_name(zone).size, strlen(rows[i].text));
        csq_zone_free(zone);
    }
}

static void malformed_strings_are_refused_at_their_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t byte;
        const char *message; /* a part of it */
    } rows[] = {
        {"", 0, "expected the name of standard time, found the end"},
        {":Europe/Berlin", 0, "file name"},
        {"5EST", 0, "name of standard time, found '5'"},
        {"ES5", 2, "three letters"},
        {"<>5", 1, "name of standard time, found '>'"},
        {"<AB>5", 3, "three letters"},
        {"<ABC5", 5, "found the end"},
        {"<AB_C>5", 3, "three letters of a name, found '_'"},
        {"<ABC_>5", 4, "'>' in a quoted name, found '_'"},
        {"ABCDEFGHIJKLMNOP0", 15, "at most 15 bytes"},
        {"EST", 3, "an hour from 0 to 24, found the end"},
        {"EST+", 4, "an hour from 0 to 24, found the end"},
        {"EST+-5", 4, "found '-'"},
        {"EST25", 3, "an hour from 0 to 24, found '2'"},
        {"EST005", 3, "an hour from 0 to 24"},
        {"EST5:", 5, "two digits"},
        {"EST5:6", 5, "two digits"},
        {"EST5:60", 5, "two digits"},
        {"EST5:006", 5, "two digits"},
        {"EST5:30:", 8, "two digits"},
        {"EST5:30:61", 8, "two digits"},
        {"EST5:30:15:00", 10, "name of daylight saving time"},
        {"EST 5", 3, "found ' '"},
        {"EST5 ", 4, "found ' '"},
        {"EST5\xC3\xA4", 4, "found byte 195"},
        {"EST5EDT", 7, "leaves to the implementation"},
        {"EST5EDT4", 8, "leaves to the implementation"},
        {"EST5ED,M3.2.0,M11.1.0", 6, "three letters"},
        {"EST5EDT,", 8, "a date"},
        {"EST5EDT,M3.2.0", 14, "the end of daylight saving time"},
        {"EST5EDT,M3.2.0,", 15, "a date"},
        {"EST5EDT,M0.2.0,M11.1.0", 9, "month from 1 to 12"},
        {"EST5EDT,M13.2.0,M11.1.0", 9, "month from 1 to 12"},
        {"EST5EDT,M3,M11.1.0", 10, "'.' and a week"},
        {"EST5EDT,M3.0.0,M11.1.0", 11, "week from 1 to 5"},
        {"EST5EDT,M3.6.0,M11.1.0", 11, "week from 1 to 5"},
        {"EST5EDT,M3.2,M11.1.0", 12, "'.' and a weekday"},
        {"EST5EDT,M3.2.7,M11.1.0", 13, "weekday from 0 to 6"},
        {"EST5EDT,M3.2.00,M11.1.0", 13, "weekday from 0 to 6"},
        {"EST5EDT,J0,J100", 9, "day from 1 to 365"},
        {"EST5EDT,J366,J100", 9, "day from 1 to 365"},
        {"EST5EDT,366,100", 8, "from 0 to 365"},
        {"EST5EDT,X3,J100", 8, "found 'X'"},
        {"EST5EDT,-3,J100", 8, "found '-'"},
        {"EST5EDT,M3.2.0/,M11.1.0", 15, "hour from 0 to 167"},
        {"EST5EDT,M3.2.0/168,M11.1.0", 15, "hour from 0 to 167"},
        {"EST5EDT,M3.2.0/-168,M11.1.0", 16, "hour from 0 to 167"},
        {"EST5EDT,M3.2.0/2:5,M11.1.0", 17, "two digits"},
        {"EST5EDT,M3.2.0,M11.1.0,", 22, "expected the end, found ','"},
        {"EST5EDT,M3.2.0,M11.1.0/2x", 24, "expected the end, found 'x'"},
        {"EST5EDT25,M3.2.0,M11.1.0", 7, "an hour from 0 to 24"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = (csq_zone *)&state;
        csq_error error;
        const csq_status status =
            csq_zone_new_posix(csq_str_of(rows[i].text), NULL, &zone, &error);
        assert_null(zone);
        if (status != CSQ_EPOSIXTZ || error.byte != rows[i].byte ||
            strstr(error.message, rows[i].message) == NULL) {
            fail_msg("\"%s\": %s, byte %lld: %s", rows[i].text, csq_status_name(status),
                     (long long)error.byte, error.message);
        }
    }
}

static void long_strings_are_refused(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'A', sizeof text);
    csq_zone *zone;
    csq_error error;
    const csq_str too_long = {text, sizeof text};
    assert_status(CSQ_EPOSIXTZ, csq_zone_new_posix(too_long, NULL, &zone, &error));
    assert_int_equal(error.byte, 255);
}

/* A NUL inside a view is a byte like any other. */
static void a_nul_is_refused(void **state)
{
    (void)state;
    csq_zone *zone;
    csq_error error;
    const csq_str text = {"UTC0\0", 5};
    assert_status(CSQ_EPOSIXTZ, csq_zone_new_posix(text, NULL, &zone, &error));
    assert_int_equal(error.byte, 4);
}

/* Changes of 2024 and 2025, a leap year and one after it; by hand from a calendar. */
static void dates_of_rules_fall_on_their_days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *start;
        const char *end;
    } rows[] = {
        {"AAA0BBB,J60/0,J61/0", "2024-03-01T00:00:00Z", "2024-03-01T23:00:00Z"},
        {"AAA0BBB,J59/0,J60/0", "2024-02-28T00:00:00Z", "2024-02-29T23:00:00Z"},
        {"AAA0BBB,59/0,60/0", "2024-02-29T00:00:00Z", "2024-02-29T23:00:00Z"},
        {"AAA0BBB,59/0,60/0", "2025-03-01T00:00:00Z", "2025-03-01T23:00:00Z"},
        {"AAA0BBB,J1/0,J2/0", "2025-01-01T00:00:00Z", "2025-01-01T23:00:00Z"},
        {"AAA0BBB,J365/0,J365/24", "2024-12-31T00:00:00Z", "2024-12-31T23:00:00Z"},
        {"AAA0BBB,365/0,365/24", "2024-12-31T00:00:00Z", "2024-12-31T23:00:00Z"},
        {"AAA0BBB,M2.5.4/0,M3.1.0/0", "2024-02-29T00:00:00Z", "2024-03-02T23:00:00Z"},
        {"AAA0BBB,M2.5.4/0,M3.1.0/0", "2025-02-27T00:00:00Z", "2025-03-01T23:00:00Z"},
        {"AAA0BBB,M3.5.0/-1,M3.5.0/24", "2025-03-29T23:00:00Z", "2025-03-30T23:00:00Z"},
        {"AAA0BBB,M12.1.1/167:59:59,J365/0", "2025-12-07T23:59:59Z", "2025-12-30T23:00:00Z"},
        {"AAA0BBB,M1.1.3/-167,M1.1.3/0", "2024-12-25T01:00:00Z", "2024-12-31T23:00:00Z"},
        /* the start runs into January, behind the end of that year */
        {"AAA0BBB,365/55,3/-69", "2026-01-03T07:00:00Z", "2027-01-01T02:00:00Z"},
        {"AAA0BBB,365/55,3/-69", "2025-01-02T07:00:00Z", "2026-01-01T02:00:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = zone_of_posix(rows[i].text);
        csq__offset_span span;
        assert_status(CSQ_OK, csq__zone_span(zone, ms_of(rows[i].start), &span, NULL));
        assert_int_equal(span.offset_s, 3600);
        assert_ms_equal(span.from, ms_of(rows[i].start));
        assert_ms_equal(span.until, ms_of(rows[i].end));
        csq_zone_free(zone);
    }
}

static void rules_that_never_end_are_one_span(void **state)
{
    (void)state;
    static const char *const texts[] = {"EST5EDT,0/0,J365/25", "XXX3EDT4,0/0,J365/23",
                                        "AAA0BBB,J10/0,J10/1", "AAA0BBB0,M3.5.0,M10.5.0", "UTC0"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        csq_zone *zone = zone_of_posix(texts[i]);
        csq__offset_span span;
        assert_status(CSQ_OK, csq__zone_span(zone, 0, &span, NULL));
        assert_ms_equal(span.from, INT64_MIN);
        assert_ms_equal(span.until, INT64_MAX);
        csq_ms from = 0;
        bool is_fixed = false;
        assert_true(csq__zone_tail(zone, &from, &is_fixed));
        assert_ms_equal(from, INT64_MIN);
        assert_true(is_fixed);
        csq_zone_free(zone);
    }
}

/* Clocks of one offset may still change their name. */
static void names_change_where_offsets_do_not(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_posix("AAA0BBB0,M3.5.0,M10.5.0");
    csq_local local = {.size = sizeof local};
    assert_status(CSQ_OK, csq_zone_local(zone, ms_of("2026-01-15T00:00:00Z"), &local, NULL));
    assert_string_equal(local.abbreviation, "AAA");
    assert_status(CSQ_OK, csq_zone_local(zone, ms_of("2026-07-15T00:00:00Z"), &local, NULL));
    assert_string_equal(local.abbreviation, "BBB");
    assert_int_equal(local.is_daylight, 1);
    csq_zone_free(zone);
}

static void a_gap_between_years_of_one_second_is_kept(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_posix("AAA0BBB,0/0,J365/24:59:59");
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, ms_of("2026-07-01T00:00:00Z"), &span, NULL));
    assert_ms_equal(span.from, ms_of("2026-01-01T00:00:00Z"));
    assert_ms_equal(span.until, ms_of("2026-12-31T23:59:59Z"));
    assert_int_equal(span.offset_s, 3600);
    assert_status(CSQ_OK, csq__zone_span(zone, ms_of("2026-12-31T23:59:59.500Z"), &span, NULL));
    assert_ms_equal(span.until - span.from, 1000);
    assert_int_equal(span.offset_s, 0);
    csq_zone_free(zone);
}

static void rules_repeat_every_400_years(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_posix("EST5EDT,M3.2.0,M11.1.0");
    const csq_ms cycle = INT64_C(12622780800000);
    for (csq_ms at = 0; at < cycle; at += INT64_C(40) * 86400000 + 12345) {
        csq__offset_span near;
        csq__offset_span far;
        csq__offset_span past;
        assert_status(CSQ_OK, csq__zone_span(zone, at, &near, NULL));
        assert_status(CSQ_OK, csq__zone_span(zone, at + 700000 * cycle, &far, NULL));
        assert_status(CSQ_OK, csq__zone_span(zone, at - 700000 * cycle, &past, NULL));
        assert_int_equal(far.offset_s, near.offset_s);
        assert_int_equal(past.offset_s, near.offset_s);
        assert_ms_equal(far.from - near.from, 700000 * cycle);
        assert_ms_equal(near.until - past.until, 700000 * cycle);
    }
    csq_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_strings_give_their_offsets),
        cmocka_unit_test(malformed_strings_are_refused_at_their_byte),
        cmocka_unit_test(long_strings_are_refused),
        cmocka_unit_test(a_nul_is_refused),
        cmocka_unit_test(dates_of_rules_fall_on_their_days),
        cmocka_unit_test(rules_that_never_end_are_one_span),
        cmocka_unit_test(names_change_where_offsets_do_not),
        cmocka_unit_test(a_gap_between_years_of_one_second_is_kept),
        cmocka_unit_test(rules_repeat_every_400_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
