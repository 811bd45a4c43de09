/*
 * calendar — the life of a compiled calendar, what it says about itself, and the calendars that
 * need no builder.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"
#include "calendar/timeline.h"

csq_calendar *csq__calendar_allocate(const csq_allocator *allocator, csq_str name)
{
    csq_calendar *const calendar = csq__allocate_zeroed(allocator, sizeof *calendar);
    if (calendar == NULL) {
        return NULL;
    }
    calendar->allocator = *allocator;
    calendar->kind = CSQ__CALENDAR_NEVER;
    calendar->name = csq__copy_text(allocator, name);
    calendar->name_size = name.size;
    csq__count_init(&calendar->count);
    if (calendar->name == NULL) {
        csq__release(allocator, calendar, sizeof *calendar);
        return NULL;
    }
    return calendar;
}

csq_calendar *csq_calendar_retain(csq_calendar *calendar)
{
    if (calendar != NULL) {
        csq__count_retain(&calendar->count);
    }
    return calendar;
}

static void index_release(csq__calendar_index *index, const csq_allocator *allocator)
{
    csq__release(allocator, index->first, ((size_t)index->n + 1) * sizeof *index->first);
}

void csq_calendar_free(csq_calendar *calendar)
{
    if (calendar == NULL || !csq__count_release(&calendar->count)) {
        return;
    }
    const csq_allocator allocator = calendar->allocator;
    csq__release(&allocator, calendar->entries,
                 (size_t)calendar->n_entries * sizeof *calendar->entries);
    csq__release(&allocator, calendar->workdays,
                 (size_t)calendar->n_workdays * sizeof *calendar->workdays);
    index_release(&calendar->by_instant, &allocator);
    index_release(&calendar->by_position, &allocator);
    csq__plan_free(calendar->plan);
    csq_zone_free(calendar->zone);
    csq__release(&allocator, calendar->name, (size_t)calendar->name_size + 1);
    csq__release(&allocator, calendar, sizeof *calendar);
}

/* ---- what it says about itself ------------------------------------------------------------- */

csq_str csq_calendar_name(const csq_calendar *calendar)
{
    return calendar == NULL ? (csq_str){NULL, 0} : (csq_str){calendar->name, calendar->name_size};
}

const csq_zone *csq_calendar_zone(const csq_calendar *calendar)
{
    return calendar == NULL ? NULL : calendar->zone;
}

uint64_t csq_calendar_fingerprint(const csq_calendar *calendar)
{
    return calendar == NULL ? 0 : calendar->fingerprint;
}

int32_t csq_calendar_is_never(const csq_calendar *calendar)
{
    return calendar == NULL || (calendar->total == 0 && calendar->kind != CSQ__CALENDAR_ALWAYS);
}

csq_status csq_calendar_range(const csq_calendar *calendar, csq_interval *out, csq_error *error)
{
    if (calendar == NULL || out == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "out");
    }
    const bool is_table = calendar->kind == CSQ__CALENDAR_TABLE;
    out->from = is_table ? calendar->from : INT64_MIN + 1;
    out->to = is_table && calendar->period == 0 ? calendar->tail_from : INT64_MAX;
    return CSQ_OK;
}

uint32_t csq__calendar_version_at(const csq_calendar *calendar, csq_ms t)
{
    const csq__calendar_plan *const plan = calendar->plan;
    size_t low = 0;
    for (size_t high = plan == NULL ? 0 : plan->n_valid_from; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (plan->valid_from[middle] <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

/* ---- fingerprint --------------------------------------------------------------------------- */

/* One step of a hash over 64-bit numbers; the mixer is that of SplitMix64. */
static uint64_t fingerprint_mix(uint64_t hash, uint64_t value)
{
    uint64_t z = (hash ^ value) + UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

void csq__calendar_seal(csq_calendar *calendar)
{
    uint64_t hash = csq__hash(calendar->name, (size_t)calendar->name_size, calendar->kind, 0);
    hash = fingerprint_mix(hash, (uint64_t)calendar->from);
    hash = fingerprint_mix(hash, calendar->span);
    hash = fingerprint_mix(hash, (uint64_t)calendar->period);
    for (uint64_t i = 0; i < calendar->n_entries; i++) {
        hash = fingerprint_mix(hash, (uint64_t)calendar->entries[i].open);
        hash = fingerprint_mix(hash, (uint64_t)calendar->entries[i].position);
    }
    for (uint64_t i = 0; i < calendar->n_workdays; i++) {
        const csq__workday day = calendar->workdays[i];
        hash = fingerprint_mix(hash, (uint64_t)(uint32_t)day.day << 32 | day.end);
    }
    calendar->fingerprint = hash;
}

/* ---- always and never ---------------------------------------------------------------------- */

static csq_status calendar_new_plain(csq__calendar_kind kind, csq_str name,
                                     const csq_allocator *allocator, csq_calendar **out,
                                     csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    const csq_status status = csq__calendar_check_name(name, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator own = csq__allocator_or_default(allocator);
    csq_calendar *const calendar = csq__calendar_allocate(&own, name);
    if (calendar == NULL) {
        return csq__fail_memory(error);
    }
    calendar->kind = kind;
    csq__calendar_seal(calendar);
    *out = calendar;
    return CSQ_OK;
}

csq_status csq_calendar_new_always(csq_str name, const csq_allocator *allocator, csq_calendar **out,
                                   csq_error *error)
{
    return calendar_new_plain(CSQ__CALENDAR_ALWAYS, name, allocator, out, error);
}

csq_status csq_calendar_new_never(csq_str name, const csq_allocator *allocator, csq_calendar **out,
                                  csq_error *error)
{
    return calendar_new_plain(CSQ__CALENDAR_NEVER, name, allocator, out, error);
}
