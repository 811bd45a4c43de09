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
    CSQ__ROW_NO_TYPE, /* these seven: the row cannot be an event */
    CSQ__ROW_NO_INSTANT,
    CSQ__ROW_FAR_INSTANT,
    CSQ__ROW_NO_CODE,
    CSQ__ROW_VALUE_OUTSIDE,
    CSQ__ROW_VALUE_AHEAD,
    CSQ__ROW_NAMES_ITSELF,
    CSQ__ROW_REPEATED, /* these four: the other rows of the ticket do not allow it */
    CSQ__ROW_SECOND_CREATION,
    CSQ__ROW_BEFORE_CREATION,
    CSQ__ROW_AFTER_MERGE
} csq__row_fault;

typedef struct csq__row_type {
    csq__event event;
    bool is_compared; /* the value with the row: it is another ticket's id, or an instant before */
    csq__value_range range;
    const uint32_t *codes;
    uint64_t n_codes;
    int64_t *table; /* what values from 0 on stand for; CSQ_MS_NONE, also at the end: look closer */
    uint64_t n_table; /* before the end */
} csq__row_type;

typedef struct csq__rows {
    csq_allocator allocator;
    csq_event_columns columns;
    uint64_t n;
    int64_t tick_ms;
    int64_t last_tick; /* the largest value of `at` that is an instant, in either direction */
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
    uint64_t sequences[CSQ__ROW_BLOCK]; /* unless rows are numbered */
    uint64_t first;                     /* the number of the first row, where they are */
    bool is_numbered;
    uint8_t faults[CSQ__ROW_BLOCK]; /* csq__row_fault, the first five */
    bool has_faults;
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
/* Says that these rows, as far as there are that many, will be loaded soon. */
void csq__rows_prefetch(const csq__rows *rows, uint64_t first, uint64_t n);
/* Loads the rows of these numbers, at most a block, which are known to be good for themselves. */
void csq__rows_gather(const csq__rows *rows, const uint64_t *numbers, uint64_t n,
                      csq__row_block *block);
/* The value of a row as its event has it, where the table of its type does not tell. */
csq__row_fault csq__row_value(const csq__rows *rows, const csq__row_type *type,
                              const csq__row_block *block, uint64_t i, int64_t *out);

/*
 * Checks row `i` of a block: what its type says (`*type`, an event without instant and value), its
 * instant and its value. They are written only where the row is good.
 */
static inline csq__row_fault csq__row_check(const csq__rows *rows, const csq__row_block *block,
                                            uint64_t i, const csq__row_type **type, csq_ms *at,
                                            int64_t *value)
{
    if (__builtin_expect(block->has_faults, 0) && block->faults[i] != CSQ__ROW_IS_GOOD) {
        return (csq__row_fault)block->faults[i];
    }
    const uint64_t tick = (uint64_t)block->at[i];
    const uint64_t last = (uint64_t)rows->last_tick;
    if (__builtin_expect((uint64_t)block->types[i] >= rows->n_types, 0)) {
        return CSQ__ROW_NO_TYPE;
    }
    if (__builtin_expect(tick + last > 2 * last, 0)) {
        return block->at[i] == CSQ_MS_NONE ? CSQ__ROW_NO_INSTANT : CSQ__ROW_FAR_INSTANT;
    }
    const csq__row_type *const found = &rows->types[block->types[i]];
    const uint64_t given = (uint64_t)block->values[i];
    int64_t known = found->table[given < found->n_table ? given : found->n_table];
    if (__builtin_expect(known == CSQ_MS_NONE, 0)) {
        const csq__row_fault fault = csq__row_value(rows, found, block, i, &known);
        if (fault != CSQ__ROW_IS_GOOD) {
            return fault;
        }
    }
    *type = found;
    *at = block->at[i] * rows->tick_ms;
    *value = known;
    return CSQ__ROW_IS_GOOD;
}

/* The sequence of a row; where there are none, its number. */
static inline uint64_t csq__row_sequence(const csq__row_block *block, uint64_t i)
{
    return block->is_numbered ? block->first + i : block->sequences[i];
}

/* Makes row `i` of a block an event; `out` is written only for a good one. */
static inline csq__row_fault csq__row_read(const csq__rows *rows, const csq__row_block *block,
                                           uint64_t i, csq__log_row *out)
{
    const csq__row_type *type;
    csq_ms at;
    int64_t value;
    const csq__row_fault fault = csq__row_check(rows, block, i, &type, &at, &value);
    if (fault == CSQ__ROW_IS_GOOD) {
        *out = (csq__log_row){block->tickets[i], type->event};
        out->event.at = at;
        out->event.value = value;
        out->event.sequence = csq__row_sequence(block, i);
    }
    return fault;
}
/* Both for a single row. */
csq__row_fault csq__row_load(const csq__rows *rows, uint64_t row, csq__log_row *out);
/* The ticket of a good row. */
uint64_t csq__row_ticket(const csq__rows *rows, uint64_t row);
/* What decides the order of a good row: ticket, instant, sequence. The other members are 0. */
csq__log_row csq__row_key(const csq__rows *rows, uint64_t row);

/*
 * Sorts the numbers of all rows by (ticket, instant, sequence, number) into a new block of rows->n
 * numbers, which the caller releases. `*may_repeat` (NULL: not asked for): whether a
 * sequence may come twice in a ticket, as sequences do not grow with the instants. Takes 64 bytes a
 * row meanwhile. Errors: CSQ_ENOMEM.
 */
csq_status csq__rows_sort(const csq__rows *rows, const csq_allocator *allocator, uint64_t **out,
                          bool *may_repeat, csq_error *error);

/* Fills `error` with what is wrong with the row; its index is the row, its field the column. */
void csq__row_describe(const csq__rows *rows, uint64_t row, csq__row_fault fault, csq_error *error);

#endif
