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
    const int64_t authors[] = {CSQ_AUTHOR_AGENT, CSQ_AUTHOR_BOT};
    push_is(maker, CSQ_TICKET_EVENT, CSQ_EVENT_REPLY);
    push_test(maker, CSQ_TICKET_AUTHOR, CSQ_TEST_IN, authors, 1 + maker->metric->count_bots);
    push_is(maker, CSQ_TICKET_VISIBILITY, CSQ_VISIBILITY_PUBLIC);
    if (maker->metric->count_notes != 0) {
        push_all(maker, 2);
        push_is(maker, CSQ_TICKET_AUTHOR, CSQ_AUTHOR_AGENT);
        push_any(maker, 2);
        push_all(maker, 2);
    } else {
        push_all(maker, 3);
    }
}

static void push_customer_message(metric_maker *maker)
{
    const int64_t messages[] = {CSQ_EVENT_CREATED, CSQ_EVENT_REPLY};
    push_test(maker, CSQ_TICKET_EVENT, CSQ_TEST_IN, messages, 2);
    push_is(maker, CSQ_TICKET_AUTHOR, CSQ_AUTHOR_CUSTOMER);
    push_is(maker, CSQ_TICKET_VISIBILITY, CSQ_VISIBILITY_PUBLIC);
    push_all(maker, 3);
}

/* An assignee who comes, or is there when the clock starts: as an event, so that one who was there
 * before an attach does not hold the clock open. */
static void push_assigned(metric_maker *maker)
{
    push_test(maker, CSQ_TICKET_ASSIGNEE, CSQ_TEST_ABSENT, NULL, 0);
    push_not(maker);
    push_test(maker, CSQ_TICKET_ASSIGNEE, CSQ_TEST_CHANGED, NULL, 0);
    push_created(maker);
    push_any(maker, 2);
    push_all(maker, 2);
}

/* Anything that an agent does but for what starts the clock. */
static void push_handled(metric_maker *maker)
{
    push_is(maker, CSQ_TICKET_AUTHOR, CSQ_AUTHOR_AGENT);
    push_created(maker);
    push_not(maker);
    push_all(maker, 2);
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

/* Owning is a state, which an attach finds as it is: then the attach itself is the start. Behind it
 * the group takes over, or gets back what was solved. */
static void push_taken_over(metric_maker *maker)
{
    push_owned(maker);
    if (maker->metric->attach == CSQ_ATTACH_FROM) {
        push_created(maker);
        push_test(maker, CSQ_TICKET_GROUP, CSQ_TEST_CHANGED, NULL, 0);
        push_status(maker, CSQ_TEST_CHANGED_FROM, maker->metric->stop_statuses,
                    maker->metric->n_stop_statuses);
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
    if (maker->metric->visits == CSQ_VISITS_SUM) {
        push_owned(maker);
        take(maker, clock, CSQ__RULE_REOPEN);
        take_own(maker, clock, CSQ__RULE_REOPEN, maker->metric->start);
    }
    clock->restarts = maker->metric->visits == CSQ_VISITS_EACH;
}

/* A promise that the instant promised changes with; the event itself where it stays the same. */
static void push_promise(metric_maker *maker)
{
    push_test(maker, CSQ_TICKET_PROMISE, CSQ_TEST_CHANGED, NULL, 0);
    push_test(maker, CSQ_TICKET_PROMISE, CSQ_TEST_ABSENT, NULL, 0);
    push_not(maker);
    push_all(maker, 2);
}

/* A reply that gives a promise does not fulfil one. */
static void make_promise(metric_maker *maker, csq__clock *clock)
{
    push_is(maker, CSQ_TICKET_EVENT, CSQ_EVENT_PROMISE);
    push_promise(maker);
    push_any(maker, 2);
    take(maker, clock, CSQ__RULE_START);
    push_agent_reply(maker);
    push_promise(maker);
    push_not(maker);
    push_all(maker, 2);
    push_solve(maker);
    push_any(maker, 2);
    take(maker, clock, CSQ__RULE_STOP);
    clock->restarts = 1;
}

static void make_acknowledge(metric_maker *maker, csq__clock *clock)
{
    push_created(maker);
    take(maker, clock, CSQ__RULE_START);
    push_handled(maker);
    push_assigned(maker);
    push_any(maker, 2);
    take(maker, clock, CSQ__RULE_STOP);
}

static void make_assign(metric_maker *maker, csq__clock *clock)
{
    push_created(maker);
    take(maker, clock, CSQ__RULE_START);
    push_assigned(maker);
    take(maker, clock, CSQ__RULE_STOP);
}

/* A solve ends an open clock of messages, or one that waits for somebody, if the option says so. */
static void make_on_solved(metric_maker *maker, csq__clock *clock)
{
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

/* The statuses outside `run_statuses`, those of `pause_statuses`, the definition's own condition.
 */
static void make_pause(metric_maker *maker, csq__clock *clock)
{
    const csq_metric *metric = maker->metric;
    uint32_t n = 0;
    if (metric->kind == CSQ_METRIC_PERIODIC_UPDATE || metric->kind == CSQ_METRIC_TOTAL_RESOLUTION) {
        return;
    }
    if (metric->n_run_statuses > 0) {
        push_status(maker, CSQ_TEST_IN, metric->run_statuses, metric->n_run_statuses);
        push_not(maker);
        n++;
    }
    if (metric->n_pause_statuses > 0) {
        push_status(maker, CSQ_TEST_IN, metric->pause_statuses, metric->n_pause_statuses);
        n++;
    }
    if (metric->pause != NULL) {
        push_condition(maker, metric->pause);
        n++;
    }
    if (n > 1) {
        push_any(maker, n);
    }
    if (n > 0) {
        take(maker, clock, CSQ__RULE_PAUSE);
    }
}

static void make_cancel(metric_maker *maker, csq__clock *clock)
{
    const csq_metric *metric = maker->metric;
    if (metric->cancel == NULL && metric->n_cancel_statuses == 0) {
        return;
    }
    push_status(maker, CSQ_TEST_IN, metric->cancel_statuses, metric->n_cancel_statuses);
    if (metric->cancel != NULL) {
        push_condition(maker, metric->cancel);
        push_any(maker, 2);
    }
    take(maker, clock, CSQ__RULE_CANCEL);
}

static void make_kind(metric_maker *maker, csq__clock *clock)
{
    switch (maker->metric->kind) {
    case CSQ_METRIC_FIRST_REPLY:
        make_first_reply(maker, clock);
        break;
    case CSQ_METRIC_RESOLUTION:
    case CSQ_METRIC_REQUESTER_WAIT:
    case CSQ_METRIC_AGENT_WORK:
    case CSQ_METRIC_FIRST_RESOLUTION:
    case CSQ_METRIC_TOTAL_RESOLUTION:
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
    case CSQ_METRIC_ACKNOWLEDGE:
        make_acknowledge(maker, clock);
        break;
    case CSQ_METRIC_ASSIGN:
        make_assign(maker, clock);
        break;
    case CSQ_METRIC_PROMISE:
        make_promise(maker, clock);
        break;
    default:
        clock->restarts = maker->metric->repeat;
        break;
    }
}

static void copy_options(const csq_metric *metric, csq__clock *clock)
{
    clock->wall_time = metric->wall_time;
    clock->reopen_mode = metric->reopen_mode;
    clock->on_change = metric->on_change;
    clock->retroactive_pause = metric->retroactive_pause;
    clock->calendar_switch = metric->calendar_switch;
    clock->edit_scope = metric->edit_scope;
    clock->attach = metric->attach;
    clock->due_edge = metric->due_edge;
    clock->breach_compare = metric->breach_compare;
    clock->empty_calendar = metric->empty_calendar;
    clock->at_target = metric->at_target;
    clock->on_no_match = metric->on_no_match;
    clock->on_merge = metric->on_merge;
    clock->inherit = metric->inherit;
    clock->by_message =
        metric->start == NULL &&
        (metric->kind == CSQ_METRIC_NEXT_REPLY ||
         (metric->kind == CSQ_METRIC_FIRST_REPLY && metric->start_mode == CSQ_START_FIRST_MESSAGE));
    clock->message_base = csq__metric_has_option(metric->kind, offsetof(csq_metric, message_base))
                              ? metric->message_base
                              : CSQ_MESSAGE_BASE_OLDEST;
    clock->version_at = metric->version_at;
    clock->late_steps = metric->late_steps;
    clock->passed_steps = metric->passed_steps;
}

/* Why the definition lacks something that its kind needs, or NULL. */
static const char *missing_part(const csq_metric *metric)
{
    const bool can_stop = metric->n_stop_statuses > 0 || metric->stop != NULL;
    const bool can_pause =
        metric->n_pause_statuses > 0 || metric->n_run_statuses > 0 || metric->pause != NULL;
    switch (metric->kind) {
    case CSQ_METRIC_CLOCK:
        return metric->start == NULL ? "a clock needs a start condition" : NULL;
    case CSQ_METRIC_OWNERSHIP:
        return metric->group == CSQ_CODE_NONE && metric->start == NULL ? "ownership needs a group"
                                                                       : NULL;
    case CSQ_METRIC_REQUESTER_WAIT:
        return !can_stop    ? "a wait needs stop statuses or a stop condition"
               : !can_pause ? "a wait needs pause statuses, run statuses or a pause condition"
                            : NULL;
    case CSQ_METRIC_AGENT_WORK:
        return !can_stop                     ? "work needs stop statuses or a stop condition"
               : metric->n_run_statuses == 0 ? "work needs the statuses in which it runs"
                                             : NULL;
    case CSQ_METRIC_RESOLUTION:
    case CSQ_METRIC_FIRST_RESOLUTION:
    case CSQ_METRIC_TOTAL_RESOLUTION:
        return can_stop ? NULL : "a resolution needs stop statuses or a stop condition";
    default:
        return NULL;
    }
}

static csq_status check_lists(const csq_metric *metric, csq_error *error)
{
    const bool is_missing = (metric->n_stop_statuses > 0 && metric->stop_statuses == NULL) ||
                            (metric->n_pause_statuses > 0 && metric->pause_statuses == NULL) ||
                            (metric->n_cancel_statuses > 0 && metric->cancel_statuses == NULL) ||
                            (metric->n_run_statuses > 0 && metric->run_statuses == NULL);
    if (is_missing) {
        return csq__fail_null(error, "a list of statuses");
    }
    const bool overlaps =
        metric->message_base == CSQ_MESSAGE_BASE_EACH &&
        csq__metric_has_option(metric->kind, offsetof(csq_metric, message_base));
    if (overlaps && metric->reset != NULL) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("a clock of each message cannot be reset: what is open then is "
                                   "more than one cycle"));
    }
    if (overlaps && metric->version_at == CSQ_VERSION_AT_CYCLE) {
        return csq__fail(error, CSQ_EINVAL,
                         CSQ__TEXT("cycles of single messages share an agreement: none of them can "
                                   "have the version of its own start"));
    }
    const char *missing = missing_part(metric);
    return missing == NULL ? CSQ_OK : csq__fail(error, CSQ_EINVAL, CSQ__VIEW(csq_str_of(missing)));
}

csq_status csq__metric_compile(csq_schema *schema, const csq_metric *given,
                               const csq_allocator *allocator, csq__clock *clock, csq_error *error)
{
    csq_status status = csq__metric_check_options(given, error);
    if (status == CSQ_OK) {
        status = check_lists(given, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    csq_metric filled = *given;
    csq__metric_fill_options(&filled);
    const csq_metric *const metric = &filled;
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
    if (csq__metric_has_option(metric->kind, offsetof(csq_metric, on_solved))) {
        make_on_solved(&maker, clock);
    }
    make_pause(&maker, clock);
    make_cancel(&maker, clock);
    csq_condition_builder_free(maker.builder);
    return maker.status;
}

void csq__clock_release(csq__clock *clock, bool owns_names, const csq_allocator *allocator)
{
    for (int rule = 0; rule < CSQ__RULE_COUNT; rule++) {
        csq_condition_free(clock->conditions[rule]);
        csq__program_release(&clock->rules[rule], allocator);
    }
    if (!owns_names) {
        return;
    }
    const csq_step *steps = clock->steps.data;
    for (size_t i = 0; i < clock->steps.n; i++) {
        csq__step_release(&steps[i], allocator);
    }
    csq__array_release(&clock->steps, allocator, sizeof(csq_step));
    csq__release(allocator, (void *)(uintptr_t)clock->name.data, (size_t)clock->name.size + 1);
}
