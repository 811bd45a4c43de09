/*
 * test_ticket_codec — the canonical bytes of a ticket: round trips, damage, other codes.
 */
#include "base/base_internal.h"
#include "ticket_support.h"

static void encoded_ticket_reads_back_the_same(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_ticket *ticket = test_worked_ticket(schema);
    uint64_t size;
    uint8_t *bytes = test_encoded(ticket, &size);
    csq_ticket *back;
    csq_error error;
    assert_status(CSQ_OK, csq_ticket_decode(schema, bytes, size, NULL, &back, &error));
    assert_int_equal(csq_ticket_id(back), 4711);
    assert_int_equal(csq_ticket_count(back), TEST_WORKED_EVENTS);
    for (uint64_t i = 0; i < TEST_WORKED_EVENTS; i++) {
        csq_ticket_event a = {.size = sizeof a};
        csq_ticket_event b = {.size = sizeof b};
        assert_status(CSQ_OK, csq_ticket_event_at(ticket, i, &a, NULL));
        assert_status(CSQ_OK, csq_ticket_event_at(back, i, &b, NULL));
        assert_memory_equal(&a, &b, sizeof a);
    }
    assert_same_encoding(ticket, back);
    free(bytes);
    csq_ticket_free(back);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

static void worked_ticket_takes_227_bytes(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_ticket *ticket = test_worked_ticket(schema);
    uint64_t size = 0;
    assert_status(CSQ_OK, csq_ticket_encode(ticket, NULL, &size, NULL));
    assert_int_equal(size, 227); /* docs/tickets.md */
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

static void empty_ticket_and_extreme_numbers_survive(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_ticket *ticket = test_ticket(schema, UINT64_MAX);
    csq_ticket *back;
    for (int round = 0; round < 2; round++) {
        uint64_t size;
        uint8_t *bytes = test_encoded(ticket, &size);
        assert_status(CSQ_OK, csq_ticket_decode(schema, bytes, size, NULL, &back, NULL));
        assert_same_encoding(ticket, back);
        assert_true(csq_ticket_id(back) == UINT64_MAX);
        free(bytes);
        csq_ticket_free(back);
        test_apply(ticket, test_reply(CSQ_MS_NONE + 1, UINT64_MAX, 0, 0));
        test_apply(ticket, test_reply(INT64_MAX, 0, 0, 0));
        test_apply(ticket, test_setting(CSQ_EVENT_PROMISE, INT64_MAX, 1, 0, CSQ_MS_NONE + 1));
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, -9, 2, CSQ_TICKET_PROMISE, CSQ_MS_NONE));
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, -9, 3, CSQ_TICKET_LEVEL, INT64_MAX));
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, -9, 4, CSQ_TICKET_STATUS, 0));
        test_apply(ticket, test_setting(CSQ_EVENT_MERGE, INT64_MAX, 5, 0, -2));
    }
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

/* Names get other codes when others were there before, or when they come in another order. */
static csq_ticket *ticket_with_other_codes(csq_schema **schema)
{
    *schema = test_schema();
    uint32_t attribute;
    csq_schema_add(*schema, csq_str_of("first"), CSQ_ATTRIBUTE_SET, &attribute, NULL);
    csq_schema_add(*schema, csq_str_of("客户等级"), CSQ_ATTRIBUTE_CATEGORY, &attribute, NULL);
    const char *names[] = {"solved", "other", "pending"};
    for (size_t i = 0; i < 3; i++) {
        (void)test_code(*schema, CSQ_TICKET_STATUS, names[i]);
    }
    (void)test_code(*schema, CSQ_TICKET_PRIORITY, "urgent");
    (void)test_code(*schema, CSQ_TICKET_METRIC, "ownership");
    (void)test_code(*schema, attribute, "黄金");
    csq_ticket_event events[TEST_WORKED_EVENTS];
    test_worked_events(*schema, events);
    csq_ticket *ticket = test_ticket(*schema, 4711);
    for (int i = TEST_WORKED_EVENTS - 1; i >= 0; i--) {
        test_apply(ticket, events[i]);
    }
    test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, test_worked_minute(3), 50, attribute,
                                    test_code(*schema, attribute, "白银")));
    return ticket;
}

static void codes_and_order_of_arrival_do_not_reach_the_bytes(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_schema *other;
    uint32_t attribute;
    csq_schema_add(schema, csq_str_of("客户等级"), CSQ_ATTRIBUTE_CATEGORY, &attribute, NULL);
    csq_ticket *ticket = test_worked_ticket(schema);
    test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, test_worked_minute(3), 50, attribute,
                                    test_code(schema, attribute, "白银")));
    csq_ticket *same = ticket_with_other_codes(&other);
    assert_same_encoding(ticket, same);

    // A third process learns the names from the bytes alone.
    csq_schema *third = test_schema();
    csq_ticket *back;
    uint64_t size;
    uint8_t *bytes = test_encoded(same, &size);
    assert_status(CSQ_OK, csq_ticket_decode(third, bytes, size, NULL, &back, NULL));
    assert_same_encoding(ticket, back);
    const uint32_t learned = csq_schema_find(third, csq_str_of("客户等级"));
    assert_int_equal(csq_schema_kind(third, learned), CSQ_ATTRIBUTE_CATEGORY);
    assert_int_equal(csq_vocabulary_count(csq_schema_vocabulary(third, learned)), 1);
    free(bytes);
    csq_ticket_free(back);
    csq_ticket_free(same);
    csq_ticket_free(ticket);
    csq_schema_free(third);
    csq_schema_free(other);
    csq_schema_free(schema);
}

/* ---- damage -------------------------------------------------------------------------------- */

static void assert_refused(csq_status expected, const uint8_t *bytes, uint64_t size)
{
    csq_schema *schema = test_schema();
    csq_ticket *ticket = (csq_ticket *)schema;
    csq_error error;
    assert_status(expected, csq_ticket_decode(schema, bytes, size, NULL, &ticket, &error));
    assert_null(ticket);
    assert_int_equal(error.code, expected);
    assert_int_equal(csq_schema_count(schema), CSQ_TICKET_REASON);
    const csq_vocabulary *statuses = csq_schema_vocabulary(schema, CSQ_TICKET_STATUS);
    assert_int_equal(csq_vocabulary_count(statuses), 0); // refused bytes leave no trace
    csq_schema_free(schema);
}

static void every_damaged_byte_is_found(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_ticket *ticket = test_worked_ticket(schema);
    uint64_t size;
    uint8_t *bytes = test_encoded(ticket, &size);
    for (uint64_t i = 0; i < size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1 << bit);
            const bool is_version = i == 4 || i == 5;
            assert_refused(is_version ? CSQ_EVERSION : CSQ_ECORRUPT, bytes, size);
            bytes[i] ^= (uint8_t)(1 << bit);
        }
    }
    free(bytes);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

static void bytes_cut_short_or_too_long_are_refused(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_ticket *ticket = test_worked_ticket(schema);
    uint64_t size;
    uint8_t *bytes = test_encoded(ticket, &size);
    for (uint64_t cut = 0; cut < size; cut++) {
        uint8_t *part = malloc((size_t)cut + 1);
        memcpy(part, bytes, (size_t)cut);
        assert_refused(CSQ_ECORRUPT, part, cut);
        free(part);
    }
    uint8_t *longer = calloc(1, (size_t)size + 1);
    memcpy(longer, bytes, (size_t)size);
    assert_refused(CSQ_ECORRUPT, longer, size + 1);
    assert_refused(CSQ_ECORRUPT, NULL, 0);
    free(longer);
    free(bytes);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

/* ---- payloads that no encoder writes ------------------------------------------------------- */

typedef struct payload_case {
    const char *name;
    csq_status status;
    const char *payload; /* hexadecimal; blanks are skipped */
} payload_case;

/* Shapes: kind << 5 | visibility << 3 | author << 1 | joined, so 28 is CREATED, 48 REPLY, 60 CHANGE
 * of public events, and e0 02 is MERGE. Hand written after lib/ticket/ticket_codec.h. */
static const payload_case payload_cases[] = {
    {"empty ticket", CSQ_OK, "07 00 00"},
    {"a reply at 1", CSQ_OK, "07 00 01  02 00 48 00"},
    {"status a", CSQ_OK, "07 01 06737461747573 01 01 01 61  01  02 00 60 01 01"},
    {"no payload", CSQ_ECORRUPT, ""},
    {"rest behind", CSQ_ECORRUPT, "07 00 00 00"},
    {"id in a longer form", CSQ_ECORRUPT, "8700 00 00"},
    {"more events than bytes", CSQ_ECORRUPT, "07 00 ffffffff0f 02 00 48 00"},
    {"more attributes than bytes", CSQ_ECORRUPT, "07 ffffffff0f 01"},
    {"more names than bytes", CSQ_ECORRUPT, "07 01 0173 01 ffff03"},
    {"attribute never used", CSQ_ECORRUPT, "07 01 0173 03 00"},
    {"name never used", CSQ_ECORRUPT, "07 01 0173 01 01 0161 01 02 00 60 01 00"},
    {"kind 0", CSQ_ECORRUPT, "07 01 0173 00 01 02 00 60 01 00"},
    {"kind 5", CSQ_ECORRUPT, "07 01 0173 05 01 02 00 60 01 00"},
    {"name not UTF-8", CSQ_ECORRUPT, "07 01 01ff 03 01 02 00 60 01 00"},
    {"empty name", CSQ_ECORRUPT, "07 01 00 03 01 02 00 60 01 00"},
    {"own integer s", CSQ_OK, "07 01 0173 03 01 02 00 60 01 00"},
    {"attributes out of order", CSQ_ECORRUPT,
     "07 02 0174 03 0173 03 02 02 00 60 01 00 00 02 60 02 00"},
    {"attributes in order", CSQ_OK, "07 02 0173 03 0174 03 02 02 00 60 01 00 00 02 60 02 00"},
    {"attribute twice", CSQ_ECORRUPT, "07 02 0173 03 0173 03 02 02 00 60 01 00 00 02 60 02 00"},
    {"names out of order", CSQ_ECORRUPT,
     "07 01 0173 01 02 0162 0161 02 02 00 60 01 01 00 02 60 01 02"},
    {"status as an integer", CSQ_EMISMATCH, "07 01 06737461747573 03 01 02 00 60 01 00"},
    {"inherited from a later instant", CSQ_ECORRUPT, "07 00 01 02 00 a003 00 00 04"},
    {"code beyond the names", CSQ_ECORRUPT, "07 01 0173 01 01 0161 01 02 00 60 01 02"},
    {"attribute beyond the table", CSQ_ECORRUPT, "07 00 01 02 00 60 01 00"},
    {"event sets author", CSQ_ECORRUPT, "07 01 06617574686f72 01 01 0161 01 02 00 60 01 01"},
    {"unknown kind 13", CSQ_ECORRUPT, "07 00 01 02 00 a003 00"},
    {"kind 0", CSQ_ECORRUPT, "07 00 01 02 00 00 00"},
    {"huge kind", CSQ_ECORRUPT, "07 00 01 02 00 ffffffffffffffffff01 00"},
    {"reply without visibility", CSQ_ECORRUPT, "07 00 01 02 00 40 00"},
    {"visibility 3", CSQ_ECORRUPT, "07 00 01 02 00 58 00"},
    {"promise without attribute", CSQ_ECORRUPT, "07 00 01 02 00 8002 00 00"},
    {"edit of 1 ms", CSQ_OK, "07 00 01 02 00 e001 00 00 02"},
    {"edit of 0 ms", CSQ_ECORRUPT, "07 00 01 02 00 e001 00 00 00"},
    {"edit of a metric not in the table", CSQ_ECORRUPT, "07 00 01 02 00 e001 00 01 02"},
    {"edit of a huge metric", CSQ_ECORRUPT, "07 00 01 02 00 e001 00 808004 02"},
    {"edit of metric a", CSQ_OK, "07 01 066d6574726963 01 01 0161 01 02 00 e001 00 01 02"},
    {"no instant", CSQ_ECORRUPT, "07 00 01 ffffffffffffffffff01 00 48 00"},
    {"instant beyond the range", CSQ_ECORRUPT,
     "07 00 02 feffffffffffffffff01 00 48 00 01 02 48 00"},
    {"same instant and sequence", CSQ_ECORRUPT, "07 00 02 02 00 48 00 00 00 48 00"},
    {"sequence falls at one instant", CSQ_ECORRUPT, "07 00 02 02 04 48 00 00 01 48 00"},
    {"sequence falls later", CSQ_OK, "07 00 02 02 04 48 00 01 01 48 00"},
    {"sequence stands twice", CSQ_ECORRUPT, "07 00 03 02 04 48 00 01 01 48 00 01 02 48 00"},
    {"creation first", CSQ_OK, "07 00 02 02 00 28 00 00 02 48 00"},
    {"creation second", CSQ_ECORRUPT, "07 00 02 02 00 48 00 00 02 28 00"},
    {"two creations", CSQ_ECORRUPT, "07 00 02 02 00 28 00 00 02 28 00"},
    {"merge last", CSQ_OK, "07 00 02 02 00 48 00 00 02 e002 00 02"},
    {"merge first", CSQ_ECORRUPT, "07 00 02 02 00 e002 00 02 00 02 48 00"},
    {"merge into itself", CSQ_ECORRUPT, "07 00 01 02 00 e002 00 0e"},
};

static size_t hex_digit(char c)
{
    return (size_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void only_the_canonical_form_is_accepted(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    for (size_t i = 0; i < sizeof payload_cases / sizeof payload_cases[0]; i++) {
        const payload_case *row = &payload_cases[i];
        csq__writer writer = {.allocator = &memory};
        csq__write_begin(&writer, CSQ__KIND_TICKET, 1, 0);
        for (const char *p = row->payload; *p != '\0'; p += *p == ' ' ? 1 : 2) {
            if (*p != ' ') {
                csq__write_u8(&writer, (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1])));
            }
        }
        assert_true(csq__write_end(&writer));
        csq_schema *schema = test_schema();
        csq_ticket *ticket;
        csq_error error = {0};
        const csq_status status =
            csq_ticket_decode(schema, writer.data, writer.size, NULL, &ticket, &error);
        if (status != row->status) {
            print_error("%s: %s %s\n", row->name, csq_status_name(status), error.message);
        }
        assert_int_equal(status, row->status);
        if (status == CSQ_OK) {
            uint64_t size;
            uint8_t *bytes = test_encoded(ticket, &size);
            assert_int_equal(size, writer.size);
            assert_memory_equal(bytes, writer.data, writer.size);
            free(bytes);
        }
        csq_ticket_free(ticket);
        csq_schema_free(schema);
        csq__writer_release(&writer);
    }
}

static void more_attributes_than_a_schema_may_have_are_refused(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_TICKET, 1, 0);
    csq__write_varint(&writer, 7);
    csq__write_varint(&writer, 65536);
    for (int i = 0; i < 65536; i++) {
        csq__write_u32(&writer, 0);
    }
    assert_true(csq__write_end(&writer));
    assert_refused(CSQ_ECORRUPT, writer.data, writer.size);
    csq__writer_release(&writer);
}

static void assert_too_large_a_code_is_a_limit(csq_schema *schema, csq_ticket *ticket,
                                               uint32_t subject)
{
    uint64_t size;
    uint8_t *bytes = test_encoded(ticket, &size);
    csq_schema *full = test_schema();
    char name[7] = "000000";
    for (uint32_t i = 0; i < 65535; i++) {
        for (int digit = 0; digit < 6; digit++) {
            name[digit] = (char)('0' + (i >> (3 * digit) & 7));
        }
        (void)test_code(full, subject, name);
    }
    csq_ticket *back = ticket;
    csq_error error;
    assert_status(CSQ_ELIMIT, csq_ticket_decode(full, bytes, size, NULL, &back, &error));
    assert_null(back);
    free(bytes);
    csq_schema_free(full);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

/* Stored events have 16 bits for the metric and for the reason. */
static void a_subject_that_gets_too_large_a_code_is_a_limit(void **state)
{
    (void)state;
    csq_schema *schema = test_schema(); // whose worked ticket names the metric "resolution"
    assert_too_large_a_code_is_a_limit(schema, test_worked_ticket(schema), CSQ_TICKET_METRIC);
    schema = test_schema();
    csq_ticket *ticket = test_ticket(schema, 1);
    csq_ticket_event promise = test_setting(CSQ_EVENT_PROMISE, 0, 1, 0, 1000);
    promise.subject = test_code(schema, CSQ_TICKET_REASON, "supplier");
    test_apply(ticket, promise);
    assert_too_large_a_code_is_a_limit(schema, ticket, CSQ_TICKET_REASON);
}

static void headers_of_other_states_are_refused(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    const struct {
        uint8_t kind;
        uint16_t version;
        uint64_t fingerprint;
        csq_status status;
    } rows[] = {
        {CSQ__KIND_TICKET, 1, 0, CSQ_OK},
        {CSQ__KIND_TALLY, 1, 0, CSQ_ECORRUPT},
        {CSQ__KIND_TICKET, 0, 0, CSQ_EVERSION},
        {CSQ__KIND_TICKET, 2, 0, CSQ_EVERSION},
        {CSQ__KIND_TICKET, 1, 1, CSQ_ECORRUPT},
    };
    csq_schema *schema = test_schema();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq__writer writer = {.allocator = &memory};
        csq__write_begin(&writer, rows[i].kind, rows[i].version, rows[i].fingerprint);
        for (int k = 0; k < 3; k++) {
            csq__write_u8(&writer, 0);
        }
        assert_true(csq__write_end(&writer));
        csq_ticket *ticket;
        assert_status(rows[i].status,
                      csq_ticket_decode(schema, writer.data, writer.size, NULL, &ticket, NULL));
        csq_ticket_free(ticket);
        csq__writer_release(&writer);
    }
    csq_schema_free(schema);
}

static void more_events_than_a_ticket_may_have_are_a_limit(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq_schema *schema = test_schema();
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_TICKET, 1, 0);
    csq__write_varint(&writer, 7);
    csq__write_varint(&writer, 0);
    csq__write_varint(&writer, CSQ_TICKET_EVENT_LIMIT + 1);
    for (int i = 0; i < CSQ_TICKET_EVENT_LIMIT + 1; i++) {
        csq__write_u32(&writer, 0);
    }
    assert_true(csq__write_end(&writer));
    csq_ticket *ticket;
    assert_status(CSQ_ELIMIT,
                  csq_ticket_decode(schema, writer.data, writer.size, NULL, &ticket, NULL));
    csq__writer_release(&writer);
    csq_schema_free(schema);
}

/* ---- arguments ----------------------------------------------------------------------------- */

static void capacity_and_arguments_are_checked(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_ticket *ticket = test_worked_ticket(schema);
    uint8_t room[1024];
    uint64_t size = 10;
    csq_error error;
    memset(room, 0xAA, sizeof room);
    assert_status(CSQ_ELIMIT, csq_ticket_encode(ticket, room, &size, &error));
    assert_true(size > 10 && size < sizeof room);
    assert_int_equal(room[0], 0xAA);
    const uint64_t exact = size;
    assert_status(CSQ_OK, csq_ticket_encode(ticket, room, &size, &error));
    assert_int_equal(size, exact);
    size = sizeof room;
    assert_status(CSQ_OK, csq_ticket_encode(ticket, room, &size, &error));
    assert_int_equal(size, exact);
    assert_status(CSQ_EINVAL, csq_ticket_encode(NULL, room, &size, &error));
    assert_status(CSQ_EINVAL, csq_ticket_encode(ticket, room, NULL, &error));
    assert_status(CSQ_EINVAL, csq_ticket_encode(ticket, NULL, &size, &error));
    csq_ticket *out = ticket;
    assert_status(CSQ_EINVAL, csq_ticket_decode(NULL, room, size, NULL, &out, &error));
    assert_null(out);
    assert_status(CSQ_EINVAL, csq_ticket_decode(schema, NULL, size, NULL, &out, &error));
    assert_status(CSQ_EINVAL, csq_ticket_decode(schema, room, size, NULL, NULL, &error));
    csq_schema *other;
    assert_status(CSQ_OK, csq_schema_new(1, NULL, &other, NULL));
    assert_status(CSQ_EMISMATCH, csq_ticket_decode(other, room, size, NULL, &out, &error));
    csq_schema_free(other);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoded_ticket_reads_back_the_same),
        cmocka_unit_test(worked_ticket_takes_227_bytes),
        cmocka_unit_test(empty_ticket_and_extreme_numbers_survive),
        cmocka_unit_test(codes_and_order_of_arrival_do_not_reach_the_bytes),
        cmocka_unit_test(every_damaged_byte_is_found),
        cmocka_unit_test(bytes_cut_short_or_too_long_are_refused),
        cmocka_unit_test(only_the_canonical_form_is_accepted),
        cmocka_unit_test(more_events_than_a_ticket_may_have_are_a_limit),
        cmocka_unit_test(more_attributes_than_a_schema_may_have_are_refused),
        cmocka_unit_test(a_subject_that_gets_too_large_a_code_is_a_limit),
        cmocka_unit_test(headers_of_other_states_are_refused),
        cmocka_unit_test(capacity_and_arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
