/*
 * event_sort — putting the rows of a log into the order in which they happened.
 *
 * Radix sort from the last byte to the first (Knuth, TAOCP 3, 5.2.5): the time is linear whatever
 * the rows hold, and equal keys keep the order of the rows. Keys are gathered first, less the
 * smallest of their column, and only bytes that some key uses are sorted by.
 *
 * Uses: base, column, condition.
 */
#include "ticket/event_rows.h"

enum { SORT_TICKET, SORT_AT, SORT_SEQUENCE, SORT_FIELDS };

typedef struct row_key {
    uint64_t fields[SORT_FIELDS];
    uint64_t row;
} row_key;

/* Instants are shifted so that they compare as unsigned numbers. */
static void row_keys_gather(const csq__rows *rows, row_key *keys)
{
    csq__row_block block;
    for (uint64_t first = 0; first < rows->n; first += CSQ__ROW_BLOCK) {
        const uint64_t left = rows->n - first;
        const uint64_t n = left < CSQ__ROW_BLOCK ? left : CSQ__ROW_BLOCK;
        csq__rows_load(rows, first, n, &block);
        for (uint64_t i = 0; i < n; i++) {
            const uint64_t at = (uint64_t)block.at[i] ^ UINT64_C(1) << 63;
            keys[first + i] =
                (row_key){{block.tickets[i], at, csq__row_sequence(&block, i)}, first + i};
        }
    }
}

/* Takes the smallest value of a field from all; returns the largest that is left, or 0 if the
 * field does not decrease along the keys: then they are in its order already. */
static uint64_t row_keys_reduce(row_key *keys, size_t n, int field)
{
    uint64_t least = UINT64_MAX;
    uint64_t most = 0;
    uint64_t before = 0;
    bool is_ordered = true;
    for (size_t i = 0; i < n; i++) {
        const uint64_t value = keys[i].fields[field];
        least = value < least ? value : least;
        most = value > most ? value : most;
        is_ordered = is_ordered && value >= before;
        before = value;
    }
    for (size_t i = 0; i < n; i++) {
        keys[i].fields[field] -= least;
    }
    return is_ordered ? 0 : most - least;
}

/* Moves the keys into `to`, ordered by one byte of a field. */
static void row_keys_deal(const row_key *keys, size_t n, int field, unsigned shift, row_key *to)
{
    size_t places[256] = {0};
    for (size_t i = 0; i < n; i++) {
        places[keys[i].fields[field] >> shift & 255]++;
    }
    size_t place = 0;
    for (int byte = 0; byte < 256; byte++) {
        const size_t count = places[byte];
        places[byte] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++) {
        to[places[keys[i].fields[field] >> shift & 255]++] = keys[i];
    }
}

/* Returns where the sorted keys are: in `keys` or in `other`. */
static const row_key *row_keys_sort(row_key *keys, row_key *other, size_t n)
{
    for (int field = SORT_SEQUENCE; field >= SORT_TICKET; field--) {
        const uint64_t most = row_keys_reduce(keys, n, field);
        for (unsigned shift = 0; shift < 64 && most >> shift != 0; shift += 8) {
            row_keys_deal(keys, n, field, shift, other);
            row_key *const dealt = other;
            other = keys;
            keys = dealt;
        }
    }
    return keys;
}

/* Writes down the numbers of the rows; whether sequences grow in all tickets. */
static bool row_keys_order(const row_key *sorted, size_t n, uint64_t *order)
{
    bool goes_back = false;
    for (size_t i = 0; i < n; i++) {
        const row_key *const before = &sorted[i == 0 ? 0 : i - 1];
        goes_back |= (i > 0) & (sorted[i].fields[SORT_TICKET] == before->fields[SORT_TICKET]) &
                     (sorted[i].fields[SORT_SEQUENCE] <= before->fields[SORT_SEQUENCE]);
        order[i] = sorted[i].row;
    }
    return !goes_back;
}

csq_status csq__rows_sort(const csq__rows *rows, const csq_allocator *allocator, uint64_t **out,
                          bool *may_repeat, csq_error *error)
{
    const size_t n = (size_t)rows->n;
    row_key *keys = csq__allocate_array(allocator, n, sizeof *keys);
    row_key *other = csq__allocate_array(allocator, n, sizeof *other);
    uint64_t *order = csq__allocate_array(allocator, n, sizeof *order);
    const bool has_memory = keys != NULL && other != NULL && order != NULL;
    if (has_memory) {
        row_keys_gather(rows, keys);
        const row_key *const sorted = row_keys_sort(keys, other, n);
        const bool grows = row_keys_order(sorted, n, order);
        if (may_repeat != NULL) {
            *may_repeat = rows->has_sequences && !grows;
        }
        *out = order;
    } else {
        csq__release(allocator, order, n * sizeof *order);
    }
    csq__release(allocator, keys, n * sizeof *keys);
    csq__release(allocator, other, n * sizeof *other);
    return has_memory ? CSQ_OK : csq__fail_memory(error);
}
