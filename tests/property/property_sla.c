/*
 * property_sla — random policies over random histories: what holds of a clock whatever the options.
 *
 * The order of arrival and checkpoints do not show; explanations agree with answers; answers are
 * monotone in the instant asked for. Where an option takes a property away, the check says which
 * and why.
 */
#include "sla_trial.h"

/* ---- properties of one clock --------------------------------------------------------------- */

static bool is_open_phase(uint32_t phase)
{
    return phase == CSQ_PHASE_ACTIVE || phase == CSQ_PHASE_PAUSED;
}

/* The stretches of each cycle follow each other from its start to its stop or `now`; each counts
 * what its calendar measures; together they are what elapsed in it. */
static uint64_t check_cycle_stretches(trial *t, const csq_explanation *explanation, uint64_t first,
                                      uint32_t number, csq_ms now)
{
    const csq_cycle cycle = sla_cycle(explanation, number - 1);
    csq_ms at = cycle.started_at;
    csq_ms sum = 0;
    uint64_t i = first;
    for (; i < csq_explanation_stretch_count(explanation); i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        if (stretch.cycle != number) {
            break;
        }
        assert_ms_equal(stretch.from, at);
        assert_true(stretch.to > stretch.from);
        const bool counts = stretch.reason == CSQ_STRETCH_COUNTED;
        assert_ms_equal(stretch.counted_ms, counts ? stretch.to - stretch.from : 0);
        if (stretch.calendar != CSQ_NO_CALENDAR && stretch.reason <= CSQ_STRETCH_BREAK) {
            csq_calendar *calendar = stretch.calendar == SLA_CALENDARS
                                         ? t->berlin
                                         : t->world.calendars[stretch.calendar];
            assert_ms_equal(measure_of(calendar, stretch.from, stretch.to), stretch.counted_ms);
        }
        at = stretch.to;
        sum += stretch.counted_ms;
    }
    assert_ms_equal(sum, cycle.elapsed_ms);
    assert_ms_equal(at, is_open_phase(cycle.phase) ? now : cycle.stopped_at);
    return i;
}

static void check_stretches(trial *t, const csq_explanation *explanation, csq_ms now)
{
    const uint64_t n_cycles = csq_explanation_cycle_count(explanation);
    uint64_t seen = 0;
    for (uint32_t number = 1; number <= n_cycles; number++) {
        seen = check_cycle_stretches(t, explanation, seen, number, now);
    }
    assert_ms_equal(seen, csq_explanation_stretch_count(explanation));
}

/* A target given in time is reached while the clock counts, hence in no pause, whatever changed it
 * since. The next opening, a due day and a due instant are dates and may fall anywhere. */
static void check_no_breach_in_a_pause(const csq_metric *metric, const csq_explanation *explanation,
                                       const csq_answer *answer)
{
    if (metric->due_edge == CSQ_DUE_EDGE_NEXT_OPEN || answer->target_ms == CSQ_MS_NONE ||
        answer->breached == 0) {
        return;
    }
    for (uint64_t i = 0; i < csq_explanation_stretch_count(explanation); i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        if (stretch.reason == CSQ_STRETCH_PAUSED && stretch.cycle == answer->cycle) {
            assert_true(answer->breached_at <= stretch.from || answer->breached_at >= stretch.to);
        }
    }
}

/* Cycles follow each other, unless they inherit their start; those of single messages overlap, and
 * the answer speaks of the oldest that is open, or of the newest. */
static void check_cycles(const csq_metric *metric, const csq_explanation *explanation,
                         const csq_answer *answer)
{
    const uint64_t n = csq_explanation_cycle_count(explanation);
    if (answer->phase <= CSQ_PHASE_NOT_STARTED) {
        assert_true(n == 0 || answer->phase == CSQ_PHASE_NOT_APPLICABLE);
        return;
    }
    const bool overlap = metric->message_base == CSQ_MESSAGE_BASE_EACH;
    assert_true(answer->cycle >= 1 && answer->cycle <= n);
    assert_true(answer->cycle == n || (overlap && is_open_phase(answer->phase)));
    for (uint64_t i = 0; i < n; i++) {
        const csq_cycle cycle = sla_cycle(explanation, i);
        // A restart gives the oldest the highest number, beside such as have just begun.
        const bool is_among = i + 1 >= answer->cycle && is_open_phase(answer->phase);
        assert_true(is_open_phase(cycle.phase) == is_among ||
                    (overlap && metric->on_change == CSQ_ON_CHANGE_RESTART));
        assert_true(cycle.elapsed_ms >= 0 && cycle.paused_ms >= 0);
        if (i > 0 && metric->inherit != CSQ_INHERIT_START) {
            const csq_cycle before = sla_cycle(explanation, i - 1);
            assert_true(cycle.started_at >= (overlap ? before.started_at : before.stopped_at));
        }
    }
    const csq_cycle told = sla_cycle(explanation, answer->cycle - 1);
    assert_int_equal(told.phase, answer->phase);
    assert_int_equal(told.breached, answer->breached);
    assert_ms_equal(told.started_at, answer->started_at);
    assert_ms_equal(told.elapsed_ms, answer->elapsed_ms);
    assert_ms_equal(told.paused_ms, answer->paused_ms);
    assert_ms_equal(told.stopped_at, answer->stopped_at);
}

static void check_members(const csq_answer *answer)
{
    if (answer->phase <= CSQ_PHASE_NOT_STARTED) {
        return;
    }
    assert_true(answer->elapsed_ms >= 0 && answer->paused_ms >= 0);
    assert_true((answer->breached_at != CSQ_MS_NONE) == (answer->breached != 0));
    assert_true(answer->due_if_resumed_at == CSQ_MS_NONE ||
                (answer->phase == CSQ_PHASE_PAUSED && answer->due_at == CSQ_MS_NONE));
    if (answer->target_ms != CSQ_MS_NONE) {
        assert_ms_equal(answer->remaining_ms, answer->target_ms - answer->elapsed_ms);
        assert_true((answer->percent_hundredths >= 10000) == (answer->remaining_ms <= 0));
    }
}

/* Promises lie in their cycles, in order, each unlike the one before; where the first one counts, it
 * is broken where the clock is late. */
static void check_promises(const csq_metric *metric, const csq_explanation *explanation,
                           const csq_answer *answer, csq_ms now)
{
    csq_promise before = {.cycle = 0};
    for (uint64_t i = 0; i < csq_explanation_promise_count(explanation); i++) {
        csq_promise promise = {.size = sizeof promise};
        assert_status(CSQ_OK, csq_explanation_promise(explanation, i, &promise, NULL));
        assert_true(promise.cycle >= before.cycle &&
                    promise.cycle <= csq_explanation_cycle_count(explanation));
        const csq_cycle cycle = sla_cycle(explanation, promise.cycle - 1);
        const bool moves = metric->message_base == CSQ_MESSAGE_BASE_LAST; // the start of a cycle
        assert_true((moves || promise.given_at >= cycle.started_at) && promise.given_at <= now);
        assert_true(cycle.stopped_at == CSQ_MS_NONE || promise.given_at <= cycle.stopped_at);
        if (promise.cycle == before.cycle) {
            assert_true(promise.promised_at != before.promised_at);
            assert_true(promise.given_at >= before.given_at);
            assert_int_equal(promise.is_after_due, promise.given_at > before.promised_at);
        }
        assert_ms_equal(promise.actual_ms, cycle.phase == CSQ_PHASE_COMPLETED
                                               ? cycle.stopped_at - promise.given_at
                                               : CSQ_MS_NONE);
        before = promise;
    }
    const bool keeps = metric->on_change <= CSQ_ON_CHANGE_KEEP &&
                       metric->on_no_match != CSQ_ON_NO_MATCH_DETACH;
    if (keeps && before.cycle == answer->cycle && answer->phase != CSQ_PHASE_CANCELLED &&
        answer->cycle > 0) {
        csq_promises chain = {.size = sizeof chain};
        assert_status(CSQ_OK,
                      csq_explanation_promises(explanation, answer->cycle - 1, &chain, NULL));
        assert_int_equal(chain.original == CSQ_PROMISE_BROKEN, answer->breached);
    }
}

static csq_firing firing_at(const csq_explanation *explanation, uint64_t index)
{
    csq_firing firing = {.size = sizeof firing};
    assert_status(CSQ_OK, csq_explanation_firing(explanation, index, &firing, NULL));
    return firing;
}

/* What stands of a step; NULL members: nothing. */
static csq_firing standing_of(const csq_explanation *explanation, uint32_t step)
{
    csq_firing found = {.at = CSQ_MS_NONE};
    for (uint64_t i = 0; i < csq_explanation_firing_count(explanation); i++) {
        const csq_firing firing = firing_at(explanation, i);
        if (firing.step == step && firing.state != CSQ_FIRING_SUPERSEDED) {
            assert_int_equal(found.state, 0); // once at most
            found = firing;
        }
    }
    return found;
}

/* What fired lies behind, what is projected ahead; each fires once, at its instant or at the change
 * that put it before itself; the breach fires if the clock is late. */
static void check_firings(trial *t, uint32_t clock, const csq_explanation *explanation,
                          const csq_answer *answer, csq_ms now)
{
    const csq_metric *metric = &t->metrics[metric_of(t, clock)];
    csq_ms last = CSQ_MS_NONE;
    for (uint64_t i = 0; i < csq_explanation_firing_count(explanation); i++) {
        const csq_firing firing = firing_at(explanation, i);
        const bool is_ahead = firing.state == CSQ_FIRING_PROJECTED;
        assert_true(firing.fired_at >= last);
        assert_true(is_ahead ? firing.fired_at > now : firing.fired_at <= now);
        assert_true(!is_ahead || is_open_phase(answer->phase));
        assert_true(firing.step == CSQ_NO_INDEX || firing.at <= firing.fired_at);
        assert_true(firing.state != CSQ_FIRING_SUPPRESSED || metric->late_steps > 1);
        assert_true(firing.state != CSQ_FIRING_SUPERSEDED || metric->passed_steps == 3);
        last = firing.fired_at;
    }
    if (answer->phase <= CSQ_PHASE_NOT_STARTED || answer->workdays > 0) {
        assert_true(answer->workdays > 0 || last == CSQ_MS_NONE);
        return;
    }
    for (uint32_t i = 0; i < csq_policies_step_count(t->policies, metric_of(t, clock)); i++) {
        const csq_firing firing = standing_of(explanation, i);
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, i, &at, NULL));
        assert_true(firing.state != 0 ? firing.at == at
                                      : at == CSQ_MS_NONE || (!is_open_phase(answer->phase) &&
                                                              at > answer->stopped_at));
    }
    const csq_firing breach = standing_of(explanation, CSQ_NO_INDEX);
    assert_int_equal(breach.state == CSQ_FIRING_FIRED, answer->breached);
    assert_true(answer->breached == 0 || breach.at == answer->breached_at);
}

/* Every policy but the one that holds has a reason; what holds is what an open clock runs by,
 * unless its first agreement stays. */
static void check_why_not(trial *t, const csq_ticket *ticket, uint32_t clock,
                          const csq_answer *answer, csq_ms now)
{
    const bool stays = t->metrics[metric_of(t, clock)].on_change <= CSQ_ON_CHANGE_KEEP;
    uint32_t n_holding = 0;
    for (uint32_t p = 0; p < csq_policies_policy_count(t->policies); p++) {
        csq_why_not found = {.size = sizeof found};
        assert_status(CSQ_OK,
                      csq_policies_why_not(t->policies, ticket, clock, p, now, &found, NULL));
        const bool holds =
            found.reason == CSQ_WHY_NOT_HOLDS || found.reason == CSQ_WHY_NOT_NO_TARGET;
        assert_true(holds == (found.policy == p));
        n_holding += holds;
        if (found.reason == CSQ_WHY_NOT_HOLDS && !stays && is_open_phase(answer->phase)) {
            assert_int_equal(answer->policy, p);
        }
    }
    assert_true(n_holding <= 1);
}

/* The ticket with and without checkpoints, and told in any order, answers and explains alike. */
static csq_answer check_one(trial *t, csq_ticket *const *tickets, uint32_t clock, csq_ms now)
{
    const csq_answer answer = sla_answer(t->policies, tickets[0], clock, now);
    for (int i = 1; i < 3; i++) {
        const csq_answer same = sla_answer(t->policies, tickets[i], clock, now);
        assert_memory_equal(&same, &answer, sizeof answer);
    }
    csq_explanation *explanation = sla_explain(t->policies, tickets[1], clock, now);
    csq_answer explained = {.size = sizeof explained};
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &explained, NULL));
    assert_memory_equal(&explained, &answer, sizeof answer);
    check_members(&answer);
    const csq_metric *metric = &t->metrics[metric_of(t, clock)];
    check_stretches(t, explanation, now);
    check_no_breach_in_a_pause(metric, explanation, &answer);
    check_cycles(metric, explanation, &answer);
    check_promises(metric, explanation, &answer, now);
    check_firings(t, clock, explanation, &answer, now);
    check_why_not(t, tickets[1], clock, &answer, now);
    csq_explanation_free(explanation);
    return answer;
}

/* Later, without an event in between. */
static void check_later(const csq_answer *before, const csq_answer *after)
{
    assert_int_equal(after->phase, before->phase);
    assert_int_equal(after->cycle, before->cycle);
    assert_ms_equal(after->started_at, before->started_at);
    assert_true(after->elapsed_ms >= before->elapsed_ms);
    assert_true(after->paused_ms >= before->paused_ms);
    // A due day moves on by the open time of a pause, so the end of a pause that began outside the
    // hours may lie before the due instant again.
    if (after->workdays == 0 || after->phase != CSQ_PHASE_PAUSED) {
        assert_true(after->breached >= before->breached);
    }
    if (after->phase >= CSQ_PHASE_COMPLETED) {
        csq_answer same = *after;
        same.in_hours = before->in_hours;
        assert_memory_equal(&same, before, sizeof same);
    }
}

/* Nothing changes before `next_change_at`, and something does there: breach, hours, a step, or the
 * versions of policies. */
static void check_next_change(trial *t, const csq_ticket *ticket, uint32_t clock, csq_ms now,
                              const csq_answer *answer)
{
    if (answer->next_change_at == CSQ_MS_NONE ||
        (answer->workdays > 0 && answer->phase == CSQ_PHASE_PAUSED)) {
        return;
    }
    assert_true(answer->next_change_at > now);
    if (!is_open_phase(answer->phase)) { // the hours of a finished clock go on
        assert_true(has_epoch_between(t, answer->next_change_at - 1, answer->next_change_at));
        return;
    }
    const csq_answer last = sla_answer(t->policies, ticket, clock, answer->next_change_at - 1);
    const csq_answer next = sla_answer(t->policies, ticket, clock, answer->next_change_at);
    assert_int_equal(last.breached, answer->breached);
    assert_int_equal(last.in_hours, answer->in_hours);
    bool changes = next.breached != last.breached || next.in_hours != last.in_hours ||
                   has_epoch_between(t, answer->next_change_at - 1, answer->next_change_at);
    csq_explanation *explanation = sla_explain(t->policies, ticket, clock, now);
    for (uint32_t i = 0; i < csq_policies_step_count(t->policies, metric_of(t, clock)); i++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, i, &at, NULL));
        assert_true(at == CSQ_MS_NONE || at <= now || at >= answer->next_change_at);
        changes = changes || at == answer->next_change_at;
    }
    csq_explanation_free(explanation);
    assert_true(changes);
}

/* At the due instant elapsed is the target, and not a millisecond earlier. */
static void check_due(trial *t, const csq_ticket *ticket, uint32_t clock, csq_ms now,
                      const csq_answer *answer)
{
    const csq_metric *metric = &t->metrics[metric_of(t, clock)];
    if (answer->phase != CSQ_PHASE_ACTIVE || answer->target_ms == CSQ_MS_NONE ||
        answer->due_at <= now || has_epoch_between(t, now, answer->due_at) ||
        metric->due_edge == CSQ_DUE_EDGE_NEXT_OPEN) {
        return;
    }
    const csq_answer at = sla_answer(t->policies, ticket, clock, answer->due_at);
    const csq_answer before = sla_answer(t->policies, ticket, clock, answer->due_at - 1);
    assert_ms_equal(at.elapsed_ms, at.target_ms);
    assert_int_equal(at.breached, metric->at_target == CSQ_AT_TARGET_LATE);
    assert_true(before.elapsed_ms < before.target_ms);
}

/* What had fired by `a` is on record at `b`, and nothing else that fired by then, if nothing
 * happens in between; the order in which the ticket was told does not show. */
static void check_firings_later(trial *t, csq_ticket *const *tickets, uint32_t clock, csq_ms a,
                                csq_ms b)
{
    csq_explanation *first = sla_explain(t->policies, tickets[0], clock, a);
    csq_explanation *second = sla_explain(t->policies, tickets[2], clock, b);
    uint64_t n_fired = 0;
    for (uint64_t i = 0; i < csq_explanation_firing_count(second); i++) {
        const csq_firing firing = firing_at(second, i);
        if (firing.fired_at <= a) {
            const csq_firing same = firing_at(first, n_fired++);
            assert_memory_equal(&same, &firing, sizeof same);
        }
    }
    for (uint64_t i = n_fired; i < csq_explanation_firing_count(first); i++) {
        assert_int_equal(firing_at(first, i).state, CSQ_FIRING_PROJECTED);
    }
    csq_explanation_free(second);
    csq_explanation_free(first);
}

static csq_ms random_instant(trial *t, const csq_ticket_event *events, uint32_t n)
{
    const csq_ms at = events[draw(t, n)].at;
    return draw(t, 2) == 0 ? at + (csq_ms)draw(t, 3) - 1
                           : at + (csq_ms)draw(t, 400) * QUARTER_MS / 2;
}

static csq_ms last_event_before(const csq_ticket *ticket, csq_ms now)
{
    csq_ms last = INT64_MIN;
    for (uint64_t i = 0; i < csq_ticket_count(ticket); i++) {
        csq_ticket_event event = {.size = sizeof event};
        assert_status(CSQ_OK, csq_ticket_event_at(ticket, i, &event, NULL));
        last = event.at <= now ? event.at : last;
    }
    return last;
}

static void check_clock(trial *t, csq_ticket *const *tickets, uint32_t clock,
                        const csq_ticket_event *events, uint32_t n)
{
    const csq_ms a = random_instant(t, events, n);
    const csq_ms b = a + (csq_ms)draw(t, 200) * QUARTER_MS / 2;
    const csq_answer first = check_one(t, tickets, clock, a);
    const csq_answer second = check_one(t, tickets, clock, b);
    if (last_event_before(tickets[0], b) <= a && !has_epoch_between(t, a, b)) {
        check_later(&first, &second);
        if (second.workdays == 0) { // a due day moves with a pause
            check_firings_later(t, tickets, clock, a, b);
        }
    }
    if (last_event_before(tickets[0], INT64_MAX) <= a) {
        check_next_change(t, tickets[0], clock, a, &first);
        check_due(t, tickets[0], clock, a, &first);
    }
}

static void check_history(trial *t, uint32_t i)
{
    csq_ticket_event events[MAX_EVENTS];
    csq_ticket_event shuffled[MAX_EVENTS];
    const uint32_t n = random_history(t, events);
    memcpy(shuffled, events, n * sizeof *events);
    shuffle(t, shuffled, n);
    csq_ticket *tickets[3] = {told(t, i + 1, events, n, false), told(t, i + 1, events, n, true),
                              told(t, i + 1, shuffled, n, true)};
    for (uint32_t clock = 0; clock < csq_policies_clock_count(t->policies); clock++) {
        check_clock(t, tickets, clock, events, n);
    }
    for (uint32_t k = 0; k < 3; k++) {
        csq_ticket_free(tickets[k]);
    }
}

static void answers_are_a_function_of_the_facts(void **state)
{
    (void)state;
    static trial t;
    t = (trial){.seed = 20240108, .n_steps = 4};
    open_trial(&t);
    for (uint32_t done = 0; done < N_HISTORIES; done += BATCH) {
        draw_policies(&t);
        for (uint32_t i = 0; i < BATCH; i++) {
            check_history(&t, i);
        }
    }
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_a_function_of_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
