/*
 * fuzz_ticket_decode — any bytes as a ticket: refused without a trace, or canonical.
 *
 * Each input is read twice: as it is, and with the header and the checksum made right, so that
 * changes of the payload get past them.
 */
#include <stdlib.h>

#include "ticket/ticket_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_encoding(const csq_ticket *ticket, const uint8_t *data, size_t size)
{
    uint64_t encoded = 0;
    require(csq_ticket_encode(ticket, NULL, &encoded, NULL) == CSQ_OK && encoded == size);
    uint8_t *bytes = malloc(size);
    require(bytes != NULL && csq_ticket_encode(ticket, bytes, &encoded, NULL) == CSQ_OK);
    require(memcmp(bytes, data, size) == 0);
    free(bytes);
}

/* What was decoded can be told again event by event, the last first. */
static void check_events(const csq_ticket *ticket, const uint8_t *data, size_t size)
{
    csq_ticket *again;
    csq_schema *schema = csq__ticket_schema(ticket);
    require(csq_ticket_new(schema, csq_ticket_id(ticket), NULL, &again, NULL) == CSQ_OK);
    for (uint64_t i = csq_ticket_count(ticket); i > 0; i--) {
        csq_ticket_event event = {.size = sizeof event};
        require(csq_ticket_event_at(ticket, i - 1, &event, NULL) == CSQ_OK);
        require(csq_ticket_apply(again, &event, NULL) == CSQ_OK);
    }
    check_encoding(again, data, size);
    csq_ticket_free(again);
}

static void decode(const uint8_t *data, size_t size)
{
    csq_schema *schema;
    csq_ticket *ticket;
    csq_error error;
    require(csq_ticket_schema_new(0, NULL, &schema, NULL) == CSQ_OK);
    const csq_status status = csq_ticket_decode(schema, data, size, NULL, &ticket, &error);
    if (status == CSQ_OK) {
        check_encoding(ticket, data, size);
        check_events(ticket, data, size);
    } else {
        require(ticket == NULL && error.code == status && error.message[0] != '\0');
        require(csq__utf8_is_valid(csq_str_of(error.message), NULL));
        require(csq_schema_count(schema) == CSQ_TICKET_REASON);
    }
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decode(data, size);
    if (size < CSQ__CODEC_HEADER + CSQ__CODEC_CHECKSUM) {
        return 0;
    }
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_TICKET, 1, 0);
    for (size_t i = CSQ__CODEC_HEADER; i < size - CSQ__CODEC_CHECKSUM; i++) {
        csq__write_u8(&writer, data[i]);
    }
    require(csq__write_end(&writer));
    decode(writer.data, writer.size);
    csq__writer_release(&writer);
    return 0;
}
