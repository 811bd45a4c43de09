/*
 * oom_ticket — the n-th allocation fails, for every n, while tickets are made, grow, are copied,
 * encoded, decoded and checked in columns.
 */
#include "ticket/ticket_internal.h"
#include "ticket_support.h"

static csq_status schema_scenario(const csq_allocator *allocator)
{
    csq_schema *schema = (csq_schema *)&schema;
    const csq_status status = csq_ticket_schema_new(3, allocator, &schema, NULL);
    assert_true(status == CSQ_OK || schema == NULL);
    csq_schema_free(schema);
    return status;
}

static csq_status apply_all(csq_ticket *ticket)
{
    csq_ticket_event events[TEST_WORKED_EVENTS];
    const char clocks[1000] = "clocks";
    test_worked_events(csq__ticket_schema(ticket), events);
    for (int i = 0; i < TEST_WORKED_EVENTS; i++) {
        const uint64_t before = csq_ticket_count(ticket);
        csq_status status = csq_ticket_apply(ticket, &events[i], NULL);
        assert_int_equal(csq_ticket_count(ticket), before + (status == CSQ_OK));
        if (status == CSQ_OK) {
            status = csq__ticket_set_checkpoint(ticket, 1, clocks, 50 + 64 * (size_t)i,
                                                before + 1, NULL);
        }
        if (status != CSQ_OK) {
            size_t n_seen;
            const void *kept = csq__ticket_checkpoint(ticket, 1, 50 + 64 * (size_t)i - 64, &n_seen);
            // As it was, unless an event was applied that joins what they have seen.
            assert_true(i == 0 || events[i].joined != 0 || kept != NULL);
            return status;
        }
    }
    return CSQ_OK;
}

static csq_status copy_and_encode(const csq_ticket *ticket)
{
    csq_ticket *copy = (csq_ticket *)&copy;
    uint8_t bytes[1024];
    uint64_t size = sizeof bytes;
    csq_status status = csq_ticket_copy(ticket, &copy, NULL);
    if (status != CSQ_OK) {
        assert_null(copy);
        return status;
    }
    status = csq_ticket_encode(copy, bytes, &size, NULL);
    assert_true(status == CSQ_OK || size == sizeof bytes);
    csq_ticket_free(copy);
    return status;
}

static csq_status ticket_scenario(const csq_allocator *allocator)
{
    csq_schema *schema = test_schema();
    csq_ticket *ticket = (csq_ticket *)&ticket;
    csq_status status = csq_ticket_new(schema, 4711, allocator, &ticket, NULL);
    if (status != CSQ_OK) {
        assert_null(ticket);
    } else {
        status = apply_all(ticket);
    }
    if (status == CSQ_OK) {
        status = copy_and_encode(ticket);
    }
    csq_ticket_free(ticket);
    csq_schema_free(schema);
    return status;
}

/* Schema and ticket share the allocator, so that learning names fails too. */
static csq_status decode_scenario(const csq_allocator *allocator)
{
    csq_schema *source = test_schema();
    csq_ticket *worked = test_worked_ticket(source);
    test_apply(worked, test_reply(test_worked_minute(125), 2000, 0, 0));
    test_apply(worked, test_reply(test_worked_minute(126), 1000, 0, 0)); // sequences do not ascend
    uint64_t size;
    uint8_t *bytes = test_encoded(worked, &size);
    csq_schema *schema = NULL;
    csq_ticket *back = NULL;
    csq_error error;
    csq_status status = csq_ticket_schema_new(3, allocator, &schema, NULL);
    if (status == CSQ_OK) {
        back = worked;
        status = csq_ticket_decode(schema, bytes, size, allocator, &back, &error);
        assert_true(status == CSQ_OK || (back == NULL && error.code == CSQ_ENOMEM));
    }
    free(bytes);
    csq_ticket_free(back);
    csq_schema_free(schema);
    csq_ticket_free(worked);
    csq_schema_free(source);
    return status;
}

static csq_status columns_scenario(const csq_allocator *allocator)
{
    const uint64_t tickets[] = {2, 1, 1};
    const int64_t at[] = {10, 10, 5};
    const uint8_t kinds[] = {0, 0, 1};
    csq_event_type types[2] = {{.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
                               {.size = sizeof types[0], .kind = CSQ_EVENT_REPLY}};
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 2};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, tickets, 3);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, 3);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, 3);
    uint8_t bad = 0x5A;
    uint64_t n_bad = 42;
    csq_schema *schema;
    csq_status status = csq_ticket_schema_new(3, allocator, &schema, NULL);
    if (status == CSQ_OK) {
        status = csq_event_columns_check(schema, &columns, &bad, &n_bad, NULL);
        assert_int_equal(bad, status == CSQ_OK ? 4 : 0x5A);
        assert_int_equal(n_bad, status == CSQ_OK ? 1 : 42);
    }
    csq_schema_free(schema);
    return status;
}

static void schema_of_tickets_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(schema_scenario);
}

static void ticket_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(ticket_scenario);
}

static void decoding_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(decode_scenario);
}

static void checking_columns_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(columns_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_of_tickets_survives_every_failure),
        cmocka_unit_test(ticket_survives_every_failure),
        cmocka_unit_test(decoding_survives_every_failure),
        cmocka_unit_test(checking_columns_survives_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
