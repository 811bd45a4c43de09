/*
 * property_attribution — random policies over random histories: the parts of a clock's time sum to
 * the whole, whatever the options and the attributes.
 */
#include "csq/sla_attribution.h"
#include "sla_trial.h"

enum { N_ATTRIBUTES = 5 };

static const uint32_t choices[N_ATTRIBUTES] = {
    CSQ_TICKET_STATUS, CSQ_TICKET_GROUP, CSQ_TICKET_LEVEL, CSQ_TICKET_PRIORITY, CSQ_TICKET_PROMISE};

static csq_attribution *attribute_of(const trial *t, const csq_ticket *ticket, uint32_t metric,
                                     const csq_attribution_options *options, csq_ms now)
{
    csq_attribution *attribution = NULL;
    assert_status(CSQ_OK, csq_policies_attribute(t->policies, ticket, metric, now, options, NULL,
                                                 &attribution, NULL));
    return attribution;
}

/* The value of an attribute behind the last event up to an instant, read from the log. */
static int64_t value_at(const csq_ticket *ticket, const csq_schema *schema, uint32_t attribute,
                        csq_ms at)
{
    int64_t value = csq_schema_kind(schema, attribute) == CSQ_ATTRIBUTE_CATEGORY ? 0 : CSQ_MS_NONE;
    for (uint64_t i = 0; i < csq_ticket_count(ticket); i++) {
        csq_ticket_event event = {.size = sizeof event};
        assert_status(CSQ_OK, csq_ticket_event_at(ticket, i, &event, NULL));
        value = event.at <= at && event.attribute == attribute ? event.value : value;
    }
    return value;
}

/* Adds a visit to the sums of its row; returns the row's place. */
static void check_visit(const trial *t, const csq_ticket *ticket,
                        const csq_attribution_options *options, const csq_visit *visit,
                        const csq_visit *before)
{
    assert_true(visit->from < visit->to && visit->elapsed_ms >= 0 && visit->paused_ms >= 0);
    assert_true(visit->elapsed_ms + visit->paused_ms <= visit->wall_ms);
    for (uint32_t a = 0; a < 8; a++) {
        assert_ms_equal(visit->values[a],
                        a < options->n_attributes
                            ? value_at(ticket, t->world.schema, options->attributes[a], visit->from)
                            : 0);
    }
    if (before == NULL) {
        return;
    }
    // A cycle that inherits its start may begin before the one before it has ended.
    assert_true(visit->cycle > before->cycle ||
                (visit->cycle == before->cycle && visit->from >= before->to));
    assert_int_not_equal(before->end, CSQ_VISIT_OPEN);
    if (visit->from == before->to && visit->cycle == before->cycle &&
        before->end != CSQ_VISIT_STOPPED) {
        assert_true(memcmp(visit->values, before->values, sizeof visit->values) != 0);
        assert_true(before->end >= CSQ_VISIT_MOVED && before->end <= CSQ_VISIT_HANDED_BACK);
    }
}

static void check_rows(const csq_attribution *attribution, const csq_attribution_row *sums)
{
    csq_attribution_row whole = {.size = sizeof whole};
    assert_status(CSQ_OK, csq_attribution_whole(attribution, &whole, NULL));
    for (uint64_t r = 0; r < csq_attribution_row_count(attribution); r++) {
        csq_attribution_row row = {.size = sizeof row};
        assert_status(CSQ_OK, csq_attribution_row_at(attribution, r, &row, NULL));
        assert_memory_equal(&row, &sums[r], sizeof row);
        assert_ms_equal(row.visits, row.open + row.stopped + row.moved + row.escalated +
                                        row.handed_back + row.cancelled);
        whole.elapsed_ms -= row.elapsed_ms;
        whole.paused_ms -= row.paused_ms;
        whole.wall_ms -= row.wall_ms;
        whole.visits -= row.visits;
    }
    assert_ms_equal(whole.elapsed_ms, 0);
    assert_ms_equal(whole.paused_ms, 0);
    assert_ms_equal(whole.wall_ms, 0);
    assert_ms_equal(whole.visits, 0);
}

static void add_visit(csq_attribution_row *row, const csq_visit *visit)
{
    if (row->visits == 0) {
        row->size = sizeof *row;
        memcpy(row->values, visit->values, sizeof row->values);
        row->first_from = visit->from;
    }
    assert_memory_equal(row->values, visit->values, sizeof row->values);
    uint64_t *const ends[] = {&row->open,      &row->stopped,     &row->moved,
                              &row->escalated, &row->handed_back, &row->cancelled};
    assert_true(visit->end >= CSQ_VISIT_OPEN && visit->end <= CSQ_VISIT_CANCELLED);
    *ends[visit->end - 1] += 1;
    row->elapsed_ms += visit->elapsed_ms;
    row->paused_ms += visit->paused_ms;
    row->wall_ms += visit->wall_ms;
    row->last_to = visit->to;
    row->visits++;
}

static void check_parts(const trial *t, const csq_ticket *ticket,
                        const csq_attribution_options *options, const csq_attribution *attribution)
{
    csq_attribution_row sums[4 * MAX_EVENTS] = {{0}};
    csq_visit before = {.size = 0};
    uint32_t n_rows = 0;
    for (uint64_t i = 0; i < csq_attribution_visit_count(attribution); i++) {
        csq_visit visit = {.size = sizeof visit};
        assert_status(CSQ_OK, csq_attribution_visit(attribution, i, &visit, NULL));
        check_visit(t, ticket, options, &visit, i == 0 ? NULL : &before);
        assert_true(visit.row <= n_rows && visit.row < sizeof sums / sizeof sums[0]);
        n_rows += visit.row == n_rows;
        add_visit(&sums[visit.row], &visit);
        before = visit;
    }
    assert_ms_equal(csq_attribution_row_count(attribution), n_rows);
    check_rows(attribution, sums);
}

/* The whole is what the explanation tells of all cycles, or of the latest. */
static void check_whole(const csq_explanation *explanation, const csq_attribution *attribution,
                        bool is_latest)
{
    csq_attribution_row whole = {.size = sizeof whole};
    assert_status(CSQ_OK, csq_attribution_whole(attribution, &whole, NULL));
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &answer, NULL));
    const bool is_told = answer.phase > CSQ_PHASE_NOT_STARTED; // under an agreement
    for (uint64_t i = 0; is_told && i < csq_explanation_cycle_count(explanation); i++) {
        const csq_cycle cycle = sla_cycle(explanation, i);
        if (is_latest && i + 1 != answer.cycle) {
            continue;
        }
        whole.elapsed_ms -= cycle.elapsed_ms;
        whole.paused_ms -= cycle.paused_ms;
    }
    assert_ms_equal(whole.elapsed_ms, 0);
    assert_ms_equal(whole.paused_ms, 0);
}

static void check_history(trial *t)
{
    csq_ticket_event events[MAX_EVENTS];
    const uint32_t n = random_history(t, events);
    csq_ticket *ticket = told(t, 1, events, n, true);
    const csq_ms now = events[draw(t, n)].at + (csq_ms)draw(t, 200) * QUARTER_MS / 2;
    const uint32_t first = draw(t, N_ATTRIBUTES);
    const csq_attribution_options options = {.size = sizeof options,
                                             .n_attributes = draw(t, N_ATTRIBUTES - first + 1),
                                             .attributes = choices + first,
                                             .scope = draw(t, 3)};
    for (uint32_t metric = 0; metric < N_METRICS; metric++) {
        csq_attribution *attribution = attribute_of(t, ticket, metric, &options, now);
        csq_explanation *explanation = sla_explain(t->policies, ticket, metric, now);
        const csq_metric *m = &t->metrics[metric];
        const bool waits = m->kind == CSQ_METRIC_FIRST_REPLY || m->kind == CSQ_METRIC_NEXT_REPLY;
        const bool is_latest = options.scope == CSQ_ATTRIBUTION_SCOPE_LATEST ||
                               (waits && m->message_base == CSQ_MESSAGE_BASE_EACH);
        check_whole(explanation, attribution, is_latest);
        check_parts(t, ticket, &options, attribution);
        csq_explanation_free(explanation);
        csq_attribution_free(attribution);
    }
    csq_ticket_free(ticket);
}

static void parts_sum_to_the_whole(void **state)
{
    (void)state;
    static trial t;
    t = (trial){.seed = 20240110};
    open_trial(&t);
    for (uint32_t done = 0; done < N_HISTORIES; done += BATCH) {
        draw_policies(&t);
        for (uint32_t i = 0; i < BATCH; i++) {
            check_history(&t);
        }
    }
    close_trial(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_sum_to_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
