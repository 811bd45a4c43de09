/*
 * test_quantiles_codec — the memory and the bytes of values kept for quantiles, and the bytes that
 * no state has.
 */
#include "quantiles_support.h"
#include "stat/stat_internal.h"

static void memory_is_what_the_header_promises(void **state)
{
    (void)state;
    test_memory memory = {.fail_at = -1};
    const csq_allocator allocator = test_allocator(&memory);
    csq_quantiles *quantiles;
    assert_status(CSQ_OK, csq_quantiles_new(NULL, &allocator, &quantiles, NULL));
    const size_t empty = memory.live_bytes;
    for (int64_t i = 0; i < CSQ_QUANTILES_EXACT_DEFAULT; i++) {
        assert_status(CSQ_OK, csq_quantiles_add(quantiles, i << 21, NULL));
        assert_true(memory.live_bytes - empty <= (size_t)(i < 8 ? 8 : i + 1) * 12);
    }
    assert_status(CSQ_OK, csq_quantiles_add(quantiles, (INT64_C(1) << 32) - 1, NULL));
    assert_true(memory.live_bytes - empty <= 27 * 1024);
    assert_status(CSQ_OK, csq_quantiles_add(quantiles, INT64_MAX, NULL));
    assert_status(CSQ_OK, csq_quantiles_add(quantiles, -INT64_MAX, NULL));
    assert_int_equal(memory.live_bytes - empty, 114 * 1024);
    csq_quantiles_reset(quantiles);
    assert_int_equal(memory.live_bytes, empty);
    assert_ms_equal(csq_quantiles_count(quantiles), 0);
    csq_quantiles_free(quantiles);
    assert_int_equal(memory.live_blocks, 0);
}

static void bytes_read_back_the_same(void **state)
{
    (void)state;
    static const int64_t values[] = {INT64_MAX, -INT64_MAX, 0, 0, 5, 123456789};
    for (size_t n = 0; n <= 6; n++) {
        csq_quantiles *quantiles = quantiles_with(4, values, n);
        uint64_t size;
        uint8_t *bytes = quantiles_encoded(quantiles, &size);
        csq_quantiles *back;
        assert_status(CSQ_OK, csq_quantiles_decode(bytes, size, NULL, &back, NULL));
        assert_true(quantiles_are_same(back, quantiles));
        assert_int_equal(csq_quantiles_exact_limit(back), 4);
        uint64_t small = size - 1;
        assert_status(CSQ_ELIMIT, csq_quantiles_encode(quantiles, bytes, &small, NULL));
        assert_ms_equal(small, size);
        free(bytes);
        csq_quantiles_free(back);
        csq_quantiles_free(quantiles);
    }
    uint64_t size = 0;
    assert_status(CSQ_EINVAL, csq_quantiles_encode(NULL, NULL, &size, NULL));
}

/* A payload in a frame with a limit and a checksum that are right. */
static csq_status decode_payload(uint64_t limit, const uint8_t *payload, size_t n)
{
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_QUANTILES, 1, limit);
    for (size_t i = 0; i < n; i++) {
        csq__write_u8(&writer, payload[i]);
    }
    assert_true(csq__write_end(&writer));
    csq_quantiles *back = (csq_quantiles *)&writer;
    const csq_status status = csq_quantiles_decode(writer.data, writer.size, NULL, &back, NULL);
    assert_true((status == CSQ_OK) == (back != NULL));
    csq_quantiles_free(back);
    csq__writer_release(&writer);
    return status;
}

static void bytes_that_no_state_has_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint64_t limit;
        uint8_t payload[24];
        size_t n;
        csq_status status;
    } rows[] = {
        {4, {2, 10, 3}, 3, CSQ_OK},
        {4, {2, 10, 0}, 3, CSQ_OK},
        {0, {0}, 1, CSQ_ECORRUPT}, // no limit
        {CSQ_QUANTILES_EXACT_LIMIT + 1, {0}, 1, CSQ_ECORRUPT},
        {UINT64_C(1) << 32 | 4, {0}, 1, CSQ_ECORRUPT},
        {4, {0, 0}, 2, CSQ_ECORRUPT},     // bytes are left
        {4, {3, 10, 3}, 3, CSQ_ECORRUPT}, // a value is missing
        {4,
         {1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1},
         11,
         CSQ_ECORRUPT}, // INT64_MIN
        {4,
         {2, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F},
         11,
         CSQ_ECORRUPT},                                  // beyond INT64_MAX
        {1, {3, 2, 0x80, 57, 1, 1, 2}, 7, CSQ_OK},       // 0 once, 1 twice
        {1, {3, 2, 0x80, 57, 1, 1, 3}, 7, CSQ_ECORRUPT}, // more than there are
        {1, {3, 2, 0x80, 57, 1, 1, 1}, 7, CSQ_ECORRUPT}, // fewer
        {1, {3, 2, 0x80, 57, 3, 1, 0}, 7, CSQ_ECORRUPT}, // an empty bucket
        {1, {3, 2, 0x80, 57, 1, 0, 2}, 7, CSQ_ECORRUPT}, // a bucket twice
        {1, {3, 1, 0xFF, 113, 3}, 5, CSQ_OK},            // the last bucket
        {1, {3, 1, 0x80, 114, 3}, 5, CSQ_ECORRUPT},      // one too far
        {1, {3, 1, 0, 3}, 4, CSQ_ECORRUPT},              // a bucket of INT64_MIN
        {1, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0}, 11, CSQ_ECORRUPT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_status found = decode_payload(rows[i].limit, rows[i].payload, rows[i].n);
        if (found != rows[i].status) {
            print_error("row %zu: %s\n", i, csq_status_name(found));
        }
        assert_int_equal(found, rows[i].status);
    }
}

static void damaged_and_newer_bytes_are_refused(void **state)
{
    (void)state;
    const int64_t value = 3;
    csq_quantiles *quantiles = quantiles_with(0, &value, 1);
    uint64_t size;
    uint8_t *bytes = quantiles_encoded(quantiles, &size);
    csq_quantiles *back = quantiles;
    bytes[4] = 2;
    assert_status(CSQ_EVERSION, csq_quantiles_decode(bytes, size, NULL, &back, NULL));
    assert_null(back);
    bytes[4] = 1;
    bytes[3] = CSQ__KIND_TALLY;
    assert_status(CSQ_ECORRUPT, csq_quantiles_decode(bytes, size, NULL, &back, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_decode(NULL, size, NULL, &back, NULL));
    assert_status(CSQ_EINVAL, csq_quantiles_decode(bytes, size, NULL, NULL, NULL));
    free(bytes);
    csq_quantiles_free(quantiles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_what_the_header_promises),
        cmocka_unit_test(bytes_read_back_the_same),
        cmocka_unit_test(bytes_that_no_state_has_are_refused),
        cmocka_unit_test(damaged_and_newer_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
