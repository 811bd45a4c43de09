/*
 * bench_replay — the ticket workload through csq_tally_replay and through a bare loop.
 *
 * Business hours Mon-Fri 09:00-17:00 New York without federal holidays; first reply and resolution
 * with pauses; met, missed and open by last priority and week of creation. The bare loop knows the
 * ids, the calendar and the rules by heart; it is the practical limit.
 */
#ifndef CSQ_TESTS_BENCH_REPLAY_H
#define CSQ_TESTS_BENCH_REPLAY_H

#include <stdbool.h>

#include "bench_log.h"
#include "csq/csq.h"

typedef struct bench_row {
    uint64_t met;
    uint64_t missed;
    uint64_t open;
} bench_row;

enum { N_PRIORITIES = 4, N_WEEKS = 64, N_METRICS = 2 };

typedef struct bench_result {
    bench_row rows[N_METRICS][N_PRIORITIES][N_WEEKS];
    int64_t first_reply_s;
    int64_t resolution_s;
    uint64_t late[N_METRICS]; /* judged by the last priority, as the published sums are */
} bench_result;

/* The answer for the tickets of a log, as `out`. */
void bench_bare_loop(const bench_log *log, const bench_day *days, bench_result *out);
/* Adds what another part of the log gave. */
void bench_add_result(bench_result *into, const bench_result *other);
/* bench_tickets_peers.py makes the same number of the rows of others. */
uint64_t bench_checksum(const bench_result *result);

typedef struct bench_csq {
    csq_schema *schema;
    csq_zone *zone;
    csq_rules *rules;
    uint32_t statuses[4];
    uint32_t priorities[4];
} bench_csq;

/* Ends the program with a message unless the status is CSQ_OK. */
void bench_must(csq_status status, const csq_error *error);
void bench_open(bench_csq *csq, const char *rules_path, const char *zone_path);
void bench_close(bench_csq *csq);
/* A tally of the log; the caller frees it. */
csq_tally *bench_replay(const bench_csq *csq, const bench_log *log);
/* Whether the tally says what the bare loop says. */
bool bench_is_same(const bench_csq *csq, const csq_tally *tally, const bench_result *bare);

double bench_seconds(void);
/* Sorts the values. */
double bench_median(double *values, int n);

#endif
