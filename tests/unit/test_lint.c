/*
 * test_lint — advice: when it is given, where, and when not.
 */
#include "rules_support.h"

/* Advice in the order of the document: "name path" a line. */
typedef struct lint_row {
    const char *rule;
    const char *document;
    const char *advice;
} lint_row;

#define METRICS "'metrics': {'m': {'kind': 'first_reply'}}"
#define POLICIES(policies)                                                                         \
    "{'attributes': {'amount': 'integer', 'seen': 'instant', 'skills': 'set'}, " METRICS           \
    ", 'policies': [" policies "]}"
#define TARGET         "'targets': {'m': {'within': '1h'}}"
#define P(name, match) "{'name': '" name "', 'match': " match ", " TARGET "}"
#define BY_P3                                                                                      \
    "{'name': 'b', 'targets': {'m': {'by': 'priority', 'values': {'p3': {'within': '1h'}}}}"
#define TWO_METRICS(policies)                                                                      \
    "{'metrics': {'m': {'kind': 'first_reply'}, 'n': {'kind': 'next_reply'}}, 'policies': "        \
    "[" policies "]}"
#define STEPPED(steps, target)                                                                     \
    "{'calendars': {'c': {'zone': 'UTC', 'week': {'mon': ['09:00-17:00']}}}, 'metrics': {'m': "    \
    "{'kind': 'first_reply', 'steps': [" steps                                                     \
    "]}}, 'policies': [{'name': 'p', 'targets': {'m': " target "}}]}"
#define CLOCK(conditions)                                                                          \
    "{'metrics': {'m': {'kind': 'clock', " conditions                                              \
    "}}, 'policies': [{'name': 'p', 'targets': {'m': {'within': '1h'}}}]}"
#define NEVER    "never_matches policies[0].match\n"
#define SHADOWED "never_matches policies[1].match\n"
#define OVERLAP  "overlap policies[1].match\n"

static const lint_row rows[] = {
    {"nothing to say", POLICIES("{'name': 'p', " TARGET "}"), ""},
    /* no threshold */
    {"a metric without a target", "{" METRICS ", 'policies': [{'name': 'p'}]}",
     "no_threshold metrics.m\n"},
    {"a metric without policies", "{" METRICS "}", "no_threshold metrics.m\n"},
    /* tracks */
    {"policies of several tracks do not compete",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'a', " TARGET
     "}, {'name': 'b', 'track': 't', 'match': {'status': 'x'}, " TARGET "}]}",
     ""},
    {"those of one do",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'a', 'track': 't', " TARGET
     "}, {'name': 'b', 'track': 't', 'match': {'status': 'x'}, " TARGET "}]}",
     SHADOWED},
    {"nor do policies that hold at once",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'select': 'all', 'policies': [{'name': 'a', " TARGET
     "}, {'name': 'b', 'match': {'status': 'x'}, " TARGET "}]}",
     ""},
    {"a value that another track takes arrives",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'a', 'track': 't', 'match': "
     "{'priority': 'p1'}, " TARGET "}, " BY_P3 "}]}",
     "uncovered_value policies[1].targets.m.values\n"},
    /* versions */
    {"versions of a policy do not compete",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'a', 'until': "
     "'2026-01-01T00:00:00Z', " TARGET "}, {'name': 'a', 'from': '2026-01-01T00:00:00Z', 'match': "
     "{'status': 'x'}, " TARGET "}]}",
     ""},
    {"one that is in force all the while does",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'a', 'until': "
     "'2026-01-01T00:00:00Z', " TARGET "}, {'name': 'b', 'from': '2025-01-01T00:00:00Z', 'until': "
     "'2025-02-01T00:00:00Z', 'match': {'status': 'x'}, " TARGET "}]}",
     SHADOWED},
    {"one that is in force for a part of it overlaps",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'a', 'until': "
     "'2026-01-01T00:00:00Z', " TARGET "}, {'name': 'b', 'from': '2025-01-01T00:00:00Z', 'match': "
     "{'status': 'x'}, " TARGET "}]}",
     OVERLAP},
    /* contradictions */
    {"two values at once", POLICIES(P("p", "{'all': [{'status': 'a'}, {'status': 'b'}]}")), NEVER},
    {"a value and its opposite",
     POLICIES(P("p", "{'status': ['a', 'b'], 'not': {'status': ['b', 'a']}}")), NEVER},
    {"a value that is absent",
     POLICIES(P("p", "{'all': [{'status': 'a'}, {'status': {'absent': "
                     "true}}]}")),
     NEVER},
    {"neither absent nor there",
     POLICIES(P("p", "{'not': {'any': [{'status': {'absent': true}}, {'status': {'absent': "
                     "false}}]}}")),
     NEVER},
    {"ranges apart",
     POLICIES(P("p", "{'all': [{'amount': {'at_least': 6}}, {'amount': {'at_most': 5}}]}")), NEVER},
    {"ranges that touch",
     POLICIES(P("p", "{'all': [{'amount': {'at_least': 5}}, {'amount': {'at_most': 5}}]}")), ""},
    {"a number outside its range",
     POLICIES(P("p", "{'all': [{'amount': [1, 2]}, {'amount': {'at_least': 3}}]}")), NEVER},
    {"instants apart",
     POLICIES(P("p", "{'all': [{'seen': {'at_least': '2026-01-01T00:00:00+01:00'}},"
                     " {'seen': {'at_most': '2025-12-31T22:59:59Z'}}]}")),
     NEVER},
    {"one instant in two forms",
     POLICIES(P("p", "{'all': [{'seen': {'at_least': '2026-01-01T00:00:00+01:00'}},"
                     " {'seen': {'at_most': '2025-12-31T23:00:00Z'}}]}")),
     ""},
    {"no number that is there",
     POLICIES(P("p", "{'all': [{'amount': 5}, {'amount': {'absent': true}}]}")), NEVER},
    {"a set with members is not empty",
     POLICIES(P("p", "{'all': [{'tags': {'has': 'a'}}, {'tags': {'absent': true}}]}")), NEVER},
    {"a member that is not there",
     POLICIES(P("p", "{'tags': {'has': ['a', 'b']}, 'not': {'tags': {'has': ['b', 'a', 'c']}}}")),
     NEVER},
    {"two members", POLICIES(P("p", "{'all': [{'tags': {'has': 'a'}}, {'tags': {'has': 'b'}}]}")),
     ""},
    {"changed and not changed",
     POLICIES(P("p", "{'all': [{'status': {'changed_to': 'a'}}, {'status': {'changed': false}}]}")),
     NEVER},
    {"before and after are two things",
     POLICIES(P("p", "{'status': {'changed_to': 'a', 'previous': 'b'}}")), ""},
    {"two values before", POLICIES(P("p", "{'status': {'changed_from': 'a', 'previous': 'b'}}")),
     NEVER},
    {"any of nothing", POLICIES(P("p", "{'any': []}")), NEVER},
    {"each alternative contradicts",
     POLICIES(
         P("p", "{'status': 'a', 'any': [{'status': 'b'}, {'status': 'c', 'priority': 'x'}]}")),
     NEVER},
    {"one alternative is left",
     POLICIES(P("p", "{'status': 'a', 'any': [{'status': 'b'}, {'priority': 'x'}]}")), ""},
    {"a condition that always holds", POLICIES(P("p", "{'all': []}")), ""},
    /* shadowed */
    {"after a policy for all", POLICIES("{'name': 'p', " TARGET "}, " P("q", "{'status': 'a'}")),
     SHADOWED},
    {"after a wider policy",
     POLICIES(P("p", "{'status': ['a', 'b']}") ", " P("q", "{'status': 'a', 'priority': 'x'}")),
     SHADOWED},
    {"after a wider range",
     POLICIES(P("p", "{'amount': {'at_least': 1}}") ", " P(
         "q", "{'amount': {'at_least': 2, 'at_most': 3}}")),
     SHADOWED},
    {"after all alternatives",
     POLICIES(P("p", "{'any': [{'status': 'a'}, {'not': {'status': 'a'}}]}") ", " P(
         "q", "{'priority': 'x'}")),
     SHADOWED},
    {"the second policy for all", POLICIES("{'name': 'p', " TARGET "}, {'name': 'q', " TARGET "}"),
     "never_matches policies[1]\n"},
    /* overlap */
    {"two attributes", POLICIES(P("p", "{'tags': {'has': 'vip'}}") ", " P("q", "{'status': 'a'}")),
     OVERLAP},
    {"narrow before wide",
     POLICIES(P("p", "{'status': 'a'}") ", " P("q", "{'status': ['a', 'b']}")), OVERLAP},
    {"one for the rest is meant to",
     POLICIES(P("p", "{'status': 'a'}") ", {'name': 'q', " TARGET "}"), ""},
    {"disjoint values", POLICIES(P("p", "{'status': 'a'}") ", " P("q", "{'status': 'b'}")), ""},
    {"disjoint ranges",
     POLICIES(P("p", "{'amount': {'at_most': 5}}") ", " P("q", "{'amount': {'at_least': 6}}")), ""},
    {"both hold without a number",
     POLICIES(P("p", "{'not': {'amount': {'at_least': 5}}}") ", " P(
         "q", "{'not': {'amount': {'at_most': 9}}}")),
     OVERLAP},
    {"an exception made by hand",
     POLICIES(P("p", "{'status': 'a', 'priority': 'x'}") ", " P(
         "q", "{'status': 'a', 'not': {'priority': 'x'}}")),
     ""},
    /* values */
    {"a value elsewhere has no target",
     POLICIES("{'name': 'p', 'match': {'status': 'a'}, 'targets': {'m': {'by': 'priority', "
              "'values': {'p1': {'within': '1h'}}}}}, " P("q", "{'status': 'b', 'priority': "
                                                               "['p1', 'p2']}")),
     "uncovered_value policies[0].targets.m.values\n"},
    {"a status of a metric has no target",
     "{'metrics': {'m': {'kind': 'resolution', 'stop_statuses': ['done']}}, 'policies': [{'name': "
     "'p', 'targets': {'m': {'by': 'status', 'values': {'new': {'within': '1h'}}}}}]}",
     "uncovered_value policies[0].targets.m.values\n"},
    {"otherwise covers all",
     POLICIES("{'name': 'p', 'match': {'status': 'a'}, 'targets': {'m': {'by': 'priority', "
              "'values': {'p1': {'within': '1h'}}, 'otherwise': {'within': '2h'}}}}, " P(
                  "q", "{'status': 'b', 'priority': 'p2'}")),
     ""},
    {"the policy rules the value out",
     POLICIES("{'name': 'p', 'match': {'priority': ['p1']}, 'targets': {'m': {'by': 'priority', "
              "'values': {'p1': {'within': '1h'}}}}}, " P("q", "{'priority': 'p2'}")),
     ""},
    {"an earlier policy has the targets of the values that it matches",
     POLICIES(P("p", "{'priority': ['p1', 'p2']}") ", " BY_P3 "}"), ""},
    {"two earlier policies have them together",
     POLICIES(P("p", "{'priority': 'p1', 'amount': {'at_least': 5}}") ", " P(
         "q", "{'priority': 'p1', 'not': {'amount': {'at_least': 5}}}") ", " BY_P3 "}"),
     ""},
    {"an earlier policy matches only some tickets with the value",
     POLICIES(P("p", "{'priority': 'p1', 'tags': {'has': 'vip'}}") ", " BY_P3 "}"),
     "uncovered_value policies[1].targets.m.values\n"},
    {"a later policy does not help", POLICIES(BY_P3 "}, " P("q", "{'priority': 'p1'}")),
     "uncovered_value policies[0].targets.m.values\nnever_matches policies[1].match\n"},
    {"an earlier policy without a target for the metric does not cover its values",
     TWO_METRICS(
         "{'name': 'p', 'match': {'priority': 'p1'}, 'targets': {'n': {'within': '1h'}}}, " BY_P3
         "}"),
     "uncovered_value policies[1].targets.m.values\n"},
    {"nor does it where the value has a target that no ticket gets",
     TWO_METRICS(
         "{'name': 'p', 'match': {'priority': 'p3'}, 'targets': {'n': {'within': '1h'}}}, " BY_P3
         "}"),
     "uncovered_value policies[1].targets.m.values\n"},
    {"nor beside an \"otherwise\"",
     TWO_METRICS("{'name': 'p', 'match': {'priority': 'p1'}, 'targets': {'n': {'within': '1h'}}}, "
                 "{'name': 'b', 'targets': {'m': {'by': 'priority', 'otherwise': {'within': "
                 "'1h'}}}}"),
     "uncovered_value policies[1].targets.m\n"},
    {"another policy that gets the value has a target",
     TWO_METRICS("{'name': 'p', 'match': {'priority': 'p1', 'tags': {'has': 'vip'}}, 'targets': "
                 "{'m': {'within': '1h'}}}, {'name': 'q', 'match': {'priority': 'p1'}, 'targets': "
                 "{'n': {'within': '1h'}}}, " BY_P3 "}"),
     "overlap policies[1].match\n"},
    {"a policy without any target exempts its tickets",
     POLICIES("{'name': 'p', 'match': {'priority': 'p1'}}, " BY_P3 "}"), ""},
    /* steps */
    {"working days after a target in time",
     STEPPED("{'name': 's', 'workdays': 1}", "{'within': '1h', 'calendar': 'c'}"),
     "step_never metrics.m.steps[0].workdays\n"},
    {"a percentage of working days",
     STEPPED("{'name': 'r', 'after': '1h'}, {'name': 's', 'percent': 80}",
             "{'workdays': 3, 'calendar': 'c'}"),
     "step_never metrics.m.steps[1].percent\n"},
    {"a percentage of a due instant",
     STEPPED("{'name': 'r', 'after': '1h'}, {'name': 's', 'percent': 80}",
             "{'due': 'promise', 'calendar': 'c'}"),
     "step_never metrics.m.steps[1].percent\n"},
    {"both kinds of target",
     STEPPED("{'name': 'r', 'workdays': -1}, {'name': 's', 'percent': 80}",
             "{'by': 'priority', 'calendar': 'c', 'values': {'x': {'within': '1h'}}, 'otherwise': "
             "{'workdays': 3}}"),
     ""},
    {"no target at all",
     "{'metrics': {'m': {'kind': 'first_reply', 'steps': [{'name': 's', "
     "'workdays': 1}]}}, 'policies': []}",
     "no_threshold metrics.m\n"},
    /* conditions of metrics */
    {"a start that always holds", CLOCK("'start': {'all': []}"),
     "condition_never metrics.m.start\n"},
    {"a start without tests", CLOCK("'start': {}"), "condition_never metrics.m.start\n"},
    {"a stop that always holds",
     CLOCK("'start': {'event': 'created'}, 'stop': {'any': [{'status': 'a'}, {'not': {'status': "
           "'a'}}]}"),
     "condition_never metrics.m.stop\n"},
    {"a reset that holds unless something changes",
     CLOCK("'start': {'event': 'created'}, 'reset': {'status': {'changed': false}}"),
     "condition_never metrics.m.reset\n"},
    {"a reopen that contradicts itself",
     CLOCK("'start': {'event': 'created'}, 'reopen': {'status': 'a', 'not': {'status': 'a'}}"),
     "condition_never metrics.m.reopen\n"},
    {"a pause acts while it holds",
     CLOCK("'start': {'event': 'created'}, 'pause': {'all': []}, 'resume': {'any': []}"),
     "condition_never metrics.m.resume\n"},
    {"conditions that begin to hold",
     CLOCK("'start': {'event': ['created', 'reply']}, 'stop': {'status': {'changed_to': 'a'}}, "
           "'reset': {'status': {'changed': true}}, 'cancel': {'tags': {'has': 'x'}}, 'reopen': "
           "{'status': {'absent': true}}"),
     ""},
    {"an event with something unchanged",
     CLOCK("'start': {'event': 'reply', 'status': {'changed': false}}"), ""},
    /* calendars */
    {"a target on a calendar that never opens",
     "{'calendars': {'n': {'zone': 'UTC', 'week': {'mon': []}}}, " METRICS ", 'policies': [{'name':"
     " 'p', 'targets': {'m': {'within': '1h', 'calendar': 'n'}}}]}",
     "never_opens policies[0].targets.m.calendar\n"},
    {"hours apart",
     "{'calendars': {'a': {'zone': 'UTC', 'week': {'mon': ['09:00-10:00']}}, 'b': {'zone': 'UTC',"
     " 'week': {'tue': ['09:00-10:00']}}, 'n': {'intersection': ['a', 'b']}}, " METRICS
     ", 'policies': [{'name': 'p', 'targets': {'m': {'by': 'priority', 'values': {'x': {'within': "
     "'1h', 'calendar': 'n'}}, 'otherwise': {'within': '1h', 'calendar': 'a'}}}}]}",
     "never_opens policies[0].targets.m.values.x.calendar\n"},
    {"a default that holds for one value at least",
     "{'calendars': {'n': {'never_open': true}, 'c': {'always_open': true}}, " METRICS
     ", 'policies': [{'name': 'p', 'targets': {'m': {'by': 'priority', 'calendar': 'n', 'values': "
     "{'x': {'within': '1h', 'calendar': 'c'}, 'y': {'within': '1h'}}, 'otherwise': {'within': "
     "'1h', 'calendar': 'c'}}}}]}",
     "never_opens policies[0].targets.m.calendar\n"},
    {"a default that holds for what is left",
     "{'calendars': {'n': {'never_open': true}, 'c': {'always_open': true}}, " METRICS
     ", 'policies': [{'name': 'p', 'targets': {'m': {'by': 'priority', 'calendar': 'n', 'values': "
     "{'x': {'within': '1h', 'calendar': 'c'}}, 'otherwise': {'within': '1h'}}}}]}",
     "never_opens policies[0].targets.m.calendar\n"},
    {"a default that holds for nothing",
     "{'calendars': {'n': {'never_open': true}, 'c': {'always_open': true}}, " METRICS
     ", 'policies': [{'name': 'p', 'targets': {'m': {'by': 'priority', 'calendar': 'n', 'values': "
     "{'x': {'within': '1h', 'calendar': 'c'}}, 'otherwise': {'within': '1h', 'calendar': 'c'}}}}]"
     "}",
     ""},
    {"wall time does not mind",
     "{'calendars': {'n': {'never_open': true}}, 'metrics': {'m': {'kind': 'first_reply', 'time': "
     "'wall'}}, 'policies': [{'name': 'p', 'targets': {'m': {'within': '1h', 'calendar': 'n'}}}]}",
     ""},
    {"nor does an option",
     "{'calendars': {'n': {'never_open': true}}, 'metrics': {'m': {'kind': 'first_reply', "
     "'options': {'empty_calendar': 'wall'}}}, 'policies': [{'name': 'p', 'targets': {'m': "
     "{'within': '1h', 'calendar': 'n'}}}]}",
     ""},
    {"advice stands in the order of the document",
     "{'policies': [{'name': 'p', 'match': {'any': []}, 'targets': {'m': {'within': '1h', "
     "'calendar': 'n'}}}], 'metrics': {'x': {'kind': 'first_reply'}, 'm': {'kind': "
     "'first_reply'}}, 'calendars': {'n': {'never_open': true}}}",
     "never_matches policies[0].match\n"
     "never_opens policies[0].targets.m.calendar\n"
     "no_threshold metrics.x\n"},
};

static void lint_lines(const csq_lint *lint, char *out, size_t size)
{
    size_t at = 0;
    out[0] = '\0';
    for (uint64_t i = 0; i < csq_lint_count(lint); i++) {
        csq_advice advice = {0};
        advice.size = sizeof advice;
        assert_status(CSQ_OK, csq_lint_at(lint, i, &advice, NULL));
        assert_true(advice.message.size > 0);
        at += (size_t)snprintf(out + at, size - at, "%s %s\n", csq_advice_name(advice.code),
                               advice.path.data);
    }
}

static void advice_is_given_where_it_is_due(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_schema *schema = test_schema();
        csq_rules *rules = rules_of(schema, rows[i].document);
        csq_lint *lint;
        assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
        char found[1024];
        lint_lines(lint, found, sizeof found);
        if (strcmp(found, rows[i].advice) != 0) {
            print_error("%s\n", rows[i].rule);
        }
        assert_string_equal(found, rows[i].advice);
        csq_rules_free(rules); /* advice stands on its own */
        csq_lint_free(lint);
        csq_schema_free(schema);
    }
}

static void assert_text(csq_str found, const char *expected)
{
    if (found.size != strlen(expected)) {
        print_error("%.*s\n", (int)found.size, found.data);
    }
    assert_int_equal(found.size, strlen(expected));
    assert_memory_equal(found.data, expected, (size_t)found.size);
}

static void advice_gives_its_reason(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema, POLICIES("{'name': 'vip', 'match': {'tags': {'has': 'vip'}}, 'targets': {'m': "
                         "{'by': 'priority', 'values': {'p1': {'within': '1h'}}}}}, " P(
                             "q", "{'priority': ['p3', 'p2']}")));
    csq_lint *lint;
    assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
    assert_int_equal(csq_lint_count(lint), 2);
    csq_advice advice = {0};
    advice.size = sizeof advice;
    assert_status(CSQ_OK, csq_lint_at(lint, 0, &advice, NULL));
    assert_int_equal(advice.weight, CSQ_ADVICE_WARNING);
    assert_text(advice.message, "there are no targets for the values \"p3\", \"p2\" of "
                                "\"priority\", and no \"otherwise\"");
    assert_status(CSQ_OK, csq_lint_at(lint, 1, &advice, NULL));
    assert_int_equal(advice.code, CSQ_ADVICE_OVERLAP);
    assert_int_equal(advice.weight, CSQ_ADVICE_HINT);
    assert_text(advice.message, "some tickets may match \"vip\" as well, which then holds because "
                                "it stands earlier");
    assert_status(CSQ_ERANGE, csq_lint_at(lint, 2, &advice, NULL));
    assert_status(CSQ_EINVAL, csq_lint_at(lint, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_lint_at(NULL, 0, &advice, NULL));
    advice.size = 3;
    assert_status(CSQ_EABI, csq_lint_at(lint, 0, &advice, NULL));
    csq_lint_free(lint);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void many_values_are_counted(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema, POLICIES("{'name': 'p', 'match': {'status': 'a'}, 'targets': {'m': {'by': "
                         "'priority', 'values': {'x': {'within': '1h'}}}}}, " P(
                             "q", "{'status': 'b', 'priority': ['1', '2', '3', '4', '5', '6', "
                                  "'7', '8', '9', '10']}")));
    csq_lint *lint;
    assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
    csq_advice advice = {0};
    advice.size = sizeof advice;
    assert_status(CSQ_OK, csq_lint_at(lint, 0, &advice, NULL));
    assert_text(advice.message,
                "there are no targets for the values \"1\", \"2\", \"3\", \"4\", \"5\", \"6\", "
                "\"7\", \"8\" and 2 more of \"priority\", and no \"otherwise\"");
    csq_lint_free(lint);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void impossible_arguments_are_refused(void **state)
{
    (void)state;
    csq_lint *lint = NULL;
    assert_status(CSQ_EINVAL, csq_rules_lint(NULL, NULL, &lint, NULL));
    assert_status(CSQ_EINVAL, csq_rules_lint(NULL, NULL, NULL, NULL));
    assert_int_equal(csq_lint_count(NULL), 0);
    csq_lint_free(NULL);
    assert_string_equal(csq_advice_name(0), "unknown");
    assert_string_equal(csq_advice_name(CSQ_ADVICE_CONDITION_NEVER + 1), "unknown");
}

static void values_that_others_take_are_named(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema, TWO_METRICS("{'name': 'p', 'match': {'priority': ['p1', 'p2']}, 'targets': {'n': "
                            "{'within': '1h'}}}, " BY_P3 "}"));
    csq_lint *lint;
    assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
    csq_advice advice = {0};
    advice.size = sizeof advice;
    assert_status(CSQ_OK, csq_lint_at(lint, 0, &advice, NULL));
    assert_int_equal(advice.code, CSQ_ADVICE_UNCOVERED_VALUE);
    assert_int_equal(advice.weight, CSQ_ADVICE_HINT);
    assert_text(advice.message, "policies before it match all tickets with the values \"p1\", "
                                "\"p2\" of \"priority\", and have no target for this metric");
    csq_lint_free(lint);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void the_shipped_rules_need_no_advice(void **state)
{
    (void)state;
    char *text = rules_file("examples/data/servicenow.rules.json");
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of_text(schema, csq_str_of(text));
    csq_lint *lint;
    assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
    assert_int_equal(csq_lint_count(lint), 0);
    csq_lint_free(lint);
    csq_rules_free(rules);
    csq_schema_free(schema);
    free(text);
}

/* Thousands of policies of many alternatives each end in bounded time. */
static void a_hostile_document_is_judged_in_bounded_time(void **state)
{
    (void)state;
    char *text = malloc(4 << 20);
    assert_non_null(text);
    size_t at = (size_t)sprintf(text, "{\"metrics\": {\"m\": {\"kind\": \"first_reply\"}}, "
                                      "\"policies\": [");
    for (int i = 0; i < 1000; i++) {
        at += (size_t)sprintf(text + at, "%s{\"name\": \"p%d\", \"match\": {\"any\": [",
                              i == 0 ? "" : ",", i);
        for (int j = 0; j < 16; j++) {
            at +=
                (size_t)sprintf(text + at, "%s{\"status\": \"s%d\", \"tags\": {\"has\": \"t%d\"}}",
                                j == 0 ? "" : ",", i * 16 + j, j);
        }
        at += (size_t)sprintf(text + at, "]}, \"targets\": {\"m\": {\"within\": \"1h\"}}}");
    }
    strcpy(text + at, "]}");
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of_text(schema, csq_str_of(text));
    csq_lint *lint;
    assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
    assert_int_equal(csq_lint_count(lint), 0);
    csq_lint_free(lint);
    csq_rules_free(rules);
    csq_schema_free(schema);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advice_is_given_where_it_is_due),
        cmocka_unit_test(advice_gives_its_reason),
        cmocka_unit_test(many_values_are_counted),
        cmocka_unit_test(values_that_others_take_are_named),
        cmocka_unit_test(the_shipped_rules_need_no_advice),
        cmocka_unit_test(impossible_arguments_are_refused),
        cmocka_unit_test(a_hostile_document_is_judged_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
