/*
 * test_metric_preset — presets: each answers a history as the system or behaviour it is named after
 * (docs/clocks.md), and documents name the same ones. See clock_rows.h.
 */
#include "clock_rows.h"
#include "rules_support.h"

typedef struct preset_case {
    uint32_t preset;
    uint32_t kind;
    clock_row row;
} preset_case;

#define SOLVED_REOPENED                                                                            \
    "Mon 09:00 created; Mon 11:00 set status=solved; Mon 13:00 set status=open"
#define URGENT_AT_22 "Mon 16:00 created; Mon 22:00 set priority=urgent"
#define SWITCHED "Mon 07:00 created; Mon 10:00 set calendar=early"
#define SOLVED_AT_20 "Mon 13:00 created; Mon 20:00 set status=solved"

static const preset_case preset_cases[] = {
    {CSQ_PRESET_ZENDESK, CSQ_METRIC_FIRST_REPLY,
     {"a solve completes a first reply", RESOLUTION,
      "Mon 09:00 created; Mon 10:00 set status=solved", "Mon 12:00", COMPLETED, 1, 0, 60, 0,
      .due = "Mon 13:00", .stopped = "Mon 10:00"}},
    {CSQ_PRESET_ZENDESK, CSQ_METRIC_RESOLUTION,
     {"a new target reads the cycle again", RESOLUTION, URGENT_AT_22, "Mon 22:00", ACTIVE, 1, 1,
      360, 0, .due = "Mon 20:00"}},
    {CSQ_PRESET_ZENDESK, CSQ_METRIC_RESOLUTION,
     {"the last schedule holds for the whole life", RESOLUTION, SWITCHED, "Mon 12:00", ACTIVE, 1,
      1, 300, 0, .due = "Mon 11:00"}},
    {CSQ_PRESET_SERVICENOW, CSQ_METRIC_RESOLUTION,
     {"a reopen attaches another one", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", ACTIVE, 2, 0, 60,
      0, .due = "Mon 17:00"}},
    {CSQ_PRESET_SERVICENOW, CSQ_METRIC_RESOLUTION,
     {"100 % is a breach", RESOLUTION, "Mon 09:00 created", "Mon 13:00", ACTIVE, 1, 1, 240, 0,
      .due = "Mon 13:00"}},
    {CSQ_PRESET_SERVICENOW, CSQ_METRIC_RESOLUTION,
     {"another priority cancels and attaches", RESOLUTION, URGENT_AT_22, "Mon 23:00", ACTIVE, 2, 0,
      60, 0, .due = "Tue 02:00"}},
    {CSQ_PRESET_JIRA, CSQ_METRIC_RESOLUTION,
     {"time used stays", RESOLUTION, URGENT_AT_22, "Mon 23:00", ACTIVE, 1, 0, 120, 0,
      .due = "Tue 01:00"}},
    {CSQ_PRESET_JIRA, CSQ_METRIC_RESOLUTION,
     {"a reopen is a cycle", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", ACTIVE, 2, 0, 60, 0,
      .due = "Mon 17:00"}},
    {CSQ_PRESET_ZAMMAD, CSQ_METRIC_RESOLUTION,
     {"due at the next opening", RESOLUTION, "Mon 13:00 created", "Mon 18:00", ACTIVE, 1, 0, 240,
      0, .due = "Tue 09:00"}},
    {CSQ_PRESET_ZAMMAD, CSQ_METRIC_RESOLUTION,
     {"closed time is left out", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", ACTIVE, 1, 0, 180, 0,
      .due = "Mon 15:00"}},
    {CSQ_PRESET_GLPI, CSQ_METRIC_RESOLUTION,
     {"from the opening", RESOLUTION, URGENT_AT_22, "Mon 22:00", ACTIVE, 1, 1, 360, 0,
      .due = "Mon 20:00"}},
    {CSQ_PRESET_GLPI_OLA, CSQ_METRIC_RESOLUTION,
     {"from the attach", RESOLUTION, "Mon 09:00 created; Mon 11:00 attach", "Mon 12:00", ACTIVE, 1,
      0, 60, 0, .due = "Mon 15:00"}},
    {CSQ_PRESET_CHATWOOT, CSQ_METRIC_RESOLUTION,
     {"the result is frozen", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", COMPLETED, 1, 0, 120, 0,
      .due = "Mon 13:00", .stopped = "Mon 11:00"}},
    {CSQ_PRESET_CHATWOOT, CSQ_METRIC_RESOLUTION,
     {"by the instant", RESOLUTION, SOLVED_AT_20, "Tue 12:00", COMPLETED, 1, 1, 240, 0,
      .due = "Mon 17:00", .stopped = "Mon 20:00"}},
    {CSQ_PRESET_FRAPPE, CSQ_METRIC_RESOLUTION,
     {"by the instant", RESOLUTION, SOLVED_AT_20, "Tue 12:00", COMPLETED, 1, 1, 240, 0,
      .due = "Mon 17:00", .stopped = "Mon 20:00"}},
    {CSQ_PRESET_FRAPPE, CSQ_METRIC_RESOLUTION,
     {"from the creation", RESOLUTION, URGENT_AT_22, "Mon 22:00", ACTIVE, 1, 1, 360, 0,
      .due = "Mon 20:00"}},
    {CSQ_PRESET_FIRST_TERMS, CSQ_METRIC_RESOLUTION,
     {"the first calendar holds", RESOLUTION, SWITCHED, "Mon 16:00", ACTIVE, 1, 1, 420, 0,
      .due = "Mon 13:00"}},
    {CSQ_PRESET_LATEST_TERMS, CSQ_METRIC_RESOLUTION,
     {"the latest calendar holds", RESOLUTION, SWITCHED, "Mon 12:00", ACTIVE, 1, 1, 300, 0,
      .due = "Mon 11:00"}},
    {CSQ_PRESET_LATEST_TERMS, CSQ_METRIC_RESOLUTION,
     {"the latest target holds", RESOLUTION,
      "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 edit 2h", "Mon 14:00", COMPLETED,
      1, 1, 180, 0, .due = "Mon 11:00", .stopped = "Mon 12:00"}},
    {CSQ_PRESET_SPLIT_TERMS, CSQ_METRIC_RESOLUTION,
     {"each stretch by its own", RESOLUTION, URGENT_AT_22, "Mon 23:00", ACTIVE, 1, 0, 120, 0,
      .due = "Tue 01:00"}},
    {CSQ_PRESET_NEW_CYCLES, CSQ_METRIC_RESOLUTION,
     {"a reopen is a cycle", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", ACTIVE, 2, 0, 60, 0,
      .due = "Mon 17:00"}},
    {CSQ_PRESET_NEW_CYCLES, CSQ_METRIC_FIRST_RESOLUTION,
     {"but of a first resolution", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", COMPLETED, 1, 0, 120,
      0, .due = "Mon 13:00", .stopped = "Mon 11:00"}},
    {CSQ_PRESET_CHATWOOT, CSQ_METRIC_TOTAL_RESOLUTION,
     {"a total resolution goes on", RESOLUTION, SOLVED_REOPENED, "Mon 14:00", ACTIVE, 1, 0, 180, 0,
      .due = "Mon 15:00"}},
};

enum { N_PRESET_CASES = sizeof preset_cases / sizeof preset_cases[0] };

static csq_metric preset_metric(uint32_t kind, uint32_t preset)
{
    csq_metric metric = {.size = sizeof metric};
    assert_status(CSQ_OK, csq_metric_preset(kind, preset, &metric, NULL));
    assert_int_equal(metric.kind, kind);
    assert_int_equal(metric.name.size, 0);
    return metric;
}

static void each_preset_answers_as_its_namesake(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_PRESET_CASES; i++) {
        clock_row row = preset_cases[i].row;
        row.metric = preset_metric(preset_cases[i].kind, preset_cases[i].preset);
        check_rows(&row, 1);
    }
}

/* Chatwoot and GLPI take a calendar that never opens for wall time; Zammad drops an agreement that
 * does not match any more; Zendesk counts each visit, and new cycles each message. */
static void presets_set_what_the_histories_do_not_show(void **state)
{
    (void)state;
    assert_int_equal(preset_metric(CSQ_METRIC_RESOLUTION, CSQ_PRESET_GLPI).empty_calendar,
                     CSQ_EMPTY_CALENDAR_WALL);
    assert_int_equal(preset_metric(CSQ_METRIC_RESOLUTION, CSQ_PRESET_CHATWOOT).empty_calendar,
                     CSQ_EMPTY_CALENDAR_WALL);
    assert_int_equal(preset_metric(CSQ_METRIC_RESOLUTION, CSQ_PRESET_ZAMMAD).on_no_match,
                     CSQ_ON_NO_MATCH_DETACH);
    assert_int_equal(preset_metric(CSQ_METRIC_OWNERSHIP, CSQ_PRESET_ZENDESK).visits,
                     CSQ_VISITS_EACH);
    assert_int_equal(preset_metric(CSQ_METRIC_NEXT_REPLY, CSQ_PRESET_NEW_CYCLES).message_base,
                     CSQ_MESSAGE_BASE_EACH);
    // What a kind does not have stays as it is.
    assert_int_equal(preset_metric(CSQ_METRIC_RESOLUTION, CSQ_PRESET_NEW_CYCLES).message_base, 0);
    assert_int_equal(preset_metric(CSQ_METRIC_RESOLUTION, CSQ_PRESET_ZENDESK).on_solved, 0);
}

static void what_is_no_preset_is_refused(void **state)
{
    (void)state;
    csq_metric metric = {.size = sizeof metric, .group = 77};
    assert_status(CSQ_EINVAL, csq_metric_preset(0, CSQ_PRESET_JIRA, &metric, NULL));
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_PROMISE + 1, CSQ_PRESET_JIRA, &metric,
                                                NULL));
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_ASSIGN, 0, &metric, NULL));
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_ASSIGN, CSQ_PRESET_NEW_CYCLES + 1,
                                                &metric, NULL));
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_ASSIGN, CSQ_PRESET_JIRA, NULL, NULL));
    metric.size = 3;
    assert_status(CSQ_EABI, csq_metric_preset(CSQ_METRIC_ASSIGN, CSQ_PRESET_JIRA, &metric, NULL));
    assert_int_equal(metric.group, 77);
}

/* ---- documents ----------------------------------------------------------------------------- */

static uint64_t fingerprint_of_metric(csq_schema *schema, csq_metric metric)
{
    csq_policies_builder *builder;
    csq_policies *policies;
    uint32_t index;
    const uint32_t done = test_code(schema, CSQ_TICKET_STATUS, "done");
    metric.name = csq_str_of("m");
    metric.stop_statuses = &done;
    metric.n_stop_statuses = 1;
    assert_status(CSQ_OK, csq_policies_builder_new(schema, NULL, &builder, NULL));
    assert_status(CSQ_OK, csq_policies_add_metric(builder, &metric, &index, NULL));
    assert_status(CSQ_OK, csq_policies_build(builder, &policies, NULL));
    const uint64_t fingerprint = csq_policies_fingerprint(policies);
    csq_policies_free(policies);
    csq_policies_builder_free(builder);
    return fingerprint;
}

static void documents_name_the_same_presets(void **state)
{
    (void)state;
    static const char *const names[] = {"zendesk",  "servicenow",  "jira",         "zammad",
                                        "glpi",     "glpi_ola",    "chatwoot",     "frappe",
                                        "first_terms", "latest_terms", "split_terms", "new_cycles"};
    static const struct {
        const char *name;
        uint32_t kind;
    } kinds[] = {{"first_reply", CSQ_METRIC_FIRST_REPLY},
                 {"next_reply", CSQ_METRIC_NEXT_REPLY},
                 {"resolution", CSQ_METRIC_RESOLUTION},
                 {"total_resolution", CSQ_METRIC_TOTAL_RESOLUTION},
                 {"assign", CSQ_METRIC_ASSIGN}};
    for (uint32_t preset = 1; preset <= CSQ_PRESET_NEW_CYCLES; preset++) {
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
            csq_schema *schema = test_schema();
            char document[200];
            snprintf(document, sizeof document,
                     "{'metrics': {'m': {'kind': '%s', 'preset': '%s', 'stop_statuses': "
                     "['done']}}}",
                     kinds[k].name, names[preset - 1]);
            csq_rules *rules = rules_of(schema, document);
            assert_true(csq_policies_fingerprint(csq_rules_policies(rules)) ==
                        fingerprint_of_metric(schema, preset_metric(kinds[k].kind, preset)));
            csq_rules_free(rules);
            csq_schema_free(schema);
        }
    }
}

/* An option beside a preset goes before it; written is what says more than kind and preset do. */
static void options_go_before_the_preset(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema, "{'metrics': {'m': {'preset': 'zammad', 'kind': 'resolution', 'options': "
                "{'on_no_match': 'keep', 'due_edge': 'next_open', 'reopen': 'resume', "
                "'attach': 'match', 'on_change': 'carry'}, 'stop_statuses': ['done']}}}");
    csq_metric metric = preset_metric(CSQ_METRIC_RESOLUTION, CSQ_PRESET_ZAMMAD);
    metric.on_no_match = CSQ_ON_NO_MATCH_KEEP;
    metric.on_change = CSQ_ON_CHANGE_CARRY;
    assert_true(csq_policies_fingerprint(csq_rules_policies(rules)) ==
                fingerprint_of_metric(schema, metric));
    char *expected = rules_text("{\n"
                                "    'metrics': {\n"
                                "        'm': {\n"
                                "            'kind': 'resolution',\n"
                                "            'preset': 'zammad',\n"
                                "            'stop_statuses': ['done'],\n"
                                "            'options': {\n"
                                "                'on_change': 'carry',\n"
                                "                'on_no_match': 'keep'\n"
                                "            }\n"
                                "        }\n"
                                "    }\n"
                                "}\n");
    char *written = rules_written(rules);
    assert_string_equal(written, expected);
    csq_rules *again = rules_of_text(schema, csq_str_of(written));
    assert_true(csq_policies_fingerprint(csq_rules_policies(again)) ==
                csq_policies_fingerprint(csq_rules_policies(rules)));
    csq_rules_free(again);
    free(written);
    free(expected);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

/* Advice about a calendar that never opens is for metrics that mind. */
static void the_linter_sees_through_a_preset(void **state)
{
    (void)state;
    static const struct {
        const char *metric;
        uint64_t n_advice;
    } rows[] = {{"'preset': 'glpi'", 0},
                {"'preset': 'jira'", 1},
                {"'preset': 'glpi', 'options': {'empty_calendar': 'never'}", 1},
                {"'preset': 'jira', 'options': {'empty_calendar': 'wall'}", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_schema *schema = test_schema();
        char document[300];
        snprintf(document, sizeof document,
                 "{'calendars': {'c': {'never_open': true}}, 'metrics': {'m': {'kind': "
                 "'first_reply', %s}}, 'policies': [{'name': 'p', 'targets': {'m': "
                 "{'within': '1h', 'calendar': 'c'}}}]}",
                 rows[i].metric);
        csq_rules *rules = rules_of(schema, document);
        csq_lint *lint;
        assert_status(CSQ_OK, csq_rules_lint(rules, NULL, &lint, NULL));
        assert_ms_equal(csq_lint_count(lint), rows[i].n_advice);
        csq_lint_free(lint);
        csq_rules_free(rules);
        csq_schema_free(schema);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_preset_answers_as_its_namesake),
        cmocka_unit_test(presets_set_what_the_histories_do_not_show),
        cmocka_unit_test(what_is_no_preset_is_refused),
        cmocka_unit_test(documents_name_the_same_presets),
        cmocka_unit_test(options_go_before_the_preset),
        cmocka_unit_test(the_linter_sees_through_a_preset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
