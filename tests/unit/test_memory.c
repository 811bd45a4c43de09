/*
 * test_memory — the allocator callback, growable arrays, counted objects, size-first structs.
 */
#include "base/base_internal.h"
#include "support.h"

static void no_allocator_means_that_of_the_c_library(void **state)
{
    (void)state;
    const csq_allocator none = {NULL, NULL};
    const csq_allocator *given[] = {NULL, &none};
    for (size_t i = 0; i < 2; i++) {
        const csq_allocator memory = csq__allocator_or_default(given[i]);
        char *block = csq__allocate_zeroed(&memory, 16);
        assert_non_null(block);
        assert_int_equal(block[15], 0);
        block[0] = 'x';
        block = csq__reallocate(&memory, block, 16, 64);
        assert_non_null(block);
        assert_int_equal(block[0], 'x');
        csq__release(&memory, block, 64);
        csq__release(&memory, NULL, 0);
    }
}

static void sizes_that_overflow_are_no_memory(void **state)
{
    (void)state;
    test_memory counter = {0, -1, 0, 0, 0};
    const csq_allocator memory = test_allocator(&counter);
    assert_null(csq__allocate_array(&memory, SIZE_MAX / 4 + 1, 4));
    assert_null(csq__copy_text(&memory, (csq_str){"", UINT64_MAX}));
    csq__array array = {0};
    assert_false(csq__array_reserve(&array, &memory, SIZE_MAX / 8 + 1, 8));
    assert_int_equal(counter.calls, 0);
    void *block = csq__allocate_array(&memory, 0, 8);
    assert_non_null(block);
    csq__release(&memory, block, 8);
    assert_int_equal(counter.live_blocks, 0);
}

static void an_array_keeps_what_was_pushed(void **state)
{
    (void)state;
    test_memory counter = {0, -1, 0, 0, 0};
    const csq_allocator memory = test_allocator(&counter);
    csq__array array = {0};
    for (int64_t i = 0; i < 1000; i++) {
        assert_non_null(csq__array_push(&array, &memory, i % 2 == 0 ? &i : NULL, sizeof i));
    }
    assert_int_equal(array.n, 1000);
    for (int64_t i = 0; i < 1000; i++) {
        assert_ms_equal(((const int64_t *)array.data)[i], i % 2 == 0 ? i : 0);
    }
    assert_true(counter.calls < 20); // grows by a factor, not by one
    csq__array_release(&array, &memory, sizeof(int64_t));
    assert_int_equal(counter.live_bytes, 0);
    assert_null(array.data);
}

static void a_copy_of_text_ends_with_nul(void **state)
{
    (void)state;
    const csq_allocator memory = csq__allocator_or_default(NULL);
    char *copy = csq__copy_text(&memory, (csq_str){"abcdef", 3});
    assert_string_equal(copy, "abc");
    csq__release(&memory, copy, 4);
    copy = csq__copy_text(&memory, (csq_str){NULL, 0});
    assert_string_equal(copy, "");
    csq__release(&memory, copy, 1);
}

static void the_last_owner_destroys(void **state)
{
    (void)state;
    csq__count count;
    csq__count_init(&count);
    csq__count_retain(&count);
    assert_false(csq__count_release(&count));
    assert_true(csq__count_release(&count));
}

/* A struct as a later release has it, and as the first one had it. */
typedef struct grown_struct {
    uint32_t size;
    uint32_t a;
    uint64_t b;
} grown_struct;

enum { FIRST_SIZE = 8 };

typedef struct newer_struct {
    grown_struct known;
    uint64_t unknown;
} newer_struct;

static void a_missing_struct_is_all_defaults(void **state)
{
    (void)state;
    grown_struct out;
    memset(&out, 0xA5, sizeof out);
    assert_status(CSQ_OK, csq__struct_read(NULL, FIRST_SIZE, &out, sizeof out, NULL));
    assert_int_equal(out.size, sizeof out);
    assert_int_equal(out.a, 0);
    assert_int_equal(out.b, 0);
}

static void an_older_struct_is_completed_with_zeros(void **state)
{
    (void)state;
    const grown_struct in = {FIRST_SIZE, 3, 99};
    grown_struct out;
    assert_status(CSQ_OK, csq__struct_read(&in, FIRST_SIZE, &out, sizeof out, NULL));
    assert_int_equal(out.size, sizeof out);
    assert_int_equal(out.a, 3);
    assert_int_equal(out.b, 0);
}

static void a_newer_struct_is_read_if_its_tail_is_zero(void **state)
{
    (void)state;
    newer_struct in = {{sizeof in, 3, 4}, 0};
    grown_struct out;
    csq_error error;
    assert_status(CSQ_OK, csq__struct_read(&in, FIRST_SIZE, &out, sizeof out, &error));
    assert_int_equal(out.b, 4);
    assert_int_equal(out.size, sizeof out);
    ((unsigned char *)&in.unknown)[5] = 1;
    assert_status(CSQ_EABI_NEWER, csq__struct_read(&in, FIRST_SIZE, &out, sizeof out, &error));
    assert_int_equal(error.field, offsetof(newer_struct, unknown) + 5);
}

static void an_element_is_not_longer_than_its_stride(void **state)
{
    (void)state;
    const newer_struct in = {{sizeof in, 3, 4}, 0};
    grown_struct out;
    csq_error error;
    assert_status(CSQ_OK, csq__element_read(&in, sizeof in, FIRST_SIZE, &out, sizeof out, &error));
    assert_int_equal(out.b, 4);
    assert_status(CSQ_EABI,
                  csq__element_read(&in, sizeof in - 1, FIRST_SIZE, &out, sizeof out, &error));
    assert_int_equal(error.field, 0);
}

static void a_size_that_no_release_had_is_refused(void **state)
{
    (void)state;
    const uint32_t sizes[] = {0, 4, FIRST_SIZE - 1, 4097, UINT32_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const grown_struct in = {sizes[i], 1, 2};
        grown_struct out;
        grown_struct result = {sizes[i], 1, 2};
        csq_error error;
        assert_status(CSQ_EABI, csq__struct_read(&in, FIRST_SIZE, &out, sizeof out, &error));
        assert_int_equal(error.field, 0);
        assert_status(CSQ_EABI, csq__struct_write(&result, FIRST_SIZE, &in, sizeof in, &error));
        assert_int_equal(result.b, 2);
    }
}

static void a_result_fills_what_the_caller_holds(void **state)
{
    (void)state;
    const grown_struct ours = {sizeof ours, 3, 4};
    grown_struct older = {FIRST_SIZE, 9, 9};
    assert_status(CSQ_OK, csq__struct_write(&older, FIRST_SIZE, &ours, sizeof ours, NULL));
    assert_int_equal(older.size, FIRST_SIZE);
    assert_int_equal(older.a, 3);
    assert_int_equal(older.b, 9); // behind the end of the caller's struct
    newer_struct newer = {{sizeof newer, 9, 9}, 9};
    assert_status(CSQ_OK, csq__struct_write(&newer, FIRST_SIZE, &ours, sizeof ours, NULL));
    assert_int_equal(newer.known.size, sizeof newer);
    assert_int_equal(newer.known.b, 4);
    assert_int_equal(newer.unknown, 0);
    assert_status(CSQ_EINVAL, csq__struct_write(NULL, FIRST_SIZE, &ours, sizeof ours, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_allocator_means_that_of_the_c_library),
        cmocka_unit_test(sizes_that_overflow_are_no_memory),
        cmocka_unit_test(an_array_keeps_what_was_pushed),
        cmocka_unit_test(a_copy_of_text_ends_with_nul),
        cmocka_unit_test(the_last_owner_destroys),
        cmocka_unit_test(a_missing_struct_is_all_defaults),
        cmocka_unit_test(an_older_struct_is_completed_with_zeros),
        cmocka_unit_test(a_newer_struct_is_read_if_its_tail_is_zero),
        cmocka_unit_test(an_element_is_not_longer_than_its_stride),
        cmocka_unit_test(a_size_that_no_release_had_is_refused),
        cmocka_unit_test(a_result_fills_what_the_caller_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
