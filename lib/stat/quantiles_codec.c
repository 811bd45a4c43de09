/*
 * quantiles_codec — the canonical bytes of values kept for quantiles.
 *
 * The number of values; up to the limit the smallest value and the steps to the others in their
 * order; above it the buckets that are not empty, as steps from one to the next, with their counts.
 *
 * Uses: base.
 */
#include "stat/stat_internal.h"

enum { BUCKET_BYTES_LEAST = 2 };

/* ---- payload ------------------------------------------------------------------------------- */

static void write_values(csq__writer *writer, const csq__quantiles *state)
{
    csq__quantiles_sort(state);
    const int64_t *values = state->values.data;
    for (size_t i = 0; i < state->values.n; i++) {
        if (i == 0) {
            csq__write_signed(writer, values[0]);
        } else {
            csq__write_varint(writer, (uint64_t)values[i] - (uint64_t)values[i - 1]);
        }
    }
}

static void write_counts(csq__writer *writer, const csq__quantiles *state)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < state->n_counts; i++) {
        n += state->counts[i] > 0;
    }
    csq__write_varint(writer, n);
    uint32_t last = 0;
    for (uint32_t i = 0; i < state->n_counts; i++) {
        if (state->counts[i] > 0) {
            csq__write_varint(writer, state->first + i - last);
            csq__write_varint(writer, state->counts[i]);
            last = state->first + i;
        }
    }
}

void csq__quantiles_write(csq__writer *writer, const csq__quantiles *state)
{
    csq__write_varint(writer, state->n);
    if (csq__quantiles_is_exact(state)) {
        write_values(writer, state);
    } else {
        write_counts(writer, state);
    }
}

/* Reads the next value; fails the reader where it is not one. */
static int64_t read_value(csq__reader *reader, bool is_first, int64_t last)
{
    if (is_first) {
        const int64_t value = csq__read_signed(reader);
        reader->failed = reader->failed || value == INT64_MIN;
        return value;
    }
    const uint64_t step = csq__read_varint(reader);
    reader->failed = reader->failed || step > (uint64_t)INT64_MAX - (uint64_t)last;
    return (int64_t)((uint64_t)last + step);
}

static bool read_values(csq__reader *reader, const csq_allocator *allocator, size_t n,
                        csq__quantiles *state)
{
    if (n > reader->size - reader->at) {
        reader->failed = true;
        return true;
    }
    if (!csq__array_reserve(&state->values, allocator, n, sizeof(int64_t))) {
        return false;
    }
    int64_t *values = state->values.data;
    int64_t last = 0;
    for (size_t i = 0; i < n && !reader->failed; i++) {
        last = read_value(reader, i == 0, last);
        values[i] = last;
    }
    state->values.n = n;
    state->n = n;
    return true;
}

/* A bucket and its count; fails the reader unless they can follow `last` and fit into `left`. */
static uint64_t read_bucket(csq__reader *reader, uint32_t last, uint64_t left, uint32_t *bucket)
{
    const uint64_t step = csq__read_varint(reader);
    const uint64_t count = csq__read_varint(reader);
    reader->failed =
        reader->failed || step == 0 || step >= CSQ__BUCKETS - last || count == 0 || count > left;
    *bucket = reader->failed ? last : last + (uint32_t)step;
    return reader->failed ? 0 : count;
}

static bool read_counts(csq__reader *reader, const csq_allocator *allocator, uint64_t n,
                        csq__quantiles *state)
{
    const uint64_t n_buckets = csq__read_count(reader, BUCKET_BYTES_LEAST);
    uint32_t bucket = 0;
    for (uint64_t i = 0; i < n_buckets && !reader->failed; i++) {
        const uint64_t count = read_bucket(reader, bucket, n - state->n, &bucket);
        if (count > 0) {
            if (!csq__quantiles_reserve_bucket(state, allocator, bucket)) {
                return false;
            }
            state->counts[bucket - state->first] = count;
            state->n += count;
        }
    }
    reader->failed = reader->failed || state->n != n;
    return true;
}

bool csq__quantiles_read(csq__reader *reader, const csq_allocator *allocator, uint32_t limit,
                         csq__quantiles *state)
{
    *state = (csq__quantiles){0};
    const uint64_t n = csq__read_varint(reader);
    reader->failed = reader->failed || n > INT64_MAX;
    bool has_memory = true;
    if (!reader->failed && n > 0) {
        has_memory = n <= limit ? read_values(reader, allocator, (size_t)n, state)
                                : read_counts(reader, allocator, n, state);
    }
    if (!has_memory || reader->failed) {
        csq__quantiles_release(state, allocator);
    }
    return has_memory;
}
