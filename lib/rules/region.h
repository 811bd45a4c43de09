/*
 * region — sets of facts that are known to hold all facts for which a condition holds.
 *
 * A region is a union of boxes, a box an intersection of bounds on variables: the values of an
 * attribute after or before the event, whether it changed, whether a set has a member. A region
 * never leaves out a fact that it should have, so "empty" and "disjoint" are proofs; it may have
 * too many, because boxes beyond a limit are replaced by the one box around them.
 *
 * Uses: base, text, condition.
 */
#ifndef CSQ_RULES_REGION_H
#define CSQ_RULES_REGION_H

#include "rules/rules_internal.h"

/* Memory that is given back all at once. A failure sticks. */
typedef struct csq__arena {
    csq_allocator allocator;
    csq__array chunks;
    size_t left; /* bytes of the last chunk */
    bool failed;
} csq__arena;

/* Aligned for int64_t; NULL when there is no memory. n = 0 may give NULL as well. */
void *csq__arena_allocate(csq__arena *arena, size_t n, size_t element);
void csq__arena_release(csq__arena *arena);

/* The values that a variable may have. */
typedef struct csq__bound {
    uint64_t variable;
    int64_t low; /* of a range, both ends included; none if low > high */
    int64_t high;
    const uint32_t *codes; /* of names, sorted; 0 is "absent" */
    uint32_t n_codes;
    uint8_t is_range;
    uint8_t is_complement; /* all names but these */
    uint8_t is_absent_too; /* a range and "absent" */
} csq__bound;

typedef struct csq__box {
    const csq__bound *bounds; /* sorted by variable */
    uint32_t n;
} csq__box;

/* Without boxes: nothing. One box without bounds: everything. */
typedef struct csq__region {
    const csq__box *boxes;
    uint32_t n;
} csq__region;

/* Around the facts for which a condition holds, and around those for which it does not. */
typedef struct csq__verdict {
    csq__region holds;
    csq__region fails;
} csq__verdict;

enum { CSQ__REGION_BOXES = 16, CSQ__REGION_BOUNDS = 256 };

/* What a variable stands for. */
enum { CSQ__VARIABLE_NOW = 0, CSQ__VARIABLE_BEFORE = 1, CSQ__VARIABLE_CHANGED = 2 };

/* `member` is the code of a set's member, or 0: of a set, "has any"; of others, the value. */
static inline uint64_t csq__variable(uint32_t attribute, uint32_t member, uint32_t what)
{
    return (uint64_t)attribute << 34 | (uint64_t)member << 2 | what;
}

csq__region csq__region_all_facts(csq__arena *arena);
csq__region csq__region_of_bound(csq__arena *arena, const csq__bound *bound);
csq__region csq__region_all(csq__arena *arena, const csq__region *parts, size_t n);
csq__region csq__region_any(csq__arena *arena, const csq__region *parts, size_t n);
csq__region csq__region_copy(csq__arena *arena, const csq__region *region);

/* Whether they provably have no fact in common. Takes the work off `*budget`; false, which proves
 * nothing, when it is used up. */
bool csq__region_is_disjoint(const csq__region *a, const csq__region *b, uint64_t *budget);

/* Whether some fact of the region has the name `code` as the value of `variable`. */
bool csq__region_admits(const csq__region *region, uint64_t variable, uint32_t code);

/* Reads the condition at a node, 0 for none; names get their codes from `names`. The verdict lies
 * in `arena`, whose `failed` says whether memory was short. */
csq__verdict csq__region_read(const csq__document *document, uint32_t node, csq_vocabulary *names,
                              csq__arena *arena);

#endif
