/*
 * calendar_internal — the compiled calendar and its look-ups, for the engines above.
 *
 * position(t) is the open time before t. Measuring is a difference of two positions; adding is a
 * position, an addition and the inverse. Entry i says where interval i opens and how much open time
 * lies before it; its length is the difference to the next entry's position, so one or two
 * neighbouring entries answer a query. A bucket index leads to the first candidate, from which it
 * is a step at most in ordinary calendars, and a bisection inside the bucket in others.
 *
 * Behind the table, time folds back by whole periods into [tail_from, until).
 *
 * Uses: base, time.
 */
#ifndef CSQ_CALENDAR_INTERNAL_H
#define CSQ_CALENDAR_INTERNAL_H

#include "base/base_internal.h"
#include "csq/calendar.h"
#include "time/time_internal.h"

typedef struct csq__calendar_entry {
    csq_ms open;
    csq_ms position;
} csq__calendar_entry;

/* One of a calendar's two indexes: of each bucket the last entry that begins at or before it. */
typedef struct csq__calendar_index {
    uint32_t *first; /* one more than there are buckets */
    uint64_t n;      /* buckets */
    uint32_t shift;  /* a bucket is 2^shift ms wide */
} csq__calendar_index;

typedef enum csq__calendar_kind {
    CSQ__CALENDAR_TABLE = 0,
    CSQ__CALENDAR_ALWAYS = 1, /* position(t) = t */
    CSQ__CALENDAR_NEVER = 2   /* position(t) = 0 */
} csq__calendar_kind;

/* A working day; sorted by day. */
typedef struct csq__workday {
    int32_t day;
    uint32_t end; /* of its last hours, as the clock shows it: ms after 00:00 */
} csq__workday;

typedef struct csq__calendar_plan csq__calendar_plan;

struct csq_calendar {
    csq_ms from; /* the table answers for [from, from + span); span is 0 if it is no table */
    uint64_t span;
    /* The first begins at `from`, empty unless it is open there; the last begins at INT64_MAX. */
    csq__calendar_entry *entries;
    csq__calendar_index by_instant; /* of t - from */
    csq__calendar_index by_position;
    csq_ms total;  /* open time in the table */
    uint32_t kind; /* csq__calendar_kind */
    uint64_t n_entries;
    csq_ms period;        /* 0: nothing is known behind the table */
    csq_ms tail_from;     /* from + span - period */
    csq_ms tail_position; /* position(tail_from) */
    csq_ms tail_open;     /* open time in a period */
    csq__workday *workdays;
    uint64_t n_workdays;
    uint64_t tail_workday; /* the first working day in the last `period` of the list */
    int32_t first_day;     /* the list answers for the dates from this one … */
    int32_t last_day;      /* … to this one */
    csq_zone *zone;
    csq__calendar_plan *plan; /* what the calendar was built from; NULL if not by a builder */
    char *name;
    uint64_t name_size;
    uint64_t fingerprint;
    csq_allocator allocator;
    csq__count count;
};

/* Bisects entries [low, high] for the last one that opens at or before t, or that has a position
 * of at most x; the first of them does. */
uint64_t csq__calendar_bisect_instant(const csq_calendar *calendar, uint64_t low, uint64_t high,
                                      csq_ms t);
uint64_t csq__calendar_bisect_position(const csq_calendar *calendar, uint64_t low, uint64_t high,
                                       csq_ms x);

/* The entry at or before t, which is in the table. */
static inline uint64_t csq__calendar_find_instant(const csq_calendar *calendar, csq_ms t)
{
    const csq__calendar_entry *const entries = calendar->entries;
    const uint64_t bucket = ((uint64_t)t - (uint64_t)calendar->from) >> calendar->by_instant.shift;
    uint64_t i = calendar->by_instant.first[bucket];
    i += entries[i + 1].open <= t;
    if (__builtin_expect(entries[i + 1].open <= t, 0)) {
        return csq__calendar_bisect_instant(calendar, i, calendar->by_instant.first[bucket + 1], t);
    }
    return i;
}

/* The entry whose open time holds the millisecond number x, 0 <= x < total. */
static inline uint64_t csq__calendar_find_position(const csq_calendar *calendar, csq_ms x)
{
    const csq__calendar_entry *const entries = calendar->entries;
    const uint64_t bucket = (uint64_t)x >> calendar->by_position.shift;
    uint64_t i = calendar->by_position.first[bucket];
    i += entries[i + 1].position <= x;
    if (__builtin_expect(entries[i + 1].position <= x, 0)) {
        return csq__calendar_bisect_position(calendar, i, calendar->by_position.first[bucket + 1],
                                             x);
    }
    return i;
}

/* The same as csq__calendar_position for what is not in the table. */
bool csq__calendar_position_beyond(const csq_calendar *calendar, csq_ms t, csq_ms *position);

/* Open milliseconds before t, counted from an origin of the calendar's own. False, and nothing
 * written, where the calendar does not answer. */
static inline bool csq__calendar_position(const csq_calendar *calendar, csq_ms t, csq_ms *position)
{
    if (__builtin_expect((uint64_t)t - (uint64_t)calendar->from >= calendar->span, 0)) {
        return csq__calendar_position_beyond(calendar, t, position);
    }
    const csq__calendar_entry *const entry =
        calendar->entries + csq__calendar_find_instant(calendar, t);
    const csq_ms length = entry[1].position - entry[0].position;
    const csq_ms since = t - entry[0].open;
    *position = entry[0].position + (since < length ? since : length);
    return true;
}

/* The same as csq__calendar_instant for positions that are not in the table. */
csq_status csq__calendar_instant_beyond(const csq_calendar *calendar, csq_ms position,
                                        uint32_t edge, csq_ms *out, csq_error *error);

/*
 * The inverse of csq__calendar_position. CSQ_EDGE_NEAR: the smallest instant whose position is at
 * least `position`; CSQ_EDGE_FAR: the largest whose position is at most `position`. Errors:
 * CSQ_ERANGE (the answer lies where the calendar does not answer), CSQ_ENEVER (there is none).
 */
static inline csq_status csq__calendar_instant(const csq_calendar *calendar, csq_ms position,
                                               uint32_t edge, csq_ms *out, csq_error *error)
{
    /* Both edges look for one open millisecond: near for the one that completes `position`, far for
     * the one that would exceed it. */
    const uint64_t x = (uint64_t)position - (edge == CSQ_EDGE_NEAR ? 1 : 0);
    if (__builtin_expect(x >= (uint64_t)calendar->total, 0)) {
        return csq__calendar_instant_beyond(calendar, position, edge, out, error);
    }
    const csq__calendar_entry *const entry =
        calendar->entries + csq__calendar_find_position(calendar, (csq_ms)x);
    *out = entry->open + (position - entry->position);
    return CSQ_OK;
}

/* Whether t is open, and in `*until` the instant up to which that stays so, or an instant before
 * it (an end of the table); INT64_MAX if it stays so for ever. False, and nothing written, where
 * the calendar does not answer. */
bool csq__calendar_state(const csq_calendar *calendar, csq_ms t, bool *is_open, csq_ms *until);

/* The version of the calendar in force at t; 0 for calendars without versions. */
uint32_t csq__calendar_version_at(const csq_calendar *calendar, csq_ms t);

#endif
