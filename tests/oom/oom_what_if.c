/*
 * oom_what_if — the n-th allocation fails, for every n, while tickets and logs are judged by two
 * policies and results are merged and copied; what refused is what it was before.
 */
#include "what_if_support.h"

enum { N = 6 };

static uint64_t tickets_of(const csq_what_if *what_if)
{
    csq_what_if_summary summary = {.size = sizeof summary};
    assert_status(CSQ_OK, csq_what_if_summary_of(what_if, &summary, NULL));
    return summary.tickets;
}

/* Cycles in both tallies, and listed changes: what a half-applied step would show in. */
static void assert_holds(const csq_what_if *what_if, uint64_t n)
{
    assert_ms_equal(tickets_of(what_if), n);
    assert_ms_equal(csq_what_if_count(what_if), n < 3 ? n : 3);
    for (uint32_t side = 0; side < 2; side++) {
        const csq_tally *tally = csq_what_if_tally(what_if, side);
        uint64_t cycles = 0;
        for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
            const csq_tally_row row = sla_row(tally, i);
            assert_true(row.met + row.missed > 0);
            cycles += row.met + row.missed;
        }
        assert_ms_equal(cycles, n);
    }
}

/* Rows of three tickets, not in their order. */
static csq_status replay(csq_what_if *what_if, const sides *s)
{
    static const uint64_t tickets[N] = {3, 1, 2, 1, 3, 2};
    static const uint8_t kinds[N] = {0, 0, 0, 1, 1, 1};
    const csq_event_type types[] = {
        {.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
        {.size = sizeof types[0], .kind = CSQ_EVENT_CHANGE, .attribute = CSQ_TICKET_STATUS}};
    int64_t at[N];
    int64_t values[N];
    for (uint32_t i = 0; i < N; i++) {
        at[i] = sla_at("Mon 09:00") + (csq_ms)i * HOUR_MS;
        values[i] = kinds[i] == 0 ? 0 : (int64_t)s->world.stop_statuses[0];
    }
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 2};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, tickets, N);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, N);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, N);
    columns.value = csq_column_of(CSQ_COLUMN_INT64, values, N);
    return csq_what_if_replay(what_if, &columns, sla_at("Fri 20:00"), NULL, NULL, NULL);
}

static csq_status add(csq_what_if *what_if, const sides *s, uint64_t id, const char *events)
{
    csq_ticket *ticket = sla_ticket(s->world.schema, id, events);
    const csq_status status = csq_what_if_add(what_if, ticket, sla_at("Fri 20:00"), NULL);
    csq_ticket_free(ticket);
    return status;
}

static csq_status merge_copy(csq_what_if *what_if)
{
    csq_what_if *copy = (csq_what_if *)&what_if;
    csq_status status = csq_what_if_copy(what_if, &copy, NULL);
    if (status != CSQ_OK) {
        assert_null(copy);
        return status;
    }
    const uint64_t n = tickets_of(what_if);
    status = csq_what_if_merge(copy, what_if, NULL);
    assert_holds(copy, status == CSQ_OK ? 2 * n : n);
    csq_what_if_free(copy);
    return status;
}

static csq_status what_if_scenario(const csq_allocator *allocator)
{
    static const draft before = {.hours = 4, .metric = {.on_change = CSQ_ON_CHANGE_RETROACTIVE}};
    static const draft after = {.hours = 3,
                                .calendar = SLA_EARLY,
                                .metric = {.calendar_switch = CSQ_CALENDAR_SWITCH_LATEST}};
    sides s;
    open_sides(&s, &before, &after);
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY};
    const csq_tally_options groups = {
        .size = sizeof groups, .n_attributes = 1, .attributes = attributes, .quantiles = 7};
    const csq_what_if_options options = {
        .size = sizeof options, .change_limit = 3, .tally = &groups};
    csq_what_if *what_if = (csq_what_if *)&s;
    csq_status status =
        csq_what_if_new(s.policies[0], s.policies[1], &options, allocator, &what_if, NULL);
    if (status != CSQ_OK) {
        assert_null(what_if);
    }
    if (status == CSQ_OK) {
        status = add(what_if, &s, 7,
                     "Mon 09:00 created priority=high; Mon 10:00 set priority=low calendar=office; "
                     "Mon 12:00 set status=solved");
        assert_holds(what_if, status == CSQ_OK);
    }
    if (status == CSQ_OK) {
        status = replay(what_if, &s);
        assert_holds(what_if, status == CSQ_OK ? 4 : 1);
    }
    if (status == CSQ_OK) {
        status = merge_copy(what_if);
    }
    csq_what_if_free(what_if);
    close_sides(&s);
    return status;
}

static void what_ifs_survive_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(what_if_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ifs_survive_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
