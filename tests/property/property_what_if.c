/*
 * property_what_if — two random policies over random histories: what-ifs are the same whatever the
 * split of the tickets and the way of judging; answers and tallies are those of asking each side;
 * the list explains the difference in attainment to the last cycle.
 */
#include "csq/sla_what_if.h"
#include "sla_trial_batch.h"

enum { N_PARTS = 3 };

typedef struct both {
    trial t;
    csq_policies *policies[2];
    csq_tally_options groups;
    csq_ms now;
} both;

static csq_what_if *what_if_of(const both *b, const csq_policies *before, const csq_policies *after,
                               uint32_t change_limit)
{
    const csq_what_if_options options = {
        .size = sizeof options, .change_limit = change_limit, .tally = &b->groups};
    csq_what_if *what_if = NULL;
    assert_status(CSQ_OK, csq_what_if_new(before, after, &options, NULL, &what_if, NULL));
    return what_if;
}

static csq_what_if_change change_at(const csq_what_if *what_if, uint64_t index)
{
    csq_what_if_change change = {.size = sizeof change};
    assert_status(CSQ_OK, csq_what_if_change_at(what_if, index, &change, NULL));
    return change;
}

static csq_what_if_summary summary_of(const csq_what_if *what_if)
{
    csq_what_if_summary summary = {.size = sizeof summary};
    assert_status(CSQ_OK, csq_what_if_summary_of(what_if, &summary, NULL));
    return summary;
}

static void assert_same(const csq_what_if *a, const csq_what_if *b)
{
    const csq_what_if_summary x = summary_of(a);
    const csq_what_if_summary y = summary_of(b);
    assert_memory_equal(&x, &y, sizeof x);
    assert_ms_equal(csq_what_if_count(a), csq_what_if_count(b));
    for (uint64_t i = 0; i < csq_what_if_count(a); i++) {
        const csq_what_if_change p = change_at(a, i);
        const csq_what_if_change q = change_at(b, i);
        assert_memory_equal(&p, &q, sizeof p);
    }
    for (uint32_t side = 0; side < 2; side++) {
        assert_true(sla_is_same_tally(csq_what_if_tally(a, side), csq_what_if_tally(b, side)));
    }
}

static bool is_same_outcome(const csq_answer *a, const csq_answer *b)
{
    return a->phase == b->phase && a->breached == b->breached && a->cycle == b->cycle &&
           a->workdays == b->workdays && a->started_at == b->started_at &&
           a->stopped_at == b->stopped_at && a->target_ms == b->target_ms &&
           a->elapsed_ms == b->elapsed_ms && a->paused_ms == b->paused_ms && a->due_at == b->due_at;
}

/* Every clock of every ticket against its answers; returns the number that is listed. */
static uint64_t check_clocks(const both *b, const csq_what_if *whole)
{
    uint64_t next = 0;
    for (uint32_t i = 0; i < BATCH; i++) {
        for (uint32_t m = 0; m < N_METRICS; m++) {
            const csq_answer answers[] = {sla_answer(b->policies[0], b->t.tickets[i], m, b->now),
                                          sla_answer(b->policies[1], b->t.tickets[i], m, b->now)};
            csq_what_if_change change = {0};
            if (next < csq_what_if_count(whole)) {
                change = change_at(whole, next);
            }
            if (change.ticket != csq_ticket_id(b->t.tickets[i]) || change.clock_before != m ||
                change.reasons == 0) {
                assert_true(is_same_outcome(&answers[0], &answers[1]));
                continue;
            }
            for (uint32_t side = 0; side < 2; side++) {
                csq_answer told = {.size = sizeof told};
                assert_status(CSQ_OK, csq_what_if_answer(whole, next, side, &told, NULL));
                assert_memory_equal(&told, &answers[side], sizeof told);
            }
            assert_int_equal(change.clock_after, m);
            next++;
        }
    }
    return next;
}

/* The list explains what became of the number of missed cycles. */
static void check_missed(const csq_what_if *whole, uint32_t metric)
{
    int64_t difference = 0;
    for (uint64_t i = 0; i < csq_what_if_count(whole); i++) {
        const csq_what_if_change change = change_at(whole, i);
        if (change.clock_before == metric) {
            difference += (int64_t)change.missed_after - (int64_t)change.missed_before;
        }
    }
    for (uint32_t side = 0; side < 2; side++) {
        const csq_tally *tally = csq_what_if_tally(whole, side);
        for (uint64_t r = 0; r < csq_tally_count(tally); r++) {
            const csq_tally_row row = sla_row(tally, r);
            if (row.metric == metric) {
                difference += side == 0 ? (int64_t)row.missed : -(int64_t)row.missed;
            }
        }
    }
    assert_ms_equal(difference, 0);
}

static void check_tallies(const both *b, const csq_what_if *whole)
{
    for (uint32_t side = 0; side < 2; side++) {
        csq_tally *tally = NULL;
        assert_status(CSQ_OK, csq_tally_new(b->policies[side], &b->groups, NULL, &tally, NULL));
        for (uint32_t i = 0; i < BATCH; i++) {
            assert_status(CSQ_OK, csq_tally_add(tally, b->t.tickets[i], b->now, NULL));
        }
        assert_true(sla_is_same_tally(tally, csq_what_if_tally(whole, side)));
        csq_tally_free(tally);
    }
}

static void check_split(both *b, const csq_what_if *whole, uint32_t change_limit)
{
    csq_what_if *parts[N_PARTS];
    for (uint32_t p = 0; p < N_PARTS; p++) {
        parts[p] = what_if_of(b, b->policies[0], b->policies[1], change_limit);
    }
    for (uint32_t i = BATCH; i > 0; i--) {
        assert_status(CSQ_OK, csq_what_if_add(parts[draw(&b->t, N_PARTS)], b->t.tickets[i - 1],
                                              b->now, NULL));
    }
    assert_status(CSQ_OK, csq_what_if_merge(parts[2], parts[0], NULL));
    assert_status(CSQ_OK, csq_what_if_merge(parts[2], parts[1], NULL));
    assert_same(parts[2], whole);
    for (uint32_t p = 0; p < N_PARTS; p++) {
        csq_what_if_free(parts[p]);
    }
}

static void check_no_difference(const both *b)
{
    csq_what_if *none = what_if_of(b, b->policies[0], b->policies[0], 0);
    for (uint32_t i = 0; i < BATCH; i++) {
        assert_status(CSQ_OK, csq_what_if_add(none, b->t.tickets[i], b->now, NULL));
    }
    assert_ms_equal(csq_what_if_count(none), 0);
    assert_ms_equal(summary_of(none).changed_tickets, 0);
    csq_what_if_free(none);
}

/* Clocks of the same index have the same name: tracks of other names are for the unit test. */
static void draw_one_track(trial *t)
{
    csq_clock first = {.size = sizeof first};
    do {
        draw_policies(t);
        assert_status(CSQ_OK, csq_policies_clock_at(t->policies, 0, &first, NULL));
    } while (csq_policies_clock_count(t->policies) != N_METRICS || first.track.size > 0);
}

static void check_what_if(both *b)
{
    const csq_event_columns columns = trial_columns(&b->t);
    for (uint32_t change_limit = 0; change_limit < 8; change_limit += 7) {
        csq_what_if *whole = what_if_of(b, b->policies[0], b->policies[1], change_limit);
        csq_error error = {0};
        const csq_status status = csq_what_if_replay(whole, &columns, b->now, NULL, NULL, &error);
        if (status != CSQ_OK) {
            print_error("%s\n", error.message);
        }
        assert_int_equal(status, CSQ_OK);
        check_split(b, whole, change_limit);
        if (change_limit == 0) {
            assert_ms_equal(check_clocks(b, whole), summary_of(whole).changed_clocks);
            check_tallies(b, whole);
            for (uint32_t m = 0; m < N_METRICS; m++) {
                check_missed(whole, m);
            }
        }
        csq_what_if_free(whole);
    }
    check_no_difference(b);
}

static void what_ifs_are_a_function_of_the_facts(void **state)
{
    (void)state;
    static both b;
    static const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    b.t.seed = 20240817;
    open_trial(&b.t);
    for (uint32_t done = 0; done < N_HISTORIES; done += BATCH) {
        draw_one_track(&b.t);
        b.policies[0] = csq_policies_retain(b.t.policies);
        draw_one_track(&b.t);
        b.policies[1] = b.t.policies;
        b.groups = (csq_tally_options){.size = sizeof b.groups,
                                       .n_attributes = draw(&b.t, 2),
                                       .attributes = attributes,
                                       .quantiles = draw(&b.t, 8)};
        b.now = sla_at("Mon 00:00") + draw(&b.t, 60) * DAY_MS / 4;
        draw_tickets(&b.t);
        check_what_if(&b);
        for (uint32_t i = 0; i < BATCH; i++) {
            csq_ticket_free(b.t.tickets[i]);
        }
        csq_policies_free(b.policies[0]);
    }
    close_trial(&b.t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_ifs_are_a_function_of_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
