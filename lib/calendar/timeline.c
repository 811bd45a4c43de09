/*
 * timeline — makes the table of a calendar and its two bucket indexes.
 *
 * A bucket is as wide as the smallest distance of two entries, so that at most one begins inside
 * it; where that would need more than INDEX_FACTOR buckets for an entry, buckets are wider and a
 * bisection finds the entry inside.
 *
 * Uses: base, time.
 */
#include "calendar/timeline.h"

enum { INDEX_FACTOR = 4, INDEX_LEAST = 64 };

bool csq__timeline_begin(csq__timeline *timeline, const csq_allocator *allocator, csq_ms from,
                         uint64_t limit)
{
    *timeline = (csq__timeline){.allocator = *allocator, .close = from, .limit = limit};
    const csq__calendar_entry first = {from, 0};
    return csq__array_push(&timeline->entries, allocator, &first, sizeof first) != NULL;
}

csq_status csq__timeline_add(csq__timeline *timeline, csq_interval interval, csq_error *error)
{
    if (interval.from > timeline->close) {
        if (timeline->entries.n > timeline->limit) {
            return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than "),
                             CSQ__NUMBER((int64_t)timeline->limit), CSQ__TEXT(" open intervals"));
        }
        const csq__calendar_entry entry = {interval.from, timeline->total};
        if (csq__array_push(&timeline->entries, &timeline->allocator, &entry, sizeof entry) ==
            NULL) {
            return csq__fail_memory(error);
        }
        timeline->close = interval.from;
    }
    if (interval.to > timeline->close) {
        timeline->total += interval.to - timeline->close;
        timeline->close = interval.to;
    }
    return CSQ_OK;
}

csq_status csq__timeline_add_workday(csq__timeline *timeline, int64_t day, csq_ms end,
                                     csq_error *error)
{
    const csq__workday workday = {(int32_t)day, (uint32_t)end};
    csq__array *const list = &timeline->workdays;
    csq__workday *const last = list->n == 0 ? NULL : (csq__workday *)list->data + list->n - 1;
    if (last != NULL && last->day == workday.day) {
        last->end = workday.end > last->end ? workday.end : last->end;
        return CSQ_OK;
    }
    if (csq__array_push(list, &timeline->allocator, &workday, sizeof workday) == NULL) {
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

void csq__timeline_release(csq__timeline *timeline)
{
    csq__array_release(&timeline->entries, &timeline->allocator, sizeof(csq__calendar_entry));
    csq__array_release(&timeline->workdays, &timeline->allocator, sizeof(csq__workday));
}

/* ---- the indexes --------------------------------------------------------------------------- */

/* Where entry i begins, counted from `from`; by position, `from` is 0. */
static uint64_t entry_key(const csq__calendar_entry *entry, bool by_position, csq_ms from)
{
    const csq_ms key = by_position ? entry->position : entry->open;
    return (uint64_t)key - (uint64_t)from;
}

/* The width of buckets, as a power of two, for keys below `range`. */
static uint32_t index_shift(const csq__calendar_entry *entries, uint64_t n, bool by_position,
                            csq_ms from, uint64_t range)
{
    uint64_t least = range;
    for (uint64_t i = 1; i < n; i++) {
        const uint64_t gap = entry_key(&entries[i], by_position, from) -
                             entry_key(&entries[i - 1], by_position, from);
        least = gap != 0 && gap < least ? gap : least;
    }
    uint32_t shift = 0;
    while (shift < 63 && least >> (shift + 1) != 0) {
        shift++;
    }
    while (range >> shift >= INDEX_FACTOR * n + INDEX_LEAST) {
        shift++;
    }
    return shift;
}

/* Indexes the n entries before the last one. */
static bool index_build(csq__calendar_index *index, const csq_calendar *calendar, bool by_position)
{
    const csq__calendar_entry *const entries = calendar->entries;
    const uint64_t n = calendar->n_entries - 1;
    const csq_ms from = by_position ? 0 : calendar->from;
    const uint64_t range = by_position ? (uint64_t)calendar->total : calendar->span;
    index->shift = index_shift(entries, n, by_position, from, range);
    index->n = (range >> index->shift) + 1;
    index->first =
        csq__allocate_array(&calendar->allocator, (size_t)index->n + 1, sizeof *index->first);
    if (index->first == NULL) {
        index->n = 0;
        return false;
    }
    uint64_t i = 0;
    for (uint64_t bucket = 0; bucket <= index->n; bucket++) {
        const uint64_t begin = bucket << index->shift;
        while (i + 1 < n && entry_key(&entries[i + 1], by_position, from) <= begin) {
            i++;
        }
        index->first[bucket] = (uint32_t)i;
    }
    return true;
}

/* ---- finishing ----------------------------------------------------------------------------- */

/* Gives back what an array has room for beyond its elements. False without memory. */
static bool array_fit(csq__array *array, const csq_allocator *allocator, size_t element)
{
    if (array->n == array->capacity) {
        return true;
    }
    if (array->n == 0) {
        csq__array_release(array, allocator, element);
        return true;
    }
    void *const fit =
        csq__reallocate(allocator, array->data, array->capacity * element, array->n * element);
    if (fit == NULL) {
        return false;
    }
    array->data = fit;
    array->capacity = array->n;
    return true;
}

static bool timeline_fit(csq__timeline *timeline)
{
    const csq__calendar_entry end = {INT64_MAX, timeline->total};
    return csq__array_push(&timeline->entries, &timeline->allocator, &end, sizeof end) != NULL &&
           array_fit(&timeline->entries, &timeline->allocator, sizeof end) &&
           array_fit(&timeline->workdays, &timeline->allocator, sizeof(csq__workday));
}

static void timeline_move(csq__timeline *timeline, const csq__timeline_range *range,
                          csq_calendar *calendar)
{
    calendar->kind = CSQ__CALENDAR_TABLE;
    calendar->from = range->instants.from;
    calendar->span = (uint64_t)range->instants.to - (uint64_t)range->instants.from;
    calendar->entries = timeline->entries.data;
    calendar->n_entries = timeline->entries.n;
    calendar->total = timeline->total;
    calendar->workdays = timeline->workdays.data;
    calendar->n_workdays = timeline->workdays.n;
    calendar->first_day = (int32_t)range->first_day;
    calendar->last_day = (int32_t)range->last_day;
    timeline->entries = (csq__array){0};
    timeline->workdays = (csq__array){0};
}

static void calendar_set_tail(csq_calendar *calendar, const csq__timeline_range *range)
{
    calendar->period = range->period;
    calendar->tail_from = range->instants.to - range->period;
    if (range->period == 0) {
        return;
    }
    (void)csq__calendar_position(calendar, calendar->tail_from, &calendar->tail_position);
    calendar->tail_open = calendar->total - calendar->tail_position;
    const int64_t tail_day = range->last_day + 1 - range->period / CSQ__DAY_MS;
    uint64_t first = calendar->n_workdays;
    while (first > 0 && calendar->workdays[first - 1].day >= tail_day) {
        first--;
    }
    calendar->tail_workday = first;
}

csq_status csq__timeline_finish(csq__timeline *timeline, const csq__timeline_range *range,
                                csq_calendar *calendar, csq_error *error)
{
    if (!timeline_fit(timeline)) {
        return csq__fail_memory(error);
    }
    timeline_move(timeline, range, calendar);
    if (!index_build(&calendar->by_instant, calendar, false) ||
        !index_build(&calendar->by_position, calendar, true)) {
        return csq__fail_memory(error);
    }
    calendar_set_tail(calendar, range);
    return CSQ_OK;
}
