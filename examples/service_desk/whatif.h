/*
 * whatif — what other rules would have made of the stored incidents.
 */
#ifndef SERVICE_DESK_WHATIF_H
#define SERVICE_DESK_WHATIF_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

typedef struct whatif_options {
    const char *database;
    const char *rules;    /* path of the other rules document */
    const char *zoneinfo; /* NULL: the machine's */
    csq_ms now;           /* CSQ_MS_NONE: the last update of the log */
    uint32_t changes;     /* shown one by one; 0: 20 */
} whatif_options;

/* Prints on stdout; says on stderr why it fails. The database is only read. */
bool whatif_run(const whatif_options *options);

#endif
