/*
 * property_live — random policies, random histories of several tickets, random arrival: what a
 * clock set tells is what explanations say, and nobody has to look earlier than it says.
 *
 * The model is the list of what was told, kept by the notices alone. After every take it must be
 * what fresh tickets with the same events show at that instant; before the next instant that the
 * set names, it must stay so.
 */
#include "clock_set_support.h"
#include "sla_trial.h"

enum { TICKETS = 4, TOLD_LIMIT = 2048, LIVE_ROUNDS = N_HISTORIES / 4 / TICKETS };

typedef struct live_told {
    uint64_t ticket;
    uint32_t clock;
    uint32_t cycle;
    uint32_t step;
    csq_ms at;
} live_told;

typedef struct live {
    trial t;
    csq_clock_set *set;
    csq_ticket_event known[TICKETS][MAX_EVENTS]; /* what the set was told */
    uint32_t n_known[TICKETS];
    live_told told[TOLD_LIMIT];
    uint32_t n_told;
    csq_ms now;
} live;

/* Ids that are far apart and not in the order of their numbers. */
static uint64_t id_of(uint32_t number)
{
    return UINT64_C(0x9E3779B97F4A7C15) * (number + 1);
}

static csq_clock_set *new_set(live *l)
{
    const csq_clock_set_options options = {.size = sizeof options, .seed = test_random(&l->t.seed)};
    csq_clock_set *set;
    assert_status(CSQ_OK, csq_clock_set_new(l->t.policies, &options, NULL, &set, NULL));
    return set;
}

/* A ticket as if all that is known of it had come in order. */
static csq_ticket *fresh_ticket(live *l, uint32_t number)
{
    csq_ticket *ticket = test_ticket(l->t.world.schema, id_of(number));
    for (uint32_t i = 0; i < l->n_known[number]; i++) {
        test_apply(ticket, l->known[number][i]);
    }
    return ticket;
}

/* ---- what is told -------------------------------------------------------------------------- */

static live_told *find_told(live *l, uint64_t ticket, uint32_t clock, uint32_t cycle, uint32_t step)
{
    for (uint32_t i = 0; i < l->n_told; i++) {
        live_told *told = &l->told[i];
        if (told->ticket == ticket && told->clock == clock && told->cycle == cycle &&
            told->step == step) {
            return told;
        }
    }
    return NULL;
}

static void hear(live *l, const csq_notice *notice)
{
    live_told *told = find_told(l, notice->ticket, notice->clock, notice->cycle, notice->step);
    assert_int_equal(notice->kind == CSQ_NOTICE_BREACH, notice->step == CSQ_NO_INDEX);
    assert_true(notice->at <= l->now);
    if (notice->change == CSQ_NOTICE_NEW) {
        assert_null(told);
        assert_ms_equal(notice->was_at, CSQ_MS_NONE);
        assert_true(l->n_told < TOLD_LIMIT);
        l->told[l->n_told++] =
            (live_told){notice->ticket, notice->clock, notice->cycle, notice->step, notice->at};
        return;
    }
    assert_non_null(told);
    if (notice->change == CSQ_NOTICE_MOVED) {
        assert_ms_equal(notice->was_at, told->at);
        assert_true(notice->at != told->at);
        told->at = notice->at;
    } else {
        assert_int_equal(notice->change, CSQ_NOTICE_WITHDRAWN);
        assert_ms_equal(notice->at, told->at);
        *told = l->told[--l->n_told];
    }
}

static bool is_ordered(const csq_notice *a, const csq_notice *b)
{
    const uint64_t x[] = {a->ticket, a->clock, a->cycle, a->step};
    const uint64_t y[] = {b->ticket, b->clock, b->cycle, b->step};
    if (a->at != b->at) {
        return a->at < b->at;
    }
    for (int i = 0; i < 4; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i];
        }
    }
    return false;
}

static uint64_t take(live *l, csq_ms now)
{
    uint64_t n = 99;
    l->now = now;
    assert_status(CSQ_OK, csq_clock_set_take(l->set, now, &n, NULL));
    csq_notice before = {0};
    for (uint64_t i = 0; i < n; i++) {
        csq_notice notice = {.size = sizeof notice};
        assert_status(CSQ_OK, csq_clock_set_notice(l->set, i, &notice, NULL));
        assert_true(i == 0 || is_ordered(&before, &notice));
        hear(l, &notice);
        before = notice;
    }
    return n;
}

/* ---- what is true -------------------------------------------------------------------------- */

/* Checks one point of a cycle; returns whether it was told. */
static uint32_t check_point(live *l, uint32_t number, uint32_t clock, uint32_t cycle, uint32_t step,
                            bool holds, csq_ms at)
{
    const live_told *told = find_told(l, id_of(number), clock, cycle, step);
    if ((told != NULL) != holds || (told != NULL && at != CSQ_MS_NONE && told->at != at)) {
        print_error("ticket %u clock %u cycle %u step %u at %lld: %s, told at %lld, true at %lld\n",
                    number, clock, cycle, step, (long long)l->now, holds ? "holds" : "does not",
                    told == NULL ? 0 : (long long)told->at, (long long)at);
        fail();
    }
    return told != NULL;
}

/* Elapsed at a step of a target in time; CSQ_MS_NONE: never. */
static csq_ms goal_of(const live *l, uint32_t clock, uint32_t step, csq_ms target)
{
    const csq_step *drawn = &l->t.steps[metric_of(&l->t, clock)][step];
    return drawn->kind == CSQ_STEP_PERCENT  ? (target * drawn->value + 9999) / 10000
           : drawn->kind == CSQ_STEP_OFFSET ? target + drawn->value
                                            : (csq_ms)CSQ_MS_NONE;
}

static bool has_ladder(const live *l, uint32_t clock)
{
    const csq_metric *metric = &l->t.metrics[metric_of(&l->t, clock)];
    return metric->late_steps > CSQ_LATE_STEPS_ALL ||
           metric->passed_steps > CSQ_PASSED_STEPS_REARM;
}

/* The steps of a cycle that another one followed, or that is open beside an older one: by what it
 * counted. */
static uint32_t check_earlier_steps(live *l, uint32_t number, uint32_t clock, uint32_t index,
                                    const csq_cycle *cycle)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < N_STEPS; s++) {
        const live_told *told = find_told(l, id_of(number), clock, index, s);
        n += told != NULL;
        assert_true(told == NULL || cycle->stopped_at == CSQ_MS_NONE ||
                    told->at <= cycle->stopped_at);
        if (cycle->target_ms != CSQ_MS_NONE && !has_ladder(l, clock)) {
            const csq_ms goal = goal_of(l, clock, s, cycle->target_ms);
            assert_int_equal(told != NULL, goal != CSQ_MS_NONE && goal <= cycle->elapsed_ms);
            assert_true(told == NULL || told->at >= cycle->started_at);
        }
    }
    return n;
}

/* The instant of a step of the latest cycle that fired; CSQ_MS_NONE: it did not. */
static csq_ms find_fired(const csq_explanation *explanation, uint32_t step)
{
    for (uint64_t i = 0; i < csq_explanation_firing_count(explanation); i++) {
        csq_firing firing = {.size = sizeof firing};
        assert_status(CSQ_OK, csq_explanation_firing(explanation, i, &firing, NULL));
        if (firing.step == step && firing.state == CSQ_FIRING_FIRED) {
            return firing.at;
        }
    }
    return CSQ_MS_NONE;
}

/* Returns how many firings the clock has. */
static uint32_t check_clock(live *l, uint32_t number, const csq_ticket *ticket, uint32_t clock,
                            csq_ms now)
{
    csq_explanation *explanation = sla_explain(l->t.policies, ticket, clock, now);
    csq_answer answer = {.size = sizeof answer};
    assert_status(CSQ_OK, csq_explanation_answer(explanation, &answer, NULL));
    const bool is_open = answer.phase == CSQ_PHASE_ACTIVE || answer.phase == CSQ_PHASE_PAUSED;
    const uint64_t n_cycles = csq_explanation_cycle_count(explanation);
    uint32_t n = 0;
    for (uint32_t s = 0; n_cycles > 0 && s < N_STEPS; s++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, s, &at, NULL));
        at = has_ladder(l, clock) ? find_fired(explanation, s) : at;
        const csq_ms end = is_open ? now : answer.stopped_at;
        // While a due day moves on with a pause, what was told is not told again all the time.
        const bool moves = answer.phase == CSQ_PHASE_PAUSED && answer.workdays > 0;
        n += check_point(l, number, clock, answer.cycle, s, at != CSQ_MS_NONE && at <= end,
                         moves ? (csq_ms)CSQ_MS_NONE : at);
    }
    for (uint32_t c = 0; c < n_cycles; c++) {
        const csq_cycle cycle = sla_cycle(explanation, c);
        n += check_point(l, number, clock, c + 1, CSQ_NO_INDEX, cycle.breached != 0, CSQ_MS_NONE);
        if (c + 1 != answer.cycle) {
            n += check_earlier_steps(l, number, clock, c + 1, &cycle);
        }
    }
    const live_told *breach = find_told(l, id_of(number), clock, answer.cycle, CSQ_NO_INDEX);
    const bool at_once = l->t.metrics[metric_of(&l->t, clock)].at_target == CSQ_AT_TARGET_LATE;
    // The next opening is looked up on the calendar of today, whatever it was then.
    assert_true(breach == NULL || answer.workdays > 0 ||
                l->t.metrics[metric_of(&l->t, clock)].due_edge == CSQ_DUE_EDGE_NEXT_OPEN ||
                (breach->at >= answer.breached_at + (at_once ? 0 : 1) && breach->at <= now));
    csq_explanation_free(explanation);
    return n;
}

/* A set that hears of everything at once tells the same. */
static void check_told_at_once(live *l, csq_ms now)
{
    uint64_t n = 0;
    csq_clock_set *set = new_set(l);
    for (uint32_t number = 0; number < TICKETS; number++) {
        for (uint32_t i = 0; i < l->n_known[number]; i++) {
            assert_status(CSQ_OK,
                          csq_clock_set_apply(set, id_of(number), &l->known[number][i], NULL));
        }
    }
    assert_status(CSQ_OK, csq_clock_set_take(set, now, &n, NULL));
    for (uint64_t i = 0; i < n; i++) {
        csq_notice notice = {.size = sizeof notice};
        assert_status(CSQ_OK, csq_clock_set_notice(set, i, &notice, NULL));
        const live_told *told =
            find_told(l, notice.ticket, notice.clock, notice.cycle, notice.step);
        assert_int_equal(notice.change, CSQ_NOTICE_NEW);
        assert_non_null(told);
        assert_ms_equal(told->at, notice.at);
    }
    assert_int_equal(n, l->n_told);
    csq_clock_set_free(set);
}

/* What was told is what is true at `now`, of all tickets, and nothing else. */
static void check_told(live *l, csq_ms now)
{
    uint32_t n = 0;
    if (draw(&l->t, 4) == 0) {
        check_told_at_once(l, now);
    }
    for (uint32_t number = 0; number < TICKETS; number++) {
        csq_ticket *ticket = fresh_ticket(l, number);
        for (uint32_t c = 0; c < csq_policies_clock_count(l->t.policies); c++) {
            n += check_clock(l, number, ticket, c, now);
        }
        csq_ticket_free(ticket);
    }
    assert_int_equal(n, l->n_told);
}

static void check_answers(live *l, csq_ms now)
{
    for (uint32_t number = 0; number < TICKETS; number++) {
        csq_ticket *ticket = fresh_ticket(l, number);
        for (uint32_t c = 0; c < csq_policies_clock_count(l->t.policies); c++) {
            const csq_answer expected = sla_answer(l->t.policies, ticket, c, now);
            csq_answer answer = {.size = sizeof answer};
            const csq_status status =
                csq_clock_set_answer(l->set, id_of(number), c, now, &answer, NULL);
            assert_int_equal(status, l->n_known[number] == 0 ? CSQ_ENOTFOUND : CSQ_OK);
            assert_true(status != CSQ_OK || memcmp(&answer, &expected, sizeof answer) == 0);
        }
        if (l->n_known[number] > 0) {
            assert_same_encoding(csq_clock_set_ticket(l->set, id_of(number)), ticket);
        }
        csq_ticket_free(ticket);
    }
}

/* Nothing changes before the next instant, where that is still to come. */
static void check_next(live *l)
{
    csq_ms at;
    uint64_t ticket;
    const csq_status status = csq_clock_set_next(l->set, &at, &ticket, NULL);
    assert_true(status == CSQ_OK || status == CSQ_ENODATA);
    if (status == CSQ_ENODATA) {
        at = sla_at("Sun+ 23:00") + 100 * DAY_MS;
    } else {
        assert_non_null(csq_clock_set_ticket(l->set, ticket));
    }
    if (l->now != CSQ_MS_NONE && at > l->now) {
        check_told(l, at - 1);
        check_told(l, l->now + (csq_ms)test_below(&l->t.seed, (uint64_t)(at - l->now)));
    }
}

/* ---- what happens to a set ----------------------------------------------------------------- */

static void learn(live *l, uint32_t number, const csq_ticket_event *event)
{
    uint32_t i = l->n_known[number]++;
    for (; i > 0 && l->known[number][i - 1].sequence > event->sequence; i--) {
        l->known[number][i] = l->known[number][i - 1];
    }
    l->known[number][i] = *event;
}

static void go_through_bytes(live *l)
{
    uint64_t size;
    uint8_t *bytes = live_encoded(l->set, &size);
    csq_clock_set *back;
    assert_status(CSQ_OK,
                  csq_clock_set_decode(l->t.policies, NULL, bytes, size, NULL, &back, NULL));
    assert_same_sets(l->set, back);
    free(bytes);
    csq_clock_set_free(l->set);
    l->set = back;
}

static void go_through_copy(live *l)
{
    csq_clock_set *copy;
    assert_status(CSQ_OK, csq_clock_set_copy(l->set, &copy, NULL));
    assert_same_sets(l->set, copy);
    csq_clock_set_free(l->set);
    l->set = copy;
}

/* The event arrives in another set, with some of what is known already, and that is merged. */
static void merge_in(live *l, uint32_t number, const csq_ticket_event *event)
{
    csq_clock_set *other = new_set(l);
    csq_clock_set *copy;
    assert_status(CSQ_OK, csq_clock_set_apply(other, id_of(number), event, NULL));
    for (uint32_t i = 0; i < l->n_known[number]; i += 2) {
        assert_status(CSQ_OK,
                      csq_clock_set_apply(other, id_of(number), &l->known[number][i], NULL));
    }
    assert_status(CSQ_OK, csq_clock_set_copy(other, &copy, NULL));
    assert_status(CSQ_OK, csq_clock_set_merge(copy, l->set, NULL));
    assert_status(CSQ_OK, csq_clock_set_merge(l->set, other, NULL));
    assert_same_sets(l->set, copy);
    csq_clock_set_free(copy);
    csq_clock_set_free(other);
}

static void remove_ticket(live *l, uint32_t number)
{
    const csq_status status = csq_clock_set_remove(l->set, id_of(number), NULL);
    assert_int_equal(status, l->n_known[number] > 0 ? CSQ_OK : CSQ_ENOTFOUND);
    l->n_known[number] = 0;
    for (uint32_t i = l->n_told; i > 0; i--) {
        if (l->told[i - 1].ticket == id_of(number)) {
            l->told[i - 1] = l->told[--l->n_told];
        }
    }
}

static void disturb(live *l)
{
    switch (draw(&l->t, 24)) {
    case 0:
        go_through_bytes(l);
        break;
    case 1:
        go_through_copy(l);
        break;
    case 2:
        remove_ticket(l, draw(&l->t, TICKETS));
        break;
    default:
        break;
    }
}

/* ---- rounds -------------------------------------------------------------------------------- */

typedef struct arrival {
    uint32_t number;
    csq_ticket_event event;
} arrival;

static uint32_t draw_arrivals(live *l, arrival *out)
{
    uint32_t n = 0;
    for (uint32_t number = 0; number < TICKETS; number++) {
        csq_ticket_event events[MAX_EVENTS];
        const uint32_t n_events = random_history(&l->t, events);
        for (uint32_t i = 0; i < n_events; i++) {
            out[n++] = (arrival){number, events[i]};
        }
    }
    return n;
}

static void begin_round(live *l)
{
    memset(l->n_known, 0, sizeof l->n_known);
    l->n_told = 0;
    l->now = CSQ_MS_NONE;
    l->set = new_set(l);
}

static void arrive(live *l, const arrival *a)
{
    if (draw(&l->t, 10) == 0) {
        merge_in(l, a->number, &a->event);
    } else {
        assert_status(CSQ_OK, csq_clock_set_apply(l->set, id_of(a->number), &a->event, NULL));
    }
    learn(l, a->number, &a->event);
}

/* Any order of arrival, takes at any instants. */
static void shuffled_round(live *l)
{
    arrival arrivals[TICKETS * MAX_EVENTS];
    const uint32_t n = draw_arrivals(l, arrivals);
    csq_ms now = sla_at("Mon 00:00");
    begin_round(l);
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t k = draw(&l->t, i);
        const arrival held = arrivals[i - 1];
        arrivals[i - 1] = arrivals[k];
        arrivals[k] = held;
    }
    for (uint32_t i = 0; i < n; i++) {
        arrive(l, &arrivals[i]);
        if (draw(&l->t, 4) == 0) {
            now += draw(&l->t, 40) * QUARTER_MS + draw(&l->t, 3);
            (void)take(l, now);
            check_told(l, now);
            check_next(l);
        }
        disturb(l);
    }
    now += 3 * DAY_MS;
    (void)take(l, now);
    check_told(l, now);
    check_answers(l, now);
    check_next(l);
    csq_clock_set_free(l->set);
}

static int compare_arrivals(const void *a, const void *b)
{
    const arrival *x = a;
    const arrival *y = b;
    if (x->event.at != y->event.at) {
        return x->event.at < y->event.at ? -1 : 1;
    }
    return (x->event.sequence > y->event.sequence) - (x->event.sequence < y->event.sequence);
}

/* Takes all that comes before `until` at its own instant: what is new then was not true before.
 * Only an event, the last of which came at `event`, or a version that comes into force makes
 * something of the past true. */
static void ring_until(live *l, csq_ms event, csq_ms until)
{
    csq_ms at;
    uint64_t ticket;
    for (uint32_t rings = 0; csq_clock_set_next(l->set, &at, &ticket, NULL) == CSQ_OK && at < until;
         rings++) {
        assert_true(rings < 4000);
        at = at < l->now ? l->now : at;
        const csq_ms before = l->now;
        const uint64_t n = take(l, at);
        for (uint64_t i = 0; i < n && at > before && at != event; i++) {
            csq_notice notice = {.size = sizeof notice};
            assert_status(CSQ_OK, csq_clock_set_notice(l->set, i, &notice, NULL));
            if (notice.change == CSQ_NOTICE_NEW && !has_epoch_between(&l->t, at - 1, at)) {
                assert_ms_equal(notice.at, at);
            }
        }
    }
}

/* Events as they happen, a timer that rings at every instant that the set names. */
static void punctual_round(live *l)
{
    arrival arrivals[TICKETS * MAX_EVENTS];
    const uint32_t n = draw_arrivals(l, arrivals);
    begin_round(l);
    l->now = sla_at("Mon 00:00") - 1;
    qsort(arrivals, n, sizeof arrivals[0], compare_arrivals);
    for (uint32_t i = 0; i < n; i++) {
        ring_until(l, i == 0 ? CSQ_MS_NONE : arrivals[i - 1].event.at, arrivals[i].event.at);
        arrive(l, &arrivals[i]);
        disturb(l);
        if (l->now != CSQ_MS_NONE && csq_clock_set_taken(l->set) != CSQ_MS_NONE) {
            check_next(l);
        }
    }
    ring_until(l, arrivals[n - 1].event.at, sla_at("Sun+ 00:00"));
    check_told(l, sla_at("Sun+ 00:00") - 1);
    check_answers(l, l->now);
    csq_clock_set_free(l->set);
}

static void run_rounds(void (*round)(live *), uint64_t seed, bool plain_ladders)
{
    live *l = calloc(1, sizeof *l);
    assert_non_null(l);
    l->t.seed = seed;
    l->t.n_steps = N_STEPS;
    l->t.plain_ladders = plain_ladders;
    open_trial(&l->t);
    for (uint32_t i = 0; i < LIVE_ROUNDS; i++) {
        draw_policies(&l->t);
        round(l);
    }
    close_trial(&l->t);
    free(l);
}

static void what_was_told_is_what_is_true_in_any_order_of_arrival(void **state)
{
    (void)state;
    run_rounds(shuffled_round, 41, true);
    run_rounds(shuffled_round, 43, false);
}

static void a_timer_that_rings_when_told_so_misses_nothing_and_hears_nothing_twice(void **state)
{
    (void)state;
    run_rounds(punctual_round, 42, true);
    run_rounds(punctual_round, 44, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_told_is_what_is_true_in_any_order_of_arrival),
        cmocka_unit_test(a_timer_that_rings_when_told_so_misses_nothing_and_hears_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
