/*
 * quantiles_state — values kept for quantiles: adding, merging, subtracting.
 *
 * The step from values to counts is taken when there are more values than the limit and never back,
 * which is why taking values away must not lead across it: the counts do not tell the values. The
 * buckets are those of a log-linear histogram, as of HdrHistogram (Tene) with 7 bits.
 *
 * Uses: base.
 */
#include "stat/stat_internal.h"

void csq__quantiles_release(csq__quantiles *state, const csq_allocator *allocator)
{
    csq__array_release(&state->values, allocator, sizeof(int64_t));
    csq__release(allocator, state->counts, state->n_counts * sizeof *state->counts);
    *state = (csq__quantiles){0};
}

/* ---- counts -------------------------------------------------------------------------------- */

static void extend_to(uint32_t bucket, uint32_t *low, uint32_t *high)
{
    *low = bucket < *low ? bucket : *low;
    *high = bucket > *high ? bucket : *high;
}

/* Widens [low, high] to the buckets of a state. */
static void extend_to_state(const csq__quantiles *state, uint32_t *low, uint32_t *high)
{
    const int64_t *values = state->values.data;
    for (size_t i = 0; i < state->values.n; i++) {
        extend_to(csq__bucket_of(values[i]), low, high);
    }
    if (state->n_counts > 0) {
        extend_to(state->first, low, high);
        extend_to(state->first + state->n_counts - 1, low, high);
    }
}

/* Makes room for counts of the buckets from `low` to `high`, and of those between what is there. */
static bool reserve_counts(csq__quantiles *state, const csq_allocator *allocator, uint32_t low,
                           uint32_t high)
{
    if (state->n_counts > 0) {
        extend_to(state->first, &low, &high);
        extend_to(state->first + state->n_counts - 1, &low, &high);
    }
    const uint32_t first = low - low % CSQ__BUCKET_OCTAVE;
    const uint32_t n = high - high % CSQ__BUCKET_OCTAVE + CSQ__BUCKET_OCTAVE - first;
    if (n == state->n_counts) {
        return true;
    }
    uint64_t *counts = csq__allocate_zeroed(allocator, n * sizeof *counts);
    if (counts == NULL) {
        return false;
    }
    if (state->n_counts > 0) {
        memcpy(counts + (state->first - first), state->counts,
               state->n_counts * sizeof *state->counts);
        csq__release(allocator, state->counts, state->n_counts * sizeof *state->counts);
    }
    state->counts = counts;
    state->first = first;
    state->n_counts = n;
    return true;
}

bool csq__quantiles_reserve_bucket(csq__quantiles *state, const csq_allocator *allocator,
                                   uint32_t bucket)
{
    return bucket - state->first < state->n_counts ||
           reserve_counts(state, allocator, bucket, bucket);
}

static void count_values(csq__quantiles *state, const int64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        state->counts[csq__bucket_of(values[i]) - state->first]++;
    }
}

/* Counts the values, for whose buckets there is room, in place of keeping them. */
static void go_over_to_counts(csq__quantiles *state, const csq_allocator *allocator)
{
    count_values(state, state->values.data, state->values.n);
    csq__array_release(&state->values, allocator, sizeof(int64_t));
}

/* ---- adding -------------------------------------------------------------------------------- */

static csq_status add_counts(csq__quantiles *state, const csq_allocator *allocator,
                             const int64_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t bucket = csq__bucket_of(values[i]);
        if (!csq__quantiles_reserve_bucket(state, allocator, bucket)) {
            return CSQ_ENOMEM;
        }
        state->counts[bucket - state->first]++;
        state->n++;
    }
    return CSQ_OK;
}

csq_status csq__quantiles_add(csq__quantiles *state, const csq_allocator *allocator, uint32_t limit,
                              const int64_t *values, size_t n)
{
    if (n == 0) {
        return CSQ_OK;
    }
    if (n > INT64_MAX - state->n) {
        return CSQ_EOVERFLOW;
    }
    if (n <= limit && state->n <= limit - n) {
        if (!csq__array_reserve(&state->values, allocator, n, sizeof *values)) {
            return CSQ_ENOMEM;
        }
        memcpy((int64_t *)state->values.data + state->n, values, n * sizeof *values);
        state->values.n += n;
        state->n += n;
        return CSQ_OK;
    }
    if (state->values.n > 0) {
        uint32_t low = csq__bucket_of(values[0]);
        uint32_t high = low;
        extend_to_state(state, &low, &high);
        if (!reserve_counts(state, allocator, low, high)) {
            return CSQ_ENOMEM;
        }
        go_over_to_counts(state, allocator);
    }
    return add_counts(state, allocator, values, n);
}

/* ---- merging ------------------------------------------------------------------------------- */

csq_status csq__quantiles_reserve(csq__quantiles *state, const csq_allocator *allocator,
                                  uint32_t limit, const csq__quantiles *other)
{
    if (other->n > INT64_MAX - state->n) {
        return CSQ_EOVERFLOW;
    }
    if (other->n == 0) {
        return CSQ_OK;
    }
    if (state->n + other->n <= limit) {
        const size_t n = (size_t)other->n;
        return csq__array_reserve(&state->values, allocator, n, sizeof(int64_t)) ? CSQ_OK
                                                                                 : CSQ_ENOMEM;
    }
    uint32_t low = CSQ__BUCKETS;
    uint32_t high = 0;
    extend_to_state(other, &low, &high);
    extend_to_state(state, &low, &high);
    return reserve_counts(state, allocator, low, high) ? CSQ_OK : CSQ_ENOMEM;
}

void csq__quantiles_merge(csq__quantiles *state, const csq_allocator *allocator, uint32_t limit,
                          const csq__quantiles *other)
{
    const csq__quantiles added = *other; // the state may be the other one
    if (added.n == 0) {
        return;
    }
    if (state->n + added.n <= limit) {
        memcpy((int64_t *)state->values.data + state->n, added.values.data,
               (size_t)added.n * sizeof(int64_t));
        state->values.n += (size_t)added.n;
        state->n += added.n;
        return;
    }
    if (added.values.n > 0) {
        count_values(state, added.values.data, added.values.n);
    } else {
        uint64_t *into = state->counts + ((int64_t)added.first - state->first);
        for (size_t i = 0; i < added.n_counts; i++) {
            into[i] += added.counts[i];
        }
    }
    go_over_to_counts(state, allocator);
    state->n += added.n;
}

/* ---- comparing ----------------------------------------------------------------------------- */

static int compare_values(const void *a, const void *b, const void *user)
{
    (void)user;
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void csq__quantiles_sort(const csq__quantiles *state)
{
    csq__sort(state->values.data, state->values.n, sizeof(int64_t), compare_values, NULL);
}

/* The number of values in a bucket of a state that has counts. */
static uint64_t count_in(const csq__quantiles *state, uint32_t bucket)
{
    const uint32_t i = bucket - state->first;
    return i < state->n_counts ? state->counts[i] : 0;
}

/* Whether the counts of `a` are those of `b`, which has as many values. */
static bool has_same_counts(const csq__quantiles *a, const csq__quantiles *b)
{
    for (uint32_t i = 0; i < a->n_counts; i++) {
        if (a->counts[i] != count_in(b, a->first + i)) {
            return false;
        }
    }
    return true;
}

bool csq__quantiles_is_same(const csq__quantiles *a, const csq__quantiles *b)
{
    if (a->n != b->n || a->values.n != b->values.n) {
        return false;
    }
    if (!csq__quantiles_is_exact(a)) {
        return has_same_counts(a, b);
    }
    csq__quantiles_sort(a);
    csq__quantiles_sort(b);
    return a->n == 0 || memcmp(a->values.data, b->values.data, a->values.n * sizeof(int64_t)) == 0;
}

/* ---- subtracting --------------------------------------------------------------------------- */

static csq_status fail_not_a_part(csq_error *error)
{
    return csq__fail(error, CSQ_ESTATE,
                     CSQ__TEXT("values are to be taken away that are not there"));
}

/* The values of one exact state that another, whose values are among them, does not have. */
static csq_status subtract_values(const csq__quantiles *state, const csq__quantiles *part,
                                  const csq_allocator *allocator, csq__quantiles *rest,
                                  csq_error *error)
{
    const int64_t *values = state->values.data;
    const int64_t *taken = part->values.data;
    if (!csq__array_reserve(&rest->values, allocator, state->values.n, sizeof *values)) {
        return csq__fail_memory(error);
    }
    csq__quantiles_sort(state);
    csq__quantiles_sort(part);
    int64_t *left = rest->values.data;
    size_t n_taken = 0;
    for (size_t i = 0; i < state->values.n; i++) {
        if (n_taken < part->values.n && taken[n_taken] == values[i]) {
            n_taken++;
        } else if (rest->values.n < state->values.n - part->values.n) {
            left[rest->values.n++] = values[i];
        }
    }
    rest->n = rest->values.n;
    return n_taken == part->values.n ? CSQ_OK : fail_not_a_part(error);
}

static csq_status subtract_counts(const csq__quantiles *state, const csq__quantiles *part,
                                  const csq_allocator *allocator, csq__quantiles *rest,
                                  csq_error *error)
{
    if (!reserve_counts(rest, allocator, state->first, state->first + state->n_counts - 1)) {
        return csq__fail_memory(error);
    }
    memcpy(rest->counts, state->counts, state->n_counts * sizeof *state->counts);
    rest->n = state->n - part->n;
    const int64_t *values = part->values.data;
    for (size_t i = 0; i < part->values.n; i++) {
        const uint32_t bucket = csq__bucket_of(values[i]);
        if (count_in(rest, bucket) == 0) {
            return fail_not_a_part(error);
        }
        rest->counts[bucket - rest->first]--;
    }
    for (uint32_t i = 0; !csq__quantiles_is_exact(part) && i < part->n_counts; i++) {
        const uint32_t bucket = part->first + i;
        if (part->counts[i] > count_in(rest, bucket)) {
            return fail_not_a_part(error);
        }
        if (part->counts[i] > 0) {
            rest->counts[bucket - rest->first] -= part->counts[i];
        }
    }
    return CSQ_OK;
}

csq_status csq__quantiles_subtract(const csq__quantiles *state, const csq__quantiles *part,
                                   const csq_allocator *allocator, uint32_t limit,
                                   csq__quantiles *rest, csq_error *error)
{
    if (part->n >= state->n) {
        return csq__quantiles_is_same(state, part) ? CSQ_OK : fail_not_a_part(error);
    }
    const bool is_exact = csq__quantiles_is_exact(state);
    if (!is_exact && state->n - part->n <= limit) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("of the "), CSQ__NUMBER((int64_t)state->n),
                         CSQ__TEXT(" values so few would be left ("),
                         CSQ__NUMBER((int64_t)(state->n - part->n)),
                         CSQ__TEXT(") that they would have to be known exactly"));
    }
    const csq_status status = is_exact ? subtract_values(state, part, allocator, rest, error)
                                       : subtract_counts(state, part, allocator, rest, error);
    if (status != CSQ_OK) {
        csq__quantiles_release(rest, allocator);
    }
    return status;
}
