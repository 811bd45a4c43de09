/*
 * decimal — exact decimal numbers: reading, writing, conversion to integers.
 *
 * A number is kept as mantissa * 10^exponent without trailing zeros in the mantissa, so equal
 * numbers have equal forms: 1.50, 15e-1 and 0.15E+1 are all {15, -1}. No double is involved.
 *
 * Uses: base.
 */
#include "text/text_internal.h"

/* Digits as they come in. Zeros wait until a digit other than 0 follows them. */
typedef struct decimal_digits {
    int64_t mantissa;
    int64_t n;     /* digits of the mantissa */
    int64_t zeros; /* waiting */
    bool is_too_long;
} decimal_digits;

static void decimal_take(decimal_digits *digits, int digit)
{
    if (digit == 0) {
        digits->zeros += digits->n > 0;
        return;
    }
    digits->n += digits->zeros + 1;
    if (digits->n > CSQ__DECIMAL_DIGITS) {
        digits->is_too_long = true;
        return;
    }
    for (; digits->zeros > 0; digits->zeros--) {
        digits->mantissa *= 10;
    }
    digits->mantissa = digits->mantissa * 10 + digit;
}

static bool decimal_is_digit(csq_str text, size_t at)
{
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

/* Takes a run of digits; false if there is none at `*at`. */
static bool decimal_take_run(csq_str text, size_t *at, decimal_digits *digits)
{
    const size_t start = *at;
    for (; decimal_is_digit(text, *at); (*at)++) {
        decimal_take(digits, text.data[*at] - '0');
    }
    return *at > start;
}

/* Reads "e+12" if it is there; false if its digits are missing. Stops counting far out of range. */
static bool decimal_read_exponent(csq_str text, size_t *at, int64_t *exponent)
{
    *exponent = 0;
    if (*at >= text.size || (text.data[*at] != 'e' && text.data[*at] != 'E')) {
        return true;
    }
    (*at)++;
    const bool is_negative = *at < text.size && text.data[*at] == '-';
    *at += is_negative || (*at < text.size && text.data[*at] == '+');
    if (!decimal_is_digit(text, *at)) {
        return false;
    }
    for (; decimal_is_digit(text, *at); (*at)++) {
        if (*exponent < (int64_t)1 << 40) {
            *exponent = *exponent * 10 + (text.data[*at] - '0');
        }
    }
    *exponent = is_negative ? -*exponent : *exponent;
    return true;
}

static bool decimal_fits(const decimal_digits *digits, int64_t exponent)
{
    return !digits->is_too_long && exponent >= -CSQ__DECIMAL_DIGITS &&
           exponent <= CSQ__DECIMAL_DIGITS - digits->n;
}

csq_status csq__decimal_read(csq_str text, size_t *used, csq__decimal *out)
{
    decimal_digits digits = {0, 0, 0, false};
    const bool is_negative = text.size > 0 && text.data[0] == '-';
    size_t at = is_negative ? 1 : 0;
    const bool has_leading_zero = at < text.size && text.data[at] == '0';
    if (has_leading_zero && decimal_is_digit(text, at + 1)) {
        *used = at + 1;
        return CSQ_EJSON;
    }
    bool is_well_formed = decimal_take_run(text, &at, &digits);
    int64_t decimals = 0;
    if (is_well_formed && at < text.size && text.data[at] == '.') {
        const size_t start = ++at;
        is_well_formed = decimal_take_run(text, &at, &digits);
        decimals = (int64_t)(at - start);
    }
    int64_t exponent = 0;
    is_well_formed = is_well_formed && decimal_read_exponent(text, &at, &exponent);
    *used = at;
    if (!is_well_formed) {
        return CSQ_EJSON;
    }
    exponent = digits.n == 0 ? 0 : exponent + digits.zeros - decimals;
    if (!decimal_fits(&digits, exponent)) {
        return CSQ_ENUMBER;
    }
    const int64_t mantissa = is_negative ? -digits.mantissa : digits.mantissa;
    *out = (csq__decimal){mantissa, (int32_t)exponent};
    return CSQ_OK;
}

size_t csq__decimal_format(csq__decimal decimal, char *out)
{
    char digits[20];
    const bool is_negative = decimal.mantissa < 0;
    const size_t n =
        csq__format_integer(is_negative ? -decimal.mantissa : decimal.mantissa, digits);
    const size_t zeros = decimal.exponent > 0 ? (size_t)decimal.exponent : 0;
    const size_t decimals = decimal.exponent < 0 ? (size_t)-decimal.exponent : 0;
    // With leading zeros, a digit stands before the point.
    const size_t padding = decimals < n ? 0 : decimals + 1 - n;
    size_t used = 0;
    if (is_negative) {
        out[used++] = '-';
    }
    for (size_t i = 0; i < padding + n + zeros; i++) {
        if (decimals > 0 && i == padding + n - decimals) {
            out[used++] = '.';
        }
        out[used++] = i < padding || i >= padding + n ? '0' : digits[i - padding];
    }
    return used;
}

/* Divides one of the two numbers by a prime; false if it divides neither. */
static bool decimal_divide(int64_t *a, int64_t *b, int64_t prime)
{
    int64_t *number = *a % prime == 0 ? a : b;
    if (*number % prime != 0) {
        return false;
    }
    *number /= prime;
    return true;
}

csq_status csq__decimal_times(csq__decimal decimal, int64_t factor, int64_t *out)
{
    int64_t mantissa = decimal.mantissa;
    for (int32_t i = decimal.exponent; i > 0; i--) {
        mantissa *= 10; // at most 18 digits, by the form of a decimal
    }
    for (int32_t i = decimal.exponent; i < 0; i++) {
        if (!decimal_divide(&mantissa, &factor, 2) || !decimal_divide(&mantissa, &factor, 5)) {
            return CSQ_ENUMBER;
        }
    }
    return csq__mul(mantissa, factor, out) ? CSQ_OK : CSQ_EOVERFLOW;
}
