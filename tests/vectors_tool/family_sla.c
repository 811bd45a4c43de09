/*
 * family_sla — service-level clocks: one metric of one ticket, read at one instant.
 *
 * A case becomes calendars, one metric, one policy and a ticket; the clock is asked twice, by the
 * answer and by the explanation, which must agree. Instants and durations are whole seconds.
 */
#include "sla_case.h"

#include <string.h>

const char *sla_text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

bool sla_fail(sla_case *work, const char *field, const char *why)
{
    vectors_fail(work->run, work->id, field, "a value that is supported", why);
    return false;
}

bool sla_check(sla_case *work, const char *field, csq_status status)
{
    if (status != CSQ_OK) {
        vectors_fail_error(work->run, work->id, field, &work->error);
    }
    return status == CSQ_OK;
}

/* The counted times of the stretches sum to elapsed. */
static void check_stretches(sla_case *work, const csq_answer *answer,
                            const csq_explanation *explanation)
{
    csq_ms sum = 0;
    for (uint64_t i = 0; i < csq_explanation_stretch_count(explanation); i++) {
        csq_stretch stretch = {.size = sizeof stretch};
        if (!sla_check(work, "stretch",
                       csq_explanation_stretch(explanation, i, &stretch, &work->error))) {
            return;
        }
        sum += stretch.cycle == answer->cycle ? stretch.counted_ms : 0;
    }
    if (answer->elapsed_ms != CSQ_MS_NONE) {
        (void)vectors_check_number(work->run, work->id, "sum of stretches", answer->elapsed_ms,
                                   sum);
    }
}

static void ask(sla_case *work)
{
    csq_answer answer = {.size = sizeof answer};
    csq_answer explained = {.size = sizeof explained};
    csq_answer advanced = {.size = sizeof advanced};
    csq_explanation *explanation = NULL;
    if (!sla_check(work, "answer",
                   csq_policies_answer(work->policies, work->ticket, work->metric, work->now,
                                       &answer, &work->error)) ||
        !sla_check(work, "explain",
                   csq_policies_explain(work->policies, work->ticket, work->metric, work->now, NULL,
                                        &explanation, &work->error)) ||
        !sla_check(work, "explain",
                   csq_explanation_answer(explanation, &explained, &work->error)) ||
        !sla_check(work, "advance",
                   csq_policies_advance(work->policies, work->ticket, &work->error)) ||
        !sla_check(work, "answer",
                   csq_policies_answer(work->policies, work->ticket, work->metric, work->now,
                                       &advanced, &work->error))) {
        csq_explanation_free(explanation);
        return;
    }
    if (memcmp(&answer, &explained, sizeof answer) != 0) {
        vectors_fail(work->run, work->id, "explanation", "the answer", "another one");
    }
    if (memcmp(&answer, &advanced, sizeof answer) != 0) {
        vectors_fail(work->run, work->id, "checkpoint", "the answer", "another one");
    }
    sla_compare(work, &answer, explanation);
    check_stretches(work, &answer, explanation);
    csq_explanation_free(explanation);
}

static void run_case(vectors_run *run, void *state, const char *id, const json_t *object)
{
    (void)state;
    sla_case work = {
        .run = run, .id = id, .object = object, .policy = json_object_get(object, "policy")};
    const char *now = sla_text_of(object, "query_time");
    if (now == NULL) {
        (void)sla_fail(&work, "query_time", "none");
    } else if (sla_check(&work, "query_time",
                         csq_instant_parse(csq_str_of(now), &work.now, &work.error)) &&
               sla_build_policies(&work) && sla_apply_events(&work)) {
        ask(&work);
    }
    csq_ticket_free(work.ticket);
    csq_policies_free(work.policies);
    csq_policies_builder_free(work.builder);
    csq_schema_free(work.schema);
}

const vectors_family vectors_sla = {"sla", run_case, NULL, NULL};
