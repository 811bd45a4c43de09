/*
 * plan — puts the entries of a calendar in order and refuses those that contradict each other.
 *
 * The night rule "by calendar date" is settled here, by splitting entries at midnight; what comes
 * after does not know it.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"

static int entry_compare(const void *left, const void *right, const void *user)
{
    (void)user;
    const csq__entry *const a = left;
    const csq__entry *const b = right;
    if (a->version != b->version) {
        return a->version < b->version ? -1 : 1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

/* ---- contradictions ------------------------------------------------------------------------ */

/* Fails for entries a and b of one date: "2026-10-01: <what>: "A" and "B"". */
static csq_status fail_pair(const csq__calendar_plan *plan, const csq__entry *a,
                            const csq__entry *b, csq_status code, const char *what,
                            csq_error *error)
{
    const csq__entry *const earlier = a->number < b->number ? a : b;
    const csq__entry *const later = earlier == a ? b : a;
    char date[CSQ_DATE_TEXT] = "";
    (void)csq_date_format(a->day, date, sizeof date, NULL);
    (void)csq__fail(
        error, code, CSQ__VIEW(csq_str_of(date)), CSQ__TEXT(": "), CSQ__VIEW(csq_str_of(what)),
        CSQ__TEXT(": \""), CSQ__VIEW(csq__plan_name(plan, earlier->name, earlier->name_size)),
        CSQ__TEXT("\" and \""), CSQ__VIEW(csq__plan_name(plan, later->name, later->name_size)),
        CSQ__TEXT("\""));
    csq__error_index(error, later->number);
    return code;
}

/* Judges two neighbours in the order of a date. */
static csq_status check_neighbours(const csq__calendar_plan *plan, const csq__entry *a,
                                   const csq__entry *b, csq_error *error)
{
    if (a->kind == CSQ__ENTRY_HOLIDAY && b->kind == CSQ__ENTRY_HOLIDAY) {
        return fail_pair(plan, a, b, CSQ_EDUPLICATE, "two holidays for the whole date", error);
    }
    if (a->kind == CSQ__ENTRY_CLOSE &&
        (b->kind == CSQ__ENTRY_CLOSE || b->kind == CSQ__ENTRY_OVERRIDE)) {
        return fail_pair(plan, a, b, CSQ_EDUPLICATE, "closed by one override, not by another",
                         error);
    }
    const bool both_holidays =
        a->kind <= CSQ__ENTRY_HOLIDAY_PART && b->kind <= CSQ__ENTRY_HOLIDAY_PART;
    if (both_holidays && b->start < a->end) {
        return fail_pair(plan, a, b, CSQ_EINTERVAL, "two holidays overlap", error);
    }
    return CSQ_OK;
}

static csq_status check_dated(const csq__calendar_plan *plan, csq_error *error)
{
    for (size_t i = 1; i < plan->n_dated; i++) {
        const csq__entry *const a = &plan->dated[i - 1];
        const csq__entry *const b = &plan->dated[i];
        if (a->version != b->version || a->day != b->day) {
            continue;
        }
        const csq_status status = check_neighbours(plan, a, b, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

/* ---- the night rule ------------------------------------------------------------------------ */

/* Cuts an entry at midnight; false if nothing of it lies behind. */
static bool entry_split(csq__entry *entry, csq__entry *rest)
{
    if (entry->end <= CSQ__DAY_MS) {
        return false;
    }
    *rest = *entry;
    rest->start = entry->start <= CSQ__DAY_MS ? 0 : entry->start - (int32_t)CSQ__DAY_MS;
    rest->end = entry->end - (int32_t)CSQ__DAY_MS;
    rest->day = entry->kind == CSQ__ENTRY_WEEK ? entry->day % 7 + 1 : entry->day + 1;
    rest->kind = entry->kind == CSQ__ENTRY_OVERRIDE ? CSQ__ENTRY_SPILL : entry->kind;
    entry->end = (int32_t)CSQ__DAY_MS;
    return true;
}

/* Splits all entries of an array with room for twice as many; returns how many they become. What
 * begins at midnight or later leaves an empty entry behind, which means nothing. */
static size_t entries_split(csq__entry *entries, size_t n)
{
    size_t all = n;
    for (size_t i = 0; i < n; i++) {
        all += entry_split(&entries[i], &entries[all]);
    }
    return all;
}

static csq_status split_array(csq__calendar_plan *plan, csq__entry **entries, size_t *n,
                              size_t *capacity, csq_error *error)
{
    if (*n == 0) {
        return CSQ_OK;
    }
    csq__entry *const wide = csq__reallocate(
        &plan->allocator, *entries, *capacity * sizeof **entries, 2 * *n * sizeof **entries);
    if (wide == NULL) {
        return csq__fail_memory(error);
    }
    *entries = wide;
    *capacity = 2 * *n;
    *n = entries_split(wide, *n);
    csq__sort(wide, *n, sizeof *wide, entry_compare, NULL);
    return CSQ_OK;
}

static csq_status plan_split(csq__calendar_plan *plan, csq_error *error)
{
    const csq_status status =
        split_array(plan, &plan->weekly, &plan->n_weekly, &plan->weekly_capacity, error);
    if (status != CSQ_OK) {
        return status;
    }
    return split_array(plan, &plan->dated, &plan->n_dated, &plan->dated_capacity, error);
}

/* Merges the sorted hours of each weekday, so that their number bounds the work for a date. */
static csq_status plan_merge_week(csq__calendar_plan *plan, csq_error *error)
{
    size_t n = 0;
    size_t n_of_day = 0;
    for (size_t i = 0; i < plan->n_weekly; i++) {
        const csq__entry *const entry = &plan->weekly[i];
        csq__entry *const last = n == 0 ? NULL : &plan->weekly[n - 1];
        const bool is_same_day =
            last != NULL && last->version == entry->version && last->day == entry->day;
        if (is_same_day && entry->start <= last->end) {
            last->end = entry->end > last->end ? entry->end : last->end;
            continue;
        }
        n_of_day = is_same_day ? n_of_day + 1 : 1;
        if (n_of_day > CSQ_CALENDAR_WEEK_LIMIT) {
            return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("weekday "), CSQ__NUMBER(entry->day),
                             CSQ__TEXT(" has more than "), CSQ__NUMBER(CSQ_CALENDAR_WEEK_LIMIT),
                             CSQ__TEXT(" separate hours"));
        }
        plan->weekly[n++] = *entry;
    }
    plan->n_weekly = n;
    return CSQ_OK;
}

csq_status csq__plan_prepare(csq__calendar_plan *plan, csq_error *error)
{
    csq__sort(plan->weekly, plan->n_weekly, sizeof *plan->weekly, entry_compare, NULL);
    csq__sort(plan->dated, plan->n_dated, sizeof *plan->dated, entry_compare, NULL);
    csq_status status = check_dated(plan, error);
    if (status == CSQ_OK && plan->night == CSQ_NIGHT_BY_CALENDAR_DATE) {
        status = plan_split(plan, error);
    }
    return status == CSQ_OK ? plan_merge_week(plan, error) : status;
}

void csq__plan_free(csq__calendar_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    const csq_allocator allocator = plan->allocator;
    csq__release(&allocator, plan->weekly, plan->weekly_capacity * sizeof *plan->weekly);
    csq__release(&allocator, plan->dated, plan->dated_capacity * sizeof *plan->dated);
    csq__release(&allocator, plan->valid_from, plan->n_valid_from * sizeof *plan->valid_from);
    csq__release(&allocator, plan->names, plan->names_size);
    csq__release(&allocator, plan, sizeof *plan);
}

/* ---- what the week looks like -------------------------------------------------------------- */

/* Moves `*covered`, counted from Monday's midnight, to the end of the last of the sorted hours.
 * False at a gap. */
static bool hours_are_contiguous(const csq__entry *entries, size_t n, int64_t *covered)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t midnight = (entries[i].day - 1) * CSQ__DAY_MS;
        if (midnight + entries[i].start > *covered) {
            return false;
        }
        const int64_t end = midnight + entries[i].end;
        *covered = end > *covered ? end : *covered;
    }
    return true;
}

bool csq__plan_is_uniform(const csq__calendar_plan *plan)
{
    const uint32_t version = (uint32_t)plan->n_valid_from;
    size_t first = plan->n_weekly;
    int64_t covered = 0;
    while (first > 0 && plan->weekly[first - 1].version == version) {
        first--;
        const csq__entry *const entry = &plan->weekly[first];
        const int64_t behind = entry->end + (entry->day - 8) * CSQ__DAY_MS;
        covered = behind > covered ? behind : covered; // Sunday's night reaches into Monday
    }
    if (first == plan->n_weekly) {
        return true;
    }
    return hours_are_contiguous(plan->weekly + first, plan->n_weekly - first, &covered) &&
           covered >= 7 * CSQ__DAY_MS;
}
