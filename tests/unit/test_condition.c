/*
 * test_condition — truth tables of tests and combinations, worked by hand from the comments of
 * csq/condition.h.
 */
#include "condition_support.h"

#define NONE CSQ_MS_NONE

/* ---- single tests -------------------------------------------------------------------------- */

typedef struct value_row {
    uint32_t attribute;
    uint32_t op;
    uint32_t previous;
    uint32_t n;
    int64_t values[3];
    int64_t low;
    int64_t high;
    int64_t before;
    int64_t now;
    int32_t holds;
} value_row;

static const value_row value_rows[] = {
    /* equality and membership, absent on either side */
    {GROUP, CSQ_TEST_IN, 0, 1, {3}, 0, 0, 0, 3, 1},
    {GROUP, CSQ_TEST_IN, 0, 1, {3}, 0, 0, 3, 2, 0},
    {GROUP, CSQ_TEST_IN, 0, 1, {3}, 0, 0, 3, 0, 0},
    {GROUP, CSQ_TEST_IN, 0, 3, {9, 3, 9}, 0, 0, 0, 9, 1},
    {GROUP, CSQ_TEST_IN, 1, 1, {3}, 0, 0, 3, 2, 1},
    {GROUP, CSQ_TEST_IN, 1, 1, {3}, 0, 0, 0, 3, 0},
    /* both sides of the boundary between mask and list */
    {GROUP, CSQ_TEST_IN, 0, 1, {63}, 0, 0, 0, 63, 1},
    {GROUP, CSQ_TEST_IN, 0, 1, {64}, 0, 0, 0, 64, 1},
    {GROUP, CSQ_TEST_IN, 0, 1, {64}, 0, 0, 0, 0, 0},
    {GROUP, CSQ_TEST_IN, 0, 3, {200, 1, 130}, 0, 0, 0, 1, 1},
    {GROUP, CSQ_TEST_IN, 0, 3, {200, 1, 130}, 0, 0, 0, 130, 1},
    {GROUP, CSQ_TEST_IN, 0, 3, {200, 1, 130}, 0, 0, 0, 200, 1},
    {GROUP, CSQ_TEST_IN, 0, 3, {200, 1, 130}, 0, 0, 0, 131, 0},
    {GROUP, CSQ_TEST_IN, 0, 3, {200, 1, 130}, 0, 0, 0, 65, 0},
    {GROUP, CSQ_TEST_IN, 0, 1, {1}, 0, 0, 0, 65, 0},
    /* integers, below zero as well */
    {LEVEL, CSQ_TEST_IN, 0, 2, {0, -5}, 0, 0, NONE, 0, 1},
    {LEVEL, CSQ_TEST_IN, 0, 2, {0, -5}, 0, 0, NONE, -5, 1},
    {LEVEL, CSQ_TEST_IN, 0, 2, {0, -5}, 0, 0, NONE, -4, 0},
    {LEVEL, CSQ_TEST_IN, 0, 2, {0, -5}, 0, 0, 0, NONE, 0},
    {LEVEL, CSQ_TEST_IN, 0, 1, {INT64_MAX}, 0, 0, 0, INT64_MAX, 1},
    /* ranges include both ends, and never what is absent */
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, 2, 5, NONE, 1, 0},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, 2, 5, NONE, 2, 1},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, 2, 5, NONE, 5, 1},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, 2, 5, NONE, 6, 0},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, 3, 3, NONE, 3, 1},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, INT64_MIN, INT64_MAX, 1, NONE, 0},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, INT64_MIN, INT64_MAX, 1, INT64_MIN + 1, 1},
    {LEVEL, CSQ_TEST_RANGE, 0, 0, {0}, INT64_MIN, INT64_MIN, 1, NONE, 0},
    {LEVEL, CSQ_TEST_RANGE, 1, 0, {0}, 2, 5, 4, 9, 1},
    {LEVEL, CSQ_TEST_RANGE, 1, 0, {0}, 2, 5, 9, 4, 0},
    {PROMISE, CSQ_TEST_RANGE, 0, 0, {0}, 1000, INT64_MAX, NONE, 1000, 1},
    {PROMISE, CSQ_TEST_RANGE, 0, 0, {0}, 1000, INT64_MAX, NONE, 999, 0},
    /* changed: from and to nothing counts */
    {GROUP, CSQ_TEST_CHANGED, 0, 0, {0}, 0, 0, 3, 3, 0},
    {GROUP, CSQ_TEST_CHANGED, 0, 0, {0}, 0, 0, 3, 4, 1},
    {GROUP, CSQ_TEST_CHANGED, 0, 0, {0}, 0, 0, 0, 4, 1},
    {GROUP, CSQ_TEST_CHANGED, 0, 0, {0}, 0, 0, 4, 0, 1},
    {GROUP, CSQ_TEST_CHANGED, 0, 0, {0}, 0, 0, 0, 0, 0},
    {LEVEL, CSQ_TEST_CHANGED, 0, 0, {0}, 0, 0, NONE, 0, 1},
    {GROUP, CSQ_TEST_CHANGED_TO, 0, 2, {3, 90}, 0, 0, 1, 3, 1},
    {GROUP, CSQ_TEST_CHANGED_TO, 0, 2, {3, 90}, 0, 0, 3, 90, 1},
    {GROUP, CSQ_TEST_CHANGED_TO, 0, 2, {3, 90}, 0, 0, 3, 3, 0},
    {GROUP, CSQ_TEST_CHANGED_TO, 0, 2, {3, 90}, 0, 0, 3, 0, 0},
    {GROUP, CSQ_TEST_CHANGED_TO, 0, 2, {3, 90}, 0, 0, 0, 3, 1},
    {GROUP, CSQ_TEST_CHANGED_FROM, 0, 2, {3, 90}, 0, 0, 3, 1, 1},
    {GROUP, CSQ_TEST_CHANGED_FROM, 0, 2, {3, 90}, 0, 0, 90, 0, 1},
    {GROUP, CSQ_TEST_CHANGED_FROM, 0, 2, {3, 90}, 0, 0, 3, 3, 0},
    {GROUP, CSQ_TEST_CHANGED_FROM, 0, 2, {3, 90}, 0, 0, 0, 3, 0},
    {LEVEL, CSQ_TEST_CHANGED_FROM, 0, 1, {-7}, 0, 0, -7, NONE, 1},
    /* absence */
    {GROUP, CSQ_TEST_ABSENT, 0, 0, {0}, 0, 0, 3, 0, 1},
    {GROUP, CSQ_TEST_ABSENT, 0, 0, {0}, 0, 0, 0, 3, 0},
    {GROUP, CSQ_TEST_ABSENT, 1, 0, {0}, 0, 0, 0, 3, 1},
    {LEVEL, CSQ_TEST_ABSENT, 0, 0, {0}, 0, 0, 0, NONE, 1},
    {LEVEL, CSQ_TEST_ABSENT, 0, 0, {0}, 0, 0, NONE, 0, 0},
    {PROMISE, CSQ_TEST_ABSENT, 1, 0, {0}, 0, 0, 5, NONE, 0},
};

static void tests_of_one_value(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    for (size_t i = 0; i < sizeof value_rows / sizeof value_rows[0]; i++) {
        const value_row *row = &value_rows[i];
        const csq_test test = {.size = sizeof test,
                               .attribute = row->attribute,
                               .op = row->op,
                               .previous = row->previous,
                               .values = row->n > 0 ? row->values : NULL,
                               .n_values = row->n,
                               .low = row->low,
                               .high = row->high};
        csq_condition *condition = single_condition(builder, &test);
        const csq_attribute_value value = {.size = sizeof value,
                                           .attribute = row->attribute,
                                           .value = row->now,
                                           .previous = row->before};
        int32_t holds = -1;
        uint32_t why = 99;
        assert_status(CSQ_OK, csq_condition_test(condition, &value, 1, 0, &holds, NULL));
        assert_status(CSQ_OK, csq_condition_first_failure(condition, &value, 1, 0, &why, NULL));
        if (holds != row->holds) {
            print_error("row %d\n", (int)i);
        }
        assert_int_equal(holds, row->holds);
        assert_int_equal(why, row->holds ? 0 : row->attribute);
        csq_condition_free(condition);
    }
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

typedef struct set_row {
    uint32_t op;
    uint32_t previous;
    uint32_t n;
    int64_t values[3];
    uint32_t before[3]; /* 0: no more */
    uint32_t now[3];
    int32_t holds;
} set_row;

static const set_row set_rows[] = {
    {CSQ_TEST_HAS, 0, 1, {7}, {0}, {5, 7}, 1},
    {CSQ_TEST_HAS, 0, 1, {7}, {7}, {5}, 0},
    {CSQ_TEST_HAS, 0, 1, {7}, {0}, {0}, 0},
    {CSQ_TEST_HAS, 1, 1, {7}, {7}, {5}, 1},
    {CSQ_TEST_HAS, 1, 1, {7}, {5}, {7}, 0},
    {CSQ_TEST_HAS, 0, 3, {200, 7, 7}, {0}, {200}, 1},
    {CSQ_TEST_HAS, 0, 3, {200, 7, 7}, {0}, {199}, 0},
    {CSQ_TEST_CHANGED_TO, 0, 2, {7, 8}, {5}, {5, 8}, 1},
    {CSQ_TEST_CHANGED_TO, 0, 2, {7, 8}, {7}, {7, 8}, 1},
    {CSQ_TEST_CHANGED_TO, 0, 2, {7, 8}, {7}, {7, 9}, 0},
    {CSQ_TEST_CHANGED_TO, 0, 2, {7, 8}, {7}, {0}, 0},
    {CSQ_TEST_CHANGED_FROM, 0, 2, {7, 8}, {7, 8}, {8}, 1},
    {CSQ_TEST_CHANGED_FROM, 0, 2, {7, 8}, {0}, {8}, 0},
    {CSQ_TEST_CHANGED_FROM, 0, 2, {7, 8}, {7}, {8, 7}, 0},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {5, 6}, {6, 5}, 0},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {5, 6}, {6, 5, 5}, 0},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {5, 6}, {6}, 1},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {5}, {6}, 1},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {0}, {6}, 1},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {6}, {0}, 1},
    {CSQ_TEST_CHANGED, 0, 0, {0}, {0}, {0}, 0},
    {CSQ_TEST_ABSENT, 0, 0, {0}, {6}, {0}, 1},
    {CSQ_TEST_ABSENT, 0, 0, {0}, {0}, {6}, 0},
    {CSQ_TEST_ABSENT, 1, 0, {0}, {0}, {6}, 1},
};

static uint64_t count_codes(const uint32_t *codes)
{
    uint64_t n = 0;
    while (n < 3 && codes[n] != 0) {
        n++;
    }
    return n;
}

static csq_attribute_value set_value(const uint32_t *before, const uint32_t *now)
{
    const csq_attribute_value value = {.size = sizeof value,
                                       .attribute = TAGS,
                                       .codes = now,
                                       .previous_codes = before,
                                       .n_codes = count_codes(now),
                                       .n_previous_codes = count_codes(before)};
    return value;
}

static void tests_of_a_set(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    for (size_t i = 0; i < sizeof set_rows / sizeof set_rows[0]; i++) {
        const set_row *row = &set_rows[i];
        const csq_test test = {.size = sizeof test,
                               .attribute = TAGS,
                               .op = row->op,
                               .previous = row->previous,
                               .values = row->n > 0 ? row->values : NULL,
                               .n_values = row->n};
        csq_condition *condition = single_condition(builder, &test);
        const csq_attribute_value value = set_value(row->before, row->now);
        int32_t holds = -1;
        assert_status(CSQ_OK, csq_condition_test(condition, &value, 1, 0, &holds, NULL));
        if (holds != row->holds) {
            print_error("row %d\n", (int)i);
        }
        assert_int_equal(holds, row->holds);
        csq_condition_free(condition);
    }
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

/* 150 named members take three slots; each alone is seen, and unnamed ones change the set. */
static void sets_of_more_than_64_members(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    int64_t values[150];
    for (int64_t i = 0; i < 150; i++) {
        values[i] = 150 - i;
    }
    csq_test test = {.size = sizeof test, .attribute = TAGS, .values = values, .n_values = 150};
    test.op = CSQ_TEST_HAS;
    csq_condition *has = single_condition(builder, &test);
    test.op = CSQ_TEST_CHANGED_FROM;
    csq_condition *lost = single_condition(builder, &test);
    for (uint32_t code = 1; code <= N_NAMES; code++) {
        const uint32_t now[3] = {code, 0, 0};
        const uint32_t none[3] = {0};
        const csq_attribute_value came = set_value(none, now);
        const csq_attribute_value went = set_value(now, none);
        int32_t holds = -1;
        assert_status(CSQ_OK, csq_condition_test(has, &came, 1, 0, &holds, NULL));
        assert_int_equal(holds, code <= 150);
        assert_status(CSQ_OK, csq_condition_test(lost, &went, 1, 0, &holds, NULL));
        assert_int_equal(holds, code <= 150);
    }
    csq_condition_free(has);
    csq_condition_free(lost);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

/* ---- combinations -------------------------------------------------------------------------- */

/* Bit i of `truth`: the outcome when a, b, c are the bits 0, 1, 2 of i. `why` is the attribute
 * named when all three are false (0: none). */
static const struct {
    const char *text;
    uint8_t truth;
    uint32_t why;
} combined_rows[] = {
    {"a", 0xAA, GROUP},
    {"b", 0xCC, STATUS},
    {"c", 0xF0, LEVEL},
    {"&0", 0xFF, 0},
    {"|0", 0x00, 0},
    {"a!", 0x55, 0},
    {"a!!", 0xAA, GROUP},
    {"&0!", 0x00, 0},
    {"|0!", 0xFF, 0},
    {"a&1", 0xAA, GROUP},
    {"a|1", 0xAA, GROUP},
    {"ab&2", 0x88, GROUP},
    {"ab|2", 0xEE, STATUS},
    {"abc&3", 0x80, GROUP},
    {"abc|3", 0xFE, LEVEL},
    {"abc&3!", 0x7F, 0},
    {"abc|3!", 0x01, 0},
    {"ab&2c|2", 0xF8, LEVEL},
    {"ab|2c&2", 0xE0, STATUS},
    {"cab|2&2", 0xE0, LEVEL},
    {"ab!&2", 0x22, GROUP},
    {"a!b!&2!", 0xEE, STATUS},
    {"ab&2!c!|2!", 0x80, GROUP},
    {"ab&2a!b!&2|2", 0x99, 0},
    {"a&0&2", 0xAA, GROUP},
    {"&0a&2", 0xAA, GROUP},
    {"a|0|2", 0xAA, GROUP},
    {"a|0&2", 0x00, 0},
    {"a&0|2", 0xFF, 0},
    {"|0a!&2b|2", 0xCC, STATUS},
    {"aa!&2", 0x00, GROUP},
};

static void all_any_and_not_nest(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    for (size_t i = 0; i < sizeof combined_rows / sizeof combined_rows[0]; i++) {
        csq_condition *condition = built(builder, combined_rows[i].text);
        for (uint32_t bits = 0; bits < 8; bits++) {
            const csq_attribute_value values[] = {
                {.size = sizeof values[0], .attribute = LEVEL, .value = bits >> 2 & 1},
                {.size = sizeof values[0], .attribute = GROUP, .value = bits & 1},
                {.size = sizeof values[0], .attribute = STATUS, .value = bits >> 1 & 1},
            };
            int32_t holds = -1;
            uint32_t why = 99;
            assert_status(CSQ_OK, csq_condition_test(condition, values, 3, 0, &holds, NULL));
            if (holds != (combined_rows[i].truth >> bits & 1)) {
                print_error("%s with %u\n", combined_rows[i].text, bits);
            }
            assert_int_equal(holds, combined_rows[i].truth >> bits & 1);
            assert_status(CSQ_OK, csq_condition_first_failure(condition, values, 3, 0, &why, NULL));
            if (bits == 0) {
                assert_int_equal(why, combined_rows[i].why);
            }
            assert_true(why == 0 || holds == 0);
        }
        csq_condition_free(condition);
    }
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void attributes_that_are_not_listed_are_absent(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    static const uint32_t attributes[] = {GROUP, LEVEL, PROMISE, TAGS};
    for (uint32_t i = 0; i < 4; i++) {
        const csq_test absent = {
            .size = sizeof absent, .attribute = attributes[i], .op = CSQ_TEST_ABSENT};
        assert_status(CSQ_OK, csq_condition_push_test(builder, &absent, NULL));
    }
    csq_condition *condition = built(builder, "&4");
    int32_t holds = -1;
    assert_status(CSQ_OK, csq_condition_test(condition, NULL, 0, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    const csq_attribute_value other = {.size = sizeof other, .attribute = STATUS, .value = 4};
    assert_status(CSQ_OK, csq_condition_test(condition, &other, 1, sizeof other, &holds, NULL));
    assert_int_equal(holds, 1);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void a_condition_may_be_part_of_others_and_outlive_all(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    csq_condition *inner = built(builder, "abd|3");
    assert_status(CSQ_OK, csq_condition_push_condition(builder, inner, NULL));
    assert_status(CSQ_OK, csq_condition_push_condition(builder, inner, NULL));
    csq_condition *outer = built(builder, "!c|3");
    assert_ptr_equal(csq_condition_retain(inner), inner);
    csq_condition_free(inner);
    csq_condition_free(inner);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
    const uint32_t none[3] = {0};
    const uint32_t one[3] = {1, 0, 0};
    const csq_attribute_value tagged = set_value(none, one);
    int32_t holds = -1;
    assert_status(CSQ_OK, csq_condition_test(outer, &tagged, 1, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    assert_status(CSQ_OK, csq_condition_test(outer, NULL, 0, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    csq_condition_free(outer);
    assert_null(csq_condition_retain(NULL));
    csq_condition_free(NULL);
    csq_condition_builder_free(NULL);
}

static void code_0_is_no_member_of_a_set(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    const csq_test absent = {.size = sizeof absent, .attribute = TAGS, .op = CSQ_TEST_ABSENT};
    csq_condition *condition = single_condition(builder, &absent);
    const uint32_t zeros[] = {0, 0};
    const csq_attribute_value value = {
        .size = sizeof value, .attribute = TAGS, .codes = zeros, .n_codes = 2};
    int32_t holds = -1;
    assert_status(CSQ_OK, csq_condition_test(condition, &value, 1, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

/* The example of docs/conditions.md: p1 or p2, and the group became network or a tag is vip. */
static void the_example_of_the_page(void **state)
{
    (void)state;
    csq_schema *schema = NULL;
    uint32_t priority;
    uint32_t group;
    uint32_t tags;
    uint32_t p1;
    uint32_t p2;
    uint32_t network;
    uint32_t vip;
    assert_status(CSQ_OK, csq_schema_new(1, NULL, &schema, NULL));
    csq_schema_add(schema, csq_str_of("priority"), CSQ_ATTRIBUTE_CATEGORY, &priority, NULL);
    csq_schema_add(schema, csq_str_of("group"), CSQ_ATTRIBUTE_CATEGORY, &group, NULL);
    csq_schema_add(schema, csq_str_of("tags"), CSQ_ATTRIBUTE_SET, &tags, NULL);
    csq_schema_code(schema, priority, csq_str_of("p1"), &p1, NULL);
    csq_schema_code(schema, priority, csq_str_of("p2"), &p2, NULL);
    csq_schema_code(schema, group, csq_str_of("network"), &network, NULL);
    csq_schema_code(schema, tags, csq_str_of("vip"), &vip, NULL);

    const int64_t high[] = {p1, p2};
    const int64_t to[] = {network};
    const int64_t tag[] = {vip};
    const csq_test is_high = {sizeof is_high, priority, CSQ_TEST_IN, 0, high, 2, 0, 0};
    const csq_test moved = {sizeof moved, group, CSQ_TEST_CHANGED_TO, 0, to, 1, 0, 0};
    const csq_test is_vip = {sizeof is_vip, tags, CSQ_TEST_HAS, 0, tag, 1, 0, 0};
    csq_condition_builder *builder = test_builder(schema);
    csq_condition *condition = NULL;
    assert_status(CSQ_OK, csq_condition_push_test(builder, &is_high, NULL));
    assert_status(CSQ_OK, csq_condition_push_test(builder, &moved, NULL));
    assert_status(CSQ_OK, csq_condition_push_test(builder, &is_vip, NULL));
    assert_status(CSQ_OK, csq_condition_push_any(builder, 2, NULL));
    assert_status(CSQ_OK, csq_condition_push_all(builder, 2, NULL));
    assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));

    csq_attribute_value fact[] = {
        {.size = sizeof fact[0], .attribute = priority, .value = p2, .previous = p2},
        {.size = sizeof fact[0], .attribute = group, .value = network, .previous = 0},
    };
    int32_t holds = -1;
    uint32_t why = 99;
    assert_status(CSQ_OK, csq_condition_test(condition, fact, 2, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    fact[1].previous = network;
    assert_status(CSQ_OK, csq_condition_first_failure(condition, fact, 2, 0, &why, NULL));
    assert_int_equal(why, tags);
    fact[0].value = 0;
    assert_status(CSQ_OK, csq_condition_first_failure(condition, fact, 2, 0, &why, NULL));
    assert_int_equal(why, priority);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_of_one_value),
        cmocka_unit_test(tests_of_a_set),
        cmocka_unit_test(sets_of_more_than_64_members),
        cmocka_unit_test(all_any_and_not_nest),
        cmocka_unit_test(attributes_that_are_not_listed_are_absent),
        cmocka_unit_test(a_condition_may_be_part_of_others_and_outlive_all),
        cmocka_unit_test(code_0_is_no_member_of_a_set),
        cmocka_unit_test(the_example_of_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
