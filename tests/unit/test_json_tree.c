/*
 * test_json_tree — walking a document, and the errors that a reader of rules reports at its nodes.
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

static void a_tree_is_walked_in_the_order_of_the_text(void **state)
{
    (void)state;
    csq__json json = read_good(" { \"zones\" : [ true , false , null , -1.50 ] , \"n\" : { } , "
                               "\"k\\u0065y\" : \"t\\t\" } ");
    const uint32_t root = CSQ__JSON_ROOT;
    assert_int_equal(csq__json_kind_of(&json, root), CSQ__JSON_OBJECT);
    assert_int_equal(csq__json_count(&json, root), 3);
    const uint32_t zones = csq__json_first(&json, root);
    assert_int_equal(csq__json_member(&json, root, CSQ__STR("zones")), zones);
    assert_true(csq__str_equal(csq__json_key(&json, zones), CSQ__STR("zones")));
    const csq__json_kind kinds[] = {CSQ__JSON_BOOLEAN, CSQ__JSON_BOOLEAN, CSQ__JSON_NULL,
                                    CSQ__JSON_NUMBER};
    uint32_t item = csq__json_first(&json, zones);
    for (size_t i = 0; i < 4; i++, item = csq__json_next(&json, item)) {
        assert_int_equal(csq__json_kind_of(&json, item), kinds[i]);
        assert_true(csq__json_is_true(&json, item) == (i == 0));
        assert_int_equal(csq__json_key(&json, item).size, 0);
        const csq__decimal number = csq__json_decimal(&json, item);
        assert_ms_equal(number.mantissa, i == 3 ? -15 : 0);
        assert_int_equal(number.exponent, i == 3 ? -1 : 0);
    }
    assert_int_equal(item, 0);
    const uint32_t empty = csq__json_next(&json, zones);
    assert_int_equal(csq__json_first(&json, empty), 0);
    const uint32_t last = csq__json_member(&json, root, CSQ__STR("key"));
    assert_int_equal(last, csq__json_next(&json, empty));
    assert_true(csq__str_equal(csq__json_text(&json, last), CSQ__STR("t\t")));
    assert_int_equal(csq__json_next(&json, last), 0);
    assert_int_equal(csq__json_member(&json, root, CSQ__STR("none")), 0);
    assert_int_equal(csq__json_member(&json, zones, CSQ__STR("zones")), 0);
    assert_int_equal(csq__json_kind_of(&json, 0), CSQ__JSON_NONE);
    assert_int_equal(csq__json_first(&json, 0), 0);
    csq__json_release(&json);
}

/* ---- errors at nodes ----------------------------------------------------------------------- */

static const char rules[] = "{\n"
                            "  \"policies\": [\n"
                            "    {},\n"
                            "    {\"targets\": {\"p1\": {\"within\": 1.5, \"x\": null}}}\n"
                            "  ]\n"
                            "}\n";

static void reader_of_rules_says_where_a_value_is_wrong(void **state)
{
    (void)state;
    csq__json json = read_good(rules);
    csq_error error;
    const uint32_t policies = csq__json_member(&json, CSQ__JSON_ROOT, CSQ__STR("policies"));
    const uint32_t policy = csq__json_next(&json, csq__json_first(&json, policies));
    const uint32_t targets = csq__json_member(&json, policy, CSQ__STR("targets"));
    const uint32_t p1 = csq__json_member(&json, targets, CSQ__STR("p1"));
    const uint32_t within = csq__json_member(&json, p1, CSQ__STR("within"));
    assert_status(CSQ_ETARGET, csq__json_fail(&json, within, &error, CSQ_ETARGET,
                                              CSQ__TEXT("expected "), CSQ__NUMBER(7)));
    assert_string_equal(error.path, "policies[1].targets.p1.within");
    assert_string_equal(error.message, "expected 7");
    assert_int_equal(error.line, 4);
    assert_int_equal(error.column, 35);
    assert_int_equal(error.byte, 60);
    assert_memory_equal(rules + error.byte, "1.5", 3);
    assert_status(CSQ_ERULE, csq__json_fail_missing(&json, p1, "calendar", &error));
    assert_string_equal(error.path, "policies[1].targets.p1");
    assert_string_equal(error.message, "expected the member \"calendar\", found none");
    csq__fail(&error, CSQ_ETARGET, CSQ__TEXT("of a builder"));
    csq__error_path(&error, CSQ__STR("within"));
    csq__json_place(&json, p1, &error);
    assert_string_equal(error.path, "policies[1].targets.p1.within");
    csq__json_place(&json, p1, NULL);
    csq__json_place_key(&json, p1, NULL);
    csq__json_release(&json);
}

static void a_wrong_kind_says_what_was_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        {"\"ab\"", "expected a duration, found the text \"ab\""},
        {"-12.50", "expected a duration, found -12.5"},
        {"true", "expected a duration, found true"},
        {"false", "expected a duration, found false"},
        {"null", "expected a duration, found null"},
        {"[1]", "expected a duration, found an array"},
        {"{}", "expected a duration, found an object"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__json json = read_good(rows[i].text);
        csq_error error;
        assert_status(CSQ_ERULE, csq__json_fail_value(&json, 1, "a duration", &error));
        assert_string_equal(error.message, rows[i].message);
        csq__json_release(&json);
    }
    csq__json json = read_good("[1]");
    csq_error error;
    assert_status(CSQ_OK, csq__json_expect(&json, 1, CSQ__JSON_ARRAY, &error));
    assert_status(CSQ_ERULE, csq__json_expect(&json, 1, CSQ__JSON_OBJECT, &error));
    assert_string_equal(error.message, "expected an object, found an array");
    csq__json_release(&json);
}

static void integers_are_exact_and_in_their_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        csq__json_range range;
        csq_status status;
        int64_t value;
        const char *message;
    } rows[] = {
        {"1.5", {3600000, 1, INT64_MAX}, CSQ_OK, 5400000, ""},
        {"-3", {1, -3, 3}, CSQ_OK, -3, ""},
        {"4", {1, -3, 3}, CSQ_ERANGE, 0, "expected a number from -3 to 3, found 4"},
        {"-4", {1, -3, 3}, CSQ_ERANGE, 0, "expected a number from -3 to 3, found -4"},
        {"0.5", {1, 0, 9}, CSQ_ENUMBER, 0, "expected a whole number, found 0.5"},
        {"0.0001", {1000, 0, 9}, CSQ_ENUMBER, 0, "expected a multiple of 1/1000, found 0.0001"},
        {"0.5", {1000, 0, 9}, CSQ_ERANGE, 0, "expected a number from 0 to 0.009, found 0.5"},
        {"999999999999999999",
         {1000, 0, INT64_MAX},
         CSQ_ERANGE,
         0,
         "expected a number from 0 to 9223372036854775.807, found 999999999999999999"},
        {"-5", {100, 0, 10000000}, CSQ_ERANGE, 0, "expected a number from 0 to 100000, found -5"},
        {"9", {100, -250, 30}, CSQ_ERANGE, 0, "expected a number from -2.5 to 0.3, found 9"},
        {"\"4\"", {1, 0, 9}, CSQ_ERULE, 0, "expected a number, found the text \"4\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__json json = read_good(rows[i].text);
        csq_error error = {0};
        int64_t value = 0;
        assert_status(rows[i].status, csq__json_integer(&json, 1, &rows[i].range, &value, &error));
        assert_ms_equal(value, rows[i].value);
        assert_string_equal(error.message, rows[i].message);
        csq__json_release(&json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_walked_in_the_order_of_the_text),
        cmocka_unit_test(reader_of_rules_says_where_a_value_is_wrong),
        cmocka_unit_test(a_wrong_kind_says_what_was_found),
        cmocka_unit_test(integers_are_exact_and_in_their_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
