/*
 * csv — reads the records of a CSV file one after the other (RFC 4180).
 *
 * Fields may be quoted, with doubled quotes, commas and line breaks inside; lines end in LF or
 * CRLF; a UTF-8 byte order mark at the start is skipped, and so are empty lines. A record that
 * breaks these rules costs one line, not the rest of the file: reading goes on at the next line.
 */
#ifndef SERVICE_DESK_CSV_H
#define SERVICE_DESK_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

/* The longest record, and the most fields of one. */
enum { CSV_RECORD_LIMIT = 65536, CSV_FIELD_LIMIT = 256 };

typedef struct csv_reader csv_reader;

typedef enum csv_result {
    CSV_RECORD, /* fields are there */
    CSV_BAD,    /* not CSV: `reason` says why */
    CSV_END,
    CSV_FAILED /* the file cannot be read; said on stderr */
} csv_result;

/* Valid until the next call. */
typedef struct csv_record {
    csq_str fields[CSV_FIELD_LIMIT];
    uint32_t n_fields;
    int64_t line;       /* on which the record begins, from 1 */
    const char *reason; /* of CSV_BAD */
} csv_record;

/* A place between two records, from which reading can go on in another run of the program. */
typedef struct csv_place {
    int64_t byte;
    int64_t line;
} csv_place;

/* Says on stderr why it fails. */
csv_reader *csv_open(const char *path);
void csv_close(csv_reader *reader);

csv_result csv_next(csv_reader *reader, csv_record *record);

csv_place csv_tell(const csv_reader *reader);
bool csv_seek(csv_reader *reader, csv_place place);

int64_t csv_size(const csv_reader *reader); /* bytes */
/*
 * A number made of the file's size and first 64 KiB, to recognise a file again. It reads from the
 * start and leaves the reader there.
 */
bool csv_fingerprint(csv_reader *reader, int64_t *out);

#endif
