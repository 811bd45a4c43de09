/*
 * test_ranking_rules — rankings in rule documents: mistakes and their places, fingerprints, advice.
 */
#include "csq/sla_ranking.h"
#include "rules_support.h"
#include "sla_support.h"

#define PART(body) "{'ranking': {'parts': [{'name': 'a', " body "}]}}"

static const struct {
    const char *text;
    csq_status status;
    const char *path;
} mistakes[] = {
    {"{'ranking': {}}", CSQ_ESTATE, "ranking"},
    {"{'ranking': {'lanes': [{'name': 'a', 'match': {'event': 'reply'}}]}}", CSQ_EINVAL,
     "ranking.lanes[0]"},
    {"{'ranking': {'lanes': [{'name': 'a', 'match': {}}, {'name': 'a', 'match': {}}]}}",
     CSQ_EEXISTS, "ranking.lanes[1].name"},
    {"{'ranking': {'lanes': [{'name': 'a'}]}}", CSQ_ERULE, "ranking.lanes[0]"},
    {"{'ranking': {'parts': [{'name': 'a'}]}}", CSQ_ERULE, "ranking.parts[0]"},
    {PART("'used': []"), CSQ_ERULE, "ranking.parts[0].used"},
    {PART("'used': [{'percent': 50}]"), CSQ_ERULE, "ranking.parts[0].used[0]"},
    {PART("'used': [{'percent': -1, 'points': 1}]"), CSQ_ERANGE,
     "ranking.parts[0].used[0].percent"},
    {PART("'used': [{'percent': 50, 'points': 0.5}]"), CSQ_ENUMBER,
     "ranking.parts[0].used[0].points"},
    {PART("'used': [{'percent': 50, 'points': 1}, {'percent': 50, 'points': 2}]"), CSQ_EDUPLICATE,
     "ranking.parts[0]"},
    {PART("'left': [{'within': '4 h', 'points': 1}]"), CSQ_ERULE,
     "ranking.parts[0].left[0].within"},
    {PART("'left': [{'within': '1h', 'points': 1}], 'points': 5"), CSQ_ERULE,
     "ranking.parts[0].points"},
    {PART("'match': {}, 'used': [{'percent': 50, 'points': 1}], 'points': 1"), CSQ_ERULE,
     "ranking.parts[0]"},
    {PART("'match': {}"), CSQ_ERULE, "ranking.parts[0]"},
    {PART("'match': {}, 'points': 1, 'values': {'a': 1}"), CSQ_ERULE, "ranking.parts[0].values"},
    {PART("'by': 'priority'"), CSQ_ERULE, "ranking.parts[0]"},
    {PART("'by': 'tags', 'otherwise': 1"), CSQ_ERULE, "ranking.parts[0].by"},
    {PART("'by': 'priorty', 'otherwise': 1"), CSQ_ENOTFOUND, "ranking.parts[0].by"},
    {PART("'by': 'author', 'otherwise': 1"), CSQ_EINVAL, "ranking.parts[0].by"},
    {PART("'by': 'priority', 'values': {'p1': 1000000000001}"), CSQ_ERANGE,
     "ranking.parts[0].values.p1"},
    {PART("'by': 'priority', 'otherwise': 1, 'weight': 2"), CSQ_ERULE, "ranking.parts[0].weight"},
};

static void mistakes_in_documents_are_placed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        csq_schema *schema = test_schema();
        char *text = rules_text(mistakes[i].text);
        csq_rules *rules = (csq_rules *)schema;
        csq_error error = {0};
        const csq_status status =
            csq_rules_read(schema, csq_str_of(text), NULL, NULL, &rules, &error);
        if (status != mistakes[i].status || strcmp(error.path, mistakes[i].path) != 0) {
            print_error("%s: %s at %s: %s\n", mistakes[i].text, csq_status_name(status), error.path,
                        error.message);
        }
        assert_int_equal(status, mistakes[i].status);
        assert_string_equal(error.path, mistakes[i].path);
        assert_true(error.line > 0 && error.column > 0);
        assert_null(rules);
        free(text);
        csq_schema_free(schema);
    }
}

static void rankings_that_order_otherwise_have_other_fingerprints(void **state)
{
    (void)state;
    static const char *const documents[] = {
        PART("'used': [{'percent': 50, 'points': 1}, {'percent': 70, 'points': 2}]"),
        PART("'used': [{'percent': 70, 'points': 1}, {'percent': 50, 'points': 2}]"),
        PART("'used': [{'percent': 50, 'points': 1}]"),
        PART("'left': [{'within': '5s', 'points': 1}]"),
        PART("'by': 'priority', 'values': {'a': 1, 'b': 2}"),
        PART("'by': 'priority', 'values': {'a': 2, 'b': 1}"),
        PART("'by': 'priority', 'values': {'a': 1, 'b': 2}, 'otherwise': 1"),
        PART("'by': 'group', 'values': {'a': 1, 'b': 2}"),
        PART("'match': {'status': 'a'}, 'points': 1"),
        PART("'match': {'status': 'b'}, 'points': 1"),
        PART("'match': {'status': 'b'}, 'points': 2"),
        "{'ranking': {'lanes': [{'name': 'a', 'match': {'status': 'b'}}]}}",
    };
    enum { N = sizeof documents / sizeof documents[0] };
    uint64_t found[N];
    for (size_t i = 0; i < N; i++) {
        uint64_t again[2];
        for (int k = 0; k < 2; k++) { // with other codes the second time
            csq_schema *schema = test_schema();
            if (k == 1) {
                (void)test_code(schema, CSQ_TICKET_PRIORITY, "b");
                (void)test_code(schema, CSQ_TICKET_STATUS, "c");
            }
            csq_rules *rules = rules_of(schema, documents[i]);
            again[k] = csq_ranking_fingerprint(csq_rules_ranking(rules));
            csq_rules_free(rules);
            csq_schema_free(schema);
        }
        assert_ms_equal(again[0], again[1]);
        found[i] = again[0];
        for (size_t k = 0; k < i; k++) {
            assert_true(found[i] != found[k]);
        }
    }
}

static void lanes_that_contradict_themselves_get_advice(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules =
        rules_of(schema, "{'ranking': {'lanes': [{'name': 'a', 'match': {'all': [{'status': 'x'}, "
                         "{'status': 'y'}]}}, {'name': 'b', 'match': {}}]}}");
    csq_lint *lint;
    csq_advice advice = {.size = sizeof advice};
    assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
    assert_ms_equal(csq_lint_count(lint), 1);
    assert_status(CSQ_OK, csq_lint_at(lint, 0, &advice, NULL));
    assert_int_equal(advice.code, CSQ_ADVICE_CONDITION_NEVER);
    assert_str_equal(advice.path, "ranking.lanes[0].match");
    csq_lint_free(lint);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_documents_are_placed),
        cmocka_unit_test(rankings_that_order_otherwise_have_other_fingerprints),
        cmocka_unit_test(lanes_that_contradict_themselves_get_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
