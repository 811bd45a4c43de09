/*
 * clock_set_ladder — what the ladder of a clock says, by whose options a change decides what fires
 * (csq_late_steps, csq_passed_steps).
 *
 * Where a cycle of the clock was changed, the log is walked once more with a recorder that tells of
 * this clock and keeps what its ladder said of each cycle: which steps are silenced, and which keep
 * the instant at which they were passed. All other points follow from the terms alone.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

static bool ladder_was_changed(const csq__walk *walk, uint32_t clock)
{
    const csq__finished *finished = walk->finished.data;
    bool was_changed = walk->runs[clock].is_changed != 0;
    for (size_t i = 0; i < walk->finished.n && !was_changed; i++) {
        was_changed = finished[i].clock == clock && finished[i].run.is_changed != 0;
    }
    return was_changed;
}

csq_status csq__set_read_ladder(csq_clock_set *set, const csq__looked *looked, uint32_t clock,
                                csq_error *error)
{
    csq__walk *walk = &set->ladder_walk;
    csq__recorder *recorder = &set->ladder_recorder;
    recorder->past.n = 0;
    if (!csq__clock_has_ladder(csq__policies_clock(set->policies, clock)) ||
        !ladder_was_changed(&set->walk, clock)) {
        return CSQ_OK;
    }
    recorder->tells = true;
    recorder->keeps = true;
    recorder->told = clock;
    walk->recorder = recorder;
    csq__walk_reset(walk);
    csq_status status = csq__walk_events(walk, looked->events, 0, looked->n, looked->now, error);
    if (status == CSQ_OK) {
        status = csq__walk_pass_epochs(walk, looked->now, error);
    }
    csq__judged judged = {
        .walk = walk, .clock = clock, .run = &walk->runs[clock], .now = looked->now};
    return status == CSQ_OK && judged.run->is_changed != 0 ? csq__ladder_keep(&judged, error)
                                                           : status;
}

static int compare_past(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq__past *left = a;
    const csq__past *right = b;
    if (left->cycle != right->cycle) {
        return left->cycle < right->cycle ? -1 : 1;
    }
    return (left->firing.step > right->firing.step) - (left->firing.step < right->firing.step);
}

const csq__firing *csq__set_past(const csq_clock_set *set, uint32_t cycle, uint32_t step)
{
    const csq__array *all = &set->ladder_recorder.past;
    const csq__past *const past = all->data;
    const csq__past key = {.firing = {.step = step}, .cycle = cycle};
    const size_t i = csq__lower_bound(past, all->n, sizeof key, &key, compare_past, NULL);
    return i < all->n && compare_past(&past[i], &key, NULL) == 0 ? &past[i].firing : NULL;
}
