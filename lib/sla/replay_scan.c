/*
 * replay_scan — runs the automaton over the rows of a log, a block at a time.
 *
 * Each block is gone through twice. The first pass takes every row through the automaton and notes
 * only rows that lead to moves and ends of tickets, without a branch that depends on the row; the
 * second makes the moves and counts. Whatever is wrong with a row ends the attempt before anything
 * of its block is counted: replay.c then finds out and says what.
 *
 * Uses: base, time, column, calendar, condition, ticket.
 */
#include "sla/replay.h"

enum { SCAN_PROGRESS_ROWS = 65536 };

/* ---- the first pass ------------------------------------------------------------------------ */

/* What a block holds; bits. */
enum { SCAN_IS_BAD = 1, SCAN_HAS_LATER = 2 };

/* Whether the instants of a block are in range and in order, by ticket, and whether some lie after
 * `now`. Within a ticket they do not go back, so the range is looked at where one begins and where
 * `now` is passed. */
static uint32_t scan_instants(csq__replay *run, uint64_t n)
{
    const csq__row_block *const block = &run->block;
    const int64_t first_tick = -run->rows.last_tick;
    uint64_t ticket = run->ticket;
    int64_t last = run->tick;
    int64_t most = first_tick;
    bool is_bad = block->has_faults;
    for (uint64_t i = 0; i < n; i++) {
        const int64_t tick = block->at[i];
        const int64_t least = block->tickets[i] == ticket ? last : first_tick;
        is_bad |= (block->tickets[i] < ticket) | (tick < least);
        most = tick > most ? tick : most;
        ticket = block->tickets[i];
        last = tick;
    }
    run->tick = last;
    is_bad |= most > run->rows.last_tick;
    return (is_bad ? SCAN_IS_BAD : 0) | (most > run->now_tick ? SCAN_HAS_LATER : 0);
}

/* Whether the sequences of each ticket grow along rows [from, n) of a block. */
static bool scan_is_sequential(csq__replay *run, uint64_t from, uint64_t n)
{
    const csq__row_block *const block = &run->block;
    uint64_t ticket = run->ticket;
    uint64_t sequence = run->sequence;
    bool goes_back = false;
    for (uint64_t i = from; i < n; i++) {
        goes_back |= (block->tickets[i] == ticket) & (block->sequences[i] <= sequence);
        ticket = block->tickets[i];
        sequence = block->sequences[i];
    }
    run->sequence = sequence;
    return !goes_back;
}

/* The symbol of a row whose table does not tell. False if the row is a bad one. */
static bool scan_look(csq__replay *run, uint64_t i, uint32_t *symbol)
{
    const csq__row_type *type;
    csq_ms at;
    int64_t value;
    const uint64_t given_type = (uint64_t)run->block.types[i];
    if (given_type < run->rows.n_types && run->block.values[i] == CSQ_MS_NONE) {
        *symbol = run->symbols[given_type].missing;
    }
    if (*symbol != CSQ__SYMBOL_LOOK) {
        return true;
    }
    if (csq__row_check(&run->rows, &run->block, i, &type, &at, &value) != CSQ__ROW_IS_GOOD) {
        return false;
    }
    *symbol = csq__replay_symbol(&run->symbols[given_type], value);
    return true;
}

/* Fills in the cell of a row that is met for the first time. */
static csq_status scan_learn(csq__replay *run, uint64_t i, uint64_t state, uint32_t symbol,
                             csq__cell *cell)
{
    csq__log_row row = {0}; // its instant and its symbol were looked at: it is good
    (void)csq__row_read(&run->rows, &run->block, i, &row);
    return csq__automaton_learn(&run->automaton, (uint32_t)(state >> run->automaton.shift), symbol,
                                &row.event, cell, run->error);
}

/* What happens after `now` changes nothing, but a ticket that has an event cannot be created any
 * more, and one that is walked is looked at to its end. */
static uint64_t scan_later(const csq__replay *run, uint64_t state, csq__cell cell)
{
    const uint32_t shift = run->automaton.shift;
    if ((uint32_t)cell == (uint32_t)CSQ__STATE_DEAD << shift) {
        return (uint32_t)cell;
    }
    return state == CSQ__STATE_START ? (uint64_t)CSQ__STATE_EMPTY << shift : state;
}

/* Takes all rows of a block through the automaton. CSQ__REPLAY_UNORDERED: some row is bad, and
 * nothing that was noted counts. */
CSQ__ALWAYS_INLINE csq_status scan_mark(csq__replay *run, uint64_t n, bool has_later,
                                        size_t *n_marks)
{
    const csq__row_block *const block = &run->block;
    const csq__row_lookup *const lookups = run->lookups;
    const csq__cell *cells = run->automaton.cells.data;
    const uint64_t n_types = run->rows.n_types;
    uint64_t ticket = run->ticket;
    uint64_t state = run->state;
    csq__replay_mark *mark = run->marks;
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t type = (uint64_t)block->types[i];
        const csq__row_lookup *const of = &lookups[type < n_types ? type : n_types];
        const uint64_t given = (uint64_t)block->values[i];
        uint32_t symbol = of->symbols[given < of->n ? given : of->n];
        if (__builtin_expect(symbol == CSQ__SYMBOL_LOOK, 0) && !scan_look(run, i, &symbol)) {
            return (csq_status)CSQ__REPLAY_UNORDERED;
        }
        const bool is_new = block->tickets[i] != ticket;
        ticket = block->tickets[i];
        *mark = CSQ__REPLAY_END | state << 32 | i;
        mark += is_new;
        state = is_new ? (uint64_t)CSQ__STATE_START : state;
        csq__cell cell = cells[state + symbol];
        if (__builtin_expect(cell == CSQ__CELL_UNKNOWN, 0)) {
            const csq_status status = scan_learn(run, i, state, symbol, &cell);
            if (status != CSQ_OK) {
                return status;
            }
            cells = run->automaton.cells.data;
        }
        if (has_later && block->at[i] > run->now_tick) {
            state = scan_later(run, state, cell);
            continue;
        }
        state = (uint32_t)cell;
        *mark = (cell & CSQ__CELL_MOVES) | i;
        mark += cell > UINT32_MAX;
    }
    run->ticket = ticket;
    run->state = state;
    *n_marks = (size_t)(mark - run->marks);
    return CSQ_OK;
}

/* A function for each kind of block, so that the frequent one keeps all it needs in registers. */
static csq_status scan_mark_past(csq__replay *run, uint64_t n, size_t *n_marks)
{
    return scan_mark(run, n, false, n_marks);
}

static csq_status scan_mark_any(csq__replay *run, uint64_t n, size_t *n_marks)
{
    return scan_mark(run, n, true, n_marks);
}

/* ---- the second pass ----------------------------------------------------------------------- */

static csq_status scan_keep(csq__replay *run, const csq__move *move, csq_ms at)
{
    csq__walk *walk = &run->walk;
    csq__finished finished = {.clock = move->index};
    if (!csq__move_run(move, at, &walk->runs[move->index], &finished.run)) {
        run->is_walked = true;
        return CSQ_OK;
    }
    memcpy((uint8_t *)&finished.run + CSQ__RUN_TIMES,
           (const uint8_t *)run->automaton.fixed.items.data + move->fixed * CSQ__RUN_FIXED,
           CSQ__RUN_FIXED);
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        finished.codes[g] = move->codes_now != 0
                                ? (uint32_t)walk->now[walk->group_slots[g]]
                                : walk->group_codes[move->index * walk->n_groups + g];
    }
    return csq__array_push(&walk->finished, &walk->allocator, &finished, sizeof finished) == NULL
               ? csq__fail_memory(run->error)
               : CSQ_OK;
}

/* Keeps the values of the tally's attributes for a clock; that behind the last is none. */
static inline void scan_keep_codes(csq__walk *walk, uint32_t clock)
{
    uint32_t *const codes = &walk->group_codes[clock * walk->n_groups];
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        codes[g] = (uint32_t)walk->now[walk->group_slots[g]];
    }
}

/* Makes a move other than the most frequent one. */
static csq_status scan_move(csq__replay *run, const csq__move *move, uint32_t i, csq_ms at)
{
    csq__walk *walk = &run->walk;
    const csq__row_type *type;
    int64_t value = 0;
    switch (move->kind) {
    case CSQ__MOVE_BEGIN:
        run->is_walked |= !csq__move_begin(move, at, &walk->runs[move->index]);
        return CSQ_OK;
    case CSQ__MOVE_RUN:
        run->is_walked |=
            !csq__move_run(move, at, &walk->runs[move->index], &walk->runs[move->index]);
        return CSQ_OK;
    case CSQ__MOVE_KEEP:
        return scan_keep(run, move, at);
    case CSQ__MOVE_CODES:
        scan_keep_codes(walk, move->index);
        return CSQ_OK;
    default:
        (void)csq__row_check(&run->rows, &run->block, i, &type, &at, &value);
        walk->now[move->index] = value;
        return CSQ_OK;
    }
}

static csq_status scan_make_moves(csq__replay *run, csq__replay_mark mark)
{
    const csq__move *move = (const csq__move *)run->automaton.moves.data + (mark >> 32);
    const uint32_t row = (uint32_t)mark;
    const csq_ms at = run->block.at[row] * run->rows.tick_ms;
    csq_status status = CSQ_OK;
    for (;; move++) {
        if (move->kind == CSQ__MOVE_ADVANCE) {
            run->is_walked |= !csq__move_advance(move, at, &run->walk.runs[move->index]);
            scan_keep_codes(&run->walk, move->fixed);
        } else {
            status = scan_move(run, move, row, at);
        }
        if (move->is_last != 0 || status != CSQ_OK) {
            return status;
        }
    }
}

/* Counts the ticket that ends before a place by the times of its runs and its last state. */
static csq_status scan_count(csq__replay *run, uint32_t state, uint64_t end)
{
    csq__walk *walk = &run->walk;
    const uint8_t *const bytes = csq__automaton_state(&run->automaton, state);
    const uint8_t *fixed = bytes + csq__walk_state_run(0) + CSQ__RUN_TIMES;
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        memcpy((uint8_t *)&walk->runs[c] + CSQ__RUN_TIMES, fixed, CSQ__RUN_FIXED);
        fixed += sizeof(csq__run);
    }
    walk->attached = csq__walk_state_attached(bytes);
    const csq_status status = csq__tally_count_walk(run->tally, walk, run->now, run->error);
    // Where judging fails, a walk fails as well and names the event.
    const bool is_walked = (status != CSQ_OK && status != CSQ_ENOMEM) || walk->needs_recorder;
    return is_walked ? csq__replay_walk_ticket(run, end, walk->needs_recorder) : status;
}

static csq_status scan_end_ticket(csq__replay *run, uint64_t place, uint64_t end)
{
    csq__walk *walk = &run->walk;
    const uint32_t state = (uint32_t)(place >> run->automaton.shift);
    const bool is_walked = run->is_walked || state == CSQ__STATE_DEAD;
    const csq_status status =
        is_walked ? csq__replay_walk_ticket(run, end, false) : scan_count(run, state, end);
    run->first = end;
    run->is_walked = false;
    walk->needs_recorder = false;
    walk->finished.n = 0;
    walk->beside.n = 0;
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        walk->now[walk->group_slots[g]] = walk->absent[walk->group_slots[g]];
    }
    return status;
}

static csq_status scan_act(csq__replay *run, uint64_t place, size_t n_marks)
{
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < n_marks && status == CSQ_OK; i++) {
        const csq__replay_mark mark = run->marks[i];
        const uint64_t state = (mark & ~CSQ__REPLAY_END) >> 32;
        status = (mark & CSQ__REPLAY_END) != 0 ? scan_end_ticket(run, state, place + (uint32_t)mark)
                                               : scan_make_moves(run, mark);
    }
    return status;
}

/* ---- the whole log ------------------------------------------------------------------------- */

static csq_status scan_tell(const csq__replay *run, uint64_t done)
{
    if (run->progress == NULL || done == 0 || done % SCAN_PROGRESS_ROWS != 0 ||
        run->progress(run->user, done, run->rows.n) == 0) {
        return CSQ_OK;
    }
    return csq__fail(run->error, CSQ_ECANCELLED, CSQ__TEXT("cancelled after "),
                     CSQ__NUMBER((int64_t)done), CSQ__TEXT(" rows"));
}

static csq_status scan_block(csq__replay *run, uint64_t place, uint64_t n)
{
    csq__replay_load(run, place, n, &run->block);
    if (run->order == NULL) {
        csq__rows_prefetch(&run->rows, place + n, n);
    }
    if (place == 0) {
        run->ticket = run->block.tickets[0];
        run->tick = -run->rows.last_tick;
        run->sequence = run->block.sequences[0];
    }
    if (run->order == NULL && run->rows.has_sequences && !scan_is_sequential(run, place == 0, n)) {
        return (csq_status)CSQ__REPLAY_UNORDERED;
    }
    const uint32_t holds = scan_instants(run, n);
    if ((holds & SCAN_IS_BAD) != 0) {
        return (csq_status)CSQ__REPLAY_UNORDERED;
    }
    size_t n_marks = 0;
    const csq_status status = (holds & SCAN_HAS_LATER) != 0 ? scan_mark_any(run, n, &n_marks)
                                                            : scan_mark_past(run, n, &n_marks);
    return status == CSQ_OK ? scan_act(run, place, n_marks) : status;
}

csq_status csq__replay_scan(csq__replay *run)
{
    csq_status status = CSQ_OK;
    run->state = CSQ__STATE_START;
    run->first = 0;
    for (uint64_t place = 0; place < run->n && status == CSQ_OK; place += CSQ__ROW_BLOCK) {
        const uint64_t left = run->n - place;
        status = scan_tell(run, place);
        if (status == CSQ_OK) {
            status = scan_block(run, place, left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK);
        }
    }
    return status == CSQ_OK && run->n > 0 ? scan_end_ticket(run, run->state, run->n) : status;
}
