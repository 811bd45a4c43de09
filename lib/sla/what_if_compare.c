/*
 * what_if_compare — one ticket judged by both policies, and what differs.
 *
 * A side is the ordinary walk over the events; answers and tallies are read from the same walk.
 * What differs is told by names, because indexes of policies and calendars mean nothing to the
 * other side.
 *
 * Uses: base, time, calendar, stat, condition, ticket.
 */
#include "sla/what_if.h"

/* Whether a tally counts the cycle as missed. */
static bool is_missed(const csq__judged *judged)
{
    return judged->is_late && judged->run->phase != CSQ_PHASE_CANCELLED;
}

/* ---- one side ------------------------------------------------------------------------------ */

static csq_status tell_answer(csq__what_if_side *side, csq__judged *judged, csq_error *error)
{
    csq_answer *answer = &side->clocks[judged->clock].answer;
    csq_status status = CSQ_OK;
    *answer = (csq_answer){.size = sizeof *answer};
    if (judged->run->cycle > 0) {
        status = csq__judge(judged, error);
    }
    if (status == CSQ_OK && !csq__walk_is_void(judged->walk)) {
        status = csq__judge_answer(judged, answer, error);
    }
    answer->size = sizeof *answer;
    return status;
}

static csq_status tell_clock(csq__what_if_side *side, uint32_t clock, csq_ms now, csq_error *error)
{
    csq__walk *walk = &side->walk;
    csq__told_clock *told = &side->clocks[clock];
    csq__judged judged = {.walk = walk, .clock = clock, .run = &walk->runs[clock], .now = now};
    *told = (csq__told_clock){.n_missed = 0};
    const csq_status status = tell_answer(side, &judged, error);
    if (csq__tally_is_countable(walk, clock, judged.run)) {
        told->end_of_day = csq__policies_terms(walk->policies, judged.run->terms)->end_of_day;
        told->n_missed = is_missed(&judged);
    }
    return status;
}

/* Tells an earlier cycle, or one that is open beside the oldest. */
static csq_status tell_cycle(csq__what_if_side *side, uint32_t clock, const csq__run *run,
                             csq_ms now, csq_error *error)
{
    csq__walk *walk = &side->walk;
    csq__judged judged = {.walk = walk, .clock = clock, .run = run, .now = now};
    if (!csq__tally_is_countable(walk, clock, run)) {
        return CSQ_OK;
    }
    const csq_status status = csq__judge_lateness(&judged, error);
    if (status != CSQ_OK || csq__walk_is_void(walk)) {
        return status;
    }
    const csq__terms *terms = csq__policies_terms(walk->policies, run->terms);
    const csq__told_cycle told = {.clock = clock,
                                  .phase = run->phase,
                                  .policy = terms->policy,
                                  .workdays = terms->workdays,
                                  .is_late = judged.is_late,
                                  .started_at = run->started_at,
                                  .stopped_at = run->stopped_at,
                                  .target = run->target,
                                  .elapsed = judged.elapsed,
                                  .paused = judged.paused};
    side->clocks[clock].n_missed += is_missed(&judged);
    return csq__array_push(&side->cycles, &walk->allocator, &told, sizeof told) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

/* Tells everything of a walk that has settled, and counts it last, when nothing can ask for a
 * recorder any more. */
static csq_status tell_side(csq__what_if_side *side, csq_tally *tally, csq_ms now, csq_error *error)
{
    csq__walk *walk = &side->walk;
    const csq__finished *finished = walk->finished.data;
    csq_status status = CSQ_OK;
    side->cycles.n = 0;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        status = tell_clock(side, c, now, error);
    }
    for (size_t i = 0; i < walk->finished.n && status == CSQ_OK; i++) {
        status = tell_cycle(side, finished[i].clock, &finished[i].run, now, error);
    }
    const csq__beside *beside = walk->beside.data;
    for (size_t i = 0; i < walk->beside.n && status == CSQ_OK; i++) {
        status = tell_cycle(side, beside[i].clock, &beside[i].run, now, error);
    }
    return status == CSQ_OK && !csq__walk_is_void(walk)
               ? csq__tally_count_walk(tally, walk, now, error)
               : status;
}

/* Answers again for a clock whose steps stay where they were passed, which only a recorder that
 * tells of the clock knows. */
static csq_status tell_ladder(csq__what_if_side *side, uint32_t clock, const csq__event *events,
                              size_t n, csq_ms now, csq_error *error)
{
    csq__walk *walk = &side->walk;
    if (csq__policies_clock(walk->policies, clock)->passed_steps != CSQ_PASSED_STEPS_STAY ||
        walk->runs[clock].is_changed == 0) {
        return CSQ_OK;
    }
    side->recorder.tells = true;
    side->recorder.told = clock;
    walk->recorder = &side->recorder;
    const csq_status status = csq__walk_log(walk, events, n, now, error);
    csq__judged judged = {.walk = walk, .clock = clock, .run = &walk->runs[clock], .now = now};
    return status == CSQ_OK ? tell_answer(side, &judged, error) : status;
}

static csq_status judge_side(csq__what_if_side *side, csq_tally *tally, const csq__event *events,
                             size_t n, csq_ms now, csq_error *error)
{
    csq__walk *walk = &side->walk;
    walk->recorder = NULL;
    csq_status status = csq__walk_log(walk, events, n, now, error);
    if (status == CSQ_OK && !csq__walk_is_void(walk)) {
        status = tell_side(side, tally, now, error);
    }
    if (csq__walk_is_void(walk)) {
        walk->recorder = &side->recorder;
        status = csq__walk_log(walk, events, n, now, error);
        if (status == CSQ_OK) {
            status = tell_side(side, tally, now, error);
        }
    }
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        status = tell_ladder(side, c, events, n, now, error);
    }
    side->recorder.tells = false;
    return status;
}

/* ---- both sides ---------------------------------------------------------------------------- */

static csq_str told_policy(const csq__what_if_side *side, uint32_t policy)
{
    return csq_policies_policy_name(side->walk.policies, policy);
}

static csq_str told_calendar(const csq__what_if_side *side, uint32_t calendar)
{
    return csq_policies_calendar_name(side->walk.policies, calendar);
}

/* Whether calendars by index have the same hours; CSQ_NO_CALENDAR has all of them. */
static bool has_same_hours(const csq__what_if_side *x, uint32_t a, const csq__what_if_side *y,
                           uint32_t b)
{
    if (a == CSQ_NO_CALENDAR || b == CSQ_NO_CALENDAR) {
        return a == b;
    }
    return csq_calendar_fingerprint(csq__policies_calendar(x->walk.policies, a + 1)) ==
           csq_calendar_fingerprint(csq__policies_calendar(y->walk.policies, b + 1));
}

static bool is_same_cycle(const csq__what_if_side *x, const csq__told_cycle *a,
                          const csq__what_if_side *y, const csq__told_cycle *b)
{
    return a->phase == b->phase && a->is_late == b->is_late && a->workdays == b->workdays &&
           a->started_at == b->started_at && a->stopped_at == b->stopped_at &&
           a->target == b->target && a->elapsed == b->elapsed && a->paused == b->paused &&
           csq__str_equal(told_policy(x, a->policy), told_policy(y, b->policy));
}

/* The place of the next earlier cycle of a clock, or the number of cycles. */
static size_t next_cycle(const csq__what_if_side *side, uint32_t clock, size_t from)
{
    const csq__told_cycle *cycles = side->cycles.data;
    while (from < side->cycles.n && cycles[from].clock != clock) {
        from++;
    }
    return from;
}

static bool has_same_cycles(const csq__what_if_side *x, uint32_t a, const csq__what_if_side *y,
                            uint32_t b)
{
    const csq__told_cycle *xs = x->cycles.data;
    const csq__told_cycle *ys = y->cycles.data;
    size_t i = next_cycle(x, a, 0);
    size_t k = next_cycle(y, b, 0);
    while (i < x->cycles.n && k < y->cycles.n) {
        if (!is_same_cycle(x, &xs[i], y, &ys[k])) {
            return false;
        }
        i = next_cycle(x, a, i + 1);
        k = next_cycle(y, b, k + 1);
    }
    return i == x->cycles.n && k == y->cycles.n;
}

/* Whether the latest cycles came out alike; the terms apart. */
static bool is_same_outcome(const csq_answer *a, const csq_answer *b)
{
    return a->phase == b->phase && a->breached == b->breached && a->started_at == b->started_at &&
           a->stopped_at == b->stopped_at && a->elapsed_ms == b->elapsed_ms &&
           a->paused_ms == b->paused_ms && a->due_at == b->due_at &&
           a->due_if_resumed_at == b->due_if_resumed_at;
}

/* In what two clocks that both apply differ, by csq_what_if_reason; 0: in nothing. */
static uint32_t compare_clocks(const csq__what_if_side *x, uint32_t a, const csq__what_if_side *y,
                               uint32_t b, bool is_redefined)
{
    const csq__told_clock *before = &x->clocks[a];
    const csq__told_clock *after = &y->clocks[b];
    const csq_answer *p = &before->answer;
    const csq_answer *q = &after->answer;
    const bool is_same_calendar =
        csq__str_equal(told_calendar(x, p->calendar), told_calendar(y, q->calendar));
    uint32_t reasons = 0;
    if (!csq__str_equal(told_policy(x, p->policy), told_policy(y, q->policy))) {
        reasons |= CSQ_WHAT_IF_POLICY;
    }
    if (p->target_ms != q->target_ms || p->workdays != q->workdays ||
        before->end_of_day != after->end_of_day) {
        reasons |= CSQ_WHAT_IF_TARGET;
    }
    if (!is_same_calendar) {
        reasons |= CSQ_WHAT_IF_CALENDAR;
    }
    if (p->cycle != q->cycle || !has_same_cycles(x, a, y, b)) {
        reasons |= CSQ_WHAT_IF_CYCLES;
    }
    if (reasons == 0 && is_same_outcome(p, q)) {
        return 0;
    }
    // Other hours and another definition are no change for themselves: they may not have mattered.
    if (is_same_calendar && !has_same_hours(x, p->calendar, y, q->calendar)) {
        reasons |= CSQ_WHAT_IF_CALENDAR;
    }
    if (is_redefined) {
        reasons |= CSQ_WHAT_IF_METRIC;
    }
    return reasons == 0 ? (uint32_t)CSQ_WHAT_IF_MEASURE : reasons;
}

/* Whether a clock has an agreement, or had one in an earlier cycle. */
static bool applies(const csq__what_if_side *side, uint32_t clock)
{
    return clock != CSQ_NO_INDEX &&
           (side->clocks[clock].answer.phase != CSQ_PHASE_NOT_APPLICABLE ||
            next_cycle(side, clock, 0) < side->cycles.n);
}

static uint32_t compare_pair(const csq__what_if_run *run, const csq__pair *pair)
{
    const csq__what_if_side *x = &run->sides[CSQ_WHAT_IF_BEFORE];
    const csq__what_if_side *y = &run->sides[CSQ_WHAT_IF_AFTER];
    const bool is_before = applies(x, pair->clock[CSQ_WHAT_IF_BEFORE]);
    const bool is_after = applies(y, pair->clock[CSQ_WHAT_IF_AFTER]);
    if (is_before && is_after) {
        return compare_clocks(x, pair->clock[0], y, pair->clock[1], pair->is_redefined);
    }
    return (is_after ? (uint32_t)CSQ_WHAT_IF_APPEARS : 0) |
           (is_before ? (uint32_t)CSQ_WHAT_IF_DISAPPEARS : 0);
}

/* ---- the list ------------------------------------------------------------------------------ */

static csq_status list_change(csq_what_if *into, const csq__change *change, csq_error *error)
{
    into->n_listable++;
    if (into->changes.n >= 2 * (size_t)into->change_limit) {
        csq__what_if_trim(into);
    }
    csq__change *copy = csq__allocate(&into->allocator, sizeof *copy);
    if (copy == NULL ||
        csq__array_push(&into->changes, &into->allocator, &copy, sizeof copy) == NULL) {
        csq__release(&into->allocator, copy, sizeof *copy);
        return csq__fail_memory(error);
    }
    *copy = *change;
    return CSQ_OK;
}

static csq_status add_change(csq__what_if_run *run, csq__change *change, csq_error *error)
{
    csq_what_if *into = run->into;
    const csq__pair *pair = &into->pairs[change->pair];
    for (int s = 0; s < CSQ__SIDES; s++) {
        const uint32_t clock = pair->clock[s];
        if (clock != CSQ_NO_INDEX) {
            change->answers[s] = run->sides[s].clocks[clock].answer;
            change->missed[s] = run->sides[s].clocks[clock].n_missed;
        }
    }
    into->summary.changed_clocks++;
    into->summary.worse += change->missed[1] > change->missed[0];
    into->summary.better += change->missed[1] < change->missed[0];
    return into->list == CSQ_WHAT_IF_LIST_ALL || change->missed[0] != change->missed[1]
               ? list_change(into, change, error)
               : CSQ_OK;
}

csq_status csq__what_if_judge(csq__what_if_run *run, uint64_t ticket, const csq__event *events,
                              size_t n, csq_error *error)
{
    csq_what_if *into = run->into;
    csq_status status = CSQ_OK;
    for (int s = 0; s < CSQ__SIDES && status == CSQ_OK; s++) {
        status = judge_side(&run->sides[s], into->tallies[s], events, n, run->now, error);
    }
    bool has_changed = false;
    for (uint32_t p = 0; p < into->n_pairs && status == CSQ_OK; p++) {
        const uint32_t reasons = compare_pair(run, &into->pairs[p]);
        if (reasons != 0) {
            csq__change change = {.ticket = ticket, .pair = p, .reasons = reasons};
            status = add_change(run, &change, error);
            has_changed = true;
        }
    }
    into->summary.tickets++;
    into->summary.changed_tickets += has_changed;
    return status;
}
