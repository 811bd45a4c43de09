/*
 * property_tally — random policies over random histories: tallies are the same whatever the split
 * of the tickets, the order of merging and the way of counting; bytes read back the same;
 * subtracting undoes merging.
 */
#include "sla_trial_batch.h"

static bool is_open_phase(uint32_t phase)
{
    return phase == CSQ_PHASE_ACTIVE || phase == CSQ_PHASE_PAUSED;
}

enum { N_PARTS = 3 };

static csq_tally *tally_of(trial *t, const csq_tally_options *options)
{
    csq_tally *tally = NULL;
    assert_status(CSQ_OK, csq_tally_new(t->policies, options, NULL, &tally, NULL));
    return tally;
}

/* All rows of the tickets, counted in one go. */
static csq_tally *replayed(trial *t, const csq_tally_options *options, csq_ms now)
{
    const csq_event_columns columns = trial_columns(t);
    csq_tally *tally = tally_of(t, options);
    csq_error error = {0};
    const csq_status status = csq_tally_replay(tally, &columns, now, NULL, NULL, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return tally;
}

static void check_bytes(trial *t, const csq_tally_options *options, const csq_tally *tally)
{
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    csq_tally *back = NULL;
    assert_status(CSQ_OK, csq_tally_decode(t->policies, options, bytes, size, NULL, &back, NULL));
    assert_true(sla_is_same_tally(back, tally));
    free(bytes);
    csq_tally_free(back);
}

/* Times lie where the sums and maxima of their row say. */
static void check_times(const csq_tally *tally, uint32_t measures)
{
    for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
        const csq_tally_row row = sla_row(tally, i);
        const bool by_date = row.workdays > 0 || row.due_attribute != 0;
        const uint64_t n[] = {row.met + row.missed, by_date ? 0 : row.missed,
                              by_date ? 0 : row.met};
        for (uint32_t m = 0; m < 3; m++) {
            csq_quantile least = {.size = sizeof least};
            csq_quantile most = {.size = sizeof most};
            const bool is_kept = (measures >> m & 1) != 0;
            const csq_status status =
                csq_tally_quantile(tally, i, 1U << m, 0, 0, &least, NULL);
            assert_int_equal(status, !is_kept ? CSQ_EINVAL : n[m] == 0 ? CSQ_ENODATA : CSQ_OK);
            if (status == CSQ_OK) {
                assert_status(CSQ_OK,
                              csq_tally_quantile(tally, i, 1U << m, 1000000, 0, &most, NULL));
                assert_ms_equal(most.count, n[m]);
                assert_true(m == 2 || least.low >= 0);
                assert_true(m != 1 || (most.low <= row.overrun_max_ms &&
                                       row.overrun_max_ms <= most.high));
                assert_true(m != 2 || most.low <= row.target_ms);
                assert_true(m != 0 || most.low <= row.elapsed_ms);
            }
        }
    }
}

/* What a tally counts of a metric are the cycles that the explanations tell. A cycle that ended
 * before a policy held is told, but counts nowhere: it has no target. */
static void check_counts(trial *t, const csq_tally *tally, uint32_t metric, csq_ms now)
{
    uint64_t n_counted = 0;
    uint64_t n_told = 0;
    int64_t elapsed = 0;
    for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
        const csq_tally_row row = sla_row(tally, i);
        if (row.metric == metric) {
            n_counted += row.met + row.missed + row.open + row.cancelled;
            elapsed += row.elapsed_ms;
        }
    }
    const uint32_t n_clocks = csq_policies_clock_count(t->policies);
    for (uint32_t k = 0; k < BATCH * n_clocks; k++) {
        const uint32_t clock = k % n_clocks;
        if (metric_of(t, clock) != metric) {
            continue;
        }
        csq_explanation *explanation =
            sla_explain(t->policies, t->tickets[k / n_clocks], clock, now);
        for (uint64_t c = 0; c < csq_explanation_cycle_count(explanation); c++) {
            const csq_cycle cycle = sla_cycle(explanation, c);
            const bool is_judged = cycle.breached || !is_open_phase(cycle.phase);
            if (cycle.target_ms != CSQ_MS_NONE) {
                n_told++;
                elapsed -= is_judged && cycle.phase != CSQ_PHASE_CANCELLED ? cycle.elapsed_ms : 0;
            }
        }
        csq_explanation_free(explanation);
    }
    assert_ms_equal(n_counted, n_told);
    assert_ms_equal(elapsed, 0);
}

/* The chains that a tally sums are those that the explanations tell. */
static void check_chains(trial *t, const csq_tally *tally, uint32_t metric, csq_ms now)
{
    int64_t left[6] = {0}; /* promised, original, latest, again, estimates, error */
    for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
        const csq_tally_row row = sla_row(tally, i);
        const uint64_t sums[] = {row.promised, row.kept_original, row.kept_latest,
                                 row.re_promised, row.estimates};
        for (size_t s = 0; row.metric == metric && s < 5; s++) {
            left[s] += (int64_t)sums[s];
        }
        left[5] += row.metric == metric ? row.error_ms : 0;
    }
    const uint32_t n_clocks = csq_policies_clock_count(t->policies);
    for (uint32_t k = 0; k < BATCH * n_clocks; k++) {
        const uint32_t clock = k % n_clocks;
        if (metric_of(t, clock) != metric) {
            continue;
        }
        csq_explanation *explanation =
            sla_explain(t->policies, t->tickets[k / n_clocks], clock, now);
        for (uint64_t c = 0; c < csq_explanation_cycle_count(explanation); c++) {
            const csq_cycle cycle = sla_cycle(explanation, c);
            csq_promises chain = {.size = sizeof chain};
            assert_status(CSQ_OK, csq_explanation_promises(explanation, c, &chain, NULL));
            if (cycle.phase == CSQ_PHASE_COMPLETED ||
                (cycle.breached && is_open_phase(cycle.phase))) {
                left[0] -= chain.n > 0;
                left[1] -= chain.original == CSQ_PROMISE_KEPT;
                left[2] -= chain.latest == CSQ_PROMISE_KEPT;
                left[3] -= (int64_t)chain.re_promised;
            }
        }
        for (uint64_t p = 0; p < csq_explanation_promise_count(explanation); p++) {
            csq_promise promise = {.size = sizeof promise};
            assert_status(CSQ_OK, csq_explanation_promise(explanation, p, &promise, NULL));
            if (promise.actual_ms != CSQ_MS_NONE) {
                left[4]--;
                left[5] -= promise.actual_open_ms - promise.estimated_open_ms;
            }
        }
        csq_explanation_free(explanation);
    }
    for (size_t s = 0; s < 6; s++) {
        assert_ms_equal(left[s], 0);
    }
}

/* Of a metric whose terms do not change under a cycle, all cycles are due or none is. */
static bool has_one_kind_of_target(const trial *t, uint32_t metric)
{
    return t->by_due[metric] && t->metrics[metric].on_change <= CSQ_ON_CHANGE_KEEP;
}

static void check_tallies(trial *t)
{
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP};
    const uint32_t measures = draw(t, 2) * draw(t, 8);
    const csq_tally_options options = {.size = sizeof options,
                                       .attributes = attributes,
                                       .n_attributes = draw(t, 3),
                                       .period = draw(t, 2) == 0 ? 0 : (uint32_t)CSQ_PERIOD_DAY,
                                       .quantiles = measures,
                                       .exact_limit = measures == 0 ? 0 : 1 + draw(t, 6)};
    const csq_ms now = sla_at("Mon 00:00") + draw(t, 60) * DAY_MS / 4;
    csq_tally *whole = tally_of(t, &options);
    csq_tally *parts[N_PARTS];
    for (uint32_t p = 0; p < N_PARTS; p++) {
        parts[p] = tally_of(t, &options);
    }
    for (uint32_t i = 0; i < BATCH; i++) {
        assert_status(CSQ_OK, csq_tally_add(whole, t->tickets[i], now, NULL));
        assert_status(CSQ_OK, csq_tally_add(parts[draw(t, N_PARTS)], t->tickets[i], now, NULL));
    }
    csq_tally *merged = tally_of(t, &options);
    const uint32_t first = draw(t, N_PARTS);
    for (uint32_t p = 0; p < N_PARTS; p++) {
        assert_status(CSQ_OK, csq_tally_merge(merged, parts[(first + p) % N_PARTS], NULL));
    }
    assert_true(sla_is_same_tally(merged, whole));
    csq_tally *batch = replayed(t, &options, now);
    assert_true(sla_is_same_tally(batch, whole));
    check_bytes(t, &options, whole);
    check_times(whole, measures);
    for (uint32_t m = 0; m < N_METRICS; m++) {
        if (!t->by_workdays[m] && !t->by_due[m]) { // whose targets are no times
            check_counts(t, whole, m, now);
        }
        // Without an agreement a cycle is told and not counted.
        if (has_one_kind_of_target(t, m) &&
            t->metrics[m].on_no_match != CSQ_ON_NO_MATCH_DETACH) {
            check_chains(t, whole, m, now);
        }
    }

    // Subtracting undoes merging where it is allowed: maxima cannot be taken back.
    csq_tally *rest = tally_of(t, &options);
    assert_status(CSQ_OK, csq_tally_merge(rest, parts[1], NULL));
    assert_status(CSQ_OK, csq_tally_merge(rest, parts[2], NULL));
    const csq_status status = csq_tally_subtract(merged, parts[0], NULL);
    assert_true(status == CSQ_OK || status == CSQ_ESTATE);
    assert_true(sla_is_same_tally(merged, status == CSQ_OK ? rest : whole));
    assert_status(CSQ_OK, csq_tally_subtract(whole, batch, NULL));
    assert_int_equal(csq_tally_count(whole), 0);
    for (uint32_t p = 0; p < N_PARTS; p++) {
        csq_tally_free(parts[p]);
    }
    csq_tally_free(rest);
    csq_tally_free(batch);
    csq_tally_free(merged);
    csq_tally_free(whole);
}

static void tallies_are_a_function_of_the_facts(void **state)
{
    (void)state;
    static trial t;
    t = (trial){.seed = 20240109};
    open_trial(&t);
    for (uint32_t done = 0; done < N_HISTORIES; done += BATCH) {
        draw_policies(&t);
        draw_tickets(&t);
        check_tallies(&t);
        for (uint32_t i = 0; i < BATCH; i++) {
            csq_ticket_free(t.tickets[i]);
        }
    }
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tallies_are_a_function_of_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
