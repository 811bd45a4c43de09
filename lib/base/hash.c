/*
 * hash — SipHash-1-3 and an open-addressing table of small integers.
 *
 * SipHash (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012) with one compression and
 * three finalisation rounds. It serves hash tables (with a seed) and, with the key 0, as the
 * checksum of encoded states. The table keeps values only; keys stay with their owner.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

static inline uint64_t rotate_left(uint64_t x, unsigned n)
{
    return (x << n) | (x >> (64 - n));
}

/* Written out, so that compilers make it one load. */
static inline uint64_t load_le64(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

CSQ__ALWAYS_INLINE void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate_left(v[1], 13) ^ v[0];
    v[0] = rotate_left(v[0], 32);
    v[2] += v[3];
    v[3] = rotate_left(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate_left(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate_left(v[1], 17) ^ v[2];
    v[2] = rotate_left(v[2], 32);
}

uint64_t csq__hash(const void *bytes, size_t size, uint64_t key0, uint64_t key1)
{
    const unsigned char *p = bytes;
    uint64_t v[4] = {key0 ^ 0x736f6d6570736575U, key1 ^ 0x646f72616e646f6dU,
                     key0 ^ 0x6c7967656e657261U, key1 ^ 0x7465646279746573U};
    size_t left = size;
    for (; left >= 8; left -= 8, p += 8) {
        const uint64_t word = load_le64(p);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)size << 56;
    for (size_t i = 0; i < left; i++) {
        last |= (uint64_t)p[i] << (8 * i);
    }
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint32_t csq__table_find(const csq__table *table, uint64_t hash, csq__table_match match,
                         const void *user)
{
    if (table->capacity == 0) {
        return 0;
    }
    size_t i = (size_t)hash & (table->capacity - 1);
    while (table->values[i] != 0) {
        if (table->hashes[i] == hash && match(user, table->values[i])) {
            return table->values[i];
        }
        i = (i + 1) & (table->capacity - 1);
    }
    return 0;
}

static void table_place(csq__table *table, uint64_t hash, uint32_t value)
{
    size_t i = (size_t)hash & (table->capacity - 1);
    while (table->values[i] != 0) {
        i = (i + 1) & (table->capacity - 1);
    }
    table->hashes[i] = hash;
    table->values[i] = value;
    table->n++;
}

enum { TABLE_ENTRY = sizeof(uint64_t) + sizeof(uint32_t), TABLE_FIRST_CAPACITY = 16 };

static bool table_grow(csq__table *table, const csq_allocator *allocator)
{
    const size_t capacity = table->capacity == 0 ? TABLE_FIRST_CAPACITY : table->capacity * 2;
    size_t size;
    if (!csq__size_mul(capacity, TABLE_ENTRY, &size)) {
        return false;
    }
    uint64_t *block = csq__allocate_zeroed(allocator, size);
    if (block == NULL) {
        return false;
    }
    csq__table grown = {block, (uint32_t *)(void *)(block + capacity), capacity, 0};
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->values[i] != 0) {
            table_place(&grown, table->hashes[i], table->values[i]);
        }
    }
    csq__table_release(table, allocator);
    *table = grown;
    return true;
}

bool csq__table_add(csq__table *table, const csq_allocator *allocator, uint64_t hash,
                    uint32_t value)
{
    if (table->n * 4 >= table->capacity * 3 && !table_grow(table, allocator)) {
        return false;
    }
    table_place(table, hash, value);
    return true;
}

void csq__table_remove(csq__table *table, uint64_t hash, uint32_t value)
{
    const size_t mask = table->capacity - 1;
    size_t hole = (size_t)hash & mask;
    while (table->values[hole] != value) {
        hole = (hole + 1) & mask;
    }
    // What was placed behind the hole because its own slot was taken moves back into it.
    for (size_t i = (hole + 1) & mask; table->values[i] != 0; i = (i + 1) & mask) {
        const size_t home = (size_t)table->hashes[i] & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table->hashes[hole] = table->hashes[i];
            table->values[hole] = table->values[i];
            hole = i;
        }
    }
    table->values[hole] = 0;
    table->n--;
}

void csq__table_replace(csq__table *table, uint64_t hash, uint32_t value, uint32_t by)
{
    size_t i = (size_t)hash & (table->capacity - 1);
    while (table->values[i] != value) {
        i = (i + 1) & (table->capacity - 1);
    }
    table->values[i] = by;
}

void csq__table_remove_above(csq__table *table, uint32_t last)
{
    // Nothing was ever placed across a free slot, so from one on every value that is put back finds
    // its way to a slot that was visited already.
    size_t start = 0;
    while (start < table->capacity && table->values[start] != 0) {
        start++;
    }
    for (size_t visited = 0; visited < table->capacity; visited++) {
        const size_t i = (start + visited) & (table->capacity - 1);
        const uint32_t value = table->values[i];
        if (value != 0) {
            table->values[i] = 0;
            table->n--;
        }
        if (value != 0 && value <= last) {
            table_place(table, table->hashes[i], value);
        }
    }
}

void csq__table_release(csq__table *table, const csq_allocator *allocator)
{
    csq__release(allocator, table->hashes, table->capacity * TABLE_ENTRY);
    *table = (csq__table){0};
}
