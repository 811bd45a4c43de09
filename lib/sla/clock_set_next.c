/*
 * clock_set_next — the key of a ticket: the instant at which its firings stop being what was told.
 *
 * From the last take on, the log is looked at wherever something can change: at the instants of
 * points ahead and at those of later events, until a look finds a difference. An event that comes
 * last in its log, after the last take and before the key, needs none of this where it leaves all
 * that was told alone, as nearly every event does: the step of its clocks tells.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

enum { LOOK_LIMIT = 64 }; /* looks at one ticket; then the key is the instant of the last one */

static int compare_epochs(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq_ms left = *(const csq_ms *)a;
    const csq_ms right = *(const csq_ms *)b;
    return (left > right) - (left < right);
}

/* The first instant after `t` at which versions of policies change; CSQ_MS_NONE: there is none. */
static csq_ms next_epoch(const csq_policies *policies, csq_ms t)
{
    const csq_ms *epochs = policies->epochs.data;
    const csq_ms after = t == INT64_MAX ? t : t + 1;
    const size_t i = csq__lower_bound(epochs, policies->epochs.n, sizeof after, &after,
                                      compare_epochs, NULL);
    return i < policies->epochs.n && epochs[i] > t ? epochs[i] : (csq_ms)CSQ_MS_NONE;
}

/* A walk of a whole log with looks on the way. */
typedef struct set_walker {
    csq_clock_set *set;
    const csq__event *events;
    size_t n;
    size_t at; /* the next event */
    const csq__points *told;
    bool is_lost; /* the walk failed: what was told stays */
} set_walker;

static void walker_begin(set_walker *walker, csq_clock_set *set, const csq_ticket *ticket,
                         const csq__points *told)
{
    *walker = (set_walker){.set = set, .told = told};
    walker->events = csq__ticket_events(ticket, &walker->n);
    set->walk.recorder = &set->recorder;
    csq__walk_reset(&set->walk);
}

static csq_status walker_keep_told(set_walker *walker, csq_error *error)
{
    csq_clock_set *set = walker->set;
    const size_t n = walker->told->n;
    set->fired.n = 0;
    if (!csq__array_reserve(&set->fired, &set->allocator, n, sizeof(csq__point))) {
        return csq__fail_memory(error);
    }
    if (n > 0) {
        memcpy(set->fired.data, walker->told->list, n * sizeof(csq__point));
    }
    set->fired.n = n;
    return CSQ_OK;
}

/* The firings at t, which is not before the last look. */
static csq_status walker_look(set_walker *walker, csq_ms t, csq_ms *next, csq_error *error)
{
    csq_clock_set *set = walker->set;
    csq_status status = CSQ_OK;
    *next = CSQ_MS_NONE;
    if (!walker->is_lost) {
        status = csq__walk_events(&set->walk, walker->events, walker->at, walker->n, t, error);
        if (status == CSQ_OK) {
            status = csq__walk_pass_epochs(&set->walk, t, error);
        }
        while (walker->at < walker->n && walker->events[walker->at].at <= t) {
            walker->at++;
        }
        walker->is_lost = status != CSQ_OK;
    }
    if (status == CSQ_ENOMEM) {
        return status;
    }
    if (walker->is_lost) {
        return walker_keep_told(walker, error);
    }
    const csq__looked looked = {walker->events, walker->n, t, walker->told};
    return csq__set_fire(set, &looked, next, error);
}

/* The next instant behind t that is worth a look; CSQ_MS_NONE: none. */
static csq_ms walker_next(const set_walker *walker, csq_ms t, csq_ms next)
{
    if (walker->is_lost) {
        return CSQ_MS_NONE;
    }
    const csq_ms event =
        walker->at < walker->n ? walker->events[walker->at].at : (csq_ms)CSQ_MS_NONE;
    return csq__earlier(csq__earlier(next, event), next_epoch(walker->set->policies, t));
}

static csq_ms firing_earlier(csq_ms least, const csq__point *a, const csq__point *b)
{
    least = csq__earlier(least, a == NULL ? CSQ_MS_NONE : a->at);
    return csq__earlier(least, b == NULL ? CSQ_MS_NONE : b->at);
}

/* The earliest instant of what differs between two lists; CSQ_MS_NONE: nothing. */
static csq_ms firings_differ(const csq__points *told, const csq__array *fired)
{
    const csq__point *const list = fired->data;
    csq_ms least = CSQ_MS_NONE;
    size_t i = 0;
    size_t k = 0;
    while (i < told->n || k < fired->n) {
        const csq__point *a = i < told->n ? &told->list[i] : NULL;
        const csq__point *b = k < fired->n ? &list[k] : NULL;
        const int order = a == NULL ? 1 : b == NULL ? -1 : csq__point_compare(a, b);
        if (order != 0 || a->at != b->at) {
            least = firing_earlier(least, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
        }
        i += order <= 0;
        k += order >= 0;
    }
    return least;
}

/* Looks from t, where the firings are what was told, until they are not. */
static csq_status walker_search(set_walker *walker, csq_ms t, csq_ms next, csq_ms *key,
                                csq_error *error)
{
    *key = walker_next(walker, t, next);
    for (int looks = 0; *key != CSQ_MS_NONE && looks < LOOK_LIMIT; looks++) {
        const bool is_event = walker->at < walker->n && walker->events[walker->at].at <= *key;
        if (!is_event && next_epoch(walker->set->policies, t) != *key) {
            return CSQ_OK;
        }
        t = *key;
        const csq_status status = walker_look(walker, t, &next, error);
        if (status != CSQ_OK || firings_differ(walker->told, &walker->set->fired) != CSQ_MS_NONE) {
            return status;
        }
        *key = walker_next(walker, t, next);
    }
    return CSQ_OK;
}

csq_status csq__set_look(csq_clock_set *set, const csq_ticket *ticket, const csq__points *told,
                         csq_ms now, csq_ms *key, csq_error *error)
{
    set_walker walker;
    csq_ms next;
    walker_begin(&walker, set, ticket, told);
    csq_status status = walker_look(&walker, now, &next, error);
    // From here on what was found counts as told. The search uses set->fired itself.
    csq__points found;
    if (status == CSQ_OK &&
        !csq__points_copy(&set->allocator, set->fired.data, set->fired.n, &found)) {
        status = csq__fail_memory(error);
    }
    if (status != CSQ_OK) {
        set->walk.recorder = NULL;
        return status;
    }
    walker.told = &found;
    status = walker_search(&walker, now, next, key, error);
    set->walk.recorder = NULL;
    if (status == CSQ_OK) {
        walker.told = &found;
        status = walker_keep_told(&walker, error);
    }
    csq__points_release(&set->allocator, &found);
    return status;
}

csq_status csq__set_key(csq_clock_set *set, const csq_ticket *ticket, const csq__points *told,
                        csq_ms *key, csq_error *error)
{
    set_walker walker;
    csq_ms next = CSQ_MS_NONE;
    csq_status status = CSQ_OK;
    walker_begin(&walker, set, ticket, told);
    *key = CSQ_MS_NONE;
    set->fired.n = 0;
    if (set->taken != CSQ_MS_NONE) {
        status = walker_look(&walker, set->taken, &next, error);
    }
    if (status == CSQ_OK) {
        *key = firings_differ(told, &set->fired);
    }
    if (status == CSQ_OK && *key == CSQ_MS_NONE) {
        status = walker_search(&walker, set->taken, next, key, error);
    }
    set->walk.recorder = NULL;
    return status;
}

/* ---- an event in order --------------------------------------------------------------------- */

/* Whether the group of events from `first` on does nothing but move clocks on. */
static bool group_is_plain(const csq__event *events, size_t first, size_t n)
{
    for (size_t i = first; i < n; i++) {
        if (csq__event_is_of_metric(events[i].kind) || events[i].kind == CSQ_EVENT_ATTACH) {
            return false;
        }
    }
    return true;
}

/* Takes the last group of the log, from the checkpoint before it. `*is_quiet`: that is enough to
 * know the key. Errors: CSQ_ENOMEM; others are for a walk of the whole log to find. */
static csq_status follow_quietly(csq_clock_set *set, csq__kept_ticket *slot, csq_ms *key,
                                 bool *is_quiet, csq_error *error)
{
    csq__walk *walk = &set->walk;
    size_t first;
    size_t n;
    csq_status status = csq__walk_to_last_group(walk, &slot->ticket, &first, error);
    const csq__event *events = csq__ticket_events(&slot->ticket, &n);
    const csq_ms at = events[n - 1].at;
    *is_quiet = false;
    if (status != CSQ_OK || walk->needs_recorder || walk->beside.n > 0 ||
        set->policies->epochs.n > 0 || !group_is_plain(events, first, n)) {
        return status;
    }
    const size_t n_finished = walk->finished.n;
    memcpy(set->before, walk->runs, walk->n_clocks * sizeof *walk->runs);
    status = csq__walk_events(walk, events, first, n, at, error);
    if (status == CSQ_OK) {
        status = csq__walk_keep(walk, &slot->ticket, n, error);
    }
    if (status != CSQ_OK || walk->needs_recorder || walk->beside.n > 0) {
        return status;
    }
    csq_ms next = CSQ_MS_NONE;
    for (uint32_t c = 0; c < walk->n_clocks; c++) {
        if (!csq__run_is_quiet(walk, c, &set->before[c], n_finished, at, &slot->told, &next)) {
            return CSQ_OK;
        }
    }
    *is_quiet = true;
    *key = next;
    return CSQ_OK;
}

csq_status csq__set_follow(csq_clock_set *set, csq__kept_ticket *slot, size_t place, csq_ms *key,
                           csq_error *error)
{
    size_t n;
    const csq__event *events = csq__ticket_events(&slot->ticket, &n);
    const csq_ms at = events[place].at;
    // The key was found without a joined event that belongs to the same group.
    const bool joins = csq__event_joins(&events[place], place == 0 ? NULL : &events[place - 1]);
    bool is_quiet = false;
    csq_status status = CSQ_OK;
    if (place + 1 == n && !joins && at > set->taken && (*key == CSQ_MS_NONE || at < *key)) {
        status = follow_quietly(set, slot, key, &is_quiet, error);
    }
    return is_quiet || status == CSQ_ENOMEM
               ? status
               : csq__set_key(set, &slot->ticket, &slot->told, key, error);
}
