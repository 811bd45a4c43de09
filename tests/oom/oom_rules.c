/*
 * oom_rules — the n-th allocation fails, for every n, while a document is read, written and advised
 * on.
 */
#include "rules_support.h"

static const char document[] =
    "{'about': {'title': 'a \\u00e9'}, 'attributes': {'amount': 'integer'},"
    " 'calendars': {'office': {'zone': {'offset': '+08:00'}, 'years': [2026, 2026],"
    "   'week': {'mon': ['09:00-17:00']}, 'holidays': [{'date': '2026-05-01', 'name': 'x'}],"
    "   'overrides': {'2026-05-09': {'name': 'y', 'open': ['09:00-12:00']}, '2026-05-08': []},"
    "   'breaks': {'2026-05-11': ['12:00-13:00']}, 'versions': [{'from': '2026-07-01T00:00:00Z'}]},"
    "  'posix': {'zone': {'posix': 'CST-8'}, 'years': [2026, 2026]}, 'utc': {'zone': 'UTC'},"
    "  'always': {'always_open': true}, 'never': {'never_open': true},"
    "  'sun': {'union': ['office', 'always']}},"
    " 'metrics': {'m': {'kind': 'resolution', 'stop_statuses': ['s'], 'pause_statuses': ['t'],"
    "   'pause': {'tags': {'has': 'wait'}}, 'steps': [{'name': 'w', 'percent': 80, 'to': "
    "   ['a', 'b']}]},"
    "  'x': {'kind': 'ownership', 'group': 'g', 'stop_statuses': ['s']}},"
    " 'select': 'first', 'policies': [{'name': 'p', 'track': 't', 'from': "
    "   '2026-01-01T00:00:00Z', 'match': {'any': [{'status': 'a', 'amount': {'at_least': 5}},"
    "   {'not': {'status': ['b', 'c']}}]}, 'targets': {'m': {'by': 'priority', 'values':"
    "   {'p1': {'within': '1h', 'calendar': 'never'}}}}},"
    "  {'name': 'q', 'match': {'status': 'b', 'tags': {'has': ['v', 'w'], 'changed_to': 'v'}}},"
    "  {'name': 'r', 'match': {'priority': ['p1', 'p2'], 'all': [{'status': 'a'},"
    "   {'status': 'b'}]}},"
    "  {'name': 'z', 'targets': {'m': {'by': 'priority', 'values': {'p2': {'within': '1h'}}}}}],"
    " 'ranking': {'lanes': [{'name': 'l', 'match': {'tags': {'has': 'v'}}}], 'parts': ["
    "  {'name': 'u', 'used': [{'percent': 50, 'points': 1}]},"
    "  {'name': 'v', 'by': 'priority', 'values': {'p1': 2}, 'otherwise': 1},"
    "  {'name': 'w', 'match': {'status': 'a'}, 'points': 1}]}}";

/* The host's memory is not the one that fails. */
static csq_status read_document(const csq_allocator *allocator, csq_rules **out)
{
    csq_schema *schema = test_schema();
    char *text = rules_text(document);
    csq_error error;
    const csq_status status =
        csq_rules_read(schema, csq_str_of(text), NULL, allocator, out, &error);
    assert_true(status == CSQ_OK || error.code == CSQ_ENOMEM);
    free(text);
    csq_schema_free(schema);
    return status;
}

static csq_status read_scenario(const csq_allocator *allocator)
{
    csq_rules *rules;
    const csq_status status = read_document(allocator, &rules);
    assert_true((status == CSQ_OK) == (rules != NULL));
    csq_rules_free(rules);
    return status;
}

static csq_status lint_scenario(const csq_allocator *allocator)
{
    csq_rules *rules;
    assert_status(CSQ_OK, read_document(NULL, &rules));
    csq_lint *lint;
    const csq_status status = csq_rules_lint(rules, allocator, &lint, NULL);
    assert_true(status == CSQ_ENOMEM || csq_lint_count(lint) == 5);
    csq_lint_free(lint);
    csq_rules_free(rules);
    return status;
}

static csq_status write_scenario(const csq_allocator *allocator)
{
    csq_rules *rules;
    csq_status status = read_document(allocator, &rules);
    if (status == CSQ_OK) {
        uint64_t size = 0;
        status = csq_rules_write(rules, NULL, &size, NULL);
        assert_true((status == CSQ_OK) == (size > 0));
    }
    csq_rules_free(rules);
    return status;
}

/* The schema grows while a document is compiled; without memory it stays valid. */
static csq_status schema_scenario(const csq_allocator *allocator)
{
    csq_schema *schema;
    csq_status status = csq_ticket_schema_new(1, allocator, &schema, NULL);
    if (status == CSQ_OK) {
        char *text = rules_text(document);
        csq_rules *rules;
        status = csq_rules_read(schema, csq_str_of(text), NULL, NULL, &rules, NULL);
        csq_rules_free(rules);
        free(text);
    }
    csq_schema_free(schema);
    return status;
}

static void reading_survives_every_allocation_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(read_scenario);
}

static void advising_survives_every_allocation_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(lint_scenario);
}

static void writing_survives_every_allocation_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(write_scenario);
}

static void a_schema_survives_every_allocation_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(schema_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_survives_every_allocation_failure),
        cmocka_unit_test(advising_survives_every_allocation_failure),
        cmocka_unit_test(writing_survives_every_allocation_failure),
        cmocka_unit_test(a_schema_survives_every_allocation_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
