/*
 * bench_tickets — replays a year of tickets through csq_tally_replay and through a bare loop.
 *
 * The workload: a million tickets, 12.9 million events ordered by (ticket, instant) in plain
 * columns; business hours Mon-Fri 09:00-17:00 New York without federal holidays; first reply and
 * resolution with pauses; met, missed and open by last priority and week of creation. With shuffled
 * rows it still reads ordered ones, and only csq_tally_replay has to find the order.
 *
 * usage: bench_tickets RULES.json ZONEFILE [--scale F] [--runs N] [--rows ordered|shuffled]
 *                      [--export DIR]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_replay.h"

typedef struct bench_options {
    double scale;
    int runs;
    bool is_shuffled;
    const char *export_to; /* NULL: measure */
} bench_options;

enum { RUNS_LIMIT = 25 };

static bench_options read_options(int argc, char **argv)
{
    bench_options options = {.scale = 1.0, .runs = 7};
    if (argc < 3) {
        fprintf(stderr, "usage: bench_tickets RULES.json ZONEFILE [--scale F] [--runs N] "
                        "[--rows ordered|shuffled] [--export DIR]\n");
        exit(2);
    }
    for (int i = 3; i + 1 < argc; i += 2) {
        const char *const value = argv[i + 1];
        if (strcmp(argv[i], "--scale") == 0) {
            options.scale = strtod(value, NULL);
        } else if (strcmp(argv[i], "--runs") == 0) {
            options.runs = atoi(value);
        } else if (strcmp(argv[i], "--rows") == 0) {
            options.is_shuffled = strcmp(value, "shuffled") == 0;
        } else if (strcmp(argv[i], "--export") == 0) {
            options.export_to = value;
        }
    }
    options.runs = options.runs < 1 ? 1 : options.runs > RUNS_LIMIT ? RUNS_LIMIT : options.runs;
    return options;
}

/* Runs both by turns, after one pass that is not counted; whether they said the same. */
static bool measure(const bench_csq *csq, const bench_log *ordered, const bench_log *rows,
                    const bench_day *days, int runs, bench_result *bare)
{
    double bare_s[RUNS_LIMIT];
    double csq_s[RUNS_LIMIT];
    bool is_same = true;
    for (int i = -1; i < runs; i++) {
        double start = bench_seconds();
        bench_bare_loop(ordered, days, bare);
        const double took = bench_seconds() - start;
        start = bench_seconds();
        csq_tally *tally = bench_replay(csq, rows);
        const double csq_took = bench_seconds() - start;
        is_same = is_same && bench_is_same(csq, tally, bare);
        csq_tally_free(tally);
        if (i >= 0) {
            bare_s[i] = took;
            csq_s[i] = csq_took;
        }
    }
    const double events = (double)rows->n;
    const double base = bench_median(bare_s, runs);
    const double ours = bench_median(csq_s, runs);
    printf("%-28s %8.2f ns/event\n", "bare loop", base / events * 1e9);
    printf("%-28s %8.2f ns/event  %5.2f x bare loop  %s\n", "csq_tally_replay", ours / events * 1e9,
           ours / base, is_same ? "same rows" : "OTHER ROWS");
    return is_same;
}

int main(int argc, char **argv)
{
    const bench_options options = read_options(argc, argv);
    const uint64_t tickets = (uint64_t)(1e6 * options.scale);
    bench_log ordered;
    bench_log shuffled = {0};
    bench_day days[BENCH_DAYS];
    static bench_result bare;
    bench_csq csq;
    bench_make_log(&ordered, tickets);
    bench_make_days(days);
    if (options.is_shuffled) {
        bench_make_log(&shuffled, tickets);
        bench_shuffle_log(&shuffled);
    }
    const bench_log *const rows = options.is_shuffled ? &shuffled : &ordered;
    if (options.export_to != NULL) {
        return bench_export(rows, days, options.export_to);
    }
    bench_open(&csq, argv[1], argv[2]);
    const bool is_same = measure(&csq, &ordered, rows, days, options.runs, &bare);
    printf("tickets %u, events %zu, checksum of rows %llu\n", rows->tickets, rows->n,
           (unsigned long long)bench_checksum(&bare));
    printf("sums: first reply %lld s, resolution %lld s, late %llu and %llu\n",
           (long long)bare.first_reply_s, (long long)bare.resolution_s,
           (unsigned long long)bare.late[0], (unsigned long long)bare.late[1]);
    bench_close(&csq);
    bench_free_log(&ordered);
    bench_free_log(&shuffled);
    return is_same ? 0 : 1;
}
