/*
 * inherit — what a ticket takes over from another one that was merged into it, or from which it was
 * split off: the start of what was open there.
 *
 * The host copies an instant, not events: an open cycle begins earlier, a clock that waits for a
 * message begins a cycle that started then. The time before counts on the calendar of the start.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

/* The calendar on which the cycle started: of its first recorded stretch, or the one it has. */
static uint32_t calendar_of_start(const csq__walk *walk, uint32_t index, size_t first)
{
    const csq__run *run = &walk->runs[index];
    const csq__array *const all = &walk->recorder->stretches;
    const csq__stretch *const stretches = all->data;
    for (size_t i = first; i < all->n; i++) {
        if (stretches[i].clock == index && stretches[i].cycle == run->cycle) {
            return stretches[i].calendar;
        }
    }
    return run->calendar;
}

/* Lets an open cycle start earlier. */
static csq_status start_earlier(csq__walk *walk, uint32_t index, csq_ms from, csq_error *error)
{
    csq__run *const run = &walk->runs[index];
    size_t place = 0;
    csq_status status = csq__walk_note_change(walk, index, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (walk->recorder != NULL) {
        place = csq__recorder_find(walk->recorder, run->started_at);
    } else if (run->is_mixed) {
        walk->needs_recorder = true;
        return CSQ_OK;
    }
    csq__stretch stretch = {.from = from,
                            .to = run->started_at,
                            .event = walk->event,
                            .clock = index,
                            .cycle = run->cycle,
                            .terms = run->terms,
                            .calendar = run->calendar,
                            .phase = CSQ_PHASE_ACTIVE};
    if (walk->recorder != NULL) {
        stretch.calendar = (uint16_t)calendar_of_start(walk, index, place);
    }
    csq_ms begin = 0;
    csq_ms end = 0;
    status = csq__walk_position(walk, stretch.calendar, from, &begin, error);
    if (status == CSQ_OK) {
        status = csq__walk_position(walk, stretch.calendar, run->started_at, &end, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    stretch.counted = csq__sub_saturated(end, begin);
    run->elapsed = csq__add_saturated(run->elapsed, stretch.counted);
    run->started_at = from;
    return walk->recorder == NULL ? CSQ_OK : csq__recorder_add(walk, &stretch, error);
}

static csq_status clock_inherit(csq__walk *walk, uint32_t index, csq_ms from, csq_error *error)
{
    const csq__clock *const clock = csq__policies_clock(walk->policies, index);
    csq__run *const run = &walk->runs[index];
    if (csq__run_is_open(run)) {
        const bool stays = run->started_at <= from || clock->message_base == CSQ_MESSAGE_BASE_LAST;
        return stays ? CSQ_OK : start_earlier(walk, index, from, error);
    }
    if (!clock->by_message || run->is_dead || !csq__walk_may_start(walk, index)) {
        return CSQ_OK;
    }
    const csq_status status = csq__walk_begin(walk, index, error);
    return status == CSQ_OK && from < walk->at ? start_earlier(walk, index, from, error) : status;
}

csq_status csq__walk_inherit(csq__walk *walk, uint32_t subject, csq_ms from, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK && !csq__walk_is_void(walk); c++) {
        const csq__clock *clock = csq__policies_clock(walk->policies, c);
        if ((subject == 0 || subject == clock->code) && clock->inherit == CSQ_INHERIT_START) {
            status = clock_inherit(walk, c, from, error);
        }
    }
    return status;
}

csq_status csq_policies_inherit(const csq_policies *policies, const csq_ticket *from,
                                uint32_t clock, csq_ms now, csq_ticket_event *out,
                                csq_error *error)
{
    csq_answer answer = {.size = sizeof answer};
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    const csq_status status = csq_policies_answer(policies, from, clock, now, &answer, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq__clock *const row = csq__policies_clock(policies, clock);
    if (answer.phase != CSQ_PHASE_ACTIVE && answer.phase != CSQ_PHASE_PAUSED) {
        return csq__fail(error, CSQ_ENODATA, CSQ__TEXT("no cycle of the metric \""),
                         CSQ__VIEW(csq_policies_metric_name(policies, row->metric)),
                         CSQ__TEXT("\" is open"));
    }
    const csq_ticket_event event = {.size = sizeof event,
                                    .kind = CSQ_EVENT_INHERIT,
                                    .at = now,
                                    .subject = row->code,
                                    .value = answer.started_at};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_ticket_event, reserved), &event, sizeof event,
                             error);
}
