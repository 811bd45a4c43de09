/*
 * test_codec — canonical bytes: what is written, and everything that reading refuses.
 */
#include "base/base_internal.h"
#include "support.h"

enum { TEST_KIND = 200 };

static csq__writer new_writer(const csq_allocator *memory)
{
    const csq__writer writer = {memory, NULL, 0, 0, false};
    return writer;
}

static csq__reader reader_of(const void *bytes, size_t size)
{
    const csq__reader reader = {bytes, size, 0, false};
    return reader;
}

/* DWARF 5, section 7.6, for LEB128; Protocol Buffers' encoding page for zigzag. */
static void integers_have_their_shortest_form(void **state)
{
    (void)state;
    static const struct {
        uint64_t value;
        const char *bytes;
        size_t size;
    } rows[] = {
        {0, "\0", 1},
        {127, "\x7F", 1},
        {128, "\x80\x01", 2},
        {300, "\xAC\x02", 2},
        {UINT64_MAX, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10},
    };
    const csq_allocator memory = csq__allocator_or_default(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__writer writer = new_writer(&memory);
        csq__write_varint(&writer, rows[i].value);
        assert_int_equal(writer.size, rows[i].size);
        assert_memory_equal(writer.data, rows[i].bytes, rows[i].size);
        csq__reader reader = reader_of(writer.data, writer.size);
        assert_true(csq__read_varint(&reader) == rows[i].value);
        assert_status(CSQ_OK, csq__read_end(&reader, NULL));
        csq__writer_release(&writer);
    }
}

static void signed_integers_are_folded(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        uint64_t folded;
    } rows[] = {
        {0, 0}, {-1, 1}, {1, 2}, {-2, 3}, {INT64_MAX, UINT64_MAX - 1}, {INT64_MIN, UINT64_MAX}};
    const csq_allocator memory = csq__allocator_or_default(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__writer writer = new_writer(&memory);
        csq__write_signed(&writer, rows[i].value);
        csq__reader folded = reader_of(writer.data, writer.size);
        assert_true(csq__read_varint(&folded) == rows[i].folded);
        csq__reader reader = reader_of(writer.data, writer.size);
        assert_ms_equal(csq__read_signed(&reader), rows[i].value);
        csq__writer_release(&writer);
    }
}

static void integers_that_are_not_canonical_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } rows[] = {
        {"", 0},                                             /* nothing */
        {"\x80", 1},                                         /* cut short */
        {"\x80\x00", 2},                                     /* 0 in two bytes */
        {"\xFF\x80\x00", 3},                                 /* padded */
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10},    /* 2^64 */
        {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11} /* longer than any */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__reader reader = reader_of(rows[i].bytes, rows[i].size);
        assert_int_equal(csq__read_varint(&reader), 0);
        assert_true(reader.failed);
        assert_int_equal(csq__read_u8(&reader), 0); // the failure sticks
        assert_status(CSQ_ECORRUPT, csq__read_end(&reader, NULL));
    }
}

static void texts_and_counts_stay_inside_the_bytes(void **state)
{
    (void)state;
    csq__reader reader = reader_of("\x05"
                                   "abc",
                                   4);
    assert_null(csq__read_text(&reader).data);
    assert_true(reader.failed);
    reader = reader_of("\x03"
                       "abcd",
                       5);
    const csq_str text = csq__read_text(&reader);
    assert_true(csq__str_equal(text, CSQ__STR("abc")));
    assert_status(CSQ_ECORRUPT, csq__read_end(&reader, NULL)); // a byte is left
    reader = reader_of("\x02"
                       "aabb",
                       5);
    assert_int_equal(csq__read_count(&reader, 2), 2);
    reader = reader_of("\x03"
                       "aabb",
                       5);
    assert_int_equal(csq__read_count(&reader, 2), 0);
    assert_true(reader.failed);
    reader = reader_of("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10);
    assert_int_equal(csq__read_count(&reader, 1), 0);
    assert_true(reader.failed);
}

static csq__writer encode_sample(const csq_allocator *memory)
{
    csq__writer writer = new_writer(memory);
    csq__write_begin(&writer, TEST_KIND, 2, 0x0123456789ABCDEFU);
    csq__write_u8(&writer, 7);
    csq__write_u32(&writer, 0xA1B2C3D4U);
    csq__write_u64(&writer, 42);
    csq__write_signed(&writer, -5);
    csq__write_text(&writer, CSQ__STR("caf\xC3\xA9"));
    csq__write_text(&writer, CSQ__STR(""));
    assert_true(csq__write_end(&writer));
    return writer;
}

static csq_status decode_sample(const void *bytes, size_t size, uint16_t newest, csq_error *error)
{
    csq__reader reader = reader_of(bytes, size);
    uint16_t version = 0;
    uint64_t fingerprint = 0;
    const csq_status status =
        csq__read_begin(&reader, TEST_KIND, newest, &version, &fingerprint, error);
    if (status != CSQ_OK) {
        return status;
    }
    assert_int_equal(version, 2);
    assert_true(fingerprint == 0x0123456789ABCDEFU);
    assert_int_equal(csq__read_u8(&reader), 7);
    assert_true(csq__read_u32(&reader) == 0xA1B2C3D4U);
    assert_int_equal(csq__read_u64(&reader), 42);
    assert_ms_equal(csq__read_signed(&reader), -5);
    assert_true(csq__str_equal(csq__read_text(&reader), CSQ__STR("caf\xC3\xA9")));
    assert_int_equal(csq__read_text(&reader).size, 0);
    return csq__read_end(&reader, error);
}

/* The header byte for byte, as base_internal.h describes it. */
static void an_encoded_state_is_the_same_bytes_everywhere(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = encode_sample(&memory);
    const size_t payload = 1 + 4 + 8 + 1 + 6 + 1;
    assert_int_equal(writer.size, CSQ__CODEC_HEADER + payload + CSQ__CODEC_CHECKSUM);
    assert_memory_equal(writer.data,
                        "CSQ\xC8\x02\x00\xEF\xCD\xAB\x89\x67\x45\x23\x01"
                        "\x15\0\0\0\0\0\0\0\x07\xD4\xC3\xB2\xA1\x2A\0\0\0\0\0\0\0\x09\x05"
                        "caf\xC3\xA9\0",
                        CSQ__CODEC_HEADER + payload);
    assert_status(CSQ_OK, decode_sample(writer.data, writer.size, 2, NULL));
    csq__writer_release(&writer);
}

static void every_change_and_every_cut_is_found(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = encode_sample(&memory);
    for (size_t i = 0; i < writer.size * 8; i++) {
        writer.data[i / 8] ^= (uint8_t)(1U << (i % 8));
        const csq_status status = decode_sample(writer.data, writer.size, 2, NULL);
        assert_true(status == CSQ_ECORRUPT || status == CSQ_EVERSION);
        writer.data[i / 8] ^= (uint8_t)(1U << (i % 8));
    }
    for (size_t i = 0; i < writer.size; i++) {
        uint8_t *exact = malloc(i + 1);
        memcpy(exact + 1, writer.data, i);
        csq_error error;
        assert_status(CSQ_ECORRUPT, decode_sample(exact + 1, i, 2, &error));
        assert_true(error.byte >= 0 && error.byte <= (int64_t)i);
        free(exact);
    }
    csq__writer_release(&writer);
}

static void a_newer_format_has_its_own_code(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = encode_sample(&memory);
    csq_error error;
    assert_status(CSQ_EVERSION, decode_sample(writer.data, writer.size, 1, &error));
    assert_string_equal(error.message, "format version 2, this library reads up to 1");
    csq__writer_release(&writer);
}

static void handing_out_tells_the_size_first(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = encode_sample(&memory);
    uint8_t bytes[128] = {0};
    uint64_t size = 0;
    assert_status(CSQ_OK, csq__encode_out(&writer, NULL, &size, NULL));
    assert_int_equal(size, writer.size);
    size = writer.size - 1;
    assert_status(CSQ_ELIMIT, csq__encode_out(&writer, bytes, &size, NULL));
    assert_int_equal(size, writer.size);
    assert_int_equal(bytes[0], 0);
    assert_status(CSQ_EINVAL, csq__encode_out(&writer, NULL, &size, NULL));
    size = sizeof bytes;
    assert_status(CSQ_OK, csq__encode_out(&writer, bytes, &size, NULL));
    assert_int_equal(size, writer.size);
    assert_memory_equal(bytes, writer.data, writer.size);
    csq__writer_release(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_have_their_shortest_form),
        cmocka_unit_test(signed_integers_are_folded),
        cmocka_unit_test(integers_that_are_not_canonical_are_refused),
        cmocka_unit_test(texts_and_counts_stay_inside_the_bytes),
        cmocka_unit_test(an_encoded_state_is_the_same_bytes_everywhere),
        cmocka_unit_test(every_change_and_every_cut_is_found),
        cmocka_unit_test(a_newer_format_has_its_own_code),
        cmocka_unit_test(handing_out_tells_the_size_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
