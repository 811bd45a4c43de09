/*
 * bench_log — see the header.
 */
#include "bench_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- random numbers ------------------------------------------------------------------------ */

typedef struct generator {
    uint64_t state[4];
    double logarithms[1025]; /* ln(1 + i / 1024) */
} generator;

static uint64_t rotate(uint64_t x, int n)
{
    return (x << n) | (x >> (64 - n));
}

static uint64_t next(generator *g)
{
    uint64_t *s = g->state;
    const uint64_t result = rotate(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

static void seed(generator *g, uint64_t x)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = (x += 0x9E3779B97F4A7C15U);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        g->state[i] = z ^ (z >> 31);
    }
    for (int i = 0; i <= 1024; i++) {
        const double x1 = 1.0 + i / 1024.0;
        const double y = (x1 - 1) / (x1 + 1);
        double power = y;
        double sum = 0;
        for (int k = 1; k < 60; k += 2) {
            sum += power / k;
            power *= y * y;
        }
        g->logarithms[i] = 2 * sum;
    }
}

static uint32_t below(generator *g, uint32_t n)
{
    return (uint32_t)(((next(g) >> 32) * (uint64_t)n) >> 32);
}

static double uniform(generator *g)
{
    return (double)(next(g) >> 11) * (1.0 / 9007199254740992.0);
}

/* -ln(u) by linear interpolation in the table. */
static double exponential(generator *g)
{
    const uint64_t r = (next(g) >> 11) | 1;
    const int e = 63 - __builtin_clzll(r);
    const uint64_t m = e >= 10 ? (r >> (e - 10)) & 1023 : (r << (10 - e)) & 1023;
    double fraction = 0;
    if (e > 10) {
        const uint64_t unit = (uint64_t)1 << (e - 10);
        fraction = (double)(r & (unit - 1)) / (double)unit;
    }
    const double l = g->logarithms[m] + (g->logarithms[m + 1] - g->logarithms[m]) * fraction;
    return -(l + (e - 53) * 0.69314718055994530942);
}

/* A product of two exponentials: a long right tail. */
static double heavy(generator *g, double scale)
{
    const double a = exponential(g);
    return a * exponential(g) * scale;
}

/* ---- the log ------------------------------------------------------------------------------- */

static void add(bench_log *log, uint64_t ticket, int64_t at, uint8_t kind, uint8_t value)
{
    log->ticket[log->n] = (uint32_t)ticket;
    log->at[log->n] = at;
    log->kind[log->n] = kind;
    log->value[log->n] = value;
    log->n++;
}

static void add_ticket(bench_log *log, generator *g, uint64_t ticket, int64_t at)
{
    const uint32_t r = below(g, 100);
    const uint8_t priority = r < 5 ? 0 : r < 20 ? 1 : r < 80 ? 2 : 3;
    const int n = 6 + (int)below(g, 11);
    uint8_t status = BENCH_OPEN;
    add(log, ticket, at, BENCH_CREATED, priority);
    for (int i = 0; i < n; i++) {
        at += 1 + (int64_t)heavy(g, i == 0 ? 9000 : 14000);
        const uint32_t what = below(g, 100);
        if (i == 0 || what < 35) {
            add(log, ticket, at, BENCH_AGENT_REPLY, 0);
        } else if (what < 60) {
            add(log, ticket, at, BENCH_CUSTOMER_REPLY, 0);
        } else if (what < 95) {
            const uint8_t other = (uint8_t)below(g, 3);
            status = other == status ? (uint8_t)((other + 1) % 3) : other;
            add(log, ticket, at, BENCH_STATUS, status);
        } else {
            add(log, ticket, at, BENCH_PRIORITY, (uint8_t)below(g, 4));
        }
    }
    if (below(g, 100) < 95) {
        at += 1 + (int64_t)heavy(g, 6000);
        add(log, ticket, at, BENCH_STATUS, BENCH_SOLVED);
    }
}

static void allocate_log(bench_log *log, size_t most, uint32_t tickets)
{
    *log = (bench_log){malloc(most * 4), malloc(most * 8), malloc(most), malloc(most), 0, tickets};
    if (log->ticket == NULL || log->at == NULL || log->kind == NULL || log->value == NULL) {
        fprintf(stderr, "bench_log: out of memory\n");
        exit(1);
    }
}

void bench_make_log(bench_log *log, uint64_t tickets)
{
    const int64_t first = 1735707600; /* 2025-01-01T05:00Z */
    const int64_t span = 364 * 86400;
    static generator g;
    allocate_log(log, (size_t)tickets * 18, (uint32_t)tickets);
    seed(&g, 777);
    for (uint64_t i = 0; i < tickets; i++) {
        const double place = ((double)i + uniform(&g)) / (double)tickets;
        add_ticket(log, &g, i, first + (int64_t)((double)span * place));
    }
}

void bench_attach_log(const bench_log *log, bench_log *out)
{
    allocate_log(out, log->n + log->tickets, log->tickets);
    for (size_t i = 0; i < log->n; i++) {
        add(out, log->ticket[i], log->at[i], log->kind[i], log->value[i]);
        if (log->kind[i] == BENCH_CREATED) {
            add(out, log->ticket[i], log->at[i], BENCH_ATTACH, 0);
        }
    }
}

void bench_free_log(bench_log *log)
{
    free(log->ticket);
    free(log->at);
    free(log->kind);
    free(log->value);
}

void bench_shuffle_log(bench_log *log)
{
    static generator g;
    seed(&g, 778);
    for (size_t i = log->n; i > 1; i--) {
        const size_t j = below(&g, (uint32_t)i);
        const uint32_t ticket = log->ticket[j];
        const int64_t at = log->at[j];
        const uint8_t kind = log->kind[j];
        const uint8_t value = log->value[j];
        log->ticket[j] = log->ticket[i - 1];
        log->at[j] = log->at[i - 1];
        log->kind[j] = log->kind[i - 1];
        log->value[j] = log->value[i - 1];
        log->ticket[i - 1] = ticket;
        log->at[i - 1] = at;
        log->kind[i - 1] = kind;
        log->value[i - 1] = value;
    }
}

/* ---- the calendar -------------------------------------------------------------------------- */

/* Days since 1970 of US federal holidays on weekdays, 2025 and 2026. */
static const int32_t holidays[] = {20089, 20108, 20136, 20234, 20258, 20273, 20332, 20374,
                                   20403, 20419, 20447, 20454, 20472, 20500, 20598, 20623,
                                   20637, 20703, 20738, 20768, 20783, 20812};

static int is_holiday(int32_t day)
{
    for (size_t i = 0; i < sizeof holidays / sizeof holidays[0]; i++) {
        if (holidays[i] == day) {
            return 1;
        }
    }
    return 0;
}

/* Daylight time in 2025 and 2026: 9 March to 2 November, 8 March to 1 November. */
static int is_daylight(int32_t day)
{
    return (day >= 20156 && day < 20394) || (day >= 20520 && day < 20758);
}

void bench_make_days(bench_day *days)
{
    int64_t before = 0;
    for (int32_t i = 0; i < BENCH_DAYS; i++) {
        const int32_t day = BENCH_FIRST_DAY + i;
        const int weekday = (day + 3) % 7; /* 0: Monday */
        const int offset = is_daylight(day) ? -4 : -5;
        const int64_t length = weekday < 5 && !is_holiday(day) ? 8 * 3600 : 0;
        days[i] =
            (bench_day){(int64_t)day * 86400 + (9 - offset) * 3600, length, before, offset * 3600};
        before += length;
    }
}

/* ---- files --------------------------------------------------------------------------------- */

static int write_column(const char *directory, const char *name, const void *data, size_t size)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

int bench_export(const bench_log *log, const bench_day *days, const char *directory)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/days.csv", directory);
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    fprintf(file, "day,open,length,before,offset\n");
    for (int i = 0; i < BENCH_DAYS; i++) {
        fprintf(file, "%d,%lld,%lld,%lld,%d\n", BENCH_FIRST_DAY + i, (long long)days[i].open,
                (long long)days[i].length, (long long)days[i].before, days[i].offset);
    }
    fclose(file);
    return write_column(directory, "ticket.u4", log->ticket, log->n * 4) ||
           write_column(directory, "at.i8", log->at, log->n * 8) ||
           write_column(directory, "kind.u1", log->kind, log->n) ||
           write_column(directory, "value.u1", log->value, log->n);
}
