/*
 * explain — the walk of one clock, written down: stretches with their reason, cycles, steps.
 *
 * The stretches are those of the recorder; running ones are cut by the calendar's own explanation.
 * Both come from what the clock was measured with, so that the counted times sum to elapsed.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/promise.h"

struct csq_explanation {
    csq_allocator allocator;
    csq_policies *policies; /* retained: names are borrowed from its calendars */
    csq_answer answer;
    csq__array stretches; /* csq_stretch */
    csq__array cycles;    /* csq_cycle */
    csq__array steps;     /* csq_ms */
    csq__array promises;  /* csq_promise */
    csq__array firings;   /* csq_firing */
};

enum { EXPLANATION_LIMIT = 1000000 };

void csq_explanation_free(csq_explanation *explanation)
{
    if (explanation == NULL) {
        return;
    }
    const csq_allocator memory = explanation->allocator;
    csq__array_release(&explanation->stretches, &memory, sizeof(csq_stretch));
    csq__array_release(&explanation->cycles, &memory, sizeof(csq_cycle));
    csq__array_release(&explanation->steps, &memory, sizeof(csq_ms));
    csq__array_release(&explanation->promises, &memory, sizeof(csq_promise));
    csq__array_release(&explanation->firings, &memory, sizeof(csq_firing));
    csq_policies_free(explanation->policies);
    csq__release(&memory, explanation, sizeof *explanation);
}

/* ---- stretches ----------------------------------------------------------------------------- */

static csq_status add_stretch(csq_explanation *explanation, const csq_stretch *stretch,
                              csq_error *error)
{
    if (explanation->stretches.n >= EXPLANATION_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 1000000 stretches"));
    }
    return csq__array_push(&explanation->stretches, &explanation->allocator, stretch,
                           sizeof *stretch) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

static uint32_t reason_of(uint32_t calendar_reason)
{
    switch (calendar_reason) {
    case CSQ_REASON_OPEN:
        return CSQ_STRETCH_COUNTED;
    case CSQ_REASON_HOLIDAY:
        return CSQ_STRETCH_HOLIDAY;
    case CSQ_REASON_OVERRIDE:
        return CSQ_STRETCH_OVERRIDE;
    case CSQ_REASON_BREAK:
        return CSQ_STRETCH_BREAK;
    default:
        return CSQ_STRETCH_CLOSED;
    }
}

/* Cuts a running stretch where the calendar opens and closes. */
static csq_status add_running(csq_explanation *explanation, const csq_stretch *whole,
                              csq_calendar *calendar, csq_error *error)
{
    csq_calendar_explanation *parts;
    csq_status status = csq_calendar_explain(calendar, whole->from, whole->to, EXPLANATION_LIMIT,
                                             &explanation->allocator, &parts, error);
    if (status != CSQ_OK) {
        return status;
    }
    const uint64_t n = csq_calendar_explanation_count(parts);
    for (uint64_t i = 0; i < n && status == CSQ_OK; i++) {
        csq_calendar_stretch part = {.size = sizeof part};
        status = csq_calendar_explanation_at(parts, i, &part, error);
        if (status == CSQ_OK) {
            csq_stretch stretch = *whole;
            stretch.reason = reason_of(part.reason);
            stretch.from = part.from;
            stretch.to = part.to;
            stretch.counted_ms = part.reason == CSQ_REASON_OPEN ? part.to - part.from : 0;
            stretch.version = part.version;
            stretch.name = part.name;
            status = add_stretch(explanation, &stretch, error);
        }
    }
    csq_calendar_explanation_free(parts);
    return status;
}

static csq_status add_recorded(csq_explanation *explanation, const csq__stretch *recorded,
                               csq_error *error)
{
    const csq_policies *policies = explanation->policies;
    const csq__terms *terms = csq__policies_terms(policies, recorded->terms);
    csq_stretch stretch = {.size = sizeof stretch,
                           .from = recorded->from,
                           .to = recorded->to,
                           .event = recorded->event,
                           .cycle = recorded->cycle,
                           .policy = recorded->terms == 0 ? CSQ_NO_INDEX : terms->policy,
                           .calendar = recorded->calendar == 0 ? CSQ_NO_CALENDAR
                                                               : (uint32_t)recorded->calendar - 1};
    csq_calendar *calendar =
        (csq_calendar *)(uintptr_t)csq__policies_calendar(policies, recorded->calendar);
    if (calendar != NULL) {
        stretch.version = csq__calendar_version_at(calendar, recorded->from);
    }
    if (recorded->phase == CSQ_PHASE_ACTIVE && calendar != NULL) {
        return add_running(explanation, &stretch, calendar, error);
    }
    stretch.reason = recorded->phase == CSQ_PHASE_PAUSED      ? CSQ_STRETCH_PAUSED
                     : recorded->phase == CSQ_PHASE_COMPLETED ? CSQ_STRETCH_FINISHED
                                                              : CSQ_STRETCH_COUNTED;
    stretch.counted_ms = recorded->counted;
    return add_stretch(explanation, &stretch, error);
}

static csq_status advance_to_now(csq__walk *walk, uint32_t clock, csq_error *error)
{
    return csq__walk_advance(walk, clock, walk->at, error);
}

/* Brings the stretches of the open cycles up to `now`. */
static csq_status explain_open(csq__walk *walk, uint32_t clock, csq_ms now, csq_error *error)
{
    walk->at = now;
    const csq_status status =
        csq__run_is_open(&walk->runs[clock]) ? advance_to_now(walk, clock, error) : CSQ_OK;
    return status == CSQ_OK ? csq__beside_each(walk, clock, advance_to_now, error) : status;
}

static csq_status explain_stretches(csq_explanation *explanation, csq__walk *walk, uint32_t clock,
                                    csq_ms now, csq_error *error)
{
    csq__array listed = {0};
    csq_status status = explain_open(walk, clock, now, error);
    if (status == CSQ_OK) {
        status = csq__recorder_list(walk->recorder, clock, 0, &walk->allocator, &listed, error);
    }
    const csq__stretch *recorded = walk->recorder->stretches.data;
    for (size_t i = 0; i < listed.n && status == CSQ_OK; i++) {
        status =
            add_recorded(explanation, &recorded[((const uint32_t *)listed.data)[i]], error);
    }
    csq__array_release(&listed, &walk->allocator, sizeof(uint32_t));
    return status;
}

/* ---- cycles and steps ---------------------------------------------------------------------- */

static csq_status add_promises(csq_explanation *explanation, const csq__judged *judged,
                               csq_error *error)
{
    csq_status status = CSQ_OK;
    const csq__promise *before = NULL;
    const csq__promise *promise = csq__promise_next(judged);
    while (promise != NULL && status == CSQ_OK) {
        csq_promise told;
        status = csq__promise_judge(judged, promise, before, &told, error);
        if (status == CSQ_OK && csq__array_push(&explanation->promises, &explanation->allocator,
                                                &told, sizeof told) == NULL) {
            status = csq__fail_memory(error);
        }
        before = promise;
        promise = csq__promise_next(judged);
    }
    return status;
}

static csq_status add_cycle(csq_explanation *explanation, csq__walk *walk, uint32_t clock,
                            const csq__run *run, csq_ms now, csq_error *error)
{
    csq__judged judged = {.walk = walk, .clock = clock, .run = run, .now = now};
    csq_status status = csq__judge_lateness(&judged, error);
    if (status == CSQ_OK) {
        status = add_promises(explanation, &judged, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_cycle cycle = {.size = sizeof cycle,
                             .phase = run->phase,
                             .breached = judged.is_late,
                             .started_at = run->started_at,
                             .stopped_at = csq__run_is_open(run) ? CSQ_MS_NONE : run->stopped_at,
                             .target_ms = run->target > 0 ? run->target : CSQ_MS_NONE,
                             .elapsed_ms = judged.elapsed,
                             .paused_ms = judged.paused};
    return csq__array_push(&explanation->cycles, &explanation->allocator, &cycle, sizeof cycle) ==
                   NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

static csq_status explain_cycles(csq_explanation *explanation, csq__walk *walk, uint32_t clock,
                                 csq_ms now, csq_error *error)
{
    csq_status status = CSQ_OK;
    const csq__finished *finished = walk->finished.data;
    for (size_t i = 0; i < walk->finished.n && status == CSQ_OK; i++) {
        if (finished[i].clock == clock) {
            status = add_cycle(explanation, walk, clock, &finished[i].run, now, error);
        }
    }
    if (status == CSQ_OK) {
        status = add_cycle(explanation, walk, clock, &walk->runs[clock], now, error);
    }
    const csq__beside *beside = walk->beside.data;
    for (size_t i = 0; i < walk->beside.n && status == CSQ_OK; i++) {
        if (beside[i].clock == clock) {
            status = add_cycle(explanation, walk, clock, &beside[i].run, now, error);
        }
    }
    return status;
}

static csq_status explain_steps(csq_explanation *explanation, csq__judged *judged, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(explanation->policies, judged->clock);
    const csq_step *steps = clock->steps.data;
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < clock->steps.n && status == CSQ_OK; i++) {
        csq_ms at;
        status = csq__judge_step(judged, &steps[i], &at, error);
        if (status == CSQ_OK &&
            csq__array_push(&explanation->steps, &explanation->allocator, &at, sizeof at) == NULL) {
            status = csq__fail_memory(error);
        }
    }
    return status;
}

static csq_status explain_firings(csq_explanation *explanation, csq__judged *judged,
                                  csq_error *error)
{
    csq__array found = {0};
    csq_status status = csq__judge_firings(judged, &found, error);
    const csq__firing *firings = found.data;
    for (size_t i = 0; i < found.n && status == CSQ_OK; i++) {
        const csq_firing firing = {.size = sizeof firing,
                                   .state = firings[i].state,
                                   .step = firings[i].step,
                                   .at = firings[i].at,
                                   .fired_at = firings[i].fired_at};
        if (csq__array_push(&explanation->firings, &explanation->allocator, &firing,
                            sizeof firing) == NULL) {
            status = csq__fail_memory(error);
        }
    }
    csq__array_release(&found, &judged->walk->allocator, sizeof(csq__firing));
    return status;
}

static csq_status explain_walked(csq_explanation *explanation, csq__walk *walk, uint32_t clock,
                                 csq_ms now, csq_error *error)
{
    csq__judged judged = {.walk = walk, .clock = clock, .run = &walk->runs[clock], .now = now};
    csq_status status = CSQ_OK;
    if (judged.run->cycle > 0) {
        status = csq__judge(&judged, error);
    }
    explanation->answer.size = sizeof explanation->answer;
    if (status == CSQ_OK) {
        status = csq__judge_answer(&judged, &explanation->answer, error);
    }
    if (status == CSQ_OK) {
        status = explain_steps(explanation, &judged, error);
    }
    // A clock that lost its agreement may have cycles that had one.
    const bool has_cycle = explanation->answer.phase > CSQ_PHASE_NOT_STARTED;
    if (status == CSQ_OK && has_cycle) {
        status = explain_firings(explanation, &judged, error);
    }
    const bool is_told = judged.run->cycle > 0 && csq__walk_applies(walk, clock);
    if (status == CSQ_OK && is_told) {
        status = explain_cycles(explanation, walk, clock, now, error);
    }
    if (status == CSQ_OK && is_told) {
        status = explain_stretches(explanation, walk, clock, now, error);
    }
    return status;
}

csq_status csq_policies_explain(const csq_policies *policies, const csq_ticket *ticket,
                                uint32_t clock, csq_ms now, const csq_allocator *allocator,
                                csq_explanation **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (policies == NULL || ticket == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies" : "ticket");
    }
    if (clock >= policies->clocks.n) {
        return csq__policies_fail_clock(clock, error);
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_explanation *explanation = csq__allocate_zeroed(&memory, sizeof *explanation);
    if (explanation == NULL) {
        return csq__fail_memory(error);
    }
    explanation->allocator = memory;
    explanation->policies = csq_policies_retain((csq_policies *)(uintptr_t)policies);
    csq__walk walk;
    csq__recorder recorder = {0};
    csq_status status = csq__walk_init(&walk, policies, NULL, 0, 0, NULL, 0, &memory, error);
    if (status == CSQ_OK) {
        recorder.tells = true;
        recorder.told = clock;
        walk.recorder = &recorder;
        status = csq__walk_ticket(&walk, ticket, now, error);
        if (status == CSQ_OK) {
            status = explain_walked(explanation, &walk, clock, now, error);
        }
        csq__recorder_release(&recorder, &memory);
        csq__walk_release(&walk);
    }
    if (status != CSQ_OK) {
        csq_explanation_free(explanation);
        return status;
    }
    *out = explanation;
    return CSQ_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

static csq_status explanation_fail_index(csq_error *error, uint64_t index, uint64_t n)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("index "), CSQ__NUMBER((int64_t)index),
                     CSQ__TEXT(", there are "), CSQ__NUMBER((int64_t)n));
}

csq_status csq_explanation_answer(const csq_explanation *explanation, csq_answer *out,
                                  csq_error *error)
{
    if (explanation == NULL) {
        return csq__fail_null(error, "explanation");
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_answer, percent_hundredths),
                             &explanation->answer, sizeof(csq_answer), error);
}

uint64_t csq_explanation_stretch_count(const csq_explanation *explanation)
{
    return explanation == NULL ? 0 : explanation->stretches.n;
}

csq_status csq_explanation_stretch(const csq_explanation *explanation, uint64_t index,
                                   csq_stretch *out, csq_error *error)
{
    if (explanation == NULL) {
        return csq__fail_null(error, "explanation");
    }
    if (index >= csq_explanation_stretch_count(explanation)) {
        return explanation_fail_index(error, index, csq_explanation_stretch_count(explanation));
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_stretch, name),
                             (const csq_stretch *)explanation->stretches.data + index,
                             sizeof(csq_stretch), error);
}

uint64_t csq_explanation_cycle_count(const csq_explanation *explanation)
{
    return explanation == NULL ? 0 : explanation->cycles.n;
}

csq_status csq_explanation_cycle(const csq_explanation *explanation, uint64_t index, csq_cycle *out,
                                 csq_error *error)
{
    if (explanation == NULL) {
        return csq__fail_null(error, "explanation");
    }
    if (index >= csq_explanation_cycle_count(explanation)) {
        return explanation_fail_index(error, index, csq_explanation_cycle_count(explanation));
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_cycle, paused_ms),
                             (const csq_cycle *)explanation->cycles.data + index, sizeof(csq_cycle),
                             error);
}

uint64_t csq_explanation_firing_count(const csq_explanation *explanation)
{
    return explanation == NULL ? 0 : explanation->firings.n;
}

csq_status csq_explanation_firing(const csq_explanation *explanation, uint64_t index,
                                  csq_firing *out, csq_error *error)
{
    if (explanation == NULL) {
        return csq__fail_null(error, "explanation");
    }
    if (index >= csq_explanation_firing_count(explanation)) {
        return explanation_fail_index(error, index, csq_explanation_firing_count(explanation));
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_firing, fired_at),
                             (const csq_firing *)explanation->firings.data + index,
                             sizeof(csq_firing), error);
}

uint64_t csq_explanation_promise_count(const csq_explanation *explanation)
{
    return explanation == NULL ? 0 : explanation->promises.n;
}

csq_status csq_explanation_promise(const csq_explanation *explanation, uint64_t index,
                                   csq_promise *out, csq_error *error)
{
    if (explanation == NULL) {
        return csq__fail_null(error, "explanation");
    }
    if (index >= csq_explanation_promise_count(explanation)) {
        return explanation_fail_index(error, index, csq_explanation_promise_count(explanation));
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_promise, actual_open_ms),
                             (const csq_promise *)explanation->promises.data + index,
                             sizeof(csq_promise), error);
}

static int compare_promise_cycles(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint32_t left = ((const csq_promise *)a)->cycle;
    const uint32_t right = ((const csq_promise *)b)->cycle;
    return (left > right) - (left < right);
}

csq_status csq_explanation_promises(const csq_explanation *explanation, uint64_t cycle,
                                    csq_promises *out, csq_error *error)
{
    if (explanation == NULL) {
        return csq__fail_null(error, "explanation");
    }
    if (cycle >= csq_explanation_cycle_count(explanation)) {
        return explanation_fail_index(error, cycle, csq_explanation_cycle_count(explanation));
    }
    const csq_promise *promises = explanation->promises.data;
    const csq_promise key = {.cycle = (uint32_t)cycle + 1};
    csq_promises chain = {.size = sizeof chain};
    size_t i = csq__lower_bound(promises, explanation->promises.n, sizeof key, &key,
                                compare_promise_cycles, NULL);
    for (; i < explanation->promises.n && promises[i].cycle == key.cycle; i++) {
        chain.original = chain.n == 0 ? promises[i].outcome : chain.original;
        chain.latest = promises[i].outcome;
        chain.re_promised += chain.n > 0;
        chain.after_due += promises[i].is_after_due;
        chain.n++;
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_promises, after_due), &chain, sizeof chain,
                             error);
}

csq_status csq_explanation_step(const csq_explanation *explanation, uint32_t step, csq_ms *at,
                                csq_error *error)
{
    if (explanation == NULL || at == NULL) {
        return csq__fail_null(error, explanation == NULL ? "explanation" : "at");
    }
    if (step >= explanation->steps.n) {
        return explanation_fail_index(error, step, explanation->steps.n);
    }
    *at = ((const csq_ms *)explanation->steps.data)[step];
    return CSQ_OK;
}
