/*
 * zone_files — for tests about time: the committed TZif files, and instants written as text.
 *
 * CSQ_TEST_DATA is the path of tests/vectors; the build defines it.
 */
#ifndef CSQ_TESTS_ZONE_FILES_H
#define CSQ_TESTS_ZONE_FILES_H

#include <stdio.h>

#include "csq/time.h"
#include "support.h"

enum { ZONE_FILE_LIMIT = 65536 };

static const char *const zone_file_names[] = {
    "Africa/Cairo",         "Africa/Casablanca", "Africa/Khartoum",      "America/Asuncion",
    "America/Caracas",      "America/Havana",    "America/Los_Angeles",  "America/New_York",
    "America/Nuuk",         "America/Phoenix",   "America/Santiago",     "America/Sao_Paulo",
    "America/Scoresbysund", "America/St_Johns",  "America/Vancouver",    "Antarctica/Casey",
    "Antarctica/Troll",     "Asia/Amman",        "Asia/Beirut",          "Asia/Colombo",
    "Asia/Dhaka",           "Asia/Gaza",         "Asia/Jerusalem",       "Asia/Kathmandu",
    "Asia/Kolkata",         "Asia/Pyongyang",    "Asia/Shanghai",        "Asia/Tehran",
    "Asia/Tokyo",           "Australia/Lord_Howe", "Australia/Sydney",   "Etc/UTC",
    "Europe/Berlin",        "Europe/Dublin",     "Europe/Istanbul",      "Europe/London",
    "Europe/Moscow",        "Europe/Volgograd",  "Pacific/Apia",         "Pacific/Auckland",
    "Pacific/Chatham",      "Pacific/Fiji",      "Pacific/Kiritimati",   "Pacific/Norfolk",
    "Pacific/Tongatapu",
};

enum { ZONE_FILE_COUNT = sizeof zone_file_names / sizeof zone_file_names[0] };

/* The bytes of "fat" or "slim" `name`; the caller frees them. */
static inline unsigned char *zone_file_bytes(const char *form, const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/calendar/tz/%s/%s", CSQ_TEST_DATA, form, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    unsigned char *bytes = malloc(ZONE_FILE_LIMIT);
    assert_non_null(bytes);
    *size = fread(bytes, 1, ZONE_FILE_LIMIT, file);
    fclose(file);
    return bytes;
}

static inline csq_zone *zone_of_file(const char *form, const char *name)
{
    size_t size;
    unsigned char *bytes = zone_file_bytes(form, name, &size);
    csq_zone *zone;
    assert_status(CSQ_OK, csq_zone_new_tzif(csq_str_of(name), bytes, size, NULL, &zone, NULL));
    free(bytes);
    return zone;
}

static inline csq_zone *zone_of_posix(const char *text)
{
    csq_zone *zone;
    assert_status(CSQ_OK, csq_zone_new_posix(csq_str_of(text), NULL, &zone, NULL));
    return zone;
}

/* The instant of "2026-10-01T09:30:00Z"; without an offset it is a local time. */
static inline csq_ms ms_of(const char *text)
{
    char whole[64];
    const size_t n = strlen(text);
    const char last = text[n - 1];
    const int has_offset = last == 'Z' || text[n - 6] == '+' || text[n - 6] == '-';
    snprintf(whole, sizeof whole, "%s%s", text, has_offset ? "" : "Z");
    csq_ms out = 0;
    assert_status(CSQ_OK, csq_instant_parse(csq_str_of(whole), &out, NULL));
    return out;
}

#endif
