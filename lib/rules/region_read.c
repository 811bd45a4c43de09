/*
 * region_read — the region of a condition, and of its opposite.
 *
 * Both are made at once, from the tests upwards, so that `not` only swaps them. Names are numbered
 * by a vocabulary of the caller's; an attribute that changes to a value has it afterwards, one that
 * changes from a value had it before, and what else these say is left out, which makes regions
 * larger, never wrong.
 *
 * Uses: base, text, condition.
 */
#include "rules/region.h"

typedef struct region_reader {
    const csq__document *document;
    csq_vocabulary *names;
    csq__arena *arena;
    csq__array verdicts; /* csq__verdict: operands of the open frames */
    csq__array parts;    /* csq__region: scratch */
} region_reader;

/* What a test asks. */
typedef struct region_subject {
    uint32_t attribute;
    uint32_t kind;
    uint32_t what; /* CSQ__VARIABLE_NOW or _BEFORE */
} region_subject;

static uint32_t region_code(region_reader *reader, csq_str name)
{
    uint32_t code = 0;
    if (csq_vocabulary_add(reader->names, name, &code, NULL) != CSQ_OK) {
        reader->arena->failed = true;
    }
    return code;
}

static csq__verdict region_unknown(region_reader *reader)
{
    const csq__region all = csq__region_all_facts(reader->arena);
    return (csq__verdict){all, all};
}

static void region_swap(csq__verdict *verdict)
{
    const csq__region holds = verdict->holds;
    verdict->holds = verdict->fails;
    verdict->fails = holds;
}

static csq__region region_both(csq__arena *arena, csq__region a, csq__region b)
{
    const csq__region parts[] = {a, b};
    return csq__region_all(arena, parts, 2);
}

/* ---- names --------------------------------------------------------------------------------- */

static int region_compare_code(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint32_t left = *(const uint32_t *)a;
    const uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* The number of values at a node, one or a list, and the first of them. */
static uint32_t region_values(const region_reader *reader, uint32_t node, uint32_t *first)
{
    const csq__json *json = &reader->document->json;
    const bool is_list = csq__json_kind_of(json, node) == CSQ__JSON_ARRAY;
    *first = is_list ? csq__json_first(json, node) : node;
    return is_list ? csq__json_count(json, node) : 1;
}

/* The codes of the values at a node, sorted, each once. */
static const uint32_t *region_codes(region_reader *reader, uint32_t node, uint32_t *n)
{
    uint32_t at;
    const uint32_t count = region_values(reader, node, &at);
    uint32_t *codes = csq__arena_allocate(reader->arena, count, sizeof *codes);
    *n = 0;
    if (codes == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        codes[i] = region_code(reader, csq__json_text(&reader->document->json, at));
        at = csq__json_next(&reader->document->json, at);
    }
    csq__sort(codes, count, sizeof *codes, region_compare_code, NULL);
    for (uint32_t i = 0; i < count; i++) {
        if (*n == 0 || codes[*n - 1] != codes[i]) {
            codes[(*n)++] = codes[i];
        }
    }
    return codes;
}

static csq__verdict region_of_codes(region_reader *reader, uint64_t variable, const uint32_t *codes,
                                    uint32_t n)
{
    csq__bound bound = {.variable = variable, .codes = codes, .n_codes = n};
    csq__verdict verdict;
    verdict.holds = csq__region_of_bound(reader->arena, &bound);
    bound.is_complement = 1;
    verdict.fails = csq__region_of_bound(reader->arena, &bound);
    return verdict;
}

/* A variable that is either true or false. */
static csq__verdict region_of_truth(region_reader *reader, uint64_t variable)
{
    static const uint32_t is_true[] = {1};
    return region_of_codes(reader, variable, is_true, 1);
}

static csq__verdict region_of_names(region_reader *reader, const region_subject *subject,
                                    uint32_t node)
{
    uint32_t n;
    const uint32_t *codes = region_codes(reader, node, &n);
    return region_of_codes(reader, csq__variable(subject->attribute, 0, subject->what), codes, n);
}

/* ---- numbers ------------------------------------------------------------------------------- */

static int64_t region_number(const region_reader *reader, const region_subject *subject,
                             uint32_t node)
{
    int64_t value = 0;
    if (subject->kind == CSQ_ATTRIBUTE_INSTANT) {
        csq__read_instant(reader->document, node, &value, NULL);
    } else {
        const csq__json_range whole = {1, -INT64_MAX, INT64_MAX};
        csq__json_integer(&reader->document->json, node, &whole, &value, NULL);
    }
    return value;
}

static csq__bound region_range(const region_subject *subject, int64_t low, int64_t high,
                               bool is_absent_too)
{
    return (csq__bound){.variable = csq__variable(subject->attribute, 0, subject->what),
                        .low = low,
                        .high = high,
                        .is_range = 1,
                        .is_absent_too = is_absent_too};
}

/* low <= value <= high; the opposite is a smaller value, a larger one or none. */
static csq__verdict region_of_range(region_reader *reader, const region_subject *subject,
                                    int64_t low, int64_t high)
{
    const csq__bound inside = region_range(subject, low, high, false);
    const csq__bound below =
        region_range(subject, -INT64_MAX, low == -INT64_MAX ? INT64_MIN : low - 1, true);
    const csq__bound above = region_range(subject, high == INT64_MAX ? INT64_MAX : high + 1,
                                          high == INT64_MAX ? INT64_MIN : INT64_MAX, false);
    const csq__region parts[] = {csq__region_of_bound(reader->arena, &below),
                                 csq__region_of_bound(reader->arena, &above)};
    return (csq__verdict){csq__region_of_bound(reader->arena, &inside),
                          csq__region_any(reader->arena, parts, 2)};
}

static csq__verdict region_of_bounds(region_reader *reader, const region_subject *subject,
                                     uint32_t object)
{
    const uint32_t least = csq__member_of(reader->document, object, "at_least");
    const uint32_t most = csq__member_of(reader->document, object, "at_most");
    return region_of_range(reader, subject,
                           least == 0 ? -INT64_MAX : region_number(reader, subject, least),
                           most == 0 ? INT64_MAX : region_number(reader, subject, most));
}

/* One of a few numbers: that one, or anything between the smallest and the largest. */
static csq__verdict region_of_numbers(region_reader *reader, const region_subject *subject,
                                      uint32_t node)
{
    uint32_t at;
    const uint32_t n = region_values(reader, node, &at);
    int64_t low = INT64_MAX;
    int64_t high = -INT64_MAX;
    for (uint32_t i = 0; i < n; i++) {
        const int64_t value = region_number(reader, subject, at);
        low = value < low ? value : low;
        high = value > high ? value : high;
        at = csq__json_next(&reader->document->json, at);
    }
    csq__verdict verdict = region_of_range(reader, subject, low, high);
    if (low != high) {
        verdict.fails = csq__region_all_facts(reader->arena);
    }
    return verdict;
}

/* ---- tests --------------------------------------------------------------------------------- */

static csq__verdict region_of_is(region_reader *reader, const region_subject *subject,
                                 uint32_t node)
{
    return subject->kind == CSQ_ATTRIBUTE_CATEGORY ? region_of_names(reader, subject, node)
                                                   : region_of_numbers(reader, subject, node);
}

/* One of the members is there, hence the set is not empty; otherwise none of them is there. */
static csq__verdict region_of_members(region_reader *reader, const region_subject *subject,
                                      uint32_t node)
{
    uint32_t n;
    const uint32_t *codes = region_codes(reader, node, &n);
    csq__region *have = csq__arena_allocate(reader->arena, n, sizeof *have);
    csq__region *lack = csq__arena_allocate(reader->arena, n, sizeof *lack);
    if (have == NULL || lack == NULL) {
        return region_unknown(reader);
    }
    const csq__verdict any =
        region_of_truth(reader, csq__variable(subject->attribute, 0, subject->what));
    for (uint32_t i = 0; i < n; i++) {
        const csq__verdict one =
            region_of_truth(reader, csq__variable(subject->attribute, codes[i], subject->what));
        have[i] = one.holds;
        lack[i] = one.fails;
    }
    return (csq__verdict){
        region_both(reader->arena, csq__region_any(reader->arena, have, n), any.holds),
        csq__region_all(reader->arena, lack, n)};
}

static csq__verdict region_of_absence(region_reader *reader, const region_subject *subject)
{
    static const uint32_t absent[] = {CSQ_CODE_NONE};
    const uint64_t variable = csq__variable(subject->attribute, 0, subject->what);
    if (subject->kind == CSQ_ATTRIBUTE_CATEGORY) {
        return region_of_codes(reader, variable, absent, 1);
    }
    csq__verdict verdict;
    if (subject->kind == CSQ_ATTRIBUTE_SET) {
        verdict = region_of_truth(reader, variable);
    } else {
        const csq__bound some = region_range(subject, -INT64_MAX, INT64_MAX, false);
        const csq__bound none = region_range(subject, INT64_MAX, INT64_MIN, true);
        verdict.holds = csq__region_of_bound(reader->arena, &some);
        verdict.fails = csq__region_of_bound(reader->arena, &none);
    }
    region_swap(&verdict);
    return verdict;
}

/* Changed to or from values: changed, and (not of sets) with these values on that side. */
static csq__verdict region_of_change(region_reader *reader, const region_subject *subject,
                                     uint32_t values, uint32_t what)
{
    csq__verdict verdict =
        region_of_truth(reader, csq__variable(subject->attribute, 0, CSQ__VARIABLE_CHANGED));
    verdict.fails = csq__region_all_facts(reader->arena);
    if (subject->kind != CSQ_ATTRIBUTE_SET) {
        const region_subject side = {subject->attribute, subject->kind, what};
        verdict.holds =
            region_both(reader->arena, verdict.holds, region_of_is(reader, &side, values).holds);
    }
    return verdict;
}

static csq__verdict region_of_member(region_reader *reader, const region_subject *subject,
                                     uint32_t object, uint32_t node)
{
    const csq__json *json = &reader->document->json;
    const csq_str key = csq__json_key(json, node);
    if (csq__str_equal(key, CSQ__STR("has"))) {
        return region_of_members(reader, subject, node);
    }
    if (csq__str_equal(key, CSQ__STR("changed_to"))) {
        return region_of_change(reader, subject, node, CSQ__VARIABLE_NOW);
    }
    if (csq__str_equal(key, CSQ__STR("changed_from"))) {
        return region_of_change(reader, subject, node, CSQ__VARIABLE_BEFORE);
    }
    const bool is_absent = csq__str_equal(key, CSQ__STR("absent"));
    if (!is_absent && !csq__str_equal(key, CSQ__STR("changed"))) {
        return region_of_bounds(reader, subject, object);
    }
    csq__verdict verdict =
        is_absent
            ? region_of_absence(reader, subject)
            : region_of_truth(reader, csq__variable(subject->attribute, 0, CSQ__VARIABLE_CHANGED));
    if (!csq__json_is_true(json, node)) {
        region_swap(&verdict);
    }
    return verdict;
}

/* ---- combining ----------------------------------------------------------------------------- */

static void region_push(region_reader *reader, csq__verdict verdict)
{
    if (csq__array_push(&reader->verdicts, &reader->arena->allocator, &verdict, sizeof verdict) ==
        NULL) {
        reader->arena->failed = true;
    }
}

/* Replaces the last n verdicts by "all hold" or "any holds". */
static void region_combine(region_reader *reader, uint32_t n, bool is_any, bool is_negated)
{
    csq__arena *arena = reader->arena;
    if (arena->failed || !csq__array_reserve(&reader->parts, &arena->allocator, (size_t)n * 2 + 1,
                                             sizeof(csq__region))) {
        arena->failed = true;
        return;
    }
    csq__region *holds = reader->parts.data;
    csq__region *fails = holds + n;
    const csq__verdict *verdicts = reader->verdicts.data;
    reader->verdicts.n -= n;
    for (uint32_t i = 0; i < n; i++) {
        holds[i] = verdicts[reader->verdicts.n + i].holds;
        fails[i] = verdicts[reader->verdicts.n + i].fails;
    }
    csq__verdict verdict;
    if (is_any) {
        verdict.holds = csq__region_any(arena, holds, n);
        verdict.fails = csq__region_all(arena, fails, n);
    } else {
        verdict.holds = csq__region_all(arena, holds, n);
        verdict.fails = csq__region_any(arena, fails, n);
    }
    if (is_negated) {
        region_swap(&verdict);
    }
    region_push(reader, verdict);
}

/* Pushes the verdicts of the members of an object of tests; how many. */
static uint32_t region_push_members(region_reader *reader, const region_subject *subject,
                                    uint32_t object)
{
    const csq__json *json = &reader->document->json;
    uint32_t n = 0;
    uint32_t at = csq__json_first(json, object);
    for (; at != 0; at = csq__json_next(json, at)) {
        if (!csq__str_equal(csq__json_key(json, at), CSQ__STR("previous"))) {
            region_push(reader, region_of_member(reader, subject, object, at));
            n++;
        }
    }
    return n;
}

static uint32_t region_push_attribute(region_reader *reader, const region_subject *subject,
                                      uint32_t node)
{
    if (csq__json_kind_of(&reader->document->json, node) == CSQ__JSON_OBJECT) {
        return region_push_members(reader, subject, node);
    }
    region_push(reader, region_of_is(reader, subject, node));
    return 1;
}

/* Pushes the verdict of all that an attribute is asked. */
static void region_read_test(region_reader *reader, uint32_t node)
{
    const csq__json *json = &reader->document->json;
    region_subject subject = {region_code(reader, csq__json_key(json, node)),
                              reader->document->marks[node].kind, CSQ__VARIABLE_NOW};
    uint32_t n = region_push_attribute(reader, &subject, node);
    const uint32_t previous = csq__json_kind_of(json, node) == CSQ__JSON_OBJECT
                                  ? csq__member_of(reader->document, node, "previous")
                                  : 0;
    if (previous != 0) {
        subject.what = CSQ__VARIABLE_BEFORE;
        n += region_push_attribute(reader, &subject, previous);
    }
    region_combine(reader, n, false, false);
}

csq__verdict csq__region_read(const csq__document *document, uint32_t node, csq_vocabulary *names,
                              csq__arena *arena)
{
    csq__verdict verdict = {csq__region_all_facts(arena), {NULL, 0}};
    if (node == 0) {
        return verdict;
    }
    region_reader reader = {.document = document, .names = names, .arena = arena};
    csq__condition_walk walk;
    csq__condition_walk_begin(&walk, document, node);
    while (walk.depth > 0 && !arena->failed) {
        const uint32_t test = csq__condition_walk_next(&walk);
        if (test != 0) {
            region_read_test(&reader, test);
        } else {
            region_combine(&reader, walk.closed.n, walk.closed.is_any, walk.closed.is_negated);
        }
        if (walk.depth > 0) {
            walk.frames[walk.depth - 1].n++;
        }
    }
    if (!arena->failed) {
        verdict = *(const csq__verdict *)reader.verdicts.data;
    }
    csq__array_release(&reader.verdicts, &arena->allocator, sizeof(csq__verdict));
    csq__array_release(&reader.parts, &arena->allocator, sizeof(csq__region));
    return verdict;
}
