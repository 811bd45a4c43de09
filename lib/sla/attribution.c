/*
 * attribution — the recorded stretches of a clock, cut where attributes of the ticket change.
 *
 * A stretch has one calendar and one phase, so each of its pieces is a difference of two positions
 * and the pieces of a stretch sum to what the stretch counted. Values between two instants follow
 * from the log alone: events at one instant, joined or not, act before any time passes.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "csq/sla_attribution.h"
#include "sla/sla_internal.h"

enum { ATTRIBUTION_VISIT_LIMIT = 1000000 };

struct csq_attribution {
    csq_allocator allocator;
    uint32_t n_attributes;
    uint32_t attributes[CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT];
    csq__array visits; /* csq_visit */
    csq__array rows;   /* csq_attribution_row */
    csq_attribution_row whole;
};

void csq_attribution_free(csq_attribution *attribution)
{
    if (attribution != NULL) {
        const csq_allocator memory = attribution->allocator;
        csq__array_release(&attribution->visits, &memory, sizeof(csq_visit));
        csq__array_release(&attribution->rows, &memory, sizeof(csq_attribution_row));
        csq__release(&memory, attribution, sizeof *attribution);
    }
}

/* ---- visits -------------------------------------------------------------------------------- */

/* Reads the log along with the stretches. */
typedef struct visit_teller {
    csq_attribution *attribution;
    csq__walk *walk;
    uint32_t clock;
    uint32_t level; /* place of the attribute `level`, or the number of attributes */
    const csq__event *events;
    size_t n_events;
    size_t next_event; /* the first that `values` do not know */
    size_t n_reread;   /* events that were read before */
    size_t next_cycle; /* among the finished cycles of all clocks */
    int64_t values[CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT];
    int64_t absent[CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT];
} visit_teller;

/* The place of the attribute that an event sets, or the number of attributes. */
static uint32_t teller_place(const visit_teller *teller, const csq__event *event)
{
    const csq_attribution *attribution = teller->attribution;
    uint32_t place = 0;
    while (place < attribution->n_attributes &&
           attribution->attributes[place] != event->attribute) {
        place++;
    }
    return place;
}

/* Takes what happened up to an instant; the first change of a value after it and before `to`, or
 * `to`. */
static csq_ms teller_advance(visit_teller *teller, csq_ms at, csq_ms to)
{
    for (; teller->next_event < teller->n_events; teller->next_event++) {
        const csq__event *event = &teller->events[teller->next_event];
        const uint32_t place = teller_place(teller, event);
        if (event->at >= to) {
            return to;
        }
        if (place == teller->attribution->n_attributes || teller->values[place] == event->value) {
            continue;
        }
        if (event->at > at) {
            return event->at;
        }
        teller->values[place] = event->value;
    }
    return to;
}

static uint32_t teller_end_of_cycle(visit_teller *teller, uint32_t cycle)
{
    const csq__run *run = &teller->walk->runs[teller->clock];
    const csq__finished *finished = teller->walk->finished.data;
    for (; run->cycle != cycle && teller->next_cycle < teller->walk->finished.n;
         teller->next_cycle++) {
        const csq__finished *ended = &finished[teller->next_cycle];
        if (ended->clock == teller->clock && ended->run.cycle == cycle) {
            run = &ended->run;
            break;
        }
    }
    return csq__run_is_open(run)               ? CSQ_VISIT_OPEN
           : run->phase == CSQ_PHASE_CANCELLED ? CSQ_VISIT_CANCELLED
                                               : CSQ_VISIT_STOPPED;
}

/* The last visit, if it has not ended. */
static csq_visit *teller_last(const visit_teller *teller)
{
    const csq__array *visits = &teller->attribution->visits;
    csq_visit *last = visits->n == 0 ? NULL : (csq_visit *)visits->data + (visits->n - 1);
    return last != NULL && last->end == 0 ? last : NULL;
}

static uint32_t teller_end_of_move(const visit_teller *teller, const csq_visit *left)
{
    if (teller->level == teller->attribution->n_attributes ||
        left->values[teller->level] == teller->values[teller->level]) {
        return CSQ_VISIT_MOVED;
    }
    return left->values[teller->level] < teller->values[teller->level] ? CSQ_VISIT_ESCALATED
                                                                       : CSQ_VISIT_HANDED_BACK;
}

/* The visit that a piece of a stretch belongs to: the last one, or a new one. */
static csq_visit *teller_visit(visit_teller *teller, uint32_t cycle, csq_ms from)
{
    csq_visit *last = teller_last(teller);
    if (last != NULL && last->cycle == cycle) {
        if (memcmp(last->values, teller->values, sizeof last->values) == 0) {
            return last;
        }
        last->end = teller_end_of_move(teller, last);
    } else if (last != NULL) {
        last->end = teller_end_of_cycle(teller, last->cycle);
    }
    csq_visit visit = {.size = sizeof visit, .cycle = cycle, .from = from};
    memcpy(visit.values, teller->values, sizeof visit.values);
    return csq__array_push(&teller->attribution->visits, &teller->attribution->allocator, &visit,
                           sizeof visit);
}

static csq_status teller_add(visit_teller *teller, const csq__stretch *stretch, csq_ms from,
                             csq_ms to, csq_error *error)
{
    csq_ms from_position = 0;
    csq_ms to_position = 0;
    csq_status status =
        csq__walk_position(teller->walk, stretch->calendar, from, &from_position, error);
    if (status == CSQ_OK) {
        status = csq__walk_position(teller->walk, stretch->calendar, to, &to_position, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    if (teller->attribution->visits.n >= ATTRIBUTION_VISIT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 1000000 visits"));
    }
    csq_visit *visit = teller_visit(teller, stretch->cycle, from);
    if (visit == NULL) {
        return csq__fail_memory(error);
    }
    const csq_ms open = csq__sub_saturated(to_position, from_position);
    csq_ms *sum = stretch->phase == CSQ_PHASE_ACTIVE ? &visit->elapsed_ms : &visit->paused_ms;
    *sum = csq__add_saturated(*sum, open);
    visit->to = to;
    visit->wall_ms = csq__sub_saturated(to, visit->from);
    return CSQ_OK;
}

/* Reads the log from its start for a cycle that began before what was read. */
static csq_status teller_rewind(visit_teller *teller, csq_ms from, csq_error *error)
{
    if (teller->next_event == 0 || teller->events[teller->next_event - 1].at <= from) {
        return CSQ_OK;
    }
    teller->n_reread += teller->next_event;
    teller->next_event = 0;
    memcpy(teller->values, teller->absent, sizeof teller->values);
    return teller->n_reread <= CSQ__REMEASURE_LIMIT
               ? CSQ_OK
               : csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("cycles overlap too often"));
}

static csq_status teller_add_stretch(visit_teller *teller, const csq__stretch *stretch,
                                     csq_error *error)
{
    if (stretch->phase == CSQ_PHASE_COMPLETED) {
        csq_visit *last = teller_last(teller);
        if (last != NULL && last->cycle == stretch->cycle) {
            last->end = CSQ_VISIT_STOPPED;
        }
        return CSQ_OK;
    }
    csq_status status = teller_rewind(teller, stretch->from, error);
    for (csq_ms from = stretch->from; from < stretch->to && status == CSQ_OK;) {
        const csq_ms to = teller_advance(teller, from, stretch->to);
        status = teller_add(teller, stretch, from, to, error);
        from = to;
    }
    return status;
}

static csq_status tell_visits(visit_teller *teller, uint32_t scope, csq_ms now, csq_error *error)
{
    const csq__run *run = &teller->walk->runs[teller->clock];
    const csq__clock *clock = csq__policies_clock(teller->walk->policies, teller->clock);
    // Cycles of single messages overlap: the time of all of them is no whole.
    const bool is_latest = scope == CSQ_ATTRIBUTION_SCOPE_LATEST ||
                           clock->message_base == CSQ_MESSAGE_BASE_EACH;
    csq__array told = {0};
    csq_status status = CSQ_OK;
    if (csq__run_is_open(run)) {
        status = csq__walk_advance(teller->walk, teller->clock, now, error);
    }
    if (status == CSQ_OK) {
        status = csq__recorder_list(teller->walk->recorder, teller->clock,
                                    is_latest ? run->cycle : 0, &teller->walk->allocator, &told,
                                    error);
    }
    const csq__stretch *stretches = teller->walk->recorder->stretches.data;
    for (size_t i = 0; i < told.n && status == CSQ_OK; i++) {
        status = teller_add_stretch(teller, &stretches[((const uint32_t *)told.data)[i]], error);
    }
    csq__array_release(&told, &teller->walk->allocator, sizeof(uint32_t));
    csq_visit *last = teller_last(teller);
    if (last != NULL) {
        last->end = teller_end_of_cycle(teller, last->cycle);
    }
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static int compare_visits(const void *left, const void *right, const void *user)
{
    const csq_visit *visits = user;
    const uint32_t a = *(const uint32_t *)left;
    const uint32_t b = *(const uint32_t *)right;
    for (size_t i = 0; i < CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT; i++) {
        if (visits[a].values[i] != visits[b].values[i]) {
            return visits[a].values[i] < visits[b].values[i] ? -1 : 1;
        }
    }
    return (a > b) - (a < b);
}

/* Gives each visit the number of the first one with its values. */
static csq_status number_visits(csq_attribution *attribution, csq_error *error)
{
    csq_visit *visits = attribution->visits.data;
    const size_t n = attribution->visits.n;
    uint32_t *order = csq__allocate_array(&attribution->allocator, n, sizeof *order);
    if (order == NULL) {
        return csq__fail_memory(error);
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
    }
    csq__sort(order, n, sizeof *order, compare_visits, visits);
    uint32_t first = order[0];
    for (size_t i = 0; i < n; i++) {
        const bool is_same =
            memcmp(visits[first].values, visits[order[i]].values, sizeof visits[first].values) == 0;
        first = is_same ? first : order[i];
        visits[order[i]].row = first;
    }
    csq__release(&attribution->allocator, order, n * sizeof *order);
    return CSQ_OK;
}

static void row_add(csq_attribution_row *row, const csq_visit *visit)
{
    row->elapsed_ms = csq__add_saturated(row->elapsed_ms, visit->elapsed_ms);
    row->paused_ms = csq__add_saturated(row->paused_ms, visit->paused_ms);
    row->wall_ms = csq__add_saturated(row->wall_ms, visit->wall_ms);
    row->first_from = row->visits == 0 ? visit->from : row->first_from;
    row->last_to = visit->to;
    row->visits++;
    row->open += visit->end == CSQ_VISIT_OPEN;
    row->stopped += visit->end == CSQ_VISIT_STOPPED;
    row->moved += visit->end == CSQ_VISIT_MOVED;
    row->escalated += visit->end == CSQ_VISIT_ESCALATED;
    row->handed_back += visit->end == CSQ_VISIT_HANDED_BACK;
    row->cancelled += visit->end == CSQ_VISIT_CANCELLED;
}

/* Sums visits up in the order in which their values come first. */
static csq_status sum_visits(csq_attribution *attribution, csq_error *error)
{
    csq_visit *visits = attribution->visits.data;
    const size_t n = attribution->visits.n;
    csq_status status = n == 0 ? CSQ_OK : number_visits(attribution, error);
    for (size_t i = 0; i < n && status == CSQ_OK; i++) {
        csq_visit *visit = &visits[i];
        if (visit->row == i) {
            csq_attribution_row row = {.size = sizeof row};
            memcpy(row.values, visit->values, sizeof row.values);
            visit->row = (uint32_t)attribution->rows.n;
            if (csq__array_push(&attribution->rows, &attribution->allocator, &row, sizeof row) ==
                NULL) {
                status = csq__fail_memory(error);
                break;
            }
        } else {
            visit->row = visits[visit->row].row; // the first one has its row already
        }
        row_add((csq_attribution_row *)attribution->rows.data + visit->row, visit);
        row_add(&attribution->whole, visit);
    }
    return status;
}

/* ---- the public object --------------------------------------------------------------------- */

static csq_status attribution_check(const csq_schema *schema,
                                    const csq_attribution_options *options, csq_error *error)
{
    if (options->n_attributes > CSQ_ATTRIBUTION_ATTRIBUTE_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 8 attributes"));
    }
    if (options->n_attributes > 0 && options->attributes == NULL) {
        return csq__fail_null(error, "attributes");
    }
    if (options->scope > CSQ_ATTRIBUTION_SCOPE_LATEST || options->reserved != 0) {
        const bool is_scope = options->scope > CSQ_ATTRIBUTION_SCOPE_LATEST;
        return csq__fail_value(error, is_scope ? "scope" : "reserved",
                               is_scope ? options->scope : options->reserved);
    }
    for (uint32_t i = 0; i < options->n_attributes; i++) {
        const uint32_t attribute = options->attributes[i];
        const uint32_t kind = csq_schema_kind(schema, attribute);
        if (kind == 0) {
            return csq__fail(error, CSQ_ENOTFOUND, CSQ__TEXT("no attribute "),
                             CSQ__NUMBER(attribute));
        }
        if (kind == CSQ_ATTRIBUTE_SET || csq__attribute_is_of_event(attribute)) {
            return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("attribute \""),
                             CSQ__VIEW(csq_schema_name(schema, attribute)),
                             CSQ__TEXT("\" is a set or belongs to an event"));
        }
        for (uint32_t k = 0; k < i; k++) {
            if (options->attributes[k] == attribute) {
                return csq__fail(error, CSQ_EDUPLICATE, CSQ__TEXT("attribute \""),
                                 CSQ__VIEW(csq_schema_name(schema, attribute)),
                                 CSQ__TEXT("\" twice"));
            }
        }
    }
    return CSQ_OK;
}

static void teller_init(visit_teller *teller, const csq_schema *schema, const csq_ticket *ticket)
{
    const csq_attribution *attribution = teller->attribution;
    teller->events = csq__ticket_events(ticket, &teller->n_events);
    teller->level = attribution->n_attributes;
    for (uint32_t i = 0; i < attribution->n_attributes; i++) {
        const uint32_t attribute = attribution->attributes[i];
        const bool has_names = csq_schema_kind(schema, attribute) == CSQ_ATTRIBUTE_CATEGORY;
        teller->absent[i] = has_names ? CSQ_CODE_NONE : CSQ_MS_NONE;
        teller->values[i] = teller->absent[i];
        teller->level = attribute == CSQ_TICKET_LEVEL ? i : teller->level;
    }
}

/* Whether the clock is under an agreement that applies and has begun, as an answer says it. */
static csq_status attribution_has_cycle(csq__walk *walk, uint32_t clock, csq_ms now,
                                        bool *has_cycle, csq_error *error)
{
    csq__judged judged = {.walk = walk, .clock = clock, .run = &walk->runs[clock], .now = now};
    csq_answer answer = {.size = sizeof answer};
    csq_status status = judged.run->cycle > 0 ? csq__judge(&judged, error) : CSQ_OK;
    if (status == CSQ_OK) {
        status = csq__judge_answer(&judged, &answer, error);
    }
    *has_cycle = answer.phase > CSQ_PHASE_NOT_STARTED;
    return status;
}

static csq_status attribution_fill(csq_attribution *attribution, const csq_policies *policies,
                                   const csq_ticket *ticket, uint32_t clock, uint32_t scope,
                                   csq_ms now, csq_error *error)
{
    csq__walk walk;
    csq__recorder recorder = {0};
    csq_status status =
        csq__walk_init(&walk, policies, NULL, 0, 0, NULL, 0, &attribution->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    bool has_cycle = false;
    visit_teller teller = {.attribution = attribution, .walk = &walk, .clock = clock};
    walk.recorder = &recorder;
    status = csq__walk_ticket(&walk, ticket, now, error);
    if (status == CSQ_OK) {
        status = attribution_has_cycle(&walk, clock, now, &has_cycle, error);
    }
    if (status == CSQ_OK && has_cycle) {
        teller_init(&teller, policies->schema, ticket);
        status = tell_visits(&teller, scope, now, error);
    }
    if (status == CSQ_OK) {
        status = sum_visits(attribution, error);
    }
    csq__recorder_release(&recorder, &attribution->allocator);
    csq__walk_release(&walk);
    return status;
}

csq_status csq_policies_attribute(const csq_policies *policies, const csq_ticket *ticket,
                                  uint32_t clock, csq_ms now,
                                  const csq_attribution_options *options,
                                  const csq_allocator *allocator, csq_attribution **out,
                                  csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (policies == NULL || ticket == NULL) {
        return csq__fail_null(error, policies == NULL ? "policies" : "ticket");
    }
    if (clock >= policies->clocks.n) {
        return csq__policies_fail_clock(clock, error);
    }
    csq_attribution_options known;
    csq_status status = csq__struct_read(
        options, CSQ__FIRST_SIZE(csq_attribution_options, reserved), &known, sizeof known, error);
    if (status == CSQ_OK) {
        status = attribution_check(policies->schema, &known, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_attribution *attribution = csq__allocate_zeroed(&memory, sizeof *attribution);
    if (attribution == NULL) {
        return csq__fail_memory(error);
    }
    attribution->allocator = memory;
    attribution->n_attributes = known.n_attributes;
    for (uint32_t i = 0; i < known.n_attributes; i++) {
        attribution->attributes[i] = known.attributes[i];
    }
    attribution->whole = (csq_attribution_row){
        .size = sizeof attribution->whole, .first_from = CSQ_MS_NONE, .last_to = CSQ_MS_NONE};
    status = attribution_fill(attribution, policies, ticket, clock, known.scope, now, error);
    if (status != CSQ_OK) {
        csq_attribution_free(attribution);
        return status;
    }
    *out = attribution;
    return CSQ_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

uint64_t csq_attribution_row_count(const csq_attribution *attribution)
{
    return attribution == NULL ? 0 : attribution->rows.n;
}

uint64_t csq_attribution_visit_count(const csq_attribution *attribution)
{
    return attribution == NULL ? 0 : attribution->visits.n;
}

static csq_status attribution_check_index(const csq_attribution *attribution, uint64_t index,
                                          uint64_t n, csq_error *error)
{
    if (attribution == NULL) {
        return csq__fail_null(error, "attribution");
    }
    return index < n
               ? CSQ_OK
               : csq__fail(error, CSQ_ERANGE, CSQ__TEXT("index "), CSQ__NUMBER((int64_t)index),
                           CSQ__TEXT(", there are "), CSQ__NUMBER((int64_t)n));
}

csq_status csq_attribution_row_at(const csq_attribution *attribution, uint64_t index,
                                  csq_attribution_row *out, csq_error *error)
{
    const csq_status status =
        attribution_check_index(attribution, index, csq_attribution_row_count(attribution), error);
    return status != CSQ_OK
               ? status
               : csq__struct_write(out, CSQ__FIRST_SIZE(csq_attribution_row, cancelled),
                                   (const csq_attribution_row *)attribution->rows.data + index,
                                   sizeof(csq_attribution_row), error);
}

csq_status csq_attribution_visit(const csq_attribution *attribution, uint64_t index, csq_visit *out,
                                 csq_error *error)
{
    const csq_status status = attribution_check_index(
        attribution, index, csq_attribution_visit_count(attribution), error);
    return status != CSQ_OK ? status
                            : csq__struct_write(out, CSQ__FIRST_SIZE(csq_visit, wall_ms),
                                                (const csq_visit *)attribution->visits.data + index,
                                                sizeof(csq_visit), error);
}

csq_status csq_attribution_whole(const csq_attribution *attribution, csq_attribution_row *out,
                                 csq_error *error)
{
    if (attribution == NULL) {
        return csq__fail_null(error, "attribution");
    }
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_attribution_row, cancelled),
                             &attribution->whole, sizeof attribution->whole, error);
}
