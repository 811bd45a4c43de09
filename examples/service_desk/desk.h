/*
 * desk — where the program and libcsq meet: the rules in force, and tickets made of updates.
 */
#ifndef SERVICE_DESK_DESK_H
#define SERVICE_DESK_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

#include "log.h"
#include "store.h"

typedef struct service_desk {
    csq_schema *schema;
    csq_rules *rules;
    csq_policies *policies; /* borrowed from the rules */
} service_desk;

/* Reads a rules document; `name` is what messages call it. Says on stderr why it fails. */
bool desk_open(service_desk *out, csq_str rules, const char *name, const char *zoneinfo);
/* The same with the rules that a database keeps. */
bool desk_open_stored(service_desk *out, store *db, const char *zoneinfo);
/* Also of a desk that failed to open, or is all zero. */
void desk_close(service_desk *desk);

/* Reads other rules for the tickets of a desk; freed with csq_rules_free. NULL when it fails, said
 * on stderr. */
csq_rules *desk_read_rules(const service_desk *desk, csq_str rules, const char *name,
                           const char *zoneinfo);

/* Says on stderr what the rules could mean otherwise than they say; `name` as above. */
bool desk_give_advice(const service_desk *desk, const char *name);

/* Room for the name of any clock, with its NUL. */
enum { DESK_CLOCK_CAPACITY = 516 };
/* "resolution", or "resolution/supplier" in a track that has a name; written into `out`. */
csq_str desk_clock_name(const csq_policies *policies, uint32_t clock,
                        char out[DESK_CLOCK_CAPACITY]);
/* The clock of a name, also the first one of a metric; the first of all for NULL. Says on stderr
 * which there are. */
bool desk_find_clock(const service_desk *desk, const char *name, uint32_t *clock);
/* The clock whose cycles a row of a tally counts. */
uint32_t desk_clock_of_row(const csq_policies *policies, const csq_tally_row *row);
/* The zone whose clock a calendar follows; NULL: UTC. */
const csq_zone *desk_zone(const service_desk *desk, uint32_t calendar);
/* "Resolved", "P3"; "(none)" for no value. */
csq_str desk_value(const service_desk *desk, uint32_t attribute, uint32_t code);
/* The code that a category has after the last event up to `now`. */
uint32_t desk_value_at(const csq_ticket *ticket, uint32_t attribute, csq_ms now);

/* Whether libcsq takes the names in a row; the reason where not. */
bool desk_check_row(const service_desk *desk, const log_row *row, char reason[LOG_REASON_CAPACITY]);

/*
 * The ticket of an incident, from its state or, where that is missing or damaged (said on stderr),
 * from its updates; then `incident->state` becomes NULL. Freed with csq_ticket_free. NULL when it
 * fails, said on stderr.
 */
csq_ticket *desk_get_ticket(const service_desk *desk, store *db, store_incident *incident);
/* Makes the state of an incident again and stores it. */
bool desk_refresh(const service_desk *desk, store *db, int64_t incident);

#endif
