/*
 * promise — reading the chain of promises of a judged cycle.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_PROMISE_H
#define CSQ_SLA_PROMISE_H

#include "sla/sla_internal.h"

/* The next promise of the judged cycle, each once; NULL: there are no more. Cycles of a clock come
 * in their order. */
const csq__promise *csq__promise_next(const csq__judged *judged);
/* What became of a promise; `before` is the one before it in the cycle, or NULL. Errors: CSQ_ERANGE
 * (an instant outside the calendar). */
csq_status csq__promise_judge(const csq__judged *judged, const csq__promise *promise,
                              const csq__promise *before, csq_promise *out, csq_error *error);

#endif
