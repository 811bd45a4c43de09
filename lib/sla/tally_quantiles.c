/*
 * tally_quantiles — the times of a tally's cycles, kept for quantiles where the options ask for
 * them.
 *
 * They lie beside the entries in an array of their own, so that a tally without them is as small
 * and as quick as if there were none.
 *
 * Uses: base, stat, condition, ticket.
 */
#include "sla/tally.h"

/* The times of an entry by measure, or NULL where the tally keeps none. */
static csq__quantiles *times_of(const csq_tally *tally, const csq__tally_entry *entry)
{
    if (tally->measures == 0) {
        return NULL;
    }
    const size_t index = (size_t)(entry - (const csq__tally_entry *)tally->entries.data);
    return (csq__quantiles *)tally->times.data + index * CSQ__TALLY_MEASURES;
}

/* ---- life ---------------------------------------------------------------------------------- */

bool csq__tally_times_reserve(csq_tally *tally)
{
    return tally->measures == 0 || csq__array_reserve(&tally->times, &tally->allocator,
                                                      CSQ__TALLY_MEASURES, sizeof(csq__quantiles));
}

void csq__tally_times_push(csq_tally *tally)
{
    for (int m = 0; m < CSQ__TALLY_MEASURES && tally->measures != 0; m++) {
        (void)csq__array_push(&tally->times, &tally->allocator, NULL, sizeof(csq__quantiles));
    }
}

void csq__tally_times_drop(csq_tally *tally, size_t n)
{
    csq__quantiles *times = tally->times.data;
    while (tally->times.n > n * CSQ__TALLY_MEASURES) {
        csq__quantiles_release(&times[--tally->times.n], &tally->allocator);
    }
}

/* ---- accumulating -------------------------------------------------------------------------- */

csq_status csq__tally_times_add(csq_tally *tally, const csq__tally_entry *entry,
                                const csq__judged *judged, csq_error *error)
{
    const csq__run *run = judged->run;
    const bool is_open = csq__run_is_open(run);
    const bool by_date = entry->key.workdays > 0 || entry->key.due != 0;
    if (run->phase == CSQ_PHASE_CANCELLED || (is_open && !judged->is_late)) {
        return CSQ_OK;
    }
    const csq_ms overrun = csq__sub_saturated(judged->elapsed, run->target);
    const csq_ms values[CSQ__TALLY_MEASURES] = {judged->elapsed, overrun, -overrun};
    const uint32_t measures = (by_date           ? 0
                               : judged->is_late ? CSQ_TALLY_OVERRUN
                                                 : CSQ_TALLY_REMAINING) |
                              CSQ_TALLY_ELAPSED;
    csq__quantiles *times = times_of(tally, entry);
    for (int m = 0; m < CSQ__TALLY_MEASURES; m++) {
        if ((measures & tally->measures) >> m & 1) {
            const csq_status status =
                csq__quantiles_add(&times[m], &tally->allocator, tally->exact_limit, &values[m], 1);
            if (status != CSQ_OK) {
                return csq__quantiles_fail(status, error);
            }
        }
    }
    return CSQ_OK;
}

csq_status csq__tally_times_prepare(csq_tally *tally, const csq__tally_entry *into,
                                    const csq_tally *other, const csq__tally_entry *from,
                                    csq_error *error)
{
    csq__quantiles *times = times_of(tally, into);
    const csq__quantiles *added = times_of(other, from);
    for (int m = 0; m < CSQ__TALLY_MEASURES && times != NULL; m++) {
        const csq_status status =
            csq__quantiles_reserve(&times[m], &tally->allocator, tally->exact_limit, &added[m]);
        if (status != CSQ_OK) {
            return csq__quantiles_fail(status, error);
        }
    }
    return CSQ_OK;
}

void csq__tally_times_merge(csq_tally *tally, const csq__tally_entry *into, const csq_tally *other,
                            const csq__tally_entry *from)
{
    csq__quantiles *times = times_of(tally, into);
    const csq__quantiles *added = times_of(other, from);
    for (int m = 0; m < CSQ__TALLY_MEASURES && times != NULL; m++) {
        csq__quantiles_merge(&times[m], &tally->allocator, tally->exact_limit, &added[m]);
    }
}

csq_status csq__tally_times_subtract(csq_tally *rest, const csq__tally_entry *left,
                                     const csq_tally *tally, const csq__tally_entry *entry,
                                     const csq_tally *other, const csq__tally_entry *part,
                                     csq_error *error)
{
    static const csq__quantiles none[CSQ__TALLY_MEASURES];
    csq__quantiles *into = times_of(rest, left);
    const csq__quantiles *whole = times_of(tally, entry);
    const csq__quantiles *taken = part == NULL ? none : times_of(other, part);
    for (int m = 0; m < CSQ__TALLY_MEASURES && into != NULL; m++) {
        const csq_status status = csq__quantiles_subtract(&whole[m], &taken[m], &tally->allocator,
                                                          tally->exact_limit, &into[m], error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

bool csq__tally_times_are_same(const csq_tally *tally, const csq__tally_entry *a,
                               const csq_tally *other, const csq__tally_entry *b)
{
    const csq__quantiles *x = times_of(tally, a);
    const csq__quantiles *y = times_of(other, b);
    for (int m = 0; m < CSQ__TALLY_MEASURES && x != NULL; m++) {
        if (!csq__quantiles_is_same(&x[m], &y[m])) {
            return false;
        }
    }
    return true;
}

/* ---- bytes --------------------------------------------------------------------------------- */

/* Whether there are `n` values that add up to `sum`; CSQ_MS_NONE: nobody knows it. */
static bool times_fit(const csq__quantiles *times, uint64_t n, int64_t sum)
{
    int64_t low;
    int64_t high;
    return times->n == n &&
           (sum == CSQ_MS_NONE || n == 0 || !csq__quantiles_sum(times, &low, &high) ||
            (low <= sum && sum <= high));
}

/* Whether nothing took less than no time, and nothing was late by less. */
static bool is_least_positive(const csq__quantiles *times)
{
    csq_quantile least;
    return times->n == 0 ||
           (csq__quantiles_at(times, 0, 0, &least, NULL) == CSQ_OK && least.low >= 0);
}

/* The time left of all met cycles together: what the targets allow, and what was overrun, less what
 * elapsed; CSQ_MS_NONE if a number on the way does not fit. */
static int64_t remaining_of(const csq__tally_entry *entry)
{
    const uint64_t n = entry->met + entry->missed;
    int64_t sum;
    return n <= INT64_MAX && csq__mul((int64_t)n, entry->key.target, &sum) &&
                   csq__add(sum, entry->overrun, &sum) && csq__sub(sum, entry->elapsed, &sum)
               ? sum
               : CSQ_MS_NONE;
}

/* Whether the largest overrun can be the one that the entry knows. */
static bool is_largest_overrun(const csq__quantiles *times, const csq__tally_entry *entry)
{
    csq_quantile largest;
    return times->n == 0 ||
           (csq__quantiles_at(times, CSQ_QUANTILES_WHOLE, 0, &largest, NULL) == CSQ_OK &&
            largest.low <= entry->overrun_max && entry->overrun_max <= largest.high);
}

bool csq__tally_times_are_sound(const csq_tally *tally, const csq__tally_entry *entry)
{
    const csq__quantiles *times = times_of(tally, entry);
    const bool by_date = entry->key.workdays > 0 || entry->key.due != 0;
    const bool is_asked[CSQ__TALLY_MEASURES] = {(tally->measures & CSQ_TALLY_ELAPSED) != 0,
                                                (tally->measures & CSQ_TALLY_OVERRUN) != 0,
                                                (tally->measures & CSQ_TALLY_REMAINING) != 0};
    const uint64_t n[CSQ__TALLY_MEASURES] = {entry->met + entry->missed,
                                             by_date ? 0 : entry->missed, by_date ? 0 : entry->met};
    const int64_t sums[CSQ__TALLY_MEASURES] = {entry->elapsed, entry->overrun, remaining_of(entry)};
    for (int m = 0; m < CSQ__TALLY_MEASURES && times != NULL; m++) {
        if (!times_fit(&times[m], is_asked[m] ? n[m] : 0, sums[m])) {
            return false;
        }
    }
    return times == NULL || (is_least_positive(&times[0]) && is_least_positive(&times[1]) &&
                             is_largest_overrun(&times[1], entry));
}

void csq__tally_times_write(csq__writer *writer, const csq_tally *tally,
                            const csq__tally_entry *entry)
{
    const csq__quantiles *times = times_of(tally, entry);
    for (int m = 0; m < CSQ__TALLY_MEASURES && times != NULL; m++) {
        if (tally->measures >> m & 1) {
            csq__quantiles_write(writer, &times[m]);
        }
    }
}

bool csq__tally_times_read(csq__reader *reader, csq_tally *tally, const csq__tally_entry *entry)
{
    csq__quantiles *times = times_of(tally, entry);
    for (int m = 0; m < CSQ__TALLY_MEASURES && times != NULL && !reader->failed; m++) {
        if ((tally->measures >> m & 1) &&
            !csq__quantiles_read(reader, &tally->allocator, tally->exact_limit, &times[m])) {
            return false;
        }
    }
    reader->failed = reader->failed || !csq__tally_times_are_sound(tally, entry);
    return true;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* The times of a measure in a row. */
static csq_status find_times(const csq_tally *tally, uint64_t index, uint32_t measure,
                             const csq__quantiles **out, csq_error *error)
{
    if (tally == NULL) {
        return csq__fail_null(error, "tally");
    }
    if (index >= csq_tally_count(tally)) {
        return csq__tally_fail_row(tally, index, error);
    }
    const bool is_one = measure == CSQ_TALLY_ELAPSED || measure == CSQ_TALLY_OVERRUN ||
                        measure == CSQ_TALLY_REMAINING;
    if (!is_one) {
        return csq__fail_value(error, "measure", measure);
    }
    if ((tally->measures & measure) == 0) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("the tally was not asked to keep quantiles of this measure"));
    }
    const uint32_t entry = ((const uint32_t *)tally->order.data)[index];
    const uint32_t place = measure >> 1; // 1, 2 and 4 are the places 0, 1 and 2
    *out = times_of(tally, (const csq__tally_entry *)tally->entries.data + entry) + place;
    return CSQ_OK;
}

csq_status csq_tally_quantile(const csq_tally *tally, uint64_t index, uint32_t measure,
                              uint32_t part, uint32_t definition, csq_quantile *out,
                              csq_error *error)
{
    const csq__quantiles *times = NULL;
    csq_quantile quantile;
    csq_status status = find_times(tally, index, measure, &times, error);
    if (status == CSQ_OK) {
        status = csq__quantiles_at(times, part, definition, &quantile, error);
    }
    return status == CSQ_OK ? csq__struct_write(out, CSQ__FIRST_SIZE(csq_quantile, high), &quantile,
                                                sizeof quantile, error)
                            : status;
}

csq_status csq_tally_add_quantiles(const csq_tally *tally, uint64_t index, uint32_t measure,
                                   csq_quantiles *into, csq_error *error)
{
    const csq__quantiles *times = NULL;
    if (into == NULL) {
        return csq__fail_null(error, "into");
    }
    const csq_status status = find_times(tally, index, measure, &times, error);
    return status == CSQ_OK ? csq__quantiles_merge_into(into, times, tally->exact_limit, error)
                            : status;
}
