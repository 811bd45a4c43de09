/*
 * oom_base — every allocation of the base fails once; objects stay valid and nothing leaks.
 */
#include "base/base_internal.h"
#include "support.h"

static csq_status add_names(csq_vocabulary *vocabulary)
{
    char name[3] = "a?";
    for (uint32_t i = 0; i < 40; i++) {
        name[1] = (char)('0' + i);
        uint32_t code = 0;
        const csq_status status = csq_vocabulary_add(vocabulary, csq_str_of(name), &code, NULL);
        assert_int_equal(code, status == CSQ_OK ? i + 1 : 0);
        if (status != CSQ_OK) {
            // A name that found no memory is not half there.
            assert_int_equal(csq_vocabulary_count(vocabulary), i);
            assert_int_equal(csq_vocabulary_find(vocabulary, csq_str_of(name)), CSQ_CODE_NONE);
            return status;
        }
    }
    return CSQ_OK;
}

static csq_status vocabulary_scenario(const csq_allocator *allocator)
{
    csq_vocabulary *vocabulary = (csq_vocabulary *)(uintptr_t)1;
    csq_error error;
    csq_status status = csq_vocabulary_new(3, allocator, &vocabulary, &error);
    if (status != CSQ_OK) {
        assert_null(vocabulary);
        assert_int_equal(error.code, CSQ_ENOMEM);
        return status;
    }
    status = add_names(vocabulary);
    csq_vocabulary_free(vocabulary);
    return status;
}

static csq_status writer_scenario(const csq_allocator *allocator)
{
    csq__writer writer = {allocator, NULL, 0, 0, false};
    csq__write_begin(&writer, 200, 1, 5);
    for (uint64_t i = 0; i < 300; i++) {
        csq__write_u64(&writer, i);
    }
    const bool is_written = csq__write_end(&writer);
    csq__writer_release(&writer);
    return is_written ? CSQ_OK : CSQ_ENOMEM;
}

static void vocabulary_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(vocabulary_scenario);
}

static void writer_survives_every_failure(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(writer_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vocabulary_survives_every_failure),
        cmocka_unit_test(writer_survives_every_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
