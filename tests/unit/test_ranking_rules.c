/*
 * test_ranking_rules — rankings in rule documents: mistakes and their places, fingerprints, advice, order
 * by an attribute of the host.
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

/* ---- order --------------------------------------------------------------------------------- */

enum { SEGMENT_TICKETS = 5 };

/* Customer segments of docs/ranking.md: its second block of JSON, and its table. */
static void segments_have_points_and_a_green_channel(void **state)
{
    (void)state;
    static const char *const events[SEGMENT_TICKETS] = {
        "Mon 09:00 created segment=silver", "Mon 10:00 created segment=gold",
        "Mon 11:00 created segment=hospital priority=urgent", "Mon 09:00 created",
        "Mon 11:00 created segment=hospital"};
    static const struct {
        uint64_t ticket;
        uint32_t lane;
        int64_t points[2];
    } rows[SEGMENT_TICKETS] = {{3, 0, {0, 0}},
                               {1, CSQ_NO_INDEX, {20, 30}},
                               {2, CSQ_NO_INDEX, {40, 0}},
                               {4, CSQ_NO_INDEX, {0, 30}},
                               {5, CSQ_NO_INDEX, {0, 0}}};
    char *page = rules_file("docs/ranking.md");
    char *text = strstr(strstr(page, "```json\n") + 8, "```json\n") + 8;
    *strstr(text, "```") = '\0';
    sla_world world;
    sla_open(&world);
    csq_rules *rules = rules_of_text(world.schema, csq_str_of(text));
    char *written = rules_written(rules);
    assert_string_equal(written, text); // the page shows the canonical form
    const csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    const csq_ms now = sla_at("Mon 12:00");
    csq_answer answers[SEGMENT_TICKETS];
    csq_ranking_item items[SEGMENT_TICKETS];
    for (uint32_t i = 0; i < SEGMENT_TICKETS; i++) {
        csq_ticket *ticket = sla_ticket(world.schema, i + 1, events[i]);
        answers[i] = sla_answer(policies, ticket, 0, now);
        items[i] = (csq_ranking_item){
            .size = sizeof items[i], .n_answers = 1, .ticket = ticket, .answers = &answers[i]};
    }
    csq_ranked *ranked;
    assert_status(CSQ_OK, csq_ranking_order(csq_rules_ranking(rules), items, SEGMENT_TICKETS, 0,
                                            now, NULL, &ranked, NULL));
    for (uint32_t i = 0; i < SEGMENT_TICKETS; i++) {
        csq_ranked_place place = {.size = sizeof place};
        assert_status(CSQ_OK, csq_ranked_at(ranked, i, &place, NULL));
        assert_ms_equal(place.ticket, rows[i].ticket);
        assert_int_equal(place.lane, rows[i].lane);
        assert_ms_equal(place.score, rows[i].points[0] + rows[i].points[1]);
        for (uint32_t part = 0; part < 2; part++) {
            csq_ranked_reason reason = {.size = sizeof reason};
            assert_status(CSQ_OK, csq_ranked_reason_at(ranked, i, part, &reason, NULL));
            assert_ms_equal(reason.points, rows[i].points[part]);
        }
    }
    csq_ranked_free(ranked);
    for (uint32_t i = 0; i < SEGMENT_TICKETS; i++) {
        csq_ticket_free((csq_ticket *)(uintptr_t)items[i].ticket);
    }
    free(written);
    free(page);
    csq_rules_free(rules);
    sla_close(&world);
}

/* However far back it is, what is due is not told as "nothing is due". */
static void the_time_left_is_never_none_where_something_is_due(void **state)
{
    (void)state;
    static const csq_ms dues[] = {CSQ_MS_NONE + 1, -2, -1, 0};
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, PART("'left': [{'within': '0s', 'points': 7}]"));
    csq_ticket *ticket = sla_ticket(schema, 1, "Mon 09:00 created");
    for (size_t i = 0; i <= sizeof dues / sizeof dues[0]; i++) {
        const bool is_due = i < sizeof dues / sizeof dues[0];
        const csq_answer answer = {.size = sizeof answer,
                                   .phase = CSQ_PHASE_ACTIVE,
                                   .percent_hundredths = CSQ_MS_NONE,
                                   .due_at = is_due ? dues[i] : CSQ_MS_NONE};
        const csq_ranking_item item = {
            .size = sizeof item, .n_answers = 1, .ticket = ticket, .answers = &answer};
        csq_ranked *ranked;
        csq_ranked_reason reason = {.size = sizeof reason};
        assert_status(CSQ_OK, csq_ranking_order(csq_rules_ranking(rules), &item, 1, 0, INT64_MAX,
                                                NULL, &ranked, NULL));
        assert_status(CSQ_OK, csq_ranked_reason_at(ranked, 0, 0, &reason, NULL));
        assert_ms_equal(reason.points, is_due ? 7 : 0);
        assert_ms_equal(reason.found, is_due ? CSQ_MS_NONE + 1 : CSQ_MS_NONE);
        csq_ranked_free(ranked);
    }
    csq_ticket_free(ticket);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_documents_are_placed),
        cmocka_unit_test(rankings_that_order_otherwise_have_other_fingerprints),
        cmocka_unit_test(lanes_that_contradict_themselves_get_advice),
        cmocka_unit_test(segments_have_points_and_a_green_channel),
        cmocka_unit_test(the_time_left_is_never_none_where_something_is_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
