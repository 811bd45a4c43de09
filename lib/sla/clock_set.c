/*
 * clock_set — the tickets of a set by id: their slots, their life, reading them.
 *
 * Slots are dense and lie in chunks that never move, so that a set of a million tickets grows
 * without copying them; taking one out moves the last into its place. Ids are hashed with a seed,
 * because strangers may choose them.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

/* ---- slots --------------------------------------------------------------------------------- */

static uint64_t set_hash(const csq_clock_set *set, uint64_t ticket)
{
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(ticket >> (8 * i));
    }
    return csq__hash(bytes, sizeof bytes, set->seed, 0);
}

typedef struct set_key {
    const csq_clock_set *set;
    uint64_t ticket;
} set_key;

static bool set_match(const void *user, uint32_t value)
{
    const set_key *key = user;
    return csq__set_slot(key->set, value - 1)->ticket.id == key->ticket;
}

uint32_t csq__set_find(const csq_clock_set *set, uint64_t ticket)
{
    const set_key key = {set, ticket};
    return csq__table_find(&set->by_id, set_hash(set, ticket), set_match, &key) - 1;
}

/* A chunk for the next slot, if it needs one; room in the heap. */
static bool set_reserve(csq_clock_set *set)
{
    const csq_allocator *memory = &set->allocator;
    if (!csq__array_reserve(&set->heap, memory, set->n + 1 - set->heap.n,
                            sizeof(csq__heap_entry))) {
        return false;
    }
    if (set->n < set->chunks.n * CSQ__SLOTS) {
        return true;
    }
    if (!csq__array_reserve(&set->chunks, memory, 1, sizeof(csq__kept_ticket *))) {
        return false;
    }
    csq__kept_ticket *chunk = csq__allocate_array(memory, CSQ__SLOTS, sizeof *chunk);
    if (chunk == NULL) {
        return false;
    }
    ((csq__kept_ticket **)set->chunks.data)[set->chunks.n++] = chunk;
    return true;
}

csq_status csq__set_add(csq_clock_set *set, uint64_t ticket, uint32_t *index, csq_error *error)
{
    if (set->n >= CSQ_CLOCK_SET_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("a set holds at most "),
                         CSQ__NUMBER(CSQ_CLOCK_SET_LIMIT), CSQ__TEXT(" tickets"));
    }
    if (!set_reserve(set) ||
        !csq__table_add(&set->by_id, &set->allocator, set_hash(set, ticket), set->n + 1)) {
        return csq__fail_memory(error);
    }
    csq__kept_ticket *slot = csq__set_slot(set, set->n);
    *slot = (csq__kept_ticket){.place = CSQ__NO_PLACE};
    csq__ticket_init(&slot->ticket, set->policies->schema, ticket, &set->allocator);
    *index = set->n++;
    return CSQ_OK;
}

void csq__set_drop(csq_clock_set *set, uint32_t index)
{
    csq__kept_ticket *slot = csq__set_slot(set, index);
    const uint32_t last = set->n - 1;
    csq__heap_set(set, index, CSQ_MS_NONE);
    csq__table_remove(&set->by_id, set_hash(set, slot->ticket.id), index + 1);
    csq__ticket_release(&slot->ticket);
    csq__points_release(&set->allocator, &slot->told);
    if (index != last) {
        *slot = *csq__set_slot(set, last);
        csq__table_replace(&set->by_id, set_hash(set, slot->ticket.id), last + 1, index + 1);
        if (slot->place != CSQ__NO_PLACE) {
            ((csq__heap_entry *)set->heap.data)[slot->place].slot = index;
        }
    }
    set->n--;
}

bool csq__points_copy(const csq_allocator *allocator, const csq__point *list, size_t n,
                       csq__points *out)
{
    *out = (csq__points){NULL, 0};
    if (n == 0) {
        return true;
    }
    csq__point *copy = csq__allocate_array(allocator, n, sizeof *copy);
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, list, n * sizeof *copy);
    *out = (csq__points){copy, (uint32_t)n};
    return true;
}

void csq__points_release(const csq_allocator *allocator, csq__points *firings)
{
    csq__release(allocator, firings->list, firings->n * sizeof *firings->list);
    *firings = (csq__points){NULL, 0};
}

/* ---- life ---------------------------------------------------------------------------------- */

static csq_status set_fill(csq_clock_set *set, csq_error *error)
{
    const size_t n_clocks = set->policies->clocks.n;
    set->before = csq__allocate_array(&set->allocator, n_clocks, sizeof *set->before);
    if (set->before == NULL) {
        return csq__fail_memory(error);
    }
    csq_status status =
        csq__walk_init(&set->walk, set->policies, NULL, 0, 0, NULL, 0, &set->allocator, error);
    if (status == CSQ_OK) {
        status = csq__walk_init(&set->ladder_walk, set->policies, NULL, 0, 0, NULL, 0,
                                &set->allocator, error);
    }
    return status;
}

csq_status csq_clock_set_new(csq_policies *policies, const csq_clock_set_options *options,
                             const csq_allocator *allocator, csq_clock_set **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (policies == NULL) {
        return csq__fail_null(error, "policies");
    }
    csq_clock_set_options known;
    csq_status status = csq__struct_read(options, CSQ__FIRST_SIZE(csq_clock_set_options, seed),
                                         &known, sizeof known, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (known.reserved != 0) {
        return csq__fail_value(error, "reserved", known.reserved);
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_clock_set *set = csq__allocate_zeroed(&memory, sizeof *set);
    if (set == NULL) {
        return csq__fail_memory(error);
    }
    set->allocator = memory;
    set->policies = csq_policies_retain(policies);
    set->seed = known.seed;
    set->taken = CSQ_MS_NONE;
    status = set_fill(set, error);
    if (status != CSQ_OK) {
        csq_clock_set_free(set);
        return status;
    }
    *out = set;
    return CSQ_OK;
}

void csq_clock_set_reset(csq_clock_set *set)
{
    if (set == NULL) {
        return;
    }
    const csq_allocator *memory = &set->allocator;
    for (uint32_t i = 0; i < set->n; i++) {
        csq__kept_ticket *slot = csq__set_slot(set, i);
        csq__ticket_release(&slot->ticket);
        csq__points_release(memory, &slot->told);
    }
    csq__kept_ticket **chunks = set->chunks.data;
    for (size_t i = 0; i < set->chunks.n; i++) {
        csq__release(memory, chunks[i], CSQ__SLOTS * sizeof *chunks[i]);
    }
    csq__array_release(&set->chunks, memory, sizeof *chunks);
    csq__array_release(&set->heap, memory, sizeof(csq__heap_entry));
    csq__array_release(&set->notices, memory, sizeof(csq_notice));
    csq__table_release(&set->by_id, memory);
    set->n = 0;
    set->taken = CSQ_MS_NONE;
}

void csq_clock_set_free(csq_clock_set *set)
{
    if (set == NULL) {
        return;
    }
    const csq_allocator memory = set->allocator;
    csq_clock_set_reset(set);
    csq__release(&memory, set->before, set->policies->clocks.n * sizeof *set->before);
    csq__array_release(&set->fired, &memory, sizeof(csq__point));
    csq__recorder_release(&set->recorder, &memory);
    csq__recorder_release(&set->ladder_recorder, &memory);
    csq__walk *const walks[] = {&set->walk, &set->ladder_walk};
    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++) {
        if (walks[i]->policies != NULL) {
            csq__walk_release(walks[i]);
        }
    }
    csq_policies_free(set->policies);
    csq__release(&memory, set, sizeof *set);
}

static csq_status set_copy_slot(csq_clock_set *copy, const csq_clock_set *set, uint32_t index,
                                csq_error *error)
{
    const csq__kept_ticket *from = csq__set_slot(set, index);
    uint32_t fresh;
    const csq_status status = csq__set_add(copy, from->ticket.id, &fresh, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__kept_ticket *to = csq__set_slot(copy, fresh);
    csq_ticket ticket;
    if (!csq__points_copy(&copy->allocator, from->told.list, from->told.n, &to->told) ||
        !csq__ticket_clone(&from->ticket, &ticket)) {
        return csq__fail_memory(error);
    }
    to->ticket = ticket;
    csq__heap_set(copy, fresh, csq__heap_key(set, index));
    return CSQ_OK;
}

csq_status csq_clock_set_copy(const csq_clock_set *set, csq_clock_set **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (set == NULL) {
        return csq__fail_null(error, "set");
    }
    const csq_clock_set_options options = {.size = sizeof options, .seed = set->seed};
    csq_clock_set *copy;
    csq_status status = csq_clock_set_new(set->policies, &options, &set->allocator, &copy, error);
    for (uint32_t i = 0; i < set->n && status == CSQ_OK; i++) {
        status = set_copy_slot(copy, set, i, error);
    }
    if (status != CSQ_OK) {
        csq_clock_set_free(copy);
        return status;
    }
    copy->taken = set->taken;
    *out = copy;
    return CSQ_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

uint64_t csq_clock_set_count(const csq_clock_set *set)
{
    return set == NULL ? 0 : set->n;
}

const csq_ticket *csq_clock_set_ticket(const csq_clock_set *set, uint64_t ticket)
{
    const uint32_t index = set == NULL ? CSQ__NO_PLACE : csq__set_find(set, ticket);
    return index == CSQ__NO_PLACE ? NULL : &csq__set_slot(set, index)->ticket;
}

const csq_ticket *csq_clock_set_ticket_at(const csq_clock_set *set, uint64_t index)
{
    return index >= csq_clock_set_count(set) ? NULL : &csq__set_slot(set, (uint32_t)index)->ticket;
}

csq_ms csq_clock_set_taken(const csq_clock_set *set)
{
    return set == NULL ? CSQ_MS_NONE : set->taken;
}

uint64_t csq_clock_set_memory(const csq_clock_set *set)
{
    if (set == NULL) {
        return 0;
    }
    uint64_t sum = sizeof *set + set->chunks.n * CSQ__SLOTS * sizeof(csq__kept_ticket) +
                   set->chunks.capacity * sizeof(csq__kept_ticket *) +
                   set->heap.capacity * sizeof(csq__heap_entry) +
                   set->notices.capacity * sizeof(csq_notice) +
                   set->by_id.capacity * (sizeof(uint64_t) + sizeof(uint32_t)) +
                   set->fired.capacity * sizeof(csq__point) +
                   set->recorder.stretches.capacity * sizeof(csq__stretch) +
                   set->recorder.promises.capacity * sizeof(csq__promise) +
                   set->ladder_recorder.stretches.capacity * sizeof(csq__stretch) +
                   set->ladder_recorder.promises.capacity * sizeof(csq__promise) +
                   set->ladder_recorder.ladder.firings.capacity * sizeof(csq__firing) +
                   set->ladder_recorder.past.capacity * sizeof(csq__past) +
                   set->policies->clocks.n * sizeof *set->before;
    for (uint32_t i = 0; i < set->n; i++) {
        const csq__kept_ticket *slot = csq__set_slot(set, i);
        sum += slot->ticket.block_size + slot->told.n * sizeof *slot->told.list;
    }
    return sum;
}

static csq_status set_fail_unknown(uint64_t ticket, csq_error *error)
{
    return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("the set has no ticket "),
                     CSQ__NUMBER((int64_t)ticket));
}

csq_status csq_clock_set_remove(csq_clock_set *set, uint64_t ticket, csq_error *error)
{
    if (set == NULL) {
        return csq__fail_null(error, "set");
    }
    const uint32_t index = csq__set_find(set, ticket);
    if (index == CSQ__NO_PLACE) {
        return set_fail_unknown(ticket, error);
    }
    csq__set_drop(set, index);
    return CSQ_OK;
}

csq_status csq_clock_set_answer(csq_clock_set *set, uint64_t ticket, uint32_t clock, csq_ms now,
                                csq_answer *out, csq_error *error)
{
    if (set == NULL || out == NULL) {
        return csq__fail_null(error, set == NULL ? "set" : "out");
    }
    const uint32_t index = csq__set_find(set, ticket);
    if (index == CSQ__NO_PLACE) {
        return set_fail_unknown(ticket, error);
    }
    return csq__answer(&set->walk, &set->recorder, &csq__set_slot(set, index)->ticket, clock, now,
                       out, error);
}

csq_status csq_clock_set_next(const csq_clock_set *set, csq_ms *at, uint64_t *ticket,
                              csq_error *error)
{
    if (set == NULL || at == NULL || ticket == NULL) {
        return csq__fail_null(error, set == NULL ? "set" : at == NULL ? "at" : "ticket");
    }
    const csq__heap_entry *top = csq__heap_top(set);
    if (top == NULL) {
        return csq__fail(error, CSQ_ENODATA, CSQ__TEXT("nothing happens if no event comes"));
    }
    *at = top->key;
    *ticket = csq__set_slot(set, top->slot)->ticket.id;
    return CSQ_OK;
}
