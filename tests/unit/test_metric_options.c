/*
 * test_metric_options — definitions of metrics: what each kind needs, options out of range, and
 * which options the fingerprint shows.
 */
#include "clock_rows.h"

static const uint32_t first_code = 1;
static const uint32_t unknown_code = 999;

/* ---- needs and ranges --------------------------------------------------------------------- */

static void kinds_that_lack_what_they_need_are_refused(void **state)
{
    (void)state;
    static const struct {
        csq_metric metric;
        csq_status status;
    } rows[] = {
        {{.kind = CSQ_METRIC_REQUESTER_WAIT, .stop_statuses = &first_code, .n_stop_statuses = 1},
         CSQ_EINVAL},
        {{.kind = CSQ_METRIC_REQUESTER_WAIT, .pause_statuses = &first_code, .n_pause_statuses = 1},
         CSQ_EINVAL},
        {{.kind = CSQ_METRIC_REQUESTER_WAIT, .stop_statuses = &first_code, .n_stop_statuses = 1,
          .run_statuses = &first_code, .n_run_statuses = 1}, CSQ_OK},
        {{.kind = CSQ_METRIC_AGENT_WORK, .stop_statuses = &first_code, .n_stop_statuses = 1},
         CSQ_EINVAL},
        {{.kind = CSQ_METRIC_AGENT_WORK, .run_statuses = &first_code, .n_run_statuses = 1},
         CSQ_EINVAL},
        {{.kind = CSQ_METRIC_FIRST_RESOLUTION}, CSQ_EINVAL},
        {{.kind = CSQ_METRIC_TOTAL_RESOLUTION}, CSQ_EINVAL},
        {{.kind = CSQ_METRIC_ACKNOWLEDGE}, CSQ_OK},
        {{.kind = CSQ_METRIC_ASSIGN}, CSQ_OK},
        {{.kind = CSQ_METRIC_ASSIGN, .n_run_statuses = 1}, CSQ_EINVAL},
        {{.kind = CSQ_METRIC_ASSIGN, .run_statuses = &unknown_code, .n_run_statuses = 1},
         CSQ_ECODE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        csq_metric metric = rows[i].metric;
        metric.size = sizeof metric;
        metric.name = csq_str_of("bare");
        uint32_t index = 99;
        assert_status(rows[i].status,
                      csq_policies_add_metric(world.builder, &metric, &index, NULL));
        assert_int_equal(index, rows[i].status == CSQ_OK ? 0 : 99);
        sla_close(&world);
    }
}

static void options_beyond_their_range_are_named(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint32_t last;
    } rows[] = {
        {offsetof(csq_metric, visits), CSQ_VISITS_SUM},
        {offsetof(csq_metric, at_target), CSQ_AT_TARGET_LATE},
        {offsetof(csq_metric, on_no_match), CSQ_ON_NO_MATCH_DETACH},
        {offsetof(csq_metric, on_merge), CSQ_ON_MERGE_COMPLETE},
        {offsetof(csq_metric, count_notes), 1},
        {offsetof(csq_metric, count_bots), 1},
        {offsetof(csq_metric, message_base), CSQ_MESSAGE_BASE_EACH},
        {offsetof(csq_metric, inherit), CSQ_INHERIT_START},
        {offsetof(csq_metric, reserved), 0},
    };
    sla_world world;
    sla_open(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_metric metric = sla_metric(&world, (csq_metric)RESOLUTION);
        const uint32_t value = rows[i].last + 1;
        csq_error error = {0};
        uint32_t index = 99;
        memcpy((char *)&metric + rows[i].offset, &value, sizeof value);
        assert_status(CSQ_EINVAL,
                      csq_policies_add_metric(world.builder, &metric, &index, &error));
        assert_int_equal(error.field, rows[i].offset);
        assert_int_equal(index, 99);
    }
    sla_close(&world);
}

/* ---- fingerprints -------------------------------------------------------------------------- */

static uint64_t option_fingerprint(csq_metric metric)
{
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, metric);
    const uint64_t fingerprint = csq_policies_fingerprint(sla_build(&world));
    sla_close(&world);
    return fingerprint;
}

static void every_kind_and_option_shows_in_the_fingerprint(void **state)
{
    (void)state;
    enum { REPLY = CSQ_METRIC_NEXT_REPLY, SOLVE = CSQ_METRIC_RESOLUTION };
    static const csq_metric metrics[] = {
        {.kind = CSQ_METRIC_RESOLUTION},
        {.kind = CSQ_METRIC_AGENT_WORK},
        {.kind = CSQ_METRIC_FIRST_RESOLUTION},
        {.kind = CSQ_METRIC_TOTAL_RESOLUTION},
        {.kind = CSQ_METRIC_ACKNOWLEDGE},
        {.kind = CSQ_METRIC_ACKNOWLEDGE, .on_solved = CSQ_ON_SOLVED_KEEP},
        {.kind = CSQ_METRIC_ASSIGN},
        {.kind = CSQ_METRIC_OWNERSHIP},
        {.kind = CSQ_METRIC_OWNERSHIP, .visits = CSQ_VISITS_SUM},
        {.kind = SOLVE, .run_statuses = &first_code, .n_run_statuses = 1},
        {.kind = SOLVE, .at_target = CSQ_AT_TARGET_LATE},
        {.kind = SOLVE, .on_no_match = CSQ_ON_NO_MATCH_DETACH},
        {.kind = SOLVE, .on_merge = CSQ_ON_MERGE_KEEP},
        {.kind = SOLVE, .on_merge = CSQ_ON_MERGE_COMPLETE},
        {.kind = SOLVE, .inherit = CSQ_INHERIT_START},
        {.kind = SOLVE, .empty_calendar = CSQ_EMPTY_CALENDAR_ERROR, .wall_time = 1},
        {.kind = SOLVE, .wall_time = 1},
        {.kind = REPLY},
        {.kind = REPLY, .count_notes = 1},
        {.kind = REPLY, .count_bots = 1},
        {.kind = REPLY, .count_notes = 1, .count_bots = 1},
        {.kind = REPLY, .message_base = CSQ_MESSAGE_BASE_LAST},
        {.kind = REPLY, .message_base = CSQ_MESSAGE_BASE_EACH},
    };
    enum { N = sizeof metrics / sizeof metrics[0] };
    uint64_t found[N];
    for (size_t i = 0; i < N; i++) {
        found[i] = option_fingerprint(metrics[i]);
        for (size_t k = 0; k < i; k++) {
            assert_true(found[k] != found[i]);
        }
    }
    // What judges alike is alike, whatever its kind is called.
    const csq_metric wait = {.kind = CSQ_METRIC_REQUESTER_WAIT};
    const csq_metric first = {.kind = SOLVE, .reopen_mode = CSQ_REOPEN_NOTHING};
    assert_true(option_fingerprint(wait) == found[0]);
    assert_true(option_fingerprint(first) == found[2]);
}

/* An option that the kind does not have does nothing, in C; a document may not say it. */
static void options_of_other_kinds_change_nothing(void **state)
{
    (void)state;
    const csq_metric plain = {.kind = CSQ_METRIC_RESOLUTION};
    const csq_metric odd = {.kind = CSQ_METRIC_RESOLUTION,
                            .message_base = CSQ_MESSAGE_BASE_EACH,
                            .count_notes = 1,
                            .count_bots = 1,
                            .visits = CSQ_VISITS_SUM,
                            .on_solved = CSQ_ON_SOLVED_CANCEL};
    assert_true(option_fingerprint(plain) == option_fingerprint(odd));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_that_lack_what_they_need_are_refused),
        cmocka_unit_test(options_beyond_their_range_are_named),
        cmocka_unit_test(every_kind_and_option_shows_in_the_fingerprint),
        cmocka_unit_test(options_of_other_kinds_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
