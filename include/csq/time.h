/*
 * csq/time.h — time zones, civil dates, their text, and the periods of a zone's calendar.
 *
 * Dates are day numbers: int32_t days since 1970-01-01 in the proleptic Gregorian calendar, for
 * years -9999 to 9999 (year 0 is 1 BC). Weekdays are those of ISO 8601: 1 = Monday, …, 7 = Sunday.
 * UTC offsets are seconds, positive east of Greenwich. A local time is a csq_ms too: milliseconds
 * since 1970-01-01T00:00 as a clock in the zone shows it.
 *
 * Functions that look into a zone share two errors: CSQ_EZONE when its data do not say what holds
 * at the instant (see csq_zone_new_tzif), CSQ_ERANGE when the date or the instant leaves its range.
 */
#ifndef CSQ_TIME_H
#define CSQ_TIME_H

#include "csq/base.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- zones --------------------------------------------------------------------------------- */

/* The rules of a zone's clock: immutable, counted, shared freely between threads. */
typedef struct csq_zone csq_zone;

enum {
    CSQ_ZONE_NAME_LIMIT = 255,          /* bytes of a zone's name or POSIX string */
    CSQ_ZONE_OFFSET_LIMIT_S = 93599,    /* 25:59:59, the largest distance from UTC (RFC 9636) */
    CSQ_ZONE_TRANSITION_LIMIT = 100000, /* transitions in a TZif file */
    CSQ_ZONE_ABBREVIATION_LIMIT = 15    /* bytes of "CEST", "<+0330>" and the like */
};

/*
 * Reads a TZif file, version 1 to 4 (RFC 9636), whose bytes the host hands in; `name` is what the
 * host calls it ("Europe/Berlin").
 *
 * Before the first transition the file's type 0 holds. From the last transition on, the POSIX
 * string in the footer rules alone. Where there is none (an empty footer, version 1) and the file
 * has transitions, instants from the last one on are unknown: CSQ_EZONE. A file may mark a span as
 * "local time unspecified" (abbreviation "-00", also used to cut a file short); it is answered as
 * the file writes it, with offset 0 and that abbreviation.
 *
 * Errors: CSQ_ETZIF (cut short, overlong, counts that lie, transitions that do not ascend, …; the
 * byte tells where), CSQ_EPOSIXTZ (the footer; byte in the file), CSQ_ELEAP (leap seconds are
 * counted, as the right/ zones do), CSQ_ELIMIT (too many transitions), CSQ_EINVAL (name empty or
 * too long), CSQ_EUTF8 (name), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_zone_new_tzif(csq_str name, const void *bytes, uint64_t size,
                                     const csq_allocator *allocator, csq_zone **out,
                                     csq_error *error);

/*
 * Reads a POSIX TZ string, "EST5EDT,M3.2.0,M11.1.0", with the extensions of RFC 9636 (hours of
 * transitions from -167 to 167); it becomes the name of the zone. Offsets are written as POSIX
 * wants them: positive west. A string that names daylight saving time but has no rule for it is
 * refused: POSIX leaves its meaning to the implementation.
 * Errors: CSQ_EPOSIXTZ (the byte tells where), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_zone_new_posix(csq_str text, const csq_allocator *allocator, csq_zone **out,
                                      csq_error *error);

/*
 * A clock that is always `offset_s` ahead of UTC; its name and abbreviation are "+08:00" or, with
 * seconds, "-00:44:30". Errors: CSQ_ERANGE (beyond CSQ_ZONE_OFFSET_LIMIT_S), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_zone_new_fixed(int32_t offset_s, const csq_allocator *allocator,
                                      csq_zone **out, csq_error *error);

/* Adds an owner; returns the zone. */
CSQ_API csq_zone *csq_zone_retain(csq_zone *zone);
CSQ_API void csq_zone_free(csq_zone *zone);

/* The name that the zone was made with; empty for NULL. Borrowed. */
CSQ_API csq_str csq_zone_name(const csq_zone *zone);

/* What the clock of a zone shows. */
typedef struct csq_local {
    uint32_t size;
    int32_t year;
    int32_t month;         /* 1 to 12 */
    int32_t day;           /* 1 to 31 */
    int32_t hour;          /* 0 to 23 */
    int32_t minute;        /* 0 to 59 */
    int32_t second;        /* 0 to 59 */
    int32_t millisecond;   /* 0 to 999 */
    int32_t weekday;       /* 1 = Monday, …, 7 = Sunday */
    int32_t day_of_year;   /* 1 to 366 */
    int32_t offset_s;      /* local time minus UTC */
    int32_t is_daylight;   /* 1 where the zone's data call it daylight saving time */
    char abbreviation[16]; /* "CEST", ended by a NUL */
} csq_local;

/* What the clock shows at an instant. Errors: CSQ_EZONE, CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_zone_local(const csq_zone *zone, csq_ms at, csq_local *out,
                                  csq_error *error);

typedef enum csq_local_kind {
    CSQ_LOCAL_UNIQUE = 1,  /* the clock shows this time once */
    CSQ_LOCAL_SKIPPED = 2, /* never: a jump forward passes over it */
    CSQ_LOCAL_REPEATED = 3 /* more than once: a jump back repeats it */
} csq_local_kind;

/* The instants that a local time can mean. */
typedef struct csq_resolution {
    uint32_t size;
    uint32_t kind;           /* csq_local_kind */
    csq_ms first;            /* the first instant at which the clock shows this time or later */
    csq_ms earlier;          /* the first occurrence; SKIPPED: the instant of the jump */
    csq_ms later;            /* the last occurrence; SKIPPED: the instant of the jump */
    int32_t offset_before_s; /* offset of the first occurrence; SKIPPED: before the jump */
    int32_t offset_after_s;  /* offset of the last occurrence; SKIPPED: after the jump */
} csq_resolution;

/*
 * Finds the instants of a local time. Intervals of business time use `first`: it never decreases
 * when `local` grows, whatever jumps lie between. Errors: CSQ_EZONE, CSQ_ERANGE, CSQ_EABI.
 */
CSQ_API csq_status csq_zone_resolve(const csq_zone *zone, csq_ms local, csq_resolution *out,
                                    csq_error *error);

/* ---- civil dates --------------------------------------------------------------------------- */

enum {
    CSQ_DAYS_FIRST = -4371587, /* -9999-01-01 */
    CSQ_DAYS_LAST = 2932896    /* 9999-12-31 */
};

typedef struct csq_date {
    uint32_t size;
    int32_t year;
    int32_t month;       /* 1 to 12 */
    int32_t day;         /* 1 to 31 */
    int32_t weekday;     /* 1 = Monday, …, 7 = Sunday */
    int32_t day_of_year; /* 1 to 366 */
    int32_t iso_year;    /* the year that the ISO 8601 week belongs to */
    int32_t iso_week;    /* 1 to 53; week 1 holds the first Thursday of the year */
} csq_date;

/* The day number of a date. Errors: CSQ_EDATE (no such date), CSQ_ERANGE (year). */
CSQ_API csq_status csq_date_to_days(int32_t year, int32_t month, int32_t day, int32_t *days,
                                    csq_error *error);

/* The date of a day number. Errors: CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_date_of_days(int32_t days, csq_date *out, csq_error *error);

/* The weekday of any day number, 1 = Monday, …, 7 = Sunday. */
CSQ_API int32_t csq_date_weekday(int32_t days);

/* ---- text ---------------------------------------------------------------------------------- */

/* Capacities that hold every text of the kind with its NUL. */
enum { CSQ_DATE_TEXT = 11, CSQ_CLOCK_TEXT = 13, CSQ_INSTANT_TEXT = 30 };

/*
 * Reads "2026-10-01": four digits of year, two of month and day, nothing else.
 * Errors: CSQ_EDATE (another form, or no such date; the byte tells where).
 */
CSQ_API csq_status csq_date_parse(csq_str text, int32_t *days, csq_error *error);

/*
 * Reads a time of day as milliseconds after 00:00: "09:30", "09:30:15" or "09:30:15.250" (one to
 * three digits of fraction), up to and including `limit`, which is at most 48 h: 24 h for a plain
 * time of day, where "24:00" is the end of the day; 48 h where times may run into the next day.
 * Errors: CSQ_EDATE (another form, or beyond `limit`; the byte tells where), CSQ_EINVAL (limit).
 */
CSQ_API csq_status csq_clock_parse(csq_str text, csq_ms limit, csq_ms *out, csq_error *error);

/*
 * Reads an instant as RFC 3339 writes it: "2026-10-01T09:30:00Z", "2026-10-01t09:30:00.250+02:00",
 * with at most three digits of fraction. A leap second (":60") has no instant and is refused.
 * Errors: CSQ_EDATE (another form, or no such date or time; the byte tells where).
 */
CSQ_API csq_status csq_instant_parse(csq_str text, csq_ms *out, csq_error *error);

/*
 * Each writes the form that the reader above takes, ended by a NUL, into `text` of `capacity`
 * bytes. Errors: CSQ_ELIMIT (capacity too small for this text), CSQ_ERANGE (a year outside 0 to
 * 9999; a time of day outside 0 to 48 h).
 */
CSQ_API csq_status csq_date_format(int32_t days, char *text, uint64_t capacity, csq_error *error);
/* The shortest form: seconds and fraction only where they are not 0. */
CSQ_API csq_status csq_clock_format(csq_ms clock, char *text, uint64_t capacity, csq_error *error);
/*
 * With seconds always, and a fraction of three digits where it is not 0. `zone` NULL writes UTC
 * with "Z"; otherwise the zone's local time and offset, "+00:00" included, except where the text
 * cannot show the offset (local mean time with seconds, 24 h and more): there UTC. Errors also:
 * CSQ_EZONE.
 */
CSQ_API csq_status csq_instant_format(csq_ms at, const csq_zone *zone, char *text,
                                      uint64_t capacity, csq_error *error);

/* ---- periods ------------------------------------------------------------------------------- */

/* How a zone's time is divided for reports. */
typedef enum csq_period_kind {
    CSQ_PERIOD_NONE = 0,      /* all time is one period */
    CSQ_PERIOD_MINUTES = 1,   /* `minutes` of the clock */
    CSQ_PERIOD_HOUR = 2,      /* hours of the clock */
    CSQ_PERIOD_DAY = 3,
    CSQ_PERIOD_WEEK = 4,
    CSQ_PERIOD_MONTH = 5,
    CSQ_PERIOD_QUARTER = 6,
    CSQ_PERIOD_HALF_YEAR = 7,
    CSQ_PERIOD_YEAR = 8
} csq_period_kind;

typedef struct csq_period_options {
    uint32_t size;
    uint32_t kind;          /* csq_period_kind */
    uint32_t minutes;       /* MINUTES: a divisor of 1440, such as 1, 5, 15, 30; otherwise 0 */
    uint32_t first_weekday; /* WEEK: 1 = Monday, …, 7 = Sunday; 0: Monday; otherwise 0 */
} csq_period_options;

/*
 * A period. A day and what is made of days runs from the first instant at which the clock shows its
 * first midnight or later to that of the next one, so that a day may have 23, 24 or 25 hours, and a
 * date that the zone leaves out has no period. Minutes and hours end where the clock jumps: what it
 * shows twice is two periods of ordinary length.
 *
 * kind             index                                        label
 * NONE             0                                            "all"
 * MINUTES, HOUR    `from` in seconds since 1970-01-01T00:00Z    "2026-10-25T02:30+01:00"
 * DAY              days since 1970-01-01                        "2026-10-25"
 * WEEK             weeks since the one that holds 1970-01-01    "2026-W07"; "2026-02-15/P7D" where
 *                                                               weeks do not begin on Monday
 * MONTH            months since 1970-01                         "2026-03"
 * QUARTER          quarters since 1970-Q1                       "2026-Q1"
 * HALF_YEAR        half years since 1970-H1                     "2026-H1"
 * YEAR             years since 1970                             "2026"
 *
 * A year before 0 is written with a sign: "-0044". An index never decreases with time, and two
 * periods of one division never share it. Offsets in labels are "+01:00", with seconds where they
 * have them.
 */
typedef struct csq_period {
    uint32_t size;
    uint32_t kind;  /* csq_period_kind */
    csq_ms from;    /* NONE: INT64_MIN */
    csq_ms to;      /* exclusive; NONE: INT64_MAX */
    int64_t index;
    char label[32]; /* ended by a NUL */
} csq_period;

/*
 * The period that an instant lies in. `options` NULL means CSQ_PERIOD_NONE; `zone` may be NULL for
 * that kind only. Errors: CSQ_EINVAL (options), CSQ_EZONE (also when the end of the period is not
 * known), CSQ_ERANGE, CSQ_EABI, CSQ_EABI_NEWER.
 */
CSQ_API csq_status csq_period_at(const csq_zone *zone, const csq_period_options *options, csq_ms at,
                                 csq_period *out, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
