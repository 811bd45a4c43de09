/*
 * clock_rows — histories and the answers that they lead to, in rows, for the tests of clocks.
 *
 * Unless a row says otherwise the target is 4 h of office time (Mon–Fri 9–17 UTC), 2 h for high
 * priority, 4 h around the clock for urgent; see sla_single. All expectations are computed by hand.
 */
#ifndef CSQ_TESTS_CLOCK_ROWS_H
#define CSQ_TESTS_CLOCK_ROWS_H

#include "sla_support.h"

typedef struct clock_row {
    const char *rule;
    csq_metric metric;
    const char *events;
    const char *now;
    uint32_t phase;
    uint32_t cycle;
    uint32_t breached;
    int elapsed; /* minutes */
    int paused;  /* minutes */
    const char *due;
    const char *if_resumed;
    const char *stopped;
    csq_ms within;
} clock_row;

static inline bool is_minutes(csq_ms found, int expected)
{
    return found == expected * MINUTE_MS;
}

static inline void show(const char *name, csq_ms at, const char *expected)
{
    char text[CSQ_INSTANT_TEXT] = "none";
    if (at != CSQ_MS_NONE) {
        (void)csq_instant_format(at, NULL, text, sizeof text, NULL);
    }
    print_error("  %s %s, expected %s\n", name, text, expected == NULL ? "none" : expected);
}

static inline void check_row(const clock_row *row, const csq_answer *found)
{
    bool is_right = found->phase == row->phase && found->cycle == row->cycle;
    if (row->phase > CSQ_PHASE_NOT_STARTED) {
        is_right = is_right && found->breached == row->breached &&
                   is_minutes(found->elapsed_ms, row->elapsed) &&
                   is_minutes(found->paused_ms, row->paused) &&
                   found->due_at == sla_at(row->due) &&
                   found->due_if_resumed_at == sla_at(row->if_resumed) &&
                   found->stopped_at == sla_at(row->stopped) &&
                   found->breached_at == (row->breached ? found->due_at : CSQ_MS_NONE);
    }
    if (!is_right) {
        print_error("%s\n  phase %u/%u cycle %u/%u breached %u/%u elapsed %lld/%d paused %lld/%d\n",
                    row->rule, found->phase, row->phase, found->cycle, row->cycle,
                    found->breached, row->breached, (long long)(found->elapsed_ms / MINUTE_MS),
                    row->elapsed, (long long)(found->paused_ms / MINUTE_MS), row->paused);
        show("due", found->due_at, row->due);
        show("if resumed", found->due_if_resumed_at, row->if_resumed);
        show("stopped", found->stopped_at, row->stopped);
    }
    assert_true(is_right);
}

static inline void check_rows(const clock_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(&world, rows[i].metric, rows[i].within);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_answer answer = sla_answer(policies, ticket, 0, sla_at(rows[i].now));
        check_row(&rows[i], &answer);
        assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
        const csq_answer advanced = sla_answer(policies, ticket, 0, sla_at(rows[i].now));
        assert_memory_equal(&advanced, &answer, sizeof answer);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

#define RESOLUTION {.kind = CSQ_METRIC_RESOLUTION}
#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

enum {
    NOT_STARTED = CSQ_PHASE_NOT_STARTED,
    ACTIVE = CSQ_PHASE_ACTIVE,
    PAUSED = CSQ_PHASE_PAUSED,
    COMPLETED = CSQ_PHASE_COMPLETED,
    CANCELLED = CSQ_PHASE_CANCELLED
};

#define REOPEN(mode) {.kind = CSQ_METRIC_RESOLUTION, .reopen_mode = (mode)}
#define CHANGE(mode) {.kind = CSQ_METRIC_RESOLUTION, .on_change = (mode)}

#endif
