/*
 * replay_ticket — one ticket of a log, walked event by event.
 *
 * Tickets come here that the automaton cannot follow, that only a recorder can judge, or with which
 * something is wrong: then the row is named.
 *
 * Uses: base, time, column, calendar, condition, ticket.
 */
#include "sla/replay.h"

/* What the events before it say about the next event of a ticket. */
typedef struct ticket_life {
    bool is_created;
    bool is_merged;
} ticket_life;

static csq__row_fault life_take(ticket_life *life, const csq__event *event, bool is_first)
{
    if (life->is_merged) {
        return CSQ__ROW_AFTER_MERGE;
    }
    life->is_merged = event->kind == CSQ_EVENT_MERGE;
    if (event->kind != CSQ_EVENT_CREATED) {
        return CSQ__ROW_IS_GOOD;
    }
    if (life->is_created) {
        return CSQ__ROW_SECOND_CREATION;
    }
    life->is_created = true;
    return is_first ? CSQ__ROW_IS_GOOD : CSQ__ROW_BEFORE_CREATION;
}

static uint64_t row_at(const csq__replay *run, uint64_t place)
{
    return run->order == NULL ? place : run->order[place];
}

static csq_status ticket_take(csq__replay *run, const csq__event *event,
                              const csq__taken_form *form, uint64_t number)
{
    const csq__taken taken = {form, event->at, event->value, number, run->has_joined};
    const csq_status status = csq__walk_take(&run->walk, &taken, run->error);
    if (status != CSQ_OK) {
        csq__error_index(run->error, (int64_t)number);
    }
    return status;
}

/* Takes row `i` of the block that begins at a place. */
static csq_status ticket_take_row(csq__replay *run, ticket_life *life, uint64_t place, uint64_t i)
{
    csq__log_row row = {0};
    const uint64_t number = row_at(run, place + i);
    csq__row_fault fault = csq__row_read(&run->rows, &run->again, i, &row);
    if (fault == CSQ__ROW_IS_GOOD) {
        fault = life_take(life, &row.event, place + i == run->first);
    }
    if (fault != CSQ__ROW_IS_GOOD) {
        // That an event comes before the creation is said of the first one.
        const bool is_early = fault == CSQ__ROW_BEFORE_CREATION;
        return csq__replay_fail(run, is_early ? row_at(run, run->first) : number, fault);
    }
    const csq__taken_form *form = &run->forms[run->again.types[i]];
    return row.event.at <= run->now ? ticket_take(run, &row.event, form, number) : CSQ_OK;
}

static csq_status ticket_take_rows(csq__replay *run, uint64_t end)
{
    ticket_life life = {false, false};
    csq_status status = CSQ_OK;
    for (uint64_t place = run->first; place < end && status == CSQ_OK; place += CSQ__ROW_BLOCK) {
        const uint64_t left = end - place;
        const uint64_t n = left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK;
        csq__replay_load(run, place, n, &run->again);
        for (uint64_t i = 0; i < n && status == CSQ_OK; i++) {
            status = ticket_take_row(run, &life, place, i);
        }
    }
    return status;
}

static csq_status ticket_walk(csq__replay *run, uint64_t end)
{
    csq__walk_reset(&run->walk);
    csq_status status = ticket_take_rows(run, end);
    if (status != CSQ_OK) {
        return status;
    }
    status = csq__walk_settle(&run->walk, run->error);
    if (status == CSQ_OK && !csq__walk_is_void(&run->walk)) {
        status = csq__walk_pass_epochs(&run->walk, run->now, run->error);
    }
    if (status == CSQ_OK && !csq__walk_is_void(&run->walk)) {
        status = csq__tally_count_walk(run->tally, &run->walk, run->now, run->error);
    }
    if (status != CSQ_OK) {
        csq__error_index(run->error, (int64_t)run->walk.event);
    }
    return status;
}

csq_status csq__replay_walk_ticket(csq__replay *run, uint64_t end, bool needs_recorder)
{
    csq_status status = CSQ_OK;
    run->walk.needs_recorder = needs_recorder;
    if (!needs_recorder) {
        status = ticket_walk(run, end);
    }
    if (run->walk.needs_recorder) {
        run->walk.recorder = &run->recorder;
        status = ticket_walk(run, end);
        run->walk.recorder = NULL;
    }
    return status;
}
