/*
 * ticket — the log of one ticket: events in their order and an engine's checkpoints beside them.
 *
 * The handle is a header of at most 96 bytes; behind it lies one block, events from its start and
 * checkpoints at its end, with the room to grow between them. Appending is O(1) amortised, an event
 * that arrives late moves those behind it. A repeated sequence is found at once when sequences
 * ascend along the log, as they mostly do, and by looking at each event otherwise.
 *
 * The log is the truth; checkpoints are a cache that a replay must reproduce exactly.
 *
 * Uses: base, condition.
 */
#include "ticket/ticket_internal.h"

_Static_assert(sizeof(csq_ticket) <= 96, "the header that tickets.md promises");

enum { TICKET_CHECKPOINT_LIMIT = 1 << 30 };

/* ---- the block ----------------------------------------------------------------------------- */

/* What checkpoints of `size` bytes take, so that they begin aligned. */
static size_t checkpoint_room(size_t size)
{
    return (size + 7) & ~(size_t)7;
}

static char *checkpoint_place(const csq_ticket *ticket)
{
    return (char *)ticket->events + ticket->block_size - checkpoint_room(ticket->checkpoint_size);
}

/* Gives the block `size` bytes, at least what it holds now. */
static bool ticket_resize(csq_ticket *ticket, size_t size)
{
    const size_t kept = checkpoint_room(ticket->checkpoint_size);
    const size_t old_size = ticket->block_size;
    char *block = csq__reallocate(&ticket->allocator, ticket->events, old_size, size);
    if (block == NULL) {
        return false;
    }
    if (kept > 0) {
        memmove(block + size - kept, block + old_size - kept, kept);
    }
    ticket->events = (csq__event *)(void *)block;
    ticket->block_size = size;
    return true;
}

bool csq__ticket_reserve(csq_ticket *ticket, size_t checkpoint_size)
{
    const size_t n = ticket->n;
    const size_t kept = ticket->checkpoint_size;
    const size_t room = checkpoint_room(checkpoint_size > kept ? checkpoint_size : kept);
    if ((n + 1) * sizeof(csq__event) + room <= ticket->block_size) {
        return true;
    }
    const size_t capacity = n < 4 ? 4 : n + n / 2;
    return ticket_resize(ticket, capacity * sizeof(csq__event) + room);
}

/* ---- the log ------------------------------------------------------------------------------- */

static int ticket_compare_events(const void *a, const void *b, const void *user)
{
    (void)user;
    return csq__event_compare(a, b);
}

static int ticket_compare_sequences(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint64_t x = ((const csq__event *)a)->sequence;
    const uint64_t y = ((const csq__event *)b)->sequence;
    return (x > y) - (x < y);
}

/* The event with the same sequence, or NULL. */
static const csq__event *ticket_find_sequence(const csq_ticket *ticket, const csq__event *event)
{
    const csq__event *events = ticket->events;
    const size_t n = ticket->n;
    if (n == 0 || event->sequence > ticket->max_sequence) {
        return NULL;
    }
    size_t i = 0;
    if (ticket->is_ascending != 0) {
        i = csq__lower_bound(events, n, sizeof *events, event, ticket_compare_sequences, NULL);
    } else {
        while (i < n && events[i].sequence != event->sequence) {
            i++;
        }
    }
    return i < n && events[i].sequence == event->sequence ? &events[i] : NULL;
}

/* Where the event belongs. */
static size_t ticket_place(const csq_ticket *ticket, const csq__event *event)
{
    const size_t n = ticket->n;
    if (n == 0 || csq__event_compare(&ticket->events[n - 1], event) < 0) {
        return n;
    }
    return csq__lower_bound(ticket->events, n, sizeof *event, event, ticket_compare_events, NULL);
}

static csq_status ticket_fail_sequence(const csq_ticket *ticket, const csq__event *known,
                                       csq_error *error)
{
    csq__fail(error, CSQ_ECONFLICT, CSQ__TEXT("sequence "),
              CSQ__NUMBER((int64_t)known->sequence),
              CSQ__TEXT(" came before with other content, as an event \""),
              CSQ__VIEW(csq_str_of(csq__event_kind_name(known->kind))), CSQ__TEXT("\" at "),
              CSQ__NUMBER(known->at));
    csq__error_field(error, offsetof(csq_ticket_event, sequence));
    csq__error_index(error, known - ticket->events);
    return CSQ_ECONFLICT;
}

static csq_status ticket_fail_order(csq_status status, csq_ms at, const char *text, csq_ms other,
                                    csq_error *error)
{
    csq__fail(error, status, CSQ__TEXT("the event at "), CSQ__NUMBER(at),
              CSQ__VIEW(csq_str_of(text)), CSQ__NUMBER(other));
    csq__error_field(error, offsetof(csq_ticket_event, at));
    return status;
}

/* Nothing before the creation, nothing after the merge, one creation. */
static csq_status ticket_check_place(const csq_ticket *ticket, const csq__event *event,
                                     size_t place, csq_error *error)
{
    const size_t n = ticket->n;
    if (n == 0) {
        return CSQ_OK;
    }
    const csq__event *first = &ticket->events[0];
    const csq__event *last = &ticket->events[n - 1];
    const bool is_created = first->kind == CSQ_EVENT_CREATED;
    if (event->kind == CSQ_EVENT_CREATED && is_created) {
        csq__fail(error, CSQ_ECONFLICT, CSQ__TEXT("the ticket was created at "),
                  CSQ__NUMBER(first->at), CSQ__TEXT(" already"));
        csq__error_field(error, offsetof(csq_ticket_event, kind));
        csq__error_index(error, 0);
        return CSQ_ECONFLICT;
    }
    if (is_created && place == 0) {
        return ticket_fail_order(CSQ_EORDER, event->at,
                                 " lies before the creation of the ticket at ", first->at, error);
    }
    if (event->kind == CSQ_EVENT_CREATED && place > 0) {
        return ticket_fail_order(CSQ_EORDER, event->at,
                                 " creates a ticket that has an event before, at ", first->at,
                                 error);
    }
    if (last->kind == CSQ_EVENT_MERGE && place == n) {
        return ticket_fail_order(CSQ_EMERGED, event->at,
                                 " lies after the merge of the ticket at ", last->at, error);
    }
    if (event->kind == CSQ_EVENT_MERGE && place < n) {
        return ticket_fail_order(CSQ_EMERGED, event->at,
                                 " merges a ticket that has an event after, at ", last->at, error);
    }
    return CSQ_OK;
}

static void ticket_insert(csq_ticket *ticket, const csq__event *event, size_t place)
{
    const size_t n = ticket->n;
    csq__event *slot = ticket->events + place;
    const csq__event *before = place > 0 ? slot - 1 : NULL;
    const bool follows = before == NULL || before->sequence < event->sequence;
    const bool precedes = place == n || event->sequence < slot->sequence;
    ticket->is_ascending = (n == 0 || ticket->is_ascending != 0) && follows && precedes;
    if (n == 0 || event->sequence > ticket->max_sequence) {
        ticket->max_sequence = event->sequence;
    }
    const size_t n_seen = ticket->n_seen;
    if (place < n_seen || (place == n_seen && csq__event_joins(event, before))) {
        ticket->checkpoint_size = 0;
    }
    if (place < n) {
        memmove(slot + 1, slot, (n - place) * sizeof *slot);
    }
    *slot = *event;
    ticket->n++;
}

csq_status csq__ticket_put(csq_ticket *ticket, const csq_ticket_event *event, size_t *place,
                           csq_error *error)
{
    csq__event fresh;
    csq_status status = csq__event_read(ticket->schema, event, &fresh, error);
    if (status == CSQ_OK) {
        status = csq__event_check_other(&fresh, ticket->id, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq__event *known = ticket_find_sequence(ticket, &fresh);
    if (known != NULL) {
        *place = ticket->n;
        return csq__event_is_same(known, &fresh) ? CSQ_OK
                                                 : ticket_fail_sequence(ticket, known, error);
    }
    const size_t found = ticket_place(ticket, &fresh);
    status = ticket_check_place(ticket, &fresh, found, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (ticket->n >= CSQ_TICKET_EVENT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the ticket has "), CSQ__NUMBER(ticket->n),
                         CSQ__TEXT(" events, the most that it may have"));
    }
    if (!csq__ticket_reserve(ticket, 0)) {
        return csq__fail_memory(error);
    }
    ticket_insert(ticket, &fresh, found);
    *place = found;
    return CSQ_OK;
}

csq_status csq_ticket_apply(csq_ticket *ticket, const csq_ticket_event *event, csq_error *error)
{
    size_t place;
    return ticket == NULL ? csq__fail_null(error, "ticket")
                          : csq__ticket_put(ticket, event, &place, error);
}

void csq__ticket_take_out(csq_ticket *ticket, size_t place, const csq_ticket *before)
{
    csq__event *slot = ticket->events + place;
    memmove(slot, slot + 1, (ticket->n - place - 1) * sizeof *slot);
    ticket->n = before->n;
    ticket->max_sequence = before->max_sequence;
    ticket->is_ascending = before->is_ascending;
    ticket->checkpoint_size = 0;
}

/* ---- life ---------------------------------------------------------------------------------- */

void csq__ticket_init(csq_ticket *ticket, csq_schema *schema, uint64_t id,
                      const csq_allocator *allocator)
{
    *ticket = (csq_ticket){.allocator = *allocator, .schema = schema, .id = id};
}

void csq__ticket_release(csq_ticket *ticket)
{
    csq__release(&ticket->allocator, ticket->events, ticket->block_size);
    ticket->events = NULL;
}

/* NULL without memory. */
static csq_ticket *ticket_make(csq_schema *schema, uint64_t id, const csq_allocator *memory)
{
    csq_ticket *ticket = csq__allocate(memory, sizeof *ticket);
    if (ticket != NULL) {
        csq__ticket_init(ticket, csq_schema_retain(schema), id, memory);
    }
    return ticket;
}

csq_status csq_ticket_new(csq_schema *schema, uint64_t id, const csq_allocator *allocator,
                          csq_ticket **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    const csq_status status = csq__ticket_schema_check(schema, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    *out = ticket_make(schema, id, &memory);
    return *out == NULL ? csq__fail_memory(error) : CSQ_OK;
}

void csq__ticket_adopt(csq_ticket *ticket, csq__event *events, size_t n)
{
    ticket->events = events;
    ticket->block_size = n * sizeof *events;
    ticket->n = (uint32_t)n;
    ticket->checkpoint_size = 0;
    ticket->is_ascending = 1;
    ticket->max_sequence = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && events[i].sequence < events[i - 1].sequence) {
            ticket->is_ascending = 0;
        }
        if (events[i].sequence > ticket->max_sequence) {
            ticket->max_sequence = events[i].sequence;
        }
    }
}

void csq_ticket_free(csq_ticket *ticket)
{
    if (ticket == NULL) {
        return;
    }
    const csq_allocator memory = ticket->allocator;
    csq__ticket_release(ticket);
    csq_schema_free(ticket->schema);
    csq__release(&memory, ticket, sizeof *ticket);
}

bool csq__ticket_clone(const csq_ticket *ticket, csq_ticket *out)
{
    const size_t events_size = ticket->n * sizeof *ticket->events;
    const size_t kept = checkpoint_room(ticket->checkpoint_size);
    const size_t size = events_size + kept;
    *out = *ticket;
    out->events = NULL;
    out->block_size = 0;
    if (size == 0) {
        return true;
    }
    out->events = csq__allocate(&ticket->allocator, size);
    if (out->events == NULL) {
        return false;
    }
    out->block_size = size;
    if (events_size > 0) {
        memcpy(out->events, ticket->events, events_size);
    }
    if (kept > 0) {
        memcpy(checkpoint_place(out), checkpoint_place(ticket), kept);
    }
    return true;
}

csq_status csq_ticket_copy(const csq_ticket *ticket, csq_ticket **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (ticket == NULL) {
        return csq__fail_null(error, "ticket");
    }
    csq_ticket *copy = csq__allocate(&ticket->allocator, sizeof *copy);
    if (copy == NULL || !csq__ticket_clone(ticket, copy)) {
        csq__release(&ticket->allocator, copy, sizeof *copy);
        return csq__fail_memory(error);
    }
    (void)csq_schema_retain(copy->schema);
    *out = copy;
    return CSQ_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

uint64_t csq_ticket_id(const csq_ticket *ticket)
{
    return ticket == NULL ? 0 : ticket->id;
}

uint64_t csq_ticket_count(const csq_ticket *ticket)
{
    return ticket == NULL ? 0 : ticket->n;
}

uint64_t csq_ticket_memory(const csq_ticket *ticket)
{
    return ticket == NULL ? 0 : sizeof *ticket + ticket->block_size;
}

csq_status csq_ticket_event_at(const csq_ticket *ticket, uint64_t index, csq_ticket_event *out,
                               csq_error *error)
{
    if (ticket == NULL) {
        return csq__fail_null(error, "ticket");
    }
    if (index >= ticket->n) {
        csq__fail(error, CSQ_ERANGE, CSQ__TEXT("the ticket has "), CSQ__NUMBER(ticket->n),
                  CSQ__TEXT(" events, none with this index"));
        csq__error_index(error, index > INT64_MAX ? INT64_MAX : (int64_t)index);
        return CSQ_ERANGE;
    }
    return csq__event_write(&ticket->events[index], out, error);
}

const csq__event *csq__ticket_events(const csq_ticket *ticket, size_t *n)
{
    *n = ticket->n;
    return ticket->events;
}

csq_schema *csq__ticket_schema(const csq_ticket *ticket)
{
    return ticket->schema;
}

csq_allocator csq__ticket_allocator(const csq_ticket *ticket)
{
    return ticket->allocator;
}

/* ---- checkpoints --------------------------------------------------------------------------- */

const void *csq__ticket_checkpoint(const csq_ticket *ticket, uint64_t fingerprint, size_t size,
                                   size_t *n_events_seen)
{
    if (ticket->checkpoint_size == 0 || ticket->checkpoint_size != size ||
        ticket->fingerprint != fingerprint) {
        return NULL;
    }
    *n_events_seen = ticket->n_seen;
    return checkpoint_place(ticket);
}

csq_status csq__ticket_place_checkpoint(csq_ticket *ticket, uint64_t fingerprint, size_t size,
                                        size_t n_events_seen, void **out, csq_error *error)
{
    if (n_events_seen > ticket->n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("checkpoints for "),
                         CSQ__NUMBER((int64_t)n_events_seen), CSQ__TEXT(" events of "),
                         CSQ__NUMBER(ticket->n));
    }
    if (size > TICKET_CHECKPOINT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("checkpoints take more than "),
                         CSQ__NUMBER(TICKET_CHECKPOINT_LIMIT), CSQ__TEXT(" bytes"));
    }
    const size_t need = ticket->n * sizeof *ticket->events + checkpoint_room(size);
    if (need > ticket->block_size && !ticket_resize(ticket, need)) {
        return csq__fail_memory(error);
    }
    ticket->checkpoint_size = (uint32_t)size;
    ticket->fingerprint = fingerprint;
    ticket->n_seen = (uint32_t)n_events_seen;
    *out = checkpoint_place(ticket);
    return CSQ_OK;
}

csq_status csq__ticket_set_checkpoint(csq_ticket *ticket, uint64_t fingerprint, const void *data,
                                      size_t size, size_t n_events_seen, csq_error *error)
{
    void *place = NULL;
    const csq_status status = csq__ticket_place_checkpoint(ticket, fingerprint, size,
                                                           n_events_seen, &place, error);
    if (status == CSQ_OK && size > 0) {
        memcpy(place, data, size);
    }
    return status;
}
