/*
 * test_what_if_log — a what-if over logs in columns: as its tickets one by one, in any order, in
 * parts that merge; and nothing changes where something is refused.
 */
#include "what_if_support.h"

enum { LOG_TICKETS = 60, LOG_ROWS = 3 * LOG_TICKETS };

/* Tickets, each created, paused and solved, as columns; in order or not, one row twice. */
typedef struct log_columns {
    csq_event_type types[3];
    uint64_t tickets[LOG_ROWS + 1];
    int64_t at[LOG_ROWS + 1];
    uint8_t kinds[LOG_ROWS + 1];
    int64_t values[LOG_ROWS + 1];
    uint64_t sequences[LOG_ROWS + 1];
    csq_event_columns columns;
} log_columns;

static void fill_log(log_columns *log, const sla_world *world, bool is_shuffled)
{
    const csq_event_type change = {
        .size = sizeof change, .kind = CSQ_EVENT_CHANGE, .attribute = CSQ_TICKET_STATUS};
    log->types[0] = (csq_event_type){.size = sizeof change, .kind = CSQ_EVENT_CREATED};
    log->types[1] = change;
    for (uint64_t i = 0; i < LOG_ROWS; i++) {
        const uint64_t row = is_shuffled ? i * 7 % LOG_ROWS : i;
        const uint64_t step = i % 3;
        log->tickets[row] = 100 + i / 3;
        log->at[row] = sla_at("Mon 07:00") + (int64_t)(i / 3 * 17 % 50) * 15 * MINUTE_MS +
                       (int64_t)(step * (1 + i / 3 % 4)) * HOUR_MS;
        log->kinds[row] = step > 0;
        log->values[row] = step == 0   ? 0
                           : step == 1 ? (int64_t)world->pause_statuses[0]
                                       : (int64_t)world->stop_statuses[0];
        if (step == 1 && i / 3 % 3 != 0) {
            log->values[row] = (int64_t)world->cancel_statuses[0] + 100; // set below
        }
        log->sequences[row] = step + 1;
    }
    const uint32_t open = test_code(world->schema, CSQ_TICKET_STATUS, "open");
    for (uint64_t i = 0; i < LOG_ROWS; i++) {
        if (log->values[i] == (int64_t)world->cancel_statuses[0] + 100) {
            log->values[i] = open;
        }
    }
    const uint64_t n = LOG_ROWS + is_shuffled;
    if (is_shuffled) { // a fact may come twice
        log->tickets[LOG_ROWS] = log->tickets[4];
        log->at[LOG_ROWS] = log->at[4];
        log->kinds[LOG_ROWS] = log->kinds[4];
        log->values[LOG_ROWS] = log->values[4];
        log->sequences[LOG_ROWS] = log->sequences[4];
    }
    log->columns =
        (csq_event_columns){.size = sizeof log->columns, .types = log->types, .n_types = 2};
    log->columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, log->tickets, n);
    log->columns.at = csq_column_of(CSQ_COLUMN_INT64, log->at, n);
    log->columns.type = csq_column_of(CSQ_COLUMN_UINT8, log->kinds, n);
    log->columns.value = csq_column_of(CSQ_COLUMN_INT64, log->values, n);
    log->columns.sequence = csq_column_of(CSQ_COLUMN_UINT64, log->sequences, n);
}

static void assert_same_what_if(const csq_what_if *a, const csq_what_if *b)
{
    const csq_what_if_summary x = summary_of(a);
    const csq_what_if_summary y = summary_of(b);
    assert_memory_equal(&x, &y, sizeof x);
    assert_ms_equal(csq_what_if_count(a), csq_what_if_count(b));
    for (uint64_t i = 0; i < csq_what_if_count(a); i++) {
        const csq_what_if_change p = change_at(a, i);
        const csq_what_if_change q = change_at(b, i);
        assert_memory_equal(&p, &q, sizeof p);
        for (uint32_t side = 0; side < 2; side++) {
            const csq_answer v = answer_of(a, i, side);
            const csq_answer w = answer_of(b, i, side);
            assert_memory_equal(&v, &w, sizeof v);
        }
    }
    for (uint32_t side = 0; side < 2; side++) {
        assert_true(sla_is_same_tally(csq_what_if_tally(a, side), csq_what_if_tally(b, side)));
    }
}

/* Ticket by ticket, made of the rows of a log in order; every third ticket goes to the same part.
 */
static void judge_tickets(const sides *s, const log_columns *log, csq_what_if *const *parts,
                          uint64_t n_parts, csq_ms now)
{
    for (uint64_t i = 0; i < LOG_TICKETS; i++) {
        csq_ticket *ticket = test_ticket(s->world.schema, 100 + i);
        for (uint64_t k = 3 * i; k < 3 * i + 3; k++) {
            csq_ticket_event event = test_event(log->kinds[k] == 0 ? (uint32_t)CSQ_EVENT_CREATED
                                                                   : (uint32_t)CSQ_EVENT_CHANGE,
                                                log->at[k], log->sequences[k]);
            event.attribute = log->kinds[k] == 0 ? 0 : (uint32_t)CSQ_TICKET_STATUS;
            event.value = log->values[k];
            test_apply(ticket, event);
        }
        assert_status(CSQ_OK, csq_what_if_add(parts[i % n_parts], ticket, now, NULL));
        csq_ticket_free(ticket);
    }
}

static int cancel_at_once(void *user, uint64_t done, uint64_t total)
{
    (void)done;
    (void)total;
    return ++*(int *)user;
}

static void a_log_is_judged_as_its_tickets_are(void **state)
{
    (void)state;
    static log_columns ordered;
    static log_columns shuffled;
    const csq_ms now = sla_at("Wed 12:00");
    sides s;
    open_sides(&s, &page_before, &page_after);
    fill_log(&ordered, &s.world, false);
    fill_log(&shuffled, &s.world, true);
    for (uint32_t limit = 5; limit <= 100; limit += 95) {
        const csq_what_if_options options = {.change_limit = limit};
        csq_what_if *parts[3];
        for (int p = 0; p < 3; p++) {
            parts[p] = what_if_of(&s, options);
        }
        csq_what_if *single = what_if_of(&s, options);
        judge_tickets(&s, &ordered, &single, 1, now);
        judge_tickets(&s, &ordered, parts, 3, now);
        assert_true(summary_of(single).worse > 0 && summary_of(single).better > 0);
        assert_ms_equal(summary_of(single).tickets, LOG_TICKETS);
        csq_what_if *replayed = what_if_of(&s, options);
        assert_status(CSQ_OK,
                      csq_what_if_replay(replayed, &ordered.columns, now, NULL, NULL, NULL));
        assert_same_what_if(replayed, single);
        csq_what_if_reset(replayed);
        assert_status(CSQ_OK,
                      csq_what_if_replay(replayed, &shuffled.columns, now, NULL, NULL, NULL));
        assert_same_what_if(replayed, single);
        csq_what_if *merged;
        assert_status(CSQ_OK, csq_what_if_copy(parts[2], &merged, NULL));
        assert_same_what_if(merged, parts[2]);
        assert_status(CSQ_OK, csq_what_if_merge(merged, parts[0], NULL));
        assert_status(CSQ_OK, csq_what_if_merge(merged, parts[1], NULL));
        assert_same_what_if(merged, single);
        csq_what_if *const all[] = {parts[0], parts[1], parts[2], single, replayed, merged};
        for (size_t i = 0; i < 6; i++) {
            csq_what_if_free(all[i]);
        }
    }
    close_sides(&s);
}

static void a_bad_log_changes_nothing(void **state)
{
    (void)state;
    enum { MANY = 70000 };
    static log_columns log;
    const csq_ms now = sla_at("Wed 12:00");
    csq_error error;
    sides s;
    open_sides(&s, &page_before, &page_after);
    fill_log(&log, &s.world, false);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    csq_what_if *before;
    judge(what_if, &s, 1, SOLVED_AT_12, "Fri 20:00");
    assert_status(CSQ_OK, csq_what_if_copy(what_if, &before, NULL));
    log.kinds[77] = 9;
    assert_status(CSQ_ECODE, csq_what_if_replay(what_if, &log.columns, now, NULL, NULL, &error));
    assert_ms_equal(error.index, 77);
    log.kinds[77] = 1;
    log.at[57] = 0; // before the years of the calendars
    assert_status(CSQ_ERANGE, csq_what_if_replay(what_if, &log.columns, now, NULL, NULL, &error));
    assert_ms_equal(error.index, 57);
    assert_status(CSQ_ERANGE, csq_what_if_replay(what_if, &log.columns, now, NULL, NULL, NULL));
    static uint64_t tickets[MANY];
    static int64_t instants[MANY];
    static uint8_t kinds[MANY];
    for (uint64_t i = 0; i < MANY; i++) {
        tickets[i] = i;
        instants[i] = sla_at("Mon 09:00");
    }
    csq_event_columns many = {.size = sizeof many, .types = log.types, .n_types = 1};
    many.ticket = csq_column_of(CSQ_COLUMN_UINT64, tickets, MANY);
    many.at = csq_column_of(CSQ_COLUMN_INT64, instants, MANY);
    many.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, MANY);
    int n_told = 0;
    assert_status(CSQ_ECANCELLED,
                  csq_what_if_replay(what_if, &many, now, cancel_at_once, &n_told, &error));
    assert_string_equal(error.message, "cancelled after 65536 rows");
    assert_int_equal(n_told, 1);
    assert_same_what_if(what_if, before);
    csq_what_if_free(before);
    csq_what_if_free(what_if);
    close_sides(&s);
}

static void what_ifs_of_other_policies_or_options_do_not_merge(void **state)
{
    (void)state;
    const csq_tally_options by_day = {.size = sizeof by_day, .period = CSQ_PERIOD_DAY};
    sides s;
    open_sides(&s, &page_before, &page_after);
    sides swapped = s;
    swapped.policies[0] = s.policies[1];
    swapped.policies[1] = s.policies[0];
    csq_what_if *const what_ifs[] = {
        what_if_of(&s, (csq_what_if_options){.list = 0}),
        what_if_of(&s, (csq_what_if_options){.list = CSQ_WHAT_IF_LIST_MISSED}),
        what_if_of(&s, (csq_what_if_options){.change_limit = 9}),
        what_if_of(&s, (csq_what_if_options){.tally = &by_day}),
        what_if_of(&swapped, (csq_what_if_options){.list = 0}),
    };
    csq_error error;
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 5; k++) {
            assert_status(i == k ? CSQ_OK : CSQ_EMISMATCH,
                          csq_what_if_merge(what_ifs[i], what_ifs[k], &error));
        }
    }
    assert_string_equal(error.message, "the what-ifs are of different policies or options");
    for (size_t i = 0; i < 5; i++) {
        csq_what_if_free(what_ifs[i]);
    }
    close_sides(&s);
}

/* Tickets without an agreement count in no tally, only as tickets. */
static void more_tickets_than_there_are_numbers_for_do_not_fit(void **state)
{
    (void)state;
    static const draft none = {.for_high = true};
    csq_error error;
    sides s;
    open_sides(&s, &none, &none);
    csq_what_if *what_if = what_if_of(&s, (csq_what_if_options){.list = 0});
    judge(what_if, &s, 1, SOLVED_AT_12, "Fri 20:00");
    for (int i = 0; i < 57; i++) {
        assert_status(CSQ_OK, csq_what_if_merge(what_if, what_if, NULL));
    }
    assert_status(CSQ_EOVERFLOW, csq_what_if_merge(what_if, what_if, &error));
    assert_string_equal(error.message, "the number of tickets does not fit");
    assert_ms_equal(summary_of(what_if).tickets, INT64_C(1) << 57);
    csq_what_if_free(what_if);
    close_sides(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_is_judged_as_its_tickets_are),
        cmocka_unit_test(a_bad_log_changes_nothing),
        cmocka_unit_test(more_tickets_than_there_are_numbers_for_do_not_fit),
        cmocka_unit_test(what_ifs_of_other_policies_or_options_do_not_merge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
