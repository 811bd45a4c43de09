/*
 * lint — advice about a document that is valid but may mean something else.
 *
 * Advice goes by the tree of the document, because that is where its reader will look.
 *
 * Uses: base, text, calendar.
 */
#include "rules/lint.h"

const char *csq_advice_name(uint32_t code)
{
    switch (code) {
    case CSQ_ADVICE_NO_THRESHOLD:
        return "no_threshold";
    case CSQ_ADVICE_NEVER_MATCHES:
        return "never_matches";
    case CSQ_ADVICE_OVERLAP:
        return "overlap";
    case CSQ_ADVICE_UNCOVERED_VALUE:
        return "uncovered_value";
    case CSQ_ADVICE_NEVER_OPENS:
        return "never_opens";
    case CSQ_ADVICE_STEP_NEVER:
        return "step_never";
    case CSQ_ADVICE_CONDITION_NEVER:
        return "condition_never";
    default:
        return "unknown";
    }
}

/* ---- collecting ---------------------------------------------------------------------------- */

static void lint_release_text(const csq_lint *lint, csq_str text)
{
    if (text.data != NULL) {
        csq__release(&lint->allocator, (void *)(uintptr_t)text.data, (size_t)text.size + 1);
    }
}

static csq_str lint_copy_text(csq__linter *linter, const char *text)
{
    const csq_str view = csq_str_of(text);
    const char *copy = csq__copy_text(&linter->lint->allocator, view);
    linter->failed = linter->failed || copy == NULL;
    return (csq_str){copy, view.size};
}

void csq__advise_pieces(csq__linter *linter, uint32_t node, csq_advice_code code,
                        csq_advice_weight weight, const csq__piece *pieces, size_t n_pieces)
{
    if (linter->failed) {
        return;
    }
    // An error has what advice needs: a message made of pieces, and the path of a node.
    csq_error place;
    csq__fail_pieces(&place, CSQ_ERULE, pieces, n_pieces);
    csq__json_place(&linter->document->json, node, &place);
    csq__advice_item item = {
        .node = node,
        .order = (uint32_t)linter->lint->items.n,
        .code = code,
        .weight = weight,
        .path = lint_copy_text(linter, place.path),
        .message = lint_copy_text(linter, place.message),
    };
    if (linter->failed || csq__array_push(&linter->lint->items, &linter->lint->allocator, &item,
                                          sizeof item) == NULL) {
        lint_release_text(linter->lint, item.path);
        lint_release_text(linter->lint, item.message);
        linter->failed = true;
    }
}

static int lint_compare(const void *a, const void *b, const void *user)
{
    (void)user;
    const csq__advice_item *left = a;
    const csq__advice_item *right = b;
    if (left->node != right->node) {
        return left->node < right->node ? -1 : 1;
    }
    return (left->order > right->order) - (left->order < right->order);
}

/* ---- calendars of targets ------------------------------------------------------------------ */

/* Whether a target's own calendar holds for none of its values: each names another. */
static bool lint_is_unused(const csq__document *document, uint32_t node)
{
    const csq__json *json = &document->json;
    const uint32_t target = csq__json_at(json, node)->parent;
    if (csq__member_of(document, target, "by") == 0) {
        return false;
    }
    const uint32_t otherwise = csq__member_of(document, target, "otherwise");
    uint32_t at = csq__json_first(json, csq__member_of(document, target, "values"));
    while (at != 0 && csq__member_of(document, at, "calendar") != 0) {
        at = csq__json_next(json, at);
    }
    return at == 0 && (otherwise == 0 || csq__member_of(document, otherwise, "calendar") != 0);
}

/* Whether a node is the calendar of a target, holds for it, and never opens. */
static bool lint_never_opens(const csq__linter *linter, uint32_t node)
{
    const csq__document *document = linter->document;
    const csq__json *json = &document->json;
    const uint8_t parent = document->marks[csq__json_at(json, node)->parent].shape;
    if ((parent != CSQ__SHAPE_TARGET && parent != CSQ__SHAPE_TERMS) ||
        !csq__str_equal(csq__json_key(json, node), CSQ__STR("calendar")) ||
        lint_is_unused(document, node)) {
        return false;
    }
    const uint32_t all = csq__member_of(document, CSQ__JSON_ROOT, "calendars");
    const uint32_t defined = csq__json_member(json, all, csq__json_text(json, node));
    const uint32_t index = csq__calendar_index_of(linter->rules, defined);
    return csq_calendar_is_never(csq_rules_calendar(linter->rules, index)) != 0;
}

/* A metric in wall time, or one that takes an empty calendar for wall time, does not mind. */
static bool lint_needs_hours(const csq__document *document, uint32_t node)
{
    const csq__json *json = &document->json;
    uint32_t target = csq__json_at(json, node)->parent;
    while (document->marks[target].shape != CSQ__SHAPE_TARGET) {
        target = csq__json_at(json, target)->parent;
    }
    const uint32_t metrics = csq__member_of(document, CSQ__JSON_ROOT, "metrics");
    const uint32_t metric = csq__json_member(json, metrics, csq__json_key(json, target));
    const csq_metric options = csq__metric_options_at(document, metric);
    return options.wall_time == 0 && options.empty_calendar == CSQ_EMPTY_CALENDAR_NEVER;
}

static void lint_calendars(csq__linter *linter)
{
    const csq__document *document = linter->document;
    for (uint32_t node = CSQ__JSON_ROOT; node < document->n_marks; node++) {
        if (document->marks[node].shape == CSQ__SHAPE_NAME && lint_never_opens(linter, node) &&
            lint_needs_hours(document, node)) {
            csq__advise(linter, node, CSQ_ADVICE_NEVER_OPENS, CSQ_ADVICE_WARNING,
                        CSQ__TEXT("the calendar \""),
                        CSQ__VIEW(csq__json_text(&document->json, node)),
                        CSQ__TEXT("\" never opens, so the target is never due"));
        }
    }
}

/* ---- the public object --------------------------------------------------------------------- */

csq_status csq_rules_lint(const csq_rules *rules, const csq_allocator *allocator, csq_lint **out,
                          csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (rules == NULL) {
        return csq__fail_null(error, "rules");
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_lint *lint = csq__allocate_zeroed(&memory, sizeof *lint);
    if (lint == NULL) {
        return csq__fail_memory(error);
    }
    lint->allocator = memory;
    csq__linter linter = {.rules = rules, .document = &rules->document, .lint = lint};
    csq__lint_metrics(&linter);
    lint_calendars(&linter);
    csq__lint_policies(&linter);
    if (linter.failed) {
        csq_lint_free(lint);
        return csq__fail_memory(error);
    }
    csq__sort(lint->items.data, lint->items.n, sizeof(csq__advice_item), lint_compare, NULL);
    *out = lint;
    return CSQ_OK;
}

void csq_lint_free(csq_lint *lint)
{
    if (lint == NULL) {
        return;
    }
    const csq_allocator memory = lint->allocator;
    const csq__advice_item *items = lint->items.data;
    for (size_t i = 0; i < lint->items.n; i++) {
        lint_release_text(lint, items[i].path);
        lint_release_text(lint, items[i].message);
    }
    csq__array_release(&lint->items, &memory, sizeof(csq__advice_item));
    csq__release(&memory, lint, sizeof *lint);
}

uint64_t csq_lint_count(const csq_lint *lint)
{
    return lint == NULL ? 0 : lint->items.n;
}

csq_status csq_lint_at(const csq_lint *lint, uint64_t index, csq_advice *out, csq_error *error)
{
    if (lint == NULL || out == NULL) {
        return csq__fail_null(error, lint == NULL ? "lint" : "out");
    }
    if (index >= lint->items.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("there is no advice "),
                         CSQ__NUMBER((int64_t)index));
    }
    const csq__advice_item *item = (const csq__advice_item *)lint->items.data + index;
    const csq_advice advice = {.size = sizeof advice,
                               .code = item->code,
                               .weight = item->weight,
                               .path = item->path,
                               .message = item->message};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_advice, message), &advice, sizeof advice,
                             error);
}
