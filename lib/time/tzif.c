/*
 * tzif — reading TZif files, versions 1 to 4 (RFC 9636).
 *
 * Of a file of version 2 and up only the second block counts; the first is skipped by its size.
 * Every count is compared with the bytes that are there before anything is read or allocated.
 * Transitions before the first instant that csq_ms can hold (old compilers wrote -2^59 s) only
 * decide which type comes first.
 *
 * Uses: base.
 */
#include "time/zone_parts.h"

enum { TZIF_HEADER = 44, TZIF_TYPE = 6, TZIF_TYPE_LIMIT = 256 };

typedef struct tzif_counts {
    uint64_t isut;
    uint64_t isstd;
    uint64_t leap;
    uint64_t time;
    uint64_t type;
    uint64_t character;
} tzif_counts;

/* A file and the block of it that counts. */
typedef struct tzif_file {
    const uint8_t *bytes;
    uint64_t size;
    csq_error *error;
    uint8_t version;      /* 0 (version 1), '2', '3', '4' */
    uint64_t header;      /* where the header of the block is */
    uint64_t time_size;   /* bytes of a transition time: 4 or 8 */
    tzif_counts counts;
    uint64_t times;       /* where the parts of the block are */
    uint64_t type_of;
    uint64_t types;
    uint64_t characters;
    uint64_t isstd;
    uint64_t isut;
    uint64_t end;
} tzif_file;

#define tzif_fail(file, at, ...)                                                                   \
    (csq__fail((file)->error, CSQ_ETZIF, __VA_ARGS__), csq__error_byte((file)->error, (at)),       \
     CSQ_ETZIF)

static uint32_t tzif_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int32_t tzif_i32(const uint8_t *p)
{
    const uint32_t value = tzif_u32(p);
    return value <= INT32_MAX ? (int32_t)value : -(int32_t)(UINT32_MAX - value) - 1;
}

static int64_t tzif_i64(const uint8_t *p)
{
    return (int64_t)tzif_i32(p) * (INT64_C(1) << 32) + tzif_u32(p + 4);
}

/* ---- headers and sizes --------------------------------------------------------------------- */

static csq_status tzif_cut_short(const tzif_file *file, const char *part, uint64_t needed)
{
    return tzif_fail(file, file->size, CSQ__TEXT("the file is cut short: "),
                     CSQ__VIEW(csq_str_of(part)), CSQ__TEXT(" ends at byte "),
                     CSQ__NUMBER((int64_t)needed), CSQ__TEXT(", the file at "),
                     CSQ__NUMBER((int64_t)file->size));
}

static csq_status tzif_read_header(tzif_file *file, uint64_t at)
{
    if (file->size - at < TZIF_HEADER) {
        return tzif_cut_short(file, "a header", at + TZIF_HEADER);
    }
    const uint8_t *p = file->bytes + at;
    if (memcmp(p, "TZif", 4) != 0) {
        return tzif_fail(file, at, CSQ__TEXT("expected a header that begins with \"TZif\""));
    }
    if (p[4] != 0 && (p[4] < '2' || p[4] > '4')) {
        return tzif_fail(file, at + 4, CSQ__TEXT("expected a version byte of 0 or \"2\" to \"4\", "
                                                 "found byte "), CSQ__NUMBER(p[4]));
    }
    if (at > 0 && p[4] != file->version) {
        return tzif_fail(file, at + 4, CSQ__TEXT("the versions of the two headers differ"));
    }
    file->version = p[4];
    file->header = at;
    file->counts = (tzif_counts){
        .isut = tzif_u32(p + 20),
        .isstd = tzif_u32(p + 24),
        .leap = tzif_u32(p + 28),
        .time = tzif_u32(p + 32),
        .type = tzif_u32(p + 36),
        .character = tzif_u32(p + 40),
    };
    return CSQ_OK;
}

/* Notes where the parts of the block behind the header are, and that the file holds them. */
static csq_status tzif_place_parts(tzif_file *file, uint64_t time_size)
{
    const tzif_counts *counts = &file->counts;
    file->time_size = time_size;
    file->times = file->header + TZIF_HEADER;
    file->type_of = file->times + counts->time * time_size;
    file->types = file->type_of + counts->time;
    file->characters = file->types + counts->type * TZIF_TYPE;
    file->isstd = file->characters + counts->character + counts->leap * (time_size + 4);
    file->isut = file->isstd + counts->isstd;
    file->end = file->isut + counts->isut;
    if (file->end > file->size) {
        return tzif_cut_short(file, "the block of data", file->end);
    }
    return CSQ_OK;
}

static csq_status tzif_check_counts(const tzif_file *file)
{
    const tzif_counts *counts = &file->counts;
    if (counts->leap != 0) {
        csq__fail(file->error, CSQ_ELEAP, CSQ__TEXT("the zone counts "),
                  CSQ__NUMBER((int64_t)counts->leap),
                  CSQ__TEXT(" leap seconds; instants here have none"));
        csq__error_byte(file->error, file->header + 28);
        return CSQ_ELEAP;
    }
    if (counts->time > CSQ_ZONE_TRANSITION_LIMIT) {
        csq__fail(file->error, CSQ_ELIMIT, CSQ__TEXT("expected at most 100000 transitions, found "),
                  CSQ__NUMBER((int64_t)counts->time));
        csq__error_byte(file->error, file->header + 32);
        return CSQ_ELIMIT;
    }
    if (counts->type == 0 || counts->type > TZIF_TYPE_LIMIT) {
        return tzif_fail(file, file->header + 36, CSQ__TEXT("expected 1 to 256 types, found "),
                         CSQ__NUMBER((int64_t)counts->type));
    }
    if (counts->character == 0) {
        return tzif_fail(file, file->header + 40, CSQ__TEXT("there are no abbreviations"));
    }
    if ((counts->isut != 0 && counts->isut != counts->type) ||
        (counts->isstd != 0 && counts->isstd != counts->type)) {
        const uint64_t at = counts->isut != 0 && counts->isut != counts->type ? 20 : 24;
        return tzif_fail(file, file->header + at,
                         CSQ__TEXT("expected no indicators or one for each of the "),
                         CSQ__NUMBER((int64_t)counts->type), CSQ__TEXT(" types"));
    }
    return CSQ_OK;
}

/* Finds the block that counts and checks its sizes. */
static csq_status tzif_open(tzif_file *file)
{
    csq_status status = tzif_read_header(file, 0);
    if (status == CSQ_OK && file->version == 0) {
        status = tzif_check_counts(file);
        return status == CSQ_OK ? tzif_place_parts(file, 4) : status;
    }
    if (status == CSQ_OK) {
        status = tzif_place_parts(file, 4);
    }
    if (status == CSQ_OK) {
        status = tzif_read_header(file, file->end);
    }
    if (status == CSQ_OK) {
        status = tzif_check_counts(file);
    }
    return status == CSQ_OK ? tzif_place_parts(file, 8) : status;
}

/* ---- the parts of the block ---------------------------------------------------------------- */

static csq_status tzif_read_type(const tzif_file *file, uint64_t i, csq__zone_type *out)
{
    const uint64_t at = file->types + i * TZIF_TYPE;
    const uint8_t *p = file->bytes + at;
    const int32_t offset_s = tzif_i32(p);
    if (offset_s < -CSQ_ZONE_OFFSET_LIMIT_S || offset_s > CSQ_ZONE_OFFSET_LIMIT_S) {
        return tzif_fail(file, at, CSQ__TEXT("expected an offset of at most 93599 s, found "),
                         CSQ__NUMBER(offset_s));
    }
    if (p[4] > 1) {
        return tzif_fail(file, at + 4,
                         CSQ__TEXT("expected 0 or 1 for daylight saving time, found "),
                         CSQ__NUMBER(p[4]));
    }
    if (p[5] >= file->counts.character) {
        return tzif_fail(file, at + 5, CSQ__TEXT("abbreviation "), CSQ__NUMBER(p[5]),
                         CSQ__TEXT(" lies behind the last one"));
    }
    *out = (csq__zone_type){.offset_s = offset_s, .is_daylight = p[4]};
    const uint8_t *name = file->bytes + file->characters + p[5];
    const uint64_t left = file->counts.character - p[5];
    uint64_t n = 0;
    while (n < left && name[n] > 0x20 && name[n] < 0x7F && n <= CSQ_ZONE_ABBREVIATION_LIMIT) {
        n++;
    }
    if (n == 0 || n == left || n > CSQ_ZONE_ABBREVIATION_LIMIT || name[n] != 0) {
        return tzif_fail(file, file->characters + p[5] + (n == left ? n - 1 : n),
                         CSQ__TEXT("expected an abbreviation of 1 to 15 printable ASCII bytes and "
                                   "a NUL"));
    }
    memcpy(out->abbreviation, name, (size_t)n);
    return CSQ_OK;
}

static csq_status tzif_read_types(const tzif_file *file, csq_zone *zone)
{
    for (uint64_t i = 0; i < file->counts.type; i++) {
        const csq_status status = tzif_read_type(file, i, &zone->types[i]);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

/* The indicators only explain how the file's source wrote its times; they must be possible. */
static csq_status tzif_check_indicators(const tzif_file *file)
{
    for (uint64_t i = 0; i < file->counts.isstd; i++) {
        if (file->bytes[file->isstd + i] > 1) {
            return tzif_fail(file, file->isstd + i, CSQ__TEXT("expected an indicator of 0 or 1"));
        }
    }
    for (uint64_t i = 0; i < file->counts.isut; i++) {
        const uint8_t is_ut = file->bytes[file->isut + i];
        const bool is_standard = file->counts.isstd > 0 && file->bytes[file->isstd + i] == 1;
        if (is_ut > 1 || (is_ut == 1 && !is_standard)) {
            return tzif_fail(file, file->isut + i,
                             CSQ__TEXT("expected an indicator of 0, or of 1 for a type that is "
                                       "also marked as standard"));
        }
    }
    return CSQ_OK;
}

static int64_t tzif_time(const tzif_file *file, uint64_t i)
{
    const uint8_t *p = file->bytes + file->times + i * file->time_size;
    return file->time_size == 4 ? tzif_i32(p) : tzif_i64(p);
}

/* Reads transition `i` into the zone, behind those that are there. */
static csq_status tzif_read_transition(const tzif_file *file, uint64_t i, csq_zone *zone)
{
    const int64_t seconds = tzif_time(file, i);
    const uint64_t at = file->times + i * file->time_size;
    if (i > 0 && tzif_time(file, i - 1) >= seconds) {
        return tzif_fail(file, at, CSQ__TEXT("transition "), CSQ__NUMBER((int64_t)i),
                         CSQ__TEXT(" is not later than the one before it"));
    }
    const uint8_t type = file->bytes[file->type_of + i];
    if (type >= file->counts.type) {
        return tzif_fail(file, file->type_of + i, CSQ__TEXT("transition "),
                         CSQ__NUMBER((int64_t)i), CSQ__TEXT(" has type "), CSQ__NUMBER(type),
                         CSQ__TEXT(", the file only "), CSQ__NUMBER((int64_t)file->counts.type));
    }
    csq_ms ms;
    if (!csq__mul(seconds, CSQ__SECOND_MS, &ms)) {
        if (seconds > 0) {
            return tzif_fail(file, at, CSQ__TEXT("transition "), CSQ__NUMBER((int64_t)i),
                             CSQ__TEXT(" is later than any instant"));
        }
        zone->initial_type = type;
        return CSQ_OK;
    }
    zone->at[zone->n] = ms;
    zone->type_of[zone->n] = type;
    zone->n++;
    return CSQ_OK;
}

static csq_status tzif_read_transitions(const tzif_file *file, csq_zone *zone)
{
    zone->n = 0;
    for (uint64_t i = 0; i < file->counts.time; i++) {
        const csq_status status = tzif_read_transition(file, i, zone);
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

/* ---- the footer ---------------------------------------------------------------------------- */

static csq_status tzif_find_footer(const tzif_file *file, csq_str *out)
{
    *out = (csq_str){NULL, 0};
    if (file->version == 0) {
        return file->end == file->size
                   ? CSQ_OK
                   : tzif_fail(file, file->end, CSQ__TEXT("bytes follow the block of data"));
    }
    if (file->end == file->size || file->bytes[file->end] != '\n') {
        return tzif_fail(file, file->end,
                         CSQ__TEXT("expected a footer that begins with a newline"));
    }
    const uint64_t start = file->end + 1;
    uint64_t end = start;
    while (end < file->size && file->bytes[end] != '\n') {
        end++;
    }
    if (end == file->size) {
        return tzif_cut_short(file, "the footer, with its newline,", end + 1);
    }
    if (end + 1 != file->size) {
        return tzif_fail(file, end + 1, CSQ__TEXT("bytes follow the footer"));
    }
    *out = (csq_str){(const char *)file->bytes + start, end - start};
    return CSQ_OK;
}

/* The tail of the zone: the footer's rule, or type 0 for ever where there are no transitions. */
static csq_status tzif_read_tail(const tzif_file *file, csq_zone *zone)
{
    csq_str footer;
    csq_status status = tzif_find_footer(file, &footer);
    if (status != CSQ_OK) {
        return status;
    }
    if (footer.size > 0) {
        status = csq__posix_parse(footer, &zone->tail, file->error);
        if (status != CSQ_OK && file->error != NULL) {
            file->error->byte += (int64_t)file->end + 1;
        }
        zone->has_tail = true;
        return status;
    }
    if (file->counts.time == 0) {
        zone->tail = (csq__posix_tz){.standard = zone->types[0]};
        zone->has_tail = true;
    }
    return CSQ_OK;
}

csq_status csq_zone_new_tzif(csq_str name, const void *bytes, uint64_t size,
                             const csq_allocator *allocator, csq_zone **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (bytes == NULL) {
        return csq__fail_null(error, "bytes");
    }
    tzif_file file = {.bytes = bytes, .size = size, .error = error};
    csq_status status = tzif_open(&file);
    if (status != CSQ_OK) {
        return status;
    }
    csq_zone *zone = NULL;
    status = csq__zone_new(name, (size_t)file.counts.time, (size_t)file.counts.type, allocator,
                           &zone, error);
    if (status == CSQ_OK) {
        status = tzif_read_types(&file, zone);
    }
    if (status == CSQ_OK) {
        status = tzif_check_indicators(&file);
    }
    if (status == CSQ_OK) {
        status = tzif_read_transitions(&file, zone);
    }
    if (status == CSQ_OK) {
        status = tzif_read_tail(&file, zone);
    }
    if (status != CSQ_OK) {
        csq_zone_free(zone);
        return status;
    }
    csq__zone_finish(zone);
    *out = zone;
    return CSQ_OK;
}
