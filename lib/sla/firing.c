/*
 * firing — what a ladder of steps told about the latest cycle of a clock: steps reached, late ones,
 * those that a change took back, those still to come; and the breach.
 *
 * Between two changes of its terms, target or calendar a clock reaches a step once. A change moves
 * the steps: one that comes to lie before the change is late, one that was passed may lie ahead
 * again, and options of the metric say what becomes of them. So a walk with a recorder settles the
 * ladder before each change, by what held until then, and all changes of one instant act together.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

enum { LADDER_ITEMS = CSQ_STEP_LIMIT + 1 };

/* The steps of a clock, and last the breach, as they lie by what holds at some instant. */
typedef struct ladder_points {
    uint32_t n;
    csq_ms at[LADDER_ITEMS];   /* as it is shown; CSQ_MS_NONE: not foreseeable */
    csq_ms from[LADDER_ITEMS]; /* where it begins to hold */
} ladder_points;

static const csq__clock *clock_of(const csq__judged *judged)
{
    return csq__policies_clock(judged->walk->policies, judged->clock);
}

/* A point beyond the calendar's years lies in no past. */
static csq_status none_if_beyond(csq_status status, csq_ms *at)
{
    if (status == CSQ_ERANGE) {
        *at = CSQ_MS_NONE;
        return CSQ_OK;
    }
    return status;
}

static csq_status find_points(csq__judged *judged, ladder_points *points, csq_error *error)
{
    const csq__clock *clock = clock_of(judged);
    const csq_step *steps = clock->steps.data;
    points->n = (uint32_t)clock->steps.n + 1;
    for (uint32_t i = 0; i < points->n; i++) {
        points->at[i] = CSQ_MS_NONE;
        points->from[i] = CSQ_MS_NONE;
    }
    if (judged->run->cycle == 0 || judged->run->terms == 0 ||
        !csq__walk_applies(judged->walk, judged->clock)) {
        return CSQ_OK;
    }
    csq_status status = none_if_beyond(csq__judge(judged, error), &judged->due);
    for (uint32_t i = 0; i + 1 < points->n && status == CSQ_OK; i++) {
        status = none_if_beyond(csq__judge_step_freely(judged, &steps[i], &points->at[i], error),
                                &points->at[i]);
        points->from[i] = points->at[i];
    }
    const uint32_t breach = points->n - 1;
    if (status == CSQ_OK) {
        status = none_if_beyond(
            csq__judge_breach(judged, &points->at[breach], &points->from[breach], error),
            &points->from[breach]);
    }
    return status;
}

/* ---- records ------------------------------------------------------------------------------- */

static uint32_t step_of(const ladder_points *points, uint32_t item)
{
    return item + 1 == points->n ? CSQ_NO_INDEX : item;
}

/* The firing of a step that stands, or NULL. */
static csq__firing *find_standing(const csq__ladder *ladder, uint32_t step)
{
    csq__firing *firings = ladder->firings.data;
    for (size_t i = 0; i < ladder->firings.n; i++) {
        if (firings[i].step == step && firings[i].state != CSQ_FIRING_SUPERSEDED) {
            return &firings[i];
        }
    }
    return NULL;
}

static csq_status add_firing(csq__walk *walk, csq__ladder *ladder, csq__firing firing,
                             csq_error *error)
{
    return csq__array_push(&ladder->firings, &walk->allocator, &firing, sizeof firing) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

static void remove_firing(csq__ladder *ladder, csq__firing *firing)
{
    csq__firing *firings = ladder->firings.data;
    *firing = firings[--ladder->firings.n];
}

/* ---- a change ------------------------------------------------------------------------------ */

/* The last instant at which a point is reached, if `at` is the last that is asked for. */
static csq_ms last_reach(const csq__run *run, csq_ms at)
{
    return csq__run_is_open(run) || run->stopped_at > at ? at : run->stopped_at;
}

/* What a change makes of a step that was passed. */
static void move_passed(csq__ladder *ladder, const csq__clock *clock, csq__firing *firing,
                        csq_ms at, csq_ms from, csq_ms reach)
{
    const bool is_step = firing->step != CSQ_NO_INDEX;
    if (is_step && clock->passed_steps == CSQ_PASSED_STEPS_STAY) {
        return;
    }
    if (from != CSQ_MS_NONE && from <= reach) {
        firing->at = at;
        firing->fired_at = firing->fired_at < from ? from : firing->fired_at;
    } else if (clock->passed_steps == CSQ_PASSED_STEPS_SUPERSEDED &&
               firing->state == CSQ_FIRING_FIRED) {
        firing->state = CSQ_FIRING_SUPERSEDED;
    } else {
        remove_firing(ladder, firing);
    }
}

/* The last of the late steps, or CSQ_NO_INDEX. */
static uint32_t find_last(const ladder_points *points, uint64_t late)
{
    uint32_t last = CSQ_NO_INDEX;
    for (uint32_t i = 0; i + 1 < points->n; i++) {
        if ((late >> i & 1) != 0 && (last == CSQ_NO_INDEX || points->at[i] >= points->at[last])) {
            last = i;
        }
    }
    return last;
}

/* Late steps fire at the change, as far as the option lets them; a breach always does. */
static csq_status fire_late(csq__judged *judged, csq__ladder *ladder, const ladder_points *points,
                            uint64_t late_steps, bool is_breached, csq_error *error)
{
    const csq__clock *clock = clock_of(judged);
    const uint32_t last = find_last(points, late_steps);
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < points->n && status == CSQ_OK; i++) {
        const bool is_breach = i + 1 == points->n;
        if (is_breach ? !is_breached : (late_steps >> i & 1) == 0) {
            continue;
        }
        const bool fires = is_breach || clock->late_steps == CSQ_LATE_STEPS_ALL ||
                           (clock->late_steps == CSQ_LATE_STEPS_LAST && i == last);
        const csq__firing firing = {points->at[i], ladder->changed_at, step_of(points, i),
                                    fires ? CSQ_FIRING_FIRED : CSQ_FIRING_SUPPRESSED};
        status = add_firing(judged->walk, ladder, firing, error);
    }
    return status;
}

/* Brings the last change to bear. */
static csq_status take_change(csq__judged *judged, csq__ladder *ladder, const ladder_points *points,
                              csq_error *error)
{
    const csq_ms reach = last_reach(judged->run, ladder->changed_at - 1);
    uint64_t late_steps = 0;
    bool is_breached = false;
    for (uint32_t i = 0; i < points->n; i++) {
        csq__firing *firing = find_standing(ladder, step_of(points, i));
        if (firing != NULL) {
            move_passed(ladder, clock_of(judged), firing, points->at[i], points->from[i], reach);
        } else if (points->from[i] != CSQ_MS_NONE && points->from[i] <= reach) {
            is_breached = is_breached || i + 1 == points->n;
            late_steps |= i + 1 == points->n ? 0 : (uint64_t)1 << i;
        }
    }
    ladder->is_pending = false;
    return fire_late(judged, ladder, points, late_steps, is_breached, error);
}

/* ---- settling ------------------------------------------------------------------------------ */

/* A ticket that makes a walk look for its steps over and over is refused. */
static csq_status spend(csq__judged *judged, uint32_t n, csq_error *error)
{
    csq__walk *walk = judged->walk;
    const size_t n_stretches = walk->recorder == NULL ? 0 : walk->recorder->stretches.n;
    walk->n_looked_up += (uint64_t)n * (n_stretches + 1);
    return walk->n_looked_up <= CSQ__LADDER_LIMIT
               ? CSQ_OK
               : csq__fail(error, CSQ_ELIMIT,
                           CSQ__TEXT("the terms of the ticket change too often"));
}

/* Brings the last change to bear, if it was not: by the points as they lay then, which a pause may
 * have moved on since. */
static csq_status settle_change(const csq__judged *judged, csq__ladder *ladder,
                                ladder_points *points, csq_error *error)
{
    csq__judged then = *judged;
    if (!ladder->is_pending) {
        return CSQ_OK;
    }
    if (then.now > ladder->changed_at) {
        then.now = judged->run->since > ladder->changed_at ? judged->run->since
                                                           : ladder->changed_at;
    }
    csq_status status = find_points(&then, points, error);
    if (status == CSQ_OK) {
        status = spend(&then, points->n, error);
    }
    return status == CSQ_OK ? take_change(&then, ladder, points, error) : status;
}

/* Brings a step that fired in line with where it lies now: a pause moves a due day on, and with it
 * what was passed, which is no change of the terms and leaves no trace. */
static void settle_fired(csq__ladder *ladder, const csq__clock *clock, csq__firing *firing,
                         csq_ms at, csq_ms from, csq_ms reach)
{
    const bool is_step = firing->step != CSQ_NO_INDEX;
    if (firing->state != CSQ_FIRING_FIRED ||
        (is_step && clock->passed_steps == CSQ_PASSED_STEPS_STAY)) {
        return;
    }
    if (from == CSQ_MS_NONE || from > reach) {
        remove_firing(ladder, firing);
        return;
    }
    firing->at = at;
    firing->fired_at = firing->fired_at < from ? from : firing->fired_at;
}

/* Fires what is reached by an instant, by what holds for the clock since the last change. */
static csq_status ladder_settle(csq__judged *judged, csq__ladder *ladder, csq_ms at,
                                ladder_points *points, csq_error *error)
{
    csq_status status = settle_change(judged, ladder, points, error);
    if (status == CSQ_OK) {
        status = find_points(judged, points, error);
    }
    if (status == CSQ_OK) {
        status = spend(judged, points->n, error);
    }
    const csq_ms reach = last_reach(judged->run, at);
    for (uint32_t i = 0; i < points->n && status == CSQ_OK; i++) {
        const csq_ms from = points->from[i];
        csq__firing *standing = find_standing(ladder, step_of(points, i));
        if (standing != NULL) {
            settle_fired(ladder, clock_of(judged), standing, points->at[i], from, reach);
        }
        if (standing != NULL || from == CSQ_MS_NONE || from > reach) {
            continue;
        }
        const bool is_late = ladder->is_changed && from < ladder->changed_at;
        const csq__firing firing = {points->at[i], is_late ? ladder->changed_at : from,
                                    step_of(points, i), CSQ_FIRING_FIRED};
        status = add_firing(judged->walk, ladder, firing, error);
    }
    return status;
}

void csq__ladder_clear(csq__ladder *ladder)
{
    ladder->firings.n = 0;
    ladder->is_pending = false;
    ladder->is_changed = false;
}

csq_status csq__ladder_change(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__ladder *ladder = &walk->recorder->ladder;
    if (ladder->is_pending && ladder->changed_at == walk->at) {
        return CSQ_OK;
    }
    ladder_points points;
    csq__judged judged = {.walk = walk, .clock = index, .run = &walk->runs[index], .now = walk->at};
    const csq_status status = ladder_settle(&judged, ladder, walk->at - 1, &points, error);
    ladder->changed_at = walk->at;
    ladder->is_pending = true;
    ladder->is_changed = true;
    return status;
}

csq_ms csq__ladder_stays(const csq__judged *judged, uint32_t step)
{
    csq__walk *walk = judged->walk;
    if (clock_of(judged)->passed_steps != CSQ_PASSED_STEPS_STAY || judged->run->is_changed == 0) {
        return CSQ_MS_NONE;
    }
    if (!csq__walk_tells(walk, judged->clock)) {
        walk->needs_recorder = true;
        return CSQ_MS_NONE;
    }
    const csq__firing *firing = find_standing(&walk->recorder->ladder, step);
    return firing == NULL ? CSQ_MS_NONE : firing->at;
}

/* ---- all firings --------------------------------------------------------------------------- */

static int compare_firings(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq__firing *left = a;
    const csq__firing *right = b;
    if (left->fired_at != right->fired_at) {
        return left->fired_at < right->fired_at ? -1 : 1;
    }
    if (left->at != right->at) {
        return left->at < right->at ? -1 : 1;
    }
    return (left->step > right->step) - (left->step < right->step);
}

/* What lies ahead of an open clock. */
static csq_status add_projected(csq__judged *judged, csq__ladder *ladder,
                                const ladder_points *points, csq_error *error)
{
    csq_status status = CSQ_OK;
    const bool is_open = csq__run_is_open(judged->run);
    for (uint32_t i = 0; is_open && i < points->n && status == CSQ_OK; i++) {
        if (points->from[i] == CSQ_MS_NONE || find_standing(ladder, step_of(points, i)) != NULL) {
            continue;
        }
        const csq__firing firing = {points->at[i], points->from[i], step_of(points, i),
                                    CSQ_FIRING_PROJECTED};
        status = add_firing(judged->walk, ladder, firing, error);
    }
    return status;
}

csq_status csq__judge_firings(csq__judged *judged, csq__array *out, csq_error *error)
{
    csq__walk *walk = judged->walk;
    csq__ladder ladder = {.firings = *out};
    ladder.firings.n = 0;
    csq_status status = CSQ_OK;
    if (judged->run->is_changed != 0) {
        if (!csq__walk_tells(walk, judged->clock)) {
            walk->needs_recorder = true;
            return CSQ_OK;
        }
        const csq__ladder *told = &walk->recorder->ladder;
        const csq__firing *firings = told->firings.data;
        ladder.changed_at = told->changed_at;
        ladder.is_pending = told->is_pending;
        ladder.is_changed = told->is_changed;
        for (size_t i = 0; i < told->firings.n && status == CSQ_OK; i++) {
            status = add_firing(walk, &ladder, firings[i], error);
        }
    }
    ladder_points points;
    if (status == CSQ_OK) {
        status = ladder_settle(judged, &ladder, judged->now, &points, error);
    }
    if (status == CSQ_OK) {
        status = add_projected(judged, &ladder, &points, error);
    }
    csq__sort(ladder.firings.data, ladder.firings.n, sizeof(csq__firing), compare_firings, NULL);
    *out = ladder.firings;
    return status;
}

csq_status csq__ladder_keep(csq__judged *judged, csq_error *error)
{
    csq__walk *walk = judged->walk;
    csq__ladder ladder = {.firings = {0}};
    csq_status status = csq__judge_firings(judged, &ladder.firings, error);
    for (uint32_t i = 0; i < clock_of(judged)->steps.n && status == CSQ_OK; i++) {
        const csq__firing *firing = find_standing(&ladder, i);
        // From the last change on the terms alone decide.
        if (firing == NULL || firing->at >= walk->recorder->ladder.changed_at) {
            continue;
        }
        const csq__past past = {*firing, judged->run->cycle};
        if (csq__array_push(&walk->recorder->past, &walk->allocator, &past, sizeof past) == NULL) {
            status = csq__fail_memory(error);
        }
    }
    csq__array_release(&ladder.firings, &walk->allocator, sizeof(csq__firing));
    return status;
}
