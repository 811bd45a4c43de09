/*
 * read_calendar — the calendars of a document, through the builder of calendar.h.
 *
 * A calendar is of one kind: on the clock of a zone, always open, never open, or made of calendars
 * that stand before it, which rules out circles. All calendars together have fewer than
 * 16,777,216 intervals and a million years, so that a hostile document ends in CSQ_ELIMIT, not in
 * swapping.
 *
 * Uses: base, time, text, calendar.
 */
#include "calendar/calendar_internal.h"
#include "rules/zone.h"

enum { INTERVAL_BUDGET = 16777216, YEAR_BUDGET = 1000000 };
static const csq_ms mean_year_ms = INT64_C(31556952000);

typedef struct calendar_reader {
    csq_rules *rules;
    const csq__document *document;
    csq__zones zones;
    int64_t intervals_left;
    int64_t years_left;
} calendar_reader;

/* ---- entries of a builder ------------------------------------------------------------------ */

/* A calendar being filled, and which node each of its entries came from: compiling tells what is
 * wrong by the number of an entry. */
typedef struct calendar_filler {
    const csq__document *document;
    csq_calendar_builder *builder;
    csq__array nodes; /* uint32_t, by entry */
    csq_error *error;
} calendar_filler;

/* Takes note of an entry, or places the error that refused it. */
static csq_status entry_done(calendar_filler *filler, uint32_t node, csq_status status)
{
    if (status != CSQ_OK) {
        return csq__placed(filler->document, node, status, filler->error);
    }
    return csq__array_push(&filler->nodes, &filler->document->allocator, &node, sizeof node) == NULL
               ? csq__fail_memory(filler->error)
               : CSQ_OK;
}

static csq_status week_read_day(calendar_filler *filler, uint32_t list, uint32_t weekday)
{
    const csq__json *json = &filler->document->json;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        csq_interval hours;
        status = csq__read_hours(filler->document, at, &hours, filler->error);
        if (status == CSQ_OK) {
            status = csq_calendar_builder_week(filler->builder, weekday, hours.from, hours.to,
                                               filler->error);
            status = entry_done(filler, at, status);
        }
    }
    return status;
}

static csq_status week_read(calendar_filler *filler, uint32_t week)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < 7 && status == CSQ_OK; i++) {
        const uint32_t list = csq__member_of(filler->document, week, names[i]);
        status = week_read_day(filler, list, i + 1);
    }
    return status;
}

static csq_status holiday_read(calendar_filler *filler, uint32_t node)
{
    const csq__document *document = filler->document;
    const uint32_t date = csq__member_of(document, node, "date");
    const uint32_t from = csq__member_of(document, node, "from");
    const uint32_t to = csq__member_of(document, node, "to");
    int32_t days;
    csq_ms start = 0;
    csq_ms end = CSQ__DAY_MS;
    csq_status status = csq__read_date(document, date, false, &days, filler->error);
    if (status == CSQ_OK && from != 0) {
        status = csq__read_clock(document, from, &start, filler->error);
    }
    if (status == CSQ_OK && to != 0) {
        status = csq__read_clock(document, to, &end, filler->error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_str name = csq__json_text(&document->json, csq__member_of(document, node, "name"));
    return entry_done(
        filler, node,
        csq_calendar_builder_holiday(filler->builder, days, name, start, end, filler->error));
}

static csq_status holidays_read(calendar_filler *filler, uint32_t list)
{
    const csq__json *json = &filler->document->json;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        status = holiday_read(filler, at);
    }
    return status;
}

/* The hours of one date: a list, or an object with a name and a list. */
typedef struct dated_hours {
    int32_t days;
    csq_str name;
    uint32_t list;
} dated_hours;

static csq_status dated_read(const calendar_filler *filler, uint32_t node, const char *member,
                             dated_hours *out)
{
    const csq__document *document = filler->document;
    out->name = (csq_str){NULL, 0};
    out->list = node;
    if (csq__json_kind_of(&document->json, node) == CSQ__JSON_OBJECT) {
        out->name = csq__json_text(&document->json, csq__member_of(document, node, "name"));
        out->list = csq__member_of(document, node, member);
    }
    return csq__read_date(document, node, true, &out->days, filler->error);
}

typedef csq_status (*dated_adder)(csq_calendar_builder *builder, int32_t days, csq_str name,
                                  csq_ms start, csq_ms end, csq_error *error);

static csq_status dated_add(calendar_filler *filler, const dated_hours *dated, dated_adder add)
{
    const csq__json *json = &filler->document->json;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, dated->list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        csq_interval hours;
        status = csq__read_hours(filler->document, at, &hours, filler->error);
        if (status == CSQ_OK) {
            status = entry_done(filler, at,
                                add(filler->builder, dated->days, dated->name, hours.from, hours.to,
                                    filler->error));
        }
    }
    return status;
}

static csq_status overrides_read(calendar_filler *filler, uint32_t object)
{
    const csq__json *json = &filler->document->json;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, object);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        dated_hours dated;
        status = dated_read(filler, at, "open", &dated);
        if (status == CSQ_OK && csq__json_count(json, dated.list) == 0) {
            status = entry_done(
                filler, at,
                csq_calendar_builder_close(filler->builder, dated.days, dated.name, filler->error));
        } else if (status == CSQ_OK) {
            status = dated_add(filler, &dated, csq_calendar_builder_override);
        }
    }
    return status;
}

static csq_status breaks_read(calendar_filler *filler, uint32_t object)
{
    const csq__json *json = &filler->document->json;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, object);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        dated_hours dated;
        status = dated_read(filler, at, "closed", &dated);
        if (status == CSQ_OK) {
            status = dated_add(filler, &dated, csq_calendar_builder_break);
        }
    }
    return status;
}

/* What a calendar and each of its later versions have in common. */
static csq_status version_read(calendar_filler *filler, uint32_t node)
{
    const csq__document *document = filler->document;
    csq_status status = week_read(filler, csq__member_of(document, node, "week"));
    if (status == CSQ_OK) {
        status = holidays_read(filler, csq__member_of(document, node, "holidays"));
    }
    if (status == CSQ_OK) {
        status = overrides_read(filler, csq__member_of(document, node, "overrides"));
    }
    if (status == CSQ_OK) {
        status = breaks_read(filler, csq__member_of(document, node, "breaks"));
    }
    return status;
}

static csq_status versions_read(calendar_filler *filler, uint32_t list)
{
    const csq__document *document = filler->document;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(&document->json, list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        const uint32_t from = csq__member_of(document, at, "from");
        csq_ms valid_from;
        status = csq__read_instant(document, from, &valid_from, filler->error);
        if (status == CSQ_OK) {
            status = csq_calendar_builder_version(filler->builder, valid_from, filler->error);
            status = csq__placed(document, from, status, filler->error);
        }
        if (status == CSQ_OK) {
            status = version_read(filler, at);
        }
    }
    return status;
}

/* ---- calendars ----------------------------------------------------------------------------- */

static csq_status calendar_years(const csq__document *document, uint32_t list,
                                 csq_calendar_options *options, csq_error *error)
{
    if (list == 0) {
        return CSQ_OK;
    }
    const csq__json *json = &document->json;
    if (csq__json_count(json, list) != 2) {
        return csq__json_fail(json, list, error, CSQ_ERULE,
                              CSQ__TEXT("expected the first and the last year, found "),
                              CSQ__NUMBER(csq__json_count(json, list)), CSQ__TEXT(" elements"));
    }
    const uint32_t first = csq__json_first(json, list);
    const uint32_t last = csq__json_next(json, first);
    const csq__json_range years = {1, 1, 9999};
    int64_t from;
    int64_t to;
    csq_status status = csq__json_integer(json, first, &years, &from, error);
    if (status == CSQ_OK) {
        const csq__json_range rest = {1, from, 9999};
        status = csq__json_integer(json, last, &rest, &to, error);
    }
    if (status == CSQ_OK) {
        options->first_year = (int32_t)from;
        options->last_year = (int32_t)to;
    }
    return status;
}

static csq_status calendar_fill(calendar_filler *filler, uint32_t node)
{
    const csq__document *document = filler->document;
    const csq_str name = csq__json_key(&document->json, node);
    csq_status status = csq_calendar_builder_name(filler->builder, name, filler->error);
    if (status != CSQ_OK) {
        return csq__placed_key(document, node, status, filler->error);
    }
    status = version_read(filler, node);
    if (status == CSQ_OK) {
        status = versions_read(filler, csq__member_of(document, node, "versions"));
    }
    return status;
}

/* Entries that get into each other's way are found when all are there. */
static csq_status calendar_compile(const calendar_filler *filler, uint32_t node, csq_calendar **out)
{
    csq_error error;
    const csq_status status = csq_calendar_builder_build(filler->builder, out, &error);
    if (status == CSQ_OK) {
        return CSQ_OK;
    }
    uint32_t place = node;
    if (error.index >= 0 && (uint64_t)error.index < filler->nodes.n) {
        place = ((const uint32_t *)filler->nodes.data)[error.index];
    } else if (status == CSQ_EZONE) {
        place = csq__member_of(filler->document, node, "zone");
    }
    if (filler->error != NULL) {
        *filler->error = error;
    }
    return csq__placed(filler->document, place, status, filler->error);
}

static csq_status calendar_of_zone(const calendar_reader *reader, uint32_t node, csq_zone *zone,
                                   csq_calendar **out, csq_error *error)
{
    const csq__document *document = reader->document;
    csq_calendar_options options = {.size = sizeof options};
    options.night = csq__choice_of(document, csq__member_of(document, node, "nights")) + 1;
    options.interval_limit = (uint64_t)reader->intervals_left;
    csq_status status =
        calendar_years(document, csq__member_of(document, node, "years"), &options, error);
    if (status != CSQ_OK) {
        return status;
    }
    calendar_filler filler = {.document = document, .error = error};
    status = csq_calendar_builder_new(zone, &options, &document->allocator, &filler.builder, error);
    if (status != CSQ_OK) {
        return csq__placed(document, node, status, error);
    }
    status = calendar_fill(&filler, node);
    if (status == CSQ_OK) {
        status = calendar_compile(&filler, node, out);
    }
    csq__array_release(&filler.nodes, &document->allocator, sizeof(uint32_t));
    csq_calendar_builder_free(filler.builder);
    return status;
}

/* Takes a calendar off the budget of the document; for unions, also what they are made of. */
static csq_status calendar_charge(calendar_reader *reader, uint32_t node,
                                  const csq_calendar *calendar, csq_error *error)
{
    reader->intervals_left -= (int64_t)calendar->n_entries;
    reader->years_left -= (int64_t)(calendar->span / (uint64_t)mean_year_ms) + 1;
    if (reader->intervals_left > 0 && reader->years_left > 0) {
        return CSQ_OK;
    }
    return csq__json_fail(&reader->document->json, node, error, CSQ_ELIMIT,
                          CSQ__TEXT("expected fewer than "),
                          CSQ__NUMBER(INTERVAL_BUDGET), CSQ__TEXT(" intervals and "),
                          CSQ__NUMBER(YEAR_BUDGET),
                          CSQ__TEXT(" years in all calendars of a document together"));
}

/* The calendar that an element of a union or intersection names. */
static csq_status calendar_operand(calendar_reader *reader, uint32_t node, const csq_calendar **out,
                                   csq_error *error)
{
    const csq__document *document = reader->document;
    const csq_str name = csq__json_text(&document->json, node);
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "calendars");
    const uint32_t defined = csq__json_member(&document->json, all, name);
    const uint32_t index = csq__calendar_index_of(reader->rules, defined);
    if (index != CSQ_NO_CALENDAR) {
        *out = ((const csq__named *)reader->rules->calendars.data)[index].calendar;
        return calendar_charge(reader, node, *out, error);
    }
    csq__nearest nearest = csq__nearest_to(name);
    const csq__named *known = reader->rules->calendars.data;
    for (size_t i = 0; i < reader->rules->calendars.n; i++) {
        csq__nearest_offer(&nearest, csq__rules_key(reader->rules, known[i].node));
    }
    return csq__fail_unknown(document, node, false, "a calendar that stands before this one",
                             &nearest, error);
}

typedef csq_status (*calendar_combiner)(const csq_calendar *const *calendars, uint64_t n,
                                        const csq_allocator *allocator, csq_calendar **out,
                                        csq_error *error);

static csq_status calendar_combine(calendar_reader *reader, uint32_t list,
                                   calendar_combiner combine, csq_calendar **out, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t n = csq__json_count(&document->json, list);
    const csq_calendar **operands = csq__allocate_array(&document->allocator, n, sizeof *operands);
    if (operands == NULL) {
        return csq__fail_memory(error);
    }
    csq_status status = CSQ_OK;
    uint32_t i = 0;
    uint32_t at = csq__json_first(&document->json, list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = calendar_operand(reader, at, &operands[i++], error);
    }
    if (status == CSQ_OK) {
        status = csq__placed(document, list, combine(operands, n, &document->allocator, out, error),
                             error);
    }
    csq__release(&document->allocator, operands, n * sizeof *operands);
    return status;
}

/* always_open and never_open are said by `true`; false would say nothing. */
static csq_status calendar_constant(const csq__document *document, uint32_t node, uint32_t flag,
                                    bool is_open, csq_calendar **out, csq_error *error)
{
    if (!csq__json_is_true(&document->json, flag)) {
        return csq__json_fail_value(&document->json, flag, "true", error);
    }
    const csq_str name = csq__json_key(&document->json, node);
    const csq_status status = is_open
                                  ? csq_calendar_new_always(name, &document->allocator, out, error)
                                  : csq_calendar_new_never(name, &document->allocator, out, error);
    return csq__placed_key(document, node, status, error);
}

static csq_status calendar_of_own_zone(calendar_reader *reader, uint32_t node, csq_calendar **out,
                                       csq_error *error)
{
    const uint32_t zone_node = csq__member_of(reader->document, node, "zone");
    if (zone_node == 0) {
        return csq__json_fail_missing(&reader->document->json, node, "zone", error);
    }
    csq_zone *zone;
    csq_status status = csq__zones_get(&reader->zones, zone_node, &zone, error);
    if (status == CSQ_OK) {
        status = calendar_of_zone(reader, node, zone, out, error);
        csq_zone_free(zone);
    }
    return status;
}

static csq_status calendar_read(calendar_reader *reader, uint32_t node, csq_calendar **out,
                                csq_error *error)
{
    static const char *const kinds[] = {"always_open", "never_open", "union", "intersection"};
    const csq__document *document = reader->document;
    uint32_t kind = 0;
    while (kind < 4 && csq__member_of(document, node, kinds[kind]) == 0) {
        kind++;
    }
    if (kind == 4) {
        return calendar_of_own_zone(reader, node, out, error);
    }
    const uint32_t member = csq__member_of(document, node, kinds[kind]);
    if (csq__json_count(&document->json, node) != 1) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE, CSQ__TEXT("expected \""),
                              CSQ__VIEW(csq_str_of(kinds[kind])),
                              CSQ__TEXT("\" alone, found other members beside it"));
    }
    if (kind < 2) {
        return calendar_constant(document, node, member, kind == 0, out, error);
    }
    return calendar_combine(reader, member,
                            kind == 2 ? csq_calendar_union : csq_calendar_intersection, out, error);
}

static csq_status calendar_add(calendar_reader *reader, uint32_t node, csq_error *error)
{
    csq_rules *rules = reader->rules;
    if (rules->calendars.n >= CSQ_CALENDAR_LIMIT) {
        csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("a document has at most "),
                  CSQ__NUMBER(CSQ_CALENDAR_LIMIT), CSQ__TEXT(" calendars"));
        return csq__placed_key(reader->document, node, CSQ_ELIMIT, error);
    }
    csq__named entry = {.node = node};
    csq_status status = calendar_read(reader, node, &entry.calendar, error);
    if (status != CSQ_OK) {
        return status;
    }
    status = calendar_charge(reader, node, entry.calendar, error);
    if (status == CSQ_OK &&
        csq__array_push(&rules->calendars, &rules->allocator, &entry, sizeof entry) == NULL) {
        status = csq__fail_memory(error);
    }
    if (status != CSQ_OK) {
        csq_calendar_free(entry.calendar);
    }
    return status;
}

csq_status csq__read_calendars(csq_rules *rules, const csq_rules_options *options, csq_error *error)
{
    const csq__document *document = &rules->document;
    calendar_reader reader = {
        .rules = rules,
        .document = document,
        .zones = {.document = document, .source = options->zone, .user = options->zone_user},
        .intervals_left = INTERVAL_BUDGET,
        .years_left = YEAR_BUDGET,
    };
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "calendars");
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(&document->json, all);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = calendar_add(&reader, at, error);
    }
    csq__zones_release(&reader.zones);
    return status;
}

static int calendar_compare_node(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint32_t left = ((const csq__named *)a)->node;
    const uint32_t right = ((const csq__named *)b)->node;
    return (left > right) - (left < right);
}

uint32_t csq__calendar_index_of(const csq_rules *rules, uint32_t node)
{
    const csq__array *all = &rules->calendars;
    const csq__named key = {.node = node};
    const size_t i =
        csq__lower_bound(all->data, all->n, sizeof key, &key, calendar_compare_node, NULL);
    const csq__named *entries = all->data;
    return i < all->n && entries[i].node == node ? (uint32_t)i : CSQ_NO_CALENDAR;
}
