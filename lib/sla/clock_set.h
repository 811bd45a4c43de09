/*
 * clock_set — the inside of csq_clock_set: slots of tickets, the heap of what happens next, and
 * what all of it rests on, the firings of a ticket's clocks.
 *
 * What is true of a ticket at an instant t are its firings F(log, t): the points (steps of the
 * ladder, lateness) that its clocks had reached by then, judged by the events up to t. A slot keeps
 * those that were told. Its key is an instant up to which, from the last take on, F stays what was
 * told; the heap is ordered by keys. So a key is all that an event changes, and a take does nothing
 * but put F(log, now) in the place of what was told and tell the difference.
 *
 * Uses: base, time, column, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_CLOCK_SET_H
#define CSQ_SLA_CLOCK_SET_H

#include "csq/sla_live.h"
#include "sla/live.h"

/* A point that a clock reached. A list of firings is ordered by (clock, cycle, step). */
typedef struct csq__point {
    csq_ms at;
    uint32_t cycle;
    uint16_t clock;
    uint16_t step; /* CSQ__BREACH: lateness */
} csq__point;

_Static_assert(sizeof(csq__point) == 16, "what told firings take");

enum { CSQ__BREACH = UINT16_MAX };

/* Negative, 0, positive. */
static inline int csq__point_compare(const csq__point *a, const csq__point *b)
{
    if (a->clock != b->clock) {
        return a->clock < b->clock ? -1 : 1;
    }
    if (a->cycle != b->cycle) {
        return a->cycle < b->cycle ? -1 : 1;
    }
    return (a->step > b->step) - (a->step < b->step);
}

typedef struct csq__points {
    csq__point *list; /* NULL if there are none */
    uint32_t n;
} csq__points;

/* A ticket of a set. */
typedef struct csq__kept_ticket {
    csq_ticket ticket;
    csq__points told;
    uint32_t place; /* in the heap; CSQ__NO_PLACE: nothing will happen */
} csq__kept_ticket;

enum { CSQ__SLOTS = 128 /* of a chunk */ };
#define CSQ__NO_PLACE UINT32_MAX

typedef struct csq__heap_entry {
    csq_ms key;
    uint32_t slot;
    uint32_t reserved;
} csq__heap_entry;

/* Slots are dense, in chunks that stay where they are. */
struct csq_clock_set {
    csq_allocator allocator;
    csq_policies *policies;
    uint64_t seed;
    csq__array chunks; /* csq__kept_ticket * */
    uint32_t n;        /* slots */
    csq__table by_id;  /* slot + 1 */
    csq__array heap;   /* csq__heap_entry, room for all slots */
    csq_ms taken;      /* instant of the last take; CSQ_MS_NONE: none */
    csq__array notices; /* csq_notice, of the last take */

    /* What judging a ticket needs, kept from one to the next. */
    csq__walk walk;
    csq__recorder recorder;
    csq__walk ladder_walk; /* for a clock whose ladder a change bears on */
    csq__recorder ladder_recorder;
    csq__run *before;  /* runs before an event */
    csq__array fired;  /* csq__point */
};

static inline csq__kept_ticket *csq__set_slot(const csq_clock_set *set, uint32_t index)
{
    return ((csq__kept_ticket **)set->chunks.data)[index / CSQ__SLOTS] + index % CSQ__SLOTS;
}

/* ---- slots (clock_set.c) ------------------------------------------------------------------- */

/* The slot of a ticket, or CSQ__NO_PLACE. */
uint32_t csq__set_find(const csq_clock_set *set, uint64_t ticket);
/* Makes a slot, with an empty ticket, for an id that has none; leaves room in the heap for all
 * slots. Errors: CSQ_ELIMIT, CSQ_ENOMEM. */
csq_status csq__set_add(csq_clock_set *set, uint64_t ticket, uint32_t *index, csq_error *error);
/* Takes a slot out; the last slot moves to its place. */
void csq__set_drop(csq_clock_set *set, uint32_t index);

/* ---- the heap (clock_set_heap.c) ----------------------------------------------------------- */

/* Gives a slot a key; CSQ_MS_NONE takes it out of the heap. Needs no memory. */
void csq__heap_set(csq_clock_set *set, uint32_t slot, csq_ms key);
/* The key of a slot, or CSQ_MS_NONE. */
csq_ms csq__heap_key(const csq_clock_set *set, uint32_t slot);
/* The first slot of a heap that is not empty. */
static inline const csq__heap_entry *csq__heap_top(const csq_clock_set *set)
{
    return set->heap.n == 0 ? NULL : set->heap.data;
}
/* Appends the slots with keys up to `now` to an array of uint32_t, in no order; false without
 * memory. */
bool csq__heap_due(const csq_clock_set *set, csq_ms now, csq__array *out);

/* ---- firings (clock_set_firings.c) --------------------------------------------------------- */

/* The earlier of two instants of which either may be CSQ_MS_NONE. */
static inline csq_ms csq__earlier(csq_ms a, csq_ms b)
{
    if (a == CSQ_MS_NONE || b == CSQ_MS_NONE) {
        return a == CSQ_MS_NONE ? b : a;
    }
    return a < b ? a : b;
}

/* A log, as it was walked up to an instant, and what was told of it before. */
typedef struct csq__looked {
    const csq__event *events;
    size_t n;
    csq_ms now;
    const csq__points *told;
} csq__looked;

/*
 * Puts the firings of a settled walk that has a recorder into set->fired, and in `*next` an instant
 * after now before which time alone changes none of them; CSQ_MS_NONE: it never does. A clock that
 * cannot be judged keeps what was told of it. Errors: CSQ_ENOMEM.
 */
csq_status csq__set_fire(csq_clock_set *set, const csq__looked *looked, csq_ms *next,
                         csq_error *error);
/* Finds what the ladder of a clock says of its cycles, if they were changed and an option asks for
 * it (clock_set_ladder.c). Errors: as of a walk. */
csq_status csq__set_read_ladder(csq_clock_set *set, const csq__looked *looked, uint32_t clock,
                                csq_error *error);
/* What it says of a step in a cycle: that it fired or was silenced; NULL: nothing. */
const csq__firing *csq__set_past(const csq_clock_set *set, uint32_t cycle, uint32_t step);

/*
 * The same for one clock without a recorder, just after a group of events at `now`: whether nothing
 * of it is to be told or withdrawn up to and including `now`, provided that this was so up to
 * before `now`. `before` is its run before the group, `n_finished` the number of walk->finished
 * then. If not sure, false. `*next` becomes earlier where something happens earlier.
 */
bool csq__run_is_quiet(csq__walk *walk, uint32_t clock, const csq__run *before, size_t n_finished,
                       csq_ms now, const csq__points *told, csq_ms *next);

/* ---- what happens next (clock_set_next.c) -------------------------------------------------- */

/* The firings of a ticket at `now`, in set->fired, and the key that it has once they are told.
 * Errors: CSQ_ENOMEM. */
csq_status csq__set_look(csq_clock_set *set, const csq_ticket *ticket, const csq__points *told,
                         csq_ms now, csq_ms *key, csq_error *error);
/* The key of a ticket of which `told` was told, from the last take on. Errors: CSQ_ENOMEM. */
csq_status csq__set_key(csq_clock_set *set, const csq_ticket *ticket, const csq__points *told,
                        csq_ms *key, csq_error *error);
/* The same for a ticket whose event at `place` is new; `key` holds what it was before. */
csq_status csq__set_follow(csq_clock_set *set, csq__kept_ticket *slot, size_t place, csq_ms *key,
                           csq_error *error);

/* ---- many tickets at once (clock_set_stage.c) ---------------------------------------------- */

/* Tickets as they will be, to be put into a set all or none. */
typedef struct csq__staged {
    csq_ticket ticket;
    csq__points told;
    csq_ms key;
    uint32_t slot; /* CSQ__NO_PLACE: it is new */
} csq__staged;

typedef struct csq__stage {
    csq_clock_set *set;
    csq__array staged; /* csq__staged */
} csq__stage;

/* Adds a ticket and what was told of it, copies of both, united with what the set has of it.
 * Errors: as csq__ticket_unite, with the id in the message. */
csq_status csq__stage_add(csq__stage *stage, const csq_ticket *ticket, const csq__points *told,
                          uint64_t *at_fault, csq_error *error);
/* Puts all of it into the set, which then was taken at `taken`. Errors: CSQ_ELIMIT, CSQ_ENOMEM. */
csq_status csq__stage_commit(csq__stage *stage, csq_ms taken, csq_error *error);
void csq__stage_release(csq__stage *stage);

/* A copy of a list; false without memory. */
bool csq__points_copy(const csq_allocator *allocator, const csq__point *list, size_t n,
                       csq__points *out);
void csq__points_release(const csq_allocator *allocator, csq__points *firings);

#endif
