/*
 * test_what_if_tracks — a what-if compares a clock with that of the same metric and track, whatever
 * the order in which the two sides name their tracks.
 */
#include "what_if_support.h"

enum { MAX_TRACKS = 2 };

/* A resolution in tracks, each with a policy of its own and a target of so many hours. */
static csq_policies *build_tracks(sla_world *world, const char *const *tracks, const int *hours,
                                  uint32_t n)
{
    const uint32_t metric = sla_add_metric(world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    for (uint32_t i = 0; i < n; i++) {
        const csq_policy policy = {.size = sizeof policy,
                                   .name = csq_str_of(tracks[i]),
                                   .track = csq_str_of(tracks[i])};
        uint32_t index;
        assert_status(CSQ_OK, csq_policies_add_policy(world->builder, &policy, &index, NULL));
        sla_add_target(world, (csq_target){.metric = metric,
                                           .within_ms = hours[i] * HOUR_MS,
                                           .calendar = SLA_OFFICE});
    }
    csq_policies *built = sla_build(world);
    world->policies = NULL;
    return built;
}

static void clocks_are_matched_by_metric_and_track(void **state)
{
    (void)state;
    static const char *const before[] = {"sla", "ola"};
    static const char *const after[] = {"ola", "contract"};
    static const int hours_before[] = {4, 6};
    static const int hours_after[] = {2, 8};
    sides s;
    sla_open(&s.world);
    s.policies[0] = build_tracks(&s.world, before, hours_before, MAX_TRACKS);
    sla_add_calendars(&s.world);
    s.policies[1] = build_tracks(&s.world, after, hours_after, MAX_TRACKS);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    judge(what_if, &s, 1, SOLVED_AT_12, "Fri 20:00"); // 3 h: late for 2 h alone
    static const struct {
        uint32_t before;
        uint32_t after;
        uint32_t reasons;
        uint64_t missed_after;
    } rows[] = {
        {0, CSQ_NO_INDEX, CSQ_WHAT_IF_DISAPPEARS, 0},
        {1, 0, CSQ_WHAT_IF_TARGET, 1},
        {CSQ_NO_INDEX, 1, CSQ_WHAT_IF_APPEARS, 0},
    };
    assert_ms_equal(csq_what_if_count(what_if), 3);
    for (uint64_t i = 0; i < 3; i++) {
        const csq_what_if_change change = change_at(what_if, i);
        assert_int_equal(change.clock_before, rows[i].before);
        assert_int_equal(change.clock_after, rows[i].after);
        assert_int_equal(change.reasons, rows[i].reasons);
        assert_ms_equal(change.missed_before, 0);
        assert_ms_equal(change.missed_after, rows[i].missed_after);
    }
    csq_what_if_free(what_if);
    close_sides(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_are_matched_by_metric_and_track),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
