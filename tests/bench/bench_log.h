/*
 * bench_log — the ticket workload of the benchmarks: a deterministic log and its calendar.
 *
 * The generator is xoshiro256** (Blackman, Vigna 2018) seeded by SplitMix64, with exponential
 * intervals from a table of logarithms made of + - * / only: the same log on every platform.
 */
#ifndef CSQ_TESTS_BENCH_LOG_H
#define CSQ_TESTS_BENCH_LOG_H

#include <stddef.h>
#include <stdint.h>

enum {
    BENCH_CREATED,
    BENCH_AGENT_REPLY,
    BENCH_CUSTOMER_REPLY,
    BENCH_STATUS,
    BENCH_PRIORITY,
    BENCH_ATTACH
};
enum { BENCH_OPEN, BENCH_PENDING, BENCH_ON_HOLD, BENCH_SOLVED };

/* Seconds since 1970: 2026-03-31T00:00Z, and Monday 2024-12-30T00:00 on the local clock. */
#define BENCH_NOW          1774915200
#define BENCH_FIRST_MONDAY 1735516800

enum { BENCH_FIRST_DAY = 20087, BENCH_DAYS = 732 }; /* 2024-12-30 to 2026-12-31 */

/* Columns ordered by (ticket, at); `at` in seconds. */
typedef struct bench_log {
    uint32_t *ticket;
    int64_t *at;
    uint8_t *kind;
    uint8_t *value; /* of a status or a priority (CREATED: the first one) */
    size_t n;
    uint32_t tickets;
} bench_log;

/* The shift that starts on a UTC day: Mon-Fri 09:00-17:00 New York without federal holidays. */
typedef struct bench_day {
    int64_t open;
    int64_t length; /* 0: closed */
    int64_t before; /* open seconds before that day */
    int32_t offset; /* of local time at noon UTC */
} bench_day;

void bench_make_log(bench_log *log, uint64_t tickets);
void bench_free_log(bench_log *log);
/* The same log with an agreement attached to each ticket at its creation. */
void bench_attach_log(const bench_log *log, bench_log *out);
/* Puts the rows in a random order, always the same one. */
void bench_shuffle_log(bench_log *log);
void bench_make_days(bench_day *days);

/* Writes the columns as raw files and the days as days.csv; 0, or 1 after a message. */
int bench_export(const bench_log *log, const bench_day *days, const char *directory);

#endif
