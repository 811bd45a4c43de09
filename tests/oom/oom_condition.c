/*
 * oom_condition — the n-th allocation fails, for every n, while schemas and conditions are made,
 * bound and asked.
 */
#include "condition/condition_internal.h"
#include "condition_support.h"

static csq_status make_condition(const csq_allocator *allocator, csq_schema *schema,
                                 csq_condition **out)
{
    static const int64_t codes[] = {1, 2, 64, 65, 66, 67, 68, 69, 70, 130, 150, 199, 200};
    const csq_test in = {
        .size = sizeof in, .attribute = GROUP, .op = CSQ_TEST_IN, .values = codes, .n_values = 13};
    const csq_test has = {
        .size = sizeof has, .attribute = TAGS, .op = CSQ_TEST_HAS, .values = codes, .n_values = 13};
    const csq_test changed = {.size = sizeof changed, .attribute = TAGS, .op = CSQ_TEST_CHANGED};
    const csq_test *const tests[] = {&in, &has, &changed};
    csq_condition_builder *builder = NULL;
    *out = NULL;
    csq_status status = csq_condition_builder_new(schema, allocator, &builder, NULL);
    for (uint32_t i = 0; i < 30 && status == CSQ_OK; i++) {
        status = csq_condition_push_test(builder, tests[i % 3], NULL);
    }
    if (status == CSQ_OK) {
        status = csq_condition_push_all(builder, 30, NULL);
    }
    if (status == CSQ_OK) {
        status = csq_condition_build(builder, out, NULL);
    }
    csq_condition *twice = NULL;
    for (uint32_t i = 0; i < 2 && status == CSQ_OK; i++) {
        status = csq_condition_push_condition(builder, *out, NULL);
    }
    if (status == CSQ_OK) {
        status = csq_condition_push_any(builder, 2, NULL);
    }
    if (status == CSQ_OK) {
        status = csq_condition_build(builder, &twice, NULL);
    }
    csq_condition_free(*out);
    *out = twice;
    csq_condition_builder_free(builder);
    return status;
}

static csq_status bind_condition(const csq_allocator *allocator, csq_schema *schema,
                                 const csq_condition *condition)
{
    csq__layout layout;
    csq__program program = {0};
    csq_status status = csq__layout_init(&layout, schema, allocator, NULL);
    if (status == CSQ_OK) {
        status = csq__layout_use(&layout, PROMISE, NULL);
    }
    if (status == CSQ_OK) {
        status = csq__layout_use_condition(&layout, condition, NULL);
    }
    if (status == CSQ_OK) {
        status = csq__layout_close(&layout, NULL);
    }
    if (status == CSQ_OK) {
        status = csq__program_bind(&program, &layout, condition, NULL);
    }
    csq__program_release(&program, &layout.allocator);
    csq__layout_release(&layout);
    return status;
}

/* The sets have members without a bit on both sides, which takes memory to compare. */
static csq_status ask_condition(const csq_condition *condition)
{
    static const uint32_t before[] = {1, 5};
    static const uint32_t now[] = {1, 64, 6};
    const csq_attribute_value values[] = {
        {.size = sizeof values[0], .attribute = GROUP, .value = 64},
        {.size = sizeof values[0],
         .attribute = TAGS,
         .codes = now,
         .n_codes = 3,
         .previous_codes = before,
         .n_previous_codes = 2},
    };
    int32_t holds = -1;
    uint32_t why = 99;
    csq_status status = csq_condition_test(condition, values, 2, 0, &holds, NULL);
    assert_int_equal(holds, status == CSQ_OK ? 1 : -1);
    if (status == CSQ_OK) {
        status = csq_condition_first_failure(condition, values, 2, 0, &why, NULL);
        assert_int_equal(why, status == CSQ_OK ? 0 : 99);
    }
    return status;
}

static csq_status whole_life(const csq_allocator *allocator)
{
    csq_schema *schema = NULL;
    csq_condition *condition = NULL;
    csq_status status = csq_schema_new(3, allocator, &schema, NULL);
    static const uint32_t kinds[] = {CSQ_ATTRIBUTE_CATEGORY, CSQ_ATTRIBUTE_CATEGORY,
                                     CSQ_ATTRIBUTE_INTEGER, CSQ_ATTRIBUTE_INSTANT,
                                     CSQ_ATTRIBUTE_SET};
    for (uint32_t i = 0; i < 5 && status == CSQ_OK; i++) {
        char name[3];
        uint32_t attribute;
        status = csq_schema_add(schema, numbered_name(i, name), kinds[i], &attribute, NULL);
        assert_int_equal(csq_schema_count(schema), status == CSQ_OK ? i + 1 : i);
    }
    for (uint32_t i = 0; i < 2 * N_NAMES && status == CSQ_OK; i++) {
        char name[3];
        uint32_t code;
        status = csq_schema_code(schema, i % 2 == 0 ? GROUP : TAGS, numbered_name(i / 2, name),
                                 &code, NULL);
    }
    if (status == CSQ_OK) {
        status = make_condition(allocator, schema, &condition);
    }
    if (status == CSQ_OK) {
        status = bind_condition(allocator, schema, condition);
    }
    if (status == CSQ_OK) {
        status = ask_condition(condition);
    }
    csq_schema_free(schema);
    csq_condition_free(condition);
    return status;
}

static void schemas_and_conditions_survive_every_allocation_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(whole_life);
}

/* More slots than the frames on the stack hold. */
static csq_status wide_condition(const csq_allocator *allocator)
{
    csq_schema *schema = NULL;
    csq_condition_builder *builder = NULL;
    csq_condition *condition = NULL;
    csq_status status = csq_schema_new(3, allocator, &schema, NULL);
    if (status == CSQ_OK) {
        status = csq_condition_builder_new(schema, allocator, &builder, NULL);
    }
    for (uint32_t i = 0; i < 70 && status == CSQ_OK; i++) {
        char name[3];
        csq_test test = {.size = sizeof test, .op = CSQ_TEST_ABSENT};
        status = csq_schema_add(schema, numbered_name(i, name), CSQ_ATTRIBUTE_INTEGER,
                                &test.attribute, NULL);
        if (status == CSQ_OK) {
            status = csq_condition_push_test(builder, &test, NULL);
        }
        if (status == CSQ_OK && i > 0) {
            status = csq_condition_push_all(builder, 2, NULL);
        }
    }
    if (status == CSQ_OK) {
        status = csq_condition_build(builder, &condition, NULL);
    }
    if (status == CSQ_OK) {
        int32_t holds = -1;
        status = csq_condition_test(condition, NULL, 0, 0, &holds, NULL);
        assert_int_equal(holds, status == CSQ_OK ? 1 : -1);
    }
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
    return status;
}

static void a_condition_of_70_attributes_survives_every_allocation_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(wide_condition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemas_and_conditions_survive_every_allocation_failure),
        cmocka_unit_test(a_condition_of_70_attributes_survives_every_allocation_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
