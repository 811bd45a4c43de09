/*
 * shown — text from data, made safe to show.
 *
 * What a log or a rules document says may hold bytes that a terminal obeys: escape sequences, or
 * marks that turn the direction of writing. Everything that the program prints goes through here.
 */
#ifndef SERVICE_DESK_SHOWN_H
#define SERVICE_DESK_SHOWN_H

#include <stdint.h>

#include <csq/csq.h>

/* What shown_next_code gives for a byte that belongs to no character. */
enum { SHOWN_NO_CODE = 0x110000 };

/* The code point at `*at`, which moves behind it. */
uint32_t shown_next_code(csq_str text, uint64_t *at);

/*
 * A copy with control characters (C0, DEL, C1) and bytes that are not UTF-8 written as \x1b, line
 * separators and marks of direction as \u202e. It ends with a NUL; the caller frees it.
 */
char *shown_copy(csq_str text);

/* As much of the text as `limit` bytes hold, cut between two characters. */
csq_str shown_cut(csq_str text, uint64_t limit);

#endif
