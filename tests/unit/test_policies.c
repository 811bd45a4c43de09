/*
 * test_policies — building policies: what the builder takes and refuses, limits, names, and the
 * fingerprint, which is that of the definitions.
 */
#include "sla_support.h"

static csq_policies *policies_of(sla_world *world)
{
    return sla_single(world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
}

/* ---- the plain case ------------------------------------------------------------------------ */

static void what_was_added_is_there_by_index(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    assert_int_equal(sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY,
                                                         .name = csq_str_of("首次响应")}),
                     0);
    assert_int_equal(sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                                         .name = csq_str_of("resolution")}),
                     1);
    sla_add_step(&world, 1, "warning", CSQ_STEP_PERCENT, 8000);
    sla_add_step(&world, 1, "chief", CSQ_STEP_OFFSET, HOUR_MS);
    assert_int_equal(sla_add_policy(&world, "gold", NULL), 0);
    csq_policies *policies = sla_build(&world);
    assert_int_equal(csq_policies_metric_count(policies), 2);
    assert_int_equal(csq_policies_policy_count(policies), 1);
    assert_int_equal(csq_policies_step_count(policies, 0), 0);
    assert_int_equal(csq_policies_step_count(policies, 1), 2);
    assert_str_equal(csq_policies_metric_name(policies, 0), "首次响应");
    assert_str_equal(csq_policies_policy_name(policies, 0), "gold");
    assert_str_equal(csq_policies_step_name(policies, 1, 1), "chief");
    assert_str_equal(csq_policies_calendar_name(policies, SLA_NEVER), "never");
    uint32_t index = 99;
    assert_status(CSQ_OK,
                  csq_policies_find_metric(policies, csq_str_of("resolution"), &index, NULL));
    assert_int_equal(index, 1);
    index = 99;
    assert_status(CSQ_ENOTFOUND,
                  csq_policies_find_metric(policies, csq_str_of("other"), &index, NULL));
    assert_status(CSQ_EINVAL,
                  csq_policies_find_metric(NULL, csq_str_of("resolution"), &index, NULL));
    assert_status(CSQ_EINVAL,
                  csq_policies_find_metric(policies, csq_str_of("resolution"), NULL, NULL));
    assert_int_equal(index, 99);
    sla_close(&world);
}

static void what_is_not_there_is_empty(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = policies_of(&world);
    assert_int_equal(csq_policies_metric_name(policies, 1).size, 0);
    assert_int_equal(csq_policies_policy_name(policies, 1).size, 0);
    assert_int_equal(csq_policies_step_name(policies, 0, 0).size, 0);
    assert_int_equal(csq_policies_step_name(policies, 1, 0).size, 0);
    assert_int_equal(csq_policies_calendar_name(policies, SLA_CALENDARS).size, 0);
    assert_int_equal(csq_policies_calendar_name(policies, CSQ_NO_CALENDAR).size, 0);
    assert_int_equal(csq_policies_step_count(policies, 1), 0);
    assert_int_equal(csq_policies_metric_count(NULL), 0);
    assert_int_equal(csq_policies_policy_count(NULL), 0);
    assert_int_equal(csq_policies_step_count(NULL, 0), 0);
    assert_int_equal(csq_policies_metric_name(NULL, 0).size, 0);
    assert_int_equal(csq_policies_policy_name(NULL, 0).size, 0);
    assert_int_equal(csq_policies_calendar_name(NULL, 0).size, 0);
    assert_ms_equal(csq_policies_fingerprint(NULL), 0);
    assert_null(csq_policies_retain(NULL));
    csq_policies_free(NULL);
    csq_policies_builder_free(NULL);
    sla_close(&world);
}

static void policies_live_until_their_last_owner(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_policies *policies = csq_policies_retain(policies_of(&world));
    sla_close(&world);
    assert_str_equal(csq_policies_metric_name(policies, 0), "metric");
    csq_policies_free(policies);
}

static void a_builder_is_empty_after_building(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)policies_of(&world);
    csq_policies *policies = (csq_policies *)&world;
    assert_status(CSQ_ESTATE, csq_policies_build(world.builder, &policies, NULL));
    assert_null(policies);
    sla_add_calendars(&world); // the names are free again
    (void)policies_of(&world);
    sla_close(&world);
}

static void policies_without_a_policy_apply_to_nobody(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_NOT_APPLICABLE);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void a_builder_needs_a_schema_of_tickets(void **state)
{
    (void)state;
    csq_schema *plain;
    csq_schema *schema = test_schema();
    csq_policies_builder *builder = (csq_policies_builder *)&plain;
    assert_status(CSQ_OK, csq_schema_new(0, NULL, &plain, NULL));
    assert_status(CSQ_EMISMATCH, csq_policies_builder_new(plain, NULL, &builder, NULL));
    assert_null(builder);
    assert_status(CSQ_EINVAL, csq_policies_builder_new(NULL, NULL, &builder, NULL));
    assert_status(CSQ_EINVAL, csq_policies_builder_new(schema, NULL, NULL, NULL));
    csq_policies *policies;
    assert_status(CSQ_EINVAL, csq_policies_build(NULL, &policies, NULL));
    csq_schema_free(plain);
    csq_schema_free(schema);
}

static void calendars_are_refused_by_name(void **state)
{
    (void)state;
    static char long_name[256];
    memset(long_name, 'n', sizeof long_name);
    sla_world world;
    sla_open(&world);
    csq_calendar *office = world.calendars[SLA_OFFICE];
    uint32_t index = 99;
    const struct {
        csq_status status;
        csq_str name;
        csq_calendar *calendar;
        uint32_t *index;
    } rows[] = {
        {CSQ_EEXISTS, csq_str_of("office"), office, &index},
        {CSQ_EINVAL, {NULL, 0}, office, &index},
        {CSQ_EINVAL, {long_name, 256}, office, &index},
        {CSQ_EINVAL, csq_str_of("more"), NULL, &index},
        {CSQ_EINVAL, csq_str_of("more"), office, NULL},
        {CSQ_EUTF8, csq_str_of("\xC3("), office, &index},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_status(rows[i].status,
                      csq_policies_add_calendar(world.builder, rows[i].name, rows[i].calendar,
                                                rows[i].index, NULL));
    }
    assert_status(CSQ_EINVAL,
                  csq_policies_add_calendar(NULL, csq_str_of("more"), office, &index, NULL));
    assert_int_equal(index, 99);
    const csq_str longest = {long_name, 255};
    assert_status(CSQ_OK,
                  csq_policies_add_calendar(world.builder, longest, office, &index, NULL));
    assert_int_equal(index, SLA_CALENDARS);
    sla_close(&world);
}

/* One member of the options beyond its last value. */
static void an_option_beyond_its_range_is_named(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint32_t last;
    } rows[] = {
        {offsetof(csq_metric, wall_time), 1},
        {offsetof(csq_metric, repeat), 1},
        {offsetof(csq_metric, reopen_mode), CSQ_REOPEN_NOTHING},
        {offsetof(csq_metric, on_change), CSQ_ON_CHANGE_RESTART},
        {offsetof(csq_metric, retroactive_pause), CSQ_RETROACTIVE_PAUSE_COUNTED},
        {offsetof(csq_metric, calendar_switch), CSQ_CALENDAR_SWITCH_FIRST},
        {offsetof(csq_metric, edit_scope), CSQ_EDIT_SCOPE_ALL},
        {offsetof(csq_metric, on_solved), CSQ_ON_SOLVED_CANCEL},
        {offsetof(csq_metric, start_mode), CSQ_START_FIRST_MESSAGE},
        {offsetof(csq_metric, include_first), 1},
        {offsetof(csq_metric, attach), CSQ_ATTACH_RETROACTIVE},
        {offsetof(csq_metric, due_edge), CSQ_DUE_EDGE_NEXT_OPEN},
        {offsetof(csq_metric, breach_compare), CSQ_BREACH_COMPARE_INSTANT},
        {offsetof(csq_metric, empty_calendar), CSQ_EMPTY_CALENDAR_ERROR},
        {offsetof(csq_metric, kind), CSQ_METRIC_PROMISE},
    };
    sla_world world;
    sla_open(&world);
    uint32_t index = 99;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_metric metric = sla_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
        const uint32_t value = rows[i].last + 1;
        csq_error error = {0};
        memcpy((char *)&metric + rows[i].offset, &value, sizeof value);
        assert_status(CSQ_EINVAL,
                      csq_policies_add_metric(world.builder, &metric, &index, &error));
        assert_int_equal(error.field, rows[i].offset);
    }
    assert_int_equal(index, 99);
    sla_close(&world);
}

static void metrics_are_refused_by_name(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_schema *other = test_schema();
    csq_condition *foreign =
        sla_condition(other, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_CREATED);
    const uint32_t unknown[] = {4711};
    uint32_t index = 99;
    const csq_metric plain = sla_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    csq_metric rows[9];
    static const csq_status expected[] = {CSQ_EINVAL,    CSQ_EINVAL, CSQ_EINVAL,
                                          CSQ_ECODE,     CSQ_ECODE,  CSQ_EMISMATCH,
                                          CSQ_EMISMATCH, CSQ_EINVAL, CSQ_EABI};
    for (size_t i = 0; i < 9; i++) {
        rows[i] = plain;
    }
    rows[0].name = (csq_str){NULL, 0};
    rows[1].kind = 0;
    rows[2].kind = CSQ_METRIC_CLOCK; // without a start
    rows[3].stop_statuses = unknown;
    rows[3].n_stop_statuses = 1;
    rows[4].kind = CSQ_METRIC_OWNERSHIP;
    rows[4].group = 4711;
    rows[5].start = foreign;
    rows[6].pause = foreign;
    rows[7].pause_statuses = NULL;
    rows[8].size = 3;
    for (size_t i = 0; i < 9; i++) {
        assert_status(expected[i],
                      csq_policies_add_metric(world.builder, &rows[i], &index, NULL));
    }
    assert_status(CSQ_EINVAL, csq_policies_add_metric(world.builder, NULL, &index, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_metric(world.builder, &plain, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_metric(NULL, &plain, &index, NULL));
    assert_int_equal(index, 99);
    assert_status(CSQ_OK, csq_policies_add_metric(world.builder, &plain, &index, NULL));
    assert_int_equal(index, 0); // nothing of what was refused is there
    index = 99;
    assert_status(CSQ_EEXISTS, csq_policies_add_metric(world.builder, &plain, &index, NULL));
    assert_int_equal(index, 99);
    (void)sla_add_policy(&world, "policy", NULL);
    rows[0].name = csq_str_of("late");
    assert_status(CSQ_ESTATE, csq_policies_add_metric(world.builder, &rows[0], &index, NULL));
    csq_condition_free(foreign);
    csq_schema_free(other);
    sla_close(&world);
}

static void limits_hold_to_the_last_one(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    char name[] = "m00000";
    uint32_t index = 99;
    csq_metric metric = sla_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    metric.name = (csq_str){name, 6};
    for (uint32_t i = 0; i <= CSQ_METRIC_LIMIT; i++) {
        name[5] = (char)('A' + i);
        assert_status(i < CSQ_METRIC_LIMIT ? CSQ_OK : CSQ_ELIMIT,
                      csq_policies_add_metric(world.builder, &metric, &index, NULL));
    }
    for (uint32_t i = 0; i <= CSQ_STEP_LIMIT; i++) {
        name[5] = (char)('0' + i);
        const csq_step step = {
            .size = sizeof step, .kind = CSQ_STEP_OFFSET, .name = {name, 6}, .value = i};
        assert_status(i < CSQ_STEP_LIMIT ? CSQ_OK : CSQ_ELIMIT,
                      csq_policies_add_step(world.builder, 31, &step, &index, NULL));
    }
    assert_int_equal(index, CSQ_STEP_LIMIT - 1);
    for (uint32_t i = 0; i <= CSQ_POLICY_LIMIT; i++) {
        for (uint32_t digit = 0, rest = i; digit < 5; digit++, rest /= 10) {
            name[5 - digit] = (char)('0' + rest % 10);
        }
        assert_status(i < CSQ_POLICY_LIMIT ? CSQ_OK : CSQ_ELIMIT,
                      sla_try_policy(world.builder, (csq_str){name, 6}, NULL, &index));
        for (uint32_t m = 0; m < 16 && i < CSQ_POLICY_LIMIT; m++) {
            const csq_target target = {.size = sizeof target, .metric = m, .within_ms = 1 + i};
            assert_status(16 * i + m < 65534 ? CSQ_OK : CSQ_ELIMIT,
                          csq_policies_add_target(world.builder, &target, NULL));
        }
    }
    const csq_policies *policies = sla_build(&world);
    assert_int_equal(csq_policies_metric_count(policies), CSQ_METRIC_LIMIT);
    assert_int_equal(csq_policies_policy_count(policies), CSQ_POLICY_LIMIT);

    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created; Mon 09:00 attach policy=m04095");
    csq_answer answer = sla_answer(policies, ticket, 31, sla_at("Mon 10:00"));
    assert_int_equal(answer.phase, CSQ_PHASE_NOT_APPLICABLE);
    answer = sla_answer(policies, ticket, 15, sla_at("Mon 10:00"));
    assert_ms_equal(answer.target_ms, 1); // KEEP: of the first policy
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void steps_are_refused_by_name(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    sla_add_step(&world, 0, "there", CSQ_STEP_OFFSET, 0);
    static const csq_ms century = INT64_C(3162240000000); /* 36,600 days */
    uint32_t index = 99;
    const struct {
        csq_status status;
        uint32_t metric;
        csq_step step;
    } rows[] = {
        {CSQ_EINVAL, 0, {.kind = 0, .name = csq_str_of("s")}},
        {CSQ_EINVAL, 0, {.kind = CSQ_STEP_WORKDAYS + 1, .name = csq_str_of("s")}},
        {CSQ_EINVAL, 0, {.kind = CSQ_STEP_OFFSET, .name = {NULL, 0}}},
        {CSQ_EEXISTS, 0, {.kind = CSQ_STEP_OFFSET, .name = csq_str_of("there")}},
        {CSQ_ERANGE, 1, {.kind = CSQ_STEP_OFFSET, .name = csq_str_of("s")}},
        {CSQ_ERANGE, 0, {.kind = CSQ_STEP_OFFSET, .name = csq_str_of("s"), .value = century + 1}},
        {CSQ_ERANGE, 0, {.kind = CSQ_STEP_OFFSET, .name = csq_str_of("s"), .value = INT64_MIN}},
        {CSQ_ERANGE, 0, {.kind = CSQ_STEP_PERCENT, .name = csq_str_of("s"), .value = -1}},
        {CSQ_ERANGE, 0, {.kind = CSQ_STEP_PERCENT, .name = csq_str_of("s"), .value = 10000001}},
        {CSQ_ERANGE, 0, {.kind = CSQ_STEP_WORKDAYS, .name = csq_str_of("s"), .value = 36601}},
        {CSQ_OK, 0, {.kind = CSQ_STEP_OFFSET, .name = csq_str_of("s"), .value = -century}},
        {CSQ_OK, 0, {.kind = CSQ_STEP_PERCENT, .name = csq_str_of("t"), .value = 10000000}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_step step = rows[i].step;
        step.size = sizeof step;
        assert_status(rows[i].status, csq_policies_add_step(world.builder, rows[i].metric, &step,
                                                            &index, NULL));
        assert_true(rows[i].status == CSQ_OK || index == 99);
    }
    csq_step step = {.size = 4, .kind = CSQ_STEP_OFFSET, .name = csq_str_of("u")};
    assert_status(CSQ_EABI, csq_policies_add_step(world.builder, 0, &step, &index, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_step(world.builder, 0, NULL, &index, NULL));
    step.size = sizeof step;
    assert_status(CSQ_EINVAL, csq_policies_add_step(world.builder, 0, &step, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_step(NULL, 0, &step, &index, NULL));
    sla_close(&world);
}

static void policies_are_refused_by_name(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_schema *other = test_schema();
    csq_condition *foreign =
        sla_condition(other, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_CREATED);
    uint32_t index = 99;
    assert_status(CSQ_EMISMATCH, sla_try_policy(world.builder, csq_str_of("p"), foreign, &index));
    assert_status(CSQ_EINVAL, sla_try_policy(world.builder, (csq_str){NULL, 0}, NULL, &index));
    assert_status(CSQ_EINVAL, sla_try_policy(world.builder, csq_str_of("p"), NULL, NULL));
    assert_status(CSQ_EINVAL, sla_try_policy(NULL, csq_str_of("p"), NULL, &index));
    assert_status(CSQ_EINVAL, csq_policies_add_policy(world.builder, NULL, &index, NULL));
    assert_int_equal(index, 99);
    assert_int_equal(sla_add_policy(&world, "p", NULL), 0);
    assert_status(CSQ_EEXISTS, sla_try_policy(world.builder, csq_str_of("p"), NULL, &index));
    csq_policies *policies;
    assert_status(CSQ_ESTATE, csq_policies_build(world.builder, &policies, NULL));
    csq_condition_free(foreign);
    csq_schema_free(other);
    sla_close(&world);
}

static void targets_are_refused_by_name(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    csq_target plain = {.size = sizeof plain, .within_ms = 1};
    assert_status(CSQ_ESTATE, csq_policies_add_target(world.builder, &plain, NULL));
    (void)sla_add_policy(&world, "policy", NULL);
    static const csq_ms century = INT64_C(3162240000000);
    const struct {
        csq_status status;
        csq_target target;
    } rows[] = {
        {CSQ_ETARGET, {.within_ms = 0}},
        {CSQ_ETARGET, {.within_ms = -1}},
        {CSQ_ETARGET, {.within_ms = INT64_MAX}},
        {CSQ_ETARGET, {.within_ms = century + 1}},
        {CSQ_ETARGET, {.within_ms = 1, .workdays = 1}},
        {CSQ_ETARGET, {.workdays = 36601}},
        {CSQ_ETARGET, {.workdays = 1, .end_of_day = 2}},
        {CSQ_ETARGET, {.workdays = 1, .calendar = CSQ_NO_CALENDAR}},
        {CSQ_ETARGET, {.workdays = 1, .calendar = SLA_ALWAYS}}, // it has no zone, hence no days
        {CSQ_ERANGE, {.within_ms = 1, .metric = 1}},
        {CSQ_ERANGE, {.within_ms = 1, .calendar = SLA_CALENDARS}},
        {CSQ_EINVAL, {.within_ms = 1, .code = 1}}, // of no attribute
        {CSQ_EINVAL, {.within_ms = 1, .attribute = CSQ_TICKET_TAGS}},
        {CSQ_EINVAL, {.within_ms = 1, .attribute = 999}},
        {CSQ_ECODE, {.within_ms = 1, .attribute = CSQ_TICKET_PRIORITY, .code = 999}},
        {CSQ_OK, {.within_ms = century, .attribute = CSQ_TICKET_PRIORITY, .code = 1}},
        {CSQ_EDUPLICATE, {.within_ms = 1, .attribute = CSQ_TICKET_PRIORITY, .code = 1}},
        {CSQ_EINVAL, {.within_ms = 1, .attribute = CSQ_TICKET_STATUS, .code = 1}},
        {CSQ_OK, {.within_ms = 1}},
        {CSQ_EDUPLICATE, {.within_ms = 1, .attribute = CSQ_TICKET_PRIORITY}},
        {CSQ_OK, {.workdays = 36600, .attribute = CSQ_TICKET_PRIORITY, .code = 2}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_target target = rows[i].target;
        target.size = sizeof target;
        assert_status(rows[i].status, csq_policies_add_target(world.builder, &target, NULL));
    }
    plain.size = 5;
    assert_status(CSQ_EABI, csq_policies_add_target(world.builder, &plain, NULL));
    assert_status(CSQ_EINVAL, csq_policies_add_target(world.builder, NULL, NULL));
    plain.size = sizeof plain;
    assert_status(CSQ_EINVAL, csq_policies_add_target(NULL, &plain, NULL));
    sla_close(&world);
}

/* ---- the fingerprint ----------------------------------------------------------------------- */

/* The fingerprint of the same definitions in a schema that learned the names in another order. */
static uint64_t fingerprint_of(csq_metric metric, bool is_turned)
{
    sla_world world;
    csq_schema *schema = test_schema();
    if (is_turned) {
        static const char *const names[] = {"urgent", "hold", "pending", "closed", "low"};
        for (size_t i = 0; i < 5; i++) {
            (void)test_code(schema, CSQ_TICKET_STATUS, names[i]);
            (void)test_code(schema, CSQ_TICKET_PRIORITY, names[i]);
        }
        uint32_t attribute;
        (void)csq_schema_add(schema, csq_str_of("region"), CSQ_ATTRIBUTE_CATEGORY, &attribute,
                             NULL);
    }
    sla_open(&world);
    csq_schema_free(world.schema);
    csq_policies_builder_free(world.builder);
    world.schema = schema;
    world.stop_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "solved");
    world.stop_statuses[1] = test_code(schema, CSQ_TICKET_STATUS, "closed");
    world.pause_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "pending");
    world.pause_statuses[1] = test_code(schema, CSQ_TICKET_STATUS, "hold");
    world.cancel_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "spam");
    world.run_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "new");
    world.run_statuses[1] = test_code(schema, CSQ_TICKET_STATUS, "working");
    world.high = test_code(schema, CSQ_TICKET_PRIORITY, "high");
    world.urgent = test_code(schema, CSQ_TICKET_PRIORITY, "urgent");
    world.tier2 = test_code(schema, CSQ_TICKET_GROUP, "tier2");
    assert_status(CSQ_OK, csq_policies_builder_new(schema, NULL, &world.builder, NULL));
    sla_add_calendars(&world);
    const uint64_t fingerprint = csq_policies_fingerprint(sla_single(&world, metric, 0));
    sla_close(&world);
    return fingerprint;
}

static void equal_definitions_have_one_fingerprint(void **state)
{
    (void)state;
    for (uint32_t kind = CSQ_METRIC_FIRST_REPLY; kind <= CSQ_METRIC_ASSIGN; kind++) {
        const csq_metric metric = {.kind = kind};
        const uint64_t fingerprint = fingerprint_of(metric, false);
        assert_true(fingerprint != 0);
        assert_true(fingerprint == fingerprint_of(metric, false));
        assert_true(fingerprint == fingerprint_of(metric, true));
    }
}

static void a_default_is_what_it_stands_for(void **state)
{
    (void)state;
    const csq_metric explicit = {.kind = CSQ_METRIC_FIRST_REPLY,
                                 .reopen_mode = CSQ_REOPEN_RESUME,
                                 .on_change = CSQ_ON_CHANGE_KEEP,
                                 .retroactive_pause = CSQ_RETROACTIVE_PAUSE_KEPT,
                                 .calendar_switch = CSQ_CALENDAR_SWITCH_SEGMENTED,
                                 .edit_scope = CSQ_EDIT_SCOPE_OPEN,
                                 .on_solved = CSQ_ON_SOLVED_KEEP,
                                 .start_mode = CSQ_START_CREATED,
                                 .attach = CSQ_ATTACH_MATCH,
                                 .due_edge = CSQ_DUE_EDGE_EARLIEST,
                                 .breach_compare = CSQ_BREACH_COMPARE_ELAPSED,
                                 .empty_calendar = CSQ_EMPTY_CALENDAR_NEVER};
    const csq_metric implicit = {.kind = CSQ_METRIC_FIRST_REPLY};
    assert_true(fingerprint_of(explicit, false) == fingerprint_of(implicit, false));
}

static void each_option_shows_in_the_fingerprint(void **state)
{
    (void)state;
    static const csq_metric metrics[] = {
        {.kind = CSQ_METRIC_FIRST_REPLY},
        {.kind = CSQ_METRIC_RESOLUTION},
        {.kind = CSQ_METRIC_NEXT_REPLY},
        {.kind = CSQ_METRIC_PERIODIC_UPDATE},
        {.kind = CSQ_METRIC_PAUSABLE_UPDATE},
        {.kind = CSQ_METRIC_OWNERSHIP},
        {.kind = CSQ_METRIC_RESOLUTION, .name = {"other", 5}},
        {.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1},
        {.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_RESUME_COUNTING},
        {.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NEW_CYCLE},
        {.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NOTHING},
        {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_RETROACTIVE},
        {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY},
        {.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_RESTART},
        {.kind = CSQ_METRIC_RESOLUTION, .retroactive_pause = CSQ_RETROACTIVE_PAUSE_COUNTED},
        {.kind = CSQ_METRIC_RESOLUTION, .calendar_switch = CSQ_CALENDAR_SWITCH_LATEST},
        {.kind = CSQ_METRIC_RESOLUTION, .calendar_switch = CSQ_CALENDAR_SWITCH_FIRST},
        {.kind = CSQ_METRIC_RESOLUTION, .edit_scope = CSQ_EDIT_SCOPE_ALL},
        {.kind = CSQ_METRIC_FIRST_REPLY, .on_solved = CSQ_ON_SOLVED_COMPLETE},
        {.kind = CSQ_METRIC_FIRST_REPLY, .on_solved = CSQ_ON_SOLVED_CANCEL},
        {.kind = CSQ_METRIC_FIRST_REPLY, .start_mode = CSQ_START_FIRST_MESSAGE},
        {.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1},
        {.kind = CSQ_METRIC_RESOLUTION, .attach = CSQ_ATTACH_FROM},
        {.kind = CSQ_METRIC_RESOLUTION, .attach = CSQ_ATTACH_RETROACTIVE},
        {.kind = CSQ_METRIC_RESOLUTION, .due_edge = CSQ_DUE_EDGE_NEXT_OPEN},
        {.kind = CSQ_METRIC_RESOLUTION, .breach_compare = CSQ_BREACH_COMPARE_INSTANT},
        {.kind = CSQ_METRIC_RESOLUTION, .empty_calendar = CSQ_EMPTY_CALENDAR_WALL},
    };
    enum { N = sizeof metrics / sizeof metrics[0] };
    uint64_t found[N];
    for (size_t i = 0; i < N; i++) {
        found[i] = fingerprint_of(metrics[i], false);
        for (size_t k = 0; k < i; k++) {
            assert_true(found[k] != found[i]);
        }
    }
}

/* What is around the metric: targets, steps, calendars, matches. */
static void each_part_shows_in_the_fingerprint(void **state)
{
    (void)state;
    enum { N = 10 };
    uint64_t found[N];
    for (uint32_t i = 0; i < N; i++) {
        sla_world world;
        sla_open(&world);
        uint32_t index;
        csq_condition *high = sla_condition(world.schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN,
                                            i == 1 ? world.low : world.high);
        (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
        if (i == 2 || i == 3) {
            sla_add_step(&world, 0, "step", CSQ_STEP_OFFSET, i);
        }
        if (i == 4) {
            assert_status(CSQ_OK,
                          csq_policies_add_calendar(world.builder, csq_str_of("more"),
                                                    world.calendars[0], &index, NULL));
        }
        (void)sla_add_policy(&world, i == 5 ? "silver" : "gold", i == 6 ? NULL : high);
        sla_add_target(&world, (csq_target){.within_ms = i == 7 ? 1 : 2,
                                            .calendar = i == 8 ? SLA_EARLY : SLA_OFFICE,
                                            .attribute = i == 9 ? CSQ_TICKET_PRIORITY : 0});
        found[i] = csq_policies_fingerprint(sla_build(&world));
        for (uint32_t k = 0; k < i; k++) {
            assert_true(found[k] != found[i]);
        }
        csq_condition_free(high);
        sla_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_there_by_index),
        cmocka_unit_test(what_is_not_there_is_empty),
        cmocka_unit_test(policies_live_until_their_last_owner),
        cmocka_unit_test(a_builder_is_empty_after_building),
        cmocka_unit_test(policies_without_a_policy_apply_to_nobody),
        cmocka_unit_test(a_builder_needs_a_schema_of_tickets),
        cmocka_unit_test(calendars_are_refused_by_name),
        cmocka_unit_test(an_option_beyond_its_range_is_named),
        cmocka_unit_test(metrics_are_refused_by_name),
        cmocka_unit_test(limits_hold_to_the_last_one),
        cmocka_unit_test(steps_are_refused_by_name),
        cmocka_unit_test(policies_are_refused_by_name),
        cmocka_unit_test(targets_are_refused_by_name),
        cmocka_unit_test(equal_definitions_have_one_fingerprint),
        cmocka_unit_test(a_default_is_what_it_stands_for),
        cmocka_unit_test(each_option_shows_in_the_fingerprint),
        cmocka_unit_test(each_part_shows_in_the_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
