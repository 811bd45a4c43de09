/*
 * csq/sla_tally.h — attainment: cycles of service-level clocks counted, summed, merged and encoded.
 *
 * A tally counts by policy, metric, target, up to eight attributes and the period of the start, and
 * keeps quantiles of times where the options ask for them. All that it accumulates are integers, so
 * any split of the tickets, merged in any order, gives the same bytes.
 */
#ifndef CSQ_SLA_TALLY_H
#define CSQ_SLA_TALLY_H

#include "csq/sla.h"
#include "csq/stat.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* Cycles counted by policy, metric, target, attributes and period. Accumulates; one user. */
typedef struct csq_tally csq_tally;

enum { CSQ_TALLY_ATTRIBUTE_LIMIT = 8 };

/* Times of which a tally can keep quantiles. */
typedef enum csq_tally_measure {
    CSQ_TALLY_ELAPSED = 1,  /* counted, of met and missed cycles */
    CSQ_TALLY_OVERRUN = 2,  /* elapsed - target, of missed cycles with a target in time */
    CSQ_TALLY_REMAINING = 4 /* target - elapsed at the stop, of met cycles with a target in time;
                               may be negative where the instant alone decides about lateness */
} csq_tally_measure;

typedef struct csq_tally_options {
    uint32_t size;
    uint32_t n_attributes;
    const uint32_t *attributes; /* categories; valued at the stop of a cycle, or at `now` */
    uint32_t period;            /* csq_period_kind of the start of a cycle; 0: none */
    uint32_t first_weekday;     /* of a week, 1 = Monday … 7; 0: Monday */
    const csq_zone *zone;       /* of the period; NULL: UTC */
    uint32_t quantiles;         /* csq_tally_measure to keep quantiles of, added up; 0: none */
    uint32_t exact_limit;       /* of the quantiles of a row, as in csq_quantiles_options */
} csq_tally_options;

/* An empty tally. Work may be split among tallies by ticket: all events of a ticket go into one.
 * Memory: about 200 bytes a row; with quantiles 144 more, and for each measure asked for what
 * csq_quantiles_new says. Errors: CSQ_EINVAL, CSQ_EABI, CSQ_ENOTFOUND (attribute), CSQ_ELIMIT,
 * CSQ_ENOMEM. */
CSQ_API csq_status csq_tally_new(const csq_policies *policies, const csq_tally_options *options,
                                 const csq_allocator *allocator, csq_tally **out,
                                 csq_error *error);
CSQ_API void csq_tally_free(csq_tally *tally);
CSQ_API csq_status csq_tally_copy(const csq_tally *tally, csq_tally **out, csq_error *error);
CSQ_API void csq_tally_reset(csq_tally *tally);

/* Adds all cycles of one ticket as they are at `now`. Errors: as csq_policies_answer, and
 * CSQ_EOVERFLOW; then the tally is as it was. */
CSQ_API csq_status csq_tally_add(csq_tally *tally, const csq_ticket *ticket, csq_ms now,
                                 csq_error *error);
/* Adds the cycles of all tickets of a log. Errors: as above, with the row as `index`, what
 * csq_event_columns_check finds, and CSQ_ECANCELLED; then the tally is as it was. */
CSQ_API csq_status csq_tally_replay(csq_tally *tally, const csq_event_columns *columns, csq_ms now,
                                    csq_progress progress, void *user, csq_error *error);

/* Adds or takes away what another tally of equal policies and options counted; maxima cannot be
 * taken away, so subtracting is refused where the other's maximum reaches ours, and where
 * csq_quantiles_subtract refuses. Errors: CSQ_EMISMATCH, CSQ_EOVERFLOW, CSQ_ESTATE (subtract: not a
 * part), CSQ_ENOMEM. */
CSQ_API csq_status csq_tally_merge(csq_tally *tally, const csq_tally *other, csq_error *error);
CSQ_API csq_status csq_tally_subtract(csq_tally *tally, const csq_tally *other, csq_error *error);

/* Canonical bytes; `*size` as in csq_ticket_encode. Errors: CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_tally_encode(const csq_tally *tally, void *bytes, uint64_t *size,
                                    csq_error *error);
/* Errors: CSQ_ECORRUPT, CSQ_EVERSION, CSQ_EMISMATCH (other policies or options), CSQ_ENOMEM. */
CSQ_API csq_status csq_tally_decode(const csq_policies *policies, const csq_tally_options *options,
                                    const void *bytes, uint64_t size,
                                    const csq_allocator *allocator, csq_tally **out,
                                    csq_error *error);

/* Counts are cycles. share met = met / (met + missed); CSQ_ENODATA is the host's word when both are
 * 0. paused share = paused_ms / (paused_ms + elapsed_ms). */
typedef struct csq_tally_row {
    uint32_t size;
    uint32_t policy;  /* index */
    uint32_t metric;  /* index */
    uint32_t workdays; /* of a target in working days, else 0 */
    csq_ms target_ms; /* CSQ_MS_NONE for a target in working days or a due instant */
    csq_ms period_from; /* start of the period, CSQ_MS_NONE without periods */
    uint32_t codes[8]; /* values of the attributes, in the order of the options; 0: absent */
    uint64_t met;     /* completed in time */
    uint64_t missed;  /* completed late, or open and late */
    uint64_t open;    /* open and not late; in no share */
    uint64_t late_open; /* of `missed`: still open */
    uint64_t cancelled; /* in no share */
    int64_t elapsed_ms; /* sum over met and missed */
    int64_t paused_ms;  /* likewise: open time spent paused */
    int64_t overrun_ms; /* sum of elapsed - target over missed (targets in time) */
    int64_t overrun_max_ms; /* largest, CSQ_MS_NONE if none */
    /* Of targets that are due instants, else 0: the promises of cycles met and missed. Mean error of
     * the estimates = error_ms / estimates, mean size of it = error_size_ms / estimates. */
    uint32_t due_attribute; /* the attribute that holds the instant */
    uint32_t reserved;
    uint64_t promised;      /* cycles with a promise */
    uint64_t kept_original; /* of these: stopped at the first promised instant or before */
    uint64_t kept_latest;   /* the same for the last one */
    uint64_t re_promised;   /* promises behind the first of their cycle */
    uint64_t estimates;     /* promises of completed cycles */
    int64_t error_ms;       /* sum of stop - promised on the calendar of the clock: late is positive */
    int64_t error_size_ms;  /* the same without sign */
} csq_tally_row;

/* Rows in the order of (metric, policy, target, names of the values, period). */
CSQ_API uint64_t csq_tally_count(const csq_tally *tally);
CSQ_API csq_status csq_tally_row_at(const csq_tally *tally, uint64_t index, csq_tally_row *out,
                                    csq_error *error);

/* The quantile of a row's times at `part` millionths by a csq_quantile_definition. Errors:
 * CSQ_ERANGE (row, part), CSQ_EINVAL (measure: not one, or not asked for; definition), CSQ_ENODATA
 * (no such cycle), CSQ_EABI. */
CSQ_API csq_status csq_tally_quantile(const csq_tally *tally, uint64_t index, uint32_t measure,
                                      uint32_t part, uint32_t definition, csq_quantile *out,
                                      csq_error *error);
/* Merges a row's times into `into`, which has the exact_limit of the tally, so that quantiles can
 * be told of several rows together. Errors: CSQ_ERANGE, CSQ_EINVAL, CSQ_EMISMATCH, CSQ_EOVERFLOW,
 * CSQ_ENOMEM; then `into` is as it was. */
CSQ_API csq_status csq_tally_add_quantiles(const csq_tally *tally, uint64_t index,
                                           uint32_t measure, csq_quantiles *into,
                                           csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
