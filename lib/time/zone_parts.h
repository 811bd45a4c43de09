/*
 * zone_parts — the inner form of a zone, shared by the files of this module only.
 *
 * A zone is one block of memory: the transitions of its table with their types, as the file has
 * them, and the same table cut into spans of one offset, which is what engines ask for. From
 * `tail_from` on the tail rules: a POSIX rule, or nothing.
 *
 * Uses: base.
 */
#ifndef CSQ_TIME_ZONE_PARTS_H
#define CSQ_TIME_ZONE_PARTS_H

#include "time/time_internal.h"

/* What a clock shows besides the time. */
typedef struct csq__zone_type {
    int32_t offset_s;
    int32_t is_daylight;
    char abbreviation[CSQ_ZONE_ABBREVIATION_LIMIT + 1];
} csq__zone_type;

/* ---- POSIX TZ strings ---------------------------------------------------------------------- */

typedef enum csq__rule_kind {
    CSQ__RULE_JULIAN = 1,  /* Jn: day 1 to 365, 29 February is never counted */
    CSQ__RULE_ORDINAL = 2, /* n: day 0 to 365, 29 February counts */
    CSQ__RULE_WEEKDAY = 3  /* Mm.w.d: weekday d (0 = Sunday), the w-th (5 = last) of month m */
} csq__rule_kind;

/* The day of a year and the local time, in seconds after its midnight, of a transition. */
typedef struct csq__rule_date {
    int32_t kind;
    int32_t day; /* n, or d */
    int32_t week;
    int32_t month;
    int32_t time_s;
} csq__rule_date;

typedef struct csq__posix_tz {
    csq__zone_type standard;
    csq__zone_type daylight;
    bool has_daylight;
    csq__rule_date start; /* of daylight saving time, on the clock of standard time */
    csq__rule_date end;   /* on the clock of daylight saving time */
} csq__posix_tz;

/* Errors: CSQ_EPOSIXTZ, with the byte in `text`. */
csq_status csq__posix_parse(csq_str text, csq__posix_tz *out, csq_error *error);

/* The stretch of standard or daylight saving time around `at`, for every int64_t. */
csq__offset_span csq__posix_span(const csq__posix_tz *tz, csq_ms at, bool *is_daylight);

/* ---- zones --------------------------------------------------------------------------------- */

struct csq_zone {
    csq__count count;
    csq_allocator allocator;
    size_t block_size;
    csq_str name;

    csq_ms *at; /* transitions, strictly ascending */
    uint8_t *type_of;
    size_t n;
    csq__zone_type *types;
    size_t initial_type; /* before the first transition */

    csq__offset_span *spans; /* from the beginning of time to `tail_from` */
    csq_ms *reach;           /* what the clock has come up to when span i ends */
    size_t n_spans;

    bool has_tail;
    bool tail_is_fixed; /* one offset for ever */
    const csq__zone_type *tail_type; /* NULL when it changes */
    csq_ms tail_from;
    csq__posix_tz tail;
};

/*
 * A zone with room for `n` transitions and `n_types` types, still to be filled in, and without a
 * tail. Checks the name. Errors: CSQ_EINVAL, CSQ_EUTF8, CSQ_ENOMEM.
 */
csq_status csq__zone_new(csq_str name, size_t n, size_t n_types, const csq_allocator *allocator,
                         csq_zone **out, csq_error *error);

/* Completes a zone whose transitions, types and tail stand. */
void csq__zone_finish(csq_zone *zone);

/* What the clock shows besides the time. Errors: CSQ_EZONE. */
csq_status csq__zone_type_at(const csq_zone *zone, csq_ms at, const csq__zone_type **out,
                             csq_error *error);

/* Fails where the clock shows a year that dates do not reach; CSQ_ERANGE. */
csq_status csq__fail_instant_years(csq_ms at, csq_error *error);

/* ---- text ---------------------------------------------------------------------------------- */

/* Fails with "expected …, found …" at a byte of `text`, or at its end. */
csq_status csq__fail_expected(csq_str text, uint64_t at, csq_status code, const char *expected,
                              csq_error *error);

/* "+08:00"; with seconds only where they are not 0. At most 9 bytes and no NUL; their number. */
size_t csq__offset_format(int32_t offset_s, char *out);

/* Writes `n` decimal digits of `value` >= 0, with leading zeros; `n`. */
size_t csq__digits_format(int64_t value, size_t n, char *out);

/* "2026-10-01", with a sign before negative years. At most 11 bytes and no NUL; their number. */
size_t csq__civil_format(csq__civil civil, char *out);

#endif
