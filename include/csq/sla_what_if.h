/*
 * csq/sla_what_if.h — what other policies or calendars would have made of the same events.
 *
 * A what-if holds two built policies, before and after, and judges tickets by both. It lists the
 * clocks that come out otherwise, with reasons, and keeps a tally of each side. Tickets are read
 * only: neither their events nor their checkpoints change.
 */
#ifndef CSQ_SLA_WHAT_IF_H
#define CSQ_SLA_WHAT_IF_H

#include "csq/sla_tally.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* Tickets judged by two policies. Accumulates; one user. */
typedef struct csq_what_if csq_what_if;

/* Which clocks are listed; all are counted. */
typedef enum csq_what_if_list {
    CSQ_WHAT_IF_LIST_DEFAULT = 0, /* ALL */
    CSQ_WHAT_IF_LIST_ALL = 1,     /* every clock that changes */
    CSQ_WHAT_IF_LIST_MISSED = 2 /* clocks of which more or fewer cycles are missed */
} csq_what_if_list;

enum { CSQ_WHAT_IF_CHANGES_DEFAULT = 10000, CSQ_WHAT_IF_CHANGES_LIMIT = 1000000 };

typedef struct csq_what_if_options {
    uint32_t size;
    uint32_t list;                  /* csq_what_if_list */
    uint32_t change_limit;          /* changes in the list, at most CSQ_WHAT_IF_CHANGES_LIMIT: the
                                       first in its order; 0: CSQ_WHAT_IF_CHANGES_DEFAULT */
    uint32_t reserved;              /* 0 */
    const csq_tally_options *tally; /* of both tallies; NULL: without groups */
} csq_what_if_options;

/* Nothing judged yet. The policies are of one schema; `options` may be NULL. Memory: two tallies,
 * and about 300 bytes a listed change. Errors: as csq_tally_new, and CSQ_EMISMATCH (schemas),
 * CSQ_ELIMIT (change_limit). */
CSQ_API csq_status csq_what_if_new(const csq_policies *before, const csq_policies *after,
                                   const csq_what_if_options *options,
                                   const csq_allocator *allocator, csq_what_if **out,
                                   csq_error *error);
CSQ_API void csq_what_if_free(csq_what_if *what_if);
CSQ_API csq_status csq_what_if_copy(const csq_what_if *what_if, csq_what_if **out,
                                    csq_error *error);
CSQ_API void csq_what_if_reset(csq_what_if *what_if);

/* Judges one ticket as it is at `now`; each goes in once. Errors: as csq_policies_answer, and
 * CSQ_EOVERFLOW; then the what-if is as it was. */
CSQ_API csq_status csq_what_if_add(csq_what_if *what_if, const csq_ticket *ticket, csq_ms now,
                                   csq_error *error);
/* Judges all tickets of a log. Memory meanwhile: a bit a row, and 72 bytes a row where the rows do
 * not come by ticket, instant and rising sequence. Errors: as above, with the row as `index`, what
 * csq_event_columns_check finds, and CSQ_ECANCELLED; then the what-if is as it was. */
CSQ_API csq_status csq_what_if_replay(csq_what_if *what_if, const csq_event_columns *columns,
                                      csq_ms now, csq_progress progress, void *user,
                                      csq_error *error);

/* Adds what another what-if of the same policies and options found of other tickets. Errors:
 * CSQ_EMISMATCH, CSQ_EOVERFLOW, CSQ_ENOMEM; then the what-if is as it was. */
CSQ_API csq_status csq_what_if_merge(csq_what_if *what_if, const csq_what_if *other,
                                     csq_error *error);

typedef struct csq_what_if_summary {
    uint32_t size;
    uint32_t reserved;
    uint64_t tickets;         /* judged */
    uint64_t changed_tickets; /* of which some clock changes */
    uint64_t changed_clocks;
    uint64_t worse;    /* clocks of which more cycles are missed after than before */
    uint64_t better;   /* clocks of which fewer are */
    uint64_t unlisted; /* changes that belong into the list, but lie beyond its limit */
} csq_what_if_summary;

/* Errors: CSQ_EINVAL, CSQ_EABI. */
CSQ_API csq_status csq_what_if_summary_of(const csq_what_if *what_if, csq_what_if_summary *out,
                                          csq_error *error);

/* In what the latest cycle of a clock differs. A clock changes if its phase, lateness, cycles,
 * policy, calendar (by their names), target, start, stop, times or due differ. */
typedef enum csq_what_if_reason {
    CSQ_WHAT_IF_APPEARS = 1,    /* only after: the clock is new, or now some policy applies */
    CSQ_WHAT_IF_DISAPPEARS = 2, /* only before */
    CSQ_WHAT_IF_POLICY = 4,     /* a policy of another name holds */
    CSQ_WHAT_IF_TARGET = 8,     /* the target is another one */
    CSQ_WHAT_IF_CALENDAR = 16,  /* another calendar, or one of that name with other hours */
    CSQ_WHAT_IF_METRIC = 32,    /* the metric is defined otherwise */
    CSQ_WHAT_IF_CYCLES = 64,    /* the number of cycles differs, or an earlier cycle does */
    CSQ_WHAT_IF_MEASURE = 128   /* none of these, but what was measured differs: the cycle ran under
                                   other terms before */
} csq_what_if_reason;

typedef enum csq_what_if_side { CSQ_WHAT_IF_BEFORE = 0, CSQ_WHAT_IF_AFTER = 1 } csq_what_if_side;

/* A clock that changes. Clocks of the two policies are the same one if their metrics
 * and tracks have the same names. */
typedef struct csq_what_if_change {
    uint32_t size;
    uint32_t reasons;       /* csq_what_if_reason, added up; never 0 */
    uint64_t ticket;        /* id */
    uint32_t clock_before;  /* index of the clock in the policies before; CSQ_NO_INDEX: none */
    uint32_t clock_after;
    uint64_t missed_before; /* cycles that the tally counts as missed, the latest included */
    uint64_t missed_after;
} csq_what_if_change;

/* The listed changes, by ticket and clock: those of before in their order, then the new ones. */
CSQ_API uint64_t csq_what_if_count(const csq_what_if *what_if);
/* Errors: CSQ_EINVAL, CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_what_if_change_at(const csq_what_if *what_if, uint64_t index,
                                         csq_what_if_change *out, csq_error *error);
/* The answer of a listed clock on one csq_what_if_side, as csq_policies_answer gives it; policy and
 * calendar are indexes of that side. Errors: CSQ_EINVAL, CSQ_ERANGE (index, side), CSQ_ENODATA (the
 * clock does not exist there), CSQ_EABI. */
CSQ_API csq_status csq_what_if_answer(const csq_what_if *what_if, uint64_t index, uint32_t side,
                                      csq_answer *out, csq_error *error);

/* The attainment on one csq_what_if_side; borrowed. NULL for NULL and for no side. */
CSQ_API const csq_tally *csq_what_if_tally(const csq_what_if *what_if, uint32_t side);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
