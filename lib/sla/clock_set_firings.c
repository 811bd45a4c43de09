/*
 * clock_set_firings — the points that the clocks of a walk have reached, and when that changes
 * next.
 *
 * A clock has a point for each step of its ladder and one for its lateness. A cycle has reached a
 * point if the instant of it is not after its stop, or not after `now` while it is open. With a
 * target in time, time alone never takes a point back. With one in working days a pause moves the
 * due day on, and what was reached may lie in the future again: while it pauses, such a clock is
 * looked at whenever its due instant or the calendar comes to an edge. What stays reached has the
 * instant that it had when the calendar opened last, so that it does not move all the time.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

/* What is asked of the points of one run. */
typedef struct run_points {
    csq__judged judged;
    const csq__clock *clock;
    csq_ms end; /* of the cycle so far */
    bool moves; /* paused before a due day */
    bool is_open_now;
    csq_ms next;
    csq__array *fired; /* NULL: nobody wants the list */
    const csq_allocator *allocator;
} run_points;

static void points_come(run_points *points, csq_ms at)
{
    if (at > points->judged.now) {
        points->next = csq__earlier(points->next, at);
    }
}

/* The instant at which an instant that moves on with open time comes to an edge of the calendar. */
static csq_status points_wait_for_edge(run_points *points, csq_ms moving, csq_error *error)
{
    const csq_calendar *calendar = csq__judged_workday_calendar(&points->judged);
    if (csq__judged_by_dates(&points->judged)) {
        return CSQ_OK;
    }
    bool is_open;
    csq_ms until;
    if (!csq__calendar_state(calendar, moving, &is_open, &until)) {
        return csq__walk_fail_range(calendar, moving, error);
    }
    // At the end of an open stretch, it goes on to the next with the next millisecond at the
    // latest.
    const csq_ms left = is_open ? csq__sub_saturated(until, moving) : 1;
    points_come(points, csq__add_saturated(points->judged.now, left));
    return CSQ_OK;
}

/* The instant of a step, or of lateness. */
static csq_status point_find(csq__judged *judged, uint32_t step, csq_ms *at, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(judged->walk->policies, judged->clock);
    const csq_step *steps = clock->steps.data;
    return step == CSQ__BREACH ? csq__judge_late(judged, at, error)
                               : csq__judge_step_freely(judged, &steps[step], at, error);
}

/* The instant of a point that moves on while its calendar is open, as it was when that opened or
 * the pause began; left as it is where it was not reached by then. */
static csq_status point_find_settled(const csq__judged *judged, uint32_t step, csq_ms *at,
                                     csq_error *error)
{
    const csq_calendar *calendar =
        csq__policies_calendar(judged->walk->policies, judged->run->calendar);
    csq_ms opened = CSQ_MS_NONE;
    csq_ms found = CSQ_MS_NONE;
    csq__judged then = *judged;
    then.now = judged->run->since;
    if (calendar != NULL &&
        csq_calendar_previous_close(calendar, judged->now, &opened, NULL) == CSQ_OK &&
        csq_calendar_next_open(calendar, opened, &opened, NULL) == CSQ_OK && opened > then.now) {
        then.now = opened;
    }
    csq_status status = csq__judge(&then, error);
    if (status == CSQ_OK) {
        status = point_find(&then, step, &found, error);
    }
    *at = found != CSQ_MS_NONE && found <= then.now ? found : *at;
    return status;
}

/* Whether a step is a number of working days away from the due day: it jumps when that does, and
 * may lie outside the hours of its day. */
static bool is_by_days(const run_points *points, uint32_t step)
{
    const csq_step *steps = points->clock->steps.data;
    return step != CSQ__BREACH && steps[step].kind == CSQ_STEP_WORKDAYS;
}

/* Whether a point moves on as time does, millisecond by millisecond. */
static bool point_moves(const run_points *points, uint32_t step)
{
    const csq__judged *judged = &points->judged;
    const csq__terms *terms = csq__policies_terms(judged->walk->policies, judged->run->terms);
    const bool stands_still = terms->end_of_day != 0 && is_by_days(points, step);
    return points->moves && points->is_open_now && !stands_still;
}

static csq_status points_add(run_points *points, uint32_t step, csq_ms at, csq_error *error)
{
    const csq__judged *judged = &points->judged;
    const bool moves = point_moves(points, step);
    if (at == CSQ_MS_NONE || at > points->end) {
        if (at != CSQ_MS_NONE && csq__run_is_open(judged->run) && !moves) {
            points_come(points, at);
        }
        return CSQ_OK;
    }
    csq__point firing = {at, judged->run->cycle, (uint16_t)judged->clock, (uint16_t)step};
    csq_status status = CSQ_OK;
    if (moves) {
        status = point_find_settled(judged, step, &firing.at, error);
    }
    if (status == CSQ_OK && points->fired != NULL &&
        csq__array_push(points->fired, points->allocator, &firing, sizeof firing) == NULL) {
        status = csq__fail_memory(error);
    }
    return status == CSQ_OK && moves && !is_by_days(points, step)
               ? points_wait_for_edge(points, at, error)
               : status;
}

/* A step in working days also jumps when the due instant that moves on comes to another date. */
static csq_status points_wait_for_midnight(run_points *points, csq_ms moving, csq_error *error)
{
    const csq_zone *zone = csq_calendar_zone(csq__judged_workday_calendar(&points->judged));
    const csq_step *steps = points->clock->steps.data;
    bool is_needed = false;
    for (size_t i = 0; i < points->clock->steps.n; i++) {
        is_needed = is_needed || steps[i].kind == CSQ_STEP_WORKDAYS;
    }
    if (zone == NULL || !is_needed) {
        return CSQ_OK;
    }
    csq__offset_span span;
    const csq_status status = csq__zone_span(zone, moving, &span, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_ms day = 24 * 3600 * CSQ__SECOND_MS;
    const csq_ms local = csq__add_saturated(moving, span.offset_s * CSQ__SECOND_MS);
    const csq_ms rest = ((local % day) + day) % day;
    const csq_ms left = csq__sub_saturated(span.until, moving);
    points_come(points,
                csq__add_saturated(points->judged.now, left < day - rest ? left : day - rest));
    return CSQ_OK;
}

/* A clock that pauses before a due day: whether its calendar is open, and its next edge. */
static csq_status points_watch_pause(run_points *points, csq_error *error)
{
    csq__judged *judged = &points->judged;
    const csq_calendar *calendar =
        csq__policies_calendar(judged->walk->policies, judged->run->calendar);
    points->moves = true;
    points->is_open_now = true;
    if (calendar != NULL) {
        csq_ms until;
        if (!csq__calendar_state(calendar, judged->now, &points->is_open_now, &until)) {
            return csq__walk_fail_range(calendar, judged->now, error);
        }
        if (until != INT64_MAX) {
            points_come(points, until);
        }
    }
    if (judged->due == CSQ_MS_NONE || !points->is_open_now) {
        return CSQ_OK;
    }
    csq_ms due;
    csq_status status = csq__judge_due_day(judged, &due, error);
    if (status == CSQ_OK) {
        status = points_wait_for_midnight(points, due, error);
    }
    return status == CSQ_OK ? points_wait_for_edge(points, due, error) : status;
}

static csq_status points_begin(run_points *points, csq__walk *walk, uint32_t clock,
                               const csq__run *run, csq_ms now, csq_error *error)
{
    *points = (run_points){.judged = {.walk = walk, .clock = clock, .run = run, .now = now},
                           .clock = csq__policies_clock(walk->policies, clock),
                           .end = csq__run_is_open(run) ? now : run->stopped_at,
                           .next = CSQ_MS_NONE};
    const csq__terms *terms = csq__policies_terms(walk->policies, run->terms);
    csq_status status = CSQ_OK;
    if (csq__judged_by_instant(&points->judged)) {
        status = csq__judge(&points->judged, error);
    }
    if (status == CSQ_OK && terms->workdays > 0 && run->phase == CSQ_PHASE_PAUSED) {
        status = points_watch_pause(points, error);
    }
    return status;
}

static uint32_t point_step(const run_points *points, size_t point)
{
    return point < points->clock->steps.n ? (uint32_t)point : (uint32_t)CSQ__BREACH;
}

/* ---- all cycles of a walk ------------------------------------------------------------------ */

/* A step of which the ladder says more than the terms do is left out where it was silenced, and
 * keeps its instant where steps that were passed stay. `*is_done`: nothing else decides. */
static csq_status fire_by_ladder(csq_clock_set *set, const run_points *points, uint32_t step,
                                 bool *is_done, csq_error *error)
{
    const csq__run *run = points->judged.run;
    const csq__firing *past =
        run->is_changed == 0 ? NULL : csq__set_past(set, run->cycle, step);
    const bool stays = points->clock->passed_steps == CSQ_PASSED_STEPS_STAY;
    *is_done = past != NULL && (stays || past->state == CSQ_FIRING_SUPPRESSED);
    if (!*is_done || past->state == CSQ_FIRING_SUPPRESSED) {
        return CSQ_OK;
    }
    const csq__point point = {past->at, run->cycle, (uint16_t)points->judged.clock,
                              (uint16_t)step};
    return csq__array_push(&set->fired, &set->allocator, &point, sizeof point) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

static csq_status fire_run(csq_clock_set *set, uint32_t clock, const csq__run *run, csq_ms now,
                           csq_ms *next, csq_error *error)
{
    if (run->cycle == 0 || run->terms == 0) {
        return CSQ_OK;
    }
    run_points points;
    csq_status status = points_begin(&points, &set->walk, clock, run, now, error);
    points.fired = &set->fired;
    points.allocator = &set->allocator;
    for (size_t i = 0; i <= points.clock->steps.n && status == CSQ_OK; i++) {
        csq_ms at;
        bool is_done;
        status = fire_by_ladder(set, &points, point_step(&points, i), &is_done, error);
        if (status != CSQ_OK || is_done) {
            continue;
        }
        status = point_find(&points.judged, point_step(&points, i), &at, error);
        if (status == CSQ_OK) {
            status = points_add(&points, point_step(&points, i), at, error);
        }
    }
    *next = csq__earlier(*next, points.next);
    return status;
}

static int compare_points(const void *a, const void *b, const void *user)
{
    (void)user;
    return csq__point_compare(a, b);
}

/* Cycles side by side do not end in the order of their numbers. */
static csq_status fire_beside(csq_clock_set *set, uint32_t clock, csq_ms now, csq_ms *next,
                              csq_error *error)
{
    const csq__beside *beside = set->walk.beside.data;
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < set->walk.beside.n && status == CSQ_OK; i++) {
        if (beside[i].clock == clock) {
            status = fire_run(set, clock, &beside[i].run, now, next, error);
        }
    }
    return status;
}

static csq_status fire_clock(csq_clock_set *set, uint32_t clock, csq_ms now, csq_ms *next,
                             csq_error *error)
{
    const csq__finished *finished = set->walk.finished.data;
    csq_status status = CSQ_OK;
    const size_t first = set->fired.n;
    // Clocks that wait for their agreement to be attached have reached nothing yet.
    if (!csq__walk_applies(&set->walk, clock)) {
        return CSQ_OK;
    }
    for (size_t i = 0; i < set->walk.finished.n && status == CSQ_OK; i++) {
        if (finished[i].clock == clock) {
            status = fire_run(set, clock, &finished[i].run, now, next, error);
        }
    }
    if (status == CSQ_OK) {
        status = fire_run(set, clock, &set->walk.runs[clock], now, next, error);
    }
    if (status == CSQ_OK) {
        status = fire_beside(set, clock, now, next, error);
    }
    if (status == CSQ_OK && set->fired.n > first &&
        csq__policies_clock(set->walk.policies, clock)->message_base == CSQ_MESSAGE_BASE_EACH) {
        csq__sort((csq__point *)set->fired.data + first, set->fired.n - first, sizeof(csq__point),
                  compare_points, NULL);
    }
    return status;
}

static csq_status fire_as_told(csq_clock_set *set, uint32_t clock, const csq__points *told,
                               csq_error *error)
{
    for (uint32_t i = 0; i < told->n; i++) {
        if (told->list[i].clock == clock &&
            csq__array_push(&set->fired, &set->allocator, &told->list[i], sizeof told->list[i]) ==
                NULL) {
            return csq__fail_memory(error);
        }
    }
    return CSQ_OK;
}

csq_status csq__set_fire(csq_clock_set *set, const csq__looked *looked, csq_ms *next,
                         csq_error *error)
{
    set->fired.n = 0;
    *next = CSQ_MS_NONE;
    for (uint32_t c = 0; c < set->walk.n_clocks; c++) {
        const size_t first = set->fired.n;
        csq_ms next_of_clock = CSQ_MS_NONE;
        csq_status status = csq__set_read_ladder(set, looked, c, error);
        if (status == CSQ_OK) {
            status = fire_clock(set, c, looked->now, &next_of_clock, error);
        }
        if (status != CSQ_OK && status != CSQ_ENOMEM) {
            set->fired.n = first;
            next_of_clock = CSQ_MS_NONE;
            status = fire_as_told(set, c, looked->told, error);
        }
        if (status != CSQ_OK) {
            return status;
        }
        *next = csq__earlier(*next, next_of_clock);
    }
    return CSQ_OK;
}

/* ---- one run, in order --------------------------------------------------------------------- */

static bool has_told_of(const csq__points *told, uint32_t clock, uint32_t cycle)
{
    for (uint32_t i = 0; i < told->n; i++) {
        if (told->list[i].clock == clock && told->list[i].cycle == cycle) {
            return true;
        }
    }
    return false;
}

/* Every point of an open run that the due instant decides lies ahead. */
static bool points_lie_ahead(run_points *points)
{
    for (size_t i = 0; i <= points->clock->steps.n; i++) {
        csq__walk *walk = points->judged.walk;
        const uint32_t step = point_step(points, i);
        csq_ms at;
        if (point_find(&points->judged, step, &at, NULL) != CSQ_OK || walk->needs_recorder ||
            (at != CSQ_MS_NONE && at <= points->end) ||
            points_add(points, step, at, NULL) != CSQ_OK) {
            walk->needs_recorder = false;
            return false;
        }
    }
    return true;
}

static bool runs_agree(const csq__run *run, const csq__run *before)
{
    return run->cycle == before->cycle && run->terms == before->terms &&
           run->target == before->target && run->calendar == before->calendar &&
           run->started_at == before->started_at;
}

/* A run that the group of events ended or left ended has reached what it had reached before. */
static bool ended_is_quiet(const csq__judged *judged, const csq__run *run, const csq__run *before)
{
    if (!csq__run_is_open(before)) {
        return memcmp(run, before, sizeof *run) == 0;
    }
    return runs_agree(run, before) && !csq__judged_by_instant(judged);
}

/* The same of a run that is open. What was told of it must be what it had reached before; of a
 * clock that runs on unchanged, time alone takes nothing of that back. */
static bool open_is_quiet(const csq__judged *judged, const csq__run *before,
                          const csq__points *told, csq_ms *next)
{
    const csq__run *run = judged->run;
    if (csq__judged_by_instant(judged)) {
        run_points points;
        if (has_told_of(told, judged->clock, run->cycle) ||
            points_begin(&points, judged->walk, judged->clock, run, judged->now, NULL) != CSQ_OK ||
            judged->walk->needs_recorder || !points_lie_ahead(&points)) {
            judged->walk->needs_recorder = false;
            return false;
        }
        *next = points.next;
        return true;
    }
    csq__judged ahead = *judged;
    bool has_reached;
    if (csq__judge_ahead(&ahead, &has_reached, next, NULL) != CSQ_OK) {
        return false;
    }
    const bool stands = runs_agree(run, before) && csq__run_is_open(before);
    return stands || (!has_reached && !has_told_of(told, judged->clock, run->cycle));
}

bool csq__run_is_quiet(csq__walk *walk, uint32_t clock, const csq__run *before, size_t n_finished,
                       csq_ms now, const csq__points *told, csq_ms *next)
{
    const csq__run *run = &walk->runs[clock];
    const csq__finished *finished = walk->finished.data;
    if (run->cycle == 0 || !csq__walk_applies(walk, clock)) {
        return true;
    }
    if (csq__ladder_matters(walk, clock)) {
        return false;
    }
    const csq__judged judged = {.walk = walk, .clock = clock, .run = run, .now = now};
    for (size_t i = n_finished; i < walk->finished.n; i++) {
        if (finished[i].clock == clock && !ended_is_quiet(&judged, &finished[i].run, before)) {
            return false;
        }
    }
    if (!csq__run_is_open(run)) {
        return ended_is_quiet(&judged, run, before);
    }
    csq_ms ahead = CSQ_MS_NONE;
    if (run->terms == 0 ? has_told_of(told, clock, run->cycle)
                        : !open_is_quiet(&judged, before, told, &ahead)) {
        return false;
    }
    *next = csq__earlier(*next, ahead);
    return true;
}
