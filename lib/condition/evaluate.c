/*
 * evaluate — runs bound programs: the outcome of a test, why not, and what a program needs to hold.
 *
 * Exits of a step lead to steps written before it, so every walk ends and one pass downwards over
 * the steps visits all that can be reached.
 *
 * Uses: base.
 */
#include "condition/condition_internal.h"

static bool step_list_contains(const csq__step *step, int64_t value)
{
    if ((uint64_t)value < 64) {
        return (step->mask >> value & 1) != 0;
    }
    const int64_t *values = step->values;
    uint64_t n = step->n;
    while (n > 1) {
        const uint64_t half = n / 2;
        values = values[half] <= value ? values + half : values;
        n -= half;
    }
    return n == 1 && *values == value;
}

static bool step_differs(const csq__step *step, const int64_t *now, const int64_t *before)
{
    int64_t difference = 0;
    for (uint64_t i = 0; i < step->n; i++) {
        difference |= now[step->slot + i] ^ before[step->slot + i];
    }
    return difference != 0;
}

static bool step_is_empty(const csq__step *step, const int64_t *frame)
{
    int64_t bits = 0;
    for (uint64_t i = 0; i < step->n; i++) {
        bits |= frame[step->slot + i];
    }
    return bits == 0;
}

/* Whether one of the named members is in `frame` and, unless `without` is NULL, not in that. */
static bool step_has_member(const csq__step *step, const int64_t *frame, const int64_t *without)
{
    int64_t bits = 0;
    for (uint64_t i = 0; i < step->n; i++) {
        const int64_t slot = step->values[2 * i];
        const int64_t held = frame[slot] & step->values[2 * i + 1];
        bits |= without == NULL ? held : held & ~without[slot];
    }
    return bits != 0;
}

bool csq__step_result(const csq__step *step, const int64_t *now, const int64_t *before)
{
    const int64_t *frame = step->previous ? before : now;
    const int64_t value = frame[step->slot];
    switch (step->op) {
    case CSQ__STEP_CODES:
    case CSQ__STEP_LIST:
        return step_list_contains(step, value);
    case CSQ__STEP_RANGE:
        return step->low <= value && value <= step->high;
    case CSQ__STEP_ABSENT:
        return value == step->low;
    case CSQ__STEP_CHANGED:
        return step_differs(step, now, before);
    case CSQ__STEP_CHANGED_TO:
        return value != before[step->slot] && step_list_contains(step, value);
    case CSQ__STEP_CHANGED_FROM:
        return value != before[step->slot] && step_list_contains(step, before[step->slot]);
    case CSQ__STEP_EMPTY:
        return step_is_empty(step, frame);
    case CSQ__STEP_HAS:
        return step_has_member(step, frame, NULL);
    case CSQ__STEP_CAME:
        return step_has_member(step, now, before);
    default: /* CSQ__STEP_WENT */
        return step_has_member(step, before, now);
    }
}

bool csq__program_run(const csq__program *program, const int64_t *now, const int64_t *before)
{
    uint32_t at = program->entry;
    while (at >= CSQ__NEXT_STEP) {
        const csq__step *step = &program->steps[at - CSQ__NEXT_STEP];
        if (step->op == CSQ__STEP_CODES) {
            const uint64_t value = (uint64_t)now[step->slot];
            at = step->next[value < 64 && (step->mask >> value & 1) != 0];
        } else {
            at = step->next[csq__step_result(step, now, before)];
        }
    }
    return at == CSQ__NEXT_HOLDS;
}

bool csq__program_find_failure(const csq__program *program, const csq__layout *layout,
                               const int64_t *now, const int64_t *before, csq__failure *out)
{
    uint32_t at = program->entry;
    uint32_t last = at;
    while (at >= CSQ__NEXT_STEP) {
        const csq__step *step = &program->steps[at - CSQ__NEXT_STEP];
        last = at;
        at = step->next[csq__step_result(step, now, before)];
    }
    if (at == CSQ__NEXT_HOLDS || last < CSQ__NEXT_STEP) {
        return false;
    }
    const csq__slot *slots = layout->slots.data;
    const uint32_t index = last - CSQ__NEXT_STEP;
    out->attribute = slots[program->steps[index].slot].attribute;
    out->step = program->sources[index];
    return true;
}

uint32_t csq__program_first_failure(const csq__program *program, const csq__layout *layout,
                                    const int64_t *now, const int64_t *before)
{
    csq__failure failure;
    return csq__program_find_failure(program, layout, now, before, &failure) ? failure.attribute
                                                                             : 0;
}

static bool step_reads(const csq__step *step, uint32_t slot)
{
    switch (step->op) {
    case CSQ__STEP_CHANGED:
    case CSQ__STEP_EMPTY:
        return slot >= step->slot && slot - step->slot < step->n;
    case CSQ__STEP_HAS:
    case CSQ__STEP_CAME:
    case CSQ__STEP_WENT:
        for (uint64_t i = 0; i < step->n; i++) {
            if (step->values[2 * i] == (int64_t)slot) {
                return true;
            }
        }
        return false;
    default:
        return slot == step->slot;
    }
}

bool csq__program_reads(const csq__program *program, uint32_t slot)
{
    for (uint32_t i = 0; i < program->n_steps; i++) {
        if (step_reads(&program->steps[i], slot)) {
            return true;
        }
    }
    return false;
}

enum {
    STEP_OUTCOME_FALSE = 1,
    STEP_OUTCOME_TRUE = 2,
    STEP_OUTCOME_EITHER = 3,
    STEP_CODE_ABOVE = 64
};

/* The outcomes a step may have while the value now of `slot` is `code`; STEP_CODE_ABOVE stands for
 * all codes that have no bit. */
static unsigned step_outcomes(const csq__step *step, uint32_t slot, uint32_t code)
{
    if (step->slot != slot || step->previous) {
        return STEP_OUTCOME_EITHER;
    }
    const bool is_member = code < STEP_CODE_ABOVE && (step->mask >> code & 1) != 0;
    switch (step->op) {
    case CSQ__STEP_CODES:
    case CSQ__STEP_LIST:
        if (code == STEP_CODE_ABOVE && step->op == CSQ__STEP_LIST) {
            return STEP_OUTCOME_EITHER;
        }
        return is_member ? STEP_OUTCOME_TRUE : STEP_OUTCOME_FALSE;
    case CSQ__STEP_CHANGED_TO:
        return is_member || (code == STEP_CODE_ABOVE && step->n > 0) ? STEP_OUTCOME_EITHER
                                                                     : STEP_OUTCOME_FALSE;
    case CSQ__STEP_ABSENT:
        return code == 0 ? STEP_OUTCOME_TRUE : STEP_OUTCOME_FALSE;
    default:
        return STEP_OUTCOME_EITHER;
    }
}

/* Whether some outcomes of the tests of other things lead from the entry to "holds". */
static bool program_may_hold(const csq__program *program, uint32_t slot, uint32_t code)
{
    uint64_t reached[CSQ_CONDITION_LENGTH / 64 + 1] = {0};
    reached[program->entry / 64] |= UINT64_C(1) << program->entry % 64;
    for (uint32_t i = program->n_steps; i-- > 0;) {
        const uint32_t at = i + CSQ__NEXT_STEP;
        if ((reached[at / 64] >> at % 64 & 1) == 0) {
            continue;
        }
        const csq__step *step = &program->steps[i];
        const unsigned outcomes = step_outcomes(step, slot, code);
        for (unsigned outcome = 0; outcome < 2; outcome++) {
            const uint32_t next = step->next[outcome];
            reached[next / 64] |= (uint64_t)(outcomes >> outcome & 1) << next % 64;
        }
    }
    return (reached[0] >> CSQ__NEXT_HOLDS & 1) != 0;
}

bool csq__program_requires(const csq__program *program, uint32_t slot, uint64_t *mask)
{
    if (program_may_hold(program, slot, STEP_CODE_ABOVE)) {
        return false;
    }
    uint64_t codes = 0;
    for (uint32_t code = 0; code < STEP_CODE_ABOVE; code++) {
        codes |= (uint64_t)program_may_hold(program, slot, code) << code;
    }
    *mask = codes;
    return true;
}
