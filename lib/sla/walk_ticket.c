/*
 * walk_ticket — the life of a walk; walking the log of a ticket from its start or a checkpoint.
 *
 * A checkpoint holds what the walk knows between two groups of the log. One before the last group
 * lasts, one behind it is dropped if a joined event still comes and belongs to it. It is a cache:
 * what it leads to is what walking from the start leads to, and where only stretches of the past
 * can tell, the walk starts over with a recorder.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/live.h"

static size_t walk_block_size(const csq__walk *walk)
{
    return 3 * walk->n_slots * sizeof(int64_t) + walk->n_clocks * sizeof(csq__run) +
           (walk->n_clocks + 1) * walk->n_groups * sizeof(uint32_t) +
           walk->n_clocks * sizeof(uint16_t);
}

csq_status csq__walk_init(csq__walk *walk, const csq_policies *policies, const uint16_t *slot_of,
                          size_t n_attributes, size_t n_slots, const uint16_t *group_slots,
                          uint32_t n_groups, const csq_allocator *allocator, csq_error *error)
{
    const csq__layout *layout = &policies->layout;
    *walk = (csq__walk){.policies = policies,
                        .allocator = *allocator,
                        .calendars = policies->calendars.data,
                        .slot_of = slot_of == NULL ? policies->slot_of : slot_of,
                        .n_attributes = slot_of == NULL ? layout->of.n : n_attributes,
                        .n_slots = slot_of == NULL ? layout->n_slots + 1 : n_slots,
                        .n_clocks = (uint32_t)policies->clocks.n,
                        .group_slots = group_slots,
                        .n_groups = n_groups};
    walk->now = csq__allocate_zeroed(allocator, walk_block_size(walk));
    if (walk->now == NULL) {
        return csq__fail_memory(error);
    }
    walk->before = walk->now + walk->n_slots;
    walk->absent = walk->before + walk->n_slots;
    walk->runs = (csq__run *)(void *)(walk->absent + walk->n_slots);
    walk->group_codes = (uint32_t *)(void *)(walk->runs + walk->n_clocks);
    walk->selected = (uint16_t *)(void *)(walk->group_codes + (walk->n_clocks + 1) * n_groups);
    csq__layout_clear(layout, walk->absent);
    csq__walk_reset(walk);
    return CSQ_OK;
}

void csq__walk_release(csq__walk *walk)
{
    csq__array_release(&walk->finished, &walk->allocator, sizeof(csq__finished));
    csq__array_release(&walk->beside, &walk->allocator, sizeof(csq__beside));
    csq__array_release(&walk->switches, &walk->allocator, sizeof(csq__switch));
    csq__array_release(&walk->strangers, &walk->allocator, sizeof(csq__stranger));
    csq__release(&walk->allocator, walk->now, walk_block_size(walk));
    walk->now = NULL;
}

/* What is not in the arrays. */
static void walk_reset_head(csq__walk *walk)
{
    walk->live =
        CSQ__SELECTS | CSQ__SWITCHES | CSQ__SPECIAL | CSQ__DUES |
        (((uint64_t)1 << walk->n_clocks) - 1);
    walk->is_pending = false;
    walk->first_at = CSQ_MS_NONE;
    walk->epoch = 0;
    walk->kind_bits = 1;
    walk->has_more_leads = false;
    walk->owed = CSQ__SELECTS;
    walk->attached = 0;
    walk->needs_recorder = false;
    walk->is_timed = false;
    walk->n_remeasured = 0;
    walk->n_looked_up = 0;
    walk->named_calendar = 0;
    walk->n_changed = 0;
    walk->finished.n = 0;
    walk->beside.n = 0;
    walk->switches.n = 0;
    walk->strangers.n = 0;
    walk->reason = 0;
    if (walk->recorder != NULL) {
        walk->recorder->stretches.n = 0;
        walk->recorder->promises.n = 0;
        memset(walk->recorder->latest, 0, sizeof walk->recorder->latest);
        memset(walk->recorder->unread, 0, sizeof walk->recorder->unread);
        walk->recorder->past.n = 0;
        csq__ladder_clear(&walk->recorder->ladder);
    }
}

void csq__walk_reset(csq__walk *walk)
{
    const size_t frame = walk->n_slots * sizeof *walk->now;
    memcpy(walk->now, walk->absent, frame);
    memcpy(walk->before, walk->absent, frame);
    memset(walk->runs, 0, walk->n_clocks * sizeof *walk->runs);
    memset(walk->selected, 0, walk->n_clocks * sizeof *walk->selected);
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        walk->runs[c].phase = CSQ_PHASE_NOT_STARTED;
    }
    walk_reset_head(walk);
}

/* ---- checkpoints --------------------------------------------------------------------------- */

/* What of a walk is not in its arrays. */
typedef struct checkpoint_head {
    uint64_t live;
    uint64_t attached;
    uint16_t named_calendar;
    uint16_t has_selected;
    uint32_t reserved;
} checkpoint_head;

size_t csq__walk_state_run(uint32_t clock)
{
    return sizeof(checkpoint_head) + clock * sizeof(csq__run);
}

/* Members of sets that no rule names are not in the bytes; they matter where a rule asks. */
bool csq__walk_state_is_whole(const csq_policies *policies)
{
    return !policies->asks_for_strangers;
}

uint64_t csq__walk_state_attached(const uint8_t *data)
{
    checkpoint_head head;
    memcpy(&head, data, sizeof head);
    return head.attached;
}

size_t csq__walk_state_size(const csq__walk *walk)
{
    return sizeof(checkpoint_head) + walk->n_clocks * sizeof(csq__run) +
           walk->policies->layout.n_slots * sizeof(int64_t) + walk->n_clocks * sizeof(uint16_t);
}

void csq__walk_state_write(const csq__walk *walk, uint8_t *out)
{
    const checkpoint_head head = {walk->live, walk->attached, walk->named_calendar, walk->owed == 0,
                                  0};
    const size_t runs = walk->n_clocks * sizeof(csq__run);
    const size_t frame = walk->policies->layout.n_slots * sizeof(int64_t);
    memcpy(out, &head, sizeof head);
    memcpy(out + sizeof head, walk->runs, runs);
    memcpy(out + sizeof head + runs, walk->now, frame);
    memcpy(out + sizeof head + runs + frame, walk->selected, walk->n_clocks * sizeof(uint16_t));
}

void csq__walk_state_read(csq__walk *walk, const uint8_t *data)
{
    checkpoint_head head;
    const size_t runs = walk->n_clocks * sizeof(csq__run);
    const size_t frame = walk->policies->layout.n_slots * sizeof(int64_t);
    memcpy(&head, data, sizeof head);
    memcpy(walk->runs, data + sizeof head, runs);
    memcpy(walk->now, data + sizeof head + runs, frame);
    memcpy(walk->before, walk->now, frame);
    memcpy(walk->selected, data + sizeof head + runs + frame, walk->n_clocks * sizeof(uint16_t));
    walk->live = head.live;
    walk->named_calendar = head.named_calendar;
    walk->owed = head.has_selected ? 0 : CSQ__SELECTS;
    walk->attached = head.attached;
}

/* A checkpoint holds the latest cycles only, while a tally, which gives the slots of its groups,
 * counts all of them. */
static bool walk_can_resume(const csq__walk *walk)
{
    return walk->recorder == NULL && walk->group_slots == NULL &&
           csq__walk_state_is_whole(walk->policies);
}

/* Brings the walk to the ticket's checkpoint, or to before its first event; the number of events
 * seen. */
static size_t walk_resume(csq__walk *walk, const csq_ticket *ticket, csq_ms now)
{
    size_t seen = 0;
    if (!walk_can_resume(walk)) {
        csq__walk_reset(walk);
        return 0;
    }
    const void *data = csq__ticket_checkpoint(ticket, walk->policies->checkpoint_key,
                                              csq__walk_state_size(walk), &seen);
    size_t n;
    const csq__event *events = csq__ticket_events(ticket, &n);
    if (data == NULL || seen == 0 || events[seen - 1].at > now) {
        csq__walk_reset(walk);
        return 0;
    }
    walk_reset_head(walk);
    csq__walk_state_read(walk, data);
    walk->at = events[seen - 1].at;
    walk->first_at = events[0].at;
    csq__walk_skip_epochs(walk, walk->at);
    return seen;
}

/* ---- walking ------------------------------------------------------------------------------- */

csq_status csq__walk_events(csq__walk *walk, const csq__event *events, size_t first, size_t end,
                            csq_ms now, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (size_t i = first;
         i < end && events[i].at <= now && status == CSQ_OK && !csq__walk_is_void(walk); i++) {
        const bool more = i + 1 < end && events[i + 1].joined;
        const csq__taken_form form = csq__walk_form(walk, &events[i], more || walk->is_pending);
        const csq__taken taken = {&form, events[i].at, events[i].value, i, more};
        status = csq__walk_take(walk, &taken, error);
    }
    if (status == CSQ_OK) {
        status = csq__walk_settle(walk, error);
    }
    if (csq__walk_is_void(walk)) {
        return CSQ_OK;
    }
    if (status != CSQ_OK) {
        csq__error_index(error, (int64_t)walk->event);
    }
    return status;
}

static csq_status walk_fail_schema(csq_error *error)
{
    return csq__fail(error, CSQ_EMISMATCH,
                     CSQ__TEXT("the ticket and the policies are of different schemas"));
}

csq_status csq__walk_ticket(csq__walk *walk, const csq_ticket *ticket, csq_ms now, csq_error *error)
{
    if (csq__ticket_schema(ticket) != walk->policies->schema) {
        return walk_fail_schema(error);
    }
    if (now == CSQ_MS_NONE) {
        return csq__walk_fail_now(error);
    }
    const size_t first = walk_resume(walk, ticket, now);
    size_t n;
    const csq__event *events = csq__ticket_events(ticket, &n);
    const csq_status status = csq__walk_events(walk, events, first, n, now, error);
    return status == CSQ_OK && !csq__walk_is_void(walk) ? csq__walk_pass_epochs(walk, now, error)
                                                        : status;
}

csq_status csq__walk_log(csq__walk *walk, const csq__event *events, size_t n, csq_ms now,
                         csq_error *error)
{
    csq__walk_reset(walk);
    const csq_status status = csq__walk_events(walk, events, 0, n, now, error);
    return status == CSQ_OK && !csq__walk_is_void(walk) ? csq__walk_pass_epochs(walk, now, error)
                                                        : status;
}

/* The first event of the last group of a log. */
static size_t last_group(const csq__event *events, size_t n)
{
    size_t first = n == 0 ? 0 : n - 1;
    while (first > 0 && events[first].joined && events[first].at == events[first - 1].at) {
        first--;
    }
    return first;
}

csq_status csq__walk_to_last_group(csq__walk *walk, const csq_ticket *ticket, size_t *end,
                                   csq_error *error)
{
    size_t n;
    const csq__event *events = csq__ticket_events(ticket, &n);
    const size_t first = walk_resume(walk, ticket, INT64_MAX);
    *end = last_group(events, n);
    return first < *end ? csq__walk_events(walk, events, first, *end, INT64_MAX, error) : CSQ_OK;
}

csq_status csq__walk_keep(const csq__walk *walk, csq_ticket *ticket, size_t seen, csq_error *error)
{
    // A checkpoint has room for one open cycle of each clock: an earlier one has to do.
    if (!walk_can_resume(walk) || walk->needs_recorder || walk->beside.n > 0 || seen == 0) {
        return CSQ_OK;
    }
    void *place = NULL;
    const csq_status status = csq__ticket_place_checkpoint(
        ticket, walk->policies->checkpoint_key, csq__walk_state_size(walk), seen, &place, error);
    if (status == CSQ_OK) {
        csq__walk_state_write(walk, place);
    }
    return status;
}

csq_status csq_policies_advance(const csq_policies *policies, csq_ticket *ticket, csq_error *error)
{
    if (policies == NULL || ticket == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies" : "ticket");
    }
    if (csq__ticket_schema(ticket) != policies->schema) {
        return walk_fail_schema(error);
    }
    csq__walk walk;
    csq_status status =
        csq__walk_init(&walk, policies, NULL, 0, 0, NULL, 0, &policies->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    size_t end;
    if (walk_can_resume(&walk)) {
        status = csq__walk_to_last_group(&walk, ticket, &end, error);
        if (status == CSQ_OK) {
            status = csq__walk_keep(&walk, ticket, end, error);
        }
    }
    csq__walk_release(&walk);
    return status;
}
