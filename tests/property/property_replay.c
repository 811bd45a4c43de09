/*
 * property_replay — random policies over random logs: replaying a log, which learns what events do
 * once and looks it up from then on, counts as adding its tickets one by one, to the last byte.
 */
#include "sla_columns.h"
#include "sla_trial.h"

enum { N_TICKETS = 100 };

static csq_tally *tally_of(trial *t, const csq_tally_options *options)
{
    csq_tally *tally = NULL;
    assert_status(CSQ_OK, csq_tally_new(t->policies, options, NULL, &tally, NULL));
    return tally;
}

static void check_log(trial *t, const sla_columns *log, const csq_tally_options *options,
                      csq_ms now, const csq_tally *expected)
{
    csq_tally *tally = tally_of(t, options);
    const csq_event_columns columns = sla_columns_of(log);
    csq_error error = {0};
    const csq_status status = csq_tally_replay(tally, &columns, now, NULL, NULL, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    assert_true(sla_is_same_tally(tally, expected));
    csq_tally_free(tally);
}

/* Every other history has only events that stand alone: these a replay learns. */
static uint32_t plain_history(trial *t, csq_ticket_event *events)
{
    const uint32_t n = random_history(t, events);
    const bool is_plain = draw(t, 2) == 0;
    for (uint32_t i = 0; i < n && is_plain; i++) {
        events[i].joined = 0;
    }
    return n;
}

static void check_policies(trial *t, sla_columns *log)
{
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP, CSQ_TICKET_ASSIGNEE};
    const csq_tally_options options = {.size = sizeof options,
                                       .attributes = attributes,
                                       .n_attributes = draw(t, 4),
                                       .period = draw(t, 2) == 0 ? 0 : (uint32_t)CSQ_PERIOD_DAY};
    const csq_ms now = sla_at("Mon 00:00") + draw(t, 60) * DAY_MS / 4;
    csq_tally *expected = tally_of(t, &options);
    log->n = 0;
    log->n_types = 0;
    for (uint32_t i = 0; i < N_TICKETS; i++) {
        csq_ticket_event events[MAX_EVENTS];
        const uint32_t n = plain_history(t, events);
        csq_ticket *ticket = told(t, i + 1, events, n, false);
        assert_status(CSQ_OK, csq_tally_add(expected, ticket, now, NULL));
        sla_columns_add_ticket(log, ticket);
        csq_ticket_free(ticket);
    }
    check_log(t, log, &options, now, expected);
    sla_columns_shuffle(log, &t->seed);
    check_log(t, log, &options, now, expected);
    csq_tally_free(expected);
}

static void replaying_is_adding_tickets_one_by_one(void **state)
{
    (void)state;
    static trial t;
    sla_columns log;
    t = (trial){.seed = 20261122};
    open_trial(&t);
    sla_columns_open(&log, N_TICKETS * MAX_EVENTS);
    for (uint32_t done = 0; done < N_HISTORIES; done += N_TICKETS) {
        draw_policies(&t);
        check_policies(&t, &log);
    }
    sla_columns_close(&log);
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaying_is_adding_tickets_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
