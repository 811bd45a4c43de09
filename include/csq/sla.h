/*
 * csq/sla.h — service-level clocks: metrics, policies, answers, explanations.
 *
 * A metric is a clock: conditions say when it starts, pauses, resumes, stops, is reset or is
 * cancelled, options say what happens where systems disagree. A policy gives metrics targets for
 * the tickets that it matches. csq_policies holds both, compiled; everything that is asked of it is
 * a pure function of the policies, the events of a ticket up to an instant, and that instant.
 *
 * Order at one event, on the values after it (joined events count as one, with the kind, author and
 * visibility of each of them that is more than a change): stop, cancel, reset, pause, resume, start
 * or reopen; then a changed agreement, calendar or target takes effect. stop, cancel, reset, start
 * and reopen act when their condition begins to hold with the event; pause and resume act while
 * theirs holds, but pause, where there is a resume, when it begins to. A clock that starts at an
 * event that also stops it is completed with an elapsed time of 0.
 */
#ifndef CSQ_SLA_H
#define CSQ_SLA_H

#include "csq/calendar.h"
#include "csq/ticket.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- metrics ------------------------------------------------------------------------------- */

/*
 * The rows of the table of metrics. A kind fills in the conditions that the definition leaves NULL;
 * "message" means a reply or the creation by a customer; "public" excludes visibility private (but
 * see count_notes and count_bots); "solve" is the change of the status into `stop_statuses`,
 * "reopen" the change out of them. Where the ticket was created with an assignee, ACKNOWLEDGE and
 * ASSIGN are completed at once; being created by an agent acknowledges nothing.
 */
typedef enum csq_metric_kind {
    CSQ_METRIC_CLOCK = 1,           /* nothing: conditions only */
    CSQ_METRIC_FIRST_REPLY = 2,     /* creation (see start) to the first public agent reply; once */
    CSQ_METRIC_RESOLUTION = 3,      /* creation to solve; `reopen` says what a reopen does */
    CSQ_METRIC_NEXT_REPLY = 4,      /* oldest unanswered public message, after a first public agent
                                       reply (see include_first), to the next public agent reply */
    CSQ_METRIC_PERIODIC_UPDATE = 5, /* public agent reply to the next one; never pauses */
    CSQ_METRIC_PAUSABLE_UPDATE = 6, /* the same, with pauses */
    CSQ_METRIC_OWNERSHIP = 7,       /* `group` holds the unsolved ticket; see visits */
    CSQ_METRIC_REQUESTER_WAIT = 8,  /* RESOLUTION that has to say when it pauses: what the customer
                                       waited; needs pause_statuses, run_statuses or `pause` */
    CSQ_METRIC_AGENT_WORK = 9,      /* RESOLUTION that counts in its run_statuses only, which it
                                       needs */
    CSQ_METRIC_FIRST_RESOLUTION = 10, /* RESOLUTION; a reopen does nothing by default */
    CSQ_METRIC_TOTAL_RESOLUTION = 11, /* creation to the last solve; never pauses */
    CSQ_METRIC_ACKNOWLEDGE = 12,    /* creation to the first event by an agent after it, or to the
                                       first assignee; by default a solve completes it too */
    CSQ_METRIC_ASSIGN = 13,         /* creation to the first assignee; by default a solve completes
                                       it too */
    CSQ_METRIC_PROMISE = 14         /* a promise (CSQ_TICKET_PROMISE is set) to the next public
                                       agent reply that gives none itself, or the solve; each is
                                       a cycle, a promise while it is open changes its due */
} csq_metric_kind;

/* What a reopen does to a completed clock. */
typedef enum csq_reopen {
    CSQ_REOPEN_DEFAULT = 0,         /* RESUME; of FIRST_RESOLUTION NOTHING */
    CSQ_REOPEN_RESUME = 1,          /* the same cycle goes on, the time in between does not count */
    CSQ_REOPEN_RESUME_COUNTING = 2, /* the same cycle goes on, the time in between counts */
    CSQ_REOPEN_NEW_CYCLE = 3,       /* a new cycle begins */
    CSQ_REOPEN_NOTHING = 4          /* the first completion stands: "first resolution" */
} csq_reopen;

/* What a change of the agreement (policy, target or its calendar) does to a running cycle. */
typedef enum csq_on_change {
    CSQ_ON_CHANGE_DEFAULT = 0,     /* KEEP */
    CSQ_ON_CHANGE_KEEP = 1,        /* the first agreement of the ticket stays for ever */
    CSQ_ON_CHANGE_RETROACTIVE = 2, /* the cycle is measured again from its start */
    CSQ_ON_CHANGE_CARRY = 3,       /* what was counted stays, the rest counts on the new terms */
    CSQ_ON_CHANGE_RESTART = 4      /* the cycle is cancelled and a new one starts */
} csq_on_change;

/* With ON_CHANGE_RETROACTIVE: what pauses before the change become. */
typedef enum csq_retroactive_pause {
    CSQ_RETROACTIVE_PAUSE_DEFAULT = 0, /* KEPT */
    CSQ_RETROACTIVE_PAUSE_KEPT = 1,    /* they stay pauses */
    CSQ_RETROACTIVE_PAUSE_COUNTED = 2  /* they count; a pause that goes on at the change stands
                                          from the change on */
} csq_retroactive_pause;

/* What a change of the attribute `calendar` does. */
typedef enum csq_calendar_switch {
    CSQ_CALENDAR_SWITCH_DEFAULT = 0,   /* SEGMENTED */
    CSQ_CALENDAR_SWITCH_SEGMENTED = 1, /* each stretch by the calendar then in force */
    CSQ_CALENDAR_SWITCH_LATEST = 2,    /* the whole cycle by the latest one */
    CSQ_CALENDAR_SWITCH_FIRST = 3      /* nothing */
} csq_calendar_switch;

/* Which cycles an edit of the target, or a version of the policy, touches. */
typedef enum csq_edit_scope {
    CSQ_EDIT_SCOPE_DEFAULT = 0, /* OPEN */
    CSQ_EDIT_SCOPE_OPEN = 1,    /* the cycle that is open then or goes on later, and later ones */
    CSQ_EDIT_SCOPE_ALL = 2      /* finished cycles are judged again as well */
} csq_edit_scope;

/* Which instant selects among the versions of a policy. */
typedef enum csq_version_at {
    CSQ_VERSION_AT_DEFAULT = 0, /* EVENT */
    CSQ_VERSION_AT_EVENT = 1,   /* each: a version acts when it comes into force, by on_change */
    CSQ_VERSION_AT_CYCLE = 2,   /* the start of the cycle */
    CSQ_VERSION_AT_CREATED = 3  /* the first event of the ticket */
} csq_version_at;

/* What becomes of steps that a change of the terms, the target or the calendar puts before itself:
 * they are late. A late breach always fires. */
typedef enum csq_late_steps {
    CSQ_LATE_STEPS_DEFAULT = 0, /* ALL */
    CSQ_LATE_STEPS_ALL = 1,     /* all fire, at the change */
    CSQ_LATE_STEPS_LAST = 2,    /* only the last of them fires */
    CSQ_LATE_STEPS_NONE = 3
} csq_late_steps;

/* What becomes of a step that was passed when a change puts it behind itself. */
typedef enum csq_passed_steps {
    CSQ_PASSED_STEPS_DEFAULT = 0,   /* REARM */
    CSQ_PASSED_STEPS_REARM = 1,     /* it fires again when it is reached again */
    CSQ_PASSED_STEPS_STAY = 2,      /* it keeps its instant and does not fire again */
    CSQ_PASSED_STEPS_SUPERSEDED = 3 /* as REARM, and the earlier firing stays on record */
} csq_passed_steps;

/* What a solve does to an open clock of replies, updates, acknowledging or assigning. */
typedef enum csq_on_solved {
    CSQ_ON_SOLVED_DEFAULT = 0, /* KEEP; of ACKNOWLEDGE and ASSIGN COMPLETE */
    CSQ_ON_SOLVED_KEEP = 1,    /* it runs on */
    CSQ_ON_SOLVED_COMPLETE = 2,
    CSQ_ON_SOLVED_CANCEL = 3 /* this cycle only */
} csq_on_solved;

/* What starts a first reply. */
typedef enum csq_start {
    CSQ_START_DEFAULT = 0, /* CREATED */
    CSQ_START_CREATED = 1,
    CSQ_START_FIRST_MESSAGE = 2 /* the first public message of the customer */
} csq_start;

/* From which of several unanswered messages NEXT_REPLY measures, and FIRST_REPLY that begins with a
 * message. */
typedef enum csq_message_base {
    CSQ_MESSAGE_BASE_DEFAULT = 0, /* OLDEST */
    CSQ_MESSAGE_BASE_OLDEST = 1,  /* further messages change nothing */
    CSQ_MESSAGE_BASE_LAST = 2,    /* each further message begins the open cycle anew: the same
                                     cycle, with nothing elapsed or paused, is measured from it */
    CSQ_MESSAGE_BASE_EACH = 3     /* each message is a cycle of its own; all of them end together,
                                     and until then the answer and the stretches are those of the
                                     oldest open one. Not with `reset` */
} csq_message_base;

/* Whether the agreement applies by matching, or only once it was attached (CSQ_EVENT_ATTACH). */
typedef enum csq_attach {
    CSQ_ATTACH_DEFAULT = 0,    /* MATCH */
    CSQ_ATTACH_MATCH = 1,      /* from the creation; attach events do nothing */
    CSQ_ATTACH_FROM = 2,       /* clocks that start with the creation start with the attach */
    CSQ_ATTACH_RETROACTIVE = 3 /* once attached, as if from the creation */
} csq_attach;

/* How a due instant that is not open (closing time) is shown. */
typedef enum csq_due_edge {
    CSQ_DUE_EDGE_DEFAULT = 0,  /* EARLIEST */
    CSQ_DUE_EDGE_EARLIEST = 1, /* the first instant at which elapsed reaches the target */
    CSQ_DUE_EDGE_NEXT_OPEN = 2 /* the next opening */
} csq_due_edge;

/* What decides that a clock is late. */
typedef enum csq_breach_compare {
    CSQ_BREACH_COMPARE_DEFAULT = 0, /* ELAPSED */
    CSQ_BREACH_COMPARE_ELAPSED = 1, /* elapsed > target */
    CSQ_BREACH_COMPARE_INSTANT = 2  /* stop, or the instant asked for, > due */
} csq_breach_compare;

/* What exactly on target is: elapsed = target, or the instant compared = due. */
typedef enum csq_at_target {
    CSQ_AT_TARGET_DEFAULT = 0, /* IN_TIME */
    CSQ_AT_TARGET_IN_TIME = 1,
    CSQ_AT_TARGET_LATE = 2 /* >= in both ways of comparing */
} csq_at_target;

/* What a calendar without any open instant means. */
typedef enum csq_empty_calendar {
    CSQ_EMPTY_CALENDAR_DEFAULT = 0, /* NEVER */
    CSQ_EMPTY_CALENDAR_NEVER = 1,   /* nothing counts, nothing is due */
    CSQ_EMPTY_CALENDAR_WALL = 2,    /* every instant counts */
    CSQ_EMPTY_CALENDAR_ERROR = 3    /* building refuses a calendar that never opens if the metric
                                       can run on it: that of a target, and any that a ticket can
                                       name, unless calendar_switch is FIRST */
} csq_empty_calendar;

/* What becomes of the agreement once no policy matches, or the one that does has no target. */
typedef enum csq_on_no_match {
    CSQ_ON_NO_MATCH_DEFAULT = 0, /* KEEP */
    CSQ_ON_NO_MATCH_KEEP = 1,    /* the last one stays */
    CSQ_ON_NO_MATCH_DETACH = 2   /* an open cycle, and later ones, have none: not applicable, and
                                    counted by no tally; once there is one again the open cycle is
                                    measured from its start. With ON_CHANGE_KEEP too */
} csq_on_no_match;

/* What a cycle of OWNERSHIP is. */
typedef enum csq_visits {
    CSQ_VISITS_DEFAULT = 0, /* EACH */
    CSQ_VISITS_EACH = 1,    /* a visit */
    CSQ_VISITS_SUM = 2      /* all visits: coming back is a reopen, for which `reopen_mode` holds */
} csq_visits;

/* What CSQ_EVENT_INHERIT does to the clocks that it names. */
typedef enum csq_inherit {
    CSQ_INHERIT_DEFAULT = 0, /* IGNORE */
    CSQ_INHERIT_IGNORE = 1,
    CSQ_INHERIT_START = 2 /* an open cycle that started later is measured from that instant: without
                             pauses before its own start, and on the calendar of its start. A clock
                             that waits for a message begins a cycle that started then. With
                             MESSAGE_BASE_EACH it is the oldest open cycle; with _LAST an open cycle
                             stays. What is finished and does not begin again stays, too */
} csq_inherit;

/* What the merge of the ticket into another does to an open clock. */
typedef enum csq_on_merge {
    CSQ_ON_MERGE_DEFAULT = 0, /* CANCEL */
    CSQ_ON_MERGE_CANCEL = 1,
    CSQ_ON_MERGE_KEEP = 2, /* it runs on: both go on */
    CSQ_ON_MERGE_COMPLETE = 3
} csq_on_merge;

enum {
    CSQ_METRIC_LIMIT = 32,
    CSQ_CLOCK_LIMIT = 60, /* clocks: metrics times the tracks that have targets for them */
    CSQ_POLICY_LIMIT = 4096,
    CSQ_CALENDAR_LIMIT = 4096,
    CSQ_STEP_LIMIT = 64, /* of one metric */
    CSQ_BESIDE_LIMIT = 1024 /* cycles of a ticket that are open beside the oldest of their clock */
};

/* The definition of a metric. Codes are those of the attribute that the name says. */
typedef struct csq_metric {
    uint32_t size;
    uint32_t kind;
    csq_str name; /* 1 to 255 bytes, unique */
    const uint32_t *stop_statuses;
    const uint32_t *pause_statuses;
    const uint32_t *cancel_statuses; /* any of them ends the clock for good */
    const uint32_t *run_statuses; /* if there are any, it stands still in all others, and without a
                                     status, as in pause_statuses */
    uint32_t n_stop_statuses;
    uint32_t n_pause_statuses;
    uint32_t n_cancel_statuses;
    uint32_t n_run_statuses;
    uint32_t group;  /* OWNERSHIP */
    uint32_t visits; /* csq_visits; OWNERSHIP */
    /* Conditions that replace what the kind says (start, stop, reset, reopen) or are added to it
     * (pause, cancel). `resume` ends a pause, and the next one begins when `pause` holds anew;
     * without it a pause ends when its condition does. */
    const csq_condition *start;
    const csq_condition *pause;
    const csq_condition *resume;
    const csq_condition *stop;
    const csq_condition *reset; /* completes the cycle and starts the next */
    const csq_condition *cancel;
    const csq_condition *reopen;
    uint32_t wall_time; /* 1: every instant counts, calendars are ignored */
    uint32_t repeat;    /* CLOCK: 1: `start` on a finished clock begins a new cycle */
    uint32_t reopen_mode;       /* csq_reopen */
    uint32_t on_change;         /* csq_on_change */
    uint32_t retroactive_pause; /* csq_retroactive_pause */
    uint32_t calendar_switch;   /* csq_calendar_switch */
    uint32_t edit_scope;        /* csq_edit_scope */
    uint32_t on_solved;         /* csq_on_solved; kinds of replies and updates, ACKNOWLEDGE,
                                   ASSIGN */
    uint32_t start_mode;        /* csq_start; FIRST_REPLY */
    uint32_t include_first;     /* 1: NEXT_REPLY counts before a first agent reply too */
    uint32_t attach;            /* csq_attach */
    uint32_t due_edge;          /* csq_due_edge */
    uint32_t breach_compare;    /* csq_breach_compare */
    uint32_t empty_calendar;    /* csq_empty_calendar */
    uint32_t at_target;         /* csq_at_target */
    uint32_t on_no_match;       /* csq_on_no_match */
    uint32_t on_merge;          /* csq_on_merge */
    uint32_t count_notes;       /* 1: private replies of agents count; kinds of replies, updates */
    uint32_t count_bots;        /* 1: public replies of bots count; the same kinds */
    uint32_t message_base;      /* csq_message_base; NEXT_REPLY, FIRST_REPLY */
    uint32_t inherit;           /* csq_inherit */
    uint32_t version_at;        /* csq_version_at */
    uint32_t late_steps;        /* csq_late_steps */
    uint32_t passed_steps;      /* csq_passed_steps */
    uint32_t reserved;          /* 0 */
} csq_metric;

/* A step of a ladder of warnings and escalations: a point on the metric's own clock. */
typedef enum csq_step_kind {
    CSQ_STEP_OFFSET = 1,  /* value: ms after the target, negative before */
    CSQ_STEP_PERCENT = 2, /* value: hundredths of a percent of the target, 8000 = 80 % */
    CSQ_STEP_WORKDAYS = 3 /* value: working days after the due day; not for targets in time */
} csq_step_kind;

typedef struct csq_step {
    uint32_t size;
    uint32_t kind;
    csq_str name; /* 1 to 255 bytes, unique in the ladder */
    int64_t value;
    const csq_str *recipients; /* labels that mean something to the host, as "team_lead"; 1 to 255
                                  bytes, each once */
    uint32_t n_recipients;     /* up to CSQ_RECIPIENT_LIMIT */
    uint32_t reserved;         /* 0 */
} csq_step;

enum { CSQ_RECIPIENT_LIMIT = 64 };

/*
 * A policy. Those of a track compete: the first of them that matches a ticket holds. Tracks stand
 * beside each other, as an agreement with a customer, one with another team and a contract with a
 * supplier do; in each of them a metric has a clock of its own.
 */
typedef struct csq_policy {
    uint32_t size;
    uint32_t reserved; /* 0 */
    csq_str name;      /* 1 to 255 bytes; policies of one name are versions of one policy */
    csq_str track;     /* up to 255 bytes; empty: see csq_select */
    const csq_condition *match; /* NULL: every ticket */
    uint64_t has;               /* CSQ_POLICY_HAS_... */
    csq_ms from;  /* in force from this instant on, if HAS_FROM, else from the beginning */
    csq_ms until; /* up to, but not at, this instant, if HAS_UNTIL, else for ever */
} csq_policy;

enum { CSQ_POLICY_HAS_FROM = 1, CSQ_POLICY_HAS_UNTIL = 2 };

/* What policies without a track are in. */
typedef enum csq_select {
    CSQ_SELECT_DEFAULT = 0, /* FIRST */
    CSQ_SELECT_FIRST = 1,   /* one track, without a name: the first that matches holds */
    CSQ_SELECT_ALL = 2      /* each in a track named like it: all that match hold at once */
} csq_select;

/* A target of the policy added last. Give `within_ms`, `workdays` or `due_attribute`. */
typedef struct csq_target {
    uint32_t size;
    uint32_t metric;     /* index of the metric; 0 is the first one */
    uint32_t attribute;  /* category that chooses among the targets of a metric; 0: there is one */
    uint32_t code;       /* the value for which it holds; 0: for every other value */
    csq_ms within_ms;    /* > 0 */
    uint32_t workdays;   /* > 0: due on the n-th working day after the day of the start, moved on by
                            the open time spent paused; not for metrics of wall time */
    uint32_t end_of_day; /* 1: at the end of that day's last window, else at the time of day */
    uint32_t calendar;   /* index; 0 is the first one; CSQ_NO_CALENDAR: every instant counts */
    uint32_t due_attribute; /* the target is due at the instant that this attribute holds, as
                               CSQ_TICKET_PROMISE or one of the host for due dates set by hand;
                               0: none. With ON_CHANGE_KEEP the first value of a cycle stays, else
                               the latest holds; what changes after the stop does not count. */
} csq_target;

enum { CSQ_NO_CALENDAR = 0x7FFFFFFF };

/* ---- policies ------------------------------------------------------------------------------ */

typedef struct csq_policies csq_policies; /* immutable, counted */
typedef struct csq_policies_builder csq_policies_builder;

/* The schema comes from csq_ticket_schema_new. Errors: CSQ_EINVAL, CSQ_EMISMATCH, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_builder_new(csq_schema *schema, const csq_allocator *allocator,
                                            csq_policies_builder **out, csq_error *error);
CSQ_API void csq_policies_builder_free(csq_policies_builder *builder);

/* Adds a calendar under a name (a value of the attribute `calendar`); `*index` counts from 0.
 * Errors: CSQ_EINVAL, CSQ_EEXISTS, CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_add_calendar(csq_policies_builder *builder, csq_str name,
                                             csq_calendar *calendar, uint32_t *index,
                                             csq_error *error);
/* Adds a metric; metrics come before policies. Errors: CSQ_ESTATE (there are policies), CSQ_EINVAL,
 * CSQ_EABI, CSQ_EEXISTS, CSQ_ECODE, CSQ_EMISMATCH, CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_add_metric(csq_policies_builder *builder, const csq_metric *metric,
                                           uint32_t *index, csq_error *error);
/* Adds a step to the ladder of a metric; `*index` counts the steps of the metric from 0. Errors:
 * CSQ_EINVAL (kind, name), CSQ_ERANGE (metric, value), CSQ_EEXISTS, CSQ_EDUPLICATE (a recipient),
 * CSQ_ELIMIT, CSQ_EABI, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_add_step(csq_policies_builder *builder, uint32_t metric,
                                         const csq_step *step, uint32_t *index, csq_error *error);
/* Adds a policy behind the ones that are there. `match` may not ask for what belongs to a single
 * event: event, author, visibility. Errors: CSQ_EINVAL, CSQ_EABI, CSQ_EINTERVAL (not in force at
 * any instant), CSQ_EEXISTS (a version is in force at some of its instants), CSQ_EMISMATCH (a
 * condition of another schema, a version in another track), CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_add_policy(csq_policies_builder *builder, const csq_policy *policy,
                                           uint32_t *index, csq_error *error);
/* Says, at any time before building, what policies without a track are in (csq_select). Errors:
 * CSQ_EINVAL, CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_set_select(csq_policies_builder *builder, uint32_t select,
                                           csq_error *error);
/* Adds a target to the policy added last. Errors: CSQ_ETARGET (not positive, several kinds, a due
 * attribute that is no instant), CSQ_EDUPLICATE, CSQ_ERANGE (index), CSQ_ECODE, CSQ_EINVAL,
 * CSQ_ESTATE (no policy), CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_add_target(csq_policies_builder *builder, const csq_target *target,
                                           csq_error *error);
/* Compiles. The builder is empty afterwards, also where compiling fails. Errors: CSQ_ESTATE (no
 * metric), CSQ_ENEVER (`index` is that of a metric with EMPTY_CALENDAR_ERROR), CSQ_ELIMIT (more
 * than CSQ_CLOCK_LIMIT clocks), CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_build(csq_policies_builder *builder, csq_policies **out,
                                      csq_error *error);

CSQ_API csq_policies *csq_policies_retain(csq_policies *policies);
CSQ_API void csq_policies_free(csq_policies *policies);

/* Equal for policies that judge alike: made of names and definitions, not of codes. */
CSQ_API uint64_t csq_policies_fingerprint(const csq_policies *policies);
CSQ_API uint32_t csq_policies_metric_count(const csq_policies *policies);
CSQ_API uint32_t csq_policies_policy_count(const csq_policies *policies);
CSQ_API uint32_t csq_policies_step_count(const csq_policies *policies, uint32_t metric);
/* Names by index; empty beyond the end. Borrowed. */
CSQ_API csq_str csq_policies_metric_name(const csq_policies *policies, uint32_t metric);
CSQ_API csq_str csq_policies_policy_name(const csq_policies *policies, uint32_t policy);
CSQ_API csq_str csq_policies_step_name(const csq_policies *policies, uint32_t metric,
                                       uint32_t step);
CSQ_API csq_str csq_policies_calendar_name(const csq_policies *policies, uint32_t calendar);
/* The index of a metric by name. Errors: CSQ_ENOTFOUND. */
CSQ_API csq_status csq_policies_find_metric(const csq_policies *policies, csq_str name,
                                            uint32_t *index, csq_error *error);
/* A step as it was given; texts and recipients are borrowed. Errors: CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_policies_step_at(const csq_policies *policies, uint32_t metric,
                                        uint32_t step, csq_step *out, csq_error *error);
/* A policy as it was given, with the track that it is in; texts and condition are borrowed. Errors:
 * CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_policies_policy_at(const csq_policies *policies, uint32_t policy,
                                          csq_policy *out, csq_error *error);

/*
 * A clock: a metric in a track. Clock i is metric i in the first track with targets for it, so that
 * with one track the index of a clock is that of its metric; further tracks stand behind, in the
 * order in which policies name them.
 */
typedef struct csq_clock {
    uint32_t size;
    uint32_t metric; /* index */
    csq_str track;   /* borrowed; empty: that of the policies without one */
} csq_clock;

CSQ_API uint32_t csq_policies_clock_count(const csq_policies *policies);
/* Errors: CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_policies_clock_at(const csq_policies *policies, uint32_t clock,
                                         csq_clock *out, csq_error *error);
/* The index of the clock of a metric in a track. Errors: CSQ_ENOTFOUND. */
CSQ_API csq_status csq_policies_find_clock(const csq_policies *policies, uint32_t metric,
                                           csq_str track, uint32_t *clock, csq_error *error);

/* ---- answers ------------------------------------------------------------------------------- */

typedef enum csq_phase {
    CSQ_PHASE_NOT_APPLICABLE = 0, /* no policy with a target for this metric matches, or no event */
    CSQ_PHASE_NOT_STARTED = 1,
    CSQ_PHASE_ACTIVE = 2, /* running, inside opening hours or not */
    CSQ_PHASE_PAUSED = 3,
    CSQ_PHASE_COMPLETED = 4,
    CSQ_PHASE_CANCELLED = 5
} csq_phase;

enum { CSQ_NO_INDEX = 0x7FFFFFFF }; /* no policy */

/*
 * One clock at an instant; of the latest cycle. Times that do not exist are CSQ_MS_NONE. Phase,
 * breach, in-hours and cycle are independent of each other: a clock may be paused and late.
 */
typedef struct csq_answer {
    uint32_t size;
    uint32_t phase;     /* csq_phase */
    uint32_t breached;  /* 1: late; stays so within the cycle, unless a pause moves a due day on */
    uint32_t in_hours;  /* 1: the instant asked for is inside an open window, or all are */
    uint32_t cycle;     /* from 1; 0: not started */
    uint32_t policy;    /* index */
    uint32_t calendar;  /* index; CSQ_NO_CALENDAR: every instant counts */
    uint32_t workdays;  /* of a target in working days, else 0 */
    csq_ms started_at;
    csq_ms stopped_at;  /* of a completed or cancelled cycle */
    csq_ms target_ms;   /* CSQ_MS_NONE for a target in working days or a due instant */
    csq_ms elapsed_ms;  /* counted from the start to the stop or the instant asked for */
    csq_ms remaining_ms; /* target - elapsed, negative when late; of a due instant: the time of the
                            calendar from the stop or the instant asked for to it */
    csq_ms paused_ms;   /* open time spent paused */
    csq_ms due_at;      /* first instant at which elapsed reaches the target: in the past, or as if
                           the clock ran on without pauses; none while paused and not late; of a
                           due instant: that, none while the attribute has no value */
    csq_ms due_if_resumed_at; /* only while paused without due_at: as if resumed now */
    csq_ms breached_at; /* due_at of a late clock */
    csq_ms next_change_at; /* first instant after the one asked for at which breach, in-hours or a
                              step changes, or versions of policies do, if no event comes; none:
                              nothing changes any more */
    int64_t percent_hundredths; /* of the target, rounded down: never 100 % before the target;
                                   CSQ_MS_NONE where there is no target in time */
} csq_answer;

/* A clock at `now`; later events do not exist yet. Errors: CSQ_ERANGE (clock; `now`
 * is CSQ_MS_NONE; an instant outside a calendar's years), CSQ_EMISMATCH (another schema),
 * CSQ_ELIMIT (terms or starts that change too often to measure again; more than 4096 tags without a
 * rule; more than CSQ_BESIDE_LIMIT unanswered messages that are cycles of their own), CSQ_EABI,
 * CSQ_ENOMEM. */
CSQ_API csq_status csq_policies_answer(const csq_policies *policies, const csq_ticket *ticket,
                                       uint32_t clock, csq_ms now, csq_answer *out,
                                       csq_error *error);

/*
 * Brings the checkpoints that the ticket keeps for these policies up to its last event, so that the
 * next answers begin there. Never needed for a right answer, only for a quick one.
 */
CSQ_API csq_status csq_policies_advance(const csq_policies *policies, csq_ticket *ticket,
                                        csq_error *error);

/*
 * The event by which another ticket takes over what a clock has open on `from` at `now`:
 * CSQ_EVENT_INHERIT at `now`, from the start of the cycle that the answer speaks of, of the metric
 * of the clock, so that it is for the clocks of that metric in all tracks. The host gives it a sequence. Ask before the merge is applied to `from`: it ends the
 * clock. Errors: as csq_policies_answer, and CSQ_ENODATA (nothing is open under an agreement).
 */
CSQ_API csq_status csq_policies_inherit(const csq_policies *policies, const csq_ticket *from,
                                        uint32_t clock, csq_ms now, csq_ticket_event *out,
                                        csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
