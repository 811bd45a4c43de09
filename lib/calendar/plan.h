/*
 * plan — what a calendar is made of, and the walk that turns it into stretches of time.
 *
 * A plan is the sorted copy of what was added to a builder. day.c composes the hours of one date
 * out of it, walk.c lays the dates on the clock of the zone, version by version. The compiler and
 * the explanation are two listeners to that one walk.
 *
 * Uses: base, time; only inside calendar.
 */
#ifndef CSQ_CALENDAR_PLAN_H
#define CSQ_CALENDAR_PLAN_H

#include "calendar/calendar_internal.h"

/* In the order in which they are sorted within a date. */
typedef enum csq__entry_kind {
    CSQ__ENTRY_HOLIDAY = 0,      /* for the whole date */
    CSQ__ENTRY_HOLIDAY_PART = 1, /* for a part of it */
    CSQ__ENTRY_CLOSE = 2,        /* an empty override */
    CSQ__ENTRY_OVERRIDE = 3,
    CSQ__ENTRY_SPILL = 4, /* hours of the override of the date before, behind midnight */
    CSQ__ENTRY_BREAK = 5,
    CSQ__ENTRY_KINDS = 6,
    CSQ__ENTRY_WEEK = 6
} csq__entry_kind;

/* Hours of a weekday, or one thing said about one date. */
typedef struct csq__entry {
    uint32_t version;
    int32_t day;   /* weekday 1 to 7, or date */
    uint32_t kind; /* csq__entry_kind */
    int32_t start; /* ms after 00:00, up to 48 h */
    int32_t end;
    uint32_t name; /* offset in the names */
    uint32_t name_size;
    uint32_t number; /* in the order in which entries were added */
} csq__entry;

struct csq__calendar_plan {
    csq_allocator allocator;
    csq__entry *weekly; /* by version, weekday, start */
    size_t n_weekly;
    size_t weekly_capacity;
    csq__entry *dated; /* by version, day, kind, start */
    size_t n_dated;
    size_t dated_capacity;
    csq_ms *valid_from; /* of versions 1, 2, … */
    size_t n_valid_from;
    char *names;
    size_t names_size;
    uint32_t night; /* csq_night */
};

static inline csq_str csq__plan_name(const csq__calendar_plan *plan, uint32_t name, uint32_t size)
{
    return (csq_str){size == 0 ? NULL : plan->names + name, size};
}

/* Compiles a prepared plan, which the calendar takes over also on failure. Errors: CSQ_EZONE,
 * CSQ_ELIMIT, CSQ_ENOMEM. */
csq_status csq__calendar_compile(csq__calendar_plan *plan, csq_zone *zone, csq_str name,
                                 const csq_calendar_options *options, csq_calendar **out,
                                 csq_error *error);

/* Sorts the entries of a filled plan, refuses those that contradict each other, splits them at
 * midnight where the night rule asks for it, and merges the hours of each weekday. Errors:
 * CSQ_EDUPLICATE, CSQ_EINTERVAL, CSQ_ELIMIT (CSQ_CALENDAR_WEEK_LIMIT), CSQ_ENOMEM. */
csq_status csq__plan_prepare(csq__calendar_plan *plan, csq_error *error);
void csq__plan_free(csq__calendar_plan *plan);

/* Whether the last version is open or closed at every moment of a week without dated entries. */
bool csq__plan_is_uniform(const csq__calendar_plan *plan);

/* ---- hours of a date ----------------------------------------------------------------------- */

/* A part of a date with one reason; `reason` is a csq_calendar_reason. */
typedef struct csq__segment {
    int32_t start;
    int32_t end;
    uint32_t reason;
    uint32_t name;
    uint32_t name_size;
} csq__segment;

typedef struct csq__segments {
    csq__array array; /* of csq__segment */
} csq__segments;

typedef struct csq__entry_range {
    const csq__entry *data;
    size_t n;
} csq__entry_range;

/*
 * What a date says about [00:00, 48:00) of its clock: its hours, what closes it and what is cut
 * out; nothing where the week has no hours. `weekly` are the hours of its weekday, `dated` its own
 * entries. False without memory.
 */
bool csq__compose_layer(const csq_allocator *allocator, csq__entry_range weekly,
                        csq__entry_range dated, csq__segments *out);

/* Lays the layers of a date and of the one before it over each other: [00:00, 24:00) without gaps.
 * False without memory. */
bool csq__compose_date(const csq_allocator *allocator, const csq__segments *before,
                       const csq__segments *own, csq__segments *out);

/* ---- the walk ------------------------------------------------------------------------------ */

/* Who listens. Each callback may end the walk with an error. */
typedef struct csq__walk_listener {
    csq_status (*stretch)(void *user, const csq__segment *segment, uint32_t version,
                          csq_interval interval, csq_error *error);
    /* A date with hours, the last of which end when its clock shows `end` ms after 00:00; NULL: not
     * wanted. A date on which the version changes may come twice. */
    csq_status (*workday)(void *user, int64_t day, csq_ms end, csq_error *error);
    void *user;
    const csq_allocator *allocator; /* for the walk itself */
    bool wants_closed;              /* stretches that are not open too */
} csq__walk_listener;

/*
 * Tells the stretches of [range.from, range.to) in order; without gaps if all are wanted. Instants
 * from `horizon` on are not known to the zone (INT64_MAX: all are). Errors: of the listener,
 * CSQ_EZONE, CSQ_ERANGE, CSQ_ENOMEM.
 */
csq_status csq__plan_walk(const csq__calendar_plan *plan, const csq_zone *zone, csq_interval range,
                          csq_ms horizon, const csq__walk_listener *listener, csq_error *error);

#endif
