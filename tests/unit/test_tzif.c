/*
 * test_tzif — TZif files that are cut short, lie or say the unusual, each refused by name with its
 * byte or answered as RFC 9636 says.
 */
#include "zone_files.h"
#include "time/time_internal.h"

/* ---- a file made by hand ------------------------------------------------------------------- */

typedef struct tzif_text {
    unsigned char bytes[1024];
    size_t size;
} tzif_text;

static void put(tzif_text *file, const void *bytes, size_t n)
{
    assert_true(file->size + n <= sizeof file->bytes);
    memcpy(file->bytes + file->size, bytes, n);
    file->size += n;
}

static void put_number(tzif_text *file, int64_t value, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        const unsigned char byte = (unsigned char)((uint64_t)value >> (8 * i));
        put(file, &byte, 1);
    }
}

typedef struct tzif_type {
    int32_t offset_s;
    int32_t is_daylight;
    int32_t name;
} tzif_type;

/* What to write. Abbreviations: 0 "LMT", 4 "AAA", 8 "BBB". */
typedef struct tzif_plan {
    char version; /* 0, '2', … */
    int n_times;
    int64_t times[6];
    unsigned char type_of[6];
    int n_types;
    tzif_type types[4];
    const char *footer; /* NULL: none */
} tzif_plan;

static const char tzif_names[12] = {'L', 'M', 'T', 0, 'A', 'A', 'A', 0, 'B', 'B', 'B', 0};

static void put_header(tzif_text *file, char version, int n_times, int n_types, int n_names)
{
    static const char zeros[15] = {0};
    put(file, "TZif", 4);
    put(file, &version, 1);
    put(file, zeros, 15);
    const int counts[] = {0, 0, 0, n_times, n_types, n_names};
    for (size_t i = 0; i < 6; i++) {
        put_number(file, counts[i], 4);
    }
}

/* Where the counts of a made file's block stand, relative to its header. */
enum { AT_ISUT = 20, AT_ISSTD = 24, AT_LEAP = 28, AT_TIME = 32, AT_TYPE = 36, AT_NAME = 40 };
/* The second header of a made file with version 2 or more: behind an empty first block. */
enum { SECOND = 44 };

static tzif_text make(const tzif_plan *plan)
{
    tzif_text file = {.size = 0};
    if (plan->version != 0) {
        put_header(&file, plan->version, 0, 0, 0);
    }
    put_header(&file, plan->version, plan->n_times, plan->n_types, sizeof tzif_names);
    for (int i = 0; i < plan->n_times; i++) {
        put_number(&file, plan->times[i], plan->version == 0 ? 4 : 8);
    }
    put(&file, plan->type_of, (size_t)plan->n_times);
    for (int i = 0; i < plan->n_types; i++) {
        put_number(&file, plan->types[i].offset_s, 4);
        put_number(&file, plan->types[i].is_daylight, 1);
        put_number(&file, plan->types[i].name, 1);
    }
    put(&file, tzif_names, sizeof tzif_names);
    if (plan->footer != NULL) {
        put(&file, "\n", 1);
        put(&file, plan->footer, strlen(plan->footer));
        put(&file, "\n", 1);
    }
    return file;
}

static csq_status read_made(const tzif_text *file, csq_zone **zone, csq_error *error)
{
    /* An exact copy on the heap, so that a byte read past the end is seen. */
    unsigned char *copy = malloc(file->size + 1);
    assert_non_null(copy);
    unsigned char *bytes = realloc(copy, file->size == 0 ? 1 : file->size);
    assert_non_null(bytes);
    memcpy(bytes, file->bytes, file->size);
    const csq_status status =
        csq_zone_new_tzif(csq_str_of("Made/Up"), bytes, file->size, NULL, zone, error);
    free(bytes);
    return status;
}

static csq_zone *zone_of_plan(const tzif_plan *plan)
{
    const tzif_text file = make(plan);
    csq_zone *zone;
    assert_status(CSQ_OK, read_made(&file, &zone, NULL));
    return zone;
}

static void assert_offset(const csq_zone *zone, const char *at, int32_t offset_s)
{
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, ms_of(at), &span, NULL));
    assert_int_equal(span.offset_s, offset_s);
}

/* Local mean time, AAA from 1970-01-01 on, BBB from 1970-01-12T13:46:40Z on, then the footer. */
static tzif_plan plain_plan(void)
{
    return (tzif_plan){.version = '2',
                       .n_times = 2,
                       .times = {0, 1000000},
                       .type_of = {1, 2},
                       .n_types = 3,
                       .types = {{-18000, 0, 0}, {3600, 0, 4}, {7200, 1, 8}},
                       .footer = "BBB-2"};
}

/* ---- what a file may say ------------------------------------------------------------------- */

static void type_0_holds_before_the_table_and_the_footer_after_it(void **state)
{
    (void)state;
    const tzif_plan plan = plain_plan();
    csq_zone *zone = zone_of_plan(&plan);
    assert_offset(zone, "1969-12-31T23:59:59.999Z", -18000);
    assert_offset(zone, "1970-01-01T00:00:00Z", 3600);
    assert_offset(zone, "1970-01-12T13:46:39.999Z", 3600);
    assert_offset(zone, "1970-01-12T13:46:40Z", 7200);
    assert_offset(zone, "2999-01-01T00:00:00Z", 7200);
    csq_ms from = 0;
    bool is_fixed = false;
    assert_true(csq__zone_tail(zone, &from, &is_fixed));
    assert_ms_equal(from, 1000000000);
    assert_true(is_fixed);
    csq_zone_free(zone);
}

static void every_version_is_read(void **state)
{
    (void)state;
    static const char versions[] = {'2', '3', '4'};
    for (size_t i = 0; i < sizeof versions; i++) {
        tzif_plan plan = plain_plan();
        plan.version = versions[i];
        plan.footer = "BBB-2CCC,M3.5.0/-1,M10.5.0/167";
        csq_zone *zone = zone_of_plan(&plan);
        assert_offset(zone, "2026-07-01T00:00:00Z", 10800);
        csq_zone_free(zone);
    }
}

static void without_a_footer_later_instants_are_unknown(void **state)
{
    (void)state;
    static const struct {
        char version;
        const char *footer;
    } rows[] = {{0, NULL}, {'2', ""}, {'4', ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tzif_plan plan = plain_plan();
        plan.version = rows[i].version;
        plan.footer = rows[i].footer;
        csq_zone *zone = zone_of_plan(&plan);
        assert_offset(zone, "1970-01-12T13:46:39.999Z", 3600);
        csq__offset_span span;
        csq_local local = {.size = sizeof local};
        csq_resolution found = {.size = sizeof found};
        csq_period period = {.size = sizeof period};
        const csq_period_options day = {.size = sizeof day, .kind = CSQ_PERIOD_DAY};
        char text[CSQ_INSTANT_TEXT];
        assert_status(CSQ_EZONE, csq__zone_span(zone, 1000000000, &span, NULL));
        assert_status(CSQ_EZONE, csq__zone_span(zone, INT64_MAX, &span, NULL));
        assert_status(CSQ_EZONE, csq_zone_local(zone, 1000000000, &local, NULL));
        assert_status(CSQ_EZONE, csq_zone_resolve(zone, 2000000000, &found, NULL));
        assert_status(CSQ_EZONE, csq_zone_resolve(zone, 990000000, &found, NULL));
        assert_status(CSQ_OK, csq_zone_resolve(zone, 500000000, &found, NULL));
        const csq_period_options hour = {.size = sizeof hour, .kind = CSQ_PERIOD_HOUR};
        assert_status(CSQ_EZONE, csq_period_at(zone, &day, 999999999, &period, NULL));
        assert_status(CSQ_EZONE, csq_period_at(zone, &day, 1000000000, &period, NULL));
        assert_status(CSQ_EZONE, csq_period_at(zone, &hour, 1000000000, &period, NULL));
        assert_status(CSQ_OK, csq_period_at(zone, &hour, 999999999, &period, NULL));
        assert_ms_equal(period.to, 1000000000);
        assert_status(CSQ_EZONE, csq_instant_format(2000000000, zone, text, sizeof text, NULL));
        csq_ms from = 0;
        bool is_fixed = true;
        assert_false(csq__zone_tail(zone, &from, &is_fixed));
        assert_ms_equal(from, 1000000000);
        assert_false(is_fixed);
        csq_zone_free(zone);
    }
}

static void without_transitions_the_footer_or_type_0_holds_for_ever(void **state)
{
    (void)state;
    tzif_plan plan = plain_plan();
    plan.n_times = 0;
    csq_zone *zone = zone_of_plan(&plan);
    assert_offset(zone, "1900-01-01T00:00:00Z", 7200);
    csq_zone_free(zone);
    plan.footer = "";
    zone = zone_of_plan(&plan);
    assert_offset(zone, "1900-01-01T00:00:00Z", -18000);
    assert_offset(zone, "2900-01-01T00:00:00Z", -18000);
    csq_zone_free(zone);
}

/* As in Ciudad_Juarez: the table ends between the two changes that the footer has for its year. */
static void changes_of_the_footer_before_the_end_of_the_table_do_not_happen(void **state)
{
    (void)state;
    tzif_plan plan = plain_plan();
    plan.times[0] = ms_of("2022-03-13T08:00:00Z") / 1000;
    plan.times[1] = ms_of("2022-10-30T08:00:00Z") / 1000;
    plan.times[2] = ms_of("2022-11-30T06:00:00Z") / 1000;
    plan.n_times = 3;
    const unsigned char type_of[] = {1, 0, 2};
    memcpy(plan.type_of, type_of, sizeof type_of);
    plan.types[0] = (tzif_type){-21600, 0, 0};
    plan.types[1] = (tzif_type){-18000, 1, 4};
    plan.types[2] = (tzif_type){-25200, 0, 8};
    plan.footer = "BBB7CCC,M3.2.0,M11.1.0";
    csq_zone *zone = zone_of_plan(&plan);
    static const struct {
        const char *at;
        int32_t offset_s;
    } rows[] = {
        {"2022-03-13T07:59:59Z", -21600}, {"2022-03-13T08:00:00Z", -18000},
        {"2022-10-30T07:59:59Z", -18000}, {"2022-10-30T08:00:00Z", -21600},
        {"2022-11-06T08:00:00Z", -21600}, /* the footer's own end of 2022 */
        {"2022-11-30T05:59:59Z", -21600}, {"2022-11-30T06:00:00Z", -25200},
        {"2023-03-12T08:59:59Z", -25200}, {"2023-03-12T09:00:00Z", -21600},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_offset(zone, rows[i].at, rows[i].offset_s);
    }
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, ms_of("2023-01-01T00:00:00Z"), &span, NULL));
    assert_ms_equal(span.from, ms_of("2022-11-30T06:00:00Z"));
    assert_ms_equal(span.until, ms_of("2023-03-12T09:00:00Z"));
    csq_zone_free(zone);
}

static void transitions_to_the_same_type_do_not_cut_spans(void **state)
{
    (void)state;
    tzif_plan plan = plain_plan();
    plan.n_times = 5;
    const int64_t times[] = {0, 10, 20, 30, 40};
    const unsigned char type_of[] = {1, 1, 1, 2, 2};
    memcpy(plan.times, times, sizeof times);
    memcpy(plan.type_of, type_of, sizeof type_of);
    csq_zone *zone = zone_of_plan(&plan);
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, 15000, &span, NULL));
    assert_ms_equal(span.from, 0);
    assert_ms_equal(span.until, 30000);
    assert_status(CSQ_OK, csq__zone_span(zone, 45000, &span, NULL));
    assert_ms_equal(span.from, 30000);
    assert_ms_equal(span.until, INT64_MAX);
    csq_zone_free(zone);
}

/* Old compilers wrote a first transition at -2^59 s, before any instant. */
static void a_transition_before_all_instants_decides_the_first_type(void **state)
{
    (void)state;
    tzif_plan plan = plain_plan();
    plan.times[0] = -(INT64_C(1) << 59);
    csq_zone *zone = zone_of_plan(&plan);
    csq__offset_span span;
    assert_status(CSQ_OK, csq__zone_span(zone, INT64_MIN, &span, NULL));
    assert_int_equal(span.offset_s, 3600);
    assert_ms_equal(span.until, 1000000000);
    csq_zone_free(zone);
}

static void version_1_ends_where_its_table_ends(void **state)
{
    (void)state;
    size_t size;
    unsigned char *bytes = zone_file_bytes("fat", "America/New_York", &size);
    uint32_t counts[6];
    for (size_t i = 0; i < 6; i++) {
        const unsigned char *p = bytes + 20 + 4 * i;
        counts[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    }
    const size_t first_block = 44 + counts[3] * 5 + counts[4] * 6 + counts[5] + counts[2] * 8 +
                               counts[1] + counts[0];
    bytes[4] = 0;
    csq_zone *zone;
    assert_status(CSQ_OK,
                  csq_zone_new_tzif(csq_str_of("NY"), bytes, first_block, NULL, &zone, NULL));
    assert_offset(zone, "2026-07-01T00:00:00Z", -14400);
    assert_offset(zone, "2037-07-01T00:00:00Z", -14400);
    csq__offset_span span;
    assert_status(CSQ_EZONE, csq__zone_span(zone, ms_of("2037-12-01T00:00:00Z"), &span, NULL));
    csq_zone_free(zone);
    free(bytes);
}

/* "-00", local time unspecified, is answered as the file writes it: nobody lived in Troll. */
static void unspecified_local_time_shows_its_abbreviation(void **state)
{
    (void)state;
    csq_zone *zone = zone_of_file("fat", "Antarctica/Troll");
    csq_local local = {.size = sizeof local};
    assert_status(CSQ_OK, csq_zone_local(zone, ms_of("2000-01-01T00:00:00Z"), &local, NULL));
    assert_int_equal(local.offset_s, 0);
    assert_string_equal(local.abbreviation, "-00");
    csq_zone_free(zone);
}

/* ---- what is refused ----------------------------------------------------------------------- */

static void a_file_cut_at_any_byte_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *form;
        const char *name;
    } rows[] = {{"fat", "America/New_York"}, {"slim", "America/New_York"}, {"slim", "Etc/UTC"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t size;
        unsigned char *whole = zone_file_bytes(rows[i].form, rows[i].name, &size);
        for (size_t n = 0; n < size; n++) {
            unsigned char *part = malloc(n == 0 ? 1 : n);
            assert_non_null(part);
            memcpy(part, whole, n);
            csq_zone *zone = (csq_zone *)&state;
            csq_error error;
            assert_status(CSQ_ETZIF,
                          csq_zone_new_tzif(csq_str_of("x"), part, n, NULL, &zone, &error));
            assert_null(zone);
            assert_int_equal(error.byte, (int64_t)n);
            free(part);
        }
        free(whole);
    }
}

static void bytes_after_the_end_are_refused(void **state)
{
    (void)state;
    for (int version = 0; version < 2; version++) {
        tzif_plan plan = plain_plan();
        plan.version = version == 0 ? 0 : '2';
        plan.footer = version == 0 ? NULL : "BBB-2";
        tzif_text file = make(&plan);
        const size_t size = file.size;
        put(&file, "\n", 1);
        csq_zone *zone;
        csq_error error;
        assert_status(CSQ_ETZIF, read_made(&file, &zone, &error));
        assert_int_equal(error.byte, (int64_t)size);
    }
}

/* Offsets in the plain file: header of the block at 44, times at 88, types of transitions at 104,
 * types at 106, names at 124, footer at 136. */
static void files_that_lie_are_refused_at_their_byte(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        int n;
        int64_t value;
        csq_status status;
        int64_t byte;
    } rows[] = {
        {0, 1, 'X', CSQ_ETZIF, 0},
        {4, 1, '5', CSQ_ETZIF, 4},
        {4, 1, '1', CSQ_ETZIF, 4},
        {4, 1, 1, CSQ_ETZIF, 4},
        {AT_TIME, 4, 1, CSQ_ETZIF, 49},            /* moves the second header by five bytes */
        {AT_TIME, 4, UINT32_MAX, CSQ_ETZIF, 143},
        {AT_NAME, 4, UINT32_MAX, CSQ_ETZIF, 143},
        {SECOND, 1, 'x', CSQ_ETZIF, 44},
        {SECOND + 4, 1, '3', CSQ_ETZIF, 48},
        {SECOND + 4, 1, 0, CSQ_ETZIF, 48},
        {SECOND + AT_LEAP, 4, 1, CSQ_ELEAP, 72},
        {SECOND + AT_LEAP, 4, UINT32_MAX, CSQ_ELEAP, 72},
        {SECOND + AT_TIME, 4, 100001, CSQ_ELIMIT, 76},
        {SECOND + AT_TIME, 4, UINT32_MAX, CSQ_ELIMIT, 76},
        {SECOND + AT_TIME, 4, 100000, CSQ_ETZIF, 143},
        {SECOND + AT_TYPE, 4, 0, CSQ_ETZIF, 80},
        {SECOND + AT_TYPE, 4, 257, CSQ_ETZIF, 80},
        {SECOND + AT_TYPE, 4, 256, CSQ_ETZIF, 143},
        {SECOND + AT_NAME, 4, 0, CSQ_ETZIF, 84},
        {SECOND + AT_NAME, 4, UINT32_MAX, CSQ_ETZIF, 143},
        {SECOND + AT_NAME, 4, 11, CSQ_ETZIF, 134}, /* the last name has no NUL */
        {SECOND + AT_ISUT, 4, 1, CSQ_ETZIF, 64},
        {SECOND + AT_ISSTD, 4, 2, CSQ_ETZIF, 68},
        {SECOND + AT_ISSTD, 4, 3, CSQ_ETZIF, 136}, /* the footer is no indicator */
        {88, 8, 1000000, CSQ_ETZIF, 96},           /* does not ascend */
        {88, 8, 1000001, CSQ_ETZIF, 96},
        {96, 8, INT64_MAX, CSQ_ETZIF, 96},         /* later than any instant */
        {96, 8, INT64_MIN, CSQ_ETZIF, 96},
        {104, 1, 3, CSQ_ETZIF, 104},
        {105, 1, 255, CSQ_ETZIF, 105},
        {106, 4, INT32_MIN, CSQ_ETZIF, 106},
        {106, 4, -93600, CSQ_ETZIF, 106},
        {112, 4, 93600, CSQ_ETZIF, 112},
        {110, 1, 2, CSQ_ETZIF, 110},
        {111, 1, 12, CSQ_ETZIF, 111},
        {111, 1, 3, CSQ_ETZIF, 127},               /* an empty abbreviation */
        {124, 1, 0x1B, CSQ_ETZIF, 124},
        {125, 1, 0x80, CSQ_ETZIF, 125},
        {136, 1, 'x', CSQ_ETZIF, 136},
        {137, 1, '9', CSQ_EPOSIXTZ, 137},
        {141, 1, '/', CSQ_EPOSIXTZ, 141},
        {139, 1, 0, CSQ_EPOSIXTZ, 139},
        {139, 1, '\n', CSQ_ETZIF, 140},            /* the footer ends early */
        {142, 1, ' ', CSQ_ETZIF, 143},             /* or not at all */
    };
    const tzif_plan plan = plain_plan();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tzif_text file = make(&plan);
        assert_int_equal(file.size, 143);
        file.size = rows[i].at;
        put_number(&file, rows[i].value, rows[i].n);
        file.size = 143;
        csq_zone *zone = (csq_zone *)&state;
        csq_error error;
        const csq_status status = read_made(&file, &zone, &error);
        assert_null(zone);
        if (status != rows[i].status || error.byte != rows[i].byte) {
            fail_msg("row %d: %s, byte %lld: %s", (int)i, csq_status_name(status),
                     (long long)error.byte, error.message);
        }
        assert_status(rows[i].status, read_made(&file, &zone, NULL));
    }
}

static void indicators_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *isstd;
        const char *isut;
        csq_status status;
        int64_t byte; /* behind the names */
    } rows[] = {
        {"\1\0\1", "", CSQ_OK, 0},         {"\1\0\1", "\1\0\0", CSQ_OK, 0},
        {"", "\0\0\0", CSQ_OK, 0},         {"\1\2\1", "", CSQ_ETZIF, 1},
        {"\1\0\1", "\1\1\0", CSQ_ETZIF, 4}, {"", "\0\0\1", CSQ_ETZIF, 2},
        {"\1\1\1", "\0\2\0", CSQ_ETZIF, 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tzif_plan plan = plain_plan();
        plan.footer = NULL;
        tzif_text file = make(&plan);
        const int has_isstd = rows[i].isstd[0] != 0;
        const int has_isut = i != 0 && i != 3;
        const size_t end = file.size;
        if (has_isstd) {
            put(&file, rows[i].isstd, 3);
            file.bytes[SECOND + AT_ISSTD + 3] = 3;
        }
        if (has_isut) {
            put(&file, rows[i].isut, 3);
            file.bytes[SECOND + AT_ISUT + 3] = 3;
        }
        put(&file, "\nBBB-2\n", 7);
        csq_zone *zone;
        csq_error error = {.byte = (int64_t)end};
        assert_status(rows[i].status, read_made(&file, &zone, &error));
        assert_int_equal(error.byte, (int64_t)end + rows[i].byte);
        csq_zone_free(zone);
    }
}

static void long_abbreviations_are_refused(void **state)
{
    (void)state;
    for (int n = 15; n <= 16; n++) {
        tzif_text file = {.size = 0};
        put_header(&file, 0, 0, 1, n + 1);
        put_number(&file, 0, 4);
        put_number(&file, 0, 2);
        put(&file, "ABCDEFGHIJKLMNOP", (size_t)n);
        put_number(&file, 0, 1);
        csq_zone *zone;
        csq_error error;
        assert_status(n == 15 ? CSQ_OK : CSQ_ETZIF, read_made(&file, &zone, &error));
        csq_zone_free(zone);
    }
}

/* Every byte of a file, each set to a few values: an answer or an error, never more. */
static void changed_bytes_never_do_harm(void **state)
{
    (void)state;
    static const unsigned char values[] = {0, 1, 0x7F, 0x80, 0xFF};
    size_t size;
    unsigned char *bytes = zone_file_bytes("slim", "America/Santiago", &size);
    for (size_t i = 0; i < size; i++) {
        const unsigned char old = bytes[i];
        for (size_t j = 0; j < sizeof values; j++) {
            bytes[i] = values[j];
            csq_zone *zone;
            if (csq_zone_new_tzif(csq_str_of("x"), bytes, size, NULL, &zone, NULL) == CSQ_OK) {
                csq_resolution found = {.size = sizeof found};
                (void)csq_zone_resolve(zone, ms_of("2026-04-05T00:00:00"), &found, NULL);
            }
            csq_zone_free(zone);
        }
        bytes[i] = old;
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(type_0_holds_before_the_table_and_the_footer_after_it),
        cmocka_unit_test(every_version_is_read),
        cmocka_unit_test(without_a_footer_later_instants_are_unknown),
        cmocka_unit_test(without_transitions_the_footer_or_type_0_holds_for_ever),
        cmocka_unit_test(changes_of_the_footer_before_the_end_of_the_table_do_not_happen),
        cmocka_unit_test(transitions_to_the_same_type_do_not_cut_spans),
        cmocka_unit_test(a_transition_before_all_instants_decides_the_first_type),
        cmocka_unit_test(version_1_ends_where_its_table_ends),
        cmocka_unit_test(unspecified_local_time_shows_its_abbreviation),
        cmocka_unit_test(a_file_cut_at_any_byte_is_refused),
        cmocka_unit_test(bytes_after_the_end_are_refused),
        cmocka_unit_test(files_that_lie_are_refused_at_their_byte),
        cmocka_unit_test(indicators_are_checked),
        cmocka_unit_test(long_abbreviations_are_refused),
        cmocka_unit_test(changed_bytes_never_do_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
