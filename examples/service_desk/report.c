/*
 * report — attainment, overruns and waiting of all incidents, as tables.
 *
 * One pass over the stored tickets feeds one csq_tally, by priority, group and month; each table is
 * a sum of its rows. Beside it the pass keeps what a tally does not: the worst single incidents,
 * and how the first clock of the rules compares with the log's own made_sla. An incident with a
 * date that no calendar knows is left out of everything, and counted.
 *
 * Uses: desk, range, shown, store, sums, table, text.
 */
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "range.h"
#include "shown.h"
#include "store.h"
#include "sums.h"
#include "table.h"
#include "text.h"

enum { REPORT_WORST = 10, REPORT_GROUPS = 12 };
enum { REPORT_CLOCK_LIMIT = CSQ_CLOCK_LIMIT };

/* What the tally counts by: two attributes, and the month. */
typedef enum report_key { BY_PRIORITY, BY_GROUP, BY_MONTH } report_key;

typedef struct late_incident {
    char number[256];
    uint32_t priority; /* code */
    uint32_t group;    /* code */
    csq_ms target_ms;
    csq_ms elapsed_ms;
} late_incident;

/* The clock's verdict beside the log's, of finished clocks of one priority. */
typedef struct comparison {
    int64_t n;
    int64_t both_met;
    int64_t both_missed;
    int64_t only_clock_met;
    int64_t only_log_met;
} comparison;

enum { COMPARISON_LIMIT = 64 };

typedef struct report {
    const report_options *options;
    store *db;
    service_desk desk;
    csq_tally *tally;
    csq_ms now;
    late_incident worst[REPORT_CLOCK_LIMIT][REPORT_WORST];
    uint32_t n_worst[REPORT_CLOCK_LIMIT];
    comparison by_priority[COMPARISON_LIMIT]; /* index: code of the priority */
    late_incident disagreeing[REPORT_WORST];
    uint32_t n_disagreeing;
    range_notes left_out;
} report;

/* ---- the pass over the incidents ----------------------------------------------------------- */

/* Negative for a clock in time; none for a target in working days. */
static csq_ms overrun(const late_incident *incident)
{
    return incident->target_ms != CSQ_MS_NONE ? incident->elapsed_ms - incident->target_ms
                                              : CSQ_MS_NONE;
}

/* Keeps the largest overruns, in descending order; equal ones in the order of their numbers. */
static void keep_worst(report *all, uint32_t clock, const late_incident *incident)
{
    late_incident *worst = all->worst[clock];
    uint32_t at = all->n_worst[clock];
    while (at > 0 && overrun(&worst[at - 1]) < overrun(incident)) {
        --at;
    }
    if (at == REPORT_WORST) {
        return;
    }
    const uint32_t n =
        all->n_worst[clock] < REPORT_WORST ? all->n_worst[clock]++ : REPORT_WORST - 1;
    memmove(&worst[at + 1], &worst[at], (n - at) * sizeof *worst);
    worst[at] = *incident;
}

static void compare_verdicts(report *all, const store_incident *incident, const csq_answer *answer,
                             const late_incident *facts)
{
    if (answer->phase != CSQ_PHASE_COMPLETED) {
        return;
    }
    comparison *compared = &all->by_priority[facts->priority % COMPARISON_LIMIT];
    const bool is_met = answer->breached == 0;
    const bool log_says_met = incident->made_sla != 0;
    ++compared->n;
    compared->both_met += is_met && log_says_met;
    compared->both_missed += !is_met && !log_says_met;
    compared->only_clock_met += is_met && !log_says_met;
    compared->only_log_met += !is_met && log_says_met;
    if (is_met != log_says_met && all->n_disagreeing < REPORT_WORST) {
        all->disagreeing[all->n_disagreeing++] = *facts;
    }
}

static void keep_answers(report *all, const store_incident *incident, const csq_ticket *ticket,
                         const csq_answer *answers)
{
    late_incident facts = {
        .priority = desk_value_at(ticket, CSQ_TICKET_PRIORITY, all->now),
        .group = desk_value_at(ticket, CSQ_TICKET_GROUP, all->now),
    };
    const csq_str number = shown_cut(incident->number, sizeof facts.number - 1);
    snprintf(facts.number, sizeof facts.number, "%.*s", TEXT(number));
    for (uint32_t clock = 0; clock < csq_policies_clock_count(all->desk.policies); ++clock) {
        const csq_answer *answer = &answers[clock];
        facts.target_ms = answer->target_ms;
        facts.elapsed_ms = answer->elapsed_ms;
        if (answer->breached != 0 && answer->target_ms != CSQ_MS_NONE) {
            keep_worst(all, clock, &facts);
        }
        if (clock == 0) {
            compare_verdicts(all, incident, answer, &facts);
        }
    }
}

/* The instant to judge at. Unless it was asked for, no event of the log is later, except those that
 * lie beyond the years of all calendars: then it is theirs, at which no clock can be told. */
static csq_ms last_instant(const report *all, const csq_ticket *ticket)
{
    csq_ticket_event last = {.size = sizeof last};
    const uint64_t n = csq_ticket_count(ticket);
    const bool is_later = all->options->now == CSQ_MS_NONE && n != 0 &&
                          csq_ticket_event_at(ticket, n - 1, &last, NULL) == CSQ_OK &&
                          last.at > all->now;
    return is_later ? last.at : all->now;
}

static bool look_at(report *all, const store_incident *incident, const csq_ticket *ticket)
{
    csq_error error;
    csq_answer answers[REPORT_CLOCK_LIMIT];
    const csq_ms last_at = last_instant(all, ticket);
    csq_status status = range_ask(&all->desk, ticket, last_at, answers, &error);
    if (status == CSQ_OK) {
        status = csq_tally_add(all->tally, ticket, all->now, &error);
    }
    if (status == CSQ_OK) {
        keep_answers(all, incident, ticket, answers);
    } else if (status == CSQ_ERANGE) {
        range_note(&all->left_out, &all->desk, incident->number, ticket, last_at);
    } else {
        char name[2 * TEXT_CAPACITY];
        const csq_str number = shown_cut(incident->number, TEXT_CAPACITY);
        snprintf(name, sizeof name, "incident %.*s", TEXT(number));
        return text_fail_csq(name, &error);
    }
    return true;
}

static bool look_at_all(report *all)
{
    store_incident incident;
    bool is_failed = false;
    if (!store_begin_incidents(all->db)) {
        return false;
    }
    while (store_next_incident(all->db, &incident, &is_failed)) {
        csq_ticket *ticket = desk_get_ticket(&all->desk, all->db, &incident);
        const bool is_counted = ticket != NULL && look_at(all, &incident, ticket);
        csq_ticket_free(ticket);
        if (!is_counted) {
            return false;
        }
    }
    if (all->left_out.n > all->left_out.n_named && all->left_out.n_named != 0) {
        char n[TEXT_CAPACITY];
        char n_named[TEXT_CAPACITY];
        text_say("%s incidents are left out, the first %s are named",
                 text_count(n, all->left_out.n), text_count(n_named, all->left_out.n_named));
    }
    return !is_failed;
}

/* ---- tables -------------------------------------------------------------------------------- */

/* What words in the table mean, where they stand in it. */
static void print_notes(const sums *lines, report_key key, uint32_t limit)
{
    const uint32_t n = sums_count(lines);
    const bool has_several = sums_rest(lines, 0).n_targets == 2;
    if (has_several) {
        printf("  several: clocks with different targets are added up in that line.\n");
    }
    if (key == BY_PRIORITY && sums_has_several(lines)) {
        printf("    Within one priority they differ where the priority changed when the clock "
               "stopped: it keeps\n    the target that it was judged under; `explain` says so.\n");
    }
    if (n > limit) {
        printf("  (%" PRIu32 " others): the groups with the fewest clocks, added up; --groups "
               "%" PRIu32 " shows each.\n",
               n - limit, n);
    }
    if (has_several || n > limit) {
        printf("\n");
    }
}

static void print_sums(const sums *lines, report_key key, uint32_t limit)
{
    static const char *const labels[] = {"priority", "group", "opened in"};
    char headings[256];
    snprintf(headings, sizeof headings,
             "%s|target|n|met|missed|share met|open|mean overrun|max overrun|paused share",
             labels[key]);
    table *cells = table_new("lrrrrrrrrr", headings);
    for (uint32_t i = 0; i < sums_count(lines) && i < limit; ++i) {
        sums_add_cells(sums_at(lines, i), cells);
    }
    if (sums_count(lines) > limit) {
        const sums_line rest = sums_rest(lines, limit);
        sums_add_cells(&rest, cells);
    }
    const sums_line total = sums_rest(lines, 0);
    if (sums_count(lines) > 1) {
        sums_add_cells(&total, cells);
    }
    table_print(cells, stdout);
    table_free(cells);
    printf("\n");
    print_notes(lines, key, limit);
}

/* What a row of the tally is counted under. */
static csq_str row_label(const report *all, const csq_tally_row *row, report_key key,
                         char month[CSQ_INSTANT_TEXT])
{
    switch (key) {
    case BY_PRIORITY:
        return desk_value(&all->desk, CSQ_TICKET_PRIORITY, row->codes[BY_PRIORITY]);
    case BY_GROUP:
        return desk_value(&all->desk, CSQ_TICKET_GROUP, row->codes[BY_GROUP]);
    default:
        csq_instant_format(row->period_from, NULL, month, CSQ_INSTANT_TEXT, NULL);
        return (csq_str){month, 7};
    }
}

static void print_by(const report *all, uint32_t clock, report_key key)
{
    sums *lines = sums_new("all");
    if (key == BY_PRIORITY) { /* each has a line, also where the rules give it no target */
        const csq_vocabulary *names = csq_schema_vocabulary(all->desk.schema, CSQ_TICKET_PRIORITY);
        for (uint32_t code = 1; code <= csq_vocabulary_count(names); ++code) {
            sums_add_line(lines, csq_vocabulary_name(names, code));
        }
    }
    for (uint64_t i = 0; i < csq_tally_count(all->tally); ++i) {
        csq_tally_row row = {.size = sizeof row};
        char month[CSQ_INSTANT_TEXT] = "";
        if (csq_tally_row_at(all->tally, i, &row, NULL) == CSQ_OK &&
            desk_clock_of_row(all->desk.policies, &row) == clock) {
            sums_add(lines, row_label(all, &row, key, month), &row);
        }
    }
    const uint32_t groups = all->options->groups != 0 ? all->options->groups : REPORT_GROUPS;
    sums_sort(lines, key == BY_GROUP ? SUMS_BY_SIZE : SUMS_BY_LABEL);
    print_sums(lines, key, key == BY_GROUP ? groups : UINT32_MAX);
    sums_free(lines);
}

static void add_late(const report *all, const late_incident *incident, table *cells)
{
    char target[TEXT_CAPACITY];
    char elapsed[TEXT_CAPACITY];
    char late[TEXT_CAPACITY];
    table_add(cells, "%s", incident->number);
    table_add(cells, "%.*s", TEXT(desk_value(&all->desk, CSQ_TICKET_PRIORITY, incident->priority)));
    table_add(cells, "%.*s", TEXT(desk_value(&all->desk, CSQ_TICKET_GROUP, incident->group)));
    table_add(cells, "%s", text_duration(target, incident->target_ms));
    table_add(cells, "%s", text_duration(elapsed, incident->elapsed_ms));
    table_add(cells, "%s", text_duration(late, overrun(incident)));
}

static void print_late(const report *all, const late_incident *incidents, uint32_t n)
{
    table *cells = table_new("lllrrr", "incident|priority|group|target|elapsed|overrun");
    for (uint32_t i = 0; i < n; ++i) {
        add_late(all, &incidents[i], cells);
    }
    table_print(cells, stdout);
    table_free(cells);
    printf("\n");
}

static void add_comparison(const comparison *compared, csq_str label, table *cells)
{
    char text[TEXT_CAPACITY];
    const int64_t agree = compared->both_met + compared->both_missed;
    table_add(cells, "%.*s", TEXT(label));
    table_add(cells, "%s", text_count(text, compared->n));
    table_add(cells, "%s", text_count(text, agree));
    table_add(cells, "%s", text_share(text, agree, compared->n));
    table_add(cells, "%s", text_count(text, compared->both_met));
    table_add(cells, "%s", text_count(text, compared->both_missed));
    table_add(cells, "%s", text_count(text, compared->only_clock_met));
    table_add(cells, "%s", text_count(text, compared->only_log_met));
}

static int compare_names(const void *a, const void *b)
{
    const csq_str left = *(const csq_str *)a;
    const csq_str right = *(const csq_str *)b;
    const uint64_t shorter = left.size < right.size ? left.size : right.size;
    const int order = memcmp(left.data, right.data, (size_t)shorter);
    return order != 0 ? order : (left.size > right.size) - (left.size < right.size);
}

static void print_comparison(const report *all)
{
    const csq_vocabulary *names = csq_schema_vocabulary(all->desk.schema, CSQ_TICKET_PRIORITY);
    uint32_t n = csq_vocabulary_count(names);
    n = n < COMPARISON_LIMIT ? n : COMPARISON_LIMIT - 1;
    csq_str sorted[COMPARISON_LIMIT];
    for (uint32_t i = 0; i < n; ++i) {
        sorted[i] = csq_vocabulary_name(names, i + 1);
    }
    qsort(sorted, n, sizeof sorted[0], compare_names);
    char name[DESK_CLOCK_CAPACITY];
    text_line("Comparison with the log's own made_sla (finished \"%.*s\" clocks)",
              TEXT(desk_clock_name(all->desk.policies, 0, name)));
    printf("\n");
    table *cells = table_new("lrrrrrrr", "priority|n|agree|share|both met|both missed|"
                                         "only clock met|only log met");
    comparison total = {0};
    for (uint32_t i = 0; i < n; ++i) {
        const comparison *compared = &all->by_priority[csq_vocabulary_find(names, sorted[i])];
        add_comparison(compared, sorted[i], cells);
        total.n += compared->n;
        total.both_met += compared->both_met;
        total.both_missed += compared->both_missed;
        total.only_clock_met += compared->only_clock_met;
        total.only_log_met += compared->only_log_met;
    }
    add_comparison(&total, csq_str_of("all"), cells);
    table_print(cells, stdout);
    table_free(cells);
    const csq_str about = csq_rules_about(all->desk.rules, csq_str_of("comparison"));
    if (about.size != 0) {
        printf("\n");
        text_line("  %.*s", TEXT(about));
    }
    if (all->n_disagreeing != 0) {
        printf("\nIncidents where they disagree (the first %" PRIu32 "; `explain` shows why). A "
               "negative overrun is time\nthat was left: the clock was in time where the log says "
               "late.\n\n",
               all->n_disagreeing);
        print_late(all, all->disagreeing, all->n_disagreeing);
    }
}

/* ---- the report ---------------------------------------------------------------------------- */

static void print_head(const report *all, const store_totals *totals)
{
    char incidents[TEXT_CAPACITY];
    char updates[TEXT_CAPACITY];
    char now[TEXT_CAPACITY];
    char left_out[TEXT_CAPACITY];
    text_line("%s incidents, %s updates, as of %s%s", text_count(incidents, totals->incidents),
              text_count(updates, totals->updates), text_instant(now, all->now, NULL),
              all->options->now != CSQ_MS_NONE ? ""
              : all->now == totals->last_at    ? " (the last update of the log)"
                                               : " (the last update within the calendars' years)");
    if (all->left_out.n != 0) {
        text_line("Left out below: %s incidents with dates outside a calendar's \"years\".",
                  text_count(left_out, all->left_out.n));
    }
    static const char *const members[] = {"title", "source", "note"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; ++i) {
        const csq_str text = csq_rules_about(all->desk.rules, csq_str_of(members[i]));
        if (text.size != 0) {
            text_line("%s%.*s", i == 0 ? "Rules: " : "  ", TEXT(text));
        }
    }
    printf("Times are hours:minutes of business time, as the clock's calendar counts it. share met "
           "= met / n,\nn = met + missed; what is open and in time is in no share.\n\n");
}

static void print_report(const report *all, const store_totals *totals)
{
    print_head(all, totals);
    for (uint32_t clock = 0; clock < csq_policies_clock_count(all->desk.policies); ++clock) {
        char text[DESK_CLOCK_CAPACITY];
        const csq_str name = desk_clock_name(all->desk.policies, clock, text);
        text_line("== %.*s ==", TEXT(name));
        printf("\n");
        print_by(all, clock, BY_PRIORITY);
        print_by(all, clock, BY_GROUP);
        print_by(all, clock, BY_MONTH);
        if (all->n_worst[clock] != 0) {
            text_line("Worst overruns of \"%.*s\"", TEXT(name));
            printf("\n");
            print_late(all, all->worst[clock], all->n_worst[clock]);
        }
    }
    print_comparison(all);
}

static bool make_tally(report *all)
{
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP};
    const csq_tally_options options = {
        .size = sizeof options,
        .n_attributes = sizeof attributes / sizeof attributes[0],
        .attributes = attributes,
        .period = CSQ_PERIOD_MONTH,
    };
    csq_error error;
    return csq_tally_new(all->desk.policies, &options, NULL, &all->tally, &error) == CSQ_OK ||
           text_fail_csq("tally", &error);
}

bool report_run(const report_options *options)
{
    report *all = text_grow(NULL, sizeof *all);
    *all = (report){.options = options, .db = store_open(options->database, false)};
    store_totals totals;
    bool is_done = all->db != NULL && desk_open_stored(&all->desk, all->db, options->zoneinfo) &&
                   store_count(all->db, &totals);
    if (is_done) {
        is_done = range_last_update(&all->desk, all->db, &all->now);
        all->now = options->now != CSQ_MS_NONE ? options->now : all->now;
        if (totals.unfinished != 0) {
            text_say("an import has not come to its end; run it again to go on");
        }
        is_done = is_done &&
                  (totals.updates != 0 || text_fail("the database holds no incidents")) &&
                  store_count_at(all->db, all->now, &totals) && make_tally(all) && look_at_all(all);
    }
    if (is_done) {
        print_report(all, &totals);
    }
    csq_tally_free(all->tally);
    desk_close(&all->desk);
    store_close(all->db);
    free(all);
    return is_done;
}
