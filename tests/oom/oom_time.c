/*
 * oom_time — every constructor of a zone with each of its allocations failing in turn.
 */
#include "zone_files.h"

static csq_status tzif_scenario(const csq_allocator *allocator)
{
    size_t size;
    unsigned char *bytes = zone_file_bytes("fat", "America/New_York", &size);
    csq_zone *zone = (csq_zone *)&size;
    csq_error error;
    const csq_status status =
        csq_zone_new_tzif(csq_str_of("New York"), bytes, size, allocator, &zone, &error);
    free(bytes);
    assert_true(status == CSQ_OK || (zone == NULL && error.code == CSQ_ENOMEM));
    csq_zone_free(zone);
    return status;
}

static csq_status posix_scenario(const csq_allocator *allocator)
{
    csq_zone *zone = (csq_zone *)&zone;
    const csq_status status = csq_zone_new_posix(csq_str_of("CET-1CEST,M3.5.0,M10.5.0/3"),
                                                 allocator, &zone, NULL);
    assert_true(status == CSQ_OK || zone == NULL);
    csq_zone_free(zone);
    return status;
}

static csq_status fixed_scenario(const csq_allocator *allocator)
{
    csq_zone *zone = (csq_zone *)&zone;
    const csq_status status = csq_zone_new_fixed(-12600, allocator, &zone, NULL);
    assert_true(status == CSQ_OK || zone == NULL);
    csq_zone_free(zone);
    return status;
}

/* A file that is refused behind the allocation leaves nothing. */
static csq_status refused_scenario(const csq_allocator *allocator)
{
    size_t size;
    unsigned char *bytes = zone_file_bytes("slim", "America/New_York", &size);
    csq_zone *zone = (csq_zone *)&size;
    const csq_status status =
        csq_zone_new_tzif(csq_str_of("New York"), bytes, size - 1, allocator, &zone, NULL);
    free(bytes);
    assert_null(zone);
    return status == CSQ_ETZIF ? CSQ_OK : status;
}

static void a_zone_of_tzif_survives(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(tzif_scenario);
}

static void a_zone_of_posix_survives(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(posix_scenario);
}

static void a_fixed_zone_survives(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(fixed_scenario);
}

static void a_refused_file_leaves_nothing(void **state)
{
    (void)state;
    assert_survives_every_allocation_failure(refused_scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_of_tzif_survives),
        cmocka_unit_test(a_zone_of_posix_survives),
        cmocka_unit_test(a_fixed_zone_survives),
        cmocka_unit_test(a_refused_file_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
