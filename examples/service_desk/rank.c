/*
 * rank — what to work on next: the open incidents in the order of the rules' ranking.
 *
 * An incident is ranked if a clock that counts is open. The order, the points and what they were
 * given for come from libcsq; the program words them.
 *
 * Uses: desk, pass, range, table, text.
 */
#include "rank.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass.h"
#include "table.h"
#include "text.h"

enum { RANK_TOP = 20, RANK_REASONS = 1024 };

/* An incident of which a clock is open. */
typedef struct rank_entry {
    csq_ticket *ticket;
    csq_answer *answers; /* of the clocks that count */
} rank_entry;

typedef struct rank {
    const rank_options *options;
    pass all;
    const csq_ranking *ranking;
    uint32_t first_clock;
    uint32_t n_clocks; /* that count */
    rank_entry *entries;
    uint64_t n;
    uint64_t capacity;
    csq_ranked *ranked;
} rank;

/* ---- what is open -------------------------------------------------------------------------- */

static bool is_open(const csq_answer *answer)
{
    return answer->phase == CSQ_PHASE_ACTIVE || answer->phase == CSQ_PHASE_PAUSED;
}

static csq_status rank_keep(rank *r, const csq_ticket *ticket, const csq_answer *answers,
                            csq_error *error)
{
    rank_entry entry = {0};
    const csq_status status = csq_ticket_copy(ticket, &entry.ticket, error);
    if (status != CSQ_OK) {
        return status;
    }
    entry.answers = text_grow(NULL, r->n_clocks * sizeof *answers);
    memcpy(entry.answers, answers, r->n_clocks * sizeof *answers);
    if (r->n == r->capacity) {
        r->capacity = r->capacity != 0 ? 2 * r->capacity : 256;
        r->entries = text_grow(r->entries, (size_t)r->capacity * sizeof *r->entries);
    }
    r->entries[r->n++] = entry;
    return CSQ_OK;
}

static csq_status rank_look(void *user, const csq_ticket *ticket, csq_error *error)
{
    rank *r = user;
    csq_answer answers[CSQ_CLOCK_LIMIT];
    const csq_status status = range_ask(&r->all.desk, ticket, r->all.now, answers, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_answer *counting = &answers[r->first_clock];
    for (uint32_t i = 0; i < r->n_clocks; ++i) {
        if (is_open(&counting[i])) {
            return rank_keep(r, ticket, counting, error);
        }
    }
    return CSQ_OK;
}

static bool rank_order(rank *r)
{
    csq_error error;
    csq_ranking_item *items = text_grow(NULL, ((size_t)r->n + 1) * sizeof *items);
    for (uint64_t i = 0; i < r->n; ++i) {
        items[i] = (csq_ranking_item){.size = sizeof items[i],
                                      .n_answers = r->n_clocks,
                                      .ticket = r->entries[i].ticket,
                                      .answers = r->entries[i].answers,
                                      .answer_stride = sizeof(csq_answer)};
    }
    const csq_status status = csq_ranking_order(r->ranking, items, r->n, sizeof items[0],
                                                r->all.now, NULL, &r->ranked, &error);
    free(items);
    return status == CSQ_OK || text_fail_csq("ranking", &error);
}

/* ---- words --------------------------------------------------------------------------------- */

/* What each part gave: "used 30 (resolution) + priority 40"; parts that gave nothing are silent. */
static void reasons_text(const rank *r, uint64_t position, char out[RANK_REASONS])
{
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t part = 0; part < csq_ranking_part_count(r->ranking); ++part) {
        csq_ranked_reason reason = {.size = sizeof reason};
        if (csq_ranked_reason_at(r->ranked, position, part, &reason, NULL) != CSQ_OK ||
            reason.points == 0 || length >= RANK_REASONS - 1) {
            continue;
        }
        char name[DESK_CLOCK_CAPACITY];
        const csq_str clock =
            reason.answer == CSQ_NO_INDEX
                ? (csq_str){NULL, 0}
                : desk_clock_name(r->all.desk.policies, r->first_clock + reason.answer, name);
        const int n = snprintf(
            out + length, RANK_REASONS - length, "%s%.*s %" PRId64 "%s%.*s%s",
            length != 0 ? " + " : "", TEXT(csq_ranking_part_name(r->ranking, part)), reason.points,
            clock.size != 0 ? " (" : "", TEXT(clock), clock.size != 0 ? ")" : "");
        length += n > 0 ? (size_t)n : 0;
    }
}

/* The largest share of a target that is used up: "81.25 %". */
static void used_text(const rank *r, const rank_entry *entry, char out[TEXT_CAPACITY])
{
    int64_t used = CSQ_MS_NONE;
    for (uint32_t i = 0; i < r->n_clocks; ++i) {
        if (is_open(&entry->answers[i]) && entry->answers[i].percent_hundredths > used) {
            used = entry->answers[i].percent_hundredths;
        }
    }
    out[0] = '\0';
    if (used != CSQ_MS_NONE) {
        snprintf(out, TEXT_CAPACITY, "%" PRId64 ".%02" PRId64 " %%", used / 100, used % 100);
    }
}

/* The zone of the clock that is due then. */
static const csq_zone *due_zone(const rank *r, const rank_entry *entry, csq_ms due_at)
{
    uint32_t i = 0;
    while (i + 1 < r->n_clocks &&
           (!is_open(&entry->answers[i]) || entry->answers[i].due_at != due_at)) {
        ++i;
    }
    return desk_zone(&r->all.desk, entry->answers[i].calendar);
}

static void add_place(const rank *r, uint64_t position, table *cells)
{
    csq_ranked_place place = {.size = sizeof place};
    char text[RANK_REASONS];
    if (csq_ranked_at(r->ranked, position, &place, NULL) != CSQ_OK) {
        return;
    }
    const rank_entry *entry = &r->entries[place.item];
    const csq_str lane = csq_ranking_lane_name(r->ranking, place.lane);
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP, CSQ_TICKET_STATUS};
    table_add(cells, "%s", text_count(text, (int64_t)position + 1));
    table_add(cells, "%.*s", TEXT(pass_number(&r->all, place.ticket)));
    table_add(cells, "%.*s", TEXT(lane));
    table_add(cells, "%" PRId64, place.score);
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; ++i) {
        const uint32_t code = desk_value_at(entry->ticket, attributes[i], r->all.now);
        table_add(cells, "%.*s", TEXT(desk_value(&r->all.desk, attributes[i], code)));
    }
    used_text(r, entry, text);
    table_add(cells, "%s", text);
    text_instant(text, place.due_at, due_zone(r, entry, place.due_at));
    table_add(cells, "%s", place.due_at != CSQ_MS_NONE ? text : "");
    reasons_text(r, position, text);
    table_add(cells, "%s", text);
}

static void print_places(const rank *r)
{
    char n[TEXT_CAPACITY];
    const uint64_t top = r->options->top != 0 ? r->options->top : RANK_TOP;
    text_line(r->n == 1 ? "%s incident has an open clock." : "%s incidents have an open clock.",
              text_count(n, (int64_t)r->n));
    printf("\n");
    if (r->n == 0) {
        return;
    }
    table *cells =
        table_new("rllrlllrll", "place|incident|lane|score|priority|group|status|used|due|why");
    for (uint64_t i = 0; i < csq_ranked_count(r->ranked) && i < top; ++i) {
        add_place(r, i, cells);
    }
    table_print(cells, stdout);
    table_free(cells);
    printf("\n  Lanes first, then the score, then the earlier due instant. used: the largest share "
           "of a target\n  that an open clock has used up; why: the points of each part of the "
           "ranking, and the clock\n  that decided.\n");
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool rank_begin(rank *r)
{
    if (!pass_open(&r->all, r->options->database, r->options->zoneinfo, r->options->now)) {
        return false;
    }
    if (!desk_find_clock(&r->all.desk, r->options->metric, &r->first_clock)) {
        return false;
    }
    r->n_clocks = r->options->metric != NULL ? 1 : csq_policies_clock_count(r->all.desk.policies);
    r->ranking = csq_rules_ranking(r->all.desk.rules);
    return r->ranking != NULL ||
           text_fail("the stored rules have no \"ranking\": add one and import again with --rules");
}

static void rank_end(rank *r)
{
    csq_ranked_free(r->ranked);
    for (uint64_t i = 0; i < r->n; ++i) {
        csq_ticket_free(r->entries[i].ticket);
        free(r->entries[i].answers);
    }
    free(r->entries);
    pass_close(&r->all);
    free(r);
}

bool rank_run(const rank_options *options)
{
    rank *r = text_grow(NULL, sizeof *r);
    memset(r, 0, sizeof *r);
    r->options = options;
    const bool is_done = rank_begin(r) && pass_each(&r->all, rank_look, r) && rank_order(r);
    if (is_done) {
        pass_print_head(&r->all, "Open work");
        print_places(r);
    }
    rank_end(r);
    return is_done;
}
