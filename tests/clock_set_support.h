/*
 * clock_set_support — clock sets in a few words, for tests: events by ticket, what a take told.
 */
#ifndef CSQ_TESTS_CLOCK_SET_SUPPORT_H
#define CSQ_TESTS_CLOCK_SET_SUPPORT_H

#include "csq/sla_live.h"
#include "sla_support.h"

static inline csq_clock_set *live_set(csq_policies *policies)
{
    const csq_clock_set_options options = {.size = sizeof options, .seed = 11};
    csq_clock_set *set;
    assert_status(CSQ_OK, csq_clock_set_new(policies, &options, NULL, &set, NULL));
    return set;
}

/* Applies events written as sla_read_events reads them, with sequences from `first` on. */
static inline void live_tell(csq_clock_set *set, csq_schema *schema, uint64_t ticket,
                             uint64_t first, const char *text)
{
    csq_ticket_event events[SLA_LOG_LIMIT];
    sla_log log = {schema, events, 0, SLA_LOG_LIMIT};
    sla_read_events(&log, text);
    for (uint32_t i = 0; i < log.n; i++) {
        events[i].sequence += first;
        assert_status(CSQ_OK, csq_clock_set_apply(set, ticket, &events[i], NULL));
    }
}

static inline uint64_t live_take(csq_clock_set *set, const char *when)
{
    uint64_t n = 99;
    assert_status(CSQ_OK, csq_clock_set_take(set, sla_at(when), &n, NULL));
    return n;
}

static inline csq_notice live_notice(const csq_clock_set *set, uint64_t index)
{
    csq_notice notice = {.size = sizeof notice};
    assert_status(CSQ_OK, csq_clock_set_notice(set, index, &notice, NULL));
    return notice;
}

/* The next instant, or CSQ_MS_NONE. */
static inline csq_ms live_next(const csq_clock_set *set)
{
    csq_ms at = 99;
    uint64_t ticket = 99;
    const csq_status status = csq_clock_set_next(set, &at, &ticket, NULL);
    assert_true(status == CSQ_OK || (status == CSQ_ENODATA && at == 99 && ticket == 99));
    return status == CSQ_OK ? at : CSQ_MS_NONE;
}

/* The encoded set in memory that the caller frees with free(). */
static inline uint8_t *live_encoded(const csq_clock_set *set, uint64_t *size)
{
    *size = 0;
    assert_status(CSQ_OK, csq_clock_set_encode(set, NULL, size, NULL));
    uint8_t *bytes = malloc((size_t)*size);
    assert_non_null(bytes);
    assert_status(CSQ_OK, csq_clock_set_encode(set, bytes, size, NULL));
    return bytes;
}

static inline void assert_same_sets(const csq_clock_set *a, const csq_clock_set *b)
{
    uint64_t size_a;
    uint64_t size_b;
    uint8_t *bytes_a = live_encoded(a, &size_a);
    uint8_t *bytes_b = live_encoded(b, &size_b);
    assert_ms_equal(size_a, size_b);
    assert_memory_equal(bytes_a, bytes_b, (size_t)size_a);
    free(bytes_a);
    free(bytes_b);
}

#define assert_notice(found, a_ticket, a_change, a_step, when)                                     \
    do {                                                                                           \
        const csq_notice notice_ = (found);                                                        \
        assert_ms_equal(notice_.ticket, (a_ticket));                                               \
        assert_int_equal(notice_.change, (a_change));                                              \
        assert_int_equal(notice_.step, (a_step));                                                  \
        assert_ms_equal(notice_.at, (when));                                                       \
    } while (0)

#endif
