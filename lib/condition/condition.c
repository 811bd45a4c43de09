/*
 * condition — builds conditions in postfix order.
 *
 * The builder keeps the steps and the number of operands on its stack; that number and the greatest
 * it ever had are all that checking needs. A finished condition is one block (steps and values, as
 * they were pushed) with a program of its own.
 *
 * Uses: base.
 */
#include "condition/condition_internal.h"

enum { TEST_VALUE_LIMIT = 65536 };

struct csq_condition_builder {
    csq_allocator allocator;
    csq_schema *schema; /* retained */
    csq__array steps;   /* csq__condition_step; values of a step are only NULL or not */
    csq__array values;  /* int64_t, of all steps one after the other */
    uint32_t height;    /* operands on the stack */
    uint32_t depth;     /* the most there were */
};

csq_status csq_condition_builder_new(csq_schema *schema, const csq_allocator *allocator,
                                     csq_condition_builder **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (schema == NULL) {
        return csq__fail_null(error, "schema");
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_condition_builder *builder = csq__allocate_zeroed(&memory, sizeof *builder);
    if (builder == NULL) {
        return csq__fail_memory(error);
    }
    builder->allocator = memory;
    builder->schema = csq_schema_retain(schema);
    *out = builder;
    return CSQ_OK;
}

void csq_condition_builder_free(csq_condition_builder *builder)
{
    if (builder == NULL) {
        return;
    }
    const csq_allocator memory = builder->allocator;
    csq__array_release(&builder->steps, &memory, sizeof(csq__condition_step));
    csq__array_release(&builder->values, &memory, sizeof(int64_t));
    csq_schema_free(builder->schema);
    csq__release(&memory, builder, sizeof *builder);
}

/* ---- what a test may ask ------------------------------------------------------------------- */

static csq_status test_fail_at(csq_status status, csq_error *error, size_t field)
{
    csq__error_field(error, field);
    return status;
}

static bool test_op_fits(uint32_t op, uint32_t kind)
{
    switch (op) {
    case CSQ_TEST_IN:
        return kind != CSQ_ATTRIBUTE_SET;
    case CSQ_TEST_RANGE:
        return kind == CSQ_ATTRIBUTE_INTEGER || kind == CSQ_ATTRIBUTE_INSTANT;
    case CSQ_TEST_HAS:
        return kind == CSQ_ATTRIBUTE_SET;
    default:
        return true;
    }
}

static bool test_op_takes_values(uint32_t op)
{
    return op == CSQ_TEST_IN || op == CSQ_TEST_HAS || op == CSQ_TEST_CHANGED_TO ||
           op == CSQ_TEST_CHANGED_FROM;
}

static bool test_op_takes_previous(uint32_t op)
{
    return op == CSQ_TEST_IN || op == CSQ_TEST_RANGE || op == CSQ_TEST_HAS || op == CSQ_TEST_ABSENT;
}

static csq_status test_check_op(const csq_schema *schema, const csq_test *test, uint32_t kind,
                                csq_error *error)
{
    csq_status status = CSQ_OK;
    size_t field = offsetof(csq_test, op);
    if (test->op < CSQ_TEST_IN || test->op > CSQ_TEST_ABSENT) {
        status = csq__fail_value(error, "op", test->op);
    } else if (!test_op_fits(test->op, kind)) {
        status = csq__fail(error, CSQ_EINVAL, CSQ__TEXT("the attribute \""),
                           CSQ__VIEW(csq_schema_name(schema, test->attribute)),
                           CSQ__TEXT("\" has kind "), CSQ__NUMBER(kind),
                           CSQ__TEXT(", for which there is no test "), CSQ__NUMBER(test->op));
    } else if (test->previous > CSQ_TEST_PREVIOUS) {
        field = offsetof(csq_test, previous);
        status = csq__fail_value(error, "previous", test->previous);
    } else if (test->previous != CSQ_TEST_NOW && !test_op_takes_previous(test->op)) {
        field = offsetof(csq_test, previous);
        status = csq__fail(error, CSQ_EINVAL, CSQ__TEXT("test "), CSQ__NUMBER(test->op),
                           CSQ__TEXT(" compares with the previous value, expected previous 0"));
    }
    return status == CSQ_OK ? CSQ_OK : test_fail_at(status, error, field);
}

static csq_status test_check_range(const csq_test *test, csq_error *error)
{
    const bool is_range = test->op == CSQ_TEST_RANGE;
    if (is_range ? test->low <= test->high : test->low == 0 && test->high == 0) {
        return CSQ_OK;
    }
    const csq_status status =
        csq__fail(error, CSQ_EINVAL, CSQ__TEXT("low is "), CSQ__NUMBER(test->low),
                  CSQ__TEXT(" and high is "), CSQ__NUMBER(test->high), CSQ__TEXT(", expected "),
                  CSQ__VIEW(csq_str_of(is_range ? "low <= high" : "0 unless the test is a range")));
    return test_fail_at(status, error, offsetof(csq_test, low));
}

static csq_status test_check_count(const csq_test *test, csq_error *error)
{
    csq_status status = CSQ_OK;
    if (!test_op_takes_values(test->op)) {
        if (test->n_values != 0) {
            status = csq__fail(error, CSQ_EINVAL, CSQ__TEXT("test "), CSQ__NUMBER(test->op),
                               CSQ__TEXT(" takes no values, found "),
                               CSQ__NUMBER((int64_t)test->n_values));
        }
    } else if (test->n_values == 0) {
        status = csq__fail(error, CSQ_EINVAL, CSQ__TEXT("test "), CSQ__NUMBER(test->op),
                           CSQ__TEXT(" has no values, expected at least one"));
    } else if (test->n_values > TEST_VALUE_LIMIT) {
        status = csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("a test has more than "),
                           CSQ__NUMBER(TEST_VALUE_LIMIT), CSQ__TEXT(" values"));
    } else if (test->values == NULL) {
        return test_fail_at(csq__fail_null(error, "values"), error, offsetof(csq_test, values));
    }
    return status == CSQ_OK ? CSQ_OK : test_fail_at(status, error, offsetof(csq_test, n_values));
}

/* Codes must be in the vocabulary; "no value" is no number to compare with. */
static csq_status test_check_values(const csq_schema *schema, const csq_test *test,
                                    csq_error *error)
{
    const csq_vocabulary *names = csq_schema_vocabulary(schema, test->attribute);
    const int64_t n_names = csq_vocabulary_count(names);
    for (uint64_t i = 0; i < test->n_values; i++) {
        const int64_t value = test->values[i];
        csq_status status = CSQ_OK;
        if (names != NULL && (value < 1 || value > n_names)) {
            status = csq__fail(error, CSQ_ECODE, CSQ__TEXT("the attribute \""),
                               CSQ__VIEW(csq_schema_name(schema, test->attribute)),
                               CSQ__TEXT("\" has codes 1 to "), CSQ__NUMBER(n_names),
                               CSQ__TEXT(", found "), CSQ__NUMBER(value));
        } else if (names == NULL && value == CSQ_MS_NONE) {
            status = csq__fail(error, CSQ_EINVAL,
                               CSQ__TEXT("a value is CSQ_MS_NONE, expected CSQ_TEST_ABSENT to ask "
                                         "for absence"));
        }
        if (status != CSQ_OK) {
            csq__error_index(error, (int64_t)i);
            return test_fail_at(status, error, offsetof(csq_test, values));
        }
    }
    return CSQ_OK;
}

static csq_status test_check(const csq_schema *schema, const csq_test *test, csq_error *error)
{
    const uint32_t kind = csq_schema_kind(schema, test->attribute);
    if (kind == 0) {
        return test_fail_at(csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("there is no attribute "),
                                      CSQ__NUMBER(test->attribute)),
                            error, offsetof(csq_test, attribute));
    }
    csq_status status = test_check_op(schema, test, kind, error);
    if (status == CSQ_OK) {
        status = test_check_range(test, error);
    }
    if (status == CSQ_OK) {
        status = test_check_count(test, error);
    }
    return status != CSQ_OK ? status : test_check_values(schema, test, error);
}

/* ---- building ------------------------------------------------------------------------------ */

/* Makes room for steps that need `depth` operands on the stack. */
static csq_status condition_reserve(csq_condition_builder *builder, size_t n_steps, size_t n_values,
                                    uint32_t depth, csq_error *error)
{
    if (depth > CSQ_CONDITION_DEPTH) {
        return csq__fail(error, CSQ_EDEPTH, CSQ__TEXT("a condition needs more than "),
                         CSQ__NUMBER(CSQ_CONDITION_DEPTH), CSQ__TEXT(" operands at a time"));
    }
    if (n_steps > CSQ_CONDITION_LENGTH - builder->steps.n) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("a condition has more than "),
                         CSQ__NUMBER(CSQ_CONDITION_LENGTH), CSQ__TEXT(" steps"));
    }
    if (!csq__array_reserve(&builder->steps, &builder->allocator, n_steps,
                            sizeof(csq__condition_step)) ||
        !csq__array_reserve(&builder->values, &builder->allocator, n_values, sizeof(int64_t))) {
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

/* Appends steps and values for which there is room. */
static void condition_append(csq_condition_builder *builder, const csq__condition_step *steps,
                             size_t n_steps, const int64_t *values, size_t n_values)
{
    memcpy((csq__condition_step *)builder->steps.data + builder->steps.n, steps,
           n_steps * sizeof *steps);
    builder->steps.n += n_steps;
    if (n_values > 0) {
        memcpy((int64_t *)builder->values.data + builder->values.n, values,
               n_values * sizeof *values);
        builder->values.n += n_values;
    }
}

static void condition_set_height(csq_condition_builder *builder, uint32_t height, uint32_t depth)
{
    builder->height = height;
    builder->depth = depth > builder->depth ? depth : builder->depth;
}

csq_status csq_condition_push_test(csq_condition_builder *builder, const csq_test *test,
                                   csq_error *error)
{
    if (builder == NULL || test == NULL) {
        return csq__fail_null(error, builder == NULL ? "builder" : "test");
    }
    csq_test asked;
    csq_status status =
        csq__struct_read(test, CSQ__FIRST_SIZE(csq_test, high), &asked, sizeof asked, error);
    if (status == CSQ_OK) {
        status = test_check(builder->schema, &asked, error);
    }
    if (status == CSQ_OK) {
        status = condition_reserve(builder, 1, (size_t)asked.n_values, builder->height + 1, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq__condition_step step = {
        .op = asked.op,
        .attribute = asked.attribute,
        .kind = csq_schema_kind(builder->schema, asked.attribute),
        .previous = asked.previous,
        .values = asked.n_values > 0 ? asked.values : NULL,
        .n = asked.n_values,
        .low = asked.low,
        .high = asked.high,
    };
    condition_append(builder, &step, 1, asked.values, (size_t)asked.n_values);
    condition_set_height(builder, builder->height + 1, builder->height + 1);
    return CSQ_OK;
}

static csq_status condition_combine(csq_condition_builder *builder, uint32_t op, uint32_t n,
                                    csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    if (n > builder->height) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("expected "), CSQ__NUMBER(n),
                         CSQ__TEXT(" operands, found "), CSQ__NUMBER(builder->height));
    }
    const uint32_t height = builder->height - n + 1;
    const csq_status status = condition_reserve(builder, 1, 0, height, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq__condition_step step = {.op = op, .n = n};
    condition_append(builder, &step, 1, NULL, 0);
    condition_set_height(builder, height, height);
    return CSQ_OK;
}

csq_status csq_condition_push_all(csq_condition_builder *builder, uint32_t n, csq_error *error)
{
    return condition_combine(builder, CSQ__COMBINE_ALL, n, error);
}

csq_status csq_condition_push_any(csq_condition_builder *builder, uint32_t n, csq_error *error)
{
    return condition_combine(builder, CSQ__COMBINE_ANY, n, error);
}

csq_status csq_condition_push_not(csq_condition_builder *builder, csq_error *error)
{
    return condition_combine(builder, CSQ__COMBINE_NOT, 1, error);
}

/* The values of a condition stand one after the other behind its steps. */
static int64_t *condition_block_values(csq_condition *condition)
{
    return (int64_t *)(void *)&condition->steps[condition->n_steps];
}

csq_status csq_condition_push_condition(csq_condition_builder *builder,
                                        const csq_condition *condition, csq_error *error)
{
    if (builder == NULL || condition == NULL) {
        return csq__fail_null(error, builder == NULL ? "builder" : "condition");
    }
    if (condition->schema != builder->schema) {
        return csq__fail(error, CSQ_EMISMATCH,
                         CSQ__TEXT("the condition belongs to another schema than the builder"));
    }
    const uint32_t depth = builder->height + condition->depth;
    const csq_status status =
        condition_reserve(builder, condition->n_steps, (size_t)condition->n_values, depth, error);
    if (status != CSQ_OK) {
        return status;
    }
    const int64_t *values = (const int64_t *)(const void *)&condition->steps[condition->n_steps];
    condition_append(builder, condition->steps, condition->n_steps, values,
                     (size_t)condition->n_values);
    condition_set_height(builder, builder->height + 1, depth);
    return CSQ_OK;
}

/* ---- conditions ---------------------------------------------------------------------------- */

/* Copies what was pushed into a block of its own; NULL without memory. */
static csq_condition *condition_copy_steps(const csq_condition_builder *builder)
{
    size_t size;
    if (!csq__size_mul(builder->values.n, sizeof(int64_t), &size) ||
        !csq__size_add(size, sizeof(csq_condition), &size) ||
        !csq__size_add(size, builder->steps.n * sizeof(csq__condition_step), &size)) {
        return NULL;
    }
    csq_condition *condition = csq__allocate(&builder->allocator, size);
    if (condition == NULL) {
        return NULL;
    }
    memset(condition, 0, sizeof *condition);
    csq__count_init(&condition->count);
    condition->allocator = builder->allocator;
    condition->schema = csq_schema_retain(builder->schema);
    condition->size = size;
    condition->n_steps = (uint32_t)builder->steps.n;
    condition->n_values = builder->values.n;
    condition->depth = builder->depth;
    memcpy(condition->steps, builder->steps.data, builder->steps.n * sizeof(csq__condition_step));
    int64_t *values = condition_block_values(condition);
    if (builder->values.n > 0) {
        memcpy(values, builder->values.data, builder->values.n * sizeof(int64_t));
    }
    for (uint32_t i = 0; i < condition->n_steps; i++) {
        csq__condition_step *step = &condition->steps[i];
        if (step->values != NULL) {
            step->values = values;
            values += step->n;
        }
    }
    return condition;
}

static csq_status condition_bind(csq_condition *condition, csq_error *error)
{
    csq_status status =
        csq__layout_init(&condition->layout, condition->schema, &condition->allocator, error);
    if (status == CSQ_OK) {
        status = csq__layout_use_condition(&condition->layout, condition, error);
    }
    if (status == CSQ_OK) {
        status = csq__layout_close(&condition->layout, error);
    }
    if (status == CSQ_OK) {
        status = csq__program_bind(&condition->program, &condition->layout, condition, error);
    }
    return status;
}

csq_status csq_condition_build(csq_condition_builder *builder, csq_condition **out,
                               csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    if (builder->height != 1) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("expected one operand, found "),
                         CSQ__NUMBER(builder->height));
    }
    csq_condition *condition = condition_copy_steps(builder);
    if (condition == NULL) {
        return csq__fail_memory(error);
    }
    const csq_status status = condition_bind(condition, error);
    if (status != CSQ_OK) {
        csq_condition_free(condition);
        return status;
    }
    builder->steps.n = 0;
    builder->values.n = 0;
    builder->height = 0;
    builder->depth = 0;
    *out = condition;
    return CSQ_OK;
}

csq_condition *csq_condition_retain(csq_condition *condition)
{
    if (condition != NULL) {
        csq__count_retain(&condition->count);
    }
    return condition;
}

void csq_condition_free(csq_condition *condition)
{
    if (condition == NULL || !csq__count_release(&condition->count)) {
        return;
    }
    const csq_allocator memory = condition->allocator;
    csq__program_release(&condition->program, &memory);
    csq__layout_release(&condition->layout);
    csq_schema_free(condition->schema);
    csq__release(&memory, condition, condition->size);
}
