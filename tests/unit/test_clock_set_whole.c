/*
 * test_clock_set_whole — sets as a whole: logs in columns, merging, bytes, copies.
 */
#include "clock_set_support.h"

enum { ROWS = 6 };

typedef struct whole_world {
    sla_world world;
    csq_clock_set *set;
} whole_world;

static void open_whole(whole_world *whole)
{
    sla_open(&whole->world);
    sla_add_step(&whole->world,
                 sla_add_metric(&whole->world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY}),
                 "warning", CSQ_STEP_PERCENT, 5000);
    (void)sla_add_policy(&whole->world, "policy", NULL);
    sla_add_target(&whole->world, (csq_target){.within_ms = 4 * HOUR_MS, .calendar = SLA_OFFICE});
    whole->set = live_set(sla_build(&whole->world));
}

static void close_whole(whole_world *whole)
{
    csq_clock_set_free(whole->set);
    sla_close(&whole->world);
}

/* ---- columns ------------------------------------------------------------------------------- */

/* Two tickets, rows in no order, one of them twice. */
typedef struct whole_rows {
    csq_event_type types[2];
    uint64_t tickets[ROWS];
    int64_t at[ROWS];
    uint8_t kinds[ROWS];
    uint64_t sequences[ROWS];
} whole_rows;

static whole_rows rows_of(void)
{
    return (whole_rows){.types = {{.size = sizeof(csq_event_type),
                                   .kind = CSQ_EVENT_CREATED,
                                   .author = CSQ_AUTHOR_CUSTOMER},
                                  {.size = sizeof(csq_event_type),
                                   .kind = CSQ_EVENT_REPLY,
                                   .author = CSQ_AUTHOR_AGENT}},
                        .tickets = {9, 4, 9, 4, 9, 5},
                        .at = {sla_at("Mon 12:00"), sla_at("Mon 09:00"), sla_at("Mon 09:00"),
                               sla_at("Mon 16:00"), sla_at("Mon 09:00"), sla_at("Mon 10:00")},
                        .kinds = {1, 0, 0, 1, 0, 0},
                        .sequences = {2, 1, 1, 2, 1, 1}};
}

static csq_event_columns columns_of(const whole_rows *rows, uint64_t n)
{
    return (csq_event_columns){.size = sizeof(csq_event_columns),
                               .ticket = csq_column_of(CSQ_COLUMN_UINT64, rows->tickets, n),
                               .at = csq_column_of(CSQ_COLUMN_INT64, rows->at, n),
                               .type = csq_column_of(CSQ_COLUMN_UINT8, rows->kinds, n),
                               .sequence = csq_column_of(CSQ_COLUMN_UINT64, rows->sequences, n),
                               .types = rows->types,
                               .n_types = 2};
}

static void a_log_in_columns_is_its_events_one_by_one(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    csq_clock_set *single = live_set(whole.world.policies);
    csq_schema *schema = whole.world.schema;
    live_tell(single, schema, 9, 1, "Mon 09:00 created customer; Mon 12:00 reply agent");
    live_tell(single, schema, 4, 1, "Mon 09:00 created customer; Mon 16:00 reply agent");
    live_tell(single, schema, 5, 1, "Mon 10:00 created customer");
    const whole_rows rows = rows_of();
    csq_event_columns columns = columns_of(&rows, 3);
    assert_status(CSQ_OK, csq_clock_set_apply_columns(whole.set, &columns, NULL, NULL, NULL));
    assert_ms_equal(csq_clock_set_count(whole.set), 2);
    columns = columns_of(&rows, 0);
    assert_status(CSQ_OK, csq_clock_set_apply_columns(whole.set, &columns, NULL, NULL, NULL));
    columns = columns_of(&rows, ROWS);
    assert_status(CSQ_OK, csq_clock_set_apply_columns(whole.set, &columns, NULL, NULL, NULL));
    assert_same_sets(whole.set, single);
    assert_ms_equal(live_next(whole.set), live_next(single));
    assert_int_equal(live_take(whole.set, "Mon 17:00"), 5);
    assert_int_equal(live_take(single, "Mon 17:00"), 5);
    assert_same_sets(whole.set, single);
    csq_clock_set_free(single);
    close_whole(&whole);
}

/* Each change makes one row a bad one; then nothing of the log is there. */
static void a_log_is_taken_whole_or_not_at_all(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    live_tell(whole.set, whole.world.schema, 5, 1, "Mon 11:00 created customer");
    csq_clock_set *before;
    assert_status(CSQ_OK, csq_clock_set_copy(whole.set, &before, NULL));
    static const struct {
        csq_status status;
        int64_t row;
        uint64_t n; /* rows */
    } cases[] = {
        {CSQ_ECODE, 3, ROWS},     /* a type that is not there */
        {CSQ_ECONFLICT, 4, ROWS}, /* a sequence with other content */
        {CSQ_ECONFLICT, 5, ROWS}, /* a creation; the set knows another one with that sequence */
        {CSQ_ECONFLICT, 5, ROWS}, /* a second creation */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        whole_rows rows = rows_of();
        rows.kinds[3] = i == 0 ? 2 : rows.kinds[3];
        rows.at[4] += i == 1;
        rows.sequences[5] += i == 3;
        const csq_event_columns columns = columns_of(&rows, cases[i].n);
        csq_error error = {0};
        assert_status(cases[i].status,
                      csq_clock_set_apply_columns(whole.set, &columns, NULL, NULL, &error));
        assert_int_equal(error.code, cases[i].status);
        assert_ms_equal(error.index, cases[i].row);
        assert_same_sets(whole.set, before);
    }
    csq_clock_set_free(before);
    close_whole(&whole);
}

static int stop_at_once(void *user, uint64_t done, uint64_t total)
{
    assert_true(done % 65536 == 0 && done < total);
    return ++*(int *)user;
}

static void a_long_log_can_be_cancelled(void **state)
{
    (void)state;
    enum { N = 70000 };
    whole_world whole;
    open_whole(&whole);
    int64_t *at = malloc(N * sizeof *at);
    uint8_t *kinds = calloc(N, 1);
    assert_true(at != NULL && kinds != NULL);
    for (int64_t i = 0; i < N; i++) {
        at[i] = i;
    }
    const whole_rows rows = rows_of();
    csq_event_columns columns = columns_of(&rows, 0);
    columns.ticket = csq_column_of(CSQ_COLUMN_INT64, at, N);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, N);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, N);
    columns.sequence = csq_column_of(CSQ_COLUMN_INT64, at, N);
    int calls = 0;
    assert_status(CSQ_ECANCELLED,
                  csq_clock_set_apply_columns(whole.set, &columns, stop_at_once, &calls, NULL));
    assert_int_equal(calls, 1);
    assert_ms_equal(csq_clock_set_count(whole.set), 0);
    free(at);
    free(kinds);
    close_whole(&whole);
}

/* ---- merging ------------------------------------------------------------------------------- */

/* One host heard of the creation and told, the other of the reply. */
static void merged_sets_know_what_both_knew(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    csq_clock_set *other = live_set(whole.world.policies);
    csq_schema *schema = whole.world.schema;
    live_tell(whole.set, schema, 7, 0, "Mon 09:00 created customer");
    live_tell(whole.set, schema, 6, 0, "Mon 09:00 created customer");
    assert_int_equal(live_take(whole.set, "Mon 12:00"), 2);
    live_tell(other, schema, 7, 1, "Mon 10:00 reply agent");
    live_tell(other, schema, 8, 1, "Mon 09:30 created customer");
    assert_int_equal(live_take(other, "Mon 11:45"), 1);
    csq_clock_set *reverse;
    assert_status(CSQ_OK, csq_clock_set_copy(other, &reverse, NULL));
    assert_status(CSQ_OK, csq_clock_set_merge(reverse, whole.set, NULL));
    assert_status(CSQ_OK, csq_clock_set_merge(whole.set, other, NULL));
    assert_same_sets(whole.set, reverse);
    assert_ms_equal(csq_clock_set_taken(reverse), sla_at("Mon 12:00"));
    assert_status(CSQ_OK, csq_clock_set_merge(whole.set, whole.set, NULL));
    assert_same_sets(whole.set, reverse);
    assert_int_equal(live_take(whole.set, "Mon 12:00"), 1);
    assert_notice(live_notice(whole.set, 0), 7, CSQ_NOTICE_WITHDRAWN, 0, sla_at("Mon 11:00"));
    csq_clock_set_free(reverse);
    csq_clock_set_free(other);
    close_whole(&whole);
}

static void logs_that_contradict_each_other_do_not_merge(void **state)
{
    (void)state;
    static const struct {
        csq_status status;
        const char *ours;
        uint64_t first;
        const char *theirs;
    } rows[] = {
        {CSQ_ECONFLICT, "Mon 09:00 created", 0, "Mon 09:00 reply agent"},
        {CSQ_ECONFLICT, "Mon 09:00 created", 0, "Mon 10:00 reply agent"},
        {CSQ_ECONFLICT, "Mon 09:00 created", 1, "Mon 10:00 created"},
        {CSQ_EORDER, "Mon 09:00 created", 1, "Mon 08:00 reply agent"},
        {CSQ_EORDER, "Mon 08:00 reply agent", 1, "Mon 09:00 created"},
        {CSQ_EMERGED, "Mon 09:00 created; Mon 10:00 merge 3", 2, "Mon 11:00 reply agent"},
        {CSQ_EMERGED, "Mon 11:00 reply agent", 1, "Mon 10:00 merge 3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        whole_world whole;
        open_whole(&whole);
        csq_clock_set *other = live_set(whole.world.policies);
        csq_clock_set *before;
        live_tell(whole.set, whole.world.schema, 7, 0, rows[i].ours);
        live_tell(other, whole.world.schema, 6, 0, "Mon 09:00 created");
        live_tell(other, whole.world.schema, 7, rows[i].first, rows[i].theirs);
        assert_status(CSQ_OK, csq_clock_set_copy(whole.set, &before, NULL));
        csq_error error = {0};
        assert_status(rows[i].status, csq_clock_set_merge(whole.set, other, &error));
        assert_int_equal(error.code, rows[i].status);
        assert_memory_equal(error.message, "ticket 7: ", 10);
        assert_same_sets(whole.set, before);
        csq_clock_set_free(before);
        csq_clock_set_free(other);
        close_whole(&whole);
    }
}

static void sets_of_other_policies_do_not_merge(void **state)
{
    (void)state;
    whole_world whole;
    whole_world other;
    open_whole(&whole);
    open_whole(&other); // the same rules in another schema
    assert_status(CSQ_EMISMATCH, csq_clock_set_merge(whole.set, other.set, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_merge(whole.set, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_merge(NULL, whole.set, NULL));
    close_whole(&other);
    close_whole(&whole);
}

/* ---- bytes --------------------------------------------------------------------------------- */

static void a_decoded_set_goes_on_where_the_other_was(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    live_tell(whole.set, whole.world.schema, 7, 0, "Mon 09:00 created customer");
    live_tell(whole.set, whole.world.schema, 6, 0, "Mon 13:00 created customer");
    assert_int_equal(live_take(whole.set, "Mon 12:00"), 1);
    uint64_t size;
    uint8_t *bytes = live_encoded(whole.set, &size);
    csq_clock_set *back;
    assert_status(CSQ_OK,
                  csq_clock_set_decode(whole.world.policies, NULL, bytes, size, NULL, &back, NULL));
    assert_same_sets(whole.set, back);
    assert_ms_equal(live_next(back), sla_at("Mon 13:00") + 1);
    assert_int_equal(live_take(back, "Mon 15:00"), 2);
    csq_clock_set_free(back);
    free(bytes);
    close_whole(&whole);
}

static void an_empty_set_has_bytes_too(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    uint64_t size;
    uint8_t *bytes = live_encoded(whole.set, &size);
    csq_clock_set *back;
    assert_status(CSQ_OK,
                  csq_clock_set_decode(whole.world.policies, NULL, bytes, size, NULL, &back, NULL));
    assert_same_sets(whole.set, back);
    assert_ms_equal(csq_clock_set_taken(back), CSQ_MS_NONE);
    csq_clock_set_free(back);
    free(bytes);
    close_whole(&whole);
}

/* Every byte cut off and every byte changed is refused. */
static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    live_tell(whole.set, whole.world.schema, 7, 0, "Mon 09:00 created customer");
    assert_int_equal(live_take(whole.set, "Mon 12:00"), 1);
    uint64_t size;
    uint8_t *bytes = live_encoded(whole.set, &size);
    csq_clock_set *back = whole.set;
    const csq_policies *policies = whole.world.policies;
    for (uint64_t i = 0; i < size; i++) {
        assert_status(CSQ_ECORRUPT, csq_clock_set_decode((csq_policies *)(uintptr_t)policies, NULL,
                                                         bytes, i, NULL, &back, NULL));
        assert_null(back);
        bytes[i] ^= 0x40;
        const csq_status status = csq_clock_set_decode((csq_policies *)(uintptr_t)policies, NULL,
                                                       bytes, size, NULL, &back, NULL);
        assert_true(status == CSQ_ECORRUPT || status == CSQ_EVERSION);
        bytes[i] ^= 0x40;
    }
    csq_clock_set_free(back);
    free(bytes);
    close_whole(&whole);
}

static void bytes_of_other_policies_are_refused(void **state)
{
    (void)state;
    whole_world whole;
    open_whole(&whole);
    uint64_t size;
    uint8_t *bytes = live_encoded(whole.set, &size);
    sla_world other;
    sla_open(&other);
    csq_policies *policies = sla_single(&other, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY}, 0);
    csq_clock_set *back;
    assert_status(CSQ_EMISMATCH,
                  csq_clock_set_decode(policies, NULL, bytes, size, NULL, &back, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_decode(policies, NULL, NULL, 3, NULL, &back, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_decode(NULL, NULL, bytes, size, NULL, &back, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_decode(policies, NULL, bytes, size, NULL, NULL, NULL));
    uint64_t small = 3;
    assert_status(CSQ_ELIMIT, csq_clock_set_encode(whole.set, bytes, &small, NULL));
    assert_ms_equal(small, size);
    assert_status(CSQ_EINVAL, csq_clock_set_encode(whole.set, NULL, &small, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_encode(NULL, bytes, &small, NULL));
    assert_status(CSQ_EINVAL, csq_clock_set_encode(whole.set, bytes, NULL, NULL));
    sla_close(&other);
    free(bytes);
    close_whole(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_in_columns_is_its_events_one_by_one),
        cmocka_unit_test(a_log_is_taken_whole_or_not_at_all),
        cmocka_unit_test(a_long_log_can_be_cancelled),
        cmocka_unit_test(merged_sets_know_what_both_knew),
        cmocka_unit_test(logs_that_contradict_each_other_do_not_merge),
        cmocka_unit_test(sets_of_other_policies_do_not_merge),
        cmocka_unit_test(a_decoded_set_goes_on_where_the_other_was),
        cmocka_unit_test(an_empty_set_has_bytes_too),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(bytes_of_other_policies_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
