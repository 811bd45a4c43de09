/*
 * clock_set_heap — slots by (key, id): a heap of eight children, with the place of each slot.
 *
 * Eight children lie side by side in two cache lines, so that a slot that sinks through a heap of a
 * million meets seven levels, of which only the last two are far away. A slot without a key is not
 * in the heap. Room was made when the slot was, so nothing here can fail.
 *
 * Uses: base, ticket.
 */
#include "sla/clock_set.h"

enum { HEAP_CHILDREN = 8 };

static csq__heap_entry *heap_of(const csq_clock_set *set)
{
    return set->heap.data;
}

static bool heap_is_before(const csq_clock_set *set, const csq__heap_entry *a,
                           const csq__heap_entry *b)
{
    if (a->key != b->key) {
        return a->key < b->key;
    }
    return csq__set_slot(set, a->slot)->ticket.id < csq__set_slot(set, b->slot)->ticket.id;
}

static void heap_put(csq_clock_set *set, size_t place, csq__heap_entry entry)
{
    heap_of(set)[place] = entry;
    csq__set_slot(set, entry.slot)->place = (uint32_t)place;
}

/* Moves an entry that belongs at `place` or nearer to the top. */
static void heap_rise(csq_clock_set *set, size_t place, csq__heap_entry entry)
{
    while (place > 0) {
        const size_t parent = (place - 1) / HEAP_CHILDREN;
        const csq__heap_entry above = heap_of(set)[parent];
        if (!heap_is_before(set, &entry, &above)) {
            break;
        }
        heap_put(set, place, above);
        place = parent;
    }
    heap_put(set, place, entry);
}

/* Moves an entry that belongs at `place` or further from the top. */
static void heap_sink(csq_clock_set *set, size_t place, csq__heap_entry entry)
{
    const csq__heap_entry *const heap = heap_of(set);
    const size_t n = set->heap.n;
    for (;;) {
        const size_t first = place * HEAP_CHILDREN + 1;
        const size_t end = first + HEAP_CHILDREN < n ? first + HEAP_CHILDREN : n;
        if (first >= n) {
            break;
        }
        size_t least = first;
        for (size_t i = first + 1; i < end; i++) {
            least = heap_is_before(set, &heap[i], &heap[least]) ? i : least;
        }
        if (!heap_is_before(set, &heap[least], &entry)) {
            break;
        }
        heap_put(set, place, heap[least]);
        place = least;
    }
    heap_put(set, place, entry);
}

static void heap_move(csq_clock_set *set, size_t place, csq__heap_entry entry)
{
    if (place > 0 && heap_is_before(set, &entry, heap_of(set) + (place - 1) / HEAP_CHILDREN)) {
        heap_rise(set, place, entry);
    } else {
        heap_sink(set, place, entry);
    }
}

static void heap_take_out(csq_clock_set *set, uint32_t slot)
{
    const size_t place = csq__set_slot(set, slot)->place;
    const csq__heap_entry last = heap_of(set)[--set->heap.n];
    csq__set_slot(set, slot)->place = CSQ__NO_PLACE;
    if (place < set->heap.n) {
        heap_move(set, place, last);
    }
}

csq_ms csq__heap_key(const csq_clock_set *set, uint32_t slot)
{
    const uint32_t place = csq__set_slot(set, slot)->place;
    return place == CSQ__NO_PLACE ? CSQ_MS_NONE : heap_of(set)[place].key;
}

void csq__heap_set(csq_clock_set *set, uint32_t slot, csq_ms key)
{
    const uint32_t place = csq__set_slot(set, slot)->place;
    const csq__heap_entry entry = {key, slot, 0};
    if (key == CSQ_MS_NONE) {
        if (place != CSQ__NO_PLACE) {
            heap_take_out(set, slot);
        }
    } else if (place == CSQ__NO_PLACE) {
        heap_rise(set, set->heap.n++, entry);
    } else if (heap_of(set)[place].key != key) {
        heap_move(set, place, entry);
    }
}

bool csq__heap_due(const csq_clock_set *set, csq_ms now, csq__array *out)
{
    const csq__heap_entry *const heap = heap_of(set);
    const uint32_t top = 0;
    if (set->heap.n == 0 || heap[0].key > now) {
        return true;
    }
    if (csq__array_push(out, &set->allocator, &top, sizeof top) == NULL) {
        return false;
    }
    // What is due lies together at the top: places first, then the slots that are there.
    for (size_t i = 0; i < out->n; i++) {
        const size_t first = (size_t)((const uint32_t *)out->data)[i] * HEAP_CHILDREN + 1;
        for (size_t k = first; k < first + HEAP_CHILDREN && k < set->heap.n; k++) {
            const uint32_t place = (uint32_t)k;
            if (heap[k].key <= now &&
                csq__array_push(out, &set->allocator, &place, sizeof place) == NULL) {
                return false;
            }
        }
    }
    uint32_t *places = out->data;
    for (size_t i = 0; i < out->n; i++) {
        places[i] = heap[places[i]].slot;
    }
    return true;
}
