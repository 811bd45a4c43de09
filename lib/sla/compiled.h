/*
 * compiled — policies as they are once they are built: clocks, terms, choices, tracks, epochs.
 *
 * csq_policies is a table: a row for each clock (a metric in a track), a choice of terms for each
 * policy and metric, and for each kind of event and each slot of the frame the set of clocks that
 * it can concern.
 *
 * Uses: base, calendar, condition, ticket.
 */
#ifndef CSQ__SLA_COMPILED_H
#define CSQ__SLA_COMPILED_H

#include "calendar/calendar_internal.h"
#include "condition/condition_internal.h"
#include "csq/sla.h"
#include "ticket/ticket_internal.h"

/* What a policy demands of a metric: the agreement. Index 0 of the table of terms is "none". */
typedef struct csq__terms {
    uint32_t policy;
    uint32_t calendar; /* index + 1 into the calendars; 0: every instant counts */
    csq_ms target;     /* 0 for a target in working days or a due instant */
    uint32_t workdays;
    uint32_t end_of_day;
    uint32_t due_attribute; /* of a target that is a due instant, else 0 */
    uint32_t due_slot;      /* filled in when compiled */
} csq__terms;

/* Terms by the value of one attribute. */
typedef struct csq__choice_case {
    uint32_t code;
    uint32_t terms;
} csq__choice_case;

/* By code, for csq__sort. */
int csq__choice_compare(const void *a, const void *b, const void *user);

typedef struct csq__choice {
    uint32_t attribute; /* 0: `otherwise` always */
    uint32_t slot;
    uint32_t otherwise; /* terms */
    csq__array cases;   /* csq__choice_case, sorted by code when built */
    uint16_t *by_code;  /* terms by code, for codes up to the last case; NULL if that is too long */
    uint32_t n_by_code;
} csq__choice;

typedef struct csq__policy {
    csq_str name;
    csq_str own_track; /* as the host named it; empty: it did not */
    uint32_t code;     /* of the attribute `policy` */
    uint32_t track;    /* index */
    csq_condition *match;
    csq__program program;
    csq__choice *choices; /* by metric */
    csq_ms from;          /* INT64_MIN: always was in force */
    csq_ms until;         /* INT64_MAX: always will be */
} csq__policy;

/* Policies of which one holds at a time, in their order. */
typedef struct csq__track {
    csq_str name;        /* that of a policy's */
    csq__array policies; /* uint32_t */
} csq__track;

typedef struct csq__named_calendar {
    csq_str name;
    uint32_t code; /* of the attribute `calendar` */
    csq_calendar *calendar;
} csq__named_calendar;

/* The conditions of a clock, in the order in which they act. */
typedef enum csq__rule {
    CSQ__RULE_STOP,
    CSQ__RULE_CANCEL, /* for good */
    CSQ__RULE_DROP,   /* this cycle */
    CSQ__RULE_RESET,
    CSQ__RULE_PAUSE,
    CSQ__RULE_RESUME,
    CSQ__RULE_REOPEN,
    CSQ__RULE_START,
    CSQ__RULE_ARM, /* must have held once before `start` acts */
    CSQ__RULE_COUNT
} csq__rule;

/* A metric in a track, compiled: one row of the table. Enumerated options are never 0 here. The row
 * of a metric in its first track has the number of the metric; name and steps of further ones are
 * borrowed from that. */
typedef struct csq__clock {
    csq_str name;
    uint32_t code;           /* of the attribute `metric` */
    uint32_t metric;         /* index */
    uint32_t track;          /* index */
    uint32_t first_of_track; /* the first row of the same track */
    csq_condition *conditions[CSQ__RULE_COUNT];
    csq__program rules[CSQ__RULE_COUNT];
    uint32_t present;   /* bit of each rule that there is */
    uint32_t momentary; /* bit of each rule that needs an event of its own: no level to compare */
    uint32_t kinds[CSQ__RULE_COUNT]; /* bits of the kinds of events with which a rule can hold; bit
                                        0: without the event's own attributes */
    uint32_t restarts;               /* `start` on a finished clock begins a new cycle */
    uint32_t wall_time;
    uint32_t reopen_mode;
    uint32_t on_change;
    uint32_t retroactive_pause;
    uint32_t calendar_switch;
    uint32_t edit_scope;
    uint32_t attach;
    uint32_t due_edge;
    uint32_t breach_compare;
    uint32_t empty_calendar;
    uint32_t at_target;
    uint32_t on_no_match;
    uint32_t on_merge;
    uint32_t message_base;
    uint32_t inherit;
    uint32_t by_message; /* it is a message that starts the clock */
    uint32_t version_at;
    uint32_t late_steps;
    uint32_t passed_steps;
    csq__array steps; /* csq_step, texts owned */
} csq__clock;

enum { CSQ__KINDS = CSQ_EVENT_INHERIT + 1, CSQ__BY_CODE_LIMIT = 256 };

/* What an event can concern, besides the clocks, which have a bit each. */
#define CSQ__CLOCKS   (((uint64_t)1 << CSQ_CLOCK_LIMIT) - 1)
#define CSQ__SELECTS  ((uint64_t)1 << 60) /* the choice of policies and targets */
#define CSQ__SWITCHES ((uint64_t)1 << 61) /* the calendar that the ticket names */
#define CSQ__SPECIAL  ((uint64_t)1 << 62) /* the event does more than lead and set an attribute */
#define CSQ__DUES     ((uint64_t)1 << 63) /* a due instant that some target follows */

struct csq_policies {
    csq__count count;
    csq_allocator allocator;
    csq_schema *schema;
    csq__layout layout;
    csq__array clocks;            /* csq__clock */
    uint32_t n_metrics;           /* the first of them */
    uint32_t select;              /* csq_select */
    csq__array policies;          /* csq__policy */
    csq__array tracks;            /* csq__track */
    csq__array epochs;            /* csq_ms, ascending: where versions change */
    csq__array calendars;         /* csq__named_calendar */
    csq__array terms;             /* csq__terms */
    uint64_t by_kind[CSQ__KINDS]; /* what an event of a kind can concern: clocks, CSQ__… */
    uint64_t *by_slot;            /* what a change of a slot can concern */
    uint16_t *slot_of;            /* by attribute: its slot, or the one that nobody reads */
    uint32_t slot_event;          /* of the event's own attributes; n_slots where nobody reads it */
    uint32_t slot_author;
    uint32_t slot_visibility;
    uint32_t slot_policy;
    uint32_t slot_calendar;
    bool asks_for_strangers; /* some rule asks whether a set is empty or changed */
    bool judges_by_instant;  /* judging some clock can need a recorder */
    bool follows_promise;    /* some target is due at the attribute `promise` */
    uint64_t fingerprint;
    uint64_t checkpoint_key; /* the fingerprint and the numbers of the terms */
};

static inline const csq__clock *csq__policies_clock(const csq_policies *policies, uint32_t index)
{
    return (const csq__clock *)policies->clocks.data + index;
}

static inline const csq__policy *csq__policies_policy(const csq_policies *policies, uint32_t index)
{
    return (const csq__policy *)policies->policies.data + index;
}

static inline const csq__terms *csq__policies_terms(const csq_policies *policies, uint32_t index)
{
    return (const csq__terms *)policies->terms.data + index;
}

/* A calendar by index + 1; NULL for 0. */
static inline const csq_calendar *csq__policies_calendar(const csq_policies *policies,
                                                         uint32_t calendar)
{
    return calendar == 0
               ? NULL
               : ((const csq__named_calendar *)policies->calendars.data)[calendar - 1].calendar;
}

/* Whether something that has come as far as its limit is beyond it, as the metric has it. */
static inline bool csq__clock_is_beyond(const csq__clock *clock, csq_ms found, csq_ms limit)
{
    return clock->at_target == CSQ_AT_TARGET_LATE ? found >= limit : found > limit;
}

/* The calendar, as index + 1, that a clock runs on when it is given `calendar`. */
uint32_t csq__clock_calendar(const csq_policies *policies, const csq__clock *clock,
                             uint32_t calendar);

static inline const csq__track *csq__policies_track(const csq_policies *policies, uint32_t index)
{
    return (const csq__track *)policies->tracks.data + index;
}

static inline bool csq__policy_is_in_force(const csq__policy *policy, csq_ms at)
{
    return policy->from <= at && (at < policy->until || policy->until == INT64_MAX);
}

/* The first policy of a track that holds, of those in force at an instant, or CSQ_NO_INDEX. */
uint32_t csq__policies_match(const csq_policies *policies, uint32_t track, csq_ms at,
                             const int64_t *now, const int64_t *before);
/* The version of a policy that is in force at an instant, or CSQ_NO_INDEX. */
uint32_t csq__policies_version(const csq_policies *policies, uint32_t policy, csq_ms at);
/* Collects the epochs (epoch.c). Errors: CSQ_ENOMEM. */
csq_status csq__policies_set_epochs(csq_policies *policies, csq_error *error);
/* The policy with a code of the attribute `policy`, or CSQ_NO_INDEX. */
uint32_t csq__policies_find(const csq_policies *policies, int64_t code);
/* Sorts the policies into tracks and gives each track its clocks (track.c). Errors: CSQ_ELIMIT,
 * CSQ_ENOMEM. */
csq_status csq__policies_set_tracks(csq_policies *policies, csq_error *error);
/* The clocks of a track, a bit each. */
uint64_t csq__policies_track_clocks(const csq_policies *policies, uint32_t track);
/* Fails for an index of a clock that there is not. */
csq_status csq__policies_fail_clock(uint32_t clock, csq_error *error);
/* The terms for a code that is not among the first. */
uint32_t csq__choice_find(const csq__choice *choice, uint64_t code);

/* The terms of a policy for a metric, 0 if it has none for the value. */
static inline uint32_t csq__policies_choose(const csq_policies *policies, uint32_t policy,
                                            uint32_t clock, const int64_t *now)
{
    const uint32_t metric = csq__policies_clock(policies, clock)->metric;
    const csq__choice *choice = &csq__policies_policy(policies, policy)->choices[metric];
    const uint64_t code = (uint64_t)now[choice->slot];
    return code < choice->n_by_code ? choice->by_code[code] : csq__choice_find(choice, code);
}

/* Policies that are not compiled yet; their table of terms begins with "none". */
csq_status csq__policies_draft(csq_schema *schema, const csq_allocator *allocator,
                               csq_policies **out, csq_error *error);
/* Refuses a condition that asks for what belongs to an event, or is of another schema. */
csq_status csq__policies_check_match(const csq_policies *draft, const csq_condition *match,
                                     csq_error *error);
/* Adds a policy without a name; retains `match`. */
csq_status csq__policies_add_match(csq_policies *draft, const csq_condition *match,
                                   uint32_t *index, csq_error *error);
/* Describes a condition in names, for fingerprints. */
void csq__describe_condition(csq__writer *writer, const csq_condition *condition);

/* Binds all conditions and fills in the tables of a draft. */
csq_status csq__policies_compile(csq_policies *policies, csq_error *error);
/* Equal for clocks of one name that are defined alike. Errors: CSQ_ENOMEM. */
csq_status csq__clock_fingerprint(const csq_policies *policies, uint32_t clock,
                                  const csq_allocator *allocator, uint64_t *out, csq_error *error);
csq_status csq__policies_set_fingerprint(csq_policies *policies, csq_error *error);

/* Options by the offset of their member in csq_metric (metric_options.c): whether a kind has one,
 * and what 0 means for it, which is 0 for a flag. */
bool csq__metric_has_option(uint32_t kind, size_t option);
uint32_t csq__metric_usual(uint32_t kind, size_t option);
/* Sets the options of a preset that the metric's kind has (metric_preset.c). Errors: CSQ_EINVAL (a
 * behaviour that the kind does not have). */
csq_status csq__metric_apply_preset(csq_metric *metric, uint32_t preset, csq_error *error);
csq_status csq__metric_check_options(const csq_metric *metric, csq_error *error);
/* Puts what each option of 0 means in its place. */
void csq__metric_fill_options(csq_metric *metric);

/* Fills in the conditions that the kind of a metric stands for (metric.c). */
csq_status csq__metric_compile(csq_schema *schema, const csq_metric *metric,
                               const csq_allocator *allocator, csq__clock *clock, csq_error *error);
void csq__step_release(const csq_step *step, const csq_allocator *allocator);
void csq__clock_release(csq__clock *clock, bool owns_names, const csq_allocator *allocator);

#endif
