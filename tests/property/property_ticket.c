/*
 * property_ticket — random histories: the order of arrival does not show, bytes read back the
 * same, copies are independent, checkpoints live exactly as long as what they have seen.
 *
 * 100,000 histories of up to 14 events on two schemas whose codes differ.
 */
#include <stdbool.h>

#include "ticket/ticket_internal.h"
#include "ticket_support.h"

enum { N_HISTORIES = 100000, MAX_EVENTS = 14, N_NAMES = 6, ENCODED = 4096 };

static const char *const names[N_NAMES] = {"open", "pending", "solved", "vip", "热线", "z"};
static const uint32_t named[] = {CSQ_TICKET_STATUS, CSQ_TICKET_PRIORITY, CSQ_TICKET_TAGS,
                                 CSQ_TICKET_METRIC, CSQ_TICKET_REASON};

/* The same names with codes from `first` on, in turn. */
static csq_schema *schema_from(int first)
{
    csq_schema *schema = test_schema();
    for (size_t a = 0; a < sizeof named / sizeof named[0]; a++) {
        for (int i = 0; i < N_NAMES; i++) {
            (void)test_code(schema, named[a], names[(first + i) % N_NAMES]);
        }
    }
    return schema;
}

/* A code of the first schema as one of the second, which starts with another name. */
static csq_ticket_event translated(csq_ticket_event event, int first)
{
    const uint32_t a = event.attribute;
    const bool is_named =
        a == CSQ_TICKET_STATUS || a == CSQ_TICKET_PRIORITY || a == CSQ_TICKET_TAGS;
    if (is_named && event.value > 0) {
        event.value = (event.value - 1 + N_NAMES - first) % N_NAMES + 1;
    }
    if (event.subject != 0) {
        event.subject = (event.subject - 1 + N_NAMES - (uint32_t)first) % N_NAMES + 1;
    }
    return event;
}

static csq_ticket_event random_event(uint64_t *seed)
{
    const uint64_t mean_kind = 1 + test_below(seed, 17);
    const uint32_t kind = mean_kind > CSQ_EVENT_INHERIT ? CSQ_EVENT_CHANGE : (uint32_t)mean_kind;
    csq_ticket_event event =
        test_event(kind, (csq_ms)test_below(seed, 8) * 1000, test_below(seed, 20));
    const int64_t code = 1 + (int64_t)test_below(seed, N_NAMES);
    event.author = (uint32_t)test_below(seed, 4);
    event.visibility = (uint32_t)test_below(seed, 3);
    event.joined = (uint32_t)test_below(seed, 2);
    switch (kind) {
    case CSQ_EVENT_CHANGE:
        event.attribute =
            test_below(seed, 4) == 0 ? CSQ_TICKET_LEVEL : named[test_below(seed, 2)];
        event.value = test_below(seed, 5) == 0 ? 0 : code;
        break;
    case CSQ_EVENT_ADD:
    case CSQ_EVENT_REMOVE:
        event.attribute = CSQ_TICKET_TAGS;
        event.value = code;
        break;
    case CSQ_EVENT_EDIT:
        event.value = 1 + (int64_t)test_below(seed, 1000000);
        event.subject = (uint32_t)(code - 1);
        break;
    case CSQ_EVENT_INHERIT:
        event.value = event.at - (int64_t)test_below(seed, 1000000);
        event.subject = (uint32_t)(code - 1);
        break;
    case CSQ_EVENT_PROMISE:
    case CSQ_EVENT_ESCALATE:
        event.value = 2 + (int64_t)(test_random(seed) >> 20);
        event.subject = (uint32_t)(code - 1);
        break;
    case CSQ_EVENT_MERGE:
    case CSQ_EVENT_SPLIT:
        event.value = 2 + (int64_t)(test_random(seed) >> 20);
        break;
    default:
        break;
    }
    return event;
}

/* Applies random events; those that were accepted, in their order of arrival. */
static int random_history(uint64_t *seed, csq_ticket *ticket, csq_ticket_event *accepted)
{
    const int n = (int)test_below(seed, MAX_EVENTS + 1);
    int kept = 0;
    for (int i = 0; i < n; i++) {
        const csq_ticket_event event = random_event(seed);
        const uint64_t before = csq_ticket_count(ticket);
        if (csq_ticket_apply(ticket, &event, NULL) == CSQ_OK &&
            csq_ticket_count(ticket) > before) {
            accepted[kept++] = event;
        }
    }
    return kept;
}

static void shuffle(uint64_t *seed, csq_ticket_event *events, int n)
{
    for (int i = n - 1; i > 0; i--) {
        const int k = (int)test_below(seed, (uint64_t)i + 1);
        const csq_ticket_event held = events[i];
        events[i] = events[k];
        events[k] = held;
    }
}

static uint64_t encode(const csq_ticket *ticket, uint8_t *bytes)
{
    uint64_t size = ENCODED;
    assert_status(CSQ_OK, csq_ticket_encode(ticket, bytes, &size, NULL));
    return size;
}

static void assert_encodes_as(const csq_ticket *ticket, const uint8_t *bytes, uint64_t size)
{
    uint8_t found[ENCODED];
    assert_int_equal(encode(ticket, found), size);
    assert_memory_equal(found, bytes, (size_t)size);
}

static void check_decode(csq_schema *schema, const uint8_t *bytes, uint64_t size)
{
    csq_ticket *back;
    assert_status(CSQ_OK, csq_ticket_decode(schema, bytes, size, NULL, &back, NULL));
    assert_encodes_as(back, bytes, size);
    csq_ticket_free(back);
}

static void check_copy(const csq_ticket *ticket, const uint8_t *bytes, uint64_t size)
{
    csq_ticket *copy;
    assert_status(CSQ_OK, csq_ticket_copy(ticket, &copy, NULL));
    assert_encodes_as(copy, bytes, size);
    const csq_ticket_event event = test_reply(3500, 99, 0, 0);
    (void)csq_ticket_apply(copy, &event, NULL);
    assert_encodes_as(ticket, bytes, size);
    csq_ticket_free(copy);
}

/* Whether `n_seen` events still are what they were, and the next one does not join them. */
static bool is_untouched(const csq_ticket *ticket, const csq__event *seen, size_t n_seen)
{
    size_t n;
    const csq__event *events = csq__ticket_events(ticket, &n);
    for (size_t i = 0; i < n_seen; i++) {
        if (!csq__event_is_same(&events[i], &seen[i])) {
            return false;
        }
    }
    return n_seen == 0 || n_seen == n || !csq__event_joins(&events[n_seen], &events[n_seen - 1]);
}

static void check_checkpoints(csq_schema *schema, const csq_ticket_event *events, int n,
                              uint64_t *seed)
{
    csq_ticket *ticket = test_ticket(schema, 1);
    csq__event seen[MAX_EVENTS];
    size_t n_seen = 0;
    bool is_kept = false;
    for (int i = 0; i < n; i++) {
        test_apply(ticket, events[i]);
        size_t count;
        size_t found_seen;
        const csq__event *log = csq__ticket_events(ticket, &count);
        is_kept = is_kept && is_untouched(ticket, seen, n_seen);
        assert_int_equal(csq__ticket_checkpoint(ticket, 9, 4, &found_seen) != NULL, is_kept);
        const size_t cut = (size_t)test_below(seed, count + 1);
        const bool parts_joined =
            cut > 0 && cut < count && csq__event_joins(&log[cut], &log[cut - 1]);
        if (test_below(seed, 3) == 0 && !parts_joined) {
            memcpy(seen, log, cut * sizeof *log);
            n_seen = cut;
            is_kept = true;
            assert_status(CSQ_OK,
                          csq__ticket_set_checkpoint(ticket, 9, "abc", 4, n_seen, NULL));
        }
    }
    csq_ticket_free(ticket);
}

static void order_of_arrival_codes_and_copies_do_not_show(void **state)
{
    (void)state;
    enum { FIRST = 4 };
    uint64_t seed = 20260101;
    uint64_t n_events = 0;
    csq_schema *schema = schema_from(0);
    csq_schema *other = schema_from(FIRST);
    for (int i = 0; i < N_HISTORIES; i++) {
        csq_ticket_event events[MAX_EVENTS];
        uint8_t bytes[ENCODED];
        csq_ticket *ticket = test_ticket(schema, 1);
        const int n = random_history(&seed, ticket, events);
        const uint64_t size = encode(ticket, bytes);
        n_events += (uint64_t)n;

        shuffle(&seed, events, n);
        csq_ticket *shuffled = test_ticket(other, 1);
        for (int k = 0; k < n; k++) {
            test_apply(shuffled, translated(events[k], FIRST));
            test_apply(shuffled, translated(events[test_below(&seed, (uint64_t)k + 1)], FIRST));
        }
        assert_int_equal(csq_ticket_count(shuffled), n);
        assert_encodes_as(shuffled, bytes, size);
        check_decode(schema, bytes, size);
        check_decode(other, bytes, size);
        check_copy(ticket, bytes, size);
        check_checkpoints(schema, events, n, &seed);
        csq_ticket_free(shuffled);
        csq_ticket_free(ticket);
    }
    assert_true(n_events > 3 * N_HISTORIES); // most histories have some events
    csq_schema_free(other);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_arrival_codes_and_copies_do_not_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
