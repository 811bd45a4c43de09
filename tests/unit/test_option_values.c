/*
 * test_option_values — every value of every option that is not its default gives some history
 * another answer, other cycles or other firings than the default does, as a document says it.
 *
 * The values come from the table that documents are read by, so that a new one without a row fails.
 */
#include "clock_rows.h"
#include "rules/rules_internal.h"
#include "rules_support.h"

#define WEEK(hours)                                                                                \
    "{'zone':{'offset':'+00:00'},'week':{'mon':" hours ",'tue':" hours ",'wed':" hours             \
    ",'thu':" hours ",'fri':" hours "}}"
#define PLAIN                                                                                      \
    "{'name':'p','targets':{'m':{'by':'priority','calendar':'office','values':{"                   \
    "'high':{'within':'2h'},'urgent':{'within':'4h','calendar':'always'},"                         \
    "'none':{'within':'2h','calendar':'empty'}},'otherwise':{'within':'4h'}}}}"
#define VIPS                                                                                       \
    "{'name':'p','match':{'priority':'high'},'targets':{'m':{'within':'4h',"                       \
    "'calendar':'office'}}}"
#define VERSIONS                                                                                   \
    "{'name':'p','until':'2024-01-08T10:00:00Z','targets':{'m':{'within':'4h',"                    \
    "'calendar':'office'}}},{'name':'p','from':'2024-01-08T10:00:00Z','targets':{'m':{"            \
    "'within':'2h','calendar':'office'}}}"

typedef struct value_row {
    const char *option;
    const char *value;
    const char *kind; /* and what it needs */
    const char *beside; /* options in both documents, each with a comma behind it */
    const char *policies;
    const char *events;
} value_row;

#define SOLVED "'kind':'resolution'"
#define FIRST  "'kind':'first_reply'"
#define NEXT   "'kind':'next_reply'"
#define GROUP  "'kind':'ownership','group':'g'"
#define REOPENED "Mon 09:00 created; Mon 11:00 set status=solved; Mon 13:00 set status=open"
#define URGENT   "Mon 16:00 created; Mon 22:00 set priority=urgent"
#define SWITCHED "Mon 07:00 created; Mon 10:00 set calendar=early"
#define WAITING  "Mon 09:00 created customer; Mon 11:00 set status=solved"
#define BACKWARD "'on_change':'retroactive',"
#define TO_HIGH  "Mon 09:00 created; Mon 10:30 set priority=high"
#define TO_LOW   "Mon 09:00 created priority=high; Mon 10:30 set priority=low"
#define MESSAGES                                                                                   \
    "Mon 09:00 created customer; Mon 11:00 reply customer; Mon 12:00 reply agent"

static const value_row value_rows[] = {
    {"repeat", "true", "'kind':'clock','start':{'status':'a'},'stop':{'status':'b'}", "", PLAIN,
     "Mon 09:00 created status=a; Mon 10:00 set status=b; Mon 11:00 set status=a"},
    {"reopen", "'resume'", "'kind':'first_resolution'", "", PLAIN, REOPENED},
    {"reopen", "'resume_counting'", SOLVED, "", PLAIN, REOPENED},
    {"reopen", "'new_cycle'", SOLVED, "", PLAIN, REOPENED},
    {"reopen", "'nothing'", SOLVED, "", PLAIN, REOPENED},
    {"on_change", "'retroactive'", SOLVED, "", PLAIN, URGENT},
    {"on_change", "'carry'", SOLVED, "", PLAIN, URGENT},
    {"on_change", "'restart'", SOLVED, "", PLAIN, URGENT},
    {"retroactive_pause", "'counted'", SOLVED, BACKWARD, PLAIN,
     "Mon 09:00 created; Mon 10:00 set status=pending; Mon 11:00 set status=open; "
     "Mon 12:00 set priority=urgent"},
    {"calendar_switch", "'latest'", SOLVED, "", PLAIN, SWITCHED},
    {"calendar_switch", "'first'", SOLVED, "", PLAIN, SWITCHED},
    {"edit_scope", "'all'", SOLVED, "", PLAIN,
     "Mon 09:00 created; Mon 12:00 set status=solved; Mon 13:00 edit 2h"},
    {"on_solved", "'keep'", "'kind':'assign'", "", PLAIN, WAITING},
    {"on_solved", "'complete'", FIRST, "", PLAIN, WAITING},
    {"on_solved", "'cancel'", FIRST, "", PLAIN, WAITING},
    {"start", "'first_message'", FIRST, "", PLAIN, "Mon 09:00 created agent"},
    {"include_first", "true", NEXT, "", PLAIN, "Mon 09:00 created customer"},
    {"attach", "'from'", SOLVED, "", PLAIN, "Mon 09:00 created; Mon 11:00 attach"},
    {"attach", "'retroactive'", SOLVED, "", PLAIN, "Mon 09:00 created"},
    {"due_edge", "'next_open'", SOLVED, "", PLAIN, "Mon 13:00 created"},
    {"breach_compare", "'instant'", SOLVED, "", PLAIN,
     "Mon 13:00 created; Mon 20:00 set status=solved"},
    {"empty_calendar", "'wall'", SOLVED, "", PLAIN, "Mon 09:00 created priority=none"},
    {"empty_calendar", "'error'", SOLVED, "", PLAIN, "Mon 09:00 created"},
    {"at_target", "'late'", SOLVED, "", PLAIN, "Mon 09:00 created; Mon 13:00 set status=solved"},
    {"on_no_match", "'detach'", SOLVED, "", VIPS,
     "Mon 09:00 created priority=high; Mon 10:00 set priority=low"},
    {"on_merge", "'keep'", SOLVED, "", PLAIN, "Mon 09:00 created; Mon 10:00 merge"},
    {"on_merge", "'complete'", SOLVED, "", PLAIN, "Mon 09:00 created; Mon 10:00 merge"},
    {"visits", "'sum'", GROUP, "", PLAIN,
     "Mon 09:00 created group=g; Mon 10:00 set group=h; Mon 12:00 set group=g"},
    {"count_notes", "true", FIRST, "", PLAIN, "Mon 09:00 created; Mon 10:00 reply agent private"},
    {"count_bots", "true", FIRST, "", PLAIN, "Mon 09:00 created; Mon 10:00 reply bot"},
    {"message_base", "'last'", NEXT, "'include_first':true,", PLAIN, MESSAGES},
    {"message_base", "'each'", NEXT, "'include_first':true,", PLAIN, MESSAGES},
    {"inherit", "'start'", SOLVED, "", PLAIN, "Mon 12:00 created; Mon 13:00 inherit 240"},
    {"version_at", "'cycle'", SOLVED, "'on_change':'carry',", VERSIONS, "Mon 09:00 created"},
    {"version_at", "'created'", SOLVED, "'on_change':'carry',", VERSIONS, "Mon 09:00 created"},
    {"late_steps", "'last'", SOLVED, BACKWARD, PLAIN, TO_HIGH},
    {"late_steps", "'none'", SOLVED, BACKWARD, PLAIN, TO_HIGH},
    {"passed_steps", "'stay'", SOLVED, BACKWARD, PLAIN, TO_LOW},
    {"passed_steps", "'superseded'", SOLVED, BACKWARD, PLAIN, TO_LOW},
};

enum { N_VALUE_ROWS = sizeof value_rows / sizeof value_rows[0] };

/* What is compared of a history. */
typedef struct value_outcome {
    csq_status status; /* of the document */
    csq_answer answer;
    uint64_t n_cycles;
    csq_firing firings[8];
} value_outcome;

static void value_read(const csq_policies *policies, csq_schema *schema, const char *events,
                       value_outcome *out)
{
    csq_ticket *ticket = sla_ticket(schema, 1, events);
    const csq_ms now = sla_at("Sat 12:00");
    out->answer = sla_answer(policies, ticket, 0, now);
    csq_explanation *explanation = sla_explain(policies, ticket, 0, now);
    const uint64_t n = csq_explanation_firing_count(explanation);
    assert_true(n <= sizeof out->firings / sizeof out->firings[0]);
    for (uint64_t i = 0; i < n; i++) {
        out->firings[i].size = sizeof out->firings[i];
        assert_status(CSQ_OK, csq_explanation_firing(explanation, i, &out->firings[i], NULL));
    }
    out->n_cycles = csq_explanation_cycle_count(explanation);
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
}

/* `option` stands in the document behind those that the row has beside it. */
static value_outcome outcome_of(const value_row *row, const char *option)
{
    char text[2048];
    value_outcome out;
    memset(&out, 0, sizeof out);
    const int size = snprintf(
        text, sizeof text,
        "{'calendars':{'office':" WEEK("['09:00-17:00']") ",'early':" WEEK(
            "['07:00-15:00']") ",'always':{'always_open':true},'empty':{'never_open':true}},"
        "'metrics':{'m':{%s,'stop_statuses':['solved'],'pause_statuses':['pending'],"
        "'steps':[{'name':'half','percent':50},{'name':'hour','before':'1h'}],"
        "'options':{%.*s}}},'policies':[%s]}",
        row->kind, (int)strlen(option) - (*option != '\0'), option, row->policies);
    assert_true(size > 0 && (size_t)size < sizeof text);
    csq_schema *schema = test_schema();
    char *document = rules_text(text);
    csq_rules *rules = NULL;
    csq_error error = {0};
    out.status = csq_rules_read(schema, csq_str_of(document), NULL, NULL, &rules, &error);
    if (out.status == CSQ_OK) {
        value_read(csq_rules_policies(rules), schema, row->events, &out);
    } else if (out.status != CSQ_ENEVER) {
        fail_msg("%s: %s %s", text, error.path, error.message);
    }
    csq_rules_free(rules);
    free(document);
    csq_schema_free(schema);
    return out;
}

static void every_value_changes_the_answer_to_some_history(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_VALUE_ROWS; i++) {
        const value_row *row = &value_rows[i];
        char option[200];
        snprintf(option, sizeof option, "%s'%s':%s,", row->beside, row->option, row->value);
        const value_outcome plain = outcome_of(row, row->beside);
        const value_outcome changed = outcome_of(row, option);
        assert_status(CSQ_OK, plain.status);
        if (memcmp(&plain, &changed, sizeof plain) == 0) {
            fail_msg("%s %s changes nothing", row->option, row->value);
        }
    }
}

static bool has_row(const char *option, const char *value)
{
    size_t i = 0;
    while (i < N_VALUE_ROWS && (strcmp(value_rows[i].option, option) != 0 ||
                                strcmp(value_rows[i].value, value) != 0)) {
        i++;
    }
    return i < N_VALUE_ROWS;
}

/* The first value of a choice is its default, of most kinds. */
static void no_value_is_left_out(void **state)
{
    (void)state;
    const csq__shape *options = csq__shape_of(CSQ__SHAPE_OPTIONS);
    for (uint32_t i = 0; i < options->n_members; i++) {
        const csq__member_rule *member = &options->members[i];
        const csq__shape *shape = csq__shape_of(member->shape);
        if (shape->form != CSQ__FORM_CHOICE && !has_row(member->name, "true")) {
            fail_msg("no history for %s", member->name);
        }
        for (uint32_t j = 1; j < shape->n_choices; j++) {
            char value[80];
            snprintf(value, sizeof value, "'%s'", shape->choices[j]);
            if (!has_row(member->name, value)) {
                fail_msg("no history for %s %s", member->name, value);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_value_changes_the_answer_to_some_history),
        cmocka_unit_test(no_value_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
