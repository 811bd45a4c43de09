/*
 * test_epoch — versions of policies: which is in force for a clock, and what a new one does to
 * cycles that are open or finished.
 */
#include "clock_rows.h"

static uint32_t add_version(sla_world *world, const char *name, const char *from, const char *until,
                            const csq_condition *match)
{
    const csq_policy policy = {.size = sizeof policy,
                               .name = csq_str_of(name),
                               .match = match,
                               .has = (from != NULL ? CSQ_POLICY_HAS_FROM : 0) |
                                      (until != NULL ? CSQ_POLICY_HAS_UNTIL : 0),
                               .from = from != NULL ? sla_at(from) : 0,
                               .until = until != NULL ? sla_at(until) : 0};
    uint32_t index = 99;
    assert_status(CSQ_OK, csq_policies_add_policy(world->builder, &policy, &index, NULL));
    return index;
}

/* Around the clock: 4 h; from Tuesday 10:00 on 2 h (high: 1 h); from Wednesday 10:00 on 6 h, by a
 * calendar that is always open. */
static csq_policies *build_versions(sla_world *world, csq_metric metric)
{
    const uint32_t index = sla_add_metric(world, metric);
    (void)add_version(world, "policy", NULL, "Tue 10:00", NULL);
    sla_add_target(
        world,
        (csq_target){.metric = index, .within_ms = 4 * HOUR_MS, .calendar = CSQ_NO_CALENDAR});
    (void)add_version(world, "policy", "Tue 10:00", "Wed 10:00", NULL);
    sla_add_target(world, (csq_target){.metric = index,
                                       .within_ms = 2 * HOUR_MS,
                                       .calendar = CSQ_NO_CALENDAR,
                                       .attribute = CSQ_TICKET_PRIORITY});
    sla_add_target(world, (csq_target){.metric = index,
                                       .within_ms = HOUR_MS,
                                       .calendar = CSQ_NO_CALENDAR,
                                       .attribute = CSQ_TICKET_PRIORITY,
                                       .code = world->high});
    (void)add_version(world, "policy", "Wed 10:00", NULL, NULL);
    sla_add_target(world,
                   (csq_target){.metric = index, .within_ms = 6 * HOUR_MS, .calendar = SLA_ALWAYS});
    return sla_build(world);
}

/* The answer, which a checkpoint, an explanation and a tally know as well. */
static csq_answer asked(const csq_policies *policies, csq_ticket *ticket, csq_ms now)
{
    const csq_answer answer = sla_answer(policies, ticket, 0, now);
    csq_explanation *explanation = sla_explain(policies, ticket, 0, now);
    csq_answer explained = {.size = sizeof explained};
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &explained, NULL));
    assert_memory_equal(&explained, &answer, sizeof answer);
    csq_explanation_free(explanation);
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    const csq_answer advanced = sla_answer(policies, ticket, 0, now);
    assert_memory_equal(&advanced, &answer, sizeof answer);
    return answer;
}

static void check_versions(const clock_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = build_versions(&world, rows[i].metric);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_answer answer = asked(policies, ticket, sla_at(rows[i].now));
        check_row(&rows[i], &answer);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

#define VERSIONS(rows) check_versions(rows, sizeof(rows) / sizeof(rows)[0])
#define AT(change, at)                                                                             \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION, .on_change = (change), .version_at = (at),                  \
        .reopen_mode = CSQ_REOPEN_NEW_CYCLE                                                        \
    }

static void a_version_acts_when_it_comes_into_force(void **state)
{
    (void)state;
#define CREATED "Tue 09:00 created"
    static const clock_row rows[] = {
        {"before it", AT(CSQ_ON_CHANGE_CARRY, 0), CREATED, "Tue 09:30", ACTIVE, 1, 0, 30, 0,
         .due = "Tue 13:00"},
        {"kept", AT(CSQ_ON_CHANGE_KEEP, 0), CREATED, "Tue 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Tue 13:00"},
        {"at the instant itself", AT(CSQ_ON_CHANGE_CARRY, 0), CREATED, "Tue 10:00", ACTIVE, 1, 0,
         60, 0, .due = "Tue 11:00"},
        {"carried", AT(CSQ_ON_CHANGE_CARRY, 0), CREATED, "Tue 12:00", ACTIVE, 1, 1, 180, 0,
         .due = "Tue 11:00"},
        {"restarted", AT(CSQ_ON_CHANGE_RESTART, 0), CREATED, "Tue 11:00", ACTIVE, 2, 0, 60, 0,
         .due = "Tue 12:00"},
        {"by the values at that instant", AT(CSQ_ON_CHANGE_CARRY, 0),
         "Tue 09:00 created priority=high", "Tue 10:00", ACTIVE, 1, 0, 60, 0, .due = "Tue 10:00"},
        {"two in a row", AT(CSQ_ON_CHANGE_CARRY, 0), CREATED, "Wed 11:00", ACTIVE, 1, 1, 1560, 0,
         .due = "Tue 15:00"},
        {"a ticket of later takes the version of its creation", AT(CSQ_ON_CHANGE_CARRY, 0),
         "Wed 10:00 created", "Wed 11:00", ACTIVE, 1, 0, 60, 0, .due = "Wed 16:00"},
        {"before the events of that instant", AT(CSQ_ON_CHANGE_CARRY, 0),
         "Tue 09:00 created; Tue 10:00 set status=solved", "Tue 11:00", COMPLETED, 1, 0, 60, 0,
         .due = "Tue 11:00", .stopped = "Tue 10:00"},
        {"joined events are one", AT(CSQ_ON_CHANGE_CARRY, 0),
         "Tue 09:00 created; Tue 10:00 set priority=high status=solved", "Tue 11:00", COMPLETED, 1,
         0, 60, 0, .due = "Tue 11:00", .stopped = "Tue 10:00"},
    };
    VERSIONS(rows);
}

static void the_instant_that_selects_the_version_is_an_option(void **state)
{
    (void)state;
#define REOPENED "Tue 09:00 created; Tue 09:30 set status=solved; Tue 11:00 set status=open"
#define CYCLE    CSQ_VERSION_AT_CYCLE
#define CREATION CSQ_VERSION_AT_CREATED
    static const clock_row rows[] = {
        {"of the creation", AT(CSQ_ON_CHANGE_CARRY, CREATION), CREATED, "Tue 12:00", ACTIVE, 1, 0,
         180, 0, .due = "Tue 13:00"},
        {"of the creation, in a later cycle too", AT(CSQ_ON_CHANGE_CARRY, CREATION), REOPENED,
         "Tue 12:00", ACTIVE, 2, 0, 60, 0, .due = "Tue 15:00"},
        {"of the cycle", AT(CSQ_ON_CHANGE_CARRY, CYCLE), CREATED, "Tue 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Tue 13:00"},
        {"of the next cycle", AT(CSQ_ON_CHANGE_CARRY, CYCLE), REOPENED, "Tue 12:00", ACTIVE, 2, 0,
         60, 0, .due = "Tue 13:00"},
        {"kept, until its version is not in force any more", AT(CSQ_ON_CHANGE_KEEP, CYCLE),
         REOPENED, "Tue 12:00", ACTIVE, 2, 0, 60, 0, .due = "Tue 13:00"},
        {"kept for ever", AT(CSQ_ON_CHANGE_KEEP, 0), REOPENED, "Tue 12:00", ACTIVE, 2, 0, 60, 0,
         .due = "Tue 15:00"},
        {"values change, the version of the cycle does not", AT(CSQ_ON_CHANGE_RETROACTIVE, CYCLE),
         "Tue 09:00 created; Tue 11:00 set priority=high", "Tue 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Tue 13:00"},
        {"a cycle that goes on has the version of its start",
         {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY, .version_at = CYCLE},
         REOPENED,
         "Tue 12:00",
         ACTIVE,
         1,
         0,
         90,
         0,
         .due = "Tue 14:30"},
        {"or of the event that lets it go on",
         {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY},
         REOPENED,
         "Tue 12:00",
         ACTIVE,
         1,
         0,
         90,
         0,
         .due = "Tue 12:30"},
    };
    VERSIONS(rows);
}

/* Solved Tuesday 9:00 after 3 h: in time by the version of then, late by that of Tuesday 10:00, in
 * time by that of Wednesday 10:00. */
static void finished_cycles_are_judged_again_by_option(void **state)
{
    (void)state;
#define SOLVED "Tue 06:00 created; Tue 09:00 set status=solved"
#define SCOPE(scope)                                                                               \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY, .edit_scope = (scope)     \
    }
    static const clock_row rows[] = {
        {"open cycles only", SCOPE(CSQ_EDIT_SCOPE_OPEN), SOLVED, "Tue 12:00", COMPLETED, 1, 0, 180,
         0, .due = "Tue 10:00", .stopped = "Tue 09:00"},
        {"all, before", SCOPE(CSQ_EDIT_SCOPE_ALL), SOLVED, "Tue 09:59", COMPLETED, 1, 0, 180, 0,
         .due = "Tue 10:00", .stopped = "Tue 09:00"},
        {"all", SCOPE(CSQ_EDIT_SCOPE_ALL), SOLVED, "Tue 12:00", COMPLETED, 1, 1, 180, 0,
         .due = "Tue 08:00", .stopped = "Tue 09:00"},
        {"all, those of a ticket that was merged, too", SCOPE(CSQ_EDIT_SCOPE_ALL),
         SOLVED "; Tue 09:30 merge 77", "Tue 12:00", COMPLETED, 1, 1, 180, 0, .due = "Tue 08:00",
         .stopped = "Tue 09:00"},
        {"all, by the value that had chosen the target", SCOPE(CSQ_EDIT_SCOPE_ALL),
         "Tue 10:00 created priority=high; Tue 12:00 set status=solved", "Wed 12:00", COMPLETED, 1,
         0, 120, 0, .due = "Tue 16:00", .stopped = "Tue 12:00"},
        {"all, twice", SCOPE(CSQ_EDIT_SCOPE_ALL), SOLVED, "Wed 12:00", COMPLETED, 1, 0, 180, 0,
         .due = "Tue 12:00", .stopped = "Tue 09:00"},
        {"of the versions of the cycle none",
         {.kind = CSQ_METRIC_RESOLUTION,
          .on_change = CSQ_ON_CHANGE_CARRY,
          .edit_scope = CSQ_EDIT_SCOPE_ALL,
          .version_at = CYCLE},
         SOLVED,
         "Tue 12:00",
         COMPLETED,
         1,
         0,
         180,
         0,
         .due = "Tue 10:00",
         .stopped = "Tue 09:00"},
    };
    VERSIONS(rows);
}

/* A version with another calendar: the finished cycle is measured again, pauses included, and the
 * earlier one too; a tally counts them so. */
static void finished_cycles_are_measured_again_on_another_calendar(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t index = sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                                               .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                                                               .on_change = CSQ_ON_CHANGE_CARRY,
                                                               .edit_scope = CSQ_EDIT_SCOPE_ALL});
    (void)add_version(&world, "policy", NULL, "Thu 00:00", NULL);
    sla_add_target(&world,
                   (csq_target){.metric = index, .within_ms = 4 * HOUR_MS, .calendar = SLA_OFFICE});
    const uint32_t second = add_version(&world, "policy", "Thu 00:00", NULL, NULL);
    sla_add_target(&world,
                   (csq_target){.metric = index, .within_ms = 5 * HOUR_MS, .calendar = SLA_EARLY});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 13:00 created; Mon 14:00 set status=pending; Mon 16:00 set status=open; "
        "Tue 11:00 set status=solved; Wed 12:00 set status=open; Wed 16:00 set status=solved");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Wed 18:00"));
    assert_ms_equal(sla_cycle(explanation, 0).elapsed_ms, 4 * HOUR_MS);
    assert_ms_equal(sla_cycle(explanation, 0).paused_ms, 2 * HOUR_MS);
    assert_ms_equal(sla_cycle(explanation, 1).elapsed_ms, 4 * HOUR_MS);
    csq_explanation_free(explanation);
    explanation = sla_explain(policies, ticket, 0, sla_at("Thu 00:00"));
    // Monday 13–14, Tuesday 7–11; Wednesday 12–15. The pause: Monday 14–15.
    const csq_cycle first = sla_cycle(explanation, 0);
    assert_ms_equal(first.elapsed_ms, 5 * HOUR_MS);
    assert_ms_equal(first.paused_ms, HOUR_MS);
    assert_ms_equal(first.target_ms, 5 * HOUR_MS);
    assert_int_equal(first.breached, 0);
    assert_ms_equal(sla_cycle(explanation, 1).elapsed_ms, 3 * HOUR_MS);
    csq_ms counted = 0;
    for (uint64_t i = 0; i < csq_explanation_stretch_count(explanation); i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        assert_int_equal(stretch.calendar, SLA_EARLY);
        assert_int_equal(stretch.policy, second);
        counted += stretch.counted_ms;
    }
    assert_ms_equal(counted, 8 * HOUR_MS);
    csq_explanation_free(explanation);
    assert_ms_equal(asked(policies, ticket, sla_at("Thu 09:00")).elapsed_ms, 3 * HOUR_MS);
    csq_tally *tally;
    const csq_tally_options options = {.size = sizeof options};
    assert_status(CSQ_OK, csq_tally_new(policies, &options, NULL, &tally, NULL));
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Thu 09:00"), NULL));
    assert_int_equal(csq_tally_count(tally), 1);
    assert_int_equal(sla_row(tally, 0).policy, second);
    assert_int_equal(sla_row(tally, 0).met, 2);
    assert_ms_equal(sla_row(tally, 0).elapsed_ms, 8 * HOUR_MS);
    csq_tally_free(tally);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void an_epoch_is_no_event(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_versions(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY});
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Tue 09:00 created");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Tue 12:00"));
    assert_int_equal(csq_explanation_stretch_count(explanation), 2);
    const csq_stretch first = sla_stretch(explanation, 0);
    const csq_stretch second = sla_stretch(explanation, 1);
    assert_ms_equal(first.event, 0);
    assert_ms_equal(second.event, UINT64_MAX);
    assert_ms_equal(second.from, sla_at("Tue 10:00"));
    assert_int_equal(first.policy, 0);
    assert_int_equal(second.policy, 1);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void what_changes_next_may_be_a_version(void **state)
{
    (void)state;
    static const struct {
        csq_metric metric;
        const char *events;
        const char *next;
    } rows[] = {
        {AT(CSQ_ON_CHANGE_CARRY, 0), "Tue 09:00 created", "Tue 10:00"},
        {AT(CSQ_ON_CHANGE_KEEP, 0), "Tue 09:00 created", "Tue 13:00"},
        {AT(CSQ_ON_CHANGE_CARRY, CYCLE), "Tue 09:00 created", "Tue 13:00"},
        {SCOPE(CSQ_EDIT_SCOPE_ALL), "Tue 08:00 created; Tue 09:00 set status=solved", "Tue 10:00"},
        {SCOPE(CSQ_EDIT_SCOPE_OPEN), "Tue 08:00 created; Tue 09:00 set status=solved", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = build_versions(&world, rows[i].metric);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_answer answer = asked(policies, ticket, sla_at("Tue 09:30"));
        // Late from the millisecond after the due instant on.
        const csq_ms after = i == 1 || i == 2;
        assert_ms_equal(answer.next_change_at,
                        rows[i].next == NULL ? CSQ_MS_NONE : sla_at(rows[i].next) + after);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* The office, with the hours of the early calendar from Tuesday on. */
static csq_calendar *office_then_early(void)
{
    csq_zone *const zone = zone_of("UTC0");
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "17:00");
    assert_status(CSQ_OK, csq_calendar_builder_version(builder, sla_at("Tue 00:00"), NULL));
    add_week(builder, 1, 5, "07:00", "15:00");
    return build(builder, zone);
}

/* Where a change of hours is written says how far back it reaches; the example of docs/versions.md.
 */
static void edits_of_calendars_reach_as_far_as_they_are_meant_to(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        bool is_of_calendar; /* a version of the calendar, else of the policy */
        uint32_t on_change;
        uint32_t edit_scope;
        int open; /* hours of a ticket that is open */
        int finished;
    } rows[] = {
        {"a version of the calendar", true, 0, 0, 9, 4},
        {"from now on", false, CSQ_ON_CHANGE_CARRY, 0, 9, 4},
        {"open clocks from their start", false, CSQ_ON_CHANGE_RETROACTIVE, 0, 7, 4},
        {"finished cycles as well", false, CSQ_ON_CHANGE_RETROACTIVE, CSQ_EDIT_SCOPE_ALL, 7, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        csq_calendar *both = office_then_early();
        uint32_t calendar;
        assert_status(CSQ_OK, csq_policies_add_calendar(world.builder, csq_str_of("both"), both,
                                                        &calendar, NULL));
        csq_calendar_free(both);
        const uint32_t metric =
            sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                                .on_change = rows[i].on_change,
                                                .edit_scope = rows[i].edit_scope});
        const bool is_of_calendar = rows[i].is_of_calendar;
        (void)add_version(&world, "policy", NULL, is_of_calendar ? NULL : "Tue 00:00", NULL);
        sla_add_target(&world, (csq_target){.metric = metric,
                                            .within_ms = 10 * HOUR_MS,
                                            .calendar = is_of_calendar ? calendar : SLA_OFFICE});
        if (!is_of_calendar) {
            (void)add_version(&world, "policy", "Tue 00:00", NULL, NULL);
            sla_add_target(
                &world,
                (csq_target){.metric = metric, .within_ms = 10 * HOUR_MS, .calendar = SLA_EARLY});
        }
        const csq_policies *policies = sla_build(&world);
        csq_ticket *open = sla_ticket(world.schema, 1, "Mon 13:00 created");
        csq_ticket *finished =
            sla_ticket(world.schema, 2, "Mon 13:00 created; Mon 17:00 set status=solved");
        const csq_ms now = sla_at("Tue 12:00");
        if (asked(policies, open, now).elapsed_ms != rows[i].open * HOUR_MS ||
            asked(policies, finished, now).elapsed_ms != rows[i].finished * HOUR_MS) {
            fail_msg("%s", rows[i].rule);
        }
        csq_ticket_free(finished);
        csq_ticket_free(open);
        sla_close(&world);
    }
}

/* A policy that ends without a next version: what it had agreed stays, new tickets get the rest. */
static void a_policy_may_end(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY});
    const uint32_t ends = add_version(&world, "ends", NULL, "Tue 10:00", NULL);
    sla_add_target(
        &world, (csq_target){.metric = metric, .within_ms = HOUR_MS, .calendar = CSQ_NO_CALENDAR});
    csq_condition *low = sla_condition(world.schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world.low);
    const uint32_t rest = add_version(&world, "rest", NULL, NULL, low);
    sla_add_target(
        &world,
        (csq_target){.metric = metric, .within_ms = 2 * HOUR_MS, .calendar = CSQ_NO_CALENDAR});
    csq_condition_free(low);
    const csq_policies *policies = sla_build(&world);
    csq_ticket *both = sla_ticket(world.schema, 1, "Tue 09:00 created priority=low");
    csq_ticket *one = sla_ticket(world.schema, 2, "Tue 09:00 created");
    csq_ticket *none = sla_ticket(world.schema, 3, "Tue 11:00 created");
    const csq_ms now = sla_at("Tue 11:00");
    assert_int_equal(asked(policies, both, sla_at("Tue 09:59")).policy, ends);
    assert_int_equal(asked(policies, both, now).policy, rest);
    assert_int_equal(asked(policies, one, now).policy, ends);
    assert_int_equal(asked(policies, none, now).phase, CSQ_PHASE_NOT_APPLICABLE);
    csq_why_not why = {.size = sizeof why};
    assert_status(CSQ_OK, csq_policies_why_not(policies, both, 0, ends, now, &why, NULL));
    assert_int_equal(why.reason, CSQ_WHY_NOT_VERSION);
    assert_int_equal(why.policy, rest);
    csq_ticket_free(none);
    csq_ticket_free(one);
    csq_ticket_free(both);
    sla_close(&world);
}

/* A policy attached by name goes through its versions; one without a version in force holds not. */
static void an_attached_policy_has_versions_too(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY});
    (void)add_version(&world, "usual", NULL, NULL, NULL);
    sla_add_target(
        &world,
        (csq_target){.metric = metric, .within_ms = 9 * HOUR_MS, .calendar = CSQ_NO_CALENDAR});
    for (int i = 0; i < 2; i++) {
        (void)add_version(&world, "named", i == 0 ? NULL : "Tue 10:00",
                          i == 0 ? "Tue 10:00" : "Tue 12:00", NULL);
        sla_add_target(&world, (csq_target){.metric = metric,
                                            .within_ms = (1 + i) * HOUR_MS,
                                            .calendar = CSQ_NO_CALENDAR});
    }
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Tue 09:00 created policy=named");
    assert_int_equal(asked(policies, ticket, sla_at("Tue 09:00")).policy, 1);
    assert_int_equal(asked(policies, ticket, sla_at("Tue 10:00")).policy, 2);
    assert_int_equal(asked(policies, ticket, sla_at("Tue 12:00")).policy, 0);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* 4096 versions, an hour each, by turns of 1 h and 2 h of wall time. */
static void a_policy_may_have_thousands_of_versions(void **state)
{
    (void)state;
    static const uint32_t modes[] = {CSQ_VERSION_AT_EVENT, CSQ_VERSION_AT_CYCLE,
                                     CSQ_VERSION_AT_CREATED};
    for (size_t k = 0; k < 3; k++) {
        sla_world world;
        sla_open(&world);
        for (uint32_t m = 0; m < 16; m++) {
            const char name[2] = {(char)('a' + (int)m), '\0'};
            (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                                      .name = {name, 1},
                                                      .on_change = CSQ_ON_CHANGE_CARRY,
                                                      .version_at = modes[k]});
        }
        const csq_ms start = sla_at("Mon 00:00");
        for (uint32_t v = 0; v < CSQ_POLICY_LIMIT; v++) {
            const csq_policy policy = {.size = sizeof policy,
                                       .name = csq_str_of("policy"),
                                       .has = 3,
                                       .from = start + v * HOUR_MS,
                                       .until = start + (v + 1) * HOUR_MS};
            uint32_t index;
            assert_status(CSQ_OK, csq_policies_add_policy(world.builder, &policy, &index, NULL));
            for (uint32_t m = 0; m < 15; m++) {
                sla_add_target(&world, (csq_target){.metric = m,
                                                    .within_ms = (1 + v % 2) * HOUR_MS,
                                                    .calendar = CSQ_NO_CALENDAR});
            }
        }
        const csq_policies *policies = sla_build(&world);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
        const csq_answer answer = asked(policies, ticket, start + CSQ_POLICY_LIMIT * HOUR_MS - 1);
        assert_int_equal(answer.policy, k == 0 ? CSQ_POLICY_LIMIT - 1 : 9);
        assert_ms_equal(answer.elapsed_ms, (CSQ_POLICY_LIMIT - 9) * HOUR_MS - 1);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

static void versions_are_refused_where_they_contradict(void **state)
{
    (void)state;
    static const struct {
        uint64_t has;
        csq_ms from;
        csq_ms until;
        const char *track;
        csq_status status;
    } rows[] = {
        {3, 2000, 2000, "t", CSQ_EINTERVAL}, {3, 2000, 1999, "t", CSQ_EINTERVAL},
        {4, 0, 0, "t", CSQ_EINVAL},          {3, 999, 1001, "t", CSQ_EEXISTS},
        {3, 1000, 1001, "t", CSQ_EEXISTS},   {1, -5, 0, "t", CSQ_EEXISTS},
        {3, 2000, 2001, "", CSQ_EMISMATCH},  {3, 2000, 2001, "t", CSQ_OK},
        {2, 0, 1000, "t", CSQ_OK},           {1, 2001, 0, "t", CSQ_OK},
        {3, 2001, 2002, "t", CSQ_EEXISTS},   {0, 0, 0, "t", CSQ_EEXISTS},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY});
    uint32_t index = 77;
    csq_policy policy = {.size = sizeof policy,
                         .name = csq_str_of("p"),
                         .track = csq_str_of("t"),
                         .has = 3,
                         .from = 1000,
                         .until = 2000};
    assert_status(CSQ_OK, csq_policies_add_policy(world.builder, &policy, &index, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        policy.has = rows[i].has;
        policy.from = rows[i].from;
        policy.until = rows[i].until;
        policy.track = csq_str_of(rows[i].track);
        assert_status(rows[i].status,
                      csq_policies_add_policy(world.builder, &policy, &index, NULL));
    }
    const csq_policies *policies = sla_build(&world);
    csq_policy found = {.size = sizeof found};
    assert_status(CSQ_OK, csq_policies_policy_at(policies, 0, &found, NULL));
    assert_ms_equal(found.has, 3);
    assert_ms_equal(found.from, 1000);
    assert_ms_equal(found.until, 2000);
    assert_status(CSQ_OK, csq_policies_policy_at(policies, 3, &found, NULL));
    assert_ms_equal(found.has, CSQ_POLICY_HAS_FROM);
    assert_ms_equal(found.until, CSQ_MS_NONE);
    sla_close(&world);
}

static void the_time_of_a_version_shows_in_the_fingerprint(void **state)
{
    (void)state;
    static const char *const ends[] = {NULL, "Tue 10:00", "Tue 11:00"};
    uint64_t found[4];
    for (uint32_t i = 0; i < 4; i++) {
        sla_world world;
        sla_open(&world);
        (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY});
        (void)add_version(&world, "p", i == 3 ? ends[1] : NULL, i < 3 ? ends[i] : NULL, NULL);
        found[i] = csq_policies_fingerprint(sla_build(&world));
        for (uint32_t k = 0; k < i; k++) {
            assert_true(found[k] != found[i]);
        }
        sla_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_acts_when_it_comes_into_force),
        cmocka_unit_test(the_instant_that_selects_the_version_is_an_option),
        cmocka_unit_test(finished_cycles_are_judged_again_by_option),
        cmocka_unit_test(finished_cycles_are_measured_again_on_another_calendar),
        cmocka_unit_test(an_epoch_is_no_event),
        cmocka_unit_test(what_changes_next_may_be_a_version),
        cmocka_unit_test(edits_of_calendars_reach_as_far_as_they_are_meant_to),
        cmocka_unit_test(a_policy_may_end),
        cmocka_unit_test(an_attached_policy_has_versions_too),
        cmocka_unit_test(a_policy_may_have_thousands_of_versions),
        cmocka_unit_test(versions_are_refused_where_they_contradict),
        cmocka_unit_test(the_time_of_a_version_shows_in_the_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
