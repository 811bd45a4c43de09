/*
 * sums — rows of a tally added up under labels: the lines of a table of attainment.
 */
#ifndef SERVICE_DESK_SUMS_H
#define SERVICE_DESK_SUMS_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

#include "table.h"

typedef struct sums_line {
    char label[256];
    int64_t met;
    int64_t missed;
    int64_t open;
    int64_t cancelled;
    csq_ms elapsed_ms;
    csq_ms paused_ms;
    csq_ms overrun_ms;
    csq_ms overrun_max_ms; /* CSQ_MS_NONE if none */
    csq_ms target_ms;      /* CSQ_MS_NONE if there are several or none */
    uint32_t n_targets;    /* 2 stands for several */
} sums_line;

typedef struct sums sums;

typedef enum sums_order { SUMS_BY_LABEL, SUMS_BY_SIZE } sums_order;

/* `total` is the label of the line that adds up everything. */
sums *sums_new(const char *total);
void sums_free(sums *lines);
/* A line that stays empty if no row comes. */
void sums_add_line(sums *lines, csq_str label);
void sums_add(sums *lines, csq_str label, const csq_tally_row *row);
void sums_sort(sums *lines, sums_order order);

/* Whether the cell "target" of a line says "several"; the total is not looked at. */
bool sums_has_several(const sums *lines);

uint32_t sums_count(const sums *lines);
const sums_line *sums_at(const sums *lines, uint32_t index);
/* The lines from `first` on as one; from 0 on it is the total. */
sums_line sums_rest(const sums *lines, uint32_t first);

/* Ten cells: label, target, n, met, missed, share met, open, mean and max overrun, paused share. */
void sums_add_cells(const sums_line *line, table *cells);

#endif
