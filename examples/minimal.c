/* minimal — one calendar, one policy, one ticket, one answer. */
#include <inttypes.h>
#include <stdio.h>

#include <csq/csq.h>

static const char rules_text[] =
    "{\"calendars\": {\"office\": {\"zone\": \"UTC\", \"week\": {"
    "   \"mon\": [\"09:00-17:00\"], \"tue\": [\"09:00-17:00\"], \"wed\": [\"09:00-17:00\"],"
    "   \"thu\": [\"09:00-17:00\"], \"fri\": [\"09:00-17:00\"]}}},"
    " \"metrics\": {\"first_reply\": {\"kind\": \"first_reply\"}},"
    " \"policies\": [{\"name\": \"standard\", \"targets\": {"
    "   \"first_reply\": {\"within\": \"4h\", \"calendar\": \"office\"}}}]}";

int main(void)
{
    csq_error error = {0};
    csq_schema *schema = NULL;
    csq_rules *rules = NULL;
    csq_ticket *ticket = NULL;
    csq_ticket_event opened = {.size = sizeof opened, .kind = CSQ_EVENT_CREATED, .sequence = 1};
    csq_ticket_event reply = {.size = sizeof reply, .kind = CSQ_EVENT_REPLY, .sequence = 2};
    csq_answer answer = {.size = sizeof answer};
    char due[CSQ_INSTANT_TEXT] = "";
    reply.author = CSQ_AUTHOR_AGENT;
    csq_instant_parse(csq_str_of("2026-10-02T15:30:00Z"), &opened.at, &error); // a Friday
    csq_instant_parse(csq_str_of("2026-10-05T10:15:00Z"), &reply.at, &error);
    if (csq_ticket_schema_new(1, NULL, &schema, &error) != CSQ_OK ||
        csq_rules_read(schema, csq_str_of(rules_text), NULL, NULL, &rules, &error) != CSQ_OK ||
        csq_ticket_new(schema, 4711, NULL, &ticket, &error) != CSQ_OK ||
        csq_ticket_apply(ticket, &opened, &error) != CSQ_OK ||
        csq_ticket_apply(ticket, &reply, &error) != CSQ_OK ||
        csq_policies_answer(csq_rules_policies(rules), ticket, 0, reply.at, &answer, &error) ||
        csq_instant_format(answer.due_at, NULL, due, sizeof due, &error) != CSQ_OK) {
        fprintf(stderr, "%s: %s\n", error.path, error.message);
    } else {
        printf("%s after %" PRId64 " of %" PRId64 " minutes; due %s\n",
               answer.breached ? "late" : "in time", answer.elapsed_ms / 60000,
               answer.target_ms / 60000, due);
    }
    csq_ticket_free(ticket);
    csq_rules_free(rules);
    csq_schema_free(schema);
    return error.code != CSQ_OK;
}
