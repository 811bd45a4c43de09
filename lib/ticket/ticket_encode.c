/*
 * ticket_encode — the canonical bytes of a ticket.
 *
 * Codes are handles of this process, so the bytes carry names. What the events use is collected as
 * (attribute, code) entries, brought into the order of the names, where each entry gets its place,
 * and back into the order of the codes, where the events look their places up.
 *
 * Uses: base, condition.
 */
#include "ticket/ticket_codec.h"

/* An attribute (code 0) or one of its names. */
typedef struct encode_entry {
    uint32_t attribute;
    uint32_t code;
    uint32_t place; /* from 1: among the attributes, or among the names of the attribute */
} encode_entry;

typedef struct ticket_encoder {
    csq_allocator allocator;
    const csq_schema *schema;
    const csq__event *events;
    size_t n_events;
    encode_entry *entries;
    size_t n_entries;
    size_t capacity;
} ticket_encoder;

static csq_str encode_entry_name(const csq_schema *schema, const encode_entry *entry)
{
    return csq_vocabulary_name(csq_schema_vocabulary(schema, entry->attribute), entry->code);
}

static int encode_compare_codes(const void *a, const void *b, const void *user)
{
    (void)user;
    const encode_entry *x = a;
    const encode_entry *y = b;
    if (x->attribute != y->attribute) {
        return x->attribute < y->attribute ? -1 : 1;
    }
    return (x->code > y->code) - (x->code < y->code);
}

/* An attribute comes before its names, whose codes of 0 have the empty name. */
static int encode_compare_names(const void *a, const void *b, const void *user)
{
    const encode_entry *x = a;
    const encode_entry *y = b;
    if (x->attribute != y->attribute) {
        return csq__str_compare(csq_schema_name(user, x->attribute),
                                csq_schema_name(user, y->attribute));
    }
    return csq__str_compare(encode_entry_name(user, x), encode_entry_name(user, y));
}

/* ---- collecting ---------------------------------------------------------------------------- */

static void encode_use(ticket_encoder *encoder, uint32_t attribute, uint32_t code)
{
    encoder->entries[encoder->n_entries++] = (encode_entry){attribute, code, 0};
}

/* At most three entries for each event: what has a subject sets no attribute with names. */
static void encode_collect(ticket_encoder *encoder)
{
    for (size_t i = 0; i < encoder->n_events; i++) {
        const csq__event *event = &encoder->events[i];
        if (event->subject != 0) {
            const uint32_t attribute = csq__event_subject_attribute(event->kind);
            encode_use(encoder, attribute, 0);
            encode_use(encoder, attribute, event->subject);
        }
        if (event->attribute == 0) {
            continue;
        }
        encode_use(encoder, event->attribute, 0);
        const uint32_t kind = csq_schema_kind(encoder->schema, event->attribute);
        if (csq__attribute_has_names(kind) && event->value != 0) {
            encode_use(encoder, event->attribute, (uint32_t)event->value);
        }
    }
}

/* Leaves each entry once, in the order of the codes. */
static void encode_sort_out(ticket_encoder *encoder)
{
    encode_entry *entries = encoder->entries;
    const size_t n = encoder->n_entries;
    csq__sort(entries, n, sizeof *entries, encode_compare_codes, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || encode_compare_codes(&entries[kept - 1], &entries[i], NULL) != 0) {
            entries[kept++] = entries[i];
        }
    }
    encoder->n_entries = kept;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Writes an attribute and its names from entry `first`; the entry behind them. */
static size_t encode_attribute(ticket_encoder *encoder, size_t first, uint32_t place,
                               csq__writer *writer)
{
    encode_entry *entries = encoder->entries;
    const uint32_t attribute = entries[first].attribute;
    const uint32_t kind = csq_schema_kind(encoder->schema, attribute);
    size_t end = first + 1;
    while (end < encoder->n_entries && entries[end].attribute == attribute) {
        end++;
    }
    entries[first].place = place;
    csq__write_text(writer, csq_schema_name(encoder->schema, attribute));
    csq__write_u8(writer, (uint8_t)kind);
    if (csq__attribute_has_names(kind)) {
        csq__write_varint(writer, end - first - 1);
    }
    for (size_t i = first + 1; i < end; i++) {
        entries[i].place = (uint32_t)(i - first);
        csq__write_text(writer, encode_entry_name(encoder->schema, &entries[i]));
    }
    return end;
}

static void encode_attributes(ticket_encoder *encoder, csq__writer *writer)
{
    encode_entry *entries = encoder->entries;
    const size_t n = encoder->n_entries;
    csq__sort(entries, n, sizeof *entries, encode_compare_names, encoder->schema);
    uint32_t n_attributes = 0;
    for (size_t i = 0; i < n; i++) {
        n_attributes += entries[i].code == 0;
    }
    csq__write_varint(writer, n_attributes);
    uint32_t place = 0;
    for (size_t at = 0; at < n;) {
        at = encode_attribute(encoder, at, ++place, writer);
    }
    csq__sort(entries, n, sizeof *entries, encode_compare_codes, NULL);
}

static uint32_t encode_place(const ticket_encoder *encoder, uint32_t attribute, uint32_t code)
{
    const encode_entry key = {attribute, code, 0};
    const size_t at = csq__lower_bound(encoder->entries, encoder->n_entries, sizeof key, &key,
                                       encode_compare_codes, NULL);
    return encoder->entries[at].place;
}

static void encode_value(const ticket_encoder *encoder, const csq__event *event,
                         csq__writer *writer)
{
    if (event->attribute == 0) {
        if (csq__event_has_own_value(event->kind)) {
            csq__write_signed(writer, event->value);
        }
        return;
    }
    const uint32_t kind = csq_schema_kind(encoder->schema, event->attribute);
    if (csq__attribute_has_names(kind)) {
        const uint32_t code = (uint32_t)event->value;
        csq__write_varint(writer, code == 0 ? 0 : encode_place(encoder, event->attribute, code));
    } else if (kind == CSQ_ATTRIBUTE_INSTANT) {
        csq__write_signed(writer, csq__wrap_sub(event->value, event->at));
    } else {
        csq__write_signed(writer, event->value);
    }
}

static void encode_event(const ticket_encoder *encoder, const csq__event *event,
                         const csq__event *before, csq__writer *writer)
{
    if (before == NULL) {
        csq__write_signed(writer, event->at);
    } else {
        csq__write_varint(writer, (uint64_t)event->at - (uint64_t)before->at);
    }
    const uint64_t sequence_before = before == NULL ? 0 : before->sequence;
    csq__write_signed(writer, csq__wrap_sub((int64_t)event->sequence, (int64_t)sequence_before));
    csq__write_varint(writer, (uint64_t)event->kind << CSQ__SHAPE_KIND |
                                  (uint64_t)event->visibility << CSQ__SHAPE_VISIBILITY |
                                  (uint64_t)event->author << CSQ__SHAPE_AUTHOR | event->joined);
    csq__write_varint(writer,
                      event->attribute == 0 ? 0 : encode_place(encoder, event->attribute, 0));
    const uint32_t subject_attribute = csq__event_subject_attribute(event->kind);
    if (subject_attribute != 0) {
        const uint32_t subject = event->subject;
        csq__write_varint(writer,
                          subject == 0 ? 0 : encode_place(encoder, subject_attribute, subject));
    }
    encode_value(encoder, event, writer);
}

static bool encode_ticket(ticket_encoder *encoder, uint64_t id, csq__writer *writer)
{
    encode_collect(encoder);
    encode_sort_out(encoder);
    csq__write_begin(writer, CSQ__KIND_TICKET, CSQ__TICKET_FORMAT, 0);
    csq__write_varint(writer, id);
    encode_attributes(encoder, writer);
    csq__write_varint(writer, encoder->n_events);
    for (size_t i = 0; i < encoder->n_events; i++) {
        const csq__event *event = &encoder->events[i];
        encode_event(encoder, event, i == 0 ? NULL : event - 1, writer);
    }
    return csq__write_end(writer);
}

csq_status csq__ticket_write(const csq_ticket *ticket, csq__writer *writer, csq_error *error)
{
    ticket_encoder encoder = {.schema = csq__ticket_schema(ticket)};
    encoder.allocator = csq__ticket_allocator(ticket);
    encoder.events = csq__ticket_events(ticket, &encoder.n_events);
    encoder.capacity = encoder.n_events == 0 ? 1 : 3 * encoder.n_events;
    encoder.entries =
        csq__allocate_array(&encoder.allocator, encoder.capacity, sizeof *encoder.entries);
    if (encoder.entries == NULL) {
        return csq__fail_memory(error);
    }
    const bool is_written = encode_ticket(&encoder, csq_ticket_id(ticket), writer);
    csq__release(&encoder.allocator, encoder.entries,
                 encoder.capacity * sizeof *encoder.entries);
    return is_written ? CSQ_OK : csq__fail_memory(error);
}

csq_status csq_ticket_encode(const csq_ticket *ticket, void *bytes, uint64_t *size,
                             csq_error *error)
{
    if (ticket == NULL || size == NULL) {
        return csq__fail_null(error, ticket == NULL ? "ticket" : "size");
    }
    if (bytes == NULL && *size != 0) {
        return csq__fail_null(error, "bytes");
    }
    const csq_allocator memory = csq__ticket_allocator(ticket);
    csq__writer writer = {.allocator = &memory};
    csq_status status = csq__ticket_write(ticket, &writer, error);
    if (status == CSQ_OK) {
        status = csq__encode_out(&writer, bytes, size, error);
    }
    csq__writer_release(&writer);
    return status;
}
