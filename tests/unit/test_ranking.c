/*
 * test_ranking — tickets in order, and why. All expectations are computed by hand; the worked
 * example is that of docs/ranking.md, read from that page.
 */
#include "csq/sla_ranking.h"
#include "rules_support.h"
#include "sla_support.h"

/* ---- support ------------------------------------------------------------------------------- */

enum { MAX_ITEMS = 8 };

/* Tickets with the answers of the first metric. */
typedef struct item_set {
    csq_ticket *tickets[MAX_ITEMS];
    csq_answer answers[MAX_ITEMS];
    csq_ranking_item items[MAX_ITEMS];
    uint32_t n;
} item_set;

static void add_item(item_set *all, const sla_world *world, uint64_t id, const char *events,
                     csq_ms now)
{
    const uint32_t i = all->n++;
    assert_true(i < MAX_ITEMS);
    all->tickets[i] = sla_ticket(world->schema, id, events);
    all->answers[i] = sla_answer(world->policies, all->tickets[i], 0, now);
    all->items[i] = (csq_ranking_item){.size = sizeof all->items[i],
                                       .n_answers = 1,
                                       .ticket = all->tickets[i],
                                       .answers = &all->answers[i]};
}

static void free_items(item_set *all)
{
    for (uint32_t i = 0; i < all->n; i++) {
        csq_ticket_free(all->tickets[i]);
    }
}

static csq_ranked *order_of(const csq_ranking *ranking, const item_set *all, csq_ms now)
{
    csq_ranked *ranked = NULL;
    csq_error error = {0};
    const csq_status status =
        csq_ranking_order(ranking, all->items, all->n, 0, now, NULL, &ranked, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return ranked;
}

static csq_ranked_place place_at(const csq_ranked *ranked, uint64_t position)
{
    csq_ranked_place place = {.size = sizeof place};
    assert_status(CSQ_OK, csq_ranked_at(ranked, position, &place, NULL));
    return place;
}

static csq_ranked_reason reason_at(const csq_ranked *ranked, uint64_t position, uint32_t part)
{
    csq_ranked_reason reason = {.size = sizeof reason};
    assert_status(CSQ_OK, csq_ranked_reason_at(ranked, position, part, &reason, NULL));
    return reason;
}

static uint32_t add_part(csq_ranking_builder *builder, csq_ranking_part part)
{
    uint32_t index = 99;
    part.size = sizeof part;
    csq_error error = {0};
    const csq_status status = csq_ranking_add_part(builder, &part, &index, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return index;
}

static csq_ranking *build_ranking(csq_ranking_builder *builder)
{
    csq_ranking *ranking = NULL;
    assert_status(CSQ_OK, csq_ranking_build(builder, &ranking, NULL));
    csq_ranking_builder_free(builder);
    return ranking;
}

static csq_ranking_builder *ranking_builder(csq_schema *schema)
{
    csq_ranking_builder *builder = NULL;
    assert_status(CSQ_OK, csq_ranking_builder_new(schema, NULL, &builder, NULL));
    return builder;
}

/* The first block of JSON in docs/ranking.md. */
static csq_rules *rules_of_page(csq_schema *schema)
{
    char *page = rules_file("docs/ranking.md");
    char *text = strstr(page, "```json\n") + 8;
    *strstr(text, "```") = '\0';
    csq_rules *rules = rules_of_text(schema, csq_str_of(text));
    char *written = rules_written(rules);
    const size_t n = strlen(written);
    assert_true(strncmp(written, text, n) == 0); // the page shows the canonical form
    free(written);
    free(page);
    return rules;
}

/* The same as the page, built in C. */
static csq_ranking *ranking_of_c(sla_world *world)
{
    csq_schema *schema = world->schema;
    const csq_ranking_band used[] = {{10000, 60}, {5000, 10}, {8000, 30}};
    const csq_ranking_band left[] = {{HOUR_MS, 20}, {0, 40}};
    const csq_ranking_band values[] = {{world->urgent, 50}, {0, 5}, {world->high, 30}};
    csq_condition *outage = sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS,
                                          test_code(schema, CSQ_TICKET_TAGS, "outage"));
    csq_condition *complaint = sla_condition(schema, CSQ_TICKET_KIND, CSQ_TEST_IN,
                                             test_code(schema, CSQ_TICKET_KIND, "complaint"));
    csq_ranking_builder *builder = ranking_builder(schema);
    uint32_t lane = 99;
    assert_status(CSQ_OK, csq_ranking_add_lane(builder, csq_str_of("outage"), outage, &lane, NULL));
    assert_int_equal(lane, 0);
    assert_int_equal(add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_USED,
                                                          .name = csq_str_of("used"),
                                                          .bands = used,
                                                          .n_bands = 3}),
                     0);
    (void)add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_LEFT,
                                               .name = csq_str_of("left"),
                                               .bands = left,
                                               .n_bands = 2});
    (void)add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_VALUE,
                                               .name = csq_str_of("priority"),
                                               .attribute = CSQ_TICKET_PRIORITY,
                                               .bands = values,
                                               .n_bands = 3});
    assert_int_equal(add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_MATCH,
                                                          .name = csq_str_of("complaint"),
                                                          .match = complaint,
                                                          .points = 15}),
                     3);
    csq_condition_free(outage);
    csq_condition_free(complaint);
    return build_ranking(builder);
}

/* ---- the worked example -------------------------------------------------------------------- */

static void add_worked_items(item_set *all, const sla_world *world, csq_ms now)
{
    add_item(all, world, 1, "Mon+ 09:00 created priority=high", now);
    add_item(all, world, 2, "Mon+ 10:00 created priority=urgent", now);
    add_item(all, world, 3, "Mon+ 11:00 created; Mon+ 11:00 add outage", now);
    add_item(all, world, 4, "Fri 16:00 created kind=complaint", now);
    add_item(all, world, 5, "Mon+ 11:00 created", now);
    add_item(all, world, 6, "Mon+ 09:00 created; Mon+ 11:00 set status=pending", now);
}

/* docs/ranking.md */
static void the_order_of_the_page_and_its_reasons(void **state)
{
    (void)state;
    static const struct {
        uint64_t ticket;
        uint32_t lane;
        int64_t points[4];
    } rows[] = {{3, 0, {0, 0, 5, 0}},
                {4, CSQ_NO_INDEX, {60, 40, 5, 15}},
                {1, CSQ_NO_INDEX, {10, 20, 30, 0}},
                {2, CSQ_NO_INDEX, {10, 0, 50, 0}},
                {6, CSQ_NO_INDEX, {10, 0, 5, 0}},
                {5, CSQ_NO_INDEX, {0, 0, 5, 0}}};
    sla_world world;
    sla_open(&world);
    const uint32_t index = sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.metric = index,
                                        .attribute = CSQ_TICKET_PRIORITY,
                                        .code = world.urgent,
                                        .within_ms = 4 * HOUR_MS,
                                        .calendar = SLA_ALWAYS});
    sla_add_target(&world,
                   (csq_target){.metric = index, .within_ms = 4 * HOUR_MS, .calendar = SLA_OFFICE});
    (void)sla_build(&world);
    csq_rules *rules = rules_of_page(world.schema);
    csq_ranking *own = ranking_of_c(&world);
    const csq_ranking *rankings[] = {csq_rules_ranking(rules), own};
    assert_ms_equal(csq_ranking_fingerprint(rankings[0]), csq_ranking_fingerprint(rankings[1]));
    const csq_ms now = sla_at("Mon+ 12:00");
    item_set all = {.n = 0};
    add_worked_items(&all, &world, now);
    for (size_t r = 0; r < 2; r++) {
        csq_ranked *ranked = order_of(rankings[r], &all, now);
        assert_ms_equal(csq_ranked_count(ranked), 6);
        for (uint64_t i = 0; i < 6; i++) {
            const csq_ranked_place place = place_at(ranked, i);
            assert_ms_equal(place.ticket, rows[i].ticket);
            assert_ms_equal(place.item, rows[i].ticket - 1);
            assert_int_equal(place.lane, rows[i].lane);
            int64_t sum = 0;
            for (uint32_t p = 0; p < 4; p++) {
                assert_ms_equal(reason_at(ranked, i, p).points, rows[i].points[p]);
                sum += rows[i].points[p];
            }
            assert_ms_equal(place.score, sum);
        }
        assert_ms_equal(reason_at(ranked, 1, 0).found, 10000);
        assert_int_equal(reason_at(ranked, 1, 0).answer, 0);
        assert_ms_equal(reason_at(ranked, 1, 1).found, 0);
        assert_ms_equal(place_at(ranked, 1).due_at, now);
        assert_ms_equal(reason_at(ranked, 1, 2).found, 0);
        assert_ms_equal(reason_at(ranked, 1, 3).found, 1);
        assert_ms_equal(reason_at(ranked, 2, 2).found, world.high);
        assert_int_equal(reason_at(ranked, 2, 2).answer, CSQ_NO_INDEX);
        assert_ms_equal(reason_at(ranked, 2, 3).found, 0);
        assert_ms_equal(reason_at(ranked, 4, 1).found, CSQ_MS_NONE);
        assert_int_equal(reason_at(ranked, 4, 1).answer, CSQ_NO_INDEX);
        assert_ms_equal(place_at(ranked, 4).due_at, CSQ_MS_NONE);
        csq_ranked_free(ranked);
    }
    assert_str_equal(csq_ranking_lane_name(own, 0), "outage");
    assert_str_equal(csq_ranking_part_name(own, 2), "priority");
    assert_int_equal(csq_ranking_lane_count(own), 1);
    assert_int_equal(csq_ranking_part_count(own), 4);
    free_items(&all);
    csq_ranking_free(own);
    csq_rules_free(rules);
    sla_close(&world);
}

/* ---- ties, answers, bands ------------------------------------------------------------------ */

/* Of several answers the open one that has most of its target behind it, and the one due first. */
static void the_most_pressing_open_answer_counts(void **state)
{
    (void)state;
    const csq_ranking_band used[] = {{0, 1}, {5000, 2}, {9000, 3}};
    const csq_ranking_band left[] = {{-1000, 7}, {2000, 5}, {9000, 4}};
    sla_world world;
    sla_open(&world);
    csq_ranking_builder *builder = ranking_builder(world.schema);
    (void)add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_USED,
                                               .name = csq_str_of("used"),
                                               .bands = used,
                                               .n_bands = 3});
    (void)add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_LEFT,
                                               .name = csq_str_of("left"),
                                               .bands = left,
                                               .n_bands = 3});
    csq_ranking *ranking = build_ranking(builder);
    csq_ticket *ticket = sla_ticket(world.schema, 7, "Mon 09:00 created");
    const csq_ms now = sla_at("Mon 10:00");
    static const struct {
        int64_t percents[3];
        int64_t left[3]; /* INT64_MAX: none */
        uint32_t phases[3];
        int64_t points[2];
        uint32_t answers[2];
    } rows[] = {
        {{4999, 5000, 9000}, {3000, 2001, 1}, {2, 3, 4}, {2, 4}, {1, 1}},
        {{0, CSQ_MS_NONE, 0}, {2000, 9001, 9000}, {2, 2, 2}, {1, 5}, {0, 0}},
        {{CSQ_MS_NONE, 1, 1},
         {INT64_MAX, INT64_MAX, -1001},
         {2, 1, 5},
         {0, 0},
         {CSQ_NO_INDEX, CSQ_NO_INDEX}},
        {{8999, 12000, 12000}, {9001, INT64_MAX, 9002}, {2, 2, 2}, {3, 0}, {1, 0}},
        {{0, 0, 0}, {-1000, 0, 1}, {2, 2, 2}, {1, 7}, {0, 0}},
        {{0, 0, 0}, {-1001, 0, 1}, {2, 2, 2}, {1, 7}, {0, 0}},
        {{0, 0, 0}, {-999, 0, 1}, {2, 2, 2}, {1, 5}, {0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_answer answers[3];
        for (int a = 0; a < 3; a++) {
            answers[a] = (csq_answer){
                .size = sizeof answers[a],
                .phase = rows[i].phases[a],
                .percent_hundredths = rows[i].percents[a],
                .due_at = rows[i].left[a] == INT64_MAX ? CSQ_MS_NONE : now + rows[i].left[a]};
        }
        const csq_ranking_item item = {
            .size = sizeof item, .n_answers = 3, .ticket = ticket, .answers = answers};
        csq_ranked *ranked;
        assert_status(CSQ_OK, csq_ranking_order(ranking, &item, 1, 0, now, NULL, &ranked, NULL));
        for (uint32_t p = 0; p < 2; p++) {
            const csq_ranked_reason reason = reason_at(ranked, 0, p);
            if (reason.points != rows[i].points[p]) {
                print_error("row %zu part %u: %lld\n", i, p, (long long)reason.points);
            }
            assert_ms_equal(reason.points, rows[i].points[p]);
            assert_int_equal(reason.answer, rows[i].answers[p]);
        }
        csq_ranked_free(ranked);
    }
    csq_ticket_free(ticket);
    csq_ranking_free(ranking);
    sla_close(&world);
}

/* Equal scores: due first, then id, then place; lanes by their order; a value with its own 0. */
static void ties_end_at_the_id(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    const csq_ranking_band values[] = {{world.high, 0}, {world.low, -3}};
    csq_condition *lanes[2] = {
        sla_condition(world.schema, CSQ_TICKET_GROUP, CSQ_TEST_IN, world.tier2),
        sla_condition(world.schema, CSQ_TICKET_GROUP, CSQ_TEST_ABSENT, 0)};
    csq_ranking_builder *builder = ranking_builder(world.schema);
    uint32_t lane;
    assert_status(CSQ_OK, csq_ranking_add_lane(builder, csq_str_of("a"), lanes[0], &lane, NULL));
    assert_status(CSQ_OK, csq_ranking_add_lane(builder, csq_str_of("b"), lanes[1], &lane, NULL));
    (void)add_part(builder, (csq_ranking_part){.kind = CSQ_RANKING_VALUE,
                                               .name = csq_str_of("priority"),
                                               .attribute = CSQ_TICKET_PRIORITY,
                                               .bands = values,
                                               .n_bands = 2});
    csq_ranking *ranking = build_ranking(builder);
    const csq_ms now = sla_at("Mon 12:00");
    item_set all = {.n = 0};
    add_item(&all, &world, 9, "Mon 10:00 created group=other", now);
    add_item(&all, &world, 8, "Mon 10:00 created group=other", now);
    add_item(&all, &world, 7, "Mon 10:00 created group=other priority=low", now);
    add_item(&all, &world, 6, "Mon 09:00 created", now);
    add_item(&all, &world, 5, "Mon 11:00 created group=tier2 priority=low", now);
    add_item(&all, &world, 8, "Mon 10:00 created group=other", now);
    add_item(&all, &world, 4, "Mon 10:00 created group=other; Mon 11:00 set status=solved", now);
    add_item(&all, &world, 3,
             "Mon 11:00 created group=tier2 priority=low; Mon 13:00 set group=other", now);
    static const uint64_t expected[] = {7, 4, 3, 1, 5, 0, 6, 2};
    csq_ranked *ranked = order_of(ranking, &all, now);
    for (uint64_t i = 0; i < 8; i++) {
        assert_ms_equal(place_at(ranked, i).item, expected[i]);
    }
    assert_ms_equal(place_at(ranked, 7).score, -3);
    csq_ranked_free(ranked);
    free_items(&all);
    csq_condition_free(lanes[0]);
    csq_condition_free(lanes[1]);
    csq_ranking_free(ranking);
    sla_close(&world);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void parts_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_schema *other = test_schema();
    csq_condition *match =
        sla_condition(world.schema, CSQ_TICKET_STATUS, CSQ_TEST_IN, world.stop_statuses[0]);
    csq_condition *of_event = sla_condition(world.schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, 1);
    csq_condition *foreign = sla_condition(other, CSQ_TICKET_EVENT, CSQ_TEST_IN, 1);
    const csq_ranking_band band[] = {{5, 1}, {60, 1}, {5, 2}};
    const csq_ranking_band below[] = {{-1, 1}};
    const csq_ranking_band above[] = {{10000001, 1}};
    const csq_ranking_band much[] = {{1, INT64_C(1000000000001)}};
    const csq_ranking_band far[] = {{INT64_MIN, 1}};
    const struct {
        csq_ranking_part part;
        csq_status status;
    } rows[] = {
        {{.kind = 0, .bands = band, .n_bands = 1}, CSQ_EINVAL},
        {{.kind = 5, .bands = band, .n_bands = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_USED}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_USED, .n_bands = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_USED, .bands = band, .n_bands = 4097}, CSQ_ELIMIT},
        {{.kind = CSQ_RANKING_USED, .bands = band, .n_bands = 3}, CSQ_EDUPLICATE},
        {{.kind = CSQ_RANKING_USED, .bands = below, .n_bands = 1}, CSQ_ERANGE},
        {{.kind = CSQ_RANKING_USED, .bands = above, .n_bands = 1}, CSQ_ERANGE},
        {{.kind = CSQ_RANKING_USED, .bands = much, .n_bands = 1}, CSQ_ERANGE},
        {{.kind = CSQ_RANKING_LEFT, .bands = far, .n_bands = 1}, CSQ_ERANGE},
        {{.kind = CSQ_RANKING_LEFT, .bands = band, .n_bands = 1, .points = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_LEFT, .bands = band, .n_bands = 1, .match = match}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_LEFT, .bands = band, .n_bands = 1, .attribute = 4}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_VALUE, .bands = band, .n_bands = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_VALUE, .bands = band, .n_bands = 1, .attribute = CSQ_TICKET_TAGS},
         CSQ_EINVAL},
        {{.kind = CSQ_RANKING_VALUE, .bands = band, .n_bands = 1, .attribute = CSQ_TICKET_AUTHOR},
         CSQ_EINVAL},
        {{.kind = CSQ_RANKING_VALUE,
          .bands = band + 1,
          .n_bands = 1,
          .attribute = CSQ_TICKET_STATUS},
         CSQ_ECODE},
        {{.kind = CSQ_RANKING_VALUE, .bands = below, .n_bands = 1, .attribute = CSQ_TICKET_STATUS},
         CSQ_ECODE},
        {{.kind = CSQ_RANKING_MATCH, .points = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_MATCH, .match = match, .bands = band, .n_bands = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_MATCH, .match = match, .points = -INT64_C(1000000000001)},
         CSQ_ERANGE},
        {{.kind = CSQ_RANKING_MATCH, .match = of_event, .points = 1}, CSQ_EINVAL},
        {{.kind = CSQ_RANKING_MATCH, .match = foreign, .points = 1}, CSQ_EMISMATCH},
    };
    csq_ranking_builder *builder = ranking_builder(world.schema);
    uint32_t index = 99;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ranking_part part = rows[i].part;
        part.size = sizeof part;
        part.name = csq_str_of("part");
        const csq_status status = csq_ranking_add_part(builder, &part, &index, NULL);
        if (status != rows[i].status) {
            print_error("row %zu: %s\n", i, csq_status_name(status));
        }
        assert_int_equal(status, rows[i].status);
        assert_int_equal(index, 99);
    }
    csq_ranking *ranking = (csq_ranking *)&world;
    assert_status(CSQ_ESTATE, csq_ranking_build(builder, &ranking, NULL));
    assert_null(ranking);
    assert_status(CSQ_EMISMATCH,
                  csq_ranking_add_lane(builder, csq_str_of("a"), foreign, &index, NULL));
    assert_status(CSQ_EINVAL,
                  csq_ranking_add_lane(builder, csq_str_of("a"), of_event, &index, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_add_lane(builder, csq_str_of(""), match, &index, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_add_lane(builder, csq_str_of("a"), NULL, &index, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_add_lane(NULL, csq_str_of("a"), match, &index, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_add_lane(builder, csq_str_of("a"), match, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_add_part(builder, NULL, &index, NULL));
    assert_status(CSQ_OK, csq_ranking_add_lane(builder, csq_str_of("a"), match, &index, NULL));
    assert_status(CSQ_EEXISTS, csq_ranking_add_lane(builder, csq_str_of("a"), match, &index, NULL));
    csq_ranking_part part = {.size = sizeof part,
                             .kind = CSQ_RANKING_MATCH,
                             .name = csq_str_of("a"),
                             .match = match,
                             .points = 1};
    assert_status(CSQ_OK, csq_ranking_add_part(builder, &part, &index, NULL));
    assert_status(CSQ_EEXISTS, csq_ranking_add_part(builder, &part, &index, NULL));
    part.size = 8;
    assert_status(CSQ_EABI, csq_ranking_add_part(builder, &part, &index, NULL));
    csq_ranking_builder_free(builder);
    csq_ranking_builder_free(NULL);
    csq_condition_free(foreign);
    csq_condition_free(of_event);
    csq_condition_free(match);
    csq_schema_free(other);
    sla_close(&world);
}

static void at_most_64_lanes_and_parts(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_condition *match =
        sla_condition(world.schema, CSQ_TICKET_STATUS, CSQ_TEST_IN, world.stop_statuses[0]);
    csq_ranking_builder *builder = ranking_builder(world.schema);
    for (int i = 0; i < 65; i++) {
        const char name[] = {(char)('0' + i), '\0'};
        uint32_t index;
        csq_ranking_part part = {.size = sizeof part,
                                 .kind = CSQ_RANKING_MATCH,
                                 .name = csq_str_of(name),
                                 .match = match,
                                 .points = INT64_C(1000000000000)};
        const csq_status expected = i < 64 ? CSQ_OK : CSQ_ELIMIT;
        assert_status(expected, csq_ranking_add_lane(builder, part.name, match, &index, NULL));
        assert_status(expected, csq_ranking_add_part(builder, &part, &index, NULL));
    }
    csq_ranking *ranking = build_ranking(builder);
    csq_ticket *ticket = sla_ticket(world.schema, 7, "Mon 09:00 created status=solved");
    const csq_ranking_item item = {.size = sizeof item, .ticket = ticket};
    csq_ranked *ranked;
    assert_status(
        CSQ_OK, csq_ranking_order(ranking, &item, 1, 0, sla_at("Mon 10:00"), NULL, &ranked, NULL));
    assert_ms_equal(place_at(ranked, 0).score, INT64_C(64000000000000));
    csq_ranked_free(ranked);
    csq_ticket_free(ticket);
    csq_ranking_free(ranking);
    csq_condition_free(match);
    sla_close(&world);
}

static void items_that_cannot_be_ranked_are_named(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    csq_ranking *ranking = ranking_of_c(&world);
    csq_schema *other = test_schema();
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_ticket *foreign = sla_ticket(other, 1, "Mon 09:00 created");
    const csq_ms now = sla_at("Mon 10:00");
    const csq_answer small = {.size = 8};
    const struct {
        csq_ranking_item item;
        csq_status status;
    } rows[] = {
        {{.size = sizeof(csq_ranking_item), .ticket = NULL}, CSQ_EINVAL},
        {{.size = sizeof(csq_ranking_item), .ticket = ticket, .n_answers = 1}, CSQ_EINVAL},
        {{.size = sizeof(csq_ranking_item), .ticket = foreign}, CSQ_EMISMATCH},
        {{.size = 8, .ticket = ticket}, CSQ_EABI},
        {{.size = sizeof(csq_ranking_item), .ticket = ticket, .n_answers = 1, .answers = &small},
         CSQ_EABI},
    };
    csq_ranked *ranked;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_ranking_item items[] = {{.size = sizeof items[0], .ticket = ticket},
                                          rows[i].item};
        csq_error error = {.index = -1};
        ranked = (csq_ranked *)&world;
        assert_status(rows[i].status, csq_ranking_order(ranking, items, 2, sizeof items[0], now,
                                                        NULL, &ranked, &error));
        assert_ms_equal(error.index, 1);
        assert_null(ranked);
    }
    const csq_ranking_item item = {.size = sizeof item, .ticket = ticket};
    assert_status(CSQ_ERANGE,
                  csq_ranking_order(ranking, &item, 1, 0, CSQ_MS_NONE, NULL, &ranked, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_order(NULL, &item, 1, 0, now, NULL, &ranked, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_order(ranking, NULL, 1, 0, now, NULL, &ranked, NULL));
    assert_status(CSQ_EINVAL, csq_ranking_order(ranking, &item, 1, 0, now, NULL, NULL, NULL));
    assert_status(CSQ_OK, csq_ranking_order(ranking, NULL, 0, 0, now, NULL, &ranked, NULL));
    csq_ranked_place place = {.size = sizeof place};
    csq_ranked_reason reason = {.size = sizeof reason};
    assert_ms_equal(csq_ranked_count(ranked), 0);
    assert_status(CSQ_ERANGE, csq_ranked_at(ranked, 0, &place, NULL));
    csq_ranked_free(ranked);
    assert_status(CSQ_OK, csq_ranking_order(ranking, &item, 1, 0, now, NULL, &ranked, NULL));
    assert_status(CSQ_ERANGE, csq_ranked_reason_at(ranked, 1, 0, &reason, NULL));
    assert_status(CSQ_ERANGE, csq_ranked_reason_at(ranked, 0, 4, &reason, NULL));
    assert_status(CSQ_EINVAL, csq_ranked_at(NULL, 0, &place, NULL));
    assert_status(CSQ_EINVAL, csq_ranked_at(ranked, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_ranked_reason_at(NULL, 0, 0, &reason, NULL));
    assert_ms_equal(csq_ranked_count(NULL), 0);
    csq_ranked_free(ranked);
    csq_ranked_free(NULL);
    csq_ticket_free(foreign);
    csq_ticket_free(ticket);
    csq_schema_free(other);
    csq_ranking_free(ranking);
    sla_close(&world);
}

static void a_missing_ranking_has_nothing(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(schema, "{}");
    csq_ranking_builder *builder = (csq_ranking_builder *)&schema;
    csq_schema *plain;
    assert_null(csq_rules_ranking(rules));
    assert_null(csq_rules_ranking(NULL));
    assert_null(csq_ranking_retain(NULL));
    csq_ranking_free(NULL);
    assert_ms_equal(csq_ranking_fingerprint(NULL), 0);
    assert_int_equal(csq_ranking_lane_count(NULL), 0);
    assert_int_equal(csq_ranking_part_count(NULL), 0);
    assert_ms_equal(csq_ranking_lane_name(NULL, 0).size, 0);
    assert_ms_equal(csq_ranking_part_name(NULL, 0).size, 0);
    assert_status(CSQ_EINVAL, csq_ranking_builder_new(NULL, NULL, &builder, NULL));
    assert_null(builder);
    assert_status(CSQ_EINVAL, csq_ranking_builder_new(schema, NULL, NULL, NULL));
    assert_status(CSQ_OK, csq_schema_new(0, NULL, &plain, NULL));
    assert_status(CSQ_EMISMATCH, csq_ranking_builder_new(plain, NULL, &builder, NULL));
    csq_schema_free(plain);
    csq_rules_free(rules);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_the_page_and_its_reasons),
        cmocka_unit_test(the_most_pressing_open_answer_counts),
        cmocka_unit_test(ties_end_at_the_id),
        cmocka_unit_test(parts_that_contradict_themselves_are_refused),
        cmocka_unit_test(at_most_64_lanes_and_parts),
        cmocka_unit_test(items_that_cannot_be_ranked_are_named),
        cmocka_unit_test(a_missing_ranking_has_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
