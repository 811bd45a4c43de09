/*
 * column_internal — checking columns once and loading them in blocks.
 *
 * An engine checks each column, then loads blocks of rows into plain arrays and works on those. A
 * missing value is CSQ_MS_NONE among integers and NaN among doubles. Only checked columns may be
 * loaded, and only rows below their length.
 *
 * Uses: base.
 */
#ifndef CSQ_COLUMN_INTERNAL_H
#define CSQ_COLUMN_INTERNAL_H

#include "base/base_internal.h"
#include "csq/column.h"

/* False for NULL and for a column whose data, validity, type and length are all zero. */
bool csq__column_is_given(const csq_column *column);

/*
 * Checks a column that must be given, of integers, with `length` rows. The message names the
 * column; error->field is the offending member. Errors: CSQ_EINVAL.
 */
csq_status csq__column_check(const csq_column *column, const char *name, uint64_t length,
                             csq_error *error);
/* The same for a column that csq__column_load_doubles reads: doubles, or integers. */
csq_status csq__column_check_doubles(const csq_column *column, const char *name, uint64_t length,
                                     csq_error *error);

/*
 * Loads rows [first, first + n) as integers; through a dictionary, as codes. On failure `*bad_row`
 * is the row that cannot be loaded, and `out` holds the rows before it, so that a caller may skip
 * that row and go on. Errors: CSQ_ERANGE (an index outside of the dictionary, a UINT64 above
 * INT64_MAX).
 */
csq_status csq__column_load(const csq_column *column, uint64_t first, uint64_t n, int64_t *out,
                            uint64_t *bad_row);

/* Loads ids: every UINT64 is one. Errors: CSQ_ENODATA (missing), CSQ_ERANGE (negative, or an index
 * outside of the dictionary). */
csq_status csq__column_load_ids(const csq_column *column, uint64_t first, uint64_t n, uint64_t *out,
                                uint64_t *bad_row);

/* Says that rows [first, first + n), as far as there are that many, will be loaded soon. */
void csq__column_prefetch(const csq_column *column, uint64_t first, uint64_t n);

/*
 * Loads the values of the rows `numbers` of a column without validity and dictionary, each of which
 * is known to fit; ids above INT64_MAX come out as their bits. False, and nothing loaded, for any
 * other column.
 */
bool csq__column_gather(const csq_column *column, const uint64_t *numbers, uint64_t n,
                        int64_t *out);

/* Loads doubles; NaN counts as missing. Errors: CSQ_ERANGE (infinite, an integer beyond 2^53, an
 * index outside of the dictionary). */
csq_status csq__column_load_doubles(const csq_column *column, uint64_t first, uint64_t n,
                                    double *out, uint64_t *bad_row);

/* Says what is wrong with the row that a load gave as bad; error->index is the row. Returns
 * `status`. */
csq_status csq__column_fail_row(const csq_column *column, const char *name, uint64_t row,
                                csq_status status, csq_error *error);

#endif
