/*
 * live — what the clocks of a live host ask for: walks that are kept from one event to the next, and
 * when a clock reaches a point, its lateness or whatever of its ladder comes next.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_LIVE_INTERNAL_H
#define CSQ_SLA_LIVE_INTERNAL_H

#include "sla/sla_internal.h"

/* ---- walks ---------------------------------------------------------------------------------- */

/* Takes the events [first, end) that are not after `now`, and judges the last group of them. */
csq_status csq__walk_events(csq__walk *walk, const csq__event *events, size_t first, size_t end,
                            csq_ms now, csq_error *error);
/* Walks up to the last group of the log, whose first event is `*end`, from the ticket's checkpoint
 * if there is one. A walk that needs a recorder stops on the way. */
csq_status csq__walk_to_last_group(csq__walk *walk, const csq_ticket *ticket, size_t *end,
                                   csq_error *error);
/* Leaves a checkpoint of a walk that has taken the first `seen` events, where one can tell. */
csq_status csq__walk_keep(const csq__walk *walk, csq_ticket *ticket, size_t seen,
                          csq_error *error);
/* csq_policies_answer on a walk, and a recorder for when it needs one. */
csq_status csq__answer(csq__walk *walk, csq__recorder *recorder, const csq_ticket *ticket,
                       uint32_t clock, csq_ms now, csq_answer *out, csq_error *error);

/* ---- points --------------------------------------------------------------------------------- */

/* Whether a target is a date rather than a time that the clock counts. */
bool csq__judged_by_date(const csq__judged *judged);
/* Whether lateness is decided by the due instant: csq__judge_late and csq__judge_step then follow
 * csq__judge. */
bool csq__judged_by_instant(const csq__judged *judged);
/* The calendar of a target in working days. */
const csq_calendar *csq__judged_workday_calendar(const csq__judged *judged);
/* Whether a target in working days has a calendar that never opens and stands for every instant:
 * then every date is a working day. */
bool csq__judged_by_dates(const csq__judged *judged);
/* The due instant of a target in working days, as it is rather than as it is shown: moved on by the
 * open time spent paused. */
csq_status csq__judge_due_day(csq__judged *judged, csq_ms *out, csq_error *error);
/* Elapsed at a step, rounded up to the millisecond; false where it does not fit. */
bool csq__step_goal(csq_ms target, const csq_step *step, csq_ms *goal);

/* The point among the recorded stretches of the cycle, which have counted at least `goal`; without
 * a recorder, asks for one. */
csq_status csq__judge_reached(csq__judged *judged, csq_ms goal, csq_ms *out, csq_error *error);
/* The instant at which the current stretch, if it runs on, reaches `goal`, at an edge of the
 * calendar. */
csq_status csq__judge_projected(const csq__judged *judged, csq_ms goal, uint32_t edge, csq_ms *out,
                                csq_error *error);
/* The first instant at which the clock is late; CSQ_MS_NONE: not foreseeable. */
csq_status csq__judge_late(csq__judged *judged, csq_ms *out, csq_error *error);
/* Of an open run of which elapsed time alone decides: whether it has reached a step or is late at
 * `now`, and when it will reach the next step or be late; CSQ_MS_NONE: never, as things stand. */
csq_status csq__judge_ahead(csq__judged *judged, bool *has_reached, csq_ms *next,
                            csq_error *error);

#endif
