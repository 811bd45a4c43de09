/*
 * watch — what is due next, what is late, and what the ladders of the clocks have told.
 *
 * A csq_clock_set gets all events up to `now`, as a live host would have got them. It is taken at
 * `since` and at `now`: what the second take tells is what has come in between. What comes next is
 * asked of a copy, which goes on from instant to instant as if no event came any more.
 *
 * Uses: desk, pass, table, text.
 */
#include "watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass.h"
#include "table.h"
#include "text.h"

enum { WATCH_LINES = 10, WATCH_DAY_MS = 86400000, WATCH_LOOKS = 100000 };

/* A clock that is late and still open. */
typedef struct late_clock {
    uint64_t ticket;
    csq_answer answer;
    uint32_t clock;
} late_clock;

typedef struct watch {
    const watch_options *options;
    pass all;
    csq_clock_set *set;
    csq_ms since;
    uint32_t lines;
    late_clock *late;
    uint64_t n_late;
    uint64_t capacity;
    int64_t open[CSQ_CLOCK_LIMIT];
    int64_t paused[CSQ_CLOCK_LIMIT];
    int64_t late_of[CSQ_CLOCK_LIMIT];
} watch;

/* ---- filling the set ----------------------------------------------------------------------- */

static csq_status watch_tell(watch *w, const csq_ticket *ticket, csq_error *error)
{
    for (uint64_t i = 0; i < csq_ticket_count(ticket); ++i) {
        csq_ticket_event event = {.size = sizeof event};
        csq_status status = csq_ticket_event_at(ticket, i, &event, error);
        if (status == CSQ_OK && event.at <= w->all.now) {
            status = csq_clock_set_apply(w->set, csq_ticket_id(ticket), &event, error);
        }
        if (status != CSQ_OK) {
            return status;
        }
    }
    return CSQ_OK;
}

static void watch_note_late(watch *w, uint64_t ticket, uint32_t clock, const csq_answer *answer)
{
    if (w->n_late == w->capacity) {
        w->capacity = w->capacity != 0 ? 2 * w->capacity : 256;
        w->late = text_grow(w->late, (size_t)w->capacity * sizeof *w->late);
    }
    w->late[w->n_late++] = (late_clock){ticket, *answer, clock};
}

static bool is_open(const csq_answer *answer)
{
    return answer->phase == CSQ_PHASE_ACTIVE || answer->phase == CSQ_PHASE_PAUSED;
}

static csq_status watch_look(void *user, const csq_ticket *ticket, csq_error *error)
{
    watch *w = user;
    const uint64_t id = csq_ticket_id(ticket);
    csq_answer answers[CSQ_CLOCK_LIMIT];
    const uint32_t n = csq_policies_clock_count(w->all.desk.policies);
    csq_status status = watch_tell(w, ticket, error);
    for (uint32_t clock = 0; clock < n && status == CSQ_OK; ++clock) {
        answers[clock].size = sizeof answers[clock];
        status = csq_clock_set_answer(w->set, id, clock, w->all.now, &answers[clock], error);
    }
    if (status == CSQ_ERANGE) {
        const csq_status removed = csq_clock_set_remove(w->set, id, error);
        return removed == CSQ_OK ? CSQ_ERANGE : removed;
    }
    for (uint32_t clock = 0; clock < n && status == CSQ_OK; ++clock) {
        w->open[clock] += is_open(&answers[clock]);
        w->paused[clock] += answers[clock].phase == CSQ_PHASE_PAUSED;
        if (is_open(&answers[clock]) && answers[clock].breached != 0) {
            ++w->late_of[clock];
            watch_note_late(w, id, clock, &answers[clock]);
        }
    }
    return status;
}

/* ---- cells --------------------------------------------------------------------------------- */

static const csq_zone *watch_zone(const watch *w, const csq_answer *answer)
{
    return desk_zone(&w->all.desk, answer->calendar);
}

/* "warn the assignee", "breach". */
static csq_str notice_name(const watch *w, const csq_notice *notice)
{
    const csq_policies *policies = w->all.desk.policies;
    csq_clock clock = {.size = sizeof clock, .metric = CSQ_NO_INDEX};
    (void)csq_policies_clock_at(policies, notice->clock, &clock, NULL);
    return notice->kind == CSQ_NOTICE_BREACH
               ? csq_str_of("breach")
               : csq_policies_step_name(policies, clock.metric, notice->step);
}

static void add_incident_cells(const watch *w, uint64_t id, uint32_t clock, table *cells)
{
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP};
    const csq_ticket *ticket = csq_clock_set_ticket(w->set, id);
    char name[DESK_CLOCK_CAPACITY];
    table_add(cells, "%.*s", TEXT(pass_number(&w->all, id)));
    table_add(cells, "%.*s", TEXT(desk_clock_name(w->all.desk.policies, clock, name)));
    for (int i = 0; i < 2; ++i) {
        const uint32_t code = desk_value_at(ticket, attributes[i], w->all.now);
        table_add(cells, "%.*s", TEXT(desk_value(&w->all.desk, attributes[i], code)));
    }
}

/* ---- what is due next ---------------------------------------------------------------------- */

static bool add_next(const watch *w, const csq_notice *notice, table *cells)
{
    char text[TEXT_CAPACITY];
    csq_error error;
    csq_answer answer = {.size = sizeof answer};
    if (csq_clock_set_answer(w->set, notice->ticket, notice->clock, w->all.now, &answer, &error) !=
        CSQ_OK) {
        return text_fail_csq("watch", &error);
    }
    // A clock is late from the instant after its due instant on; people know the due instant.
    const csq_ms at = notice->kind == CSQ_NOTICE_BREACH && answer.due_at != CSQ_MS_NONE
                          ? answer.due_at
                          : notice->at;
    table_add(cells, "%s", text_instant(text, at, watch_zone(w, &answer)));
    table_add(cells, "%.*s", TEXT(notice_name(w, notice)));
    add_incident_cells(w, notice->ticket, notice->clock, cells);
    table_add(cells, "%s", text_duration(text, answer.remaining_ms));
    return true;
}

/* Goes on until there are enough lines or nothing comes any more; `*n` are those that came. */
static bool look_ahead(const watch *w, csq_clock_set *ahead, table *cells, uint32_t *n)
{
    csq_error error;
    csq_ms at;
    uint64_t ticket;
    *n = 0;
    for (uint32_t looks = 0; looks < WATCH_LOOKS && *n < w->lines; ++looks) {
        uint64_t count = 0;
        if (csq_clock_set_next(ahead, &at, &ticket, NULL) != CSQ_OK) {
            return true;
        }
        at = at > csq_clock_set_taken(ahead) ? at : csq_clock_set_taken(ahead);
        if (csq_clock_set_take(ahead, at, &count, &error) != CSQ_OK) {
            return text_fail_csq("watch", &error);
        }
        for (uint64_t i = 0; i < count && *n < w->lines; ++i) {
            csq_notice notice = {.size = sizeof notice};
            if (csq_clock_set_notice(ahead, i, &notice, NULL) != CSQ_OK ||
                notice.change != CSQ_NOTICE_NEW) {
                continue;
            }
            if (!add_next(w, &notice, cells)) {
                return false;
            }
            ++*n;
        }
    }
    return true;
}

static bool print_next(const watch *w)
{
    csq_error error;
    csq_clock_set *ahead = NULL;
    uint32_t n = 0;
    if (csq_clock_set_copy(w->set, &ahead, &error) != CSQ_OK) {
        return text_fail_csq("watch", &error);
    }
    table *cells = table_new("llllllr", "at|what|incident|clock|priority|group|left");
    const bool is_done = look_ahead(w, ahead, cells, &n);
    csq_clock_set_free(ahead);
    if (is_done) {
        text_line(n != 0 ? "Next, if nothing happens" : "Nothing is due");
        printf("\n");
    }
    if (is_done && n != 0) {
        table_print(cells, stdout);
        printf("\n");
    }
    table_free(cells);
    return is_done;
}

/* ---- what was told ------------------------------------------------------------------------- */

static void add_told(const watch *w, const csq_notice *notice, table *cells)
{
    static const char *const changes[] = {"", "", "moved: ", "withdrawn: "};
    csq_answer answer = {.size = sizeof answer, .calendar = CSQ_NO_CALENDAR};
    char text[TEXT_CAPACITY];
    (void)csq_clock_set_answer(w->set, notice->ticket, notice->clock, w->all.now, &answer, NULL);
    table_add(cells, "%s", text_instant(text, notice->at, watch_zone(w, &answer)));
    table_add(cells, "%s%.*s", changes[notice->change & 3], TEXT(notice_name(w, notice)));
    add_incident_cells(w, notice->ticket, notice->clock, cells);
}

/* The latest first. */
static void print_told(const watch *w, uint64_t count)
{
    char from[TEXT_CAPACITY];
    char n[TEXT_CAPACITY];
    text_line("Fired since %s: %s", text_instant(from, w->since, NULL),
              text_count(n, (int64_t)count));
    printf("\n");
    if (count == 0) {
        return;
    }
    table *cells = table_new("llllll", "at|what|incident|clock|priority|group");
    for (uint64_t i = count; i > 0 && count - i < w->lines; --i) {
        csq_notice notice = {.size = sizeof notice};
        if (csq_clock_set_notice(w->set, i - 1, &notice, NULL) == CSQ_OK) {
            add_told(w, &notice, cells);
        }
    }
    table_print(cells, stdout);
    table_free(cells);
    printf("\n");
}

/* ---- what is late -------------------------------------------------------------------------- */

static int compare_late(const void *a, const void *b)
{
    const late_clock *left = a;
    const late_clock *right = b;
    const csq_ms x = left->answer.remaining_ms;
    const csq_ms y = right->answer.remaining_ms;
    if (x != y) {
        return x < y ? -1 : 1;
    }
    if (left->ticket != right->ticket) {
        return left->ticket < right->ticket ? -1 : 1;
    }
    return (left->clock > right->clock) - (left->clock < right->clock);
}

static void print_late_clocks(const watch *w)
{
    text_line(w->n_late != 0 ? "Late and open, the worst first" : "Nothing that is open is late");
    printf("\n");
    if (w->n_late == 0) {
        return;
    }
    qsort(w->late, (size_t)w->n_late, sizeof *w->late, compare_late);
    table *cells = table_new("lllllr", "due|incident|clock|priority|group|overrun");
    for (uint64_t i = 0; i < w->n_late && i < w->lines; ++i) {
        const csq_answer *answer = &w->late[i].answer;
        const bool has_target = answer->remaining_ms != CSQ_MS_NONE;
        char text[TEXT_CAPACITY];
        table_add(cells, "%s", text_instant(text, answer->due_at, watch_zone(w, answer)));
        add_incident_cells(w, w->late[i].ticket, w->late[i].clock, cells);
        table_add(cells, "%s",
                  text_duration(text, has_target ? -answer->remaining_ms : CSQ_MS_NONE));
    }
    table_print(cells, stdout);
    table_free(cells);
    printf("\n");
}

static void print_counts(const watch *w)
{
    table *cells = table_new("lrrr", "clock|open|of these paused|late");
    for (uint32_t i = 0; i < csq_policies_clock_count(w->all.desk.policies); ++i) {
        char text[TEXT_CAPACITY];
        char name[DESK_CLOCK_CAPACITY];
        table_add(cells, "%.*s", TEXT(desk_clock_name(w->all.desk.policies, i, name)));
        table_add(cells, "%s", text_count(text, w->open[i]));
        table_add(cells, "%s", text_count(text, w->paused[i]));
        table_add(cells, "%s", text_count(text, w->late_of[i]));
    }
    table_print(cells, stdout);
    table_free(cells);
    printf("\n");
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool watch_begin(watch *w)
{
    csq_error error;
    if (!pass_open(&w->all, w->options->database, w->options->zoneinfo, w->options->now)) {
        return false;
    }
    w->lines = w->options->next != 0 ? w->options->next : WATCH_LINES;
    w->since = w->options->since != CSQ_MS_NONE ? w->options->since : w->all.now - WATCH_DAY_MS;
    if (w->since > w->all.now) {
        return text_fail("--since lies after the instant to watch at");
    }
    return csq_clock_set_new(w->all.desk.policies, NULL, NULL, &w->set, &error) == CSQ_OK ||
           text_fail_csq("watch", &error);
}

static bool watch_take(watch *w, uint64_t *count)
{
    csq_error error;
    csq_status status = csq_clock_set_take(w->set, w->since, count, &error);
    if (status == CSQ_OK) {
        status = csq_clock_set_take(w->set, w->all.now, count, &error);
    }
    return status == CSQ_OK || text_fail_csq("watch", &error);
}

bool watch_run(const watch_options *options)
{
    watch *w = text_grow(NULL, sizeof *w);
    memset(w, 0, sizeof *w);
    w->options = options;
    uint64_t count = 0;
    bool is_done = watch_begin(w) && pass_each(&w->all, watch_look, w) && watch_take(w, &count);
    if (is_done) {
        pass_print_head(&w->all, "Clocks");
        print_counts(w);
        is_done = print_next(w);
    }
    if (is_done) {
        print_late_clocks(w);
        print_told(w, count);
        printf("  Times left and overruns are hours:minutes of business time.\n");
    }
    csq_clock_set_free(w->set);
    free(w->late);
    pass_close(&w->all);
    free(w);
    return is_done;
}
