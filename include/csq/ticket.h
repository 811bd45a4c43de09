/*
 * csq/ticket.h — the event log of a ticket.
 *
 * A ticket is any kind of case: a ticket, a complaint, feedback, a low survey answer; the attribute
 * `kind` says which. It is one block of memory that holds its events in the order in which they
 * happened, (instant, sequence), whatever the order in which they arrived.
 */
#ifndef CSQ_TICKET_H
#define CSQ_TICKET_H

#include "csq/column.h"
#include "csq/condition.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- attributes of tickets ----------------------------------------------------------------- */

/*
 * Ids of the attributes that every ticket schema begins with; their names in lower case are those
 * that rules use ("event", "author", …). The first three belong to the event itself: they have a
 * value while the event is judged and none before or after. Attributes of the host come after them.
 */
typedef enum csq_ticket_attribute {
    CSQ_TICKET_EVENT = 1,      /* category: csq_ticket_event_kind */
    CSQ_TICKET_AUTHOR = 2,     /* category: csq_ticket_author_code */
    CSQ_TICKET_VISIBILITY = 3, /* category: csq_ticket_visibility_code */
    CSQ_TICKET_STATUS = 4,     /* category */
    CSQ_TICKET_PRIORITY = 5,   /* category */
    CSQ_TICKET_GROUP = 6,      /* category */
    CSQ_TICKET_ASSIGNEE = 7,   /* category */
    CSQ_TICKET_KIND = 8,       /* category: ticket, complaint, feedback, … */
    CSQ_TICKET_CHANNEL = 9,    /* category */
    CSQ_TICKET_CALENDAR = 10,  /* category: the name of a calendar of the rules */
    CSQ_TICKET_POLICY = 11,    /* category: the name of a policy of the rules */
    CSQ_TICKET_LEVEL = 12,     /* integer: level of escalation */
    CSQ_TICKET_PROMISE = 13,   /* instant: when the customer was told to expect an update */
    CSQ_TICKET_TAGS = 14,      /* set */
    CSQ_TICKET_METRIC = 15,    /* category: the name of a metric, for CSQ_EVENT_EDIT and _INHERIT */
    CSQ_TICKET_REASON = 16     /* category: why, for CSQ_EVENT_PROMISE and CSQ_EVENT_ESCALATE */
} csq_ticket_attribute;

/*
 * Makes a schema with these attributes, and the codes below as the first of their vocabularies.
 * Functions that take a schema refuse one that does not begin so with CSQ_EMISMATCH. Errors:
 * CSQ_EINVAL, CSQ_ENOMEM.
 */
CSQ_API csq_status csq_ticket_schema_new(uint64_t seed, const csq_allocator *allocator,
                                         csq_schema **out, csq_error *error);

/* ---- events -------------------------------------------------------------------------------- */

typedef enum csq_ticket_event_kind {
    CSQ_EVENT_CREATED = 1,  /* "created": once per ticket; by a customer and not private, it counts
                               as a public message of the customer */
    CSQ_EVENT_REPLY = 2,    /* "reply": a message or a note, by author and visibility */
    CSQ_EVENT_CHANGE = 3,   /* "change": sets an attribute */
    CSQ_EVENT_ADD = 4,      /* "add": adds a name to a set */
    CSQ_EVENT_REMOVE = 5,   /* "remove": takes a name out of a set */
    CSQ_EVENT_ATTACH = 6,   /* "attach": the agreement begins to apply; may set the policy */
    CSQ_EVENT_EDIT = 7,     /* "edit": value = new target of the metric `subject` (0: of all), from
                               1 ms to 36,600 days (3,162,240,000,000 ms) */
    CSQ_EVENT_PROMISE = 8,  /* "promise": value = the instant promised; sets the attribute;
                               `subject` is the reason, 0: none is given */
    CSQ_EVENT_ESCALATE = 9, /* "escalate": value = the level, 0 or more; sets the attribute;
                               `subject` as of a promise */
    CSQ_EVENT_REOPEN = 10,  /* "reopen": as a change, of the status, named */
    CSQ_EVENT_MERGE = 11,   /* "merge": value = id of the ticket that goes on; comes last */
    CSQ_EVENT_SPLIT = 12,   /* "split": value = id of the ticket that was split off */
    CSQ_EVENT_INHERIT = 13  /* "inherit": value = an instant not after the event's: the ticket takes
                               over what was open since then, by the metric `subject` (0: by all), on
                               one that was merged into it or from which it was split off */
} csq_ticket_event_kind;

typedef enum csq_ticket_author_code {
    CSQ_AUTHOR_CUSTOMER = 1, /* "customer" */
    CSQ_AUTHOR_AGENT = 2,    /* "agent" */
    CSQ_AUTHOR_BOT = 3       /* "bot": automatic answers too */
} csq_ticket_author_code;

typedef enum csq_ticket_visibility_code {
    CSQ_VISIBILITY_PUBLIC = 1, /* "public": what 0 means for CREATED and REPLY */
    CSQ_VISIBILITY_PRIVATE = 2 /* "private" */
} csq_ticket_visibility_code;

/*
 * One event. CREATED, REPLY and ATTACH may set one attribute besides what they are ("created" with
 * a priority), CHANGE has to, REOPEN may set the status; none of them a set, for which there are
 * ADD and REMOVE. The attributes of PROMISE and ESCALATE need not be named. EDIT, MERGE, SPLIT and
 * INHERIT set none. No event sets the attributes event, author, visibility, metric and reason.
 *
 * Further attributes follow as joined events: a joined event takes effect together with the event
 * before it in the log, so that rules see them as one update, judged after the last. If the event
 * before it has another instant, or there is none, it stands for itself.
 */
typedef struct csq_ticket_event {
    uint32_t size;
    uint32_t kind;       /* csq_ticket_event_kind */
    csq_ms at;           /* not CSQ_MS_NONE */
    uint64_t sequence;   /* unique in the ticket; decides the order at one instant */
    uint32_t author;     /* csq_ticket_author_code, 0: unknown */
    uint32_t visibility; /* csq_ticket_visibility_code, 0: see there */
    uint32_t attribute;  /* attribute that the event sets, 0: none; ADD and REMOVE: the set */
    uint32_t subject;    /* EDIT, INHERIT: code of the metric, 0: all; PROMISE, ESCALATE: code of
                            the reason, 0: none; else 0 */
    int64_t value;       /* new value, or what the kind says, else 0; a category is cleared by 0, an
                            integer or instant by CSQ_MS_NONE */
    uint32_t joined;     /* 1: takes effect together with the event before it */
    uint32_t reserved;   /* 0 */
} csq_ticket_event;

/*
 * Whether an event is possible at all. Errors: CSQ_EABI, CSQ_EABI_NEWER, CSQ_EMISMATCH (schema),
 * CSQ_EINVAL (NULL, joined, reserved), CSQ_EEVENT (members that contradict the kind),
 * CSQ_ENOTFOUND (attribute), CSQ_ECODE (kind, author, visibility or a code that does not exist),
 * CSQ_ETARGET (edit to a target that is not positive or too long), CSQ_ERANGE (no instant, no
 * promised instant, negative level, no other ticket, inheriting from no instant or a later one),
 * CSQ_ELIMIT (metric or reason with a code above 65,535).
 * `error->field` names the member.
 */
CSQ_API csq_status csq_ticket_event_check(const csq_schema *schema, const csq_ticket_event *event,
                                          csq_error *error);

/* ---- tickets ------------------------------------------------------------------------------- */

typedef struct csq_ticket csq_ticket;

/* The most events that one ticket may have. */
enum { CSQ_TICKET_EVENT_LIMIT = 1000000 };

/* Makes an empty ticket that retains the schema. Errors: CSQ_EINVAL, CSQ_EMISMATCH, CSQ_ENOMEM. */
CSQ_API csq_status csq_ticket_new(csq_schema *schema, uint64_t id, const csq_allocator *allocator,
                                  csq_ticket **out, csq_error *error);
CSQ_API void csq_ticket_free(csq_ticket *ticket);

/*
 * Puts an event in its place. The same sequence with the same content again changes nothing and is
 * CSQ_OK. A ticket need not have a creation, but clocks that begin with it do not start then.
 *
 * Errors: as csq_ticket_event_check, and CSQ_EEVENT (merge into or split from the ticket itself),
 * CSQ_ECONFLICT (sequence with other content, a second creation), CSQ_EORDER (an event before the
 * creation, or a creation after an event that is there), CSQ_EMERGED (an event after the merge, or
 * a merge before one that is there), CSQ_ELIMIT, CSQ_ENOMEM; then the ticket is as it was.
 *
 * Complexity: an event at the end costs O(1), amortised; one that arrives late moves those behind
 * it. Where sequences do not ascend along the log, one that is not the largest so far is compared
 * with all others.
 */
CSQ_API csq_status csq_ticket_apply(csq_ticket *ticket, const csq_ticket_event *event,
                                    csq_error *error);

CSQ_API uint64_t csq_ticket_id(const csq_ticket *ticket);
CSQ_API uint64_t csq_ticket_count(const csq_ticket *ticket);
/* Bytes of memory that the ticket takes: its header and the block with events and checkpoints. */
CSQ_API uint64_t csq_ticket_memory(const csq_ticket *ticket);
/*
 * The event at `index` in the order in which events happened, in its stored form: the visibility of
 * CREATED and REPLY and the attribute of PROMISE and ESCALATE are filled in. Errors: CSQ_EINVAL,
 * CSQ_ERANGE, CSQ_EABI.
 */
CSQ_API csq_status csq_ticket_event_at(const csq_ticket *ticket, uint64_t index,
                                       csq_ticket_event *out, csq_error *error);

/* An independent copy with the same schema and allocator. Errors: CSQ_EINVAL, CSQ_ENOMEM. */
CSQ_API csq_status csq_ticket_copy(const csq_ticket *ticket, csq_ticket **out, csq_error *error);

/*
 * Canonical bytes of the ticket, names instead of codes: the same events give the same bytes,
 * whatever the order of arrival, the codes or the platform. Checkpoints are a cache and stay out.
 * `*size` holds the capacity of `bytes` and becomes the size needed, also when the capacity is too
 * small; capacity 0 with `bytes` NULL asks for the size. Errors: CSQ_EINVAL, CSQ_ELIMIT (capacity),
 * CSQ_ENOMEM.
 */
CSQ_API csq_status csq_ticket_encode(const csq_ticket *ticket, void *bytes, uint64_t *size,
                                     csq_error *error);
/*
 * Reads a ticket back. Attributes and names that the schema does not know are added to it, after
 * the bytes were found good. Errors: CSQ_EINVAL, CSQ_ECORRUPT (damage, and whatever
 * csq_ticket_encode cannot have written, as two creations), CSQ_EVERSION (a newer format, or damage
 * in its number), CSQ_EMISMATCH (schema; or it has an attribute of that name and another kind),
 * CSQ_ELIMIT (events; full schema), CSQ_ENOMEM. Names that were learned before one of the last two
 * stay.
 */
CSQ_API csq_status csq_ticket_decode(csq_schema *schema, const void *bytes, uint64_t size,
                                     const csq_allocator *allocator, csq_ticket **out,
                                     csq_error *error);

/* ---- events in columns --------------------------------------------------------------------- */

/* What one code of a `type` column means: an event but for its instant, sequence and value. */
typedef struct csq_event_type {
    uint32_t size;
    uint32_t kind;
    uint32_t author;
    uint32_t visibility;
    uint32_t attribute;
    uint32_t subject;
    uint32_t joined;
    uint32_t reserved;
    const uint32_t *codes; /* values are indexes into it from 0; NULL: they are codes themselves */
    uint64_t n_codes;
} csq_event_type;

/*
 * A log in columns, in any order of rows. Rows of one ticket sort by (instant, sequence). The
 * columns `ticket`, `at` and `type` are required; a `value` column that is not given means 0, a
 * `sequence` column that is not given the number of the row. A missing value within `value` stands
 * for no value: it clears the attribute, and is right for events that have none; the other columns
 * may not have missing values.
 */
typedef struct csq_event_columns {
    uint32_t size;
    uint32_t reserved;
    csq_column ticket;           /* id of the ticket */
    csq_column at;               /* instants, `tick_ms` to a unit */
    csq_column type;             /* index into `types` */
    csq_column value;
    csq_column sequence;
    const csq_event_type *types;
    uint64_t n_types;
    uint64_t type_stride;        /* distance of two types in bytes; 0: the `size` of the first */
    int64_t tick_ms;             /* milliseconds in a unit of `at`, 1000 for seconds; 0: one */
} csq_event_columns;

/*
 * Finds the rows that no ticket can have: bit i%8 of byte i/8 of `bad` (n/8 bytes, rounded up) is
 * set for a bad row i, else cleared, and `*n_bad` counts them, so that a host can drop them; what
 * is left is good. `error` describes the first of them, with its row as index and its column as
 * field, though the status is CSQ_OK; without bad rows it is not written.
 *
 * Each row is checked for itself, with the codes of csq_ticket_event_check; CSQ_ECODE also for a
 * type or an index into `codes` that is not there. Of the rows of a ticket that pass, those are bad
 * that repeat a sequence of an earlier row with other content (CSQ_ECONFLICT; the same content is
 * no fault); then, in the order of (instant, sequence), what lies before the first creation
 * (CSQ_EORDER), further creations (CSQ_ECONFLICT) and what lies after the first merge
 * (CSQ_EMERGED).
 *
 * Errors: CSQ_EINVAL, CSQ_EABI, CSQ_EABI_NEWER, CSQ_EMISMATCH, CSQ_ENOMEM, and for a type that
 * contradicts itself what csq_ticket_event_check gives, with the number of the type as index and in
 * the path; then `bad` and `*n_bad` are as they were. Memory: from the schema's allocator, a bit a
 * row, and 8 bytes a row more when the rows do not come by ticket, instant and rising sequence.
 */
CSQ_API csq_status csq_event_columns_check(const csq_schema *schema,
                                           const csq_event_columns *columns, uint8_t *bad,
                                           uint64_t *n_bad, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
