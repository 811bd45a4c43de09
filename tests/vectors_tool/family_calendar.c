/*
 * family_calendar — queries on business-hours calendars, in whole seconds.
 *
 * A case has `expect`, which near and far must both give; a tie or a disagreement has `near` and
 * `far`. The calendars cover 700 years, so that every year from the first on has an answer.
 */
#include "vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2600, SECOND_MS = 1000 };

/* The calendars of the file, each built when it is first asked for. */
typedef struct calendar_state {
    json_t *document;
    csq_calendar **built;
    csq_error *errors; /* of those that could not be built */
} calendar_state;

static const json_t *calendar_list(const calendar_state *state)
{
    return json_object_get(state->document, "calendars");
}

static bool calendar_open(vectors_run *run, void **out)
{
    char *const beside = vectors_beside(run->file, "calendars.json");
    const char *const path = run->calendars == NULL ? beside : run->calendars;
    calendar_state *const state = calloc(1, sizeof *state);
    json_error_t error;
    state->document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    const size_t n = json_array_size(calendar_list(state));
    state->built = calloc(n + 1, sizeof(csq_calendar *));
    state->errors = calloc(n + 1, sizeof *state->errors);
    if (state->document == NULL) {
        fprintf(stderr, "csq-vectors: %s: %s\n", path, error.text);
    }
    free(beside);
    *out = state;
    return state->document != NULL;
}

static void calendar_close(void *opaque)
{
    calendar_state *const state = opaque;
    for (size_t i = 0; i < json_array_size(calendar_list(state)); i++) {
        csq_calendar_free(state->built[i]);
    }
    json_decref(state->document);
    free(state->built);
    free(state->errors);
    free(state);
}

static const csq_calendar *calendar_find(vectors_run *run, calendar_state *state, const char *id,
                                         const json_t *wanted)
{
    const json_t *const list = calendar_list(state);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *const object = json_array_get(list, i);
        if (!json_equal(json_object_get(object, "id"), wanted)) {
            continue;
        }
        csq_error *const error = &state->errors[i];
        if (state->built[i] == NULL && error->code == 0) {
            state->built[i] = vectors_calendar_of(run, object, FIRST_YEAR, LAST_YEAR, error);
        }
        if (state->built[i] == NULL) {
            vectors_fail_error(run, id, "calendar_id", error);
        }
        return state->built[i];
    }
    vectors_fail(run, id, "calendar_id", "a calendar of the file", "an unknown one");
    return NULL;
}

/* A query: its arguments, in ms, and the answer. */
typedef struct calendar_query {
    const csq_calendar *calendar;
    csq_ms a;
    csq_ms b;
    uint32_t edge;
    int64_t answer; /* in ms; 0 or 1 */
} calendar_query;

typedef csq_status (*calendar_run)(calendar_query *query, csq_error *error);

static csq_status run_measure(calendar_query *query, csq_error *error)
{
    return csq_calendar_measure(query->calendar, query->a, query->b, &query->answer, error);
}

static csq_status run_is_open(calendar_query *query, csq_error *error)
{
    int32_t is_open = 0;
    const csq_status status = csq_calendar_is_open(query->calendar, query->a, &is_open, error);
    query->answer = is_open;
    return status;
}

static csq_status run_next_open(calendar_query *query, csq_error *error)
{
    return csq_calendar_next_open(query->calendar, query->a, &query->answer, error);
}

static csq_status run_previous_open(calendar_query *query, csq_error *error)
{
    return csq_calendar_previous_open(query->calendar, query->a, &query->answer, error);
}

static csq_status run_add(calendar_query *query, csq_error *error)
{
    return csq_calendar_add(query->calendar, query->a, query->b, query->edge, &query->answer,
                            error);
}

static csq_status run_subtract(calendar_query *query, csq_error *error)
{
    return csq_calendar_subtract(query->calendar, query->a, query->b, query->edge, &query->answer,
                                 error);
}

typedef struct calendar_operation {
    const char *name;
    calendar_run run;
    size_t n_args;
    bool is_question;
} calendar_operation;

static const calendar_operation *operation_find(const char *name)
{
    static const calendar_operation operations[] = {
        {"measure", run_measure, 2, false},
        {"is_open", run_is_open, 1, true},
        {"next_open", run_next_open, 1, false},
        {"prev_open", run_previous_open, 1, false},
        {"add", run_add, 2, false},
        {"sub", run_subtract, 2, false},
    };
    for (size_t i = 0; name != NULL && i < sizeof operations / sizeof operations[0]; i++) {
        if (strcmp(operations[i].name, name) == 0) {
            return &operations[i];
        }
    }
    return NULL;
}

static bool read_seconds(const json_t *value, csq_ms *out)
{
    const json_int_t seconds = json_integer_value(value);
    const json_int_t limit = INT64_MAX / SECOND_MS;
    if (!json_is_integer(value) || seconds > limit || seconds < -limit) {
        return false;
    }
    *out = seconds * SECOND_MS;
    return true;
}

static bool read_args(const json_t *args, size_t n, calendar_query *query)
{
    return json_array_size(args) == n && read_seconds(json_array_get(args, 0), &query->a) &&
           (n < 2 || read_seconds(json_array_get(args, 1), &query->b));
}

static bool read_expected(const json_t *value, bool is_question, int64_t *out)
{
    if (is_question && json_is_boolean(value)) {
        *out = json_is_true(value);
        return true;
    }
    if (is_question && json_is_integer(value)) {
        *out = json_integer_value(value);
        return true;
    }
    return !is_question && read_seconds(value, out);
}

static void check_edge(vectors_run *run, const char *id, const calendar_operation *operation,
                       calendar_query query, const char *field, const json_t *expected)
{
    int64_t wanted;
    if (!read_expected(expected, operation->is_question, &wanted)) {
        vectors_fail(run, id, field, "a value that this operation can have", "another or none");
        return;
    }
    csq_error error;
    if (operation->run(&query, &error) != CSQ_OK) {
        vectors_fail_error(run, id, field, &error);
        return;
    }
    vectors_check_number(run, id, field, wanted, query.answer);
}

static void calendar_case(vectors_run *run, void *opaque, const char *id, const json_t *object)
{
    const calendar_operation *const operation =
        operation_find(json_string_value(json_object_get(object, "op")));
    if (operation == NULL) {
        vectors_fail(run, id, "op", "a known operation", "another or none");
        return;
    }
    calendar_query query = {0};
    if (!read_args(json_object_get(object, "args"), operation->n_args, &query)) {
        vectors_fail(run, id, "args", "whole seconds, as many as the operation takes", "others");
        return;
    }
    query.calendar = calendar_find(run, opaque, id, json_object_get(object, "calendar_id"));
    if (query.calendar == NULL) {
        return;
    }
    const json_t *const expect = json_object_get(object, "expect");
    static const char *const fields[] = {"near", "far"};
    for (uint32_t edge = CSQ_EDGE_NEAR; edge <= CSQ_EDGE_FAR; edge++) {
        query.edge = edge;
        check_edge(run, id, operation, query, fields[edge],
                   expect != NULL ? expect : json_object_get(object, fields[edge]));
    }
}

const vectors_family vectors_calendar = {"calendar", calendar_case, calendar_open, calendar_close};
