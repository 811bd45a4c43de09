/*
 * sla_case — one case of the sla family while it runs, shared by what builds it, what asks the
 * library and what compares.
 */
#ifndef CSQ_TESTS_SLA_CASE_H
#define CSQ_TESTS_SLA_CASE_H

#include "vectors.h"

#include "csq/sla_explain.h"

enum { SLA_SECOND_MS = 1000 };

/* What a case is made of. */
typedef struct sla_case {
    vectors_run *run;
    const char *id;
    const json_t *object;
    const json_t *policy;
    csq_error error;
    csq_schema *schema;
    csq_policies_builder *builder;
    csq_policies *policies;
    csq_ticket *ticket;
    uint32_t metric;
    uint64_t sequence;
    csq_ms now;
} sla_case;

/* A member's text, or NULL. */
const char *sla_text_of(const json_t *object, const char *key);

/* Count the case as failed and return false. */
bool sla_fail(sla_case *work, const char *field, const char *why);
/* False, and counted, unless the status is CSQ_OK. */
bool sla_check(sla_case *work, const char *field, csq_status status);

/* Make the policies and the ticket of a case. */
bool sla_build_policies(sla_case *work);
bool sla_apply_events(sla_case *work);

/* Compares an answer and its explanation with what the case expects. */
void sla_compare(sla_case *work, const csq_answer *answer, const csq_explanation *explanation);

#endif
