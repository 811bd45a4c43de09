/*
 * lint_metric — advice about metrics: those without a target, steps that no target lets be reached,
 * and conditions that never act, those of a ranking among them.
 *
 * A condition that begins to hold holds after the event and not before it, where nothing changes:
 * one whose opposite needs a change, or has no facts at all, never begins to. A condition in which
 * no fact lies never holds. Both are read off its regions (region.h) and are therefore proofs.
 *
 * Uses: base, text.
 */
#include "rules/lint.h"

/* ---- targets and steps --------------------------------------------------------------------- */

/* The kinds of targets that a metric has. */
typedef struct metric_targets {
    bool has_times;
    bool has_workdays;
    bool has_dues;
} metric_targets;

static void metric_note_terms(const csq__document *document, uint32_t terms, metric_targets *found)
{
    found->has_times = found->has_times || csq__member_of(document, terms, "within") != 0;
    found->has_workdays = found->has_workdays || csq__member_of(document, terms, "workdays") != 0;
    found->has_dues = found->has_dues || csq__member_of(document, terms, "due") != 0;
}

static metric_targets metric_targets_of(const csq__document *document, csq_str metric)
{
    const csq__json *json = &document->json;
    metric_targets found = {false, false, false};
    uint32_t at = csq__json_first(json, csq__member_of(document, CSQ__JSON_ROOT, "policies"));
    for (; at != 0; at = csq__json_next(json, at)) {
        const uint32_t targets = csq__member_of(document, at, "targets");
        const uint32_t target = targets == 0 ? 0 : csq__json_member(json, targets, metric);
        metric_note_terms(document, target, &found);
        metric_note_terms(document, csq__member_of(document, target, "otherwise"), &found);
        uint32_t value = csq__json_first(json, csq__member_of(document, target, "values"));
        for (; value != 0; value = csq__json_next(json, value)) {
            metric_note_terms(document, value, &found);
        }
    }
    return found;
}

static void metric_lint_steps(csq__linter *linter, uint32_t metric, const metric_targets *targets)
{
    const csq__document *document = linter->document;
    uint32_t at = csq__json_first(&document->json, csq__member_of(document, metric, "steps"));
    for (; at != 0; at = csq__json_next(&document->json, at)) {
        const uint32_t workdays = csq__member_of(document, at, "workdays");
        const uint32_t percent = csq__member_of(document, at, "percent");
        if (workdays != 0 && !targets->has_workdays && !targets->has_dues) {
            csq__advise(linter, workdays, CSQ_ADVICE_STEP_NEVER, CSQ_ADVICE_WARNING,
                        CSQ__TEXT("the step is never reached: no target of this metric is in "
                                  "working days or a due instant"));
        }
        if (percent != 0 && !targets->has_times) {
            csq__advise(linter, percent, CSQ_ADVICE_STEP_NEVER, CSQ_ADVICE_WARNING,
                        CSQ__TEXT("the step is never reached: all targets of this metric are in "
                                  "working days or due instants, which have no percentage"));
        }
    }
}

/* ---- conditions ---------------------------------------------------------------------------- */

/* Whether some fact of the region, as far as known, comes without a change. */
static bool region_has_rest(const csq__region *region)
{
    for (uint32_t i = 0; i < region->n; i++) {
        const csq__region alone = {&region->boxes[i], 1};
        bool needs_change = false;
        for (uint32_t j = 0; j < alone.boxes->n; j++) {
            const uint64_t variable = alone.boxes->bounds[j].variable;
            needs_change = needs_change || ((variable & 3) == CSQ__VARIABLE_CHANGED &&
                                            !csq__region_admits(&alone, variable, 0));
        }
        if (!needs_change) {
            return true;
        }
    }
    return false;
}

/* `begins`: the condition acts when it begins to hold, else while it holds. */
static void metric_lint_condition(csq__linter *linter, csq_vocabulary *names, uint32_t node,
                                  bool begins)
{
    csq__arena arena = {.allocator = linter->lint->allocator};
    const csq__verdict verdict = csq__region_read(linter->document, node, names, &arena);
    if (arena.failed) {
        linter->failed = true;
    } else if (verdict.holds.n == 0) {
        csq__advise(linter, node, CSQ_ADVICE_CONDITION_NEVER, CSQ_ADVICE_WARNING,
                    CSQ__TEXT("the condition contradicts itself, so it never holds"));
    } else if (begins && !region_has_rest(&verdict.fails)) {
        csq__advise(linter, node, CSQ_ADVICE_CONDITION_NEVER, CSQ_ADVICE_WARNING,
                    CSQ__TEXT("the condition holds before any event already, so it never begins "
                              "to hold"));
    }
    csq__arena_release(&arena);
}

static void metric_lint_conditions(csq__linter *linter, csq_vocabulary *names, uint32_t metric)
{
    static const struct {
        const char *name;
        bool begins;
    } conditions[] = {
        {"start", true}, {"pause", false}, {"resume", false}, {"stop", true},
        {"reset", true}, {"cancel", true}, {"reopen", true},
    };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        const uint32_t node = csq__member_of(linter->document, metric, conditions[i].name);
        if (node != 0 && !linter->failed) {
            metric_lint_condition(linter, names, node, conditions[i].begins);
        }
    }
}

/* ---- metrics ------------------------------------------------------------------------------- */

static void metric_lint(csq__linter *linter, csq_vocabulary *names, uint32_t metric)
{
    const csq__document *document = linter->document;
    const metric_targets targets =
        metric_targets_of(document, csq__json_key(&document->json, metric));
    if (targets.has_times || targets.has_workdays || targets.has_dues) {
        metric_lint_steps(linter, metric, &targets);
    } else {
        csq__advise(linter, metric, CSQ_ADVICE_NO_THRESHOLD, CSQ_ADVICE_WARNING,
                    CSQ__TEXT("no policy has a target for this metric, so it applies to no "
                              "ticket"));
    }
    metric_lint_conditions(linter, names, metric);
}

/* ---- rankings ------------------------------------------------------------------------------ */

/* Advises about the conditions of a list of lanes or parts. */
static void ranking_lint_list(csq__linter *linter, csq_vocabulary *names, uint32_t list)
{
    const csq__document *document = linter->document;
    uint32_t at = csq__json_first(&document->json, list);
    for (; at != 0 && !linter->failed; at = csq__json_next(&document->json, at)) {
        const uint32_t match = csq__member_of(document, at, "match");
        if (match != 0) {
            metric_lint_condition(linter, names, match, false);
        }
    }
}

static void ranking_lint(csq__linter *linter, csq_vocabulary *names)
{
    const csq__document *document = linter->document;
    const uint32_t ranking = csq__member_of(document, CSQ__JSON_ROOT, "ranking");
    ranking_lint_list(linter, names, csq__member_of(document, ranking, "lanes"));
    ranking_lint_list(linter, names, csq__member_of(document, ranking, "parts"));
}

/* ---- all of them --------------------------------------------------------------------------- */

void csq__lint_metrics(csq__linter *linter)
{
    const csq__json *json = &linter->document->json;
    csq_vocabulary *names = NULL;
    if (csq_vocabulary_new(json->seed, &linter->lint->allocator, &names, NULL) != CSQ_OK) {
        linter->failed = true;
        return;
    }
    uint32_t at =
        csq__json_first(json, csq__member_of(linter->document, CSQ__JSON_ROOT, "metrics"));
    for (; at != 0; at = csq__json_next(json, at)) {
        metric_lint(linter, names, at);
    }
    ranking_lint(linter, names);
    csq_vocabulary_free(names);
}
