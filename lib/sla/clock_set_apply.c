/*
 * clock_set_apply — one event into a set; a log in columns into a set.
 *
 * Memory comes first: a ticket and its slot, room for the event and the checkpoint. What fails
 * after the event is in its log takes it out again.
 *
 * Uses: base, column, calendar, condition, ticket.
 */
#include "sla/clock_set.h"
#include "ticket/event_rows.h"

/* ---- one event ----------------------------------------------------------------------------- */

static csq_status apply_to_slot(csq_clock_set *set, uint32_t index, const csq_ticket_event *event,
                                csq_error *error)
{
    csq__kept_ticket *slot = csq__set_slot(set, index);
    if (!csq__ticket_reserve(&slot->ticket, csq__walk_state_size(&set->walk))) {
        return csq__fail_memory(error);
    }
    const csq_ticket before = slot->ticket;
    size_t place;
    csq_status status = csq__ticket_put(&slot->ticket, event, &place, error);
    if (status != CSQ_OK || slot->ticket.n == before.n) {
        return status;
    }
    csq_ms key = csq__heap_key(set, index);
    status = csq__set_follow(set, slot, place, &key, error);
    if (status == CSQ_OK) {
        csq__heap_set(set, index, key);
    } else {
        csq__ticket_take_out(&slot->ticket, place, &before);
    }
    return status;
}

csq_status csq_clock_set_apply(csq_clock_set *set, uint64_t ticket, const csq_ticket_event *event,
                               csq_error *error)
{
    if (set == NULL || event == NULL) {
        return csq__fail_null(error, set == NULL ? "set" : "event");
    }
    uint32_t index = csq__set_find(set, ticket);
    const bool is_new = index == CSQ__NO_PLACE;
    csq_status status = CSQ_OK;
    if (is_new) {
        status = csq__set_add(set, ticket, &index, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    status = apply_to_slot(set, index, event, error);
    if (status != CSQ_OK && is_new) {
        csq__set_drop(set, index);
    }
    return status;
}

/* ---- a log in columns ---------------------------------------------------------------------- */

typedef struct set_log {
    csq_clock_set *set;
    csq__rows rows;
    uint64_t *order;   /* numbers of the rows by (ticket, instant, sequence) */
    csq__array events; /* csq__event, of one ticket */
    csq__stage stage;
    csq_progress progress;
    void *user;
} set_log;

/* Refuses the log for its first bad row. */
static csq_status log_check(set_log *log, csq_error *error)
{
    const csq_allocator *memory = &log->set->allocator;
    const size_t size = (size_t)(log->rows.n / 8 + 1);
    uint8_t *bad = csq__allocate(memory, size);
    if (bad == NULL) {
        return csq__fail_memory(error);
    }
    uint64_t n_bad = 0;
    csq_error found;
    csq_status status = csq_event_columns_check(log->set->policies->schema, &log->rows.columns, bad,
                                                &n_bad, &found);
    csq__release(memory, bad, size);
    if (status == CSQ_OK && n_bad > 0) {
        status = (csq_status)found.code;
    }
    if (status != CSQ_OK && error != NULL) {
        *error = found;
    }
    return status;
}

/* Says of an error which row it is about: that of the ticket with the sequence at fault. */
static void log_blame(const set_log *log, uint64_t first, uint64_t end, uint64_t sequence,
                      csq_error *error)
{
    for (uint64_t place = first; place < end; place++) {
        csq__log_row row;
        if (csq__row_load(&log->rows, log->order[place], &row) == CSQ__ROW_IS_GOOD &&
            row.event.sequence == sequence) {
            csq__error_index(error, (int64_t)log->order[place]);
            return;
        }
    }
    csq__error_index(error, (int64_t)log->order[first]);
}

static csq_status log_tell(const set_log *log, uint64_t done, csq_error *error)
{
    enum { LOG_PROGRESS_ROWS = 65536 };
    if (log->progress == NULL || done == 0 || done % LOG_PROGRESS_ROWS != 0 ||
        log->progress(log->user, done, log->rows.n) == 0) {
        return CSQ_OK;
    }
    return csq__fail(error, CSQ_ECANCELLED, CSQ__TEXT("cancelled after "),
                     CSQ__NUMBER((int64_t)done), CSQ__TEXT(" rows"));
}

/* Collects the events of the ticket whose rows begin at `*place`; a row that repeats the one before
 * it is left out. */
static csq_status log_collect(set_log *log, uint64_t *place, uint64_t *ticket, csq_error *error)
{
    csq_status status = CSQ_OK;
    log->events.n = 0;
    *ticket = csq__row_ticket(&log->rows, log->order[*place]);
    for (; *place < log->rows.n && status == CSQ_OK; (*place)++) {
        csq__log_row row;
        (void)csq__row_load(&log->rows, log->order[*place], &row); // log_check found it good
        if (row.ticket != *ticket) {
            return CSQ_OK;
        }
        const csq__event *events = log->events.data;
        const size_t n = log->events.n;
        if (n > 0 && csq__event_is_same(&events[n - 1], &row.event)) {
            continue;
        }
        if (csq__array_push(&log->events, &log->set->allocator, &row.event, sizeof row.event) ==
            NULL) {
            return csq__fail_memory(error);
        }
        status = log_tell(log, *place, error);
    }
    return status;
}

static csq_status log_stage(set_log *log, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (uint64_t place = 0; place < log->rows.n && status == CSQ_OK;) {
        const uint64_t first = place;
        uint64_t id;
        status = log_collect(log, &place, &id, error);
        if (status != CSQ_OK) {
            return status;
        }
        csq_ticket ticket;
        const csq__points none = {NULL, 0};
        uint64_t at_fault = 0;
        csq__ticket_init(&ticket, log->set->policies->schema, id, &log->set->allocator);
        csq__ticket_adopt(&ticket, log->events.data, log->events.n);
        status = csq__stage_add(&log->stage, &ticket, &none, &at_fault, error);
        if (status == CSQ_ECONFLICT || status == CSQ_EORDER || status == CSQ_EMERGED) {
            log_blame(log, first, place, at_fault, error);
        }
    }
    return status;
}

static csq_status log_apply(set_log *log, csq_error *error)
{
    csq_status status = log_check(log, error);
    if (status == CSQ_OK) {
        status =
            csq__rows_sort(&log->rows, &log->set->allocator, &log->order, NULL, error);
    }
    if (status == CSQ_OK) {
        status = log_stage(log, error);
    }
    return status == CSQ_OK ? csq__stage_commit(&log->stage, log->set->taken, error) : status;
}

csq_status csq_clock_set_apply_columns(csq_clock_set *set, const csq_event_columns *columns,
                                       csq_progress progress, void *user, csq_error *error)
{
    if (set == NULL) {
        return csq__fail_null(error, "set");
    }
    set_log log = {.set = set, .stage = {.set = set}, .progress = progress, .user = user};
    csq_status status = csq__rows_init(&log.rows, set->policies->schema, columns, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (log.rows.n > 0) {
        status = log_apply(&log, error);
    }
    csq__stage_release(&log.stage);
    csq__array_release(&log.events, &set->allocator, sizeof(csq__event));
    csq__release(&set->allocator, log.order, (size_t)log.rows.n * sizeof *log.order);
    csq__rows_release(&log.rows);
    return status;
}
