/*
 * test_json — what the reader takes, what it refuses, and where it says the fault is.
 *
 * Sources: RFC 8259, and the cases of "Parsing JSON is a minefield" (N. Seriot, 2016) by kind.
 */
#include "support.h"
#include "text/text_internal.h"

static csq__json read_good(const char *text)
{
    csq__json json;
    csq_error error = {0};
    const csq_status status = csq__json_read(&json, csq_str_of(text), NULL, NULL, &error);
    if (status != CSQ_OK) {
        print_error("%s\n%s\n", text, error.message);
    }
    assert_status(CSQ_OK, status);
    return json;
}

/* ---- what is refused ----------------------------------------------------------------------- */

/* The caret stands under the offending byte. */
typedef struct bad_row {
    const char *text;
    const char *caret;
    csq_status code;
    const char *path;
    const char *message;
} bad_row;

static void assert_bad(const bad_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        csq__json json;
        csq_error error = {0};
        const csq_str text = csq_str_of(rows[i].text);
        const int64_t byte = (int64_t)strlen(rows[i].caret) - 1;
        const csq_status status = csq__json_read(&json, text, NULL, NULL, &error);
        if (status != rows[i].code || error.byte != byte || strcmp(error.path, rows[i].path) != 0 ||
            strcmp(error.message, rows[i].message) != 0) {
            print_error("%s\n%s\nat %d, %s: %s\n", rows[i].text, rows[i].caret, (int)error.byte,
                        error.path, error.message);
        }
        assert_status(rows[i].code, status);
        assert_int_equal(error.code, rows[i].code);
        assert_int_equal(error.byte, byte);
        assert_int_equal(error.line, 1);
        assert_int_equal(error.column, byte + 1);
        assert_string_equal(error.path, rows[i].path);
        assert_string_equal(error.message, rows[i].message);
        assert_int_equal(json.nodes.n, 0);
        assert_status(rows[i].code, csq__json_read(&json, text, NULL, NULL, NULL));
    }
}

#define ASSERT_BAD(rows) assert_bad(rows, sizeof rows / sizeof rows[0])

/* clang-format off */
static void structure_is_that_of_rfc_8259(void **state)
{
    (void)state;
    static const bad_row rows[] = {
        {"",
         "^", CSQ_EJSON, "", "expected a value, found the end of the text"},
        {" \t",
         "  ^", CSQ_EJSON, "", "expected a value, found the end of the text"},
        {"{} {}",
         "   ^", CSQ_EJSON, "", "expected the end of the text, found '{'"},
        {"[1]]",
         "   ^", CSQ_EJSON, "", "expected the end of the text, found ']'"},
        {"[",
         " ^", CSQ_EJSON, "[0]", "expected a value, found the end of the text"},
        {"[1",
         "  ^", CSQ_EJSON, "", "expected ',' or ']', found the end of the text"},
        {"[1 2]",
         "   ^", CSQ_EJSON, "", "expected ',' or ']', found '2'"},
        {"[1,]",
         "   ^", CSQ_EJSON, "[1]", "expected a value, found ']'"},
        {"[,1]",
         " ^", CSQ_EJSON, "[0]", "expected a value, found ','"},
        {"[1,,2]",
         "   ^", CSQ_EJSON, "[1]", "expected a value, found ','"},
        {"[1}",
         "  ^", CSQ_EJSON, "", "expected ',' or ']', found '}'"},
        {"{",
         " ^", CSQ_EJSON, "", "expected a key or '}', found the end of the text"},
        {"{\"a\":1,}",
         "       ^", CSQ_EJSON, "", "expected a key, found '}'"},
        {"{\"a\":1 \"b\":2}",
         "       ^", CSQ_EJSON, "", "expected ',' or '}', found '\"'"},
        {"{\"a\" 1}",
         "     ^", CSQ_EJSON, "", "expected ':', found '1'"},
        {"{\"a\"}",
         "    ^", CSQ_EJSON, "", "expected ':', found '}'"},
        {"{\"a\":}",
         "     ^", CSQ_EJSON, "a", "expected a value, found '}'"},
        {"{1:2}",
         " ^", CSQ_EJSON, "", "expected a key or '}', found '1'"},
        {"{a:2}",
         " ^", CSQ_EJSON, "", "expected a key or '}', found 'a'"},
        {"{'a':2}",
         " ^", CSQ_EJSON, "", "expected a key or '}', found '''"},
        {"{\"a\":[{\"b\":1}, x]}",
         "               ^", CSQ_EJSON, "a[1]", "expected a value, found 'x'"},
    };
    ASSERT_BAD(rows);
}

static void words_and_extensions_are_refused_by_name(void **state)
{
    (void)state;
    static const bad_row rows[] = {
        {"NaN",
         "^", CSQ_EJSON, "", "expected a value, found 'NaN'"},
        {"[Infinity]",
         " ^", CSQ_EJSON, "[0]", "expected a value, found 'Infinity'"},
        {"[-Infinity]",
         "  ^", CSQ_EJSON, "[0]", "expected a digit, found 'Infinity'"},
        {"True",
         "^", CSQ_EJSON, "", "expected a value, found 'True'"},
        {"nul",
         "^", CSQ_EJSON, "", "expected a value, found 'nul'"},
        {"truex",
         "^", CSQ_EJSON, "", "expected a value, found 'truex'"},
        {"undefined",
         "^", CSQ_EJSON, "", "expected a value, found 'undefined'"},
        {"[1] // note",
         "    ^", CSQ_EJSON, "", "expected the end of the text, found a comment"},
        {"/* note */ 1",
         "^", CSQ_EJSON, "", "expected a value, found a comment"},
        {"# note",
         "^", CSQ_EJSON, "", "expected a value, found '#'"},
        {"'a'",
         "^", CSQ_EJSON, "", "expected a value, found '''"},
        {"[1/2]",
         "  ^", CSQ_EJSON, "", "expected ',' or ']', found '/'"},
        {"/",
         "^", CSQ_EJSON, "", "expected a value, found '/'"},
        {"\xEF\xBB\xBF{}",
         "^", CSQ_EJSON, "", "expected a value, found a byte order mark"},
        {"\xFF\xFE{",
         "^", CSQ_EJSON, "", "expected a value, found byte 255"},
        {"[\f1]",
         " ^", CSQ_EJSON, "[0]", "expected a value, found byte 12"},
        {"[\xC2\xA0" "1]", /* a no-break space */
         " ^", CSQ_EJSON, "[0]", "expected a value, found '\xC2\xA0'"},
    };
    ASSERT_BAD(rows);
}

static void numbers_are_exact_decimals_of_18_digits(void **state)
{
    (void)state;
    static const bad_row rows[] = {
        {"{\"within\":1e999}",
         "          ^", CSQ_ENUMBER, "within",
         "expected an exact decimal of at most 18 digits, found 1e999"},
        {"[1234567890.1234567891]",
         " ^", CSQ_ENUMBER, "[0]",
         "expected an exact decimal of at most 18 digits, found 1234567890.1234567891"},
        {"[012]",
         "  ^", CSQ_EJSON, "[0]", "expected no digit after a leading 0, found '12'"},
        {"-",
         " ^", CSQ_EJSON, "", "expected a digit, found the end of the text"},
        {"+1",
         "^", CSQ_EJSON, "", "expected a value, found '+'"},
        {".5",
         "^", CSQ_EJSON, "", "expected a value, found '.'"},
        {"[1.]",
         "   ^", CSQ_EJSON, "[0]", "expected a digit, found ']'"},
        {"[1e+]",
         "    ^", CSQ_EJSON, "[0]", "expected a digit, found ']'"},
        {"[0x1F]",
         "  ^", CSQ_EJSON, "", "expected ',' or ']', found 'x1F'"},
        {"1_000",
         " ^", CSQ_EJSON, "", "expected the end of the text, found '_000'"},
    };
    ASSERT_BAD(rows);
}

static void texts_are_utf8_with_the_escapes_of_rfc_8259(void **state)
{
    (void)state;
    static const bad_row rows[] = {
        {"\"abc",
         "    ^", CSQ_EJSON, "",
         "expected a character of the text or its closing quote, found the end of the text"},
        {"\"a\nb\"",
         "  ^", CSQ_EJSON, "",
         "expected a character of the text or its closing quote, found byte 10"},
        {"\"a\\x\"",
         "   ^", CSQ_EJSON, "", "expected one of \"\\/bfnrtu after a backslash, found 'x'"},
        {"\"a\\",
         "   ^", CSQ_EJSON, "",
         "expected one of \"\\/bfnrtu after a backslash, found the end of the text"},
        {"\"\\u12G4\"",
         "     ^", CSQ_EJSON, "", "expected a hexadecimal digit, found 'G4'"},
        {"\"\\u12",
         "     ^", CSQ_EJSON, "", "expected a hexadecimal digit, found the end of the text"},
        {"[\"a\", \"b\\uD800\"]",
         "        ^", CSQ_EUTF8, "[1]",
         "expected a pair of escaped surrogates, found one"},
        {"\"\\uD800\\n\"",
         " ^", CSQ_EUTF8, "", "expected a pair of escaped surrogates, found one"},
        {"\"\\uD800\\uD800\"",
         " ^", CSQ_EUTF8, "", "expected a pair of escaped surrogates, found one"},
        {"\"\\uD800\\uE000\"",
         " ^", CSQ_EUTF8, "", "expected a pair of escaped surrogates, found one"},
        {"\"\\uD800",
         " ^", CSQ_EUTF8, "", "expected a pair of escaped surrogates, found one"},
        {"\"\\uD800\\u12\"",
         "           ^", CSQ_EJSON, "", "expected a hexadecimal digit, found '\"'"},
        {"\"\\uDC00\"",
         " ^", CSQ_EUTF8, "", "expected a pair of escaped surrogates, found one"},
        {"\"ab\xFF\"",
         "   ^", CSQ_EUTF8, "", "expected UTF-8, found byte 255"},
        {"\"\xC0\x80\"", /* overlong */
         " ^", CSQ_EUTF8, "", "expected UTF-8, found byte 192"},
        {"\"\xED\xA0\x80\"", /* a surrogate */
         " ^", CSQ_EUTF8, "", "expected UTF-8, found byte 237"},
        {"\"\xE2\x82\"", /* cut short by the quote */
         " ^", CSQ_EUTF8, "", "expected UTF-8, found byte 226"},
        {"{\"k\xFF\":1}",
         "   ^", CSQ_EUTF8, "", "expected UTF-8, found byte 255"},
    };
    ASSERT_BAD(rows);
}

static void a_key_stands_once_in_an_object(void **state)
{
    (void)state;
    static const bad_row rows[] = {
        {"{\"a\":1,\"a\":1}",
         "       ^", CSQ_EDUPLICATE, "a", "expected each key once, found \"a\" again after line 1"},
        {"{\"p\":{\"a\":1,\"b\":[],\"\\u0061\":1}}", /* the same after decoding */
         "                   ^", CSQ_EDUPLICATE, "p.a",
         "expected each key once, found \"a\" again after line 1"},
        {"[{\"\":1,\"\":2}]",
         "       ^", CSQ_EDUPLICATE, "[0][\"\"]",
         "expected each key once, found \"\" again after line 1"},
    };
    ASSERT_BAD(rows);
    csq__json json = read_good("[{\"a\":{\"a\":{\"a\":1}}},{\"a\":2,\"A\":3,\"a \":4}]");
    csq__json_release(&json);
}

static void unusual_keys_are_quoted_in_paths(void **state)
{
    (void)state;
    static const bad_row rows[] = {
        {"{\"a.b\":{\"c d\":x}}",
         "              ^", CSQ_EJSON, "[\"a.b\"].c d", "expected a value, found 'x'"},
        {"{\"a\\n[\":{\"\":[x]}}",
         "             ^", CSQ_EJSON, "[\"a?[\"][\"\"][0]", "expected a value, found 'x'"},
    };
    ASSERT_BAD(rows);
}

/* clang-format on */

/* A dot makes the key unusual; 79 bytes and a character of three do not fit into 80. */
static void a_long_unusual_key_is_cut_at_a_character(void **state)
{
    (void)state;
    char text[128] = "{\"";
    char path[128] = "[\"";
    memset(text + 2, 'k', 78);
    memcpy(text + 2 + 78, ".\xE2\x82\xAC\":x}", 9);
    memset(path + 2, 'k', 78);
    memcpy(path + 2 + 78, ".\"]", 4);
    csq__json json;
    csq_error error;
    assert_status(CSQ_EJSON, csq__json_read(&json, csq_str_of(text), NULL, NULL, &error));
    assert_string_equal(error.path, path);
}

static void lines_end_with_a_line_feed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t line;
        int32_t column;
    } rows[] = {
        {"x", 1, 1},
        {"\n\nx", 3, 1},
        {"{\n  \"a\": 1,\n  \"b\": x\n}", 3, 8},
        {"[\r\n1,\r\nx]", 3, 1},
        {"[\"\xC3\xA9\",\nx]", 2, 1},
        {"[\"\xC3\xA9\", x]", 1, 8}, /* columns are bytes */
        {"[\n", 2, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__json json;
        csq_error error;
        assert_status(CSQ_EJSON,
                      csq__json_read(&json, csq_str_of(rows[i].text), NULL, NULL, &error));
        assert_int_equal(error.line, rows[i].line);
        assert_int_equal(error.column, rows[i].column);
    }
}

/* ---- limits -------------------------------------------------------------------------------- */

static void nesting_ends_at_64(void **state)
{
    (void)state;
    enum { DEEP = 100000 };
    static const char opening[] = {'[', '{'};
    for (size_t i = 0; i < 2; i++) {
        char *text = malloc(5 * DEEP);
        const char *unit = opening[i] == '[' ? "[" : "{\"k\":";
        const size_t width = strlen(unit);
        for (size_t d = 0; d < DEEP; d++) {
            memcpy(text + d * width, unit, width);
        }
        csq__json json;
        csq_error error;
        assert_status(CSQ_EDEPTH,
                      csq__json_read(&json, (csq_str){text, DEEP * width}, NULL, NULL, &error));
        assert_int_equal(error.byte, 64 * width);
        assert_string_equal(error.message,
                            "expected at most 64 objects and arrays inside each other, found one "
                            "more");
        free(text);
    }
    char exact[128];
    memset(exact, '[', 64);
    memset(exact + 64, ']', 64);
    csq__json json;
    assert_status(CSQ_OK, csq__json_read(&json, (csq_str){exact, 128}, NULL, NULL, NULL));
    csq__json_release(&json);
}

static void texts_are_as_long_as_the_document_may_be(void **state)
{
    (void)state;
    const size_t size = 17 * 1024 * 1024;
    char *text = malloc(size);
    memset(text, 'a', size);
    text[0] = '"';
    text[size - 1] = '"';
    csq__json json;
    csq_error error;
    assert_status(CSQ_ELIMIT, csq__json_read(&json, (csq_str){text, size}, NULL, NULL, &error));
    assert_string_equal(error.message, "expected at most 16777216 bytes of JSON, found 17825792");
    const csq__json_options options = {size, 0};
    assert_status(CSQ_OK, csq__json_read(&json, (csq_str){text, size}, &options, NULL, &error));
    assert_int_equal(csq__json_text(&json, CSQ__JSON_ROOT).size, size - 2);
    csq__json_release(&json);
    const csq__json_options small = {3, 0};
    assert_status(CSQ_ELIMIT, csq__json_read(&json, csq_str_of("1234"), &small, NULL, NULL));
    assert_status(CSQ_OK, csq__json_read(&json, csq_str_of("123"), &small, NULL, NULL));
    csq__json_release(&json);
    free(text);
}

static void no_text_is_an_argument_error(void **state)
{
    (void)state;
    csq__json json;
    assert_status(CSQ_EINVAL, csq__json_read(&json, (csq_str){NULL, 5}, NULL, NULL, NULL));
    assert_status(CSQ_EJSON, csq__json_read(&json, (csq_str){NULL, 0}, NULL, NULL, NULL));
}

static size_t append_number(char *out, size_t value)
{
    return csq__format_integer((int64_t)value, out);
}

/* Quadratic work would take minutes. */
static void a_hundred_thousand_keys_are_found_at_once(void **state)
{
    (void)state;
    enum { KEYS = 100000 };
    char *text = malloc(KEYS * 16 + 64);
    size_t size = 0;
    text[size++] = '{';
    for (size_t i = 0; i < KEYS; i++) {
        text[size++] = '"';
        size += append_number(text + size, i);
        memcpy(text + size, "\":1,", 4);
        size += 4;
    }
    memcpy(text + size, "\"77\":2}", 7);
    csq__json json;
    csq_error error;
    const csq__json_options options = {0, 12345};
    assert_status(CSQ_EDUPLICATE,
                  csq__json_read(&json, (csq_str){text, size + 7}, &options, NULL, &error));
    assert_int_equal(error.byte, size);
    text[size - 1] = '}';
    assert_status(CSQ_OK, csq__json_read(&json, (csq_str){text, size}, &options, NULL, &error));
    for (size_t i = 0; i < KEYS; i++) {
        char key[20];
        const csq_str name = {key, append_number(key, i)};
        assert_int_equal(csq__json_member(&json, CSQ__JSON_ROOT, name), CSQ__JSON_ROOT + 1 + i);
    }
    assert_int_equal(csq__json_count(&json, CSQ__JSON_ROOT), KEYS);
    csq__json_release(&json);
    free(text);
}

/* ---- what is taken ------------------------------------------------------------------------- */

static void texts_are_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *value;
        size_t size;
    } rows[] = {
        {"\"\"", "", 0},
        {"\"plain\"", "plain", 5},
        {"\" \\\" \\\\ \\/ \\b \\f \\n \\r \\t \"", " \" \\ / \b \f \n \r \t ", 17},
        {"\"\\u0000\"", "\0", 1},
        {"\"a\\u00e9b\\u20ACc\"",
         "a\xC3\xA9"
         "b\xE2\x82\xAC"
         "c",
         8},
        {"\"\\uD83D\\uDE00\"", "\xF0\x9F\x98\x80", 4},
        {"\"\\uDBFF\\uDFFF\\uE000\"", "\xF4\x8F\xBF\xBF\xEE\x80\x80", 7},
        {"\"caf\xC3\xA9 \xF0\x9F\x98\x80\"", "caf\xC3\xA9 \xF0\x9F\x98\x80", 10},
        {"\"\x7F\\u007f\"", "\x7F\x7F", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__json json = read_good(rows[i].text);
        const csq_str text = csq__json_text(&json, CSQ__JSON_ROOT);
        assert_int_equal(text.size, rows[i].size);
        assert_memory_equal(text.data, rows[i].value, rows[i].size);
        csq__json_release(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structure_is_that_of_rfc_8259),
        cmocka_unit_test(words_and_extensions_are_refused_by_name),
        cmocka_unit_test(numbers_are_exact_decimals_of_18_digits),
        cmocka_unit_test(texts_are_utf8_with_the_escapes_of_rfc_8259),
        cmocka_unit_test(a_key_stands_once_in_an_object),
        cmocka_unit_test(unusual_keys_are_quoted_in_paths),
        cmocka_unit_test(a_long_unusual_key_is_cut_at_a_character),
        cmocka_unit_test(lines_end_with_a_line_feed),
        cmocka_unit_test(nesting_ends_at_64),
        cmocka_unit_test(texts_are_as_long_as_the_document_may_be),
        cmocka_unit_test(no_text_is_an_argument_error),
        cmocka_unit_test(a_hundred_thousand_keys_are_found_at_once),
        cmocka_unit_test(texts_are_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
