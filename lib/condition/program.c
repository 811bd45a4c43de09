/*
 * program — compiles a condition for the frames of a layout.
 *
 * The postfix steps are read from the last to the first, carrying for each operand where to go when
 * it is true and when it is false. An operand of ALL leads on to the operand after it when it is
 * true and shares the failure of the whole; ANY is the mirror image; NOT swaps the two. So tests
 * are all that is left, each with two exits, and a test of which both exits are the same is not
 * needed. The exits lead to steps that were written before, which are tests further on.
 *
 * Uses: base.
 */
#include "condition/condition_internal.h"

/* An ALL or ANY some of whose operands are not compiled yet; the others follow them. */
typedef struct program_group {
    bool is_any;
    uint32_t n_left;
    uint32_t exits[2]; /* of the next operand, when false and when true */
} program_group;

/* Operands that wait take part in the depth of the condition, so their groups fit as well. */
typedef struct program_compiler {
    csq__program *program;
    const csq__layout *layout;
    int64_t *values; /* the next free one */
    uint32_t n_groups;
    program_group groups[CSQ_CONDITION_DEPTH + 1];
} program_compiler;

static bool program_fits_mask(int64_t value)
{
    return value >= 0 && value < 64;
}

/* The most values that the bound form of a step takes. */
static size_t program_room(const csq__condition_step *step)
{
    if (step->values == NULL) {
        return 0;
    }
    if (step->kind == CSQ_ATTRIBUTE_SET) {
        return 2 * (size_t)step->n;
    }
    size_t n = 0;
    for (uint64_t i = 0; i < step->n; i++) {
        n += !program_fits_mask(step->values[i]);
    }
    return n;
}

static int program_compare_values(const void *a, const void *b, const void *user)
{
    (void)user;
    const int64_t left = *(const int64_t *)a;
    const int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The values of a test of one value: what a mask holds and, sorted, the others. */
static void program_bind_list(program_compiler *compiler, const csq__condition_step *from,
                              csq__step *step)
{
    int64_t *values = compiler->values;
    size_t n = 0;
    for (uint64_t i = 0; i < from->n; i++) {
        if (program_fits_mask(from->values[i])) {
            step->mask |= UINT64_C(1) << from->values[i];
        } else {
            values[n++] = from->values[i];
        }
    }
    csq__sort(values, n, sizeof *values, program_compare_values, NULL);
    step->values = values;
    step->n = n;
    compiler->values += n;
}

/* The values of a test of a set, as pairs (slot, bits). The sorted codes stand behind the pairs
 * that are made of them, and a pair never takes more than the codes that were read. */
static void program_bind_members(program_compiler *compiler, const csq__condition_step *from,
                                 csq__step *step)
{
    const size_t n = (size_t)from->n;
    int64_t *pairs = compiler->values;
    int64_t *codes = pairs + n;
    memcpy(codes, from->values, n * sizeof *codes);
    csq__sort(codes, n, sizeof *codes, program_compare_values, NULL);
    size_t n_pairs = 0;
    for (size_t i = 0; i < n; i++) {
        const csq__member *member =
            csq__layout_member(compiler->layout, from->attribute, (uint32_t)codes[i]);
        const uint64_t bit = UINT64_C(1) << member->bit;
        if (n_pairs > 0 && pairs[2 * n_pairs - 2] == member->slot) {
            pairs[2 * n_pairs - 1] = (int64_t)((uint64_t)pairs[2 * n_pairs - 1] | bit);
        } else {
            pairs[2 * n_pairs] = member->slot;
            pairs[2 * n_pairs + 1] = (int64_t)bit;
            n_pairs++;
        }
    }
    step->values = pairs;
    step->n = n_pairs;
    compiler->values += 2 * n_pairs;
}

static void program_bind_set_test(program_compiler *compiler, const csq__condition_step *from,
                                  csq__step *step)
{
    switch (from->op) {
    case CSQ_TEST_HAS:
    case CSQ_TEST_CHANGED_TO:
    case CSQ_TEST_CHANGED_FROM:
        step->op = from->op == CSQ_TEST_HAS          ? CSQ__STEP_HAS
                   : from->op == CSQ_TEST_CHANGED_TO ? CSQ__STEP_CAME
                                                     : CSQ__STEP_WENT;
        program_bind_members(compiler, from, step);
        break;
    default:
        step->op = from->op == CSQ_TEST_CHANGED ? CSQ__STEP_CHANGED : CSQ__STEP_EMPTY;
        step->n = csq__layout_width(compiler->layout, from->attribute);
        break;
    }
}

static void program_bind_value_test(program_compiler *compiler, const csq__condition_step *from,
                                    csq__step *step)
{
    const csq__slot *slots = compiler->layout->slots.data;
    const int64_t absent = slots[step->slot].absent;
    switch (from->op) {
    case CSQ_TEST_IN:
        program_bind_list(compiler, from, step);
        step->op = step->n == 0 && !step->previous ? CSQ__STEP_CODES : CSQ__STEP_LIST;
        break;
    case CSQ_TEST_RANGE:
        step->op = CSQ__STEP_RANGE;
        step->low = from->low == absent ? absent + 1 : from->low;
        step->high = from->high;
        break;
    case CSQ_TEST_CHANGED_TO:
    case CSQ_TEST_CHANGED_FROM:
        program_bind_list(compiler, from, step);
        step->op = from->op == CSQ_TEST_CHANGED_TO ? CSQ__STEP_CHANGED_TO : CSQ__STEP_CHANGED_FROM;
        break;
    case CSQ_TEST_CHANGED:
        step->op = CSQ__STEP_CHANGED;
        step->n = 1;
        break;
    default:
        step->op = CSQ__STEP_ABSENT;
        step->low = absent;
        break;
    }
}

/* Writes a test; where it is, as an exit. */
static uint32_t program_write(program_compiler *compiler, const csq_condition *condition,
                              uint32_t source, const uint32_t *exits)
{
    const csq__condition_step *from = &condition->steps[source];
    csq__program *program = compiler->program;
    csq__step *step = &program->steps[program->n_steps];
    *step = (csq__step){.previous = (uint8_t)from->previous,
                        .slot = (uint16_t)csq__layout_slot(compiler->layout, from->attribute),
                        .next = {(uint16_t)exits[0], (uint16_t)exits[1]}};
    if (from->kind == CSQ_ATTRIBUTE_SET) {
        program_bind_set_test(compiler, from, step);
    } else {
        program_bind_value_test(compiler, from, step);
    }
    program->sources[program->n_steps] = (uint16_t)source;
    return CSQ__NEXT_STEP + program->n_steps++;
}

/* Puts an operand that is compiled in front of those that follow it. */
static void program_finish_operand(program_compiler *compiler, uint32_t entry)
{
    if (compiler->n_groups == 0) {
        compiler->program->entry = entry;
        return;
    }
    program_group *group = &compiler->groups[compiler->n_groups - 1];
    group->exits[group->is_any ? 0 : 1] = entry;
}

/* Where an operand without operands of its own begins: a test, or an ALL or ANY of nothing. */
static uint32_t program_leaf(program_compiler *compiler, const csq_condition *condition,
                             uint32_t source, const uint32_t *exits)
{
    const uint32_t op = condition->steps[source].op;
    if (op == CSQ__COMBINE_ALL || op == CSQ__COMBINE_ANY) {
        return exits[op == CSQ__COMBINE_ALL];
    }
    return exits[0] == exits[1] ? exits[0] : program_write(compiler, condition, source, exits);
}

static void program_compile(program_compiler *compiler, const csq_condition *condition)
{
    compiler->groups[0] = (program_group){false, 1, {CSQ__NEXT_FAILS, CSQ__NEXT_HOLDS}};
    compiler->n_groups = 1;
    for (uint32_t i = condition->n_steps; i-- > 0;) {
        const csq__condition_step *step = &condition->steps[i];
        program_group *group = &compiler->groups[compiler->n_groups - 1];
        const uint32_t exits[] = {group->exits[0], group->exits[1]};
        group->n_left--;
        // The first operand begins where its group begins: the group has done its part.
        compiler->n_groups -= group->n_left == 0;
        program_group *inner = &compiler->groups[compiler->n_groups];
        if (step->op < CSQ__COMBINE_ALL || step->n == 0) {
            program_finish_operand(compiler, program_leaf(compiler, condition, i, exits));
        } else if (step->op == CSQ__COMBINE_NOT) {
            *inner = (program_group){false, 1, {exits[1], exits[0]}};
            compiler->n_groups++;
        } else {
            const bool is_any = step->op == CSQ__COMBINE_ANY;
            *inner = (program_group){is_any, (uint32_t)step->n, {exits[0], exits[1]}};
            compiler->n_groups++;
        }
    }
}

/* Takes one block for steps, values and sources. */
static bool program_allocate(csq__program *program, const csq_allocator *allocator,
                             const csq_condition *condition, int64_t **values)
{
    size_t n_tests = 0;
    size_t n_values = 0;
    for (uint32_t i = 0; i < condition->n_steps; i++) {
        n_tests += condition->steps[i].op < CSQ__COMBINE_ALL;
        n_values += program_room(&condition->steps[i]);
    }
    const size_t head = n_tests * sizeof(csq__step);
    const size_t tail = n_tests * sizeof(uint16_t) + 1;
    size_t size;
    if (!csq__size_mul(n_values, sizeof(int64_t), &size) ||
        !csq__size_add(size, head + tail, &size)) {
        return false;
    }
    char *block = csq__allocate(allocator, size);
    if (block == NULL) {
        return false;
    }
    program->steps = (csq__step *)(void *)block;
    *values = (int64_t *)(void *)(block + head);
    program->sources = (uint16_t *)(void *)(block + head + n_values * sizeof(int64_t));
    program->size = size;
    return true;
}

static csq_status program_check(const csq__layout *layout, const csq_condition *condition,
                                csq_error *error)
{
    if (condition->schema != layout->schema) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("a condition belongs to another schema"));
    }
    bool is_known = layout->is_closed;
    for (uint32_t i = 0; i < condition->n_steps && is_known; i++) {
        const csq__condition_step *step = &condition->steps[i];
        if (step->kind == CSQ_ATTRIBUTE_SET && step->values != NULL) {
            for (uint64_t k = 0; k < step->n && is_known; k++) {
                is_known =
                    csq__layout_member(layout, step->attribute, (uint32_t)step->values[k]) != NULL;
            }
        } else if (step->kind == CSQ_ATTRIBUTE_SET) {
            is_known = csq__layout_rest(layout, step->attribute) != CSQ__NO_SLOT;
        } else if (step->kind != 0) {
            is_known = csq__layout_slot(layout, step->attribute) != CSQ__NO_SLOT;
        }
    }
    if (!is_known) {
        return csq__fail(error, CSQ_ESTATE,
                         CSQ__TEXT("the layout is not closed, or was made without the condition"));
    }
    return CSQ_OK;
}

/* Notes a program of one CODES step in its short form. */
static void program_shorten(csq__program *program)
{
    const csq__step *step = program->steps;
    if (program->n_steps != 1 || program->entry != CSQ__NEXT_STEP || step->op != CSQ__STEP_CODES) {
        return;
    }
    const bool is_negated = step->next[1] == CSQ__NEXT_FAILS;
    program->only_mask = is_negated ? ~step->mask : step->mask;
    program->only_slot = step->slot;
    program->holds_above = is_negated;
    program->is_only_codes = true;
}

csq_status csq__program_bind(csq__program *program, const csq__layout *layout,
                             const csq_condition *condition, csq_error *error)
{
    *program = (csq__program){0};
    if (condition == NULL) {
        return CSQ_OK;
    }
    const csq_status status = program_check(layout, condition, error);
    if (status != CSQ_OK) {
        return status;
    }
    program_compiler compiler;
    compiler.program = program;
    compiler.layout = layout;
    if (!program_allocate(program, &layout->allocator, condition, &compiler.values)) {
        return csq__fail_memory(error);
    }
    program_compile(&compiler, condition);
    program_shorten(program);
    return CSQ_OK;
}

void csq__program_release(csq__program *program, const csq_allocator *allocator)
{
    csq__release(allocator, program->steps, program->size);
    *program = (csq__program){0};
}
