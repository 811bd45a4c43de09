/*
 * quantiles_read — the quantile at a part of the values, by four definitions.
 *
 * R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50
 * (1996): types 1, 2, 6 and 7. Places among the values are computed in whole numbers and
 * millionths, so that an answer is the same on every platform; only the value between two places is
 * rounded.
 *
 * Uses: base.
 */
#include "stat/stat_internal.h"

csq__bucket_range csq__bucket_range_of(uint32_t bucket)
{
    const bool is_negative = bucket < CSQ__BUCKET_ZERO;
    const uint32_t distance = is_negative ? CSQ__BUCKET_ZERO - bucket : bucket - CSQ__BUCKET_ZERO;
    const unsigned shift = distance < 2 * CSQ__BUCKET_OCTAVE ? 0 : (distance >> 7) - 1;
    const int64_t low = (int64_t)(distance - (shift << 7)) << shift;
    const int64_t extent = ((int64_t)1 << shift) - 1;
    const csq__bucket_range range = {low, low + extent / 2, low + extent};
    return is_negative ? (csq__bucket_range){-range.high, -range.middle, -range.low} : range;
}

/* What is known of the value at a place, from 1 to n. */
static csq__bucket_range value_at_place(const csq__quantiles *state, uint64_t place)
{
    if (csq__quantiles_is_exact(state)) {
        const int64_t value = ((const int64_t *)state->values.data)[place - 1];
        return (csq__bucket_range){value, value, value};
    }
    uint32_t i = 0;
    uint64_t before = 0;
    while (i + 1 < state->n_counts && before + state->counts[i] < place) {
        before += state->counts[i++];
    }
    return csq__bucket_range_of(state->first + i);
}

/* A place between 1 and n: a whole number and millionths of the way to the next one. */
typedef struct quantile_place {
    uint64_t whole;
    uint32_t millionths;
} quantile_place;

/* The part of n: n up to INT64_MAX. */
static quantile_place part_of(uint64_t n, uint32_t part)
{
    const uint64_t rest = n % CSQ_QUANTILES_WHOLE * part;
    return (quantile_place){n / CSQ_QUANTILES_WHOLE * part + rest / CSQ_QUANTILES_WHOLE,
                            (uint32_t)(rest % CSQ_QUANTILES_WHOLE)};
}

static quantile_place place_of(uint64_t n, uint32_t part, uint32_t definition)
{
    const uint32_t half = CSQ_QUANTILES_WHOLE / 2;
    quantile_place place = part_of(n, part);
    switch (definition) {
    case CSQ_QUANTILE_AVERAGED:
        place = place.millionths > 0 ? (quantile_place){place.whole + 1, 0}
                                     : (quantile_place){place.whole, half};
        break;
    case CSQ_QUANTILE_EXCLUSIVE:
        place = part_of(n + 1, part);
        break;
    case CSQ_QUANTILE_INCLUSIVE:
        place = part_of(n - 1, part);
        place.whole++;
        break;
    default:
        place = (quantile_place){place.whole + (place.millionths > 0), 0};
        break;
    }
    if (place.whole < 1) {
        return (quantile_place){1, 0};
    }
    return place.whole >= n ? (quantile_place){n, 0} : place;
}

/* The value between two, a <= b, to the nearest integer, halves away from 0. */
static int64_t value_between(int64_t a, int64_t b, uint32_t millionths)
{
    const uint64_t distance = (uint64_t)b - (uint64_t)a;
    const uint64_t rest = distance % CSQ_QUANTILES_WHOLE * millionths;
    const uint64_t whole = distance / CSQ_QUANTILES_WHOLE * millionths + rest / CSQ_QUANTILES_WHOLE;
    const int64_t value = (int64_t)((uint64_t)a + whole);
    const uint64_t twice = rest % CSQ_QUANTILES_WHOLE * 2;
    const bool is_up = twice > CSQ_QUANTILES_WHOLE || (twice == CSQ_QUANTILES_WHOLE && value >= 0);
    return value + is_up;
}

csq_status csq__quantiles_at(const csq__quantiles *state, uint32_t part, uint32_t definition,
                             csq_quantile *out, csq_error *error)
{
    if (part > CSQ_QUANTILES_WHOLE) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("expected a part of at most 1000000, found "),
                         CSQ__NUMBER(part));
    }
    if (definition > CSQ_QUANTILE_INCLUSIVE) {
        return csq__fail_value(error, "definition", definition);
    }
    if (state->n == 0) {
        return csq__fail(error, CSQ_ENODATA, CSQ__TEXT("there is no quantile of no values"));
    }
    csq__quantiles_sort(state);
    const quantile_place place = place_of(state->n, part, definition);
    const csq__bucket_range a = value_at_place(state, place.whole);
    const csq__bucket_range b = place.millionths == 0 ? a : value_at_place(state, place.whole + 1);
    *out = (csq_quantile){.size = sizeof *out,
                          .is_exact = csq__quantiles_is_exact(state),
                          .count = state->n,
                          .value = value_between(a.middle, b.middle, place.millionths),
                          .low = value_between(a.low, b.low, place.millionths),
                          .high = value_between(a.high, b.high, place.millionths)};
    return CSQ_OK;
}

/* ---- sums ---------------------------------------------------------------------------------- */

/* Adds n * value; n is at most INT64_MAX. */
static bool add_times(uint64_t n, int64_t value, int64_t *sum)
{
    int64_t product;
    return csq__mul((int64_t)n, value, &product) && csq__add(*sum, product, sum);
}

bool csq__quantiles_sum(const csq__quantiles *state, int64_t *low, int64_t *high)
{
    const int64_t *values = state->values.data;
    bool fits = true;
    *low = 0;
    *high = 0;
    for (size_t i = 0; i < state->values.n && fits; i++) {
        fits = csq__add(*low, values[i], low);
        *high = *low;
    }
    for (uint32_t i = 0; i < state->n_counts && fits; i++) {
        if (state->counts[i] > 0) {
            const csq__bucket_range range = csq__bucket_range_of(state->first + i);
            fits = add_times(state->counts[i], range.low, low) &&
                   add_times(state->counts[i], range.high, high);
        }
    }
    return fits;
}
