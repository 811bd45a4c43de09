/*
 * what_if_support — two sides of a what-if in a few words, and tickets for them.
 */
#ifndef CSQ_TESTS_WHAT_IF_SUPPORT_H
#define CSQ_TESTS_WHAT_IF_SUPPORT_H

#include "csq/sla_what_if.h"
#include "sla_support.h"

/* One side: a metric and a policy with one target. */
typedef struct draft {
    const char *policy;
    int hours;         /* 0: 4 */
    uint32_t calendar; /* office if left out */
    uint32_t workdays;
    uint32_t end_of_day;
    bool for_high; /* only tickets with a high priority have a target */
    csq_metric metric; /* a resolution, if the kind is left out */
} draft;

typedef struct sides {
    sla_world world;
    csq_policies *policies[2];
} sides;

static inline csq_policies *build_draft(sla_world *world, const draft *from)
{
    csq_metric metric = from->metric;
    metric.kind = metric.kind == 0 ? (uint32_t)CSQ_METRIC_RESOLUTION : metric.kind;
    const uint32_t index = sla_add_metric(world, metric);
    (void)sla_add_policy(world, from->policy == NULL ? "policy" : from->policy, NULL);
    sla_add_target(world,
                   (csq_target){.metric = index,
                                .attribute = from->for_high ? CSQ_TICKET_PRIORITY : 0,
                                .code = from->for_high ? world->high : 0,
                                .within_ms = from->workdays > 0 ? 0
                                             : from->hours == 0 ? 4 * HOUR_MS
                                                                : from->hours * HOUR_MS,
                                .workdays = from->workdays,
                                .end_of_day = from->end_of_day,
                                .calendar = from->calendar});
    csq_policies *built = sla_build(world);
    world->policies = NULL;
    return built;
}

static inline void open_sides(sides *s, const draft *before, const draft *after)
{
    sla_open(&s->world);
    s->policies[0] = build_draft(&s->world, before);
    sla_add_calendars(&s->world);
    s->policies[1] = build_draft(&s->world, after);
}

static inline void close_sides(sides *s)
{
    csq_policies_free(s->policies[0]);
    csq_policies_free(s->policies[1]);
    sla_close(&s->world);
}

static inline csq_what_if *what_if_of(const sides *s, csq_what_if_options options)
{
    options.size = sizeof options;
    csq_what_if *what_if = NULL;
    assert_status(CSQ_OK, csq_what_if_new(s->policies[0], s->policies[1], &options, NULL,
                                          &what_if, NULL));
    return what_if;
}

static inline void judge(csq_what_if *what_if, const sides *s, uint64_t id, const char *events,
                  const char *now)
{
    csq_ticket *ticket = sla_ticket(s->world.schema, id, events);
    csq_error error = {0};
    const csq_status status = csq_what_if_add(what_if, ticket, sla_at(now), &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    csq_ticket_free(ticket);
}

static inline csq_what_if_change change_at(const csq_what_if *what_if, uint64_t index)
{
    csq_what_if_change change = {.size = sizeof change};
    assert_status(CSQ_OK, csq_what_if_change_at(what_if, index, &change, NULL));
    return change;
}

static inline csq_answer answer_of(const csq_what_if *what_if, uint64_t index, uint32_t side)
{
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_OK, csq_what_if_answer(what_if, index, side, &answer, NULL));
    return answer;
}

static inline csq_what_if_summary summary_of(const csq_what_if *what_if)
{
    csq_what_if_summary summary = {.size = sizeof summary};
    assert_status(CSQ_OK, csq_what_if_summary_of(what_if, &summary, NULL));
    return summary;
}

/* The sides of docs/what-if.md: the early shift with 3 h instead of office hours with 4 h. */
static const draft page_before = {.hours = 4};
static const draft page_after = {.hours = 3, .calendar = SLA_EARLY};

#define SOLVED_AT_12 "Mon 09:00 created; Mon 12:00 set status=solved"

#endif
