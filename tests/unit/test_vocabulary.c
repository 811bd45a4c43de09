/*
 * test_vocabulary — codes of names, and the names that are refused.
 */
#include "csq/base.h"
#include "support.h"

static csq_vocabulary *new_vocabulary(uint64_t seed)
{
    csq_vocabulary *vocabulary = NULL;
    assert_status(CSQ_OK, csq_vocabulary_new(seed, NULL, &vocabulary, NULL));
    return vocabulary;
}

static uint32_t add(csq_vocabulary *vocabulary, const char *name)
{
    uint32_t code = 0;
    assert_status(CSQ_OK, csq_vocabulary_add(vocabulary, csq_str_of(name), &code, NULL));
    return code;
}

static void codes_count_from_one_in_order_of_mention(void **state)
{
    (void)state;
    csq_vocabulary *vocabulary = new_vocabulary(1);
    assert_int_equal(csq_vocabulary_count(vocabulary), 0);
    assert_int_equal(add(vocabulary, "high"), 1);
    assert_int_equal(add(vocabulary, "low"), 2);
    assert_int_equal(add(vocabulary, "high"), 1);
    assert_int_equal(csq_vocabulary_count(vocabulary), 2);
    assert_string_equal(csq_vocabulary_name(vocabulary, 2).data, "low");
    assert_int_equal(csq_vocabulary_find(vocabulary, csq_str_of("low")), 2);
    csq_vocabulary_free(vocabulary);
}

static void names_are_compared_byte_by_byte(void **state)
{
    (void)state;
    csq_vocabulary *vocabulary = new_vocabulary(1);
    const uint32_t upper = add(vocabulary, "High");
    const uint32_t lower = add(vocabulary, "high");
    const uint32_t composed = add(vocabulary, "\xC3\xA9");
    const uint32_t combined = add(vocabulary, "e\xCC\x81");
    uint32_t with_nul = 0;
    assert_status(CSQ_OK, csq_vocabulary_add(vocabulary, (csq_str){"high\0x", 6}, &with_nul, NULL));
    assert_true(upper != lower && composed != combined && with_nul != lower);
    csq_vocabulary_free(vocabulary);
}

static void what_was_never_given_has_no_name_and_no_code(void **state)
{
    (void)state;
    csq_vocabulary *vocabulary = new_vocabulary(1);
    (void)add(vocabulary, "a");
    assert_int_equal(csq_vocabulary_find(vocabulary, csq_str_of("b")), CSQ_CODE_NONE);
    assert_int_equal(csq_vocabulary_find(vocabulary, csq_str_of("")), CSQ_CODE_NONE);
    assert_int_equal(csq_vocabulary_find(vocabulary, csq_str_of(NULL)), CSQ_CODE_NONE);
    assert_int_equal(csq_vocabulary_find(NULL, csq_str_of("a")), CSQ_CODE_NONE);
    const uint32_t codes[] = {CSQ_CODE_NONE, 2, UINT32_MAX};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_int_equal(csq_vocabulary_name(vocabulary, codes[i]).size, 0);
    }
    assert_int_equal(csq_vocabulary_name(NULL, 1).size, 0);
    assert_int_equal(csq_vocabulary_count(NULL), 0);
    csq_vocabulary_free(vocabulary);
    csq_vocabulary_free(NULL);
}

static void names_that_are_none_are_refused(void **state)
{
    (void)state;
    csq_vocabulary *vocabulary = new_vocabulary(1);
    static char longest[65536];
    memset(longest, 'n', sizeof longest);
    const struct {
        csq_str name;
        csq_status status;
    } rows[] = {
        {{"", 0}, CSQ_EINVAL},          {{NULL, 0}, CSQ_EINVAL},    {{NULL, 3}, CSQ_EINVAL},
        {{longest, 65536}, CSQ_EINVAL}, {{longest, 65535}, CSQ_OK}, {{"a\xFF", 2}, CSQ_EUTF8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t code = 77;
        csq_error error = {0};
        assert_status(rows[i].status, csq_vocabulary_add(vocabulary, rows[i].name, &code, &error));
        assert_true((code == 77) == (rows[i].status != CSQ_OK));
        assert_int_equal(error.code, rows[i].status);
    }
    uint32_t code = 0;
    assert_status(CSQ_EINVAL, csq_vocabulary_add(NULL, csq_str_of("a"), &code, NULL));
    assert_status(CSQ_EINVAL, csq_vocabulary_add(vocabulary, csq_str_of("a"), NULL, NULL));
    assert_status(CSQ_EINVAL, csq_vocabulary_new(0, NULL, NULL, NULL));
    csq_vocabulary_free(vocabulary);
}

/* Views of names stay where they are, and no seed changes a code. */
static void ten_thousand_names_have_the_same_codes_with_every_seed(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        csq_vocabulary *vocabulary = new_vocabulary(seed);
        const csq_str first = csq_vocabulary_name(vocabulary, add(vocabulary, "first"));
        char name[16] = "name";
        for (uint32_t i = 0; i < 10000; i++) {
            for (uint32_t digit = 0, rest = i; digit < 4; digit++, rest /= 10) {
                name[4 + digit] = (char)('0' + rest % 10);
            }
            assert_int_equal(add(vocabulary, name), i + 2);
        }
        assert_true(csq_vocabulary_name(vocabulary, 1).data == first.data);
        csq_vocabulary_free(vocabulary);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_count_from_one_in_order_of_mention),
        cmocka_unit_test(names_are_compared_byte_by_byte),
        cmocka_unit_test(what_was_never_given_has_no_name_and_no_code),
        cmocka_unit_test(names_that_are_none_are_refused),
        cmocka_unit_test(ten_thousand_names_have_the_same_codes_with_every_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
