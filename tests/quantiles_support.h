/*
 * quantiles_support — states of values in a line, for tests of quantiles.
 */
#ifndef CSQ_TESTS_QUANTILES_SUPPORT_H
#define CSQ_TESTS_QUANTILES_SUPPORT_H

#include "csq/stat.h"
#include "support.h"

static inline csq_quantiles *quantiles_with(uint32_t exact_limit, const int64_t *values, size_t n)
{
    const csq_quantiles_options options = {.size = sizeof options, .exact_limit = exact_limit};
    csq_quantiles *quantiles = NULL;
    assert_status(CSQ_OK, csq_quantiles_new(&options, NULL, &quantiles, NULL));
    for (size_t i = 0; i < n; i++) {
        assert_status(CSQ_OK, csq_quantiles_add(quantiles, values[i], NULL));
    }
    return quantiles;
}

static inline csq_quantile quantile_at(const csq_quantiles *quantiles, uint32_t part,
                                       uint32_t definition)
{
    csq_quantile quantile = {.size = sizeof quantile};
    csq_error error = {0};
    const csq_status status =
        csq_quantiles_at(quantiles, part, definition, &quantile, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return quantile;
}

/* The encoded state in memory that the caller frees with free(). */
static inline uint8_t *quantiles_encoded(const csq_quantiles *quantiles, uint64_t *size)
{
    *size = 0;
    assert_status(CSQ_OK, csq_quantiles_encode(quantiles, NULL, size, NULL));
    uint8_t *bytes = malloc((size_t)*size);
    assert_non_null(bytes);
    assert_status(CSQ_OK, csq_quantiles_encode(quantiles, bytes, size, NULL));
    return bytes;
}

static inline int quantiles_are_same(const csq_quantiles *a, const csq_quantiles *b)
{
    uint64_t size_a;
    uint64_t size_b;
    uint8_t *bytes_a = quantiles_encoded(a, &size_a);
    uint8_t *bytes_b = quantiles_encoded(b, &size_b);
    const int is_same = size_a == size_b && memcmp(bytes_a, bytes_b, (size_t)size_a) == 0;
    free(bytes_a);
    free(bytes_b);
    return is_same;
}

#endif
