/*
 * ticket_internal — how the engines read a ticket's log and keep checkpoints beside it.
 *
 * Uses: base, column, condition.
 */
#ifndef CSQ_TICKET_INTERNAL_H
#define CSQ_TICKET_INTERNAL_H

#include "condition/condition_internal.h"
#include "csq/ticket.h"

/* ---- stored events ------------------------------------------------------------------------- */

/*
 * An event as it is stored: 32 bytes. Order in the log: (at, sequence). What a host may leave out
 * is filled in: the visibility of CREATED and REPLY, the attribute of PROMISE and ESCALATE.
 */
typedef struct csq__event {
    csq_ms at;
    uint64_t sequence;
    int64_t value;
    uint16_t attribute;
    uint16_t subject;
    uint8_t kind;
    uint8_t author;
    uint8_t visibility; /* never 0 for CREATED and REPLY */
    uint8_t joined;
} csq__event;

/* Attributes of an event hold for it only: nothing that lasts can be set or chosen by them. */
static inline bool csq__attribute_is_of_event(uint32_t attribute)
{
    return attribute == CSQ_TICKET_EVENT || attribute == CSQ_TICKET_AUTHOR ||
           attribute == CSQ_TICKET_VISIBILITY || attribute == CSQ_TICKET_METRIC ||
           attribute == CSQ_TICKET_REASON;
}

/* Attributes that every schema of tickets begins with. */
enum { CSQ__TICKET_ATTRIBUTES = CSQ_TICKET_REASON };

/* The attribute whose codes are the subjects of a kind of event; 0: it has none. */
static inline uint32_t csq__event_subject_attribute(uint32_t kind)
{
    switch (kind) {
    case CSQ_EVENT_EDIT:
    case CSQ_EVENT_INHERIT:
        return CSQ_TICKET_METRIC;
    case CSQ_EVENT_PROMISE:
    case CSQ_EVENT_ESCALATE:
        return CSQ_TICKET_REASON;
    default:
        return 0;
    }
}

/* Whether events of a kind act on the clocks of a metric, rather than through an attribute. */
static inline bool csq__event_is_of_metric(uint32_t kind)
{
    return csq__event_subject_attribute(kind) == CSQ_TICKET_METRIC;
}

/* Whether `event` takes effect together with `before`, the event before it in the log (NULL: it is
 * the first). A joined event at another instant than the one before it stands for itself. */
static inline bool csq__event_joins(const csq__event *event, const csq__event *before)
{
    return event->joined != 0 && before != NULL && before->at == event->at;
}

/* Order in the log: negative, 0, positive. */
static inline int csq__event_compare(const csq__event *a, const csq__event *b)
{
    if (a->at != b->at) {
        return a->at < b->at ? -1 : 1;
    }
    return (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Whether two events are the same; an event never has padding. */
static inline bool csq__event_is_same(const csq__event *a, const csq__event *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

_Static_assert(sizeof(csq__event) == 32, "no padding");

/* ---- checking events ----------------------------------------------------------------------- */

/* The longest target that an EDIT may set, as in policies: 36,600 days. */
#define CSQ__TARGET_LIMIT INT64_C(3162240000000)

/* The values that an event may have, both ends included, and the failure for any other. In a
 * column of values, a missing one counts as `missing`: no value, where the event may have none. */
typedef struct csq__value_range {
    int64_t low;
    int64_t high;
    int64_t missing;
    csq_status outside;
} csq__value_range;

/* Checks one event type and gives its stored form (value 0, at 0). The errors are those of
 * csq_ticket_event_check; `error->field` is a member of csq_event_type. */
csq_status csq__event_type_check(const csq_schema *schema, const csq_event_type *type,
                                 csq__event *out, csq_error *error);

/* The range of values for a stored event: of codes as many as the schema knows now. */
csq__value_range csq__event_value_range(const csq_schema *schema, const csq__event *event);

/* Fills `error` for a value outside its range and returns the range's status. */
csq_status csq__event_value_fail(const csq__event *event, int64_t value, csq__value_range range,
                                 csq_error *error);

/* The same two checks from facts instead of a schema: for events whose names have no codes yet.
 * `attribute_kind` is 0 for an attribute that is not known; `n_subjects` is the number of names
 * that subjects of this kind of event can have. */
csq_status csq__event_form(const csq_event_type *type, uint32_t attribute_kind,
                           uint32_t n_subjects, csq__event *out, csq_error *error);
csq__value_range csq__event_range_of(const csq__event *event, uint32_t attribute_kind,
                                     uint32_t n_codes);

/* Checks an event of a host and gives its stored form; the schema is known to be one of tickets. */
csq_status csq__event_read(const csq_schema *schema, const csq_ticket_event *event,
                           csq__event *out, csq_error *error);

/* Writes the form of a host. Errors: CSQ_EINVAL (NULL), CSQ_EABI. */
csq_status csq__event_write(const csq__event *event, csq_ticket_event *out, csq_error *error);

/* The failure of an event that merges a ticket into itself or splits it off from itself, else
 * CSQ_OK. The field is that of csq_ticket_event. */
csq_status csq__event_check_other(const csq__event *event, uint64_t ticket_id, csq_error *error);
/* Refuses an event that takes over from an instant after it. Errors: CSQ_ERANGE. */
csq_status csq__event_check_past(const csq__event *event, csq_error *error);

/* Whether an event of this form at an instant takes over from a later one. */
static inline bool csq__event_is_ahead(const csq__event *form, csq_ms at, int64_t value)
{
    return form->kind == CSQ_EVENT_INHERIT && value > at;
}

/* CSQ_EMISMATCH unless the schema begins with the attributes and codes of tickets. */
csq_status csq__ticket_schema_check(const csq_schema *schema, csq_error *error);

/* "created" and so on; "" for a kind that does not exist. */
const char *csq__event_kind_name(uint32_t kind);

/* ---- tickets ------------------------------------------------------------------------------- */

struct csq_ticket {
    csq_allocator allocator;
    csq_schema *schema;
    uint64_t id;
    csq__event *events; /* the block; NULL while it has no bytes */
    size_t block_size;
    uint64_t max_sequence;
    uint64_t fingerprint;    /* of the checkpoints' rules */
    uint32_t n;              /* events */
    uint32_t n_seen;         /* events that the checkpoints have seen */
    uint32_t checkpoint_size; /* 0: none */
    uint32_t is_ascending;   /* sequences ascend along the log */
};

/* Makes a ticket in the caller's memory. It borrows the schema. */
void csq__ticket_init(csq_ticket *ticket, csq_schema *schema, uint64_t id,
                      const csq_allocator *allocator);
/* Releases what csq__ticket_init, and what came after it, made: the block. */
void csq__ticket_release(csq_ticket *ticket);
/* The same ticket with a block of its own in the caller's memory; false without memory, and then
 * nothing has to be released. */
bool csq__ticket_clone(const csq_ticket *ticket, csq_ticket *out);

/* Makes room for one more event and checkpoints of a size; false without memory. */
bool csq__ticket_reserve(csq_ticket *ticket, size_t checkpoint_size);
/* csq_ticket_apply that tells the place of the event; if it was there already, the number of
 * events. */
csq_status csq__ticket_put(csq_ticket *ticket, const csq_ticket_event *event, size_t *place,
                           csq_error *error);
/* Takes the event out that was put at `place` last; `before` is the ticket before that. */
void csq__ticket_take_out(csq_ticket *ticket, size_t place, const csq_ticket *before);
/* The first event whose sequence another one has as well, or NULL. Errors: CSQ_ENOMEM. */
csq_status csq__events_check_sequences(const csq__event *events, size_t n,
                                       const csq_allocator *allocator, const csq__event **repeated,
                                       csq_error *error);
/*
 * The events of a ticket and `n` others, in their order, in a new block of `*n_out` events that
 * the caller releases (NULL for none). Errors: CSQ_ECONFLICT, CSQ_EORDER, CSQ_EMERGED, CSQ_ELIMIT
 * as csq_ticket_apply; CSQ_ENOMEM. `*at_fault`, unless NULL, is then the sequence at fault.
 */
csq_status csq__ticket_unite(const csq_ticket *ticket, const csq__event *others, size_t n,
                             csq__event **out, size_t *n_out, uint64_t *at_fault,
                             csq_error *error);

/* The events in their order. Borrowed until the ticket changes. */
const csq__event *csq__ticket_events(const csq_ticket *ticket, size_t *n);
csq_schema *csq__ticket_schema(const csq_ticket *ticket);
csq_allocator csq__ticket_allocator(const csq_ticket *ticket);

/* Gives a ticket without a block `n` events that were checked, in their order; it takes over
 * `events`, a block of n * 32 bytes (NULL for n = 0). */
void csq__ticket_adopt(csq_ticket *ticket, csq__event *events, size_t n);

/*
 * Checkpoints: `size` bytes at the end of the block that belong to an engine, with the fingerprint
 * of its rules and the number of events that they have seen, which must not part joined events.
 * They are a cache: never encoded, and dropped when an event arrives that lies before one they have
 * seen or that joins the last of these. NULL when there are none of this fingerprint and size.
 * Aligned for int64_t; borrowed until the ticket changes.
 */
const void *csq__ticket_checkpoint(const csq_ticket *ticket, uint64_t fingerprint, size_t size,
                                   size_t *n_events_seen);
/* Stores checkpoints for the first `n_events_seen` events in place of any others; size 0 drops
 * them. Errors: CSQ_ENOMEM, CSQ_ERANGE (more events than there are), CSQ_ELIMIT (1 GiB). */
csq_status csq__ticket_place_checkpoint(csq_ticket *ticket, uint64_t fingerprint, size_t size,
                                        size_t n_events_seen, void **out, csq_error *error);
/* The same with a copy of `data`, where the first leaves it to the caller to fill `*out`. */
csq_status csq__ticket_set_checkpoint(csq_ticket *ticket, uint64_t fingerprint, const void *data,
                                      size_t size, size_t n_events_seen, csq_error *error);

/* csq_ticket_encode and csq_ticket_decode on a writer and into the caller's memory (where the
 * ticket borrows the schema). */
csq_status csq__ticket_write(const csq_ticket *ticket, csq__writer *writer, csq_error *error);
csq_status csq__ticket_read(csq_schema *schema, const void *bytes, uint64_t size,
                            const csq_allocator *allocator, csq_ticket *out, csq_error *error);

#endif
