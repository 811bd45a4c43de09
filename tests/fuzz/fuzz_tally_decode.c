/*
 * fuzz_tally_decode — any bytes as a tally: refused without a trace, or canonical, readable and
 * fit for merging and subtracting.
 *
 * Each input is read twice: as it is, and with the header and the checksum made right, so that
 * changes of the payload get past them; both as a tally without and as one with quantiles.
 */
#include <stdlib.h>

#include "fuzz/tally_policies.h"
#include "sla/tally.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_encoding(const csq_tally *tally, const uint8_t *data, size_t size)
{
    uint64_t encoded = 0;
    require(csq_tally_encode(tally, NULL, &encoded, NULL) == CSQ_OK && encoded == size);
    uint8_t *bytes = malloc(size);
    require(bytes != NULL && csq_tally_encode(tally, bytes, &encoded, NULL) == CSQ_OK);
    require(memcmp(bytes, data, size) == 0);
    free(bytes);
}

static void check_rows(const csq_tally *tally)
{
    for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
        csq_tally_row row = {.size = sizeof row};
        require(csq_tally_row_at(tally, i, &row, NULL) == CSQ_OK);
        require(row.late_open <= row.missed && row.metric < 3 && row.policy == 0 &&
                row.kept_original <= row.promised && row.kept_latest <= row.promised);
        csq_quantile median = {.size = sizeof median};
        const csq_status status = csq_tally_quantile(tally, i, CSQ_TALLY_ELAPSED, 500000,
                                                     CSQ_QUANTILE_AVERAGED, &median, NULL);
        require(status == CSQ_EINVAL || status == CSQ_ENODATA ||
                (status == CSQ_OK && median.low >= 0 && median.count == row.met + row.missed));
    }
}

/* A copy is the same; merged with itself it fits or is left alone; less itself it is empty. */
static void check_arithmetic(const csq_tally *tally, const uint8_t *data, size_t size)
{
    csq_tally *copy;
    require(csq_tally_copy(tally, &copy, NULL) == CSQ_OK);
    check_encoding(copy, data, size);
    const csq_status status = csq_tally_merge(copy, tally, NULL);
    if (status == CSQ_OK) {
        check_rows(copy);
    } else {
        require(status == CSQ_EOVERFLOW);
        check_encoding(copy, data, size);
        require(csq_tally_subtract(copy, tally, NULL) == CSQ_OK && csq_tally_count(copy) == 0);
    }
    csq_tally_free(copy);
}

static void decode(const csq_policies *policies, int with_quantiles, const uint8_t *data,
                   size_t size)
{
    const csq_tally_options options = tally_options(with_quantiles);
    csq_tally *tally;
    csq_error error;
    const csq_status status =
        csq_tally_decode(policies, &options, data, size, NULL, &tally, &error);
    if (status == CSQ_OK) {
        check_encoding(tally, data, size);
        check_rows(tally);
        check_arithmetic(tally, data, size);
    } else {
        require(tally == NULL && error.code == status && error.message[0] != '\0');
        require(csq__utf8_is_valid(csq_str_of(error.message), NULL));
    }
    csq_tally_free(tally);
}

/* The payload in a frame of the right kind, version, fingerprint and checksum. */
static void decode_framed(const csq_policies *policies, int with_quantiles, const uint8_t *data,
                          size_t size)
{
    const csq_tally_options options = tally_options(with_quantiles);
    csq_tally *empty;
    require(csq_tally_new(policies, &options, NULL, &empty, NULL) == CSQ_OK);
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_TALLY, 1, empty->fingerprint);
    for (size_t i = CSQ__CODEC_HEADER; i < size - CSQ__CODEC_CHECKSUM; i++) {
        csq__write_u8(&writer, data[i]);
    }
    require(csq__write_end(&writer));
    decode(policies, with_quantiles, writer.data, writer.size);
    csq__writer_release(&writer);
    csq_tally_free(empty);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    csq_schema *schema;
    require(csq_ticket_schema_new(0, NULL, &schema, NULL) == CSQ_OK);
    csq_policies *policies = tally_policies(schema);
    require(policies != NULL);
    for (int with_quantiles = 0; with_quantiles < 2; with_quantiles++) {
        decode(policies, with_quantiles, data, size);
        if (size >= CSQ__CODEC_HEADER + CSQ__CODEC_CHECKSUM) {
            decode_framed(policies, with_quantiles, data, size);
        }
    }
    csq_policies_free(policies);
    csq_schema_free(schema);
    return 0;
}
