/*
 * store — the database: incidents, their updates, the rules, and how far each import has come.
 *
 * A uniqueness rule of the table decides whether an update is new, so running an import twice adds
 * nothing. An update that is new makes the state of its incident stale.
 *
 * Uses: database, text.
 */
#include "store.h"

#include "database.h"
#include "text.h"

/* ---- rules and imports --------------------------------------------------------------------- */

bool store_get_rules(store *db, char **text, uint64_t *size)
{
    sqlite3_stmt *statement = database_use(db, GET_RULES);
    bool has_row = false;
    if (statement == NULL || !database_step(db, statement, &has_row)) {
        return false;
    }
    *text = NULL;
    *size = 0;
    if (has_row) {
        const csq_str stored = database_text(statement, 0);
        *text = text_copy(stored);
        *size = stored.size;
        sqlite3_reset(statement);
    }
    return true;
}

bool store_set_rules(store *db, csq_str text)
{
    sqlite3_stmt *statement = database_use(db, SET_RULES);
    if (statement == NULL) {
        return false;
    }
    database_bind(statement, 1, text);
    return database_run(db, statement);
}

bool store_get_import(store *db, store_import *import)
{
    sqlite3_stmt *statement = database_use(db, GET_IMPORT);
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, import->fingerprint);
    bool has_row = false;
    if (!database_step(db, statement, &has_row)) {
        return false;
    }
    *import = (store_import){.fingerprint = import->fingerprint};
    if (has_row) {
        import->place.byte = sqlite3_column_int64(statement, 0);
        import->place.line = sqlite3_column_int64(statement, 1);
        import->added = sqlite3_column_int64(statement, 2);
        import->repeated = sqlite3_column_int64(statement, 3);
        import->bad = sqlite3_column_int64(statement, 4);
        import->is_finished = sqlite3_column_int(statement, 5);
        sqlite3_reset(statement);
    }
    return true;
}

bool store_has_other_import(store *db, const char *path, int64_t fingerprint, bool *has)
{
    sqlite3_stmt *statement = database_use(db, GET_OTHER_IMPORT);
    if (statement == NULL) {
        return false;
    }
    database_bind(statement, 1, csq_str_of(path));
    sqlite3_bind_int64(statement, 2, fingerprint);
    if (!database_step(db, statement, has)) {
        return false;
    }
    sqlite3_reset(statement);
    return true;
}

bool store_put_import(store *db, const char *path, const store_import *import)
{
    sqlite3_stmt *statement = database_use(db, PUT_IMPORT);
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, import->fingerprint);
    database_bind(statement, 2, csq_str_of(path));
    sqlite3_bind_int64(statement, 3, import->place.byte);
    sqlite3_bind_int64(statement, 4, import->place.line);
    sqlite3_bind_int64(statement, 5, import->added);
    sqlite3_bind_int64(statement, 6, import->repeated);
    sqlite3_bind_int64(statement, 7, import->bad);
    sqlite3_bind_int(statement, 8, import->is_finished);
    return database_run(db, statement);
}

/* ---- updates ------------------------------------------------------------------------------- */

/* The id of the incident of a row, made if it is new. */
static store_result find_or_add_incident(store *db, const log_row *row, int64_t *id)
{
    sqlite3_stmt *get = database_use(db, GET_INCIDENT);
    sqlite3_stmt *add = database_use(db, ADD_INCIDENT);
    if (get == NULL || add == NULL) {
        return STORE_FAILED;
    }
    database_bind(get, 1, row->number);
    bool has_row = false;
    if (!database_step(db, get, &has_row)) {
        return STORE_FAILED;
    }
    if (has_row) {
        *id = sqlite3_column_int64(get, 0);
        const bool is_same = sqlite3_column_int64(get, 1) == row->opened_at;
        sqlite3_reset(get);
        return is_same ? STORE_ADDED : STORE_OTHER_OPENED_AT;
    }
    database_bind(add, 1, row->number);
    sqlite3_bind_int64(add, 2, row->opened_at);
    if (!database_run(db, add)) {
        return STORE_FAILED;
    }
    *id = sqlite3_last_insert_rowid(db->connection);
    return STORE_ADDED;
}

static void bind_update(sqlite3_stmt *statement, int64_t incident, const log_row *row)
{
    sqlite3_bind_int64(statement, 1, incident);
    sqlite3_bind_int64(statement, 2, row->sequence);
    sqlite3_bind_int64(statement, 3, row->at);
    database_bind(statement, 4, row->status);
    database_bind(statement, 5, row->priority);
    database_bind(statement, 6, row->group);
    database_bind(statement, 7, row->assignee);
    sqlite3_bind_int(statement, 8, row->made_sla);
}

store_result store_add_update(store *db, const log_row *row)
{
    int64_t incident = 0;
    const store_result found = find_or_add_incident(db, row, &incident);
    if (found != STORE_ADDED) {
        return found;
    }
    sqlite3_stmt *add = database_use(db, ADD_UPDATE);
    sqlite3_stmt *get = database_use(db, GET_UPDATE);
    sqlite3_stmt *stale = database_use(db, SET_STALE);
    if (add == NULL || get == NULL || stale == NULL) {
        return STORE_FAILED;
    }
    bind_update(add, incident, row);
    if (!database_run(db, add)) {
        return STORE_FAILED;
    }
    if (sqlite3_changes(db->connection) != 0) {
        sqlite3_bind_int64(stale, 1, incident);
        return database_run(db, stale) ? STORE_ADDED : STORE_FAILED;
    }
    bind_update(get, incident, row);
    bool is_same = false;
    if (!database_step(db, get, &is_same)) {
        return STORE_FAILED;
    }
    sqlite3_reset(get);
    return is_same ? STORE_REPEATED : STORE_CONFLICT;
}

bool store_begin_updates(store *db, int64_t incident)
{
    sqlite3_stmt *statement = database_use(db, LIST_UPDATES);
    return statement != NULL && sqlite3_bind_int64(statement, 1, incident) == SQLITE_OK;
}

bool store_next_update(store *db, log_row *out, bool *is_failed)
{
    sqlite3_stmt *statement = db->statements[LIST_UPDATES];
    bool has_row = false;
    *is_failed = !database_step(db, statement, &has_row);
    if (has_row) {
        out->number = database_text(statement, 0);
        out->sequence = sqlite3_column_int64(statement, 1);
        out->opened_at = sqlite3_column_int64(statement, 2);
        out->at = sqlite3_column_int64(statement, 3);
        out->status = database_text(statement, 4);
        out->priority = database_text(statement, 5);
        out->group = database_text(statement, 6);
        out->assignee = database_text(statement, 7);
        out->made_sla = sqlite3_column_int(statement, 8);
    }
    return has_row;
}

/* ---- incidents ----------------------------------------------------------------------------- */

bool store_next_stale(store *db, int64_t after, int64_t *id)
{
    sqlite3_stmt *statement = database_use(db, NEXT_STALE);
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, after);
    bool has_row = false;
    if (!database_step(db, statement, &has_row)) {
        return false;
    }
    *id = has_row ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    return true;
}

bool store_put_state(store *db, int64_t id, const void *state, uint64_t size, int32_t made_sla)
{
    sqlite3_stmt *statement = database_use(db, PUT_STATE);
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_blob64(statement, 2, state, size, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, made_sla);
    return database_run(db, statement);
}

static void read_incident(sqlite3_stmt *statement, store_incident *out)
{
    out->id = sqlite3_column_int64(statement, 0);
    out->number = database_text(statement, 1);
    const bool has_state = sqlite3_column_type(statement, 2) != SQLITE_NULL;
    const void *state = sqlite3_column_blob(statement, 2); /* NULL also where it has no bytes */
    out->state = has_state && state == NULL ? "" : state;
    out->state_size = (uint64_t)sqlite3_column_bytes(statement, 2);
    out->made_sla = sqlite3_column_int(statement, 3);
}

bool store_begin_incidents(store *db)
{
    return database_use(db, LIST_INCIDENTS) != NULL;
}

bool store_next_incident(store *db, store_incident *out, bool *is_failed)
{
    bool has_row = false;
    *is_failed = !database_step(db, db->statements[LIST_INCIDENTS], &has_row);
    if (has_row) {
        read_incident(db->statements[LIST_INCIDENTS], out);
    }
    return has_row;
}

bool store_find_incident(store *db, csq_str number, store_incident *out)
{
    sqlite3_stmt *statement = database_use(db, FIND_INCIDENT);
    if (statement == NULL) {
        return false;
    }
    database_bind(statement, 1, number);
    bool has_row = false;
    if (!database_step(db, statement, &has_row)) {
        return false;
    }
    out->id = 0;
    if (has_row) {
        read_incident(statement, out);
    }
    return true;
}

bool store_find_similar(store *db, csq_str number, char **similar)
{
    sqlite3_stmt *statement = database_use(db, FIND_SIMILAR);
    *similar = NULL;
    if (statement == NULL) {
        return false;
    }
    database_bind(statement, 1, number);
    bool has_row = false;
    if (!database_step(db, statement, &has_row)) {
        return false;
    }
    if (has_row) {
        *similar = text_copy(database_text(statement, 0));
        sqlite3_reset(statement);
    }
    return true;
}

bool store_count_at(store *db, csq_ms now, store_totals *out)
{
    sqlite3_stmt *statement = database_use(db, COUNT_AT);
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, now);
    bool has_row = false;
    if (!database_step(db, statement, &has_row)) {
        return false;
    }
    out->incidents = sqlite3_column_int64(statement, 0);
    out->updates = sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    return true;
}

/* An instant that a query gives, none where it gives NULL. */
static csq_ms column_instant(sqlite3_stmt *statement, int index)
{
    return sqlite3_column_type(statement, index) == SQLITE_NULL
               ? CSQ_MS_NONE
               : sqlite3_column_int64(statement, index);
}

bool store_last_update(store *db, csq_ms before, csq_ms *out)
{
    sqlite3_stmt *statement = database_use(db, LAST_UPDATE);
    if (statement == NULL) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, before);
    bool has_row = false;
    if (!database_step(db, statement, &has_row)) {
        return false;
    }
    *out = column_instant(statement, 0);
    sqlite3_reset(statement);
    return true;
}

bool store_count(store *db, store_totals *out)
{
    sqlite3_stmt *statement = database_use(db, COUNT_ALL);
    bool has_row = false;
    if (statement == NULL || !database_step(db, statement, &has_row)) {
        return false;
    }
    out->incidents = sqlite3_column_int64(statement, 0);
    out->updates = sqlite3_column_int64(statement, 1);
    out->stale = sqlite3_column_int64(statement, 2);
    out->unfinished = sqlite3_column_int64(statement, 3);
    out->last_at = column_instant(statement, 4);
    sqlite3_reset(statement);
    return true;
}
