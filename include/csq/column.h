/*
 * csq/column.h — bulk input: one form that plain arrays and Arrow buffers both fit without copying.
 */
#ifndef CSQ_COLUMN_H
#define CSQ_COLUMN_H

#include "csq/base.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

typedef enum csq_column_type {
    CSQ_COLUMN_INT8 = 1,
    CSQ_COLUMN_INT16 = 2,
    CSQ_COLUMN_INT32 = 3,
    CSQ_COLUMN_INT64 = 4,
    CSQ_COLUMN_UINT8 = 5,
    CSQ_COLUMN_UINT16 = 6,
    CSQ_COLUMN_UINT32 = 7,
    CSQ_COLUMN_UINT64 = 8, /* values above INT64_MAX are refused, but as ids they are kept */
    CSQ_COLUMN_DOUBLE = 9
} csq_column_type;

/*
 * `length` values in native byte order, borrowed for the time of a call. Layout frozen.
 *
 * A column whose data, validity, type and length are all zero is "not given". With a dictionary, a
 * value is an index from 0 into it and stands for the code found there (Arrow's dictionary arrays,
 * the dictionary being translated once through a csq_vocabulary).
 */
typedef struct csq_column {
    const void *data;           /* the value of row 0 */
    const uint8_t *validity;    /* NULL: all values are there; else bit i%8 of byte i/8: 1 */
    const uint32_t *dictionary; /* NULL: values stand for themselves */
    uint64_t length;            /* rows */
    uint64_t validity_offset;   /* bits before the bit of row 0 */
    uint64_t dictionary_length; /* entries */
    int64_t stride;             /* bytes from a row to the next; 0: densely packed */
    uint32_t type;              /* csq_column_type */
    uint32_t reserved;          /* 0 */
} csq_column;

/* A densely packed column without missing values. */
CSQ_API csq_column csq_column_of(uint32_t type, const void *data, uint64_t length);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
