/*
 * event — whether an event is possible, and its stored form.
 *
 * A table says for each kind which attribute it may set and what its value means. The check has two
 * halves: the form (all but instant and value), which a type of a column shares with an event, and
 * the value, for which the form allows a range. So a row of a column costs two comparisons.
 *
 * Uses: base, condition.
 */
#include "ticket/ticket_internal.h"

/* Which attribute a kind sets. */
typedef enum event_sets {
    SETS_NOTHING,  /* the value belongs to the kind */
    SETS_OPTIONAL, /* the attribute `only`, or any if `only` is 0; or none */
    SETS_REQUIRED,
    SETS_MEMBER, /* a set */
    SETS_IMPLIED /* the attribute `only`, whether named or not */
} event_sets;

typedef struct event_rule {
    event_sets sets;
    uint32_t only;
} event_rule;

static const event_rule event_rules[] = {
    [CSQ_EVENT_CREATED] = {SETS_OPTIONAL, 0},
    [CSQ_EVENT_REPLY] = {SETS_OPTIONAL, 0},
    [CSQ_EVENT_CHANGE] = {SETS_REQUIRED, 0},
    [CSQ_EVENT_ADD] = {SETS_MEMBER, 0},
    [CSQ_EVENT_REMOVE] = {SETS_MEMBER, 0},
    [CSQ_EVENT_ATTACH] = {SETS_OPTIONAL, 0},
    [CSQ_EVENT_EDIT] = {SETS_NOTHING, 0},
    [CSQ_EVENT_PROMISE] = {SETS_IMPLIED, CSQ_TICKET_PROMISE},
    [CSQ_EVENT_ESCALATE] = {SETS_IMPLIED, CSQ_TICKET_LEVEL},
    [CSQ_EVENT_REOPEN] = {SETS_OPTIONAL, CSQ_TICKET_STATUS},
    [CSQ_EVENT_MERGE] = {SETS_NOTHING, 0},
    [CSQ_EVENT_SPLIT] = {SETS_NOTHING, 0},
    [CSQ_EVENT_INHERIT] = {SETS_NOTHING, 0},
};

/* ---- form ---------------------------------------------------------------------------------- */

static csq_status event_fail_code(csq_error *error, size_t field, const char *member,
                                  uint32_t found, uint32_t highest)
{
    csq__fail(error, CSQ_ECODE, CSQ__TEXT("the "), CSQ__VIEW(csq_str_of(member)),
              CSQ__TEXT(" has the code "), CSQ__NUMBER(found), CSQ__TEXT(", the highest is "),
              CSQ__NUMBER(highest));
    csq__error_field(error, field);
    return CSQ_ECODE;
}

static csq_status event_fail_kind(csq_error *error, size_t field, uint32_t kind, const char *text)
{
    csq__fail(error, CSQ_EEVENT, CSQ__TEXT("an event \""),
              CSQ__VIEW(csq_str_of(csq__event_kind_name(kind))), CSQ__TEXT("\" "),
              CSQ__VIEW(csq_str_of(text)));
    csq__error_field(error, field);
    return CSQ_EEVENT;
}

static csq_status event_check_codes(const csq_event_type *type, csq_error *error)
{
    if (type->kind < CSQ_EVENT_CREATED || type->kind > CSQ_EVENT_INHERIT) {
        return event_fail_code(error, offsetof(csq_event_type, kind), "kind", type->kind,
                               CSQ_EVENT_INHERIT);
    }
    if (type->author > CSQ_AUTHOR_BOT) {
        return event_fail_code(error, offsetof(csq_event_type, author), "author", type->author,
                               CSQ_AUTHOR_BOT);
    }
    if (type->visibility > CSQ_VISIBILITY_PRIVATE) {
        return event_fail_code(error, offsetof(csq_event_type, visibility), "visibility",
                               type->visibility, CSQ_VISIBILITY_PRIVATE);
    }
    if (type->joined > 1 || type->reserved != 0) {
        const bool is_joined = type->joined > 1;
        csq__fail_value(error, is_joined ? "joined" : "reserved",
                        is_joined ? type->joined : type->reserved);
        csq__error_field(error, is_joined ? offsetof(csq_event_type, joined)
                                          : offsetof(csq_event_type, reserved));
        return CSQ_EINVAL;
    }
    return CSQ_OK;
}

static csq_status event_check_subject(const csq_event_type *type, uint32_t n_subjects,
                                      csq_error *error)
{
    const size_t field = offsetof(csq_event_type, subject);
    if (type->subject == 0) {
        return CSQ_OK;
    }
    const uint32_t attribute = csq__event_subject_attribute(type->kind);
    if (attribute == 0) {
        return event_fail_kind(error, field, type->kind, "has no subject");
    }
    const char *what = attribute == CSQ_TICKET_METRIC ? "metric" : "reason";
    if (type->subject > n_subjects) {
        return event_fail_code(error, field, what, type->subject, n_subjects);
    }
    if (type->subject > UINT16_MAX) {
        csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the "), CSQ__VIEW(csq_str_of(what)),
                  CSQ__TEXT(" has the code "), CSQ__NUMBER(type->subject),
                  CSQ__TEXT(", the highest possible is 65535"));
        csq__error_field(error, field);
        return CSQ_ELIMIT;
    }
    return CSQ_OK;
}

/* Why an event of this kind cannot set the attribute, or NULL. */
static const char *event_attribute_refusal(uint32_t kind, uint32_t attribute,
                                           uint32_t attribute_kind)
{
    const event_rule rule = event_rules[kind];
    if (rule.sets == SETS_NOTHING) {
        return "sets no attribute";
    }
    if (rule.only != 0 && attribute != rule.only) {
        return rule.only == CSQ_TICKET_STATUS    ? "can set only the status"
               : rule.only == CSQ_TICKET_PROMISE ? "can set only the promise"
                                                 : "can set only the level";
    }
    if (csq__attribute_is_of_event(attribute)) {
        return "cannot set event, author, visibility, metric or reason: these belong to the event "
               "itself";
    }
    const bool is_set = attribute_kind == CSQ_ATTRIBUTE_SET;
    if (rule.sets == SETS_MEMBER) {
        return is_set ? NULL : "needs an attribute that is a set";
    }
    return is_set ? "cannot set a set: names come with \"add\" and go with \"remove\"" : NULL;
}

static csq_status event_check_attribute(const csq_event_type *type, uint32_t attribute_kind,
                                        csq_error *error)
{
    const size_t field = offsetof(csq_event_type, attribute);
    if (type->attribute == 0) {
        const event_sets sets = event_rules[type->kind].sets;
        const bool needs_one = sets == SETS_REQUIRED || sets == SETS_MEMBER;
        return needs_one ? event_fail_kind(error, field, type->kind, "needs an attribute") : CSQ_OK;
    }
    if (attribute_kind == 0 || type->attribute > UINT16_MAX) {
        csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("the schema has no attribute "),
                  CSQ__NUMBER(type->attribute));
        csq__error_field(error, field);
        return CSQ_ENOTFOUND;
    }
    const char *refusal = event_attribute_refusal(type->kind, type->attribute, attribute_kind);
    return refusal == NULL ? CSQ_OK : event_fail_kind(error, field, type->kind, refusal);
}

csq_status csq__event_form(const csq_event_type *type, uint32_t attribute_kind, uint32_t n_subjects,
                           csq__event *out, csq_error *error)
{
    csq_status status = event_check_codes(type, error);
    if (status == CSQ_OK) {
        status = event_check_attribute(type, attribute_kind, error);
    }
    if (status == CSQ_OK) {
        status = event_check_subject(type, n_subjects, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const event_rule rule = event_rules[type->kind];
    const bool is_message = type->kind == CSQ_EVENT_CREATED || type->kind == CSQ_EVENT_REPLY;
    const uint32_t visibility =
        is_message && type->visibility == 0 ? CSQ_VISIBILITY_PUBLIC : type->visibility;
    *out = (csq__event){
        .attribute = (uint16_t)(rule.sets == SETS_IMPLIED ? rule.only : type->attribute),
        .subject = (uint16_t)type->subject,
        .kind = (uint8_t)type->kind,
        .author = (uint8_t)type->author,
        .visibility = (uint8_t)visibility,
        .joined = (uint8_t)type->joined,
    };
    return CSQ_OK;
}

static csq_status event_form_in(const csq_schema *schema, const csq_event_type *type,
                                csq__event *out, csq_error *error)
{
    const csq_vocabulary *subjects =
        csq_schema_vocabulary(schema, csq__event_subject_attribute(type->kind));
    return csq__event_form(type, csq_schema_kind(schema, type->attribute),
                           csq_vocabulary_count(subjects), out, error);
}

csq_status csq__event_type_check(const csq_schema *schema, const csq_event_type *type,
                                 csq__event *out, csq_error *error)
{
    if (type == NULL) {
        return csq__fail_null(error, "types");
    }
    csq_event_type read;
    csq_status status =
        csq__struct_read(type, CSQ__FIRST_SIZE(csq_event_type, n_codes), &read, sizeof read, error);
    csq__event form;
    if (status == CSQ_OK) {
        status = event_form_in(schema, &read, &form, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const uint32_t kind = csq_schema_kind(schema, form.attribute);
    if (read.codes != NULL && kind != CSQ_ATTRIBUTE_CATEGORY && kind != CSQ_ATTRIBUTE_SET) {
        return event_fail_kind(error, offsetof(csq_event_type, codes), read.kind,
                               "translates codes, but sets no attribute that has any");
    }
    *out = form;
    return CSQ_OK;
}

/* ---- values -------------------------------------------------------------------------------- */

csq__value_range csq__event_range_of(const csq__event *event, uint32_t attribute_kind,
                                     uint32_t n_codes)
{
    const int64_t none = CSQ_MS_NONE;
    switch (event->kind) {
    case CSQ_EVENT_EDIT:
        return (csq__value_range){1, CSQ__TARGET_LIMIT, none, CSQ_ETARGET};
    case CSQ_EVENT_ESCALATE:
        return (csq__value_range){0, INT64_MAX, none, CSQ_ERANGE};
    case CSQ_EVENT_PROMISE:
    case CSQ_EVENT_MERGE:
    case CSQ_EVENT_SPLIT:
    case CSQ_EVENT_INHERIT:
        return (csq__value_range){none + 1, INT64_MAX, none, CSQ_ERANGE};
    default:
        break;
    }
    if (event->attribute == 0) {
        return (csq__value_range){0, 0, 0, CSQ_EEVENT};
    }
    switch (attribute_kind) {
    case CSQ_ATTRIBUTE_CATEGORY:
        return (csq__value_range){0, n_codes, 0, CSQ_ECODE};
    case CSQ_ATTRIBUTE_SET:
        return (csq__value_range){1, n_codes, none, CSQ_ECODE};
    default:
        return (csq__value_range){INT64_MIN, INT64_MAX, none, CSQ_OK};
    }
}

csq__value_range csq__event_value_range(const csq_schema *schema, const csq__event *event)
{
    const csq_vocabulary *vocabulary = csq_schema_vocabulary(schema, event->attribute);
    return csq__event_range_of(event, csq_schema_kind(schema, event->attribute),
                               csq_vocabulary_count(vocabulary));
}

csq_status csq__event_value_fail(const csq__event *event, int64_t value, csq__value_range range,
                                 csq_error *error)
{
    csq__fail(error, range.outside, CSQ__TEXT("an event \""),
              CSQ__VIEW(csq_str_of(csq__event_kind_name(event->kind))),
              CSQ__TEXT("\" with attribute "), CSQ__NUMBER(event->attribute),
              CSQ__TEXT(" has the value "), CSQ__NUMBER(value), CSQ__TEXT(", expected "),
              CSQ__NUMBER(range.low), CSQ__TEXT(" to "), CSQ__NUMBER(range.high));
    csq__error_field(error, offsetof(csq_ticket_event, value));
    return range.outside;
}

csq_status csq__event_check_other(const csq__event *event, uint64_t ticket_id, csq_error *error)
{
    const bool names_ticket = event->kind == CSQ_EVENT_MERGE || event->kind == CSQ_EVENT_SPLIT;
    if (!names_ticket || (uint64_t)event->value != ticket_id) {
        return CSQ_OK;
    }
    return event_fail_kind(error, offsetof(csq_ticket_event, value), event->kind,
                           "names the ticket itself as the other one");
}

csq_status csq__event_check_past(const csq__event *event, csq_error *error)
{
    if (!csq__event_is_ahead(event, event->at, event->value)) {
        return CSQ_OK;
    }
    csq__fail(error, CSQ_ERANGE, CSQ__TEXT("an event \"inherit\" of the instant "),
              CSQ__NUMBER(event->at), CSQ__TEXT(" takes over from a later one, "),
              CSQ__NUMBER(event->value));
    csq__error_field(error, offsetof(csq_ticket_event, value));
    return CSQ_ERANGE;
}

/* ---- events of a host ---------------------------------------------------------------------- */

/* Turns the member of a type into the same member of an event. */
static void event_move_field(csq_error *error)
{
    static const struct {
        size_t of_type;
        size_t of_event;
    } fields[] = {
        {offsetof(csq_event_type, kind), offsetof(csq_ticket_event, kind)},
        {offsetof(csq_event_type, author), offsetof(csq_ticket_event, author)},
        {offsetof(csq_event_type, visibility), offsetof(csq_ticket_event, visibility)},
        {offsetof(csq_event_type, attribute), offsetof(csq_ticket_event, attribute)},
        {offsetof(csq_event_type, subject), offsetof(csq_ticket_event, subject)},
        {offsetof(csq_event_type, joined), offsetof(csq_ticket_event, joined)},
        {offsetof(csq_event_type, reserved), offsetof(csq_ticket_event, reserved)},
    };
    for (size_t i = 0; error != NULL && i < sizeof fields / sizeof fields[0]; i++) {
        if (error->field == (int32_t)fields[i].of_type) {
            csq__error_field(error, fields[i].of_event);
            return;
        }
    }
}

csq_status csq__event_read(const csq_schema *schema, const csq_ticket_event *event, csq__event *out,
                           csq_error *error)
{
    if (event == NULL) {
        return csq__fail_null(error, "event");
    }
    csq_ticket_event read;
    csq_status status = csq__struct_read(event, CSQ__FIRST_SIZE(csq_ticket_event, reserved), &read,
                                         sizeof read, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_event_type type = {
        .size = sizeof type,
        .kind = read.kind,
        .author = read.author,
        .visibility = read.visibility,
        .attribute = read.attribute,
        .subject = read.subject,
        .joined = read.joined,
        .reserved = read.reserved,
    };
    csq__event form;
    status = event_form_in(schema, &type, &form, error);
    if (status != CSQ_OK) {
        event_move_field(error);
        return status;
    }
    if (read.at == CSQ_MS_NONE) {
        csq__fail(error, CSQ_ERANGE, CSQ__TEXT("the event has no instant"));
        csq__error_field(error, offsetof(csq_ticket_event, at));
        return CSQ_ERANGE;
    }
    const csq__value_range range = csq__event_value_range(schema, &form);
    if (read.value < range.low || read.value > range.high) {
        return csq__event_value_fail(&form, read.value, range, error);
    }
    form.at = read.at;
    form.sequence = read.sequence;
    form.value = read.value;
    status = csq__event_check_past(&form, error);
    if (status == CSQ_OK) {
        *out = form;
    }
    return status;
}

csq_status csq_ticket_event_check(const csq_schema *schema, const csq_ticket_event *event,
                                  csq_error *error)
{
    const csq_status status = csq__ticket_schema_check(schema, error);
    csq__event stored;
    return status != CSQ_OK ? status : csq__event_read(schema, event, &stored, error);
}

csq_status csq__event_write(const csq__event *event, csq_ticket_event *out, csq_error *error)
{
    const csq_ticket_event ours = {
        .size = sizeof ours,
        .kind = event->kind,
        .at = event->at,
        .sequence = event->sequence,
        .author = event->author,
        .visibility = event->visibility,
        .attribute = event->attribute,
        .subject = event->subject,
        .value = event->value,
        .joined = event->joined,
    };
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_ticket_event, reserved), &ours, sizeof ours,
                             error);
}
