/*
 * ticket_support — a schema, events in a few words, and encoded tickets, for tests of tickets.
 */
#ifndef CSQ_TESTS_TICKET_SUPPORT_H
#define CSQ_TESTS_TICKET_SUPPORT_H

#include "csq/ticket.h"
#include "support.h"

static inline csq_schema *test_schema(void)
{
    csq_schema *schema;
    assert_status(CSQ_OK, csq_ticket_schema_new(7, NULL, &schema, NULL));
    return schema;
}

static inline csq_ticket *test_ticket(csq_schema *schema, uint64_t id)
{
    csq_ticket *ticket;
    assert_status(CSQ_OK, csq_ticket_new(schema, id, NULL, &ticket, NULL));
    return ticket;
}

/* The code of a name; adds it. */
static inline uint32_t test_code(csq_schema *schema, uint32_t attribute, const char *name)
{
    uint32_t code;
    assert_status(CSQ_OK, csq_schema_code(schema, attribute, csq_str_of(name), &code, NULL));
    return code;
}

static inline csq_ticket_event test_event(uint32_t kind, csq_ms at, uint64_t sequence)
{
    csq_ticket_event event = {0};
    event.size = sizeof event;
    event.kind = kind;
    event.at = at;
    event.sequence = sequence;
    return event;
}

/* An event that sets an attribute (0: only a value). */
static inline csq_ticket_event test_setting(uint32_t kind, csq_ms at, uint64_t sequence,
                                            uint32_t attribute, int64_t value)
{
    csq_ticket_event event = test_event(kind, at, sequence);
    event.attribute = attribute;
    event.value = value;
    return event;
}

static inline csq_ticket_event test_reply(csq_ms at, uint64_t sequence, uint32_t author,
                                          uint32_t visibility)
{
    csq_ticket_event event = test_event(CSQ_EVENT_REPLY, at, sequence);
    event.author = author;
    event.visibility = visibility;
    return event;
}

static inline void test_apply(csq_ticket *ticket, csq_ticket_event event)
{
    assert_status(CSQ_OK, csq_ticket_apply(ticket, &event, NULL));
}

/* The encoded ticket in memory that the caller frees with free(). */
static inline uint8_t *test_encoded(const csq_ticket *ticket, uint64_t *size)
{
    *size = 0;
    assert_status(CSQ_OK, csq_ticket_encode(ticket, NULL, size, NULL));
    uint8_t *bytes = malloc((size_t)*size);
    assert_non_null(bytes);
    assert_status(CSQ_OK, csq_ticket_encode(ticket, bytes, size, NULL));
    return bytes;
}

static inline void assert_same_encoding(const csq_ticket *a, const csq_ticket *b)
{
    uint64_t size_a;
    uint64_t size_b;
    uint8_t *bytes_a = test_encoded(a, &size_a);
    uint8_t *bytes_b = test_encoded(b, &size_b);
    assert_ms_equal(size_a, size_b);
    assert_memory_equal(bytes_a, bytes_b, (size_t)size_a);
    free(bytes_a);
    free(bytes_b);
}

/*
 * The worked ticket of docs/tickets.md: twelve events of a Monday in January 2024, instants in
 * minutes after 09:00Z.
 */
enum { TEST_WORKED_EVENTS = 12 };
static const csq_ms test_worked_start = INT64_C(1704704400000); /* 2024-01-08T09:00:00Z */

static inline csq_ms test_worked_minute(int minute)
{
    return test_worked_start + (csq_ms)minute * 60000;
}

static inline void test_worked_events(csq_schema *schema, csq_ticket_event *out)
{
    const uint32_t high = test_code(schema, CSQ_TICKET_PRIORITY, "high");
    const uint32_t urgent = test_code(schema, CSQ_TICKET_PRIORITY, "urgent");
    const uint32_t open = test_code(schema, CSQ_TICKET_STATUS, "open");
    const uint32_t pending = test_code(schema, CSQ_TICKET_STATUS, "pending");
    const uint32_t solved = test_code(schema, CSQ_TICKET_STATUS, "solved");
    const uint32_t hotline = test_code(schema, CSQ_TICKET_GROUP, "热线");
    const uint32_t vip = test_code(schema, CSQ_TICKET_TAGS, "vip");
    const uint32_t metric = test_code(schema, CSQ_TICKET_METRIC, "resolution");
    out[0] = test_setting(CSQ_EVENT_CREATED, test_worked_minute(0), 1, CSQ_TICKET_PRIORITY, high);
    out[0].author = CSQ_AUTHOR_CUSTOMER;
    out[1] = test_setting(CSQ_EVENT_CHANGE, test_worked_minute(0), 2, CSQ_TICKET_STATUS, open);
    out[1].joined = 1;
    out[2] = test_setting(CSQ_EVENT_CHANGE, test_worked_minute(0), 3, CSQ_TICKET_GROUP, hotline);
    out[2].joined = 1;
    out[3] = test_reply(test_worked_minute(1), 4, CSQ_AUTHOR_BOT, CSQ_VISIBILITY_PUBLIC);
    out[4] = test_setting(CSQ_EVENT_ADD, test_worked_minute(5), 5, CSQ_TICKET_TAGS, vip);
    out[5] = test_reply(test_worked_minute(20), 6, CSQ_AUTHOR_AGENT, CSQ_VISIBILITY_PRIVATE);
    out[6] = test_reply(test_worked_minute(30), 7, CSQ_AUTHOR_AGENT, 0);
    out[7] = test_setting(CSQ_EVENT_CHANGE, test_worked_minute(30), 8, CSQ_TICKET_STATUS, pending);
    out[7].joined = 1;
    out[8] = test_setting(CSQ_EVENT_PROMISE, test_worked_minute(30), 9, 0,
                          test_worked_minute(150));
    out[9] = test_setting(CSQ_EVENT_CHANGE, test_worked_minute(90), 10, CSQ_TICKET_PRIORITY,
                          urgent);
    out[10] = test_setting(CSQ_EVENT_EDIT, test_worked_minute(90), 11, 0, 4 * 3600000);
    out[10].subject = metric;
    out[11] = test_setting(CSQ_EVENT_CHANGE, test_worked_minute(120), 12, CSQ_TICKET_STATUS,
                           solved);
}

static inline csq_ticket *test_worked_ticket(csq_schema *schema)
{
    csq_ticket_event events[TEST_WORKED_EVENTS];
    csq_ticket *ticket = test_ticket(schema, 4711);
    test_worked_events(schema, events);
    for (int i = 0; i < TEST_WORKED_EVENTS; i++) {
        test_apply(ticket, events[i]);
    }
    return ticket;
}

#endif
