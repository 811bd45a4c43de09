/*
 * promise — due instants that an attribute holds, and the chain of promises that they make.
 *
 * A run keeps the instant that it is judged by. What else was promised during a cycle only a
 * recorder keeps, so a tally of chains walks with one. Whether a promise was kept is asked of each
 * one alone: of the first whether the original word was kept, of the last whether the latest was.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/promise.h"

/* The last promise of the open cycle, or NULL. */
static const csq__promise *promise_last(const csq__walk *walk, uint32_t index)
{
    const csq__promise *promises = walk->recorder->promises.data;
    const size_t latest = walk->recorder->latest[index];
    return latest > 0 && promises[latest - 1].cycle == walk->runs[index].cycle
               ? &promises[latest - 1]
               : NULL;
}

static csq_status promise_record(csq__walk *walk, uint32_t index, const csq__terms *terms,
                                 csq_ms promised_at, csq_error *error)
{
    if (walk->recorder == NULL) {
        walk->needs_recorder = walk->needs_recorder || walk->counts_promises;
        return CSQ_OK;
    }
    const csq__promise *last = promise_last(walk, index);
    if (last != NULL && last->promised_at == promised_at) {
        return CSQ_OK;
    }
    const csq__promise promise = {
        .given_at = walk->at,
        .promised_at = promised_at,
        .event = walk->event,
        .clock = index,
        .cycle = walk->runs[index].cycle,
        .reason = terms->due_attribute == CSQ_TICKET_PROMISE ? walk->reason : 0,
    };
    if (csq__array_push(&walk->recorder->promises, &walk->allocator, &promise, sizeof promise) ==
        NULL) {
        return csq__fail_memory(error);
    }
    walk->recorder->latest[index] = walk->recorder->promises.n;
    return CSQ_OK;
}

csq_status csq__walk_follow_due(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    const csq__terms *terms = csq__policies_terms(walk->policies, run->terms);
    if (terms->due_attribute == 0 || !csq__run_is_open(run)) {
        return CSQ_OK;
    }
    const csq_ms promised_at = walk->now[terms->due_slot];
    const bool keeps = csq__policies_clock(walk->policies, index)->on_change == CSQ_ON_CHANGE_KEEP;
    if (run->due != promised_at && (!keeps || run->due == CSQ_MS_NONE)) {
        const csq_status status = csq__walk_note_change(walk, index, error);
        if (status != CSQ_OK) {
            return status;
        }
        run->due = promised_at;
    }
    return promised_at == CSQ_MS_NONE ? CSQ_OK
                                      : promise_record(walk, index, terms, promised_at, error);
}

/* ---- judging ------------------------------------------------------------------------------- */

const csq__promise *csq__promise_next(const csq__judged *judged)
{
    csq__recorder *recorder = judged->walk->recorder;
    if (recorder == NULL) { // none was needed: nothing was promised
        return NULL;
    }
    size_t *unread = &recorder->unread[judged->clock];
    const csq__promise *promises = recorder->promises.data;
    while (*unread < recorder->promises.n && (promises[*unread].clock != judged->clock ||
                                              promises[*unread].cycle < judged->run->cycle)) {
        *unread += 1;
    }
    const bool is_there =
        *unread < recorder->promises.n && promises[*unread].cycle == judged->run->cycle;
    return is_there ? &promises[(*unread)++] : NULL;
}

static uint32_t promise_outcome(const csq__judged *judged, csq_ms promised_at)
{
    const csq__run *run = judged->run;
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    if (run->phase == CSQ_PHASE_CANCELLED) {
        return CSQ_PROMISE_CANCELLED;
    }
    const bool is_open = csq__run_is_open(run);
    if (csq__clock_is_beyond(clock, is_open ? judged->now : run->stopped_at, promised_at)) {
        return CSQ_PROMISE_BROKEN;
    }
    return is_open ? CSQ_PROMISE_OPEN : CSQ_PROMISE_KEPT;
}

/* The time of the clock's calendar from one instant to another, negative backwards. */
static csq_status promise_open(const csq__judged *judged, csq_ms from, csq_ms to, csq_ms *out,
                               csq_error *error)
{
    csq_ms from_position = 0;
    csq_ms to_position = 0;
    csq_status status =
        csq__walk_position(judged->walk, judged->run->calendar, from, &from_position, error);
    if (status == CSQ_OK) {
        status = csq__walk_position(judged->walk, judged->run->calendar, to, &to_position, error);
    }
    *out = csq__sub_saturated(to_position, from_position);
    return status;
}

csq_status csq__promise_judge(const csq__judged *judged, const csq__promise *promise,
                              const csq__promise *before, csq_promise *out, csq_error *error)
{
    const csq__run *run = judged->run;
    *out = (csq_promise){
        .size = sizeof *out,
        .cycle = promise->cycle,
        .event = promise->event,
        .given_at = promise->given_at,
        .promised_at = promise->promised_at,
        .reason = promise->reason,
        .is_after_due = before != NULL && promise->given_at > before->promised_at,
        .outcome = promise_outcome(judged, promise->promised_at),
        .estimated_ms = csq__sub_saturated(promise->promised_at, promise->given_at),
        .actual_ms = CSQ_MS_NONE,
        .actual_open_ms = CSQ_MS_NONE,
    };
    csq_status status = promise_open(judged, promise->given_at, promise->promised_at,
                                     &out->estimated_open_ms, error);
    if (status == CSQ_OK && run->phase == CSQ_PHASE_COMPLETED) {
        out->actual_ms = csq__sub_saturated(run->stopped_at, promise->given_at);
        status =
            promise_open(judged, promise->given_at, run->stopped_at, &out->actual_open_ms, error);
    }
    return status;
}
