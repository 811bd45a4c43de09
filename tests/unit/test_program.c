/*
 * test_program — layouts and bound programs, as the engines use them: slots and bits, what a
 * program reads and needs, why it fails, and reading a condition back step by step.
 */
#include "condition/condition_internal.h"
#include "condition_support.h"

static csq__layout open_layout(csq_schema *schema)
{
    csq__layout layout;
    assert_status(CSQ_OK, csq__layout_init(&layout, schema, NULL, NULL));
    return layout;
}

static void scalars_get_slots_as_they_are_mentioned_and_sets_last(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    csq_condition *condition = built(builder, "dcad&4");
    csq__layout layout = open_layout(schema);
    assert_status(CSQ_OK, csq__layout_use(&layout, STATUS, NULL));
    assert_status(CSQ_OK, csq__layout_use(&layout, STATUS, NULL));
    assert_status(CSQ_OK, csq__layout_use_condition(&layout, condition, NULL));
    assert_status(CSQ_OK, csq__layout_close(&layout, NULL));
    assert_int_equal(layout.n_slots, 4);
    assert_int_equal(csq__layout_slot(&layout, STATUS), 0);
    assert_int_equal(csq__layout_slot(&layout, LEVEL), 1);
    assert_int_equal(csq__layout_slot(&layout, GROUP), 2);
    assert_int_equal(csq__layout_slot(&layout, TAGS), 3);
    assert_int_equal(csq__layout_slot(&layout, PROMISE), CSQ__NO_SLOT);
    assert_int_equal(csq__layout_slot(&layout, 60000), CSQ__NO_SLOT);
    const csq__member *member = csq__layout_member(&layout, TAGS, 1);
    assert_non_null(member);
    assert_int_equal(member->slot, 3);
    assert_int_equal(member->bit, 0);
    assert_null(csq__layout_member(&layout, TAGS, 2));
    assert_int_equal(csq__layout_rest(&layout, TAGS), CSQ__NO_SLOT);
    int64_t frame[4];
    csq__layout_clear(&layout, frame);
    assert_ms_equal(frame[0], 0);
    assert_ms_equal(frame[1], CSQ_MS_NONE);
    assert_ms_equal(frame[3], 0);
    csq__layout_release(&layout);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void members_of_a_set_share_slots_in_order_of_code(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    int64_t values[130];
    for (int64_t i = 0; i < 130; i++) {
        values[i] = 131 - i;
    }
    const csq_test has = {.size = sizeof has,
                          .attribute = TAGS,
                          .op = CSQ_TEST_HAS,
                          .values = values,
                          .n_values = 130};
    const csq_test empty = {.size = sizeof empty, .attribute = TAGS, .op = CSQ_TEST_ABSENT};
    assert_status(CSQ_OK, csq_condition_push_test(builder, &has, NULL));
    assert_status(CSQ_OK, csq_condition_push_test(builder, &empty, NULL));
    csq_condition *condition = built(builder, "|2");
    csq__layout layout = open_layout(schema);
    assert_status(CSQ_OK, csq__layout_use_condition(&layout, condition, NULL));
    assert_status(CSQ_OK, csq__layout_use_condition(&layout, condition, NULL));
    assert_status(CSQ_OK, csq__layout_close(&layout, NULL));
    assert_int_equal(layout.n_slots, 4);
    assert_int_equal(csq__layout_width(&layout, TAGS), 4);
    assert_int_equal(csq__layout_rest(&layout, TAGS), 0);
    assert_null(csq__layout_member(&layout, TAGS, 0));
    for (uint32_t code = 2; code <= 131; code++) {
        const csq__member *member = csq__layout_member(&layout, TAGS, code);
        assert_non_null(member);
        assert_int_equal(member->slot, 1 + (code - 2) / 64);
        assert_int_equal(member->bit, (code - 2) % 64);
    }
    csq__program program;
    assert_status(CSQ_OK, csq__program_bind(&program, &layout, condition, NULL));
    for (uint32_t slot = 0; slot < 4; slot++) {
        assert_true(csq__program_reads(&program, slot));
    }
    assert_false(csq__program_reads(&program, 4));
    csq__program_release(&program, &layout.allocator);
    csq__layout_release(&layout);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void two_sets_have_slots_of_their_own(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    uint32_t labels = 0;
    uint32_t code = 0;
    assert_status(CSQ_OK,
                  csq_schema_add(schema, csq_str_of("labels"), CSQ_ATTRIBUTE_SET, &labels, NULL));
    assert_status(CSQ_OK, csq_schema_code(schema, labels, csq_str_of("x"), &code, NULL));
    csq_condition_builder *builder = test_builder(schema);
    const int64_t one = 1;
    const csq_test test = {.size = sizeof test,
                           .attribute = labels,
                           .op = CSQ_TEST_HAS,
                           .values = &one,
                           .n_values = 1};
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    csq_condition *condition = built(builder, "d&2");
    assert_int_equal(condition->layout.n_slots, 2);
    assert_int_equal(csq__layout_member(&condition->layout, TAGS, 1)->slot, 0);
    assert_int_equal(csq__layout_member(&condition->layout, labels, 1)->slot, 1);
    assert_int_equal(csq__layout_width(&condition->layout, TAGS), 1);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

/* 65,530 integers and, of a set, 5 slots of members fit; one member more does not. */
static void a_layout_has_65535_slots_and_no_more(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    int64_t values[5 * 64 + 1];
    for (uint32_t i = 0; i < 5 * 64 + 1; i++) {
        char name[5] = {'m', (char)('a' + i % 16), (char)('a' + i / 16 % 16),
                        (char)('a' + i / 256)};
        uint32_t code;
        assert_status(CSQ_OK, csq_schema_code(schema, TAGS, csq_str_of(name), &code, NULL));
        values[i] = code;
    }
    for (uint32_t i = 0; i < 65530; i++) {
        const char name[] = {'i', (char)('a' + i % 16), (char)('a' + i / 16 % 16),
                             (char)('a' + i / 256 % 16), (char)('a' + i / 4096)};
        uint32_t attribute;
        assert_status(CSQ_OK, csq_schema_add(schema, (csq_str){name, sizeof name},
                                             CSQ_ATTRIBUTE_INTEGER, &attribute, NULL));
    }
    for (uint64_t extra = 0; extra < 2; extra++) {
        const csq_test has = {.size = sizeof has,
                              .attribute = TAGS,
                              .op = CSQ_TEST_HAS,
                              .values = values,
                              .n_values = 5 * 64 + extra};
        csq_condition *condition = single_condition(builder, &has);
        csq__layout layout = open_layout(schema);
        for (uint32_t attribute = TAGS + 1; attribute <= TAGS + 65530; attribute++) {
            assert_status(CSQ_OK, csq__layout_use(&layout, attribute, NULL));
        }
        assert_status(CSQ_OK, csq__layout_use_condition(&layout, condition, NULL));
        assert_status(extra == 0 ? CSQ_OK : CSQ_ELIMIT, csq__layout_close(&layout, NULL));
        assert_int_equal(layout.n_slots, 65535);
        csq__layout_release(&layout);
        csq_condition_free(condition);
    }
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void what_the_layout_does_not_know_cannot_be_bound(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_schema *other = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    csq_condition *simple = built(builder, "a");
    csq_condition *tagged = built(builder, "d");
    csq__layout layout = open_layout(schema);
    csq__layout stranger = open_layout(other);
    csq__program program;
    assert_status(CSQ_ENOTFOUND, csq__layout_use(&layout, 6, NULL));
    assert_status(CSQ_EINVAL, csq__layout_use(&layout, TAGS, NULL));
    assert_status(CSQ_EINVAL, csq__layout_use_condition(&layout, NULL, NULL));
    assert_status(CSQ_EMISMATCH, csq__layout_use_condition(&stranger, simple, NULL));
    assert_status(CSQ_OK, csq__layout_use_condition(&layout, simple, NULL));
    assert_status(CSQ_ESTATE, csq__program_bind(&program, &layout, simple, NULL));
    assert_status(CSQ_OK, csq__layout_close(&layout, NULL));
    assert_status(CSQ_ESTATE, csq__layout_close(&layout, NULL));
    assert_status(CSQ_OK, csq__layout_use(&layout, GROUP, NULL));
    assert_status(CSQ_ESTATE, csq__layout_use(&layout, STATUS, NULL));
    assert_status(CSQ_ESTATE, csq__layout_use_condition(&layout, simple, NULL));
    assert_status(CSQ_ESTATE, csq__program_bind(&program, &layout, tagged, NULL));
    assert_status(CSQ_OK, csq__layout_close(&stranger, NULL));
    assert_status(CSQ_EMISMATCH, csq__program_bind(&program, &stranger, simple, NULL));
    assert_status(CSQ_EINVAL, csq__layout_init(&layout, NULL, NULL, NULL));
    csq__layout_release(&layout);
    csq__layout_release(&stranger);
    csq_condition_free(simple);
    csq_condition_free(tagged);
    csq_condition_builder_free(builder);
    csq_schema_free(other);
    csq_schema_free(schema);
}

static void a_program_of_no_condition_never_holds(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq__layout layout = open_layout(schema);
    assert_status(CSQ_OK, csq__layout_close(&layout, NULL));
    const csq__program zeroed = {0};
    csq__program program;
    csq__failure failure;
    uint64_t mask = 99;
    assert_status(CSQ_OK, csq__program_bind(&program, &layout, NULL, NULL));
    assert_false(csq__program_holds(&program, NULL, NULL));
    assert_false(csq__program_holds(&zeroed, NULL, NULL));
    assert_false(csq__program_find_failure(&program, &layout, NULL, NULL, &failure));
    assert_int_equal(csq__program_first_failure(&program, &layout, NULL, NULL), 0);
    assert_false(csq__program_reads(&program, 0));
    assert_true(csq__program_requires(&program, 0, &mask));
    assert_int_equal(mask, 0);
    csq__program_release(&program, &layout.allocator);
    csq__layout_release(&layout);
    csq_schema_free(schema);
}

/* The texts are those of built(); e: group in {2, 5}, f: group in {5, 100}, g: group changed to
 * {3}, h: group absent, p: group was 1. Worked by hand. */
static const struct {
    const char *text;
    bool is_known;
    uint64_t mask;
} requires_rows[] = {
    {"a", true, 1U << 1},
    {"ab&2", true, 1U << 1},
    {"ba&2", true, 1U << 1},
    {"ab|2", false, 0},
    {"ae|2", true, 1U << 1 | 1U << 2 | 1U << 5},
    {"ab&2ec&2|2", true, 1U << 1 | 1U << 2 | 1U << 5},
    {"ae&2", true, 0},
    {"a!", false, 0},
    {"a!e&2", true, 1U << 2 | 1U << 5},
    {"e!a!|2!", true, 0},
    {"f", false, 0},
    {"fe&2", true, 1U << 5},
    {"g", true, 1U << 3},
    {"g!", false, 0},
    {"gb&2", true, 1U << 3},
    {"h", true, 1},
    {"h!", false, 0},
    {"p", false, 0},
    {"b", false, 0},
    {"&0", false, 0},
    {"|0", true, 0},
};

static void push_letter(csq_condition_builder *builder, char letter)
{
    static const int64_t small[] = {5, 2};
    static const int64_t large[] = {5, 100};
    static const int64_t three[] = {3};
    static const int64_t one[] = {1};
    csq_test test = {.size = sizeof test, .attribute = GROUP, .op = CSQ_TEST_IN, .n_values = 2};
    test.values = letter == 'e' ? small : large;
    if (letter == 'g') {
        test.op = CSQ_TEST_CHANGED_TO;
        test.values = three;
        test.n_values = 1;
    } else if (letter == 'h') {
        test.op = CSQ_TEST_ABSENT;
        test.n_values = 0;
    } else if (letter == 'p') {
        test.previous = CSQ_TEST_PREVIOUS;
        test.values = one;
        test.n_values = 1;
    }
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
}

/* Letters from e on by push_letter, everything else by built(), piece by piece. */
static csq_condition *built_with_letters(csq_condition_builder *builder, const char *text)
{
    csq_condition *condition = NULL;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at >= 'e' && *at <= 'p') {
            push_letter(builder, *at);
        } else if (*at >= 'a' && *at <= 'd') {
            static const int64_t one = 1;
            const csq_test test = simple_test(*at == 'a'   ? GROUP
                                              : *at == 'b' ? STATUS
                                                           : LEVEL,
                                              &one);
            assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
        } else if (*at == '!') {
            assert_status(CSQ_OK, csq_condition_push_not(builder, NULL));
        } else {
            const uint32_t n = (uint32_t)(at[1] - '0');
            assert_status(CSQ_OK, *at == '&' ? csq_condition_push_all(builder, n, NULL)
                                             : csq_condition_push_any(builder, n, NULL));
            at++;
        }
    }
    assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));
    return condition;
}

static void what_a_program_requires_of_a_category(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    for (size_t i = 0; i < sizeof requires_rows / sizeof requires_rows[0]; i++) {
        csq_condition *condition = built_with_letters(builder, requires_rows[i].text);
        csq__layout layout = open_layout(schema);
        csq__program program;
        assert_status(CSQ_OK, csq__layout_use(&layout, GROUP, NULL));
        assert_status(CSQ_OK, csq__layout_use_condition(&layout, condition, NULL));
        assert_status(CSQ_OK, csq__layout_close(&layout, NULL));
        assert_status(CSQ_OK, csq__program_bind(&program, &layout, condition, NULL));
        uint64_t mask = 0;
        const bool is_known =
            csq__program_requires(&program, csq__layout_slot(&layout, GROUP), &mask);
        if (is_known != requires_rows[i].is_known || mask != requires_rows[i].mask) {
            print_error("%s: %d %llx\n", requires_rows[i].text, is_known, (unsigned long long)mask);
        }
        assert_int_equal(is_known, requires_rows[i].is_known);
        assert_int_equal(mask, requires_rows[i].mask);
        csq__program_release(&program, &layout.allocator);
        csq__layout_release(&layout);
        csq_condition_free(condition);
    }
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void the_failure_names_the_step_of_the_condition(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    /* steps: 0 group, 1 status, 2 level, 3 any 2, 4 all 2 */
    csq_condition *condition = built(builder, "abc|2&2");
    const csq__layout *layout = &condition->layout;
    const csq__program *program = &condition->program;
    int64_t frame[3];
    csq__layout_clear(layout, frame);
    csq__failure failure = {0};
    assert_true(csq__program_find_failure(program, layout, frame, frame, &failure));
    assert_int_equal(failure.step, 0);
    assert_int_equal(failure.attribute, GROUP);
    frame[csq__layout_slot(layout, GROUP)] = 1;
    assert_true(csq__program_find_failure(program, layout, frame, frame, &failure));
    assert_int_equal(failure.step, 2);
    assert_int_equal(failure.attribute, LEVEL);
    frame[csq__layout_slot(layout, STATUS)] = 1;
    assert_false(csq__program_find_failure(program, layout, frame, frame, &failure));
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

static void a_condition_reads_back_as_it_was_pushed(void **state)
{
    (void)state;
    static const int64_t values[] = {9, 2, 9};
    csq_schema *schema = test_schema();
    csq_condition_builder *builder = test_builder(schema);
    const csq_test in = {.size = sizeof in,
                         .attribute = GROUP,
                         .op = CSQ_TEST_IN,
                         .previous = CSQ_TEST_PREVIOUS,
                         .values = values,
                         .n_values = 3};
    const csq_test range = {
        .size = sizeof range, .attribute = LEVEL, .op = CSQ_TEST_RANGE, .low = -3, .high = 8};
    assert_status(CSQ_OK, csq_condition_push_test(builder, &in, NULL));
    assert_status(CSQ_OK, csq_condition_push_test(builder, &range, NULL));
    csq_condition *inner = built(builder, "|2");
    assert_status(CSQ_OK, csq_condition_push_condition(builder, inner, NULL));
    csq_condition *condition = built(builder, "!d&2");
    csq_condition_free(inner);
    assert_int_equal(csq__condition_step_count(condition), 6);
    const csq__condition_step *step = csq__condition_step_at(condition, 0);
    assert_int_equal(step->op, CSQ_TEST_IN);
    assert_int_equal(step->attribute, GROUP);
    assert_int_equal(step->kind, CSQ_ATTRIBUTE_CATEGORY);
    assert_int_equal(step->previous, CSQ_TEST_PREVIOUS);
    assert_int_equal(step->n, 3);
    assert_memory_equal(step->values, values, sizeof values);
    step = csq__condition_step_at(condition, 1);
    assert_int_equal(step->op, CSQ_TEST_RANGE);
    assert_ms_equal(step->low, -3);
    assert_ms_equal(step->high, 8);
    assert_null(step->values);
    assert_int_equal(csq__condition_step_at(condition, 2)->op, CSQ__COMBINE_ANY);
    assert_int_equal(csq__condition_step_at(condition, 2)->n, 2);
    assert_int_equal(csq__condition_step_at(condition, 3)->op, CSQ__COMBINE_NOT);
    assert_ms_equal(csq__condition_step_at(condition, 4)->values[0], 1);
    assert_int_equal(csq__condition_step_at(condition, 5)->op, CSQ__COMBINE_ALL);
    csq_condition_free(condition);
    csq_condition_builder_free(builder);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_get_slots_as_they_are_mentioned_and_sets_last),
        cmocka_unit_test(members_of_a_set_share_slots_in_order_of_code),
        cmocka_unit_test(two_sets_have_slots_of_their_own),
        cmocka_unit_test(a_layout_has_65535_slots_and_no_more),
        cmocka_unit_test(what_the_layout_does_not_know_cannot_be_bound),
        cmocka_unit_test(a_program_of_no_condition_never_holds),
        cmocka_unit_test(what_a_program_requires_of_a_category),
        cmocka_unit_test(the_failure_names_the_step_of_the_condition),
        cmocka_unit_test(a_condition_reads_back_as_it_was_pushed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
