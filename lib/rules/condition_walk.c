/*
 * condition_walk — visits the tests of a condition, and each combination after its operands.
 *
 * There is a frame for each open object or list; the JSON reader's limit of depth bounds them.
 *
 * Uses: base, text.
 */
#include "rules/rules_internal.h"

static csq__condition_frame condition_frame_of(const csq__document *document, uint32_t node)
{
    const csq__json *json = &document->json;
    const bool is_list = document->marks[node].shape == CSQ__SHAPE_CONDITIONS;
    const uint32_t parent = csq__json_at(json, node)->parent;
    const bool is_combinator = document->marks[parent].shape == CSQ__SHAPE_CONDITION;
    return (csq__condition_frame){
        .node = node,
        .next = csq__json_first(json, node),
        .is_any = is_list && csq__str_equal(csq__json_key(json, node), CSQ__STR("any")),
        .is_negated = is_combinator && !is_list,
    };
}

void csq__condition_walk_begin(csq__condition_walk *walk, const csq__document *document,
                               uint32_t root)
{
    walk->document = document;
    walk->depth = 1;
    walk->frames[0] = condition_frame_of(document, root);
}

uint32_t csq__condition_walk_next(csq__condition_walk *walk)
{
    const csq__document *document = walk->document;
    for (;;) {
        csq__condition_frame *frame = &walk->frames[walk->depth - 1];
        const uint32_t child = frame->next;
        if (child == 0) {
            walk->closed = *frame;
            walk->depth--;
            return 0;
        }
        frame->next = csq__json_next(&document->json, child);
        const uint8_t shape = document->marks[child].shape;
        if (shape != CSQ__SHAPE_CONDITION && shape != CSQ__SHAPE_CONDITIONS) {
            return child;
        }
        walk->frames[walk->depth++] = condition_frame_of(document, child);
    }
}
