/*
 * test_explain — the walk of a clock, written down: stretches that tile the cycle and sum to what
 * elapsed, their reasons and causes, cycles, steps; and why a policy does not hold.
 */
#include "sla_support.h"

#define RESOLUTION {.kind = CSQ_METRIC_RESOLUTION}

enum {
    COUNTED = CSQ_STRETCH_COUNTED,
    CLOSED = CSQ_STRETCH_CLOSED,
    HOLIDAY = CSQ_STRETCH_HOLIDAY,
    OVERRIDE = CSQ_STRETCH_OVERRIDE,
    BREAK = CSQ_STRETCH_BREAK,
    PAUSED = CSQ_STRETCH_PAUSED,
    FINISHED = CSQ_STRETCH_FINISHED,
    WALL = CSQ_NO_CALENDAR
};

typedef struct stretch_row {
    uint32_t reason;
    const char *from;
    uint64_t event;
    int calendar; /* index; WALL */
    const char *name;
} stretch_row;

/* The stretches are these; the last one ends at `to`. They tile it and sum to what elapsed. */
static void check_stretches(const csq_explanation *explanation, const stretch_row *rows, size_t n,
                            csq_ms to)
{
    csq_answer answer = {.size = sizeof answer};
    csq_ms sum = 0;
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &answer, NULL));
    assert_ms_equal(csq_explanation_stretch_count(explanation), n);
    for (size_t i = 0; i < n; i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        const csq_ms end = i + 1 < n ? sla_at(rows[i + 1].from) : to;
        assert_int_equal(stretch.size, sizeof stretch);
        assert_int_equal(stretch.reason, rows[i].reason);
        assert_ms_equal(stretch.from, sla_at(rows[i].from));
        assert_ms_equal(stretch.to, end);
        assert_ms_equal(stretch.counted_ms, stretch.reason == COUNTED ? end - stretch.from : 0);
        assert_ms_equal(stretch.event, rows[i].event);
        assert_int_equal(stretch.calendar, (uint32_t)rows[i].calendar);
        assert_int_equal(stretch.policy, 0);
        assert_str_equal(stretch.name, rows[i].name == NULL ? "" : rows[i].name);
        sum += stretch.counted_ms;
    }
    assert_ms_equal(sum, answer.elapsed_ms);
    assert_ms_equal(sla_stretch(explanation, 0).from, answer.started_at);
}

#define CHECK(explanation, rows, to)                                                               \
    check_stretches(explanation, rows, sizeof(rows) / sizeof(rows)[0], to)

/* ---- stretches ----------------------------------------------------------------------------- */

static void stretches_tile_the_cycle_with_their_reasons(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 16:00 created; Tue 10:00 set status=pending; Tue 10:30 set status=hold; "
        "Tue 11:00 set status=open; Tue 12:00 set status=solved; Tue 13:00 set status=open");
    static const stretch_row rows[] = {
        {COUNTED, "Mon 16:00", 0, SLA_OFFICE, NULL},
        {CLOSED, "Mon 17:00", 0, SLA_OFFICE, NULL},
        {COUNTED, "Tue 09:00", 0, SLA_OFFICE, NULL},
        {PAUSED, "Tue 10:00", 1, SLA_OFFICE, NULL}, // from pending to hold it goes on
        {COUNTED, "Tue 11:00", 3, SLA_OFFICE, NULL},
        {FINISHED, "Tue 12:00", 4, SLA_OFFICE, NULL},
        {COUNTED, "Tue 13:00", 5, SLA_OFFICE, NULL},
    };
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Tue 14:00"));
    CHECK(explanation, rows, sla_at("Tue 14:00"));
    csq_explanation_free(explanation);
    explanation = sla_explain(policies, ticket, 0, sla_at("Tue 12:30"));
    check_stretches(explanation, rows, 5, sla_at("Tue 12:00")); // up to the stop
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_time_between_that_counts_is_a_stretch_like_others(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(
        &world,
        (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_RESUME_COUNTING,
                     .wall_time = 1},
        0);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 16:00 created; Mon 18:00 set status=solved; "
                                    "Mon 20:00 set status=pending");
    static const stretch_row rows[] = {
        {COUNTED, "Mon 16:00", 0, WALL, NULL},
        {COUNTED, "Mon 18:00", 1, WALL, NULL},
        {PAUSED, "Mon 20:00", 2, WALL, NULL},
    };
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Tue 00:00"));
    CHECK(explanation, rows, sla_at("Tue 00:00"));
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Shanghai office hours in two versions: from Thursday 00:00 local time on until 20:00. */
static csq_calendar *calendar_with_everything(void)
{
    csq_zone *const zone = zone_of(TZ_SHANGHAI);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "18:00");
    add_holiday(builder, "2024-01-09", "春节");
    add_override(builder, "2024-01-10", "调休", "09:00", "12:00");
    add_break(builder, "2024-01-10", "午休", "11:00", "11:30");
    assert_status(CSQ_OK, csq_calendar_builder_version(
                              builder, instant_of("2024-01-11T00:00:00+08:00"), NULL));
    add_week(builder, 1, 5, "09:00", "20:00");
    return build(builder, zone);
}

static void holidays_overrides_breaks_and_versions_are_named(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_calendar *shanghai = calendar_with_everything();
    uint32_t calendar;
    assert_status(CSQ_OK, csq_policies_add_calendar(world.builder, csq_str_of("上海"), shanghai,
                                                    &calendar, NULL));
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.within_ms = HOUR_MS, .calendar = calendar});
    const csq_policies *policies = sla_build(&world);
    // 07:00Z is 15:00 in Shanghai.
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 07:00 created");
    static const stretch_row rows[] = {
        {COUNTED, "Mon 07:00", 0, SLA_CALENDARS, NULL},
        {CLOSED, "Mon 10:00", 0, SLA_CALENDARS, NULL},
        {HOLIDAY, "Mon 16:00", 0, SLA_CALENDARS, "春节"},
        {OVERRIDE, "Tue 16:00", 0, SLA_CALENDARS, "调休"},
        {COUNTED, "Wed 01:00", 0, SLA_CALENDARS, "调休"},
        {BREAK, "Wed 03:00", 0, SLA_CALENDARS, "午休"},
        {COUNTED, "Wed 03:30", 0, SLA_CALENDARS, "调休"},
        {OVERRIDE, "Wed 04:00", 0, SLA_CALENDARS, "调休"},
        {CLOSED, "Wed 16:00", 0, SLA_CALENDARS, NULL},
        {COUNTED, "Thu 01:00", 0, SLA_CALENDARS, NULL},
        {CLOSED, "Thu 12:00", 0, SLA_CALENDARS, NULL},
    };
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Thu 13:00"));
    csq_calendar_free(shanghai); // names outlive the caller's reference
    CHECK(explanation, rows, sla_at("Thu 13:00"));
    for (uint64_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(sla_stretch(explanation, i).version, i >= 8); // Thursday and later
    }
    csq_ticket_free(ticket);
    sla_close(&world);
    CHECK(explanation, rows, sla_at("Thu 13:00")); // and those of the policies
    csq_explanation_free(explanation);
}

static void a_switch_and_a_remeasurement_show_their_calendar(void **state)
{
    (void)state;
    static const stretch_row segmented[] = {
        {CLOSED, "Mon 07:00", 0, SLA_OFFICE, NULL},
        {COUNTED, "Mon 09:00", 0, SLA_OFFICE, NULL},
        {COUNTED, "Mon 10:00", 1, SLA_EARLY, NULL},
    };
    static const stretch_row latest[] = {
        {COUNTED, "Mon 07:00", 0, SLA_EARLY, NULL}, // as if it had been so from the start
    };
    for (uint32_t mode = CSQ_CALENDAR_SWITCH_SEGMENTED; mode <= CSQ_CALENDAR_SWITCH_LATEST;
         mode++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(
            &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .calendar_switch = mode}, 0);
        csq_ticket *ticket =
            sla_ticket(world.schema, 1, "Mon 07:00 created; Mon 10:00 set calendar=early");
        csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 12:00"));
        if (mode == CSQ_CALENDAR_SWITCH_SEGMENTED) {
            CHECK(explanation, segmented, sla_at("Mon 12:00"));
        } else {
            CHECK(explanation, latest, sla_at("Mon 12:00"));
        }
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

static void a_clock_that_did_not_start_has_nothing_to_tell(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY}, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 12:00"));
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &answer, NULL));
    assert_int_equal(answer.phase, CSQ_PHASE_NOT_STARTED);
    assert_int_equal(csq_explanation_stretch_count(explanation), 0);
    assert_int_equal(csq_explanation_cycle_count(explanation), 0);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Ten stretches a week make a million in 1917 years. */
static void more_than_a_million_stretches_are_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_explanation *explanation = (csq_explanation *)&world;
    const csq_ms far = sla_at("Mon 09:00") + 5 * INT64_C(146097) * DAY_MS; // 2000 years
    assert_int_equal(sla_answer(policies, ticket, 0, far).breached, 1);
    assert_status(CSQ_ELIMIT,
                  csq_policies_explain(policies, ticket, 0, far, NULL, &explanation, NULL));
    assert_null(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* ---- cycles -------------------------------------------------------------------------------- */

static void cycles_are_told_in_order(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(
        &world,
        (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                     .on_change = CSQ_ON_CHANGE_RESTART},
        0);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=solved; "
        "Tue 09:00 set status=open; Tue 15:00 set status=solved; Wed 09:00 set status=open; "
        "Wed 10:00 set priority=high");
    static const struct {
        uint32_t phase;
        uint32_t breached;
        const char *started;
        const char *stopped;
        int target; /* hours */
        int elapsed;
        int paused;
    } rows[] = {
        {CSQ_PHASE_COMPLETED, 0, "Mon 09:00", "Mon 11:00", 4, 1, 1},
        {CSQ_PHASE_COMPLETED, 1, "Tue 09:00", "Tue 15:00", 4, 6, 0},
        {CSQ_PHASE_CANCELLED, 0, "Wed 09:00", "Wed 10:00", 4, 1, 0},
        {CSQ_PHASE_ACTIVE, 1, "Wed 10:00", NULL, 2, 3, 0},
    };
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Wed 13:00"));
    assert_int_equal(csq_explanation_cycle_count(explanation), 4);
    for (uint64_t i = 0; i < 4; i++) {
        const csq_cycle cycle = sla_cycle(explanation, i);
        assert_int_equal(cycle.phase, rows[i].phase);
        assert_int_equal(cycle.breached, rows[i].breached);
        assert_ms_equal(cycle.started_at, sla_at(rows[i].started));
        assert_ms_equal(cycle.stopped_at, sla_at(rows[i].stopped));
        assert_ms_equal(cycle.target_ms, rows[i].target * HOUR_MS);
        assert_ms_equal(cycle.elapsed_ms, rows[i].elapsed * HOUR_MS);
        assert_ms_equal(cycle.paused_ms, rows[i].paused * HOUR_MS);
    }
    // The stretches of each cycle sum to what elapsed in it.
    csq_ms sums[5] = {0};
    for (uint64_t i = 0; i < csq_explanation_stretch_count(explanation); i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        assert_in_range(stretch.cycle, 1, 4);
        assert_true(stretch.from >= sla_at(rows[stretch.cycle - 1].started));
        sums[stretch.cycle] += stretch.counted_ms;
    }
    for (uint64_t i = 0; i < 4; i++) {
        assert_ms_equal(sums[i + 1], rows[i].elapsed * HOUR_MS);
    }
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void an_edit_of_all_cycles_judges_earlier_ones_again(void **state)
{
    (void)state;
    for (uint32_t scope = CSQ_EDIT_SCOPE_OPEN; scope <= CSQ_EDIT_SCOPE_ALL; scope++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(
            &world,
            (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                         .edit_scope = scope},
            0);
        csq_ticket *ticket = sla_ticket(world.schema, 1,
                                        "Mon 09:00 created; Mon 12:00 set status=solved; "
                                        "Mon 13:00 set status=open; Mon 14:00 edit 2h");
        csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 16:00"));
        assert_int_equal(sla_cycle(explanation, 0).breached, scope == CSQ_EDIT_SCOPE_ALL);
        assert_ms_equal(sla_cycle(explanation, 0).target_ms,
                        scope == CSQ_EDIT_SCOPE_ALL ? 2 * HOUR_MS : 4 * HOUR_MS);
        assert_int_equal(sla_cycle(explanation, 1).breached, 1);
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- steps --------------------------------------------------------------------------------- */

static void steps_lie_on_the_clock_of_their_metric(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        const char *now;
        const char *at[4]; /* 50 %, an hour before, an hour after, 6 h before */
    } rows[] = {
        {"Mon 09:00 created", "Mon 09:30",
         {"Mon 11:00", "Mon 12:00", "Mon 14:00", "Mon 09:00"}},
        {"Mon 09:00 created", "Tue 12:00",
         {"Mon 11:00", "Mon 12:00", "Mon 14:00", "Mon 09:00"}},
        {"Fri 16:00 created", "Fri 16:30",
         {"Mon+ 10:00", "Mon+ 11:00", "Mon+ 13:00", "Fri 16:00"}},
        {"Mon 09:00 created; Mon 11:30 set status=pending", "Mon 13:00",
         {"Mon 11:00", NULL, NULL, "Mon 09:00"}},
        {"Mon 09:00 created; Mon 11:30 set status=pending; Mon 13:30 set status=open", "Mon 14:00",
         {"Mon 11:00", "Mon 14:00", "Mon 16:00", "Mon 09:00"}},
        {"Mon 09:00 set status=open", "Mon 14:00", {NULL, NULL, NULL, NULL}}, // not started
    };
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    sla_add_step(&world, 0, "half", CSQ_STEP_PERCENT, 5000);
    sla_add_step(&world, 0, "before", CSQ_STEP_OFFSET, -HOUR_MS);
    sla_add_step(&world, 0, "after", CSQ_STEP_OFFSET, HOUR_MS);
    sla_add_step(&world, 0, "long before", CSQ_STEP_OFFSET, -6 * HOUR_MS);
    sla_add_step(&world, 0, "no days here", CSQ_STEP_WORKDAYS, 1);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.within_ms = 4 * HOUR_MS, .calendar = SLA_OFFICE});
    const csq_policies *policies = sla_build(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at(rows[i].now));
        csq_ms at;
        for (uint32_t s = 0; s < 4; s++) {
            assert_status(CSQ_OK, csq_explanation_step(explanation, s, &at, NULL));
            assert_ms_equal(at, sla_at(rows[i].at[s]));
        }
        assert_status(CSQ_OK, csq_explanation_step(explanation, 4, &at, NULL));
        assert_ms_equal(at, CSQ_MS_NONE);
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
    }
    sla_close(&world);
}

static void a_percentage_is_reached_at_a_whole_millisecond_rounded_up(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    sla_add_step(&world, 0, "third", CSQ_STEP_PERCENT, 3333);
    sla_add_step(&world, 0, "much", CSQ_STEP_PERCENT, 10000000);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.within_ms = 100, .calendar = SLA_OFFICE});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 09:00"));
    csq_ms at;
    assert_status(CSQ_OK, csq_explanation_step(explanation, 0, &at, NULL));
    assert_ms_equal(at, sla_at("Mon 09:00") + 34); // 33.33
    assert_status(CSQ_OK, csq_explanation_step(explanation, 1, &at, NULL));
    assert_ms_equal(at, sla_at("Mon 09:00") + 100000); // 1000 times
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void steps_of_working_days_count_from_the_due_day(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    sla_add_step(&world, 0, "day after", CSQ_STEP_WORKDAYS, 1);
    sla_add_step(&world, 0, "day before", CSQ_STEP_WORKDAYS, -1);
    sla_add_step(&world, 0, "hours before", CSQ_STEP_OFFSET, -2 * HOUR_MS);
    sla_add_step(&world, 0, "hours after", CSQ_STEP_OFFSET, 8 * HOUR_MS);
    sla_add_step(&world, 0, "no percent of days", CSQ_STEP_PERCENT, 5000);
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.workdays = 1, .calendar = SLA_OFFICE});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Thu 10:00 created"); // due Fri 10:00
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Thu 11:00"));
    static const char *const expected[] = {"Mon+ 10:00", "Thu 10:00", "Thu 16:00", "Mon+ 10:00",
                                           NULL};
    for (uint32_t s = 0; s < 5; s++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, s, &at, NULL));
        assert_ms_equal(at, sla_at(expected[s]));
    }
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void explaining_refuses_as_answering_does(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_schema *other = test_schema();
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_ticket *foreign = test_ticket(other, 1);
    const csq_ms now = sla_at("Mon 12:00");
    csq_explanation *out = (csq_explanation *)&world;
    assert_status(CSQ_EMISMATCH, csq_policies_explain(policies, foreign, 0, now, NULL, &out, NULL));
    assert_null(out);
    assert_status(CSQ_ERANGE, csq_policies_explain(policies, ticket, 1, now, NULL, &out, NULL));
    assert_status(CSQ_EINVAL, csq_policies_explain(NULL, ticket, 0, now, NULL, &out, NULL));
    assert_status(CSQ_EINVAL, csq_policies_explain(policies, NULL, 0, now, NULL, &out, NULL));
    assert_status(CSQ_EINVAL, csq_policies_explain(policies, ticket, 0, now, NULL, NULL, NULL));
    out = sla_explain(policies, ticket, 0, now);
    csq_stretch stretch = {.size = sizeof stretch};
    csq_cycle cycle = {.size = sizeof cycle};
    csq_answer answer = {.size = 1};
    csq_ms at;
    assert_status(CSQ_ERANGE, csq_explanation_stretch(out, 1, &stretch, NULL));
    assert_status(CSQ_ERANGE, csq_explanation_cycle(out, 1, &cycle, NULL));
    assert_status(CSQ_ERANGE, csq_explanation_step(out, 0, &at, NULL));
    assert_status(CSQ_EABI, csq_explanation_answer(out, &answer, NULL));
    stretch.size = 2;
    cycle.size = 2;
    assert_status(CSQ_EABI, csq_explanation_stretch(out, 0, &stretch, NULL));
    assert_status(CSQ_EABI, csq_explanation_cycle(out, 0, &cycle, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_answer(NULL, &answer, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_step(NULL, 0, &at, NULL));
    assert_int_equal(csq_explanation_stretch_count(NULL), 0);
    assert_int_equal(csq_explanation_cycle_count(NULL), 0);
    csq_explanation_free(NULL);
    csq_explanation_free(out);
    csq_ticket_free(foreign);
    csq_ticket_free(ticket);
    csq_schema_free(other);
    sla_close(&world);
}

/* ---- why not ------------------------------------------------------------------------------- */

/* Policies: high (priority high), tier2 (group tier2 and tag vip), rest; only rest has no target
 * for urgent, and none has one for the second metric. */
static csq_policies *policies_for_why_not(sla_world *world)
{
    csq_schema *schema = world->schema;
    (void)sla_add_metric(world, (csq_metric)RESOLUTION);
    (void)sla_add_metric(world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY,
                                             .name = csq_str_of("first")});
    csq_condition *high = sla_condition(schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world->high);
    csq_condition *tier2 = sla_condition(schema, CSQ_TICKET_GROUP, CSQ_TEST_IN, world->tier2);
    csq_condition *vip = sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS,
                                       test_code(schema, CSQ_TICKET_TAGS, "vip"));
    csq_condition_builder *builder;
    csq_condition *both;
    assert_status(CSQ_OK, csq_condition_builder_new(schema, NULL, &builder, NULL));
    assert_status(CSQ_OK, csq_condition_push_condition(builder, tier2, NULL));
    assert_status(CSQ_OK, csq_condition_push_condition(builder, vip, NULL));
    assert_status(CSQ_OK, csq_condition_push_all(builder, 2, NULL));
    assert_status(CSQ_OK, csq_condition_build(builder, &both, NULL));
    csq_condition_builder_free(builder);
    (void)sla_add_policy(world, "high", high);
    sla_add_target(world, (csq_target){.within_ms = 1, .calendar = SLA_OFFICE});
    (void)sla_add_policy(world, "tier2", both);
    sla_add_target(world, (csq_target){.within_ms = 1, .calendar = SLA_OFFICE});
    (void)sla_add_policy(world, "rest", NULL);
    sla_add_target(world, (csq_target){.within_ms = 1,
                                       .calendar = SLA_OFFICE,
                                       .attribute = CSQ_TICKET_PRIORITY,
                                       .code = world->low});
    csq_condition_free(high);
    csq_condition_free(tier2);
    csq_condition_free(vip);
    csq_condition_free(both);
    return sla_build(world);
}

static void why_not_names_the_first_reason(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = policies_for_why_not(&world);
    static const struct {
        const char *events;
        uint32_t metric;
        uint32_t policy;
        uint32_t reason;
        uint32_t attribute;
        uint32_t holding;
    } rows[] = {
        {"Mon 09:00 created priority=high", 0, 0, CSQ_WHY_NOT_HOLDS, 0, 0},
        {"Mon 09:00 created priority=high", 0, 1, CSQ_WHY_NOT_TEST, CSQ_TICKET_GROUP, 0},
        {"Mon 09:00 created priority=high group=tier2", 0, 1, CSQ_WHY_NOT_TEST, CSQ_TICKET_TAGS,
         0},
        {"Mon 09:00 created priority=high group=tier2; Mon 09:10 add vip", 0, 1,
         CSQ_WHY_NOT_EARLIER, 0, 0},
        {"Mon 09:00 created priority=high", 0, 2, CSQ_WHY_NOT_EARLIER, 0, 0},
        {"Mon 09:00 created priority=low", 0, 2, CSQ_WHY_NOT_HOLDS, 0, 2},
        {"Mon 09:00 created priority=low", 0, 0, CSQ_WHY_NOT_TEST, CSQ_TICKET_PRIORITY, 2},
        {"Mon 09:00 created priority=urgent", 0, 2, CSQ_WHY_NOT_NO_TARGET, CSQ_TICKET_PRIORITY, 2},
        {"Mon 09:00 created priority=low", 1, 2, CSQ_WHY_NOT_NO_TARGET, 0, 2},
        {"Mon 09:00 created policy=high", 0, 2, CSQ_WHY_NOT_ATTACHED, 0, 0},
        {"Mon 09:00 created policy=high", 0, 0, CSQ_WHY_NOT_HOLDS, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        csq_why_not why = {.size = sizeof why};
        assert_status(CSQ_OK, csq_policies_why_not(policies, ticket, rows[i].metric,
                                                   rows[i].policy, sla_at("Mon 10:00"), &why,
                                                   NULL));
        assert_int_equal(why.reason, rows[i].reason);
        assert_int_equal(why.attribute, rows[i].attribute);
        assert_int_equal(why.policy, rows[i].holding);
        csq_ticket_free(ticket);
    }
    sla_close(&world);
}

static void why_not_refuses_by_name(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = policies_for_why_not(&world);
    csq_schema *other = test_schema();
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_ticket *foreign = test_ticket(other, 1);
    csq_why_not why = {.size = sizeof why, .reason = 99};
    assert_status(CSQ_ERANGE, csq_policies_why_not(policies, ticket, 2, 0, 0, &why, NULL));
    assert_status(CSQ_ERANGE, csq_policies_why_not(policies, ticket, 0, 3, 0, &why, NULL));
    assert_status(CSQ_EMISMATCH, csq_policies_why_not(policies, foreign, 0, 0, 0, &why, NULL));
    assert_status(CSQ_EINVAL, csq_policies_why_not(NULL, ticket, 0, 0, 0, &why, NULL));
    assert_status(CSQ_EINVAL, csq_policies_why_not(policies, NULL, 0, 0, 0, &why, NULL));
    assert_status(CSQ_EINVAL, csq_policies_why_not(policies, ticket, 0, 0, 0, NULL, NULL));
    why.size = 1;
    assert_status(CSQ_EABI, csq_policies_why_not(policies, ticket, 0, 0, 0, &why, NULL));
    assert_int_equal(why.reason, 99);
    csq_ticket_free(foreign);
    csq_ticket_free(ticket);
    csq_schema_free(other);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stretches_tile_the_cycle_with_their_reasons),
        cmocka_unit_test(a_time_between_that_counts_is_a_stretch_like_others),
        cmocka_unit_test(holidays_overrides_breaks_and_versions_are_named),
        cmocka_unit_test(a_switch_and_a_remeasurement_show_their_calendar),
        cmocka_unit_test(a_clock_that_did_not_start_has_nothing_to_tell),
        cmocka_unit_test(more_than_a_million_stretches_are_refused),
        cmocka_unit_test(cycles_are_told_in_order),
        cmocka_unit_test(an_edit_of_all_cycles_judges_earlier_ones_again),
        cmocka_unit_test(steps_lie_on_the_clock_of_their_metric),
        cmocka_unit_test(a_percentage_is_reached_at_a_whole_millisecond_rounded_up),
        cmocka_unit_test(steps_of_working_days_count_from_the_due_day),
        cmocka_unit_test(explaining_refuses_as_answering_does),
        cmocka_unit_test(why_not_names_the_first_reason),
        cmocka_unit_test(why_not_refuses_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
