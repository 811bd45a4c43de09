/*
 * lint_value — advice about values for which a metric has no target.
 *
 * Values count that the document mentions. A policy is judged for the tickets that it gets: those
 * that it matches, less those that a policy before it matches. What is left of them is a region
 * (region.h), so a value that is said not to arrive never does.
 *
 * Uses: base, text.
 */
#include "rules/lint.h"

/* ---- values that are mentioned ------------------------------------------------------------- */

static uint32_t mention_code(csq__policy_linter *self, csq_str name)
{
    uint32_t code = 0;
    if (csq_vocabulary_add(self->names, name, &code, NULL) != CSQ_OK) {
        self->linter->failed = true;
    }
    return code;
}

static void mention_add(csq__policy_linter *self, csq_str attribute, csq_str value)
{
    const uint64_t mention =
        (uint64_t)mention_code(self, attribute) << 32 | mention_code(self, value);
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

static void mention_add_statuses(csq__policy_linter *self, uint32_t metric)
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

static void mention_add_node(csq__policy_linter *self, uint32_t node)
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

void csq__lint_read_mentions(csq__policy_linter *self)
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

/* ---- where the tickets with a value end ---------------------------------------------------- */

typedef enum value_fate {
    VALUE_ARRIVES = 1, /* perhaps: some tickets with the value get to the policy */
    VALUE_ELSEWHERE,   /* the policy does not match it */
    VALUE_TAKEN,       /* policies before it match all of its tickets */
    VALUE_EXEMPT       /* likewise, and these have no targets at all */
} value_fate;

/* What is looked at: tickets with `code` as the value of `attribute`. */
typedef struct value_case {
    uint32_t attribute;
    uint32_t code;
    csq_str metric;
} value_case;

static uint64_t value_weight(const csq__region *region)
{
    uint64_t weight = 0;
    for (uint32_t i = 0; i < region->n; i++) {
        const csq__box *box = &region->boxes[i];
        weight += 1 + (uint64_t)box->n;
        for (uint32_t j = 0; j < box->n; j++) {
            weight += box->bounds[j].n_codes;
        }
    }
    return weight;
}

/* Work on what is asked for, and on the memory for it. */
static void value_spend(csq__policy_linter *self, uint64_t work)
{
    enum { MEMORY_WORK = 64 };
    work += MEMORY_WORK;
    self->budget -= work < self->budget ? work : self->budget;
}

/* Leaves of `*left` what also lies in `fails`; its memory, `*arena`, is replaced. */
static void value_keep(csq__policy_linter *self, csq__arena *arena, csq__region *left,
                       const csq__region *fails)
{
    value_spend(self, value_weight(left) * fails->n + value_weight(fails) * left->n);
    csq__arena scratch = {.allocator = arena->allocator};
    csq__arena kept = {.allocator = arena->allocator};
    const csq__region parts[] = {*left, *fails};
    const csq__region both = csq__region_all(&scratch, parts, 2);
    *left = csq__region_copy(&kept, &both);
    kept.failed = kept.failed || scratch.failed;
    csq__arena_release(&scratch);
    csq__arena_release(arena);
    *arena = kept;
}

/* Takes what the policies before `index` match away from `*left`; whether one of those that may
 * have taken something has targets. */
static bool value_take(csq__policy_linter *self, size_t index, csq__arena *arena, csq__region *left)
{
    const csq__policy_entry *entries = self->policies.data;
    bool has_targets = false;
    for (size_t i = 0; i < index && left->n > 0 && self->budget > 0 && !arena->failed; i++) {
        const csq__verdict *earlier = &entries[i].verdict;
        if (!csq__lint_precedes(&entries[i], &entries[index]) ||
            csq__region_is_disjoint(left, &earlier->holds, &self->budget)) {
            continue;
        }
        const uint32_t targets = csq__member_of(self->document, entries[i].node, "targets");
        has_targets = has_targets || csq__json_count(&self->document->json, targets) > 0;
        if (csq__region_is_disjoint(left, &earlier->fails, &self->budget)) {
            left->n = 0;
        } else {
            value_keep(self, arena, left, &earlier->fails);
        }
    }
    return has_targets;
}

static value_fate value_follow(csq__policy_linter *self, size_t index, const value_case *asked)
{
    const csq__policy_entry *entry = (const csq__policy_entry *)self->policies.data + index;
    const csq__bound bound = {
        .variable = csq__variable(asked->attribute, 0, CSQ__VARIABLE_NOW),
        .codes = &asked->code,
        .n_codes = 1,
    };
    self->budget -= self->budget > 0;
    if (!csq__region_admits(&entry->verdict.holds, bound.variable, asked->code)) {
        return VALUE_ELSEWHERE;
    }
    value_spend(self, value_weight(&entry->verdict.holds));
    csq__arena arena = {.allocator = self->arena.allocator};
    const csq__region parts[] = {entry->verdict.holds, csq__region_of_bound(&arena, &bound)};
    csq__region left = csq__region_all(&arena, parts, 2);
    const bool is_possible = left.n > 0;
    const bool has_targets = value_take(self, index, &arena, &left);
    self->linter->failed = self->linter->failed || arena.failed;
    csq__arena_release(&arena);
    if (left.n > 0) {
        return VALUE_ARRIVES;
    }
    if (!is_possible) {
        return VALUE_ELSEWHERE;
    }
    return has_targets ? VALUE_TAKEN : VALUE_EXEMPT;
}

/* Whether tickets with the value get to any policy of the track that has a target for the metric.
 */
static bool value_has_metric(csq__policy_linter *self, size_t index, const value_case *asked)
{
    const csq__json *json = &self->document->json;
    const csq__policy_entry *entries = self->policies.data;
    for (size_t i = 0; i < self->policies.n; i++) {
        const uint32_t targets = csq__member_of(self->document, entries[i].node, "targets");
        if (targets != 0 && csq__str_equal(entries[i].track, entries[index].track) &&
            csq__json_member(json, targets, asked->metric) != 0 &&
            value_follow(self, i, asked) == VALUE_ARRIVES) {
            return true;
        }
    }
    return false;
}

/* ---- values that are not covered ----------------------------------------------------------- */

enum { UNCOVERED_NAMES = 8 };

typedef struct uncovered_values {
    csq_str names[UNCOVERED_NAMES];
    uint32_t n; /* may be more */
} uncovered_values;

static void uncovered_add(uncovered_values *values, csq_str name)
{
    if (values->n < UNCOVERED_NAMES) {
        values->names[values->n] = name;
    }
    values->n++;
}

/* <start> value(s) "a", "b" of "<by>"<end> */
static void uncovered_advise(csq__policy_linter *self, uint32_t node, csq_advice_weight weight,
                             csq_str start, csq_str by, csq_str end, const uncovered_values *values)
{
    csq__piece pieces[2 * UNCOVERED_NAMES + 8];
    size_t n_pieces = 0;
    const csq_str noun = values->n == 1 ? CSQ__STR(" \"") : CSQ__STR("s \"");
    const csq_str between = CSQ__STR("\", \"");
    const csq_str of = CSQ__STR("\" of \"");
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(start);
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(noun);
    for (uint32_t i = 0; i < values->n && i < UNCOVERED_NAMES; i++) {
        if (i > 0) {
            pieces[n_pieces++] = (csq__piece)CSQ__VIEW(between);
        }
        pieces[n_pieces++] = (csq__piece)CSQ__VIEW(values->names[i]);
    }
    if (values->n > UNCOVERED_NAMES) {
        pieces[n_pieces++] = (csq__piece)CSQ__TEXT("\" and ");
        pieces[n_pieces++] = (csq__piece)CSQ__NUMBER(values->n - UNCOVERED_NAMES);
        pieces[n_pieces++] = (csq__piece)CSQ__TEXT(" more of \"");
    } else {
        pieces[n_pieces++] = (csq__piece)CSQ__VIEW(of);
    }
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(by);
    pieces[n_pieces++] = (csq__piece)CSQ__VIEW(end);
    csq__advise_pieces(self->linter, node, CSQ_ADVICE_UNCOVERED_VALUE, weight, pieces, n_pieces);
}

static void uncovered_report(csq__policy_linter *self, uint32_t target, csq_str by,
                             const uncovered_values *missing, const uncovered_values *taken)
{
    const uint32_t values = csq__member_of(self->document, target, "values");
    const uint32_t node = values != 0 ? values : target;
    if (missing->n > 0) {
        const csq_str start = missing->n == 1 ? CSQ__STR("there is no target for the value")
                                              : CSQ__STR("there are no targets for the value");
        uncovered_advise(self, node, CSQ_ADVICE_WARNING, start, by,
                         CSQ__STR("\", and no \"otherwise\""), missing);
    }
    if (taken->n > 0) {
        uncovered_advise(self, node, CSQ_ADVICE_HINT,
                         CSQ__STR("policies before it match all tickets with the value"), by,
                         CSQ__STR("\", and have no target for this metric"), taken);
    }
}

/* Looks at all values that the document mentions of the attribute which chooses the target. */
static void uncovered_lint_target(csq__policy_linter *self, size_t index, uint32_t target)
{
    const csq__document *document = self->document;
    const csq__json *json = &document->json;
    const csq_str by = csq__json_text(json, csq__member_of(document, target, "by"));
    const uint32_t values = csq__member_of(document, target, "values");
    const bool is_for_all = csq__member_of(document, target, "otherwise") != 0;
    value_case asked = {mention_code(self, by), 0, csq__json_key(json, target)};
    const uint64_t *mentions = self->mentions.data;
    const uint64_t first = (uint64_t)asked.attribute << 32;
    size_t i =
        csq__lower_bound(mentions, self->mentions.n, sizeof first, &first, mention_compare, NULL);
    uncovered_values missing = {.n = 0};
    uncovered_values taken = {.n = 0};
    for (; i < self->mentions.n && mentions[i] >> 32 == asked.attribute; i++) {
        asked.code = (uint32_t)mentions[i];
        const csq_str name = csq_vocabulary_name(self->names, asked.code);
        const bool has_target =
            is_for_all || (values != 0 && csq__json_member(json, values, name) != 0);
        const value_fate fate = value_follow(self, index, &asked);
        const bool is_missing = fate == VALUE_ARRIVES && !has_target;
        const bool is_taken = fate == VALUE_TAKEN && !value_has_metric(self, index, &asked);
        if (self->budget == 0 || self->linter->failed) {
            break;
        }
        if (is_missing) {
            uncovered_add(&missing, name);
        } else if (is_taken) {
            uncovered_add(&taken, name);
        }
    }
    uncovered_report(self, target, by, &missing, &taken);
}

void csq__lint_values(csq__policy_linter *self)
{
    const csq__json *json = &self->document->json;
    const csq__policy_entry *entries = self->policies.data;
    for (size_t i = 0; i < self->policies.n && !self->linter->failed; i++) {
        uint32_t at =
            csq__json_first(json, csq__member_of(self->document, entries[i].node, "targets"));
        for (; at != 0 && self->budget > 0; at = csq__json_next(json, at)) {
            if (csq__member_of(self->document, at, "by") != 0) {
                uncovered_lint_target(self, i, at);
            }
        }
    }
}
