/*
 * csq/status.h — the status codes of libcsq, in one list.
 *
 * Every function that can fail returns a csq_status: CSQ_OK is 0, every failure is negative. A code
 * keeps its number and its meaning for ever and is never used again for something else. The list
 * below is the only one: the enumeration, csq_status_name(), csq_status_text() and docs/errors.md
 * are made from it.
 */
#ifndef CSQ_STATUS_H
#define CSQ_STATUS_H

/* X(name, number, what it means) */
#define CSQ_STATUS_LIST(X)                                                                         \
    X(OK, 0, "success")                                                                            \
    X(ENOMEM, -1, "the allocator returned no memory")                                              \
    X(EINVAL, -2, "an argument breaks the contract of the function")                               \
    X(EABI, -3, "the size member of a struct is not one that any release had")                     \
    X(EABI_NEWER, -4, "a struct uses a member that this library does not know")                    \
    X(ERANGE, -5, "an instant, a number or an index lies outside its range")                       \
    X(EOVERFLOW, -6, "an integer result does not fit")                                             \
    X(ENODATA, -7, "the value does not exist, as the mean of nothing does not")                    \
    X(ENOTFOUND, -8, "a name or an id is not known")                                               \
    X(EEXISTS, -9, "a name or an id is there already")                                             \
    X(ECONFLICT, -10, "the same key came with other content")                                      \
    X(ECANCELLED, -11, "the progress callback asked to stop")                                      \
    X(ESTATE, -12, "the object is not in a state in which this call makes sense")                  \
    X(ELIMIT, -13, "a documented limit is exceeded")                                               \
    X(EMISMATCH, -14, "two objects do not belong together")                                        \
    X(ECORRUPT, -20, "encoded bytes are damaged, cut short or not canonical")                      \
    X(EVERSION, -21, "encoded bytes are of a format version that this library does not read")      \
    X(EUTF8, -22, "text is not valid UTF-8")                                                       \
    X(EJSON, -23, "text is not JSON as RFC 8259 defines it")                                       \
    X(EDUPLICATE, -24, "a key, a date or an entry stands twice")                                   \
    X(EDEPTH, -25, "nesting is deeper than the limit")                                             \
    X(ENUMBER, -26, "a number is not an exact decimal of at most 18 digits")                       \
    X(ERULE, -27, "a rule has an unknown or missing member, or a value of the wrong kind")         \
    X(ETZIF, -30, "bytes are not a TZif file")                                                     \
    X(EPOSIXTZ, -31, "text is not a POSIX TZ string")                                              \
    X(ELEAP, -32, "the zone counts leap seconds, as the right/ zones do")                          \
    X(EZONE, -33, "the zone is not known or does not answer for this instant")                     \
    X(EDATE, -34, "the date or the time of day does not exist")                                    \
    X(EINTERVAL, -40, "an interval ends at or before its start, or overlaps where it may not")     \
    X(ENEVER, -41, "no open instant lies in that direction")                                       \
    X(EEVENT, -50, "an event contradicts itself")                                                  \
    X(EORDER, -51, "an event lies before the creation of its ticket")                              \
    X(EMERGED, -52, "an event lies after the merge of its ticket into another")                    \
    X(ECODE, -53, "a code is not in its vocabulary")                                               \
    X(ETARGET, -60, "a target is zero, negative or too large")

typedef enum csq_status {
#define CSQ_STATUS_ENUM(name, number, text) CSQ_##name = number,
    CSQ_STATUS_LIST(CSQ_STATUS_ENUM)
#undef CSQ_STATUS_ENUM
} csq_status;

#endif
