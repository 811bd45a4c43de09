/*
 * step_builder — collects the steps of the ladders of metrics.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/builder.h"

static csq_status check_step(const csq_step *step, csq_error *error)
{
    if (step->kind < CSQ_STEP_OFFSET || step->kind > CSQ_STEP_WORKDAYS) {
        return csq__fail_value(error, "kind", step->kind);
    }
    const int64_t limit =
        step->kind == CSQ_STEP_WORKDAYS ? CSQ__TARGET_LIMIT_WORKDAYS : CSQ__TARGET_LIMIT_MS;
    if (step->value > limit || step->value < -limit ||
        (step->kind == CSQ_STEP_PERCENT && (step->value < 0 || step->value > 10000000))) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("a step of "), CSQ__NUMBER(step->value),
                         CSQ__TEXT(" is out of range"));
    }
    if (step->reserved != 0) {
        return csq__fail_value(error, "reserved", step->reserved);
    }
    if (step->n_recipients > CSQ_RECIPIENT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 64 recipients"));
    }
    if (step->n_recipients > 0 && step->recipients == NULL) {
        return csq__fail_null(error, "recipients");
    }
    for (uint32_t i = 0; i < step->n_recipients; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (csq__str_equal(step->recipients[i], step->recipients[k])) {
                return csq__fail(error, CSQ_EDUPLICATE, CSQ__TEXT("the recipient \""),
                                 CSQ__VIEW(step->recipients[i]), CSQ__TEXT("\" stands twice"));
            }
        }
    }
    return CSQ_OK;
}

/* Replaces the texts of a step by copies. */
static csq_status copy_step(csq_policies *draft, csq_step *step, csq_error *error)
{
    const csq_str *given = step->recipients;
    const uint32_t n = step->n_recipients;
    csq_str *copies = NULL;
    step->recipients = NULL;
    step->n_recipients = 0;
    csq_status status = csq__builder_name(draft, step->name, 0, &step->name, NULL, error);
    if (status != CSQ_OK || n == 0) {
        return status;
    }
    copies = csq__allocate_zeroed(&draft->allocator, n * sizeof *copies);
    if (copies == NULL) {
        csq__builder_release_name(draft, step->name);
        return csq__fail_memory(error);
    }
    step->recipients = copies;
    step->n_recipients = n;
    for (uint32_t i = 0; i < n && status == CSQ_OK; i++) {
        status = csq__builder_name(draft, given[i], 0, &copies[i], NULL, error);
    }
    if (status != CSQ_OK) {
        csq__step_release(step, &draft->allocator);
    }
    return status;
}

void csq__step_release(const csq_step *step, const csq_allocator *allocator)
{
    for (uint32_t i = 0; i < step->n_recipients; i++) {
        if (step->recipients[i].data != NULL) {
            csq__release(allocator, (void *)(uintptr_t)step->recipients[i].data,
                         (size_t)step->recipients[i].size + 1);
        }
    }
    csq__release(allocator, (void *)(uintptr_t)step->recipients,
                 step->n_recipients * sizeof *step->recipients);
    csq__release(allocator, (void *)(uintptr_t)step->name.data, (size_t)step->name.size + 1);
}

csq_status csq_policies_add_step(csq_policies_builder *builder, uint32_t metric,
                                 const csq_step *step, uint32_t *index, csq_error *error)
{
    csq_policies *draft = NULL;
    csq_status status = csq__builder_draft(builder, &draft, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (step == NULL || index == NULL) {
        return csq__fail_null(error, step == NULL ? "step" : "index");
    }
    csq_step known;
    status =
        csq__struct_read(step, CSQ__FIRST_SIZE(csq_step, reserved), &known, sizeof known, error);
    if (status == CSQ_OK) {
        status = check_step(&known, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    if (metric >= draft->clocks.n) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no metric "), CSQ__NUMBER(metric));
    }
    csq__clock *clock = (csq__clock *)draft->clocks.data + metric;
    for (uint32_t i = 0; i < clock->steps.n; i++) {
        if (csq__str_equal(csq_policies_step_name(draft, metric, i), known.name)) {
            return csq__builder_fail_exists(error, "step", known.name);
        }
    }
    if (clock->steps.n >= CSQ_STEP_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 64 steps"));
    }
    status = copy_step(draft, &known, error);
    if (status == CSQ_OK &&
        csq__array_push(&clock->steps, &draft->allocator, &known, sizeof known) == NULL) {
        csq__step_release(&known, &draft->allocator);
        status = csq__fail_memory(error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    *index = (uint32_t)clock->steps.n - 1;
    return CSQ_OK;
}
