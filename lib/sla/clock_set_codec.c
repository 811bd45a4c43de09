/*
 * clock_set_codec — the canonical bytes of a clock set.
 *
 *     instant of the last take (signed; the least of all: none), number of tickets; each, in the
 *     order of their ids: its encoded form as a text, number of firings told, each: clock, cycle,
 *     step (0: lateness, else step + 1), instant.
 *
 * Integers are varints. Clocks and steps are indexes: the fingerprint of the policies ties the
 * bytes to the definitions. Keys are not written but found again.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/clock_set.h"

enum { CLOCK_SET_VERSION = 1, CLOCK_SET_TICKET_LEAST = 2, CLOCK_SET_FIRING_LEAST = 4 };

/* ---- writing ------------------------------------------------------------------------------- */

static int slot_compare_ids(const void *a, const void *b, const void *user)
{
    const uint64_t x = csq__set_slot(user, *(const uint32_t *)a)->ticket.id;
    const uint64_t y = csq__set_slot(user, *(const uint32_t *)b)->ticket.id;
    return (x > y) - (x < y);
}

static void write_told(csq__writer *writer, const csq__points *told)
{
    csq__write_varint(writer, told->n);
    for (uint32_t i = 0; i < told->n; i++) {
        const csq__point *firing = &told->list[i];
        csq__write_varint(writer, firing->clock);
        csq__write_varint(writer, firing->cycle);
        csq__write_varint(writer, firing->step == CSQ__BREACH ? 0 : (uint64_t)firing->step + 1);
        csq__write_signed(writer, firing->at);
    }
}

static csq_status write_slot(csq__writer *writer, const csq__kept_ticket *slot, csq_error *error)
{
    csq__writer of_ticket = {.allocator = writer->allocator};
    const csq_status status = csq__ticket_write(&slot->ticket, &of_ticket, error);
    if (status == CSQ_OK) {
        csq__write_text(writer, (csq_str){(const char *)of_ticket.data, of_ticket.size});
        write_told(writer, &slot->told);
    }
    csq__writer_release(&of_ticket);
    return status;
}

static csq_status write_set(csq__writer *writer, const csq_clock_set *set, csq_error *error)
{
    uint32_t *order = csq__allocate_array(&set->allocator, set->n, sizeof *order);
    csq_status status = order == NULL ? csq__fail_memory(error) : CSQ_OK;
    for (uint32_t i = 0; i < set->n && status == CSQ_OK; i++) {
        order[i] = i;
    }
    if (status != CSQ_OK) {
        return status;
    }
    csq__sort(order, set->n, sizeof *order, slot_compare_ids, set);
    csq__write_begin(writer, CSQ__KIND_CLOCK_SET, CLOCK_SET_VERSION, set->policies->fingerprint);
    csq__write_signed(writer, set->taken);
    csq__write_varint(writer, set->n);
    for (uint32_t i = 0; i < set->n && status == CSQ_OK; i++) {
        status = write_slot(writer, csq__set_slot(set, order[i]), error);
    }
    csq__release(&set->allocator, order, (set->n == 0 ? 1 : set->n) * sizeof *order);
    if (status == CSQ_OK && !csq__write_end(writer)) {
        status = csq__fail_memory(error);
    }
    return status;
}

csq_status csq_clock_set_encode(const csq_clock_set *set, void *bytes, uint64_t *size,
                                csq_error *error)
{
    if (set == NULL || size == NULL) {
        return csq__fail_null(error, set == NULL ? "set" : "size");
    }
    if (bytes == NULL && *size != 0) {
        return csq__fail_null(error, "bytes");
    }
    csq__writer writer = {.allocator = &set->allocator};
    csq_status status = write_set(&writer, set, error);
    if (status == CSQ_OK) {
        status = csq__encode_out(&writer, bytes, size, error);
    }
    csq__writer_release(&writer);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Whether the firing is one that this set can have told, behind the one before it. */
static bool firing_is_sound(const csq_clock_set *set, const csq__point *firing,
                            const csq__point *before)
{
    const csq__clock *clock = csq__policies_clock(set->policies, firing->clock);
    return firing->cycle > 0 && (firing->step == CSQ__BREACH || firing->step < clock->steps.n) &&
           firing->at != CSQ_MS_NONE && firing->at <= set->taken &&
           (before == NULL || csq__point_compare(before, firing) < 0);
}

static void read_firing(csq__reader *reader, const csq_clock_set *set, csq__point *out)
{
    const uint64_t clock = csq__read_varint(reader);
    const uint64_t cycle = csq__read_varint(reader);
    const uint64_t step = csq__read_varint(reader);
    *out = (csq__point){.at = csq__read_signed(reader)};
    reader->failed = reader->failed || clock >= set->policies->clocks.n || cycle > UINT32_MAX ||
                     step > CSQ_STEP_LIMIT;
    if (!reader->failed) {
        out->clock = (uint16_t)clock;
        out->cycle = (uint32_t)cycle;
        out->step = (uint16_t)(step == 0 ? (uint64_t)CSQ__BREACH : step - 1);
    }
}

static csq_status read_told(csq__reader *reader, const csq_clock_set *set, csq__points *told,
                            csq_error *error)
{
    const uint64_t n = csq__read_count(reader, CLOCK_SET_FIRING_LEAST);
    if (n == 0 || n > UINT32_MAX) {
        reader->failed = reader->failed || n > 0;
        return CSQ_OK;
    }
    told->list = csq__allocate_array(&set->allocator, (size_t)n, sizeof *told->list);
    if (told->list == NULL) {
        return csq__fail_memory(error);
    }
    told->n = (uint32_t)n;
    for (uint32_t i = 0; i < told->n && !reader->failed; i++) {
        read_firing(reader, set, &told->list[i]);
        reader->failed = reader->failed ||
                         !firing_is_sound(set, &told->list[i], i == 0 ? NULL : &told->list[i - 1]);
    }
    return CSQ_OK;
}

/* Reads one ticket into a new slot; ids ascend. */
static csq_status read_slot(csq__reader *reader, csq_clock_set *set, csq_error *error)
{
    const csq_str bytes = csq__read_text(reader);
    if (reader->failed) {
        return CSQ_OK;
    }
    csq_ticket ticket;
    csq_status status = csq__ticket_read(set->policies->schema, bytes.data, bytes.size,
                                         &set->allocator, &ticket, error);
    if (status != CSQ_OK) {
        return status;
    }
    const bool is_sound =
        ticket.n > 0 && (set->n == 0 || csq__set_slot(set, set->n - 1)->ticket.id < ticket.id);
    uint32_t index = 0;
    status = is_sound ? csq__set_add(set, ticket.id, &index, error) : CSQ_OK;
    if (status != CSQ_OK || !is_sound) {
        reader->failed = reader->failed || !is_sound;
        csq__ticket_release(&ticket);
        return status;
    }
    csq__kept_ticket *slot = csq__set_slot(set, index);
    csq_ms key;
    slot->ticket = ticket;
    status = read_told(reader, set, &slot->told, error);
    if (status == CSQ_OK && !reader->failed) {
        status = csq__set_key(set, &slot->ticket, &slot->told, &key, error);
    }
    if (status == CSQ_OK && !reader->failed) {
        csq__heap_set(set, index, key);
    }
    return status;
}

static csq_status read_set(csq__reader *reader, csq_clock_set *set, csq_error *error)
{
    uint16_t version;
    uint64_t fingerprint;
    csq_status status = csq__read_begin(reader, CSQ__KIND_CLOCK_SET, CLOCK_SET_VERSION, &version,
                                        &fingerprint, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (fingerprint != set->policies->fingerprint) {
        return csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("the bytes are of other policies"));
    }
    set->taken = csq__read_signed(reader);
    const uint64_t n = csq__read_count(reader, CLOCK_SET_TICKET_LEAST);
    for (uint64_t i = 0; i < n && status == CSQ_OK && !reader->failed; i++) {
        status = read_slot(reader, set, error);
    }
    return status == CSQ_OK ? csq__read_end(reader, error) : status;
}

csq_status csq_clock_set_decode(csq_policies *policies, const csq_clock_set_options *options,
                                const void *bytes, uint64_t size, const csq_allocator *allocator,
                                csq_clock_set **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (bytes == NULL && size > 0) {
        return csq__fail_null(error, "bytes");
    }
    csq_clock_set *set;
    csq_status status = csq_clock_set_new(policies, options, allocator, &set, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__reader reader = {bytes, (size_t)size, 0, false};
    status = read_set(&reader, set, error);
    if (status != CSQ_OK) {
        csq_clock_set_free(set);
        return status;
    }
    *out = set;
    return CSQ_OK;
}
