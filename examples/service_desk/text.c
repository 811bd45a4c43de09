/*
 * text — messages, instants, durations, counts, and memory for text.
 *
 * Lines and messages are formatted first and then made safe to show, so that no caller has to think
 * of what its data may hold. Shares are the one place where a quotient is taken, and a quotient of
 * nothing is "no data": a group without a finished case has not missed all of them.
 *
 * Uses: shown.
 */
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shown.h"

char *text_format(const char *format, va_list arguments)
{
    va_list measured;
    va_copy(measured, arguments);
    const int length = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    const size_t capacity = length > 0 ? (size_t)length + 1 : 1;
    char *text = text_grow(NULL, capacity);
    text[0] = '\0';
    vsnprintf(text, capacity, format, arguments);
    char *shown = shown_copy(csq_str_of(text));
    free(text);
    return shown;
}

static void print_line(FILE *out, const char *before, const char *format, va_list arguments)
{
    char *text = text_format(format, arguments);
    fprintf(out, "%s%s\n", before, text);
    free(text);
}

void text_line(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(stdout, "", format, arguments);
    va_end(arguments);
}

void text_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(stderr, "service_desk: ", format, arguments);
    va_end(arguments);
}

bool text_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print_line(stderr, "service_desk: ", format, arguments);
    va_end(arguments);
    return false;
}

bool text_fail_csq(const char *what, const csq_error *error)
{
    char place[64] = "";
    if (error->line > 0) {
        snprintf(place, sizeof place, ":%" PRId32 ":%" PRId32, error->line, error->column);
    }
    const char *before_path = error->path[0] != '\0' ? ": " : "";
    return text_fail("%s%s%s%s: %s (%s)", what, place, before_path, error->path, error->message,
                     csq_status_name(error->code));
}

/* ---- memory -------------------------------------------------------------------------------- */

void *text_grow(void *block, size_t size)
{
    void *grown = realloc(block, size != 0 ? size : 1);
    if (grown == NULL) {
        fprintf(stderr, "service_desk: out of memory (%zu bytes)\n", size);
        exit(EXIT_FAILURE);
    }
    return grown;
}

char *text_copy(csq_str text)
{
    char *copy = text_grow(NULL, (size_t)text.size + 1);
    if (text.size != 0) {
        memcpy(copy, text.data, (size_t)text.size);
    }
    copy[text.size] = '\0';
    return copy;
}

bool text_is_equal(csq_str a, csq_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, (size_t)a.size) == 0);
}

bool text_read_file(const char *path, uint64_t limit, char **out, uint64_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return text_fail("cannot open %s: %s", path, strerror(errno));
    }
    char *bytes = NULL;
    size_t used = 0;
    size_t got = 0;
    do {
        bytes = text_grow(bytes, used + 65536);
        got = fread(bytes + used, 1, 65536, file);
        used += got;
    } while (got != 0 && used <= limit);
    const bool is_read = !ferror(file);
    const int reason = errno;
    fclose(file);
    if (!is_read || used > limit) {
        free(bytes);
        return is_read ? text_fail("%s is larger than %" PRIu64 " bytes", path, limit)
                       : text_fail("cannot read %s: %s", path, strerror(reason));
    }
    *out = bytes;
    *size = used;
    return true;
}

/* ---- instants and numbers ------------------------------------------------------------------ */

bool text_parse_instant(csq_str text, csq_ms *out)
{
    if (text.size > 10 && (text.data[10] == 'T' || text.data[10] == 't')) {
        return csq_instant_parse(text, out, NULL) == CSQ_OK;
    }
    const csq_str date = {text.data, text.size < 10 ? text.size : 10};
    int32_t days = 0;
    csq_ms clock = 0;
    if (csq_date_parse(date, &days, NULL) != CSQ_OK) {
        return false;
    }
    if (text.size > 10) {
        const csq_str rest = {text.data + 11, text.size - 11};
        if (text.data[10] != ' ' || csq_clock_parse(rest, 86400000, &clock, NULL) != CSQ_OK) {
            return false;
        }
    }
    *out = (csq_ms)days * 86400000 + clock;
    return true;
}

/* Beyond the last date that has a name, in either direction. */
#define DATE_LIMIT (INT64_C(4000000) * 86400000)

const char *text_instant(char *out, csq_ms at, const csq_zone *zone)
{
    static const char weekdays[8][4] = {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    csq_local local = {.size = sizeof local};
    csq_date date = {.size = sizeof date};
    const int64_t days = at / 86400000 - (at % 86400000 < 0);
    if (at == CSQ_MS_NONE) {
        snprintf(out, TEXT_CAPACITY, "-");
    } else if (zone != NULL && csq_zone_local(zone, at, &local, NULL) == CSQ_OK) {
        snprintf(out, TEXT_CAPACITY, "%s %04d-%02d-%02d %02d:%02d", weekdays[local.weekday],
                 local.year, local.month, local.day, local.hour, local.minute);
    } else if (at >= -DATE_LIMIT && at <= DATE_LIMIT &&
               csq_date_of_days((int32_t)days, &date, NULL) == CSQ_OK) {
        const int minutes = (int)((at - days * 86400000) / 60000);
        snprintf(out, TEXT_CAPACITY, "%s %04d-%02d-%02d %02d:%02d", weekdays[date.weekday],
                 date.year, date.month, date.day, minutes / 60, minutes % 60);
    } else {
        snprintf(out, TEXT_CAPACITY, "%s", at < 0 ? "before all dates" : "after all dates");
    }
    return out;
}

const char *text_count(char *out, int64_t count)
{
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%" PRId64, count);
    const int first = digits[0] == '-' ? 1 : 0;
    char *end = out;
    for (int i = 0; i < length; ++i) {
        if (i > first && (length - i) % 3 == 0) {
            *end++ = ',';
        }
        *end++ = digits[i];
    }
    *end = '\0';
    return out;
}

const char *text_duration(char *out, csq_ms duration)
{
    if (duration == CSQ_MS_NONE) {
        snprintf(out, TEXT_CAPACITY, "-");
        return out;
    }
    const int64_t seconds = (duration < 0 ? -duration : duration) / 1000;
    char hours[TEXT_CAPACITY / 2];
    text_count(hours, seconds / 3600);
    const int minute = (int)(seconds / 60 % 60);
    const int second = (int)(seconds % 60);
    const char *sign = duration < 0 ? "-" : "";
    if (second != 0) {
        snprintf(out, TEXT_CAPACITY, "%s%s:%02d:%02d", sign, hours, minute, second);
    } else {
        snprintf(out, TEXT_CAPACITY, "%s%s:%02d", sign, hours, minute);
    }
    return out;
}

const char *text_share(char *out, int64_t part, int64_t whole)
{
    if (whole == 0) {
        snprintf(out, TEXT_CAPACITY, "no data");
    } else {
        snprintf(out, TEXT_CAPACITY, "%.2f %%", 100.0 * (double)part / (double)whole);
    }
    return out;
}
