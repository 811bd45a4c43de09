/*
 * rules — a rule document as an object: reading, sharing, asking.
 *
 * The tree of the document stays, since writing and advising need it; its text is copied once it
 * has been found to be JSON. A document is compiled twice: first against a new schema with the
 * attributes of the caller's, which finds every mistake, and then against the caller's, so that a
 * document which is refused leaves no names behind.
 *
 * Uses: base, text, calendar, condition, ticket, sla.
 */
#include "condition/condition_internal.h"
#include "rules/rules_internal.h"
#include "ticket/ticket_internal.h"

static void document_release(csq__document *document)
{
    csq__json_release(&document->json);
    csq__release(&document->allocator, document->marks, document->n_marks * sizeof(csq__mark));
    csq__release(&document->allocator, document->text, document->size + 1);
}

static csq_status document_read(csq__document *document, csq_str text,
                                const csq__json_options *options, csq_error *error)
{
    csq_status status = csq__json_read(&document->json, text, options, &document->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    document->text = csq__copy_text(&document->allocator, text);
    if (document->text == NULL) {
        return csq__fail_memory(error);
    }
    document->size = (size_t)text.size;
    document->json.source.data = document->text;
    return csq__document_check(document, error);
}

/* ---- compiling ----------------------------------------------------------------------------- */

csq_status csq__read_attributes(csq__rules_reader *reader, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "attributes");
    uint32_t at = csq__json_first(&document->json, all);
    for (; at != 0; at = csq__json_next(&document->json, at)) {
        const csq_str name = csq__json_key(&document->json, at);
        if (csq__str_equal(name, CSQ__STR("all")) || csq__str_equal(name, CSQ__STR("any")) ||
            csq__str_equal(name, CSQ__STR("not"))) {
            csq__fail(error, CSQ_ERULE,
                      CSQ__TEXT("expected a name other than \"all\", \"any\" "
                                "and \"not\", found \""),
                      CSQ__VIEW(name), CSQ__TEXT("\""));
            return csq__placed_key(document, at, CSQ_ERULE, error);
        }
        const uint32_t kind = csq__choice_of(document, at) + CSQ_ATTRIBUTE_CATEGORY;
        uint32_t attribute;
        const csq_status status = csq_schema_add(reader->schema, name, kind, &attribute, error);
        if (status != CSQ_OK) {
            return csq__placed_key(document, at, status, error);
        }
    }
    return CSQ_OK;
}

static csq_status rules_add_calendars(const csq__rules_reader *reader, csq_error *error)
{
    const csq__named *calendars = reader->rules->calendars.data;
    for (size_t i = 0; i < reader->rules->calendars.n; i++) {
        uint32_t index;
        const csq_str name = csq__rules_key(reader->rules, calendars[i].node);
        const csq_status status =
            csq_policies_add_calendar(reader->builder, name, calendars[i].calendar, &index, error);
        if (status != CSQ_OK) {
            return csq__placed_key(reader->document, calendars[i].node, status, error);
        }
    }
    return CSQ_OK;
}

/* What building refuses lies in a metric, if the error has its index, and in its option. */
static csq_status rules_build(csq__rules_reader *reader, csq_policies **out, csq_error *error)
{
    const csq__document *document = reader->document;
    const csq_status status = csq_policies_build(reader->builder, out, error);
    if (status != CSQ_ENEVER || error == NULL) {
        return csq__placed(document, CSQ__JSON_ROOT, status, error);
    }
    const uint32_t metric = csq__metric_node(document, error->index);
    const uint32_t options = csq__member_of(document, metric, "options");
    return csq__placed(document, csq__member_of(document, options, "empty_calendar"), status,
                       error);
}

static csq_status rules_compile_policies(csq__rules_reader *reader, csq_policies **out,
                                         csq_error *error)
{
    csq_status status =
        csq_policies_builder_new(reader->schema, &reader->allocator, &reader->builder, error);
    if (status == CSQ_OK) {
        status = csq_condition_builder_new(reader->schema, &reader->allocator, &reader->conditions,
                                           error);
    }
    if (status == CSQ_OK) {
        status = rules_add_calendars(reader, error);
    }
    if (status == CSQ_OK) {
        status = csq__read_metrics(reader, error);
    }
    if (status == CSQ_OK) {
        status = csq__read_policies(reader, error);
    }
    if (status == CSQ_OK) {
        status = rules_build(reader, out, error);
    }
    csq_condition_builder_free(reader->conditions);
    csq_policies_builder_free(reader->builder);
    csq__array_release(&reader->codes, &reader->allocator, sizeof(uint32_t));
    csq__array_release(&reader->values, &reader->allocator, sizeof(int64_t));
    return status;
}

/* `*out` and `*ranking` are NULL when the document has no metrics or no ranking. */
static csq_status rules_compile(csq_rules *rules, csq_schema *schema, csq_policies **out,
                                csq_ranking **ranking, csq_error *error)
{
    const csq__document *document = &rules->document;
    csq__rules_reader reader = {
        .rules = rules,
        .document = document,
        .allocator = rules->allocator,
        .schema = schema,
    };
    *out = NULL;
    csq_status status = csq__read_attributes(&reader, error);
    if (status == CSQ_OK) {
        status = csq__read_ranking(&reader, ranking, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const uint32_t metrics = csq__member_of(document, CSQ__JSON_ROOT, "metrics");
    if (csq__json_count(&document->json, metrics) > 0) {
        return rules_compile_policies(&reader, out, error);
    }
    const uint32_t policies = csq__member_of(document, CSQ__JSON_ROOT, "policies");
    return csq__json_count(&document->json, policies) == 0
               ? CSQ_OK
               : csq__json_fail_missing(&document->json, CSQ__JSON_ROOT, "metrics", error);
}

/* A schema with the attributes of `schema` and none of its names, but for the fixed ones. */
static csq_status rules_outline(const csq_schema *schema, const csq_allocator *allocator,
                                csq_schema **out, csq_error *error)
{
    csq_status status = csq_ticket_schema_new(csq__schema_seed(schema), allocator, out, error);
    const uint32_t n = csq_schema_count(schema);
    for (uint32_t i = CSQ__TICKET_ATTRIBUTES + 1; i <= n && status == CSQ_OK; i++) {
        uint32_t attribute;
        status = csq_schema_add(*out, csq_schema_name(schema, i), csq_schema_kind(schema, i),
                                &attribute, error);
    }
    return status;
}

static csq_status rules_try(csq_rules *rules, const csq_schema *schema, csq_error *error)
{
    csq_schema *outline = NULL;
    csq_policies *policies = NULL;
    csq_ranking *ranking = NULL;
    csq_status status = rules_outline(schema, &rules->allocator, &outline, error);
    if (status == CSQ_OK) {
        status = rules_compile(rules, outline, &policies, &ranking, error);
    }
    csq_policies_free(policies);
    csq_ranking_free(ranking);
    csq_schema_free(outline);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------- */

static csq_status rules_fill(csq_rules *rules, csq_schema *schema, csq_str text,
                             const csq_rules_options *options, csq_error *error)
{
    const csq__json_options limits = {options->text_limit, csq__schema_seed(schema)};
    csq_status status = document_read(&rules->document, text, &limits, error);
    if (status == CSQ_OK) {
        status = csq__read_calendars(rules, options, error);
    }
    if (status == CSQ_OK) {
        status = rules_try(rules, schema, error);
    }
    if (status == CSQ_OK) {
        status = rules_compile(rules, schema, &rules->policies, &rules->ranking, error);
    }
    return status;
}

csq_status csq_rules_read(csq_schema *schema, csq_str text, const csq_rules_options *options,
                          const csq_allocator *allocator, csq_rules **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (schema == NULL) {
        return csq__fail_null(error, "schema");
    }
    csq_rules_options known;
    csq_status status = csq__struct_read(options, CSQ__FIRST_SIZE(csq_rules_options, text_limit),
                                         &known, sizeof known, error);
    if (status == CSQ_OK) {
        status = csq__ticket_schema_check(schema, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_rules *rules = csq__allocate_zeroed(&memory, sizeof *rules);
    if (rules == NULL) {
        return csq__fail_memory(error);
    }
    csq__count_init(&rules->count);
    rules->allocator = memory;
    rules->document.allocator = memory;
    status = rules_fill(rules, schema, text, &known, error);
    if (status != CSQ_OK) {
        csq_rules_free(rules);
        return status;
    }
    *out = rules;
    return CSQ_OK;
}

csq_rules *csq_rules_retain(csq_rules *rules)
{
    if (rules != NULL) {
        csq__count_retain(&rules->count);
    }
    return rules;
}

void csq_rules_free(csq_rules *rules)
{
    if (rules == NULL || !csq__count_release(&rules->count)) {
        return;
    }
    const csq_allocator memory = rules->allocator;
    const csq__named *calendars = rules->calendars.data;
    for (size_t i = 0; i < rules->calendars.n; i++) {
        csq_calendar_free(calendars[i].calendar);
    }
    csq__array_release(&rules->calendars, &memory, sizeof(csq__named));
    csq_policies_free(rules->policies);
    csq_ranking_free(rules->ranking);
    document_release(&rules->document);
    csq__release(&memory, rules, sizeof *rules);
}

/* ---- asking -------------------------------------------------------------------------------- */

csq_policies *csq_rules_policies(const csq_rules *rules)
{
    return rules == NULL ? NULL : rules->policies;
}

csq_ranking *csq_rules_ranking(const csq_rules *rules)
{
    return rules == NULL ? NULL : rules->ranking;
}

uint32_t csq_rules_calendar_count(const csq_rules *rules)
{
    return rules == NULL ? 0 : (uint32_t)rules->calendars.n;
}

static const csq__named *rules_calendar_at(const csq_rules *rules, uint32_t index)
{
    if (rules == NULL || index >= rules->calendars.n) {
        return NULL;
    }
    return (const csq__named *)rules->calendars.data + index;
}

csq_str csq_rules_calendar_name(const csq_rules *rules, uint32_t index)
{
    const csq__named *entry = rules_calendar_at(rules, index);
    return entry == NULL ? (csq_str){NULL, 0} : csq__rules_key(rules, entry->node);
}

csq_calendar *csq_rules_calendar(const csq_rules *rules, uint32_t index)
{
    const csq__named *entry = rules_calendar_at(rules, index);
    return entry == NULL ? NULL : entry->calendar;
}

csq_str csq_rules_about(const csq_rules *rules, csq_str member)
{
    if (rules == NULL || member.data == NULL) {
        return (csq_str){NULL, 0};
    }
    const csq__document *document = &rules->document;
    const uint32_t about = csq__member_of(document, CSQ__JSON_ROOT, "about");
    const uint32_t node = about == 0 ? 0 : csq__json_member(&document->json, about, member);
    return csq__json_text(&document->json, node);
}
