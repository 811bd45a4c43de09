/*
 * test_calendar_explain — stretches with their reasons; the worked example of docs/calendars.md.
 */
#include "calendar_support.h"

typedef struct stretch_row {
    const char *from;
    uint32_t reason;
    const char *name;
    uint32_t version;
} stretch_row;

/* Explains [first row, `to`) and compares; returns the open time. */
static csq_ms assert_explained(csq_calendar *calendar, const stretch_row *rows, size_t n,
                               const char *to)
{
    csq_calendar_explanation *explanation = NULL;
    const csq_ms end = instant_of(to);
    assert_status(CSQ_OK, csq_calendar_explain(calendar, instant_of(rows[0].from), end, 0, NULL,
                                               &explanation, NULL));
    csq_ms open = 0;
    for (uint64_t i = 0; i < csq_calendar_explanation_count(explanation); i++) {
        csq_calendar_stretch found = {.size = sizeof found};
        assert_status(CSQ_OK, csq_calendar_explanation_at(explanation, i, &found, NULL));
        char text[CSQ_INSTANT_TEXT];
        csq_instant_format(found.from, NULL, text, sizeof text, NULL);
        if (i >= n || found.from != instant_of(rows[i].from) || found.reason != rows[i].reason ||
            found.version != rows[i].version || found.name.size != strlen(rows[i].name) ||
            (found.name.size > 0 &&
             memcmp(found.name.data, rows[i].name, (size_t)found.name.size) != 0)) {
            fail_msg("stretch %d: %s, reason %u, version %u, name %.*s", (int)i, text, found.reason,
                     found.version, (int)found.name.size,
                     found.name.size > 0 ? found.name.data : "");
        }
        assert_ms_equal(found.to, i + 1 < n ? instant_of(rows[i + 1].from) : end);
        open += found.reason == CSQ_REASON_OPEN ? found.to - found.from : 0;
    }
    assert_int_equal(csq_calendar_explanation_count(explanation), n);
    assert_ms_equal(open, measure_of(calendar, instant_of(rows[0].from), end));
    csq_calendar_explanation_free(explanation);
    return open;
}

#define ASSERT_EXPLAINED(calendar, rows, to)                                                       \
    assert_explained(calendar, rows, sizeof rows / sizeof rows[0], to)

/* The example of docs/calendars.md: holidays and make-up workdays of 2026 after the notice of the
 * State Council's General Office of 4 November 2025. */
static csq_calendar *national_day_2026(void)
{
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    assert_status(CSQ_OK, csq_calendar_builder_name(builder, csq_str_of("客服热线"), NULL));
    add_week(builder, 1, 5, "09:00", "12:00");
    add_week(builder, 1, 5, "13:30", "18:00");
    add_holiday(builder, "2026-09-25", "中秋节");
    for (int day = 1; day <= 7; day++) {
        char date[CSQ_DATE_TEXT];
        assert_status(CSQ_OK,
                      csq_date_format(days_of("2026-09-30") + day, date, sizeof date, NULL));
        add_holiday(builder, date, "国庆节");
    }
    static const char *const makeup[] = {"2026-09-20", "2026-10-10"};
    for (size_t i = 0; i < 2; i++) {
        add_override(builder, makeup[i], "调休", "09:00", "12:00");
        add_override(builder, makeup[i], "调休", "13:30", "18:00");
    }
    return build(builder, zone);
}

static void the_worked_example_holds(void **state)
{
    (void)state;
    csq_calendar *const calendar = national_day_2026();
    const csq_ms created = instant_of("2026-09-30T17:00:00+08:00");
    const struct {
        csq_ms duration;
        uint32_t edge;
        const char *due;
    } dues[] = {
        {20 * HOUR_MS, CSQ_EDGE_NEAR, "2026-10-10T14:30:00+08:00"},
        {16 * HOUR_MS, CSQ_EDGE_NEAR, "2026-10-09T18:00:00+08:00"},
        {16 * HOUR_MS, CSQ_EDGE_FAR, "2026-10-10T09:00:00+08:00"},
    };
    csq_ms due = 0;
    for (size_t i = 0; i < sizeof dues / sizeof dues[0]; i++) {
        assert_status(CSQ_OK, csq_calendar_add(calendar, created, dues[i].duration, dues[i].edge,
                                               &due, NULL));
        assert_ms_equal(due, instant_of(dues[i].due));
    }
    assert_ms_equal(
        measure_text(calendar, "2026-10-01T00:00:00+08:00", "2026-10-11T00:00:00+08:00"),
        3 * 15 * HOUR_MS / 2);
    assert_ms_equal(
        measure_text(calendar, "2026-09-14T00:00:00+08:00", "2026-09-21T00:00:00+08:00"),
        6 * 15 * HOUR_MS / 2);
    assert_status(CSQ_OK, csq_calendar_add_workdays(calendar, created, 3, CSQ_WORKDAY_END_OF_DAY,
                                                    &due, NULL));
    assert_ms_equal(due, instant_of("2026-10-10T18:00:00+08:00"));
    const stretch_row rows[] = {
        {"2026-09-30T17:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-09-30T18:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-01T00:00:00+08:00", CSQ_REASON_HOLIDAY, "国庆节", 0},
        {"2026-10-08T00:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-08T09:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-10-08T12:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-08T13:30:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-10-08T18:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-09T09:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-10-09T12:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-09T13:30:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-10-09T18:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-10T00:00:00+08:00", CSQ_REASON_OVERRIDE, "调休", 0},
        {"2026-10-10T09:00:00+08:00", CSQ_REASON_OPEN, "调休", 0},
        {"2026-10-10T12:00:00+08:00", CSQ_REASON_OVERRIDE, "调休", 0},
        {"2026-10-10T13:30:00+08:00", CSQ_REASON_OPEN, "调休", 0},
    };
    assert_ms_equal(ASSERT_EXPLAINED(calendar, rows, "2026-10-10T14:30:00+08:00"), 20 * HOUR_MS);
    csq_calendar_free(calendar);
}

static void every_reason_has_its_name_and_version(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "17:00");
    assert_status(CSQ_OK, csq_calendar_builder_holiday(builder, days_of("2026-01-05"),
                                                       csq_str_of("afternoon"), clock_of("14:00"),
                                                       DAY_MS, NULL));
    add_break(builder, "2026-01-05", "meeting", "10:00", "11:00");
    assert_status(CSQ_OK, csq_calendar_builder_close(builder, days_of("2026-01-06"),
                                                     csq_str_of("moving"), NULL));
    assert_status(CSQ_OK, csq_calendar_builder_version(
                              builder, instant_of("2026-01-07T12:00:00+08:00"), NULL));
    add_week(builder, 1, 7, "00:00", "24:00");
    csq_calendar *const calendar = build(builder, zone);
    const stretch_row rows[] = {
        {"2026-01-04T00:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-01-05T09:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-01-05T10:00:00+08:00", CSQ_REASON_BREAK, "meeting", 0},
        {"2026-01-05T11:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-01-05T14:00:00+08:00", CSQ_REASON_HOLIDAY, "afternoon", 0},
        {"2026-01-06T00:00:00+08:00", CSQ_REASON_OVERRIDE, "moving", 0},
        {"2026-01-07T00:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-01-07T09:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-01-07T12:00:00+08:00", CSQ_REASON_OPEN, "", 1},
    };
    ASSERT_EXPLAINED(calendar, rows, "2026-01-31T00:00:00+08:00");
    csq_calendar_free(calendar);
}

static void a_night_runs_through_the_holiday_of_the_next_date(void **state)
{
    (void)state;
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_BY_OWNER_DATE);
    add_week(builder, 5, 5, "22:00", "30:00");
    add_holiday(builder, "2026-01-10", "Saturday");
    add_break(builder, "2026-01-09", "rest", "26:00", "26:30");
    csq_calendar *const calendar = build(builder, zone);
    const stretch_row rows[] = {
        {"2026-01-09T12:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"2026-01-09T22:00:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-01-10T02:00:00+08:00", CSQ_REASON_BREAK, "rest", 0},
        {"2026-01-10T02:30:00+08:00", CSQ_REASON_OPEN, "", 0},
        {"2026-01-10T06:00:00+08:00", CSQ_REASON_HOLIDAY, "Saturday", 0},
        {"2026-01-11T00:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
    };
    ASSERT_EXPLAINED(calendar, rows, "2026-01-11T12:00:00+08:00");
    csq_calendar_free(calendar);
}

static void years_behind_the_table_are_explained_too(void **state)
{
    (void)state;
    csq_calendar *const calendar = national_day_2026();
    const stretch_row rows[] = {
        {"5001-03-09T15:00:00+08:00", CSQ_REASON_OPEN, "", 0}, // a Monday
        {"5001-03-09T18:00:00+08:00", CSQ_REASON_CLOSED, "", 0},
        {"5001-03-10T09:00:00+08:00", CSQ_REASON_OPEN, "", 0},
    };
    ASSERT_EXPLAINED(calendar, rows, "5001-03-10T10:00:00+08:00");
    csq_calendar_explanation *explanation = NULL;
    assert_status(CSQ_OK, csq_calendar_explain(calendar, INT64_MAX - 30 * DAY_MS, INT64_MAX, 0,
                                               NULL, &explanation, NULL));
    assert_true(csq_calendar_explanation_count(explanation) > 80);
    csq_calendar_explanation_free(explanation);
    csq_calendar_free(calendar);
}

static void calendars_without_a_plan_are_open_or_closed(void **state)
{
    (void)state;
    csq_calendar *parts[2] = {national_day_2026(), office_of("UTC0")};
    const csq_calendar *const all[2] = {parts[0], parts[1]};
    csq_calendar *both = NULL;
    assert_status(CSQ_OK, csq_calendar_intersection(all, 2, NULL, &both, NULL));
    const stretch_row rows[] = {
        {"2026-10-08T00:00:00Z", CSQ_REASON_CLOSED, "", 0}, // office 09 to 17, hotline 01 to 10 UTC
        {"2026-10-08T09:00:00Z", CSQ_REASON_OPEN, "", 0},
        {"2026-10-08T10:00:00Z", CSQ_REASON_CLOSED, "", 0},
        {"2026-10-09T09:00:00Z", CSQ_REASON_OPEN, "", 0},
    };
    ASSERT_EXPLAINED(both, rows, "2026-10-09T10:00:00Z");
    csq_calendar_free(both);
    csq_calendar *plain[2];
    assert_status(CSQ_OK, csq_calendar_new_always(csq_str_of(""), NULL, &plain[0], NULL));
    assert_status(CSQ_OK, csq_calendar_new_never(csq_str_of(""), NULL, &plain[1], NULL));
    for (uint32_t i = 0; i < 2; i++) {
        const stretch_row row[] = {
            {"0001-01-01T00:00:00Z", i == 0 ? CSQ_REASON_OPEN : CSQ_REASON_CLOSED, "", 0}};
        ASSERT_EXPLAINED(plain[i], row, "9999-01-01T00:00:00Z");
        csq_calendar_free(plain[i]);
        csq_calendar_free(parts[i]);
    }
}

static void an_explanation_outlives_the_calendar_and_refuses_what_makes_no_sense(void **state)
{
    (void)state;
    csq_calendar *const calendar = national_day_2026();
    csq_calendar_explanation *e = NULL;
    csq_error error;
    const csq_ms from = instant_of("2026-10-01T00:00:00Z");
    assert_status(CSQ_EINTERVAL,
                  csq_calendar_explain(calendar, from, from - 1, 0, NULL, &e, &error));
    assert_status(CSQ_ERANGE, csq_calendar_explain(calendar, INT64_MIN, from, 0, NULL, &e, NULL));
    assert_status(CSQ_ERANGE, csq_calendar_explain(calendar, 0, from, 0, NULL, &e, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_explain(NULL, from, from, 0, NULL, &e, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_explain(calendar, from, from, 0, NULL, NULL, NULL));
    assert_status(CSQ_ELIMIT, csq_calendar_explain(calendar, from, INT64_MAX, 0, NULL, &e, NULL));
    assert_status(CSQ_ELIMIT,
                  csq_calendar_explain(calendar, from, from + 12 * DAY_MS, 13, NULL, &e, NULL));
    assert_null(e);
    assert_status(CSQ_OK, csq_calendar_explain(calendar, from, from, 0, NULL, &e, NULL));
    assert_int_equal(csq_calendar_explanation_count(e), 0);
    csq_calendar_explanation_free(e);
    assert_status(CSQ_OK, csq_calendar_explain(calendar, from, from + DAY_MS, 0, NULL, &e, NULL));
    csq_calendar_free(calendar);
    csq_calendar_stretch stretch = {.size = sizeof stretch};
    assert_status(CSQ_OK, csq_calendar_explanation_at(e, 0, &stretch, NULL));
    assert_memory_equal(stretch.name.data, "国庆节", 9);
    assert_status(CSQ_ERANGE, csq_calendar_explanation_at(e, 1, &stretch, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_explanation_at(e, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_calendar_explanation_at(NULL, 0, &stretch, NULL));
    stretch.size = 3;
    assert_status(CSQ_EABI, csq_calendar_explanation_at(e, 0, &stretch, NULL));
    assert_int_equal(csq_calendar_explanation_count(NULL), 0);
    csq_calendar_explanation_free(e);
    csq_calendar_explanation_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_example_holds),
        cmocka_unit_test(every_reason_has_its_name_and_version),
        cmocka_unit_test(a_night_runs_through_the_holiday_of_the_next_date),
        cmocka_unit_test(years_behind_the_table_are_explained_too),
        cmocka_unit_test(calendars_without_a_plan_are_open_or_closed),
        cmocka_unit_test(an_explanation_outlives_the_calendar_and_refuses_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
