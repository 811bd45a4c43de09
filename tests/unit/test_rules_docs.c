/*
 * test_rules_docs — the worked example of docs/rules.md is in canonical form and gives the numbers
 * that the page gives.
 */
#include "rules_support.h"

static const csq_ms hour_ms = 3600000;

/* The text between the first ```json and the next ``` of the page; the caller frees it. */
static char *example_text(void)
{
    char *page = rules_file("docs/rules.md");
    char *start = strstr(page, "```json\n");
    assert_non_null(start);
    start += strlen("```json\n");
    char *end = strstr(start, "```");
    assert_non_null(end);
    *end = '\0';
    memmove(page, start, strlen(start) + 1);
    return page;
}

typedef struct docs_fixture {
    csq_schema *schema;
    csq_rules *rules;
    csq_ticket *ticket;
} docs_fixture;

static docs_fixture docs_ticket(const char *priority)
{
    docs_fixture fixture = {test_schema(), NULL, NULL};
    char *text = example_text();
    fixture.rules = rules_of_text(fixture.schema, csq_str_of(text));
    free(text);
    fixture.ticket = test_ticket(fixture.schema, 1);
    csq_ticket_event created = test_event(CSQ_EVENT_CREATED, ms_of("2026-09-30T17:00:00+08:00"), 1);
    if (priority != NULL) {
        created.attribute = CSQ_TICKET_PRIORITY;
        created.value = test_code(fixture.schema, CSQ_TICKET_PRIORITY, priority);
    }
    test_apply(fixture.ticket, created);
    return fixture;
}

static csq_ms docs_thursday(void)
{
    return ms_of("2026-10-08T10:00:00+08:00");
}

/* Pending on Thursday from 10:00 to 11:00. */
static void docs_pause(const docs_fixture *fixture)
{
    const uint32_t pending = test_code(fixture->schema, CSQ_TICKET_STATUS, "pending");
    const uint32_t open = test_code(fixture->schema, CSQ_TICKET_STATUS, "open");
    test_apply(fixture->ticket,
               test_setting(CSQ_EVENT_CHANGE, docs_thursday(), 2, CSQ_TICKET_STATUS, pending));
    test_apply(fixture->ticket, test_setting(CSQ_EVENT_CHANGE, docs_thursday() + hour_ms, 3,
                                             CSQ_TICKET_STATUS, open));
}

static void docs_release(docs_fixture *fixture)
{
    csq_ticket_free(fixture->ticket);
    csq_rules_free(fixture->rules);
    csq_schema_free(fixture->schema);
}

static void the_example_is_in_canonical_form(void **state)
{
    (void)state;
    docs_fixture fixture = docs_ticket(NULL);
    char *text = example_text();
    char *written = rules_written(fixture.rules);
    assert_string_equal(written, text);
    free(written);
    free(text);
    docs_release(&fixture);
}

static void the_example_is_due_as_the_page_says(void **state)
{
    (void)state;
    docs_fixture fixture = docs_ticket(NULL);
    docs_pause(&fixture);
    const csq_ms now = docs_thursday() + hour_ms;
    const csq_answer answer = rules_answer(fixture.rules, fixture.ticket, "resolution", now);
    assert_int_equal(answer.policy, 1);
    assert_ms_equal(answer.target_ms, 8 * hour_ms);
    assert_ms_equal(answer.elapsed_ms, 2 * hour_ms);
    assert_ms_equal(answer.due_at, ms_of("2026-10-09T09:30:00+08:00"));

    csq_explanation *explanation;
    assert_status(CSQ_OK, csq_policies_explain(csq_rules_policies(fixture.rules), fixture.ticket, 1,
                                               now, NULL, &explanation, NULL));
    static const char *const steps[] = {"2026-10-08T16:54:00+08:00", "2026-10-08T18:00:00+08:00",
                                        "2026-10-09T10:30:00+08:00"};
    for (uint32_t i = 0; i < 3; i++) {
        csq_ms at;
        assert_status(CSQ_OK, csq_explanation_step(explanation, i, &at, NULL));
        assert_ms_equal(at, ms_of(steps[i]));
    }
    csq_explanation_free(explanation);
    docs_release(&fixture);
}

/* Without the pause, and with the hour of it. */
static void working_days_count_the_make_up_day(void **state)
{
    (void)state;
    docs_fixture fixture = docs_ticket("low");
    const csq_answer answer = rules_answer(fixture.rules, fixture.ticket, "resolution",
                                           ms_of("2026-10-01T12:00:00+08:00"));
    assert_int_equal(answer.workdays, 3);
    assert_ms_equal(answer.due_at, ms_of("2026-10-10T18:00:00+08:00"));
    docs_pause(&fixture);
    const csq_answer later =
        rules_answer(fixture.rules, fixture.ticket, "resolution", docs_thursday() + hour_ms);
    assert_ms_equal(later.paused_ms, hour_ms);
    assert_ms_equal(later.due_at, ms_of("2026-10-12T10:00:00+08:00"));
    docs_release(&fixture);
}

static void the_linter_has_nothing_to_say(void **state)
{
    (void)state;
    docs_fixture fixture = docs_ticket(NULL);
    csq_lint *lint;
    assert_status(CSQ_OK, csq_rules_lint(fixture.rules, NULL, &lint, NULL));
    assert_int_equal(csq_lint_count(lint), 0);
    csq_lint_free(lint);
    docs_release(&fixture);
}

/* The place that the page shows: the target of `low`, made 0. */
static void the_error_of_the_page_is_where_it_says(void **state)
{
    (void)state;
    char *text = example_text();
    static const char terms[] = "{\"workdays\": 3, \"end_of_day\": true}";
    static const char wrong[] = "{\"within\": \"0h\"}";
    char *target = strstr(text, terms);
    assert_non_null(target);
    memset(target, ' ', sizeof terms - 1);
    memcpy(target, wrong, sizeof wrong - 1);
    csq_schema *schema = test_schema();
    csq_rules *rules;
    csq_error error;
    assert_status(CSQ_ETARGET,
                  csq_rules_read(schema, csq_str_of(text), NULL, NULL, &rules, &error));
    assert_string_equal(error.path, "policies[1].targets.resolution.values.low.within");
    assert_string_equal(error.message, "expected a time above 0, found the text \"0h\"");
    char *page = rules_file("docs/rules.md");
    char place[64];
    snprintf(place, sizeof place, "line %d, column %d:", error.line, error.column);
    if (strstr(page, place) == NULL) {
        print_error("the page should say %s\n", place);
    }
    assert_non_null(strstr(page, place));
    free(page);
    free(text);
    csq_schema_free(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_is_in_canonical_form),
        cmocka_unit_test(the_example_is_due_as_the_page_says),
        cmocka_unit_test(working_days_count_the_make_up_day),
        cmocka_unit_test(the_linter_has_nothing_to_say),
        cmocka_unit_test(the_error_of_the_page_is_where_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
