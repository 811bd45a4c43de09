/*
 * test_tally_edges — tallies that nobody counted: parts that are no parts, rows that cannot be, and
 * bytes that were made to be slow.
 */
#include "sla/tally.h"
#include "sla_support.h"

#include <stdio.h>
#include <time.h>

enum { EDGE_ROWS = 100000 };

/* Resolution within 4 h of office time; the second policy is for working days. */
static void open_world(sla_world *world)
{
    sla_open(world);
    csq_condition *is_plain =
        sla_condition(world->schema, CSQ_TICKET_PRIORITY, CSQ_TEST_ABSENT, 0);
    (void)sla_add_metric(world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    (void)sla_add_policy(world, "time", is_plain);
    sla_add_target(world, (csq_target){.within_ms = 4 * HOUR_MS});
    (void)sla_add_policy(world, "days", NULL);
    sla_add_target(world, (csq_target){.workdays = 1});
    (void)sla_build(world);
    csq_condition_free(is_plain);
}

static csq_tally *tally_of(const sla_world *world, uint32_t period)
{
    const csq_tally_options options = {.size = sizeof options, .period = period};
    csq_tally *tally;
    assert_status(CSQ_OK, csq_tally_new(world->policies, &options, NULL, &tally, NULL));
    return tally;
}

/* ---- lateness by instants ------------------------------------------------------------------- */

/* Due at closing time, shown at the next opening of the calendar on which it was due, whatever
 * calendar the ticket was moved to since. */
static void what_is_late_by_instants_is_counted_as_it_is_answered(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        uint64_t missed;
    } rows[] = {
        {"Mon 13:00 created; Mon 17:00 set status=solved", 0},
        {"Mon 13:00 created; Tue 09:00 set status=solved", 0},
        {"Mon 13:00 created; Tue 09:01 set status=solved", 1},
        {"Mon 12:00 created; Mon 16:30 set status=solved", 1},
        {"Mon 12:00 created; Mon 16:30 set calendar=early; Mon 16:45 set status=solved", 1},
        {"Mon 13:00 created; Mon 17:30 set calendar=always; Tue 09:00 set status=solved", 0},
        {"Mon 13:00 created; Mon 17:30 set calendar=always; Tue 09:01 set status=solved", 1},
    };
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world,
                     (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                  .due_edge = CSQ_DUE_EDGE_NEXT_OPEN,
                                  .breach_compare = CSQ_BREACH_COMPARE_INSTANT},
                     0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_tally *tally = tally_of(&world, CSQ_PERIOD_NONE);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        const csq_ms now = sla_at("Fri 12:00");
        assert_status(CSQ_OK, csq_tally_add(tally, ticket, now, NULL));
        assert_ms_equal(sla_row(tally, 0).missed, rows[i].missed);
        assert_ms_equal(sla_row(tally, 0).met, 1 - rows[i].missed);
        assert_int_equal(sla_answer(world.policies, ticket, 0, now).breached, rows[i].missed);
        csq_ticket_free(ticket);
        csq_tally_free(tally);
    }
    sla_close(&world);
}

/* ---- parts --------------------------------------------------------------------------------- */

/* A resolution that took so many hours of Monday; 0: open at its end, an hour late. */
static void add_resolution(csq_tally *tally, const sla_world *world, char hours)
{
    char events[64];
    const int n = hours - '0';
    snprintf(events, sizeof events,
             n == 0 ? "Mon 12:00 created" : "Mon 09:00 created; Mon %02d:00 set status=solved",
             9 + n);
    csq_ticket *ticket = sla_ticket(world->schema, 1, events);
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Mon 17:00"), NULL));
    csq_ticket_free(ticket);
}

/* The target is 4 h. */
static void what_leaves_an_impossible_rest_is_no_part(void **state)
{
    (void)state;
    static const struct {
        const char *whole; /* hours of each resolution */
        const char *part;
        csq_status status;
    } rows[] = {
        {"158", "15", CSQ_OK},
        {"158", "158", CSQ_OK},
        {"18", "55", CSQ_ESTATE},   // more were late
        {"061", "55", CSQ_ESTATE},  // of the rest none is late, but one is open and late
        {"118", "3", CSQ_ESTATE},   // the late one of 7 h and one in time cannot have overrun by 4
        {"11", "12", CSQ_ESTATE},   // as many, but longer
        {"111", "4", CSQ_ESTATE},   // leaves two that took less than no time
        {"57", "6", CSQ_ESTATE},    // overran by 4 h, 3 at most; less 2 h, one by 3 is not left
        {"77", "5", CSQ_ESTATE},    // 5 h, 3 at most, in one
        {"1", "8", CSQ_ESTATE},     // another kind of cycle
        {"158", "8", CSQ_ESTATE},   // holds the maximum
    };
    sla_world world;
    open_world(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_tally *whole = tally_of(&world, 0);
        csq_tally *part = tally_of(&world, 0);
        csq_tally *before;
        for (const char *c = rows[i].whole; *c != '\0'; c++) {
            add_resolution(whole, &world, *c);
        }
        for (const char *c = rows[i].part; *c != '\0'; c++) {
            add_resolution(part, &world, *c);
        }
        assert_status(CSQ_OK, csq_tally_copy(whole, &before, NULL));
        const csq_status status = csq_tally_subtract(whole, part, NULL);
        if (status != rows[i].status) {
            print_error("%s less %s\n", rows[i].whole, rows[i].part);
        }
        assert_status(rows[i].status, status);
        if (status == CSQ_OK) {
            assert_status(CSQ_OK, csq_tally_merge(whole, part, NULL));
        }
        assert_true(sla_is_same_tally(whole, before));
        csq_tally_free(whole);
        csq_tally_free(part);
        csq_tally_free(before);
    }
    sla_close(&world);
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* A row as it stands in the bytes of a tally without attributes; metric and policy are 0 or 1. */
typedef struct written_row {
    uint64_t policy;
    int64_t target;
    uint64_t workdays;
    int64_t period_from;
    uint64_t counts[5]; /* met, missed, open, late_open, cancelled */
    int64_t sums[4];    /* elapsed, paused, overrun, overrun_max */
    const char *due;
    uint64_t promises[5]; /* promised, kept_original, kept_latest, re_promised, estimates */
    int64_t errors[2];    /* signed, without sign */
} written_row;

static void write_row(csq__writer *writer, const written_row *row)
{
    csq__write_varint(writer, 0);
    csq__write_varint(writer, row->policy);
    csq__write_signed(writer, row->target);
    csq__write_varint(writer, row->workdays);
    csq__write_text(writer, csq_str_of(row->due == NULL ? "" : row->due));
    csq__write_signed(writer, row->period_from);
    for (size_t i = 0; i < 5; i++) {
        csq__write_varint(writer, row->counts[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        csq__write_signed(writer, row->sums[i]);
    }
    for (size_t i = 0; row->due != NULL && i < 5; i++) {
        csq__write_varint(writer, row->promises[i]);
    }
    for (size_t i = 0; row->due != NULL && i < 2; i++) {
        csq__write_signed(writer, row->errors[i]);
    }
}

static csq_status decode_rows(const sla_world *world, uint32_t period, const written_row *rows,
                              size_t n, uint64_t *n_found)
{
    const csq_tally_options options = {.size = sizeof options, .period = period};
    const csq_allocator memory = csq__allocator_or_default(NULL);
    csq_tally *tally = tally_of(world, period);
    csq__writer writer = {.allocator = &memory};
    csq__write_begin(&writer, CSQ__KIND_TALLY, 1, tally->fingerprint);
    csq__write_varint(&writer, n);
    for (size_t i = 0; i < n; i++) {
        write_row(&writer, &rows[i]);
    }
    assert_true(csq__write_end(&writer));
    csq_tally_free(tally);
    const csq_status status = csq_tally_decode(world->policies, &options, writer.data, writer.size,
                                               NULL, &tally, NULL);
    *n_found = csq_tally_count(tally);
    csq_tally_free(tally);
    csq__writer_release(&writer);
    return status;
}

enum { DAY = CSQ_PERIOD_DAY };
#define NONE CSQ_MS_NONE
#define NO_DUE NULL, {0}, {0}
static const struct {
    const char *rule;
    uint32_t period;
    csq_status status;
    written_row row;
} row_cases[] = {
    {"met", 0, CSQ_OK, {0, 4, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"late and open", 0, CSQ_OK, {0, 4, 0, NONE, {0, 1, 0, 1, 0}, {9, 0, 5, 5}, NO_DUE}},
    {"late by an instant", 0, CSQ_OK, {0, 4, 0, NONE, {0, 1, 0, 0, 0}, {4, 0, 0, 0}, NO_DUE}},
    {"open", 0, CSQ_OK, {0, 4, 0, NONE, {0, 0, 1, 0, 0}, {0, 0, 0, NONE}, NO_DUE}},
    {"working days", 0, CSQ_OK, {1, 0, 1, NONE, {0, 1, 0, 0, 1}, {3, 1, 0, NONE}, NO_DUE}},
    {"a period", DAY, CSQ_OK, {0, 4, 0, 0, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"a period without periods", 0, CSQ_ECORRUPT,
     {0, 4, 0, 0, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"no period with periods", DAY, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"no target", 0, CSQ_ECORRUPT, {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"a target below 0", 0, CSQ_ECORRUPT,
     {0, -4, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"both kinds of target", 0, CSQ_ECORRUPT,
     {1, 4, 1, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"working days and less than no time", 0, CSQ_ECORRUPT,
     {1, -4, 1, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
    {"a maximum above the sum", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {0, 2, 0, 0, 0}, {20, 0, 5, 6}, NO_DUE}},
    {"a sum above so many maxima", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {0, 2, 0, 0, 0}, {20, 0, 5, 2}, NO_DUE}},
    {"late, without a maximum", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {0, 1, 0, 0, 0}, {9, 0, 5, NONE}, NO_DUE}},
    {"in time, with a maximum", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, 0}, NO_DUE}},
    {"an overrun of working days", 0, CSQ_ECORRUPT,
     {1, 0, 1, NONE, {0, 1, 0, 0, 0}, {3, 1, 2, 2}, NO_DUE}},
    {"nothing counted", 0, CSQ_ECORRUPT, {0, 4, 0, NONE, {0, 0, 0, 0, 0}, {0, 0, 0, NONE}, NO_DUE}},
    {"sums of what is not judged", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {0, 0, 1, 0, 1}, {3, 0, 0, NONE}, NO_DUE}},
    {"pauses of what is not judged", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {0, 0, 1, 0, 0}, {0, 3, 0, NONE}, NO_DUE}},
    {"more open and late than late", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {1, 1, 0, 2, 0}, {9, 0, 5, 5}, NO_DUE}},
    {"less than no time", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {1, 0, 0, 0, 0}, {-3, 0, 0, NONE}, NO_DUE}},
    {"overran by more than it took", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {0, 1, 0, 0, 0}, {4, 0, 5, 5}, NO_DUE}},
    {"two promises, the first broken by 8, the second kept with 2 to spare", 0, CSQ_OK,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 1, 1, 2}, {6, 10}}},
    {"due at what is no instant", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "status", {1, 1, 1, 0, 1}, {0, 0}}},
    {"due at nothing that is known", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "oath", {1, 1, 1, 0, 1}, {0, 0}}},
    {"a due instant and a time", 0, CSQ_ECORRUPT,
     {0, 4, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 1, 1, 0, 1}, {0, 0}}},
    {"a due instant and working days", 0, CSQ_ECORRUPT,
     {0, 0, 1, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 1, 1, 0, 1}, {0, 0}}},
    {"more cycles with promises than judged", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {2, 1, 1, 0, 1}, {0, 0}}},
    {"more kept first than promised", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {2, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 2, 1, 0, 2}, {0, 0}}},
    {"more kept last than promised", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {2, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 1, 2, 0, 2}, {0, 0}}},
    {"kept, although still open", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {0, 1, 0, 1, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 1, 0, 1}, {0, 0}}},
    {"promised again, never promised", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {0, 0, 0, 1, 0}, {0, 0}}},
    {"more estimates than promises", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 0, 0, 2}, {0, 0}}},
    {"kept without an estimate", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 1, 0, 0, 0}, {0, 0}}},
    {"errors of no estimate", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {0, 1, 0, 1, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 0, 0, 0}, {4, 4}}},
    {"errors above their size", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 0, 0, 1}, {5, 3}}},
    {"errors below their size", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 0, 0, 1}, {-5, 3}}},
    {"a size below 0", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 0, 0, 0, 1}, {0, -2}}},
    {"an odd part of both signs", 0, CSQ_ECORRUPT,
     {0, 0, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, "promise", {1, 1, 1, 0, 1}, {-2, 3}}},
    {"no such policy", 0, CSQ_ECORRUPT, {2, 4, 0, NONE, {1, 0, 0, 0, 0}, {3, 1, 0, NONE}, NO_DUE}},
};

static void rows_that_no_counting_leads_to_are_corrupt(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    for (size_t i = 0; i < sizeof row_cases / sizeof row_cases[0]; i++) {
        uint64_t n;
        const csq_status status =
            decode_rows(&world, row_cases[i].period, &row_cases[i].row, 1, &n);
        if (status != row_cases[i].status) {
            print_error("%s\n", row_cases[i].rule);
        }
        assert_status(row_cases[i].status, status);
        assert_ms_equal(n, status == CSQ_OK ? 1 : 0);
    }
    const written_row twice[] = {row_cases[0].row, row_cases[0].row};
    const written_row turned[] = {row_cases[4].row, row_cases[0].row};
    uint64_t n;
    assert_status(CSQ_ECORRUPT, decode_rows(&world, 0, twice, 2, &n));
    assert_status(CSQ_ECORRUPT, decode_rows(&world, 0, turned, 2, &n));
    sla_close(&world);
}

/* ---- many rows ----------------------------------------------------------------------------- */

static int compare_periods(const void *a, const void *b)
{
    const written_row *left = a;
    const written_row *right = b;
    return (left->period_from > right->period_from) - (left->period_from < right->period_from);
}

/* The number whose product with an odd factor is 1 (Newton's iteration). */
static uint64_t inverse_of(uint64_t odd)
{
    uint64_t inverse = odd;
    for (int i = 0; i < 6; i++) {
        inverse *= 2 - odd * inverse;
    }
    return inverse;
}

static double seconds_to_decode(const sla_world *world, written_row *rows)
{
    uint64_t n;
    qsort(rows, EDGE_ROWS, sizeof *rows, compare_periods);
    const clock_t start = clock();
    assert_status(CSQ_OK, decode_rows(world, CSQ_PERIOD_DAY, rows, EDGE_ROWS, &n));
    assert_ms_equal(n, EDGE_ROWS);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/*
 * Periods that a hash without a seed, of products with the constants of this library, folded in
 * halves, would put into one place of a table: its halves are equal.
 */
static void rows_made_to_collide_take_no_longer_than_others(void **state)
{
    (void)state;
    const uint64_t inverse = inverse_of(UINT64_C(0xa4093822299f31d1));
    const uint64_t target = (uint64_t)(4 * HOUR_MS) * 0x13198a2e03707345U;
    written_row *rows = calloc(EDGE_ROWS, sizeof *rows);
    assert_non_null(rows);
    sla_world world;
    open_world(&world);
    for (uint64_t i = 0; i < EDGE_ROWS; i++) {
        rows[i] = (written_row){.target = 4 * HOUR_MS,
                                .period_from = (int64_t)i * DAY_MS,
                                .counts = {1},
                                .sums = {HOUR_MS, 0, 0, CSQ_MS_NONE}};
    }
    const double plain = seconds_to_decode(&world, rows);
    for (uint64_t i = 0; i < EDGE_ROWS; i++) {
        const uint64_t hash = (i + 1) << 32 | (i + 1);
        rows[i].period_from = (int64_t)((hash ^ target) * inverse);
    }
    assert_true(seconds_to_decode(&world, rows) < 5 * plain + 1);
    free(rows);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_late_by_instants_is_counted_as_it_is_answered),
        cmocka_unit_test(what_leaves_an_impossible_rest_is_no_part),
        cmocka_unit_test(rows_that_no_counting_leads_to_are_corrupt),
        cmocka_unit_test(rows_made_to_collide_take_no_longer_than_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
