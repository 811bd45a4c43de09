/*
 * stat_internal — values for quantiles as engines keep them: many states, one allocator and limit.
 *
 * A state is a plain struct that may be moved; the allocator and the limit of exact values are
 * those of its owner and the same in every call. Up to the limit it holds the values, in any order
 * until somebody reads; above it counts by bucket. Zeroed memory is an empty state.
 *
 * Uses: base, column.
 */
#ifndef CSQ_STAT_INTERNAL_H
#define CSQ_STAT_INTERNAL_H

#include "base/base_internal.h"
#include "csq/stat.h"

/* ---- buckets ------------------------------------------------------------------------------- */

/*
 * Magnitudes below 256 have a bucket each; above, every power of two has 128 of the same width, so
 * a bucket is narrower than 1/128 of what lies in it. Buckets of negative values mirror those of
 * positive ones; they are numbered in the order of their values, 0 being in the middle.
 */
enum {
    CSQ__BUCKET_OCTAVE = 128,
    CSQ__BUCKET_SIDE = 57 * CSQ__BUCKET_OCTAVE, /* magnitudes up to INT64_MAX */
    CSQ__BUCKET_ZERO = CSQ__BUCKET_SIDE,
    CSQ__BUCKETS = 2 * CSQ__BUCKET_SIDE
};

/* The bucket of a value other than INT64_MIN. */
static inline uint32_t csq__bucket_of(int64_t value)
{
    const uint64_t sign = value < 0 ? UINT64_MAX : 0;
    const uint64_t magnitude = ((uint64_t)value ^ sign) - sign;
    const unsigned shift = 56 - (unsigned)__builtin_clzll(magnitude | CSQ__BUCKET_OCTAVE);
    const uint32_t distance = (shift << 7) + (uint32_t)(magnitude >> shift);
    return CSQ__BUCKET_ZERO + ((distance ^ (uint32_t)sign) - (uint32_t)sign);
}

/* The smallest and the largest value of a bucket and the integer in the middle, towards 0. */
typedef struct csq__bucket_range {
    int64_t low;
    int64_t middle;
    int64_t high;
} csq__bucket_range;

csq__bucket_range csq__bucket_range_of(uint32_t bucket);

/* ---- states -------------------------------------------------------------------------------- */

typedef struct csq__quantiles {
    uint64_t n;
    csq__array values;  /* int64_t, all n of them up to the limit */
    uint64_t *counts;   /* above the limit: by bucket, from `first` on; or reserved, and all 0 */
    uint32_t first;     /* a multiple of CSQ__BUCKET_OCTAVE, as n_counts */
    uint32_t n_counts;
} csq__quantiles;

static inline bool csq__quantiles_is_exact(const csq__quantiles *state)
{
    return state->n == state->values.n;
}

void csq__quantiles_release(csq__quantiles *state, const csq_allocator *allocator);

/* Adds `n` values, none of them INT64_MIN. Errors: CSQ_EOVERFLOW, CSQ_ENOMEM; after the second the
 * state is only fit to be released, unless n is 1: then it is as it was. */
csq_status csq__quantiles_add(csq__quantiles *state, const csq_allocator *allocator, uint32_t limit,
                              const int64_t *values, size_t n);

/* Makes room for the count of a bucket; false without memory. */
bool csq__quantiles_reserve_bucket(csq__quantiles *state, const csq_allocator *allocator,
                                   uint32_t bucket);

/* Takes the memory that merging `other` needs. Errors: CSQ_EOVERFLOW, CSQ_ENOMEM. */
csq_status csq__quantiles_reserve(csq__quantiles *state, const csq_allocator *allocator,
                                  uint32_t limit, const csq__quantiles *other);
/* Merges `other`, for which memory was reserved; it may be the state itself. */
void csq__quantiles_merge(csq__quantiles *state, const csq_allocator *allocator, uint32_t limit,
                          const csq__quantiles *other);

/* Fills the empty state `rest` with what `state` holds and `part` does not. Errors: CSQ_ESTATE (not
 * a part; or the rest would have to be exact and is not known so), CSQ_ENOMEM; then it is empty. */
csq_status csq__quantiles_subtract(const csq__quantiles *state, const csq__quantiles *part,
                                   const csq_allocator *allocator, uint32_t limit,
                                   csq__quantiles *rest, csq_error *error);

/* Sorts the values of an exact state; what it holds does not change. */
void csq__quantiles_sort(const csq__quantiles *state);
bool csq__quantiles_is_same(const csq__quantiles *a, const csq__quantiles *b);

/* The quantile, if there is a value. Errors: CSQ_EINVAL, CSQ_ERANGE, CSQ_ENODATA. */
csq_status csq__quantiles_at(const csq__quantiles *state, uint32_t part, uint32_t definition,
                             csq_quantile *out, csq_error *error);

/* Bounds of the sum of all values; false if they do not fit. */
bool csq__quantiles_sum(const csq__quantiles *state, int64_t *low, int64_t *high);

/* The payload of an encoded state, without a frame. Reading fails the reader, or for want of memory
 * returns false; then the state is empty. */
void csq__quantiles_write(csq__writer *writer, const csq__quantiles *state);
bool csq__quantiles_read(csq__reader *reader, const csq_allocator *allocator, uint32_t limit,
                         csq__quantiles *state);

/* CSQ_QUANTILES_EXACT_DEFAULT for 0. Errors: CSQ_ELIMIT. */
csq_status csq__quantiles_limit(uint32_t given, uint32_t *out, csq_error *error);

/* Merges a state of an engine, kept with `limit`, into the object of a host. Errors: CSQ_EMISMATCH,
 * CSQ_EOVERFLOW, CSQ_ENOMEM. */
csq_status csq__quantiles_merge_into(csq_quantiles *quantiles, const csq__quantiles *other,
                                     uint32_t limit, csq_error *error);

/* Describes the failure of adding or merging. */
csq_status csq__quantiles_fail(csq_status status, csq_error *error);

#endif
