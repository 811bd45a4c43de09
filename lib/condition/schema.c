/*
 * schema — the attributes that facts may carry, and the vocabulary of each.
 *
 * The id of an attribute is the code of its name in a vocabulary of names. Only the number of
 * attributes may be read while another thread adds one, since compiled conditions check ids that
 * callers hand in; they keep all else that they need of a schema themselves.
 *
 * Uses: base.
 */
#include "condition/condition_internal.h"

typedef struct schema_attribute {
    uint32_t kind;
    csq_vocabulary *values; /* NULL for integers and instants */
} schema_attribute;

struct csq_schema {
    csq__count count;
    csq_allocator allocator;
    uint64_t seed;
    csq_vocabulary *names;
    csq__array attributes; /* schema_attribute, by id - 1 */
    _Atomic uint32_t n_attributes;
};

enum { SCHEMA_ATTRIBUTE_LIMIT = 65535 };

csq_status csq_schema_new(uint64_t seed, const csq_allocator *allocator, csq_schema **out,
                          csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_schema *schema = csq__allocate_zeroed(&memory, sizeof *schema);
    if (schema == NULL) {
        return csq__fail_memory(error);
    }
    csq__count_init(&schema->count);
    atomic_init(&schema->n_attributes, 0);
    schema->allocator = memory;
    schema->seed = seed;
    const csq_status status = csq_vocabulary_new(seed, &memory, &schema->names, error);
    if (status != CSQ_OK) {
        csq_schema_free(schema);
        return status;
    }
    *out = schema;
    return CSQ_OK;
}

csq_schema *csq_schema_retain(csq_schema *schema)
{
    if (schema != NULL) {
        csq__count_retain(&schema->count);
    }
    return schema;
}

void csq_schema_free(csq_schema *schema)
{
    if (schema == NULL || !csq__count_release(&schema->count)) {
        return;
    }
    const csq_allocator memory = schema->allocator;
    const schema_attribute *attributes = schema->attributes.data;
    for (size_t i = 0; i < schema->attributes.n; i++) {
        csq_vocabulary_free(attributes[i].values);
    }
    csq__array_release(&schema->attributes, &memory, sizeof(schema_attribute));
    csq_vocabulary_free(schema->names);
    csq__release(&memory, schema, sizeof *schema);
}

/* The attribute of an id, or NULL. */
static const schema_attribute *schema_at(const csq_schema *schema, uint32_t attribute)
{
    if (schema == NULL || attribute == 0 || attribute > schema->attributes.n) {
        return NULL;
    }
    return (const schema_attribute *)schema->attributes.data + (attribute - 1);
}

static bool schema_kind_has_names(uint32_t kind)
{
    return kind == CSQ_ATTRIBUTE_CATEGORY || kind == CSQ_ATTRIBUTE_SET;
}

/* All that may fail comes before the array grows, the name last. */
static csq_status schema_append(csq_schema *schema, csq_str name, uint32_t kind,
                                uint32_t *attribute, csq_error *error)
{
    if (schema->attributes.n >= SCHEMA_ATTRIBUTE_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("a schema has at most "),
                         CSQ__NUMBER(SCHEMA_ATTRIBUTE_LIMIT), CSQ__TEXT(" attributes"));
    }
    if (!csq__array_reserve(&schema->attributes, &schema->allocator, 1, sizeof(schema_attribute))) {
        return csq__fail_memory(error);
    }
    schema_attribute fresh = {kind, NULL};
    if (schema_kind_has_names(kind)) {
        const csq_status status =
            csq_vocabulary_new(schema->seed, &schema->allocator, &fresh.values, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    const csq_status status = csq_vocabulary_add(schema->names, name, attribute, error);
    if (status != CSQ_OK) {
        csq_vocabulary_free(fresh.values);
        return status;
    }
    ((schema_attribute *)schema->attributes.data)[schema->attributes.n++] = fresh;
    atomic_store_explicit(&schema->n_attributes, *attribute, memory_order_relaxed);
    return CSQ_OK;
}

csq_status csq_schema_add(csq_schema *schema, csq_str name, uint32_t kind, uint32_t *attribute,
                          csq_error *error)
{
    if (schema == NULL || attribute == NULL) {
        return csq__fail_null(error, schema == NULL ? "schema" : "attribute");
    }
    if (kind < CSQ_ATTRIBUTE_CATEGORY || kind > CSQ_ATTRIBUTE_INSTANT) {
        return csq__fail_value(error, "kind", kind);
    }
    const uint32_t known = csq_vocabulary_find(schema->names, name);
    if (known == 0) {
        return schema_append(schema, name, kind, attribute, error);
    }
    const uint32_t its_kind = csq_schema_kind(schema, known);
    if (its_kind != kind) {
        return csq__fail(error, CSQ_EEXISTS, CSQ__TEXT("the attribute \""), CSQ__VIEW(name),
                         CSQ__TEXT("\" has kind "), CSQ__NUMBER(its_kind), CSQ__TEXT(", not kind "),
                         CSQ__NUMBER(kind));
    }
    *attribute = known;
    return CSQ_OK;
}

uint32_t csq_schema_find(const csq_schema *schema, csq_str name)
{
    return schema == NULL ? 0 : csq_vocabulary_find(schema->names, name);
}

csq_str csq_schema_name(const csq_schema *schema, uint32_t attribute)
{
    return csq_vocabulary_name(schema == NULL ? NULL : schema->names, attribute);
}

uint32_t csq_schema_kind(const csq_schema *schema, uint32_t attribute)
{
    const schema_attribute *found = schema_at(schema, attribute);
    return found == NULL ? 0 : found->kind;
}

uint32_t csq_schema_count(const csq_schema *schema)
{
    return schema == NULL ? 0 : atomic_load_explicit(&schema->n_attributes, memory_order_relaxed);
}

csq_status csq_schema_code(csq_schema *schema, uint32_t attribute, csq_str name, uint32_t *code,
                           csq_error *error)
{
    if (schema == NULL || code == NULL) {
        return csq__fail_null(error, schema == NULL ? "schema" : "code");
    }
    const schema_attribute *found = schema_at(schema, attribute);
    if (found == NULL) {
        return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("there is no attribute "),
                         CSQ__NUMBER(attribute));
    }
    if (found->values == NULL) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("the values of the attribute \""),
                         CSQ__VIEW(csq_schema_name(schema, attribute)),
                         CSQ__TEXT("\" are numbers, not names"));
    }
    return csq_vocabulary_add(found->values, name, code, error);
}

const csq_vocabulary *csq_schema_vocabulary(const csq_schema *schema, uint32_t attribute)
{
    const schema_attribute *found = schema_at(schema, attribute);
    return found == NULL ? NULL : found->values;
}

csq_allocator csq__schema_allocator(const csq_schema *schema)
{
    return schema->allocator;
}

uint64_t csq__schema_seed(const csq_schema *schema)
{
    return schema->seed;
}
