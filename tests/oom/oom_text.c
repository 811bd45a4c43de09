/*
 * oom_text — every allocation of the JSON reader and writer fails once; nothing leaks.
 */
#include "support.h"
#include "text/text_internal.h"

static const char source[] =
    "{\"a\\u0062\":[1,2,3,4,5,6,7,8,9,10,11,12],\"c\":{\"d\":\"\\n\\uD83D\\uDE00 text\",\"e\":1,"
    "\"f\":2,\"g\":3,\"h\":4,\"i\":5,\"j\":6,\"k\":7,\"l\":8,\"m\":9,\"n\":10,\"o\":11,\"p\":[]}}";

static csq_status write_scenario(const csq__json *json, const csq_allocator *allocator)
{
    csq__json_writer writer;
    csq__json_writer_init(&writer, 2, allocator);
    csq__json_put_node(&writer, json, CSQ__JSON_ROOT);
    csq_str text = {NULL, 0};
    csq_error error;
    const csq_status status = csq__json_writer_end(&writer, &text, &error);
    assert_true((text.size > 0) == (status == CSQ_OK));
    csq__json_writer_release(&writer);
    return status;
}

static csq_status json_scenario(const csq_allocator *allocator)
{
    csq__json json;
    csq_error error;
    csq_status status = csq__json_read(&json, csq_str_of(source), NULL, allocator, &error);
    if (status != CSQ_OK) {
        assert_int_equal(error.code, CSQ_ENOMEM);
        assert_int_equal(error.byte, -1);
        assert_int_equal(json.nodes.n, 0);
        return status;
    }
    status = write_scenario(&json, allocator);
    csq__json_release(&json);
    return status;
}

static void json_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(json_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(json_survives_every_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
