/*
 * vocabulary — dense codes for names.
 *
 * Names are copied one by one, so that a view of a name stays valid while others are added.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

struct csq_vocabulary {
    csq_allocator allocator;
    uint64_t seed;
    csq__array names; /* csq_str, by code - 1 */
    csq__table table;
};

enum { NAME_LIMIT = 65535 };

csq_status csq_vocabulary_new(uint64_t seed, const csq_allocator *allocator, csq_vocabulary **out,
                              csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_vocabulary *vocabulary = csq__allocate_zeroed(&memory, sizeof *vocabulary);
    if (vocabulary == NULL) {
        return csq__fail_memory(error);
    }
    vocabulary->allocator = memory;
    vocabulary->seed = seed;
    *out = vocabulary;
    return CSQ_OK;
}

void csq_vocabulary_free(csq_vocabulary *vocabulary)
{
    if (vocabulary == NULL) {
        return;
    }
    const csq_allocator memory = vocabulary->allocator;
    const csq_str *names = vocabulary->names.data;
    for (size_t i = 0; i < vocabulary->names.n; i++) {
        csq__release(&memory, (void *)(uintptr_t)names[i].data, (size_t)names[i].size + 1);
    }
    csq__array_release(&vocabulary->names, &memory, sizeof(csq_str));
    csq__table_release(&vocabulary->table, &memory);
    csq__release(&memory, vocabulary, sizeof *vocabulary);
}

typedef struct name_key {
    const csq_vocabulary *vocabulary;
    csq_str name;
} name_key;

static bool name_matches(const void *user, uint32_t code)
{
    const name_key *key = user;
    return csq__str_equal(key->name, csq_vocabulary_name(key->vocabulary, code));
}

static uint64_t name_hash(const csq_vocabulary *vocabulary, csq_str name)
{
    return csq__hash(name.data, (size_t)name.size, vocabulary->seed, 0);
}

csq_status csq_vocabulary_add(csq_vocabulary *vocabulary, csq_str name, uint32_t *code,
                              csq_error *error)
{
    if (vocabulary == NULL || code == NULL) {
        return csq__fail_null(error, vocabulary == NULL ? "vocabulary" : "code");
    }
    if (name.data == NULL && name.size > 0) {
        return csq__fail_null(error, "name.data");
    }
    if (name.size == 0 || name.size > NAME_LIMIT) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("a name of "),
                         CSQ__NUMBER((int64_t)name.size), CSQ__TEXT(" bytes, expected 1 to "),
                         CSQ__NUMBER(NAME_LIMIT));
    }
    if (!csq__utf8_is_valid(name, NULL)) {
        return csq__fail(error, CSQ_EUTF8, CSQ__TEXT("a name is not UTF-8"));
    }
    const uint64_t hash = name_hash(vocabulary, name);
    const name_key key = {vocabulary, name};
    const uint32_t known = csq__table_find(&vocabulary->table, hash, name_matches, &key);
    if (known != 0) {
        *code = known;
        return CSQ_OK;
    }
    if (vocabulary->names.n >= INT32_MAX) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the vocabulary is full"));
    }
    const csq_allocator *memory = &vocabulary->allocator;
    const uint32_t fresh = (uint32_t)vocabulary->names.n + 1;
    const csq_str copy = {csq__copy_text(memory, name), name.size};
    if (copy.data == NULL ||
        csq__array_push(&vocabulary->names, memory, &copy, sizeof copy) == NULL) {
        csq__release(memory, (void *)(uintptr_t)copy.data, (size_t)name.size + 1);
        return csq__fail_memory(error);
    }
    if (!csq__table_add(&vocabulary->table, memory, hash, fresh)) {
        vocabulary->names.n--;
        csq__release(memory, (void *)(uintptr_t)copy.data, (size_t)name.size + 1);
        return csq__fail_memory(error);
    }
    *code = fresh;
    return CSQ_OK;
}

uint32_t csq_vocabulary_find(const csq_vocabulary *vocabulary, csq_str name)
{
    if (vocabulary == NULL || name.data == NULL) {
        return CSQ_CODE_NONE;
    }
    const name_key key = {vocabulary, name};
    return csq__table_find(&vocabulary->table, name_hash(vocabulary, name), name_matches, &key);
}

csq_str csq_vocabulary_name(const csq_vocabulary *vocabulary, uint32_t code)
{
    if (vocabulary == NULL || code == CSQ_CODE_NONE || code > vocabulary->names.n) {
        return (csq_str){NULL, 0};
    }
    return ((const csq_str *)vocabulary->names.data)[code - 1];
}

uint32_t csq_vocabulary_count(const csq_vocabulary *vocabulary)
{
    return vocabulary == NULL ? 0 : (uint32_t)vocabulary->names.n;
}
