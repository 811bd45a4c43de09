/*
 * sla_support — policies and events in a few words, for the tests of service-level clocks.
 *
 * Days are those of the week of Monday, 8 January 2024 ("Mon 09:00"), "+" is the week after
 * ("Mon+ 09:00"), all UTC. Calendars: office (Mon–Fri 9–17), early (Mon–Fri 7–15), always, never.
 */
#ifndef CSQ_TESTS_SLA_SUPPORT_H
#define CSQ_TESTS_SLA_SUPPORT_H

#include "calendar_support.h"
#include "csq/sla_explain.h"
#include "csq/sla_tally.h"
#include "ticket_support.h"

enum { SLA_OFFICE = 0, SLA_EARLY = 1, SLA_ALWAYS = 2, SLA_NEVER = 3, SLA_CALENDARS = 4 };

/* A schema, a builder with the calendars, and what is built with it. */
typedef struct sla_world {
    csq_schema *schema;
    csq_calendar *calendars[SLA_CALENDARS];
    csq_policies_builder *builder;
    csq_policies *policies;
    uint32_t stop_statuses[2]; /* solved, closed */
    uint32_t pause_statuses[2]; /* pending, hold */
    uint32_t cancel_statuses[1]; /* spam */
    uint32_t run_statuses[2]; /* new, working */
    uint32_t low;
    uint32_t high;
    uint32_t urgent;
    uint32_t tier2; /* a group */
} sla_world;

static inline csq_calendar *sla_calendar(uint32_t index)
{
    csq_calendar *calendar = NULL;
    if (index == SLA_OFFICE) {
        return office_of("UTC0");
    }
    if (index == SLA_EARLY) {
        csq_zone *const zone = zone_of("UTC0");
        csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
        add_week(builder, 1, 5, "07:00", "15:00");
        return build(builder, zone);
    }
    if (index == SLA_ALWAYS) {
        assert_status(CSQ_OK, csq_calendar_new_always(csq_str_of("always"), NULL, &calendar, NULL));
    } else {
        assert_status(CSQ_OK, csq_calendar_new_never(csq_str_of("never"), NULL, &calendar, NULL));
    }
    return calendar;
}

static inline void sla_add_calendars(sla_world *world)
{
    static const char *const names[SLA_CALENDARS] = {"office", "early", "always", "never"};
    for (uint32_t i = 0; i < SLA_CALENDARS; i++) {
        uint32_t index = 99;
        assert_status(CSQ_OK, csq_policies_add_calendar(world->builder, csq_str_of(names[i]),
                                                        world->calendars[i], &index, NULL));
        assert_int_equal(index, i);
    }
}

/* Names what policies are made of, in a schema of its own. */
static inline void sla_open(sla_world *world)
{
    *world = (sla_world){.schema = test_schema()};
    csq_schema *schema = world->schema;
    world->stop_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "solved");
    world->stop_statuses[1] = test_code(schema, CSQ_TICKET_STATUS, "closed");
    world->pause_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "pending");
    world->pause_statuses[1] = test_code(schema, CSQ_TICKET_STATUS, "hold");
    world->cancel_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "spam");
    world->run_statuses[0] = test_code(schema, CSQ_TICKET_STATUS, "new");
    world->run_statuses[1] = test_code(schema, CSQ_TICKET_STATUS, "working");
    world->low = test_code(schema, CSQ_TICKET_PRIORITY, "low");
    world->high = test_code(schema, CSQ_TICKET_PRIORITY, "high");
    world->urgent = test_code(schema, CSQ_TICKET_PRIORITY, "urgent");
    world->tier2 = test_code(schema, CSQ_TICKET_GROUP, "tier2");
    for (uint32_t i = 0; i < SLA_CALENDARS; i++) {
        world->calendars[i] = sla_calendar(i);
    }
    assert_status(CSQ_OK, csq_policies_builder_new(schema, NULL, &world->builder, NULL));
    sla_add_calendars(world);
}

static inline void sla_close(sla_world *world)
{
    csq_policies_free(world->policies);
    csq_policies_builder_free(world->builder);
    for (uint32_t i = 0; i < SLA_CALENDARS; i++) {
        csq_calendar_free(world->calendars[i]);
    }
    csq_schema_free(world->schema);
}

static inline bool sla_is_of_statuses(uint32_t kind)
{
    return kind != CSQ_METRIC_CLOCK;
}

/* Fills in what a short description of a metric leaves out: size, name and statuses. */
static inline csq_metric sla_metric(const sla_world *world, csq_metric metric)
{
    metric.size = sizeof metric;
    metric.name = metric.name.size == 0 ? csq_str_of("metric") : metric.name;
    metric.group = metric.kind == CSQ_METRIC_OWNERSHIP ? world->tier2 : metric.group;
    if (metric.stop_statuses == NULL && sla_is_of_statuses(metric.kind)) {
        metric.stop_statuses = world->stop_statuses;
        metric.n_stop_statuses = 2;
        metric.pause_statuses = world->pause_statuses;
        metric.n_pause_statuses = 2;
        metric.cancel_statuses = world->cancel_statuses;
        metric.n_cancel_statuses = 1;
    }
    if (metric.run_statuses == NULL && metric.kind == CSQ_METRIC_AGENT_WORK) {
        metric.run_statuses = world->run_statuses;
        metric.n_run_statuses = 2;
    }
    return metric;
}

static inline uint32_t sla_add_metric(sla_world *world, csq_metric metric)
{
    const csq_metric whole = sla_metric(world, metric);
    uint32_t index = 0;
    csq_error error = {0};
    const csq_status status = csq_policies_add_metric(world->builder, &whole, &index, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return index;
}

static inline uint32_t sla_add_policy(sla_world *world, const char *name,
                                      const csq_condition *match)
{
    const csq_policy policy = {.size = sizeof policy, .name = csq_str_of(name), .match = match};
    uint32_t index = 0;
    assert_status(CSQ_OK, csq_policies_add_policy(world->builder, &policy, &index, NULL));
    return index;
}

/* Tries to add one of that name, and says what became of it. */
static inline csq_status sla_try_policy(csq_policies_builder *builder, csq_str name,
                                        const csq_condition *match, uint32_t *index)
{
    const csq_policy policy = {.size = sizeof policy, .name = name, .match = match};
    return csq_policies_add_policy(builder, &policy, index, NULL);
}

static inline void sla_add_target(sla_world *world, csq_target target)
{
    target.size = sizeof target;
    csq_error error = {0};
    const csq_status status = csq_policies_add_target(world->builder, &target, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
}

static inline void sla_add_step(sla_world *world, uint32_t metric, const char *name, uint32_t kind,
                                int64_t value)
{
    const csq_step step = {
        .size = sizeof step, .kind = kind, .name = csq_str_of(name), .value = value};
    uint32_t index;
    assert_status(CSQ_OK, csq_policies_add_step(world->builder, metric, &step, &index, NULL));
}

static inline csq_policies *sla_build(sla_world *world)
{
    csq_policies_free(world->policies);
    assert_status(CSQ_OK, csq_policies_build(world->builder, &world->policies, NULL));
    return world->policies;
}

/*
 * One metric, one policy: high 2 h office, urgent 4 h around the clock, anything else `within` of
 * office time (0: 4 h).
 */
static inline csq_policies *sla_single(sla_world *world, csq_metric metric, csq_ms within)
{
    const uint32_t index = sla_add_metric(world, metric);
    (void)sla_add_policy(world, "policy", NULL);
    const csq_target targets[] = {
        {.metric = index, .attribute = CSQ_TICKET_PRIORITY, .code = world->high,
         .within_ms = 2 * HOUR_MS, .calendar = SLA_OFFICE},
        {.metric = index, .attribute = CSQ_TICKET_PRIORITY, .code = world->urgent,
         .within_ms = 4 * HOUR_MS, .calendar = SLA_ALWAYS},
        {.metric = index, .within_ms = within == 0 ? 4 * HOUR_MS : within, .calendar = SLA_OFFICE}};
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        sla_add_target(world, targets[i]);
    }
    return sla_build(world);
}

/* A condition that is one test of one value; the caller frees it. */
static inline csq_condition *sla_condition(csq_schema *schema, uint32_t attribute, uint32_t op,
                                           int64_t value)
{
    csq_condition_builder *builder;
    csq_condition *condition;
    const csq_test test = {.size = sizeof test,
                           .attribute = attribute,
                           .op = op,
                           .values = &value,
                           .n_values = op == CSQ_TEST_ABSENT || op == CSQ_TEST_CHANGED ? 0 : 1};
    assert_status(CSQ_OK, csq_condition_builder_new(schema, NULL, &builder, NULL));
    assert_status(CSQ_OK, csq_condition_push_test(builder, &test, NULL));
    assert_status(CSQ_OK, csq_condition_build(builder, &condition, NULL));
    csq_condition_builder_free(builder);
    return condition;
}

/* ---- instants ------------------------------------------------------------------------------ */

/* The instant of "Mon 09:00" or "Mon+ 09:00:30"; CSQ_MS_NONE for NULL. */
static inline csq_ms sla_at(const char *text)
{
    static const char days[] = "MonTueWedThuFriSatSun";
    if (text == NULL) {
        return CSQ_MS_NONE;
    }
    csq_ms at = INT64_C(1704672000000); /* 2024-01-08T00:00Z */
    for (int day = 0; strncmp(text, days + 3 * day, 3) != 0; day++) {
        assert_true(day < 6);
        at += DAY_MS;
    }
    text += 3;
    if (*text == '+') {
        at += 7 * DAY_MS;
        text++;
    }
    assert_int_equal(*text, ' ');
    return at + clock_of(text + 1);
}

/* ---- events -------------------------------------------------------------------------------- */

/* A reader of words. */
typedef struct sla_words {
    const char *at;
    char word[32];
} sla_words;

static inline bool sla_next_word(sla_words *words)
{
    size_t n = 0;
    while (*words->at == ' ') {
        words->at++;
    }
    while (*words->at != '\0' && *words->at != ' ' && *words->at != ';') {
        assert_true(n + 1 < sizeof words->word);
        words->word[n++] = *words->at++;
    }
    words->word[n] = '\0';
    return n > 0;
}

static inline bool sla_word_is(const sla_words *words, const char *word)
{
    return strcmp(words->word, word) == 0;
}

static inline uint32_t sla_kind_of(const sla_words *words)
{
    static const char *const kinds[] = {"created", "reply",   "set",      "add",   "remove",
                                        "attach",  "edit",    "promise",  "escalate", "reopen",
                                        "merge",   "split",   "inherit"};
    for (uint32_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (sla_word_is(words, kinds[i])) {
            return i + 1;
        }
    }
    fail_msg("no kind of event: %s", words->word);
    return 0;
}

typedef struct sla_log {
    csq_schema *schema;
    csq_ticket_event *events;
    uint32_t n;
    uint32_t limit;
} sla_log;

static inline csq_ticket_event *sla_log_add(sla_log *log, uint32_t kind, csq_ms at)
{
    assert_true(log->n < log->limit);
    log->events[log->n] = test_event(kind, at, log->n);
    return &log->events[log->n++];
}

/* The instant of "Mon/09:00"; CSQ_MS_NONE for "". */
static inline csq_ms sla_instant(const char *word)
{
    char text[32];
    assert_true(strlen(word) < sizeof text);
    strcpy(text, word);
    char *slash = strchr(text, '/');
    if (slash != NULL) {
        *slash = ' ';
    }
    return *text == '\0' ? CSQ_MS_NONE : sla_at(text);
}

/* "status=pending", "promise=Mon/09:00": a change of its own, or one that joins. */
static inline void sla_read_setting(sla_log *log, sla_words *words, csq_ms at, bool joined)
{
    char *value = strchr(words->word, '=');
    assert_non_null(value);
    *value++ = '\0';
    const uint32_t attribute = csq_schema_find(log->schema, csq_str_of(words->word));
    assert_int_not_equal(attribute, 0);
    csq_ticket_event *event = sla_log_add(log, CSQ_EVENT_CHANGE, at);
    event->attribute = attribute;
    if (csq_schema_kind(log->schema, attribute) == CSQ_ATTRIBUTE_INSTANT) {
        event->value = sla_instant(value);
    } else if (csq_schema_kind(log->schema, attribute) == CSQ_ATTRIBUTE_INTEGER) {
        event->value = *value == '\0' ? CSQ_MS_NONE : atoi(value);
    } else {
        event->value = *value == '\0' ? 0 : (int64_t)test_code(log->schema, attribute, value);
    }
    event->joined = joined;
}

/* Words behind the kind: author, "private", "2h" of an edit, "vip" of a tag, "Mon/09:00" of a
 * promise, "!supplier" as its reason, "90" minutes before an inherit, and settings. */
static inline void sla_read_word(sla_log *log, sla_words *words, csq_ticket_event *event,
                                 bool joined)
{
    static const char *const authors[] = {"customer", "agent", "bot"};
    for (uint32_t i = 0; i < 3; i++) {
        if (sla_word_is(words, authors[i])) {
            event->author = i + 1;
            return;
        }
    }
    if (words->word[0] == '!') {
        event->subject = test_code(log->schema, CSQ_TICKET_REASON, words->word + 1);
    } else if (event->kind == CSQ_EVENT_PROMISE && strchr(words->word, '/') != NULL) {
        event->value = sla_instant(words->word);
    } else if (sla_word_is(words, "private")) {
        event->visibility = CSQ_VISIBILITY_PRIVATE;
    } else if (strchr(words->word, '=') != NULL) {
        sla_read_setting(log, words, event->at, joined);
    } else if (event->kind == CSQ_EVENT_ADD || event->kind == CSQ_EVENT_REMOVE) {
        event->attribute = CSQ_TICKET_TAGS;
        event->value = test_code(log->schema, CSQ_TICKET_TAGS, words->word);
    } else if (event->kind == CSQ_EVENT_EDIT && words->word[strlen(words->word) - 1] == 'h') {
        event->value = atoi(words->word) * HOUR_MS;
    } else if (event->kind == CSQ_EVENT_EDIT) {
        event->subject = test_code(log->schema, CSQ_TICKET_METRIC, words->word);
    } else if (event->kind == CSQ_EVENT_INHERIT && strcmp(words->word, "metric") == 0) {
        event->subject = test_code(log->schema, CSQ_TICKET_METRIC, words->word);
    } else if (event->kind == CSQ_EVENT_INHERIT) {
        event->value = event->at - atoi(words->word) * MINUTE_MS;
    } else {
        event->value = atoi(words->word);
    }
}

/*
 * Reads "Mon 09:00 created customer priority=high; Mon 10:00 set status=pending". A setting behind
 * another kind of event joins it; the second and later settings of a "set" join the first. A kind
 * behind a "+" joins the event before it.
 */
static inline void sla_read_events(sla_log *log, const char *text)
{
    sla_words words = {.at = text, .word = ""};
    while (sla_next_word(&words)) {
        char when[40];
        const size_t day = strlen(words.word);
        memcpy(when, words.word, day);
        when[day] = ' ';
        assert_true(sla_next_word(&words));
        memcpy(when + day + 1, words.word, strlen(words.word) + 1);
        const csq_ms at = sla_at(when);
        assert_true(sla_next_word(&words));
        const bool joins = words.word[0] == '+';
        if (joins) {
            memmove(words.word, words.word + 1, strlen(words.word));
        }
        const uint32_t kind = sla_kind_of(&words);
        csq_ticket_event *event = NULL;
        csq_ticket_event none = test_event(kind, at, 0);
        if (kind != CSQ_EVENT_CHANGE) {
            event = sla_log_add(log, kind, at);
            event->joined = joins;
        }
        bool joined = kind != CSQ_EVENT_CHANGE || joins;
        while (sla_next_word(&words)) {
            sla_read_word(log, &words, event == NULL ? &none : event, joined);
            joined = true;
        }
        words.at += *words.at == ';';
    }
}

enum { SLA_LOG_LIMIT = 64 };

/* A ticket with these events. */
static inline csq_ticket *sla_ticket(csq_schema *schema, uint64_t id, const char *text)
{
    csq_ticket_event events[SLA_LOG_LIMIT];
    sla_log log = {schema, events, 0, SLA_LOG_LIMIT};
    sla_read_events(&log, text);
    csq_ticket *ticket = test_ticket(schema, id);
    for (uint32_t i = 0; i < log.n; i++) {
        test_apply(ticket, events[i]);
    }
    return ticket;
}

/* ---- answers ------------------------------------------------------------------------------- */

static inline csq_answer sla_answer(const csq_policies *policies, const csq_ticket *ticket,
                                    uint32_t metric, csq_ms now)
{
    csq_answer answer = {.size = sizeof answer};
    csq_error error = {0};
    const csq_status status =
        csq_policies_answer(policies, ticket, metric, now, &answer, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return answer;
}

static inline csq_explanation *sla_explain(const csq_policies *policies, const csq_ticket *ticket,
                                           uint32_t metric, csq_ms now)
{
    csq_explanation *explanation = NULL;
    csq_error error = {0};
    const csq_status status =
        csq_policies_explain(policies, ticket, metric, now, NULL, &explanation, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return explanation;
}

static inline csq_stretch sla_stretch(const csq_explanation *explanation, uint64_t index)
{
    csq_stretch stretch = {.size = sizeof stretch};
    assert_status(CSQ_OK, csq_explanation_stretch(explanation, index, &stretch, NULL));
    return stretch;
}

static inline csq_cycle sla_cycle(const csq_explanation *explanation, uint64_t index)
{
    csq_cycle cycle = {.size = sizeof cycle};
    assert_status(CSQ_OK, csq_explanation_cycle(explanation, index, &cycle, NULL));
    return cycle;
}

/* The encoded tally in memory that the caller frees with free(). */
static inline uint8_t *sla_encoded(const csq_tally *tally, uint64_t *size)
{
    *size = 0;
    assert_status(CSQ_OK, csq_tally_encode(tally, NULL, size, NULL));
    uint8_t *bytes = malloc((size_t)*size);
    assert_non_null(bytes);
    assert_status(CSQ_OK, csq_tally_encode(tally, bytes, size, NULL));
    return bytes;
}

static inline bool sla_is_same_tally(const csq_tally *a, const csq_tally *b)
{
    uint64_t size_a;
    uint64_t size_b;
    uint8_t *bytes_a = sla_encoded(a, &size_a);
    uint8_t *bytes_b = sla_encoded(b, &size_b);
    const bool is_same = size_a == size_b && memcmp(bytes_a, bytes_b, (size_t)size_a) == 0;
    free(bytes_a);
    free(bytes_b);
    return is_same;
}

static inline csq_tally_row sla_row(const csq_tally *tally, uint64_t index)
{
    csq_tally_row row = {.size = sizeof row};
    assert_status(CSQ_OK, csq_tally_row_at(tally, index, &row, NULL));
    return row;
}


#define assert_str_equal(found, text)                                                              \
    do {                                                                                           \
        const csq_str str_found_ = (found);                                                        \
        assert_ms_equal(str_found_.size, strlen(text));                                            \
        assert_memory_equal(str_found_.data, (text), strlen(text));                                \
    } while (0)

#endif
