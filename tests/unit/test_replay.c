/*
 * test_replay — a log in columns counts as its tickets do one by one, whatever the order of its
 * rows and the form of its columns; a bad row is named and nothing is counted.
 */
#include "sla_support.h"

enum { ROWS = 64, N_TICKETS = 6 };

/* A log of tickets in columns: a type for each row, so that any event fits. */
typedef struct log_columns {
    csq_event_type types[ROWS];
    uint64_t tickets[ROWS];
    int64_t at[ROWS];
    uint8_t type[ROWS];
    int64_t value[ROWS];
    uint64_t sequence[ROWS];
    uint32_t n;
    csq_event_columns columns;
} log_columns;

static const char *const histories[N_TICKETS] = {
    "Mon 09:00 created customer priority=high; Mon 10:00 reply agent; Mon 11:30 set status=solved",
    "Mon 09:30 created; Mon 10:00 set status=pending; Tue 10:00 set status=open; "
    "Tue 16:00 set status=solved",
    "Mon 10:00 created; Mon 16:00 set priority=high; Tue 09:00 add vip; Tue 10:00 remove vip",
    "Tue 09:00 created customer; Tue 09:00 set status=pending; Tue 09:00 set status=open; "
    "Tue 12:00 reply agent status=solved; Wed 09:00 reply customer status=open",
    "Tue 10:00 set status=open; Tue 11:00 attach; Tue 12:00 edit 2h",
    "Wed 09:00 created; Wed 10:00 promise 1; Wed 11:00 escalate 2; Wed 12:00 merge 9",
};

static void point(log_columns *log)
{
    csq_event_columns *columns = &log->columns;
    *columns = (csq_event_columns){
        .size = sizeof *columns, .types = log->types, .n_types = log->n};
    columns->ticket = csq_column_of(CSQ_COLUMN_UINT64, log->tickets, log->n);
    columns->at = csq_column_of(CSQ_COLUMN_INT64, log->at, log->n);
    columns->type = csq_column_of(CSQ_COLUMN_UINT8, log->type, log->n);
    columns->value = csq_column_of(CSQ_COLUMN_INT64, log->value, log->n);
    columns->sequence = csq_column_of(CSQ_COLUMN_UINT64, log->sequence, log->n);
}

static void log_add(log_columns *log, uint64_t ticket, const csq_ticket_event *event)
{
    const uint32_t i = log->n++;
    assert_true(i < ROWS);
    log->types[i] = (csq_event_type){.size = sizeof log->types[i],
                                     .kind = event->kind,
                                     .author = event->author,
                                     .visibility = event->visibility,
                                     .attribute = event->attribute,
                                     .subject = event->subject,
                                     .joined = event->joined};
    log->tickets[i] = ticket;
    log->at[i] = event->at;
    log->type[i] = (uint8_t)i;
    log->value[i] = event->value;
    log->sequence[i] = event->sequence;
}

static void log_histories(log_columns *log, csq_schema *schema)
{
    log->n = 0;
    for (uint64_t t = 0; t < N_TICKETS; t++) {
        csq_ticket_event events[ROWS];
        sla_log one = {schema, events, 0, ROWS};
        sla_read_events(&one, histories[t]);
        for (uint32_t i = 0; i < one.n; i++) {
            log_add(log, t + 1, &events[i]);
        }
    }
    point(log);
}

static void swap_rows(log_columns *log, uint32_t a, uint32_t b)
{
    const log_columns old = *log;
    log->tickets[a] = old.tickets[b];
    log->tickets[b] = old.tickets[a];
    log->at[a] = old.at[b];
    log->at[b] = old.at[a];
    log->type[a] = old.type[b];
    log->type[b] = old.type[a];
    log->value[a] = old.value[b];
    log->value[b] = old.value[a];
    log->sequence[a] = old.sequence[b];
    log->sequence[b] = old.sequence[a];
}

/* Metrics of several kinds with `options` for the resolution. */
static void open_world(sla_world *world, csq_metric options)
{
    sla_open(world);
    for (size_t t = 0; t < N_TICKETS; t++) {
        csq_ticket_free(sla_ticket(world->schema, 1, histories[t])); // learn the names
    }
    options.kind = CSQ_METRIC_RESOLUTION;
    (void)sla_add_metric(world, (csq_metric){.kind = CSQ_METRIC_FIRST_REPLY,
                                             .name = csq_str_of("first")});
    (void)sla_add_metric(world, (csq_metric){.kind = CSQ_METRIC_NEXT_REPLY,
                                             .name = csq_str_of("next"),
                                             .include_first = 1});
    (void)sla_add_metric(world, options);
    (void)sla_add_policy(world, "policy", NULL);
    for (uint32_t m = 0; m < 3; m++) {
        sla_add_target(world, (csq_target){.metric = m,
                                           .within_ms = (2 + m) * HOUR_MS,
                                           .calendar = SLA_OFFICE});
        sla_add_target(world, (csq_target){.metric = m,
                                           .attribute = CSQ_TICKET_PRIORITY,
                                           .code = world->high,
                                           .within_ms = HOUR_MS,
                                           .calendar = SLA_EARLY});
    }
    (void)sla_build(world);
}

static csq_tally *empty_tally(const sla_world *world)
{
    static const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_STATUS};
    const csq_tally_options options = {.size = sizeof options,
                                       .n_attributes = 2,
                                       .attributes = attributes,
                                       .period = CSQ_PERIOD_DAY};
    csq_tally *tally = NULL;
    assert_status(CSQ_OK, csq_tally_new(world->policies, &options, NULL, &tally, NULL));
    return tally;
}

static csq_tally *counted_one_by_one(const sla_world *world, csq_ms now)
{
    csq_tally *tally = empty_tally(world);
    for (uint64_t t = 0; t < N_TICKETS; t++) {
        csq_ticket *ticket = sla_ticket(world->schema, t + 1, histories[t]);
        assert_status(CSQ_OK, csq_tally_add(tally, ticket, now, NULL));
        csq_ticket_free(ticket);
    }
    return tally;
}

static void check_replay(const sla_world *world, const csq_event_columns *columns, csq_ms now,
                         const csq_tally *expected)
{
    csq_tally *tally = empty_tally(world);
    csq_error error = {0};
    const csq_status status = csq_tally_replay(tally, columns, now, NULL, NULL, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    assert_true(sla_is_same_tally(tally, expected));
    csq_tally_free(tally);
}

/* ---- equality ------------------------------------------------------------------------------ */

static void a_log_counts_as_its_tickets_do_in_any_order(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.reopen_mode = CSQ_REOPEN_NEW_CYCLE});
    log_histories(&log, world.schema);
    uint64_t seed = 5;
    static const char *const instants[] = {"Mon 08:00", "Mon 09:00", "Mon 13:00", "Tue 12:00",
                                           "Wed 11:30", "Fri 20:00"};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        const csq_ms now = sla_at(instants[i]);
        csq_tally *expected = counted_one_by_one(&world, now);
        for (uint32_t round = 0; round < 20; round++) {
            check_replay(&world, &log.columns, now, expected);
            for (uint32_t row = log.n; row > 1; row--) {
                swap_rows(&log, row - 1, (uint32_t)test_below(&seed, row));
            }
        }
        csq_tally_free(expected);
        log_histories(&log, world.schema);
    }
    sla_close(&world);
}

/* Without a column of sequences the number of the row is the sequence. */
static void rows_are_numbered_where_there_are_no_sequences(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    csq_tally *expected = counted_one_by_one(&world, sla_at("Fri 20:00"));
    log.columns.sequence = (csq_column){.data = NULL};
    check_replay(&world, &log.columns, sla_at("Fri 20:00"), expected);
    csq_tally_free(expected);
    sla_close(&world);
}

/* Options whose answer only a walk with a recorder knows. */
static void options_that_measure_the_past_again_count_alike(void **state)
{
    (void)state;
    static const csq_metric metrics[] = {
        {.on_change = CSQ_ON_CHANGE_RETROACTIVE},
        {.on_change = CSQ_ON_CHANGE_RETROACTIVE,
         .retroactive_pause = CSQ_RETROACTIVE_PAUSE_COUNTED},
        {.on_change = CSQ_ON_CHANGE_CARRY},
        {.on_change = CSQ_ON_CHANGE_RESTART},
        {.calendar_switch = CSQ_CALENDAR_SWITCH_LATEST},
        {.breach_compare = CSQ_BREACH_COMPARE_INSTANT},
        {.breach_compare = CSQ_BREACH_COMPARE_INSTANT, .due_edge = CSQ_DUE_EDGE_NEXT_OPEN},
        {.edit_scope = CSQ_EDIT_SCOPE_ALL, .attach = CSQ_ATTACH_RETROACTIVE},
    };
    static log_columns log;
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        sla_world world;
        open_world(&world, metrics[i]);
        log_histories(&log, world.schema);
        csq_tally *expected = counted_one_by_one(&world, sla_at("Fri 20:00"));
        check_replay(&world, &log.columns, sla_at("Fri 20:00"), expected);
        swap_rows(&log, 0, log.n - 1);
        check_replay(&world, &log.columns, sla_at("Fri 20:00"), expected);
        csq_tally_free(expected);
        sla_close(&world);
    }
}

static void instants_may_be_in_seconds(void **state)
{
    (void)state;
    static log_columns log;
    static int32_t seconds[ROWS];
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    for (uint32_t i = 0; i < log.n; i++) {
        seconds[i] = (int32_t)(log.at[i] / 1000);
    }
    log.columns.at = csq_column_of(CSQ_COLUMN_INT32, seconds, log.n);
    log.columns.tick_ms = 1000;
    csq_tally *expected = counted_one_by_one(&world, sla_at("Fri 20:00"));
    check_replay(&world, &log.columns, sla_at("Fri 20:00"), expected);
    csq_tally_free(expected);
    sla_close(&world);
}

/* Few types; values that are indexes into the codes of their type, or missing. */
static void values_may_be_indexes_into_codes(void **state)
{
    (void)state;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    const uint32_t statuses[] = {test_code(world.schema, CSQ_TICKET_STATUS, "open"),
                                 world.stop_statuses[0], world.pause_statuses[0]};
    const csq_event_type types[] = {
        {.size = sizeof types[0], .kind = CSQ_EVENT_CREATED, .author = CSQ_AUTHOR_CUSTOMER},
        {.size = sizeof types[0],
         .kind = CSQ_EVENT_CHANGE,
         .attribute = CSQ_TICKET_STATUS,
         .codes = statuses,
         .n_codes = 3},
        {.size = sizeof types[0], .kind = CSQ_EVENT_CHANGE, .attribute = CSQ_TICKET_PRIORITY}};
    const uint32_t ids[] = {7, 7, 7, 7, 8, 8, 8};
    const csq_ms at[] = {sla_at("Mon 09:00"), sla_at("Mon 10:00"), sla_at("Mon 11:00"),
                         sla_at("Mon 12:00"), sla_at("Mon 09:00"), sla_at("Mon 09:00"),
                         sla_at("Mon 12:00")};
    const uint8_t kinds[] = {1, 2, 2, 2, 1, 3, 2}; // codes of a vocabulary, from 1
    const uint32_t dictionary[] = {99, 0, 1, 2};
    const int8_t values[] = {0, 2, 0, 1, 0, 0, 1};
    const uint8_t validity[] = {0x5E}; // rows 0 and 5 have none, the latter clears the priority
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 3};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT32, ids, 7);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, at, 7);
    columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, 7);
    columns.type.dictionary = dictionary;
    columns.type.dictionary_length = 4;
    columns.value = csq_column_of(CSQ_COLUMN_INT8, values, 7);
    columns.value.validity = validity;

    csq_tally *expected = empty_tally(&world);
    static const char *const told[] = {
        "Mon 09:00 created customer; Mon 10:00 set status=pending; Mon 11:00 set status=open; "
        "Mon 12:00 set status=solved",
        "Mon 09:00 created customer; Mon 09:00 set priority=; Mon 12:00 set status=solved"};
    for (uint64_t t = 0; t < 2; t++) {
        csq_ticket *ticket = sla_ticket(world.schema, 7 + t, told[t]);
        assert_status(CSQ_OK, csq_tally_add(expected, ticket, sla_at("Fri 20:00"), NULL));
        csq_ticket_free(ticket);
    }
    check_replay(&world, &columns, sla_at("Fri 20:00"), expected);
    csq_tally_free(expected);
    sla_close(&world);
}

static void a_row_that_comes_twice_counts_once(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    csq_tally *expected = counted_one_by_one(&world, sla_at("Fri 20:00"));
    const uint32_t n = log.n;
    for (uint32_t i = 0; i < 3; i++) { // at the end, and behind the original
        log.tickets[n + i] = log.tickets[i];
        log.at[n + i] = log.at[i];
        log.type[n + i] = log.type[i];
        log.value[n + i] = log.value[i];
        log.sequence[n + i] = log.sequence[i];
        log.n++;
    }
    point(&log);
    log.columns.n_types = n;
    check_replay(&world, &log.columns, sla_at("Fri 20:00"), expected);
    csq_tally_free(expected);
    sla_close(&world);
}

static void a_log_adds_to_what_is_there_and_an_empty_one_nothing(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    const csq_ms now = sla_at("Fri 20:00");
    csq_tally *once = counted_one_by_one(&world, now);
    csq_tally *twice = counted_one_by_one(&world, now);
    assert_status(CSQ_OK, csq_tally_merge(once, twice, NULL));
    assert_status(CSQ_OK, csq_tally_replay(twice, &log.columns, now, NULL, NULL, NULL));
    assert_true(sla_is_same_tally(once, twice));
    const uint32_t n = log.n;
    log.n = 0;
    point(&log);
    log.columns.n_types = n;
    assert_status(CSQ_OK, csq_tally_replay(twice, &log.columns, now, NULL, NULL, NULL));
    assert_true(sla_is_same_tally(once, twice));
    csq_tally_free(once);
    csq_tally_free(twice);
    sla_close(&world);
}

/* ---- bad rows ------------------------------------------------------------------------------ */

/* Puts a fault into a row behind `created`, which creates its ticket; what is expected of it. */
static csq_status spoil(log_columns *log, uint32_t fault, uint32_t created, uint64_t row)
{
    static uint8_t validity[8];
    memset(validity, 0xFF, sizeof validity);
    switch (fault) {
    case 0: // a type that is not there
        log->type[row] = 200;
        return CSQ_ECODE;
    case 1: // a status that is not there
        assert_int_equal(log->types[row].attribute, CSQ_TICKET_STATUS);
        log->value[row] = 4711;
        return CSQ_ECODE;
    case 2: // no instant
        log->at[row] = CSQ_MS_NONE;
        return CSQ_ERANGE;
    case 3: // a missing ticket
        validity[row / 8] &= (uint8_t) ~(1U << (row % 8));
        log->columns.ticket.validity = validity;
        return CSQ_ENODATA;
    case 4: // before the creation
        log->at[row] = log->at[created] - 1;
        return CSQ_EORDER;
    case 5: // a second creation
        log->type[row] = log->type[created];
        log->value[row] = 0;
        return CSQ_ECONFLICT;
    default: // the same sequence with other content
        log->sequence[row] = log->sequence[created];
        return CSQ_ECONFLICT;
    }
}

/* The second row that creates a ticket. */
static uint32_t second_creation(const log_columns *log)
{
    uint32_t row = 1;
    while (log->types[row].kind != CSQ_EVENT_CREATED) {
        row++;
    }
    return row;
}

static void a_bad_row_is_named_and_nothing_is_counted(void **state)
{
    (void)state;
    static log_columns log;
    static log_columns good;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&good, world.schema);
    const uint32_t created = second_creation(&good);
    const uint64_t row = created + 1;
    csq_tally *before = counted_one_by_one(&world, sla_at("Fri 20:00"));
    csq_tally *tally;
    assert_status(CSQ_OK, csq_tally_copy(before, &tally, NULL));
    for (uint32_t fault = 0; fault < 7; fault++) {
        log = good;
        point(&log);
        const csq_status expected = spoil(&log, fault, created, row);
        csq_error error = {0};
        csq_error checked = {0};
        uint8_t bad[ROWS / 8];
        uint64_t n_bad;
        assert_status(expected, csq_tally_replay(tally, &log.columns, sla_at("Fri 20:00"), NULL,
                                                 NULL, &error));
        assert_status(CSQ_OK,
                      csq_event_columns_check(world.schema, &log.columns, bad, &n_bad, &checked));
        assert_int_equal(n_bad, 1);
        assert_int_equal(error.code, expected);
        assert_int_equal(checked.code, expected); // as the check says
        assert_ms_equal(error.index, row);
        assert_true(sla_is_same_tally(tally, before));
    }
    csq_tally_free(before);
    csq_tally_free(tally);
    sla_close(&world);
}

static void an_event_after_the_merge_is_a_bad_row(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    const csq_ticket_event late = test_setting(CSQ_EVENT_CHANGE, sla_at("Thu 09:00"), 50,
                                               CSQ_TICKET_STATUS, world.stop_statuses[0]);
    log_add(&log, N_TICKETS, &late);
    point(&log);
    csq_tally *tally = empty_tally(&world);
    csq_error error;
    assert_status(CSQ_EMERGED, csq_tally_replay(tally, &log.columns, sla_at("Fri 20:00"), NULL,
                                                NULL, &error));
    assert_ms_equal(error.index, log.n - 1);
    assert_int_equal(csq_tally_count(tally), 0);
    csq_tally_free(tally);
    sla_close(&world);
}

/* The impossible is refused even where it lies behind `now`. */
static void a_bad_row_behind_now_is_bad_too(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    log.type[log.n - 1] = 200;
    csq_tally *tally = empty_tally(&world);
    assert_status(CSQ_ECODE, csq_tally_replay(tally, &log.columns, sla_at("Mon 09:30"), NULL, NULL,
                                              NULL));
    csq_tally_free(tally);
    sla_close(&world);
}

static void columns_are_refused_by_name(void **state)
{
    (void)state;
    static log_columns log;
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    log_histories(&log, world.schema);
    csq_tally *tally = empty_tally(&world);
    const csq_ms now = sla_at("Fri 20:00");
    csq_event_columns columns = log.columns;
    columns.types = NULL;
    assert_status(CSQ_EINVAL, csq_tally_replay(tally, &columns, now, NULL, NULL, NULL));
    columns = log.columns;
    columns.n_types = 0; // then no row has a type
    assert_status(CSQ_ECODE, csq_tally_replay(tally, &columns, now, NULL, NULL, NULL));
    columns = log.columns;
    columns.at.length--;
    assert_status(CSQ_EINVAL, csq_tally_replay(tally, &columns, now, NULL, NULL, NULL));
    columns = log.columns;
    columns.ticket = (csq_column){.data = NULL};
    assert_status(CSQ_EINVAL, csq_tally_replay(tally, &columns, now, NULL, NULL, NULL));
    columns = log.columns;
    columns.tick_ms = -1;
    assert_status(CSQ_EINVAL, csq_tally_replay(tally, &columns, now, NULL, NULL, NULL));
    columns = log.columns;
    columns.size = 3;
    assert_status(CSQ_EABI, csq_tally_replay(tally, &columns, now, NULL, NULL, NULL));
    log.types[2].kind = 77;
    csq_error error;
    assert_status(CSQ_ECODE, csq_tally_replay(tally, &log.columns, now, NULL, NULL, &error));
    assert_ms_equal(error.index, 2);
    assert_status(CSQ_EINVAL, csq_tally_replay(NULL, &log.columns, now, NULL, NULL, NULL));
    assert_status(CSQ_EINVAL, csq_tally_replay(tally, NULL, now, NULL, NULL, NULL));
    assert_int_equal(csq_tally_count(tally), 0);
    csq_tally_free(tally);
    sla_close(&world);
}

/* ---- progress ------------------------------------------------------------------------------ */

enum { MANY = 200000 };

typedef struct watcher {
    uint32_t calls;
    uint32_t cancel_at; /* 0: never */
    uint64_t last;
} watcher;

static int watch(void *user, uint64_t done, uint64_t total)
{
    watcher *seen = user;
    assert_ms_equal(total, MANY);
    assert_true(done > 0 && done <= total && done >= seen->last);
    assert_true(seen->last == 0 || done == total || done - seen->last >= 65536);
    seen->last = done;
    seen->calls++;
    return seen->calls == seen->cancel_at;
}

static void progress_is_told_and_cancelling_changes_nothing(void **state)
{
    (void)state;
    static uint32_t ids[MANY];
    static int64_t at[MANY];
    static uint8_t kinds[MANY];
    sla_world world;
    open_world(&world, (csq_metric){.wall_time = 0});
    const csq_event_type types[] = {{.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
                                    {.size = sizeof types[0],
                                     .kind = CSQ_EVENT_REPLY,
                                     .author = CSQ_AUTHOR_AGENT}};
    for (uint32_t is_shuffled = 0; is_shuffled < 2; is_shuffled++) {
        for (uint32_t i = 0; i < MANY; i++) {
            const uint32_t k = is_shuffled ? MANY - 1 - i : i;
            ids[i] = k / 2;
            at[i] = sla_at("Mon 09:00") + (csq_ms)(k % 2) * HOUR_MS;
            kinds[i] = k % 2;
        }
        csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 2};
        columns.ticket = csq_column_of(CSQ_COLUMN_UINT32, ids, MANY);
        columns.at = csq_column_of(CSQ_COLUMN_INT64, at, MANY);
        columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, MANY);
        csq_tally *tally = empty_tally(&world);
        watcher seen = {0, 2, 0};
        assert_status(CSQ_ECANCELLED, csq_tally_replay(tally, &columns, sla_at("Fri 20:00"), watch,
                                                       &seen, NULL));
        assert_int_equal(seen.calls, 2);
        assert_int_equal(csq_tally_count(tally), 0);
        seen = (watcher){0, 0, 0};
        assert_status(CSQ_OK, csq_tally_replay(tally, &columns, sla_at("Fri 20:00"), watch, &seen,
                                               NULL));
        assert_true(seen.calls >= 2);
        assert_ms_equal(sla_row(tally, 0).met, MANY / 2);
        csq_tally_free(tally);
    }
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_counts_as_its_tickets_do_in_any_order),
        cmocka_unit_test(rows_are_numbered_where_there_are_no_sequences),
        cmocka_unit_test(options_that_measure_the_past_again_count_alike),
        cmocka_unit_test(instants_may_be_in_seconds),
        cmocka_unit_test(values_may_be_indexes_into_codes),
        cmocka_unit_test(a_row_that_comes_twice_counts_once),
        cmocka_unit_test(a_log_adds_to_what_is_there_and_an_empty_one_nothing),
        cmocka_unit_test(a_bad_row_is_named_and_nothing_is_counted),
        cmocka_unit_test(an_event_after_the_merge_is_a_bad_row),
        cmocka_unit_test(a_bad_row_behind_now_is_bad_too),
        cmocka_unit_test(columns_are_refused_by_name),
        cmocka_unit_test(progress_is_told_and_cancelling_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
