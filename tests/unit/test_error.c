/*
 * test_error — status names, messages and paths of errors, integers and UTF-8 as text.
 */
#include "base/base_internal.h"
#include "support.h"

static void every_status_has_its_name_and_meaning(void **state)
{
    (void)state;
#define STATUS_ROW(name, number, text)                                                             \
    assert_string_equal(csq_status_name(number), "CSQ_" #name);                                    \
    assert_string_equal(csq_status_text(number), text);
    CSQ_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
    const int32_t unknown[] = {1, -1000, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_string_equal(csq_status_name(unknown[i]), "CSQ_EUNKNOWN");
        assert_non_null(csq_status_text(unknown[i]));
    }
}

static void version_is_that_of_the_header(void **state)
{
    (void)state;
    char version[16] = {(char)('0' + CSQ_VERSION_MAJOR), '.', (char)('0' + CSQ_VERSION_MINOR), '.',
                        (char)('0' + CSQ_VERSION_PATCH)};
    assert_string_equal(csq_version(), version);
    assert_int_equal(csq_abi_number(), CSQ_ABI_NUMBER);
    assert_ms_equal(csq_ms_none(), CSQ_MS_NONE);
}

static void a_failure_fills_every_member(void **state)
{
    (void)state;
    csq_error error;
    memset(&error, 0xA5, sizeof error);
    assert_status(CSQ_EDATE, csq__fail(&error, CSQ_EDATE, CSQ__TEXT("month "), CSQ__NUMBER(-13),
                                       CSQ__TEXT(" of "), CSQ__VIEW(csq_str_of("1999"))));
    assert_int_equal(error.code, CSQ_EDATE);
    assert_int_equal(error.field, -1);
    assert_int_equal(error.index, -1);
    assert_int_equal(error.byte, -1);
    assert_int_equal(error.line, 0);
    assert_int_equal(error.column, 0);
    assert_string_equal(error.path, "");
    assert_string_equal(error.message, "month -13 of 1999");
}

static void a_failure_needs_no_error(void **state)
{
    (void)state;
    assert_status(CSQ_ENOMEM, csq__fail_memory(NULL));
    assert_status(CSQ_EINVAL, csq__fail_null(NULL, "out"));
    assert_status(CSQ_EINVAL, csq__fail_value(NULL, "kind", 9));
    csq__error_index(NULL, 1);
    csq__error_field(NULL, 1);
    csq__error_path(NULL, csq_str_of("a"));
    csq__error_path_index(NULL, 1);
}

static void common_failures_have_their_wording(void **state)
{
    (void)state;
    csq_error error;
    assert_status(CSQ_ENOMEM, csq__fail_memory(&error));
    assert_string_equal(error.message, "out of memory");
    assert_status(CSQ_EINVAL, csq__fail_null(&error, "out"));
    assert_string_equal(error.message, "out is NULL");
    assert_status(CSQ_EINVAL, csq__fail_value(&error, "kind", 9));
    assert_string_equal(error.message, "kind has the unknown value 9");
    csq__error_index(&error, 5);
    csq__error_field(&error, 8);
    assert_int_equal(error.index, 5);
    assert_int_equal(error.field, 8);
}

/* 253 bytes, a character of three, and a piece behind it that would still fit. */
static void a_long_message_ends_at_a_character(void **state)
{
    (void)state;
    char text[253 + 3];
    memset(text, 'x', sizeof text);
    memcpy(text + 253, "\xE2\x82\xAC", 3);
    csq_error error;
    csq__fail(&error, CSQ_EINVAL, CSQ__VIEW(((csq_str){text, sizeof text})), CSQ__TEXT("!"));
    assert_int_equal(strlen(error.message), 253);
    assert_memory_equal(error.message, text, 253);
    csq__fail(&error, CSQ_EINVAL, CSQ__VIEW(((csq_str){text + 1, sizeof text - 1})),
              CSQ__TEXT("!"));
    assert_int_equal(strlen(error.message), 255);
}

static void a_message_is_utf8_whatever_it_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *quoted;
        uint64_t size;
        const char *message;
    } rows[] = {
        {"a\0b\n\x7F", 5, "a?b??"},
        {"\xFF\x80x", 3, "??x"},
        {"\xE2\x82", 2, "??"},
        {"\xC3\xA9\xF0\x9F\x98\x80", 6, "\xC3\xA9\xF0\x9F\x98\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_error error;
        csq__fail(&error, CSQ_EINVAL, CSQ__VIEW(((csq_str){rows[i].quoted, rows[i].size})));
        assert_string_equal(error.message, rows[i].message);
    }
}

static void a_path_grows_to_the_left(void **state)
{
    (void)state;
    csq_error error;
    csq__fail_memory(&error);
    csq__error_path(&error, CSQ__STR("within"));
    csq__error_path(&error, CSQ__STR("p1"));
    csq__error_path_index(&error, 2);
    csq__error_path(&error, CSQ__STR(""));
    csq__error_path(&error, CSQ__STR("policies"));
    assert_string_equal(error.path, "policies[2].p1.within");
}

static void a_long_path_keeps_its_right_end(void **state)
{
    (void)state;
    char key[400];
    memset(key, 'k', sizeof key);
    static const struct {
        uint64_t key; /* bytes of the prefix of "end" */
        size_t size;  /* of the path */
        bool is_cut;
    } rows[] = {{187, 191, false}, {188, 191, true}, {191, 191, true}, {400, 191, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_error error;
        csq__fail_memory(&error);
        csq__error_path(&error, CSQ__STR("end"));
        csq__error_path(&error, (csq_str){key, rows[i].key});
        assert_int_equal(strlen(error.path), rows[i].size);
        assert_true((memcmp(error.path, "...", 3) == 0) == rows[i].is_cut);
        assert_string_equal(error.path + rows[i].size - 5, "k.end");
    }
}

/* Characters of three bytes, so that the cut has to move by 0, 1 and 2 bytes. */
static void a_path_that_was_cut_takes_no_further_prefix(void **state)
{
    (void)state;
    char key[66 * 3];
    for (size_t i = 0; i < sizeof key; i += 3) {
        memcpy(key + i, "\xE2\x82\xAC", 3);
    }
    static const char *const ends[] = {"z", "zz", "zzz"};
    for (size_t i = 0; i < 3; i++) {
        csq_error error;
        csq__fail_memory(&error);
        csq__error_path(&error, csq_str_of(ends[i]));
        csq__error_path(&error, (csq_str){key, sizeof key});
        char before[192];
        memcpy(before, error.path, sizeof before);
        assert_memory_equal(before, "...\xE2", 4);
        assert_true(csq__utf8_is_valid(csq_str_of(before), NULL));
        csq__error_path(&error, CSQ__STR("a"));
        assert_string_equal(error.path, before);
    }
}

static void integers_are_written_in_decimal(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } rows[] = {{0, "0"},
                {-1, "-1"},
                {1234567890, "1234567890"},
                {INT64_MAX, "9223372036854775807"},
                {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[21] = {0};
        assert_int_equal(csq__format_integer(rows[i].value, text), strlen(rows[i].text));
        assert_string_equal(text, rows[i].text);
    }
}

static void views_compare_bytewise_and_prefixes_first(void **state)
{
    (void)state;
    const csq_str empty = csq_str_of(NULL);
    assert_int_equal(empty.size, 0);
    assert_true(csq__str_compare(empty, CSQ__STR("")) == 0);
    assert_true(csq__str_compare(CSQ__STR("a"), CSQ__STR("ab")) < 0);
    assert_true(csq__str_compare(CSQ__STR("b"), CSQ__STR("ab")) > 0);
    assert_true(csq__str_compare(CSQ__STR("z"), CSQ__STR("\xC3\xA9")) < 0);
    assert_true(csq__str_equal(empty, CSQ__STR("")));
    assert_false(csq__str_equal(CSQ__STR("ab"), CSQ__STR("ac")));
}

/* RFC 3629, section 4; the sequences of the Unicode Standard, table 3-7. `bad` < 0: valid. */
static void utf8_is_what_the_rfc_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int bad;
    } rows[] = {
        {"", -1},
        {"plain", -1},
        {"\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF", -1},
        {"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", -1},
        {"ab\x80", 2},           /* continuation alone */
        {"\xC0\x80", 0},         /* overlong */
        {"\xC1\xBF", 0},         /* overlong */
        {"a\xE0\x9F\xBF", 1},    /* overlong */
        {"\xF0\x8F\xBF\xBF", 0}, /* overlong */
        {"\xED\xA0\x80", 0},     /* surrogate */
        {"\xF4\x90\x80\x80", 0}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 0}, /* above U+10FFFF */
        {"\xFF", 0},             /* no such byte */
        {"x\xE2\x82", 1},        /* cut short */
        {"x\xE2\x82x", 1},       /* cut short */
        {"\xF0\x9F\x98"
         "a",
         0}, /* cut short */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t bad = 99;
        assert_true(csq__utf8_is_valid(csq_str_of(rows[i].text), &bad) == (rows[i].bad < 0));
        assert_int_equal(bad, rows[i].bad < 0 ? 99 : rows[i].bad);
        assert_true(csq__utf8_is_valid(csq_str_of(rows[i].text), NULL) == (rows[i].bad < 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_name_and_meaning),
        cmocka_unit_test(version_is_that_of_the_header),
        cmocka_unit_test(a_failure_fills_every_member),
        cmocka_unit_test(a_failure_needs_no_error),
        cmocka_unit_test(common_failures_have_their_wording),
        cmocka_unit_test(a_long_message_ends_at_a_character),
        cmocka_unit_test(a_message_is_utf8_whatever_it_quotes),
        cmocka_unit_test(a_path_grows_to_the_left),
        cmocka_unit_test(a_long_path_keeps_its_right_end),
        cmocka_unit_test(a_path_that_was_cut_takes_no_further_prefix),
        cmocka_unit_test(integers_are_written_in_decimal),
        cmocka_unit_test(views_compare_bytewise_and_prefixes_first),
        cmocka_unit_test(utf8_is_what_the_rfc_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
