/*
 * text — views, integer formatting, UTF-8.
 *
 * Written here because the C library's forms read the locale or need stdio.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

int csq__str_compare(csq_str a, csq_str b)
{
    const uint64_t shorter = a.size < b.size ? a.size : b.size;
    const int order = shorter == 0 ? 0 : memcmp(a.data, b.data, (size_t)shorter);
    if (order != 0) {
        return order;
    }
    return (a.size > b.size) - (a.size < b.size);
}

size_t csq__format_integer(int64_t value, char *out)
{
    char reversed[20];
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    size_t used = 0;
    if (value < 0) {
        out[used++] = '-';
    }
    while (n > 0) {
        out[used++] = reversed[--n];
    }
    return used;
}

/* The length of the well-formed sequence at `p`, or 0 (RFC 3629, section 4). */
static size_t utf8_sequence(const unsigned char *p, uint64_t left)
{
    if (p[0] < 0x80) {
        return 1;
    }
    if (p[0] < 0xC2 || p[0] > 0xF4) {
        return 0;
    }
    const size_t n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    if (left < n) {
        return 0;
    }
    const unsigned char low = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    if (p[1] < low || p[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return n;
}

bool csq__utf8_is_valid(csq_str text, uint64_t *bad)
{
    const unsigned char *p = (const unsigned char *)text.data;
    for (uint64_t i = 0; i < text.size;) {
        const size_t n = utf8_sequence(p + i, text.size - i);
        if (n == 0) {
            if (bad != NULL) {
                *bad = i;
            }
            return false;
        }
        i += n;
    }
    return true;
}
