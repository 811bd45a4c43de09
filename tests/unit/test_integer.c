/*
 * test_integer — checked, saturating and flooring arithmetic at the ends of its range.
 */
#include "base/integer.h"
#include "support.h"

/* Where `fits` is false, the checked form refuses and the saturating form gives `value`. Sources:
 * hand computed. */
typedef struct integer_row {
    int64_t a;
    int64_t b;
    bool fits;
    int64_t value;
} integer_row;

static void checked_sum_fits_or_leaves_the_result_alone(void **state)
{
    (void)state;
    static const integer_row rows[] = {
        {2, 3, true, 5},
        {INT64_MAX, 0, true, INT64_MAX},
        {INT64_MAX, 1, false, INT64_MAX},
        {INT64_MIN, -1, false, INT64_MIN},
        {INT64_MIN, INT64_MAX, true, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t out = 77;
        assert_true(csq__add(rows[i].a, rows[i].b, &out) == rows[i].fits);
        assert_ms_equal(out, rows[i].fits ? rows[i].value : 77);
        assert_ms_equal(csq__add_saturated(rows[i].a, rows[i].b), rows[i].value);
    }
}

static void checked_difference_fits_or_leaves_the_result_alone(void **state)
{
    (void)state;
    static const integer_row rows[] = {
        {2, 3, true, -1},
        {INT64_MIN, 0, true, INT64_MIN},
        {INT64_MIN, 1, false, INT64_MIN},
        {INT64_MAX, -1, false, INT64_MAX},
        {0, INT64_MIN, false, INT64_MAX},
        {-1, INT64_MIN, true, INT64_MAX},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t out = 77;
        assert_true(csq__sub(rows[i].a, rows[i].b, &out) == rows[i].fits);
        assert_ms_equal(out, rows[i].fits ? rows[i].value : 77);
        assert_ms_equal(csq__sub_saturated(rows[i].a, rows[i].b), rows[i].value);
    }
}

static void checked_product_fits_or_leaves_the_result_alone(void **state)
{
    (void)state;
    static const integer_row rows[] = {
        {-4, 3, true, -12},
        {INT64_MIN, 1, true, INT64_MIN},
        {INT64_MIN, -1, false, 0},
        {(int64_t)1 << 32, (int64_t)1 << 31, false, 0},
        {(int64_t)1 << 31, (int64_t)1 << 31, true, (int64_t)1 << 62},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t out = 77;
        assert_true(csq__mul(rows[i].a, rows[i].b, &out) == rows[i].fits);
        assert_ms_equal(out, rows[i].fits ? rows[i].value : 77);
    }
}

static void division_rounds_towards_minus_infinity(void **state)
{
    (void)state;
    static const struct {
        int64_t a;
        int64_t b;
        int64_t quotient;
        int64_t remainder;
    } rows[] = {
        {7, 2, 3, 1},
        {-7, 2, -4, 1},
        {-8, 2, -4, 0},
        {0, 5, 0, 0},
        {-1, INT64_MAX, -1, INT64_MAX - 1},
        {INT64_MIN, 1, INT64_MIN, 0},
        {INT64_MIN, 1000, INT64_MIN / 1000 - 1, 192},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_ms_equal(csq__div_floor(rows[i].a, rows[i].b), rows[i].quotient);
        assert_ms_equal(csq__mod_floor(rows[i].a, rows[i].b), rows[i].remainder);
    }
}

static void sizes_are_checked_alike(void **state)
{
    (void)state;
    size_t out = 7;
    assert_true(csq__size_add(SIZE_MAX - 1, 1, &out));
    assert_true(out == SIZE_MAX);
    assert_false(csq__size_add(SIZE_MAX, 1, &out));
    assert_true(csq__size_mul(SIZE_MAX / 2, 2, &out));
    assert_true(out == SIZE_MAX - 1);
    assert_false(csq__size_mul(SIZE_MAX / 2 + 1, 2, &out));
    assert_true(out == SIZE_MAX - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checked_sum_fits_or_leaves_the_result_alone),
        cmocka_unit_test(checked_difference_fits_or_leaves_the_result_alone),
        cmocka_unit_test(checked_product_fits_or_leaves_the_result_alone),
        cmocka_unit_test(division_rounds_towards_minus_infinity),
        cmocka_unit_test(sizes_are_checked_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
