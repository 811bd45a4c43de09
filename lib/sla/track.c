/*
 * track — parallel agreements: which policies compete with each other, and a clock for each metric
 * and track.
 *
 * A policy belongs to the track that it names. Without a name it is in the one of all such
 * policies, or, where every policy that matches holds, in one of its own. In each track one policy
 * holds at a time, so that the engine knows clocks only: the first track with targets for a metric
 * takes the row that the metric has, each further one a copy behind all metrics.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

/* ---- tracks -------------------------------------------------------------------------------- */

static csq_str policy_track(const csq_policies *policies, const csq__policy *policy)
{
    return policy->own_track.size == 0 && policies->select == CSQ_SELECT_ALL ? policy->name
                                                                             : policy->own_track;
}

/* The track of that name, a new one if need be; CSQ_NO_INDEX without memory. */
static uint32_t track_find_or_add(csq_policies *policies, csq_str name)
{
    const csq__track *tracks = policies->tracks.data;
    for (uint32_t t = 0; t < policies->tracks.n; t++) {
        if (csq__str_equal(tracks[t].name, name)) {
            return t;
        }
    }
    const csq__track track = {.name = name};
    return csq__array_push(&policies->tracks, &policies->allocator, &track, sizeof track) == NULL
               ? CSQ_NO_INDEX
               : (uint32_t)policies->tracks.n - 1;
}

static csq_status sort_policies(csq_policies *policies, csq_error *error)
{
    csq__policy *all = policies->policies.data;
    for (uint32_t p = 0; p < policies->policies.n; p++) {
        all[p].track = track_find_or_add(policies, policy_track(policies, &all[p]));
        if (all[p].track == CSQ_NO_INDEX) {
            return csq__fail_memory(error);
        }
        csq__track *track = (csq__track *)policies->tracks.data + all[p].track;
        if (csq__array_push(&track->policies, &policies->allocator, &p, sizeof p) == NULL) {
            return csq__fail_memory(error);
        }
    }
    // Without a policy, clocks still ask for the one that holds.
    return policies->tracks.n > 0 || track_find_or_add(policies, (csq_str){NULL, 0}) != CSQ_NO_INDEX
               ? CSQ_OK
               : csq__fail_memory(error);
}

static bool track_has_targets(const csq_policies *policies, uint32_t track, uint32_t metric)
{
    const csq__array *of_track = &csq__policies_track(policies, track)->policies;
    const uint32_t *const order = of_track->data;
    for (size_t i = 0; i < of_track->n; i++) {
        const csq__choice *choice = &csq__policies_policy(policies, order[i])->choices[metric];
        if (choice->otherwise != 0 || choice->cases.n > 0) {
            return true;
        }
    }
    return false;
}

/* ---- clocks -------------------------------------------------------------------------------- */

/* A row for a metric in a further track: everything but the conditions is borrowed. */
static csq_status clock_add(csq_policies *policies, uint32_t metric, uint32_t track,
                            csq_error *error)
{
    if (policies->clocks.n >= CSQ_CLOCK_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT,
                         CSQ__TEXT("more than 60 clocks, one for each metric and each track with "
                                   "targets for it"));
    }
    csq__clock clock = *csq__policies_clock(policies, metric);
    clock.track = track;
    if (csq__array_push(&policies->clocks, &policies->allocator, &clock, sizeof clock) == NULL) {
        return csq__fail_memory(error);
    }
    for (int rule = 0; rule < CSQ__RULE_COUNT; rule++) {
        (void)csq_condition_retain(clock.conditions[rule]);
    }
    return CSQ_OK;
}

static void clocks_find_first_of_track(csq_policies *policies)
{
    csq__clock *clocks = policies->clocks.data;
    for (uint32_t c = 0; c < policies->clocks.n; c++) {
        uint32_t first = 0;
        while (clocks[first].track != clocks[c].track) {
            first++;
        }
        clocks[c].first_of_track = first;
    }
}

csq_status csq__policies_set_tracks(csq_policies *policies, csq_error *error)
{
    csq_status status = sort_policies(policies, error);
    uint32_t has_track[CSQ_METRIC_LIMIT] = {0};
    for (uint32_t t = 0; t < policies->tracks.n && status == CSQ_OK; t++) {
        for (uint32_t m = 0; m < policies->n_metrics && status == CSQ_OK; m++) {
            if (!track_has_targets(policies, t, m)) {
                continue;
            }
            if (has_track[m]) {
                status = clock_add(policies, m, t, error);
            } else {
                ((csq__clock *)policies->clocks.data)[m].track = t;
                has_track[m] = 1;
            }
        }
    }
    clocks_find_first_of_track(policies);
    return status;
}

uint64_t csq__policies_track_clocks(const csq_policies *policies, uint32_t track)
{
    uint64_t found = 0;
    for (uint32_t c = 0; c < policies->clocks.n; c++) {
        found |= (uint64_t)(csq__policies_clock(policies, c)->track == track) << c;
    }
    return found;
}

/* ---- reading ------------------------------------------------------------------------------- */

csq_status csq__policies_fail_clock(uint32_t clock, csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no clock "), CSQ__NUMBER(clock));
}

uint32_t csq_policies_clock_count(const csq_policies *policies)
{
    return policies == NULL ? 0 : (uint32_t)policies->clocks.n;
}

csq_status csq_policies_clock_at(const csq_policies *policies, uint32_t clock, csq_clock *out,
                                 csq_error *error)
{
    if (policies == NULL) {
        return csq__fail_null(error, "policies");
    }
    if (clock >= policies->clocks.n) {
        return csq__policies_fail_clock(clock, error);
    }
    const csq__clock *row = csq__policies_clock(policies, clock);
    const csq_clock found = {.size = sizeof found,
                             .metric = row->metric,
                             .track = csq__policies_track(policies, row->track)->name};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_clock, track), &found, sizeof found, error);
}

csq_status csq_policies_find_clock(const csq_policies *policies, uint32_t metric, csq_str track,
                                   uint32_t *clock, csq_error *error)
{
    if (policies == NULL || clock == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies" : "clock");
    }
    for (uint32_t c = 0; c < policies->clocks.n; c++) {
        const csq__clock *row = csq__policies_clock(policies, c);
        if (row->metric == metric &&
            csq__str_equal(csq__policies_track(policies, row->track)->name, track)) {
            *clock = c;
            return CSQ_OK;
        }
    }
    return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("the metric has no clock in the track \""),
                     CSQ__VIEW(track), CSQ__TEXT("\""));
}

csq_status csq_policies_policy_at(const csq_policies *policies, uint32_t policy, csq_policy *out,
                                  csq_error *error)
{
    if (policies == NULL) {
        return csq__fail_null(error, "policies");
    }
    if (policy >= policies->policies.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no policy "), CSQ__NUMBER(policy));
    }
    const csq__policy *row = csq__policies_policy(policies, policy);
    const csq_policy found = {.size = sizeof found,
                              .name = row->name,
                              .track = csq__policies_track(policies, row->track)->name,
                              .match = row->match,
                              .has = (row->from != INT64_MIN ? CSQ_POLICY_HAS_FROM : 0) |
                                     (row->until != INT64_MAX ? CSQ_POLICY_HAS_UNTIL : 0),
                              .from = row->from == INT64_MIN ? CSQ_MS_NONE : row->from,
                              .until = row->until == INT64_MAX ? CSQ_MS_NONE : row->until};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_policy, until), &found, sizeof found, error);
}
