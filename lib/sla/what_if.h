/*
 * what_if — the inside of a what-if: pairs of clocks, listed changes, the two sides at work.
 *
 * Uses: base, time, calendar, stat, condition, ticket.
 */
#ifndef CSQ__SLA_WHAT_IF_H
#define CSQ__SLA_WHAT_IF_H

#include "csq/sla_what_if.h"
#include "sla/tally.h"

enum { CSQ__SIDES = 2 };

/* A clock by the names of its metric and track: its index on each side, or CSQ_NO_INDEX. */
typedef struct csq__pair {
    uint32_t clock[CSQ__SIDES];
    bool is_redefined;
} csq__pair;

typedef struct csq__change {
    uint64_t ticket;
    uint64_t missed[CSQ__SIDES]; /* cycles */
    uint32_t pair;
    uint32_t reasons;
    csq_answer answers[CSQ__SIDES]; /* zeroed where the clock does not exist */
} csq__change;

struct csq_what_if {
    csq_allocator allocator;
    csq_policies *policies[CSQ__SIDES]; /* retained */
    csq_tally *tallies[CSQ__SIDES];
    csq__pair *pairs;
    uint32_t n_pairs;
    uint32_t list;
    uint32_t change_limit;
    csq__array changes; /* csq__change *, in their order unless this is being filled */
    csq_what_if_summary summary; /* without `unlisted` */
    uint64_t n_listable;         /* changes that belong into the list, dropped ones included */
};

/* Puts the changes into their order and drops those beyond the limit. */
void csq__what_if_trim(csq_what_if *what_if);
/* An empty what-if of the same kind. */
csq_status csq__what_if_new_like(const csq_what_if *what_if, csq_what_if **out, csq_error *error);

/* ---- judging (what_if_compare.c) ----------------------------------------------------------- */

/* A cycle that is over and was followed by another. */
typedef struct csq__told_cycle {
    uint32_t clock;
    uint32_t phase;
    uint32_t policy;
    uint32_t workdays;
    bool is_late;
    csq_ms started_at;
    csq_ms stopped_at;
    csq_ms target;
    csq_ms elapsed;
    csq_ms paused;
} csq__told_cycle;

/* What a side knows of a clock. */
typedef struct csq__told_clock {
    csq_answer answer;
    uint32_t end_of_day;
    uint64_t n_missed;
} csq__told_clock;

typedef struct csq__what_if_side {
    csq__walk walk;
    csq__recorder recorder;
    csq__told_clock *clocks; /* by index */
    csq__array cycles;       /* csq__told_cycle */
} csq__what_if_side;

/* Both sides, filling a what-if of their own. */
typedef struct csq__what_if_run {
    csq_what_if *into;
    csq_allocator memory;
    csq__what_if_side sides[CSQ__SIDES];
    csq_ms now;
} csq__what_if_run;

/* Errors: CSQ_ENOMEM; then nothing has to be released. */
csq_status csq__what_if_begin(csq__what_if_run *run, const csq_what_if *what_if, csq_ms now,
                              csq_error *error);
/* Merges what was judged unless `status` says that something failed, and releases all. */
csq_status csq__what_if_end(csq__what_if_run *run, csq_what_if *what_if, csq_status status,
                            csq_error *error);
/* Judges a ticket by its events, in their order. Errors: as csq_policies_answer, with the event as
 * index. */
csq_status csq__what_if_judge(csq__what_if_run *run, uint64_t ticket, const csq__event *events,
                              size_t n, csq_error *error);

#endif
