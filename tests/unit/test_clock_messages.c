/*
 * test_clock_messages — clocks of replies when several messages are unanswered: measured from the
 * oldest, the last, or each for itself. See clock_rows.h.
 */
#include "clock_rows.h"

#define BASE(mode) {.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1, .message_base = (mode)}
#define OLDEST BASE(CSQ_MESSAGE_BASE_OLDEST)
#define LAST BASE(CSQ_MESSAGE_BASE_LAST)
#define EACH BASE(CSQ_MESSAGE_BASE_EACH)
#define FIRST(mode)                                                                                \
    {.kind = CSQ_METRIC_FIRST_REPLY, .start_mode = CSQ_START_FIRST_MESSAGE, .message_base = (mode)}
#define TWO "Mon 09:00 created agent; Mon 10:00 reply customer; Mon 12:00 reply customer"

static void a_reply_is_due_from_one_of_the_messages(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"the oldest", OLDEST, TWO, "Mon 13:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 14:00"},
        {"the last: the same cycle begins anew", LAST, TWO, "Mon 13:00", ACTIVE, 1, 0, 60, 0,
         .due = "Mon 16:00"},
        {"each: the oldest open one", EACH, TWO, "Mon 13:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 14:00"},
        {"each: a reply ends all, the newest is the latest", EACH, TWO "; Mon 14:30 reply agent",
         "Tue 09:00", COMPLETED, 2, 0, 150, 0, .due = "Mon 16:00", .stopped = "Mon 14:30"},
        {"each: a message after the reply is the third", EACH,
         TWO "; Mon 14:30 reply agent; Mon 15:00 reply customer", "Mon 16:00", ACTIVE, 3, 0, 60, 0,
         .due = "Tue 11:00"},
        {"each: a merge ends all", EACH, TWO "; Mon 14:30 merge 7", "Tue 09:00", CANCELLED, 2, 0,
         150, 0, .due = "Mon 16:00", .stopped = "Mon 14:30"},
        {"each: they pause together", EACH,
         TWO "; Mon 12:30 set status=pending; Mon 13:30 set status=open; Mon 14:30 reply agent",
         "Tue 09:00", COMPLETED, 2, 0, 90, 60, .due = "Mon 17:00", .stopped = "Mon 14:30"},
        {"each: a message in a pause begins paused", EACH,
         "Mon 10:00 created customer; Mon 11:00 set status=pending; Mon 12:00 reply customer; "
         "Mon 13:00 set status=open; Mon 14:00 reply agent",
         "Tue 09:00", COMPLETED, 2, 0, 60, 60, .due = "Mon 17:00", .stopped = "Mon 14:00"},
        {"each: spam ends all for good", EACH,
         TWO "; Mon 13:00 set status=spam; Mon 14:00 reply customer", "Mon 15:00", CANCELLED, 2, 0,
         60, 0, .due = "Mon 16:00", .stopped = "Mon 13:00"},
        {"last: what was paused before is gone", LAST,
         "Mon 09:00 created customer; Mon 10:00 set status=pending; Mon 11:00 reply customer; "
         "Mon 12:00 set status=open",
         "Mon 13:00", ACTIVE, 1, 0, 60, 60, .due = "Mon 16:00"},
        {"last: a late cycle is not late any more", LAST,
         "Mon 09:00 created customer; Mon 14:00 reply customer", "Mon 15:00", ACTIVE, 1, 0, 60, 0,
         .due = "Tue 10:00"},
        {"last: a reply that is also a change", LAST,
         "Mon 09:00 created customer; Mon 10:00 reply customer status=hold", "Mon 11:00", PAUSED,
         1, 0, 0, 60, .if_resumed = "Mon 15:00"},
        {"first reply, from the last message", FIRST(CSQ_MESSAGE_BASE_LAST), TWO, "Mon 13:00",
         ACTIVE, 1, 0, 60, 0, .due = "Mon 16:00"},
        {"first reply, each message", FIRST(CSQ_MESSAGE_BASE_EACH),
         TWO "; Mon 13:00 reply agent; Mon 14:00 reply customer", "Mon 15:00", COMPLETED, 2, 0, 60,
         0, .due = "Mon 16:00", .stopped = "Mon 13:00"},
        {"a creation is begun by no message",
         {.kind = CSQ_METRIC_FIRST_REPLY, .message_base = CSQ_MESSAGE_BASE_LAST}, TWO, "Mon 12:00",
         ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
    };
    CHECK(rows);
}

#define TERMS(base, change) {.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1,                    \
                             .message_base = (base), .on_change = (change)}

static void changed_terms_reach_every_message(void **state)
{
    (void)state;
    enum { BY_EACH = CSQ_MESSAGE_BASE_EACH, BY_LAST = CSQ_MESSAGE_BASE_LAST };
    static const clock_row rows[] = {
        {"each, retroactively urgent: 4 h around the clock",
         TERMS(BY_EACH, CSQ_ON_CHANGE_RETROACTIVE),
         "Mon 15:00 created customer; Mon 16:00 reply customer; Mon 18:00 set priority=urgent; "
         "Mon 19:30 reply agent",
         "Tue 09:00", COMPLETED, 2, 0, 210, 0, .due = "Mon 20:00", .stopped = "Mon 19:30"},
        {"each, carried", TERMS(BY_EACH, CSQ_ON_CHANGE_CARRY),
         "Mon 15:00 created customer; Mon 16:00 reply customer; Mon 18:00 set priority=urgent; "
         "Mon 19:30 reply agent",
         "Tue 09:00", COMPLETED, 2, 0, 150, 0, .due = "Mon 21:00", .stopped = "Mon 19:30"},
        {"each, restarted: two cancelled, two more", TERMS(BY_EACH, CSQ_ON_CHANGE_RESTART),
         TWO "; Mon 13:00 set priority=high; Mon 14:00 reply agent", "Tue 09:00", COMPLETED, 4, 0,
         60, 0, .due = "Mon 15:00", .stopped = "Mon 14:00"},
        {"each, with a message in the same update: it has the new terms, and comes first",
         TERMS(BY_EACH, CSQ_ON_CHANGE_RESTART),
         "Mon 10:00 created customer; Mon 11:00 reply customer priority=high", "Mon 12:00", ACTIVE,
         2, 0, 60, 0, .due = "Mon 13:00"},
        {"each, edited", EACH, TWO "; Mon 13:00 edit 2h; Mon 14:30 reply agent", "Tue 09:00",
         COMPLETED, 2, 1, 150, 0, .due = "Mon 14:00", .stopped = "Mon 14:30"},
        {"each, on another calendar", EACH,
         TWO "; Mon 13:00 set calendar=always; Mon 19:00 reply agent", "Tue 09:00", COMPLETED, 2,
         1, 420, 0, .due = "Mon 16:00", .stopped = "Mon 19:00"},
        {"last, retroactive: from the last message on", TERMS(BY_LAST, CSQ_ON_CHANGE_RETROACTIVE),
         "Mon 12:00 created customer; Mon 16:00 reply customer; Mon 18:00 set priority=urgent",
         "Mon 19:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 20:00"},
    };
    CHECK(rows);
}

/* Three messages, a reply: what the explanation tells while they wait, and the tally after it. */
static void each_message_is_told_and_counted(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)EACH, 2 * HOUR_MS);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 09:00 created customer; Mon 10:00 reply customer; "
                                    "Mon 11:30 reply customer; Mon 13:00 reply agent");
    csq_explanation *waiting = sla_explain(policies, ticket, 0, sla_at("Mon 12:00"));
    assert_int_equal(csq_explanation_cycle_count(waiting), 3);
    static const struct {
        const char *started;
        int elapsed;
        uint32_t breached;
    } cycles[] = {{"Mon 09:00", 180, 1}, {"Mon 10:00", 120, 0}, {"Mon 11:30", 30, 0}};
    for (uint64_t i = 0; i < 3; i++) {
        const csq_cycle cycle = sla_cycle(waiting, i);
        assert_ms_equal(cycle.started_at, sla_at(cycles[i].started));
        assert_ms_equal(cycle.elapsed_ms, cycles[i].elapsed * MINUTE_MS);
        assert_int_equal(cycle.breached, cycles[i].breached);
        assert_int_equal(cycle.phase, CSQ_PHASE_ACTIVE);
    }
    assert_int_equal(csq_explanation_stretch_count(waiting), 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(sla_stretch(waiting, i).cycle, i + 1);
        assert_ms_equal(sla_stretch(waiting, i).from, sla_at(cycles[i].started));
        assert_ms_equal(sla_stretch(waiting, i).to, sla_at("Mon 12:00"));
    }
    csq_explanation_free(waiting);
    for (int is_replied = 0; is_replied < 2; is_replied++) {
        csq_tally *tally;
        assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tally, NULL));
        assert_status(CSQ_OK, csq_tally_add(tally, ticket,
                                            sla_at(is_replied ? "Mon 14:00" : "Mon 12:00"), NULL));
        const csq_tally_row row = sla_row(tally, 0);
        assert_ms_equal(row.met, is_replied ? 1 : 0);
        assert_ms_equal(row.missed, is_replied ? 2 : 1);
        assert_ms_equal(row.open, is_replied ? 0 : 2);
        assert_ms_equal(row.late_open, is_replied ? 0 : 1);
        assert_ms_equal(row.overrun_ms, (is_replied ? 180 : 60) * MINUTE_MS);
        csq_tally_free(tally);
    }
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* The example of docs/clocks.md. */
static void a_reply_ends_the_cycle_of_each_message(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)EACH, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, TWO "; Mon 14:30 reply agent");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 13:00"));
    assert_ms_equal(sla_cycle(explanation, 0).elapsed_ms, 3 * HOUR_MS);
    assert_ms_equal(sla_cycle(explanation, 1).elapsed_ms, HOUR_MS);
    csq_explanation_free(explanation);
    explanation = sla_explain(policies, ticket, 0, sla_at("Mon 15:00"));
    assert_int_equal(csq_explanation_cycle_count(explanation), 2);
    assert_ms_equal(sla_cycle(explanation, 0).elapsed_ms, 270 * MINUTE_MS);
    assert_int_equal(sla_cycle(explanation, 0).breached, 1);
    assert_ms_equal(sla_cycle(explanation, 1).elapsed_ms, 150 * MINUTE_MS);
    assert_int_equal(sla_cycle(explanation, 1).breached, 0);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* The stretches of a cycle that began anew begin there. */
static void what_a_later_message_replaced_is_not_told(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)LAST, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 09:00 created customer; Mon 10:00 set status=pending; "
                                    "Mon 10:30 set status=open; Mon 11:00 reply customer");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 12:00"));
    assert_int_equal(csq_explanation_stretch_count(explanation), 1);
    const csq_stretch stretch = sla_stretch(explanation, 0);
    assert_ms_equal(stretch.from, sla_at("Mon 11:00"));
    assert_ms_equal(stretch.to, sla_at("Mon 12:00"));
    assert_int_equal(stretch.event, 3);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void open_messages_have_a_limit(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, (csq_metric)EACH, 0);
    csq_ticket *ticket = test_ticket(world.schema, 1);
    const csq_ms start = sla_at("Mon 09:00");
    for (uint32_t i = 0; i <= CSQ_BESIDE_LIMIT; i++) {
        csq_ticket_event message = test_event(CSQ_EVENT_REPLY, start + i, i);
        message.author = CSQ_AUTHOR_CUSTOMER;
        test_apply(ticket, message);
    }
    csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 10:00"));
    assert_ms_equal(answer.started_at, start);
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    csq_ticket_event one_more =
        test_event(CSQ_EVENT_REPLY, start + CSQ_BESIDE_LIMIT + 1, CSQ_BESIDE_LIMIT + 1);
    one_more.author = CSQ_AUTHOR_CUSTOMER;
    test_apply(ticket, one_more);
    csq_error error = {0};
    assert_status(CSQ_ELIMIT, csq_policies_answer(policies, ticket, 0, sla_at("Mon 10:00"), &answer,
                                                  &error));
    assert_ms_equal(error.index, CSQ_BESIDE_LIMIT + 1);
    assert_status(CSQ_OK, csq_policies_answer(policies, ticket, 0, start, &answer, &error));
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_clock_of_each_message_is_not_reset(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_condition *reset =
        sla_condition(world.schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_ESCALATE);
    csq_metric metric = sla_metric(&world, (csq_metric)EACH);
    metric.reset = reset;
    uint32_t index = 99;
    assert_status(CSQ_EINVAL, csq_policies_add_metric(world.builder, &metric, &index, NULL));
    assert_int_equal(index, 99);
    metric.message_base = CSQ_MESSAGE_BASE_LAST;
    assert_status(CSQ_OK, csq_policies_add_metric(world.builder, &metric, &index, NULL));
    csq_condition_free(reset);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_is_due_from_one_of_the_messages),
        cmocka_unit_test(changed_terms_reach_every_message),
        cmocka_unit_test(each_message_is_told_and_counted),
        cmocka_unit_test(a_reply_ends_the_cycle_of_each_message),
        cmocka_unit_test(what_a_later_message_replaced_is_not_told),
        cmocka_unit_test(open_messages_have_a_limit),
        cmocka_unit_test(a_clock_of_each_message_is_not_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
