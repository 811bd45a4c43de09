/*
 * explain — the timeline of one clock of one incident: what counted, what did not, and why.
 *
 * The stretches are those that libcsq wrote down while it walked over the events; the program only
 * words them. The running total of the counted times ends at the elapsed time of the answer, and
 * the last line says so.
 *
 * Uses: agreement, desk, range, store, table, text.
 */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "agreement.h"
#include "desk.h"
#include "range.h"
#include "store.h"
#include "table.h"
#include "text.h"

typedef struct explain_run_state {
    const explain_options *options;
    store *db;
    service_desk desk;
    csq_ticket *ticket;
    csq_explanation *explanation;
    csq_answer answer;
    const csq_zone *zone;
    uint32_t clock;
    csq_ms now;
    int32_t made_sla;
} explain_run_state;

static const char *phase_text(uint32_t phase)
{
    static const char *const texts[] = {"not applicable", "not started", "active",
                                        "paused",         "completed",   "cancelled"};
    return phase < sizeof texts / sizeof texts[0] ? texts[phase] : "unknown";
}

/* ---- the head ------------------------------------------------------------------------------ */

static void print_instant(const explain_run_state *run, const char *label, csq_ms at)
{
    char text[TEXT_CAPACITY];
    if (at != CSQ_MS_NONE) {
        text_line("  %-10s %s", label, text_instant(text, at, run->zone));
    }
}

static void print_incident(const explain_run_state *run)
{
    const uint32_t attributes[] = {CSQ_TICKET_PRIORITY, CSQ_TICKET_GROUP, CSQ_TICKET_STATUS};
    csq_str values[3];
    for (int i = 0; i < 3; ++i) {
        values[i] = desk_value(&run->desk, attributes[i],
                               desk_value_at(run->ticket, attributes[i], run->now));
    }
    char now[TEXT_CAPACITY];
    char clock[DESK_CLOCK_CAPACITY];
    text_line("Incident %s: priority %.*s, group %.*s, %.*s", run->options->number, TEXT(values[0]),
              TEXT(values[1]), TEXT(values[2]));
    text_line("Clock \"%.*s\" as of %s",
              TEXT(desk_clock_name(run->desk.policies, run->clock, clock)),
              text_instant(now, run->now, run->zone));
    printf("\n");
}

/* "completed, late by 1:59", "active, 4:30 left" */
static void print_verdict(const explain_run_state *run)
{
    const csq_answer *answer = &run->answer;
    char text[TEXT_CAPACITY];
    const char *phase = phase_text(answer->phase);
    if (answer->remaining_ms == CSQ_MS_NONE) {
        text_line("  %-10s %s%s", "phase", phase, answer->breached != 0 ? ", late" : "");
    } else if (answer->breached != 0) {
        text_line("  %-10s %s, late by %s", "phase", phase,
                  text_duration(text, -answer->remaining_ms));
    } else {
        text_line("  %-10s %s, in time with %s left", "phase", phase,
                  text_duration(text, answer->remaining_ms));
    }
}

/* Says that the policy and target above are not those that the incident would have now. */
static void print_judged(const explain_run_state *run)
{
    char at[TEXT_CAPACITY];
    agreement_change change;
    if (agreement_find_change(&run->desk, run->ticket, run->clock, run->now, &run->answer,
                              &change)) {
        text_line("  %-10s under \"%.*s\" as it was before the %.*s changed to %.*s (%s)", "judged",
                  TEXT(csq_policies_policy_name(run->desk.policies, run->answer.policy)),
                  TEXT(csq_schema_name(run->desk.schema, change.attribute)),
                  TEXT(desk_value(&run->desk, change.attribute, change.code)),
                  text_instant(at, change.at, run->zone));
    }
}

static void print_answer(const explain_run_state *run)
{
    const csq_answer *answer = &run->answer;
    const csq_policies *policies = run->desk.policies;
    char target[TEXT_CAPACITY];
    char elapsed[TEXT_CAPACITY];
    char paused[TEXT_CAPACITY];
    const csq_str calendar = csq_policies_calendar_name(policies, answer->calendar);
    text_line("  %-10s %.*s", "policy", TEXT(csq_policies_policy_name(policies, answer->policy)));
    if (answer->workdays != 0) {
        snprintf(target, sizeof target, "%" PRIu32 " working days", answer->workdays);
    } else {
        text_duration(target, answer->target_ms);
    }
    text_line("  %-10s %s on calendar \"%.*s\"", "target", target,
              TEXT(calendar.size != 0 ? calendar : csq_str_of("every instant")));
    print_judged(run);
    print_verdict(run);
    print_instant(run, "started", answer->started_at);
    print_instant(run, "due", answer->due_at);
    print_instant(run, "breached", answer->breached_at);
    print_instant(run, "stopped", answer->stopped_at);
    print_instant(run, "next", answer->next_change_at);
    char percent[TEXT_CAPACITY] = "";
    if (answer->percent_hundredths != CSQ_MS_NONE) {
        snprintf(percent, sizeof percent, ", %" PRId64 ".%02" PRId64 " %% of the target",
                 answer->percent_hundredths / 100, answer->percent_hundredths % 100);
    }
    text_line("  %-10s %s%s; paused %s", "elapsed", text_duration(elapsed, answer->elapsed_ms),
              percent, text_duration(paused, answer->paused_ms));
    if (run->clock == 0) {
        text_line("  %-10s %s", "log says", run->made_sla != 0 ? "in time" : "late");
    }
}

/* ---- the timeline -------------------------------------------------------------------------- */

static void stretch_reason(const csq_stretch *stretch, char out[2 * TEXT_CAPACITY])
{
    static const char *const texts[] = {
        [CSQ_STRETCH_COUNTED] = "counted",   [CSQ_STRETCH_CLOSED] = "closed",
        [CSQ_STRETCH_HOLIDAY] = "holiday",   [CSQ_STRETCH_OVERRIDE] = "closed by override",
        [CSQ_STRETCH_BREAK] = "break",       [CSQ_STRETCH_PAUSED] = "paused",
        [CSQ_STRETCH_FINISHED] = "finished",
    };
    const bool is_known = stretch->reason > 0 && stretch->reason < sizeof texts / sizeof texts[0];
    snprintf(out, 2 * TEXT_CAPACITY, "%s%s%.*s", is_known ? texts[stretch->reason] : "unknown",
             stretch->name.size != 0 ? ": " : "", TEXT(stretch->name));
}

/* What the event that began a stretch did: "opened", "status Resolved", "priority P1". */
static void event_text(const explain_run_state *run, uint64_t index, char out[2 * TEXT_CAPACITY])
{
    csq_ticket_event event = {.size = sizeof event};
    out[0] = '\0';
    if (csq_ticket_event_at(run->ticket, index, &event, NULL) != CSQ_OK) {
        return;
    }
    const csq_schema *schema = run->desk.schema;
    if (event.kind == CSQ_EVENT_CREATED) {
        snprintf(out, 2 * TEXT_CAPACITY, "opened");
    } else if (csq_schema_kind(schema, event.attribute) == CSQ_ATTRIBUTE_CATEGORY) {
        snprintf(out, 2 * TEXT_CAPACITY, "%s%.*s %.*s",
                 event.kind == CSQ_EVENT_REOPEN ? "reopened: " : "",
                 TEXT(csq_schema_name(schema, event.attribute)),
                 TEXT(desk_value(&run->desk, event.attribute, (uint32_t)event.value)));
    }
}

static void print_timeline(const explain_run_state *run)
{
    table *cells = table_new("llrrll", "from|to|counted|total|reason|since");
    csq_ms total = 0;
    uint64_t last_event = UINT64_MAX;
    const uint64_t n = csq_explanation_stretch_count(run->explanation);
    for (uint64_t i = 0; i < n; ++i) {
        csq_stretch stretch = {.size = sizeof stretch};
        if (csq_explanation_stretch(run->explanation, i, &stretch, NULL) != CSQ_OK) {
            break;
        }
        if (stretch.cycle != run->answer.cycle) {
            continue;
        }
        char text[2 * TEXT_CAPACITY];
        total += stretch.counted_ms;
        table_add(cells, "%s", text_instant(text, stretch.from, run->zone));
        table_add(cells, "%s", text_instant(text, stretch.to, run->zone));
        table_add(cells, "%s", text_duration(text, stretch.counted_ms));
        table_add(cells, "%s", text_duration(text, total));
        stretch_reason(&stretch, text);
        table_add(cells, "%s", text);
        event_text(run, stretch.event, text);
        table_add(cells, "%s", stretch.event != last_event ? text : "");
        last_event = stretch.event;
    }
    table_print(cells, stdout);
    table_free(cells);
    char counted[TEXT_CAPACITY];
    char elapsed[TEXT_CAPACITY];
    printf("\n  Counted in all: %s; elapsed: %s.\n", text_duration(counted, total),
           text_duration(elapsed, run->answer.elapsed_ms));
    printf("  Times are hours:minutes of business time, as the calendar counts it.\n");
}

static void print_cycles(const explain_run_state *run)
{
    const uint64_t n = csq_explanation_cycle_count(run->explanation);
    if (n < 2) {
        return;
    }
    table *cells = table_new("rllllr", "cycle|started|stopped|phase|late|elapsed");
    for (uint64_t i = 0; i < n; ++i) {
        csq_cycle cycle = {.size = sizeof cycle};
        char text[TEXT_CAPACITY];
        if (csq_explanation_cycle(run->explanation, i, &cycle, NULL) != CSQ_OK) {
            break;
        }
        table_add(cells, "%" PRIu64, i + 1);
        table_add(cells, "%s", text_instant(text, cycle.started_at, run->zone));
        table_add(cells, "%s", text_instant(text, cycle.stopped_at, run->zone));
        table_add(cells, "%s", phase_text(cycle.phase));
        table_add(cells, "%s", cycle.breached != 0 ? "late" : "in time");
        table_add(cells, "%s", text_duration(text, cycle.elapsed_ms));
    }
    printf("\n  All cycles; the timeline above is that of the last one.\n\n");
    table_print(cells, stdout);
    table_free(cells);
}

/* ---- why not ------------------------------------------------------------------------------- */

static void print_why_not(const explain_run_state *run, uint32_t policy)
{
    const csq_policies *policies = run->desk.policies;
    csq_why_not why = {.size = sizeof why};
    csq_error error;
    if (csq_policies_why_not(policies, run->ticket, run->clock, policy, run->now, &why, &error) !=
        CSQ_OK) {
        text_fail_csq("why not", &error);
        return;
    }
    const csq_str name = csq_policies_policy_name(policies, policy);
    const csq_str other = csq_policies_policy_name(policies, why.policy);
    switch (why.reason) {
    case CSQ_WHY_NOT_HOLDS:
        text_line("  %.*s: holds", TEXT(name));
        break;
    case CSQ_WHY_NOT_TEST:
        text_line("  %.*s: does not match, its test of \"%.*s\" fails", TEXT(name),
                  TEXT(csq_schema_name(run->desk.schema, why.attribute)));
        break;
    case CSQ_WHY_NOT_EARLIER:
        text_line("  %.*s: matches, but \"%.*s\" stands before it", TEXT(name), TEXT(other));
        break;
    case CSQ_WHY_NOT_ATTACHED:
        text_line("  %.*s: another policy, \"%.*s\", was attached", TEXT(name), TEXT(other));
        break;
    case CSQ_WHY_NOT_NO_TARGET:
        text_line("  %.*s: holds, but has no target for this clock and incident", TEXT(name));
        break;
    case CSQ_WHY_NOT_TRACK:
        text_line("  %.*s: is in another track than this clock", TEXT(name));
        break;
    case CSQ_WHY_NOT_VERSION:
        text_line("  %.*s: another version of it, or none, is in force", TEXT(name));
        break;
    default:
        text_line("  %.*s: does not hold", TEXT(name));
        break;
    }
}

static bool is_opened(const explain_run_state *run)
{
    csq_ticket_event first = {.size = sizeof first};
    return csq_ticket_event_at(run->ticket, 0, &first, NULL) == CSQ_OK && first.at <= run->now;
}

static void print_explanation(const explain_run_state *run)
{
    print_incident(run);
    if (!is_opened(run)) {
        printf("  The incident was not opened yet.\n");
        return;
    }
    if (run->answer.phase == CSQ_PHASE_NOT_APPLICABLE) {
        printf("  No policy sets a target, so there is no clock.\n");
    } else if (run->answer.phase == CSQ_PHASE_NOT_STARTED) {
        printf("  The clock has not started.\n");
    } else {
        print_answer(run);
        printf("\n");
        print_timeline(run);
        print_cycles(run);
    }
    printf("\nPolicies, in the order in which they are tried on the incident as it is then\n");
    for (uint32_t i = 0; i < csq_policies_policy_count(run->desk.policies); ++i) {
        print_why_not(run, i);
    }
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool fail_unknown(const explain_run_state *run)
{
    const char *number = run->options->number;
    char *similar = NULL;
    if (store_find_similar(run->db, csq_str_of(number), &similar)) {
        text_say("the database has no incident \"%s\"%s%s%s", number,
                 similar != NULL ? "; did you mean " : "", similar != NULL ? similar : "",
                 similar != NULL ? "?" : "");
    }
    free(similar);
    return false;
}

static bool find_ticket(explain_run_state *run)
{
    store_incident incident;
    if (!store_find_incident(run->db, csq_str_of(run->options->number), &incident)) {
        return false;
    }
    if (incident.id == 0) {
        return fail_unknown(run);
    }
    run->made_sla = incident.made_sla;
    run->ticket = desk_get_ticket(&run->desk, run->db, &incident);
    return run->ticket != NULL;
}

static bool explain_clock(explain_run_state *run)
{
    csq_error error;
    run->answer.size = sizeof run->answer;
    csq_status status = csq_policies_explain(run->desk.policies, run->ticket, run->clock, run->now,
                                             NULL, &run->explanation, &error);
    if (status == CSQ_OK) {
        status = csq_explanation_answer(run->explanation, &run->answer, &error);
    }
    if (status == CSQ_ERANGE) {
        range_notes notes = {0};
        range_note(&notes, &run->desk, csq_str_of(run->options->number), run->ticket, run->now);
        return false;
    }
    if (status != CSQ_OK) {
        return text_fail_csq(run->options->number, &error);
    }
    run->zone = desk_zone(&run->desk, run->answer.calendar);
    return true;
}

bool explain_run(const explain_options *options)
{
    explain_run_state *run = text_grow(NULL, sizeof *run);
    *run = (explain_run_state){.options = options, .db = store_open(options->database, false)};
    bool is_done = run->db != NULL && desk_open_stored(&run->desk, run->db, options->zoneinfo) &&
                   desk_find_clock(&run->desk, options->metric, &run->clock) &&
                   range_last_update(&run->desk, run->db, &run->now) && find_ticket(run);
    if (is_done) {
        run->now = options->now != CSQ_MS_NONE ? options->now : run->now;
        is_done = explain_clock(run);
    }
    if (is_done) {
        print_explanation(run);
    }
    csq_explanation_free(run->explanation);
    csq_ticket_free(run->ticket);
    desk_close(&run->desk);
    store_close(run->db);
    free(run);
    return is_done;
}
