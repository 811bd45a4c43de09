/*
 * csq/rules.h — rules as text: one JSON document holds calendars, metrics, policies and a ranking.
 *
 * The document is described in docs/rules.md and by docs/rules.schema.json. Reading calls the
 * public builders of calendar.h and sla.h, so a document can say what they can, and nothing else.
 * JSON is RFC 8259 without extensions; numbers are exact decimals of at most 18 digits.
 */
#ifndef CSQ_RULES_H
#define CSQ_RULES_H

#include "csq/sla_ranking.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/*
 * Gives the zone of an IANA name, as the host has it (a TZif file, usually). Returns CSQ_OK and a
 * zone that the reader then owns, or another status, which reading reports with the path of the
 * name (CSQ_EZONE is the usual one). It may not use the objects of the running call.
 */
typedef csq_status (*csq_zone_source)(void *user, csq_str name, csq_zone **out);

typedef struct csq_rules_options {
    uint32_t size;
    uint32_t reserved;
    csq_zone_source zone; /* NULL: only "UTC", offsets and POSIX strings are known */
    void *zone_user;
    uint64_t text_limit; /* bytes; 0: 16 MiB */
} csq_rules_options;

/* What a document says, compiled: immutable, counted. */
typedef struct csq_rules csq_rules;

/*
 * Reads a document. Names of values ("pending", "p1") that the schema does not know are added to
 * it, and so are the attributes that the document declares. Errors: CSQ_EJSON, CSQ_EUTF8,
 * CSQ_EDUPLICATE, CSQ_EDEPTH, CSQ_ENUMBER, CSQ_ELIMIT, CSQ_ERULE and what the builders refuse, with
 * path, line, column, what was expected and what was found; CSQ_ENOTFOUND (a name that the document
 * does not define); CSQ_EZONE; CSQ_ENOMEM. A document that is refused leaves the schema as it was.
 */
CSQ_API csq_status csq_rules_read(csq_schema *schema, csq_str text,
                                  const csq_rules_options *options,
                                  const csq_allocator *allocator, csq_rules **out,
                                  csq_error *error);
CSQ_API csq_rules *csq_rules_retain(csq_rules *rules);
CSQ_API void csq_rules_free(csq_rules *rules);

/*
 * Writes the document in its canonical form: reading it again gives equal rules, and writing those
 * gives equal text. `*size` holds the capacity of `text` and becomes the size needed (no NUL);
 * capacity 0 asks for the size. Errors: CSQ_ELIMIT, CSQ_ENOMEM.
 */
CSQ_API csq_status csq_rules_write(const csq_rules *rules, char *text, uint64_t *size,
                                   csq_error *error);

/* Borrowed; NULL when the document has no metrics. Retain to keep. */
CSQ_API csq_policies *csq_rules_policies(const csq_rules *rules);
/* Borrowed; NULL when the document has no ranking. Retain to keep. */
CSQ_API csq_ranking *csq_rules_ranking(const csq_rules *rules);

CSQ_API uint32_t csq_rules_calendar_count(const csq_rules *rules);
CSQ_API csq_str csq_rules_calendar_name(const csq_rules *rules, uint32_t index);
/* Borrowed; NULL beyond the end. */
CSQ_API csq_calendar *csq_rules_calendar(const csq_rules *rules, uint32_t index);

/* "title", "source" and other text members of the document's `about` object; empty if absent. */
CSQ_API csq_str csq_rules_about(const csq_rules *rules, csq_str member);

/* ---- advice -------------------------------------------------------------------------------- */

typedef enum csq_advice_code {
    CSQ_ADVICE_NO_THRESHOLD = 1,    /* a metric for which no policy has a target */
    CSQ_ADVICE_NEVER_MATCHES = 2,   /* a policy that can never hold */
    CSQ_ADVICE_OVERLAP = 3,         /* policies that match the same tickets; the earlier holds */
    CSQ_ADVICE_UNCOVERED_VALUE = 4, /* a value of an attribute for which a metric has no target */
    CSQ_ADVICE_NEVER_OPENS = 5,     /* a target on a calendar that never opens */
    CSQ_ADVICE_STEP_NEVER = 6,      /* a step that no target of its metric lets be reached */
    CSQ_ADVICE_CONDITION_NEVER = 7  /* a condition of a metric that can never act */
} csq_advice_code;

typedef enum csq_advice_weight { CSQ_ADVICE_HINT = 1, CSQ_ADVICE_WARNING = 2 } csq_advice_weight;

typedef struct csq_advice {
    uint32_t size;
    uint32_t code;   /* csq_advice_code */
    uint32_t weight; /* csq_advice_weight */
    uint32_t reserved;
    csq_str path;    /* "policies[2].targets.first_reply"; borrowed from the lint */
    csq_str message; /* the reason, one sentence; borrowed */
} csq_advice;

/* What could be meant otherwise in a valid document. Advice in the order of the document. */
typedef struct csq_lint csq_lint;

/* "no_threshold" and the like; "unknown" for other numbers. */
CSQ_API const char *csq_advice_name(uint32_t code);

/* Errors: CSQ_EINVAL, CSQ_ENOMEM. */
CSQ_API csq_status csq_rules_lint(const csq_rules *rules, const csq_allocator *allocator,
                                  csq_lint **out, csq_error *error);
CSQ_API void csq_lint_free(csq_lint *lint);
CSQ_API uint64_t csq_lint_count(const csq_lint *lint);
/* Errors: CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_lint_at(const csq_lint *lint, uint64_t index, csq_advice *out,
                               csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
