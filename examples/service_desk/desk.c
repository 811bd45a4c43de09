/*
 * desk — where the program and libcsq meet: the rules in force, and tickets made of updates.
 *
 * An update repeats the whole incident, a ticket event says what changed. So the updates are taken
 * in the order in which they happened, and each attribute that differs from the update before
 * becomes an event; those of one update are joined, because they took effect together. The incident
 * is created at its opening as "New", with what else the first update says. A ticket is always
 * made of all updates: one that arrives late changes what those after it changed.
 *
 * Uses: shown, store, text, zones.
 */
#include "desk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "shown.h"
#include "text.h"
#include "zones.h"

/* The attributes that an update has, in the order of their events. */
enum { DESK_STATUS, DESK_PRIORITY, DESK_GROUP, DESK_ASSIGNEE, DESK_ATTRIBUTES };

static const uint32_t desk_attributes[DESK_ATTRIBUTES] = {
    CSQ_TICKET_STATUS,
    CSQ_TICKET_PRIORITY,
    CSQ_TICKET_GROUP,
    CSQ_TICKET_ASSIGNEE,
};

/* ---- rules --------------------------------------------------------------------------------- */

/* Only the hash tables of the vocabularies depend on it, no result does. */
static uint64_t desk_seed(void)
{
    struct timespec now = {0};
    timespec_get(&now, TIME_UTC);
    return (uint64_t)now.tv_sec * UINT64_C(1000000007) + (uint64_t)now.tv_nsec;
}

csq_rules *desk_read_rules(const service_desk *desk, csq_str rules, const char *name,
                           const char *zoneinfo)
{
    csq_error error;
    csq_rules *read = NULL;
    char *directory = text_copy(csq_str_of(zoneinfo != NULL ? zoneinfo : ZONES_DIRECTORY));
    const csq_rules_options options = {
        .size = sizeof options,
        .zone = zones_find,
        .zone_user = directory,
    };
    const csq_status status = csq_rules_read(desk->schema, rules, &options, NULL, &read, &error);
    free(directory);
    if (status != CSQ_OK) {
        text_fail_csq(name, &error);
        return NULL;
    }
    if (csq_rules_policies(read) == NULL) {
        text_say("%s has no metrics", name);
        csq_rules_free(read);
        return NULL;
    }
    return read;
}

bool desk_open(service_desk *out, csq_str rules, const char *name, const char *zoneinfo)
{
    csq_error error;
    *out = (service_desk){0};
    if (csq_ticket_schema_new(desk_seed(), NULL, &out->schema, &error) != CSQ_OK) {
        return text_fail_csq("schema", &error);
    }
    out->rules = desk_read_rules(out, rules, name, zoneinfo);
    if (out->rules == NULL) {
        desk_close(out);
        return false;
    }
    out->policies = csq_rules_policies(out->rules);
    return true;
}

bool desk_open_stored(service_desk *out, store *db, const char *zoneinfo)
{
    char *text = NULL;
    uint64_t size = 0;
    if (!store_get_rules(db, &text, &size)) {
        return false;
    }
    if (text == NULL) {
        return text_fail("the database has no rules yet: import a log with --rules RULES.json");
    }
    const bool is_open = desk_open(out, (csq_str){text, size}, "stored rules", zoneinfo);
    free(text);
    return is_open;
}

void desk_close(service_desk *desk)
{
    csq_rules_free(desk->rules);
    csq_schema_free(desk->schema);
    *desk = (service_desk){0};
}

bool desk_give_advice(const service_desk *desk, const char *name)
{
    csq_lint *lint = NULL;
    csq_error error;
    if (csq_rules_lint(desk->rules, NULL, &lint, &error) != CSQ_OK) {
        return text_fail_csq(name, &error);
    }
    for (uint64_t i = 0; i < csq_lint_count(lint); ++i) {
        csq_advice advice = {.size = sizeof advice};
        if (csq_lint_at(lint, i, &advice, NULL) == CSQ_OK) {
            text_say("%s: %s: %.*s: %.*s (%s)", name,
                     advice.weight == CSQ_ADVICE_WARNING ? "warning" : "hint", TEXT(advice.path),
                     TEXT(advice.message), csq_advice_name(advice.code));
        }
    }
    csq_lint_free(lint);
    return true;
}

csq_str desk_clock_name(const csq_policies *policies, uint32_t clock, char out[DESK_CLOCK_CAPACITY])
{
    csq_clock of = {.size = sizeof of, .metric = CSQ_NO_INDEX};
    (void)csq_policies_clock_at(policies, clock, &of, NULL);
    const int n = snprintf(out, DESK_CLOCK_CAPACITY, "%.*s%s%.*s",
                           TEXT(csq_policies_metric_name(policies, of.metric)),
                           of.track.size != 0 ? "/" : "", TEXT(of.track));
    return (csq_str){out, n > 0 ? (uint64_t)n : 0};
}

bool desk_find_clock(const service_desk *desk, const char *name, uint32_t *clock)
{
    char text[DESK_CLOCK_CAPACITY];
    const uint32_t n = csq_policies_clock_count(desk->policies);
    *clock = 0;
    if (name == NULL ||
        csq_policies_find_metric(desk->policies, csq_str_of(name), clock, NULL) == CSQ_OK) {
        return true; /* the first clock of a metric has its index */
    }
    for (uint32_t i = 0; i < n; ++i) {
        if (text_is_equal(desk_clock_name(desk->policies, i, text), csq_str_of(name))) {
            *clock = i;
            return true;
        }
    }
    text_say("the rules have no metric \"%s\"; they have:", name);
    for (uint32_t i = 0; i < n; ++i) {
        text_say("  %.*s", TEXT(desk_clock_name(desk->policies, i, text)));
    }
    return false;
}

uint32_t desk_clock_of_row(const csq_policies *policies, const csq_tally_row *row)
{
    csq_policy policy = {.size = sizeof policy};
    uint32_t clock = row->metric;
    if (csq_policies_policy_at(policies, row->policy, &policy, NULL) == CSQ_OK) {
        (void)csq_policies_find_clock(policies, row->metric, policy.track, &clock, NULL);
    }
    return clock;
}

const csq_zone *desk_zone(const service_desk *desk, uint32_t calendar)
{
    const csq_str name = csq_policies_calendar_name(desk->policies, calendar);
    for (uint32_t i = 0; i < csq_rules_calendar_count(desk->rules); ++i) {
        if (name.size != 0 && text_is_equal(name, csq_rules_calendar_name(desk->rules, i))) {
            return csq_calendar_zone(csq_rules_calendar(desk->rules, i));
        }
    }
    return NULL;
}

csq_str desk_value(const service_desk *desk, uint32_t attribute, uint32_t code)
{
    const csq_str name = csq_vocabulary_name(csq_schema_vocabulary(desk->schema, attribute), code);
    return name.size != 0 ? name : csq_str_of("(none)");
}

uint32_t desk_value_at(const csq_ticket *ticket, uint32_t attribute, csq_ms now)
{
    uint32_t value = CSQ_CODE_NONE;
    for (uint64_t i = 0; i < csq_ticket_count(ticket); ++i) {
        csq_ticket_event event = {.size = sizeof event};
        if (csq_ticket_event_at(ticket, i, &event, NULL) == CSQ_OK && event.at <= now &&
            event.attribute == attribute) {
            value = (uint32_t)event.value;
        }
    }
    return value;
}

/* ---- from updates to tickets --------------------------------------------------------------- */

/* The codes of a row's values; 0 where the row has none. */
static csq_status row_codes(const service_desk *desk, const log_row *row,
                            int64_t codes[DESK_ATTRIBUTES], csq_error *error)
{
    const csq_str names[DESK_ATTRIBUTES] = {row->status, row->priority, row->group, row->assignee};
    for (int i = 0; i < DESK_ATTRIBUTES; ++i) {
        uint32_t code = CSQ_CODE_NONE;
        if (names[i].size != 0) {
            const csq_status status =
                csq_schema_code(desk->schema, desk_attributes[i], names[i], &code, error);
            if (status != CSQ_OK) {
                return status;
            }
        }
        codes[i] = code;
    }
    return CSQ_OK;
}

bool desk_check_row(const service_desk *desk, const log_row *row, char reason[LOG_REASON_CAPACITY])
{
    int64_t codes[DESK_ATTRIBUTES];
    csq_error error;
    if (row_codes(desk, row, codes, &error) != CSQ_OK) {
        snprintf(reason, LOG_REASON_CAPACITY, "%s (%s)", error.message,
                 csq_status_name(error.code));
        return false;
    }
    return true;
}

/* What the events so far have made of the incident. */
typedef struct desk_progress {
    csq_ticket *ticket;
    int64_t codes[DESK_ATTRIBUTES];
    uint32_t is_created;
    int32_t made_sla;
} desk_progress;

static csq_status create_ticket(const service_desk *desk, const log_row *row,
                                desk_progress *progress, csq_error *error)
{
    log_row first = *row;
    first.status = csq_str_of("New");
    csq_status status = row_codes(desk, &first, progress->codes, error);
    for (uint32_t i = 0; status == CSQ_OK && i < DESK_ATTRIBUTES; ++i) {
        const csq_ticket_event event = {
            .size = sizeof event,
            .kind = i == 0 ? CSQ_EVENT_CREATED : CSQ_EVENT_CHANGE,
            .at = row->opened_at,
            .sequence = i,
            .attribute = desk_attributes[i],
            .value = progress->codes[i],
            .joined = i != 0,
        };
        status = csq_ticket_apply(progress->ticket, &event, error);
    }
    return status;
}

/* Resolved and Closed are the states in which the work is done. */
static bool is_done_status(const service_desk *desk, int64_t code)
{
    const csq_str name = desk_value(desk, CSQ_TICKET_STATUS, (uint32_t)code);
    return text_is_equal(name, csq_str_of("Resolved")) || text_is_equal(name, csq_str_of("Closed"));
}

static csq_status apply_update(const service_desk *desk, const log_row *row,
                               desk_progress *progress, csq_error *error)
{
    int64_t codes[DESK_ATTRIBUTES];
    csq_status status = row_codes(desk, row, codes, error);
    uint32_t joined = 0;
    for (uint32_t i = 0; status == CSQ_OK && i < DESK_ATTRIBUTES; ++i) {
        if (codes[i] == progress->codes[i]) {
            continue;
        }
        const bool is_reopen = i == DESK_STATUS && is_done_status(desk, progress->codes[i]) &&
                               !is_done_status(desk, codes[i]);
        const csq_ticket_event event = {
            .size = sizeof event,
            .kind = is_reopen ? CSQ_EVENT_REOPEN : CSQ_EVENT_CHANGE,
            .at = row->at,
            .sequence = ((uint64_t)row->sequence + 1) * DESK_ATTRIBUTES + i,
            .attribute = desk_attributes[i],
            .value = codes[i],
            .joined = joined,
        };
        status = csq_ticket_apply(progress->ticket, &event, error);
        progress->codes[i] = codes[i];
        joined = 1;
    }
    return status;
}

/* Applies all updates of an incident to an empty ticket. */
static bool apply_updates(const service_desk *desk, store *db, int64_t incident,
                          desk_progress *progress)
{
    log_row row;
    bool is_failed = false;
    if (!store_begin_updates(db, incident)) {
        return false;
    }
    while (store_next_update(db, &row, &is_failed)) {
        csq_error error;
        csq_status status = CSQ_OK;
        if (!progress->is_created) {
            status = create_ticket(desk, &row, progress, &error);
            progress->is_created = 1;
        }
        if (status == CSQ_OK) {
            status = apply_update(desk, &row, progress, &error);
        }
        if (status != CSQ_OK) {
            char name[2 * TEXT_CAPACITY];
            const csq_str number = shown_cut(row.number, 40);
            snprintf(name, sizeof name, "incident %.*s, update %" PRId64, TEXT(number),
                     row.sequence);
            return text_fail_csq(name, &error);
        }
        progress->made_sla = row.made_sla;
    }
    return !is_failed;
}

/* The ticket as the updates say it. Its clocks are left to whoever asks: an encoded ticket has
 * none, so bringing them up to date here would be lost. */
static bool make_ticket(const service_desk *desk, store *db, int64_t incident,
                        desk_progress *progress)
{
    csq_error error;
    *progress = (desk_progress){0};
    if (csq_ticket_new(desk->schema, (uint64_t)incident, NULL, &progress->ticket, &error) !=
        CSQ_OK) {
        return text_fail_csq("ticket", &error);
    }
    return apply_updates(desk, db, incident, progress);
}

/* The ticket that a state holds; NULL, said on stderr, where it does not hold that of the incident.
 */
static csq_ticket *read_state(const service_desk *desk, const store_incident *incident)
{
    csq_ticket *ticket = NULL;
    csq_error error;
    const csq_status status = csq_ticket_decode(desk->schema, incident->state, incident->state_size,
                                                NULL, &ticket, &error);
    if (status == CSQ_OK && csq_ticket_id(ticket) == (uint64_t)incident->id) {
        return ticket;
    }
    text_say("incident %.*s: its stored state cannot be used (%s, %s): made again from its updates",
             TEXT(incident->number), status == CSQ_OK ? "it is of another one" : error.message,
             csq_status_name(status == CSQ_OK ? CSQ_EMISMATCH : status));
    csq_ticket_free(ticket);
    return NULL;
}

csq_ticket *desk_get_ticket(const service_desk *desk, store *db, store_incident *incident)
{
    csq_ticket *ticket = incident->state != NULL ? read_state(desk, incident) : NULL;
    if (ticket != NULL) {
        return ticket;
    }
    desk_progress progress;
    incident->state = NULL;
    if (!make_ticket(desk, db, incident->id, &progress)) {
        csq_ticket_free(progress.ticket);
        return NULL;
    }
    incident->made_sla = progress.made_sla;
    return progress.ticket;
}

bool desk_refresh(const service_desk *desk, store *db, int64_t incident)
{
    desk_progress progress;
    csq_error error;
    uint64_t size = 0;
    void *state = NULL;
    bool is_stored = make_ticket(desk, db, incident, &progress);
    if (is_stored) {
        is_stored = csq_ticket_encode(progress.ticket, NULL, &size, &error) == CSQ_OK;
        state = text_grow(NULL, (size_t)size);
        is_stored = is_stored && csq_ticket_encode(progress.ticket, state, &size, &error) == CSQ_OK;
        is_stored = is_stored ? store_put_state(db, incident, state, size, progress.made_sla)
                              : text_fail_csq("encoding", &error);
    }
    free(state);
    csq_ticket_free(progress.ticket);
    return is_stored;
}
