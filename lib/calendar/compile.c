/*
 * compile — decides which years a calendar's table covers and how it goes on behind them, and has
 * the walk fill it.
 *
 * A table that repeats ends with one whole period without dated entries and changes of the zone's
 * rules: a week where the offset is fixed or does not matter, else 400 years, which hold 146,097
 * days, a whole number of weeks.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"
#include "calendar/timeline.h"

enum {
    NIGHT_DAYS = 2,  /* hours of a date end within so many days */
    SETTLE_DAYS = 5, /* so long after a change of offset, the clock has passed all it ever showed */
    /* how far behind the last year a change of the zone may draw the table */
    EXTRA_DAYS = CSQ__CALENDAR_ERA_MS / CSQ__DAY_MS
};

/* What compiling knows about the zone and the plan. */
typedef struct compile_scope {
    const csq__calendar_plan *plan;
    const csq_zone *zone;
    csq_ms horizon;   /* instants from here on are not known; INT64_MAX: all are */
    csq_ms tail_from; /* of the zone */
    bool is_fixed;    /* the zone from then on */
    int64_t first_day;
    int64_t end_day;          /* the first one behind the last year */
    int64_t last_special_day; /* with an entry or a new version */
} compile_scope;

static csq_status scope_first(const compile_scope *scope, int64_t day, csq_ms *out,
                              csq_error *error)
{
    const csq_status status = csq__zone_first(scope->zone, day * CSQ__DAY_MS, out, error);
    if (status == CSQ_EZONE && scope->horizon != INT64_MAX) {
        *out = scope->horizon;
        return CSQ_OK;
    }
    return status;
}

/* Widens the years to hold every dated entry and the beginning of every version. */
static void scope_set_years(compile_scope *scope, const csq_calendar_options *options)
{
    const csq__calendar_plan *const plan = scope->plan;
    int64_t first = csq__days_of_civil(options->first_year, 1, 1);
    int64_t last = csq__days_of_civil(options->last_year, 12, 31);
    scope->last_special_day = first;
    for (size_t i = 0; i < plan->n_dated; i++) {
        const int64_t day = plan->dated[i].day;
        first = day < first ? day : first;
        scope->last_special_day = day > scope->last_special_day ? day : scope->last_special_day;
    }
    if (plan->n_valid_from > 0) {
        const int64_t earliest = csq__day_of_local(plan->valid_from[0]) - 1;
        const int64_t latest = csq__day_of_local(plan->valid_from[plan->n_valid_from - 1]) + 1;
        first = earliest < first ? earliest : first;
        scope->last_special_day =
            latest > scope->last_special_day ? latest : scope->last_special_day;
    }
    last = scope->last_special_day > last ? scope->last_special_day : last;
    scope->first_day = csq__days_of_civil(csq__civil_of_days(first).year, 1, 1);
    scope->end_day = csq__days_of_civil(csq__civil_of_days(last).year + 1, 1, 1);
}

static void scope_set_zone(compile_scope *scope)
{
    const bool is_known = csq__zone_tail(scope->zone, &scope->tail_from, &scope->is_fixed);
    scope->horizon = is_known ? INT64_MAX : scope->tail_from;
}

/* The first day on which the zone's last rule has settled; INT64_MIN if it always has. */
static int64_t scope_settled_day(const compile_scope *scope)
{
    return scope->tail_from == INT64_MIN ? INT64_MIN
                                         : csq__day_of_local(scope->tail_from) + SETTLE_DAYS;
}

/* Lets the table end with a week that repeats; false if there is none. */
static bool range_repeat_week(const compile_scope *scope, csq__timeline_range *range)
{
    const bool is_uniform = csq__plan_is_uniform(scope->plan);
    if (scope->horizon != INT64_MAX || (!is_uniform && !scope->is_fixed)) {
        return false;
    }
    int64_t day = scope->end_day + NIGHT_DAYS;
    const int64_t settled = scope_settled_day(scope);
    if (!is_uniform && settled > day) {
        day = settled;
    }
    csq_ms from;
    if (day > scope->end_day + EXTRA_DAYS || scope_first(scope, day, &from, NULL) != CSQ_OK) {
        return false;
    }
    range->period = CSQ__CALENDAR_WEEK_MS;
    range->instants.to = from + CSQ__CALENDAR_WEEK_MS;
    range->last_day = day + 6;
    return true;
}

/* Notes that the table ends with 400 years that repeat, if it does. */
static void range_repeat_era(const compile_scope *scope, csq__timeline_range *range)
{
    const int64_t settled = scope_settled_day(scope);
    int64_t plain = scope->last_special_day + NIGHT_DAYS + 1;
    plain = settled > plain ? settled : plain;
    if (scope->horizon == INT64_MAX &&
        scope->end_day - CSQ__CALENDAR_ERA_MS / CSQ__DAY_MS >= plain) {
        range->period = CSQ__CALENDAR_ERA_MS;
    }
}

static csq_status scope_range(const compile_scope *scope, csq__timeline_range *range,
                              csq_error *error)
{
    *range = (csq__timeline_range){.first_day = scope->first_day, .last_day = scope->end_day - 1};
    csq_status status = scope_first(scope, scope->first_day, &range->instants.from, error);
    if (status == CSQ_OK) {
        status = scope_first(scope, scope->end_day, &range->instants.to, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    if (range->instants.from >= range->instants.to) {
        return csq__fail(error, CSQ_EZONE, CSQ__TEXT("zone "),
                         CSQ__VIEW(csq_zone_name(scope->zone)),
                         CSQ__TEXT(" does not say what holds in the first year, "),
                         CSQ__NUMBER(csq__civil_of_days(scope->first_day).year));
    }
    if (!range_repeat_week(scope, range)) {
        range_repeat_era(scope, range);
    }
    return CSQ_OK;
}

/* ---- filling the table --------------------------------------------------------------------- */

static csq_status compile_stretch(void *user, const csq__segment *segment, uint32_t version,
                                  csq_interval interval, csq_error *error)
{
    (void)segment;
    (void)version;
    return csq__timeline_add(user, interval, error);
}

static csq_status compile_workday(void *user, int64_t day, csq_ms end, csq_error *error)
{
    return csq__timeline_add_workday(user, day, end, error);
}

static csq_status compile_table(const compile_scope *scope, uint64_t limit, csq_calendar *calendar,
                                csq_error *error)
{
    csq__timeline_range range;
    csq_status status = scope_range(scope, &range, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__timeline timeline;
    if (!csq__timeline_begin(&timeline, &calendar->allocator, range.instants.from, limit)) {
        return csq__fail_memory(error);
    }
    const csq__walk_listener listener = {.stretch = compile_stretch,
                                         .workday = compile_workday,
                                         .user = &timeline,
                                         .allocator = &calendar->allocator};
    status =
        csq__plan_walk(scope->plan, scope->zone, range.instants, scope->horizon, &listener, error);
    if (status == CSQ_OK) {
        status = csq__timeline_finish(&timeline, &range, calendar, error);
    }
    csq__timeline_release(&timeline);
    return status;
}

csq_status csq__calendar_compile(csq__calendar_plan *plan, csq_zone *zone, csq_str name,
                                 const csq_calendar_options *options, csq_calendar **out,
                                 csq_error *error)
{
    csq_calendar *const calendar = csq__calendar_allocate(&plan->allocator, name);
    if (calendar == NULL) {
        csq__plan_free(plan);
        return csq__fail_memory(error);
    }
    calendar->plan = plan;
    calendar->zone = csq_zone_retain(zone);
    compile_scope scope = {.plan = plan, .zone = zone};
    scope_set_zone(&scope);
    scope_set_years(&scope, options);
    const csq_status status = compile_table(&scope, options->interval_limit, calendar, error);
    if (status != CSQ_OK) {
        csq_calendar_free(calendar);
        return status;
    }
    if (calendar->total == 0 && plan->n_weekly == 0) {
        calendar->kind = CSQ__CALENDAR_NEVER;
        calendar->span = 0;
    }
    csq__calendar_seal(calendar);
    *out = calendar;
    return CSQ_OK;
}
