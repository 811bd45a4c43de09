/*
 * known_bugs — a document of rules and one ticket, for tests named after reports to other systems.
 *
 * Instants are written as in sla_support.h ("Mon 09:00", "Mon+ 09:00"), but count from the Monday
 * of the case, in UTC. docs/known-bugs.md lists the reports.
 */
#ifndef CSQ_TESTS_KNOWN_BUGS_H
#define CSQ_TESTS_KNOWN_BUGS_H

#include "clock_rows.h"
#include "rules_support.h"

#define BUG_WEEK(hours)                                                                            \
    "'week':{'mon':" hours ",'tue':" hours ",'wed':" hours ",'thu':" hours ",'fri':" hours "}"
#define BUG_ALL_WEEK(hours)                                                                        \
    "'week':{'mon':" hours ",'tue':" hours ",'wed':" hours ",'thu':" hours ",'fri':" hours         \
    ",'sat':" hours ",'sun':" hours "}"
#define BUG_OFFICE "'office':{'zone':'UTC'," BUG_WEEK("['09:00-17:00']") "}"
#define BUG_ALWAYS "'always':{'always_open':true}"
#define BUG_HOURS  BUG_OFFICE "," BUG_ALWAYS

/* Members of a metric that most cases have. */
#define BUG_STATUSES "'stop_statuses':['solved','closed'],'pause_statuses':['pending']"

/* A document of calendars, metrics, and the targets of one policy. */
#define BUG_RULES(calendars, metrics, targets)                                                     \
    "{'calendars':{" calendars "},'metrics':{" metrics                                             \
    "},'policies':[{'name':'policy','targets':{" targets "}}]}"

/* The first metric, called `m`, with four hours of the office. */
#define BUG_FOUR_HOURS(metric)                                                                     \
    BUG_RULES(BUG_HOURS, "'m':{" metric "}", "'m':{'within':'4h','calendar':'office'}")

typedef struct bug_case {
    csq_schema *schema;
    csq_rules *rules;
    csq_policies *policies;
    csq_ticket *ticket;
    csq_ms monday;
    uint64_t sequence;
} bug_case;

/* `monday` is the first instant of that day, "2024-01-08T00:00Z". */
static inline void bug_open(bug_case *bug, const char *monday, const char *rules)
{
    *bug = (bug_case){.schema = test_schema(), .monday = instant_of(monday)};
    bug->rules = rules_of(bug->schema, rules);
    bug->policies = csq_rules_policies(bug->rules);
    bug->ticket = test_ticket(bug->schema, 1);
}

static inline void bug_close(bug_case *bug)
{
    csq_ticket_free(bug->ticket);
    csq_rules_free(bug->rules);
    csq_schema_free(bug->schema);
}

static inline csq_ms bug_at(const bug_case *bug, const char *text)
{
    return text == NULL ? CSQ_MS_NONE : bug->monday + sla_at(text) - sla_at("Mon 00:00");
}

/* Adds events to the log; after each, the checkpoint is brought up to it. */
static inline void bug_log(bug_case *bug, const char *text)
{
    csq_ticket_event events[SLA_LOG_LIMIT];
    sla_log log = {bug->schema, events, 0, SLA_LOG_LIMIT};
    sla_read_events(&log, text);
    for (uint32_t i = 0; i < log.n; i++) {
        events[i].at += bug->monday - sla_at("Mon 00:00");
        events[i].sequence = bug->sequence++;
        test_apply(bug->ticket, events[i]);
        assert_status(CSQ_OK, csq_policies_advance(bug->policies, bug->ticket, NULL));
    }
}

static inline csq_answer bug_answer_at(const bug_case *bug, const char *metric, csq_ms now)
{
    return rules_answer(bug->rules, bug->ticket, metric, now);
}

static inline csq_answer bug_answer(const bug_case *bug, const char *metric, const char *now)
{
    return bug_answer_at(bug, metric, bug_at(bug, now));
}

static inline csq_explanation *bug_explain(const bug_case *bug, const char *now)
{
    return sla_explain(bug->policies, bug->ticket, 0, bug_at(bug, now));
}

/* The instant of a step of the first metric. */
static inline csq_ms bug_step(const bug_case *bug, uint32_t step, const char *now)
{
    csq_explanation *explanation = bug_explain(bug, now);
    csq_ms at;
    assert_status(CSQ_OK, csq_explanation_step(explanation, step, &at, NULL));
    csq_explanation_free(explanation);
    return at;
}

/* The ticket alone in a tally that must have `n_rows` rows; the first one. */
static inline csq_tally_row bug_tally(const bug_case *bug, const char *now, uint64_t n_rows)
{
    csq_tally *tally;
    const csq_tally_options options = {.size = sizeof options};
    assert_status(CSQ_OK, csq_tally_new(bug->policies, &options, NULL, &tally, NULL));
    assert_status(CSQ_OK, csq_tally_add(tally, bug->ticket, bug_at(bug, now), NULL));
    assert_ms_equal(csq_tally_count(tally), n_rows);
    const csq_tally_row row = sla_row(tally, 0);
    csq_tally_free(tally);
    return row;
}

#define assert_bug_at(bug, found, text) assert_ms_equal(found, bug_at(bug, text))

#endif
