/*
 * oom_clock_set — the n-th allocation fails, for every n, while a set of clocks is filled, taken,
 * merged, copied, encoded and decoded; what failed left the set as it was.
 */
#include "clock_set_support.h"

/* More steps than an array has room for at first. */
enum { OOM_STEPS = 6 };
static const char *const oom_names[OOM_STEPS] = {"warning", "b", "c", "d", "e", "f"};

/* Options that need a recorder, so that late events and changes take the long way; with a ladder
 * also those that ask what it told before a change. */
static csq_policies *oom_policies(sla_world *world, bool has_ladder)
{
    const csq_metric metric = {
        .kind = CSQ_METRIC_RESOLUTION,
        .reopen_mode = CSQ_REOPEN_NEW_CYCLE,
        .on_change = CSQ_ON_CHANGE_RETROACTIVE,
        .calendar_switch = CSQ_CALENDAR_SWITCH_LATEST,
        .breach_compare = CSQ_BREACH_COMPARE_INSTANT,
        .late_steps = has_ladder ? CSQ_LATE_STEPS_LAST : CSQ_LATE_STEPS_DEFAULT,
        .passed_steps = has_ladder ? CSQ_PASSED_STEPS_STAY : CSQ_PASSED_STEPS_DEFAULT};
    const uint32_t index = sla_add_metric(world, metric);
    for (int32_t i = 0; i < (has_ladder ? OOM_STEPS : 1); i++) {
        sla_add_step(world, index, oom_names[i], CSQ_STEP_PERCENT, 5000 - 500 * i);
    }
    (void)sla_add_policy(world, "policy", NULL);
    sla_add_target(world, (csq_target){.attribute = CSQ_TICKET_PRIORITY,
                                       .code = world->high,
                                       .within_ms = HOUR_MS,
                                       .calendar = SLA_EARLY});
    sla_add_target(world, (csq_target){.within_ms = 2 * HOUR_MS, .calendar = SLA_OFFICE});
    return sla_build(world);
}

/* A failure may have moved nothing: not the encoded form, not what is next. */
typedef struct oom_state {
    uint8_t *bytes;
    uint64_t size;
    csq_ms next;
} oom_state;

/* Encodes with memory that never fails, and counts nothing. */
static oom_state state_of(const csq_clock_set *set, test_memory *memory)
{
    oom_state state = {NULL, 0, live_next(set)};
    const test_memory held = *memory;
    memory->fail_at = -1;
    memory->fail_after = 0;
    state.bytes = live_encoded(set, &state.size);
    *memory = held;
    return state;
}

static void assert_state(const csq_clock_set *set, test_memory *memory, const oom_state *expected)
{
    oom_state found = state_of(set, memory);
    assert_ms_equal(found.size, expected->size);
    assert_memory_equal(found.bytes, expected->bytes, (size_t)found.size);
    assert_ms_equal(found.next, expected->next);
    free(found.bytes);
}

static csq_status apply_checked(csq_clock_set *set, test_memory *memory, uint64_t ticket,
                                const csq_ticket_event *event)
{
    oom_state before = state_of(set, memory);
    const csq_status status = csq_clock_set_apply(set, ticket, event, NULL);
    if (status != CSQ_OK) {
        assert_state(set, memory, &before);
    }
    free(before.bytes);
    return status;
}

static csq_status take_checked(csq_clock_set *set, test_memory *memory, const char *when)
{
    oom_state before = state_of(set, memory);
    uint64_t n = 99;
    const csq_status status = csq_clock_set_take(set, sla_at(when), &n, NULL);
    if (status != CSQ_OK) {
        assert_state(set, memory, &before);
        assert_ms_equal(n, 99);
    }
    free(before.bytes);
    return status;
}

static csq_status merge_checked(csq_clock_set *set, test_memory *memory, const csq_clock_set *other)
{
    oom_state before = state_of(set, memory);
    const csq_status status = csq_clock_set_merge(set, other, NULL);
    if (status != CSQ_OK) {
        assert_state(set, memory, &before);
    }
    free(before.bytes);
    return status;
}

#define OOM_HISTORY                                                                                \
    "Mon 09:00 created; Mon 09:30 set status=pending; Mon 10:00 set status=open; "                 \
    "Mon 11:00 set priority=high; Mon 11:30 set calendar=early; Mon 12:00 set status=solved; "     \
    "Mon 13:00 set status=open"

/* All events in order, then, of another ticket, backwards; takes in between. */
static csq_status fill_set(csq_clock_set *set, sla_world *world, test_memory *memory)
{
    csq_ticket_event events[SLA_LOG_LIMIT];
    sla_log log = {world->schema, events, 0, SLA_LOG_LIMIT};
    sla_read_events(&log, OOM_HISTORY);
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < log.n && status == CSQ_OK; i++) {
        status = apply_checked(set, memory, 1, &events[i]);
    }
    if (status == CSQ_OK) {
        status = take_checked(set, memory, "Mon 12:30");
    }
    for (uint32_t i = log.n; i > 0 && status == CSQ_OK; i--) {
        status = apply_checked(set, memory, 2, &events[i - 1]);
    }
    return status == CSQ_OK ? take_checked(set, memory, "Mon 16:00") : status;
}

static csq_status apply_rows(csq_clock_set *set, test_memory *memory)
{
    const csq_event_type types[] = {{.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
                                    {.size = sizeof types[0], .kind = CSQ_EVENT_REPLY}};
    const uint64_t tickets[] = {3, 1, 3, 4};
    const uint8_t kinds[] = {1, 1, 0, 0};
    const uint64_t sequences[] = {2, 20, 1, 1};
    const int64_t at[] = {sla_at("Mon 10:00"), sla_at("Mon 14:00"), sla_at("Mon 09:00"),
                          sla_at("Mon 09:00")};
    const csq_event_columns columns = {
        .size = sizeof columns,
        .ticket = csq_column_of(CSQ_COLUMN_UINT64, tickets, 4),
        .at = csq_column_of(CSQ_COLUMN_INT64, at, 4),
        .type = csq_column_of(CSQ_COLUMN_UINT8, kinds, 4),
        .sequence = csq_column_of(CSQ_COLUMN_UINT64, sequences, 4),
        .types = types,
        .n_types = 2,
    };
    oom_state before = state_of(set, memory);
    const csq_status status = csq_clock_set_apply_columns(set, &columns, NULL, NULL, NULL);
    if (status != CSQ_OK) {
        assert_state(set, memory, &before);
    }
    free(before.bytes);
    return status;
}

static csq_status go_around(csq_clock_set *set, csq_policies *policies, test_memory *memory,
                            const csq_allocator *allocator)
{
    uint8_t bytes[4096];
    uint64_t size = sizeof bytes;
    csq_answer answer = {.size = sizeof answer};
    csq_clock_set *copy = NULL;
    csq_clock_set *back = NULL;
    csq_status status = csq_clock_set_answer(set, 1, 0, sla_at("Mon 16:00"), &answer, NULL);
    if (status == CSQ_OK) {
        status = csq_clock_set_encode(set, bytes, &size, NULL);
    }
    if (status == CSQ_OK) {
        back = (csq_clock_set *)&answer;
        status = csq_clock_set_decode(policies, NULL, bytes, size, allocator, &back, NULL);
        assert_true(status == CSQ_OK || back == NULL);
    }
    if (status == CSQ_OK) {
        status = csq_clock_set_copy(set, &copy, NULL);
        assert_true(status == CSQ_OK || copy == NULL);
    }
    if (status == CSQ_OK) {
        assert_status(CSQ_OK, csq_clock_set_remove(copy, 2, NULL));
        assert_status(CSQ_OK, csq_clock_set_remove(copy, 3, NULL));
        status = merge_checked(copy, memory, set);
    }
    csq_clock_set_free(copy);
    csq_clock_set_free(back);
    return status;
}

static csq_status run_scenario(const csq_allocator *allocator, bool has_ladder)
{
    sla_world world;
    sla_open(&world);
    csq_policies *policies = oom_policies(&world, has_ladder);
    csq_clock_set *set = (csq_clock_set *)&world;
    csq_status status = csq_clock_set_new(policies, NULL, allocator, &set, NULL);
    if (status != CSQ_OK) {
        assert_null(set);
    } else {
        status = fill_set(set, &world, allocator->user);
    }
    if (status == CSQ_OK) {
        status = apply_rows(set, allocator->user);
    }
    if (status == CSQ_OK) {
        status = go_around(set, policies, allocator->user, allocator);
    }
    csq_clock_set_free(set);
    sla_close(&world);
    return status;
}

static csq_status clock_set_scenario(const csq_allocator *allocator)
{
    return run_scenario(allocator, false);
}

static csq_status ladder_scenario(const csq_allocator *allocator)
{
    return run_scenario(allocator, true);
}

static void clock_sets_survive_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(clock_set_scenario);
}

static void clock_sets_with_ladders_survive_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(ladder_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_sets_survive_every_failure),
        cmocka_unit_test(clock_sets_with_ladders_survive_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
