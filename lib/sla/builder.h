/*
 * builder — the inside of a builder of policies.
 *
 * Uses: base, calendar, condition, ticket.
 */
#ifndef CSQ_SLA_BUILDER_H
#define CSQ_SLA_BUILDER_H

#include "sla/sla_internal.h"

struct csq_policies_builder {
    csq_allocator allocator;
    csq_schema *schema;
    csq_policies *draft; /* NULL after it was built */
};

/* 100 years: beyond it a target is an error of unit, and due instants would leave all calendars. */
#define CSQ__TARGET_LIMIT_MS ((csq_ms)100 * 366 * 86400 * 1000)
enum { CSQ__TARGET_LIMIT_WORKDAYS = 36600 };

/* The draft, a new one if need be; its table of terms begins with "none". */
csq_status csq__builder_draft(csq_policies_builder *builder, csq_policies **out, csq_error *error);
/* Checks a name, copies it and gives it a code among the values of an attribute; 0: none. */
csq_status csq__builder_name(csq_policies *draft, csq_str name, uint32_t attribute, csq_str *copy,
                             uint32_t *code, csq_error *error);
void csq__builder_release_name(const csq_policies *draft, csq_str name);
csq_status csq__builder_fail_exists(csq_error *error, const char *what, csq_str name);

#endif
