/*
 * automaton — the states of a walk and the cells between them, filled in as they are met.
 *
 * Everything has a limit: beyond it a cell leads to the state `dead`, which walks the ticket, so
 * that many states cost time and never memory. See the header.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/automaton.h"

/* ---- pools --------------------------------------------------------------------------------- */

typedef struct pool_search {
    const csq__pool *pool;
    const void *element;
} pool_search;

static bool pool_matches(const void *user, uint32_t value)
{
    const pool_search *search = user;
    const size_t size = search->pool->size;
    const uint8_t *const items = search->pool->items.data;
    return memcmp(items + (value - 1) * size, search->element, size) == 0;
}

static uint32_t pool_find(const csq__pool *pool, const void *element)
{
    const pool_search search = {pool, element};
    return csq__table_find(&pool->table, csq__hash(element, pool->size, 0, 0), pool_matches,
                           &search);
}

uint32_t csq__pool_add(csq__pool *pool, const csq_allocator *allocator, const void *element)
{
    const uint32_t found = pool_find(pool, element);
    if (found != 0) {
        return found - 1;
    }
    const uint32_t index = (uint32_t)pool->items.n;
    if (!csq__array_reserve(&pool->items, allocator, 1, pool->size) ||
        !csq__table_add(&pool->table, allocator, csq__hash(element, pool->size, 0, 0), index + 1)) {
        return CSQ_NO_INDEX;
    }
    (void)csq__array_push(&pool->items, allocator, element, pool->size);
    return index;
}

static void pool_release(csq__pool *pool, const csq_allocator *allocator)
{
    csq__array_release(&pool->items, allocator, pool->size);
    csq__table_release(&pool->table, allocator);
}

/* ---- lists of moves ------------------------------------------------------------------------ */

typedef struct list_search {
    const csq__array *moves;
    const csq__array *list;
} list_search;

static bool list_matches(const void *user, uint32_t value)
{
    const list_search *search = user;
    const size_t n = search->list->n;
    const csq__move *const moves = search->moves->data;
    return search->moves->n - value >= n &&
           memcmp(&moves[value], search->list->data, n * sizeof *moves) == 0;
}

/* The first move of a list that is not empty; 0 without memory. */
static uint32_t automaton_add_list(csq__automaton *automaton, const csq__array *list)
{
    const list_search search = {&automaton->moves, list};
    const uint64_t hash = csq__hash(list->data, list->n * sizeof(csq__move), 0, 0);
    const uint32_t found = csq__table_find(&automaton->lists, hash, list_matches, &search);
    if (found != 0) {
        return found;
    }
    const uint32_t first = (uint32_t)automaton->moves.n;
    if (!csq__array_reserve(&automaton->moves, &automaton->allocator, list->n, sizeof(csq__move)) ||
        !csq__table_add(&automaton->lists, &automaton->allocator, hash, first)) {
        return 0;
    }
    for (size_t i = 0; i < list->n; i++) {
        (void)csq__array_push(&automaton->moves, &automaton->allocator,
                              (const csq__move *)list->data + i, sizeof(csq__move));
    }
    return first;
}

/* ---- states -------------------------------------------------------------------------------- */

/* Adds the cells of the state that is next: not known yet but for what is never known. */
static bool automaton_add_cells(csq__automaton *automaton, uint32_t state)
{
    const size_t n = (size_t)1 << automaton->shift;
    if (!csq__array_reserve(&automaton->cells, &automaton->allocator, n, sizeof(csq__cell))) {
        return false;
    }
    // Versions come into force at instants, which no state knows.
    const bool is_whole = csq__walk_state_is_whole(automaton->walk.policies) &&
                          automaton->walk.policies->epochs.n == 0;
    const csq__cell dead = (csq__cell)CSQ__STATE_DEAD << automaton->shift;
    csq__cell *const cells = (csq__cell *)automaton->cells.data + automaton->cells.n;
    for (uint32_t symbol = 0; symbol < n; symbol++) {
        // Only the first event of a ticket may create it: what is said of another is found out by
        // a walk.
        const bool is_walked = !is_whole || state == CSQ__STATE_DEAD ||
                               symbol < CSQ__SYMBOL_FIRST ||
                               (state != CSQ__STATE_START && symbol < automaton->n_symbols &&
                                automaton->creates[symbol] != 0);
        cells[symbol] = is_walked ? dead : CSQ__CELL_UNKNOWN;
    }
    automaton->cells.n += n;
    return true;
}

/* The state with these bytes, a new one if there is room; `dead` else. */
static csq_status automaton_find_state(csq__automaton *automaton, const uint8_t *bytes,
                                       uint32_t *out, csq_error *error)
{
    const uint32_t found = pool_find(&automaton->states, bytes);
    *out = found == 0 ? CSQ__STATE_DEAD : found - 1;
    if (found != 0 || automaton->states.items.n >= automaton->limit) {
        return CSQ_OK;
    }
    const uint32_t state = (uint32_t)automaton->states.items.n;
    if (!automaton_add_cells(automaton, state)) {
        return csq__fail_memory(error);
    }
    if (csq__pool_add(&automaton->states, &automaton->allocator, bytes) == CSQ_NO_INDEX) {
        automaton->cells.n -= (size_t)1 << automaton->shift;
        return csq__fail_memory(error);
    }
    *out = state;
    return CSQ_OK;
}

/* The three states that there always are: before the first event, after events that changed
 * nothing, and the one in which a ticket is walked. The second is found by its bytes. */
static csq_status automaton_add_first(csq__automaton *automaton, csq_error *error)
{
    csq__array *items = &automaton->states.items;
    uint8_t *bytes = csq__array_push(items, &automaton->allocator, NULL, automaton->states.size);
    if (bytes == NULL) {
        return csq__fail_memory(error);
    }
    csq__walk_state_write(&automaton->walk, automaton->found[0]);
    memcpy(bytes, automaton->found[0], automaton->states.size);
    if (csq__pool_add(&automaton->states, &automaton->allocator, automaton->found[0]) ==
            CSQ_NO_INDEX ||
        csq__array_push(items, &automaton->allocator, automaton->found[0],
                        automaton->states.size) == NULL) {
        return csq__fail_memory(error);
    }
    for (uint32_t state = CSQ__STATE_START; state < CSQ__STATE_FIRST; state++) {
        if (!automaton_add_cells(automaton, state)) {
            return csq__fail_memory(error);
        }
    }
    return CSQ_OK;
}

static size_t automaton_limit(size_t state_size, uint32_t shift)
{
    size_t limit = CSQ__STATE_LIMIT;
    const size_t by_cells = (size_t)CSQ__CELL_LIMIT >> shift;
    const size_t by_bytes = CSQ__STATE_BYTES_LIMIT / state_size;
    limit = by_cells < limit ? by_cells : limit;
    limit = by_bytes < limit ? by_bytes : limit;
    return limit < CSQ__STATE_FIRST ? CSQ__STATE_FIRST : limit;
}

csq_status csq__automaton_init(csq__automaton *automaton, const csq_tally *tally,
                               uint32_t n_symbols, const uint8_t *creates, csq_error *error)
{
    *automaton = (csq__automaton){.allocator = tally->allocator,
                                  .n_symbols = n_symbols,
                                  .creates = creates,
                                  .fixed = {.size = CSQ__RUN_FIXED}};
    const csq_status status = csq__tally_walk_init(tally, &automaton->walk, error);
    if (status != CSQ_OK) {
        return status;
    }
    while ((uint32_t)1 << automaton->shift < n_symbols) {
        automaton->shift++;
    }
    const size_t size = csq__walk_state_size(&automaton->walk);
    automaton->states.size = size;
    automaton->limit = automaton_limit(size, automaton->shift);
    automaton->move_limit = CSQ__MOVE_LIMIT;
    automaton->found[0] = csq__allocate_zeroed(&automaton->allocator, 2 * size);
    if (automaton->found[0] == NULL || csq__array_push(&automaton->moves, &automaton->allocator,
                                                       NULL, sizeof(csq__move)) == NULL) {
        return csq__fail_memory(error);
    }
    automaton->found[1] = automaton->found[0] + size;
    return automaton_add_first(automaton, error);
}

void csq__automaton_release(csq__automaton *automaton)
{
    const csq_allocator *memory = &automaton->allocator;
    if (automaton->walk.policies == NULL) {
        return;
    }
    csq__array_release(&automaton->moves, memory, sizeof(csq__move));
    csq__array_release(&automaton->cells, memory, sizeof(csq__cell));
    csq__table_release(&automaton->lists, memory);
    for (int which = 0; which < 2; which++) {
        csq__array_release(&automaton->asked[which], memory, sizeof(csq__move));
    }
    csq__release(memory, automaton->found[0], 2 * automaton->states.size);
    if (automaton->states.size > 0) {
        pool_release(&automaton->states, memory);
    }
    pool_release(&automaton->fixed, memory);
    csq__walk_release(&automaton->walk);
}

/* ---- learning ------------------------------------------------------------------------------ */

static bool is_same_answer(const csq__automaton *automaton)
{
    const csq__array *first = &automaton->asked[0];
    const csq__array *second = &automaton->asked[1];
    return memcmp(automaton->found[0], automaton->found[1], automaton->states.size) == 0 &&
           first->n == second->n &&
           (first->n == 0 || memcmp(first->data, second->data, first->n * sizeof(csq__move)) == 0);
}

/* Makes the answer a cell. */
static csq_status automaton_keep(csq__automaton *automaton, csq__cell *cell, csq_error *error)
{
    uint32_t next;
    const csq_status status = automaton_find_state(automaton, automaton->found[0], &next, error);
    if (status != CSQ_OK || next == CSQ__STATE_DEAD) {
        return status;
    }
    const csq__array *list = &automaton->asked[0];
    uint32_t moves = 0;
    if (list->n > 0) {
        ((csq__move *)list->data)[list->n - 1].is_last = 1;
        moves = automaton_add_list(automaton, list);
        if (moves == 0) {
            return csq__fail_memory(error);
        }
    }
    *cell = (csq__cell)moves << 32 | next << automaton->shift;
    return CSQ_OK;
}

csq_status csq__automaton_learn(csq__automaton *automaton, uint32_t state, uint32_t symbol,
                                const csq__event *event, csq__cell *out, csq_error *error)
{
    bool is_told = true;
    bool is_final = true;
    csq_status status = CSQ_OK;
    *out = (csq__cell)CSQ__STATE_DEAD << automaton->shift;
    for (uint32_t which = 0; which < 2 && is_told && status == CSQ_OK; which++) {
        status = csq__automaton_ask(automaton, state, event, which, &is_told, &is_final, error);
    }
    const bool has_room = automaton->asked[0].n <= automaton->move_limit - automaton->moves.n;
    if (status == CSQ_OK && is_told && has_room && is_same_answer(automaton)) {
        status = automaton_keep(automaton, out, error);
    }
    if (status == CSQ_OK && is_final) {
        csq__cell *const cells = automaton->cells.data;
        cells[((size_t)state << automaton->shift) + symbol] = *out;
    }
    return status;
}
