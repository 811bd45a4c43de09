/*
 * test_promise — targets that are due instants, the promise metric, and chains of promises. All
 * expectations are computed by hand; the worked example is that of docs/promises.md.
 */
#include "sla_support.h"

/* A policy whose only target of `metric` is due at an attribute. */
static csq_policies *due_policies(sla_world *world, csq_metric metric, uint32_t attribute,
                                  uint32_t calendar)
{
    const uint32_t index = sla_add_metric(world, metric);
    (void)sla_add_policy(world, "policy", NULL);
    sla_add_target(world,
                   (csq_target){.metric = index, .due_attribute = attribute, .calendar = calendar});
    return sla_build(world);
}

static csq_promise promise_at(const csq_explanation *explanation, uint64_t index)
{
    csq_promise promise = {.size = sizeof promise};
    assert_status(CSQ_OK, csq_explanation_promise(explanation, index, &promise, NULL));
    return promise;
}

static csq_promises chain_of(const csq_explanation *explanation, uint64_t cycle)
{
    csq_promises chain = {.size = sizeof chain};
    assert_status(CSQ_OK, csq_explanation_promises(explanation, cycle, &chain, NULL));
    return chain;
}

/* ---- due instants -------------------------------------------------------------------------- */

typedef struct due_row {
    const char *rule;
    csq_metric metric;
    const char *events;
    const char *now;
    uint32_t phase;
    uint32_t cycle;
    uint32_t breached;
    const char *due;
    int remaining; /* minutes; NO_MINUTES: none */
} due_row;

enum { NO_MINUTES = 1 << 30 };

#define RESOLUTION(option)                                                                         \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION, .on_change = (option)                                       \
    }
#define KEEP   CSQ_ON_CHANGE_KEEP
#define LATEST CSQ_ON_CHANGE_CARRY
#define PROMISE                                                                                    \
    {                                                                                              \
        .kind = CSQ_METRIC_PROMISE                                                                 \
    }
#define PROMISE_LATEST                                                                             \
    {                                                                                              \
        .kind = CSQ_METRIC_PROMISE, .on_change = LATEST                                            \
    }

static const due_row due_rows[] = {
    {"without a value nothing is due", RESOLUTION(KEEP), "Mon 09:00 created", "Mon 12:00",
     CSQ_PHASE_ACTIVE, 1, 0, NULL, NO_MINUTES},
    {"the value is the due instant, open or not", RESOLUTION(KEEP),
     "Mon 09:00 created promise=Mon/20:00", "Mon 12:00", CSQ_PHASE_ACTIVE, 1, 0, "Mon 20:00",
     5 * 60},
    {"a value that comes later counts from then on", RESOLUTION(KEEP),
     "Mon 09:00 created; Mon 10:00 promise Tue/10:00", "Tue 12:00", CSQ_PHASE_ACTIVE, 1, 1,
     "Tue 10:00", -2 * 60},
    {"exactly on it is in time", RESOLUTION(KEEP), "Mon 09:00 created promise=Mon/12:00",
     "Mon 12:00", CSQ_PHASE_ACTIVE, 1, 0, "Mon 12:00", 0},
    {"a millisecond is not", RESOLUTION(KEEP), "Mon 09:00 created promise=Mon/12:00",
     "Mon 12:00:01", CSQ_PHASE_ACTIVE, 1, 1, "Mon 12:00", NO_MINUTES - 1},
    {"a pause does not move it", RESOLUTION(KEEP),
     "Mon 09:00 created promise=Mon/12:00; Mon 10:00 set status=pending", "Mon 13:00",
     CSQ_PHASE_PAUSED, 1, 1, "Mon 12:00", -60},
    {"solved in time it stays in time", RESOLUTION(KEEP),
     "Mon 09:00 created promise=Mon/12:00; Mon 11:00 set status=solved", "Tue 13:00",
     CSQ_PHASE_COMPLETED, 1, 0, "Mon 12:00", 60},
    {"keep: the first value stays", RESOLUTION(KEEP),
     "Mon 09:00 created promise=Mon/12:00; Mon 10:00 promise Mon/16:00", "Mon 13:00",
     CSQ_PHASE_ACTIVE, 1, 1, "Mon 12:00", -60},
    {"otherwise the latest holds", RESOLUTION(LATEST),
     "Mon 09:00 created promise=Mon/12:00; Mon 10:00 promise Mon/16:00", "Mon 13:00",
     CSQ_PHASE_ACTIVE, 1, 0, "Mon 16:00", 3 * 60},
    {"keep: a cleared value stays", RESOLUTION(KEEP),
     "Mon 09:00 created promise=Mon/12:00; Mon 10:00 set promise=", "Mon 13:00", CSQ_PHASE_ACTIVE,
     1, 1, "Mon 12:00", -60},
    {"otherwise nothing is due any more", RESOLUTION(LATEST),
     "Mon 09:00 created promise=Mon/12:00; Mon 10:00 set promise=", "Mon 13:00", CSQ_PHASE_ACTIVE,
     1, 0, NULL, NO_MINUTES},
    {"what comes after the stop does not count", RESOLUTION(LATEST),
     "Mon 09:00 created promise=Mon/12:00; Mon 11:00 set status=solved; Mon 11:30 promise "
     "Mon/10:00",
     "Tue 13:00", CSQ_PHASE_COMPLETED, 1, 0, "Mon 12:00", 60},
    {"what comes with the stop does not count", RESOLUTION(LATEST),
     "Mon 09:00 created promise=Mon/12:00; Mon 11:00 set status=solved promise=Mon/10:00",
     "Tue 13:00", CSQ_PHASE_COMPLETED, 1, 0, "Mon 12:00", 60},
    {"a cycle that goes on takes the latest value", RESOLUTION(LATEST),
     "Mon 09:00 created promise=Mon/12:00; Mon 11:00 set status=solved; Mon 11:30 promise "
     "Mon/15:00; Mon 13:00 set status=open",
     "Mon 14:00", CSQ_PHASE_ACTIVE, 1, 0, "Mon 15:00", 60},
    {"a promise starts where one is given", PROMISE, "Mon 09:00 created", "Mon 10:00",
     CSQ_PHASE_NOT_STARTED, 0, 0, NULL, NO_MINUTES},
    {"given by an event", PROMISE, "Mon 09:00 created; Mon 10:00 promise Mon/15:00", "Mon 12:00",
     CSQ_PHASE_ACTIVE, 1, 0, "Mon 15:00", 3 * 60},
    {"given by a change", PROMISE, "Mon 09:00 created; Mon 10:00 set promise=Mon/15:00",
     "Mon 12:00", CSQ_PHASE_ACTIVE, 1, 0, "Mon 15:00", 3 * 60},
    {"the reply that gives it does not fulfil it", PROMISE,
     "Mon 09:00 created; Mon 10:00 reply agent promise=Mon/15:00", "Mon 16:00", CSQ_PHASE_ACTIVE, 1,
     1, "Mon 15:00", -60},
    {"the next public reply of an agent does", PROMISE,
     "Mon 10:00 promise Mon/15:00; Mon 11:00 reply bot; Mon 12:00 reply customer; Mon 13:00 reply "
     "agent private; Mon 14:00 reply agent; Mon 16:00 reply agent",
     "Mon 17:00", CSQ_PHASE_COMPLETED, 1, 0, "Mon 15:00", 60},
    {"so does the solve", PROMISE, "Mon 10:00 promise Mon/15:00; Mon 16:00 set status=solved",
     "Mon 17:00", CSQ_PHASE_COMPLETED, 1, 1, "Mon 15:00", -60},
    {"a reply on a solved ticket does, too", PROMISE,
     "Mon 09:00 set status=solved; Mon 10:00 promise Mon/15:00; Mon 14:00 reply agent", "Mon 17:00",
     CSQ_PHASE_COMPLETED, 1, 0, "Mon 15:00", 60},
    {"a promise of an open cycle belongs to it", PROMISE,
     "Mon 10:00 promise Mon/12:00; Mon 13:00 reply agent promise=Tue/12:00; Tue 11:00 reply agent",
     "Tue 12:00", CSQ_PHASE_COMPLETED, 1, 1, "Mon 12:00", -7 * 60},
    {"and may be what counts", PROMISE_LATEST,
     "Mon 10:00 promise Mon/12:00; Mon 13:00 reply agent promise=Tue/12:00; Tue 11:00 reply agent",
     "Tue 12:00", CSQ_PHASE_COMPLETED, 1, 0, "Tue 12:00", 60},
    {"one behind the reply begins another", PROMISE,
     "Mon 10:00 promise Mon/12:00; Mon 11:00 reply agent; Mon 12:00 promise Tue/12:00", "Mon 17:00",
     CSQ_PHASE_ACTIVE, 2, 0, "Tue 12:00", 3 * 60},
    {"even for the same instant", PROMISE,
     "Mon 10:00 promise Tue/12:00; Mon 11:00 reply agent; Mon 12:00 promise Tue/12:00", "Mon 17:00",
     CSQ_PHASE_ACTIVE, 2, 0, "Tue 12:00", 3 * 60},
};

static void check_due_row(const due_row *row)
{
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        due_policies(&world, row->metric, CSQ_TICKET_PROMISE, SLA_OFFICE);
    csq_ticket *ticket = sla_ticket(world.schema, 1, row->events);
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at(row->now));
    const bool is_right = answer.phase == row->phase && answer.cycle == row->cycle &&
                          answer.breached == row->breached && answer.due_at == sla_at(row->due);
    if (!is_right) {
        print_error("%s: phase %u cycle %u late %u due %lld\n", row->rule, answer.phase,
                    answer.cycle, answer.breached, (long long)answer.due_at);
    }
    assert_true(is_right);
    if (row->remaining != NO_MINUTES - 1) {
        assert_ms_equal(answer.remaining_ms,
                        row->remaining == NO_MINUTES ? CSQ_MS_NONE : row->remaining * MINUTE_MS);
    }
    assert_ms_equal(answer.target_ms, CSQ_MS_NONE);
    assert_ms_equal(answer.percent_hundredths, CSQ_MS_NONE);
    assert_ms_equal(answer.due_if_resumed_at, CSQ_MS_NONE);
    assert_ms_equal(answer.breached_at, answer.breached ? answer.due_at : CSQ_MS_NONE);
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    const csq_answer advanced = sla_answer(policies, ticket, 0, sla_at(row->now));
    assert_memory_equal(&advanced, &answer, sizeof answer);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void due_instants_are_followed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof due_rows / sizeof due_rows[0]; i++) {
        check_due_row(&due_rows[i]);
    }
}

/* An own stop replaces that of the kind, and a target in time is possible as well. */
static void a_promise_may_have_its_own_stop_and_a_time(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_condition *stop =
        sla_condition(world.schema, CSQ_TICKET_STATUS, CSQ_TEST_IN, world.stop_statuses[1]);
    const csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_PROMISE, .stop = stop}, 2 * HOUR_MS);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 10:00 promise Tue/12:00; Mon 11:00 reply agent; Mon 13:00 set status=closed");
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 14:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_COMPLETED);
    assert_ms_equal(answer.elapsed_ms, 3 * HOUR_MS);
    assert_ms_equal(answer.due_at, sla_at("Mon 12:00"));
    assert_int_equal(answer.breached, 1);
    csq_condition_free(stop);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Offsets and working days go by the calendar of the clock; percent is not known. */
static void steps_stand_around_the_due_instant(void **state)
{
    (void)state;
    static const struct {
        uint32_t calendar;
        const char *before;
        const char *after;
        const char *day;
    } rows[] = {{SLA_OFFICE, "Mon 16:00", "Tue 12:00", "Wed 10:00"},
                {CSQ_NO_CALENDAR, "Tue 08:00", "Tue 12:00", NULL}};
    for (size_t i = 0; i < 2; i++) {
        sla_world world;
        sla_open(&world);
        (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_PROMISE});
        sla_add_step(&world, 0, "before", CSQ_STEP_OFFSET, -2 * HOUR_MS);
        sla_add_step(&world, 0, "due", CSQ_STEP_OFFSET, 0);
        sla_add_step(&world, 0, "after", CSQ_STEP_OFFSET, 2 * HOUR_MS);
        sla_add_step(&world, 0, "half", CSQ_STEP_PERCENT, 5000);
        sla_add_step(&world, 0, "day", CSQ_STEP_WORKDAYS, 1);
        (void)sla_add_policy(&world, "policy", NULL);
        sla_add_target(&world, (csq_target){.due_attribute = CSQ_TICKET_PROMISE,
                                            .calendar = rows[i].calendar});
        const csq_policies *policies = sla_build(&world);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 10:00 promise Tue/10:00");
        csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 11:00"));
        const csq_ms expected[] = {sla_at(rows[i].before), sla_at("Tue 10:00"),
                                   sla_at(rows[i].after), CSQ_MS_NONE, sla_at(rows[i].day)};
        for (uint32_t s = 0; s < 5; s++) {
            csq_ms at = 0;
            assert_status(CSQ_OK, csq_explanation_step(explanation, s, &at, NULL));
            assert_ms_equal(at, expected[s]);
        }
        csq_explanation_free(explanation);
        const csq_answer paused = sla_answer(policies, ticket, 0, sla_at("Mon 20:00"));
        assert_true(paused.next_change_at <= sla_at("Tue 09:00"));
        const csq_answer due = sla_answer(policies, ticket, 0, sla_at("Tue 10:00"));
        assert_ms_equal(due.next_change_at, sla_at("Tue 10:00") + 1);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* The breach of a paused clock comes all the same, and is foreseen. */
static void a_due_instant_comes_in_a_pause(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = due_policies(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION},
                                                CSQ_TICKET_PROMISE, CSQ_NO_CALENDAR);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created promise=Mon/12:00 status=pending");
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_PAUSED);
    assert_ms_equal(answer.next_change_at, sla_at("Mon 12:00") + 1);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void an_edit_does_not_move_a_due_instant_and_the_last_of_all_is_one(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = due_policies(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION},
                                                CSQ_TICKET_PROMISE, SLA_OFFICE);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created promise=Mon/12:00; Mon 10:00 edit 1h");
    csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 11:30"));
    assert_int_equal(answer.breached, 0);
    assert_ms_equal(answer.due_at, sla_at("Mon 12:00"));
    csq_ticket_free(ticket);
    ticket = sla_ticket(world.schema, 2, "Mon 09:00 created");
    test_apply(ticket, test_setting(CSQ_EVENT_PROMISE, sla_at("Mon 10:00"), 9, 0, INT64_MAX));
    answer = sla_answer(policies, ticket, 0, sla_at("Mon 11:00"));
    assert_int_equal(answer.breached, 0);
    assert_ms_equal(answer.due_at, INT64_MAX);
    assert_true(answer.remaining_ms > 0);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void targets_with_a_due_attribute_are_checked(void **state)
{
    (void)state;
    const csq_target targets[] = {
        {.due_attribute = CSQ_TICKET_STATUS, .calendar = SLA_OFFICE},
        {.due_attribute = CSQ_TICKET_LEVEL, .calendar = SLA_OFFICE},
        {.due_attribute = 999, .calendar = SLA_OFFICE},
        {.due_attribute = CSQ_TICKET_PROMISE, .within_ms = 1, .calendar = SLA_OFFICE},
        {.due_attribute = CSQ_TICKET_PROMISE, .workdays = 1, .calendar = SLA_OFFICE},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_PROMISE});
    (void)sla_add_policy(&world, "policy", NULL);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        csq_target target = targets[i];
        target.size = sizeof target;
        assert_status(CSQ_ETARGET, csq_policies_add_target(world.builder, &target, NULL));
    }
    sla_close(&world);
}

/* The attribute is a part of what policies judge by. */
static void the_due_attribute_is_in_the_fingerprint(void **state)
{
    (void)state;
    uint64_t fingerprints[3];
    for (int i = 0; i < 3; i++) {
        sla_world world;
        sla_open(&world);
        uint32_t other;
        assert_status(CSQ_OK, csq_schema_add(world.schema, csq_str_of("due_by"),
                                             CSQ_ATTRIBUTE_INSTANT, &other, NULL));
        const csq_metric metric = {.kind = CSQ_METRIC_PROMISE};
        fingerprints[i] = csq_policies_fingerprint(
            due_policies(&world, metric, i == 1 ? other : CSQ_TICKET_PROMISE, SLA_OFFICE));
        sla_close(&world);
    }
    assert_ms_equal(fingerprints[0], fingerprints[2]);
    assert_true(fingerprints[0] != fingerprints[1]);
}

/* ---- chains -------------------------------------------------------------------------------- */

#define WORKED                                                                                     \
    "Mon 09:00 created customer; Mon 10:00 reply agent promise=Tue/12:00; "                        \
    "Tue 10:00 promise Wed/12:00 !supplier; Wed 15:00 promise Thu/16:00 !supplier; "               \
    "Thu 11:00 reply agent; Fri 09:00 promise Fri/17:00"

/* docs/promises.md */
static void a_chain_says_what_was_promised_when_and_why(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = due_policies(&world, (csq_metric){.kind = CSQ_METRIC_PROMISE},
                                                CSQ_TICKET_PROMISE, SLA_OFFICE);
    csq_ticket *ticket = sla_ticket(world.schema, 1, WORKED);
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Fri 10:00"));
    assert_ms_equal(csq_explanation_promise_count(explanation), 4);
    static const struct {
        const char *given;
        const char *promised;
        uint32_t cycle;
        uint32_t event;
        uint32_t is_after_due;
        uint32_t outcome;
        int estimated;
        int actual;
        int estimated_open;
        int actual_open;
    } rows[] = {
        {"Mon 10:00", "Tue 12:00", 1, 1, 0, CSQ_PROMISE_BROKEN, 26, 73, 10, 25},
        {"Tue 10:00", "Wed 12:00", 1, 3, 0, CSQ_PROMISE_BROKEN, 26, 49, 10, 17},
        {"Wed 15:00", "Thu 16:00", 1, 4, 1, CSQ_PROMISE_KEPT, 25, 20, 9, 4},
        {"Fri 09:00", "Fri 17:00", 2, 6, 0, CSQ_PROMISE_OPEN, 8, -1, 8, -1},
    };
    const uint32_t supplier = test_code(world.schema, CSQ_TICKET_REASON, "supplier");
    for (uint64_t i = 0; i < 4; i++) {
        const csq_promise promise = promise_at(explanation, i);
        assert_ms_equal(promise.given_at, sla_at(rows[i].given));
        assert_ms_equal(promise.promised_at, sla_at(rows[i].promised));
        assert_int_equal(promise.cycle, rows[i].cycle);
        assert_int_equal(promise.event, rows[i].event);
        assert_int_equal(promise.reason, i == 1 || i == 2 ? supplier : 0);
        assert_int_equal(promise.is_after_due, rows[i].is_after_due);
        assert_int_equal(promise.outcome, rows[i].outcome);
        assert_ms_equal(promise.estimated_ms, rows[i].estimated * HOUR_MS);
        assert_ms_equal(promise.actual_ms,
                        rows[i].actual < 0 ? CSQ_MS_NONE : rows[i].actual * HOUR_MS);
        assert_ms_equal(promise.estimated_open_ms, rows[i].estimated_open * HOUR_MS);
        assert_ms_equal(promise.actual_open_ms,
                        rows[i].actual_open < 0 ? CSQ_MS_NONE : rows[i].actual_open * HOUR_MS);
    }
    const csq_promises first = chain_of(explanation, 0);
    assert_int_equal(first.original, CSQ_PROMISE_BROKEN);
    assert_int_equal(first.latest, CSQ_PROMISE_KEPT);
    assert_ms_equal(first.n, 3);
    assert_ms_equal(first.re_promised, 2);
    assert_ms_equal(first.after_due, 1);
    const csq_promises second = chain_of(explanation, 1);
    assert_int_equal(second.original, CSQ_PROMISE_OPEN);
    assert_ms_equal(second.re_promised, 0);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* The same instant again, and a cleared one, are no new promise; one that stood at the start is. */
static void a_chain_holds_what_differs(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = due_policies(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION},
                                                CSQ_TICKET_PROMISE, SLA_OFFICE);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1,
                   "Mon 09:00 created promise=Tue/12:00; Mon 10:00 promise Tue/12:00; "
                   "Mon 11:00 set promise=; Mon 12:00 promise Tue/12:00; "
                   "Mon 13:00 promise Tue/13:00; Mon 13:00 set status=spam");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Fri 10:00"));
    assert_ms_equal(csq_explanation_promise_count(explanation), 2);
    const csq_promise first = promise_at(explanation, 0);
    assert_ms_equal(first.given_at, sla_at("Mon 09:00"));
    assert_int_equal(first.outcome, CSQ_PROMISE_CANCELLED);
    assert_ms_equal(first.actual_ms, CSQ_MS_NONE);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* 31 clocks that follow another attribute do not slow down a hundred thousand promises. */
static void long_chains_take_no_time_from_other_clocks(void **state)
{
    (void)state;
    enum { N_PROMISES = 100000 };
    sla_world world;
    sla_open(&world);
    uint32_t due_by;
    assert_status(CSQ_OK, csq_schema_add(world.schema, csq_str_of("due_by"), CSQ_ATTRIBUTE_INSTANT,
                                         &due_by, NULL));
    csq_condition *start =
        sla_condition(world.schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_CREATED);
    for (uint32_t i = 0; i < CSQ_METRIC_LIMIT; i++) {
        const char name[] = {(char)('A' + i), '\0'};
        (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_CLOCK,
                                                  .name = csq_str_of(name),
                                                  .start = start,
                                                  .on_change = LATEST});
    }
    (void)sla_add_policy(&world, "policy", NULL);
    for (uint32_t i = 0; i < CSQ_METRIC_LIMIT; i++) {
        sla_add_target(&world,
                       (csq_target){.metric = i,
                                    .due_attribute = i == 0 ? (uint32_t)CSQ_TICKET_PROMISE : due_by,
                                    .calendar = CSQ_NO_CALENDAR});
    }
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created due_by=Tue/09:00");
    for (uint32_t i = 0; i < N_PROMISES; i++) {
        test_apply(ticket, test_setting(CSQ_EVENT_PROMISE, sla_at("Mon 10:00") + i, 10 + i, 0,
                                        sla_at("Wed 10:00") + (i % 2)));
    }
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Tue 10:00"));
    assert_ms_equal(csq_explanation_promise_count(explanation), N_PROMISES);
    csq_explanation_free(explanation);
    csq_condition_free(start);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_reading_beyond_the_end_is_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created promise=Tue/12:00");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Fri 10:00"));
    csq_promise promise = {.size = sizeof promise};
    csq_promises chain = {.size = sizeof chain, .n = 7};
    assert_ms_equal(csq_explanation_promise_count(explanation), 0);
    assert_ms_equal(csq_explanation_promise_count(NULL), 0);
    assert_status(CSQ_ERANGE, csq_explanation_promise(explanation, 0, &promise, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_promise(NULL, 0, &promise, NULL));
    assert_status(CSQ_ERANGE, csq_explanation_promises(explanation, 1, &chain, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_promises(NULL, 0, &chain, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_promises(explanation, 0, NULL, NULL));
    assert_status(CSQ_OK, csq_explanation_promises(explanation, 0, &chain, NULL));
    assert_ms_equal(chain.n, 0);
    assert_int_equal(chain.original, 0);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* ---- tallies ------------------------------------------------------------------------------- */

/* docs/promises.md: the first cycle of the worked example, and a ticket that is late and open. */
static void a_tally_sums_chains(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = due_policies(&world, (csq_metric){.kind = CSQ_METRIC_PROMISE},
                                                CSQ_TICKET_PROMISE, SLA_OFFICE);
    csq_ticket *worked = sla_ticket(world.schema, 1, WORKED);
    csq_ticket *open = sla_ticket(world.schema, 2, "Mon 10:00 promise Tue/10:00");
    csq_tally *tally;
    csq_tally *part;
    assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tally, NULL));
    assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &part, NULL));
    assert_status(CSQ_OK, csq_tally_add(part, open, sla_at("Fri 10:00"), NULL));
    assert_status(CSQ_OK, csq_tally_add(tally, worked, sla_at("Fri 10:00"), NULL));
    assert_status(CSQ_OK, csq_tally_merge(tally, part, NULL));
    assert_ms_equal(csq_tally_count(tally), 1);
    csq_tally_row row = sla_row(tally, 0);
    assert_int_equal(row.due_attribute, CSQ_TICKET_PROMISE);
    assert_ms_equal(row.target_ms, CSQ_MS_NONE);
    assert_ms_equal(row.met, 0);
    assert_ms_equal(row.missed, 2);
    assert_ms_equal(row.late_open, 1);
    assert_ms_equal(row.open, 1);
    assert_ms_equal(row.promised, 2);
    assert_ms_equal(row.kept_original, 0);
    assert_ms_equal(row.kept_latest, 1);
    assert_ms_equal(row.re_promised, 2);
    assert_ms_equal(row.estimates, 3);
    assert_ms_equal(row.error_ms, (15 + 7 - 5) * HOUR_MS);
    assert_ms_equal(row.error_size_ms, (15 + 7 + 5) * HOUR_MS);
    assert_ms_equal(row.overrun_ms, 0);
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    csq_tally *back;
    assert_status(CSQ_OK, csq_tally_decode(policies, NULL, bytes, size, NULL, &back, NULL));
    assert_true(sla_is_same_tally(tally, back));
    assert_status(CSQ_OK, csq_tally_subtract(back, part, NULL));
    row = sla_row(back, 0);
    assert_ms_equal(row.promised, 1);
    assert_ms_equal(row.estimates, 3);
    assert_status(CSQ_ESTATE, csq_tally_subtract(part, tally, NULL));
    free(bytes);
    csq_tally_free(back);
    csq_tally_free(part);
    csq_tally_free(tally);
    csq_ticket_free(open);
    csq_ticket_free(worked);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_instants_are_followed),
        cmocka_unit_test(a_promise_may_have_its_own_stop_and_a_time),
        cmocka_unit_test(steps_stand_around_the_due_instant),
        cmocka_unit_test(a_due_instant_comes_in_a_pause),
        cmocka_unit_test(an_edit_does_not_move_a_due_instant_and_the_last_of_all_is_one),
        cmocka_unit_test(targets_with_a_due_attribute_are_checked),
        cmocka_unit_test(the_due_attribute_is_in_the_fingerprint),
        cmocka_unit_test(a_chain_says_what_was_promised_when_and_why),
        cmocka_unit_test(a_chain_holds_what_differs),
        cmocka_unit_test(long_chains_take_no_time_from_other_clocks),
        cmocka_unit_test(a_reading_beyond_the_end_is_refused),
        cmocka_unit_test(a_tally_sums_chains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
