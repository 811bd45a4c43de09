/*
 * query — what is asked of a compiled calendar.
 *
 * Everything follows from position(t) and its inverse: the next opening is the largest instant
 * with the position of t, the end of the last open stretch the smallest. Behind the table, time is
 * folded back by whole periods first.
 *
 * Uses: base, time.
 */
#include "calendar/calendar_internal.h"

static csq_status fail_instant(csq_ms at, csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("instant "), CSQ__NUMBER(at),
                     CSQ__TEXT(" ms is not in the range of the calendar"));
}

static csq_status fail_beyond(csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE,
                     CSQ__TEXT("the answer is not in the range of the calendar"));
}

static csq_status fail_never(csq_error *error)
{
    return csq__fail(error, CSQ_ENEVER, CSQ__TEXT("no such instant lies in that direction"));
}

/* ---- look-ups off the quick path ----------------------------------------------------------- */

uint64_t csq__calendar_bisect_instant(const csq_calendar *calendar, uint64_t low, uint64_t high,
                                      csq_ms t)
{
    while (low < high) {
        const uint64_t middle = low + (high - low + 1) / 2;
        if (calendar->entries[middle].open <= t) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

uint64_t csq__calendar_bisect_position(const csq_calendar *calendar, uint64_t low, uint64_t high,
                                       csq_ms x)
{
    while (low < high) {
        const uint64_t middle = low + (high - low + 1) / 2;
        if (calendar->entries[middle].position <= x) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

/* Moves t into the table by whole periods. False where nothing is known. */
static bool calendar_fold(const csq_calendar *calendar, csq_ms *t, uint64_t *periods)
{
    *periods = 0;
    const uint64_t since = (uint64_t)*t - (uint64_t)calendar->from;
    if (calendar->kind != CSQ__CALENDAR_TABLE || *t < calendar->from) {
        return false;
    }
    if (since < calendar->span) {
        return true;
    }
    if (calendar->period == 0) {
        return false;
    }
    const uint64_t behind = (uint64_t)*t - (uint64_t)calendar->tail_from;
    *periods = behind / (uint64_t)calendar->period;
    *t = calendar->tail_from + (csq_ms)(behind % (uint64_t)calendar->period);
    return true;
}

/* value + periods * step, which must fit. */
static bool unfold(csq_ms value, uint64_t periods, csq_ms step, csq_ms *out)
{
    csq_ms far;
    return periods <= INT64_MAX && csq__mul((csq_ms)periods, step, &far) &&
           csq__add(value, far, out);
}

bool csq__calendar_position_beyond(const csq_calendar *calendar, csq_ms t, csq_ms *position)
{
    if (t == CSQ_MS_NONE) {
        return false;
    }
    if (calendar->kind != CSQ__CALENDAR_TABLE) {
        *position = calendar->kind == CSQ__CALENDAR_ALWAYS ? t : 0;
        return true;
    }
    uint64_t periods;
    csq_ms inside;
    return calendar_fold(calendar, &t, &periods) && csq__calendar_position(calendar, t, &inside) &&
           unfold(inside, periods, calendar->tail_open, position);
}

csq_status csq__calendar_instant_beyond(const csq_calendar *calendar, csq_ms position,
                                        uint32_t edge, csq_ms *out, csq_error *error)
{
    if (calendar->kind == CSQ__CALENDAR_NEVER) {
        return fail_never(error);
    }
    if (calendar->kind == CSQ__CALENDAR_ALWAYS && position != CSQ_MS_NONE) {
        *out = position;
        return CSQ_OK;
    }
    const csq_ms x = csq__sub_saturated(position, edge == CSQ_EDGE_NEAR ? 1 : 0);
    if (x < 0 || calendar->period == 0) {
        return fail_beyond(error);
    }
    if (calendar->tail_open == 0) {
        return fail_never(error);
    }
    const csq_ms periods = (x - calendar->tail_position) / calendar->tail_open;
    csq_ms inside;
    const csq_status status = csq__calendar_instant(
        calendar, position - periods * calendar->tail_open, edge, &inside, error);
    if (status != CSQ_OK) {
        return status;
    }
    return unfold(inside, (uint64_t)periods, calendar->period, out) ? CSQ_OK : fail_beyond(error);
}

bool csq__calendar_state(const csq_calendar *calendar, csq_ms t, bool *is_open, csq_ms *until)
{
    if (calendar->kind != CSQ__CALENDAR_TABLE) {
        if (t == CSQ_MS_NONE) {
            return false;
        }
        *is_open = calendar->kind == CSQ__CALENDAR_ALWAYS;
        *until = INT64_MAX;
        return true;
    }
    uint64_t periods;
    if (!calendar_fold(calendar, &t, &periods)) {
        return false;
    }
    const csq__calendar_entry *const entry =
        calendar->entries + csq__calendar_find_instant(calendar, t);
    const csq_ms length = entry[1].position - entry[0].position;
    const csq_ms end = calendar->from + (csq_ms)calendar->span;
    *is_open = t - entry[0].open < length;
    csq_ms change = *is_open ? entry[0].open + length : entry[1].open;
    change = change > end ? end : change;
    /* A tail that is all open or all closed never changes again. */
    const bool is_constant = calendar->tail_open == (*is_open ? calendar->period : 0);
    if ((change == end && calendar->period > 0 && is_constant) ||
        !unfold(change, periods, calendar->period, &change)) {
        change = INT64_MAX;
    }
    *until = change;
    return true;
}

/* ---- measuring and adding ------------------------------------------------------------------ */

csq_status csq_calendar_measure(const csq_calendar *calendar, csq_ms from, csq_ms to, csq_ms *out,
                                csq_error *error)
{
    if (calendar == NULL || out == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "out");
    }
    csq_ms before_from;
    csq_ms before_to;
    if (!csq__calendar_position(calendar, from, &before_from)) {
        return fail_instant(from, error);
    }
    if (!csq__calendar_position(calendar, to, &before_to)) {
        return fail_instant(to, error);
    }
    if (!csq__sub(before_to, before_from, out)) {
        return csq__fail(error, CSQ_EOVERFLOW, CSQ__TEXT("the open time does not fit 64 bits"));
    }
    return CSQ_OK;
}

static csq_status check_edge(const csq_calendar *calendar, uint32_t edge, const csq_ms *out,
                             csq_error *error)
{
    if (calendar == NULL || out == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "out");
    }
    return edge > CSQ_EDGE_FAR ? csq__fail_value(error, "edge", edge) : CSQ_OK;
}

/* To the instant whose position is x; backwards, near and far look from the other side. */
static inline csq_status move_to(const csq_calendar *calendar, csq_ms x, bool is_backward,
                                 uint32_t edge, csq_ms *out, csq_error *error)
{
    const uint32_t side = edge ^ (is_backward ? 1U : 0U);
    return csq__calendar_instant(calendar, x, side, out, error);
}

/* Both directions; each caller passes a constant `is_subtract` and is compiled on its own. */
static inline csq_status shift(const csq_calendar *calendar, csq_ms at, csq_ms duration,
                               bool is_subtract, uint32_t edge, csq_ms *out, csq_error *error)
{
    if (__builtin_expect(calendar == NULL || out == NULL || edge > CSQ_EDGE_FAR, 0)) {
        return check_edge(calendar, edge, out, error);
    }
    csq_ms position;
    if (!csq__calendar_position(calendar, at, &position)) {
        return fail_instant(at, error);
    }
    if (duration == 0 && edge == CSQ_EDGE_NEAR) {
        *out = at;
        return CSQ_OK;
    }
    const bool fits = is_subtract ? csq__sub(position, duration, &position)
                                  : csq__add(position, duration, &position);
    if (!fits) {
        return fail_beyond(error);
    }
    return move_to(calendar, position, (duration < 0) != is_subtract, edge, out, error);
}

csq_status csq_calendar_add(const csq_calendar *calendar, csq_ms at, csq_ms duration, uint32_t edge,
                            csq_ms *out, csq_error *error)
{
    return shift(calendar, at, duration, false, edge, out, error);
}

csq_status csq_calendar_subtract(const csq_calendar *calendar, csq_ms at, csq_ms duration,
                                 uint32_t edge, csq_ms *out, csq_error *error)
{
    return shift(calendar, at, duration, true, edge, out, error);
}

/* ---- open and closed ----------------------------------------------------------------------- */

static csq_status query_state(const csq_calendar *calendar, csq_ms at, const void *out,
                              bool *is_open, csq_error *error)
{
    if (calendar == NULL || out == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "out");
    }
    csq_ms until;
    return csq__calendar_state(calendar, at, is_open, &until) ? CSQ_OK : fail_instant(at, error);
}

csq_status csq_calendar_is_open(const csq_calendar *calendar, csq_ms at, int32_t *out,
                                csq_error *error)
{
    bool is_open = false;
    const csq_status status = query_state(calendar, at, out, &is_open, error);
    if (status == CSQ_OK) {
        *out = is_open;
    }
    return status;
}

/* `at` if it is open, else the instant with the same position that `edge` asks for. */
static csq_status open_instant(const csq_calendar *calendar, csq_ms at, uint32_t edge, csq_ms *out,
                               csq_error *error)
{
    bool is_open;
    const csq_status status = query_state(calendar, at, out, &is_open, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (is_open) {
        *out = at;
        return CSQ_OK;
    }
    csq_ms position;
    if (!csq__calendar_position(calendar, at, &position)) {
        return fail_instant(at, error);
    }
    return csq__calendar_instant(calendar, position, edge, out, error);
}

csq_status csq_calendar_next_open(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                  csq_error *error)
{
    return open_instant(calendar, at, CSQ_EDGE_FAR, out, error);
}

csq_status csq_calendar_previous_open(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                      csq_error *error)
{
    return open_instant(calendar, at, CSQ_EDGE_NEAR, out, error);
}

csq_status csq_calendar_next_close(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                   csq_error *error)
{
    csq_ms t = at;
    const csq_status status = csq_calendar_next_open(calendar, at, out == NULL ? NULL : &t, error);
    if (status != CSQ_OK) {
        return status;
    }
    /* A stretch may run on from the end of the table or of a period, but not through a period. */
    for (;;) {
        bool is_open;
        csq_ms until;
        if (!csq__calendar_state(calendar, t, &is_open, &until)) {
            return fail_beyond(error);
        }
        if (!is_open) {
            *out = t;
            return CSQ_OK;
        }
        if (until == INT64_MAX) {
            return fail_never(error);
        }
        t = until;
    }
}

/* The opening of the entry that holds the open instant t, and its position. */
static bool entry_opening(const csq_calendar *calendar, csq_ms t, csq_ms *open, csq_ms *position)
{
    uint64_t periods;
    if (!calendar_fold(calendar, &t, &periods)) {
        return false;
    }
    const csq__calendar_entry *entry = calendar->entries + csq__calendar_find_instant(calendar, t);
    csq__calendar_entry begin = *entry;
    if (periods > 0 && begin.open < calendar->tail_from) {
        begin = (csq__calendar_entry){calendar->tail_from, calendar->tail_position};
    }
    return unfold(begin.open, periods, calendar->period, open) &&
           unfold(begin.position, periods, calendar->tail_open, position);
}

csq_status csq_calendar_previous_close(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                       csq_error *error)
{
    bool is_open;
    csq_status status = query_state(calendar, at, out, &is_open, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (!is_open) {
        return csq_calendar_previous_open(calendar, at, out, error);
    }
    if (calendar->kind == CSQ__CALENDAR_ALWAYS) {
        return fail_never(error);
    }
    csq_ms t = at;
    if (calendar->period > 0 && calendar->tail_open == calendar->period &&
        t > calendar->tail_from) {
        t = calendar->tail_from;
    }
    /* A stretch may have run on into this period from the one before, but not through it. */
    for (;;) {
        csq_ms open;
        csq_ms position;
        csq_ms close;
        if (!entry_opening(calendar, t, &open, &position)) {
            return fail_beyond(error);
        }
        status = csq__calendar_instant(calendar, position, CSQ_EDGE_NEAR, &close, error);
        if (status != CSQ_OK || close < open) {
            if (status == CSQ_OK) {
                *out = close;
            }
            return status;
        }
        t = open - 1;
    }
}
