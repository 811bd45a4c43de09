/*
 * event_columns — finding the rows of a log in columns that no ticket can have.
 *
 * Each row is checked for itself first. What is left is looked at ticket by ticket in the order of
 * (instant, sequence), so that the verdict does not depend on the order of the rows; only of rows
 * that share a sequence and contradict each other, the first in the columns stays, as it does with
 * csq_ticket_apply. Rows that come in order need one bit each; others 8 bytes more, and 64
 * while they are sorted. Memory comes from the schema's allocator.
 *
 * Uses: base, column, condition.
 */
#include "ticket/event_rows.h"

typedef struct columns_check {
    csq__rows rows;
    uint8_t *bad; /* as for the caller */
    uint64_t n_bad;
    uint64_t first_bad; /* row, with its fault; valid if n_bad > 0 */
    csq__row_fault first_fault;
    uint64_t *order; /* numbers of good rows in their order; NULL: as they come */
    size_t n_order;
} columns_check;

/* ---- rows ---------------------------------------------------------------------------------- */

static bool row_is_bad(const columns_check *check, uint64_t row)
{
    return (check->bad[row / 8] >> (row % 8) & 1) != 0;
}

static void row_refuse(columns_check *check, uint64_t row, csq__row_fault fault)
{
    if (check->n_bad == 0 || row < check->first_bad) {
        check->first_bad = row;
        check->first_fault = fault;
    }
    check->bad[row / 8] |= (uint8_t)(1U << (row % 8));
    check->n_bad++;
}

/* ---- order --------------------------------------------------------------------------------- */

/* Most pairs differ in their tickets, so the rest is loaded only if they do not. */
static int row_compare(const void *a, const void *b, const void *user)
{
    const uint64_t row_a = *(const uint64_t *)a;
    const uint64_t row_b = *(const uint64_t *)b;
    const uint64_t ticket_a = csq__row_ticket(user, row_a);
    const uint64_t ticket_b = csq__row_ticket(user, row_b);
    if (ticket_a != ticket_b) {
        return ticket_a < ticket_b ? -1 : 1;
    }
    const csq__log_row x = csq__row_key(user, row_a);
    const csq__log_row y = csq__row_key(user, row_b);
    const int order = csq__event_compare(&x.event, &y.event);
    return order != 0 ? order : (row_a > row_b) - (row_a < row_b);
}

static int row_compare_sequences(const void *a, const void *b, const void *user)
{
    const uint64_t row_a = *(const uint64_t *)a;
    const uint64_t row_b = *(const uint64_t *)b;
    const uint64_t x = csq__row_key(user, row_a).event.sequence;
    const uint64_t y = csq__row_key(user, row_b).event.sequence;
    if (x != y) {
        return x < y ? -1 : 1;
    }
    return (row_a > row_b) - (row_a < row_b);
}

/* Whether `row` may follow `before` without sorting: in order, and its sequence is a new one. */
static bool row_follows(const csq__log_row *row, const csq__log_row *before)
{
    if (row->ticket != before->ticket) {
        return row->ticket > before->ticket;
    }
    return row->event.at >= before->event.at && row->event.sequence > before->event.sequence;
}

/* Checks each row for itself; true when the good ones come in order. */
static bool columns_check_rows(columns_check *check)
{
    bool is_ordered = true;
    bool has_before = false;
    csq__log_row before = {0};
    csq__row_block block;
    for (uint64_t first = 0; first < check->rows.n; first += CSQ__ROW_BLOCK) {
        const uint64_t left = check->rows.n - first;
        const uint64_t n = left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK;
        csq__rows_load(&check->rows, first, n, &block);
        for (uint64_t i = 0; i < n; i++) {
            csq__log_row row;
            const csq__row_fault fault = csq__row_read(&check->rows, &block, i, &row);
            if (fault != CSQ__ROW_IS_GOOD) {
                row_refuse(check, first + i, fault);
                continue;
            }
            is_ordered = is_ordered && (!has_before || row_follows(&row, &before));
            has_before = true;
            before = row;
        }
    }
    return is_ordered;
}

static csq_status columns_sort(columns_check *check, csq_error *error)
{
    uint64_t *order;
    const csq_status status =
        csq__rows_sort(&check->rows, &check->rows.allocator, &order, NULL, error);
    if (status != CSQ_OK) {
        return status;
    }
    for (uint64_t i = 0; i < check->rows.n; i++) {
        if (!row_is_bad(check, order[i])) {
            order[check->n_order++] = order[i];
        }
    }
    check->order = order;
    return CSQ_OK;
}

/* ---- tickets ------------------------------------------------------------------------------- */

static uint64_t row_number(const columns_check *check, size_t place)
{
    return check->order == NULL ? place : check->order[place];
}

/* Whether the row at a place is good so far, and what it says. */
static bool row_at_place(const columns_check *check, size_t place, csq__log_row *out)
{
    const uint64_t row = row_number(check, place);
    return !row_is_bad(check, row) && csq__row_load(&check->rows, row, out) == CSQ__ROW_IS_GOOD;
}

/* Refuses rows that repeat a sequence with other content. Only sorted rows can have such. */
static void ticket_rows_check_repeats(columns_check *check, size_t first, size_t end)
{
    uint64_t *rows = check->order + first;
    const size_t n = end - first;
    csq__sort(rows, n, sizeof *rows, row_compare_sequences, &check->rows);
    csq__log_row kept = {0};
    for (size_t i = 0; i < n; i++) {
        csq__log_row row = {0};
        (void)csq__row_load(&check->rows, rows[i], &row);
        if (i == 0 || row.event.sequence != kept.event.sequence) {
            kept = row;
        } else if (!csq__event_is_same(&row.event, &kept.event)) {
            row_refuse(check, rows[i], CSQ__ROW_REPEATED);
        }
    }
    csq__sort(rows, n, sizeof *rows, row_compare, &check->rows);
}

/* The place of the first creation in [first, end), or `end`. */
static size_t ticket_rows_creation(const columns_check *check, size_t first, size_t end)
{
    csq__log_row row;
    size_t i = first;
    while (i < end && !(row_at_place(check, i, &row) && row.event.kind == CSQ_EVENT_CREATED)) {
        i++;
    }
    return i;
}

/* Why an event cannot follow those that were kept. The same event again can. */
static csq__row_fault ticket_rows_fault(const csq__event *event, const csq__event *created,
                                        const csq__event *merged)
{
    if (merged->kind != 0 && event->sequence != merged->sequence) {
        return CSQ__ROW_AFTER_MERGE;
    }
    const bool is_second = event->kind == CSQ_EVENT_CREATED && created->kind != 0 &&
                           event->sequence != created->sequence;
    return is_second ? CSQ__ROW_SECOND_CREATION : CSQ__ROW_IS_GOOD;
}

/* Refuses what comes before the creation or after the merge, and further creations. */
static void ticket_rows_check_order(columns_check *check, size_t first, size_t end)
{
    const size_t creation = ticket_rows_creation(check, first, end);
    const size_t begin = creation < end ? creation : first;
    for (size_t i = first; i < begin; i++) {
        if (!row_is_bad(check, row_number(check, i))) {
            row_refuse(check, row_number(check, i), CSQ__ROW_BEFORE_CREATION);
        }
    }
    csq__event created = {0};
    csq__event merged = {0};
    for (size_t i = begin; i < end; i++) {
        csq__log_row row;
        if (!row_at_place(check, i, &row)) {
            continue;
        }
        const csq__row_fault fault = ticket_rows_fault(&row.event, &created, &merged);
        if (fault != CSQ__ROW_IS_GOOD) {
            row_refuse(check, row_number(check, i), fault);
        } else if (row.event.kind == CSQ_EVENT_CREATED) {
            created = row.event;
        } else if (row.event.kind == CSQ_EVENT_MERGE) {
            merged = row.event;
        }
    }
}

static void ticket_rows_check(columns_check *check, size_t first, size_t end)
{
    if (check->order != NULL && check->rows.has_sequences) {
        ticket_rows_check_repeats(check, first, end);
    }
    ticket_rows_check_order(check, first, end);
}

static void columns_check_tickets(columns_check *check)
{
    const size_t n = check->order == NULL ? (size_t)check->rows.n : check->n_order;
    size_t first = 0;
    uint64_t ticket = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t row = row_number(check, i);
        if (!row_is_bad(check, row) && csq__row_ticket(&check->rows, row) != ticket) {
            ticket_rows_check(check, first, i);
            first = i;
            ticket = csq__row_ticket(&check->rows, row);
        }
    }
    ticket_rows_check(check, first, n);
}

/* ---- the columns --------------------------------------------------------------------------- */

static size_t columns_bad_size(const columns_check *check)
{
    return (size_t)((check->rows.n + 7) / 8);
}

static csq_status columns_find_bad(columns_check *check, csq_error *error)
{
    check->bad = csq__allocate_zeroed(&check->rows.allocator, columns_bad_size(check));
    if (check->bad == NULL) {
        return csq__fail_memory(error);
    }
    if (!columns_check_rows(check)) {
        const csq_status status = columns_sort(check, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    columns_check_tickets(check);
    return CSQ_OK;
}

static void columns_release(columns_check *check)
{
    const csq_allocator *memory = &check->rows.allocator;
    csq__release(memory, check->order, (size_t)check->rows.n * sizeof *check->order);
    csq__release(memory, check->bad, columns_bad_size(check));
    csq__rows_release(&check->rows);
}

csq_status csq_event_columns_check(const csq_schema *schema, const csq_event_columns *columns,
                                   uint8_t *bad, uint64_t *n_bad, csq_error *error)
{
    if (n_bad == NULL) {
        return csq__fail_null(error, "n_bad");
    }
    columns_check check = {0};
    csq_status status = csq__rows_init(&check.rows, schema, columns, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (check.rows.n == 0) {
        *n_bad = 0;
    } else if (bad == NULL) {
        status = csq__fail_null(error, "bad");
    } else {
        status = columns_find_bad(&check, error);
    }
    if (status == CSQ_OK && check.rows.n > 0) {
        memcpy(bad, check.bad, columns_bad_size(&check));
        *n_bad = check.n_bad;
    }
    if (status == CSQ_OK && check.n_bad > 0) {
        csq__row_describe(&check.rows, check.first_bad, check.first_fault, error);
    }
    columns_release(&check);
    return status;
}
