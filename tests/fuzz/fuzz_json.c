/*
 * fuzz_json — any bytes as JSON: an error lies inside the text, and what is read can be written
 * and read again to the same text.
 */
#include <stdlib.h>

#include "text/text_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void write_all(csq__json_writer *writer, const csq__json *json, csq_str *text)
{
    csq__json_writer_init(writer, 1, NULL);
    csq__json_put_node(writer, json, CSQ__JSON_ROOT);
    require(csq__json_writer_end(writer, text, NULL) == CSQ_OK);
}

static void check_round_trip(const csq__json *json)
{
    csq__json_writer first;
    csq__json_writer second;
    csq_str text;
    csq_str again;
    csq__json copy;
    write_all(&first, json, &text);
    require(csq__json_read(&copy, text, NULL, NULL, NULL) == CSQ_OK);
    write_all(&second, &copy, &again);
    require(csq__str_equal(text, again));
    csq__json_writer_release(&first);
    csq__json_writer_release(&second);
    csq__json_release(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const csq_str text = {(const char *)data, size};
    csq__json json;
    csq_error error;
    const csq_status status = csq__json_read(&json, text, NULL, NULL, &error);
    if (status == CSQ_OK) {
        check_round_trip(&json);
        csq__json_release(&json);
        return 0;
    }
    require(error.code == status && error.byte >= 0 && (uint64_t)error.byte <= size);
    require(error.line >= 1 && error.column >= 1);
    require(csq__utf8_is_valid(csq_str_of(error.message), NULL));
    require(csq__utf8_is_valid(csq_str_of(error.path), NULL));
    return 0;
}
