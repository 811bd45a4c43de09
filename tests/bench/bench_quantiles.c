/*
 * bench_quantiles [VALUES] — what values for quantiles cost to add and to merge, as ratios to a
 * bare log-linear histogram of 32-bit values with the same buckets.
 *
 * The bare one is an array of fixed size: no limits, no other values, no errors. Waits with a heavy
 * tail in milliseconds, in PARTS states that are merged into one. All variants of a row run by
 * turns; a figure is the median of ROUNDS passes. Both sides must give the same quantiles.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "csq/stat.h"

enum { ROUNDS = 9, PARTS = 200, BARE_CELLS = 26 * 128 + 128 };

static uint32_t *values;
static size_t n_values = 4000000;

typedef struct bare {
    uint64_t counts[BARE_CELLS];
} bare;

static bare bare_parts[PARTS];
static bare bare_whole;
static csq_quantiles *parts[PARTS];
static csq_quantiles *whole;

static void check(csq_status status, const csq_error *error)
{
    if (status != CSQ_OK) {
        fprintf(stderr, "bench_quantiles: %s: %s\n", csq_status_name(status), error->message);
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

static double median(double *times)
{
    qsort(times, ROUNDS, sizeof *times, compare_doubles);
    return times[ROUNDS / 2];
}

/* Products of four uniform numbers: half of the waits below an hour, the longest a day. */
static void draw_values(void)
{
    uint64_t state = 7;
    values = malloc(n_values * sizeof *values);
    if (values == NULL) {
        exit(1);
    }
    for (size_t i = 0; i < n_values; i++) {
        uint64_t product = 40;
        for (int k = 0; k < 4; k++) {
            uint64_t z = (state += 0x9E3779B97F4A7C15U);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
            product = product * (1 + ((z ^ (z >> 31)) >> 32) % 40);
        }
        values[i] = (uint32_t)product;
    }
}

/* ---- the bare histogram -------------------------------------------------------------------- */

static inline unsigned bare_cell(uint32_t value)
{
    const unsigned shift = 24 - (unsigned)__builtin_clz(value | 128);
    return (shift << 7) + (value >> shift);
}

static void bare_fill(bare *into, const uint32_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        into->counts[bare_cell(from[i])]++;
    }
}

static void bare_merge(bare *into, const bare *from)
{
    for (int i = 0; i < BARE_CELLS; i++) {
        into->counts[i] += from->counts[i];
    }
}

/* The lowest value of the cell that holds the quantile by nearest rank. */
static int64_t bare_low(const bare *from, uint32_t part)
{
    uint64_t n = 0;
    for (int i = 0; i < BARE_CELLS; i++) {
        n += from->counts[i];
    }
    const uint64_t rank = (n * part + 999999) / 1000000;
    uint64_t before = 0;
    unsigned i = 0;
    while (before + from->counts[i] < rank) {
        before += from->counts[i++];
    }
    const unsigned shift = i < 256 ? 0 : (i >> 7) - 1;
    return (int64_t)(i - (shift << 7)) << shift;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static size_t part_size(void)
{
    return n_values / PARTS;
}

static void add_bare(void)
{
    memset(bare_parts, 0, sizeof bare_parts);
    for (size_t p = 0; p < PARTS; p++) {
        bare_fill(&bare_parts[p], values + p * part_size(), part_size());
    }
}

static void add_columns(void)
{
    csq_error error;
    for (size_t p = 0; p < PARTS; p++) {
        const csq_column column =
            csq_column_of(CSQ_COLUMN_UINT32, values + p * part_size(), part_size());
        csq_quantiles_reset(parts[p]);
        check(csq_quantiles_add_column(parts[p], &column, NULL, NULL, NULL, &error), &error);
    }
}

static void add_single(void)
{
    csq_error error;
    for (size_t p = 0; p < PARTS; p++) {
        csq_quantiles_reset(parts[p]);
        for (size_t i = p * part_size(); i < (p + 1) * part_size(); i++) {
            check(csq_quantiles_add(parts[p], values[i], &error), &error);
        }
    }
}

static void merge_bare(void)
{
    memset(&bare_whole, 0, sizeof bare_whole);
    for (size_t p = 0; p < PARTS; p++) {
        bare_merge(&bare_whole, &bare_parts[p]);
    }
}

static void merge_all(void)
{
    csq_error error;
    csq_quantiles_reset(whole);
    for (size_t p = 0; p < PARTS; p++) {
        check(csq_quantiles_merge(whole, parts[p], &error), &error);
    }
}

typedef struct variant {
    const char *name;
    void (*run)(void);
    double times[ROUNDS];
} variant;

/* The first variant is the bare one. */
static void print_rows(variant *variants, size_t n, double per, const char *unit)
{
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t v = 0; v < n; v++) {
            const double start = now_ns();
            variants[v].run();
            variants[v].times[round] = (now_ns() - start) / per;
        }
    }
    const double base = median(variants[0].times);
    for (size_t v = 0; v < n; v++) {
        const double time = median(variants[v].times);
        printf("%-28s %10.2f %s  %6.2f\n", variants[v].name, time, unit, time / base);
    }
}

int main(int argc, char **argv)
{
    csq_error error;
    n_values = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : n_values;
    draw_values();
    check(csq_quantiles_new(NULL, NULL, &whole, &error), &error);
    for (size_t p = 0; p < PARTS; p++) {
        check(csq_quantiles_new(NULL, NULL, &parts[p], &error), &error);
    }
    variant adding[] = {{.name = "add, bare", .run = add_bare},
                        {.name = "csq_quantiles_add_column", .run = add_columns},
                        {.name = "csq_quantiles_add", .run = add_single}};
    variant merging[] = {{.name = "merge, bare", .run = merge_bare},
                         {.name = "csq_quantiles_merge", .run = merge_all}};
    print_rows(adding, 3, (double)n_values, "ns a value");
    print_rows(merging, 2, PARTS * 1e3, "us a state");
    static const uint32_t asked[] = {500000, 900000, 990000, 999000};
    int differs = 0;
    for (size_t i = 0; i < 4; i++) {
        csq_quantile quantile = {.size = sizeof quantile};
        check(csq_quantiles_at(whole, asked[i], 0, &quantile, &error), &error);
        differs |= quantile.low != bare_low(&bare_whole, asked[i]);
        printf("p%.1f %lld ms\n", asked[i] / 1e4, (long long)quantile.value);
    }
    uint64_t size = 0;
    check(csq_quantiles_encode(whole, NULL, &size, &error), &error);
    printf("bytes encoded %llu, bare %zu\n", (unsigned long long)size, sizeof(bare));
    for (size_t p = 0; p < PARTS; p++) {
        csq_quantiles_free(parts[p]);
    }
    csq_quantiles_free(whole);
    free(values);
    if (differs) {
        fputs("bench_quantiles: the quantiles differ\n", stderr);
    }
    return differs;
}
