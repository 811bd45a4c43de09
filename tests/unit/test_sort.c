/*
 * test_sort — sorting and searching, also on input made to be slow.
 */
#include "base/base_internal.h"
#include "support.h"

typedef struct sort_row {
    int64_t key;
    char rest[32];
} sort_row;

/* Counts its calls in `user`. */
static int compare_rows(const void *a, const void *b, const void *user)
{
    (*(size_t *)(uintptr_t)user)++;
    const int64_t left = ((const sort_row *)a)->key;
    const int64_t right = ((const sort_row *)b)->key;
    return (left > right) - (left < right);
}

typedef int64_t (*pattern)(size_t i, size_t n, uint64_t *seed);

static int64_t pattern_random(size_t i, size_t n, uint64_t *seed)
{
    (void)i;
    (void)n;
    return (int64_t)test_random(seed);
}

static int64_t pattern_falling(size_t i, size_t n, uint64_t *seed)
{
    (void)seed;
    return (int64_t)(n - i);
}

static int64_t pattern_rising(size_t i, size_t n, uint64_t *seed)
{
    (void)n;
    (void)seed;
    return (int64_t)i;
}

static int64_t pattern_equal(size_t i, size_t n, uint64_t *seed)
{
    (void)i;
    (void)n;
    (void)seed;
    return 5;
}

static int64_t pattern_organ_pipe(size_t i, size_t n, uint64_t *seed)
{
    (void)seed;
    return (int64_t)(i < n / 2 ? i : n - i);
}

static int64_t pattern_few(size_t i, size_t n, uint64_t *seed)
{
    (void)i;
    (void)n;
    return (int64_t)test_below(seed, 3);
}

static const pattern patterns[] = {pattern_random, pattern_falling,    pattern_rising,
                                   pattern_equal,  pattern_organ_pipe, pattern_few};

enum { N_PATTERNS = sizeof patterns / sizeof patterns[0] };

static void sorts_every_pattern_of_every_small_length(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (size_t n = 0; n < 70; n++) {
        for (size_t p = 0; p < N_PATTERNS; p++) {
            sort_row rows[70] = {{0}};
            int64_t sum = 0;
            size_t calls = 0;
            for (size_t i = 0; i < n; i++) {
                rows[i].key = patterns[p](i, n, &seed) >> 8;
                rows[i].rest[31] = (char)(rows[i].key & 0x7F);
                sum += rows[i].key;
            }
            csq__sort(rows, n, sizeof rows[0], compare_rows, &calls);
            for (size_t i = 0; i < n; i++) {
                assert_true(i == 0 || rows[i - 1].key <= rows[i].key);
                assert_int_equal(rows[i].rest[31], rows[i].key & 0x7F);
                sum -= rows[i].key;
            }
            assert_ms_equal(sum, 0);
        }
    }
}

/* 2 n log2 n comparisons at most, n - 1 for what is sorted. */
static void no_input_is_slow(void **state)
{
    (void)state;
    enum { N = 1 << 14, LOG_N = 14 };
    sort_row *rows = calloc(N, sizeof *rows);
    uint64_t seed = 2;
    for (size_t p = 0; p < N_PATTERNS; p++) {
        size_t calls = 0;
        for (size_t i = 0; i < N; i++) {
            rows[i].key = patterns[p](i, N, &seed);
        }
        csq__sort(rows, N, sizeof *rows, compare_rows, &calls);
        assert_true(calls <= 2 * (size_t)N * (LOG_N + 2));
        calls = 0;
        csq__sort(rows, N, sizeof *rows, compare_rows, &calls);
        assert_int_equal(calls, N - 1);
    }
    free(rows);
}

static void lower_bound_is_the_first_that_is_not_before(void **state)
{
    (void)state;
    const sort_row rows[] = {{10, ""}, {20, ""}, {20, ""}, {30, ""}};
    static const struct {
        int64_t key;
        size_t index;
    } asked[] = {{INT64_MIN, 0}, {10, 0}, {11, 1}, {20, 1}, {21, 3}, {30, 3}, {31, 4}};
    size_t calls = 0;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        const sort_row key = {asked[i].key, ""};
        assert_int_equal(csq__lower_bound(rows, 4, sizeof key, &key, compare_rows, &calls),
                         asked[i].index);
        assert_int_equal(csq__lower_bound(NULL, 0, sizeof key, &key, compare_rows, &calls), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_every_pattern_of_every_small_length),
        cmocka_unit_test(no_input_is_slow),
        cmocka_unit_test(lower_bound_is_the_first_that_is_not_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
