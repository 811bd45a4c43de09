/*
 * test_what_if — what other policies would have made of the same tickets: which clocks change and
 * why, the tallies of both sides, the list and its limit, refusals.
 *
 * All expectations are computed by hand.
 */
#include "what_if_support.h"

/* ---- what changes and why ------------------------------------------------------------------ */

#define REOPENED                                                                                   \
    "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 set status=open; "                  \
    "Mon 15:00 set status=solved"

enum {
    POLICY = CSQ_WHAT_IF_POLICY,
    TARGET = CSQ_WHAT_IF_TARGET,
    CALENDAR = CSQ_WHAT_IF_CALENDAR,
    METRIC = CSQ_WHAT_IF_METRIC,
    CYCLES = CSQ_WHAT_IF_CYCLES
};

static void each_change_has_its_reasons(void **state)
{
    (void)state;
    static const struct {
        const char *rule;
        draft before;
        draft after;
        const char *events;
        const char *now;
        uint32_t reasons;
        uint64_t missed_before;
        uint64_t missed_after;
    } rows[] = {
        {"nothing", {.hours = 4}, {.hours = 4}, SOLVED_AT_12, "Fri 20:00", 0, 0, 0},
        {"another target, and late now",
         {.hours = 4},
         {.hours = 2},
         SOLVED_AT_12,
         "Fri 20:00",
         TARGET,
         0,
         1},
        {"another target, in time in both",
         {.hours = 4},
         {.hours = 3},
         SOLVED_AT_12,
         "Fri 20:00",
         TARGET,
         0,
         0},
        {"another policy by name",
         {.policy = "a"},
         {.policy = "b"},
         SOLVED_AT_12,
         "Fri 20:00",
         POLICY,
         0,
         0},
        {"another calendar: 9 to 17 instead of 7 to 15",
         {0},
         {.calendar = SLA_EARLY},
         "Mon 08:00 created; Mon 12:30 set status=solved",
         "Fri 20:00",
         CALENDAR,
         0,
         1},
        {"another calendar that measures the same",
         {0},
         {.calendar = SLA_EARLY},
         SOLVED_AT_12,
         "Fri 20:00",
         CALENDAR,
         0,
         0},
        {"no calendar",
         {0},
         {.calendar = CSQ_NO_CALENDAR},
         SOLVED_AT_12,
         "Fri 20:00",
         CALENDAR,
         0,
         0},
        {"working days", {.hours = 8}, {.workdays = 1}, SOLVED_AT_12, "Fri 20:00", TARGET, 0, 0},
        {"end of the day",
         {.workdays = 1},
         {.workdays = 1, .end_of_day = 1},
         SOLVED_AT_12,
         "Fri 20:00",
         TARGET,
         0,
         0},
        {"defined otherwise, to no effect",
         {0},
         {.metric = {.reopen_mode = CSQ_REOPEN_NOTHING}},
         SOLVED_AT_12,
         "Fri 20:00",
         0,
         0,
         0},
        {"defined otherwise",
         {0},
         {.metric = {.reopen_mode = CSQ_REOPEN_NOTHING}},
         REOPENED,
         "Fri 20:00",
         METRIC,
         1,
         0},
        {"defined otherwise, in cycles",
         {0},
         {.metric = {.reopen_mode = CSQ_REOPEN_NEW_CYCLE}},
         REOPENED,
         "Fri 20:00",
         METRIC | CYCLES,
         1,
         0},
        {"an earlier cycle",
         {.metric = {.reopen_mode = CSQ_REOPEN_NEW_CYCLE}, .hours = 3},
         {.metric = {.reopen_mode = CSQ_REOPEN_NEW_CYCLE}, .hours = 2},
         REOPENED,
         "Fri 20:00",
         TARGET | CYCLES,
         0,
         1},
        {"appears", {.for_high = true}, {0}, SOLVED_AT_12, "Fri 20:00", CSQ_WHAT_IF_APPEARS, 0, 0},
        {"disappears",
         {.hours = 2},
         {.for_high = true},
         SOLVED_AT_12,
         "Fri 20:00",
         CSQ_WHAT_IF_DISAPPEARS,
         1,
         0},
        {"applies on neither side",
         {.for_high = true},
         {.for_high = true, .hours = 9},
         SOLVED_AT_12,
         "Fri 20:00",
         0,
         0,
         0},
        {"before its first event", {0}, {.hours = 2}, SOLVED_AT_12, "Mon 08:00", 0, 0, 0},
        {"open, late and paused",
         {0},
         {.hours = 2},
         "Mon 09:00 created; Mon 12:00 set status=pending",
         "Mon 13:00",
         TARGET,
         0,
         1},
        {"not started, under another policy",
         {.metric = {.kind = CSQ_METRIC_NEXT_REPLY}, .policy = "a"},
         {.metric = {.kind = CSQ_METRIC_NEXT_REPLY}, .policy = "b"},
         "Mon 09:00 created",
         "Fri 20:00",
         POLICY,
         0,
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sides s;
        open_sides(&s, &rows[i].before, &rows[i].after);
        csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
        judge(what_if, &s, 7, rows[i].events, rows[i].now);
        const bool has_changed = rows[i].reasons != 0;
        const csq_what_if_summary summary = summary_of(what_if);
        csq_what_if_change change = {0};
        if (csq_what_if_count(what_if) > 0) {
            change = change_at(what_if, 0);
        }
        if (change.reasons != rows[i].reasons || change.missed_before != rows[i].missed_before ||
            change.missed_after != rows[i].missed_after) {
            print_error("%s: reasons %u, expected %u; late %u then %u\n", rows[i].rule,
                        change.reasons, rows[i].reasons, (unsigned)change.missed_before,
                        (unsigned)change.missed_after);
        }
        assert_int_equal(change.reasons, rows[i].reasons);
        assert_ms_equal(change.missed_before, rows[i].missed_before);
        assert_ms_equal(change.missed_after, rows[i].missed_after);
        assert_ms_equal(csq_what_if_count(what_if), has_changed);
        assert_ms_equal(summary.tickets, 1);
        assert_ms_equal(summary.changed_tickets, has_changed);
        assert_ms_equal(summary.changed_clocks, has_changed);
        assert_ms_equal(summary.worse, rows[i].missed_after > rows[i].missed_before);
        assert_ms_equal(summary.better, rows[i].missed_after < rows[i].missed_before);
        if (has_changed) {
            assert_ms_equal(change.ticket, 7);
            assert_int_equal(change.clock_before, 0);
            assert_int_equal(change.clock_after, 0);
        }
        csq_what_if_free(what_if);
        close_sides(&s);
    }
}

/* Same name, other hours: office hours are 10 to 18 after. */
static void a_calendar_of_the_same_name_with_other_hours_is_a_reason(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        uint32_t reasons;
    } rows[] = {{SOLVED_AT_12, CSQ_WHAT_IF_CALENDAR},
                {"Tue 14:00 created; Tue 15:00 set status=solved", CSQ_WHAT_IF_CALENDAR}, // due
                {"Tue 10:00 created; Tue 11:00 set status=solved", 0}};
    sides s;
    sla_open(&s.world);
    const draft plain = {.hours = 4};
    s.policies[0] = build_draft(&s.world, &plain);
    csq_zone *zone = zone_of("UTC0");
    csq_calendar_builder *builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "10:00", "18:00");
    csq_calendar_free(s.world.calendars[0]);
    s.world.calendars[0] = build(builder, zone);
    sla_add_calendars(&s.world);
    s.policies[1] = build_draft(&s.world, &plain);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
        judge(what_if, &s, 1, rows[i].events, "Fri 20:00");
        const uint64_t n = csq_what_if_count(what_if);
        const uint32_t reasons = n == 0 ? 0 : change_at(what_if, 0).reasons;
        if (reasons != rows[i].reasons) {
            print_error("%s: %u\n", rows[i].events, reasons);
        }
        assert_int_equal(reasons, rows[i].reasons);
        csq_what_if_free(what_if);
    }
    close_sides(&s);
}

/* The ticket names its calendar: before, it began on one that is open earlier. Both end with the
 * same terms; what the first stretch counted differs. */
static void other_terms_of_the_past_are_a_reason(void **state)
{
    (void)state;
    sides s;
    sla_open(&s.world);
    for (int side = 0; side < 2; side++) {
        if (side == 1) {
            sla_add_calendars(&s.world);
        }
        (void)sla_add_metric(&s.world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                                    .on_change = CSQ_ON_CHANGE_CARRY});
        (void)sla_add_policy(&s.world, "policy", NULL);
        sla_add_target(&s.world, (csq_target){.attribute = CSQ_TICKET_PRIORITY,
                                              .code = s.world.high,
                                              .within_ms = 4 * HOUR_MS,
                                              .calendar = side == 0 ? SLA_EARLY : SLA_OFFICE});
        sla_add_target(&s.world, (csq_target){.within_ms = 4 * HOUR_MS, .calendar = SLA_OFFICE});
        s.policies[side] = sla_build(&s.world);
        s.world.policies = NULL;
    }
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    judge(what_if, &s, 1,
          "Mon 07:00 created priority=high; Mon 10:00 set priority=low; "
          "Mon 11:00 set status=solved",
          "Fri 20:00");
    assert_ms_equal(csq_what_if_count(what_if), 1);
    assert_int_equal(change_at(what_if, 0).reasons, CSQ_WHAT_IF_MEASURE);
    assert_ms_equal(answer_of(what_if, 0, CSQ_WHAT_IF_BEFORE).elapsed_ms, 4 * HOUR_MS);
    assert_ms_equal(answer_of(what_if, 0, CSQ_WHAT_IF_AFTER).elapsed_ms, 2 * HOUR_MS);
    csq_what_if_free(what_if);
    close_sides(&s);
}

static void metrics_are_matched_by_name(void **state)
{
    (void)state;
    sides s;
    const draft before = {.metric = {.name = {"old", 3}}};
    const draft after = {.metric = {.name = {"new", 3}}};
    open_sides(&s, &before, &after);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    judge(what_if, &s, 1, SOLVED_AT_12, "Fri 20:00");
    assert_ms_equal(csq_what_if_count(what_if), 2);
    const csq_what_if_change old = change_at(what_if, 0);
    const csq_what_if_change fresh = change_at(what_if, 1);
    assert_int_equal(old.reasons, CSQ_WHAT_IF_DISAPPEARS);
    assert_int_equal(old.clock_before, 0);
    assert_int_equal(old.clock_after, CSQ_NO_INDEX);
    assert_int_equal(fresh.reasons, CSQ_WHAT_IF_APPEARS);
    assert_int_equal(fresh.clock_before, CSQ_NO_INDEX);
    assert_int_equal(fresh.clock_after, 0);
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_ENODATA, csq_what_if_answer(what_if, 0, CSQ_WHAT_IF_AFTER, &answer, NULL));
    assert_status(CSQ_ENODATA, csq_what_if_answer(what_if, 1, CSQ_WHAT_IF_BEFORE, &answer, NULL));
    assert_ms_equal(answer_of(what_if, 0, CSQ_WHAT_IF_BEFORE).elapsed_ms, 3 * HOUR_MS);
    assert_ms_equal(summary_of(what_if).changed_clocks, 2);
    assert_ms_equal(summary_of(what_if).changed_tickets, 1);
    csq_what_if_free(what_if);
    close_sides(&s);
}

/* ---- the page ------------------------------------------------------------------------------ */

static const char *const page_tickets[] = {
    "Mon 09:00 created; Mon 10:00 set status=solved",
    "Mon 08:00 created; Mon 11:30 set status=solved",
    "Mon 12:00 created; Mon 16:30 set status=solved",
    "Tue 15:30 created; Wed 08:30 set status=solved",
};

/* docs/what-if.md: the early shift with 3 h instead of office hours with 4 h. */
static void the_worked_example_of_the_page_holds(void **state)
{
    (void)state;
    static const struct {
        int elapsed[2]; /* minutes */
        uint32_t breached[2];
    } rows[] = {{{60, 60}, {0, 0}}, {{150, 210}, {0, 1}}, {{270, 180}, {1, 0}}, {{90, 90}, {0, 0}}};
    sides s;
    open_sides(&s, &page_before, &page_after);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    for (uint64_t i = 0; i < 4; i++) {
        judge(what_if, &s, i + 1, page_tickets[i], "Fri 20:00");
    }
    assert_ms_equal(csq_what_if_count(what_if), 4);
    for (uint64_t i = 0; i < 4; i++) {
        assert_int_equal(change_at(what_if, i).reasons, TARGET | CALENDAR);
        for (uint32_t side = 0; side < 2; side++) {
            const csq_answer answer = answer_of(what_if, i, side);
            assert_ms_equal(answer.elapsed_ms, rows[i].elapsed[side] * MINUTE_MS);
            assert_int_equal(answer.breached, rows[i].breached[side]);
        }
    }
    const csq_what_if_summary summary = summary_of(what_if);
    assert_ms_equal(summary.worse, 1);
    assert_ms_equal(summary.better, 1);
    for (uint32_t side = 0; side < 2; side++) {
        const csq_tally_row row = sla_row(csq_what_if_tally(what_if, side), 0);
        assert_ms_equal(row.met, 3);
        assert_ms_equal(row.missed, 1);
        assert_ms_equal(row.overrun_ms, 30 * MINUTE_MS);
    }
    csq_what_if_free(what_if);
    what_if = what_if_of(&s, (csq_what_if_options){.list = CSQ_WHAT_IF_LIST_MISSED});
    for (uint64_t i = 0; i < 4; i++) {
        judge(what_if, &s, i + 1, page_tickets[i], "Fri 20:00");
    }
    assert_ms_equal(csq_what_if_count(what_if), 2);
    assert_ms_equal(change_at(what_if, 0).ticket, 2);
    assert_ms_equal(change_at(what_if, 1).ticket, 3);
    assert_ms_equal(summary_of(what_if).changed_clocks, 4);
    assert_ms_equal(summary_of(what_if).unlisted, 0);
    csq_what_if_free(what_if);
    close_sides(&s);
}

/* ---- the list ------------------------------------------------------------------------------ */

static void the_list_holds_the_first_tickets_whatever_came_first(void **state)
{
    (void)state;
    static const uint64_t ids[] = {9, 2, 700, 5, 1, UINT64_MAX, 8};
    static const uint64_t listed[] = {1, 2, 5};
    sides s;
    open_sides(&s, &page_before, &page_after);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.change_limit = 3});
    for (size_t i = 0; i < 7; i++) {
        judge(what_if, &s, ids[i], SOLVED_AT_12, "Fri 20:00");
    }
    assert_ms_equal(csq_what_if_count(what_if), 3);
    for (uint64_t i = 0; i < 3; i++) {
        assert_ms_equal(change_at(what_if, i).ticket, listed[i]);
    }
    const csq_what_if_summary summary = summary_of(what_if);
    assert_ms_equal(summary.unlisted, 4);
    assert_ms_equal(summary.changed_clocks, 7);
    csq_what_if_change change = {.size = sizeof change};
    csq_error error;
    assert_status(CSQ_ERANGE, csq_what_if_change_at(what_if, 3, &change, &error));
    assert_string_equal(error.message, "change 3, there are 3");
    csq_what_if_reset(what_if);
    assert_ms_equal(csq_what_if_count(what_if), 0);
    assert_ms_equal(summary_of(what_if).tickets, 0);
    assert_ms_equal(csq_tally_count(csq_what_if_tally(what_if, 0)), 0);
    csq_what_if_free(what_if);
    close_sides(&s);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void arguments_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        csq_what_if_options options;
        csq_status status;
    } rows[] = {{{.list = 3}, CSQ_EINVAL},
                {{.reserved = 1}, CSQ_EINVAL},
                {{.change_limit = CSQ_WHAT_IF_CHANGES_LIMIT + 1}, CSQ_ELIMIT}};
    sides s;
    sides other;
    open_sides(&s, &page_before, &page_after);
    open_sides(&other, &page_before, &page_after);
    csq_what_if *what_if = (csq_what_if *)&s;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_what_if_options options = rows[i].options;
        options.size = sizeof options;
        assert_status(rows[i].status, csq_what_if_new(s.policies[0], s.policies[1], &options, NULL,
                                                      &what_if, NULL));
        assert_null(what_if);
    }
    csq_what_if_options options = {.size = 4};
    assert_status(CSQ_EABI,
                  csq_what_if_new(s.policies[0], s.policies[1], &options, NULL, &what_if, NULL));
    const csq_tally_options groups = {.size = sizeof groups, .n_attributes = 9};
    options = (csq_what_if_options){.size = sizeof options, .tally = &groups};
    assert_status(CSQ_ELIMIT,
                  csq_what_if_new(s.policies[0], s.policies[1], &options, NULL, &what_if, NULL));
    assert_status(CSQ_EMISMATCH,
                  csq_what_if_new(s.policies[0], other.policies[1], NULL, NULL, &what_if, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_new(NULL, s.policies[1], NULL, NULL, &what_if, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_new(s.policies[0], NULL, NULL, NULL, &what_if, NULL));
    assert_status(CSQ_EINVAL,
                  csq_what_if_new(s.policies[0], s.policies[1], NULL, NULL, NULL, NULL));
    assert_status(CSQ_OK,
                  csq_what_if_new(s.policies[0], s.policies[1], NULL, NULL, &what_if, NULL));
    csq_ticket *ticket = sla_ticket(s.world.schema, 1, SOLVED_AT_12);
    csq_ticket *foreign = sla_ticket(other.world.schema, 1, SOLVED_AT_12);
    csq_event_columns columns = {.size = sizeof columns};
    assert_status(CSQ_EMISMATCH, csq_what_if_add(what_if, foreign, 0, NULL));
    assert_status(CSQ_ERANGE, csq_what_if_add(what_if, ticket, CSQ_MS_NONE, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_add(NULL, ticket, 0, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_add(what_if, NULL, 0, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_replay(NULL, &columns, 0, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_replay(what_if, NULL, 0, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_replay(what_if, &columns, 0, NULL, NULL, NULL));
    assert_status(CSQ_ERANGE, csq_what_if_replay(what_if, &columns, CSQ_MS_NONE, NULL, NULL, NULL));
    csq_ticket_free(ticket);
    csq_ticket_free(foreign);
    csq_what_if_free(what_if);
    close_sides(&other);
    close_sides(&s);
}

static void readers_refuse_what_is_not_there(void **state)
{
    (void)state;
    sides s;
    open_sides(&s, &page_before, &page_after);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    judge(what_if, &s, 1, SOLVED_AT_12, "Fri 20:00");
    csq_what_if_change change = {.size = sizeof change};
    csq_what_if_summary summary = {.size = 3};
    csq_answer answer = {.size = sizeof answer};
    csq_error error;
    assert_status(CSQ_EABI, csq_what_if_summary_of(what_if, &summary, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_summary_of(what_if, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_summary_of(NULL, &summary, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_change_at(NULL, 0, &change, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_change_at(what_if, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_answer(NULL, 0, 0, &answer, NULL));
    assert_status(CSQ_ERANGE, csq_what_if_answer(what_if, 1, 0, &answer, NULL));
    assert_status(CSQ_ERANGE, csq_what_if_answer(what_if, 0, 2, &answer, &error));
    assert_string_equal(error.message, "no side 2");
    change.size = 4;
    answer.size = 4;
    assert_status(CSQ_EABI, csq_what_if_change_at(what_if, 0, &change, NULL));
    assert_status(CSQ_EABI, csq_what_if_answer(what_if, 0, 0, &answer, NULL));
    assert_null(csq_what_if_tally(what_if, 2));
    assert_null(csq_what_if_tally(NULL, 0));
    assert_ms_equal(csq_what_if_count(NULL), 0);
    csq_what_if *copy = what_if;
    assert_status(CSQ_EINVAL, csq_what_if_copy(NULL, &copy, NULL));
    assert_null(copy);
    assert_status(CSQ_EINVAL, csq_what_if_copy(what_if, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_merge(what_if, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_what_if_merge(NULL, what_if, NULL));
    csq_what_if_reset(NULL);
    csq_what_if_free(NULL);
    csq_what_if_free(what_if);
    close_sides(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_has_its_reasons),
        cmocka_unit_test(a_calendar_of_the_same_name_with_other_hours_is_a_reason),
        cmocka_unit_test(other_terms_of_the_past_are_a_reason),
        cmocka_unit_test(metrics_are_matched_by_name),
        cmocka_unit_test(the_worked_example_of_the_page_holds),
        cmocka_unit_test(the_list_holds_the_first_tickets_whatever_came_first),
        cmocka_unit_test(arguments_that_cannot_be_are_refused),
        cmocka_unit_test(readers_refuse_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
