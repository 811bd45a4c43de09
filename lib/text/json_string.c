/*
 * json_string — the strings of JSON, and what the reader found where it expected something else.
 *
 * A string is a view of the source until its first escape; from there on it is decoded into the
 * document's own text. Bytes are checked as UTF-8 between escapes. An escaped surrogate without its
 * partner is refused: no UTF-8 can hold it.
 *
 * Uses: base.
 */
#include "text/text_internal.h"

static unsigned char json_byte(const csq__json *json, size_t at)
{
    return (unsigned char)json->source.data[at];
}

csq_str csq__json_word(const csq__json *json, size_t at)
{
    size_t end = at;
    while (end < json->source.size) {
        const unsigned char c = json_byte(json, end);
        const unsigned char lower = c | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
            break;
        }
        end++;
    }
    return (csq_str){json->source.data + at, end - at};
}

/* The character at `at`: empty if its bytes are not UTF-8. */
static csq_str json_character(const csq__json *json, size_t at)
{
    csq_str character = {json->source.data + at, 1};
    while (character.size <= 4 && character.size <= json->source.size - at) {
        if (csq__utf8_is_valid(character, NULL)) {
            return character;
        }
        character.size++;
    }
    return (csq_str){NULL, 0};
}

static bool json_is_comment(const csq__json *json, size_t at)
{
    const csq_str source = json->source;
    return source.data[at] == '/' && at + 1 < source.size &&
           (source.data[at + 1] == '/' || source.data[at + 1] == '*');
}

csq_status csq__json_fail_syntax(const csq__json *json, size_t at, const char *expected,
                                 csq_error *error)
{
    const csq__piece start = CSQ__TEXT("expected ");
    const csq__piece what = CSQ__VIEW(csq_str_of(expected));
    const csq__piece found = CSQ__TEXT(", found ");
    const csq__piece quote = CSQ__TEXT("'");
    if (at >= json->source.size) {
        csq__fail(error, CSQ_EJSON, start, what, found, CSQ__TEXT("the end of the text"));
    } else if (json_is_comment(json, at)) {
        csq__fail(error, CSQ_EJSON, start, what, found, CSQ__TEXT("a comment"));
    } else {
        const csq_str word = csq__json_word(json, at);
        const csq_str character = word.size > 0 ? word : json_character(json, at);
        if (character.size == 0 || json_byte(json, at) < 0x20) {
            csq__fail(error, CSQ_EJSON, start, what, found, CSQ__TEXT("byte "),
                      CSQ__NUMBER(json_byte(json, at)));
        } else {
            csq__fail(error, CSQ_EJSON, start, what, found, quote, CSQ__VIEW(character), quote);
        }
    }
    csq__json_place_byte(json, at, error);
    return CSQ_EJSON;
}

/* ---- escapes ------------------------------------------------------------------------------- */

static csq_status json_append(csq__json *json, const char *bytes, size_t size, csq_error *error)
{
    if (!csq__array_reserve(&json->text, &json->allocator, size, 1)) {
        return csq__fail_memory(error);
    }
    if (size > 0) {
        memcpy((char *)json->text.data + json->text.n, bytes, size);
    }
    json->text.n += size;
    return CSQ_OK;
}

static csq_status json_append_code_point(csq__json *json, uint32_t code, csq_error *error)
{
    const char low = (char)(0x80 | (code & 0x3F));
    const char second = (char)(0x80 | (code >> 6 & 0x3F));
    const char third = (char)(0x80 | (code >> 12 & 0x3F));
    if (code < 0x80) {
        return json_append(json, (const char[]){(char)code}, 1, error);
    }
    if (code < 0x800) {
        return json_append(json, (const char[]){(char)(0xC0 | code >> 6), low}, 2, error);
    }
    if (code < 0x10000) {
        return json_append(json, (const char[]){(char)(0xE0 | code >> 12), second, low}, 3, error);
    }
    return json_append(json, (const char[]){(char)(0xF0 | code >> 18), third, second, low}, 4,
                       error);
}

static int json_hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const unsigned char lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Reads the four digits at `*at`, behind "\u". */
static csq_status json_read_hex(const csq__json *json, size_t *at, uint32_t *unit, csq_error *error)
{
    uint32_t value = 0;
    for (const size_t end = *at + 4; *at < end; (*at)++) {
        const int digit = *at < json->source.size ? json_hex_value(json_byte(json, *at)) : -1;
        if (digit < 0) {
            return csq__json_fail_syntax(json, *at, "a hexadecimal digit", error);
        }
        value = value << 4 | (uint32_t)digit;
    }
    *unit = value;
    return CSQ_OK;
}

static csq_status json_fail_surrogate(const csq__json *json, size_t at, csq_error *error)
{
    csq__fail(error, CSQ_EUTF8, CSQ__TEXT("expected a pair of escaped surrogates, found one"));
    csq__json_place_byte(json, at, error);
    return CSQ_EUTF8;
}

/* Reads the escape "\uXXXX", or the pair of a character beyond U+FFFF; `*at` is its backslash. */
static csq_status json_read_unicode(csq__json *json, size_t *at, csq_error *error)
{
    const size_t start = *at;
    uint32_t code = 0;
    *at += 2;
    csq_status status = json_read_hex(json, at, &code, error);
    if (status == CSQ_OK && code >= 0xDC00 && code <= 0xDFFF) {
        return json_fail_surrogate(json, start, error);
    }
    if (status == CSQ_OK && code >= 0xD800 && code <= 0xDBFF) {
        const csq_str source = json->source;
        uint32_t low = 0;
        if (source.size - *at >= 2 && source.data[*at] == '\\' && source.data[*at + 1] == 'u') {
            *at += 2;
            status = json_read_hex(json, at, &low, error);
        }
        if (status == CSQ_OK && (low < 0xDC00 || low > 0xDFFF)) {
            return json_fail_surrogate(json, start, error);
        }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    return status == CSQ_OK ? json_append_code_point(json, code, error) : status;
}

static csq_status json_read_escape(csq__json *json, size_t *at, csq_error *error)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    const char letter = *at + 1 < json->source.size ? json->source.data[*at + 1] : '\0';
    if (letter == 'u') {
        return json_read_unicode(json, at, error);
    }
    for (size_t i = 0; i < sizeof letters - 1; i++) {
        if (letter == letters[i]) {
            *at += 2;
            return json_append(json, &meanings[i], 1, error);
        }
    }
    return csq__json_fail_syntax(json, *at + 1, "one of \"\\/bfnrtu after a backslash", error);
}

/* ---- strings ------------------------------------------------------------------------------- */

/* The end of the run of bytes at `at` that stand for themselves. */
static size_t json_plain_end(const csq__json *json, size_t at)
{
    while (at < json->source.size) {
        const unsigned char c = json_byte(json, at);
        if (c < 0x20 || c == '"' || c == '\\') {
            break;
        }
        at++;
    }
    return at;
}

static csq_status json_check_utf8(const csq__json *json, size_t from, size_t to, csq_error *error)
{
    uint64_t bad;
    if (csq__utf8_is_valid((csq_str){json->source.data + from, to - from}, &bad)) {
        return CSQ_OK;
    }
    const size_t at = from + (size_t)bad;
    csq__fail(error, CSQ_EUTF8, CSQ__TEXT("expected UTF-8, found byte "),
              CSQ__NUMBER(json_byte(json, at)));
    csq__json_place_byte(json, at, error);
    return CSQ_EUTF8;
}

csq_status csq__json_read_string(csq__json *json, size_t *at, csq__json_span *out, bool *is_escaped,
                                 csq_error *error)
{
    const csq_str source = json->source;
    const size_t start = *at + 1;
    const size_t text_start = json->text.n;
    bool has_escapes = false;
    csq_status status = CSQ_OK;
    size_t run = start;
    while (status == CSQ_OK) {
        const size_t end = json_plain_end(json, run);
        status = json_check_utf8(json, run, end, error);
        if (status == CSQ_OK && (end == source.size || json_byte(json, end) < 0x20)) {
            return csq__json_fail_syntax(json, end, "a character of the text or its closing quote",
                                         error);
        }
        const bool is_closed = status == CSQ_OK && source.data[end] == '"';
        if (status == CSQ_OK && (has_escapes || !is_closed)) {
            status = json_append(json, source.data + run, end - run, error);
        }
        if (status == CSQ_OK && is_closed) {
            *at = end + 1;
            *is_escaped = has_escapes;
            *out = has_escapes ? (csq__json_span){(uint32_t)text_start,
                                                  (uint32_t)(json->text.n - text_start)}
                               : (csq__json_span){(uint32_t)start, (uint32_t)(end - start)};
            return CSQ_OK;
        }
        if (status == CSQ_OK) {
            has_escapes = true;
            run = end;
            status = json_read_escape(json, &run, error);
        }
    }
    return status;
}
