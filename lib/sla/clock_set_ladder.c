/*
 * clock_set_ladder — the firings of a clock by whose options a change decides what fires
 * (csq_late_steps, csq_passed_steps).
 *
 * The latest cycle, if it was changed, is walked once more with a recorder that tells of the clock.
 * A ladder knows no earlier cycles: what was told of one that was changed stays, whatever comes
 * late.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

static csq_status ladder_push(csq_clock_set *set, const csq__point *point, csq_error *error)
{
    return csq__array_push(&set->fired, &set->allocator, point, sizeof *point) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

static csq_status ladder_walk_log(csq_clock_set *set, const csq__looked *looked, uint32_t clock,
                                  csq_error *error)
{
    csq__walk *walk = &set->ladder_walk;
    set->ladder_recorder.tells = true;
    set->ladder_recorder.told = clock;
    walk->recorder = &set->ladder_recorder;
    csq__walk_reset(walk);
    const csq_status status =
        csq__walk_events(walk, looked->events, 0, looked->n, looked->now, error);
    return status == CSQ_OK ? csq__walk_pass_epochs(walk, looked->now, error) : status;
}

static csq_status ladder_take(csq_clock_set *set, const csq__firing *firing, uint32_t clock,
                              csq_ms *next, csq_error *error)
{
    if (firing->state == CSQ_FIRING_PROJECTED) {
        *next = csq__earlier(*next, firing->fired_at);
    }
    if (firing->state != CSQ_FIRING_FIRED) {
        return CSQ_OK;
    }
    const csq__point point = {firing->at, set->ladder_walk.runs[clock].cycle, (uint16_t)clock,
                              firing->step == CSQ_NO_INDEX ? (uint16_t)CSQ__BREACH
                                                           : (uint16_t)firing->step};
    return ladder_push(set, &point, error);
}

static int compare_steps(const void *a, const void *b, const void *user)
{
    (void)user;
    return csq__point_compare(a, b);
}

static csq_status ladder_fire_told(csq_clock_set *set, const csq__points *told, uint32_t clock,
                                   uint32_t cycle, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < told->n && status == CSQ_OK; i++) {
        if (told->list[i].clock == clock && told->list[i].cycle == cycle) {
            status = ladder_push(set, &told->list[i], error);
        }
    }
    return status;
}

static csq_status ladder_fire_earlier(csq_clock_set *set, const csq__looked *looked,
                                      uint32_t clock, csq_ms *next, csq_error *error)
{
    const csq__finished *finished = set->walk.finished.data;
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < set->walk.finished.n && status == CSQ_OK; i++) {
        const csq__run *run = &finished[i].run;
        if (finished[i].clock == clock) {
            status = run->is_changed == 0
                         ? csq__set_fire_run(set, clock, run, looked->now, next, error)
                         : ladder_fire_told(set, looked->told, clock, run->cycle, error);
        }
    }
    const csq__beside *beside = set->walk.beside.data;
    for (size_t i = 0; i < set->walk.beside.n && status == CSQ_OK; i++) {
        if (beside[i].clock == clock) {
            status = csq__set_fire_run(set, clock, &beside[i].run, looked->now, next, error);
        }
    }
    return status;
}

static csq_status ladder_fire_latest(csq_clock_set *set, const csq__looked *looked, uint32_t clock,
                                     csq_ms *next, csq_error *error)
{
    csq__array firings = {0};
    csq_status status = ladder_walk_log(set, looked, clock, error);
    if (status == CSQ_OK) {
        csq__judged judged = {.walk = &set->ladder_walk,
                              .clock = clock,
                              .run = &set->ladder_walk.runs[clock],
                              .now = looked->now};
        status = csq__judge_firings(&judged, &firings, error);
    }
    const csq__firing *list = firings.data;
    for (size_t i = 0; i < firings.n && status == CSQ_OK; i++) {
        status = ladder_take(set, &list[i], clock, next, error);
    }
    csq__array_release(&firings, &set->ladder_walk.allocator, sizeof(csq__firing));
    return status;
}

csq_status csq__set_fire_ladder(csq_clock_set *set, const csq__looked *looked, uint32_t clock,
                                csq_ms *next, csq_error *error)
{
    const csq__run *run = &set->walk.runs[clock];
    const size_t first = set->fired.n;
    if (!csq__walk_applies(&set->walk, clock)) {
        return CSQ_OK;
    }
    csq_status status = ladder_fire_earlier(set, looked, clock, next, error);
    if (status == CSQ_OK && run->terms != 0) {
        status = run->is_changed == 0
                     ? csq__set_fire_run(set, clock, run, looked->now, next, error)
                     : ladder_fire_latest(set, looked, clock, next, error);
    }
    csq__sort((csq__point *)set->fired.data + first, set->fired.n - first, sizeof(csq__point),
              compare_steps, NULL);
    return status;
}
