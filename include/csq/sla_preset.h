/*
 * csq/sla_preset.h — options of a metric by name: those that a system has, and single behaviours.
 *
 * Presets are applied one after the other to a definition; of those that set the same option the
 * last one counts, and so does what the host sets afterwards:
 *
 *     csq_metric metric = {.size = sizeof metric};
 *     csq_metric_preset(CSQ_METRIC_NEXT_REPLY, CSQ_PRESET_ZENDESK, &metric, &error);
 *     csq_metric_add_preset(&metric, CSQ_PRESET_COUNT_NOTES, &error);
 *
 * docs/clocks.md has the table with what each is founded on.
 */
#ifndef CSQ_SLA_PRESET_H
#define CSQ_SLA_PRESET_H

#include "csq/sla.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/*
 * The first ones set several options: as a system has them, as far as it is documented, or by what
 * they have in common. Every other one is one value of one option that is not the default, of at
 * least one kind.
 */
typedef enum csq_preset {
    CSQ_PRESET_ZENDESK = 1,
    CSQ_PRESET_SERVICENOW = 2,
    CSQ_PRESET_JIRA = 3, /* Jira Service Management */
    CSQ_PRESET_ZAMMAD = 4,
    CSQ_PRESET_GLPI = 5,     /* its service levels */
    CSQ_PRESET_GLPI_OLA = 6, /* its internal levels, which begin with the attach */
    CSQ_PRESET_CHATWOOT = 7,
    CSQ_PRESET_FRAPPE = 8,        /* Frappe Helpdesk */
    CSQ_PRESET_FIRST_TERMS = 9,   /* what was agreed first holds for ever */
    CSQ_PRESET_LATEST_TERMS = 10, /* everything is judged by what holds now, the past as well */
    CSQ_PRESET_SPLIT_TERMS = 11,  /* each stretch by what held then */
    CSQ_PRESET_NEW_CYCLES = 12,   /* reopening, new terms and each message begin a cycle */
    CSQ_PRESET_SUM_VISITS = 13, /* visits: SUM */
    CSQ_PRESET_WALL_TIME = 14, /* wall_time */
    CSQ_PRESET_REPEAT = 15, /* repeat */
    CSQ_PRESET_REOPEN_RESUMES = 16, /* reopen_mode: RESUME */
    CSQ_PRESET_REOPEN_COUNTS = 17, /* reopen_mode: RESUME_COUNTING */
    CSQ_PRESET_REOPEN_NEW_CYCLE = 18, /* reopen_mode: NEW_CYCLE */
    CSQ_PRESET_REOPEN_NOTHING = 19, /* reopen_mode: NOTHING */
    CSQ_PRESET_CHANGE_RETROACTIVE = 20, /* on_change: RETROACTIVE */
    CSQ_PRESET_CHANGE_CARRIES = 21, /* on_change: CARRY */
    CSQ_PRESET_CHANGE_RESTARTS = 22, /* on_change: RESTART */
    CSQ_PRESET_COUNT_PAUSES = 23, /* retroactive_pause: COUNTED */
    CSQ_PRESET_LATEST_CALENDAR = 24, /* calendar_switch: LATEST */
    CSQ_PRESET_FIRST_CALENDAR = 25, /* calendar_switch: FIRST */
    CSQ_PRESET_EDIT_FINISHED = 26, /* edit_scope: ALL */
    CSQ_PRESET_SOLVE_KEEPS = 27, /* on_solved: KEEP */
    CSQ_PRESET_SOLVE_COMPLETES = 28, /* on_solved: COMPLETE */
    CSQ_PRESET_SOLVE_CANCELS = 29, /* on_solved: CANCEL */
    CSQ_PRESET_START_AT_MESSAGE = 30, /* start_mode: FIRST_MESSAGE */
    CSQ_PRESET_INCLUDE_FIRST = 31, /* include_first */
    CSQ_PRESET_ATTACH_FROM = 32, /* attach: FROM */
    CSQ_PRESET_ATTACH_RETROACTIVE = 33, /* attach: RETROACTIVE */
    CSQ_PRESET_DUE_WHEN_OPEN = 34, /* due_edge: NEXT_OPEN */
    CSQ_PRESET_LATE_BY_INSTANT = 35, /* breach_compare: INSTANT */
    CSQ_PRESET_EMPTY_IS_WALL = 36, /* empty_calendar: WALL */
    CSQ_PRESET_EMPTY_IS_ERROR = 37, /* empty_calendar: ERROR */
    CSQ_PRESET_LATE_ON_TARGET = 38, /* at_target: LATE */
    CSQ_PRESET_NO_MATCH_DETACHES = 39, /* on_no_match: DETACH */
    CSQ_PRESET_MERGE_KEEPS = 40, /* on_merge: KEEP */
    CSQ_PRESET_MERGE_COMPLETES = 41, /* on_merge: COMPLETE */
    CSQ_PRESET_VERSION_OF_CYCLE = 42, /* version_at: CYCLE */
    CSQ_PRESET_VERSION_OF_CREATION = 43, /* version_at: CREATED */
    CSQ_PRESET_LAST_LATE_STEP = 44, /* late_steps: LAST */
    CSQ_PRESET_NO_LATE_STEPS = 45, /* late_steps: NONE */
    CSQ_PRESET_PASSED_STEPS_STAY = 46, /* passed_steps: STAY */
    CSQ_PRESET_PASSED_STEPS_SUPERSEDED = 47, /* passed_steps: SUPERSEDED */
    CSQ_PRESET_COUNT_NOTES = 48, /* count_notes */
    CSQ_PRESET_COUNT_BOTS = 49, /* count_bots */
    CSQ_PRESET_LAST_MESSAGE = 50, /* message_base: LAST */
    CSQ_PRESET_EACH_MESSAGE = 51, /* message_base: EACH */
    CSQ_PRESET_INHERIT_START = 52 /* inherit: START */
} csq_preset;

/*
 * Gives a metric of a kind with the options that a preset sets; all other members are 0. The host
 * adds name and statuses, and whatever it wants otherwise. Of a preset of several options, those
 * that the kind does not have stay 0, and so does `reopen_mode` where it is what makes the kind
 * (FIRST_RESOLUTION, TOTAL_RESOLUTION). Errors: CSQ_EINVAL (kind, preset, out; a behaviour that the
 * kind does not have), CSQ_EABI.
 */
CSQ_API csq_status csq_metric_preset(uint32_t kind, uint32_t preset, csq_metric *out,
                                     csq_error *error);
/*
 * Sets the options of a preset, by the same rules, in a metric whose size and kind are given;
 * nothing else of it changes, and nothing at all where it fails. Errors: CSQ_EINVAL (metric, its
 * kind or an option out of range, preset; a behaviour that the kind does not have), CSQ_EABI.
 */
CSQ_API csq_status csq_metric_add_preset(csq_metric *metric, uint32_t preset, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
