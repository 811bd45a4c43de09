/*
 * policies — compiled policies: which clocks an event concerns, which policy and terms hold.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/sla_internal.h"

/* ---- compiling ----------------------------------------------------------------------------- */

static csq_status layout_collect(csq_policies *policies, csq_error *error)
{
    csq__layout *layout = &policies->layout;
    csq_status status = csq__layout_init(layout, policies->schema, &policies->allocator, error);
    if (status == CSQ_OK) {
        status = csq__layout_use(layout, CSQ_TICKET_POLICY, error);
    }
    if (status == CSQ_OK) {
        status = csq__layout_use(layout, CSQ_TICKET_CALENDAR, error);
    }
    for (uint32_t c = 0; c < policies->clocks.n; c++) {
        const csq__clock *clock = csq__policies_clock(policies, c);
        for (int rule = 0; rule < CSQ__RULE_COUNT && status == CSQ_OK; rule++) {
            if (clock->conditions[rule] != NULL) {
                status = csq__layout_use_condition(layout, clock->conditions[rule], error);
            }
        }
    }
    for (uint32_t t = 0; t < policies->terms.n && status == CSQ_OK; t++) {
        const uint32_t due = csq__policies_terms(policies, t)->due_attribute;
        policies->follows_promise |= due == CSQ_TICKET_PROMISE;
        status = due == 0 ? CSQ_OK : csq__layout_use(layout, due, error);
    }
    for (uint32_t p = 0; p < policies->policies.n; p++) {
        const csq__policy *policy = csq__policies_policy(policies, p);
        if (policy->match != NULL && status == CSQ_OK) {
            status = csq__layout_use_condition(layout, policy->match, error);
        }
        for (uint32_t c = 0; c < policies->n_metrics && status == CSQ_OK; c++) {
            if (policy->choices[c].attribute != 0) {
                status = csq__layout_use(layout, policy->choices[c].attribute, error);
            }
        }
    }
    return status == CSQ_OK ? csq__layout_close(layout, error) : status;
}

static uint32_t slot_or_dummy(const csq_policies *policies, uint32_t attribute)
{
    const uint32_t slot = csq__layout_slot(&policies->layout, attribute);
    return slot == CSQ__NO_SLOT ? policies->layout.n_slots : slot;
}

/* Notes which events and slots a rule of a clock depends on. */
static void index_rule(csq_policies *policies, csq__clock *clock, uint32_t index, int rule)
{
    const csq__program *program = &clock->rules[rule];
    const uint64_t bit = (uint64_t)1 << index;
    uint64_t kinds = 0;
    if (csq__program_requires(program, policies->slot_event, &kinds) && (kinds & 1) == 0) {
        clock->momentary |= 1U << rule;
        clock->kinds[rule] = (uint32_t)kinds;
    } else {
        clock->kinds[rule] = UINT32_MAX;
        kinds = 0;
        for (uint32_t slot = 0; slot < policies->layout.n_slots; slot++) {
            if (!csq__program_reads(program, slot)) {
                continue;
            }
            if (slot == policies->slot_event || slot == policies->slot_author ||
                slot == policies->slot_visibility) {
                kinds = UINT64_MAX;
            } else {
                policies->by_slot[slot] |= bit;
            }
        }
    }
    for (int kind = 0; kind < CSQ__KINDS; kind++) {
        policies->by_kind[kind] |= (kinds >> kind & 1) != 0 ? bit : 0;
    }
}

static csq_status bind_clocks(csq_policies *policies, csq_error *error)
{
    csq_status status = CSQ_OK;
    for (uint32_t c = 0; c < policies->clocks.n; c++) {
        csq__clock *clock = (csq__clock *)policies->clocks.data + c;
        policies->judges_by_instant |= clock->breach_compare == CSQ_BREACH_COMPARE_INSTANT;
        for (int rule = 0; rule < CSQ__RULE_COUNT && status == CSQ_OK; rule++) {
            status = csq__program_bind(&clock->rules[rule], &policies->layout,
                                       clock->conditions[rule], error);
            if (status == CSQ_OK && clock->conditions[rule] != NULL) {
                clock->present |= 1U << rule;
                index_rule(policies, clock, c, rule);
            }
        }
    }
    return status;
}

int csq__choice_compare(const void *a, const void *b, const void *user)
{
    (void)user;
    const uint32_t left = ((const csq__choice_case *)a)->code;
    const uint32_t right = ((const csq__choice_case *)b)->code;
    return (left > right) - (left < right);
}

/* Spreads the cases out by code, so that choosing is a look-up. */
static bool choice_spread(csq__choice *choice, const csq_allocator *allocator)
{
    const csq__choice_case *cases = choice->cases.data;
    const size_t n = choice->cases.n;
    if (n == 0 || cases[n - 1].code >= CSQ__BY_CODE_LIMIT) {
        return true;
    }
    const uint32_t n_codes = cases[n - 1].code + 1;
    choice->by_code = csq__allocate_array(allocator, n_codes, sizeof *choice->by_code);
    if (choice->by_code == NULL) {
        return false;
    }
    choice->n_by_code = n_codes;
    for (uint32_t code = 0; code < n_codes; code++) {
        choice->by_code[code] = (uint16_t)choice->otherwise;
    }
    for (size_t i = 0; i < n; i++) {
        choice->by_code[cases[i].code] = (uint16_t)cases[i].terms;
    }
    return true;
}

static csq_status bind_policies(csq_policies *policies, csq_error *error)
{
    csq_status status = CSQ_OK;
    policies->by_slot[policies->slot_policy] |= CSQ__SELECTS;
    policies->by_slot[policies->slot_calendar] |= CSQ__SWITCHES;
    for (uint32_t p = 0; p < policies->policies.n && status == CSQ_OK; p++) {
        csq__policy *policy = (csq__policy *)policies->policies.data + p;
        for (uint32_t c = 0; c < policies->n_metrics; c++) {
            csq__choice *choice = &policy->choices[c];
            csq__sort(choice->cases.data, choice->cases.n, sizeof(csq__choice_case),
                      csq__choice_compare, NULL);
            choice->slot = slot_or_dummy(policies, choice->attribute);
            if (choice->attribute != 0) {
                policies->by_slot[choice->slot] |= CSQ__SELECTS;
            }
            if (!choice_spread(choice, &policies->allocator)) {
                return csq__fail_memory(error);
            }
        }
        if (policy->match != NULL) {
            status = csq__program_bind(&policy->program, &policies->layout, policy->match, error);
        }
        for (uint32_t slot = 0; slot < policies->layout.n_slots; slot++) {
            policies->by_slot[slot] |=
                csq__program_reads(&policy->program, slot) ? CSQ__SELECTS : 0;
        }
    }
    return status;
}

static void bind_dues(csq_policies *policies)
{
    csq__terms *terms = policies->terms.data;
    for (size_t t = 0; t < policies->terms.n; t++) {
        if (terms[t].due_attribute != 0) {
            terms[t].due_slot = slot_or_dummy(policies, terms[t].due_attribute);
            policies->by_slot[terms[t].due_slot] |= CSQ__DUES;
        }
    }
}

/* A frame may have one slot for what nobody reads and one for each attribute of a grouping. */
static size_t by_slot_size(const csq_policies *policies)
{
    return (policies->layout.n_slots + 1 + CSQ_TALLY_ATTRIBUTE_LIMIT) * sizeof *policies->by_slot;
}

static csq_status fail_never_opens(const csq_policies *policies, uint32_t clock, uint32_t calendar,
                                   csq_error *error)
{
    csq__fail(error, CSQ_ENEVER, CSQ__TEXT("the metric \""),
              CSQ__VIEW(csq_policies_metric_name(policies, clock)),
              CSQ__TEXT("\" can run on the calendar \""),
              CSQ__VIEW(csq_policies_calendar_name(policies, calendar)),
              CSQ__TEXT("\", which never opens"));
    csq__error_index(error, clock);
    return CSQ_ENEVER;
}

/* Whether some target of the metric is on the calendar, or a ticket can name it. */
static bool runs_on(const csq_policies *policies, uint32_t clock, uint32_t calendar)
{
    bool is_found =
        csq__policies_clock(policies, clock)->calendar_switch != CSQ_CALENDAR_SWITCH_FIRST;
    for (uint32_t p = 0; p < policies->policies.n && !is_found; p++) {
        const csq__choice *choice = &csq__policies_policy(policies, p)->choices[clock];
        const csq__choice_case *cases = choice->cases.data;
        is_found = csq__policies_terms(policies, choice->otherwise)->calendar == calendar + 1;
        for (size_t i = 0; i < choice->cases.n && !is_found; i++) {
            is_found = csq__policies_terms(policies, cases[i].terms)->calendar == calendar + 1;
        }
    }
    return is_found;
}

static csq_status check_calendars(const csq_policies *policies, csq_error *error)
{
    for (uint32_t calendar = 0; calendar < policies->calendars.n; calendar++) {
        if (csq_calendar_is_never(csq__policies_calendar(policies, calendar + 1)) == 0) {
            continue;
        }
        for (uint32_t c = 0; c < policies->clocks.n; c++) {
            const csq__clock *clock = csq__policies_clock(policies, c);
            if (clock->empty_calendar == CSQ_EMPTY_CALENDAR_ERROR && !clock->wall_time &&
                runs_on(policies, c, calendar)) {
                return fail_never_opens(policies, c, calendar, error);
            }
        }
    }
    return CSQ_OK;
}

csq_status csq__policies_compile(csq_policies *policies, csq_error *error)
{
    csq_status status = check_calendars(policies, error);
    if (status == CSQ_OK) {
        status = csq__policies_set_tracks(policies, error);
    }
    if (status == CSQ_OK) {
        status = csq__policies_set_epochs(policies, error);
    }
    if (status == CSQ_OK) {
        status = layout_collect(policies, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    policies->slot_event = slot_or_dummy(policies, CSQ_TICKET_EVENT);
    policies->slot_author = slot_or_dummy(policies, CSQ_TICKET_AUTHOR);
    policies->slot_visibility = slot_or_dummy(policies, CSQ_TICKET_VISIBILITY);
    policies->slot_policy = slot_or_dummy(policies, CSQ_TICKET_POLICY);
    policies->slot_calendar = slot_or_dummy(policies, CSQ_TICKET_CALENDAR);
    for (uint32_t a = 1; a < policies->layout.of.n; a++) {
        policies->asks_for_strangers |= csq__layout_rest(&policies->layout, a) != CSQ__NO_SLOT;
    }
    policies->by_slot = csq__allocate_zeroed(&policies->allocator, by_slot_size(policies));
    policies->slot_of = csq__allocate_array(&policies->allocator, policies->layout.of.n + 1,
                                            sizeof *policies->slot_of);
    if (policies->by_slot == NULL || policies->slot_of == NULL) {
        return csq__fail_memory(error);
    }
    for (uint32_t a = 0; a <= policies->layout.of.n; a++) {
        policies->slot_of[a] = (uint16_t)slot_or_dummy(policies, a);
    }
    static const uint8_t special[] = {CSQ_EVENT_ADD,  CSQ_EVENT_REMOVE, CSQ_EVENT_ATTACH,
                                      CSQ_EVENT_EDIT, CSQ_EVENT_MERGE,  CSQ_EVENT_INHERIT};
    for (size_t i = 0; i < sizeof special; i++) {
        policies->by_kind[special[i]] |= CSQ__SPECIAL;
    }
    bind_dues(policies);
    status = bind_clocks(policies, error);
    if (status == CSQ_OK) {
        status = bind_policies(policies, error);
    }
    return status == CSQ_OK ? csq__policies_set_fingerprint(policies, error) : status;
}

/* ---- choosing ------------------------------------------------------------------------------ */

uint32_t csq__policies_match(const csq_policies *policies, uint32_t track, csq_ms at,
                             const int64_t *now, const int64_t *before)
{
    const csq__array *of_track = &csq__policies_track(policies, track)->policies;
    const uint32_t *const order = of_track->data;
    for (size_t i = 0; i < of_track->n; i++) {
        const csq__policy *policy = csq__policies_policy(policies, order[i]);
        if (csq__policy_is_in_force(policy, at) &&
            (policy->match == NULL || csq__program_holds(&policy->program, now, before))) {
            return order[i];
        }
    }
    return CSQ_NO_INDEX;
}

uint32_t csq__policies_find(const csq_policies *policies, int64_t code)
{
    for (uint32_t p = 0; code != CSQ_CODE_NONE && p < policies->policies.n; p++) {
        if (csq__policies_policy(policies, p)->code == (uint64_t)code) {
            return p;
        }
    }
    return CSQ_NO_INDEX;
}

uint32_t csq__choice_find(const csq__choice *choice, uint64_t code)
{
    const csq__choice_case *cases = choice->cases.data;
    const csq__choice_case key = {(uint32_t)code, 0};
    const size_t n = choice->attribute == 0 ? 0 : choice->cases.n;
    const size_t i = csq__lower_bound(cases, n, sizeof key, &key, csq__choice_compare, NULL);
    return i < n && cases[i].code == code ? cases[i].terms : choice->otherwise;
}

uint32_t csq__clock_calendar(const csq_policies *policies, const csq__clock *clock,
                             uint32_t calendar)
{
    const bool is_empty = clock->empty_calendar == CSQ_EMPTY_CALENDAR_WALL && calendar != 0 &&
                          csq_calendar_is_never(csq__policies_calendar(policies, calendar)) != 0;
    return clock->wall_time || is_empty ? 0 : calendar;
}

/* ---- life and names ------------------------------------------------------------------------ */

csq_policies *csq_policies_retain(csq_policies *policies)
{
    if (policies != NULL) {
        csq__count_retain(&policies->count);
    }
    return policies;
}

static void policies_release_name(const csq_policies *policies, csq_str name)
{
    csq__release(&policies->allocator, (void *)(uintptr_t)name.data, (size_t)name.size + 1);
}

static void policies_release_policy(csq_policies *policies, csq__policy *policy)
{
    const csq_allocator *memory = &policies->allocator;
    for (uint32_t c = 0; c < policies->n_metrics; c++) {
        csq__choice *choice = &policy->choices[c];
        csq__array_release(&choice->cases, memory, sizeof(csq__choice_case));
        csq__release(memory, choice->by_code, choice->n_by_code * sizeof *choice->by_code);
    }
    csq__release(memory, policy->choices,
                 ((size_t)policies->n_metrics + 1) * sizeof *policy->choices);
    csq_condition_free(policy->match);
    csq__program_release(&policy->program, memory);
    policies_release_name(policies, policy->name);
    if (policy->own_track.size > 0) {
        policies_release_name(policies, policy->own_track);
    }
}

void csq_policies_free(csq_policies *policies)
{
    if (policies == NULL || !csq__count_release(&policies->count)) {
        return;
    }
    const csq_allocator memory = policies->allocator;
    csq__named_calendar *calendars = policies->calendars.data;
    for (size_t i = 0; i < policies->calendars.n; i++) {
        csq_calendar_free(calendars[i].calendar);
        policies_release_name(policies, calendars[i].name);
    }
    for (size_t i = 0; i < policies->policies.n; i++) {
        policies_release_policy(policies, (csq__policy *)policies->policies.data + i);
    }
    for (uint32_t i = 0; i < policies->clocks.n; i++) {
        csq__clock_release((csq__clock *)policies->clocks.data + i, i < policies->n_metrics,
                           &memory);
    }
    csq__track *tracks = policies->tracks.data;
    for (size_t i = 0; i < policies->tracks.n; i++) {
        csq__array_release(&tracks[i].policies, &memory, sizeof(uint32_t));
    }
    csq__array_release(&policies->tracks, &memory, sizeof(csq__track));
    csq__array_release(&policies->epochs, &memory, sizeof(csq_ms));
    csq__release(&memory, policies->by_slot, by_slot_size(policies));
    csq__release(&memory, policies->slot_of,
                 (policies->layout.of.n + 1) * sizeof *policies->slot_of);
    csq__array_release(&policies->clocks, &memory, sizeof(csq__clock));
    csq__array_release(&policies->policies, &memory, sizeof(csq__policy));
    csq__array_release(&policies->calendars, &memory, sizeof(csq__named_calendar));
    csq__array_release(&policies->terms, &memory, sizeof(csq__terms));
    if (policies->layout.schema != NULL) {
        csq__layout_release(&policies->layout);
    }
    csq_schema_free(policies->schema);
    csq__release(&memory, policies, sizeof *policies);
}

uint64_t csq_policies_fingerprint(const csq_policies *policies)
{
    return policies == NULL ? 0 : policies->fingerprint;
}

uint32_t csq_policies_metric_count(const csq_policies *policies)
{
    return policies == NULL ? 0 : policies->n_metrics;
}

uint32_t csq_policies_policy_count(const csq_policies *policies)
{
    return policies == NULL ? 0 : (uint32_t)policies->policies.n;
}

uint32_t csq_policies_step_count(const csq_policies *policies, uint32_t metric)
{
    return metric < csq_policies_metric_count(policies)
               ? (uint32_t)csq__policies_clock(policies, metric)->steps.n
               : 0;
}

csq_str csq_policies_metric_name(const csq_policies *policies, uint32_t metric)
{
    return metric < csq_policies_metric_count(policies)
               ? csq__policies_clock(policies, metric)->name
               : (csq_str){NULL, 0};
}

csq_str csq_policies_policy_name(const csq_policies *policies, uint32_t policy)
{
    return policy < csq_policies_policy_count(policies)
               ? csq__policies_policy(policies, policy)->name
               : (csq_str){NULL, 0};
}

csq_str csq_policies_step_name(const csq_policies *policies, uint32_t metric, uint32_t step)
{
    return step < csq_policies_step_count(policies, metric)
               ? ((const csq_step *)csq__policies_clock(policies, metric)->steps.data)[step].name
               : (csq_str){NULL, 0};
}

csq_status csq_policies_step_at(const csq_policies *policies, uint32_t metric, uint32_t step,
                                csq_step *out, csq_error *error)
{
    if (policies == NULL) {
        return csq__fail_null(error, "policies");
    }
    if (step >= csq_policies_step_count(policies, metric)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no metric "), CSQ__NUMBER(metric),
                         CSQ__TEXT(" or no step "), CSQ__NUMBER(step));
    }
    csq_step found = ((const csq_step *)csq__policies_clock(policies, metric)->steps.data)[step];
    found.size = sizeof found;
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_step, reserved), &found, sizeof found, error);
}

csq_str csq_policies_calendar_name(const csq_policies *policies, uint32_t calendar)
{
    return policies != NULL && calendar < policies->calendars.n
               ? ((const csq__named_calendar *)policies->calendars.data)[calendar].name
               : (csq_str){NULL, 0};
}

csq_status csq_policies_find_metric(const csq_policies *policies, csq_str name, uint32_t *index,
                                    csq_error *error)
{
    if (policies == NULL || index == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies" : "index");
    }
    for (uint32_t c = 0; c < policies->n_metrics; c++) {
        if (csq__str_equal(csq__policies_clock(policies, c)->name, name)) {
            *index = c;
            return CSQ_OK;
        }
    }
    return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("no metric \""), CSQ__VIEW(name),
                     CSQ__TEXT("\""));
}
