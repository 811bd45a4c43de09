/*
 * csq/sla_live.h — the clocks of many tickets, kept for a live host: what happens next, what became
 * due, and what is true at any instant.
 *
 * A clock set owns tickets by id. It is told events in any order and knows the instant at which
 * something of any of them may have to be told next, so that a host needs one timer:
 *
 *     csq_clock_set_apply(set, ticket_id, &event, &error);          // whenever something happens
 *     while (csq_clock_set_next(set, &at, &id, NULL) == CSQ_OK && at <= now) {
 *         csq_clock_set_take(set, now, &n, &error);                 // when the timer rings
 *         for (i = 0; i < n; i++) {
 *             csq_clock_set_notice(set, i, &notice, &error);        // escalate, notify …
 *         }
 *     }
 *     // sleep until `at`
 *
 * What has been told is always what is true of the log at the instant up to which was taken, in
 * whatever order the events arrived: an event that comes late can make something due in the past,
 * which is told then, or move or withdraw what was told.
 *
 * One user at a time. Functions leave the set as it was when they fail.
 */
#ifndef CSQ_SLA_LIVE_H
#define CSQ_SLA_LIVE_H

#include "csq/sla.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

typedef struct csq_clock_set csq_clock_set;

enum { CSQ_CLOCK_SET_LIMIT = 1000000000 }; /* tickets */

typedef struct csq_clock_set_options {
    uint32_t size;
    uint32_t reserved; /* 0 */
    uint64_t seed;     /* of the hashes of ids: random where strangers choose them */
} csq_clock_set_options;

/* An empty set that retains the policies; `options` may be NULL. Errors: CSQ_EINVAL, CSQ_EABI,
 * CSQ_EABI_NEWER, CSQ_ENOMEM. */
CSQ_API csq_status csq_clock_set_new(csq_policies *policies, const csq_clock_set_options *options,
                                     const csq_allocator *allocator, csq_clock_set **out,
                                     csq_error *error);
CSQ_API void csq_clock_set_free(csq_clock_set *set);
/* An independent copy, without the notices of the last take. Errors: CSQ_EINVAL, CSQ_ENOMEM. */
CSQ_API csq_status csq_clock_set_copy(const csq_clock_set *set, csq_clock_set **out,
                                      csq_error *error);
/* Forgets all tickets and the instant up to which was taken. NULL: nothing happens. */
CSQ_API void csq_clock_set_reset(csq_clock_set *set);

/* ---- tickets ------------------------------------------------------------------------------- */

/*
 * Puts an event into the log of a ticket, which is made when it is new. The same event again
 * changes nothing and is CSQ_OK. An event that clocks cannot be judged by, as one outside the years
 * of a calendar, is a fact all the same: it is kept, answers fail with the reason from its instant
 * on, and nothing is told or withdrawn until they do not fail any more.
 *
 * Errors: as csq_ticket_apply; CSQ_ELIMIT also for too many tickets.
 * Complexity: an event that is later than all others of its ticket and than the last take costs the
 * step of the clocks that it concerns; one that comes late, or joins the one before it, a walk of
 * its ticket's log.
 */
CSQ_API csq_status csq_clock_set_apply(csq_clock_set *set, uint64_t ticket,
                                       const csq_ticket_event *event, csq_error *error);
/*
 * Puts all events of a log in columns into the set, or none. Rows come in any order; the same event
 * twice, or one that the set knows, is no fault. Errors: what csq_event_columns_check finds, with
 * the row as `index`, CSQ_ECONFLICT, CSQ_EORDER and CSQ_EMERGED also for a row that contradicts
 * what the set knows; CSQ_ELIMIT, CSQ_ECANCELLED, CSQ_ENOMEM. Memory meanwhile: the tickets that
 * the log touches, twice.
 */
CSQ_API csq_status csq_clock_set_apply_columns(csq_clock_set *set,
                                               const csq_event_columns *columns,
                                               csq_progress progress, void *user,
                                               csq_error *error);
/* Forgets a ticket and what was told of it; nothing is withdrawn. Errors: CSQ_EINVAL,
 * CSQ_ENOTFOUND. */
CSQ_API csq_status csq_clock_set_remove(csq_clock_set *set, uint64_t ticket, csq_error *error);

CSQ_API uint64_t csq_clock_set_count(const csq_clock_set *set);
/* The ticket with an id, or NULL. Borrowed until the set changes. */
CSQ_API const csq_ticket *csq_clock_set_ticket(const csq_clock_set *set, uint64_t ticket);
/* The tickets by index from 0, in no order; NULL beyond the end. Indexes change when a ticket is
 * removed. Borrowed until the set changes. */
CSQ_API const csq_ticket *csq_clock_set_ticket_at(const csq_clock_set *set, uint64_t index);
/* Bytes of memory that the set takes, tickets included. */
CSQ_API uint64_t csq_clock_set_memory(const csq_clock_set *set);

/* csq_policies_answer for a ticket of the set, in memory that the set keeps for it. Errors: as
 * there, and CSQ_ENOTFOUND. */
CSQ_API csq_status csq_clock_set_answer(csq_clock_set *set, uint64_t ticket, uint32_t clock,
                                        csq_ms now, csq_answer *out, csq_error *error);

/* ---- what is due --------------------------------------------------------------------------- */

/*
 * Tells when csq_clock_set_take may have something to tell, and the id of the ticket (the smallest
 * of those of that instant). Never later than the first notice; early where it takes a look at that
 * instant to know. An instant that is not after the last take means now. Errors: CSQ_EINVAL,
 * CSQ_ENODATA (never, if no event comes). Complexity: O(1).
 */
CSQ_API csq_status csq_clock_set_next(const csq_clock_set *set, csq_ms *at, uint64_t *ticket,
                                      csq_error *error);

typedef enum csq_notice_kind {
    CSQ_NOTICE_STEP = 1,  /* the clock reached a step of its ladder */
    CSQ_NOTICE_BREACH = 2 /* the clock became late: the first instant after its due instant at which
                             it is */
} csq_notice_kind;

typedef enum csq_notice_change {
    CSQ_NOTICE_NEW = 1,      /* it is true, and was not told */
    CSQ_NOTICE_MOVED = 2,    /* it is true, but of another instant than the one told */
    CSQ_NOTICE_WITHDRAWN = 3 /* it was told, and is not true */
} csq_notice_change;

typedef struct csq_notice {
    uint32_t size;
    uint32_t kind;   /* csq_notice_kind */
    uint32_t change; /* csq_notice_change */
    uint32_t clock;  /* index of the clock */
    uint64_t ticket;
    uint32_t cycle;  /* from 1 */
    uint32_t step;   /* index in the ladder; CSQ_NO_INDEX for a breach */
    csq_ms at;       /* when it became true; what was told, if withdrawn */
    csq_ms was_at;   /* moved: the instant told before; else CSQ_MS_NONE */
} csq_notice;

/*
 * Finds all that is true at `now`, by the events up to then, and was not told, and all that was told
 * and is not true; from then on it counts as told. Cycles that ended are included: what they reached
 * stays true. The notices are ordered by (at, ticket, clock, cycle, step), the breach behind the
 * steps, and stay until the next take. Errors: CSQ_EINVAL, CSQ_ERANGE (`now` is CSQ_MS_NONE),
 * CSQ_EORDER (before the last take), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_clock_set_take(csq_clock_set *set, csq_ms now, uint64_t *count,
                                      csq_error *error);
/* A notice of the last take. Errors: CSQ_EINVAL, CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_clock_set_notice(const csq_clock_set *set, uint64_t index, csq_notice *out,
                                        csq_error *error);
/* The instant of the last take; CSQ_MS_NONE before the first. */
CSQ_API csq_ms csq_clock_set_taken(const csq_clock_set *set);

/* ---- sets as a whole ----------------------------------------------------------------------- */

/*
 * Takes over the tickets of another set of equal policies and schema. A ticket of both gets the
 * events of both; what either has told counts as told (of two instants of one notice the earlier),
 * and the later take counts. Which set is merged into which does not show. Errors: CSQ_EMISMATCH,
 * CSQ_ECONFLICT, CSQ_EORDER and CSQ_EMERGED (logs of a ticket that contradict each other, with its
 * id in the message), CSQ_ELIMIT, CSQ_ENOMEM.
 */
CSQ_API csq_status csq_clock_set_merge(csq_clock_set *set, const csq_clock_set *other,
                                       csq_error *error);
/* Canonical bytes: the logs, what was told, and the instant of the last take. `*size` as in
 * csq_ticket_encode. Errors: CSQ_EINVAL, CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_clock_set_encode(const csq_clock_set *set, void *bytes, uint64_t *size,
                                        csq_error *error);
/* Reads a set back; names that the schema does not know are added to it, as csq_ticket_decode
 * does ticket by ticket. Errors: CSQ_EINVAL, CSQ_EABI, CSQ_ECORRUPT, CSQ_EVERSION, CSQ_EMISMATCH
 * (other policies; an attribute of another kind), CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_clock_set_decode(csq_policies *policies,
                                        const csq_clock_set_options *options, const void *bytes,
                                        uint64_t size, const csq_allocator *allocator,
                                        csq_clock_set **out, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
