/*
 * bench_replay — see the header.
 */
#include "bench_replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t within_s[N_METRICS][N_PRIORITIES] = {{3600, 14400, 28800, 57600},
                                                          {28800, 86400, 144000, 288000}};

/* ---- the bare loop ------------------------------------------------------------------------- */

static inline int64_t position(const bench_day *days, int64_t t)
{
    const bench_day *day = days + (t / 86400 - BENCH_FIRST_DAY);
    int64_t x = t - day->open;
    x = x < 0 ? 0 : x;
    x = x > day->length ? day->length : x;
    return day->before + x;
}

static void count(bench_row *row, bool finished, int64_t elapsed, int64_t target)
{
    const bool late = elapsed > target;
    row->missed += late;
    row->met += finished && !late;
    row->open += !finished && !late;
}

void bench_bare_loop(const bench_log *log, const bench_day *days, bench_result *out)
{
    const int64_t now_position = position(days, BENCH_NOW);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < log->n;) {
        const uint32_t ticket = log->ticket[i];
        const int64_t created = log->at[i];
        const int64_t start = position(days, created);
        int64_t since = start;
        int64_t elapsed = 0;
        int64_t reply = -1;
        int priority = log->value[i];
        int reply_priority = priority;
        int status = BENCH_OPEN;
        int solved_priority = priority;
        for (i++; i < log->n && log->ticket[i] == ticket; i++) {
            if (log->kind[i] == BENCH_AGENT_REPLY) {
                if (reply < 0) {
                    reply = position(days, log->at[i]) - start;
                    reply_priority = priority;
                }
            } else if (log->kind[i] == BENCH_STATUS) {
                const int64_t here = position(days, log->at[i]);
                elapsed += status == BENCH_OPEN ? here - since : 0;
                since = here;
                status = log->value[i];
                solved_priority = priority;
            } else if (log->kind[i] == BENCH_PRIORITY) {
                priority = log->value[i];
            }
        }
        const bool solved = status == BENCH_SOLVED;
        elapsed += status == BENCH_OPEN ? now_position - since : 0;
        const int64_t waited = reply < 0 ? now_position - start : reply;
        const int offset = days[created / 86400 - BENCH_FIRST_DAY].offset;
        const int64_t week = (created + offset - BENCH_FIRST_MONDAY) / 604800;
        const int at_reply = reply < 0 ? priority : reply_priority;
        const int at_end = solved ? solved_priority : priority;
        count(&out->rows[0][at_reply][week], reply >= 0, waited, within_s[0][at_reply]);
        count(&out->rows[1][at_end][week], solved, elapsed, within_s[1][at_end]);
        out->first_reply_s += reply;
        out->resolution_s += elapsed;
        out->late[0] += reply > within_s[0][priority];
        out->late[1] += elapsed > within_s[1][priority];
    }
}

void bench_add_result(bench_result *into, const bench_result *other)
{
    for (size_t metric = 0; metric < N_METRICS; metric++) {
        for (size_t i = 0; i < (size_t)N_PRIORITIES * N_WEEKS; i++) {
            bench_row *row = &into->rows[metric][i / N_WEEKS][i % N_WEEKS];
            const bench_row *more = &other->rows[metric][i / N_WEEKS][i % N_WEEKS];
            row->met += more->met;
            row->missed += more->missed;
            row->open += more->open;
        }
        into->late[metric] += other->late[metric];
    }
    into->first_reply_s += other->first_reply_s;
    into->resolution_s += other->resolution_s;
}

uint64_t bench_checksum(const bench_result *result)
{
    uint64_t sum = 0;
    for (uint64_t metric = 0; metric < N_METRICS; metric++) {
        for (uint64_t priority = 0; priority < N_PRIORITIES; priority++) {
            for (uint64_t week = 0; week < N_WEEKS; week++) {
                const bench_row *row = &result->rows[metric][priority][week];
                const uint64_t place = (metric * N_PRIORITIES + priority) * N_WEEKS + week;
                sum += (place + 1) * (row->met + 3 * row->missed + 7 * row->open);
            }
        }
    }
    return sum;
}

/* ---- libcsq -------------------------------------------------------------------------------- */

void bench_must(csq_status status, const csq_error *error)
{
    if (status != CSQ_OK) {
        fprintf(stderr, "bench: %s: %s at \"%s\"\n", csq_status_name(status), error->message,
                error->path);
        exit(1);
    }
}

static csq_status give_zone(void *user, csq_str name, csq_zone **out)
{
    (void)name;
    *out = csq_zone_retain(user);
    return CSQ_OK;
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = malloc(1 << 20);
    if (file == NULL || data == NULL) {
        perror(path);
        exit(1);
    }
    *size = fread(data, 1, 1 << 20, file);
    fclose(file);
    return data;
}

void bench_open(bench_csq *csq, const char *rules_path, const char *zone_path)
{
    static const char *const statuses[] = {"open", "pending", "on_hold", "solved"};
    static const char *const priorities[] = {"urgent", "high", "normal", "low"};
    csq_error error;
    size_t size;
    bench_must(csq_ticket_schema_new(0, NULL, &csq->schema, &error), &error);
    for (int i = 0; i < 4; i++) {
        bench_must(csq_schema_code(csq->schema, CSQ_TICKET_STATUS, csq_str_of(statuses[i]),
                                   &csq->statuses[i], &error),
                   &error);
        bench_must(csq_schema_code(csq->schema, CSQ_TICKET_PRIORITY, csq_str_of(priorities[i]),
                                   &csq->priorities[i], &error),
                   &error);
    }
    char *bytes = read_file(zone_path, &size);
    bench_must(
        csq_zone_new_tzif(csq_str_of("America/New_York"), bytes, size, NULL, &csq->zone, &error),
        &error);
    free(bytes);
    char *text = read_file(rules_path, &size);
    const csq_rules_options options = {
        .size = sizeof options, .zone = give_zone, .zone_user = csq->zone};
    bench_must(
        csq_rules_read(csq->schema, (csq_str){text, size}, &options, NULL, &csq->rules, &error),
        &error);
    free(text);
}

void bench_close(bench_csq *csq)
{
    csq_rules_free(csq->rules);
    csq_zone_free(csq->zone);
    csq_schema_free(csq->schema);
}

csq_tally *bench_replay(const bench_csq *csq, const bench_log *log)
{
    const csq_event_type types[] = {
        {.size = sizeof types[0],
         .kind = CSQ_EVENT_CREATED,
         .attribute = CSQ_TICKET_PRIORITY,
         .codes = csq->priorities,
         .n_codes = 4},
        {.size = sizeof types[0], .kind = CSQ_EVENT_REPLY, .author = CSQ_AUTHOR_AGENT},
        {.size = sizeof types[0], .kind = CSQ_EVENT_REPLY, .author = CSQ_AUTHOR_CUSTOMER},
        {.size = sizeof types[0],
         .kind = CSQ_EVENT_CHANGE,
         .attribute = CSQ_TICKET_STATUS,
         .codes = csq->statuses,
         .n_codes = 4},
        {.size = sizeof types[0],
         .kind = CSQ_EVENT_CHANGE,
         .attribute = CSQ_TICKET_PRIORITY,
         .codes = csq->priorities,
         .n_codes = 4},
        {.size = sizeof types[0], .kind = CSQ_EVENT_ATTACH},
    };
    const csq_event_columns columns = {
        .size = sizeof columns,
        .ticket = csq_column_of(CSQ_COLUMN_UINT32, log->ticket, log->n),
        .at = csq_column_of(CSQ_COLUMN_INT64, log->at, log->n),
        .type = csq_column_of(CSQ_COLUMN_UINT8, log->kind, log->n),
        .value = csq_column_of(CSQ_COLUMN_UINT8, log->value, log->n),
        .types = types,
        .n_types = 6,
        .tick_ms = 1000,
    };
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY};
    const csq_tally_options options = {.size = sizeof options,
                                       .n_attributes = 1,
                                       .attributes = attributes,
                                       .period = CSQ_PERIOD_WEEK,
                                       .zone = csq->zone};
    csq_tally *tally;
    csq_error error;
    bench_must(csq_tally_new(csq_rules_policies(csq->rules), &options, NULL, &tally, &error),
               &error);
    bench_must(csq_tally_replay(tally, &columns, (csq_ms)BENCH_NOW * 1000, NULL, NULL, &error),
               &error);
    return tally;
}

bool bench_is_same(const bench_csq *csq, const csq_tally *tally, const bench_result *bare)
{
    bench_result found = {0};
    for (uint64_t i = 0; i < csq_tally_count(tally); i++) {
        csq_tally_row row = {.size = sizeof row};
        csq_error error;
        bench_must(csq_tally_row_at(tally, i, &row, &error), &error);
        int priority = 0;
        while (csq->priorities[priority] != row.codes[0]) {
            priority++;
        }
        const csq_ms noon = row.period_from / 1000 + 43200;
        bench_row *into =
            &found.rows[row.metric][priority][(noon - 5 * 3600 - BENCH_FIRST_MONDAY) / 604800];
        into->met += row.met;
        into->missed += row.missed;
        into->open += row.open;
    }
    return memcmp(found.rows, bare->rows, sizeof found.rows) == 0;
}

/* ---- measuring ----------------------------------------------------------------------------- */

double bench_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return values[n / 2];
}
