/*
 * explain — the timeline of one clock of one incident: what counted, what did not, and why.
 */
#ifndef SERVICE_DESK_EXPLAIN_H
#define SERVICE_DESK_EXPLAIN_H

#include <stdbool.h>

#include <csq/csq.h>

typedef struct explain_options {
    const char *database;
    const char *number;   /* of the incident */
    const char *metric;   /* NULL: the first of the rules */
    const char *zoneinfo; /* NULL: the machine's */
    csq_ms now;           /* CSQ_MS_NONE: the last update of the log */
} explain_options;

/* Prints on stdout; says on stderr why it fails. */
bool explain_run(const explain_options *options);

#endif
