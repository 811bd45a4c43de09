/*
 * csq/calendar.h — business hours: when a calendar is open, how much open time lies between two
 * instants, and which instant lies so much open time away.
 *
 * A calendar is built from a week, holidays, overrides and breaks on the clock of a zone, and then
 * compiled once to sorted UTC intervals. A query is one or two look-ups, whatever its span.
 *
 * Open        A calendar is open on [start, end): 09:00 to 17:00 is closed at 17:00. Hours that
 *             touch or overlap merge; nothing counts twice.
 * Clock       A local time means the first instant at which the clock shows it or a later one. So
 *             hours inside a skipped hour vanish, and hours over a repeated hour last longer.
 * Precedence  Whole-day holiday, then override, then week; breaks and holidays for a part of the
 *             day are cut out of what is left.
 * Times       csq_ms after 00:00 of a date, as the clock shows them: 9 h is 09:00 also on a day of
 *             23 hours. Hours start before 24:00 and end at 48:00 at most.
 * Dates       int32_t days since 1970-01-01 (csq_date_to_days), year 1 to 9999.
 * Range       A calendar answers from the start of its first year on. After its last year the
 *             pattern goes on for ever if it is known to repeat: the zone has no more changes of
 *             offset, or the week is open or closed all the time, or the compiled years hold 400
 *             years behind the last dated entry. Otherwise instants there are CSQ_ERANGE.
 */
#ifndef CSQ_CALENDAR_H
#define CSQ_CALENDAR_H

#include "csq/column.h"
#include "csq/time.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- building ------------------------------------------------------------------------------ */

/* A compiled calendar: immutable, counted, shared freely between threads. */
typedef struct csq_calendar csq_calendar;

typedef struct csq_calendar_builder csq_calendar_builder;

/* Whose holidays and overrides concern the part of hours that lies behind midnight. */
typedef enum csq_night {
    CSQ_NIGHT_DEFAULT = 0, /* BY_OWNER_DATE */
    /* Hours belong to the date on which they start: Friday's 22:00 to 30:00 runs on into a Saturday
     * that is a holiday, and a holiday on Friday closes it all. Whatever is dated Friday concerns
     * the hours that start on Friday, so a break may be dated Friday 26:00 to 26:30. */
    CSQ_NIGHT_BY_OWNER_DATE = 1,
    /* As if split at 24:00: weekly hours behind midnight are hours of the next weekday; those of an
     * override are hours of the next date, unless that date has a holiday or override itself. */
    CSQ_NIGHT_BY_CALENDAR_DATE = 2
} csq_night;

/* The most separate hours that a weekday may have. */
enum { CSQ_CALENDAR_WEEK_LIMIT = 256 };

typedef struct csq_calendar_options {
    uint32_t size;
    uint32_t night;          /* csq_night */
    int32_t first_year;      /* 1 to 9999; 0: 2000. Both years widen to hold every dated entry */
    int32_t last_year;       /* first_year to 9999; 0: 2049 */
    uint64_t entry_limit;    /* entries that may be added; 0: 1,000,000 */
    uint64_t interval_limit; /* intervals that may be compiled, up to 2^31; 0: 16,777,216 */
} csq_calendar_options;

/*
 * Begins a calendar on the clock of `zone`, which is retained. Errors: CSQ_EINVAL, CSQ_ERANGE
 * (years, limits), CSQ_EABI, CSQ_EABI_NEWER, CSQ_ENOMEM.
 */
CSQ_API csq_status csq_calendar_builder_new(csq_zone *zone, const csq_calendar_options *options,
                                            const csq_allocator *allocator,
                                            csq_calendar_builder **out, csq_error *error);
CSQ_API void csq_calendar_builder_free(csq_calendar_builder *builder);

/* Gives the calendar a name, replacing an earlier one. Errors: CSQ_EUTF8, CSQ_EINVAL (above 65,535
 * bytes), CSQ_ENOMEM. */
CSQ_API csq_status csq_calendar_builder_name(csq_calendar_builder *builder, csq_str name,
                                             csq_error *error);

/*
 * The functions below add one entry. They share these errors: CSQ_EINTERVAL (ends at or before its
 * start), CSQ_EDATE (a time outside 00:00 to 48:00, hours that start at 24:00 or later, a date
 * outside the years 1 to 9999), CSQ_EUTF8 (name), CSQ_EINVAL (a name above 65,535 bytes),
 * CSQ_ELIMIT (entry_limit), CSQ_ENOMEM. A name may be empty. Entries may come in any order.
 */

/* Hours of every `weekday` (1 = Monday, …, 7 = Sunday). Errors also: CSQ_EINVAL (weekday). */
CSQ_API csq_status csq_calendar_builder_week(csq_calendar_builder *builder, uint32_t weekday,
                                             csq_ms start, csq_ms end, csq_error *error);

/*
 * A holiday: from 0 to 24 h closes the whole date, whatever else is said about it; anything else
 * is a holiday for a part of the date and cuts its hours.
 */
CSQ_API csq_status csq_calendar_builder_holiday(csq_calendar_builder *builder, int32_t days,
                                                csq_str name, csq_ms start, csq_ms end,
                                                csq_error *error);

/*
 * Hours that replace those of the week on one date; several calls add several hours. A make-up
 * workday (the Chinese 调休) is an override.
 */
CSQ_API csq_status csq_calendar_builder_override(csq_calendar_builder *builder, int32_t days,
                                                 csq_str name, csq_ms start, csq_ms end,
                                                 csq_error *error);

/* An empty override: the date has no hours of its own. */
CSQ_API csq_status csq_calendar_builder_close(csq_calendar_builder *builder, int32_t days,
                                              csq_str name, csq_error *error);

/* Cuts a part out of the hours of one date. */
CSQ_API csq_status csq_calendar_builder_break(csq_calendar_builder *builder, int32_t days,
                                              csq_str name, csq_ms start, csq_ms end,
                                              csq_error *error);

/*
 * Begins a new version, in force from the instant `valid_from` on: what is added afterwards
 * describes it, and it starts without hours and entries. What was added before the first call is
 * version 0, in force since ever. Errors: CSQ_EORDER (not later than the version before),
 * CSQ_ERANGE (not in the years 1 to 9999), CSQ_ELIMIT, CSQ_ENOMEM.
 */
CSQ_API csq_status csq_calendar_builder_version(csq_calendar_builder *builder, csq_ms valid_from,
                                                csq_error *error);

/*
 * Compiles what was added; the builder keeps it and may go on. Within one version, CSQ_EDUPLICATE
 * says that a date has two whole-day holidays, or is closed by csq_calendar_builder_close and has
 * something else to do with an override, CSQ_EINTERVAL that two holidays of one date overlap
 * otherwise. The message names both, and `error->index` is the number of the later one, counted
 * from 0 over all entries in the order in which they were added, hours of the week included.
 * Errors also: CSQ_EZONE (the zone does not answer for the first year), CSQ_ELIMIT
 * (interval_limit, CSQ_CALENDAR_WEEK_LIMIT), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_calendar_builder_build(const csq_calendar_builder *builder,
                                              csq_calendar **out, csq_error *error);

/* ---- calendars without a builder ----------------------------------------------------------- */

/* Open at every instant. It has no zone. Errors: CSQ_EUTF8, CSQ_EINVAL (name), CSQ_ENOMEM. */
CSQ_API csq_status csq_calendar_new_always(csq_str name, const csq_allocator *allocator,
                                           csq_calendar **out, csq_error *error);

/* Open at no instant; otherwise as above. */
CSQ_API csq_status csq_calendar_new_never(csq_str name, const csq_allocator *allocator,
                                          csq_calendar **out, csq_error *error);

enum { CSQ_CALENDAR_MERGE_LIMIT = 256 };

/*
 * Open where at least one of `n` calendars is open (follow the sun), or where all are. The zones
 * may differ. The result has no name; it answers where all of them answer. It has a zone if all
 * that have one have the same, or one of the same name; a result that is always or never open has
 * none. O(n x intervals). Errors: CSQ_EINVAL (n is 0 or above CSQ_CALENDAR_MERGE_LIMIT), CSQ_ERANGE
 * (no instant at which all answer), CSQ_ELIMIT (16,777,216 intervals), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_calendar_union(const csq_calendar *const *calendars, uint64_t n,
                                      const csq_allocator *allocator, csq_calendar **out,
                                      csq_error *error);
CSQ_API csq_status csq_calendar_intersection(const csq_calendar *const *calendars, uint64_t n,
                                             const csq_allocator *allocator, csq_calendar **out,
                                             csq_error *error);

/* Adds an owner; returns the calendar. */
CSQ_API csq_calendar *csq_calendar_retain(csq_calendar *calendar);
CSQ_API void csq_calendar_free(csq_calendar *calendar);

/* Empty without one, and for NULL. Borrowed. */
CSQ_API csq_str csq_calendar_name(const csq_calendar *calendar);

/* The zone of the calendar, or NULL. Borrowed. */
CSQ_API const csq_zone *csq_calendar_zone(const csq_calendar *calendar);

/*
 * A number that is the same, on every platform, for calendars of one name that are open at the same
 * instants, on the same working days, over the same range. 0 for NULL.
 */
CSQ_API uint64_t csq_calendar_fingerprint(const csq_calendar *calendar);

/* 1 if the calendar is open at no instant of its range (and for NULL), else 0. */
CSQ_API int32_t csq_calendar_is_never(const csq_calendar *calendar);

/* The instants for which the calendar answers; INT64_MIN + 1 and INT64_MAX where there is no end.
 * Errors: CSQ_EINVAL. */
CSQ_API csq_status csq_calendar_range(const csq_calendar *calendar, csq_interval *out,
                                      csq_error *error);

/* ---- queries ------------------------------------------------------------------------------- */

/*
 * All queries share two errors: CSQ_ERANGE when an instant, or the answer, lies where the calendar
 * does not answer, and CSQ_ENEVER when it is certain that no open instant lies in that direction.
 * CSQ_MS_NONE is no instant: CSQ_ERANGE.
 */

/*
 * Open time in [from, to); negative when `to` is earlier, so that measure(b, a) = -measure(a, b).
 * Of a calendar that is never open: 0. Errors also: CSQ_EOVERFLOW (beyond int64_t).
 */
CSQ_API csq_status csq_calendar_measure(const csq_calendar *calendar, csq_ms from, csq_ms to,
                                        csq_ms *out, csq_error *error);

/* Which instant to take when open time ends exactly at a close, so that two are right. */
typedef enum csq_edge {
    CSQ_EDGE_NEAR = 0, /* the one nearer to the start: 8 h from Monday 09:00 is Monday 17:00 */
    CSQ_EDGE_FAR = 1   /* the one farther from it: Tuesday 09:00 */
} csq_edge;

/*
 * The instant that lies `duration` of open time after `at`.
 * near: the smallest u >= at with measure(at, u) >= duration; duration 0 gives `at` itself.
 * far: the largest u with measure(at, u) <= duration.
 * A negative duration goes the other way, as csq_calendar_subtract does. Errors also: CSQ_EINVAL
 * (edge).
 */
CSQ_API csq_status csq_calendar_add(const csq_calendar *calendar, csq_ms at, csq_ms duration,
                                    uint32_t edge, csq_ms *out, csq_error *error);

/*
 * The instant that lies `duration` of open time before `at`.
 * near: the largest u <= at with measure(u, at) >= duration; duration 0 gives `at` itself.
 * far: the smallest u with measure(u, at) <= duration.
 * A negative duration goes the other way, as csq_calendar_add does. Errors also: CSQ_EINVAL (edge).
 */
CSQ_API csq_status csq_calendar_subtract(const csq_calendar *calendar, csq_ms at, csq_ms duration,
                                         uint32_t edge, csq_ms *out, csq_error *error);

/* Whether the calendar is open at `at`: `*out` is 0 or 1. */
CSQ_API csq_status csq_calendar_is_open(const csq_calendar *calendar, csq_ms at, int32_t *out,
                                        csq_error *error);

/* The smallest open instant >= at. */
CSQ_API csq_status csq_calendar_next_open(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                          csq_error *error);
/* `at` if it is open; otherwise the end of the last open stretch that ended by then. */
CSQ_API csq_status csq_calendar_previous_open(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                              csq_error *error);
/* The smallest instant > at at which an open stretch ends. CSQ_ENEVER also when it never ends. */
CSQ_API csq_status csq_calendar_next_close(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                           csq_error *error);
/* The largest instant <= at at which an open stretch ended. CSQ_ENEVER also when none ever did. */
CSQ_API csq_status csq_calendar_previous_close(const csq_calendar *calendar, csq_ms at, csq_ms *out,
                                               csq_error *error);

typedef enum csq_workday_mode {
    CSQ_WORKDAY_KEEP_TIME = 0, /* at the time of day that the clock shows at `at` */
    CSQ_WORKDAY_END_OF_DAY = 1 /* at the end of the day's last hours */
} csq_workday_mode;

/*
 * The n-th working day strictly after the local date of `at` (negative n: before it). A working day
 * is a date that has hours which are open for a moment at least; hours past midnight are hours of
 * the date that the night rule says. In a union or intersection it is a date with an open instant,
 * and its end is that of the last one, at most 24:00.
 * n = 0 stays on the date: KEEP_TIME gives `at`, END_OF_DAY the end of the day.
 * Errors also: CSQ_ESTATE (the calendar has no zone), CSQ_ENODATA (n = 0 and END_OF_DAY on a date
 * that is no working day), CSQ_EINVAL (mode).
 */
CSQ_API csq_status csq_calendar_add_workdays(const csq_calendar *calendar, csq_ms at, int64_t n,
                                             uint32_t mode, csq_ms *out, csq_error *error);

/* ---- queries over columns ------------------------------------------------------------------ */

typedef struct csq_calendar_batch {
    uint32_t size;
    uint32_t edge;                  /* csq_edge, for csq_calendar_add_many; otherwise 0 */
    csq_progress progress;          /* NULL: none */
    void *user;                     /* handed to `progress` */
    const csq_allocator *allocator; /* for the answers until the call succeeds, see below */
} csq_calendar_batch;

/*
 * Answer row by row what the function of the same name without `_many` answers. A row with a
 * missing value (also: CSQ_MS_NONE), or with an error, becomes CSQ_MS_NONE (is_open: -1); the rows
 * with an error, missing values not among them, are counted in `*n_failed`, which may be NULL.
 * The columns have one length, and `out` has room for it; `batch` may be NULL. With a progress
 * callback the answers go through memory of `allocator`, so that cancelling leaves `out` as it was;
 * without one, no memory is taken.
 * Errors: CSQ_EINVAL (columns of floats, of different lengths, …), CSQ_ECANCELLED, CSQ_ENOMEM,
 * CSQ_EABI, CSQ_EABI_NEWER.
 */
CSQ_API csq_status csq_calendar_measure_many(const csq_calendar *calendar, const csq_column *from,
                                             const csq_column *to, const csq_calendar_batch *batch,
                                             csq_ms *out, uint64_t *n_failed, csq_error *error);
CSQ_API csq_status csq_calendar_add_many(const csq_calendar *calendar, const csq_column *at,
                                         const csq_column *duration,
                                         const csq_calendar_batch *batch, csq_ms *out,
                                         uint64_t *n_failed, csq_error *error);
CSQ_API csq_status csq_calendar_is_open_many(const csq_calendar *calendar, const csq_column *at,
                                             const csq_calendar_batch *batch, int8_t *out,
                                             uint64_t *n_failed, csq_error *error);

/* ---- explanation --------------------------------------------------------------------------- */

/* Why a stretch of time is open or closed. */
typedef enum csq_calendar_reason {
    CSQ_REASON_OPEN = 1,     /* hours of the week, or of the override that `name` names */
    CSQ_REASON_CLOSED = 2,   /* the week has no hours there */
    CSQ_REASON_HOLIDAY = 3,  /* a holiday, for the whole date or a part of it */
    CSQ_REASON_OVERRIDE = 4, /* an override of the date leaves it closed */
    CSQ_REASON_BREAK = 5     /* a break */
} csq_calendar_reason;

/* A stretch [from, to) with one reason. */
typedef struct csq_calendar_stretch {
    uint32_t size;
    uint32_t reason; /* csq_calendar_reason */
    csq_ms from;
    csq_ms to;
    csq_str name;     /* of the holiday, override or break, or empty. Borrowed */
    uint32_t version; /* of the calendar, from 0 */
    uint32_t reserved;
} csq_calendar_stretch;

typedef struct csq_calendar_explanation csq_calendar_explanation;

/*
 * Lists the stretches of [from, to), in order and without gaps; those that are OPEN sum to
 * measure(from, to). Neighbours differ in reason, name or version. Unions, intersections, always
 * and never know OPEN and CLOSED only. The explanation retains the calendar. `limit` bounds
 * the stretches, and the dates looked at; 0: 1,000,000. Errors: CSQ_EINTERVAL (`to` before `from`),
 * CSQ_ERANGE, CSQ_ELIMIT, CSQ_ENOMEM.
 */
CSQ_API csq_status csq_calendar_explain(csq_calendar *calendar, csq_ms from, csq_ms to,
                                        uint64_t limit, const csq_allocator *allocator,
                                        csq_calendar_explanation **out, csq_error *error);
CSQ_API void csq_calendar_explanation_free(csq_calendar_explanation *explanation);
CSQ_API uint64_t csq_calendar_explanation_count(const csq_calendar_explanation *explanation);
/* Errors: CSQ_ERANGE (index), CSQ_EABI. */
CSQ_API csq_status csq_calendar_explanation_at(const csq_calendar_explanation *explanation,
                                               uint64_t index, csq_calendar_stretch *out,
                                               csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
