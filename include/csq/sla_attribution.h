/*
 * csq/sla_attribution.h — whose time it was: what a clock counted, by the values of attributes.
 *
 * The time of one clock of one ticket is cut wherever one of up to eight attributes changes (status,
 * group, assignee, level, …). Each piece is a visit of those values; visits of the same values are
 * summed up in rows. No value is a value too (time without an owner), so the parts add up to the
 * whole exactly. With the attribute `level` visits tell how each level of escalation ended.
 */
#ifndef CSQ_SLA_ATTRIBUTION_H
#define CSQ_SLA_ATTRIBUTION_H

#include "csq/sla.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

typedef struct csq_attribution csq_attribution;

enum { CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT = 8 };

/* Which cycles of the clock are told; of CSQ_MESSAGE_BASE_EACH, whose cycles overlap, always the
 * latest alone. */
typedef enum csq_attribution_scope {
    CSQ_ATTRIBUTION_SCOPE_DEFAULT = 0, /* ALL */
    CSQ_ATTRIBUTION_SCOPE_ALL = 1,
    CSQ_ATTRIBUTION_SCOPE_LATEST = 2 /* the cycle that csq_policies_answer tells */
} csq_attribution_scope;

typedef struct csq_attribution_options {
    uint32_t size;
    uint32_t n_attributes;      /* 0 to 8 */
    const uint32_t *attributes; /* of any kind but sets, each once; not those of events */
    uint32_t scope;             /* csq_attribution_scope */
    uint32_t reserved;          /* 0 */
} csq_attribution_options;

/* How a visit ended. */
typedef enum csq_visit_end {
    CSQ_VISIT_OPEN = 1,        /* not yet: the clock runs or is paused with these values */
    CSQ_VISIT_STOPPED = 2,     /* the clock stopped (solved there), or stopped and was reopened */
    CSQ_VISIT_MOVED = 3,       /* to other values, the next visit, at the same level */
    CSQ_VISIT_ESCALATED = 4,   /* to the next visit, whose level is higher */
    CSQ_VISIT_HANDED_BACK = 5, /* to the next visit, whose level is lower */
    CSQ_VISIT_CANCELLED = 6    /* the cycle was cancelled */
} csq_visit_end;

/* A stretch of one cycle during which none of the attributes changed. No level counts as below
 * every level. Values that come and go at one instant are no visit. */
typedef struct csq_visit {
    uint32_t size;
    uint32_t cycle;     /* from 1 */
    uint32_t end;       /* csq_visit_end */
    uint32_t row;       /* index of the row that it is summed up in */
    int64_t values[8];  /* in the order of the options: code, 0 for none; integer or instant,
                           CSQ_MS_NONE for none */
    csq_ms from;
    csq_ms to;          /* or the instant asked for */
    csq_ms elapsed_ms;  /* counted */
    csq_ms paused_ms;   /* open time spent paused */
    csq_ms wall_ms;     /* to - from: on the clock on the wall, pauses and closed hours included */
} csq_visit;

/* The visits of one combination of values, or of all of them. */
typedef struct csq_attribution_row {
    uint32_t size;
    uint32_t reserved;
    int64_t values[8];
    csq_ms elapsed_ms;
    csq_ms paused_ms;
    csq_ms wall_ms;
    csq_ms first_from;  /* CSQ_MS_NONE without visits */
    csq_ms last_to;
    uint64_t visits;
    uint64_t open;      /* of the visits: how they ended */
    uint64_t stopped;
    uint64_t moved;
    uint64_t escalated;
    uint64_t handed_back;
    uint64_t cancelled;
} csq_attribution_row;

/*
 * The same walk as csq_policies_explain; a clock that is not applicable or has not started has no
 * visits. Options NULL: the whole clock is one row.
 *
 * Errors: as csq_policies_explain, and CSQ_ENOTFOUND (attribute), CSQ_EINVAL (a set, an attribute
 * of events, NULL, an option), CSQ_EDUPLICATE, CSQ_ELIMIT (more than 8 attributes or 10^6 visits).
 */
CSQ_API csq_status csq_policies_attribute(const csq_policies *policies, const csq_ticket *ticket,
                                          uint32_t clock, csq_ms now,
                                          const csq_attribution_options *options,
                                          const csq_allocator *allocator, csq_attribution **out,
                                          csq_error *error);
CSQ_API void csq_attribution_free(csq_attribution *attribution);

/* Rows in the order of their first visits. Errors: CSQ_EINVAL, CSQ_ERANGE, CSQ_EABI. */
CSQ_API uint64_t csq_attribution_row_count(const csq_attribution *attribution);
CSQ_API csq_status csq_attribution_row_at(const csq_attribution *attribution, uint64_t index,
                                          csq_attribution_row *out, csq_error *error);
/* Visits in the order of time. Errors: the same. */
CSQ_API uint64_t csq_attribution_visit_count(const csq_attribution *attribution);
CSQ_API csq_status csq_attribution_visit(const csq_attribution *attribution, uint64_t index,
                                         csq_visit *out, csq_error *error);
/* The sum of all rows: elapsed and paused time are those of the cycles told. Its values are 0. */
CSQ_API csq_status csq_attribution_whole(const csq_attribution *attribution,
                                         csq_attribution_row *out, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
