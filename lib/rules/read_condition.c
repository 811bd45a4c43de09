/*
 * read_condition — conditions of a document, through the builder of condition.h.
 *
 * An object holds if all its members hold: `all`, `any` and `not` combine conditions, every other
 * key is an attribute. Operands are combined as soon as there are two, so that a long list needs no
 * deep stack.
 *
 * Uses: base, text, condition, ticket.
 */
#include "rules/rules_internal.h"

/* ---- names --------------------------------------------------------------------------------- */

static csq_str condition_word(const csq__document *document, uint32_t node, bool is_key)
{
    return is_key ? csq__json_key(&document->json, node) : csq__json_text(&document->json, node);
}

csq_status csq__read_attribute(const csq__rules_reader *reader, uint32_t node, bool is_key,
                               uint32_t *attribute, csq_error *error)
{
    const csq_str name = condition_word(reader->document, node, is_key);
    *attribute = csq_schema_find(reader->schema, name);
    if (*attribute != 0) {
        return CSQ_OK;
    }
    csq__nearest nearest = csq__nearest_to(name);
    const uint32_t n = csq_schema_count(reader->schema);
    for (uint32_t i = 1; i <= n; i++) {
        csq__nearest_offer(&nearest, csq_schema_name(reader->schema, i));
    }
    return csq__fail_unknown(reader->document, node, is_key, "an attribute", &nearest, error);
}

/* The names of events, authors and visibilities are fixed: a new one would be a spelling mistake.
 */
static csq_status condition_fixed_code(const csq__rules_reader *reader, uint32_t attribute,
                                       uint32_t node, bool is_key, uint32_t *code, csq_error *error)
{
    static const char *const what[] = {"an event", "an author", "a visibility"};
    const csq_str name = condition_word(reader->document, node, is_key);
    const csq_vocabulary *names = csq_schema_vocabulary(reader->schema, attribute);
    *code = csq_vocabulary_find(names, name);
    if (*code != CSQ_CODE_NONE) {
        return CSQ_OK;
    }
    csq__nearest nearest = csq__nearest_to(name);
    for (uint32_t i = 1; i <= csq_vocabulary_count(names); i++) {
        csq__nearest_offer(&nearest, csq_vocabulary_name(names, i));
    }
    return csq__fail_unknown(reader->document, node, is_key, what[attribute - CSQ_TICKET_EVENT],
                             &nearest, error);
}

csq_status csq__read_code(const csq__rules_reader *reader, uint32_t attribute, uint32_t node,
                          bool is_key, uint32_t *code, csq_error *error)
{
    if (attribute <= CSQ_TICKET_VISIBILITY) {
        return condition_fixed_code(reader, attribute, node, is_key, code, error);
    }
    const csq_status status = csq_schema_code(
        reader->schema, attribute, condition_word(reader->document, node, is_key), code, error);
    return is_key ? csq__placed_key(reader->document, node, status, error)
                  : csq__placed(reader->document, node, status, error);
}

/* ---- tests --------------------------------------------------------------------------------- */

/* The attribute that a test asks, and in which of the two frames. */
typedef struct condition_subject {
    uint32_t attribute;
    uint32_t kind;
    uint32_t previous;
} condition_subject;

static csq_status condition_value(const csq__rules_reader *reader, const condition_subject *subject,
                                  uint32_t node, int64_t *out, csq_error *error)
{
    const csq__json *json = &reader->document->json;
    const bool is_number = csq__json_kind_of(json, node) == CSQ__JSON_NUMBER;
    if (subject->kind == CSQ_ATTRIBUTE_INTEGER) {
        const csq__json_range whole = {1, -INT64_MAX, INT64_MAX};
        return csq__json_integer(json, node, &whole, out, error);
    }
    if (is_number) {
        return csq__json_fail_value(json, node,
                                    subject->kind == CSQ_ATTRIBUTE_INSTANT
                                        ? "an instant such as \"2026-07-01T00:00:00+08:00\""
                                        : "a name",
                                    error);
    }
    if (subject->kind == CSQ_ATTRIBUTE_INSTANT) {
        return csq__read_instant(reader->document, node, out, error);
    }
    uint32_t code;
    const csq_status status = csq__read_code(reader, subject->attribute, node, false, &code, error);
    if (status == CSQ_OK) {
        *out = code;
    }
    return status;
}

/* Collects one value, or those of a list, in reader->values. */
static csq_status condition_values(csq__rules_reader *reader, const condition_subject *subject,
                                   uint32_t node, csq_error *error)
{
    const csq__json *json = &reader->document->json;
    const bool is_list = csq__json_kind_of(json, node) == CSQ__JSON_ARRAY;
    reader->values.n = 0;
    uint32_t at = is_list ? csq__json_first(json, node) : node;
    while (at != 0) {
        int64_t value;
        const csq_status status = condition_value(reader, subject, at, &value, error);
        if (status != CSQ_OK) {
            return status;
        }
        if (csq__array_push(&reader->values, &reader->allocator, &value, sizeof value) == NULL) {
            return csq__fail_memory(error);
        }
        at = is_list ? csq__json_next(json, at) : 0;
    }
    return CSQ_OK;
}

static csq_test condition_test_of(const condition_subject *subject, uint32_t op)
{
    return (csq_test){.size = sizeof(csq_test),
                      .attribute = subject->attribute,
                      .op = op,
                      .previous = subject->previous};
}

/* Pushes a test with the values at `node`. */
static csq_status condition_push_values(csq__rules_reader *reader, const condition_subject *subject,
                                        uint32_t op, uint32_t node, csq_error *error)
{
    csq_status status = condition_values(reader, subject, node, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq_test test = condition_test_of(subject, op);
    test.values = reader->values.data;
    test.n_values = reader->values.n;
    status = csq_condition_push_test(reader->conditions, &test, error);
    return csq__placed(reader->document, node, status, error);
}

/* Pushes a test that is asked for by true and denied by false. */
static csq_status condition_push_flag(csq__rules_reader *reader, const condition_subject *subject,
                                      uint32_t op, uint32_t node, csq_error *error)
{
    const csq_test test = condition_test_of(subject, op);
    csq_status status = csq_condition_push_test(reader->conditions, &test, error);
    if (status == CSQ_OK && !csq__json_is_true(&reader->document->json, node)) {
        status = csq_condition_push_not(reader->conditions, error);
    }
    return csq__placed(reader->document, node, status, error);
}

static csq_status condition_push_range(csq__rules_reader *reader, const condition_subject *subject,
                                       uint32_t object, csq_error *error)
{
    const uint32_t least = csq__member_of(reader->document, object, "at_least");
    const uint32_t most = csq__member_of(reader->document, object, "at_most");
    csq_test test = condition_test_of(subject, CSQ_TEST_RANGE);
    test.low = -INT64_MAX;
    test.high = INT64_MAX;
    csq_status status = CSQ_OK;
    if (least != 0) {
        status = condition_value(reader, subject, least, &test.low, error);
    }
    if (status == CSQ_OK && most != 0) {
        status = condition_value(reader, subject, most, &test.high, error);
    }
    if (status == CSQ_OK && test.low > test.high) {
        return csq__json_fail(&reader->document->json, most, error, CSQ_ERULE,
                              CSQ__TEXT("expected \"at_most\" to be no less than \"at_least\", "
                                        "found less"));
    }
    if (status == CSQ_OK) {
        status = csq__placed(reader->document, object,
                             csq_condition_push_test(reader->conditions, &test, error), error);
    }
    return status;
}

static const char *condition_kind_name(uint32_t kind)
{
    static const char *const names[] = {"", "category", "set", "integer", "instant"};
    return names[kind];
}

static csq_status condition_fail_kind(const csq__rules_reader *reader, uint32_t node,
                                      const condition_subject *subject, const char *expected,
                                      csq_error *error)
{
    return csq__json_fail(&reader->document->json, node, error, CSQ_ERULE, CSQ__TEXT("expected "),
                          CSQ__VIEW(csq_str_of(expected)), CSQ__TEXT(", found \""),
                          CSQ__VIEW(csq_schema_name(reader->schema, subject->attribute)),
                          CSQ__TEXT("\" of kind "),
                          CSQ__VIEW(csq_str_of(condition_kind_name(subject->kind))));
}

static csq_status condition_push_is(csq__rules_reader *reader, const condition_subject *subject,
                                    uint32_t node, csq_error *error)
{
    if (subject->kind == CSQ_ATTRIBUTE_SET) {
        return condition_fail_kind(reader, node, subject,
                                   "a test such as {\"has\": \"vip\"} of a set", error);
    }
    return condition_push_values(reader, subject, CSQ_TEST_IN, node, error);
}

typedef enum condition_word_id {
    WORD_HAS,
    WORD_AT_LEAST,
    WORD_AT_MOST,
    WORD_ABSENT,
    WORD_CHANGED,
    WORD_CHANGED_TO,
    WORD_CHANGED_FROM,
    WORD_PREVIOUS
} condition_word_id;

static condition_word_id condition_word_of(csq_str key)
{
    static const char *const words[] = {"has",     "at_least",   "at_most",     "absent",
                                        "changed", "changed_to", "changed_from"};
    uint32_t i = 0;
    while (i < WORD_PREVIOUS && !csq__str_equal(key, csq_str_of(words[i]))) {
        i++;
    }
    return (condition_word_id)i;
}

/* One member of an object of tests. */
static csq_status condition_push_member(csq__rules_reader *reader, const condition_subject *subject,
                                        uint32_t object, uint32_t node, csq_error *error)
{
    switch (condition_word_of(csq__json_key(&reader->document->json, node))) {
    case WORD_HAS:
        if (subject->kind != CSQ_ATTRIBUTE_SET) {
            return condition_fail_kind(reader, node, subject, "an attribute that is a set", error);
        }
        return condition_push_values(reader, subject, CSQ_TEST_HAS, node, error);
    case WORD_AT_LEAST:
    case WORD_AT_MOST:
        if (subject->kind != CSQ_ATTRIBUTE_INTEGER && subject->kind != CSQ_ATTRIBUTE_INSTANT) {
            return condition_fail_kind(reader, node, subject, "an integer or an instant", error);
        }
        return condition_push_range(reader, subject, object, error);
    case WORD_ABSENT:
        return condition_push_flag(reader, subject, CSQ_TEST_ABSENT, node, error);
    case WORD_CHANGED:
        return condition_push_flag(reader, subject, CSQ_TEST_CHANGED, node, error);
    case WORD_CHANGED_TO:
        return condition_push_values(reader, subject, CSQ_TEST_CHANGED_TO, node, error);
    default:
        return condition_push_values(reader, subject, CSQ_TEST_CHANGED_FROM, node, error);
    }
}

/* ---- walking ------------------------------------------------------------------------------- */

/* Counts an operand that was pushed; a second one is combined with the first at once. */
static csq_status condition_join(csq__rules_reader *reader, uint32_t node, bool is_any, uint32_t *n,
                                 csq_error *error)
{
    *n += 1;
    if (*n < 2) {
        return CSQ_OK;
    }
    *n = 1;
    return csq__placed(reader->document, node,
                       is_any ? csq_condition_push_any(reader->conditions, 2, error)
                              : csq_condition_push_all(reader->conditions, 2, error),
                       error);
}

/* The members of an object of tests but for `previous`. A range is one test of two members. */
static csq_status condition_push_members(csq__rules_reader *reader,
                                         const condition_subject *subject, uint32_t object,
                                         uint32_t *n, csq_error *error)
{
    const csq__json *json = &reader->document->json;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, object);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        const condition_word_id word = condition_word_of(csq__json_key(json, at));
        const bool is_done =
            word == WORD_AT_MOST && csq__member_of(reader->document, object, "at_least") != 0;
        if (word == WORD_PREVIOUS || is_done) {
            continue;
        }
        status = condition_push_member(reader, subject, object, at, error);
        if (status == CSQ_OK) {
            status = condition_join(reader, at, false, n, error);
        }
    }
    return status;
}

/* Pushes what an attribute is asked, as one operand. */
static csq_status condition_push_attribute(csq__rules_reader *reader, uint32_t node,
                                           csq_error *error)
{
    condition_subject subject = {.previous = CSQ_TEST_NOW};
    csq_status status = csq__read_attribute(reader, node, true, &subject.attribute, error);
    if (status != CSQ_OK) {
        return status;
    }
    subject.kind = csq_schema_kind(reader->schema, subject.attribute);
    reader->rules->document.marks[node].kind = (uint8_t)subject.kind;
    const csq__json *json = &reader->document->json;
    if (csq__json_kind_of(json, node) != CSQ__JSON_OBJECT) {
        return condition_push_is(reader, &subject, node, error);
    }
    uint32_t n = 0;
    status = condition_push_members(reader, &subject, node, &n, error);
    const uint32_t previous = csq__member_of(reader->document, node, "previous");
    if (status != CSQ_OK || previous == 0) {
        return status;
    }
    subject.previous = CSQ_TEST_PREVIOUS;
    if (csq__json_kind_of(json, previous) == CSQ__JSON_OBJECT) {
        return condition_push_members(reader, &subject, previous, &n, error);
    }
    status = condition_push_is(reader, &subject, previous, error);
    return status != CSQ_OK ? status : condition_join(reader, previous, false, &n, error);
}

static csq_status condition_close(csq__rules_reader *reader, const csq__condition_frame *frame,
                                  csq_error *error)
{
    csq_status status = CSQ_OK;
    if (frame->n == 0) {
        status = frame->is_any ? csq_condition_push_any(reader->conditions, 0, error)
                               : csq_condition_push_all(reader->conditions, 0, error);
    }
    if (status == CSQ_OK && frame->is_negated) {
        status = csq_condition_push_not(reader->conditions, error);
    }
    return csq__placed(reader->document, frame->node, status, error);
}

static csq_status condition_push(csq__rules_reader *reader, uint32_t root, csq_error *error)
{
    csq__condition_walk walk;
    csq__condition_walk_begin(&walk, reader->document, root);
    csq_status status = CSQ_OK;
    while (walk.depth > 0 && status == CSQ_OK) {
        const uint32_t test = csq__condition_walk_next(&walk);
        status = test != 0 ? condition_push_attribute(reader, test, error)
                           : condition_close(reader, &walk.closed, error);
        if (status == CSQ_OK && walk.depth > 0) {
            csq__condition_frame *frame = &walk.frames[walk.depth - 1];
            status = condition_join(reader, frame->node, frame->is_any, &frame->n, error);
        }
    }
    return status;
}

csq_status csq__read_condition(csq__rules_reader *reader, uint32_t node, csq_condition **out,
                               csq_error *error)
{
    *out = NULL;
    if (node == 0) {
        return CSQ_OK;
    }
    const csq_status status = condition_push(reader, node, error);
    if (status != CSQ_OK) {
        return status;
    }
    return csq__placed(reader->document, node, csq_condition_build(reader->conditions, out, error),
                       error);
}
