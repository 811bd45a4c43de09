/*
 * csq/condition.h — attributes of facts, and conditions over them.
 *
 * A schema names the attributes that facts may carry. A condition is compiled against a schema and
 * reads the current and the previous values of one fact, nothing else. Policies, filters, surveys,
 * forms and groupings all use this one mechanism.
 */
#ifndef CSQ_CONDITION_H
#define CSQ_CONDITION_H

#include "csq/base.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- schema -------------------------------------------------------------------------------- */

/*
 * The attributes that facts may have. Counted; it grows while facts come in (new attributes, new
 * names), so it has one user at a time, but what was compiled against it may be used elsewhere
 * meanwhile. Attribute ids run from 1 to csq_schema_count(), at most 65,535; 0 is "no attribute".
 */
typedef struct csq_schema csq_schema;

typedef enum csq_attribute_kind {
    CSQ_ATTRIBUTE_CATEGORY = 1, /* one name out of a vocabulary; value = its code, 0 = absent */
    CSQ_ATTRIBUTE_SET = 2,      /* any number of names, as tags */
    CSQ_ATTRIBUTE_INTEGER = 3,  /* int64_t; CSQ_MS_NONE = absent */
    CSQ_ATTRIBUTE_INSTANT = 4   /* csq_ms; CSQ_MS_NONE = absent */
} csq_attribute_kind;

/* Makes a schema without attributes; `seed` stirs its hash tables. Errors: CSQ_ENOMEM. Retaining
 * NULL gives NULL. */
CSQ_API csq_status csq_schema_new(uint64_t seed, const csq_allocator *allocator, csq_schema **out,
                                  csq_error *error);
CSQ_API csq_schema *csq_schema_retain(csq_schema *schema);
CSQ_API void csq_schema_free(csq_schema *schema);

/*
 * Adds an attribute. The same name with the same kind gives the id that it has already. Errors:
 * CSQ_EINVAL (name, kind), CSQ_EUTF8, CSQ_EEXISTS (the name with another kind), CSQ_ELIMIT (65,535
 * attributes), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_schema_add(csq_schema *schema, csq_str name, uint32_t kind,
                                  uint32_t *attribute, csq_error *error);

/* The id of a name, or 0. */
CSQ_API uint32_t csq_schema_find(const csq_schema *schema, csq_str name);
/* Name and kind of an id; empty and 0 for an id that is not there. Borrowed. */
CSQ_API csq_str csq_schema_name(const csq_schema *schema, uint32_t attribute);
CSQ_API uint32_t csq_schema_kind(const csq_schema *schema, uint32_t attribute);
CSQ_API uint32_t csq_schema_count(const csq_schema *schema);

/*
 * The code of a name among the values of a category or set attribute, added if new. Errors:
 * CSQ_ENOTFOUND (attribute), CSQ_EINVAL (attribute of another kind, name), CSQ_EUTF8, CSQ_ENOMEM,
 * CSQ_ELIMIT.
 */
CSQ_API csq_status csq_schema_code(csq_schema *schema, uint32_t attribute, csq_str name,
                                   uint32_t *code, csq_error *error);

/* The vocabulary of a category or set attribute, or NULL. Borrowed; add through csq_schema_code. */
CSQ_API const csq_vocabulary *csq_schema_vocabulary(const csq_schema *schema, uint32_t attribute);

/* ---- conditions ---------------------------------------------------------------------------- */

typedef enum csq_test_op {
    CSQ_TEST_IN = 1,           /* the value is one of `values` (equality: one value) */
    CSQ_TEST_RANGE = 2,        /* low <= value <= high; integers and instants; open ends are
                                  INT64_MIN and INT64_MAX */
    CSQ_TEST_HAS = 3,          /* a set contains one of `values` */
    CSQ_TEST_CHANGED = 4,      /* the value differs from the previous one; absent counts */
    CSQ_TEST_CHANGED_TO = 5,   /* changed, and the value is one of `values` */
    CSQ_TEST_CHANGED_FROM = 6, /* changed, and the previous value was one of `values` */
    CSQ_TEST_ABSENT = 7        /* there is no value; for a set: it is empty */
} csq_test_op;

/* For `previous`: ask the value before the fact instead of the one after it. */
enum { CSQ_TEST_NOW = 0, CSQ_TEST_PREVIOUS = 1 };

/*
 * One question about one attribute. A comparison with an absent value is false. Of a set, CHANGED
 * asks whether any member came or went, CHANGED_TO whether one of the `values` came, CHANGED_FROM
 * whether one of them went. Members that do not apply to the operation are 0.
 */
typedef struct csq_test {
    uint32_t size;
    uint32_t attribute;
    uint32_t op;           /* csq_test_op */
    uint32_t previous;     /* CSQ_TEST_NOW or CSQ_TEST_PREVIOUS; only for IN, RANGE, HAS, ABSENT */
    const int64_t *values; /* codes, integers or instants, in any order; not CSQ_MS_NONE */
    uint64_t n_values;     /* 1 to 65,536; IN, HAS, CHANGED_TO and CHANGED_FROM only */
    int64_t low;           /* RANGE, both ends included */
    int64_t high;
} csq_test;

/* A condition: immutable, counted, shared freely between threads. */
typedef struct csq_condition csq_condition;

/* Builds a condition in postfix order: operands first, then what combines them. */
typedef struct csq_condition_builder csq_condition_builder;

/*
 * The most operands that may wait on the stack at a time, and the most steps of a condition. More
 * alternatives than that are combined on the way: push_any(2) after each but the first.
 */
enum { CSQ_CONDITION_DEPTH = 64, CSQ_CONDITION_LENGTH = 4096 };

/* Errors: CSQ_ENOMEM. The builder retains the schema. */
CSQ_API csq_status csq_condition_builder_new(csq_schema *schema, const csq_allocator *allocator,
                                             csq_condition_builder **out, csq_error *error);
CSQ_API void csq_condition_builder_free(csq_condition_builder *builder);

/*
 * Pushes a test. Errors: CSQ_ENOTFOUND (attribute), CSQ_EINVAL (op that does not fit the kind, no
 * values, low > high, a member that does not apply), CSQ_ECODE (code not in the vocabulary),
 * CSQ_ELIMIT (values, steps), CSQ_EDEPTH, CSQ_EABI, CSQ_EABI_NEWER, CSQ_ENOMEM; `error->field`
 * names the member, `error->index` the value. After any failure the builder is as it was.
 */
CSQ_API csq_status csq_condition_push_test(csq_condition_builder *builder, const csq_test *test,
                                           csq_error *error);
/* Replaces the last `n` operands by "all hold" (n = 0: true). Errors: CSQ_ESTATE (fewer are there),
 * CSQ_EDEPTH, CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_condition_push_all(csq_condition_builder *builder, uint32_t n,
                                          csq_error *error);
/* Replaces the last `n` operands by "at least one holds" (n = 0: false). Errors: as above. */
CSQ_API csq_status csq_condition_push_any(csq_condition_builder *builder, uint32_t n,
                                          csq_error *error);
/* Negates the last operand. Errors: CSQ_ESTATE (there is none), CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_condition_push_not(csq_condition_builder *builder, csq_error *error);
/* Pushes a finished condition of the same schema. Errors: CSQ_EMISMATCH (another schema),
 * CSQ_EDEPTH, CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_condition_push_condition(csq_condition_builder *builder,
                                                const csq_condition *condition, csq_error *error);

/*
 * Takes the one operand that is left and empties the builder, which may go on. Errors: CSQ_ESTATE
 * (none or several are left), CSQ_ELIMIT (it names over 4,000,000 members of sets), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_condition_build(csq_condition_builder *builder, csq_condition **out,
                                       csq_error *error);
CSQ_API csq_condition *csq_condition_retain(csq_condition *condition);
CSQ_API void csq_condition_free(csq_condition *condition);

/* A value of a fact for csq_condition_test. Attributes that are not listed are absent. */
typedef struct csq_attribute_value {
    uint32_t size;
    uint32_t attribute;
    int64_t value;                  /* category, integer, instant */
    int64_t previous;               /* as before the fact; equal to `value` when nothing changed */
    const uint32_t *codes;          /* set, in any order; 0 is skipped */
    const uint32_t *previous_codes; /* set, as before the fact */
    uint64_t n_codes;
    uint64_t n_previous_codes;
} csq_attribute_value;

/*
 * Whether the condition holds for a fact: `*holds` is 0 or 1. `stride` is the distance of two
 * values in bytes (0: the size that the first one tells). Memory is needed only for a condition
 * that reads more than 64 attributes or asks whether a set changed, and is released before return;
 * threads that share such a condition share its allocator. Errors: CSQ_ENOTFOUND (attribute),
 * CSQ_EDUPLICATE (an attribute twice), CSQ_EABI, CSQ_EABI_NEWER, CSQ_ENOMEM; `error->index` is the
 * value's.
 */
CSQ_API csq_status csq_condition_test(const csq_condition *condition,
                                      const csq_attribute_value *values, uint64_t n_values,
                                      uint64_t stride, int32_t *holds, csq_error *error);

/*
 * "Why not": the attribute of the test that settled that the condition does not hold, asking the
 * tests in order and no more of them than needed. Of "all" that is the first that failed, of "any"
 * the last. `*attribute` is 0 when the condition holds, or when it is false without any test.
 * Errors: as csq_condition_test.
 */
CSQ_API csq_status csq_condition_first_failure(const csq_condition *condition,
                                               const csq_attribute_value *values, uint64_t n_values,
                                               uint64_t stride, uint32_t *attribute,
                                               csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
