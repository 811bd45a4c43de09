/*
 * test_rules_roundtrip — the canonical text of a document: what it is, that it reads back to equal
 * rules, and that writing those gives the same bytes.
 */
#include "rules_support.h"

/* `quoted`, and what is written for it; NULL: itself. */
typedef struct text_row {
    const char *rule;
    const char *quoted;
    const char *canonical;
} text_row;

#define METRIC "{'metrics': {'m': {'kind': 'first_reply'"

static const text_row rows[] = {
    {"nothing", "{}", "{}\n"},
    {"empty members are left out",
     "{'policies': [], 'metrics': {}, 'calendars': {}, 'attributes': {}, 'about': {}}", "{}\n"},
    {"members have an order",
     "{'calendars': {'b': {'never_open': true}, 'a': {'always_open': true}}, 'about': {'x': ''}}",
     "{\n"
     "    'about': {\n"
     "        'x': ''\n"
     "    },\n"
     "    'calendars': {\n"
     "        'b': {'never_open': true},\n"
     "        'a': {'always_open': true}\n"
     "    }\n"
     "}\n"},
    {"defaults are left out",
     METRIC ", 'time': 'calendar', 'options': {'on_change': 'keep', 'attach': 'match'},"
            " 'steps': []}}}",
     "{\n"
     "    'metrics': {\n"
     "        'm': {\n"
     "            'kind': 'first_reply'\n"
     "        }\n"
     "    }\n"
     "}\n"},
    {"a default of the kind is left out, what is one elsewhere is not",
     "{'metrics': {'a': {'kind': 'first_resolution', 'run_statuses': ['on'], 'stop_statuses': "
     "['done'], 'options': {'reopen': 'resume'}}, 'b': {'kind': 'first_resolution', "
     "'stop_statuses': ['done'], 'options': {'reopen': 'nothing'}}, 'c': {'kind': 'assign', "
     "'options': {'on_solved': 'keep', 'at_target': 'in_time', 'on_merge': 'keep'}}}}",
     "{\n"
     "    'metrics': {\n"
     "        'a': {\n"
     "            'kind': 'first_resolution',\n"
     "            'stop_statuses': ['done'],\n"
     "            'run_statuses': ['on'],\n"
     "            'options': {\n"
     "                'reopen': 'resume'\n"
     "            }\n"
     "        },\n"
     "        'b': {\n"
     "            'kind': 'first_resolution',\n"
     "            'stop_statuses': ['done']\n"
     "        },\n"
     "        'c': {\n"
     "            'kind': 'assign',\n"
     "            'options': {\n"
     "                'on_solved': 'keep',\n"
     "                'on_merge': 'keep'\n"
     "            }\n"
     "        }\n"
     "    }\n"
     "}\n"},
    {"times are short and single values alone",
     "{'calendars': {'c': {'week': {'sun': [], 'mon': ['09:00:00-17:30:15.500']},"
     " 'nights': 'owner_date', 'overrides': {'2026-01-01': {'open': []}}, 'zone': 'UTC'}},"
     " 'metrics': {'m': {'start': {'status': ['new']}, 'kind': 'clock',"
     " 'steps': [{'after': '5400s', 'name': 's'}]}}}",
     "{\n"
     "    'calendars': {\n"
     "        'c': {\n"
     "            'zone': 'UTC',\n"
     "            'week': {\n"
     "                'mon': ['09:00-17:30:15.500']\n"
     "            },\n"
     "            'overrides': {\n"
     "                '2026-01-01': []\n"
     "            }\n"
     "        }\n"
     "    },\n"
     "    'metrics': {\n"
     "        'm': {\n"
     "            'kind': 'clock',\n"
     "            'start': {'status': 'new'},\n"
     "            'steps': [\n"
     "                {'name': 's', 'after': '1h30m'}\n"
     "            ]\n"
     "        }\n"
     "    }\n"
     "}\n"},
    {"a selection and tracks",
     METRIC ", 'options': {'version_at': 'cycle'}}}, 'policies': [{'until': "
     "'2026-01-01T00:00:00Z', 'track': 't', 'name': 'p', 'from': '2025-01-01T00:00:00Z'}], "
     "'select': 'all'}",
     "{\n"
     "    'metrics': {\n"
     "        'm': {\n"
     "            'kind': 'first_reply',\n"
     "            'options': {\n"
     "                'version_at': 'cycle'\n"
     "            }\n"
     "        }\n"
     "    },\n"
     "    'select': 'all',\n"
     "    'policies': [\n"
     "        {\n"
     "            'name': 'p',\n"
     "            'track': 't',\n"
     "            'from': '2025-01-01T00:00:00Z',\n"
     "            'until': '2026-01-01T00:00:00Z'\n"
     "        }\n"
     "    ]\n"
     "}\n"},
    {"steps and their recipients",
     METRIC ", 'options': {'passed_steps': 'stay', 'late_steps': 'last'}, 'steps': [{'to': ['a', "
     "'b'], 'name': 's', 'percent': 80}, {'after': '60m', 'to': ['c'], 'name': 't'}]}}}",
     "{\n"
     "    'metrics': {\n"
     "        'm': {\n"
     "            'kind': 'first_reply',\n"
     "            'options': {\n"
     "                'late_steps': 'last',\n"
     "                'passed_steps': 'stay'\n"
     "            },\n"
     "            'steps': [\n"
     "                {'name': 's', 'percent': 80, 'to': ['a', 'b']},\n"
     "                {'name': 't', 'after': '1h', 'to': ['c']}\n"
     "            ]\n"
     "        }\n"
     "    }\n"
     "}\n"},
    {"the usual selection is left out", "{'select': 'first'}", "{}\n"},
    {"tests keep their order, since the first that fails is named",
     METRIC "}}, 'policies': [{'match': {'not': {'status': 'x'}, 'any': [{'priority': 'a'}],"
            " 'status': {'previous': {'absent': false}, 'changed': true}}, 'name': 'p'}]}",
     "{\n"
     "    'metrics': {\n"
     "        'm': {\n"
     "            'kind': 'first_reply'\n"
     "        }\n"
     "    },\n"
     "    'policies': [\n"
     "        {\n"
     "            'name': 'p',\n"
     "            'match': {\n"
     "                'not': {'status': 'x'},\n"
     "                'any': [\n"
     "                    {'priority': 'a'}\n"
     "                ],\n"
     "                'status': {'previous': {'absent': false}, 'changed': true}\n"
     "            }\n"
     "        }\n"
     "    ]\n"
     "}\n"},
};

static void documents_are_written_in_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_schema *schema = test_schema();
        csq_rules *rules = rules_of(schema, rows[i].quoted);
        char *found = rules_written(rules);
        char *expected = rules_text(rows[i].canonical);
        if (strcmp(found, expected) != 0) {
            print_error("%s\n", rows[i].rule);
        }
        assert_string_equal(found, expected);
        free(expected);
        free(found);
        csq_rules_free(rules);
        csq_schema_free(schema);
    }
}

static void check_round_trip(csq_str text)
{
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of_text(schema, text);
    char *first = rules_written(rules);
    csq_rules *again = rules_of_text(schema, csq_str_of(first));
    char *second = rules_written(again);
    assert_string_equal(first, second);
    assert_true(csq_policies_fingerprint(csq_rules_policies(rules)) ==
                csq_policies_fingerprint(csq_rules_policies(again)));
    const uint32_t n = csq_rules_calendar_count(rules);
    assert_int_equal(csq_rules_calendar_count(again), n);
    for (uint32_t i = 0; i < n; i++) {
        assert_true(csq_calendar_fingerprint(csq_rules_calendar(rules, i)) ==
                    csq_calendar_fingerprint(csq_rules_calendar(again, i)));
    }
    free(second);
    free(first);
    csq_rules_free(again);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void written_documents_read_back_to_equal_rules(void **state)
{
    (void)state;
    static const char *const files[] = {
        "examples/charters/email-24h.json",
        "examples/charters/hotline-7x24.json",
        "tests/fuzz/corpus/rules/everything.json",
        "tests/fuzz/corpus/rules/conditions.json",
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char *text = rules_file(files[i]);
        check_round_trip(csq_str_of(text));
        free(text);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = rules_text(rows[i].quoted);
        check_round_trip(csq_str_of(text));
        free(text);
    }
}

/* The charters are written as the library would write them. */
static void charters_are_in_canonical_form(void **state)
{
    (void)state;
    static const char *const files[] = {"examples/charters/email-24h.json",
                                        "examples/charters/hotline-7x24.json"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        csq_schema *schema = test_schema();
        char *text = rules_file(files[i]);
        csq_rules *rules = rules_of_text(schema, csq_str_of(text));
        char *written = rules_written(rules);
        assert_string_equal(written, text);
        free(written);
        free(text);
        csq_rules_free(rules);
        csq_schema_free(schema);
    }
}

static void a_buffer_that_is_too_small_is_refused(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, "{}");
    char text[8] = "xxxxxxx";
    uint64_t size = 2;
    assert_status(CSQ_ELIMIT, csq_rules_write(rules, text, &size, NULL));
    assert_int_equal(size, 3);
    assert_string_equal(text, "xxxxxxx");
    size = 3;
    assert_status(CSQ_OK, csq_rules_write(rules, text, &size, NULL));
    assert_memory_equal(text, "{}\nx", 4);
    size = 3;
    assert_status(CSQ_EINVAL, csq_rules_write(rules, NULL, &size, NULL));
    assert_status(CSQ_EINVAL, csq_rules_write(rules, text, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_rules_write(NULL, text, &size, NULL));
    csq_rules_free(rules);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_written_in_one_form),
        cmocka_unit_test(written_documents_read_back_to_equal_rules),
        cmocka_unit_test(charters_are_in_canonical_form),
        cmocka_unit_test(a_buffer_that_is_too_small_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
