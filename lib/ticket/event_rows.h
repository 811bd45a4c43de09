/*
 * event_rows — rows of a log in columns, each checked for itself and made an event.
 *
 * Rows are loaded in blocks; a row that cannot be an event has a fault, which is described only
 * when somebody asks. Memory comes from the schema's allocator.
 *
 * Uses: base, column, condition.
 */
#ifndef CSQ_TICKET_EVENT_ROWS_H
#define CSQ_TICKET_EVENT_ROWS_H

#include "column/column_internal.h"
#include "ticket/ticket_internal.h"

enum { CSQ__ROW_BLOCK = 256 };

/* What is wrong with a row. */
typedef enum csq__row_fault {
    CSQ__ROW_IS_GOOD,
    CSQ__ROW_TICKET, /* these five: the column has no usable value */
    CSQ__ROW_AT,
    CSQ__ROW_TYPE,
    CSQ__ROW_VALUE,
    CSQ__ROW_SEQUENCE,
    CSQ__ROW_NO_TYPE, /* these six: the row cannot be an event */
    CSQ__ROW_NO_INSTANT,
    CSQ__ROW_FAR_INSTANT,
    CSQ__ROW_NO_CODE,
    CSQ__ROW_VALUE_OUTSIDE,
    CSQ__ROW_NAMES_ITSELF,
    CSQ__ROW_REPEATED, /* these four: the other rows of the ticket do not allow it */
    CSQ__ROW_SECOND_CREATION,
    CSQ__ROW_BEFORE_CREATION,
    CSQ__ROW_AFTER_MERGE
} csq__row_fault;

typedef struct csq__row_type {
    csq__event event;
    csq__value_range range;
    const uint32_t *codes;
    uint64_t n_codes;
} csq__row_type;

typedef struct csq__rows {
    csq_allocator allocator;
    csq_event_columns columns;
    uint64_t n;
    int64_t tick_ms;
    bool has_values;
    bool has_sequences;
    csq__row_type *types;
    size_t n_types;
} csq__rows;

typedef struct csq__row_block {
    uint64_t tickets[CSQ__ROW_BLOCK];
    int64_t at[CSQ__ROW_BLOCK];
    int64_t types[CSQ__ROW_BLOCK];
    int64_t values[CSQ__ROW_BLOCK];
    uint64_t sequences[CSQ__ROW_BLOCK];
    uint8_t faults[CSQ__ROW_BLOCK]; /* csq__row_fault, the first five */
} csq__row_block;

/* A row that is good for itself. */
typedef struct csq__log_row {
    uint64_t ticket;
    csq__event event;
} csq__log_row;

/* Checks columns and types. Errors: CSQ_EINVAL, CSQ_EABI, CSQ_EABI_NEWER, CSQ_EMISMATCH,
 * CSQ_ENOMEM, and what a type contradicts itself with; then nothing has to be released. */
csq_status csq__rows_init(csq__rows *rows, const csq_schema *schema,
                          const csq_event_columns *columns, csq_error *error);
void csq__rows_release(csq__rows *rows);

/* Loads rows [first, first + n), at most a block. */
void csq__rows_load(const csq__rows *rows, uint64_t first, uint64_t n, csq__row_block *block);
/* Makes row `i` of a block an event; `out` is written only for a good one. */
csq__row_fault csq__row_read(const csq__rows *rows, const csq__row_block *block, uint64_t i,
                             csq__log_row *out);
/* Both for a single row. */
csq__row_fault csq__row_load(const csq__rows *rows, uint64_t row, csq__log_row *out);
/* The ticket of a good row. */
uint64_t csq__row_ticket(const csq__rows *rows, uint64_t row);
/* What decides the order of a good row: ticket, instant, sequence. The other members are 0. */
csq__log_row csq__row_key(const csq__rows *rows, uint64_t row);

/* Fills `error` with what is wrong with the row; its index is the row, its field the column. */
void csq__row_describe(const csq__rows *rows, uint64_t row, csq__row_fault fault,
                       csq_error *error);

#endif
