/*
 * why_not — why a policy does not hold for a ticket.
 *
 * Uses: base, condition, ticket.
 */
#include "sla/sla_internal.h"

static void why_not_judge(const csq__walk *walk, uint32_t clock, uint32_t policy, csq_why_not *out)
{
    const csq_policies *policies = walk->policies;
    const csq__policy *asked = csq__policies_policy(policies, policy);
    const csq__clock *row = csq__policies_clock(policies, clock);
    out->policy = csq__walk_holding(walk, clock);
    if (asked->track != row->track) {
        out->reason = CSQ_WHY_NOT_TRACK;
    } else if (out->policy == policy) {
        const uint32_t terms = csq__policies_choose(policies, policy, clock, walk->now);
        out->reason = terms != 0 ? CSQ_WHY_NOT_HOLDS : CSQ_WHY_NOT_NO_TARGET;
        out->attribute = terms != 0 ? 0 : asked->choices[row->metric].attribute;
    } else if (!csq__policy_is_in_force(asked, csq__walk_version_at(walk, clock))) {
        out->reason = CSQ_WHY_NOT_VERSION;
    } else if (walk->runs[clock].attached != 0) {
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
                                uint32_t clock, uint32_t policy, csq_ms now, csq_why_not *out,
                                csq_error *error)
{
    if (policies == NULL || ticket == NULL || out == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies"
                                     : ticket == NULL ? "ticket"
                                                      : "out");
    }
    if (clock >= policies->clocks.n || policy >= policies->policies.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no clock "), CSQ__NUMBER(clock),
                         CSQ__TEXT(" or no policy "), CSQ__NUMBER(policy));
    }
    csq__walk walk;
    csq_status status =
        csq__walk_init(&walk, policies, NULL, 0, 0, NULL, 0, &policies->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__recorder recorder = {0};
    status = csq__walk_ticket(&walk, ticket, now, error);
    if (walk.needs_recorder) {
        walk.recorder = &recorder;
        status = csq__walk_ticket(&walk, ticket, now, error);
    }
    csq_why_not answer = {.size = sizeof answer};
    if (status == CSQ_OK) {
        why_not_judge(&walk, clock, policy, &answer);
        status = csq__struct_write(out, CSQ__FIRST_SIZE(csq_why_not, policy), &answer,
                                   sizeof answer, error);
    }
    csq__recorder_release(&recorder, &policies->allocator);
    csq__walk_release(&walk);
    return status;
}
