/*
 * oom_ranking — the n-th allocation fails, for every n, while a ranking is built and tickets are
 * put in order.
 */
#include "csq/sla_ranking.h"
#include "sla_support.h"

static csq_status fill_builder(csq_ranking_builder *builder, const csq_condition *match)
{
    static const csq_ranking_band bands[] = {{1, 5}, {0, 2}};
    const csq_ranking_part parts[] = {{.size = sizeof parts[0],
                                       .kind = CSQ_RANKING_USED,
                                       .name = csq_str_of("used"),
                                       .n_bands = 2,
                                       .bands = bands},
                                      {.size = sizeof parts[0],
                                       .kind = CSQ_RANKING_VALUE,
                                       .name = csq_str_of("priority"),
                                       .attribute = CSQ_TICKET_PRIORITY,
                                       .n_bands = 2,
                                       .bands = bands},
                                      {.size = sizeof parts[0],
                                       .kind = CSQ_RANKING_MATCH,
                                       .name = csq_str_of("tagged"),
                                       .match = match,
                                       .points = 3}};
    uint32_t index = 99;
    csq_status status = csq_ranking_add_lane(builder, csq_str_of("lane"), match, &index, NULL);
    assert_true((status == CSQ_OK) == (index == 0));
    for (uint32_t i = 0; i < 3 && status == CSQ_OK; i++) {
        status = csq_ranking_add_part(builder, &parts[i], &index, NULL);
        assert_true(status != CSQ_OK || index == i);
    }
    return status;
}

static csq_status build_one(const sla_world *world, const csq_allocator *allocator,
                            csq_ranking **out)
{
    csq_condition *match = sla_condition(world->schema, CSQ_TICKET_TAGS, CSQ_TEST_ABSENT, 0);
    csq_ranking_builder *builder = (csq_ranking_builder *)&match;
    *out = NULL;
    csq_status status = csq_ranking_builder_new(world->schema, allocator, &builder, NULL);
    assert_true((status == CSQ_OK) == (builder != NULL));
    if (status == CSQ_OK) {
        status = fill_builder(builder, match);
    }
    if (status == CSQ_OK) {
        *out = (csq_ranking *)&match;
        status = csq_ranking_build(builder, out, NULL);
        assert_true(status == CSQ_OK || *out == NULL);
    }
    csq_ranking_builder_free(builder);
    csq_condition_free(match);
    return status;
}

static csq_status build_scenario(const csq_allocator *allocator)
{
    sla_world world;
    csq_ranking *ranking;
    sla_open(&world);
    const csq_status status = build_one(&world, allocator, &ranking);
    csq_ranking_free(ranking);
    sla_close(&world);
    return status;
}

/* Tags that no rule names are listed, which takes memory as well. */
static csq_status order_scenario(const csq_allocator *allocator)
{
    sla_world world;
    csq_ranking *ranking;
    sla_open(&world);
    assert_status(CSQ_OK, build_one(&world, NULL, &ranking));
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created priority=high; Mon 10:00 add spare");
    const csq_ranking_item items[] = {{.size = sizeof items[0], .ticket = ticket},
                                      {.size = sizeof items[0], .ticket = ticket}};
    csq_ranked *ranked = (csq_ranked *)&world;
    const csq_status status =
        csq_ranking_order(ranking, items, 2, 0, sla_at("Mon 12:00"), allocator, &ranked, NULL);
    assert_true(status == CSQ_OK ? csq_ranked_count(ranked) == 2 : ranked == NULL);
    csq_ranked_free(ranked);
    csq_ticket_free(ticket);
    csq_ranking_free(ranking);
    sla_close(&world);
    return status;
}

static void building_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(build_scenario);
}

static void ordering_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(order_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(building_survives_every_failure),
        cmocka_unit_test(ordering_survives_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
