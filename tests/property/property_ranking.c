/*
 * property_ranking — random rankings of random tickets: reasons sum to the score, places follow the
 * rules of the order, and the order of the items does not show.
 */
#include "csq/sla_ranking.h"
#include "sla_trial.h"

enum { N_TRIALS = N_HISTORIES / BATCH };

static csq_ranking *random_ranking(trial *t)
{
    csq_ranking_builder *builder;
    csq_ranking *ranking;
    uint32_t index;
    assert_status(CSQ_OK, csq_ranking_builder_new(t->world.schema, NULL, &builder, NULL));
    static const char *const names[] = {"a", "b", "c", "d"};
    for (uint32_t i = 0; i < 2; i++) {
        if (draw(t, 2) == 0) {
            assert_status(CSQ_OK,
                          csq_ranking_add_lane(builder, csq_str_of(names[i]),
                                               t->conditions[i == 0 ? 5 : 3], &index, NULL));
        }
    }
    for (uint32_t i = 0; i < 4; i++) {
        csq_ranking_band bands[4];
        const uint32_t kind = 1 + draw(t, 4);
        for (uint32_t b = 0; b < 4; b++) {
            const int64_t at = kind == CSQ_RANKING_USED   ? 100 * (int64_t)draw(t, 60)
                               : kind == CSQ_RANKING_LEFT ? ((int64_t)draw(t, 80) - 20) * QUARTER_MS
                                                          : 0;
            const int64_t step = kind == CSQ_RANKING_VALUE ? 1 : 6001 * (int64_t)QUARTER_MS;
            bands[b] = (csq_ranking_band){at + (kind == CSQ_RANKING_USED ? 6000 : step) * b,
                                          (int64_t)draw(t, 9) - 4};
        }
        const bool is_match = kind == CSQ_RANKING_MATCH;
        const csq_ranking_part part = {
            .size = sizeof part,
            .kind = kind,
            .name = csq_str_of(names[i]),
            .attribute = kind == CSQ_RANKING_VALUE ? (uint32_t)CSQ_TICKET_PRIORITY : 0,
            .bands = is_match ? NULL : bands,
            .n_bands = is_match ? 0 : 1 + draw(t, 4),
            .match = is_match ? t->conditions[1 + 2 * draw(t, 3)] : NULL,
            .points = is_match ? 3 : 0};
        assert_status(CSQ_OK, csq_ranking_add_part(builder, &part, &index, NULL));
    }
    assert_status(CSQ_OK, csq_ranking_build(builder, &ranking, NULL));
    csq_ranking_builder_free(builder);
    return ranking;
}

/* Whether one place may stand before another. */
static bool may_precede(const csq_ranked_place *a, const csq_ranked_place *b)
{
    if (a->lane != b->lane) {
        return a->lane < b->lane;
    }
    if (a->score != b->score) {
        return a->score > b->score;
    }
    if (a->due_at != b->due_at) {
        return b->due_at == CSQ_MS_NONE || (a->due_at != CSQ_MS_NONE && a->due_at < b->due_at);
    }
    return a->ticket < b->ticket;
}

static void check_places(const csq_ranking *ranking, const csq_ranked *ranked,
                         const csq_ranking_item *items)
{
    csq_ranked_place before = {.size = 0};
    for (uint64_t i = 0; i < BATCH; i++) {
        csq_ranked_place place = {.size = sizeof place};
        assert_status(CSQ_OK, csq_ranked_at(ranked, i, &place, NULL));
        assert_ms_equal(place.ticket, csq_ticket_id(items[place.item].ticket));
        assert_true(i == 0 || may_precede(&before, &place));
        int64_t sum = 0;
        for (uint32_t p = 0; p < csq_ranking_part_count(ranking); p++) {
            csq_ranked_reason reason = {.size = sizeof reason};
            assert_status(CSQ_OK, csq_ranked_reason_at(ranked, i, p, &reason, NULL));
            sum += reason.points;
        }
        assert_ms_equal(sum, place.score);
        before = place;
    }
}

static void check_trial(trial *t)
{
    csq_answer answers[BATCH][N_METRICS];
    csq_ranking_item items[BATCH];
    csq_ranking_item turned[BATCH];
    const csq_ms now = sla_at("Mon 00:00") + draw(t, 400) * QUARTER_MS;
    for (uint32_t i = 0; i < BATCH; i++) {
        csq_ticket_event events[MAX_EVENTS];
        const uint32_t n = random_history(t, events);
        t->tickets[i] = told(t, i + 1, events, n, true);
        for (uint32_t m = 0; m < N_METRICS; m++) {
            answers[i][m] = sla_answer(t->policies, t->tickets[i], m, now);
        }
        items[i] = (csq_ranking_item){.size = sizeof items[i],
                                      .n_answers = draw(t, N_METRICS + 1),
                                      .ticket = t->tickets[i],
                                      .answers = answers[i]};
    }
    const uint32_t shift = draw(t, BATCH);
    for (uint32_t i = 0; i < BATCH; i++) {
        turned[i] = items[(i + shift) % BATCH];
    }
    csq_ranking *ranking = random_ranking(t);
    csq_ranked *ranked;
    csq_ranked *same;
    assert_status(CSQ_OK, csq_ranking_order(ranking, items, BATCH, 0, now, NULL, &ranked, NULL));
    assert_status(CSQ_OK, csq_ranking_order(ranking, turned, BATCH, sizeof turned[0], now, NULL,
                                            &same, NULL));
    check_places(ranking, ranked, items);
    check_places(ranking, same, turned);
    for (uint64_t i = 0; i < BATCH; i++) {
        csq_ranked_place a = {.size = sizeof a};
        csq_ranked_place b = {.size = sizeof b};
        assert_status(CSQ_OK, csq_ranked_at(ranked, i, &a, NULL));
        assert_status(CSQ_OK, csq_ranked_at(same, i, &b, NULL));
        assert_ms_equal(a.ticket, b.ticket);
        assert_ms_equal(a.score, b.score);
    }
    csq_ranked_free(same);
    csq_ranked_free(ranked);
    csq_ranking_free(ranking);
    for (uint32_t i = 0; i < BATCH; i++) {
        csq_ticket_free(t->tickets[i]);
    }
}

static void an_order_is_a_function_of_the_facts(void **state)
{
    (void)state;
    static trial t;
    t = (trial){.seed = 20240111};
    open_trial(&t);
    for (uint32_t i = 0; i < N_TRIALS; i++) {
        draw_policies(&t);
        check_trial(&t);
    }
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_a_function_of_the_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
