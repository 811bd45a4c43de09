/*
 * fuzz_clock_set_decode — any bytes as a set of clocks: refused without a trace, or canonical and
 * fit for use: copied, merged with itself, taken, told another event.
 *
 * Each input is read twice: as it is, and with the header and the checksum made right, and those of
 * each ticket in it, so that changes of the payload get past them.
 */
#include <stdlib.h>

#include "csq/sla_live.h"
#include "fuzz/tally_policies.h"
#include "sla/sla_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_bytes(const csq_clock_set *set, const uint8_t *data, size_t size)
{
    uint64_t encoded = 0;
    require(csq_clock_set_encode(set, NULL, &encoded, NULL) == CSQ_OK && encoded == size);
    uint8_t *bytes = malloc(size);
    require(bytes != NULL && csq_clock_set_encode(set, bytes, &encoded, NULL) == CSQ_OK);
    require(memcmp(bytes, data, size) == 0);
    free(bytes);
}

/* Takes up to ten times at the instants that the set names; time never goes back. */
static void check_takes(csq_clock_set *set, const csq_policies *policies)
{
    csq_ms at;
    uint64_t ticket;
    for (int i = 0; i < 10 && csq_clock_set_next(set, &at, &ticket, NULL) == CSQ_OK; i++) {
        uint64_t n;
        at = at < csq_clock_set_taken(set) ? csq_clock_set_taken(set) : at;
        require(csq_clock_set_ticket(set, ticket) != NULL);
        require(csq_clock_set_take(set, at, &n, NULL) == CSQ_OK);
        for (uint64_t k = 0; k < n; k++) {
            csq_notice notice = {.size = sizeof notice};
            require(csq_clock_set_notice(set, k, &notice, NULL) == CSQ_OK);
            require(notice.at <= at && notice.cycle > 0);
            require(notice.clock < csq_policies_metric_count(policies));
        }
    }
}

static void check_set(csq_clock_set *set, const csq_policies *policies, const uint8_t *data,
                      size_t size)
{
    csq_clock_set *copy;
    check_bytes(set, data, size);
    require(csq_clock_set_copy(set, &copy, NULL) == CSQ_OK);
    require(csq_clock_set_merge(copy, set, NULL) == CSQ_OK);
    check_bytes(copy, data, size);
    check_takes(copy, policies);
    csq_clock_set_free(copy);
    const csq_ticket_event event = {.size = sizeof event,
                                    .kind = CSQ_EVENT_REPLY,
                                    .at = INT64_C(1704700000000),
                                    .sequence = 1,
                                    .author = CSQ_AUTHOR_CUSTOMER};
    const csq_ticket *first = csq_clock_set_ticket_at(set, 0);
    if (first != NULL) {
        (void)csq_clock_set_apply(set, csq_ticket_id(first), &event, NULL);
        require(csq_clock_set_remove(set, csq_ticket_id(first), NULL) == CSQ_OK);
    }
    check_takes(set, policies);
}

static void decode(csq_policies *policies, const uint8_t *data, size_t size)
{
    csq_clock_set *set;
    csq_error error;
    const csq_status status = csq_clock_set_decode(policies, NULL, data, size, NULL, &set, &error);
    if (status == CSQ_OK) {
        check_set(set, policies, data, size);
    } else {
        require(set == NULL && error.code == status && error.message[0] != '\0');
    }
    csq_clock_set_free(set);
}

/* The bytes of a ticket, in a frame that is right; a text too short for one as it is. */
static void write_ticket(csq__writer *writer, csq_str bytes)
{
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer framed = {.allocator = &memory};
    if (bytes.size < CSQ__CODEC_HEADER + CSQ__CODEC_CHECKSUM) {
        csq__write_text(writer, bytes);
        return;
    }
    csq__write_begin(&framed, CSQ__KIND_TICKET, 1, 0);
    for (uint64_t i = CSQ__CODEC_HEADER; i < bytes.size - CSQ__CODEC_CHECKSUM; i++) {
        csq__write_u8(&framed, (uint8_t)bytes.data[i]);
    }
    require(csq__write_end(&framed));
    csq__write_text(writer, (csq_str){(const char *)framed.data, framed.size});
    csq__writer_release(&framed);
}

/* The payload in frames of the right kinds, versions, fingerprints and checksums. */
static void decode_framed(csq_policies *policies, const uint8_t *data, size_t size)
{
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__reader reader = {data, size - CSQ__CODEC_CHECKSUM, CSQ__CODEC_HEADER, false};
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_CLOCK_SET, 1, csq_policies_fingerprint(policies));
    csq__write_signed(&writer, csq__read_signed(&reader));
    csq__write_varint(&writer, csq__read_varint(&reader));
    while (!reader.failed && reader.at < reader.size) {
        const csq_str ticket = csq__read_text(&reader);
        if (reader.failed) {
            break;
        }
        write_ticket(&writer, ticket);
        const uint64_t n = csq__read_varint(&reader);
        csq__write_varint(&writer, n);
        for (uint64_t i = 0; i < 4 * n && i < size && !reader.failed; i++) {
            csq__write_varint(&writer, csq__read_varint(&reader));
        }
    }
    require(csq__write_end(&writer));
    decode(policies, writer.data, writer.size);
    csq__writer_release(&writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    csq_schema *schema;
    require(csq_ticket_schema_new(0, NULL, &schema, NULL) == CSQ_OK);
    csq_policies *policies = tally_policies(schema);
    require(policies != NULL);
    decode(policies, data, size);
    if (size >= CSQ__CODEC_HEADER + CSQ__CODEC_CHECKSUM) {
        decode_framed(policies, data, size);
    }
    csq_policies_free(policies);
    csq_schema_free(schema);
    return 0;
}
