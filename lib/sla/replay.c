/*
 * replay — walking a whole log in columns into a tally.
 *
 * Rows that come in order (by ticket; in a ticket neither instants nor sequences go back) are read
 * as they are, in blocks; memory does not grow with them. At the first row out of order or bad for
 * itself the attempt is given up: the rows are checked as csq_event_columns_check does and sorted.
 * Either way the automaton reads the rows, tickets beyond it are walked one by one, and the tally
 * is filled privately and merged at the end.
 *
 * Uses: base, time, column, calendar, condition, ticket.
 */
#include "sla/replay.h"

csq_status csq__replay_fail(csq__replay *run, uint64_t row, csq__row_fault fault)
{
    csq_error error;
    csq__row_describe(&run->rows, row, fault, &error);
    if (run->error != NULL) {
        *run->error = error;
    }
    return (csq_status)error.code;
}

void csq__replay_load(const csq__replay *run, uint64_t place, uint64_t n, csq__row_block *block)
{
    if (run->order == NULL) {
        csq__rows_load(&run->rows, place, n, block);
    } else {
        csq__rows_gather(&run->rows, run->order + place, n, block);
    }
}

/* ---- rows in any order --------------------------------------------------------------------- */

/* Refuses what csq_event_columns_check finds. */
static csq_status replay_check(csq__replay *run, const csq_schema *schema)
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

/* Whether each row is good for itself. */
static bool replay_is_sound(csq__replay *run)
{
    bool is_sound = true;
    for (uint64_t first = 0; first < run->rows.n && is_sound; first += CSQ__ROW_BLOCK) {
        const uint64_t left = run->rows.n - first;
        const uint64_t n = left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK;
        csq__rows_load(&run->rows, first, n, &run->block);
        for (uint64_t i = 0; i < n && is_sound; i++) {
            const csq__row_type *type;
            csq_ms at;
            int64_t value;
            is_sound =
                csq__row_check(&run->rows, &run->block, i, &type, &at, &value) == CSQ__ROW_IS_GOOD;
        }
    }
    return is_sound;
}

/* Leaves out rows that say once more what the row before them says. They have been checked: rows of
 * a ticket with the same sequence are the same. */
static void replay_leave_out_repeats(csq__replay *run)
{
    csq__log_row before = {0};
    run->n = 0;
    for (uint64_t i = 0; i < run->rows.n; i++) {
        const csq__log_row key = csq__row_key(&run->rows, run->order[i]);
        const bool repeats =
            i > 0 && key.ticket == before.ticket && key.event.sequence == before.event.sequence;
        run->order[run->n] = run->order[i];
        run->n += !repeats;
        before = key;
    }
}

/* The check that compares all rows of a ticket costs more than the replay. It is made where rows
 * may come twice, and where something is wrong, to say which row is the first that is. */
static csq_status replay_sorted(csq__replay *run, const csq_schema *schema)
{
    csq_tally_reset(run->tally);
    csq__walk_reset(&run->walk);
    run->is_walked = false;
    if (!replay_is_sound(run)) {
        return replay_check(run, schema);
    }
    bool may_repeat;
    csq_status status =
        csq__rows_sort(&run->rows, &run->memory, &run->order, &may_repeat, run->error);
    if (status == CSQ_OK && may_repeat) {
        status = replay_check(run, schema);
        if (status == CSQ_OK) {
            replay_leave_out_repeats(run);
        }
    }
    if (status != CSQ_OK) {
        return status;
    }
    status = csq__replay_scan(run);
    if (status == CSQ_OK || status == CSQ_ENOMEM || status == CSQ_ECANCELLED) {
        return status;
    }
    const csq_status checked = replay_check(run, schema);
    return checked == CSQ_OK ? status : checked;
}

/* ---- the whole log ------------------------------------------------------------------------- */

static csq_status replay_make_forms(csq__replay *run)
{
    const size_t n = run->rows.n_types;
    run->forms = csq__allocate_array(&run->memory, n, sizeof *run->forms);
    if (run->forms == NULL) {
        return csq__fail_memory(run->error);
    }
    for (size_t i = 0; i < n; i++) {
        run->has_joined = run->has_joined || run->rows.types[i].event.joined;
    }
    for (size_t i = 0; i < n; i++) {
        run->forms[i] = csq__walk_form(&run->walk, &run->rows.types[i].event, run->has_joined);
    }
    return CSQ_OK;
}

/* The last tick at or before an instant. */
static int64_t tick_of(csq_ms at, int64_t tick_ms)
{
    return at / tick_ms - (at % tick_ms < 0);
}

static csq_status replay_all(csq__replay *run, const csq_tally *tally)
{
    csq_status status = csq__tally_new_like(tally, &run->tally, run->error);
    if (status == CSQ_OK) {
        status = csq__tally_walk_init(tally, &run->walk, run->error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    run->n = run->rows.n;
    run->now_tick = tick_of(run->now, run->rows.tick_ms);
    status = replay_make_forms(run);
    if (status == CSQ_OK) {
        status = csq__replay_init_symbols(run, run->error);
    }
    if (status == CSQ_OK) {
        status = csq__replay_scan(run);
    }
    if ((int)status == CSQ__REPLAY_UNORDERED) {
        status = replay_sorted(run, tally->policies->schema);
    }
    csq__replay_release_symbols(run);
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
    csq__replay *run = csq__allocate_zeroed(&memory, sizeof *run);
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
    csq__recorder_release(&run->recorder, &memory);
    csq__release(&memory, run, sizeof *run);
    return status;
}
