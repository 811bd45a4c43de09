/*
 * csq/base.h — what every other header of libcsq needs: export macro, errors, memory, text views,
 * instants, vocabulary.
 *
 * Contract of the whole library, unless a comment says otherwise:
 *
 * Units       Instants are csq_ms: milliseconds since 1970-01-01T00:00Z without leap seconds.
 *             Durations are milliseconds too. Intervals are half-open: [from, to).
 * Results     Written only on CSQ_OK; on failure `*out` is as it was, but a `**out` becomes NULL.
 * Errors      The last argument `csq_error *error` may be NULL. It is written only on failure.
 * NULL        Passing NULL where an object is needed is CSQ_EINVAL; csq_*_free(NULL) does nothing.
 * Ownership   What `**out` delivers belongs to the caller, who frees it with csq_*_free. Text that
 *             a getter returns is borrowed from the object. Arguments are copied, never kept,
 *             except counted objects, which are retained.
 * Memory      An object takes all its memory from the allocator it was made with.
 * Threads     Built rules (zone, calendar, condition, policies) never change and may be used by
 *             any number of threads. Every other object has one user at a time. A schema is read
 *             by its tickets and tallies: while names are added to it, they have that one user
 *             too. Work that several threads share begins when all names are known.
 * Structs     Options, facts and results begin with `uint32_t size`: set it to sizeof the struct.
 *             Members that are 0 have their default. Zero the struct before filling it.
 */
#ifndef CSQ_BASE_H
#define CSQ_BASE_H

#ifndef CSQ_CDEF
#include <stddef.h>
#include <stdint.h>
#endif

#include "csq/status.h"

#ifndef CSQ_API
#if defined(CSQ_CDEF) || defined(CSQ_STATIC)
#define CSQ_API
#elif defined(_WIN32)
#ifdef CSQ_BUILD
#define CSQ_API __declspec(dllexport)
#else
#define CSQ_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define CSQ_API __attribute__((visibility("default")))
#else
#define CSQ_API
#endif
#endif

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* The version of this header. The library tells its own with csq_version(). */
enum { CSQ_VERSION_MAJOR = 0, CSQ_VERSION_MINOR = 1, CSQ_VERSION_PATCH = 0, CSQ_ABI_NUMBER = 0 };

/* "0.1.0", as the library in use was built. */
CSQ_API const char *csq_version(void);

/* The number in the shared library's name; a binding refuses to load another one. */
CSQ_API uint32_t csq_abi_number(void);

/* ---- errors -------------------------------------------------------------------------------- */

/* "CSQ_ENOMEM" and the like; "CSQ_EUNKNOWN" for a number that is not in the list. */
CSQ_API const char *csq_status_name(int32_t status);

/* What the code means, in one English sentence without a full stop. */
CSQ_API const char *csq_status_text(int32_t status);

/*
 * What went wrong and where. The caller owns it and may leave it uninitialised; the layout is
 * frozen. Members that do not apply are -1 (field, index, byte), 0 (line, column) or empty.
 */
typedef struct csq_error {
    int32_t code;      /* the csq_status that the function returned */
    int32_t field;     /* offset in bytes of the offending member in its struct */
    int64_t index;     /* row, element or event */
    int64_t byte;      /* offset in the text or in the encoded bytes */
    int32_t line;      /* from 1 */
    int32_t column;    /* from 1, counted in bytes */
    char path[192];    /* "policies[2].targets.p1.within", cut on the left with "..." */
    char message[256]; /* UTF-8, one sentence: what was expected and what was found */
} csq_error;

/* ---- memory -------------------------------------------------------------------------------- */

/*
 * One callback does all the work: `block` is NULL for new memory, `new_size` 0 releases. It returns
 * NULL when there is no memory (never when it releases); then the old block stays as it was. Blocks
 * are aligned for any type. A NULL allocator in a call, or one whose callback is NULL, means
 * realloc and free of the C library.
 */
typedef struct csq_allocator {
    void *(*reallocate)(void *user, void *block, size_t old_size, size_t new_size);
    void *user;
} csq_allocator;

/* ---- text and time ------------------------------------------------------------------------- */

/* A view of UTF-8 text, not ended by a NUL. Layout frozen. `data` may be NULL if size is 0. */
typedef struct csq_str {
    const char *data;
    uint64_t size; /* bytes */
} csq_str;

/* The view of a C string; of NULL, an empty view. */
CSQ_API csq_str csq_str_of(const char *text);

typedef int64_t csq_ms;

/* The value of an instant or a duration that does not exist, in columns and results: the smallest
 * int64_t. The function is for bindings, which see no macros. */
#ifndef CSQ_CDEF
#define CSQ_MS_NONE INT64_MIN
#endif
CSQ_API csq_ms csq_ms_none(void);

/* An interval [from, to). Layout frozen. */
typedef struct csq_interval {
    csq_ms from;
    csq_ms to;
} csq_interval;

/*
 * Reports progress of a long call on the caller's thread, at most once in 65,536 rows. It may not
 * use the objects of the running call. A value other than 0 cancels: the call returns
 * CSQ_ECANCELLED and changes nothing.
 */
typedef int (*csq_progress)(void *user, uint64_t done, uint64_t total);

/* ---- vocabulary ---------------------------------------------------------------------------- */

/*
 * A vocabulary gives names dense codes from 1 upwards, in order of first mention; code 0 is "no
 * value". Codes mean something only together with their vocabulary, in this process: encoded
 * states carry names. Names are UTF-8, 1 to 65,535 bytes, compared byte by byte.
 */
typedef struct csq_vocabulary csq_vocabulary;

enum { CSQ_CODE_NONE = 0 };

/*
 * Makes an empty vocabulary. `seed` stirs the hash table against hostile names; no result depends
 * on it. Errors: CSQ_ENOMEM.
 */
CSQ_API csq_status csq_vocabulary_new(uint64_t seed, const csq_allocator *allocator,
                                      csq_vocabulary **out, csq_error *error);
CSQ_API void csq_vocabulary_free(csq_vocabulary *vocabulary);

/*
 * Gives the code of `name`, a new one if the name is new. Errors: CSQ_EINVAL (empty or too long),
 * CSQ_EUTF8, CSQ_ENOMEM, CSQ_ELIMIT (2^31 names).
 */
CSQ_API csq_status csq_vocabulary_add(csq_vocabulary *vocabulary, csq_str name, uint32_t *code,
                                      csq_error *error);

/* The code of `name`, or CSQ_CODE_NONE. */
CSQ_API uint32_t csq_vocabulary_find(const csq_vocabulary *vocabulary, csq_str name);

/* The name of a code; empty for CSQ_CODE_NONE and for codes that were never given. Borrowed. */
CSQ_API csq_str csq_vocabulary_name(const csq_vocabulary *vocabulary, uint32_t code);

/* The number of names, which is also the largest code. */
CSQ_API uint32_t csq_vocabulary_count(const csq_vocabulary *vocabulary);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
