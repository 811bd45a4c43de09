/*
 * test_clock_meetings — options where they meet: attaching to a state, days of an empty calendar,
 * a shown due instant beside switches of calendars and steps.
 *
 * All expectations are computed by hand. See clock_rows.h for targets and calendars.
 */
#include "clock_rows.h"
#include "rules_support.h"

static void owning_begins_with_the_attach_that_finds_it(void **state)
{
    (void)state;
#define OWNED(mode)                                                                                \
    {                                                                                              \
        .kind = CSQ_METRIC_OWNERSHIP, .attach = (mode)                                             \
    }
    static const clock_row rows[] = {
        {"owned before the attach", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2; Mon 11:00 attach", "Mon 12:00", ACTIVE, 1, 0, 60, 0,
         .due = "Mon 15:00"},
        {"owned after the attach", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created; Mon 11:00 attach; Mon 12:00 set group=tier2", "Mon 13:00", ACTIVE, 1,
         0, 60, 0, .due = "Mon 16:00"},
        {"not owned at the attach", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2; Mon 10:00 set group=; Mon 11:00 attach", "Mon 12:00",
         NOT_STARTED, 0, 0, 0, 0, .due = NULL},
        {"solved at the attach", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2 status=solved; Mon 10:00 attach; Mon 12:00 set status=open",
         "Mon 13:00", ACTIVE, 1, 0, 60, 0, .due = "Mon 16:00"},
        {"a second attach changes nothing", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2; Mon 11:00 attach; Mon 12:00 attach", "Mon 13:00", ACTIVE,
         1, 0, 120, 0, .due = "Mon 15:00"},
        {"a reopen is a new visit", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2; Mon 10:00 attach; Mon 11:00 set status=solved; "
         "Mon 12:00 set status=open",
         "Mon 13:00", ACTIVE, 2, 0, 60, 0, .due = "Mon 16:00"},
        {"with everything before it", OWNED(CSQ_ATTACH_RETROACTIVE),
         "Mon 09:00 created group=tier2; Mon 11:00 attach", "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
    };
    CHECK(rows);
}

/* Whatever leads the group, each event in it that is more than a change is an event. */
static void an_update_is_every_event_in_it(void **state)
{
    (void)state;
#define FROM(metric_kind)                                                                          \
    {                                                                                              \
        .kind = (metric_kind), .attach = CSQ_ATTACH_FROM                                           \
    }
    static const clock_row rows[] = {
        {"attached behind a promise", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2; Mon 11:00 promise Tue/09:00; Mon 11:00 +attach; "
         "Mon 12:00 set status=open",
         "Mon 13:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 15:00"},
        {"attached before a promise", OWNED(CSQ_ATTACH_FROM),
         "Mon 09:00 created group=tier2; Mon 11:00 attach; Mon 11:00 +promise Tue/09:00",
         "Mon 13:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 15:00"},
        {"attached behind a change", FROM(CSQ_METRIC_RESOLUTION),
         "Mon 09:00 created; Mon 11:00 set status=open; Mon 11:00 +attach", "Mon 13:00", ACTIVE, 1,
         0, 120, 0, .due = "Mon 15:00"},
        {"attached behind an escalation", FROM(CSQ_METRIC_RESOLUTION),
         "Mon 09:00 created; Mon 11:00 escalate 1; Mon 11:00 +attach", "Mon 13:00", ACTIVE, 1, 0,
         120, 0, .due = "Mon 15:00"},
        {"attached behind a reopen", FROM(CSQ_METRIC_FIRST_REPLY),
         "Mon 09:00 created; Mon 11:00 reopen status=open; Mon 11:00 +attach", "Mon 13:00", ACTIVE,
         1, 0, 120, 0, .due = "Mon 15:00"},
        {"attached behind a reply, which is the first", FROM(CSQ_METRIC_FIRST_REPLY),
         "Mon 09:00 created; Mon 11:00 reply agent; Mon 11:00 +attach", "Mon 13:00", COMPLETED, 1,
         0, 0, 0, .due = "Mon 15:00", .stopped = "Mon 11:00"},
        {"a reply behind a promise", {.kind = CSQ_METRIC_FIRST_REPLY},
         "Mon 09:00 created; Mon 11:00 promise Tue/09:00; Mon 11:00 +reply agent", "Mon 13:00",
         COMPLETED, 1, 0, 120, 0, .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"a reply behind a note of the same author", {.kind = CSQ_METRIC_FIRST_REPLY},
         "Mon 09:00 created; Mon 11:00 reply agent private; Mon 11:00 +reply agent", "Mon 13:00",
         COMPLETED, 1, 0, 120, 0, .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"an author and an event of two events are no reply", {.kind = CSQ_METRIC_FIRST_REPLY},
         "Mon 09:00 created; Mon 11:00 reply customer; Mon 11:00 +escalate 1 agent", "Mon 12:00",
         ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"a change by an agent is no more than its event", {.kind = CSQ_METRIC_ACKNOWLEDGE},
         "Mon 09:00 created customer; Mon 11:00 reply customer; Mon 11:00 +add vip agent",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"events before the group lead it no more", {.kind = CSQ_METRIC_NEXT_REPLY},
         "Mon 09:00 created; Mon 10:00 reply agent; Mon 10:30 escalate 1; "
         "Mon 10:30 +reply customer; Mon 11:00 escalate 2; Mon 11:00 +promise Tue/09:00",
         "Mon 12:00", ACTIVE, 1, 0, 90, 0, .due = "Mon 14:30"},
    };
    CHECK(rows);
}

/* Who owned the ticket all along takes it over by no change of the status. */
static void owning_does_not_begin_with_any_status(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t done = test_code(world.schema, CSQ_TICKET_TAGS, "done");
    csq_condition *stop = sla_condition(world.schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS, done);
    const csq_policies *policies =
        sla_single(&world,
                   (csq_metric){.kind = CSQ_METRIC_OWNERSHIP,
                                .attach = CSQ_ATTACH_FROM,
                                .group = test_code(world.schema, CSQ_TICKET_GROUP, "tier2"),
                                .stop = stop},
                   0);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 09:00 created group=tier2; Mon 10:00 attach; Mon 11:00 add done; "
        "Mon 12:00 set status=open; Mon 13:00 set status=solved; Mon 14:00 set status=open");
    const csq_answer stays = sla_answer(policies, ticket, 0, sla_at("Mon 12:30"));
    assert_int_equal(stays.cycle, 1);
    assert_ms_equal(stays.stopped_at, sla_at("Mon 11:00"));
    const csq_answer back = sla_answer(policies, ticket, 0, sla_at("Mon 14:30"));
    assert_int_equal(back.cycle, 2);
    assert_ms_equal(back.started_at, sla_at("Mon 14:00"));
    csq_ticket_free(ticket);
    csq_condition_free(stop);
    sla_close(&world);
}

static void a_due_instant_is_shown_by_the_calendar_on_which_it_is_due(void **state)
{
    (void)state;
#define SHOWN                                                                                      \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION, .due_edge = CSQ_DUE_EDGE_NEXT_OPEN                          \
    }
    static const clock_row rows[] = {
        {"open on the calendar of that day", SHOWN,
         "Mon 09:00 created; Mon 20:00 set calendar=early", "Tue 10:00", ACTIVE, 1, 1, 660, 0,
         .due = "Mon 16:00", .within = 7 * HOUR_MS},
        {"its closing time, and its next opening", SHOWN,
         "Mon 09:00 created; Mon 20:00 set calendar=early", "Tue 10:00", ACTIVE, 1, 1, 660, 0,
         .due = "Tue 09:00", .within = 8 * HOUR_MS},
        {"projected on the calendar of now", SHOWN,
         "Mon 09:00 created; Mon 20:00 set calendar=early", "Tue 10:00", ACTIVE, 1, 0, 660, 0,
         .due = "Wed 07:00", .within = 16 * HOUR_MS},
    };
    CHECK(rows);
}

/* Solved Mon 12-16 on office (4 h), to 20 on always (4 h), to Tue 8 on early (1 h). */
static void closed_time_that_counts_is_counted_by_the_calendar_then_in_force(void **state)
{
    (void)state;
#define COUNTING(mode)                                                                             \
    {.kind = CSQ_METRIC_RESOLUTION,                                                                \
     .reopen_mode = CSQ_REOPEN_RESUME_COUNTING,                                                    \
     .calendar_switch = (mode)}
#define CLOSED                                                                                     \
    "Mon 09:00 created; Mon 12:00 set status=solved; Mon 16:00 set calendar=always; "              \
    "Mon 20:00 set calendar=early; Tue 08:00 set status=open"
    static const clock_row rows[] = {
        {"three calendars", COUNTING(CSQ_CALENDAR_SWITCH_SEGMENTED), CLOSED, "Tue 08:00", ACTIVE, 1,
         1, 12 * 60, 0, .due = "Mon 13:00"},
        {"due in the second", COUNTING(CSQ_CALENDAR_SWITCH_SEGMENTED), CLOSED, "Tue 08:00", ACTIVE,
         1, 1, 12 * 60, 0, .due = "Mon 17:30", .within = 8 * HOUR_MS + 30 * MINUTE_MS},
        {"due in the third", COUNTING(CSQ_CALENDAR_SWITCH_SEGMENTED), CLOSED, "Tue 08:00", ACTIVE,
         1, 1, 12 * 60, 0, .due = "Tue 07:30", .within = 11 * HOUR_MS + 30 * MINUTE_MS},
        {"all of it by the latest", COUNTING(CSQ_CALENDAR_SWITCH_LATEST), CLOSED, "Tue 08:00",
         ACTIVE, 1, 1, 7 * 60, 0, .due = "Mon 13:00"},
        {"all of it by the first", COUNTING(CSQ_CALENDAR_SWITCH_FIRST), CLOSED, "Tue 08:00", ACTIVE,
         1, 1, 8 * 60, 0, .due = "Mon 13:00"},
        {"stopped again", COUNTING(CSQ_CALENDAR_SWITCH_SEGMENTED),
         CLOSED "; Tue 09:00 set status=solved; Tue 10:00 set calendar=never", "Tue 12:00",
         COMPLETED, 1, 1, 13 * 60, 0, .due = "Mon 13:00", .stopped = "Tue 09:00"},
        {"twice", COUNTING(CSQ_CALENDAR_SWITCH_SEGMENTED),
         CLOSED "; Tue 09:00 set status=solved; Tue 10:00 set calendar=never; "
                "Tue 11:00 set calendar=office; Tue 12:00 set status=open",
         "Tue 12:00", ACTIVE, 1, 1, 15 * 60, 0, .due = "Mon 13:00"},
        {"reopened into a pause", COUNTING(CSQ_CALENDAR_SWITCH_SEGMENTED),
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 set calendar=never; "
         "Mon 12:00 set status=pending; Mon 12:30 set calendar=office",
         "Mon 14:00", PAUSED, 1, 0, 120, 90, .if_resumed = "Mon 16:00"},
    };
    CHECK(rows);
}

/* One resolution in working days; events and instants are those of 2024-01. */
#define DAYS_OF(calendar, options, target, steps)                                                  \
    "{'calendars':{'hours':" calendar "},'metrics':{'resolution':{'kind':'resolution',"            \
    "'stop_statuses':['solved'],'pause_statuses':['pending'],'options':{" options                  \
    "},'steps':[" steps "]}},'policies':[{'name':'p','targets':{'resolution':{" target             \
    ",'calendar':'hours'}}}]}"

typedef struct days_row {
    const char *rules;
    const char *events;
    const char *now;
    const char *due;
    uint32_t breached;
    const char *steps[2];
} days_row;

static void check_days(const days_row *row)
{
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, row->rules);
    const csq_policies *policies = csq_rules_policies(rules);
    csq_ticket *ticket = sla_ticket(schema, 1, row->events);
    const csq_answer answer = rules_answer(rules, ticket, "resolution", sla_at(row->now));
    assert_ms_equal(answer.due_at, sla_at(row->due));
    assert_int_equal(answer.breached, row->breached);
    assert_ms_equal(answer.breached_at, row->breached ? answer.due_at : CSQ_MS_NONE);
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at(row->now));
    for (uint32_t i = 0; i < 2; i++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, i, &at, NULL));
        assert_ms_equal(at, sla_at(row->steps[i]));
    }
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

#define DAY_STEPS "{'name':'day','workdays':-1},{'name':'late','after':'1h'}"

static void an_empty_calendar_that_counts_has_working_days(void **state)
{
    (void)state;
#define EMPTY             "{'zone':{'offset':'+08:00'}}"
#define EVERY_DAY(target) DAYS_OF(EMPTY, "'empty_calendar':'wall'", target, DAY_STEPS)
    static const days_row rows[] = {
        {EVERY_DAY("'workdays':3"),
         "Fri 12:00 created",
         "Sat 12:00",
         "Mon+ 12:00",
         0,
         {"Sun 12:00", "Mon+ 13:00"}},
        {EVERY_DAY("'workdays':3"),
         "Fri 12:00 created; Sat 01:00 set status=pending; Sat 03:00 set status=open",
         "Mon+ 15:00",
         "Mon+ 14:00",
         1,
         {"Sun 14:00", "Mon+ 15:00"}},
        // Midnight in that zone is 16:00; the day of the due instant is the one that begins there.
        {EVERY_DAY("'workdays':1,'end_of_day':true"),
         "Fri 12:00 created",
         "Sat 12:00",
         "Sat 16:00",
         0,
         {"Sat 16:00", "Sat 17:00"}},
        {DAYS_OF(EMPTY, "'empty_calendar':'never'", "'workdays':3", DAY_STEPS),
         "Fri 12:00 created",
         "Sat 12:00",
         NULL,
         0,
         {NULL, NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_days(&rows[i]);
    }
}

static void days_beyond_all_time_are_refused(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, EVERY_DAY("'workdays':3,'end_of_day':true"));
    const csq_ms instants[] = {INT64_MAX, INT64_MAX - DAY_MS, INT64_MAX - 9 * HOUR_MS};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        csq_ticket *ticket = test_ticket(schema, 1);
        test_apply(ticket, test_event(CSQ_EVENT_CREATED, instants[i], 0));
        csq_answer answer = {.size = sizeof answer};
        assert_status(CSQ_ERANGE, csq_policies_answer(csq_rules_policies(rules), ticket, 0,
                                                      instants[i], &answer, NULL));
        csq_ticket_free(ticket);
    }
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void steps_count_from_the_due_day_not_from_where_it_is_shown(void **state)
{
    (void)state;
#define OFFICE                                                                                     \
    "{'zone':'UTC','week':{'mon':['09:00-17:00'],'tue':['09:00-17:00'],'wed':['09:00-17:00']}}"
#define NIGHTS                                                                                     \
    "{'zone':'UTC','week':{'mon':['20:00-26:00'],'thu':['20:00-26:00'],'fri':['20:00-26:00']}}"
#define LAST_STEPS "{'name':'day','workdays':0},{'name':'late','workdays':1}"
    static const days_row rows[] = {
        {DAYS_OF(OFFICE, "'due_edge':'next_open'", "'workdays':1", DAY_STEPS),
         "Mon 18:00 created",
         "Mon 19:00",
         "Wed 09:00",
         0,
         {"Mon 18:00", "Wed 10:00"}},
        {DAYS_OF(OFFICE, "'due_edge':'next_open'", "'workdays':2", DAY_STEPS),
         "Mon 18:00 created",
         "Mon 19:00",
         "Mon+ 09:00",
         0,
         {"Tue 18:00", "Mon+ 10:00"}},
        {DAYS_OF(OFFICE, "'due_edge':'earliest'", "'workdays':1", DAY_STEPS),
         "Mon 18:00 created",
         "Wed 08:00",
         "Tue 18:00",
         1,
         {"Mon 18:00", "Wed 10:00"}},
        // The hours of Friday end on Saturday, which is no working day.
        {DAYS_OF(NIGHTS, "'due_edge':'earliest'", "'workdays':1,'end_of_day':true", LAST_STEPS),
         "Thu 21:00 created",
         "Thu 22:00",
         "Sat 02:00",
         0,
         {"Sat 02:00", "Tue+ 02:00"}},
        // Of a day with an end the step of no days is at that end, wherever a pause put the due
        // instant in it.
        {DAYS_OF(OFFICE, "'due_edge':'earliest'", "'workdays':1,'end_of_day':true", LAST_STEPS),
         "Mon 10:00 created; Mon 11:00 set status=pending; Mon 12:00 set status=open",
         "Mon 13:00",
         "Wed 10:00",
         0,
         {"Wed 17:00", "Mon+ 17:00"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_days(&rows[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owning_begins_with_the_attach_that_finds_it),
        cmocka_unit_test(an_update_is_every_event_in_it),
        cmocka_unit_test(owning_does_not_begin_with_any_status),
        cmocka_unit_test(a_due_instant_is_shown_by_the_calendar_on_which_it_is_due),
        cmocka_unit_test(closed_time_that_counts_is_counted_by_the_calendar_then_in_force),
        cmocka_unit_test(an_empty_calendar_that_counts_has_working_days),
        cmocka_unit_test(days_beyond_all_time_are_refused),
        cmocka_unit_test(steps_count_from_the_due_day_not_from_where_it_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
