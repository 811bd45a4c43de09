/*
 * rules_internal — what the files of this module share: the document, its shape, and the reader.
 *
 * A document is a JSON tree with a mark for each node. One table of shapes says which members an
 * object has, of which form, with which default; checking, reading and writing all follow it.
 *
 * Uses: base, time, text, calendar, condition, ticket, sla.
 */
#ifndef CSQ_RULES_INTERNAL_H
#define CSQ_RULES_INTERNAL_H

#include "csq/rules.h"
#include "text/text_internal.h"
#include "time/time_internal.h"

/* ---- shapes -------------------------------------------------------------------------------- */

typedef enum csq__form {
    CSQ__FORM_ALTERNATIVE = 1, /* the shape depends on the kind of JSON value */
    CSQ__FORM_OBJECT,
    CSQ__FORM_LIST,
    CSQ__FORM_NAME, /* a text that is not empty */
    CSQ__FORM_TEXT,
    CSQ__FORM_CHOICE, /* one of a few names */
    CSQ__FORM_BOOLEAN,
    CSQ__FORM_NUMBER,
    CSQ__FORM_DURATION, /* "1h30m" */
    CSQ__FORM_CLOCK,    /* "09:30" */
    CSQ__FORM_HOURS,    /* "09:00-17:00" */
    CSQ__FORM_SCALAR    /* a name or a number, which the attribute decides */
} csq__form;

typedef enum csq__shape_id {
    CSQ__SHAPE_NONE = 0,
    CSQ__SHAPE_DOCUMENT,
    CSQ__SHAPE_ABOUT,
    CSQ__SHAPE_ATTRIBUTES,
    CSQ__SHAPE_ATTRIBUTE_KIND,
    CSQ__SHAPE_CALENDARS,
    CSQ__SHAPE_CALENDAR,
    CSQ__SHAPE_ZONE,
    CSQ__SHAPE_ZONE_OBJECT,
    CSQ__SHAPE_YEARS,
    CSQ__SHAPE_NIGHTS,
    CSQ__SHAPE_WEEK,
    CSQ__SHAPE_WEEK_HOURS,
    CSQ__SHAPE_HOLIDAYS,
    CSQ__SHAPE_HOLIDAY,
    CSQ__SHAPE_OVERRIDES,
    CSQ__SHAPE_OVERRIDE,
    CSQ__SHAPE_OVERRIDE_OBJECT,
    CSQ__SHAPE_BREAKS,
    CSQ__SHAPE_BREAK,
    CSQ__SHAPE_BREAK_OBJECT,
    CSQ__SHAPE_VERSIONS,
    CSQ__SHAPE_VERSION,
    CSQ__SHAPE_METRICS,
    CSQ__SHAPE_METRIC,
    CSQ__SHAPE_METRIC_KIND,
    CSQ__SHAPE_PRESET,
    CSQ__SHAPE_PRESET_NAME,
    CSQ__SHAPE_PRESET_LIST,
    CSQ__SHAPE_TIME,
    CSQ__SHAPE_OPTIONS,
    CSQ__SHAPE_REOPEN,
    CSQ__SHAPE_ON_CHANGE,
    CSQ__SHAPE_RETROACTIVE_PAUSE,
    CSQ__SHAPE_CALENDAR_SWITCH,
    CSQ__SHAPE_EDIT_SCOPE,
    CSQ__SHAPE_ON_SOLVED,
    CSQ__SHAPE_START,
    CSQ__SHAPE_ATTACH,
    CSQ__SHAPE_DUE_EDGE,
    CSQ__SHAPE_BREACH_COMPARE,
    CSQ__SHAPE_EMPTY_CALENDAR,
    CSQ__SHAPE_AT_TARGET,
    CSQ__SHAPE_ON_NO_MATCH,
    CSQ__SHAPE_ON_MERGE,
    CSQ__SHAPE_VISITS,
    CSQ__SHAPE_MESSAGE_BASE,
    CSQ__SHAPE_INHERIT,
    CSQ__SHAPE_VERSION_AT,
    CSQ__SHAPE_LATE_STEPS,
    CSQ__SHAPE_PASSED_STEPS,
    CSQ__SHAPE_STEPS,
    CSQ__SHAPE_STEP,
    CSQ__SHAPE_SELECT,
    CSQ__SHAPE_POLICIES,
    CSQ__SHAPE_POLICY,
    CSQ__SHAPE_TARGETS,
    CSQ__SHAPE_TARGET,
    CSQ__SHAPE_TARGET_VALUES,
    CSQ__SHAPE_TERMS,
    CSQ__SHAPE_RANKING,
    CSQ__SHAPE_LANES,
    CSQ__SHAPE_LANE,
    CSQ__SHAPE_PARTS,
    CSQ__SHAPE_PART,
    CSQ__SHAPE_USED_BANDS,
    CSQ__SHAPE_USED_BAND,
    CSQ__SHAPE_LEFT_BANDS,
    CSQ__SHAPE_LEFT_BAND,
    CSQ__SHAPE_POINTS,
    CSQ__SHAPE_CONDITION,
    CSQ__SHAPE_CONDITIONS,
    CSQ__SHAPE_TEST,
    CSQ__SHAPE_TEST_OBJECT,
    CSQ__SHAPE_PREVIOUS,
    CSQ__SHAPE_PREVIOUS_OBJECT,
    CSQ__SHAPE_VALUES, /* one value or a list of them */
    CSQ__SHAPE_VALUE_LIST,
    CSQ__SHAPE_NAMES,
    CSQ__SHAPE_HOURS,
    CSQ__SHAPE_HOURS_TEXT,
    CSQ__SHAPE_NAME,
    CSQ__SHAPE_TEXT,
    CSQ__SHAPE_FLAG, /* false by default */
    CSQ__SHAPE_BOOLEAN,
    CSQ__SHAPE_NUMBER,
    CSQ__SHAPE_DURATION,
    CSQ__SHAPE_CLOCK,
    CSQ__SHAPE_SCALAR,
    CSQ__SHAPE_COUNT
} csq__shape_id;

enum {
    CSQ__SHAPE_FLAT = 1,           /* written on one line, unless it holds objects */
    CSQ__SHAPE_OMIT_EMPTY = 2,     /* without content it means the same as its absence */
    CSQ__SHAPE_NOT_EMPTY = 4,      /* a list has at least one element */
    CSQ__SHAPE_HAS_DEFAULT = 8,    /* false, or the first choice, means the same as its absence */
    CSQ__SHAPE_UNWRAP_SINGLE = 16, /* with one part alone, that part is written in its place */
    CSQ__SHAPE_IN_ORDER = 32       /* members keep the order of the document: tests are asked so */
};

typedef struct csq__member_rule {
    const char *name;
    uint8_t shape;
    uint8_t is_required;
} csq__member_rule;

typedef struct csq__shape {
    uint8_t form;
    uint8_t flags;
    uint8_t n_members;
    uint8_t each;      /* shape of elements, and of members that have no rule; 0: there are none */
    uint8_t as_scalar; /* ALTERNATIVE: shape of a text or number, array, object; 0: refused */
    uint8_t as_array;
    uint8_t as_object;
    uint8_t n_choices;
    const csq__member_rule *members;
    const char *const *choices;
    const char *expected; /* for errors; NULL: what the form says */
} csq__shape;

const csq__shape *csq__shape_of(uint32_t shape);

/* ---- documents ----------------------------------------------------------------------------- */

/* Whether a member says more than its absence. */
typedef enum csq__says {
    CSQ__SAYS_BY_SHAPE = 0, /* if it is not the default of its shape */
    CSQ__SAYS_NOTHING,
    CSQ__SAYS_SOMETHING
} csq__says;

typedef struct csq__mark {
    uint8_t shape; /* csq__shape_id, never an alternative */
    uint8_t kind;  /* of tests: csq_attribute_kind */
    uint8_t says;  /* csq__says; of options */
} csq__mark;

typedef struct csq__document {
    csq_allocator allocator;
    csq__json json;
    csq__mark *marks; /* by node */
    size_t n_marks;
    char *text; /* the source */
    size_t size;
} csq__document;

/* Gives each node its shape. Errors: CSQ_ERULE, placed; CSQ_ENOMEM. */
csq_status csq__document_check(csq__document *document, csq_error *error);

static inline const csq__shape *csq__document_shape(const csq__document *document, uint32_t node)
{
    return csq__shape_of(document->marks[node].shape);
}

/* The member of an object, or 0; also of the object 0. */
static inline uint32_t csq__member_of(const csq__document *document, uint32_t object,
                                      const char *name)
{
    return object == 0 ? 0 : csq__json_member(&document->json, object, csq_str_of(name));
}

/* The index of a node of form CHOICE among its choices; 0 for the node 0. */
uint32_t csq__choice_of(const csq__document *document, uint32_t node);

/* The known name that is nearest to a word that is not known. */
typedef struct csq__nearest {
    csq_str word;
    csq_str name; /* empty: none is near */
    uint32_t distance;
} csq__nearest;

csq__nearest csq__nearest_to(csq_str word);
void csq__nearest_offer(csq__nearest *nearest, csq_str name);

/* "expected the name of <what>, such as <nearest>, found <the text>" at a node whose text, or at a
 * member whose key (`is_key`), is the word. Returns CSQ_ENOTFOUND. */
csq_status csq__fail_unknown(const csq__document *document, uint32_t node, bool is_key,
                             const char *what, const csq__nearest *nearest, csq_error *error);

/* "expected <expected>, found <the value>" at the node, with a status other than CSQ_ERULE. */
csq_status csq__fail_value_as(const csq__document *document, uint32_t node, csq_status status,
                              const char *expected, csq_error *error);

/* Adds the place of a node, or of its key, to an error that a builder filled; returns `status`. */
csq_status csq__placed(const csq__document *document, uint32_t node, csq_status status,
                       csq_error *error);
csq_status csq__placed_key(const csq__document *document, uint32_t node, csq_status status,
                           csq_error *error);

/* ---- scalars ------------------------------------------------------------------------------- */

enum { CSQ__DURATION_TEXT = 40, CSQ__HOURS_TEXT = 2 * CSQ_CLOCK_TEXT };

/* Reads "1h30m", "132.47h", "-15m". Errors: CSQ_ERULE (form), CSQ_ENUMBER (not whole milliseconds),
 * CSQ_EOVERFLOW. */
csq_status csq__duration_parse(csq_str text, csq_ms *out);
/* The canonical form, "132h28m12s", in at most CSQ__DURATION_TEXT bytes; the number of bytes. */
size_t csq__duration_format(csq_ms duration, char *out);

/* Read a node; errors are placed. A duration beyond int64_t is `too_large`. */
csq_status csq__read_duration(const csq__document *document, uint32_t node, csq_status too_large,
                              csq_ms *out, csq_error *error);
csq_status csq__read_clock(const csq__document *document, uint32_t node, csq_ms *out,
                           csq_error *error);
csq_status csq__read_date(const csq__document *document, uint32_t node, bool is_key, int32_t *out,
                          csq_error *error);
csq_status csq__read_instant(const csq__document *document, uint32_t node, csq_ms *out,
                             csq_error *error);
/* "09:00-17:00": both ends as times after 00:00, the second up to 48 h. Errors: CSQ_EDATE,
 * CSQ_EINTERVAL. */
csq_status csq__read_hours(const csq__document *document, uint32_t node, csq_interval *out,
                           csq_error *error);

/* ---- walking a condition ------------------------------------------------------------------- */

/* An open object (all its members) or list (all or any of its elements) of conditions. */
typedef struct csq__condition_frame {
    uint32_t node;
    uint32_t next; /* child to visit */
    uint32_t n;    /* for the visitor: operands so far; begins with 0 */
    bool is_any;
    bool is_negated;
} csq__condition_frame;

typedef struct csq__condition_walk {
    const csq__document *document;
    uint32_t depth; /* open frames; 0: done */
    csq__condition_frame closed;
    csq__condition_frame frames[CSQ__JSON_DEPTH + 1];
} csq__condition_walk;

void csq__condition_walk_begin(csq__condition_walk *walk, const csq__document *document,
                               uint32_t root);
/* The next test, whose key is the attribute; or 0: the frame in `closed` is complete. Both are
 * operands of the frame that is then on top. */
uint32_t csq__condition_walk_next(csq__condition_walk *walk);

/* ---- rules --------------------------------------------------------------------------------- */

typedef struct csq__named {
    uint32_t node; /* of the definition, a member */
    csq_calendar *calendar;
} csq__named;

struct csq_rules {
    csq__count count;
    csq_allocator allocator;
    csq__document document;
    csq__array calendars; /* csq__named, in the order of the document, so ascending by node */
    csq_policies *policies;
    csq_ranking *ranking;
};

static inline csq_str csq__rules_key(const csq_rules *rules, uint32_t node)
{
    return csq__json_key(&rules->document.json, node);
}

/* Reads all calendars of the document into `rules`. */
csq_status csq__read_calendars(csq_rules *rules, const csq_rules_options *options,
                               csq_error *error);

/* The index of the calendar that is defined at a node of the document, or CSQ_NO_CALENDAR. */
uint32_t csq__calendar_index_of(const csq_rules *rules, uint32_t node);

/* What compiling a document against a schema needs. */
typedef struct csq__rules_reader {
    csq_rules *rules;
    const csq__document *document;
    csq_allocator allocator;
    csq_schema *schema;
    csq_policies_builder *builder;
    csq_condition_builder *conditions;
    csq__array codes;  /* uint32_t, of the metric being read */
    csq__array values; /* int64_t, of the test being read */
} csq__rules_reader;

/* Adds the attributes that the document declares to the schema. */
csq_status csq__read_attributes(csq__rules_reader *reader, csq_error *error);
/* The id of the attribute that a key or text names. Errors: CSQ_ENOTFOUND, placed. */
csq_status csq__read_attribute(const csq__rules_reader *reader, uint32_t node, bool is_key,
                               uint32_t *attribute, csq_error *error);
/* The code of a name that a node (its key, for `is_key`) gives to a category or set. */
csq_status csq__read_code(const csq__rules_reader *reader, uint32_t attribute, uint32_t node,
                          bool is_key, uint32_t *code, csq_error *error);
/* Builds the condition at a node; `*out` is NULL for the node 0. */
csq_status csq__read_condition(csq__rules_reader *reader, uint32_t node, csq_condition **out,
                               csq_error *error);
csq_status csq__read_metrics(csq__rules_reader *reader, csq_error *error);
/* The options of the metric at a node that was read: those that it and its presets set. */
csq_metric csq__metric_options_at(const csq__document *document, uint32_t metric);
/* The node of a metric by its index. */
uint32_t csq__metric_node(const csq__document *document, int64_t index);
csq_status csq__read_policies(csq__rules_reader *reader, csq_error *error);
/* `*out` is NULL when the document has no ranking. */
csq_status csq__read_ranking(csq__rules_reader *rules, csq_ranking **out, csq_error *error);

#endif
