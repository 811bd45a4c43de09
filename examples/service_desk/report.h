/*
 * report — attainment, overruns and waiting of all incidents, as tables.
 */
#ifndef SERVICE_DESK_REPORT_H
#define SERVICE_DESK_REPORT_H

#include <stdbool.h>

#include <csq/csq.h>

typedef struct report_options {
    const char *database;
    const char *zoneinfo; /* NULL: the machine's */
    csq_ms now;           /* CSQ_MS_NONE: the last update of the log */
    uint32_t groups;      /* shown one by one; 0: 12 */
} report_options;

/* Prints on stdout; says on stderr why it fails. */
bool report_run(const report_options *options);

#endif
