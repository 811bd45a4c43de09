/*
 * test_promise_rules — promises and due instants in rule documents are those of the builder.
 */
#include "csq/sla.h"
#include "rules_support.h"

static void a_document_says_the_same(void **state)
{
    (void)state;
    static const char document[] =
        "{'attributes': {'due_by': 'instant'}, 'metrics': {'metric': {'kind': 'promise', "
        "'stop_statuses': ['solved']}}, 'policies': [{'name': 'policy', 'targets': {'metric': "
        "{'by': 'priority', 'values': {'high': {'due': 'due_by'}}, 'otherwise': {'due': "
        "'promise'}}}}]}";
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, document);
    csq_policies_builder *builder;
    csq_policies *policies;
    uint32_t index;
    const uint32_t solved = test_code(schema, CSQ_TICKET_STATUS, "solved");
    const csq_metric metric = {.size = sizeof metric,
                               .kind = CSQ_METRIC_PROMISE,
                               .name = csq_str_of("metric"),
                               .stop_statuses = &solved,
                               .n_stop_statuses = 1};
    const csq_target targets[] = {{.size = sizeof(csq_target),
                                   .attribute = CSQ_TICKET_PRIORITY,
                                   .code = test_code(schema, CSQ_TICKET_PRIORITY, "high"),
                                   .due_attribute = csq_schema_find(schema, csq_str_of("due_by")),
                                   .calendar = CSQ_NO_CALENDAR},
                                  {.size = sizeof(csq_target),
                                   .attribute = CSQ_TICKET_PRIORITY,
                                   .due_attribute = CSQ_TICKET_PROMISE,
                                   .calendar = CSQ_NO_CALENDAR}};
    assert_status(CSQ_OK, csq_policies_builder_new(schema, NULL, &builder, NULL));
    assert_status(CSQ_OK, csq_policies_add_metric(builder, &metric, &index, NULL));
    const csq_policy policy = {.size = sizeof policy, .name = csq_str_of("policy")};
    assert_status(CSQ_OK, csq_policies_add_policy(builder, &policy, &index, NULL));
    for (size_t i = 0; i < 2; i++) {
        assert_status(CSQ_OK, csq_policies_add_target(builder, &targets[i], NULL));
    }
    assert_status(CSQ_OK, csq_policies_build(builder, &policies, NULL));
    assert_ms_equal(csq_policies_fingerprint(policies),
                    csq_policies_fingerprint(csq_rules_policies(rules)));
    char *text = rules_written(rules);
    csq_rules *again = rules_of_text(schema, csq_str_of(text));
    char *same = rules_written(again);
    assert_string_equal(text, same);
    assert_non_null(strstr(text, "\"high\": {\"due\": \"due_by\"}"));
    free(same);
    free(text);
    csq_rules_free(again);
    csq_policies_free(policies);
    csq_policies_builder_free(builder);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
