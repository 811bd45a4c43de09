/*
 * import — reads a log into the database, so that it can be stopped at any moment and go on.
 *
 * Rows are added in batches. One transaction holds the rows of a batch, the states made of them and
 * the place in the file behind them; only after its commit are the rows reported. A program that is
 * killed has therefore lost nothing that it reported, and the next run goes on at the place. A file
 * is recognised by its fingerprint; one that changed is read from the start, and the rows that are
 * there already are recognised one by one.
 *
 * Uses: csv, desk, log, store, text.
 */
#include "import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "desk.h"
#include "log.h"
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

/* Makes the states of at most `limit` incidents again; `*n` is their number. */
static bool refresh_states(import_run_state *run, int64_t limit, int64_t *n)
{
    int64_t id = 0;
    for (*n = 0; *n < limit; ++*n) {
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
    return true;
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
        return desk_open_stored(&run->desk, run->db, run->options->zoneinfo);
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
        text_say("the rules changed: all clocks are made again");
    }
    return store_begin(run->db) && store_set_rules(run->db, rules) && store_commit(run->db);
}

/* States that a change of rules, or an import that ended early, left behind. */
static bool refresh_all(import_run_state *run)
{
    int64_t total = 0;
    int64_t n = IMPORT_BATCH;
    while (n == IMPORT_BATCH) {
        if (!store_begin(run->db) || !refresh_states(run, IMPORT_BATCH, &n) ||
            !store_commit(run->db)) {
            return false;
        }
        total += n;
        if (n == IMPORT_BATCH) {
            char incidents[TEXT_CAPACITY];
            text_say("clocks of %s incidents made", text_count(incidents, total));
        }
    }
    return true;
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
    int64_t n = 0;
    while (!run->done.is_finished) {
        if (!store_begin(run->db) || !add_rows(run) || !refresh_states(run, INT64_MAX, &n) ||
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
    printf("%s %s rows from %s; %s were there already, %s bad rows skipped.\n",
           was_finished ? "imported before:" : "imported", text_count(added, run->done.added),
           run->options->log, text_count(repeated, run->done.repeated),
           text_count(bad, run->done.bad));
    printf("The database now holds %s updates of %s incidents.\n",
           text_count(added, totals.updates), text_count(incidents, totals.incidents));
    if (run->done.added + run->done.repeated == 0 && run->done.bad != 0) {
        return text_fail("no row of %s could be used", run->options->log);
    }
    return true;
}

bool import_run(const import_options *options)
{
    import_run_state *run = text_grow(NULL, sizeof *run);
    *run = (import_run_state){.options = options, .reader = csv_open(options->log)};
    bool is_done = false;
    /* A log or rules that are no good leave no database behind. */
    if (run->reader != NULL && read_header(run) && read_rules(run)) {
        run->db = store_open(options->database, options->rules != NULL);
        is_done = run->db != NULL && keep_rules(run) && refresh_all(run) && find_place(run);
        const bool was_finished = is_done && run->done.is_finished;
        is_done = is_done && import_rows(run) && report_result(run, was_finished);
    }
    desk_close(&run->desk);
    store_close(run->db);
    csv_close(run->reader);
    free(run->rules);
    free(run);
    return is_done;
}
