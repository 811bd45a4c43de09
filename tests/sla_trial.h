/*
 * sla_trial — random policies and random histories, for the properties of clocks and tallies.
 *
 * Policies are drawn anew for every BATCH histories: three metrics of any kind with any options,
 * steps, two policies of one or two tracks and up to three versions, targets by priority on five
 * calendars, some due as promised; histories have up to 14 events.
 */
#ifndef CSQ_TESTS_SLA_TRIAL_H
#define CSQ_TESTS_SLA_TRIAL_H

#include "sla_support.h"

#if defined(__SANITIZE_ADDRESS__)
#define N_HISTORIES 20000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define N_HISTORIES 20000
#endif
#endif
#ifndef N_HISTORIES
#define N_HISTORIES 100000
#endif

enum {
    BATCH = 20,
    MAX_EVENTS = 14,
    N_METRICS = 3,
    N_STEPS = 4,
    QUARTER_MS = 900000,
    MAX_EPOCHS = 16
};

/* What a batch of histories is judged by. */
typedef struct trial {
    uint64_t seed;
    sla_world world;
    csq_calendar *berlin;
    uint32_t vip;
    uint32_t wait;
    csq_metric metrics[N_METRICS];
    bool by_workdays[N_METRICS];
    uint32_t n_steps;                   /* of a metric; 0: two */
    csq_step steps[N_METRICS][N_STEPS]; /* kinds and values */
    bool by_due[N_METRICS];
    csq_condition *conditions[8];
    csq_policies *policies;
    bool plain_ladders;        /* no options by which a change decides what fires */
    csq_ms epochs[MAX_EPOCHS]; /* where versions of policies begin and end */
    uint32_t n_epochs;
    csq_ticket *tickets[BATCH];
} trial;

static inline uint32_t draw(trial *t, uint32_t n)
{
    return (uint32_t)test_below(&t->seed, n);
}

/* ---- policies ------------------------------------------------------------------------------ */

/* Office hours of a zone with a lunch break, a night shift, and a holiday. */
static inline csq_calendar *calendar_of_berlin(void)
{
    csq_zone *const zone = zone_of(TZ_BERLIN);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 4, "08:30", "12:00");
    add_week(builder, 1, 4, "13:00", "18:15");
    add_week(builder, 5, 5, "20:00", "30:00");
    add_holiday(builder, "2024-01-10", "Betriebsausflug");
    add_override(builder, "2024-01-13", "Inventur", "10:00", "14:00");
    return build(builder, zone);
}

static inline void open_trial(trial *t)
{
    sla_open(&t->world);
    csq_schema *schema = t->world.schema;
    uint32_t index;
    t->berlin = calendar_of_berlin();
    assert_status(CSQ_OK, csq_policies_add_calendar(t->world.builder, csq_str_of("berlin"),
                                                    t->berlin, &index, NULL));
    t->vip = test_code(schema, CSQ_TICKET_TAGS, "vip");
    t->wait = test_code(schema, CSQ_TICKET_TAGS, "wait");
    (void)test_code(schema, CSQ_TICKET_TAGS, "spare"); // named by no rule
    (void)test_code(schema, CSQ_TICKET_STATUS, "open");
    (void)test_code(schema, CSQ_TICKET_ASSIGNEE, "ann");
    (void)test_code(schema, CSQ_TICKET_ASSIGNEE, "ben");
    (void)test_code(schema, CSQ_TICKET_REASON, "supplier");
    (void)test_code(schema, CSQ_TICKET_REASON, "staff");
    for (uint32_t i = 0; i < SLA_CALENDARS; i++) {
        static const char *const names[] = {"office", "early", "always", "never"};
        (void)test_code(schema, CSQ_TICKET_CALENDAR, names[i]);
    }
    t->conditions[0] = sla_condition(schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_CREATED);
    t->conditions[1] = sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS, t->wait);
    t->conditions[2] = sla_condition(schema, CSQ_TICKET_AUTHOR, CSQ_TEST_IN, CSQ_AUTHOR_CUSTOMER);
    t->conditions[3] =
        sla_condition(schema, CSQ_TICKET_STATUS, CSQ_TEST_IN, t->world.stop_statuses[0]);
    t->conditions[4] = sla_condition(schema, CSQ_TICKET_EVENT, CSQ_TEST_IN, CSQ_EVENT_ESCALATE);
    t->conditions[5] = sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_HAS, t->vip);
    t->conditions[6] = sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_ABSENT, 0);
    t->conditions[7] = sla_condition(schema, CSQ_TICKET_TAGS, CSQ_TEST_CHANGED, 0);
}

static inline void close_trial(trial *t)
{
    for (int i = 0; i < 8; i++) {
        csq_condition_free(t->conditions[i]);
    }
    csq_calendar_free(t->berlin);
    sla_close(&t->world);
}

static inline csq_metric random_metric(trial *t, uint32_t i)
{
    static const char *const names[N_METRICS] = {"first", "second", "third"};
    csq_metric metric = {.kind = 1 + draw(t, CSQ_METRIC_ASSIGN),
                         .name = csq_str_of(names[i]),
                         .wall_time = draw(t, 8) == 0,
                         .reopen_mode = draw(t, 5),
                         .on_change = draw(t, 5),
                         .retroactive_pause = draw(t, 3),
                         .calendar_switch = draw(t, 4),
                         .edit_scope = draw(t, 3),
                         .on_solved = draw(t, 4),
                         .start_mode = draw(t, 3),
                         .include_first = draw(t, 2),
                         .attach = draw(t, 4) == 0 ? draw(t, 4) : 0,
                         .due_edge = draw(t, 3),
                         .breach_compare = draw(t, 3),
                         .empty_calendar = draw(t, 3),
                         .at_target = draw(t, 3),
                         .on_no_match = draw(t, 3),
                         .on_merge = draw(t, 4),
                         .visits = draw(t, 3),
                         .count_notes = draw(t, 4) == 0,
                         .count_bots = draw(t, 4) == 0,
                         .message_base = draw(t, 4),
                         .inherit = draw(t, 3),
                         .version_at = draw(t, 4),
                         .late_steps = draw(t, 4),
                         .passed_steps = draw(t, 4)};
    if (draw(t, 6) == 0) {
        metric.kind = CSQ_METRIC_PROMISE;
    }
    if (metric.kind == CSQ_METRIC_CLOCK) {
        metric.start = t->conditions[0];
        metric.pause = t->conditions[1];
        metric.resume = draw(t, 2) == 0 ? t->conditions[2] : NULL;
        metric.stop = t->conditions[3];
        metric.reset = draw(t, 2) == 0 ? t->conditions[draw(t, 4) == 0 ? 7 : 4] : NULL;
        metric.repeat = draw(t, 2);
    } else if (draw(t, 6) == 0) {
        metric.run_statuses = t->world.run_statuses;
        metric.n_run_statuses = 2;
    } else if (draw(t, 3) == 0) {
        metric.pause = t->conditions[draw(t, 4) == 0 ? 6 : 1];
    }
    if (metric.message_base == CSQ_MESSAGE_BASE_EACH &&
        metric.version_at == CSQ_VERSION_AT_CYCLE) { // which do not go together
        metric.version_at = CSQ_VERSION_AT_CREATED;
    }
    if (t->plain_ladders) {
        metric.late_steps = CSQ_LATE_STEPS_DEFAULT;
        metric.passed_steps = CSQ_PASSED_STEPS_DEFAULT;
    }
    return metric;
}

static inline void add_targets(trial *t, uint32_t metric)
{
    const uint32_t codes[] = {0, t->world.high, t->world.urgent};
    const bool by_workdays = draw(t, 6) == 0 && !t->metrics[metric].wall_time;
    const bool is_each = t->metrics[metric].message_base == CSQ_MESSAGE_BASE_EACH;
    const bool by_due =
        draw(t, t->metrics[metric].kind == CSQ_METRIC_PROMISE ? 2 : 6) == 0 && !is_each;
    t->by_workdays[metric] = t->by_workdays[metric] || by_workdays;
    t->by_due[metric] = t->by_due[metric] || by_due;
    for (uint32_t i = draw(t, 3) == 0; i < 3; i++) {
        const uint32_t calendar = draw(t, SLA_CALENDARS + 1);
        csq_target target = {.metric = metric,
                             .attribute = CSQ_TICKET_PRIORITY,
                             .code = codes[i],
                             .within_ms = (1 + draw(t, 40)) * QUARTER_MS + draw(t, 3),
                             .calendar = draw(t, 6) == 0 ? CSQ_NO_CALENDAR : calendar};
        if (by_workdays && target.calendar != CSQ_NO_CALENDAR && target.calendar != SLA_ALWAYS &&
            target.calendar != SLA_NEVER) {
            target.within_ms = 0;
            target.workdays = 1 + draw(t, 3);
            target.end_of_day = draw(t, 2);
        }
        if (by_due) {
            target.within_ms = 0;
            target.workdays = 0;
            target.end_of_day = 0;
            target.due_attribute = CSQ_TICKET_PROMISE;
        }
        sla_add_target(&t->world, target);
    }
}

static inline csq_ms draw_epoch(trial *t, csq_ms after, uint32_t least)
{
    assert_true(t->n_epochs < MAX_EPOCHS);
    const csq_ms at = after + (csq_ms)(least + draw(t, 300)) * QUARTER_MS;
    t->epochs[t->n_epochs++] = at;
    return at;
}

/* A policy, at times with versions, one after another and perhaps with gaps. */
static inline void add_versions(trial *t, csq_policy policy, bool has_versions)
{
    const uint32_t n = has_versions ? 1 + draw(t, 3) : 1;
    csq_ms at = sla_at("Mon 00:00");
    for (uint32_t v = 0; v < n; v++) {
        uint32_t index;
        policy.size = sizeof policy;
        policy.has = 0;
        if (v > 0 || (has_versions && draw(t, 4) == 0)) {
            at = draw_epoch(t, at, 0);
            policy.has |= CSQ_POLICY_HAS_FROM;
            policy.from = at;
        }
        if (v + 1 < n || (has_versions && draw(t, 4) == 0)) {
            at = draw_epoch(t, at, 1);
            policy.has |= CSQ_POLICY_HAS_UNTIL;
            policy.until = at;
        }
        assert_status(CSQ_OK, csq_policies_add_policy(t->world.builder, &policy, &index, NULL));
        for (uint32_t i = 0; i < N_METRICS; i++) {
            add_targets(t, i);
        }
    }
}

/* Whether versions change behind `after`, up to `at`. */
static inline bool has_epoch_between(const trial *t, csq_ms after, csq_ms at)
{
    bool found = false;
    for (uint32_t i = 0; i < t->n_epochs; i++) {
        found = found || (t->epochs[i] > after && t->epochs[i] <= at);
    }
    return found;
}

static inline uint32_t metric_of(const trial *t, uint32_t clock)
{
    csq_clock found = {.size = sizeof found};
    assert_status(CSQ_OK, csq_policies_clock_at(t->policies, clock, &found, NULL));
    return found.metric;
}

static inline void draw_steps(trial *t, uint32_t metric)
{
    static const char *const names[N_STEPS] = {"warning", "before", "after", "days"};
    static const uint32_t kinds[N_STEPS] = {CSQ_STEP_PERCENT, CSQ_STEP_OFFSET, CSQ_STEP_OFFSET,
                                            CSQ_STEP_WORKDAYS};
    for (uint32_t i = 0; i < (t->n_steps == 0 ? 2 : t->n_steps); i++) {
        const int64_t value = i == 0   ? 100 * (1 + draw(t, 99))
                              : i == 1 ? -(int64_t)draw(t, 8) * QUARTER_MS
                              : i == 2 ? draw(t, 12) * QUARTER_MS
                                       : (int64_t)draw(t, 2) * 2 - 1;
        t->steps[metric][i] = (csq_step){.kind = kinds[i], .value = value};
        sla_add_step(&t->world, metric, names[i], kinds[i], value);
    }
}

static inline void draw_policies(trial *t)
{
    uint32_t index;
    if (csq_policies_metric_count(t->policies) > 0) {
        sla_add_calendars(&t->world);
        assert_status(CSQ_OK, csq_policies_add_calendar(t->world.builder, csq_str_of("berlin"),
                                                        t->berlin, &index, NULL));
    }
    for (uint32_t i = 0; i < N_METRICS; i++) {
        t->metrics[i] = random_metric(t, i);
        t->by_workdays[i] = false;
        t->by_due[i] = false;
        (void)sla_add_metric(&t->world, t->metrics[i]);
        draw_steps(t, i);
    }
    const bool has_versions = draw(t, 2) == 0;
    const bool has_tracks = draw(t, 3) == 0;
    t->n_epochs = 0;
    assert_status(CSQ_OK,
                  csq_policies_set_select(t->world.builder, draw(t, 12) == 0 ? 2 : 0, NULL));
    add_versions(t, (csq_policy){.name = csq_str_of("vip"), .match = t->conditions[5]},
                 has_versions);
    add_versions(t,
                 (csq_policy){.name = csq_str_of("rest"),
                              .track = csq_str_of(has_tracks ? "ola" : ""),
                              .match = draw(t, 4) == 0 ? t->conditions[3] : NULL},
                 has_versions);
    t->policies = sla_build(&t->world);
}

/* ---- histories ----------------------------------------------------------------------------- */

static inline int64_t random_code(trial *t, uint32_t attribute)
{
    const uint32_t n = csq_vocabulary_count(csq_schema_vocabulary(t->world.schema, attribute));
    return 1 + (int64_t)draw(t, n);
}

static inline void random_setting(trial *t, csq_ticket_event *event)
{
    static const uint32_t attributes[] = {CSQ_TICKET_STATUS, CSQ_TICKET_STATUS,
                                          CSQ_TICKET_STATUS, CSQ_TICKET_PRIORITY,
                                          CSQ_TICKET_GROUP,  CSQ_TICKET_CALENDAR,
                                          CSQ_TICKET_ASSIGNEE};
    event->attribute = attributes[draw(t, 7)];
    event->value = draw(t, 12) == 0 ? 0 : random_code(t, event->attribute);
}

static inline csq_ticket_event random_event(trial *t, csq_ms at, uint64_t sequence)
{
    static const uint32_t kinds[] = {
        CSQ_EVENT_REPLY,  CSQ_EVENT_REPLY, CSQ_EVENT_REPLY,    CSQ_EVENT_CHANGE,
        CSQ_EVENT_CHANGE, CSQ_EVENT_CHANGE, CSQ_EVENT_CHANGE,  CSQ_EVENT_CHANGE,
        CSQ_EVENT_CHANGE, CSQ_EVENT_ADD,   CSQ_EVENT_REMOVE,   CSQ_EVENT_ATTACH,
        CSQ_EVENT_EDIT,   CSQ_EVENT_ESCALATE, CSQ_EVENT_REPLY, CSQ_EVENT_CHANGE,
        CSQ_EVENT_PROMISE, CSQ_EVENT_PROMISE, CSQ_EVENT_INHERIT};
    csq_ticket_event event = test_event(kinds[draw(t, 19)], at, sequence);
    event.joined = draw(t, 3) == 0;
    event.author = draw(t, 8) == 0 ? draw(t, 4) : 0;
    if (event.kind == CSQ_EVENT_REPLY) {
        event.author = draw(t, 4);
        event.visibility = draw(t, 6) == 0 ? CSQ_VISIBILITY_PRIVATE : 0;
    }
    if (event.kind == CSQ_EVENT_CHANGE || (event.kind == CSQ_EVENT_REPLY && draw(t, 4) == 0)) {
        random_setting(t, &event);
    } else if (event.kind == CSQ_EVENT_ADD || event.kind == CSQ_EVENT_REMOVE) {
        event.attribute = CSQ_TICKET_TAGS;
        event.value = random_code(t, CSQ_TICKET_TAGS);
    } else if (event.kind == CSQ_EVENT_EDIT) {
        event.value = (1 + draw(t, 30)) * QUARTER_MS;
        event.subject = draw(t, 2) == 0 ? 0 : (uint32_t)random_code(t, CSQ_TICKET_METRIC);
    } else if (event.kind == CSQ_EVENT_PROMISE) {
        event.value = at + (csq_ms)draw(t, 200) * QUARTER_MS;
        event.subject = draw(t, 3);
    } else if (event.kind == CSQ_EVENT_INHERIT) {
        event.value = at - draw(t, 200) * QUARTER_MS;
        event.subject = draw(t, 2) == 0 ? 0 : (uint32_t)random_code(t, CSQ_TICKET_METRIC);
    } else if (event.kind == CSQ_EVENT_ESCALATE) {
        event.value = draw(t, 4);
    } else if (event.kind == CSQ_EVENT_ATTACH && draw(t, 2) == 0) {
        event.attribute = CSQ_TICKET_POLICY;
        event.value = random_code(t, CSQ_TICKET_POLICY);
    }
    return event;
}

static inline uint32_t random_history(trial *t, csq_ticket_event *events)
{
    csq_ms at = sla_at("Mon 00:00") + draw(t, 96) * QUARTER_MS;
    const uint32_t n = 1 + draw(t, MAX_EVENTS);
    for (uint32_t i = 0; i < n; i++) {
        events[i] = random_event(t, at, i);
        at += draw(t, 3) == 0 ? 0 : draw(t, 60) * QUARTER_MS;
    }
    if (draw(t, 8) != 0) {
        events[0] = test_event(CSQ_EVENT_CREATED, events[0].at, 0);
        events[0].author = draw(t, 3);
        random_setting(t, &events[0]);
    }
    if (draw(t, 20) == 0) {
        events[n - 1] = test_setting(CSQ_EVENT_MERGE, events[n - 1].at, n - 1, 0, 77777);
    }
    return n;
}

static inline void shuffle(trial *t, csq_ticket_event *events, uint32_t n)
{
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t k = draw(t, i);
        const csq_ticket_event held = events[i - 1];
        events[i - 1] = events[k];
        events[k] = held;
    }
}

/* Some of the time, so that checkpoints of every age are met. */
static inline void advance_at_times(trial *t, csq_ticket *ticket)
{
    if (draw(t, 3) != 0) {
        assert_status(CSQ_OK, csq_policies_advance(t->policies, ticket, NULL));
    }
}

static inline csq_ticket *told(trial *t, uint64_t id, const csq_ticket_event *events, uint32_t n,
                               bool advances)
{
    csq_ticket *ticket = test_ticket(t->world.schema, id);
    for (uint32_t i = 0; i < n; i++) {
        test_apply(ticket, events[i]);
        if (advances) {
            advance_at_times(t, ticket);
        }
    }
    return ticket;
}

#endif
