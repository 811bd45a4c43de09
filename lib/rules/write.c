/*
 * write — the canonical text of a document.
 *
 * Members stand in the order of the shapes and entries of the host in the order of the document;
 * what says no more than its absence is left out; durations and times have their shortest form; a
 * list of one value, and an object that holds nothing but hours, are written as what they hold.
 * The walk keeps a frame for each open container.
 *
 * Uses: base, time, text.
 */
#include "rules/rules_internal.h"

enum { WRITE_INDENT = 4 };

/* ---- what is written ----------------------------------------------------------------------- */

/* The only part of a list or object that stands for the whole, or the node itself. */
static uint32_t write_unwrapped(const csq__document *document, uint32_t node)
{
    const csq__shape *shape = csq__document_shape(document, node);
    if ((shape->flags & CSQ__SHAPE_UNWRAP_SINGLE) == 0 ||
        csq__json_count(&document->json, node) != 1) {
        return node;
    }
    return csq__json_first(&document->json, node);
}

/* Whether a scalar says no more than its absence. */
static bool write_is_usual(const csq__document *document, uint32_t node)
{
    const csq__shape *shape = csq__document_shape(document, node);
    if (document->marks[node].says != CSQ__SAYS_BY_SHAPE) {
        return document->marks[node].says == CSQ__SAYS_NOTHING;
    }
    if ((shape->flags & CSQ__SHAPE_HAS_DEFAULT) == 0) {
        return false;
    }
    return shape->form == CSQ__FORM_BOOLEAN ? !csq__json_is_true(&document->json, node)
                                            : csq__choice_of(document, node) == 0;
}

static bool write_is_empty(const csq__document *document, uint32_t node)
{
    const csq__shape *shape = csq__document_shape(document, node);
    return (shape->flags & CSQ__SHAPE_OMIT_EMPTY) != 0 &&
           csq__json_count(&document->json, node) == 0;
}

/* The same for any member; an object of fixed members is empty when all of them are left out. */
static bool write_is_left_out(const csq__document *document, uint32_t node)
{
    const csq__shape *shape = csq__document_shape(document, node);
    if (write_is_usual(document, node) || write_is_empty(document, node)) {
        return true;
    }
    if ((shape->flags & CSQ__SHAPE_OMIT_EMPTY) == 0 || shape->n_members == 0) {
        return false;
    }
    uint32_t at = csq__json_first(&document->json, node);
    while (at != 0 && (write_is_usual(document, at) || write_is_empty(document, at))) {
        at = csq__json_next(&document->json, at);
    }
    return at == 0;
}

/* Whether a condition holds neither objects nor lists of them. */
static bool write_is_plain(const csq__document *document, uint32_t node)
{
    const csq__json *json = &document->json;
    uint32_t at = csq__json_first(json, node);
    while (at != 0 && csq__json_kind_of(json, at) != CSQ__JSON_OBJECT &&
           document->marks[at].shape != CSQ__SHAPE_CONDITIONS) {
        at = csq__json_next(json, at);
    }
    return at == 0;
}

static bool write_fits_line(const csq__document *document, uint32_t node)
{
    const uint8_t shape = document->marks[node].shape;
    switch (csq__json_kind_of(&document->json, node)) {
    case CSQ__JSON_ARRAY:
        return (csq__shape_of(shape)->flags & CSQ__SHAPE_FLAT) != 0;
    case CSQ__JSON_OBJECT:
        return shape == CSQ__SHAPE_TEST_OBJECT || shape == CSQ__SHAPE_PREVIOUS_OBJECT ||
               (shape == CSQ__SHAPE_CONDITION && write_is_plain(document, node));
    default:
        return true;
    }
}

/* A container is put on one line if its shape says so and what it holds fits there too. */
static bool write_is_flat(const csq__document *document, uint32_t node)
{
    bool is_flat = (csq__document_shape(document, node)->flags & CSQ__SHAPE_FLAT) != 0;
    uint32_t at = csq__json_first(&document->json, node);
    for (; at != 0 && is_flat; at = csq__json_next(&document->json, at)) {
        is_flat = write_fits_line(document, at);
    }
    return is_flat;
}

/* ---- scalars ------------------------------------------------------------------------------- */

static void write_duration(csq__json_writer *writer, const csq__document *document, uint32_t node)
{
    csq_ms duration = 0;
    char text[CSQ__DURATION_TEXT];
    csq__read_duration(document, node, CSQ_ERANGE, &duration, NULL);
    csq__json_put_text(writer, (csq_str){text, csq__duration_format(duration, text)});
}

static void write_clock(csq__json_writer *writer, const csq__document *document, uint32_t node)
{
    csq_ms clock = 0;
    char text[CSQ_CLOCK_TEXT] = "";
    csq__read_clock(document, node, &clock, NULL);
    csq_clock_format(clock, text, sizeof text, NULL);
    csq__json_put_text(writer, csq_str_of(text));
}

static void write_hours(csq__json_writer *writer, const csq__document *document, uint32_t node)
{
    csq_interval hours = {0, 0};
    char text[CSQ__HOURS_TEXT] = "";
    csq__read_hours(document, node, &hours, NULL);
    csq_clock_format(hours.from, text, CSQ_CLOCK_TEXT, NULL);
    const size_t dash = strlen(text);
    text[dash] = '-';
    csq_clock_format(hours.to, text + dash + 1, CSQ_CLOCK_TEXT, NULL);
    csq__json_put_text(writer, csq_str_of(text));
}

static void write_scalar(csq__json_writer *writer, const csq__document *document, uint32_t node)
{
    switch (csq__document_shape(document, node)->form) {
    case CSQ__FORM_DURATION:
        write_duration(writer, document, node);
        break;
    case CSQ__FORM_CLOCK:
        write_clock(writer, document, node);
        break;
    case CSQ__FORM_HOURS:
        write_hours(writer, document, node);
        break;
    default:
        csq__json_put_node(writer, &document->json, node);
        break;
    }
}

/* ---- walking ------------------------------------------------------------------------------- */

/* An open container: first its known members in their order, then the rest, or its elements; where
 * the order of the document counts, everything is the rest. */
typedef struct write_frame {
    uint32_t node;
    uint32_t n_rules;
    uint32_t rule; /* the next known member */
    uint32_t rest; /* the next child that may be one of the rest */
} write_frame;

static write_frame write_open(csq__json_writer *writer, const csq__document *document,
                              uint32_t node)
{
    const bool is_flat = write_is_flat(document, node);
    if (csq__json_kind_of(&document->json, node) == CSQ__JSON_OBJECT) {
        (is_flat ? csq__json_put_flat_object : csq__json_put_object)(writer);
    } else {
        (is_flat ? csq__json_put_flat_array : csq__json_put_array)(writer);
    }
    const csq__shape *shape = csq__document_shape(document, node);
    const bool is_in_order = (shape->flags & CSQ__SHAPE_IN_ORDER) != 0;
    return (write_frame){node, is_in_order ? 0 : shape->n_members, 0,
                         csq__json_first(&document->json, node)};
}

static bool write_is_done(const csq__shape *shape, const write_frame *frame, csq_str key)
{
    for (uint32_t i = 0; i < frame->n_rules; i++) {
        if (csq__str_equal(key, csq_str_of(shape->members[i].name))) {
            return true;
        }
    }
    return false;
}

/* The next child to write, or 0. */
static uint32_t write_next(const csq__document *document, write_frame *frame)
{
    const csq__shape *shape = csq__document_shape(document, frame->node);
    while (frame->rule < frame->n_rules) {
        const uint32_t node =
            csq__member_of(document, frame->node, shape->members[frame->rule++].name);
        if (node != 0 && !write_is_left_out(document, node)) {
            return node;
        }
    }
    while (frame->rest != 0) {
        const uint32_t node = frame->rest;
        frame->rest = csq__json_next(&document->json, node);
        if (!write_is_done(shape, frame, csq__json_key(&document->json, node))) {
            return node;
        }
    }
    return 0;
}

static void write_document(csq__json_writer *writer, const csq__document *document)
{
    write_frame frames[CSQ__JSON_DEPTH + 1];
    uint32_t depth = 1;
    frames[0] = write_open(writer, document, CSQ__JSON_ROOT);
    while (depth > 0) {
        const uint32_t node = write_next(document, &frames[depth - 1]);
        if (node == 0) {
            csq__json_put_end(writer);
            depth--;
            continue;
        }
        if ((csq__json_at(&document->json, node)->flags & CSQ__JSON_IS_MEMBER) != 0) {
            csq__json_put_key(writer, csq__json_key(&document->json, node));
        }
        const uint32_t content = write_unwrapped(document, node);
        const csq__json_kind kind = csq__json_kind_of(&document->json, content);
        if (kind == CSQ__JSON_OBJECT || kind == CSQ__JSON_ARRAY) {
            frames[depth++] = write_open(writer, document, content);
        } else {
            write_scalar(writer, document, content);
        }
    }
}

static csq_status write_out(csq_str text, char *out, uint64_t *size, csq_error *error)
{
    const uint64_t capacity = *size;
    if (out == NULL && capacity != 0) {
        return csq__fail_null(error, "text");
    }
    *size = text.size;
    if (out == NULL) {
        return CSQ_OK;
    }
    if (capacity < text.size) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the document needs "),
                         CSQ__NUMBER((int64_t)text.size), CSQ__TEXT(" bytes, there is room for "),
                         CSQ__NUMBER((int64_t)capacity));
    }
    memcpy(out, text.data, (size_t)text.size);
    return CSQ_OK;
}

csq_status csq_rules_write(const csq_rules *rules, char *text, uint64_t *size, csq_error *error)
{
    if (rules == NULL || size == NULL) {
        return csq__fail_null(error, rules == NULL ? "rules" : "size");
    }
    csq__json_writer writer;
    csq__json_writer_init(&writer, WRITE_INDENT, &rules->allocator);
    write_document(&writer, &rules->document);
    csq_str written = {NULL, 0};
    csq_status status = csq__json_writer_end(&writer, &written, error);
    if (status == CSQ_OK) {
        status = write_out(written, text, size, error);
    }
    csq__json_writer_release(&writer);
    return status;
}
