/*
 * test_zone — zones: offsets against Python's zoneinfo, local time both ways, spans, edges.
 */
#include "zone_files.h"
#include "time/time_internal.h"

/* ---- against zoneinfo ---------------------------------------------------------------------- */

/* Compares one row of zone_offsets.tsv with a zone. */
static void assert_row(const csq_zone *zone, const char *name, long long at_s, int offset_s,
                       const char *abbreviation)
{
    csq_local local = {.size = sizeof local};
    assert_status(CSQ_OK, csq_zone_local(zone, at_s * 1000, &local, NULL));
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, at_s * 1000, &span, NULL));
    if (local.offset_s != offset_s || strcmp(local.abbreviation, abbreviation) != 0 ||
        span.offset_s != offset_s || span.from > at_s * 1000 || span.until <= at_s * 1000) {
        fail_msg("%s at %lld: got %d %s, expected %d %s", name, at_s, (int)local.offset_s,
                 local.abbreviation, offset_s, abbreviation);
    }
}

static void offsets_and_abbreviations_are_those_of_zoneinfo(void **state)
{
    (void)state;
    FILE *file = fopen(CSQ_TEST_DATA "/zone_offsets.tsv", "r");
    assert_non_null(file);
    csq_zone *fat = NULL;
    csq_zone *slim = NULL;
    char line[256];
    char loaded[64] = "";
    int rows = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        char files[8];
        char name[64];
        char abbreviation[16];
        long long at_s;
        int offset_s;
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line, "%7s %63s %lld %d %15s", files, name, &at_s, &offset_s,
                                abbreviation), 5);
        if (strcmp(loaded, name) != 0) {
            csq_zone_free(fat);
            csq_zone_free(slim);
            fat = zone_of_file("fat", name);
            slim = zone_of_file("slim", name);
            memcpy(loaded, name, sizeof loaded);
        }
        if (strcmp(files, "slim") != 0) {
            assert_row(fat, name, at_s, offset_s, abbreviation);
        }
        if (strcmp(files, "fat") != 0) {
            assert_row(slim, name, at_s, offset_s, abbreviation);
        }
        rows++;
    }
    fclose(file);
    csq_zone_free(fat);
    csq_zone_free(slim);
    assert_true(rows > 5000);
}

static void fat_and_slim_files_have_the_same_spans_from_1995_to_2100(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZONE_FILE_COUNT; i++) {
        csq_zone *fat = zone_of_file("fat", zone_file_names[i]);
        csq_zone *slim = zone_of_file("slim", zone_file_names[i]);
        csq_ms at = ms_of("1995-01-01T00:00:00Z");
        while (at < ms_of("2100-01-01T00:00:00Z")) {
            csq__offset_span a;
            csq__offset_span b;
            assert_status(CSQ_OK, csq__zone_span(fat, at, &a, NULL));
            assert_status(CSQ_OK, csq__zone_span(slim, at, &b, NULL));
            assert_int_equal(a.offset_s, b.offset_s);
            assert_ms_equal(a.until, b.until);
            at = a.until;
        }
        csq_zone_free(fat);
        csq_zone_free(slim);
    }
}

static void spans_are_maximal_and_follow_each_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < ZONE_FILE_COUNT; i++) {
        csq_zone *zone = zone_of_file(i % 2 == 0 ? "fat" : "slim", zone_file_names[i]);
        csq__offset_span span;
        assert_status(CSQ_OK, csq__zone_span(zone, INT64_MIN, &span, NULL));
        assert_ms_equal(span.from, INT64_MIN);
        while (span.until < ms_of("2500-01-01T00:00:00Z")) {
            csq__offset_span next;
            csq__offset_span last;
            assert_status(CSQ_OK, csq__zone_span(zone, span.until, &next, NULL));
            assert_status(CSQ_OK, csq__zone_span(zone, span.until - 1, &last, NULL));
            assert_ms_equal(next.from, span.until);
            assert_ms_equal(last.from, span.from);
            assert_true(next.offset_s != span.offset_s);
            span = next;
        }
        csq_zone_free(zone);
    }
}

/* ---- local time ---------------------------------------------------------------------------- */

static void local_time_shows_every_member(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_file("slim", "Europe/Berlin");
    csq_local local = {.size = sizeof local};
    assert_status(CSQ_OK, csq_zone_local(zone, ms_of("2026-10-01T07:30:15.250Z"), &local, NULL));
    const int32_t found[] = {local.year,    local.month,       local.day,      local.hour,
                             local.minute,  local.second,      local.millisecond,
                             local.weekday, local.day_of_year, local.offset_s, local.is_daylight};
    const int32_t expected[] = {2026, 10, 1, 9, 30, 15, 250, 4, 274, 7200, 1};
    assert_memory_equal(found, expected, sizeof expected);
    assert_string_equal(local.abbreviation, "CEST");
    csq_zone_free(zone);
}

/* Daylight saving time as the data call it: Dublin's is the winter (negative saving). */
static void daylight_flag_is_the_data_s_own(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *at;
        int32_t is_daylight;
    } rows[] = {
        {"Europe/Dublin", "2026-01-15T00:00:00Z", 1}, {"Europe/Dublin", "2026-07-15T00:00:00Z", 0},
        {"Europe/London", "2026-01-15T00:00:00Z", 0}, {"Europe/London", "2050-07-15T00:00:00Z", 1},
        {"Australia/Sydney", "2050-01-15T00:00:00Z", 1}, {"Asia/Tokyo", "2026-01-15T00:00:00Z", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = zone_of_file("slim", rows[i].name);
        csq_local local = {.size = sizeof local};
        assert_status(CSQ_OK, csq_zone_local(zone, ms_of(rows[i].at), &local, NULL));
        assert_int_equal(local.is_daylight, rows[i].is_daylight);
        csq_zone_free(zone);
    }
}

static void a_local_time_is_unique_skipped_or_repeated(void **state)
{
    (void)state;
    static const struct {
        const char *zone;
        const char *local;
        uint32_t kind;
        const char *first;
        const char *earlier;
        const char *later;
        int32_t before_s;
        int32_t after_s;
    } rows[] = {
        /* computed by hand from the transitions of the zones */
        {"Europe/Berlin", "2026-03-29T01:59:59.999", CSQ_LOCAL_UNIQUE, "2026-03-29T00:59:59.999Z",
         "2026-03-29T00:59:59.999Z", "2026-03-29T00:59:59.999Z", 3600, 3600},
        {"Europe/Berlin", "2026-03-29T02:00:00", CSQ_LOCAL_SKIPPED, "2026-03-29T01:00:00Z",
         "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", 3600, 7200},
        {"Europe/Berlin", "2026-03-29T02:30:00", CSQ_LOCAL_SKIPPED, "2026-03-29T01:00:00Z",
         "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", 3600, 7200},
        {"Europe/Berlin", "2026-03-29T03:00:00", CSQ_LOCAL_UNIQUE, "2026-03-29T01:00:00Z",
         "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", 7200, 7200},
        {"Europe/Berlin", "2026-10-25T02:00:00", CSQ_LOCAL_REPEATED, "2026-10-25T00:00:00Z",
         "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", 7200, 3600},
        {"Europe/Berlin", "2026-10-25T03:00:00", CSQ_LOCAL_UNIQUE, "2026-10-25T02:00:00Z",
         "2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z", 3600, 3600},
        /* negative saving: the second occurrence is the one called daylight saving time */
        {"Europe/Dublin", "2026-10-25T01:30:00", CSQ_LOCAL_REPEATED, "2026-10-25T00:30:00Z",
         "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", 3600, 0},
        /* half an hour */
        {"Australia/Lord_Howe", "2026-10-04T02:15:00", CSQ_LOCAL_SKIPPED, "2026-10-03T15:30:00Z",
         "2026-10-03T15:30:00Z", "2026-10-03T15:30:00Z", 37800, 39600},
        {"Australia/Lord_Howe", "2026-04-05T01:45:00", CSQ_LOCAL_REPEATED, "2026-04-04T14:45:00Z",
         "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", 39600, 37800},
        /* two hours */
        {"Antarctica/Troll", "2026-03-29T02:59:59", CSQ_LOCAL_SKIPPED, "2026-03-29T01:00:00Z",
         "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z", 0, 7200},
        /* a whole day: Apia had no 30 December 2011 */
        {"Pacific/Apia", "2011-12-30T12:00:00", CSQ_LOCAL_SKIPPED, "2011-12-30T10:00:00Z",
         "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", -36000, 50400},
        /* a jump back over midnight without daylight saving time on either side */
        {"Europe/Moscow", "2014-10-26T01:30:00", CSQ_LOCAL_REPEATED, "2014-10-25T21:30:00Z",
         "2014-10-25T21:30:00Z", "2014-10-25T22:30:00Z", 14400, 10800},
        /* ruled by the footer */
        {"America/New_York", "2400-03-12T02:30:00", CSQ_LOCAL_SKIPPED, "2400-03-12T07:00:00Z",
         "2400-03-12T07:00:00Z", "2400-03-12T07:00:00Z", -18000, -14400},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = zone_of_file(i % 2 == 0 ? "fat" : "slim", rows[i].zone);
        csq_resolution found = {.size = sizeof found};
        assert_status(CSQ_OK, csq_zone_resolve(zone, ms_of(rows[i].local), &found, NULL));
        assert_int_equal(found.kind, rows[i].kind);
        assert_ms_equal(found.first, ms_of(rows[i].first));
        assert_ms_equal(found.earlier, ms_of(rows[i].earlier));
        assert_ms_equal(found.later, ms_of(rows[i].later));
        assert_int_equal(found.offset_before_s, rows[i].before_s);
        assert_int_equal(found.offset_after_s, rows[i].after_s);
        csq_zone_free(zone);
    }
}

/* ---- spans and tails ----------------------------------------------------------------------- */

static void the_tail_begins_where_one_rule_holds_for_ever(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *from; /* NULL: the beginning of time */
        bool is_fixed;
    } rows[] = {
        {"America/New_York", "2007-03-11T07:00:00Z", false},
        {"Asia/Tokyo", "1951-09-08T15:00:00Z", true},
        {"Etc/UTC", NULL, true},
        {"America/Sao_Paulo", "2019-02-17T02:00:00Z", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone = zone_of_file("slim", rows[i].name);
        csq_ms from = 0;
        bool is_fixed = false;
        assert_true(csq__zone_tail(zone, &from, &is_fixed));
        assert_ms_equal(from, rows[i].from == NULL ? INT64_MIN : ms_of(rows[i].from));
        assert_int_equal(is_fixed, rows[i].is_fixed);
        csq_zone_free(zone);
    }
}

static void both_ends_of_time_answer_or_are_out_of_range(void **state)
{
    (void)state;
    static const csq_ms ends[] = {INT64_MIN,     INT64_MIN + 1, INT64_MIN + 90000000,
                                  INT64_MAX - 90000000, INT64_MAX - 1, INT64_MAX};
    for (size_t i = 0; i < ZONE_FILE_COUNT; i++) {
        csq_zone *zone = zone_of_file("slim", zone_file_names[i]);
        for (size_t j = 0; j < sizeof ends / sizeof ends[0]; j++) {
            csq__offset_span span;
            assert_status(CSQ_OK, csq__zone_span(zone, ends[j], &span, NULL));
            assert_true(span.from <= ends[j] && (ends[j] < span.until || span.until == INT64_MAX));
            csq_local local = {.size = sizeof local};
            assert_status(CSQ_ERANGE, csq_zone_local(zone, ends[j], &local, NULL));
            csq_resolution found = {.size = sizeof found};
            const csq_status status = csq_zone_resolve(zone, ends[j], &found, NULL);
            assert_true(status == CSQ_OK || status == CSQ_ERANGE);
        }
        csq_zone_free(zone);
    }
}

static void civil_years_end_at_9999(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_posix("UTC0");
    csq_local local = {.size = sizeof local};
    const csq_ms first = CSQ_DAYS_FIRST * CSQ__DAY_MS;
    const csq_ms end = (CSQ_DAYS_LAST + 1) * CSQ__DAY_MS;
    assert_status(CSQ_OK, csq_zone_local(zone, first, &local, NULL));
    assert_int_equal(local.year, -9999);
    assert_int_equal(local.day_of_year, 1);
    assert_status(CSQ_OK, csq_zone_local(zone, end - 1, &local, NULL));
    assert_int_equal(local.year, 9999);
    assert_int_equal(local.millisecond, 999);
    assert_status(CSQ_ERANGE, csq_zone_local(zone, first - 1, &local, NULL));
    assert_status(CSQ_ERANGE, csq_zone_local(zone, end, &local, NULL));
    csq_zone_free(zone);
}

/* ---- objects ------------------------------------------------------------------------------- */

static void fixed_zones_are_named_by_their_offset(void **state)
{
    (void)state;
    static const struct {
        int32_t offset_s;
        const char *name;
    } rows[] = {{0, "+00:00"},       {28800, "+08:00"},     {-12600, "-03:30"},
                {-2670, "-00:44:30"}, {93599, "+25:59:59"}, {-93599, "-25:59:59"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_zone *zone;
        assert_status(CSQ_OK, csq_zone_new_fixed(rows[i].offset_s, NULL, &zone, NULL));
        const csq_str name = csq_zone_name(zone);
        assert_int_equal(name.size, strlen(rows[i].name));
        assert_memory_equal(name.data, rows[i].name, (size_t)name.size);
        csq_local local = {.size = sizeof local};
        assert_status(CSQ_OK, csq_zone_local(zone, 0, &local, NULL));
        assert_int_equal(local.offset_s, rows[i].offset_s);
        assert_int_equal(local.is_daylight, 0);
        assert_string_equal(local.abbreviation, rows[i].name);
        csq_zone_free(zone);
    }
    csq_zone *zone = (csq_zone *)&state;
    assert_status(CSQ_ERANGE, csq_zone_new_fixed(93600, NULL, &zone, NULL));
    assert_null(zone);
    assert_status(CSQ_ERANGE, csq_zone_new_fixed(INT32_MIN, NULL, &zone, NULL));
}

static void names_are_checked(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = zone_file_bytes("slim", "Etc/UTC", &size);
    char name[256];
    memset(name, 'x', sizeof name);
    csq_zone *zone;
    const csq_str longest = {name, 255};
    const csq_str too_long = {name, 256};
    const csq_str null = {NULL, 3};
    assert_status(CSQ_OK, csq_zone_new_tzif(longest, bytes, size, NULL, &zone, NULL));
    csq_zone_free(zone);
    assert_status(CSQ_EINVAL, csq_zone_new_tzif(too_long, bytes, size, NULL, &zone, NULL));
    assert_null(zone);
    assert_status(CSQ_EINVAL, csq_zone_new_tzif(csq_str_of(""), bytes, size, NULL, &zone, NULL));
    assert_status(CSQ_EINVAL, csq_zone_new_tzif(null, bytes, size, NULL, &zone, NULL));
    csq_error error;
    assert_status(CSQ_EUTF8,
                  csq_zone_new_tzif(csq_str_of("ab\xFF"), bytes, size, NULL, &zone, &error));
    assert_int_equal(error.byte, 2);
    free(bytes);
}

static void the_last_owner_releases_the_zone(void **state)
{
    (void)state;
    test_memory memory = {.fail_at = -1};
    const csq_allocator allocator = test_allocator(&memory);
    csq_zone *zone;
    assert_status(CSQ_OK, csq_zone_new_fixed(3600, &allocator, &zone, NULL));
    assert_ptr_equal(csq_zone_retain(zone), zone);
    csq_zone_free(zone);
    assert_int_equal(memory.live_blocks, 1);
    csq_zone_free(zone);
    assert_int_equal(memory.live_blocks, 0);
    assert_int_equal(memory.live_bytes, 0);
    csq_zone_free(NULL);
    assert_null(csq_zone_retain(NULL));
    assert_int_equal(csq_zone_name(NULL).size, 0);
}

static void missing_arguments_are_refused(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_posix("UTC0");
    csq_local local = {.size = sizeof local};
    csq_resolution found = {.size = sizeof found};
    csq_zone *none;
    assert_status(CSQ_EINVAL, csq_zone_new_fixed(0, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_zone_new_posix(csq_str_of("UTC0"), NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_zone_new_posix((csq_str){NULL, 4}, NULL, &none, NULL));
    assert_status(CSQ_EINVAL, csq_zone_new_tzif(csq_str_of("x"), "", 0, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_zone_new_tzif(csq_str_of("x"), NULL, 0, NULL, &none, NULL));
    assert_status(CSQ_EINVAL, csq_zone_local(NULL, 0, &local, NULL));
    assert_status(CSQ_EINVAL, csq_zone_local(zone, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_zone_resolve(NULL, 0, &found, NULL));
    assert_status(CSQ_EINVAL, csq_zone_resolve(zone, 0, NULL, NULL));
    local.size = 8;
    assert_status(CSQ_EABI, csq_zone_local(zone, 0, &local, NULL));
    found.size = 0;
    assert_status(CSQ_EABI, csq_zone_resolve(zone, 0, &found, NULL));
    csq_zone_free(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_and_abbreviations_are_those_of_zoneinfo),
        cmocka_unit_test(fat_and_slim_files_have_the_same_spans_from_1995_to_2100),
        cmocka_unit_test(spans_are_maximal_and_follow_each_other),
        cmocka_unit_test(local_time_shows_every_member),
        cmocka_unit_test(daylight_flag_is_the_data_s_own),
        cmocka_unit_test(a_local_time_is_unique_skipped_or_repeated),
        cmocka_unit_test(the_tail_begins_where_one_rule_holds_for_ever),
        cmocka_unit_test(both_ends_of_time_answer_or_are_out_of_range),
        cmocka_unit_test(civil_years_end_at_9999),
        cmocka_unit_test(fixed_zones_are_named_by_their_offset),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(the_last_owner_releases_the_zone),
        cmocka_unit_test(missing_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
