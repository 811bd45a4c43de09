/*
 * policies_builder — collects calendars, metrics, policies and targets, each checked as it
 * comes, into policies that are not compiled yet.
 *
 * The draft is a csq_policies from the start: what was added is owned by it, and a draft that is
 * given up is destroyed like the finished object.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/builder.h"

enum { BUILDER_NAME_LIMIT = 255, BUILDER_INDEX_LIMIT = 65535 };

csq_status csq_policies_builder_new(csq_schema *schema, const csq_allocator *allocator,
                                    csq_policies_builder **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (schema == NULL) {
        return csq__fail_null(error, "schema");
    }
    if (csq_schema_kind(schema, CSQ_TICKET_METRIC) != CSQ_ATTRIBUTE_CATEGORY ||
        csq_schema_find(schema, CSQ__STR("metric")) != CSQ_TICKET_METRIC) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("the schema is not one of tickets"));
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_policies_builder *builder = csq__allocate_zeroed(&memory, sizeof *builder);
    if (builder == NULL) {
        return csq__fail_memory(error);
    }
    builder->allocator = memory;
    builder->schema = csq_schema_retain(schema);
    *out = builder;
    return CSQ_OK;
}

void csq_policies_builder_free(csq_policies_builder *builder)
{
    if (builder != NULL) {
        const csq_allocator memory = builder->allocator;
        csq_policies_free(builder->draft);
        csq_schema_free(builder->schema);
        csq__release(&memory, builder, sizeof *builder);
    }
}

csq_status csq__policies_draft(csq_schema *schema, const csq_allocator *allocator,
                               csq_policies **out, csq_error *error)
{
    csq_policies *draft = csq__allocate_zeroed(allocator, sizeof *draft);
    *out = NULL;
    if (draft == NULL) {
        return csq__fail_memory(error);
    }
    csq__count_init(&draft->count);
    draft->allocator = *allocator;
    draft->schema = csq_schema_retain(schema);
    if (csq__array_push(&draft->terms, &draft->allocator, NULL, sizeof(csq__terms)) == NULL) {
        csq_policies_free(draft);
        return csq__fail_memory(error);
    }
    *out = draft;
    return CSQ_OK;
}

csq_status csq__builder_draft(csq_policies_builder *builder, csq_policies **out, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    csq_status status = CSQ_OK;
    if (builder->draft == NULL) {
        status = csq__policies_draft(builder->schema, &builder->allocator, &builder->draft, error);
    }
    *out = builder->draft;
    return status;
}

csq_status csq__builder_name(csq_policies *draft, csq_str name, uint32_t attribute, csq_str *copy,
                             uint32_t *code, csq_error *error)
{
    if (name.data == NULL || name.size == 0 || name.size > BUILDER_NAME_LIMIT) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("a name of "),
                         CSQ__NUMBER((int64_t)name.size), CSQ__TEXT(" bytes, expected 1 to 255"));
    }
    if (attribute != 0) {
        const csq_status status = csq_schema_code(draft->schema, attribute, name, code, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    const char *text = csq__copy_text(&draft->allocator, name);
    if (text == NULL) {
        return csq__fail_memory(error);
    }
    *copy = (csq_str){text, name.size};
    return CSQ_OK;
}

csq_status csq__builder_fail_exists(csq_error *error, const char *what, csq_str name)
{
    return csq__fail(error, CSQ_EEXISTS, CSQ__TEXT("there is a "), CSQ__VIEW(csq_str_of(what)),
                     CSQ__TEXT(" \""), CSQ__VIEW(name), CSQ__TEXT("\" already"));
}

void csq__builder_release_name(const csq_policies *draft, csq_str name)
{
    csq__release(&draft->allocator, (void *)(uintptr_t)name.data, (size_t)name.size + 1);
}

csq_status csq_policies_add_calendar(csq_policies_builder *builder, csq_str name,
                                     csq_calendar *calendar, uint32_t *index, csq_error *error)
{
    csq_policies *draft = NULL;
    csq_status status = csq__builder_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (calendar == NULL || index == NULL) {
        return csq__fail_null(error, calendar == NULL ? "calendar" : "index");
    }
    for (uint32_t i = 0; i < draft->calendars.n; i++) {
        if (csq__str_equal(csq_policies_calendar_name(draft, i), name)) {
            return csq__builder_fail_exists(error, "calendar", name);
        }
    }
    if (draft->calendars.n >= CSQ_CALENDAR_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 4096 calendars"));
    }
    csq__named_calendar entry = {.calendar = calendar};
    status = csq__builder_name(draft, name, CSQ_TICKET_CALENDAR, &entry.name, &entry.code, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (csq__array_push(&draft->calendars, &draft->allocator, &entry, sizeof entry) == NULL) {
        csq__builder_release_name(draft, entry.name);
        return csq__fail_memory(error);
    }
    csq_calendar_retain(calendar);
    *index = (uint32_t)draft->calendars.n - 1;
    return CSQ_OK;
}

csq_status csq_policies_add_metric(csq_policies_builder *builder, const csq_metric *metric,
                                   uint32_t *index, csq_error *error)
{
    csq_policies *draft = NULL;
    csq_status status = csq__builder_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (metric == NULL || index == NULL) {
        return csq__fail_null(error, metric == NULL ? "metric" : "index");
    }
    csq_metric known;
    status = csq__struct_read(metric, CSQ__FIRST_SIZE(csq_metric, reserved), &known, sizeof known,
                              error);
    if (status != CSQ_OK) {
        return status;
    }
    if (draft->policies.n > 0) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("metrics come before policies"));
    }
    if (draft->clocks.n >= CSQ_METRIC_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 32 metrics"));
    }
    uint32_t same;
    if (csq_policies_find_metric(draft, known.name, &same, NULL) == CSQ_OK) {
        return csq__builder_fail_exists(error, "metric", known.name);
    }
    csq__clock clock = {.metric = draft->n_metrics};
    status =
        csq__builder_name(draft, known.name, CSQ_TICKET_METRIC, &clock.name, &clock.code, error);
    if (status == CSQ_OK) {
        status = csq__metric_compile(draft->schema, &known, &draft->allocator, &clock, error);
    }
    if (status == CSQ_OK &&
        csq__array_push(&draft->clocks, &draft->allocator, &clock, sizeof clock) == NULL) {
        status = csq__fail_memory(error);
    }
    if (status != CSQ_OK) {
        csq__clock_release(&clock, true, &draft->allocator);
        return status;
    }
    draft->n_metrics = (uint32_t)draft->clocks.n;
    *index = draft->n_metrics - 1;
    return CSQ_OK;
}

static csq_status fail_of_event(const csq_policies *draft, uint32_t attribute, csq_error *error)
{
    return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("\""),
                     CSQ__VIEW(csq_schema_name(draft->schema, attribute)),
                     CSQ__TEXT("\" belongs to an event and can choose no policy or target"));
}

csq_status csq__policies_check_match(const csq_policies *draft, const csq_condition *match,
                                     csq_error *error)
{
    if (match == NULL) {
        return CSQ_OK;
    }
    if (match->schema != draft->schema) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("the condition is of another schema"));
    }
    for (uint32_t i = 0; i < csq__condition_step_count(match); i++) {
        const uint32_t attribute = csq__condition_step_at(match, i)->attribute;
        if (csq__attribute_is_of_event(attribute)) {
            return fail_of_event(draft, attribute, error);
        }
    }
    return CSQ_OK;
}

csq_status csq__policies_add_match(csq_policies *draft, const csq_condition *match,
                                   uint32_t *index, csq_error *error)
{
    csq__policy policy = {.from = INT64_MIN, .until = INT64_MAX};
    const size_t choices_size = ((size_t)draft->n_metrics + 1) * sizeof *policy.choices;
    policy.choices = csq__allocate_zeroed(&draft->allocator, choices_size);
    if (policy.choices == NULL ||
        csq__array_push(&draft->policies, &draft->allocator, &policy, sizeof policy) == NULL) {
        csq__release(&draft->allocator, policy.choices, choices_size);
        return csq__fail_memory(error);
    }
    *index = (uint32_t)draft->policies.n - 1;
    ((csq__policy *)draft->policies.data)[*index].match =
        csq_condition_retain((csq_condition *)(uintptr_t)match);
    return CSQ_OK;
}

static csq_ms policy_from(const csq_policy *policy)
{
    return (policy->has & CSQ_POLICY_HAS_FROM) != 0 ? policy->from : INT64_MIN;
}

static csq_ms policy_until(const csq_policy *policy)
{
    return (policy->has & CSQ_POLICY_HAS_UNTIL) != 0 ? policy->until : INT64_MAX;
}

static csq_status check_policy(const csq_policies *draft, const csq_policy *policy,
                               csq_error *error)
{
    if (policy->reserved != 0) {
        return csq__fail_value(error, "reserved", policy->reserved);
    }
    const csq_ms from = policy_from(policy);
    const csq_ms until = policy_until(policy);
    if ((policy->has & ~(uint64_t)(CSQ_POLICY_HAS_FROM | CSQ_POLICY_HAS_UNTIL)) != 0) {
        return csq__fail_value(error, "has", (int64_t)policy->has);
    }
    if (from >= until) {
        return csq__fail(error, CSQ_EINTERVAL,
                         CSQ__TEXT("the policy ends where it comes into force, or before"));
    }
    for (uint32_t i = 0; i < draft->policies.n; i++) {
        const csq__policy *other = csq__policies_policy(draft, i);
        if (!csq__str_equal(other->name, policy->name)) {
            continue;
        }
        if (from < other->until && other->from < until) {
            return csq__builder_fail_exists(error, "policy", policy->name);
        }
        if (!csq__str_equal(other->own_track, policy->track)) {
            return csq__fail(error, CSQ_EMISMATCH,
                             CSQ__TEXT("the versions of a policy are in one track"));
        }
    }
    if (draft->policies.n >= CSQ_POLICY_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 4096 policies"));
    }
    return csq__policies_check_match(draft, policy->match, error);
}

/* Copies a policy that was checked into the draft. */
static csq_status take_policy(csq_policies *draft, const csq_policy *known, csq_error *error)
{
    csq__policy named = {.code = 0};
    uint32_t place = 0;
    csq_status status =
        csq__builder_name(draft, known->name, CSQ_TICKET_POLICY, &named.name, &named.code, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (known->track.size > 0) {
        status = csq__builder_name(draft, known->track, 0, &named.own_track, NULL, error);
    }
    if (status == CSQ_OK) {
        status = csq__policies_add_match(draft, known->match, &place, error);
    }
    if (status != CSQ_OK) {
        csq__builder_release_name(draft, named.name);
        if (named.own_track.size > 0) {
            csq__builder_release_name(draft, named.own_track);
        }
        return status;
    }
    csq__policy *added = (csq__policy *)draft->policies.data + place;
    added->name = named.name;
    added->code = named.code;
    added->own_track = named.own_track;
    added->from = policy_from(known);
    added->until = policy_until(known);
    return CSQ_OK;
}

csq_status csq_policies_add_policy(csq_policies_builder *builder, const csq_policy *policy,
                                   uint32_t *index, csq_error *error)
{
    csq_policies *draft = NULL;
    csq_status status = csq__builder_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (policy == NULL || index == NULL) {
        return csq__fail_null(error, policy == NULL ? "policy" : "index");
    }
    csq_policy known;
    status =
        csq__struct_read(policy, CSQ__FIRST_SIZE(csq_policy, until), &known, sizeof known, error);
    if (status == CSQ_OK) {
        status = check_policy(draft, &known, error);
    }
    if (status == CSQ_OK) {
        status = take_policy(draft, &known, error);
    }
    if (status == CSQ_OK) {
        *index = (uint32_t)draft->policies.n - 1;
    }
    return status;
}

csq_status csq_policies_set_select(csq_policies_builder *builder, uint32_t select, csq_error *error)
{
    csq_policies *draft = NULL;
    const csq_status status = csq__builder_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (select > CSQ_SELECT_ALL) {
        return csq__fail_value(error, "select", select);
    }
    draft->select = select;
    return CSQ_OK;
}

static csq_status fail_target(csq_error *error, const char *what, int64_t found)
{
    return csq__fail(error, CSQ_ETARGET, CSQ__VIEW(csq_str_of(what)), CSQ__TEXT(", found "),
                     CSQ__NUMBER(found));
}

/* A due instant or working days, which not every metric and calendar knows. */
static csq_status check_target_clock(const csq_policies *draft, const csq_target *target,
                                     csq_error *error)
{
    if (target->due_attribute != 0 && csq__policies_clock(draft, target->metric)->message_base ==
                                          CSQ_MESSAGE_BASE_EACH) {
        return csq__fail(error, CSQ_ETARGET,
                         CSQ__TEXT("a clock of each message has no one due instant"));
    }
    if (target->due_attribute != 0 &&
        csq_schema_kind(draft->schema, target->due_attribute) != CSQ_ATTRIBUTE_INSTANT) {
        return fail_target(error, "a due instant is the value of an attribute that is an instant",
                           target->due_attribute);
    }
    if (target->workdays > 0 && csq__policies_clock(draft, target->metric)->wall_time) {
        return csq__fail(error, CSQ_ETARGET,
                         CSQ__TEXT("a metric of wall time has no targets in working days"));
    }
    if (target->workdays > 0 && target->calendar == CSQ_NO_CALENDAR) {
        return csq__fail(error, CSQ_ETARGET, CSQ__TEXT("working days need a calendar"));
    }
    if (target->workdays > 0 &&
        csq_calendar_zone(csq__policies_calendar(draft, target->calendar + 1)) == NULL) {
        return csq__fail(error, CSQ_ETARGET, CSQ__TEXT("working days need a calendar with a zone"));
    }
    return CSQ_OK;
}

static csq_status check_target(const csq_policies *draft, const csq_target *target,
                               csq_error *error)
{
    if (draft->policies.n == 0) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("a target belongs to a policy"));
    }
    if (target->metric >= draft->clocks.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no metric "), CSQ__NUMBER(target->metric));
    }
    if (target->calendar != CSQ_NO_CALENDAR && target->calendar >= draft->calendars.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no calendar "),
                         CSQ__NUMBER(target->calendar));
    }
    if (target->within_ms < 0 || target->within_ms > CSQ__TARGET_LIMIT_MS) {
        return fail_target(error, "a target is more than 0 and at most 100 years",
                           target->within_ms);
    }
    if (target->workdays > CSQ__TARGET_LIMIT_WORKDAYS) {
        return fail_target(error, "a target is at most 36600 working days", target->workdays);
    }
    if (target->end_of_day > 1) {
        return fail_target(error, "end_of_day is 0 or 1", target->end_of_day);
    }
    if ((target->within_ms > 0) + (target->workdays > 0) + (target->due_attribute != 0) != 1) {
        return csq__fail(error, CSQ_ETARGET,
                         CSQ__TEXT("a target is either a time above 0 or working days above 0 or "
                                   "a due instant"));
    }
    const csq_status status = check_target_clock(draft, target, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (target->attribute == 0) {
        return target->code == 0 ? CSQ_OK : csq__fail_value(error, "code", target->code);
    }
    if (csq__attribute_is_of_event(target->attribute)) {
        return fail_of_event(draft, target->attribute, error);
    }
    if (csq_schema_kind(draft->schema, target->attribute) != CSQ_ATTRIBUTE_CATEGORY) {
        return csq__fail_value(error, "attribute", target->attribute);
    }
    const csq_vocabulary *names = csq_schema_vocabulary(draft->schema, target->attribute);
    if (target->code > csq_vocabulary_count(names)) {
        return csq__fail(error, CSQ_ECODE, CSQ__TEXT("no value has the code "),
                         CSQ__NUMBER(target->code));
    }
    return CSQ_OK;
}

static csq_status check_is_new(const csq__choice *choice, const csq_target *target,
                               csq_error *error)
{
    if (target->attribute != 0 && choice->attribute != 0 &&
        target->attribute != choice->attribute) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("one attribute chooses among the targets of a metric"));
    }
    const csq__choice_case *cases = choice->cases.data;
    bool is_double = target->code == 0 && choice->otherwise != 0;
    for (size_t i = 0; i < choice->cases.n; i++) {
        is_double = is_double || (target->code != 0 && cases[i].code == target->code);
    }
    if (is_double) {
        return csq__fail(error, CSQ_EDUPLICATE,
                         CSQ__TEXT("the policy has a target for this metric and value already"));
    }
    return CSQ_OK;
}

csq_status csq_policies_add_target(csq_policies_builder *builder, const csq_target *target,
                                   csq_error *error)
{
    csq_policies *draft = NULL;
    csq_status status = csq__builder_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (target == NULL) {
        return csq__fail_null(error, "target");
    }
    csq_target known;
    status = csq__struct_read(target, CSQ__FIRST_SIZE(csq_target, due_attribute), &known,
                              sizeof known, error);
    if (status == CSQ_OK) {
        status = check_target(draft, &known, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const uint32_t policy = (uint32_t)draft->policies.n - 1;
    csq__choice *choice = &((csq__policy *)draft->policies.data)[policy].choices[known.metric];
    status = check_is_new(choice, &known, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (draft->terms.n >= BUILDER_INDEX_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 65534 targets"));
    }
    const uint32_t calendar = known.calendar == CSQ_NO_CALENDAR ? 0 : known.calendar + 1;
    const csq__terms terms = {.policy = policy,
                              .calendar = calendar,
                              .target = known.within_ms,
                              .workdays = known.workdays,
                              .end_of_day = known.end_of_day,
                              .due_attribute = known.due_attribute};
    const csq__choice_case entry = {known.code, (uint32_t)draft->terms.n};
    const csq_allocator *memory = &draft->allocator;
    if (!csq__array_reserve(&choice->cases, memory, 1, sizeof entry) ||
        csq__array_push(&draft->terms, memory, &terms, sizeof terms) == NULL) {
        return csq__fail_memory(error);
    }
    if (known.attribute != 0) {
        choice->attribute = known.attribute;
    }
    if (known.code == 0) {
        choice->otherwise = entry.terms;
        return CSQ_OK;
    }
    (void)csq__array_push(&choice->cases, memory, &entry, sizeof entry);
    return CSQ_OK;
}

csq_status csq_policies_build(csq_policies_builder *builder, csq_policies **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    if (builder->draft == NULL || builder->draft->clocks.n == 0) {
        return csq__fail(error, CSQ_ESTATE, CSQ__TEXT("there is no metric"));
    }
    csq_policies *draft = builder->draft;
    builder->draft = NULL;
    const csq_status status = csq__policies_compile(draft, error);
    if (status != CSQ_OK) {
        csq_policies_free(draft);
        return status;
    }
    *out = draft;
    return CSQ_OK;
}
