/*
 * test_automaton — what a replay learns of a walk, what it must not learn, and its limits.
 */
#include <stdio.h>

#include "sla/automaton.h"
#include "rules_support.h"
#include "sla_columns.h"

/* ---- cells --------------------------------------------------------------------------------- */

enum { CREATE = CSQ__SYMBOL_FIRST, PEND, SOLVE, RAISE, N_SYMBOLS };

typedef struct machine {
    sla_world world;
    csq_tally *tally;
    csq__automaton automaton;
    uint8_t creates[N_SYMBOLS];
} machine;

static void open_machine(machine *m, csq_metric options)
{
    options.kind = CSQ_METRIC_RESOLUTION;
    *m = (machine){.creates = {[CREATE] = 1}};
    sla_open(&m->world);
    (void)sla_single(&m->world, options, 0);
    const uint32_t attribute = CSQ_TICKET_STATUS;
    const csq_tally_options tally_options = {
        .size = sizeof tally_options, .attributes = &attribute, .n_attributes = 1};
    assert_status(CSQ_OK, csq_tally_new(m->world.policies, &tally_options, NULL, &m->tally, NULL));
    assert_status(CSQ_OK,
                  csq__automaton_init(&m->automaton, m->tally, N_SYMBOLS, m->creates, NULL));
}

static void close_machine(machine *m)
{
    csq__automaton_release(&m->automaton);
    csq_tally_free(m->tally);
    sla_close(&m->world);
}

static csq__event event_of(const machine *m, uint32_t symbol, csq_ms at)
{
    csq__event event = {.at = at, .kind = CSQ_EVENT_CHANGE, .attribute = CSQ_TICKET_STATUS};
    if (symbol == CREATE) {
        event.kind = CSQ_EVENT_CREATED;
        event.attribute = 0;
        event.visibility = CSQ_VISIBILITY_PUBLIC;
    } else if (symbol == RAISE) {
        event.attribute = CSQ_TICKET_PRIORITY;
        event.value = m->world.urgent;
    } else {
        event.value = symbol == PEND ? m->world.pause_statuses[0] : m->world.stop_statuses[0];
    }
    return event;
}

static csq__cell cell_at(const machine *m, uint32_t state, uint32_t symbol)
{
    const csq__cell *cells = m->automaton.cells.data;
    return cells[((size_t)state << m->automaton.shift) + symbol];
}

static uint32_t state_of(const machine *m, csq__cell cell)
{
    return (uint32_t)cell >> m->automaton.shift;
}

static csq__cell learn(machine *m, uint32_t state, uint32_t symbol, csq_ms at)
{
    const csq__event event = event_of(m, symbol, at);
    csq__cell cell = CSQ__CELL_UNKNOWN;
    assert_status(CSQ_OK, csq__automaton_learn(&m->automaton, state, symbol, &event, &cell, NULL));
    return cell;
}

static const csq__move *moves_of(const machine *m, csq__cell cell)
{
    return (const csq__move *)m->automaton.moves.data + (cell >> 32);
}

static void a_life_becomes_states_and_moves(void **state)
{
    (void)state;
    machine m;
    open_machine(&m, (csq_metric){.wall_time = 0});
    const csq__cell created = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    const uint32_t active = state_of(&m, created);
    assert_true(active >= CSQ__STATE_FIRST);
    assert_true(cell_at(&m, CSQ__STATE_START, CREATE) == created);
    assert_int_equal(moves_of(&m, created)->kind, CSQ__MOVE_BEGIN);
    assert_int_equal(moves_of(&m, created)->is_last, 1);

    const csq__cell pended = learn(&m, active, PEND, sla_at("Mon 11:00"));
    const csq__move *moves = moves_of(&m, pended);
    assert_int_equal(moves[0].kind, CSQ__MOVE_SLOT);
    assert_int_equal(moves[1].kind, CSQ__MOVE_ADVANCE);
    assert_int_equal(moves[1].adds_elapsed, 1);
    assert_int_equal(moves[1].adds_paused, 0);
    assert_int_equal(moves[1].stops, 0);
    assert_int_equal(moves[1].fixed, 1); // no clock

    const csq__cell solved = learn(&m, state_of(&m, pended), SOLVE, sla_at("Tue 11:00"));
    moves = moves_of(&m, solved);
    assert_int_equal(moves[1].kind, CSQ__MOVE_ADVANCE);
    assert_int_equal(moves[1].adds_elapsed, 0);
    assert_int_equal(moves[1].adds_paused, 1);
    assert_int_equal(moves[1].stops, 1);
    assert_int_equal(moves[1].fixed, 0); // the clock keeps its codes
    assert_int_equal(moves[1].is_last, 1);
    close_machine(&m);
}

static void the_same_is_learned_at_any_instant(void **state)
{
    (void)state;
    machine m;
    open_machine(&m, (csq_metric){.wall_time = 0});
    const csq__cell first = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    assert_true(learn(&m, CSQ__STATE_START, CREATE, sla_at("Sat 23:00")) == first);
    const csq__cell pended = learn(&m, state_of(&m, first), PEND, sla_at("Mon 11:00"));
    assert_true(learn(&m, state_of(&m, first), PEND, sla_at("Sun 01:00")) == pended);
    // What changes nothing leads back: there is one state for each thing that is known.
    const csq__cell again = learn(&m, state_of(&m, pended), PEND, sla_at("Mon 12:00"));
    assert_int_equal(state_of(&m, again), state_of(&m, pended));
    close_machine(&m);
}

static void only_the_first_event_creates_a_ticket(void **state)
{
    (void)state;
    machine m;
    open_machine(&m, (csq_metric){.wall_time = 0});
    const csq__cell dead = (csq__cell)CSQ__STATE_DEAD << m.automaton.shift;
    assert_true(cell_at(&m, CSQ__STATE_START, CREATE) == CSQ__CELL_UNKNOWN);
    assert_true(cell_at(&m, CSQ__STATE_EMPTY, CREATE) == dead);
    assert_true(cell_at(&m, CSQ__STATE_EMPTY, PEND) == CSQ__CELL_UNKNOWN);
    assert_true(cell_at(&m, CSQ__STATE_START, CSQ__SYMBOL_WALK) == dead);
    const csq__cell created = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    assert_true(cell_at(&m, state_of(&m, created), CREATE) == dead);
    for (uint32_t symbol = 0; symbol < N_SYMBOLS; symbol++) {
        assert_true(cell_at(&m, CSQ__STATE_DEAD, symbol) == dead);
    }
    close_machine(&m);
}

/* Another calendar for a cycle that has just begun is a look-up; for an older one the past has to
 * be measured again. That is for a walk to decide. */
static void what_an_instant_decides_is_walked(void **state)
{
    (void)state;
    machine m;
    open_machine(&m, (csq_metric){.on_change = CSQ_ON_CHANGE_RETROACTIVE});
    const csq__cell dead = (csq__cell)CSQ__STATE_DEAD << m.automaton.shift;
    const csq__cell created = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    assert_true(learn(&m, state_of(&m, created), RAISE, sla_at("Mon 11:00")) == dead);
    assert_true(cell_at(&m, state_of(&m, created), RAISE) == dead);
    close_machine(&m);
    open_machine(&m, (csq_metric){.on_change = CSQ_ON_CHANGE_CARRY});
    const csq__cell begun = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    const csq__cell carried = learn(&m, state_of(&m, begun), RAISE, sla_at("Mon 11:00"));
    assert_true(state_of(&m, carried) >= CSQ__STATE_FIRST);
    assert_int_equal(moves_of(&m, carried)->kind, CSQ__MOVE_RUN); // by two calendars
    assert_true(moves_of(&m, carried)->calendar != moves_of(&m, carried)->next);
    close_machine(&m);
}

static void what_fails_at_one_instant_is_asked_again_at_another(void **state)
{
    (void)state;
    static const csq_ms bad[] = {0, INT64_MAX, INT64_MIN + 1}; // before the calendar; at the ends
    machine m;
    open_machine(&m, (csq_metric){.wall_time = 0});
    const csq__cell dead = (csq__cell)CSQ__STATE_DEAD << m.automaton.shift;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_true(learn(&m, CSQ__STATE_START, CREATE, bad[i]) == dead);
        assert_true(cell_at(&m, CSQ__STATE_START, CREATE) == CSQ__CELL_UNKNOWN);
    }
    assert_true(learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00")) != dead);
    close_machine(&m);
}

static void beyond_the_limit_of_states_tickets_are_walked(void **state)
{
    (void)state;
    machine m;
    open_machine(&m, (csq_metric){.wall_time = 0});
    const csq__cell dead = (csq__cell)CSQ__STATE_DEAD << m.automaton.shift;
    assert_int_equal(m.automaton.limit, CSQ__STATE_LIMIT);
    m.automaton.limit = CSQ__STATE_FIRST + 1;
    const csq__cell created = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    assert_true(created != dead);
    assert_true(learn(&m, state_of(&m, created), PEND, sla_at("Mon 11:00")) == dead);
    assert_true(cell_at(&m, state_of(&m, created), PEND) == dead);
    assert_int_equal(m.automaton.states.items.n, CSQ__STATE_FIRST + 1);
    close_machine(&m);
}

static void beyond_the_limit_of_moves_tickets_are_walked(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 8; limit++) {
        machine m;
        open_machine(&m, (csq_metric){.reopen_mode = CSQ_REOPEN_NEW_CYCLE});
        const csq__cell dead = (csq__cell)CSQ__STATE_DEAD << m.automaton.shift;
        m.automaton.move_limit = limit; // the one that belongs to no list counts
        const csq__cell created = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
        assert_int_equal(created != dead, limit >= 2);
        assert_true(m.automaton.moves.n <= limit);
        if (limit >= 2) {
            const csq__cell solved = learn(&m, state_of(&m, created), SOLVE, sla_at("Mon 11:00"));
            assert_int_equal(solved != dead, limit >= 4);
        }
        close_machine(&m);
    }
}

/* A finished cycle goes on as another: it is kept with what is known of it. */
static void a_cycle_that_is_followed_by_another_is_kept(void **state)
{
    (void)state;
    machine m;
    open_machine(&m, (csq_metric){.reopen_mode = CSQ_REOPEN_NEW_CYCLE});
    const csq__cell created = learn(&m, CSQ__STATE_START, CREATE, sla_at("Mon 10:00"));
    const csq__cell solved = learn(&m, state_of(&m, created), SOLVE, sla_at("Mon 11:00"));
    const csq__cell reopened = learn(&m, state_of(&m, solved), PEND, sla_at("Mon 12:00"));
    const csq__move *moves = moves_of(&m, reopened);
    assert_int_equal(moves[0].kind, CSQ__MOVE_SLOT);
    assert_int_equal(moves[1].kind, CSQ__MOVE_KEEP);
    assert_int_equal(moves[1].codes_now, 0);
    assert_int_equal(moves[2].kind, CSQ__MOVE_BEGIN);
    csq__run kept;
    memcpy((uint8_t *)&kept + CSQ__RUN_TIMES,
           (const uint8_t *)m.automaton.fixed.items.data + moves[1].fixed * CSQ__RUN_FIXED,
           CSQ__RUN_FIXED);
    assert_int_equal(kept.phase, CSQ_PHASE_COMPLETED);
    assert_ms_equal(kept.target, 4 * HOUR_MS);
    close_machine(&m);
}

/* ---- logs beyond the automaton ------------------------------------------------------------- */

enum { N_CODES = 300, N_LONG = 40, LONG_EVENTS = 300 };

/* Metrics whose conditions read status, group and priority; targets by group and by priority. */
static void open_wide_world(sla_world *world, uint32_t n_codes)
{
    static const uint32_t attributes[] = {CSQ_TICKET_STATUS, CSQ_TICKET_GROUP, CSQ_TICKET_PRIORITY,
                                          CSQ_TICKET_ASSIGNEE};
    sla_open(world);
    for (uint32_t i = 0; i < n_codes; i++) {
        char name[16];
        snprintf(name, sizeof name, "wide-%u", (unsigned)i);
        for (size_t a = 0; a < sizeof attributes / sizeof attributes[0]; a++) {
            (void)test_code(world->schema, attributes[a], name);
        }
    }
    (void)sla_add_metric(
        world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION, .on_change = CSQ_ON_CHANGE_CARRY});
    (void)sla_add_metric(world,
                         (csq_metric){.kind = CSQ_METRIC_OWNERSHIP, .name = csq_str_of("owned")});
    (void)sla_add_policy(world, "policy", NULL);
    static const uint32_t by[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP};
    for (uint32_t m = 0; m < 2; m++) {
        for (uint32_t code = 1; code <= 8; code++) {
            sla_add_target(world, (csq_target){.metric = m,
                                               .attribute = by[m],
                                               .code = code,
                                               .within_ms = code * HOUR_MS,
                                               .calendar = code % 2 == 0 ? SLA_OFFICE : SLA_EARLY});
        }
        sla_add_target(world,
                       (csq_target){.metric = m, .within_ms = HOUR_MS, .calendar = SLA_ALWAYS});
    }
    (void)sla_build(world);
}

static csq_ticket *long_ticket(const sla_world *world, uint64_t id, uint64_t *seed)
{
    static const uint32_t attributes[] = {CSQ_TICKET_STATUS, CSQ_TICKET_GROUP, CSQ_TICKET_PRIORITY,
                                          CSQ_TICKET_ASSIGNEE};
    csq_ticket *ticket = test_ticket(world->schema, id);
    csq_ms at = sla_at("Mon 00:00");
    test_apply(ticket, test_event(CSQ_EVENT_CREATED, at, 0));
    for (uint64_t i = 1; i < LONG_EVENTS; i++) {
        const uint32_t attribute = attributes[test_below(seed, 4)];
        const uint32_t n = csq_vocabulary_count(csq_schema_vocabulary(world->schema, attribute));
        at += (csq_ms)test_below(seed, 3) * HOUR_MS;
        test_apply(ticket, test_setting(CSQ_EVENT_CHANGE, at, i, attribute,
                                        1 + (int64_t)test_below(seed, n)));
    }
    return ticket;
}

static csq_tally *tally_by_group(const sla_world *world)
{
    static const uint32_t attributes[] = {CSQ_TICKET_GROUP, CSQ_TICKET_ASSIGNEE};
    const csq_tally_options options = {
        .size = sizeof options, .attributes = attributes, .n_attributes = 2};
    csq_tally *tally = NULL;
    assert_status(CSQ_OK, csq_tally_new(world->policies, &options, NULL, &tally, NULL));
    return tally;
}

/* Counts tickets one by one and as a log whose rows draw among `n_copies` types of each form. */
static void check_long_log(const sla_world *world, uint32_t n_copies)
{
    uint64_t seed = 7;
    sla_columns log;
    sla_columns_open(&log, N_LONG * LONG_EVENTS);
    csq_tally *expected = tally_by_group(world);
    csq_tally *found = tally_by_group(world);
    const csq_ms now = sla_at("Thu+ 12:00");
    for (uint64_t id = 1; id <= N_LONG; id++) {
        csq_ticket *ticket = long_ticket(world, id, &seed);
        assert_status(CSQ_OK, csq_tally_add(expected, ticket, now, NULL));
        sla_columns_add_ticket(&log, ticket);
        csq_ticket_free(ticket);
    }
    const uint32_t n_types = log.n_types;
    for (uint32_t i = 0; i < n_types * (n_copies - 1); i++) {
        log.types[n_types + i] = log.types[i];
    }
    log.n_types = n_types * n_copies;
    for (uint32_t i = 0; i < log.n; i++) {
        log.type[i] += n_types * (uint32_t)test_below(&seed, n_copies);
    }
    const csq_event_columns columns = sla_columns_of(&log);
    assert_status(CSQ_OK, csq_tally_replay(found, &columns, now, NULL, NULL, NULL));
    assert_true(sla_is_same_tally(found, expected));
    csq_tally_free(expected);
    csq_tally_free(found);
    sla_columns_close(&log);
}

/* 12,000 events that hardly ever meet the same values of three attributes. */
static void more_states_than_are_kept_count_alike(void **state)
{
    (void)state;
    sla_world world;
    open_wide_world(&world, 40);
    check_long_log(&world, 1);
    sla_close(&world);
}

static void codes_without_a_symbol_count_alike(void **state)
{
    (void)state;
    sla_world world;
    open_wide_world(&world, N_CODES);
    check_long_log(&world, 1);
    sla_close(&world);
}

static void more_types_than_there_are_symbols_count_alike(void **state)
{
    (void)state;
    sla_world world;
    open_wide_world(&world, N_CODES);
    check_long_log(&world, 20);
    sla_close(&world);
}

/* A missing value clears an attribute, also one that a rule reads. */
static void missing_values_have_a_symbol(void **state)
{
    (void)state;
    static const char *const told[] = {
        "Mon 09:00 created customer priority=high; Mon 10:00 set status=pending; "
        "Mon 11:00 set status=; Mon 12:00 set priority=; Mon 13:00 set status=solved",
        "Mon 09:00 created customer; Mon 10:00 set status=pending; Mon 11:00 set status=; "
        "Tue 12:00 set status=solved"};
    sla_world world;
    sla_columns log;
    uint8_t validity[8];
    sla_open(&world);
    (void)sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    sla_columns_open(&log, 64);
    csq_tally *expected = tally_by_group(&world);
    csq_tally *found = tally_by_group(&world);
    for (uint64_t i = 0; i < 8; i++) {
        csq_ticket *ticket = sla_ticket(world.schema, i, told[i % 2]);
        assert_status(CSQ_OK, csq_tally_add(expected, ticket, sla_at("Wed 09:00"), NULL));
        sla_columns_add_ticket(&log, ticket);
        csq_ticket_free(ticket);
    }
    memset(validity, 0, sizeof validity);
    for (uint32_t i = 0; i < log.n; i++) {
        validity[i / 8] |= (uint8_t)((log.value[i] != 0) << (i % 8));
    }
    csq_event_columns columns = sla_columns_of(&log);
    columns.value.validity = validity;
    assert_status(CSQ_OK, csq_tally_replay(found, &columns, sla_at("Wed 09:00"), NULL, NULL, NULL));
    assert_true(sla_is_same_tally(found, expected));
    csq_tally_free(expected);
    csq_tally_free(found);
    sla_columns_close(&log);
    sla_close(&world);
}

/* The calendar answers for the first ticket and not for the second, in a state that is known. */
static void an_instant_beyond_the_calendar_is_named(void **state)
{
    (void)state;
    static const char *const told[] = {
        "Mon 09:00 created customer; Mon 10:00 set status=pending; Mon 12:00 set status=solved",
        "Mon 09:00 created customer; Mon 10:00 set status=pending; Mon 12:00 set status=solved"};
    sla_world world;
    sla_columns log;
    sla_open(&world);
    (void)sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    sla_columns_open(&log, 64);
    for (uint64_t i = 0; i < 2; i++) {
        csq_ticket *ticket = sla_ticket(world.schema, i, told[i]);
        sla_columns_add_ticket(&log, ticket);
        csq_ticket_free(ticket);
    }
    for (uint32_t i = log.n / 2; i < log.n; i++) {
        log.at[i] -= INT64_C(80) * 366 * DAY_MS; // before the years of the calendar
    }
    csq_tally *tally = tally_by_group(&world);
    const csq_event_columns columns = sla_columns_of(&log);
    csq_error error;
    assert_status(CSQ_ERANGE,
                  csq_tally_replay(tally, &columns, sla_at("Wed 09:00"), NULL, NULL, &error));
    assert_ms_equal(error.index, log.n / 2);
    assert_int_equal(csq_tally_count(tally), 0);
    csq_tally_free(tally);
    sla_columns_close(&log);
    sla_close(&world);
}

/* A calendar that ends: what its last event does was learned while there was one. */
static void an_instant_behind_the_calendar_is_named(void **state)
{
    (void)state;
    static const char *const last[] = {"set status=pending", "set priority=low", "escalate 1",
                                       "set status=solved"};
    csq_schema *schema = test_schema();
    csq_rules *rules = rules_of(
        schema,
        "{'calendars':{'short':{'zone':{'posix':'CET-1CEST,M3.5.0,M10.5.0/3'},'years':[2024,2024],"
        "'week':{'mon':['09:00-17:00']}},'long':{'zone':'UTC','week':{'mon':['09:00-17:00']}}},"
        "'metrics':{'m':{'kind':'resolution','stop_statuses':['solved'],'pause_statuses':"
        "['pending'],'reset':{'event':'escalate'},'options':{'on_change':'carry'}}},"
        "'policies':[{'name':'p','targets':{"
        "'m':{'by':'priority','values':{'high':{'within':'1h','calendar':'short'},"
        "'low':{'within':'100h','calendar':'long'}}}}}]}");
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        sla_columns log;
        csq_tally *tally = NULL;
        csq_error error;
        sla_columns_open(&log, 16);
        for (uint64_t id = 1; id <= 3; id++) {
            char told[128];
            snprintf(told, sizeof told,
                     "Mon 08:00 created; Mon 09:00 set priority=high; Mon 10:00 %s%s", last[i],
                     id < 3 ? "; Tue 09:00 set status=solved" : "");
            csq_ticket *ticket = sla_ticket(schema, id, told);
            sla_columns_add_ticket(&log, ticket);
            csq_ticket_free(ticket);
        }
        log.at[log.n - 1] += 366 * DAY_MS;
        const csq_event_columns columns = sla_columns_of(&log);
        assert_status(CSQ_OK, csq_tally_new(csq_rules_policies(rules), NULL, NULL, &tally, NULL));
        assert_status(CSQ_ERANGE,
                      csq_tally_replay(tally, &columns, log.at[log.n - 1], NULL, NULL, &error));
        assert_ms_equal(error.index, log.n - 1);
        csq_tally_free(tally);
        sla_columns_close(&log);
    }
    csq_rules_free(rules);
    csq_schema_free(schema);
}

/* Rows of one type each form, whose bad row lies after `now` in a state that is known. */
static void check_later_row(const char *text, csq_ms add_last, csq_status status, uint32_t row)
{
    sla_world world;
    sla_columns log;
    sla_open(&world);
    (void)sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    sla_columns_open(&log, 64);
    for (uint64_t i = 0; i < 3; i++) {
        csq_ticket_event events[SLA_LOG_LIMIT];
        sla_log one = {world.schema, events, 0, SLA_LOG_LIMIT};
        sla_read_events(&one, text);
        for (uint32_t k = 0; k < one.n; k++) {
            sla_columns_add(&log, i, &events[k]);
        }
    }
    log.at[log.n - 1] += add_last;
    csq_tally *tally = tally_by_group(&world);
    csq_event_columns columns = sla_columns_of(&log);
    csq_error error = {.code = CSQ_OK};
    for (uint32_t i = 0; i < log.n; i++) {
        log.at[i] /= 1000;
    }
    columns.tick_ms = 1000;
    assert_status(status,
                  csq_tally_replay(tally, &columns, sla_at("Mon 09:00"), NULL, NULL, &error));
    if (status != CSQ_OK) {
        assert_ms_equal(error.index, row);
    }
    csq_tally_free(tally);
    sla_columns_close(&log);
    sla_close(&world);
}

static void what_comes_after_now_is_looked_at_all_the_same(void **state)
{
    (void)state;
    static const char good[] = "Mon 10:00 created customer; Mon 11:00 set status=pending";
    check_later_row(good, 0, CSQ_OK, 0);
    check_later_row(good, INT64_MAX / 4, CSQ_OK, 0);
    check_later_row("Mon 10:00 set status=pending; Mon 11:00 created customer", 0, CSQ_EORDER, 0);
    check_later_row("Mon 08:00 reply agent; Mon 11:00 created customer", 0, CSQ_EORDER, 0);
    check_later_row("Mon 10:00 created customer; Mon 11:00 created customer", 0, CSQ_ECONFLICT, 1);
    check_later_row("Mon 10:00 merge 9; Mon 11:00 reply agent", 0, CSQ_EMERGED, 1);
}

/* With ticks of a second there are instants that no row can have. */
static void a_tick_beyond_all_time_is_named(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    (void)sla_single(&world, (csq_metric){.kind = CSQ_METRIC_RESOLUTION}, 0);
    const csq_event_type types[] = {{.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
                                    {.size = sizeof types[0], .kind = CSQ_EVENT_REPLY}};
    const uint8_t ids[] = {1, 1, 2, 2};
    const uint8_t type[] = {0, 1, 0, 1};
    const int64_t second = sla_at("Mon 10:00") / 1000;
    static const int64_t far[] = {INT64_MAX, INT64_MAX / 1000 + 1, CSQ_MS_NONE,
                                  -(INT64_MAX / 1000) - 1};
    for (size_t i = 0; i < 2 * (sizeof far / sizeof far[0]); i++) {
        const uint32_t row = far[i / 2] > 0 ? 3 : 2 * (uint32_t)(i % 2);
        int64_t at[] = {second, second + 60, second, second + 60};
        at[row] = far[i / 2];
        csq_event_columns columns = {
            .size = sizeof columns, .types = types, .n_types = 2, .tick_ms = 1000};
        columns.ticket = csq_column_of(CSQ_COLUMN_UINT8, ids, 4);
        columns.at = csq_column_of(CSQ_COLUMN_INT64, at, 4);
        columns.type = csq_column_of(CSQ_COLUMN_UINT8, type, 4);
        csq_tally *tally = tally_by_group(&world);
        csq_error error;
        assert_status(CSQ_ERANGE,
                      csq_tally_replay(tally, &columns, sla_at("Fri 10:00"), NULL, NULL, &error));
        assert_ms_equal(error.index, row);
        csq_tally_free(tally);
    }
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_life_becomes_states_and_moves),
        cmocka_unit_test(the_same_is_learned_at_any_instant),
        cmocka_unit_test(only_the_first_event_creates_a_ticket),
        cmocka_unit_test(what_an_instant_decides_is_walked),
        cmocka_unit_test(what_fails_at_one_instant_is_asked_again_at_another),
        cmocka_unit_test(beyond_the_limit_of_states_tickets_are_walked),
        cmocka_unit_test(beyond_the_limit_of_moves_tickets_are_walked),
        cmocka_unit_test(a_cycle_that_is_followed_by_another_is_kept),
        cmocka_unit_test(more_states_than_are_kept_count_alike),
        cmocka_unit_test(codes_without_a_symbol_count_alike),
        cmocka_unit_test(more_types_than_there_are_symbols_count_alike),
        cmocka_unit_test(missing_values_have_a_symbol),
        cmocka_unit_test(an_instant_beyond_the_calendar_is_named),
        cmocka_unit_test(an_instant_behind_the_calendar_is_named),
        cmocka_unit_test(what_comes_after_now_is_looked_at_all_the_same),
        cmocka_unit_test(a_tick_beyond_all_time_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
