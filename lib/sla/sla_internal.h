/*
 * sla_internal — the walk over a ticket's events that drives the clocks of compiled policies, and
 * what a run amounts to.
 *
 * A walk keeps a csq__run for each clock. What a recorder adds are the stretches of time that a run
 * has already summed up, and what was told on the way.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_INTERNAL_H
#define CSQ_SLA_INTERNAL_H

#include "csq/sla_explain.h"
#include "csq/sla_tally.h"
#include "sla/compiled.h"

/* ---- the walk ------------------------------------------------------------------------------ */

/* One clock of one ticket: 96 bytes, as they are kept in a checkpoint. */
typedef struct csq__run {
    csq_ms started_at;
    csq_ms stopped_at;
    csq_ms since;          /* start of the current stretch; the stop, of a finished cycle */
    csq_ms since_position; /* of `since` on the calendar */
    csq_ms elapsed;        /* counted before `since` */
    csq_ms paused;         /* open time spent paused before `since` */
    csq_ms target;         /* in force, edits included */
    csq_ms edited;         /* the target that an edit set for this and later cycles; 0: none */
    csq_ms due;            /* of a target that is a due instant; CSQ_MS_NONE: none yet */
    uint32_t cycle;        /* from 1; 0: never started */
    uint16_t terms;        /* index; 0: none yet */
    uint16_t calendar;     /* index + 1; 0: every instant counts */
    uint16_t attached;     /* policy of the track, attached by name: index + 1; 0: none */
    uint8_t phase;         /* csq_phase: NOT_STARTED, ACTIVE, PAUSED, COMPLETED, CANCELLED */
    uint8_t is_armed;
    uint8_t is_dead;  /* cancelled for good */
    uint8_t is_mixed; /* the cycle ran on several calendars */
    uint8_t was_paused;
    uint8_t is_changed;   /* terms, target or calendar of the cycle changed */
    uint8_t has_switched; /* the calendar changed since the stop, and a reopen counts from there */
    uint8_t reserved;
    uint16_t epoch;       /* epochs that were passed when the cycle began */
    uint16_t reserved_too[2];
} csq__run;

static inline bool csq__run_is_open(const csq__run *run)
{
    return run->phase == CSQ_PHASE_ACTIVE || run->phase == CSQ_PHASE_PAUSED;
}

/* A stretch of a cycle that a run has summed up. */
typedef struct csq__stretch {
    csq_ms from;
    csq_ms to;
    csq_ms counted; /* towards elapsed */
    csq_ms paused;  /* open time, when paused */
    uint64_t event; /* index of the event that began it */
    uint32_t clock;
    uint32_t cycle; /* 0: measured anew since, and told no more */
    uint16_t terms;
    uint16_t calendar;
    uint8_t phase; /* ACTIVE, PAUSED, or COMPLETED between a stop and a reopen */
} csq__stretch;

/* An instant that was promised during a cycle: a value that its due attribute took. */
typedef struct csq__promise {
    csq_ms given_at;
    csq_ms promised_at;
    uint64_t event; /* index of the event that gave it; of the start, if it stood then */
    uint32_t clock;
    uint32_t cycle;
    uint32_t reason; /* code, 0: none */
} csq__promise;

/* What a step, or the breach (CSQ_NO_INDEX), told. */
typedef struct csq__firing {
    csq_ms at;
    csq_ms fired_at;
    uint32_t step;
    uint32_t state; /* csq_firing_state */
} csq__firing;

/* The firings of the latest cycle of a clock, settled up to its last change. */
typedef struct csq__ladder {
    csq__array firings; /* csq__firing */
    csq_ms changed_at;
    bool is_changed;
    bool is_pending; /* what the last change does to the steps is not settled yet */
} csq__ladder;

/* What a ladder says of a step in a cycle that was changed: that it fired, or was silenced. */
typedef struct csq__past {
    csq__firing firing;
    uint32_t cycle;
} csq__past;

typedef struct csq__recorder {
    csq__array stretches;            /* csq__stretch */
    csq__array promises;             /* csq__promise, in the order in which they were given */
    size_t latest[CSQ_CLOCK_LIMIT];  /* index + 1 of the last promise, by clock; 0: none */
    size_t unread[CSQ_CLOCK_LIMIT];  /* the promise from which the next is looked for, by clock */
    uint64_t began[CSQ_CLOCK_LIMIT]; /* the event that began the current stretch, by clock */
    bool tells;                      /* the firings of one clock */
    bool keeps;                      /* also what the ladders of its earlier cycles said */
    uint32_t told;
    csq__ladder ladder;
    csq__array past; /* csq__past, by (cycle, step) */
} csq__recorder;

void csq__recorder_release(csq__recorder *recorder, const csq_allocator *allocator);

/* The first stretch that ends after an instant: stretches end in order. */
size_t csq__recorder_find(const csq__recorder *recorder, csq_ms after);
/* The numbers (uint32_t) of the stretches of a cycle of a clock, or of all its cycles for 0, by
 * cycle and then in the order of time, which cycles that overlap do not keep. */
csq_status csq__recorder_list(const csq__recorder *recorder, uint32_t clock, uint32_t cycle,
                              const csq_allocator *allocator, csq__array *out, csq_error *error);

/* A cycle that ended and was followed by another. */
typedef struct csq__finished {
    uint32_t clock;
    csq__run run;
    uint32_t codes[CSQ_TALLY_ATTRIBUTE_LIMIT];
} csq__finished;

/* A cycle that is open beside the oldest open one of its clock, which is in the walk's runs. */
typedef struct csq__beside {
    uint32_t clock;
    csq__run run;
    uint64_t began; /* as in the recorder */
} csq__beside;

/* The ticket names another calendar, as index + 1. */
typedef struct csq__switch {
    csq_ms at;
    uint32_t calendar;
} csq__switch;

/* A member of a set that no rule names, kept where a rule asks whether the set changed. */
typedef struct csq__stranger {
    uint32_t attribute;
    uint32_t code;
} csq__stranger;

#define CSQ__NO_EVENT UINT64_MAX

enum {
    CSQ__CHANGED_LIMIT = 16,
    CSQ__STRANGER_LIMIT = 4096,
    CSQ__VISIBILITIES = 4,
    CSQ__VOICES = 4 * CSQ__VISIBILITIES, /* authors and visibilities, of two bits each */
    CSQ__REMEASURE_LIMIT = 50000000, /* stretches that one walk measures again */
    CSQ__LADDER_LIMIT = 500000000    /* and among which it looks for steps */
};

typedef struct csq__walk {
    const csq_policies *policies;
    csq_allocator allocator;
    const csq__named_calendar *calendars; /* those of the policies */
    const uint16_t *slot_of; /* by attribute; n_slots of the layout where nobody reads it */
    size_t n_attributes;
    size_t n_slots; /* of a frame, one of them for what nobody reads */
    int64_t *now;
    int64_t *before;
    int64_t *absent; /* a frame of absent values */
    csq__run *runs;
    uint16_t *selected; /* terms by clock, chosen by the values now */
    uint32_t n_clocks;
    uint64_t live; /* clocks that can still act, and what always can */
    uint64_t owed; /* CSQ__SELECTS until terms were chosen for the first time */

    /* The group of joined events that is being collected. What a change of a slot concerns is asked
     * of `by_slot` for every slot of a frame: those of groupings concern nothing. */
    bool is_pending;
    bool leads; /* the event's own attributes are those of an event that is more than a change */
    bool has_more_leads; /* further events of the group are, and rules hold with each of them */
    uint64_t concerned;
    uint32_t kind_bits; /* of the kinds of events that lead; 1: none */
    uint32_t kinds;     /* bit of each kind of event in the group */
    uint32_t voices[CSQ__VOICES]; /* kinds of events that lead, by author and visibility */
    csq_ms at;
    csq_ms first_at; /* of the first event; known where there are epochs */
    size_t epoch;    /* the next one */
    uint64_t event;  /* CSQ__NO_EVENT at an epoch */
    uint32_t n_changed;
    uint16_t changed[CSQ__CHANGED_LIMIT]; /* slots; more than that: all */

    uint64_t attaching;      /* clocks whose agreement the group attaches */
    uint64_t attached;       /* clocks whose agreement was attached */
    uint16_t named_calendar; /* index + 1, as the ticket says; 0: it does not */

    csq__array finished;  /* csq__finished */
    csq__array beside;    /* csq__beside, those of a clock in the order of their starts */
    bool is_aside;        /* one of these is in the place of its clock's run */
    csq__array switches;  /* csq__switch, with a recorder */
    csq__array strangers; /* csq__stranger: members of sets that no rule names */
    int64_t strangers_version;
    csq__recorder *recorder; /* or NULL */
    uint64_t n_remeasured;
    uint64_t n_looked_up;
    bool needs_recorder;         /* what follows is only right with a recorder */
    bool is_timed;               /* an instant or a sum decided what an event did: whatever is
                                    decided so sets it, and no automaton learns it */
    bool counts_promises;        /* chains of promises are asked for, so they need a recorder */
    uint32_t reason;             /* of the attribute `promise` as it is, 0: none */
    const uint16_t *group_slots; /* attributes whose values a cycle keeps at its end */
    uint32_t n_groups;
    uint32_t *group_codes; /* by clock, n_groups each; then those of none, for a replay */
} csq__walk;

/* Writes a stretch down in its place, which closed time that a reopen counts has in the past.
 * Errors: CSQ_ELIMIT (a ticket that makes it do so over and over), CSQ_ENOMEM. */
csq_status csq__recorder_add(csq__walk *walk, const csq__stretch *stretch, csq_error *error);

/*
 * Prepares a walk. `slot_of` and `n_slots` are those of the policies' layout or extend them;
 * `slot_of` NULL takes the layout's. Errors: CSQ_ENOMEM.
 */
csq_status csq__walk_init(csq__walk *walk, const csq_policies *policies, const uint16_t *slot_of,
                          size_t n_attributes, size_t n_slots, const uint16_t *group_slots,
                          uint32_t n_groups, const csq_allocator *allocator, csq_error *error);
void csq__walk_release(csq__walk *walk);
/* Back to before the first event; a recorder is emptied. */
void csq__walk_reset(csq__walk *walk);

/*
 * What a walk knows between two groups of events, as bytes: what a checkpoint holds, and the state
 * that the automaton of a replay is in. Whatever decides later moves belongs here. `out` and `data`
 * have csq__walk_state_size bytes; after csq__walk_reset, reading brings back what was written.
 */
size_t csq__walk_state_size(const csq__walk *walk);
void csq__walk_state_write(const csq__walk *walk, uint8_t *out);
void csq__walk_state_read(csq__walk *walk, const uint8_t *data);
/* Whether the bytes hold all that a walk by these policies knows; else nothing may resume from them.
 * A member of the walk that lasts is either in the bytes or a reason to say no here. */
bool csq__walk_state_is_whole(const csq_policies *policies);
/* Where the run of a clock begins in these bytes. */
size_t csq__walk_state_run(uint32_t clock);
/* The clocks whose agreement was attached by then. */
uint64_t csq__walk_state_attached(const uint8_t *data);

/* Whether what the walk does from here on, its failures included, does not count: it will be done
 * again with a recorder. */
static inline bool csq__walk_is_void(const csq__walk *walk)
{
    return walk->needs_recorder && walk->recorder == NULL;
}

/* What an event is but for its instant, sequence and value, and what that concerns. */
typedef struct csq__taken_form {
    const csq__event *event;
    uint64_t concerned; /* by its kind; CSQ__SPECIAL also where it may be one of a group, or behind
                           an epoch */
    uint32_t slot;      /* of the attribute that it sets; the one that nobody reads if none */
} csq__taken_form;

/* An event to be taken; `index` is reported as the cause of what follows. */
typedef struct csq__taken {
    const csq__taken_form *form;
    csq_ms at;
    int64_t value;
    uint64_t index;
    bool more; /* the next event may join: the group stays open until it comes */
} csq__taken;

static inline csq__taken_form csq__walk_form(const csq__walk *walk, const csq__event *event,
                                             bool is_grouped)
{
    const csq_policies *const policies = walk->policies;
    const bool is_special =
        is_grouped || policies->epochs.n > 0 ||
        (event->attribute == CSQ_TICKET_PROMISE && policies->follows_promise);
    const csq__taken_form form = {
        event, policies->by_kind[event->kind] | (is_special ? CSQ__SPECIAL : 0),
        event->attribute < walk->n_attributes ? walk->slot_of[event->attribute]
                                              : policies->layout.n_slots};
    return form;
}

/* The rest of csq__walk_take: an event that concerns something. */
csq_status csq__walk_event(csq__walk *walk, const csq__taken *taken, uint64_t concerned,
                           csq_error *error);

/*
 * Takes the next event in order. Most stand alone and concern nothing: they only leave their value
 * in the frame. Errors: CSQ_ERANGE (beyond a calendar), CSQ_ELIMIT, CSQ_ENOMEM.
 */
static inline csq_status csq__walk_take(csq__walk *walk, const csq__taken *taken, csq_error *error)
{
    const uint32_t slot = taken->form->slot;
    const int64_t value = taken->value;
    const uint64_t changed = walk->now[slot] != value ? UINT64_MAX : 0;
    const uint64_t concerned =
        (taken->form->concerned | walk->owed | (walk->policies->by_slot[slot] & changed)) &
        walk->live;
    if (concerned != 0) {
        return csq__walk_event(walk, taken, concerned, error);
    }
    walk->now[slot] = value;
    walk->before[slot] = value;
    return CSQ_OK;
}

/* Whether the agreement of a clock applies: it does by matching, or was attached. */
static inline bool csq__walk_applies(const csq__walk *walk, uint32_t index)
{
    return csq__policies_clock(walk->policies, index)->attach == CSQ_ATTACH_MATCH ||
           (walk->attached >> index & 1) != 0;
}

/* Whether a clock that is not open begins a cycle once its start condition begins to hold. */
static inline bool csq__walk_may_start(const csq__walk *walk, uint32_t index)
{
    const csq__clock *clock = csq__policies_clock(walk->policies, index);
    const csq__run *run = &walk->runs[index];
    return (run->cycle == 0 || clock->restarts) &&
           (run->is_armed || (clock->present >> CSQ__RULE_ARM & 1) == 0) &&
           (clock->attach != CSQ_ATTACH_FROM || csq__walk_applies(walk, index));
}

/* Whether the walk records the firings of a clock. */
static inline bool csq__walk_tells(const csq__walk *walk, uint32_t index)
{
    return walk->recorder != NULL && walk->recorder->tells && walk->recorder->told == index;
}

/* Whether an option makes the firings of a clock depend on how its terms changed. */
static inline bool csq__clock_has_ladder(const csq__clock *clock)
{
    return clock->passed_steps != CSQ_PASSED_STEPS_REARM ||
           clock->late_steps != CSQ_LATE_STEPS_ALL;
}

static inline bool csq__ladder_matters(const csq__walk *walk, uint32_t index)
{
    return walk->runs[index].is_changed != 0 &&
           csq__clock_has_ladder(csq__policies_clock(walk->policies, index));
}

/* Settles the ladder of the clock that the recorder tells of, before a change (firing.c). */
csq_status csq__ladder_change(csq__walk *walk, uint32_t index, csq_error *error);
void csq__ladder_clear(csq__ladder *ladder);

/* To be called before terms, target or calendar of a cycle change, or it goes on after its stop. */
static inline csq_status csq__walk_note_change(csq__walk *walk, uint32_t index, csq_error *error)
{
    if (walk->runs[index].cycle == 0) {
        return CSQ_OK;
    }
    walk->runs[index].is_changed = 1;
    return csq__walk_tells(walk, index) && !walk->is_aside ? csq__ladder_change(walk, index, error)
                                                           : CSQ_OK;
}

/* Judges the last group; call before looking at runs. */
csq_status csq__walk_settle(csq__walk *walk, csq_error *error);

/* Fails where the instant asked for is CSQ_MS_NONE. */
csq_status csq__walk_fail_now(csq_error *error);

/* Fails for an instant for which the calendar does not answer. */
csq_status csq__walk_fail_range(const csq_calendar *calendar, csq_ms t, csq_error *error);

/* Open time before t on a calendar by index + 1. Errors: CSQ_ERANGE. */
static inline csq_status csq__walk_position(const csq__walk *walk, uint32_t calendar, csq_ms t,
                                            csq_ms *out, csq_error *error)
{
    if (calendar == 0) {
        *out = t;
        return CSQ_OK;
    }
    const csq_calendar *const in_force = walk->calendars[calendar - 1].calendar;
    return csq__calendar_position(in_force, t, out) ? CSQ_OK
                                                    : csq__walk_fail_range(in_force, t, error);
}

/* Takes the event's own attributes out of the frame. */
static inline void csq__walk_clear_lead(csq__walk *walk)
{
    const csq_policies *policies = walk->policies;
    walk->kind_bits = 1;
    walk->has_more_leads = false;
    walk->now[policies->slot_event] = CSQ_CODE_NONE;
    walk->now[policies->slot_author] = CSQ_CODE_NONE;
    walk->now[policies->slot_visibility] = CSQ_CODE_NONE;
}

/* Whether a rule holds with one of several events that lead a group: those of some kinds, each in
 * the frame by its own kind, author and visibility. */
bool csq__walk_more_leads_hold(const csq__walk *walk, const csq__program *program, uint32_t kinds);
/* Takes an event that does more than lead and set an attribute, or that may be one of a group. */
csq_status csq__walk_special(csq__walk *walk, const csq__taken *taken, csq_error *error);
/* Steps of the walk; the group of events is complete and in the frame. */
csq_status csq__walk_judge(csq__walk *walk, csq_error *error);
csq_status csq__walk_merge(csq__walk *walk, csq_error *error);
/* Sums up the current stretch, so that the next one begins at t. */
csq_status csq__walk_advance(csq__walk *walk, uint32_t index, csq_ms t, csq_error *error);
/* Lets a run go on by another calendar from its `since` on. */
csq_status csq__walk_set_calendar(csq__walk *walk, csq__run *run, uint32_t calendar,
                                  csq_error *error);
csq_status csq__walk_begin(csq__walk *walk, uint32_t index, csq_error *error);
/* Keeps the cycle of a clock that is followed by another. */
csq_status csq__walk_keep_cycle(csq__walk *walk, uint32_t index, csq_error *error);
/* Brings the phase of an open clock in line with its pause and resume conditions. */
csq_status csq__walk_pause(csq__walk *walk, uint32_t index, csq_error *error);
/* Lets clocks begin at an earlier instant, as the option of each says (inherit.c). */
csq_status csq__walk_inherit(csq__walk *walk, uint32_t subject, csq_ms from, csq_error *error);
/* Cycles beside the oldest open one (beside.c): another begins; they follow the oldest one, which
 * has just taken its step; one after the other is in its place while `act` acts on it; the number
 * of the clock's last cycle. */
csq_status csq__beside_begin(csq__walk *walk, uint32_t index, csq_error *error);
csq_status csq__beside_follow(csq__walk *walk, uint32_t index, csq_error *error);
typedef csq_status (*csq__beside_act)(csq__walk *walk, uint32_t index, csq_error *error);
csq_status csq__beside_each(csq__walk *walk, uint32_t index, csq__beside_act act,
                            csq_error *error);
/* Brings changed terms to bear on them, after on the oldest one. */
csq_status csq__beside_change_terms(csq__walk *walk, uint32_t index, csq_error *error);
/* An edit, or for 0 the end of what one had set. */
void csq__beside_edit(csq__walk *walk, uint32_t index, csq_ms target);
uint32_t csq__beside_last_cycle(const csq__walk *walk, uint32_t index);
csq_status csq__walk_end(csq__walk *walk, uint32_t index, uint8_t phase, csq_error *error);
/* Brings the due instant of an open cycle in line with the attribute that its target names, if it
 * names one, and records what was promised (promise.c). */
csq_status csq__walk_follow_due(csq__walk *walk, uint32_t index, csq_error *error);
/* Agreement: chooses terms by the values now; brings changed terms, a changed calendar or an edited
 * target to bear on open cycles. */
void csq__walk_select(csq__walk *walk);
/* The same for one clock, by the versions at the instant that selects its own. */
void csq__walk_choose(csq__walk *walk, uint32_t index);
/* The policy that holds for a clock by the values now, or CSQ_NO_INDEX. */
uint32_t csq__walk_holding(const csq__walk *walk, uint32_t index);
/* The calendar, as index + 1, of a cycle under some terms: the one that the ticket names, if the
 * clock minds it, else that of the terms. */
uint32_t csq__walk_calendar(const csq__walk *walk, const csq__clock *clock,
                            const csq__terms *terms);
csq_status csq__walk_change_terms(csq__walk *walk, uint32_t index, csq_error *error);
csq_status csq__walk_change_calendar(csq__walk *walk, uint32_t index, csq_error *error);
csq_status csq__walk_switch_calendar(csq__walk *walk, csq_error *error);
void csq__run_set_target(const csq__walk *walk, csq__run *run, csq_ms target);
/* Counts the time since the stop, which a reopen made part of the cycle, up to the last switch of
 * calendars in it. */
csq_status csq__walk_follow_switches(csq__walk *walk, uint32_t index, csq_error *error);
csq_status csq__walk_edit(csq__walk *walk, uint32_t subject, csq_ms target, csq_error *error);
/* Brings the last edit to bear on a cycle that goes on after it was finished. */
void csq__walk_take_edit(csq__walk *walk, uint32_t index);

/* Measures a finished cycle again on another calendar; without a recorder, asks for one. */
csq_status csq__walk_remeasure_cycle(csq__walk *walk, uint32_t index, csq__run *run,
                                     uint32_t calendar, csq_error *error);

/* The instant that selects the versions of policies for a clock (epoch.c). */
csq_ms csq__walk_version_at(const csq__walk *walk, uint32_t index);
/* Lets versions change at the epochs up to an instant, once all events before it are taken; or
 * goes on behind them. */
csq_status csq__walk_enter_epochs(csq__walk *walk, csq_ms at, csq_error *error);
static inline csq_status csq__walk_pass_epochs(csq__walk *walk, csq_ms at, csq_error *error)
{
    return walk->policies->epochs.n == 0 ? CSQ_OK : csq__walk_enter_epochs(walk, at, error);
}
void csq__walk_skip_epochs(csq__walk *walk, csq_ms at);
/* The next epoch that can change a clock if no event comes, or CSQ_MS_NONE. */
csq_ms csq__walk_next_epoch(const csq__walk *walk, uint32_t index);

/* Walks the events of a ticket up to `now`, from a checkpoint if there is one and no recorder. */
csq_status csq__walk_ticket(csq__walk *walk, const csq_ticket *ticket, csq_ms now,
                            csq_error *error);
/* Walks the events of a ticket, in their order, up to `now`, from the start. */
csq_status csq__walk_log(csq__walk *walk, const csq__event *events, size_t n, csq_ms now,
                         csq_error *error);
/* ---- judging ------------------------------------------------------------------------------- */

/* Sums of a run at `now`, its current stretch included. */
csq_status csq__run_sums(csq__walk *walk, const csq__run *run, csq_ms now, csq_ms *elapsed,
                         csq_ms *paused, csq_error *error);

/* What a reader of a run asks for: the clock, its run (of the current or an earlier cycle), now. */
typedef struct csq__judged {
    csq__walk *walk;
    uint32_t clock;
    const csq__run *run;
    csq_ms now;
    csq_ms elapsed;
    csq_ms paused;
    csq_ms due;        /* CSQ_MS_NONE: none */
    csq_ms if_resumed; /* likewise */
    uint32_t due_on;   /* the calendar, as index + 1, on which the clock is due */
    bool is_late;
} csq__judged;

/* Sums and lateness; `due` only where lateness depends on it. Sets walk->needs_recorder if it must
 * be done again with one. */
csq_status csq__judge_lateness(csq__judged *judged, csq_error *error);
/* All members. */
csq_status csq__judge(csq__judged *judged, csq_error *error);
/* When the clock reaches a step of its ladder; CSQ_MS_NONE: not foreseeable. */
csq_status csq__judge_step(csq__judged *judged, const csq_step *step, csq_ms *out,
                           csq_error *error);
/* The same by the terms in force alone, whatever was passed under others. */
csq_status csq__judge_step_freely(csq__judged *judged, const csq_step *step, csq_ms *out,
                                  csq_error *error);
/* The breach, past or projected: as it is shown, and the first instant of being late. */
csq_status csq__judge_breach(csq__judged *judged, csq_ms *at, csq_ms *from, csq_error *error);
/* Adds what the ladder of a run that was changed says to what the recorder has kept of earlier
 * cycles of its clock. */
csq_status csq__ladder_keep(csq__judged *judged, csq_error *error);
/* All firings of a clock whose run was judged, in order, into an array of csq__firing of the walk's
 * allocator. Sets walk->needs_recorder if only a recorder that tells of the clock knows them. */
csq_status csq__judge_firings(csq__judged *judged, csq__array *out, csq_error *error);
/* The instant that a step keeps although the terms changed, or CSQ_MS_NONE. */
csq_ms csq__ladder_stays(const csq__judged *judged, uint32_t step);
csq_status csq__judge_answer(csq__judged *judged, csq_answer *out, csq_error *error);

#endif
