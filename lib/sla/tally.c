/*
 * tally — cycles counted by policy, metric, target, attributes and period.
 *
 * Everything that accumulates is an integer, so that any split of the tickets, merged in any order,
 * gives the same rows and the same bytes. What is counted of a finished cycle, its attributes
 * included, is what held at its stop; `now` matters for open cycles only.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/tally.h"

/* ---- entries ------------------------------------------------------------------------------- */

/* Keys may come from bytes that somebody made up: the table is stirred with the schema's seed. */
static uint64_t tally_hash(const csq_tally *tally, const csq__tally_key *key)
{
    return csq__hash(key, sizeof *key, csq__schema_seed(tally->policies->schema), 0);
}

typedef struct tally_search {
    const csq_tally *tally;
    const csq__tally_key *key;
} tally_search;

static bool tally_matches(const void *user, uint32_t value)
{
    const tally_search *search = user;
    const csq__tally_entry *entries = search->tally->entries.data;
    return memcmp(&entries[value - 1].key, search->key, sizeof *search->key) == 0;
}

csq__tally_entry *csq__tally_find(const csq_tally *tally, const csq__tally_key *key)
{
    const tally_search search = {tally, key};
    const uint32_t found =
        csq__table_find(&tally->table, tally_hash(tally, key), tally_matches, &search);
    return found == 0 ? NULL : (csq__tally_entry *)tally->entries.data + (found - 1);
}

csq__tally_entry *csq__tally_entry_of(csq_tally *tally, const csq__tally_key *key)
{
    csq__tally_entry *found = csq__tally_find(tally, key);
    if (found != NULL) {
        return found;
    }
    if (!csq__array_reserve(&tally->entries, &tally->allocator, 1, sizeof *found) ||
        !csq__tally_times_reserve(tally) ||
        !csq__table_add(&tally->table, &tally->allocator, tally_hash(tally, key),
                        (uint32_t)tally->entries.n + 1)) {
        return NULL;
    }
    found = csq__array_push(&tally->entries, &tally->allocator, NULL, sizeof *found);
    found->key = *key;
    found->overrun_max = CSQ_MS_NONE;
    csq__tally_times_push(tally);
    return found;
}

/* One of the places of recent entries: parts of a key times multipliers of their own (odd, from
 * the digits of pi), so that they are computed side by side. */
static inline uint64_t tally_place(const csq_tally *tally, const csq__tally_key *key)
{
    uint64_t hash = ((uint64_t)key->metric << 32 ^ key->policy ^ (uint64_t)key->target) *
                    UINT64_C(0x243f6a8885a308d3);
    hash ^= ((uint64_t)key->period_from ^ key->workdays ^ (uint64_t)key->due << 32) *
            UINT64_C(0xa4093822299f31d1);
    for (uint32_t g = 0; g < tally->n_attributes; g++) {
        hash += key->codes[g] * (UINT64_C(0x452821e638d01377) + 2 * g);
    }
    return (hash ^ (hash >> 29)) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - CSQ__TALLY_RECENT_BITS);
}

/* Without a branch for each part: two keys that share a place differ in any of them. Codes beyond
 * the tally's attributes are 0 in all keys. */
static inline bool is_same_key(const csq_tally *tally, const csq__tally_key *a,
                               const csq__tally_key *b)
{
    uint64_t difference = (uint64_t)a->target ^ (uint64_t)b->target;
    difference |= (uint64_t)a->period_from ^ (uint64_t)b->period_from;
    difference |= (a->metric ^ b->metric) | (a->policy ^ b->policy) | (a->workdays ^ b->workdays) |
                  (a->due ^ b->due);
    for (uint32_t g = 0; g < tally->n_attributes; g++) {
        difference |= a->codes[g] ^ b->codes[g];
    }
    return difference == 0;
}

csq__tally_entry *csq__tally_entry_for_count(csq_tally *tally, const csq__tally_key *key)
{
    uint32_t *recent = &tally->recent[tally_place(tally, key)];
    csq__tally_entry *entries = tally->entries.data;
    if (*recent != 0 && is_same_key(tally, &entries[*recent - 1].key, key)) {
        return &entries[*recent - 1];
    }
    csq__tally_entry *found = csq__tally_entry_of(tally, key);
    *recent = found == NULL ? 0 : (uint32_t)(found - (csq__tally_entry *)tally->entries.data) + 1;
    return found;
}

/* ---- life ---------------------------------------------------------------------------------- */

static csq_status tally_layout(csq_tally *tally, csq_error *error)
{
    const csq__layout *layout = &tally->policies->layout;
    const uint16_t unread = (uint16_t)layout->n_slots;
    tally->n_slot_of = layout->of.n;
    for (uint32_t i = 0; i < tally->n_attributes; i++) {
        tally->n_slot_of = tally->attributes[i] >= tally->n_slot_of
                               ? (size_t)tally->attributes[i] + 1
                               : tally->n_slot_of;
    }
    tally->slot_of =
        csq__allocate_array(&tally->allocator, tally->n_slot_of, sizeof *tally->slot_of);
    if (tally->slot_of == NULL) {
        return csq__fail_memory(error);
    }
    for (size_t a = 0; a < tally->n_slot_of; a++) {
        tally->slot_of[a] = a < layout->of.n ? tally->policies->slot_of[a] : unread;
    }
    tally->n_slots = layout->n_slots + 1;
    for (uint32_t i = 0; i < tally->n_attributes; i++) {
        uint16_t *slot = &tally->slot_of[tally->attributes[i]];
        if (*slot == unread) {
            *slot = (uint16_t)tally->n_slots++;
        }
        tally->group_slots[i] = *slot;
    }
    return CSQ_OK;
}

static csq_status tally_check_options(const csq_policies *policies,
                                      const csq_tally_options *options, csq_error *error)
{
    if (options->n_attributes > CSQ_TALLY_ATTRIBUTE_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 8 attributes"));
    }
    if (options->n_attributes > 0 && options->attributes == NULL) {
        return csq__fail_null(error, "attributes");
    }
    for (uint32_t i = 0; i < options->n_attributes; i++) {
        const uint32_t kind = csq_schema_kind(policies->schema, options->attributes[i]);
        if (kind == 0) {
            return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("no attribute "),
                             CSQ__NUMBER(options->attributes[i]));
        }
        if (kind != CSQ_ATTRIBUTE_CATEGORY || csq__attribute_is_of_event(options->attributes[i])) {
            return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("attribute \""),
                             CSQ__VIEW(csq_schema_name(policies->schema, options->attributes[i])),
                             CSQ__TEXT("\" is not a category of the ticket"));
        }
    }
    if (options->period > CSQ_PERIOD_YEAR || options->period == CSQ_PERIOD_MINUTES) {
        return csq__fail_value(error, "period", options->period);
    }
    if (options->first_weekday > 7 ||
        (options->first_weekday != 0 && options->period != CSQ_PERIOD_WEEK)) {
        return csq__fail_value(error, "first_weekday", options->first_weekday);
    }
    if (options->quantiles >= 1U << CSQ__TALLY_MEASURES) {
        return csq__fail_value(error, "quantiles", options->quantiles);
    }
    if (options->quantiles == 0 && options->exact_limit != 0) {
        return csq__fail_value(error, "exact_limit", options->exact_limit);
    }
    return CSQ_OK;
}

static csq_status tally_set_fingerprint(csq_tally *tally, csq_error *error)
{
    csq__writer writer = {.allocator = &tally->allocator};
    csq__write_u64(&writer, tally->policies->fingerprint);
    csq__write_varint(&writer, tally->n_attributes);
    for (uint32_t i = 0; i < tally->n_attributes; i++) {
        csq__write_text(&writer, csq_schema_name(tally->policies->schema, tally->attributes[i]));
    }
    csq__write_varint(&writer, tally->period.kind);
    csq__write_varint(&writer, tally->period.first_weekday);
    csq__write_text(&writer, csq_zone_name(tally->zone));
    if (tally->measures != 0) {
        csq__write_varint(&writer, tally->measures);
        csq__write_varint(&writer, tally->exact_limit);
    }
    const bool failed = writer.failed;
    tally->fingerprint = failed ? 0 : csq__hash(writer.data, writer.size, 0, 0);
    csq__writer_release(&writer);
    return failed ? csq__fail_memory(error) : CSQ_OK;
}

/* Takes options that were checked; a zone of none is UTC where there are periods. */
static csq_status tally_init(csq_tally *tally, const csq_tally_options *options, csq_error *error)
{
    tally->n_attributes = options->n_attributes;
    tally->measures = options->quantiles;
    csq_status status = csq__quantiles_limit(options->exact_limit, &tally->exact_limit, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (options->n_attributes > 0) {
        memcpy(tally->attributes, options->attributes,
               options->n_attributes * sizeof *tally->attributes);
    }
    const bool is_monday = options->period == CSQ_PERIOD_WEEK && options->first_weekday == 0;
    const uint32_t first_weekday = is_monday ? 1 : options->first_weekday;
    tally->period = (csq_period_options){
        .size = sizeof tally->period, .kind = options->period, .first_weekday = first_weekday};
    tally->period_from = CSQ_MS_NONE;
    tally->period_to = CSQ_MS_NONE;
    if (options->zone != NULL) {
        tally->zone = csq_zone_retain((csq_zone *)(uintptr_t)options->zone);
    } else if (options->period != CSQ_PERIOD_NONE) {
        status = csq_zone_new_fixed(0, &tally->allocator, &tally->zone, error);
    }
    if (status == CSQ_OK) {
        status = tally_layout(tally, error);
    }
    return status == CSQ_OK ? tally_set_fingerprint(tally, error) : status;
}

csq_status csq_tally_new(const csq_policies *policies, const csq_tally_options *options,
                         const csq_allocator *allocator, csq_tally **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (policies == NULL) {
        return csq__fail_null(error, "policies");
    }
    csq_tally_options known;
    csq_status status =
        csq__struct_read(options, CSQ__FIRST_SIZE(csq_tally_options, exact_limit), &known,
                         sizeof known, error);
    if (status == CSQ_OK) {
        status = tally_check_options(policies, &known, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_tally *tally = csq__allocate_zeroed(&memory, sizeof *tally);
    if (tally == NULL) {
        return csq__fail_memory(error);
    }
    tally->allocator = memory;
    tally->policies = csq_policies_retain((csq_policies *)(uintptr_t)policies);
    status = tally_init(tally, &known, error);
    if (status != CSQ_OK) {
        csq_tally_free(tally);
        return status;
    }
    *out = tally;
    return CSQ_OK;
}

csq_status csq__tally_new_like(const csq_tally *tally, csq_tally **out, csq_error *error)
{
    csq_tally *fresh = csq__allocate_zeroed(&tally->allocator, sizeof *fresh);
    *out = NULL;
    if (fresh == NULL) {
        return csq__fail_memory(error);
    }
    *fresh = *tally;
    fresh->entries = (csq__array){0};
    fresh->order = (csq__array){0};
    fresh->times = (csq__array){0};
    fresh->table = (csq__table){0};
    memset(fresh->recent, 0, sizeof fresh->recent);
    fresh->policies = csq_policies_retain(tally->policies);
    fresh->zone = csq_zone_retain(tally->zone);
    fresh->slot_of =
        csq__allocate_array(&tally->allocator, tally->n_slot_of, sizeof *fresh->slot_of);
    if (fresh->slot_of == NULL) {
        csq_tally_free(fresh);
        return csq__fail_memory(error);
    }
    memcpy(fresh->slot_of, tally->slot_of, tally->n_slot_of * sizeof *fresh->slot_of);
    *out = fresh;
    return CSQ_OK;
}

void csq_tally_reset(csq_tally *tally)
{
    if (tally != NULL) {
        csq__tally_times_drop(tally, 0);
        csq__array_release(&tally->times, &tally->allocator, sizeof(csq__quantiles));
        csq__array_release(&tally->entries, &tally->allocator, sizeof(csq__tally_entry));
        csq__array_release(&tally->order, &tally->allocator, sizeof(uint32_t));
        csq__table_release(&tally->table, &tally->allocator);
        memset(tally->recent, 0, sizeof tally->recent);
    }
}

void csq_tally_free(csq_tally *tally)
{
    if (tally == NULL) {
        return;
    }
    const csq_allocator memory = tally->allocator;
    csq_tally_reset(tally);
    csq__release(&memory, tally->slot_of, tally->n_slot_of * sizeof *tally->slot_of);
    csq_zone_free(tally->zone);
    csq_policies_free(tally->policies);
    csq__release(&memory, tally, sizeof *tally);
}

/* ---- counting ------------------------------------------------------------------------------ */

csq_status csq__tally_walk_init(const csq_tally *tally, csq__walk *walk, csq_error *error)
{
    const csq_status status = csq__walk_init(
        walk, tally->policies, tally->slot_of, tally->n_slot_of, tally->n_slots,
        tally->group_slots, tally->n_attributes, &tally->allocator, error);
    walk->counts_promises = true;
    return status;
}

static csq_status tally_find_period(csq_tally *tally, csq_ms at, csq_ms *from, csq_error *error)
{
    if (tally->period.kind == CSQ_PERIOD_NONE) {
        *from = CSQ_MS_NONE;
        return CSQ_OK;
    }
    if (tally->period_from == CSQ_MS_NONE || at < tally->period_from || at >= tally->period_to) {
        csq_period period = {.size = sizeof period};
        const csq_status status = csq_period_at(tally->zone, &tally->period, at, &period, error);
        if (status != CSQ_OK) {
            return status;
        }
        tally->period_from = period.from;
        tally->period_to = period.to;
    }
    *from = tally->period_from;
    return CSQ_OK;
}

static bool add_count(csq__tally_entry *entry, const csq__judged *judged)
{
    const csq__run *run = judged->run;
    const bool is_open = csq__run_is_open(run);
    if (run->phase == CSQ_PHASE_CANCELLED) {
        entry->cancelled++;
        return true;
    }
    if (is_open && !judged->is_late) {
        entry->open++;
        return true;
    }
    entry->met += !judged->is_late;
    entry->missed += judged->is_late;
    entry->late_open += is_open;
    bool fits = csq__add(entry->elapsed, judged->elapsed, &entry->elapsed) &&
                csq__add(entry->paused, judged->paused, &entry->paused);
    if (judged->is_late && entry->key.workdays == 0 && entry->key.due == 0) {
        const csq_ms overrun = csq__sub_saturated(judged->elapsed, run->target);
        fits = fits && csq__add(entry->overrun, overrun, &entry->overrun);
        entry->overrun_max = overrun > entry->overrun_max ? overrun : entry->overrun_max;
    }
    return fits;
}

static csq_status tally_count_run(csq_tally *tally, csq__judged *judged, const uint32_t *codes,
                                  csq_error *error)
{
    const csq__run *run = judged->run;
    const csq__terms *terms = csq__policies_terms(tally->policies, run->terms);
    csq__tally_key key = {.target = run->target,
                          .metric = csq__policies_clock(tally->policies, judged->clock)->metric,
                          .policy = terms->policy,
                          .workdays = terms->workdays,
                          .due = terms->due_attribute};
    for (uint32_t g = 0; g < tally->n_attributes; g++) {
        key.codes[g] = codes[g];
    }
    const csq_status status = tally_find_period(tally, run->started_at, &key.period_from, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__tally_entry *entry = csq__tally_entry_for_count(tally, &key);
    if (entry == NULL) {
        return csq__fail_memory(error);
    }
    if (!add_count(entry, judged)) {
        return csq__fail(error, CSQ_EOVERFLOW, CSQ__TEXT("a sum of the tally does not fit"));
    }
    const bool is_judged = run->phase != CSQ_PHASE_CANCELLED &&
                           (judged->is_late || !csq__run_is_open(run));
    csq_status status_of_sums = CSQ_OK;
    if (key.due != 0 && is_judged) {
        status_of_sums = csq__promise_sums_count(&entry->promises, judged, error);
    }
    return status_of_sums == CSQ_OK && tally->measures != 0
               ? csq__tally_times_add(tally, entry, judged, error)
               : status_of_sums;
}

/* Judges a run, and counts it unless `tally` is NULL. */
static csq_status tally_judge_run(csq_tally *tally, csq__judged *judged, const uint32_t *codes,
                                  csq_error *error)
{
    const csq_status status = csq__judge_lateness(judged, error);
    return status == CSQ_OK && tally != NULL ? tally_count_run(tally, judged, codes, error)
                                             : status;
}

bool csq__tally_is_countable(const csq__walk *walk, uint32_t clock, const csq__run *run)
{
    return run->cycle > 0 && run->terms != 0 && csq__walk_applies(walk, clock);
}

static csq_status tally_judge_walk(csq_tally *tally, csq__walk *walk, csq_ms now, csq_error *error)
{
    csq_status status = CSQ_OK;
    csq__judged judged = {.walk = walk, .now = now};
    const csq__finished *finished = walk->finished.data;
    for (size_t i = 0; i < walk->finished.n && status == CSQ_OK; i++) {
        if (csq__tally_is_countable(walk, finished[i].clock, &finished[i].run)) {
            judged.clock = finished[i].clock;
            judged.run = &finished[i].run;
            status = tally_judge_run(tally, &judged, finished[i].codes, error);
        }
    }
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        uint32_t *codes = &walk->group_codes[c * walk->n_groups];
        judged.clock = c;
        judged.run = &walk->runs[c];
        for (uint32_t g = 0; csq__run_is_open(judged.run) && g < walk->n_groups; g++) {
            codes[g] = (uint32_t)walk->now[walk->group_slots[g]];
        }
        if (csq__tally_is_countable(walk, c, judged.run)) {
            status = tally_judge_run(tally, &judged, codes, error);
        }
    }
    const csq__beside *beside = walk->beside.data;
    for (size_t i = 0; i < walk->beside.n && status == CSQ_OK; i++) {
        judged.clock = beside[i].clock;
        judged.run = &beside[i].run;
        if (csq__tally_is_countable(walk, judged.clock, judged.run)) {
            status = tally_judge_run(tally, &judged,
                                     &walk->group_codes[judged.clock * walk->n_groups], error);
        }
    }
    return status;
}

csq_status csq__tally_count_walk(csq_tally *tally, csq__walk *walk, csq_ms now, csq_error *error)
{
    // Nothing may be counted before it is sure that no recorder is needed.
    if (walk->policies->judges_by_instant && walk->recorder == NULL) {
        const csq_status status = tally_judge_walk(NULL, walk, now, error);
        if (status != CSQ_OK || walk->needs_recorder) {
            return status;
        }
    }
    return tally_judge_walk(tally, walk, now, error);
}

static csq_status tally_count_ticket(csq_tally *part, csq__walk *walk, const csq_ticket *ticket,
                                     csq_ms now, csq_error *error)
{
    csq_tally_reset(part);
    const csq_status status = csq__walk_ticket(walk, ticket, now, error);
    return status == CSQ_OK && !csq__walk_is_void(walk)
               ? csq__tally_count_walk(part, walk, now, error)
               : status;
}

csq_status csq_tally_add(csq_tally *tally, const csq_ticket *ticket, csq_ms now, csq_error *error)
{
    if (tally == NULL || ticket == NULL) {
        return csq__fail_null(error, tally == NULL ? "tally" : "ticket");
    }
    csq_tally *part;
    csq_status status = csq__tally_new_like(tally, &part, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__walk walk;
    csq__recorder recorder = {0};
    status = csq__tally_walk_init(tally, &walk, error);
    if (status == CSQ_OK) {
        status = tally_count_ticket(part, &walk, ticket, now, error);
        if (walk.needs_recorder) {
            walk.recorder = &recorder;
            status = tally_count_ticket(part, &walk, ticket, now, error);
        }
        csq__recorder_release(&recorder, &tally->allocator);
        csq__walk_release(&walk);
    }
    if (status == CSQ_OK) {
        status = csq_tally_merge(tally, part, error);
    }
    csq_tally_free(part);
    return status;
}
