/*
 * test_hash — SipHash-1-3 and the table of small integers.
 */
#include "base/base_internal.h"
#include "support.h"

/*
 * Input 00 01 02 ..., key 00 01 ... 0f. Computed by an independent program that gives
 * a129ca6149be45e5 for SipHash-2-4 of 15 bytes (appendix A of the paper); length 0 is also the
 * first vector of Rust's test_siphash_1_3.
 */
static void hash_is_siphash_1_3(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uint64_t hash;
    } rows[] = {
        {0, 0xabac0158050fc4dcU},  {1, 0xc9f49bf37d57ca93U},  {2, 0x82cb9b024dc7d44dU},
        {7, 0xd3927d989bb11140U},  {8, 0x369095118d299a8eU},  {9, 0x25a48eb36c063de4U},
        {15, 0xd320d86d2a519956U}, {16, 0xcc4fdd1a7d908b66U}, {17, 0x9cf2689063dbd80cU},
        {63, 0x9d199062b7bbb3a8U},
    };
    unsigned char bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)i;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(csq__hash(bytes, rows[i].size, 0x0706050403020100U, 0x0f0e0d0c0b0a0908U) ==
                    rows[i].hash);
    }
}

/* With PYTHONHASHSEED=0, CPython 3.11 hashes bytes by SipHash-1-3 with the key 0. */
static void hash_with_key_0_is_that_of_cpython(void **state)
{
    (void)state;
    assert_true(csq__hash("libcsq", 6, 0, 0) == 0xb01076dac34cc9b1U);
    assert_true(csq__hash(NULL, 0, 0, 0) == 0xd1fba762150c532cU);
}

/* The owner's keys of the table below: value v has the key v * 7. */
static bool key_matches(const void *user, uint32_t value)
{
    return *(const uint32_t *)user == value * 7;
}

static uint64_t hash_spread(uint32_t value)
{
    return value * 0x9E3779B97F4A7C15U;
}

static uint64_t hash_of_all(uint32_t value)
{
    (void)value;
    return 3;
}

static void fill_and_find(uint64_t (*hash)(uint32_t), uint32_t n)
{
    test_memory counter = {0, -1, 0, 0, 0};
    const csq_allocator memory = test_allocator(&counter);
    csq__table table = {0};
    for (uint32_t value = 1; value <= n; value++) {
        const uint32_t key = value * 7;
        assert_int_equal(csq__table_find(&table, hash(value), key_matches, &key), 0);
        assert_true(csq__table_add(&table, &memory, hash(value), value));
    }
    assert_int_equal(table.n, n);
    for (uint32_t value = 1; value <= n; value++) {
        const uint32_t key = value * 7;
        assert_int_equal(csq__table_find(&table, hash(value), key_matches, &key), value);
    }
    csq__table_release(&table, &memory);
    assert_int_equal(counter.live_bytes, 0);
}

static void the_table_finds_what_was_added(void **state)
{
    (void)state;
    fill_and_find(hash_spread, 5000);
}

static void equal_hashes_are_told_apart_by_their_keys(void **state)
{
    (void)state;
    fill_and_find(hash_of_all, 200);
}

/* Homes anywhere in the table, so that runs also wrap around its end. */
static void what_is_taken_out_hides_nothing_that_stays(void **state)
{
    (void)state;
    test_memory counter = {0, -1, 0, 0, 0};
    const csq_allocator memory = test_allocator(&counter);
    uint64_t seed = 5;
    for (size_t round = 0; round < 2000; round++) {
        const uint32_t n = (uint32_t)test_below(&seed, 48);
        const uint32_t last = (uint32_t)test_below(&seed, n + 1);
        uint64_t hashes[48];
        csq__table table = {0};
        for (uint32_t i = 1; i <= n; i++) {
            const uint32_t value = round % 2 == 0 ? i : n + 1 - i;
            hashes[value] = 60 + test_below(&seed, 8); // of 64 slots at most
            assert_true(csq__table_add(&table, &memory, hashes[value], value));
        }
        csq__table_remove_above(&table, last);
        assert_int_equal(table.n, last);
        for (uint32_t value = 1; value <= n; value++) {
            const uint32_t key = value * 7;
            assert_int_equal(csq__table_find(&table, hashes[value], key_matches, &key),
                             value <= last ? value : 0);
        }
        csq__table_release(&table, &memory);
    }
    assert_int_equal(counter.live_bytes, 0);
}

/* One after the other, in any order; some are renamed on the way. */
static void single_values_are_taken_out_and_replaced(void **state)
{
    (void)state;
    test_memory counter = {0, -1, 0, 0, 0};
    const csq_allocator memory = test_allocator(&counter);
    uint64_t seed = 6;
    for (size_t round = 0; round < 2000; round++) {
        const uint32_t n = 1 + (uint32_t)test_below(&seed, 40);
        uint64_t hashes[101];
        bool is_there[101] = {false};
        csq__table table = {0};
        for (uint32_t value = 1; value <= n; value++) {
            hashes[value] = 60 + test_below(&seed, 8);
            is_there[value] = true;
            assert_true(csq__table_add(&table, &memory, hashes[value], value));
        }
        for (uint32_t i = 0; i < n; i++) {
            const uint32_t value = 1 + (uint32_t)test_below(&seed, n);
            if (is_there[value] && i % 3 == 0) {
                csq__table_replace(&table, hashes[value], value, value + 60);
                hashes[value + 60] = hashes[value];
                is_there[value + 60] = true;
                is_there[value] = false;
            } else if (is_there[value]) {
                csq__table_remove(&table, hashes[value], value);
                is_there[value] = false;
            }
        }
        for (uint32_t value = 1; value <= 100; value++) {
            const uint32_t key = value * 7;
            if (value <= n || is_there[value]) {
                assert_int_equal(csq__table_find(&table, hashes[value], key_matches, &key),
                                 is_there[value] ? value : 0);
            }
        }
        csq__table_release(&table, &memory);
    }
    assert_int_equal(counter.live_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hash_is_siphash_1_3),
        cmocka_unit_test(hash_with_key_0_is_that_of_cpython),
        cmocka_unit_test(the_table_finds_what_was_added),
        cmocka_unit_test(equal_hashes_are_told_apart_by_their_keys),
        cmocka_unit_test(what_is_taken_out_hides_nothing_that_stays),
        cmocka_unit_test(single_values_are_taken_out_and_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
