/*
 * tally_merge — merging, subtracting and copying tallies, and reading their rows in order.
 *
 * A merge first reserves all the memory and checks all the sums that it will need, so that nothing
 * is half applied.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/tally.h"

/* ---- order --------------------------------------------------------------------------------- */

static int compare_codes(const csq_tally *tally, const csq__tally_key *a, const csq__tally_key *b)
{
    for (uint32_t g = 0; g < tally->n_attributes; g++) {
        if (a->codes[g] != b->codes[g]) {
            const csq_vocabulary *names =
                csq_schema_vocabulary(tally->policies->schema, tally->attributes[g]);
            return csq__str_compare(csq_vocabulary_name(names, a->codes[g]),
                                    csq_vocabulary_name(names, b->codes[g]));
        }
    }
    return 0;
}

/* By metric, policy, target (times, working days, due instants by name), names of the values,
 * period. */
static int compare_entries(const void *left, const void *right, const void *user)
{
    const csq_tally *tally = user;
    const csq__tally_entry *entries = tally->entries.data;
    const csq__tally_key *a = &entries[*(const uint32_t *)left].key;
    const csq__tally_key *b = &entries[*(const uint32_t *)right].key;
    if (a->metric != b->metric) {
        return a->metric < b->metric ? -1 : 1;
    }
    if (a->policy != b->policy) {
        return a->policy < b->policy ? -1 : 1;
    }
    if (a->target != b->target) {
        return a->target < b->target ? -1 : 1;
    }
    if (a->workdays != b->workdays) {
        return a->workdays < b->workdays ? -1 : 1;
    }
    if (a->due != b->due) {
        return csq__str_compare(csq_schema_name(tally->policies->schema, a->due),
                                csq_schema_name(tally->policies->schema, b->due));
    }
    const int by_codes = compare_codes(tally, a, b);
    if (by_codes != 0) {
        return by_codes;
    }
    return (a->period_from > b->period_from) - (a->period_from < b->period_from);
}

csq_status csq__tally_sort(csq_tally *tally, csq_error *error)
{
    const size_t missing = tally->entries.n - tally->order.n;
    if (!csq__array_reserve(&tally->order, &tally->allocator, missing, sizeof(uint32_t))) {
        return csq__fail_memory(error);
    }
    uint32_t *order = tally->order.data;
    const bool few = missing <= 16;
    while (tally->order.n < tally->entries.n) {
        const uint32_t fresh = (uint32_t)tally->order.n;
        size_t at = tally->order.n;
        if (few) {
            at = csq__lower_bound(order, tally->order.n, sizeof *order, &fresh, compare_entries,
                                  tally);
            memmove(order + at + 1, order + at, (tally->order.n - at) * sizeof *order);
        }
        order[at] = fresh;
        tally->order.n++;
    }
    if (!few) {
        csq__sort(order, tally->order.n, sizeof *order, compare_entries, tally);
    }
    return CSQ_OK;
}

/* ---- merging ------------------------------------------------------------------------------- */

static csq_status check_pair(const csq_tally *tally, const csq_tally *other, csq_error *error)
{
    if (tally == NULL || other == NULL) {
        return csq__fail_null(error, tally == NULL ? "tally" : "other");
    }
    if (tally->fingerprint != other->fingerprint ||
        tally->policies->schema != other->policies->schema) {
        return csq__fail(error, CSQ_EMISMATCH,
                         CSQ__TEXT("the tallies are of different policies or options"));
    }
    return CSQ_OK;
}

static bool add_number(uint64_t *into, uint64_t from)
{
    *into += from;
    return *into >= from;
}

static bool add_entry(csq__tally_entry *into, const csq__tally_entry *from)
{
    into->overrun_max =
        from->overrun_max > into->overrun_max ? from->overrun_max : into->overrun_max;
    return add_number(&into->met, from->met) && add_number(&into->missed, from->missed) &&
           add_number(&into->open, from->open) && add_number(&into->late_open, from->late_open) &&
           add_number(&into->cancelled, from->cancelled) &&
           csq__add(into->elapsed, from->elapsed, &into->elapsed) &&
           csq__add(into->paused, from->paused, &into->paused) &&
           csq__add(into->overrun, from->overrun, &into->overrun) &&
           csq__promise_sums_add(&into->promises, &from->promises);
}

/* Makes entries for all keys of the other and checks that every sum will fit. */
static csq_status make_entries(csq_tally *tally, const csq_tally *other, csq_error *error)
{
    const csq__tally_entry *entries = other->entries.data;
    for (size_t i = 0; i < other->entries.n; i++) {
        const csq__tally_entry *into = csq__tally_entry_of(tally, &entries[i].key);
        if (into == NULL) {
            return csq__fail_memory(error);
        }
        csq__tally_entry trial = *into;
        if (!add_entry(&trial, &entries[i])) {
            return csq__fail(error, CSQ_EOVERFLOW, CSQ__TEXT("a sum of the tally does not fit"));
        }
        const csq_status status =
            csq__tally_times_prepare(tally, into, other, &entries[i], error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return csq__tally_sort(tally, error);
}

/* Drops the entries behind the first n, which were added last and are not in the order. */
static void drop_entries(csq_tally *tally, size_t n)
{
    if (tally->entries.n == n) {
        return;
    }
    tally->entries.n = n;
    csq__tally_times_drop(tally, n);
    csq__table_remove_above(&tally->table, (uint32_t)n);
}

void csq__tally_undo_prepare(csq_tally *tally, size_t n)
{
    uint32_t *order = tally->order.data;
    size_t n_kept = 0;
    for (size_t i = 0; i < tally->order.n; i++) {
        if (order[i] < n) {
            order[n_kept++] = order[i];
        }
    }
    tally->order.n = n_kept;
    drop_entries(tally, n);
}

csq_status csq__tally_prepare(csq_tally *tally, const csq_tally *other, csq_error *error)
{
    const size_t n = tally->entries.n;
    const csq_status status = make_entries(tally, other, error);
    if (status != CSQ_OK) {
        drop_entries(tally, n);
    }
    return status;
}

void csq__tally_apply(csq_tally *tally, const csq_tally *other)
{
    const csq__tally_entry *entries = other->entries.data;
    for (size_t i = 0; i < other->entries.n; i++) {
        csq__tally_entry *into = csq__tally_find(tally, &entries[i].key);
        csq__tally_times_merge(tally, into, other, &entries[i]);
        (void)add_entry(into, &entries[i]);
    }
}

csq_status csq_tally_merge(csq_tally *tally, const csq_tally *other, csq_error *error)
{
    csq_status status = check_pair(tally, other, error);
    if (status == CSQ_OK) {
        status = csq__tally_prepare(tally, other, error);
    }
    if (status == CSQ_OK) {
        csq__tally_apply(tally, other);
    }
    return status;
}

csq_status csq_tally_copy(const csq_tally *tally, csq_tally **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (tally == NULL) {
        return csq__fail_null(error, "tally");
    }
    csq_tally *copy;
    csq_status status = csq__tally_new_like(tally, &copy, error);
    if (status == CSQ_OK) {
        status = csq_tally_merge(copy, tally, error);
        if (status != CSQ_OK) {
            csq_tally_free(copy);
            return status;
        }
        *out = copy;
    }
    return status;
}

/* ---- subtracting --------------------------------------------------------------------------- */

static bool is_same_count(const csq__tally_entry *a, const csq__tally_entry *b)
{
    return a->met == b->met && a->missed == b->missed && a->open == b->open &&
           a->late_open == b->late_open && a->cancelled == b->cancelled;
}

/* Late cycles overran by the maximum each at most, and took that and their target. */
static bool is_overrun_sound(const csq__tally_entry *entry)
{
    const int64_t missed = entry->missed > INT64_MAX ? INT64_MAX : (int64_t)entry->missed;
    int64_t most;
    int64_t least;
    return entry->overrun_max >= 0 && entry->overrun_max <= entry->overrun &&
           (!csq__mul(missed, entry->overrun_max, &most) || entry->overrun <= most) &&
           csq__mul(missed, entry->key.target, &least) &&
           least <= entry->elapsed - entry->overrun;
}

bool csq__tally_is_sound(const csq_tally *tally, const csq__tally_entry *entry)
{
    const csq__tally_key *key = &entry->key;
    const bool by_date = key->workdays > 0 || key->due != 0;
    const bool has_period = tally->period.kind != CSQ_PERIOD_NONE;
    const uint64_t judged = entry->met | entry->missed;
    const bool fits_key = (by_date ? key->target == 0 : key->target > 0) &&
                          (key->workdays == 0 || key->due == 0) &&
                          (key->period_from != CSQ_MS_NONE) == has_period;
    const bool fits_counts = (judged | entry->open | entry->cancelled) != 0 &&
                             entry->late_open <= entry->missed &&
                             (judged != 0 || (entry->elapsed == 0 && entry->paused == 0));
    if (!fits_key || !fits_counts || entry->elapsed < 0 || entry->paused < 0 ||
        !csq__promise_sums_are_sound(entry)) {
        return false;
    }
    return entry->missed > 0 && !by_date ? is_overrun_sound(entry)
                                         : entry->overrun == 0 &&
                                               entry->overrun_max == CSQ_MS_NONE;
}

static bool subtract_entry(const csq_tally *tally, csq__tally_entry *from,
                           const csq__tally_entry *part)
{
    const bool is_part = part->met <= from->met && part->missed <= from->missed &&
                         part->open <= from->open && part->late_open <= from->late_open &&
                         part->cancelled <= from->cancelled;
    if (!is_part || (part->overrun_max != CSQ_MS_NONE && part->overrun_max >= from->overrun_max)) {
        return false;
    }
    from->met -= part->met;
    from->missed -= part->missed;
    from->open -= part->open;
    from->late_open -= part->late_open;
    from->cancelled -= part->cancelled;
    return csq__sub(from->elapsed, part->elapsed, &from->elapsed) &&
           csq__sub(from->paused, part->paused, &from->paused) &&
           csq__sub(from->overrun, part->overrun, &from->overrun) &&
           csq__promise_sums_subtract(&from->promises, &part->promises) &&
           csq__tally_is_sound(tally, from);
}

static csq_status fail_no_part(csq_error *error)
{
    return csq__fail(error, CSQ_ESTATE,
                     CSQ__TEXT("the other tally is not a part of this one, or holds its maximum"));
}

/* Fills `rest` with the entries of `tally` less those of `other`; what is used up is left out. */
static csq_status fill_rest(csq_tally *rest, const csq_tally *tally, const csq_tally *other,
                            csq_error *error)
{
    const csq__tally_entry *entries = tally->entries.data;
    size_t n_found = 0;
    for (size_t i = 0; i < tally->entries.n; i++) {
        csq__tally_entry entry = entries[i];
        const csq__tally_entry *part = csq__tally_find(other, &entry.key);
        n_found += part != NULL;
        if (part != NULL && is_same_count(part, &entry)) {
            if (memcmp(part, &entry, sizeof entry) != 0 ||
                !csq__tally_times_are_same(tally, &entries[i], other, part)) {
                return fail_no_part(error);
            }
            continue;
        }
        if (part != NULL && !subtract_entry(tally, &entry, part)) {
            return fail_no_part(error);
        }
        csq__tally_entry *into = csq__tally_entry_of(rest, &entry.key);
        if (into == NULL) {
            return csq__fail_memory(error);
        }
        *into = entry;
        const csq_status status =
            csq__tally_times_subtract(rest, into, tally, &entries[i], other, part, error);
        if (status != CSQ_OK) {
            return status;
        }
        if (part != NULL && !csq__tally_times_are_sound(rest, into)) {
            return fail_no_part(error);
        }
    }
    return n_found == other->entries.n ? csq__tally_sort(rest, error) : fail_no_part(error);
}

csq_status csq_tally_subtract(csq_tally *tally, const csq_tally *other, csq_error *error)
{
    csq_status status = check_pair(tally, other, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq_tally *rest;
    status = csq__tally_new_like(tally, &rest, error);
    if (status != CSQ_OK) {
        return status;
    }
    status = fill_rest(rest, tally, other, error);
    if (status == CSQ_OK) {
        const csq_tally old = *tally;
        tally->entries = rest->entries;
        tally->table = rest->table;
        tally->order = rest->order;
        tally->times = rest->times;
        rest->entries = old.entries;
        rest->table = old.table;
        rest->order = old.order;
        rest->times = old.times;
    }
    csq_tally_free(rest);
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------- */

uint64_t csq_tally_count(const csq_tally *tally)
{
    return tally == NULL ? 0 : tally->order.n;
}

csq_status csq__tally_fail_row(const csq_tally *tally, uint64_t index, csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("row "), CSQ__NUMBER((int64_t)index),
                     CSQ__TEXT(", there are "), CSQ__NUMBER((int64_t)csq_tally_count(tally)));
}

csq_status csq_tally_row_at(const csq_tally *tally, uint64_t index, csq_tally_row *out,
                            csq_error *error)
{
    if (tally == NULL) {
        return csq__fail_null(error, "tally");
    }
    if (index >= csq_tally_count(tally)) {
        return csq__tally_fail_row(tally, index, error);
    }
    const csq__tally_entry *entry = (const csq__tally_entry *)tally->entries.data +
                                    ((const uint32_t *)tally->order.data)[index];
    csq_tally_row row = {.policy = entry->key.policy,
                         .metric = entry->key.metric,
                         .workdays = entry->key.workdays,
                         .target_ms = entry->key.target > 0 ? entry->key.target : CSQ_MS_NONE,
                         .period_from = entry->key.period_from,
                         .met = entry->met,
                         .missed = entry->missed,
                         .open = entry->open,
                         .late_open = entry->late_open,
                         .cancelled = entry->cancelled,
                         .elapsed_ms = entry->elapsed,
                         .paused_ms = entry->paused,
                         .overrun_ms = entry->overrun,
                         .overrun_max_ms = entry->overrun_max,
                         .due_attribute = entry->key.due,
                         .promised = entry->promises.promised,
                         .kept_original = entry->promises.kept_original,
                         .kept_latest = entry->promises.kept_latest,
                         .re_promised = entry->promises.re_promised,
                         .estimates = entry->promises.estimates,
                         .error_ms = entry->promises.error,
                         .error_size_ms = entry->promises.error_size};
    memcpy(row.codes, entry->key.codes, sizeof row.codes);
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_tally_row, error_size_ms), &row, sizeof row,
                             error);
}
