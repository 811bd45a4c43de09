/*
 * text — what the program says: messages, instants, durations, counts, and memory for text.
 *
 * Messages go to stderr and begin with the program's name. Control characters are shown escaped,
 * in messages as in lines on stdout, so a line stays one line. Instants are written as the clock of
 * a zone shows them, durations as hours and minutes (and seconds where there are any).
 */
#ifndef SERVICE_DESK_TEXT_H
#define SERVICE_DESK_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

#ifdef __GNUC__
#define TEXT_FORMAT(at, first) __attribute__((format(printf, at, first)))
#else
#define TEXT_FORMAT(at, first)
#endif

/* Two arguments for "%.*s". */
#define TEXT(view) (int)(view).size, (view).size != 0 ? (view).data : ""

/* Room for any text that the functions below write, with its NUL. */
enum { TEXT_CAPACITY = 64 };

/* What the format makes, safe to show; the caller frees it. */
char *text_format(const char *format, va_list arguments) TEXT_FORMAT(1, 0);
/* One line on stdout. */
void text_line(const char *format, ...) TEXT_FORMAT(1, 2);
/* One line on stderr. */
void text_say(const char *format, ...) TEXT_FORMAT(1, 2);
/* The same, and false: `return text_fail(...)`. */
bool text_fail(const char *format, ...) TEXT_FORMAT(1, 2);
/* What libcsq found wrong: "what", path, line and column as far as known, message. False. */
bool text_fail_csq(const char *what, const csq_error *error);

/* Grows or makes a block; ends the program when there is no memory. */
void *text_grow(void *block, size_t size);
/* A copy that ends with a NUL; the caller frees it. */
char *text_copy(csq_str text);
bool text_is_equal(csq_str a, csq_str b);
/* Reads a whole file of at most `limit` bytes; the caller frees `*out`. */
bool text_read_file(const char *path, uint64_t limit, char **out, uint64_t *size);

/*
 * Reads "2016-05-01", "2016-05-01 17:30" (as the clock of the log shows it, which counts as UTC) or
 * RFC 3339, "2016-05-01T17:30:00+02:00".
 */
bool text_parse_instant(csq_str text, csq_ms *out);

/* Each writes into a buffer of TEXT_CAPACITY bytes and returns it. */
const char *text_instant(char *out, csq_ms at, const csq_zone *zone); /* Mon 2016-05-02 17:30 */
const char *text_duration(char *out, csq_ms duration);                /* 1,063:59 */
const char *text_count(char *out, int64_t count);                     /* 23,466 */
/* part/whole as "63.4 %", "no data" where the whole is nothing. */
const char *text_share(char *out, int64_t part, int64_t whole);

#endif
