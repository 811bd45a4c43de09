/*
 * clock_set_take — what became due: the difference between what is true now and what was told.
 *
 * The tickets that are due lie together at the top of the heap. They are looked at first, all of
 * them; only then the new lists, keys and notices take the places of the old ones, which cannot
 * fail.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

/* A ticket that is due, as it will be. */
typedef struct take_staged {
    uint32_t slot;
    csq__points told;
    csq_ms key;
} take_staged;

typedef struct set_take {
    csq_clock_set *set;
    csq_ms now;
    csq__array due;     /* uint32_t: slots */
    csq__array staged;  /* take_staged */
    csq__array notices; /* csq_notice */
} set_take;

static csq_status take_note(set_take *take, uint64_t ticket, const csq__point *was,
                            const csq__point *is, csq_error *error)
{
    const csq__point *firing = is != NULL ? is : was;
    const bool is_breach = firing->step == CSQ__BREACH;
    const csq_notice notice = {
        .size = sizeof notice,
        .kind = is_breach ? CSQ_NOTICE_BREACH : CSQ_NOTICE_STEP,
        .change = was == NULL  ? CSQ_NOTICE_NEW
                  : is == NULL ? CSQ_NOTICE_WITHDRAWN
                               : CSQ_NOTICE_MOVED,
        .clock = firing->clock,
        .ticket = ticket,
        .cycle = firing->cycle,
        .step = is_breach ? (uint32_t)CSQ_NO_INDEX : firing->step,
        .at = firing->at,
        .was_at = was != NULL && is != NULL ? was->at : CSQ_MS_NONE,
    };
    return csq__array_push(&take->notices, &take->set->allocator, &notice, sizeof notice) == NULL
               ? csq__fail_memory(error)
               : CSQ_OK;
}

/* Notes what differs between what was told and what is true. */
static csq_status take_compare(set_take *take, uint64_t ticket, const csq__points *was,
                               const csq__points *is, csq_error *error)
{
    csq_status status = CSQ_OK;
    uint32_t i = 0;
    uint32_t k = 0;
    while ((i < was->n || k < is->n) && status == CSQ_OK) {
        const csq__point *a = i < was->n ? &was->list[i] : NULL;
        const csq__point *b = k < is->n ? &is->list[k] : NULL;
        const int order = a == NULL ? 1 : b == NULL ? -1 : csq__point_compare(a, b);
        if (order != 0 || a->at != b->at) {
            status = take_note(take, ticket, order <= 0 ? a : NULL, order >= 0 ? b : NULL, error);
        }
        i += order <= 0;
        k += order >= 0;
    }
    return status;
}

static csq_status take_ticket(set_take *take, uint32_t index, csq_error *error)
{
    csq_clock_set *set = take->set;
    const csq__kept_ticket *slot = csq__set_slot(set, index);
    take_staged staged = {.slot = index};
    csq_status status =
        csq__set_look(set, &slot->ticket, &slot->told, take->now, &staged.key, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (!csq__points_copy(&set->allocator, set->fired.data, set->fired.n, &staged.told)) {
        return csq__fail_memory(error);
    }
    if (csq__array_push(&take->staged, &set->allocator, &staged, sizeof staged) == NULL) {
        csq__points_release(&set->allocator, &staged.told);
        return csq__fail_memory(error);
    }
    return take_compare(take, slot->ticket.id, &slot->told, &staged.told, error);
}

static int notice_compare(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq_notice *x = a;
    const csq_notice *y = b;
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    if (x->ticket != y->ticket) {
        return x->ticket < y->ticket ? -1 : 1;
    }
    const csq__point p = {0, x->cycle, (uint16_t)x->clock, (uint16_t)x->step};
    const csq__point q = {0, y->cycle, (uint16_t)y->clock, (uint16_t)y->step};
    return csq__point_compare(&p, &q);
}

static csq_status take_look(set_take *take, csq_error *error)
{
    if (!csq__heap_due(take->set, take->now, &take->due)) {
        return csq__fail_memory(error);
    }
    csq_status status = CSQ_OK;
    for (size_t i = 0; i < take->due.n && status == CSQ_OK; i++) {
        status = take_ticket(take, ((const uint32_t *)take->due.data)[i], error);
    }
    csq__sort(take->notices.data, take->notices.n, sizeof(csq_notice), notice_compare, NULL);
    return status;
}

/* Puts what was found in place; the old lists go into `staged`. */
static void take_commit(set_take *take)
{
    csq_clock_set *set = take->set;
    take_staged *staged = take->staged.data;
    for (size_t i = 0; i < take->staged.n; i++) {
        csq__kept_ticket *slot = csq__set_slot(set, staged[i].slot);
        const csq__points told = slot->told;
        slot->told = staged[i].told;
        staged[i].told = told;
        csq__heap_set(set, staged[i].slot, staged[i].key);
    }
    const csq__array notices = set->notices;
    set->notices = take->notices;
    take->notices = notices;
    set->taken = take->now;
}

csq_status csq_clock_set_take(csq_clock_set *set, csq_ms now, uint64_t *count, csq_error *error)
{
    if (set == NULL || count == NULL) {
        return csq__fail_null(error, set == NULL ? "set" : "count");
    }
    if (now == CSQ_MS_NONE) {
        return csq__walk_fail_now(error);
    }
    if (now < set->taken) {
        return csq__fail(error, CSQ_EORDER, CSQ__NUMBER(now),
                         CSQ__TEXT(" lies before the last take, at "), CSQ__NUMBER(set->taken));
    }
    set_take take = {.set = set, .now = now};
    const csq_status status = take_look(&take, error);
    if (status == CSQ_OK) {
        take_commit(&take);
        *count = set->notices.n;
    }
    take_staged *staged = take.staged.data;
    for (size_t i = 0; i < take.staged.n; i++) {
        csq__points_release(&set->allocator, &staged[i].told);
    }
    csq__array_release(&take.due, &set->allocator, sizeof(uint32_t));
    csq__array_release(&take.staged, &set->allocator, sizeof *staged);
    csq__array_release(&take.notices, &set->allocator, sizeof(csq_notice));
    return status;
}

csq_status csq_clock_set_notice(const csq_clock_set *set, uint64_t index, csq_notice *out,
                                csq_error *error)
{
    if (set == NULL) {
        return csq__fail_null(error, "set");
    }
    if (index >= set->notices.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("the last take gave "),
                         CSQ__NUMBER((int64_t)set->notices.n), CSQ__TEXT(" notices"));
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_notice, was_at),
                             (const csq_notice *)set->notices.data + index, sizeof(csq_notice),
                             error);
}
