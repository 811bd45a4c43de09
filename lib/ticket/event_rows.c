/*
 * event_rows — loading rows of a log from columns and checking each for itself.
 *
 * What a type says is checked once, so that a row costs its columns, a look-up and two comparisons.
 *
 * Uses: base, column, condition.
 */
#include "ticket/event_rows.h"

/* ---- columns and types --------------------------------------------------------------------- */

static csq_status rows_check_columns(csq__rows *rows, csq_error *error)
{
    const csq_event_columns *columns = &rows->columns;
    const struct {
        const csq_column *column;
        const char *name;
        bool is_needed;
    } each[] = {
        {&columns->ticket, "ticket", true},      {&columns->at, "at", true},
        {&columns->type, "type", true},          {&columns->value, "value", false},
        {&columns->sequence, "sequence", false},
    };
    rows->n = columns->ticket.length;
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        if (each[i].is_needed || csq__column_is_given(each[i].column)) {
            const csq_status status =
                csq__column_check(each[i].column, each[i].name, rows->n, error);
            if (status != CSQ_OK) {
                return status;
            }
        }
    }
    if (columns->tick_ms < 0 || columns->reserved != 0) {
        const bool is_tick = columns->tick_ms < 0;
        csq__fail_value(error, is_tick ? "tick_ms" : "reserved",
                        is_tick ? columns->tick_ms : columns->reserved);
        csq__error_field(error, is_tick ? offsetof(csq_event_columns, tick_ms)
                                        : offsetof(csq_event_columns, reserved));
        return CSQ_EINVAL;
    }
    rows->tick_ms = columns->tick_ms == 0 ? 1 : columns->tick_ms;
    rows->last_tick = INT64_MAX / rows->tick_ms;
    rows->has_values = csq__column_is_given(&columns->value);
    rows->has_sequences = csq__column_is_given(&columns->sequence);
    return CSQ_OK;
}

/* `at` is where a type begins that the caller gave `stride` bytes. */
static csq_status rows_read_type(const csq_schema *schema, const char *at, uint64_t stride,
                                 csq__row_type *out, csq_error *error)
{
    csq_event_type type;
    csq_status status = csq__element_read(at, stride, CSQ__FIRST_SIZE(csq_event_type, n_codes),
                                          &type, sizeof type, error);
    if (status == CSQ_OK) {
        status = csq__event_type_check(schema, &type, &out->event, error);
    }
    if (status == CSQ_OK) {
        out->range = csq__event_value_range(schema, &out->event);
        out->is_compared = type.kind == CSQ_EVENT_MERGE || type.kind == CSQ_EVENT_SPLIT ||
                           type.kind == CSQ_EVENT_INHERIT;
        out->codes = type.codes;
        out->n_codes = type.n_codes;
    }
    return status;
}

/* What a value that is there stands for; false for an index beyond the codes. */
static bool value_of(const csq__row_type *type, int64_t given, int64_t *out)
{
    if (type->codes != NULL && (uint64_t)given >= type->n_codes) {
        return false;
    }
    *out = type->codes == NULL ? given : type->codes[given];
    return true;
}

static bool is_in_range(const csq__row_type *type, int64_t value)
{
    return value >= type->range.low && value <= type->range.high;
}

enum { ROW_TABLE_LIMIT = 65536 };

/* Writes down what the values from 0 on stand for, where that is quicker than asking. */
static bool rows_make_table(const csq_allocator *allocator, csq__row_type *type)
{
    const bool is_short = type->range.low >= 0 && type->range.high < ROW_TABLE_LIMIT;
    const uint64_t n = type->codes != NULL ? type->n_codes
                       : is_short          ? (uint64_t)type->range.high + 1
                                           : 0;
    type->n_table = type->is_compared || n > ROW_TABLE_LIMIT ? 0 : n;
    type->table = csq__allocate_array(allocator, (size_t)type->n_table + 1, sizeof *type->table);
    if (type->table == NULL) {
        return false;
    }
    for (uint64_t i = 0; i <= type->n_table; i++) {
        int64_t value;
        const bool tells =
            i < type->n_table && value_of(type, (int64_t)i, &value) && is_in_range(type, value);
        type->table[i] = tells ? value : CSQ_MS_NONE;
    }
    return true;
}

static csq_status rows_read_types(csq__rows *rows, const csq_schema *schema, csq_error *error)
{
    const csq_event_columns *columns = &rows->columns;
    const size_t n = (size_t)columns->n_types;
    const char *first = (const char *)columns->types;
    uint64_t stride = columns->type_stride;
    if (first == NULL && n > 0) {
        return csq__fail_null(error, "types");
    }
    if (stride == 0 && n > 0) {
        uint32_t size;
        memcpy(&size, first, sizeof size);
        stride = size;
    }
    for (size_t i = 0; i < n; i++) {
        csq_status status =
            rows_read_type(schema, first + i * stride, stride, &rows->types[i], error);
        if (status == CSQ_OK && !rows_make_table(&rows->allocator, &rows->types[i])) {
            status = csq__fail_memory(error);
        }
        if (status != CSQ_OK) {
            csq__error_index(error, (int64_t)i);
            csq__error_path_index(error, (int64_t)i);
            csq__error_path(error, CSQ__STR("types"));
            return status;
        }
    }
    return CSQ_OK;
}

csq_status csq__rows_init(csq__rows *rows, const csq_schema *schema,
                          const csq_event_columns *columns, csq_error *error)
{
    *rows = (csq__rows){0};
    if (columns == NULL) {
        return csq__fail_null(error, "columns");
    }
    csq_status status = csq__ticket_schema_check(schema, error);
    if (status == CSQ_OK) {
        status = csq__struct_read(columns, CSQ__FIRST_SIZE(csq_event_columns, tick_ms),
                                  &rows->columns, sizeof rows->columns, error);
    }
    if (status == CSQ_OK) {
        status = rows_check_columns(rows, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    rows->allocator = csq__schema_allocator(schema);
    rows->n_types = (size_t)rows->columns.n_types;
    rows->types = csq__allocate_array(&rows->allocator, rows->n_types, sizeof *rows->types);
    if (rows->types == NULL) {
        return csq__fail_memory(error);
    }
    memset(rows->types, 0, rows->n_types * sizeof *rows->types);
    status = rows_read_types(rows, schema, error);
    if (status != CSQ_OK) {
        csq__rows_release(rows);
    }
    return status;
}

void csq__rows_release(csq__rows *rows)
{
    const size_t n = rows->n_types == 0 ? 1 : rows->n_types;
    for (size_t i = 0; rows->types != NULL && i < rows->n_types; i++) {
        csq__release(&rows->allocator, rows->types[i].table,
                     ((size_t)rows->types[i].n_table + 1) * sizeof *rows->types[i].table);
    }
    csq__release(&rows->allocator, rows->types, n * sizeof *rows->types);
    rows->types = NULL;
}

/* ---- loading ------------------------------------------------------------------------------- */

static void row_fault_set(csq__row_block *block, uint64_t i, csq__row_fault fault)
{
    block->has_faults = true;
    if (block->faults[i] == CSQ__ROW_IS_GOOD) {
        block->faults[i] = (uint8_t)fault;
    }
}

static void rows_load_integers(csq__row_block *block, const csq_column *column, uint64_t first,
                               uint64_t n, int64_t *out, csq__row_fault fault)
{
    uint64_t done = 0;
    uint64_t bad_row;
    while (csq__column_load(column, first + done, n - done, out + done, &bad_row) != CSQ_OK) {
        done = bad_row - first;
        row_fault_set(block, done, fault);
        out[done++] = 0;
    }
}

static void rows_load_ids(csq__row_block *block, const csq_column *column, uint64_t first,
                          uint64_t n, uint64_t *out, csq__row_fault fault)
{
    uint64_t done = 0;
    uint64_t bad_row;
    while (csq__column_load_ids(column, first + done, n - done, out + done, &bad_row) != CSQ_OK) {
        done = bad_row - first;
        row_fault_set(block, done, fault);
        out[done++] = 0;
    }
}

void csq__rows_load(const csq__rows *rows, uint64_t first, uint64_t n, csq__row_block *block)
{
    const csq_event_columns *columns = &rows->columns;
    memset(block->faults, CSQ__ROW_IS_GOOD, (size_t)n);
    block->has_faults = false;
    rows_load_ids(block, &columns->ticket, first, n, block->tickets, CSQ__ROW_TICKET);
    rows_load_integers(block, &columns->at, first, n, block->at, CSQ__ROW_AT);
    rows_load_integers(block, &columns->type, first, n, block->types, CSQ__ROW_TYPE);
    if (rows->has_values) {
        rows_load_integers(block, &columns->value, first, n, block->values, CSQ__ROW_VALUE);
    }
    if (rows->has_sequences) {
        rows_load_ids(block, &columns->sequence, first, n, block->sequences, CSQ__ROW_SEQUENCE);
    }
    for (uint64_t i = 0; i < n && !rows->has_values; i++) {
        block->values[i] = 0;
    }
    block->is_numbered = !rows->has_sequences;
    block->first = first;
}

void csq__rows_prefetch(const csq__rows *rows, uint64_t first, uint64_t n)
{
    const csq_event_columns *columns = &rows->columns;
    csq__column_prefetch(&columns->ticket, first, n);
    csq__column_prefetch(&columns->at, first, n);
    csq__column_prefetch(&columns->type, first, n);
    if (rows->has_values) {
        csq__column_prefetch(&columns->value, first, n);
    }
    if (rows->has_sequences) {
        csq__column_prefetch(&columns->sequence, first, n);
    }
}

static void rows_gather_one(const csq_column *column, const uint64_t *numbers, uint64_t n,
                            int64_t *out)
{
    if (csq__column_gather(column, numbers, n, out)) {
        return;
    }
    uint64_t bad_row;
    for (uint64_t i = 0; i < n; i++) {
        (void)csq__column_load(column, numbers[i], 1, &out[i], &bad_row);
    }
}

static void rows_gather_ids(const csq_column *column, const uint64_t *numbers, uint64_t n,
                            uint64_t *out)
{
    if (csq__column_gather(column, numbers, n, (int64_t *)out)) {
        return;
    }
    uint64_t bad_row;
    for (uint64_t i = 0; i < n; i++) {
        (void)csq__column_load_ids(column, numbers[i], 1, &out[i], &bad_row);
    }
}

void csq__rows_gather(const csq__rows *rows, const uint64_t *numbers, uint64_t n,
                      csq__row_block *block)
{
    const csq_event_columns *columns = &rows->columns;
    block->has_faults = false;
    block->is_numbered = false;
    rows_gather_ids(&columns->ticket, numbers, n, block->tickets);
    rows_gather_one(&columns->at, numbers, n, block->at);
    rows_gather_one(&columns->type, numbers, n, block->types);
    memset(block->values, 0, (size_t)n * sizeof *block->values);
    memcpy(block->sequences, numbers, (size_t)n * sizeof *numbers);
    if (rows->has_values) {
        rows_gather_one(&columns->value, numbers, n, block->values);
    }
    if (rows->has_sequences) {
        rows_gather_ids(&columns->sequence, numbers, n, block->sequences);
    }
}

csq__row_fault csq__row_value(const csq__rows *rows, const csq__row_type *type,
                              const csq__row_block *block, uint64_t i, int64_t *out)
{
    const int64_t given = block->values[i];
    if (given == CSQ_MS_NONE) {
        *out = type->range.missing;
    } else if (!value_of(type, given, out)) {
        return CSQ__ROW_NO_CODE;
    }
    if (!is_in_range(type, *out)) {
        return CSQ__ROW_VALUE_OUTSIDE;
    }
    if (csq__event_is_ahead(&type->event, block->at[i] * rows->tick_ms, *out)) {
        return CSQ__ROW_VALUE_AHEAD;
    }
    const bool names_itself = type->is_compared && type->event.kind != CSQ_EVENT_INHERIT &&
                              (uint64_t)*out == block->tickets[i];
    return names_itself ? CSQ__ROW_NAMES_ITSELF : CSQ__ROW_IS_GOOD;
}

csq__row_fault csq__row_load(const csq__rows *rows, uint64_t row, csq__log_row *out)
{
    csq__row_block block;
    csq__rows_load(rows, row, 1, &block);
    return csq__row_read(rows, &block, 0, out);
}

uint64_t csq__row_ticket(const csq__rows *rows, uint64_t row)
{
    uint64_t ticket = 0;
    uint64_t bad_row;
    (void)csq__column_load_ids(&rows->columns.ticket, row, 1, &ticket, &bad_row);
    return ticket;
}

csq__log_row csq__row_key(const csq__rows *rows, uint64_t row)
{
    csq__log_row key = {.ticket = csq__row_ticket(rows, row)};
    int64_t at = 0;
    uint64_t bad_row;
    (void)csq__column_load(&rows->columns.at, row, 1, &at, &bad_row);
    key.event.at = at * rows->tick_ms;
    key.event.sequence = row;
    if (rows->has_sequences) {
        const csq_column *column = &rows->columns.sequence;
        (void)csq__column_load_ids(column, row, 1, &key.event.sequence, &bad_row);
    }
    return key;
}

/* ---- describing ---------------------------------------------------------------------------- */

/* The member of csq_event_columns that holds what the fault is about. */
static size_t fault_field(csq__row_fault fault)
{
    switch (fault) {
    case CSQ__ROW_TICKET:
        return offsetof(csq_event_columns, ticket);
    case CSQ__ROW_TYPE:
    case CSQ__ROW_NO_TYPE:
    case CSQ__ROW_SECOND_CREATION:
        return offsetof(csq_event_columns, type);
    case CSQ__ROW_VALUE:
    case CSQ__ROW_NO_CODE:
    case CSQ__ROW_VALUE_OUTSIDE:
    case CSQ__ROW_VALUE_AHEAD:
    case CSQ__ROW_NAMES_ITSELF:
        return offsetof(csq_event_columns, value);
    case CSQ__ROW_SEQUENCE:
    case CSQ__ROW_REPEATED:
        return offsetof(csq_event_columns, sequence);
    default:
        return offsetof(csq_event_columns, at);
    }
}

/* Why a column has no usable value in a row. */
static void fault_describe_column(const csq__rows *rows, uint64_t row, csq__row_fault fault,
                                  csq_error *error)
{
    const csq_event_columns *columns = &rows->columns;
    uint64_t bad_row;
    uint64_t id;
    int64_t value;
    csq_status status;
    switch (fault) {
    case CSQ__ROW_TICKET:
        status = csq__column_load_ids(&columns->ticket, row, 1, &id, &bad_row);
        csq__column_fail_row(&columns->ticket, "ticket", row, status, error);
        break;
    case CSQ__ROW_AT:
        status = csq__column_load(&columns->at, row, 1, &value, &bad_row);
        csq__column_fail_row(&columns->at, "at", row, status, error);
        break;
    case CSQ__ROW_TYPE:
        status = csq__column_load(&columns->type, row, 1, &value, &bad_row);
        csq__column_fail_row(&columns->type, "type", row, status, error);
        break;
    case CSQ__ROW_VALUE:
        status = csq__column_load(&columns->value, row, 1, &value, &bad_row);
        csq__column_fail_row(&columns->value, "value", row, status, error);
        break;
    default:
        status = csq__column_load_ids(&columns->sequence, row, 1, &id, &bad_row);
        csq__column_fail_row(&columns->sequence, "sequence", row, status, error);
        break;
    }
}

/* Describes a row that has a value in every column and cannot be for itself. */
static void fault_describe_row(const csq__rows *rows, uint64_t row, csq__row_fault fault,
                               csq_error *error)
{
    csq__row_block block;
    csq__rows_load(rows, row, 1, &block);
    const int64_t value = block.values[0];
    if (fault == CSQ__ROW_NO_TYPE) {
        csq__fail(error, CSQ_ECODE, CSQ__TEXT("type "), CSQ__NUMBER(block.types[0]),
                  CSQ__TEXT(", expected 0 or more and below "),
                  CSQ__NUMBER((int64_t)rows->n_types));
        return;
    }
    if (fault == CSQ__ROW_NO_INSTANT || fault == CSQ__ROW_FAR_INSTANT) {
        csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no instant, or one beyond the range: "),
                  CSQ__NUMBER(block.at[0]), CSQ__TEXT(" times "), CSQ__NUMBER(rows->tick_ms),
                  CSQ__TEXT(" ms"));
        return;
    }
    const csq__row_type *type = &rows->types[block.types[0]];
    csq__event event = type->event;
    if (fault == CSQ__ROW_NO_CODE) {
        csq__fail(error, CSQ_ECODE, CSQ__TEXT("value "), CSQ__NUMBER(value),
                  CSQ__TEXT(", expected an index below "), CSQ__NUMBER((int64_t)type->n_codes));
    } else if (fault == CSQ__ROW_VALUE_OUTSIDE) {
        const bool is_missing = value == CSQ_MS_NONE;
        const int64_t code = is_missing || type->codes == NULL ? value : type->codes[value];
        csq__event_value_fail(&event, code, type->range, error);
    } else {
        event.at = block.at[0] * rows->tick_ms;
        event.value = value;
        csq__event_check_past(&event, error);
        csq__event_check_other(&event, block.tickets[0], error);
    }
}

static void fault_describe_place(csq__row_fault fault, csq_error *error)
{
    switch (fault) {
    case CSQ__ROW_REPEATED:
        csq__fail(error, CSQ_ECONFLICT,
                  CSQ__TEXT("an earlier row has the same sequence and other content"));
        break;
    case CSQ__ROW_SECOND_CREATION:
        csq__fail(error, CSQ_ECONFLICT, CSQ__TEXT("the ticket was created before"));
        break;
    case CSQ__ROW_BEFORE_CREATION:
        csq__fail(error, CSQ_EORDER, CSQ__TEXT("the event lies before the creation of its ticket"));
        break;
    default:
        csq__fail(error, CSQ_EMERGED, CSQ__TEXT("the event lies after the merge of its ticket"));
        break;
    }
}

void csq__row_describe(const csq__rows *rows, uint64_t row, csq__row_fault fault, csq_error *error)
{
    if (fault <= CSQ__ROW_SEQUENCE) {
        fault_describe_column(rows, row, fault, error);
    } else if (fault <= CSQ__ROW_NAMES_ITSELF) {
        fault_describe_row(rows, row, fault, error);
    } else {
        fault_describe_place(fault, error);
    }
    csq__error_index(error, (int64_t)row);
    csq__error_field(error, fault_field(fault));
}
