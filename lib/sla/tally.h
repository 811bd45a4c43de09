/*
 * tally — the inside of an attainment tally, shared by counting, replaying and encoding.
 *
 * Rows are found through a table of their keys and listed through `order`. A state that is being
 * filled (one ticket, one log) is a tally of its own, which is merged when it is complete.
 *
 * Uses: base, time, calendar, stat, condition, ticket.
 */
#ifndef CSQ__SLA_TALLY_H
#define CSQ__SLA_TALLY_H

#include "sla/sla_internal.h"
#include "stat/stat_internal.h"

typedef struct csq__tally_key {
    csq_ms target;      /* 0 for a target in working days or a due instant */
    csq_ms period_from; /* CSQ_MS_NONE without periods */
    uint32_t metric;
    uint32_t policy;
    uint32_t workdays;
    uint32_t codes[CSQ_TALLY_ATTRIBUTE_LIMIT];
    uint32_t due; /* the attribute of a due instant, else 0 */
} csq__tally_key;

_Static_assert(sizeof(csq__tally_key) == 64, "no padding");
/* Chains of promises, for targets that are due instants: of met and missed cycles. */
typedef struct csq__promise_sums {
    uint64_t promised; /* cycles with a promise */
    uint64_t kept_original;
    uint64_t kept_latest;
    uint64_t re_promised;
    uint64_t estimates; /* promises of completed cycles */
    int64_t error;      /* of these: stop - promised, on the calendar of the clock */
    int64_t error_size; /* the same without sign */
} csq__promise_sums;

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
    csq__promise_sums promises;
} csq__tally_entry;

enum {
    CSQ__TALLY_RECENT_BITS = 9,
    CSQ__TALLY_RECENT = 1 << CSQ__TALLY_RECENT_BITS,
    CSQ__TALLY_MEASURES = 3
};

struct csq_tally {
    csq_allocator allocator;
    csq_policies *policies; /* retained */
    csq_zone *zone;         /* retained, or NULL: UTC */
    uint32_t n_attributes;
    uint32_t attributes[CSQ_TALLY_ATTRIBUTE_LIMIT];
    csq_period_options period;
    uint32_t measures; /* bits of csq_tally_measure */
    uint32_t exact_limit;
    uint64_t fingerprint;
    /* The layout of the policies, with slots for the attributes that no rule reads. */
    uint16_t *slot_of;
    size_t n_slot_of;
    size_t n_slots;
    uint16_t group_slots[CSQ_TALLY_ATTRIBUTE_LIMIT];
    csq__array entries;                 /* csq__tally_entry */
    csq__array times; /* csq__quantiles, CSQ__TALLY_MEASURES an entry where there are measures */
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

/* Merging in two steps, where several things must be merged together or not at all: the first takes
 * all that the second needs, and can be undone with the number of entries there were before. */
csq_status csq__tally_prepare(csq_tally *tally, const csq_tally *other, csq_error *error);
void csq__tally_undo_prepare(csq_tally *tally, size_t n);
void csq__tally_apply(csq_tally *tally, const csq_tally *other);

/* Whether a cycle counts: it has begun, under an agreement that applies. */
bool csq__tally_is_countable(const csq__walk *walk, uint32_t clock, const csq__run *run);

/* Fails for a row that is not there. */
csq_status csq__tally_fail_row(const csq_tally *tally, uint64_t index, csq_error *error);

/* ---- times, where the options ask for quantiles (tally_quantiles.c) ------------------------- */

/* Makes room for the times of one more entry, or adds them, empty; neither without measures. */
bool csq__tally_times_reserve(csq_tally *tally);
void csq__tally_times_push(csq_tally *tally);
/* Forgets the times of all entries but the first n. */
void csq__tally_times_drop(csq_tally *tally, size_t n);
/* Adds the times of a cycle that was counted as met or missed. */
csq_status csq__tally_times_add(csq_tally *tally, const csq__tally_entry *entry,
                                const csq__judged *judged, csq_error *error);
/* Takes the memory for merging the times of another tally's entry, and merges them. */
csq_status csq__tally_times_prepare(csq_tally *tally, const csq__tally_entry *into,
                                    const csq_tally *other, const csq__tally_entry *from,
                                    csq_error *error);
void csq__tally_times_merge(csq_tally *tally, const csq__tally_entry *into,
                            const csq_tally *other, const csq__tally_entry *from);
/* The times of `left`, an entry of `rest`, become those of `entry` less those of `part`, an entry
 * of `other` or NULL. Errors: CSQ_ESTATE, CSQ_ENOMEM. */
csq_status csq__tally_times_subtract(csq_tally *rest, const csq__tally_entry *left,
                                     const csq_tally *tally, const csq__tally_entry *entry,
                                     const csq_tally *other, const csq__tally_entry *part,
                                     csq_error *error);
bool csq__tally_times_are_same(const csq_tally *tally, const csq__tally_entry *a,
                               const csq_tally *other, const csq__tally_entry *b);
/* Whether the times of an entry fit its counts and sums, which are sound. */
bool csq__tally_times_are_sound(const csq_tally *tally, const csq__tally_entry *entry);
void csq__tally_times_write(csq__writer *writer, const csq_tally *tally,
                            const csq__tally_entry *entry);
/* False without memory. */
bool csq__tally_times_read(csq__reader *reader, csq_tally *tally, const csq__tally_entry *entry);

/* ---- counting ------------------------------------------------------------------------------ */

/* Counts all cycles of a walk that has settled at `now`. Sets walk->needs_recorder if only a walk
 * with a recorder can tell. */
csq_status csq__tally_count_walk(csq_tally *tally, csq__walk *walk, csq_ms now, csq_error *error);

/* A walk that keeps the values of the tally's attributes. */
csq_status csq__tally_walk_init(const csq_tally *tally, csq__walk *walk, csq_error *error);

/* Counts the chain of a met or missed cycle. Errors: CSQ_EOVERFLOW, CSQ_ERANGE. */
csq_status csq__promise_sums_count(csq__promise_sums *sums, const csq__judged *judged,
                                   csq_error *error);
bool csq__promise_sums_add(csq__promise_sums *into, const csq__promise_sums *from);
/* False where `part` is no part of `from`. */
bool csq__promise_sums_subtract(csq__promise_sums *from, const csq__promise_sums *part);
/* Whether counting can lead to the sums of an entry. */
bool csq__promise_sums_are_sound(const csq__tally_entry *entry);
void csq__promise_sums_write(csq__writer *writer, const csq__promise_sums *sums);
void csq__promise_sums_read(csq__reader *reader, csq__promise_sums *sums);

/* Brings the order of rows up to date after entries were added. */
csq_status csq__tally_sort(csq_tally *tally, csq_error *error);

#endif
