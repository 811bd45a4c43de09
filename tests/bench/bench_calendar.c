/*
 * bench_calendar [QUERIES] — what queries on a compiled calendar cost, through the public
 * functions, as ratios to a bare bucket look-up over the same intervals.
 *
 * The bare loop knows what it works on: no checks, no range, arrays in static memory.
 * All variants of a row run by turns in one process; a figure is the median of ROUNDS passes. Every
 * variant must give the same sum, which is printed for bench_calendar_peers.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "csq/calendar.h"

enum { ROUNDS = 9, MAX_QUERIES = 1000000, COMPILES = 40 };

#define DAY_MS  INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

static csq_ms arg_a[MAX_QUERIES];
static csq_ms arg_b[MAX_QUERIES];
static csq_ms answers[MAX_QUERIES];
static int n_queries = 100000;

static void check(csq_status status, const csq_error *error)
{
    if (status != CSQ_OK) {
        fprintf(stderr, "bench_calendar: %s: %s\n", csq_status_name(status), error->message);
        exit(1);
    }
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return values[n / 2];
}

/* SplitMix64; bench_calendar_peers.py makes the same numbers. */
static uint64_t random_state;

static uint64_t random_below(uint64_t n)
{
    uint64_t z = (random_state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return (z ^ (z >> 31)) % n;
}

/* ---- calendars ----------------------------------------------------------------------------- */

static const char *const holidays[] = {
    "2025-01-01", "2025-01-20", "2025-02-17", "2025-05-26", "2025-06-19",
    "2025-07-04", "2025-09-01", "2025-11-11", "2025-11-27", "2025-12-25",
    "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19",
    "2026-07-03", "2026-09-07", "2026-11-11", "2026-11-26", "2026-12-25",
};

/* Monday to Friday in New York: 09:00 to 17:00 in one piece, or four with ten minutes between. */
static csq_calendar_builder *make_builder(csq_zone *zone, int32_t first_year, int32_t last_year,
                                          int pieces)
{
    csq_calendar_options options = {0};
    options.size = sizeof options;
    options.first_year = first_year;
    options.last_year = last_year;
    csq_calendar_builder *builder;
    csq_error error;
    check(csq_calendar_builder_new(zone, &options, NULL, &builder, &error), &error);
    for (uint32_t weekday = 1; weekday <= 5; weekday++) {
        for (int i = 0; i < pieces; i++) {
            const csq_ms start = 9 * HOUR_MS + i * (8 * HOUR_MS / pieces);
            const csq_ms end = start + 8 * HOUR_MS / pieces - (pieces > 1 ? HOUR_MS / 6 : 0);
            check(csq_calendar_builder_week(builder, weekday, start, end, &error), &error);
        }
    }
    for (size_t i = 0; i < sizeof holidays / sizeof holidays[0]; i++) {
        int32_t days;
        check(csq_date_parse(csq_str_of(holidays[i]), &days, &error), &error);
        check(csq_calendar_builder_holiday(builder, days, csq_str_of("holiday"), 0, DAY_MS, &error),
              &error);
    }
    return builder;
}

/* ---- the bare loop ------------------------------------------------------------------------- */

/* Open, close and open time before, and the first candidate of each bucket of time and open time. A
 * bucket is 2^26 ms (18.6 h) or 2^24 ms wide for one interval a day, an eighth of it for four. */
enum { BARE_MOST = 40000, BARE_BUCKETS = 131072 };

static csq_ms bare_open[BARE_MOST];
static csq_ms bare_close[BARE_MOST];
static csq_ms bare_before[BARE_MOST];
static uint32_t bare_by_instant[BARE_BUCKETS];
static uint32_t bare_by_position[BARE_BUCKETS];
static int bare_n;
static int bare_shift = 26;
static int bare_position_shift = 24;

static void bare_index(void)
{
    uint32_t i = 0;
    for (int b = 0; b < BARE_BUCKETS; b++) {
        const csq_ms t = bare_open[0] + ((csq_ms)b << bare_shift);
        while ((int)i + 1 < bare_n && bare_open[i + 1] <= t) {
            i++;
        }
        bare_by_instant[b] = i;
    }
    i = 0;
    for (int b = 0; b < BARE_BUCKETS; b++) {
        while ((int)i + 1 < bare_n && bare_before[i + 1] <= (csq_ms)b << bare_position_shift) {
            i++;
        }
        bare_by_position[b] = i;
    }
}

/* Copies the intervals out of a calendar. */
static void bare_fill(const csq_calendar *calendar, csq_ms from, csq_ms to)
{
    csq_ms position = 0;
    bare_open[0] = bare_close[0] = from;
    bare_before[0] = 0;
    bare_n = 1;
    csq_ms open;
    csq_ms close = from;
    while (bare_n < BARE_MOST - 1 &&
           csq_calendar_next_open(calendar, close, &open, NULL) == CSQ_OK && open < to) {
        csq_error error;
        check(csq_calendar_next_close(calendar, open, &close, &error), &error);
        bare_open[bare_n] = open;
        bare_close[bare_n] = close;
        bare_before[bare_n] = position;
        position += close - open;
        bare_n++;
    }
    bare_open[bare_n] = bare_close[bare_n] = bare_before[bare_n] = INT64_MAX;
    bare_index();
}

static inline csq_ms bare_position(csq_ms t)
{
    uint32_t i = bare_by_instant[(t - bare_open[0]) >> bare_shift];
    while (bare_open[i + 1] <= t) {
        i++;
    }
    const csq_ms end = bare_close[i];
    return bare_before[i] + (t < end ? t : end) - bare_open[i];
}

static inline csq_ms bare_instant(csq_ms x)
{
    uint32_t i = bare_by_position[x >> bare_position_shift];
    while (bare_before[i + 1] <= x) {
        i++;
    }
    return bare_open[i] + x - bare_before[i];
}

/* ---- variants ------------------------------------------------------------------------------ */

typedef struct row {
    const char *name;
    const csq_calendar *calendar;
    int is_add;
    double single_ns;
    double batch_ns;
    double bare_ns;
    int64_t sum;
} row;

static int64_t run_single(const row *r)
{
    int64_t sum = 0;
    csq_error error;
    for (int i = 0; i < n_queries; i++) {
        csq_ms answer = 0;
        const csq_status status =
            r->is_add
                ? csq_calendar_add(r->calendar, arg_a[i], arg_b[i], CSQ_EDGE_NEAR, &answer, &error)
                : csq_calendar_measure(r->calendar, arg_a[i], arg_b[i], &answer, &error);
        if (status != CSQ_OK) {
            check(status, &error);
        }
        sum += answer / 1000;
    }
    return sum;
}

static int64_t run_batch(const row *r)
{
    const csq_column a = csq_column_of(CSQ_COLUMN_INT64, arg_a, (uint64_t)n_queries);
    const csq_column b = csq_column_of(CSQ_COLUMN_INT64, arg_b, (uint64_t)n_queries);
    csq_error error;
    check(r->is_add ? csq_calendar_add_many(r->calendar, &a, &b, NULL, answers, NULL, &error)
                    : csq_calendar_measure_many(r->calendar, &a, &b, NULL, answers, NULL, &error),
          &error);
    int64_t sum = 0;
    for (int i = 0; i < n_queries; i++) {
        sum += answers[i] / 1000;
    }
    return sum;
}

static int64_t run_bare(const row *r)
{
    int64_t sum = 0;
    if (r->is_add) {
        for (int i = 0; i < n_queries; i++) {
            sum += (bare_instant(bare_position(arg_a[i]) + arg_b[i] - 1) + 1) / 1000;
        }
    } else {
        for (int i = 0; i < n_queries; i++) {
            sum += (bare_position(arg_b[i]) - bare_position(arg_a[i])) / 1000;
        }
    }
    return sum;
}

static double pass_ns(int64_t (*run)(const row *), const row *r, int64_t *sum)
{
    const double start = now_ns();
    *sum = run(r);
    return (now_ns() - start) / n_queries;
}

static void run_row(row *r)
{
    double single[ROUNDS];
    double batch[ROUNDS];
    double bare[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        int64_t sums[3];
        single[i] = pass_ns(run_single, r, &sums[0]);
        bare[i] = pass_ns(run_bare, r, &sums[1]);
        batch[i] = pass_ns(run_batch, r, &sums[2]);
        if (sums[0] != sums[1] || sums[0] != sums[2]) {
            fprintf(stderr, "bench_calendar: %s: the sums differ: %lld, bare %lld, batch %lld\n",
                    r->name, (long long)sums[0], (long long)sums[1], (long long)sums[2]);
            exit(1);
        }
        r->sum = sums[0];
    }
    r->single_ns = median(single, ROUNDS);
    r->batch_ns = median(batch, ROUNDS);
    r->bare_ns = median(bare, ROUNDS);
    printf("%-26s %8.1f %8.1f %8.1f %10.2f %10.2f   %lld\n", r->name, r->single_ns, r->batch_ns,
           r->bare_ns, r->single_ns / r->bare_ns, r->batch_ns / r->bare_ns, (long long)r->sum);
}

/* ---- workloads, in whole seconds ----------------------------------------------------------- */

typedef enum workload { SHORT_SPANS, LONG_SPANS, ADDITIONS } workload;

static void make_queries(workload kind, csq_ms from, csq_ms to)
{
    const uint64_t seconds = (uint64_t)(to - from) / 1000;
    random_state = 42 + (uint64_t)kind;
    for (int i = 0; i < n_queries; i++) {
        if (kind == SHORT_SPANS) { // mean 3 days, at most 12
            arg_a[i] = from + (csq_ms)random_below(seconds - 30 * 86400) * 1000;
            arg_b[i] = arg_a[i] + (csq_ms)random_below(1 + random_below(12 * 86400)) * 1000;
        } else if (kind == LONG_SPANS) {
            const csq_ms a = from + (csq_ms)random_below(seconds) * 1000;
            const csq_ms b = from + (csq_ms)random_below(seconds) * 1000;
            arg_a[i] = a < b ? a : b;
            arg_b[i] = a < b ? b : a;
        } else { // one minute to forty hours
            arg_a[i] = from + (csq_ms)random_below(seconds - 60 * 86400) * 1000;
            arg_b[i] = (60 + (csq_ms)random_below(40 * 3600 - 60)) * 1000;
        }
    }
}

static void run_rows(row rows[3], const csq_calendar *calendar, csq_ms from, csq_ms to)
{
    bare_fill(calendar, from, to);
    for (int kind = SHORT_SPANS; kind <= ADDITIONS; kind++) {
        make_queries((workload)kind, from, to);
        rows[kind].calendar = calendar;
        rows[kind].is_add = kind == ADDITIONS;
        run_row(&rows[kind]);
    }
}

static csq_calendar *compile(const csq_calendar_builder *builder)
{
    csq_calendar *calendar;
    csq_error error;
    check(csq_calendar_builder_build(builder, &calendar, &error), &error);
    return calendar;
}

static double compile_ns(const csq_calendar_builder *builder)
{
    double times[COMPILES];
    for (int i = 0; i < COMPILES; i++) {
        const double start = now_ns();
        csq_calendar_free(compile(builder));
        times[i] = now_ns() - start;
    }
    return median(times, COMPILES);
}

int main(int argc, char **argv)
{
    n_queries = argc > 1 ? atoi(argv[1]) : n_queries;
    if (n_queries < 1 || n_queries > MAX_QUERIES) {
        fprintf(stderr, "usage: bench_calendar [QUERIES], 1 to %d\n", MAX_QUERIES);
        return 2;
    }
    csq_zone *zone;
    csq_error error;
    check(csq_zone_new_posix(csq_str_of("EST5EDT,M3.2.0,M11.1.0"), NULL, &zone, &error), &error);
    csq_calendar_builder *const two = make_builder(zone, 2025, 2026, 1);
    csq_calendar_builder *const thirty = make_builder(zone, 2025, 2054, 4);
    csq_calendar *const small = compile(two);
    csq_calendar *const large = compile(thirty);
    const csq_ms from = INT64_C(1735707600000);         // 2025-01-01 in New York
    const csq_ms two_years = INT64_C(1798779600000);    // 2027-01-01
    const csq_ms thirty_years = INT64_C(2682378000000); // 2055-01-01

    printf("%d queries, median of %d passes; ns per query, and ratios to the bare loop\n",
           n_queries, ROUNDS);
    printf("%-26s %8s %8s %8s %10s %10s   %s\n", "", "single", "batch", "bare", "single/b.",
           "batch/b.", "sum, s");
    row a[3] = {{.name = "2 years, measure short"},
                {.name = "2 years, measure long"},
                {.name = "2 years, add"}};
    row b[3] = {{.name = "30 years x 4, short"},
                {.name = "30 years x 4, long"},
                {.name = "30 years x 4, add"}};
    run_rows(a, small, from, two_years);
    bare_shift -= 3;
    bare_position_shift -= 3;
    run_rows(b, large, from, thirty_years);
    for (int i = 0; i < 3; i++) {
        printf("%-26s %10.2f of 2 years (batch %.2f)\n", b[i].name, b[i].single_ns / a[i].single_ns,
               b[i].batch_ns / a[i].batch_ns);
    }
    const double compiled = compile_ns(two);
    printf("compile 2 years: %.0f us = %.0f measure queries\n", compiled / 1000,
           compiled / a[0].single_ns);
    const double compiled_large = compile_ns(thirty);
    printf("compile 30 years x 4: %.0f us = %.0f measure queries\n", compiled_large / 1000,
           compiled_large / b[0].single_ns);
    csq_calendar_free(small);
    csq_calendar_free(large);
    csq_calendar_builder_free(two);
    csq_calendar_builder_free(thirty);
    csq_zone_free(zone);
    return 0;
}
