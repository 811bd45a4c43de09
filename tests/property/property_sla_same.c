/*
 * property_sla_same — what is told in other words changes no clock.
 *
 * Random policies over random histories, each told twice: with windows of the hours cut in two that
 * touch, with a pause cut in two by moving from one pausing status to another, and with events that
 * set what is set already. And the ladder is the clock's own: when a step is reached, the time that
 * the step names has elapsed.
 */
#include "sla_trial.h"

static void add_halves(csq_calendar_builder *builder, const char *from, const char *noon,
                       const char *to)
{
    add_week(builder, 1, 5, from, noon);
    add_week(builder, 1, 5, noon, to);
}

/* The same hours as the calendar `index` of the world, each window in two parts. */
static csq_calendar *calendar_in_halves(uint32_t index)
{
    if (index != SLA_OFFICE && index != SLA_EARLY) {
        return sla_calendar(index);
    }
    csq_zone *const zone = zone_of("UTC0");
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    if (index == SLA_OFFICE) {
        add_halves(builder, "09:00", "12:45", "17:00");
    } else {
        add_halves(builder, "07:00", "07:15", "15:00");
    }
    return build(builder, zone);
}

/* The policies that the trial draws from `seed`, on calendars in halves. */
static csq_policies *draw_again(trial *t, uint64_t seed)
{
    csq_policies *whole = csq_policies_retain(t->policies);
    const uint64_t after = t->seed;
    csq_calendar *kept[SLA_CALENDARS];
    for (uint32_t i = 0; i < SLA_CALENDARS; i++) {
        kept[i] = t->world.calendars[i];
        t->world.calendars[i] = calendar_in_halves(i);
    }
    t->seed = seed;
    draw_policies(t);
    csq_policies *halves = csq_policies_retain(t->policies);
    for (uint32_t i = 0; i < SLA_CALENDARS; i++) {
        csq_calendar_free(t->world.calendars[i]);
        t->world.calendars[i] = kept[i];
    }
    csq_policies_free(t->world.policies);
    t->world.policies = whole;
    t->policies = whole;
    t->seed = after;
    return halves;
}

static int64_t status_at(const csq_ticket_event *events, uint32_t n, csq_ms at)
{
    int64_t status = 0;
    for (uint32_t i = 0; i < n && events[i].at <= at; i++) {
        status = events[i].attribute == CSQ_TICKET_STATUS ? events[i].value : status;
    }
    return status;
}

/* Says something in other words: from one pausing status to the other, or the status once more. */
static void say_again(trial *t, csq_ticket *ticket, const csq_ticket_event *events, uint32_t n)
{
    const bool is_merged = events[n - 1].kind == CSQ_EVENT_MERGE;
    for (uint32_t i = 0; i + 1 < n; i++) {
        const csq_ms gap = events[i + 1].at - events[i].at;
        const csq_ms at = events[i].at + 1 + (gap > 1 ? (csq_ms)draw(t, (uint32_t)(gap - 1)) : 0);
        const int64_t status = status_at(events, n, events[i].at);
        if (gap <= 1 || at >= events[i + 1].at || (is_merged && i + 2 == n)) {
            continue;
        }
        const uint32_t *pauses = t->world.pause_statuses;
        const bool moves = status == pauses[0] || status == pauses[1];
        const int64_t other = status == pauses[0] ? pauses[1] : pauses[0];
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, at, 100 + i, CSQ_TICKET_STATUS,
                                        moves ? other : status));
        if (moves && at + 1 < events[i + 1].at) { // what follows finds the status that it knew
            test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, at + 1, 200 + i, CSQ_TICKET_STATUS,
                                            status));
        }
    }
}

static csq_ms random_instant(trial *t, const csq_ticket_event *events, uint32_t n)
{
    return events[draw(t, n)].at + (csq_ms)draw(t, 400) * QUARTER_MS / 2;
}

static void check_same(trial *t, const csq_policies *other, const csq_ticket *ticket,
                       const csq_ticket *retold, csq_ms now)
{
    for (uint32_t metric = 0; metric < csq_policies_metric_count(t->policies); metric++) {
        const csq_answer answer = sla_answer(t->policies, ticket, metric, now);
        const csq_answer by_halves = sla_answer(other, ticket, metric, now);
        const csq_answer by_words = sla_answer(t->policies, retold, metric, now);
        assert_memory_equal(&by_halves, &answer, sizeof answer);
        assert_memory_equal(&by_words, &answer, sizeof answer);
    }
}

static void the_same_in_other_words_is_the_same(void **state)
{
    (void)state;
    static trial t;
    t = (trial){.seed = 20260714};
    open_trial(&t);
    for (uint32_t done = 0; done < N_HISTORIES; done += BATCH) {
        const uint64_t seed = t.seed;
        draw_policies(&t);
        csq_policies *halves = draw_again(&t, seed);
        for (uint32_t i = 0; i < BATCH; i++) {
            csq_ticket_event events[MAX_EVENTS];
            const uint32_t n = random_history(&t, events);
            csq_ticket *ticket = told(&t, i + 1, events, n, false);
            csq_ticket *retold = told(&t, i + 1, events, n, false);
            say_again(&t, retold, events, n);
            check_same(&t, halves, ticket, retold, random_instant(&t, events, n));
            csq_ticket_free(ticket);
            csq_ticket_free(retold);
        }
        csq_policies_free(halves);
    }
    close_trial(&t);
}

/* ---- steps --------------------------------------------------------------------------------- */

/* What the steps of every metric of a trial are: a percentage, and a time before the target. */
static csq_ms goal_of(const trial *t, uint32_t metric, uint32_t step, csq_ms target)
{
    const csq_step *const drawn = &t->steps[metric][step];
    return drawn->kind == CSQ_STEP_OFFSET ? target + drawn->value
                                          : (target * drawn->value + 9999) / 10000;
}

static void check_steps(trial *t, const csq_ticket *ticket, uint32_t metric, csq_ms now)
{
    const csq_answer answer = sla_answer(t->policies, ticket, metric, now);
    if (answer.phase != CSQ_PHASE_ACTIVE || answer.target_ms == CSQ_MS_NONE) {
        return;
    }
    csq_explanation *explanation = sla_explain(t->policies, ticket, metric, now);
    for (uint32_t step = 0; step < csq_policies_step_count(t->policies, metric); step++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, step, &at, NULL));
        if (at != CSQ_MS_NONE && at > now && !has_epoch_between(t, now, at)) {
            const csq_answer there = sla_answer(t->policies, ticket, metric, at);
            const csq_answer before = sla_answer(t->policies, ticket, metric, at - 1);
            const csq_ms goal = goal_of(t, metric, step, answer.target_ms);
            assert_ms_equal(there.elapsed_ms, goal);
            assert_true(before.elapsed_ms < goal);
        }
    }
    csq_explanation_free(explanation);
}

static void a_step_is_a_point_of_its_clock(void **state)
{
    (void)state;
    static trial t;
    t = (trial){.seed = 20250131};
    open_trial(&t);
    for (uint32_t done = 0; done < N_HISTORIES; done += BATCH) {
        draw_policies(&t);
        for (uint32_t i = 0; i < BATCH; i++) {
            csq_ticket_event events[MAX_EVENTS];
            const uint32_t n = random_history(&t, events);
            csq_ticket *ticket = told(&t, i + 1, events, n, false);
            const csq_ms now = events[n - 1].at + (csq_ms)draw(&t, 40) * QUARTER_MS / 2;
            for (uint32_t metric = 0; metric < N_METRICS; metric++) {
                check_steps(&t, ticket, metric, now);
            }
            csq_ticket_free(ticket);
        }
    }
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_in_other_words_is_the_same),
        cmocka_unit_test(a_step_is_a_point_of_its_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
