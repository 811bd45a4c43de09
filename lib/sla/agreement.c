/*
 * agreement — which policy and terms hold for a ticket, and what their change does to its clocks.
 *
 * Terms that change while a cycle is open take effect as the metric's option says. Measuring a
 * cycle again needs its stretches, which only a recorder has; without one the walk says so, and it
 * is done again.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

uint32_t csq__walk_calendar(const csq__walk *walk, const csq__clock *clock, const csq__terms *terms)
{
    const bool is_named =
        walk->named_calendar != 0 && clock->calendar_switch != CSQ_CALENDAR_SWITCH_FIRST;
    return csq__clock_calendar(walk->policies, clock,
                               is_named ? walk->named_calendar : terms->calendar);
}

/* The terms that a policy, or none (CSQ_NO_INDEX), gives to a clock now. */
static uint32_t agreement_choose(const csq__walk *walk, uint32_t policy, uint32_t index)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    const uint32_t selected = walk->selected[index];
    const bool keeps = clock->on_change == CSQ_ON_CHANGE_KEEP && selected != 0;
    if (keeps && clock->on_no_match == CSQ_ON_NO_MATCH_KEEP) {
        return selected;
    }
    const uint32_t terms =
        policy == CSQ_NO_INDEX ? 0 : csq__policies_choose(walk->policies, policy, index, walk->now);
    if (terms == 0) {
        return clock->on_no_match == CSQ_ON_NO_MATCH_KEEP ? selected : 0;
    }
    return keeps ? selected : terms;
}

void csq__walk_select(csq__walk *walk)
{
    const csq_policies *policies = walk->policies;
    uint32_t policy = csq__policies_attached(policies, walk->now);
    if (policy == CSQ_NO_INDEX) {
        policy = csq__policies_match(policies, walk->now, walk->before);
    }
    walk->owed = 0;
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        const uint32_t terms = agreement_choose(walk, policy, c);
        // A new agreement brings its own target: what an edit had set is gone.
        if (terms != walk->selected[c]) {
            walk->selected[c] = (uint16_t)terms;
            walk->runs[c].edited = 0;
            csq__beside_edit(walk, c, 0);
        }
    }
}

static csq_status agreement_fail_limit(csq_error *error)
{
    return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the terms of the ticket change too often"));
}

/* Measures a recorded stretch again on another calendar. */
static csq_status stretch_remeasure(csq__walk *walk, csq__run *run, csq__stretch *stretch,
                                    uint32_t calendar, bool counts_pauses, csq_error *error)
{
    csq_ms from;
    csq_ms to;
    csq_status status = csq__walk_position(walk, calendar, stretch->from, &from, error);
    if (status == CSQ_OK) {
        status = csq__walk_position(walk, calendar, stretch->to, &to, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    if (counts_pauses) {
        stretch->phase = CSQ_PHASE_ACTIVE;
    }
    const csq_ms open = csq__sub_saturated(to, from);
    stretch->counted = stretch->phase == CSQ_PHASE_ACTIVE ? open : 0;
    stretch->paused = open - stretch->counted;
    stretch->calendar = (uint16_t)calendar;
    stretch->terms = run->terms;
    run->elapsed = csq__add_saturated(run->elapsed, stretch->counted);
    run->paused = csq__add_saturated(run->paused, stretch->paused);
    return CSQ_OK;
}

/* Measures the recorded stretches of the open cycle again on one calendar. A ticket that makes it
 * do so over and over is refused. */
static csq_status stretches_remeasure(csq__walk *walk, uint32_t index, uint32_t calendar,
                                      bool counts_pauses, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    csq__stretch *const stretches = walk->recorder->stretches.data;
    const size_t n = walk->recorder->stretches.n;
    const size_t first = csq__recorder_find(walk->recorder, run->started_at);
    csq_status status = CSQ_OK;
    run->elapsed = 0;
    run->paused = 0;
    walk->n_remeasured += n - first;
    if (walk->n_remeasured > CSQ__REMEASURE_LIMIT) {
        return agreement_fail_limit(error);
    }
    for (size_t i = first; i < n && status == CSQ_OK; i++) {
        csq__stretch *stretch = &stretches[i];
        if (stretch->clock == index && stretch->cycle == run->cycle &&
            stretch->phase != CSQ_PHASE_COMPLETED) {
            status = stretch_remeasure(walk, run, stretch, calendar, counts_pauses, error);
        }
    }
    return status;
}

/* Counts the pauses of a cycle that ran on one calendar: they were measured by it. */
static csq_status walk_count_pauses(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    const csq_status status = csq__walk_advance(walk, index, walk->at, error);
    run->elapsed = csq__add_saturated(run->elapsed, run->paused);
    run->paused = 0;
    return status;
}

/* Reads the open cycle again from its start on another calendar. */
static csq_status walk_remeasure(csq__walk *walk, uint32_t index, uint32_t calendar,
                                 bool counts_pauses, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    const bool counts = counts_pauses && run->was_paused;
    if (calendar == run->calendar && !run->is_mixed && (!counts || walk->recorder == NULL)) {
        return counts ? walk_count_pauses(walk, index, error) : CSQ_OK;
    }
    walk->is_timed = true;
    if (run->since == run->started_at && !counts) {
        return csq__walk_set_calendar(walk, run, calendar, error);
    }
    csq_status status = csq__walk_advance(walk, index, walk->at, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (walk->recorder == NULL) {
        walk->needs_recorder = true;
        return CSQ_OK;
    }
    status = stretches_remeasure(walk, index, calendar, counts, error);
    run->is_mixed = 0;
    return status == CSQ_OK ? csq__walk_set_calendar(walk, run, calendar, error) : status;
}

static csq_status walk_carry(csq__walk *walk, uint32_t index, uint32_t calendar, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    if (calendar == run->calendar && walk->recorder == NULL) {
        return CSQ_OK;
    }
    // A recorder cuts the stretch even where only its terms change.
    const csq_status status = csq__walk_advance(walk, index, walk->at, error);
    run->is_mixed |= calendar != run->calendar;
    return status == CSQ_OK ? csq__walk_set_calendar(walk, run, calendar, error) : status;
}

/* Takes the agreement of an open cycle away. It is still measured: the next agreement reads it
 * again from its start. */
static csq_status walk_detach(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    csq_status status = CSQ_OK;
    if (walk->recorder != NULL) {
        status = csq__walk_advance(walk, index, walk->at, error);
    }
    run->terms = 0;
    run->target = 0;
    return status;
}

/* Brings a changed agreement to bear on an open cycle. */
csq_status csq__walk_change_terms(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    if (!csq__run_is_open(run) || walk->selected[index] == run->terms) {
        return CSQ_OK;
    }
    if (walk->selected[index] == 0) {
        return walk_detach(walk, index, error);
    }
    const csq__terms *terms = csq__policies_terms(walk->policies, walk->selected[index]);
    const bool is_first = run->terms == 0;
    const uint32_t calendar = csq__walk_calendar(walk, clock, terms);
    csq_status status = CSQ_OK;
    if (is_first || clock->on_change == CSQ_ON_CHANGE_RETROACTIVE) {
        run->terms = walk->selected[index];
        status = walk_remeasure(
            walk, index, calendar,
            !is_first && clock->retroactive_pause == CSQ_RETROACTIVE_PAUSE_COUNTED, error);
    } else if (clock->on_change == CSQ_ON_CHANGE_CARRY) {
        status = walk_carry(walk, index, calendar, error);
    } else {
        status = csq__walk_end(walk, index, CSQ_PHASE_CANCELLED, error);
        return status == CSQ_OK ? csq__walk_begin(walk, index, error) : status;
    }
    run->terms = walk->selected[index];
    run->target = run->edited != 0 && terms->target > 0 ? run->edited : terms->target;
    return status == CSQ_OK ? csq__walk_follow_due(walk, index, error) : status;
}

static uint16_t agreement_find_calendar(const csq__walk *walk)
{
    const int64_t code = walk->now[walk->policies->slot_calendar];
    const csq__named_calendar *calendars = walk->policies->calendars.data;
    for (size_t i = 0; i < walk->policies->calendars.n; i++) {
        if (calendars[i].code == (uint64_t)code) {
            return (uint16_t)(i + 1);
        }
    }
    return 0;
}

/* Notes a switch of calendars in the time that a reopen would count. */
static void walk_note_switch(csq__walk *walk, uint32_t index)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    run->has_switched |= run->phase == CSQ_PHASE_COMPLETED && walk->named_calendar != 0 &&
                         clock->reopen_mode == CSQ_REOPEN_RESUME_COUNTING &&
                         clock->calendar_switch == CSQ_CALENDAR_SWITCH_SEGMENTED;
}

csq_status csq__walk_follow_switches(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    const csq__switch *switches = walk->switches.data;
    csq__run *run = &walk->runs[index];
    if (run->has_switched == 0) {
        return CSQ_OK;
    }
    run->has_switched = 0;
    if (walk->recorder == NULL) {
        walk->needs_recorder = true;
        return CSQ_OK;
    }
    size_t i = walk->switches.n;
    while (i > 0 && switches[i - 1].at >= run->since) {
        i--;
    }
    walk->n_remeasured += walk->switches.n - i;
    csq_status status =
        walk->n_remeasured > CSQ__REMEASURE_LIMIT ? agreement_fail_limit(error) : CSQ_OK;
    for (; i < walk->switches.n && status == CSQ_OK; i++) {
        status = csq__walk_advance(walk, index, switches[i].at, error);
        if (status == CSQ_OK) {
            const uint32_t calendar =
                csq__clock_calendar(walk->policies, clock, switches[i].calendar);
            run->is_mixed |= calendar != run->calendar;
            status = csq__walk_set_calendar(walk, run, calendar, error);
        }
    }
    return status;
}

/* Lets an open cycle follow the calendar that the ticket names. */
csq_status csq__walk_change_calendar(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    if (!csq__run_is_open(&walk->runs[index]) || walk->named_calendar == 0 ||
        clock->calendar_switch == CSQ_CALENDAR_SWITCH_FIRST) {
        return CSQ_OK;
    }
    const uint32_t calendar = csq__clock_calendar(walk->policies, clock, walk->named_calendar);
    return clock->calendar_switch == CSQ_CALENDAR_SWITCH_LATEST
               ? walk_remeasure(walk, index, calendar, false, error)
               : walk_carry(walk, index, calendar, error);
}

csq_status csq__walk_switch_calendar(csq__walk *walk, csq_error *error)
{
    csq_status status = CSQ_OK;
    walk->named_calendar = agreement_find_calendar(walk);
    const csq__switch change = {walk->at, walk->named_calendar};
    if (walk->recorder != NULL && change.calendar != 0 &&
        csq__array_push(&walk->switches, &walk->allocator, &change, sizeof change) == NULL) {
        return csq__fail_memory(error);
    }
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        walk_note_switch(walk, c);
        status = csq__walk_change_calendar(walk, c, error);
        if (walk->beside.n > 0 && status == CSQ_OK) {
            status = csq__beside_each(walk, c, csq__walk_change_calendar, error);
        }
    }
    return status;
}

/* An edit is a time: there is none to replace without a target, or in one of another kind. */
void csq__run_set_target(const csq__walk *walk, csq__run *run, csq_ms target)
{
    if (csq__policies_terms(walk->policies, run->terms)->target > 0) {
        run->target = target;
    }
}

void csq__walk_edit(csq__walk *walk, uint32_t subject, csq_ms target)
{
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        const csq__clock *clock = csq__policies_clock(walk->policies, c);
        if (subject != 0 && subject != clock->code) {
            continue;
        }
        csq__run *run = &walk->runs[c];
        const bool all = clock->edit_scope == CSQ_EDIT_SCOPE_ALL;
        run->edited = target;
        csq__beside_edit(walk, c, target);
        if (csq__run_is_open(run) || all) {
            csq__run_set_target(walk, run, target);
        }
        csq__finished *finished = walk->finished.data;
        for (size_t i = 0; all && i < walk->finished.n; i++) {
            if (finished[i].clock == c) {
                csq__run_set_target(walk, &finished[i].run, target);
            }
        }
    }
}
