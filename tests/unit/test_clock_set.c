/*
 * test_clock_set — a set of clocks: what is next, what became due, late events, single refusals.
 *
 * One metric, first reply: high 2 h, anything else 4 h of office time (Mon-Fri 09:00-17:00Z), with
 * a warning at 50 % and an escalation an hour after the target. Instants are worked out by hand.
 */
#include "clock_set_support.h"

enum { WARNING, ESCALATION, BREACH = CSQ_NO_INDEX };

typedef struct live_world {
    sla_world world;
    csq_clock_set *set;
} live_world;

static void open_live(live_world *live, csq_metric metric)
{
    sla_open(&live->world);
    const uint32_t index = sla_add_metric(&live->world, metric);
    sla_add_step(&live->world, index, "warning", CSQ_STEP_PERCENT, 5000);
    sla_add_step(&live->world, index, "escalation", CSQ_STEP_OFFSET, HOUR_MS);
    (void)sla_add_policy(&live->world, "policy", NULL);
    sla_add_target(&live->world, (csq_target){.metric = index,
                                              .attribute = CSQ_TICKET_PRIORITY,
                                              .code = live->world.high,
                                              .within_ms = 2 * HOUR_MS,
                                              .calendar = SLA_OFFICE});
    sla_add_target(&live->world, (csq_target){.metric = index,
                                              .attribute = CSQ_TICKET_PRIORITY,
                                              .within_ms = 4 * HOUR_MS,
                                              .calendar = SLA_OFFICE});
    live->set = live_set(sla_build(&live->world));
}

static void open_first_reply(live_world *live)
{
    open_live(live, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY});
}

static void close_live(live_world *live)
{
    csq_clock_set_free(live->set);
    sla_close(&live->world);
}

static void tell(live_world *live, uint64_t ticket, uint64_t first, const char *text)
{
    live_tell(live->set, live->world.schema, ticket, first, text);
}

/* ---- in order ------------------------------------------------------------------------------ */

/* 50 % of 4 h after 09:00 is 11:00; late from 13:00:00.001 on; the escalation is at 14:00. */
static void a_timer_hears_each_step_and_the_breach_at_its_instant(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    assert_ms_equal(csq_clock_set_taken(live.set), CSQ_MS_NONE);
    tell(&live, 7, 0, "Mon 09:00 created customer");
    assert_ms_equal(live_next(live.set), sla_at("Mon 11:00"));
    assert_int_equal(live_take(live.set, "Mon 10:59:59"), 0);
    assert_int_equal(live_take(live.set, "Mon 11:00"), 1);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_NEW, WARNING, sla_at("Mon 11:00"));
    assert_int_equal(live_take(live.set, "Mon 11:00"), 0);
    assert_ms_equal(live_next(live.set), sla_at("Mon 13:00") + 1);
    assert_int_equal(live_take(live.set, "Mon 13:00"), 0);
    assert_int_equal(live_take(live.set, "Mon 13:01"), 1);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_NEW, BREACH, sla_at("Mon 13:00") + 1);
    assert_int_equal(live_notice(live.set, 0).kind, CSQ_NOTICE_BREACH);
    assert_ms_equal(live_next(live.set), sla_at("Mon 14:00"));
    tell(&live, 7, 1, "Mon 13:30 reply agent");
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    assert_int_equal(live_take(live.set, "Fri 17:00"), 0);
    assert_ms_equal(csq_clock_set_taken(live.set), sla_at("Fri 17:00"));
    close_live(&live);
}

/* docs/live.md, "An example". */
static void the_example_of_the_page_is_as_written(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    tell(&live, 7, 0, "Mon 09:00 created customer");
    assert_ms_equal(live_next(live.set), sla_at("Mon 11:00"));
    assert_int_equal(live_take(live.set, "Mon 11:00"), 1);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_NEW, WARNING, sla_at("Mon 11:00"));
    assert_ms_equal(live_next(live.set), sla_at("Mon 13:00") + 1);
    assert_int_equal(live_take(live.set, "Mon 13:01"), 1);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_NEW, BREACH, sla_at("Mon 13:00") + 1);
    assert_ms_equal(live_next(live.set), sla_at("Mon 14:00"));
    assert_int_equal(live_take(live.set, "Mon 15:00"), 1);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_NEW, ESCALATION, sla_at("Mon 14:00"));
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    tell(&live, 7, 1, "Mon 12:00 reply agent");
    assert_ms_equal(live_next(live.set), sla_at("Mon 13:00") + 1);
    assert_int_equal(live_take(live.set, "Mon 15:10"), 2);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_WITHDRAWN, BREACH,
                  sla_at("Mon 13:00") + 1);
    assert_notice(live_notice(live.set, 1), 7, CSQ_NOTICE_WITHDRAWN, ESCALATION,
                  sla_at("Mon 14:00"));
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    close_live(&live);
}

/* A take after a night tells all in the order of (at, ticket): 7 was created at 16:00, 50 % of its
 * 2 h are at 17:00 and it is late from 09:00:00.001 + 1 h on. */
static void one_take_tells_of_all_tickets_in_order(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    tell(&live, 9, 0, "Mon 09:00 created customer");
    tell(&live, 7, 0, "Mon 16:00 created customer priority=high");
    tell(&live, 8, 0, "Mon 09:00 created customer; Mon 09:30 reply agent");
    tell(&live, 5, 0, "Mon 09:00 created customer");
    assert_int_equal(live_take(live.set, "Tue 10:30"), 8);
    static const struct {
        uint64_t ticket;
        uint32_t step;
        const char *at;
        int late;
    } rows[] = {{5, WARNING, "Mon 11:00", 0},    {9, WARNING, "Mon 11:00", 0},
                {5, BREACH, "Mon 13:00", 1},     {9, BREACH, "Mon 13:00", 1},
                {5, ESCALATION, "Mon 14:00", 0}, {9, ESCALATION, "Mon 14:00", 0},
                {7, WARNING, "Mon 17:00", 0},    {7, BREACH, "Tue 10:00", 1}};
    for (uint64_t i = 0; i < 8; i++) {
        const csq_notice notice = live_notice(live.set, i);
        assert_notice(notice, rows[i].ticket, CSQ_NOTICE_NEW, rows[i].step,
                      sla_at(rows[i].at) + rows[i].late);
        assert_int_equal(notice.cycle, 1);
        assert_int_equal(notice.clock, 0);
        assert_ms_equal(notice.was_at, CSQ_MS_NONE);
    }
    close_live(&live);
}

/* Of equal instants the smallest id is next, whatever the order in which they came. */
static void the_smallest_id_of_an_instant_is_next(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    csq_ms at;
    uint64_t ticket;
    for (uint64_t i = 0; i < 40; i++) {
        tell(&live, (i * 17 + 5) % 40, 0, "Mon 09:00 created customer");
    }
    for (uint64_t i = 0; i < 40; i++) {
        assert_status(CSQ_OK, csq_clock_set_next(live.set, &at, &ticket, NULL));
        assert_ms_equal(ticket, i);
        assert_status(CSQ_OK, csq_clock_set_remove(live.set, i, NULL));
    }
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    close_live(&live);
}

/* ---- late events --------------------------------------------------------------------------- */

/* A message before the one that started the clock moves what stays true; one of another ticket
 * tells of the past. */
static void a_late_message_moves_what_was_told(void **state)
{
    (void)state;
    live_world live;
    open_live(&live, (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1});
    tell(&live, 7, 1, "Mon 09:30 reply customer");
    assert_int_equal(live_take(live.set, "Mon 12:00"), 1);
    tell(&live, 7, 0, "Mon 09:00 reply customer");
    assert_int_equal(live_take(live.set, "Mon 12:30"), 1);
    const csq_notice moved = live_notice(live.set, 0);
    assert_notice(moved, 7, CSQ_NOTICE_MOVED, WARNING, sla_at("Mon 11:00"));
    assert_ms_equal(moved.was_at, sla_at("Mon 11:30"));
    tell(&live, 8, 0, "Mon 09:00 reply customer");
    assert_int_equal(live_take(live.set, "Mon 12:45"), 1);
    assert_notice(live_notice(live.set, 0), 8, CSQ_NOTICE_NEW, WARNING, sla_at("Mon 11:00"));
    close_live(&live);
}

/* What an earlier cycle reached stays told; the next one is told for itself. */
static void each_cycle_is_told_for_itself(void **state)
{
    (void)state;
    live_world live;
    open_live(&live,
              (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NEW_CYCLE});
    tell(&live, 7, 0, "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 set status=open");
    assert_int_equal(live_take(live.set, "Mon 16:00"), 2);
    assert_notice(live_notice(live.set, 0), 7, CSQ_NOTICE_NEW, WARNING, sla_at("Mon 11:00"));
    assert_notice(live_notice(live.set, 1), 7, CSQ_NOTICE_NEW, WARNING, sla_at("Mon 15:00"));
    assert_int_equal(live_notice(live.set, 1).cycle, 2);
    close_live(&live);
}

/* Events after `now` do not exist yet; they take effect when a take reaches them. */
static void events_of_the_future_wait(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    tell(&live, 7, 0, "Mon 09:00 created customer; Mon 10:00 reply agent");
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    tell(&live, 8, 0, "Mon 09:00 created customer; Mon 12:00 reply agent");
    assert_ms_equal(live_next(live.set), sla_at("Mon 11:00"));
    assert_int_equal(live_take(live.set, "Mon 11:30"), 1);
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE); // the reply will come before 13:00
    assert_int_equal(live_take(live.set, "Tue 12:00"), 0);
    close_live(&live);
}

/* A joined event is judged together with the one before it, also if it comes by itself. */
static void joined_events_may_come_one_by_one(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    tell(&live, 7, 0, "Mon 09:00 created customer priority=high");
    assert_ms_equal(live_next(live.set), sla_at("Mon 10:00"));
    tell(&live, 7, 2, "Mon 09:15 reply agent status=pending");
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_OK, csq_clock_set_answer(live.set, 7, 0, sla_at("Tue 09:00"), &answer, NULL));
    assert_int_equal(answer.phase, CSQ_PHASE_COMPLETED);
    assert_ms_equal(answer.elapsed_ms, HOUR_MS / 4);
    close_live(&live);
}

/* The calendars of the tests begin with 2000: what lies before is a fact that cannot be judged. */
static void an_event_that_cannot_be_judged_is_kept_and_tells_nothing(void **state)
{
    (void)state;
    live_world live;
    open_live(&live, (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1});
    tell(&live, 7, 1, "Mon 09:00 reply customer");
    assert_int_equal(live_take(live.set, "Mon 12:00"), 1);
    csq_ticket_event far = test_reply(INT64_C(946684800000) - 1, 0, CSQ_AUTHOR_CUSTOMER, 0);
    assert_status(CSQ_OK, csq_clock_set_apply(live.set, 7, &far, NULL));
    assert_ms_equal(csq_ticket_count(csq_clock_set_ticket(live.set, 7)), 2);
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    assert_int_equal(live_take(live.set, "Mon 20:00"), 0);
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_ERANGE,
                  csq_clock_set_answer(live.set, 7, 0, sla_at("Mon 20:00"), &answer, NULL));
    close_live(&live);
}

/* ---- tickets ------------------------------------------------------------------------------- */

static void tickets_are_found_listed_and_removed(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    const uint64_t empty = csq_clock_set_memory(live.set);
    for (uint64_t i = 0; i < 500; i++) {
        tell(&live, i << 40, 0, "Mon 09:00 created customer");
    }
    assert_ms_equal(csq_clock_set_count(live.set), 500);
    assert_true(csq_clock_set_memory(live.set) > empty + 500 * 200);
    for (uint64_t i = 0; i < 500; i += 2) {
        assert_status(CSQ_OK, csq_clock_set_remove(live.set, i << 40, NULL));
        assert_status(CSQ_ENOTFOUND, csq_clock_set_remove(live.set, i << 40, NULL));
    }
    assert_ms_equal(csq_clock_set_count(live.set), 250);
    uint64_t sum = 0;
    for (uint64_t i = 0; csq_clock_set_ticket_at(live.set, i) != NULL; i++) {
        sum += csq_ticket_id(csq_clock_set_ticket_at(live.set, i)) >> 40;
    }
    assert_ms_equal(sum, 250 * 250);
    for (uint64_t i = 0; i < 500; i++) {
        const csq_ticket *ticket = csq_clock_set_ticket(live.set, i << 40);
        assert_int_equal(ticket != NULL, i % 2);
        assert_true(ticket == NULL || csq_ticket_id(ticket) == i << 40);
    }
    assert_int_equal(live_take(live.set, "Mon 12:00"), 250);
    csq_clock_set_reset(live.set);
    assert_ms_equal(csq_clock_set_count(live.set), 0);
    assert_ms_equal(csq_clock_set_taken(live.set), CSQ_MS_NONE);
    assert_ms_equal(live_next(live.set), CSQ_MS_NONE);
    assert_ms_equal(csq_clock_set_memory(live.set) <= empty + 65536, 1);
    close_live(&live);
}

/* An event that is refused leaves no ticket behind, and an old one as it was. */
static void what_is_refused_leaves_no_trace(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    csq_ticket_event event = test_event(CSQ_EVENT_CHANGE, sla_at("Mon 09:00"), 0);
    assert_status(CSQ_EEVENT, csq_clock_set_apply(live.set, 7, &event, NULL));
    assert_ms_equal(csq_clock_set_count(live.set), 0);
    event = test_setting(CSQ_EVENT_MERGE, event.at, 0, 0, 7);
    assert_status(CSQ_EEVENT, csq_clock_set_apply(live.set, 7, &event, NULL));
    tell(&live, 7, 0, "Mon 09:00 created customer");
    event = test_reply(sla_at("Mon 10:00"), 0, CSQ_AUTHOR_AGENT, 0);
    assert_status(CSQ_ECONFLICT, csq_clock_set_apply(live.set, 7, &event, NULL));
    event = test_event(CSQ_EVENT_CREATED, sla_at("Mon 09:00"), 0);
    event.author = CSQ_AUTHOR_CUSTOMER;
    assert_status(CSQ_OK, csq_clock_set_apply(live.set, 7, &event, NULL));
    assert_ms_equal(csq_ticket_count(csq_clock_set_ticket(live.set, 7)), 1);
    assert_ms_equal(live_next(live.set), sla_at("Mon 11:00"));
    close_live(&live);
}

static void arguments_are_checked(void **state)
{
    (void)state;
    live_world live;
    open_first_reply(&live);
    csq_clock_set *out = live.set;
    uint64_t n = 99;
    csq_ms at = 99;
    csq_answer answer = {.size = sizeof answer};
    csq_notice notice = {.size = sizeof notice};
    const csq_ticket_event event = test_event(CSQ_EVENT_CREATED, 0, 0);
    csq_clock_set_options options = {.size = sizeof options, .reserved = 1};
    assert_status(CSQ_EINVAL, csq_clock_set_new(live.world.policies, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_new(live.world.policies, &options, NULL, &out, NULL));
    assert_null(out);
    assert_status(CSQ_EINVAL, csq_clock_set_new(NULL, NULL, NULL, &out, NULL));
    options.size = 2;
    assert_status(CSQ_EABI, csq_clock_set_new(live.world.policies, &options, NULL, &out, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_copy(NULL, &out, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_copy(live.set, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_apply(NULL, 1, &event, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_apply(live.set, 1, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_apply_columns(NULL, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_apply_columns(live.set, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_remove(NULL, 1, NULL));
    assert_status(CSQ_ENOTFOUND, csq_clock_set_remove(live.set, 1, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_answer(NULL, 1, 0, 0, &answer, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_answer(live.set, 1, 0, 0, NULL, NULL));
    assert_status(CSQ_ENOTFOUND, csq_clock_set_answer(live.set, 1, 0, 0, &answer, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_next(NULL, &at, &n, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_next(live.set, NULL, &n, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_next(live.set, &at, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_take(NULL, 0, &n, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_take(live.set, 0, NULL, NULL));
    assert_status(CSQ_ERANGE, csq_clock_set_take(live.set, CSQ_MS_NONE, &n, NULL));
    assert_status(CSQ_OK, csq_clock_set_take(live.set, 5, &n, NULL));
    assert_status(CSQ_EORDER, csq_clock_set_take(live.set, 4, &n, NULL));
    assert_ms_equal(n, 0);
    assert_status(CSQ_EINVAL, csq_clock_set_notice(NULL, 0, &notice, NULL));
    assert_status(CSQ_ERANGE, csq_clock_set_notice(live.set, 0, &notice, NULL));
    tell(&live, 1, 0, "Mon 09:00 created");
    assert_int_equal(live_take(live.set, "Mon 12:00"), 1);
    assert_status(CSQ_ERANGE, csq_clock_set_answer(live.set, 1, 1, 0, &answer, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_notice(live.set, 0, NULL, NULL));
    notice.size = 4;
    assert_status(CSQ_EABI, csq_clock_set_notice(live.set, 0, &notice, NULL));
    assert_ms_equal(csq_clock_set_count(NULL) + csq_clock_set_memory(NULL), 0);
    assert_null(csq_clock_set_ticket(NULL, 1));
    assert_null(csq_clock_set_ticket_at(NULL, 0));
    assert_ms_equal(csq_clock_set_taken(NULL), CSQ_MS_NONE);
    csq_clock_set_reset(NULL);
    csq_clock_set_free(NULL);
    close_live(&live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_hears_each_step_and_the_breach_at_its_instant),
        cmocka_unit_test(the_example_of_the_page_is_as_written),
        cmocka_unit_test(one_take_tells_of_all_tickets_in_order),
        cmocka_unit_test(the_smallest_id_of_an_instant_is_next),
        cmocka_unit_test(a_late_message_moves_what_was_told),
        cmocka_unit_test(each_cycle_is_told_for_itself),
        cmocka_unit_test(events_of_the_future_wait),
        cmocka_unit_test(joined_events_may_come_one_by_one),
        cmocka_unit_test(an_event_that_cannot_be_judged_is_kept_and_tells_nothing),
        cmocka_unit_test(tickets_are_found_listed_and_removed),
        cmocka_unit_test(what_is_refused_leaves_no_trace),
        cmocka_unit_test(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
