/*
 * import — reads a log into the database, so that it can be stopped at any moment and go on.
 *
 * Rows are added in batches. One transaction holds the rows of a batch, the states made of them and
 * the place in the file behind them; only after its commit are the rows reported. A program that is
 * killed has therefore lost nothing that it reported, and the next run goes on at the place. A file
 * is recognised by its fingerprint; one that changed is read from the start, and the rows that are
 * there already are recognised one by one. At the end all incidents are looked at once more: states
 * that are missing or damaged are made again, and dates that no calendar knows are named.
 *
 * Uses: csv, desk, log, range, store, text.
 */
#include "import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "desk.h"
#include "log.h"
#include "range.h"
#include "store.h"
#include "text.h"

enum { IMPORT_BATCH = 5000, IMPORT_RULES_LIMIT = 16 << 20 };

typedef struct import_run_state {
    const import_options *options;
    csv_reader *reader;
    store *db;
    service_desk desk;
    char *rules; /* text of the document that the options name, or NULL */
    uint64_t rules_size;
    log_layout layout;
    csv_place first_row; /* behind the header */
    store_import done;
    range_notes untold;
    csv_record record;
} import_run_state;

/* ---- rows ---------------------------------------------------------------------------------- */

static void name_bad_row(import_run_state *run, const char *reason)
{
    ++run->done.bad;
    text_say("%s:%" PRId64 ": row skipped: %s", run->options->log, run->record.line, reason);
}

/* Adds the row in `record`; false when the database fails. */
static bool add_row(import_run_state *run)
{
    log_row row;
    char reason[LOG_REASON_CAPACITY];
    if (!log_read_row(&run->layout, &run->record, &row, reason) ||
        !desk_check_row(&run->desk, &row, reason)) {
        name_bad_row(run, reason);
        return true;
    }
    switch (store_add_update(run->db, &row)) {
    case STORE_ADDED:
        ++run->done.added;
        return true;
    case STORE_REPEATED:
        ++run->done.repeated;
        return true;
    case STORE_CONFLICT:
        snprintf(reason, sizeof reason,
                 "another row was update %" PRId64 " (sys_mod_count) of incident %.*s before",
                 row.sequence, TEXT(row.number));
        name_bad_row(run, reason);
        return true;
    case STORE_OTHER_OPENED_AT:
        snprintf(reason, sizeof reason, "incident %.*s was opened at another time in rows before",
                 TEXT(row.number));
        name_bad_row(run, reason);
        return true;
    case STORE_FAILED:
        break;
    }
    return false;
}

/* Reads up to a batch of rows. */
static bool add_rows(import_run_state *run)
{
    const int64_t batch = run->options->batch != 0 ? run->options->batch : IMPORT_BATCH;
    for (int64_t i = 0; i < batch && !run->done.is_finished; ++i) {
        bool is_added = true;
        switch (csv_next(run->reader, &run->record)) {
        case CSV_RECORD:
            is_added = add_row(run);
            break;
        case CSV_BAD:
            name_bad_row(run, run->record.reason);
            break;
        case CSV_END:
            run->done.is_finished = 1;
            break;
        case CSV_FAILED:
            is_added = false;
            break;
        }
        if (!is_added) {
            return false;
        }
    }
    run->done.place = csv_tell(run->reader);
    return true;
}

/* Makes the states again of the incidents that have new updates. */
static bool refresh_states(import_run_state *run)
{
    for (int64_t id = 0;;) {
        if (!store_next_stale(run->db, id, &id)) {
            return false;
        }
        if (id == 0) {
            return true;
        }
        if (!desk_refresh(&run->desk, run->db, id)) {
            return false;
        }
    }
}

/* ---- the look at all incidents ------------------------------------------------------------- */

/* Notes an incident whose clocks cannot be told at its last event. */
static void check_clocks(import_run_state *run, csq_str number, const csq_ticket *ticket)
{
    csq_ticket_event last = {.size = sizeof last};
    csq_error error;
    const uint64_t n = csq_ticket_count(ticket);
    if (n == 0 || csq_ticket_event_at(ticket, n - 1, &last, NULL) != CSQ_OK ||
        range_ask(&run->desk, ticket, last.at, NULL, &error) != CSQ_ERANGE) {
        return;
    }
    range_note(&run->untold, &run->desk, number, ticket, last.at);
}

static bool check_incident(import_run_state *run, store_incident *incident)
{
    csq_ticket *ticket = desk_get_ticket(&run->desk, run->db, incident);
    if (ticket == NULL) {
        return false;
    }
    check_clocks(run, incident->number, ticket);
    csq_ticket_free(ticket);
    return incident->state != NULL || desk_refresh(&run->desk, run->db, incident->id);
}

static bool check_all(import_run_state *run)
{
    store_incident incident;
    bool is_failed = false;
    if (!store_begin(run->db) || !store_begin_incidents(run->db)) {
        return false;
    }
    while (store_next_incident(run->db, &incident, &is_failed)) {
        if (!check_incident(run, &incident)) {
            return false;
        }
    }
    if (run->untold.n != 0) {
        char n[TEXT_CAPACITY];
        text_say("warning: the clocks of %s incidents cannot be told%s, reports leave them out; "
                 "rules with more \"years\" would tell them",
                 text_count(n, run->untold.n),
                 run->untold.n > RANGE_NAMED ? " (the first 10 are named)" : "");
    }
    return !is_failed && store_commit(run->db);
}

/* ---- the run ------------------------------------------------------------------------------- */

static void report_progress(const import_run_state *run)
{
    char rows[TEXT_CAPACITY];
    const int64_t size = csv_size(run->reader);
    const int64_t percent = size != 0 ? run->done.place.byte * 100 / size : 100;
    text_say("%s rows imported (%" PRId64 " %% of %s)",
             text_count(rows, run->done.added + run->done.repeated), percent, run->options->log);
}

static bool read_rules(import_run_state *run)
{
    const import_options *options = run->options;
    return options->rules == NULL ||
           (text_read_file(options->rules, IMPORT_RULES_LIMIT, &run->rules, &run->rules_size) &&
            desk_open(&run->desk, (csq_str){run->rules, run->rules_size}, options->rules,
                      options->zoneinfo));
}

/* Stores the rules that were read where they differ from the stored ones, or takes the latter. */
static bool keep_rules(import_run_state *run)
{
    if (run->rules == NULL) {
        return desk_open_stored(&run->desk, run->db, run->options->zoneinfo) &&
               desk_give_advice(&run->desk, "stored rules");
    }
    if (!desk_give_advice(&run->desk, run->options->rules)) {
        return false;
    }
    const csq_str rules = {run->rules, run->rules_size};
    char *stored = NULL;
    uint64_t stored_size = 0;
    if (!store_get_rules(run->db, &stored, &stored_size)) {
        return false;
    }
    const bool is_first = stored == NULL;
    const bool is_same = !is_first && text_is_equal(rules, (csq_str){stored, stored_size});
    free(stored);
    if (is_same) {
        return true;
    }
    if (!is_first) {
        text_say("the rules changed: all clocks follow the new ones");
    }
    return store_begin(run->db) && store_set_rules(run->db, rules) && store_commit(run->db);
}

/* Goes to where an earlier run ended, or to the first row. */
static bool find_place(import_run_state *run)
{
    const char *path = run->options->log;
    bool has_other = false;
    run->done.fingerprint = 0;
    if (!csv_fingerprint(run->reader, &run->done.fingerprint) ||
        !store_get_import(run->db, &run->done) ||
        !store_has_other_import(run->db, path, run->done.fingerprint, &has_other)) {
        return false;
    }
    if (run->done.place.byte != 0) {
        if (!run->done.is_finished) {
            text_say("going on at line %" PRId64 " of %s", run->done.place.line, path);
        }
        return csv_seek(run->reader, run->done.place);
    }
    if (has_other) {
        text_say("%s changed since it was imported: reading it from the start, rows that are "
                 "there already are recognised",
                 path);
    }
    return csv_seek(run->reader, run->first_row);
}

static bool read_header(import_run_state *run)
{
    switch (csv_next(run->reader, &run->record)) {
    case CSV_RECORD:
        run->first_row = csv_tell(run->reader);
        return log_find_columns(&run->record, run->options->log, &run->layout);
    case CSV_BAD:
        return text_fail("%s: the header is not CSV: %s", run->options->log, run->record.reason);
    case CSV_END:
        return text_fail("%s is empty", run->options->log);
    case CSV_FAILED:
        break;
    }
    return false;
}

static bool import_rows(import_run_state *run)
{
    while (!run->done.is_finished) {
        if (!store_begin(run->db) || !add_rows(run) || !refresh_states(run) ||
            !store_put_import(run->db, run->options->log, &run->done) || !store_commit(run->db)) {
            return false;
        }
        if (!run->done.is_finished) {
            report_progress(run);
        }
    }
    return true;
}

static bool report_result(import_run_state *run, bool was_finished)
{
    store_totals totals;
    if (!store_count(run->db, &totals)) {
        return false;
    }
    char added[TEXT_CAPACITY];
    char repeated[TEXT_CAPACITY];
    char bad[TEXT_CAPACITY];
    char incidents[TEXT_CAPACITY];
    text_line("%s %s rows from %s; %s were there already, %s bad rows skipped.",
              was_finished ? "imported before:" : "imported", text_count(added, run->done.added),
              run->options->log, text_count(repeated, run->done.repeated),
              text_count(bad, run->done.bad));
    text_line("The database now holds %s updates of %s incidents.",
              text_count(added, totals.updates), text_count(incidents, totals.incidents));
    if (run->done.added + run->done.repeated == 0 && run->done.bad != 0) {
        return text_fail("no row of %s could be used", run->options->log);
    }
    return true;
}

static bool can_open(const import_options *options)
{
    return options->rules != NULL || store_exists(options->database) ||
           text_fail("there is no database %s yet: a new database needs rules, --rules RULES.json",
                     options->database);
}

bool import_run(const import_options *options)
{
    import_run_state *run = text_grow(NULL, sizeof *run);
    *run = (import_run_state){.options = options, .reader = csv_open(options->log)};
    bool is_done = false;
    /* A log or rules that are no good leave no database behind. */
    if (run->reader != NULL && read_header(run) && can_open(options) && read_rules(run)) {
        run->db = store_open(options->database, options->rules != NULL);
        is_done = run->db != NULL && keep_rules(run) && find_place(run);
        const bool was_finished = is_done && run->done.is_finished;
        is_done = is_done && import_rows(run) && check_all(run) && report_result(run, was_finished);
    }
    desk_close(&run->desk);
    store_close(run->db);
    csv_close(run->reader);
    free(run->rules);
    free(run);
    return is_done;
}
