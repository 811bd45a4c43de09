/*
 * ticket_decode — reading a ticket back from its bytes.
 *
 * All bytes are read and checked, by the same rules as single events, before the schema learns a
 * name: bytes that are refused leave no trace. Only the canonical form is accepted, so that equal
 * tickets keep equal bytes: sorted tables without unused entries, events in their order.
 *
 * Uses: base, condition.
 */
#include "ticket/ticket_codec.h"

enum { DECODE_NAME_LIMIT = 65535, DECODE_ATTRIBUTE_LIMIT = 65535, DECODE_EVENT_LEAST = 4 };

typedef struct decode_name {
    csq_str name; /* borrowed from the bytes */
    uint32_t code;
    bool is_used;
} decode_name;

typedef struct decode_attribute {
    csq_str name; /* borrowed from the bytes */
    uint32_t kind;
    uint32_t id; /* in the schema; 0 while the schema does not know it */
    uint32_t first_name;
    uint32_t n_names;
    bool is_used;
} decode_attribute;

typedef struct ticket_decoder {
    csq__reader reader;
    csq_allocator allocator;
    csq_schema *schema;
    uint64_t id;
    csq__array attributes;    /* decode_attribute */
    csq__array names;         /* decode_name, those of an attribute one after the other */
    uint32_t metric;          /* place of the attribute `metric`, 0: not there */
    uint32_t reason;          /* place of the attribute `reason`, 0: not there */
    csq__event *events;       /* attributes, names and subjects by their places */
    size_t n_events;
} ticket_decoder;

static csq_status decode_fail(const ticket_decoder *decoder, const char *text, csq_error *error)
{
    csq__fail(error, CSQ_ECORRUPT, CSQ__VIEW(csq_str_of(text)));
    csq__error_byte(error, decoder->reader.at);
    return CSQ_ECORRUPT;
}

static decode_attribute *decode_attribute_at(const ticket_decoder *decoder, uint64_t place)
{
    return (decode_attribute *)decoder->attributes.data + (place - 1);
}

static decode_name *decode_name_at(const ticket_decoder *decoder,
                                   const decode_attribute *attribute, uint64_t place)
{
    return (decode_name *)decoder->names.data + attribute->first_name + (place - 1);
}

/* ---- table of names ------------------------------------------------------------------------ */

/* Reads a name that must come after `before` in bytewise order. */
static csq_status decode_text(ticket_decoder *decoder, csq_str before, csq_str *out,
                              csq_error *error)
{
    const csq_str name = csq__read_text(&decoder->reader);
    if (decoder->reader.failed || name.size == 0 || name.size > DECODE_NAME_LIMIT ||
        !csq__utf8_is_valid(name, NULL)) {
        return decode_fail(decoder, "a name is not UTF-8 of 1 to 65,535 bytes", error);
    }
    if (csq__str_compare(before, name) >= 0) {
        return decode_fail(decoder, "names are not in bytewise order", error);
    }
    *out = name;
    return CSQ_OK;
}

static csq_status decode_names(ticket_decoder *decoder, decode_attribute *attribute,
                               csq_error *error)
{
    if (!csq__attribute_has_names(attribute->kind)) {
        return CSQ_OK;
    }
    const uint64_t n = csq__read_count(&decoder->reader, 2);
    if (decoder->names.n + n > UINT32_MAX ||
        !csq__array_reserve(&decoder->names, &decoder->allocator, (size_t)n,
                            sizeof(decode_name))) {
        return csq__fail_memory(error);
    }
    attribute->first_name = (uint32_t)decoder->names.n;
    attribute->n_names = (uint32_t)n;
    csq_str before = {NULL, 0};
    for (uint64_t i = 0; i < n; i++) {
        decode_name name = {0};
        const csq_status status = decode_text(decoder, before, &name.name, error);
        if (status != CSQ_OK) {
            return status;
        }
        before = name.name;
        ((decode_name *)decoder->names.data)[decoder->names.n++] = name;
    }
    return CSQ_OK;
}

static csq_status decode_attribute_of(ticket_decoder *decoder, csq_str before,
                                      decode_attribute *out, csq_error *error)
{
    decode_attribute attribute = {0};
    csq_status status = decode_text(decoder, before, &attribute.name, error);
    if (status != CSQ_OK) {
        return status;
    }
    attribute.kind = csq__read_u8(&decoder->reader);
    if (attribute.kind < CSQ_ATTRIBUTE_CATEGORY || attribute.kind > CSQ_ATTRIBUTE_INSTANT) {
        return decode_fail(decoder, "an attribute has an unknown kind", error);
    }
    status = decode_names(decoder, &attribute, error);
    if (status != CSQ_OK) {
        return status;
    }
    attribute.id = csq_schema_find(decoder->schema, attribute.name);
    const uint32_t known_kind = csq_schema_kind(decoder->schema, attribute.id);
    if (attribute.id != 0 && known_kind != attribute.kind) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("the attribute \""),
                         CSQ__VIEW(attribute.name), CSQ__TEXT("\" has kind "),
                         CSQ__NUMBER(attribute.kind), CSQ__TEXT(" in the bytes and kind "),
                         CSQ__NUMBER(known_kind), CSQ__TEXT(" in the schema"));
    }
    *out = attribute;
    return CSQ_OK;
}

static csq_status decode_attributes(ticket_decoder *decoder, csq_error *error)
{
    const uint64_t n = csq__read_count(&decoder->reader, 3);
    if (n > DECODE_ATTRIBUTE_LIMIT) {
        return decode_fail(decoder, "there are more attributes than a schema can have", error);
    }
    csq_str before = {NULL, 0};
    for (uint64_t i = 0; i < n; i++) {
        decode_attribute attribute;
        const csq_status status = decode_attribute_of(decoder, before, &attribute, error);
        if (status != CSQ_OK) {
            return status;
        }
        if (csq__array_push(&decoder->attributes, &decoder->allocator, &attribute,
                            sizeof attribute) == NULL) {
            return csq__fail_memory(error);
        }
        before = attribute.name;
        decoder->metric = attribute.id == CSQ_TICKET_METRIC ? (uint32_t)i + 1 : decoder->metric;
        decoder->reason = attribute.id == CSQ_TICKET_REASON ? (uint32_t)i + 1 : decoder->reason;
    }
    return CSQ_OK;
}

/* ---- events -------------------------------------------------------------------------------- */

/* The place of the attribute whose names are the subjects of a kind of event; 0: not there. */
static uint32_t decode_subjects(const ticket_decoder *decoder, uint32_t kind)
{
    switch (csq__event_subject_attribute(kind)) {
    case CSQ_TICKET_METRIC:
        return decoder->metric;
    case CSQ_TICKET_REASON:
        return decoder->reason;
    default:
        return 0;
    }
}

/* Reads instant and sequence. */
static csq_status decode_order(ticket_decoder *decoder, const csq__event *before,
                               csq__event *event, csq_error *error)
{
    csq__reader *reader = &decoder->reader;
    if (before == NULL) {
        event->at = csq__read_signed(reader);
        event->sequence = (uint64_t)csq__read_signed(reader);
        return event->at == CSQ_MS_NONE ? decode_fail(decoder, "an event has no instant", error)
                                        : CSQ_OK;
    }
    const uint64_t later = csq__read_varint(reader);
    if (later > (uint64_t)INT64_MAX - (uint64_t)before->at) {
        return decode_fail(decoder, "an instant is beyond the range", error);
    }
    event->at = csq__wrap_add(before->at, (int64_t)later);
    event->sequence = before->sequence + (uint64_t)csq__read_signed(reader);
    if (csq__event_compare(before, event) >= 0) {
        return decode_fail(decoder, "events are not in their order", error);
    }
    return CSQ_OK;
}

/* Reads all but the value into a type; `*place` is that of the attribute, 0 when it sets none. */
static csq_status decode_type(ticket_decoder *decoder, csq_event_type *type, uint64_t *place,
                              csq_error *error)
{
    const uint64_t shape = csq__read_varint(&decoder->reader);
    *place = csq__read_varint(&decoder->reader);
    if (shape >> CSQ__SHAPE_KIND > UINT8_MAX || *place > decoder->attributes.n) {
        return decode_fail(decoder, "an event has an unknown kind or attribute", error);
    }
    *type = (csq_event_type){
        .size = sizeof *type,
        .kind = (uint32_t)(shape >> CSQ__SHAPE_KIND),
        .author = (uint32_t)(shape >> CSQ__SHAPE_AUTHOR & 3),
        .visibility = (uint32_t)(shape >> CSQ__SHAPE_VISIBILITY & 3),
        .joined = (uint32_t)(shape & 1),
    };
    if (*place != 0) {
        const uint32_t id = decode_attribute_at(decoder, *place)->id;
        type->attribute = id != 0 ? id : UINT16_MAX; // no attribute of tickets: as good as any
    }
    if (csq__event_subject_attribute(type->kind) != 0) {
        const uint64_t subject = csq__read_varint(&decoder->reader);
        if (subject > UINT16_MAX) {
            return decode_fail(decoder, "an event has an unknown metric or reason", error);
        }
        type->subject = (uint32_t)subject;
    }
    return CSQ_OK;
}

static int64_t decode_value(ticket_decoder *decoder, const csq__event *event,
                            const decode_attribute *attribute)
{
    csq__reader *reader = &decoder->reader;
    if (attribute == NULL) {
        return csq__event_has_own_value(event->kind) ? csq__read_signed(reader) : 0;
    }
    if (csq__attribute_has_names(attribute->kind)) {
        const uint64_t place = csq__read_varint(reader);
        return place > attribute->n_names ? (int64_t)attribute->n_names + 1 : (int64_t)place;
    }
    const int64_t value = csq__read_signed(reader);
    return attribute->kind == CSQ_ATTRIBUTE_INSTANT ? csq__wrap_add(event->at, value) : value;
}

static void decode_mark_used(ticket_decoder *decoder, const csq__event *event,
                             decode_attribute *attribute)
{
    if (event->subject != 0) {
        decode_attribute *of = decode_attribute_at(decoder, decode_subjects(decoder, event->kind));
        of->is_used = true;
        decode_name_at(decoder, of, event->subject)->is_used = true;
    }
    if (attribute != NULL) {
        attribute->is_used = true;
        if (csq__attribute_has_names(attribute->kind) && event->value != 0) {
            decode_name_at(decoder, attribute, (uint64_t)event->value)->is_used = true;
        }
    }
}

static csq_status decode_event(ticket_decoder *decoder, const csq__event *before, csq__event *out,
                               csq_error *error)
{
    csq__event order = {0};
    csq_event_type type;
    uint64_t place;
    csq_status status = decode_order(decoder, before, &order, error);
    if (status == CSQ_OK) {
        status = decode_type(decoder, &type, &place, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    decode_attribute *attribute = place == 0 ? NULL : decode_attribute_at(decoder, place);
    const uint32_t kind = attribute == NULL ? 0 : attribute->kind;
    const uint32_t subjects = decode_subjects(decoder, type.kind);
    const uint32_t n_subjects =
        subjects == 0 ? 0 : decode_attribute_at(decoder, subjects)->n_names;
    csq__event event;
    status = csq__event_form(&type, kind, n_subjects, &event, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (event.visibility != type.visibility || event.attribute != type.attribute) {
        return decode_fail(decoder, "an event is not in its stored form", error);
    }
    event.at = order.at;
    event.sequence = order.sequence;
    event.value = decode_value(decoder, &event, attribute);
    const uint32_t n_names = attribute == NULL ? 0 : attribute->n_names;
    const csq__value_range range = csq__event_range_of(&event, kind, n_names);
    if (event.value < range.low || event.value > range.high) {
        return csq__event_value_fail(&event, event.value, range, error);
    }
    decode_mark_used(decoder, &event, attribute);
    event.attribute = (uint16_t)place;
    *out = event;
    status = csq__event_check_past(&event, error);
    return status == CSQ_OK ? csq__event_check_other(&event, decoder->id, error) : status;
}

static csq_status decode_events(ticket_decoder *decoder, csq_error *error)
{
    const uint64_t n = csq__read_count(&decoder->reader, DECODE_EVENT_LEAST);
    if (n > CSQ_TICKET_EVENT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the ticket has "),
                         CSQ__NUMBER((int64_t)n), CSQ__TEXT(" events, it may have "),
                         CSQ__NUMBER(CSQ_TICKET_EVENT_LIMIT));
    }
    if (n == 0) {
        return CSQ_OK;
    }
    csq__event *events = csq__allocate_array(&decoder->allocator, (size_t)n, sizeof *events);
    if (events == NULL) {
        return csq__fail_memory(error);
    }
    decoder->events = events;
    decoder->n_events = (size_t)n;
    for (size_t i = 0; i < n; i++) {
        const csq_status status =
            decode_event(decoder, i == 0 ? NULL : &events[i - 1], &events[i], error);
        if (status != CSQ_OK) {
            csq__error_index(error, (int64_t)i);
            return status;
        }
        const bool is_misplaced = (events[i].kind == CSQ_EVENT_CREATED && i > 0) ||
                                  (events[i].kind == CSQ_EVENT_MERGE && i + 1 < n);
        if (is_misplaced) {
            return decode_fail(decoder, "creation is not first, or merge not last", error);
        }
    }
    return CSQ_OK;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static csq_status decode_check_sequences(const ticket_decoder *decoder, csq_error *error)
{
    const csq__event *repeated;
    const csq_status status = csq__events_check_sequences(
        decoder->events, decoder->n_events, &decoder->allocator, &repeated, error);
    return status == CSQ_OK && repeated != NULL
               ? decode_fail(decoder, "a sequence stands twice", error)
               : status;
}

static csq_status decode_check_used(const ticket_decoder *decoder, csq_error *error)
{
    const decode_attribute *attributes = decoder->attributes.data;
    const decode_name *names = decoder->names.data;
    bool all_used = true;
    for (size_t i = 0; i < decoder->attributes.n; i++) {
        all_used = all_used && attributes[i].is_used;
    }
    for (size_t i = 0; i < decoder->names.n; i++) {
        all_used = all_used && names[i].is_used;
    }
    return all_used ? CSQ_OK : decode_fail(decoder, "a name is never used", error);
}

/* Whatever an encoder cannot have written is damage, whichever rule it breaks. */
static csq_status decode_as_corrupt(csq_status status, csq_error *error)
{
    if (status == CSQ_OK || status == CSQ_ENOMEM || status == CSQ_EVERSION ||
        status == CSQ_EMISMATCH || status == CSQ_ELIMIT) {
        return status;
    }
    if (error != NULL) {
        error->code = CSQ_ECORRUPT;
        error->field = -1;
    }
    return CSQ_ECORRUPT;
}

static csq_status decode_read(ticket_decoder *decoder, csq_error *error)
{
    uint16_t version;
    uint64_t fingerprint;
    csq_status status = csq__read_begin(&decoder->reader, CSQ__KIND_TICKET, CSQ__TICKET_FORMAT,
                                        &version, &fingerprint, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (fingerprint != 0) {
        return decode_fail(decoder, "the fingerprint of a ticket is not 0", error);
    }
    decoder->id = csq__read_varint(&decoder->reader);
    status = decode_attributes(decoder, error);
    if (status == CSQ_OK) {
        status = decode_events(decoder, error);
    }
    if (status == CSQ_OK) {
        status = csq__read_end(&decoder->reader, error);
    }
    if (status == CSQ_OK) {
        status = decode_check_used(decoder, error);
    }
    return status == CSQ_OK ? decode_check_sequences(decoder, error) : status;
}

/* Adds what the schema does not know and notes the codes. */
static csq_status decode_learn(ticket_decoder *decoder, csq_error *error)
{
    decode_attribute *attributes = decoder->attributes.data;
    for (size_t i = 0; i < decoder->attributes.n; i++) {
        decode_attribute *attribute = &attributes[i];
        csq_status status = csq_schema_add(decoder->schema, attribute->name, attribute->kind,
                                           &attribute->id, error);
        for (uint32_t k = 1; status == CSQ_OK && k <= attribute->n_names; k++) {
            decode_name *name = decode_name_at(decoder, attribute, k);
            status = csq_schema_code(decoder->schema, attribute->id, name->name, &name->code,
                                     error);
            const bool is_subject = i + 1 == decoder->metric || i + 1 == decoder->reason;
            if (status == CSQ_OK && is_subject && name->code > UINT16_MAX) {
                status = csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the schema has more than "),
                                   CSQ__NUMBER(UINT16_MAX), CSQ__TEXT(" metrics or reasons"));
            }
        }
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

/* Puts ids and codes for the places. */
static void decode_translate(ticket_decoder *decoder)
{
    for (size_t i = 0; i < decoder->n_events; i++) {
        csq__event *event = &decoder->events[i];
        if (event->subject != 0) {
            const decode_attribute *of =
                decode_attribute_at(decoder, decode_subjects(decoder, event->kind));
            event->subject = (uint16_t)decode_name_at(decoder, of, event->subject)->code;
        }
        if (event->attribute == 0) {
            continue;
        }
        const decode_attribute *attribute = decode_attribute_at(decoder, event->attribute);
        event->attribute = (uint16_t)attribute->id;
        if (csq__attribute_has_names(attribute->kind) && event->value != 0) {
            event->value = decode_name_at(decoder, attribute, (uint64_t)event->value)->code;
        }
    }
}

csq_status csq__ticket_read(csq_schema *schema, const void *bytes, uint64_t size,
                            const csq_allocator *allocator, csq_ticket *out, csq_error *error)
{
    ticket_decoder decoder = {
        .reader = {.data = bytes, .size = (size_t)size},
        .allocator = *allocator,
        .schema = schema,
    };
    csq_status status = decode_as_corrupt(decode_read(&decoder, error), error);
    if (status == CSQ_OK) {
        status = decode_learn(&decoder, error);
    }
    if (status == CSQ_OK) {
        decode_translate(&decoder);
        csq__ticket_init(out, schema, decoder.id, allocator);
        csq__ticket_adopt(out, decoder.events, decoder.n_events);
    } else {
        csq__release(&decoder.allocator, decoder.events,
                     decoder.n_events * sizeof *decoder.events);
    }
    csq__array_release(&decoder.names, &decoder.allocator, sizeof(decode_name));
    csq__array_release(&decoder.attributes, &decoder.allocator, sizeof(decode_attribute));
    return status;
}

csq_status csq_ticket_decode(csq_schema *schema, const void *bytes, uint64_t size,
                             const csq_allocator *allocator, csq_ticket **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (bytes == NULL && size > 0) {
        return csq__fail_null(error, "bytes");
    }
    csq_status status = csq__ticket_schema_check(schema, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_ticket *ticket = csq__allocate(&memory, sizeof *ticket);
    if (ticket == NULL) {
        return csq__fail_memory(error);
    }
    status = csq__ticket_read(schema, bytes, size, &memory, ticket, error);
    if (status != CSQ_OK) {
        csq__release(&memory, ticket, sizeof *ticket);
        return status;
    }
    (void)csq_schema_retain(schema);
    *out = ticket;
    return CSQ_OK;
}
