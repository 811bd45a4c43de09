/*
 * database — the SQLite connection of the store: tables, statements by name, binding, stepping.
 *
 * All SQL of the program is in the two tables below. Statements are prepared when they are first
 * used and kept. The journal is a write-ahead log: reports may read while an import writes.
 *
 * Uses: text; SQLite.
 */
#include "database.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "store.h"
#include "text.h"

/* What numbers of incidents begin with before the digits that tell them apart. */
#define NUMBER_PREFIX "'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0#-_ '"

enum { DATABASE_APPLICATION = 0x63737164, DATABASE_VERSION = 1 }; /* "csqd" */

static const char schema_sql[] =
    "CREATE TABLE rules (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL);"
    "CREATE TABLE import (fingerprint INTEGER PRIMARY KEY, path TEXT NOT NULL,"
    "  byte INTEGER NOT NULL, line INTEGER NOT NULL, added INTEGER NOT NULL,"
    "  repeated INTEGER NOT NULL, bad INTEGER NOT NULL, is_finished INTEGER NOT NULL);"
    "CREATE TABLE incident (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE,"
    "  opened_at INTEGER NOT NULL, made_sla INTEGER, state BLOB);"
    "CREATE INDEX incident_stale ON incident (id) WHERE state IS NULL;"
    "CREATE TABLE event (incident INTEGER NOT NULL REFERENCES incident, sequence INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, status TEXT NOT NULL, priority TEXT NOT NULL, team TEXT NOT NULL,"
    "  assignee TEXT NOT NULL, made_sla INTEGER NOT NULL,"
    "  PRIMARY KEY (incident, sequence)) WITHOUT ROWID;"
    "PRAGMA application_id = 0x63737164; PRAGMA user_version = 1;";

static const char *const query_sql[DATABASE_QUERIES] = {
    [GET_RULES] = "SELECT text FROM rules",
    [SET_RULES] = "INSERT OR REPLACE INTO rules VALUES (1, ?1)",
    [GET_IMPORT] = "SELECT byte, line, added, repeated, bad, is_finished FROM import"
                   " WHERE fingerprint = ?1",
    [GET_OTHER_IMPORT] = "SELECT 1 FROM import WHERE path = ?1 AND fingerprint <> ?2",
    [PUT_IMPORT] = "INSERT OR REPLACE INTO import VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [ADD_INCIDENT] = "INSERT INTO incident (number, opened_at) VALUES (?1, ?2)",
    [GET_INCIDENT] = "SELECT id, opened_at FROM incident WHERE number = ?1",
    [ADD_UPDATE] = "INSERT OR IGNORE INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [GET_UPDATE] = "SELECT 1 FROM event WHERE incident = ?1 AND sequence = ?2 AND at = ?3"
                   " AND status = ?4 AND priority = ?5 AND team = ?6 AND assignee = ?7"
                   " AND made_sla = ?8",
    [SET_STALE] = "UPDATE incident SET state = NULL WHERE id = ?1 AND state IS NOT NULL",
    [LIST_UPDATES] = "SELECT number, sequence, opened_at, at, status, priority, team, assignee,"
                     " event.made_sla FROM event JOIN incident ON incident.id = incident"
                     " WHERE incident = ?1 ORDER BY at, sequence",
    [NEXT_STALE] = "SELECT id FROM incident WHERE state IS NULL AND id > ?1 ORDER BY id LIMIT 1",
    [PUT_STATE] = "UPDATE incident SET state = ?2, made_sla = ?3 WHERE id = ?1",
    [LIST_INCIDENTS] = "SELECT id, number, state, made_sla FROM incident ORDER BY number",
    [FIND_INCIDENT] = "SELECT id, number, state, made_sla FROM incident WHERE number = ?1",
    [FIND_SIMILAR] = "SELECT number FROM incident WHERE ltrim(trim(?1), " NUMBER_PREFIX ") <> ''"
                     " AND ltrim(number, " NUMBER_PREFIX ") = ltrim(trim(?1), " NUMBER_PREFIX ")"
                     " ORDER BY number LIMIT 1",
    [COUNT_ALL] = "SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM event),"
                  " (SELECT count(*) FROM incident WHERE state IS NULL),"
                  " (SELECT count(*) FROM import WHERE NOT is_finished),"
                  " (SELECT max(at) FROM event)",
    [COUNT_AT] = "SELECT (SELECT count(*) FROM incident WHERE opened_at <= ?1),"
                 " (SELECT count(*) FROM event WHERE at <= ?1)",
    [LAST_UPDATE] = "SELECT coalesce((SELECT max(at) FROM event WHERE at < ?1), max(at))"
                    " FROM event",
};

static bool database_fail(store *db)
{
    return text_fail("database %s: %s", db->path, sqlite3_errmsg(db->connection));
}

bool database_run_sql(store *db, const char *sql)
{
    return sqlite3_exec(db->connection, sql, NULL, NULL, NULL) == SQLITE_OK || database_fail(db);
}

/* ---- statements ---------------------------------------------------------------------------- */

sqlite3_stmt *database_use(store *db, database_query query)
{
    sqlite3_stmt **statement = &db->statements[query];
    if (*statement == NULL &&
        sqlite3_prepare_v3(db->connection, query_sql[query], -1, SQLITE_PREPARE_PERSISTENT,
                           statement, NULL) != SQLITE_OK) {
        database_fail(db);
        return NULL;
    }
    sqlite3_reset(*statement);
    return *statement;
}

void database_bind(sqlite3_stmt *statement, int index, csq_str text)
{
    sqlite3_bind_text(statement, index, text.size != 0 ? text.data : "", (int)text.size,
                      SQLITE_STATIC);
}

csq_str database_text(sqlite3_stmt *statement, int index)
{
    const char *text = (const char *)sqlite3_column_text(statement, index);
    return (csq_str){text, (uint64_t)sqlite3_column_bytes(statement, index)};
}

bool database_run(store *db, sqlite3_stmt *statement)
{
    const bool is_done = sqlite3_step(statement) == SQLITE_DONE;
    if (!is_done) {
        database_fail(db);
    }
    sqlite3_reset(statement);
    return is_done;
}

bool database_step(store *db, sqlite3_stmt *statement, bool *has_row)
{
    const int result = sqlite3_step(statement);
    *has_row = result == SQLITE_ROW;
    if (result == SQLITE_ROW) {
        return true;
    }
    const bool is_done = result == SQLITE_DONE || database_fail(db);
    sqlite3_reset(statement);
    return is_done;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* A number that a PRAGMA or SELECT gives. */
static bool get_number(store *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *statement = NULL;
    const bool is_there =
        sqlite3_prepare_v2(db->connection, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;
    if (is_there) {
        *out = sqlite3_column_int64(statement, 0);
    } else {
        database_fail(db);
    }
    sqlite3_finalize(statement);
    return is_there;
}

static bool database_prepare(store *db, bool may_create)
{
    sqlite3_busy_timeout(db->connection, 10000);
    int64_t application = 0;
    int64_t version = 0;
    int64_t tables = 0;
    if (!get_number(db, "PRAGMA application_id", &application) ||
        !get_number(db, "PRAGMA user_version", &version) ||
        !get_number(db, "SELECT count(*) FROM sqlite_schema", &tables)) {
        return false;
    }
    if (application == DATABASE_APPLICATION) {
        return version == DATABASE_VERSION ||
               text_fail("database %s has format %" PRId64 ", this program knows %d", db->path,
                         version, DATABASE_VERSION);
    }
    if (tables != 0) {
        return text_fail("%s is not a database of this program", db->path);
    }
    if (!may_create) {
        return text_fail("%s is empty: nothing was imported yet; a new database needs --rules",
                         db->path);
    }
    return database_run_sql(db, "PRAGMA journal_mode = WAL") && store_begin(db) &&
           database_run_sql(db, schema_sql) && store_commit(db);
}

bool store_exists(const char *path)
{
    FILE *file = fopen(path, "rb");
    const bool is_missing = file == NULL && errno == ENOENT;
    if (file != NULL) {
        fclose(file);
    }
    return !is_missing;
}

store *store_open(const char *path, bool may_create)
{
    if (!may_create && !store_exists(path)) {
        text_fail("there is no database %s; `import` makes one", path);
        return NULL;
    }
    store *db = text_grow(NULL, sizeof *db);
    *db = (store){.path = text_copy(csq_str_of(path))};
    const int flags = SQLITE_OPEN_READWRITE | (may_create ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(path, &db->connection, flags, NULL) != SQLITE_OK) {
        database_fail(db);
        store_close(db);
        return NULL;
    }
    if (!database_prepare(db, may_create)) {
        store_close(db);
        return NULL;
    }
    return db;
}

void store_close(store *db)
{
    if (db != NULL) {
        for (int i = 0; i < DATABASE_QUERIES; ++i) {
            sqlite3_finalize(db->statements[i]);
        }
        sqlite3_close(db->connection);
        free(db->path);
        free(db);
    }
}

bool store_begin(store *db)
{
    return database_run_sql(db, "BEGIN IMMEDIATE");
}

bool store_commit(store *db)
{
    return database_run_sql(db, "COMMIT");
}
