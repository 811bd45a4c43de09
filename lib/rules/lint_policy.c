/*
 * lint_policy — advice about the conditions of policies: those that can never hold, and those that
 * overlap.
 *
 * Conditions become regions (region.h). A region that is empty proves a contradiction; a policy is
 * shadowed by an earlier one if no fact of its region lies in the region of the earlier one's
 * opposite; two policies overlap unless their regions are disjoint. Comparing stops after a fixed
 * amount of work, which very large documents reach; lint_value draws on what is left of it.
 *
 * Uses: base, text.
 */
#include "rules/lint.h"

#define LINT_BUDGET UINT64_C(200000000)

/* ---- regions of all policies --------------------------------------------------------------- */

static csq_str policy_name(const csq__policy_linter *self, uint32_t node)
{
    return csq__json_text(&self->document->json, csq__member_of(self->document, node, "name"));
}

/* The track of a policy: its own, or where all policies hold at once one named like it. */
static csq_str entry_track(const csq__policy_linter *self, uint32_t node)
{
    const csq__document *document = self->document;
    const uint32_t track = csq__member_of(document, node, "track");
    const uint32_t select = csq__member_of(document, CSQ__JSON_ROOT, "select");
    if (track != 0) {
        return csq__json_text(&document->json, track);
    }
    return csq__choice_of(document, select) + 1 == CSQ_SELECT_ALL ? policy_name(self, node)
                                                                  : (csq_str){NULL, 0};
}

bool csq__lint_precedes(const csq__policy_entry *earlier, const csq__policy_entry *later)
{
    return csq__str_equal(earlier->track, later->track) && earlier->from <= later->from &&
           earlier->until >= later->until;
}

/* Whether both are in force in one track at some instant. */
static bool policy_meets(const csq__policy_entry *a, const csq__policy_entry *b)
{
    return csq__str_equal(a->track, b->track) && a->from < b->until && b->from < a->until;
}

/* An instant of the policy, which the reader has checked; `none` without it. */
static csq_ms policy_instant(const csq__policy_linter *self, uint32_t node, const char *name,
                             csq_ms none)
{
    const uint32_t member = csq__member_of(self->document, node, name);
    csq_ms at = none;
    if (member != 0) {
        (void)csq__read_instant(self->document, member, &at, NULL);
    }
    return at;
}

/* What reading a condition leaves behind in memory is given back with each policy. */
static bool policy_push(csq__policy_linter *self, uint32_t node)
{
    const csq_allocator *allocator = &self->arena.allocator;
    const uint32_t match = csq__member_of(self->document, node, "match");
    csq__arena scratch = {.allocator = *allocator};
    const csq__verdict verdict = csq__region_read(self->document, match, self->names, &scratch);
    const csq__policy_entry entry = {
        .node = node,
        .match = match != 0 ? match : node,
        .track = entry_track(self, node),
        .from = policy_instant(self, node, "from", INT64_MIN),
        .until = policy_instant(self, node, "until", INT64_MAX),
        .verdict = {csq__region_copy(&self->arena, &verdict.holds),
                    csq__region_copy(&self->arena, &verdict.fails)},
    };
    const bool is_read = !scratch.failed && !self->arena.failed &&
                         csq__array_push(&self->policies, allocator, &entry, sizeof entry) != NULL;
    csq__arena_release(&scratch);
    return is_read;
}

static void policy_read_all(csq__policy_linter *self)
{
    const csq__document *document = self->document;
    uint32_t at =
        csq__json_first(&document->json, csq__member_of(document, CSQ__JSON_ROOT, "policies"));
    for (; at != 0 && !self->linter->failed; at = csq__json_next(&document->json, at)) {
        self->linter->failed = !policy_push(self, at);
    }
}

/* ---- matching ------------------------------------------------------------------------------ */

/* Compares a policy with those before it: shadowed by one of them, or overlapping with the first.
 */
static void policy_compare(csq__policy_linter *self, size_t index)
{
    const csq__policy_entry *entries = self->policies.data;
    const csq__policy_entry *entry = &entries[index];
    const csq__policy_entry *overlapped = NULL;
    for (size_t i = 0; i < index && self->budget > 0; i++) {
        const csq__policy_entry *earlier = &entries[i];
        if (!policy_meets(earlier, entry)) {
            continue;
        }
        if (csq__lint_precedes(earlier, entry) &&
            csq__region_is_disjoint(&entry->verdict.holds, &earlier->verdict.fails,
                                    &self->budget)) {
            csq__advise(self->linter, entry->match, CSQ_ADVICE_NEVER_MATCHES, CSQ_ADVICE_WARNING,
                        CSQ__TEXT("every ticket that it matches is matched by \""),
                        CSQ__VIEW(policy_name(self, earlier->node)),
                        CSQ__TEXT("\" before it, so it holds only where it is attached by name"));
            return;
        }
        if (overlapped == NULL &&
            !csq__region_is_disjoint(&entry->verdict.holds, &earlier->verdict.holds,
                                     &self->budget)) {
            overlapped = earlier;
        }
    }
    // A policy for all the rest overlaps with every other one, as it is meant to.
    const bool is_for_the_rest = entry->verdict.fails.n == 0;
    if (overlapped != NULL && !is_for_the_rest && self->budget > 0) {
        csq__advise(self->linter, entry->match, CSQ_ADVICE_OVERLAP, CSQ_ADVICE_HINT,
                    CSQ__TEXT("some tickets may match \""),
                    CSQ__VIEW(policy_name(self, overlapped->node)),
                    CSQ__TEXT("\" as well, which then holds because it stands earlier"));
    }
}

static void policy_lint_matches(csq__policy_linter *self)
{
    const csq__policy_entry *entries = self->policies.data;
    for (size_t i = 0; i < self->policies.n && !self->linter->failed; i++) {
        if (entries[i].verdict.holds.n == 0) {
            csq__advise(self->linter, entries[i].match, CSQ_ADVICE_NEVER_MATCHES,
                        CSQ_ADVICE_WARNING,
                        CSQ__TEXT("the condition contradicts itself, so it matches no ticket"));
        } else {
            policy_compare(self, i);
        }
    }
}

void csq__lint_policies(csq__linter *linter)
{
    const csq_allocator *allocator = &linter->lint->allocator;
    csq__policy_linter self = {
        .linter = linter,
        .document = linter->document,
        .arena = {.allocator = *allocator},
        .budget = LINT_BUDGET,
    };
    const csq_status status =
        csq_vocabulary_new(linter->document->json.seed, allocator, &self.names, NULL);
    linter->failed = linter->failed || status != CSQ_OK;
    if (!linter->failed) {
        policy_read_all(&self);
        csq__lint_read_mentions(&self);
    }
    if (!linter->failed) {
        policy_lint_matches(&self);
        csq__lint_values(&self);
    }
    csq__array_release(&self.policies, allocator, sizeof(csq__policy_entry));
    csq__array_release(&self.mentions, allocator, sizeof(uint64_t));
    csq__arena_release(&self.arena);
    csq_vocabulary_free(self.names);
}
