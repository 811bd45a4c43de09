/*
 * property_json — random documents: what is written is read back the same, and reading is strict
 * about every single byte that is taken away.
 */
#include "support.h"
#include "text/text_internal.h"

enum { DOCUMENTS = 20000, ITEMS = 40 };

static csq_str random_text(uint64_t *seed, char *out)
{
    static const char *const parts[] = {
        "a",    "b",        "key",          "\"", "\\", "/", "\n",
        "\x01", "\xC3\xA9", "\xE2\x82\xAC", ".",  "[",  "",  "\xF0\x9F\x98\x80"};
    size_t size = 0;
    for (uint64_t n = test_below(seed, 5); n > 0; n--) {
        const char *part = parts[test_below(seed, sizeof parts / sizeof parts[0])];
        memcpy(out + size, part, strlen(part));
        size += strlen(part);
    }
    return (csq_str){out, size};
}

static csq__decimal random_decimal(uint64_t *seed)
{
    const uint64_t n = test_below(seed, 19);
    csq__decimal decimal = {0, 0};
    for (uint64_t i = 0; i < n; i++) {
        decimal.mantissa = decimal.mantissa * 10 + (int64_t)test_below(seed, 10);
    }
    if (decimal.mantissa % 10 == 0) {
        return (csq__decimal){0, 0};
    }
    decimal.exponent = -(int32_t)test_below(seed, 19);
    decimal.mantissa = test_below(seed, 2) == 0 ? -decimal.mantissa : decimal.mantissa;
    return decimal;
}

static void put_scalar(csq__json_writer *writer, uint64_t *seed)
{
    char text[32];
    switch (test_below(seed, 5)) {
    case 0:
        csq__json_put_null(writer);
        break;
    case 1:
        csq__json_put_boolean(writer, test_below(seed, 2) == 0);
        break;
    case 2:
        csq__json_put_decimal(writer, random_decimal(seed));
        break;
    case 3:
        csq__json_put_integer(writer, (int64_t)test_random(seed) / 100);
        break;
    default:
        csq__json_put_text(writer, random_text(seed, text));
        break;
    }
}

static void put_key(csq__json_writer *writer, uint64_t *seed, size_t item)
{
    char key[32 + 20];
    const csq_str text = random_text(seed, key);
    const size_t n = csq__format_integer((int64_t)item, key + text.size); // no key twice
    csq__json_put_key(writer, (csq_str){key, text.size + n});
}

/* Writes a document of random shape: opens, closes and puts values as chance has it. */
static void put_document(csq__json_writer *writer, uint64_t *seed)
{
    bool in_object[ITEMS + 1] = {false};
    size_t depth = 0;
    size_t item = 0;
    do {
        if (in_object[depth]) {
            put_key(writer, seed, item);
        }
        const uint64_t choice = test_below(seed, 4);
        if (choice < 2 && depth < ITEMS) {
            in_object[++depth] = choice == 0;
            (choice == 0 ? csq__json_put_object : csq__json_put_array)(writer);
        } else {
            put_scalar(writer, seed);
        }
        for (; depth > 0 && test_below(seed, 3) == 0; depth--) {
            csq__json_put_end(writer);
        }
    } while (depth > 0 && ++item < ITEMS);
    for (; depth > 0; depth--) {
        csq__json_put_end(writer);
    }
}

static csq_str written(csq__json_writer *writer)
{
    csq_str text = {NULL, 0};
    assert_status(CSQ_OK, csq__json_writer_end(writer, &text, NULL));
    return text;
}

static void what_is_written_is_read_back_the_same(void **state)
{
    (void)state;
    uint64_t seed = 20261122;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        csq__json_writer writer;
        csq__json_writer copier;
        csq__json json;
        csq_error error = {0};
        const uint32_t indent = (uint32_t)test_below(&seed, 4);
        csq__json_writer_init(&writer, indent, NULL);
        csq__json_writer_init(&copier, indent, NULL);
        put_document(&writer, &seed);
        const csq_str text = written(&writer);
        assert_status(CSQ_OK, csq__json_read(&json, text, NULL, NULL, &error));
        csq__json_put_node(&copier, &json, CSQ__JSON_ROOT);
        const csq_str copy = written(&copier);
        assert_true(csq__str_equal(text, copy));
        csq__json_writer_release(&writer);
        csq__json_writer_release(&copier);
        csq__json_release(&json);
    }
}

static void a_document_that_is_cut_short_is_refused(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (size_t i = 0; i < DOCUMENTS / 100; i++) {
        csq__json_writer writer;
        csq__json_writer_init(&writer, 0, NULL);
        csq__json_put_array(&writer); // a number could be cut to another number
        put_document(&writer, &seed);
        csq__json_put_end(&writer);
        const csq_str text = written(&writer);
        for (uint64_t size = 0; size < text.size; size++) {
            csq__json json;
            csq_error error;
            const csq_status status =
                csq__json_read(&json, (csq_str){text.data, size}, NULL, NULL, &error);
            assert_true(status == CSQ_EJSON || status == CSQ_EUTF8);
            assert_true(error.byte >= 0 && (uint64_t)error.byte <= size);
        }
        csq__json_writer_release(&writer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back_the_same),
        cmocka_unit_test(a_document_that_is_cut_short_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
