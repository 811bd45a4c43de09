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

/* The ticket names another policy, which holds in its track; none, or a name that is no policy's,
 * ends what was named in all tracks. */
static void walk_attach(csq__walk *walk)
{
    const csq_policies *policies = walk->policies;
    const uint32_t named = csq__policies_find(policies, walk->now[policies->slot_policy]);
    const uint16_t attached = named == CSQ_NO_INDEX ? 0 : (uint16_t)(named + 1);
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        if (attached == 0 || csq__policies_clock(policies, c)->track ==
                                 csq__policies_policy(policies, named)->track) {
            walk->runs[c].attached = attached;
        }
    }
}

uint32_t csq__walk_holding(const csq__walk *walk, uint32_t index)
{
    const uint16_t attached = walk->runs[index].attached;
    const uint32_t track = csq__policies_clock(walk->policies, index)->track;
    const bool has_versions = walk->policies->epochs.n > 0;
    const csq_ms at = has_versions ? csq__walk_version_at(walk, index) : walk->at;
    const uint32_t version =
        attached == 0 ? CSQ_NO_INDEX : csq__policies_version(walk->policies, attached - 1U, at);
    return version != CSQ_NO_INDEX
               ? version
               : csq__policies_match(walk->policies, track, at, walk->now, walk->before);
}

/* Whether the agreement that was made stays: for ever, or, where each cycle takes the versions in
 * force at its start, while the version by which it was made is one of them. */
CSQ__ALWAYS_INLINE bool walk_keeps(const csq__walk *walk, uint32_t index)
{
    const csq_policies *policies = walk->policies;
    const csq__clock *clock = csq__policies_clock(policies, index);
    const uint16_t terms = walk->selected[index];
    return clock->on_change == CSQ_ON_CHANGE_KEEP && terms != 0 &&
           (clock->version_at != CSQ_VERSION_AT_CYCLE ||
            csq__policy_is_in_force(
                csq__policies_policy(policies, csq__policies_terms(policies, terms)->policy),
                csq__walk_version_at(walk, index)));
}

/* Takes the terms of the policy that holds; where there is none, or it has none for the value, the
 * agreement stays or is gone, by option. */
CSQ__ALWAYS_INLINE void walk_select_of(csq__walk *walk, uint32_t index, uint32_t policy)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    const uint32_t terms =
        policy == CSQ_NO_INDEX ? 0 : csq__policies_choose(walk->policies, policy, index, walk->now);
    const bool stays =
        terms == 0 ? clock->on_no_match == CSQ_ON_NO_MATCH_KEEP : walk_keeps(walk, index);
    // A new agreement brings its own target: what an edit had set is gone.
    if (!stays && terms != walk->selected[index]) {
        walk->selected[index] = (uint16_t)terms;
        walk->runs[index].edited = 0;
        csq__beside_edit(walk, index, 0);
    }
}

/* Whether nothing that holds can change the agreement. */
CSQ__ALWAYS_INLINE bool walk_is_bound(const csq__walk *walk, uint32_t index)
{
    return csq__policies_clock(walk->policies, index)->on_no_match == CSQ_ON_NO_MATCH_KEEP &&
           walk_keeps(walk, index);
}

void csq__walk_choose(csq__walk *walk, uint32_t index)
{
    if (!walk_is_bound(walk, index)) {
        walk_select_of(walk, index, csq__walk_holding(walk, index));
    }
}

/* Whether this is an epoch, where values stay, and the clock asks for versions of before. */
CSQ__ALWAYS_INLINE bool walk_is_past(const csq__walk *walk, uint32_t index)
{
    return walk->event == CSQ__NO_EVENT && csq__walk_version_at(walk, index) != walk->at;
}

void csq__walk_select(csq__walk *walk)
{
    const csq_policies *policies = walk->policies;
    const bool has_versions = policies->epochs.n > 0;
    uint32_t holding[CSQ_CLOCK_LIMIT];
    uint64_t known = 0; // tracks whose policy was found, by their first clock
    walk->owed = 0;
    if (walk->now[policies->slot_policy] != walk->before[policies->slot_policy]) {
        walk_attach(walk);
    }
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        if (walk_is_bound(walk, c) || walk_is_past(walk, c)) {
            continue;
        }
        const uint32_t first = csq__policies_clock(policies, c)->first_of_track;
        if (has_versions && csq__walk_version_at(walk, c) != walk->at) {
            walk_select_of(walk, c, csq__walk_holding(walk, c));
            continue;
        }
        // What holds for one clock of a track by the versions of now, holds for all.
        if ((known >> first & 1) == 0) {
            holding[first] = csq__walk_holding(walk, c);
            known |= (uint64_t)1 << first;
        }
        walk_select_of(walk, c, holding[first]);
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

/* Measures the recorded stretches of a cycle again on one calendar. A ticket that makes it
 * do so over and over is refused. */
static csq_status stretches_remeasure(csq__walk *walk, uint32_t index, csq__run *run,
                                      uint32_t calendar, bool counts_pauses, csq_error *error)
{
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
    status = stretches_remeasure(walk, index, run, calendar, counts, error);
    run->is_mixed = 0;
    return status == CSQ_OK ? csq__walk_set_calendar(walk, run, calendar, error) : status;
}

csq_status csq__walk_remeasure_cycle(csq__walk *walk, uint32_t index, csq__run *run,
                                     uint32_t calendar, csq_error *error)
{
    if (walk->recorder == NULL) {
        walk->needs_recorder = true;
        return CSQ_OK;
    }
    const csq_status status = stretches_remeasure(walk, index, run, calendar, false, error);
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
    csq_status status = csq__walk_note_change(walk, index, error);
    if (status != CSQ_OK) {
        return status;
    }
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
    if (calendar != walk->runs[index].calendar || walk->runs[index].is_mixed) {
        const csq_status status = csq__walk_note_change(walk, index, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
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

void csq__walk_take_edit(csq__walk *walk, uint32_t index)
{
    csq__run *run = &walk->runs[index];
    if (run->edited != 0) {
        csq__run_set_target(walk, run, run->edited);
    }
}

/* Edits the target of a clock: of its latest cycle if that is open, or, by option, of all. */
static csq_status walk_edit_clock(csq__walk *walk, uint32_t index, csq_ms target, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    const bool all = clock->edit_scope == CSQ_EDIT_SCOPE_ALL;
    csq_status status = CSQ_OK;
    run->edited = target;
    if (csq__run_is_open(run) || all) {
        status = csq__walk_note_change(walk, index, error);
        csq__run_set_target(walk, run, target);
    }
    csq__beside_edit(walk, index, target);
    csq__finished *finished = walk->finished.data;
    for (size_t i = 0; all && i < walk->finished.n; i++) {
        if (finished[i].clock == index) {
            csq__run_set_target(walk, &finished[i].run, target);
        }
    }
    return status;
}

csq_status csq__walk_edit(csq__walk *walk, uint32_t subject, csq_ms target, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        if (subject == 0 || subject == csq__policies_clock(walk->policies, c)->code) {
            status = walk_edit_clock(walk, c, target, error);
        }
    }
    return status;
}
