/*
 * test_clock_options — kinds and options of metrics beyond those of test_clock and
 * test_clock_terms: each changes the answer to a history. See clock_rows.h. The rows of the
 * examples in docs/clocks.md carry the name of the option.
 */
#include "clock_rows.h"
#include <stdio.h>

static const uint32_t first_code = 1;

/* ---- kinds --------------------------------------------------------------------------------- */

static void kinds_of_resolution_differ_in_pauses_and_reopening(void **state)
{
    (void)state;
#define REOPENED                                                                                   \
    "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=open; "                 \
    "Mon 12:00 set status=solved; Mon 13:00 set status=open"
    static const clock_row rows[] = {
        {"a wait pauses while the customer has it", {.kind = CSQ_METRIC_REQUESTER_WAIT}, REOPENED,
         "Mon 14:00", ACTIVE, 1, 0, 180, 60, .due = "Mon 15:00"},
        {"a total resolution never does", {.kind = CSQ_METRIC_TOTAL_RESOLUTION}, REOPENED,
         "Mon 14:00", ACTIVE, 1, 0, 240, 0, .due = "Mon 14:00"},
        {"nor does it know statuses that it runs in",
         {.kind = CSQ_METRIC_TOTAL_RESOLUTION, .run_statuses = &first_code, .n_run_statuses = 1},
         REOPENED, "Mon 14:00", ACTIVE, 1, 0, 240, 0, .due = "Mon 14:00"},
        {"a first resolution stands", {.kind = CSQ_METRIC_FIRST_RESOLUTION}, REOPENED, "Mon 14:00",
         COMPLETED, 1, 0, 120, 60, .due = "Mon 14:00", .stopped = "Mon 12:00"},
        {"unless told otherwise",
         {.kind = CSQ_METRIC_FIRST_RESOLUTION, .reopen_mode = CSQ_REOPEN_RESUME}, REOPENED,
         "Mon 14:00", ACTIVE, 1, 0, 180, 60, .due = "Mon 15:00"},
        {"work runs in its own statuses", {.kind = CSQ_METRIC_AGENT_WORK},
         "Mon 09:00 created status=new; Mon 10:00 set status=waiting; "
         "Mon 12:00 set status=working",
         "Mon 13:00", ACTIVE, 1, 0, 120, 120, .due = "Mon 15:00"},
        {"and without a status in none of them", {.kind = CSQ_METRIC_AGENT_WORK},
         "Mon 09:00 created; Mon 10:00 set status=working; Mon 11:00 set status=", "Mon 12:00",
         PAUSED, 1, 0, 60, 120, .if_resumed = "Mon 15:00"},
    };
    CHECK(rows);
}

static void a_ticket_is_acknowledged_by_what_an_agent_does(void **state)
{
    (void)state;
#define ACKNOWLEDGE {.kind = CSQ_METRIC_ACKNOWLEDGE}
    static const clock_row rows[] = {
        {"by a note", ACKNOWLEDGE, "Mon 09:00 created customer; Mon 10:00 reply agent private",
         "Mon 14:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"by a change of the level", ACKNOWLEDGE, "Mon 09:00 created; Mon 10:00 escalate agent 2",
         "Mon 14:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"by being assigned", ACKNOWLEDGE, "Mon 09:00 created; Mon 10:00 set assignee=ann",
         "Mon 14:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"at once if it was created with an assignee", ACKNOWLEDGE,
         "Mon 09:00 created assignee=ann", "Mon 14:00", COMPLETED, 1, 0, 0, 0, .due = "Mon 13:00",
         .stopped = "Mon 09:00"},
        {"not by being created by an agent", ACKNOWLEDGE, "Mon 09:00 created agent", "Mon 10:00",
         ACTIVE, 1, 0, 60, 0, .due = "Mon 13:00"},
        {"not by a bot or the customer", ACKNOWLEDGE,
         "Mon 09:00 created; Mon 09:30 reply bot; Mon 09:40 reply customer", "Mon 10:00", ACTIVE,
         1, 0, 60, 0, .due = "Mon 13:00"},
        {"a solve takes it into account", ACKNOWLEDGE,
         "Mon 09:00 created; Mon 11:00 set status=solved", "Mon 14:00", COMPLETED, 1, 0, 120, 0,
         .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"unless told otherwise",
         {.kind = CSQ_METRIC_ACKNOWLEDGE, .on_solved = CSQ_ON_SOLVED_KEEP},
         "Mon 09:00 created; Mon 11:00 set status=solved", "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
        {"or cancels it", {.kind = CSQ_METRIC_ACKNOWLEDGE, .on_solved = CSQ_ON_SOLVED_CANCEL},
         "Mon 09:00 created; Mon 11:00 set status=solved", "Mon 12:00", CANCELLED, 1, 0, 120, 0,
         .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"a reopen starts nothing", ACKNOWLEDGE,
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 set status=open", "Mon 12:00",
         COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"an assignee who was there before the attach is there at the start",
         {.kind = CSQ_METRIC_ACKNOWLEDGE, .attach = CSQ_ATTACH_FROM},
         "Mon 09:00 created assignee=ann; Mon 10:00 attach agent", "Mon 11:00", COMPLETED, 1, 0, 0,
         0, .due = "Mon 14:00", .stopped = "Mon 10:00"},
        {"the attach itself acknowledges nothing",
         {.kind = CSQ_METRIC_ACKNOWLEDGE, .attach = CSQ_ATTACH_FROM},
         "Mon 09:00 created; Mon 10:00 attach agent", "Mon 11:00", ACTIVE, 1, 0, 60, 0,
         .due = "Mon 14:00"},
    };
    CHECK(rows);
}

static void a_ticket_is_assigned_once(void **state)
{
    (void)state;
#define ASSIGN {.kind = CSQ_METRIC_ASSIGN}
    static const clock_row rows[] = {
        {"to its first assignee", ASSIGN,
         "Mon 09:00 created; Mon 10:00 reply agent; Mon 11:00 set assignee=ann", "Mon 14:00",
         COMPLETED, 1, 0, 120, 0, .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"at once if it was created with one", ASSIGN, "Mon 09:00 created assignee=ann",
         "Mon 14:00", COMPLETED, 1, 0, 0, 0, .due = "Mon 13:00", .stopped = "Mon 09:00"},
        {"taking the assignee away changes nothing", ASSIGN,
         "Mon 09:00 created; Mon 10:00 set assignee=ann; Mon 11:00 set assignee=; "
         "Mon 12:00 set assignee=ben",
         "Mon 14:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"pauses hold", ASSIGN, "Mon 09:00 created status=hold; Mon 11:00 set status=open",
         "Mon 12:00", ACTIVE, 1, 0, 60, 120, .due = "Mon 15:00"},
        {"a solve without an assignee completes", ASSIGN,
         "Mon 09:00 created; Mon 10:00 set status=closed", "Mon 14:00", COMPLETED, 1, 0, 60, 0,
         .due = "Mon 13:00", .stopped = "Mon 10:00"},
    };
    CHECK(rows);
}

/* A clock that runs in `new` and not in `hold`, whatever else it is. */
static void a_clock_runs_in_its_run_statuses_and_not_in_its_pause_statuses(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        uint32_t phase;
    } rows[] = {{"new", ACTIVE}, {"hold", PAUSED}, {"working", PAUSED}, {"", PAUSED}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        csq_metric metric = sla_metric(&world, (csq_metric)RESOLUTION);
        const uint32_t runs[] = {world.run_statuses[0], world.pause_statuses[1]};
        metric.run_statuses = runs;
        metric.n_run_statuses = 2;
        const csq_policies *policies = sla_single(&world, metric, 0);
        char events[80];
        snprintf(events, sizeof events, "Mon 09:00 created; Mon 09:00 set status=%s",
                 rows[i].status);
        csq_ticket *ticket = sla_ticket(world.schema, 1, events);
        assert_int_equal(sla_answer(policies, ticket, 0, sla_at("Mon 10:00")).phase,
                         rows[i].phase);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- replies ------------------------------------------------------------------------------- */

#define NOTES(what) {.kind = (what), .count_notes = 1}
#define BOTS(what) {.kind = (what), .count_bots = 1}

static void notes_and_bots_reply_if_the_options_say_so(void **state)
{
    (void)state;
#define NOTED "Mon 09:00 created customer; Mon 10:00 reply agent private"
#define BOT "Mon 09:00 created customer; Mon 10:00 reply bot"
    static const clock_row rows[] = {
        {"a note is no reply", {.kind = CSQ_METRIC_FIRST_REPLY}, NOTED, "Mon 11:00", ACTIVE, 1, 0,
         120, 0, .due = "Mon 13:00"},
        {"or it is", NOTES(CSQ_METRIC_FIRST_REPLY), NOTED, "Mon 11:00", COMPLETED, 1, 0, 60, 0,
         .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"public replies still count", NOTES(CSQ_METRIC_FIRST_REPLY),
         "Mon 09:00 created customer; Mon 10:00 reply agent", "Mon 11:00", COMPLETED, 1, 0, 60, 0,
         .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"notes of the customer do not", NOTES(CSQ_METRIC_FIRST_REPLY),
         "Mon 09:00 created; Mon 10:00 reply customer private", "Mon 11:00", ACTIVE, 1, 0, 120, 0,
         .due = "Mon 13:00"},
        {"a bot is nobody", {.kind = CSQ_METRIC_FIRST_REPLY}, BOT, "Mon 11:00", ACTIVE, 1, 0, 120,
         0, .due = "Mon 13:00"},
        {"or somebody", BOTS(CSQ_METRIC_FIRST_REPLY), BOT, "Mon 11:00", COMPLETED, 1, 0, 60, 0,
         .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"notes of bots never count",
         {.kind = CSQ_METRIC_FIRST_REPLY, .count_notes = 1, .count_bots = 1},
         "Mon 09:00 created; Mon 10:00 reply bot private", "Mon 11:00", ACTIVE, 1, 0, 120, 0,
         .due = "Mon 13:00"},
        {"a note lets next replies begin", NOTES(CSQ_METRIC_NEXT_REPLY),
         NOTED "; Mon 11:00 reply customer", "Mon 12:00", ACTIVE, 1, 0, 60, 0,
         .due = "Mon 15:00"},
        {"which otherwise wait for a reply", {.kind = CSQ_METRIC_NEXT_REPLY},
         NOTED "; Mon 11:00 reply customer", "Mon 12:00", NOT_STARTED, 0, 0, 0, 0, .due = NULL},
        {"a bot lets next replies begin", BOTS(CSQ_METRIC_NEXT_REPLY),
         BOT "; Mon 11:00 reply customer", "Mon 12:00", ACTIVE, 1, 0, 60, 0, .due = "Mon 15:00"},
        {"a note is an update", NOTES(CSQ_METRIC_PERIODIC_UPDATE),
         NOTED "; Mon 12:00 reply agent private", "Mon 13:00", ACTIVE, 2, 0, 60, 0,
         .due = "Mon 16:00"},
        {"a bot gives updates", BOTS(CSQ_METRIC_PAUSABLE_UPDATE), BOT, "Mon 13:00", ACTIVE, 1, 0,
         180, 0, .due = "Mon 14:00"},
    };
    CHECK(rows);
}

/* ---- lateness ------------------------------------------------------------------------------ */

#define LATE_AT(compare) {.kind = CSQ_METRIC_RESOLUTION, .at_target = CSQ_AT_TARGET_LATE,          \
                          .breach_compare = (compare)}

static void exactly_on_target_is_late_if_the_option_says_so(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"in time", RESOLUTION, "Mon 09:00 created", "Mon 13:00", ACTIVE, 1, 0, 240, 0,
         .due = "Mon 13:00"},
        {"late", LATE_AT(0), "Mon 09:00 created", "Mon 13:00", ACTIVE, 1, 1, 240, 0,
         .due = "Mon 13:00"},
        {"not a moment earlier", LATE_AT(0), "Mon 09:00 created", "Mon 12:59", ACTIVE, 1, 0, 239,
         0, .due = "Mon 13:00"},
        {"late, solved on target", LATE_AT(0), "Mon 09:00 created; Mon 13:00 set status=solved",
         "Tue 09:00", COMPLETED, 1, 1, 240, 0, .due = "Mon 13:00", .stopped = "Mon 13:00"},
        {"late by instants too", LATE_AT(CSQ_BREACH_COMPARE_INSTANT),
         "Mon 09:00 created; Mon 13:00 set status=solved", "Tue 09:00", COMPLETED, 1, 1, 240, 0,
         .due = "Mon 13:00", .stopped = "Mon 13:00"},
        {"paused on target", LATE_AT(0), "Mon 09:00 created; Mon 13:00 set status=pending",
         "Mon 14:00", PAUSED, 1, 1, 240, 60, .due = "Mon 13:00"},
        {"paused on target, by instants", LATE_AT(CSQ_BREACH_COMPARE_INSTANT),
         "Mon 09:00 created; Mon 13:00 set status=pending", "Mon 14:00", PAUSED, 1, 1, 240, 60,
         .due = "Mon 13:00"},
        {"paused before", LATE_AT(0), "Mon 09:00 created; Mon 12:00 set status=pending",
         "Mon 14:00", PAUSED, 1, 0, 180, 120, .if_resumed = "Mon 15:00"},
        {"late in the night after the last minute", LATE_AT(0), "Mon 13:00 created", "Mon 20:00",
         ACTIVE, 1, 1, 240, 0, .due = "Mon 17:00"},
    };
    CHECK(rows);
}

/* The answer announces the instant at which it will be late: the target, or right after it. */
static void the_next_change_is_the_breach_on_target_or_after_it(void **state)
{
    (void)state;
    for (uint32_t compare = CSQ_BREACH_COMPARE_ELAPSED; compare <= CSQ_BREACH_COMPARE_INSTANT;
         compare++) {
        for (uint32_t at = CSQ_AT_TARGET_IN_TIME; at <= CSQ_AT_TARGET_LATE; at++) {
            sla_world world;
            sla_open(&world);
            const csq_policies *policies = sla_single(
                &world,
                (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .at_target = at,
                             .breach_compare = compare},
                0);
            csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
            const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
            assert_ms_equal(answer.next_change_at,
                            sla_at("Mon 13:00") + (at == CSQ_AT_TARGET_IN_TIME));
            csq_ticket_free(ticket);
            sla_close(&world);
        }
    }
}

static void a_due_day_is_late_when_it_is_reached(void **state)
{
    (void)state;
    for (uint32_t at = CSQ_AT_TARGET_IN_TIME; at <= CSQ_AT_TARGET_LATE; at++) {
        sla_world world;
        sla_open(&world);
        (void)sla_add_metric(&world,
                             (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .at_target = at});
        (void)sla_add_policy(&world, "policy", NULL);
        sla_add_target(&world, (csq_target){.workdays = 1, .calendar = SLA_OFFICE});
        const csq_policies *policies = sla_build(&world);
        csq_ticket *ticket =
            sla_ticket(world.schema, 1, "Mon 10:00 created; Tue 10:00 set status=solved");
        const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Wed 10:00"));
        assert_ms_equal(answer.due_at, sla_at("Tue 10:00"));
        assert_int_equal(answer.breached, at == CSQ_AT_TARGET_LATE);
        csq_tally *tally;
        assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tally, NULL));
        assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Wed 10:00"), NULL));
        assert_ms_equal(sla_row(tally, 0).missed, at == CSQ_AT_TARGET_LATE);
        csq_tally_free(tally);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- agreements ---------------------------------------------------------------------------- */

/* One policy, 2 h of office time, for tickets that are tagged vip. */
static csq_policies *for_vips(sla_world *world, csq_metric metric)
{
    csq_condition *vip = sla_condition(world->schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS,
                                       test_code(world->schema, CSQ_TICKET_TAGS, "vip"));
    (void)sla_add_metric(world, metric);
    (void)sla_add_policy(world, "vip", vip);
    sla_add_target(world, (csq_target){.within_ms = 2 * HOUR_MS, .calendar = SLA_OFFICE});
    csq_condition_free(vip);
    return sla_build(world);
}

typedef struct match_row {
    csq_metric metric;
    const char *now;
    uint32_t phase;
    uint32_t cycle;
    int elapsed; /* minutes */
    uint64_t counted;
} match_row;

#define DETACH(change) {.kind = CSQ_METRIC_RESOLUTION, .on_no_match = CSQ_ON_NO_MATCH_DETACH,      \
                        .on_change = (change), .reopen_mode = CSQ_REOPEN_NEW_CYCLE}

/* Matched from 9 to 10 and from 12 on; solved at 13, no match from 13:30, reopened at 14. */
static void without_a_match_there_may_be_no_agreement(void **state)
{
    (void)state;
    enum { NONE = CSQ_PHASE_NOT_APPLICABLE };
    static const match_row rows[] = {
        {RESOLUTION, "Mon 11:00", ACTIVE, 1, 120, 1},
        {DETACH(0), "Mon 09:30", ACTIVE, 1, 30, 1},
        {DETACH(0), "Mon 11:00", NONE, 0, 0, 0},
        {DETACH(0), "Mon 12:30", ACTIVE, 1, 210, 1},
        {DETACH(CSQ_ON_CHANGE_CARRY), "Mon 12:30", ACTIVE, 1, 210, 1},
        {DETACH(CSQ_ON_CHANGE_RESTART), "Mon 12:30", ACTIVE, 1, 210, 1},
        {DETACH(CSQ_ON_CHANGE_RETROACTIVE), "Mon 12:30", ACTIVE, 1, 210, 1},
        {DETACH(0), "Mon 13:45", COMPLETED, 1, 240, 1},
        {DETACH(0), "Mon 15:00", NONE, 0, 0, 1}, // of the first cycle
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = for_vips(&world, rows[i].metric);
        csq_ticket *ticket = sla_ticket(
            world.schema, 1,
            "Mon 09:00 created; Mon 09:00 add vip; Mon 10:00 remove vip; Mon 12:00 add vip; "
            "Mon 13:00 set status=solved; Mon 13:30 remove vip; Mon 14:00 set status=open");
        const csq_ms now = sla_at(rows[i].now);
        const csq_answer answer = sla_answer(policies, ticket, 0, now);
        assert_int_equal(answer.phase, rows[i].phase);
        if (rows[i].phase == NONE) {
            assert_int_equal(answer.policy, CSQ_NO_INDEX);
            assert_int_equal(answer.calendar, CSQ_NO_CALENDAR);
            assert_int_equal(answer.in_hours, 1);
        } else {
            assert_int_equal(answer.cycle, rows[i].cycle);
            assert_true(is_minutes(answer.elapsed_ms, rows[i].elapsed));
            assert_int_equal(answer.policy, 0);
        }
        csq_tally *tally;
        assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tally, NULL));
        assert_status(CSQ_OK, csq_tally_add(tally, ticket, now, NULL));
        assert_ms_equal(csq_tally_count(tally), rows[i].counted);
        csq_tally_free(tally);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

static void an_edit_is_gone_with_the_agreement(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = for_vips(&world, (csq_metric)DETACH(0));
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 09:00 created; Mon 09:00 add vip; Mon 09:30 edit 7h; "
                                    "Mon 10:00 remove vip; Mon 11:00 add vip");
    assert_ms_equal(sla_answer(policies, ticket, 0, sla_at("Mon 09:45")).target_ms, 7 * HOUR_MS);
    assert_ms_equal(sla_answer(policies, ticket, 0, sla_at("Mon 11:45")).target_ms, 2 * HOUR_MS);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* ---- ownership, merges --------------------------------------------------------------------- */

#define VISITS(mode, again)                                                                        \
    {.kind = CSQ_METRIC_OWNERSHIP, .visits = (mode), .reopen_mode = (again)}

static void visits_are_cycles_or_one_sum(void **state)
{
    (void)state;
#define VISITED                                                                                    \
    "Mon 09:00 created group=tier2; Mon 10:00 set group=tier1; Mon 12:00 set group=tier2"
    static const clock_row rows[] = {
        {"each", VISITS(0, 0), VISITED, "Mon 13:00", ACTIVE, 2, 0, 60, 0, .due = "Mon 16:00"},
        {"sum", VISITS(CSQ_VISITS_SUM, 0), VISITED, "Mon 13:00", ACTIVE, 1, 0, 120, 0,
         .due = "Mon 15:00"},
        {"sum, between visits", VISITS(CSQ_VISITS_SUM, 0), VISITED, "Mon 11:00", COMPLETED, 1, 0,
         60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"sum, the time in between counted", VISITS(CSQ_VISITS_SUM, CSQ_REOPEN_RESUME_COUNTING),
         VISITED, "Mon 13:00", ACTIVE, 1, 0, 240, 0, .due = "Mon 13:00"},
        {"the first visit alone", VISITS(CSQ_VISITS_SUM, CSQ_REOPEN_NOTHING), VISITED,
         "Mon 13:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"a solve ends a visit, a reopen begins the next", VISITS(CSQ_VISITS_SUM, 0),
         "Mon 09:00 created group=tier2; Mon 10:00 set status=solved; Mon 12:00 set status=open",
         "Mon 13:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 15:00"},
    };
    CHECK(rows);
}

static void a_merge_acts_as_the_option_says(void **state)
{
    (void)state;
#define MERGED(mode) {.kind = CSQ_METRIC_RESOLUTION, .on_merge = (mode)}
#define MERGED_AT_10 "Mon 09:00 created; Mon 10:00 merge 7"
    static const clock_row rows[] = {
        {"cancel", MERGED(0), MERGED_AT_10, "Mon 14:00", CANCELLED, 1, 0, 60, 0,
         .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"complete", MERGED(CSQ_ON_MERGE_COMPLETE), MERGED_AT_10, "Mon 14:00", COMPLETED, 1, 0, 60,
         0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"keep: both go on", MERGED(CSQ_ON_MERGE_KEEP), MERGED_AT_10, "Mon 14:00", ACTIVE, 1, 1,
         300, 0, .due = "Mon 13:00"},
        {"what was complete stays", MERGED(CSQ_ON_MERGE_COMPLETE),
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 merge 7", "Mon 14:00",
         COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
    };
    CHECK(rows);
}

/* ---- calendars that never open ------------------------------------------------------------- */

static csq_status built_with(csq_metric metric, uint32_t calendar, csq_error *error)
{
    sla_world world;
    sla_open(&world);
    csq_policies *policies = (csq_policies *)&world;
    metric.empty_calendar = CSQ_EMPTY_CALENDAR_ERROR;
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY,
                                              .name = csq_str_of("other")});
    (void)sla_add_metric(&world, metric);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.metric = 1,
                                        .attribute = CSQ_TICKET_PRIORITY,
                                        .code = world.high,
                                        .within_ms = HOUR_MS,
                                        .calendar = calendar});
    sla_add_target(&world,
                   (csq_target){.metric = 0, .within_ms = HOUR_MS, .calendar = SLA_NEVER});
    const csq_status status = csq_policies_build(world.builder, &policies, error);
    if (status == CSQ_OK) {
        csq_policies_free(policies);
    } else {
        assert_null(policies);
    }
    sla_close(&world);
    return status;
}

static void a_calendar_that_never_opens_may_be_refused(void **state)
{
    (void)state;
    csq_error error = {0};
    const csq_metric first = {.kind = CSQ_METRIC_RESOLUTION,
                              .calendar_switch = CSQ_CALENDAR_SWITCH_FIRST};
    assert_status(CSQ_ENEVER, built_with(first, SLA_NEVER, &error));
    assert_ms_equal(error.index, 1);
    assert_non_null(strstr(error.message, "\"metric\""));
    assert_non_null(strstr(error.message, "\"never\""));
    assert_status(CSQ_ENEVER, built_with(first, SLA_NEVER, NULL));
    assert_status(CSQ_OK, built_with(first, SLA_OFFICE, &error));
    assert_status(CSQ_OK, built_with(first, CSQ_NO_CALENDAR, &error));
    // A ticket may name it.
    assert_status(CSQ_ENEVER, built_with((csq_metric)RESOLUTION, SLA_OFFICE, &error));
    const csq_metric wall = {.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1};
    assert_status(CSQ_OK, built_with(wall, SLA_NEVER, &error));
}

/* Rows of docs/clocks.md that no other test has. */
static void examples_of_the_page_are_right(void **state)
{
    (void)state;
#define OPENED_BY_AGENT "Mon 09:00 created agent; Mon 10:00 reply customer"
#define SOLVED_WITHOUT_REPLY "Mon 09:00 created customer; Mon 11:00 set status=solved"
#define FIRST_REPLY(option, value) {.kind = CSQ_METRIC_FIRST_REPLY, .option = (value)}
    static const clock_row rows[] = {
        {"first message", FIRST_REPLY(start_mode, CSQ_START_FIRST_MESSAGE), OPENED_BY_AGENT,
         "Mon 12:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 14:00"},
        {"creation", FIRST_REPLY(start_mode, 0), OPENED_BY_AGENT, "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
        {"include first", {.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1},
         "Mon 09:00 created customer", "Mon 11:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 13:00"},
        {"not included", {.kind = CSQ_METRIC_NEXT_REPLY}, "Mon 09:00 created customer",
         "Mon 11:00", NOT_STARTED, 0, 0, 0, 0, .due = NULL},
        {"solved: complete", FIRST_REPLY(on_solved, CSQ_ON_SOLVED_COMPLETE), SOLVED_WITHOUT_REPLY,
         "Mon 12:00", COMPLETED, 1, 0, 120, 0, .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"solved: cancel", FIRST_REPLY(on_solved, CSQ_ON_SOLVED_CANCEL), SOLVED_WITHOUT_REPLY,
         "Mon 12:00", CANCELLED, 1, 0, 120, 0, .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"solved: keep", FIRST_REPLY(on_solved, 0), SOLVED_WITHOUT_REPLY, "Mon 12:00", ACTIVE, 1, 0,
         180, 0, .due = "Mon 13:00"},
        {"keep", CHANGE(0), "Mon 16:00 created; Mon 22:00 set priority=urgent", "Mon 23:00", ACTIVE,
         1, 0, 60, 0, .due = "Tue 12:00"},
        {"wall time", {.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1}, "Mon 16:00 created",
         "Mon 22:00", ACTIVE, 1, 1, 360, 0, .due = "Mon 20:00"},
        {"calendar time", RESOLUTION, "Mon 16:00 created", "Mon 22:00", ACTIVE, 1, 0, 60, 0,
         .due = "Tue 12:00"},
    };
    CHECK(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_of_resolution_differ_in_pauses_and_reopening),
        cmocka_unit_test(a_ticket_is_acknowledged_by_what_an_agent_does),
        cmocka_unit_test(a_ticket_is_assigned_once),
        cmocka_unit_test(a_clock_runs_in_its_run_statuses_and_not_in_its_pause_statuses),
        cmocka_unit_test(notes_and_bots_reply_if_the_options_say_so),
        cmocka_unit_test(exactly_on_target_is_late_if_the_option_says_so),
        cmocka_unit_test(the_next_change_is_the_breach_on_target_or_after_it),
        cmocka_unit_test(a_due_day_is_late_when_it_is_reached),
        cmocka_unit_test(without_a_match_there_may_be_no_agreement),
        cmocka_unit_test(an_edit_is_gone_with_the_agreement),
        cmocka_unit_test(visits_are_cycles_or_one_sum),
        cmocka_unit_test(a_merge_acts_as_the_option_says),
        cmocka_unit_test(a_calendar_that_never_opens_may_be_refused),
        cmocka_unit_test(examples_of_the_page_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
