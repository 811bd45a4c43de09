/*
 * test_condition_builder — what the builder and the questions refuse, and the limits they keep.
 */
#include "condition_support.h"

static const int64_t one_code[] = {1};
static const int64_t code_zero[] = {1, 0};
static const int64_t code_beyond[] = {N_NAMES + 1};
static const int64_t code_negative[] = {-1};
static const int64_t value_none[] = {4, 5, CSQ_MS_NONE};

static const struct {
    csq_test test;
    csq_status status;
    size_t field;
    int64_t index;
} refused_rows[] = {
    {{64, 0, CSQ_TEST_IN, 0, one_code, 1, 0, 0}, CSQ_ENOTFOUND, offsetof(csq_test, attribute), -1},
    {{64, 6, CSQ_TEST_IN, 0, one_code, 1, 0, 0}, CSQ_ENOTFOUND, offsetof(csq_test, attribute), -1},
    {{64, GROUP, 0, 0, one_code, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, GROUP, 8, 0, one_code, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, GROUP, CSQ_TEST_RANGE, 0, NULL, 0, 1, 2}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, GROUP, CSQ_TEST_HAS, 0, one_code, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, TAGS, CSQ_TEST_IN, 0, one_code, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, TAGS, CSQ_TEST_RANGE, 0, NULL, 0, 1, 2}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, LEVEL, CSQ_TEST_HAS, 0, one_code, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, op), -1},
    {{64, GROUP, CSQ_TEST_IN, 2, one_code, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, previous), -1},
    {{64, GROUP, CSQ_TEST_CHANGED, 1, NULL, 0, 0, 0}, CSQ_EINVAL, offsetof(csq_test, previous), -1},
    {{64, GROUP, CSQ_TEST_CHANGED_TO, 1, one_code, 1, 0, 0},
     CSQ_EINVAL,
     offsetof(csq_test, previous),
     -1},
    {{64, LEVEL, CSQ_TEST_RANGE, 0, NULL, 0, 2, 1}, CSQ_EINVAL, offsetof(csq_test, low), -1},
    {{64, GROUP, CSQ_TEST_IN, 0, one_code, 1, 0, 9}, CSQ_EINVAL, offsetof(csq_test, low), -1},
    {{64, GROUP, CSQ_TEST_IN, 0, one_code, 0, 0, 0}, CSQ_EINVAL, offsetof(csq_test, n_values), -1},
    {{64, GROUP, CSQ_TEST_CHANGED, 0, one_code, 1, 0, 0},
     CSQ_EINVAL,
     offsetof(csq_test, n_values),
     -1},
    {{64, GROUP, CSQ_TEST_IN, 0, one_code, 65537, 0, 0},
     CSQ_ELIMIT,
     offsetof(csq_test, n_values),
     -1},
    {{64, GROUP, CSQ_TEST_IN, 0, NULL, 1, 0, 0}, CSQ_EINVAL, offsetof(csq_test, values), -1},
    {{64, GROUP, CSQ_TEST_IN, 0, code_zero, 2, 0, 0}, CSQ_ECODE, offsetof(csq_test, values), 1},
    {{64, TAGS, CSQ_TEST_HAS, 0, code_beyond, 1, 0, 0}, CSQ_ECODE, offsetof(csq_test, values), 0},
    {{64, GROUP, CSQ_TEST_IN, 0, code_negative, 1, 0, 0}, CSQ_ECODE, offsetof(csq_test, values), 0},
    {{64, LEVEL, CSQ_TEST_IN, 0, value_none, 3, 0, 0}, CSQ_EINVAL, offsetof(csq_test, values), 2},
};

static void impossible_tests_are_refused_by_name(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    for (size_t i = 0; i < sizeof refused_rows / sizeof refused_rows[0]; i++) {
        csq_test test = refused_rows[i].test;
        test.size = sizeof test;
        csq_error error;
        assert_status(refused_rows[i].status, csq_condition_push_test(builder, &test, &error));
        if (error.field != (int32_t)refused_rows[i].field) {
            print_error("row %d: field %d\n", (int)i, (int)error.field);
        }
        assert_int_equal(error.field, refused_rows[i].field);
        assert_ms_equal(error.index, refused_rows[i].index);
        assert_true(error.message[0] != '\0');
    }
    csq_condition *condition = NULL;
    assert_status(CSQ_ESTATE, csq_condition_build(builder, &condition, NULL));
    csq_test small = simple_test(GROUP, one_code);
    small.size = 8;
    assert_status(CSQ_EABI, csq_condition_push_test(builder, &small, NULL));
    struct {
        csq_test test;
        uint64_t newer;
    } longer = {simple_test(GROUP, one_code), 0};
    longer.test.size = sizeof longer;
    assert_status(CSQ_OK, csq_condition_push_test(builder, &longer.test, NULL));
    longer.newer = 1;
    assert_status(CSQ_EABI_NEWER, csq_condition_push_test(builder, &longer.test, NULL));
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = NULL;
    csq_condition *condition = NULL;
    const csq_test test = simple_test(GROUP, one_code);
    int32_t holds = -1;
    uint32_t why = 0;
    assert_status(CSQ_EINVAL, csq_condition_builder_new(NULL, NULL, &builder, NULL));
    assert_status(CSQ_EINVAL, csq_condition_builder_new(schema, NULL, NULL, NULL));
    builder = test_builder(schema);
    assert_status(CSQ_EINVAL, csq_condition_push_test(NULL, &test, NULL));
    assert_status(CSQ_EINVAL, csq_condition_push_test(builder, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_condition_push_all(NULL, 0, NULL));
    assert_status(CSQ_EINVAL, csq_condition_push_any(NULL, 0, NULL));
    assert_status(CSQ_EINVAL, csq_condition_push_not(NULL, NULL));
    assert_status(CSQ_EINVAL, csq_condition_push_condition(builder, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_condition_build(NULL, &condition, NULL));
    assert_status(CSQ_EINVAL, csq_condition_build(builder, NULL, NULL));
    condition = built(builder, "a");
    assert_status(CSQ_EINVAL, csq_condition_push_condition(NULL, condition, NULL));
    assert_status(CSQ_EINVAL, csq_condition_test(NULL, NULL, 0, 0, &holds, NULL));
    assert_status(CSQ_EINVAL, csq_condition_test(condition, NULL, 1, 0, &holds, NULL));
    assert_status(CSQ_EINVAL, csq_condition_test(condition, NULL, 0, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_condition_first_failure(condition, NULL, 0, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_condition_first_failure(NULL, NULL, 0, 0, &why, NULL));
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void impossible_facts_are_refused_by_name(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    csq_condition *condition = built(builder, "ad|2");
    const csq_attribute_value good = {.size = sizeof good, .attribute = GROUP, .value = 1};
    csq_attribute_value bad[] = {good, good};
    int32_t holds = -1;
    csq_error error;
    static const struct {
        uint32_t attribute;
        uint32_t size;
        csq_status status;
    } rows[] = {
        {GROUP, sizeof good, CSQ_EDUPLICATE},     {0, sizeof good, CSQ_ENOTFOUND},
        {6, sizeof good, CSQ_ENOTFOUND},          {STATUS, 4, CSQ_EABI},
        {UINT32_MAX, sizeof good, CSQ_ENOTFOUND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bad[1].attribute = rows[i].attribute;
        bad[1].size = rows[i].size;
        assert_status(rows[i].status, csq_condition_test(condition, bad, 2, 0, &holds, &error));
        assert_int_equal(error.index, 1);
        assert_int_equal(holds, -1);
        uint32_t why = 99;
        assert_status(rows[i].status,
                      csq_condition_first_failure(condition, bad, 2, 0, &why, &error));
        assert_int_equal(why, 99);
    }
    csq_attribute_value set = {.size = sizeof set, .attribute = TAGS, .n_codes = 1};
    assert_status(CSQ_EINVAL, csq_condition_test(condition, &set, 1, 0, &holds, &error));
    set = (csq_attribute_value){.size = sizeof set, .attribute = TAGS, .n_previous_codes = 1};
    assert_status(CSQ_EINVAL, csq_condition_test(condition, &set, 1, 0, &holds, &error));
    assert_status(CSQ_EINVAL, csq_condition_test(condition, &good, 1, 8, &holds, &error));
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void operands_are_counted(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_schema *other = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    csq_condition *condition = NULL;
    assert_status(CSQ_ESTATE, csq_condition_push_not(builder, NULL));
    assert_status(CSQ_ESTATE, csq_condition_push_all(builder, 1, NULL));
    assert_status(CSQ_ESTATE, csq_condition_push_any(builder, UINT32_MAX, NULL));
    const csq_test test = simple_test(GROUP, one_code);
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    assert_status(CSQ_ESTATE, csq_condition_push_any(builder, 2, NULL));
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    assert_status(CSQ_ESTATE, csq_condition_build(builder, &condition, NULL));
    condition = built(builder, "&2");
    csq_condition_builder *stranger = test_builder(other);
    assert_status(CSQ_EMISMATCH, csq_condition_push_condition(stranger, condition, NULL));
    csq_condition_builder_free(stranger);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(other);
    csq_schema_free(schema);
}

static void sixty_four_operands_may_wait_and_not_one_more(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    const csq_test test = simple_test(GROUP, one_code);
    for (uint32_t i = 0; i < CSQ_CONDITION_DEPTH; i++) {
        assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    }
    assert_status(CSQ_EDEPTH, csq_condition_push_test(builder, &test, NULL));
    assert_status(CSQ_EDEPTH, csq_condition_push_all(builder, 0, NULL));
    assert_status(CSQ_EDEPTH, csq_condition_push_any(builder, 0, NULL));
    for (uint32_t i = 1; i < CSQ_CONDITION_DEPTH; i++) {
        assert_status(CSQ_OK, i % 2 == 0 ? csq_condition_push_all(builder, 2, NULL)
                                         : csq_condition_push_any(builder, 2, NULL));
    }
    csq_condition *deep = NULL;
    assert_status(CSQ_OK, csq_condition_build(builder, &deep, NULL));
    const csq_attribute_value value = {.size = sizeof value, .attribute = GROUP, .value = 1};
    int32_t holds = -1;
    assert_status(CSQ_OK, csq_condition_test(deep, &value, 1, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    /* pushed whole, it needs its own depth above what is there */
    assert_status(CSQ_OK, csq_condition_push_condition(builder, deep, NULL));
    assert_status(CSQ_EDEPTH, csq_condition_push_condition(builder, deep, NULL));
    csq_condition_free(deep);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void four_thousand_and_96_steps_and_not_one_more(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    const csq_test test = simple_test(GROUP, one_code);
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    for (uint32_t i = 1; i < CSQ_CONDITION_LENGTH - 1; i += 2) {
        assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
        assert_status(CSQ_OK, csq_condition_push_all(builder, 2, NULL));
    }
    assert_status(CSQ_OK, csq_condition_push_not(builder, NULL));
    assert_status(CSQ_ELIMIT, csq_condition_push_not(builder, NULL));
    assert_status(CSQ_ELIMIT, csq_condition_push_test(builder, &test, NULL));
    csq_condition *longest = NULL;
    assert_status(CSQ_OK, csq_condition_build(builder, &longest, NULL));
    const csq_attribute_value value = {.size = sizeof value, .attribute = GROUP, .value = 1};
    int32_t holds = -1;
    assert_status(CSQ_OK, csq_condition_test(longest, &value, 1, 0, &holds, NULL));
    assert_int_equal(holds, 0);
    assert_status(CSQ_OK, csq_condition_test(longest, NULL, 0, 0, &holds, NULL));
    assert_int_equal(holds, 1);
    assert_status(CSQ_OK, csq_condition_push_condition(builder, longest, NULL));
    assert_status(CSQ_ELIMIT, csq_condition_push_condition(builder, longest, NULL));
    csq_condition_free(longest);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

/* The even numbers of [-65536, 65536) in no order. */
static void a_test_takes_65536_values(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    int64_t *values = malloc(65536 * sizeof *values);
    assert_non_null(values);
    for (int64_t i = 0; i < 65536; i++) {
        values[i] = (i * 40503 % 65536) * 2 - 65536;
    }
    const csq_test test = {.size = sizeof test,
                           .attribute = LEVEL,
                           .op = CSQ_TEST_IN,
                           .values = values,
                           .n_values = 65536};
    csq_condition *condition = single_condition(builder, &test);
    for (int64_t level = -65540; level < 65540; level += 7) {
        const csq_attribute_value value = {
            .size = sizeof value, .attribute = LEVEL, .value = level};
        int32_t holds = -1;
        assert_status(CSQ_OK, csq_condition_test(condition, &value, 1, 0, &holds, NULL));
        assert_int_equal(holds, level >= -65536 && level < 65536 && level % 2 == 0);
    }
    free(values);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(impossible_tests_are_refused_by_name),
        cmocka_unit_test(null_arguments_are_refused),
        cmocka_unit_test(impossible_facts_are_refused_by_name),
        cmocka_unit_test(operands_are_counted),
        cmocka_unit_test(sixty_four_operands_may_wait_and_not_one_more),
        cmocka_unit_test(four_thousand_and_96_steps_and_not_one_more),
        cmocka_unit_test(a_test_takes_65536_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
