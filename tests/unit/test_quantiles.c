/*
 * test_quantiles — quantiles by each definition, buckets and their bounds; adding, merging,
 * subtracting and copying states.
 *
 * Expectations of small sets are computed by hand from the formulas of Hyndman and Fan (1996).
 */
#include "quantiles_support.h"
#include "stat/stat_internal.h"

/* ---- definitions --------------------------------------------------------------------------- */

/* 15 20 35 40 50: places of p = 0.4 are 2; 2 or 3; 2.4; 2.6. */
static void each_definition_gives_its_own_value(void **state)
{
    (void)state;
    static const int64_t values[] = {40, 15, 50, 20, 35};
    static const struct {
        uint32_t part;
        int64_t nearest;
        int64_t averaged;
        int64_t exclusive;
        int64_t inclusive;
    } rows[] = {
        {0, 15, 15, 15, 15},       {50000, 15, 15, 15, 16}, // places 1, 1, 0.3, 1.2
        {300000, 20, 20, 19, 23},                           // 2, 2, 1.8, 2.2
        {400000, 20, 28, 26, 29},                           // 2, 2.5, 2.4, 2.6: 20, 27.5, 26, 29
        {500000, 35, 35, 35, 35},                           // 3, 3, 3, 3
        {750000, 40, 40, 45, 40},                           // 4, 4, 4.5, 4
        {900000, 50, 50, 50, 46},                           // 5, 5, 5.4, 4.6
        {1000000, 50, 50, 50, 50},
    };
    csq_quantiles *quantiles = quantiles_with(0, values, 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int64_t expected[] = {rows[i].nearest, rows[i].nearest, rows[i].averaged,
                                    rows[i].exclusive, rows[i].inclusive};
        for (uint32_t d = 0; d < 5; d++) {
            const csq_quantile found = quantile_at(quantiles, rows[i].part, d);
            assert_ms_equal(found.value, expected[d]);
            assert_ms_equal(found.low, expected[d]);
            assert_ms_equal(found.high, expected[d]);
            assert_int_equal(found.is_exact, 1);
            assert_ms_equal(found.count, 5);
        }
    }
    csq_quantiles_free(quantiles);
}

static void halves_go_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t values[2];
        int64_t median;
    } rows[] = {{{1, 2}, 2},  {{-2, -1}, -2}, {{-1, 0}, -1}, {{0, 1}, 1},
                {{-1, 2}, 1}, {{-2, 1}, -1},  {{-3, 3}, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_quantiles *quantiles = quantiles_with(0, rows[i].values, 2);
        assert_ms_equal(quantile_at(quantiles, 500000, CSQ_QUANTILE_AVERAGED).value,
                        rows[i].median);
        assert_ms_equal(quantile_at(quantiles, 500000, CSQ_QUANTILE_INCLUSIVE).value,
                        rows[i].median);
        csq_quantiles_free(quantiles);
    }
}

static void the_ends_of_the_integers_are_values_like_others(void **state)
{
    (void)state;
    static const int64_t values[] = {INT64_MAX, -INT64_MAX};
    csq_quantiles *quantiles = quantiles_with(0, values, 2);
    assert_ms_equal(quantile_at(quantiles, 0, 0).value, -INT64_MAX);
    assert_ms_equal(quantile_at(quantiles, 1000000, 0).value, INT64_MAX);
    assert_ms_equal(quantile_at(quantiles, 500000, CSQ_QUANTILE_INCLUSIVE).value, 0);
    // a quarter of 2^64 - 2, less 2^63 - 1, is -(2^62 - 1/2)
    assert_ms_equal(quantile_at(quantiles, 250000, CSQ_QUANTILE_INCLUSIVE).value,
                    -(INT64_C(1) << 62));
    csq_quantiles_free(quantiles);
    quantiles = quantiles_with(1, values, 2);
    const csq_quantile least = quantile_at(quantiles, 0, 0);
    const csq_quantile most = quantile_at(quantiles, 1000000, 0);
    assert_int_equal(least.is_exact, 0);
    assert_ms_equal(least.low, -INT64_MAX);
    assert_ms_equal(most.high, INT64_MAX);
    assert_ms_equal(most.low, INT64_C(255) << 55);
    assert_ms_equal(least.high, -(INT64_C(255) << 55));
    assert_ms_equal(quantile_at(quantiles, 500000, CSQ_QUANTILE_INCLUSIVE).value, 0);
    csq_quantiles_free(quantiles);
}

static void a_place_between_two_values_needs_no_wide_product(void **state)
{
    (void)state;
    static const int64_t values[] = {0, INT64_C(4000000000000000000)};
    csq_quantiles *quantiles = quantiles_with(0, values, 2);
    assert_ms_equal(quantile_at(quantiles, 999999, CSQ_QUANTILE_INCLUSIVE).value,
                    INT64_C(3999996000000000000));
    csq_quantiles_free(quantiles);
}

static void nothing_has_no_quantile(void **state)
{
    (void)state;
    csq_quantiles *quantiles = quantiles_with(0, NULL, 0);
    csq_quantile out = {.size = sizeof out, .value = 99};
    csq_error error;
    assert_status(CSQ_ENODATA, csq_quantiles_at(quantiles, 500000, 0, &out, &error));
    assert_string_equal(error.message, "there is no quantile of no values");
    assert_status(CSQ_ERANGE, csq_quantiles_at(quantiles, 1000001, 0, &out, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_at(quantiles, 0, 5, &out, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_at(NULL, 0, 0, &out, NULL));
    assert_ms_equal(out.value, 99);
    assert_status(CSQ_OK, csq_quantiles_add(quantiles, 7, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_at(quantiles, 0, 0, NULL, NULL));
    out.size = 8;
    assert_status(CSQ_EABI, csq_quantiles_at(quantiles, 0, 0, &out, NULL));
    csq_quantiles_free(quantiles);
}

/* ---- buckets ------------------------------------------------------------------------------- */

static void buckets_tile_the_integers_in_order(void **state)
{
    (void)state;
    int64_t expected = -INT64_MAX;
    for (uint32_t b = 1; b < CSQ__BUCKETS; b++) {
        const csq__bucket_range range = csq__bucket_range_of(b);
        assert_ms_equal(range.low, expected);
        assert_true(range.low <= range.middle && range.middle <= range.high);
        assert_int_equal(csq__bucket_of(range.low), b);
        assert_int_equal(csq__bucket_of(range.middle), b);
        assert_int_equal(csq__bucket_of(range.high), b);
        const csq__bucket_range mirror = csq__bucket_range_of(CSQ__BUCKETS - b);
        assert_ms_equal(mirror.middle, -range.middle);
        if (b + 1 < CSQ__BUCKETS) {
            expected = range.high + 1;
        } else {
            assert_ms_equal(range.high, INT64_MAX);
        }
    }
}

static void a_bucket_is_off_by_less_than_four_thousandths(void **state)
{
    (void)state;
    for (uint32_t b = CSQ__BUCKET_ZERO + 1; b < CSQ__BUCKETS; b++) {
        const csq__bucket_range range = csq__bucket_range_of(b);
        const int64_t off = range.high - range.middle;
        assert_true(off <= range.low / 256 + 1);
        assert_true(range.low < 256 ? off == 0 : range.low / off >= 255);
    }
}

static void above_the_limit_an_answer_has_bounds(void **state)
{
    (void)state;
    csq_quantiles *quantiles = quantiles_with(99, NULL, 0);
    for (int64_t i = 1; i <= 99; i++) {
        assert_status(CSQ_OK, csq_quantiles_add(quantiles, i * 1000, NULL));
    }
    assert_int_equal(quantile_at(quantiles, 900000, 0).is_exact, 1);
    assert_ms_equal(quantile_at(quantiles, 900000, 0).value, 90000);
    assert_status(CSQ_OK, csq_quantiles_add(quantiles, 100000, NULL));
    const csq_quantile p90 = quantile_at(quantiles, 900000, 0);
    assert_int_equal(p90.is_exact, 0);
    assert_ms_equal(p90.count, 100);
    assert_ms_equal(p90.low, 89600); // 175 * 2^9
    assert_ms_equal(p90.high, 90111);
    assert_ms_equal(p90.value, 89855);
    const csq_quantile between = quantile_at(quantiles, 905000, CSQ_QUANTILE_AVERAGED);
    assert_ms_equal(between.low, 90624); // the 91st of 100: 177 * 2^9
    csq_quantiles_free(quantiles);
}

/* ---- merging and subtracting --------------------------------------------------------------- */

static void a_state_depends_on_its_values_alone(void **state)
{
    (void)state;
    static const int64_t values[] = {5, -3, 0, 5, 9000000, -12345, 77};
    for (uint32_t limit = 1; limit <= 8; limit++) {
        csq_quantiles *whole = quantiles_with(limit, values, 7);
        for (size_t cut = 0; cut <= 7; cut++) {
            csq_quantiles *a = quantiles_with(limit, values, cut);
            csq_quantiles *b = quantiles_with(limit, values + cut, 7 - cut);
            csq_quantiles *copy;
            assert_status(CSQ_OK, csq_quantiles_copy(b, &copy, NULL));
            assert_true(quantiles_are_same(copy, b));
            assert_status(CSQ_OK, csq_quantiles_merge(copy, a, NULL));
            assert_status(CSQ_OK, csq_quantiles_merge(a, b, NULL));
            assert_true(quantiles_are_same(a, whole));
            assert_true(quantiles_are_same(copy, whole));
            csq_quantiles_free(copy);
            csq_quantiles_free(b);
            csq_quantiles_free(a);
        }
        csq_quantiles_free(whole);
    }
}

static void merged_with_itself_every_value_counts_twice(void **state)
{
    (void)state;
    static const int64_t values[] = {5, -3, 1000, 5};
    for (uint32_t limit = 3; limit <= 8; limit++) {
        csq_quantiles *once = quantiles_with(limit, values, 4);
        csq_quantiles *twice = quantiles_with(limit, values, 4);
        for (int i = 0; i < 4; i++) {
            assert_status(CSQ_OK, csq_quantiles_add(twice, values[i], NULL));
        }
        assert_status(CSQ_OK, csq_quantiles_merge(once, once, NULL));
        assert_ms_equal(csq_quantiles_count(once), 8);
        assert_true(quantiles_are_same(once, twice));
        assert_status(CSQ_OK, csq_quantiles_subtract(once, once, NULL));
        assert_ms_equal(csq_quantiles_count(once), 0);
        csq_quantiles_free(twice);
        csq_quantiles_free(once);
    }
}

static void taking_away_must_not_lead_back_to_exact_values(void **state)
{
    (void)state;
    static const int64_t values[] = {10, 20, 30, 40, 50, 600, -70};
    csq_error error;
    csq_quantiles *part = quantiles_with(4, values, 3);
    csq_quantiles *rest = quantiles_with(4, values + 3, 4);
    csq_quantiles *whole = quantiles_with(4, values, 7);
    csq_quantiles *two = quantiles_with(4, values, 2);
    csq_quantiles *five = quantiles_with(4, values + 2, 5);
    csq_quantiles *before;
    assert_status(CSQ_OK, csq_quantiles_copy(whole, &before, NULL));
    assert_status(CSQ_ESTATE, csq_quantiles_subtract(whole, part, &error));
    assert_string_equal(error.message, "of the 7 values so few would be left (4) that they would "
                                       "have to be known exactly");
    assert_true(quantiles_are_same(whole, before));
    assert_status(CSQ_OK, csq_quantiles_subtract(whole, two, NULL)); // 5 are left: counts
    assert_true(quantiles_are_same(whole, five));
    assert_status(CSQ_OK, csq_quantiles_subtract(whole, five, NULL)); // nothing is known exactly
    assert_ms_equal(csq_quantiles_count(whole), 0);
    assert_status(CSQ_OK, csq_quantiles_merge(whole, rest, NULL));
    assert_true(quantiles_are_same(whole, rest));
    csq_quantiles *const all[] = {part, rest, whole, two, five, before};
    for (size_t i = 0; i < 6; i++) {
        csq_quantiles_free(all[i]);
    }
}

static void what_is_not_there_cannot_be_taken_away(void **state)
{
    (void)state;
    static const int64_t values[] = {10, 20, 20, 30, 40, 50, 60, 70};
    static const int64_t others[][3] = {{10, 20, 31}, {20, 20, 20}, {71, 80, 90}, {-10, 20, 30}};
    csq_error error;
    for (uint32_t limit = 1; limit <= 8; limit += 7) { // counts less counts; values less values
        csq_quantiles *whole = quantiles_with(limit, values, 8);
        csq_quantiles *before = quantiles_with(limit, values, 8);
        for (size_t i = 0; i < 4; i++) {
            csq_quantiles *other = quantiles_with(limit, others[i], 3);
            assert_status(CSQ_ESTATE, csq_quantiles_subtract(whole, other, &error));
            assert_string_equal(error.message, "values are to be taken away that are not there");
            assert_true(quantiles_are_same(whole, before));
            csq_quantiles *same_size = quantiles_with(limit, others[i], 3);
            assert_status(CSQ_OK, csq_quantiles_add(same_size, 1, NULL));
            assert_status(CSQ_ESTATE, csq_quantiles_subtract(other, same_size, NULL));
            csq_quantiles_free(same_size);
            csq_quantiles_free(other);
        }
        csq_quantiles_free(before);
        csq_quantiles_free(whole);
    }
    csq_quantiles *whole = quantiles_with(3, values, 8); // counts less values
    csq_quantiles *other = quantiles_with(3, others[0], 3);
    csq_quantiles *good = quantiles_with(3, values, 3);
    csq_quantiles *left = quantiles_with(3, values + 3, 5);
    assert_status(CSQ_ESTATE, csq_quantiles_subtract(whole, other, NULL));
    assert_status(CSQ_OK, csq_quantiles_subtract(whole, good, NULL));
    assert_true(quantiles_are_same(whole, left));
    csq_quantiles *const all[] = {whole, other, good, left};
    for (size_t i = 0; i < 4; i++) {
        csq_quantiles_free(all[i]);
    }
}

static void states_of_other_limits_do_not_mix(void **state)
{
    (void)state;
    csq_error error;
    csq_quantiles *a = quantiles_with(0, NULL, 0);
    csq_quantiles *b = quantiles_with(7, NULL, 0);
    assert_int_equal(csq_quantiles_exact_limit(a), CSQ_QUANTILES_EXACT_DEFAULT);
    assert_int_equal(csq_quantiles_exact_limit(b), 7);
    assert_int_equal(csq_quantiles_exact_limit(NULL), 0);
    assert_status(CSQ_EMISMATCH, csq_quantiles_merge(a, b, &error));
    assert_string_equal(error.message, "exact limits of 2048 and of 7 values do not go together");
    assert_status(CSQ_EMISMATCH, csq_quantiles_subtract(a, b, NULL));
    csq_quantiles_free(a);
    csq_quantiles_free(b);
}

/* ---- adding -------------------------------------------------------------------------------- */

static void a_column_adds_what_is_there(void **state)
{
    (void)state;
    static const int32_t values[] = {7, 8, -9, 10, 11};
    static const uint8_t validity[] = {0x1D}; // not the second
    csq_column column = csq_column_of(CSQ_COLUMN_INT32, values, 5);
    column.validity = validity;
    uint64_t n_missing = 99;
    csq_quantiles *quantiles = quantiles_with(3, NULL, 0);
    assert_status(CSQ_OK,
                  csq_quantiles_add_column(quantiles, &column, &n_missing, NULL, NULL, NULL));
    assert_ms_equal(n_missing, 1);
    static const int64_t expected[] = {11, 7, 10, -9};
    csq_quantiles *single = quantiles_with(3, expected, 4);
    assert_true(quantiles_are_same(quantiles, single));
    csq_quantiles_free(single);
    csq_quantiles_free(quantiles);
}

static int cancel(void *user, uint64_t done, uint64_t total)
{
    *(uint64_t *)user += done;
    return total == 200000 && done == 131072;
}

static void a_column_is_added_whole_or_not_at_all(void **state)
{
    (void)state;
    enum { N = 200000 };
    static uint64_t values[N];
    for (size_t i = 0; i < N; i++) {
        values[i] = i * 37 % 1000;
    }
    csq_column column = csq_column_of(CSQ_COLUMN_UINT64, values, N);
    csq_quantiles *quantiles = quantiles_with(0, NULL, 0);
    uint64_t told = 0;
    csq_error error;
    assert_status(CSQ_ECANCELLED,
                  csq_quantiles_add_column(quantiles, &column, NULL, cancel, &told, &error));
    assert_string_equal(error.message, "cancelled after 131072 rows");
    assert_ms_equal(told, 65536 + 131072);
    values[150000] = UINT64_MAX;
    assert_status(CSQ_ERANGE,
                  csq_quantiles_add_column(quantiles, &column, NULL, NULL, NULL, &error));
    assert_ms_equal(error.index, 150000);
    assert_ms_equal(csq_quantiles_count(quantiles), 0);
    values[150000] = 0;
    assert_status(CSQ_OK, csq_quantiles_add_column(quantiles, &column, NULL, NULL, NULL, NULL));
    assert_ms_equal(csq_quantiles_count(quantiles), N);
    const csq_quantile median = quantile_at(quantiles, 500000, 0);
    assert_true(median.low <= 499 && median.high >= 499);
    csq_quantiles_free(quantiles);
}

static void arguments_that_cannot_be_are_refused(void **state)
{
    (void)state;
    csq_quantiles *quantiles = (csq_quantiles *)&state;
    csq_quantiles_options options = {.size = sizeof options,
                                     .exact_limit = CSQ_QUANTILES_EXACT_LIMIT + 1};
    csq_error error;
    assert_status(CSQ_ELIMIT, csq_quantiles_new(&options, NULL, &quantiles, &error));
    assert_null(quantiles);
    assert_int_equal(error.field, offsetof(csq_quantiles_options, exact_limit));
    options.size = 4;
    assert_status(CSQ_EABI, csq_quantiles_new(&options, NULL, &quantiles, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_new(NULL, NULL, NULL, NULL));
    assert_status(CSQ_OK, csq_quantiles_new(NULL, NULL, &quantiles, NULL));
    assert_status(CSQ_ERANGE, csq_quantiles_add(quantiles, CSQ_MS_NONE, &error));
    assert_string_equal(error.message, "the value is none");
    assert_status(CSQ_EINVAL, csq_quantiles_add(NULL, 1, NULL));
    const double number = 1;
    const csq_column doubles = csq_column_of(CSQ_COLUMN_DOUBLE, &number, 1);
    assert_status(CSQ_EINVAL,
                  csq_quantiles_add_column(quantiles, &doubles, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_add_column(NULL, &doubles, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_add_column(quantiles, NULL, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_merge(quantiles, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_merge(NULL, quantiles, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_subtract(quantiles, NULL, NULL));
    csq_quantiles *copy = quantiles;
    assert_status(CSQ_EINVAL, csq_quantiles_copy(NULL, &copy, NULL));
    assert_null(copy);
    assert_status(CSQ_EINVAL, csq_quantiles_copy(quantiles, NULL, NULL));
    assert_ms_equal(csq_quantiles_count(NULL), 0);
    csq_quantiles_reset(NULL);
    csq_quantiles_free(NULL);
    csq_quantiles_free(quantiles);
}

/* 2^62 values doubled are one too many. */
static void more_values_than_there_are_numbers_for_do_not_fit(void **state)
{
    (void)state;
    const int64_t value = 500;
    csq_error error;
    csq_quantiles *quantiles = quantiles_with(1, &value, 1);
    for (int i = 0; i < 62; i++) {
        assert_status(CSQ_OK, csq_quantiles_merge(quantiles, quantiles, NULL));
    }
    csq_quantiles *before;
    assert_status(CSQ_OK, csq_quantiles_copy(quantiles, &before, NULL));
    assert_status(CSQ_EOVERFLOW, csq_quantiles_merge(quantiles, quantiles, &error));
    assert_string_equal(error.message, "the number of values does not fit");
    assert_true(quantiles_are_same(quantiles, before));
    const csq_quantile p99 = quantile_at(quantiles, 990000, CSQ_QUANTILE_EXCLUSIVE);
    assert_ms_equal(p99.count, INT64_C(1) << 62);
    assert_ms_equal(p99.low, 500);
    assert_ms_equal(p99.high, 501);
    csq_quantiles_free(before);
    csq_quantiles_free(quantiles);
}

/* ---- the page ------------------------------------------------------------------------------ */

/* docs/quantiles.md: waits of ten calls in seconds. */
static void the_worked_example_of_the_page_holds(void **state)
{
    (void)state;
    static const int64_t waits[] = {4, 250, 12, 7, 95, 31, 18, 7, 22, 60};
    static const struct {
        uint32_t part;
        int64_t values[4]; // by definition
    } rows[] = {
        {500000, {18, 20, 20, 20}}, {900000, {95, 173, 235, 111}}, {950000, {250, 250, 250, 180}}};
    csq_quantiles *quantiles = quantiles_with(0, waits, 10);
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t d = 0; d < 4; d++) {
            assert_ms_equal(quantile_at(quantiles, rows[i].part, d + 1).value, rows[i].values[d]);
        }
    }
    assert_ms_equal(quantile_at(quantiles, 0, 0).value, 4);
    assert_ms_equal(quantile_at(quantiles, 1000000, 0).value, 250);
    csq_quantiles_free(quantiles);

    // The same waits in milliseconds, a thousand times over: more than the limit.
    quantiles = quantiles_with(0, NULL, 0);
    for (int i = 0; i < 10000; i++) {
        assert_status(CSQ_OK, csq_quantiles_add(quantiles, waits[i % 10] * 1000, NULL));
    }
    const csq_quantile p90 = quantile_at(quantiles, 900000, 0);
    assert_int_equal(p90.is_exact, 0);
    assert_ms_equal(p90.low, 94720);
    assert_ms_equal(p90.value, 94975);
    assert_ms_equal(p90.high, 95231);
    csq_quantiles_free(quantiles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_definition_gives_its_own_value),
        cmocka_unit_test(halves_go_away_from_zero),
        cmocka_unit_test(the_ends_of_the_integers_are_values_like_others),
        cmocka_unit_test(a_place_between_two_values_needs_no_wide_product),
        cmocka_unit_test(nothing_has_no_quantile),
        cmocka_unit_test(buckets_tile_the_integers_in_order),
        cmocka_unit_test(a_bucket_is_off_by_less_than_four_thousandths),
        cmocka_unit_test(above_the_limit_an_answer_has_bounds),
        cmocka_unit_test(a_state_depends_on_its_values_alone),
        cmocka_unit_test(merged_with_itself_every_value_counts_twice),
        cmocka_unit_test(taking_away_must_not_lead_back_to_exact_values),
        cmocka_unit_test(what_is_not_there_cannot_be_taken_away),
        cmocka_unit_test(states_of_other_limits_do_not_mix),
        cmocka_unit_test(a_column_adds_what_is_there),
        cmocka_unit_test(a_column_is_added_whole_or_not_at_all),
        cmocka_unit_test(arguments_that_cannot_be_are_refused),
        cmocka_unit_test(more_values_than_there_are_numbers_for_do_not_fit),
        cmocka_unit_test(the_worked_example_of_the_page_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
