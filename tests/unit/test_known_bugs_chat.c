/*
 * test_known_bugs_chat — situations from reports to Chatwoot and Zammad, and what holds here.
 *
 * docs/known-bugs.md says what was reported. All expectations are computed by hand.
 */
#include "known_bugs.h"

#define WEEK "2024-01-08T00:00:00Z"

/* ---- Chatwoot ------------------------------------------------------------------------------ */

typedef struct option_row {
    const char *plain; /* rules without the option */
    const char *changed;
    const char *events;
} option_row;

#define OPTION(kind, option, events)                                                               \
    {                                                                                              \
        OPTION_RULES("'kind':'" kind "'," BUG_STATUSES),                                           \
            OPTION_RULES("'kind':'" kind "'," BUG_STATUSES "," option), events                     \
    }
#define OPTION_RULES(metric)                                                                       \
    BUG_RULES(BUG_HOURS ",'early':{'zone':'UTC'," BUG_WEEK("['07:00-15:00']") "},'empty':{"        \
                                                                              "'zone':'UTC'}",     \
              "'m':{" metric "}",                                                                  \
              "'m':{'by':'priority','calendar':'office','values':{"                                \
              "'urgent':{'within':'2h','calendar':'always'},"                                      \
              "'none':{'within':'2h','calendar':'empty'}},'otherwise':{'within':'4h'}}")
#define SOLVED_AND_REOPENED                                                                        \
    "Mon 09:00 created; Mon 11:00 set status=solved; Mon 12:00 set status=open"
#define MADE_URGENT                                                                                \
    "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=open; "                 \
    "Mon 12:00 set priority=urgent"
#define LEFT_WAITING                                                                               \
    "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer; "                \
    "Mon 12:00 set status=solved"

static const option_row options[] = {
    OPTION("resolution", "'time':'wall'", "Mon 08:00 created"),
    OPTION("resolution", "'options':{'reopen':'resume_counting'}", SOLVED_AND_REOPENED),
    OPTION("resolution", "'options':{'reopen':'new_cycle'}", SOLVED_AND_REOPENED),
    OPTION("resolution", "'options':{'reopen':'nothing'}", SOLVED_AND_REOPENED),
    OPTION("resolution", "'options':{'on_change':'retroactive'}", MADE_URGENT),
    OPTION("resolution", "'options':{'on_change':'carry'}", MADE_URGENT),
    OPTION("resolution", "'options':{'on_change':'restart'}", MADE_URGENT),
    OPTION("resolution", "'options':{'calendar_switch':'latest'}",
           "Mon 08:00 created; Mon 10:00 set calendar=early"),
    OPTION("resolution", "'options':{'calendar_switch':'first'}",
           "Mon 08:00 created; Mon 08:30 set calendar=early"),
    OPTION("resolution", "'options':{'edit_scope':'all'}",
           "Mon 09:00 created; Mon 11:00 set status=solved; Mon 12:00 edit 1h"),
    OPTION("next_reply", "'options':{'on_solved':'complete'}", LEFT_WAITING),
    OPTION("next_reply", "'options':{'on_solved':'cancel'}", LEFT_WAITING),
    OPTION("next_reply", "'options':{'include_first':true}", "Mon 09:00 created customer"),
    OPTION("first_reply", "'options':{'start':'first_message'}", "Mon 09:00 created agent"),
    OPTION("resolution", "'options':{'attach':'from'}", "Mon 09:00 created; Mon 10:00 attach"),
    OPTION("resolution", "'options':{'attach':'retroactive'}", "Mon 09:00 created"),
    OPTION("resolution", "'options':{'due_edge':'next_open'}", "Mon 13:00 created"),
    OPTION("first_reply", "'options':{'breach_compare':'instant'}",
           "Fri 13:00 created; Fri 20:00 reply agent"),
    OPTION("resolution", "'options':{'empty_calendar':'wall'}", "Mon 09:00 created priority=none"),
    {OPTION_RULES("'kind':'resolution'," BUG_STATUSES ",'options':{'on_change':'retroactive'}"),
     OPTION_RULES("'kind':'resolution'," BUG_STATUSES
                  ",'options':{'on_change':'retroactive','retroactive_pause':'counted'}"),
     MADE_URGENT},
    {OPTION_RULES("'kind':'clock','start':{'status':'a'},'stop':{'status':'b'}"),
     OPTION_RULES("'kind':'clock','start':{'status':'a'},'stop':{'status':'b'},"
                  "'options':{'repeat':true}"),
     "Mon 09:00 created status=a; Mon 10:00 set status=b; Mon 11:00 set status=a"},
};

static csq_answer option_answer(const char *rules, const char *events)
{
    bug_case bug;
    bug_open(&bug, WEEK, rules);
    bug_log(&bug, events);
    const csq_answer answer = bug_answer(&bug, "m", "Sat 12:00");
    bug_close(&bug);
    return answer;
}

static void chatwoot_13392_every_option_changes_an_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        const csq_answer plain = option_answer(options[i].plain, options[i].events);
        const csq_answer changed = option_answer(options[i].changed, options[i].events);
        if (memcmp(&plain, &changed, sizeof plain) == 0) {
            print_error("no other answer: %s\n", options[i].changed);
        }
        assert_memory_not_equal(&plain, &changed, sizeof plain);
    }
}

static void chatwoot_13392_business_hours_are_honoured(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS,
                       "'m':{'kind':'first_reply'},'w':{'kind':'first_reply',"
                       "'time':'wall'}",
                       "'m':{'within':'4h','calendar':'office'},"
                       "'w':{'within':'4h','calendar':'office'}"));
    bug_log(&bug, "Fri 16:00 created customer");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Sat 12:00").due_at, "Mon+ 12:00");
    assert_int_equal(bug_answer(&bug, "m", "Sat 12:00").breached, 0);
    assert_bug_at(&bug, bug_answer(&bug, "w", "Sat 12:00").due_at, "Fri 20:00");
    assert_int_equal(bug_answer(&bug, "w", "Sat 12:00").breached, 1);
    bug_close(&bug);
}

static void chatwoot_10178_a_solve_does_to_a_reply_clock_what_the_option_says(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        uint32_t phase;
        uint32_t breached;
        int elapsed; /* minutes, a day later */
    } rows[] = {
#define ON_SOLVED(value)                                                                           \
    BUG_RULES(BUG_HOURS,                                                                           \
              "'m':{'kind':'next_reply'," BUG_STATUSES ",'options':{'on_solved':'" value "'}}",    \
              "'m':{'within':'1h','calendar':'always'}")
        {ON_SOLVED("keep"), ACTIVE, 1, 24 * 60},
        {ON_SOLVED("complete"), COMPLETED, 0, 10},
        {ON_SOLVED("cancel"), CANCELLED, 0, 10},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, rows[i].rules);
        bug_log(&bug,
                "Mon 10:00 created customer; Mon 10:05 reply agent; Mon 10:20 reply customer; "
                "Mon 10:30 set status=solved");
        const csq_answer answer = bug_answer(&bug, "m", "Tue 10:20");
        assert_int_equal(answer.phase, rows[i].phase);
        assert_int_equal(answer.breached, rows[i].breached);
        assert_ms_equal(answer.elapsed_ms, rows[i].elapsed * MINUTE_MS);
        bug_close(&bug);
    }
}

static void chatwoot_15024_a_miss_does_not_grow_after_the_resolution(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    bug_log(&bug, "Mon 09:00 created; Mon 14:00 set status=solved");
    const csq_answer stopped = bug_answer(&bug, "m", "Mon 14:00");
    assert_int_equal(stopped.breached, 1);
    assert_ms_equal(stopped.remaining_ms, -HOUR_MS);
    for (int hours = 1; hours < 24 * 200; hours += 7) {
        csq_answer later = bug_answer_at(&bug, "m", bug_at(&bug, "Mon 14:00") + hours * HOUR_MS);
        later.in_hours = stopped.in_hours; // the only member that is of the instant
        assert_memory_equal(&later, &stopped, sizeof later);
    }
    assert_ms_equal(bug_tally(&bug, "Sun+ 00:00", 1).overrun_max_ms, HOUR_MS);
    bug_close(&bug);
}

/* ---- Zammad -------------------------------------------------------------------------------- */

static void zammad_188_every_status_of_the_list_pauses(void **state)
{
    (void)state;
    static const char *const pauses[] = {"reminder", "pending_close", "vendor"};
    for (size_t i = 0; i < 3; i++) {
        char events[200];
        bug_case bug;
        bug_open(&bug, WEEK,
                 BUG_FOUR_HOURS("'kind':'resolution','stop_statuses':['closed'],"
                                "'pause_statuses':['reminder','pending_close',"
                                "'vendor']"));
        snprintf(events, sizeof events,
                 "Mon 09:00 created; Mon 10:00 set status=closed; Mon 11:00 set status=%s; "
                 "Mon 13:00 set status=open",
                 pauses[i]);
        bug_log(&bug, events);
        const csq_answer paused = bug_answer(&bug, "m", "Mon 12:00");
        assert_int_equal(paused.phase, PAUSED);
        assert_ms_equal(paused.elapsed_ms, HOUR_MS);
        const csq_answer active = bug_answer(&bug, "m", "Mon 14:00");
        assert_int_equal(active.phase, ACTIVE);
        assert_ms_equal(active.elapsed_ms, 2 * HOUR_MS);
        assert_bug_at(&bug, active.due_at, "Mon 16:00");
        bug_close(&bug);
    }
}

static void zammad_3140_nothing_escalates_once_the_agent_answered_last(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'next_reply','options':{'include_first':true}"));
    bug_log(&bug, "Mon 09:00 created customer; Mon 10:00 reply agent");
    const csq_answer answered = bug_answer(&bug, "m", "Fri+ 12:00");
    assert_int_equal(answered.phase, COMPLETED);
    assert_int_equal(answered.breached, 0);
    assert_ms_equal(answered.next_change_at, CSQ_MS_NONE);
    bug_log(&bug, "Mon+ 10:00 reply agent private; Mon+ 11:00 reply agent");
    assert_int_equal(bug_answer(&bug, "m", "Fri+ 12:00").cycle, 1);
    bug_log(&bug, "Tue+ 10:00 reply customer");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Tue+ 12:00").due_at, "Tue+ 14:00");
    bug_close(&bug);
}

static void zammad_5177_an_update_target_waits_for_the_first_reply(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS, "'first':{'kind':'first_reply'},'update':{'kind':'next_reply'}",
                       "'first':{'within':'4h','calendar':'office'},"
                       "'update':{'within':'1h','calendar':'office'}"));
    bug_log(&bug, "Mon 09:00 created customer; Mon 09:30 reply customer");
    assert_int_equal(bug_answer(&bug, "update", "Mon 12:00").phase, NOT_STARTED);
    assert_bug_at(&bug, bug_answer(&bug, "first", "Mon 12:00").due_at, "Mon 13:00");
    // What is missed later is named: one row, of the metric that has a target of 4 h.
    const csq_tally_row row = bug_tally(&bug, "Mon 14:00", 1);
    assert_int_equal(row.metric, 0);
    assert_ms_equal(row.target_ms, 4 * HOUR_MS);
    assert_ms_equal(row.missed, 1);
    bug_close(&bug);
}

static void zammad_1322_a_customer_is_heard_on_every_channel(void **state)
{
    (void)state;
    static const char *const channels[] = {"", " channel=web", " channel=note", " channel=phone"};
    for (size_t i = 0; i < 4; i++) {
        char events[160];
        bug_case bug;
        bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'next_reply'"));
        snprintf(events, sizeof events,
                 "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer%s",
                 channels[i]);
        bug_log(&bug, events);
        const csq_answer answer = bug_answer(&bug, "m", "Mon 12:00");
        assert_int_equal(answer.phase, ACTIVE);
        assert_bug_at(&bug, answer.started_at, "Mon 11:00");
        bug_close(&bug);
    }
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'next_reply'"));
    bug_log(&bug, "Mon 09:00 created customer; Mon 10:00 reply agent; "
                  "Mon 11:00 reply customer private channel=web");
    assert_int_equal(bug_answer(&bug, "m", "Mon 12:00").phase, NOT_STARTED);
    bug_close(&bug);
}

static void zammad_534_a_changed_calendar_reaches_open_clocks(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_RULES(BUG_HOURS ",'friday_off':{'zone':'UTC'," BUG_WEEK(
                           "['09:00-17:00']") ",'holidays':[{'date':'2024-01-12'}]}",
                       "'m':{'kind':'resolution'," BUG_STATUSES "}",
                       "'m':{'within':'8h','calendar':'office'}"));
    bug_log(&bug, "Thu 13:00 created");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Thu 14:00").due_at, "Fri 13:00");
    bug_log(&bug, "Thu 16:00 set calendar=friday_off");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Thu 16:30").due_at, "Mon+ 13:00");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Thu 14:00").due_at, "Fri 13:00");
    bug_close(&bug);
}

static void zammad_5624_no_deadline_outlives_the_agreement_it_came_from(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             "{'calendars':{" BUG_HOURS "},'metrics':{'m':{'kind':'next_reply','options':{"
             "'on_change':'retroactive','include_first':true}}},'policies':["
             "{'name':'a','match':{'group':'first'},'targets':{'m':{'within':'1h',"
             "'calendar':'office'}}},"
             "{'name':'b','targets':{'m':{'within':'6h','calendar':'office'}}}]}");
    bug_log(&bug, "Mon 09:00 created customer group=first");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Mon 09:30").due_at, "Mon 10:00");
    bug_log(&bug, "Mon 11:00 set group=second"); // advanced step by step: a checkpoint is kept
    const csq_answer kept = bug_answer(&bug, "m", "Mon 12:00");
    assert_bug_at(&bug, kept.due_at, "Mon 15:00");
    assert_int_equal(kept.breached, 0);
    assert_int_equal(kept.policy, 1);
    // The same log read at once.
    csq_ticket *fresh = sla_ticket(bug.schema, 2,
                                   "Mon 09:00 created customer group=first; "
                                   "Mon 11:00 set group=second");
    const csq_answer replayed = sla_answer(bug.policies, fresh, 0, sla_at("Mon 12:00"));
    assert_memory_equal(&kept, &replayed, sizeof kept);
    csq_ticket_free(fresh);
    bug_close(&bug);
}

static void zammad_904_a_merged_ticket_escalates_no_more(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
    bug_log(&bug, "Mon 09:00 created; Mon 10:00 merge 2");
    const csq_answer merged = bug_answer(&bug, "m", "Fri 15:00");
    assert_int_equal(merged.phase, CANCELLED);
    assert_int_equal(merged.breached, 0);
    assert_ms_equal(merged.elapsed_ms, HOUR_MS);
    assert_ms_equal(merged.next_change_at, CSQ_MS_NONE);
    assert_ms_equal(bug_tally(&bug, "Fri 15:00", 1).missed, 0);
    bug_close(&bug);
}

static void zammad_2579_4777_the_stop_itself_makes_the_result(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        const char *stopped;
        int elapsed;
    } rows[] = {
        {"Mon 09:00 created status=closed", "Mon 09:00", 0},
        {"Mon 09:00 created; Mon 11:00 set status=closed", "Mon 11:00", 120},
        {"Mon 09:00 created; Mon 10:00 reply agent status=closed", "Mon 10:00", 60},
        {"Mon 09:00 created; Mon 09:00 set status=solved; Mon 12:00 set status=closed", "Mon 09:00",
         0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bug_case bug;
        bug_open(&bug, WEEK, BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES));
        bug_log(&bug, rows[i].events);
        const csq_answer answer = bug_answer(&bug, "m", rows[i].stopped);
        assert_int_equal(answer.phase, COMPLETED);
        assert_bug_at(&bug, answer.stopped_at, rows[i].stopped);
        assert_ms_equal(answer.elapsed_ms, rows[i].elapsed * MINUTE_MS);
        assert_ms_equal(bug_tally(&bug, rows[i].stopped, 1).met, 1);
        bug_close(&bug);
    }
}

/* From Thursday, 10 November 2016, 09:00 in Berlin, 32 h of days of 8 h: two days are missing. */
static void zammad_390_an_explanation_names_each_skipped_day(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(
        &bug, "2016-11-07T00:00:00Z",
        BUG_RULES("'feed':{'zone':'Europe/Berlin'," BUG_ALL_WEEK(
                      "['09:00-17:00']") ",'holidays':[{'date':'2016-11-11','name':'St. Martin'},"
                                         "{'date':'2016-11-13','name':'Volkstrauertag'}]}",
                  "'m':{'kind':'resolution'," BUG_STATUSES "}",
                  "'m':{'within':'32h','calendar':'feed'}"));
    bug_log(&bug, "Thu 08:00 created");
    assert_bug_at(&bug, bug_answer(&bug, "m", "Thu 09:00").due_at, "Tue+ 16:00");
    csq_explanation *explanation = bug_explain(&bug, "Tue+ 16:00");
    static const char *const names[] = {"St. Martin", "Volkstrauertag"};
    size_t found = 0;
    csq_ms counted = 0;
    for (uint64_t i = 0; i < csq_explanation_stretch_count(explanation); i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        counted += stretch.counted_ms;
        if (stretch.reason == CSQ_STRETCH_HOLIDAY) {
            assert_true(found < 2);
            assert_str_equal(stretch.name, names[found]);
            found++;
        }
    }
    assert_int_equal(found, 2);
    assert_ms_equal(counted, 32 * HOUR_MS);
    csq_explanation_free(explanation);
    bug_close(&bug);
}

/* Whatever the hour of the creation, no step is reached outside the hours. */
static void zammad_2157_4432_reminders_keep_to_the_hours_of_the_clock(void **state)
{
    (void)state;
    bug_case bug;
    bug_open(&bug, WEEK,
             BUG_FOUR_HOURS("'kind':'resolution'," BUG_STATUSES ",'steps':["
                            "{'name':'a','before':'15m'},{'name':'b','percent':50},"
                            "{'name':'c','after':'6h'}]"));
    const csq_calendar *office = rules_calendar_named(bug.rules, "office");
    for (int hour = 0; hour < 7 * 24; hour++) {
        csq_ticket *ticket = test_ticket(bug.schema, 2);
        const csq_ms at = bug.monday + hour * HOUR_MS + 30 * MINUTE_MS;
        test_apply(ticket, test_event(CSQ_EVENT_CREATED, at, 0));
        csq_explanation *explanation = sla_explain(bug.policies, ticket, 0, at);
        for (uint32_t step = 0; step < 3; step++) {
            csq_ms reached;
            int32_t is_open;
            assert_status(CSQ_OK, csq_explanation_step(explanation, step, &reached, NULL));
            // The instant before belongs to the time that led there.
            assert_status(CSQ_OK, csq_calendar_is_open(office, reached - 1, &is_open, NULL));
            assert_true(is_open);
        }
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
    }
    bug_log(&bug, "Fri 16:00 created");
    assert_bug_at(&bug, bug_step(&bug, 0, "Sat 00:00"), "Mon+ 11:45");
    assert_bug_at(&bug, bug_step(&bug, 1, "Sat 00:00"), "Mon+ 10:00");
    assert_bug_at(&bug, bug_step(&bug, 2, "Sat 00:00"), "Tue+ 10:00");
    bug_close(&bug);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chatwoot_13392_every_option_changes_an_answer),
        cmocka_unit_test(chatwoot_13392_business_hours_are_honoured),
        cmocka_unit_test(chatwoot_10178_a_solve_does_to_a_reply_clock_what_the_option_says),
        cmocka_unit_test(chatwoot_15024_a_miss_does_not_grow_after_the_resolution),
        cmocka_unit_test(zammad_188_every_status_of_the_list_pauses),
        cmocka_unit_test(zammad_3140_nothing_escalates_once_the_agent_answered_last),
        cmocka_unit_test(zammad_5177_an_update_target_waits_for_the_first_reply),
        cmocka_unit_test(zammad_1322_a_customer_is_heard_on_every_channel),
        cmocka_unit_test(zammad_534_a_changed_calendar_reaches_open_clocks),
        cmocka_unit_test(zammad_5624_no_deadline_outlives_the_agreement_it_came_from),
        cmocka_unit_test(zammad_904_a_merged_ticket_escalates_no_more),
        cmocka_unit_test(zammad_2579_4777_the_stop_itself_makes_the_result),
        cmocka_unit_test(zammad_390_an_explanation_names_each_skipped_day),
        cmocka_unit_test(zammad_2157_4432_reminders_keep_to_the_hours_of_the_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
