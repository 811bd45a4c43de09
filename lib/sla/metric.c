/*
 * metric — the table of metrics: which conditions each kind stands for.
 *
 * Every metric is a clock with the same nine conditions; a kind is a function that fills in those
 * that the definition leaves open. The engine knows no kinds. Definitions follow the vendors' where
 * they agree and carry an option where they do not (docs/clocks.md has the table).
 *
 * Uses: base, condition, ticket.
 */
#include "sla/sla_internal.h"

/* A builder with a sticky status, so that a condition reads as one expression. */
typedef struct metric_maker {
    csq_condition_builder *builder;
    const csq_metric *metric;
    csq_status status;
    csq_error *error;
} metric_maker;

static void push_test(metric_maker *maker, uint32_t attribute, uint32_t op, const int64_t *values,
                      uint64_t n_values)
{
    if (maker->status == CSQ_OK) {
        const csq_test test = {.size = sizeof test,
                               .attribute = attribute,
                               .op = op,
                               .values = values,
                               .n_values = n_values};
        maker->status = csq_condition_push_test(maker->builder, &test, maker->error);
    }
}

static void push_is(metric_maker *maker, uint32_t attribute, int64_t code)
{
    push_test(maker, attribute, CSQ_TEST_IN, &code, 1);
}

static void push_all(metric_maker *maker, uint32_t n)
{
    if (maker->status == CSQ_OK) {
        maker->status = csq_condition_push_all(maker->builder, n, maker->error);
    }
}

static void push_any(metric_maker *maker, uint32_t n)
{
    if (maker->status == CSQ_OK) {
        maker->status = csq_condition_push_any(maker->builder, n, maker->error);
    }
}

static void push_not(metric_maker *maker)
{
    if (maker->status == CSQ_OK) {
        maker->status = csq_condition_push_not(maker->builder, maker->error);
    }
}

static void push_condition(metric_maker *maker, const csq_condition *condition)
{
    if (maker->status == CSQ_OK) {
        maker->status = csq_condition_push_condition(maker->builder, condition, maker->error);
    }
}

/* A test of the status against `codes`; false for none. */
static void push_status(metric_maker *maker, uint32_t op, const uint32_t *codes, uint32_t n)
{
    int64_t values[64];
    uint32_t n_tests = 0;
    for (uint32_t done = 0; done < n; n_tests++) {
        uint32_t n_values = 0;
        while (done < n && n_values < sizeof values / sizeof values[0]) {
            values[n_values++] = codes[done++];
        }
        push_test(maker, CSQ_TICKET_STATUS, op, values, n_values);
    }
    if (n_tests != 1) {
        push_any(maker, n_tests);
    }
}

static void push_solved(metric_maker *maker)
{
    push_status(maker, CSQ_TEST_IN, maker->metric->stop_statuses, maker->metric->n_stop_statuses);
}

/* The change of the status into `stop_statuses`, as an event: it holds at no later one. */
static void push_solve(metric_maker *maker)
{
    push_solved(maker);
    for (uint32_t i = 0; i < maker->metric->n_stop_statuses && maker->status == CSQ_OK; i++) {
        const int64_t code = maker->metric->stop_statuses[i];
        const csq_test test = {.size = sizeof test,
                               .attribute = CSQ_TICKET_STATUS,
                               .op = CSQ_TEST_IN,
                               .previous = CSQ_TEST_PREVIOUS,
                               .values = &code,
                               .n_values = 1};
        maker->status = csq_condition_push_test(maker->builder, &test, maker->error);
    }
    push_any(maker, maker->metric->n_stop_statuses);
    push_not(maker);
    push_all(maker, 2);
}

static void push_created(metric_maker *maker)
{
    const bool attached = maker->metric->attach == CSQ_ATTACH_FROM;
    push_is(maker, CSQ_TICKET_EVENT, attached ? CSQ_EVENT_ATTACH : CSQ_EVENT_CREATED);
}

static void push_agent_reply(metric_maker *maker)
{
    push_is(maker, CSQ_TICKET_EVENT, CSQ_EVENT_REPLY);
    push_is(maker, CSQ_TICKET_AUTHOR, CSQ_AUTHOR_AGENT);
    push_is(maker, CSQ_TICKET_VISIBILITY, CSQ_VISIBILITY_PUBLIC);
    push_all(maker, 3);
}

static void push_customer_message(metric_maker *maker)
{
    const int64_t messages[] = {CSQ_EVENT_CREATED, CSQ_EVENT_REPLY};
    push_test(maker, CSQ_TICKET_EVENT, CSQ_TEST_IN, messages, 2);
    push_is(maker, CSQ_TICKET_AUTHOR, CSQ_AUTHOR_CUSTOMER);
    push_is(maker, CSQ_TICKET_VISIBILITY, CSQ_VISIBILITY_PUBLIC);
    push_all(maker, 3);
}

static void push_owned(metric_maker *maker)
{
    push_is(maker, CSQ_TICKET_GROUP, maker->metric->group);
    push_solved(maker);
    push_not(maker);
    push_all(maker, 2);
}

/* Takes what was pushed as one of the clock's conditions. */
static void take(metric_maker *maker, csq__clock *clock, csq__rule rule)
{
    if (maker->status == CSQ_OK) {
        maker->status = csq_condition_build(maker->builder, &clock->conditions[rule], maker->error);
    }
}

/* The definition's own condition, if there is one, in place of that of the kind. */
static void take_own(metric_maker *maker, csq__clock *clock, csq__rule rule,
                     const csq_condition *own)
{
    if (own != NULL && maker->status == CSQ_OK) {
        push_condition(maker, own);
        csq_condition_free(clock->conditions[rule]);
        clock->conditions[rule] = NULL;
        take(maker, clock, rule);
    }
}

static void make_first_reply(metric_maker *maker, csq__clock *clock)
{
    if (maker->metric->start_mode == CSQ_START_FIRST_MESSAGE) {
        push_customer_message(maker);
    } else {
        push_created(maker);
    }
    take(maker, clock, CSQ__RULE_START);
    push_agent_reply(maker);
    take(maker, clock, CSQ__RULE_STOP);
}

static void make_resolution(metric_maker *maker, csq__clock *clock)
{
    push_created(maker);
    take(maker, clock, CSQ__RULE_START);
    push_solved(maker);
    take(maker, clock, CSQ__RULE_STOP);
    push_status(maker, CSQ_TEST_CHANGED_FROM, maker->metric->stop_statuses,
                maker->metric->n_stop_statuses);
    push_solved(maker);
    push_not(maker);
    push_all(maker, 2);
    take(maker, clock, CSQ__RULE_REOPEN);
}

static void make_next_reply(metric_maker *maker, csq__clock *clock)
{
    push_customer_message(maker);
    take(maker, clock, CSQ__RULE_START);
    push_agent_reply(maker);
    take(maker, clock, CSQ__RULE_STOP);
    if (maker->metric->include_first == 0) {
        push_agent_reply(maker);
        take(maker, clock, CSQ__RULE_ARM);
    }
    clock->restarts = 1;
}

static void make_update(metric_maker *maker, csq__clock *clock)
{
    push_agent_reply(maker);
    take(maker, clock, CSQ__RULE_START);
    push_agent_reply(maker);
    take(maker, clock, CSQ__RULE_RESET);
    clock->restarts = 1;
}

/* Owning is a state, which an attach finds as it is: then the attach itself is the start. */
static void push_taken_over(metric_maker *maker)
{
    push_owned(maker);
    if (maker->metric->attach == CSQ_ATTACH_FROM) {
        push_created(maker);
        push_test(maker, CSQ_TICKET_GROUP, CSQ_TEST_CHANGED, NULL, 0);
        push_test(maker, CSQ_TICKET_STATUS, CSQ_TEST_CHANGED, NULL, 0);
        push_any(maker, 3);
        push_all(maker, 2);
    }
}

static void make_ownership(metric_maker *maker, csq__clock *clock)
{
    push_taken_over(maker);
    take(maker, clock, CSQ__RULE_START);
    push_owned(maker);
    push_not(maker);
    take(maker, clock, CSQ__RULE_STOP);
    clock->restarts = 1;
}

static bool is_of_messages(uint32_t kind)
{
    return kind == CSQ_METRIC_FIRST_REPLY || kind == CSQ_METRIC_NEXT_REPLY ||
           kind == CSQ_METRIC_PERIODIC_UPDATE || kind == CSQ_METRIC_PAUSABLE_UPDATE;
}

/* A solve ends an open clock of messages, if the option says so. */
static void make_on_solved(metric_maker *maker, csq__clock *clock)
{
    if (!is_of_messages(maker->metric->kind)) {
        return;
    }
    if (maker->metric->on_solved == CSQ_ON_SOLVED_CANCEL) {
        push_solved(maker);
        take(maker, clock, CSQ__RULE_DROP);
    }
    if (maker->metric->on_solved == CSQ_ON_SOLVED_COMPLETE) {
        push_solve(maker);
        if (clock->conditions[CSQ__RULE_STOP] != NULL) {
            push_condition(maker, clock->conditions[CSQ__RULE_STOP]);
            push_any(maker, 2);
        }
        csq_condition *before = clock->conditions[CSQ__RULE_STOP];
        clock->conditions[CSQ__RULE_STOP] = NULL;
        take(maker, clock, CSQ__RULE_STOP);
        csq_condition_free(before);
    }
}

/* One of the statuses, or the condition if there is one. */
static void push_either(metric_maker *maker, const uint32_t *codes, uint32_t n,
                        const csq_condition *condition)
{
    push_status(maker, CSQ_TEST_IN, codes, n);
    if (condition != NULL) {
        push_condition(maker, condition);
        push_any(maker, 2);
    }
}

static void make_pause(metric_maker *maker, csq__clock *clock)
{
    const csq_metric *metric = maker->metric;
    if (metric->kind == CSQ_METRIC_PERIODIC_UPDATE ||
        (metric->pause == NULL && metric->n_pause_statuses == 0)) {
        return;
    }
    push_either(maker, metric->pause_statuses, metric->n_pause_statuses, metric->pause);
    take(maker, clock, CSQ__RULE_PAUSE);
}

static void make_cancel(metric_maker *maker, csq__clock *clock)
{
    const csq_metric *metric = maker->metric;
    if (metric->cancel == NULL && metric->n_cancel_statuses == 0) {
        return;
    }
    push_either(maker, metric->cancel_statuses, metric->n_cancel_statuses, metric->cancel);
    take(maker, clock, CSQ__RULE_CANCEL);
}

static void make_kind(metric_maker *maker, csq__clock *clock)
{
    switch (maker->metric->kind) {
    case CSQ_METRIC_FIRST_REPLY:
        make_first_reply(maker, clock);
        break;
    case CSQ_METRIC_RESOLUTION:
        make_resolution(maker, clock);
        break;
    case CSQ_METRIC_NEXT_REPLY:
        make_next_reply(maker, clock);
        break;
    case CSQ_METRIC_PERIODIC_UPDATE:
    case CSQ_METRIC_PAUSABLE_UPDATE:
        make_update(maker, clock);
        break;
    case CSQ_METRIC_OWNERSHIP:
        make_ownership(maker, clock);
        break;
    default:
        clock->restarts = maker->metric->repeat;
        break;
    }
}

static uint32_t or_default(uint32_t option, uint32_t value)
{
    return option == 0 ? value : option;
}

static void copy_options(const csq_metric *metric, csq__clock *clock)
{
    clock->wall_time = metric->wall_time;
    clock->reopen_mode = or_default(metric->reopen_mode, CSQ_REOPEN_RESUME);
    clock->on_change = or_default(metric->on_change, CSQ_ON_CHANGE_KEEP);
    clock->retroactive_pause = or_default(metric->retroactive_pause, CSQ_RETROACTIVE_PAUSE_KEPT);
    clock->calendar_switch = or_default(metric->calendar_switch, CSQ_CALENDAR_SWITCH_SEGMENTED);
    clock->edit_scope = or_default(metric->edit_scope, CSQ_EDIT_SCOPE_OPEN);
    clock->attach = or_default(metric->attach, CSQ_ATTACH_MATCH);
    clock->due_edge = or_default(metric->due_edge, CSQ_DUE_EDGE_EARLIEST);
    clock->breach_compare = or_default(metric->breach_compare, CSQ_BREACH_COMPARE_ELAPSED);
    clock->empty_calendar = or_default(metric->empty_calendar, CSQ_EMPTY_CALENDAR_NEVER);
}

typedef struct option_range {
    const char *name;
    size_t offset;
    uint32_t last;
} option_range;

static csq_status check_options(const csq_metric *metric, csq_error *error)
{
    static const option_range options[] = {
        {"wall_time", offsetof(csq_metric, wall_time), 1},
        {"repeat", offsetof(csq_metric, repeat), 1},
        {"reopen_mode", offsetof(csq_metric, reopen_mode), CSQ_REOPEN_NOTHING},
        {"on_change", offsetof(csq_metric, on_change), CSQ_ON_CHANGE_RESTART},
        {"retroactive_pause", offsetof(csq_metric, retroactive_pause),
         CSQ_RETROACTIVE_PAUSE_COUNTED},
        {"calendar_switch", offsetof(csq_metric, calendar_switch), CSQ_CALENDAR_SWITCH_FIRST},
        {"edit_scope", offsetof(csq_metric, edit_scope), CSQ_EDIT_SCOPE_ALL},
        {"on_solved", offsetof(csq_metric, on_solved), CSQ_ON_SOLVED_CANCEL},
        {"start_mode", offsetof(csq_metric, start_mode), CSQ_START_FIRST_MESSAGE},
        {"include_first", offsetof(csq_metric, include_first), 1},
        {"attach", offsetof(csq_metric, attach), CSQ_ATTACH_RETROACTIVE},
        {"due_edge", offsetof(csq_metric, due_edge), CSQ_DUE_EDGE_NEXT_OPEN},
        {"breach_compare", offsetof(csq_metric, breach_compare), CSQ_BREACH_COMPARE_INSTANT},
        {"empty_calendar", offsetof(csq_metric, empty_calendar), CSQ_EMPTY_CALENDAR_WALL},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        uint32_t value;
        memcpy(&value, (const char *)metric + options[i].offset, sizeof value);
        if (value > options[i].last) {
            const csq_status status = csq__fail_value(error, options[i].name, value);
            csq__error_field(error, options[i].offset);
            return status;
        }
    }
    return CSQ_OK;
}

static csq_status check_lists(const csq_metric *metric, csq_error *error)
{
    const bool is_missing = (metric->n_stop_statuses > 0 && metric->stop_statuses == NULL) ||
                            (metric->n_pause_statuses > 0 && metric->pause_statuses == NULL) ||
                            (metric->n_cancel_statuses > 0 && metric->cancel_statuses == NULL);
    if (is_missing) {
        return csq__fail_null(error, "a list of statuses");
    }
    if (metric->kind < CSQ_METRIC_CLOCK || metric->kind > CSQ_METRIC_OWNERSHIP) {
        const csq_status status = csq__fail_value(error, "kind", metric->kind);
        csq__error_field(error, offsetof(csq_metric, kind));
        return status;
    }
    if (metric->kind == CSQ_METRIC_CLOCK && metric->start == NULL) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("a clock needs a start condition"));
    }
    if (metric->kind == CSQ_METRIC_RESOLUTION && metric->n_stop_statuses == 0 &&
        metric->stop == NULL) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("a resolution needs stop statuses or a stop condition"));
    }
    if (metric->kind == CSQ_METRIC_OWNERSHIP && metric->group == CSQ_CODE_NONE &&
        metric->start == NULL) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("ownership needs a group"));
    }
    return CSQ_OK;
}

csq_status csq__metric_compile(csq_schema *schema, const csq_metric *metric,
                               const csq_allocator *allocator, csq__clock *clock, csq_error *error)
{
    csq_status status = check_options(metric, error);
    if (status == CSQ_OK) {
        status = check_lists(metric, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    metric_maker maker = {NULL, metric, CSQ_OK, error};
    maker.status = csq_condition_builder_new(schema, allocator, &maker.builder, error);
    if (maker.status != CSQ_OK) {
        return maker.status;
    }
    copy_options(metric, clock);
    make_kind(&maker, clock);
    take_own(&maker, clock, CSQ__RULE_START, metric->start);
    take_own(&maker, clock, CSQ__RULE_STOP, metric->stop);
    take_own(&maker, clock, CSQ__RULE_RESET, metric->reset);
    take_own(&maker, clock, CSQ__RULE_REOPEN, metric->reopen);
    take_own(&maker, clock, CSQ__RULE_RESUME, metric->resume);
    make_on_solved(&maker, clock);
    make_pause(&maker, clock);
    make_cancel(&maker, clock);
    csq_condition_builder_free(maker.builder);
    return maker.status;
}

void csq__clock_release(csq__clock *clock, const csq_allocator *allocator)
{
    for (int rule = 0; rule < CSQ__RULE_COUNT; rule++) {
        csq_condition_free(clock->conditions[rule]);
        csq__program_release(&clock->rules[rule], allocator);
    }
    const csq_step *steps = clock->steps.data;
    for (size_t i = 0; i < clock->steps.n; i++) {
        csq__release(allocator, (void *)(uintptr_t)steps[i].name.data,
                     (size_t)steps[i].name.size + 1);
    }
    csq__array_release(&clock->steps, allocator, sizeof(csq_step));
    csq__release(allocator, (void *)(uintptr_t)clock->name.data, (size_t)clock->name.size + 1);
}
