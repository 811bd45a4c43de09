/*
 * test_known_bugs_time — situations from reports to OTRS, dbt_zendesk, ServiceNow, Zendesk and
 * osTicket, most of them about days, percentages and edits, and what holds here.
 *
 * docs/known-bugs.md says what was reported. All expectations are computed by hand.
 */
#include "known_bugs.h"

#define WEEK "2024-01-08T00:00:00Z"

/* ---- OTRS ---------------------------------------------------------------------------------- */

/* In Sao Paulo, Sunday, 21 February 2016, began twice: at 03:00Z the clock went back to Saturday
 * 23:00. On 18 October 2015 it had skipped the hour from midnight. */
static void otrs_698_a_day_that_ends_twice_does_not_hang_the_walk(void **state)
{
    (void)state;
    static const char *const mondays[] = {"2016-02-15T00:00:00Z", "2015-10-12T00:00:00Z"};
    for (size_t i = 0; i < 2; i++) {
        bug_case bug;
        bug_open(&bug, mondays[i],
                 BUG_RULES("'c':{'zone':'America/Sao_Paulo'," BUG_ALL_WEEK("['00:00-24:00']") "}",
                           "'m':{'kind':'resolution'," BUG_STATUSES ",'steps':["
                           "{'name':'back','before':'1h'}]}",
                           "'m':{'within':'7h','calendar':'c'}"));
        bug_log(&bug, "Sun 01:00 created");
        for (int hours = 0; hours < 48; hours++) {
            const csq_ms now = bug_at(&bug, "Sun 01:00") + hours * HOUR_MS;
            const csq_answer answer = bug_answer_at(&bug, "m", now);
            assert_ms_equal(answer.elapsed_ms, hours * HOUR_MS);
            assert_bug_at(&bug, answer.due_at, "Sun 08:00");
        }
        assert_bug_at(&bug, bug_step(&bug, 0, "Sun 01:00"), "Sun 07:00");
        bug_close(&bug);
    }
}

/* The night from 30 to 31 March 2024 has an hour less in Berlin, that of 26 to 27 October 2024 one
 * more: a shift from 22 to 6. */
static void otrs_787_a_night_over_a_clock_change_has_its_real_hours(void **state)
{
    (void)state;
    static const struct {
        const char *monday;
        const char *created; /* 22:00 there */
        const char *due;     /* after 8 h of the shift */
        int elapsed;         /* minutes at 06:00 there */
        const char *morning;
    } rows[] = {
        // The missing hour is the first of the next night.
        {"2024-03-25T00:00:00Z", "Sat 21:00 created", "Sun 21:00", 7 * 60, "Sun 04:00"},
        {"2024-10-21T00:00:00Z", "Sat 20:00 created", "Sun 04:00", 9 * 60, "Sun 05:00"},
        {"2024-06-03T00:00:00Z", "Sat 20:00 created", "Sun 04:00", 8 * 60, "Sun 04:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bug_case bug;
        bug_open(&bug, rows[i].monday,
                 BUG_RULES("'c':{'zone':'Europe/Berlin'," BUG_ALL_WEEK("['22:00-30:00']") "}",
                           "'m':{'kind':'resolution'," BUG_STATUSES "}",
                           "'m':{'within':'8h','calendar':'c'}"));
        bug_log(&bug, rows[i].created);
        const csq_answer answer = bug_answer(&bug, "m", rows[i].morning);
        assert_ms_equal(answer.elapsed_ms, rows[i].elapsed * MINUTE_MS);
        assert_bug_at(&bug, answer.due_at, rows[i].due);
        bug_close(&bug);
    }
}

/* ---- dbt_zendesk --------------------------------------------------------------------------- */

/* Office hours of New York around 10 March 2024, with holidays on both sides of the weekend. */
static void dbt_zendesk_128_146_154_there_is_one_breach_at_the_first_crossing(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(
        &bug, "2024-03-04T00:00:00Z",
        BUG_RULES(
            "'c':{'zone':'America/New_York'," BUG_WEEK(
                "['09:00-17:00']") ",'holidays':[{'date':'2024-03-08'},{'date':'2024-03-11'}]}",
            "'m':{'kind':'next_reply','options':{'include_first':true}}",
            "'m':{'within':'9h','calendar':'c'}"));
    // Thursday 16:00 there is 21:00Z; Tuesday 17:00 there is, in summer time, 21:00Z.
    bug_log(&bug, "Thu 21:00 created customer; Thu 21:30 reply customer; Wed+ 15:00 reply agent");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Fri 12:00").due_at, "Tue+ 21:00");
    assert_int_equal(bug_answer(&bug, "m", "Tue+ 21:00").breached, 0);
    for (int hours = 0; hours < 100; hours++) {
        const csq_ms now = bug_at(&bug, "Wed+ 14:00") + hours * HOUR_MS;
        const csq_answer answer = bug_answer_at(&bug, "m", now);
        assert_int_equal(answer.breached, 1);
        assert_bug_at(&bug, answer.breached_at, "Tue+ 21:00");
        assert_int_equal(answer.cycle, 1);
    }
    const csq_tally_row row = bug_tally(&bug, "Sun+ 00:00", 1);
    assert_ms_equal(row.missed, 1);
    assert_ms_equal(row.met + row.open + row.cancelled, 0);
    bug_close(&bug);
}

static void dbt_zendesk_116_142_the_priority_is_that_of_the_event(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS,
                       "'m':{'kind':'next_reply','options':{'on_change':'retroactive',"
                       "'include_first':true}}",
                       "'m':{'by':'priority','calendar':'office','values':{'high':{'within':'1h'}},"
                       "'otherwise':{'within':'4h'}}"));
    bug_log(&bug, "Mon 09:00 created customer priority=low; Mon 12:00 reply agent; "
                  "Mon 13:00 set priority=high; Mon 14:00 reply customer; Mon 16:00 reply agent");
    csq_explanation *explanation = bug_explain(&bug, "Tue 09:00");
    assert_ms_equal(csq_explanation_cycle_count(explanation), 2);
    const csq_cycle first = sla_cycle(explanation, 0);
    assert_ms_equal(first.target_ms, 4 * HOUR_MS);
    assert_int_equal(first.breached, 0);
    const csq_cycle second = sla_cycle(explanation, 1);
    assert_ms_equal(second.target_ms, HOUR_MS);
    assert_int_equal(second.breached, 1);
    csq_explanation_free(explanation);
    bug_close(&bug);
}

/* ---- ServiceNow ---------------------------------------------------------------------------- */

static void servicenow_kb0551712_no_pause_makes_a_percentage_negative(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    // Paused at once, over nights and a weekend, longer than any hours of the office.
    bug_log(&bug, "Mon 08:00 created status=pending; Tue+ 20:00 set status=open");
    csq_ms last = 0;
    for (csq_ms at = bug_at(&bug, "Mon 08:00"); at < bug_at(&bug, "Sun+ 00:00"); at += HOUR_MS) {
        const csq_answer answer = bug_answer_at(&bug, "m", at);
        assert_true(answer.elapsed_ms >= last);
        assert_true(answer.percent_hundredths >= 0);
        last = answer.elapsed_ms;
    }
    assert_ms_equal(last, 3 * 8 * HOUR_MS);
    bug_close(&bug);
}

static void servicenow_exact_times_a_percentage_is_not_rounded_into_a_breach(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS, "'m':{'kind':'resolution'," BUG_STATUSES "}",
                       "'m':{'within':'100000s','calendar':'always'}"));
    bug_log(&bug, "Mon 00:00 created");
    static const struct {
        csq_ms elapsed;
        int64_t percent;
        uint32_t breached;
    } rows[] = {
        {99951000, 9995, 0}, {99999999, 9999, 0}, {100000000, 10000, 0}, {100000001, 10000, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_answer answer = bug_answer_at(&bug, "m", bug.monday + rows[i].elapsed);
        assert_ms_equal(answer.percent_hundredths, rows[i].percent);
        assert_int_equal(answer.breached, rows[i].breached);
    }
    bug_close(&bug);
}

static void servicenow_kb0522964_history_that_is_missing_is_not_zero(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    // Without its creation a log starts no clock: there is no elapsed time rather than none passed.
    bug_log(&bug, "Mon 10:00 set status=pending; Mon 12:00 set status=open");
    const csq_answer answer = bug_answer(&bug, "m", "Mon 13:00");
    assert_int_equal(answer.phase, NOT_STARTED);
    assert_ms_equal(answer.elapsed_ms, CSQ_MS_NONE);
    assert_ms_equal(answer.paused_ms, CSQ_MS_NONE);
    // A creation that comes later than what is there is refused by name.
    csq_ticket_event late = test_event(CSQ_EVENT_CREATED, bug_at(&bug, "Mon 11:00"), 50);
    assert_status(CSQ_EORDER, csq_ticket_apply(bug.ticket, &late, NULL));
    // The creation completes the history, and the pause counts as if it had come in order.
    late.at = bug_at(&bug, "Mon 09:00");
    test_apply(bug.ticket, late);
    const csq_answer whole = bug_answer(&bug, "m", "Mon 13:00");
    assert_ms_equal(whole.elapsed_ms, 2 * HOUR_MS);
    assert_ms_equal(whole.paused_ms, 2 * HOUR_MS);
    bug_close(&bug);
}

/* ---- Zendesk and osTicket ------------------------------------------------------------------ */

static void zendesk_sla_page_an_edit_reaches_what_its_scope_says(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        uint32_t missed;
        csq_ms target;
    } rows[] = {
#define EDITED(scope)                                                                              \
    BUG_FOUR_HOURS("'kind':'next_reply','options':{'include_first':true,'edit_scope':'" scope "'"  \
                                                                                              "}")
        {EDITED("open"), 0, 4 * HOUR_MS},
        {EDITED("all"), 1, HOUR_MS},
    };
    for (size_t i = 0; i < 2; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, rows[i].rules);
        bug_log(&bug,
                "Mon 09:00 created customer; Mon 11:00 reply agent; Mon 12:00 reply customer; "
                "Mon 12:30 edit 1h");
        csq_explanation *explanation = bug_explain(&bug, "Mon 12:45");
        const csq_cycle finished = sla_cycle(explanation, 0);
        assert_int_equal(finished.breached, rows[i].missed);
        assert_ms_equal(finished.target_ms, rows[i].target);
        csq_explanation_free(explanation);
        assert_bug_at(&bug, bug_answer(&bug, "m", "Mon 12:45").due_at, "Mon 13:00");
        bug_close(&bug);
    }
}

static void zendesk_sla_page_another_policy_writes_no_second_breach(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS,
                       "'m':{'kind':'resolution'," BUG_STATUSES ",'options':{"
                       "'on_change':'retroactive'}}",
                       "'m':{'by':'priority','calendar':'office','values':{'high':{'within':'1h'}},"
                       "'otherwise':{'within':'2h'}}"));
    bug_log(&bug, "Mon 09:00 created; Mon 12:00 set priority=high; Mon 13:00 set priority=low; "
                  "Mon 14:00 set priority=high; Mon 15:00 set status=solved");
    const csq_answer answer = bug_answer(&bug, "m", "Mon 16:00");
    assert_int_equal(answer.cycle, 1);
    assert_int_equal(answer.breached, 1);
    assert_bug_at(&bug, answer.breached_at, "Mon 10:00");
    assert_ms_equal(bug_tally(&bug, "Mon 16:00", 1).missed, 1);
    bug_close(&bug);
}

static void zendesk_sla_page_time_left_keeps_its_unit_after_a_breach(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    bug_log(&bug, "Fri 13:00 created");
    assert_ms_equal(bug_answer(&bug, "m", "Fri 17:00").remaining_ms, 0);
    assert_int_equal(bug_answer(&bug, "m", "Sun 12:00").breached, 0);
    assert_ms_equal(bug_answer(&bug, "m", "Sun 12:00").remaining_ms, 0);
    // A weekend later it is late by one hour of the office, not by 65 of the calendar.
    assert_ms_equal(bug_answer(&bug, "m", "Mon+ 10:00").remaining_ms, -HOUR_MS);
    assert_ms_equal(bug_answer(&bug, "m", "Tue+ 08:00").remaining_ms, -8 * HOUR_MS);
    bug_close(&bug);
}

static void osticket_6739_a_week_of_one_day_is_counted_week_by_week(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES("'c':{'zone':'UTC','week':{'wed':['09:00-12:00']}}",
                       "'m':{'kind':'resolution'," BUG_STATUSES "}",
                       "'m':{'within':'5h','calendar':'c'}"));
    bug_log(&bug, "Wed 10:00 created");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Wed 10:00").due_at, "Wed+ 12:00");
    assert_ms_equal(bug_answer(&bug, "m", "Tue+ 12:00").elapsed_ms, 2 * HOUR_MS);
    assert_int_equal(bug_answer(&bug, "m", "Wed+ 12:00").breached, 0);
    bug_close(&bug);
}

static void osticket_6847_lunch_as_a_holiday_of_an_hour_is_left_out(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(
        &bug, "2025-06-23T00:00:00Z",
        BUG_RULES(
            "'c':{'zone':'UTC'," BUG_WEEK("['09:00-18:00']") ",'holidays':["
                                                             "{'date':'2025-06-24','name':'lunch','"
                                                             "from':'13:00','to':'14:00'},"
                                                             "{'date':'2025-06-25','name':'lunch','"
                                                             "from':'13:00','to':'14:00'}]}",
            "'m':{'kind':'resolution'," BUG_STATUSES "}", "'m':{'within':'10h','calendar':'c'}"));
    bug_log(&bug, "Tue 12:00 created");
    const csq_answer lunch = bug_answer(&bug, "m", "Tue 13:30");
    assert_ms_equal(lunch.elapsed_ms, HOUR_MS);
    assert_int_equal(lunch.in_hours, 0);
    // 1 h before lunch, 4 h after it; 4 h before the next lunch, and the last one after it.
    assert_bug_at(&bug, lunch.due_at, "Wed 15:00");
    csq_explanation *explanation = bug_explain(&bug, "Tue 15:00");
    assert_str_equal(sla_stretch(explanation, 1).name, "lunch");
    csq_explanation_free(explanation);
    bug_close(&bug);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(otrs_698_a_day_that_ends_twice_does_not_hang_the_walk),
        cmocka_unit_test(otrs_787_a_night_over_a_clock_change_has_its_real_hours),
        cmocka_unit_test(dbt_zendesk_128_146_154_there_is_one_breach_at_the_first_crossing),
        cmocka_unit_test(dbt_zendesk_116_142_the_priority_is_that_of_the_event),
        cmocka_unit_test(servicenow_kb0551712_no_pause_makes_a_percentage_negative),
        cmocka_unit_test(servicenow_exact_times_a_percentage_is_not_rounded_into_a_breach),
        cmocka_unit_test(servicenow_kb0522964_history_that_is_missing_is_not_zero),
        cmocka_unit_test(zendesk_sla_page_an_edit_reaches_what_its_scope_says),
        cmocka_unit_test(zendesk_sla_page_another_policy_writes_no_second_breach),
        cmocka_unit_test(zendesk_sla_page_time_left_keeps_its_unit_after_a_breach),
        cmocka_unit_test(osticket_6739_a_week_of_one_day_is_counted_week_by_week),
        cmocka_unit_test(osticket_6847_lunch_as_a_holiday_of_an_hour_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
