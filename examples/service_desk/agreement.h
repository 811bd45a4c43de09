/*
 * agreement — whether a clock was judged under an agreement that a later change replaced.
 *
 * A clock that has stopped keeps its policy and target; what a help desk changes afterwards, or
 * with the very update that stopped it, no longer counts. The incident as it is then seems to
 * contradict the clock, unless the change is named.
 */
#ifndef SERVICE_DESK_AGREEMENT_H
#define SERVICE_DESK_AGREEMENT_H

#include <stdbool.h>

#include <csq/csq.h>

#include "desk.h"

typedef struct agreement_change {
    csq_ms at;
    uint32_t attribute;
    uint32_t code; /* the new value */
} agreement_change;

/* Finds the change up to `now` since which the attributes of the incident ask for another policy or
 * target than the answer has; false when there is none. */
bool agreement_find_change(const service_desk *desk, const csq_ticket *ticket, uint32_t clock,
                           csq_ms now, const csq_answer *answer, agreement_change *out);

#endif
