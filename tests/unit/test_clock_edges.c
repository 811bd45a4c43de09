/*
 * test_clock_edges — clocks where rules meet: sets of strangers, checkpoints of twins, terms that
 * change beyond a calendar, pauses at the very target, sums at the ends of time.
 *
 * All expectations are computed by hand. See clock_rows.h for targets and calendars.
 */
#include "clock_rows.h"
#include "rules_support.h"

enum { EDGE_LOG = 16, EDGE_MANY = 20000, EDGE_STRANGERS = 4096 };

#define EDGE_OFFICE                                                                                \
    "'office':{'zone':'UTC','week':{'mon':['09:00-17:00'],'tue':['09:00-17:00']}}"

/* ---- sets ---------------------------------------------------------------------------------- */

/* Tags are absent to 10 and from 12, skills to 11. */
static void strangers_of_one_set_do_not_fill_another(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    uint32_t skills;
    assert_status(CSQ_OK, csq_schema_add(world.schema, csq_str_of("skills"), CSQ_ATTRIBUTE_SET,
                                         &skills, NULL));
    const uint32_t attributes[2] = {CSQ_TICKET_TAGS, skills};
    const char *const names[2] = {"tags", "skills"};
    csq_condition *absent[2];
    for (uint32_t m = 0; m < 2; m++) {
        absent[m] = sla_condition(world.schema, attributes[m], CSQ_TEST_ABSENT, 0);
        (void)sla_add_metric(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION,
                                                  .name = csq_str_of(names[m]),
                                                  .pause = absent[m]});
    }
    (void)sla_add_policy(&world, "policy", NULL);
    for (uint32_t m = 0; m < 2; m++) {
        sla_add_target(&world, (csq_target){.metric = m, .within_ms = HOUR_MS});
    }
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 09:00 created; Mon 10:00 add vip; Mon 12:00 remove vip");
    test_apply(ticket, test_setting(CSQ_EVENT_ADD, sla_at("Mon 11:00"), EDGE_LOG, skills,
                                    test_code(world.schema, skills, "french")));
    const csq_answer tags = sla_answer(policies, ticket, 0, sla_at("Mon 14:00"));
    assert_int_equal(tags.phase, PAUSED);
    assert_ms_equal(tags.elapsed_ms, 2 * HOUR_MS);
    assert_ms_equal(tags.paused_ms, 3 * HOUR_MS);
    const csq_answer skill = sla_answer(policies, ticket, 1, sla_at("Mon 14:00"));
    assert_int_equal(skill.phase, ACTIVE);
    assert_ms_equal(skill.elapsed_ms, 3 * HOUR_MS);
    assert_ms_equal(skill.paused_ms, 2 * HOUR_MS);
    csq_ticket_free(ticket);
    csq_condition_free(absent[0]);
    csq_condition_free(absent[1]);
    sla_close(&world);
}

/* The code of "t17". */
static int64_t numbered_tag(csq_schema *schema, uint32_t number)
{
    char name[16];
    snprintf(name, sizeof name, "t%u", number);
    return (int64_t)test_code(schema, CSQ_TICKET_TAGS, name);
}

static void more_strangers_than_4096_are_refused_where_a_rule_asks(void **state)
{
    (void)state;
    static const struct {
        uint32_t op; /* 0: no rule asks for tags */
        csq_status status;
    } rows[] = {{0, CSQ_OK}, {CSQ_TEST_ABSENT, CSQ_ELIMIT}, {CSQ_TEST_CHANGED, CSQ_ELIMIT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        csq_condition *asks = rows[i].op == 0 ? NULL
                                              : sla_condition(world.schema, CSQ_TICKET_TAGS,
                                                              rows[i].op, 0);
        const csq_policies *policies = sla_single(
            &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .pause = asks}, 0);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 09:00 created");
        const csq_ms now = sla_at("Mon 12:00");
        csq_answer answer = {.size = sizeof answer};
        for (uint32_t n = 1; n <= EDGE_STRANGERS; n++) {
            test_apply(ticket, test_setting(CSQ_EVENT_ADD, sla_at("Mon 10:00"), n,
                                            CSQ_TICKET_TAGS, numbered_tag(world.schema, n)));
        }
        assert_status(CSQ_OK, csq_policies_answer(policies, ticket, 0, now, &answer, NULL));
        test_apply(ticket, test_setting(CSQ_EVENT_ADD, sla_at("Mon 11:00"), EDGE_STRANGERS + 1,
                                        CSQ_TICKET_TAGS, numbered_tag(world.schema, 0)));
        assert_status(rows[i].status,
                      csq_policies_answer(policies, ticket, 0, now, &answer, NULL));
        assert_status(CSQ_OK, csq_policies_answer(policies, ticket, 0, sla_at("Mon 10:30"),
                                                  &answer, NULL)); // before the last one came
        csq_ticket_free(ticket);
        csq_condition_free(asks);
        sla_close(&world);
    }
}

/* ---- checkpoints --------------------------------------------------------------------------- */

#define EDGE_TWIN(values)                                                                          \
    "{'calendars':{" EDGE_OFFICE "},'metrics':{'m':{'kind':'resolution','stop_statuses':"          \
    "['solved']}},'policies':[{'name':'p','targets':{'m':{'by':'priority','calendar':'office',"    \
    "'values':{" values "}}}}]}"

/* Equal fingerprints, but the terms have other numbers. */
static void a_checkpoint_of_other_terms_is_not_used(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules *rules[2] = {
        rules_of(schema, EDGE_TWIN("'high':{'workdays':1},'low':{'workdays':9}")),
        rules_of(schema, EDGE_TWIN("'low':{'workdays':9},'high':{'workdays':1}"))};
    const csq_policies *policies[2] = {csq_rules_policies(rules[0]), csq_rules_policies(rules[1])};
    assert_ms_equal(csq_policies_fingerprint(policies[0]), csq_policies_fingerprint(policies[1]));
    for (size_t first = 0; first < 2; first++) {
        csq_ticket *ticket =
            sla_ticket(schema, 1, "Mon 09:00 created priority=high; Mon 10:00 reply agent");
        const csq_answer whole = sla_answer(policies[0], ticket, 0, sla_at("Mon 11:00"));
        assert_int_equal(whole.workdays, 1);
        assert_ms_equal(whole.due_at, sla_at("Tue 09:00"));
        for (size_t round = 0; round < 2; round++) {
            assert_status(CSQ_OK,
                          csq_policies_advance(policies[(first + round) % 2], ticket, NULL));
            for (size_t i = 0; i < 2; i++) {
                const csq_answer found = sla_answer(policies[i], ticket, 0, sla_at("Mon 11:00"));
                assert_memory_equal(&found, &whole, sizeof whole);
            }
        }
        csq_ticket_free(ticket);
    }
    csq_rules_free(rules[0]);
    csq_rules_free(rules[1]);
    csq_schema_free(schema);
}

/* ---- terms that change --------------------------------------------------------------------- */

/* Replays events of one ticket, each of a type of its own. */
static csq_status replay_events(csq_tally *tally, const csq_ticket_event *events, uint32_t n,
                                csq_ms now)
{
    csq_event_type types[EDGE_LOG];
    int64_t at[EDGE_LOG];
    int64_t value[EDGE_LOG];
    uint8_t type[EDGE_LOG];
    static const uint8_t ticket[EDGE_LOG] = {0};
    for (uint32_t i = 0; i < n; i++) {
        types[i] = (csq_event_type){.size = sizeof types[i],
                                    .kind = events[i].kind,
                                    .author = events[i].author,
                                    .attribute = events[i].attribute,
                                    .joined = events[i].joined};
        at[i] = events[i].at;
        value[i] = events[i].value;
        type[i] = (uint8_t)i;
    }
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = n};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT8, ticket, n);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, n);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, type, n);
    columns.value = csq_column_of(CSQ_COLUMN_INT64, value, n);
    return csq_tally_replay(tally, &columns, now, NULL, NULL, NULL);
}

/* Counting ticket by ticket and by log; the row that both lead to, if they lead to one. */
static csq_tally_row counted_alike(const csq_policies *policies, const sla_log *log, csq_ms now,
                                   uint64_t n_rows)
{
    csq_tally *tallies[2];
    csq_ticket *ticket = test_ticket(log->schema, 1);
    for (uint32_t i = 0; i < log->n; i++) {
        test_apply(ticket, log->events[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tallies[i], NULL));
    }
    assert_status(CSQ_OK, csq_tally_add(tallies[0], ticket, now, NULL));
    assert_status(CSQ_OK, replay_events(tallies[1], log->events, log->n, now));
    assert_true(sla_is_same_tally(tallies[0], tallies[1]));
    assert_ms_equal(csq_tally_count(tallies[0]), n_rows);
    csq_tally_row row = {.size = sizeof row};
    if (n_rows > 0) {
        row = sla_row(tallies[0], 0);
    }
    csq_ticket_free(ticket);
    csq_tally_free(tallies[0]);
    csq_tally_free(tallies[1]);
    return row;
}

/* What the answer, the explanation and both ways of counting say of a late clock. */
static void check_late_alike(const csq_policies *policies, const sla_log *log, csq_ms now,
                             int elapsed, int paused, csq_ms due)
{
    csq_ticket *ticket = test_ticket(log->schema, 1);
    for (uint32_t i = 0; i < log->n; i++) {
        test_apply(ticket, log->events[i]);
    }
    const csq_answer answer = sla_answer(policies, ticket, 0, now);
    assert_int_equal(answer.phase, PAUSED);
    assert_int_equal(answer.breached, 1);
    assert_ms_equal(answer.elapsed_ms, elapsed * HOUR_MS);
    assert_ms_equal(answer.paused_ms, paused * HOUR_MS);
    assert_ms_equal(answer.due_at, due);
    csq_explanation *explanation = sla_explain(policies, ticket, 0, now);
    csq_answer explained = {.size = sizeof explained};
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &explained, NULL));
    assert_memory_equal(&explained, &answer, sizeof answer);
    csq_ms counted = 0;
    for (uint64_t i = 0; i < csq_explanation_stretch_count(explanation); i++) {
        counted += sla_stretch(explanation, i).counted_ms;
    }
    assert_ms_equal(counted, elapsed * HOUR_MS);
    assert_ms_equal(sla_cycle(explanation, 0).elapsed_ms, elapsed * HOUR_MS);
    csq_explanation_free(explanation);
    assert_status(CSQ_OK, csq_policies_advance(policies, ticket, NULL));
    csq_ticket_free(ticket);
    const csq_tally_row row = counted_alike(policies, log, now, 1);
    assert_ms_equal(row.late_open, 1);
    assert_ms_equal(row.elapsed_ms, elapsed * HOUR_MS);
    assert_ms_equal(row.paused_ms, paused * HOUR_MS);
    assert_ms_equal(row.overrun_ms, (elapsed - 100) * HOUR_MS);
}

/*
 * From an hour of a calendar of 2024 to 100 hours of Mondays without an end, of which there are 59
 * between 8 January 2024 and 3 March 2025.
 */
static void an_event_beyond_the_calendar_that_was_left_is_no_error(void **state)
{
    (void)state;
    static const struct {
        const char *events;
        bool joined; /* the late event brings another one along */
        int elapsed;
        int paused;
        const char *due;
    } rows[] = {
        {"Mon 09:00 created priority=high; Tue 09:00 set priority=low", false, 8 + 59 * 8 + 3, 1,
         "2024-04-01T13:00:00Z"}, // 12 Mondays and 4 h
        {"Mon 09:00 created priority=high; Mon 10:00 set status=pending; "
         "Mon 11:00 set status=open; Tue 09:00 set priority=low",
         false, 7 + 59 * 8 + 3, 2, "2024-04-01T14:00:00Z"},
        {"Mon 09:00 created priority=high; Mon 10:00 set status=pending; "
         "Mon 11:00 set status=open; Tue 09:00 set priority=low",
         true, 7 + 59 * 8 + 3, 2, "2024-04-01T14:00:00Z"},
    };
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema,
        "{'calendars':{'short':{'zone':{'posix':'CET-1CEST,M3.5.0,M10.5.0/3'},'years':[2024,2024],"
        "'week':{'mon':['09:00-17:00']}},'long':{'zone':'UTC','week':{'mon':['09:00-17:00']}}},"
        "'metrics':{'m':{'kind':'resolution','stop_statuses':['solved'],'pause_statuses':"
        "['pending'],'options':{'on_change':'retroactive'}}},'policies':[{'name':'p','targets':{"
        "'m':{'by':'priority','values':{'high':{'within':'1h','calendar':'short'},"
        "'low':{'within':'100h','calendar':'long'}}}}}]}");
    csq_ms open;
    const csq_ms late = instant_of("2025-03-03T12:00:00Z");
    assert_status(CSQ_ERANGE, csq_calendar_measure(rules_calendar_named(rules, "short"),
                                                   sla_at("Mon 09:00"), late, &open, NULL));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        csq_ticket_event events[EDGE_LOG];
        sla_log log = {schema, events, 0, EDGE_LOG};
        sla_read_events(&log, rows[i].events);
        csq_ticket_event *event = sla_log_add(&log, CSQ_EVENT_CHANGE, late);
        event->attribute = CSQ_TICKET_STATUS;
        event->value = test_code(schema, CSQ_TICKET_STATUS, "pending");
        if (rows[i].joined) {
            event = sla_log_add(&log, CSQ_EVENT_CHANGE, late);
            event->attribute = CSQ_TICKET_GROUP;
            event->value = test_code(schema, CSQ_TICKET_GROUP, "tier2");
            event->joined = 1;
        }
        check_late_alike(csq_rules_policies(rules), &log, late + HOUR_MS, rows[i].elapsed,
                         rows[i].paused, instant_of(rows[i].due));
    }
    csq_rules_free(rules);
    csq_schema_free(schema);
}

/* Changes to and from another calendar, a minute each. Measuring a cycle of many stretches again is
 * quadratic in them; one that never paused is a single stretch. */
static void terms_that_change_for_ever_are_refused_in_time(void **state)
{
    (void)state;
#define EDGE_PAUSED                                                                                \
    "Mon 07:00 created; Mon 07:30 set status=pending; Mon 08:00 set status=open"
    static const struct {
        uint32_t on_change;
        const char *events;
        csq_status status;
    } rows[] = {{CSQ_ON_CHANGE_RETROACTIVE, EDGE_PAUSED, CSQ_ELIMIT},
                {CSQ_ON_CHANGE_RETROACTIVE, "Mon 07:00 created", CSQ_OK},
                {CSQ_ON_CHANGE_CARRY, EDGE_PAUSED, CSQ_OK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies =
            sla_single(&world, (csq_metric)CHANGE(rows[i].on_change), 0);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        for (uint32_t n = 1; n <= EDGE_MANY; n++) {
            test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, sla_at("Mon 09:00") + n * MINUTE_MS,
                                            EDGE_LOG + n, CSQ_TICKET_PRIORITY,
                                            n % 2 == 0 ? world.high : world.urgent));
        }
        csq_answer answer = {.size = sizeof answer};
        csq_error error = {0};
        const csq_ms now = sla_at("Mon 09:00") + (EDGE_MANY + 1) * MINUTE_MS;
        assert_status(rows[i].status,
                      csq_policies_answer(policies, ticket, 0, now, &answer, &error));
        csq_tally *tally;
        assert_status(CSQ_OK, csq_tally_new(policies, NULL, NULL, &tally, NULL));
        assert_status(rows[i].status, csq_tally_add(tally, ticket, now, &error));
        assert_ms_equal(csq_tally_count(tally), rows[i].status == CSQ_OK ? 1 : 0);
        csq_tally_free(tally);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

static void carried_terms_cut_the_stretch_without_a_new_calendar(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_add_metric(&world, (csq_metric)CHANGE(CSQ_ON_CHANGE_CARRY));
    csq_condition *is_high =
        sla_condition(world.schema, CSQ_TICKET_PRIORITY, CSQ_TEST_IN, world.high);
    for (uint32_t p = 0; p < 2; p++) {
        (void)sla_add_policy(&world, p == 0 ? "high" : "rest", p == 0 ? is_high : NULL);
        sla_add_target(&world, (csq_target){.within_ms = (p + 1) * HOUR_MS});
    }
    const csq_policies *policies = sla_build(&world);
    csq_ticket *ticket = sla_ticket(world.schema, 1,
                                    "Mon 09:00 created priority=high; Mon 10:00 set priority=low");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 12:00"));
    static const char *const limits[] = {"Mon 09:00", "Mon 10:00", "Mon 12:00"};
    assert_ms_equal(csq_explanation_stretch_count(explanation), 2);
    for (uint32_t i = 0; i < 2; i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        assert_int_equal(stretch.policy, i);
        assert_ms_equal(stretch.from, sla_at(limits[i]));
        assert_ms_equal(stretch.to, sla_at(limits[i + 1]));
        assert_ms_equal(stretch.counted_ms, stretch.to - stretch.from);
        assert_ms_equal(stretch.event, 2 * i); // the creation and its priority are two
    }
    const csq_answer answer = sla_answer(policies, ticket, 0, sla_at("Mon 12:00"));
    assert_int_equal(answer.policy, 1);
    assert_ms_equal(answer.elapsed_ms, 3 * HOUR_MS);
    assert_ms_equal(answer.due_at, sla_at("Mon 11:00"));
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    csq_condition_free(is_high);
    sla_close(&world);
}

static void an_edit_of_all_cycles_survives_the_reopen(void **state)
{
    (void)state;
#define EDGE_EDITED                                                                                \
    "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 set priority=high; "                \
    "Mon 12:00 edit 6h"
#define EDGE_ALL(mode)                                                                             \
    {.kind = CSQ_METRIC_RESOLUTION, .edit_scope = CSQ_EDIT_SCOPE_ALL, .on_change = (mode)}
    static const clock_row rows[] = {
        {"judged again while finished", EDGE_ALL(CSQ_ON_CHANGE_CARRY), EDGE_EDITED, "Mon 12:30",
         COMPLETED, 1, 0, 60, 0, .due = "Mon 15:00", .stopped = "Mon 10:00"},
        {"carried on, by the edited target", EDGE_ALL(CSQ_ON_CHANGE_CARRY),
         EDGE_EDITED "; Mon 13:00 set status=open", "Mon 14:00", ACTIVE, 1, 0, 120, 0,
         .due = "Tue 10:00"},
        {"measured again, by the edited target", EDGE_ALL(CSQ_ON_CHANGE_RETROACTIVE),
         EDGE_EDITED "; Mon 13:00 set status=open", "Mon 14:00", ACTIVE, 1, 0, 120, 0,
         .due = "Tue 10:00"},
        {"an agreement that comes after the edit brings its own", EDGE_ALL(CSQ_ON_CHANGE_CARRY),
         "Mon 09:00 created; Mon 10:00 set status=solved; Mon 11:00 edit 6h; "
         "Mon 12:00 set priority=high; Mon 13:00 set status=open",
         "Mon 13:30", ACTIVE, 1, 0, 90, 0, .due = "Mon 14:00"},
    };
    CHECK(rows);
}

/* ---- late, due, next ----------------------------------------------------------------------- */

static void pauses_at_the_target_are_judged_by_the_instant(void **state)
{
    (void)state;
#define EDGE_INSTANT                                                                               \
    {.kind = CSQ_METRIC_RESOLUTION, .breach_compare = CSQ_BREACH_COMPARE_INSTANT}
#define EDGE_NEXT_OPEN                                                                             \
    {.kind = CSQ_METRIC_RESOLUTION,                                                                \
     .breach_compare = CSQ_BREACH_COMPARE_INSTANT,                                                 \
     .due_edge = CSQ_DUE_EDGE_NEXT_OPEN}
    static const clock_row rows[] = {
        {"late before the pause", EDGE_INSTANT, "Mon 09:00 created; Mon 18:00 set status=pending",
         "Mon 17:30", ACTIVE, 1, 1, 480, 0, .due = "Mon 17:00", .within = 8 * HOUR_MS},
        {"and in it", EDGE_INSTANT, "Mon 09:00 created; Mon 18:00 set status=pending",
         "Mon 18:30", PAUSED, 1, 1, 480, 0, .due = "Mon 17:00", .within = 8 * HOUR_MS},
        {"and a day later", EDGE_INSTANT, "Mon 09:00 created; Mon 18:00 set status=pending",
         "Tue 18:00", PAUSED, 1, 1, 480, 480, .due = "Mon 17:00", .within = 8 * HOUR_MS},
        {"paused as it is due: in time", EDGE_INSTANT,
         "Mon 09:00 created; Mon 17:00 set status=pending", "Mon 18:30", PAUSED, 1, 0, 480, 0,
         .if_resumed = "Mon 18:30", .within = 8 * HOUR_MS},
        {"a millisecond is enough", EDGE_INSTANT,
         "Mon 09:00 created; Mon 17:00 set status=pending; Mon 17:30 set status=open; "
         "Mon 18:00 set status=pending",
         "Mon 18:30", PAUSED, 1, 1, 480, 0, .due = "Mon 17:00", .within = 8 * HOUR_MS},
        {"by elapsed time it is not late before more has elapsed", RESOLUTION,
         "Mon 09:00 created; Mon 18:00 set status=pending", "Mon 18:30", PAUSED, 1, 0, 480, 0,
         .if_resumed = "Mon 18:30", .within = 8 * HOUR_MS},
        {"due at the next opening, it is in time before the pause", EDGE_NEXT_OPEN,
         "Mon 09:00 created; Mon 18:00 set status=pending", "Mon 17:30", ACTIVE, 1, 0, 480, 0,
         .due = "Tue 09:00", .within = 8 * HOUR_MS},
        {"and in it", EDGE_NEXT_OPEN, "Mon 09:00 created; Mon 18:00 set status=pending",
         "Mon 18:30", PAUSED, 1, 0, 480, 0, .if_resumed = "Mon 18:30", .within = 8 * HOUR_MS},
    };
    CHECK(rows);
}

/* Due on the next working day at the time of day of the start; a step a working day before. */
static void a_due_day_comes_near_while_a_pause_finds_the_calendar_closed(void **state)
{
    (void)state;
    static const struct {
        uint32_t workdays;
        const char *paused_at;
        const char *now;
        const char *due;
        const char *next;
        csq_ms beyond; /* of `next` */
        uint32_t breached;
    } rows[] = {
        {1, "Mon 17:30", "Mon 18:00", "Tue 07:00", "Tue 07:00", 1, 0}, // not the opening at 9
        {1, "Mon 17:30", "Tue 07:00", "Tue 07:00", "Tue 07:00", 1, 0},
        {1, "Mon 17:30", "Tue 08:00", "Tue 07:00", "Tue 09:00", 0, 1}, // late: nothing but hours
        {1, "Mon 16:00", "Mon 16:30", "Tue 09:30", "Mon 17:00", 0, 0}, // moves on while open
        {1, "Mon 16:00", "Mon 18:00", "Tue 10:00", "Tue 09:00", 0, 0}, // opens before it is due
        {2, "Mon 17:30", "Mon 18:00", "Wed 07:00", "Tue 07:00", 0, 0}, // the step
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const uint32_t metric = sla_add_metric(&world, (csq_metric)RESOLUTION);
        sla_add_step(&world, metric, "remind", CSQ_STEP_WORKDAYS, -1);
        (void)sla_add_policy(&world, "policy", NULL);
        sla_add_target(&world, (csq_target){.workdays = rows[i].workdays});
        const csq_policies *policies = sla_build(&world);
        csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 07:00 created");
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, sla_at(rows[i].paused_at), 9,
                                        CSQ_TICKET_STATUS, world.pause_statuses[0]));
        const csq_answer answer = sla_answer(policies, ticket, 0, sla_at(rows[i].now));
        assert_int_equal(answer.phase, PAUSED);
        assert_int_equal(answer.breached, rows[i].breached);
        assert_ms_equal(answer.due_at, sla_at(rows[i].due));
        assert_ms_equal(answer.next_change_at, sla_at(rows[i].next) + rows[i].beyond);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* A pause of a millisecond in a cycle almost as long as time itself. */
static void sums_end_at_the_ends_of_time(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1}, HOUR_MS);
    csq_ticket *ticket = test_ticket(world.schema, 1);
    const int64_t statuses[] = {world.pause_statuses[0], 0, world.stop_statuses[0]};
    const csq_ms at[] = {INT64_MIN + 11, INT64_MIN + 12, INT64_MAX - 5};
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, INT64_MIN + 1, 0));
    for (uint64_t i = 0; i < 3; i++) {
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, at[i], i + 1, CSQ_TICKET_STATUS,
                                        statuses[i]));
    }
    csq_answer answer = sla_answer(policies, ticket, 0, INT64_MAX - 1);
    assert_int_equal(answer.phase, COMPLETED);
    assert_ms_equal(answer.elapsed_ms, INT64_MAX);
    assert_ms_equal(answer.remaining_ms, HOUR_MS - INT64_MAX);
    assert_ms_equal(answer.paused_ms, 1);
    assert_ms_equal(answer.breached_at, INT64_MIN + 2 + HOUR_MS); // of which 1 ms was paused
    assert_ms_equal(answer.percent_hundredths, INT64_C(25620477880152155)); // / 360, rounded down
    csq_explanation *explanation = sla_explain(policies, ticket, 0, INT64_MAX - 1);
    assert_ms_equal(sla_cycle(explanation, 0).elapsed_ms, INT64_MAX);
    csq_explanation_free(explanation);
    answer = sla_answer(policies, ticket, 0, INT64_MIN + 2);
    assert_ms_equal(answer.due_at, INT64_MIN + 1 + HOUR_MS);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Never less than it was, and no more than fits. */
static void percents_grow_to_the_ends_of_time(void **state)
{
    (void)state;
    static const struct {
        csq_ms target;
        csq_ms elapsed;
        int64_t percent;
    } rows[] = {
        {3, 922337203685477, 3074457345618256666},     // times 10000 fits
        {3, 922337203685479, 3074457345618263333},     // no more
        {1, INT64_MAX - 5, INT64_MAX},                 // nor does the percent
        {HOUR_MS, 922337203685477, 2562047788015},     // / 360
        {HOUR_MS, 922337203685840, 2562047788016},     // a hundredth later
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(
            &world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .wall_time = 1}, rows[i].target);
        csq_ticket *ticket = test_ticket(world.schema, 1);
        test_apply(ticket, test_event(CSQ_EVENT_CREATED, 0, 0));
        const csq_answer answer = sla_answer(policies, ticket, 0, rows[i].elapsed);
        assert_ms_equal(answer.elapsed_ms, rows[i].elapsed);
        assert_ms_equal(answer.percent_hundredths, rows[i].percent);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

/* ---- what counts --------------------------------------------------------------------------- */

static void a_ticket_that_was_never_attached_counts_nothing(void **state)
{
    (void)state;
#define EDGE_REPLIED                                                                               \
    "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 reply customer"
    static const struct {
        uint32_t attach;
        const char *events;
        uint32_t phase;
        uint64_t cycles;
        uint64_t met; /* besides, the latest cycle is open */
    } rows[] = {
        {CSQ_ATTACH_RETROACTIVE, EDGE_REPLIED, NOT_STARTED, 0, 0},
        {CSQ_ATTACH_FROM, EDGE_REPLIED, NOT_STARTED, 0, 0},
        {CSQ_ATTACH_RETROACTIVE, EDGE_REPLIED "; Mon 12:00 attach", ACTIVE, 2, 1},
        {CSQ_ATTACH_MATCH, EDGE_REPLIED, ACTIVE, 2, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sla_world world;
        sla_open(&world);
        const csq_policies *policies = sla_single(&world,
                                                  (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY,
                                                               .include_first = 1,
                                                               .attach = rows[i].attach},
                                                  0);
        csq_ticket_event events[EDGE_LOG];
        sla_log log = {world.schema, events, 0, EDGE_LOG};
        sla_read_events(&log, rows[i].events);
        const csq_ms now = sla_at("Mon 13:00");
        const csq_tally_row row = counted_alike(policies, &log, now, rows[i].cycles == 0 ? 0 : 1);
        assert_ms_equal(row.met, rows[i].met);
        assert_ms_equal(row.open, rows[i].cycles - rows[i].met);
        csq_ticket *ticket = sla_ticket(world.schema, 1, rows[i].events);
        csq_explanation *explanation = sla_explain(policies, ticket, 0, now);
        assert_ms_equal(csq_explanation_cycle_count(explanation), rows[i].cycles);
        assert_int_equal(sla_answer(policies, ticket, 0, now).phase, rows[i].phase);
        csq_explanation_free(explanation);
        csq_ticket_free(ticket);
        sla_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strangers_of_one_set_do_not_fill_another),
        cmocka_unit_test(more_strangers_than_4096_are_refused_where_a_rule_asks),
        cmocka_unit_test(a_checkpoint_of_other_terms_is_not_used),
        cmocka_unit_test(an_event_beyond_the_calendar_that_was_left_is_no_error),
        cmocka_unit_test(terms_that_change_for_ever_are_refused_in_time),
        cmocka_unit_test(carried_terms_cut_the_stretch_without_a_new_calendar),
        cmocka_unit_test(an_edit_of_all_cycles_survives_the_reopen),
        cmocka_unit_test(pauses_at_the_target_are_judged_by_the_instant),
        cmocka_unit_test(a_due_day_comes_near_while_a_pause_finds_the_calendar_closed),
        cmocka_unit_test(sums_end_at_the_ends_of_time),
        cmocka_unit_test(percents_grow_to_the_ends_of_time),
        cmocka_unit_test(a_ticket_that_was_never_attached_counts_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
