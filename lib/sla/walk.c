/*
 * walk — takes the events of a ticket in order and lets the clocks that they concern take a step.
 *
 * Joined events form a group: all of them are applied to the frame, then each clock that the group
 * concerns takes its step on the values after it. The one thing that differs between batch, live
 * and explanation is where the events come from and whether a recorder is there.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

static void walk_close_group(csq__walk *walk)
{
    csq__walk_clear_lead(walk);
    if (walk->n_changed > CSQ__CHANGED_LIMIT) {
        memcpy(walk->before, walk->now, walk->n_slots * sizeof *walk->now);
    }
    for (uint32_t i = 0; i < walk->n_changed && i < CSQ__CHANGED_LIMIT; i++) {
        walk->before[walk->changed[i]] = walk->now[walk->changed[i]];
    }
    walk->is_pending = false;
}

/* Agreements are attached: they apply from here on, to all that was measured before. */
static csq_status walk_attach_clocks(csq__walk *walk, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        if ((walk->attaching >> c & 1) != 0 && !csq__walk_applies(walk, c)) {
            status = csq__walk_note_change(walk, c, error);
        }
    }
    walk->attached |= walk->attaching;
    return status;
}

csq_status csq__walk_settle(csq__walk *walk, csq_error *error)
{
    if (!walk->is_pending) {
        return CSQ_OK;
    }
    csq_status status = CSQ_OK;
    if ((walk->attaching & ~walk->attached) != 0) {
        status = walk_attach_clocks(walk, error);
    }
    if (status == CSQ_OK) {
        status = csq__walk_judge(walk, error);
    }
    if ((walk->kinds & (1U << CSQ_EVENT_MERGE)) != 0 && status == CSQ_OK) {
        status = csq__walk_merge(walk, error);
    }
    walk_close_group(walk);
    return csq__walk_is_void(walk) ? CSQ_OK : status;
}

static void walk_set_slot(csq__walk *walk, uint32_t slot, int64_t value)
{
    if (walk->now[slot] == value) {
        return;
    }
    if (walk->n_changed < CSQ__CHANGED_LIMIT) {
        walk->changed[walk->n_changed] = (uint16_t)slot;
    }
    walk->n_changed++;
    walk->now[slot] = value;
    walk->concerned |= walk->policies->by_slot[slot];
}

/* Members that no rule names are listed; the slot that stands for them is 0 while there are none
 * and has another number after every change. */
static csq_status walk_set_stranger(csq__walk *walk, csq__stranger member, bool adds, uint32_t rest,
                                    csq_error *error)
{
    csq__stranger *strangers = walk->strangers.data;
    size_t at = 0;
    while (at < walk->strangers.n &&
           (strangers[at].attribute != member.attribute || strangers[at].code != member.code)) {
        at++;
    }
    const bool is_there = at < walk->strangers.n;
    if (is_there == adds) {
        return CSQ_OK;
    }
    if (adds && walk->strangers.n >= CSQ__STRANGER_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT,
                         CSQ__TEXT("a ticket has more than 4096 tags that no rule names"));
    }
    if (adds &&
        csq__array_push(&walk->strangers, &walk->allocator, &member, sizeof member) == NULL) {
        return csq__fail_memory(error);
    }
    if (!adds) {
        strangers[at] = strangers[--walk->strangers.n];
    }
    bool is_empty = true;
    strangers = walk->strangers.data;
    for (size_t i = 0; i < walk->strangers.n; i++) {
        is_empty = is_empty && strangers[i].attribute != member.attribute;
    }
    walk_set_slot(walk, rest, is_empty ? 0 : ++walk->strangers_version);
    return CSQ_OK;
}

static csq_status walk_set_member(csq__walk *walk, const csq__taken *taken, csq_error *error)
{
    const csq__layout *layout = &walk->policies->layout;
    const csq__stranger named = {taken->form->event->attribute, (uint32_t)taken->value};
    const bool adds = taken->form->event->kind == CSQ_EVENT_ADD;
    const csq__member *member = csq__layout_member(layout, named.attribute, named.code);
    if (member == NULL) {
        const uint32_t rest = csq__layout_rest(layout, named.attribute);
        return rest == CSQ__NO_SLOT ? CSQ_OK : walk_set_stranger(walk, named, adds, rest, error);
    }
    const uint64_t bit = (uint64_t)1 << member->bit;
    const uint64_t old = (uint64_t)walk->now[member->slot];
    walk_set_slot(walk, member->slot, (int64_t)(adds ? old | bit : old & ~bit));
    return CSQ_OK;
}

static bool is_change(uint8_t kind)
{
    return kind == CSQ_EVENT_CHANGE || kind == CSQ_EVENT_ADD || kind == CSQ_EVENT_REMOVE;
}

static void walk_set_lead(const csq__walk *walk, uint32_t kind, uint32_t voice)
{
    const csq_policies *policies = walk->policies;
    walk->now[policies->slot_event] = kind;
    walk->now[policies->slot_author] = voice / CSQ__VISIBILITIES;
    walk->now[policies->slot_visibility] = voice % CSQ__VISIBILITIES;
}

/* Puts the event's own attributes into the frame; of a group, those of the first event that is
 * more than a change. Others that are more than a change lead as well. */
static void walk_lead(csq__walk *walk, const csq__event *form)
{
    const uint32_t voice = form->author * (uint32_t)CSQ__VISIBILITIES + form->visibility;
    const uint32_t bit = 1U << form->kind;
    if (walk->leads && is_change(form->kind)) {
        return;
    }
    if (!walk->leads) {
        walk->leads = !is_change(form->kind);
        walk->kind_bits = bit;
        memset(walk->voices, 0, sizeof walk->voices);
        walk_set_lead(walk, form->kind, voice);
    } else if ((walk->voices[voice] & bit) == 0) {
        walk->kind_bits |= bit;
        walk->has_more_leads = true;
    }
    walk->voices[voice] |= bit;
}

bool csq__walk_more_leads_hold(const csq__walk *walk, const csq__program *program, uint32_t kinds)
{
    const csq_policies *policies = walk->policies;
    const uint32_t slots[] = {policies->slot_event, policies->slot_author,
                              policies->slot_visibility};
    const int64_t first[] = {walk->now[slots[0]], walk->now[slots[1]], walk->now[slots[2]]};
    bool holds = false;
    for (uint32_t voice = 0; voice < CSQ__VOICES; voice++) {
        for (uint32_t left = walk->voices[voice] & kinds; left != 0 && !holds; left &= left - 1) {
            walk_set_lead(walk, (uint32_t)__builtin_ctz(left), voice);
            holds = csq__program_holds(program, walk->now, walk->before);
        }
    }
    for (uint32_t i = 0; i < 3; i++) {
        walk->now[slots[i]] = first[i];
    }
    return holds;
}

static void walk_open_group(csq__walk *walk, const csq__taken *taken)
{
    walk->is_pending = true;
    walk->leads = false;
    walk->n_changed = 0;
    walk->concerned = walk->owed;
    walk->kinds = 0;
    walk->attaching = 0;
    walk->at = taken->at;
    walk->first_at = walk->first_at == CSQ_MS_NONE ? taken->at : walk->first_at;
    walk->event = taken->index;
}

/* What carries a value of its own for the clocks acts after its group, which is itself alone. */
static bool is_single(const csq__event *form)
{
    return csq__event_is_of_metric(form->kind);
}

static bool walk_joins(const csq__walk *walk, const csq__taken *taken)
{
    const csq__event *event = taken->form->event;
    return event->joined && taken->at == walk->at && !is_single(event);
}

/* An attachment is for the track of the policy that it names; without one, for all clocks. */
static uint64_t attached_clocks(const csq__walk *walk, const csq__taken *taken)
{
    const bool is_named = taken->form->event->attribute == CSQ_TICKET_POLICY;
    const uint32_t policy =
        is_named ? csq__policies_find(walk->policies, taken->value) : CSQ_NO_INDEX;
    return policy == CSQ_NO_INDEX
               ? CSQ__CLOCKS
               : csq__policies_track_clocks(walk->policies,
                                            csq__policies_policy(walk->policies, policy)->track);
}

static csq_status walk_apply(csq__walk *walk, const csq__taken *taken, csq_error *error)
{
    const csq__event *event = taken->form->event;
    walk->kinds |= 1U << event->kind;
    walk->concerned |= taken->form->concerned;
    walk_lead(walk, event);
    if (event->kind == CSQ_EVENT_ADD || event->kind == CSQ_EVENT_REMOVE) {
        return walk_set_member(walk, taken, error);
    }
    if (event->attribute == CSQ_TICKET_PROMISE) {
        walk->reason = event->subject;
    }
    if (event->kind == CSQ_EVENT_ATTACH) {
        walk->attaching |= attached_clocks(walk, taken);
    }
    walk_set_slot(walk, taken->form->slot, taken->value);
    return CSQ_OK;
}

csq_status csq__walk_special(csq__walk *walk, const csq__taken *taken, csq_error *error)
{
    csq_status status = CSQ_OK;
    if (walk->is_pending && !walk_joins(walk, taken)) {
        status = csq__walk_settle(walk, error);
    }
    if (!walk->is_pending) {
        if (status == CSQ_OK) {
            status = csq__walk_pass_epochs(walk, taken->at, error);
        }
        if (csq__walk_is_void(walk)) {
            return CSQ_OK;
        }
        walk_open_group(walk, taken);
    }
    if (status == CSQ_OK) {
        status = walk_apply(walk, taken, error);
    }
    const csq__event *event = taken->form->event;
    if (status != CSQ_OK || (taken->more && !is_single(event))) {
        return status;
    }
    status = csq__walk_settle(walk, error);
    if (status != CSQ_OK || csq__walk_is_void(walk)) {
        return status;
    }
    if (event->kind == CSQ_EVENT_INHERIT) {
        status = csq__walk_inherit(walk, event->subject, taken->value, error);
    } else if (event->kind == CSQ_EVENT_EDIT) {
        status = csq__walk_edit(walk, event->subject, taken->value, error);
    }
    return csq__walk_is_void(walk) ? CSQ_OK : status;
}
