/*
 * range — instants for which a calendar of the rules does not answer, said in words.
 *
 * The instant is found by asking again at each event: the first one at which a clock cannot be told
 * is the one to name. The rules say nothing of which calendar that clock looked at, so the first
 * calendar that does not know the instant is named with it.
 *
 * Uses: desk, text.
 */
#include "range.h"

#include "text.h"

csq_status range_ask(const service_desk *desk, const csq_ticket *ticket, csq_ms now,
                     csq_answer *answers, csq_error *error)
{
    for (uint32_t clock = 0; clock < csq_policies_clock_count(desk->policies); ++clock) {
        csq_answer answer = {.size = sizeof answer};
        const csq_status status =
            csq_policies_answer(desk->policies, ticket, clock, now, &answer, error);
        if (status != CSQ_OK) {
            return status;
        }
        if (answers != NULL) {
            answers[clock] = answer;
        }
    }
    return CSQ_OK;
}

/* The first event up to `now` at which a clock of the ticket cannot be told; false when it is only
 * `now` that asks too much. */
static bool find_event(const service_desk *desk, const csq_ticket *ticket, csq_ms now, csq_ms *at)
{
    for (uint64_t i = 0; i < csq_ticket_count(ticket); ++i) {
        csq_ticket_event event = {.size = sizeof event};
        csq_error error;
        if (csq_ticket_event_at(ticket, i, &event, NULL) != CSQ_OK || event.at > now) {
            return false;
        }
        if (range_ask(desk, ticket, event.at, NULL, &error) == CSQ_ERANGE) {
            *at = event.at;
            return true;
        }
    }
    return false;
}

/* The first calendar that does not answer for the instant, with its range; NULL when all of them
 * do, because what a clock needs lies beyond the instant. */
static const csq_calendar *find_calendar(const service_desk *desk, csq_ms at, csq_str *name,
                                         csq_interval *years)
{
    for (uint32_t i = 0; i < csq_rules_calendar_count(desk->rules); ++i) {
        const csq_calendar *calendar = csq_rules_calendar(desk->rules, i);
        if (csq_calendar_range(calendar, years, NULL) == CSQ_OK &&
            (at < years->from || at >= years->to)) {
            *name = csq_rules_calendar_name(desk->rules, i);
            return calendar;
        }
    }
    return NULL;
}

/* `who` is whose instant it is. */
static void say_instant(const service_desk *desk, const char *who, csq_str number, csq_ms at)
{
    char date[TEXT_CAPACITY];
    char limit[TEXT_CAPACITY];
    csq_str name;
    csq_interval years;
    const csq_calendar *calendar = find_calendar(desk, at, &name, &years);
    if (calendar == NULL) {
        text_say(
            "%s%.*s: at %s a clock runs out of the \"years\" of its calendar in the rules, so it "
            "cannot be told",
            who, TEXT(number), text_instant(date, at, NULL));
        return;
    }
    const csq_zone *zone = csq_calendar_zone(calendar);
    const bool is_early = at < years.from;
    text_say("%s%.*s: %s lies outside the \"years\" of calendar \"%.*s\" in the rules, which %s on "
             "%s: no clock can be told",
             who, TEXT(number), text_instant(date, at, zone), TEXT(name),
             is_early ? "begin" : "end",
             text_instant(limit, is_early ? years.from : years.to - 1, zone));
}

void range_note(range_notes *notes, const service_desk *desk, csq_str number,
                const csq_ticket *ticket, csq_ms now)
{
    csq_ms at = now;
    ++notes->n;
    if (notes->n_named == RANGE_NAMED && notes->is_now_named) {
        return;
    }
    if (find_event(desk, ticket, now, &at)) {
        if (notes->n_named < RANGE_NAMED) {
            ++notes->n_named;
            say_instant(desk, "incident ", number, at);
        }
    } else if (!notes->is_now_named) {
        notes->is_now_named = true;
        say_instant(desk, "the instant asked for", (csq_str){NULL, 0}, now);
    }
}

bool range_last_update(const service_desk *desk, store *db, csq_ms *out)
{
    csq_ms limit = CSQ_MS_NONE;
    for (uint32_t i = 0; i < csq_rules_calendar_count(desk->rules); ++i) {
        csq_interval years;
        if (csq_calendar_range(csq_rules_calendar(desk->rules, i), &years, NULL) == CSQ_OK &&
            years.to > limit) {
            limit = years.to;
        }
    }
    return store_last_update(db, limit != CSQ_MS_NONE ? limit : INT64_MAX, out);
}
