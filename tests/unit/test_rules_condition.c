/*
 * test_rules_condition — each form of a condition in a document, asked of one update of a ticket.
 */
#include "rules_support.h"

static const csq_ms hour_ms = 3600000;

/*
 * The ticket: created by a customer with status "new"; then status "open", priority "p1", amount 7
 * and the tag "vip" in one update. Conditions are asked after that update, as the stop of a clock
 * that starts with the creation.
 */
typedef struct condition_row {
    const char *condition;
    int holds;
} condition_row;

static const condition_row condition_rows[] = {
    {"{}", 1},
    {"{'status': 'open'}", 1},
    {"{'status': 'new'}", 0},
    {"{'status': ['new', 'open']}", 1},
    {"{'status': 'open', 'priority': 'p1'}", 1},
    {"{'status': 'open', 'priority': 'p2'}", 0},
    {"{'amount': 7}", 1},
    {"{'amount': [6, 8]}", 0},
    {"{'amount': {'at_least': 5, 'at_most': 9}}", 1},
    {"{'amount': {'at_most': 9, 'at_least': 8}}", 0},
    {"{'amount': {'at_least': 7}}", 1},
    {"{'amount': {'at_most': 6}}", 0},
    {"{'due': {'at_least': '2026-03-01T00:00:00Z'}}", 0}, /* absent */
    {"{'due': {'absent': true}}", 1},
    {"{'due': {'absent': false}}", 0},
    {"{'tags': {'has': 'vip'}}", 1},
    {"{'tags': {'has': ['x', 'vip']}}", 1},
    {"{'tags': {'has': 'x'}}", 0},
    {"{'tags': {'absent': true}}", 0},
    {"{'tags': {'changed_to': 'vip'}}", 1},
    {"{'tags': {'previous': {'absent': true}}}", 1},
    {"{'tags': {'previous': {'has': 'vip'}}}", 0},
    {"{'status': {'changed': true}}", 1},
    {"{'status': {'changed': false}}", 0},
    {"{'status': {'changed_to': 'open'}}", 1},
    {"{'status': {'changed_from': ['new']}}", 1},
    {"{'status': {'changed_from': 'open'}}", 0},
    {"{'status': {'changed_from': 'new', 'changed_to': 'open'}}", 1},
    {"{'status': {'changed_from': 'new', 'changed_to': 'closed'}}", 0},
    {"{'status': {'previous': 'new'}}", 1},
    {"{'status': {'previous': ['open']}}", 0},
    {"{'status': {'changed_to': 'open', 'previous': 'new'}}", 1},
    {"{'status': {'changed_to': 'open', 'previous': 'old'}}", 0},
    {"{'amount': {'previous': {'absent': true}}}", 1},
    {"{'amount': {'previous': {'at_least': 1}}}", 0},
    {"{'all': []}", 1},
    {"{'any': []}", 0},
    {"{'not': {}}", 0},
    {"{'not': {'any': []}}", 1},
    {"{'all': [{'status': 'open'}, {'priority': 'p1'}, {'amount': 7}]}", 1},
    {"{'all': [{'status': 'open'}, {'priority': 'p2'}, {'amount': 7}]}", 0},
    {"{'any': [{'status': 'x'}, {'priority': 'p1'}, {'amount': 8}]}", 1},
    {"{'any': [{'status': 'x'}, {'priority': 'p2'}]}", 0},
    {"{'not': {'status': 'x', 'priority': 'p1'}}", 1},
    {"{'status': 'open', 'not': {'priority': 'p2'}, 'any': [{'amount': 7}]}", 1},
    {"{'not': {'not': {'all': [{'any': [{'not': {'status': 'x'}}]}]}}}", 1},
};

static void apply_update(csq_schema *schema, csq_ticket *ticket)
{
    const uint32_t status_new = test_code(schema, CSQ_TICKET_STATUS, "new");
    const uint32_t status_open = test_code(schema, CSQ_TICKET_STATUS, "open");
    const uint32_t p1 = test_code(schema, CSQ_TICKET_PRIORITY, "p1");
    const uint32_t vip = test_code(schema, CSQ_TICKET_TAGS, "vip");
    const uint32_t amount = csq_schema_find(schema, csq_str_of("amount"));
    csq_ticket_event events[] = {
        test_setting(CSQ_EVENT_CREATED, 0, 1, CSQ_TICKET_STATUS, status_new),
        test_setting(CSQ_EVENT_CHANGE, hour_ms, 2, CSQ_TICKET_STATUS, status_open),
        test_setting(CSQ_EVENT_CHANGE, hour_ms, 3, CSQ_TICKET_PRIORITY, p1),
        test_setting(CSQ_EVENT_CHANGE, hour_ms, 4, amount, 7),
        test_setting(CSQ_EVENT_ADD, hour_ms, 5, CSQ_TICKET_TAGS, vip),
    };
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        events[i].joined = i >= 2;
        test_apply(ticket, events[i]);
    }
}

/* Whether the condition held at the update: as the stop of a clock, in which it completes. */
static int condition_holds(const char *condition)
{
    char document[1024];
    snprintf(document, sizeof document,
             "{'attributes': {'amount': 'integer', 'due': 'instant'}, 'metrics': {'m': {"
             "'kind': 'clock', 'start': {'event': 'created'}, 'stop': {'all': ["
             "{'status': {'changed_to': 'open'}}, %s]}}},"
             " 'policies': [{'name': 'p', 'targets': {'m': {'within': '1h'}}}]}",
             condition);
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, document);
    csq_ticket *ticket = test_ticket(schema, 1);
    apply_update(schema, ticket);
    const csq_answer answer = rules_answer(rules, ticket, "m", 2 * hour_ms);
    csq_ticket_free(ticket);
    csq_rules_free(rules);
    csq_schema_free(schema);
    assert_true(answer.phase == CSQ_PHASE_COMPLETED || answer.phase == CSQ_PHASE_ACTIVE);
    return answer.phase == CSQ_PHASE_COMPLETED;
}

static void conditions_hold_as_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof condition_rows / sizeof condition_rows[0]; i++) {
        const condition_row *row = &condition_rows[i];
        const int holds = condition_holds(row->condition);
        if (holds != row->holds) {
            print_error("%s\n", row->condition);
        }
        assert_int_equal(holds, row->holds);
    }
}

/* Operands are combined in pairs, so the depth of the builder's stack does not limit a list. */
static void a_list_of_two_thousand_tests_is_read(void **state)
{
    (void)state;
    char *text = malloc(200000);
    assert_non_null(text);
    size_t at = (size_t)sprintf(text, "{\"metrics\": {\"m\": {\"kind\": \"first_reply\"}}, "
                                      "\"policies\": [{\"name\": \"p\", \"match\": {\"any\": [");
    for (int i = 0; i < 2000; i++) {
        at += (size_t)sprintf(text + at, "%s{\"status\": \"s%d\"}", i == 0 ? "" : ",", i);
    }
    strcpy(text + at, "]}}]}");
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of_text(schema, csq_str_of(text));
    csq_rules_free(rules);
    csq_schema_free(schema);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold_as_they_say),
        cmocka_unit_test(a_list_of_two_thousand_tests_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
