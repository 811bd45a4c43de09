/*
 * test_column — loading bulk input of every type, layout and validity, and what is refused.
 */
#include "column/column_internal.h"
#include "support.h"

enum { ROWS = 200 };

/* ---- checks -------------------------------------------------------------------------------- */

static csq_column good_column(void)
{
    static const int32_t values[4] = {1, 2, 3, 4};
    return csq_column_of(CSQ_COLUMN_INT32, values, 4);
}

static void a_column_that_is_all_zero_is_not_given(void **state)
{
    (void)state;
    const csq_column none = {0};
    const csq_column empty = csq_column_of(CSQ_COLUMN_INT8, NULL, 0);
    assert_false(csq__column_is_given(&none));
    assert_false(csq__column_is_given(NULL));
    assert_true(csq__column_is_given(&empty));
    assert_status(CSQ_OK, csq__column_check(&empty, "a", 0, NULL));
    csq_error error;
    assert_status(CSQ_EINVAL, csq__column_check(&none, "ticket", 0, &error));
    assert_string_equal(error.message, "column ticket is not given");
    assert_status(CSQ_EINVAL, csq__column_check_doubles(NULL, "score", 0, &error));
    assert_string_equal(error.message, "column score is not given");
}

typedef struct check_row {
    void (*spoil)(csq_column *column);
    size_t field;
    const char *message;
} check_row;

static void spoil_type(csq_column *column)
{
    column->type = 10;
}

static void spoil_type_to_double(csq_column *column)
{
    column->type = CSQ_COLUMN_DOUBLE;
}

static void spoil_length(csq_column *column)
{
    column->length = 5;
}

static void spoil_data(csq_column *column)
{
    column->data = NULL;
}

static void spoil_stride_negative(csq_column *column)
{
    column->stride = -8;
}

static void spoil_stride_small(csq_column *column)
{
    column->stride = 3;
}

static void spoil_stride_huge(csq_column *column)
{
    column->stride = INT64_MAX / 2;
}

static void spoil_offset(csq_column *column)
{
    column->validity_offset = UINT64_MAX;
}

static void spoil_dictionary_length(csq_column *column)
{
    column->dictionary_length = 2;
}

static void spoil_reserved(csq_column *column)
{
    column->reserved = 1;
}

static void a_bad_column_is_refused_by_its_name_and_member(void **state)
{
    (void)state;
    static const check_row rows[] = {
        {spoil_type, offsetof(csq_column, type),
         "column at: expected the type of an integer, 1 to 8, found 10"},
        {spoil_type_to_double, offsetof(csq_column, type),
         "column at: expected the type of an integer, 1 to 8, found 9"},
        {spoil_length, offsetof(csq_column, length), "column at has 5 rows, expected 4"},
        {spoil_data, offsetof(csq_column, data), "column at: expected data, found NULL"},
        {spoil_stride_negative, offsetof(csq_column, stride),
         "column at: expected a stride of 0 or of at least the size of a value, found -8"},
        {spoil_stride_small, offsetof(csq_column, stride),
         "column at: expected a stride of 0 or of at least the size of a value, found 3"},
        {spoil_stride_huge, offsetof(csq_column, length),
         "column at: expected rows that fit into the address space, found 4"},
        {spoil_offset, offsetof(csq_column, length),
         "column at: expected rows that fit into the address space, found 4"},
        {spoil_dictionary_length, offsetof(csq_column, dictionary_length),
         "column at: expected 0 entries where there is no dictionary, found 2"},
        {spoil_reserved, offsetof(csq_column, reserved), "column at: expected reserved 0, found 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_column column = good_column();
        csq_error error;
        assert_status(CSQ_OK, csq__column_check(&column, "at", 4, &error));
        rows[i].spoil(&column);
        assert_status(CSQ_EINVAL, csq__column_check(&column, "at", 4, &error));
        assert_string_equal(error.message, rows[i].message);
        assert_int_equal(error.field, rows[i].field);
    }
}

static void doubles_have_a_check_of_their_own(void **state)
{
    (void)state;
    static const double values[2] = {1.5, 2.5};
    const uint32_t dictionary[1] = {7};
    csq_column column = csq_column_of(CSQ_COLUMN_DOUBLE, values, 2);
    csq_error error;
    assert_status(CSQ_OK, csq__column_check_doubles(&column, "score", 2, &error));
    column.dictionary = dictionary;
    column.dictionary_length = 1;
    assert_status(CSQ_EINVAL, csq__column_check_doubles(&column, "score", 2, &error));
    assert_int_equal(error.field, offsetof(csq_column, dictionary));
    column.type = 0;
    assert_status(CSQ_EINVAL, csq__column_check_doubles(&column, "score", 2, &error));
    assert_string_equal(error.message, "column score: expected a type from 1 to 9, found 0");
}

/* ---- loading ------------------------------------------------------------------------------- */

/* Writes value `i` of a type in the middle of its range and at its ends; returns it widened. */
static int64_t put_value(uint32_t type, size_t i, unsigned char *at)
{
    static const uint8_t bits[] = {0, 8, 16, 32, 64, 8, 16, 32, 63};
    const bool is_signed = type <= CSQ_COLUMN_INT64;
    const unsigned width = is_signed ? bits[type] - 1U : bits[type];
    const int64_t top = width == 63 ? INT64_MAX : ((int64_t)1 << width) - 1;
    // The lowest INT64 stands for a missing value.
    const int64_t bottom = !is_signed ? 0 : type == CSQ_COLUMN_INT64 ? -top : -top - 1;
    const int64_t value = i % 3 == 0 ? top : i % 3 == 1 ? bottom : (int64_t)(i % 100);
    const int8_t i8 = (int8_t)value;
    const int16_t i16 = (int16_t)value;
    const int32_t i32 = (int32_t)value;
    const void *narrow[] = {NULL, &i8, &i16, &i32, &value, &i8, &i16, &i32, &value};
    memcpy(at, narrow[type], type % 4 == 0 ? 8 : (size_t)1 << (type % 4 - 1));
    return value;
}

static size_t width_of(uint32_t type)
{
    return type % 4 == 0 ? 8 : (size_t)1 << (type % 4 - 1);
}

/* Every type, dense and strided (also unaligned), all valid and with a bitmap at every bit. */
static void every_type_and_layout_is_widened(void **state)
{
    (void)state;
    static unsigned char data[ROWS * 24 + 8];
    uint8_t validity[ROWS / 8 + 3];
    uint64_t seed = 4;
    for (uint32_t type = CSQ_COLUMN_INT8; type <= CSQ_COLUMN_UINT64; type++) {
        const int64_t strides[] = {0, (int64_t)width_of(type), 9, 24};
        for (size_t variant = 0; variant < 4 * 10; variant++) {
            const int64_t stride = strides[variant % 4];
            const size_t step = stride == 0 ? width_of(type) : (size_t)stride;
            csq_column column = csq_column_of(type, data + variant % 2, ROWS);
            column.stride = stride;
            int64_t expected[ROWS];
            for (size_t i = 0; i < sizeof validity; i++) {
                validity[i] = (uint8_t)(variant < 8 ? 0xFF : test_random(&seed));
            }
            column.validity = variant < 4 ? NULL : validity;
            column.validity_offset = variant / 4;
            for (size_t i = 0; i < ROWS; i++) {
                const size_t bit = i + variant / 4;
                expected[i] = put_value(type, i, data + variant % 2 + i * step);
                if (column.validity != NULL && (validity[bit / 8] >> (bit % 8) & 1) == 0) {
                    expected[i] = CSQ_MS_NONE;
                }
            }
            assert_status(CSQ_OK, csq__column_check(&column, "x", ROWS, NULL));
            for (size_t first = 0; first < ROWS; first += 1 + first / 3) {
                int64_t out[ROWS];
                uint64_t bad = 0;
                const size_t n = ROWS - first;
                assert_status(CSQ_OK, csq__column_load(&column, first, n, out, &bad));
                assert_memory_equal(out, expected + first, n * sizeof *out);
                int64_t one = 0;
                assert_status(CSQ_OK, csq__column_load(&column, first, 1, &one, &bad));
                assert_ms_equal(one, expected[first]);
            }
        }
    }
}

/* Bitmaps and data as long as their rows, for the sanitizers. */
static void nothing_behind_the_last_row_is_read(void **state)
{
    (void)state;
    for (size_t n = 0; n < 140; n++) {
        for (uint64_t offset = 0; offset < 9; offset++) {
            uint8_t *bits = malloc((n + offset + 7) / 8 + (n + offset == 0));
            int16_t *data = malloc(n * sizeof *data + (n == 0));
            memset(bits, 0xFF, (n + offset + 7) / 8);
            memset(data, 0, n * sizeof *data);
            csq_column column = csq_column_of(CSQ_COLUMN_INT16, data, n);
            column.validity = bits;
            column.validity_offset = offset;
            int64_t out[140];
            uint64_t ids[140];
            uint64_t bad = 0;
            assert_status(CSQ_OK, csq__column_load(&column, 0, n, out, &bad));
            assert_status(CSQ_OK, csq__column_load_ids(&column, 0, n, ids, &bad));
            assert_true(n == 0 || (out[n - 1] == 0 && ids[n - 1] == 0));
            free(bits);
            free(data);
        }
    }
}

static void a_uint64_above_int64_is_out_of_range_unless_it_is_missing(void **state)
{
    (void)state;
    uint64_t values[ROWS] = {0};
    uint8_t validity[ROWS / 8];
    memset(validity, 0xFF, sizeof validity);
    values[70] = UINT64_MAX;
    values[90] = (uint64_t)INT64_MAX + 1; // the bits of a missing value
    csq_column column = csq_column_of(CSQ_COLUMN_UINT64, values, ROWS);
    column.validity = validity;
    int64_t out[ROWS];
    uint64_t bad = 0;
    assert_status(CSQ_ERANGE, csq__column_load(&column, 10, ROWS - 10, out, &bad));
    assert_int_equal(bad, 70);
    assert_ms_equal(out[59], 0);
    csq_error error;
    assert_status(CSQ_ERANGE, csq__column_fail_row(&column, "at", bad, CSQ_ERANGE, &error));
    assert_int_equal(error.index, 70);
    assert_string_equal(error.message, "column at: the value is too large");
    validity[70 / 8] ^= 1 << 70 % 8;
    assert_status(CSQ_ERANGE, csq__column_load(&column, 0, ROWS, out, &bad));
    assert_int_equal(bad, 90);
    assert_ms_equal(out[70], CSQ_MS_NONE);
    validity[90 / 8] ^= 1 << 90 % 8;
    assert_status(CSQ_OK, csq__column_load(&column, 0, ROWS, out, &bad));
    assert_ms_equal(out[90], CSQ_MS_NONE);
}

static void indexes_stand_for_the_codes_of_the_dictionary(void **state)
{
    (void)state;
    const uint32_t dictionary[] = {30, UINT32_MAX, 10};
    int8_t indexes[] = {0, 2, 1, -1, 3};
    const uint8_t validity[] = {0x17}; // row 3 is missing
    csq_column column = csq_column_of(CSQ_COLUMN_INT8, indexes, 5);
    column.dictionary = dictionary;
    column.dictionary_length = 3;
    column.validity = validity;
    int64_t out[5];
    uint64_t ids[5];
    uint64_t bad = 0;
    assert_status(CSQ_ERANGE, csq__column_load(&column, 0, 5, out, &bad));
    assert_int_equal(bad, 4);
    const int64_t expected[] = {30, 10, UINT32_MAX, CSQ_MS_NONE};
    assert_memory_equal(out, expected, sizeof expected);
    csq_error error;
    assert_status(CSQ_ERANGE, csq__column_fail_row(&column, "status", bad, CSQ_ERANGE, &error));
    assert_string_equal(error.message, "column status: expected an index below 3, found 3");
    assert_status(CSQ_ENODATA, csq__column_load_ids(&column, 0, 5, ids, &bad));
    assert_int_equal(bad, 3);
    column.validity = NULL;
    assert_status(CSQ_ERANGE, csq__column_load(&column, 0, 5, out, &bad));
    assert_int_equal(bad, 3);
    assert_status(CSQ_ERANGE, csq__column_load_ids(&column, 0, 5, ids, &bad));
    assert_int_equal(bad, 3);
    column.dictionary_length = 0; // an empty one knows no index
    assert_status(CSQ_ERANGE, csq__column_load(&column, 0, 5, out, &bad));
    assert_int_equal(bad, 0);
}

static void the_lowest_int64_is_a_missing_index(void **state)
{
    (void)state;
    const int64_t indexes[] = {0, CSQ_MS_NONE};
    const uint32_t dictionary[] = {5};
    csq_column column = csq_column_of(CSQ_COLUMN_INT64, indexes, 2);
    column.dictionary = dictionary;
    column.dictionary_length = 1;
    int64_t out[2];
    uint64_t bad = 0;
    assert_status(CSQ_OK, csq__column_load(&column, 0, 2, out, &bad));
    assert_ms_equal(out[1], CSQ_MS_NONE);
}

static void ids_are_all_of_uint64_but_neither_negative_nor_missing(void **state)
{
    (void)state;
    const uint64_t large[] = {0, UINT64_MAX, (uint64_t)INT64_MAX + 1};
    csq_column column = csq_column_of(CSQ_COLUMN_UINT64, large, 3);
    uint64_t ids[3] = {0};
    uint64_t bad = 0;
    assert_status(CSQ_OK, csq__column_load_ids(&column, 0, 3, ids, &bad));
    assert_memory_equal(ids, large, sizeof large);
    const uint8_t validity[] = {0x05};
    column.validity = validity;
    assert_status(CSQ_ENODATA, csq__column_load_ids(&column, 0, 3, ids, &bad));
    assert_int_equal(bad, 1);
    csq_error error;
    assert_status(CSQ_ENODATA, csq__column_fail_row(&column, "ticket", 1, CSQ_ENODATA, &error));
    assert_string_equal(error.message, "column ticket: expected an id, found a missing value");
    const int64_t small[] = {5, -5, CSQ_MS_NONE};
    column = csq_column_of(CSQ_COLUMN_INT64, small, 3);
    assert_status(CSQ_ERANGE, csq__column_load_ids(&column, 0, 3, ids, &bad));
    assert_int_equal(bad, 1);
    assert_int_equal(ids[0], 5);
    assert_status(CSQ_ERANGE, csq__column_fail_row(&column, "ticket", 1, CSQ_ERANGE, &error));
    assert_string_equal(error.message, "column ticket: the value -5 is out of range");
    assert_status(CSQ_ENODATA, csq__column_load_ids(&column, 2, 1, ids, &bad));
    assert_int_equal(bad, 2);
}

/* ---- doubles ------------------------------------------------------------------------------- */

static double bits_to_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool is_nan(double value)
{
    return !(value <= 0) && !(value >= 0);
}

static void doubles_are_loaded_and_nan_is_missing(void **state)
{
    (void)state;
    double values[300];
    for (size_t i = 0; i < 300; i++) {
        values[i] = 0.5 * (double)i;
    }
    values[2] = bits_to_double((uint64_t)0x7FF8 << 48);
    csq_column column = csq_column_of(CSQ_COLUMN_DOUBLE, values, 300);
    uint8_t validity[38];
    memset(validity, 0xFF, sizeof validity);
    validity[0] = 0xFD;
    column.validity = validity;
    double out[300];
    uint64_t bad = 0;
    assert_status(CSQ_OK, csq__column_load_doubles(&column, 0, 300, out, &bad));
    assert_true(is_nan(out[1]) && is_nan(out[2]));
    assert_true(out[299] >= 149.5 && out[299] <= 149.5);
    values[1] = bits_to_double((uint64_t)0x7FF0 << 48); // infinite, but missing
    assert_status(CSQ_OK, csq__column_load_doubles(&column, 0, 300, out, &bad));
    values[270] = bits_to_double((uint64_t)0xFFF0 << 48);
    assert_status(CSQ_ERANGE, csq__column_load_doubles(&column, 0, 300, out, &bad));
    assert_int_equal(bad, 270);
}

static void integers_become_doubles_only_exactly(void **state)
{
    (void)state;
    int64_t values[] = {-3, CSQ_MS_NONE, (int64_t)1 << 53, ((int64_t)1 << 53) + 1};
    csq_column column = csq_column_of(CSQ_COLUMN_INT64, values, 4);
    double out[4];
    uint64_t bad = 0;
    assert_status(CSQ_ERANGE, csq__column_load_doubles(&column, 0, 4, out, &bad));
    assert_int_equal(bad, 3);
    assert_true(out[0] >= -3 && out[0] <= -3 && is_nan(out[1]));
    assert_true(out[2] >= 9007199254740992.0 && out[2] <= 9007199254740992.0);
    column.type = CSQ_COLUMN_UINT64;
    assert_status(CSQ_ERANGE, csq__column_load_doubles(&column, 0, 4, out, &bad));
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_that_is_all_zero_is_not_given),
        cmocka_unit_test(a_bad_column_is_refused_by_its_name_and_member),
        cmocka_unit_test(doubles_have_a_check_of_their_own),
        cmocka_unit_test(every_type_and_layout_is_widened),
        cmocka_unit_test(nothing_behind_the_last_row_is_read),
        cmocka_unit_test(a_uint64_above_int64_is_out_of_range_unless_it_is_missing),
        cmocka_unit_test(indexes_stand_for_the_codes_of_the_dictionary),
        cmocka_unit_test(the_lowest_int64_is_a_missing_index),
        cmocka_unit_test(ids_are_all_of_uint64_but_neither_negative_nor_missing),
        cmocka_unit_test(doubles_are_loaded_and_nan_is_missing),
        cmocka_unit_test(integers_become_doubles_only_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
