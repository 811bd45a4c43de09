/*
 * ranking — building a ranking: lanes and parts, each checked as it comes.
 *
 * The draft is a csq_ranking from the start, so that a half-built one is destroyed like any other.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/ranking.h"

enum { RANKING_NAME_LIMIT = 255 };
static const int64_t RANKING_POINTS_LIMIT = INT64_C(1000000000000);

struct csq_ranking_builder {
    csq_allocator allocator;
    csq_schema *schema;
    csq_ranking *draft; /* NULL after it was built */
};

/* ---- life ---------------------------------------------------------------------------------- */

csq_ranking *csq_ranking_retain(csq_ranking *ranking)
{
    if (ranking != NULL) {
        csq__count_retain(&ranking->count);
    }
    return ranking;
}

static void ranking_release_name(const csq_allocator *memory, csq_str name)
{
    csq__release(memory, (void *)(uintptr_t)name.data, (size_t)name.size + 1);
}

void csq_ranking_free(csq_ranking *ranking)
{
    if (ranking == NULL || !csq__count_release(&ranking->count)) {
        return;
    }
    const csq_allocator memory = ranking->allocator;
    for (size_t i = 0; i < ranking->lanes.n; i++) {
        ranking_release_name(&memory, csq__ranking_lane_at(ranking, i)->name);
    }
    csq__ranking_part *parts = ranking->parts.data;
    for (size_t i = 0; i < ranking->parts.n; i++) {
        ranking_release_name(&memory, parts[i].name);
        csq__array_release(&parts[i].bands, &memory, sizeof(csq_ranking_band));
    }
    csq__array_release(&ranking->lanes, &memory, sizeof(csq__ranking_lane));
    csq__array_release(&ranking->parts, &memory, sizeof(csq__ranking_part));
    csq_policies_free(ranking->facts);
    csq__release(&memory, ranking, sizeof *ranking);
}

csq_status csq_ranking_builder_new(csq_schema *schema, const csq_allocator *allocator,
                                   csq_ranking_builder **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    const csq_status status = csq__ticket_schema_check(schema, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_ranking_builder *builder = csq__allocate_zeroed(&memory, sizeof *builder);
    if (builder == NULL) {
        return csq__fail_memory(error);
    }
    builder->allocator = memory;
    builder->schema = csq_schema_retain(schema);
    *out = builder;
    return CSQ_OK;
}

void csq_ranking_builder_free(csq_ranking_builder *builder)
{
    if (builder != NULL) {
        const csq_allocator memory = builder->allocator;
        csq_ranking_free(builder->draft);
        csq_schema_free(builder->schema);
        csq__release(&memory, builder, sizeof *builder);
    }
}

static csq_status ranking_draft(csq_ranking_builder *builder, csq_ranking **out, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    if (builder->draft == NULL) {
        csq_ranking *draft = csq__allocate_zeroed(&builder->allocator, sizeof *draft);
        if (draft == NULL) {
            return csq__fail_memory(error);
        }
        csq__count_init(&draft->count);
        draft->allocator = builder->allocator;
        const csq_status status =
            csq__policies_draft(builder->schema, &builder->allocator, &draft->facts, error);
        if (status != CSQ_OK) {
            csq_ranking_free(draft);
            return status;
        }
        builder->draft = draft;
    }
    *out = builder->draft;
    return CSQ_OK;
}

/* ---- lanes --------------------------------------------------------------------------------- */

static csq_status ranking_copy_name(const csq_ranking *draft, csq_str name, csq_str *copy,
                                    csq_error *error)
{
    if (name.data == NULL || name.size == 0 || name.size > RANKING_NAME_LIMIT) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("a name of "),
                         CSQ__NUMBER((int64_t)name.size), CSQ__TEXT(" bytes, expected 1 to 255"));
    }
    const char *text = csq__copy_text(&draft->allocator, name);
    if (text == NULL) {
        return csq__fail_memory(error);
    }
    *copy = (csq_str){text, name.size};
    return CSQ_OK;
}

static csq_status ranking_fail_exists(csq_error *error, csq_str name)
{
    return csq__fail(error, CSQ_EEXISTS, CSQ__TEXT("there is a \""), CSQ__VIEW(name),
                     CSQ__TEXT("\" already"));
}

csq_status csq_ranking_add_lane(csq_ranking_builder *builder, csq_str name,
                                const csq_condition *match, uint32_t *index, csq_error *error)
{
    csq_ranking *draft = NULL;
    csq_status status = ranking_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (match == NULL || index == NULL) {
        return csq__fail_null(error, match == NULL ? "match" : "index");
    }
    for (uint32_t i = 0; i < draft->lanes.n; i++) {
        if (csq__str_equal(csq_ranking_lane_name(draft, i), name)) {
            return ranking_fail_exists(error, name);
        }
    }
    if (draft->lanes.n >= CSQ_RANKING_LANE_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 64 lanes"));
    }
    csq__ranking_lane lane = {.match = 0};
    status = csq__policies_check_match(draft->facts, match, error);
    if (status == CSQ_OK && !csq__array_reserve(&draft->lanes, &draft->allocator, 1, sizeof lane)) {
        status = csq__fail_memory(error);
    }
    if (status == CSQ_OK) {
        status = ranking_copy_name(draft, name, &lane.name, error);
    }
    if (status == CSQ_OK) {
        status = csq__policies_add_match(draft->facts, match, &lane.match, error);
        if (status != CSQ_OK) {
            ranking_release_name(&draft->allocator, lane.name);
        }
    }
    if (status != CSQ_OK) {
        return status;
    }
    (void)csq__array_push(&draft->lanes, &draft->allocator, &lane, sizeof lane);
    *index = (uint32_t)draft->lanes.n - 1;
    return CSQ_OK;
}

/* ---- parts --------------------------------------------------------------------------------- */

static csq_status ranking_fail_range(csq_error *error, const char *what, int64_t found)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__VIEW(csq_str_of(what)), CSQ__TEXT(" of "),
                     CSQ__NUMBER(found), CSQ__TEXT(" is out of range"));
}

static bool is_points(int64_t points)
{
    return points >= -RANKING_POINTS_LIMIT && points <= RANKING_POINTS_LIMIT;
}

static csq_status check_band(const csq_schema *schema, const csq_ranking_part *part,
                             const csq_ranking_band *band, csq_error *error)
{
    if (!is_points(band->points)) {
        return ranking_fail_range(error, "points", band->points);
    }
    if (part->kind == CSQ_RANKING_USED && (band->at < 0 || band->at > 10000000)) {
        return ranking_fail_range(error, "a share", band->at);
    }
    if (part->kind == CSQ_RANKING_LEFT &&
        (band->at > CSQ__TARGET_LIMIT || band->at < -CSQ__TARGET_LIMIT)) {
        return ranking_fail_range(error, "a time", band->at);
    }
    const csq_vocabulary *names = csq_schema_vocabulary(schema, part->attribute);
    if (part->kind == CSQ_RANKING_VALUE &&
        (band->at < 0 || band->at > (int64_t)csq_vocabulary_count(names))) {
        return csq__fail(error, CSQ_ECODE, CSQ__TEXT("no value has the code "),
                         CSQ__NUMBER(band->at));
    }
    return CSQ_OK;
}

/* What a kind does not know has to be 0. */
static csq_status check_part(const csq_schema *schema, const csq_ranking_part *part,
                             csq_error *error)
{
    if (part->kind < CSQ_RANKING_USED || part->kind > CSQ_RANKING_MATCH) {
        return csq__fail_value(error, "kind", part->kind);
    }
    const bool has_bands = part->kind != CSQ_RANKING_MATCH;
    if ((part->match != NULL) == has_bands || (has_bands && part->points != 0)) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("a condition and its points belong to the kind MATCH"));
    }
    if (!has_bands && !is_points(part->points)) {
        return ranking_fail_range(error, "points", part->points);
    }
    if ((part->n_bands > 0) != has_bands || (has_bands && part->bands == NULL)) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("bands belong to the kinds USED, LEFT and VALUE, which need "
                                   "some"));
    }
    if (part->n_bands > CSQ_RANKING_BAND_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 4096 bands"));
    }
    const bool has_attribute = part->kind == CSQ_RANKING_VALUE;
    if (has_attribute ? csq_schema_kind(schema, part->attribute) != CSQ_ATTRIBUTE_CATEGORY ||
                            csq__attribute_is_of_event(part->attribute)
                      : part->attribute != 0) {
        return csq__fail_value(error, "attribute", part->attribute);
    }
    csq_status status = CSQ_OK;
    for (uint32_t i = 0; i < part->n_bands && status == CSQ_OK; i++) {
        status = check_band(schema, part, &part->bands[i], error);
    }
    return status;
}

int csq__ranking_band_compare(const void *a, const void *b, const void *user)
{
    (void)user;
    const int64_t left = ((const csq_ranking_band *)a)->at;
    const int64_t right = ((const csq_ranking_band *)b)->at;
    return (left > right) - (left < right);
}

static csq_status part_copy_bands(csq__ranking_part *part, const csq_ranking_part *known,
                                  const csq_allocator *memory, csq_error *error)
{
    if (!csq__array_reserve(&part->bands, memory, known->n_bands, sizeof(csq_ranking_band))) {
        return csq__fail_memory(error);
    }
    for (uint32_t i = 0; i < known->n_bands; i++) {
        (void)csq__array_push(&part->bands, memory, &known->bands[i], sizeof known->bands[i]);
    }
    csq_ranking_band *bands = part->bands.data;
    csq__sort(bands, part->bands.n, sizeof *bands, csq__ranking_band_compare, NULL);
    for (size_t i = 1; i < part->bands.n; i++) {
        if (bands[i].at == bands[i - 1].at) {
            return csq__fail(error, CSQ_EDUPLICATE, CSQ__TEXT("two bands at "),
                             CSQ__NUMBER(bands[i].at));
        }
    }
    return CSQ_OK;
}

/* "The attribute has a value", so that the frame has a place for it. */
static csq_status ask_value(csq_ranking *draft, csq__ranking_part *part, csq_error *error)
{
    csq_condition_builder *builder;
    csq_condition *match = NULL;
    const csq_test test = {
        .size = sizeof test, .attribute = part->attribute, .op = CSQ_TEST_ABSENT};
    csq_status status =
        csq_condition_builder_new(draft->facts->schema, &draft->allocator, &builder, error);
    if (status == CSQ_OK) {
        status = csq_condition_push_test(builder, &test, error);
    }
    if (status == CSQ_OK) {
        status = csq_condition_push_not(builder, error);
    }
    if (status == CSQ_OK) {
        status = csq_condition_build(builder, &match, error);
    }
    if (status == CSQ_OK) {
        status = csq__policies_add_match(draft->facts, match, &part->match, error);
    }
    csq_condition_free(match);
    csq_condition_builder_free(builder);
    return status;
}

static csq_status part_fill(csq_ranking *draft, csq__ranking_part *part,
                            const csq_ranking_part *known, csq_error *error)
{
    csq_status status = ranking_copy_name(draft, known->name, &part->name, error);
    if (status == CSQ_OK) {
        status = part_copy_bands(part, known, &draft->allocator, error);
    }
    if (status == CSQ_OK && known->kind == CSQ_RANKING_VALUE) {
        status = ask_value(draft, part, error);
    }
    if (status == CSQ_OK && known->kind == CSQ_RANKING_MATCH) {
        status = csq__policies_add_match(draft->facts, known->match, &part->match, error);
    }
    return status;
}

csq_status csq_ranking_add_part(csq_ranking_builder *builder, const csq_ranking_part *part,
                                uint32_t *index, csq_error *error)
{
    csq_ranking *draft = NULL;
    csq_status status = ranking_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (part == NULL || index == NULL) {
        return csq__fail_null(error, part == NULL ? "part" : "index");
    }
    csq_ranking_part known;
    status = csq__struct_read(part, CSQ__FIRST_SIZE(csq_ranking_part, points), &known, sizeof known,
                              error);
    if (status == CSQ_OK) {
        status = check_part(draft->facts->schema, &known, error);
    }
    if (status == CSQ_OK) {
        status = csq__policies_check_match(draft->facts, known.match, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    for (uint32_t i = 0; i < draft->parts.n; i++) {
        if (csq__str_equal(csq_ranking_part_name(draft, i), known.name)) {
            return ranking_fail_exists(error, known.name);
        }
    }
    if (draft->parts.n >= CSQ_RANKING_PART_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 64 parts"));
    }
    csq__ranking_part whole = {
        .kind = known.kind, .attribute = known.attribute, .points = known.points};
    status = csq__array_reserve(&draft->parts, &draft->allocator, 1, sizeof whole)
                 ? part_fill(draft, &whole, &known, error)
                 : csq__fail_memory(error);
    if (status != CSQ_OK) {
        ranking_release_name(&draft->allocator, whole.name);
        csq__array_release(&whole.bands, &draft->allocator, sizeof(csq_ranking_band));
        return status;
    }
    (void)csq__array_push(&draft->parts, &draft->allocator, &whole, sizeof whole);
    *index = (uint32_t)draft->parts.n - 1;
    return CSQ_OK;
}

/* ---- building ------------------------------------------------------------------------------ */

static void describe_part(csq__writer *writer, const csq_ranking *ranking,
                          const csq__ranking_part *part)
{
    const csq_schema *schema = ranking->facts->schema;
    const csq_vocabulary *names = csq_schema_vocabulary(schema, part->attribute);
    const csq_ranking_band *bands = part->bands.data;
    csq__write_text(writer, part->name);
    csq__write_varint(writer, part->kind);
    csq__write_text(writer, csq_schema_name(schema, part->attribute));
    csq__write_signed(writer, part->points);
    csq__write_varint(writer, part->bands.n);
    // Bands of values stand in the order of codes, which differ between processes: a sum of hashes
    // has no order.
    uint64_t values = 0;
    for (size_t i = 0; i < part->bands.n; i++) {
        if (names == NULL) {
            csq__write_signed(writer, bands[i].at);
            csq__write_signed(writer, bands[i].points);
        } else {
            const csq_str name = csq_vocabulary_name(names, (uint32_t)bands[i].at);
            values += csq__hash(name.data, (size_t)name.size, (uint64_t)bands[i].points, name.size);
        }
    }
    csq__write_u64(writer, values);
    csq__describe_condition(writer, part->kind == CSQ_RANKING_MATCH
                                        ? csq__policies_policy(ranking->facts, part->match)->match
                                        : NULL);
}

static csq_status ranking_set_fingerprint(csq_ranking *ranking, csq_error *error)
{
    csq__writer writer = {.allocator = &ranking->allocator};
    csq__write_varint(&writer, ranking->lanes.n);
    for (size_t i = 0; i < ranking->lanes.n; i++) {
        const csq__ranking_lane *lane = csq__ranking_lane_at(ranking, i);
        csq__write_text(&writer, lane->name);
        csq__describe_condition(&writer, csq__policies_policy(ranking->facts, lane->match)->match);
    }
    for (size_t i = 0; i < ranking->parts.n; i++) {
        describe_part(&writer, ranking, csq__ranking_part_at(ranking, i));
    }
    const bool failed = writer.failed;
    ranking->fingerprint = failed ? 0 : csq__hash(writer.data, writer.size, 0, 0);
    csq__writer_release(&writer);
    return failed ? csq__fail_memory(error) : CSQ_OK;
}

csq_status csq_ranking_build(csq_ranking_builder *builder, csq_ranking **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    csq_ranking *draft = builder->draft;
    if (draft == NULL || draft->lanes.n + draft->parts.n == 0) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("there is neither a lane nor a part"));
    }
    builder->draft = NULL;
    csq_status status = csq__policies_compile(draft->facts, error);
    if (status == CSQ_OK) {
        status = ranking_set_fingerprint(draft, error);
    }
    if (status != CSQ_OK) {
        csq_ranking_free(draft);
        return status;
    }
    csq__ranking_part *parts = draft->parts.data;
    for (size_t i = 0; i < draft->parts.n; i++) {
        if (parts[i].kind == CSQ_RANKING_VALUE) {
            parts[i].slot = draft->facts->slot_of[parts[i].attribute];
        }
    }
    *out = draft;
    return CSQ_OK;
}

/* ---- names --------------------------------------------------------------------------------- */

uint64_t csq_ranking_fingerprint(const csq_ranking *ranking)
{
    return ranking == NULL ? 0 : ranking->fingerprint;
}

uint32_t csq_ranking_lane_count(const csq_ranking *ranking)
{
    return ranking == NULL ? 0 : (uint32_t)ranking->lanes.n;
}

uint32_t csq_ranking_part_count(const csq_ranking *ranking)
{
    return ranking == NULL ? 0 : (uint32_t)ranking->parts.n;
}

csq_str csq_ranking_lane_name(const csq_ranking *ranking, uint32_t lane)
{
    return lane < csq_ranking_lane_count(ranking) ? csq__ranking_lane_at(ranking, lane)->name
                                                  : (csq_str){NULL, 0};
}

csq_str csq_ranking_part_name(const csq_ranking *ranking, uint32_t part)
{
    return part < csq_ranking_part_count(ranking) ? csq__ranking_part_at(ranking, part)->name
                                                  : (csq_str){NULL, 0};
}
