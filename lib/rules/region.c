/*
 * region — intersecting, joining and comparing regions; see region.h.
 *
 * Uses: base.
 */
#include "rules/region.h"

/* ---- memory -------------------------------------------------------------------------------- */

enum { ARENA_CHUNK = 16384 };

typedef struct arena_chunk {
    char *data;
    size_t size;
} arena_chunk;

void *csq__arena_allocate(csq__arena *arena, size_t n, size_t element)
{
    size_t size;
    if (arena->failed || !csq__size_mul(n, element, &size) ||
        !csq__size_add(size, sizeof(int64_t) - 1, &size)) {
        arena->failed = true;
        return NULL;
    }
    size &= ~(sizeof(int64_t) - 1);
    if (size > arena->left) {
        arena_chunk chunk = {NULL, size > ARENA_CHUNK ? size : ARENA_CHUNK};
        chunk.data = csq__allocate(&arena->allocator, chunk.size);
        if (chunk.data == NULL ||
            csq__array_push(&arena->chunks, &arena->allocator, &chunk, sizeof chunk) == NULL) {
            csq__release(&arena->allocator, chunk.data, chunk.size);
            arena->failed = true;
            return NULL;
        }
        arena->left = chunk.size;
    }
    if (size == 0) {
        return NULL;
    }
    const arena_chunk *last = (const arena_chunk *)arena->chunks.data + (arena->chunks.n - 1);
    void *block = last->data + (last->size - arena->left);
    arena->left -= size;
    return block;
}

void csq__arena_release(csq__arena *arena)
{
    const arena_chunk *chunks = arena->chunks.data;
    for (size_t i = 0; i < arena->chunks.n; i++) {
        csq__release(&arena->allocator, chunks[i].data, chunks[i].size);
    }
    csq__array_release(&arena->chunks, &arena->allocator, sizeof(arena_chunk));
    arena->left = 0;
    arena->failed = false;
}

/* ---- lists of codes ------------------------------------------------------------------------ */

/* Which codes of two sorted lists to keep. */
enum { KEEP_LEFT = 1, KEEP_BOTH = 2, KEEP_RIGHT = 4 };

static const uint32_t *codes_merge(csq__arena *arena, const csq__bound *a, const csq__bound *b,
                                   uint32_t keep, uint32_t *n)
{
    *n = 0;
    uint32_t *out = csq__arena_allocate(arena, (size_t)a->n_codes + b->n_codes, sizeof(uint32_t));
    if (out == NULL) {
        return NULL;
    }
    uint32_t i = 0;
    uint32_t j = 0;
    while (i < a->n_codes || j < b->n_codes) {
        const bool takes_left = j == b->n_codes || (i < a->n_codes && a->codes[i] <= b->codes[j]);
        const bool takes_right = i == a->n_codes || (j < b->n_codes && b->codes[j] <= a->codes[i]);
        const uint32_t code = takes_left ? a->codes[i] : b->codes[j];
        const uint32_t side = takes_left && takes_right ? KEEP_BOTH
                              : takes_left              ? KEEP_LEFT
                                                        : KEEP_RIGHT;
        if ((keep & side) != 0) {
            out[(*n)++] = code;
        }
        i += takes_left;
        j += takes_right;
    }
    return out;
}

static bool codes_have(const csq__bound *bound, uint32_t code)
{
    uint32_t low = 0;
    uint32_t high = bound->n_codes;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (bound->codes[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < bound->n_codes && bound->codes[low] == code;
}

/* ---- bounds -------------------------------------------------------------------------------- */

static bool bound_is_empty(const csq__bound *bound)
{
    if (bound->is_range) {
        return bound->low > bound->high && !bound->is_absent_too;
    }
    return !bound->is_complement && bound->n_codes == 0;
}

static csq__bound bound_intersect(csq__arena *arena, const csq__bound *a, const csq__bound *b)
{
    csq__bound both = *a;
    if (a->is_range) {
        both.low = a->low > b->low ? a->low : b->low;
        both.high = a->high < b->high ? a->high : b->high;
        both.is_absent_too = a->is_absent_too && b->is_absent_too;
        return both;
    }
    uint32_t keep = KEEP_BOTH;
    if (a->is_complement) {
        keep = b->is_complement ? KEEP_LEFT | KEEP_BOTH | KEEP_RIGHT : KEEP_RIGHT;
    } else if (b->is_complement) {
        keep = KEEP_LEFT;
    }
    both.is_complement = a->is_complement && b->is_complement;
    both.codes = codes_merge(arena, a, b, keep, &both.n_codes);
    return both;
}

static csq__bound bound_join(csq__arena *arena, const csq__bound *a, const csq__bound *b)
{
    csq__bound either = *a;
    if (a->is_range) {
        const bool is_left_empty = a->low > a->high;
        const bool is_right_empty = b->low > b->high;
        either.low = is_left_empty || (!is_right_empty && b->low < a->low) ? b->low : a->low;
        either.high = is_left_empty || (!is_right_empty && b->high > a->high) ? b->high : a->high;
        either.is_absent_too = a->is_absent_too || b->is_absent_too;
        return either;
    }
    uint32_t keep = KEEP_LEFT | KEEP_BOTH | KEEP_RIGHT;
    if (a->is_complement) {
        keep = b->is_complement ? KEEP_BOTH : KEEP_LEFT;
    } else if (b->is_complement) {
        keep = KEEP_RIGHT;
    }
    either.is_complement = a->is_complement || b->is_complement;
    either.codes = codes_merge(arena, a, b, keep, &either.n_codes);
    return either;
}

static bool bound_is_disjoint(const csq__bound *a, const csq__bound *b, uint64_t *work)
{
    *work += 1;
    if (a->is_range) {
        const bool overlaps =
            a->low <= b->high && b->low <= a->high && a->low <= a->high && b->low <= b->high;
        return !overlaps && !(a->is_absent_too && b->is_absent_too);
    }
    if (a->is_complement && b->is_complement) {
        return false;
    }
    // The shorter list of names that may be is looked up in the other.
    const bool left_first = b->is_complement || (!a->is_complement && a->n_codes <= b->n_codes);
    const csq__bound *few = left_first ? a : b;
    const csq__bound *many = left_first ? b : a;
    for (uint32_t i = 0; i < few->n_codes; i++) {
        *work += 1;
        if (codes_have(many, few->codes[i]) != (many->is_complement != 0)) {
            return false;
        }
    }
    return true;
}

/* ---- boxes --------------------------------------------------------------------------------- */

static int bound_compare(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint64_t left = ((const csq__bound *)a)->variable;
    const uint64_t right = ((const csq__bound *)b)->variable;
    return (left > right) - (left < right);
}

/* Sorts bounds and intersects those of one variable; false when that leaves nothing. */
static bool box_of_bounds(csq__arena *arena, csq__bound *bounds, size_t n, csq__box *out)
{
    csq__sort(bounds, n, sizeof *bounds, bound_compare, NULL);
    uint32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && bounds[kept - 1].variable == bounds[i].variable) {
            bounds[kept - 1] = bound_intersect(arena, &bounds[kept - 1], &bounds[i]);
        } else {
            bounds[kept++] = bounds[i];
        }
        if (bound_is_empty(&bounds[kept - 1])) {
            return false;
        }
    }
    *out = (csq__box){bounds, kept};
    return true;
}

static size_t region_bounds(const csq__region *parts, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < parts[i].n; j++) {
            sum += parts[i].boxes[j].n;
        }
    }
    return sum;
}

static csq__bound *box_append(csq__bound *at, const csq__box *box)
{
    if (box->n == 0) {
        return at;
    }
    memcpy(at, box->bounds, box->n * sizeof *at);
    return at + box->n;
}

/* The box around all boxes: a variable is bounded only if each of them bounds it. */
static csq__box box_around(csq__arena *arena, const csq__region *parts, size_t n)
{
    const csq__box everything = {NULL, 0};
    const size_t n_bounds = region_bounds(parts, n);
    csq__bound *bounds = csq__arena_allocate(arena, n_bounds, sizeof *bounds);
    if (bounds == NULL) {
        return everything;
    }
    uint32_t n_boxes = 0;
    csq__bound *end = bounds;
    for (size_t i = 0; i < n; i++) {
        n_boxes += parts[i].n;
        for (uint32_t j = 0; j < parts[i].n; j++) {
            end = box_append(end, &parts[i].boxes[j]);
        }
    }
    csq__sort(bounds, n_bounds, sizeof *bounds, bound_compare, NULL);
    uint32_t kept = 0;
    for (size_t i = 0; i < n_bounds;) {
        csq__bound joined = bounds[i];
        size_t next = i + 1;
        for (; next < n_bounds && bounds[next].variable == joined.variable; next++) {
            joined = bound_join(arena, &joined, &bounds[next]);
        }
        if (next - i == n_boxes) {
            bounds[kept++] = joined;
        }
        i = next;
    }
    return (csq__box){bounds, kept};
}

/* ---- regions ------------------------------------------------------------------------------- */

static const csq__region region_nothing = {NULL, 0};

static csq__region region_of_box(csq__arena *arena, csq__box box)
{
    csq__box *boxes = csq__arena_allocate(arena, 1, sizeof *boxes);
    if (boxes == NULL) {
        return region_nothing;
    }
    boxes[0] = box;
    return (csq__region){boxes, 1};
}

csq__region csq__region_all_facts(csq__arena *arena)
{
    return region_of_box(arena, (csq__box){NULL, 0});
}

csq__region csq__region_of_bound(csq__arena *arena, const csq__bound *bound)
{
    csq__bound *own = csq__arena_allocate(arena, 1, sizeof *own);
    if (own == NULL || bound_is_empty(bound)) {
        return region_nothing;
    }
    *own = *bound;
    return region_of_box(arena, (csq__box){own, 1});
}

csq__region csq__region_any(csq__arena *arena, const csq__region *parts, size_t n)
{
    size_t n_boxes = 0;
    for (size_t i = 0; i < n; i++) {
        n_boxes += parts[i].n;
    }
    if (n_boxes > CSQ__REGION_BOXES || region_bounds(parts, n) > CSQ__REGION_BOUNDS) {
        return region_of_box(arena, box_around(arena, parts, n));
    }
    csq__box *boxes = csq__arena_allocate(arena, n_boxes, sizeof *boxes);
    if (boxes == NULL) {
        return region_nothing;
    }
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < parts[i].n; j++) {
            boxes[at++] = parts[i].boxes[j];
        }
    }
    return (csq__region){boxes, at};
}

/* All pairs of boxes, intersected. */
static csq__region region_multiply(csq__arena *arena, const csq__region *a, const csq__region *b)
{
    csq__box *boxes = csq__arena_allocate(arena, (size_t)a->n * b->n, sizeof *boxes);
    if (boxes == NULL) {
        return region_nothing;
    }
    uint32_t n = 0;
    for (uint32_t k = 0; k < a->n * b->n; k++) {
        const csq__box *left = &a->boxes[k / b->n];
        const csq__box *right = &b->boxes[k % b->n];
        const size_t n_bounds = (size_t)left->n + right->n;
        csq__bound *bounds = csq__arena_allocate(arena, n_bounds, sizeof *bounds);
        if (bounds == NULL && n_bounds > 0) {
            return region_nothing;
        }
        box_append(box_append(bounds, left), right);
        if (box_of_bounds(arena, bounds, n_bounds, &boxes[n])) {
            n++;
        }
    }
    return (csq__region){boxes, n};
}

/*
 * Single boxes are intersected at once. Of the others, as many are multiplied out as the limit of
 * boxes allows; the box around the rest takes their place.
 */
csq__region csq__region_all(csq__arena *arena, const csq__region *parts, size_t n)
{
    uint32_t n_boxes = 1;
    csq__region factors[CSQ__REGION_BOXES];
    uint32_t n_factors = 0;
    csq__bound *bounds = csq__arena_allocate(arena, region_bounds(parts, n), sizeof *bounds);
    csq__bound *end = bounds;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].n == 0 || arena->failed) {
            return region_nothing;
        }
        if (parts[i].n == 1) {
            end = box_append(end, &parts[i].boxes[0]);
        } else if (n_boxes * parts[i].n <= CSQ__REGION_BOXES) {
            n_boxes *= parts[i].n;
            factors[n_factors++] = parts[i];
        } else {
            const csq__box around = box_around(arena, &parts[i], 1);
            end = box_append(end, &around);
        }
    }
    csq__box base = {NULL, 0};
    if (end != bounds && !box_of_bounds(arena, bounds, (size_t)(end - bounds), &base)) {
        return region_nothing;
    }
    csq__region product = region_of_box(arena, base);
    for (uint32_t i = 0; i < n_factors; i++) {
        product = region_multiply(arena, &product, &factors[i]);
    }
    return csq__region_any(arena, &product, 1);
}

csq__region csq__region_copy(csq__arena *arena, const csq__region *region)
{
    csq__box *boxes = csq__arena_allocate(arena, region->n, sizeof *boxes);
    for (uint32_t i = 0; boxes != NULL && i < region->n; i++) {
        const csq__box *from = &region->boxes[i];
        csq__bound *bounds = csq__arena_allocate(arena, from->n, sizeof *bounds);
        for (uint32_t j = 0; bounds != NULL && j < from->n; j++) {
            const csq__bound *bound = &from->bounds[j];
            bounds[j] = *bound;
            uint32_t *codes = csq__arena_allocate(arena, bound->n_codes, sizeof *codes);
            if (codes != NULL) {
                memcpy(codes, bound->codes, bound->n_codes * sizeof *codes);
            }
            bounds[j].codes = codes;
        }
        boxes[i] = (csq__box){bounds, from->n};
    }
    return arena->failed ? region_nothing : (csq__region){boxes, region->n};
}

static bool box_is_disjoint(const csq__box *a, const csq__box *b, uint64_t *work)
{
    uint32_t i = 0;
    uint32_t j = 0;
    while (i < a->n && j < b->n) {
        const uint64_t left = a->bounds[i].variable;
        const uint64_t right = b->bounds[j].variable;
        *work += 1;
        if (left == right && bound_is_disjoint(&a->bounds[i], &b->bounds[j], work)) {
            return true;
        }
        i += left <= right;
        j += right <= left;
    }
    return false;
}

bool csq__region_is_disjoint(const csq__region *a, const csq__region *b, uint64_t *budget)
{
    for (uint32_t i = 0; i < a->n; i++) {
        for (uint32_t j = 0; j < b->n; j++) {
            uint64_t work = 1;
            const bool is_disjoint = box_is_disjoint(&a->boxes[i], &b->boxes[j], &work);
            *budget -= work < *budget ? work : *budget;
            if (!is_disjoint || *budget == 0) {
                return false;
            }
        }
    }
    return true;
}

bool csq__region_admits(const csq__region *region, uint64_t variable, uint32_t code)
{
    for (uint32_t i = 0; i < region->n; i++) {
        const csq__box *box = &region->boxes[i];
        const csq__bound key = {.variable = variable};
        const size_t at =
            csq__lower_bound(box->bounds, box->n, sizeof key, &key, bound_compare, NULL);
        if (at == box->n) {
            return true;
        }
        const csq__bound *bound = &box->bounds[at];
        if (bound->variable != variable || codes_have(bound, code) != (bound->is_complement != 0)) {
            return true;
        }
    }
    return false;
}
