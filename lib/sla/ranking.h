/*
 * ranking — the inside of a ranking, shared by building and ordering.
 *
 * What is asked of a ticket are the matches of policies without names or targets: they compile to
 * one frame, which the walk over a ticket fills as it does for clocks.
 *
 * Uses: base, calendar, condition, ticket.
 */
#ifndef CSQ__SLA_RANKING_H
#define CSQ__SLA_RANKING_H

#include "csq/sla_ranking.h"
#include "sla/sla_internal.h"

typedef struct csq__ranking_lane {
    csq_str name;
    uint32_t match; /* index of the policy that asks */
} csq__ranking_lane;

typedef struct csq__ranking_part {
    csq_str name;
    uint32_t kind;
    uint32_t attribute;
    uint32_t slot;    /* VALUE */
    uint32_t match;   /* VALUE: there is a value; MATCH */
    int64_t points;   /* MATCH */
    csq__array bands; /* csq_ranking_band, sorted */
} csq__ranking_part;

struct csq_ranking {
    csq__count count;
    csq_allocator allocator;
    csq_policies *facts; /* owned: what the lanes and parts ask */
    csq__array lanes;    /* csq__ranking_lane */
    csq__array parts;    /* csq__ranking_part */
    uint64_t fingerprint;
};

static inline const csq__ranking_lane *csq__ranking_lane_at(const csq_ranking *ranking,
                                                            size_t index)
{
    return (const csq__ranking_lane *)ranking->lanes.data + index;
}

static inline const csq__ranking_part *csq__ranking_part_at(const csq_ranking *ranking,
                                                            size_t index)
{
    return (const csq__ranking_part *)ranking->parts.data + index;
}

/* By `at`, for csq__sort. */
int csq__ranking_band_compare(const void *a, const void *b, const void *user);

#endif
