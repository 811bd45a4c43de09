/*
 * test_schema — attributes of a schema: ids, kinds, vocabularies, owners, every refusal.
 */
#include "csq/condition.h"
#include "support.h"

static csq_schema *new_schema(void)
{
    csq_schema *schema = NULL;
    assert_status(CSQ_OK, csq_schema_new(7, NULL, &schema, NULL));
    return schema;
}

static void ids_count_from_one_in_order_of_mention(void **state)
{
    (void)state;
    csq_schema *schema = new_schema();
    static const struct {
        const char *name;
        uint32_t kind;
    } rows[] = {
        {"priority", CSQ_ATTRIBUTE_CATEGORY},
        {"tags", CSQ_ATTRIBUTE_SET},
        {"level", CSQ_ATTRIBUTE_INTEGER},
        {"promise", CSQ_ATTRIBUTE_INSTANT},
    };
    assert_int_equal(csq_schema_count(schema), 0);
    for (uint32_t i = 0; i < 4; i++) {
        const csq_str name = csq_str_of(rows[i].name);
        uint32_t attribute = 0;
        assert_status(CSQ_OK, csq_schema_add(schema, name, rows[i].kind, &attribute, NULL));
        assert_int_equal(attribute, i + 1);
        assert_int_equal(csq_schema_find(schema, name), i + 1);
        assert_int_equal(csq_schema_kind(schema, attribute), rows[i].kind);
        assert_string_equal(csq_schema_name(schema, attribute).data, rows[i].name);
        assert_int_equal(csq_schema_count(schema), i + 1);
    }
    uint32_t again = 0;
    assert_status(CSQ_OK,
                  csq_schema_add(schema, csq_str_of("level"), CSQ_ATTRIBUTE_INTEGER, &again, NULL));
    assert_int_equal(again, 3);
    assert_int_equal(csq_schema_count(schema), 4);
    csq_schema_free(schema);
}

static void each_category_and_set_has_a_vocabulary_of_its_own(void **state)
{
    (void)state;
    csq_schema *schema = new_schema();
    uint32_t group = 0;
    uint32_t tags = 0;
    uint32_t level = 0;
    csq_schema_add(schema, csq_str_of("group"), CSQ_ATTRIBUTE_CATEGORY, &group, NULL);
    csq_schema_add(schema, csq_str_of("tags"), CSQ_ATTRIBUTE_SET, &tags, NULL);
    csq_schema_add(schema, csq_str_of("level"), CSQ_ATTRIBUTE_INTEGER, &level, NULL);
    uint32_t code = 0;
    assert_status(CSQ_OK, csq_schema_code(schema, group, csq_str_of("billing"), &code, NULL));
    assert_int_equal(code, 1);
    assert_status(CSQ_OK, csq_schema_code(schema, group, csq_str_of("network"), &code, NULL));
    assert_int_equal(code, 2);
    assert_status(CSQ_OK, csq_schema_code(schema, tags, csq_str_of("network"), &code, NULL));
    assert_int_equal(code, 1);
    const csq_vocabulary *names = csq_schema_vocabulary(schema, group);
    assert_int_equal(csq_vocabulary_find(names, csq_str_of("network")), 2);
    assert_null(csq_schema_vocabulary(schema, level));
    assert_null(csq_schema_vocabulary(schema, 0));
    assert_null(csq_schema_vocabulary(schema, 4));
    csq_schema_free(schema);
}

static void impossible_attributes_are_refused_by_name(void **state)
{
    (void)state;
    csq_schema *schema = new_schema();
    csq_error error;
    uint32_t attribute = 99;
    assert_status(
        CSQ_OK, csq_schema_add(schema, csq_str_of("tags"), CSQ_ATTRIBUTE_SET, &attribute, &error));
    attribute = 99;
    static const struct {
        const char *name;
        uint32_t kind;
        csq_status status;
    } rows[] = {
        {"tags", CSQ_ATTRIBUTE_CATEGORY, CSQ_EEXISTS},
        {"x", 0, CSQ_EINVAL},
        {"x", 5, CSQ_EINVAL},
        {"", CSQ_ATTRIBUTE_SET, CSQ_EINVAL},
        {NULL, CSQ_ATTRIBUTE_INTEGER, CSQ_EINVAL},
        {"\xff", CSQ_ATTRIBUTE_CATEGORY, CSQ_EUTF8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_status(rows[i].status, csq_schema_add(schema, csq_str_of(rows[i].name), rows[i].kind,
                                                     &attribute, &error));
        assert_int_equal(error.code, rows[i].status);
        assert_int_equal(attribute, 99);
        assert_int_equal(csq_schema_count(schema), 1);
    }
    assert_status(CSQ_EINVAL, csq_schema_add(NULL, csq_str_of("x"), 1, &attribute, &error));
    assert_status(CSQ_EINVAL, csq_schema_add(schema, csq_str_of("x"), 1, NULL, &error));
    csq_schema_free(schema);
}

static void impossible_codes_are_refused_by_name(void **state)
{
    (void)state;
    csq_schema *schema = new_schema();
    uint32_t group = 0;
    uint32_t level = 0;
    csq_schema_add(schema, csq_str_of("group"), CSQ_ATTRIBUTE_CATEGORY, &group, NULL);
    csq_schema_add(schema, csq_str_of("level"), CSQ_ATTRIBUTE_INTEGER, &level, NULL);
    const struct {
        uint32_t attribute;
        const char *name;
        csq_status status;
    } rows[] = {
        {0, "a", CSQ_ENOTFOUND}, {3, "a", CSQ_ENOTFOUND},   {level, "a", CSQ_EINVAL},
        {group, "", CSQ_EINVAL}, {group, NULL, CSQ_EINVAL}, {group, "\xc3", CSQ_EUTF8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t code = 99;
        csq_error error;
        assert_status(rows[i].status, csq_schema_code(schema, rows[i].attribute,
                                                      csq_str_of(rows[i].name), &code, &error));
        assert_int_equal(error.code, rows[i].status);
        assert_int_equal(code, 99);
    }
    uint32_t code = 0;
    assert_status(CSQ_EINVAL, csq_schema_code(NULL, group, csq_str_of("a"), &code, NULL));
    assert_status(CSQ_EINVAL, csq_schema_code(schema, group, csq_str_of("a"), NULL, NULL));
    csq_schema_free(schema);
}

static void getters_answer_for_what_is_not_there(void **state)
{
    (void)state;
    csq_schema *schema = new_schema();
    assert_int_equal(csq_schema_find(schema, csq_str_of("x")), 0);
    assert_int_equal(csq_schema_find(NULL, csq_str_of("x")), 0);
    assert_int_equal(csq_schema_kind(schema, 1), 0);
    assert_int_equal(csq_schema_kind(NULL, 1), 0);
    assert_int_equal(csq_schema_name(schema, 1).size, 0);
    assert_int_equal(csq_schema_name(NULL, 1).size, 0);
    assert_int_equal(csq_schema_count(NULL), 0);
    assert_null(csq_schema_vocabulary(NULL, 1));
    csq_schema_free(schema);
    assert_status(CSQ_EINVAL, csq_schema_new(0, NULL, NULL, NULL));
}

static void the_last_owner_frees_the_schema(void **state)
{
    (void)state;
    test_memory memory = {0, -1, 0, 0, 0};
    const csq_allocator allocator = test_allocator(&memory);
    csq_schema *schema = NULL;
    assert_status(CSQ_OK, csq_schema_new(1, &allocator, &schema, NULL));
    assert_ptr_equal(csq_schema_retain(schema), schema);
    csq_schema_free(schema);
    uint32_t attribute = 0;
    assert_status(CSQ_OK, csq_schema_add(schema, csq_str_of("group"), CSQ_ATTRIBUTE_CATEGORY,
                                         &attribute, NULL));
    csq_schema_free(schema);
    assert_int_equal(memory.live_blocks, 0);
    assert_null(csq_schema_retain(NULL));
    csq_schema_free(NULL);
}

static void a_schema_takes_65535_attributes_and_no_more(void **state)
{
    (void)state;
    csq_schema *schema = new_schema();
    uint32_t attribute = 0;
    for (uint32_t i = 1; i <= 65536; i++) {
        const char name[] = {(char)('a' + i % 16), (char)('a' + i / 16 % 16),
                             (char)('a' + i / 256 % 16), (char)('a' + i / 4096 % 16),
                             (char)('a' + i / 65536)};
        assert_status(i == 65536 ? CSQ_ELIMIT : CSQ_OK,
                      csq_schema_add(schema, (csq_str){name, sizeof name}, CSQ_ATTRIBUTE_INTEGER,
                                     &attribute, NULL));
    }
    assert_int_equal(attribute, 65535);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_count_from_one_in_order_of_mention),
        cmocka_unit_test(each_category_and_set_has_a_vocabulary_of_its_own),
        cmocka_unit_test(impossible_attributes_are_refused_by_name),
        cmocka_unit_test(impossible_codes_are_refused_by_name),
        cmocka_unit_test(getters_answer_for_what_is_not_there),
        cmocka_unit_test(the_last_owner_frees_the_schema),
        cmocka_unit_test(a_schema_takes_65535_attributes_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
