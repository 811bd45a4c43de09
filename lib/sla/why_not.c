/*
 * why_not — why a policy does not hold for a ticket.
 *
 * Uses: base, condition, ticket.
 */
#include "sla/sla_internal.h"

static void why_not_judge(const csq__walk *walk, uint32_t metric, uint32_t policy, csq_why_not *out)
{
    const csq_policies *policies = walk->policies;
    const csq__policy *asked = csq__policies_policy(policies, policy);
    const uint32_t attached = csq__policies_attached(policies, walk->now);
    const uint32_t matching = csq__policies_match(policies, walk->now, walk->before);
    const uint32_t holding = attached != CSQ_NO_INDEX ? attached : matching;
    out->policy = holding;
    if (holding == policy) {
        const uint32_t terms = csq__policies_choose(policies, policy, metric, walk->now);
        out->reason = terms != 0 ? CSQ_WHY_NOT_HOLDS : CSQ_WHY_NOT_NO_TARGET;
        out->attribute = terms != 0 ? 0 : asked->choices[metric].attribute;
    } else if (attached != CSQ_NO_INDEX) {
        out->reason = CSQ_WHY_NOT_ATTACHED;
    } else if (asked->match != NULL &&
               !csq__program_holds(&asked->program, walk->now, walk->before)) {
        out->reason = CSQ_WHY_NOT_TEST;
        out->attribute =
            csq__program_first_failure(&asked->program, &policies->layout, walk->now, walk->before);
    } else {
        out->reason = CSQ_WHY_NOT_EARLIER;
    }
}

csq_status csq_policies_why_not(const csq_policies *policies, const csq_ticket *ticket,
                                uint32_t metric, uint32_t policy, csq_ms now, csq_why_not *out,
                                csq_error *error)
{
    if (policies == NULL || ticket == NULL || out == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies"
                                     : ticket == NULL ? "ticket"
                                                      : "out");
    }
    if (metric >= policies->clocks.n || policy >= policies->policies.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no metric "), CSQ__NUMBER(metric),
                         CSQ__TEXT(" or no policy "), CSQ__NUMBER(policy));
    }
    csq__walk walk;
    csq_status status =
        csq__walk_init(&walk, policies, NULL, 0, 0, NULL, 0, &policies->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    status = csq__walk_ticket(&walk, ticket, now, error);
    csq_why_not answer = {.size = sizeof answer};
    if (status == CSQ_OK) {
        why_not_judge(&walk, metric, policy, &answer);
        status = csq__struct_write(out, CSQ__FIRST_SIZE(csq_why_not, policy), &answer,
                                   sizeof answer, error);
    }
    csq__walk_release(&walk);
    return status;
}
