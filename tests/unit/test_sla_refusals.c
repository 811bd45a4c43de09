/*
 * test_sla_refusals — what policies must not choose by, and what is left in the hands of a caller
 * whose arguments were bad.
 */
#include "clock_rows.h"
#include "rules_support.h"

/* ---- refusals ------------------------------------------------------------------------------ */

static void what_belongs_to_an_event_chooses_no_policy_or_target(void **state)
{
    (void)state;
    static const uint32_t attributes[] = {CSQ_TICKET_EVENT, CSQ_TICKET_AUTHOR,
                                          CSQ_TICKET_VISIBILITY, CSQ_TICKET_METRIC};
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    (void)sla_add_policy(&world, "policy", NULL);
    (void)test_code(world.schema, CSQ_TICKET_METRIC, "metric");
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        csq_condition *match = sla_condition(world.schema, attributes[i], CSQ_TEST_IN, 1);
        const csq_target target = {.size = sizeof target,
                                   .attribute = attributes[i],
                                   .code = 1,
                                   .within_ms = HOUR_MS};
        uint32_t index;
        assert_status(CSQ_EINVAL, csq_policies_add_policy(world.builder, csq_str_of("other"),
                                                          match, &index, NULL));
        assert_status(CSQ_EINVAL, csq_policies_add_target(world.builder, &target, NULL));
        csq_condition_free(match);
    }
    assert_int_equal(csq_policies_policy_count(sla_build(&world)), 1);
    sla_close(&world);
}

static void documents_say_where_they_choose_by_an_event(void **state)
{
    (void)state;
#define EDGE_POLICY(body)                                                                          \
    "{'metrics':{'m':{'kind':'first_reply'}},'policies':[{'name':'a'},{'name':'p'," body "}]}"
    static const struct {
        const char *text;
        const char *path;
    } rows[] = {
        {EDGE_POLICY("'match':{'author':'agent'}"), "policies[1].match.author"},
        {EDGE_POLICY("'match':{'any':[{'priority':'high'},{'not':{'event':'reply'}}]}"),
         "policies[1].match.any[1].not.event"},
        {EDGE_POLICY("'match':{'visibility':'private'}"), "policies[1].match.visibility"},
        {EDGE_POLICY("'targets':{'m':{'by':'author','values':{'agent':{'within':'1h'}}}}"),
         "policies[1].targets.m.by"},
        {EDGE_POLICY("'targets':{'m':{'by':'event','values':{'reply':{'within':'1h'}}}}"),
         "policies[1].targets.m.by"},
    };
    csq_schema *schema = test_schema();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = rules_text(rows[i].text);
        const csq_rules_options options = rules_options();
        csq_rules *rules = NULL;
        csq_error error = {0};
        assert_status(CSQ_EINVAL, csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules,
                                                 &error));
        assert_null(rules);
        assert_string_equal(error.path, rows[i].path);
        assert_int_equal(error.line, 1);
        free(text);
    }
    csq_schema_free(schema);
}

static void wall_time_has_no_working_days(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1});
    (void)sla_add_policy(&world, "policy", NULL);
    csq_target target = {.size = sizeof target, .workdays = 1, .calendar = SLA_OFFICE};
    assert_status(CSQ_ETARGET, csq_policies_add_target(world.builder, &target, NULL));
    target.attribute = CSQ_TICKET_PRIORITY;
    target.code = world.high;
    assert_status(CSQ_ETARGET, csq_policies_add_target(world.builder, &target, NULL));
    target.workdays = 0;
    target.within_ms = HOUR_MS;
    assert_status(CSQ_OK, csq_policies_add_target(world.builder, &target, NULL));
    sla_close(&world);
}

/* ---- bad arguments ------------------------------------------------------------------------- */

static void every_object_asked_for_is_null_after_bad_arguments(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    void *const taken = &world;
    csq_policies_builder *builder = taken;
    assert_status(CSQ_EINVAL, csq_policies_builder_new(NULL, NULL, &builder, NULL));
    assert_null(builder);
    csq_policies *built = taken;
    assert_status(CSQ_EINVAL, csq_policies_build(NULL, &built, NULL));
    assert_null(built);
    built = taken;
    assert_status(CSQ_ESTATE, csq_policies_build(world.builder, &built, NULL)); // it is empty
    assert_null(built);
    const struct {
        const csq_policies *policies;
        const csq_ticket *ticket;
        uint32_t metric;
        csq_ms now;
        csq_status status;
    } rows[] = {{NULL, ticket, 0, 0, CSQ_EINVAL},
                {policies, NULL, 0, 0, CSQ_EINVAL},
                {policies, ticket, 1, 0, CSQ_ERANGE},
                {policies, ticket, 0, CSQ_MS_NONE, CSQ_ERANGE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_explanation *explanation = taken;
        assert_status(rows[i].status,
                      csq_policies_explain(rows[i].policies, rows[i].ticket, rows[i].metric,
                                           rows[i].now, NULL, &explanation, NULL));
        assert_null(explanation);
    }
    csq_tally *tally = taken;
    assert_status(CSQ_EINVAL, csq_tally_new(NULL, NULL, NULL, &tally, NULL));
    assert_null(tally);
    tally = taken;
    assert_status(CSQ_EINVAL, csq_tally_copy(NULL, &tally, NULL));
    assert_null(tally);
    const uint8_t bytes[1] = {0};
    for (int i = 0; i < 2; i++) {
        tally = taken;
        assert_status(CSQ_EINVAL, csq_tally_decode(i == 0 ? NULL : policies, NULL,
                                                   i == 0 ? bytes : NULL, 1, NULL, &tally, NULL));
        assert_null(tally);
    }
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void an_explanation_of_nothing_is_asked_in_vain(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 10:00"));
    csq_answer answer = {.size = sizeof answer};
    csq_stretch stretch = {.size = sizeof stretch};
    csq_cycle cycle = {.size = sizeof cycle};
    csq_ms at = 5;
    assert_status(CSQ_EINVAL, csq_explanation_answer(NULL, &answer, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_stretch(NULL, 0, &stretch, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_cycle(NULL, 0, &cycle, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_step(NULL, 0, &at, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_answer(explanation, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_stretch(explanation, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_cycle(explanation, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_explanation_step(explanation, 0, NULL, NULL));
    assert_status(CSQ_ERANGE, csq_explanation_stretch(explanation, 1, &stretch, NULL));
    assert_status(CSQ_ERANGE, csq_explanation_cycle(explanation, 1, &cycle, NULL));
    assert_status(CSQ_ERANGE, csq_explanation_step(explanation, 0, &at, NULL));
    assert_ms_equal(at, 5);
    assert_ms_equal(csq_explanation_stretch_count(NULL), 0);
    assert_ms_equal(csq_explanation_cycle_count(NULL), 0);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_belongs_to_an_event_chooses_no_policy_or_target),
        cmocka_unit_test(documents_say_where_they_choose_by_an_event),
        cmocka_unit_test(wall_time_has_no_working_days),
        cmocka_unit_test(every_object_asked_for_is_null_after_bad_arguments),
        cmocka_unit_test(an_explanation_of_nothing_is_asked_in_vain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
