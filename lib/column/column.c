/*
 * column — checking columns and loading blocks of rows from them.
 *
 * Loading has three passes over a block that is small enough for the first-level cache: widen every
 * value to 64 bits, whether it is there or not; translate indexes or find what does not fit; put
 * the missing value where the validity bitmap says so. Each pass is one simple loop, so the type is
 * looked at once a block and dense data are widened by vector instructions.
 *
 * Uses: base.
 */
#include "column/column_internal.h"

csq_column csq_column_of(uint32_t type, const void *data, uint64_t length)
{
    csq_column column = {0};
    column.type = type;
    column.data = data;
    column.length = length;
    return column;
}

bool csq__column_is_given(const csq_column *column)
{
    return column != NULL && (column->data != NULL || column->validity != NULL ||
                              column->type != 0 || column->length != 0);
}

/* ---- checks -------------------------------------------------------------------------------- */

/* Bytes of a value, 0 for an unknown type. */
static size_t column_width(uint32_t type)
{
    static const uint8_t widths[] = {0, 1, 2, 4, 8, 1, 2, 4, 8, 8};
    return type < sizeof widths ? widths[type] : 0;
}

static csq_status column_fail(csq_error *error, const char *name, size_t field, const char *what,
                              uint64_t found)
{
    csq__fail(error, CSQ_EINVAL, CSQ__TEXT("column "), CSQ__VIEW(csq_str_of(name)), CSQ__TEXT(": "),
              CSQ__VIEW(csq_str_of(what)), CSQ__TEXT(", found "), CSQ__NUMBER((int64_t)found));
    csq__error_field(error, field);
    return CSQ_EINVAL;
}

/* Whether every address and bit number that the column needs can be computed. */
static bool column_extent_fits(const csq_column *column, size_t width)
{
    const uint64_t step = column->stride == 0 ? width : (uint64_t)column->stride;
    const uint64_t extent = (uint64_t)PTRDIFF_MAX;
    return column->length <= extent / step &&
           column->validity_offset <= (uint64_t)INT64_MAX - column->length;
}

static csq_status column_check_layout(const csq_column *column, const char *name, uint64_t length,
                                      csq_error *error)
{
    const size_t width = column_width(column->type);
    if (column->length != length) {
        csq__fail(error, CSQ_EINVAL, CSQ__TEXT("column "), CSQ__VIEW(csq_str_of(name)),
                  CSQ__TEXT(" has "), CSQ__NUMBER((int64_t)column->length),
                  CSQ__TEXT(" rows, expected "), CSQ__NUMBER((int64_t)length));
        csq__error_field(error, offsetof(csq_column, length));
        return CSQ_EINVAL;
    }
    if (column->data == NULL && length > 0) {
        csq__fail(error, CSQ_EINVAL, CSQ__TEXT("column "), CSQ__VIEW(csq_str_of(name)),
                  CSQ__TEXT(": expected data, found NULL"));
        csq__error_field(error, offsetof(csq_column, data));
        return CSQ_EINVAL;
    }
    if (column->stride != 0 && column->stride < (int64_t)width) {
        return column_fail(error, name, offsetof(csq_column, stride),
                           "expected a stride of 0 or of at least the size of a value",
                           (uint64_t)column->stride);
    }
    if (!column_extent_fits(column, width)) {
        return column_fail(error, name, offsetof(csq_column, length),
                           "expected rows that fit into the address space", column->length);
    }
    if (column->dictionary == NULL && column->dictionary_length != 0) {
        return column_fail(error, name, offsetof(csq_column, dictionary_length),
                           "expected 0 entries where there is no dictionary",
                           column->dictionary_length);
    }
    if (column->reserved != 0) {
        return column_fail(error, name, offsetof(csq_column, reserved), "expected reserved 0",
                           column->reserved);
    }
    return CSQ_OK;
}

static csq_status column_check_given(const csq_column *column, const char *name, csq_error *error)
{
    if (csq__column_is_given(column)) {
        return CSQ_OK;
    }
    return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("column "), CSQ__VIEW(csq_str_of(name)),
                     CSQ__TEXT(" is not given"));
}

csq_status csq__column_check(const csq_column *column, const char *name, uint64_t length,
                             csq_error *error)
{
    const csq_status status = column_check_given(column, name, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (column_width(column->type) == 0 || column->type == CSQ_COLUMN_DOUBLE) {
        return column_fail(error, name, offsetof(csq_column, type),
                           "expected the type of an integer, 1 to 8", column->type);
    }
    return column_check_layout(column, name, length, error);
}

csq_status csq__column_check_doubles(const csq_column *column, const char *name, uint64_t length,
                                     csq_error *error)
{
    const csq_status status = column_check_given(column, name, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (column_width(column->type) == 0) {
        return column_fail(error, name, offsetof(csq_column, type), "expected a type from 1 to 9",
                           column->type);
    }
    if (column->type == CSQ_COLUMN_DOUBLE && column->dictionary != NULL) {
        return column_fail(error, name, offsetof(csq_column, dictionary),
                           "expected no dictionary for doubles, entries",
                           column->dictionary_length);
    }
    return column_check_layout(column, name, length, error);
}

/* ---- widening ------------------------------------------------------------------------------ */

/* Inner loops of a constant length are vectorised even where the compiler counts the bytes. */
enum { WIDEN_STEP = 16 };

/* memcpy because a stride need not keep values aligned. */
#define COLUMN_WIDEN(name, type)                                                                   \
    static void name(const char *restrict at, size_t stride, size_t n, int64_t *restrict out)      \
    {                                                                                              \
        size_t i = 0;                                                                              \
        for (; stride == sizeof(type) && n - i >= WIDEN_STEP; i += WIDEN_STEP) {                   \
            for (size_t k = 0; k < WIDEN_STEP; k++) {                                              \
                type value;                                                                        \
                memcpy(&value, at + (i + k) * sizeof value, sizeof value);                         \
                out[i + k] = value;                                                                \
            }                                                                                      \
        }                                                                                          \
        for (; i < n; i++) {                                                                       \
            type value;                                                                            \
            memcpy(&value, at + i * stride, sizeof value);                                         \
            out[i] = value;                                                                        \
        }                                                                                          \
    }

COLUMN_WIDEN(widen_int8, int8_t)
COLUMN_WIDEN(widen_int16, int16_t)
COLUMN_WIDEN(widen_int32, int32_t)
COLUMN_WIDEN(widen_int64, int64_t)
COLUMN_WIDEN(widen_uint8, uint8_t)
COLUMN_WIDEN(widen_uint16, uint16_t)
COLUMN_WIDEN(widen_uint32, uint32_t)
#undef COLUMN_WIDEN

/* UINT64 and DOUBLE come out as their bits. */
static void column_widen(const csq_column *column, uint64_t first, size_t n, int64_t *out)
{
    const size_t stride = column->stride == 0 ? column_width(column->type) : (size_t)column->stride;
    const char *at = n == 0 ? NULL : (const char *)column->data + (size_t)first * stride;
    switch (column->type) {
    case CSQ_COLUMN_INT8:
        widen_int8(at, stride, n, out);
        break;
    case CSQ_COLUMN_INT16:
        widen_int16(at, stride, n, out);
        break;
    case CSQ_COLUMN_INT32:
        widen_int32(at, stride, n, out);
        break;
    case CSQ_COLUMN_UINT8:
        widen_uint8(at, stride, n, out);
        break;
    case CSQ_COLUMN_UINT16:
        widen_uint16(at, stride, n, out);
        break;
    case CSQ_COLUMN_UINT32:
        widen_uint32(at, stride, n, out);
        break;
    default:
        widen_int64(at, stride, n, out);
        break;
    }
}

/* A cache line at a time; the hardware looks ahead less far than a block. */
void csq__column_prefetch(const csq_column *column, uint64_t first, uint64_t n)
{
    enum { LINE = 64 };
    const size_t stride = column->stride == 0 ? column_width(column->type) : (size_t)column->stride;
    const uint64_t left = first < column->length ? column->length - first : 0;
    const size_t size = (size_t)(left < n ? left : n) * stride;
    const char *at = size == 0 ? NULL : (const char *)column->data + (size_t)first * stride;
    for (size_t i = 0; i < size; i += stride > LINE ? stride : LINE) {
        __builtin_prefetch(at + i);
    }
}

/* ---- gathering ----------------------------------------------------------------------------- */

#define COLUMN_GATHER(name, type)                                                                  \
    static void name(const char *at, size_t stride, const uint64_t *numbers, size_t n,             \
                     int64_t *out)                                                                 \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            type value;                                                                            \
            memcpy(&value, at + (size_t)numbers[i] * stride, sizeof value);                        \
            out[i] = value;                                                                        \
        }                                                                                          \
    }

COLUMN_GATHER(gather_int8, int8_t)
COLUMN_GATHER(gather_int16, int16_t)
COLUMN_GATHER(gather_int32, int32_t)
COLUMN_GATHER(gather_int64, int64_t)
COLUMN_GATHER(gather_uint8, uint8_t)
COLUMN_GATHER(gather_uint16, uint16_t)
COLUMN_GATHER(gather_uint32, uint32_t)
#undef COLUMN_GATHER

bool csq__column_gather(const csq_column *column, const uint64_t *numbers, uint64_t n,
                        int64_t *out)
{
    static void (*const gathers[])(const char *, size_t, const uint64_t *, size_t, int64_t *) = {
        [CSQ_COLUMN_INT8] = gather_int8,     [CSQ_COLUMN_INT16] = gather_int16,
        [CSQ_COLUMN_INT32] = gather_int32,   [CSQ_COLUMN_INT64] = gather_int64,
        [CSQ_COLUMN_UINT8] = gather_uint8,   [CSQ_COLUMN_UINT16] = gather_uint16,
        [CSQ_COLUMN_UINT32] = gather_uint32, [CSQ_COLUMN_UINT64] = gather_int64,
    };
    if (column->validity != NULL || column->dictionary != NULL ||
        column->type > CSQ_COLUMN_UINT64) {
        return false;
    }
    const size_t stride = column->stride == 0 ? column_width(column->type) : (size_t)column->stride;
    gathers[column->type](column->data, stride, numbers, (size_t)n, out);
    return true;
}

/* ---- validity ------------------------------------------------------------------------------ */

static bool column_is_missing(const csq_column *column, uint64_t row)
{
    const uint64_t bit = column->validity_offset + row;
    return column->validity != NULL && (column->validity[bit / 8] >> (bit % 8) & 1) == 0;
}

/* The validity of 64 rows, row 0 in the lowest bit; reads no byte that holds none of them. */
static uint64_t validity_word(const csq_column *column, uint64_t row)
{
    const uint64_t bit = column->validity_offset + row;
    const uint8_t *bytes = column->validity + bit / 8;
    const unsigned shift = (unsigned)(bit % 8);
    uint64_t word = 0;
    for (unsigned i = 0; i < 8; i++) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return shift == 0 ? word : word >> shift | (uint64_t)bytes[8] << (64 - shift);
}

/* Puts CSQ_MS_NONE where there is no value. */
static void column_mask(const csq_column *column, uint64_t first, size_t n, int64_t *out)
{
    if (column->validity == NULL) {
        return;
    }
    size_t i = 0;
    for (; n - i >= 64; i += 64) {
        const uint64_t word = validity_word(column, first + i);
        for (unsigned k = 0; word != UINT64_MAX && k < 64; k++) {
            const int64_t keep = -(int64_t)(word >> k & 1); // no branch: bitmaps may be random
            out[i + k] = (out[i + k] & keep) | (CSQ_MS_NONE & ~keep);
        }
    }
    for (; i < n; i++) {
        if (column_is_missing(column, first + i)) {
            out[i] = CSQ_MS_NONE;
        }
    }
}

/* ---- loading ------------------------------------------------------------------------------- */

/* Replaces indexes by codes up to the first that is outside; the number of rows that are good. */
static size_t column_translate(const csq_column *column, uint64_t first, size_t n, int64_t *out)
{
    const bool may_be_none = column->type == CSQ_COLUMN_INT64;
    for (size_t i = 0; i < n; i++) {
        const uint64_t index = (uint64_t)out[i];
        if (index < column->dictionary_length) {
            out[i] = column->dictionary[index];
        } else if ((may_be_none && out[i] == CSQ_MS_NONE) || column_is_missing(column, first + i)) {
            out[i] = CSQ_MS_NONE;
        } else {
            return i;
        }
    }
    return n;
}

/* The number of rows before the first UINT64 that does not fit int64_t. */
static size_t column_fitting(const csq_column *column, uint64_t first, size_t n,
                             const int64_t *values)
{
    int64_t all = 0;
    for (size_t i = 0; i < n; i++) {
        all |= values[i];
    }
    for (size_t i = 0; all < 0 && i < n; i++) {
        if (values[i] < 0 && !column_is_missing(column, first + i)) {
            return i;
        }
    }
    return n;
}

csq_status csq__column_load(const csq_column *column, uint64_t first, uint64_t n, int64_t *out,
                            uint64_t *bad_row)
{
    const size_t rows = (size_t)n;
    size_t good = rows;
    column_widen(column, first, rows, out);
    if (column->dictionary != NULL) {
        good = column_translate(column, first, rows, out);
    } else if (column->type == CSQ_COLUMN_UINT64) {
        good = column_fitting(column, first, rows, out);
    }
    column_mask(column, first, good, out);
    if (good < rows) {
        *bad_row = first + good;
        return CSQ_ERANGE;
    }
    return CSQ_OK;
}

/* The number of rows before the first missing one. */
static size_t column_present(const csq_column *column, uint64_t first, size_t n)
{
    size_t i = 0;
    while (n - i >= 64 && validity_word(column, first + i) == UINT64_MAX) {
        i += 64;
    }
    while (i < n && !column_is_missing(column, first + i)) {
        i++;
    }
    return i;
}

csq_status csq__column_load_ids(const csq_column *column, uint64_t first, uint64_t n, uint64_t *out,
                                uint64_t *bad_row)
{
    int64_t *values = (int64_t *)out; // the same object as its signed type: allowed by the language
    const size_t present =
        column->validity == NULL ? (size_t)n : column_present(column, first, (size_t)n);
    if (column->type == CSQ_COLUMN_UINT64 && column->dictionary == NULL) {
        column_widen(column, first, present, values);
    } else {
        const csq_status status = csq__column_load(column, first, present, values, bad_row);
        const size_t loaded = status == CSQ_OK ? present : (size_t)(*bad_row - first);
        const csq_column no_validity = {0};
        const bool may_be_negative = column->type < CSQ_COLUMN_UINT8 || column->dictionary != NULL;
        const size_t positive = may_be_negative
                                    ? column_fitting(&no_validity, first, loaded, values)
                                    : loaded;
        if (positive < loaded) {
            *bad_row = first + positive;
            return values[positive] == CSQ_MS_NONE ? CSQ_ENODATA : CSQ_ERANGE;
        }
        if (status != CSQ_OK) {
            return status;
        }
    }
    if (present < n) {
        *bad_row = first + present;
        return CSQ_ENODATA;
    }
    return CSQ_OK;
}

/* The first `n` doubles whose bits stand in `out`; the number of rows before an infinite one. */
static size_t column_finite(const csq_column *column, uint64_t first, size_t n, double *out)
{
    const uint64_t quiet_nan = (uint64_t)0x7FF8 << 48;
    for (size_t i = 0; i < n; i++) {
        if (column_is_missing(column, first + i)) {
            memcpy(&out[i], &quiet_nan, sizeof out[i]);
        } else if (out[i] - out[i] != 0 && out[i] == out[i]) { // infinite: inf - inf is NaN
            return i;
        }
    }
    return n;
}

static size_t column_to_doubles(const int64_t *values, size_t n, double *out)
{
    const int64_t exact = (int64_t)1 << 53;
    const uint64_t quiet_nan = (uint64_t)0x7FF8 << 48;
    for (size_t i = 0; i < n; i++) {
        if (values[i] == CSQ_MS_NONE) {
            memcpy(&out[i], &quiet_nan, sizeof out[i]);
        } else if (values[i] < -exact || values[i] > exact) {
            return i;
        } else {
            out[i] = (double)values[i];
        }
    }
    return n;
}

enum { DOUBLES_BLOCK = 256 };

csq_status csq__column_load_doubles(const csq_column *column, uint64_t first, uint64_t n,
                                    double *out, uint64_t *bad_row)
{
    for (uint64_t done = 0; done < n;) {
        int64_t values[DOUBLES_BLOCK];
        const size_t rows = n - done < DOUBLES_BLOCK ? (size_t)(n - done) : DOUBLES_BLOCK;
        const uint64_t at = first + done;
        size_t loaded = rows;
        size_t good;
        if (column->type == CSQ_COLUMN_DOUBLE) {
            column_widen(column, at, rows, values);
            memcpy(out + done, values, rows * sizeof *out);
            good = column_finite(column, at, rows, out + done);
        } else {
            if (csq__column_load(column, at, rows, values, bad_row) != CSQ_OK) {
                loaded = (size_t)(*bad_row - at);
            }
            good = column_to_doubles(values, loaded, out + done);
        }
        if (good < rows) {
            *bad_row = at + good;
            return CSQ_ERANGE;
        }
        done += rows;
    }
    return CSQ_OK;
}

csq_status csq__column_fail_row(const csq_column *column, const char *name, uint64_t row,
                                csq_status status, csq_error *error)
{
    int64_t value;
    column_widen(column, row, 1, &value);
    const csq_str column_name = csq_str_of(name);
    if (status == CSQ_ENODATA) {
        csq__fail(error, status, CSQ__TEXT("column "), CSQ__VIEW(column_name),
                  CSQ__TEXT(": expected an id, found a missing value"));
    } else if (column->dictionary != NULL) {
        csq__fail(error, status, CSQ__TEXT("column "), CSQ__VIEW(column_name),
                  CSQ__TEXT(": expected an index below "),
                  CSQ__NUMBER((int64_t)column->dictionary_length), CSQ__TEXT(", found "),
                  CSQ__NUMBER(value));
    } else if (column->type == CSQ_COLUMN_UINT64 || column->type == CSQ_COLUMN_DOUBLE) {
        csq__fail(error, status, CSQ__TEXT("column "), CSQ__VIEW(column_name),
                  CSQ__TEXT(": the value is too large"));
    } else {
        csq__fail(error, status, CSQ__TEXT("column "), CSQ__VIEW(column_name),
                  CSQ__TEXT(": the value "), CSQ__NUMBER(value), CSQ__TEXT(" is out of range"));
    }
    csq__error_index(error, (int64_t)row);
    return status;
}
