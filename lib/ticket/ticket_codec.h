/*
 * ticket_codec — the encoded form of a ticket, version 1, which ticket_encode.c writes and
 * ticket_decode.c reads.
 *
 *     id, number of attributes, each: name, kind (1 byte), and for categories and sets the number
 *     of names and the names; number of events, each: instant, sequence, shape, attribute, subject
 *     (where its kind has one), value (where the event has one).
 *
 * Integers are varints. Attributes and the names of each stand in bytewise order, only those that
 * an event uses; events name them by their place from 1 upwards, 0 being none. The first instant is
 * signed, later ones are the difference to the one before; a sequence is the signed difference to
 * the one before. Values of categories and sets are places, instants are relative to the event's,
 * integers and what belongs to the kind stand for themselves. The fingerprint is 0. Checkpoints are
 * a cache and stay out: a decoded ticket is computed again.
 *
 * Uses: base.
 */
#ifndef CSQ_TICKET_CODEC_H
#define CSQ_TICKET_CODEC_H

#include "ticket/ticket_internal.h"

enum { CSQ__TICKET_FORMAT = 1 };

/* Where the parts of an event's shape begin: joined, author (2 bits), visibility (2), kind. */
enum { CSQ__SHAPE_AUTHOR = 1, CSQ__SHAPE_VISIBILITY = 3, CSQ__SHAPE_KIND = 5 };

static inline bool csq__attribute_has_names(uint32_t kind)
{
    return kind == CSQ_ATTRIBUTE_CATEGORY || kind == CSQ_ATTRIBUTE_SET;
}

/* Whether the event has a value although it sets no attribute. */
static inline bool csq__event_has_own_value(uint32_t kind)
{
    return csq__event_is_of_metric(kind) || kind == CSQ_EVENT_MERGE || kind == CSQ_EVENT_SPLIT;
}

/* a - b and a + b modulo 2^64. */
static inline int64_t csq__wrap_sub(int64_t a, int64_t b)
{
    const uint64_t bits = (uint64_t)a - (uint64_t)b;
    int64_t difference;
    memcpy(&difference, &bits, sizeof difference);
    return difference;
}

static inline int64_t csq__wrap_add(int64_t a, int64_t b)
{
    const uint64_t bits = (uint64_t)a + (uint64_t)b;
    int64_t sum;
    memcpy(&sum, &bits, sizeof sum);
    return sum;
}

#endif
