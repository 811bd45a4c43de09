/*
 * condition_internal — conditions bound to a frame, as the engines run them.
 *
 * A layout collects the attributes that the conditions and groupings of one engine read and gives
 * each a slot in a frame: an array of int64_t. A category, integer or instant takes one slot; a set
 * takes one bit for each member that a condition names, 64 to a slot. An engine keeps two frames,
 * the values after and before the current fact, and runs bound programs against them. What no
 * condition reads has no slot, so facts about it cost nothing.
 *
 * A program is a list of tests, each with the place to go to when it is true and when it is false,
 * so that all, any and not cost nothing at run time and no stack is needed.
 *
 * Uses: base.
 */
#ifndef CSQ_CONDITION_INTERNAL_H
#define CSQ_CONDITION_INTERNAL_H

#include "base/base_internal.h"
#include "csq/condition.h"

/* The allocator of the schema, for the working memory of calls that are given no other. */
csq_allocator csq__schema_allocator(const csq_schema *schema);

/* What stirs the tables of the schema, for tables of names from the same source. */
uint64_t csq__schema_seed(const csq_schema *schema);

/* ---- layout -------------------------------------------------------------------------------- */

/* The absent value of a slot: 0 for categories, CSQ_MS_NONE for integers and instants, no bits. */

enum { CSQ__NO_SLOT = 0xFFFF };

typedef struct csq__layout {
    csq_allocator allocator;
    csq_schema *schema; /* retained */
    csq__array slots;   /* csq__slot, by slot */
    csq__array of;      /* uint16_t: first slot of an attribute, by attribute id */
    csq__array members; /* csq__member of all sets; once closed, sorted by (attribute, code) */
    uint32_t n_slots;
    bool is_closed;
} csq__layout;

typedef struct csq__slot {
    uint32_t attribute;
    uint32_t kind; /* csq_attribute_kind */
    int64_t absent;
} csq__slot;

/* A member that conditions name. Code 0 stands for all that they do not name: see _rest. */
typedef struct csq__member {
    uint32_t attribute;
    uint32_t code;
    uint32_t slot;
    uint32_t bit;
} csq__member;

csq_status csq__layout_init(csq__layout *layout, csq_schema *schema, const csq_allocator *allocator,
                            csq_error *error);
void csq__layout_release(csq__layout *layout);
/* Gives the attribute a slot (idempotent; not for sets). Errors: CSQ_ENOTFOUND, CSQ_EINVAL (a set),
 * CSQ_ESTATE (closed), CSQ_ELIMIT (65,535 slots), CSQ_ENOMEM. */
csq_status csq__layout_use(csq__layout *layout, uint32_t attribute, csq_error *error);
/* Gives slots to everything that the condition reads. Call for all conditions, then close, then
 * bind: bits of sets are final only after closing. Errors: as above, CSQ_EMISMATCH (schema). */
csq_status csq__layout_use_condition(csq__layout *layout, const csq_condition *condition,
                                     csq_error *error);
csq_status csq__layout_close(csq__layout *layout, csq_error *error);

/* The first slot of an attribute, or CSQ__NO_SLOT. */
static inline uint32_t csq__layout_slot(const csq__layout *layout, uint32_t attribute)
{
    return attribute < layout->of.n ? ((const uint16_t *)layout->of.data)[attribute] : CSQ__NO_SLOT;
}
/* Where the bit of a set's member is; NULL when no condition names it. */
const csq__member *csq__layout_member(const csq__layout *layout, uint32_t attribute, uint32_t code);
/*
 * The slot that stands for the members of a set that no condition names, or CSQ__NO_SLOT when no
 * condition asks whether the set is empty or has changed. An engine keeps it 0 while there are no
 * such members and at a number other than before whenever they change.
 */
uint32_t csq__layout_rest(const csq__layout *layout, uint32_t attribute);
/* The number of slots of an attribute; they are neighbours. */
uint32_t csq__layout_width(const csq__layout *layout, uint32_t attribute);
/* Fills a frame of n_slots values with absent values. */
void csq__layout_clear(const csq__layout *layout, int64_t *frame);

/* ---- programs ------------------------------------------------------------------------------ */

typedef enum csq__step_op {
    CSQ__STEP_CODES = 1,    /* the value now is in `mask` */
    CSQ__STEP_LIST,         /* the value is in `mask` or in `values` */
    CSQ__STEP_RANGE,        /* low <= value <= high */
    CSQ__STEP_ABSENT,       /* the value is `low` */
    CSQ__STEP_CHANGED,      /* one of the `n` slots differs */
    CSQ__STEP_CHANGED_TO,   /* differs, and now in `mask` or in `values` */
    CSQ__STEP_CHANGED_FROM, /* differs, and before in `mask` or in `values` */
    CSQ__STEP_EMPTY,        /* all of the `n` slots are 0 */
    CSQ__STEP_HAS,          /* one of the bits is set; `values` are `n` pairs (slot, bits) */
    CSQ__STEP_CAME,         /* one of the bits is set and was not */
    CSQ__STEP_WENT          /* one of the bits was set and is not */
} csq__step_op;

/* Where a step leads to: a verdict, or the step `next - CSQ__NEXT_STEP`, written before it. */
enum { CSQ__NEXT_FAILS = 0, CSQ__NEXT_HOLDS = 1, CSQ__NEXT_STEP = 2 };

/* One test of a bound program: 32 bytes. */
typedef struct csq__step {
    uint8_t op;       /* csq__step_op */
    uint8_t previous; /* LIST, RANGE, ABSENT, EMPTY, HAS: read the frame before */
    uint16_t slot;
    uint16_t next[2]; /* when false, when true */
    uint64_t mask;    /* values 0 to 63 */
    union {
        struct {
            int64_t low;
            int64_t high;
        };
        struct {
            const int64_t *values; /* lists: sorted, other than 0 to 63 */
            uint64_t n;
        };
    };
} csq__step;

/* Zeroed memory is a program that never holds. */
typedef struct csq__program {
    csq__step *steps;  /* the last test of the condition first */
    uint16_t *sources; /* by step: the index of the test in the condition */
    uint32_t n_steps;
    uint32_t entry; /* as csq__step.next */
    size_t size;    /* bytes of the block that begins with the steps */
    /* A program that is nothing but CODES, or its opposite, is asked without a walk over steps. */
    uint64_t only_mask; /* values 0 to 63 with which it holds */
    uint16_t only_slot;
    bool is_only_codes;
    bool holds_above; /* what it says of other values */
} csq__program;

/* `condition` NULL gives an empty program, which is false. Errors: CSQ_EMISMATCH (schema),
 * CSQ_ESTATE (layout not closed, or made without the condition), CSQ_ENOMEM. */
csq_status csq__program_bind(csq__program *program, const csq__layout *layout,
                             const csq_condition *condition, csq_error *error);
void csq__program_release(csq__program *program, const csq_allocator *allocator);

/* Whether one test is true. */
bool csq__step_result(const csq__step *step, const int64_t *now, const int64_t *before);

/* The walk over the steps of a program. */
bool csq__program_run(const csq__program *program, const int64_t *now, const int64_t *before);

/* Whether the condition holds for the fact between the two frames. Never fails. */
static inline bool csq__program_holds(const csq__program *program, const int64_t *now,
                                      const int64_t *before)
{
    if (__builtin_expect(!program->is_only_codes, 0)) {
        return csq__program_run(program, now, before);
    }
    const uint64_t value = (uint64_t)now[program->only_slot];
    return value < 64 ? (program->only_mask >> value & 1) != 0 : program->holds_above;
}

/* The test that decided against a fact. */
typedef struct csq__failure {
    uint32_t attribute;
    uint32_t step; /* index in the condition, for csq__condition_step_at */
} csq__failure;

/* Finds the test whose outcome settled that the condition does not hold, asking in order and no
 * more than needed. False when it holds or is false without any test. */
bool csq__program_find_failure(const csq__program *program, const csq__layout *layout,
                               const int64_t *now, const int64_t *before, csq__failure *out);

/* The attribute of that test, or 0. */
uint32_t csq__program_first_failure(const csq__program *program, const csq__layout *layout,
                                    const int64_t *now, const int64_t *before);

/* Whether the program reads the slot (now or before). */
bool csq__program_reads(const csq__program *program, uint32_t slot);

/*
 * Whether the program can hold only while the category in `slot` has a code below 64: then true,
 * and `*mask` has the bits of the codes with which it can (bit 0: no value). An over-estimate:
 * tests of other slots, and whether the value changed, are taken to come out either way.
 */
bool csq__program_requires(const csq__program *program, uint32_t slot, uint64_t *mask);

/* ---- conditions ---------------------------------------------------------------------------- */

/* The operations of a condition's steps: csq_test_op, and what combines operands. */
enum { CSQ__COMBINE_ALL = 16, CSQ__COMBINE_ANY = 17, CSQ__COMBINE_NOT = 18 };

/* A step of a condition in postfix order, as it was pushed. */
typedef struct csq__condition_step {
    uint32_t op;
    uint32_t attribute; /* tests; else 0 */
    uint32_t kind;      /* of the attribute */
    uint32_t previous;
    const int64_t *values; /* of a test, in the order given */
    uint64_t n;            /* values of a test, operands of ALL, ANY and NOT */
    int64_t low;
    int64_t high;
} csq__condition_step;

/* The condition carries a program of its own, for csq_condition_test. */
struct csq_condition {
    csq__count count;
    csq_allocator allocator;
    csq_schema *schema; /* retained */
    size_t size;        /* bytes of the block: this struct, the steps, the values */
    uint32_t n_steps;
    uint32_t depth; /* the most operands at a time */
    uint64_t n_values;
    csq__layout layout;
    csq__program program;
    csq__condition_step steps[];
};

static inline uint32_t csq__condition_step_count(const csq_condition *condition)
{
    return condition->n_steps;
}

/* `index` < count. Borrowed from the condition. */
static inline const csq__condition_step *csq__condition_step_at(const csq_condition *condition,
                                                                uint32_t index)
{
    return &condition->steps[index];
}

#endif
