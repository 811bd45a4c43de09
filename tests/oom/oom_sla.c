/*
 * oom_sla — the n-th allocation fails, for every n, while policies are built and asked, and while
 * tallies are filled, merged, encoded and decoded.
 */
#include "csq/sla_attribution.h"
#include "sla_support.h"

#define HISTORY                                                                                    \
    "Mon 07:00 created customer group=tier2; Mon 10:00 reply agent status=pending; "               \
    "Mon 11:00 set status=open priority=high; Mon 12:00 set calendar=early; "                      \
    "Mon 13:00 set status=solved; Mon 14:00 set status=open; Mon 14:10 reply customer; "           \
    "Mon 14:20 reply customer; Mon 14:30 inherit 600; Mon 14:40 promise Mon/15:00 !supplier; "     \
    "Mon 15:10 promise Mon/18:00"

/* ---- building ------------------------------------------------------------------------------ */

/* Two metrics whose options need a recorder, with steps, two policies and four targets. */
static csq_status fill_builder(sla_world *world, csq_policies_builder *builder,
                               const csq_condition *match)
{
    uint32_t index = 99;
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < 2 && status == CSQ_OK; i++) {
        static const char *const names[] = {"office", "early"};
        status = csq_policies_add_calendar(builder, csq_str_of(names[i]), world->calendars[i],
                                           &index, NULL);
    }
    for (uint32_t i = 0; i < 3 && status == CSQ_OK; i++) {
        static const uint32_t kinds[] = {CSQ_METRIC_RESOLUTION, CSQ_METRIC_NEXT_REPLY,
                                         CSQ_METRIC_PROMISE};
        static const char *const names[] = {"resolution", "next", "promise"};
        const csq_metric metric = sla_metric(
            world, (csq_metric){.kind = kinds[i],
                                .name = csq_str_of(names[i]),
                                .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
                                .on_change = CSQ_ON_CHANGE_RETROACTIVE,
                                .calendar_switch = CSQ_CALENDAR_SWITCH_LATEST,
                                .on_solved = CSQ_ON_SOLVED_COMPLETE,
                                .include_first = 1,
                                .message_base = CSQ_MESSAGE_BASE_EACH,
                                .inherit = CSQ_INHERIT_START,
                                .run_statuses = world->run_statuses,
                                .n_run_statuses = 2,
                                .empty_calendar = CSQ_EMPTY_CALENDAR_ERROR,
                                .edit_scope = CSQ_EDIT_SCOPE_ALL,
                                .late_steps =
                                    i == 0 ? CSQ_LATE_STEPS_ALL : CSQ_LATE_STEPS_LAST + i - 1,
                                .passed_steps =
                                    i == 0 ? CSQ_PASSED_STEPS_SUPERSEDED : CSQ_PASSED_STEPS_STAY,
                                .pause = match,
                                .breach_compare = CSQ_BREACH_COMPARE_INSTANT});
        status = csq_policies_add_metric(builder, &metric, &index, NULL);
        const csq_str recipients[] = {csq_str_of("owner"), csq_str_of("team_lead")};
        const csq_step step = {.size = sizeof step,
                               .kind = CSQ_STEP_PERCENT,
                               .name = csq_str_of("s"),
                               .value = 5000,
                               .recipients = recipients,
                               .n_recipients = 2};
        if (status == CSQ_OK) {
            status = csq_policies_add_step(builder, i, &step, &index, NULL);
        }
    }
    for (uint32_t p = 0; p < 3 && status == CSQ_OK; p++) {
        const csq_policy policy = {.size = sizeof policy,
                                   .name = csq_str_of(p == 0 ? "vip" : "rest"),
                                   .track = csq_str_of(p == 0 ? "" : "ola"),
                                   .match = p == 0 ? match : NULL,
                                   .has = p == 1   ? CSQ_POLICY_HAS_UNTIL
                                          : p == 2 ? CSQ_POLICY_HAS_FROM
                                                   : 0,
                                   .from = sla_at("Mon 13:30"),
                                   .until = sla_at("Mon 13:30")};
        status = csq_policies_add_policy(builder, &policy, &index, NULL);
        for (uint32_t t = 0; t < 6 && status == CSQ_OK; t++) {
            const csq_target target = {.size = sizeof target,
                                       .metric = t / 2,
                                       .attribute = CSQ_TICKET_PRIORITY,
                                       .code = t % 2 == 0 ? world->high : 0,
                                       .within_ms = t / 2 < 2 ? HOUR_MS : 0,
                                       .due_attribute = t / 2 < 2 ? 0 : CSQ_TICKET_PROMISE,
                                       .calendar = p == 2 ? SLA_EARLY : t % 2};
            status = csq_policies_add_target(builder, &target, NULL);
        }
    }
    return status;
}

static csq_status build_policies(sla_world *world, const csq_allocator *allocator,
                                 csq_policies **out)
{
    csq_condition *match = sla_condition(world->schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS,
                                         test_code(world->schema, CSQ_TICKET_TAGS, "vip"));
    csq_policies_builder *builder = (csq_policies_builder *)&match;
    *out = NULL;
    csq_status status = csq_policies_builder_new(world->schema, allocator, &builder, NULL);
    if (status != CSQ_OK) {
        assert_null(builder);
    } else {
        status = fill_builder(world, builder, match);
    }
    if (status == CSQ_OK) {
        *out = (csq_policies *)&match;
        status = csq_policies_build(builder, out, NULL);
        assert_true(status == CSQ_OK || *out == NULL);
    }
    csq_policies_builder_free(builder);
    csq_condition_free(match);
    return status;
}

static csq_status build_scenario(const csq_allocator *allocator)
{
    sla_world world;
    csq_policies *policies;
    sla_open(&world);
    const csq_status status = build_policies(&world, allocator, &policies);
    csq_policies_free(policies);
    sla_close(&world);
    return status;
}

/* ---- asking -------------------------------------------------------------------------------- */

/* The policies take memory for each question from their own allocator, so its failures begin after
 * they were built. */
typedef struct late_memory {
    const csq_allocator *allocator;
    bool is_late;
} late_memory;

static void *late_reallocate(void *user, void *block, size_t old_size, size_t new_size)
{
    late_memory *memory = user;
    const csq_allocator *allocator = memory->allocator;
    if (!memory->is_late && new_size > 0) {
        // Counted as the test's allocator counts, but never failing.
        test_memory *counted = allocator->user;
        const long fail_at = counted->fail_at;
        counted->fail_at = -1;
        void *fresh = allocator->reallocate(allocator->user, block, old_size, new_size);
        counted->fail_at = fail_at;
        counted->calls--;
        return fresh;
    }
    return allocator->reallocate(allocator->user, block, old_size, new_size);
}

static csq_status ask_all(const csq_policies *policies, csq_ticket *ticket, uint32_t clock,
                          const csq_allocator *allocator)
{
    const csq_ms now = sla_at("Mon 16:00");
    csq_answer answer = {.size = sizeof answer, .phase = 99};
    csq_answer again = {.size = sizeof again};
    csq_explanation *explanation = (csq_explanation *)&answer;
    csq_why_not why = {.size = sizeof why, .reason = 99};
    csq_status status = csq_policies_answer(policies, ticket, clock, now, &answer, NULL);
    assert_true(status == CSQ_OK || answer.phase == 99);
    if (status == CSQ_OK) {
        explanation = (csq_explanation *)&answer;
        status = csq_policies_explain(policies, ticket, clock, now, allocator, &explanation, NULL);
        assert_true(status == CSQ_OK || explanation == NULL);
        assert_true(status != CSQ_OK ||
                    csq_explanation_promise_count(explanation) == 0 || clock > 0);
        csq_explanation_free(explanation);
    }
    if (status == CSQ_OK) {
        const uint32_t attributes[] = {CSQ_TICKET_STATUS, CSQ_TICKET_PRIORITY};
        const csq_attribution_options options = {
            .size = sizeof options, .n_attributes = 2, .attributes = attributes};
        csq_attribution *attribution = (csq_attribution *)&answer;
        status = csq_policies_attribute(policies, ticket, clock, now, &options, allocator, &attribution,
                                        NULL);
        assert_true(status == CSQ_OK ? attribution != NULL
                                     : attribution == NULL);
        csq_attribution_free(attribution);
    }
    if (status == CSQ_OK) {
        status = csq_policies_why_not(policies, ticket, clock, 0, now, &why, NULL);
        assert_true(status == CSQ_OK || why.reason == 99);
    }
    if (status == CSQ_OK) {
        status = csq_policies_advance(policies, ticket, NULL);
    }
    if (status == CSQ_OK) {
        status = csq_policies_answer(policies, ticket, clock, now, &again, NULL);
        assert_true(status != CSQ_OK || memcmp(&again, &answer, sizeof answer) == 0);
    }
    return status;
}

static csq_status ask_scenario(const csq_allocator *allocator)
{
    sla_world world;
    csq_policies *policies;
    sla_open(&world);
    late_memory memory = {allocator, false};
    const csq_allocator late = {late_reallocate, &memory};
    assert_status(CSQ_OK, build_policies(&world, &late, &policies));
    csq_ticket *told = sla_ticket(world.schema, 1, HISTORY);
    csq_ticket *ticket = NULL;
    memory.is_late = true;
    csq_status status = csq_ticket_new(world.schema, 1, &late, &ticket, NULL);
    for (uint64_t i = 0; i < csq_ticket_count(told) && status == CSQ_OK; i++) {
        csq_ticket_event event = {.size = sizeof event};
        assert_status(CSQ_OK, csq_ticket_event_at(told, i, &event, NULL));
        status = csq_ticket_apply(ticket, &event, NULL);
    }
    for (uint32_t c = 0; c < 4 && status == CSQ_OK; c++) {
        status = ask_all(policies, ticket, c, &late);
    }
    csq_ticket_free(ticket);
    csq_ticket_free(told);
    csq_policies_free(policies);
    sla_close(&world);
    return status;
}

/* ---- tallies ------------------------------------------------------------------------------- */

/* A log of three tickets in columns, its rows not in order. */
static csq_status replay(csq_tally *tally, csq_schema *schema)
{
    enum { N = 8 };
    csq_event_type types[3] = {
        {.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
        {.size = sizeof types[0], .kind = CSQ_EVENT_CHANGE, .attribute = CSQ_TICKET_STATUS},
        {.size = sizeof types[0], .kind = CSQ_EVENT_CHANGE, .attribute = CSQ_TICKET_PRIORITY}};
    const uint64_t tickets[N] = {3, 1, 1, 2, 2, 3, 3, 3};
    const uint8_t kinds[N] = {0, 1, 0, 0, 2, 2, 1, 2};
    int64_t at[N];
    int64_t values[N];
    for (uint32_t i = 0; i < N; i++) {
        at[i] = sla_at("Mon 07:00") + (kinds[i] == 0 ? 0 : (csq_ms)(i + 1) * HOUR_MS);
        values[i] = kinds[i] == 0   ? 0
                    : kinds[i] == 1 ? (int64_t)test_code(schema, CSQ_TICKET_STATUS, "solved")
                                    : (int64_t)test_code(schema, CSQ_TICKET_PRIORITY, "high");
    }
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 3};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, tickets, N);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, N);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, N);
    columns.value = csq_column_of(CSQ_COLUMN_INT64, values, N);
    return csq_tally_replay(tally, &columns, sla_at("Mon 20:00"), NULL, NULL, NULL);
}

/* What a failure may have left behind is what was there before. */
static void assert_unchanged(const csq_tally *tally, uint64_t n, uint64_t met)
{
    uint64_t found = 0;
    assert_ms_equal(csq_tally_count(tally), n);
    for (uint64_t i = 0; i < n; i++) {
        found += sla_row(tally, i).met;
    }
    assert_ms_equal(found, met);
}

static uint64_t met_of(const csq_tally *tally)
{
    uint64_t met = 0;
    for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
        met += sla_row(tally, i).met;
    }
    return met;
}

static csq_status fill_tally(csq_tally *tally, const csq_ticket *ticket, csq_schema *schema)
{
    csq_status status = csq_tally_add(tally, ticket, sla_at("Mon 20:00"), NULL);
    if (status != CSQ_OK) {
        assert_unchanged(tally, 0, 0);
        return status;
    }
    const uint64_t n = csq_tally_count(tally);
    const uint64_t met = met_of(tally);
    status = replay(tally, schema);
    if (status != CSQ_OK) {
        assert_unchanged(tally, n, met);
    }
    return status;
}

static csq_status merge_and_subtract(csq_tally *tally, const csq_ticket *ticket)
{
    csq_tally *copy = (csq_tally *)&tally;
    csq_status status = csq_tally_copy(tally, &copy, NULL);
    if (status != CSQ_OK) {
        assert_null(copy);
        return status;
    }
    csq_tally_reset(copy);
    const uint64_t n = csq_tally_count(tally);
    const uint64_t met = met_of(tally);
    status = csq_tally_add(copy, ticket, sla_at("Mon 07:30"), NULL);
    if (status == CSQ_OK) {
        status = csq_tally_merge(tally, copy, NULL);
        if (status != CSQ_OK) {
            assert_unchanged(tally, n, met);
        }
    }
    if (status == CSQ_OK) {
        status = csq_tally_subtract(tally, copy, NULL);
    }
    csq_tally_free(copy);
    return status;
}

static csq_status encode_and_decode(const csq_policies *policies, const csq_tally *tally,
                                    const csq_tally_options *options,
                                    const csq_allocator *allocator)
{
    uint8_t bytes[2048];
    uint64_t size = sizeof bytes;
    csq_status status = csq_tally_encode(tally, bytes, &size, NULL);
    if (status == CSQ_OK) {
        csq_tally *back = (csq_tally *)&bytes;
        status = csq_tally_decode(policies, options, bytes, size, allocator, &back, NULL);
        assert_true(status == CSQ_OK || back == NULL);
        csq_tally_free(back);
    }
    return status;
}

static csq_status tally_scenario(const csq_allocator *allocator)
{
    sla_world world;
    csq_policies *policies;
    sla_open(&world);
    assert_status(CSQ_OK, build_policies(&world, NULL, &policies));
    csq_ticket *ticket = sla_ticket(world.schema, 1, HISTORY);
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_CHANNEL};
    const csq_tally_options options = {.size = sizeof options,
                                       .n_attributes = 2,
                                       .attributes = attributes,
                                       .period = CSQ_PERIOD_DAY,
                                       .quantiles = 7,
                                       .exact_limit = 1};
    csq_tally *tally = (csq_tally *)&world;
    csq_status status = csq_tally_new(policies, &options, allocator, &tally, NULL);
    if (status != CSQ_OK) {
        assert_null(tally);
    } else {
        status = fill_tally(tally, ticket, world.schema);
    }
    if (status == CSQ_OK) {
        status = merge_and_subtract(tally, ticket);
    }
    if (status == CSQ_OK) {
        status = encode_and_decode(policies, tally, &options, allocator);
    }
    csq_tally_free(tally);
    csq_ticket_free(ticket);
    csq_policies_free(policies);
    sla_close(&world);
    return status;
}

static void building_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(build_scenario);
}

static void asking_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(ask_scenario);
}

static void tallies_survive_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(tally_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(building_survives_every_failure),
        cmocka_unit_test(asking_survives_every_failure),
        cmocka_unit_test(tallies_survive_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
