/*
 * oom_stat — the n-th allocation fails, for every n, while values are added, merged, taken away,
 * encoded and decoded; a state that refused is what it was before.
 */
#include "quantiles_support.h"

enum { LIMIT = 20 };

static csq_status add_values(csq_quantiles *quantiles, int64_t from, int64_t to)
{
    csq_status status = CSQ_OK;
    for (int64_t i = from; i < to && status == CSQ_OK; i++) {
        const uint64_t before = csq_quantiles_count(quantiles);
        status = csq_quantiles_add(quantiles, i * i * i * 37, NULL);
        assert_ms_equal(csq_quantiles_count(quantiles), before + (status == CSQ_OK));
        if (before > 0) { // whatever happened, it still answers
            assert_ms_equal(quantile_at(quantiles, 0, 0).count, before + (status == CSQ_OK));
        }
    }
    return status;
}

static csq_status add_batch(csq_quantiles *quantiles)
{
    static int64_t values[600];
    for (int64_t i = 0; i < 600; i++) {
        values[i] = i << (i % 40);
    }
    const csq_column column = csq_column_of(CSQ_COLUMN_INT64, values, 600);
    const uint64_t before = csq_quantiles_count(quantiles);
    const csq_status status = csq_quantiles_add_column(quantiles, &column, NULL, NULL, NULL, NULL);
    assert_ms_equal(csq_quantiles_count(quantiles), before + (status == CSQ_OK ? 600 : 0));
    return status;
}

/* Values to values, values to counts, counts to counts; and back. */
static csq_status merge_and_subtract(csq_quantiles *quantiles)
{
    csq_quantiles *copy = (csq_quantiles *)&quantiles;
    csq_status status = csq_quantiles_copy(quantiles, &copy, NULL);
    if (status != CSQ_OK) {
        assert_null(copy);
        return status;
    }
    for (int i = 0; i < 3 && status == CSQ_OK; i++) {
        const uint64_t before = csq_quantiles_count(copy);
        status = csq_quantiles_merge(copy, quantiles, NULL);
        assert_true(status == CSQ_OK || csq_quantiles_count(copy) == before);
    }
    if (status == CSQ_OK) {
        const uint64_t before = csq_quantiles_count(copy);
        status = csq_quantiles_subtract(copy, quantiles, NULL);
        assert_true(status == CSQ_OK || csq_quantiles_count(copy) == before);
    }
    csq_quantiles_free(copy);
    return status;
}

static csq_status encode_and_decode(const csq_quantiles *quantiles, const csq_allocator *allocator)
{
    uint8_t bytes[4096];
    uint64_t size = sizeof bytes;
    csq_status status = csq_quantiles_encode(quantiles, bytes, &size, NULL);
    if (status == CSQ_OK) {
        csq_quantiles *back = (csq_quantiles *)&bytes;
        status = csq_quantiles_decode(bytes, size, allocator, &back, NULL);
        assert_true((status == CSQ_OK) == (back != NULL));
        assert_ms_equal(csq_quantiles_count(back),
                        status == CSQ_OK ? csq_quantiles_count(quantiles) : 0);
        csq_quantiles_free(back);
    }
    return status;
}

static csq_status quantiles_scenario(const csq_allocator *allocator)
{
    const csq_quantiles_options options = {.size = sizeof options, .exact_limit = LIMIT};
    csq_quantiles *quantiles = (csq_quantiles *)(uintptr_t)&options;
    csq_status status = csq_quantiles_new(&options, allocator, &quantiles, NULL);
    if (status != CSQ_OK) {
        assert_null(quantiles);
        return status;
    }
    status = add_values(quantiles, -3, 5);
    if (status == CSQ_OK) {
        status = merge_and_subtract(quantiles);
    }
    if (status == CSQ_OK) {
        status = add_values(quantiles, 5, 2 * LIMIT);
    }
    if (status == CSQ_OK) {
        status = merge_and_subtract(quantiles);
    }
    if (status == CSQ_OK) {
        status = add_batch(quantiles);
    }
    if (status == CSQ_OK) {
        status = encode_and_decode(quantiles, allocator);
    }
    csq_quantiles_free(quantiles);
    return status;
}

static void quantiles_survive_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(quantiles_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_survive_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
