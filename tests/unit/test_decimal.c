/*
 * test_decimal — exact decimals: the grammar of JSON numbers, 18 digits, scaling to integers.
 */
#include "support.h"
#include "text/text_internal.h"

static void equal_numbers_have_equal_forms(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t mantissa;
        int32_t exponent;
        const char *written;
    } rows[] = {
        {"0", 0, 0, "0"},
        {"-0", 0, 0, "0"},
        {"0.000", 0, 0, "0"},
        {"0e999", 0, 0, "0"},
        {"7", 7, 0, "7"},
        {"-12", -12, 0, "-12"},
        {"1.50", 15, -1, "1.5"},
        {"15e-1", 15, -1, "1.5"},
        {"0.15E+1", 15, -1, "1.5"},
        {"150e-00000000000000000000002", 15, -1, "1.5"},
        {"100", 1, 2, "100"},
        {"-0.0012", -12, -4, "-0.0012"},
        {"102.0304", 1020304, -4, "102.0304"},
        {"999999999999999999", 999999999999999999, 0, "999999999999999999"},
        {"-0.999999999999999999", -999999999999999999, -18, "-0.999999999999999999"},
        {"100000000000000000", 1, 17, "100000000000000000"},
        {"0.000000000000000001", 1, -18, "0.000000000000000001"},
        {"123456789.012345678000", 123456789012345678, -9, "123456789.012345678"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t used = 0;
        csq__decimal decimal = {77, 77};
        assert_status(CSQ_OK, csq__decimal_read(csq_str_of(rows[i].text), &used, &decimal));
        assert_int_equal(used, strlen(rows[i].text));
        assert_ms_equal(decimal.mantissa, rows[i].mantissa);
        assert_int_equal(decimal.exponent, rows[i].exponent);
        char written[CSQ__DECIMAL_BYTES + 1] = {0};
        const size_t n = csq__decimal_format(decimal, written);
        assert_int_equal(n, strlen(rows[i].written));
        assert_string_equal(written, rows[i].written);
    }
}

static void what_is_no_json_number_is_refused_at_its_byte(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bad;
    } rows[] = {{"", 0},    {"-", 1},   {"+1", 0},  {".5", 0},  {"1.", 2},   {"1.e5", 2},
                {"01", 1},  {"-00", 2}, {"1e", 2},  {"1e+", 3}, {"1E-x", 3}, {"-.5", 1},
                {"1.x", 2}, {"x", 0},   {"--1", 1}, {"-e5", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t used = 0;
        csq__decimal decimal = {77, 77};
        assert_status(CSQ_EJSON, csq__decimal_read(csq_str_of(rows[i].text), &used, &decimal));
        assert_int_equal(used, rows[i].bad);
        assert_ms_equal(decimal.mantissa, 77);
    }
}

static void reading_stops_behind_the_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t used;
    } rows[] = {{"0x10", 1}, {"12,3", 2}, {"1.5.5", 3}, {"1e5e5", 3}, {"3 ", 1}, {"4-", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t used = 0;
        csq__decimal decimal;
        assert_status(CSQ_OK, csq__decimal_read(csq_str_of(rows[i].text), &used, &decimal));
        assert_int_equal(used, rows[i].used);
    }
}

static void more_than_18_digits_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "1e999",
        "1e-999",
        "1e18",
        "1e99999999999999999999999999999999",
        "-1e-99999999999999999999999999999999",
        "1000000000000000000",
        "1234567890123456789",
        "0.0000000000000000001",
        "1.000000000000000001",
        "10000000000.123456789",
        "1e17999999",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t used = 0;
        csq__decimal decimal = {77, 77};
        assert_status(CSQ_ENUMBER, csq__decimal_read(csq_str_of(rows[i]), &used, &decimal));
        assert_int_equal(used, strlen(rows[i]));
        assert_ms_equal(decimal.mantissa, 77);
    }
}

/* 1 followed by 10^6 zeros and e-1000000 is 1; with one digit behind them it is not exact. */
static void a_million_digits_take_one_pass(void **state)
{
    (void)state;
    enum { ZEROS = 1000000 };
    char *text = malloc(ZEROS + 16);
    text[0] = '1';
    memset(text + 1, '0', ZEROS);
    memcpy(text + 1 + ZEROS, "e-1000000", 10);
    size_t used = 0;
    csq__decimal decimal;
    assert_status(CSQ_OK, csq__decimal_read(csq_str_of(text), &used, &decimal));
    assert_ms_equal(decimal.mantissa, 1);
    assert_int_equal(decimal.exponent, 0);
    text[ZEROS] = '1';
    assert_status(CSQ_ENUMBER, csq__decimal_read(csq_str_of(text), &used, &decimal));
    free(text);
}

static void times_is_exact_or_an_error(void **state)
{
    (void)state;
    enum { HOUR = 3600000 };
    static const struct {
        csq__decimal decimal;
        int64_t factor;
        csq_status status;
        int64_t value;
    } rows[] = {
        {{0, 0}, HOUR, CSQ_OK, 0},
        {{15, -1}, HOUR, CSQ_OK, 5400000},
        {{-132470, -3}, HOUR, CSQ_OK, -476892000},
        {{13247, -2}, HOUR, CSQ_OK, 476892000},
        {{1, -7}, HOUR, CSQ_ENUMBER, 0}, /* 0.36 ms */
        {{25, -7}, HOUR, CSQ_OK, 9},
        {{1, -1}, 1, CSQ_ENUMBER, 0},
        {{1, 17}, 1, CSQ_OK, 100000000000000000},
        {{999999999999999999, 0}, 9, CSQ_OK, 8999999999999999991},
        {{999999999999999999, 0}, 10, CSQ_EOVERFLOW, 0},
        {{999999999999999999, -18}, 1000000000000000000, CSQ_OK, 999999999999999999},
        {{5, -18}, 200000000000000000, CSQ_OK, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t value = 77;
        assert_status(rows[i].status, csq__decimal_times(rows[i].decimal, rows[i].factor, &value));
        assert_ms_equal(value, rows[i].status == CSQ_OK ? rows[i].value : 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_numbers_have_equal_forms),
        cmocka_unit_test(what_is_no_json_number_is_refused_at_its_byte),
        cmocka_unit_test(reading_stops_behind_the_number),
        cmocka_unit_test(more_than_18_digits_are_refused),
        cmocka_unit_test(a_million_digits_take_one_pass),
        cmocka_unit_test(times_is_exact_or_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
