/*
 * clock_set_stage — tickets as they will be, put into a set all at once or not at all; merging.
 *
 * Logs are united and keys found before anything changes; slots for new tickets are made last and
 * taken back if memory ends. What follows only moves blocks.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

static void staged_release(const csq_clock_set *set, csq__staged *staged)
{
    csq__ticket_release(&staged->ticket);
    csq__points_release(&set->allocator, &staged->told);
}

void csq__stage_release(csq__stage *stage)
{
    csq__staged *staged = stage->staged.data;
    for (size_t i = 0; i < stage->staged.n; i++) {
        staged_release(stage->set, &staged[i]);
    }
    csq__array_release(&stage->staged, &stage->set->allocator, sizeof *staged);
}

/* What either told, in order; of two instants the earlier. */
static csq_status stage_unite_told(const csq_allocator *allocator, const csq__points *a,
                                   const csq__points *b, csq__points *out, csq_error *error)
{
    const size_t most = (size_t)a->n + b->n;
    *out = (csq__points){NULL, 0};
    if (most == 0) {
        return CSQ_OK;
    }
    csq__point *list = csq__allocate_array(allocator, most, sizeof *list);
    if (list == NULL) {
        return csq__fail_memory(error);
    }
    uint32_t n = 0;
    for (uint32_t i = 0, k = 0; i < a->n || k < b->n; n++) {
        const int order = i == a->n   ? 1
                          : k == b->n ? -1
                                      : csq__point_compare(&a->list[i], &b->list[k]);
        list[n] = order <= 0 ? a->list[i] : b->list[k];
        if (order == 0 && b->list[k].at < list[n].at) {
            list[n].at = b->list[k].at;
        }
        i += order <= 0;
        k += order >= 0;
    }
    const bool fits = csq__points_copy(allocator, list, n, out);
    csq__release(allocator, list, most * sizeof *list);
    return fits ? CSQ_OK : csq__fail_memory(error);
}

/* Puts the id in front of what is wrong with a log. */
static csq_status stage_fail(csq_status status, uint64_t ticket, csq_error *error)
{
    if (status != CSQ_ENOMEM && error != NULL) {
        const csq_error why = *error;
        csq__fail(error, status, CSQ__TEXT("ticket "), CSQ__NUMBER((int64_t)ticket),
                  CSQ__TEXT(": "), CSQ__VIEW(csq_str_of(why.message)));
    }
    return status;
}

static csq_status stage_fill(csq__stage *stage, csq__staged *staged, const csq_ticket *ticket,
                             const csq__points *told, uint64_t *at_fault, csq_error *error)
{
    csq_clock_set *set = stage->set;
    const csq_allocator *memory = &set->allocator;
    const csq__kept_ticket *slot =
        staged->slot == CSQ__NO_PLACE ? NULL : csq__set_slot(set, staged->slot);
    const csq__points none = {NULL, 0};
    csq__event *events;
    size_t n;
    csq_ticket empty;
    csq__ticket_init(&empty, ticket->schema, ticket->id, memory);
    csq_status status = csq__ticket_unite(slot == NULL ? &empty : &slot->ticket, ticket->events,
                                          ticket->n, &events, &n, at_fault, error);
    if (status != CSQ_OK) {
        return stage_fail(status, ticket->id, error);
    }
    csq__ticket_init(&staged->ticket, set->policies->schema, ticket->id, memory);
    csq__ticket_adopt(&staged->ticket, events, n);
    status =
        stage_unite_told(memory, slot == NULL ? &none : &slot->told, told, &staged->told, error);
    if (status != CSQ_OK) {
        csq__ticket_release(&staged->ticket);
    }
    return status;
}

csq_status csq__stage_add(csq__stage *stage, const csq_ticket *ticket, const csq__points *told,
                          uint64_t *at_fault, csq_error *error)
{
    csq_clock_set *set = stage->set;
    csq__staged staged = {.slot = csq__set_find(set, ticket->id), .key = CSQ_MS_NONE};
    csq_status status = stage_fill(stage, &staged, ticket, told, at_fault, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (csq__array_push(&stage->staged, &set->allocator, &staged, sizeof staged) == NULL) {
        staged_release(set, &staged);
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

/* ---- commit -------------------------------------------------------------------------------- */

static csq_status stage_find_keys(csq__stage *stage, csq_ms taken, csq_error *error)
{
    csq_clock_set *set = stage->set;
    csq__staged *staged = stage->staged.data;
    const csq_ms before = set->taken;
    csq_status status = CSQ_OK;
    set->taken = taken;
    for (size_t i = 0; i < stage->staged.n && status == CSQ_OK; i++) {
        status = csq__set_key(set, &staged[i].ticket, &staged[i].told, &staged[i].key, error);
    }
    set->taken = before;
    return status;
}

/* Makes slots for the tickets that are new, or none. */
static csq_status stage_make_slots(csq__stage *stage, csq_error *error)
{
    csq_clock_set *set = stage->set;
    csq__staged *staged = stage->staged.data;
    const uint32_t n = set->n;
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < stage->staged.n && status == CSQ_OK; i++) {
        if (staged[i].slot == CSQ__NO_PLACE) {
            status = csq__set_add(set, staged[i].ticket.id, &staged[i].slot, error);
        }
    }
    while (status != CSQ_OK && set->n > n) {
        csq__set_drop(set, set->n - 1);
    }
    return status;
}

csq_status csq__stage_commit(csq__stage *stage, csq_ms taken, csq_error *error)
{
    csq_clock_set *set = stage->set;
    csq__staged *staged = stage->staged.data;
    csq_status status = stage_find_keys(stage, taken, error);
    if (status == CSQ_OK) {
        status = stage_make_slots(stage, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    for (size_t i = 0; i < stage->staged.n; i++) {
        csq__kept_ticket *slot = csq__set_slot(set, staged[i].slot);
        const csq_ticket ticket = slot->ticket;
        const csq__points told = slot->told;
        slot->ticket = staged[i].ticket;
        slot->told = staged[i].told;
        staged[i].ticket = ticket;
        staged[i].told = told;
        csq__heap_set(set, staged[i].slot, staged[i].key);
    }
    set->taken = taken;
    return CSQ_OK;
}

/* ---- merging ------------------------------------------------------------------------------- */

csq_status csq_clock_set_merge(csq_clock_set *set, const csq_clock_set *other, csq_error *error)
{
    if (set == NULL || other == NULL) {
        return csq__fail_null(error, set == NULL ? "set" : "other");
    }
    if (set->policies->fingerprint != other->policies->fingerprint ||
        set->policies->schema != other->policies->schema) {
        return csq__fail(error, CSQ_EMISMATCH,
                         CSQ__TEXT("the sets are of other policies or another schema"));
    }
    csq__stage stage = {.set = set};
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < other->n && status == CSQ_OK; i++) {
        const csq__kept_ticket *slot = csq__set_slot(other, i);
        status = csq__stage_add(&stage, &slot->ticket, &slot->told, NULL, error);
    }
    const csq_ms taken =
        set->taken == CSQ_MS_NONE || other->taken > set->taken ? other->taken : set->taken;
    if (status == CSQ_OK) {
        status = csq__stage_commit(&stage, taken, error);
    }
    csq__stage_release(&stage);
    return status;
}
