/*
 * day — composes the hours of one date out of the entries that concern it.
 *
 * A layer is what a date itself says about the 48 hours from its midnight on. It is painted in the
 * order of precedence: holidays for a part of the day over breaks over hours over the background,
 * which an override or a holiday for the whole date lays on the first 24 hours. The tile of a
 * calendar date is its own layer laid over the second half of the layer of the date before.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"

enum { LAYER_DAY_MS = 86400000, LAYER_MS = 2 * LAYER_DAY_MS, LAYER_SOURCES = 4 };

/* Appends a segment, or lengthens the last one where that says the same. */
static bool segments_append(csq__segments *out, const csq_allocator *allocator,
                            csq__segment segment)
{
    csq__segment *const last =
        out->array.n == 0 ? NULL : (csq__segment *)out->array.data + out->array.n - 1;
    if (last != NULL && last->end == segment.start && last->reason == segment.reason &&
        last->name == segment.name && last->name_size == segment.name_size) {
        last->end = segment.end;
        return true;
    }
    return csq__array_push(&out->array, allocator, &segment, sizeof segment) != NULL;
}

/* Entries of one kind, sorted by start, and what they mean. */
typedef struct layer_source {
    csq__entry_range left;
    uint32_t reason;
} layer_source;

/* The entry of the source that holds at `at`, or NULL; `*next` is lowered to where that changes. */
static const csq__entry *source_at(layer_source *source, int32_t at, int32_t *next)
{
    while (source->left.n > 0 && source->left.data->end <= at) {
        source->left.data++;
        source->left.n--;
    }
    if (source->left.n == 0) {
        return NULL;
    }
    const csq__entry *const entry = source->left.data;
    const bool holds = entry->start <= at;
    const int32_t change = holds ? entry->end : entry->start;
    *next = change < *next ? change : *next;
    return holds ? entry : NULL;
}

static bool layer_paint(const csq_allocator *allocator, layer_source *sources,
                        const csq__segment *background, csq__segments *out)
{
    int32_t next;
    for (int32_t at = 0; at < LAYER_MS; at = next) {
        next = at < LAYER_DAY_MS ? LAYER_DAY_MS : LAYER_MS;
        csq__segment segment = {at, 0, at < LAYER_DAY_MS ? background->reason : 0, background->name,
                                background->name_size};
        for (int s = LAYER_SOURCES - 1; s >= 0; s--) {
            const csq__entry *const entry = source_at(&sources[s], at, &next);
            if (entry != NULL) {
                segment.reason = sources[s].reason;
                segment.name = entry->name;
                segment.name_size = entry->name_size;
            }
        }
        segment.end = next;
        if (segment.reason != 0 && !segments_append(out, allocator, segment)) {
            return false;
        }
    }
    return true;
}

/* The entries of one kind among those of a date, which are sorted by kind. */
static csq__entry_range range_of_kind(csq__entry_range dated, uint32_t kind)
{
    while (dated.n > 0 && dated.data[0].kind < kind) {
        dated.data++;
        dated.n--;
    }
    size_t n = 0;
    while (n < dated.n && dated.data[n].kind == kind) {
        n++;
    }
    return (csq__entry_range){dated.data, n};
}

/* What lies under the hours: the whole-day holiday or the override that rules the date. */
static csq__segment layer_background(csq__entry_range dated)
{
    static const uint32_t reasons[CSQ__ENTRY_KINDS] = {
        [CSQ__ENTRY_HOLIDAY] = CSQ_REASON_HOLIDAY,
        [CSQ__ENTRY_CLOSE] = CSQ_REASON_OVERRIDE,
        [CSQ__ENTRY_OVERRIDE] = CSQ_REASON_OVERRIDE,
    };
    for (size_t i = 0; i < dated.n; i++) {
        const csq__entry *const entry = &dated.data[i];
        if (reasons[entry->kind] != 0) {
            return (csq__segment){0, LAYER_DAY_MS, reasons[entry->kind], entry->name,
                                  entry->name_size};
        }
    }
    return (csq__segment){0};
}

bool csq__compose_layer(const csq_allocator *allocator, csq__entry_range weekly,
                        csq__entry_range dated, csq__segments *out)
{
    out->array.n = 0;
    const csq__segment background = layer_background(dated);
    if (background.reason == CSQ_REASON_HOLIDAY) {
        return segments_append(out, allocator, background);
    }
    layer_source sources[LAYER_SOURCES] = {
        {range_of_kind(dated, CSQ__ENTRY_HOLIDAY_PART), CSQ_REASON_HOLIDAY},
        {range_of_kind(dated, CSQ__ENTRY_BREAK), CSQ_REASON_BREAK},
        {weekly, CSQ_REASON_OPEN},
        {range_of_kind(dated, CSQ__ENTRY_SPILL), CSQ_REASON_OPEN},
    };
    if (background.reason == CSQ_REASON_OVERRIDE) {
        sources[2].left = range_of_kind(dated, CSQ__ENTRY_OVERRIDE);
        sources[3].left.n = 0;
    }
    return layer_paint(allocator, sources, &background, out);
}

/* A layer that is read from `shift` after its midnight on. */
typedef struct layer_reader {
    const csq__segment *next;
    const csq__segment *end;
    int32_t shift;
} layer_reader;

static layer_reader layer_read(const csq__segments *layer, int32_t shift)
{
    const csq__segment *const data = layer->array.data;
    return (layer_reader){data, data == NULL ? NULL : data + layer->array.n, shift};
}

/* The segment that holds at `at`, or NULL; `*next` is lowered to where that changes. */
static const csq__segment *layer_at(layer_reader *reader, int32_t at, int32_t *next)
{
    at += reader->shift;
    while (reader->next != reader->end && reader->next->end <= at) {
        reader->next++;
    }
    if (reader->next == reader->end) {
        return NULL;
    }
    const bool holds = reader->next->start <= at;
    const int32_t change = (holds ? reader->next->end : reader->next->start) - reader->shift;
    *next = change < *next ? change : *next;
    return holds ? reader->next : NULL;
}

/* Open wins; then what the date before cut out of its own night; then the date's own word. */
static const csq__segment *date_choose(const csq__segment *before, const csq__segment *own)
{
    if (own != NULL && (before == NULL || own->reason == CSQ_REASON_OPEN)) {
        return own;
    }
    return before;
}

bool csq__compose_date(const csq_allocator *allocator, const csq__segments *before,
                       const csq__segments *own, csq__segments *out)
{
    out->array.n = 0;
    layer_reader night = layer_read(before, LAYER_DAY_MS);
    layer_reader day = layer_read(own, 0);
    int32_t next;
    for (int32_t at = 0; at < LAYER_DAY_MS; at = next) {
        next = LAYER_DAY_MS;
        const csq__segment *const from_before = layer_at(&night, at, &next);
        const csq__segment *const from_own = layer_at(&day, at, &next);
        const csq__segment *const chosen = date_choose(from_before, from_own);
        csq__segment segment = {at, next, CSQ_REASON_CLOSED, 0, 0};
        if (chosen != NULL) {
            segment.reason = chosen->reason;
            segment.name = chosen->name;
            segment.name_size = chosen->name_size;
        }
        if (!segments_append(out, allocator, segment)) {
            return false;
        }
    }
    return true;
}
