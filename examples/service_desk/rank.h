/*
 * rank — what to work on next: the open incidents in the order of the rules' ranking.
 */
#ifndef SERVICE_DESK_RANK_H
#define SERVICE_DESK_RANK_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

typedef struct rank_options {
    const char *database;
    const char *metric;   /* the clock that counts; NULL: all */
    const char *zoneinfo; /* NULL: the machine's */
    csq_ms now;           /* CSQ_MS_NONE: the last update of the log */
    uint32_t top;         /* places shown; 0: 20 */
} rank_options;

/* Prints on stdout; says on stderr why it fails. */
bool rank_run(const rank_options *options);

#endif
