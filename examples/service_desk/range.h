/*
 * range — instants for which a calendar of the rules does not answer, said in words.
 *
 * A calendar answers for its `years`; a clock that needs an instant outside them has no answer.
 * That is a fault of the rules, or of one date in the log, and never a reason to keep silent about
 * all other incidents.
 */
#ifndef SERVICE_DESK_RANGE_H
#define SERVICE_DESK_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include <csq/csq.h>

#include "desk.h"
#include "store.h"

/*
 * Asks every clock at `now`; `answers` has room for CSQ_CLOCK_LIMIT, or is NULL.
 * CSQ_ERANGE: an instant lies outside the years of a calendar.
 */
csq_status range_ask(const service_desk *desk, const csq_ticket *ticket, csq_ms now,
                     csq_answer *answers, csq_error *error);

/* Incidents whose clocks cannot be told. */
typedef struct range_notes {
    int64_t n;
    int64_t n_named;
    bool is_now_named;
} range_notes;

/* The most incidents that are named one by one. */
enum { RANGE_NAMED = 10 };

/* Counts an incident, and says on stderr which instant up to `now` no calendar knows; `now` itself
 * is said once, not for each incident. */
void range_note(range_notes *notes, const service_desk *desk, csq_str number,
                const csq_ticket *ticket, csq_ms now);

/* The last update of the log that is within the years of a calendar at least: a single date in a
 * far future is no instant to judge all others at. */
bool range_last_update(const service_desk *desk, store *db, csq_ms *out);

#endif
