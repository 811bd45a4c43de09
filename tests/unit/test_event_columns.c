/*
 * test_event_columns — the rows of a log in columns that no ticket can have.
 */
#include <stdbool.h>

#include "ticket_support.h"

enum { ROWS = 16 };

/* Types of the tests' columns. */
enum { CREATED, REPLY, STATUS, TAG, MERGE, PROMISE, STATUS_BY_INDEX, INHERIT, N_TYPES };

typedef struct log_columns {
    csq_schema *schema;
    csq_event_type types[N_TYPES];
    uint64_t tickets[ROWS];
    int64_t at[ROWS];
    int32_t kinds[ROWS];
    int64_t values[ROWS];
    int64_t sequences[ROWS];
    uint32_t codes[2];
    uint64_t n;
    csq_event_columns columns;
} log_columns;

static void log_init(log_columns *log)
{
    *log = (log_columns){0};
    log->schema = test_schema();
    log->codes[0] = test_code(log->schema, CSQ_TICKET_STATUS, "open");
    log->codes[1] = 9; // not in the vocabulary
    (void)test_code(log->schema, CSQ_TICKET_TAGS, "vip");
    const uint32_t kinds[N_TYPES] = {CSQ_EVENT_CREATED, CSQ_EVENT_REPLY,   CSQ_EVENT_CHANGE,
                                     CSQ_EVENT_ADD,     CSQ_EVENT_MERGE,   CSQ_EVENT_PROMISE,
                                     CSQ_EVENT_CHANGE,  CSQ_EVENT_INHERIT};
    for (int i = 0; i < N_TYPES; i++) {
        log->types[i].size = sizeof log->types[i];
        log->types[i].kind = kinds[i];
    }
    log->types[STATUS].attribute = CSQ_TICKET_STATUS;
    log->types[TAG].attribute = CSQ_TICKET_TAGS;
    log->types[STATUS_BY_INDEX].attribute = CSQ_TICKET_STATUS;
    log->types[STATUS_BY_INDEX].codes = log->codes;
    log->types[STATUS_BY_INDEX].n_codes = 2;
}

static void log_add(log_columns *log, uint64_t ticket, int64_t sequence, int64_t at, int32_t type,
                    int64_t value)
{
    const uint64_t i = log->n++;
    log->tickets[i] = ticket;
    log->at[i] = at;
    log->kinds[i] = type;
    log->values[i] = value;
    log->sequences[i] = sequence;
}

static csq_event_columns *log_columns_of(log_columns *log)
{
    log->columns = (csq_event_columns){.size = sizeof log->columns};
    log->columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, log->tickets, log->n);
    log->columns.at = csq_column_of(CSQ_COLUMN_INT64, log->at, log->n);
    log->columns.type = csq_column_of(CSQ_COLUMN_INT32, log->kinds, log->n);
    log->columns.value = csq_column_of(CSQ_COLUMN_INT64, log->values, log->n);
    log->columns.sequence = csq_column_of(CSQ_COLUMN_INT64, log->sequences, log->n);
    log->columns.types = log->types;
    log->columns.n_types = N_TYPES;
    return &log->columns;
}

/* Checks and gives the bad rows as bits; frees the schema. */
static uint32_t log_bad(log_columns *log, csq_error *error)
{
    uint8_t bad[ROWS / 8 + 1];
    uint64_t n_bad = 99;
    memset(bad, 0xFF, sizeof bad);
    error->code = CSQ_OK;
    assert_status(CSQ_OK, csq_event_columns_check(log->schema, log_columns_of(log), bad, &n_bad,
                                                  error));
    uint32_t bits = 0;
    uint64_t n = 0;
    for (uint64_t i = 0; i < log->n; i++) {
        const uint32_t bit = (uint32_t)(bad[i / 8] >> (i % 8)) & 1U;
        bits |= bit << i;
        n += bit;
    }
    assert_int_equal(n, n_bad);
    assert_int_equal(bad[(log->n + 7) / 8], 0xFF); // nothing behind the rows is written
    csq_schema_free(log->schema);
    return bits;
}

static void good_rows_are_good_in_any_order(void **state)
{
    (void)state;
    for (int is_reversed = 0; is_reversed < 2; is_reversed++) {
        log_columns log;
        csq_error error;
        log_init(&log);
        const int64_t rows[][5] = {
            {1, 0, 100, CREATED, 0}, {1, 1, 100, STATUS, 1},          {1, 2, 150, REPLY, 0},
            {1, 9, 200, MERGE, 2},   {2, 0, 90, CREATED, 0},          {2, 3, 95, TAG, 1},
            {3, 1, 5, REPLY, 0},     {3, 2, 6, STATUS_BY_INDEX, 0},   {3, 3, 7, PROMISE, 0},
        };
        const int n = sizeof rows / sizeof rows[0];
        for (int i = 0; i < n; i++) {
            const int64_t *row = rows[is_reversed ? n - 1 - i : i];
            log_add(&log, (uint64_t)row[0], row[1], row[2], (int32_t)row[3], row[4]);
        }
        assert_int_equal(log_bad(&log, &error), 0);
        assert_int_equal(error.code, CSQ_OK); // not written
    }
}

typedef struct row_case {
    int64_t at;
    int32_t type;
    int64_t value;
    csq_status status;
    size_t field;
} row_case;

#define COLUMN(member) offsetof(csq_event_columns, member)

static void each_row_is_checked_for_itself(void **state)
{
    (void)state;
    const row_case cases[] = {
        {5, STATUS, 0, CSQ_OK, 0},
        {5, STATUS, CSQ_MS_NONE, CSQ_OK, 0}, // missing: no value
        {5, REPLY, CSQ_MS_NONE, CSQ_OK, 0},
        {5, STATUS_BY_INDEX, CSQ_MS_NONE, CSQ_OK, 0},
        {5, N_TYPES, 0, CSQ_ECODE, COLUMN(type)},
        {5, -1, 0, CSQ_ECODE, COLUMN(type)},
        {CSQ_MS_NONE, REPLY, 0, CSQ_ERANGE, COLUMN(at)},
        {5, STATUS, 2, CSQ_ECODE, COLUMN(value)},
        {5, STATUS, -1, CSQ_ECODE, COLUMN(value)},
        {5, STATUS_BY_INDEX, 1, CSQ_ECODE, COLUMN(value)},
        {5, STATUS_BY_INDEX, 2, CSQ_ECODE, COLUMN(value)},
        {5, INHERIT, 5, CSQ_OK, 0},
        {5, INHERIT, -7, CSQ_OK, 0},
        {5, INHERIT, 6, CSQ_ERANGE, COLUMN(value)},
        {5, INHERIT, CSQ_MS_NONE, CSQ_ERANGE, COLUMN(value)},
        {5, STATUS_BY_INDEX, -1, CSQ_ECODE, COLUMN(value)},
        {5, TAG, 0, CSQ_ECODE, COLUMN(value)},
        {5, TAG, CSQ_MS_NONE, CSQ_ECODE, COLUMN(value)},
        {5, REPLY, 1, CSQ_EEVENT, COLUMN(value)},
        {5, PROMISE, CSQ_MS_NONE, CSQ_ERANGE, COLUMN(value)},
        {5, MERGE, 77, CSQ_EEVENT, COLUMN(value)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        log_columns log;
        csq_error error;
        log_init(&log);
        log_add(&log, 76, 1, 5, REPLY, 0);
        log_add(&log, 77, 1, cases[i].at, cases[i].type, cases[i].value);
        log_add(&log, 77, 2, 6, REPLY, 0);
        const uint32_t bad = log_bad(&log, &error);
        if (error.code != (int32_t)cases[i].status) {
            print_error("row %zu: %s\n", i, error.message);
        }
        assert_int_equal(error.code, cases[i].status);
        assert_int_equal(bad, cases[i].status == CSQ_OK ? 0 : 2);
        if (cases[i].status != CSQ_OK) {
            assert_int_equal(error.field, cases[i].field);
            assert_int_equal(error.index, 1);
        }
    }
}

static void values_that_a_column_cannot_give_are_bad_rows(void **state)
{
    (void)state;
    const uint8_t validity[] = {0xFD}; // row 1 is missing
    for (int column = 0; column < 5; column++) {
        log_columns log;
        csq_error error;
        uint8_t bad[1];
        uint64_t n_bad;
        log_init(&log);
        for (int i = 0; i < 3; i++) {
            log_add(&log, 1, i, i, REPLY, 0);
        }
        csq_event_columns *columns = log_columns_of(&log);
        csq_column *each[] = {&columns->ticket, &columns->at, &columns->type, &columns->sequence,
                              &columns->value};
        each[column]->validity = validity;
        assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, bad, &n_bad, &error));
        assert_int_equal(bad[0], column == 4 ? 0 : 2);
        each[column]->validity = NULL;
        const uint32_t dictionary[] = {0, 1};
        each[column]->dictionary = dictionary; // an index of 2 is outside
        each[column]->dictionary_length = 2;
        int64_t *wide[] = {(int64_t *)log.tickets, log.at, NULL, log.sequences, log.values};
        if (wide[column] != NULL) {
            wide[column][2] = 2;
        } else {
            log.kinds[2] = 2;
        }
        assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, bad, &n_bad, &error));
        assert_int_equal(bad[0] & 4, 4);
        csq_schema_free(log.schema);
    }
}

static void negative_ids_and_far_instants_are_bad_rows(void **state)
{
    (void)state;
    log_columns log;
    csq_error error;
    uint8_t bad[1];
    uint64_t n_bad;
    log_init(&log);
    log_add(&log, 1, -1, 0, REPLY, 0);
    log_add(&log, UINT64_MAX, 1, INT64_MAX / 1000, REPLY, 0);
    log_add(&log, 1, 2, INT64_MAX / 1000 + 1, REPLY, 0);
    csq_event_columns *columns = log_columns_of(&log);
    columns->tick_ms = 1000;
    assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, bad, &n_bad, &error));
    assert_int_equal(bad[0], 5);
    assert_int_equal(error.code, CSQ_ERANGE);
    assert_int_equal(error.field, COLUMN(sequence));
    columns->ticket.type = CSQ_COLUMN_INT64; // UINT64_MAX becomes -1
    columns->tick_ms = 0;
    assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, bad, &n_bad, &error));
    assert_int_equal(bad[0], 3);
    csq_schema_free(log.schema);
}

/* ---- rows against rows --------------------------------------------------------------------- */

static void rows_before_the_creation_or_after_the_merge_are_bad(void **state)
{
    (void)state;
    log_columns log;
    csq_error error;
    log_init(&log);
    log_add(&log, 1, 5, 300, REPLY, 0);   /* 0: after the merge */
    log_add(&log, 1, 1, 100, CREATED, 0); /* 1 */
    log_add(&log, 1, 0, 100, REPLY, 0);   /* 2: before the creation */
    log_add(&log, 1, 2, 150, CREATED, 0); /* 3: second creation */
    log_add(&log, 1, 3, 200, MERGE, 2);   /* 4 */
    log_add(&log, 1, 4, 200, MERGE, 3);   /* 5: second merge */
    log_add(&log, 1, 6, 120, REPLY, 0);   /* 6 */
    log_add(&log, 1, 7, 50, MERGE, 9);    /* 7: before the creation */
    log_add(&log, 2, 0, 50, REPLY, 0);    /* 8: another ticket */
    assert_int_equal(log_bad(&log, &error), 1U << 0 | 1U << 2 | 1U << 3 | 1U << 5 | 1U << 7);
    assert_int_equal(error.code, CSQ_EMERGED);
    assert_int_equal(error.index, 0);
    assert_int_equal(error.field, COLUMN(at));
}

static void rows_in_order_are_checked_against_each_other_too(void **state)
{
    (void)state;
    log_columns log;
    csq_error error;
    log_init(&log);
    log_add(&log, 0, 0, 10, REPLY, 0);
    log_add(&log, 1, 0, 10, REPLY, 0);   /* 1: before the creation */
    log_add(&log, 1, 1, 20, TAG, 7);     /* 2: unknown code */
    log_add(&log, 1, 2, 30, CREATED, 0); /* 3 */
    log_add(&log, 1, 3, 40, CREATED, 0); /* 4: second creation */
    log_add(&log, 1, 4, 50, MERGE, 2);   /* 5 */
    log_add(&log, 1, 5, 60, REPLY, 0);   /* 6: after the merge */
    log_add(&log, 2, 0, 10, REPLY, 0);
    assert_int_equal(log_bad(&log, &error), 1U << 1 | 1U << 2 | 1U << 4 | 1U << 6);
    assert_int_equal(error.code, CSQ_EORDER);
    assert_int_equal(error.index, 1);
}

static void repeated_sequences_need_the_same_content(void **state)
{
    (void)state;
    log_columns log;
    csq_error error;
    log_init(&log);
    log_add(&log, 1, 2, 50, REPLY, 0);   /* 0 */
    log_add(&log, 1, 1, 10, CREATED, 0); /* 1 */
    log_add(&log, 1, 2, 50, REPLY, 0);   /* 2: the same again */
    log_add(&log, 1, 2, 20, REPLY, 0);   /* 3: other instant */
    log_add(&log, 1, 2, 50, STATUS, 0);  /* 4: other type */
    log_add(&log, 1, 1, 10, CREATED, 0); /* 5: the same again */
    log_add(&log, 1, 3, 90, MERGE, 2);   /* 6 */
    log_add(&log, 1, 3, 90, MERGE, 2);   /* 7: the same again */
    log_add(&log, 2, 2, 51, REPLY, 0);   /* 8: another ticket */
    log_add(&log, 1, 3, 90, MERGE, 4);   /* 9: other ticket named */
    assert_int_equal(log_bad(&log, &error), 1U << 3 | 1U << 4 | 1U << 9);
    assert_int_equal(error.code, CSQ_ECONFLICT);
    assert_int_equal(error.index, 3);
    assert_int_equal(error.field, COLUMN(sequence));
}

static void without_sequences_the_row_decides(void **state)
{
    (void)state;
    log_columns log;
    csq_error error;
    uint8_t bad[1];
    uint64_t n_bad;
    log_init(&log);
    log_add(&log, 1, 0, 10, REPLY, 0);   /* 0: before the creation, by its row */
    log_add(&log, 1, 0, 10, CREATED, 0); /* 1 */
    log_add(&log, 1, 0, 10, REPLY, 0);   /* 2 */
    log_add(&log, 1, 0, 5, REPLY, 0);    /* 3: before the creation */
    csq_event_columns *columns = log_columns_of(&log);
    columns->sequence = (csq_column){0};
    columns->value = (csq_column){0};
    assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, bad, &n_bad, &error));
    assert_int_equal(bad[0], 1 | 8);
    csq_schema_free(log.schema);
}

static csq_ticket_event log_event(const log_columns *log, int i)
{
    const csq_event_type *type = &log->types[log->kinds[i]];
    return test_setting(type->kind, log->at[i], (uint64_t)log->sequences[i], type->attribute,
                        log->values[i]);
}

static int is_set(const uint8_t *bits, int i)
{
    return bits[i / 8] >> (i % 8) & 1;
}

/* Whether another bad row claims the sequence of row `i`. */
static bool log_is_contested(const log_columns *log, const uint8_t *bad, int i)
{
    bool is_contested = false;
    for (int k = 0; k < ROWS; k++) {
        is_contested = is_contested || (k != i && is_set(bad, k) &&
                                        log->tickets[k] == log->tickets[i] &&
                                        log->sequences[k] == log->sequences[i]);
    }
    return is_contested;
}

static void rows_that_are_left_apply_and_the_bad_ones_do_not(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 3000; round++) {
        log_columns log;
        uint8_t bad[2];
        uint64_t n_bad;
        log_init(&log);
        for (int i = 0; i < ROWS; i++) {
            log_add(&log, test_below(&seed, 2), (int64_t)test_below(&seed, 12),
                    (int64_t)test_below(&seed, 6), (int32_t)test_below(&seed, PROMISE + 1),
                    (int64_t)test_below(&seed, 3));
        }
        assert_status(CSQ_OK, csq_event_columns_check(log.schema, log_columns_of(&log), bad,
                                                      &n_bad, NULL));
        csq_ticket *tickets[2] = {test_ticket(log.schema, 0), test_ticket(log.schema, 1)};
        for (int i = 0; i < ROWS; i++) {
            if (!is_set(bad, i)) {
                test_apply(tickets[log.tickets[i]], log_event(&log, i));
            }
        }
        for (int i = 0; i < ROWS; i++) {
            if (is_set(bad, i) && !log_is_contested(&log, bad, i)) {
                const csq_ticket_event event = log_event(&log, i);
                assert_true(csq_ticket_apply(tickets[log.tickets[i]], &event, NULL) != CSQ_OK);
            }
        }
        csq_ticket_free(tickets[0]);
        csq_ticket_free(tickets[1]);
        csq_schema_free(log.schema);
    }
}

static void many_rows_in_blocks_agree_with_few(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    csq_schema *schema = test_schema();
    csq_event_type types[2] = {{.size = sizeof types[0], .kind = CSQ_EVENT_CREATED},
                               {.size = sizeof types[0], .kind = CSQ_EVENT_REPLY}};
    static uint32_t tickets[MANY];
    static int64_t seconds[MANY];
    static uint8_t kinds[MANY];
    static uint8_t bad[MANY / 8];
    for (int is_shuffled = 0; is_shuffled < 2; is_shuffled++) {
        for (uint32_t i = 0; i < MANY; i++) {
            const uint32_t row = is_shuffled ? i * 1237 % MANY : i;
            tickets[row] = i / 10;
            seconds[row] = i;
            kinds[row] = (uint8_t)(i % 777 == 5 ? 3 : i % 10 == 1 ? 0 : 1);
        }
        csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = 2};
        columns.ticket = csq_column_of(CSQ_COLUMN_UINT32, tickets, MANY);
        columns.at = csq_column_of(CSQ_COLUMN_INT64, seconds, MANY);
        columns.type = csq_column_of(CSQ_COLUMN_UINT8, kinds, MANY);
        columns.tick_ms = 1000;
        uint64_t n_bad;
        assert_status(CSQ_OK, csq_event_columns_check(schema, &columns, bad, &n_bad, NULL));
        assert_int_equal(n_bad, MANY / 10 + (MANY - 6) / 777 + 1 - 1);
        for (uint32_t i = 0; i < MANY; i++) {
            const uint32_t row = is_shuffled ? i * 1237 % MANY : i;
            const int expected = kinds[row] == 3 || i % 10 == 0;
            assert_int_equal(bad[row / 8] >> (row % 8) & 1, expected);
        }
    }
    csq_schema_free(schema);
}

/* ---- arguments ----------------------------------------------------------------------------- */

static void columns_and_types_are_checked(void **state)
{
    (void)state;
    log_columns log;
    csq_error error;
    uint8_t bad[1] = {0x5A};
    uint64_t n_bad = 42;
    log_init(&log);
    log_add(&log, 1, 1, 1, REPLY, 0);
    csq_event_columns *columns = log_columns_of(&log);
    csq_schema *const schema = log.schema;
    assert_status(CSQ_EINVAL, csq_event_columns_check(NULL, columns, bad, &n_bad, &error));
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, NULL, bad, &n_bad, &error));
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, NULL, &n_bad, &error));
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, bad, NULL, &error));
    columns->tick_ms = -1;
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    assert_int_equal(error.field, COLUMN(tick_ms));
    columns = log_columns_of(&log);
    columns->reserved = 1;
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    columns = log_columns_of(&log);
    columns->type = (csq_column){0};
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    columns = log_columns_of(&log);
    columns->at.length = 2;
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    columns = log_columns_of(&log);
    columns->types = NULL;
    assert_status(CSQ_EINVAL, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    columns = log_columns_of(&log);
    columns->type_stride = sizeof(csq_event_type) - 8;
    assert_status(CSQ_EABI, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    columns = log_columns_of(&log);
    columns->size = 8;
    assert_status(CSQ_EABI, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    columns = log_columns_of(&log);
    log.types[TAG].attribute = CSQ_TICKET_STATUS;
    assert_status(CSQ_EEVENT, csq_event_columns_check(schema, columns, bad, &n_bad, &error));
    assert_int_equal(error.index, TAG);
    assert_int_equal(error.field, offsetof(csq_event_type, attribute));
    assert_string_equal(error.path, "types[3]");
    assert_int_equal(bad[0], 0x5A);
    assert_int_equal(n_bad, 42);
    csq_schema_free(schema);
}

static void types_may_stand_inside_larger_structs(void **state)
{
    (void)state;
    struct {
        csq_event_type type;
        uint64_t of_the_host;
    } types[N_TYPES];
    log_columns log;
    uint8_t bad[1];
    uint64_t n_bad;
    log_init(&log);
    for (int i = 0; i < N_TYPES; i++) {
        types[i].type = log.types[i];
        types[i].of_the_host = 1;
    }
    log_add(&log, 1, 1, 1, CREATED, 0);
    log_add(&log, 1, 2, 2, STATUS_BY_INDEX, 0);
    csq_event_columns *columns = log_columns_of(&log);
    columns->types = &types[0].type;
    columns->type_stride = sizeof types[0];
    assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, bad, &n_bad, NULL));
    assert_int_equal(n_bad, 0);
    csq_schema_free(log.schema);
}

static void no_rows_are_no_bad_rows(void **state)
{
    (void)state;
    log_columns log;
    uint64_t n_bad = 42;
    log_init(&log);
    csq_event_columns *columns = log_columns_of(&log);
    columns->n_types = 0;
    columns->types = NULL;
    assert_status(CSQ_OK, csq_event_columns_check(log.schema, columns, NULL, &n_bad, NULL));
    assert_int_equal(n_bad, 0);
    csq_schema_free(log.schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_rows_are_good_in_any_order),
        cmocka_unit_test(each_row_is_checked_for_itself),
        cmocka_unit_test(values_that_a_column_cannot_give_are_bad_rows),
        cmocka_unit_test(negative_ids_and_far_instants_are_bad_rows),
        cmocka_unit_test(rows_before_the_creation_or_after_the_merge_are_bad),
        cmocka_unit_test(rows_in_order_are_checked_against_each_other_too),
        cmocka_unit_test(repeated_sequences_need_the_same_content),
        cmocka_unit_test(without_sequences_the_row_decides),
        cmocka_unit_test(rows_that_are_left_apply_and_the_bad_ones_do_not),
        cmocka_unit_test(many_rows_in_blocks_agree_with_few),
        cmocka_unit_test(columns_and_types_are_checked),
        cmocka_unit_test(types_may_stand_inside_larger_structs),
        cmocka_unit_test(no_rows_are_no_bad_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
