/*
 * local — local time both ways: what a clock shows at an instant, and when it shows a local time.
 *
 * The first instant at which a clock shows L or later lies in the first span whose clock gets past
 * L; `reach`, the running maximum of where the clock stands at the end of each span, finds it by
 * binary search. In the tail the search starts where no offset could reach L yet.
 *
 * Uses: base.
 */
#include "time/zone_parts.h"

static csq_status zone_fail_instant(csq_ms local, csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("local time "), CSQ__NUMBER(local),
                     CSQ__TEXT(" ms has no instant in the range of 64 bits"));
}

/* The first instant of a span at which its clock shows `local` or later. */
static csq_status zone_first_in(const csq__offset_span *span, csq_ms local, csq_ms *out,
                                csq_error *error)
{
    csq_ms at;
    if (!csq__sub(local, span->offset_s * CSQ__SECOND_MS, &at)) {
        return zone_fail_instant(local, error);
    }
    *out = at > span->from ? at : span->from;
    return CSQ_OK;
}

static csq_status zone_first_in_tail(const csq_zone *zone, csq_ms local, csq_ms *out,
                                     csq_error *error)
{
    const csq_ms early = csq__sub_saturated(local, CSQ_ZONE_OFFSET_LIMIT_S * CSQ__SECOND_MS);
    csq_ms at = early > zone->tail_from ? early : zone->tail_from;
    for (;;) {
        csq__offset_span span = {0};
        const csq_status status = csq__zone_span(zone, at, &span, error);
        if (status != CSQ_OK) {
            return status;
        }
        const csq_ms reached = csq__sub_saturated(local, span.offset_s * CSQ__SECOND_MS);
        if (span.until == INT64_MAX || span.until > reached) {
            return zone_first_in(&span, local, out, error);
        }
        at = span.until;
    }
}

csq_status csq__zone_first(const csq_zone *zone, csq_ms local, csq_ms *out, csq_error *error)
{
    size_t low = 0;
    for (size_t high = zone->n_spans; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (zone->reach[middle] > local) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (low < zone->n_spans) {
        return zone_first_in(&zone->spans[low], local, out, error);
    }
    return zone_first_in_tail(zone, local, out, error);
}

/* Notes the occurrence of `local` in a span, if there is one. */
static void zone_note_reading(csq_resolution *found, uint32_t *n, const csq__offset_span *span,
                              csq_ms local)
{
    csq_ms at;
    if (!csq__sub(local, span->offset_s * CSQ__SECOND_MS, &at) || at < span->from ||
        (at >= span->until && span->until != INT64_MAX)) {
        return;
    }
    if (*n == 0) {
        found->earlier = at;
        found->offset_before_s = span->offset_s;
    }
    found->later = at;
    found->offset_after_s = span->offset_s;
    *n += 1;
}

/* Counts the occurrences of `local`: they all lie within the largest offset around it. */
static csq_status zone_readings(const csq_zone *zone, csq_ms local, csq_resolution *found,
                                uint32_t *n, csq_error *error)
{
    const csq_ms limit = CSQ_ZONE_OFFSET_LIMIT_S * CSQ__SECOND_MS;
    const csq_ms last = csq__add_saturated(local, limit);
    csq_ms at = csq__sub_saturated(local, limit);
    for (;;) {
        csq__offset_span span = {0};
        const csq_status status = csq__zone_span(zone, at, &span, error);
        if (status != CSQ_OK) {
            return status;
        }
        zone_note_reading(found, n, &span, local);
        if (span.until > last || span.until == INT64_MAX) {
            return CSQ_OK;
        }
        at = span.until;
    }
}

/* A local time that no clock shows: the jump is where the clock first shows a later one. */
static csq_status zone_note_jump(const csq_zone *zone, csq_resolution *found, csq_error *error)
{
    csq__offset_span before;
    csq__offset_span after;
    csq_status status = csq__zone_span(zone, found->first - 1, &before, error);
    if (status == CSQ_OK) {
        status = csq__zone_span(zone, found->first, &after, error);
    }
    if (status == CSQ_OK) {
        found->earlier = found->first;
        found->later = found->first;
        found->offset_before_s = before.offset_s;
        found->offset_after_s = after.offset_s;
    }
    return status;
}

csq_status csq_zone_resolve(const csq_zone *zone, csq_ms local, csq_resolution *out,
                            csq_error *error)
{
    if (zone == NULL) {
        return csq__fail_null(error, "zone");
    }
    csq_resolution found = {.size = sizeof found};
    uint32_t n = 0;
    csq_status status = csq__zone_first(zone, local, &found.first, error);
    if (status == CSQ_OK) {
        status = zone_readings(zone, local, &found, &n, error);
    }
    if (status == CSQ_OK && n == 0) {
        status = zone_note_jump(zone, &found, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    found.kind = n == 0 ? CSQ_LOCAL_SKIPPED : n == 1 ? CSQ_LOCAL_UNIQUE : CSQ_LOCAL_REPEATED;
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_resolution, offset_after_s), &found,
                             sizeof found, error);
}

csq_status csq__fail_instant_years(csq_ms at, csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("instant "), CSQ__NUMBER(at),
                     CSQ__TEXT(" ms is outside the years -9999 to 9999"));
}

csq_status csq_zone_local(const csq_zone *zone, csq_ms at, csq_local *out, csq_error *error)
{
    if (zone == NULL) {
        return csq__fail_null(error, "zone");
    }
    const csq__zone_type *type;
    const csq_status status = csq__zone_type_at(zone, at, &type, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_ms local = csq__add_saturated(at, type->offset_s * CSQ__SECOND_MS);
    const int64_t days = csq__day_of_local(local);
    if (!csq__day_is_public(days)) {
        return csq__fail_instant_years(at, error);
    }
    const csq__civil civil = csq__civil_of_days(days);
    const int32_t of_day = (int32_t)csq__mod_floor(local, CSQ__DAY_MS);
    csq_local shown = {
        .size = sizeof shown,
        .year = (int32_t)civil.year,
        .month = civil.month,
        .day = civil.day,
        .hour = of_day / 3600000,
        .minute = of_day / 60000 % 60,
        .second = of_day / 1000 % 60,
        .millisecond = of_day % 1000,
        .weekday = csq__weekday_of_days(days),
        .day_of_year = (int32_t)(days - csq__days_of_civil(civil.year, 1, 1)) + 1,
        .offset_s = type->offset_s,
        .is_daylight = type->is_daylight,
    };
    memcpy(shown.abbreviation, type->abbreviation, sizeof shown.abbreviation);
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_local, abbreviation), &shown, sizeof shown,
                             error);
}
