/*
 * json_write — building JSON text, indented or on one line.
 *
 * The same calls give the same bytes. Text is written as UTF-8; only quotes, backslashes and
 * control characters are escaped. The writer knows where it is (object, array, behind a key), so it
 * cannot be led to write what is not JSON.
 *
 * Uses: base.
 */
#include "text/text_internal.h"

void csq__json_writer_init(csq__json_writer *writer, uint32_t indent,
                           const csq_allocator *allocator)
{
    *writer = (csq__json_writer){0};
    writer->allocator = csq__allocator_or_default(allocator);
    writer->indent = indent;
}

void csq__json_writer_release(csq__json_writer *writer)
{
    csq__array_release(&writer->text, &writer->allocator, 1);
}

static void json_fail_writer(csq__json_writer *writer, csq_status status)
{
    if (writer->status == CSQ_OK) {
        writer->status = status;
    }
}

static void json_put(csq__json_writer *writer, csq_str text)
{
    if (writer->status != CSQ_OK || text.size == 0) {
        return;
    }
    if (!csq__array_reserve(&writer->text, &writer->allocator, (size_t)text.size, 1)) {
        writer->status = CSQ_ENOMEM;
        return;
    }
    memcpy((char *)writer->text.data + writer->text.n, text.data, (size_t)text.size);
    writer->text.n += (size_t)text.size;
}

/* ---- layout -------------------------------------------------------------------------------- */

static bool json_is_flat(const csq__json_writer *writer)
{
    return writer->indent == 0 || (writer->flat_depth != 0 && writer->depth >= writer->flat_depth);
}

static uint64_t json_depth_bit(const csq__json_writer *writer)
{
    return (uint64_t)1 << (writer->depth - 1);
}

static bool json_is_in_object(const csq__json_writer *writer)
{
    return writer->depth > 0 && (writer->is_object & json_depth_bit(writer)) != 0;
}

static void json_put_line(csq__json_writer *writer)
{
    json_put(writer, CSQ__STR("\n"));
    for (uint64_t i = 0; i < (uint64_t)writer->depth * writer->indent; i++) {
        json_put(writer, CSQ__STR(" "));
    }
}

/* What stands before an item of the open container. */
static void json_put_separator(csq__json_writer *writer)
{
    const uint64_t bit = json_depth_bit(writer);
    const bool is_first = (writer->has_items & bit) == 0;
    writer->has_items |= bit;
    if (!is_first) {
        json_put(writer, CSQ__STR(","));
    }
    if (!json_is_flat(writer)) {
        json_put_line(writer);
    } else if (!is_first && writer->indent > 0) {
        json_put(writer, CSQ__STR(" "));
    }
}

/* Makes way for a value; false if none may stand here. */
static bool json_begin_item(csq__json_writer *writer)
{
    const bool in_object = json_is_in_object(writer);
    if (in_object != writer->has_key || (writer->depth == 0 && writer->has_root)) {
        json_fail_writer(writer, CSQ_ESTATE);
    }
    if (writer->status != CSQ_OK) {
        return false;
    }
    writer->has_key = false;
    writer->has_root = true;
    if (writer->depth > 0 && !in_object) {
        json_put_separator(writer);
    }
    return true;
}

/* ---- containers ---------------------------------------------------------------------------- */

static void json_put_container(csq__json_writer *writer, bool is_object, bool is_flat)
{
    if (writer->depth == CSQ__JSON_DEPTH) {
        json_fail_writer(writer, CSQ_EDEPTH);
    }
    if (!json_begin_item(writer)) {
        return;
    }
    json_put(writer, is_object ? CSQ__STR("{") : CSQ__STR("["));
    writer->depth++;
    if (is_flat && writer->flat_depth == 0) {
        writer->flat_depth = writer->depth;
    }
    const uint64_t bit = json_depth_bit(writer);
    writer->has_items &= ~bit;
    writer->is_object = is_object ? writer->is_object | bit : writer->is_object & ~bit;
}

void csq__json_put_object(csq__json_writer *writer)
{
    json_put_container(writer, true, false);
}

void csq__json_put_array(csq__json_writer *writer)
{
    json_put_container(writer, false, false);
}

void csq__json_put_flat_object(csq__json_writer *writer)
{
    json_put_container(writer, true, true);
}

void csq__json_put_flat_array(csq__json_writer *writer)
{
    json_put_container(writer, false, true);
}

void csq__json_put_end(csq__json_writer *writer)
{
    if (writer->depth == 0 || writer->has_key) {
        json_fail_writer(writer, CSQ_ESTATE);
    }
    if (writer->status != CSQ_OK) {
        return;
    }
    const bool is_object = json_is_in_object(writer);
    const bool needs_line =
        (writer->has_items & json_depth_bit(writer)) != 0 && !json_is_flat(writer);
    if (writer->depth == writer->flat_depth) {
        writer->flat_depth = 0;
    }
    writer->depth--;
    if (needs_line) {
        json_put_line(writer);
    }
    json_put(writer, is_object ? CSQ__STR("}") : CSQ__STR("]"));
}

/* ---- keys and values ----------------------------------------------------------------------- */

static void json_put_escape(csq__json_writer *writer, unsigned char c)
{
    static const char controls[] = "\b\f\n\r\t\"\\";
    static const char letters[] = "bfnrt\"\\";
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof controls - 1; i++) {
        if (c == (unsigned char)controls[i]) {
            json_put(writer, (csq_str){(const char[]){'\\', letters[i]}, 2});
            return;
        }
    }
    json_put(writer,
             (csq_str){(const char[]){'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]}, 6});
}

static void json_put_quoted(csq__json_writer *writer, csq_str text)
{
    if (!csq__utf8_is_valid(text, NULL)) {
        json_fail_writer(writer, CSQ_EUTF8);
        return;
    }
    json_put(writer, CSQ__STR("\""));
    uint64_t from = 0;
    for (uint64_t i = 0; i < text.size; i++) {
        const unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            json_put(writer, (csq_str){text.data + from, i - from});
            json_put_escape(writer, c);
            from = i + 1;
        }
    }
    if (text.size > from) {
        json_put(writer, (csq_str){text.data + from, text.size - from});
    }
    json_put(writer, CSQ__STR("\""));
}

void csq__json_put_key(csq__json_writer *writer, csq_str key)
{
    if (!json_is_in_object(writer) || writer->has_key) {
        json_fail_writer(writer, CSQ_ESTATE);
    }
    if (writer->status != CSQ_OK) {
        return;
    }
    json_put_separator(writer);
    json_put_quoted(writer, key);
    json_put(writer, writer->indent > 0 ? CSQ__STR(": ") : CSQ__STR(":"));
    writer->has_key = true;
}

void csq__json_put_text(csq__json_writer *writer, csq_str text)
{
    if (json_begin_item(writer)) {
        json_put_quoted(writer, text);
    }
}

/* A value whose form needs no escapes. */
static void json_put_plain(csq__json_writer *writer, csq_str value)
{
    if (json_begin_item(writer)) {
        json_put(writer, value);
    }
}

void csq__json_put_integer(csq__json_writer *writer, int64_t value)
{
    char digits[20];
    json_put_plain(writer, (csq_str){digits, csq__format_integer(value, digits)});
}

void csq__json_put_decimal(csq__json_writer *writer, csq__decimal value)
{
    char digits[CSQ__DECIMAL_BYTES];
    json_put_plain(writer, (csq_str){digits, csq__decimal_format(value, digits)});
}

void csq__json_put_boolean(csq__json_writer *writer, bool value)
{
    json_put_plain(writer, value ? CSQ__STR("true") : CSQ__STR("false"));
}

void csq__json_put_null(csq__json_writer *writer)
{
    json_put_plain(writer, CSQ__STR("null"));
}

/* ---- copies -------------------------------------------------------------------------------- */

/* Puts one node; a container is opened only. */
static void json_put_one(csq__json_writer *writer, const csq__json *json, uint32_t node)
{
    switch (csq__json_kind_of(json, node)) {
    case CSQ__JSON_NONE:
        json_fail_writer(writer, CSQ_ESTATE);
        break;
    case CSQ__JSON_NULL:
        csq__json_put_null(writer);
        break;
    case CSQ__JSON_BOOLEAN:
        csq__json_put_boolean(writer, csq__json_is_true(json, node));
        break;
    case CSQ__JSON_NUMBER:
        csq__json_put_decimal(writer, csq__json_decimal(json, node));
        break;
    case CSQ__JSON_TEXT:
        csq__json_put_text(writer, csq__json_text(json, node));
        break;
    case CSQ__JSON_ARRAY:
        csq__json_put_array(writer);
        break;
    case CSQ__JSON_OBJECT:
        csq__json_put_object(writer);
        break;
    }
}

void csq__json_put_node(csq__json_writer *writer, const csq__json *json, uint32_t node)
{
    uint32_t at = node;
    while (writer->status == CSQ_OK) {
        if (at != node &&
            csq__json_kind_of(json, csq__json_at(json, at)->parent) == CSQ__JSON_OBJECT) {
            csq__json_put_key(writer, csq__json_key(json, at));
        }
        json_put_one(writer, json, at);
        const csq__json_kind kind = csq__json_kind_of(json, at);
        if (csq__json_count(json, at) > 0) {
            at = csq__json_first(json, at);
            continue;
        }
        if (kind == CSQ__JSON_ARRAY || kind == CSQ__JSON_OBJECT) {
            csq__json_put_end(writer);
        }
        while (at != node && csq__json_next(json, at) == 0) {
            at = csq__json_at(json, at)->parent;
            csq__json_put_end(writer);
        }
        if (at == node) {
            return;
        }
        at = csq__json_next(json, at);
    }
}

csq_status csq__json_writer_end(csq__json_writer *writer, csq_str *out, csq_error *error)
{
    if (writer->depth > 0 || !writer->has_root) {
        json_fail_writer(writer, CSQ_ESTATE);
    }
    if (writer->indent > 0) {
        json_put(writer, CSQ__STR("\n"));
    }
    if (writer->status == CSQ_ENOMEM) {
        return csq__fail_memory(error);
    }
    if (writer->status != CSQ_OK) {
        return csq__fail(error, writer->status, CSQ__TEXT("the JSON text cannot be written: "),
                         CSQ__VIEW(csq_str_of(csq_status_text(writer->status))));
    }
    *out = (csq_str){writer->text.data, writer->text.n};
    return CSQ_OK;
}
