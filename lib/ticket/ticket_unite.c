/*
 * ticket_unite — the events of two logs of one ticket as one log, or the reason why there is none.
 *
 * The same event in both is one event. What contradicts is refused as csq_ticket_apply would refuse
 * it, whichever of the two logs came first.
 *
 * Uses: base, condition.
 */
#include "ticket/ticket_internal.h"

static csq_status unite_fail(csq_status code, const csq__event *event, const char *text,
                             uint64_t *at_fault, csq_error *error)
{
    if (at_fault != NULL) {
        *at_fault = event->sequence;
    }
    csq__fail(error, code, CSQ__TEXT("the event with sequence "),
              CSQ__NUMBER((int64_t)event->sequence), CSQ__TEXT(" at "), CSQ__NUMBER(event->at),
              CSQ__VIEW(csq_str_of(text)));
    csq__error_field(error, code == CSQ_ECONFLICT && event->kind != CSQ_EVENT_CREATED
                                ? offsetof(csq_ticket_event, sequence)
                                : offsetof(csq_ticket_event, at));
    return code;
}

/* Writes both in their order, without those that are in both; returns how many that are. */
static size_t unite_logs(const csq__event *a, size_t n_a, const csq__event *b, size_t n_b,
                         csq__event *out)
{
    size_t i = 0;
    size_t k = 0;
    size_t n = 0;
    while (i < n_a || k < n_b) {
        const bool is_same = i < n_a && k < n_b && csq__event_is_same(&a[i], &b[k]);
        const bool takes_a = i < n_a && (k == n_b || csq__event_compare(&a[i], &b[k]) <= 0);
        out[n++] = takes_a ? a[i] : b[k];
        i += takes_a;
        k += !takes_a || is_same;
    }
    return n;
}

static csq_status unite_check_life(const csq__event *events, size_t n, uint64_t *at_fault,
                                   csq_error *error)
{
    for (size_t i = 0; i < n; i++) {
        const csq__event *event = &events[i];
        if (event->kind == CSQ_EVENT_CREATED && i > 0) {
            return events[0].kind == CSQ_EVENT_CREATED
                       ? unite_fail(CSQ_ECONFLICT, event, " creates the ticket a second time",
                                    at_fault, error)
                       : unite_fail(CSQ_EORDER, &events[0], " lies before the creation", at_fault,
                                    error);
        }
        if (event->kind == CSQ_EVENT_MERGE && i + 1 < n) {
            return unite_fail(CSQ_EMERGED, &events[i + 1], " lies after the merge of the ticket",
                              at_fault, error);
        }
    }
    return CSQ_OK;
}

static int unite_compare_numbers(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static const csq__event *unite_find(const csq__event *events, size_t n, uint64_t sequence)
{
    size_t i = 0;
    while (i < n && events[i].sequence != sequence) {
        i++;
    }
    return &events[i];
}

csq_status csq__events_check_sequences(const csq__event *events, size_t n,
                                       const csq_allocator *allocator, const csq__event **repeated,
                                       csq_error *error)
{
    size_t ascending = 1;
    *repeated = NULL;
    while (ascending < n && events[ascending].sequence > events[ascending - 1].sequence) {
        ascending++;
    }
    if (ascending >= n) {
        return CSQ_OK;
    }
    uint64_t *sequences = csq__allocate_array(allocator, n, sizeof *sequences);
    if (sequences == NULL) {
        return csq__fail_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        sequences[i] = events[i].sequence;
    }
    csq__sort(sequences, n, sizeof *sequences, unite_compare_numbers, NULL);
    for (size_t i = 1; i < n && *repeated == NULL; i++) {
        if (sequences[i] == sequences[i - 1]) {
            *repeated = unite_find(events, n, sequences[i]);
        }
    }
    csq__release(allocator, sequences, n * sizeof *sequences);
    return CSQ_OK;
}

static csq_status unite_check(const csq_ticket *ticket, const csq__event *events, size_t n,
                              uint64_t *at_fault, csq_error *error)
{
    if (n > CSQ_TICKET_EVENT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("together there are "),
                         CSQ__NUMBER((int64_t)n), CSQ__TEXT(" events, a ticket may have "),
                         CSQ__NUMBER(CSQ_TICKET_EVENT_LIMIT));
    }
    const csq__event *repeated;
    const csq_status status =
        csq__events_check_sequences(events, n, &ticket->allocator, &repeated, error);
    if (status != CSQ_OK) {
        return status;
    }
    return repeated != NULL
               ? unite_fail(CSQ_ECONFLICT, repeated,
                            " has another of that sequence with other content", at_fault, error)
               : unite_check_life(events, n, at_fault, error);
}

csq_status csq__ticket_unite(const csq_ticket *ticket, const csq__event *others, size_t n,
                             csq__event **out, size_t *n_out, uint64_t *at_fault, csq_error *error)
{
    const size_t most = ticket->n + n;
    *out = NULL;
    *n_out = 0;
    if (most == 0) {
        return CSQ_OK;
    }
    csq__event *events = csq__allocate_array(&ticket->allocator, most, sizeof *events);
    if (events == NULL) {
        return csq__fail_memory(error);
    }
    const size_t found = unite_logs(ticket->events, ticket->n, others, n, events);
    csq_status status = unite_check(ticket, events, found, at_fault, error);
    csq__event *fitting = events;
    if (status == CSQ_OK && found < most) {
        fitting = csq__reallocate(&ticket->allocator, events, most * sizeof *events,
                                  found * sizeof *events);
        status = fitting == NULL ? csq__fail_memory(error) : CSQ_OK;
    }
    if (status != CSQ_OK) {
        csq__release(&ticket->allocator, events, most * sizeof *events);
        return status;
    }
    *out = fitting;
    *n_out = found;
    return CSQ_OK;
}
