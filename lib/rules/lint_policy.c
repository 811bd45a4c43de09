/*
 * lint_policy — advice about conditions: policies that can never hold, that overlap, and values for
 * which a target is missing.
 *
 * Conditions become regions (region.h). A region that is empty proves a contradiction; a policy is
 * shadowed by an earlier one if no fact of its region lies in the region of the earlier one's
 * opposite; two policies overlap unless their regions are disjoint. Comparing stops after a fixed
 * amount of work, which only documents with thousands of large conditions reach.
 *
 * Uses: base, text.
 */
#include "rules/lint.h"

#define LINT_BUDGET UINT64_C(200000000)

typedef struct policy_linter {
    csq__linter *linter;
    const csq__document *document;
    csq_vocabulary *names; /* attributes and values */
    csq__arena arena;
    csq__array policies; /* policy_entry */
    csq__array mentions; /* uint64_t: attribute << 32 | value, sorted, each once */
    uint64_t budget;
} policy_linter;

typedef struct policy_entry {
    uint32_t node;
    uint32_t match; /* node of the condition, or of the policy without one */
    csq__verdict verdict;
} policy_entry;

static uint32_t policy_code(policy_linter *self, csq_str name)
{
    uint32_t code = 0;
    if (csq_vocabulary_add(self->names, name, &code, NULL) != CSQ_OK) {
        self->linter->failed = true;
    }
    return code;
}

/* ---- regions of all policies --------------------------------------------------------------- */

/* What reading a condition leaves behind in memory is given back with each policy. */
static bool policy_push(policy_linter *self, uint32_t node)
{
    const csq_allocator *allocator = &self->arena.allocator;
    const uint32_t match = csq__member_of(self->document, node, "match");
    csq__arena scratch = {.allocator = *allocator};
    const csq__verdict verdict = csq__region_read(self->document, match, self->names, &scratch);
    const policy_entry entry = {
        .node = node,
        .match = match != 0 ? match : node,
        .verdict = {csq__region_copy(&self->arena, &verdict.holds),
                    csq__region_copy(&self->arena, &verdict.fails)},
    };
    const bool is_read = !scratch.failed && !self->arena.failed &&
                         csq__array_push(&self->policies, allocator, &entry, sizeof entry) != NULL;
    csq__arena_release(&scratch);
    return is_read;
}

static void policy_read_all(policy_linter *self)
{
    const csq__document *document = self->document;
    uint32_t at =
        csq__json_first(&document->json, csq__member_of(document, CSQ__JSON_ROOT, "policies"));
    for (; at != 0 && !self->linter->failed; at = csq__json_next(&document->json, at)) {
        self->linter->failed = !policy_push(self, at);
    }
}

/* ---- matching ------------------------------------------------------------------------------ */

static csq_str policy_name(const policy_linter *self, const policy_entry *entry)
{
    return csq__json_text(&self->document->json,
                          csq__member_of(self->document, entry->node, "name"));
}

/* Compares a policy with those before it: shadowed by one of them, or overlapping with the first.
 */
static void policy_compare(policy_linter *self, size_t index)
{
    const policy_entry *entries = self->policies.data;
    const policy_entry *entry = &entries[index];
    const policy_entry *overlapped = NULL;
    for (size_t i = 0; i < index && self->budget > 0; i++) {
        const policy_entry *earlier = &entries[i];
        if (csq__region_is_disjoint(&entry->verdict.holds, &earlier->verdict.fails,
                                    &self->budget)) {
            csq__advise(self->linter, entry->match, CSQ_ADVICE_NEVER_MATCHES, CSQ_ADVICE_WARNING,
                        CSQ__TEXT("every ticket that it matches is matched by \""),
                        CSQ__VIEW(policy_name(self, earlier)),
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
                    CSQ__VIEW(policy_name(self, overlapped)),
                    CSQ__TEXT("\" as well, which then holds because it stands earlier"));
    }
}

static void policy_lint_matches(policy_linter *self)
{
    const policy_entry *entries = self->policies.data;
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

/* ---- values that are mentioned ------------------------------------------------------------- */

static void mention_add(policy_linter *self, csq_str attribute, csq_str value)
{
    const uint64_t mention =
        (uint64_t)policy_code(self, attribute) << 32 | policy_code(self, value);
    if (csq__array_push(&self->mentions, &self->arena.allocator, &mention, sizeof mention) ==
        NULL) {
        self->linter->failed = true;
    }
}

/* The test to which a value belongs: the nearest node around it that asks an attribute. */
static uint32_t mention_test(const csq__document *document, uint32_t node)
{
    while (node != 0 && document->marks[node].kind == 0) {
        node = csq__json_at(&document->json, node)->parent;
    }
    return node;
}

static void mention_add_statuses(policy_linter *self, uint32_t metric)
{
    static const char *const lists[] = {"stop_statuses", "pause_statuses", "cancel_statuses"};
    const csq__json *json = &self->document->json;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        uint32_t at = csq__json_first(json, csq__member_of(self->document, metric, lists[i]));
        for (; at != 0; at = csq__json_next(json, at)) {
            mention_add(self, CSQ__STR("status"), csq__json_text(json, at));
        }
    }
    const uint32_t group = csq__member_of(self->document, metric, "group");
    if (group != 0) {
        mention_add(self, CSQ__STR("group"), csq__json_text(json, group));
    }
}

static void mention_add_node(policy_linter *self, uint32_t node)
{
    const csq__document *document = self->document;
    const csq__json *json = &document->json;
    switch (document->marks[node].shape) {
    case CSQ__SHAPE_SCALAR: {
        const uint32_t test = mention_test(document, node);
        if (document->marks[test].kind == CSQ_ATTRIBUTE_CATEGORY) {
            mention_add(self, csq__json_key(json, test), csq__json_text(json, node));
        }
        break;
    }
    case CSQ__SHAPE_METRIC:
        mention_add_statuses(self, node);
        break;
    case CSQ__SHAPE_TARGET_VALUES: {
        const uint32_t by = csq__member_of(document, csq__json_at(json, node)->parent, "by");
        uint32_t at = csq__json_first(json, node);
        for (; at != 0; at = csq__json_next(json, at)) {
            mention_add(self, csq__json_text(json, by), csq__json_key(json, at));
        }
        break;
    }
    default:
        break;
    }
}

static int mention_compare(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static void mention_read_all(policy_linter *self)
{
    for (uint32_t node = CSQ__JSON_ROOT; node < self->document->n_marks; node++) {
        mention_add_node(self, node);
    }
    uint64_t *mentions = self->mentions.data;
    csq__sort(mentions, self->mentions.n, sizeof *mentions, mention_compare, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < self->mentions.n; i++) {
        if (kept == 0 || mentions[kept - 1] != mentions[i]) {
            mentions[kept++] = mentions[i];
        }
    }
    self->mentions.n = kept;
}

/* ---- values that are not covered ----------------------------------------------------------- */

enum { UNCOVERED_NAMES = 8 };

static void uncovered_advise(policy_linter *self, uint32_t node, csq_str by, const csq_str *names,
                             uint32_t n)
{
    csq__piece pieces[2 * UNCOVERED_NAMES + 8];
    size_t n_pieces = 0;
    const csq_str start = n == 1 ? CSQ__STR("there is no target for the value \"")
                                 : CSQ__STR("there are no targets for the values \"");
    const csq_str between = CSQ__STR("\", \"");
    const csq_str of = CSQ__STR("\" of \"");
    const csq_str end = CSQ__STR("\", and no \"otherwise\"");
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(start);
    for (uint32_t i = 0; i < n && i < UNCOVERED_NAMES; i++) {
        if (i > 0) {
            pieces[n_pieces++] = (csq__piece)CSQ__VIEW(between);
        }
        pieces[n_pieces++] = (csq__piece)CSQ__VIEW(names[i]);
    }
    if (n > UNCOVERED_NAMES) {
        pieces[n_pieces++] = (csq__piece)CSQ__TEXT("\" and ");
        pieces[n_pieces++] = (csq__piece)CSQ__NUMBER(n - UNCOVERED_NAMES);
        pieces[n_pieces++] = (csq__piece)CSQ__TEXT(" more of \"");
    } else {
        pieces[n_pieces++] = (csq__piece)CSQ__VIEW(of);
    }
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(by);
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(end);
    csq__advise_pieces(self->linter, node, CSQ_ADVICE_UNCOVERED_VALUE, CSQ_ADVICE_WARNING, pieces,
                       n_pieces);
}

/* A value that the policy's own condition rules out needs no target. */
static void uncovered_lint_target(policy_linter *self, const policy_entry *entry, uint32_t target)
{
    const csq__document *document = self->document;
    const csq__json *json = &document->json;
    const uint32_t by = csq__member_of(document, target, "by");
    if (by == 0 || csq__member_of(document, target, "otherwise") != 0) {
        return;
    }
    const uint32_t values = csq__member_of(document, target, "values");
    const uint32_t attribute = policy_code(self, csq__json_text(json, by));
    const uint64_t variable = csq__variable(attribute, 0, CSQ__VARIABLE_NOW);
    const uint64_t *mentions = self->mentions.data;
    const uint64_t first = (uint64_t)attribute << 32;
    size_t i =
        csq__lower_bound(mentions, self->mentions.n, sizeof first, &first, mention_compare, NULL);
    csq_str missing[UNCOVERED_NAMES];
    uint32_t n = 0;
    for (; i < self->mentions.n && mentions[i] >> 32 == attribute && self->budget > 0; i++) {
        const uint32_t code = (uint32_t)mentions[i];
        const csq_str name = csq_vocabulary_name(self->names, code);
        self->budget -= 1;
        if (csq__json_member(json, values, name) == 0 &&
            csq__region_admits(&entry->verdict.holds, variable, code)) {
            if (n < UNCOVERED_NAMES) {
                missing[n] = name;
            }
            n++;
        }
    }
    if (n > 0) {
        uncovered_advise(self, values, csq__json_text(json, by), missing, n);
    }
}

static void policy_lint_values(policy_linter *self)
{
    const csq__json *json = &self->document->json;
    const policy_entry *entries = self->policies.data;
    for (size_t i = 0; i < self->policies.n && !self->linter->failed; i++) {
        uint32_t at =
            csq__json_first(json, csq__member_of(self->document, entries[i].node, "targets"));
        for (; at != 0; at = csq__json_next(json, at)) {
            uncovered_lint_target(self, &entries[i], at);
        }
    }
}

void csq__lint_policies(csq__linter *linter)
{
    const csq_allocator *allocator = &linter->lint->allocator;
    policy_linter self = {
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
        mention_read_all(&self);
    }
    if (!linter->failed) {
        policy_lint_matches(&self);
        policy_lint_values(&self);
    }
    csq__array_release(&self.policies, allocator, sizeof(policy_entry));
    csq__array_release(&self.mentions, allocator, sizeof(uint64_t));
    csq__arena_release(&self.arena);
    csq_vocabulary_free(self.names);
}
