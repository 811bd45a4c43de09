/*
 * zones — time zones by IANA name, as the machine's zone database has them.
 *
 * libcsq takes the bytes of a zone file and never looks for one itself. Names come from a rules
 * document, which may be hostile: only letters, digits, '_', '-' and '+' between single slashes
 * are taken, so that neither "../../etc/passwd" nor "/dev/zero" is opened.
 *
 * Uses: text.
 */
#include "zones.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

enum { ZONES_FILE_LIMIT = 1 << 20, ZONES_PATH_CAPACITY = 4096 };

static bool is_zone_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '+';
}

static bool is_zone_name(csq_str name)
{
    if (name.size == 0 || name.size > CSQ_ZONE_NAME_LIMIT) {
        return false;
    }
    char before = '/';
    for (uint64_t i = 0; i < name.size; ++i) {
        const char c = name.data[i];
        if (c == '/' ? before == '/' : !is_zone_character(c)) {
            return false;
        }
        before = c;
    }
    return before != '/';
}

csq_status zones_find(void *directory, csq_str name, csq_zone **out)
{
    *out = NULL;
    if (!is_zone_name(name)) {
        text_say("\"%.*s\" is not the name of a zone", TEXT(name));
        return CSQ_EZONE;
    }
    char path[ZONES_PATH_CAPACITY];
    const int length = snprintf(path, sizeof path, "%s/%.*s", (const char *)directory, TEXT(name));
    if (length < 0 || (size_t)length >= sizeof path) {
        return CSQ_EZONE;
    }
    char *bytes = NULL;
    uint64_t size = 0;
    if (!text_read_file(path, ZONES_FILE_LIMIT, &bytes, &size)) {
        text_say("the zone database comes with the package tzdata; --zoneinfo names another place");
        return CSQ_EZONE;
    }
    csq_error error;
    const csq_status status = csq_zone_new_tzif(name, bytes, size, NULL, out, &error);
    if (status != CSQ_OK) {
        text_fail_csq(path, &error);
    }
    free(bytes);
    return status;
}
