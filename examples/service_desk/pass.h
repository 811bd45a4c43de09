/*
 * pass — one pass over all stored incidents, and their numbers by id afterwards.
 */
#ifndef SERVICE_DESK_PASS_H
#define SERVICE_DESK_PASS_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

#include "desk.h"
#include "range.h"
#include "store.h"

typedef struct pass_incident {
    uint64_t id;
    char *number;
} pass_incident;

typedef struct pass {
    store *db;
    service_desk desk;
    csq_ms now;
    range_notes left_out;
    pass_incident *incidents; /* in the order of their ids, once pass_each is done */
    uint64_t n;
    uint64_t capacity;
} pass;

/* Opens a database that holds incidents, with its rules; `now` may be CSQ_MS_NONE, for the last
 * update of the log. Says on stderr why it fails. */
bool pass_open(pass *out, const char *database, const char *zoneinfo, csq_ms now);
/* Also of a pass that failed to open. */
void pass_close(pass *all);

/* Looks at an incident that was opened by `now`. CSQ_ERANGE leaves it out, which is said on stderr
 * and counted; any other failure ends the pass. */
typedef csq_status (*pass_look)(void *user, const csq_ticket *ticket, csq_error *error);
bool pass_each(pass *all, pass_look look, void *user);

/* The number of an incident that the pass has seen. */
csq_str pass_number(const pass *all, uint64_t id);
/* The instant of the pass, and how many incidents are left out. */
void pass_print_head(const pass *all, const char *title);

#endif
