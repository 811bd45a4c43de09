/*
 * test_calendar — building calendars: hours, nights, exceptions, versions, and what is refused.
 * Expected values are computed by hand unless a row says otherwise.
 */
#include "calendar_support.h"
#include "zone_files.h"

typedef struct span_row {
    const char *from;
    const char *to;
    csq_ms open;
} span_row;

static void assert_spans(const csq_calendar *calendar, const span_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const csq_ms found = measure_text(calendar, rows[i].from, rows[i].to);
        if (found != rows[i].open) {
            fail_msg("%s to %s: got %lld, expected %lld", rows[i].from, rows[i].to,
                     (long long)found, (long long)rows[i].open);
        }
    }
}

#define ASSERT_SPANS(calendar, rows) assert_spans(calendar, rows, sizeof rows / sizeof rows[0])

/* ---- hours --------------------------------------------------------------------------------- */

static void overlapping_and_touching_hours_count_once(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 1, "12:00", "17:00");
    add_week(builder, 1, 1, "09:00", "13:00");
    add_week(builder, 1, 1, "17:00", "18:00");
    csq_calendar *const calendar = build(builder, zone);
    const span_row rows[] = {
        {"2026-01-05T00:00:00+01:00", "2026-01-06T00:00:00+01:00", 9 * HOUR_MS},
    };
    ASSERT_SPANS(calendar, rows);
    csq_ms close = 0;
    assert_status(CSQ_OK, csq_calendar_next_close(calendar, instant_of("2026-01-05T09:00:00+01:00"),
                                                  &close, NULL));
    assert_ms_equal(close, instant_of("2026-01-05T18:00:00+01:00"));
    csq_calendar_free(calendar);
}

static void hours_are_exact_to_the_millisecond(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 3, 3, "09:00:30", "17:30:15.250");
    csq_calendar *const calendar = build(builder, zone);
    const csq_ms day = instant_of("2026-01-07T00:00:00+08:00"); // a Wednesday
    assert_ms_equal(measure_of(calendar, day, day + DAY_MS), 30584 * INT64_C(1000) + 1250);
    int32_t is_open = -1;
    const csq_ms start = day + clock_of("09:00:30");
    const csq_ms end = day + clock_of("17:30:15.250");
    const struct {
        csq_ms at;
        int32_t open;
    } rows[] = {{start - 1, 0}, {start, 1}, {end - 1, 1}, {end, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_status(CSQ_OK, csq_calendar_is_open(calendar, rows[i].at, &is_open, NULL));
        assert_int_equal(is_open, rows[i].open);
    }
    csq_calendar_free(calendar);
}

static void a_night_belongs_to_its_date_or_is_split_at_midnight(void **state)
{
    (void)state;
    /* Monday to Friday 22:00 to 30:00; Saturday 2026-01-03 and Thursday 2026-01-08 are holidays. */
    const span_row owner[] = {
        {"2026-01-02T20:00:00+01:00", "2026-01-03T12:00:00+01:00", 8 * HOUR_MS},
        {"2026-01-07T20:00:00+01:00", "2026-01-08T12:00:00+01:00", 8 * HOUR_MS},
        {"2026-01-08T12:00:00+01:00", "2026-01-09T12:00:00+01:00", 0},
        {"2026-01-04T12:00:00+01:00", "2026-01-05T12:00:00+01:00", 0},
        {"2026-01-09T12:00:00+01:00", "2026-01-10T12:00:00+01:00", 8 * HOUR_MS},
    };
    const span_row split[] = {
        {"2026-01-02T20:00:00+01:00", "2026-01-03T12:00:00+01:00", 2 * HOUR_MS},
        {"2026-01-07T20:00:00+01:00", "2026-01-08T12:00:00+01:00", 2 * HOUR_MS},
        {"2026-01-08T12:00:00+01:00", "2026-01-09T12:00:00+01:00", 6 * HOUR_MS},
        {"2026-01-04T12:00:00+01:00", "2026-01-05T12:00:00+01:00", 0},
        {"2026-01-09T12:00:00+01:00", "2026-01-10T12:00:00+01:00", 8 * HOUR_MS},
    };
    for (uint32_t night = CSQ_NIGHT_DEFAULT; night <= CSQ_NIGHT_BY_CALENDAR_DATE; night++) {
        csq_zone *const zone = zone_of(TZ_BERLIN);
        csq_calendar_builder *const builder = builder_of(zone, night);
        add_week(builder, 1, 5, "22:00", "30:00");
        add_holiday(builder, "2026-01-03", "Saturday");
        add_holiday(builder, "2026-01-08", "Thursday");
        csq_calendar *const calendar = build(builder, zone);
        if (night == CSQ_NIGHT_BY_CALENDAR_DATE) {
            ASSERT_SPANS(calendar, split);
        } else {
            ASSERT_SPANS(calendar, owner);
        }
        csq_calendar_free(calendar);
    }
}

static void a_night_override_spills_into_the_next_date(void **state)
{
    (void)state;
    /* Override 2026-01-06 22:00 to 30:00 over Monday to Friday 09:00 to 17:00; Thursday's own one
     * keeps Wednesday's night out when the night is split. */
    const csq_ms night_of_7 = 8 * HOUR_MS;
    for (uint32_t night = CSQ_NIGHT_BY_OWNER_DATE; night <= CSQ_NIGHT_BY_CALENDAR_DATE; night++) {
        csq_zone *const zone = zone_of(TZ_SHANGHAI);
        csq_calendar_builder *const builder = builder_of(zone, night);
        add_week(builder, 1, 5, "09:00", "17:00");
        add_override(builder, "2026-01-06", "night", "22:00", "30:00");
        add_override(builder, "2026-01-07", "night", "22:00", "30:00");
        add_override(builder, "2026-01-09", "early", "05:00", "06:00");
        add_override(builder, "2026-01-08", "late", "22:00", "30:00");
        csq_calendar *const calendar = build(builder, zone);
        const bool is_split = night == CSQ_NIGHT_BY_CALENDAR_DATE;
        const span_row rows[] = {
            {"2026-01-06T00:00:00+08:00", "2026-01-07T00:00:00+08:00", 2 * HOUR_MS},
            {"2026-01-06T12:00:00+08:00", "2026-01-07T12:00:00+08:00",
             is_split ? 2 * HOUR_MS : night_of_7},
            {"2026-01-08T12:00:00+08:00", "2026-01-09T12:00:00+08:00",
             is_split ? 3 * HOUR_MS : 8 * HOUR_MS},
        };
        ASSERT_SPANS(calendar, rows);
        csq_calendar_free(calendar);
    }
}

/* ---- jumps of the clock -------------------------------------------------------------------- */

static void hours_over_a_jump_count_what_really_passes(void **state)
{
    (void)state;
    const struct {
        const char *tz;
        const char *start;
        const char *end;
        const char *from; /* of the local day */
        const char *to;
        csq_ms open;
    } rows[] = {
        {TZ_BERLIN, "00:00", "24:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00",
         23 * HOUR_MS},
        {TZ_BERLIN, "00:00", "24:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
         25 * HOUR_MS},
        {TZ_BERLIN, "02:10", "02:50", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", 0},
        {TZ_BERLIN, "01:30", "02:30", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00",
         HOUR_MS / 2},
        {TZ_BERLIN, "02:30", "03:30", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00",
         HOUR_MS / 2},
        {TZ_BERLIN, "02:00", "03:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
         2 * HOUR_MS},
        /* first 02:15 to first 02:45 of the repeated hour */
        {TZ_BERLIN, "02:15", "02:45", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
         HOUR_MS / 2},
        {TZ_LORD_HOWE, "01:00", "03:00", "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00",
         3 * HOUR_MS / 2},
        {TZ_LORD_HOWE, "01:00", "03:00", "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30",
         5 * HOUR_MS / 2},
        {TZ_TROLL, "00:00", "04:00", "2026-03-29T00:00:00+00:00", "2026-03-30T00:00:00+02:00",
         2 * HOUR_MS},
        {TZ_TROLL, "00:00", "04:00", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+00:00",
         6 * HOUR_MS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *const zone = zone_of(rows[i].tz);
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        add_week(builder, 7, 7, rows[i].start, rows[i].end);
        csq_calendar *const calendar = build(builder, zone);
        assert_ms_equal(measure_text(calendar, rows[i].from, rows[i].to), rows[i].open);
        csq_calendar_free(calendar);
    }
}

static void a_date_that_the_zone_leaves_out_has_no_hours(void **state)
{
    (void)state;
    static const char *const forms[] = {"fat", "slim"};
    for (size_t i = 0; i < 2; i++) {
        csq_zone *const zone = zone_of_file(forms[i], "Pacific/Apia"); // no 2011-12-30, a Friday
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        add_week(builder, 1, 7, "09:00", "17:00");
        csq_calendar *const calendar = build(builder, zone);
        const span_row rows[] = {
            {"2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00", 8 * HOUR_MS},
            {"2011-12-29T18:00:00-10:00", "2011-12-31T18:00:00+14:00", 8 * HOUR_MS},
        };
        ASSERT_SPANS(calendar, rows);
        csq_calendar_free(calendar);
    }
}

/* ---- exceptions ---------------------------------------------------------------------------- */

static void holiday_beats_override_beats_week_and_the_rest_is_cut_out(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "17:00");
    add_holiday(builder, "2026-01-05", "with an override");
    add_override(builder, "2026-01-05", "", "10:00", "12:00");
    add_override(builder, "2026-01-06", "", "06:00", "08:00");
    add_override(builder, "2026-01-06", "", "20:00", "21:00");
    assert_status(CSQ_OK, csq_calendar_builder_close(builder, days_of("2026-01-07"),
                                                     csq_str_of("empty"), NULL));
    assert_status(CSQ_OK, csq_calendar_builder_holiday(builder, days_of("2026-01-08"),
                                                       csq_str_of("afternoon"), clock_of("13:00"),
                                                       DAY_MS, NULL));
    add_break(builder, "2026-01-08", "", "09:30", "10:00");
    add_break(builder, "2026-01-08", "", "09:45", "10:15");
    add_override(builder, "2026-01-10", "Saturday", "09:00", "12:00");
    add_break(builder, "2026-01-10", "", "08:00", "10:00");
    csq_calendar *const calendar = build(builder, zone);
    const span_row rows[] = {
        {"2026-01-05T00:00:00+08:00", "2026-01-06T00:00:00+08:00", 0},
        {"2026-01-06T00:00:00+08:00", "2026-01-07T00:00:00+08:00", 3 * HOUR_MS},
        {"2026-01-07T00:00:00+08:00", "2026-01-08T00:00:00+08:00", 0},
        {"2026-01-08T00:00:00+08:00", "2026-01-09T00:00:00+08:00", 195 * MINUTE_MS},
        {"2026-01-09T00:00:00+08:00", "2026-01-10T00:00:00+08:00", 8 * HOUR_MS},
        {"2026-01-10T00:00:00+08:00", "2026-01-11T00:00:00+08:00", 2 * HOUR_MS},
    };
    ASSERT_SPANS(calendar, rows);
    csq_calendar_free(calendar);
}

static void a_break_in_a_night_is_dated_as_the_night_is(void **state)
{
    (void)state;
    for (uint32_t night = CSQ_NIGHT_BY_OWNER_DATE; night <= CSQ_NIGHT_BY_CALENDAR_DATE; night++) {
        csq_zone *const zone = zone_of(TZ_SHANGHAI);
        csq_calendar_builder *const builder = builder_of(zone, night);
        add_week(builder, 1, 7, "22:00", "30:00");
        add_break(builder, "2026-01-05", "", "26:00", "26:30"); // in the night to the 6th
        add_break(builder, "2026-01-08", "", "02:00", "02:30"); // by owner: no hours of the 8th
        csq_calendar *const calendar = build(builder, zone);
        const bool is_split = night == CSQ_NIGHT_BY_CALENDAR_DATE;
        const span_row rows[] = {
            {"2026-01-05T12:00:00+08:00", "2026-01-06T12:00:00+08:00", 450 * MINUTE_MS},
            {"2026-01-07T12:00:00+08:00", "2026-01-08T12:00:00+08:00",
             (is_split ? 450 : 480) * MINUTE_MS},
        };
        ASSERT_SPANS(calendar, rows);
        csq_calendar_free(calendar);
    }
}

/* ---- versions ------------------------------------------------------------------------------ */

static void a_version_holds_from_its_instant_on(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "17:00");
    add_holiday(builder, "2026-01-08", "only in version 0");
    const csq_ms change = instant_of("2026-01-07T12:00:00+08:00"); // a Wednesday
    assert_status(CSQ_OK, csq_calendar_builder_version(builder, change, NULL));
    add_week(builder, 1, 7, "08:00", "20:00");
    assert_status(CSQ_EORDER, csq_calendar_builder_version(builder, change, NULL));
    assert_status(CSQ_ERANGE, csq_calendar_builder_version(builder, INT64_MAX, NULL));
    csq_calendar *const calendar = build(builder, zone);
    const span_row rows[] = {
        {"2026-01-06T00:00:00+08:00", "2026-01-07T00:00:00+08:00", 8 * HOUR_MS},
        {"2026-01-07T00:00:00+08:00", "2026-01-07T12:00:00+08:00", 3 * HOUR_MS},
        {"2026-01-07T12:00:00+08:00", "2026-01-08T00:00:00+08:00", 8 * HOUR_MS},
        {"2026-01-08T00:00:00+08:00", "2026-01-09T00:00:00+08:00", 12 * HOUR_MS},
        {"2026-01-10T00:00:00+08:00", "2026-01-12T00:00:00+08:00", 24 * HOUR_MS},
        {"2099-01-03T00:00:00+08:00", "2099-01-04T00:00:00+08:00", 12 * HOUR_MS},
    };
    ASSERT_SPANS(calendar, rows);
    csq_calendar_free(calendar);
}

/* ---- what is refused ----------------------------------------------------------------------- */

static void impossible_entries_are_refused_by_name(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const b = builder_of(zone, CSQ_NIGHT_DEFAULT);
    const csq_str none = {NULL, 0};
    const csq_str bad = csq_str_of("\xff");
    const int32_t day = days_of("2026-01-05");
    csq_error e;
    assert_status(CSQ_EINVAL, csq_calendar_builder_week(b, 0, 0, 1, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_week(b, 8, 0, 1, &e));
    assert_status(CSQ_EINTERVAL, csq_calendar_builder_week(b, 1, HOUR_MS, HOUR_MS, &e));
    assert_status(CSQ_EINTERVAL, csq_calendar_builder_week(b, 1, HOUR_MS, 0, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_week(b, 1, -1, HOUR_MS, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_week(b, 1, DAY_MS, DAY_MS + 1, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_week(b, 1, 0, 2 * DAY_MS + 1, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_week(b, 1, INT64_MIN, INT64_MAX, &e));
    assert_status(CSQ_OK, csq_calendar_builder_week(b, 1, DAY_MS - 1, 2 * DAY_MS, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_override(b, day, none, DAY_MS, DAY_MS + 1, &e));
    assert_status(CSQ_EINTERVAL, csq_calendar_builder_override(b, day, none, 2, 1, &e));
    assert_status(CSQ_EINTERVAL, csq_calendar_builder_holiday(b, day, none, 2, 2, &e));
    assert_status(CSQ_EINTERVAL, csq_calendar_builder_break(b, day, none, 2, 2, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_break(b, INT32_MAX, none, 0, 1, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_close(b, INT32_MIN, none, &e));
    assert_status(CSQ_EDATE, csq_calendar_builder_close(b, days_of("0000-12-31"), none, &e));
    assert_status(CSQ_OK, csq_calendar_builder_close(b, days_of("0001-01-01"), none, &e));
    assert_status(CSQ_OK, csq_calendar_builder_close(b, days_of("9999-12-31"), none, &e));
    assert_status(CSQ_EUTF8, csq_calendar_builder_holiday(b, day, bad, 0, DAY_MS, &e));
    assert_int_equal(e.byte, 0);
    assert_status(CSQ_EUTF8, csq_calendar_builder_name(b, bad, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_name(b, (csq_str){"x", 65536}, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_name(b, (csq_str){NULL, 1}, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_name(NULL, none, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_week(NULL, 1, 0, 1, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_holiday(NULL, day, none, 0, 1, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_override(NULL, day, none, 0, 1, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_close(NULL, day, none, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_break(NULL, day, none, 0, 1, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_version(NULL, 0, &e));
    csq_calendar *calendar = (csq_calendar *)b;
    assert_status(CSQ_EINVAL, csq_calendar_builder_build(NULL, &calendar, &e));
    assert_status(CSQ_EINVAL, csq_calendar_builder_build(b, NULL, &e));
    csq_calendar_builder_free(b);
    csq_calendar_builder_free(NULL);
    csq_zone_free(zone);
}

typedef enum dated_kind { WHOLE, PART, OVERRIDE, CLOSE } dated_kind;

static void put_dated(csq_calendar_builder *builder, dated_kind kind, const char *name, int hour)
{
    const int32_t day = days_of("2026-10-01");
    const csq_str text = csq_str_of(name);
    if (kind == WHOLE) {
        assert_status(CSQ_OK, csq_calendar_builder_holiday(builder, day, text, 0, DAY_MS, NULL));
    } else if (kind == PART) {
        assert_status(CSQ_OK, csq_calendar_builder_holiday(builder, day, text, hour * HOUR_MS,
                                                           (hour + 2) * HOUR_MS, NULL));
    } else if (kind == OVERRIDE) {
        assert_status(CSQ_OK, csq_calendar_builder_override(builder, day, text, hour * HOUR_MS,
                                                            (hour + 2) * HOUR_MS, NULL));
    } else {
        assert_status(CSQ_OK, csq_calendar_builder_close(builder, day, text, NULL));
    }
}

static void contradictions_on_a_date_name_both_entries(void **state)
{
    (void)state;
    const struct {
        dated_kind first;
        dated_kind second;
        int hour; /* of the second */
        csq_status status;
    } rows[] = {
        {WHOLE, WHOLE, 0, CSQ_EDUPLICATE},
        {WHOLE, PART, 9, CSQ_EINTERVAL},
        {PART, WHOLE, 0, CSQ_EINTERVAL},
        {PART, PART, 10, CSQ_EINTERVAL},
        {PART, PART, 9, CSQ_EINTERVAL},
        {PART, PART, 11, CSQ_OK},
        {CLOSE, CLOSE, 0, CSQ_EDUPLICATE},
        {OVERRIDE, CLOSE, 0, CSQ_EDUPLICATE},
        {CLOSE, OVERRIDE, 9, CSQ_EDUPLICATE},
        {OVERRIDE, OVERRIDE, 10, CSQ_OK},
        {WHOLE, CLOSE, 0, CSQ_OK},
        {WHOLE, OVERRIDE, 9, CSQ_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *const zone = zone_of(TZ_SHANGHAI);
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        add_week(builder, 1, 3, "09:00", "17:00"); // entries 0 to 2
        put_dated(builder, rows[i].first, "国庆节", 9);
        put_dated(builder, rows[i].second, "中秋节", rows[i].hour);
        csq_calendar *calendar = NULL;
        csq_error error = {0};
        assert_status(rows[i].status, csq_calendar_builder_build(builder, &calendar, &error));
        if (rows[i].status != CSQ_OK) {
            assert_null(calendar);
            assert_int_equal(error.index, 4);
            assert_non_null(strstr(error.message, "2026-10-01"));
            assert_non_null(strstr(error.message, "\"国庆节\" and \"中秋节\""));
        }
        csq_calendar_free(calendar);
        csq_calendar_builder_free(builder);
        csq_zone_free(zone);
    }
}

static void the_same_date_may_differ_between_versions(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_holiday(builder, "2026-10-01", "a");
    assert_status(CSQ_OK, csq_calendar_builder_version(builder, 0, NULL));
    add_holiday(builder, "2026-10-01", "b");
    csq_calendar_free(build(builder, zone));
}

static void options_out_of_range_are_refused(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    const struct {
        csq_calendar_options options;
        csq_status status;
        size_t field;
    } rows[] = {
        {{.night = 3}, CSQ_EINVAL, offsetof(csq_calendar_options, night)},
        {{.first_year = -1}, CSQ_ERANGE, offsetof(csq_calendar_options, first_year)},
        {{.first_year = 10000}, CSQ_ERANGE, offsetof(csq_calendar_options, first_year)},
        {{.last_year = 10000}, CSQ_ERANGE, offsetof(csq_calendar_options, last_year)},
        {{.first_year = 2030, .last_year = 2029},
         CSQ_ERANGE,
         offsetof(csq_calendar_options, last_year)},
        {{.entry_limit = UINT64_MAX}, CSQ_ERANGE, offsetof(csq_calendar_options, entry_limit)},
        {{.interval_limit = UINT64_MAX},
         CSQ_ERANGE,
         offsetof(csq_calendar_options, interval_limit)},
        {{.first_year = 2100}, CSQ_OK, 0},
        {{.last_year = 1950}, CSQ_OK, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_calendar_options options = rows[i].options;
        options.size = sizeof options;
        csq_calendar_builder *builder = NULL;
        csq_error error;
        assert_status(rows[i].status,
                      csq_calendar_builder_new(zone, &options, NULL, &builder, &error));
        if (rows[i].status != CSQ_OK) {
            assert_null(builder);
            assert_int_equal(error.field, rows[i].field);
        }
        csq_calendar_builder_free(builder);
    }
    csq_calendar_builder *builder = NULL;
    const csq_calendar_options small = {.size = 4};
    assert_status(CSQ_EABI, csq_calendar_builder_new(zone, &small, NULL, &builder, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_builder_new(NULL, NULL, NULL, &builder, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_builder_new(zone, NULL, NULL, NULL, NULL));
    csq_zone_free(zone);
}

static void limits_are_kept(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_options options = {
        .size = sizeof options, .entry_limit = 2, .interval_limit = 100};
    csq_calendar_builder *builder = NULL;
    csq_calendar *calendar = NULL;
    assert_status(CSQ_OK, csq_calendar_builder_new(zone, &options, NULL, &builder, NULL));
    add_week(builder, 1, 2, "09:00", "17:00");
    assert_status(CSQ_ELIMIT, csq_calendar_builder_week(builder, 3, 0, 1, NULL));
    assert_status(CSQ_ELIMIT, csq_calendar_builder_version(builder, 0, NULL));
    assert_status(CSQ_ELIMIT, csq_calendar_builder_build(builder, &calendar, NULL));
    csq_calendar_builder_free(builder);

    builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    for (int i = 0; i <= CSQ_CALENDAR_WEEK_LIMIT; i++) {
        assert_status(CSQ_OK, csq_calendar_builder_week(builder, 1, 2 * i, 2 * i + 1, NULL));
    }
    assert_status(CSQ_ELIMIT, csq_calendar_builder_build(builder, &calendar, NULL));
    assert_null(calendar);
    csq_calendar_builder_free(builder);
    csq_zone_free(zone);
}

static void a_million_entries_in_any_order_compile(void **state)
{
    (void)state;
    enum { N = 1000000, DAYS = 3000000 };
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "17:00");
    const int32_t first = days_of("0002-01-01");
    const csq_str none = {NULL, 0};
    for (uint64_t i = 0; i < N - 5; i++) {
        const int32_t day = first + (int32_t)(i * 1234577 % DAYS);
        assert_status(CSQ_OK, csq_calendar_builder_break(builder, day, none, 12 * HOUR_MS,
                                                         13 * HOUR_MS, NULL));
    }
    assert_status(CSQ_ELIMIT, csq_calendar_builder_break(builder, first, none, 0, HOUR_MS, NULL));
    csq_calendar *const calendar = build(builder, zone);
    assert_int_equal(csq_calendar_is_never(calendar), 0);
    csq_calendar_free(calendar);
}

static void a_zone_that_ends_too_early_is_named(void **state)
{
    (void)state;
    csq_zone *const zone = zone_with_jump("Test/Ends", 0, 3600, 0, "");
    csq_calendar_builder *builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    csq_calendar *calendar = NULL;
    csq_error error;
    assert_status(CSQ_EZONE, csq_calendar_builder_build(builder, &calendar, &error));
    assert_non_null(strstr(error.message, "Test/Ends"));
    csq_calendar_builder_free(builder);

    csq_calendar_options options = {.size = sizeof options, .first_year = 1960};
    assert_status(CSQ_OK, csq_calendar_builder_new(zone, &options, NULL, &builder, NULL));
    add_week(builder, 1, 7, "00:00", "24:00");
    calendar = build(builder, zone);
    csq_interval range;
    assert_status(CSQ_OK, csq_calendar_range(calendar, &range, NULL));
    assert_ms_equal(range.to, 0);
    assert_ms_equal(measure_of(calendar, -DAY_MS, -1), DAY_MS - 1);
    csq_ms open = 7;
    assert_status(CSQ_ERANGE, csq_calendar_measure(calendar, -1, 0, &open, &error));
    assert_ms_equal(open, 7);
    csq_calendar_free(calendar);
}

/* ---- what it says about itself ------------------------------------------------------------- */

static void names_zones_and_fingerprints_are_told(void **state)
{
    (void)state;
    csq_calendar *calendars[4];
    for (int i = 0; i < 4; i++) {
        csq_zone *const zone = zone_of(i == 3 ? TZ_BERLIN : TZ_SHANGHAI);
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        assert_status(CSQ_OK, csq_calendar_builder_name(builder, csq_str_of("first"), NULL));
        assert_status(CSQ_OK, csq_calendar_builder_name(builder, csq_str_of("客服"), NULL));
        if (i == 1) { // the same hours, said in another way
            add_week(builder, 4, 5, "09:00", "17:00");
            add_week(builder, 1, 4, "09:00", "17:00");
        } else {
            add_week(builder, 1, 5, "09:00", i == 2 ? "17:01" : "17:00");
        }
        calendars[i] = build(builder, zone);
        assert_true(csq_calendar_name(calendars[i]).size == 6);
    }
    assert_true(csq_calendar_fingerprint(calendars[0]) == csq_calendar_fingerprint(calendars[1]));
    assert_true(csq_calendar_fingerprint(calendars[0]) != csq_calendar_fingerprint(calendars[2]));
    assert_true(csq_calendar_fingerprint(calendars[0]) != csq_calendar_fingerprint(calendars[3]));
    assert_true(csq_calendar_zone(calendars[0]) != NULL);
    assert_true(csq_calendar_zone(NULL) == NULL);
    assert_true(csq_calendar_name(NULL).size == 0);
    assert_true(csq_calendar_fingerprint(NULL) == 0);
    assert_int_equal(csq_calendar_is_never(NULL), 1);
    assert_status(CSQ_EINVAL, csq_calendar_range(NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_range(calendars[0], NULL, NULL));
    for (int i = 0; i < 4; i++) {
        assert_ptr_equal(csq_calendar_retain(calendars[i]), calendars[i]);
        csq_calendar_free(calendars[i]);
        csq_calendar_free(calendars[i]);
    }
    assert_null(csq_calendar_retain(NULL));
    csq_calendar_free(NULL);
}

static void a_builder_goes_on_after_building(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    csq_calendar *first = NULL;
    assert_status(CSQ_OK, csq_calendar_builder_build(builder, &first, NULL));
    assert_int_equal(csq_calendar_is_never(first), 1);
    add_week(builder, 1, 1, "09:00", "17:00");
    csq_calendar *const second = build(builder, zone);
    assert_int_equal(csq_calendar_is_never(second), 0);
    csq_calendar_free(first);
    csq_calendar_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlapping_and_touching_hours_count_once),
        cmocka_unit_test(hours_are_exact_to_the_millisecond),
        cmocka_unit_test(a_night_belongs_to_its_date_or_is_split_at_midnight),
        cmocka_unit_test(a_night_override_spills_into_the_next_date),
        cmocka_unit_test(hours_over_a_jump_count_what_really_passes),
        cmocka_unit_test(a_date_that_the_zone_leaves_out_has_no_hours),
        cmocka_unit_test(holiday_beats_override_beats_week_and_the_rest_is_cut_out),
        cmocka_unit_test(a_break_in_a_night_is_dated_as_the_night_is),
        cmocka_unit_test(a_version_holds_from_its_instant_on),
        cmocka_unit_test(impossible_entries_are_refused_by_name),
        cmocka_unit_test(contradictions_on_a_date_name_both_entries),
        cmocka_unit_test(the_same_date_may_differ_between_versions),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(a_million_entries_in_any_order_compile),
        cmocka_unit_test(a_zone_that_ends_too_early_is_named),
        cmocka_unit_test(names_zones_and_fingerprints_are_told),
        cmocka_unit_test(a_builder_goes_on_after_building),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
