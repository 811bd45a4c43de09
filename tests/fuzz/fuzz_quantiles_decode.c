/*
 * fuzz_quantiles_decode — any bytes as values for quantiles: refused without a trace, or canonical,
 * and fit for answering, merging and subtracting.
 *
 * Each input is read twice: as it is, and as a payload with the header and the checksum made right.
 */
#include <stdlib.h>

#include "stat/stat_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_encoding(const csq_quantiles *quantiles, const uint8_t *data, size_t size)
{
    uint64_t encoded = 0;
    require(csq_quantiles_encode(quantiles, NULL, &encoded, NULL) == CSQ_OK && encoded == size);
    uint8_t *bytes = malloc(size);
    require(bytes != NULL && csq_quantiles_encode(quantiles, bytes, &encoded, NULL) == CSQ_OK);
    require(memcmp(bytes, data, size) == 0);
    free(bytes);
}

static void check_answers(const csq_quantiles *quantiles)
{
    const uint64_t n = csq_quantiles_count(quantiles);
    int64_t last = INT64_MIN;
    for (uint32_t part = 0; part <= CSQ_QUANTILES_WHOLE; part += CSQ_QUANTILES_WHOLE / 8) {
        csq_quantile quantile = {.size = sizeof quantile};
        const csq_status status =
            csq_quantiles_at(quantiles, part, CSQ_QUANTILE_INCLUSIVE, &quantile, NULL);
        require(status == (n == 0 ? CSQ_ENODATA : CSQ_OK));
        if (n > 0) {
            require(quantile.count == n && quantile.low <= quantile.value);
            require(quantile.value <= quantile.high && quantile.value >= last);
            last = quantile.value;
        }
    }
}

static void check_arithmetic(const csq_quantiles *quantiles, const uint8_t *data, size_t size)
{
    csq_quantiles *copy;
    require(csq_quantiles_copy(quantiles, &copy, NULL) == CSQ_OK);
    check_encoding(copy, data, size);
    const csq_status status = csq_quantiles_merge(copy, quantiles, NULL);
    if (status == CSQ_OK) {
        require(csq_quantiles_count(copy) == 2 * csq_quantiles_count(quantiles));
        check_answers(copy);
    } else {
        require(status == CSQ_EOVERFLOW);
        check_encoding(copy, data, size);
        require(csq_quantiles_subtract(copy, quantiles, NULL) == CSQ_OK);
        require(csq_quantiles_count(copy) == 0);
    }
    csq_quantiles_free(copy);
}

static void decode(const uint8_t *data, size_t size)
{
    csq_quantiles *quantiles;
    csq_error error;
    const csq_status status = csq_quantiles_decode(data, size, NULL, &quantiles, &error);
    if (status == CSQ_OK) {
        check_encoding(quantiles, data, size);
        check_answers(quantiles);
        check_arithmetic(quantiles, data, size);
    } else {
        require(quantiles == NULL && error.code == status && error.message[0] != '\0');
    }
    csq_quantiles_free(quantiles);
}

/* The bytes between header and checksum in a frame that is right; the limit is theirs. */
static void decode_framed(const uint8_t *data, size_t size)
{
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_QUANTILES, 1, data[6]);
    for (size_t i = CSQ__CODEC_HEADER; i < size - CSQ__CODEC_CHECKSUM; i++) {
        csq__write_u8(&writer, data[i]);
    }
    require(csq__write_end(&writer));
    decode(writer.data, writer.size);
    csq__writer_release(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(data, size);
    if (size >= CSQ__CODEC_HEADER + CSQ__CODEC_CHECKSUM) {
        decode_framed(data, size);
    }
    return 0;
}
