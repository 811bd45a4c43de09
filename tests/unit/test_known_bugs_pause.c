/*
 * test_known_bugs_pause — situations from reports to GLPI, Frappe Helpdesk and ERPNext, most of
 * them about pauses, and what holds here.
 *
 * docs/known-bugs.md says what was reported. All expectations are computed by hand.
 */
#include "known_bugs.h"

#define WEEK "2024-01-08T00:00:00Z"

/* ---- GLPI ---------------------------------------------------------------------------------- */

static void glpi_6902_15605_16383_pauses_survive_a_change_of_agreement(void **state)
{
    (void)state;
#define AGREEMENTS(on_change)                                                                      \
    BUG_RULES(BUG_HOURS,                                                                           \
              "'m':{'kind':'resolution'," BUG_STATUSES ",'options':{'on_change':'" on_change       \
              "'}}",                                                                               \
              "'m':{'by':'priority','calendar':'office','values':{'high':{'within':'3h'}},"        \
              "'otherwise':{'within':'6h'}}")
    static const char *const rules[] = {AGREEMENTS("retroactive"), AGREEMENTS("carry")};
    for (size_t i = 0; i < 2; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, rules[i]);
        bug_log(&bug, "Mon 09:00 created; Mon 10:00 set status=pending; "
                      "Mon 12:00 set status=open; Mon 13:00 set priority=high");
        const csq_answer answer = bug_answer(&bug, "m", "Mon 13:00");
        assert_ms_equal(answer.target_ms, 3 * HOUR_MS);
        assert_ms_equal(answer.elapsed_ms, 2 * HOUR_MS);
        assert_ms_equal(answer.paused_ms, 2 * HOUR_MS);
        assert_bug_at(&bug, answer.due_at, "Mon 14:00");
        bug_close(&bug);
    }
}

static void glpi_9267_solved_and_closed_time_are_left_out_alike(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "Mon 09:00 created; Mon 10:00 set status=solved; Mon 13:00 set status=open",
        "Mon 09:00 created; Mon 10:00 set status=closed; Mon 13:00 set status=open",
        ("Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 set status=closed; "
         "Mon 13:00 set status=open"),
    };
    for (size_t i = 0; i < 3; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
        bug_log(&bug, ways[i]);
        const csq_answer answer = bug_answer(&bug, "m", "Mon 14:00");
        assert_ms_equal(answer.elapsed_ms, 2 * HOUR_MS);
        assert_bug_at(&bug, answer.due_at, "Mon 16:00");
        bug_close(&bug);
    }
}

/* A night spent waiting is two open hours, not eighteen. */
static void glpi_10594_10600_waiting_counts_in_the_unit_of_the_clock(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        const char *due;
    } rows[] = {
#define WAITED(target)                                                                             \
    BUG_RULES(BUG_HOURS, "'m':{'kind':'resolution'," BUG_STATUSES "}",                             \
              "'m':{" target ",'calendar':'office'}")
        {WAITED("'workdays':2"), "Wed 12:00"},
        {WAITED("'within':'16h'"), "Wed 12:00"},
        {WAITED("'workdays':2,'end_of_day':true"), "Thu 11:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, rows[i].rules);
        bug_log(&bug, "Mon 10:00 created; Mon 16:00 set status=pending; Tue 10:00 set status=open");
        const csq_answer answer = bug_answer(&bug, "m", "Tue 11:00");
        assert_ms_equal(answer.paused_ms, 2 * HOUR_MS);
        assert_bug_at(&bug, answer.due_at, rows[i].due);
        bug_close(&bug);
    }
}

static void
glpi_22678_15357_15429_a_level_before_the_deadline_walks_back_over_the_night(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS,
                       "'m':{'kind':'resolution'," BUG_STATUSES ",'steps':["
                       "{'name':'level','before':'2h'},{'name':'day','workdays':-1}]}",
                       "'m':{'workdays':1,'calendar':'office'}"));
    bug_log(&bug, "Mon 10:00 created");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Mon 11:00").due_at, "Tue 10:00");
    assert_bug_at(&bug, bug_step(&bug, 0, "Mon 11:00"), "Mon 16:00");
    assert_bug_at(&bug, bug_step(&bug, 1, "Mon 11:00"), "Mon 10:00");
    // There and back: from the level, two open hours lead to the deadline, from every hour of a
    // week.
    const csq_calendar *office = rules_calendar_named(bug.rules, "office");
    for (int hour = 0; hour < 7 * 24; hour++) {
        csq_ticket *ticket = test_ticket(bug.schema, 2);
        const csq_ms at = bug.monday + hour * HOUR_MS;
        test_apply(ticket, test_event(CSQ_EVENT_CREATED, at, 0));
        const csq_answer answer = sla_answer(bug.policies, ticket, 0, at);
        csq_explanation *explanation = sla_explain(bug.policies, ticket, 0, at);
        csq_ms level;
        assert_status(CSQ_OK, csq_explanation_step(explanation, 0, &level, NULL));
        assert_ms_equal(measure_of(office, level, answer.due_at), 2 * HOUR_MS);
        int32_t is_open;
        assert_status(CSQ_OK, csq_calendar_is_open(office, level, &is_open, NULL));
        assert_true(is_open);
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
    }
    bug_close(&bug);
}

/* Every hour of two weeks: late only from the working hours after the pause on. */
static void glpi_24481_no_breach_begins_in_a_pause(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    bug_log(&bug, "Mon 09:00 created; Mon 12:00 set status=pending; Fri 12:00 set status=open");
    for (csq_ms at = bug_at(&bug, "Mon 09:00"); at < bug_at(&bug, "Sun+ 00:00"); at += HOUR_MS) {
        const csq_answer answer = bug_answer_at(&bug, "m", at);
        const bool is_paused = at >= bug_at(&bug, "Mon 12:00") && at < bug_at(&bug, "Fri 12:00");
        assert_int_equal(answer.phase, is_paused ? PAUSED : ACTIVE);
        assert_int_equal(answer.breached, at > bug_at(&bug, "Fri 13:00"));
        if (answer.breached) {
            assert_bug_at(&bug, answer.breached_at, "Fri 13:00");
        }
    }
    bug_close(&bug);
}

/* ---- Frappe Helpdesk and ERPNext ----------------------------------------------------------- */

static void frappe_2449_erpnext_49414_a_hold_moves_the_deadline_by_working_time(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        const char *now;
        const char *due;
        int paused; /* minutes */
    } rows[] = {
        {"Mon 15:00 created; Mon 16:00 set status=pending; Tue 10:00 set status=open", "Tue 10:00",
         "Tue 13:00", 120},
        {"Fri 15:00 created; Fri 16:00 set status=pending; Mon+ 10:00 set status=open",
         "Mon+ 10:00", "Mon+ 13:00", 120},
        {"Mon 15:00 created; Mon 18:00 set status=pending; Mon 23:00 set status=open", "Mon 23:00",
         "Tue 11:00", 0},
        {"Mon 09:00 created; Mon 10:00 set status=pending; Mon 10:30 set status=open; "
         "Mon 11:00 set status=pending; Mon 16:30 set status=open",
         "Mon 16:30", "Tue 11:00", 360},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
        bug_log(&bug, rows[i].events);
        const csq_answer answer = bug_answer(&bug, "m", rows[i].now);
        assert_bug_at(&bug, answer.due_at, rows[i].due);
        assert_ms_equal(answer.paused_ms, rows[i].paused * MINUTE_MS);
        assert_int_equal(answer.breached, 0);
        bug_close(&bug);
    }
}

/* A ticket is never late at its creation, whatever the zones of its calendar and of its reader. */
static void frappe_3776_a_new_tickets_are_not_late_in_any_zone(void **state)
{
    (void)state;
#define ZONED(zone)                                                                                \
    BUG_RULES("'c':{'zone':'" zone "'," BUG_WEEK("['10:00-18:00']") "}",                           \
              "'m':{'kind':'first_reply'}", "'m':{'within':'1h','calendar':'c'}")
    static const char *const rules[] = {ZONED("Asia/Kolkata"), ZONED("America/Los_Angeles"),
                                        ZONED("Pacific/Kiritimati"), ZONED("Europe/London")};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        bug_case bug;
        bug_open(&bug, "2025-08-04T00:00:00Z", rules[i]);
        bug_log(&bug, "Mon 12:00 created customer");
        const csq_answer answer = bug_answer(&bug, "m", "Mon 12:00");
        assert_int_equal(answer.breached, 0);
        assert_ms_equal(answer.elapsed_ms, 0);
        assert_true(answer.due_at >= bug_at(&bug, "Mon 13:00"));
        bug_close(&bug);
    }
    // An instant is one, however it is written, and a time without a zone is none.
    assert_ms_equal(instant_of("2025-08-04T17:30:00+05:30"), instant_of("2025-08-04T12:00:00Z"));
    csq_ms at = 7;
    assert_int_not_equal(csq_instant_parse(csq_str_of("2025-08-04T12:00:00"), &at, NULL), CSQ_OK);
    assert_ms_equal(at, 7);
}

static void frappe_3776_b_a_solve_ends_the_hold_it_comes_from(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    bug_log(&bug, "Mon 09:00 created; Mon 10:00 set status=pending");
    // 26 weeks later: 5 days of 8 hours each, less the hour before the hold.
    const csq_ms solved = bug_at(&bug, "Mon 09:00") + 26 * 7 * DAY_MS;
    test_apply(bug.ticket, test_setting(CSQ_EVENT_CHANGE, solved, 99, CSQ_TICKET_STATUS,
                                        test_code(bug.schema, CSQ_TICKET_STATUS, "solved")));
    const csq_answer answer = bug_answer_at(&bug, "m", solved);
    assert_int_equal(answer.phase, COMPLETED);
    assert_int_equal(answer.breached, 0);
    assert_ms_equal(answer.elapsed_ms, HOUR_MS);
    assert_ms_equal(answer.paused_ms, (26 * 40 - 1) * HOUR_MS);
    const csq_answer later = bug_answer_at(&bug, "m", solved + 30 * DAY_MS);
    assert_ms_equal(later.elapsed_ms, answer.elapsed_ms);
    assert_ms_equal(later.paused_ms, answer.paused_ms);
    bug_close(&bug);
}

static void frappe_3297_a_miss_by_half_an_hour_stays_half_an_hour(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    bug_log(&bug, "Mon 09:00 created; Mon 13:30 set status=solved");
    const csq_answer answer = bug_answer_at(&bug, "m", bug_at(&bug, "Mon 13:30") + 31 * DAY_MS);
    assert_int_equal(answer.breached, 1);
    assert_ms_equal(answer.remaining_ms, -30 * MINUTE_MS);
    const csq_tally_row row = bug_tally(&bug, "Sun+ 00:00", 1);
    assert_ms_equal(row.overrun_ms, 30 * MINUTE_MS);
    assert_ms_equal(row.overrun_max_ms, 30 * MINUTE_MS);
    bug_close(&bug);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glpi_6902_15605_16383_pauses_survive_a_change_of_agreement),
        cmocka_unit_test(glpi_9267_solved_and_closed_time_are_left_out_alike),
        cmocka_unit_test(glpi_10594_10600_waiting_counts_in_the_unit_of_the_clock),
        cmocka_unit_test(
            glpi_22678_15357_15429_a_level_before_the_deadline_walks_back_over_the_night),
        cmocka_unit_test(glpi_24481_no_breach_begins_in_a_pause),
        cmocka_unit_test(frappe_2449_erpnext_49414_a_hold_moves_the_deadline_by_working_time),
        cmocka_unit_test(frappe_3776_a_new_tickets_are_not_late_in_any_zone),
        cmocka_unit_test(frappe_3776_b_a_solve_ends_the_hold_it_comes_from),
        cmocka_unit_test(frappe_3297_a_miss_by_half_an_hour_stays_half_an_hour),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
