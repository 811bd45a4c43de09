/*
 * property_region — the regions that the linter compares never leave out a fact: where a random
 * condition holds for a fact, the fact lies in the region of the condition, otherwise in that of
 * its opposite. Wide alternatives reach the boxes around boxes.
 */
#include "rules/region.h"
#include "rules_support.h"

enum { CONDITIONS = 3000, FACTS = 40, TEXT_BYTES = 1 << 16, NAMES = 4, NUMBERS = 5 };

static const char *const region_names[NAMES] = {"a", "b", "c", "d"};

/* ---- random conditions --------------------------------------------------------------------- */

typedef struct text_writer {
    uint64_t *random;
    char *text;
    size_t size;
} text_writer;

static void put(text_writer *writer, const char *format, const char *value)
{
    writer->size +=
        (size_t)snprintf(writer->text + writer->size, TEXT_BYTES - writer->size, format, value);
    assert_true(writer->size < TEXT_BYTES - 256);
}

static const char *pick_name(text_writer *writer)
{
    return region_names[test_below(writer->random, NAMES)];
}

static void put_names(text_writer *writer)
{
    put(writer, "[\"%s\"", pick_name(writer));
    while (test_below(writer->random, 2) == 0) {
        put(writer, ", \"%s\"", pick_name(writer));
    }
    put(writer, "]%s", "");
}

static void put_number(text_writer *writer, const char *key)
{
    char number[4] = {(char)('0' + test_below(writer->random, NUMBERS)), '\0', 0, 0};
    put(writer, "%s", key);
    put(writer, "%s", number);
}

static void put_status(text_writer *writer)
{
    static const char *const keys[] = {
        "", "{\"previous\": ", "{\"changed_to\": ", "{\"changed_from\": "};
    const uint64_t key = test_below(writer->random, 6);
    put(writer, "\"status\": %s", key < 4 ? keys[key] : "");
    if (key >= 4) {
        put(writer, "{\"%s\": ", key == 4 ? "absent" : "changed");
        put(writer, "%s}", test_below(writer->random, 2) == 0 ? "true" : "false");
        return;
    }
    put_names(writer);
    put(writer, "%s", key > 0 ? "}" : "");
}

static void put_amount(text_writer *writer)
{
    const bool is_before = test_below(writer->random, 4) == 0;
    put(writer, "\"amount\": %s", is_before ? "{\"previous\": " : "");
    switch (test_below(writer->random, 4)) {
    case 0:
        put_number(writer, "");
        break;
    case 1:
        put_number(writer, "[");
        put_number(writer, ", ");
        put(writer, "]%s", "");
        break;
    case 2:
        put_number(writer,
                   test_below(writer->random, 2) == 0 ? "{\"at_least\": " : "{\"at_most\": ");
        put(writer, "}%s", "");
        break;
    default:
        put(writer, "{\"absent\": %s}", test_below(writer->random, 2) == 0 ? "true" : "false");
        break;
    }
    put(writer, "%s", is_before ? "}" : "");
}

static void put_tags(text_writer *writer)
{
    static const char *const keys[] = {"{\"has\": ", "{\"changed_to\": ", "{\"changed_from\": "};
    const uint64_t key = test_below(writer->random, 5);
    put(writer, "\"tags\": %s", key < 3 ? keys[key] : "");
    if (key < 3) {
        put_names(writer);
        put(writer, "}%s", "");
    } else {
        put(writer, "{\"%s\": true}", key == 3 ? "absent" : "changed");
    }
}

static void put_test(text_writer *writer)
{
    static void (*const tests[])(text_writer *) = {put_status, put_amount, put_tags};
    tests[test_below(writer->random, 3)](writer);
}

/* Now and then so many alternatives that they exceed the limit of boxes. */
static uint64_t pick_width(text_writer *writer)
{
    return test_below(writer->random, 12) == 0 ? 20 : test_below(writer->random, 4);
}

/* More alternatives than there may be boxes, all about one attribute: the box around them has a
 * bound. */
static void put_alternatives(text_writer *writer)
{
    const bool is_status = test_below(writer->random, 2) == 0;
    put(writer, "\"%s\": [", test_below(writer->random, 2) == 0 ? "all" : "any");
    for (int i = 0; i <= CSQ__REGION_BOXES; i++) {
        const bool is_negated = test_below(writer->random, 8) == 0;
        put(writer, i == 0 ? "{%s" : ", {%s", is_negated ? "\"not\": {" : "");
        if (is_status) {
            put(writer, "\"status\": [\"%s\"]", region_names[test_below(writer->random, 3)]);
        } else {
            put_number(writer, "\"amount\": ");
        }
        put(writer, "%s", is_negated ? "}}" : "}");
    }
    put(writer, "]%s", "");
}

static void put_condition(text_writer *writer, int depth)
{
    const uint64_t form = depth == 0 ? 0 : test_below(writer->random, 5);
    put(writer, "%s", "{");
    if (form == 0) {
        put_test(writer);
    } else if (form == 1) {
        put(writer, "\"not\": %s", "");
        put_condition(writer, depth - 1);
    } else if (form == 4) {
        put_alternatives(writer);
    } else {
        const uint64_t n = pick_width(writer);
        put(writer, "\"%s\": [", form == 2 ? "all" : "any");
        for (uint64_t i = 0; i < n; i++) {
            put(writer, "%s", i == 0 ? "" : ", ");
            put_condition(writer, depth - 1);
        }
        put(writer, "%s", "]");
    }
    put(writer, "%s", "}");
}

/* ---- facts --------------------------------------------------------------------------------- */

/* Values after [0] and before [1] the event; names from 1, numbers with NUMBERS for absent. */
typedef struct region_fact {
    uint32_t status[2];
    uint32_t amount[2];
    uint32_t tags[2]; /* bits */
} region_fact;

static region_fact random_fact(uint64_t *random)
{
    region_fact fact;
    for (int i = 0; i < 2; i++) {
        fact.status[i] = (uint32_t)test_below(random, NAMES + 1);
        fact.amount[i] = (uint32_t)test_below(random, NUMBERS + 1);
        fact.tags[i] = (uint32_t)test_below(random, 1U << NAMES);
    }
    if (test_below(random, 3) == 0) {
        fact.status[1] = fact.status[0];
        fact.tags[1] = fact.tags[0];
    }
    return fact;
}

static int64_t amount_of(uint32_t amount)
{
    return amount == NUMBERS ? CSQ_MS_NONE : (int64_t)amount;
}

static uint64_t codes_of(const uint32_t *names, uint32_t bits, uint32_t *out)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < NAMES; i++) {
        if ((bits >> i & 1U) != 0) {
            out[n++] = names[i];
        }
    }
    return n;
}

static int32_t fact_holds(const csq_condition *condition, csq_schema *schema,
                          const region_fact *fact)
{
    uint32_t statuses[NAMES + 1] = {CSQ_CODE_NONE};
    uint32_t tags[NAMES];
    for (uint32_t i = 0; i < NAMES; i++) {
        statuses[i + 1] = test_code(schema, CSQ_TICKET_STATUS, region_names[i]);
        tags[i] = test_code(schema, CSQ_TICKET_TAGS, region_names[i]);
    }
    uint32_t codes[2][NAMES];
    csq_attribute_value values[3];
    memset(values, 0, sizeof values);
    for (int i = 0; i < 3; i++) {
        values[i].size = sizeof values[i];
    }
    values[0].attribute = CSQ_TICKET_STATUS;
    values[0].value = statuses[fact->status[0]];
    values[0].previous = statuses[fact->status[1]];
    values[1].attribute = csq_schema_find(schema, csq_str_of("amount"));
    values[1].value = amount_of(fact->amount[0]);
    values[1].previous = amount_of(fact->amount[1]);
    values[2].attribute = CSQ_TICKET_TAGS;
    values[2].codes = codes[0];
    values[2].n_codes = codes_of(tags, fact->tags[0], codes[0]);
    values[2].previous_codes = codes[1];
    values[2].n_previous_codes = codes_of(tags, fact->tags[1], codes[1]);
    int32_t holds;
    assert_status(CSQ_OK, csq_condition_test(condition, values, 3, sizeof values[0], &holds, NULL));
    return holds;
}

/* ---- membership ---------------------------------------------------------------------------- */

static bool bound_has_code(const csq__bound *bound, uint32_t code)
{
    bool is_listed = false;
    for (uint32_t i = 0; i < bound->n_codes; i++) {
        is_listed = is_listed || bound->codes[i] == code;
    }
    return is_listed != (bound->is_complement != 0);
}

static uint32_t tag_index(const csq_vocabulary *names, uint32_t member)
{
    uint32_t i = 0;
    while (i < NAMES && csq_vocabulary_find(names, csq_str_of(region_names[i])) != member) {
        i++;
    }
    return i;
}

static bool bound_has_fact(const csq__bound *bound, const csq_vocabulary *names,
                           const region_fact *fact)
{
    const uint32_t attribute = (uint32_t)(bound->variable >> 34);
    const uint32_t member = (uint32_t)(bound->variable >> 2);
    const uint32_t what = (uint32_t)(bound->variable & 3);
    const uint32_t side = what == CSQ__VARIABLE_BEFORE ? 1 : 0;
    const bool is_status = attribute == csq_vocabulary_find(names, csq_str_of("status"));
    const bool is_tags = attribute == csq_vocabulary_find(names, csq_str_of("tags"));
    if (what == CSQ__VARIABLE_CHANGED) {
        return bound_has_code(bound, is_status ? fact->status[0] != fact->status[1]
                                               : fact->tags[0] != fact->tags[1]);
    }
    if (is_tags) {
        const uint32_t bits = fact->tags[side];
        return bound_has_code(bound,
                              member == 0 ? bits != 0 : bits >> tag_index(names, member) & 1U);
    }
    if (is_status) {
        const uint32_t name = fact->status[side];
        return bound_has_code(
            bound, name == 0 ? 0 : csq_vocabulary_find(names, csq_str_of(region_names[name - 1])));
    }
    const int64_t amount = amount_of(fact->amount[side]);
    return amount == CSQ_MS_NONE ? bound->is_absent_too != 0
                                 : bound->low <= amount && amount <= bound->high;
}

static bool region_has(const csq__region *region, const csq_vocabulary *names,
                       const region_fact *fact)
{
    for (uint32_t i = 0; i < region->n; i++) {
        bool is_inside = true;
        for (uint32_t j = 0; j < region->boxes[i].n; j++) {
            is_inside = is_inside && bound_has_fact(&region->boxes[i].bounds[j], names, fact);
        }
        if (is_inside) {
            return true;
        }
    }
    return false;
}

/* ---- the property -------------------------------------------------------------------------- */

typedef struct region_case {
    csq_schema *schema;
    csq_rules *rules;
    csq_condition *condition;
    csq_vocabulary *names;
    csq__arena arena;
    csq__verdict verdict;
} region_case;

static region_case case_of(uint64_t *random)
{
    char *text = malloc(TEXT_BYTES);
    assert_non_null(text);
    text_writer writer = {random, text, 0};
    put(&writer, "{\"attributes\": {\"amount\": \"integer\"}, %s", "");
    put(&writer, "\"metrics\": {\"m\": {\"kind\": \"first_reply\"}}, \"policies\": [%s", "");
    put(&writer, "{\"name\": \"p\", \"match\": %s", "");
    put_condition(&writer, 3);
    put(&writer, "}]}%s", "");
    region_case one = {.schema = test_schema()};
    one.rules = rules_of_text(one.schema, csq_str_of(text));
    free(text);
    const csq__document *document = &one.rules->document;
    const uint32_t policies = csq__member_of(document, CSQ__JSON_ROOT, "policies");
    const uint32_t match =
        csq__member_of(document, csq__json_first(&document->json, policies), "match");
    csq__rules_reader reader = {.rules = one.rules, .document = document, .schema = one.schema};
    reader.allocator = one.arena.allocator = document->allocator;
    assert_status(CSQ_OK, csq_condition_builder_new(one.schema, NULL, &reader.conditions, NULL));
    assert_status(CSQ_OK, csq__read_condition(&reader, match, &one.condition, NULL));
    csq_condition_builder_free(reader.conditions);
    csq__array_release(&reader.values, &reader.allocator, sizeof(int64_t));
    assert_status(CSQ_OK, csq_vocabulary_new(1, NULL, &one.names, NULL));
    one.verdict = csq__region_read(document, match, one.names, &one.arena);
    assert_false(one.arena.failed);
    for (int i = 0; i < NAMES; i++) { /* code 0, of names not mentioned, would be "absent" */
        uint32_t code;
        assert_status(CSQ_OK,
                      csq_vocabulary_add(one.names, csq_str_of(region_names[i]), &code, NULL));
    }
    return one;
}

static void case_release(region_case *one)
{
    csq__arena_release(&one->arena);
    csq_vocabulary_free(one->names);
    csq_condition_free(one->condition);
    csq_rules_free(one->rules);
    csq_schema_free(one->schema);
}

static void regions_never_leave_out_a_fact(void **state)
{
    (void)state;
    uint64_t random = 20261001;
    unsigned n_empty = 0;
    unsigned n_inside = 0;
    for (int i = 0; i < CONDITIONS; i++) {
        region_case one = case_of(&random);
        n_empty += one.verdict.holds.n == 0;
        for (int j = 0; j < FACTS; j++) {
            const region_fact fact = random_fact(&random);
            const int32_t holds = fact_holds(one.condition, one.schema, &fact);
            const csq__region *region = holds ? &one.verdict.holds : &one.verdict.fails;
            assert_true(region_has(region, one.names, &fact));
            n_inside +=
                !region_has(holds ? &one.verdict.fails : &one.verdict.holds, one.names, &fact);
        }
        case_release(&one);
    }
    /* Regions that hold everything would pass as well: most facts lie in one of the two only. */
    assert_true(n_empty > CONDITIONS / 50);
    assert_true(n_inside > (unsigned)(CONDITIONS * FACTS) / 2);
}

/* Facts that lie in both regions keep these from being disjoint, hence from being advised on. */
static void disjoint_regions_have_no_fact_in_common(void **state)
{
    (void)state;
    uint64_t random = 7;
    unsigned n_disjoint = 0;
    for (int i = 0; i < CONDITIONS / 3; i++) {
        region_case one = case_of(&random);
        uint64_t budget = 1000000;
        const bool is_disjoint =
            csq__region_is_disjoint(&one.verdict.holds, &one.verdict.fails, &budget);
        n_disjoint += is_disjoint;
        for (int j = 0; is_disjoint && j < FACTS; j++) {
            const region_fact fact = random_fact(&random);
            assert_false(region_has(&one.verdict.holds, one.names, &fact) &&
                         region_has(&one.verdict.fails, one.names, &fact));
        }
        case_release(&one);
    }
    assert_true(n_disjoint > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_never_leave_out_a_fact),
        cmocka_unit_test(disjoint_regions_have_no_fact_in_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
