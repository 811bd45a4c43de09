/*
 * workday — counting in working days.
 *
 * The compiled list of working days is sorted, so counting is a bisection and an index. Behind the
 * list, days fold back by the period of the calendar, as instants do.
 *
 * Uses: base, time.
 */
#include "calendar/calendar_internal.h"

static csq_status fail_day(csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE,
                     CSQ__TEXT("the working day is not in the range of the calendar"));
}

static uint64_t tail_workdays(const csq_calendar *calendar)
{
    return calendar->n_workdays - calendar->tail_workday;
}

/* The number of working days before `day`; false where the list does not answer. */
static bool workdays_before(const csq_calendar *calendar, int64_t day, int64_t *out)
{
    int64_t periods = 0;
    if (day > calendar->last_day) {
        const int64_t period = calendar->period / CSQ__DAY_MS;
        if (period == 0) {
            return day == (int64_t)calendar->last_day + 1 &&
                   (*out = (int64_t)calendar->n_workdays, true);
        }
        const int64_t tail_day = calendar->last_day + 1 - period;
        periods = (day - tail_day) / period;
        day -= periods * period;
    }
    uint64_t low = 0;
    for (uint64_t high = calendar->n_workdays; low < high;) {
        const uint64_t middle = low + (high - low) / 2;
        if (calendar->workdays[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = (int64_t)low + periods * (int64_t)tail_workdays(calendar);
    return true;
}

/* Working day number `index`, counted from 0, and where its hours end. */
static csq_status workday_at(const csq_calendar *calendar, int64_t index, int64_t *day, csq_ms *end,
                             csq_error *error)
{
    if (index < 0) {
        return fail_day(error);
    }
    int64_t periods = 0;
    if ((uint64_t)index >= calendar->n_workdays) {
        if (calendar->period == 0) {
            return fail_day(error);
        }
        const int64_t n = (int64_t)tail_workdays(calendar);
        if (n == 0) {
            return csq__fail(error, CSQ_ENEVER, CSQ__TEXT("no working day lies in that direction"));
        }
        periods = (index - (int64_t)calendar->tail_workday) / n;
        index -= periods * n;
    }
    const csq__workday workday = calendar->workdays[index];
    if (!csq__mul(periods, calendar->period / CSQ__DAY_MS, day) ||
        !csq__add(*day, workday.day, day)) {
        return fail_day(error);
    }
    *end = workday.end;
    return CSQ_OK;
}

/* The instant at which the clock shows `clock` ms after 00:00 of a day. */
static csq_status workday_instant(const csq_calendar *calendar, int64_t day, csq_ms clock,
                                  csq_ms *out, csq_error *error)
{
    csq_ms local;
    if (!csq__mul(day, CSQ__DAY_MS, &local) || !csq__add(local, clock, &local)) {
        return fail_day(error);
    }
    const csq_status status = csq__zone_first(calendar->zone, local, out, error);
    return status == CSQ_EZONE || status == CSQ_ERANGE ? fail_day(error) : status;
}

/* What the clock shows at an instant that the calendar answers for. */
static csq_status calendar_local(const csq_calendar *calendar, csq_ms at, csq_ms *local,
                                 csq_error *error)
{
    csq_ms position;
    csq__offset_span span;
    if (!csq__calendar_position(calendar, at, &position) ||
        csq__zone_span(calendar->zone, at, &span, NULL) != CSQ_OK ||
        !csq__add(at, span.offset_s * CSQ__SECOND_MS, local)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("instant "), CSQ__NUMBER(at),
                         CSQ__TEXT(" ms is not in the range of the calendar"));
    }
    return CSQ_OK;
}

static csq_status stay_on_day(const csq_calendar *calendar, int64_t day, int64_t before,
                              csq_ms *out, csq_error *error)
{
    int64_t found = 0;
    csq_ms end = 0;
    if (workday_at(calendar, before, &found, &end, NULL) != CSQ_OK || found != day) {
        return csq__fail(error, CSQ_ENODATA,
                         CSQ__TEXT("the date is no working day, so it has no end"));
    }
    return workday_instant(calendar, day, end, out, error);
}

static csq_status move_workdays(const csq_calendar *calendar, csq_ms local, int64_t n,
                                uint32_t mode, csq_ms *out, csq_error *error)
{
    const int64_t day = csq__day_of_local(local);
    int64_t before;
    int64_t index;
    if (day < calendar->first_day || !workdays_before(calendar, n > 0 ? day + 1 : day, &before)) {
        return fail_day(error);
    }
    if (n == 0) {
        return stay_on_day(calendar, day, before, out, error);
    }
    if (!csq__add(before, n > 0 ? n - 1 : n, &index)) {
        return fail_day(error);
    }
    int64_t target;
    csq_ms clock;
    const csq_status status = workday_at(calendar, index, &target, &clock, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (mode == CSQ_WORKDAY_KEEP_TIME) {
        clock = csq__mod_floor(local, CSQ__DAY_MS);
    }
    return workday_instant(calendar, target, clock, out, error);
}

csq_status csq_calendar_add_workdays(const csq_calendar *calendar, csq_ms at, int64_t n,
                                     uint32_t mode, csq_ms *out, csq_error *error)
{
    if (calendar == NULL || out == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "out");
    }
    if (mode > CSQ_WORKDAY_END_OF_DAY) {
        return csq__fail_value(error, "mode", mode);
    }
    if (calendar->kind == CSQ__CALENDAR_NEVER && n != 0) {
        return csq__fail(error, CSQ_ENEVER, CSQ__TEXT("the calendar has no working day"));
    }
    if (calendar->zone == NULL) {
        return csq__fail(error, CSQ_ESTATE,
                         CSQ__TEXT("the calendar has no zone, so it has no working days"));
    }
    csq_ms local = 0;
    const csq_status status = calendar_local(calendar, at, &local, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (n == 0 && mode == CSQ_WORKDAY_KEEP_TIME) {
        *out = at;
        return CSQ_OK;
    }
    return move_workdays(calendar, local, n, mode, out, error);
}
