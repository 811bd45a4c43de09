/*
 * test_tally — attainment: what is counted where, the order of rows, periods and attributes, and
 * the contract of a state: merge, subtract, copy, reset, encode, decode.
 *
 * All expectations are computed by hand.
 */
#include "sla_support.h"

/* Resolution with new cycles: high 2 h, urgent 4 h around the clock, anything else 4 h. */
static void open_world(sla_world *world)
{
    sla_open(world);
    (void)sla_single(world,
                     (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                  .reopen_mode = CSQ_REOPEN_NEW_CYCLE},
                     0);
}

static csq_tally *tally_of(const csq_policies *policies, csq_tally_options options)
{
    options.size = sizeof options;
    csq_tally *tally = NULL;
    assert_status(CSQ_OK, csq_tally_new(policies, &options, NULL, &tally, NULL));
    return tally;
}

static csq_tally *plain_tally(const sla_world *world)
{
    return tally_of(world->policies, (csq_tally_options){.n_attributes = 0});
}

static void add(csq_tally *tally, const sla_world *world, const char *events, const char *now)
{
    csq_ticket *ticket = sla_ticket(world->schema, 1, events);
    csq_error error = {0};
    const csq_status status = csq_tally_add(tally, ticket, sla_at(now), &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    csq_ticket_free(ticket);
}

static csq_str name_of(const sla_world *world, uint32_t attribute, uint32_t code)
{
    return csq_vocabulary_name(csq_schema_vocabulary(world->schema, attribute), code);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void each_cycle_is_counted_once(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        csq_tally_row row; /* sums in hours */
    } rows[] = {
        {"Mon 09:00 created; Mon 12:00 set status=solved",
         {.met = 1, .elapsed_ms = 3, .overrun_max_ms = -1}},
        {"Mon 09:00 created; Mon 13:00 set status=solved", // exactly on target
         {.met = 1, .elapsed_ms = 4, .overrun_max_ms = -1}},
        {"Mon 09:00 created; Mon 16:00 set status=solved",
         {.missed = 1, .elapsed_ms = 7, .overrun_ms = 3, .overrun_max_ms = 3}},
        {"Fri 09:00 created", {.missed = 1, .late_open = 1, .elapsed_ms = 8, .overrun_ms = 4,
                               .overrun_max_ms = 4}},
        {"Fri 14:00 created", {.open = 1, .overrun_max_ms = -1}},
        {"Mon 09:00 created; Mon 16:00 set status=spam", {.cancelled = 1, .overrun_max_ms = -1}},
        {"Mon 09:00 created; Mon 10:00 set status=pending; Mon 15:00 set status=solved",
         {.met = 1, .elapsed_ms = 1, .paused_ms = 5, .overrun_max_ms = -1}},
        {"Mon 09:00 created; Mon 10:00 set status=solved; Tue 09:00 set status=open; "
         "Tue 14:00 set status=solved; Wed 09:00 set status=open; Wed 15:00 set status=solved",
         {.met = 1, .missed = 2, .elapsed_ms = 12, .overrun_ms = 3, .overrun_max_ms = 2}},
    };
    sla_world world;
    open_world(&world);
    csq_tally *tally = plain_tally(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const csq_tally_row *expected = &rows[i].row;
        csq_tally_reset(tally);
        add(tally, &world, rows[i].events, "Fri 20:00");
        assert_int_equal(csq_tally_count(tally), 1);
        const csq_tally_row row = sla_row(tally, 0);
        assert_int_equal(row.policy, 0);
        assert_int_equal(row.metric, 0);
        assert_int_equal(row.workdays, 0);
        assert_ms_equal(row.target_ms, 4 * HOUR_MS);
        assert_ms_equal(row.period_from, CSQ_MS_NONE);
        assert_int_equal(row.codes[0], 0);
        assert_ms_equal(row.met, expected->met);
        assert_ms_equal(row.missed, expected->missed);
        assert_ms_equal(row.open, expected->open);
        assert_ms_equal(row.late_open, expected->late_open);
        assert_ms_equal(row.cancelled, expected->cancelled);
        assert_ms_equal(row.elapsed_ms, expected->elapsed_ms * HOUR_MS);
        assert_ms_equal(row.paused_ms, expected->paused_ms * HOUR_MS);
        assert_ms_equal(row.overrun_ms, expected->overrun_ms * HOUR_MS);
        assert_ms_equal(row.overrun_max_ms, expected->overrun_max_ms < 0
                                                ? CSQ_MS_NONE
                                                : expected->overrun_max_ms * HOUR_MS);
    }
    csq_tally_free(tally);
    sla_close(&world);
}

static void what_has_not_started_or_has_no_agreement_is_not_counted(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY,
                                              .include_first = 1,
                                              .attach = CSQ_ATTACH_RETROACTIVE});
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.attribute = CSQ_TICKET_PRIORITY,
                                        .code = world.high,
                                        .within_ms = HOUR_MS,
                                        .calendar = SLA_OFFICE});
    (void)sla_build(&world);
    csq_tally *tally = plain_tally(&world);
    add(tally, &world, "Mon 09:00 created priority=high; Mon 09:30 attach", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created customer; Mon 09:30 attach", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created customer priority=high", "Mon 08:00"); // not yet
    add(tally, &world, // never attached: neither its earlier cycle nor the latest
        "Mon 09:00 created customer priority=high; Mon 10:00 reply agent; Mon 11:00 reply customer",
        "Fri 20:00");
    assert_int_equal(csq_tally_count(tally), 0);
    csq_tally_free(tally);
    sla_close(&world);
}

static void rows_come_by_metric_policy_target_names_and_period(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    csq_tally *tally =
        tally_of(world.policies, (csq_tally_options){.n_attributes = 1,
                                                     .attributes = attributes,
                                                     .period = CSQ_PERIOD_DAY});
    // zeta has the smaller code, alpha the smaller name.
    add(tally, &world, "Tue 09:00 created group=zeta", "Fri 20:00");
    add(tally, &world, "Tue 09:00 created group=alpha", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created group=zeta", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created group=zeta priority=high", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created", "Fri 20:00");
    static const struct {
        int target;
        const char *group;
        const char *day;
    } rows[] = {{2, "zeta", "Mon 00:00"},
                {4, "", "Mon 00:00"},
                {4, "alpha", "Tue 00:00"},
                {4, "zeta", "Mon 00:00"},
                {4, "zeta", "Tue 00:00"}};
    assert_int_equal(csq_tally_count(tally), 5);
    for (uint64_t i = 0; i < 5; i++) {
        const csq_tally_row row = sla_row(tally, i);
        assert_ms_equal(row.target_ms, rows[i].target * HOUR_MS);
        assert_str_equal(name_of(&world, CSQ_TICKET_GROUP, row.codes[0]), rows[i].group);
        assert_ms_equal(row.period_from, sla_at(rows[i].day));
    }
    csq_tally_free(tally);
    sla_close(&world);
}

static void targets_in_working_days_have_their_own_rows(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION});
    (void)sla_add_policy(&world, "policy", NULL);
    sla_add_target(&world, (csq_target){.workdays = 1, .calendar = SLA_OFFICE});
    (void)sla_build(&world);
    csq_tally *tally = plain_tally(&world);
    add(tally, &world, "Mon 09:00 created; Tue 10:00 set status=solved", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created; Mon 10:00 edit 1h; Tue 09:00 set status=solved",
        "Fri 20:00");
    assert_int_equal(csq_tally_count(tally), 1);
    const csq_tally_row row = sla_row(tally, 0);
    assert_int_equal(row.workdays, 1);
    assert_ms_equal(row.target_ms, CSQ_MS_NONE);
    assert_ms_equal(row.met, 1);
    assert_ms_equal(row.missed, 1);
    assert_ms_equal(row.elapsed_ms, 17 * HOUR_MS); // 9 h and 8 h
    assert_ms_equal(row.overrun_ms, 0);
    assert_ms_equal(row.overrun_max_ms, CSQ_MS_NONE);
    csq_tally_free(tally);
    sla_close(&world);
}

/* ---- attributes and periods ---------------------------------------------------------------- */

static void attributes_are_those_at_the_stop_of_a_cycle(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    const uint32_t attributes[] = {CSQ_TICKET_GROUP, CSQ_TICKET_CHANNEL};
    csq_tally *tally = tally_of(world.policies, (csq_tally_options){.n_attributes = 2,
                                                                    .attributes = attributes});
    add(tally, &world,
        "Mon 09:00 created group=first channel=mail; Mon 10:00 set status=solved group=second; "
        "Mon 11:00 set group=third; Mon 12:00 set status=open; Mon 13:00 set channel=phone",
        "Mon 13:30");
    assert_int_equal(csq_tally_count(tally), 2);
    const csq_tally_row met = sla_row(tally, 0);
    assert_str_equal(name_of(&world, CSQ_TICKET_GROUP, met.codes[0]), "second");
    assert_str_equal(name_of(&world, CSQ_TICKET_CHANNEL, met.codes[1]), "mail");
    assert_ms_equal(met.met, 1);
    const csq_tally_row open = sla_row(tally, 1);
    assert_str_equal(name_of(&world, CSQ_TICKET_GROUP, open.codes[0]), "third");
    assert_str_equal(name_of(&world, CSQ_TICKET_CHANNEL, open.codes[1]), "phone");
    assert_ms_equal(open.open, 1);
    csq_tally_free(tally);
    sla_close(&world);
}

/* A checkpoint knows the latest cycle only; the tally counts all. */
static void earlier_cycles_count_whatever_was_asked_before(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *tally = plain_tally(&world);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1, "Mon 09:00 created; Mon 10:00 set status=solved; "
                                    "Mon 11:00 set status=open; Mon 12:00 set status=solved");
    assert_status(CSQ_OK, csq_policies_advance(world.policies, ticket, NULL));
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Fri 20:00"), NULL));
    assert_ms_equal(sla_row(tally, 0).met, 2);
    csq_ticket_free(ticket);
    csq_tally_free(tally);
    sla_close(&world);
}

static void periods_are_days_of_the_zone(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_zone *berlin = zone_of(TZ_BERLIN);
    // 2024-03-31 has 23 h in Berlin and runs from 23:00Z to 22:00Z.
    static const struct {
        const char *at;
        const char *period;
    } rows[] = {{"2024-03-30T22:59:59Z", "2024-03-29T23:00:00Z"},
                {"2024-03-30T23:00:00Z", "2024-03-30T23:00:00Z"},
                {"2024-03-31T21:59:59Z", "2024-03-30T23:00:00Z"},
                {"2024-03-31T22:00:00Z", "2024-03-31T22:00:00Z"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_tally *tally = tally_of(world.policies, (csq_tally_options){.period = CSQ_PERIOD_DAY,
                                                                        .zone = berlin});
        csq_ticket *ticket = test_ticket(world.schema, 1);
        test_apply(ticket, test_event(CSQ_EVENT_CREATED, instant_of(rows[i].at), 0));
        assert_status(CSQ_OK,
                      csq_tally_add(tally, ticket, instant_of("2024-04-01T00:00:00Z"), NULL));
        assert_ms_equal(sla_row(tally, 0).period_from, instant_of(rows[i].period));
        csq_ticket_free(ticket);
        csq_tally_free(tally);
    }
    csq_zone_free(berlin);
    sla_close(&world);
}

static void a_week_begins_on_the_weekday_given(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    for (uint32_t first = 0; first <= 7; first += 7) {
        csq_tally *tally = tally_of(world.policies, (csq_tally_options){.period = CSQ_PERIOD_WEEK,
                                                                        .first_weekday = first});
        add(tally, &world, "Wed 09:00 created", "Fri 20:00");
        assert_ms_equal(sla_row(tally, 0).period_from,
                        sla_at("Mon 00:00") - (first == 7 ? DAY_MS : 0));
        csq_tally_free(tally);
    }
    sla_close(&world);
}

/* ---- merge and subtract -------------------------------------------------------------------- */

#define MET "Mon 09:00 created; Mon 12:00 set status=solved"
#define MISSED "Mon 09:00 created; Mon 16:00 set status=solved"
#define WORSE "Mon 09:00 created; Mon 17:00 set status=solved"
#define HIGH "Mon 09:00 created priority=high; Mon 10:00 set status=solved"

static void merging_is_adding(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *a = plain_tally(&world);
    csq_tally *b = plain_tally(&world);
    csq_tally *both = plain_tally(&world);
    add(a, &world, MET, "Fri 20:00");
    add(a, &world, MISSED, "Fri 20:00");
    add(b, &world, HIGH, "Fri 20:00");
    add(b, &world, WORSE, "Fri 20:00");
    add(both, &world, WORSE, "Fri 20:00");
    add(both, &world, MET, "Fri 20:00");
    add(both, &world, HIGH, "Fri 20:00");
    add(both, &world, MISSED, "Fri 20:00");
    csq_tally *ab;
    csq_tally *ba;
    assert_status(CSQ_OK, csq_tally_copy(a, &ab, NULL));
    assert_status(CSQ_OK, csq_tally_copy(b, &ba, NULL));
    assert_true(sla_is_same_tally(ab, a));
    assert_status(CSQ_OK, csq_tally_merge(ab, b, NULL));
    assert_status(CSQ_OK, csq_tally_merge(ba, a, NULL));
    assert_true(sla_is_same_tally(ab, both));
    assert_true(sla_is_same_tally(ba, both));
    assert_ms_equal(sla_row(ab, 1).overrun_max_ms, 4 * HOUR_MS);
    assert_false(sla_is_same_tally(a, both)); // the copy was independent
    assert_status(CSQ_OK, csq_tally_merge(a, a, NULL)); // with itself: everything twice
    assert_ms_equal(sla_row(a, 0).met, 2);
    assert_ms_equal(sla_row(a, 0).missed, 2);
    csq_tally *const all[] = {a, b, ab, ba, both};
    for (size_t i = 0; i < 5; i++) {
        csq_tally_free(all[i]);
    }
    sla_close(&world);
}

static void subtracting_undoes_merging_unless_it_takes_the_maximum(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_tally *part = plain_tally(&world);
    csq_tally *rest = plain_tally(&world);
    csq_tally *whole = plain_tally(&world);
    add(part, &world, MET, "Fri 20:00");
    add(part, &world, MISSED, "Fri 20:00");
    add(part, &world, HIGH, "Fri 20:00");
    add(rest, &world, WORSE, "Fri 20:00");
    assert_status(CSQ_OK, csq_tally_merge(whole, part, NULL));
    assert_status(CSQ_OK, csq_tally_merge(whole, rest, NULL));
    csq_tally *before;
    assert_status(CSQ_OK, csq_tally_copy(whole, &before, NULL));
    assert_status(CSQ_ESTATE, csq_tally_subtract(whole, rest, NULL)); // holds the maximum
    assert_true(sla_is_same_tally(whole, before));
    assert_status(CSQ_OK, csq_tally_subtract(whole, part, NULL));
    assert_true(sla_is_same_tally(whole, rest));
    assert_status(CSQ_ESTATE, csq_tally_subtract(whole, part, NULL)); // no part of it any more
    assert_true(sla_is_same_tally(whole, rest));
    assert_status(CSQ_OK, csq_tally_subtract(whole, rest, NULL)); // all of it, maximum included
    assert_int_equal(csq_tally_count(whole), 0);
    assert_status(CSQ_OK, csq_tally_subtract(before, before, NULL)); // from itself
    assert_int_equal(csq_tally_count(before), 0);
    csq_tally *const all[] = {before, part, rest, whole};
    for (size_t i = 0; i < 4; i++) {
        csq_tally_free(all[i]);
    }
    sla_close(&world);
}

static void other_policies_or_options_do_not_merge(void **state)
{
    (void)state;
    sla_world world;
    sla_world other;
    open_world(&world);
    sla_open(&other);
    (void)sla_single(&other, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    csq_tally *tally = plain_tally(&world);
    add(tally, &world, MET, "Fri 20:00");
    csq_zone *berlin = zone_of(TZ_BERLIN);
    csq_tally *others[] = {
        plain_tally(&other),
        tally_of(world.policies, (csq_tally_options){.n_attributes = 1, .attributes = attributes}),
        tally_of(world.policies, (csq_tally_options){.period = CSQ_PERIOD_DAY}),
        tally_of(world.policies, (csq_tally_options){.period = CSQ_PERIOD_DAY, .zone = berlin}),
    };
    for (size_t i = 0; i < 4; i++) {
        uint64_t size;
        uint8_t *bytes = sla_encoded(others[i], &size);
        const csq_tally_options options = {.size = sizeof options};
        csq_tally *back = tally;
        assert_status(CSQ_EMISMATCH, csq_tally_merge(tally, others[i], NULL));
        assert_status(CSQ_EMISMATCH, csq_tally_subtract(tally, others[i], NULL));
        assert_status(CSQ_EMISMATCH, csq_tally_decode(world.policies, &options, bytes, size, NULL,
                                                      &back, NULL));
        assert_null(back);
        free(bytes);
        csq_tally_free(others[i]);
    }
    assert_ms_equal(sla_row(tally, 0).met, 1);
    csq_zone_free(berlin);
    csq_tally_free(tally);
    sla_close(&other);
    sla_close(&world);
}

/* ---- bytes --------------------------------------------------------------------------------- */

static void bytes_carry_names_to_another_process(void **state)
{
    (void)state;
    sla_world world;
    sla_world other;
    const uint32_t attributes[] = {CSQ_TICKET_GROUP};
    const csq_tally_options options = {
        .size = sizeof options, .n_attributes = 1, .attributes = attributes};
    open_world(&world);
    sla_open(&other);
    (void)test_code(other.schema, CSQ_TICKET_GROUP, "other");
    (void)test_code(other.schema, CSQ_TICKET_GROUP, "二线");
    (void)sla_single(&other,
                     (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                  .reopen_mode = CSQ_REOPEN_NEW_CYCLE},
                     0);
    csq_tally *tally = tally_of(world.policies, options);
    add(tally, &world, "Mon 09:00 created group=一线", "Fri 20:00");
    add(tally, &world, "Mon 09:00 created group=二线; Mon 10:00 set status=solved", "Fri 20:00");
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    csq_tally *back;
    assert_status(CSQ_OK,
                  csq_tally_decode(other.policies, &options, bytes, size, NULL, &back, NULL));
    assert_true(sla_is_same_tally(back, tally));
    const csq_tally_row row = sla_row(back, 1);
    assert_int_equal(row.codes[0], test_code(other.schema, CSQ_TICKET_GROUP, "二线"));
    assert_ms_equal(row.met, 1);
    free(bytes);
    csq_tally_free(back);
    csq_tally_free(tally);
    sla_close(&other);
    sla_close(&world);
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    const csq_tally_options options = {.size = sizeof options};
    csq_tally *tally = plain_tally(&world);
    add(tally, &world, MISSED, "Fri 20:00");
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    for (uint64_t i = 0; i < size; i++) {
        csq_tally *back = tally;
        csq_error error;
        assert_status(CSQ_ECORRUPT,
                      csq_tally_decode(world.policies, &options, bytes, i, NULL, &back, &error));
        assert_null(back);
        bytes[i] ^= 1;
        const csq_status status =
            csq_tally_decode(world.policies, &options, bytes, size, NULL, &back, &error);
        assert_true(status == CSQ_ECORRUPT || status == CSQ_EVERSION || status == CSQ_EMISMATCH);
        assert_null(back);
        bytes[i] ^= 1;
    }
    uint64_t small = size - 1;
    assert_status(CSQ_ELIMIT, csq_tally_encode(tally, bytes, &small, NULL));
    assert_ms_equal(small, size);
    const csq_policies *policies = world.policies;
    csq_tally *back;
    assert_status(CSQ_EINVAL, csq_tally_encode(NULL, NULL, &small, NULL));
    assert_status(CSQ_EINVAL, csq_tally_encode(tally, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_decode(policies, &options, NULL, 0, NULL, &back, NULL));
    assert_status(CSQ_EINVAL, csq_tally_decode(policies, &options, bytes, 1, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_decode(NULL, &options, bytes, size, NULL, &back, NULL));
    free(bytes);
    csq_tally_free(tally);
    sla_close(&world);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void options_are_refused_by_name(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    const uint32_t group[9] = {CSQ_TICKET_GROUP};
    const uint32_t tags[] = {CSQ_TICKET_TAGS};
    const uint32_t event[] = {CSQ_TICKET_EVENT};
    const uint32_t metric[] = {CSQ_TICKET_METRIC};
    const uint32_t unknown[] = {4711};
    const struct {
        csq_status status;
        csq_tally_options options;
    } rows[] = {
        {CSQ_ELIMIT, {.n_attributes = 9, .attributes = group}},
        {CSQ_EINVAL, {.n_attributes = 1, .attributes = NULL}},
        {CSQ_EINVAL, {.n_attributes = 1, .attributes = tags}},
        {CSQ_EINVAL, {.n_attributes = 1, .attributes = event}},
        {CSQ_EINVAL, {.n_attributes = 1, .attributes = metric}},
        {CSQ_ENOTFOUND, {.n_attributes = 1, .attributes = unknown}},
        {CSQ_EINVAL, {.period = CSQ_PERIOD_MINUTES}},
        {CSQ_EINVAL, {.period = CSQ_PERIOD_YEAR + 1}},
        {CSQ_EINVAL, {.period = CSQ_PERIOD_WEEK, .first_weekday = 8}},
    };
    csq_tally *tally;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_tally_options options = rows[i].options;
        options.size = sizeof options;
        tally = (csq_tally *)&world;
        assert_status(rows[i].status, csq_tally_new(world.policies, &options, NULL, &tally, NULL));
        assert_null(tally);
    }
    csq_tally_options options = {.size = 1};
    assert_status(CSQ_EABI, csq_tally_new(world.policies, &options, NULL, &tally, NULL));
    options.size = sizeof options;
    assert_status(CSQ_EINVAL, csq_tally_new(NULL, &options, NULL, &tally, NULL));
    assert_status(CSQ_OK, csq_tally_new(world.policies, NULL, NULL, &tally, NULL)); // all defaults
    csq_tally_free(tally);
    assert_status(CSQ_EINVAL, csq_tally_new(world.policies, &options, NULL, NULL, NULL));
    sla_close(&world);
}

static void refusals_leave_the_tally_as_it_was(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world);
    csq_schema *schema = test_schema();
    csq_tally *tally = plain_tally(&world);
    add(tally, &world, MET, "Fri 20:00");
    csq_ticket *foreign = test_ticket(schema, 1);
    csq_ticket *ticket = test_ticket(world.schema, 1);
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, 0, 0)); // before the years of the calendar
    csq_tally_row row = {.size = sizeof row};
    csq_tally *copy;
    assert_status(CSQ_EMISMATCH, csq_tally_add(tally, foreign, 0, NULL));
    assert_status(CSQ_ERANGE, csq_tally_add(tally, ticket, sla_at("Mon 09:00"), NULL));
    assert_status(CSQ_EINVAL, csq_tally_add(NULL, ticket, 0, NULL));
    assert_status(CSQ_EINVAL, csq_tally_add(tally, NULL, 0, NULL));
    assert_status(CSQ_EINVAL, csq_tally_merge(tally, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_merge(NULL, tally, NULL));
    assert_status(CSQ_EINVAL, csq_tally_subtract(tally, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_copy(NULL, &copy, NULL));
    assert_status(CSQ_EINVAL, csq_tally_copy(tally, NULL, NULL));
    assert_status(CSQ_ERANGE, csq_tally_row_at(tally, 1, &row, NULL));
    assert_status(CSQ_EINVAL, csq_tally_row_at(NULL, 0, &row, NULL));
    row.size = 2;
    assert_status(CSQ_EABI, csq_tally_row_at(tally, 0, &row, NULL));
    assert_int_equal(csq_tally_count(tally), 1);
    assert_ms_equal(sla_row(tally, 0).met, 1);
    assert_int_equal(csq_tally_count(NULL), 0);
    csq_tally_reset(NULL);
    csq_tally_free(NULL);
    csq_tally_free(tally);
    csq_ticket_free(foreign);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
    sla_close(&world);
}

/* Each of these cycles elapsed almost for ever. */
static void a_sum_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1}, 0);
    csq_tally *tally = plain_tally(&world);
    csq_tally *other;
    csq_ticket *ticket = test_ticket(world.schema, 1);
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, INT64_MIN + 1, 0));
    assert_status(CSQ_OK, csq_tally_add(tally, ticket, INT64_MAX, NULL));
    assert_status(CSQ_OK, csq_tally_copy(tally, &other, NULL));
    assert_status(CSQ_EOVERFLOW, csq_tally_add(tally, ticket, INT64_MAX, NULL));
    assert_status(CSQ_EOVERFLOW, csq_tally_merge(tally, other, NULL));
    assert_true(sla_is_same_tally(tally, other));
    assert_ms_equal(sla_row(tally, 0).late_open, 1);
    csq_ticket_free(ticket);
    csq_tally_free(tally);
    csq_tally_free(other);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cycle_is_counted_once),
        cmocka_unit_test(what_has_not_started_or_has_no_agreement_is_not_counted),
        cmocka_unit_test(rows_come_by_metric_policy_target_names_and_period),
        cmocka_unit_test(targets_in_working_days_have_their_own_rows),
        cmocka_unit_test(attributes_are_those_at_the_stop_of_a_cycle),
        cmocka_unit_test(earlier_cycles_count_whatever_was_asked_before),
        cmocka_unit_test(periods_are_days_of_the_zone),
        cmocka_unit_test(a_week_begins_on_the_weekday_given),
        cmocka_unit_test(merging_is_adding),
        cmocka_unit_test(subtracting_undoes_merging_unless_it_takes_the_maximum),
        cmocka_unit_test(other_policies_or_options_do_not_merge),
        cmocka_unit_test(bytes_carry_names_to_another_process),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(options_are_refused_by_name),
        cmocka_unit_test(refusals_leave_the_tally_as_it_was),
        cmocka_unit_test(a_sum_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
