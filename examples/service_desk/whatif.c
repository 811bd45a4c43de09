/*
 * whatif — what other rules would have made of the stored incidents.
 *
 * A csq_what_if judges each incident by both rules. Attainment stands side by side by priority; of
 * the clocks that come out otherwise, those are listed whose verdict changes.
 *
 * Uses: desk, pass, sums, table, text.
 */
#include "whatif.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pass.h"
#include "sums.h"
#include "table.h"
#include "text.h"

enum { WHATIF_CHANGES = 20, WHATIF_RULES_LIMIT = 16 << 20, WHATIF_REASONS = 512 };

typedef struct whatif {
    const whatif_options *options;
    pass all;
    csq_rules *rules;
    const csq_policies *policies[2]; /* by csq_what_if_side */
    csq_what_if *what_if;
} whatif;

/* ---- attainment ---------------------------------------------------------------------------- */

/* The rows of one side and clock, by priority; every priority has a line. */
static sums *side_lines(const whatif *w, uint32_t side, uint32_t clock)
{
    sums *lines = sums_new("all");
    const csq_tally *tally = csq_what_if_tally(w->what_if, side);
    const csq_vocabulary *names = csq_schema_vocabulary(w->all.desk.schema, CSQ_TICKET_PRIORITY);
    for (uint32_t code = 1; code <= csq_vocabulary_count(names); ++code) {
        sums_add_line(lines, csq_vocabulary_name(names, code));
    }
    sums_add_line(lines, csq_str_of("(none)"));
    for (uint64_t i = 0; i < csq_tally_count(tally); ++i) {
        csq_tally_row row = {.size = sizeof row};
        if (csq_tally_row_at(tally, i, &row, NULL) == CSQ_OK &&
            desk_clock_of_row(w->policies[side], &row) == clock) {
            sums_add(lines, desk_value(&w->all.desk, CSQ_TICKET_PRIORITY, row.codes[0]), &row);
        }
    }
    sums_sort(lines, SUMS_BY_LABEL);
    return lines;
}

static bool is_empty(const sums_line *line)
{
    return line->met + line->missed + line->open + line->cancelled == 0;
}

static void add_sides(const sums_line *before, const sums_line *after, table *cells)
{
    const int64_t counts[] = {before->met + before->missed,
                              after->met + after->missed,
                              before->missed,
                              after->missed,
                              before->open,
                              after->open};
    char text[TEXT_CAPACITY];
    table_add(cells, "%s", before->label);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; ++i) {
        table_add(cells, "%s", text_count(text, counts[i]));
    }
    table_add(cells, "%s", text_share(text, before->met, counts[0]));
    table_add(cells, "%s", text_share(text, after->met, counts[1]));
}

/* A clock by name; an index that neither side has stands for one that is missing there. */
static void print_attainment(const whatif *w, csq_str name, uint32_t before, uint32_t after)
{
    sums *lines[2] = {side_lines(w, CSQ_WHAT_IF_BEFORE, before),
                      side_lines(w, CSQ_WHAT_IF_AFTER, after)};
    table *cells = table_new("lrrrrrrrr", "priority|n before|n after|missed before|missed after|"
                                          "open before|open after|share before|share after");
    for (uint32_t i = 0; i < sums_count(lines[0]); ++i) {
        if (!is_empty(sums_at(lines[0], i)) || !is_empty(sums_at(lines[1], i))) {
            add_sides(sums_at(lines[0], i), sums_at(lines[1], i), cells);
        }
    }
    const sums_line total[2] = {sums_rest(lines[0], 0), sums_rest(lines[1], 0)};
    add_sides(&total[0], &total[1], cells);
    text_line("== %.*s ==", TEXT(name));
    printf("\n");
    table_print(cells, stdout);
    printf("\n");
    table_free(cells);
    sums_free(lines[0]);
    sums_free(lines[1]);
}

/* The clock of the same metric and track, by their names; CSQ_NO_INDEX where there is none. */
static uint32_t find_same(const csq_policies *from, uint32_t clock, const csq_policies *in)
{
    csq_clock of = {.size = sizeof of};
    uint32_t metric;
    uint32_t same;
    return csq_policies_clock_at(from, clock, &of, NULL) == CSQ_OK &&
                   csq_policies_find_metric(in, csq_policies_metric_name(from, of.metric), &metric,
                                            NULL) == CSQ_OK &&
                   csq_policies_find_clock(in, metric, of.track, &same, NULL) == CSQ_OK
               ? same
               : CSQ_NO_INDEX;
}

static void print_all_attainment(const whatif *w)
{
    const csq_policies *const before = w->policies[CSQ_WHAT_IF_BEFORE];
    const csq_policies *const after = w->policies[CSQ_WHAT_IF_AFTER];
    char name[DESK_CLOCK_CAPACITY];
    for (uint32_t i = 0; i < csq_policies_clock_count(before); ++i) {
        print_attainment(w, desk_clock_name(before, i, name), i, find_same(before, i, after));
    }
    for (uint32_t i = 0; i < csq_policies_clock_count(after); ++i) {
        if (find_same(after, i, before) == CSQ_NO_INDEX) {
            print_attainment(w, desk_clock_name(after, i, name), CSQ_NO_INDEX, i);
        }
    }
}

/* ---- changes ------------------------------------------------------------------------------- */

/* "late by 1:59", "in time, 4:30 left", "late"; empty where there is no clock. */
static void side_text(const whatif *w, uint64_t index, uint32_t side, char out[2 * TEXT_CAPACITY])
{
    csq_answer answer = {.size = sizeof answer};
    char text[TEXT_CAPACITY];
    out[0] = '\0';
    if (csq_what_if_answer(w->what_if, index, side, &answer, NULL) != CSQ_OK ||
        answer.phase <= CSQ_PHASE_NOT_STARTED) {
        return;
    }
    const bool is_late = answer.breached != 0;
    if (answer.remaining_ms == CSQ_MS_NONE) {
        snprintf(out, 2 * TEXT_CAPACITY, "%s", is_late ? "late" : "in time");
        return;
    }
    text_duration(text, is_late ? -answer.remaining_ms : answer.remaining_ms);
    snprintf(out, 2 * TEXT_CAPACITY, is_late ? "late by %s" : "in time, %s left", text);
}

/* "another target, other hours". */
static void reasons_text(uint32_t reasons, char out[WHATIF_REASONS])
{
    static const char *const words[] = {
        "a clock only after", "a clock only before", "another policy", "another target",
        "another calendar",   "another metric",      "another cycle",  "measured otherwise",
    };
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        if ((reasons >> i & 1) != 0) {
            const int n = snprintf(out + length, WHATIF_REASONS - length, "%s%s",
                                   length != 0 ? ", " : "", words[i]);
            length += n > 0 ? (size_t)n : 0;
        }
    }
}

static void add_change(const whatif *w, uint64_t index, table *cells)
{
    csq_what_if_change change = {.size = sizeof change};
    char text[WHATIF_REASONS];
    if (csq_what_if_change_at(w->what_if, index, &change, NULL) != CSQ_OK) {
        return;
    }
    const bool was_there = change.clock_before != CSQ_NO_INDEX;
    char clock[DESK_CLOCK_CAPACITY];
    const csq_str name =
        desk_clock_name(w->policies[was_there ? CSQ_WHAT_IF_BEFORE : CSQ_WHAT_IF_AFTER],
                        was_there ? change.clock_before : change.clock_after, clock);
    table_add(cells, "%.*s", TEXT(pass_number(&w->all, change.ticket)));
    table_add(cells, "%.*s", TEXT(name));
    table_add(cells, "%s", change.missed_after > change.missed_before ? "worse" : "better");
    side_text(w, index, CSQ_WHAT_IF_BEFORE, text);
    table_add(cells, "%s", text);
    side_text(w, index, CSQ_WHAT_IF_AFTER, text);
    table_add(cells, "%s", text);
    reasons_text(change.reasons, text);
    table_add(cells, "%s", text);
}

static void print_changes(const whatif *w)
{
    csq_what_if_summary summary = {.size = sizeof summary};
    char tickets[TEXT_CAPACITY];
    char changed[TEXT_CAPACITY];
    char worse[TEXT_CAPACITY];
    char better[TEXT_CAPACITY];
    (void)csq_what_if_summary_of(w->what_if, &summary, NULL);
    text_line("Clocks of %s of %s incidents come out otherwise; %s clocks become worse, %s better.",
              text_count(changed, (int64_t)summary.changed_tickets),
              text_count(tickets, (int64_t)summary.tickets),
              text_count(worse, (int64_t)summary.worse),
              text_count(better, (int64_t)summary.better));
    const uint64_t n = csq_what_if_count(w->what_if);
    if (n == 0) {
        return;
    }
    printf("\n");
    table *cells = table_new("llllll", "incident|clock|verdict|before|after|what differs");
    for (uint64_t i = 0; i < n; ++i) {
        add_change(w, i, cells);
    }
    table_print(cells, stdout);
    table_free(cells);
    if (summary.unlisted != 0) {
        printf("\n");
        text_line("  %s more; --changes N shows more of them.",
                  text_count(worse, (int64_t)summary.unlisted));
    }
}

/* ---- the run ------------------------------------------------------------------------------- */

static csq_status whatif_look(void *user, const csq_ticket *ticket, csq_error *error)
{
    whatif *w = user;
    return csq_what_if_add(w->what_if, ticket, w->all.now, error);
}

static bool read_other_rules(whatif *w)
{
    char *text = NULL;
    uint64_t size = 0;
    if (!text_read_file(w->options->rules, WHATIF_RULES_LIMIT, &text, &size)) {
        return false;
    }
    w->rules = desk_read_rules(&w->all.desk, (csq_str){text, size}, w->options->rules,
                               w->options->zoneinfo);
    free(text);
    return w->rules != NULL;
}

static bool whatif_begin(whatif *w)
{
    static const uint32_t attributes[] = {CSQ_TICKET_PRIORITY};
    const csq_tally_options tally = {
        .size = sizeof tally, .n_attributes = 1, .attributes = attributes};
    csq_error error;
    if (!pass_open(&w->all, w->options->database, w->options->zoneinfo, w->options->now) ||
        !read_other_rules(w)) {
        return false;
    }
    w->policies[CSQ_WHAT_IF_BEFORE] = w->all.desk.policies;
    w->policies[CSQ_WHAT_IF_AFTER] = csq_rules_policies(w->rules);
    const csq_what_if_options options = {
        .size = sizeof options,
        .list = CSQ_WHAT_IF_LIST_MISSED,
        .change_limit = w->options->changes != 0 ? w->options->changes : WHATIF_CHANGES,
        .tally = &tally,
    };
    return csq_what_if_new(w->policies[0], w->policies[1], &options, NULL, &w->what_if, &error) ==
               CSQ_OK ||
           text_fail_csq("whatif", &error);
}

bool whatif_run(const whatif_options *options)
{
    whatif *w = text_grow(NULL, sizeof *w);
    memset(w, 0, sizeof *w);
    w->options = options;
    const bool is_done = whatif_begin(w) && pass_each(&w->all, whatif_look, w);
    if (is_done) {
        pass_print_head(&w->all, "The stored rules (before) and other rules (after)");
        print_all_attainment(w);
        print_changes(w);
    }
    csq_what_if_free(w->what_if);
    csq_rules_free(w->rules);
    pass_close(&w->all);
    free(w);
    return is_done;
}
