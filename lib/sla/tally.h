/*
 * tally — the inside of an attainment tally, shared by counting, replaying and encoding.
 *
 * Rows are found through a table of their keys and listed through `order`. A state that is being
 * filled (one ticket, one log) is a tally of its own, which is merged when it is complete.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#ifndef CSQ__SLA_TALLY_H
#define CSQ__SLA_TALLY_H

#include "sla/sla_internal.h"

typedef struct csq__tally_key {
    csq_ms target;      /* 0 for a target in working days */
    csq_ms period_from; /* CSQ_MS_NONE without periods */
    uint32_t metric;
    uint32_t policy;
    uint32_t workdays;
    uint32_t codes[CSQ_TALLY_ATTRIBUTE_LIMIT];
    uint32_t reserved;
} csq__tally_key;

typedef struct csq__tally_entry {
    csq__tally_key key;
    uint64_t met;
    uint64_t missed;
    uint64_t open;
    uint64_t late_open;
    uint64_t cancelled;
    int64_t elapsed;
    int64_t paused;
    int64_t overrun;
    int64_t overrun_max; /* CSQ_MS_NONE: none */
} csq__tally_entry;

enum { CSQ__TALLY_RECENT = 64 };

struct csq_tally {
    csq_allocator allocator;
    csq_policies *policies; /* retained */
    csq_zone *zone;         /* retained, or NULL: UTC */
    uint32_t n_attributes;
    uint32_t attributes[CSQ_TALLY_ATTRIBUTE_LIMIT];
    csq_period_options period;
    uint64_t fingerprint;
    /* The layout of the policies, with slots for the attributes that no rule reads. */
    uint16_t *slot_of;
    size_t n_slot_of;
    size_t n_slots;
    uint16_t group_slots[CSQ_TALLY_ATTRIBUTE_LIMIT];
    csq__array entries;                 /* csq__tally_entry */
    csq__table table;                   /* entry index + 1 by key */
    csq__array order;                   /* uint32_t: entries in the order of rows */
    uint32_t recent[CSQ__TALLY_RECENT]; /* entry index + 1, by some bits of the hash of its key */
    csq_ms period_from;                 /* the last period asked for */
    csq_ms period_to;
};

/* The entry of a key, or NULL. */
csq__tally_entry *csq__tally_find(const csq_tally *tally, const csq__tally_key *key);

/* The entry of a key, a zeroed one if it is new and not yet in the order; NULL without memory. */
csq__tally_entry *csq__tally_entry_of(csq_tally *tally, const csq__tally_key *key);

/* An empty tally of the same kind. */
csq_status csq__tally_new_like(const csq_tally *tally, csq_tally **out, csq_error *error);

/* The same for counting: looks among the entries used last first. */
csq__tally_entry *csq__tally_entry_for_count(csq_tally *tally, const csq__tally_key *key);

/* Whether an entry is one that counting can lead to. */
bool csq__tally_is_sound(const csq_tally *tally, const csq__tally_entry *entry);

/* Counts all cycles of a walk that has settled at `now`. Sets walk->needs_recorder if only a walk
 * with a recorder can tell. */
csq_status csq__tally_count_walk(csq_tally *tally, csq__walk *walk, csq_ms now, csq_error *error);

/* A walk that keeps the values of the tally's attributes. */
csq_status csq__tally_walk_init(const csq_tally *tally, csq__walk *walk, csq_error *error);

/* Brings the order of rows up to date after entries were added. */
csq_status csq__tally_sort(csq_tally *tally, csq_error *error);

#endif
