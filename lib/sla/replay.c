/*
 * replay — walking a whole log in columns into a tally.
 *
 * Rows that come in order (by ticket; in a ticket neither instants nor sequences go back) are
 * walked as they are read, in blocks; memory does not grow with them. At the first row out of order
 * the attempt is given up: the rows are checked as csq_event_columns_check does and sorted. Either
 * way the walk is that of single tickets, and the tally is filled privately and merged at the end.
 *
 * Uses: base, time, column, calendar, condition, ticket.
 */
#include "sla/tally.h"
#include "ticket/event_rows.h"

enum { REPLAY_PROGRESS_ROWS = 65536 };

typedef struct replay {
    csq__rows rows;
    csq__row_block block;
    csq_allocator memory;
    csq_tally *tally;
    csq__walk walk;
    csq__recorder recorder;
    csq_ms now;
    csq_error *error;
    bool has_joined;        /* some type of event joins the one before it */
    csq__taken_form *forms; /* by type */
    csq_progress progress;
    void *user;
    uint64_t *order; /* numbers of the rows in order; NULL while they are read as they come */

    /* The ticket that is being walked. */
    bool is_open;
    uint64_t first; /* place of its first row in the order of reading */
    uint64_t ticket;
    csq_ms at;
    uint64_t sequence;
    bool is_created;
    bool is_merged;
} replay;

/* Kinds of events that say where a ticket begins and ends. */
enum { REPLAY_LIFE_KINDS = 1 << CSQ_EVENT_CREATED | 1 << CSQ_EVENT_MERGE };

/* An internal signal: the rows are not in order. Never leaves this file. */
enum { REPLAY_UNORDERED = 1 };

static csq_status replay_fail(replay *run, uint64_t row, csq__row_fault fault)
{
    csq_error error;
    csq__row_describe(&run->rows, row, fault, &error);
    if (run->error != NULL) {
        *run->error = error;
    }
    return (csq_status)error.code;
}

/* ---- tickets ------------------------------------------------------------------------------- */

static csq_status replay_end_walk(replay *run)
{
    const csq_status status = csq__walk_settle(&run->walk, run->error);
    return status == CSQ_OK && !csq__walk_is_void(&run->walk)
               ? csq__tally_count_walk(run->tally, &run->walk, run->now, run->error)
               : status;
}

/* Whether the row says what the row before it in the order said. */
static bool replay_repeats(const replay *run, uint64_t place, const csq__log_row *row)
{
    csq__log_row before;
    return run->order != NULL && place > 0 &&
           csq__row_load(&run->rows, run->order[place - 1], &before) == CSQ__ROW_IS_GOOD &&
           before.ticket == row->ticket && csq__event_is_same(&before.event, &row->event);
}

static inline csq_status replay_take(replay *run, const csq__taken *taken)
{
    const csq_status status = csq__walk_take(&run->walk, taken, run->error);
    if (status != CSQ_OK) {
        csq__error_index(run->error, (int64_t)taken->index);
    }
    return status;
}

static csq_status replay_walk(replay *run, const csq__event *event, uint64_t number)
{
    const csq__taken_form form = csq__walk_form(&run->walk, event, run->has_joined);
    const csq__taken taken = {&form, event->at, event->value, number, run->has_joined};
    return replay_take(run, &taken);
}

/* Walks the rows of the ticket once more, with a recorder. */
static csq_status replay_again(replay *run, uint64_t end)
{
    csq_status status = CSQ_OK;
    run->walk.recorder = &run->recorder;
    csq__walk_reset(&run->walk);
    for (uint64_t place = run->first; place < end && status == CSQ_OK; place++) {
        const uint64_t number = run->order == NULL ? place : run->order[place];
        csq__log_row row;
        const csq__row_fault fault = csq__row_load(&run->rows, number, &row);
        if (fault == CSQ__ROW_IS_GOOD && row.event.at <= run->now &&
            !replay_repeats(run, place, &row)) {
            status = replay_walk(run, &row.event, number);
        }
    }
    if (status == CSQ_OK) {
        status = replay_end_walk(run);
    }
    run->walk.recorder = NULL;
    return status;
}

static csq_status replay_close_ticket(replay *run, uint64_t end)
{
    if (!run->is_open) {
        return CSQ_OK;
    }
    run->is_open = false;
    csq_status status = replay_end_walk(run);
    if (run->walk.needs_recorder) {
        status = replay_again(run, end);
    }
    if (status != CSQ_OK) {
        csq__error_index(run->error, (int64_t)run->walk.event);
    }
    csq__walk_reset(&run->walk);
    return status;
}

static csq_status replay_open_ticket(replay *run, uint64_t place, uint64_t ticket)
{
    const csq_status status = replay_close_ticket(run, place);
    run->is_open = true;
    run->first = place;
    run->ticket = ticket;
    run->at = CSQ_MS_NONE;
    run->sequence = 0;
    run->is_created = false;
    run->is_merged = false;
    return status;
}

/* What the events before it say about an event that comes in order. */
static csq__row_fault replay_life(replay *run, const csq__event *event, bool is_first)
{
    if (run->is_merged) {
        return CSQ__ROW_AFTER_MERGE;
    }
    run->is_merged = event->kind == CSQ_EVENT_MERGE;
    if (event->kind != CSQ_EVENT_CREATED) {
        return CSQ__ROW_IS_GOOD;
    }
    if (run->is_created) {
        return CSQ__ROW_SECOND_CREATION;
    }
    run->is_created = true;
    return is_first ? CSQ__ROW_IS_GOOD : CSQ__ROW_BEFORE_CREATION;
}

/* ---- rows as they come --------------------------------------------------------------------- */

/* The first row of a ticket, as it comes. */
static csq_status replay_take_first(replay *run, uint64_t number, uint64_t ticket)
{
    return run->is_open && ticket < run->ticket ? (csq_status)REPLAY_UNORDERED
                                                : replay_open_ticket(run, number, ticket);
}

/* What is wrong with the place of a row, if anything, is said of the row at fault: the first of the
 * ticket, where a creation comes late. */
static csq_status replay_check_life(replay *run, uint64_t number, const csq__event *event)
{
    const csq__row_fault fault = replay_life(run, event, number == run->first);
    return fault == CSQ__ROW_IS_GOOD
               ? CSQ_OK
               : replay_fail(run, fault == CSQ__ROW_BEFORE_CREATION ? run->first : number, fault);
}

/* Takes rows as long as they are of the ticket that is being walked; `*i` is the first that is not.
 * What the loop needs stays in registers: it is where a replay spends its time. */
static csq_status replay_take_ticket(replay *run, uint64_t first, uint64_t n, uint64_t *i)
{
    const csq__row_block *const block = &run->block;
    const uint64_t ticket = run->ticket;
    const csq_ms now = run->now;
    csq_ms last = run->at;
    uint64_t sequence = run->sequence;
    csq_status status = CSQ_OK;
    uint64_t row = *i;
    for (; status == CSQ_OK && row < n && block->tickets[row] == ticket; row++) {
        const csq__row_type *type;
        csq__taken taken = {.index = first + row, .more = run->has_joined};
        const csq__row_fault fault =
            csq__row_check(&run->rows, block, row, &type, &taken.at, &taken.value);
        if (fault != CSQ__ROW_IS_GOOD) {
            return replay_fail(run, taken.index, fault);
        }
        if (taken.at < last || (block->sequences[row] <= sequence && taken.index != run->first)) {
            return (csq_status)REPLAY_UNORDERED;
        }
        last = taken.at;
        sequence = block->sequences[row];
        taken.form = &run->forms[type - run->rows.types];
        if ((REPLAY_LIFE_KINDS >> type->event.kind & 1) != 0 || run->is_merged) {
            status = replay_check_life(run, taken.index, &type->event);
        }
        if (taken.at <= now && status == CSQ_OK) {
            status = replay_take(run, &taken);
        }
    }
    *i = row;
    run->at = last;
    run->sequence = sequence;
    return status;
}

static csq_status replay_take_block(replay *run, uint64_t first, uint64_t n)
{
    csq__rows_load(&run->rows, first, n, &run->block);
    csq_status status = CSQ_OK;
    for (uint64_t i = 0; i < n && status == CSQ_OK;) {
        const uint64_t ticket = run->block.tickets[i];
        if (!run->is_open || ticket != run->ticket) {
            status = replay_take_first(run, first + i, ticket);
        }
        if (status == CSQ_OK) {
            status = replay_take_ticket(run, first, n, &i);
        }
    }
    return status;
}

static csq_status replay_tell(const replay *run, uint64_t done)
{
    if (run->progress == NULL || done == 0 || done % REPLAY_PROGRESS_ROWS != 0 ||
        run->progress(run->user, done, run->rows.n) == 0) {
        return CSQ_OK;
    }
    return csq__fail(run->error, CSQ_ECANCELLED, CSQ__TEXT("cancelled after "),
                     CSQ__NUMBER((int64_t)done), CSQ__TEXT(" rows"));
}

static csq_status replay_in_order(replay *run)
{
    csq_status status = CSQ_OK;
    for (uint64_t first = 0; first < run->rows.n && status == CSQ_OK; first += CSQ__ROW_BLOCK) {
        const uint64_t left = run->rows.n - first;
        status = replay_tell(run, first);
        if (status == CSQ_OK) {
            status = replay_take_block(run, first, left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK);
        }
    }
    return status == CSQ_OK ? replay_close_ticket(run, run->rows.n) : status;
}

/* ---- rows in any order --------------------------------------------------------------------- */

/* Refuses what csq_event_columns_check finds. */
static csq_status replay_check(replay *run, const csq_schema *schema)
{
    const size_t size = (size_t)(run->rows.n / 8 + 1);
    uint8_t *bad = csq__allocate(&run->memory, size);
    if (bad == NULL) {
        return csq__fail_memory(run->error);
    }
    uint64_t n_bad = 0;
    csq_error error;
    csq_status status = csq_event_columns_check(schema, &run->rows.columns, bad, &n_bad, &error);
    csq__release(&run->memory, bad, size);
    if (status == CSQ_OK && n_bad > 0) {
        status = (csq_status)error.code;
    }
    if (status != CSQ_OK && run->error != NULL) {
        *run->error = error;
    }
    return status;
}

static csq_status replay_take_sorted(replay *run, uint64_t place)
{
    csq__log_row row;
    const csq__row_fault fault = csq__row_load(&run->rows, run->order[place], &row);
    if (fault != CSQ__ROW_IS_GOOD) {
        return replay_fail(run, run->order[place], fault);
    }
    if (replay_repeats(run, place, &row)) {
        return CSQ_OK;
    }
    if (!run->is_open || row.ticket != run->ticket) {
        const csq_status status = replay_open_ticket(run, place, row.ticket);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return row.event.at <= run->now ? replay_walk(run, &row.event, run->order[place]) : CSQ_OK;
}

static csq_status replay_sorted(replay *run, const csq_schema *schema)
{
    csq_tally_reset(run->tally);
    csq__walk_reset(&run->walk);
    run->is_open = false;
    csq_status status = replay_check(run, schema);
    if (status == CSQ_OK) {
        status = csq__rows_sort(&run->rows, &run->memory, &run->order, run->error);
    }
    for (uint64_t place = 0; place < run->rows.n && status == CSQ_OK; place++) {
        status = replay_tell(run, place);
        if (status == CSQ_OK) {
            status = replay_take_sorted(run, place);
        }
    }
    return status == CSQ_OK ? replay_close_ticket(run, run->rows.n) : status;
}

/* ---- the whole log ------------------------------------------------------------------------- */

static csq_status replay_all(replay *run, const csq_tally *tally)
{
    csq_status status = csq__tally_new_like(tally, &run->tally, run->error);
    if (status == CSQ_OK) {
        status = csq__tally_walk_init(tally, &run->walk, run->error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    for (size_t i = 0; i < run->rows.n_types; i++) {
        run->has_joined = run->has_joined || run->rows.types[i].event.joined;
    }
    run->forms = csq__allocate_array(&run->memory, run->rows.n_types, sizeof *run->forms);
    if (run->forms == NULL) {
        csq__walk_release(&run->walk);
        return csq__fail_memory(run->error);
    }
    for (size_t i = 0; i < run->rows.n_types; i++) {
        run->forms[i] = csq__walk_form(&run->walk, &run->rows.types[i].event, run->has_joined);
    }
    status = replay_in_order(run);
    if ((int)status == REPLAY_UNORDERED) {
        status = replay_sorted(run, tally->policies->schema);
    }
    csq__walk_release(&run->walk);
    return status;
}

csq_status csq_tally_replay(csq_tally *tally, const csq_event_columns *columns, csq_ms now,
                            csq_progress progress, void *user, csq_error *error)
{
    if (tally == NULL) {
        return csq__fail_null(error, "tally");
    }
    if (now == CSQ_MS_NONE) {
        return csq__walk_fail_now(error);
    }
    const csq_allocator memory = tally->allocator;
    replay *run = csq__allocate_zeroed(&memory, sizeof *run);
    if (run == NULL) {
        return csq__fail_memory(error);
    }
    run->memory = memory;
    run->now = now;
    run->error = error;
    run->progress = progress;
    run->user = user;
    csq_status status = csq__rows_init(&run->rows, tally->policies->schema, columns, error);
    if (status == CSQ_OK) {
        status = replay_all(run, tally);
        if (status == CSQ_OK) {
            status = csq_tally_merge(tally, run->tally, error);
        }
        csq_tally_free(run->tally);
        csq__release(&memory, run->forms,
                     (run->rows.n_types == 0 ? 1 : run->rows.n_types) * sizeof *run->forms);
        csq__release(&memory, run->order, (size_t)run->rows.n * sizeof *run->order);
        csq__rows_release(&run->rows);
    }
    csq__array_release(&run->recorder.stretches, &memory, sizeof(csq__stretch));
    csq__release(&memory, run, sizeof *run);
    return status;
}
