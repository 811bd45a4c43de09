/*
 * codec — writing and reading the canonical bytes of encoded states.
 *
 * Equal states give equal bytes on every platform: little-endian, variable integers as LEB128 in
 * their shortest form, signed ones zigzag. Reading trusts nothing: every length is checked against
 * the bytes that are left, and a longer form of an integer than needed is an error.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

static void write_bytes(csq__writer *writer, const void *bytes, size_t size)
{
    size_t need;
    if (writer->failed || !csq__size_add(writer->size, size, &need)) {
        writer->failed = true;
        return;
    }
    if (need > writer->capacity) {
        const size_t grown = writer->capacity < 128 ? 256 : writer->capacity * 2;
        const size_t capacity = grown < need ? need : grown;
        uint8_t *data =
            csq__reallocate(writer->allocator, writer->data, writer->capacity, capacity);
        if (data == NULL) {
            writer->failed = true;
            return;
        }
        writer->data = data;
        writer->capacity = capacity;
    }
    if (size > 0) {
        memcpy(writer->data + writer->size, bytes, size);
    }
    writer->size = need;
}

static void store_le(uint8_t *out, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * i));
    }
}

static void write_le(csq__writer *writer, uint64_t value, unsigned size)
{
    uint8_t bytes[8];
    store_le(bytes, value, size);
    write_bytes(writer, bytes, size);
}

void csq__write_u8(csq__writer *writer, uint8_t value)
{
    write_bytes(writer, &value, 1);
}

void csq__write_u32(csq__writer *writer, uint32_t value)
{
    write_le(writer, value, 4);
}

void csq__write_u64(csq__writer *writer, uint64_t value)
{
    write_le(writer, value, 8);
}

void csq__write_varint(csq__writer *writer, uint64_t value)
{
    uint8_t bytes[10];
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) {
        bytes[n++] = (uint8_t)(value | 0x80);
    }
    bytes[n++] = (uint8_t)value;
    write_bytes(writer, bytes, n);
}

void csq__write_signed(csq__writer *writer, int64_t value)
{
    const uint64_t sign = value < 0 ? UINT64_MAX : 0;
    csq__write_varint(writer, ((uint64_t)value << 1) ^ sign);
}

void csq__write_text(csq__writer *writer, csq_str text)
{
    csq__write_varint(writer, text.size);
    write_bytes(writer, text.data, (size_t)text.size);
}

enum { LENGTH_AT = 14 };

void csq__write_begin(csq__writer *writer, uint8_t kind, uint16_t version, uint64_t fingerprint)
{
    write_bytes(writer, "CSQ", 3);
    csq__write_u8(writer, kind);
    write_le(writer, version, 2);
    csq__write_u64(writer, fingerprint);
    csq__write_u64(writer, 0);
}

bool csq__write_end(csq__writer *writer)
{
    if (!writer->failed) {
        store_le(writer->data + LENGTH_AT, writer->size - CSQ__CODEC_HEADER, 8);
        csq__write_u64(writer, csq__hash(writer->data, writer->size, 0, 0));
    }
    return !writer->failed;
}

void csq__writer_release(csq__writer *writer)
{
    csq__release(writer->allocator, writer->data, writer->capacity);
    writer->data = NULL;
    writer->size = 0;
    writer->capacity = 0;
}

static const uint8_t *read_bytes(csq__reader *reader, uint64_t size)
{
    if (reader->failed || size > reader->size - reader->at) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *bytes = reader->data + reader->at;
    reader->at += (size_t)size;
    return bytes;
}

static uint64_t read_le(csq__reader *reader, unsigned size)
{
    const uint8_t *bytes = read_bytes(reader, size);
    uint64_t value = 0;
    for (unsigned i = 0; bytes != NULL && i < size; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

uint8_t csq__read_u8(csq__reader *reader)
{
    return (uint8_t)read_le(reader, 1);
}

uint32_t csq__read_u32(csq__reader *reader)
{
    return (uint32_t)read_le(reader, 4);
}

uint64_t csq__read_u64(csq__reader *reader)
{
    return read_le(reader, 8);
}

uint64_t csq__read_varint(csq__reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const uint8_t byte = csq__read_u8(reader);
        const bool overflows = shift == 63 && byte > 1;
        const bool is_padded = byte == 0 && shift > 0;
        if (reader->failed || overflows || is_padded) {
            break;
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    reader->failed = true;
    return 0;
}

int64_t csq__read_signed(csq__reader *reader)
{
    const uint64_t folded = csq__read_varint(reader);
    const uint64_t sign = (folded & 1) != 0 ? UINT64_MAX : 0;
    const uint64_t bits = (folded >> 1) ^ sign;
    int64_t value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

csq_str csq__read_text(csq__reader *reader)
{
    const uint64_t size = csq__read_varint(reader);
    const uint8_t *bytes = read_bytes(reader, size);
    return bytes == NULL ? (csq_str){NULL, 0} : (csq_str){(const char *)bytes, size};
}

uint64_t csq__read_count(csq__reader *reader, size_t least)
{
    const uint64_t n = csq__read_varint(reader);
    if (n > (reader->size - reader->at) / least) {
        reader->failed = true;
        return 0;
    }
    return n;
}

static csq_status fail_corrupt(csq_error *error, const char *what, size_t at)
{
    csq__fail(error, CSQ_ECORRUPT, CSQ__VIEW(csq_str_of(what)));
    csq__error_byte(error, at);
    return CSQ_ECORRUPT;
}

csq_status csq__read_begin(csq__reader *reader, uint8_t kind, uint16_t newest, uint16_t *version,
                           uint64_t *fingerprint, csq_error *error)
{
    const uint8_t *magic = read_bytes(reader, 3);
    if (magic == NULL || memcmp(magic, "CSQ", 3) != 0) {
        return fail_corrupt(error, "the bytes do not begin as an encoded state does", 0);
    }
    const uint8_t found_kind = csq__read_u8(reader);
    const uint16_t found_version = (uint16_t)read_le(reader, 2);
    const uint64_t found_fingerprint = csq__read_u64(reader);
    const uint64_t payload = csq__read_u64(reader);
    if (reader->failed || found_kind != kind) {
        return fail_corrupt(error, "the bytes are a state of another kind, or cut short", 3);
    }
    if (found_version == 0 || found_version > newest) {
        return csq__fail(error, CSQ_EVERSION, CSQ__TEXT("format version "),
                         CSQ__NUMBER(found_version), CSQ__TEXT(", this library reads up to "),
                         CSQ__NUMBER(newest));
    }
    if (payload != (uint64_t)(reader->size - reader->at) - CSQ__CODEC_CHECKSUM ||
        reader->size - reader->at < CSQ__CODEC_CHECKSUM) {
        return fail_corrupt(error, "the length does not fit the bytes", LENGTH_AT);
    }
    const size_t end = reader->size - CSQ__CODEC_CHECKSUM;
    csq__reader checksum = {reader->data, reader->size, end, false};
    if (csq__read_u64(&checksum) != csq__hash(reader->data, end, 0, 0)) {
        return fail_corrupt(error, "the checksum is wrong", end);
    }
    reader->size = end;
    *version = found_version;
    *fingerprint = found_fingerprint;
    return CSQ_OK;
}

csq_status csq__read_end(const csq__reader *reader, csq_error *error)
{
    if (reader->failed || reader->at != reader->size) {
        return fail_corrupt(error, "the payload is not what its kind needs", reader->at);
    }
    return CSQ_OK;
}

csq_status csq__encode_out(const csq__writer *writer, void *bytes, uint64_t *size, csq_error *error)
{
    const uint64_t capacity = *size;
    *size = writer->size;
    if (bytes == NULL) {
        return capacity == 0 ? CSQ_OK : csq__fail_null(error, "bytes");
    }
    if (capacity < writer->size) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the encoded state needs "),
                         CSQ__NUMBER((int64_t)writer->size),
                         CSQ__TEXT(" bytes, there is room for "), CSQ__NUMBER((int64_t)capacity));
    }
    memcpy(bytes, writer->data, writer->size);
    return CSQ_OK;
}
