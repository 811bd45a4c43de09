/*
 * replay_symbols — the symbols that the rows of a log are for the automaton.
 *
 * A row is a type and a value. Values matter where a rule reads the attribute that they set; there
 * each of the first 256 codes is a symbol of its own. Elsewhere the type is the symbol.
 *
 * Uses: base, column, calendar, condition, ticket.
 */
#include "sla/replay.h"

/* Kinds of events that say nothing but what their type and, through the frame, their value says.
 * All others are walked; a new kind is until it is added here. */
static const uint32_t plain_kinds =
    1U << CSQ_EVENT_CREATED | 1U << CSQ_EVENT_REPLY | 1U << CSQ_EVENT_CHANGE | 1U << CSQ_EVENT_ADD |
    1U << CSQ_EVENT_REMOVE | 1U << CSQ_EVENT_ATTACH | 1U << CSQ_EVENT_PROMISE |
    1U << CSQ_EVENT_ESCALATE | 1U << CSQ_EVENT_REOPEN | 1U << CSQ_EVENT_SPLIT;

uint32_t csq__replay_symbol(const csq__row_symbols *symbols, int64_t value)
{
    if (symbols->any != 0) {
        return symbols->any;
    }
    return (uint64_t)value < symbols->n_values ? symbols->base + (uint32_t)value
                                               : (uint32_t)CSQ__SYMBOL_WALK;
}

/* The number of values of a type that have symbols of their own: up to its largest code. */
static uint32_t type_values(const csq__row_type *type)
{
    int64_t most = -1;
    for (uint64_t i = 0; i < type->n_table; i++) {
        most = type->table[i] > most ? type->table[i] : most;
    }
    most = type->range.missing > most && type->range.missing <= type->range.high
               ? type->range.missing
               : most;
    return most < CSQ__REPLAY_VALUES ? (uint32_t)(most + 1) : CSQ__REPLAY_VALUES;
}

/* Takes `n` symbols; false if there are no more. */
static bool take_symbols(csq__replay *run, uint32_t n, uint32_t *first)
{
    if (n > CSQ__REPLAY_SYMBOLS - run->n_symbols) {
        return false;
    }
    *first = run->n_symbols;
    run->n_symbols += n;
    return true;
}

static void choose_symbols(csq__replay *run, const csq__row_type *type, const csq__taken_form *form,
                           csq__row_symbols *out)
{
    const bool is_plain = (plain_kinds >> type->event.kind & 1) != 0 && type->event.joined == 0;
    const bool is_read = form->slot < run->tally->policies->layout.n_slots;
    out->any = CSQ__SYMBOL_WALK;
    if (!is_plain) {
        return;
    }
    if (!is_read) {
        (void)take_symbols(run, 1, &out->any);
    } else if (take_symbols(run, type_values(type), &out->base)) {
        out->any = 0;
        out->n_values = type_values(type);
    }
}

/* What the table of a type says of its values, in symbols. */
static void fill_symbols(const csq__row_type *type, csq__row_symbols *out, uint16_t *of)
{
    for (uint64_t i = 0; i < type->n_table; i++) {
        const bool is_known = type->table[i] != CSQ_MS_NONE;
        of[i] = (uint16_t)(is_known ? csq__replay_symbol(out, type->table[i]) : CSQ__SYMBOL_LOOK);
    }
    const csq__value_range *range = &type->range;
    const bool may_miss = range->missing >= range->low && range->missing <= range->high;
    of[type->n_table] = CSQ__SYMBOL_LOOK;
    out->missing = may_miss ? csq__replay_symbol(out, range->missing) : CSQ__SYMBOL_LOOK;
}

static size_t row_lookup_size(uint64_t n_table)
{
    return ((size_t)n_table + 1) * sizeof(uint16_t);
}

static void note_creations(csq__replay *run)
{
    for (size_t i = 0; i < run->rows.n_types; i++) {
        const csq__row_symbols *symbols = &run->symbols[i];
        if (run->rows.types[i].event.kind != CSQ_EVENT_CREATED) {
            continue;
        }
        for (uint32_t value = 0; value < symbols->n_values; value++) {
            run->creates[symbols->base + value] = 1;
        }
        run->creates[symbols->any] = 1;
    }
}

static csq_status init_lookups(csq__replay *run, csq_error *error)
{
    static const uint16_t look = CSQ__SYMBOL_LOOK;
    const size_t n = run->rows.n_types;
    for (size_t i = 0; i < n; i++) {
        const csq__row_type *type = &run->rows.types[i];
        choose_symbols(run, type, &run->forms[i], &run->symbols[i]);
        uint16_t *const symbols = csq__allocate(&run->memory, row_lookup_size(type->n_table));
        if (symbols == NULL) {
            return csq__fail_memory(error);
        }
        fill_symbols(type, &run->symbols[i], symbols);
        run->lookups[i] = (csq__row_lookup){symbols, type->n_table};
    }
    run->lookups[n] = (csq__row_lookup){&look, 0};
    return CSQ_OK;
}

csq_status csq__replay_init_symbols(csq__replay *run, csq_error *error)
{
    const size_t n = run->rows.n_types + 1;
    run->symbols = csq__allocate_zeroed(&run->memory, n * sizeof *run->symbols);
    run->lookups = csq__allocate_zeroed(&run->memory, n * sizeof *run->lookups);
    if (run->symbols == NULL || run->lookups == NULL) {
        return csq__fail_memory(error);
    }
    run->n_symbols = CSQ__SYMBOL_FIRST;
    const csq_status status = init_lookups(run, error);
    if (status != CSQ_OK) {
        return status;
    }
    run->creates = csq__allocate_zeroed(&run->memory, run->n_symbols);
    if (run->creates == NULL) {
        return csq__fail_memory(error);
    }
    note_creations(run);
    return csq__automaton_init(&run->automaton, run->tally, run->n_symbols, run->creates, error);
}

void csq__replay_release_symbols(csq__replay *run)
{
    const size_t n = run->rows.n_types;
    for (size_t i = 0; run->lookups != NULL && i < n; i++) {
        csq__release(&run->memory, (void *)(uintptr_t)run->lookups[i].symbols,
                     row_lookup_size(run->rows.types[i].n_table));
    }
    csq__release(&run->memory, run->lookups, (n + 1) * sizeof *run->lookups);
    csq__release(&run->memory, run->symbols, (n + 1) * sizeof *run->symbols);
    csq__release(&run->memory, run->creates, run->n_symbols);
    csq__automaton_release(&run->automaton);
}
