/*
 * test_calendar_query — measuring, adding and openings at the edges: ties, ends of the range,
 * years behind the table, always, never, both ends of int64.
 */
#include "calendar_support.h"
#include "zone_files.h"

static const uint32_t edges[] = {CSQ_EDGE_NEAR, CSQ_EDGE_FAR};

/* ---- ties ---------------------------------------------------------------------------------- */

static void near_and_far_differ_at_a_close_and_nowhere_else(void **state)
{
    (void)state;
    csq_calendar *const calendar = office_of(TZ_BERLIN);
    const struct {
        const char *at;
        csq_ms duration; /* negative: subtract */
        const char *near;
        const char *far;
    } rows[] = {
        /* Monday 2026-01-05 */
        {"2026-01-05T09:00:00+01:00", 8 * HOUR_MS, "2026-01-05T17:00:00+01:00",
         "2026-01-06T09:00:00+01:00"},
        {"2026-01-05T09:00:00+01:00", 8 * HOUR_MS - 1, "2026-01-05T16:59:59.999+01:00",
         "2026-01-05T16:59:59.999+01:00"},
        {"2026-01-05T09:00:00+01:00", 8 * HOUR_MS + 1, "2026-01-06T09:00:00.001+01:00",
         "2026-01-06T09:00:00.001+01:00"},
        {"2026-01-05T09:00:00+01:00", 40 * HOUR_MS, "2026-01-09T17:00:00+01:00",
         "2026-01-12T09:00:00+01:00"},
        {"2026-01-05T20:00:00+01:00", HOUR_MS, "2026-01-06T10:00:00+01:00",
         "2026-01-06T10:00:00+01:00"},
        {"2026-01-05T20:00:00+01:00", 0, "2026-01-05T20:00:00+01:00", "2026-01-06T09:00:00+01:00"},
        {"2026-01-05T10:00:00+01:00", 0, "2026-01-05T10:00:00+01:00", "2026-01-05T10:00:00+01:00"},
        {"2026-01-06T17:00:00+01:00", -8 * HOUR_MS, "2026-01-06T09:00:00+01:00",
         "2026-01-05T17:00:00+01:00"},
        {"2026-01-06T10:00:00+01:00", -2 * HOUR_MS, "2026-01-05T16:00:00+01:00",
         "2026-01-05T16:00:00+01:00"},
        {"2026-01-12T08:00:00+01:00", -HOUR_MS, "2026-01-09T16:00:00+01:00",
         "2026-01-09T16:00:00+01:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_ms at = instant_of(rows[i].at);
        for (size_t e = 0; e < 2; e++) {
            const csq_ms wanted = instant_of(e == 0 ? rows[i].near : rows[i].far);
            csq_ms found = 0;
            csq_ms same = 0;
            assert_status(CSQ_OK,
                          csq_calendar_add(calendar, at, rows[i].duration, edges[e], &found, NULL));
            assert_ms_equal(found, wanted);
            if (rows[i].duration != 0) {
                assert_status(CSQ_OK, csq_calendar_subtract(calendar, at, -rows[i].duration,
                                                            edges[e], &same, NULL));
                assert_ms_equal(same, wanted);
            }
        }
    }
    csq_ms found = 0; // backwards, a duration of nothing reaches to the end of the last hours
    assert_status(CSQ_OK, csq_calendar_subtract(calendar, instant_of("2026-01-05T08:00:00+01:00"),
                                                0, CSQ_EDGE_FAR, &found, NULL));
    assert_ms_equal(found, instant_of("2026-01-02T17:00:00+01:00"));
    csq_calendar_free(calendar);
}

static void openings_and_closings_on_both_sides(void **state)
{
    (void)state;
    csq_calendar *const calendar = office_of(TZ_BERLIN);
    typedef csq_status (*query)(const csq_calendar *, csq_ms, csq_ms *, csq_error *);
    const query queries[] = {csq_calendar_next_open, csq_calendar_previous_open,
                             csq_calendar_next_close, csq_calendar_previous_close};
    static const char *const rows[][5] = {
        {"2026-01-05T09:00:00+01:00", "2026-01-05T09:00:00+01:00", "2026-01-05T09:00:00+01:00",
         "2026-01-05T17:00:00+01:00", "2026-01-02T17:00:00+01:00"},
        {"2026-01-05T12:00:00+01:00", "2026-01-05T12:00:00+01:00", "2026-01-05T12:00:00+01:00",
         "2026-01-05T17:00:00+01:00", "2026-01-02T17:00:00+01:00"},
        {"2026-01-05T17:00:00+01:00", "2026-01-06T09:00:00+01:00", "2026-01-05T17:00:00+01:00",
         "2026-01-06T17:00:00+01:00", "2026-01-05T17:00:00+01:00"},
        {"2026-01-10T12:00:00+01:00", "2026-01-12T09:00:00+01:00", "2026-01-09T17:00:00+01:00",
         "2026-01-12T17:00:00+01:00", "2026-01-09T17:00:00+01:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t q = 0; q < 4; q++) {
            csq_ms found = 0;
            assert_status(CSQ_OK, queries[q](calendar, instant_of(rows[i][0]), &found, NULL));
            assert_ms_equal(found, instant_of(rows[i][q + 1]));
        }
    }
    csq_calendar_free(calendar);
}

/* ---- ends of the range --------------------------------------------------------------------- */

static void assert_no_answer(const csq_calendar *calendar, csq_ms at, csq_status expected)
{
    csq_ms found = 77;
    int32_t is_open = 77;
    assert_status(expected, csq_calendar_measure(calendar, at, at, &found, NULL));
    assert_status(expected, csq_calendar_add(calendar, at, 1, CSQ_EDGE_NEAR, &found, NULL));
    assert_status(expected, csq_calendar_subtract(calendar, at, 1, CSQ_EDGE_NEAR, &found, NULL));
    assert_status(expected, csq_calendar_is_open(calendar, at, &is_open, NULL));
    assert_status(expected, csq_calendar_next_open(calendar, at, &found, NULL));
    assert_status(expected, csq_calendar_previous_open(calendar, at, &found, NULL));
    assert_status(expected, csq_calendar_next_close(calendar, at, &found, NULL));
    assert_status(expected, csq_calendar_previous_close(calendar, at, &found, NULL));
    assert_status(expected, csq_calendar_add_workdays(calendar, at, 1, 0, &found, NULL));
    assert_ms_equal(found, 77);
    assert_int_equal(is_open, 77);
}

static void outside_of_the_years_there_is_no_answer(void **state)
{
    (void)state;
    csq_calendar *const calendar = office_of(TZ_BERLIN); // 2000 to 2049, no period
    const csq_ms from = instant_of("2000-01-01T00:00:00+01:00");
    const csq_ms to = instant_of("2050-01-01T00:00:00+01:00");
    csq_interval range;
    assert_status(CSQ_OK, csq_calendar_range(calendar, &range, NULL));
    assert_ms_equal(range.from, from);
    assert_ms_equal(range.to, to);
    const csq_ms outside[] = {INT64_MIN, INT64_MIN + 1, from - 1, to, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_no_answer(calendar, outside[i], CSQ_ERANGE);
    }
    csq_ms found = 77;
    csq_error error;
    assert_status(CSQ_ERANGE, csq_calendar_previous_open(calendar, from, &found, &error));
    assert_status(CSQ_ERANGE, csq_calendar_previous_close(calendar, from, &found, &error));
    assert_status(CSQ_ERANGE, csq_calendar_next_open(calendar, to - 1, &found, &error));
    assert_status(CSQ_ERANGE, csq_calendar_next_close(calendar, to - 1, &found, &error));
    for (size_t e = 0; e < 2; e++) {
        const csq_ms huge[] = {INT64_MAX, INT64_MAX - 1, INT64_C(1) << 40};
        for (size_t i = 0; i < 3; i++) {
            const csq_ms at = from + DAY_MS;
            assert_status(CSQ_ERANGE,
                          csq_calendar_add(calendar, at, huge[i], edges[e], &found, &error));
            assert_status(CSQ_ERANGE,
                          csq_calendar_add(calendar, at, -huge[i], edges[e], &found, &error));
            assert_status(CSQ_ERANGE,
                          csq_calendar_subtract(calendar, at, huge[i], edges[e], &found, &error));
            assert_status(CSQ_ERANGE,
                          csq_calendar_subtract(calendar, at, INT64_MIN, edges[e], &found, &error));
        }
    }
    assert_status(CSQ_ERANGE, csq_calendar_measure(calendar, from, to, &found, &error));
    assert_ms_equal(found, 77);
    csq_calendar_free(calendar);
}

static void null_and_unknown_values_are_refused(void **state)
{
    (void)state;
    csq_calendar *const c = office_of(TZ_BERLIN);
    csq_ms out = 0;
    int32_t open = 0;
    csq_error e;
    assert_status(CSQ_EINVAL, csq_calendar_measure(NULL, 0, 0, &out, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure(c, 0, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add(NULL, 0, 0, 0, &out, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add(c, 0, 0, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add(c, 0, 0, 2, &out, &e));
    assert_status(CSQ_EINVAL, csq_calendar_subtract(NULL, 0, 0, 0, &out, &e));
    assert_status(CSQ_EINVAL, csq_calendar_subtract(c, 0, 0, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_subtract(c, 0, 0, UINT32_MAX, &out, &e));
    assert_status(CSQ_EINVAL, csq_calendar_is_open(NULL, 0, &open, &e));
    assert_status(CSQ_EINVAL, csq_calendar_is_open(c, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_next_open(NULL, 0, &out, &e));
    assert_status(CSQ_EINVAL, csq_calendar_next_open(c, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_previous_open(c, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_next_close(c, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_previous_close(c, 0, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_next_close(NULL, 0, &out, NULL));
    csq_calendar_free(c);
}

/* ---- behind the table ---------------------------------------------------------------------- */

static void a_zone_without_further_changes_answers_for_ever(void **state)
{
    (void)state;
    csq_calendar *const calendar = office_of(TZ_SHANGHAI);
    csq_interval range;
    assert_status(CSQ_OK, csq_calendar_range(calendar, &range, NULL));
    assert_ms_equal(range.to, INT64_MAX);
    assert_ms_equal(measure_text(calendar, "9998-01-01T00:00:00Z", "9999-01-01T00:00:00Z"),
                    261 * 8 * HOUR_MS);
    csq_ms found = 0;
    const csq_ms last = INT64_MAX;
    assert_true(measure_of(calendar, range.from, last) > 0);
    assert_ms_equal(measure_of(calendar, last, last), 0);
    assert_status(CSQ_ERANGE, csq_calendar_add(calendar, last, 100 * HOUR_MS, 0, &found, NULL));
    assert_status(CSQ_OK, csq_calendar_subtract(calendar, last, HOUR_MS, 0, &found, NULL));
    assert_ms_equal(measure_of(calendar, found, last), HOUR_MS);
    assert_status(CSQ_ERANGE, csq_calendar_add(calendar, range.from, last, 0, &found, NULL));
    assert_status(CSQ_OK, csq_calendar_add(calendar, 0 + range.from, last / 8, 0, &found, NULL));
    assert_ms_equal(measure_of(calendar, range.from, found), last / 8);
    csq_calendar_free(calendar);
}

static void four_hundred_years_without_entries_repeat(void **state)
{
    (void)state;
    const struct {
        int32_t last_year;
        int repeats;
    } rows[] = {{2430, 1}, {2429, 1}, {2426, 0}, {2200, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *const zone = zone_of(TZ_NEW_YORK);
        csq_calendar_options options = {.size = sizeof options, .last_year = rows[i].last_year};
        csq_calendar_builder *builder = NULL;
        assert_status(CSQ_OK, csq_calendar_builder_new(zone, &options, NULL, &builder, NULL));
        add_week(builder, 1, 5, "09:00", "17:00");
        add_week(builder, 6, 6, "20:00", "30:00"); // over the jumps on Sunday
        add_holiday(builder, "2027-12-31", "last");
        csq_calendar *const calendar = build(builder, zone);
        const csq_ms era = 146097 * DAY_MS;
        const csq_ms from = instant_of("2028-03-01T00:00:00Z");
        const csq_ms to = instant_of("2029-12-01T10:00:00Z");
        csq_ms far = 0;
        const csq_status status =
            csq_calendar_measure(calendar, from + 5 * era, to + 7 * era, &far, NULL);
        assert_int_equal(status, rows[i].repeats ? CSQ_OK : CSQ_ERANGE);
        if (rows[i].repeats) {
            assert_ms_equal(measure_of(calendar, from + 3 * era, to + 3 * era),
                            measure_of(calendar, from, to));
            assert_ms_equal(measure_of(calendar, from + era, from + 2 * era),
                            measure_of(calendar, from + 7 * era, from + 8 * era));
            csq_ms a = 0;
            csq_ms b = 0;
            assert_status(CSQ_OK, csq_calendar_add_workdays(calendar, from, 300, 1, &a, NULL));
            assert_status(CSQ_OK,
                          csq_calendar_add_workdays(calendar, from + 9 * era, 300, 1, &b, NULL));
            assert_ms_equal(b - a, 9 * era);
        }
        csq_calendar_free(calendar);
    }
}

static void a_week_that_is_open_all_the_time_needs_no_zone_rule(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_NEW_YORK);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 7, "12:00", "36:00");
    add_holiday(builder, "2030-07-04", "closed from noon to noon");
    csq_calendar *const calendar = build(builder, zone);
    csq_ms found = 0;
    assert_ms_equal(measure_text(calendar, "2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"),
                    364 * DAY_MS);
    assert_ms_equal(measure_of(calendar, INT64_MAX - 5, INT64_MAX), 5);
    const csq_ms late = instant_of("9000-01-01T00:00:00Z");
    assert_status(CSQ_ENEVER, csq_calendar_next_close(calendar, late, &found, NULL));
    assert_status(CSQ_OK, csq_calendar_previous_close(calendar, late, &found, NULL));
    assert_ms_equal(found, instant_of("2030-07-04T12:00:00-04:00"));
    assert_status(CSQ_OK, csq_calendar_previous_close(calendar, INT64_MAX, &found, NULL));
    assert_ms_equal(found, instant_of("2030-07-04T12:00:00-04:00"));
    assert_status(CSQ_OK, csq_calendar_add(calendar, late, DAY_MS, CSQ_EDGE_FAR, &found, NULL));
    assert_ms_equal(found, late + DAY_MS);
    assert_status(
        CSQ_OK, csq_calendar_add_workdays(calendar, late, 10, CSQ_WORKDAY_KEEP_TIME, &found, NULL));
    csq_calendar_free(calendar);
}

static void what_happens_at_the_end_of_the_years_does_not_repeat(void **state)
{
    (void)state;
    csq_zone *zone = zone_of("UTC0");
    csq_calendar_builder *builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 7, "09:00", "17:00");
    add_override(builder, "2049-12-31", "into the new year", "20:00", "48:00");
    csq_calendar *calendar = build(builder, zone);
    assert_ms_equal(measure_text(calendar, "2050-01-01T00:00:00Z", "2050-01-02T00:00:00Z"),
                    24 * HOUR_MS);
    assert_ms_equal(measure_text(calendar, "2060-01-01T00:00:00Z", "2061-01-01T00:00:00Z"),
                    366 * 8 * HOUR_MS);
    csq_calendar_free(calendar);

    /* The zone's last jump, behind the last year: 2050-01-06 at 10:00 UTC, two hours forward. */
    zone = zone_with_jump("Test/Late", INT64_C(2525076000), 0, 7200, "<+02>-2");
    builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 7, "09:00", "17:00");
    calendar = build(builder, zone);
    assert_ms_equal(measure_text(calendar, "2050-01-06T00:00:00Z", "2050-01-06T22:00:00Z"),
                    6 * HOUR_MS);
    assert_ms_equal(measure_text(calendar, "2060-01-01T00:00:00Z", "2061-01-01T00:00:00Z"),
                    366 * 8 * HOUR_MS);
    csq_calendar_free(calendar);
}

static void a_stretch_runs_on_from_one_period_into_the_next(void **state)
{
    (void)state;
    /* The period of a fixed zone begins on some day of the week; so try all of them. */
    for (uint32_t weekday = 1; weekday <= 7; weekday++) {
        csq_zone *const zone = zone_of("UTC0");
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        for (uint32_t d = 1; d <= 7; d++) {
            if (d != weekday) {
                add_week(builder, d, d, "00:00", "24:00");
            }
        }
        add_override(builder, "2049-12-31", "a Friday before the period", "00:00", "24:00");
        csq_calendar *const calendar = build(builder, zone);
        const csq_ms monday = instant_of("2200-01-06T00:00:00Z");
        const csq_ms closed = monday + (weekday - 1) * DAY_MS;
        for (int day = 1; day < 7; day++) {
            csq_ms found = 0;
            const csq_ms at = closed + day * DAY_MS + HOUR_MS;
            assert_status(CSQ_OK, csq_calendar_next_close(calendar, at, &found, NULL));
            assert_ms_equal(found, closed + 7 * DAY_MS);
            assert_status(CSQ_OK, csq_calendar_previous_close(calendar, at, &found, NULL));
            assert_ms_equal(found, closed);
        }
        csq_calendar_free(calendar);
    }
}

/* ---- always and never ---------------------------------------------------------------------- */

static void always_counts_every_millisecond(void **state)
{
    (void)state;
    csq_calendar *calendar = NULL;
    csq_ms found = 0;
    assert_status(CSQ_OK, csq_calendar_new_always(csq_str_of("24x7"), NULL, &calendar, NULL));
    assert_int_equal(csq_calendar_is_never(calendar), 0);
    assert_ms_equal(measure_of(calendar, -5, 7), 12);
    assert_ms_equal(measure_of(calendar, 7, -5), -12);
    assert_status(CSQ_EOVERFLOW,
                  csq_calendar_measure(calendar, INT64_MIN + 1, INT64_MAX, &found, NULL));
    assert_status(CSQ_ERANGE, csq_calendar_measure(calendar, INT64_MIN, 0, &found, NULL));
    for (size_t e = 0; e < 2; e++) {
        assert_status(CSQ_OK, csq_calendar_add(calendar, 5, 7, edges[e], &found, NULL));
        assert_ms_equal(found, 12);
        assert_status(CSQ_OK, csq_calendar_subtract(calendar, 5, 7, edges[e], &found, NULL));
        assert_ms_equal(found, -2);
        assert_status(CSQ_ERANGE, csq_calendar_add(calendar, 5, INT64_MAX, edges[e], &found, NULL));
    }
    int32_t is_open = 0;
    assert_status(CSQ_OK, csq_calendar_is_open(calendar, INT64_MAX, &is_open, NULL));
    assert_int_equal(is_open, 1);
    assert_status(CSQ_OK, csq_calendar_next_open(calendar, 5, &found, NULL));
    assert_ms_equal(found, 5);
    assert_status(CSQ_ENEVER, csq_calendar_next_close(calendar, 5, &found, NULL));
    assert_status(CSQ_ENEVER, csq_calendar_previous_close(calendar, 5, &found, NULL));
    assert_status(CSQ_ESTATE, csq_calendar_add_workdays(calendar, 5, 1, 0, &found, NULL));
    csq_calendar_free(calendar);
    assert_status(CSQ_EUTF8, csq_calendar_new_always(csq_str_of("\x80"), NULL, &calendar, NULL));
    assert_null(calendar);
    assert_status(CSQ_EINVAL, csq_calendar_new_always(csq_str_of(""), NULL, NULL, NULL));
}

static void assert_is_never(const csq_calendar *calendar)
{
    csq_ms found = 0;
    int32_t is_open = 1;
    const csq_ms instants[] = {INT64_MIN + 1, 0, INT64_MAX};
    assert_int_equal(csq_calendar_is_never(calendar), 1);
    for (size_t i = 0; i < 3; i++) {
        const csq_ms at = instants[i];
        assert_ms_equal(measure_of(calendar, at, 12345), 0);
        assert_status(CSQ_OK, csq_calendar_is_open(calendar, at, &is_open, NULL));
        assert_int_equal(is_open, 0);
        assert_status(CSQ_ENEVER, csq_calendar_next_open(calendar, at, &found, NULL));
        assert_status(CSQ_ENEVER, csq_calendar_previous_open(calendar, at, &found, NULL));
        assert_status(CSQ_ENEVER, csq_calendar_next_close(calendar, at, &found, NULL));
        assert_status(CSQ_ENEVER, csq_calendar_previous_close(calendar, at, &found, NULL));
        assert_status(CSQ_ENEVER, csq_calendar_add(calendar, at, 1, 0, &found, NULL));
        assert_status(CSQ_ENEVER, csq_calendar_subtract(calendar, at, 1, 1, &found, NULL));
        assert_status(CSQ_ENEVER, csq_calendar_add_workdays(calendar, at, 1, 0, &found, NULL));
        assert_status(CSQ_OK, csq_calendar_add(calendar, at, 0, 0, &found, NULL));
        assert_ms_equal(found, at);
    }
    assert_status(CSQ_ERANGE, csq_calendar_measure(calendar, INT64_MIN, 0, &found, NULL));
}

static void never_measures_nothing_and_says_so_otherwise(void **state)
{
    (void)state;
    csq_calendar *calendar = NULL;
    assert_status(CSQ_OK, csq_calendar_new_never(csq_str_of("never"), NULL, &calendar, NULL));
    assert_is_never(calendar);
    csq_calendar_free(calendar);
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_holiday(builder, "2026-01-01", "nothing else");
    calendar = build(builder, zone);
    assert_is_never(calendar);
    csq_calendar_free(calendar);
}

static void after_the_last_override_nothing_opens(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_override(builder, "2026-01-05", "once", "09:00", "17:00");
    csq_calendar *const calendar = build(builder, zone);
    const csq_ms close = instant_of("2026-01-05T17:00:00+01:00");
    csq_ms found = 0;
    assert_int_equal(csq_calendar_is_never(calendar), 0);
    assert_status(
        CSQ_OK, csq_calendar_add(calendar, close - HOUR_MS, HOUR_MS, CSQ_EDGE_NEAR, &found, NULL));
    assert_ms_equal(found, close);
    assert_status(CSQ_ENEVER,
                  csq_calendar_add(calendar, close - HOUR_MS, HOUR_MS, CSQ_EDGE_FAR, &found, NULL));
    assert_status(CSQ_ENEVER, csq_calendar_next_open(calendar, close, &found, NULL));
    assert_status(CSQ_ENEVER, csq_calendar_next_open(calendar, INT64_MAX, &found, NULL));
    assert_status(CSQ_ENEVER, csq_calendar_add_workdays(calendar, close, 1, 0, &found, NULL));
    assert_status(CSQ_OK, csq_calendar_previous_open(calendar, INT64_MAX, &found, NULL));
    assert_ms_equal(found, close);
    csq_calendar_free(calendar);
}

static void many_short_hours_in_one_bucket_are_found(void **state)
{
    (void)state;
    /* A thousand openings of a millisecond in a second, in a calendar of centuries. */
    csq_zone *const zone = zone_of("UTC0");
    csq_calendar_options options = {.size = sizeof options, .first_year = 1, .last_year = 9999};
    csq_calendar_builder *builder = NULL;
    assert_status(CSQ_OK, csq_calendar_builder_new(zone, &options, NULL, &builder, NULL));
    const csq_str none = {NULL, 0};
    const int32_t day = days_of("2026-01-05");
    for (int i = 0; i < 1000; i++) {
        assert_status(CSQ_OK,
                      csq_calendar_builder_override(builder, day, none, 2 * i, 2 * i + 1, NULL));
    }
    add_override(builder, "2026-01-05", "", "12:00", "24:00");
    csq_calendar *const calendar = build(builder, zone);
    const csq_ms midnight = day * DAY_MS;
    for (int i = 0; i < 1000; i++) {
        csq_ms found = 0;
        assert_ms_equal(measure_of(calendar, 0, midnight + 2 * i), i);
        assert_ms_equal(measure_of(calendar, 0, midnight + 2 * i + 1), i + 1);
        assert_status(CSQ_OK, csq_calendar_add(calendar, 0, i + 1, CSQ_EDGE_NEAR, &found, NULL));
        assert_ms_equal(found, midnight + 2 * i + 1);
    }
    csq_calendar_free(calendar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_and_far_differ_at_a_close_and_nowhere_else),
        cmocka_unit_test(openings_and_closings_on_both_sides),
        cmocka_unit_test(outside_of_the_years_there_is_no_answer),
        cmocka_unit_test(null_and_unknown_values_are_refused),
        cmocka_unit_test(a_zone_without_further_changes_answers_for_ever),
        cmocka_unit_test(four_hundred_years_without_entries_repeat),
        cmocka_unit_test(a_week_that_is_open_all_the_time_needs_no_zone_rule),
        cmocka_unit_test(what_happens_at_the_end_of_the_years_does_not_repeat),
        cmocka_unit_test(a_stretch_runs_on_from_one_period_into_the_next),
        cmocka_unit_test(always_counts_every_millisecond),
        cmocka_unit_test(never_measures_nothing_and_says_so_otherwise),
        cmocka_unit_test(after_the_last_override_nothing_opens),
        cmocka_unit_test(many_short_hours_in_one_bucket_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
