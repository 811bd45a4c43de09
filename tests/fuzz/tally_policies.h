/*
 * tally_policies — the policies and options of the tallies that fuzz_tally_decode reads and
 * make_tally_corpus writes: their bytes carry the fingerprint of both.
 */
#ifndef CSQ_TESTS_TALLY_POLICIES_H
#define CSQ_TESTS_TALLY_POLICIES_H

#include "csq/sla_tally.h"

/* Three metrics, one policy: 1 h and 2 h around the clock, and promises; NULL without memory. */
static inline csq_policies *tally_policies(csq_schema *schema)
{
    static const uint32_t kinds[] = {CSQ_METRIC_RESOLUTION, CSQ_METRIC_NEXT_REPLY,
                                     CSQ_METRIC_PROMISE};
    static const char *const names[] = {"resolution", "next", "promise"};
    csq_policies_builder *builder;
    csq_policies *policies = NULL;
    uint32_t solved;
    uint32_t index;
    csq_status status = csq_policies_builder_new(schema, NULL, &builder, NULL);
    if (status == CSQ_OK) {
        status = csq_schema_code(schema, CSQ_TICKET_STATUS, csq_str_of("solved"), &solved, NULL);
    }
    for (uint32_t i = 0; i < 3 && status == CSQ_OK; i++) {
        const csq_metric metric = {.size = sizeof metric,
                                   .kind = kinds[i],
                                   .name = csq_str_of(names[i]),
                                   .stop_statuses = &solved,
                                   .n_stop_statuses = 1,
                                   .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                                   .include_first = 1};
        status = csq_policies_add_metric(builder, &metric, &index, NULL);
    }
    if (status == CSQ_OK) {
        const csq_policy policy = {.size = sizeof policy, .name = csq_str_of("policy")};
        status = csq_policies_add_policy(builder, &policy, &index, NULL);
    }
    for (uint32_t i = 0; i < 3 && status == CSQ_OK; i++) {
        const csq_target target = {.size = sizeof target,
                                   .metric = i,
                                   .within_ms = i < 2 ? (i + 1) * INT64_C(3600000) : 0,
                                   .due_attribute = i < 2 ? 0 : CSQ_TICKET_PROMISE,
                                   .calendar = CSQ_NO_CALENDAR};
        status = csq_policies_add_target(builder, &target, NULL);
    }
    if (status == CSQ_OK) {
        status = csq_policies_build(builder, &policies, NULL);
    }
    csq_policies_builder_free(builder);
    return policies;
}

/* Without quantiles, or with few exact values. */
static inline csq_tally_options tally_options(int with_quantiles)
{
    static const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    const csq_tally_options options = {.size = sizeof options,
                                       .n_attributes = 1,
                                       .attributes = attributes,
                                       .period = CSQ_PERIOD_DAY,
                                       .quantiles = with_quantiles ? 7 : 0,
                                       .exact_limit = with_quantiles ? 2 : 0};
    return options;
}

#endif
