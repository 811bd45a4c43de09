/*
 * lint — advice while it is collected.
 *
 * Uses: base, text, calendar.
 */
#ifndef CSQ_RULES_LINT_H
#define CSQ_RULES_LINT_H

#include "rules/region.h"

typedef struct csq__advice_item {
    uint32_t node;
    uint32_t order; /* of finding */
    uint32_t code;
    uint32_t weight;
    csq_str path;
    csq_str message;
} csq__advice_item;

struct csq_lint {
    csq_allocator allocator;
    csq__array items; /* csq__advice_item */
};

typedef struct csq__linter {
    const csq_rules *rules;
    const csq__document *document;
    csq_lint *lint;
    bool failed; /* no memory; sticky */
} csq__linter;

/* Adds advice about a node: csq__advise(linter, node, code, weight, CSQ__TEXT("..."), ...). */
#define csq__advise(linter, node, code, weight, ...)                                               \
    csq__advise_pieces((linter), (node), (code), (weight), (const csq__piece[]){__VA_ARGS__},      \
                       sizeof((const csq__piece[]){__VA_ARGS__}) / sizeof(csq__piece))
void csq__advise_pieces(csq__linter *linter, uint32_t node, csq_advice_code code,
                        csq_advice_weight weight, const csq__piece *pieces, size_t n_pieces);

/* Looks at the targets, steps and conditions of all metrics. */
void csq__lint_metrics(csq__linter *linter);
/* Looks at the conditions and values of all policies. */
void csq__lint_policies(csq__linter *linter);

/* ---- policies ------------------------------------------------------------------------------ */

typedef struct csq__policy_entry {
    uint32_t node;
    uint32_t match; /* node of the condition, or of the policy without one */
    csq_str track;  /* that it is in */
    csq_ms from;    /* in force from here, INT64_MIN: always was */
    csq_ms until;   /* up to here, INT64_MAX: always will be */
    csq__verdict verdict;
} csq__policy_entry;

typedef struct csq__policy_linter {
    csq__linter *linter;
    const csq__document *document;
    csq_vocabulary *names; /* attributes and values */
    csq__arena arena;
    csq__array policies; /* csq__policy_entry */
    csq__array mentions; /* uint64_t: attribute << 32 | value, sorted, each once */
    uint64_t budget;     /* of work; used up: nothing is found any more */
} csq__policy_linter;

/* Whether `earlier` can hold in place of `later`: in its track, at all instants at which that is in
 * force. */
bool csq__lint_precedes(const csq__policy_entry *earlier, const csq__policy_entry *later);

/* Collects the values that the document mentions; then looks for those without a target. */
void csq__lint_read_mentions(csq__policy_linter *self);
void csq__lint_values(csq__policy_linter *self);

#endif
