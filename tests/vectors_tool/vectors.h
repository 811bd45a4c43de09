/*
 * vectors — what the families of csq-vectors share: files, JSON, zones, calendars, the tally.
 *
 * A family translates each case into public calls of libcsq and compares; it does no arithmetic of
 * its own beyond units. What it cannot read or does not support counts as failed.
 */
#ifndef CSQ_TESTS_VECTORS_H
#define CSQ_TESTS_VECTORS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "csq/calendar.h"

typedef struct vectors_zone {
    char name[256];
    csq_zone *zone;
} vectors_zone;

/* One run of the tool. */
typedef struct vectors_run {
    const char *file;
    const char *calendars; /* --calendars, or NULL: calendars.json beside the file */
    const char *tz;        /* --tz, or NULL: tz/fat beside the file or in ../calendar */
    unsigned long passed;
    unsigned long failed;
    bool case_failed; /* the case that is running has failed already */
    vectors_zone *zones;
    size_t n_zones;
} vectors_run;

typedef struct vectors_family {
    const char *name;
    /* Runs one case, an object; reports with vectors_fail. */
    void (*run_case)(vectors_run *run, void *state, const char *id, const json_t *object);
    /* Makes the family's state before the first case, and frees it; each may be NULL. `open`
     * returns false after it has said why. */
    bool (*open)(vectors_run *run, void **state);
    void (*close)(void *state);
} vectors_family;

extern const vectors_family vectors_calendar;
extern const vectors_family vectors_sla;

/* Runs every line of run->file. False if it cannot be read. */
bool vectors_run_file(vectors_run *run, const vectors_family *family);
void vectors_run_free(vectors_run *run);

/* ---- reporting ----------------------------------------------------------------------------- */

/* Counts the running case as failed, once, and prints a line. */
void vectors_fail(vectors_run *run, const char *id, const char *field, const char *expected,
                  const char *got);
void vectors_fail_error(vectors_run *run, const char *id, const char *field,
                        const csq_error *error);
/* Compares numbers; false, and reported, if they differ. */
bool vectors_check_number(vectors_run *run, const char *id, const char *field, int64_t expected,
                          int64_t got);

/* ---- files and zones ----------------------------------------------------------------------- */

/* The bytes of a file, ended by a NUL that is not counted, or NULL. The caller frees them. */
char *vectors_read_file(const char *path, size_t *size);
/* `name` in the directory of `file`; the caller frees it. */
char *vectors_beside(const char *file, const char *name);
/* The zone of an IANA name, loaded once; NULL, and `error` filled, if it cannot be had. */
csq_zone *vectors_zone_of(vectors_run *run, const char *name, csq_error *error);

/* ---- calendars ----------------------------------------------------------------------------- */

/*
 * Builds {tz, weekly, holidays, overrides, breaks} with the years given. Holidays are dates or
 * {date, from, to}; times are HH:MM or HH:MM:SS, up to 48:00; any of the lists may be missing.
 * NULL, and `error` filled, if that fails.
 */
csq_calendar *vectors_calendar_of(vectors_run *run, const json_t *object, int32_t first_year,
                                  int32_t last_year, csq_error *error);

#endif
