/*
 * walk — lays the dates of a plan on the clock of a zone, one version after the other.
 *
 * Dates without entries of their own look like any other of their weekday, so they are composed
 * once for each weekday of a version. A local time becomes an instant by one subtraction while the
 * walk stays inside a span of one offset, far enough behind its beginning that no earlier reading
 * of the clock can be as late.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"

/* Behind this much of a span no reading before it is later: offsets differ by 52 h at most. */
#define WALK_MARGIN_MS (2 * (CSQ_ZONE_OFFSET_LIMIT_S + 1) * CSQ__SECOND_MS)

/* A composed date: what the calendar shows on it, and its own hours. */
typedef struct walk_date {
    csq__segments tile;
    csq__segments layer;
    bool is_composed;
} walk_date;

typedef struct plan_walk {
    const csq__calendar_plan *plan;
    const csq_zone *zone;
    const csq__walk_listener *listener;
    csq_error *error;
    csq_interval range; /* of the version, inside the range asked for */
    csq_interval version_range;
    csq_ms horizon;
    uint32_t version;
    csq_ms offset; /* local minus UTC in [quick_from, quick_until) */
    csq_ms quick_from;
    csq_ms quick_until;
    csq__entry_range weekly[7];
    csq__entry_range dated; /* of the version, from the date before the current one on */
    walk_date weekdays[7];
    walk_date special;    /* the last date that has entries, or follows one that has */
    int64_t special_day;  /* which one that is; INT64_MIN: none yet */
    csq__segments before; /* the layer of the date before the current one */
} plan_walk;

/* ---- the clock ----------------------------------------------------------------------------- */

static csq_status walk_first_slowly(plan_walk *walk, csq_ms local, csq_ms *out)
{
    csq_error error;
    const csq_status status = csq__zone_first(walk->zone, local, out, &error);
    if (status == CSQ_EZONE && walk->horizon != INT64_MAX) {
        *out = walk->horizon;
        return CSQ_OK;
    }
    csq__offset_span span;
    if (status != CSQ_OK || csq__zone_span(walk->zone, *out, &span, &error) != CSQ_OK) {
        if (walk->error != NULL) {
            *walk->error = error;
        }
        return (csq_status)error.code;
    }
    walk->offset = span.offset_s * CSQ__SECOND_MS;
    walk->quick_from =
        span.from == INT64_MIN ? INT64_MIN : csq__add_saturated(span.from, WALK_MARGIN_MS);
    walk->quick_until = span.until;
    return CSQ_OK;
}

/* csq__zone_first, with the horizon for instants behind it. */
static csq_status walk_first(plan_walk *walk, csq_ms local, csq_ms *out)
{
    csq_ms at;
    if (csq__sub(local, walk->offset, &at) && at >= walk->quick_from && at < walk->quick_until) {
        *out = at;
        return CSQ_OK;
    }
    return walk_first_slowly(walk, local, out);
}

static csq_status walk_interval(plan_walk *walk, csq_ms midnight, const csq__segment *segment,
                                csq_interval within, csq_interval *out)
{
    csq_status status = walk_first(walk, midnight + segment->start, &out->from);
    if (status == CSQ_OK) {
        status = walk_first(walk, midnight + segment->end, &out->to);
    }
    out->from = out->from < within.from ? within.from : out->from;
    out->to = out->to > within.to ? within.to : out->to;
    return status;
}

/* ---- composing dates ----------------------------------------------------------------------- */

static csq__entry_range entries_of_day(csq__entry_range from, int64_t day)
{
    while (from.n > 0 && from.data->day < day) {
        from.data++;
        from.n--;
    }
    size_t n = 0;
    while (n < from.n && from.data[n].day == day) {
        n++;
    }
    return (csq__entry_range){from.data, n};
}

static bool walk_compose_weekday(plan_walk *walk, int32_t weekday)
{
    const csq_allocator *const allocator = walk->listener->allocator;
    walk_date *const date = &walk->weekdays[weekday - 1];
    const csq__entry_range none = {NULL, 0};
    date->is_composed =
        csq__compose_layer(allocator, walk->weekly[(weekday + 5) % 7], none, &walk->before) &&
        csq__compose_layer(allocator, walk->weekly[weekday - 1], none, &date->layer) &&
        csq__compose_date(allocator, &walk->before, &date->layer, &date->tile);
    return date->is_composed;
}

/* Leaves the layer of the date before `day` in walk->before; it may still be there as the layer of
 * the last special date. False without memory. */
static bool walk_compose_before(plan_walk *walk, int64_t day)
{
    if (walk->special_day == day - 1) {
        const csq__segments layer = walk->special.layer;
        walk->special.layer = walk->before;
        walk->before = layer;
        return true;
    }
    const int32_t weekday = csq__weekday_of_days(day - 1);
    return csq__compose_layer(walk->listener->allocator, walk->weekly[weekday - 1],
                              entries_of_day(walk->dated, day - 1), &walk->before);
}

static bool walk_compose_special(plan_walk *walk, int64_t day)
{
    const csq_allocator *const allocator = walk->listener->allocator;
    const csq__entry_range weekly = walk->weekly[csq__weekday_of_days(day) - 1];
    walk_date *const date = &walk->special;
    if (!walk_compose_before(walk, day)) {
        return false;
    }
    walk->special_day = day;
    return csq__compose_layer(allocator, weekly, entries_of_day(walk->dated, day), &date->layer) &&
           csq__compose_date(allocator, &walk->before, &date->layer, &date->tile);
}

/* The composed date, or NULL without memory. Dates come in ascending order. */
static const walk_date *walk_compose(plan_walk *walk, int64_t day)
{
    while (walk->dated.n > 0 && walk->dated.data->day < day - 1) {
        walk->dated.data++;
        walk->dated.n--;
    }
    if (walk->dated.n > 0 && walk->dated.data->day <= day) {
        return walk_compose_special(walk, day) ? &walk->special : NULL;
    }
    const int32_t weekday = csq__weekday_of_days(day);
    const walk_date *const date = &walk->weekdays[weekday - 1];
    return date->is_composed || walk_compose_weekday(walk, weekday) ? date : NULL;
}

/* ---- telling ------------------------------------------------------------------------------- */

static csq_status walk_tell_stretches(plan_walk *walk, csq_ms midnight, const csq__segments *tile)
{
    const csq__walk_listener *const listener = walk->listener;
    const csq__segment *const segments = tile->array.data;
    for (size_t i = 0; i < tile->array.n; i++) {
        if (segments[i].reason != CSQ_REASON_OPEN && !listener->wants_closed) {
            continue;
        }
        csq_interval interval;
        csq_status status = walk_interval(walk, midnight, &segments[i], walk->range, &interval);
        if (status == CSQ_OK && interval.from < interval.to) {
            status = listener->stretch(listener->user, &segments[i], walk->version, interval,
                                       walk->error);
        }
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

/* What the clock shows at an instant, or at the end of what the zone knows. */
static csq_status walk_reading(const plan_walk *walk, csq_ms at, csq_ms *local)
{
    csq__offset_span span;
    const csq_status status = csq__zone_span(walk->zone, at - 1, &span, walk->error);
    if (status == CSQ_OK) {
        *local = csq__add_saturated(at, span.offset_s * CSQ__SECOND_MS);
    }
    return status;
}

/* Tells the date if any of its hours is open for a moment while the version is in force. */
static csq_status walk_tell_workday(plan_walk *walk, int64_t day, const csq__segments *layer)
{
    const csq_ms midnight = day * CSQ__DAY_MS;
    const csq__segment *const segments = layer->array.data;
    for (size_t i = layer->array.n; i > 0; i--) {
        if (segments[i - 1].reason != CSQ_REASON_OPEN) {
            continue;
        }
        csq_interval interval;
        csq_status status =
            walk_interval(walk, midnight, &segments[i - 1], walk->version_range, &interval);
        if (status == CSQ_OK && interval.from >= interval.to) {
            continue;
        }
        csq_ms end = midnight + segments[i - 1].end;
        if (status == CSQ_OK && interval.to == walk->version_range.to) {
            status = walk_reading(walk, interval.to, &end);
        }
        return status == CSQ_OK
                   ? walk->listener->workday(walk->listener->user, day, end - midnight, walk->error)
                   : status;
    }
    return CSQ_OK;
}

static csq_status walk_dates(plan_walk *walk, int64_t day)
{
    for (;; day++) {
        csq_ms first;
        csq_status status = walk_first(walk, day * CSQ__DAY_MS, &first);
        if (status != CSQ_OK || first >= walk->range.to) {
            return status;
        }
        const walk_date *const date = walk_compose(walk, day);
        if (date == NULL) {
            return csq__fail_memory(walk->error);
        }
        status = walk_tell_stretches(walk, day * CSQ__DAY_MS, &date->tile);
        if (status == CSQ_OK && walk->listener->workday != NULL) {
            status = walk_tell_workday(walk, day, &date->layer);
        }
        if (status != CSQ_OK) {
            return status;
        }
    }
}

/* ---- versions ------------------------------------------------------------------------------ */

/* The entries with this version among those that begin with it or a later one; moves `*from`. */
static csq__entry_range take_version(csq__entry_range *from, uint32_t version)
{
    size_t n = 0;
    for (size_t high = from->n; n < high;) {
        const size_t middle = n + (high - n) / 2;
        if (from->data[middle].version <= version) {
            n = middle + 1;
        } else {
            high = middle;
        }
    }
    const csq__entry_range taken = {from->data, n};
    from->data = n == 0 ? from->data : from->data + n;
    from->n -= n;
    return taken;
}

static void walk_set_week(plan_walk *walk, csq__entry_range weekly)
{
    for (int32_t weekday = 1; weekday <= 7; weekday++) {
        walk->weekly[weekday - 1] = entries_of_day(weekly, weekday);
        walk->weekdays[weekday - 1].is_composed = false;
    }
}

/* Leaves out the dated entries before `day`. */
static csq__entry_range entries_from_day(csq__entry_range entries, int64_t day)
{
    size_t low = 0;
    for (size_t high = entries.n; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (entries.data[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (csq__entry_range){low == 0 ? entries.data : entries.data + low, entries.n - low};
}

static csq_status walk_version(plan_walk *walk, csq__entry_range weekly, csq__entry_range dated)
{
    csq__offset_span span;
    const csq_status status = csq__zone_span(walk->zone, walk->range.from, &span, walk->error);
    if (status != CSQ_OK) {
        return status;
    }
    const int64_t day =
        csq__day_of_local(csq__add_saturated(walk->range.from, span.offset_s * CSQ__SECOND_MS));
    walk_set_week(walk, weekly);
    walk->dated = entries_from_day(dated, day - 1);
    walk->special_day = INT64_MIN;
    return walk_dates(walk, day);
}

static csq_status walk_versions(plan_walk *walk, csq_interval range)
{
    const csq__calendar_plan *const plan = walk->plan;
    csq__entry_range weekly = {plan->weekly, plan->n_weekly};
    csq__entry_range dated = {plan->dated, plan->n_dated};
    for (size_t v = 0; v <= plan->n_valid_from; v++) {
        const csq__entry_range own_week = take_version(&weekly, (uint32_t)v);
        const csq__entry_range own_dated = take_version(&dated, (uint32_t)v);
        const csq_interval in_force = {v == 0 ? INT64_MIN : plan->valid_from[v - 1],
                                       v == plan->n_valid_from ? INT64_MAX : plan->valid_from[v]};
        walk->version = (uint32_t)v;
        walk->version_range = in_force;
        walk->range.from = in_force.from > range.from ? in_force.from : range.from;
        walk->range.to = in_force.to < range.to ? in_force.to : range.to;
        if (walk->range.from >= walk->range.to) {
            continue;
        }
        const csq_status status = walk_version(walk, own_week, own_dated);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

static void walk_release(plan_walk *walk)
{
    const csq_allocator *const allocator = walk->listener->allocator;
    for (size_t i = 0; i < 7; i++) {
        csq__array_release(&walk->weekdays[i].tile.array, allocator, sizeof(csq__segment));
        csq__array_release(&walk->weekdays[i].layer.array, allocator, sizeof(csq__segment));
    }
    csq__array_release(&walk->special.tile.array, allocator, sizeof(csq__segment));
    csq__array_release(&walk->special.layer.array, allocator, sizeof(csq__segment));
    csq__array_release(&walk->before.array, allocator, sizeof(csq__segment));
}

csq_status csq__plan_walk(const csq__calendar_plan *plan, const csq_zone *zone, csq_interval range,
                          csq_ms horizon, const csq__walk_listener *listener, csq_error *error)
{
    plan_walk walk = {.plan = plan,
                      .zone = zone,
                      .listener = listener,
                      .error = error,
                      .horizon = horizon,
                      .quick_from = INT64_MAX,
                      .quick_until = INT64_MIN};
    const csq_status status = walk_versions(&walk, range);
    walk_release(&walk);
    return status;
}
