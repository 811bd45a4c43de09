/*
 * read_policy — the policies of a document, through csq_policies_add_policy and _add_target.
 *
 * A target is one for all tickets of the policy, or one by each value of an attribute; then
 * `calendar` beside `by` is the calendar of those values that name none.
 *
 * Uses: base, text, condition, ticket, sla.
 */
#include "rules/rules_internal.h"

/* ---- one target ---------------------------------------------------------------------------- */

static csq_status target_read_calendar(const csq__rules_reader *reader, uint32_t node,
                                       uint32_t *index, csq_error *error)
{
    *index = CSQ_NO_CALENDAR;
    if (node == 0) {
        return CSQ_OK;
    }
    const csq__document *document = reader->document;
    const csq_str name = csq__json_text(&document->json, node);
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "calendars");
    const uint32_t defined = all == 0 ? 0 : csq__json_member(&document->json, all, name);
    if (defined != 0) {
        *index = csq__calendar_index_of(reader->rules, defined);
        return CSQ_OK;
    }
    csq__nearest nearest = csq__nearest_to(name);
    uint32_t at = csq__json_first(&document->json, all);
    for (; at != 0; at = csq__json_next(&document->json, at)) {
        csq__nearest_offer(&nearest, csq__json_key(&document->json, at));
    }
    return csq__fail_unknown(document, node, false, "a calendar of this document", &nearest, error);
}

static csq_status target_read_due(const csq__rules_reader *reader, uint32_t due, csq_target *target,
                                  csq_error *error)
{
    const csq_status status =
        csq__read_attribute(reader, due, false, &target->due_attribute, error);
    if (status == CSQ_OK &&
        csq_schema_kind(reader->schema, target->due_attribute) != CSQ_ATTRIBUTE_INSTANT) {
        return csq__json_fail_value(&reader->document->json, due,
                                    "the name of an attribute that is an instant", error);
    }
    return status;
}

/* Exactly one of the two times, above 0, or a due instant; "end_of_day" goes with working days
 * only. */
static csq_status target_read_time(const csq__rules_reader *reader, uint32_t node,
                                   csq_target *target, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t within = csq__member_of(document, node, "within");
    const uint32_t workdays = csq__member_of(document, node, "workdays");
    const uint32_t due = csq__member_of(document, node, "due");
    const int n_given = (within != 0) + (workdays != 0) + (due != 0);
    if (n_given != 1) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected one of \"within\", \"workdays\" and \"due\", "
                                        "found "),
                              CSQ__VIEW(csq_str_of(n_given == 0   ? "none"
                                                   : n_given == 2 ? "two of them"
                                                                  : "all of them")));
    }
    const uint32_t end_of_day = csq__member_of(document, node, "end_of_day");
    target->end_of_day = csq__json_is_true(&document->json, end_of_day);
    if (workdays == 0 && target->end_of_day != 0) {
        return csq__json_fail(&document->json, end_of_day, error, CSQ_ERULE,
                              CSQ__TEXT("expected \"end_of_day\" beside \"workdays\" only"));
    }
    if (due != 0) {
        return target_read_due(reader, due, target, error);
    }
    if (within != 0) {
        csq_status status =
            csq__read_duration(document, within, CSQ_ETARGET, &target->within_ms, error);
        if (status == CSQ_OK && target->within_ms <= 0) {
            status = csq__fail_value_as(document, within, CSQ_ETARGET, "a time above 0", error);
        }
        return status;
    }
    const csq__json_range any = {1, INT64_MIN, INT64_MAX};
    int64_t days;
    csq_status status = csq__json_integer(&document->json, workdays, &any, &days, error);
    if (status == CSQ_OK && (days <= 0 || days > INT32_MAX)) {
        return csq__fail_value_as(document, workdays, CSQ_ETARGET,
                                  "a number of working days above 0", error);
    }
    if (status == CSQ_OK) {
        target->workdays = (uint32_t)days;
    }
    return status;
}

/* Reads the terms at `node` and adds them; `by` chooses them, 0 for a target alone; `calendar` is
 * that of terms that name none. */
static csq_status target_add(const csq__rules_reader *reader, uint32_t node, uint32_t by,
                             uint32_t calendar, csq_target target, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t own = csq__member_of(document, node, "calendar");
    csq_status status = target_read_time(reader, node, &target, error);
    if (status == CSQ_OK) {
        status = target_read_calendar(reader, own != 0 ? own : calendar, &target.calendar, error);
    }
    if (status == CSQ_OK && target.workdays != 0 && target.calendar == CSQ_NO_CALENDAR) {
        status = csq__json_fail_missing(&document->json, node, "calendar", error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    status = csq_policies_add_target(reader->builder, &target, error);
    const char *time = target.due_attribute != 0 ? "due"
                       : target.workdays != 0    ? "workdays"
                                                 : "within";
    uint32_t place = node;
    if (status == CSQ_ETARGET) {
        place = csq__member_of(document, node, time);
    } else if (status == CSQ_EINVAL && by != 0) {
        place = by;
    }
    return csq__placed(document, place, status, error);
}

/* ---- targets by value ---------------------------------------------------------------------- */

static csq_status target_read_by(const csq__rules_reader *reader, uint32_t by, uint32_t *attribute,
                                 csq_error *error)
{
    const csq_status status = csq__read_attribute(reader, by, false, attribute, error);
    if (status == CSQ_OK && csq_schema_kind(reader->schema, *attribute) != CSQ_ATTRIBUTE_CATEGORY) {
        return csq__json_fail_value(&reader->document->json, by,
                                    "the name of an attribute that is a category", error);
    }
    return status;
}

static csq_status target_check_by(const csq__document *document, uint32_t node, csq_error *error)
{
    static const char *const plain[] = {"within", "workdays", "end_of_day", "due"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        const uint32_t member = csq__member_of(document, node, plain[i]);
        if (member != 0) {
            csq__fail(error, CSQ_ERULE,
                      CSQ__TEXT("expected \"values\" or \"otherwise\" beside "
                                "\"by\", found \""),
                      CSQ__VIEW(csq_str_of(plain[i])), CSQ__TEXT("\""));
            return csq__placed_key(document, member, CSQ_ERULE, error);
        }
    }
    const uint32_t values = csq__member_of(document, node, "values");
    if (csq__json_count(&document->json, values) == 0 &&
        csq__member_of(document, node, "otherwise") == 0) {
        return csq__json_fail_missing(&document->json, node, "values", error);
    }
    return CSQ_OK;
}

static csq_status target_read_values(const csq__rules_reader *reader, uint32_t node, uint32_t by,
                                     csq_target target, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t calendar = csq__member_of(document, node, "calendar");
    csq_status status = target_check_by(document, node, error);
    if (status == CSQ_OK) {
        status = target_read_by(reader, by, &target.attribute, error);
    }
    uint32_t at = csq__json_first(&document->json, csq__member_of(document, node, "values"));
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = csq__read_code(reader, target.attribute, at, true, &target.code, error);
        if (status == CSQ_OK) {
            status = target_add(reader, at, by, calendar, target, error);
        }
    }
    const uint32_t otherwise = csq__member_of(document, node, "otherwise");
    if (status == CSQ_OK && otherwise != 0) {
        target.code = CSQ_CODE_NONE;
        status = target_add(reader, otherwise, by, calendar, target, error);
    }
    return status;
}

/* ---- targets of a policy ------------------------------------------------------------------- */

/* The index of a metric is its place among the metrics of the document. */
static csq_status target_read_metric(const csq__rules_reader *reader, uint32_t node,
                                     uint32_t *index, csq_error *error)
{
    const csq__document *document = reader->document;
    const csq_str name = csq__json_key(&document->json, node);
    csq__nearest nearest = csq__nearest_to(name);
    uint32_t at =
        csq__json_first(&document->json, csq__member_of(document, CSQ__JSON_ROOT, "metrics"));
    for (*index = 0; at != 0; at = csq__json_next(&document->json, at)) {
        const csq_str known = csq__json_key(&document->json, at);
        if (csq__str_equal(known, name)) {
            return CSQ_OK;
        }
        csq__nearest_offer(&nearest, known);
        *index += 1;
    }
    return csq__fail_unknown(document, node, true, "a metric of this document", &nearest, error);
}

static csq_status target_read(const csq__rules_reader *reader, uint32_t node, csq_error *error)
{
    const csq__document *document = reader->document;
    csq_target target = {.size = sizeof target};
    const csq_status status = target_read_metric(reader, node, &target.metric, error);
    if (status != CSQ_OK) {
        return status;
    }
    const uint32_t by = csq__member_of(document, node, "by");
    if (by != 0) {
        return target_read_values(reader, node, by, target, error);
    }
    const uint32_t values = csq__member_of(document, node, "values");
    const uint32_t otherwise = csq__member_of(document, node, "otherwise");
    if (values != 0 || otherwise != 0) {
        return csq__json_fail_missing(&document->json, node, "by", error);
    }
    return target_add(reader, node, 0, 0, target, error);
}

/* Places what the builder says about a policy: at its name, or, where it refuses a condition, at
 * the first test that asks what belongs to a single event. */
static csq_status policy_placed(const csq__document *document, uint32_t node, csq_status status,
                                csq_error *error)
{
    static const char *const of_events[] = {"event", "author", "visibility", "metric", "reason"};
    const uint32_t match = csq__member_of(document, node, "match");
    csq__condition_walk walk = {.depth = 0};
    if (status == CSQ_EINVAL && match != 0) {
        csq__condition_walk_begin(&walk, document, match);
    }
    while (walk.depth > 0) {
        const uint32_t test = csq__condition_walk_next(&walk);
        const csq_str key = csq__json_key(&document->json, test);
        for (size_t i = 0; test != 0 && i < sizeof of_events / sizeof of_events[0]; i++) {
            if (csq__str_equal(key, csq_str_of(of_events[i]))) {
                return csq__placed_key(document, test, status, error);
            }
        }
    }
    const uint32_t track = csq__member_of(document, node, "track");
    uint32_t place = csq__member_of(document, node, "name");
    if (status == CSQ_EINVAL && track != 0 && csq__json_text(&document->json, track).size > 255) {
        place = track;
    } else if (status == CSQ_EINTERVAL) {
        place = csq__member_of(document, node, "until");
    } else if (status == CSQ_EMISMATCH && track != 0) {
        place = track;
    }
    return csq__placed(document, place, status, error);
}

/* When it is in force. */
static csq_status policy_read_validity(const csq__document *document, uint32_t node,
                                       csq_policy *policy, csq_error *error)
{
    const uint32_t from = csq__member_of(document, node, "from");
    const uint32_t until = csq__member_of(document, node, "until");
    csq_status status = CSQ_OK;
    if (from != 0) {
        policy->has |= CSQ_POLICY_HAS_FROM;
        status = csq__read_instant(document, from, &policy->from, error);
    }
    if (until != 0 && status == CSQ_OK) {
        policy->has |= CSQ_POLICY_HAS_UNTIL;
        status = csq__read_instant(document, until, &policy->until, error);
    }
    return status;
}

static csq_status policy_read(csq__rules_reader *reader, uint32_t node, csq_error *error)
{
    const csq__document *document = reader->document;
    csq_policy policy = {
        .size = sizeof policy,
        .name = csq__json_text(&document->json, csq__member_of(document, node, "name")),
    };
    const uint32_t track = csq__member_of(document, node, "track");
    if (track != 0) {
        policy.track = csq__json_text(&document->json, track);
    }
    csq_condition *match = NULL;
    csq_status status = policy_read_validity(document, node, &policy, error);
    if (status == CSQ_OK) {
        status =
            csq__read_condition(reader, csq__member_of(document, node, "match"), &match, error);
    }
    if (status == CSQ_OK) {
        uint32_t index;
        policy.match = match;
        status = csq_policies_add_policy(reader->builder, &policy, &index, error);
        csq_condition_free(match);
        status = policy_placed(document, node, status, error);
    }
    uint32_t at = csq__json_first(&document->json, csq__member_of(document, node, "targets"));
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = target_read(reader, at, error);
    }
    return status;
}

csq_status csq__read_policies(csq__rules_reader *reader, csq_error *error)
{
    const csq__document *document = reader->document;
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "policies");
    const uint32_t select = csq__member_of(document, CSQ__JSON_ROOT, "select");
    csq_status status = CSQ_OK;
    if (select != 0) {
        status =
            csq_policies_set_select(reader->builder, csq__choice_of(document, select) + 1, error);
    }
    uint32_t at = csq__json_first(&document->json, all);
    for (; at != 0 && status == CSQ_OK; at = csq__json_next(&document->json, at)) {
        status = policy_read(reader, at, error);
    }
    return status;
}
