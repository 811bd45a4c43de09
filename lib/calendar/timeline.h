/*
 * timeline — collects intervals and working days in order and makes the table of a calendar.
 *
 * Uses: base, time; only inside calendar.
 */
#ifndef CSQ_CALENDAR_TIMELINE_H
#define CSQ_CALENDAR_TIMELINE_H

#include "calendar/calendar_internal.h"

#define CSQ__CALENDAR_WEEK_MS        (7 * CSQ__DAY_MS)
#define CSQ__CALENDAR_ERA_MS         (146097 * CSQ__DAY_MS) /* 400 years, which are 20,871 weeks */
#define CSQ__CALENDAR_INTERVAL_LIMIT UINT64_C(16777216)

/* Errors: CSQ_EUTF8, CSQ_EINVAL (above 65,535 bytes, NULL with a size). */
csq_status csq__calendar_check_name(csq_str name, csq_error *error);

/* A calendar without content: never open, one owner. NULL without memory. */
csq_calendar *csq__calendar_allocate(const csq_allocator *allocator, csq_str name);

typedef struct csq__timeline {
    csq_allocator allocator;
    csq__array entries;  /* of csq__calendar_entry */
    csq__array workdays; /* of csq__workday */
    csq_ms close;        /* where the last interval ends */
    csq_ms total;
    uint64_t limit; /* of intervals */
} csq__timeline;

/* What the table answers for. */
typedef struct csq__timeline_range {
    csq_interval instants;
    csq_ms period; /* with which the end of the table repeats; 0: it does not */
    int64_t first_day;
    int64_t last_day;
} csq__timeline_range;

/* False without memory. */
bool csq__timeline_begin(csq__timeline *timeline, const csq_allocator *allocator, csq_ms from,
                         uint64_t limit);
/* Adds an interval that begins at or after the beginning of the one before; merges what touches or
 * overlaps. Errors: CSQ_ELIMIT, CSQ_ENOMEM. */
csq_status csq__timeline_add(csq__timeline *timeline, csq_interval interval, csq_error *error);
/* Adds a working day at or after the one before. Errors: CSQ_ENOMEM. */
csq_status csq__timeline_add_workday(csq__timeline *timeline, int64_t day, csq_ms end,
                                     csq_error *error);
/* Moves everything into a calendar fresh from csq__calendar_allocate. Errors: CSQ_ENOMEM. */
csq_status csq__timeline_finish(csq__timeline *timeline, const csq__timeline_range *range,
                                csq_calendar *calendar, csq_error *error);
void csq__timeline_release(csq__timeline *timeline);

/* Computes the fingerprint of a finished calendar. */
void csq__calendar_seal(csq_calendar *calendar);

#endif
