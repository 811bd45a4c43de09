/*
 * test_sla_refusals — what policies must not choose by, names and limits that are refused, rows at
 * which a replay fails, and what is left in the hands of a caller whose arguments were bad.
 */
#include "clock_rows.h"
#include "rules_support.h"

/* ---- refusals ------------------------------------------------------------------------------ */

static void what_belongs_to_an_event_chooses_no_policy_or_target(void **state)
{
    (void)state;
    static const uint32_t attributes[] = {CSQ_TICKET_EVENT, CSQ_TICKET_AUTHOR,
                                          CSQ_TICKET_VISIBILITY, CSQ_TICKET_METRIC,
                                          CSQ_TICKET_REASON};
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)RESOLUTION);
    (void)sla_add_policy(&world, "policy", NULL);
    (void)test_code(world.schema, CSQ_TICKET_METRIC, "metric");
    (void)test_code(world.schema, CSQ_TICKET_REASON, "reason");
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        csq_condition *match = sla_condition(world.schema, attributes[i], CSQ_TEST_IN, 1);
        const csq_target target = {.size = sizeof target,
                                   .attribute = attributes[i],
                                   .code = 1,
                                   .within_ms = HOUR_MS};
        uint32_t index;
        assert_status(CSQ_EINVAL, sla_try_policy(world.builder, csq_str_of("other"), match, &index));
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

static void names_without_text_are_refused_beside_names_of_their_size(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_str none = {NULL, 5};
    uint32_t index = 99;
    csq_metric metric = sla_metric(&world, (csq_metric)RESOLUTION);
    csq_step step = {.size = sizeof step, .kind = CSQ_STEP_OFFSET, .name = csq_str_of("abcde")};
    csq_calendar *office = world.calendars[SLA_OFFICE];
    metric.name = step.name;
    assert_status(CSQ_OK,
                  csq_policies_add_calendar(world.builder, step.name, office, &index, NULL));
    assert_status(CSQ_OK, csq_policies_add_metric(world.builder, &metric, &index, NULL));
    assert_status(CSQ_OK, csq_policies_add_step(world.builder, 0, &step, &index, NULL));
    step.name = none;
    metric.name = none;
    index = 99;
    assert_status(CSQ_EINVAL, csq_policies_add_calendar(world.builder, none, office, &index, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_metric(world.builder, &metric, &index, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_step(world.builder, 0, &step, &index, NULL));
    (void)sla_add_policy(&world, "abcde", NULL);
    assert_status(CSQ_EINVAL, sla_try_policy(world.builder, none, NULL, &index));
    assert_int_equal(index, 99);
    sla_close(&world);
}

static void calendars_are_refused_beyond_their_limit(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_error error = {.code = CSQ_OK};
    csq_status status = CSQ_OK;
    uint32_t index = 0;
    for (uint32_t i = 0; status == CSQ_OK; i++) {
        char name[16];
        snprintf(name, sizeof name, "limit-%u", (unsigned)i);
        status = csq_policies_add_calendar(world.builder, csq_str_of(name),
                                           world.calendars[SLA_OFFICE], &index, &error);
    }
    assert_status(CSQ_ELIMIT, status);
    assert_int_equal(index, CSQ_CALENDAR_LIMIT - 1);
    sla_close(&world);
}

static void metrics_that_can_never_stop_are_refused(void **state)
{
    (void)state;
    static const uint32_t kinds[] = {CSQ_METRIC_RESOLUTION, CSQ_METRIC_OWNERSHIP};
    sla_world world;
    sla_open(&world);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const csq_metric bare = {
            .size = sizeof bare, .kind = kinds[i], .name = csq_str_of("bare")};
        uint32_t index = 99;
        assert_status(CSQ_EINVAL, csq_policies_add_metric(world.builder, &bare, &index, NULL));
        assert_int_equal(index, 99);
    }
    sla_close(&world);
}

/* One tag more than a walk follows; the row that adds it is named, in order and sorted alike. */
static void a_replay_names_the_row_at_which_a_walk_fails(void **state)
{
    (void)state;
    enum { TAGS = 4097 };
    static int64_t at[TAGS + 1];
    static int64_t value[TAGS + 1];
    static uint8_t type[TAGS + 1];
    static const uint8_t ticket[TAGS + 1] = {0};
    sla_world world;
    sla_open(&world);
    csq_condition *changed = sla_condition(world.schema, CSQ_TICKET_TAGS, CSQ_TEST_CHANGED, 0);
    const csq_policies *policies = sla_single(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .pause = changed}, 0);
    const csq_event_type types[] = {
        {.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
        {.size = sizeof types[0], .kind = CSQ_EVENT_ADD, .attribute = CSQ_TICKET_TAGS}};
    for (uint32_t i = 0; i <= TAGS; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%u", (unsigned)i);
        at[i] = sla_at("Mon 09:00") + i;
        type[i] = i > 0;
        value[i] = i == 0 ? 0 : (int64_t)test_code(world.schema, CSQ_TICKET_TAGS, name);
    }
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 2};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT8, ticket, TAGS + 1);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, TAGS + 1);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, type, TAGS + 1);
    columns.value = csq_column_of(CSQ_COLUMN_INT64, value, TAGS + 1);
    for (uint32_t is_sorted = 0; is_sorted < 2; is_sorted++) {
        csq_tally *tally = NULL;
        csq_error error;
        assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tally, NULL));
        assert_status(CSQ_ELIMIT, csq_tally_replay(tally, &columns, sla_at("Mon 12:00"), NULL, NULL,
                                                   &error));
        assert_ms_equal(error.index, is_sorted == 0 ? TAGS : 1);
        assert_int_equal(csq_tally_count(tally), 0);
        csq_tally_free(tally);
        const int64_t last = at[TAGS]; // the row that comes last in time now stands second
        memmove(&at[2], &at[1], (TAGS - 1) * sizeof at[0]);
        at[1] = last;
    }
    csq_condition_free(changed);
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
        cmocka_unit_test(names_without_text_are_refused_beside_names_of_their_size),
        cmocka_unit_test(calendars_are_refused_beyond_their_limit),
        cmocka_unit_test(metrics_that_can_never_stop_are_refused),
        cmocka_unit_test(a_replay_names_the_row_at_which_a_walk_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
