/*
 * shape — the one description of a rule document: members, forms, choices, defaults.
 *
 * Members stand in the order in which they are written, except those of conditions. The first of a
 * list of choices has the number 1 in the public enumeration, the next 2 and so on, except for the
 * "time" of a metric, which is a flag, and its "kind", for which read_metric.c has a table; where a
 * shape has a default, it is the first.
 * docs/rules.schema.json says the same to other programs, and a test compares the two.
 *
 * Uses: base, text.
 */
#include "rules/rules_internal.h"

#define SHAPE_N(array) (sizeof(array) / sizeof((array)[0]))

static const csq__member_rule members_document[] = {
    {"about", CSQ__SHAPE_ABOUT, 0},         {"attributes", CSQ__SHAPE_ATTRIBUTES, 0},
    {"calendars", CSQ__SHAPE_CALENDARS, 0}, {"metrics", CSQ__SHAPE_METRICS, 0},
    {"select", CSQ__SHAPE_SELECT, 0},       {"policies", CSQ__SHAPE_POLICIES, 0},
    {"ranking", CSQ__SHAPE_RANKING, 0},
};
static const csq__member_rule members_calendar[] = {
    {"always_open", CSQ__SHAPE_BOOLEAN, 0}, {"never_open", CSQ__SHAPE_BOOLEAN, 0},
    {"union", CSQ__SHAPE_NAMES, 0},         {"intersection", CSQ__SHAPE_NAMES, 0},
    {"zone", CSQ__SHAPE_ZONE, 0},           {"years", CSQ__SHAPE_YEARS, 0},
    {"nights", CSQ__SHAPE_NIGHTS, 0},       {"week", CSQ__SHAPE_WEEK, 0},
    {"holidays", CSQ__SHAPE_HOLIDAYS, 0},   {"overrides", CSQ__SHAPE_OVERRIDES, 0},
    {"breaks", CSQ__SHAPE_BREAKS, 0},       {"versions", CSQ__SHAPE_VERSIONS, 0},
};
static const csq__member_rule members_version[] = {
    {"from", CSQ__SHAPE_NAME, 1},         {"week", CSQ__SHAPE_WEEK, 0},
    {"holidays", CSQ__SHAPE_HOLIDAYS, 0}, {"overrides", CSQ__SHAPE_OVERRIDES, 0},
    {"breaks", CSQ__SHAPE_BREAKS, 0},
};
static const csq__member_rule members_zone[] = {
    {"offset", CSQ__SHAPE_NAME, 0},
    {"posix", CSQ__SHAPE_NAME, 0},
};
static const csq__member_rule members_week[] = {
    {"mon", CSQ__SHAPE_WEEK_HOURS, 0}, {"tue", CSQ__SHAPE_WEEK_HOURS, 0},
    {"wed", CSQ__SHAPE_WEEK_HOURS, 0}, {"thu", CSQ__SHAPE_WEEK_HOURS, 0},
    {"fri", CSQ__SHAPE_WEEK_HOURS, 0}, {"sat", CSQ__SHAPE_WEEK_HOURS, 0},
    {"sun", CSQ__SHAPE_WEEK_HOURS, 0},
};
static const csq__member_rule members_holiday[] = {
    {"date", CSQ__SHAPE_NAME, 1},
    {"name", CSQ__SHAPE_NAME, 0},
    {"from", CSQ__SHAPE_CLOCK, 0},
    {"to", CSQ__SHAPE_CLOCK, 0},
};
static const csq__member_rule members_override[] = {
    {"name", CSQ__SHAPE_NAME, 0},
    {"open", CSQ__SHAPE_HOURS, 1},
};
static const csq__member_rule members_break[] = {
    {"name", CSQ__SHAPE_NAME, 0},
    {"closed", CSQ__SHAPE_HOURS, 1},
};
static const csq__member_rule members_metric[] = {
    {"kind", CSQ__SHAPE_METRIC_KIND, 1},
    {"preset", CSQ__SHAPE_PRESET, 0},
    {"group", CSQ__SHAPE_NAME, 0},
    {"time", CSQ__SHAPE_TIME, 0},
    {"stop_statuses", CSQ__SHAPE_NAMES, 0},
    {"pause_statuses", CSQ__SHAPE_NAMES, 0},
    {"cancel_statuses", CSQ__SHAPE_NAMES, 0},
    {"run_statuses", CSQ__SHAPE_NAMES, 0},
    {"start", CSQ__SHAPE_CONDITION, 0},
    {"pause", CSQ__SHAPE_CONDITION, 0},
    {"resume", CSQ__SHAPE_CONDITION, 0},
    {"stop", CSQ__SHAPE_CONDITION, 0},
    {"reset", CSQ__SHAPE_CONDITION, 0},
    {"cancel", CSQ__SHAPE_CONDITION, 0},
    {"reopen", CSQ__SHAPE_CONDITION, 0},
    {"options", CSQ__SHAPE_OPTIONS, 0},
    {"steps", CSQ__SHAPE_STEPS, 0},
};
static const csq__member_rule members_options[] = {
    {"repeat", CSQ__SHAPE_FLAG, 0},
    {"reopen", CSQ__SHAPE_REOPEN, 0},
    {"on_change", CSQ__SHAPE_ON_CHANGE, 0},
    {"retroactive_pause", CSQ__SHAPE_RETROACTIVE_PAUSE, 0},
    {"calendar_switch", CSQ__SHAPE_CALENDAR_SWITCH, 0},
    {"edit_scope", CSQ__SHAPE_EDIT_SCOPE, 0},
    {"on_solved", CSQ__SHAPE_ON_SOLVED, 0},
    {"start", CSQ__SHAPE_START, 0},
    {"include_first", CSQ__SHAPE_FLAG, 0},
    {"attach", CSQ__SHAPE_ATTACH, 0},
    {"due_edge", CSQ__SHAPE_DUE_EDGE, 0},
    {"breach_compare", CSQ__SHAPE_BREACH_COMPARE, 0},
    {"empty_calendar", CSQ__SHAPE_EMPTY_CALENDAR, 0},
    {"at_target", CSQ__SHAPE_AT_TARGET, 0},
    {"on_no_match", CSQ__SHAPE_ON_NO_MATCH, 0},
    {"on_merge", CSQ__SHAPE_ON_MERGE, 0},
    {"visits", CSQ__SHAPE_VISITS, 0},
    {"count_notes", CSQ__SHAPE_FLAG, 0},
    {"count_bots", CSQ__SHAPE_FLAG, 0},
    {"message_base", CSQ__SHAPE_MESSAGE_BASE, 0},
    {"inherit", CSQ__SHAPE_INHERIT, 0},
    {"version_at", CSQ__SHAPE_VERSION_AT, 0},
    {"late_steps", CSQ__SHAPE_LATE_STEPS, 0},
    {"passed_steps", CSQ__SHAPE_PASSED_STEPS, 0},
};
static const csq__member_rule members_step[] = {
    {"name", CSQ__SHAPE_NAME, 1},       {"percent", CSQ__SHAPE_NUMBER, 0},
    {"after", CSQ__SHAPE_DURATION, 0},  {"before", CSQ__SHAPE_DURATION, 0},
    {"workdays", CSQ__SHAPE_NUMBER, 0}, {"to", CSQ__SHAPE_NAMES, 0},
};
static const csq__member_rule members_policy[] = {
    {"name", CSQ__SHAPE_NAME, 1},       {"track", CSQ__SHAPE_NAME, 0},
    {"from", CSQ__SHAPE_NAME, 0},       {"until", CSQ__SHAPE_NAME, 0},
    {"match", CSQ__SHAPE_CONDITION, 0}, {"targets", CSQ__SHAPE_TARGETS, 0},
};
/* The first five are those of one target alone. */
static const csq__member_rule members_target[] = {
    {"within", CSQ__SHAPE_DURATION, 0},      {"workdays", CSQ__SHAPE_NUMBER, 0},
    {"end_of_day", CSQ__SHAPE_FLAG, 0},      {"due", CSQ__SHAPE_NAME, 0},
    {"calendar", CSQ__SHAPE_NAME, 0},        {"by", CSQ__SHAPE_NAME, 0},
    {"values", CSQ__SHAPE_TARGET_VALUES, 0}, {"otherwise", CSQ__SHAPE_TERMS, 0},
};
static const csq__member_rule members_ranking[] = {
    {"lanes", CSQ__SHAPE_LANES, 0},
    {"parts", CSQ__SHAPE_PARTS, 0},
};
static const csq__member_rule members_lane[] = {
    {"name", CSQ__SHAPE_NAME, 1},
    {"match", CSQ__SHAPE_CONDITION, 1},
};
static const csq__member_rule members_part[] = {
    {"name", CSQ__SHAPE_NAME, 1},       {"used", CSQ__SHAPE_USED_BANDS, 0},
    {"left", CSQ__SHAPE_LEFT_BANDS, 0}, {"by", CSQ__SHAPE_NAME, 0},
    {"values", CSQ__SHAPE_POINTS, 0},   {"otherwise", CSQ__SHAPE_NUMBER, 0},
    {"match", CSQ__SHAPE_CONDITION, 0}, {"points", CSQ__SHAPE_NUMBER, 0},
};
static const csq__member_rule members_used[] = {
    {"percent", CSQ__SHAPE_NUMBER, 1},
    {"points", CSQ__SHAPE_NUMBER, 1},
};
static const csq__member_rule members_left[] = {
    {"within", CSQ__SHAPE_DURATION, 1},
    {"points", CSQ__SHAPE_NUMBER, 1},
};
static const csq__member_rule members_condition[] = {
    {"all", CSQ__SHAPE_CONDITIONS, 0},
    {"any", CSQ__SHAPE_CONDITIONS, 0},
    {"not", CSQ__SHAPE_CONDITION, 0},
};
/* The first four are those that the value before the event can be asked, too. */
static const csq__member_rule members_test[] = {
    {"has", CSQ__SHAPE_VALUES, 0},          {"at_least", CSQ__SHAPE_SCALAR, 0},
    {"at_most", CSQ__SHAPE_SCALAR, 0},      {"absent", CSQ__SHAPE_BOOLEAN, 0},
    {"changed", CSQ__SHAPE_BOOLEAN, 0},     {"changed_to", CSQ__SHAPE_VALUES, 0},
    {"changed_from", CSQ__SHAPE_VALUES, 0}, {"previous", CSQ__SHAPE_PREVIOUS, 0},
};

static const char *const names_attribute[] = {"category", "set", "integer", "instant"};
static const char *const names_nights[] = {"owner_date", "calendar_date"};
static const char *const names_kind[] = {
    "clock",           "first_reply",      "resolution",       "next_reply",
    "periodic_update", "pausable_update",  "ownership",        "requester_wait",
    "agent_work",      "first_resolution", "total_resolution", "acknowledge",
    "assign",          "promise"};
static const char *const names_preset[] = {"zendesk",
                                           "servicenow",
                                           "jira",
                                           "zammad",
                                           "glpi",
                                           "glpi_ola",
                                           "chatwoot",
                                           "frappe",
                                           "first_terms",
                                           "latest_terms",
                                           "split_terms",
                                           "new_cycles",
                                           "sum_visits",
                                           "wall_time",
                                           "repeat",
                                           "reopen_resumes",
                                           "reopen_counts",
                                           "reopen_new_cycle",
                                           "reopen_nothing",
                                           "change_retroactive",
                                           "change_carries",
                                           "change_restarts",
                                           "count_pauses",
                                           "latest_calendar",
                                           "first_calendar",
                                           "edit_finished",
                                           "solve_keeps",
                                           "solve_completes",
                                           "solve_cancels",
                                           "start_at_message",
                                           "include_first",
                                           "attach_from",
                                           "attach_retroactive",
                                           "due_when_open",
                                           "late_by_instant",
                                           "empty_is_wall",
                                           "empty_is_error",
                                           "late_on_target",
                                           "no_match_detaches",
                                           "merge_keeps",
                                           "merge_completes",
                                           "version_of_cycle",
                                           "version_of_creation",
                                           "last_late_step",
                                           "no_late_steps",
                                           "passed_steps_stay",
                                           "passed_steps_superseded",
                                           "count_notes",
                                           "count_bots",
                                           "last_message",
                                           "each_message",
                                           "inherit_start"};
static const char *const names_time[] = {"calendar", "wall"};
static const char *const names_reopen[] = {"resume", "resume_counting", "new_cycle", "nothing"};
static const char *const names_on_change[] = {"keep", "retroactive", "carry", "restart"};
static const char *const names_retroactive_pause[] = {"kept", "counted"};
static const char *const names_calendar_switch[] = {"segmented", "latest", "first"};
static const char *const names_edit_scope[] = {"open", "all"};
static const char *const names_on_solved[] = {"keep", "complete", "cancel"};
static const char *const names_start[] = {"created", "first_message"};
static const char *const names_attach[] = {"match", "from", "retroactive"};
static const char *const names_due_edge[] = {"earliest", "next_open"};
static const char *const names_breach_compare[] = {"elapsed", "instant"};
static const char *const names_empty_calendar[] = {"never", "wall", "error"};
static const char *const names_at_target[] = {"in_time", "late"};
static const char *const names_on_no_match[] = {"keep", "detach"};
static const char *const names_on_merge[] = {"cancel", "keep", "complete"};
static const char *const names_visits[] = {"each", "sum"};
static const char *const names_inherit[] = {"ignore", "start"};
static const char *const names_message_base[] = {"oldest", "last", "each"};
static const char *const names_version_at[] = {"event", "cycle", "created"};
static const char *const names_late_steps[] = {"all", "last", "none"};
static const char *const names_passed_steps[] = {"rearm", "stay", "superseded"};
static const char *const names_select[] = {"first", "all"};

#define SHAPE_OBJECT(array, flag)                                                                  \
    {                                                                                              \
        .form = CSQ__FORM_OBJECT, .members = (array), .n_members = SHAPE_N(array), .flags = (flag) \
    }
#define SHAPE_MAP(shape, flag)                                                                     \
    {                                                                                              \
        .form = CSQ__FORM_OBJECT, .each = (shape), .flags = (flag)                                 \
    }
#define SHAPE_LIST(shape, flag)                                                                    \
    {                                                                                              \
        .form = CSQ__FORM_LIST, .each = (shape), .flags = (flag)                                   \
    }
#define SHAPE_SCALAR(kind)                                                                         \
    {                                                                                              \
        .form = (kind)                                                                             \
    }
#define SHAPE_CHOICE(array, flag)                                                                  \
    {                                                                                              \
        .form = CSQ__FORM_CHOICE, .choices = (array), .n_choices = SHAPE_N(array), .flags = (flag) \
    }

enum {
    SHAPE_FLAT = CSQ__SHAPE_FLAT,
    SHAPE_OMIT = CSQ__SHAPE_OMIT_EMPTY,
    SHAPE_SOME = CSQ__SHAPE_NOT_EMPTY,
    SHAPE_USUAL = CSQ__SHAPE_HAS_DEFAULT,
    SHAPE_UNWRAP = CSQ__SHAPE_UNWRAP_SINGLE,
    SHAPE_ORDER = CSQ__SHAPE_IN_ORDER
};

static const csq__shape shapes[CSQ__SHAPE_COUNT] = {
    [CSQ__SHAPE_DOCUMENT] = SHAPE_OBJECT(members_document, 0),
    [CSQ__SHAPE_ABOUT] = SHAPE_MAP(CSQ__SHAPE_TEXT, SHAPE_OMIT),
    [CSQ__SHAPE_ATTRIBUTES] = SHAPE_MAP(CSQ__SHAPE_ATTRIBUTE_KIND, SHAPE_OMIT),
    [CSQ__SHAPE_ATTRIBUTE_KIND] = SHAPE_CHOICE(names_attribute, 0),
    [CSQ__SHAPE_CALENDARS] = SHAPE_MAP(CSQ__SHAPE_CALENDAR, SHAPE_OMIT),
    [CSQ__SHAPE_CALENDAR] = SHAPE_OBJECT(members_calendar, SHAPE_FLAT),
    [CSQ__SHAPE_ZONE] = {.form = CSQ__FORM_ALTERNATIVE,
                         .as_scalar = CSQ__SHAPE_NAME,
                         .as_object = CSQ__SHAPE_ZONE_OBJECT,
                         .expected = "the name of a zone or an object such as {\"offset\": "
                                     "\"+08:00\"}"},
    [CSQ__SHAPE_ZONE_OBJECT] = SHAPE_OBJECT(members_zone, SHAPE_FLAT),
    [CSQ__SHAPE_YEARS] = SHAPE_LIST(CSQ__SHAPE_NUMBER, SHAPE_FLAT),
    [CSQ__SHAPE_NIGHTS] = SHAPE_CHOICE(names_nights, SHAPE_USUAL),
    [CSQ__SHAPE_WEEK] = SHAPE_OBJECT(members_week, SHAPE_OMIT),
    [CSQ__SHAPE_WEEK_HOURS] = SHAPE_LIST(CSQ__SHAPE_HOURS_TEXT, SHAPE_FLAT | SHAPE_OMIT),
    [CSQ__SHAPE_HOLIDAYS] = SHAPE_LIST(CSQ__SHAPE_HOLIDAY, SHAPE_OMIT),
    [CSQ__SHAPE_HOLIDAY] = SHAPE_OBJECT(members_holiday, SHAPE_FLAT),
    [CSQ__SHAPE_OVERRIDES] = SHAPE_MAP(CSQ__SHAPE_OVERRIDE, SHAPE_OMIT),
    [CSQ__SHAPE_OVERRIDE] = {.form = CSQ__FORM_ALTERNATIVE,
                             .as_array = CSQ__SHAPE_HOURS,
                             .as_object = CSQ__SHAPE_OVERRIDE_OBJECT,
                             .expected = "a list of hours or an object with \"name\" and "
                                         "\"open\""},
    [CSQ__SHAPE_OVERRIDE_OBJECT] = SHAPE_OBJECT(members_override, SHAPE_FLAT | SHAPE_UNWRAP),
    [CSQ__SHAPE_BREAKS] = SHAPE_MAP(CSQ__SHAPE_BREAK, SHAPE_OMIT),
    [CSQ__SHAPE_BREAK] = {.form = CSQ__FORM_ALTERNATIVE,
                          .as_array = CSQ__SHAPE_HOURS,
                          .as_object = CSQ__SHAPE_BREAK_OBJECT,
                          .expected = "a list of hours or an object with \"name\" and "
                                      "\"closed\""},
    [CSQ__SHAPE_BREAK_OBJECT] = SHAPE_OBJECT(members_break, SHAPE_FLAT | SHAPE_UNWRAP),
    [CSQ__SHAPE_VERSIONS] = SHAPE_LIST(CSQ__SHAPE_VERSION, SHAPE_OMIT),
    [CSQ__SHAPE_VERSION] = SHAPE_OBJECT(members_version, 0),
    [CSQ__SHAPE_METRICS] = SHAPE_MAP(CSQ__SHAPE_METRIC, SHAPE_OMIT),
    [CSQ__SHAPE_METRIC] = SHAPE_OBJECT(members_metric, 0),
    [CSQ__SHAPE_METRIC_KIND] = SHAPE_CHOICE(names_kind, 0),
    [CSQ__SHAPE_PRESET] = {.form = CSQ__FORM_ALTERNATIVE,
                           .as_scalar = CSQ__SHAPE_PRESET_NAME,
                           .as_array = CSQ__SHAPE_PRESET_LIST,
                           .expected = "the name of a preset or a list of them"},
    [CSQ__SHAPE_PRESET_NAME] = SHAPE_CHOICE(names_preset, 0),
    [CSQ__SHAPE_PRESET_LIST] =
        SHAPE_LIST(CSQ__SHAPE_PRESET_NAME, SHAPE_FLAT | SHAPE_SOME | SHAPE_UNWRAP),
    [CSQ__SHAPE_TIME] = SHAPE_CHOICE(names_time, SHAPE_USUAL),
    [CSQ__SHAPE_OPTIONS] = SHAPE_OBJECT(members_options, SHAPE_OMIT),
    [CSQ__SHAPE_REOPEN] = SHAPE_CHOICE(names_reopen, SHAPE_USUAL),
    [CSQ__SHAPE_ON_CHANGE] = SHAPE_CHOICE(names_on_change, SHAPE_USUAL),
    [CSQ__SHAPE_RETROACTIVE_PAUSE] = SHAPE_CHOICE(names_retroactive_pause, SHAPE_USUAL),
    [CSQ__SHAPE_CALENDAR_SWITCH] = SHAPE_CHOICE(names_calendar_switch, SHAPE_USUAL),
    [CSQ__SHAPE_EDIT_SCOPE] = SHAPE_CHOICE(names_edit_scope, SHAPE_USUAL),
    [CSQ__SHAPE_ON_SOLVED] = SHAPE_CHOICE(names_on_solved, SHAPE_USUAL),
    [CSQ__SHAPE_START] = SHAPE_CHOICE(names_start, SHAPE_USUAL),
    [CSQ__SHAPE_ATTACH] = SHAPE_CHOICE(names_attach, SHAPE_USUAL),
    [CSQ__SHAPE_DUE_EDGE] = SHAPE_CHOICE(names_due_edge, SHAPE_USUAL),
    [CSQ__SHAPE_BREACH_COMPARE] = SHAPE_CHOICE(names_breach_compare, SHAPE_USUAL),
    [CSQ__SHAPE_EMPTY_CALENDAR] = SHAPE_CHOICE(names_empty_calendar, SHAPE_USUAL),
    [CSQ__SHAPE_AT_TARGET] = SHAPE_CHOICE(names_at_target, SHAPE_USUAL),
    [CSQ__SHAPE_ON_NO_MATCH] = SHAPE_CHOICE(names_on_no_match, SHAPE_USUAL),
    [CSQ__SHAPE_ON_MERGE] = SHAPE_CHOICE(names_on_merge, SHAPE_USUAL),
    [CSQ__SHAPE_VISITS] = SHAPE_CHOICE(names_visits, SHAPE_USUAL),
    [CSQ__SHAPE_MESSAGE_BASE] = SHAPE_CHOICE(names_message_base, SHAPE_USUAL),
    [CSQ__SHAPE_INHERIT] = SHAPE_CHOICE(names_inherit, SHAPE_USUAL),
    [CSQ__SHAPE_VERSION_AT] = SHAPE_CHOICE(names_version_at, SHAPE_USUAL),
    [CSQ__SHAPE_LATE_STEPS] = SHAPE_CHOICE(names_late_steps, SHAPE_USUAL),
    [CSQ__SHAPE_PASSED_STEPS] = SHAPE_CHOICE(names_passed_steps, SHAPE_USUAL),
    [CSQ__SHAPE_STEPS] = SHAPE_LIST(CSQ__SHAPE_STEP, SHAPE_OMIT),
    [CSQ__SHAPE_STEP] = SHAPE_OBJECT(members_step, SHAPE_FLAT),
    [CSQ__SHAPE_SELECT] = SHAPE_CHOICE(names_select, SHAPE_USUAL),
    [CSQ__SHAPE_POLICIES] = SHAPE_LIST(CSQ__SHAPE_POLICY, SHAPE_OMIT),
    [CSQ__SHAPE_POLICY] = SHAPE_OBJECT(members_policy, 0),
    [CSQ__SHAPE_TARGETS] = SHAPE_MAP(CSQ__SHAPE_TARGET, SHAPE_OMIT),
    [CSQ__SHAPE_TARGET] = SHAPE_OBJECT(members_target, SHAPE_FLAT),
    [CSQ__SHAPE_TARGET_VALUES] = SHAPE_MAP(CSQ__SHAPE_TERMS, SHAPE_OMIT),
    [CSQ__SHAPE_TERMS] = {.form = CSQ__FORM_OBJECT,
                          .members = members_target,
                          .n_members = 5,
                          .flags = SHAPE_FLAT},
    [CSQ__SHAPE_RANKING] = SHAPE_OBJECT(members_ranking, 0),
    [CSQ__SHAPE_LANES] = SHAPE_LIST(CSQ__SHAPE_LANE, SHAPE_OMIT),
    [CSQ__SHAPE_LANE] = SHAPE_OBJECT(members_lane, 0),
    [CSQ__SHAPE_PARTS] = SHAPE_LIST(CSQ__SHAPE_PART, SHAPE_OMIT),
    [CSQ__SHAPE_PART] = SHAPE_OBJECT(members_part, 0),
    [CSQ__SHAPE_USED_BANDS] = SHAPE_LIST(CSQ__SHAPE_USED_BAND, SHAPE_SOME),
    [CSQ__SHAPE_USED_BAND] = SHAPE_OBJECT(members_used, SHAPE_FLAT),
    [CSQ__SHAPE_LEFT_BANDS] = SHAPE_LIST(CSQ__SHAPE_LEFT_BAND, SHAPE_SOME),
    [CSQ__SHAPE_LEFT_BAND] = SHAPE_OBJECT(members_left, SHAPE_FLAT),
    [CSQ__SHAPE_POINTS] = SHAPE_MAP(CSQ__SHAPE_NUMBER, SHAPE_FLAT | SHAPE_OMIT),
    [CSQ__SHAPE_CONDITION] = {.form = CSQ__FORM_OBJECT,
                              .members = members_condition,
                              .n_members = SHAPE_N(members_condition),
                              .each = CSQ__SHAPE_TEST,
                              .flags = SHAPE_FLAT | SHAPE_ORDER,
                              .expected = "a condition such as {\"status\": \"open\"}"},
    [CSQ__SHAPE_CONDITIONS] = SHAPE_LIST(CSQ__SHAPE_CONDITION, 0),
    [CSQ__SHAPE_TEST] = {.form = CSQ__FORM_ALTERNATIVE,
                         .as_scalar = CSQ__SHAPE_SCALAR,
                         .as_array = CSQ__SHAPE_VALUE_LIST,
                         .as_object = CSQ__SHAPE_TEST_OBJECT,
                         .expected = "a value, a list of values or an object of tests"},
    [CSQ__SHAPE_TEST_OBJECT] = SHAPE_OBJECT(members_test, SHAPE_FLAT | SHAPE_SOME | SHAPE_ORDER),
    [CSQ__SHAPE_PREVIOUS] = {.form = CSQ__FORM_ALTERNATIVE,
                             .as_scalar = CSQ__SHAPE_SCALAR,
                             .as_array = CSQ__SHAPE_VALUE_LIST,
                             .as_object = CSQ__SHAPE_PREVIOUS_OBJECT,
                             .expected = "a value, a list of values or an object of tests"},
    [CSQ__SHAPE_PREVIOUS_OBJECT] = {.form = CSQ__FORM_OBJECT,
                                    .members = members_test,
                                    .n_members = 4,
                                    .flags = SHAPE_FLAT | SHAPE_SOME | SHAPE_ORDER},
    [CSQ__SHAPE_VALUES] = {.form = CSQ__FORM_ALTERNATIVE,
                           .as_scalar = CSQ__SHAPE_SCALAR,
                           .as_array = CSQ__SHAPE_VALUE_LIST,
                           .expected = "a value or a list of values"},
    [CSQ__SHAPE_VALUE_LIST] = SHAPE_LIST(CSQ__SHAPE_SCALAR, SHAPE_FLAT | SHAPE_SOME | SHAPE_UNWRAP),
    [CSQ__SHAPE_NAMES] = SHAPE_LIST(CSQ__SHAPE_NAME, SHAPE_FLAT | SHAPE_SOME),
    [CSQ__SHAPE_HOURS] = SHAPE_LIST(CSQ__SHAPE_HOURS_TEXT, SHAPE_FLAT),
    [CSQ__SHAPE_HOURS_TEXT] = SHAPE_SCALAR(CSQ__FORM_HOURS),
    [CSQ__SHAPE_NAME] = SHAPE_SCALAR(CSQ__FORM_NAME),
    [CSQ__SHAPE_TEXT] = SHAPE_SCALAR(CSQ__FORM_TEXT),
    [CSQ__SHAPE_FLAG] = {.form = CSQ__FORM_BOOLEAN, .flags = SHAPE_USUAL},
    [CSQ__SHAPE_BOOLEAN] = SHAPE_SCALAR(CSQ__FORM_BOOLEAN),
    [CSQ__SHAPE_NUMBER] = SHAPE_SCALAR(CSQ__FORM_NUMBER),
    [CSQ__SHAPE_DURATION] = SHAPE_SCALAR(CSQ__FORM_DURATION),
    [CSQ__SHAPE_CLOCK] = SHAPE_SCALAR(CSQ__FORM_CLOCK),
    [CSQ__SHAPE_SCALAR] = SHAPE_SCALAR(CSQ__FORM_SCALAR),
};

const csq__shape *csq__shape_of(uint32_t shape)
{
    return &shapes[shape];
}
