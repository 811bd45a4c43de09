/*
 * replay — what the parts of csq_tally_replay share: rows in order, the automaton, one ticket.
 *
 * Uses: base, time, column, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_REPLAY_H
#define CSQ_SLA_REPLAY_H

#include "sla/automaton.h"
#include "ticket/event_rows.h"

/* An internal signal: rows are not in order, or one of them cannot be. Never leaves replay.c. */
enum { CSQ__REPLAY_UNORDERED = 1 };

/* Values of attributes that a rule reads are symbols up to this many a type. */
enum { CSQ__REPLAY_VALUES = 256, CSQ__REPLAY_SYMBOLS = 4096 };

/* The symbols of a type of events, by the values that the table of the type knows; the last one is
 * that of all other values. */
typedef struct csq__row_lookup {
    const uint16_t *symbols;
    uint64_t n; /* before the last */
} csq__row_lookup;

/* The symbols of a type where that does not tell. */
typedef struct csq__row_symbols {
    uint32_t missing;  /* of a missing value */
    uint32_t base;     /* of value 0, if each value has a symbol */
    uint32_t n_values; /* with a symbol of their own */
    uint32_t any;      /* of values that do not matter; 0: they do */
} csq__row_symbols;

/* What rows lead to, noted in the first pass over a block: the number of the row in its block, and
 * 32 bits higher the first of its moves; or, of the first row of the next ticket, the place of the
 * state in which the ticket before it ended, marked by the highest bit. */
typedef uint64_t csq__replay_mark;

#define CSQ__REPLAY_END ((uint64_t)1 << 63)

typedef struct csq__replay {
    csq__rows rows;
    csq__row_block block;
    csq__row_block again; /* for the rows of one ticket */
    csq_allocator memory;
    csq_tally *tally;
    csq__walk walk;
    csq__recorder recorder;
    csq_ms now;
    csq_ms now_tick;
    csq_error *error;
    bool has_joined;        /* some type of event joins the one before it */
    csq__taken_form *forms; /* by type */
    csq_progress progress;
    void *user;
    uint64_t *order; /* numbers of the rows in order; NULL while they are read as they come */
    uint64_t n;      /* places in the order, or rows */

    csq__automaton automaton;
    csq__row_symbols *symbols; /* by type */
    csq__row_lookup *lookups;  /* likewise, one more for rows without a type */
    uint8_t *creates;          /* by symbol */
    uint32_t n_symbols;
    csq__replay_mark marks[2 * CSQ__ROW_BLOCK];

    /* The ticket that is being read. */
    uint64_t ticket;
    uint64_t state; /* its place among the cells */
    uint64_t first; /* place of its first row */
    bool is_walked; /* a move could not be made */
    int64_t tick;   /* of its last row */
    uint64_t sequence;
} csq__replay;

csq_status csq__replay_fail(csq__replay *run, uint64_t row, csq__row_fault fault);

/* Loads the rows at [place, place + n), at most a block. */
void csq__replay_load(const csq__replay *run, uint64_t place, uint64_t n, csq__row_block *block);

/* Gives the rows symbols and makes the automaton. Errors: CSQ_ENOMEM. */
csq_status csq__replay_init_symbols(csq__replay *run, csq_error *error);
void csq__replay_release_symbols(csq__replay *run);
/* The symbol of a good row for which its table has none. */
uint32_t csq__replay_symbol(const csq__row_symbols *symbols, int64_t value);

/* Reads all rows in order and counts their tickets. Errors: those of csq_tally_replay and
 * CSQ__REPLAY_UNORDERED. */
csq_status csq__replay_scan(csq__replay *run);

/* Counts the ticket at places [run->first, end) by walking it event by event; at once with a
 * recorder, if it is known that it needs one. */
csq_status csq__replay_walk_ticket(csq__replay *run, uint64_t end, bool needs_recorder);

#endif
