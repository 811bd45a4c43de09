/*
 * test_rules — what a document says is what the builders would be told.
 */
#include "rules/rules_internal.h"
#include "rules_support.h"

static const csq_ms hour_ms = 3600000;

/* ---- durations ----------------------------------------------------------------------------- */

typedef struct duration_row {
    const char *text;
    csq_status status;
    csq_ms ms;
    const char *canonical;
} duration_row;

static void durations_are_chains_of_numbers_with_units(void **state)
{
    (void)state;
    static const duration_row rows[] = {
        {"30m", CSQ_OK, 1800000, "30m"},
        {"4h", CSQ_OK, 14400000, "4h"},
        {"1h30m", CSQ_OK, 5400000, "1h30m"},
        {"90s", CSQ_OK, 90000, "1m30s"},
        {"2d", CSQ_OK, 172800000, "48h"}, /* d is 24 h of the clock */
        {"1d2h3m4s5ms", CSQ_OK, 93784005, "26h3m4s5ms"},
        {"132.47h", CSQ_OK, 476892000, "132h28m12s"}, /* 0.47 * 3600 = 1692 s */
        {"0.5ms", CSQ_ENUMBER, 0, NULL},
        {"1.5s", CSQ_OK, 1500, "1s500ms"},
        {"1h05m", CSQ_OK, 3900000, "1h5m"},
        {"0s", CSQ_OK, 0, "0s"},
        {"-15m", CSQ_OK, -900000, "-15m"},
        {"2562047788015h", CSQ_OK, INT64_C(9223372036854000000), "2562047788015h"},
        {"2562047788016h", CSQ_EOVERFLOW, 0, NULL},
        {"2562047788015h60m", CSQ_EOVERFLOW, 0, NULL},
        {"2562047788015h1d", CSQ_ERULE, 0, NULL}, /* from large to small */
        {"30m1h", CSQ_ERULE, 0, NULL},
        {"1h1h", CSQ_ERULE, 0, NULL},
        {"1e3s", CSQ_ERULE, 0, NULL},
        {"1h -5m", CSQ_ERULE, 0, NULL},
        {"1h-5m", CSQ_ERULE, 0, NULL},
        {".5h", CSQ_ERULE, 0, NULL},
        {"5.h", CSQ_ERULE, 0, NULL},
        {"5", CSQ_ERULE, 0, NULL},
        {"h", CSQ_ERULE, 0, NULL},
        {"4w", CSQ_ERULE, 0, NULL},
        {"4 h", CSQ_ERULE, 0, NULL},
        {"-", CSQ_ERULE, 0, NULL},
        {"", CSQ_ERULE, 0, NULL},
        {"1234567890123456789s", CSQ_ENUMBER, 0, NULL}, /* 19 digits */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ms ms = 7;
        const csq_status status = csq__duration_parse(csq_str_of(rows[i].text), &ms);
        if (status != rows[i].status) {
            print_error("duration \"%s\"\n", rows[i].text);
        }
        assert_status(rows[i].status, status);
        assert_ms_equal(ms, status == CSQ_OK ? rows[i].ms : 7);
        if (status == CSQ_OK) {
            char text[CSQ__DURATION_TEXT];
            const size_t n = csq__duration_format(ms, text);
            assert_int_equal(n, strlen(rows[i].canonical));
            assert_memory_equal(text, rows[i].canonical, n);
        }
    }
}

static void every_duration_fits_its_text_and_reads_back(void **state)
{
    (void)state;
    const csq_ms ends[] = {INT64_MIN + 1, INT64_MAX, -1, 1, -INT64_C(3599999)};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char text[CSQ__DURATION_TEXT];
        csq_ms back = 0;
        const csq_str view = {text, csq__duration_format(ends[i], text)};
        assert_true(view.size <= sizeof text);
        assert_status(CSQ_OK, csq__duration_parse(view, &back));
        assert_ms_equal(back, ends[i]);
    }
}

/* ---- whole documents ----------------------------------------------------------------------- */

static void an_empty_document_has_nothing(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, "{}");
    assert_null(csq_rules_policies(rules));
    assert_int_equal(csq_rules_calendar_count(rules), 0);
    assert_null(csq_rules_calendar(rules, 0));
    assert_int_equal(csq_rules_calendar_name(rules, 0).size, 0);
    assert_int_equal(csq_rules_about(rules, csq_str_of("title")).size, 0);
    assert_null(csq_rules_policies(NULL));
    assert_null(csq_rules_calendar(NULL, 0));
    assert_int_equal(csq_rules_calendar_count(NULL), 0);
    assert_int_equal(csq_rules_about(NULL, csq_str_of("title")).size, 0);
    csq_rules_free(rules);
    csq_rules_free(NULL);
    assert_null(csq_rules_retain(NULL));
    csq_schema_free(schema);
}

static void about_is_text_of_the_host(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules =
        rules_of(schema, "{'about': {'title': 'a \\u00e9', 'source': '', '出处': '公约'}}");
    const csq_str title = csq_rules_about(rules, csq_str_of("title"));
    assert_int_equal(title.size, 4);
    assert_memory_equal(title.data, "a \xc3\xa9", 4);
    assert_int_equal(csq_rules_about(rules, csq_str_of("source")).size, 0);
    assert_int_equal(csq_rules_about(rules, (csq_str){NULL, 5}).size, 0);
    assert_int_equal(csq_rules_about(rules, csq_str_of("出处")).size, 6);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void rules_outlive_the_text_and_the_schema(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, "{'calendars': {'c': {'always_open': true}},"
                                        " 'metrics': {'m': {'kind': 'first_reply'}}}");
    csq_schema_free(schema);
    csq_policies *policies = csq_policies_retain(csq_rules_policies(rules));
    assert_ptr_equal(csq_rules_retain(rules), rules);
    csq_rules_free(rules);
    assert_memory_equal(csq_rules_calendar_name(rules, 0).data, "c", 1);
    csq_rules_free(rules);
    assert_int_equal(csq_policies_metric_count(policies), 1);
    csq_policies_free(policies);
}

/* ---- calendars ----------------------------------------------------------------------------- */

static const char calendars_document[] =
    "{'calendars': {"
    " 'utc': {'zone': 'UTC', 'week': {'mon': ['09:00-12:00', '13:00-17:00']}},"
    " 'east': {'zone': {'offset': '+08:00'}, 'week': {'mon': ['09:00-17:00']}},"
    " 'posix': {'zone': {'posix': 'CST-8'}, 'week': {'mon': ['09:00-17:00']}},"
    " 'host': {'zone': 'Asia/Shanghai', 'week': {'mon': ['09:00-17:00']}},"
    " 'night': {'zone': 'UTC', 'week': {'sun': ['22:00-30:00']},"
    "           'holidays': [{'date': '2026-03-02', 'name': 'x'}]},"
    " 'night_by_date': {'zone': 'UTC', 'nights': 'calendar_date', 'week': {'sun': ['22:00-30:00']},"
    "           'holidays': [{'date': '2026-03-02', 'name': 'x'}]},"
    " 'special': {'zone': 'UTC', 'years': [2020, 2030], 'week': {'mon': ['09:00-17:00']},"
    "   'holidays': [{'date': '2026-03-09', 'name': '节'},"
    "                {'date': '2026-03-16', 'name': 'half', 'from': '12:00'},"
    "                {'date': '2026-03-23', 'name': 'early', 'to': '10:00'}],"
    "   'overrides': {'2026-03-30': [], '2026-03-29': {'name': '调休', 'open': ['10:00-12:00']}},"
    "   'breaks': {'2026-04-06': ['12:00-12:30'], '2026-04-13': {'name': 'b', 'closed': "
    "              ['12:00-13:00', '14:00-15:00']}},"
    "   'versions': [{'from': '2026-05-01T00:00:00Z', 'week': {'mon': ['10:00-11:00']}}]},"
    " 'always': {'always_open': true}, 'never': {'never_open': true},"
    " 'sun': {'union': ['utc', 'east']}, 'both': {'intersection': ['utc', 'east', 'always']}}}";

typedef struct calendar_row {
    const char *name;
    const char *date; /* the day from 00:00Z to 24:00Z; 2026-03-02 is a Monday */
    int minutes;
} calendar_row;

static void calendars_are_open_as_they_say(void **state)
{
    (void)state;
    static const calendar_row rows[] = {
        {"utc", "2026-03-02", 420},
        {"utc", "2026-03-03", 0},
        {"east", "2026-03-02", 480}, /* 01:00Z to 09:00Z */
        {"posix", "2026-03-02", 480},
        {"host", "2026-03-02", 480},
        {"night", "2026-03-02", 360}, /* Sunday's hours are Sunday's */
        {"night_by_date", "2026-03-02", 0},
        {"night_by_date", "2026-03-01", 120},
        {"special", "2026-03-02", 480},
        {"special", "2026-03-09", 0},
        {"special", "2026-03-16", 180},
        {"special", "2026-03-23", 420},
        {"special", "2026-03-30", 0},
        {"special", "2026-03-29", 120},
        {"special", "2026-04-06", 450},
        {"special", "2026-04-13", 360},
        {"special", "2026-05-04", 60},
        {"always", "2026-03-02", 1440},
        {"never", "2026-03-02", 0},
        {"sun", "2026-03-02", 900}, /* 01:00 to 12:00, 13:00 to 17:00 */
        {"both", "2026-03-02", 0},  /* 09:00Z is the end of one and the start of the other */
    };
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, calendars_document);
    assert_int_equal(csq_rules_calendar_count(rules), 11);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t days;
        assert_status(CSQ_OK, csq_date_parse(csq_str_of(rows[i].date), &days, NULL));
        const csq_ms from = (csq_ms)days * 24 * hour_ms;
        csq_ms open;
        assert_status(CSQ_OK, csq_calendar_measure(rules_calendar_named(rules, rows[i].name), from,
                                                   from + 24 * hour_ms, &open, NULL));
        if (open != rows[i].minutes * 60000) {
            print_error("%s on %s\n", rows[i].name, rows[i].date);
        }
        assert_ms_equal(open, (csq_ms)rows[i].minutes * 60000);
    }
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void the_host_is_asked_once_for_each_zone(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    char *text = rules_text("{'calendars': {'a': {'zone': 'Asia/Tokyo'}, 'b': {'zone': 'UTC'},"
                            " 'c': {'zone': 'Asia/Tokyo'}, 'd': {'zone': 'Europe/London'}}}");
    int calls = 0;
    csq_rules_options options = rules_options();
    options.zone_user = &calls;
    csq_rules *rules;
    assert_status(CSQ_OK, csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, NULL));
    assert_int_equal(calls, 2);
    csq_rules_free(rules);
    options.zone = NULL;
    csq_error error;
    assert_status(CSQ_EZONE,
                  csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, &error));
    assert_string_equal(error.path, "calendars.a.zone");
    free(text);
    csq_schema_free(schema);
}

/* A source that gives what `user` points to instead of a zone. */
static csq_status zone_refused(void *user, csq_str name, csq_zone **out)
{
    (void)name;
    (void)out;
    return *(const csq_status *)user;
}

static void a_refusal_of_the_zone_source_is_passed_on(void **state)
{
    (void)state;
    static const csq_status rows[][2] = {{CSQ_ETZIF, CSQ_ETZIF},
                                         {CSQ_OK, CSQ_EZONE}, /* but no zone */
                                         {CSQ_ENOMEM, CSQ_ENOMEM}};
    csq_schema *schema = test_schema();
    char *text = rules_text("{'calendars': {'a': {'zone': 'Asia/Tokyo'}}}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_status answer = rows[i][0];
        csq_rules_options options = rules_options();
        options.zone = zone_refused;
        options.zone_user = &answer;
        csq_rules *rules;
        assert_status(rows[i][1],
                      csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, NULL));
    }
    free(text);
    csq_schema_free(schema);
}

/* ---- metrics ------------------------------------------------------------------------------- */

/* An option of a document, and the member of csq_metric that it stands for. */
typedef struct option_row {
    const char *option;
    uint32_t kind;
    size_t member;
    uint32_t value;
} option_row;

#define OPTION(text, kind, member, value)                                                          \
    {                                                                                              \
        text, kind, offsetof(csq_metric, member), value                                            \
    }

static const option_row option_rows[] = {
    OPTION("'repeat': true", CSQ_METRIC_CLOCK, repeat, 1),
    OPTION("'repeat': false", CSQ_METRIC_CLOCK, repeat, 0),
    OPTION("'reopen': 'resume'", CSQ_METRIC_RESOLUTION, reopen_mode, CSQ_REOPEN_RESUME),
    OPTION("'reopen': 'resume_counting'", CSQ_METRIC_RESOLUTION, reopen_mode,
           CSQ_REOPEN_RESUME_COUNTING),
    OPTION("'reopen': 'new_cycle'", CSQ_METRIC_RESOLUTION, reopen_mode, CSQ_REOPEN_NEW_CYCLE),
    OPTION("'reopen': 'nothing'", CSQ_METRIC_RESOLUTION, reopen_mode, CSQ_REOPEN_NOTHING),
    OPTION("'on_change': 'keep'", CSQ_METRIC_RESOLUTION, on_change, CSQ_ON_CHANGE_KEEP),
    OPTION("'on_change': 'retroactive'", CSQ_METRIC_RESOLUTION, on_change,
           CSQ_ON_CHANGE_RETROACTIVE),
    OPTION("'on_change': 'carry'", CSQ_METRIC_RESOLUTION, on_change, CSQ_ON_CHANGE_CARRY),
    OPTION("'on_change': 'restart'", CSQ_METRIC_RESOLUTION, on_change, CSQ_ON_CHANGE_RESTART),
    OPTION("'retroactive_pause': 'kept'", CSQ_METRIC_RESOLUTION, retroactive_pause,
           CSQ_RETROACTIVE_PAUSE_KEPT),
    OPTION("'retroactive_pause': 'counted'", CSQ_METRIC_RESOLUTION, retroactive_pause,
           CSQ_RETROACTIVE_PAUSE_COUNTED),
    OPTION("'calendar_switch': 'segmented'", CSQ_METRIC_RESOLUTION, calendar_switch,
           CSQ_CALENDAR_SWITCH_SEGMENTED),
    OPTION("'calendar_switch': 'latest'", CSQ_METRIC_RESOLUTION, calendar_switch,
           CSQ_CALENDAR_SWITCH_LATEST),
    OPTION("'calendar_switch': 'first'", CSQ_METRIC_RESOLUTION, calendar_switch,
           CSQ_CALENDAR_SWITCH_FIRST),
    OPTION("'edit_scope': 'open'", CSQ_METRIC_RESOLUTION, edit_scope, CSQ_EDIT_SCOPE_OPEN),
    OPTION("'edit_scope': 'all'", CSQ_METRIC_RESOLUTION, edit_scope, CSQ_EDIT_SCOPE_ALL),
    OPTION("'on_solved': 'keep'", CSQ_METRIC_NEXT_REPLY, on_solved, CSQ_ON_SOLVED_KEEP),
    OPTION("'on_solved': 'complete'", CSQ_METRIC_NEXT_REPLY, on_solved, CSQ_ON_SOLVED_COMPLETE),
    OPTION("'on_solved': 'cancel'", CSQ_METRIC_NEXT_REPLY, on_solved, CSQ_ON_SOLVED_CANCEL),
    OPTION("'start': 'created'", CSQ_METRIC_FIRST_REPLY, start_mode, CSQ_START_CREATED),
    OPTION("'start': 'first_message'", CSQ_METRIC_FIRST_REPLY, start_mode, CSQ_START_FIRST_MESSAGE),
    OPTION("'include_first': true", CSQ_METRIC_NEXT_REPLY, include_first, 1),
    OPTION("'attach': 'match'", CSQ_METRIC_RESOLUTION, attach, CSQ_ATTACH_MATCH),
    OPTION("'attach': 'from'", CSQ_METRIC_RESOLUTION, attach, CSQ_ATTACH_FROM),
    OPTION("'attach': 'retroactive'", CSQ_METRIC_RESOLUTION, attach, CSQ_ATTACH_RETROACTIVE),
    OPTION("'due_edge': 'earliest'", CSQ_METRIC_RESOLUTION, due_edge, CSQ_DUE_EDGE_EARLIEST),
    OPTION("'due_edge': 'next_open'", CSQ_METRIC_RESOLUTION, due_edge, CSQ_DUE_EDGE_NEXT_OPEN),
    OPTION("'breach_compare': 'elapsed'", CSQ_METRIC_RESOLUTION, breach_compare,
           CSQ_BREACH_COMPARE_ELAPSED),
    OPTION("'breach_compare': 'instant'", CSQ_METRIC_RESOLUTION, breach_compare,
           CSQ_BREACH_COMPARE_INSTANT),
    OPTION("'empty_calendar': 'never'", CSQ_METRIC_RESOLUTION, empty_calendar,
           CSQ_EMPTY_CALENDAR_NEVER),
    OPTION("'empty_calendar': 'wall'", CSQ_METRIC_RESOLUTION, empty_calendar,
           CSQ_EMPTY_CALENDAR_WALL),
    OPTION("'empty_calendar': 'error'", CSQ_METRIC_RESOLUTION, empty_calendar,
           CSQ_EMPTY_CALENDAR_ERROR),
    OPTION("'at_target': 'in_time'", CSQ_METRIC_RESOLUTION, at_target, CSQ_AT_TARGET_IN_TIME),
    OPTION("'at_target': 'late'", CSQ_METRIC_RESOLUTION, at_target, CSQ_AT_TARGET_LATE),
    OPTION("'on_no_match': 'keep'", CSQ_METRIC_RESOLUTION, on_no_match, CSQ_ON_NO_MATCH_KEEP),
    OPTION("'on_no_match': 'detach'", CSQ_METRIC_RESOLUTION, on_no_match, CSQ_ON_NO_MATCH_DETACH),
    OPTION("'on_merge': 'cancel'", CSQ_METRIC_RESOLUTION, on_merge, CSQ_ON_MERGE_CANCEL),
    OPTION("'on_merge': 'keep'", CSQ_METRIC_RESOLUTION, on_merge, CSQ_ON_MERGE_KEEP),
    OPTION("'on_merge': 'complete'", CSQ_METRIC_RESOLUTION, on_merge, CSQ_ON_MERGE_COMPLETE),
    OPTION("'visits': 'each'", CSQ_METRIC_OWNERSHIP, visits, CSQ_VISITS_EACH),
    OPTION("'visits': 'sum'", CSQ_METRIC_OWNERSHIP, visits, CSQ_VISITS_SUM),
    OPTION("'message_base': 'oldest'", CSQ_METRIC_NEXT_REPLY, message_base,
           CSQ_MESSAGE_BASE_OLDEST),
    OPTION("'message_base': 'last'", CSQ_METRIC_NEXT_REPLY, message_base, CSQ_MESSAGE_BASE_LAST),
    OPTION("'message_base': 'each'", CSQ_METRIC_FIRST_REPLY, message_base, CSQ_MESSAGE_BASE_EACH),
    OPTION("'inherit': 'ignore'", CSQ_METRIC_RESOLUTION, inherit, CSQ_INHERIT_IGNORE),
    OPTION("'inherit': 'start'", CSQ_METRIC_RESOLUTION, inherit, CSQ_INHERIT_START),
    OPTION("'count_notes': true", CSQ_METRIC_NEXT_REPLY, count_notes, 1),
    OPTION("'count_bots': true", CSQ_METRIC_FIRST_REPLY, count_bots, 1),
    OPTION("'on_solved': 'keep'", CSQ_METRIC_ACKNOWLEDGE, on_solved, CSQ_ON_SOLVED_KEEP),
    OPTION("'on_solved': 'complete'", CSQ_METRIC_ASSIGN, on_solved, 0),
    OPTION("'reopen': 'resume'", CSQ_METRIC_FIRST_RESOLUTION, reopen_mode, CSQ_REOPEN_RESUME),
    OPTION("'reopen': 'nothing'", CSQ_METRIC_FIRST_RESOLUTION, reopen_mode, 0),
    OPTION("'reopen': 'resume'", CSQ_METRIC_TOTAL_RESOLUTION, reopen_mode, 0),
    OPTION("'version_at': 'event'", CSQ_METRIC_RESOLUTION, version_at, CSQ_VERSION_AT_EVENT),
    OPTION("'version_at': 'cycle'", CSQ_METRIC_RESOLUTION, version_at, CSQ_VERSION_AT_CYCLE),
    OPTION("'version_at': 'created'", CSQ_METRIC_RESOLUTION, version_at, CSQ_VERSION_AT_CREATED),
    OPTION("'late_steps': 'all'", CSQ_METRIC_RESOLUTION, late_steps, CSQ_LATE_STEPS_ALL),
    OPTION("'late_steps': 'last'", CSQ_METRIC_RESOLUTION, late_steps, CSQ_LATE_STEPS_LAST),
    OPTION("'late_steps': 'none'", CSQ_METRIC_RESOLUTION, late_steps, CSQ_LATE_STEPS_NONE),
    OPTION("'passed_steps': 'rearm'", CSQ_METRIC_RESOLUTION, passed_steps, CSQ_PASSED_STEPS_REARM),
    OPTION("'passed_steps': 'stay'", CSQ_METRIC_RESOLUTION, passed_steps, CSQ_PASSED_STEPS_STAY),
    OPTION("'passed_steps': 'superseded'", CSQ_METRIC_RESOLUTION, passed_steps,
           CSQ_PASSED_STEPS_SUPERSEDED),
};

static csq_condition *condition_created(csq_schema *schema)
{
    csq_condition_builder *builder;
    assert_status(CSQ_OK, csq_condition_builder_new(schema, NULL, &builder, NULL));
    const int64_t created = CSQ_EVENT_CREATED;
    csq_test test = {0};
    test.size = sizeof test;
    test.attribute = CSQ_TICKET_EVENT;
    test.op = CSQ_TEST_IN;
    test.values = &created;
    test.n_values = 1;
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    csq_condition *condition;
    assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));
    csq_condition_builder_free(builder);
    return condition;
}

static uint64_t fingerprint_of_builder(csq_schema *schema, const option_row *row)
{
    csq_policies_builder *builder;
    assert_status(CSQ_OK, csq_policies_builder_new(schema, NULL, &builder, NULL));
    csq_condition *start = condition_created(schema);
    const uint32_t done = test_code(schema, CSQ_TICKET_STATUS, "done");
    csq_metric metric = {0};
    metric.size = sizeof metric;
    metric.kind = row->kind;
    metric.name = csq_str_of("m");
    metric.stop_statuses = &done;
    metric.n_stop_statuses = 1;
    metric.start = row->kind == CSQ_METRIC_CLOCK ? start : NULL;
    metric.group = row->kind == CSQ_METRIC_OWNERSHIP
                       ? test_code(schema, CSQ_TICKET_GROUP, "done")
                       : CSQ_CODE_NONE;
    memcpy((char *)&metric + row->member, &row->value, sizeof row->value);
    uint32_t index;
    assert_status(CSQ_OK, csq_policies_add_metric(builder, &metric, &index, NULL));
    csq_policies *policies;
    assert_status(CSQ_OK, csq_policies_build(builder, &policies, NULL));
    const uint64_t fingerprint = csq_policies_fingerprint(policies);
    csq_policies_free(policies);
    csq_condition_free(start);
    csq_policies_builder_free(builder);
    return fingerprint;
}

static uint64_t fingerprint_of_document(csq_schema *schema, const char *document)
{
    csq_rules *rules = rules_of(schema, document);
    const uint64_t fingerprint = csq_policies_fingerprint(csq_rules_policies(rules));
    csq_rules_free(rules);
    return fingerprint;
}

static void every_option_is_its_member_of_csq_metric(void **state)
{
    (void)state;
    static const char *const kinds[] = {
        "",           "clock",           "first_reply",     "resolution",
        "next_reply", "periodic_update", "pausable_update", "ownership",
        "",           "",                "first_resolution", "total_resolution",
        "acknowledge", "assign"};
    for (size_t i = 0; i < sizeof option_rows / sizeof option_rows[0]; i++) {
        const option_row *row = &option_rows[i];
        char document[512];
        snprintf(document, sizeof document,
                 "{'metrics': {'m': {'kind': '%s', 'stop_statuses': ['done'], %s 'options': "
                 "{%s}}}}",
                 kinds[row->kind],
                 row->kind == CSQ_METRIC_CLOCK       ? "'start': {'event': 'created'},"
                 : row->kind == CSQ_METRIC_OWNERSHIP ? "'group': 'done',"
                                                     : "",
                 row->option);
        csq_schema *schema = test_schema();
        const uint64_t found = fingerprint_of_document(schema, document);
        const uint64_t expected = fingerprint_of_builder(schema, row);
        if (found != expected) {
            print_error("%s\n", row->option);
        }
        assert_true(found == expected);
        csq_schema_free(schema);
    }
}

static void policies_have_tracks_and_versions(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema, "{'metrics': {'m': {'kind': 'first_reply'}}, 'select': 'all', 'policies': ["
                "{'name': 'p', 'track': 't', 'until': '1970-01-01T00:00:01Z'},"
                "{'name': 'p', 'track': 't', 'from': '1970-01-01T00:00:01Z'}, {'name': 'q'}]}");
    const csq_policies *policies = csq_rules_policies(rules);
    static const csq_policy rows[] = {
        {.track = {"t", 1}, .has = CSQ_POLICY_HAS_UNTIL, .from = CSQ_MS_NONE, .until = 1000},
        {.track = {"t", 1}, .has = CSQ_POLICY_HAS_FROM, .from = 1000, .until = CSQ_MS_NONE},
        {.track = {"q", 1}, .from = CSQ_MS_NONE, .until = CSQ_MS_NONE},
    };
    for (uint32_t i = 0; i < 3; i++) {
        csq_policy policy = {.size = sizeof policy};
        assert_status(CSQ_OK, csq_policies_policy_at(policies, i, &policy, NULL));
        assert_int_equal(policy.track.size, 1);
        assert_memory_equal(policy.track.data, rows[i].track.data, 1);
        assert_true(policy.has == rows[i].has);
        assert_true(policy.from == rows[i].from);
        assert_true(policy.until == rows[i].until);
    }
    csq_rules_free(rules);
    csq_schema_free(schema);
}

static void steps_keep_their_order_and_names(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules =
        rules_of(schema, "{'metrics': {'a': {'kind': 'first_reply'}, 'm': {'kind': 'first_reply',"
                         " 'steps': [{'name': 'warn', 'percent': 80.25, 'to': ['owner', "
                         "'team_lead']}, {'name': 'late',"
                         " 'after': '1h'}, {'name': 'early', 'before': '30m'}]}}, 'policies': ["
                         " {'name': 'p', 'targets': {'m': {'within': '4h'}}}]}");
    const csq_policies *policies = csq_rules_policies(rules);
    assert_int_equal(csq_policies_metric_count(policies), 2);
    assert_int_equal(csq_policies_step_count(policies, 1), 3);
    assert_memory_equal(csq_policies_step_name(policies, 1, 1).data, "late", 4);
    csq_step step = {.size = sizeof step};
    assert_status(CSQ_OK, csq_policies_step_at(policies, 1, 0, &step, NULL));
    assert_int_equal(step.n_recipients, 2);
    assert_true(step.recipients[1].size == 9);
    assert_memory_equal(step.recipients[1].data, "team_lead", 9);
    csq_ticket *ticket = test_ticket(schema, 1);
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, 0, 1));
    csq_explanation *explanation;
    assert_status(CSQ_OK, csq_policies_explain(policies, ticket, 1, 0, NULL, &explanation, NULL));
    const csq_ms expected[] = {11556000, 5 * hour_ms, 12600000}; /* 80.25 % of 4 h = 3.21 h */
    for (uint32_t i = 0; i < 3; i++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, i, &at, NULL));
        assert_ms_equal(at, expected[i]);
    }
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

/* ---- policies ------------------------------------------------------------------------------ */

typedef struct target_row {
    const char *priority; /* NULL: none */
    csq_ms target_ms;
    const char *calendar;
} target_row;

static void the_value_of_an_attribute_chooses_target_and_calendar(void **state)
{
    (void)state;
    static const target_row rows[] = {
        {"p1", 1800000, "always"},
        {"p2", 476892000, "office"}, /* the calendar beside `by` */
        {"p9", 86400000, "office"},
        {NULL, 86400000, "office"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_schema *schema = test_schema();
        csq_rules *rules = rules_of(
            schema, "{'calendars': {'office': {'zone': 'UTC', 'week': {'mon': ['09:00-17:00']}},"
                    " 'always': {'always_open': true}}, 'metrics': {'m': {'kind': 'first_reply'}},"
                    " 'policies': [{'name': 'p', 'targets': {'m': {'by': 'priority',"
                    " 'calendar': 'office', 'values': {'p1': {'within': '30m', 'calendar':"
                    " 'always'}, 'p2': {'within': '132.47h'}}, 'otherwise': {'within': '1d'}}}}]}");
        csq_ticket *ticket = test_ticket(schema, 1);
        const csq_ms at = ms_of("2026-03-02T10:00:00Z");
        const csq_ticket_event created =
            rows[i].priority == NULL
                ? test_event(CSQ_EVENT_CREATED, at, 1)
                : test_setting(CSQ_EVENT_CREATED, at, 1, CSQ_TICKET_PRIORITY,
                               test_code(schema, CSQ_TICKET_PRIORITY, rows[i].priority));
        test_apply(ticket, created);
        const csq_answer answer = rules_answer(rules, ticket, "m", at);
        assert_ms_equal(answer.target_ms, rows[i].target_ms);
        const csq_str calendar =
            csq_policies_calendar_name(csq_rules_policies(rules), answer.calendar);
        assert_int_equal(calendar.size, strlen(rows[i].calendar));
        assert_memory_equal(calendar.data, rows[i].calendar, calendar.size);
        csq_ticket_free(ticket);
        csq_rules_free(rules);
        csq_schema_free(schema);
    }
}

static void the_first_policy_that_matches_holds(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules =
        rules_of(schema, "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': ["
                         " {'name': 'vip', 'match': {'tags': {'has': 'vip'}}, 'targets':"
                         " {'m': {'within': '1h'}}},"
                         " {'name': 'rest', 'targets': {'m': {'within': '8h'}}}]}");
    csq_ticket *ticket = test_ticket(schema, 1);
    const uint32_t vip = test_code(schema, CSQ_TICKET_TAGS, "vip");
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, 0, 1));
    assert_ms_equal(rules_answer(rules, ticket, "m", 0).target_ms, 8 * hour_ms);
    csq_ticket *other = test_ticket(schema, 2);
    csq_ticket_event tagged = test_setting(CSQ_EVENT_ADD, 0, 2, CSQ_TICKET_TAGS, vip);
    tagged.joined = 1;
    test_apply(other, test_event(CSQ_EVENT_CREATED, 0, 1));
    test_apply(other, tagged);
    assert_ms_equal(rules_answer(rules, other, "m", 0).target_ms, hour_ms);
    csq_ticket_free(other);
    csq_ticket_free(ticket);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_chains_of_numbers_with_units),
        cmocka_unit_test(every_duration_fits_its_text_and_reads_back),
        cmocka_unit_test(an_empty_document_has_nothing),
        cmocka_unit_test(about_is_text_of_the_host),
        cmocka_unit_test(rules_outlive_the_text_and_the_schema),
        cmocka_unit_test(calendars_are_open_as_they_say),
        cmocka_unit_test(the_host_is_asked_once_for_each_zone),
        cmocka_unit_test(a_refusal_of_the_zone_source_is_passed_on),
        cmocka_unit_test(every_option_is_its_member_of_csq_metric),
        cmocka_unit_test(policies_have_tracks_and_versions),
        cmocka_unit_test(steps_keep_their_order_and_names),
        cmocka_unit_test(the_value_of_an_attribute_chooses_target_and_calendar),
        cmocka_unit_test(the_first_policy_that_matches_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
