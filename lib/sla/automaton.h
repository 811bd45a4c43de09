/*
 * automaton — a cache of what the walk does with plain events, for replays of whole logs.
 *
 * But for its times, what a walk knows (csq__walk_state_write) is one of few states, and an event
 * but for its instant is one of few symbols. What the walk does with a symbol in a state is asked
 * of the walk itself, the first time that the two meet, and kept as a cell: the next state, and
 * moves that say what becomes of the times of the runs. Then an event costs a look-up and its
 * moves; no rule is written twice.
 *
 * The walk is asked twice, at two instants and with other times in its runs. Only what is the same
 * both times, and what the moves can say, is kept; everything else, and every kind of event that is
 * not known to depend on its value through the frame alone, leads to the state `dead`: the ticket
 * is walked. Whoever adds to the walk has the safe choice by default: a member that lasts belongs
 * into the state bytes, where an instant makes the two answers differ; code that decides by an
 * instant or a sum sets walk->is_timed.
 *
 * Uses: base, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_AUTOMATON_H
#define CSQ_SLA_AUTOMATON_H

#include "sla/tally.h"

/* ---- moves --------------------------------------------------------------------------------- */

/* The members of a run that are times; the rest is part of a state. */
enum { CSQ__RUN_TIMES = offsetof(csq__run, target), CSQ__RUN_FIXED = 48 };
_Static_assert(CSQ__RUN_TIMES == 48 && sizeof(csq__run) == 96, "a run is its times and the rest");

typedef enum csq__move_kind {
    CSQ__MOVE_ADVANCE = 1, /* the current stretch ends: adds to sums, begins another or the end */
    CSQ__MOVE_BEGIN,       /* a cycle begins */
    CSQ__MOVE_RUN,         /* any other times of a run */
    CSQ__MOVE_KEEP,        /* a cycle has ended and another has begun: it is kept */
    CSQ__MOVE_CODES,       /* the cycle keeps the values of the tally's attributes */
    CSQ__MOVE_SLOT         /* a value of one of the tally's attributes */
} csq__move_kind;

/* Terms of a sum: times of the run before, and the open time since then. */
enum { CSQ__SUM_ELAPSED = 1, CSQ__SUM_PAUSED = 2, CSQ__SUM_OPEN = 4 };

/* How a time is set. */
enum { CSQ__SET_KEEP = 0, CSQ__SET_AT = 1, CSQ__SET_NONE = 2 };

/* Without padding, so that equal moves have equal bytes. */
typedef struct csq__move {
    const csq_calendar *calendar; /* that measures the open time; NULL: every instant is open */
    const csq_calendar *next;     /* on which the run goes on */
    uint32_t index;               /* of the clock, or the slot */
    uint32_t fixed;               /* KEEP: index of what is not a time of the cycle; ADVANCE: the
                                     clock that keeps codes, or one behind the last: none does */
    uint8_t kind;
    uint8_t is_last; /* of its list */
    uint8_t elapsed; /* CSQ__SUM_… */
    uint8_t paused;
    uint8_t started; /* CSQ__SET_… */
    uint8_t stopped;
    uint8_t since;
    uint8_t position;     /* KEEP or AT */
    uint8_t codes_now;    /* KEEP: the codes are those of now, not those at its end */
    uint8_t adds_elapsed; /* ADVANCE: 1 or 0 */
    uint8_t adds_paused;
    uint8_t stops;
    uint8_t reserved[4];
} csq__move;

_Static_assert(sizeof(csq__move) == 2 * sizeof(void *) + 24, "no padding");

/* All bits if the bit is set in `bits`. */
static inline csq_ms csq__move_mask(uint32_t bits, uint32_t bit)
{
    return -(csq_ms)((bits & bit) != 0);
}

static inline csq_ms csq__move_set(csq_ms old, csq_ms at, uint32_t how)
{
    const csq_ms kept = how == CSQ__SET_KEEP ? old : CSQ_MS_NONE;
    return how == CSQ__SET_AT ? at : kept;
}

static inline csq_ms csq__move_sum(const csq__run *run, csq_ms open, uint32_t terms)
{
    const csq_ms counted =
        csq__add_saturated(run->elapsed & csq__move_mask(terms, CSQ__SUM_ELAPSED),
                           run->paused & csq__move_mask(terms, CSQ__SUM_PAUSED));
    return csq__add_saturated(counted, open & csq__move_mask(terms, CSQ__SUM_OPEN));
}

/* What ADVANCE does; the same as csq__move_run where it applies. */
static inline bool csq__move_advance(const csq__move *move, csq_ms at, csq__run *run)
{
    csq_ms position = at;
    if (move->calendar != NULL && !csq__calendar_position(move->calendar, at, &position)) {
        return false;
    }
    const csq_ms open = csq__sub_saturated(position, run->since_position);
    run->elapsed = csq__add_saturated(run->elapsed, open & -(csq_ms)move->adds_elapsed);
    run->paused = csq__add_saturated(run->paused, open & -(csq_ms)move->adds_paused);
    // By a mask: which events stop a clock is hard to predict.
    const csq_ms stops = -(csq_ms)move->stops;
    run->stopped_at = (at & stops) | (run->stopped_at & ~stops);
    run->since = at;
    run->since_position = position;
    return true;
}

/* What BEGIN does, likewise. */
static inline bool csq__move_begin(const csq__move *move, csq_ms at, csq__run *run)
{
    csq_ms position = at;
    if (move->next != NULL && !csq__calendar_position(move->next, at, &position)) {
        return false;
    }
    run->started_at = at;
    run->stopped_at = CSQ_MS_NONE;
    run->since = at;
    run->since_position = position;
    run->elapsed = 0;
    run->paused = 0;
    return true;
}

/* The times of a run after a move at `at`. False, and nothing written, where a calendar does not
 * answer: the walk says whether that matters. */
static inline bool csq__move_run(const csq__move *move, csq_ms at, const csq__run *from,
                                 csq__run *to)
{
    csq_ms position = at;
    if (move->calendar != NULL && !csq__calendar_position(move->calendar, at, &position)) {
        return false;
    }
    csq_ms next = position;
    if (__builtin_expect(move->next != move->calendar, 0)) {
        next = at;
        if (move->next != NULL && !csq__calendar_position(move->next, at, &next)) {
            return false;
        }
    }
    const csq_ms open = csq__sub_saturated(position, from->since_position);
    const csq_ms elapsed = csq__move_sum(from, open, move->elapsed);
    const csq_ms paused = csq__move_sum(from, open, move->paused);
    to->started_at = csq__move_set(from->started_at, at, move->started);
    to->stopped_at = csq__move_set(from->stopped_at, at, move->stopped);
    to->since = csq__move_set(from->since, at, move->since);
    to->since_position = move->position == CSQ__SET_AT ? next : from->since_position;
    to->elapsed = elapsed;
    to->paused = paused;
    return true;
}

/* ---- states and cells ---------------------------------------------------------------------- */

enum { CSQ__STATE_START, CSQ__STATE_EMPTY, CSQ__STATE_DEAD, CSQ__STATE_FIRST };

/* Symbols that every alphabet has: a row that has to be looked at, and one that is walked. */
enum { CSQ__SYMBOL_LOOK, CSQ__SYMBOL_WALK, CSQ__SYMBOL_FIRST };

enum {
    CSQ__STATE_LIMIT = 4096,
    CSQ__STATE_BYTES_LIMIT = 4 << 20,
    CSQ__CELL_LIMIT = 1 << 18,
    CSQ__MOVE_LIMIT = 1 << 16 /* and as many cycles that are kept */
};

/* A state is numbered; where its cells begin is its place: the number, shifted. A cell is the place
 * of the next state and, 32 bits higher, the first of a list of moves; 0: none. */
typedef uint64_t csq__cell;

#define CSQ__CELL_MOVES   ((uint64_t)UINT32_MAX << 32)
#define CSQ__CELL_UNKNOWN UINT64_MAX

/* Elements of one size, each there once, found by their bytes. */
typedef struct csq__pool {
    csq__array items;
    csq__table table; /* index + 1 */
    size_t size;      /* of an element */
} csq__pool;

typedef struct csq__automaton {
    csq_allocator allocator;
    csq__walk walk;   /* the one that is asked */
    csq__pool states; /* state bytes, the times of all runs 0 */
    csq__pool fixed;  /* what is not a time of cycles that were kept */
    csq__array moves; /* csq__move: lists; the first belongs to none */
    csq__table lists; /* index of a list's first move */
    csq__array cells; /* csq__cell by place of the state + symbol */
    uint32_t shift;
    uint32_t n_symbols;
    const uint8_t *creates; /* by symbol: whether it creates a ticket */
    size_t limit;           /* states */
    size_t move_limit;
    csq__array asked[2]; /* csq__move: the list of each of two answers */
    uint8_t *found[2];   /* the state after each */
} csq__automaton;

/* `creates` is borrowed. Errors: CSQ_ENOMEM; then release it all the same. */
csq_status csq__automaton_init(csq__automaton *automaton, const csq_tally *tally,
                               uint32_t n_symbols, const uint8_t *creates, csq_error *error);
void csq__automaton_release(csq__automaton *automaton);

/*
 * Finds out what an event does in a state, and fills in the cell unless that cannot be told here.
 * `*out` is the cell, or one that leads to the state `dead`. Errors: CSQ_ENOMEM.
 */
csq_status csq__automaton_learn(csq__automaton *automaton, uint32_t state, uint32_t symbol,
                                const csq__event *event, csq__cell *out, csq_error *error);

/* Asks the walk what an event does in a state (automaton_ask.c). `*is_told` is false where the
 * moves cannot say it; `*is_final` whether that holds for the event at any instant. */
csq_status csq__automaton_ask(csq__automaton *automaton, uint32_t state, const csq__event *event,
                              uint32_t which, bool *is_told, bool *is_final, csq_error *error);

/* The index of an element; CSQ_NO_INDEX without memory. */
uint32_t csq__pool_add(csq__pool *pool, const csq_allocator *allocator, const void *element);

/* The bytes of a state. */
static inline const uint8_t *csq__automaton_state(const csq__automaton *automaton, uint32_t state)
{
    return (const uint8_t *)automaton->states.items.data + state * automaton->states.size;
}

#endif
