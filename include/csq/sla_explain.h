/*
 * csq/sla_explain.h — why a clock says what it says: its stretches, cycles, steps and firings, its
 * promises; and why a policy does not hold.
 *
 * An explanation is the walk that csq_policies_answer makes, written down: the parts of each cycle
 * sum to its elapsed time exactly.
 */
#ifndef CSQ_SLA_EXPLAIN_H
#define CSQ_SLA_EXPLAIN_H

#include "csq/sla.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- explanations -------------------------------------------------------------------------- */

typedef struct csq_explanation csq_explanation;

typedef enum csq_stretch_reason {
    CSQ_STRETCH_COUNTED = 1,  /* running, open */
    CSQ_STRETCH_CLOSED = 2,   /* running, outside the weekly hours */
    CSQ_STRETCH_HOLIDAY = 3,  /* running, a holiday (`name`) */
    CSQ_STRETCH_OVERRIDE = 4, /* running, closed by an override of that date */
    CSQ_STRETCH_BREAK = 5,    /* running, a break */
    CSQ_STRETCH_PAUSED = 6,   /* paused, whether open or not */
    CSQ_STRETCH_FINISHED = 7  /* between the stop and a reopen that goes on with the cycle */
} csq_stretch_reason;

/* A stretch of a cycle. The counted times of a cycle sum to what elapsed in it exactly. */
typedef struct csq_stretch {
    uint32_t size;
    uint32_t reason;      /* csq_stretch_reason */
    csq_ms from;
    csq_ms to;
    csq_ms counted_ms;
    uint64_t event;       /* index in the ticket of the event that began it; UINT64_MAX: none, a
                             version of a policy came into force or went out of it */
    uint32_t policy;      /* index */
    uint32_t calendar;    /* index, or CSQ_NO_CALENDAR */
    uint32_t version;     /* version of the calendar, from 0 */
    uint32_t cycle;       /* from 1 */
    csq_str name;         /* of the holiday or override; borrowed from the explanation */
} csq_stretch;

typedef struct csq_cycle {
    uint32_t size;
    uint32_t phase;
    uint32_t breached;
    uint32_t reserved;
    csq_ms started_at;
    csq_ms stopped_at;
    csq_ms target_ms;
    csq_ms elapsed_ms;
    csq_ms paused_ms;
} csq_cycle;

/* The same walk as csq_policies_answer, written down. Errors: as there, and CSQ_ELIMIT (more than
 * 10^6 stretches). */
CSQ_API csq_status csq_policies_explain(const csq_policies *policies, const csq_ticket *ticket,
                                        uint32_t clock, csq_ms now,
                                        const csq_allocator *allocator, csq_explanation **out,
                                        csq_error *error);
CSQ_API void csq_explanation_free(csq_explanation *explanation);
CSQ_API csq_status csq_explanation_answer(const csq_explanation *explanation, csq_answer *out,
                                          csq_error *error);
/* The stretches of all cycles, in order. */
CSQ_API uint64_t csq_explanation_stretch_count(const csq_explanation *explanation);
CSQ_API csq_status csq_explanation_stretch(const csq_explanation *explanation, uint64_t index,
                                           csq_stretch *out, csq_error *error);
/* All cycles in order, the latest last; also those of a clock that lost its agreement since.
 * With MESSAGE_BASE_EACH several may be open; that of the answer is at the index cycle - 1. */
CSQ_API uint64_t csq_explanation_cycle_count(const csq_explanation *explanation);
CSQ_API csq_status csq_explanation_cycle(const csq_explanation *explanation, uint64_t index,
                                         csq_cycle *out, csq_error *error);
/* When the clock reaches a step: past, or projected as due_at is, or when it was passed where
 * `passed_steps` lets that stay. CSQ_MS_NONE while paused before
 * it, where the calendar never gets there, and for a kind of step that the target does not know
 * (working days of a time, percent of working days or of a due instant). A step at or below zero is
 * the start. Errors:
 * CSQ_ERANGE. */
CSQ_API csq_status csq_explanation_step(const csq_explanation *explanation, uint32_t step,
                                        csq_ms *at, csq_error *error);

typedef enum csq_firing_state {
    CSQ_FIRING_FIRED = 1,
    CSQ_FIRING_SUPPRESSED = 2, /* late, and not told (csq_late_steps) */
    CSQ_FIRING_SUPERSEDED = 3, /* told, then a change put the step behind itself */
    CSQ_FIRING_PROJECTED = 4   /* still to come, as due_at is */
} csq_firing_state;

/* A step of the ladder, or the breach, in the latest cycle. */
typedef struct csq_firing {
    uint32_t size;
    uint32_t state; /* csq_firing_state */
    uint32_t step;  /* index; CSQ_NO_INDEX: the breach */
    uint32_t reserved;
    csq_ms at;       /* instant on the clock: of a step as csq_explanation_step, of a breach due_at */
    csq_ms fired_at; /* first instant at which it held: `at` of a step, the millisecond in which the
                        clock was late, or the change that put it before itself */
} csq_firing;

/* What was told up to the instant asked for, and what is to come, by (fired_at, at, step): a pure
 * function of the events, whatever their order of arrival. Empty before the first cycle. */
CSQ_API uint64_t csq_explanation_firing_count(const csq_explanation *explanation);
CSQ_API csq_status csq_explanation_firing(const csq_explanation *explanation, uint64_t index,
                                          csq_firing *out, csq_error *error);

typedef enum csq_promise_outcome {
    CSQ_PROMISE_OPEN = 1,     /* neither fulfilled nor due yet */
    CSQ_PROMISE_KEPT = 2,     /* the clock stopped at the promised instant or before it */
    CSQ_PROMISE_BROKEN = 3,   /* it stopped later, or runs and the instant has passed */
    CSQ_PROMISE_CANCELLED = 4 /* the cycle was cancelled */
} csq_promise_outcome;

/*
 * A promise: an instant that the due attribute of the target held during a cycle. What the
 * attribute held at the start counts as given then; the same instant again is no new promise, and
 * a cleared attribute takes none back. Times that do not exist are CSQ_MS_NONE.
 */
typedef struct csq_promise {
    uint32_t size;
    uint32_t cycle;        /* from 1 */
    uint64_t event;        /* index in the ticket of the event that gave it */
    csq_ms given_at;
    csq_ms promised_at;
    uint32_t reason;       /* code of CSQ_TICKET_REASON, 0: none */
    uint32_t is_after_due; /* 1: given when the one before it was past */
    uint32_t outcome;      /* csq_promise_outcome */
    uint32_t reserved;
    csq_ms estimated_ms;   /* promised - given */
    csq_ms actual_ms;      /* stop - given; of completed cycles */
    csq_ms estimated_open_ms; /* the same on the calendar of the clock */
    csq_ms actual_open_ms;
} csq_promise;

/* The promises of one cycle. Outcomes are 0 if there are none. */
typedef struct csq_promises {
    uint32_t size;
    uint32_t original;    /* csq_promise_outcome of the first: was it kept? */
    uint32_t latest;      /* of the last one */
    uint32_t reserved;
    uint64_t n;
    uint64_t re_promised; /* those behind the first */
    uint64_t after_due;   /* of these: given when the one before was past */
} csq_promises;

/* Promises of all cycles, in the order in which they were given. Errors: CSQ_EINVAL, CSQ_ERANGE,
 * CSQ_EABI. */
CSQ_API uint64_t csq_explanation_promise_count(const csq_explanation *explanation);
CSQ_API csq_status csq_explanation_promise(const csq_explanation *explanation, uint64_t index,
                                           csq_promise *out, csq_error *error);
/* What the promises of a cycle come to; `cycle` counts from 0 as in csq_explanation_cycle. Errors:
 * the same. */
CSQ_API csq_status csq_explanation_promises(const csq_explanation *explanation, uint64_t cycle,
                                            csq_promises *out, csq_error *error);

typedef enum csq_why_not_reason {
    CSQ_WHY_NOT_HOLDS = 0,       /* the policy holds for the ticket */
    CSQ_WHY_NOT_TEST = 1,        /* the test of `attribute` failed */
    CSQ_WHY_NOT_EARLIER = 2,     /* it matches, but `policy` before it does too */
    CSQ_WHY_NOT_ATTACHED = 3,    /* another policy was attached by name */
    CSQ_WHY_NOT_NO_TARGET = 4,   /* it holds, but has no target for the metric and value */
    CSQ_WHY_NOT_TRACK = 5,       /* it is in another track than the clock */
    CSQ_WHY_NOT_VERSION = 6      /* it is not in force at the instant that selects the version */
} csq_why_not_reason;

typedef struct csq_why_not {
    uint32_t size;
    uint32_t reason;
    uint32_t attribute; /* id in the schema, 0: none */
    uint32_t policy;    /* index of the one that holds in the track of the clock; CSQ_NO_INDEX */
} csq_why_not;

/* Why a policy does not hold for a clock of the ticket at `now`. Errors: CSQ_ERANGE,
 * CSQ_EMISMATCH, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_why_not(const csq_policies *policies, const csq_ticket *ticket,
                                        uint32_t clock, uint32_t policy, csq_ms now,
                                        csq_why_not *out, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
