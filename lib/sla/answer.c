/*
 * answer — one clock of a ticket at an instant.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/live.h"

static csq_status answer_judge(csq__walk *walk, const csq_ticket *ticket, uint32_t clock,
                               csq_ms now, csq_answer *out, csq_error *error)
{
    csq_status status = csq__walk_ticket(walk, ticket, now, error);
    if (status != CSQ_OK || walk->needs_recorder) {
        return status;
    }
    csq__judged judged = {.walk = walk, .clock = clock, .run = &walk->runs[clock], .now = now};
    if (judged.run->cycle > 0) {
        status = csq__judge(&judged, error);
    }
    if (status != CSQ_OK || walk->needs_recorder) {
        return status;
    }
    csq_answer answer = {.size = sizeof answer};
    status = csq__judge_answer(&judged, &answer, error);
    if (status != CSQ_OK || walk->needs_recorder) {
        return status;
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_answer, percent_hundredths), &answer,
                             sizeof answer, error);
}

csq_status csq__answer(csq__walk *walk, csq__recorder *recorder, const csq_ticket *ticket,
                       uint32_t clock, csq_ms now, csq_answer *out, csq_error *error)
{
    const csq_policies *policies = walk->policies;
    if (clock >= policies->clocks.n) {
        return csq__policies_fail_clock(clock, error);
    }
    walk->recorder = NULL;
    csq_status status = answer_judge(walk, ticket, clock, now, out, error);
    if (walk->needs_recorder) {
        recorder->told = clock;
        recorder->tells =
            csq__policies_clock(policies, clock)->passed_steps == CSQ_PASSED_STEPS_STAY;
        walk->recorder = recorder;
        status = answer_judge(walk, ticket, clock, now, out, error);
        walk->recorder = NULL;
        recorder->tells = false;
    }
    return status;
}

csq_status csq_policies_answer(const csq_policies *policies, const csq_ticket *ticket,
                               uint32_t clock, csq_ms now, csq_answer *out, csq_error *error)
{
    if (policies == NULL || ticket == NULL || out == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies"
                                     : ticket == NULL ? "ticket"
                                                      : "out");
    }
    csq__walk walk;
    csq_status status =
        csq__walk_init(&walk, policies, NULL, 0, 0, NULL, 0, &policies->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__recorder recorder = {0};
    status = csq__answer(&walk, &recorder, ticket, clock, now, out, error);
    csq__recorder_release(&recorder, &policies->allocator);
    csq__walk_release(&walk);
    return status;
}
