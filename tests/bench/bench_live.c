/*
 * bench_live — what one event costs in a set of a million tickets with four clocks each.
 *
 * The set is filled with tickets that were created and worked on in the two weeks before; then
 * events come, each for a random ticket, one millisecond apart: replies of agents and customers,
 * pending, open. After each the set is asked what is next. Between blocks of events what became due
 * is taken, and random loads are measured: a chain of addresses over 1 GiB, each known only once
 * the one before it was read.
 *
 * usage: bench_live RULES.json ZONEFILE [--tickets N] [--events N] [--blocks N]
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "csq/csq.h"

/* Monday 2026-03-16T00:00Z, and Monday two weeks later 14:00Z: an hour after opening. */
#define BENCH_LIVE_FROM INT64_C(1773619200000)
#define BENCH_LIVE_NOW  INT64_C(1774879200000)

enum { LIVE_BLOCKS = 64, LIVE_CHAIN_LINE = 64 };

typedef struct live_options {
    uint64_t tickets;
    uint64_t events; /* of a block */
    int blocks;
    size_t chain_bytes;
} live_options;

typedef struct live_bench {
    csq_schema *schema;
    csq_zone *zone;
    csq_rules *rules;
    csq_clock_set *set;
    uint32_t statuses[2]; /* open, pending */
    uint32_t priorities[4];
    uint64_t seed;
    uint64_t sequence;
    csq_ms now;
} live_bench;

static void must(csq_status status, const csq_error *error)
{
    if (status != CSQ_OK) {
        fprintf(stderr, "bench_live: %s: %s\n", csq_status_name(status), error->message);
        exit(1);
    }
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t live_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

static double live_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the rules ----------------------------------------------------------------------------- */

static csq_status live_zone(void *user, csq_str name, csq_zone **out)
{
    (void)name;
    *out = csq_zone_retain(user);
    return CSQ_OK;
}

static char *live_read_file(const char *path, size_t *size)
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

static uint32_t live_code(const live_bench *bench, uint32_t attribute, const char *name)
{
    uint32_t code;
    csq_error error;
    must(csq_schema_code(bench->schema, attribute, csq_str_of(name), &code, &error), &error);
    return code;
}

static void live_open(live_bench *bench, const char *rules_path, const char *zone_path)
{
    static const char *const priorities[] = {"urgent", "high", "normal", "low"};
    csq_error error;
    size_t size;
    must(csq_ticket_schema_new(0, NULL, &bench->schema, &error), &error);
    bench->statuses[0] = live_code(bench, CSQ_TICKET_STATUS, "open");
    bench->statuses[1] = live_code(bench, CSQ_TICKET_STATUS, "pending");
    for (int i = 0; i < 4; i++) {
        bench->priorities[i] = live_code(bench, CSQ_TICKET_PRIORITY, priorities[i]);
    }
    char *bytes = live_read_file(zone_path, &size);
    must(csq_zone_new_tzif(csq_str_of("America/New_York"), bytes, size, NULL, &bench->zone, &error),
         &error);
    free(bytes);
    char *text = live_read_file(rules_path, &size);
    const csq_rules_options options = {
        .size = sizeof options, .zone = live_zone, .zone_user = bench->zone};
    must(
        csq_rules_read(bench->schema, (csq_str){text, size}, &options, NULL, &bench->rules, &error),
        &error);
    free(text);
    must(csq_clock_set_new(csq_rules_policies(bench->rules), NULL, NULL, &bench->set, &error),
         &error);
}

/* ---- events -------------------------------------------------------------------------------- */

/* Any of four kinds: a reply of an agent (in two of five), of the customer, pending, open. */
static csq_ticket_event live_event(live_bench *bench, csq_ms at)
{
    const uint64_t kind = live_random(&bench->seed) % 5;
    csq_ticket_event event = {.size = sizeof event, .at = at, .sequence = bench->sequence++};
    if (kind < 3) {
        event.kind = CSQ_EVENT_REPLY;
        event.author = kind < 2 ? CSQ_AUTHOR_AGENT : CSQ_AUTHOR_CUSTOMER;
    } else {
        event.kind = CSQ_EVENT_CHANGE;
        event.attribute = CSQ_TICKET_STATUS;
        event.value = bench->statuses[kind - 3];
    }
    return event;
}

static void live_apply(live_bench *bench, uint64_t ticket, const csq_ticket_event *event)
{
    csq_error error;
    must(csq_clock_set_apply(bench->set, ticket, event, &error), &error);
}

static uint64_t live_take(live_bench *bench)
{
    uint64_t n;
    csq_error error;
    must(csq_clock_set_take(bench->set, bench->now, &n, &error), &error);
    return n;
}

/* Tickets of two weeks: each is created and gets up to six further events. */
static void live_fill(live_bench *bench, uint64_t tickets)
{
    const uint64_t span = (uint64_t)(BENCH_LIVE_NOW - BENCH_LIVE_FROM);
    for (uint64_t ticket = 1; ticket <= tickets; ticket++) {
        csq_ms at = BENCH_LIVE_FROM + (csq_ms)(live_random(&bench->seed) % span);
        csq_ticket_event event = {.size = sizeof event,
                                  .kind = CSQ_EVENT_CREATED,
                                  .at = at,
                                  .sequence = bench->sequence++,
                                  .author = CSQ_AUTHOR_CUSTOMER,
                                  .attribute = CSQ_TICKET_PRIORITY};
        event.value = bench->priorities[live_random(&bench->seed) % 4];
        live_apply(bench, ticket, &event);
        for (uint64_t left = live_random(&bench->seed) % 7; left > 0; left--) {
            at += 1 + (csq_ms)(live_random(&bench->seed) % (uint64_t)(BENCH_LIVE_NOW - at + 1));
            at = at > BENCH_LIVE_NOW ? BENCH_LIVE_NOW : at;
            event = live_event(bench, at);
            live_apply(bench, ticket, &event);
        }
    }
    bench->now = BENCH_LIVE_NOW;
    (void)live_take(bench);
}

/* ---- random loads -------------------------------------------------------------------------- */

/* A single cycle through all cache lines (Sattolo 1986): the first word of each is the next one. */
static uint64_t *live_make_chain(size_t bytes, uint64_t *seed)
{
    const uint64_t n = bytes / LIVE_CHAIN_LINE;
    const uint64_t words = LIVE_CHAIN_LINE / sizeof(uint64_t);
    uint64_t *chain = malloc(bytes);
    if (chain == NULL) {
        fputs("bench_live: no memory for the chain\n", stderr);
        exit(1);
    }
    for (uint64_t i = 0; i < n; i++) {
        chain[i * words] = i;
    }
    for (uint64_t i = n - 1; i > 0; i--) {
        const uint64_t k = live_random(seed) % i;
        const uint64_t held = chain[i * words];
        chain[i * words] = chain[k * words];
        chain[k * words] = held;
    }
    return chain;
}

static double live_measure_chain(const uint64_t *chain, uint64_t loads, uint64_t *at)
{
    const uint64_t words = LIVE_CHAIN_LINE / sizeof(uint64_t);
    const double start = live_seconds();
    uint64_t line = *at;
    for (uint64_t i = 0; i < loads; i++) {
        line = chain[line * words];
    }
    *at = line;
    return (live_seconds() - start) / (double)loads;
}

/* ---- measuring ----------------------------------------------------------------------------- */

/* Not inlined, so that callgrind can count it alone (docs/performance.md). */
__attribute__((noinline)) static double live_measure_events(live_bench *bench,
                                                            const live_options *options)
{
    uint64_t sum = 0;
    const double start = live_seconds();
    for (uint64_t i = 0; i < options->events; i++) {
        const csq_ticket_event event = live_event(bench, ++bench->now);
        live_apply(bench, 1 + live_random(&bench->seed) % options->tickets, &event);
        csq_ms at;
        uint64_t ticket;
        sum += csq_clock_set_next(bench->set, &at, &ticket, NULL) == CSQ_OK ? ticket : 0;
    }
    const double took = (live_seconds() - start) / (double)options->events;
    return sum == UINT64_MAX ? 0 : took;
}

static int live_compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void live_run(live_bench *bench, const live_options *options)
{
    double events[LIVE_BLOCKS];
    double loads[LIVE_BLOCKS];
    double ratios[LIVE_BLOCKS];
    uint64_t at = 0;
    uint64_t taken = 0;
    uint64_t *chain = NULL;
    if (options->chain_bytes > 0) {
        chain = live_make_chain(options->chain_bytes, &bench->seed);
    }
    for (int i = 0; i < options->blocks; i++) {
        loads[i] = chain == NULL ? 1 : live_measure_chain(chain, options->events, &at);
        events[i] = live_measure_events(bench, options);
        ratios[i] = events[i] / loads[i];
        taken += live_take(bench);
    }
    const size_t n = (size_t)options->blocks;
    qsort(events, n, sizeof events[0], live_compare);
    qsort(loads, n, sizeof loads[0], live_compare);
    qsort(ratios, n, sizeof ratios[0], live_compare);
    printf("one event: %.0f ns, one random load over %zu MiB: %.0f ns, ratio %.2f "
           "(medians of %zu blocks of %llu; %llu notices, line %llu)\n",
           events[n / 2] * 1e9, options->chain_bytes >> 20, loads[n / 2] * 1e9, ratios[n / 2], n,
           (unsigned long long)options->events, (unsigned long long)taken, (unsigned long long)at);
    free(chain);
}

int main(int argc, char **argv)
{
    live_options options = {
        .tickets = 1000000, .events = 100000, .blocks = 15, .chain_bytes = (size_t)1 << 30};
    if (argc < 3) {
        fprintf(stderr, "usage: bench_live RULES.json ZONEFILE [--tickets N] [--events N] "
                        "[--blocks N] [--chain MIB]\n");
        return 2;
    }
    for (int i = 3; i + 1 < argc; i += 2) {
        const unsigned long long value = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--tickets") == 0) {
            options.tickets = value > 0 ? value : 1;
        } else if (strcmp(argv[i], "--events") == 0) {
            options.events = value > 0 ? value : 1;
        } else if (strcmp(argv[i], "--blocks") == 0) {
            options.blocks = value < 1 ? 1 : value > LIVE_BLOCKS ? LIVE_BLOCKS : (int)value;
        } else if (strcmp(argv[i], "--chain") == 0) {
            options.chain_bytes = (size_t)value << 20;
        }
    }
    live_bench bench = {.seed = 1, .sequence = 1};
    live_open(&bench, argv[1], argv[2]);
    const double start = live_seconds();
    live_fill(&bench, options.tickets);
    printf("%llu tickets, %llu events: filled in %.2f s, %.0f bytes a ticket\n",
           (unsigned long long)options.tickets, (unsigned long long)(bench.sequence - 1),
           live_seconds() - start,
           (double)csq_clock_set_memory(bench.set) / (double)options.tickets);
    live_run(&bench, &options);
    csq_clock_set_free(bench.set);
    csq_rules_free(bench.rules);
    csq_zone_free(bench.zone);
    csq_schema_free(bench.schema);
    return 0;
}
