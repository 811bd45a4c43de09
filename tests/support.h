/*
 * support — helpers that every test may use: cmocka with its headers, an allocator that counts and
 * fails on demand, comparison of doubles and of errors.
 */
#ifndef CSQ_TESTS_SUPPORT_H
#define CSQ_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "csq/base.h"

/* Asserts a status and shows the message of the error when it is another one. */
#define assert_status(expected, call)                                                              \
    do {                                                                                           \
        const int status_found_ = (int)(call);                                                     \
        if (status_found_ != (int)(expected)) {                                                    \
            print_error("%s: got %s, expected %s\n", #call, csq_status_name(status_found_),        \
                        csq_status_name((int32_t)(expected)));                                     \
        }                                                                                          \
        assert_int_equal(status_found_, (int)(expected));                                          \
    } while (0)

#define assert_ms_equal(found, expected)                                                           \
    do {                                                                                           \
        const long long found_ = (long long)(found);                                               \
        const long long expected_ = (long long)(expected);                                         \
        if (found_ != expected_) {                                                                 \
            print_error("%s: got %lld, expected %lld\n", #found, found_, expected_);               \
        }                                                                                          \
        assert_true(found_ == expected_);                                                          \
    } while (0)

/* An allocator that fails at one call (counted from 0, `fail_at` < 0: never) and knows what is
 * alive. With `fail_after`, every later call fails too. */
typedef struct test_memory {
    long calls;
    long fail_at;
    int fail_after;
    size_t live_bytes;
    long live_blocks;
} test_memory;

static inline void *test_reallocate(void *user, void *block, size_t old_size, size_t new_size)
{
    test_memory *memory = user;
    if (new_size == 0) {
        if (block != NULL) {
            memory->live_blocks--;
            memory->live_bytes -= old_size;
            free(block);
        }
        return NULL;
    }
    const long call = memory->calls++;
    if (memory->fail_at >= 0 &&
        (call == memory->fail_at || (memory->fail_after && call > memory->fail_at))) {
        return NULL;
    }
    void *fresh = realloc(block, new_size);
    assert_non_null(fresh);
    memory->live_blocks += block == NULL;
    memory->live_bytes += new_size - (block == NULL ? 0 : old_size);
    return fresh;
}

static inline csq_allocator test_allocator(test_memory *memory)
{
    const csq_allocator allocator = {test_reallocate, memory};
    return allocator;
}

/*
 * Runs `scenario` with the first, second, … allocation failing until it succeeds. The scenario
 * returns CSQ_OK or CSQ_ENOMEM and frees all that it made; nothing may stay alive.
 */
static inline void assert_survives_every_allocation_failure(
    csq_status (*scenario)(const csq_allocator *allocator))
{
    for (int fail_after = 0; fail_after < 2; fail_after++) {
        csq_status status = CSQ_ENOMEM;
        for (long n = 0; status != CSQ_OK; n++) {
            assert_true(n < 100000);
            test_memory memory = {0, n, fail_after, 0, 0};
            const csq_allocator allocator = test_allocator(&memory);
            status = scenario(&allocator);
            assert_true(status == CSQ_OK || status == CSQ_ENOMEM);
            assert_true(status == CSQ_ENOMEM || memory.calls <= n);
            assert_int_equal(memory.live_blocks, 0);
            assert_int_equal(memory.live_bytes, 0);
        }
    }
}

/* SplitMix64 (Steele, Lea, Flood 2014): the seeded random numbers of the property tests. */
static inline uint64_t test_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
}

/* A number in [0, n). */
static inline uint64_t test_below(uint64_t *state, uint64_t n)
{
    return test_random(state) % n;
}

#endif
