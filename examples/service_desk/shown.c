/*
 * shown — text from data, made safe to show.
 *
 * A backslash of the data is shown as it is: the result is for eyes, not to be read back.
 *
 * Uses: text.
 */
#include "shown.h"

#include <stdbool.h>
#include <stdio.h>

#include "text.h"

enum { SHOWN_ESCAPE_SIZE = 6 }; /* of \u202e, the longest */

static uint32_t continuation_count(unsigned char lead)
{
    return lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
}

uint32_t shown_next_code(csq_str text, uint64_t *at)
{
    const unsigned char lead = (unsigned char)text.data[(*at)++];
    if (lead < 0x80) {
        return lead;
    }
    const uint32_t more = continuation_count(lead);
    if (more == 0 || text.size - *at < more) {
        return SHOWN_NO_CODE;
    }
    static const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    uint32_t code = lead & (0x3Fu >> more);
    for (uint32_t i = 0; i < more; ++i) {
        const unsigned char byte = (unsigned char)text.data[*at + i];
        if ((byte & 0xC0u) != 0x80) {
            return SHOWN_NO_CODE;
        }
        code = code << 6 | (byte & 0x3Fu);
    }
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < smallest[more] || code > 0x10FFFF || is_surrogate) {
        return SHOWN_NO_CODE;
    }
    *at += more;
    return code;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

/* Line separators, and what turns the direction of writing. */
static bool is_invisible_mark(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

char *shown_copy(csq_str text)
{
    char *copy = text_grow(NULL, (size_t)text.size * SHOWN_ESCAPE_SIZE + 1);
    char *end = copy;
    for (uint64_t at = 0; at < text.size;) {
        const uint64_t start = at;
        const uint32_t code = shown_next_code(text, &at);
        if (code == SHOWN_NO_CODE) {
            end += snprintf(end, SHOWN_ESCAPE_SIZE + 1, "\\x%02x", (unsigned char)text.data[start]);
        } else if (is_control(code)) {
            end += snprintf(end, SHOWN_ESCAPE_SIZE + 1, "\\x%02x", (unsigned)code);
        } else if (is_invisible_mark(code)) {
            end += snprintf(end, SHOWN_ESCAPE_SIZE + 1, "\\u%04x", (unsigned)code);
        } else {
            for (uint64_t i = start; i < at; ++i) {
                *end++ = text.data[i];
            }
        }
    }
    *end = '\0';
    return copy;
}

csq_str shown_cut(csq_str text, uint64_t limit)
{
    if (text.size <= limit) {
        return text;
    }
    uint64_t size = limit;
    while (size > 0 && ((unsigned char)text.data[size] & 0xC0u) == 0x80) {
        --size;
    }
    return (csq_str){text.data, size};
}
