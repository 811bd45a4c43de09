/*
 * import — reads a log into the database, so that it can be stopped at any moment and go on.
 */
#ifndef SERVICE_DESK_IMPORT_H
#define SERVICE_DESK_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct import_options {
    const char *database;
    const char *log;
    const char *rules;    /* NULL: those that the database keeps */
    const char *zoneinfo; /* NULL: the machine's */
    int64_t batch;        /* rows to a transaction; 0: 5,000 */
} import_options;

/* Says on stderr what is wrong, on stdout what was imported. */
bool import_run(const import_options *options);

#endif
