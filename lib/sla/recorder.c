/*
 * recorder — the stretches that a walk wrote down: finding them, and listing those of a clock.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

void csq__recorder_release(csq__recorder *recorder, const csq_allocator *allocator)
{
    csq__array_release(&recorder->stretches, allocator, sizeof(csq__stretch));
    csq__array_release(&recorder->promises, allocator, sizeof(csq__promise));
    csq__array_release(&recorder->ladder.firings, allocator, sizeof(csq__firing));
    csq__array_release(&recorder->past, allocator, sizeof(csq__past));
}

size_t csq__recorder_find(const csq__recorder *recorder, csq_ms after)
{
    const csq__stretch *const stretches = recorder->stretches.data;
    size_t low = 0;
    size_t high = recorder->stretches.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (stretches[middle].to <= after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

csq_status csq__recorder_add(csq__walk *walk, const csq__stretch *stretch, csq_error *error)
{
    csq__array *const all = &walk->recorder->stretches;
    const csq__stretch *const before = all->data;
    const bool is_latest = all->n == 0 || before[all->n - 1].to <= stretch->to;
    const size_t place = is_latest ? all->n : csq__recorder_find(walk->recorder, stretch->to);
    walk->n_remeasured += all->n - place;
    if (walk->n_remeasured > CSQ__REMEASURE_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the ticket changes its past too often"));
    }
    if (csq__array_push(all, &walk->allocator, stretch, sizeof *stretch) == NULL) {
        return csq__fail_memory(error);
    }
    csq__stretch *const stretches = all->data;
    memmove(&stretches[place + 1], &stretches[place], (all->n - 1 - place) * sizeof *stretch);
    stretches[place] = *stretch;
    return CSQ_OK;
}

/* By cycle, then in the order in which they ended. */
static int compare_listed(const void *a, const void *b, const void *user)
{
    const csq__stretch *stretches = user;
    const uint32_t left = *(const uint32_t *)a;
    const uint32_t right = *(const uint32_t *)b;
    if (stretches[left].cycle != stretches[right].cycle) {
        return stretches[left].cycle < stretches[right].cycle ? -1 : 1;
    }
    return (left > right) - (left < right);
}

csq_status csq__recorder_list(const csq__recorder *recorder, uint32_t clock, uint32_t cycle,
                              const csq_allocator *allocator, csq__array *out, csq_error *error)
{
    const csq__stretch *stretches = recorder->stretches.data;
    for (uint32_t i = 0; i < recorder->stretches.n; i++) {
        const bool is_asked =
            cycle != 0 ? stretches[i].cycle == cycle : stretches[i].cycle > 0;
        if (stretches[i].clock == clock && is_asked &&
            csq__array_push(out, allocator, &i, sizeof i) == NULL) {
            return csq__fail_memory(error);
        }
    }
    csq__sort(out->data, out->n, sizeof(uint32_t), compare_listed, stretches);
    return CSQ_OK;
}
