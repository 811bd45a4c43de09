/*
 * error — filling csq_error: a message made of pieces, and the place where it went wrong.
 *
 * Text that does not fit is cut at a character, never inside one; a path is cut on its left, where
 * the least specific part stands.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

/* Appends what fits, in whole characters, and tells whether that was everything. Bytes that no
 * message may hold (control characters, what is not UTF-8) become '?'. */
static bool message_append(char *message, size_t capacity, size_t *used, csq_str text)
{
    for (uint64_t i = 0; i < text.size;) {
        csq_str character = {text.data + i, 1};
        while (character.size < 4 && character.size < text.size - i &&
               !csq__utf8_is_valid(character, NULL)) {
            character.size++;
        }
        const unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7F || !csq__utf8_is_valid(character, NULL)) {
            character = (csq_str){"?", 1};
        }
        if (character.size > capacity - 1 - *used) {
            return false;
        }
        memcpy(message + *used, character.data, (size_t)character.size);
        *used += (size_t)character.size;
        i += character.size;
    }
    return true;
}

csq_status csq__fail_pieces(csq_error *error, csq_status code, const csq__piece *pieces,
                            size_t n_pieces)
{
    if (error == NULL) {
        return code;
    }
    *error = (csq_error){.code = code, .field = -1, .index = -1, .byte = -1};
    size_t used = 0;
    bool fits = true; // what came behind a cut would read as if it belonged there
    for (size_t i = 0; fits && i < n_pieces; i++) {
        char digits[20];
        csq_str text = pieces[i].text;
        if (pieces[i].is_number) {
            text = (csq_str){digits, csq__format_integer(pieces[i].number, digits)};
        }
        fits = message_append(error->message, sizeof error->message, &used, text);
    }
    error->message[used] = '\0';
    return code;
}

csq_status csq__fail_memory(csq_error *error)
{
    return csq__fail(error, CSQ_ENOMEM, CSQ__TEXT("out of memory"));
}

csq_status csq__fail_null(csq_error *error, const char *argument)
{
    return csq__fail(error, CSQ_EINVAL, CSQ__VIEW(csq_str_of(argument)), CSQ__TEXT(" is NULL"));
}

csq_status csq__fail_value(csq_error *error, const char *argument, int64_t value)
{
    return csq__fail(error, CSQ_EINVAL, CSQ__VIEW(csq_str_of(argument)),
                     CSQ__TEXT(" has the unknown value "), CSQ__NUMBER(value));
}

void csq__error_index(csq_error *error, int64_t index)
{
    if (error != NULL) {
        error->index = index;
    }
}

void csq__error_field(csq_error *error, size_t offset)
{
    if (error != NULL) {
        error->field = (int32_t)offset;
    }
}

void csq__error_byte(csq_error *error, uint64_t offset)
{
    if (error != NULL) {
        error->byte = (int64_t)offset;
    }
}

enum { PATH_ROOM = sizeof((csq_error *)NULL)->path - 1, PATH_KEPT = PATH_ROOM - 3 };

/* Whether a path was cut already, possibly by a few bytes more to begin with a character: then
 * nothing belongs directly before it. */
static bool path_is_cut(const char *path, size_t size)
{
    return size + 3 >= PATH_ROOM && memcmp(path, "...", 3) == 0;
}

void csq__error_path(csq_error *error, csq_str prefix)
{
    if (error == NULL || prefix.size == 0) {
        return;
    }
    const size_t old_size = strlen(error->path);
    if (path_is_cut(error->path, old_size)) {
        return;
    }
    char joined[PATH_ROOM + 1 + sizeof error->path];
    const size_t tail = prefix.size < PATH_ROOM ? (size_t)prefix.size : PATH_ROOM;
    const size_t dot = old_size > 0 && error->path[0] != '[' ? 1 : 0;
    const size_t size = tail + dot + old_size;
    memcpy(joined, prefix.data + (prefix.size - tail), tail);
    memcpy(joined + tail, ".", dot);
    memcpy(joined + tail + dot, error->path, old_size);
    if (tail == prefix.size && size <= PATH_ROOM) {
        memcpy(error->path, joined, size);
        error->path[size] = '\0';
        return;
    }
    size_t start = size - PATH_KEPT;
    while (start < size && ((unsigned char)joined[start] & 0xC0) == 0x80) {
        start++;
    }
    memcpy(error->path, "...", 3);
    memcpy(error->path + 3, joined + start, size - start);
    error->path[3 + size - start] = '\0';
}

void csq__error_path_index(csq_error *error, int64_t index)
{
    char text[24];
    text[0] = '[';
    const size_t n = csq__format_integer(index, text + 1);
    text[n + 1] = ']';
    csq__error_path(error, (csq_str){text, n + 2});
}
