/*
 * test_clock — what moves a clock: phases, replies and updates, the order at one event, reopening,
 * cancelling, merging, attaching. See clock_rows.h for targets and calendars.
 */
#include "clock_rows.h"

/* The worked example of docs/clocks.md. */
static void worked_example_of_the_documentation(void **state)
{
    (void)state;
#define WORKED                                                                                     \
    "Fri 15:00 created customer status=open; Fri 16:00 set status=pending; "                       \
    "Mon+ 10:00 set status=open; Mon+ 14:00 set status=solved"
    static const clock_row rows[] = {
        {"an hour of Friday counts", RESOLUTION, WORKED, "Fri 15:30", ACTIVE, 1, 0, 30, 0,
         .due = "Mon+ 11:00"},
        {"nothing is due while paused; resumed at once, 3 h are left", RESOLUTION, WORKED,
         "Sat 12:00", PAUSED, 1, 0, 60, 60, .if_resumed = "Mon+ 12:00"},
        {"an open hour of Friday and one of Monday were paused", RESOLUTION, WORKED, "Mon+ 10:00",
         ACTIVE, 1, 0, 60, 120, .due = "Mon+ 13:00"},
        {"exactly on target is in time", RESOLUTION, WORKED, "Mon+ 13:00", ACTIVE, 1, 0, 240, 120,
         .due = "Mon+ 13:00"},
        {"5 h of 4 h: late by an hour, since 13:00", RESOLUTION, WORKED, "Fri+ 09:00", COMPLETED,
         1, 1, 300, 120, .due = "Mon+ 13:00", .stopped = "Mon+ 14:00"},
    };
    CHECK(rows);
}

static void phases_follow_the_conditions_of_the_kind(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"before its first event a ticket has no agreement", RESOLUTION, "Mon 09:00 created",
         "Mon 08:59", CSQ_PHASE_NOT_APPLICABLE, 0, 0, 0, 0, .due = NULL},
        {"the creation is an instant of the clock", RESOLUTION, "Mon 09:00 created", "Mon 09:00",
         ACTIVE, 1, 0, 0, 0, .due = "Mon 13:00"},
        {"a log without a creation starts nothing", RESOLUTION, "Mon 09:00 set status=open",
         "Mon 10:00", NOT_STARTED, 0, 0, 0, 0, .due = NULL},
        {"outside the hours a clock is still active", RESOLUTION, "Fri 16:00 created", "Sat 12:00",
         ACTIVE, 1, 0, 60, 0, .due = "Mon+ 12:00"},
        {"one millisecond more than the target is late", RESOLUTION,
         "Mon 09:00 created", "Mon 14:00", ACTIVE, 1, 1, 300, 0, .due = "Mon 13:00"},
        {"pending to hold is no resume", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=hold", "Mon 12:00",
         PAUSED, 1, 0, 60, 120, .if_resumed = "Mon 15:00"},
        {"a pause that never ends goes on", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=pending", "Mon+ 10:00", PAUSED, 1, 0, 60,
         5 * 480, .if_resumed = "Mon+ 13:00"},
        {"paused and late are independent", RESOLUTION,
         "Mon 09:00 created; Mon 14:00 set status=pending", "Mon 16:00", PAUSED, 1, 1, 300, 120,
         .due = "Mon 13:00"},
        {"solved straight from a pause: the pause ends there", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=pending; Tue 10:00 set status=solved",
         "Tue 12:00", COMPLETED, 1, 0, 60, 480, .due = "Tue 13:00", .stopped = "Tue 10:00"},
        {"solved to closed is no second solve", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=solved; Tue 10:00 set status=closed",
         "Wed 12:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"created by an agent counts for the first reply", {.kind = CSQ_METRIC_FIRST_REPLY},
         "Mon 09:00 created agent; Mon 10:00 reply agent", "Tue 09:00", COMPLETED, 1, 0, 60, 0,
         .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"notes and bots reply to nobody", {.kind = CSQ_METRIC_FIRST_REPLY},
         "Mon 09:00 created customer; Mon 10:00 reply agent private; Mon 11:00 reply bot",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"ownership is a cycle for each visit", {.kind = CSQ_METRIC_OWNERSHIP},
         "Mon 09:00 created group=tier2; Mon 10:00 set group=tier1; Mon 11:00 set group=tier2",
         "Mon 12:00", ACTIVE, 2, 0, 60, 0, .due = "Mon 15:00"},
        {"a solve ends the visit", {.kind = CSQ_METRIC_OWNERSHIP},
         "Mon 09:00 created group=tier2; Mon 10:00 set status=solved", "Mon 12:00", COMPLETED, 1,
         0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"wall time counts the night", {.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1},
         "Mon 16:00 created", "Tue 02:00", ACTIVE, 1, 1, 600, 0, .due = "Mon 20:00"},
        {"a calendar of every instant too", RESOLUTION, "Sat 16:00 created priority=urgent",
         "Sat 18:00", ACTIVE, 1, 0, 120, 0, .due = "Sat 20:00"},
    };
    CHECK(rows);
}

static void replies_and_updates_wait_for_the_next_message(void **state)
{
    (void)state;
#define NEXT {.kind = CSQ_METRIC_NEXT_REPLY}
#define SOLVED(mode) {.kind = CSQ_METRIC_NEXT_REPLY, .on_solved = (mode)}
    static const clock_row rows[] = {
        {"before a first reply nothing waits for the next", NEXT,
         "Mon 09:00 created customer; Mon 10:00 reply customer", "Mon 11:00", NOT_STARTED, 0, 0, 0,
         0, .due = NULL},
        {"unless it is included", {.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1},
         "Mon 09:00 created customer; Mon 10:00 reply customer", "Mon 11:00", ACTIVE, 1, 0, 120, 0,
         .due = "Mon 13:00"},
        {"the oldest unanswered message counts", NEXT,
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer; "
         "Mon 12:00 reply customer",
         "Mon 13:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 15:00"},
        {"the next reply ends it, the next message starts a cycle", NEXT,
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer; "
         "Mon 12:00 reply agent; Mon 13:00 reply customer",
         "Mon 14:00", ACTIVE, 2, 0, 60, 0, .due = "Mon 17:00"},
        {"kept open by default when the ticket is solved", NEXT,
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer; "
         "Mon 12:00 set status=solved",
         "Mon 13:00", ACTIVE, 1, 0, 120, 0, .due = "Mon 15:00"},
        {"completed at the solve", SOLVED(CSQ_ON_SOLVED_COMPLETE),
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer; "
         "Mon 12:00 set status=solved",
         "Mon 13:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 15:00", .stopped = "Mon 12:00"},
        {"cancelled at the solve", SOLVED(CSQ_ON_SOLVED_CANCEL),
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer; "
         "Mon 12:00 set status=solved",
         "Mon 13:00", CANCELLED, 1, 0, 60, 0, .due = "Mon 15:00", .stopped = "Mon 12:00"},
        {"on a solved ticket a reply still ends it",
         SOLVED(CSQ_ON_SOLVED_COMPLETE),
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 set status=solved; "
         "Mon 12:00 reply customer; Mon 13:00 reply agent",
         "Mon 15:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 16:00", .stopped = "Mon 13:00"},
        {"each reply of an agent begins an update", {.kind = CSQ_METRIC_PERIODIC_UPDATE},
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply agent; "
         "Mon 12:00 set status=pending",
         "Mon 13:00", ACTIVE, 2, 0, 120, 0, .due = "Mon 15:00"},
        {"a pausable update pauses", {.kind = CSQ_METRIC_PAUSABLE_UPDATE},
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply agent; "
         "Mon 12:00 set status=pending",
         "Mon 13:00", PAUSED, 2, 0, 60, 60, .if_resumed = "Mon 16:00"},
        {"a reply that solves completes the update and cancels the next one",
         {.kind = CSQ_METRIC_PERIODIC_UPDATE, .on_solved = CSQ_ON_SOLVED_CANCEL},
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply agent status=solved",
         "Mon 13:00", CANCELLED, 2, 0, 0, 0, .due = "Mon 15:00", .stopped = "Mon 11:00"},
        {"the first message of the customer starts",
         {.kind = CSQ_METRIC_FIRST_REPLY, .start_mode = CSQ_START_FIRST_MESSAGE},
         "Mon 09:00 created agent; Mon 10:00 reply agent; Mon 11:00 reply customer", "Mon 12:00",
         ACTIVE, 1, 0, 60, 0, .due = "Mon 15:00"},
    };
    CHECK(rows);
}

static void order_at_one_event_is_fixed(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"started and stopped by one update: completed, nothing elapsed", RESOLUTION,
         "Mon 09:00 created status=solved", "Mon 12:00", COMPLETED, 1, 0, 0, 0,
         .due = "Mon 13:00", .stopped = "Mon 09:00"},
        {"started into a pause", RESOLUTION, "Mon 09:00 created status=pending", "Mon 12:00",
         PAUSED, 1, 0, 0, 180, .if_resumed = "Mon 16:00"},
        {"cancelled, a later solve changes nothing", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=spam; Mon 11:00 set status=solved", "Mon 12:00",
         CANCELLED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"two events at one instant, in the order of their sequence", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 10:00 set status=open",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"in the other order", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=open; Mon 10:00 set status=pending",
         "Mon 12:00", PAUSED, 1, 0, 60, 120, .if_resumed = "Mon 15:00"},
        {"joined events are judged once, after the last", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=pending status=open", "Mon 12:00", ACTIVE, 1, 0,
         180, 0, .due = "Mon 13:00"},
        {"the author of a joined group is that of its reply", {.kind = CSQ_METRIC_FIRST_REPLY},
         "Mon 09:00 created; Mon 10:00 reply agent status=pending", "Mon 12:00", COMPLETED, 1, 0,
         60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"the cycle that a group stops keeps its old agreement",
         {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY},
         "Mon 09:00 created; Mon 12:00 set priority=high status=solved", "Mon 13:00", COMPLETED, 1,
         0, 180, 0, .due = "Mon 13:00", .stopped = "Mon 12:00"},
    };
    CHECK(rows);
}

static void reopening_does_what_the_mode_says(void **state)
{
    (void)state;
#define REOPENED                                                                                   \
    "Mon 09:00 created; Mon 11:00 set status=solved; Mon 13:00 set status=open"
    static const clock_row rows[] = {
        {"by default the cycle goes on", RESOLUTION, REOPENED, "Mon 14:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 15:00"},
        {"resume", REOPEN(CSQ_REOPEN_RESUME), REOPENED, "Mon 14:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 15:00"},
        {"resume, counting the time in between", REOPEN(CSQ_REOPEN_RESUME_COUNTING), REOPENED,
         "Mon 14:00", ACTIVE, 1, 1, 300, 0, .due = "Mon 13:00"},
        {"a pause before the solve does not count either way",
         REOPEN(CSQ_REOPEN_RESUME_COUNTING),
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=solved; "
         "Mon 12:00 set status=open",
         "Mon 13:00", ACTIVE, 1, 0, 180, 60, .due = "Mon 14:00"},
        {"new cycle", REOPEN(CSQ_REOPEN_NEW_CYCLE), REOPENED, "Mon 14:00", ACTIVE, 2, 0, 60, 0,
         .due = "Mon 17:00"},
        {"new cycle into a pause", REOPEN(CSQ_REOPEN_NEW_CYCLE),
         "Mon 09:00 created; Mon 11:00 set status=solved; Mon 13:00 set status=pending",
         "Mon 14:00", PAUSED, 2, 0, 0, 60, .if_resumed = "Tue 10:00"},
        {"the first completion stands", REOPEN(CSQ_REOPEN_NOTHING), REOPENED, "Mon 14:00",
         COMPLETED, 1, 0, 120, 0, .due = "Mon 13:00", .stopped = "Mon 11:00"},
        {"into a pause", RESOLUTION,
         "Mon 09:00 created; Mon 11:00 set status=solved; Mon 13:00 set status=pending",
         "Mon 14:00", PAUSED, 1, 0, 120, 60, .if_resumed = "Mon 16:00"},
        {"by an event that says so", RESOLUTION,
         "Mon 09:00 created; Mon 11:00 set status=solved; Mon 13:00 reopen status=open",
         "Mon 14:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 15:00"},
        {"a calendar named meanwhile holds from the reopen on (7 to 15)", RESOLUTION,
         "Mon 09:00 created; Mon 11:00 set status=solved; Mon 12:00 set calendar=early; "
         "Mon 14:00 set status=open",
         "Mon 16:00", ACTIVE, 1, 0, 180, 0, .due = "Tue 08:00"},
    };
    CHECK(rows);
}

static void a_cancelled_clock_and_a_merged_ticket_stay_so(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"cancelled for good", REOPEN(CSQ_REOPEN_NEW_CYCLE),
         "Mon 09:00 created; Mon 10:00 set status=spam; Mon 11:00 set status=open; "
         "Mon 12:00 set status=solved; Mon 13:00 set status=open",
         "Mon 14:00", CANCELLED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"cancelled after completion: the completion stands", REOPEN(CSQ_REOPEN_NEW_CYCLE),
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 set status=spam; "
         "Mon 12:00 set status=open",
         "Mon 14:00", COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"cancelled before it started", {.kind = CSQ_METRIC_FIRST_REPLY,
                                         .start_mode = CSQ_START_FIRST_MESSAGE},
         "Mon 09:00 created; Mon 10:00 set status=spam; Mon 11:00 reply customer", "Mon 14:00",
         NOT_STARTED, 0, 0, 0, 0, .due = NULL},
        {"a merge cancels what is open", RESOLUTION, "Mon 09:00 created; Mon 10:00 merge 7",
         "Mon 14:00", CANCELLED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"and leaves what is completed", RESOLUTION,
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 merge 7", "Mon 14:00",
         COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
    };
    CHECK(rows);
}

static void attaching_starts_what_waits_for_it(void **state)
{
    (void)state;
#define ATTACHED "Mon 09:00 created; Mon 11:00 attach"
#define ATTACH(mode) {.kind = CSQ_METRIC_RESOLUTION, .attach = (mode)}
    static const clock_row rows[] = {
        {"matching needs no attach", RESOLUTION, ATTACHED, "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
        {"before the attach", ATTACH(CSQ_ATTACH_FROM), ATTACHED, "Mon 10:00", NOT_STARTED, 0, 0, 0,
         0, .due = NULL},
        {"from the attach on", ATTACH(CSQ_ATTACH_FROM), ATTACHED, "Mon 12:00", ACTIVE, 1, 0, 60, 0,
         .due = "Mon 15:00"},
        {"before a retroactive attach", ATTACH(CSQ_ATTACH_RETROACTIVE), ATTACHED, "Mon 10:00",
         NOT_STARTED, 0, 0, 0, 0, .due = NULL},
        {"after it as if from the creation", ATTACH(CSQ_ATTACH_RETROACTIVE), ATTACHED, "Mon 12:00",
         ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"what happened meanwhile included", ATTACH(CSQ_ATTACH_RETROACTIVE),
         "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 attach", "Mon 12:00", PAUSED,
         1, 0, 60, 120, .if_resumed = "Mon 15:00"},
        {"an earlier message does not start it", {.kind = CSQ_METRIC_FIRST_REPLY,
                                                  .start_mode = CSQ_START_FIRST_MESSAGE,
                                                  .attach = CSQ_ATTACH_FROM},
         "Mon 09:00 created customer; Mon 11:00 attach; Mon 12:00 reply customer", "Mon 13:00",
         ACTIVE, 1, 0, 60, 0, .due = "Mon 16:00"},
    };
    CHECK(rows);
}

/* One metric that tags pause and a reply of the customer resumes: "resume condition" of
 * docs/clocks.md. */
static void a_pause_with_a_resume_condition_begins_anew(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t wait = test_code(world.schema, CSQ_TICKET_TAGS, "wait");
    csq_condition *pause = sla_condition(world.schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS, wait);
    csq_condition *resume =
        sla_condition(world.schema, CSQ_TICKET_AUTHOR, CSQ_TEST_IN, CSQ_AUTHOR_CUSTOMER);
    const csq_policies *policies = sla_single(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .pause = pause, .resume = resume}, 0);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 09:00 created; Mon 10:00 add wait; Mon 11:00 reply customer; "
        "Mon 12:00 set status=open; Mon 14:00 remove wait; Mon 15:00 add wait");
    const csq_answer resumed = sla_answer(policies, ticket, 0, sla_at("Mon 13:00"));
    assert_int_equal(resumed.phase, CSQ_PHASE_ACTIVE); // the status of 12:00 is none of its affair
    assert_ms_equal(resumed.elapsed_ms, 3 * HOUR_MS);
    assert_ms_equal(resumed.paused_ms, HOUR_MS);
    assert_ms_equal(resumed.due_at, sla_at("Mon 14:00"));
    const csq_answer again = sla_answer(policies, ticket, 0, sla_at("Mon 16:00"));
    assert_int_equal(again.phase, CSQ_PHASE_PAUSED);
    assert_ms_equal(again.elapsed_ms, 5 * HOUR_MS);
    assert_ms_equal(again.paused_ms, 2 * HOUR_MS);
    csq_ticket_free(ticket);
    csq_condition_free(resume);
    csq_condition_free(pause);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pause_with_a_resume_condition_begins_anew),
        cmocka_unit_test(worked_example_of_the_documentation),
        cmocka_unit_test(phases_follow_the_conditions_of_the_kind),
        cmocka_unit_test(replies_and_updates_wait_for_the_next_message),
        cmocka_unit_test(order_at_one_event_is_fixed),
        cmocka_unit_test(reopening_does_what_the_mode_says),
        cmocka_unit_test(a_cancelled_clock_and_a_merged_ticket_stay_so),
        cmocka_unit_test(attaching_starts_what_waits_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
