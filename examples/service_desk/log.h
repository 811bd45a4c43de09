/*
 * log — what a row of the incident log says, as one update of one incident.
 *
 * The log is an export of an audit table: each row repeats the whole incident as it was after an
 * update. Columns are found by their names in the header; those not needed here are ignored, so
 * the full export and an extract of some columns both do.
 */
#ifndef SERVICE_DESK_LOG_H
#define SERVICE_DESK_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "csv.h"

enum { LOG_COLUMNS = 9, LOG_REASON_CAPACITY = 512 };

/* Where the columns stand in a record. */
typedef struct log_layout {
    uint32_t index[LOG_COLUMNS];
    uint32_t n_fields;
} log_layout;

/* One update. Text is borrowed from the record, or from the statement that read it. */
typedef struct log_row {
    csq_str number;   /* of the incident */
    int64_t sequence; /* sys_mod_count: the source's own running number of updates */
    csq_ms opened_at; /* of the incident */
    csq_ms at;        /* of the update */
    csq_str status;
    csq_str priority; /* "P3" */
    csq_str group;
    csq_str assignee;
    int32_t made_sla; /* what the source says about its own service level: 1, 0 */
} log_row;

/* Says on stderr which columns are missing. */
bool log_find_columns(const csv_record *header, const char *path, log_layout *out);

/*
 * Reads a record; false with a reason when it is no update that an incident can have. The columns
 * resolved_at and closed_at are never read: the export fills them in from the future.
 */
bool log_read_row(const log_layout *layout, const csv_record *record, log_row *out,
                  char reason[LOG_REASON_CAPACITY]);

#endif
