/*
 * vectors — files, JSON, zones, calendars and the tally of csq-vectors.
 */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reporting ----------------------------------------------------------------------------- */

void vectors_fail(vectors_run *run, const char *id, const char *field, const char *expected,
                  const char *got)
{
    run->case_failed = true;
    printf("FAIL %s: %s: expected %s, got %s\n", id, field, expected, got);
}

void vectors_fail_error(vectors_run *run, const char *id, const char *field, const csq_error *error)
{
    char got[320];
    snprintf(got, sizeof got, "%s (%s)", csq_status_name(error->code), error->message);
    vectors_fail(run, id, field, "an answer", got);
}

bool vectors_check_number(vectors_run *run, const char *id, const char *field, int64_t expected,
                          int64_t got)
{
    if (expected == got) {
        return true;
    }
    char expected_text[32];
    char got_text[32];
    snprintf(expected_text, sizeof expected_text, "%lld", (long long)expected);
    snprintf(got_text, sizeof got_text, "%lld", (long long)got);
    vectors_fail(run, id, field, expected_text, got_text);
    return false;
}

/* ---- files --------------------------------------------------------------------------------- */

static char *read_stream(FILE *stream, size_t *size)
{
    size_t capacity = 65536;
    char *data = malloc(capacity);
    *size = 0;
    while (data != NULL) {
        *size += fread(data + *size, 1, capacity - 1 - *size, stream);
        if (*size < capacity - 1) {
            data[*size] = '\0';
            return data;
        }
        capacity *= 2;
        char *const wide = realloc(data, capacity);
        if (wide == NULL) {
            free(data);
        }
        data = wide;
    }
    return NULL;
}

char *vectors_read_file(const char *path, size_t *size)
{
    FILE *const stream = fopen(path, "rb");
    if (stream == NULL) {
        return NULL;
    }
    char *const data = read_stream(stream, size);
    fclose(stream);
    return data;
}

static char *path_join(const char *directory, size_t directory_size, const char *name)
{
    const size_t size = directory_size + strlen(name) + 2;
    char *const path = malloc(size);
    if (path != NULL) {
        snprintf(path, size, "%.*s/%s", (int)directory_size, directory, name);
    }
    return path;
}

char *vectors_beside(const char *file, const char *name)
{
    const char *const slash = strrchr(file, '/');
    return slash == NULL ? path_join(".", 1, name) : path_join(file, (size_t)(slash - file), name);
}

/* ---- cases --------------------------------------------------------------------------------- */

/* The id of a case as text: that of the object, or the number of its line. */
static void case_id(const json_t *object, unsigned long line, char *text, size_t size)
{
    const json_t *const id = json_object_get(object, "id");
    if (json_is_integer(id)) {
        snprintf(text, size, "%lld", (long long)json_integer_value(id));
    } else if (json_is_string(id)) {
        snprintf(text, size, "%s", json_string_value(id));
    } else {
        snprintf(text, size, "line %lu", line);
    }
}

static void run_line(vectors_run *run, const vectors_family *family, void *state, const char *text,
                     size_t size, unsigned long line)
{
    json_error_t error;
    json_t *const object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    char id[256];
    case_id(object, line, id, sizeof id);
    run->case_failed = false;
    if (json_is_object(object)) {
        family->run_case(run, state, id, object);
    } else {
        vectors_fail(run, id, "line", "a JSON object",
                     object == NULL ? error.text : "another value");
    }
    if (run->case_failed) {
        run->failed++;
    } else {
        run->passed++;
    }
    json_decref(object);
}

static bool is_blank(const char *text, size_t size)
{
    return strspn(text, " \t\r") >= size;
}

bool vectors_run_file(vectors_run *run, const vectors_family *family)
{
    size_t size;
    char *const data = vectors_read_file(run->file, &size);
    if (data == NULL) {
        fprintf(stderr, "csq-vectors: cannot read %s\n", run->file);
        return false;
    }
    void *state = NULL;
    if (family->open != NULL && !family->open(run, &state)) {
        free(data);
        return false;
    }
    unsigned long line = 0;
    for (size_t at = 0; at < size;) {
        const char *const end = memchr(data + at, '\n', size - at);
        const size_t length = end == NULL ? size - at : (size_t)(end - data) - at;
        line++;
        if (!is_blank(data + at, length)) {
            run_line(run, family, state, data + at, length, line);
        }
        at += length + 1;
    }
    if (family->close != NULL) {
        family->close(state);
    }
    free(data);
    return true;
}

void vectors_run_free(vectors_run *run)
{
    for (size_t i = 0; i < run->n_zones; i++) {
        csq_zone_free(run->zones[i].zone);
    }
    free(run->zones);
    run->zones = NULL;
    run->n_zones = 0;
}

/* ---- zones --------------------------------------------------------------------------------- */

static void set_error(csq_error *error, const char *message, const char *what)
{
    memset(error, 0, sizeof *error);
    error->code = CSQ_EINVAL;
    snprintf(error->message, sizeof error->message, "%s: %.200s", message, what);
}

static char *read_in(const char *directory, const char *name, size_t *size)
{
    char *const path = directory == NULL ? NULL : path_join(directory, strlen(directory), name);
    char *const data = path == NULL ? NULL : vectors_read_file(path, size);
    free(path);
    return data;
}

/* The bytes of a zone from --tz, or from where they are looked for without it. */
/* A zone that is not among the vectors' own files, as the sla cases have some, is read from the
 * system; only dates for which all its versions agree are used there. */
static char *read_zone(const vectors_run *run, const char *name, size_t *size)
{
    static const char *const places[] = {"tz/fat", "../calendar/tz/fat"};
    char *data = run->tz == NULL ? NULL : read_in(run->tz, name, size);
    for (size_t i = 0; run->tz == NULL && i < sizeof places / sizeof places[0] && data == NULL;
         i++) {
        char *const directory = vectors_beside(run->file, places[i]);
        data = read_in(directory, name, size);
        free(directory);
    }
    return data != NULL ? data : read_in("/usr/share/zoneinfo", name, size);
}

static csq_zone *add_zone(vectors_run *run, const char *name, csq_zone *zone)
{
    vectors_zone *const zones = realloc(run->zones, (run->n_zones + 1) * sizeof *zones);
    if (zones == NULL) {
        csq_zone_free(zone);
        return NULL;
    }
    run->zones = zones;
    snprintf(zones[run->n_zones].name, sizeof zones->name, "%s", name);
    zones[run->n_zones].zone = zone;
    run->n_zones++;
    return zone;
}

csq_zone *vectors_zone_of(vectors_run *run, const char *name, csq_error *error)
{
    for (size_t i = 0; i < run->n_zones; i++) {
        if (strcmp(run->zones[i].name, name) == 0) {
            return run->zones[i].zone;
        }
    }
    csq_zone *zone = NULL;
    if (strcmp(name, "UTC") == 0) {
        return csq_zone_new_fixed(0, NULL, &zone, error) == CSQ_OK ? add_zone(run, name, zone)
                                                                   : NULL;
    }
    size_t size = 0;
    char *const data = strstr(name, "..") != NULL ? NULL : read_zone(run, name, &size);
    if (data == NULL) {
        set_error(error, "no zone file", name);
        return NULL;
    }
    const csq_status status = csq_zone_new_tzif(csq_str_of(name), data, size, NULL, &zone, error);
    free(data);
    return status == CSQ_OK ? add_zone(run, name, zone) : NULL;
}

/* ---- calendars ----------------------------------------------------------------------------- */

/* Text of a member, or an empty view, which no reader of libcsq accepts. */
static csq_str text_of(const json_t *value)
{
    return csq_str_of(json_is_string(value) ? json_string_value(value) : NULL);
}

enum { CLOCK_LIMIT_MS = 172800000 };

/* Reads [start, end]. */
static bool read_pair(const json_t *start, const json_t *end, csq_interval *out, csq_error *error)
{
    return csq_clock_parse(text_of(start), CLOCK_LIMIT_MS, &out->from, error) == CSQ_OK &&
           csq_clock_parse(text_of(end), CLOCK_LIMIT_MS, &out->to, error) == CSQ_OK;
}

typedef csq_status (*add_hours)(csq_calendar_builder *builder, int32_t day, csq_interval hours,
                                csq_error *error);

static csq_status add_week(csq_calendar_builder *builder, int32_t day, csq_interval hours,
                           csq_error *error)
{
    return csq_calendar_builder_week(builder, (uint32_t)day, hours.from, hours.to, error);
}

static csq_status add_override(csq_calendar_builder *builder, int32_t day, csq_interval hours,
                               csq_error *error)
{
    return csq_calendar_builder_override(builder, day, csq_str_of("override"), hours.from, hours.to,
                                         error);
}

static csq_status add_break(csq_calendar_builder *builder, int32_t day, csq_interval hours,
                            csq_error *error)
{
    return csq_calendar_builder_break(builder, day, csq_str_of("break"), hours.from, hours.to,
                                      error);
}

static bool add_pairs(csq_calendar_builder *builder, int32_t day, const json_t *pairs,
                      add_hours add, csq_error *error)
{
    if (!json_is_array(pairs)) {
        set_error(error, "expected a list of pairs", "");
        return false;
    }
    for (size_t i = 0; i < json_array_size(pairs); i++) {
        const json_t *const pair = json_array_get(pairs, i);
        csq_interval hours;
        if (json_array_size(pair) != 2 ||
            !read_pair(json_array_get(pair, 0), json_array_get(pair, 1), &hours, error)) {
            if (json_array_size(pair) != 2) {
                set_error(error, "expected [start, end]", "");
            }
            return false;
        }
        if (add(builder, day, hours, error) != CSQ_OK) {
            return false;
        }
    }
    return true;
}

static bool add_weekly(csq_calendar_builder *builder, const json_t *weekly, csq_error *error)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    size_t n_known = 0;
    for (int32_t i = 0; i < 7; i++) {
        const json_t *const pairs = json_object_get(weekly, names[i]);
        n_known += pairs != NULL;
        if (pairs != NULL && !add_pairs(builder, i + 1, pairs, add_week, error)) {
            return false;
        }
    }
    if (n_known != json_object_size(weekly)) {
        set_error(error, "weekly", "a day that is not one of mon to sun");
        return false;
    }
    return true;
}

/* Adds an object of lists of pairs by date. */
static bool add_dates(csq_calendar_builder *builder, json_t *dates, add_hours add,
                      bool empty_closes, csq_error *error)
{
    const char *date;
    json_t *pairs;
    json_object_foreach(dates, date, pairs)
    {
        int32_t day;
        if (csq_date_parse(csq_str_of(date), &day, error) != CSQ_OK ||
            !add_pairs(builder, day, pairs, add, error)) {
            return false;
        }
        if (empty_closes && json_array_size(pairs) == 0 &&
            csq_calendar_builder_close(builder, day, csq_str_of("override"), error) != CSQ_OK) {
            return false;
        }
    }
    return true;
}

static bool add_holidays(csq_calendar_builder *builder, const json_t *holidays, csq_error *error)
{
    for (size_t i = 0; i < json_array_size(holidays); i++) {
        const json_t *const holiday = json_array_get(holidays, i);
        const bool is_part = json_is_object(holiday);
        const json_t *const date = is_part ? json_object_get(holiday, "date") : holiday;
        csq_interval hours = {0, CLOCK_LIMIT_MS / 2};
        int32_t day;
        if (csq_date_parse(text_of(date), &day, error) != CSQ_OK ||
            (is_part && !read_pair(json_object_get(holiday, "from"), json_object_get(holiday, "to"),
                                   &hours, error))) {
            return false;
        }
        if (csq_calendar_builder_holiday(builder, day, csq_str_of("holiday"), hours.from, hours.to,
                                         error) != CSQ_OK) {
            return false;
        }
    }
    return true;
}

csq_calendar *vectors_calendar_of(vectors_run *run, const json_t *object, int32_t first_year,
                                  int32_t last_year, csq_error *error)
{
    const char *const tz = json_string_value(json_object_get(object, "tz"));
    if (tz == NULL) {
        set_error(error, "calendar", "no tz");
        return NULL;
    }
    csq_zone *const zone = vectors_zone_of(run, tz, error);
    if (zone == NULL) {
        return NULL;
    }
    csq_calendar_options options = {0};
    options.size = sizeof options;
    options.first_year = first_year;
    options.last_year = last_year;
    options.night = CSQ_NIGHT_BY_CALENDAR_DATE;
    csq_calendar_builder *builder = NULL;
    if (csq_calendar_builder_new(zone, &options, NULL, &builder, error) != CSQ_OK) {
        return NULL;
    }
    csq_calendar *calendar = NULL;
    if (add_weekly(builder, json_object_get(object, "weekly"), error) &&
        add_holidays(builder, json_object_get(object, "holidays"), error) &&
        add_dates(builder, json_object_get(object, "overrides"), add_override, true, error) &&
        add_dates(builder, json_object_get(object, "breaks"), add_break, false, error)) {
        (void)csq_calendar_builder_build(builder, &calendar, error);
    }
    csq_calendar_builder_free(builder);
    return calendar;
}
