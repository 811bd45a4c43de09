/*
 * what_if_replay — tickets for a what-if: one of a host, or all of a log in columns.
 *
 * Whatever comes is judged into a what-if of its own, which is merged at the end. Rows of a log are
 * checked first; they are sorted only if they do not come in order.
 *
 * Uses: base, time, column, calendar, stat, condition, ticket.
 */
#include "sla/what_if.h"
#include "ticket/event_rows.h"

/* ---- a run --------------------------------------------------------------------------------- */

static void release_side(csq__what_if_side *side, const csq_allocator *memory)
{
    if (side->walk.now != NULL) {
        csq__release(memory, side->clocks, side->walk.n_clocks * sizeof *side->clocks);
        csq__walk_release(&side->walk);
    }
    csq__recorder_release(&side->recorder, memory);
    csq__array_release(&side->cycles, memory, sizeof(csq__told_cycle));
}

static csq_status open_side(csq__what_if_side *side, const csq_tally *tally, csq_error *error)
{
    const csq_status status = csq__tally_walk_init(tally, &side->walk, error);
    if (status != CSQ_OK) {
        return status;
    }
    side->clocks =
        csq__allocate_array(&side->walk.allocator, side->walk.n_clocks, sizeof *side->clocks);
    return side->clocks == NULL ? csq__fail_memory(error) : CSQ_OK;
}

csq_status csq__what_if_begin(csq__what_if_run *run, const csq_what_if *what_if, csq_ms now,
                              csq_error *error)
{
    *run = (csq__what_if_run){.memory = what_if->allocator, .now = now};
    csq_status status = csq__what_if_new_like(what_if, &run->into, error);
    for (int s = 0; s < CSQ__SIDES && status == CSQ_OK; s++) {
        status = open_side(&run->sides[s], run->into->tallies[s], error);
    }
    return status == CSQ_OK ? CSQ_OK : csq__what_if_end(run, NULL, status, error);
}

csq_status csq__what_if_end(csq__what_if_run *run, csq_what_if *what_if, csq_status status,
                            csq_error *error)
{
    if (status == CSQ_OK) {
        csq__what_if_trim(run->into);
        status = csq_what_if_merge(what_if, run->into, error);
    }
    for (int s = 0; s < CSQ__SIDES; s++) {
        release_side(&run->sides[s], &run->memory);
    }
    csq_what_if_free(run->into);
    return status;
}

csq_status csq_what_if_add(csq_what_if *what_if, const csq_ticket *ticket, csq_ms now,
                           csq_error *error)
{
    if (what_if == NULL || ticket == NULL) {
        return csq__fail_null(error, what_if == NULL ? "what_if" : "ticket");
    }
    if (csq__ticket_schema(ticket) != what_if->policies[0]->schema) {
        return csq__fail(error, CSQ_EMISMATCH,
                         CSQ__TEXT("the ticket and the policies are of different schemas"));
    }
    if (now == CSQ_MS_NONE) {
        return csq__walk_fail_now(error);
    }
    csq__what_if_run run;
    csq_status status = csq__what_if_begin(&run, what_if, now, error);
    if (status != CSQ_OK) {
        return status;
    }
    size_t n;
    const csq__event *events = csq__ticket_events(ticket, &n);
    status = csq__what_if_judge(&run, csq_ticket_id(ticket), events, n, error);
    return csq__what_if_end(&run, what_if, status, error);
}

/* ---- a log --------------------------------------------------------------------------------- */

enum { WHAT_IF_PROGRESS_ROWS = 65536 };

typedef struct what_if_log {
    csq__what_if_run run;
    csq__rows rows;
    uint64_t *order;    /* numbers of the rows in order; NULL: they come so */
    csq__array events;  /* csq__event: those of the ticket at work */
    csq__array numbers; /* uint64_t: their rows */
    uint64_t ticket;
    csq_progress progress;
    void *user;
    csq_error *error;
} what_if_log;

static csq_status check_log(const csq_what_if *what_if, const csq_event_columns *columns,
                            csq_error *error)
{
    const csq_allocator *memory = &what_if->allocator;
    const uint64_t n = columns == NULL ? 0 : columns->ticket.length;
    uint64_t n_bad = 0;
    csq_error found;
    uint8_t *bad = n / 8 < SIZE_MAX ? csq__allocate(memory, (size_t)(n / 8 + 1)) : NULL;
    if (bad == NULL) {
        return csq__fail_memory(error);
    }
    csq_status status =
        csq_event_columns_check(what_if->policies[0]->schema, columns, bad, &n_bad, &found);
    csq__release(memory, bad, (size_t)(n / 8 + 1));
    if (status == CSQ_OK && n_bad > 0) {
        status = (csq_status)found.code;
    }
    if (status != CSQ_OK && error != NULL) {
        *error = found;
    }
    return status;
}

/* Whether each row follows the one before it by ticket, instant and rising sequence. */
static bool log_is_ordered(const csq__rows *rows)
{
    csq__row_block block;
    uint64_t ticket = 0;
    int64_t at = 0;
    uint64_t sequence = 0;
    for (uint64_t first = 0; first < rows->n; first += CSQ__ROW_BLOCK) {
        const uint64_t left = rows->n - first;
        const uint64_t n = left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK;
        csq__rows_load(rows, first, n, &block);
        for (uint64_t i = 0; i < n; i++) {
            const bool is_same = block.tickets[i] == ticket && first + i > 0;
            if (block.tickets[i] < ticket ||
                (is_same && (block.at[i] < at || block.sequences[i] <= sequence))) {
                return false;
            }
            ticket = block.tickets[i];
            at = block.at[i];
            sequence = block.sequences[i];
        }
    }
    return true;
}

/* Judges the ticket at work. */
static csq_status judge_ticket(what_if_log *log)
{
    const uint64_t *numbers = log->numbers.data;
    csq_error found;
    const csq_status status =
        csq__what_if_judge(&log->run, log->ticket, log->events.data, log->events.n, &found);
    if (status != CSQ_OK && log->error != NULL) {
        *log->error = found;
        if (found.index >= 0 && (uint64_t)found.index < log->numbers.n) {
            log->error->index = (int64_t)numbers[found.index];
        }
    }
    log->events.n = 0;
    log->numbers.n = 0;
    return status;
}

static csq_status take_row(what_if_log *log, uint64_t place)
{
    const csq_allocator *memory = &log->run.memory;
    const uint64_t number = log->order == NULL ? place : log->order[place];
    const size_t n = log->events.n;
    csq__log_row row = {0};
    (void)csq__row_load(&log->rows, number, &row); // good: all rows were checked
    if (n > 0 && row.ticket != log->ticket) {
        const csq_status status = judge_ticket(log);
        if (status != CSQ_OK) {
            return status;
        }
    }
    log->ticket = row.ticket;
    const csq__event *events = log->events.data;
    if (log->events.n > 0 && csq__event_is_same(&events[log->events.n - 1], &row.event)) {
        return CSQ_OK; // the same fact once more
    }
    return csq__array_push(&log->events, memory, &row.event, sizeof row.event) == NULL ||
                   csq__array_push(&log->numbers, memory, &number, sizeof number) == NULL
               ? csq__fail_memory(log->error)
               : CSQ_OK;
}

static csq_status judge_log(what_if_log *log)
{
    csq_status status = CSQ_OK;
    if (!log_is_ordered(&log->rows)) {
        status = csq__rows_sort(&log->rows, &log->run.memory, &log->order, NULL, log->error);
    }
    for (uint64_t place = 0; place < log->rows.n && status == CSQ_OK; place++) {
        const bool is_told =
            log->progress != NULL && place > 0 && place % WHAT_IF_PROGRESS_ROWS == 0;
        if (is_told && log->progress(log->user, place, log->rows.n) != 0) {
            return csq__fail(log->error, CSQ_ECANCELLED, CSQ__TEXT("cancelled after "),
                             CSQ__NUMBER((int64_t)place), CSQ__TEXT(" rows"));
        }
        status = take_row(log, place);
    }
    return status == CSQ_OK && log->events.n > 0 ? judge_ticket(log) : status;
}

csq_status csq_what_if_replay(csq_what_if *what_if, const csq_event_columns *columns, csq_ms now,
                              csq_progress progress, void *user, csq_error *error)
{
    if (what_if == NULL) {
        return csq__fail_null(error, "what_if");
    }
    if (now == CSQ_MS_NONE) {
        return csq__walk_fail_now(error);
    }
    csq_status status = check_log(what_if, columns, error);
    if (status != CSQ_OK) {
        return status;
    }
    what_if_log log = {.progress = progress, .user = user, .error = error};
    status = csq__rows_init(&log.rows, what_if->policies[0]->schema, columns, error);
    if (status != CSQ_OK) {
        return status;
    }
    status = csq__what_if_begin(&log.run, what_if, now, error);
    if (status == CSQ_OK) {
        const csq_allocator memory = what_if->allocator;
        status = judge_log(&log);
        csq__array_release(&log.events, &memory, sizeof(csq__event));
        csq__array_release(&log.numbers, &memory, sizeof(uint64_t));
        csq__release(&memory, log.order, (size_t)log.rows.n * sizeof *log.order);
        status = csq__what_if_end(&log.run, what_if, status, error);
    }
    csq__rows_release(&log.rows);
    return status;
}
