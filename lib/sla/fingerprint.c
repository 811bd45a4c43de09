/*
 * fingerprint — a number that tells whether two policies judge alike.
 *
 * It is the hash of a canonical description in names, so that it does not depend on the codes of a
 * process, and is the same on every platform. States of policies with other fingerprints do not
 * merge.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

static void describe_value(csq__writer *writer, const csq_schema *schema,
                           const csq__condition_step *step, int64_t value)
{
    const csq_vocabulary *names = csq_schema_vocabulary(schema, step->attribute);
    if (names != NULL) {
        csq__write_text(writer, csq_vocabulary_name(names, (uint32_t)value));
    } else {
        csq__write_signed(writer, value);
    }
}

void csq__describe_condition(csq__writer *writer, const csq_condition *condition)
{
    const uint32_t n = condition == NULL ? 0 : csq__condition_step_count(condition);
    csq__write_u8(writer, condition != NULL);
    csq__write_varint(writer, n);
    for (uint32_t i = 0; i < n; i++) {
        const csq__condition_step *step = csq__condition_step_at(condition, i);
        csq__write_varint(writer, step->op);
        csq__write_text(writer, csq_schema_name(condition->schema, step->attribute));
        csq__write_varint(writer, step->previous);
        csq__write_varint(writer, step->n);
        for (uint64_t v = 0; step->attribute != 0 && v < step->n; v++) {
            describe_value(writer, condition->schema, step, step->values[v]);
        }
        csq__write_signed(writer, step->low);
        csq__write_signed(writer, step->high);
    }
}

static void describe_clock(csq__writer *writer, const csq__clock *clock)
{
    const uint32_t options[] = {
        clock->restarts,          clock->wall_time,       clock->reopen_mode,    clock->on_change,
        clock->retroactive_pause, clock->calendar_switch, clock->edit_scope,     clock->attach,
        clock->due_edge,          clock->breach_compare,  clock->empty_calendar, clock->at_target,
        clock->on_no_match,       clock->on_merge,        clock->message_base,   clock->inherit,
        clock->by_message,        clock->version_at,      clock->late_steps,     clock->passed_steps};
    csq__write_text(writer, clock->name);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        csq__write_varint(writer, options[i]);
    }
    for (int rule = 0; rule < CSQ__RULE_COUNT; rule++) {
        csq__describe_condition(writer, clock->conditions[rule]);
    }
    const csq_step *steps = clock->steps.data;
    csq__write_varint(writer, clock->steps.n);
    for (size_t i = 0; i < clock->steps.n; i++) {
        csq__write_text(writer, steps[i].name);
        csq__write_varint(writer, steps[i].kind);
        csq__write_signed(writer, steps[i].value);
    }
}

static void describe_terms(csq__writer *writer, const csq_policies *policies, uint32_t index)
{
    const csq__terms *terms = csq__policies_terms(policies, index);
    csq__write_u8(writer, index != 0);
    csq__write_signed(writer, terms->target);
    csq__write_varint(writer, terms->workdays);
    csq__write_varint(writer, terms->end_of_day);
    csq__write_text(writer, csq_schema_name(policies->schema, terms->due_attribute));
    csq__write_text(writer, csq_policies_calendar_name(policies, terms->calendar - 1));
}

static int compare_case_names(const void *a, const void *b, const void *user)
{
    const csq_vocabulary *names = user;
    return csq__str_compare(csq_vocabulary_name(names, ((const csq__choice_case *)a)->code),
                            csq_vocabulary_name(names, ((const csq__choice_case *)b)->code));
}

/* Cases are described in the order of their names, codes being those of the process. */
static void describe_choice(csq__writer *writer, const csq_policies *policies, csq__choice *choice)
{
    const csq_vocabulary *names = csq_schema_vocabulary(policies->schema, choice->attribute);
    csq__choice_case *cases = choice->cases.data;
    csq__write_text(writer, csq_schema_name(policies->schema, choice->attribute));
    describe_terms(writer, policies, choice->otherwise);
    csq__write_varint(writer, choice->cases.n);
    csq__sort(cases, choice->cases.n, sizeof *cases, compare_case_names, names);
    for (size_t i = 0; i < choice->cases.n; i++) {
        csq__write_text(writer, csq_vocabulary_name(names, cases[i].code));
        describe_terms(writer, policies, cases[i].terms);
    }
    csq__sort(cases, choice->cases.n, sizeof *cases, csq__choice_compare, NULL);
}

csq_status csq__clock_fingerprint(const csq_policies *policies, uint32_t clock,
                                  const csq_allocator *allocator, uint64_t *out, csq_error *error)
{
    csq__writer writer = {.allocator = allocator};
    describe_clock(&writer, csq__policies_clock(policies, clock));
    const bool failed = writer.failed;
    *out = failed ? 0 : csq__hash(writer.data, writer.size, 0, 0);
    csq__writer_release(&writer);
    return failed ? csq__fail_memory(error) : CSQ_OK;
}

csq_status csq__policies_set_fingerprint(csq_policies *policies, csq_error *error)
{
    csq__writer writer = {.allocator = &policies->allocator};
    const csq__named_calendar *calendars = policies->calendars.data;
    for (size_t i = 0; i < policies->calendars.n; i++) {
        csq__write_text(&writer, calendars[i].name);
        csq__write_u64(&writer, csq_calendar_fingerprint(calendars[i].calendar));
    }
    for (uint32_t c = 0; c < policies->n_metrics; c++) {
        describe_clock(&writer, csq__policies_clock(policies, c));
    }
    for (uint32_t p = 0; p < policies->policies.n; p++) {
        const csq__policy *policy = csq__policies_policy(policies, p);
        csq__write_text(&writer, policy->name);
        csq__write_text(&writer, csq__policies_track(policies, policy->track)->name);
        csq__write_signed(&writer, policy->from);
        csq__write_signed(&writer, policy->until);
        csq__describe_condition(&writer, policy->match);
        for (uint32_t c = 0; c < policies->n_metrics; c++) {
            describe_choice(&writer, policies, &policy->choices[c]);
        }
    }
    const bool failed = writer.failed;
    policies->fingerprint = failed ? 0 : csq__hash(writer.data, writer.size, 0, 0);
    csq__writer_release(&writer);
    policies->checkpoint_key = csq__hash(
        policies->terms.data, policies->terms.n * sizeof(csq__terms), policies->fingerprint, 0);
    return failed ? csq__fail_memory(error) : CSQ_OK;
}
