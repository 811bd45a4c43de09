/*
 * algebra — union and intersection of compiled calendars, as one merge of their timelines.
 *
 * Both count how many calendars are open and differ only in how many of them it takes. What repeats
 * does so from the latest of the tails on, with the longest of the periods, since 400 years are a
 * whole number of weeks.
 *
 * Uses: base, time.
 */
#include "calendar/timeline.h"

/* The calendars of a merge that have a table, and what the others decide. */
typedef struct merge_input {
    const csq_calendar *tables[CSQ_CALENDAR_MERGE_LIMIT];
    size_t n_tables;
    uint64_t n_always;
    uint64_t needed; /* how many of the n calendars have to be open */
    csq_zone *zone;
} merge_input;

/* ---- what the result covers ---------------------------------------------------------------- */

static bool zones_are_one(const csq_zone *a, const csq_zone *b)
{
    return a == b ||
           (csq_zone_name(a).size > 0 && csq__str_equal(csq_zone_name(a), csq_zone_name(b)));
}

static csq_zone *merge_zone(const csq_calendar *const *calendars, uint64_t n)
{
    csq_zone *zone = NULL;
    for (uint64_t i = 0; i < n; i++) {
        csq_zone *const own = calendars[i]->zone;
        if (own != NULL && zone != NULL && !zones_are_one(zone, own)) {
            return NULL;
        }
        zone = zone == NULL ? own : zone;
    }
    return zone;
}

static csq_status merge_range(const merge_input *input, csq__timeline_range *range,
                              csq_error *error)
{
    csq_ms from = INT64_MIN;
    csq_ms tail_from = INT64_MIN;
    csq_ms end = INT64_MAX;
    csq_ms period = 0;
    for (size_t i = 0; i < input->n_tables; i++) {
        const csq_calendar *const table = input->tables[i];
        from = table->from > from ? table->from : from;
        period = table->period > period ? table->period : period;
        tail_from = table->tail_from > tail_from ? table->tail_from : tail_from;
        if (table->period == 0 && table->tail_from < end) {
            end = table->tail_from;
        }
    }
    if (end != INT64_MAX) {
        *range = (csq__timeline_range){.instants = {from, end}};
    } else {
        tail_from = from > tail_from ? from : tail_from;
        *range = (csq__timeline_range){.instants = {from, tail_from + period}, .period = period};
    }
    if (range->instants.from >= range->instants.to) {
        return csq__fail(error, CSQ_ERANGE,
                         CSQ__TEXT("the ranges of the calendars have no instant in common"));
    }
    return CSQ_OK;
}

/* ---- merging ------------------------------------------------------------------------------- */

/* A calendar at the current instant of a merge. */
typedef struct merge_state {
    csq_ms until;
    bool is_open;
} merge_state;

/* Moves the states to t; the number of open calendars, and in `*next` where that may change. */
static uint64_t merge_step(const merge_input *input, merge_state *states, csq_ms t, csq_ms *next)
{
    uint64_t n_open = input->n_always;
    for (size_t i = 0; i < input->n_tables; i++) {
        merge_state *const state = &states[i];
        if (state->until <= t) {
            (void)csq__calendar_state(input->tables[i], t, &state->is_open, &state->until);
        }
        n_open += state->is_open;
        *next = state->until < *next ? state->until : *next;
    }
    return n_open;
}

static csq_status merge_fill(const merge_input *input, csq_interval range, csq__timeline *timeline,
                             csq_error *error)
{
    merge_state states[CSQ_CALENDAR_MERGE_LIMIT];
    for (size_t i = 0; i < input->n_tables; i++) {
        states[i] = (merge_state){INT64_MIN, false};
    }
    csq_ms next;
    for (csq_ms t = range.from; t < range.to; t = next) {
        next = range.to;
        if (merge_step(input, states, t, &next) < input->needed) {
            continue;
        }
        const csq_status status = csq__timeline_add(timeline, (csq_interval){t, next}, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

/* ---- working days -------------------------------------------------------------------------- */

/* What the clock shows at an instant; false where the zone does not know. */
static bool merge_local(const csq_zone *zone, csq_ms at, csq_ms *local)
{
    csq__offset_span span;
    return csq__zone_span(zone, at, &span, NULL) == CSQ_OK &&
           csq__add(at, span.offset_s * CSQ__SECOND_MS, local);
}

/* The last open instant before `before`, exclusive; moves `*i` on to the entry that holds it. */
static csq_ms last_open_before(const csq__timeline *timeline, csq_ms before, size_t *i)
{
    const csq__calendar_entry *const entries = timeline->entries.data;
    const size_t n = timeline->entries.n;
    while (*i + 1 < n && entries[*i + 1].open < before) {
        (*i)++;
    }
    const csq_ms position = *i + 1 < n ? entries[*i + 1].position : timeline->total;
    const csq_ms close = entries[*i].open + (position - entries[*i].position);
    return close < before ? close : before;
}

static csq_status merge_workdays(const csq_zone *zone, csq__timeline_range *range,
                                 csq__timeline *timeline, csq_error *error)
{
    csq_ms local_from = 0;
    csq_ms local_to = 0;
    if (!merge_local(zone, range->instants.from, &local_from) ||
        !merge_local(zone, range->instants.to - 1, &local_to)) {
        return csq__fail(error, CSQ_EZONE, CSQ__TEXT("the zone does not know the range"));
    }
    range->first_day = csq__day_of_local(local_from);
    range->last_day = csq__day_of_local(local_to);
    csq_ms begin = range->instants.from;
    size_t i = 0;
    for (int64_t day = range->first_day; day <= range->last_day; day++) {
        csq_ms end = range->instants.to;
        (void)csq__zone_first(zone, (day + 1) * CSQ__DAY_MS, &end, NULL);
        end = end < range->instants.to ? end : range->instants.to;
        const csq_ms close = last_open_before(timeline, end, &i);
        csq_ms local = 0;
        if (close > begin && merge_local(zone, close - 1, &local)) {
            const csq_status status =
                csq__timeline_add_workday(timeline, day, local + 1 - day * CSQ__DAY_MS, error);
            if (status != CSQ_OK) {
                return status;
            }
        }
        begin = end;
    }
    return CSQ_OK;
}

/* ---- the result ---------------------------------------------------------------------------- */

static csq_status merge_table(const merge_input *input, csq_calendar *calendar, csq_error *error)
{
    csq__timeline_range range;
    csq_status status = merge_range(input, &range, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__timeline timeline;
    if (!csq__timeline_begin(&timeline, &calendar->allocator, range.instants.from,
                             CSQ__CALENDAR_INTERVAL_LIMIT)) {
        return csq__fail_memory(error);
    }
    status = merge_fill(input, range.instants, &timeline, error);
    if (status == CSQ_OK && input->zone != NULL) {
        status = merge_workdays(input->zone, &range, &timeline, error);
    }
    if (status == CSQ_OK) {
        status = csq__timeline_finish(&timeline, &range, calendar, error);
    }
    csq__timeline_release(&timeline);
    return status;
}

static csq_status merge_calendar(const merge_input *input, const csq_allocator *allocator,
                                 csq_calendar **out, csq_error *error)
{
    csq_calendar *const calendar = csq__calendar_allocate(allocator, (csq_str){NULL, 0});
    if (calendar == NULL) {
        return csq__fail_memory(error);
    }
    csq_status status = CSQ_OK;
    if (input->n_always >= input->needed) {
        calendar->kind = CSQ__CALENDAR_ALWAYS;
    } else if (input->n_always + input->n_tables >= input->needed) {
        calendar->zone = csq_zone_retain(input->zone);
        status = merge_table(input, calendar, error);
    }
    if (status != CSQ_OK) {
        csq_calendar_free(calendar);
        return status;
    }
    csq__calendar_seal(calendar);
    *out = calendar;
    return CSQ_OK;
}

/* Merges calendars into what is open where `needed` of them are. */
static csq_status merge_calendars(const csq_calendar *const *calendars, uint64_t n, uint64_t needed,
                                  const csq_allocator *allocator, csq_calendar **out,
                                  csq_error *error)
{
    if (calendars == NULL || out == NULL) {
        return csq__fail_null(error, calendars == NULL ? "calendars" : "out");
    }
    *out = NULL;
    if (n == 0 || n > CSQ_CALENDAR_MERGE_LIMIT) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("expected 1 to "),
                         CSQ__NUMBER(CSQ_CALENDAR_MERGE_LIMIT), CSQ__TEXT(" calendars, found "),
                         CSQ__NUMBER((int64_t)n));
    }
    merge_input input = {.needed = needed};
    for (uint64_t i = 0; i < n; i++) {
        if (calendars[i] == NULL) {
            csq__fail_null(error, "calendar");
            csq__error_index(error, (int64_t)i);
            return CSQ_EINVAL;
        }
        input.n_always += calendars[i]->kind == CSQ__CALENDAR_ALWAYS;
        if (calendars[i]->kind == CSQ__CALENDAR_TABLE) {
            input.tables[input.n_tables++] = calendars[i];
        }
    }
    input.zone = merge_zone(calendars, n);
    const csq_allocator own = csq__allocator_or_default(allocator);
    return merge_calendar(&input, &own, out, error);
}

csq_status csq_calendar_union(const csq_calendar *const *calendars, uint64_t n,
                              const csq_allocator *allocator, csq_calendar **out, csq_error *error)
{
    return merge_calendars(calendars, n, 1, allocator, out, error);
}

csq_status csq_calendar_intersection(const csq_calendar *const *calendars, uint64_t n,
                                     const csq_allocator *allocator, csq_calendar **out,
                                     csq_error *error)
{
    return merge_calendars(calendars, n, n, allocator, out, error);
}
