/*
 * store — the database: incidents, their updates, the rules, and how far each import has come.
 *
 * What the host keeps:
 *   event     one row for each update, as the log says it; the truth, never changed
 *   incident  number, and `state`: the encoded ticket, made from the events by libcsq. It is a
 *             cache: NULL means that it has to be made again. Clocks are not kept; they are
 *             computed from the ticket whenever they are asked for
 *   rules     the text of the rules document
 *   import    for each file: rows counted and the place to go on, written in the same transaction
 *             as the rows themselves
 * Every function says on stderr why it fails.
 */
#ifndef SERVICE_DESK_STORE_H
#define SERVICE_DESK_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "csv.h"
#include "log.h"

typedef struct store store;

/* `store_exists` is true also of a file that is no database. `may_create` makes the file and its
 * tables where there are none. */
bool store_exists(const char *path);
store *store_open(const char *path, bool may_create);
void store_close(store *db);

/* What is not committed is gone when the program ends, however it ends. */
bool store_begin(store *db);
bool store_commit(store *db);

/* The caller frees `*text`, which is NULL when no rules are stored. */
bool store_get_rules(store *db, char **text, uint64_t *size);
bool store_set_rules(store *db, csq_str text);

/* ---- imports ------------------------------------------------------------------------------- */

typedef struct store_import {
    int64_t fingerprint; /* of the file */
    csv_place place;     /* where to go on; byte 0: at the header */
    int64_t added;       /* rows */
    int64_t repeated;    /* rows that were there already */
    int64_t bad;
    int32_t is_finished;
} store_import;

/* Fills the members after `fingerprint`, with zeros if the file was never seen. */
bool store_get_import(store *db, store_import *import);
/* Whether another file of this path was imported before. */
bool store_has_other_import(store *db, const char *path, int64_t fingerprint, bool *has);
bool store_put_import(store *db, const char *path, const store_import *import);

/* ---- updates ------------------------------------------------------------------------------- */

typedef enum store_result {
    STORE_ADDED,
    STORE_REPEATED,        /* the same update is there already */
    STORE_CONFLICT,        /* another update has this number */
    STORE_OTHER_OPENED_AT, /* the incident was opened at another time */
    STORE_FAILED
} store_result;

store_result store_add_update(store *db, const log_row *row);

/* The updates of an incident in the order in which they happened: begin, then next until it gives
 * false; `*is_failed` tells an error from the end. Text is borrowed until the next call. */
bool store_begin_updates(store *db, int64_t incident);
bool store_next_update(store *db, log_row *out, bool *is_failed);

/* ---- incidents ----------------------------------------------------------------------------- */

typedef struct store_incident {
    int64_t id;
    csq_str number;
    const void *state; /* NULL: to be made. Borrowed until the next call */
    uint64_t state_size;
    int32_t made_sla; /* what the source says of its last update */
} store_incident;

/* The next incident above `after` whose state has to be made; `*id` is 0 when there is none. */
bool store_next_stale(store *db, int64_t after, int64_t *id);
bool store_put_state(store *db, int64_t id, const void *state, uint64_t size, int32_t made_sla);

/* All incidents in the order of their numbers; used as the updates are. */
bool store_begin_incidents(store *db);
bool store_next_incident(store *db, store_incident *out, bool *is_failed);
/* `out->id` is 0 when there is no incident of that number. */
bool store_find_incident(store *db, csq_str number, store_incident *out);
/* A number that has the same digits behind letters and zeros; the caller frees it. NULL: none. */
bool store_find_similar(store *db, csq_str number, char **similar);

typedef struct store_totals {
    int64_t incidents;
    int64_t updates;
    int64_t stale;      /* incidents whose state has to be made again */
    int64_t unfinished; /* imports that did not come to their end */
    csq_ms last_at;     /* CSQ_MS_NONE without updates */
} store_totals;

bool store_count(store *db, store_totals *out);
/* The last update before an instant, or of all where there is none; CSQ_MS_NONE without updates. */
bool store_last_update(store *db, csq_ms before, csq_ms *out);
/* Incidents opened and updates made by `now`; the other members stay. */
bool store_count_at(store *db, csq_ms now, store_totals *out);

#endif
