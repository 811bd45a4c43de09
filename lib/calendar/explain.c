/*
 * explain — why a calendar is open or closed: the walk that fills the table, with a recorder.
 *
 * Unions, intersections and calendars without a builder have no plan; what they know is read off
 * the table.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"

enum { CALENDAR_EXPLANATION_LIMIT = 1000000 };

typedef struct explained_stretch {
    csq_ms from;
    csq_ms to;
    uint32_t reason;
    uint32_t version;
    uint32_t name;
    uint32_t name_size;
} explained_stretch;

struct csq_calendar_explanation {
    csq_allocator allocator;
    csq_calendar *calendar;
    csq__array stretches; /* of explained_stretch */
    uint64_t limit;
    csq_ms shift; /* added to every instant that the walk tells */
};

static csq_status fail_limit(const csq_calendar_explanation *explanation, csq_error *error)
{
    return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the explanation takes more than "),
                     CSQ__NUMBER((int64_t)explanation->limit), CSQ__TEXT(" stretches or dates"));
}

static csq_str stretch_name(const csq_calendar_explanation *explanation,
                            const explained_stretch *stretch)
{
    return stretch->name_size == 0
               ? (csq_str){NULL, 0}
               : csq__plan_name(explanation->calendar->plan, stretch->name, stretch->name_size);
}

/* Whether b goes on where a ends and says the same. */
static bool stretch_continues(const csq_calendar_explanation *explanation,
                              const explained_stretch *a, const explained_stretch *b)
{
    return a->to == b->from && a->reason == b->reason && a->version == b->version &&
           csq__str_equal(stretch_name(explanation, a), stretch_name(explanation, b));
}

/* Appends a stretch, or lengthens the last one where that says the same. */
static csq_status explanation_record(csq_calendar_explanation *explanation,
                                     explained_stretch stretch, csq_error *error)
{
    csq__array *const list = &explanation->stretches;
    explained_stretch *const last =
        list->n == 0 ? NULL : (explained_stretch *)list->data + list->n - 1;
    if (last != NULL && stretch_continues(explanation, last, &stretch)) {
        last->to = stretch.to;
        return CSQ_OK;
    }
    if (list->n >= explanation->limit) {
        return fail_limit(explanation, error);
    }
    if (csq__array_push(list, &explanation->allocator, &stretch, sizeof stretch) == NULL) {
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

static csq_status explain_stretch(void *user, const csq__segment *segment, uint32_t version,
                                  csq_interval interval, csq_error *error)
{
    csq_calendar_explanation *const explanation = user;
    const explained_stretch stretch = {interval.from + explanation->shift,
                                       interval.to + explanation->shift,
                                       segment->reason,
                                       version,
                                       segment->name,
                                       segment->name_size};
    return explanation_record(explanation, stretch, error);
}

/* Walks the plan; behind the table, in the years that repeat there. */
static csq_status explain_plan(csq_calendar_explanation *explanation, csq_interval range,
                               csq_error *error)
{
    const csq_calendar *const calendar = explanation->calendar;
    const uint64_t days = ((uint64_t)range.to - (uint64_t)range.from) / (uint64_t)CSQ__DAY_MS;
    if (days >= explanation->limit) {
        return fail_limit(explanation, error);
    }
    const csq_ms tail_from = calendar->tail_from;
    if (calendar->period > 0 && range.from > tail_from) {
        const uint64_t behind = (uint64_t)range.from - (uint64_t)tail_from;
        explanation->shift = (csq_ms)(behind - behind % (uint64_t)calendar->period);
    }
    const csq__walk_listener listener = {.stretch = explain_stretch,
                                         .user = explanation,
                                         .allocator = &explanation->allocator,
                                         .wants_closed = true};
    const csq_interval folded = {range.from - explanation->shift, range.to - explanation->shift};
    const csq_ms horizon = calendar->period > 0 ? INT64_MAX : tail_from;
    return csq__plan_walk(calendar->plan, calendar->zone, folded, horizon, &listener, error);
}

static csq_status explain_table(csq_calendar_explanation *explanation, csq_interval range,
                                csq_error *error)
{
    csq_ms until;
    for (csq_ms at = range.from; at < range.to; at = until) {
        bool is_open;
        if (!csq__calendar_state(explanation->calendar, at, &is_open, &until)) {
            return csq__fail(error, CSQ_ERANGE,
                             CSQ__TEXT("the range is not in that of the calendar"));
        }
        until = until > range.to ? range.to : until;
        const explained_stretch stretch = {at, until, is_open ? CSQ_REASON_OPEN : CSQ_REASON_CLOSED,
                                           0,  0,     0};
        const csq_status status = explanation_record(explanation, stretch, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

static csq_status explanation_fill(csq_calendar_explanation *explanation, csq_interval range,
                                   csq_error *error)
{
    const csq_calendar *const calendar = explanation->calendar;
    const bool has_walk = calendar->plan != NULL && calendar->kind == CSQ__CALENDAR_TABLE;
    return has_walk ? explain_plan(explanation, range, error)
                    : explain_table(explanation, range, error);
}

static csq_status explain_check(const csq_calendar *calendar, csq_interval range, csq_error *error)
{
    if (range.to < range.from) {
        return csq__fail(error, CSQ_EINTERVAL, CSQ__TEXT("the range ends at "),
                         CSQ__NUMBER(range.to), CSQ__TEXT(", before its start at "),
                         CSQ__NUMBER(range.from));
    }
    csq_ms position;
    if (!csq__calendar_position(calendar, range.from, &position) ||
        !csq__calendar_position(calendar, range.to, &position)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("the range is not in that of the calendar"));
    }
    return CSQ_OK;
}

csq_status csq_calendar_explain(csq_calendar *calendar, csq_ms from, csq_ms to, uint64_t limit,
                                const csq_allocator *allocator, csq_calendar_explanation **out,
                                csq_error *error)
{
    if (calendar == NULL || out == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "out");
    }
    *out = NULL;
    const csq_interval range = {from, to};
    csq_status status = explain_check(calendar, range, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator own = csq__allocator_or_default(allocator);
    csq_calendar_explanation *const explanation = csq__allocate_zeroed(&own, sizeof *explanation);
    if (explanation == NULL) {
        return csq__fail_memory(error);
    }
    explanation->allocator = own;
    explanation->calendar = csq_calendar_retain(calendar);
    explanation->limit = limit == 0 ? CALENDAR_EXPLANATION_LIMIT : limit;
    status = explanation_fill(explanation, range, error);
    if (status != CSQ_OK) {
        csq_calendar_explanation_free(explanation);
        return status;
    }
    *out = explanation;
    return CSQ_OK;
}

void csq_calendar_explanation_free(csq_calendar_explanation *explanation)
{
    if (explanation == NULL) {
        return;
    }
    const csq_allocator allocator = explanation->allocator;
    csq__array_release(&explanation->stretches, &allocator, sizeof(explained_stretch));
    csq_calendar_free(explanation->calendar);
    csq__release(&allocator, explanation, sizeof *explanation);
}

uint64_t csq_calendar_explanation_count(const csq_calendar_explanation *explanation)
{
    return explanation == NULL ? 0 : explanation->stretches.n;
}

csq_status csq_calendar_explanation_at(const csq_calendar_explanation *explanation, uint64_t index,
                                       csq_calendar_stretch *out, csq_error *error)
{
    if (explanation == NULL || out == NULL) {
        return csq__fail_null(error, explanation == NULL ? "explanation" : "out");
    }
    if (index >= explanation->stretches.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no stretch has the index "),
                         CSQ__NUMBER((int64_t)index), CSQ__TEXT(", there are "),
                         CSQ__NUMBER((int64_t)explanation->stretches.n));
    }
    const explained_stretch *const stretch =
        (const explained_stretch *)explanation->stretches.data + index;
    const csq_calendar_stretch found = {.size = sizeof found,
                                        .reason = stretch->reason,
                                        .from = stretch->from,
                                        .to = stretch->to,
                                        .name = stretch_name(explanation, stretch),
                                        .version = stretch->version};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_calendar_stretch, reserved), &found,
                             sizeof found, error);
}
