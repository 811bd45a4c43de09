/*
 * condition_support — a schema and short ways to build conditions, for the tests of conditions.
 */
#ifndef CSQ_TESTS_CONDITION_SUPPORT_H
#define CSQ_TESTS_CONDITION_SUPPORT_H

#include "csq/condition.h"
#include "support.h"

enum { GROUP = 1, STATUS = 2, LEVEL = 3, PROMISE = 4, TAGS = 5, N_NAMES = 200 };

static inline csq_str numbered_name(uint32_t i, char *name)
{
    name[0] = 'n';
    name[1] = (char)('a' + i % 16);
    name[2] = (char)('a' + i / 16);
    return (csq_str){name, 3};
}

/* Attributes 1 to 5 as above; group, status and tags with N_NAMES names each. */
static inline csq_status make_schema(const csq_allocator *allocator, csq_schema **out)
{
    static const struct {
        const char *name;
        uint32_t kind;
    } attributes[] = {
        {"group", CSQ_ATTRIBUTE_CATEGORY}, {"status", CSQ_ATTRIBUTE_CATEGORY},
        {"level", CSQ_ATTRIBUTE_INTEGER},  {"promise", CSQ_ATTRIBUTE_INSTANT},
        {"tags", CSQ_ATTRIBUTE_SET},
    };
    csq_status status = csq_schema_new(1, allocator, out, NULL);
    for (uint32_t i = 0; i < 5 && status == CSQ_OK; i++) {
        uint32_t attribute;
        status = csq_schema_add(*out, csq_str_of(attributes[i].name), attributes[i].kind,
                                &attribute, NULL);
        for (uint32_t k = 0; k < N_NAMES && status == CSQ_OK; k++) {
            char name[3];
            uint32_t code;
            if (csq_schema_vocabulary(*out, attribute) != NULL) {
                status = csq_schema_code(*out, attribute, numbered_name(k, name), &code, NULL);
            }
        }
    }
    if (status != CSQ_OK) {
        csq_schema_free(*out);
        *out = NULL;
    }
    return status;
}

static inline csq_schema *test_schema(void)
{
    csq_schema *schema = NULL;
    assert_status(CSQ_OK, make_schema(NULL, &schema));
    return schema;
}

static inline csq_condition_builder *test_builder(csq_schema *schema)
{
    csq_condition_builder *builder = NULL;
    assert_status(CSQ_OK, csq_condition_builder_new(schema, NULL, &builder, NULL));
    return builder;
}

/* A test "attribute is value", of a set "has value". */
static inline csq_test simple_test(uint32_t attribute, const int64_t *value)
{
    const csq_test test = {.size = sizeof test,
                           .attribute = attribute,
                           .op = attribute == TAGS ? CSQ_TEST_HAS : CSQ_TEST_IN,
                           .values = value,
                           .n_values = 1};
    return test;
}

/* The condition that is one test. */
static inline csq_condition *single_condition(csq_condition_builder *builder, const csq_test *test)
{
    csq_condition *condition = NULL;
    assert_status(CSQ_OK, csq_condition_push_test(builder, test, NULL));
    assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));
    return condition;
}

/*
 * Builds from a postfix text: 'a' group = 1, 'b' status = 1, 'c' level = 1, 'd' tags has 1;
 * '&' and '|' with a digit: all and any of so many; '!' not.
 */
static inline csq_condition *built(csq_condition_builder *builder, const char *text)
{
    static const int64_t one = 1;
    static const uint32_t attributes[] = {GROUP, STATUS, LEVEL, TAGS};
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '&') {
            at++;
            assert_status(CSQ_OK, csq_condition_push_all(builder, (uint32_t)(*at - '0'), NULL));
        } else if (*at == '|') {
            at++;
            assert_status(CSQ_OK, csq_condition_push_any(builder, (uint32_t)(*at - '0'), NULL));
        } else if (*at == '!') {
            assert_status(CSQ_OK, csq_condition_push_not(builder, NULL));
        } else {
            const csq_test test = simple_test(attributes[*at - 'a'], &one);
            assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
        }
    }
    csq_condition *condition = NULL;
    assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));
    assert_non_null(condition);
    return condition;
}

#endif
