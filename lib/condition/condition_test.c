/*
 * condition_test — asks a condition about one fact that the caller spells out.
 *
 * Fills the two frames of the condition's own layout and runs its own program, so that there is one
 * evaluator. Members of a set that the condition does not name have no bit; where they matter, the
 * slot that stands for them says whether there are any and whether they changed.
 *
 * Uses: base.
 */
#include "condition/condition_internal.h"

enum { FACT_SLOTS = 64, FACT_ID_WORDS = 65536 / 64 };

typedef struct fact_frames {
    const csq_condition *condition;
    uint32_t n_attributes; /* of the schema, which may be growing meanwhile */
    int64_t *now;
    int64_t *before; /* behind `now` in the same memory */
    int64_t local[2 * FACT_SLOTS];
    uint64_t seen[FACT_ID_WORDS]; /* attribute ids; only as many words as there are ids */
} fact_frames;

static csq_status fact_open(fact_frames *fact, const csq_condition *condition, csq_error *error)
{
    const size_t n_slots = condition->layout.n_slots;
    fact->condition = condition;
    fact->now = fact->local;
    if (n_slots > FACT_SLOTS) {
        fact->now = csq__allocate_array(&condition->allocator, 2 * n_slots, sizeof(int64_t));
        if (fact->now == NULL) {
            return csq__fail_memory(error);
        }
    }
    fact->before = fact->now + n_slots;
    csq__layout_clear(&condition->layout, fact->now);
    csq__layout_clear(&condition->layout, fact->before);
    fact->n_attributes = csq_schema_count(condition->schema);
    memset(fact->seen, 0, (fact->n_attributes / 64 + 1) * sizeof *fact->seen);
    return CSQ_OK;
}

static void fact_close(fact_frames *fact)
{
    if (fact->now != fact->local) {
        const size_t n_slots = fact->condition->layout.n_slots;
        csq__release(&fact->condition->allocator, fact->now, 2 * n_slots * sizeof(int64_t));
    }
}

/* Sets the bits of the codes that have one; the number of others, without 0. */
static uint64_t fact_set_bits(const csq__layout *layout, uint32_t attribute, const uint32_t *codes,
                              uint64_t n, int64_t *frame)
{
    uint64_t n_others = 0;
    for (uint64_t i = 0; i < n; i++) {
        const csq__member *member = csq__layout_member(layout, attribute, codes[i]);
        if (member != NULL) {
            frame[member->slot] |= (int64_t)(UINT64_C(1) << member->bit);
        } else {
            n_others += codes[i] != 0;
        }
    }
    return n_others;
}

static int fact_compare_codes(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint32_t left = *(const uint32_t *)a;
    const uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Copies the codes that have no bit, sorted and each once; how many. */
static size_t fact_others(const csq__layout *layout, uint32_t attribute, const uint32_t *codes,
                          uint64_t n, uint32_t *out)
{
    size_t n_others = 0;
    for (uint64_t i = 0; i < n; i++) {
        if (codes[i] != 0 && csq__layout_member(layout, attribute, codes[i]) == NULL) {
            out[n_others++] = codes[i];
        }
    }
    csq__sort(out, n_others, sizeof *out, fact_compare_codes, NULL);
    size_t n_unique = 0;
    for (size_t i = 0; i < n_others; i++) {
        if (n_unique == 0 || out[n_unique - 1] != out[i]) {
            out[n_unique++] = out[i];
        }
    }
    return n_unique;
}

/* Whether the members without a bit are the same now and before. */
static csq_status fact_compare_others(const fact_frames *fact, const csq_attribute_value *value,
                                      bool *are_equal, csq_error *error)
{
    const csq_allocator *memory = &fact->condition->allocator;
    const csq__layout *layout = &fact->condition->layout;
    if (value->n_codes > SIZE_MAX / 8 || value->n_previous_codes > SIZE_MAX / 8) {
        return csq__fail_memory(error);
    }
    const size_t n_codes = (size_t)(value->n_codes + value->n_previous_codes);
    uint32_t *now = csq__allocate_array(memory, n_codes, sizeof *now);
    if (now == NULL) {
        return csq__fail_memory(error);
    }
    uint32_t *before = now + value->n_codes;
    const size_t n_now = fact_others(layout, value->attribute, value->codes, value->n_codes, now);
    const size_t n_before = fact_others(layout, value->attribute, value->previous_codes,
                                        value->n_previous_codes, before);
    *are_equal = n_now == n_before && memcmp(now, before, n_now * sizeof *now) == 0;
    csq__release(memory, now, n_codes * sizeof *now);
    return CSQ_OK;
}

static csq_status fact_fill_set(fact_frames *fact, const csq_attribute_value *value,
                                csq_error *error)
{
    if ((value->codes == NULL && value->n_codes > 0) ||
        (value->previous_codes == NULL && value->n_previous_codes > 0)) {
        return csq__fail_null(error, value->codes == NULL && value->n_codes > 0 ? "codes"
                                                                                : "previous_codes");
    }
    const csq__layout *layout = &fact->condition->layout;
    const uint64_t n_now =
        fact_set_bits(layout, value->attribute, value->codes, value->n_codes, fact->now);
    const uint64_t n_before = fact_set_bits(layout, value->attribute, value->previous_codes,
                                            value->n_previous_codes, fact->before);
    const uint32_t rest = csq__layout_rest(layout, value->attribute);
    if (rest == CSQ__NO_SLOT) {
        return CSQ_OK;
    }
    bool are_equal = n_now == 0 && n_before == 0;
    if (n_now > 0 && n_before > 0) {
        const csq_status status = fact_compare_others(fact, value, &are_equal, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    fact->before[rest] = n_before > 0 ? 1 : 0;
    fact->now[rest] = n_now == 0 ? 0 : are_equal ? 1 : 2;
    return CSQ_OK;
}

static csq_status fact_fill(fact_frames *fact, const csq_attribute_value *value, csq_error *error)
{
    const uint32_t attribute = value->attribute;
    if (attribute == 0 || attribute > fact->n_attributes) {
        return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("there is no attribute "),
                         CSQ__NUMBER(attribute));
    }
    uint64_t *seen = &fact->seen[attribute / 64];
    const uint64_t bit = UINT64_C(1) << attribute % 64;
    if ((*seen & bit) != 0) {
        return csq__fail(error, CSQ_EDUPLICATE, CSQ__TEXT("attribute "), CSQ__NUMBER(attribute),
                         CSQ__TEXT(" stands twice"));
    }
    *seen |= bit;
    const uint32_t slot = csq__layout_slot(&fact->condition->layout, attribute);
    if (slot == CSQ__NO_SLOT) {
        return CSQ_OK;
    }
    const csq__slot *slots = fact->condition->layout.slots.data;
    if (slots[slot].kind == CSQ_ATTRIBUTE_SET) {
        return fact_fill_set(fact, value, error);
    }
    fact->now[slot] = value->value;
    fact->before[slot] = value->previous;
    return CSQ_OK;
}

static csq_status fact_read(fact_frames *fact, const csq_attribute_value *values, uint64_t n_values,
                            uint64_t stride, csq_error *error)
{
    // A host of another release has values of another size: the first one tells it.
    const uint64_t distance = stride != 0 ? stride : n_values == 0 ? 0 : values[0].size;
    for (uint64_t i = 0; i < n_values; i++) {
        csq_attribute_value value;
        const char *at = (const char *)values + i * distance;
        csq_status status = csq__element_read(
            at, distance, CSQ__FIRST_SIZE(csq_attribute_value, n_previous_codes), &value,
            sizeof value, error);
        if (status == CSQ_OK) {
            status = fact_fill(fact, &value, error);
        }
        if (status != CSQ_OK) {
            csq__error_index(error, (int64_t)i);
            return status;
        }
    }
    return CSQ_OK;
}

static csq_status fact_check_arguments(const csq_condition *condition,
                                       const csq_attribute_value *values, uint64_t n_values,
                                       uint64_t stride, csq_error *error)
{
    if (condition == NULL) {
        return csq__fail_null(error, "condition");
    }
    if (values == NULL && n_values > 0) {
        return csq__fail_null(error, "values");
    }
    const uint64_t least = CSQ__FIRST_SIZE(csq_attribute_value, n_previous_codes);
    if (stride != 0 && stride < least) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("stride is "), CSQ__NUMBER((int64_t)stride),
                         CSQ__TEXT(", expected 0 or at least "), CSQ__NUMBER((int64_t)least));
    }
    return CSQ_OK;
}

/* Fills the frames; on success the caller closes them. */
static csq_status fact_prepare(fact_frames *fact, const csq_condition *condition,
                               const csq_attribute_value *values, uint64_t n_values,
                               uint64_t stride, csq_error *error)
{
    csq_status status = fact_check_arguments(condition, values, n_values, stride, error);
    if (status == CSQ_OK) {
        status = fact_open(fact, condition, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    status = fact_read(fact, values, n_values, stride, error);
    if (status != CSQ_OK) {
        fact_close(fact);
    }
    return status;
}

csq_status csq_condition_test(const csq_condition *condition, const csq_attribute_value *values,
                              uint64_t n_values, uint64_t stride, int32_t *holds, csq_error *error)
{
    if (holds == NULL) {
        return csq__fail_null(error, "holds");
    }
    fact_frames fact;
    const csq_status status = fact_prepare(&fact, condition, values, n_values, stride, error);
    if (status == CSQ_OK) {
        *holds = csq__program_holds(&condition->program, fact.now, fact.before);
        fact_close(&fact);
    }
    return status;
}

csq_status csq_condition_first_failure(const csq_condition *condition,
                                       const csq_attribute_value *values, uint64_t n_values,
                                       uint64_t stride, uint32_t *attribute, csq_error *error)
{
    if (attribute == NULL) {
        return csq__fail_null(error, "attribute");
    }
    fact_frames fact;
    const csq_status status = fact_prepare(&fact, condition, values, n_values, stride, error);
    if (status == CSQ_OK) {
        *attribute = csq__program_first_failure(&condition->program, &condition->layout, fact.now,
                                                fact.before);
        fact_close(&fact);
    }
    return status;
}
