/*
 * watch — what is due next, what is late, and what the ladders of the clocks have told.
 */
#ifndef SERVICE_DESK_WATCH_H
#define SERVICE_DESK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

typedef struct watch_options {
    const char *database;
    const char *zoneinfo; /* NULL: the machine's */
    csq_ms now;           /* CSQ_MS_NONE: the last update of the log */
    csq_ms since;         /* CSQ_MS_NONE: a day before */
    uint32_t next;        /* lines of each list; 0: 10 */
} watch_options;

/* Prints on stdout; says on stderr why it fails. */
bool watch_run(const watch_options *options);

#endif
