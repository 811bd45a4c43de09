/*
 * test_ticket_event — which events are possible, and the schema that says so.
 */
#include "ticket/ticket_internal.h"
#include "ticket_support.h"

static csq_schema *schema;
static uint32_t open_status;
static uint32_t vip_tag;
static uint32_t size_attribute;
static uint32_t due_attribute;

static int make_schema(void **state)
{
    (void)state;
    schema = test_schema();
    open_status = test_code(schema, CSQ_TICKET_STATUS, "open");
    vip_tag = test_code(schema, CSQ_TICKET_TAGS, "vip");
    (void)test_code(schema, CSQ_TICKET_METRIC, "first_reply");
    (void)test_code(schema, CSQ_TICKET_REASON, "supplier");
    csq_schema_add(schema, csq_str_of("size"), CSQ_ATTRIBUTE_INTEGER, &size_attribute, NULL);
    csq_schema_add(schema, csq_str_of("due"), CSQ_ATTRIBUTE_INSTANT, &due_attribute, NULL);
    return 0;
}

static int free_schema(void **state)
{
    (void)state;
    csq_schema_free(schema);
    return 0;
}

/* ---- schema -------------------------------------------------------------------------------- */

static void schema_begins_with_the_attributes_of_the_header(void **state)
{
    (void)state;
    const struct {
        uint32_t id;
        const char *name;
        uint32_t kind;
    } rows[] = {
        {CSQ_TICKET_EVENT, "event", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_AUTHOR, "author", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_VISIBILITY, "visibility", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_STATUS, "status", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_PRIORITY, "priority", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_GROUP, "group", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_ASSIGNEE, "assignee", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_KIND, "kind", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_CHANNEL, "channel", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_CALENDAR, "calendar", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_POLICY, "policy", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_LEVEL, "level", CSQ_ATTRIBUTE_INTEGER},
        {CSQ_TICKET_PROMISE, "promise", CSQ_ATTRIBUTE_INSTANT},
        {CSQ_TICKET_TAGS, "tags", CSQ_ATTRIBUTE_SET},
        {CSQ_TICKET_METRIC, "metric", CSQ_ATTRIBUTE_CATEGORY},
        {CSQ_TICKET_REASON, "reason", CSQ_ATTRIBUTE_CATEGORY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(csq_schema_find(schema, csq_str_of(rows[i].name)), rows[i].id);
        assert_int_equal(csq_schema_kind(schema, rows[i].id), rows[i].kind);
    }
}

static void codes_of_the_header_are_the_first_of_their_vocabularies(void **state)
{
    (void)state;
    const struct {
        uint32_t attribute;
        uint32_t code;
        const char *name;
    } rows[] = {
        {CSQ_TICKET_EVENT, CSQ_EVENT_CREATED, "created"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_REPLY, "reply"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_CHANGE, "change"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_ADD, "add"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_REMOVE, "remove"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_ATTACH, "attach"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_EDIT, "edit"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_PROMISE, "promise"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_ESCALATE, "escalate"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_REOPEN, "reopen"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_MERGE, "merge"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_SPLIT, "split"},
        {CSQ_TICKET_EVENT, CSQ_EVENT_INHERIT, "inherit"},
        {CSQ_TICKET_AUTHOR, CSQ_AUTHOR_CUSTOMER, "customer"},
        {CSQ_TICKET_AUTHOR, CSQ_AUTHOR_AGENT, "agent"},
        {CSQ_TICKET_AUTHOR, CSQ_AUTHOR_BOT, "bot"},
        {CSQ_TICKET_VISIBILITY, CSQ_VISIBILITY_PUBLIC, "public"},
        {CSQ_TICKET_VISIBILITY, CSQ_VISIBILITY_PRIVATE, "private"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_vocabulary *names = csq_schema_vocabulary(schema, rows[i].attribute);
        assert_int_equal(csq_vocabulary_find(names, csq_str_of(rows[i].name)), rows[i].code);
    }
}

static void schema_of_something_else_is_a_mismatch(void **state)
{
    (void)state;
    csq_schema *other;
    csq_error error;
    const csq_ticket_event event = test_event(CSQ_EVENT_CREATED, 0, 1);
    assert_status(CSQ_OK, csq_schema_new(1, NULL, &other, NULL));
    assert_status(CSQ_EMISMATCH, csq_ticket_event_check(other, &event, &error));
    assert_string_equal(error.message, "attribute 1 of the schema is not \"event\" as in a schema "
                                       "from csq_ticket_schema_new");
    uint32_t attribute;
    csq_schema_add(other, csq_str_of("event"), CSQ_ATTRIBUTE_CATEGORY, &attribute, NULL);
    assert_status(CSQ_EMISMATCH, csq_ticket_event_check(other, &event, &error)); // no codes
    csq_schema_free(other);
    assert_status(CSQ_EINVAL, csq_ticket_event_check(NULL, &event, &error));
    assert_status(CSQ_EINVAL, csq_ticket_event_check(schema, NULL, &error));
    assert_status(CSQ_EINVAL, csq_ticket_schema_new(1, NULL, NULL, &error));
}

/* ---- events -------------------------------------------------------------------------------- */

enum { NO_FIELD = -1 };
#define FIELD(member) ((int)offsetof(csq_ticket_event, member))

/* Attributes and values in the table: names for what make_schema gave. */
enum { SIZE = 1000, DUE, UNKNOWN };
enum { OPEN = 1000000, VIP };

static uint32_t attribute_of(uint32_t symbol)
{
    return symbol == SIZE      ? size_attribute
           : symbol == DUE     ? due_attribute
           : symbol == UNKNOWN ? csq_schema_count(schema) + 1
                               : symbol;
}

static int64_t value_of(int64_t symbol)
{
    return symbol == OPEN ? open_status : symbol == VIP ? vip_tag : symbol;
}

typedef struct event_case {
    uint32_t kind;
    uint32_t attribute;
    int64_t value;
    csq_status status;
    int field;
} event_case;

/* The rules of csq/ticket.h. */
static const event_case event_cases[] = {
    {CSQ_EVENT_CREATED, 0, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CREATED, CSQ_TICKET_STATUS, OPEN, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CREATED, CSQ_TICKET_TAGS, VIP, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CREATED, 0, 1, CSQ_EEVENT, FIELD(value)},
    {CSQ_EVENT_REPLY, 0, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_REPLY, SIZE, 3, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_REPLY, 0, -1, CSQ_EEVENT, FIELD(value)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_STATUS, OPEN, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_STATUS, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_STATUS, 2, CSQ_ECODE, FIELD(value)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_STATUS, -1, CSQ_ECODE, FIELD(value)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_STATUS, CSQ_MS_NONE, CSQ_ECODE, FIELD(value)},
    {CSQ_EVENT_CHANGE, SIZE, INT64_MAX, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CHANGE, SIZE, CSQ_MS_NONE, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CHANGE, DUE, CSQ_MS_NONE, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_PROMISE, CSQ_MS_NONE, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_CHANGE, 0, 0, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, UNKNOWN, 0, CSQ_ENOTFOUND, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, UINT32_MAX, 0, CSQ_ENOTFOUND, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_TAGS, VIP, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_EVENT, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_AUTHOR, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_VISIBILITY, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_METRIC, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_CHANGE, CSQ_TICKET_REASON, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_ADD, CSQ_TICKET_TAGS, VIP, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_ADD, CSQ_TICKET_TAGS, 0, CSQ_ECODE, FIELD(value)},
    {CSQ_EVENT_ADD, CSQ_TICKET_TAGS, 2, CSQ_ECODE, FIELD(value)},
    {CSQ_EVENT_ADD, CSQ_TICKET_STATUS, OPEN, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_ADD, 0, 0, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_REMOVE, CSQ_TICKET_TAGS, VIP, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_REMOVE, SIZE, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_ATTACH, 0, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_ATTACH, CSQ_TICKET_POLICY, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_ATTACH, CSQ_TICKET_POLICY, 1, CSQ_ECODE, FIELD(value)},
    {CSQ_EVENT_EDIT, 0, 1, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_EDIT, 0, INT64_C(3162240000000), CSQ_OK, NO_FIELD},
    {CSQ_EVENT_EDIT, 0, INT64_C(3162240000001), CSQ_ETARGET, FIELD(value)},
    {CSQ_EVENT_EDIT, 0, 0, CSQ_ETARGET, FIELD(value)},
    {CSQ_EVENT_EDIT, 0, -5, CSQ_ETARGET, FIELD(value)},
    {CSQ_EVENT_EDIT, 0, INT64_MAX, CSQ_ETARGET, FIELD(value)},
    {CSQ_EVENT_EDIT, CSQ_TICKET_STATUS, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_PROMISE, 0, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_PROMISE, CSQ_TICKET_PROMISE, INT64_MAX, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_PROMISE, 0, CSQ_MS_NONE, CSQ_ERANGE, FIELD(value)},
    {CSQ_EVENT_PROMISE, DUE, 0, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_ESCALATE, 0, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_ESCALATE, CSQ_TICKET_LEVEL, 3, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_ESCALATE, 0, -1, CSQ_ERANGE, FIELD(value)},
    {CSQ_EVENT_ESCALATE, SIZE, 3, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_REOPEN, 0, 0, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_REOPEN, CSQ_TICKET_STATUS, OPEN, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_REOPEN, CSQ_TICKET_PRIORITY, 0, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_MERGE, 0, 99, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_MERGE, 0, -1, CSQ_OK, NO_FIELD}, /* the id 2^64 - 1 */
    {CSQ_EVENT_MERGE, 0, CSQ_MS_NONE, CSQ_ERANGE, FIELD(value)},
    {CSQ_EVENT_MERGE, CSQ_TICKET_STATUS, 1, CSQ_EEVENT, FIELD(attribute)},
    {CSQ_EVENT_SPLIT, 0, 99, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_SPLIT, CSQ_TICKET_STATUS, 1, CSQ_EEVENT, FIELD(attribute)},
    {0, 0, 0, CSQ_ECODE, FIELD(kind)},
    {CSQ_EVENT_INHERIT, 0, 5, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_INHERIT, 0, CSQ_MS_NONE + 1, CSQ_OK, NO_FIELD},
    {CSQ_EVENT_INHERIT, 0, 6, CSQ_ERANGE, FIELD(value)}, /* after the event */
    {CSQ_EVENT_INHERIT, 0, CSQ_MS_NONE, CSQ_ERANGE, FIELD(value)},
    {CSQ_EVENT_INHERIT, CSQ_TICKET_STATUS, 1, CSQ_EEVENT, FIELD(attribute)},
    {14, 0, 0, CSQ_ECODE, FIELD(kind)},
    {UINT32_MAX, 0, 0, CSQ_ECODE, FIELD(kind)},
};

static void each_kind_sets_what_it_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof event_cases / sizeof event_cases[0]; i++) {
        const event_case *row = &event_cases[i];
        const csq_ticket_event event = test_setting(row->kind, 5, 1, attribute_of(row->attribute),
                                                    value_of(row->value));
        csq_error error = {.field = NO_FIELD};
        const csq_status status = csq_ticket_event_check(schema, &event, &error);
        if (status != row->status || error.field != row->field) {
            print_error("row %zu: %s in field %d: %s\n", i, csq_status_name(status), error.field,
                        error.message);
        }
        assert_int_equal(status, row->status);
        assert_int_equal(error.field, row->field);
        assert_int_equal(csq_ticket_event_check(schema, &event, NULL), row->status);
    }
}

static void members_outside_their_range_are_named(void **state)
{
    (void)state;
    csq_ticket_event rows[9];
    const csq_status statuses[9] = {CSQ_ECODE,  CSQ_ECODE,  CSQ_EINVAL, CSQ_EINVAL, CSQ_EEVENT,
                                    CSQ_ECODE,  CSQ_ERANGE, CSQ_OK,     CSQ_OK};
    const int fields[9] = {FIELD(author),  FIELD(visibility), FIELD(joined),
                           FIELD(reserved), FIELD(subject),   FIELD(subject),
                           FIELD(at),      NO_FIELD,          NO_FIELD};
    for (int i = 0; i < 9; i++) {
        rows[i] = test_event(CSQ_EVENT_REPLY, 0, 0);
    }
    rows[0].author = 4;
    rows[1].visibility = 3;
    rows[2].joined = 2;
    rows[3].reserved = 1;
    rows[4].subject = 1;
    rows[5] = test_setting(CSQ_EVENT_EDIT, 0, 0, 0, 1);
    rows[5].subject = 2;
    rows[6].at = CSQ_MS_NONE;
    rows[7].at = INT64_MAX;
    rows[8].at = CSQ_MS_NONE + 1;
    for (int i = 0; i < 9; i++) {
        csq_error error = {.field = NO_FIELD};
        assert_status(statuses[i], csq_ticket_event_check(schema, &rows[i], &error));
        assert_int_equal(error.field, fields[i]);
    }
}

static void message_says_what_was_expected(void **state)
{
    (void)state;
    csq_error error;
    csq_ticket_event event = test_setting(CSQ_EVENT_CHANGE, 0, 0, CSQ_TICKET_STATUS, 9);
    csq_ticket_event_check(schema, &event, &error);
    assert_string_equal(error.message, "an event \"change\" with attribute 4 has the value 9, "
                                       "expected 0 to 1");
    event.attribute = CSQ_TICKET_METRIC;
    csq_ticket_event_check(schema, &event, &error);
    assert_string_equal(error.message, "an event \"change\" cannot set event, author, "
                                       "visibility, metric or reason: these belong to the event "
                                       "itself");
}

static void metric_code_beyond_the_stored_form_is_a_limit(void **state)
{
    (void)state;
    csq_schema *large = test_schema();
    char name[8] = "metric";
    for (uint32_t i = 1; i <= 65536; i++) {
        for (int digit = 0; digit < 6; digit++) {
            name[digit] = (char)('a' + (i >> (3 * digit) & 7));
        }
        assert_int_equal(test_code(large, CSQ_TICKET_METRIC, name), i);
    }
    csq_error error;
    csq_ticket_event event = test_setting(CSQ_EVENT_EDIT, 0, 0, 0, 1);
    event.subject = 65535;
    assert_status(CSQ_OK, csq_ticket_event_check(large, &event, &error));
    event.subject = 65536;
    assert_status(CSQ_ELIMIT, csq_ticket_event_check(large, &event, &error));
    assert_int_equal(error.field, FIELD(subject));
    csq_schema_free(large);
}

/* A reason is the subject of a promise and of an escalation, and of nothing else. */
static void promises_and_escalations_give_a_reason(void **state)
{
    (void)state;
    static const uint32_t kinds[] = {CSQ_EVENT_PROMISE, CSQ_EVENT_ESCALATE};
    for (size_t i = 0; i < 2; i++) {
        csq_error error = {.field = NO_FIELD};
        csq_ticket_event event = test_setting(kinds[i], 0, 0, 0, 1);
        event.subject = 1;
        assert_status(CSQ_OK, csq_ticket_event_check(schema, &event, &error));
        event.subject = 2;
        assert_status(CSQ_ECODE, csq_ticket_event_check(schema, &event, &error));
        assert_int_equal(error.field, FIELD(subject));
        assert_string_equal(error.message, "the reason has the code 2, the highest is 1");
    }
}

static void sizes_of_events_are_checked(void **state)
{
    (void)state;
    struct {
        csq_ticket_event event;
        uint64_t future;
    } longer = {test_event(CSQ_EVENT_REPLY, 0, 0), 0};
    csq_error error;
    longer.event.size = sizeof longer;
    assert_status(CSQ_OK, csq_ticket_event_check(schema, &longer.event, &error));
    longer.future = 1;
    assert_status(CSQ_EABI_NEWER, csq_ticket_event_check(schema, &longer.event, &error));
    longer.event.size = 55;
    assert_status(CSQ_EABI, csq_ticket_event_check(schema, &longer.event, &error));
    longer.event.size = 0;
    assert_status(CSQ_EABI, csq_ticket_event_check(schema, &longer.event, &error));
}

/* ---- stored form --------------------------------------------------------------------------- */

static void types_become_stored_events(void **state)
{
    (void)state;
    csq_event_type type = {.size = sizeof type, .kind = CSQ_EVENT_REPLY, .joined = 1};
    csq__event event;
    csq_error error;
    assert_status(CSQ_OK, csq__event_type_check(schema, &type, &event, &error));
    assert_int_equal(event.visibility, CSQ_VISIBILITY_PUBLIC);
    assert_int_equal(event.joined, 1);
    type.kind = CSQ_EVENT_PROMISE;
    assert_status(CSQ_OK, csq__event_type_check(schema, &type, &event, &error));
    assert_int_equal(event.visibility, 0);
    assert_int_equal(event.attribute, CSQ_TICKET_PROMISE);
    type.kind = CSQ_EVENT_ESCALATE;
    assert_status(CSQ_OK, csq__event_type_check(schema, &type, &event, &error));
    assert_int_equal(event.attribute, CSQ_TICKET_LEVEL);
    const uint32_t codes[] = {1};
    type.codes = codes;
    assert_status(CSQ_EEVENT, csq__event_type_check(schema, &type, &event, &error));
    assert_int_equal(error.field, offsetof(csq_event_type, codes));
    type.kind = CSQ_EVENT_ADD;
    type.attribute = CSQ_TICKET_TAGS;
    assert_status(CSQ_OK, csq__event_type_check(schema, &type, &event, &error));
    type.author = 9;
    assert_status(CSQ_ECODE, csq__event_type_check(schema, &type, &event, &error));
    assert_int_equal(error.field, offsetof(csq_event_type, author));
    assert_status(CSQ_EINVAL, csq__event_type_check(schema, NULL, &event, &error));
    type.size = 1;
    assert_status(CSQ_EABI, csq__event_type_check(schema, &type, &event, &error));
}

static void joined_events_need_the_same_instant(void **state)
{
    (void)state;
    const csq__event first = {.at = 5, .joined = 1};
    const csq__event second = {.at = 5, .joined = 1};
    const csq__event later = {.at = 6, .joined = 1};
    const csq__event alone = {.at = 5};
    assert_false(csq__event_joins(&first, NULL));
    assert_true(csq__event_joins(&second, &first));
    assert_false(csq__event_joins(&later, &second));
    assert_false(csq__event_joins(&alone, &first));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_begins_with_the_attributes_of_the_header),
        cmocka_unit_test(codes_of_the_header_are_the_first_of_their_vocabularies),
        cmocka_unit_test(schema_of_something_else_is_a_mismatch),
        cmocka_unit_test(each_kind_sets_what_it_may),
        cmocka_unit_test(members_outside_their_range_are_named),
        cmocka_unit_test(message_says_what_was_expected),
        cmocka_unit_test(metric_code_beyond_the_stored_form_is_a_limit),
        cmocka_unit_test(promises_and_escalations_give_a_reason),
        cmocka_unit_test(sizes_of_events_are_checked),
        cmocka_unit_test(types_become_stored_events),
        cmocka_unit_test(joined_events_need_the_same_instant),
    };
    return cmocka_run_group_tests(tests, make_schema, free_schema) != 0;
}
