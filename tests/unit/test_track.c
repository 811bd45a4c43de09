/*
 * test_track — parallel agreements: policies of several tracks, and all policies that match at
 * once.
 */
#include "sla_support.h"

static uint32_t add_policy_of(sla_world *world, const char *name, const char *track,
                              const csq_condition *match)
{
    const csq_policy policy = {.size = sizeof policy,
                               .name = csq_str_of(name),
                               .track = csq_str_of(track),
                               .match = match};
    uint32_t index = 99;
    assert_status(CSQ_OK, csq_policies_add_policy(world->builder, &policy, &index, NULL));
    return index;
}

static void add_hours(sla_world *world, uint32_t metric, int hours)
{
    sla_add_target(
        world,
        (csq_target){.metric = metric, .within_ms = hours * HOUR_MS, .calendar = SLA_OFFICE});
}

enum { REPLY = 0, SOLVE = 1, SOLVE_OLA = 2 };
enum { GOLD = 0, REST = 1, OLA = 2, OLA_URGENT = 3 };

/* Two metrics; track "sla": gold (high) 2 h and 4 h, rest 4 h and 8 h; track "ola" for the second
 * metric alone: 6 h, or by attachment 1 h. */
static csq_policies *build_two(sla_world *world, csq_metric options)
{
    static const char *const names[] = {"reply", "solve"};
    for (uint32_t i = 0; i < 2; i++) {
        csq_metric metric = options;
        metric.kind = i == 0 ? CSQ_METRIC_FIRST_REPLY : CSQ_METRIC_RESOLUTION;
        metric.name = csq_str_of(names[i]);
        assert_int_equal(sla_add_metric(world, metric), i);
    }
    csq_condition *high =
        sla_condition(world->schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world->high);
    assert_int_equal(add_policy_of(world, "gold", "sla", high), GOLD);
    add_hours(world, 0, 2);
    add_hours(world, 1, 4);
    assert_int_equal(add_policy_of(world, "rest", "sla", NULL), REST);
    add_hours(world, 0, 4);
    add_hours(world, 1, 8);
    assert_int_equal(add_policy_of(world, "ola", "ola", NULL), OLA);
    add_hours(world, 1, 6);
    assert_int_equal(add_policy_of(world, "ola urgent", "ola", NULL), OLA_URGENT);
    add_hours(world, 1, 1);
    csq_condition_free(high);
    return sla_build(world);
}

static void each_track_has_clocks_for_the_metrics_that_it_has_targets_for(void **state)
{
    (void)state;
    static const struct {
        uint32_t metric;
        const char *track;
    } expected[] = {{0, "sla"}, {1, "sla"}, {1, "ola"}};
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){0});
    assert_int_equal(csq_policies_metric_count(policies), 2);
    assert_int_equal(csq_policies_clock_count(policies), 3);
    for (uint32_t c = 0; c < 3; c++) {
        csq_clock clock = {.size = sizeof clock};
        uint32_t found = 99;
        assert_status(CSQ_OK, csq_policies_clock_at(policies, c, &clock, NULL));
        assert_int_equal(clock.metric, expected[c].metric);
        assert_str_equal(clock.track, expected[c].track);
        assert_status(CSQ_OK,
                      csq_policies_find_clock(policies, clock.metric, clock.track, &found, NULL));
        assert_int_equal(found, c);
    }
    csq_policy policy = {.size = sizeof policy};
    assert_status(CSQ_OK, csq_policies_policy_at(policies, OLA, &policy, NULL));
    assert_str_equal(policy.name, "ola");
    assert_str_equal(policy.track, "ola");
    assert_null(policy.match);
    sla_close(&world);
}

static void what_is_not_there_is_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){0});
    csq_clock clock = {.size = sizeof clock, .metric = 77};
    csq_policy policy = {.size = sizeof policy};
    uint32_t index = 77;
    assert_int_equal(csq_policies_clock_count(NULL), 0);
    assert_status(CSQ_ERANGE, csq_policies_clock_at(policies, 3, &clock, NULL));
    assert_status(CSQ_EINVAL, csq_policies_clock_at(NULL, 0, &clock, NULL));
    assert_status(CSQ_EINVAL, csq_policies_clock_at(policies, 0, NULL, NULL));
    assert_status(CSQ_ERANGE, csq_policies_policy_at(policies, 4, &policy, NULL));
    assert_status(CSQ_EINVAL, csq_policies_policy_at(NULL, 0, &policy, NULL));
    assert_status(CSQ_ENOTFOUND,
                  csq_policies_find_clock(policies, 0, csq_str_of("ola"), &index, NULL));
    assert_status(CSQ_ENOTFOUND,
                  csq_policies_find_clock(policies, 2, csq_str_of("sla"), &index, NULL));
    assert_status(CSQ_EINVAL, csq_policies_find_clock(NULL, 0, csq_str_of("sla"), &index, NULL));
    assert_status(CSQ_EINVAL, csq_policies_find_clock(policies, 0, csq_str_of("sla"), NULL, NULL));
    assert_int_equal(clock.metric, 77);
    assert_int_equal(index, 77);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_answer answer = {.size = sizeof answer};
    csq_error error;
    assert_status(CSQ_ERANGE,
                  csq_policies_answer(policies, ticket, 3, sla_at("Mon 10:00"), &answer, &error));
    assert_string_equal(error.message, "no clock 3");
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void tracks_and_selections_are_checked(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY});
    static const char text[300] = "";
    uint32_t index = 77;
    csq_policy policy = {.size = sizeof policy, .name = csq_str_of("p"), .track = {text, 256}};
    assert_status(CSQ_EINVAL, csq_policies_add_policy(world.builder, &policy, &index, NULL));
    policy.track.size = 0;
    policy.reserved = 1;
    assert_status(CSQ_EINVAL, csq_policies_add_policy(world.builder, &policy, &index, NULL));
    policy.reserved = 0;
    policy.size = 3;
    assert_status(CSQ_EABI, csq_policies_add_policy(world.builder, &policy, &index, NULL));
    assert_int_equal(index, 77);
    assert_status(CSQ_EINVAL, csq_policies_set_select(world.builder, CSQ_SELECT_ALL + 1, NULL));
    assert_status(CSQ_EINVAL, csq_policies_set_select(NULL, CSQ_SELECT_ALL, NULL));
    sla_close(&world);
}

/* At most 60 clocks: 32 metrics in two tracks are too many, 30 are not. */
static void there_are_at_most_60_clocks(void **state)
{
    (void)state;
    for (uint32_t n = 30; n <= 31; n++) {
        sla_world world;
        sla_open(&world);
        for (uint32_t m = 0; m < n; m++) {
            const char name[2] = {(char)('A' + (int)m), '\0'};
            (void)sla_add_metric(&world,
                                 (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .name = {name, 1}});
        }
        for (uint32_t p = 0; p < 2; p++) {
            (void)add_policy_of(&world, p == 0 ? "p" : "q", p == 0 ? "" : "second", NULL);
            for (uint32_t m = 0; m < n; m++) {
                add_hours(&world, m, 1 + (int)p);
            }
        }
        csq_policies *policies = NULL;
        assert_status(n == 30 ? CSQ_OK : CSQ_ELIMIT,
                      csq_policies_build(world.builder, &policies, NULL));
        assert_int_equal(csq_policies_clock_count(policies), n == 30 ? 60 : 0);
        if (n == 30) {
            csq_ticket *ticket =
                sla_ticket(world.schema, 1, "Mon 09:00 created; Mon 10:30 set status=solved");
            const csq_answer last = sla_answer(policies, ticket, 59, sla_at("Mon 12:00"));
            assert_int_equal(last.phase, CSQ_PHASE_COMPLETED);
            assert_ms_equal(last.target_ms, 2 * HOUR_MS);
            assert_int_equal(sla_answer(policies, ticket, 29, sla_at("Mon 12:00")).breached, 1);
            csq_ticket_free(ticket);
        }
        csq_policies_free(policies);
        sla_close(&world);
    }
}

/* Answers with and without a checkpoint are the same. */
static csq_answer answer_of(const csq_policies *policies, csq_ticket *ticket, uint32_t clock,
                            const char *now)
{
    const csq_answer answer = sla_answer(policies, ticket, clock, sla_at(now));
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    const csq_answer advanced = sla_answer(policies, ticket, clock, sla_at(now));
    assert_memory_equal(&advanced, &answer, sizeof answer);
    return answer;
}

static void one_policy_of_each_track_holds(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){0});
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created customer priority=high");
    const csq_answer reply = answer_of(policies, ticket, REPLY, "Mon 10:00");
    const csq_answer solve = answer_of(policies, ticket, SOLVE, "Mon 10:00");
    const csq_answer ola = answer_of(policies, ticket, SOLVE_OLA, "Mon 10:00");
    assert_int_equal(reply.policy, GOLD);
    assert_ms_equal(reply.due_at, sla_at("Mon 11:00"));
    assert_int_equal(solve.policy, GOLD);
    assert_ms_equal(solve.due_at, sla_at("Mon 13:00"));
    assert_int_equal(ola.policy, OLA);
    assert_ms_equal(ola.due_at, sla_at("Mon 15:00"));
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* A policy that is named holds in its own track, and stays when another track gets one. */
static void a_policy_attached_by_name_holds_in_its_track(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        build_two(&world, (csq_metric){.on_change = CSQ_ON_CHANGE_CARRY});
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created customer priority=high");
    const uint32_t urgent = test_code(world.schema, CSQ_TICKET_POLICY, "ola urgent");
    const uint32_t rest = test_code(world.schema, CSQ_TICKET_POLICY, "rest");
    const uint32_t unknown = test_code(world.schema, CSQ_TICKET_POLICY, "unknown");
    test_apply(ticket,
               test_setting(CSQ_EVENT_CHANGE, sla_at("Mon 10:00"), 50, CSQ_TICKET_POLICY, urgent));
    assert_int_equal(answer_of(policies, ticket, SOLVE, "Mon 10:00").policy, GOLD);
    assert_int_equal(answer_of(policies, ticket, SOLVE_OLA, "Mon 10:00").policy, OLA_URGENT);
    test_apply(ticket,
               test_setting(CSQ_EVENT_CHANGE, sla_at("Mon 11:00"), 51, CSQ_TICKET_POLICY, rest));
    assert_int_equal(answer_of(policies, ticket, SOLVE, "Mon 11:00").policy, REST);
    assert_int_equal(answer_of(policies, ticket, SOLVE_OLA, "Mon 11:00").policy, OLA_URGENT);
    test_apply(ticket,
               test_setting(CSQ_EVENT_CHANGE, sla_at("Mon 12:00"), 52, CSQ_TICKET_POLICY, unknown));
    assert_int_equal(answer_of(policies, ticket, SOLVE, "Mon 12:00").policy, GOLD);
    assert_int_equal(answer_of(policies, ticket, SOLVE_OLA, "Mon 12:00").policy, OLA);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* With `attach` from, an attachment that names a policy starts the clocks of its track only. */
static void attaching_starts_the_clocks_of_one_track(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){.attach = CSQ_ATTACH_FROM});
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created customer; Mon 10:00 attach policy=rest");
    csq_ticket *named = sla_ticket(world.schema, 2, "Mon 09:00 created customer");
    const uint32_t rest = test_code(world.schema, CSQ_TICKET_POLICY, "rest");
    test_apply(named,
               test_setting(CSQ_EVENT_ATTACH, sla_at("Mon 10:00"), 50, CSQ_TICKET_POLICY, rest));
    assert_int_equal(answer_of(policies, named, SOLVE, "Mon 11:00").phase, CSQ_PHASE_ACTIVE);
    assert_int_equal(answer_of(policies, named, SOLVE_OLA, "Mon 11:00").phase,
                     CSQ_PHASE_NOT_STARTED);
    // Without a policy of its own, the attachment is for all tracks.
    assert_int_equal(answer_of(policies, ticket, SOLVE, "Mon 11:00").phase, CSQ_PHASE_ACTIVE);
    assert_int_equal(answer_of(policies, ticket, SOLVE_OLA, "Mon 11:00").phase, CSQ_PHASE_ACTIVE);
    csq_ticket_free(named);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void an_edit_of_a_metric_is_for_all_its_clocks(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){0});
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created customer; Mon 10:00 edit 3h solve");
    assert_ms_equal(answer_of(policies, ticket, REPLY, "Mon 11:00").target_ms, 4 * HOUR_MS);
    assert_ms_equal(answer_of(policies, ticket, SOLVE, "Mon 11:00").target_ms, 3 * HOUR_MS);
    assert_ms_equal(answer_of(policies, ticket, SOLVE_OLA, "Mon 11:00").target_ms, 3 * HOUR_MS);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static csq_why_not why_not(const csq_policies *policies, const csq_ticket *ticket, uint32_t clock,
                           uint32_t policy)
{
    csq_why_not found = {.size = sizeof found};
    assert_status(CSQ_OK, csq_policies_why_not(policies, ticket, clock, policy, sla_at("Mon 10:00"),
                                               &found, NULL));
    return found;
}

static void why_not_speaks_of_the_track_of_the_clock(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){0});
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created customer priority=high");
    assert_int_equal(why_not(policies, ticket, SOLVE, GOLD).reason, CSQ_WHY_NOT_HOLDS);
    assert_int_equal(why_not(policies, ticket, SOLVE, REST).reason, CSQ_WHY_NOT_EARLIER);
    assert_int_equal(why_not(policies, ticket, SOLVE, OLA).reason, CSQ_WHY_NOT_TRACK);
    assert_int_equal(why_not(policies, ticket, SOLVE, OLA).policy, GOLD);
    assert_int_equal(why_not(policies, ticket, SOLVE_OLA, OLA).reason, CSQ_WHY_NOT_HOLDS);
    assert_int_equal(why_not(policies, ticket, SOLVE_OLA, OLA_URGENT).policy, OLA);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Also where a cycle had to be measured again on the way there. */
static void why_not_looks_at_the_values_of_its_instant(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const uint32_t metric =
        sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                            .on_change = CSQ_ON_CHANGE_RETROACTIVE});
    csq_condition *high = sla_condition(world.schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world.high);
    const uint32_t gold = add_policy_of(&world, "gold", "", high);
    add_hours(&world, metric, 2);
    const uint32_t rest = add_policy_of(&world, "rest", "", NULL);
    sla_add_target(
        &world, (csq_target){.metric = metric, .within_ms = 4 * HOUR_MS, .calendar = SLA_ALWAYS});
    csq_condition_free(high);
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 08:00 created priority=high; Mon 09:00 set priority=low; "
                                    "Mon 09:30 set priority=high");
    assert_int_equal(why_not(policies, ticket, 0, gold).reason, CSQ_WHY_NOT_HOLDS);
    assert_int_equal(why_not(policies, ticket, 0, rest).reason, CSQ_WHY_NOT_EARLIER);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_tally_counts_the_clocks_of_all_tracks(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){0});
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 16:00 set status=solved");
    csq_tally *tally;
    const csq_tally_options options = {.size = sizeof options};
    assert_status(CSQ_OK, csq_tally_new(policies, &options, NULL, &tally, NULL));
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Tue 09:00"), NULL));
    assert_int_equal(csq_tally_count(tally), 3);
    const csq_tally_row solve = sla_row(tally, 1);
    const csq_tally_row ola = sla_row(tally, 2);
    assert_int_equal(solve.metric, 1);
    assert_int_equal(solve.policy, REST);
    assert_int_equal(solve.met, 1);
    assert_int_equal(ola.metric, 1);
    assert_int_equal(ola.policy, OLA);
    assert_int_equal(ola.missed, 1);
    assert_ms_equal(ola.overrun_ms, HOUR_MS);
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    csq_tally *copy;
    assert_status(CSQ_OK, csq_tally_decode(policies, &options, bytes, size, NULL, &copy, NULL));
    assert_true(sla_is_same_tally(tally, copy));
    free(bytes);
    csq_tally_free(copy);
    csq_tally_free(tally);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* The event is for the metric of the clock, and so is the reason why there is none. */
static void what_is_inherited_from_a_clock_of_a_track_is_of_its_metric(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = build_two(&world, (csq_metric){.kind = 0});
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 10:00 created; Mon 11:00 set status=solved");
    csq_ticket_event event = {.size = sizeof event};
    csq_error error = {0};
    assert_status(CSQ_OK, csq_policies_inherit(policies, ticket, SOLVE_OLA, sla_at("Mon 10:30"),
                                               &event, NULL));
    assert_int_equal(event.subject, test_code(world.schema, CSQ_TICKET_METRIC, "solve"));
    assert_ms_equal(event.value, sla_at("Mon 10:00"));
    assert_status(CSQ_ENODATA, csq_policies_inherit(policies, ticket, SOLVE_OLA,
                                                    sla_at("Mon 12:00"), &event, &error));
    assert_string_equal(error.message, "no cycle of the metric \"solve\" is open");
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Policies without a track: each is one of its own if all that match hold. */
static void all_policies_that_match_hold_at_once(void **state)
{
    (void)state;
    static const uint32_t selects[] = {CSQ_SELECT_DEFAULT, CSQ_SELECT_FIRST, CSQ_SELECT_ALL};
    uint64_t fingerprints[3];
    for (uint32_t i = 0; i < 3; i++) {
        sla_world world;
        sla_open(&world);
        assert_status(CSQ_OK, csq_policies_set_select(world.builder, selects[i], NULL));
        (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
        csq_condition *high =
            sla_condition(world.schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world.high);
        (void)sla_add_policy(&world, "fast", high);
        add_hours(&world, 0, 2);
        (void)sla_add_policy(&world, "slow", NULL);
        add_hours(&world, 0, 8);
        csq_condition_free(high);
        const csq_policies *policies = sla_build(&world);
        fingerprints[i] = csq_policies_fingerprint(policies);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created priority=high");
        csq_ticket *low = sla_ticket(world.schema, 2, "Mon 09:00 created priority=low");
        const bool is_all = selects[i] == CSQ_SELECT_ALL;
        assert_int_equal(csq_policies_clock_count(policies), is_all ? 2 : 1);
        assert_ms_equal(answer_of(policies, ticket, 0, "Mon 10:00").target_ms, 2 * HOUR_MS);
        const csq_answer other = answer_of(policies, low, 0, "Mon 10:00");
        assert_int_equal(other.phase, is_all ? CSQ_PHASE_NOT_APPLICABLE : CSQ_PHASE_ACTIVE);
        if (is_all) {
            csq_clock clock = {.size = sizeof clock};
            assert_status(CSQ_OK, csq_policies_clock_at(policies, 1, &clock, NULL));
            assert_str_equal(clock.track, "slow");
            assert_ms_equal(answer_of(policies, ticket, 1, "Mon 10:00").target_ms, 8 * HOUR_MS);
            assert_ms_equal(answer_of(policies, low, 1, "Mon 10:00").target_ms, 8 * HOUR_MS);
        }
        csq_ticket_free(low);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
    assert_true(fingerprints[0] == fingerprints[1]);
    assert_true(fingerprints[0] != fingerprints[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_track_has_clocks_for_the_metrics_that_it_has_targets_for),
        cmocka_unit_test(what_is_not_there_is_refused),
        cmocka_unit_test(tracks_and_selections_are_checked),
        cmocka_unit_test(there_are_at_most_60_clocks),
        cmocka_unit_test(one_policy_of_each_track_holds),
        cmocka_unit_test(a_policy_attached_by_name_holds_in_its_track),
        cmocka_unit_test(attaching_starts_the_clocks_of_one_track),
        cmocka_unit_test(an_edit_of_a_metric_is_for_all_its_clocks),
        cmocka_unit_test(why_not_speaks_of_the_track_of_the_clock),
        cmocka_unit_test(why_not_looks_at_the_values_of_its_instant),
        cmocka_unit_test(what_is_inherited_from_a_clock_of_a_track_is_of_its_metric),
        cmocka_unit_test(a_tally_counts_the_clocks_of_all_tracks),
        cmocka_unit_test(all_policies_that_match_hold_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
