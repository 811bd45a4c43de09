/*
 * epoch — versions of policies: which of them is in force, and what happens when that changes.
 *
 * The instants at which some policy comes into or goes out of force are epochs. A walk passes an
 * epoch before the events of that instant, and there every clock chooses its agreement again, as if
 * an event had happened. Policies without versions have no epochs, and their walk never gets here.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

/* ---- versions ------------------------------------------------------------------------------ */

uint32_t csq__policies_version(const csq_policies *policies, uint32_t policy, csq_ms at)
{
    const csq__policy *named = csq__policies_policy(policies, policy);
    const csq__array *of_track = &csq__policies_track(policies, named->track)->policies;
    const uint32_t *const order = of_track->data;
    for (size_t i = 0; i < of_track->n; i++) {
        const csq__policy *version = csq__policies_policy(policies, order[i]);
        if (version->code == named->code && csq__policy_is_in_force(version, at)) {
            return order[i];
        }
    }
    return CSQ_NO_INDEX;
}

static int compare_instants(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq_ms left = *(const csq_ms *)a;
    const csq_ms right = *(const csq_ms *)b;
    return (left > right) - (left < right);
}

csq_status csq__policies_set_epochs(csq_policies *policies, csq_error *error)
{
    csq__array *epochs = &policies->epochs;
    for (uint32_t p = 0; p < policies->policies.n; p++) {
        const csq__policy *policy = csq__policies_policy(policies, p);
        const csq_ms ends[] = {policy->from, policy->until};
        for (size_t i = 0; i < 2; i++) {
            if (ends[i] != INT64_MIN && ends[i] != INT64_MAX &&
                csq__array_push(epochs, &policies->allocator, &ends[i], sizeof ends[i]) == NULL) {
                return csq__fail_memory(error);
            }
        }
    }
    csq_ms *const instants = epochs->data;
    csq__sort(instants, epochs->n, sizeof *instants, compare_instants, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < epochs->n; i++) {
        if (kept == 0 || instants[kept - 1] != instants[i]) {
            instants[kept++] = instants[i];
        }
    }
    epochs->n = kept;
    return CSQ_OK;
}

/* ---- finished cycles ----------------------------------------------------------------------- */

/* The terms of another version for the value that had chosen these; 0: it has none. */
static uint32_t terms_of_version(const csq_policies *policies, uint32_t metric, uint32_t terms,
                                 uint32_t version)
{
    const uint32_t policy = csq__policies_terms(policies, terms)->policy;
    const csq__choice *old = &csq__policies_policy(policies, policy)->choices[metric];
    const csq__choice *fresh = &csq__policies_policy(policies, version)->choices[metric];
    const csq__choice_case *cases = old->cases.data;
    uint32_t code = CSQ_CODE_NONE;
    for (size_t i = 0; i < old->cases.n; i++) {
        code = cases[i].terms == terms ? cases[i].code : code;
    }
    return old->attribute == fresh->attribute && code != CSQ_CODE_NONE
               ? csq__choice_find(fresh, code)
               : fresh->otherwise;
}

/* Judges a finished cycle by the version of its policy that came into force. One that ran on the
 * calendar of its target alone is measured again; what the ticket's own calendars or several of
 * them measured stands. */
static csq_status run_rejudge(csq__walk *walk, uint32_t index, csq__run *run, csq_error *error)
{
    const csq_policies *policies = walk->policies;
    const csq__clock *clock = csq__policies_clock(policies, index);
    const csq__terms *old = csq__policies_terms(policies, run->terms);
    if (run->terms == 0 ||
        csq__policy_is_in_force(csq__policies_policy(policies, old->policy), walk->at)) {
        return CSQ_OK;
    }
    const uint32_t version = csq__policies_version(policies, old->policy, walk->at);
    const uint32_t terms = version == CSQ_NO_INDEX
                               ? 0
                               : terms_of_version(policies, clock->metric, run->terms, version);
    if (terms == 0) {
        return CSQ_OK;
    }
    const csq__terms *fresh = csq__policies_terms(policies, terms);
    const uint32_t before = csq__clock_calendar(policies, clock, old->calendar);
    const uint32_t calendar = csq__clock_calendar(policies, clock, fresh->calendar);
    if (run == &walk->runs[index]) {
        const csq_status status = csq__walk_note_change(walk, index, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    run->terms = (uint16_t)terms;
    run->target = fresh->target;
    return run->calendar == before && run->is_mixed == 0 && calendar != before
               ? csq__walk_remeasure_cycle(walk, index, run, calendar, error)
               : CSQ_OK;
}

/* Whether a version that comes into force can concern the clock. */
static bool clock_follows(const csq__walk *walk, uint32_t index)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    return clock->version_at == CSQ_VERSION_AT_EVENT &&
           (clock->on_change != CSQ_ON_CHANGE_KEEP || walk->selected[index] == 0 ||
            clock->on_no_match == CSQ_ON_NO_MATCH_DETACH);
}

static csq_status walk_rejudge(csq__walk *walk, csq_error *error)
{
    csq_status status = CSQ_OK;
    uint64_t rejudged = 0;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        if (csq__policies_clock(walk->policies, c)->edit_scope != CSQ_EDIT_SCOPE_ALL ||
            !clock_follows(walk, c)) {
            continue;
        }
        rejudged |= (uint64_t)1 << c;
        if (!csq__run_is_open(&walk->runs[c])) {
            status = run_rejudge(walk, c, &walk->runs[c], error);
        }
    }
    csq__finished *finished = walk->finished.data;
    for (size_t i = 0; rejudged != 0 && i < walk->finished.n && status == CSQ_OK; i++) {
        if ((rejudged >> finished[i].clock & 1) != 0) {
            status = run_rejudge(walk, finished[i].clock, &finished[i].run, error);
        }
    }
    return status;
}

/* ---- passing epochs ------------------------------------------------------------------------ */

/* An instant at which the same versions are in force as after the first `n` epochs. */
static csq_ms epoch_before(const csq_policies *policies, uint32_t n)
{
    return n == 0 ? INT64_MIN : ((const csq_ms *)policies->epochs.data)[n - 1];
}

csq_ms csq__walk_version_at(const csq__walk *walk, uint32_t index)
{
    const csq__run *run = &walk->runs[index];
    switch (csq__policies_clock(walk->policies, index)->version_at) {
    case CSQ_VERSION_AT_CREATED:
        return walk->first_at;
    case CSQ_VERSION_AT_CYCLE:
        return run->cycle > 0 ? epoch_before(walk->policies, run->epoch) : walk->at;
    default:
        return walk->at;
    }
}

static csq_status walk_enter(csq__walk *walk, csq_ms at, csq_error *error)
{
    walk->at = at;
    walk->event = CSQ__NO_EVENT;
    walk->concerned = CSQ__SELECTS;
    // Finished cycles first: one that the choice below ends was open at the epoch.
    csq_status status = walk_rejudge(walk, error);
    if (status == CSQ_OK) {
        status = csq__walk_judge(walk, error);
    }
    return csq__walk_is_void(walk) ? CSQ_OK : status;
}

void csq__walk_skip_epochs(csq__walk *walk, csq_ms at)
{
    const csq__array *epochs = &walk->policies->epochs;
    const csq_ms *const instants = epochs->data;
    walk->epoch = csq__lower_bound(instants, epochs->n, sizeof at, &at, compare_instants, NULL);
    walk->epoch += walk->epoch < epochs->n && instants[walk->epoch] == at;
}

csq_status csq__walk_enter_epochs(csq__walk *walk, csq_ms at, csq_error *error)
{
    const csq__array *epochs = &walk->policies->epochs;
    const csq_ms *const instants = epochs->data;
    // Before the first event there is no agreement.
    if (walk->owed != 0) {
        csq__walk_skip_epochs(walk, at);
        return CSQ_OK;
    }
    csq_status status = CSQ_OK;
    while (walk->epoch < epochs->n && instants[walk->epoch] <= at && status == CSQ_OK &&
           !csq__walk_is_void(walk)) {
        status = walk_enter(walk, instants[walk->epoch++], error);
    }
    return status;
}

csq_ms csq__walk_next_epoch(const csq__walk *walk, uint32_t index)
{
    const csq__array *epochs = &walk->policies->epochs;
    const csq__run *run = &walk->runs[index];
    const bool is_rejudged =
        csq__policies_clock(walk->policies, index)->edit_scope == CSQ_EDIT_SCOPE_ALL;
    return walk->epoch < epochs->n && clock_follows(walk, index) &&
                   (is_rejudged || csq__run_is_open(run))
               ? ((const csq_ms *)epochs->data)[walk->epoch]
               : CSQ_MS_NONE;
}
