/*
 * bench_tickets_more — what else csq_tally_replay costs on the rows of bench_tickets.
 *
 * Two threads, each with one half of the tickets, tallies merged, against the bare loop on two
 * threads; a policy with no option at its default against the plain one, on a log that attaches an
 * agreement to each ticket; the most memory that a replay takes beside its columns.
 *
 * usage: bench_tickets_more RULES.json OPTIONS.rules.json ZONEFILE [--scale F] [--runs N]
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_replay.h"

enum { N_PARTS = 2, RUNS_LIMIT = 25 };

/* ---- two threads --------------------------------------------------------------------------- */

typedef struct part {
    bench_log log;
    const bench_csq *csq; /* NULL: the bare loop */
    const bench_day *days;
    bench_result bare;
    csq_tally *tally;
} part;

/* The halves of a log, between two tickets. */
static void split_log(const bench_log *log, part *parts)
{
    size_t half = log->n / 2;
    while (half > 0 && half < log->n && log->ticket[half] == log->ticket[half - 1]) {
        half++;
    }
    parts[0].log = (bench_log){log->ticket, log->at, log->kind, log->value, half, log->tickets};
    parts[1].log = (bench_log){log->ticket + half, log->at + half, log->kind + half,
                               log->value + half,  log->n - half,  log->tickets};
}

static void *run_part(void *user)
{
    part *mine = user;
    if (mine->csq == NULL) {
        bench_bare_loop(&mine->log, mine->days, &mine->bare);
    } else {
        mine->tally = bench_replay(mine->csq, &mine->log);
    }
    return NULL;
}

static void run_parts(part *parts)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_part, &parts[1]) != 0) {
        perror("bench_tickets_more: pthread_create");
        exit(1);
    }
    run_part(&parts[0]);
    pthread_join(thread, NULL);
}

static double time_bare_threads(part *parts, bench_result *out)
{
    const double start = bench_seconds();
    parts[0].csq = NULL;
    parts[1].csq = NULL;
    run_parts(parts);
    *out = parts[0].bare;
    bench_add_result(out, &parts[1].bare);
    return bench_seconds() - start;
}

static double time_csq_threads(part *parts, const bench_csq *csq, csq_tally **out)
{
    csq_error error;
    const double start = bench_seconds();
    parts[0].csq = csq;
    parts[1].csq = csq;
    run_parts(parts);
    bench_must(csq_tally_merge(parts[0].tally, parts[1].tally, &error), &error);
    csq_tally_free(parts[1].tally);
    *out = parts[0].tally;
    return bench_seconds() - start;
}

static bool measure_threads(const bench_csq *csq, const bench_log *log, const bench_day *days,
                            int runs)
{
    static part parts[N_PARTS];
    static bench_result one;
    static bench_result both;
    double bare_gain[RUNS_LIMIT];
    double csq_gain[RUNS_LIMIT];
    bool is_same = true;
    split_log(log, parts);
    parts[0].days = days;
    parts[1].days = days;
    for (int i = -1; i < runs; i++) {
        csq_tally *tally;
        double start = bench_seconds();
        bench_bare_loop(log, days, &one);
        const double bare = bench_seconds() - start;
        const double bare_both = time_bare_threads(parts, &both);
        start = bench_seconds();
        csq_tally_free(bench_replay(csq, log));
        const double ours = bench_seconds() - start;
        const double ours_both = time_csq_threads(parts, csq, &tally);
        is_same =
            is_same && memcmp(&one, &both, sizeof one) == 0 && bench_is_same(csq, tally, &one);
        csq_tally_free(tally);
        if (i >= 0) {
            bare_gain[i] = bare / bare_both;
            csq_gain[i] = ours / ours_both;
        }
    }
    const double base = bench_median(bare_gain, runs);
    const double gain = bench_median(csq_gain, runs);
    printf("two threads: bare loop gains %.2f, csq_tally_replay %.2f, %.0f %% of it  %s\n", base,
           gain, gain / base * 100, is_same ? "same rows" : "OTHER ROWS");
    return is_same;
}

/* ---- options and memory -------------------------------------------------------------------- */

static void measure_options(const bench_csq *plain, const bench_csq *other, const bench_log *log,
                            int runs)
{
    double plain_s[RUNS_LIMIT];
    double other_s[RUNS_LIMIT];
    double ratio[RUNS_LIMIT];
    bench_log attached;
    bench_attach_log(log, &attached);
    for (int i = -1; i < runs; i++) {
        double start = bench_seconds();
        csq_tally_free(bench_replay(plain, &attached));
        const double took = bench_seconds() - start;
        start = bench_seconds();
        csq_tally_free(bench_replay(other, &attached));
        const double other_took = bench_seconds() - start;
        if (i >= 0) {
            plain_s[i] = took;
            other_s[i] = other_took;
            ratio[i] = other_took / took;
        }
    }
    const double events = (double)attached.n;
    printf("no option at its default: %.2f ns/event, plain %.2f, %.2f x\n",
           bench_median(other_s, runs) / events * 1e9, bench_median(plain_s, runs) / events * 1e9,
           bench_median(ratio, runs));
    bench_free_log(&attached);
}

/* Kilobytes of /proc/self/status, or 0 where there is no such file. */
static long memory_kb(const char *name)
{
    char line[256];
    long found = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, strlen(name)) == 0) {
            found = strtol(line + strlen(name), NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

/* Before anything else is measured: the high-water mark never falls. */
static void measure_memory(const bench_csq *csq, const bench_log *log)
{
    const long before = memory_kb("VmRSS:");
    csq_tally_free(bench_replay(csq, log));
    const long most = memory_kb("VmHWM:");
    printf("memory: %ld kB beside the columns, %.2f bytes a ticket\n", most - before,
           (double)(most - before) * 1024 / log->tickets);
}

int main(int argc, char **argv)
{
    double scale = 1;
    int runs = 7;
    if (argc < 4) {
        fprintf(stderr, "usage: bench_tickets_more RULES.json OPTIONS.rules.json ZONEFILE "
                        "[--scale F] [--runs N]\n");
        return 2;
    }
    for (int i = 4; i + 1 < argc; i += 2) {
        scale = strcmp(argv[i], "--scale") == 0 ? strtod(argv[i + 1], NULL) : scale;
        runs = strcmp(argv[i], "--runs") == 0 ? atoi(argv[i + 1]) : runs;
    }
    runs = runs < 1 ? 1 : runs > RUNS_LIMIT ? RUNS_LIMIT : runs;
    bench_log log;
    bench_day days[BENCH_DAYS];
    bench_csq plain;
    bench_csq other;
    bench_make_log(&log, (uint64_t)(1e6 * scale));
    bench_make_days(days);
    bench_open(&plain, argv[1], argv[3]);
    bench_open(&other, argv[2], argv[3]);
    measure_memory(&plain, &log);
    const bool is_same = measure_threads(&plain, &log, days, runs);
    measure_options(&plain, &other, &log, runs);
    bench_close(&plain);
    bench_close(&other);
    bench_free_log(&log);
    return is_same ? 0 : 1;
}
