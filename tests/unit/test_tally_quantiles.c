/*
 * test_tally_quantiles — quantiles of the times of a tally's rows: which cycles they rest on, rows
 * together, and the contract of a state with them.
 *
 * All expectations are computed by hand. Target: 4 h of office time.
 */
#include "quantiles_support.h"
#include "sla/tally.h"
#include "sla_support.h"

enum { ALL = CSQ_TALLY_ELAPSED | CSQ_TALLY_OVERRUN | CSQ_TALLY_REMAINING };

static void open_world(sla_world *world)
{
    sla_open(world);
    (void)sla_single(world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
}

static csq_tally *tally_keeping(const sla_world *world, uint32_t measures, uint32_t exact_limit)
{
    const csq_tally_options options = {
        .size = sizeof options, .quantiles = measures, .exact_limit = exact_limit};
    csq_tally *tally = NULL;
    assert_status(CSQ_OK, csq_tally_new(world->policies, &options, NULL, &tally, NULL));
    return tally;
}

static void add(csq_tally *tally, const sla_world *world, const char *events)
{
    csq_ticket *ticket = sla_ticket(world->schema, 1, events);
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Fri 20:00"), NULL));
    csq_ticket_free(ticket);
}

static csq_status ask(const csq_tally *tally, uint32_t measure, uint32_t part, csq_quantile *out)
{
    *out = (csq_quantile){.size = sizeof *out};
    return csq_tally_quantile(tally, 0, measure, part, CSQ_QUANTILE_DEFAULT, out, NULL);
}

static csq_quantile quantile_of(const csq_tally *tally, uint32_t measure, uint32_t part)
{
    csq_quantile out;
    assert_status(CSQ_OK, ask(tally, measure, part, &out));
    return out;
}

/* ---- which cycles -------------------------------------------------------------------------- */

/* The worked example of docs/clocks.md. */
static void times_are_those_of_met_and_of_missed_cycles(void **state)
{
    (void)state;
    static const char *const histories[] = {
        "Mon 09:00 created; Mon 10:00 set status=solved", // met, 3 h left
        "Mon 09:00 created; Mon 12:00 set status=solved", // met, 1 h left
        "Mon 09:00 created; Mon 13:00 set status=solved", // met, nothing left
        "Mon 09:00 created; Mon 15:00 set status=solved", // missed by 2 h
        "Fri 09:00 created",                              // open, late by 4 h
        "Fri 15:00 created",                              // open, in time: no time counts
        "Mon 09:00 created; Mon 10:00 set status=spam",   // cancelled: neither
    };
    sla_world world;
    open_world(&world);
    csq_tally *tally = tally_keeping(&world, ALL, 0);
    for (size_t i = 0; i < sizeof histories / sizeof histories[0]; i++) {
        add(tally, &world, histories[i]);
    }
    static const struct {
        uint32_t measure;
        uint64_t count;
        int least;
        int median;
        int p90;
    } rows[] = {{CSQ_TALLY_ELAPSED, 5, 1, 4, 8},
                {CSQ_TALLY_OVERRUN, 2, 2, 2, 4},
                {CSQ_TALLY_REMAINING, 3, 0, 1, 3}};
    for (size_t i = 0; i < 3; i++) {
        const csq_quantile median = quantile_of(tally, rows[i].measure, 500000);
        assert_ms_equal(median.count, rows[i].count);
        assert_ms_equal(median.value, rows[i].median * HOUR_MS);
        assert_int_equal(median.is_exact, 1);
        assert_ms_equal(quantile_of(tally, rows[i].measure, 0).value, rows[i].least * HOUR_MS);
        assert_ms_equal(quantile_of(tally, rows[i].measure, 900000).value, rows[i].p90 * HOUR_MS);
    }
    csq_tally_free(tally);
    sla_close(&world);
}

static void a_target_in_working_days_has_neither_overrun_nor_time_left(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.workdays = 1, .calendar = SLA_OFFICE});
    (void)sla_build(&world);
    csq_tally *tally = tally_keeping(&world, ALL, 0);
    add(tally, &world, "Mon 09:00 created; Mon 10:00 set status=solved");
    add(tally, &world, "Mon 09:00 created; Wed 09:00 set status=solved");
    csq_quantile out;
    assert_ms_equal(quantile_of(tally, CSQ_TALLY_ELAPSED, 1000000).value, 16 * HOUR_MS);
    assert_status(CSQ_ENODATA, ask(tally, CSQ_TALLY_OVERRUN, 0, &out));
    assert_status(CSQ_ENODATA, ask(tally, CSQ_TALLY_REMAINING, 0, &out));
    csq_tally_free(tally);
    sla_close(&world);
}

/* Judged by the instant, with a due that moves to the next opening, Tuesday at nine: the fifth hour
 * was counted around the clock, on a calendar that came in the evening. */
static void the_time_left_of_a_cycle_in_time_can_be_negative(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world,
                     (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                  .breach_compare = CSQ_BREACH_COMPARE_INSTANT,
                                  .due_edge = CSQ_DUE_EDGE_NEXT_OPEN},
                     0);
    csq_tally *tally = tally_keeping(&world, ALL, 0);
    add(tally, &world,
        "Mon 13:00 created calendar=office; Mon 18:00 set calendar=always; "
        "Mon 19:00 set status=solved");
    assert_ms_equal(sla_row(tally, 0).met, 1);
    assert_ms_equal(quantile_of(tally, CSQ_TALLY_ELAPSED, 0).value, 5 * HOUR_MS);
    assert_ms_equal(quantile_of(tally, CSQ_TALLY_REMAINING, 0).value, -HOUR_MS);
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    const csq_tally_options options = {.size = sizeof options, .quantiles = ALL};
    csq_tally *back;
    assert_status(CSQ_OK,
                  csq_tally_decode(world.policies, &options, bytes, size, NULL, &back, NULL));
    assert_true(sla_is_same_tally(back, tally));
    free(bytes);
    csq_tally_free(back);
    csq_tally_free(tally);
    sla_close(&world);
}

/* ---- asking -------------------------------------------------------------------------------- */

static void only_what_was_asked_for_is_kept(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *tally = tally_keeping(&world, CSQ_TALLY_REMAINING, 0);
    add(tally, &world, "Mon 09:00 created; Mon 10:00 set status=solved");
    csq_quantile out;
    csq_error error;
    assert_ms_equal(quantile_of(tally, CSQ_TALLY_REMAINING, 0).value, 3 * HOUR_MS);
    assert_status(CSQ_EINVAL, csq_tally_quantile(tally, 0, CSQ_TALLY_ELAPSED, 0, 0, &out, &error));
    assert_string_equal(error.message, "the tally was not asked to keep quantiles of this measure");
    for (uint32_t measure = 0; measure < 9; measure++) {
        const csq_status status = ask(tally, measure, 0, &out);
        assert_int_equal(status, measure == CSQ_TALLY_REMAINING ? CSQ_OK : CSQ_EINVAL);
    }
    assert_status(CSQ_EINVAL, csq_tally_quantile(NULL, 0, 4, 0, 0, &out, NULL));
    assert_status(CSQ_EINVAL, csq_tally_quantile(tally, 0, 4, 0, 0, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_quantile(tally, 0, 4, 0, 5, &out, NULL));
    assert_status(CSQ_ERANGE, csq_tally_quantile(tally, 0, 4, 1000001, 0, &out, NULL));
    assert_status(CSQ_ERANGE, csq_tally_quantile(tally, 1, 4, 0, 0, &out, &error));
    assert_string_equal(error.message, "row 1, there are 1");
    out.size = 4;
    assert_status(CSQ_EABI, csq_tally_quantile(tally, 0, 4, 0, 0, &out, NULL));
    csq_tally_free(tally);
    sla_close(&world);
}

static void rows_are_told_together_by_a_state_of_the_host(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *tally = tally_keeping(&world, ALL, 0);
    add(tally, &world, "Mon 09:00 created; Mon 10:00 set status=solved");
    add(tally, &world, "Mon 09:00 created priority=high; Mon 14:00 set status=solved");
    assert_int_equal(csq_tally_count(tally), 2);
    csq_quantiles *together = quantiles_with(0, NULL, 0);
    for (uint64_t i = 0; i < 2; i++) {
        assert_status(CSQ_OK, csq_tally_add_quantiles(tally, i, CSQ_TALLY_ELAPSED, together, NULL));
    }
    assert_ms_equal(quantile_at(together, 0, 0).value, HOUR_MS);
    assert_ms_equal(quantile_at(together, 1000000, 0).value, 5 * HOUR_MS);
    csq_quantiles *other = quantiles_with(7, NULL, 0);
    assert_status(CSQ_EMISMATCH, csq_tally_add_quantiles(tally, 0, 1, other, NULL));
    assert_status(CSQ_EINVAL, csq_tally_add_quantiles(tally, 0, 1, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_add_quantiles(NULL, 0, 1, together, NULL));
    assert_status(CSQ_EINVAL, csq_tally_add_quantiles(tally, 0, 3, together, NULL));
    assert_status(CSQ_ERANGE, csq_tally_add_quantiles(tally, 2, 1, together, NULL));
    assert_ms_equal(csq_quantiles_count(together), 2);
    csq_quantiles_free(other);
    csq_quantiles_free(together);
    csq_tally_free(tally);
    sla_close(&world);
}

static void options_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        csq_tally_options options;
        csq_status status;
    } rows[] = {{{.quantiles = 8}, CSQ_EINVAL},
                {{.exact_limit = 5}, CSQ_EINVAL}, // of what?
                {{.quantiles = 1, .exact_limit = CSQ_QUANTILES_EXACT_LIMIT + 1}, CSQ_ELIMIT},
                {{.quantiles = 7, .exact_limit = CSQ_QUANTILES_EXACT_LIMIT}, CSQ_OK}};
    sla_world world;
    open_world(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_tally_options options = rows[i].options;
        options.size = sizeof options;
        csq_tally *tally = NULL;
        assert_status(rows[i].status, csq_tally_new(world.policies, &options, NULL, &tally, NULL));
        csq_tally_free(tally);
    }
    sla_close(&world);
}

static void tallies_that_keep_other_times_do_not_merge(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *const tallies[] = {tally_keeping(&world, 0, 0), tally_keeping(&world, 1, 0),
                                  tally_keeping(&world, 2, 0), tally_keeping(&world, 1, 7)};
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 4; k++) {
            assert_status(i == k ? CSQ_OK : CSQ_EMISMATCH,
                          csq_tally_merge(tallies[i], tallies[k], NULL));
        }
    }
    for (size_t i = 0; i < 4; i++) {
        csq_tally_free(tallies[i]);
    }
    sla_close(&world);
}

/* ---- the contract of a state --------------------------------------------------------------- */

static void subtracting_is_refused_where_values_would_have_to_be_known(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *whole = tally_keeping(&world, CSQ_TALLY_ELAPSED, 2);
    csq_tally *one = tally_keeping(&world, CSQ_TALLY_ELAPSED, 2);
    csq_tally *stranger = tally_keeping(&world, CSQ_TALLY_ELAPSED, 2);
    add(one, &world, "Mon 09:00 created; Mon 10:00 set status=solved");
    add(stranger, &world, "Mon 09:00 created; Mon 09:30 set status=solved");
    add(whole, &world, "Mon 09:00 created; Mon 10:00 set status=solved");
    add(whole, &world, "Mon 09:00 created; Mon 11:00 set status=solved");
    assert_status(CSQ_ESTATE, csq_tally_subtract(whole, stranger, NULL)); // a value not there
    csq_tally *two;
    assert_status(CSQ_OK, csq_tally_copy(whole, &two, NULL));
    add(whole, &world, "Mon 09:00 created; Mon 12:00 set status=solved");
    csq_error error;
    assert_status(CSQ_ESTATE, csq_tally_subtract(whole, one, &error));
    assert_string_equal(error.message, "of the 3 values so few would be left (2) that they would "
                                       "have to be known exactly");
    assert_ms_equal(sla_row(whole, 0).met, 3);
    assert_status(CSQ_OK, csq_tally_subtract(two, one, NULL));
    assert_ms_equal(quantile_of(two, CSQ_TALLY_ELAPSED, 0).value, 2 * HOUR_MS);
    csq_tally *const all[] = {whole, one, stranger, two};
    for (size_t i = 0; i < 4; i++) {
        csq_tally_free(all[i]);
    }
    sla_close(&world);
}

/* Sums that fit do not help where the values are others. */
static void the_same_counts_with_other_times_are_no_part(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *a = tally_keeping(&world, CSQ_TALLY_ELAPSED, 0);
    csq_tally *b = tally_keeping(&world, CSQ_TALLY_ELAPSED, 0);
    add(a, &world, "Mon 09:00 created; Mon 10:00 set status=solved");
    add(a, &world, "Mon 09:00 created; Mon 12:00 set status=solved");
    add(b, &world, "Mon 09:00 created; Mon 11:00 set status=solved");
    add(b, &world, "Mon 09:00 created; Mon 11:00 set status=solved");
    assert_status(CSQ_ESTATE, csq_tally_subtract(a, b, NULL));
    assert_status(CSQ_OK, csq_tally_subtract(a, a, NULL));
    assert_int_equal(csq_tally_count(a), 0);
    csq_tally_free(a);
    csq_tally_free(b);
    sla_close(&world);
}

static void add_ms(csq_tally *tally, const sla_world *world, csq_ms elapsed)
{
    csq_ticket *ticket = test_ticket(world->schema, 1);
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, 0, 0));
    test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, elapsed, 1, CSQ_TICKET_STATUS,
                                    world->stop_statuses[0]));
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, elapsed + 100, NULL));
    csq_ticket_free(ticket);
}

static void open_world_of_ms(sla_world *world, csq_ms within)
{
    sla_open(world);
    (void)sla_single(world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1}, within);
}

/* 1024 to 1031 ms share a bucket; of three times 1024 ms, 1031 ms are no part. */
static void a_sum_that_its_buckets_do_not_allow_is_no_part(void **state)
{
    (void)state;
    sla_world world;
    open_world_of_ms(&world, HOUR_MS);
    csq_tally *whole = tally_keeping(&world, CSQ_TALLY_ELAPSED, 1);
    csq_tally *part = tally_keeping(&world, CSQ_TALLY_ELAPSED, 1);
    csq_tally *stranger = tally_keeping(&world, CSQ_TALLY_ELAPSED, 1);
    for (int i = 0; i < 3; i++) {
        add_ms(whole, &world, 1024);
    }
    add_ms(part, &world, 1024);
    add_ms(stranger, &world, 1031);
    assert_status(CSQ_ESTATE, csq_tally_subtract(whole, stranger, NULL));
    assert_status(CSQ_OK, csq_tally_subtract(whole, part, NULL));
    assert_ms_equal(sla_row(whole, 0).elapsed_ms, 2048);
    csq_tally_free(whole);
    csq_tally_free(part);
    csq_tally_free(stranger);
    sla_close(&world);
}

/* The bytes of a tally with one row, in a right frame, whose times are those given. */
static csq_status decode_times(const csq_tally *tally, const csq_policies *policies,
                               const csq_tally_options *options, const uint8_t *times, size_t n)
{
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq_tally *plain;
    uint64_t size;
    const csq_tally_options none = {.size = sizeof none};
    assert_status(CSQ_OK, csq_tally_new(policies, &none, NULL, &plain, NULL));
    csq__tally_entry *entry =
        csq__tally_entry_of(plain, &((csq__tally_entry *)tally->entries.data)->key);
    *entry = *(const csq__tally_entry *)tally->entries.data;
    assert_status(CSQ_OK, csq__tally_sort(plain, NULL));
    uint8_t *bytes = sla_encoded(plain, &size);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_TALLY, 1, tally->fingerprint);
    for (uint64_t i = CSQ__CODEC_HEADER; i < size - CSQ__CODEC_CHECKSUM; i++) {
        csq__write_u8(&writer, bytes[i]);
    }
    for (size_t i = 0; i < n; i++) {
        csq__write_u8(&writer, times[i]);
    }
    assert_true(csq__write_end(&writer));
    csq_tally *back = plain;
    const csq_status status =
        csq_tally_decode(policies, options, writer.data, writer.size, NULL, &back, NULL);
    assert_true((status == CSQ_OK) == (back != NULL));
    csq_tally_free(back);
    csq_tally_free(plain);
    csq__writer_release(&writer);
    free(bytes);
    return status;
}

static void times_that_do_not_fit_their_row_are_refused(void **state)
{
    (void)state;
    /* One cycle met with 3 ms left, one missed by 5 ms: 17 and 25 of 20 ms. Values are zigzag. */
    static const struct {
        uint8_t times[16];
        size_t n;
        csq_status status;
    } rows[] = {
        {{2, 34, 8, 1, 10, 1, 6}, 7, CSQ_OK},
        {{2, 32, 10, 1, 10, 1, 6}, 7, CSQ_OK},      // 16 + 26 are 42 as well
        {{2, 34, 9, 1, 10, 1, 6}, 7, CSQ_ECORRUPT}, // another sum
        {{2, 1, 43, 1, 10, 1, 6}, 7, CSQ_ECORRUPT}, // less than no time
        {{1, 84, 1, 10, 1, 6}, 6, CSQ_ECORRUPT},    // another count
        {{2, 34, 8, 1, 12, 1, 6}, 7, CSQ_ECORRUPT}, // another overrun
        {{2, 34, 8, 0, 1, 6}, 6, CSQ_ECORRUPT},     // none
        {{2, 34, 8, 1, 10, 1, 8}, 7, CSQ_ECORRUPT}, // another time left
        {{2, 34, 8, 1, 10, 0}, 6, CSQ_ECORRUPT},
        {{2, 34, 8, 1, 10}, 5, CSQ_ECORRUPT}, // cut short
    };
    sla_world world;
    open_world_of_ms(&world, 20);
    const csq_policies *policies = world.policies;
    const csq_tally_options options = {.size = sizeof options, .quantiles = ALL};
    csq_tally *tally;
    assert_status(CSQ_OK, csq_tally_new(policies, &options, NULL, &tally, NULL));
    for (csq_ms elapsed = 17; elapsed <= 25; elapsed += 8) {
        add_ms(tally, &world, elapsed);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_status found = decode_times(tally, policies, &options, rows[i].times, rows[i].n);
        if (found != rows[i].status) {
            print_error("row %zu: %s\n", i, csq_status_name(found));
        }
        assert_int_equal(found, rows[i].status);
    }
    csq_tally_free(tally);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_those_of_met_and_of_missed_cycles),
        cmocka_unit_test(a_target_in_working_days_has_neither_overrun_nor_time_left),
        cmocka_unit_test(the_time_left_of_a_cycle_in_time_can_be_negative),
        cmocka_unit_test(only_what_was_asked_for_is_kept),
        cmocka_unit_test(rows_are_told_together_by_a_state_of_the_host),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(tallies_that_keep_other_times_do_not_merge),
        cmocka_unit_test(subtracting_is_refused_where_values_would_have_to_be_known),
        cmocka_unit_test(the_same_counts_with_other_times_are_no_part),
        cmocka_unit_test(a_sum_that_its_buckets_do_not_allow_is_no_part),
        cmocka_unit_test(times_that_do_not_fit_their_row_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
