/*
 * step — one step of one clock: its transitions, and the time summed up on the way.
 *
 * A rule acts when it begins to hold with the group of events: it holds now, and it did not hold
 * between the values before; pause and resume act while they hold (a pause that has a resume
 * condition begins, as the others do). The order is stop, cancel, drop, reset, pause, resume,
 * reopen, start.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

/* ---- positions and stretches --------------------------------------------------------------- */

csq_status csq__walk_fail_now(csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("`now` is no instant"));
}

csq_status csq__walk_fail_range(const csq_calendar *calendar, csq_ms t, csq_error *error)
{
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("the calendar \""),
                     CSQ__VIEW(csq_calendar_name(calendar)),
                     CSQ__TEXT("\" does not answer for the instant "), CSQ__NUMBER(t));
}

static csq_status walk_record(csq__walk *walk, uint32_t clock, const csq__run *run, csq_ms to,
                              csq_ms open, csq_error *error)
{
    csq__recorder *recorder = walk->recorder;
    const csq__stretch stretch = {
        .from = run->since,
        .to = to,
        .counted = run->phase == CSQ_PHASE_ACTIVE ? open : 0,
        .paused = run->phase == CSQ_PHASE_PAUSED ? open : 0,
        .event = recorder->began[clock],
        .clock = clock,
        .cycle = run->cycle,
        .terms = run->terms,
        .calendar = run->calendar,
        .phase = run->phase,
    };
    recorder->began[clock] = walk->event;
    if (to == run->since) {
        return CSQ_OK;
    }
    return csq__recorder_add(walk, &stretch, error);
}

CSQ__ALWAYS_INLINE csq_status walk_advance(csq__walk *walk, uint32_t clock, csq_ms t,
                                           csq_error *error)
{
    csq__run *run = &walk->runs[clock];
    csq_ms position;
    csq_status status = csq__walk_position(walk, run->calendar, t, &position, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_ms open = csq__sub_saturated(position, run->since_position);
    if (walk->recorder != NULL) {
        status = walk_record(walk, clock, run, t, open, error);
    }
    // Selected rather than branched on: whether a stretch was a pause is hard to predict.
    const csq_ms counted = run->phase == CSQ_PHASE_ACTIVE ? open : 0;
    const csq_ms paused = run->phase == CSQ_PHASE_PAUSED ? open : 0;
    run->elapsed = csq__add_saturated(run->elapsed, counted);
    run->paused = csq__add_saturated(run->paused, paused);
    run->since = t;
    run->since_position = position;
    return status;
}

csq_status csq__walk_advance(csq__walk *walk, uint32_t index, csq_ms t, csq_error *error)
{
    return walk_advance(walk, index, t, error);
}

/* Lets the run go on by another calendar from its `since` on. */
csq_status csq__walk_set_calendar(csq__walk *walk, csq__run *run, uint32_t calendar,
                                  csq_error *error)
{
    run->calendar = (uint16_t)calendar;
    return csq__walk_position(walk, calendar, run->since, &run->since_position, error);
}

/* ---- transitions --------------------------------------------------------------------------- */

static inline bool rule_holds(const csq__walk *walk, const csq__clock *clock, csq__rule rule)
{
    const csq__program *program = &clock->rules[rule];
    return (clock->kinds[rule] & walk->kind_bits) != 0 &&
           (csq__program_holds(program, walk->now, walk->before) ||
            (__builtin_expect(walk->has_more_leads, 0) &&
             csq__walk_more_leads_hold(walk, program, clock->kinds[rule])));
}

/* Whether the rule begins to hold with this group. */
static inline bool rule_fires(const csq__walk *walk, const csq__clock *clock, csq__rule rule)
{
    return rule_holds(walk, clock, rule) &&
           ((clock->momentary & (1U << rule)) != 0 ||
            !csq__program_holds(&clock->rules[rule], walk->before, walk->before));
}

/* Brings the phase of an open clock in line with its pause and resume conditions. With a resume
 * condition a pause has to begin: what resumed stays so until the pause condition holds anew. */
CSQ__ALWAYS_INLINE csq_status walk_pause(csq__walk *walk, const csq__clock *clock, uint32_t index,
                                         bool is_fresh, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    bool is_paused = rule_holds(walk, clock, CSQ__RULE_PAUSE);
    if ((clock->present >> CSQ__RULE_RESUME & 1) != 0) {
        const bool begins =
            is_paused && (is_fresh || rule_fires(walk, clock, CSQ__RULE_PAUSE));
        is_paused = (begins || run->phase == CSQ_PHASE_PAUSED) &&
                    !rule_holds(walk, clock, CSQ__RULE_RESUME);
    }
    if (is_paused == (run->phase == CSQ_PHASE_PAUSED)) {
        return CSQ_OK;
    }
    const csq_status status = walk_advance(walk, index, walk->at, error);
    run->phase = is_paused ? CSQ_PHASE_PAUSED : CSQ_PHASE_ACTIVE;
    run->was_paused |= is_paused;
    return status;
}

csq_status csq__walk_pause(csq__walk *walk, uint32_t index, csq_error *error)
{
    return walk_pause(walk, csq__policies_clock(walk->policies, index), index, false, error);
}

csq_status csq__walk_keep_cycle(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__finished finished = {.clock = index, .run = walk->runs[index]};
    if (csq__walk_tells(walk, index) && walk->recorder->keeps && finished.run.is_changed != 0) {
        csq__judged judged = {.walk = walk, .clock = index, .run = &finished.run, .now = walk->at};
        const csq_status status = csq__ladder_keep(&judged, error);
        if (status != CSQ_OK) {
            return status;
        }
    }
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        finished.codes[g] = walk->group_codes[index * walk->n_groups + g];
    }
    return csq__array_push(&walk->finished, &walk->allocator, &finished, sizeof finished) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

csq_status csq__walk_begin(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    csq_status status = CSQ_OK;
    if (run->cycle > 0) {
        status = csq__walk_keep_cycle(walk, index, error);
    }
    run->cycle = walk->beside.n == 0 ? run->cycle + 1 : csq__beside_last_cycle(walk, index) + 1;
    run->started_at = walk->at;
    run->epoch = (uint16_t)walk->epoch;
    if (clock->version_at == CSQ_VERSION_AT_CYCLE && run->cycle > 1) {
        csq__walk_choose(walk, index);
    }
    const csq__terms *terms = csq__policies_terms(walk->policies, walk->selected[index]);
    const uint32_t calendar = csq__walk_calendar(walk, clock, terms);
    run->terms = walk->selected[index];
    run->target = run->edited != 0 && terms->target > 0 ? run->edited : terms->target;
    run->stopped_at = CSQ_MS_NONE;
    run->since = walk->at;
    run->elapsed = 0;
    run->paused = 0;
    run->is_mixed = 0;
    run->was_paused = 0;
    run->due = CSQ_MS_NONE;
    run->has_switched = 0;
    run->is_changed = 0;
    run->phase = CSQ_PHASE_ACTIVE;
    if (walk->recorder != NULL) {
        walk->recorder->began[index] = walk->event;
    }
    if (csq__walk_tells(walk, index) && !walk->is_aside) {
        csq__ladder_clear(&walk->recorder->ladder);
    }
    if (status == CSQ_OK) {
        status = csq__walk_set_calendar(walk, run, calendar, error);
    }
    if (status == CSQ_OK && terms->due_attribute != 0) {
        status = csq__walk_follow_due(walk, index, error);
    }
    return status == CSQ_OK ? walk_pause(walk, clock, index, true, error) : status;
}

csq_status csq__walk_end(csq__walk *walk, uint32_t index, uint8_t phase, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    const csq_status status = walk_advance(walk, index, walk->at, error);
    run->phase = phase;
    run->stopped_at = walk->at;
    for (uint32_t g = 0; g < walk->n_groups; g++) {
        walk->group_codes[index * walk->n_groups + g] = (uint32_t)walk->now[walk->group_slots[g]];
    }
    return status;
}

static csq_status walk_reopen(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    if (clock->reopen_mode == CSQ_REOPEN_NEW_CYCLE) {
        return csq__walk_begin(walk, index, error);
    }
    csq_status status = csq__walk_note_change(walk, index, error);
    if (clock->reopen_mode == CSQ_REOPEN_RESUME && status == CSQ_OK) {
        status = walk_advance(walk, index, walk->at, error);
    }
    run->phase = CSQ_PHASE_ACTIVE;
    run->stopped_at = CSQ_MS_NONE;
    if (status == CSQ_OK) {
        status = csq__walk_follow_switches(walk, index, error);
    }
    if (status == CSQ_OK) {
        status = walk_pause(walk, clock, index, true, error);
    }
    // Terms, a target, a due instant and a calendar that changed while the cycle was finished take effect now
    // that it goes on.
    if (status == CSQ_OK) {
        csq__walk_take_edit(walk, index);
        status = csq__walk_change_terms(walk, index, error);
    }
    if (status == CSQ_OK) {
        status = csq__walk_follow_due(walk, index, error);
    }
    return status == CSQ_OK ? csq__walk_change_calendar(walk, index, error) : status;
}

static inline bool has_rules(const csq__clock *clock, uint32_t bits)
{
    return (clock->present & bits) != 0;
}

/* One step of an open clock, up to its end or its pause. */
CSQ__ALWAYS_INLINE csq_status walk_step_open(csq__walk *walk, const csq__clock *clock,
                                             uint32_t index, csq_error *error)
{
    enum { RARE = 1 << CSQ__RULE_CANCEL | 1 << CSQ__RULE_DROP | 1 << CSQ__RULE_RESET };
    if (rule_fires(walk, clock, CSQ__RULE_STOP)) {
        return csq__walk_end(walk, index, CSQ_PHASE_COMPLETED, error);
    }
    if (has_rules(clock, RARE)) {
        if (rule_fires(walk, clock, CSQ__RULE_CANCEL)) {
            walk->runs[index].is_dead = 1;
            return csq__walk_end(walk, index, CSQ_PHASE_CANCELLED, error);
        }
        // What resets a clock that the same group drops completes its cycle: the next one is
        // dropped.
        const bool drops = rule_fires(walk, clock, CSQ__RULE_DROP);
        if (rule_fires(walk, clock, CSQ__RULE_RESET)) {
            const csq_status status = csq__walk_end(walk, index, CSQ_PHASE_COMPLETED, error);
            return status == CSQ_OK && !drops ? csq__walk_begin(walk, index, error) : status;
        }
        if (drops) {
            return csq__walk_end(walk, index, CSQ_PHASE_CANCELLED, error);
        }
    }
    return has_rules(clock, 1 << CSQ__RULE_PAUSE) ? walk_pause(walk, clock, index, false, error)
                                                  : CSQ_OK;
}

static csq_status walk_step_idle(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    if (rule_fires(walk, clock, CSQ__RULE_CANCEL)) {
        run->is_dead = 1;
        return CSQ_OK;
    }
    if (run->phase == CSQ_PHASE_COMPLETED && clock->reopen_mode != CSQ_REOPEN_NOTHING &&
        rule_fires(walk, clock, CSQ__RULE_REOPEN)) {
        return walk_reopen(walk, index, error);
    }
    if (!csq__walk_may_start(walk, index) || !rule_fires(walk, clock, CSQ__RULE_START)) {
        return CSQ_OK;
    }
    const csq_status status = csq__walk_begin(walk, index, error);
    if (status == CSQ_OK && rule_fires(walk, clock, CSQ__RULE_STOP)) {
        return csq__walk_end(walk, index, CSQ_PHASE_COMPLETED, error);
    }
    return status == CSQ_OK && rule_fires(walk, clock, CSQ__RULE_DROP)
               ? csq__walk_end(walk, index, CSQ_PHASE_CANCELLED, error)
               : status;
}

/* Whether no event can move the clock any more. */
static bool is_settled(const csq__clock *clock, const csq__run *run)
{
    const bool reopens = run->phase == CSQ_PHASE_COMPLETED &&
                         has_rules(clock, 1 << CSQ__RULE_REOPEN) &&
                         clock->reopen_mode != CSQ_REOPEN_NOTHING;
    return run->is_dead || (run->cycle > 0 && !clock->restarts && !reopens);
}

/* Takes what was recorded of the open cycle out of it. */
static void walk_forget_stretches(csq__walk *walk, uint32_t index)
{
    const csq__run *run = &walk->runs[index];
    csq__stretch *stretches = walk->recorder->stretches.data;
    for (size_t i = csq__recorder_find(walk->recorder, run->started_at);
         i < walk->recorder->stretches.n; i++) {
        if (stretches[i].clock == index && stretches[i].cycle == run->cycle) {
            stretches[i].cycle = 0;
        }
    }
    walk->recorder->began[index] = walk->event;
}

/* Measures the open cycle anew from this group on. */
static csq_status walk_begin_anew(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__run *run = &walk->runs[index];
    const csq_status status = csq__walk_note_change(walk, index, error);
    if (walk->recorder != NULL) {
        walk_forget_stretches(walk, index);
    }
    run->started_at = walk->at;
    run->since = walk->at;
    run->elapsed = 0;
    run->paused = 0;
    run->is_mixed = 0;
    run->was_paused = run->phase == CSQ_PHASE_PAUSED;
    return status == CSQ_OK ? csq__walk_set_calendar(walk, run, run->calendar, error) : status;
}

/* What a further message does to an open clock, and what happens to its cycles beside the oldest
 * one, which has taken its step. */
static csq_status walk_step_messages(csq__walk *walk, const csq__clock *clock, uint32_t index,
                                     csq_error *error)
{
    csq_status status = CSQ_OK;
    if (walk->beside.n > 0) {
        status = csq__beside_follow(walk, index, error);
    }
    if (status != CSQ_OK || !csq__run_is_open(&walk->runs[index]) ||
        !rule_fires(walk, clock, CSQ__RULE_START)) {
        return status;
    }
    return clock->message_base == CSQ_MESSAGE_BASE_LAST ? walk_begin_anew(walk, index, error)
                                                        : csq__beside_begin(walk, index, error);
}

CSQ__ALWAYS_INLINE csq_status walk_step(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    csq__run *run = &walk->runs[index];
    csq_status status = CSQ_OK;
    if (has_rules(clock, 1 << CSQ__RULE_ARM) && rule_fires(walk, clock, CSQ__RULE_ARM)) {
        run->is_armed = 1;
    }
    if (csq__run_is_open(run)) {
        status = walk_step_open(walk, clock, index, error);
        if (clock->message_base != CSQ_MESSAGE_BASE_OLDEST && status == CSQ_OK) {
            status = walk_step_messages(walk, clock, index, error);
        }
        if (csq__run_is_open(run)) {
            return status;
        }
    }
    if (status == CSQ_OK && !run->is_dead) {
        status = walk_step_idle(walk, index, error);
    }
    if (!csq__run_is_open(run) && is_settled(clock, run)) {
        walk->live &= ~((uint64_t)1 << index);
    }
    return status;
}

/* ---- groups in the frame ------------------------------------------------------------------- */

/* A changed agreement, due instant and calendar take effect after the clocks' steps. */
static csq_status walk_settle_terms(csq__walk *walk, csq_error *error)
{
    const bool selects = (walk->concerned & CSQ__SELECTS) != 0;
    csq_status status = CSQ_OK;
    for (uint32_t c = 0; selects && c < walk->n_clocks && status == CSQ_OK; c++) {
        if (walk->selected[c] != walk->runs[c].terms) {
            status = csq__walk_change_terms(walk, c, error);
        }
        if (walk->beside.n > 0 && status == CSQ_OK) {
            status = csq__beside_change_terms(walk, c, error);
        }
    }
    const bool follows = (walk->concerned & CSQ__DUES) != 0;
    for (uint32_t c = 0; follows && c < walk->n_clocks && status == CSQ_OK; c++) {
        status = csq__walk_follow_due(walk, c, error);
    }
    return (walk->concerned & CSQ__SWITCHES) != 0 && status == CSQ_OK
               ? csq__walk_switch_calendar(walk, error)
               : status;
}

/* Judges what is in the frame. */
CSQ__ALWAYS_INLINE csq_status walk_judge(csq__walk *walk, csq_error *error)
{
    const uint64_t concerned = walk->concerned & walk->live;
    csq_status status = CSQ_OK;
    if ((concerned & CSQ__SELECTS) != 0) {
        csq__walk_select(walk);
    }
    for (uint64_t left = concerned & CSQ__CLOCKS; left != 0 && status == CSQ_OK; left &= left - 1) {
        status = walk_step(walk, (uint32_t)__builtin_ctzll(left), error);
    }
    return concerned > CSQ__CLOCKS && status == CSQ_OK ? walk_settle_terms(walk, error) : status;
}

csq_status csq__walk_judge(csq__walk *walk, csq_error *error)
{
    return walk_judge(walk, error);
}

/* A plain event that stands alone. */
CSQ__ALWAYS_INLINE csq_status walk_alone(csq__walk *walk, const csq__taken *taken,
                                         uint64_t concerned, csq_error *error)
{
    const csq_policies *policies = walk->policies;
    const csq__taken_form *form = taken->form;
    // A rule that asks for the event's own attributes is concerned by its kind.
    const bool leads = (form->concerned & walk->live) != 0;
    walk->at = taken->at;
    walk->event = taken->index;
    walk->concerned = concerned;
    if (leads) {
        walk->kind_bits = 1U << form->event->kind;
        walk->now[policies->slot_event] = form->event->kind;
        walk->now[policies->slot_author] = form->event->author;
        walk->now[policies->slot_visibility] = form->event->visibility;
    }
    walk->now[form->slot] = taken->value;
    const csq_status status = walk_judge(walk, error);
    if (leads) {
        csq__walk_clear_lead(walk);
    }
    walk->before[form->slot] = taken->value;
    return csq__walk_is_void(walk) ? CSQ_OK : status;
}

csq_status csq__walk_event(csq__walk *walk, const csq__taken *taken, uint64_t concerned,
                           csq_error *error)
{
    if (csq__walk_is_void(walk)) {
        return CSQ_OK;
    }
    return (concerned & CSQ__SPECIAL) != 0 ? csq__walk_special(walk, taken, error)
                                           : walk_alone(walk, taken, concerned, error);
}

csq_status csq__walk_merge(csq__walk *walk, csq_error *error)
{
    csq_status status = CSQ_OK;
    uint64_t kept = 0;
    for (uint32_t c = 0; c < walk->n_clocks && status == CSQ_OK; c++) {
        const uint32_t mode = csq__policies_clock(walk->policies, c)->on_merge;
        if (mode == CSQ_ON_MERGE_KEEP) {
            kept |= (uint64_t)1 << c;
            continue;
        }
        walk->runs[c].is_dead = 1;
        if (csq__run_is_open(&walk->runs[c])) {
            status = csq__walk_end(
                walk, c, mode == CSQ_ON_MERGE_CANCEL ? CSQ_PHASE_CANCELLED : CSQ_PHASE_COMPLETED,
                error);
        }
        if (walk->beside.n > 0 && status == CSQ_OK) {
            status = csq__beside_follow(walk, c, error);
        }
    }
    walk->live = kept == 0 ? 0 : walk->live & (kept | ~CSQ__CLOCKS);
    return status;
}
