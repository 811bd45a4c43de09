/*
 * property_condition — random conditions on random facts against a naive recursive evaluator that
 * follows the comments of csq/condition.h and knows neither masks, bits nor jumps.
 *
 * 20,000 conditions on 5 facts each. Every condition also runs in a layout that it shares with
 * another one; what a program is said to require and to read must agree with what it does.
 */
#include "condition/condition_internal.h"
#include "condition_support.h"

enum { N_CONDITIONS = 20000, N_FACTS = 5, MAX_NODES = 64, MAX_VALUES = 4, MAX_TAGS = 4 };

/* ---- the naive model ----------------------------------------------------------------------- */

typedef struct node {
    csq_test test; /* op 0: a combination */
    int64_t values[MAX_VALUES];
    uint32_t combine; /* CSQ__COMBINE_… */
    uint32_t n;
    uint32_t children[4];
} node;

typedef struct tree {
    node nodes[MAX_NODES];
    uint32_t n_nodes;
    uint32_t root;
    bool has_constant;
} tree;

typedef struct fact_side {
    int64_t values[5]; /* by attribute: group, status, level, promise */
    uint32_t tags[MAX_TAGS];
    uint32_t n_tags;
} fact_side;

typedef struct fact {
    fact_side now;
    fact_side before;
} fact;

static bool side_has_tag(const fact_side *side, int64_t tag)
{
    for (uint32_t i = 0; i < side->n_tags; i++) {
        if (side->tags[i] == tag) {
            return true;
        }
    }
    return false;
}

static bool has_all_tags(const fact_side *of, const fact_side *in)
{
    for (uint32_t i = 0; i < of->n_tags; i++) {
        if (!side_has_tag(in, of->tags[i])) {
            return false;
        }
    }
    return true;
}

static bool lists(const csq_test *test, int64_t value)
{
    for (uint64_t i = 0; i < test->n_values; i++) {
        if (test->values[i] == value) {
            return true;
        }
    }
    return false;
}

static bool naive_set_test(const csq_test *test, const fact *about)
{
    const fact_side *side = test->previous ? &about->before : &about->now;
    if (test->op == CSQ_TEST_ABSENT) {
        return side->n_tags == 0;
    }
    if (test->op == CSQ_TEST_CHANGED) {
        return !has_all_tags(&about->now, &about->before) ||
               !has_all_tags(&about->before, &about->now);
    }
    for (uint64_t i = 0; i < test->n_values; i++) {
        const bool now = side_has_tag(&about->now, test->values[i]);
        const bool before = side_has_tag(&about->before, test->values[i]);
        if ((test->op == CSQ_TEST_HAS && side_has_tag(side, test->values[i])) ||
            (test->op == CSQ_TEST_CHANGED_TO && now && !before) ||
            (test->op == CSQ_TEST_CHANGED_FROM && before && !now)) {
            return true;
        }
    }
    return false;
}

static bool naive_test(const csq_test *test, const fact *about)
{
    if (test->attribute == TAGS) {
        return naive_set_test(test, about);
    }
    const int64_t now = about->now.values[test->attribute];
    const int64_t before = about->before.values[test->attribute];
    const int64_t asked = test->previous ? before : now;
    const int64_t absent = test->attribute <= STATUS ? 0 : CSQ_MS_NONE;
    switch (test->op) {
    case CSQ_TEST_IN:
        return asked != absent && lists(test, asked);
    case CSQ_TEST_RANGE:
        return asked != absent && asked >= test->low && asked <= test->high;
    case CSQ_TEST_CHANGED:
        return now != before;
    case CSQ_TEST_CHANGED_TO:
        return now != before && now != absent && lists(test, now);
    case CSQ_TEST_CHANGED_FROM:
        return now != before && before != absent && lists(test, before);
    default:
        return asked == absent;
    }
}

/* `*last` becomes the attribute of the last test that was asked. */
static bool naive_holds(const tree *of, uint32_t index, const fact *about, uint32_t *last)
{
    const node *it = &of->nodes[index];
    if (it->combine == 0) {
        *last = it->test.attribute;
        return naive_test(&it->test, about);
    }
    if (it->combine == CSQ__COMBINE_NOT) {
        return !naive_holds(of, it->children[0], about, last);
    }
    const bool is_any = it->combine == CSQ__COMBINE_ANY;
    for (uint32_t i = 0; i < it->n; i++) {
        if (naive_holds(of, it->children[i], about, last) == is_any) {
            return is_any;
        }
    }
    return !is_any;
}

/* ---- random input -------------------------------------------------------------------------- */

static int64_t random_value(uint64_t *seed, uint32_t attribute, bool may_be_absent)
{
    static const int64_t codes[] = {0, 1, 2, 3, 63, 64, 65, 200};
    static const int64_t numbers[] = {CSQ_MS_NONE, INT64_MAX, INT64_MIN + 1, -1, 0, 1, 63, 64};
    const uint64_t i = may_be_absent ? test_below(seed, 8) : 1 + test_below(seed, 7);
    return attribute == LEVEL || attribute == PROMISE ? numbers[i] : codes[i];
}

static uint32_t random_op(uint64_t *seed, uint32_t attribute)
{
    static const uint32_t category[] = {CSQ_TEST_IN,           CSQ_TEST_IN,
                                        CSQ_TEST_CHANGED,      CSQ_TEST_CHANGED_TO,
                                        CSQ_TEST_CHANGED_FROM, CSQ_TEST_ABSENT};
    const uint32_t op = category[test_below(seed, 6)];
    if (attribute == TAGS) {
        return op == CSQ_TEST_IN ? CSQ_TEST_HAS : op;
    }
    const bool is_number = attribute == LEVEL || attribute == PROMISE;
    return is_number && op == CSQ_TEST_IN && test_below(seed, 2) == 0 ? CSQ_TEST_RANGE : op;
}

static void random_test(uint64_t *seed, node *it)
{
    const uint32_t attribute = 1 + (uint32_t)test_below(seed, 5);
    const uint32_t op = random_op(seed, attribute);
    it->test = (csq_test){.size = sizeof it->test, .attribute = attribute, .op = op};
    if (op == CSQ_TEST_RANGE) {
        const int64_t a = random_value(seed, attribute, true);
        const int64_t b = random_value(seed, attribute, true);
        it->test.low = a < b ? a : b;
        it->test.high = a < b ? b : a;
    } else if (op != CSQ_TEST_CHANGED && op != CSQ_TEST_ABSENT) {
        it->test.n_values = 1 + test_below(seed, MAX_VALUES);
        it->test.values = it->values;
        for (uint64_t i = 0; i < it->test.n_values; i++) {
            it->values[i] = random_value(seed, attribute, false);
        }
    }
    if (op != CSQ_TEST_CHANGED && op != CSQ_TEST_CHANGED_TO && op != CSQ_TEST_CHANGED_FROM) {
        it->test.previous = test_below(seed, 4) == 0;
    }
}

/* Grows the tree and the builder's stack alike: each step pushes a test or combines. */
static void random_tree(uint64_t *seed, tree *out, csq_condition_builder *builder)
{
    uint32_t stack[MAX_NODES];
    uint32_t height = 0;
    *out = (tree){.n_nodes = 0};
    const uint32_t size = 1 + (uint32_t)test_below(seed, MAX_NODES / 2);
    while (out->n_nodes < size || height != 1) {
        node *it = &out->nodes[out->n_nodes];
        const uint64_t choice = out->n_nodes < size ? test_below(seed, 8) : 5;
        *it = (node){.combine = 0};
        if (choice < 4 || (choice == 4 && height == 0)) {
            random_test(seed, it);
            assert_status(CSQ_OK, csq_condition_push_test(builder, &it->test, NULL));
        } else if (choice == 4) {
            *it = (node){.combine = CSQ__COMBINE_NOT, .n = 1};
            assert_status(CSQ_OK, csq_condition_push_not(builder, NULL));
        } else {
            const uint64_t most = height < 4 ? height : 4;
            it->combine = test_below(seed, 2) == 0 ? CSQ__COMBINE_ALL : CSQ__COMBINE_ANY;
            it->n = out->n_nodes < size ? (uint32_t)test_below(seed, most + 1) : (uint32_t)most;
            out->has_constant |= it->n == 0;
            assert_status(CSQ_OK, it->combine == CSQ__COMBINE_ALL
                                      ? csq_condition_push_all(builder, it->n, NULL)
                                      : csq_condition_push_any(builder, it->n, NULL));
        }
        height -= it->n;
        memcpy(it->children, &stack[height], it->n * sizeof *stack);
        stack[height++] = out->n_nodes++;
    }
    out->root = stack[0];
}

static void random_tags(uint64_t *seed, fact_side *side)
{
    side->n_tags = (uint32_t)test_below(seed, MAX_TAGS);
    for (uint32_t i = 0; i < side->n_tags; i++) {
        /* One in three is a tag that no condition ever names. */
        const uint32_t unnamed = test_below(seed, 3) == 0 ? 35 : 0;
        side->tags[i] = unnamed + (uint32_t)random_value(seed, TAGS, false);
    }
}

static fact random_fact(uint64_t *seed)
{
    fact about = {.now = {.n_tags = 0}};
    for (uint32_t attribute = GROUP; attribute <= PROMISE; attribute++) {
        about.before.values[attribute] = random_value(seed, attribute, true);
        about.now.values[attribute] = test_below(seed, 3) == 0
                                          ? about.before.values[attribute]
                                          : random_value(seed, attribute, true);
    }
    random_tags(seed, &about.before);
    random_tags(seed, &about.now);
    if (test_below(seed, 3) == 0) {
        memcpy(about.now.tags, about.before.tags, sizeof about.now.tags);
        about.now.n_tags = about.before.n_tags;
    }
    return about;
}

/* ---- comparison ---------------------------------------------------------------------------- */

static void check_public(const csq_condition *condition, const tree *of, const fact *about,
                         bool expected, uint32_t last)
{
    csq_attribute_value values[5];
    for (uint32_t i = 0; i < 5; i++) {
        values[i] = (csq_attribute_value){.size = sizeof values[i], .attribute = i + 1};
        if (i + 1 < TAGS) {
            values[i].value = about->now.values[i + 1];
            values[i].previous = about->before.values[i + 1];
        } else {
            values[i].codes = about->now.tags;
            values[i].n_codes = about->now.n_tags;
            values[i].previous_codes = about->before.tags;
            values[i].n_previous_codes = about->before.n_tags;
        }
    }
    int32_t holds = -1;
    uint32_t why = 99;
    assert_status(CSQ_OK, csq_condition_test(condition, values, 5, 0, &holds, NULL));
    assert_status(CSQ_OK, csq_condition_first_failure(condition, values, 5, 0, &why, NULL));
    assert_int_equal(holds, expected);
    assert_true(!expected || why == 0);
    if (!expected && !of->has_constant) {
        assert_int_equal(why, last);
    }
}

static void fill_frame(const csq__layout *layout, const fact_side *side, int64_t *frame)
{
    csq__layout_clear(layout, frame);
    for (uint32_t attribute = GROUP; attribute <= PROMISE; attribute++) {
        const uint32_t slot = csq__layout_slot(layout, attribute);
        if (slot != CSQ__NO_SLOT) {
            frame[slot] = side->values[attribute];
        }
    }
    /* The members without a bit as a number: the tags used here all differ modulo 47. */
    uint64_t rest = 0;
    for (uint32_t i = 0; i < side->n_tags; i++) {
        const csq__member *member = csq__layout_member(layout, TAGS, side->tags[i]);
        if (member != NULL) {
            frame[member->slot] |= (int64_t)(UINT64_C(1) << member->bit);
        } else {
            rest |= UINT64_C(1) << side->tags[i] % 47;
        }
    }
    const uint32_t slot = csq__layout_rest(layout, TAGS);
    if (slot != CSQ__NO_SLOT) {
        frame[slot] = (int64_t)rest;
    }
}

static void check_bound(const csq__program *program, const csq__layout *layout, const fact *about,
                        bool expected)
{
    int64_t now[16];
    int64_t before[16];
    assert_true(layout->n_slots <= 16);
    fill_frame(layout, &about->now, now);
    fill_frame(layout, &about->before, before);
    assert_int_equal(csq__program_holds(program, now, before), expected);
    for (uint32_t attribute = GROUP; attribute <= STATUS; attribute++) {
        const uint32_t slot = csq__layout_slot(layout, attribute);
        uint64_t mask = 0;
        if (expected && csq__program_requires(program, slot, &mask)) {
            assert_in_range(now[slot], 0, 63);
            assert_true((mask >> now[slot] & 1) != 0);
        }
    }
    for (uint32_t slot = 0; slot < layout->n_slots; slot++) {
        if (!csq__program_reads(program, slot)) {
            now[slot] = 77;
            before[slot] = 78;
        }
    }
    assert_int_equal(csq__program_holds(program, now, before), expected);
}

static void conditions_hold_when_a_naive_evaluator_says_so(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    static tree trees[2];
    uint64_t seed = 20260101;
    uint64_t n_holding = 0;
    csq_condition *other = NULL;
    for (uint32_t i = 0; i < N_CONDITIONS; i++) {
        tree *it = &trees[i % 2];
        csq_condition *condition = NULL;
        csq__layout layout;
        csq__program program;
        random_tree(&seed, it, builder);
        assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));
        assert_status(CSQ_OK, csq__layout_init(&layout, schema, NULL, NULL));
        assert_status(CSQ_OK, csq__layout_use(&layout, GROUP, NULL));
        assert_status(CSQ_OK, csq__layout_use(&layout, STATUS, NULL));
        assert_true(other == NULL || csq__layout_use_condition(&layout, other, NULL) == CSQ_OK);
        assert_status(CSQ_OK, csq__layout_use_condition(&layout, condition, NULL));
        assert_status(CSQ_OK, csq__layout_close(&layout, NULL));
        assert_status(CSQ_OK, csq__program_bind(&program, &layout, condition, NULL));
        for (uint32_t k = 0; k < N_FACTS; k++) {
            const fact about = random_fact(&seed);
            uint32_t last = 0;
            const bool expected = naive_holds(it, it->root, &about, &last);
            n_holding += expected;
            check_public(condition, it, &about, expected, last);
            check_bound(&program, &layout, &about, expected);
        }
        csq__program_release(&program, &layout.allocator);
        csq__layout_release(&layout);
        csq_condition_free(other);
        other = condition;
    }
    /* Both outcomes are common, or the test would say little. */
    assert_true(n_holding > N_CONDITIONS && n_holding < 4 * N_CONDITIONS);
    csq_condition_free(other);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold_when_a_naive_evaluator_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
