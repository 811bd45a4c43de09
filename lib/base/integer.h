/*
 * integer — checked and saturating arithmetic on int64_t and sizes.
 *
 * The checked forms return true and write `*out` when the exact result fits, and return false and
 * leave `*out` alone when it does not. No other file tests for overflow by hand.
 *
 * Uses: nothing.
 */
#ifndef CSQ_BASE_INTEGER_H
#define CSQ_BASE_INTEGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool csq__add(int64_t a, int64_t b, int64_t *out)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

static inline bool csq__sub(int64_t a, int64_t b, int64_t *out)
{
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference)) {
        return false;
    }
    *out = difference;
    return true;
}

static inline bool csq__mul(int64_t a, int64_t b, int64_t *out)
{
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

static inline int64_t csq__add_saturated(int64_t a, int64_t b)
{
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return b > 0 ? INT64_MAX : INT64_MIN;
    }
    return sum;
}

static inline int64_t csq__sub_saturated(int64_t a, int64_t b)
{
    int64_t difference;
    if (__builtin_sub_overflow(a, b, &difference)) {
        return b < 0 ? INT64_MAX : INT64_MIN;
    }
    return difference;
}

/* Quotient rounded towards minus infinity; `b` > 0. */
static inline int64_t csq__div_floor(int64_t a, int64_t b)
{
    const int64_t quotient = a / b;
    return a % b < 0 ? quotient - 1 : quotient;
}

/* Remainder in [0, b) of the division that rounds towards minus infinity; `b` > 0. */
static inline int64_t csq__mod_floor(int64_t a, int64_t b)
{
    const int64_t remainder = a % b;
    return remainder < 0 ? remainder + b : remainder;
}

static inline bool csq__size_add(size_t a, size_t b, size_t *out)
{
    size_t sum;
    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

static inline bool csq__size_mul(size_t a, size_t b, size_t *out)
{
    size_t product;
    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

#endif
