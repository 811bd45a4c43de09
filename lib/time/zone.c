/*
 * zone — the zone object: making it, and its spans of one offset.
 *
 * Spans join neighbours with the same offset, so that changes of name alone do not cut them; the
 * last span of the table runs on into the tail if the tail begins with its offset.
 *
 * Uses: base.
 */
#include "time/zone_parts.h"

/* ---- making -------------------------------------------------------------------------------- */

typedef struct zone_layout {
    size_t reach;
    size_t at;
    size_t types;
    size_t type_of;
    size_t name;
    size_t size;
} zone_layout;

/* Offsets of the arrays in the block, from the widest elements to the narrowest. The counts are at
 * most CSQ_ZONE_TRANSITION_LIMIT, so nothing overflows. */
static zone_layout zone_layout_of(size_t n, size_t n_types, size_t name_size)
{
    zone_layout layout;
    layout.reach = sizeof(csq_zone) + (n + 1) * sizeof(csq__offset_span);
    layout.at = layout.reach + (n + 1) * sizeof(csq_ms);
    layout.types = layout.at + n * sizeof(csq_ms);
    layout.type_of = layout.types + n_types * sizeof(csq__zone_type);
    layout.name = layout.type_of + n;
    layout.size = layout.name + name_size + 1;
    return layout;
}

static csq_status zone_check_name(csq_str name, csq_error *error)
{
    if (name.size == 0 || name.size > CSQ_ZONE_NAME_LIMIT || name.data == NULL) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("expected a zone name of 1 to 255 bytes, found "),
                         CSQ__NUMBER(name.size > INT64_MAX ? INT64_MAX : (int64_t)name.size));
    }
    uint64_t bad;
    if (!csq__utf8_is_valid(name, &bad)) {
        csq__fail(error, CSQ_EUTF8, CSQ__TEXT("the zone name is not UTF-8"));
        csq__error_byte(error, bad);
        return CSQ_EUTF8;
    }
    return CSQ_OK;
}

csq_status csq__zone_new(csq_str name, size_t n, size_t n_types, const csq_allocator *allocator,
                         csq_zone **out, csq_error *error)
{
    const csq_status status = zone_check_name(name, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    const zone_layout layout = zone_layout_of(n, n_types, (size_t)name.size);
    char *block = csq__allocate_zeroed(&memory, layout.size);
    if (block == NULL) {
        return csq__fail_memory(error);
    }
    memcpy(block + layout.name, name.data, (size_t)name.size);
    csq_zone *zone = (csq_zone *)(void *)block;
    csq__count_init(&zone->count);
    zone->allocator = memory;
    zone->block_size = layout.size;
    zone->name = (csq_str){block + layout.name, name.size};
    zone->spans = (csq__offset_span *)(void *)(block + sizeof(csq_zone));
    zone->reach = (csq_ms *)(void *)(block + layout.reach);
    zone->at = (csq_ms *)(void *)(block + layout.at);
    zone->types = (csq__zone_type *)(void *)(block + layout.types);
    zone->type_of = (uint8_t *)(block + layout.type_of);
    zone->n = n;
    *out = zone;
    return CSQ_OK;
}

/* Cuts the table into spans of one offset, up to where the tail begins. */
static void zone_cut_spans(csq_zone *zone)
{
    csq__offset_span span = {INT64_MIN, INT64_MIN, zone->types[zone->initial_type].offset_s};
    for (size_t i = 0; i < zone->n; i++) {
        const int32_t offset_s = zone->types[zone->type_of[i]].offset_s;
        const bool is_last = i + 1 == zone->n;
        if (offset_s == span.offset_s && !is_last) {
            continue;
        }
        span.until = zone->at[i];
        zone->spans[zone->n_spans++] = span;
        span = (csq__offset_span){zone->at[i], INT64_MIN, offset_s};
    }
}

static void zone_settle_tail(csq_zone *zone)
{
    zone->tail_from = zone->n == 0 ? INT64_MIN : zone->at[zone->n - 1];
    if (!zone->has_tail) {
        return;
    }
    bool is_daylight;
    const csq__offset_span span = csq__posix_span(&zone->tail, zone->tail_from, &is_daylight);
    const bool is_one_span = span.from == INT64_MIN && span.until == INT64_MAX;
    if (is_one_span) {
        zone->tail_type = is_daylight ? &zone->tail.daylight : &zone->tail.standard;
    }
    zone->tail_is_fixed =
        is_one_span || zone->tail.standard.offset_s == zone->tail.daylight.offset_s;
    if (zone->n_spans > 0) {
        csq__offset_span *last = &zone->spans[zone->n_spans - 1];
        if (last->offset_s == span.offset_s) {
            last->until = zone->tail_is_fixed ? INT64_MAX : span.until;
        }
    }
}

void csq__zone_finish(csq_zone *zone)
{
    if (zone->n > 0) {
        zone_cut_spans(zone);
    }
    zone_settle_tail(zone);
    csq_ms reach = INT64_MIN;
    for (size_t i = 0; i < zone->n_spans; i++) {
        const csq_ms end = csq__add_saturated(zone->spans[i].until,
                                              zone->spans[i].offset_s * CSQ__SECOND_MS);
        reach = end > reach ? end : reach;
        zone->reach[i] = reach;
    }
}

csq_status csq_zone_new_posix(csq_str text, const csq_allocator *allocator, csq_zone **out,
                              csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (text.size > 0 && text.data == NULL) {
        return csq__fail_null(error, "text");
    }
    if (text.size > CSQ_ZONE_NAME_LIMIT) {
        csq__fail(error, CSQ_EPOSIXTZ, CSQ__TEXT("expected at most 255 bytes, found more"));
        csq__error_byte(error, CSQ_ZONE_NAME_LIMIT);
        return CSQ_EPOSIXTZ;
    }
    csq__posix_tz tail;
    csq_status status = csq__posix_parse(text, &tail, error);
    csq_zone *zone = NULL;
    if (status == CSQ_OK) {
        status = csq__zone_new(text, 0, 0, allocator, &zone, error);
    }
    if (status == CSQ_OK) {
        zone->has_tail = true;
        zone->tail = tail;
        csq__zone_finish(zone);
        *out = zone;
    }
    return status;
}

csq_status csq_zone_new_fixed(int32_t offset_s, const csq_allocator *allocator, csq_zone **out,
                              csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (offset_s < -CSQ_ZONE_OFFSET_LIMIT_S || offset_s > CSQ_ZONE_OFFSET_LIMIT_S) {
        return csq__fail(error, CSQ_ERANGE,
                         CSQ__TEXT("expected an offset of at most 93599 seconds, found "),
                         CSQ__NUMBER(offset_s));
    }
    csq__zone_type type = {.offset_s = offset_s};
    const csq_str name = {type.abbreviation, csq__offset_format(offset_s, type.abbreviation)};
    csq_zone *zone = NULL;
    const csq_status status = csq__zone_new(name, 0, 0, allocator, &zone, error);
    if (status == CSQ_OK) {
        zone->has_tail = true;
        zone->tail = (csq__posix_tz){.standard = type};
        csq__zone_finish(zone);
        *out = zone;
    }
    return status;
}

csq_zone *csq_zone_retain(csq_zone *zone)
{
    if (zone != NULL) {
        csq__count_retain(&zone->count);
    }
    return zone;
}

void csq_zone_free(csq_zone *zone)
{
    if (zone != NULL && csq__count_release(&zone->count)) {
        const csq_allocator allocator = zone->allocator;
        csq__release(&allocator, zone, zone->block_size);
    }
}

csq_str csq_zone_name(const csq_zone *zone)
{
    return zone == NULL ? (csq_str){NULL, 0} : zone->name;
}

/* ---- spans --------------------------------------------------------------------------------- */

static csq_status zone_fail_unknown(const csq_zone *zone, csq_error *error)
{
    return csq__fail(error, CSQ_EZONE, CSQ__TEXT("the data of zone "), CSQ__VIEW(zone->name),
                     CSQ__TEXT(" end at "), CSQ__NUMBER(zone->tail_from),
                     CSQ__TEXT(" ms and have no rule for later instants"));
}

/* The span of the tail around `at` >= tail_from, joined to the last one of the table. */
static csq_status zone_tail_span(const csq_zone *zone, csq_ms at, csq__offset_span *out,
                                 csq_error *error)
{
    if (!zone->has_tail) {
        return zone_fail_unknown(zone, error);
    }
    csq__offset_span span = {INT64_MIN, INT64_MAX, zone->tail.standard.offset_s};
    if (zone->tail_type != NULL) {
        span.offset_s = zone->tail_type->offset_s;
    } else if (!zone->tail_is_fixed) {
        bool is_daylight;
        span = csq__posix_span(&zone->tail, at, &is_daylight);
    }
    if (span.from <= zone->tail_from && zone->n_spans > 0) {
        const csq__offset_span *last = &zone->spans[zone->n_spans - 1];
        span.from = last->offset_s == span.offset_s ? last->from : zone->tail_from;
    }
    *out = span;
    return CSQ_OK;
}

csq_status csq__zone_span(const csq_zone *zone, csq_ms at, csq__offset_span *out,
                          csq_error *error)
{
    if (at >= zone->tail_from) {
        return zone_tail_span(zone, at, out, error);
    }
    const csq__offset_span *base = zone->spans;
    size_t n = zone->n_spans;
    while (n > 1) {
        const size_t half = n / 2;
        base = base[half].from <= at ? base + half : base;
        n -= half;
    }
    *out = *base;
    return CSQ_OK;
}

bool csq__zone_tail(const csq_zone *zone, csq_ms *from, bool *is_fixed)
{
    *from = zone->tail_from;
    *is_fixed = zone->tail_is_fixed;
    if (zone->tail_is_fixed && zone->n_spans > 0) {
        const csq__offset_span *last = &zone->spans[zone->n_spans - 1];
        *from = last->until == INT64_MAX ? last->from : zone->tail_from;
    }
    return zone->has_tail;
}

csq_status csq__zone_type_at(const csq_zone *zone, csq_ms at, const csq__zone_type **out,
                             csq_error *error)
{
    if (at >= zone->tail_from) {
        if (!zone->has_tail) {
            return zone_fail_unknown(zone, error);
        }
        bool is_daylight = false;
        if (zone->tail_type == NULL) {
            (void)csq__posix_span(&zone->tail, at, &is_daylight);
        }
        *out = zone->tail_type != NULL ? zone->tail_type
               : is_daylight           ? &zone->tail.daylight
                                       : &zone->tail.standard;
        return CSQ_OK;
    }
    size_t low = 0;
    for (size_t high = zone->n; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (zone->at[middle] <= at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = &zone->types[low == 0 ? zone->initial_type : zone->type_of[low - 1]];
    return CSQ_OK;
}
