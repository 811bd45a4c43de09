/*
 * csq/stat.h — statistics that know no customer-service words: quantiles.
 *
 * csq_quantiles keeps integers for quantiles: the values themselves up to a limit, above it how
 * many lie in each of fixed buckets, 128 to a power of two. Which of the two it is depends on the
 * number of values alone, and what it holds on the values alone: any split of the values, merged in
 * any order, gives the same bytes and the same answers.
 */
#ifndef CSQ_STAT_H
#define CSQ_STAT_H

#include "csq/column.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* Values for quantiles. Accumulates; one user, also while it is only read. */
typedef struct csq_quantiles csq_quantiles;

enum {
    CSQ_QUANTILES_EXACT_DEFAULT = 2048,
    CSQ_QUANTILES_EXACT_LIMIT = 1048576,
    CSQ_QUANTILES_WHOLE = 1000000 /* parts of a quantile: 900000 is the 90th percentile */
};

typedef struct csq_quantiles_options {
    uint32_t size;
    uint32_t exact_limit; /* up to so many values are kept themselves, at most
                             CSQ_QUANTILES_EXACT_LIMIT; 0: CSQ_QUANTILES_EXACT_DEFAULT */
} csq_quantiles_options;

/* An empty state; `options` may be NULL. Memory: 8 bytes a value up to the limit, with up to half
 * as much again in reserve; above it 8 bytes for each bucket between the smallest and the largest
 * value, rounded up to 1 KiB at both ends: 27 KiB for 0 to 2^32, at most 114 KiB. Errors:
 * CSQ_EINVAL, CSQ_EABI, CSQ_EABI_NEWER, CSQ_ELIMIT (exact_limit), CSQ_ENOMEM. */
CSQ_API csq_status csq_quantiles_new(const csq_quantiles_options *options,
                                     const csq_allocator *allocator, csq_quantiles **out,
                                     csq_error *error);
CSQ_API void csq_quantiles_free(csq_quantiles *quantiles);
CSQ_API csq_status csq_quantiles_copy(const csq_quantiles *quantiles, csq_quantiles **out,
                                      csq_error *error);
/* Forgets all values and gives their memory back. */
CSQ_API void csq_quantiles_reset(csq_quantiles *quantiles);

/* Adds a value, which may be negative; CSQ_MS_NONE is none. Errors: CSQ_EINVAL, CSQ_ERANGE
 * (CSQ_MS_NONE), CSQ_EOVERFLOW (2^63 values), CSQ_ENOMEM. */
CSQ_API csq_status csq_quantiles_add(csq_quantiles *quantiles, int64_t value, csq_error *error);
/* Adds the values of a column of integers. Missing ones are left out and counted in `*n_missing`,
 * which may be NULL. Errors: CSQ_EINVAL (column), CSQ_ERANGE (a value, with its row as `index`),
 * CSQ_ECANCELLED, CSQ_EOVERFLOW, CSQ_ENOMEM; then nothing was added. */
CSQ_API csq_status csq_quantiles_add_column(csq_quantiles *quantiles, const csq_column *column,
                                            uint64_t *n_missing, csq_progress progress, void *user,
                                            csq_error *error);

/* Adds the values of another state, which may be the same one. Errors: CSQ_EINVAL, CSQ_EMISMATCH
 * (another exact_limit), CSQ_EOVERFLOW, CSQ_ENOMEM; then the state is as it was. */
CSQ_API csq_status csq_quantiles_merge(csq_quantiles *quantiles, const csq_quantiles *other,
                                       csq_error *error);
/* Takes away the values of another state. Errors: CSQ_EINVAL, CSQ_EMISMATCH, CSQ_ENOMEM, CSQ_ESTATE
 * (the other holds what this one does not; or so few would be left that their values, which are not
 * known any more, would have to be kept); then the state is as it was. */
CSQ_API csq_status csq_quantiles_subtract(csq_quantiles *quantiles, const csq_quantiles *other,
                                          csq_error *error);

/* Canonical bytes, exact_limit included; `*size` holds the capacity of `bytes` and becomes the size
 * needed; capacity 0 with `bytes` NULL asks for it. Errors: CSQ_EINVAL, CSQ_ELIMIT (capacity),
 * CSQ_ENOMEM. */
CSQ_API csq_status csq_quantiles_encode(const csq_quantiles *quantiles, void *bytes, uint64_t *size,
                                        csq_error *error);
/* Errors: CSQ_EINVAL, CSQ_ECORRUPT, CSQ_EVERSION, CSQ_ENOMEM. */
CSQ_API csq_status csq_quantiles_decode(const void *bytes, uint64_t size,
                                        const csq_allocator *allocator, csq_quantiles **out,
                                        csq_error *error);

/* The number of values; 0 for NULL. */
CSQ_API uint64_t csq_quantiles_count(const csq_quantiles *quantiles);
/* The limit in force; 0 for NULL. */
CSQ_API uint32_t csq_quantiles_exact_limit(const csq_quantiles *quantiles);

/* Which value stands for the p-th part of n sorted values x[1] … x[n]; types 1, 2, 6 and 7 of
 * Hyndman and Fan (1996). The place that a definition gives lies within 1 and n; between two places
 * the value lies between theirs in proportion. */
typedef enum csq_quantile_definition {
    CSQ_QUANTILE_DEFAULT = 0,      /* NEAREST_RANK */
    CSQ_QUANTILE_NEAREST_RANK = 1, /* x[p n rounded up]: the smallest value with at least the part p
                                      of all values at or below it */
    CSQ_QUANTILE_AVERAGED = 2,  /* the same, but the mean of x[p n] and the next one where p n is a
                                   whole number: the median of an even number is a mean */
    CSQ_QUANTILE_EXCLUSIVE = 3, /* place p (n + 1) */
    CSQ_QUANTILE_INCLUSIVE = 4  /* place p (n - 1) + 1 */
} csq_quantile_definition;

typedef struct csq_quantile {
    uint32_t size;
    uint32_t is_exact; /* 1: computed from the values themselves: low = value = high */
    uint64_t count;    /* values that it rests on */
    int64_t value;     /* to the nearest integer, halves away from 0; if not exact, from the middles
                          of buckets: off by at most 0.4 % of itself */
    int64_t low;       /* the exact quantile lies within low and high, both included */
    int64_t high;
} csq_quantile;

/* The quantile at `part` millionths: 0 is the smallest value, 500000 the median, 1000000 the
 * largest. Errors: CSQ_EINVAL (NULL, definition), CSQ_ERANGE (part), CSQ_ENODATA (no value),
 * CSQ_EABI. */
CSQ_API csq_status csq_quantiles_at(const csq_quantiles *quantiles, uint32_t part,
                                    uint32_t definition, csq_quantile *out, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
