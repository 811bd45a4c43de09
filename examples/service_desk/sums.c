/*
 * sums — rows of a tally added up under labels: the lines of a table of attainment.
 *
 * Counts and times are added as integers; quotients are taken when a line is printed, and where n
 * is 0 there is none: the cell says "no data".
 *
 * Uses: shown, table, text.
 */
#include "sums.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shown.h"
#include "text.h"

struct sums {
    const char *total;
    sums_line *lines;
    uint32_t n;
    uint32_t capacity;
};

sums *sums_new(const char *total)
{
    sums *lines = text_grow(NULL, sizeof *lines);
    *lines = (sums){.total = total};
    return lines;
}

void sums_free(sums *lines)
{
    free(lines->lines);
    free(lines);
}

static sums_line empty_line(csq_str label)
{
    sums_line line = {.overrun_max_ms = CSQ_MS_NONE, .target_ms = CSQ_MS_NONE};
    const csq_str shown = shown_cut(label, sizeof line.label - 1);
    snprintf(line.label, sizeof line.label, "%.*s", TEXT(shown));
    return line;
}

static sums_line *find_line(sums *lines, csq_str label)
{
    const sums_line fresh = empty_line(label);
    for (uint32_t i = 0; i < lines->n; ++i) {
        if (strcmp(lines->lines[i].label, fresh.label) == 0) {
            return &lines->lines[i];
        }
    }
    if (lines->n == lines->capacity) {
        lines->capacity = lines->capacity != 0 ? 2 * lines->capacity : 32;
        lines->lines = text_grow(lines->lines, lines->capacity * sizeof *lines->lines);
    }
    lines->lines[lines->n] = fresh;
    return &lines->lines[lines->n++];
}

static void merge_line(sums_line *into, const sums_line *from)
{
    into->met += from->met;
    into->missed += from->missed;
    into->open += from->open;
    into->cancelled += from->cancelled;
    into->elapsed_ms += from->elapsed_ms;
    into->paused_ms += from->paused_ms;
    into->overrun_ms += from->overrun_ms;
    if (from->overrun_max_ms > into->overrun_max_ms) { /* CSQ_MS_NONE is the smallest value */
        into->overrun_max_ms = from->overrun_max_ms;
    }
    if (into->n_targets == 0) {
        into->target_ms = from->target_ms;
        into->n_targets = from->n_targets;
    } else if (from->n_targets != 0 && from->target_ms != into->target_ms) {
        into->target_ms = CSQ_MS_NONE;
        into->n_targets = 2;
    }
}

void sums_add_line(sums *lines, csq_str label)
{
    find_line(lines, label);
}

void sums_add(sums *lines, csq_str label, const csq_tally_row *row)
{
    const sums_line added = {
        .met = (int64_t)row->met,
        .missed = (int64_t)row->missed,
        .open = (int64_t)row->open,
        .cancelled = (int64_t)row->cancelled,
        .elapsed_ms = row->elapsed_ms,
        .paused_ms = row->paused_ms,
        .overrun_ms = row->overrun_ms,
        .overrun_max_ms = row->overrun_max_ms,
        .target_ms = row->target_ms,
        .n_targets = 1,
    };
    merge_line(find_line(lines, label), &added);
}

static int compare_labels(const void *a, const void *b)
{
    const sums_line *left = a;
    const sums_line *right = b;
    return strcmp(left->label, right->label);
}

/* The largest n first. */
static int compare_sizes(const void *a, const void *b)
{
    const sums_line *left = a;
    const sums_line *right = b;
    const int64_t n_left = left->met + left->missed;
    const int64_t n_right = right->met + right->missed;
    return n_left != n_right ? (n_left < n_right) - (n_left > n_right) : compare_labels(a, b);
}

void sums_sort(sums *lines, sums_order order)
{
    if (lines->n > 1) {
        qsort(lines->lines, lines->n, sizeof *lines->lines,
              order == SUMS_BY_SIZE ? compare_sizes : compare_labels);
    }
}

bool sums_has_several(const sums *lines)
{
    for (uint32_t i = 0; i < lines->n; ++i) {
        if (lines->lines[i].n_targets == 2) {
            return true;
        }
    }
    return false;
}

uint32_t sums_count(const sums *lines)
{
    return lines->n;
}

const sums_line *sums_at(const sums *lines, uint32_t index)
{
    return &lines->lines[index];
}

sums_line sums_rest(const sums *lines, uint32_t first)
{
    sums_line rest = empty_line(csq_str_of(lines->total));
    for (uint32_t i = first; i < lines->n; ++i) {
        merge_line(&rest, &lines->lines[i]);
    }
    if (first != 0) {
        snprintf(rest.label, sizeof rest.label, "(%u others)", lines->n - first);
    }
    return rest;
}

/* To the minute, as everything in these tables. */
static csq_ms mean_overrun(const sums_line *line)
{
    return line->missed != 0 ? line->overrun_ms / line->missed / 60000 * 60000 : CSQ_MS_NONE;
}

void sums_add_cells(const sums_line *line, table *cells)
{
    char text[TEXT_CAPACITY];
    const int64_t n = line->met + line->missed;
    table_add(cells, "%s", line->label);
    table_add(cells, "%s", line->n_targets == 2 ? "several" : text_duration(text, line->target_ms));
    table_add(cells, "%s", text_count(text, n));
    table_add(cells, "%s", text_count(text, line->met));
    table_add(cells, "%s", text_count(text, line->missed));
    table_add(cells, "%s", text_share(text, line->met, n));
    table_add(cells, "%s", text_count(text, line->open));
    table_add(cells, "%s", text_duration(text, mean_overrun(line)));
    table_add(cells, "%s", text_duration(text, line->overrun_max_ms));
    table_add(cells, "%s", text_share(text, line->paused_ms, line->paused_ms + line->elapsed_ms));
}
