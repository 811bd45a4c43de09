/*
 * text_internal — exact decimals, and a strict JSON reader and writer.
 *
 * The reader takes RFC 8259 and nothing else; a key that stands twice in an object is an error. Its
 * result is an immutable tree in one array of nodes, in the order of the text, so that the first
 * child of a node follows it. Nodes are numbered from 1; 0 is "no node" and may be asked anything.
 * Texts without escapes are views of the source, which must outlive the tree.
 *
 * Uses: base.
 */
#ifndef CSQ_TEXT_INTERNAL_H
#define CSQ_TEXT_INTERNAL_H

#include "base/base_internal.h"

/* ---- decimals ------------------------------------------------------------------------------ */

/* mantissa * 10^exponent. Written out in full it has at most 18 digits on each side of the point
 * and 18 significant ones; the mantissa does not end in 0, and zero has the exponent 0. */
typedef struct csq__decimal {
    int64_t mantissa;
    int32_t exponent; /* -18 to 17 */
} csq__decimal;

enum { CSQ__DECIMAL_DIGITS = 18, CSQ__DECIMAL_BYTES = 24 };

/*
 * Reads the number that `text` begins with, in the grammar of JSON. `*used` is the number of bytes
 * read, on failure the offset of the byte that does not fit (CSQ_EJSON) or of the number itself
 * (CSQ_ENUMBER: not exact in 18 digits; then `*used` is its length and `*out` untouched).
 */
csq_status csq__decimal_read(csq_str text, size_t *used, csq__decimal *out);

/* Writes the number in full, without an exponent: at most CSQ__DECIMAL_BYTES, no NUL; the number of
 * bytes. */
size_t csq__decimal_format(csq__decimal decimal, char *out);

/* decimal * factor as an integer (1.5 hours * 3,600,000); `factor` > 0. Errors: CSQ_ENUMBER (not a
 * whole number), CSQ_EOVERFLOW. */
csq_status csq__decimal_times(csq__decimal decimal, int64_t factor, int64_t *out);

/* ---- reading ------------------------------------------------------------------------------- */

typedef enum csq__json_kind {
    CSQ__JSON_NONE = 0,
    CSQ__JSON_NULL = 1,
    CSQ__JSON_BOOLEAN = 2,
    CSQ__JSON_NUMBER = 3,
    CSQ__JSON_TEXT = 4,
    CSQ__JSON_ARRAY = 5,
    CSQ__JSON_OBJECT = 6
} csq__json_kind;

enum { CSQ__JSON_DEPTH = 64, CSQ__JSON_SIZE_LIMIT = 16 * 1024 * 1024 };

typedef struct csq__json_options {
    uint64_t size_limit; /* bytes; 0: CSQ__JSON_SIZE_LIMIT; at most 2^32 - 1 */
    uint64_t seed;       /* stirs the table of keys; no result depends on it */
} csq__json_options;

/* Text in the source or among the texts with escapes, which are kept behind each other. */
typedef struct csq__json_span {
    uint32_t at;
    uint32_t size;
} csq__json_span;

enum {
    CSQ__JSON_IS_MEMBER = 1, /* has a key */
    CSQ__JSON_ESCAPED_KEY = 2,
    CSQ__JSON_ESCAPED_TEXT = 4
};

typedef struct csq__json_node {
    union {
        int64_t number;      /* mantissa; of a boolean 0 or 1 */
        csq__json_span text; /* of a text */
    } value;
    csq__json_span key; /* of a member */
    uint32_t byte;      /* where the value begins in the source */
    uint32_t key_byte;  /* where the key begins in the source */
    uint32_t parent;    /* 0 for the root */
    uint32_t next;      /* sibling, 0 for the last */
    uint32_t n;         /* children */
    int8_t exponent;    /* of a number */
    uint8_t kind;       /* csq__json_kind */
    uint8_t flags;
} csq__json_node;

/* A document. Zeroed memory is an empty one. */
typedef struct csq__json {
    csq_allocator allocator;
    csq_str source;   /* borrowed */
    csq__array nodes; /* csq__json_node; the first stands for "no node" */
    csq__array text;  /* bytes of texts and keys that had escapes */
    csq__table keys;  /* members by their parent and key */
    uint64_t seed;
} csq__json;

enum { CSQ__JSON_ROOT = 1 };

/*
 * Reads one JSON text. `options` may be NULL. An error has byte, line, column and path; on failure
 * the document is empty. It takes at most 30 bytes of memory for each byte of hostile text, 2 to 5
 * for usual rules. Errors: CSQ_EJSON, CSQ_EDUPLICATE, CSQ_EDEPTH, CSQ_ENUMBER, CSQ_EUTF8,
 * CSQ_ELIMIT, CSQ_EINVAL (NULL text), CSQ_ENOMEM.
 */
csq_status csq__json_read(csq__json *json, csq_str source, const csq__json_options *options,
                          const csq_allocator *allocator, csq_error *error);
void csq__json_release(csq__json *json);

/* For the reader: decodes the string whose quote stands at `*at` and moves `*at` behind it. */
csq_status csq__json_read_string(csq__json *json, size_t *at, csq__json_span *out, bool *is_escaped,
                                 csq_error *error);

/* For the reader: "expected <this>, found <the word or byte at `at`>"; returns CSQ_EJSON. */
csq_status csq__json_fail_syntax(const csq__json *json, size_t at, const char *expected,
                                 csq_error *error);
/* For the reader: the letters, digits and underscores at `at`. */
csq_str csq__json_word(const csq__json *json, size_t at);

/* ---- walking ------------------------------------------------------------------------------- */

static inline const csq__json_node *csq__json_at(const csq__json *json, uint32_t node)
{
    return (const csq__json_node *)json->nodes.data + node;
}

static inline csq__json_kind csq__json_kind_of(const csq__json *json, uint32_t node)
{
    return (csq__json_kind)csq__json_at(json, node)->kind;
}

/* for (uint32_t i = csq__json_first(json, list); i != 0; i = csq__json_next(json, i)) */
static inline uint32_t csq__json_first(const csq__json *json, uint32_t node)
{
    return csq__json_at(json, node)->n == 0 ? 0 : node + 1;
}

static inline uint32_t csq__json_next(const csq__json *json, uint32_t node)
{
    return csq__json_at(json, node)->next;
}

/* Members of an object, elements of an array. */
static inline uint32_t csq__json_count(const csq__json *json, uint32_t node)
{
    return csq__json_at(json, node)->n;
}

/* The member with that key, or 0; takes constant time. */
uint32_t csq__json_member(const csq__json *json, uint32_t object, csq_str key);

/* Key of a member, content of a text; empty for other nodes. Borrowed from document or source. */
csq_str csq__json_key(const csq__json *json, uint32_t node);
csq_str csq__json_text(const csq__json *json, uint32_t node);
bool csq__json_is_true(const csq__json *json, uint32_t node);
csq__decimal csq__json_decimal(const csq__json *json, uint32_t node);

/* "a text", "an object" and the like. */
const char *csq__json_kind_name(csq__json_kind kind);

/* ---- errors at nodes ----------------------------------------------------------------------- */

/* Adds byte, line, column and path of a node to an error that is filled; a path in it already is
 * taken as one below the node. */
void csq__json_place(const csq__json *json, uint32_t node, csq_error *error);
/* The same, on the key of a member: for a key that is not known. */
void csq__json_place_key(const csq__json *json, uint32_t node, csq_error *error);
/* Parts of it: byte, line and column; the path. */
void csq__json_place_byte(const csq__json *json, size_t byte, csq_error *error);
void csq__json_place_path(const csq__json *json, uint32_t node, csq_error *error);

/* Fails at a node: csq__json_fail(json, node, error, CSQ_ERULE, CSQ__TEXT("..."), ...). */
#define csq__json_fail(json, node, error, code, ...)                                               \
    csq__json_fail_pieces((json), (node), (error), (code), (const csq__piece[]){__VA_ARGS__},      \
                          sizeof((const csq__piece[]){__VA_ARGS__}) / sizeof(csq__piece))
csq_status csq__json_fail_pieces(const csq__json *json, uint32_t node, csq_error *error,
                                 csq_status code, const csq__piece *pieces, size_t n_pieces);

/* "expected <expected>, found <the value>" at the node; returns CSQ_ERULE. */
csq_status csq__json_fail_value(const csq__json *json, uint32_t node, const char *expected,
                                csq_error *error);
/* "expected the member <key>, found none" at the object; returns CSQ_ERULE. */
csq_status csq__json_fail_missing(const csq__json *json, uint32_t object, const char *key,
                                  csq_error *error);

/* CSQ_OK if the node is of that kind, else CSQ_ERULE. */
csq_status csq__json_expect(const csq__json *json, uint32_t node, csq__json_kind kind,
                            csq_error *error);
/* An integer as it is read: the number times `factor` (1 or more) lies in [least, most]. */
typedef struct csq__json_range {
    int64_t factor; /* a power of ten where least and most are to be shown */
    int64_t least;
    int64_t most;
} csq__json_range;

/*
 * Reads a number as an integer: csq__json_integer(json, node, &(csq__json_range){1, 0, 100}, …).
 * Errors, placed: CSQ_ERULE (not a number), CSQ_ENUMBER (more decimals than the factor takes),
 * CSQ_ERANGE.
 */
csq_status csq__json_integer(const csq__json *json, uint32_t node, const csq__json_range *range,
                             int64_t *out, csq_error *error);

/* ---- writing ------------------------------------------------------------------------------- */

/*
 * Builds JSON text. Commas and line breaks are the writer's. The first failure sticks: CSQ_ENOMEM,
 * CSQ_EUTF8, CSQ_EDEPTH (more than CSQ__JSON_DEPTH), CSQ_ESTATE (a key in an array, a value in an
 * object without one, ends that do not match).
 */
typedef struct csq__json_writer {
    csq_allocator allocator;
    csq__array text;    /* bytes */
    uint64_t is_object; /* bit d: the container at depth d + 1 is an object */
    uint64_t has_items; /* bit d: it has an item already */
    uint32_t depth;
    uint32_t flat_depth; /* containers from this depth on stay on one line; 0: none does */
    uint32_t indent;     /* spaces a level; 0: everything on one line, without spaces */
    csq_status status;
    bool has_key; /* a key waits for its value */
    bool has_root;
} csq__json_writer;

void csq__json_writer_init(csq__json_writer *writer, uint32_t indent,
                           const csq_allocator *allocator);
void csq__json_writer_release(csq__json_writer *writer);

void csq__json_put_object(csq__json_writer *writer); /* opens */
void csq__json_put_array(csq__json_writer *writer);  /* opens */
/* Opens a container that stays on one line, as ["09:00", "17:00"]. */
void csq__json_put_flat_object(csq__json_writer *writer);
void csq__json_put_flat_array(csq__json_writer *writer);
void csq__json_put_end(csq__json_writer *writer); /* closes the innermost container */
void csq__json_put_key(csq__json_writer *writer, csq_str key);
void csq__json_put_text(csq__json_writer *writer, csq_str text);
void csq__json_put_integer(csq__json_writer *writer, int64_t value);
void csq__json_put_decimal(csq__json_writer *writer, csq__decimal value);
void csq__json_put_boolean(csq__json_writer *writer, bool value);
void csq__json_put_null(csq__json_writer *writer);
/* Copies a value with all below it. */
void csq__json_put_node(csq__json_writer *writer, const csq__json *json, uint32_t node);

/* The whole text, which ends with a line feed if it is indented. Borrowed from the writer. Errors:
 * the first failure of the writer. */
csq_status csq__json_writer_end(csq__json_writer *writer, csq_str *out, csq_error *error);

#endif
