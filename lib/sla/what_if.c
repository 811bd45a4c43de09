/*
 * what_if — two policies held against each other: life, merging, reading.
 *
 * The list keeps its first changes in the order of tickets and clocks, so that what it holds does
 * not depend on the order in which tickets came.
 *
 * Uses: base, time, calendar, stat, condition, ticket.
 */
#include "sla/what_if.h"

/* ---- the list ------------------------------------------------------------------------------ */

static int compare_changes(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq__change *x = *(csq__change *const *)a;
    const csq__change *y = *(csq__change *const *)b;
    if (x->ticket != y->ticket) {
        return x->ticket < y->ticket ? -1 : 1;
    }
    return (x->pair > y->pair) - (x->pair < y->pair);
}

/* Forgets the changes behind the first n. */
static void drop_changes(csq_what_if *what_if, size_t n)
{
    csq__change **changes = what_if->changes.data;
    while (what_if->changes.n > n) {
        csq__release(&what_if->allocator, changes[--what_if->changes.n], sizeof **changes);
    }
}

void csq__what_if_trim(csq_what_if *what_if)
{
    csq__sort(what_if->changes.data, what_if->changes.n, sizeof(csq__change *), compare_changes,
              NULL);
    drop_changes(what_if, what_if->change_limit);
}

/* Puts copies of the other's changes behind ours. */
static csq_status append_changes(csq_what_if *what_if, const csq_what_if *other, csq_error *error)
{
    const size_t n = what_if->changes.n;
    const size_t n_other = other->changes.n; // the other may be the same one
    if (!csq__array_reserve(&what_if->changes, &what_if->allocator, n_other,
                            sizeof(csq__change *))) {
        return csq__fail_memory(error);
    }
    csq__change **changes = what_if->changes.data;
    csq__change *const *added = other->changes.data;
    for (size_t i = 0; i < n_other; i++) {
        csq__change *copy = csq__allocate(&what_if->allocator, sizeof *copy);
        if (copy == NULL) {
            drop_changes(what_if, n);
            return csq__fail_memory(error);
        }
        *copy = *added[i];
        changes[what_if->changes.n++] = copy;
    }
    return CSQ_OK;
}

/* Brings the changes behind the first n, which are in their order, to their places. */
static void place_changes(csq_what_if *what_if, size_t n)
{
    enum { FEW = 16 };
    csq__change **changes = what_if->changes.data;
    for (size_t i = n; what_if->changes.n - n <= FEW && i < what_if->changes.n; i++) {
        csq__change *fresh = changes[i];
        const size_t at =
            csq__lower_bound(changes, i, sizeof(csq__change *), &fresh, compare_changes, NULL);
        memmove(changes + at + 1, changes + at, (i - at) * sizeof(csq__change *));
        changes[at] = fresh;
    }
    csq__what_if_trim(what_if);
}

/* ---- life ---------------------------------------------------------------------------------- */

/* Whether two metrics of one name are defined alike. */
static csq_status find_redefinition(const csq_what_if *what_if, csq__pair *pair, csq_error *error)
{
    uint64_t fingerprints[CSQ__SIDES];
    for (int s = 0; s < CSQ__SIDES; s++) {
        const csq_status status = csq__clock_fingerprint(
            what_if->policies[s], pair->clock[s], &what_if->allocator, &fingerprints[s], error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    pair->is_redefined = fingerprints[0] != fingerprints[1];
    return CSQ_OK;
}

/* The clock of the same metric and track, by their names, or CSQ_NO_INDEX. */
static uint32_t find_namesake(const csq_policies *policies, const csq_policies *others,
                              uint32_t clock)
{
    csq_clock named = {.size = sizeof named};
    uint32_t metric;
    uint32_t found;
    const bool is_found =
        csq_policies_clock_at(policies, clock, &named, NULL) == CSQ_OK &&
        csq_policies_find_metric(others, csq_policies_metric_name(policies, named.metric), &metric,
                                 NULL) == CSQ_OK &&
        csq_policies_find_clock(others, metric, named.track, &found, NULL) == CSQ_OK;
    return is_found ? found : CSQ_NO_INDEX;
}

/* The clocks of before, each with its namesake after; then the others of after. */
static csq_status pair_clocks(csq_what_if *what_if, csq_error *error)
{
    const csq_policies *before = what_if->policies[CSQ_WHAT_IF_BEFORE];
    const csq_policies *after = what_if->policies[CSQ_WHAT_IF_AFTER];
    const uint32_t n_before = (uint32_t)before->clocks.n;
    const uint32_t n_after = (uint32_t)after->clocks.n;
    what_if->pairs =
        csq__allocate_array(&what_if->allocator, n_before + n_after, sizeof *what_if->pairs);
    if (what_if->pairs == NULL) {
        return csq__fail_memory(error);
    }
    csq_status status = CSQ_OK;
    for (uint32_t m = 0; m < n_before && status == CSQ_OK; m++) {
        csq__pair *pair = &what_if->pairs[what_if->n_pairs++];
        *pair = (csq__pair){{m, find_namesake(before, after, m)}, false};
        if (pair->clock[1] != CSQ_NO_INDEX) {
            status = find_redefinition(what_if, pair, error);
        }
    }
    for (uint32_t m = 0; m < n_after; m++) {
        if (find_namesake(after, before, m) == CSQ_NO_INDEX) {
            what_if->pairs[what_if->n_pairs++] = (csq__pair){{CSQ_NO_INDEX, m}, false};
        }
    }
    return status;
}

static csq_status what_if_check(const csq_policies *before, const csq_policies *after,
                                const csq_what_if_options *options, csq_error *error)
{
    if (before == NULL || after == NULL) {
        return csq__fail_null(error, before == NULL ? "before" : "after");
    }
    if (before->schema != after->schema) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("the policies are of different schemas"));
    }
    if (options->list > CSQ_WHAT_IF_LIST_MISSED) {
        return csq__fail_value(error, "list", options->list);
    }
    if (options->reserved != 0) {
        return csq__fail_value(error, "reserved", options->reserved);
    }
    if (options->change_limit > CSQ_WHAT_IF_CHANGES_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("a list of "),
                         CSQ__NUMBER(options->change_limit), CSQ__TEXT(" changes, at most "),
                         CSQ__NUMBER(CSQ_WHAT_IF_CHANGES_LIMIT), CSQ__TEXT(" may be kept"));
    }
    return CSQ_OK;
}

static csq_status what_if_init(csq_what_if *what_if, const csq_what_if_options *options,
                               csq_error *error)
{
    static const csq_tally_options no_groups = {.size = sizeof no_groups};
    what_if->list = options->list == 0 ? (uint32_t)CSQ_WHAT_IF_LIST_ALL : options->list;
    what_if->change_limit =
        options->change_limit == 0 ? CSQ_WHAT_IF_CHANGES_DEFAULT : options->change_limit;
    csq_status status = CSQ_OK;
    for (int s = 0; s < CSQ__SIDES && status == CSQ_OK; s++) {
        status = csq_tally_new(what_if->policies[s],
                               options->tally == NULL ? &no_groups : options->tally,
                               &what_if->allocator, &what_if->tallies[s], error);
    }
    return status == CSQ_OK ? pair_clocks(what_if, error) : status;
}

csq_status csq_what_if_new(const csq_policies *before, const csq_policies *after,
                           const csq_what_if_options *options, const csq_allocator *allocator,
                           csq_what_if **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    csq_what_if_options known;
    csq_status status = csq__struct_read(options, CSQ__FIRST_SIZE(csq_what_if_options, tally),
                                         &known, sizeof known, error);
    if (status == CSQ_OK) {
        status = what_if_check(before, after, &known, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_what_if *what_if = csq__allocate_zeroed(&memory, sizeof *what_if);
    if (what_if == NULL) {
        return csq__fail_memory(error);
    }
    what_if->allocator = memory;
    what_if->policies[0] = csq_policies_retain((csq_policies *)(uintptr_t)before);
    what_if->policies[1] = csq_policies_retain((csq_policies *)(uintptr_t)after);
    status = what_if_init(what_if, &known, error);
    if (status != CSQ_OK) {
        csq_what_if_free(what_if);
        return status;
    }
    *out = what_if;
    return CSQ_OK;
}

csq_status csq__what_if_new_like(const csq_what_if *what_if, csq_what_if **out, csq_error *error)
{
    csq_what_if *fresh = csq__allocate_zeroed(&what_if->allocator, sizeof *fresh);
    *out = NULL;
    if (fresh == NULL) {
        return csq__fail_memory(error);
    }
    fresh->allocator = what_if->allocator;
    fresh->list = what_if->list;
    fresh->change_limit = what_if->change_limit;
    csq_status status = CSQ_OK;
    for (int s = 0; s < CSQ__SIDES && status == CSQ_OK; s++) {
        fresh->policies[s] = csq_policies_retain(what_if->policies[s]);
        status = csq__tally_new_like(what_if->tallies[s], &fresh->tallies[s], error);
    }
    if (status == CSQ_OK) {
        status = pair_clocks(fresh, error);
    }
    if (status != CSQ_OK) {
        csq_what_if_free(fresh);
        return status;
    }
    *out = fresh;
    return CSQ_OK;
}

void csq_what_if_reset(csq_what_if *what_if)
{
    if (what_if != NULL) {
        for (int s = 0; s < CSQ__SIDES; s++) {
            csq_tally_reset(what_if->tallies[s]);
        }
        drop_changes(what_if, 0);
        csq__array_release(&what_if->changes, &what_if->allocator, sizeof(csq__change *));
        what_if->summary = (csq_what_if_summary){0};
        what_if->n_listable = 0;
    }
}

void csq_what_if_free(csq_what_if *what_if)
{
    if (what_if == NULL) {
        return;
    }
    const csq_allocator memory = what_if->allocator;
    csq_what_if_reset(what_if);
    if (what_if->pairs != NULL) {
        const size_t n = what_if->policies[0]->clocks.n + what_if->policies[1]->clocks.n;
        csq__release(&memory, what_if->pairs, n * sizeof *what_if->pairs);
    }
    for (int s = 0; s < CSQ__SIDES; s++) {
        csq_tally_free(what_if->tallies[s]);
        csq_policies_free(what_if->policies[s]);
    }
    csq__release(&memory, what_if, sizeof *what_if);
}

/* ---- merging ------------------------------------------------------------------------------- */

static void add_summaries(csq_what_if *what_if, const csq_what_if *other)
{
    const csq_what_if_summary *from = &other->summary;
    csq_what_if_summary *into = &what_if->summary;
    into->tickets += from->tickets;
    into->changed_tickets += from->changed_tickets;
    into->changed_clocks += from->changed_clocks;
    into->worse += from->worse;
    into->better += from->better;
    what_if->n_listable += other->n_listable;
}

/* Takes all that the merge needs, or leaves everything as it was. */
static csq_status prepare_what_if(csq_what_if *what_if, const csq_what_if *other, csq_error *error)
{
    const size_t n_changes = what_if->changes.n;
    const size_t n_rows = what_if->tallies[0]->entries.n;
    csq_status status = append_changes(what_if, other, error);
    if (status != CSQ_OK) {
        return status;
    }
    status = csq__tally_prepare(what_if->tallies[0], other->tallies[0], error);
    if (status == CSQ_OK) {
        status = csq__tally_prepare(what_if->tallies[1], other->tallies[1], error);
        if (status != CSQ_OK) {
            csq__tally_undo_prepare(what_if->tallies[0], n_rows);
        }
    }
    if (status != CSQ_OK) {
        drop_changes(what_if, n_changes);
    }
    return status;
}

csq_status csq_what_if_merge(csq_what_if *what_if, const csq_what_if *other, csq_error *error)
{
    if (what_if == NULL || other == NULL) {
        return csq__fail_null(error, what_if == NULL ? "what_if" : "other");
    }
    const bool is_alike = what_if->tallies[0]->fingerprint == other->tallies[0]->fingerprint &&
                          what_if->tallies[1]->fingerprint == other->tallies[1]->fingerprint &&
                          what_if->policies[0]->schema == other->policies[0]->schema &&
                          what_if->list == other->list &&
                          what_if->change_limit == other->change_limit;
    if (!is_alike) {
        return csq__fail(error, CSQ_EMISMATCH,
                         CSQ__TEXT("the what-ifs are of different policies or options"));
    }
    // A ticket has no more than 64 clocks, of both policies together.
    if (other->summary.tickets > UINT64_MAX / 64 - what_if->summary.tickets) {
        return csq__fail(error, CSQ_EOVERFLOW, CSQ__TEXT("the number of tickets does not fit"));
    }
    const size_t n_changes = what_if->changes.n;
    const csq_status status = prepare_what_if(what_if, other, error);
    if (status != CSQ_OK) {
        return status;
    }
    for (int s = 0; s < CSQ__SIDES; s++) {
        csq__tally_apply(what_if->tallies[s], other->tallies[s]);
    }
    add_summaries(what_if, other);
    place_changes(what_if, n_changes);
    return CSQ_OK;
}

csq_status csq_what_if_copy(const csq_what_if *what_if, csq_what_if **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (what_if == NULL) {
        return csq__fail_null(error, "what_if");
    }
    csq_what_if *copy;
    csq_status status = csq__what_if_new_like(what_if, &copy, error);
    if (status == CSQ_OK) {
        status = csq_what_if_merge(copy, what_if, error);
        if (status != CSQ_OK) {
            csq_what_if_free(copy);
            return status;
        }
        *out = copy;
    }
    return status;
}

/* ---- reading ------------------------------------------------------------------------------- */

csq_status csq_what_if_summary_of(const csq_what_if *what_if, csq_what_if_summary *out,
                                  csq_error *error)
{
    if (what_if == NULL) {
        return csq__fail_null(error, "what_if");
    }
    csq_what_if_summary summary = what_if->summary;
    summary.unlisted = what_if->n_listable - what_if->changes.n;
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_what_if_summary, unlisted), &summary,
                             sizeof summary, error);
}

uint64_t csq_what_if_count(const csq_what_if *what_if)
{
    return what_if == NULL ? 0 : what_if->changes.n;
}

static csq_status find_change(const csq_what_if *what_if, uint64_t index, const csq__change **out,
                              csq_error *error)
{
    if (what_if == NULL) {
        return csq__fail_null(error, "what_if");
    }
    if (index >= what_if->changes.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("change "), CSQ__NUMBER((int64_t)index),
                         CSQ__TEXT(", there are "), CSQ__NUMBER((int64_t)what_if->changes.n));
    }
    *out = ((csq__change *const *)what_if->changes.data)[index];
    return CSQ_OK;
}

csq_status csq_what_if_change_at(const csq_what_if *what_if, uint64_t index,
                                 csq_what_if_change *out, csq_error *error)
{
    const csq__change *change = NULL;
    const csq_status status = find_change(what_if, index, &change, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq__pair *pair = &what_if->pairs[change->pair];
    const csq_what_if_change told = {.size = sizeof told,
                                     .reasons = change->reasons,
                                     .ticket = change->ticket,
                                     .clock_before = pair->clock[CSQ_WHAT_IF_BEFORE],
                                     .clock_after = pair->clock[CSQ_WHAT_IF_AFTER],
                                     .missed_before = change->missed[CSQ_WHAT_IF_BEFORE],
                                     .missed_after = change->missed[CSQ_WHAT_IF_AFTER]};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_what_if_change, missed_after), &told,
                             sizeof told, error);
}

csq_status csq_what_if_answer(const csq_what_if *what_if, uint64_t index, uint32_t side,
                              csq_answer *out, csq_error *error)
{
    const csq__change *change = NULL;
    const csq_status status = find_change(what_if, index, &change, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (side >= CSQ__SIDES) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no side "), CSQ__NUMBER(side));
    }
    if (what_if->pairs[change->pair].clock[side] == CSQ_NO_INDEX) {
        return csq__fail(error, CSQ_ENODATA, CSQ__TEXT("the clock does not exist on this side"));
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_answer, percent_hundredths),
                             &change->answers[side], sizeof change->answers[side], error);
}

const csq_tally *csq_what_if_tally(const csq_what_if *what_if, uint32_t side)
{
    return what_if == NULL || side >= CSQ__SIDES ? NULL : what_if->tallies[side];
}
