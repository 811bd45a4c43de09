/*
 * test_metric_preset — presets: each answers a history as the system or behaviour it is named after
 * (docs/clocks.md), and documents name the same ones. See clock_rows.h.
 */
#include "clock_rows.h"
#include "csq/sla_preset.h"
#include "rules/rules_internal.h"
#include "rules_support.h"
#include "sla/sla_internal.h"

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
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_ASSIGN, CSQ_PRESET_INHERIT_START + 1,
                                                &metric, NULL));
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_ASSIGN, CSQ_PRESET_JIRA, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_metric_preset(CSQ_METRIC_RESOLUTION, CSQ_PRESET_REPEAT, &metric,
                                                NULL));
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

/* A kind as documents name it, and what it needs beside. */
typedef struct kind_row {
    const char *needs;
    uint32_t kind;
} kind_row;

static const kind_row kind_rows[] = {
    {"'kind': 'clock', 'start': {'event': 'created'}", CSQ_METRIC_CLOCK},
    {"'kind': 'first_reply'", CSQ_METRIC_FIRST_REPLY},
    {"'kind': 'resolution'", CSQ_METRIC_RESOLUTION},
    {"'kind': 'next_reply'", CSQ_METRIC_NEXT_REPLY},
    {"'kind': 'periodic_update'", CSQ_METRIC_PERIODIC_UPDATE},
    {"'kind': 'pausable_update'", CSQ_METRIC_PAUSABLE_UPDATE},
    {"'kind': 'ownership', 'group': 'g'", CSQ_METRIC_OWNERSHIP},
    {"'kind': 'requester_wait', 'pause_statuses': ['pending']", CSQ_METRIC_REQUESTER_WAIT},
    {"'kind': 'agent_work', 'run_statuses': ['open']", CSQ_METRIC_AGENT_WORK},
    {"'kind': 'first_resolution'", CSQ_METRIC_FIRST_RESOLUTION},
    {"'kind': 'total_resolution'", CSQ_METRIC_TOTAL_RESOLUTION},
    {"'kind': 'acknowledge'", CSQ_METRIC_ACKNOWLEDGE},
    {"'kind': 'assign'", CSQ_METRIC_ASSIGN},
    {"'kind': 'promise'", CSQ_METRIC_PROMISE},
};

enum { N_KIND_ROWS = sizeof kind_rows / sizeof kind_rows[0] };

static const csq__shape *preset_names(void)
{
    return csq__shape_of(CSQ__SHAPE_PRESET_NAME);
}

/* The fingerprint of a metric with these members; 0 where it is refused, as an option or preset
 * that the kind does not have. */
static uint64_t fingerprint_with(const kind_row *row, const char *members)
{
    csq_schema *schema = test_schema();
    char text[512];
    snprintf(text, sizeof text, "{'metrics': {'m': {%s, 'stop_statuses': ['done']%s}}}",
             row->needs, members);
    char *document = rules_text(text);
    csq_rules *rules = NULL;
    csq_error error;
    const csq_status status =
        csq_rules_read(schema, csq_str_of(document), NULL, NULL, &rules, &error);
    uint64_t fingerprint = 0;
    if (status == CSQ_OK) {
        fingerprint = csq_policies_fingerprint(csq_rules_policies(rules));
    } else {
        assert_status(CSQ_ERULE, status);
    }
    csq_rules_free(rules);
    free(document);
    csq_schema_free(schema);
    return fingerprint;
}

static void documents_name_the_same_presets(void **state)
{
    (void)state;
    static const kind_row rows[] = {{"'kind': 'first_reply'", CSQ_METRIC_FIRST_REPLY},
                                    {"'kind': 'next_reply'", CSQ_METRIC_NEXT_REPLY},
                                    {"'kind': 'resolution'", CSQ_METRIC_RESOLUTION},
                                    {"'kind': 'total_resolution'", CSQ_METRIC_TOTAL_RESOLUTION},
                                    {"'kind': 'assign'", CSQ_METRIC_ASSIGN}};
    assert_int_equal(preset_names()->n_choices, CSQ_PRESET_INHERIT_START);
    for (uint32_t preset = 1; preset <= CSQ_PRESET_INHERIT_START; preset++) {
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            char member[80];
            snprintf(member, sizeof member, ", 'preset': '%s'",
                     preset_names()->choices[preset - 1]);
            const uint64_t found = fingerprint_with(&rows[k], member);
            csq_metric metric = {.size = sizeof metric};
            if (csq_metric_preset(rows[k].kind, preset, &metric, NULL) != CSQ_OK) {
                assert_true(found == 0);
                continue;
            }
            csq_schema *schema = test_schema();
            assert_true(found == fingerprint_of_metric(schema, metric));
            csq_schema_free(schema);
        }
    }
}

/* Of a kind: what it is without options and with each preset. */
typedef struct kind_presets {
    uint64_t bare;
    uint64_t with[UINT8_MAX];
} kind_presets;

static void read_presets(const kind_row *row, kind_presets *out)
{
    out->bare = fingerprint_with(row, "");
    assert_true(out->bare != 0);
    for (uint32_t i = 0; i < preset_names()->n_choices; i++) {
        char member[80];
        snprintf(member, sizeof member, ", 'preset': '%s'", preset_names()->choices[i]);
        out->with[i] = fingerprint_with(row, member);
    }
}

/* Whether the members make a metric that differs from a bare one; then a behaviour makes it, too,
 * which `reached` notes. */
static bool check_reached(const kind_row *row, const kind_presets *presets, const char *members,
                          bool *reached)
{
    const uint64_t found = fingerprint_with(row, members);
    if (found == 0 || found == presets->bare) {
        return false;
    }
    uint32_t i = CSQ_PRESET_NEW_CYCLES; // the first behaviour, less 1
    while (i < preset_names()->n_choices && presets->with[i] != found) {
        i++;
    }
    if (i == preset_names()->n_choices) {
        fail_msg("%s: no preset is %s", row->needs, members);
    }
    reached[i] = true;
    return true;
}

static uint32_t check_option(const kind_row *row, const kind_presets *presets,
                             const csq__member_rule *option, bool *reached)
{
    const csq__shape *shape = csq__shape_of(option->shape);
    char members[160];
    uint32_t n = 0;
    if (shape->form != CSQ__FORM_CHOICE) {
        snprintf(members, sizeof members, ", 'options': {'%s': true}", option->name);
        return check_reached(row, presets, members, reached);
    }
    for (uint32_t i = 0; i < shape->n_choices; i++) {
        snprintf(members, sizeof members, ", 'options': {'%s': '%s'}", option->name,
                 shape->choices[i]);
        n += check_reached(row, presets, members, reached);
    }
    return n;
}

/* Walks the tables that documents are read by: kinds, options, values. */
static void every_value_that_is_no_default_has_a_preset(void **state)
{
    (void)state;
    const csq__shape *options = csq__shape_of(CSQ__SHAPE_OPTIONS);
    bool reached[UINT8_MAX] = {false};
    uint32_t n_values = 0;
    assert_int_equal(N_KIND_ROWS, CSQ_METRIC_PROMISE);
    for (size_t k = 0; k < N_KIND_ROWS; k++) {
        kind_presets presets;
        read_presets(&kind_rows[k], &presets);
        assert_true(check_reached(&kind_rows[k], &presets, ", 'time': 'wall'", reached));
        for (uint32_t i = 0; i < options->n_members; i++) {
            n_values += check_option(&kind_rows[k], &presets, &options->members[i], reached);
        }
    }
    assert_true(n_values > 14 * 20);
    for (uint32_t i = CSQ_PRESET_NEW_CYCLES; i < preset_names()->n_choices; i++) {
        if (!reached[i]) {
            fail_msg("%s is no value of an option", preset_names()->choices[i]);
        }
    }
}

/* ---- several ------------------------------------------------------------------------------- */

static void presets_are_added_to_each_other(void **state)
{
    (void)state;
    csq_metric metric = preset_metric(CSQ_METRIC_NEXT_REPLY, CSQ_PRESET_ZENDESK);
    metric.name = csq_str_of("m");
    metric.group = 7;
    metric.due_edge = CSQ_DUE_EDGE_NEXT_OPEN;
    assert_status(CSQ_OK, csq_metric_add_preset(&metric, CSQ_PRESET_COUNT_NOTES, NULL));
    assert_status(CSQ_OK, csq_metric_add_preset(&metric, CSQ_PRESET_LAST_MESSAGE, NULL));
    assert_status(CSQ_OK, csq_metric_add_preset(&metric, CSQ_PRESET_EACH_MESSAGE, NULL));
    assert_int_equal(metric.count_notes, 1);
    assert_int_equal(metric.message_base, CSQ_MESSAGE_BASE_EACH);
    // What they do not set stays.
    assert_int_equal(metric.on_solved, CSQ_ON_SOLVED_COMPLETE);
    assert_int_equal(metric.on_change, CSQ_ON_CHANGE_RETROACTIVE);
    assert_int_equal(metric.due_edge, CSQ_DUE_EDGE_NEXT_OPEN);
    assert_int_equal(metric.group, 7);
    assert_int_equal(metric.name.size, 1);
    // A behaviour makes of a kind what is asked; what several set together does not.
    csq_metric first = {.size = sizeof first, .kind = CSQ_METRIC_FIRST_RESOLUTION};
    assert_status(CSQ_OK, csq_metric_add_preset(&first, CSQ_PRESET_NEW_CYCLES, NULL));
    assert_int_equal(first.reopen_mode, 0);
    assert_status(CSQ_OK, csq_metric_add_preset(&first, CSQ_PRESET_REOPEN_NEW_CYCLE, NULL));
    assert_int_equal(first.reopen_mode, CSQ_REOPEN_NEW_CYCLE);
}

static void what_cannot_be_added_changes_nothing(void **state)
{
    (void)state;
    csq_metric metric = {.size = sizeof metric, .kind = CSQ_METRIC_RESOLUTION, .group = 77};
    const csq_metric before = metric;
    csq_error error;
    assert_status(CSQ_EINVAL, csq_metric_add_preset(NULL, CSQ_PRESET_JIRA, &error));
    assert_status(CSQ_EINVAL, csq_metric_add_preset(&metric, 0, &error));
    assert_status(CSQ_EINVAL,
                  csq_metric_add_preset(&metric, CSQ_PRESET_INHERIT_START + 1, &error));
    assert_status(CSQ_EINVAL, csq_metric_add_preset(&metric, CSQ_PRESET_COUNT_NOTES, &error));
    assert_string_equal(error.message,
                        "the preset sets an option that this kind of metric does not have");
    assert_memory_equal(&metric, &before, sizeof metric);
    metric.kind = 0;
    assert_status(CSQ_EINVAL, csq_metric_add_preset(&metric, CSQ_PRESET_JIRA, &error));
    metric.kind = CSQ_METRIC_RESOLUTION;
    metric.due_edge = 9;
    assert_status(CSQ_EINVAL, csq_metric_add_preset(&metric, CSQ_PRESET_JIRA, &error));
    metric.size = 3;
    assert_status(CSQ_EABI, csq_metric_add_preset(&metric, CSQ_PRESET_JIRA, &error));
    assert_int_equal(metric.group, 77);
}

/* The text that a document is written as. */
static char *written_of(const char *document)
{
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, document);
    char *written = rules_written(rules);
    csq_rules *again = rules_of_text(schema, csq_str_of(written));
    assert_true(csq_policies_fingerprint(csq_rules_policies(again)) ==
                csq_policies_fingerprint(csq_rules_policies(rules)));
    csq_rules_free(again);
    csq_rules_free(rules);
    csq_schema_free(schema);
    return written;
}

static void a_document_names_several_in_their_order(void **state)
{
    (void)state;
    const kind_row *row = &kind_rows[3];
    assert_true(
        fingerprint_with(row, ", 'preset': ['zammad', 'last_message', 'count_notes']") ==
        fingerprint_with(row, ", 'preset': 'zammad', 'options': {'message_base': 'last', "
                              "'count_notes': true}"));
    assert_true(fingerprint_with(row, ", 'preset': ['last_message', 'zammad']") ==
                fingerprint_with(row, ", 'preset': 'zammad'"));
    assert_true(fingerprint_with(row, ", 'preset': ['count_notes'], 'options': {'count_notes': "
                                      "false}") == fingerprint_with(row, ""));
    char *written = written_of(
        "{'metrics': {'m': {'kind': 'next_reply', 'preset': ['zammad', 'wall_time', "
        "'count_notes'], 'time': 'calendar', 'options': {'count_notes': false, 'count_bots': "
        "false}}, 'n': {'kind': 'next_reply', 'preset': ['wall_time'], 'time': 'wall'}}}");
    char *expected = rules_text("{\n"
                                "    'metrics': {\n"
                                "        'm': {\n"
                                "            'kind': 'next_reply',\n"
                                "            'preset': ['zammad', 'wall_time', 'count_notes'],\n"
                                "            'time': 'calendar',\n"
                                "            'options': {\n"
                                "                'count_notes': false\n"
                                "            }\n"
                                "        },\n"
                                "        'n': {\n"
                                "            'kind': 'next_reply',\n"
                                "            'preset': 'wall_time'\n"
                                "        }\n"
                                "    }\n"
                                "}\n");
    assert_string_equal(written, expected);
    free(expected);
    free(written);
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
                {"'preset': ['jira', 'empty_is_wall']", 0},
                {"'preset': ['glpi', 'jira']", 0},
                {"'preset': 'wall_time'", 0},
                {"'preset': 'wall_time', 'time': 'calendar'", 1},
                {"'time': 'wall'", 0},
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
        cmocka_unit_test(every_value_that_is_no_default_has_a_preset),
        cmocka_unit_test(presets_are_added_to_each_other),
        cmocka_unit_test(what_cannot_be_added_changes_nothing),
        cmocka_unit_test(a_document_names_several_in_their_order),
        cmocka_unit_test(options_go_before_the_preset),
        cmocka_unit_test(the_linter_sees_through_a_preset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
