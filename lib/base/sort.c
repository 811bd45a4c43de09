/*
 * sort — in-place sorting and binary search over elements of any size.
 *
 * Heapsort (Williams 1964, Floyd's bottom-up heap construction), because glibc's qsort may allocate
 * and quicksort has a quadratic worst case that hostile input can reach. Input that is sorted
 * already, the usual case of event logs, is recognised in one pass.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

enum { SORT_ELEMENT_LIMIT = 256 };

static void heap_sift(char *base, size_t root, size_t n, size_t element, csq__compare compare,
                      const void *user)
{
    _Alignas(max_align_t) char held[SORT_ELEMENT_LIMIT]; // compare reads it as an element
    memcpy(held, base + root * element, element);
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= n) {
            break;
        }
        if (child + 1 < n &&
            compare(base + child * element, base + (child + 1) * element, user) < 0) {
            child++;
        }
        if (compare(held, base + child * element, user) >= 0) {
            break;
        }
        memcpy(base + root * element, base + child * element, element);
        root = child;
    }
    memcpy(base + root * element, held, element);
}

static bool is_sorted(const char *base, size_t n, size_t element, csq__compare compare,
                      const void *user)
{
    for (size_t i = 1; i < n; i++) {
        if (compare(base + (i - 1) * element, base + i * element, user) > 0) {
            return false;
        }
    }
    return true;
}

void csq__sort(void *base, size_t n, size_t element, csq__compare compare, const void *user)
{
    char *first = base;
    if (n < 2 || is_sorted(first, n, element, compare, user)) {
        return;
    }
    for (size_t i = n / 2; i > 0; i--) {
        heap_sift(first, i - 1, n, element, compare, user);
    }
    for (size_t last = n - 1; last > 0; last--) {
        char held[SORT_ELEMENT_LIMIT];
        memcpy(held, first, element);
        memcpy(first, first + last * element, element);
        memcpy(first + last * element, held, element);
        heap_sift(first, 0, last, element, compare, user);
    }
}

size_t csq__lower_bound(const void *base, size_t n, size_t element, const void *key,
                        csq__compare compare, const void *user)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare((const char *)base + middle * element, key, user) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
