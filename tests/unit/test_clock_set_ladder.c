/*
 * test_clock_set_ladder — a set of clocks where the options late_steps and passed_steps decide what
 * a change of the terms fires or takes back.
 *
 * One metric, resolution, measured again from its start at a change: high 2 h, anything else 4 h of
 * office time (Mon-Fri 09:00-17:00Z). Steps: half of the target, an hour before it, an hour after
 * it. Instants are worked out by hand from docs/ladders.md and docs/live.md.
 */
#include "clock_set_support.h"

enum { HALF, HOUR_BEFORE, HOUR_AFTER, BREACH = CSQ_NO_INDEX };
enum { NEW = CSQ_NOTICE_NEW, MOVED = CSQ_NOTICE_MOVED, WITHDRAWN = CSQ_NOTICE_WITHDRAWN };

typedef struct ladder_world {
    sla_world world;
    csq_clock_set *set;
} ladder_world;

static uint32_t open_metric(ladder_world *live, csq_metric metric)
{
    sla_open(&live->world);
    const uint32_t index = sla_add_metric(&live->world, metric);
    sla_add_step(&live->world, index, "half", CSQ_STEP_PERCENT, 5000);
    sla_add_step(&live->world, index, "before", CSQ_STEP_OFFSET, -HOUR_MS);
    sla_add_step(&live->world, index, "after", CSQ_STEP_OFFSET, HOUR_MS);
    (void)sla_add_policy(&live->world, "policy", NULL);
    return index;
}

static void open_ladder(ladder_world *live, uint32_t late_steps, uint32_t passed_steps)
{
    const uint32_t index =
        open_metric(live, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                       .on_change = CSQ_ON_CHANGE_RETROACTIVE,
                                       .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                                       .late_steps = late_steps,
                                       .passed_steps = passed_steps});
    sla_add_target(&live->world, (csq_target){.metric = index,
                                              .attribute = CSQ_TICKET_PRIORITY,
                                              .code = live->world.high,
                                              .within_ms = 2 * HOUR_MS});
    sla_add_target(&live->world, (csq_target){.metric = index,
                                              .attribute = CSQ_TICKET_PRIORITY,
                                              .within_ms = 4 * HOUR_MS});
    live->set = live_set(sla_build(&live->world));
}

static void close_ladder(ladder_world *live)
{
    csq_clock_set_free(live->set);
    sla_close(&live->world);
}

/* What a take tells. */
typedef struct told_row {
    uint32_t change; /* 0: no more */
    uint32_t step;
    const char *at;
    int ms; /* added to `at` */
    uint32_t cycle; /* 0: the first */
} told_row;

enum { ROWS = 6 };

static void check_take(const ladder_world *live, const char *when, const told_row *rows)
{
    uint64_t n = 0;
    while (n < ROWS && rows[n].change != 0) {
        n++;
    }
    const uint64_t found = live_take(live->set, when);
    for (uint64_t i = 0; i < found && i < n; i++) {
        const csq_notice notice = live_notice(live->set, i);
        assert_notice(notice, 7, rows[i].change, rows[i].step, sla_at(rows[i].at) + rows[i].ms);
        assert_int_equal(notice.cycle, rows[i].cycle == 0 ? 1 : rows[i].cycle);
    }
    assert_int_equal(found, n);
}

/* A story: events, takes at two instants, and what each tells. */
typedef struct ladder_story {
    uint32_t late_steps;
    uint32_t passed_steps;
    const char *first; /* events heard of before the first take */
    const char *first_take;
    told_row first_told[ROWS];
    const char *then; /* and before the second one */
    const char *then_take;
    told_row then_told[ROWS];
    const char *next; /* what is next then; NULL: nothing */
    int next_ms;
} ladder_story;


static void check_stories(const ladder_story *stories, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const ladder_story *story = &stories[i];
        ladder_world live;
        open_ladder(&live, story->late_steps, story->passed_steps);
        live_tell(live.set, live.world.schema, 7, 0, story->first);
        check_take(&live, story->first_take, story->first_told);
        live_tell(live.set, live.world.schema, 7, 20, story->then);
        check_take(&live, story->then_take, story->then_told);
        const csq_ms next = story->next == NULL ? CSQ_MS_NONE : sla_at(story->next) + story->next_ms;
        assert_ms_equal(live_next(live.set), next);
        close_ladder(&live);
    }
}

#define STORIES(rows) check_stories(rows, sizeof(rows) / sizeof(rows)[0])

/* By 2 h both steps before the target lie at 10:00, half an hour before the change. */
static void late_steps_are_told_as_the_option_says(void **state)
{
    (void)state;
#define SOONER "Mon 09:00 created", "Mon 10:15", {{0}}, "Mon 10:30 set priority=high", "Mon 10:45"
    static const ladder_story stories[] = {
        {CSQ_LATE_STEPS_ALL, CSQ_PASSED_STEPS_SUPERSEDED, SOONER,
         {{NEW, HALF, "Mon 10:00", 0, 0}, {NEW, HOUR_BEFORE, "Mon 10:00", 0, 0}},
         "Mon 11:00", 1},
        {CSQ_LATE_STEPS_LAST, 0, SOONER, {{NEW, HOUR_BEFORE, "Mon 10:00", 0, 0}}, "Mon 11:00", 1},
        {CSQ_LATE_STEPS_NONE, 0, SOONER, {{0}}, "Mon 11:00", 1},
        // What was told before is moved, not silenced; the breach is told whatever the option.
        {CSQ_LATE_STEPS_NONE, 0, "Mon 09:00 created", "Mon 11:00",
         {{NEW, HALF, "Mon 11:00", 0, 0}}, "Mon 11:30 set priority=high", "Mon 11:45",
         {{MOVED, HALF, "Mon 10:00", 0, 0}, {NEW, BREACH, "Mon 11:00", 1, 0}}, "Mon 12:00", 0},
    };
    STORIES(stories);
}

/* By 2 h both steps before the target lie at 10:00, by 4 h at 11:00 and 12:00. */
static void passed_steps_are_told_as_the_option_says(void **state)
{
    (void)state;
#define LATER(take)                                                                                \
    "Mon 09:00 created priority=high", "Mon 10:15",                                                \
        {{NEW, HALF, "Mon 10:00", 0, 0}, {NEW, HOUR_BEFORE, "Mon 10:00", 0, 0}},                   \
        "Mon 10:30 set priority=low", take
    static const ladder_story stories[] = {
        {CSQ_LATE_STEPS_NONE, CSQ_PASSED_STEPS_REARM, LATER("Mon 10:45"),
         {{WITHDRAWN, HALF, "Mon 10:00", 0, 0}, {WITHDRAWN, HOUR_BEFORE, "Mon 10:00", 0, 0}},
         "Mon 11:00", 0},
        {0, CSQ_PASSED_STEPS_SUPERSEDED, LATER("Mon 10:45"),
         {{WITHDRAWN, HALF, "Mon 10:00", 0, 0}, {WITHDRAWN, HOUR_BEFORE, "Mon 10:00", 0, 0}},
         "Mon 11:00", 0},
        {0, CSQ_PASSED_STEPS_SUPERSEDED, LATER("Mon 11:15"),
         {{WITHDRAWN, HOUR_BEFORE, "Mon 10:00", 0, 0}, {MOVED, HALF, "Mon 11:00", 0, 0}},
         "Mon 12:00", 0},
        {0, CSQ_PASSED_STEPS_STAY, LATER("Mon 12:30"), {{0}}, "Mon 13:00", 1},
    };
    STORIES(stories);
}

/* The edit sets what was in force: late is late, and of the same instant. */
static void a_change_that_changes_nothing_tells_nothing(void **state)
{
    (void)state;
    static const ladder_story stories[] = {
        {CSQ_LATE_STEPS_NONE, 0, "Mon 09:00 created", "Mon 13:15",
         {{NEW, HALF, "Mon 11:00", 0, 0},
          {NEW, HOUR_BEFORE, "Mon 12:00", 0, 0},
          {NEW, BREACH, "Mon 13:00", 1, 0}},
         "Mon 13:30 edit 4h", "Mon 13:45", {{0}}, "Mon 14:00", 0},
    };
    STORIES(stories);
}

/* A take after the cycle has ended and another one has begun tells what a timer would have heard
 * on the way: what was late and silenced stays silenced, the breach is told. */
static void a_changed_cycle_is_told_after_the_next_one_began(void **state)
{
    (void)state;
#define TWO_CYCLES                                                                                 \
    "Mon 10:30 set priority=high; Mon 11:30 set status=solved; Mon 14:00 set status=open"
    static const ladder_story stories[] = {
        {CSQ_LATE_STEPS_NONE, 0, "Mon 09:00 created", "Mon 09:00", {{0}}, TWO_CYCLES, "Mon 14:30",
         {{NEW, BREACH, "Mon 11:00", 1, 0}}, "Mon 15:00", 0},
        {CSQ_LATE_STEPS_NONE, 0, "Mon 09:00 created; Mon 10:30 set priority=high", "Mon 11:15",
         {{NEW, BREACH, "Mon 11:00", 1, 0}},
         "Mon 11:30 set status=solved; Mon 14:00 set status=open", "Mon 14:30", {{0}},
         "Mon 15:00", 0},
        {CSQ_LATE_STEPS_LAST, 0, "Mon 09:00 created", "Mon 09:00", {{0}}, TWO_CYCLES, "Mon 15:00",
         {{NEW, HOUR_BEFORE, "Mon 10:00", 0, 0},
          {NEW, BREACH, "Mon 11:00", 1, 0},
          {NEW, HALF, "Mon 15:00", 0, 2},
          {NEW, HOUR_BEFORE, "Mon 15:00", 0, 2}},
         "Mon 16:00", 1},
        // The stop is heard of late and lies before the breach.
        {CSQ_LATE_STEPS_NONE, 0,
         "Mon 09:00 created; Mon 10:30 set priority=high; Mon 11:30 set status=solved; "
         "Mon 14:00 set status=open",
         "Mon 14:30", {{NEW, BREACH, "Mon 11:00", 1, 0}}, "Mon 10:50 set status=closed",
         "Mon 14:45", {{WITHDRAWN, BREACH, "Mon 11:00", 1, 0}}, "Mon 15:00", 0},
        // By 2 h half was passed at 10:00, by 4 h it would be at 11:00, which is never reached.
        {0, CSQ_PASSED_STEPS_STAY, "Mon 09:00 created priority=high", "Mon 09:00", {{0}},
         "Mon 10:30 set priority=low; Mon 10:45 set status=solved; Mon 14:00 set status=open",
         "Mon 14:30",
         {{NEW, HALF, "Mon 10:00", 0, 0}, {NEW, HOUR_BEFORE, "Mon 10:00", 0, 0}}, "Mon 16:00", 0},
    };
    STORIES(stories);
}

/* Due on the first working day where the priority is high, else on the second one. At the change on
 * Tuesday 9:30 the step an hour before Tuesday 10:00 is late and silenced. The pause that begins then
 * moves the due day on, and the step behind the change: it is silenced all the same. */
static void what_was_late_at_a_change_stays_so_when_a_pause_moves_the_due_day(void **state)
{
    (void)state;
    ladder_world live;
    const uint32_t index =
        open_metric(&live, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                        .on_change = CSQ_ON_CHANGE_RETROACTIVE,
                                        .late_steps = CSQ_LATE_STEPS_NONE});
    sla_add_target(&live.world, (csq_target){.metric = index,
                                             .attribute = CSQ_TICKET_PRIORITY,
                                             .code = live.world.high,
                                             .workdays = 1});
    sla_add_target(&live.world, (csq_target){.metric = index,
                                             .attribute = CSQ_TICKET_PRIORITY,
                                             .workdays = 2});
    live.set = live_set(sla_build(&live.world));
    live_tell(live.set, live.world.schema, 7, 0,
              "Mon 10:00 created; Tue 09:30 set priority=high status=pending");
    check_take(&live, "Tue 17:00", (told_row[]){{0}});
    csq_explanation *explanation = sla_explain(
        live.world.policies, csq_clock_set_ticket(live.set, 7), 0, sla_at("Tue 10:45"));
    csq_firing firing = {.size = sizeof firing};
    assert_status(CSQ_OK, csq_explanation_firing(explanation, 0, &firing, NULL));
    assert_int_equal(firing.step, HOUR_BEFORE);
    assert_int_equal(firing.state, CSQ_FIRING_SUPPRESSED);
    assert_ms_equal(firing.at, sla_at("Tue 09:00"));
    csq_explanation_free(explanation);
    close_ladder(&live);
}

/* The end of the due day, which a change at night puts before itself: in the morning the pause moves
 * the due day on, and nothing has fired, by the set and by the explanation. */
static void what_a_change_fired_lies_ahead_again_when_a_pause_moves_the_due_day(void **state)
{
    (void)state;
    ladder_world live;
    sla_open(&live.world);
    const uint32_t index = sla_add_metric(
        &live.world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                  .on_change = CSQ_ON_CHANGE_RETROACTIVE,
                                  .passed_steps = CSQ_PASSED_STEPS_SUPERSEDED});
    sla_add_step(&live.world, index, "day", CSQ_STEP_WORKDAYS, 0);
    (void)sla_add_policy(&live.world, "policy", NULL);
    for (uint32_t days = 1; days <= 2; days++) {
        sla_add_target(&live.world, (csq_target){.metric = index,
                                                 .attribute = CSQ_TICKET_PRIORITY,
                                                 .code = days == 1 ? live.world.high : 0,
                                                 .workdays = days,
                                                 .end_of_day = 1});
    }
    live.set = live_set(sla_build(&live.world));
    live_tell(live.set, live.world.schema, 7, 0,
              "Mon 10:00 created; Tue 17:30 set priority=high status=pending");
    check_take(&live, "Tue 18:00",
               (told_row[]){{NEW, 0, "Tue 17:00", 0, 0}, {NEW, BREACH, "Tue 17:00", 1, 0}, {0}});
    check_take(&live, "Wed 10:00",
               (told_row[]){{WITHDRAWN, 0, "Tue 17:00", 0, 0},
                            {WITHDRAWN, BREACH, "Tue 17:00", 1, 0},
                            {0}});
    csq_explanation *explanation = sla_explain(
        live.world.policies, csq_clock_set_ticket(live.set, 7), 0, sla_at("Wed 10:00"));
    for (uint64_t i = 0; i < csq_explanation_firing_count(explanation); i++) {
        csq_firing firing = {.size = sizeof firing};
        assert_status(CSQ_OK, csq_explanation_firing(explanation, i, &firing, NULL));
        assert_int_equal(firing.state, CSQ_FIRING_PROJECTED);
        assert_ms_equal(firing.at, sla_at(firing.step == 0 ? "Wed 17:00" : "Wed 10:00"));
    }
    assert_int_equal(csq_explanation_firing_count(explanation), 2);
    csq_explanation_free(explanation);
    close_ladder(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_steps_are_told_as_the_option_says),
        cmocka_unit_test(passed_steps_are_told_as_the_option_says),
        cmocka_unit_test(a_change_that_changes_nothing_tells_nothing),
        cmocka_unit_test(a_changed_cycle_is_told_after_the_next_one_began),
        cmocka_unit_test(what_was_late_at_a_change_stays_so_when_a_pause_moves_the_due_day),
        cmocka_unit_test(what_a_change_fired_lies_ahead_again_when_a_pause_moves_the_due_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
