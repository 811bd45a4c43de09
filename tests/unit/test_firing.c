/*
 * test_firing — ladders of steps: what fired and when, what a change makes of steps that it puts
 * before or behind itself, and for whom they are.
 */
#include "sla_support.h"

/* A firing in the notation of the tests: state, step, `at`, `fired_at` (NULL: the same). */
typedef struct firing_row {
    uint32_t state;
    uint32_t step;
    const char *at;
    const char *fired_at;
    int late_ms; /* added to fired_at */
} firing_row;

enum {
    FIRED = CSQ_FIRING_FIRED,
    SUPPRESSED = CSQ_FIRING_SUPPRESSED,
    SUPERSEDED = CSQ_FIRING_SUPERSEDED,
    PROJECTED = CSQ_FIRING_PROJECTED,
    HALF = 0,
    HOUR_BEFORE = 1,
    HOUR_AFTER = 2,
    BREACH = CSQ_NO_INDEX
};

static void add_ladder(sla_world *world, uint32_t metric)
{
    sla_add_step(world, metric, "half", CSQ_STEP_PERCENT, 5000);
    sla_add_step(world, metric, "before", CSQ_STEP_OFFSET, -HOUR_MS);
    sla_add_step(world, metric, "after", CSQ_STEP_OFFSET, HOUR_MS);
}

/* 4 h of office time, high 2 h; steps at half of it, an hour before and an hour after. */
static csq_policies *ladder_policies(sla_world *world, csq_metric metric)
{
    const uint32_t index = sla_add_metric(world, metric);
    add_ladder(world, index);
    (void)sla_add_policy(world, "policy", NULL);
    sla_add_target(world, (csq_target){.metric = index,
                                       .attribute = CSQ_TICKET_PRIORITY,
                                       .code = world->high,
                                       .within_ms = 2 * HOUR_MS});
    sla_add_target(
        world,
        (csq_target){.metric = index, .attribute = CSQ_TICKET_PRIORITY, .within_ms = 4 * HOUR_MS});
    return sla_build(world);
}

static csq_firing firing_at(const csq_explanation *explanation, uint64_t index)
{
    csq_firing firing = {.size = sizeof firing};
    assert_status(CSQ_OK, csq_explanation_firing(explanation, index, &firing, NULL));
    return firing;
}

static void check_firings(const char *rule, const csq_explanation *explanation,
                          const firing_row *rows)
{
    uint64_t n = 0;
    while (n < 8 && rows[n].state != 0) {
        n++;
    }
    bool is_right = csq_explanation_firing_count(explanation) == n;
    for (uint64_t i = 0; i < csq_explanation_firing_count(explanation); i++) {
        const csq_firing firing = firing_at(explanation, i);
        const firing_row *row = &rows[i < n ? i : 0];
        const csq_ms at = sla_at(row->at);
        const csq_ms fired_at = (row->fired_at == NULL ? at : sla_at(row->fired_at)) + row->late_ms;
        const bool is_same = firing.state == row->state && firing.step == row->step &&
                             firing.at == at && firing.fired_at == fired_at;
        if (!is_same) {
            char texts[2][CSQ_INSTANT_TEXT];
            (void)csq_instant_format(firing.at, NULL, texts[0], sizeof texts[0], NULL);
            (void)csq_instant_format(firing.fired_at, NULL, texts[1], sizeof texts[1], NULL);
            print_error("%s: %u is state %u step %u at %s fired %s\n", rule, (unsigned)i,
                        firing.state, firing.step, texts[0], texts[1]);
        }
        is_right = is_right && is_same;
    }
    if (!is_right) {
        print_error("%s: %u firings, expected %u\n", rule,
                    (unsigned)csq_explanation_firing_count(explanation), (unsigned)n);
    }
    assert_true(is_right);
}

typedef struct ladder_row {
    const char *rule;
    csq_metric metric;
    const char *events;
    const char *now;
    firing_row firings[8];
} ladder_row;

static void check_ladders(const ladder_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = ladder_policies(&world, rows[i].metric);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at(rows[i].now));
        check_firings(rows[i].rule, explanation, rows[i].firings);
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

#define LADDERS(rows) check_ladders(rows, sizeof(rows) / sizeof(rows)[0])
#define RESOLUTION                                                                                 \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION                                                              \
    }
#define CREATED "Mon 09:00 created"

static void a_ladder_fires_once_on_the_clock(void **state)
{
    (void)state;
    static const ladder_row rows[] = {
        {"nothing before the first event", RESOLUTION, CREATED, "Mon 08:00", {{0}}},
        {"all lies ahead",
         RESOLUTION,
         CREATED,
         "Mon 09:00",
         {{PROJECTED, HALF, "Mon 11:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"a step fires at its instant",
         RESOLUTION,
         CREATED,
         "Mon 11:00",
         {{FIRED, HALF, "Mon 11:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"exactly on target nothing is breached",
         RESOLUTION,
         CREATED,
         "Mon 13:00",
         {{FIRED, HALF, "Mon 11:00", NULL, 0},
          {FIRED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"a pause holds back what is not reached",
         RESOLUTION,
         "Mon 09:00 created; Mon 11:30 set status=pending",
         "Mon 16:00",
         {{FIRED, HALF, "Mon 11:00", NULL, 0}}},
        {"a stop ends the ladder",
         RESOLUTION,
         "Mon 09:00 created; Mon 12:00 set status=solved",
         "Tue 12:00",
         {{FIRED, HALF, "Mon 11:00", NULL, 0}, {FIRED, HOUR_BEFORE, "Mon 12:00", NULL, 0}}},
        {"hours, not midnights: the ladder is on the clock's calendar",
         RESOLUTION,
         "Mon 15:00 created",
         "Mon 16:00",
         {{PROJECTED, HALF, "Mon 17:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Tue 10:00", NULL, 0},
          {PROJECTED, BREACH, "Tue 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Tue 12:00", NULL, 0}}},
        {"of the latest cycle",
         {.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NEW_CYCLE},
         "Mon 09:00 created; Mon 14:30 set status=solved; Tue 09:00 set status=open",
         "Tue 11:30",
         {{FIRED, HALF, "Tue 11:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Tue 12:00", NULL, 0},
          {PROJECTED, BREACH, "Tue 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Tue 14:00", NULL, 0}}},
    };
    LADDERS(rows);
}

#define LATE(option)                                                                               \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_RETROACTIVE,                     \
        .late_steps = (option)                                                                     \
    }

/* At 11:30 the target becomes 2 h: half and the hour before lie at 10:00, the breach at 11:00. Half
 * of 4 h had fired at 11:00. */
static void late_steps_fire_as_the_option_says(void **state)
{
    (void)state;
#define URGENT "Mon 09:00 created; Mon 11:30 set priority=high"
#define SOONER "Mon 09:00 created; Mon 10:30 set priority=high"
    static const ladder_row rows[] = {
        {"all",
         LATE(0),
         URGENT,
         "Mon 11:45",
         {{FIRED, HALF, "Mon 10:00", "Mon 11:00", 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", "Mon 11:30", 0},
          {FIRED, BREACH, "Mon 11:00", "Mon 11:30", 0},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"none of the steps, but the breach",
         LATE(CSQ_LATE_STEPS_NONE),
         URGENT,
         "Mon 11:45",
         {{FIRED, HALF, "Mon 10:00", "Mon 11:00", 0},
          {SUPPRESSED, HOUR_BEFORE, "Mon 10:00", "Mon 11:30", 0},
          {FIRED, BREACH, "Mon 11:00", "Mon 11:30", 0},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"all of two",
         LATE(CSQ_LATE_STEPS_ALL),
         SOONER,
         "Mon 10:45",
         {{FIRED, HALF, "Mon 10:00", "Mon 10:30", 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", "Mon 10:30", 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"the last of two at one instant is the later one of the ladder",
         LATE(CSQ_LATE_STEPS_LAST),
         SOONER,
         "Mon 10:45",
         {{SUPPRESSED, HALF, "Mon 10:00", "Mon 10:30", 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", "Mon 10:30", 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"none of two",
         LATE(CSQ_LATE_STEPS_NONE),
         SOONER,
         "Mon 10:45",
         {{SUPPRESSED, HALF, "Mon 10:00", "Mon 10:30", 0},
          {SUPPRESSED, HOUR_BEFORE, "Mon 10:00", "Mon 10:30", 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"at the change itself nothing is late",
         LATE(CSQ_LATE_STEPS_NONE),
         "Mon 09:00 created; Mon 10:00 set priority=high",
         "Mon 10:00",
         {{FIRED, HALF, "Mon 10:00", NULL, 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"an edit is a change",
         LATE(CSQ_LATE_STEPS_NONE),
         "Mon 09:00 created; Mon 10:30 edit 2h",
         "Mon 10:45",
         {{SUPPRESSED, HALF, "Mon 10:00", "Mon 10:30", 0},
          {SUPPRESSED, HOUR_BEFORE, "Mon 10:00", "Mon 10:30", 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"a calendar read back to the start is one",
         {.kind = CSQ_METRIC_RESOLUTION,
          .calendar_switch = CSQ_CALENDAR_SWITCH_LATEST,
          .late_steps = CSQ_LATE_STEPS_NONE},
         "Mon 07:00 created; Mon 09:30 set calendar=early",
         "Mon 10:30",
         {{SUPPRESSED, HALF, "Mon 09:00", "Mon 09:30", 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
        {"time that counts after all is one",
         {.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_RESUME_COUNTING},
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 12:30 set status=open",
         "Mon 12:45",
         {{FIRED, HALF, "Mon 11:00", "Mon 12:30", 0},
          {FIRED, HOUR_BEFORE, "Mon 12:00", "Mon 12:30", 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"an agreement attached later, too",
         {.kind = CSQ_METRIC_RESOLUTION,
          .attach = CSQ_ATTACH_RETROACTIVE,
          .late_steps = CSQ_LATE_STEPS_LAST},
         "Mon 09:00 created; Mon 12:30 attach",
         "Mon 12:45",
         {{SUPPRESSED, HALF, "Mon 11:00", "Mon 12:30", 0},
          {FIRED, HOUR_BEFORE, "Mon 12:00", "Mon 12:30", 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
    };
    LADDERS(rows);
}

#define PASSED(option)                                                                             \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_RETROACTIVE,                     \
        .passed_steps = (option)                                                                   \
    }

/* High from 9:00, so half and the hour before fire at 10:00; at 10:30 the target becomes 4 h. */
static void passed_steps_are_armed_again_as_the_option_says(void **state)
{
    (void)state;
#define RELAXED "Mon 09:00 created priority=high; Mon 10:30 set priority=low"
    static const ladder_row rows[] = {
        {"armed again",
         PASSED(0),
         RELAXED,
         "Mon 11:30",
         {{FIRED, HALF, "Mon 11:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"they stay",
         PASSED(CSQ_PASSED_STEPS_STAY),
         RELAXED,
         "Mon 11:30",
         {{FIRED, HALF, "Mon 10:00", NULL, 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"they are superseded",
         PASSED(CSQ_PASSED_STEPS_SUPERSEDED),
         RELAXED,
         "Mon 11:30",
         {{SUPERSEDED, HALF, "Mon 10:00", NULL, 0},
          {SUPERSEDED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {FIRED, HALF, "Mon 11:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"a breach is superseded as well",
         PASSED(CSQ_PASSED_STEPS_SUPERSEDED),
         "Mon 09:00 created priority=high; Mon 11:30 set priority=low",
         "Mon 11:30",
         {{SUPERSEDED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {FIRED, HALF, "Mon 11:00", NULL, 0},
          {SUPERSEDED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"a breach never stays",
         PASSED(CSQ_PASSED_STEPS_STAY),
         "Mon 09:00 created priority=high; Mon 11:30 set priority=low",
         "Mon 11:30",
         {{FIRED, HALF, "Mon 10:00", NULL, 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"changes of one instant act together",
         PASSED(CSQ_PASSED_STEPS_SUPERSEDED),
         "Mon 09:00 created; Mon 10:30 set priority=high; Mon 10:30 set priority=low",
         "Mon 10:45",
         {{PROJECTED, HALF, "Mon 11:00", NULL, 0},
          {PROJECTED, HOUR_BEFORE, "Mon 12:00", NULL, 0},
          {PROJECTED, BREACH, "Mon 13:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 14:00", NULL, 0}}},
        {"and back again: late ones fire, told or not",
         PASSED(CSQ_PASSED_STEPS_SUPERSEDED),
         RELAXED "; Mon 10:45 set priority=high",
         "Mon 10:50",
         {{SUPERSEDED, HALF, "Mon 10:00", NULL, 0},
          {SUPERSEDED, HOUR_BEFORE, "Mon 10:00", NULL, 0},
          {FIRED, HALF, "Mon 10:00", "Mon 10:45", 0},
          {FIRED, HOUR_BEFORE, "Mon 10:00", "Mon 10:45", 0},
          {PROJECTED, BREACH, "Mon 11:00", NULL, 1},
          {PROJECTED, HOUR_AFTER, "Mon 12:00", NULL, 0}}},
    };
    LADDERS(rows);
}

/* A step that stays shows at its instant, and is nothing that changes next. */
static void a_step_that_stays_keeps_its_instant_everywhere(void **state)
{
    (void)state;
    static const char *const steps[2][2] = {{"Mon 11:00", "Mon 12:00"}, {"Mon 10:00", "Mon 10:00"}};
    static const char *const next[2] = {"Mon 11:00", "Mon 13:00"};
    for (int stays = 0; stays < 2; stays++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = ladder_policies(
            &world, (csq_metric)PASSED(stays ? CSQ_PASSED_STEPS_STAY : CSQ_PASSED_STEPS_REARM));
        csq_ticket *ticket = sla_ticket(world.schema, 1, RELAXED);
        const csq_ms now = sla_at("Mon 10:45");
        csq_explanation *explanation = sla_explain(policies, ticket, 0, now);
        for (uint32_t i = 0; i < 2; i++) {
            csq_ms at;
            assert_status(CSQ_OK, csq_explanation_step(explanation, i, &at, NULL));
            assert_ms_equal(at, sla_at(steps[stays][i]));
        }
        const csq_answer answer = sla_answer(policies, ticket, 0, now);
        csq_answer explained = {.size = sizeof explained};
        assert_status(CSQ_OK, csq_explanation_answer(explanation, &explained, NULL));
        assert_memory_equal(&explained, &answer, sizeof answer);
        assert_ms_equal(answer.next_change_at, sla_at(next[stays]) + stays);
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* Two working days from Monday 10:00, end of day: due Wednesday 17:00. */
static void ladders_by_working_days_fire_too(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(&world, (csq_metric)RESOLUTION);
    sla_add_step(&world, metric, "a day before", CSQ_STEP_WORKDAYS, -1);
    sla_add_step(&world, metric, "an hour before", CSQ_STEP_OFFSET, -HOUR_MS);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.metric = metric, .workdays = 2, .end_of_day = 1});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 10:00 created");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Tue 18:00"));
    static const firing_row rows[8] = {{FIRED, 0, "Tue 17:00", NULL, 0},
                                       {PROJECTED, 1, "Wed 16:00", NULL, 0},
                                       {PROJECTED, BREACH, "Wed 17:00", NULL, 1}};
    check_firings("working days", explanation, rows);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void steps_name_their_recipients(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(&world, (csq_metric)RESOLUTION);
    const csq_str recipients[] = {csq_str_of("owner"), csq_str_of("team_lead")};
    csq_step step = {.size = sizeof step,
                     .kind = CSQ_STEP_PERCENT,
                     .name = csq_str_of("warn"),
                     .value = 8000,
                     .recipients = recipients,
                     .n_recipients = 2};
    uint32_t index = 77;
    assert_status(CSQ_OK, csq_policies_add_step(world.builder, metric, &step, &index, NULL));
    step.name = csq_str_of("other");
    step.n_recipients = CSQ_RECIPIENT_LIMIT + 1;
    assert_status(CSQ_ELIMIT, csq_policies_add_step(world.builder, metric, &step, &index, NULL));
    const csq_str twice[] = {csq_str_of("owner"), csq_str_of("owner")};
    step.recipients = twice;
    step.n_recipients = 2;
    assert_status(CSQ_EDUPLICATE,
                  csq_policies_add_step(world.builder, metric, &step, &index, NULL));
    const csq_str empty[] = {csq_str_of("owner"), csq_str_of("")};
    step.recipients = empty;
    assert_status(CSQ_EINVAL, csq_policies_add_step(world.builder, metric, &step, &index, NULL));
    step.recipients = NULL;
    assert_status(CSQ_EINVAL, csq_policies_add_step(world.builder, metric, &step, &index, NULL));
    step.n_recipients = 0;
    step.reserved = 1;
    assert_status(CSQ_EINVAL, csq_policies_add_step(world.builder, metric, &step, &index, NULL));
    assert_int_equal(index, 0);
    (void)sla_add_policy(&world, "policy", NULL);
    const csq_policies *policies = sla_build(&world);
    csq_step found = {.size = sizeof found};
    assert_status(CSQ_OK, csq_policies_step_at(policies, metric, 0, &found, NULL));
    assert_str_equal(found.name, "warn");
    assert_int_equal(found.kind, CSQ_STEP_PERCENT);
    assert_ms_equal(found.value, 8000);
    assert_int_equal(found.n_recipients, 2);
    assert_str_equal(found.recipients[0], "owner");
    assert_str_equal(found.recipients[1], "team_lead");
    assert_status(CSQ_ERANGE, csq_policies_step_at(policies, metric, 1, &found, NULL));
    assert_status(CSQ_ERANGE, csq_policies_step_at(policies, 1, 0, &found, NULL));
    assert_status(CSQ_EINVAL, csq_policies_step_at(NULL, metric, 0, &found, NULL));
    sla_close(&world);
}

/* 64 steps, and thousands of pauses and edits that let all of them be looked for again. */
static void looking_for_steps_ends(void **state)
{
    (void)state;
    enum { ROUNDS = 4200 };
    sla_world world;
    sla_open(&world);
    const uint32_t metric = sla_add_metric(&world, (csq_metric)RESOLUTION);
    for (uint32_t i = 0; i < CSQ_STEP_LIMIT; i++) {
        const char name[2] = {(char)('0' + (int)i), '\0'};
        sla_add_step(&world, metric, name, CSQ_STEP_PERCENT, 1 + i);
    }
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(
        &world,
        (csq_target){.metric = metric, .within_ms = 1000 * HOUR_MS, .calendar = CSQ_NO_CALENDAR});
    const csq_policies *policies = sla_build(&world);
    const uint32_t pending = world.pause_statuses[0];
    csq_ms at = sla_at("Mon 09:00");
    csq_ticket *ticket = sla_ticket(world.schema, 1, CREATED);
    for (uint32_t i = 0; i < ROUNDS; i++) {
        at += HOUR_MS;
        csq_ticket_event edit = test_event(CSQ_EVENT_EDIT, at, 3 * i + 10);
        edit.value = (1000 + i % 2) * HOUR_MS;
        test_apply(ticket,
                   test_setting(CSQ_EVENT_CHANGE, at, 3 * i + 11, CSQ_TICKET_STATUS, pending));
        test_apply(ticket,
                   test_setting(CSQ_EVENT_CHANGE, at + 1, 3 * i + 12, CSQ_TICKET_STATUS, 0));
        test_apply(ticket, edit);
    }
    csq_explanation *explanation = NULL;
    csq_error error;
    assert_status(CSQ_ELIMIT,
                  csq_policies_explain(policies, ticket, 0, at, NULL, &explanation, &error));
    assert_string_equal(error.message, "the terms of the ticket change too often");
    assert_int_equal(sla_answer(policies, ticket, 0, at).breached, 1);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Options of versions and ladders: their range, and what they do to the fingerprint. */
static void options_are_checked_and_tell_policies_apart(void **state)
{
    (void)state;
    static const csq_metric metrics[] = {
        RESOLUTION,
        LATE(CSQ_LATE_STEPS_ALL),
        LATE(CSQ_LATE_STEPS_LAST),
        LATE(CSQ_LATE_STEPS_NONE),
        {.kind = CSQ_METRIC_RESOLUTION, .passed_steps = CSQ_PASSED_STEPS_STAY},
        {.kind = CSQ_METRIC_RESOLUTION, .passed_steps = CSQ_PASSED_STEPS_SUPERSEDED},
        {.kind = CSQ_METRIC_RESOLUTION, .version_at = CSQ_VERSION_AT_CYCLE},
        {.kind = CSQ_METRIC_RESOLUTION, .version_at = CSQ_VERSION_AT_CREATED},
    };
    static const csq_metric wrong[] = {
        {.kind = CSQ_METRIC_RESOLUTION, .late_steps = CSQ_LATE_STEPS_NONE + 1},
        {.kind = CSQ_METRIC_RESOLUTION, .passed_steps = CSQ_PASSED_STEPS_SUPERSEDED + 1},
        {.kind = CSQ_METRIC_RESOLUTION, .version_at = CSQ_VERSION_AT_CREATED + 1},
        {.kind = CSQ_METRIC_RESOLUTION, .reserved = 1},
    };
    enum { N = sizeof metrics / sizeof metrics[0] };
    uint64_t fingerprints[N];
    for (size_t i = 0; i < N; i++) {
        sla_world world;
        sla_open(&world);
        fingerprints[i] = csq_policies_fingerprint(ladder_policies(&world, metrics[i]));
        for (size_t k = 0; k < i; k++) {
            assert_true(fingerprints[k] != fingerprints[i]);
        }
        sla_close(&world);
    }
    sla_world world;
    sla_open(&world);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const csq_metric metric = sla_metric(&world, wrong[i]);
        uint32_t index = 77;
        assert_status(CSQ_EINVAL, csq_policies_add_metric(world.builder, &metric, &index, NULL));
        assert_int_equal(index, 77);
    }
    const csq_metric explicit = {.kind = CSQ_METRIC_RESOLUTION,
                                 .late_steps = CSQ_LATE_STEPS_ALL,
                                 .passed_steps = CSQ_PASSED_STEPS_REARM,
                                 .version_at = CSQ_VERSION_AT_EVENT};
    assert_true(csq_policies_fingerprint(ladder_policies(&world, explicit)) == fingerprints[0]);
    sla_close(&world);
}

static void what_is_no_firing_is_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = ladder_policies(&world, (csq_metric)RESOLUTION);
    csq_ticket *ticket = sla_ticket(world.schema, 1, CREATED);
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 09:00"));
    csq_firing firing = {.size = sizeof firing};
    assert_int_equal(csq_explanation_firing_count(explanation), 4);
    assert_int_equal(csq_explanation_firing_count(NULL), 0);
    assert_status(CSQ_ERANGE, csq_explanation_firing(explanation, 4, &firing, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_firing(NULL, 0, &firing, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_firing(explanation, 0, NULL, NULL));
    firing.size = 3;
    assert_status(CSQ_EABI, csq_explanation_firing(explanation, 0, &firing, NULL));
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ladder_fires_once_on_the_clock),
        cmocka_unit_test(late_steps_fire_as_the_option_says),
        cmocka_unit_test(passed_steps_are_armed_again_as_the_option_says),
        cmocka_unit_test(a_step_that_stays_keeps_its_instant_everywhere),
        cmocka_unit_test(ladders_by_working_days_fire_too),
        cmocka_unit_test(steps_name_their_recipients),
        cmocka_unit_test(looking_for_steps_ends),
        cmocka_unit_test(options_are_checked_and_tell_policies_apart),
        cmocka_unit_test(what_is_no_firing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
