/*
 * read_metric — the metrics of a document, through csq_policies_add_metric and _add_step.
 *
 * One table relates the options to the members of csq_metric; a choice is its number in the shape.
 * An option that the kind of the metric does not know is refused, since it would do nothing. One
 * that is what kind and presets mean without it is marked, so that it is not written.
 *
 * Uses: base, text, condition, ticket, sla.
 */
#include "rules/rules_internal.h"
#include "sla/sla_internal.h"

/* ---- options ------------------------------------------------------------------------------- */

typedef struct metric_option {
    const char *name;
    size_t offset;
} metric_option;

static const metric_option metric_options[] = {
    {"repeat", offsetof(csq_metric, repeat)},
    {"reopen", offsetof(csq_metric, reopen_mode)},
    {"on_change", offsetof(csq_metric, on_change)},
    {"retroactive_pause", offsetof(csq_metric, retroactive_pause)},
    {"calendar_switch", offsetof(csq_metric, calendar_switch)},
    {"edit_scope", offsetof(csq_metric, edit_scope)},
    {"on_solved", offsetof(csq_metric, on_solved)},
    {"start", offsetof(csq_metric, start_mode)},
    {"include_first", offsetof(csq_metric, include_first)},
    {"attach", offsetof(csq_metric, attach)},
    {"due_edge", offsetof(csq_metric, due_edge)},
    {"breach_compare", offsetof(csq_metric, breach_compare)},
    {"empty_calendar", offsetof(csq_metric, empty_calendar)},
    {"at_target", offsetof(csq_metric, at_target)},
    {"on_no_match", offsetof(csq_metric, on_no_match)},
    {"on_merge", offsetof(csq_metric, on_merge)},
    {"visits", offsetof(csq_metric, visits)},
    {"count_notes", offsetof(csq_metric, count_notes)},
    {"count_bots", offsetof(csq_metric, count_bots)},
    {"message_base", offsetof(csq_metric, message_base)},
    {"inherit", offsetof(csq_metric, inherit)},
    {"version_at", offsetof(csq_metric, version_at)},
    {"late_steps", offsetof(csq_metric, late_steps)},
    {"passed_steps", offsetof(csq_metric, passed_steps)},
};

/* The value that stands at a node of an option. */
static uint32_t metric_option_value(const csq__document *document, uint32_t node)
{
    const bool is_choice = csq__document_shape(document, node)->form == CSQ__FORM_CHOICE;
    return is_choice ? csq__choice_of(document, node) + 1
                     : csq__json_is_true(&document->json, node);
}

static csq_status metric_read_option(const csq__rules_reader *reader, uint32_t node, size_t offset,
                                     csq_metric *metric, csq_error *error)
{
    const csq__document *document = reader->document;
    char *const member = (char *)metric + offset;
    if (!csq__metric_has_option(metric->kind, offset)) {
        csq__fail(error, CSQ_ERULE,
                  CSQ__TEXT("expected an option that this kind of metric has, found \""),
                  CSQ__VIEW(csq__json_key(&document->json, node)), CSQ__TEXT("\""));
        return csq__placed_key(document, node, CSQ_ERULE, error);
    }
    const uint32_t value = metric_option_value(document, node);
    uint32_t usual;
    memcpy(&usual, member, sizeof usual); // of the presets
    usual = usual != 0 ? usual : csq__metric_usual(metric->kind, offset);
    reader->rules->document.marks[node].says =
        value == usual ? CSQ__SAYS_NOTHING : CSQ__SAYS_SOMETHING;
    memcpy(member, &value, sizeof value);
    return CSQ_OK;
}

/* Sets the options of one preset, whose name stands at a node. */
static csq_status metric_read_preset(const csq__document *document, uint32_t node,
                                     csq_metric *metric, csq_error *error)
{
    csq_status status = csq__metric_apply_preset(metric, csq__choice_of(document, node) + 1, NULL);
    if (status != CSQ_OK) {
        status = csq__fail(error, CSQ_ERULE,
                           CSQ__TEXT("expected a preset of an option that this kind of metric "
                                     "has, found \""),
                           CSQ__VIEW(csq__json_text(&document->json, node)), CSQ__TEXT("\""));
    }
    return csq__placed(document, node, status, error);
}

/* A metric of the kind and presets that stand at a node, and nothing else. */
static csq_status metric_read_presets(const csq__document *document, uint32_t node,
                                      csq_metric *metric, csq_error *error)
{
    const csq__json *json = &document->json;
    const uint32_t preset = csq__member_of(document, node, "preset");
    *metric =
        (csq_metric){.size = sizeof *metric,
                     .kind = csq__choice_of(document, csq__member_of(document, node, "kind")) + 1};
    if (preset == 0) {
        return CSQ_OK;
    }
    if (csq__json_kind_of(json, preset) == CSQ__JSON_TEXT) {
        return metric_read_preset(document, preset, metric, error);
    }
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(json, preset);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(json, at)) {
        status = metric_read_preset(document, at, metric, error);
    }
    return status;
}

static csq_status metric_read_options(const csq__rules_reader *reader, uint32_t options,
                                      csq_metric *metric, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < sizeof metric_options / sizeof metric_options[0] && status == CSQ_OK;
         i++) {
        const uint32_t node = csq__member_of(reader->document, options, metric_options[i].name);
        if (node != 0) {
            status = metric_read_option(reader, node, metric_options[i].offset, metric, error);
        }
    }
    return status;
}

/* The time beside the options: a flag of the metric. */
static void metric_read_time(const csq__rules_reader *reader, uint32_t node, csq_metric *metric)
{
    const uint32_t time = csq__member_of(reader->document, node, "time");
    if (time != 0) {
        const uint32_t is_wall = csq__choice_of(reader->document, time);
        reader->rules->document.marks[time].says =
            is_wall == metric->wall_time ? CSQ__SAYS_NOTHING : CSQ__SAYS_SOMETHING;
        metric->wall_time = is_wall;
    }
}

csq_metric csq__metric_options_at(const csq__document *document, uint32_t metric)
{
    csq_metric found;
    (void)metric_read_presets(document, metric, &found, NULL);
    const uint32_t options = csq__member_of(document, metric, "options");
    for (size_t i = 0; i < sizeof metric_options / sizeof metric_options[0]; i++) {
        const uint32_t node = csq__member_of(document, options, metric_options[i].name);
        if (node != 0) {
            const uint32_t value = metric_option_value(document, node);
            memcpy((char *)&found + metric_options[i].offset, &value, sizeof value);
        }
    }
    const uint32_t time = csq__member_of(document, metric, "time");
    found.wall_time = time != 0 ? csq__choice_of(document, time) : found.wall_time;
    csq__metric_fill_options(&found);
    return found;
}

/* ---- statuses ------------------------------------------------------------------------------ */

static csq_status metric_read_statuses(csq__rules_reader *reader, uint32_t list, uint32_t *n,
                                       csq_error *error)
{
    csq_status status = CSQ_OK;
    *n = csq__json_count(&reader->document->json, list);
    uint32_t at = csq__json_first(&reader->document->json, list);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&reader->document->json, at)) {
        uint32_t code;
        status = csq__read_code(reader, CSQ_TICKET_STATUS, at, false, &code, error);
        if (status == CSQ_OK &&
            csq__array_push(&reader->codes, &reader->allocator, &code, sizeof code) == NULL) {
            status = csq__fail_memory(error);
        }
    }
    return status;
}

/* The four lists stand behind each other in reader->codes. */
static csq_status metric_read_lists(csq__rules_reader *reader, uint32_t node, csq_metric *metric,
                                    csq_error *error)
{
    const csq__document *document = reader->document;
    reader->codes.n = 0;
    csq_status status = metric_read_statuses(
        reader, csq__member_of(document, node, "stop_statuses"), &metric->n_stop_statuses, error);
    if (status == CSQ_OK) {
        status = metric_read_statuses(reader, csq__member_of(document, node, "pause_statuses"),
                                      &metric->n_pause_statuses, error);
    }
    if (status == CSQ_OK) {
        status = metric_read_statuses(reader, csq__member_of(document, node, "cancel_statuses"),
                                      &metric->n_cancel_statuses, error);
    }
    if (status == CSQ_OK) {
        status = metric_read_statuses(reader, csq__member_of(document, node, "run_statuses"),
                                      &metric->n_run_statuses, error);
    }
    if (status == CSQ_OK && reader->codes.n > 0) {
        const uint32_t *codes = reader->codes.data;
        metric->stop_statuses = codes;
        metric->pause_statuses = codes + metric->n_stop_statuses;
        metric->cancel_statuses = metric->pause_statuses + metric->n_pause_statuses;
        metric->run_statuses = metric->cancel_statuses + metric->n_cancel_statuses;
    }
    return status;
}

/* ---- what each kind needs ------------------------------------------------------------------ */

static csq_status metric_read_group(const csq__rules_reader *reader, uint32_t node,
                                    csq_metric *metric, csq_error *error)
{
    const uint32_t group = csq__member_of(reader->document, node, "group");
    const bool is_wanted = metric->kind == CSQ_METRIC_OWNERSHIP;
    if (group == 0) {
        return is_wanted ? csq__json_fail_missing(&reader->document->json, node, "group", error)
                         : CSQ_OK;
    }
    if (!is_wanted) {
        csq__fail(error, CSQ_ERULE,
                  CSQ__TEXT("expected \"group\" in a metric of kind \"ownership\" only"));
        return csq__placed_key(reader->document, group, CSQ_ERULE, error);
    }
    return csq__read_code(reader, CSQ_TICKET_GROUP, group, false, &metric->group, error);
}

static bool metric_has(const csq__document *document, uint32_t node, const char *member)
{
    return csq__member_of(document, node, member) != 0;
}

static bool metric_ends_by_status(uint32_t kind)
{
    return kind == CSQ_METRIC_RESOLUTION || kind == CSQ_METRIC_OWNERSHIP ||
           kind == CSQ_METRIC_REQUESTER_WAIT || kind == CSQ_METRIC_AGENT_WORK ||
           kind == CSQ_METRIC_FIRST_RESOLUTION || kind == CSQ_METRIC_TOTAL_RESOLUTION;
}

/* The member that a kind cannot do without and the metric lacks, or NULL. A resolution or ownership
 * that nothing can end, and a clock that nothing can start, are slips. */
static const char *metric_missing(const csq__document *document, uint32_t node, uint32_t kind)
{
    if (metric_ends_by_status(kind) && !metric_has(document, node, "stop_statuses") &&
        !metric_has(document, node, "stop")) {
        return "stop_statuses";
    }
    if (kind == CSQ_METRIC_CLOCK && !metric_has(document, node, "start")) {
        return "start";
    }
    const bool runs_in_some = metric_has(document, node, "run_statuses");
    if (kind == CSQ_METRIC_AGENT_WORK && !runs_in_some) {
        return "run_statuses";
    }
    if (kind == CSQ_METRIC_REQUESTER_WAIT && !runs_in_some &&
        !metric_has(document, node, "pause_statuses") && !metric_has(document, node, "pause")) {
        return "pause_statuses";
    }
    return NULL;
}

/* ---- conditions ---------------------------------------------------------------------------- */

enum { METRIC_CONDITIONS = 7 };

static const char *const metric_conditions[METRIC_CONDITIONS] = {
    "start", "pause", "resume", "stop", "reset", "cancel", "reopen"};

static csq_status metric_read_conditions(csq__rules_reader *reader, uint32_t node,
                                         csq_condition **conditions, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < METRIC_CONDITIONS && status == CSQ_OK; i++) {
        const uint32_t member = csq__member_of(reader->document, node, metric_conditions[i]);
        status = csq__read_condition(reader, member, &conditions[i], error);
    }
    return status;
}

/* ---- steps --------------------------------------------------------------------------------- */

static csq_status step_read_value(const csq__document *document, uint32_t node, csq_step *step,
                                  csq_error *error)
{
    const csq__json *json = &document->json;
    const csq_str key = csq__json_key(json, node);
    if (csq__str_equal(key, CSQ__STR("percent"))) {
        const csq__json_range hundredths = {100, 0, 10000000};
        step->kind = CSQ_STEP_PERCENT;
        return csq__json_integer(json, node, &hundredths, &step->value, error);
    }
    if (csq__str_equal(key, CSQ__STR("workdays"))) {
        const csq__json_range days = {1, INT32_MIN, INT32_MAX};
        step->kind = CSQ_STEP_WORKDAYS;
        return csq__json_integer(json, node, &days, &step->value, error);
    }
    step->kind = CSQ_STEP_OFFSET;
    csq_status status = csq__read_duration(document, node, CSQ_ERANGE, &step->value, error);
    if (status == CSQ_OK && step->value < 0) {
        status = csq__json_fail_value(json, node, "a duration that is not negative", error);
    }
    if (status == CSQ_OK && csq__str_equal(key, CSQ__STR("before"))) {
        step->value = -step->value;
    }
    return status;
}

/* The labels of a step, into `recipients`, which has room for all that the library allows. */
static csq_status step_read_recipients(const csq__document *document, uint32_t list,
                                       csq_str *recipients, csq_step *step, csq_error *error)
{
    const csq__json *json = &document->json;
    uint32_t at = csq__json_first(json, list);
    for (; at != 0; at = csq__json_next(json, at)) {
        if (step->n_recipients == CSQ_RECIPIENT_LIMIT) {
            csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 64 recipients"));
            return csq__placed(document, at, CSQ_ELIMIT, error);
        }
        recipients[step->n_recipients++] = csq__json_text(json, at);
    }
    step->recipients = recipients;
    return CSQ_OK;
}

static csq_status step_read(const csq__rules_reader *reader, uint32_t node, uint32_t metric,
                            csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t name = csq__member_of(document, node, "name");
    const uint32_t to = csq__member_of(document, node, "to");
    csq_str recipients[CSQ_RECIPIENT_LIMIT];
    csq_step step = {.size = sizeof step, .name = csq__json_text(&document->json, name)};
    if (csq__json_count(&document->json, node) != (to == 0 ? 2U : 3U)) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected \"name\" and one of \"percent\", \"after\", "
                                        "\"before\", \"workdays\", found "),
                              CSQ__NUMBER(csq__json_count(&document->json, node)),
                              CSQ__TEXT(" members"));
    }
    uint32_t point = csq__json_first(&document->json, node);
    while (point == name || point == to) {
        point = csq__json_next(&document->json, point);
    }
    csq_status status = step_read_value(document, point, &step, error);
    if (status == CSQ_OK && to != 0) {
        status = step_read_recipients(document, to, recipients, &step, error);
    }
    if (status == CSQ_OK) {
        uint32_t index;
        status = csq_policies_add_step(reader->builder, metric, &step, &index, error);
        const bool is_of_name = status != CSQ_ERANGE && status != CSQ_EDUPLICATE;
        status = csq__placed(document,
                             is_of_name             ? name
                             : status == CSQ_ERANGE ? point
                                                    : to,
                             status, error);
    }
    return status;
}

/* ---- metrics ------------------------------------------------------------------------------- */

static csq_status metric_add(csq__rules_reader *reader, uint32_t node, csq_metric *metric,
                             csq_error *error)
{
    const csq__document *document = reader->document;
    csq_condition *conditions[METRIC_CONDITIONS] = {NULL};
    csq_status status = metric_read_conditions(reader, node, conditions, error);
    if (status == CSQ_OK) {
        uint32_t index;
        metric->start = conditions[0];
        metric->pause = conditions[1];
        metric->resume = conditions[2];
        metric->stop = conditions[3];
        metric->reset = conditions[4];
        metric->cancel = conditions[5];
        metric->reopen = conditions[6];
        status = csq_policies_add_metric(reader->builder, metric, &index, error);
        status = csq__placed_key(document, node, status, error);
        uint32_t at = csq__json_first(&document->json, csq__member_of(document, node, "steps"));
        for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
            status = step_read(reader, at, index, error);
        }
    }
    for (size_t i = 0; i < METRIC_CONDITIONS; i++) {
        csq_condition_free(conditions[i]);
    }
    return status;
}

static csq_status metric_read(csq__rules_reader *reader, uint32_t node, csq_error *error)
{
    const csq__document *document = reader->document;
    csq_metric metric;
    csq_status status = metric_read_presets(document, node, &metric, error);
    if (status != CSQ_OK) {
        return status;
    }
    metric.name = csq__json_key(&document->json, node);
    metric_read_time(reader, node, &metric);
    const char *missing = metric_missing(document, node, metric.kind);
    if (missing != NULL) {
        return csq__json_fail_missing(&document->json, node, missing, error);
    }
    status = metric_read_group(reader, node, &metric, error);
    if (status == CSQ_OK) {
        status =
            metric_read_options(reader, csq__member_of(document, node, "options"), &metric, error);
    }
    if (status == CSQ_OK) {
        status = metric_read_lists(reader, node, &metric, error);
    }
    return status != CSQ_OK ? status : metric_add(reader, node, &metric, error);
}

uint32_t csq__metric_node(const csq__document *document, int64_t index)
{
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "metrics");
    uint32_t at = csq__json_first(&document->json, all);
    for (; index > 0; index--) {
        at = csq__json_next(&document->json, at);
    }
    return at;
}

csq_status csq__read_metrics(csq__rules_reader *reader, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "metrics");
    csq_status status = CSQ_OK;
    uint32_t at = csq__json_first(&document->json, all);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = metric_read(reader, at, error);
    }
    return status;
}
