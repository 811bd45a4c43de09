/*
 * read_ranking — the ranking of a document, through csq_ranking_add_lane and _add_part.
 *
 * The kind of a part follows from its member: "used", "left", "by" or "match".
 *
 * Uses: base, text, condition, ticket, sla.
 */
#include "rules/rules_internal.h"

typedef struct ranking_reader {
    csq__rules_reader *rules;
    const csq__document *document;
    csq_ranking_builder *builder;
    csq__array bands; /* csq_ranking_band, of the part being read */
} ranking_reader;

static csq_status ranking_read_points(const ranking_reader *reader, uint32_t node, int64_t *points,
                                      csq_error *error)
{
    const csq__json_range range = {1, -INT64_C(1000000000000), INT64_C(1000000000000)};
    return csq__json_integer(&reader->document->json, node, &range, points, error);
}

static csq_status ranking_push_band(ranking_reader *reader, int64_t at, int64_t points,
                                    csq_error *error)
{
    const csq_ranking_band band = {at, points};
    return csq__array_push(&reader->bands, &reader->rules->allocator, &band, sizeof band) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

/* Bands of shares ("percent") or times ("within"). */
static csq_status ranking_read_bands(ranking_reader *reader, uint32_t list, uint32_t kind,
                                     csq_error *error)
{
    const csq__document *document = reader->document;
    const csq__json_range hundredths = {100, 0, 10000000};
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(&document->json, list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        csq_ranking_band band;
        status = kind == CSQ_RANKING_USED
                     ? csq__json_integer(&document->json, csq__member_of(document, at, "percent"),
                                         &hundredths, &band.at, error)
                     : csq__read_duration(document, csq__member_of(document, at, "within"),
                                          CSQ_ERANGE, &band.at, error);
        if (status == CSQ_OK) {
            status = ranking_read_points(reader, csq__member_of(document, at, "points"),
                                         &band.points, error);
        }
        if (status == CSQ_OK) {
            status = ranking_push_band(reader, band.at, band.points, error);
        }
    }
    return status;
}

/* Points by the values of an attribute, "otherwise" for all others. */
static csq_status ranking_read_values(ranking_reader *reader, uint32_t node, uint32_t by,
                                      csq_ranking_part *part, csq_error *error)
{
    const csq__document *document = reader->document;
    csq_status status = csq__read_attribute(reader->rules, by, false, &part->attribute, error);
    if (status == CSQ_OK &&
        csq_schema_kind(reader->rules->schema, part->attribute) != CSQ_ATTRIBUTE_CATEGORY) {
        return csq__json_fail_value(&document->json, by,
                                    "the name of an attribute that is a category", error);
    }
    const uint32_t otherwise = csq__member_of(document, node, "otherwise");
    const uint32_t values = csq__member_of(document, node, "values");
    if (status == CSQ_OK && otherwise == 0 && csq__json_count(&document->json, values) == 0) {
        return csq__json_fail_missing(&document->json, node, "values", error);
    }
    int64_t points = 0;
    uint32_t at = csq__json_first(&document->json, values);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        uint32_t code = 0;
        status = csq__read_code(reader->rules, part->attribute, at, true, &code, error);
        if (status == CSQ_OK) {
            status = ranking_read_points(reader, at, &points, error);
        }
        if (status == CSQ_OK) {
            status = ranking_push_band(reader, code, points, error);
        }
    }
    if (status == CSQ_OK && otherwise != 0) {
        status = ranking_read_points(reader, otherwise, &points, error);
        if (status == CSQ_OK) {
            status = ranking_push_band(reader, 0, points, error);
        }
    }
    return status;
}

/* Exactly one member says what the part looks at; others belong to one kind only. */
static csq_status ranking_check_part(const csq__document *document, uint32_t node, csq_error *error)
{
    static const struct {
        const char *name;
        const char *with;
    } members[] = {{"used", NULL},   {"left", NULL},      {"by", NULL},       {"match", NULL},
                   {"values", "by"}, {"otherwise", "by"}, {"points", "match"}};
    uint32_t n_kinds = 0;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const uint32_t member = csq__member_of(document, node, members[i].name);
        n_kinds += member != 0 && members[i].with == NULL;
        if (member != 0 && members[i].with != NULL &&
            csq__member_of(document, node, members[i].with) == 0) {
            csq__fail(error, CSQ_ERULE, CSQ__TEXT("expected \""),
                      CSQ__VIEW(csq_str_of(members[i].name)), CSQ__TEXT("\" beside \""),
                      CSQ__VIEW(csq_str_of(members[i].with)), CSQ__TEXT("\" only"));
            return csq__placed_key(document, member, CSQ_ERULE, error);
        }
    }
    if (n_kinds != 1) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected one of \"used\", \"left\", \"by\" and \"match\", "
                                        "found "),
                              CSQ__NUMBER(n_kinds));
    }
    const bool needs_points = csq__member_of(document, node, "match") != 0 &&
                              csq__member_of(document, node, "points") == 0;
    return needs_points ? csq__json_fail_missing(&document->json, node, "points", error) : CSQ_OK;
}

static csq_status ranking_read_kind(ranking_reader *reader, uint32_t node, csq_ranking_part *part,
                                    csq_condition **match, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t used = csq__member_of(document, node, "used");
    const uint32_t left = csq__member_of(document, node, "left");
    const uint32_t by = csq__member_of(document, node, "by");
    if (used != 0 || left != 0) {
        part->kind = used != 0 ? CSQ_RANKING_USED : CSQ_RANKING_LEFT;
        return ranking_read_bands(reader, used != 0 ? used : left, part->kind, error);
    }
    if (by != 0) {
        part->kind = CSQ_RANKING_VALUE;
        return ranking_read_values(reader, node, by, part, error);
    }
    part->kind = CSQ_RANKING_MATCH;
    const csq_status status =
        csq__read_condition(reader->rules, csq__member_of(document, node, "match"), match, error);
    return status == CSQ_OK ? ranking_read_points(reader, csq__member_of(document, node, "points"),
                                                  &part->points, error)
                            : status;
}

/* Where the builder's complaint belongs: the name, the attribute, or the part. */
static uint32_t ranking_place(const csq__document *document, uint32_t node, csq_status status)
{
    const char *member = status == CSQ_EEXISTS ? "name"
                         : status == CSQ_EINVAL && csq__member_of(document, node, "by") != 0 ? "by"
                                                                                             : NULL;
    return member == NULL ? node : csq__member_of(document, node, member);
}

static csq_status ranking_read_part(ranking_reader *reader, uint32_t node, csq_error *error)
{
    const csq__document *document = reader->document;
    csq_ranking_part part = {
        .size = sizeof part,
        .name = csq__json_text(&document->json, csq__member_of(document, node, "name"))};
    csq_condition *match = NULL;
    reader->bands.n = 0;
    csq_status status = ranking_check_part(document, node, error);
    if (status == CSQ_OK) {
        status = ranking_read_kind(reader, node, &part, &match, error);
    }
    if (status == CSQ_OK) {
        uint32_t index;
        part.bands = reader->bands.data;
        part.n_bands = (uint32_t)reader->bands.n;
        part.match = match;
        status = csq_ranking_add_part(reader->builder, &part, &index, error);
        status = csq__placed(document, ranking_place(document, node, status), status, error);
    }
    csq_condition_free(match);
    return status;
}

static csq_status ranking_read_lane(ranking_reader *reader, uint32_t node, csq_error *error)
{
    const csq__document *document = reader->document;
    const csq_str name = csq__json_text(&document->json, csq__member_of(document, node, "name"));
    csq_condition *match = NULL;
    csq_status status =
        csq__read_condition(reader->rules, csq__member_of(document, node, "match"), &match, error);
    if (status == CSQ_OK) {
        uint32_t index;
        status = csq_ranking_add_lane(reader->builder, name, match, &index, error);
        status = csq__placed(document, ranking_place(document, node, status), status, error);
    }
    csq_condition_free(match);
    return status;
}

static csq_status ranking_read_all(ranking_reader *reader, uint32_t node, csq_ranking **out,
                                   csq_error *error)
{
    const csq__document *document = reader->document;
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(&document->json, csq__member_of(document, node, "lanes"));
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = ranking_read_lane(reader, at, error);
    }
    at = csq__json_first(&document->json, csq__member_of(document, node, "parts"));
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = ranking_read_part(reader, at, error);
    }
    return status == CSQ_OK
               ? csq__placed(document, node, csq_ranking_build(reader->builder, out, error), error)
               : status;
}

csq_status csq__read_ranking(csq__rules_reader *rules, csq_ranking **out, csq_error *error)
{
    const uint32_t node = csq__member_of(rules->document, CSQ__JSON_ROOT, "ranking");
    *out = NULL;
    if (node == 0) {
        return CSQ_OK;
    }
    ranking_reader reader = {.rules = rules, .document = rules->document};
    csq_status status =
        csq_ranking_builder_new(rules->schema, &rules->allocator, &reader.builder, error);
    if (status == CSQ_OK) {
        status =
            csq_condition_builder_new(rules->schema, &rules->allocator, &rules->conditions, error);
    }
    if (status == CSQ_OK) {
        status = ranking_read_all(&reader, node, out, error);
        csq_condition_builder_free(rules->conditions);
        rules->conditions = NULL;
    }
    csq_ranking_builder_free(reader.builder);
    csq__array_release(&reader.bands, &rules->allocator, sizeof(csq_ranking_band));
    csq__array_release(&rules->values, &rules->allocator, sizeof(int64_t));
    return status;
}
