/*
 * test_ticket — the log of a ticket: order, what is refused, memory, checkpoints, copies.
 */
#include "ticket/ticket_internal.h"
#include "ticket_support.h"

static csq_schema *schema;

static int make_schema(void **state)
{
    (void)state;
    schema = test_schema();
    (void)test_code(schema, CSQ_TICKET_STATUS, "open");
    return 0;
}

static int free_schema(void **state)
{
    (void)state;
    csq_schema_free(schema);
    return 0;
}

static csq_ticket_event event_of(const csq_ticket *ticket, uint64_t index)
{
    csq_ticket_event event = {.size = sizeof event};
    assert_status(CSQ_OK, csq_ticket_event_at(ticket, index, &event, NULL));
    return event;
}

/* ---- order --------------------------------------------------------------------------------- */

static void events_stand_in_the_order_of_instant_and_sequence(void **state)
{
    (void)state;
    const csq_ms at[] = {50, 10, 30, 30, 30, -7, INT64_MAX, CSQ_MS_NONE + 1};
    const uint64_t sequences[] = {1, 2, 9, 0, 5, UINT64_MAX, 3, 4};
    const uint64_t expected[] = {4, UINT64_MAX, 2, 0, 5, 9, 1, 3};
    csq_ticket *ticket = test_ticket(schema, 1);
    for (size_t i = 0; i < 8; i++) {
        test_apply(ticket, test_reply(at[i], sequences[i], 0, 0));
    }
    assert_int_equal(csq_ticket_count(ticket), 8);
    for (size_t i = 0; i < 8; i++) {
        assert_true(event_of(ticket, i).sequence == expected[i]);
    }
    csq_ticket_free(ticket);
}

static void event_comes_back_in_its_stored_form(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, 1);
    csq_ticket_event event = test_setting(CSQ_EVENT_CREATED, 3, 7, CSQ_TICKET_STATUS, 1);
    event.author = CSQ_AUTHOR_CUSTOMER;
    event.joined = 1;
    test_apply(ticket, event);
    test_apply(ticket, test_setting(CSQ_EVENT_ESCALATE, 4, 8, 0, 2));
    event.visibility = CSQ_VISIBILITY_PUBLIC;
    const csq_ticket_event found = event_of(ticket, 0);
    assert_memory_equal(&found, &event, sizeof event);
    assert_int_equal(event_of(ticket, 1).attribute, CSQ_TICKET_LEVEL);
    assert_int_equal(event_of(ticket, 1).visibility, 0);
    csq_ticket_free(ticket);
}

static void the_same_event_again_changes_nothing(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, 1);
    const csq_ticket_event event = test_reply(10, 5, CSQ_AUTHOR_AGENT, 0);
    csq_ticket_event named = event;
    named.visibility = CSQ_VISIBILITY_PUBLIC;
    test_apply(ticket, event);
    test_apply(ticket, test_reply(20, 6, 0, 0));
    test_apply(ticket, event);
    test_apply(ticket, named); // what 0 means
    assert_int_equal(csq_ticket_count(ticket), 2);
    csq_ticket_free(ticket);
}

static void a_sequence_with_other_content_is_a_conflict(void **state)
{
    (void)state;
    // Both ways to look for a sequence: ascending along the log, and not.
    for (int is_ascending = 0; is_ascending < 2; is_ascending++) {
        csq_ticket *ticket = test_ticket(schema, 1);
        csq_error error;
        test_apply(ticket, test_reply(10, 5, CSQ_AUTHOR_AGENT, 0));
        test_apply(ticket, test_reply(20, is_ascending ? 6 : 4, 0, 0));
        const csq_ticket_event others[] = {
            test_reply(11, 5, CSQ_AUTHOR_AGENT, 0),
            test_reply(10, 5, CSQ_AUTHOR_BOT, 0),
            test_reply(10, 5, CSQ_AUTHOR_AGENT, CSQ_VISIBILITY_PRIVATE),
            test_setting(CSQ_EVENT_CHANGE, 10, 5, CSQ_TICKET_STATUS, 1),
            test_reply(30, 5, CSQ_AUTHOR_AGENT, 0),
        };
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            assert_status(CSQ_ECONFLICT, csq_ticket_apply(ticket, &others[i], &error));
            assert_int_equal(error.field, offsetof(csq_ticket_event, sequence));
            assert_int_equal(error.index, 0);
        }
        assert_string_equal(error.message, "sequence 5 came before with other content, as an "
                                           "event \"reply\" at 10");
        assert_int_equal(csq_ticket_count(ticket), 2);
        csq_ticket_free(ticket);
    }
}

static void repeats_are_found_when_sequences_fall(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, 1);
    for (uint64_t i = 0; i < 100; i++) {
        test_apply(ticket, test_reply((csq_ms)i, 1000 - i, 0, 0));
    }
    for (uint64_t i = 0; i < 100; i++) {
        const csq_ticket_event other = test_reply(500, 1000 - i, 0, 0);
        assert_status(CSQ_ECONFLICT, csq_ticket_apply(ticket, &other, NULL));
        test_apply(ticket, test_reply((csq_ms)i, 1000 - i, 0, 0));
    }
    test_apply(ticket, test_reply(500, 900, 0, 0));
    assert_int_equal(csq_ticket_count(ticket), 101);
    csq_ticket_free(ticket);
}

/* ---- creation and merge -------------------------------------------------------------------- */

typedef struct order_case {
    const char *name;
    csq_ticket_event first;
    csq_ticket_event second;
    csq_status status; /* of the second */
} order_case;

static void creation_comes_first_and_merge_last_in_any_order_of_arrival(void **state)
{
    (void)state;
    const csq_ticket_event created = test_event(CSQ_EVENT_CREATED, 100, 10);
    const csq_ticket_event merged = test_setting(CSQ_EVENT_MERGE, 200, 20, 0, 99);
    const order_case cases[] = {
        {"event before creation", created, test_reply(99, 11, 0, 0), CSQ_EORDER},
        {"event at its instant, before", created, test_reply(100, 9, 0, 0), CSQ_EORDER},
        {"event at its instant, after", created, test_reply(100, 11, 0, 0), CSQ_OK},
        {"creation after an event", test_reply(99, 11, 0, 0), created, CSQ_EORDER},
        {"creation before an event", test_reply(101, 11, 0, 0), created, CSQ_OK},
        {"second creation later", created, test_event(CSQ_EVENT_CREATED, 150, 15), CSQ_ECONFLICT},
        {"second creation before", created, test_event(CSQ_EVENT_CREATED, 50, 5), CSQ_ECONFLICT},
        {"event after merge", merged, test_reply(201, 5, 0, 0), CSQ_EMERGED},
        {"event at its instant, after", merged, test_reply(200, 21, 0, 0), CSQ_EMERGED},
        {"event at its instant, before", merged, test_reply(200, 19, 0, 0), CSQ_OK},
        {"merge before an event", test_reply(201, 5, 0, 0), merged, CSQ_EMERGED},
        {"merge after an event", test_reply(199, 25, 0, 0), merged, CSQ_OK},
        {"second merge later", merged, test_setting(CSQ_EVENT_MERGE, 300, 30, 0, 98),
         CSQ_EMERGED},
        {"second merge before", merged, test_setting(CSQ_EVENT_MERGE, 150, 15, 0, 98),
         CSQ_EMERGED},
        {"merge before creation", created, test_setting(CSQ_EVENT_MERGE, 50, 5, 0, 98),
         CSQ_EORDER},
        {"creation after merge", merged, test_event(CSQ_EVENT_CREATED, 300, 30), CSQ_EORDER},
        {"merge into itself", created, test_setting(CSQ_EVENT_MERGE, 300, 30, 0, 1), CSQ_EEVENT},
        {"split from itself", created, test_setting(CSQ_EVENT_SPLIT, 300, 30, 0, 1), CSQ_EEVENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        csq_ticket *ticket = test_ticket(schema, 1);
        csq_error error;
        test_apply(ticket, cases[i].first);
        const csq_status status = csq_ticket_apply(ticket, &cases[i].second, &error);
        if (status != cases[i].status) {
            print_error("%s: %s\n", cases[i].name, csq_status_name(status));
        }
        assert_int_equal(status, cases[i].status);
        assert_int_equal(csq_ticket_count(ticket), status == CSQ_OK ? 2 : 1);
        csq_ticket_free(ticket);
    }
}

static void a_ticket_needs_no_creation(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, 1);
    test_apply(ticket, test_setting(CSQ_EVENT_MERGE, 10, 1, 0, 2));
    assert_int_equal(csq_ticket_count(ticket), 1);
    csq_ticket_free(ticket);
}

/* ---- memory -------------------------------------------------------------------------------- */

static void twelve_events_and_four_clocks_stay_below_a_kibibyte(void **state)
{
    (void)state;
    const char clocks[4 * 64] = {0};
    csq_schema *own = test_schema();
    csq_ticket *ticket = test_worked_ticket(own);
    assert_status(CSQ_OK, csq__ticket_set_checkpoint(ticket, 1, clocks, sizeof clocks, 12, NULL));
    assert_int_equal(csq_ticket_count(ticket), TEST_WORKED_EVENTS);
    assert_true(csq_ticket_memory(ticket) < 1024);
    csq_ticket *copy;
    assert_status(CSQ_OK, csq_ticket_copy(ticket, &copy, NULL));
#if UINTPTR_MAX > UINT32_MAX
    assert_int_equal(csq_ticket_memory(copy), 80 + 12 * 32 + 4 * 64); /* docs/tickets.md */
#endif
    uint64_t encoded = 0;
    assert_status(CSQ_OK, csq_ticket_encode(ticket, NULL, &encoded, NULL));
    assert_true(encoded > 0 && encoded < 1024);
    csq_ticket_free(copy);
    csq_ticket_free(ticket);
    csq_schema_free(own);
}

static void an_empty_ticket_is_its_header(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, UINT64_MAX);
    assert_true(csq_ticket_memory(ticket) <= 96);
    assert_true(csq_ticket_id(ticket) == UINT64_MAX);
    assert_int_equal(csq_ticket_count(ticket), 0);
    csq_ticket_free(ticket);
    assert_int_equal(csq_ticket_memory(NULL), 0);
    assert_int_equal(csq_ticket_id(NULL), 0);
    assert_int_equal(csq_ticket_count(NULL), 0);
    csq_ticket_free(NULL);
}

static void a_ticket_takes_a_million_events_and_no_more(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, 1);
    for (uint64_t i = 0; i < CSQ_TICKET_EVENT_LIMIT; i++) {
        // Pairs arrive in the wrong order, as late events do.
        test_apply(ticket, test_reply((csq_ms)(i ^ 1), i ^ 1, 0, 0));
    }
    csq_error error;
    const csq_ticket_event one_more = test_reply(INT64_MAX, UINT64_MAX, 0, 0);
    assert_status(CSQ_ELIMIT, csq_ticket_apply(ticket, &one_more, &error));
    test_apply(ticket, test_reply(17, 17, 0, 0)); // known already
    assert_int_equal(csq_ticket_count(ticket), CSQ_TICKET_EVENT_LIMIT);
    csq_ticket_free(ticket);
}

/* ---- checkpoints --------------------------------------------------------------------------- */

static csq_ticket *checkpointed_ticket(void)
{
    csq_ticket *ticket = test_ticket(schema, 1);
    test_apply(ticket, test_reply(10, 1, 0, 0));
    test_apply(ticket, test_reply(20, 2, 0, 0));
    test_apply(ticket, test_reply(30, 3, 0, 0));
    assert_status(CSQ_OK, csq__ticket_set_checkpoint(ticket, 77, "clocks", 7, 2, NULL));
    return ticket;
}

static void checkpoints_last_until_an_event_touches_what_they_have_seen(void **state)
{
    (void)state;
    csq_ticket_event joined = test_reply(20, 9, 0, 0);
    joined.joined = 1;
    csq_ticket_event joined_elsewhere = test_reply(21, 9, 0, 0);
    joined_elsewhere.joined = 1;
    const struct {
        csq_ticket_event event;
        bool survives;
    } rows[] = {
        {test_reply(40, 9, 0, 0), true},
        {test_reply(25, 9, 0, 0), true},
        {test_reply(20, 9, 0, 0), true},
        {joined, false},
        {joined_elsewhere, true},
        {test_reply(15, 9, 0, 0), false},
        {test_reply(20, 2, 0, 0), true}, // known already
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ticket *ticket = checkpointed_ticket();
        test_apply(ticket, rows[i].event);
        size_t n_seen = 0;
        const char *found = csq__ticket_checkpoint(ticket, 77, 7, &n_seen);
        assert_int_equal(found != NULL, rows[i].survives);
        if (found != NULL) {
            assert_string_equal(found, "clocks");
            assert_int_equal(n_seen, 2);
            assert_int_equal((uintptr_t)found % 8, 0);
        }
        csq_ticket_free(ticket);
    }
}

static void checkpoints_belong_to_one_fingerprint_and_size(void **state)
{
    (void)state;
    size_t n_seen;
    csq_ticket *ticket = checkpointed_ticket();
    assert_null(csq__ticket_checkpoint(ticket, 78, 7, &n_seen));
    assert_null(csq__ticket_checkpoint(ticket, 77, 8, &n_seen));
    assert_status(CSQ_OK, csq__ticket_set_checkpoint(ticket, 78, "other", 6, 3, NULL));
    assert_null(csq__ticket_checkpoint(ticket, 77, 7, &n_seen));
    assert_string_equal(csq__ticket_checkpoint(ticket, 78, 6, &n_seen), "other");
    assert_int_equal(n_seen, 3);
    assert_status(CSQ_ERANGE, csq__ticket_set_checkpoint(ticket, 78, "other", 6, 4, NULL));
    assert_status(CSQ_ELIMIT,
                  csq__ticket_set_checkpoint(ticket, 78, "other", ((size_t)1 << 30) + 1, 3, NULL));
    assert_string_equal(csq__ticket_checkpoint(ticket, 78, 6, &n_seen), "other");
    assert_status(CSQ_OK, csq__ticket_set_checkpoint(ticket, 78, NULL, 0, 3, NULL));
    assert_null(csq__ticket_checkpoint(ticket, 78, 0, &n_seen));
    csq_ticket_free(ticket);
}

static void checkpoints_move_with_the_block_as_it_grows(void **state)
{
    (void)state;
    char clocks[200];
    for (size_t i = 0; i < sizeof clocks; i++) {
        clocks[i] = (char)i;
    }
    csq_ticket *ticket = test_ticket(schema, 1);
    for (uint64_t i = 0; i < 300; i++) {
        const size_t size = (size_t)(i % sizeof clocks);
        test_apply(ticket, test_reply((csq_ms)i, i, 0, 0));
        if (i % 7 == 0 && size > 0) {
            assert_status(CSQ_OK, csq__ticket_set_checkpoint(ticket, i, clocks, size,
                                                             (size_t)i + 1, NULL));
        }
        const uint64_t last = i - i % 7;
        const size_t last_size = (size_t)(last % sizeof clocks);
        size_t n_seen;
        const void *found = csq__ticket_checkpoint(ticket, last, last_size, &n_seen);
        if (last_size > 0) {
            assert_non_null(found);
            assert_memory_equal(found, clocks, last_size);
            assert_int_equal(n_seen, last + 1);
        }
    }
    size_t n;
    const csq__event *events = csq__ticket_events(ticket, &n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(events[i].sequence, i);
    }
    csq_ticket_free(ticket);
}

/* ---- copies and arguments ------------------------------------------------------------------ */

static void a_copy_is_independent(void **state)
{
    (void)state;
    csq_ticket *ticket = checkpointed_ticket();
    csq_ticket *copy;
    assert_status(CSQ_OK, csq_ticket_copy(ticket, &copy, NULL));
    assert_same_encoding(ticket, copy);
    size_t n_seen;
    assert_string_equal(csq__ticket_checkpoint(copy, 77, 7, &n_seen), "clocks");
    test_apply(ticket, test_reply(5, 9, 0, 0));
    assert_int_equal(csq_ticket_count(copy), 3);
    assert_non_null(csq__ticket_checkpoint(copy, 77, 7, &n_seen));
    csq_ticket_free(ticket);
    test_apply(copy, test_reply(50, 10, 0, 0));
    assert_int_equal(event_of(copy, 3).sequence, 10);
    assert_ptr_equal(csq__ticket_schema(copy), schema);
    csq_ticket_free(copy);

    csq_ticket *empty = test_ticket(schema, 2);
    assert_status(CSQ_OK, csq_ticket_copy(empty, &copy, NULL));
    assert_int_equal(csq_ticket_id(copy), 2);
    csq_ticket_free(copy);
    csq_ticket_free(empty);
}

static void missing_arguments_are_refused(void **state)
{
    (void)state;
    csq_ticket *ticket = test_ticket(schema, 1);
    csq_ticket *out = ticket;
    csq_ticket_event event = test_reply(1, 1, 0, 0);
    assert_status(CSQ_EINVAL, csq_ticket_new(NULL, 1, NULL, &out, NULL));
    assert_null(out);
    assert_status(CSQ_EINVAL, csq_ticket_new(schema, 1, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_ticket_apply(NULL, &event, NULL));
    assert_status(CSQ_EINVAL, csq_ticket_apply(ticket, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_ticket_copy(NULL, &out, NULL));
    assert_status(CSQ_EINVAL, csq_ticket_copy(ticket, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_ticket_event_at(NULL, 0, &event, NULL));
    assert_status(CSQ_ERANGE, csq_ticket_event_at(ticket, 0, &event, NULL));
    assert_status(CSQ_ERANGE, csq_ticket_event_at(ticket, UINT64_MAX, &event, NULL));
    test_apply(ticket, event);
    assert_status(CSQ_EINVAL, csq_ticket_event_at(ticket, 0, NULL, NULL));
    event.size = 3;
    assert_status(CSQ_EABI, csq_ticket_event_at(ticket, 0, &event, NULL));
    csq_schema *other;
    assert_status(CSQ_OK, csq_schema_new(1, NULL, &other, NULL));
    assert_status(CSQ_EMISMATCH, csq_ticket_new(other, 1, NULL, &out, NULL));
    csq_schema_free(other);
    csq_ticket_free(ticket);
}

static void a_ticket_keeps_its_schema(void **state)
{
    (void)state;
    csq_schema *own = test_schema();
    csq_ticket *ticket = test_ticket(own, 1);
    csq_schema_free(own);
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, 0, 0));
    csq_ticket_free(ticket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_stand_in_the_order_of_instant_and_sequence),
        cmocka_unit_test(event_comes_back_in_its_stored_form),
        cmocka_unit_test(the_same_event_again_changes_nothing),
        cmocka_unit_test(a_sequence_with_other_content_is_a_conflict),
        cmocka_unit_test(repeats_are_found_when_sequences_fall),
        cmocka_unit_test(creation_comes_first_and_merge_last_in_any_order_of_arrival),
        cmocka_unit_test(a_ticket_needs_no_creation),
        cmocka_unit_test(twelve_events_and_four_clocks_stay_below_a_kibibyte),
        cmocka_unit_test(an_empty_ticket_is_its_header),
        cmocka_unit_test(a_ticket_takes_a_million_events_and_no_more),
        cmocka_unit_test(checkpoints_last_until_an_event_touches_what_they_have_seen),
        cmocka_unit_test(checkpoints_belong_to_one_fingerprint_and_size),
        cmocka_unit_test(checkpoints_move_with_the_block_as_it_grows),
        cmocka_unit_test(a_copy_is_independent),
        cmocka_unit_test(missing_arguments_are_refused),
        cmocka_unit_test(a_ticket_keeps_its_schema),
    };
    return cmocka_run_group_tests(tests, make_schema, free_schema) != 0;
}
