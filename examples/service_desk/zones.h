/*
 * zones — time zones by IANA name, as the machine's zone database has them.
 */
#ifndef SERVICE_DESK_ZONES_H
#define SERVICE_DESK_ZONES_H

#include <csq/csq.h>

#define ZONES_DIRECTORY "/usr/share/zoneinfo"

/*
 * A csq_zone_source; `directory` is the path of the database (const char *). Names that could lead
 * out of it are refused. Says on stderr why it fails.
 */
csq_status zones_find(void *directory, csq_str name, csq_zone **out);

#endif
