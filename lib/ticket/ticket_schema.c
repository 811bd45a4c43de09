/*
 * ticket_schema — the attributes that every ticket has, and the names of their fixed codes.
 *
 * One table gives ids, names and kinds; the schema is made from it and foreign schemas are compared
 * with it. Codes of events, authors and visibilities are constants of the interface, so their names
 * must be the first of their vocabularies.
 *
 * Uses: base, condition.
 */
#include "ticket/ticket_internal.h"

typedef struct schema_row {
    const char *name;
    uint32_t kind;
    uint32_t n_names;
    const char *const *names; /* of the codes 1, 2, … */
} schema_row;

static const char *const schema_events[] = {"created", "reply",   "change",   "add",
                                            "remove",  "attach",  "edit",     "promise",
                                            "escalate", "reopen", "merge",    "split",
                                            "inherit"};
static const char *const schema_authors[] = {"customer", "agent", "bot"};
static const char *const schema_visibilities[] = {"public", "private"};

/* Row i is the attribute with the id i + 1. */
static const schema_row schema_rows[] = {
    {"event", CSQ_ATTRIBUTE_CATEGORY, CSQ_EVENT_INHERIT, schema_events},
    {"author", CSQ_ATTRIBUTE_CATEGORY, CSQ_AUTHOR_BOT, schema_authors},
    {"visibility", CSQ_ATTRIBUTE_CATEGORY, CSQ_VISIBILITY_PRIVATE, schema_visibilities},
    {"status", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"priority", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"group", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"assignee", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"kind", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"channel", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"calendar", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"policy", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"level", CSQ_ATTRIBUTE_INTEGER, 0, NULL},
    {"promise", CSQ_ATTRIBUTE_INSTANT, 0, NULL},
    {"tags", CSQ_ATTRIBUTE_SET, 0, NULL},
    {"metric", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
    {"reason", CSQ_ATTRIBUTE_CATEGORY, 0, NULL},
};

_Static_assert(sizeof schema_rows / sizeof schema_rows[0] == CSQ__TICKET_ATTRIBUTES,
               "a row for each attribute");

const char *csq__event_kind_name(uint32_t kind)
{
    return kind >= CSQ_EVENT_CREATED && kind <= CSQ_EVENT_INHERIT ? schema_events[kind - 1] : "";
}

static csq_status schema_add_row(csq_schema *schema, const schema_row *row, csq_error *error)
{
    uint32_t attribute;
    csq_status status =
        csq_schema_add(schema, csq_str_of(row->name), row->kind, &attribute, error);
    for (uint32_t i = 0; status == CSQ_OK && i < row->n_names; i++) {
        uint32_t code;
        status = csq_schema_code(schema, attribute, csq_str_of(row->names[i]), &code, error);
    }
    return status;
}

csq_status csq_ticket_schema_new(uint64_t seed, const csq_allocator *allocator, csq_schema **out,
                                 csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    csq_schema *schema;
    csq_status status = csq_schema_new(seed, allocator, &schema, error);
    for (uint32_t i = 0; status == CSQ_OK && i < CSQ__TICKET_ATTRIBUTES; i++) {
        status = schema_add_row(schema, &schema_rows[i], error);
    }
    if (status != CSQ_OK) {
        csq_schema_free(schema);
        return status;
    }
    *out = schema;
    return CSQ_OK;
}

static bool schema_row_fits(const csq_schema *schema, uint32_t attribute, const schema_row *row)
{
    if (csq_schema_kind(schema, attribute) != row->kind ||
        !csq__str_equal(csq_schema_name(schema, attribute), csq_str_of(row->name))) {
        return false;
    }
    const csq_vocabulary *vocabulary = csq_schema_vocabulary(schema, attribute);
    for (uint32_t i = 0; i < row->n_names; i++) {
        const csq_str name = csq_vocabulary_name(vocabulary, i + 1);
        if (!csq__str_equal(name, csq_str_of(row->names[i]))) {
            return false;
        }
    }
    return true;
}

csq_status csq__ticket_schema_check(const csq_schema *schema, csq_error *error)
{
    if (schema == NULL) {
        return csq__fail_null(error, "schema");
    }
    for (uint32_t i = 0; i < CSQ__TICKET_ATTRIBUTES; i++) {
        if (!schema_row_fits(schema, i + 1, &schema_rows[i])) {
            return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("attribute "), CSQ__NUMBER(i + 1),
                             CSQ__TEXT(" of the schema is not \""),
                             CSQ__VIEW(csq_str_of(schema_rows[i].name)),
                             CSQ__TEXT("\" as in a schema from csq_ticket_schema_new"));
        }
    }
    return CSQ_OK;
}
