/*
 * sla_compare — compares the answer of the library with what an sla case expects.
 */
#include "sla_case.h"

#include <string.h>

static void check_text(sla_case *work, const char *field, const char *expected, const char *got)
{
    if (expected == NULL || strcmp(expected, got) != 0) {
        vectors_fail(work->run, work->id, field, expected == NULL ? "(no text)" : expected, got);
    }
}

static void check_instant(sla_case *work, const char *field, const json_t *expected, csq_ms got)
{
    char text[CSQ_INSTANT_TEXT] = "null";
    if (got != CSQ_MS_NONE &&
        !sla_check(work, field, csq_instant_format(got, NULL, text, sizeof text, &work->error))) {
        return;
    }
    check_text(work, field, json_is_null(expected) ? "null" : json_string_value(expected), text);
}

static void check_seconds(sla_case *work, const char *field, const json_t *expected, csq_ms got)
{
    if (!json_is_integer(expected)) {
        (void)sla_fail(work, field, "no whole number");
    } else {
        (void)vectors_check_number(work->run, work->id, field,
                                   json_integer_value(expected) * SLA_SECOND_MS, got);
    }
}

static void check_flag(sla_case *work, const char *field, const json_t *expected, uint32_t got)
{
    check_text(work, field, json_is_true(expected) ? "true" : "false", got != 0 ? "true" : "false");
}

static const char *phase_name(uint32_t phase)
{
    static const char *const names[] = {"not_applicable", "not_started", "active",
                                        "paused",         "completed",   "cancelled"};
    return phase < sizeof names / sizeof names[0] ? names[phase] : "?";
}

static void check_steps(sla_case *work, json_t *expected, const csq_explanation *explanation)
{
    const char *id;
    json_t *at;
    json_object_foreach(expected, id, at)
    {
        uint32_t step = 0;
        const uint32_t n = csq_policies_step_count(work->policies, work->metric);
        for (; step < n; step++) {
            const csq_str name = csq_policies_step_name(work->policies, work->metric, step);
            if (name.size == strlen(id) && memcmp(name.data, id, name.size) == 0) {
                break;
            }
        }
        csq_ms found;
        if (sla_check(work, id, csq_explanation_step(explanation, step, &found, &work->error))) {
            check_instant(work, id, at, found);
        }
    }
}

static void check_cycles(sla_case *work, const json_t *expected, const csq_explanation *explanation)
{
    const uint64_t n = csq_explanation_cycle_count(explanation);
    if (!vectors_check_number(work->run, work->id, "earlier_cycles",
                              (int64_t)json_array_size(expected) + 1, (int64_t)n)) {
        return;
    }
    for (uint64_t i = 0; i + 1 < n; i++) {
        const json_t *object = json_array_get(expected, (size_t)i);
        csq_cycle cycle = {.size = sizeof cycle};
        if (!sla_check(work, "earlier_cycles",
                       csq_explanation_cycle(explanation, i, &cycle, &work->error))) {
            return;
        }
        check_text(work, "earlier_cycles.state", sla_text_of(object, "state"),
                   phase_name(cycle.phase));
        check_instant(work, "earlier_cycles.started_at", json_object_get(object, "started_at"),
                      cycle.started_at);
        check_instant(work, "earlier_cycles.stopped_at", json_object_get(object, "stopped_at"),
                      cycle.stopped_at);
        check_seconds(work, "earlier_cycles.elapsed_seconds",
                      json_object_get(object, "elapsed_seconds"), cycle.elapsed_ms);
        check_flag(work, "earlier_cycles.breached", json_object_get(object, "breached"),
                   cycle.breached);
    }
}

typedef enum sla_form { SLA_INSTANT, SLA_SECONDS, SLA_FLAG } sla_form;

typedef struct sla_field {
    const char *name;
    sla_form form;
    size_t offset;
} sla_field;

static bool check_field(sla_case *work, const char *name, const json_t *expected,
                        const csq_answer *answer)
{
    static const sla_field fields[] = {
        {"started_at", SLA_INSTANT, offsetof(csq_answer, started_at)},
        {"stopped_at", SLA_INSTANT, offsetof(csq_answer, stopped_at)},
        {"due_at", SLA_INSTANT, offsetof(csq_answer, due_at)},
        {"due_if_resumed_at_query", SLA_INSTANT, offsetof(csq_answer, due_if_resumed_at)},
        {"breached_at", SLA_INSTANT, offsetof(csq_answer, breached_at)},
        {"target_seconds", SLA_SECONDS, offsetof(csq_answer, target_ms)},
        {"elapsed_seconds", SLA_SECONDS, offsetof(csq_answer, elapsed_ms)},
        {"remaining_seconds", SLA_SECONDS, offsetof(csq_answer, remaining_ms)},
        {"paused_open_seconds", SLA_SECONDS, offsetof(csq_answer, paused_ms)},
        {"breached", SLA_FLAG, offsetof(csq_answer, breached)},
        {"in_hours", SLA_FLAG, offsetof(csq_answer, in_hours)},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const char *member = (const char *)answer + fields[i].offset;
        csq_ms ms;
        uint32_t flag;
        if (strcmp(fields[i].name, name) != 0) {
            continue;
        }
        if (fields[i].form == SLA_FLAG) {
            memcpy(&flag, member, sizeof flag);
            check_flag(work, name, expected, flag);
        } else {
            memcpy(&ms, member, sizeof ms);
            (fields[i].form == SLA_INSTANT ? check_instant : check_seconds)(work, name, expected,
                                                                            ms);
        }
        return true;
    }
    return false;
}

void sla_compare(sla_case *work, const csq_answer *answer, const csq_explanation *explanation)
{
    json_t *expect = json_object_get(work->object, "expect");
    const char *name;
    json_t *value;
    if (json_object_size(expect) == 0) {
        (void)sla_fail(work, "expect", "nothing");
    }
    json_object_foreach(expect, name, value)
    {
        if (strcmp(name, "state") == 0) {
            check_text(work, name, json_string_value(value), phase_name(answer->phase));
        } else if (strcmp(name, "escalations") == 0) {
            check_steps(work, value, explanation);
        } else if (strcmp(name, "earlier_cycles") == 0) {
            check_cycles(work, value, explanation);
        } else if (!check_field(work, name, value, answer)) {
            (void)sla_fail(work, "expect", name);
        }
    }
}
