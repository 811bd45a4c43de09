/*
 * pass — one pass over all stored incidents, and their numbers by id afterwards.
 *
 * An incident with a date that no calendar knows is left out, said on stderr and counted; it is no
 * reason to keep silent about all others.
 *
 * Uses: desk, range, shown, store, text.
 */
#include "pass.h"

#include <stdio.h>
#include <stdlib.h>

#include "shown.h"
#include "text.h"

bool pass_open(pass *out, const char *database, const char *zoneinfo, csq_ms now)
{
    store_totals totals;
    *out = (pass){.db = store_open(database, false)};
    const bool is_open = out->db != NULL && desk_open_stored(&out->desk, out->db, zoneinfo) &&
                         store_count(out->db, &totals) &&
                         range_last_update(&out->desk, out->db, &out->now);
    if (!is_open) {
        return false;
    }
    out->now = now != CSQ_MS_NONE ? now : out->now;
    if (totals.unfinished != 0) {
        text_say("an import has not come to its end; run it again to go on");
    }
    return totals.updates != 0 || text_fail("the database holds no incidents");
}

void pass_close(pass *all)
{
    for (uint64_t i = 0; i < all->n; ++i) {
        free(all->incidents[i].number);
    }
    free(all->incidents);
    desk_close(&all->desk);
    store_close(all->db);
    *all = (pass){0};
}

static void pass_note(pass *all, const store_incident *incident)
{
    if (all->n == all->capacity) {
        all->capacity = all->capacity != 0 ? 2 * all->capacity : 1024;
        all->incidents = text_grow(all->incidents, (size_t)all->capacity * sizeof *all->incidents);
    }
    all->incidents[all->n++] = (pass_incident){(uint64_t)incident->id, text_copy(incident->number)};
}

static bool pass_at(pass *all, const store_incident *incident, const csq_ticket *ticket,
                    pass_look look, void *user)
{
    csq_ticket_event first = {.size = sizeof first};
    csq_error error;
    if (csq_ticket_event_at(ticket, 0, &first, NULL) != CSQ_OK || first.at > all->now) {
        return true;
    }
    pass_note(all, incident);
    const csq_status status = look(user, ticket, &error);
    if (status == CSQ_ERANGE) {
        range_note(&all->left_out, &all->desk, incident->number, ticket, all->now);
        return true;
    }
    if (status != CSQ_OK) {
        char name[2 * TEXT_CAPACITY];
        const csq_str number = shown_cut(incident->number, TEXT_CAPACITY);
        snprintf(name, sizeof name, "incident %.*s", TEXT(number));
        return text_fail_csq(name, &error);
    }
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    const pass_incident *left = a;
    const pass_incident *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

bool pass_each(pass *all, pass_look look, void *user)
{
    store_incident incident;
    bool is_failed = false;
    if (!store_begin_incidents(all->db)) {
        return false;
    }
    while (store_next_incident(all->db, &incident, &is_failed)) {
        csq_ticket *ticket = desk_get_ticket(&all->desk, all->db, &incident);
        const bool is_done = ticket != NULL && pass_at(all, &incident, ticket, look, user);
        csq_ticket_free(ticket);
        if (!is_done) {
            return false;
        }
    }
    if (all->n != 0) {
        qsort(all->incidents, (size_t)all->n, sizeof *all->incidents, compare_ids);
    }
    return !is_failed;
}

csq_str pass_number(const pass *all, uint64_t id)
{
    const pass_incident key = {.id = id};
    const pass_incident *found =
        all->n == 0 ? NULL : bsearch(&key, all->incidents, (size_t)all->n, sizeof key, compare_ids);
    return csq_str_of(found != NULL ? found->number : "");
}

void pass_print_head(const pass *all, const char *title)
{
    char now[TEXT_CAPACITY];
    char n[TEXT_CAPACITY];
    text_line("%s as of %s", title, text_instant(now, all->now, NULL));
    if (all->left_out.n != 0) {
        text_line("Left out below: %s incident%s with dates outside a calendar's \"years\".",
                  text_count(n, all->left_out.n), all->left_out.n == 1 ? "" : "s");
    }
    printf("\n");
}
