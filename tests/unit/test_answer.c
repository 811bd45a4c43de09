/*
 * test_answer — every member of an answer: what it says, when it does not exist, where it ends.
 *
 * All expectations are computed by hand; `next_change_at` is checked by asking there and one
 * millisecond before.
 */
#include "sla_support.h"

#define RESOLUTION {.kind = CSQ_METRIC_RESOLUTION}

static const csq_ms none = CSQ_MS_NONE;

/* ---- members ------------------------------------------------------------------------------- */

static void a_running_clock_has_all_its_members(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
    assert_int_equal(answer.size, sizeof answer);
    assert_int_equal(answer.phase, CSQ_PHASE_ACTIVE);
    assert_int_equal(answer.breached, 0);
    assert_int_equal(answer.in_hours, 1);
    assert_int_equal(answer.cycle, 1);
    assert_int_equal(answer.policy, 0);
    assert_int_equal(answer.calendar, SLA_OFFICE);
    assert_int_equal(answer.workdays, 0);
    assert_ms_equal(answer.started_at, sla_at("Mon 09:00"));
    assert_ms_equal(answer.stopped_at, none);
    assert_ms_equal(answer.target_ms, 4 * HOUR_MS);
    assert_ms_equal(answer.elapsed_ms, HOUR_MS);
    assert_ms_equal(answer.remaining_ms, 3 * HOUR_MS);
    assert_ms_equal(answer.paused_ms, 0);
    assert_ms_equal(answer.due_at, sla_at("Mon 13:00"));
    assert_ms_equal(answer.due_if_resumed_at, none);
    assert_ms_equal(answer.breached_at, none);
    assert_ms_equal(answer.next_change_at, sla_at("Mon 13:00") + 1);
    assert_ms_equal(answer.percent_hundredths, 2500);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_clock_that_has_not_started_has_no_times(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY}, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 20:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_NOT_STARTED);
    assert_int_equal(answer.cycle, 0);
    assert_int_equal(answer.policy, 0);
    assert_int_equal(answer.calendar, SLA_OFFICE);
    assert_int_equal(answer.in_hours, 0);
    assert_int_equal(answer.breached, 0);
    const csq_ms times[] = {answer.started_at,  answer.stopped_at,
                            answer.target_ms,   answer.elapsed_ms,
                            answer.remaining_ms, answer.paused_ms,
                            answer.due_at,      answer.due_if_resumed_at,
                            answer.breached_at, answer.next_change_at,
                            answer.percent_hundredths};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        assert_ms_equal(times[i], none);
    }
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void what_happens_later_does_not_exist_yet(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created; Mon 10:00 set status=solved");
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    const csq_answer before = sla_answer(policies, ticket, 0, sla_at("Mon 09:00") - 1);
    assert_int_equal(before.phase, CSQ_PHASE_NOT_APPLICABLE);
    const csq_answer running = sla_answer(policies, ticket, 0, sla_at("Mon 10:00") - 1);
    assert_int_equal(running.phase, CSQ_PHASE_ACTIVE);
    const csq_answer done = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
    assert_int_equal(done.phase, CSQ_PHASE_COMPLETED);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_finished_cycle_does_not_depend_on_the_instant_asked_for(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created; Mon 15:00 set status=solved");
    const csq_answer early = sla_answer(policies, ticket, 0, sla_at("Mon 16:00"));
    csq_answer late = sla_answer(policies, ticket, 0, sla_at("Sun+ 00:00"));
    assert_int_equal(early.breached, 1);
    assert_ms_equal(early.elapsed_ms, 6 * HOUR_MS);
    assert_ms_equal(early.remaining_ms, -2 * HOUR_MS);
    assert_ms_equal(early.percent_hundredths, 15000);
    assert_ms_equal(early.breached_at, sla_at("Mon 13:00"));
    assert_ms_equal(early.next_change_at, none);
    assert_int_equal(early.in_hours, 1);
    assert_int_equal(late.in_hours, 0);
    late.in_hours = 1;
    assert_memory_equal(&early, &late, sizeof early);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void percent_is_rounded_down(void **state)
{
    (void)state;
    static const struct {
        csq_ms within;
        csq_ms after; /* the creation at Mon 09:00 */
        int64_t percent;
        int64_t remaining;
    } rows[] = {
        {3, 1, 3333, 2},
        {3, 2, 6666, 1},
        {3, 3, 10000, 0},
        {3, 4, 13333, -1},
        {4 * HOUR_MS, 4 * HOUR_MS - 1, 9999, 1}, // 99.99999 %
        {INT64_C(3162240000000), HOUR_MS, 0, INT64_C(3162240000000) - HOUR_MS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, rows[i].within);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
        const csq_answer answer =
            sla_answer(policies, ticket, 0, sla_at("Mon 09:00") + rows[i].after);
        assert_ms_equal(answer.percent_hundredths, rows[i].percent);
        assert_ms_equal(answer.remaining_ms, rows[i].remaining);
        assert_int_equal(answer.breached, rows[i].remaining < 0);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- the next change ----------------------------------------------------------------------- */

typedef struct change_row {
    const char *what;
    const char *events;
    const char *now;
    const char *next;
    csq_ms more; /* ms after it */
    csq_metric metric;
} change_row;

static void check_change(const change_row *row)
{
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(&world, row->metric);
    sla_add_step(&world, metric, "half", CSQ_STEP_PERCENT, 5000);
    sla_add_step(&world, metric, "before", CSQ_STEP_OFFSET, -HOUR_MS);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.within_ms = 4 * HOUR_MS, .calendar = SLA_OFFICE});
    sla_add_target(&world, (csq_target){.within_ms = 4 * HOUR_MS,
                                        .attribute = CSQ_TICKET_PRIORITY,
                                        .code = world.urgent,
                                        .calendar = SLA_ALWAYS});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, row->events);
    const csq_ms expected =
        row->next == NULL ? none : sla_at(row->next) + row->more;
    const csq_answer now = sla_answer(policies, ticket, metric, sla_at(row->now));
    if (now.next_change_at != expected) {
        print_error("%s\n", row->what);
    }
    assert_ms_equal(now.next_change_at, expected);
    if (expected != none) {
        const csq_answer last = sla_answer(policies, ticket, metric, expected - 1);
        const csq_answer next = sla_answer(policies, ticket, metric, expected);
        assert_int_equal(last.breached, now.breached);
        assert_int_equal(last.in_hours, now.in_hours);
        assert_true(expected - 1 == sla_at(row->now) || last.next_change_at == expected);
        assert_true(next.next_change_at != expected);
    }
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void nothing_changes_before_the_next_change(void **state)
{
    (void)state;
    static const change_row rows[] = {
        {"the step at 50 %", "Mon 09:00 created", "Mon 10:00", "Mon 11:00", 0, RESOLUTION},
        {"the step an hour before", "Mon 09:00 created", "Mon 11:00", "Mon 12:00", 0, RESOLUTION},
        {"the breach, a millisecond behind due", "Mon 09:00 created", "Mon 12:00", "Mon 13:00", 1,
         RESOLUTION},
        {"the close", "Mon 09:00 created", "Mon 14:00", "Mon 17:00", 0, RESOLUTION},
        {"the opening", "Mon 09:00 created", "Mon 17:00", "Tue 09:00", 0, RESOLUTION},
        {"the opening after a weekend", "Fri 16:30 created", "Fri 17:00", "Mon+ 09:00", 0,
         RESOLUTION},
        {"paused: only the hours", "Mon 09:00 created status=pending", "Mon 10:00", "Mon 17:00", 0,
         RESOLUTION},
        {"due at the close: late when it opens again", "Mon 13:00 created", "Mon 17:00",
         "Tue 09:00", 0, RESOLUTION},
        {"by instant: late a millisecond after the close", "Mon 13:00 created", "Mon 17:00",
         "Mon 17:00", 1,
         {.kind = CSQ_METRIC_RESOLUTION, .breach_compare = CSQ_BREACH_COMPARE_INSTANT}},
        {"late and around the clock: nothing", "Mon 09:00 created priority=urgent", "Mon 14:00",
         NULL, 0, RESOLUTION},
        {"finished: nothing", "Mon 09:00 created status=solved", "Mon 14:00", NULL, 0, RESOLUTION},
        {"never open: nothing", "Mon 09:00 created calendar=never", "Mon 14:00", NULL, 0,
         RESOLUTION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_change(&rows[i]);
    }
}

/* ---- hours --------------------------------------------------------------------------------- */

static void in_hours_is_that_of_the_calendar_in_force(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        const char *now;
        uint32_t calendar;
        uint32_t in_hours;
        csq_metric metric;
    } rows[] = {
        {"Mon 09:00 created", "Mon 09:00", SLA_OFFICE, 1, RESOLUTION},
        {"Mon 09:00 created", "Mon 17:00", SLA_OFFICE, 0, RESOLUTION}, // half-open
        {"Mon 09:00 created", "Sat 12:00", SLA_OFFICE, 0, RESOLUTION},
        {"Mon 09:00 created priority=urgent", "Sat 12:00", SLA_ALWAYS, 1, RESOLUTION},
        {"Mon 09:00 created calendar=early", "Mon 16:00", SLA_EARLY, 0, RESOLUTION},
        {"Mon 09:00 created calendar=early", "Mon 16:00", SLA_OFFICE, 1,
         {.kind = CSQ_METRIC_RESOLUTION, .calendar_switch = CSQ_CALENDAR_SWITCH_FIRST}},
        {"Mon 09:00 created", "Sat 12:00", CSQ_NO_CALENDAR, 1,
         {.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1}},
        {"Mon 09:00 created calendar=never", "Mon 12:00", SLA_NEVER, 0, RESOLUTION},
        {"Mon 09:00 created calendar=never", "Mon 12:00", CSQ_NO_CALENDAR, 1,
         {.kind = CSQ_METRIC_RESOLUTION, .empty_calendar = CSQ_EMPTY_CALENDAR_WALL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(&world, rows[i].metric, 0);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_answer answer = sla_answer(policies, ticket, 0, sla_at(rows[i].now));
        assert_int_equal(answer.calendar, rows[i].calendar);
        assert_int_equal(answer.in_hours, rows[i].in_hours);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- the ends of time ---------------------------------------------------------------------- */

/* One metric with a target on a calendar (CSQ_NO_CALENDAR: none) and a ticket created at `at`. */
static csq_status ask(uint32_t calendar, csq_ms within, csq_ms at, csq_ms now, csq_answer *answer,
                      csq_error *error)
{
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.within_ms = within, .calendar = calendar});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = test_ticket(world.schema, 1);
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, at, 0));
    *answer = (csq_answer){.size = sizeof *answer, .phase = 99};
    const csq_status status = csq_policies_answer(policies, ticket, 0, now, answer, error);
    csq_ticket_free(ticket);
    sla_close(&world);
    return status;
}

static void instants_reach_to_both_ends_of_int64(void **state)
{
    (void)state;
    const csq_ms first = INT64_MIN + 1;
    csq_answer answer;
    csq_error error;
    for (uint32_t i = 0; i < 2; i++) {
        const uint32_t calendar = i == 0 ? CSQ_NO_CALENDAR : SLA_ALWAYS;
        assert_status(CSQ_OK, ask(calendar, HOUR_MS, first, first + 1, &answer, &error));
        assert_ms_equal(answer.elapsed_ms, 1);
        assert_ms_equal(answer.due_at, first + HOUR_MS);
        // From end to end more than int64_t holds has elapsed.
        assert_status(CSQ_OK, ask(calendar, HOUR_MS, first, INT64_MAX, &answer, &error));
        assert_ms_equal(answer.elapsed_ms, INT64_MAX);
        assert_int_equal(answer.breached, 1);
        assert_ms_equal(answer.breached_at, first + HOUR_MS);
        assert_ms_equal(answer.remaining_ms, HOUR_MS - INT64_MAX);
        assert_true(answer.percent_hundredths > 10000);
        // Due beyond the last instant.
        assert_status(CSQ_ERANGE,
                      ask(calendar, HOUR_MS, INT64_MAX - 5, INT64_MAX, &answer, &error));
        assert_int_equal(answer.phase, 99);
        assert_status(CSQ_OK, ask(calendar, 5, INT64_MAX - 5, INT64_MAX, &answer, &error));
        assert_ms_equal(answer.due_at, INT64_MAX);
        assert_ms_equal(answer.next_change_at, none);
    }
}

static void an_instant_outside_the_years_of_a_calendar_is_an_error(void **state)
{
    (void)state;
    csq_answer answer;
    csq_error error;
    const csq_ms y2000 = INT64_C(946684800000);
    assert_status(CSQ_OK, ask(SLA_OFFICE, HOUR_MS, y2000, y2000, &answer, &error));
    assert_status(CSQ_ERANGE, ask(SLA_OFFICE, HOUR_MS, y2000 - 1, y2000, &answer, &error));
    assert_int_equal(error.code, CSQ_ERANGE);
    assert_int_equal(error.index, 0); // the event
    assert_int_equal(answer.phase, 99);
    // The week goes on for ever after the last year.
    const csq_ms far = sla_at("Mon 09:00") + 2000 * INT64_C(146097) * DAY_MS;
    assert_status(CSQ_OK, ask(SLA_OFFICE, HOUR_MS, far, far, &answer, &error));
    assert_ms_equal(answer.due_at, far + HOUR_MS); // 400 years are whole weeks
}

static void targets_reach_to_a_century(void **state)
{
    (void)state;
    const csq_ms century = INT64_C(3162240000000);
    csq_answer answer;
    csq_error error;
    const csq_ms at = sla_at("Mon 09:00");
    assert_status(CSQ_OK, ask(SLA_OFFICE, century, at, at, &answer, &error));
    // 878,400 h = 109,800 working days = 21,960 weeks of 40 h; the last hour ends on a Friday.
    assert_ms_equal(answer.due_at, sla_at("Fri 17:00") + 21959 * 7 * DAY_MS);
    assert_status(CSQ_OK, ask(CSQ_NO_CALENDAR, century, at, at, &answer, &error));
    assert_ms_equal(answer.due_at, at + century);
    assert_status(CSQ_OK, ask(SLA_OFFICE, 1, at, at + 1, &answer, &error));
    assert_int_equal(answer.breached, 0);
    assert_status(CSQ_OK, ask(SLA_OFFICE, 1, at, at + 2, &answer, &error));
    assert_int_equal(answer.breached, 1);
    assert_ms_equal(answer.breached_at, at + 1);
}

static void a_clock_on_a_calendar_that_never_opens_is_never_due(void **state)
{
    (void)state;
    csq_answer answer;
    csq_error error;
    assert_status(CSQ_OK, ask(SLA_NEVER, 1, 0, INT64_MAX, &answer, &error));
    assert_ms_equal(answer.elapsed_ms, 0);
    assert_ms_equal(answer.due_at, none);
    assert_ms_equal(answer.next_change_at, none);
    assert_int_equal(answer.breached, 0);
}

/* Hours until Tuesday at midnight and none after: what does not fit into them is never due. */
static void a_clock_on_a_calendar_that_closes_for_good_is_due_before_or_never(void **state)
{
    (void)state;
    static const struct {
        csq_ms within;
        uint32_t workdays;
        const char *due;
        uint32_t breached;
    } rows[] = {
        {16 * HOUR_MS - 1, 0, "Tue 16:59:59.999", 1},
        {16 * HOUR_MS, 0, "Tue 17:00", 0}, // what has elapsed never exceeds it
        {16 * HOUR_MS + 1, 0, NULL, 0},
        {0, 1, "Tue 09:00", 1},
        {0, 2, NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        csq_zone *const zone = zone_of("UTC0");
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        add_week(builder, 1, 5, "09:00", "17:00");
        assert_status(CSQ_OK, csq_calendar_builder_version(builder, sla_at("Wed 00:00"), NULL));
        csq_calendar *closing = build(builder, zone);
        csq_target target = {.metric = sla_add_metric(&world, (csq_metric)RESOLUTION),
                             .within_ms = rows[i].within,
                             .workdays = rows[i].workdays};
        assert_status(CSQ_OK, csq_policies_add_calendar(world.builder, csq_str_of("closing"),
                                                        closing, &target.calendar, NULL));
        (void)sla_add_policy(&world, "policy", NULL);
        sla_add_target(&world, target);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
        const csq_answer answer =
            sla_answer(sla_build(&world), ticket, target.metric, sla_at("Fri 12:00"));
        assert_ms_equal(answer.due_at, sla_at(rows[i].due));
        assert_int_equal(answer.breached, rows[i].breached);
        csq_ticket_free(ticket);
        csq_calendar_free(closing);
        sla_close(&world);
    }
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void refusals_leave_the_answer_alone(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_schema *other = test_schema();
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_ticket *foreign = test_ticket(other, 1);
    const csq_ms now = sla_at("Mon 10:00");
    csq_answer answer = {.size = sizeof answer, .phase = 99};
    csq_error error;
    assert_status(CSQ_EINVAL, csq_policies_answer(NULL, ticket, 0, now, &answer, &error));
    assert_status(CSQ_EINVAL, csq_policies_answer(policies, NULL, 0, now, &answer, &error));
    assert_status(CSQ_EINVAL, csq_policies_answer(policies, ticket, 0, now, NULL, &error));
    assert_status(CSQ_ERANGE, csq_policies_answer(policies, ticket, 1, now, &answer, &error));
    assert_status(CSQ_EMISMATCH, csq_policies_answer(policies, foreign, 0, now, &answer, &error));
    assert_status(CSQ_EINVAL, csq_policies_advance(NULL, ticket, &error));
    assert_status(CSQ_EINVAL, csq_policies_advance(policies, NULL, &error));
    assert_status(CSQ_EMISMATCH, csq_policies_advance(policies, foreign, &error));
    answer.size = 3;
    assert_status(CSQ_EABI, csq_policies_answer(policies, ticket, 0, now, &answer, &error));
    assert_int_equal(answer.phase, 99);
    csq_ticket_free(foreign);
    csq_ticket_free(ticket);
    csq_schema_free(other);
    sla_close(&world);
}

static void an_empty_ticket_has_no_agreement(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = test_ticket(world.schema, 1);
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_NOT_APPLICABLE);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* A tail that is larger than the library's is zeroed. */
static void a_newer_answer_is_filled_with_zeros(void **state)
{
    (void)state;
    struct newer {
        csq_answer answer;
        uint64_t more;
    } newer = {.answer = {.size = sizeof newer}, .more = 99};
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    assert_status(CSQ_OK, csq_policies_answer(policies, ticket, 0, sla_at("Mon 10:00"),
                                              &newer.answer, NULL));
    assert_int_equal(newer.answer.phase, CSQ_PHASE_ACTIVE);
    assert_ms_equal(newer.more, 0);
    csq_ticket_free(ticket);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_running_clock_has_all_its_members),
        cmocka_unit_test(a_clock_that_has_not_started_has_no_times),
        cmocka_unit_test(what_happens_later_does_not_exist_yet),
        cmocka_unit_test(a_finished_cycle_does_not_depend_on_the_instant_asked_for),
        cmocka_unit_test(percent_is_rounded_down),
        cmocka_unit_test(nothing_changes_before_the_next_change),
        cmocka_unit_test(in_hours_is_that_of_the_calendar_in_force),
        cmocka_unit_test(instants_reach_to_both_ends_of_int64),
        cmocka_unit_test(an_instant_outside_the_years_of_a_calendar_is_an_error),
        cmocka_unit_test(targets_reach_to_a_century),
        cmocka_unit_test(a_clock_on_a_calendar_that_never_opens_is_never_due),
        cmocka_unit_test(a_clock_on_a_calendar_that_closes_for_good_is_due_before_or_never),
        cmocka_unit_test(refusals_leave_the_answer_alone),
        cmocka_unit_test(an_empty_ticket_has_no_agreement),
        cmocka_unit_test(a_newer_answer_is_filled_with_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
