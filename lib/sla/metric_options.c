/*
 * metric_options — the options of metrics: their ranges, the kinds that have them, and what one
 * that is not given means.
 *
 * One row for each member of csq_metric that is a choice or a flag. Most options mean the same for
 * every kind; a few kinds are what they are by an option that is usually another one.
 *
 * Uses: base.
 */
#include "sla/sla_internal.h"

#define KIND_BIT(kind) ((uint32_t)1 << (kind))

enum {
    KINDS_OF_MESSAGES = KIND_BIT(CSQ_METRIC_FIRST_REPLY) | KIND_BIT(CSQ_METRIC_NEXT_REPLY) |
                        KIND_BIT(CSQ_METRIC_PERIODIC_UPDATE) | KIND_BIT(CSQ_METRIC_PAUSABLE_UPDATE),
    KINDS_OF_TAKING = KIND_BIT(CSQ_METRIC_ACKNOWLEDGE) | KIND_BIT(CSQ_METRIC_ASSIGN),
    KINDS_ALL = (KIND_BIT(CSQ_METRIC_PROMISE) << 1) - 1
};

typedef struct option_row {
    const char *name;
    size_t offset;
    uint32_t last;
    uint32_t usual; /* what 0 means; 0 for a flag */
    uint32_t kinds; /* bits of the kinds that have it */
} option_row;

#define OPTION_ROW(member, last, usual, kinds)                                                     \
    {                                                                                              \
#member, offsetof(csq_metric, member), (last), (usual), (kinds)                            \
    }

static const option_row option_rows[] = {
    OPTION_ROW(visits, CSQ_VISITS_SUM, CSQ_VISITS_EACH, KIND_BIT(CSQ_METRIC_OWNERSHIP)),
    OPTION_ROW(wall_time, 1, 0, KINDS_ALL),
    OPTION_ROW(repeat, 1, 0, KIND_BIT(CSQ_METRIC_CLOCK)),
    OPTION_ROW(reopen_mode, CSQ_REOPEN_NOTHING, CSQ_REOPEN_RESUME, KINDS_ALL),
    OPTION_ROW(on_change, CSQ_ON_CHANGE_RESTART, CSQ_ON_CHANGE_KEEP, KINDS_ALL),
    OPTION_ROW(retroactive_pause, CSQ_RETROACTIVE_PAUSE_COUNTED, CSQ_RETROACTIVE_PAUSE_KEPT,
               KINDS_ALL),
    OPTION_ROW(calendar_switch, CSQ_CALENDAR_SWITCH_FIRST, CSQ_CALENDAR_SWITCH_SEGMENTED,
               KINDS_ALL),
    OPTION_ROW(edit_scope, CSQ_EDIT_SCOPE_ALL, CSQ_EDIT_SCOPE_OPEN, KINDS_ALL),
    OPTION_ROW(on_solved, CSQ_ON_SOLVED_CANCEL, CSQ_ON_SOLVED_KEEP,
               KINDS_OF_MESSAGES | KINDS_OF_TAKING),
    OPTION_ROW(start_mode, CSQ_START_FIRST_MESSAGE, CSQ_START_CREATED,
               KIND_BIT(CSQ_METRIC_FIRST_REPLY)),
    OPTION_ROW(include_first, 1, 0, KIND_BIT(CSQ_METRIC_NEXT_REPLY)),
    OPTION_ROW(attach, CSQ_ATTACH_RETROACTIVE, CSQ_ATTACH_MATCH, KINDS_ALL),
    OPTION_ROW(due_edge, CSQ_DUE_EDGE_NEXT_OPEN, CSQ_DUE_EDGE_EARLIEST, KINDS_ALL),
    OPTION_ROW(breach_compare, CSQ_BREACH_COMPARE_INSTANT, CSQ_BREACH_COMPARE_ELAPSED, KINDS_ALL),
    OPTION_ROW(empty_calendar, CSQ_EMPTY_CALENDAR_ERROR, CSQ_EMPTY_CALENDAR_NEVER, KINDS_ALL),
    OPTION_ROW(at_target, CSQ_AT_TARGET_LATE, CSQ_AT_TARGET_IN_TIME, KINDS_ALL),
    OPTION_ROW(on_no_match, CSQ_ON_NO_MATCH_DETACH, CSQ_ON_NO_MATCH_KEEP, KINDS_ALL),
    OPTION_ROW(on_merge, CSQ_ON_MERGE_COMPLETE, CSQ_ON_MERGE_CANCEL, KINDS_ALL),
    OPTION_ROW(version_at, CSQ_VERSION_AT_CREATED, CSQ_VERSION_AT_EVENT, KINDS_ALL),
    OPTION_ROW(late_steps, CSQ_LATE_STEPS_NONE, CSQ_LATE_STEPS_ALL, KINDS_ALL),
    OPTION_ROW(passed_steps, CSQ_PASSED_STEPS_SUPERSEDED, CSQ_PASSED_STEPS_REARM, KINDS_ALL),
    OPTION_ROW(count_notes, 1, 0, KINDS_OF_MESSAGES),
    OPTION_ROW(count_bots, 1, 0, KINDS_OF_MESSAGES),
    OPTION_ROW(message_base, CSQ_MESSAGE_BASE_EACH, CSQ_MESSAGE_BASE_OLDEST,
               KIND_BIT(CSQ_METRIC_FIRST_REPLY) | KIND_BIT(CSQ_METRIC_NEXT_REPLY)),
    OPTION_ROW(inherit, CSQ_INHERIT_START, CSQ_INHERIT_IGNORE, KINDS_ALL),
    OPTION_ROW(reserved, 0, 0, KINDS_ALL),
};

enum { OPTION_ROWS = sizeof option_rows / sizeof option_rows[0] };

static const option_row *option_find(size_t offset)
{
    size_t i = 0;
    while (i + 1 < OPTION_ROWS && option_rows[i].offset != offset) {
        i++;
    }
    return &option_rows[i];
}

static uint32_t option_usual(uint32_t kind, const option_row *row)
{
    if (row->offset == offsetof(csq_metric, reopen_mode) && kind == CSQ_METRIC_FIRST_RESOLUTION) {
        return CSQ_REOPEN_NOTHING;
    }
    if (row->offset == offsetof(csq_metric, on_solved) && (KIND_BIT(kind) & KINDS_OF_TAKING) != 0) {
        return CSQ_ON_SOLVED_COMPLETE;
    }
    return row->usual;
}

bool csq__metric_has_option(uint32_t kind, size_t option)
{
    return (option_find(option)->kinds & KIND_BIT(kind)) != 0;
}

uint32_t csq__metric_usual(uint32_t kind, size_t option)
{
    return option_usual(kind, option_find(option));
}

void csq__metric_fill_options(csq_metric *metric)
{
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        char *const member = (char *)metric + option_rows[i].offset;
        uint32_t value;
        memcpy(&value, member, sizeof value);
        if (value == 0) {
            value = option_usual(metric->kind, &option_rows[i]);
            memcpy(member, &value, sizeof value);
        }
    }
}

static csq_status option_fail(csq_error *error, const char *name, uint32_t value, size_t offset)
{
    const csq_status status = csq__fail_value(error, name, value);
    csq__error_field(error, offset);
    return status;
}

csq_status csq__metric_check_options(const csq_metric *metric, csq_error *error)
{
    if (metric->kind < CSQ_METRIC_CLOCK || metric->kind > CSQ_METRIC_PROMISE) {
        return option_fail(error, "kind", metric->kind, offsetof(csq_metric, kind));
    }
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        const option_row *const row = &option_rows[i];
        uint32_t value;
        memcpy(&value, (const char *)metric + row->offset, sizeof value);
        if (value > row->last) {
            return option_fail(error, row->name, value, row->offset);
        }
    }
    return CSQ_OK;
}
