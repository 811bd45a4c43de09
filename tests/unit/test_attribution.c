/*
 * test_attribution — whose time a clock counted. All expectations are computed by hand; the worked
 * examples are those of docs/attribution.md.
 */
#include "csq/sla_attribution.h"
#include "sla_support.h"

static csq_attribution *attributed(const sla_world *world, const csq_ticket *ticket,
                                   const uint32_t *attributes, uint32_t n, uint32_t scope,
                                   csq_ms now)
{
    csq_attribution *attribution = NULL;
    csq_error error = {0};
    const csq_attribution_options options = {
        .size = sizeof options, .n_attributes = n, .attributes = attributes, .scope = scope};
    const csq_status status = csq_policies_attribute(world->policies, ticket, 0, now, &options,
                                                     NULL, &attribution, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return attribution;
}

static csq_attribution_row row_of(const csq_attribution *attribution, uint64_t index)
{
    csq_attribution_row row = {.size = sizeof row};
    assert_status(CSQ_OK, csq_attribution_row_at(attribution, index, &row, NULL));
    return row;
}

static csq_visit visit_of(const csq_attribution *attribution, uint64_t index)
{
    csq_visit visit = {.size = sizeof visit};
    assert_status(CSQ_OK, csq_attribution_visit(attribution, index, &visit, NULL));
    return visit;
}

static csq_attribution_row whole_of(const csq_attribution *attribution)
{
    csq_attribution_row whole = {.size = sizeof whole};
    assert_status(CSQ_OK, csq_attribution_whole(attribution, &whole, NULL));
    return whole;
}

typedef struct visit_row {
    const char *first;  /* name of the first value, "" for none */
    const char *second; /* of the second attribute, if there are two */
    const char *from;
    const char *to;
    uint32_t cycle;
    uint32_t end;
    int elapsed; /* minutes */
    int paused;
} visit_row;

static void check_visits(const sla_world *world, const csq_attribution *attribution,
                         const uint32_t *attributes, const visit_row *rows, size_t n)
{
    assert_ms_equal(csq_attribution_visit_count(attribution), n);
    for (size_t i = 0; i < n; i++) {
        const csq_visit visit = visit_of(attribution, i);
        const char *const names[] = {rows[i].first, rows[i].second};
        for (size_t a = 0; a < 2 && names[a] != NULL; a++) {
            const uint32_t kind = csq_schema_kind(world->schema, attributes[a]);
            const int64_t value =
                kind == CSQ_ATTRIBUTE_INTEGER ? *names[a] == '\0' ? CSQ_MS_NONE : atoi(names[a])
                : *names[a] == '\0' ? 0
                                    : (int64_t)test_code(world->schema, attributes[a], names[a]);
            assert_ms_equal(visit.values[a], value);
        }
        assert_ms_equal(visit.from, sla_at(rows[i].from));
        assert_ms_equal(visit.to, sla_at(rows[i].to));
        assert_ms_equal(visit.wall_ms, visit.to - visit.from);
        assert_int_equal(visit.cycle, rows[i].cycle);
        assert_int_equal(visit.end, rows[i].end);
        assert_ms_equal(visit.elapsed_ms, rows[i].elapsed * MINUTE_MS);
        assert_ms_equal(visit.paused_ms, rows[i].paused * MINUTE_MS);
    }
}

#define RESOLUTION                                                                                 \
    (csq_metric)                                                                                   \
    {                                                                                              \
        .kind = CSQ_METRIC_RESOLUTION                                                              \
    }

/* docs/attribution.md: by group and assignee, ownerless time included. */
static void time_goes_to_the_group_and_assignee_that_had_it(void **state)
{
    (void)state;
    static const uint32_t attributes[] = {CSQ_TICKET_GROUP, CSQ_TICKET_ASSIGNEE};
    static const visit_row visits[] = {
        {"", "", "Mon 10:00", "Mon 11:00", 1, CSQ_VISIT_MOVED, 60, 0},
        {"hotline", "", "Mon 11:00", "Mon 11:30", 1, CSQ_VISIT_MOVED, 30, 0},
        {"hotline", "ann", "Mon 11:30", "Mon 15:00", 1, CSQ_VISIT_MOVED, 90, 120},
        {"tier2", "", "Mon 15:00", "Tue 09:30", 1, CSQ_VISIT_MOVED, 150, 0},
        {"tier2", "bob", "Tue 09:30", "Tue 10:00", 1, CSQ_VISIT_MOVED, 30, 0},
        {"hotline", "ann", "Tue 10:00", "Tue 11:00", 1, CSQ_VISIT_STOPPED, 60, 0},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 10:00 created customer; Mon 11:00 set group=hotline; Mon 11:30 set assignee=ann; "
        "Mon 12:00 set status=pending; Mon 14:00 set status=open; "
        "Mon 15:00 set group=tier2 assignee=; Tue 09:30 set assignee=bob; "
        "Tue 10:00 set group=hotline; Tue 10:00 set assignee=ann; Tue 11:00 set status=solved");
    csq_attribution *attribution =
        attributed(&world, ticket, attributes, 2, 0, sla_at("Fri 10:00"));
    check_visits(&world, attribution, attributes, visits, 6);
    assert_ms_equal(csq_attribution_row_count(attribution), 5);
    const csq_attribution_row ann = row_of(attribution, 2);
    assert_ms_equal(ann.elapsed_ms, 150 * MINUTE_MS);
    assert_ms_equal(ann.paused_ms, 120 * MINUTE_MS);
    assert_ms_equal(ann.wall_ms, 270 * MINUTE_MS);
    assert_ms_equal(ann.visits, 2);
    assert_ms_equal(ann.moved, 1);
    assert_ms_equal(ann.stopped, 1);
    assert_ms_equal(ann.first_from, sla_at("Mon 11:30"));
    assert_ms_equal(ann.last_to, sla_at("Tue 11:00"));
    assert_int_equal(visit_of(attribution, 2).row, 2);
    assert_int_equal(visit_of(attribution, 5).row, 2);
    const csq_attribution_row whole = whole_of(attribution);
    const csq_answer answer = sla_answer(world.policies, ticket, 0, sla_at("Fri 10:00"));
    assert_ms_equal(whole.elapsed_ms, answer.elapsed_ms);
    assert_ms_equal(whole.elapsed_ms, 7 * HOUR_MS);
    assert_ms_equal(whole.paused_ms, answer.paused_ms);
    assert_ms_equal(whole.wall_ms, 25 * HOUR_MS);
    assert_ms_equal(whole.visits, 6);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* docs/attribution.md: levels of escalation. */
static void levels_say_how_each_visit_ended(void **state)
{
    (void)state;
    static const uint32_t attributes[] = {CSQ_TICKET_LEVEL};
    static const visit_row visits[] = {
        {"", NULL, "Mon 09:00", "Mon 10:00", 1, CSQ_VISIT_ESCALATED, 60, 0},
        {"2", NULL, "Mon 10:00", "Mon 13:00", 1, CSQ_VISIT_ESCALATED, 180, 0},
        {"3", NULL, "Mon 13:00", "Mon 15:00", 1, CSQ_VISIT_HANDED_BACK, 120, 0},
        {"2", NULL, "Mon 15:00", "Mon 16:00", 1, CSQ_VISIT_STOPPED, 60, 0},
        {"2", NULL, "Tue 10:00", "Tue 12:00", 1, CSQ_VISIT_OPEN, 120, 0},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, RESOLUTION, 0);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1,
                   "Mon 09:00 created; Mon 10:00 escalate 1; Mon 10:00 escalate 2 !knowledge; "
                   "Mon 13:00 escalate 3; Mon 14:00 escalate 3; Mon 15:00 set level=2; "
                   "Mon 16:00 set status=solved; Tue 10:00 set status=open");
    csq_attribution *attribution =
        attributed(&world, ticket, attributes, 1, 0, sla_at("Tue 12:00"));
    check_visits(&world, attribution, attributes, visits, 5);
    assert_ms_equal(csq_attribution_row_count(attribution), 3);
    const csq_attribution_row second = row_of(attribution, 1);
    assert_ms_equal(second.visits, 3);
    assert_ms_equal(second.elapsed_ms, 6 * HOUR_MS);
    assert_ms_equal(second.escalated, 1);
    assert_ms_equal(second.stopped, 1);
    assert_ms_equal(second.open, 1);
    assert_ms_equal(row_of(attribution, 2).handed_back, 1);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void cycles_are_told_apart(void **state)
{
    (void)state;
    static const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    static const visit_row visits[] = {
        {"a", NULL, "Mon 09:00", "Mon 10:00", 1, CSQ_VISIT_STOPPED, 60, 0},
        {"b", NULL, "Mon 12:00", "Mon 13:00", 2, CSQ_VISIT_CANCELLED, 60, 0},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_single(
        &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_NEW_CYCLE},
        0);
    csq_ticket *ticket = sla_ticket(
        world.schema, 1,
        "Mon 09:00 created group=a; Mon 10:00 set status=solved; Mon 11:00 set group=b; "
        "Mon 12:00 set status=open; Mon 13:00 set status=spam group=c; Mon 14:00 set group=d");
    csq_attribution *attribution =
        attributed(&world, ticket, attributes, 1, CSQ_ATTRIBUTION_SCOPE_ALL, sla_at("Tue 12:00"));
    check_visits(&world, attribution, attributes, visits, 2);
    csq_attribution_free(attribution);
    attribution = attributed(&world, ticket, attributes, 1, CSQ_ATTRIBUTION_SCOPE_LATEST,
                             sla_at("Tue 12:00"));
    check_visits(&world, attribution, attributes, visits + 1, 1);
    csq_attribution_free(attribution);
    // Between stop and reopen nothing is told; before the cancel the second cycle is open.
    attribution = attributed(&world, ticket, attributes, 1, 0, sla_at("Mon 12:30"));
    assert_ms_equal(csq_attribution_visit_count(attribution), 2);
    assert_int_equal(visit_of(attribution, 1).end, CSQ_VISIT_OPEN);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* What a reopen counts of the time in between goes to the values of then. */
static void time_that_a_reopen_counts_is_cut_as_well(void **state)
{
    (void)state;
    static const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    static const visit_row visits[] = {
        {"a", NULL, "Mon 09:00", "Mon 11:00", 1, CSQ_VISIT_MOVED, 120, 0},
        {"b", NULL, "Mon 11:00", "Mon 13:00", 1, CSQ_VISIT_OPEN, 120, 0},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_single(
        &world,
        (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = CSQ_REOPEN_RESUME_COUNTING}, 0);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1,
                   "Mon 09:00 created group=a; Mon 10:00 set status=solved; Mon 11:00 set group=b; "
                   "Mon 12:00 set status=open");
    csq_attribution *attribution =
        attributed(&world, ticket, attributes, 1, 0, sla_at("Mon 13:00"));
    check_visits(&world, attribution, attributes, visits, 2);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_clock_that_has_not_begun_has_no_visits(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 set group=a");
    csq_attribution *attribution = attributed(&world, ticket, NULL, 0, 0, sla_at("Mon 13:00"));
    assert_ms_equal(csq_attribution_visit_count(attribution), 0);
    assert_ms_equal(csq_attribution_row_count(attribution), 0);
    const csq_attribution_row whole = whole_of(attribution);
    assert_ms_equal(whole.visits, 0);
    assert_ms_equal(whole.elapsed_ms, 0);
    assert_ms_equal(whole.first_from, CSQ_MS_NONE);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    // Without attributes the whole clock is one row; no options are the same.
    ticket = sla_ticket(world.schema, 2, "Mon 09:00 created; Mon 10:00 set group=a");
    assert_status(CSQ_OK, csq_policies_attribute(world.policies, ticket, 0, sla_at("Mon 13:00"),
                                                 NULL, NULL, &attribution, NULL));
    assert_ms_equal(csq_attribution_row_count(attribution), 1);
    assert_ms_equal(row_of(attribution, 0).elapsed_ms, 4 * HOUR_MS);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void what_cannot_be_attributed_is_refused(void **state)
{
    (void)state;
    static const uint32_t event[] = {CSQ_TICKET_EVENT};
    static const uint32_t reason[] = {CSQ_TICKET_REASON};
    static const uint32_t tags[] = {CSQ_TICKET_TAGS};
    static const uint32_t unknown[] = {999};
    static const uint32_t twice[] = {CSQ_TICKET_GROUP, CSQ_TICKET_STATUS, CSQ_TICKET_GROUP};
    static const struct {
        csq_attribution_options options;
        csq_status status;
    } rows[] = {
        {{.n_attributes = 1, .attributes = event}, CSQ_EINVAL},
        {{.n_attributes = 1, .attributes = reason}, CSQ_EINVAL},
        {{.n_attributes = 1, .attributes = tags}, CSQ_EINVAL},
        {{.n_attributes = 1, .attributes = unknown}, CSQ_ENOTFOUND},
        {{.n_attributes = 3, .attributes = twice}, CSQ_EDUPLICATE},
        {{.n_attributes = 9, .attributes = twice}, CSQ_ELIMIT},
        {{.n_attributes = 1}, CSQ_EINVAL},
        {{.scope = 3}, CSQ_EINVAL},
        {{.reserved = 1}, CSQ_EINVAL},
    };
    sla_world world;
    sla_open(&world);
    const csq_policies *policies = sla_single(&world, RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    const csq_ms now = sla_at("Mon 10:00");
    csq_attribution *attribution;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_attribution_options options = rows[i].options;
        options.size = sizeof options;
        attribution = (csq_attribution *)&world;
        assert_status(rows[i].status, csq_policies_attribute(policies, ticket, 0, now, &options,
                                                             NULL, &attribution, NULL));
        assert_null(attribution);
    }
    const csq_attribution_options small = {.size = 4};
    assert_status(CSQ_EABI, csq_policies_attribute(policies, ticket, 0, now, &small, NULL,
                                                   &attribution, NULL));
    assert_status(CSQ_EINVAL,
                  csq_policies_attribute(policies, ticket, 0, now, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL,
                  csq_policies_attribute(NULL, ticket, 0, now, NULL, NULL, &attribution, NULL));
    assert_status(CSQ_EINVAL,
                  csq_policies_attribute(policies, NULL, 0, now, NULL, NULL, &attribution, NULL));
    assert_status(CSQ_ERANGE,
                  csq_policies_attribute(policies, ticket, 1, now, NULL, NULL, &attribution, NULL));
    assert_status(CSQ_ERANGE, csq_policies_attribute(policies, ticket, 0, CSQ_MS_NONE, NULL, NULL,
                                                     &attribution, NULL));
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_reading_beyond_the_end_is_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, RESOLUTION, 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
    csq_attribution *attribution = attributed(&world, ticket, NULL, 0, 0, sla_at("Mon 13:00"));
    csq_attribution_row row = {.size = sizeof row};
    csq_visit visit = {.size = sizeof visit};
    assert_status(CSQ_ERANGE, csq_attribution_row_at(attribution, 1, &row, NULL));
    assert_status(CSQ_ERANGE, csq_attribution_visit(attribution, 1, &visit, NULL));
    assert_status(CSQ_EINVAL, csq_attribution_row_at(NULL, 0, &row, NULL));
    assert_status(CSQ_EINVAL, csq_attribution_visit(NULL, 0, &visit, NULL));
    assert_status(CSQ_EINVAL, csq_attribution_whole(NULL, &row, NULL));
    assert_status(CSQ_EINVAL, csq_attribution_row_at(attribution, 0, NULL, NULL));
    assert_ms_equal(csq_attribution_row_count(NULL), 0);
    assert_ms_equal(csq_attribution_visit_count(NULL), 0);
    csq_attribution_free(NULL);
    csq_attribution_free(attribution);
    csq_ticket_free(ticket);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_goes_to_the_group_and_assignee_that_had_it),
        cmocka_unit_test(levels_say_how_each_visit_ended),
        cmocka_unit_test(cycles_are_told_apart),
        cmocka_unit_test(time_that_a_reopen_counts_is_cut_as_well),
        cmocka_unit_test(a_clock_that_has_not_begun_has_no_visits),
        cmocka_unit_test(what_cannot_be_attributed_is_refused),
        cmocka_unit_test(a_reading_beyond_the_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
