/*
 * agreement — whether a clock was judged under an agreement that a later change replaced.
 *
 * What the attributes of an instant ask for is read off an incident made for the question: one that
 * is created at that instant with those attributes and has no past. The instants of the real
 * incident are gone through from the latest back, until one asks for what the answer has.
 *
 * Uses: desk.
 */
#include "agreement.h"

/* In the order in which they are named when one update changed several. */
static const uint32_t agreement_attributes[] = {
    CSQ_TICKET_PRIORITY,
    CSQ_TICKET_GROUP,
    CSQ_TICKET_ASSIGNEE,
    CSQ_TICKET_STATUS,
};

enum { AGREEMENT_ATTRIBUTES = sizeof agreement_attributes / sizeof agreement_attributes[0] };

/* Gives an empty ticket the attributes that the other one has at an instant. */
static csq_status copy_attributes(const csq_ticket *ticket, csq_ms at, csq_ticket *fresh)
{
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; status == CSQ_OK && i < AGREEMENT_ATTRIBUTES; ++i) {
        const csq_ticket_event event = {
            .size = sizeof event,
            .kind = i == 0 ? CSQ_EVENT_CREATED : CSQ_EVENT_CHANGE,
            .at = at,
            .sequence = i,
            .attribute = agreement_attributes[i],
            .value = desk_value_at(ticket, agreement_attributes[i], at),
            .joined = i != 0,
        };
        status = csq_ticket_apply(fresh, &event, NULL);
    }
    return status;
}

/* Whether the attributes of an instant ask for another agreement. What cannot be told does not. */
static bool asks_for_another(const service_desk *desk, const csq_ticket *ticket, uint32_t clock,
                             csq_ms at, const csq_answer *judged)
{
    csq_ticket *fresh = NULL;
    csq_answer asked = {.size = sizeof asked};
    const bool is_told =
        csq_ticket_new(desk->schema, csq_ticket_id(ticket), NULL, &fresh, NULL) == CSQ_OK &&
        copy_attributes(ticket, at, fresh) == CSQ_OK &&
        csq_policies_answer(desk->policies, fresh, clock, at, &asked, NULL) == CSQ_OK &&
        asked.phase != CSQ_PHASE_NOT_STARTED;
    csq_ticket_free(fresh);
    return is_told && (asked.policy != judged->policy || asked.target_ms != judged->target_ms ||
                       asked.workdays != judged->workdays);
}

bool agreement_find_change(const service_desk *desk, const csq_ticket *ticket, uint32_t clock,
                           csq_ms now, const csq_answer *answer, agreement_change *out)
{
    csq_ms changed_at = CSQ_MS_NONE;
    for (uint64_t i = csq_ticket_count(ticket); i > 0; --i) {
        csq_ticket_event event = {.size = sizeof event};
        if (csq_ticket_event_at(ticket, i - 1, &event, NULL) != CSQ_OK) {
            return false;
        }
        if (event.at > now || event.at == changed_at) {
            continue;
        }
        if (!asks_for_another(desk, ticket, clock, event.at, answer)) {
            break;
        }
        changed_at = event.at;
    }
    for (uint32_t i = 0; changed_at != CSQ_MS_NONE && i < AGREEMENT_ATTRIBUTES; ++i) {
        const uint32_t attribute = agreement_attributes[i];
        const uint32_t code = desk_value_at(ticket, attribute, changed_at);
        if (code != desk_value_at(ticket, attribute, changed_at - 1)) {
            *out = (agreement_change){.at = changed_at, .attribute = attribute, .code = code};
            return true;
        }
    }
    return false;
}
