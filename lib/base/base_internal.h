/*
 * base_internal — what the modules share below their public headers: errors, memory, counted
 * objects, size-first structs, sorting, hashing, the byte codec.
 *
 * Uses: nothing above the C library.
 */
#ifndef CSQ_BASE_INTERNAL_H
#define CSQ_BASE_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "csq/base.h"
#include "base/integer.h"

/* For the few functions of which a call costs as much as what they do. */
#define CSQ__ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- errors -------------------------------------------------------------------------------- */

/* A piece of a message: text, a view or a number. */
typedef struct csq__piece {
    csq_str text;
    int64_t number;
    bool is_number;
} csq__piece;

#define CSQ__TEXT(literal) {{(literal), sizeof(literal) - 1}, 0, false}
#define CSQ__VIEW(view) {(view), 0, false}
#define CSQ__NUMBER(integer) {{NULL, 0}, (integer), true}

/*
 * Fills `error` (unless NULL) with the code and the pieces one after the other, every other member
 * with "does not apply", and returns the code:
 *     return csq__fail(error, CSQ_EDATE, CSQ__TEXT("month "), CSQ__NUMBER(month), ...);
 * A message that is too long is cut at a character; bytes of views that are not UTF-8, and control
 * characters, become '?'.
 */
#define csq__fail(error, code, ...)                                                                \
    csq__fail_pieces((error), (code), (const csq__piece[]){__VA_ARGS__},                           \
                     sizeof((const csq__piece[]){__VA_ARGS__}) / sizeof(csq__piece))
csq_status csq__fail_pieces(csq_error *error, csq_status code, const csq__piece *pieces,
                            size_t n_pieces);

/* The three failures that need no wording of their own. */
csq_status csq__fail_memory(csq_error *error);
csq_status csq__fail_null(csq_error *error, const char *argument);
csq_status csq__fail_value(csq_error *error, const char *argument, int64_t value);

/* Add the place to an error that was just filled; nothing happens for NULL. */
void csq__error_index(csq_error *error, int64_t index);
void csq__error_field(csq_error *error, size_t offset);
void csq__error_byte(csq_error *error, uint64_t offset);

/* Puts `prefix` before the path: "p1.within" under "targets" becomes "targets.p1.within". A prefix
 * or path that begins with '[' is joined without a dot. */
void csq__error_path(csq_error *error, csq_str prefix);
void csq__error_path_index(csq_error *error, int64_t index);

/* ---- text ---------------------------------------------------------------------------------- */

#define CSQ__STR(literal) ((csq_str){(literal), sizeof(literal) - 1})

static inline bool csq__str_equal(csq_str a, csq_str b)
{
    return a.size == b.size && (a.size == 0 || (a.data != NULL && b.data != NULL &&
                                                memcmp(a.data, b.data, (size_t)a.size) == 0));
}

/* Bytewise order, a prefix before its continuation: negative, 0, positive. */
int csq__str_compare(csq_str a, csq_str b);

/* Writes the decimal form of `value`, at most 20 bytes and no NUL; returns the number of bytes. */
size_t csq__format_integer(int64_t value, char *out);

/* Whether all bytes are well-formed UTF-8 (RFC 3629); `*bad` is the offset of the first that is
 * not. `bad` may be NULL. */
bool csq__utf8_is_valid(csq_str text, uint64_t *bad);

/* ---- memory -------------------------------------------------------------------------------- */

/* Replaces NULL, or a NULL callback, by the C library's allocator. */
csq_allocator csq__allocator_or_default(const csq_allocator *allocator);

void *csq__allocate(const csq_allocator *allocator, size_t size);
void *csq__allocate_zeroed(const csq_allocator *allocator, size_t size);
/* NULL also when n * element overflows. n = 0 gives a block of one element. */
void *csq__allocate_array(const csq_allocator *allocator, size_t n, size_t element);
void *csq__reallocate(const csq_allocator *allocator, void *block, size_t old_size,
                      size_t new_size);
void csq__release(const csq_allocator *allocator, void *block, size_t size);

/* A growable array of elements of one size. Zeroed memory is an empty array. */
typedef struct csq__array {
    void *data;
    size_t n;
    size_t capacity;
} csq__array;

/* Makes room for `extra` more elements; false when there is no memory, and nothing changed. */
bool csq__array_reserve(csq__array *array, const csq_allocator *allocator, size_t extra,
                        size_t element);
/* Appends a copy of one element, or a zeroed one for NULL; its address, or NULL without memory. */
void *csq__array_push(csq__array *array, const csq_allocator *allocator, const void *element,
                      size_t element_size);
void csq__array_release(csq__array *array, const csq_allocator *allocator, size_t element);

/* A copy of text that ends with a NUL as well; NULL without memory. Release size + 1 bytes. */
char *csq__copy_text(const csq_allocator *allocator, csq_str text);

/* ---- counted objects ----------------------------------------------------------------------- */

/* The number of owners of an immutable object; starts at 1. */
typedef struct csq__count {
    _Atomic uint32_t owners;
} csq__count;

static inline void csq__count_init(csq__count *count)
{
    atomic_init(&count->owners, 1);
}

static inline void csq__count_retain(csq__count *count)
{
    atomic_fetch_add_explicit(&count->owners, 1, memory_order_relaxed);
}

/* Whether the caller dropped the last reference and has to destroy the object. */
static inline bool csq__count_release(csq__count *count)
{
    return atomic_fetch_sub_explicit(&count->owners, 1, memory_order_acq_rel) == 1;
}

/* ---- size-first structs -------------------------------------------------------------------- */

/* The size that a struct had in its first release, when `last` was its last member. A member that a
 * later release appends does not change it. */
#define CSQ__FIRST_SIZE(type, last) (offsetof(type, last) + sizeof(((const type *)NULL)->last))

/*
 * Reads a caller's options or facts into `out` of `size` bytes: NULL gives zeros; a shorter struct
 * is completed with zeros; a longer one must have a zero tail. `first_size` is the size of the
 * first release. Errors: CSQ_EABI, CSQ_EABI_NEWER. `out`'s own size member becomes `size`.
 */
csq_status csq__struct_read(const void *in, size_t first_size, void *out, size_t size,
                            csq_error *error);
/* The same for an element of an array, the next of which follows after `stride` bytes: CSQ_EABI if
 * it says that it is longer. */
csq_status csq__element_read(const void *in, uint64_t stride, size_t first_size, void *out,
                             size_t size, csq_error *error);

/*
 * Writes our result into a caller's struct, whose size member says how much it holds; a tail that
 * we do not know is zeroed. Errors: CSQ_EINVAL (NULL), CSQ_EABI.
 */
csq_status csq__struct_write(void *out, size_t first_size, const void *ours, size_t size,
                             csq_error *error);

/* ---- sorting ------------------------------------------------------------------------------- */

typedef int (*csq__compare)(const void *a, const void *b, const void *user);

/* Sorts in place without allocating, in O(n log n) always; equal elements in any order. Elements
 * are at most 256 bytes. */
void csq__sort(void *base, size_t n, size_t element, csq__compare compare, const void *user);

/* The index of the first element that is not before `key`, or n. */
size_t csq__lower_bound(const void *base, size_t n, size_t element, const void *key,
                        csq__compare compare, const void *user);

/* ---- hashing ------------------------------------------------------------------------------- */

/* SipHash-1-3 (Aumasson, Bernstein 2012), reading bytes as little-endian. */
uint64_t csq__hash(const void *bytes, size_t size, uint64_t key0, uint64_t key1);

/* A table from 64-bit hashes to values 1 and up, which the owner can compare with its keys. */
typedef struct csq__table {
    uint64_t *hashes; /* `capacity` hashes, followed by the values in the same block */
    uint32_t *values; /* 0 where free */
    size_t capacity; /* a power of two, or 0 */
    size_t n;
} csq__table;

typedef bool (*csq__table_match)(const void *user, uint32_t value);

/* The value whose key the owner recognises, or 0. */
uint32_t csq__table_find(const csq__table *table, uint64_t hash, csq__table_match match,
                         const void *user);
/* Adds a value that is not there yet; false without memory, and nothing changed. */
bool csq__table_add(csq__table *table, const csq_allocator *allocator, uint64_t hash,
                    uint32_t value);
/* Takes out a value that is there, or puts another in its place. */
void csq__table_remove(csq__table *table, uint64_t hash, uint32_t value);
void csq__table_replace(csq__table *table, uint64_t hash, uint32_t value, uint32_t by);
/* Forgets all values above `last`. */
void csq__table_remove_above(csq__table *table, uint32_t last);
void csq__table_release(csq__table *table, const csq_allocator *allocator);

/* ---- codec --------------------------------------------------------------------------------- */

/*
 * The canonical byte form of every state: "CSQ", kind (1 byte), format version (2), fingerprint
 * of the parameters (8), length of the payload (8), payload, SipHash-1-3 of all before (8). All
 * integers little-endian; variable ones as LEB128 in their shortest form, signed ones zigzag.
 */
enum { CSQ__CODEC_HEADER = 22, CSQ__CODEC_CHECKSUM = 8 };

typedef struct csq__writer {
    const csq_allocator *allocator;
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* no memory; sticky */
} csq__writer;

void csq__write_u8(csq__writer *writer, uint8_t value);
void csq__write_u32(csq__writer *writer, uint32_t value);
void csq__write_u64(csq__writer *writer, uint64_t value);
void csq__write_varint(csq__writer *writer, uint64_t value);
void csq__write_signed(csq__writer *writer, int64_t value);
void csq__write_text(csq__writer *writer, csq_str text); /* varint length, bytes */
/* Begins an encoded state; the writer must be empty. */
void csq__write_begin(csq__writer *writer, uint8_t kind, uint16_t version, uint64_t fingerprint);
/* Completes the length and appends the checksum; false when memory ran out on the way. */
bool csq__write_end(csq__writer *writer);
void csq__writer_release(csq__writer *writer);

typedef struct csq__reader {
    const uint8_t *data;
    size_t size;
    size_t at;
    bool failed; /* read past the end or not canonical; sticky, and every read gives 0 */
} csq__reader;

uint8_t csq__read_u8(csq__reader *reader);
uint32_t csq__read_u32(csq__reader *reader);
uint64_t csq__read_u64(csq__reader *reader);
uint64_t csq__read_varint(csq__reader *reader);
int64_t csq__read_signed(csq__reader *reader);
csq_str csq__read_text(csq__reader *reader); /* borrowed from the bytes */
/* A count of items of at least `least` bytes each, which must still fit into the bytes left. */
uint64_t csq__read_count(csq__reader *reader, size_t least);
/*
 * Checks magic, kind, length and checksum and leaves the reader on the payload, whose end becomes
 * the reader's end. Errors: CSQ_ECORRUPT, CSQ_EVERSION (newer than `newest`).
 */
csq_status csq__read_begin(csq__reader *reader, uint8_t kind, uint16_t newest, uint16_t *version,
                           uint64_t *fingerprint, csq_error *error);
/* CSQ_ECORRUPT if a read failed or bytes are left. */
csq_status csq__read_end(const csq__reader *reader, csq_error *error);

/*
 * Hands an encoded state to the caller in the way of every `_encode`: `*size` holds the capacity of
 * `bytes` and becomes the size needed. CSQ_ELIMIT when the capacity is too small (`bytes` NULL with
 * capacity 0 asks for the size and is CSQ_OK), CSQ_EINVAL when `bytes` is NULL otherwise.
 */
csq_status csq__encode_out(const csq__writer *writer, void *bytes, uint64_t *size,
                           csq_error *error);

/* Kinds of encoded states, for the header. */
enum {
    CSQ__KIND_TICKET = 1,
    CSQ__KIND_TALLY = 2,
    CSQ__KIND_CLOCK_SET = 3,
    CSQ__KIND_QUANTILES = 4
};

#endif
