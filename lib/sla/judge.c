/*
 * judge — what a run amounts to: elapsed and paused time, due, late, steps, what changes next.
 *
 * A point of the clock (the target, a step of the ladder) is reached at the first instant at which
 * elapsed equals it. If it lies behind what was counted before the current stretch, the current
 * stretch (or its projection, without pauses) leads there in one look-up; if before, the recorded
 * stretches do.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/live.h"

static const csq_calendar *judged_calendar(const csq__judged *judged)
{
    return csq__policies_calendar(judged->walk->policies, judged->run->calendar);
}

static csq_status never_is_none(csq_status status, csq_ms *out)
{
    if (status != CSQ_ENEVER) {
        return status;
    }
    *out = CSQ_MS_NONE;
    return CSQ_OK;
}

/* The instant with a position on a calendar, at one of its edges; CSQ_MS_NONE if there is none. */
static csq_status instant_at(const csq_calendar *calendar, csq_ms from, csq_ms distance,
                             uint32_t edge, csq_ms *out, csq_error *error)
{
    csq_ms position;
    if (!csq__add(from, distance, &position)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("an instant is due beyond all time"));
    }
    if (calendar == NULL) {
        *out = position;
        return CSQ_OK;
    }
    return never_is_none(csq__calendar_instant(calendar, position, edge, out, error), out);
}

csq_status csq__run_sums(csq__walk *walk, const csq__run *run, csq_ms now, csq_ms *elapsed,
                         csq_ms *paused, csq_error *error)
{
    *elapsed = run->elapsed;
    *paused = run->paused;
    if (!csq__run_is_open(run)) {
        return CSQ_OK;
    }
    csq_ms position;
    const csq_status status = csq__walk_position(walk, run->calendar, now, &position, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq_ms *sum = run->phase == CSQ_PHASE_ACTIVE ? elapsed : paused;
    *sum = csq__add_saturated(*sum, csq__sub_saturated(position, run->since_position));
    return CSQ_OK;
}

/* The point among the recorded stretches of the cycle, which have counted at least `goal`. */
csq_status csq__judge_reached(csq__judged *judged, csq_ms goal, csq_ms *out, csq_error *error)
{
    const csq__run *run = judged->run;
    *out = run->started_at;
    if (judged->walk->recorder == NULL) {
        judged->walk->needs_recorder = true;
        return CSQ_OK;
    }
    const csq__array *all = &judged->walk->recorder->stretches;
    const csq__stretch *const stretches = all->data;
    csq_ms left = goal;
    for (size_t i = csq__recorder_find(judged->walk->recorder, run->started_at); i < all->n; i++) {
        const csq__stretch *stretch = &stretches[i];
        if (stretch->clock != judged->clock || stretch->cycle != run->cycle) {
            continue;
        }
        if (left <= stretch->counted && stretch->counted > 0) {
            csq_ms position;
            judged->due_on = stretch->calendar;
            const csq_status status = csq__walk_position(judged->walk, stretch->calendar,
                                                         stretch->from, &position, error);
            return status != CSQ_OK ? status
                                    : instant_at(csq__policies_calendar(judged->walk->policies,
                                                                        stretch->calendar),
                                                 position, left, CSQ_EDGE_NEAR, out, error);
        }
        left -= stretch->counted;
    }
    return CSQ_OK;
}

csq_status csq__judge_projected(const csq__judged *judged, csq_ms goal, uint32_t edge, csq_ms *out,
                                csq_error *error)
{
    const csq__run *run = judged->run;
    return instant_at(judged_calendar(judged), run->since_position, goal - run->elapsed, edge, out,
                      error);
}

/* The first instant at which elapsed reaches `goal`, past or projected. */
static csq_status find_point(csq__judged *judged, csq_ms goal, csq_ms *out, csq_error *error)
{
    const csq__run *run = judged->run;
    if (goal <= 0) {
        *out = run->started_at;
        return CSQ_OK;
    }
    if (goal <= run->elapsed) {
        return csq__judge_reached(judged, goal, out, error);
    }
    if (run->phase == CSQ_PHASE_PAUSED) {
        *out = CSQ_MS_NONE;
        return CSQ_OK;
    }
    return csq__judge_projected(judged, goal, CSQ_EDGE_NEAR, out, error);
}

static const csq__terms *judged_terms(const csq__judged *judged)
{
    return csq__policies_terms(judged->walk->policies, judged->run->terms);
}

/* The calendar of a target in working days: the target's own where wall time counts the hours, or
 * where the ticket names a calendar without a zone, which has no days. */
const csq_calendar *csq__judged_workday_calendar(const csq__judged *judged)
{
    const csq_calendar *calendar = judged_calendar(judged);
    return csq_calendar_zone(calendar) != NULL
               ? calendar
               : csq__policies_calendar(judged->walk->policies, judged_terms(judged)->calendar);
}

static uint32_t workday_mode(const csq__judged *judged)
{
    return judged_terms(judged)->end_of_day ? CSQ_WORKDAY_END_OF_DAY : CSQ_WORKDAY_KEEP_TIME;
}

/* Open time added to or taken from an instant; CSQ_ENEVER gives CSQ_MS_NONE. */
static csq_status add_open(const csq_calendar *calendar, csq_ms at, csq_ms duration, csq_ms *out,
                           csq_error *error)
{
    return never_is_none(csq_calendar_add(calendar, at, duration, CSQ_EDGE_NEAR, out, error), out);
}

bool csq__judged_by_dates(const csq__judged *judged)
{
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    return clock->empty_calendar == CSQ_EMPTY_CALENDAR_WALL &&
           csq_calendar_is_never(csq__judged_workday_calendar(judged)) != 0;
}

/* The same time of day, or the midnight that ends the day, that many dates later. */
static csq_status add_dates(const csq__judged *judged, csq_ms at, int64_t days, csq_ms *out,
                            csq_error *error)
{
    const csq_zone *const zone = csq_calendar_zone(csq__judged_workday_calendar(judged));
    const bool to_midnight = judged_terms(judged)->end_of_day != 0;
    csq__offset_span span;
    csq_ms local;
    csq_ms ahead;
    const csq_status status = csq__zone_span(zone, at, &span, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (!csq__add(at, span.offset_s * CSQ__SECOND_MS, &local) ||
        !csq__mul(days + (to_midnight ? 1 : 0), CSQ__DAY_MS, &ahead) ||
        !csq__add(ahead, to_midnight ? -csq__mod_floor(local, CSQ__DAY_MS) : 0, &ahead) ||
        !csq__add(local, ahead, &local)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("a day is due beyond all time"));
    }
    return csq__zone_first(zone, local, out, error);
}

static csq_status add_days(const csq__judged *judged, csq_ms at, int64_t days, csq_ms *out,
                           csq_error *error)
{
    if (csq__judged_by_dates(judged)) {
        return add_dates(judged, at, days, out, error);
    }
    return never_is_none(csq_calendar_add_workdays(csq__judged_workday_calendar(judged), at, days,
                                                   workday_mode(judged), out, error),
                         out);
}

/* Open time before or after a due instant in working days. */
static csq_status add_hours(const csq__judged *judged, csq_ms at, csq_ms duration, csq_ms *out,
                            csq_error *error)
{
    return csq__judged_by_dates(judged) ? instant_at(NULL, at, duration, CSQ_EDGE_NEAR, out, error)
                                    : add_open(csq__judged_workday_calendar(judged), at, duration, out, error);
}

bool csq__judged_by_date(const csq__judged *judged)
{
    return judged_terms(judged)->workdays > 0 || judged_terms(judged)->due_attribute != 0;
}

csq_status csq__judge_due_day(csq__judged *judged, csq_ms *out, csq_error *error)
{
    csq_status status =
        add_days(judged, judged->run->started_at, judged_terms(judged)->workdays, out, error);
    if (status == CSQ_OK && *out != CSQ_MS_NONE && judged->paused > 0) {
        status = add_hours(judged, *out, judged->paused, out, error);
    }
    return status;
}

/* The instant at which a clock is due, as the metric's option shows it: by the calendar on which it
 * is due, which may not be the one of now. */
static csq_status show_due(csq__judged *judged, const csq__clock *clock, csq_error *error)
{
    const csq_calendar *calendar = csq__policies_calendar(judged->walk->policies, judged->due_on);
    if (judged->due == CSQ_MS_NONE || calendar == NULL ||
        clock->due_edge != CSQ_DUE_EDGE_NEXT_OPEN) {
        return CSQ_OK;
    }
    csq_ms open;
    const csq_status status = csq_calendar_next_open(calendar, judged->due, &open, error);
    if (status == CSQ_OK) {
        judged->due = open;
    }
    return status == CSQ_ENEVER ? CSQ_OK : status;
}

/* A paused clock that is not late has no due instant. By instants, it was late before it paused if
 * it was due before. */
static csq_status find_due_paused(csq__judged *judged, const csq__clock *clock, csq_error *error)
{
    judged->due = CSQ_MS_NONE;
    if (clock->breach_compare != CSQ_BREACH_COMPARE_INSTANT ||
        judged->elapsed != judged->run->target) {
        return CSQ_OK;
    }
    csq_status status = csq__judge_reached(judged, judged->run->target, &judged->due, error);
    if (status == CSQ_OK) {
        status = show_due(judged, clock, error);
    }
    if (!csq__clock_is_beyond(clock, judged->run->since, judged->due)) {
        judged->due = CSQ_MS_NONE;
    }
    return status;
}

/* Whether the counted time alone makes the clock late. */
static bool counts_beyond(const csq__judged *judged, const csq__clock *clock)
{
    const csq_ms target = judged->run->target;
    return judged->elapsed > target || (clock->breach_compare == CSQ_BREACH_COMPARE_ELAPSED &&
                                        csq__clock_is_beyond(clock, judged->elapsed, target));
}

static csq_status find_due(csq__judged *judged, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    csq_status status;
    if (judged_terms(judged)->due_attribute != 0) {
        judged->due = judged->run->due; // as it was promised, open or not
        return CSQ_OK;
    }
    judged->due_on = judged->run->calendar;
    if (judged_terms(judged)->workdays > 0) {
        status = csq__judge_due_day(judged, &judged->due, error);
    } else if (judged->run->phase == CSQ_PHASE_PAUSED && !counts_beyond(judged, clock)) {
        return find_due_paused(judged, clock, error);
    } else {
        status = find_point(judged, judged->run->target, &judged->due, error);
    }
    return status == CSQ_OK ? show_due(judged, clock, error) : status;
}

static csq_ms judged_end(const csq__judged *judged)
{
    return csq__run_is_open(judged->run) ? judged->now : judged->run->stopped_at;
}

csq_status csq__judge_lateness(csq__judged *judged, csq_error *error)
{
    const csq__run *run = judged->run;
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    csq_status status =
        csq__run_sums(judged->walk, run, judged->now, &judged->elapsed, &judged->paused, error);
    judged->due = CSQ_MS_NONE;
    judged->is_late = false;
    if (status != CSQ_OK || run->terms == 0) {
        return status;
    }
    // Beyond its target a clock is late by instants too: on one calendar the open millisecond that
    // exceeded it lies behind the due instant, shown at either edge.
    const bool is_close =
        judged->elapsed == run->target || (judged->elapsed > run->target && run->is_mixed);
    const bool by_instant = csq__judged_by_date(judged) ||
                            (clock->breach_compare == CSQ_BREACH_COMPARE_INSTANT && is_close);
    if (!by_instant) {
        judged->is_late = csq__clock_is_beyond(clock, judged->elapsed, run->target);
        return CSQ_OK;
    }
    status = find_due(judged, error);
    judged->is_late =
        judged->due != CSQ_MS_NONE && csq__clock_is_beyond(clock, judged_end(judged), judged->due);
    return status;
}

csq_status csq__judge(csq__judged *judged, csq_error *error)
{
    const csq__run *run = judged->run;
    csq_status status = csq__judge_lateness(judged, error);
    judged->if_resumed = CSQ_MS_NONE;
    if (status != CSQ_OK || run->terms == 0) {
        return status;
    }
    status = find_due(judged, error);
    if (status == CSQ_OK && run->phase == CSQ_PHASE_PAUSED && judged->due == CSQ_MS_NONE &&
        !csq__judged_by_date(judged)) {
        csq_ms position;
        status = csq__walk_position(judged->walk, run->calendar, judged->now, &position, error);
        if (status == CSQ_OK) {
            status = instant_at(judged_calendar(judged), position, run->target - judged->elapsed,
                                CSQ_EDGE_NEAR, &judged->if_resumed, error);
        }
        if (judged->if_resumed != CSQ_MS_NONE && judged->if_resumed < judged->now) {
            judged->if_resumed = judged->now;
        }
    }
    return status;
}

/* ---- steps --------------------------------------------------------------------------------- */

bool csq__step_goal(csq_ms target, const csq_step *step, csq_ms *goal)
{
    if (step->kind == CSQ_STEP_OFFSET) {
        return csq__add(target, step->value, goal);
    }
    // target * value / 10000 without an intermediate overflow.
    const csq_ms whole = target / 10000;
    const csq_ms rest = target % 10000;
    csq_ms product;
    if (!csq__mul(whole, step->value, &product)) {
        return false;
    }
    return csq__add(product, (rest * step->value + 9999) / 10000, goal);
}

static csq_status step_by_days(csq__judged *judged, const csq_step *step, csq_ms *out,
                               csq_error *error)
{
    *out = CSQ_MS_NONE;
    if (judged->due == CSQ_MS_NONE || step->kind == CSQ_STEP_PERCENT) {
        return CSQ_OK;
    }
    csq_ms due; // as it is, not as it is shown
    csq_status status = csq__judge_due_day(judged, &due, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (step->kind != CSQ_STEP_WORKDAYS) {
        return add_hours(judged, due, step->value, out, error);
    }
    status = add_days(judged, due, step->value, out, error);
    if (status == CSQ_ENODATA) { // hours of a night end on a date that has no end of its own
        *out = due;
        status = CSQ_OK;
    }
    return status;
}

/* Offsets from a due instant, in time or working days, on the clock's calendar. */
static csq_status step_by_due(csq__judged *judged, const csq_step *step, csq_ms *out,
                              csq_error *error)
{
    const csq_calendar *calendar = judged_calendar(judged);
    if (judged->due == CSQ_MS_NONE || step->kind == CSQ_STEP_PERCENT) {
        return CSQ_OK;
    }
    if (step->kind == CSQ_STEP_WORKDAYS) {
        return csq_calendar_zone(calendar) == NULL
                   ? CSQ_OK
                   : never_is_none(csq_calendar_add_workdays(calendar, judged->due, step->value,
                                                             CSQ_WORKDAY_KEEP_TIME, out, error),
                                   out);
    }
    if (calendar != NULL && step->value != 0) {
        return add_open(calendar, judged->due, step->value, out, error);
    }
    return csq__add(judged->due, step->value, out)
               ? CSQ_OK
               : csq__fail(error, CSQ_ERANGE, CSQ__TEXT("a step lies beyond all time"));
}

csq_status csq__judge_step(csq__judged *judged, const csq_step *step, csq_ms *out, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    *out = csq__ladder_stays(judged, (uint32_t)(step - (const csq_step *)clock->steps.data));
    return *out == CSQ_MS_NONE ? csq__judge_step_freely(judged, step, out, error) : CSQ_OK;
}

csq_status csq__judge_step_freely(csq__judged *judged, const csq_step *step, csq_ms *out,
                                  csq_error *error)
{
    const csq__run *run = judged->run;
    *out = CSQ_MS_NONE;
    if (run->terms == 0 || run->cycle == 0) {
        return CSQ_OK;
    }
    if (judged_terms(judged)->workdays > 0) {
        return step_by_days(judged, step, out, error);
    }
    if (judged_terms(judged)->due_attribute != 0) {
        return step_by_due(judged, step, out, error);
    }
    csq_ms goal;
    if (step->kind == CSQ_STEP_WORKDAYS) {
        return CSQ_OK;
    }
    if (!csq__step_goal(run->target, step, &goal)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("a step lies beyond all time"));
    }
    return find_point(judged, goal, out, error);
}

/* ---- the answer ---------------------------------------------------------------------------- */

/* The calendar that is in force for a clock now, as index + 1. */
static uint32_t calendar_in_force(const csq__judged *judged)
{
    const csq__walk *walk = judged->walk;
    const csq__clock *clock = csq__policies_clock(walk->policies, judged->clock);
    uint32_t calendar = judged->run->calendar;
    if (judged->run->cycle == 0 || judged->run->terms == 0) {
        calendar = csq__policies_terms(walk->policies, walk->selected[judged->clock])->calendar;
    }
    if (walk->named_calendar != 0 && clock->calendar_switch != CSQ_CALENDAR_SWITCH_FIRST) {
        calendar = walk->named_calendar;
    }
    return csq__clock_calendar(walk->policies, clock, calendar);
}

static void keep_earlier(csq_ms *least, csq_ms candidate, csq_ms now)
{
    if (candidate != CSQ_MS_NONE && candidate > now &&
        (*least == CSQ_MS_NONE || candidate < *least)) {
        *least = candidate;
    }
}

static csq_status find_next_change(csq__judged *judged, const csq_answer *answer, csq_ms until,
                                   csq_ms *out, csq_error *error)
{
    *out = csq__walk_next_epoch(judged->walk, judged->clock);
    if (!csq__run_is_open(judged->run)) {
        return CSQ_OK;
    }
    keep_earlier(out, until, judged->now);
    // In a pause only time itself comes near a due instant, and near a due day while the calendar
    // is closed: it moves on with the pause while the calendar is open.
    const bool stands = judged->run->phase == CSQ_PHASE_PAUSED &&
                        judged_terms(judged)->due_attribute == 0 &&
                        (judged_terms(judged)->workdays == 0 || answer->in_hours != 0);
    if (judged->run->terms == 0 || stands) {
        return CSQ_OK;
    }
    csq_status status = CSQ_OK;
    csq_ms at = CSQ_MS_NONE;
    if (!csq__judged_by_instant(judged) && !csq__ladder_matters(judged->walk, judged->clock)) {
        bool has_reached;
        status = csq__judge_ahead(judged, &has_reached, &at, error);
        keep_earlier(out, at, judged->now);
        return status;
    }
    if (answer->breached == 0) {
        status = csq__judge_late(judged, &at, error);
        keep_earlier(out, at, judged->now);
    }
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    const csq_step *steps = clock->steps.data;
    for (size_t i = 0; i < clock->steps.n && status == CSQ_OK; i++) {
        status = csq__judge_step(judged, &steps[i], &at, error);
        keep_earlier(out, at, judged->now);
    }
    return status;
}

static int64_t percent_of(csq_ms elapsed, csq_ms target)
{
    int64_t product;
    int64_t rest;
    if (target <= 0) {
        return CSQ_MS_NONE;
    }
    if (csq__mul(elapsed, 10000, &product)) {
        return product / target;
    }
    rest = elapsed % target;
    rest = csq__mul(rest, 10000, &product) ? product / target : rest / (target / 10000);
    return csq__mul(elapsed / target, 10000, &product) ? csq__add_saturated(product, rest)
                                                       : INT64_MAX;
}

static uint32_t phase_of(const csq__judged *judged)
{
    const csq__walk *walk = judged->walk;
    const bool waits = !csq__walk_applies(walk, judged->clock);
    const uint32_t terms =
        judged->run->cycle == 0 ? walk->selected[judged->clock] : judged->run->terms;
    if (terms == 0) {
        return CSQ_PHASE_NOT_APPLICABLE;
    }
    return waits || judged->run->cycle == 0 ? CSQ_PHASE_NOT_STARTED : judged->run->phase;
}

/* What is left until a due instant on the clock's calendar, negative behind it. */
static csq_status answer_remaining(const csq__judged *judged, csq_ms *out, csq_error *error)
{
    if (judged_terms(judged)->due_attribute == 0 || judged->due == CSQ_MS_NONE) {
        return CSQ_OK;
    }
    csq_ms end;
    csq_ms due;
    csq_status status =
        csq__walk_position(judged->walk, judged->run->calendar, judged_end(judged), &end, error);
    if (status == CSQ_OK) {
        status = csq__walk_position(judged->walk, judged->run->calendar, judged->due, &due, error);
    }
    if (status == CSQ_OK) {
        *out = csq__sub_saturated(due, end);
    }
    return status;
}

static void answer_times(const csq__judged *judged, csq_answer *answer)
{
    const csq__run *run = judged->run;
    answer->cycle = run->cycle;
    answer->started_at = run->started_at;
    answer->stopped_at = csq__run_is_open(run) ? CSQ_MS_NONE : run->stopped_at;
    answer->breached = judged->is_late;
    answer->elapsed_ms = judged->elapsed;
    answer->paused_ms = judged->paused;
    answer->due_at = judged->due;
    answer->due_if_resumed_at = judged->if_resumed;
    answer->breached_at = judged->is_late ? judged->due : CSQ_MS_NONE;
    if (!csq__judged_by_date(judged)) {
        answer->target_ms = run->target;
        answer->remaining_ms = csq__sub_saturated(run->target, judged->elapsed);
        answer->percent_hundredths = percent_of(judged->elapsed, run->target);
    }
}

csq_status csq__judge_answer(csq__judged *judged, csq_answer *out, csq_error *error)
{
    const csq__walk *walk = judged->walk;
    csq_answer answer = {.phase = phase_of(judged),
                         .in_hours = 1,
                         .policy = CSQ_NO_INDEX,
                         .started_at = CSQ_MS_NONE,
                         .stopped_at = CSQ_MS_NONE,
                         .target_ms = CSQ_MS_NONE,
                         .remaining_ms = CSQ_MS_NONE,
                         .elapsed_ms = CSQ_MS_NONE,
                         .paused_ms = CSQ_MS_NONE,
                         .due_at = CSQ_MS_NONE,
                         .due_if_resumed_at = CSQ_MS_NONE,
                         .breached_at = CSQ_MS_NONE,
                         .next_change_at = CSQ_MS_NONE,
                         .percent_hundredths = CSQ_MS_NONE};
    const uint32_t calendar = calendar_in_force(judged);
    const csq_calendar *in_force = csq__policies_calendar(walk->policies, calendar);
    csq_ms until = CSQ_MS_NONE;
    answer.calendar = calendar == 0 ? CSQ_NO_CALENDAR : calendar - 1;
    if (in_force != NULL) {
        bool is_open = false;
        if (!csq__calendar_state(in_force, judged->now, &is_open, &until)) {
            return csq__fail(error, CSQ_ERANGE,
                             CSQ__TEXT("the calendar does not answer for the instant asked for"));
        }
        answer.in_hours = is_open;
        until = until == INT64_MAX ? CSQ_MS_NONE : until;
    }
    csq_status status = CSQ_OK;
    const uint32_t terms =
        judged->run->cycle == 0 ? walk->selected[judged->clock] : judged->run->terms;
    if (terms != 0) {
        answer.policy = csq__policies_terms(walk->policies, terms)->policy;
        answer.workdays = csq__policies_terms(walk->policies, terms)->workdays;
    }
    if (answer.phase > CSQ_PHASE_NOT_STARTED) {
        answer_times(judged, &answer);
        status = answer_remaining(judged, &answer.remaining_ms, error);
    }
    if (status == CSQ_OK && answer.phase > CSQ_PHASE_NOT_STARTED) {
        status = find_next_change(judged, &answer, until, &answer.next_change_at, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_answer, percent_hundredths), &answer,
                             sizeof answer, error);
}
