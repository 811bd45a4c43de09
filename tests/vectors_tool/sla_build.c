/*
 * sla_build — makes the calendars, the metric, the policy and the ticket of an sla case.
 */
#include "sla_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLA_FIRST_YEAR = 1970, SLA_LAST_YEAR = 2120, SLA_LIST_LIMIT = 64 };

typedef struct sla_name {
    const char *name;
    uint32_t value;
} sla_name;

/* The number that a word stands for; 0 (the default) for a missing word. */
static bool find_word(const sla_name *names, const char *word, uint32_t *out)
{
    *out = 0;
    if (word == NULL) {
        return true;
    }
    for (; names->name != NULL; names++) {
        if (strcmp(names->name, word) == 0) {
            *out = names->value;
            return true;
        }
    }
    return false;
}

static bool code_of(sla_case *work, uint32_t attribute, const char *name, uint32_t *out)
{
    return sla_check(work, name,
                     csq_schema_code(work->schema, attribute, csq_str_of(name), out, &work->error));
}

/* ---- calendars and policy ------------------------------------------------------------------ */

static bool add_calendar(sla_case *work, const char *name, const json_t *object)
{
    csq_calendar *calendar =
        vectors_calendar_of(work->run, object, SLA_FIRST_YEAR, SLA_LAST_YEAR, &work->error);
    if (calendar == NULL) {
        vectors_fail_error(work->run, work->id, "calendar", &work->error);
        return false;
    }
    uint32_t index;
    const csq_status status =
        csq_policies_add_calendar(work->builder, csq_str_of(name), calendar, &index, &work->error);
    csq_calendar_free(calendar);
    return sla_check(work, "calendar", status);
}

static bool add_calendars(sla_case *work)
{
    const json_t *single = json_object_get(work->object, "calendar");
    if (single != NULL) {
        return add_calendar(work, "calendar", single);
    }
    json_t *all = json_object_get(work->object, "calendars");
    const char *name;
    json_t *object;
    json_object_foreach(all, name, object)
    {
        if (!add_calendar(work, name, object)) {
            return false;
        }
    }
    return json_object_size(all) > 0 || sla_fail(work, "calendars", "none");
}

/* The index of a calendar by its place in the document; the first for NULL. */
static bool find_calendar(sla_case *work, const char *name, uint32_t *out)
{
    *out = 0;
    if (name == NULL) {
        return true;
    }
    json_t *all = json_object_get(work->object, "calendars");
    const char *key;
    json_t *object;
    json_object_foreach(all, key, object)
    {
        if (strcmp(key, name) == 0) {
            return true;
        }
        ++*out;
    }
    return sla_fail(work, "calendar", name);
}

static bool read_statuses(sla_case *work, const char *key, uint32_t *codes, uint32_t *n)
{
    const json_t *list = json_object_get(work->policy, key);
    *n = (uint32_t)json_array_size(list);
    if (*n > SLA_LIST_LIMIT) {
        return sla_fail(work, key, "too many");
    }
    for (uint32_t i = 0; i < *n; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name == NULL || !code_of(work, CSQ_TICKET_STATUS, name, &codes[i])) {
            return sla_fail(work, key, "not a list of names");
        }
    }
    return true;
}

/* An option that is one of a few words, or true and false. */
typedef struct sla_option {
    const char *name;
    size_t offset;
    sla_name words[6];
} sla_option;

static const sla_option sla_options[] = {
    {"reopen",
     offsetof(csq_metric, reopen_mode),
     {{"resume", CSQ_REOPEN_RESUME},
      {"resume_counting", CSQ_REOPEN_RESUME_COUNTING},
      {"new_cycle", CSQ_REOPEN_NEW_CYCLE},
      {"first_only", CSQ_REOPEN_NOTHING}}},
    {"on_priority_change",
     offsetof(csq_metric, on_change),
     {{"keep", CSQ_ON_CHANGE_KEEP},
      {"retroactive", CSQ_ON_CHANGE_RETROACTIVE},
      {"carry", CSQ_ON_CHANGE_CARRY},
      {"restart", CSQ_ON_CHANGE_RESTART}}},
    {"retroactive_pause",
     offsetof(csq_metric, retroactive_pause),
     {{"true", CSQ_RETROACTIVE_PAUSE_KEPT}, {"false", CSQ_RETROACTIVE_PAUSE_COUNTED}}},
    {"calendar_switch",
     offsetof(csq_metric, calendar_switch),
     {{"segmented", CSQ_CALENDAR_SWITCH_SEGMENTED},
      {"latest", CSQ_CALENDAR_SWITCH_LATEST},
      {"first", CSQ_CALENDAR_SWITCH_FIRST}}},
    {"edit_scope",
     offsetof(csq_metric, edit_scope),
     {{"open", CSQ_EDIT_SCOPE_OPEN}, {"all", CSQ_EDIT_SCOPE_ALL}}},
    {"include_first", offsetof(csq_metric, include_first), {{"false", 0}, {"true", 1}}},
    {"on_solved",
     offsetof(csq_metric, on_solved),
     {{"keep", CSQ_ON_SOLVED_KEEP},
      {"complete", CSQ_ON_SOLVED_COMPLETE},
      {"cancel", CSQ_ON_SOLVED_CANCEL}}},
    {"start",
     offsetof(csq_metric, start_mode),
     {{"created", CSQ_START_CREATED}, {"first_customer_public", CSQ_START_FIRST_MESSAGE}}},
    {"due_edge",
     offsetof(csq_metric, due_edge),
     {{"earliest", CSQ_DUE_EDGE_EARLIEST}, {"next_open", CSQ_DUE_EDGE_NEXT_OPEN}}},
    {"breach_compare",
     offsetof(csq_metric, breach_compare),
     {{"elapsed", CSQ_BREACH_COMPARE_ELAPSED}, {"instant", CSQ_BREACH_COMPARE_INSTANT}}},
    {"empty_calendar",
     offsetof(csq_metric, empty_calendar),
     {{"never", CSQ_EMPTY_CALENDAR_NEVER}, {"wall_clock", CSQ_EMPTY_CALENDAR_WALL}}},
    {"at_target",
     offsetof(csq_metric, at_target),
     {{"in_time", CSQ_AT_TARGET_IN_TIME}, {"late", CSQ_AT_TARGET_LATE}}},
    {"count_notes", offsetof(csq_metric, count_notes), {{"false", 0}, {"true", 1}}},
    {"count_bots", offsetof(csq_metric, count_bots), {{"false", 0}, {"true", 1}}},
    {"message_base",
     offsetof(csq_metric, message_base),
     {{"oldest", CSQ_MESSAGE_BASE_OLDEST}, {"last", CSQ_MESSAGE_BASE_LAST}}},
    {"visits", offsetof(csq_metric, visits), {{"each", CSQ_VISITS_EACH}, {"sum", CSQ_VISITS_SUM}}},
    {"on_merge",
     offsetof(csq_metric, on_merge),
     {{"cancel", CSQ_ON_MERGE_CANCEL},
      {"keep", CSQ_ON_MERGE_KEEP},
      {"complete", CSQ_ON_MERGE_COMPLETE}}},
    {"inherit",
     offsetof(csq_metric, inherit),
     {{"ignore", CSQ_INHERIT_IGNORE}, {"start", CSQ_INHERIT_START}}},
    {"retroactive_start",
     offsetof(csq_metric, attach),
     {{"false", CSQ_ATTACH_FROM}, {"true", CSQ_ATTACH_RETROACTIVE}}},
};

/* Whether there is such an event up to the instant asked for. */
static bool has_event(const sla_case *work, const char *type)
{
    const json_t *events = json_object_get(work->object, "events");
    const char *now = sla_text_of(work->object, "query_time");
    for (size_t i = 0; i < json_array_size(events); i++) {
        const char *found = sla_text_of(json_array_get(events, i), "type");
        const char *t = sla_text_of(json_array_get(events, i), "t");
        // Texts of one form: their order is that of the instants.
        if (found != NULL && strcmp(found, type) == 0 && t != NULL && strcmp(t, now) <= 0) {
            return true;
        }
    }
    return false;
}

static bool read_option(sla_case *work, csq_metric *metric, const char *name, const json_t *value)
{
    const char *word = json_is_boolean(value) ? (json_is_true(value) ? "true" : "false")
                                              : json_string_value(value);
    for (size_t i = 0; i < sizeof sla_options / sizeof sla_options[0]; i++) {
        uint32_t number;
        if (strcmp(sla_options[i].name, name) != 0) {
            continue;
        }
        if (word == NULL || !find_word(sla_options[i].words, word, &number)) {
            return sla_fail(work, name, word == NULL ? "no word" : word);
        }
        memcpy((char *)metric + sla_options[i].offset, &number, sizeof number);
        return true;
    }
    return strcmp(name, "target_days") == 0 || strcmp(name, "end_of_day") == 0 ||
           sla_fail(work, "options", name);
}

static bool read_options(sla_case *work, csq_metric *metric)
{
    json_t *options = json_object_get(work->policy, "options");
    const char *name;
    json_t *value;
    json_object_foreach(options, name, value)
    {
        if (!read_option(work, metric, name, value)) {
            return false;
        }
    }
    if (!has_event(work, "attach")) {
        metric->attach = CSQ_ATTACH_MATCH;
    } else if (metric->attach == CSQ_ATTACH_DEFAULT) {
        metric->attach = CSQ_ATTACH_FROM;
    }
    return true;
}

static bool add_steps(sla_case *work)
{
    const json_t *list = json_object_get(work->policy, "escalations");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        csq_step step = {.size = sizeof step, .name = csq_str_of(sla_text_of(object, "id"))};
        const json_t *offset = json_object_get(object, "offset_seconds");
        const json_t *percent = json_object_get(object, "percent");
        const json_t *days = json_object_get(object, "offset_days");
        if (offset != NULL) {
            step.kind = CSQ_STEP_OFFSET;
            step.value = json_integer_value(offset) * SLA_SECOND_MS;
        } else if (percent != NULL) {
            step.kind = CSQ_STEP_PERCENT;
            step.value = (int64_t)(json_number_value(percent) * 100.0 + 0.5);
        } else {
            step.kind = CSQ_STEP_WORKDAYS;
            step.value = json_integer_value(days);
        }
        uint32_t index;
        if (!sla_check(
                work, "escalations",
                csq_policies_add_step(work->builder, work->metric, &step, &index, &work->error))) {
            return false;
        }
    }
    return true;
}

static bool add_metric(sla_case *work)
{
    static const sla_name kinds[] = {{"first_reply", CSQ_METRIC_FIRST_REPLY},
                                     {"next_reply", CSQ_METRIC_NEXT_REPLY},
                                     {"periodic_update", CSQ_METRIC_PERIODIC_UPDATE},
                                     {"pausable_update", CSQ_METRIC_PAUSABLE_UPDATE},
                                     {"resolution", CSQ_METRIC_RESOLUTION},
                                     {"ownership", CSQ_METRIC_OWNERSHIP},
                                     {NULL, 0}};
    const char *name = sla_text_of(work->policy, "metric");
    uint32_t stop[SLA_LIST_LIMIT];
    uint32_t pause[SLA_LIST_LIMIT];
    uint32_t cancel[SLA_LIST_LIMIT];
    uint32_t run[SLA_LIST_LIMIT];
    csq_metric metric = {.size = sizeof metric,
                         .name = csq_str_of(name),
                         .stop_statuses = stop,
                         .pause_statuses = pause,
                         .cancel_statuses = cancel,
                         .run_statuses = run};
    if (name == NULL || !find_word(kinds, name, &metric.kind)) {
        return sla_fail(work, "metric", name == NULL ? "none" : name);
    }
    metric.wall_time = json_is_false(json_object_get(work->policy, "business_hours"));
    if (!read_statuses(work, "stop_statuses", stop, &metric.n_stop_statuses) ||
        !read_statuses(work, "pause_statuses", pause, &metric.n_pause_statuses) ||
        !read_statuses(work, "cancel_statuses", cancel, &metric.n_cancel_statuses) ||
        !read_statuses(work, "run_statuses", run, &metric.n_run_statuses) ||
        !read_options(work, &metric)) {
        return false;
    }
    if (json_object_get(work->policy, "stop_statuses") == NULL) {
        metric.n_stop_statuses = 2;
        if (!code_of(work, CSQ_TICKET_STATUS, "solved", &stop[0]) ||
            !code_of(work, CSQ_TICKET_STATUS, "closed", &stop[1])) {
            return false;
        }
    }
    const char *group = sla_text_of(work->policy, "group");
    if (group != NULL && !code_of(work, CSQ_TICKET_GROUP, group, &metric.group)) {
        return false;
    }
    return sla_check(
               work, "metric",
               csq_policies_add_metric(work->builder, &metric, &work->metric, &work->error)) &&
           add_steps(work);
}

static bool add_target(sla_case *work, const char *priority, const json_t *object)
{
    const json_t *options = json_object_get(work->policy, "options");
    const json_t *days = json_object_get(options, "target_days");
    csq_target target = {.size = sizeof target, .metric = work->metric};
    const char *calendar = sla_text_of(object, "calendar");
    if (calendar == NULL) {
        calendar = sla_text_of(work->policy, "calendar");
    }
    if (!find_calendar(work, calendar, &target.calendar)) {
        return false;
    }
    if (days != NULL) {
        target.workdays = (uint32_t)json_integer_value(days);
        target.end_of_day = json_is_true(json_object_get(options, "end_of_day"));
    } else {
        target.within_ms =
            json_integer_value(json_object_get(object, "target_seconds")) * SLA_SECOND_MS;
    }
    if (priority != NULL) {
        target.attribute = CSQ_TICKET_PRIORITY;
        if (!code_of(work, CSQ_TICKET_PRIORITY, priority, &target.code)) {
            return false;
        }
    }
    return sla_check(work, "target", csq_policies_add_target(work->builder, &target, &work->error));
}

/* A change of priority is one of the agreement also where all priorities have the same target. An
 * edit of that target, however, must not be lost with the agreement. */
static bool add_equal_targets(sla_case *work)
{
    const json_t *events = json_object_get(work->object, "events");
    uint32_t seen[SLA_LIST_LIMIT];
    size_t n_seen = 0;
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const char *type = sla_text_of(event, "type");
        const bool changes = type != NULL && strcmp(type, "priority") == 0;
        const char *priority = sla_text_of(event, changes ? "to" : "priority");
        uint32_t code;
        if (priority == NULL || has_event(work, "policy_change")) {
            continue;
        }
        if (!code_of(work, CSQ_TICKET_PRIORITY, priority, &code)) {
            return false;
        }
        size_t at = 0;
        while (at < n_seen && seen[at] != code) {
            at++;
        }
        if (at == n_seen && n_seen < SLA_LIST_LIMIT) {
            seen[n_seen++] = code;
            if (!add_target(work, priority, work->policy)) {
                return false;
            }
        }
    }
    return true;
}

bool sla_build_policies(sla_case *work)
{
    const csq_policy policy = {.size = sizeof policy, .name = csq_str_of("policy")};
    uint32_t index;
    if (!sla_check(work, "schema", csq_ticket_schema_new(0, NULL, &work->schema, &work->error)) ||
        !sla_check(work, "builder",
                   csq_policies_builder_new(work->schema, NULL, &work->builder, &work->error)) ||
        !add_calendars(work) || !add_metric(work) ||
        !sla_check(work, "policy",
                   csq_policies_add_policy(work->builder, &policy, &index, &work->error))) {
        return false;
    }
    json_t *targets = json_object_get(work->policy, "targets");
    if (targets == NULL && (!add_target(work, NULL, work->policy) || !add_equal_targets(work))) {
        return false;
    }
    const char *priority;
    json_t *object;
    json_object_foreach(targets, priority, object)
    {
        if (!add_target(work, priority, object)) {
            return false;
        }
    }
    return sla_check(work, "policies",
                     csq_policies_build(work->builder, &work->policies, &work->error));
}

/* ---- events -------------------------------------------------------------------------------- */

static bool apply(sla_case *work, csq_ticket_event *event)
{
    event->size = sizeof *event;
    event->sequence = work->sequence++;
    return sla_check(work, "events", csq_ticket_apply(work->ticket, event, &work->error));
}

static bool apply_change(sla_case *work, csq_ms at, uint32_t attribute, const char *name,
                         uint32_t joined)
{
    uint32_t code;
    if (name == NULL) {
        return true;
    }
    if (!code_of(work, attribute, name, &code)) {
        return false;
    }
    csq_ticket_event event = {.kind = CSQ_EVENT_CHANGE,
                              .at = at,
                              .attribute = attribute,
                              .value = code,
                              .joined = joined};
    return apply(work, &event);
}

static bool apply_message(sla_case *work, csq_ms at, uint32_t kind, const json_t *object)
{
    static const sla_name authors[] = {{"customer", CSQ_AUTHOR_CUSTOMER},
                                       {"agent", CSQ_AUTHOR_AGENT},
                                       {"bot", CSQ_AUTHOR_BOT},
                                       {NULL, 0}};
    csq_ticket_event event = {.kind = kind, .at = at, .visibility = CSQ_VISIBILITY_PUBLIC};
    if (!find_word(authors, sla_text_of(object, "by"), &event.author)) {
        return sla_fail(work, "by", sla_text_of(object, "by"));
    }
    if (json_is_false(json_object_get(object, "public"))) {
        event.visibility = CSQ_VISIBILITY_PRIVATE;
    }
    return apply(work, &event) &&
           apply_change(work, at, CSQ_TICKET_STATUS, sla_text_of(object, "status"), 1) &&
           apply_change(work, at, CSQ_TICKET_PRIORITY, sla_text_of(object, "priority"), 1) &&
           apply_change(work, at, CSQ_TICKET_GROUP, sla_text_of(object, "group"), 1);
}

static bool apply_event(sla_case *work, const json_t *object)
{
    const char *type = sla_text_of(object, "type");
    const char *t = sla_text_of(object, "t");
    const char *to = sla_text_of(object, "to");
    csq_ms at;
    if (type == NULL || t == NULL) {
        return sla_fail(work, "events", "no type or no instant");
    }
    if (!sla_check(work, "t", csq_instant_parse(csq_str_of(t), &at, &work->error))) {
        return false;
    }
    if (strcmp(type, "created") == 0) {
        return apply_message(work, at, CSQ_EVENT_CREATED, object);
    }
    if (strcmp(type, "reply") == 0) {
        return apply_message(work, at, CSQ_EVENT_REPLY, object);
    }
    if (strcmp(type, "status") == 0) {
        return apply_change(work, at, CSQ_TICKET_STATUS, to, 0);
    }
    if (strcmp(type, "priority") == 0) {
        return apply_change(work, at, CSQ_TICKET_PRIORITY, to, 0);
    }
    if (strcmp(type, "group") == 0) {
        return apply_change(work, at, CSQ_TICKET_GROUP, to, 0);
    }
    if (strcmp(type, "calendar") == 0) {
        return apply_change(work, at, CSQ_TICKET_CALENDAR, to, 0);
    }
    csq_ticket_event event = {.at = at};
    if (strcmp(type, "attach") == 0) {
        event.kind = CSQ_EVENT_ATTACH;
    } else if (strcmp(type, "merge") == 0) {
        event.kind = CSQ_EVENT_MERGE;
        event.value = 2;
    } else if (strcmp(type, "inherit") == 0) {
        const char *since = sla_text_of(object, "since");
        event.kind = CSQ_EVENT_INHERIT;
        if (since == NULL ||
            !sla_check(work, "since",
                       csq_instant_parse(csq_str_of(since), &event.value, &work->error))) {
            return sla_fail(work, "since", "no instant");
        }
    } else if (strcmp(type, "policy_change") == 0) {
        event.kind = CSQ_EVENT_EDIT;
        event.value = json_integer_value(json_object_get(object, "target_seconds")) * SLA_SECOND_MS;
    } else {
        return sla_fail(work, "type", type);
    }
    return apply(work, &event);
}

bool sla_apply_events(sla_case *work)
{
    const json_t *events = json_object_get(work->object, "events");
    if (!sla_check(work, "ticket",
                   csq_ticket_new(work->schema, 1, NULL, &work->ticket, &work->error))) {
        return false;
    }
    for (size_t i = 0; i < json_array_size(events); i++) {
        if (!apply_event(work, json_array_get(events, i))) {
            return false;
        }
    }
    return json_array_size(events) > 0 || sla_fail(work, "events", "none");
}
