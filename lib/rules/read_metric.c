/*
 * read_metric — the metrics of a document, through csq_policies_add_metric and _add_step.
 *
 * One table relates the options to the members of csq_metric; a choice is its number in the shape.
 * An option that the kind of the metric does not know is refused, since it would do nothing.
 *
 * Uses: base, text, condition, ticket, sla.
 */
#include "rules/rules_internal.h"

/* ---- options ------------------------------------------------------------------------------- */

#define METRIC_KIND(kind) (1U << (kind))

enum {
    METRIC_KINDS = -1,
    METRIC_KINDS_OF_MESSAGES =
        METRIC_KIND(CSQ_METRIC_FIRST_REPLY) | METRIC_KIND(CSQ_METRIC_NEXT_REPLY) |
        METRIC_KIND(CSQ_METRIC_PERIODIC_UPDATE) | METRIC_KIND(CSQ_METRIC_PAUSABLE_UPDATE)
};

typedef struct metric_option {
    const char *name;
    size_t offset;
    int32_t kinds; /* bits of csq_metric_kind */
} metric_option;

static const metric_option metric_options[] = {
    {"repeat", offsetof(csq_metric, repeat), METRIC_KIND(CSQ_METRIC_CLOCK)},
    {"reopen", offsetof(csq_metric, reopen_mode), METRIC_KINDS},
    {"on_change", offsetof(csq_metric, on_change), METRIC_KINDS},
    {"retroactive_pause", offsetof(csq_metric, retroactive_pause), METRIC_KINDS},
    {"calendar_switch", offsetof(csq_metric, calendar_switch), METRIC_KINDS},
    {"edit_scope", offsetof(csq_metric, edit_scope), METRIC_KINDS},
    {"on_solved", offsetof(csq_metric, on_solved), METRIC_KINDS_OF_MESSAGES},
    {"start", offsetof(csq_metric, start_mode), METRIC_KIND(CSQ_METRIC_FIRST_REPLY)},
    {"include_first", offsetof(csq_metric, include_first), METRIC_KIND(CSQ_METRIC_NEXT_REPLY)},
    {"attach", offsetof(csq_metric, attach), METRIC_KINDS},
    {"due_edge", offsetof(csq_metric, due_edge), METRIC_KINDS},
    {"breach_compare", offsetof(csq_metric, breach_compare), METRIC_KINDS},
    {"empty_calendar", offsetof(csq_metric, empty_calendar), METRIC_KINDS},
};

static csq_status metric_read_options(const csq__rules_reader *reader, uint32_t options,
                                      csq_metric *metric, csq_error *error)
{
    const csq__document *document = reader->document;
    for (size_t i = 0; i < sizeof metric_options / sizeof metric_options[0]; i++) {
        const metric_option *option = &metric_options[i];
        const uint32_t node = csq__member_of(document, options, option->name);
        if (node == 0) {
            continue;
        }
        if (((uint32_t)option->kinds & METRIC_KIND(metric->kind)) == 0) {
            csq__fail(error, CSQ_ERULE,
                      CSQ__TEXT("expected an option that this kind of metric "
                                "has, found \""),
                      CSQ__VIEW(csq_str_of(option->name)), CSQ__TEXT("\""));
            return csq__placed_key(document, node, CSQ_ERULE, error);
        }
        const bool is_choice = csq__document_shape(document, node)->form == CSQ__FORM_CHOICE;
        const uint32_t value = is_choice ? csq__choice_of(document, node) + 1
                                         : csq__json_is_true(&document->json, node);
        memcpy((char *)metric + option->offset, &value, sizeof value);
    }
    return CSQ_OK;
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

/* The three lists stand behind each other in reader->codes. */
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
    if (status == CSQ_OK && reader->codes.n > 0) {
        const uint32_t *codes = reader->codes.data;
        metric->stop_statuses = codes;
        metric->pause_statuses = codes + metric->n_stop_statuses;
        metric->cancel_statuses = metric->pause_statuses + metric->n_pause_statuses;
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

/* A resolution or ownership that nothing can end, and a clock that nothing can start, are slips. */
static csq_status metric_check_kind(const csq__document *document, uint32_t node, uint32_t kind,
                                    csq_error *error)
{
    const bool ends_by_status = kind == CSQ_METRIC_RESOLUTION || kind == CSQ_METRIC_OWNERSHIP;
    if (ends_by_status && csq__member_of(document, node, "stop_statuses") == 0 &&
        csq__member_of(document, node, "stop") == 0) {
        return csq__json_fail_missing(&document->json, node, "stop_statuses", error);
    }
    if (kind == CSQ_METRIC_CLOCK && csq__member_of(document, node, "start") == 0) {
        return csq__json_fail_missing(&document->json, node, "start", error);
    }
    return CSQ_OK;
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

static csq_status step_read(const csq__rules_reader *reader, uint32_t node, uint32_t metric,
                            csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t name = csq__member_of(document, node, "name");
    csq_step step = {.size = sizeof step, .name = csq__json_text(&document->json, name)};
    if (csq__json_count(&document->json, node) != 2) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected \"name\" and one of \"percent\", \"after\", "
                                        "\"before\", \"workdays\", found "),
                              CSQ__NUMBER(csq__json_count(&document->json, node)),
                              CSQ__TEXT(" members"));
    }
    const uint32_t first = csq__json_first(&document->json, node);
    const uint32_t point = first == name ? csq__json_next(&document->json, first) : first;
    csq_status status = step_read_value(document, point, &step, error);
    if (status == CSQ_OK) {
        uint32_t index;
        status = csq_policies_add_step(reader->builder, metric, &step, &index, error);
        status = csq__placed(document, status == CSQ_ERANGE ? point : name, status, error);
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
    csq_metric metric = {.size = sizeof metric};
    metric.kind = csq__choice_of(document, csq__member_of(document, node, "kind")) + 1;
    metric.name = csq__json_key(&document->json, node);
    metric.wall_time = csq__choice_of(document, csq__member_of(document, node, "time"));
    csq_status status = metric_check_kind(document, node, metric.kind, error);
    if (status == CSQ_OK) {
        status = metric_read_group(reader, node, &metric, error);
    }
    if (status == CSQ_OK) {
        status =
            metric_read_options(reader, csq__member_of(document, node, "options"), &metric, error);
    }
    if (status == CSQ_OK) {
        status = metric_read_lists(reader, node, &metric, error);
    }
    return status != CSQ_OK ? status : metric_add(reader, node, &metric, error);
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
