/*
 * beside — cycles of one clock that are open side by side, where each message is one of its own.
 *
 * The oldest open cycle is the run of the clock; the others stand beside it and share its rules, so
 * that they pause and end with it. To act on one of them it changes places with the run. When all
 * have ended, the newest is the run and those before it are kept as finished.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

/* Lets a cycle and the run of its clock change places. */
static void beside_swap(csq__walk *walk, csq__beside *beside)
{
    const csq__run run = walk->runs[beside->clock];
    walk->runs[beside->clock] = beside->run;
    beside->run = run;
    if (walk->recorder != NULL) {
        uint64_t *const began = &walk->recorder->began[beside->clock];
        const uint64_t held = *began;
        *began = beside->began;
        beside->began = held;
    }
}

csq_status csq__beside_each(csq__walk *walk, uint32_t index, csq__beside_act act, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < walk->beside.n && status == CSQ_OK; i++) {
        csq__beside *const beside = (csq__beside *)walk->beside.data + i;
        if (beside->clock == index) {
            beside_swap(walk, beside);
            walk->is_aside = true;
            status = act(walk, index, error);
            walk->is_aside = false;
            beside_swap(walk, beside);
        }
    }
    return status;
}

void csq__beside_edit(csq__walk *walk, uint32_t index, csq_ms target)
{
    csq__beside *const all = walk->beside.data;
    for (size_t i = 0; i < walk->beside.n; i++) {
        if (all[i].clock != index) {
            continue;
        }
        all[i].run.edited = target;
        if (target > 0) {
            csq__run_set_target(walk, &all[i].run, target);
        }
    }
}

uint32_t csq__beside_last_cycle(const csq__walk *walk, uint32_t index)
{
    const csq__beside *const all = walk->beside.data;
    uint32_t last = walk->runs[index].cycle;
    for (size_t i = 0; i < walk->beside.n; i++) {
        if (all[i].clock == index && all[i].run.cycle > last) {
            last = all[i].run.cycle;
        }
    }
    return last;
}

csq_status csq__beside_change_terms(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq_status status = csq__beside_each(walk, index, csq__walk_change_terms, error);
    csq__beside *const all = walk->beside.data;
    const csq__beside *last = NULL;
    for (size_t i = 0; i < walk->beside.n; i++) {
        last = all[i].clock == index ? &all[i] : last;
    }
    // A message of the same group had the new terms already: the others were restarted behind it.
    const bool is_turned = last != NULL && last->run.cycle < walk->runs[index].cycle;
    for (size_t i = 0; i < walk->beside.n && is_turned; i++) {
        if (all[i].clock == index) {
            beside_swap(walk, &all[i]);
        }
    }
    return status;
}

csq_status csq__beside_begin(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__beside fresh = {.clock = index, .run = walk->runs[index]};
    if (walk->beside.n >= CSQ_BESIDE_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT,
                         CSQ__TEXT("more than 1024 cycles are open beside the oldest ones"));
    }
    fresh.run.cycle = 0;
    fresh.run.phase = CSQ_PHASE_NOT_STARTED;
    csq__beside *const beside =
        csq__array_push(&walk->beside, &walk->allocator, &fresh, sizeof fresh);
    if (beside == NULL) {
        return csq__fail_memory(error);
    }
    beside_swap(walk, beside);
    walk->is_aside = true;
    const csq_status status = csq__walk_begin(walk, index, error);
    walk->is_aside = false;
    beside_swap(walk, beside);
    return status;
}

/* Ends the cycle that is in place as the oldest one, which stands aside meanwhile, has ended. */
static csq_status end_completed(csq__walk *walk, uint32_t index, csq_error *error)
{
    return csq__walk_end(walk, index, CSQ_PHASE_COMPLETED, error);
}

static csq_status end_cancelled(csq__walk *walk, uint32_t index, csq_error *error)
{
    return csq__walk_end(walk, index, CSQ_PHASE_CANCELLED, error);
}

/* Keeps all cycles of the clock but the newest, which becomes its run. */
static csq_status beside_collapse(csq__walk *walk, uint32_t index, csq_error *error)
{
    csq__beside *const all = walk->beside.data;
    const uint8_t is_dead = walk->runs[index].is_dead;
    csq_status status = CSQ_OK;
    size_t kept = 0;
    for (size_t i = 0; i < walk->beside.n; i++) {
        if (all[i].clock != index) {
            all[kept++] = all[i];
            continue;
        }
        if (status == CSQ_OK) {
            status = csq__walk_keep_cycle(walk, index, error);
        }
        beside_swap(walk, &all[i]);
        // What fired in a cycle that another one hid is told by the terms it ended with.
        walk->runs[index].is_changed = 0;
        if (csq__walk_tells(walk, index)) {
            csq__ladder_clear(&walk->recorder->ladder);
        }
    }
    walk->beside.n = kept;
    walk->runs[index].is_dead = is_dead;
    return status;
}

csq_status csq__beside_follow(csq__walk *walk, uint32_t index, csq_error *error)
{
    const csq__run *const run = &walk->runs[index];
    if (csq__beside_last_cycle(walk, index) == run->cycle) {
        return CSQ_OK;
    }
    if (csq__run_is_open(run)) {
        return csq__beside_each(walk, index, csq__walk_pause, error);
    }
    const csq_status status = csq__beside_each(
        walk, index, run->phase == CSQ_PHASE_COMPLETED ? end_completed : end_cancelled, error);
    return status == CSQ_OK ? beside_collapse(walk, index, error) : status;
}
