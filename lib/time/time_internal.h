/*
 * time_internal — what the modules above ask zones and dates for.
 *
 * A zone is a sequence of spans with one UTC offset each: those of its table, then those of its
 * footer for ever. Callers that walk in time keep a span and ask again only when they leave it.
 *
 * Uses: base.
 */
#ifndef CSQ_TIME_INTERNAL_H
#define CSQ_TIME_INTERNAL_H

#include "base/base_internal.h"
#include "csq/time.h"

#define CSQ__SECOND_MS INT64_C(1000)
#define CSQ__MINUTE_MS INT64_C(60000)
#define CSQ__HOUR_MS INT64_C(3600000)
#define CSQ__DAY_MS INT64_C(86400000)

/* ---- zones --------------------------------------------------------------------------------- */

/* A stretch of time with one offset: at `from` and, unless they are at the end of time (INT64_MIN,
 * INT64_MAX), at `until` the offset is another one than before, or is not known. */
typedef struct csq__offset_span {
    csq_ms from;
    csq_ms until;
    int32_t offset_s;
} csq__offset_span;

/*
 * The longest span around `at`. Answers for every int64_t. O(log transitions) in the table, O(1)
 * beyond it. A span that ends at INT64_MAX holds that instant too. Errors: CSQ_EZONE (instants that
 * the zone's data do not cover; `until` of the span before them is where they begin).
 */
csq_status csq__zone_span(const csq_zone *zone, csq_ms at, csq__offset_span *out,
                          csq_error *error);

/*
 * The first instant at which the zone's clock shows `local` or later: of a skipped time the instant
 * of the jump, of a repeated time its first occurrence. Never decreases when `local` grows. It is
 * the inverse of the running maximum of the clock. Errors: CSQ_EZONE, CSQ_ERANGE (the instant does
 * not fit int64_t).
 */
csq_status csq__zone_first(const csq_zone *zone, csq_ms local, csq_ms *out, csq_error *error);

/*
 * Where the footer takes over: at `*from` and later the offset follows one rule for ever, which
 * repeats every 400 years; `*is_fixed` says that this rule is one constant offset. A zone that is
 * fixed altogether has `*from` = INT64_MIN. False when instants from `*from` on are not known
 * (`*is_fixed` is false then).
 */
bool csq__zone_tail(const csq_zone *zone, csq_ms *from, bool *is_fixed);

/* ---- civil dates --------------------------------------------------------------------------- */

/* A date of the proleptic Gregorian calendar; month and day from 1. */
typedef struct csq__civil {
    int64_t year;
    int32_t month;
    int32_t day;
} csq__civil;

/* For dates that exist and |year| up to 10^12; no check. */
int64_t csq__days_of_civil(int64_t year, int32_t month, int32_t day);
/* For |days| up to 10^14; no check. */
csq__civil csq__civil_of_days(int64_t days);
/* The ISO week that holds a Thursday; the year of that Thursday is the year of the week. */
int64_t csq__iso_week(int64_t thursday, int64_t *year);

int32_t csq__days_in_month(int64_t year, int32_t month);

static inline bool csq__is_leap_year(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* 1 = Monday, …, 7 = Sunday; 1970-01-01 was a Thursday. */
static inline int32_t csq__weekday_of_days(int64_t days)
{
    return (int32_t)csq__mod_floor(days + 3, 7) + 1;
}

/* The day of a local time, and whether it lies in the range of public day numbers. */
static inline int64_t csq__day_of_local(csq_ms local)
{
    return csq__div_floor(local, CSQ__DAY_MS);
}

static inline bool csq__day_is_public(int64_t days)
{
    return days >= CSQ_DAYS_FIRST && days <= CSQ_DAYS_LAST;
}

#endif
