/*
 * database — the SQLite connection of the store: tables, statements by name, binding, stepping.
 *
 * Only store.c uses it. Every function says on stderr why it fails.
 */
#ifndef SERVICE_DESK_DATABASE_H
#define SERVICE_DESK_DATABASE_H

#include <stdbool.h>

#include <sqlite3.h>

#include <csq/csq.h>

typedef enum database_query {
    GET_RULES,
    SET_RULES,
    GET_IMPORT,
    GET_OTHER_IMPORT,
    PUT_IMPORT,
    ADD_INCIDENT,
    GET_INCIDENT,
    ADD_UPDATE,
    GET_UPDATE,
    SET_STALE,
    LIST_UPDATES,
    NEXT_STALE,
    PUT_STATE,
    LIST_INCIDENTS,
    FIND_INCIDENT,
    FIND_SIMILAR,
    COUNT_ALL,
    COUNT_AT,
    LAST_UPDATE,
    DATABASE_QUERIES
} database_query;

typedef struct store {
    sqlite3 *connection;
    char *path;
    sqlite3_stmt *statements[DATABASE_QUERIES];
} store;

bool database_run_sql(store *db, const char *sql);

/* A statement ready to be bound, or NULL. It stays prepared. */
sqlite3_stmt *database_use(store *db, database_query query);
/* The text has to live until the statement has run. */
void database_bind(sqlite3_stmt *statement, int index, csq_str text);
/* Borrowed until the statement goes on. */
csq_str database_text(sqlite3_stmt *statement, int index);
/* Runs a statement that returns nothing. */
bool database_run(store *db, sqlite3_stmt *statement);
/* Steps to a row; `*has_row` is false at the end, where the statement is reset. */
bool database_step(store *db, sqlite3_stmt *statement, bool *has_row);

#endif
