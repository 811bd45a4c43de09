/*
 * json_read — from text to a tree, strictly by RFC 8259.
 *
 * There is no stack: the containers that are open are the parents of the node in hand, and closing
 * one goes back to its parent. Keys of all objects share one table, hashed together with the number
 * of their object, so that finding a key that stands twice takes constant time however large the
 * object is. An error's path is that of the node in hand.
 *
 * Uses: base.
 */
#include "text/text_internal.h"

typedef struct json_reader {
    csq__json *json;
    csq_error *error;
    size_t at;
    uint32_t container; /* the innermost open one, 0 outside of all */
    uint32_t previous;  /* its last child so far, or 0 */
    uint32_t in_hand;   /* the node that an error is about */
    uint32_t depth;
} json_reader;

static csq__json_node *json_node(json_reader *reader, uint32_t node)
{
    return (csq__json_node *)reader->json->nodes.data + node;
}

static void json_skip_space(json_reader *reader)
{
    const csq_str source = reader->json->source;
    while (reader->at < source.size) {
        const char c = source.data[reader->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            break;
        }
        reader->at++;
    }
}

/* The byte at hand, or 0 at the end: no byte 0 is allowed where this is asked. */
static char json_peek(const json_reader *reader)
{
    const csq_str source = reader->json->source;
    return reader->at < source.size ? source.data[reader->at] : '\0';
}

static csq_status json_expected(const json_reader *reader, const char *expected)
{
    return csq__json_fail_syntax(reader->json, reader->at, expected, reader->error);
}

/* ---- values -------------------------------------------------------------------------------- */

static csq_status json_open(json_reader *reader, uint32_t node, csq__json_kind kind)
{
    if (reader->depth == CSQ__JSON_DEPTH) {
        csq__fail(reader->error, CSQ_EDEPTH, CSQ__TEXT("expected at most "),
                  CSQ__NUMBER(CSQ__JSON_DEPTH),
                  CSQ__TEXT(" objects and arrays inside each other, found one more"));
        csq__json_place_byte(reader->json, reader->at, reader->error);
        return CSQ_EDEPTH;
    }
    json_node(reader, node)->kind = (uint8_t)kind;
    reader->depth++;
    reader->at++;
    reader->container = node;
    reader->previous = 0;
    return CSQ_OK;
}

static void json_close(json_reader *reader)
{
    reader->at++;
    reader->depth--;
    reader->previous = reader->container;
    reader->container = json_node(reader, reader->container)->parent;
}

static csq_status json_read_text(json_reader *reader, uint32_t node)
{
    csq__json_span text;
    bool is_escaped;
    const csq_status status =
        csq__json_read_string(reader->json, &reader->at, &text, &is_escaped, reader->error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__json_node *found = json_node(reader, node);
    found->kind = CSQ__JSON_TEXT;
    found->value.text = text;
    found->flags |= is_escaped ? CSQ__JSON_ESCAPED_TEXT : 0;
    return CSQ_OK;
}

static csq_status json_read_number(json_reader *reader, uint32_t node)
{
    const csq_str source = reader->json->source;
    const csq_str rest = {source.data + reader->at, source.size - reader->at};
    size_t used;
    csq__decimal number;
    const csq_status status = csq__decimal_read(rest, &used, &number);
    if (status == CSQ_EJSON) {
        reader->at += used;
        const char c = json_peek(reader);
        return json_expected(reader,
                             c >= '0' && c <= '9' ? "no digit after a leading 0" : "a digit");
    }
    if (status != CSQ_OK) {
        csq__fail(reader->error, status,
                  CSQ__TEXT("expected an exact decimal of at most 18 digits, found "),
                  CSQ__VIEW(((csq_str){rest.data, used})));
        csq__json_place_byte(reader->json, reader->at, reader->error);
        return status;
    }
    csq__json_node *found = json_node(reader, node);
    found->kind = CSQ__JSON_NUMBER;
    found->value.number = number.mantissa;
    found->exponent = (int8_t)number.exponent;
    reader->at += used;
    return CSQ_OK;
}

static csq_status json_read_word(json_reader *reader, uint32_t node)
{
    const csq_str word = csq__json_word(reader->json, reader->at);
    csq__json_node *found = json_node(reader, node);
    if (csq__str_equal(word, CSQ__STR("true"))) {
        found->value.number = 1;
        found->kind = CSQ__JSON_BOOLEAN;
    } else if (csq__str_equal(word, CSQ__STR("false"))) {
        found->kind = CSQ__JSON_BOOLEAN;
    } else if (csq__str_equal(word, CSQ__STR("null"))) {
        found->kind = CSQ__JSON_NULL;
    } else {
        return json_expected(reader, "a value");
    }
    reader->at += (size_t)word.size;
    return CSQ_OK;
}

/* Begins the value at hand as a child of the open container; `start` carries the key, if any. */
static csq_status json_read_value(json_reader *reader, csq__json_node start)
{
    csq__json *json = reader->json;
    json_skip_space(reader);
    const uint32_t node = (uint32_t)json->nodes.n;
    start.byte = (uint32_t)reader->at;
    start.parent = reader->container;
    if (csq__array_push(&json->nodes, &json->allocator, &start, sizeof start) == NULL) {
        return csq__fail_memory(reader->error);
    }
    json_node(reader, reader->previous)->next = reader->previous == 0 ? 0 : node;
    json_node(reader, reader->container)->n += reader->container != 0;
    reader->previous = node;
    reader->in_hand = node;
    const char c = json_peek(reader);
    if (c == '{' || c == '[') {
        return json_open(reader, node, c == '{' ? CSQ__JSON_OBJECT : CSQ__JSON_ARRAY);
    }
    if (c == '"') {
        return json_read_text(reader, node);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return json_read_number(reader, node);
    }
    return json_read_word(reader, node);
}

/* ---- members and elements ------------------------------------------------------------------ */

static csq_status json_fail_duplicate(json_reader *reader, uint32_t first, size_t key_at)
{
    const csq__json *json = reader->json;
    reader->in_hand = first;
    csq__json_place_byte(json, csq__json_at(json, first)->key_byte, reader->error);
    const int64_t line = reader->error == NULL ? 0 : reader->error->line;
    csq__fail(reader->error, CSQ_EDUPLICATE, CSQ__TEXT("expected each key once, found \""),
              CSQ__VIEW(csq__json_key(json, first)), CSQ__TEXT("\" again after line "),
              CSQ__NUMBER(line));
    csq__json_place_byte(json, key_at, reader->error);
    return CSQ_EDUPLICATE;
}

static csq_status json_read_member(json_reader *reader)
{
    csq__json *json = reader->json;
    const uint32_t object = reader->container;
    if (json_peek(reader) != '"') {
        return json_expected(reader, json_node(reader, object)->n == 0 ? "a key or '}'" : "a key");
    }
    csq__json_node member = {.key_byte = (uint32_t)reader->at, .flags = CSQ__JSON_IS_MEMBER};
    bool is_escaped;
    csq_status status =
        csq__json_read_string(json, &reader->at, &member.key, &is_escaped, reader->error);
    if (status != CSQ_OK) {
        return status;
    }
    member.flags |= is_escaped ? CSQ__JSON_ESCAPED_KEY : 0;
    const char *base = is_escaped ? json->text.data : json->source.data;
    const csq_str key = {base + member.key.at, member.key.size};
    const uint32_t first = csq__json_member(json, object, key);
    if (first != 0) {
        return json_fail_duplicate(reader, first, member.key_byte);
    }
    const uint64_t hash = csq__hash(key.data, (size_t)key.size, json->seed, object);
    if (!csq__table_add(&json->keys, &json->allocator, hash, (uint32_t)json->nodes.n)) {
        return csq__fail_memory(reader->error);
    }
    json_skip_space(reader);
    if (json_peek(reader) != ':') {
        return json_expected(reader, "':'");
    }
    reader->at++;
    return json_read_value(reader, member);
}

/* Reads on in the open container: the next item, or its end. */
static csq_status json_read_item(json_reader *reader)
{
    reader->in_hand = reader->container;
    const csq__json_node *container = json_node(reader, reader->container);
    const bool is_object = container->kind == CSQ__JSON_OBJECT;
    json_skip_space(reader);
    if (json_peek(reader) == (is_object ? '}' : ']')) {
        json_close(reader);
        return CSQ_OK;
    }
    if (container->n > 0) {
        if (json_peek(reader) != ',') {
            return json_expected(reader, is_object ? "',' or '}'" : "',' or ']'");
        }
        reader->at++;
        json_skip_space(reader);
    }
    return is_object ? json_read_member(reader) : json_read_value(reader, (csq__json_node){0});
}

/* ---- documents ----------------------------------------------------------------------------- */

static csq_status json_check_source(csq_str source, uint64_t size_limit, csq_error *error)
{
    if (source.data == NULL && source.size > 0) {
        return csq__fail_null(error, "text");
    }
    if (source.size > size_limit) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("expected at most "),
                         CSQ__NUMBER((int64_t)size_limit), CSQ__TEXT(" bytes of JSON, found "),
                         CSQ__NUMBER((int64_t)source.size));
    }
    return CSQ_OK;
}

static csq_status json_check_mark(const csq__json *json, csq_error *error)
{
    if (json->source.size < 3 || memcmp(json->source.data, "\xEF\xBB\xBF", 3) != 0) {
        return CSQ_OK;
    }
    csq__fail(error, CSQ_EJSON, CSQ__TEXT("expected a value, found a byte order mark"));
    csq__json_place_byte(json, 0, error);
    return CSQ_EJSON;
}

static csq_status json_read_document(json_reader *reader)
{
    csq_status status = json_check_mark(reader->json, reader->error);
    if (status == CSQ_OK) {
        status = json_read_value(reader, (csq__json_node){0});
    }
    while (status == CSQ_OK && reader->container != 0) {
        status = json_read_item(reader);
    }
    reader->in_hand = status == CSQ_OK ? 0 : reader->in_hand;
    json_skip_space(reader);
    if (status == CSQ_OK && reader->at < reader->json->source.size) {
        status = json_expected(reader, "the end of the text");
    }
    return status;
}

csq_status csq__json_read(csq__json *json, csq_str source, const csq__json_options *options,
                          const csq_allocator *allocator, csq_error *error)
{
    const uint64_t asked = options == NULL ? 0 : options->size_limit;
    const uint64_t limit = asked == 0 ? CSQ__JSON_SIZE_LIMIT : asked;
    *json = (csq__json){0};
    json->allocator = csq__allocator_or_default(allocator);
    json->source = source.data == NULL ? (csq_str){"", source.size} : source;
    json->seed = options == NULL ? 0 : options->seed;
    csq_status status = json_check_source(source, limit < UINT32_MAX ? limit : UINT32_MAX, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (csq__array_push(&json->nodes, &json->allocator, NULL, sizeof(csq__json_node)) == NULL) {
        return csq__fail_memory(error);
    }
    json_reader reader = {json, error, 0, 0, 0, 0, 0};
    status = json_read_document(&reader);
    if (status != CSQ_OK) {
        if (status != CSQ_ENOMEM) {
            csq__json_place_path(json, reader.in_hand, error);
        }
        csq__json_release(json);
    }
    return status;
}

void csq__json_release(csq__json *json)
{
    csq__array_release(&json->nodes, &json->allocator, sizeof(csq__json_node));
    csq__array_release(&json->text, &json->allocator, 1);
    csq__table_release(&json->keys, &json->allocator);
}
