/*
 * layout — which attribute has its value in which slot of a frame.
 *
 * Categories, integers and instants get their slots as they are mentioned. Sets get theirs when the
 * layout is closed, since only then all members are known: the members of one set take neighbouring
 * slots, 64 to a slot in the order of their codes. A set of which a condition asks whether it is
 * empty or has changed has one more slot, before those, for the members that have no bit.
 *
 * Kinds come from the conditions, not from the schema, which may be growing meanwhile.
 *
 * Uses: base.
 */
#include "condition/condition_internal.h"

csq_status csq__layout_init(csq__layout *layout, csq_schema *schema, const csq_allocator *allocator,
                            csq_error *error)
{
    if (layout == NULL || schema == NULL) {
        return csq__fail_null(error, layout == NULL ? "layout" : "schema");
    }
    *layout = (csq__layout){.allocator = csq__allocator_or_default(allocator)};
    layout->schema = csq_schema_retain(schema);
    return CSQ_OK;
}

void csq__layout_release(csq__layout *layout)
{
    csq__array_release(&layout->slots, &layout->allocator, sizeof(csq__slot));
    csq__array_release(&layout->of, &layout->allocator, sizeof(uint16_t));
    csq__array_release(&layout->members, &layout->allocator, sizeof(csq__member));
    csq_schema_free(layout->schema);
    layout->schema = NULL;
    layout->n_slots = 0;
}

/* Appends a slot and notes it as the first of the attribute if it is. */
static csq_status layout_append(csq__layout *layout, uint32_t attribute, uint32_t kind,
                                csq_error *error)
{
    if (layout->n_slots >= CSQ__NO_SLOT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("rules read more than "),
                         CSQ__NUMBER(CSQ__NO_SLOT), CSQ__TEXT(" attributes and members of sets"));
    }
    const bool is_number = kind == CSQ_ATTRIBUTE_INTEGER || kind == CSQ_ATTRIBUTE_INSTANT;
    const csq__slot slot = {attribute, kind, is_number ? CSQ_MS_NONE : 0};
    const size_t n_known = layout->of.n;
    if ((attribute >= n_known && !csq__array_reserve(&layout->of, &layout->allocator,
                                                     attribute + 1 - n_known, sizeof(uint16_t))) ||
        csq__array_push(&layout->slots, &layout->allocator, &slot, sizeof slot) == NULL) {
        return csq__fail_memory(error);
    }
    uint16_t *of = layout->of.data;
    for (; layout->of.n <= attribute; layout->of.n++) {
        of[layout->of.n] = CSQ__NO_SLOT;
    }
    if (of[attribute] == CSQ__NO_SLOT) {
        of[attribute] = (uint16_t)layout->n_slots;
    }
    layout->n_slots++;
    return CSQ_OK;
}

static csq_status layout_check_open(const csq__layout *layout, csq_error *error)
{
    if (layout->is_closed) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("the layout is closed"));
    }
    return CSQ_OK;
}

static csq_status layout_use_scalar(csq__layout *layout, uint32_t attribute, uint32_t kind,
                                    csq_error *error)
{
    if (csq__layout_slot(layout, attribute) != CSQ__NO_SLOT) {
        return CSQ_OK;
    }
    const csq_status status = layout_check_open(layout, error);
    return status != CSQ_OK ? status : layout_append(layout, attribute, kind, error);
}

csq_status csq__layout_use(csq__layout *layout, uint32_t attribute, csq_error *error)
{
    const uint32_t kind = csq_schema_kind(layout->schema, attribute);
    if (kind == 0) {
        return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("there is no attribute "),
                         CSQ__NUMBER(attribute));
    }
    if (kind == CSQ_ATTRIBUTE_SET) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("the attribute \""),
                         CSQ__VIEW(csq_schema_name(layout->schema, attribute)),
                         CSQ__TEXT("\" is a set, expected one value"));
    }
    return layout_use_scalar(layout, attribute, kind, error);
}

static csq_status layout_use_member(csq__layout *layout, uint32_t attribute, uint32_t code,
                                    csq_error *error)
{
    const csq__member member = {attribute, code, 0, 0};
    if (csq__array_push(&layout->members, &layout->allocator, &member, sizeof member) == NULL) {
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

static csq_status layout_use_set(csq__layout *layout, const csq__condition_step *step,
                                 csq_error *error)
{
    if (step->op == CSQ_TEST_CHANGED || step->op == CSQ_TEST_ABSENT) {
        return layout_use_member(layout, step->attribute, 0, error);
    }
    csq_status status = CSQ_OK;
    for (uint64_t i = 0; i < step->n && status == CSQ_OK; i++) {
        status = layout_use_member(layout, step->attribute, (uint32_t)step->values[i], error);
    }
    return status;
}

csq_status csq__layout_use_condition(csq__layout *layout, const csq_condition *condition,
                                     csq_error *error)
{
    if (condition == NULL) {
        return csq__fail_null(error, "condition");
    }
    if (condition->schema != layout->schema) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("a condition belongs to another schema"));
    }
    csq_status status = layout_check_open(layout, error);
    for (uint32_t i = 0; i < condition->n_steps && status == CSQ_OK; i++) {
        const csq__condition_step *step = &condition->steps[i];
        if (step->kind == CSQ_ATTRIBUTE_SET) {
            status = layout_use_set(layout, step, error);
        } else if (step->kind != 0) {
            status = layout_use_scalar(layout, step->attribute, step->kind, error);
        }
    }
    return status;
}

static int layout_compare_members(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq__member *left = a;
    const csq__member *right = b;
    if (left->attribute != right->attribute) {
        return left->attribute < right->attribute ? -1 : 1;
    }
    return (left->code > right->code) - (left->code < right->code);
}

/* Sorts the members and keeps one of each. */
static void layout_sort_members(csq__layout *layout)
{
    csq__member *members = layout->members.data;
    csq__sort(members, layout->members.n, sizeof *members, layout_compare_members, NULL);
    size_t n = 0;
    for (size_t i = 0; i < layout->members.n; i++) {
        if (n == 0 || layout_compare_members(&members[n - 1], &members[i], NULL) != 0) {
            members[n++] = members[i];
        }
    }
    layout->members.n = n;
}

csq_status csq__layout_close(csq__layout *layout, csq_error *error)
{
    csq_status status = layout_check_open(layout, error);
    if (status != CSQ_OK) {
        return status;
    }
    layout_sort_members(layout);
    csq__member *members = layout->members.data;
    for (size_t i = 0; i < layout->members.n; i++) {
        csq__member *member = &members[i];
        const csq__member *last = i == 0 ? NULL : &members[i - 1];
        const bool shares_slot = last != NULL && last->attribute == member->attribute &&
                                 last->code != 0 && last->bit < 63;
        if (!shares_slot) {
            status = layout_append(layout, member->attribute, CSQ_ATTRIBUTE_SET, error);
            if (status != CSQ_OK) {
                return status;
            }
        }
        member->slot = layout->n_slots - 1;
        member->bit = shares_slot ? last->bit + 1 : 0;
    }
    layout->is_closed = true;
    return CSQ_OK;
}

/* The member of a code, 0 included, or NULL. */
static const csq__member *layout_find(const csq__layout *layout, uint32_t attribute, uint32_t code)
{
    if (!layout->is_closed || layout->members.n == 0) {
        return NULL;
    }
    const csq__member key = {attribute, code, 0, 0};
    const csq__member *members = layout->members.data;
    const size_t i = csq__lower_bound(members, layout->members.n, sizeof key, &key,
                                      layout_compare_members, NULL);
    const bool is_there =
        i < layout->members.n && layout_compare_members(&members[i], &key, NULL) == 0;
    return is_there ? &members[i] : NULL;
}

const csq__member *csq__layout_member(const csq__layout *layout, uint32_t attribute, uint32_t code)
{
    return code == 0 ? NULL : layout_find(layout, attribute, code);
}

uint32_t csq__layout_rest(const csq__layout *layout, uint32_t attribute)
{
    const csq__member *rest = layout_find(layout, attribute, 0);
    return rest == NULL ? CSQ__NO_SLOT : rest->slot;
}

uint32_t csq__layout_width(const csq__layout *layout, uint32_t attribute)
{
    const csq__slot *slots = layout->slots.data;
    const uint32_t first = csq__layout_slot(layout, attribute);
    uint32_t end = first;
    while (end < layout->n_slots && slots[end].attribute == attribute) {
        end++;
    }
    return end - first;
}

void csq__layout_clear(const csq__layout *layout, int64_t *frame)
{
    const csq__slot *slots = layout->slots.data;
    for (uint32_t i = 0; i < layout->n_slots; i++) {
        frame[i] = slots[i].absent;
    }
}
