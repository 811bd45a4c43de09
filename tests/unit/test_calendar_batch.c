/*
 * test_calendar_batch — queries over columns: row by row as the single ones.
 */
#include "calendar_support.h"

enum { ROWS = 200000 };

static csq_ms from[ROWS];
static csq_ms to[ROWS];
static int32_t hours[ROWS];
static csq_ms answers[ROWS];
static int8_t open[ROWS];

static void fill_rows(void)
{
    uint64_t seed = 11;
    for (int i = 0; i < ROWS; i++) {
        from[i] = instant_of("2020-01-01T00:00:00Z") +
                  (csq_ms)test_below(&seed, 10 * 365 * UINT64_C(86400000));
        to[i] = from[i] + (csq_ms)test_below(&seed, UINT64_C(1) << 32);
        hours[i] = (int32_t)test_below(&seed, 400000000) - 200000000;
        if (test_below(&seed, 50) == 0) {
            to[i] = i % 2 == 0 ? INT64_MAX : CSQ_MS_NONE;
        }
    }
}

static void rows_answer_as_single_queries_do(void **state)
{
    (void)state;
    fill_rows();
    csq_calendar *const calendar = office_of(TZ_BERLIN);
    csq_column a = csq_column_of(CSQ_COLUMN_INT64, from, ROWS);
    const csq_column b = csq_column_of(CSQ_COLUMN_INT64, to, ROWS);
    const csq_column d = csq_column_of(CSQ_COLUMN_INT32, hours, ROWS);
    static uint8_t validity[ROWS / 8 + 1];
    for (size_t i = 0; i < sizeof validity; i++) {
        validity[i] = i % 3 == 0 ? 0xEF : 0xFF; // one missing in 24
    }
    a.validity = validity;
    uint64_t n_failed = 0;
    uint64_t expected = 0;
    assert_status(CSQ_OK,
                  csq_calendar_measure_many(calendar, &a, &b, NULL, answers, &n_failed, NULL));
    for (int i = 0; i < ROWS; i++) {
        csq_ms single = CSQ_MS_NONE;
        const int is_missing = (validity[i / 8] >> (i % 8) & 1) == 0 || to[i] == CSQ_MS_NONE;
        if (!is_missing) {
            expected += csq_calendar_measure(calendar, from[i], to[i], &single, NULL) != CSQ_OK;
        }
        assert_ms_equal(answers[i], single);
    }
    assert_true(expected > 0 && n_failed == expected);

    for (uint32_t edge = CSQ_EDGE_NEAR; edge <= CSQ_EDGE_FAR; edge++) {
        const csq_calendar_batch batch = {.size = sizeof batch, .edge = edge};
        assert_status(CSQ_OK, csq_calendar_add_many(calendar, &a, &d, &batch, answers, NULL, NULL));
        for (int i = 0; i < ROWS; i++) {
            csq_ms single = CSQ_MS_NONE;
            if ((validity[i / 8] >> (i % 8) & 1) != 0) {
                assert_status(CSQ_OK,
                              csq_calendar_add(calendar, from[i], hours[i], edge, &single, NULL));
            }
            assert_ms_equal(answers[i], single);
        }
    }
    expected = 0;
    assert_status(CSQ_OK, csq_calendar_is_open_many(calendar, &b, NULL, open, &n_failed, NULL));
    for (int i = 0; i < ROWS; i++) {
        int32_t single = -1;
        expected +=
            csq_calendar_is_open(calendar, to[i], &single, NULL) != CSQ_OK && to[i] != CSQ_MS_NONE;
        assert_int_equal(open[i], single);
    }
    assert_true(n_failed == expected);
    csq_calendar_free(calendar);
}

static void rows_that_cannot_be_loaded_are_counted_once(void **state)
{
    (void)state;
    csq_calendar *const calendar = office_of(TZ_BERLIN);
    const uint64_t values[3] = {UINT64_MAX, 1000000000000, UINT64_MAX};
    const csq_column a = csq_column_of(CSQ_COLUMN_UINT64, values, 3);
    csq_ms out[3];
    uint64_t n_failed = 0;
    assert_status(CSQ_OK, csq_calendar_measure_many(calendar, &a, &a, NULL, out, &n_failed, NULL));
    assert_int_equal(n_failed, 2);
    assert_ms_equal(out[0], CSQ_MS_NONE);
    assert_ms_equal(out[1], 0);
    assert_ms_equal(out[2], CSQ_MS_NONE);
    csq_calendar_free(calendar);
}

typedef struct watch {
    int calls;
    uint64_t last;
    int stop_at;
} watch;

static int on_progress(void *user, uint64_t done, uint64_t total)
{
    watch *const w = user;
    assert_true(done >= w->last + 65536 && done < total && total == ROWS);
    w->last = done;
    w->calls++;
    return w->calls == w->stop_at;
}

static void progress_is_told_and_cancelling_changes_nothing(void **state)
{
    (void)state;
    fill_rows();
    csq_calendar *const calendar = office_of(TZ_BERLIN);
    const csq_column a = csq_column_of(CSQ_COLUMN_INT64, from, ROWS);
    test_memory memory = {0, -1, 0, 0, 0};
    const csq_allocator allocator = test_allocator(&memory);
    watch w = {0, 0, 0};
    csq_calendar_batch batch = {
        .size = sizeof batch, .progress = on_progress, .user = &w, .allocator = &allocator};
    assert_status(CSQ_OK, csq_calendar_measure_many(calendar, &a, &a, &batch, answers, NULL, NULL));
    assert_int_equal(w.calls, 3);
    assert_ms_equal(answers[ROWS - 1], 0);
    memset(answers, 7, sizeof answers);
    w = (watch){0, 0, 2};
    uint64_t n_failed = 55;
    csq_error error;
    assert_status(CSQ_ECANCELLED,
                  csq_calendar_measure_many(calendar, &a, &a, &batch, answers, &n_failed, &error));
    assert_int_equal(n_failed, 55);
    for (int i = 0; i < ROWS; i++) {
        assert_ms_equal(answers[i], INT64_C(0x0707070707070707));
    }
    memory.fail_at = memory.calls;
    assert_status(CSQ_ENOMEM,
                  csq_calendar_measure_many(calendar, &a, &a, &batch, answers, NULL, NULL));
    assert_int_equal(memory.live_blocks, 0);
    csq_calendar_free(calendar);
}

static void columns_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    csq_calendar *const c = office_of(TZ_BERLIN);
    const csq_column a = csq_column_of(CSQ_COLUMN_INT64, from, 10);
    const csq_column shorter = csq_column_of(CSQ_COLUMN_INT64, from, 9);
    const csq_column doubles = csq_column_of(CSQ_COLUMN_DOUBLE, from, 10);
    const csq_column empty = csq_column_of(CSQ_COLUMN_INT64, NULL, 0);
    const csq_calendar_batch edge = {.size = sizeof edge, .edge = 2};
    const csq_calendar_batch far = {.size = sizeof far, .edge = 1};
    const csq_calendar_batch small = {.size = 4};
    csq_error e;
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(NULL, &a, &a, NULL, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(c, NULL, &a, NULL, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(c, &a, NULL, NULL, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(c, &a, &a, NULL, NULL, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(c, &a, &shorter, NULL, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(c, &doubles, &a, NULL, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_measure_many(c, &a, &a, &far, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_add_many(c, &a, &a, &edge, answers, NULL, &e));
    assert_status(CSQ_EABI, csq_calendar_add_many(c, &a, &a, &small, answers, NULL, &e));
    assert_status(CSQ_EINVAL, csq_calendar_is_open_many(c, NULL, NULL, open, NULL, &e));
    assert_status(CSQ_OK, csq_calendar_measure_many(c, &empty, &empty, NULL, NULL, NULL, &e));
    csq_calendar_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_answer_as_single_queries_do),
        cmocka_unit_test(rows_that_cannot_be_loaded_are_counted_once),
        cmocka_unit_test(progress_is_told_and_cancelling_changes_nothing),
        cmocka_unit_test(columns_that_do_not_fit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
