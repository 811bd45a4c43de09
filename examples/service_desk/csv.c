/*
 * csv — reads the records of a CSV file one after the other (RFC 4180).
 *
 * A window of the file is kept that always holds a whole record of the longest kind, so that a
 * record can be given up and the line after its first one be read instead: a quote that is never
 * closed would otherwise swallow everything that follows. Fields are unquoted where they stand,
 * once the whole record is known to be good.
 *
 * Uses: text.
 */
#define _POSIX_C_SOURCE   200809L
#define _FILE_OFFSET_BITS 64

#include "csv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "text.h"

enum { CSV_WINDOW = 4 * CSV_RECORD_LIMIT };

struct csv_reader {
    FILE *file;
    char *path;
    int64_t size;
    csv_place place; /* of window[first] */
    size_t first;    /* window[first .. last) is not read yet */
    size_t last;
    bool is_at_end; /* nothing comes after the window */
    char window[CSV_WINDOW];
};

csv_reader *csv_open(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        text_fail("cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    struct stat status;
    if (fstat(fileno(file), &status) != 0 || !S_ISREG(status.st_mode)) {
        text_fail("%s is not a regular file, so an import could not be resumed", path);
        fclose(file);
        return NULL;
    }
    csv_reader *reader = text_grow(NULL, sizeof *reader);
    *reader = (csv_reader){.file = file, .path = text_copy(csq_str_of(path))};
    reader->size = (int64_t)status.st_size;
    reader->place.line = 1;
    return reader;
}

void csv_close(csv_reader *reader)
{
    if (reader != NULL) {
        fclose(reader->file);
        free(reader->path);
        free(reader);
    }
}

csv_place csv_tell(const csv_reader *reader)
{
    return reader->place;
}

int64_t csv_size(const csv_reader *reader)
{
    return reader->size;
}

bool csv_seek(csv_reader *reader, csv_place place)
{
    if (fseeko(reader->file, (off_t)place.byte, SEEK_SET) != 0) {
        return text_fail("cannot go to byte %lld of %s: %s", (long long)place.byte, reader->path,
                         strerror(errno));
    }
    reader->place = place;
    reader->first = 0;
    reader->last = 0;
    reader->is_at_end = false;
    return true;
}

/* Fills the window so that it holds a record of the longest kind, or all that is left. */
static bool csv_fill(csv_reader *reader)
{
    if (reader->is_at_end || reader->last - reader->first > CSV_RECORD_LIMIT) {
        return true;
    }
    memmove(reader->window, reader->window + reader->first, reader->last - reader->first);
    reader->last -= reader->first;
    reader->first = 0;
    while (reader->last < CSV_WINDOW && !reader->is_at_end) {
        const size_t got =
            fread(reader->window + reader->last, 1, CSV_WINDOW - reader->last, reader->file);
        if (got == 0 && ferror(reader->file)) {
            return text_fail("cannot read %s: %s", reader->path, strerror(errno));
        }
        reader->is_at_end = got == 0;
        reader->last += got;
    }
    return true;
}

bool csv_fingerprint(csv_reader *reader, int64_t *out)
{
    if (!csv_seek(reader, (csv_place){.byte = 0, .line = 1}) || !csv_fill(reader)) {
        return false;
    }
    const size_t head = reader->last < 65536 ? reader->last : 65536;
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < head; ++i) {
        hash = (hash ^ (unsigned char)reader->window[i]) * UINT64_C(1099511628211);
    }
    hash = (hash ^ (uint64_t)reader->size) * UINT64_C(1099511628211);
    *out = (int64_t)(hash >> 1);
    return true;
}

/* ---- records ------------------------------------------------------------------------------- */

static void csv_advance(csv_reader *reader, size_t n)
{
    for (size_t i = 0; i < n; ++i) {
        reader->place.line += reader->window[reader->first + i] == '\n';
    }
    reader->first += n;
    reader->place.byte += (int64_t)n;
}

/* Leaves the line behind that the reader stands in, however long it is. */
static bool csv_skip_line(csv_reader *reader)
{
    for (;;) {
        if (!csv_fill(reader)) {
            return false;
        }
        const char *start = reader->window + reader->first;
        const size_t left = reader->last - reader->first;
        const char *newline = left != 0 ? memchr(start, '\n', left) : NULL;
        csv_advance(reader, newline != NULL ? (size_t)(newline - start) + 1 : left);
        if (newline != NULL || reader->is_at_end) {
            return true;
        }
    }
}

/* Where reading stands in a record. The bytes stay as they are until the whole record is good. */
typedef struct csv_cursor {
    char *at;
    char *end;          /* of the window, or of the longest record */
    bool is_last;       /* nothing comes after `end` */
    const char *reason; /* why the record is bad */
} csv_cursor;

static bool csv_is_over(const csv_cursor *cursor, size_t ahead)
{
    return (size_t)(cursor->end - cursor->at) <= ahead;
}

/* Moves behind a quoted field; the text between its quotes is [*start, *stop). */
static void csv_read_quoted(csv_cursor *cursor, char **start, char **stop)
{
    *start = ++cursor->at;
    for (; !csv_is_over(cursor, 0); ++cursor->at) {
        if (*cursor->at == '"') {
            *stop = cursor->at++;
            if (csv_is_over(cursor, 0) || *cursor->at != '"') {
                return;
            }
        }
    }
    cursor->reason = "a quoted field is not closed";
}

static void csv_read_plain(csv_cursor *cursor, char **start, char **stop)
{
    *start = cursor->at;
    while (!csv_is_over(cursor, 0) && *cursor->at != ',' && *cursor->at != '\n') {
        if (*cursor->at == '"') {
            cursor->reason = "a quote stands inside a field that is not quoted";
            return;
        }
        ++cursor->at;
    }
    *stop = cursor->at;
    if (*stop > *start && (*stop)[-1] == '\r' && (csv_is_over(cursor, 0) || *cursor->at == '\n')) {
        --*stop;
    }
}

/* Reads a field and what ends it; true when another one follows. */
static bool csv_read_field(csv_cursor *cursor, csv_record *record)
{
    char *start = cursor->at;
    char *stop = cursor->at;
    if (!csv_is_over(cursor, 0) && *cursor->at == '"') {
        csv_read_quoted(cursor, &start, &stop);
        if (!csv_is_over(cursor, 1) && cursor->at[0] == '\r' && cursor->at[1] == '\n') {
            ++cursor->at;
        }
    } else {
        csv_read_plain(cursor, &start, &stop);
    }
    if (cursor->reason != NULL) {
        return false;
    }
    if (record->n_fields == CSV_FIELD_LIMIT) {
        cursor->reason = "there are more than 256 fields";
        return false;
    }
    record->fields[record->n_fields++] = (csq_str){start, (uint64_t)(stop - start)};
    if (memchr(start, '\0', (size_t)(stop - start)) != NULL) {
        cursor->reason = "a field holds a NUL byte";
        return false;
    }
    if (csv_is_over(cursor, 0)) {
        cursor->reason = cursor->is_last ? NULL : "the record is longer than 65,536 bytes";
        return false;
    }
    const char delimiter = *cursor->at++;
    if (delimiter != ',' && delimiter != '\n') {
        cursor->reason = "text follows a closing quote";
    }
    return delimiter == ',';
}

/* Makes one quote out of two in the fields that are quoted. */
static void csv_unquote(csv_record *record, char *start)
{
    for (uint32_t i = 0; i < record->n_fields; ++i) {
        csq_str *field = &record->fields[i];
        char *text = start + (field->data - start);
        if (text == start || text[-1] != '"') {
            continue;
        }
        uint64_t size = 0;
        for (uint64_t from = 0; from < field->size; ++from) {
            text[size++] = text[from];
            from += text[from] == '"';
        }
        field->size = size;
    }
}

/* Empty lines and the byte order mark say nothing. */
static bool csv_skip_nothing(csv_reader *reader)
{
    if (!csv_fill(reader)) {
        return false;
    }
    if (reader->place.byte == 0 && reader->last - reader->first >= 3 &&
        memcmp(reader->window + reader->first, "\xEF\xBB\xBF", 3) == 0) {
        csv_advance(reader, 3);
    }
    while (reader->first < reader->last) {
        const char *at = reader->window + reader->first;
        const size_t left = reader->last - reader->first;
        const size_t blank = at[0] == '\n' ? 1 : left > 1 && at[0] == '\r' && at[1] == '\n' ? 2 : 0;
        if (blank == 0) {
            break;
        }
        csv_advance(reader, blank);
        if (!csv_fill(reader)) {
            return false;
        }
    }
    return true;
}

csv_result csv_next(csv_reader *reader, csv_record *record)
{
    if (!csv_skip_nothing(reader)) {
        return CSV_FAILED;
    }
    record->n_fields = 0;
    record->line = reader->place.line;
    record->reason = NULL;
    const size_t left = reader->last - reader->first;
    if (left == 0) {
        return CSV_END;
    }
    const size_t length = left < CSV_RECORD_LIMIT ? left : CSV_RECORD_LIMIT;
    char *start = reader->window + reader->first;
    csv_cursor cursor = {start, start + length, reader->is_at_end && length == left, NULL};
    while (csv_read_field(&cursor, record)) {
    }
    if (cursor.reason != NULL) {
        record->reason = cursor.reason;
        return csv_skip_line(reader) ? CSV_BAD : CSV_FAILED;
    }
    csv_advance(reader, (size_t)(cursor.at - start));
    csv_unquote(record, start);
    return CSV_RECORD;
}
