/*
 * ahead — when a clock reaches a point: its lateness, and whatever of its ladder comes next.
 *
 * A clock of which elapsed time alone decides needs one look-up: of all points ahead, the one of
 * the least elapsed time comes first.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/live.h"

static const csq__clock *ahead_clock(const csq__judged *judged)
{
    return csq__policies_clock(judged->walk->policies, judged->clock);
}

bool csq__judged_by_instant(const csq__judged *judged)
{
    return csq__judged_by_date(judged) ||
           ahead_clock(judged)->breach_compare == CSQ_BREACH_COMPARE_INSTANT;
}

/* The millisecond behind an instant. */
static void ahead_step_over(csq_ms *at)
{
    *at = *at == CSQ_MS_NONE || *at == INT64_MAX ? (csq_ms)CSQ_MS_NONE : *at + 1;
}

/* The first instant at which a clock has counted its target, or more if that is not late yet. */
static csq_status late_by_elapsed(csq__judged *judged, csq_ms *out, csq_error *error)
{
    const csq__run *run = judged->run;
    const bool at_once = ahead_clock(judged)->at_target == CSQ_AT_TARGET_LATE;
    if (csq__clock_is_beyond(ahead_clock(judged), run->elapsed, run->target)) {
        return csq__judge_reached(judged, run->target + (at_once ? 0 : 1), out, error);
    }
    *out = CSQ_MS_NONE;
    if (run->phase == CSQ_PHASE_PAUSED) {
        return CSQ_OK;
    }
    const csq_status status = csq__judge_projected(
        judged, run->target, at_once ? CSQ_EDGE_NEAR : CSQ_EDGE_FAR, out, error);
    if (status == CSQ_OK && !at_once) {
        ahead_step_over(out);
    }
    return status;
}

csq_status csq__judge_late(csq__judged *judged, csq_ms *out, csq_error *error)
{
    if (!csq__judged_by_instant(judged)) {
        return late_by_elapsed(judged, out, error);
    }
    *out = judged->due;
    if (ahead_clock(judged)->at_target != CSQ_AT_TARGET_LATE) {
        ahead_step_over(out);
    }
    return CSQ_OK;
}

csq_status csq__judge_breach(csq__judged *judged, csq_ms *at, csq_ms *from, csq_error *error)
{
    *at = judged->due;
    *from = CSQ_MS_NONE;
    return judged->due == CSQ_MS_NONE ? CSQ_OK : csq__judge_late(judged, from, error);
}

csq_status csq__judge_ahead(csq__judged *judged, bool *has_reached, csq_ms *next, csq_error *error)
{
    const csq__run *run = judged->run;
    const csq__clock *clock = ahead_clock(judged);
    const csq_step *steps = clock->steps.data;
    csq_ms elapsed;
    csq_ms paused;
    csq_status status = csq__run_sums(judged->walk, run, judged->now, &elapsed, &paused, error);
    if (status != CSQ_OK) {
        return status;
    }
    *next = CSQ_MS_NONE;
    *has_reached = csq__clock_is_beyond(clock, elapsed, run->target);
    csq_ms least = *has_reached ? INT64_MAX : run->target;
    bool is_breach = !*has_reached && clock->at_target != CSQ_AT_TARGET_LATE;
    for (size_t i = 0; i < clock->steps.n; i++) {
        csq_ms goal;
        if (steps[i].kind == CSQ_STEP_WORKDAYS) {
            continue;
        }
        if (!csq__step_goal(run->target, &steps[i], &goal)) {
            return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("a step lies beyond all time"));
        }
        const bool is_reached = goal <= elapsed;
        *has_reached = *has_reached || is_reached;
        is_breach = is_breach && (is_reached || goal > least);
        least = !is_reached && goal < least ? goal : least;
    }
    if (run->phase == CSQ_PHASE_PAUSED || least == INT64_MAX) {
        return CSQ_OK;
    }
    status = csq__judge_projected(judged, least, is_breach ? CSQ_EDGE_FAR : CSQ_EDGE_NEAR, next,
                                  error);
    if (status == CSQ_OK && is_breach) {
        ahead_step_over(next);
    }
    return status;
}
