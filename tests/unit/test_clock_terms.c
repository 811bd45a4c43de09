/*
 * test_clock_terms — by what terms a clock is measured: edits, changed agreements and calendars,
 * due instants, working days; clocks of own conditions; which policy holds. See clock_rows.h.
 */
#include "clock_rows.h"

static void edits_touch_the_cycles_of_their_scope(void **state)
{
    (void)state;
#define EDITED                                                                                     \
    "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 edit 2h; "                          \
    "Mon 14:00 set status=open"
    static const clock_row rows[] = {
        {"an open cycle is judged by the edit", RESOLUTION, "Mon 09:00 created; Mon 10:00 edit 2h",
         "Mon 12:00", ACTIVE, 1, 1, 180, 0, .due = "Mon 11:00"},
        {"also back in time", RESOLUTION, "Mon 09:00 created; Mon 12:00 edit 2h", "Mon 12:00",
         ACTIVE, 1, 1, 180, 0, .due = "Mon 11:00"},
        {"a finished cycle keeps its target", RESOLUTION,
         "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 edit 2h", "Mon 14:00",
         COMPLETED, 1, 0, 180, 0, .due = "Mon 13:00", .stopped = "Mon 12:00"},
        {"unless all are judged again", {.kind = CSQ_METRIC_RESOLUTION,
                                         .edit_scope = CSQ_EDIT_SCOPE_ALL},
         "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 edit 2h", "Mon 14:00",
         COMPLETED, 1, 1, 180, 0, .due = "Mon 11:00", .stopped = "Mon 12:00"},
        {"which it has if it goes on", RESOLUTION, EDITED, "Mon 15:00", ACTIVE, 1, 1, 240, 0,
         .due = "Mon 11:00"},
        {"later cycles have the edited target", REOPEN(CSQ_REOPEN_NEW_CYCLE), EDITED, "Mon 15:00",
         ACTIVE, 2, 0, 60, 0, .due = "Mon 16:00"},
        {"of another metric", RESOLUTION, "Mon 09:00 created; Mon 10:00 edit 2h other",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"of this metric", RESOLUTION, "Mon 09:00 created; Mon 10:00 edit 2h metric", "Mon 12:00",
         ACTIVE, 1, 1, 180, 0, .due = "Mon 11:00"},
        {"a new agreement brings its own target", {.kind = CSQ_METRIC_RESOLUTION,
                                                   .on_change = CSQ_ON_CHANGE_CARRY},
         "Mon 09:00 created; Mon 10:00 edit 3h; Mon 11:00 set priority=high", "Mon 11:00", ACTIVE,
         1, 0, 120, 0, .due = "Mon 11:00"},
        {"even if no cycle is open then", {.kind = CSQ_METRIC_RESOLUTION,
                                           .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                                           .on_change = CSQ_ON_CHANGE_CARRY},
         "Mon 09:00 created; Mon 10:00 edit 3h; Mon 11:00 set status=solved; "
         "Mon 12:00 set priority=high; Mon 13:00 set status=open",
         "Mon 14:00", ACTIVE, 2, 0, 60, 0, .due = "Mon 15:00"},
    };
    CHECK(rows);
}

static void a_changed_agreement_acts_as_the_option_says(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"kept by default", RESOLUTION, "Mon 09:00 created; Mon 10:00 set priority=high",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"retroactive: the cycle is measured again", CHANGE(CSQ_ON_CHANGE_RETROACTIVE),
         "Mon 16:00 created; Mon 22:00 set priority=urgent", "Mon 22:00", ACTIVE, 1, 1, 360, 0,
         .due = "Mon 20:00"},
        {"carry: what was counted stays, the rest counts on the new calendar",
         CHANGE(CSQ_ON_CHANGE_CARRY), "Mon 16:00 created; Mon 22:00 set priority=urgent",
         "Mon 23:00", ACTIVE, 1, 0, 120, 0, .due = "Tue 01:00"},
        {"restart: a new cycle", CHANGE(CSQ_ON_CHANGE_RESTART),
         "Mon 16:00 created; Mon 22:00 set priority=urgent", "Mon 23:00", ACTIVE, 2, 0, 60, 0,
         .due = "Tue 02:00"},
        {"restart in a pause is paused at once", CHANGE(CSQ_ON_CHANGE_RESTART),
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set priority=high",
         "Mon 12:00", PAUSED, 2, 0, 0, 60, .if_resumed = "Mon 14:00"},
        {"the same priority again changes nothing", CHANGE(CSQ_ON_CHANGE_RESTART),
         "Mon 09:00 created priority=high; Mon 10:00 set priority=high", "Mon 10:30", ACTIVE, 1, 0,
         90, 0, .due = "Mon 11:00"},
        {"a value without a case of its own has the other target", CHANGE(CSQ_ON_CHANGE_CARRY),
         "Mon 09:00 created priority=high; Mon 10:00 set priority=low", "Mon 10:00", ACTIVE, 1, 0,
         60, 0, .due = "Mon 13:00"},
        {"retroactive pauses are kept", CHANGE(CSQ_ON_CHANGE_RETROACTIVE),
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=open; "
         "Mon 12:00 set priority=urgent",
         "Mon 12:00", ACTIVE, 1, 0, 120, 60, .due = "Mon 14:00"},
        {"or count", {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_RETROACTIVE,
                      .retroactive_pause = CSQ_RETROACTIVE_PAUSE_COUNTED},
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=open; "
         "Mon 12:00 set priority=urgent",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"a pause that goes on stands from the change on",
         {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_RETROACTIVE,
          .retroactive_pause = CSQ_RETROACTIVE_PAUSE_COUNTED},
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set priority=urgent",
         "Mon 12:00", PAUSED, 1, 0, 120, 60, .if_resumed = "Mon 14:00"},
        {"the calendar that the ticket names stays in force", CHANGE(CSQ_ON_CHANGE_CARRY),
         "Mon 07:00 created calendar=early; Mon 08:00 set priority=high", "Mon 08:30", ACTIVE, 1,
         0, 90, 0, .due = "Mon 09:00"},
    };
    CHECK(rows);
}

static void a_changed_calendar_acts_as_the_option_says(void **state)
{
    (void)state;
#define SWITCHED "Mon 07:00 created; Mon 10:00 set calendar=early"
#define SWITCH(mode) {.kind = CSQ_METRIC_RESOLUTION, .calendar_switch = (mode)}
    static const clock_row rows[] = {
        {"each stretch by the calendar in force: 9–10, then 10–12", RESOLUTION, SWITCHED,
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"the whole cycle by the latest: 7–12", SWITCH(CSQ_CALENDAR_SWITCH_LATEST), SWITCHED,
         "Mon 12:00", ACTIVE, 1, 1, 300, 0, .due = "Mon 11:00"},
        {"by the first: 9–12", SWITCH(CSQ_CALENDAR_SWITCH_FIRST), SWITCHED, "Mon 12:00", ACTIVE, 1,
         0, 180, 0, .due = "Mon 13:00"},
        {"named at the creation", RESOLUTION, "Mon 07:00 created calendar=early", "Mon 12:00",
         ACTIVE, 1, 1, 300, 0, .due = "Mon 11:00"},
        {"a name that is no calendar changes nothing", RESOLUTION,
         "Mon 07:00 created; Mon 10:00 set calendar=moon", "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
        {"paused time too", SWITCH(CSQ_CALENDAR_SWITCH_LATEST),
         "Mon 07:00 created status=pending; Mon 10:00 set calendar=early", "Mon 12:00", PAUSED, 1,
         0, 0, 300, .if_resumed = "Tue 08:00"},
        {"a finished cycle keeps its calendar", SWITCH(CSQ_CALENDAR_SWITCH_LATEST),
         "Mon 07:00 created; Mon 10:00 set status=solved; Mon 11:00 set calendar=early",
         "Mon 12:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
    };
    CHECK(rows);
}

static void the_due_instant_follows_its_options(void **state)
{
    (void)state;
#define SOLVED_AT(when) "Mon 13:00 created; " when " set status=solved"
    static const clock_row rows[] = {
        {"due at the close", RESOLUTION, "Mon 13:00 created", "Mon 18:00", ACTIVE, 1, 0, 240, 0,
         .due = "Mon 17:00"},
        {"or at the next opening", {.kind = CSQ_METRIC_RESOLUTION,
                                    .due_edge = CSQ_DUE_EDGE_NEXT_OPEN},
         "Mon 13:00 created", "Mon 18:00", ACTIVE, 1, 0, 240, 0, .due = "Tue 09:00"},
        {"in the evening nothing more has elapsed", RESOLUTION, SOLVED_AT("Mon 20:00"),
         "Tue 12:00", COMPLETED, 1, 0, 240, 0, .due = "Mon 17:00", .stopped = "Mon 20:00"},
        {"but the instant is later than due", {.kind = CSQ_METRIC_RESOLUTION,
                                               .breach_compare = CSQ_BREACH_COMPARE_INSTANT},
         SOLVED_AT("Mon 20:00"), "Tue 12:00", COMPLETED, 1, 1, 240, 0, .due = "Mon 17:00",
         .stopped = "Mon 20:00"},
        {"and not later than the next opening", {.kind = CSQ_METRIC_RESOLUTION,
                                                 .due_edge = CSQ_DUE_EDGE_NEXT_OPEN,
                                                 .breach_compare = CSQ_BREACH_COMPARE_INSTANT},
         SOLVED_AT("Mon 20:00"), "Tue 12:00", COMPLETED, 1, 0, 240, 0, .due = "Tue 09:00",
         .stopped = "Mon 20:00"},
        {"paused exactly on target: nothing is due, resumed it is due now", RESOLUTION,
         "Mon 13:00 created; Mon 17:00 set status=pending", "Mon 18:00", PAUSED, 1, 0, 240, 0,
         .if_resumed = "Mon 18:00"},
    };
    CHECK(rows);
}

/* Solved on a ticket whose calendar never opens. */
static void a_calendar_that_never_opens_counts_nothing_unless_told(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"nothing counts, nothing is due", RESOLUTION, "Mon 09:00 created calendar=never",
         "Fri 09:00", ACTIVE, 1, 0, 0, 0, .due = NULL},
        {"or every instant counts", {.kind = CSQ_METRIC_RESOLUTION,
                                     .empty_calendar = CSQ_EMPTY_CALENDAR_WALL},
         "Mon 09:00 created calendar=never", "Mon 20:00", ACTIVE, 1, 1, 660, 0,
         .due = "Mon 13:00"},
        {"paused: not even if resumed", RESOLUTION,
         "Mon 09:00 created calendar=never; Mon 10:00 set status=pending", "Fri 09:00", PAUSED, 1,
         0, 0, 0, .due = NULL},
    };
    CHECK(rows);
}

/* ---- working days -------------------------------------------------------------------------- */

typedef struct workday_row {
    const char *rule;
    uint32_t days;
    uint32_t end_of_day;
    const char *events;
    const char *now;
    uint32_t breached;
    const char *due;
} workday_row;

static void working_days_are_dates_that_open(void **state)
{
    (void)state;
    static const workday_row rows[] = {
        {"the next working day, same time", 1, 0, "Mon 10:00 created", "Tue 10:00", 0,
         "Tue 10:00"},
        {"later is late", 1, 0, "Mon 10:00 created", "Tue 10:01", 1, "Tue 10:00"},
        {"over the weekend", 2, 0, "Thu 10:00 created", "Thu 11:00", 0, "Mon+ 10:00"},
        {"to the end of that day", 2, 1, "Thu 10:00 created", "Thu 11:00", 0, "Mon+ 17:00"},
        {"moved on by the open time of pauses", 1, 0,
         "Mon 10:00 created; Mon 16:00 set status=pending; Tue 10:00 set status=open", "Tue 11:00",
         0, "Tue 12:00"},
        {"met at the stop", 1, 0, "Mon 10:00 created; Tue 09:00 set status=solved", "Fri 12:00", 0,
         "Tue 10:00"},
        {"an edit to a time replaces no working days", 1, 0,
         "Mon 10:00 created; Mon 11:00 edit 1h", "Tue 10:00", 0, "Tue 10:00"},
        {"a calendar without a zone has no days: those of the target's own", 1, 1,
         "Mon 10:00 created calendar=always", "Tue 10:00", 0, "Tue 17:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const uint32_t metric = sla_add_metric(&world, (csq_metric)RESOLUTION);
        (void)sla_add_policy(&world, "policy", NULL);
        sla_add_target(&world, (csq_target){.metric = metric,
                                            .workdays = rows[i].days,
                                            .end_of_day = rows[i].end_of_day,
                                            .calendar = SLA_OFFICE});
        const csq_policies *policies = sla_build(&world);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_answer answer = sla_answer(policies, ticket, metric, sla_at(rows[i].now));
        if (answer.breached != rows[i].breached || answer.due_at != sla_at(rows[i].due)) {
            print_error("%s\n", rows[i].rule);
            show("due", answer.due_at, rows[i].due);
        }
        assert_int_equal(answer.breached, rows[i].breached);
        assert_ms_equal(answer.due_at, sla_at(rows[i].due));
        assert_int_equal(answer.workdays, rows[i].days);
        assert_ms_equal(answer.target_ms, CSQ_MS_NONE);
        assert_ms_equal(answer.remaining_ms, CSQ_MS_NONE);
        assert_ms_equal(answer.percent_hundredths, CSQ_MS_NONE);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- clocks of own conditions -------------------------------------------------------------- */

typedef struct own_row {
    const char *rule;
    uint32_t repeat;
    bool has_resume;
    bool has_reset;
    bool has_reopen;
    const char *events;
    const char *now;
    uint32_t phase;
    uint32_t cycle;
    int elapsed;
    int paused;
} own_row;

/*
 * Time with a team: started when the tag "team" comes, paused by a private note, resumed by a
 * message of the customer, reset by an escalation, stopped when the tag goes, cancelled by a split.
 */
static void check_own_row(const own_row *row)
{
    sla_world world;
    sla_open(&world);
    csq_schema *schema = world.schema;
    const int64_t team = test_code(schema, CSQ_TICKET_TAGS, "team");
    csq_condition *conditions[] = {
        sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_CHANGED_TO, team),
        sla_condition(schema, CSQ_TICKET_VISIBILITY, CSQ_TEST_IN, CSQ_VISIBILITY_PRIVATE),
        sla_condition(schema, CSQ_TICKET_AUTHOR, CSQ_TEST_IN, CSQ_AUTHOR_CUSTOMER),
        sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_CHANGED_FROM, team),
        sla_condition(schema, CSQ_TICKET_LEVEL, CSQ_TEST_CHANGED, 0),
        sla_condition(schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_SPLIT),
        sla_condition(schema, CSQ_TICKET_PROMISE, CSQ_TEST_CHANGED, 0)};
    const csq_metric metric = {.kind = CSQ_METRIC_CLOCK,
                               .start = conditions[0],
                               .pause = conditions[1],
                               .resume = row->has_resume ? conditions[2] : NULL,
                               .stop = conditions[3],
                               .reset = row->has_reset ? conditions[4] : NULL,
                               .cancel = conditions[5],
                               .reopen = row->has_reopen ? conditions[6] : NULL,
                               .repeat = row->repeat};
    const csq_policies *policies = sla_single(&world, metric, 0);
    csq_ticket *ticket = sla_ticket(schema, 1, row->events);
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at(row->now));
    const bool is_right = answer.phase == row->phase && answer.cycle == row->cycle &&
                          (answer.cycle == 0 || (is_minutes(answer.elapsed_ms, row->elapsed) &&
                                                 is_minutes(answer.paused_ms, row->paused)));
    if (!is_right) {
        print_error("%s: phase %u cycle %u elapsed %lld paused %lld\n", row->rule, answer.phase,
                    answer.cycle, (long long)(answer.elapsed_ms / MINUTE_MS),
                    (long long)(answer.paused_ms / MINUTE_MS));
    }
    assert_true(is_right);
    csq_ticket_free(ticket);
    sla_close(&world);
    for (size_t c = 0; c < sizeof conditions / sizeof conditions[0]; c++) {
        csq_condition_free(conditions[c]);
    }
}

static void a_clock_runs_by_its_own_conditions(void **state)
{
    (void)state;
    static const own_row rows[] = {
        {"it does not begin with the creation", 0, false, false, false, "Mon 09:00 created",
         "Mon 10:00", CSQ_PHASE_NOT_STARTED, 0, 0, 0},
        {"started by its condition", 0, false, false, false,
         "Mon 09:00 created; Mon 10:00 add team", "Mon 11:00", ACTIVE, 1, 60, 0},
        {"what does not change does not start again", 0, false, false, false,
         "Mon 09:00 created; Mon 10:00 add team; Mon 11:00 add team", "Mon 12:00", ACTIVE, 1, 120,
         0},
        {"a pause without a resume ends with its event", 0, false, false, false,
         "Mon 09:00 add team; Mon 10:00 reply agent private; Mon 11:00 reply agent", "Mon 12:00",
         ACTIVE, 1, 120, 60},
        {"with one it lasts until then", 0, true, false, false,
         "Mon 09:00 add team; Mon 10:00 reply agent private; Mon 11:00 reply agent; "
         "Mon 12:00 reply customer",
         "Mon 13:00", ACTIVE, 1, 120, 120},
        {"pause and resume at one event: resumed", 0, true, false, false,
         "Mon 09:00 add team; Mon 10:00 reply customer private", "Mon 11:00", ACTIVE, 1, 120, 0},
        {"a reset completes and starts anew", 0, false, true, false,
         "Mon 09:00 add team; Mon 10:00 escalate 1; Mon 12:00 escalate 2", "Mon 13:00", ACTIVE, 3,
         60, 0},
        {"stopped", 0, false, false, false, "Mon 09:00 add team; Mon 10:00 remove team",
         "Mon 13:00", COMPLETED, 1, 60, 0},
        {"once only", 0, false, false, false,
         "Mon 09:00 add team; Mon 10:00 remove team; Mon 11:00 add team", "Mon 13:00", COMPLETED,
         1, 60, 0},
        {"or again", 1, false, false, false,
         "Mon 09:00 add team; Mon 10:00 remove team; Mon 11:00 add team", "Mon 13:00", ACTIVE, 2,
         120, 0},
        {"reopened by its own condition", 0, false, false, true,
         "Mon 09:00 add team; Mon 10:00 remove team; Mon 11:00 promise 1", "Mon 13:00", ACTIVE, 1,
         180, 0},
        {"cancelled", 1, false, false, false,
         "Mon 09:00 add team; Mon 10:00 split 9; Mon 11:00 remove team; Mon 12:00 add team",
         "Mon 13:00", CANCELLED, 1, 60, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_own_row(&rows[i]);
    }
}

/* Whether a set is empty depends on members that no rule names, too. */
static void a_clock_minds_tags_that_no_rule_names(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_condition *absent = sla_condition(world.schema, CSQ_TICKET_TAGS, CSQ_TEST_ABSENT, 0);
    const csq_policies *policies = sla_single(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .pause = absent}, 0);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1,
                   "Mon 09:00 created; Mon 10:00 add x; Mon 10:30 add x; Mon 11:00 add y; "
                   "Mon 12:00 remove x; Mon 12:30 remove z; Mon 13:00 remove y");
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 14:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_PAUSED);
    assert_ms_equal(answer.elapsed_ms, 3 * HOUR_MS); // 10 to 13
    assert_ms_equal(answer.paused_ms, 2 * HOUR_MS);
    csq_ticket_free(ticket);
    csq_condition_free(absent);
    sla_close(&world);
}

/* Twenty attributes change at once; what changed then has not changed at the next event. */
static void one_update_may_change_many_attributes(void **state)
{
    (void)state;
    enum { MANY = 20 };
    sla_world world;
    sla_open(&world);
    uint32_t attributes[MANY];
    csq_condition_builder *builder;
    csq_condition *all_changed;
    assert_status(CSQ_OK, csq_condition_builder_new(world.schema, NULL, &builder, NULL));
    for (uint32_t i = 0; i < MANY; i++) {
        const char name[] = {'f', (char)('a' + i), '\0'};
        assert_status(CSQ_OK, csq_schema_add(world.schema, csq_str_of(name),
                                             CSQ_ATTRIBUTE_INTEGER, &attributes[i], NULL));
        const csq_test test = {
            .size = sizeof test, .attribute = attributes[i], .op = CSQ_TEST_CHANGED};
        assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    }
    assert_status(CSQ_OK, csq_condition_push_all(builder, MANY, NULL));
    assert_status(CSQ_OK, csq_condition_build(builder, &all_changed, NULL));
    csq_condition_builder_free(builder);
    csq_condition *changed = sla_condition(world.schema, attributes[MANY - 1], CSQ_TEST_CHANGED, 0);
    const csq_policies *policies = sla_single(
        &world, (csq_metric){.kind = CSQ_METRIC_CLOCK, .start = all_changed, .pause = changed}, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    for (uint32_t i = 0; i < MANY; i++) {
        csq_ticket_event event =
            test_setting(CSQ_EVENT_CHANGE, sla_at("Mon 10:00"), 10 + i, attributes[i], 7);
        event.joined = 1;
        test_apply(ticket, event);
    }
    test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, sla_at("Mon 11:00"), 50, attributes[0], 8));
    const csq_answer started = sla_answer(policies, ticket, 0, sla_at("Mon 10:30"));
    assert_ms_equal(started.started_at, sla_at("Mon 10:00"));
    assert_int_equal(started.phase, CSQ_PHASE_PAUSED); // the last one changed
    const csq_answer later = sla_answer(policies, ticket, 0, sla_at("Mon 11:30"));
    assert_int_equal(later.phase, CSQ_PHASE_ACTIVE); // and did not with the first
    csq_ticket_free(ticket);
    csq_condition_free(changed);
    csq_condition_free(all_changed);
    sla_close(&world);
}

static void a_clock_may_wait_for_an_assignee(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_condition *created =
        sla_condition(world.schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_CREATED);
    csq_condition *owned =
        sla_condition(world.schema, CSQ_TICKET_ASSIGNEE, CSQ_TEST_CHANGED, 0);
    const csq_policies *policies = sla_single(
        &world, (csq_metric){.kind = CSQ_METRIC_CLOCK, .start = created, .stop = owned}, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 09:00 created; Mon 10:00 reply agent; "
                                    "Mon 11:00 set assignee=王芳");
    const csq_answer before = sla_answer(policies, ticket, 0, sla_at("Mon 10:30"));
    assert_int_equal(before.phase, CSQ_PHASE_ACTIVE);
    const csq_answer after = sla_answer(policies, ticket, 0, sla_at("Mon 12:00"));
    assert_ms_equal(after.stopped_at, sla_at("Mon 11:00"));
    assert_ms_equal(after.elapsed_ms, 2 * HOUR_MS);
    csq_ticket_free(ticket);
    csq_condition_free(owned);
    csq_condition_free(created);
    sla_close(&world);
}

/* ---- which policy holds -------------------------------------------------------------------- */

static void the_first_policy_that_matches_holds(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(&world, (csq_metric)CHANGE(CSQ_ON_CHANGE_CARRY));
    csq_condition *high =
        sla_condition(world.schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world.high);
    csq_condition *tier2 =
        sla_condition(world.schema, CSQ_TICKET_GROUP, CSQ_TEST_IN, world.tier2);
    for (uint32_t p = 0; p < 3; p++) {
        static const char *const names[] = {"high", "tier2", "named"};
        csq_condition *matches[] = {high, tier2, sla_condition(world.schema, CSQ_TICKET_TAGS,
                                                               CSQ_TEST_ABSENT, 0)};
        const uint32_t policy = sla_add_policy(&world, names[p], matches[p]);
        assert_int_equal(policy, p);
        sla_add_target(&world, (csq_target){.metric = metric,
                                            .within_ms = (p + 1) * HOUR_MS,
                                            .calendar = SLA_OFFICE});
        csq_condition_free(matches[2]);
    }
    const csq_policies *policies = sla_build(&world);
    static const struct {
        const char *rule;
        const char *events;
        uint32_t policy; /* CSQ_NO_INDEX: none */
        int target;      /* hours */
    } rows[] = {
        {"first", "Mon 09:00 created priority=high group=tier2", 0, 1},
        {"second", "Mon 09:00 created group=tier2", 1, 2},
        {"third", "Mon 09:00 created", 2, 3},
        {"the third matches no more, but stays", "Mon 09:00 created; Mon 09:00 add vip", 2, 3},
        {"attached by name", "Mon 09:00 created group=tier2 policy=named", 2, 3},
        {"attached by an event", "Mon 09:00 created group=tier2; Mon 10:00 attach policy=high", 0,
         1},
        {"a name that is no policy", "Mon 09:00 created policy=gold group=tier2", 1, 2},
        {"a change of what matches", "Mon 09:00 created; Mon 09:30 set group=tier2", 1, 2},
        {"no policy any more: the last one stays",
         "Mon 09:00 created group=tier2; Mon 09:10 add vip; Mon 09:20 set group=", 1, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_answer answer = sla_answer(policies, ticket, metric, sla_at("Mon 10:00"));
        if (answer.policy != rows[i].policy) {
            print_error("%s: policy %d\n", rows[i].rule, (int)answer.policy);
        }
        assert_int_equal(answer.policy, rows[i].policy);
        assert_ms_equal(answer.target_ms, rows[i].target * HOUR_MS);
        csq_ticket_free(ticket);
    }
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 08:00 add vip; Mon 09:00 set status=");
    const csq_answer none = sla_answer(policies, ticket, metric, sla_at("Mon 10:00"));
    assert_int_equal(none.phase, CSQ_PHASE_NOT_APPLICABLE);
    assert_int_equal(none.policy, CSQ_NO_INDEX);
    csq_ticket_free(ticket);
    csq_condition_free(high);
    csq_condition_free(tier2);
    sla_close(&world);
}

/* No agreement at first: the clock runs unseen and is measured from its start once there is one. */
static void a_late_agreement_counts_from_the_start(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(&world, (csq_metric)RESOLUTION);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.metric = metric,
                                        .attribute = CSQ_TICKET_PRIORITY,
                                        .code = world.high,
                                        .within_ms = 2 * HOUR_MS,
                                        .calendar = SLA_OFFICE});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 07:00 created; Mon 10:00 set priority=high");
    csq_answer answer = sla_answer(policies, ticket, metric, sla_at("Mon 09:30"));
    assert_int_equal(answer.phase, CSQ_PHASE_NOT_APPLICABLE);
    answer = sla_answer(policies, ticket, metric, sla_at("Mon 10:30"));
    assert_int_equal(answer.phase, ACTIVE);
    assert_ms_equal(answer.elapsed_ms, 90 * MINUTE_MS); // 9:00 to 10:30
    assert_ms_equal(answer.due_at, sla_at("Mon 11:00"));
    csq_ticket_free(ticket);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits_touch_the_cycles_of_their_scope),
        cmocka_unit_test(a_changed_agreement_acts_as_the_option_says),
        cmocka_unit_test(a_changed_calendar_acts_as_the_option_says),
        cmocka_unit_test(the_due_instant_follows_its_options),
        cmocka_unit_test(a_calendar_that_never_opens_counts_nothing_unless_told),
        cmocka_unit_test(working_days_are_dates_that_open),
        cmocka_unit_test(a_clock_runs_by_its_own_conditions),
        cmocka_unit_test(a_clock_minds_tags_that_no_rule_names),
        cmocka_unit_test(one_update_may_change_many_attributes),
        cmocka_unit_test(a_clock_may_wait_for_an_assignee),
        cmocka_unit_test(the_first_policy_that_matches_holds),
        cmocka_unit_test(a_late_agreement_counts_from_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
