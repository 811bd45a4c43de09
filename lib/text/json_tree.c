/*
 * json_tree — walking a document, and errors at its nodes.
 *
 * Line, column and path are worked out only when there is an error: a line by counting line feeds
 * up to the byte, a path by going up the parents.
 *
 * Uses: base.
 */
#include "text/text_internal.h"

static csq_str json_view(const csq__json *json, csq__json_span span, bool is_escaped)
{
    const char *base = is_escaped ? json->text.data : json->source.data;
    return (csq_str){base + span.at, span.size};
}

csq_str csq__json_key(const csq__json *json, uint32_t node)
{
    const csq__json_node *found = csq__json_at(json, node);
    if ((found->flags & CSQ__JSON_IS_MEMBER) == 0) {
        return (csq_str){NULL, 0};
    }
    return json_view(json, found->key, (found->flags & CSQ__JSON_ESCAPED_KEY) != 0);
}

csq_str csq__json_text(const csq__json *json, uint32_t node)
{
    const csq__json_node *found = csq__json_at(json, node);
    if (found->kind != CSQ__JSON_TEXT) {
        return (csq_str){NULL, 0};
    }
    return json_view(json, found->value.text, (found->flags & CSQ__JSON_ESCAPED_TEXT) != 0);
}

bool csq__json_is_true(const csq__json *json, uint32_t node)
{
    const csq__json_node *found = csq__json_at(json, node);
    return found->kind == CSQ__JSON_BOOLEAN && found->value.number != 0;
}

csq__decimal csq__json_decimal(const csq__json *json, uint32_t node)
{
    const csq__json_node *found = csq__json_at(json, node);
    if (found->kind != CSQ__JSON_NUMBER) {
        return (csq__decimal){0, 0};
    }
    return (csq__decimal){found->value.number, found->exponent};
}

typedef struct json_key {
    const csq__json *json;
    csq_str key;
    uint32_t object;
} json_key;

static bool json_key_matches(const void *user, uint32_t node)
{
    const json_key *wanted = user;
    return csq__json_at(wanted->json, node)->parent == wanted->object &&
           csq__str_equal(csq__json_key(wanted->json, node), wanted->key);
}

uint32_t csq__json_member(const csq__json *json, uint32_t object, csq_str key)
{
    const json_key wanted = {json, key, object};
    const uint64_t hash = csq__hash(key.data, (size_t)key.size, json->seed, object);
    return csq__table_find(&json->keys, hash, json_key_matches, &wanted);
}

const char *csq__json_kind_name(csq__json_kind kind)
{
    static const char *const names[] = {"nothing", "null",     "true or false", "a number",
                                        "a text",  "an array", "an object"};
    return names[kind];
}

/* ---- places -------------------------------------------------------------------------------- */

void csq__json_place_byte(const csq__json *json, size_t byte, csq_error *error)
{
    if (error == NULL) {
        return;
    }
    size_t line_start = 0;
    int32_t line = 1;
    for (size_t i = 0; i < byte; i++) {
        if (json->source.data[i] == '\n') {
            line_start = i + 1;
            line++;
        }
    }
    error->byte = (int64_t)byte;
    error->line = line;
    error->column = (int32_t)(byte - line_start + 1);
}

/* Whether a key can stand in a path as it is. */
static bool json_key_is_plain(csq_str key)
{
    for (uint64_t i = 0; i < key.size; i++) {
        const unsigned char c = (unsigned char)key.data[i];
        if (c < 0x20 || c == 0x7F || c == '.' || c == '[' || c == ']' || c == '"') {
            return false;
        }
    }
    return key.size > 0;
}

enum { JSON_PATH_KEY = 80 };

/* Puts an unusual key before the path as ["a.b"], its control characters as '?'. */
static void json_path_quoted(csq_error *error, csq_str key)
{
    char quoted[JSON_PATH_KEY + 4] = {'[', '"'};
    size_t n = 0;
    size_t kept = key.size < JSON_PATH_KEY ? (size_t)key.size : JSON_PATH_KEY;
    while (kept < key.size && kept > 0 && ((unsigned char)key.data[kept] & 0xC0) == 0x80) {
        kept--;
    }
    for (; n < kept; n++) {
        const unsigned char c = (unsigned char)key.data[n];
        quoted[2 + n] = c < 0x20 || c == 0x7F ? '?' : key.data[n];
    }
    quoted[2 + n] = '"';
    quoted[3 + n] = ']';
    csq__error_path(error, (csq_str){quoted, n + 4});
}

void csq__json_place_path(const csq__json *json, uint32_t node, csq_error *error)
{
    if (error == NULL) {
        return;
    }
    while (node > CSQ__JSON_ROOT) {
        const csq__json_node *found = csq__json_at(json, node);
        const csq_str key = csq__json_key(json, node);
        if ((found->flags & CSQ__JSON_IS_MEMBER) == 0) {
            int64_t index = 0;
            for (uint32_t i = csq__json_first(json, found->parent); i != node;
                 i = csq__json_next(json, i)) {
                index++;
            }
            csq__error_path_index(error, index);
        } else if (json_key_is_plain(key)) {
            csq__error_path(error, key);
        } else {
            json_path_quoted(error, key);
        }
        node = found->parent;
    }
}

void csq__json_place(const csq__json *json, uint32_t node, csq_error *error)
{
    csq__json_place_byte(json, csq__json_at(json, node)->byte, error);
    csq__json_place_path(json, node, error);
}

void csq__json_place_key(const csq__json *json, uint32_t node, csq_error *error)
{
    csq__json_place_byte(json, csq__json_at(json, node)->key_byte, error);
    csq__json_place_path(json, node, error);
}

/* ---- errors -------------------------------------------------------------------------------- */

csq_status csq__json_fail_pieces(const csq__json *json, uint32_t node, csq_error *error,
                                 csq_status code, const csq__piece *pieces, size_t n_pieces)
{
    csq__fail_pieces(error, code, pieces, n_pieces);
    csq__json_place(json, node, error);
    return code;
}

csq_status csq__json_fail_value(const csq__json *json, uint32_t node, const char *expected,
                                csq_error *error)
{
    const csq__json_kind kind = csq__json_kind_of(json, node);
    const csq__piece start = CSQ__TEXT("expected ");
    const csq__piece what = CSQ__VIEW(csq_str_of(expected));
    const csq__piece found = CSQ__TEXT(", found ");
    if (kind == CSQ__JSON_TEXT) {
        return csq__json_fail(json, node, error, CSQ_ERULE, start, what, found,
                              CSQ__TEXT("the text \""), CSQ__VIEW(csq__json_text(json, node)),
                              CSQ__TEXT("\""));
    }
    char digits[CSQ__DECIMAL_BYTES];
    csq_str value = csq_str_of(csq__json_kind_name(kind));
    if (kind == CSQ__JSON_NUMBER) {
        value = (csq_str){digits, csq__decimal_format(csq__json_decimal(json, node), digits)};
    } else if (kind == CSQ__JSON_BOOLEAN) {
        value = csq_str_of(csq__json_is_true(json, node) ? "true" : "false");
    }
    return csq__json_fail(json, node, error, CSQ_ERULE, start, what, found, CSQ__VIEW(value));
}

csq_status csq__json_fail_missing(const csq__json *json, uint32_t object, const char *key,
                                  csq_error *error)
{
    return csq__json_fail(json, object, error, CSQ_ERULE, CSQ__TEXT("expected the member \""),
                          CSQ__VIEW(csq_str_of(key)), CSQ__TEXT("\", found none"));
}

csq_status csq__json_expect(const csq__json *json, uint32_t node, csq__json_kind kind,
                            csq_error *error)
{
    if (csq__json_kind_of(json, node) == kind) {
        return CSQ_OK;
    }
    return csq__json_fail_value(json, node, csq__json_kind_name(kind), error);
}

/* Writes parts / factor, where the factor is a power of ten; the number of bytes. */
static size_t json_format_parts(int64_t parts, int64_t factor, char out[CSQ__DECIMAL_BYTES])
{
    csq__decimal number = {parts, 0};
    for (; factor > 1 && number.mantissa % 10 == 0; factor /= 10) {
        number.mantissa /= 10;
    }
    for (; factor > 1; factor /= 10) {
        number.exponent--;
    }
    return csq__decimal_format(number, out);
}

static csq_status json_fail_integer(const csq__json *json, uint32_t node, csq_status status,
                                    const csq__json_range *range, csq_error *error)
{
    char digits[CSQ__DECIMAL_BYTES];
    const size_t n = csq__decimal_format(csq__json_decimal(json, node), digits);
    const csq__piece number = CSQ__VIEW(((csq_str){digits, n}));
    const csq__piece found = CSQ__TEXT(", found ");
    if (status == CSQ_ENUMBER && range->factor == 1) {
        return csq__json_fail(json, node, error, status, CSQ__TEXT("expected a whole number"),
                              found, number);
    }
    if (status == CSQ_ENUMBER) {
        return csq__json_fail(json, node, error, status, CSQ__TEXT("expected a multiple of 1/"),
                              CSQ__NUMBER(range->factor), found, number);
    }
    if (range->factor == 1) {
        return csq__json_fail(json, node, error, CSQ_ERANGE, CSQ__TEXT("expected a number from "),
                              CSQ__NUMBER(range->least), CSQ__TEXT(" to "),
                              CSQ__NUMBER(range->most), found, number);
    }
    char least[CSQ__DECIMAL_BYTES];
    char most[CSQ__DECIMAL_BYTES];
    const csq_str from = {least, json_format_parts(range->least, range->factor, least)};
    const csq_str to = {most, json_format_parts(range->most, range->factor, most)};
    return csq__json_fail(json, node, error, CSQ_ERANGE, CSQ__TEXT("expected a number from "),
                          CSQ__VIEW(from), CSQ__TEXT(" to "), CSQ__VIEW(to), found, number);
}

csq_status csq__json_integer(const csq__json *json, uint32_t node, const csq__json_range *range,
                             int64_t *out, csq_error *error)
{
    csq_status status = csq__json_expect(json, node, CSQ__JSON_NUMBER, error);
    if (status != CSQ_OK) {
        return status;
    }
    int64_t value = 0;
    status = csq__decimal_times(csq__json_decimal(json, node), range->factor, &value);
    if (status != CSQ_OK || value < range->least || value > range->most) {
        return json_fail_integer(json, node, status, range, error);
    }
    *out = value;
    return CSQ_OK;
}
