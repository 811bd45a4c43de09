/*
 * zone — the zones of a document while its calendars are read.
 *
 * Uses: base, time, text.
 */
#ifndef CSQ_RULES_ZONE_H
#define CSQ_RULES_ZONE_H

#include "rules/rules_internal.h"

typedef struct csq__named_zone {
    csq_str name; /* in the document */
    csq_zone *zone;
} csq__named_zone;

typedef struct csq__zones {
    const csq__document *document;
    csq_zone_source source;
    void *user;
    csq__array known; /* csq__named_zone */
} csq__zones;

/* The zone at a node of shape ZONE; the caller frees it. Errors are placed: CSQ_EZONE,
 * CSQ_EPOSIXTZ, CSQ_ERANGE, what the host's source returned. */
csq_status csq__zones_get(csq__zones *zones, uint32_t node, csq_zone **out, csq_error *error);
void csq__zones_release(csq__zones *zones);

#endif
