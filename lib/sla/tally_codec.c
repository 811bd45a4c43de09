/*
 * tally_codec — the canonical bytes of a tally.
 *
 * Rows in their order, attribute values by name, so that equal tallies give equal bytes whatever
 * the codes of the process and the order in which they were counted. Policies and metrics are
 * indexes: the fingerprint ties the bytes to the definitions.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/tally.h"

enum { TALLY_VERSION = 1, TALLY_ROW_LEAST = 15 };

static void write_key(csq__writer *writer, const csq_tally *tally, const csq__tally_key *key)
{
    csq__write_varint(writer, key->metric);
    csq__write_varint(writer, key->policy);
    csq__write_signed(writer, key->target);
    csq__write_varint(writer, key->workdays);
    csq__write_text(writer, csq_schema_name(tally->policies->schema, key->due));
    for (uint32_t g = 0; g < tally->n_attributes; g++) {
        const csq_vocabulary *names =
            csq_schema_vocabulary(tally->policies->schema, tally->attributes[g]);
        csq__write_text(writer, csq_vocabulary_name(names, key->codes[g]));
    }
    csq__write_signed(writer, key->period_from);
}

static void write_entry(csq__writer *writer, const csq_tally *tally, const csq__tally_entry *entry)
{
    write_key(writer, tally, &entry->key);
    csq__write_varint(writer, entry->met);
    csq__write_varint(writer, entry->missed);
    csq__write_varint(writer, entry->open);
    csq__write_varint(writer, entry->late_open);
    csq__write_varint(writer, entry->cancelled);
    csq__write_signed(writer, entry->elapsed);
    csq__write_signed(writer, entry->paused);
    csq__write_signed(writer, entry->overrun);
    csq__write_signed(writer, entry->overrun_max);
    if (entry->key.due != 0) {
        csq__promise_sums_write(writer, &entry->promises);
    }
    csq__tally_times_write(writer, tally, entry);
}

csq_status csq_tally_encode(const csq_tally *tally, void *bytes, uint64_t *size, csq_error *error)
{
    if (tally == NULL || size == NULL) {
        return csq__fail_null(error, tally == NULL ? "tally" : "size");
    }
    csq__writer writer = {.allocator = &tally->allocator};
    csq__write_begin(&writer, CSQ__KIND_TALLY, TALLY_VERSION, tally->fingerprint);
    csq__write_varint(&writer, tally->order.n);
    for (size_t i = 0; i < tally->order.n; i++) {
        write_entry(&writer, tally,
                    (const csq__tally_entry *)tally->entries.data +
                        ((const uint32_t *)tally->order.data)[i]);
    }
    const csq_status status = csq__write_end(&writer) ? csq__encode_out(&writer, bytes, size, error)
                                                      : csq__fail_memory(error);
    csq__writer_release(&writer);
    return status;
}

static csq_status read_key(csq__reader *reader, const csq_tally *tally, csq__tally_key *key,
                           csq_error *error)
{
    const uint64_t metric = csq__read_varint(reader);
    const uint64_t policy = csq__read_varint(reader);
    key->target = csq__read_signed(reader);
    const uint64_t workdays = csq__read_varint(reader);
    const csq_str due = csq__read_text(reader);
    for (uint32_t g = 0; g < tally->n_attributes; g++) {
        const csq_str name = csq__read_text(reader);
        if (name.size > 0 && !reader->failed) {
            const csq_status status = csq_schema_code(tally->policies->schema, tally->attributes[g],
                                                      name, &key->codes[g], error);
            if (status != CSQ_OK) {
                return status == CSQ_ENOMEM ? status : csq__read_end(reader, error);
            }
        }
    }
    key->period_from = csq__read_signed(reader);
    reader->failed = reader->failed || metric >= tally->policies->n_metrics ||
                     policy >= tally->policies->policies.n || workdays > UINT32_MAX;
    key->metric = (uint32_t)metric;
    key->policy = (uint32_t)policy;
    key->workdays = (uint32_t)workdays;
    key->due = due.size == 0 || reader->failed ? 0 : csq_schema_find(tally->policies->schema, due);
    reader->failed = reader->failed ||
                     (due.size > 0 && csq_schema_kind(tally->policies->schema, key->due) !=
                                          CSQ_ATTRIBUTE_INSTANT);
    return CSQ_OK;
}

static csq_status read_entry(csq__reader *reader, csq_tally *tally, csq_error *error)
{
    csq__tally_key key = {0};
    const csq_status status = read_key(reader, tally, &key, error);
    if (status != CSQ_OK || reader->failed) {
        return status;
    }
    const size_t n = tally->entries.n;
    csq__tally_entry *entry = csq__tally_entry_of(tally, &key);
    if (entry == NULL) {
        return csq__fail_memory(error);
    }
    entry->met = csq__read_varint(reader);
    entry->missed = csq__read_varint(reader);
    entry->open = csq__read_varint(reader);
    entry->late_open = csq__read_varint(reader);
    entry->cancelled = csq__read_varint(reader);
    entry->elapsed = csq__read_signed(reader);
    entry->paused = csq__read_signed(reader);
    entry->overrun = csq__read_signed(reader);
    entry->overrun_max = csq__read_signed(reader);
    if (key.due != 0) {
        csq__promise_sums_read(reader, &entry->promises);
    }
    reader->failed = reader->failed || tally->entries.n == n || !csq__tally_is_sound(tally, entry);
    if (!csq__tally_times_read(reader, tally, entry)) {
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

static csq_status read_tally(csq__reader *reader, csq_tally *tally, csq_error *error)
{
    uint16_t version;
    uint64_t fingerprint;
    csq_status status =
        csq__read_begin(reader, CSQ__KIND_TALLY, TALLY_VERSION, &version, &fingerprint, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (fingerprint != tally->fingerprint) {
        return csq__fail(error, CSQ_EMISMATCH,
                         CSQ__TEXT("the bytes are of other policies or options"));
    }
    const uint64_t n = csq__read_count(reader, TALLY_ROW_LEAST);
    for (uint64_t i = 0; i < n && status == CSQ_OK && !reader->failed; i++) {
        status = read_entry(reader, tally, error);
    }
    if (status == CSQ_OK) {
        status = csq__read_end(reader, error);
    }
    if (status == CSQ_OK) {
        status = csq__tally_sort(tally, error);
    }
    // Rows that were not in their order are not what this library wrote.
    const uint32_t *order = tally->order.data;
    for (uint32_t i = 0; status == CSQ_OK && i < n; i++) {
        if (order[i] != i) {
            status = csq__fail(error, CSQ_ECORRUPT, CSQ__TEXT("rows are not in their order"));
        }
    }
    return status;
}

csq_status csq_tally_decode(const csq_policies *policies, const csq_tally_options *options,
                            const void *bytes, uint64_t size, const csq_allocator *allocator,
                            csq_tally **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (bytes == NULL) {
        return csq__fail_null(error, "bytes");
    }
    csq_status status = csq_tally_new(policies, options, allocator, out, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__reader reader = {bytes, (size_t)size, 0, false};
    status = read_tally(&reader, *out, error);
    if (status != CSQ_OK) {
        csq_tally_free(*out);
        *out = NULL;
    }
    return status;
}
