/*
 * event_sort — putting the rows of a log into the order in which they happened.
 *
 * The keys are gathered first, so that comparing does not go back to the columns.
 *
 * Uses: base, column, condition.
 */
#include "ticket/event_rows.h"

typedef struct row_key {
    uint64_t ticket;
    csq_ms at;
    uint64_t sequence;
    uint64_t row;
} row_key;

static int row_key_compare(const void *a, const void *b, const void *user)
{
    const row_key *x = a;
    const row_key *y = b;
    (void)user;
    if (x->ticket != y->ticket) {
        return x->ticket < y->ticket ? -1 : 1;
    }
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    if (x->sequence != y->sequence) {
        return x->sequence < y->sequence ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

static void row_keys_gather(const csq__rows *rows, row_key *keys)
{
    csq__row_block block;
    for (uint64_t first = 0; first < rows->n; first += CSQ__ROW_BLOCK) {
        const uint64_t left = rows->n - first;
        const uint64_t n = left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK;
        csq__rows_load(rows, first, n, &block);
        for (uint64_t i = 0; i < n; i++) {
            keys[first + i] =
                (row_key){block.tickets[i], block.at[i], block.sequences[i], first + i};
        }
    }
}

csq_status csq__rows_sort(const csq__rows *rows, const csq_allocator *allocator, uint64_t **out,
                          csq_error *error)
{
    const size_t n = (size_t)rows->n;
    row_key *keys = csq__allocate_array(allocator, n, sizeof *keys);
    uint64_t *order = csq__allocate_array(allocator, n, sizeof *order);
    if (keys == NULL || order == NULL) {
        csq__release(allocator, keys, n * sizeof *keys);
        csq__release(allocator, order, n * sizeof *order);
        return csq__fail_memory(error);
    }
    row_keys_gather(rows, keys);
    csq__sort(keys, n, sizeof *keys, row_key_compare, NULL);
    for (size_t i = 0; i < n; i++) {
        order[i] = keys[i].row;
    }
    csq__release(allocator, keys, n * sizeof *keys);
    *out = order;
    return CSQ_OK;
}
