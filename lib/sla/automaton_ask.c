/*
 * automaton_ask — what one event does to a walk, put into moves.
 *
 * A walk is brought into the state, its runs are given times that cannot be mistaken for each
 * other, and it takes the event. Which times are found afterwards tells what was done to them.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/automaton.h"

/* Codes that no vocabulary gives: they show that a clock has not kept others. */
enum { ASK_CODE = CSQ_NO_INDEX };

/* The times that are given to all runs. Sums of any of `elapsed`, `paused` and `open` differ; the
 * second time they are larger than any target, and the cycle has just begun. */
typedef struct ask_times {
    csq_ms at_offset;
    csq_ms started; /* before the event */
    csq_ms stopped;
    csq_ms since;
    csq_ms elapsed;
    csq_ms paused;
    csq_ms open;
} ask_times;

static const ask_times asked_times[2] = {
    {0, 100003, 50021, 1009, 1000003, 2000081, 4000037},
    {-1, 777781, 77783, 777781, (INT64_C(1) << 41) + 7, (INT64_C(1) << 42) + 13,
     (INT64_C(1) << 43) + 29},
};

/* What is asked. */
typedef struct asking {
    csq__automaton *automaton;
    const ask_times *times;
    const csq__event *event;
    const csq__run *before; /* by clock */
    csq_ms at;
    csq__array *list;
    bool has_memory;
} asking;

/* ---- before -------------------------------------------------------------------------------- */

/* Instants far from the ends of time, whatever is added to them. */
static bool is_askable(csq_ms at)
{
    const csq_ms limit = INT64_C(1) << 61;
    return at > -limit && at < limit;
}

static csq_status ask_prepare(const asking *ask, csq_error *error)
{
    csq__walk *walk = &ask->automaton->walk;
    csq_status status = CSQ_OK;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        csq__run *run = &walk->runs[c];
        run->started_at = ask->at - ask->times->started;
        run->stopped_at = ask->at - ask->times->stopped;
        run->since = ask->at - ask->times->since;
        run->elapsed = ask->times->elapsed;
        run->paused = ask->times->paused;
        status = csq__walk_position(walk, run->calendar, ask->at, &run->since_position, error);
        run->since_position -= ask->times->open;
    }
    for (uint32_t i = 0; i < walk->n_clocks * walk->n_groups; i++) {
        walk->group_codes[i] = ASK_CODE;
    }
    return status;
}

/* ---- after --------------------------------------------------------------------------------- */

static void ask_push(asking *ask, const csq__move *move)
{
    ask->has_memory = ask->has_memory && csq__array_push(ask->list, &ask->automaton->allocator,
                                                         move, sizeof *move) != NULL;
}

/* How a time was set; false if that cannot be told. */
static bool ask_set(const asking *ask, csq_ms before, csq_ms after, uint8_t *how)
{
    *how = after == before        ? CSQ__SET_KEEP
           : after == ask->at     ? CSQ__SET_AT
           : after == CSQ_MS_NONE ? CSQ__SET_NONE
                                  : UINT8_MAX;
    return *how != UINT8_MAX;
}

static bool ask_sum(const asking *ask, csq_ms after, uint8_t *terms)
{
    for (uint32_t bits = 0; bits < 8; bits++) {
        const csq_ms sum = ((bits & CSQ__SUM_ELAPSED) != 0 ? ask->times->elapsed : 0) +
                           ((bits & CSQ__SUM_PAUSED) != 0 ? ask->times->paused : 0) +
                           ((bits & CSQ__SUM_OPEN) != 0 ? ask->times->open : 0);
        if (sum == after) {
            *terms = (uint8_t)bits;
            return true;
        }
    }
    return false;
}

/* The calendars by which a move measures: no more than the one of them that it needs. */
static void ask_calendars(const asking *ask, const csq__run *before, const csq__run *after,
                          csq__move *move)
{
    const csq_policies *policies = ask->automaton->walk.policies;
    const bool measures = ((move->elapsed | move->paused) & CSQ__SUM_OPEN) != 0;
    const bool sets = move->position == CSQ__SET_AT;
    const csq_calendar *const old = csq__policies_calendar(policies, before->calendar);
    const csq_calendar *const next = csq__policies_calendar(policies, after->calendar);
    move->calendar = measures ? old : sets ? next : NULL;
    move->next = sets ? next : move->calendar;
}

/* Says how the times of a run came to be; false if no move can. */
static bool ask_run(const asking *ask, const csq__run *before, const csq__run *after,
                    csq__move *move)
{
    csq_ms position;
    if (csq__walk_position(&ask->automaton->walk, after->calendar, ask->at, &position, NULL) !=
        CSQ_OK) {
        return false;
    }
    move->position = after->since_position == position ? CSQ__SET_AT : CSQ__SET_KEEP;
    const bool is_told =
        (move->position == CSQ__SET_AT || after->since_position == before->since_position) &&
        ask_set(ask, before->started_at, after->started_at, &move->started) &&
        ask_set(ask, before->stopped_at, after->stopped_at, &move->stopped) &&
        ask_set(ask, before->since, after->since, &move->since) &&
        ask_sum(ask, after->elapsed, &move->elapsed) && ask_sum(ask, after->paused, &move->paused);
    if (is_told) {
        ask_calendars(ask, before, after, move);
    }
    return is_told;
}

/* Clears the times of a run; how often a cycle began before does not matter but for the first. */
static void ask_clear_times(csq__run *run)
{
    memset(run, 0, CSQ__RUN_TIMES);
    run->cycle = run->cycle > 0;
}

/* Whether a clock keeps the codes of now, or keeps none yet; else no move can say what it did. */
static bool ask_codes(const asking *ask, const uint32_t *codes, bool *are_now)
{
    const csq__walk *walk = &ask->automaton->walk;
    bool are_old = true;
    *are_now = walk->n_groups > 0;
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        are_old = are_old && codes[g] == ASK_CODE;
        *are_now = *are_now && codes[g] == (uint32_t)walk->now[walk->group_slots[g]];
    }
    return are_old || *are_now;
}

static bool ask_finished(asking *ask)
{
    csq__automaton *automaton = ask->automaton;
    const csq__finished *finished = automaton->walk.finished.data;
    const size_t n = automaton->walk.finished.n;
    if (n > 0 && automaton->fixed.items.n >= automaton->move_limit) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const uint32_t c = finished[i].clock;
        csq__move move = {.kind = CSQ__MOVE_KEEP, .index = c};
        bool are_now;
        csq__run run = finished[i].run;
        if (!ask_run(ask, &ask->before[c], &run, &move) ||
            !ask_codes(ask, finished[i].codes, &are_now)) {
            return false;
        }
        ask_clear_times(&run);
        move.codes_now = are_now;
        move.fixed = csq__pool_add(&automaton->fixed, &automaton->allocator,
                                   (const uint8_t *)&run + CSQ__RUN_TIMES);
        ask->has_memory = ask->has_memory && move.fixed != CSQ_NO_INDEX;
        ask_push(ask, &move);
    }
    return true;
}

/* Recognises the most frequent moves. */
static void ask_simplify(csq__move *move)
{
    const bool advances = move->started == CSQ__SET_KEEP && move->stopped != CSQ__SET_NONE &&
                          move->since == CSQ__SET_AT && move->position == CSQ__SET_AT &&
                          move->calendar == move->next &&
                          (move->elapsed | CSQ__SUM_OPEN) == (CSQ__SUM_ELAPSED | CSQ__SUM_OPEN) &&
                          (move->paused | CSQ__SUM_OPEN) == (CSQ__SUM_PAUSED | CSQ__SUM_OPEN);
    if (advances) {
        move->kind = CSQ__MOVE_ADVANCE;
        move->adds_elapsed = (move->elapsed & CSQ__SUM_OPEN) != 0;
        move->adds_paused = (move->paused & CSQ__SUM_OPEN) != 0;
        move->stops = move->stopped == CSQ__SET_AT;
    }
    const bool begins = move->started == CSQ__SET_AT && move->stopped == CSQ__SET_NONE &&
                        move->since == CSQ__SET_AT && move->position == CSQ__SET_AT &&
                        move->elapsed == 0 && move->paused == 0;
    if (begins) {
        move->kind = CSQ__MOVE_BEGIN;
    }
}

static bool ask_runs(asking *ask)
{
    const csq__walk *walk = &ask->automaton->walk;
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        csq__move move = {.kind = CSQ__MOVE_RUN, .index = c};
        bool are_now;
        if (!ask_codes(ask, &walk->group_codes[c * walk->n_groups], &are_now)) {
            return false;
        }
        if (memcmp(&walk->runs[c], &ask->before[c], CSQ__RUN_TIMES) != 0) {
            if (!ask_run(ask, &ask->before[c], &walk->runs[c], &move)) {
                return false;
            }
            ask_simplify(&move);
            const bool advances = move.kind == CSQ__MOVE_ADVANCE;
            move.fixed = !advances ? 0 : are_now ? c : walk->n_clocks;
            are_now = are_now && !advances;
            ask_push(ask, &move);
        }
        if (are_now) {
            const csq__move codes = {.kind = CSQ__MOVE_CODES, .index = c};
            ask_push(ask, &codes);
        }
    }
    return true;
}

/* A value of one of the tally's attributes is kept beside the state. */
static void ask_slot(asking *ask)
{
    const csq__walk *walk = &ask->automaton->walk;
    const csq__taken_form form = csq__walk_form(walk, ask->event, false);
    bool is_grouped = false;
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        is_grouped = is_grouped || walk->group_slots[g] == form.slot;
    }
    if (is_grouped) {
        const csq__move move = {.kind = CSQ__MOVE_SLOT, .index = form.slot};
        ask_push(ask, &move);
    }
}

static void ask_write_state(const csq__automaton *automaton, uint8_t *out)
{
    csq__walk_state_write(&automaton->walk, out);
    for (uint32_t c = 0; c < automaton->walk.n_clocks; c++) {
        csq__run run;
        uint8_t *const at = out + csq__walk_state_run(c);
        memcpy(&run, at, sizeof run);
        ask_clear_times(&run);
        memcpy(at, &run, sizeof run);
    }
}

/* ---- asking -------------------------------------------------------------------------------- */

static csq_status ask_take(const asking *ask, csq_error *error)
{
    csq__walk *walk = &ask->automaton->walk;
    const csq__taken_form form = csq__walk_form(walk, ask->event, false);
    const csq__taken taken = {&form, ask->at, ask->event->value, 0, false};
    return csq__walk_take(walk, &taken, error);
}

/* Whether the walk has done no more than bytes and moves can say. */
static bool is_plain(const csq__walk *walk)
{
    return !walk->needs_recorder && !walk->is_timed && !walk->is_pending && walk->beside.n == 0 &&
           walk->n_remeasured == 0;
}

csq_status csq__automaton_ask(csq__automaton *automaton, uint32_t state, const csq__event *event,
                              uint32_t which, bool *is_told, bool *is_final, csq_error *error)
{
    csq__walk *walk = &automaton->walk;
    csq__run before[CSQ_CLOCK_LIMIT];
    asking ask = {.automaton = automaton,
                  .times = &asked_times[which],
                  .event = event,
                  .before = before,
                  .at = event->at + (is_askable(event->at) ? asked_times[which].at_offset : 0),
                  .list = &automaton->asked[which],
                  .has_memory = true};
    csq__walk_reset(walk);
    csq__walk_state_read(walk, csq__automaton_state(automaton, state));
    ask.list->n = 0;
    csq_status status = is_askable(event->at) ? ask_prepare(&ask, NULL) : CSQ_ERANGE;
    if (status == CSQ_OK) {
        memcpy(before, walk->runs, walk->n_clocks * sizeof *before);
        status = ask_take(&ask, NULL);
    }
    // What fails at one instant need not fail at another: nothing is learned.
    *is_told = status == CSQ_OK;
    *is_final = status == CSQ_OK;
    if (status == CSQ_OK) {
        ask_slot(&ask);
        *is_told = is_plain(walk) && ask_finished(&ask) && ask_runs(&ask);
        ask_write_state(automaton, automaton->found[which]);
    }
    return status == CSQ_ENOMEM || !ask.has_memory ? csq__fail_memory(error) : CSQ_OK;
}
