/*
 * test_json_write — layout, escapes and the refusals of the writer.
 */
#include "support.h"
#include "text/text_internal.h"

static void assert_written(csq__json_writer *writer, const char *expected)
{
    csq_str text = {NULL, 0};
    csq_error error;
    assert_status(CSQ_OK, csq__json_writer_end(writer, &text, &error));
    assert_int_equal(text.size, strlen(expected));
    assert_memory_equal(text.data, expected, text.size);
    csq__json_writer_release(writer);
}

static void put_sample(csq__json_writer *writer)
{
    csq__json_put_object(writer);
    csq__json_put_key(writer, CSQ__STR("name"));
    csq__json_put_text(writer, CSQ__STR("caf\xC3\xA9"));
    csq__json_put_key(writer, CSQ__STR("week"));
    csq__json_put_array(writer);
    csq__json_put_flat_array(writer);
    csq__json_put_text(writer, CSQ__STR("09:00"));
    csq__json_put_flat_object(writer);
    csq__json_put_key(writer, CSQ__STR("n"));
    csq__json_put_integer(writer, INT64_MIN);
    csq__json_put_end(writer);
    csq__json_put_end(writer);
    csq__json_put_decimal(writer, (csq__decimal){-15, -1});
    csq__json_put_array(writer);
    csq__json_put_end(writer);
    csq__json_put_end(writer);
    csq__json_put_key(writer, CSQ__STR("open"));
    csq__json_put_boolean(writer, true);
    csq__json_put_key(writer, CSQ__STR("shut"));
    csq__json_put_boolean(writer, false);
    csq__json_put_key(writer, CSQ__STR("none"));
    csq__json_put_null(writer);
    csq__json_put_key(writer, CSQ__STR("empty"));
    csq__json_put_object(writer);
    csq__json_put_end(writer);
    csq__json_put_end(writer);
}

static void indented_text_is_for_people(void **state)
{
    (void)state;
    csq__json_writer writer;
    csq__json_writer_init(&writer, 2, NULL);
    put_sample(&writer);
    assert_written(&writer, "{\n"
                            "  \"name\": \"caf\xC3\xA9\",\n"
                            "  \"week\": [\n"
                            "    [\"09:00\", {\"n\": -9223372036854775808}],\n"
                            "    -1.5,\n"
                            "    []\n"
                            "  ],\n"
                            "  \"open\": true,\n"
                            "  \"shut\": false,\n"
                            "  \"none\": null,\n"
                            "  \"empty\": {}\n"
                            "}\n");
}

static void without_indentation_no_space_is_written(void **state)
{
    (void)state;
    csq__json_writer writer;
    csq__json_writer_init(&writer, 0, NULL);
    put_sample(&writer);
    assert_written(&writer, "{\"name\":\"caf\xC3\xA9\",\"week\":[[\"09:00\",{\"n\":"
                            "-9223372036854775808}],-1.5,[]],\"open\":true,\"shut\":false,"
                            "\"none\":null,\"empty\":{}}");
}

static void only_what_must_be_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t size;
        const char *written;
    } rows[] = {
        {NULL, 0, "\"\""},
        {"a/b'c\x7F", 6, "\"a/b'c\x7F\""},
        {"\"\\", 2, "\"\\\"\\\\\""},
        {"\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\""},
        {"\0\x01\x1F", 3, "\"\\u0000\\u0001\\u001f\""},
        {"x\ny\xE2\x80\xA8", 6, "\"x\\ny\xE2\x80\xA8\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__json_writer writer;
        csq__json_writer_init(&writer, 0, NULL);
        csq__json_put_text(&writer, (csq_str){rows[i].text, rows[i].size});
        assert_written(&writer, rows[i].written);
    }
}

static void put_nothing(csq__json_writer *writer)
{
    (void)writer;
}

static void put_two_roots(csq__json_writer *writer)
{
    csq__json_put_null(writer);
    csq__json_put_null(writer);
}

static void put_open_array(csq__json_writer *writer)
{
    csq__json_put_array(writer);
}

static void put_end_alone(csq__json_writer *writer)
{
    csq__json_put_end(writer);
}

static void put_key_in_array(csq__json_writer *writer)
{
    csq__json_put_array(writer);
    csq__json_put_key(writer, CSQ__STR("a"));
    csq__json_put_end(writer);
}

static void put_key_at_top(csq__json_writer *writer)
{
    csq__json_put_key(writer, CSQ__STR("a"));
}

static void put_value_without_key(csq__json_writer *writer)
{
    csq__json_put_object(writer);
    csq__json_put_integer(writer, 1);
    csq__json_put_end(writer);
}

static void put_key_without_value(csq__json_writer *writer)
{
    csq__json_put_object(writer);
    csq__json_put_key(writer, CSQ__STR("a"));
    csq__json_put_end(writer);
}

static void put_two_keys(csq__json_writer *writer)
{
    csq__json_put_object(writer);
    csq__json_put_key(writer, CSQ__STR("a"));
    csq__json_put_key(writer, CSQ__STR("b"));
}

static void put_no_node(csq__json_writer *writer)
{
    csq__json json;
    assert_status(CSQ_OK, csq__json_read(&json, CSQ__STR("1"), NULL, NULL, NULL));
    csq__json_put_node(writer, &json, 0);
    csq__json_release(&json);
}

static void put_bad_text(csq__json_writer *writer)
{
    csq__json_put_text(writer, CSQ__STR("a\xFF"));
}

static void put_too_deep(csq__json_writer *writer)
{
    for (int i = 0; i <= CSQ__JSON_DEPTH; i++) {
        csq__json_put_array(writer);
    }
}

static void what_is_not_json_cannot_be_written(void **state)
{
    (void)state;
    static const struct {
        void (*put)(csq__json_writer *writer);
        csq_status status;
    } rows[] = {
        {put_nothing, CSQ_ESTATE},           {put_two_roots, CSQ_ESTATE},
        {put_open_array, CSQ_ESTATE},        {put_end_alone, CSQ_ESTATE},
        {put_key_in_array, CSQ_ESTATE},      {put_key_at_top, CSQ_ESTATE},
        {put_value_without_key, CSQ_ESTATE}, {put_key_without_value, CSQ_ESTATE},
        {put_two_keys, CSQ_ESTATE},          {put_no_node, CSQ_ESTATE},
        {put_bad_text, CSQ_EUTF8},           {put_too_deep, CSQ_EDEPTH},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__json_writer writer;
        csq__json_writer_init(&writer, 2, NULL);
        rows[i].put(&writer);
        csq_str text = {NULL, 7};
        csq_error error;
        assert_status(rows[i].status, csq__json_writer_end(&writer, &text, &error));
        assert_int_equal(text.size, 7);
        csq__json_writer_release(&writer);
    }
}

static void a_value_is_copied_with_all_below_it(void **state)
{
    (void)state;
    static const char source[] =
        "{\"about\":{\"t\\u0069tle\":\"A\\nB\",\"list\":[1.50,[],{},[{\"x\":null}],true]},\"z\":0}";
    csq__json json;
    assert_status(CSQ_OK, csq__json_read(&json, csq_str_of(source), NULL, NULL, NULL));
    const uint32_t about = csq__json_member(&json, CSQ__JSON_ROOT, CSQ__STR("about"));
    csq__json_writer writer;
    csq__json_writer_init(&writer, 0, NULL);
    csq__json_put_array(&writer);
    csq__json_put_node(&writer, &json, about);
    csq__json_put_node(&writer, &json, csq__json_next(&json, about));
    csq__json_put_end(&writer);
    assert_written(&writer, "[{\"title\":\"A\\nB\",\"list\":[1.5,[],{},[{\"x\":null}],true]},0]");
    csq__json_release(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indented_text_is_for_people),
        cmocka_unit_test(without_indentation_no_space_is_written),
        cmocka_unit_test(only_what_must_be_is_escaped),
        cmocka_unit_test(what_is_not_json_cannot_be_written),
        cmocka_unit_test(a_value_is_copied_with_all_below_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
