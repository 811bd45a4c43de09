/*
 * metric_preset — options set together: by the system that has them, or by a behaviour.
 *
 * A row is one option of one preset. What is known of a system is written down even where it is the
 * default; what is not known is left to the default. Every value that is not the default of some
 * kind has a preset of its own.
 *
 * Uses: base.
 */
#include "csq/sla_preset.h"
#include "sla/sla_internal.h"

typedef struct preset_row {
    uint32_t preset;
    size_t offset;
    uint32_t value;
} preset_row;

#define PRESET_ROW(preset, member, value)                                                          \
    {                                                                                              \
        CSQ_PRESET_##preset, offsetof(csq_metric, member), (value)                                 \
    }

static const preset_row preset_rows[] = {
    PRESET_ROW(ZENDESK, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(ZENDESK, calendar_switch, CSQ_CALENDAR_SWITCH_LATEST),
    PRESET_ROW(ZENDESK, on_solved, CSQ_ON_SOLVED_COMPLETE),
    PRESET_ROW(ZENDESK, message_base, CSQ_MESSAGE_BASE_OLDEST),
    PRESET_ROW(ZENDESK, start_mode, CSQ_START_CREATED),
    PRESET_ROW(ZENDESK, visits, CSQ_VISITS_EACH),

    PRESET_ROW(SERVICENOW, on_change, CSQ_ON_CHANGE_RESTART),
    PRESET_ROW(SERVICENOW, reopen_mode, CSQ_REOPEN_NEW_CYCLE),
    PRESET_ROW(SERVICENOW, edit_scope, CSQ_EDIT_SCOPE_OPEN),
    PRESET_ROW(SERVICENOW, at_target, CSQ_AT_TARGET_LATE),

    PRESET_ROW(JIRA, on_change, CSQ_ON_CHANGE_CARRY),
    PRESET_ROW(JIRA, reopen_mode, CSQ_REOPEN_NEW_CYCLE),
    PRESET_ROW(JIRA, edit_scope, CSQ_EDIT_SCOPE_OPEN),

    PRESET_ROW(ZAMMAD, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(ZAMMAD, on_no_match, CSQ_ON_NO_MATCH_DETACH),
    PRESET_ROW(ZAMMAD, reopen_mode, CSQ_REOPEN_RESUME),
    PRESET_ROW(ZAMMAD, due_edge, CSQ_DUE_EDGE_NEXT_OPEN),
    PRESET_ROW(ZAMMAD, breach_compare, CSQ_BREACH_COMPARE_ELAPSED),
    PRESET_ROW(ZAMMAD, message_base, CSQ_MESSAGE_BASE_OLDEST),
    PRESET_ROW(ZAMMAD, start_mode, CSQ_START_CREATED),

    PRESET_ROW(GLPI, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(GLPI, retroactive_pause, CSQ_RETROACTIVE_PAUSE_KEPT),
    PRESET_ROW(GLPI, reopen_mode, CSQ_REOPEN_RESUME),
    PRESET_ROW(GLPI, due_edge, CSQ_DUE_EDGE_EARLIEST),
    PRESET_ROW(GLPI, empty_calendar, CSQ_EMPTY_CALENDAR_WALL),

    PRESET_ROW(GLPI_OLA, attach, CSQ_ATTACH_FROM),
    PRESET_ROW(GLPI_OLA, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(GLPI_OLA, retroactive_pause, CSQ_RETROACTIVE_PAUSE_KEPT),
    PRESET_ROW(GLPI_OLA, reopen_mode, CSQ_REOPEN_RESUME),
    PRESET_ROW(GLPI_OLA, due_edge, CSQ_DUE_EDGE_EARLIEST),
    PRESET_ROW(GLPI_OLA, empty_calendar, CSQ_EMPTY_CALENDAR_WALL),

    PRESET_ROW(CHATWOOT, on_change, CSQ_ON_CHANGE_KEEP),
    PRESET_ROW(CHATWOOT, reopen_mode, CSQ_REOPEN_NOTHING),
    PRESET_ROW(CHATWOOT, due_edge, CSQ_DUE_EDGE_EARLIEST),
    PRESET_ROW(CHATWOOT, breach_compare, CSQ_BREACH_COMPARE_INSTANT),
    PRESET_ROW(CHATWOOT, empty_calendar, CSQ_EMPTY_CALENDAR_WALL),
    PRESET_ROW(CHATWOOT, start_mode, CSQ_START_CREATED),

    PRESET_ROW(FRAPPE, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(FRAPPE, reopen_mode, CSQ_REOPEN_RESUME),
    PRESET_ROW(FRAPPE, due_edge, CSQ_DUE_EDGE_EARLIEST),
    PRESET_ROW(FRAPPE, breach_compare, CSQ_BREACH_COMPARE_INSTANT),

    PRESET_ROW(FIRST_TERMS, on_change, CSQ_ON_CHANGE_KEEP),
    PRESET_ROW(FIRST_TERMS, calendar_switch, CSQ_CALENDAR_SWITCH_FIRST),
    PRESET_ROW(FIRST_TERMS, edit_scope, CSQ_EDIT_SCOPE_OPEN),
    PRESET_ROW(FIRST_TERMS, on_no_match, CSQ_ON_NO_MATCH_KEEP),

    PRESET_ROW(LATEST_TERMS, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(LATEST_TERMS, calendar_switch, CSQ_CALENDAR_SWITCH_LATEST),
    PRESET_ROW(LATEST_TERMS, edit_scope, CSQ_EDIT_SCOPE_ALL),
    PRESET_ROW(LATEST_TERMS, on_no_match, CSQ_ON_NO_MATCH_DETACH),

    PRESET_ROW(SPLIT_TERMS, on_change, CSQ_ON_CHANGE_CARRY),
    PRESET_ROW(SPLIT_TERMS, calendar_switch, CSQ_CALENDAR_SWITCH_SEGMENTED),
    PRESET_ROW(SPLIT_TERMS, edit_scope, CSQ_EDIT_SCOPE_OPEN),

    PRESET_ROW(NEW_CYCLES, on_change, CSQ_ON_CHANGE_RESTART),
    PRESET_ROW(NEW_CYCLES, reopen_mode, CSQ_REOPEN_NEW_CYCLE),
    PRESET_ROW(NEW_CYCLES, visits, CSQ_VISITS_EACH),
    PRESET_ROW(NEW_CYCLES, message_base, CSQ_MESSAGE_BASE_EACH),

    PRESET_ROW(SUM_VISITS, visits, CSQ_VISITS_SUM),
    PRESET_ROW(WALL_TIME, wall_time, 1),
    PRESET_ROW(REPEAT, repeat, 1),
    PRESET_ROW(REOPEN_RESUMES, reopen_mode, CSQ_REOPEN_RESUME),
    PRESET_ROW(REOPEN_COUNTS, reopen_mode, CSQ_REOPEN_RESUME_COUNTING),
    PRESET_ROW(REOPEN_NEW_CYCLE, reopen_mode, CSQ_REOPEN_NEW_CYCLE),
    PRESET_ROW(REOPEN_NOTHING, reopen_mode, CSQ_REOPEN_NOTHING),
    PRESET_ROW(CHANGE_RETROACTIVE, on_change, CSQ_ON_CHANGE_RETROACTIVE),
    PRESET_ROW(CHANGE_CARRIES, on_change, CSQ_ON_CHANGE_CARRY),
    PRESET_ROW(CHANGE_RESTARTS, on_change, CSQ_ON_CHANGE_RESTART),
    PRESET_ROW(COUNT_PAUSES, retroactive_pause, CSQ_RETROACTIVE_PAUSE_COUNTED),
    PRESET_ROW(LATEST_CALENDAR, calendar_switch, CSQ_CALENDAR_SWITCH_LATEST),
    PRESET_ROW(FIRST_CALENDAR, calendar_switch, CSQ_CALENDAR_SWITCH_FIRST),
    PRESET_ROW(EDIT_FINISHED, edit_scope, CSQ_EDIT_SCOPE_ALL),
    PRESET_ROW(SOLVE_KEEPS, on_solved, CSQ_ON_SOLVED_KEEP),
    PRESET_ROW(SOLVE_COMPLETES, on_solved, CSQ_ON_SOLVED_COMPLETE),
    PRESET_ROW(SOLVE_CANCELS, on_solved, CSQ_ON_SOLVED_CANCEL),
    PRESET_ROW(START_AT_MESSAGE, start_mode, CSQ_START_FIRST_MESSAGE),
    PRESET_ROW(INCLUDE_FIRST, include_first, 1),
    PRESET_ROW(ATTACH_FROM, attach, CSQ_ATTACH_FROM),
    PRESET_ROW(ATTACH_RETROACTIVE, attach, CSQ_ATTACH_RETROACTIVE),
    PRESET_ROW(DUE_WHEN_OPEN, due_edge, CSQ_DUE_EDGE_NEXT_OPEN),
    PRESET_ROW(LATE_BY_INSTANT, breach_compare, CSQ_BREACH_COMPARE_INSTANT),
    PRESET_ROW(EMPTY_IS_WALL, empty_calendar, CSQ_EMPTY_CALENDAR_WALL),
    PRESET_ROW(EMPTY_IS_ERROR, empty_calendar, CSQ_EMPTY_CALENDAR_ERROR),
    PRESET_ROW(LATE_ON_TARGET, at_target, CSQ_AT_TARGET_LATE),
    PRESET_ROW(NO_MATCH_DETACHES, on_no_match, CSQ_ON_NO_MATCH_DETACH),
    PRESET_ROW(MERGE_KEEPS, on_merge, CSQ_ON_MERGE_KEEP),
    PRESET_ROW(MERGE_COMPLETES, on_merge, CSQ_ON_MERGE_COMPLETE),
    PRESET_ROW(VERSION_OF_CYCLE, version_at, CSQ_VERSION_AT_CYCLE),
    PRESET_ROW(VERSION_OF_CREATION, version_at, CSQ_VERSION_AT_CREATED),
    PRESET_ROW(LAST_LATE_STEP, late_steps, CSQ_LATE_STEPS_LAST),
    PRESET_ROW(NO_LATE_STEPS, late_steps, CSQ_LATE_STEPS_NONE),
    PRESET_ROW(PASSED_STEPS_STAY, passed_steps, CSQ_PASSED_STEPS_STAY),
    PRESET_ROW(PASSED_STEPS_SUPERSEDED, passed_steps, CSQ_PASSED_STEPS_SUPERSEDED),
    PRESET_ROW(COUNT_NOTES, count_notes, 1),
    PRESET_ROW(COUNT_BOTS, count_bots, 1),
    PRESET_ROW(LAST_MESSAGE, message_base, CSQ_MESSAGE_BASE_LAST),
    PRESET_ROW(EACH_MESSAGE, message_base, CSQ_MESSAGE_BASE_EACH),
    PRESET_ROW(INHERIT_START, inherit, CSQ_INHERIT_START),
};

/* Those from here on are one value of one option. */
enum { PRESET_FIRST_BEHAVIOUR = CSQ_PRESET_SUM_VISITS, PRESET_LAST = CSQ_PRESET_INHERIT_START };

/* Two kinds are what they are by what a reopen does. */
static bool is_of_the_kind(uint32_t kind, size_t offset)
{
    return offset == offsetof(csq_metric, reopen_mode) &&
           (kind == CSQ_METRIC_FIRST_RESOLUTION || kind == CSQ_METRIC_TOTAL_RESOLUTION);
}

csq_status csq__metric_apply_preset(csq_metric *metric, uint32_t preset, csq_error *error)
{
    const bool is_behaviour = preset >= PRESET_FIRST_BEHAVIOUR;
    for (size_t i = 0; i < sizeof preset_rows / sizeof preset_rows[0]; i++) {
        const preset_row *const row = &preset_rows[i];
        if (row->preset != preset) {
            continue;
        }
        const bool is_known = csq__metric_has_option(metric->kind, row->offset);
        if (is_behaviour && !is_known) {
            return csq__fail(error, CSQ_EINVAL,
                             CSQ__TEXT("the preset sets an option that this kind of metric does "
                                       "not have"));
        }
        if (is_known && (is_behaviour || !is_of_the_kind(metric->kind, row->offset))) {
            memcpy((char *)metric + row->offset, &row->value, sizeof row->value);
        }
    }
    return CSQ_OK;
}

static csq_status preset_set(csq_metric *known, uint32_t preset, csq_metric *out, csq_error *error)
{
    csq_status status = csq__metric_check_options(known, error);
    if (status == CSQ_OK && (preset < CSQ_PRESET_ZENDESK || preset > PRESET_LAST)) {
        status = csq__fail_value(error, "preset", preset);
    }
    if (status == CSQ_OK) {
        status = csq__metric_apply_preset(known, preset, error);
    }
    return status != CSQ_OK ? status
                            : csq__struct_write(out, CSQ__FIRST_SIZE(csq_metric, reserved), known,
                                                sizeof *known, error);
}

csq_status csq_metric_preset(uint32_t kind, uint32_t preset, csq_metric *out, csq_error *error)
{
    csq_metric metric = {.size = sizeof metric, .kind = kind};
    return preset_set(&metric, preset, out, error);
}

csq_status csq_metric_add_preset(csq_metric *metric, uint32_t preset, csq_error *error)
{
    if (metric == NULL) {
        return csq__fail_null(error, "metric");
    }
    csq_metric known;
    const csq_status status = csq__struct_read(metric, CSQ__FIRST_SIZE(csq_metric, reserved),
                                               &known, sizeof known, error);
    return status != CSQ_OK ? status : preset_set(&known, preset, metric, error);
}
