/*
 * oom_calendar — every allocation of the calendar module fails once.
 */
#include "calendar_support.h"

#define RETURN_UNLESS_OK(call)                                                                     \
    do {                                                                                           \
        const csq_status status_ = (call);                                                         \
        if (status_ != CSQ_OK) {                                                                   \
            return status_;                                                                        \
        }                                                                                          \
    } while (0)

static csq_zone *zone;

static csq_status add_entries(csq_calendar_builder *builder)
{
    const int32_t day = days_of("2026-01-05");
    const csq_str name = csq_str_of("name");
    RETURN_UNLESS_OK(csq_calendar_builder_name(builder, csq_str_of("first"), NULL));
    RETURN_UNLESS_OK(csq_calendar_builder_name(builder, csq_str_of("second"), NULL));
    for (uint32_t weekday = 1; weekday <= 7; weekday++) {
        RETURN_UNLESS_OK(
            csq_calendar_builder_week(builder, weekday, 9 * HOUR_MS, 17 * HOUR_MS, NULL));
        RETURN_UNLESS_OK(
            csq_calendar_builder_week(builder, weekday, 22 * HOUR_MS, 30 * HOUR_MS, NULL));
    }
    for (int32_t i = 0; i < 6; i++) {
        RETURN_UNLESS_OK(csq_calendar_builder_holiday(builder, day + i, name, 0, DAY_MS, NULL));
        RETURN_UNLESS_OK(csq_calendar_builder_override(builder, day + 7 + i, name, 20 * HOUR_MS,
                                                       28 * HOUR_MS, NULL));
        RETURN_UNLESS_OK(csq_calendar_builder_break(builder, day + 14 + i, name, 10 * HOUR_MS,
                                                    11 * HOUR_MS, NULL));
        RETURN_UNLESS_OK(csq_calendar_builder_close(builder, day + 21 + i, name, NULL));
    }
    RETURN_UNLESS_OK(csq_calendar_builder_version(builder, day * DAY_MS + 40 * DAY_MS, NULL));
    RETURN_UNLESS_OK(csq_calendar_builder_week(builder, 1, 0, DAY_MS, NULL));
    return CSQ_OK;
}

static csq_status make_calendar(const csq_allocator *allocator, uint32_t night,
                                csq_calendar **calendar)
{
    csq_calendar_options options = {
        .size = sizeof options, .night = night, .first_year = 2026, .last_year = 2026};
    csq_calendar_builder *builder = NULL;
    RETURN_UNLESS_OK(csq_calendar_builder_new(zone, &options, allocator, &builder, NULL));
    csq_status status = add_entries(builder);
    if (status == CSQ_OK) {
        status = csq_calendar_builder_build(builder, calendar, NULL);
    }
    csq_calendar_builder_free(builder);
    return status;
}

static csq_status by_owner(const csq_allocator *allocator)
{
    csq_calendar *calendar = NULL;
    const csq_status status = make_calendar(allocator, CSQ_NIGHT_BY_OWNER_DATE, &calendar);
    csq_calendar_free(calendar);
    return status;
}

static csq_status by_date(const csq_allocator *allocator)
{
    csq_calendar *calendar = NULL;
    const csq_status status = make_calendar(allocator, CSQ_NIGHT_BY_CALENDAR_DATE, &calendar);
    csq_calendar_free(calendar);
    return status;
}

static csq_status plain(const csq_allocator *allocator)
{
    csq_calendar *calendar = NULL;
    csq_status status = csq_calendar_new_always(csq_str_of("always"), allocator, &calendar, NULL);
    if (status == CSQ_OK) {
        csq_calendar_free(calendar);
        status = csq_calendar_new_never(csq_str_of("never"), allocator, &calendar, NULL);
    }
    csq_calendar_free(calendar);
    return status;
}

static csq_calendar *base;

static csq_status merged(const csq_allocator *allocator)
{
    const csq_calendar *const both[2] = {base, base};
    csq_calendar *calendar = NULL;
    csq_status status = csq_calendar_union(both, 2, allocator, &calendar, NULL);
    if (status == CSQ_OK) {
        csq_calendar_free(calendar);
        status = csq_calendar_intersection(both, 2, allocator, &calendar, NULL);
    }
    csq_calendar_free(calendar);
    return status;
}

static csq_status explained(const csq_allocator *allocator)
{
    csq_calendar_explanation *explanation = NULL;
    const csq_ms from = instant_of("2026-01-02T00:00:00Z");
    const csq_status status =
        csq_calendar_explain(base, from, from + 50 * DAY_MS, 0, allocator, &explanation, NULL);
    assert_true((status == CSQ_OK) == (explanation != NULL));
    csq_calendar_explanation_free(explanation);
    return status;
}

static void every_failure_leaves_nothing_behind(void **state)
{
    (void)state;
    zone = zone_of(TZ_BERLIN);
    assert_status(CSQ_OK, make_calendar(NULL, CSQ_NIGHT_DEFAULT, &base));
    assert_survives_every_allocation_failure(by_owner);
    assert_survives_every_allocation_failure(by_date);
    assert_survives_every_allocation_failure(plain);
    assert_survives_every_allocation_failure(merged);
    assert_survives_every_allocation_failure(explained);
    csq_calendar_free(base);
    csq_zone_free(zone);
}

static void a_failed_entry_leaves_the_builder_as_it_was(void **state)
{
    (void)state;
    zone = zone_of(TZ_BERLIN);
    test_memory memory = {0, -1, 0, 0, 0};
    const csq_allocator allocator = test_allocator(&memory);
    csq_calendar_builder *builder = NULL;
    assert_status(CSQ_OK, csq_calendar_builder_new(zone, NULL, &allocator, &builder, NULL));
    const int32_t day = days_of("2026-01-05");
    for (int32_t i = 0; i < 200; i++) { // what is added in spite of a failure stands twice
        csq_status status = CSQ_ENOMEM;
        for (int failing = 0; failing < 3 && status == CSQ_ENOMEM; failing++) {
            memory.fail_at = failing < 2 ? memory.calls + failing : -1;
            status = csq_calendar_builder_holiday(builder, day + i, csq_str_of("holiday"), 0,
                                                  DAY_MS, NULL);
        }
        assert_int_equal(status, CSQ_OK);
    }
    memory.fail_at = -1;
    csq_calendar *calendar = NULL;
    assert_status(CSQ_OK, csq_calendar_builder_build(builder, &calendar, NULL));
    csq_calendar_free(calendar);
    csq_calendar_builder_free(builder);
    csq_zone_free(zone);
    assert_int_equal(memory.live_blocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_leaves_nothing_behind),
        cmocka_unit_test(a_failed_entry_leaves_the_builder_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
