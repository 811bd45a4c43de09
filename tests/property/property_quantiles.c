/*
 * property_quantiles — random sets of values: states are the same whatever the split, the order of
 * merging and the way of adding; bytes read back the same; subtracting undoes merging; answers
 * agree with sorting the values, and hold their bounds where only buckets are known.
 */
#include "quantiles_support.h"

enum { TRIALS = 20000, VALUES = 300, PARTS = 3 };

typedef struct trial {
    uint64_t seed;
    uint32_t limit;
    size_t n;
    int64_t values[VALUES];
    size_t part_of[VALUES];
} trial;

/* Values of every magnitude, of few, or close to one another. */
static void draw_values(trial *t)
{
    const uint64_t shape = test_below(&t->seed, 3);
    t->limit = (uint32_t)(1 + test_below(&t->seed, 64));
    t->n = (size_t)test_below(&t->seed, test_below(&t->seed, 4) == 0 ? VALUES + 1 : 24);
    for (size_t i = 0; i < t->n; i++) {
        const int64_t any = (int64_t)(test_random(&t->seed) >> (1 + test_below(&t->seed, 63)));
        t->values[i] = shape == 0 ? any : shape == 1 ? (any & 3) : 1000000 + (any & 0xFFFF);
        if (test_below(&t->seed, 3) == 0) {
            t->values[i] = -t->values[i];
        }
        t->part_of[i] = (size_t)test_below(&t->seed, PARTS);
    }
}

static csq_quantiles *quantiles_of_part(const trial *t, size_t part, int is_left_out)
{
    csq_quantiles *quantiles = quantiles_with(t->limit, NULL, 0);
    for (size_t i = 0; i < t->n; i++) {
        if ((t->part_of[i] == part) != is_left_out) {
            assert_status(CSQ_OK, csq_quantiles_add(quantiles, t->values[i], NULL));
        }
    }
    return quantiles;
}

static void check_same_and_free(csq_quantiles *found, const csq_quantiles *expected)
{
    assert_true(quantiles_are_same(found, expected));
    csq_quantiles_free(found);
}

static void check_split(trial *t, const csq_quantiles *whole)
{
    csq_quantiles *merged = quantiles_with(t->limit, NULL, 0);
    const size_t first = (size_t)test_below(&t->seed, PARTS);
    for (size_t p = 0; p < PARTS; p++) {
        csq_quantiles *part = quantiles_of_part(t, (first + p) % PARTS, 0);
        assert_status(CSQ_OK, csq_quantiles_merge(merged, part, NULL));
        csq_quantiles_free(part);
    }
    check_same_and_free(merged, whole);
    csq_quantiles *batch = quantiles_with(t->limit, NULL, 0);
    const csq_column column = csq_column_of(CSQ_COLUMN_INT64, t->values, t->n);
    assert_status(CSQ_OK, csq_quantiles_add_column(batch, &column, NULL, NULL, NULL, NULL));
    check_same_and_free(batch, whole);
}

static void check_bytes(const csq_quantiles *whole)
{
    uint64_t size;
    uint8_t *bytes = quantiles_encoded(whole, &size);
    csq_quantiles *back;
    assert_status(CSQ_OK, csq_quantiles_decode(bytes, size, NULL, &back, NULL));
    free(bytes);
    check_same_and_free(back, whole);
}

static void check_subtract(const trial *t, const csq_quantiles *whole)
{
    csq_quantiles *part = quantiles_of_part(t, 1, 0);
    csq_quantiles *rest = quantiles_of_part(t, 1, 1);
    csq_quantiles *left;
    assert_status(CSQ_OK, csq_quantiles_copy(whole, &left, NULL));
    const uint64_t n_rest = csq_quantiles_count(rest);
    const int is_refused = t->n > t->limit && n_rest > 0 && n_rest <= t->limit;
    const csq_status status = csq_quantiles_subtract(left, part, NULL);
    assert_int_equal(status, is_refused ? CSQ_ESTATE : CSQ_OK);
    assert_true(quantiles_are_same(left, is_refused ? whole : rest));
    csq_quantiles_free(part);
    csq_quantiles_free(rest);
    csq_quantiles_free(left);
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Against the values sorted; every definition ascends with the part. */
static void check_answers(trial *t, const csq_quantiles *whole)
{
    qsort(t->values, t->n, sizeof t->values[0], compare);
    int64_t last[5] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
    for (uint32_t part = 0; part <= 1000000; part += 1 + (uint32_t)test_below(&t->seed, 200000)) {
        const csq_quantile nearest = quantile_at(whole, part, CSQ_QUANTILE_NEAREST_RANK);
        const uint64_t scaled = t->n * (uint64_t)part;
        const size_t rank = (size_t)(scaled / 1000000 + (scaled % 1000000 > 0));
        const int64_t exact = t->values[rank == 0 ? 0 : rank - 1];
        assert_true(nearest.low <= exact && exact <= nearest.high);
        assert_int_equal(nearest.is_exact, t->n <= t->limit);
        assert_true(!nearest.is_exact || nearest.value == exact);
        const uint64_t size = exact < 0 ? -(uint64_t)exact : (uint64_t)exact;
        const uint64_t off = nearest.value < exact ? (uint64_t)exact - (uint64_t)nearest.value
                                                   : (uint64_t)nearest.value - (uint64_t)exact;
        assert_true(off <= size / 256 + 1);
        for (uint32_t d = 1; d <= CSQ_QUANTILE_INCLUSIVE; d++) {
            const csq_quantile found = quantile_at(whole, part, d);
            assert_true(found.low <= found.value && found.value <= found.high);
            assert_true(found.value >= last[d]); // a larger part, a larger quantile
            last[d] = found.value;
        }
    }
}

static void quantiles_are_a_function_of_the_values(void **state)
{
    (void)state;
    static trial t;
    t.seed = 20240615;
    for (int i = 0; i < TRIALS; i++) {
        draw_values(&t);
        csq_quantiles *whole = quantiles_with(t.limit, t.values, t.n);
        check_split(&t, whole);
        check_bytes(whole);
        check_subtract(&t, whole);
        if (t.n > 0) {
            check_answers(&t, whole);
        }
        csq_quantiles_free(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_a_function_of_the_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
