/*
 * memory — the allocator callback, growable arrays, size-first structs.
 *
 * The only file of the library that names realloc and free.
 *
 * Uses: base.
 */
#include <stdlib.h>

#include "base/base_internal.h"

static void *libc_reallocate(void *user, void *block, size_t old_size, size_t new_size)
{
    (void)user;
    (void)old_size;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, new_size);
}

csq_allocator csq__allocator_or_default(const csq_allocator *allocator)
{
    const bool is_given = allocator != NULL && allocator->reallocate != NULL;
    return is_given ? *allocator : (csq_allocator){libc_reallocate, NULL};
}

void *csq__reallocate(const csq_allocator *allocator, void *block, size_t old_size, size_t new_size)
{
    return allocator->reallocate(allocator->user, block, old_size, new_size);
}

void *csq__allocate(const csq_allocator *allocator, size_t size)
{
    return csq__reallocate(allocator, NULL, 0, size);
}

void *csq__allocate_zeroed(const csq_allocator *allocator, size_t size)
{
    void *block = csq__allocate(allocator, size);
    if (block != NULL) {
        memset(block, 0, size);
    }
    return block;
}

void *csq__allocate_array(const csq_allocator *allocator, size_t n, size_t element)
{
    size_t size;
    if (!csq__size_mul(n == 0 ? 1 : n, element, &size)) {
        return NULL;
    }
    return csq__allocate(allocator, size);
}

void csq__release(const csq_allocator *allocator, void *block, size_t size)
{
    if (block != NULL) {
        (void)csq__reallocate(allocator, block, size, 0);
    }
}

bool csq__array_reserve(csq__array *array, const csq_allocator *allocator, size_t extra,
                        size_t element)
{
    size_t need;
    if (!csq__size_add(array->n, extra, &need)) {
        return false;
    }
    if (need <= array->capacity) {
        return true;
    }
    size_t capacity = array->capacity < 8 ? 8 : array->capacity + array->capacity / 2;
    capacity = capacity < need ? need : capacity;
    size_t size;
    if (!csq__size_mul(capacity, element, &size)) {
        return false;
    }
    void *data = csq__reallocate(allocator, array->data, array->capacity * element, size);
    if (data == NULL) {
        return false;
    }
    array->data = data;
    array->capacity = capacity;
    return true;
}

void *csq__array_push(csq__array *array, const csq_allocator *allocator, const void *element,
                      size_t element_size)
{
    if (!csq__array_reserve(array, allocator, 1, element_size)) {
        return NULL;
    }
    void *slot = (char *)array->data + array->n * element_size;
    if (element != NULL) {
        memcpy(slot, element, element_size);
    } else {
        memset(slot, 0, element_size);
    }
    array->n++;
    return slot;
}

void csq__array_release(csq__array *array, const csq_allocator *allocator, size_t element)
{
    csq__release(allocator, array->data, array->capacity * element);
    *array = (csq__array){0};
}

char *csq__copy_text(const csq_allocator *allocator, csq_str text)
{
    char *copy = text.size < SIZE_MAX ? csq__allocate(allocator, (size_t)text.size + 1) : NULL;
    if (copy == NULL) {
        return NULL;
    }
    if (text.size > 0) {
        memcpy(copy, text.data, (size_t)text.size);
    }
    copy[text.size] = '\0';
    return copy;
}

enum { STRUCT_SIZE_LIMIT = 4096 };

static csq_status struct_size(const void *of, size_t first_size, uint32_t *out, csq_error *error)
{
    memcpy(out, of, sizeof *out);
    if (*out < first_size || *out > STRUCT_SIZE_LIMIT) {
        const csq_status status =
            csq__fail(error, CSQ_EABI, CSQ__TEXT("the size member says "), CSQ__NUMBER(*out),
                      CSQ__TEXT(" bytes, expected "), CSQ__NUMBER((int64_t)first_size),
                      CSQ__TEXT(" to "), CSQ__NUMBER(STRUCT_SIZE_LIMIT));
        csq__error_field(error, 0);
        return status;
    }
    return CSQ_OK;
}

csq_status csq__struct_read(const void *in, size_t first_size, void *out, size_t size,
                            csq_error *error)
{
    const uint32_t our_size = (uint32_t)size;
    memset(out, 0, size);
    if (in != NULL) {
        uint32_t in_size;
        const csq_status status = struct_size(in, first_size, &in_size, error);
        if (status != CSQ_OK) {
            return status;
        }
        for (size_t i = size; i < in_size; i++) {
            if (((const unsigned char *)in)[i] != 0) {
                csq__fail(error, CSQ_EABI_NEWER, CSQ__TEXT("byte "), CSQ__NUMBER((int64_t)i),
                          CSQ__TEXT(" of the struct is set, but this library knows only "),
                          CSQ__NUMBER((int64_t)size), CSQ__TEXT(" bytes of it"));
                csq__error_field(error, i);
                return CSQ_EABI_NEWER;
            }
        }
        memcpy(out, in, in_size < size ? in_size : size);
    }
    memcpy(out, &our_size, sizeof our_size);
    return CSQ_OK;
}

csq_status csq__element_read(const void *in, uint64_t stride, size_t first_size, void *out,
                             size_t size, csq_error *error)
{
    uint32_t in_size;
    memcpy(&in_size, in, sizeof in_size);
    if (in_size > stride) {
        csq__fail(error, CSQ_EABI, CSQ__TEXT("an element has "), CSQ__NUMBER(in_size),
                  CSQ__TEXT(" bytes, the next one follows after "), CSQ__NUMBER((int64_t)stride));
        csq__error_field(error, 0);
        return CSQ_EABI;
    }
    return csq__struct_read(in, first_size, out, size, error);
}

csq_status csq__struct_write(void *out, size_t first_size, const void *ours, size_t size,
                             csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    uint32_t out_size;
    const csq_status status = struct_size(out, first_size, &out_size, error);
    if (status != CSQ_OK) {
        return status;
    }
    const size_t known = out_size < size ? out_size : size;
    memcpy((char *)out + sizeof out_size, (const char *)ours + sizeof out_size,
           known - sizeof out_size);
    memset((char *)out + known, 0, out_size - known);
    return CSQ_OK;
}
