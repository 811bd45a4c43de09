/*
 * quantiles — the public object: one state with its allocator and limit.
 *
 * Uses: base, column.
 */
#include "column/column_internal.h"
#include "stat/stat_internal.h"

struct csq_quantiles {
    csq_allocator allocator;
    uint32_t limit;
    csq__quantiles state;
};

/* ---- life ---------------------------------------------------------------------------------- */

csq_status csq__quantiles_limit(uint32_t given, uint32_t *out, csq_error *error)
{
    if (given > CSQ_QUANTILES_EXACT_LIMIT) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("an exact limit of "), CSQ__NUMBER(given),
                         CSQ__TEXT(" values, at most "), CSQ__NUMBER(CSQ_QUANTILES_EXACT_LIMIT),
                         CSQ__TEXT(" may be kept"));
    }
    *out = given == 0 ? CSQ_QUANTILES_EXACT_DEFAULT : given;
    return CSQ_OK;
}

static csq_status quantiles_make(uint32_t limit, const csq_allocator *memory, csq_quantiles **out,
                                 csq_error *error)
{
    csq_quantiles *quantiles = csq__allocate_zeroed(memory, sizeof *quantiles);
    if (quantiles == NULL) {
        return csq__fail_memory(error);
    }
    quantiles->allocator = *memory;
    quantiles->limit = limit;
    *out = quantiles;
    return CSQ_OK;
}

csq_status csq_quantiles_new(const csq_quantiles_options *options, const csq_allocator *allocator,
                             csq_quantiles **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    csq_quantiles_options known;
    csq_status status = csq__struct_read(
        options, CSQ__FIRST_SIZE(csq_quantiles_options, exact_limit), &known, sizeof known, error);
    uint32_t limit = 0;
    if (status == CSQ_OK) {
        status = csq__quantiles_limit(known.exact_limit, &limit, error);
        if (status != CSQ_OK) {
            csq__error_field(error, offsetof(csq_quantiles_options, exact_limit));
        }
    }
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    return quantiles_make(limit, &memory, out, error);
}

void csq_quantiles_free(csq_quantiles *quantiles)
{
    if (quantiles != NULL) {
        const csq_allocator memory = quantiles->allocator;
        csq__quantiles_release(&quantiles->state, &memory);
        csq__release(&memory, quantiles, sizeof *quantiles);
    }
}

void csq_quantiles_reset(csq_quantiles *quantiles)
{
    if (quantiles != NULL) {
        csq__quantiles_release(&quantiles->state, &quantiles->allocator);
    }
}

uint64_t csq_quantiles_count(const csq_quantiles *quantiles)
{
    return quantiles == NULL ? 0 : quantiles->state.n;
}

uint32_t csq_quantiles_exact_limit(const csq_quantiles *quantiles)
{
    return quantiles == NULL ? 0 : quantiles->limit;
}

/* ---- merging ------------------------------------------------------------------------------- */

csq_status csq__quantiles_fail(csq_status status, csq_error *error)
{
    return status == CSQ_ENOMEM
               ? csq__fail_memory(error)
               : csq__fail(error, CSQ_EOVERFLOW, CSQ__TEXT("the number of values does not fit"));
}

static csq_status take_state(csq_quantiles *quantiles, const csq__quantiles *other,
                             csq_error *error)
{
    const csq_status status =
        csq__quantiles_reserve(&quantiles->state, &quantiles->allocator, quantiles->limit, other);
    if (status != CSQ_OK) {
        return csq__quantiles_fail(status, error);
    }
    csq__quantiles_merge(&quantiles->state, &quantiles->allocator, quantiles->limit, other);
    return CSQ_OK;
}

static csq_status check_limits(uint32_t a, uint32_t b, csq_error *error)
{
    return a == b ? CSQ_OK
                  : csq__fail(error, CSQ_EMISMATCH, CSQ__TEXT("exact limits of "), CSQ__NUMBER(a),
                              CSQ__TEXT(" and of "), CSQ__NUMBER(b),
                              CSQ__TEXT(" values do not go together"));
}

csq_status csq__quantiles_merge_into(csq_quantiles *quantiles, const csq__quantiles *other,
                                     uint32_t limit, csq_error *error)
{
    const csq_status status = check_limits(quantiles->limit, limit, error);
    return status == CSQ_OK ? take_state(quantiles, other, error) : status;
}

static csq_status quantiles_check_pair(const csq_quantiles *quantiles, const csq_quantiles *other,
                                       csq_error *error)
{
    if (quantiles == NULL || other == NULL) {
        return csq__fail_null(error, quantiles == NULL ? "quantiles" : "other");
    }
    return check_limits(quantiles->limit, other->limit, error);
}

csq_status csq_quantiles_merge(csq_quantiles *quantiles, const csq_quantiles *other,
                               csq_error *error)
{
    const csq_status status = quantiles_check_pair(quantiles, other, error);
    return status == CSQ_OK ? take_state(quantiles, &other->state, error) : status;
}

csq_status csq_quantiles_copy(const csq_quantiles *quantiles, csq_quantiles **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (quantiles == NULL) {
        return csq__fail_null(error, "quantiles");
    }
    csq_quantiles *copy = NULL;
    csq_status status = quantiles_make(quantiles->limit, &quantiles->allocator, &copy, error);
    if (status == CSQ_OK) {
        status = take_state(copy, &quantiles->state, error);
    }
    if (status != CSQ_OK) {
        csq_quantiles_free(copy);
        return status;
    }
    *out = copy;
    return CSQ_OK;
}

csq_status csq_quantiles_subtract(csq_quantiles *quantiles, const csq_quantiles *other,
                                  csq_error *error)
{
    csq_status status = quantiles_check_pair(quantiles, other, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq__quantiles rest = {0};
    status = csq__quantiles_subtract(&quantiles->state, &other->state, &quantiles->allocator,
                                     quantiles->limit, &rest, error);
    if (status == CSQ_OK) {
        csq__quantiles_release(&quantiles->state, &quantiles->allocator);
        quantiles->state = rest;
    }
    return status;
}

/* ---- adding -------------------------------------------------------------------------------- */

csq_status csq_quantiles_add(csq_quantiles *quantiles, int64_t value, csq_error *error)
{
    if (quantiles == NULL) {
        return csq__fail_null(error, "quantiles");
    }
    if (value == CSQ_MS_NONE) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("the value is none"));
    }
    const csq_status status =
        csq__quantiles_add(&quantiles->state, &quantiles->allocator, quantiles->limit, &value, 1);
    return status == CSQ_OK ? CSQ_OK : csq__quantiles_fail(status, error);
}

enum { QUANTILES_BLOCK = 256, QUANTILES_PROGRESS_ROWS = 65536 };

/* A column on its way into a state of its own. */
typedef struct quantiles_batch {
    csq_quantiles *into;
    const csq_column *column;
    uint64_t n_missing;
    csq_progress progress;
    void *user;
} quantiles_batch;

static csq_status add_block(quantiles_batch *batch, uint64_t first, uint64_t n, csq_error *error)
{
    int64_t values[QUANTILES_BLOCK];
    uint64_t bad_row;
    csq_status status = csq__column_load(batch->column, first, n, values, &bad_row);
    if (status != CSQ_OK) {
        return csq__column_fail_row(batch->column, "values", bad_row, status, error);
    }
    size_t n_there = 0;
    for (size_t i = 0; i < n; i++) {
        values[n_there] = values[i];
        n_there += values[i] != CSQ_MS_NONE;
    }
    batch->n_missing += n - n_there;
    csq_quantiles *into = batch->into;
    status = csq__quantiles_add(&into->state, &into->allocator, into->limit, values, n_there);
    return status == CSQ_OK ? CSQ_OK : csq__quantiles_fail(status, error);
}

static csq_status add_blocks(quantiles_batch *batch, csq_error *error)
{
    const uint64_t rows = batch->column->length;
    csq_status status = CSQ_OK;
    for (uint64_t first = 0; first < rows && status == CSQ_OK; first += QUANTILES_BLOCK) {
        const bool is_told =
            batch->progress != NULL && first > 0 && first % QUANTILES_PROGRESS_ROWS == 0;
        if (is_told && batch->progress(batch->user, first, rows) != 0) {
            return csq__fail(error, CSQ_ECANCELLED, CSQ__TEXT("cancelled after "),
                             CSQ__NUMBER((int64_t)first), CSQ__TEXT(" rows"));
        }
        const uint64_t left = rows - first;
        status = add_block(batch, first, left < QUANTILES_BLOCK ? left : QUANTILES_BLOCK, error);
    }
    return status;
}

csq_status csq_quantiles_add_column(csq_quantiles *quantiles, const csq_column *column,
                                    uint64_t *n_missing, csq_progress progress, void *user,
                                    csq_error *error)
{
    if (quantiles == NULL || column == NULL) {
        return csq__fail_null(error, quantiles == NULL ? "quantiles" : "column");
    }
    csq_status status = csq__column_check(column, "values", column->length, error);
    if (status != CSQ_OK) {
        return status;
    }
    quantiles_batch batch = {.column = column, .progress = progress, .user = user};
    status = quantiles_make(quantiles->limit, &quantiles->allocator, &batch.into, error);
    if (status != CSQ_OK) {
        return status;
    }
    status = add_blocks(&batch, error);
    if (status == CSQ_OK) {
        status = take_state(quantiles, &batch.into->state, error);
    }
    if (status == CSQ_OK && n_missing != NULL) {
        *n_missing = batch.n_missing;
    }
    csq_quantiles_free(batch.into);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------- */

csq_status csq_quantiles_at(const csq_quantiles *quantiles, uint32_t part, uint32_t definition,
                            csq_quantile *out, csq_error *error)
{
    if (quantiles == NULL) {
        return csq__fail_null(error, "quantiles");
    }
    csq_quantile quantile;
    const csq_status status =
        csq__quantiles_at(&quantiles->state, part, definition, &quantile, error);
    return status == CSQ_OK ? csq__struct_write(out, CSQ__FIRST_SIZE(csq_quantile, high), &quantile,
                                                sizeof quantile, error)
                            : status;
}

/* ---- bytes --------------------------------------------------------------------------------- */

enum { QUANTILES_VERSION = 1 };

csq_status csq_quantiles_encode(const csq_quantiles *quantiles, void *bytes, uint64_t *size,
                                csq_error *error)
{
    if (quantiles == NULL || size == NULL) {
        return csq__fail_null(error, quantiles == NULL ? "quantiles" : "size");
    }
    csq__writer writer = {.allocator = &quantiles->allocator};
    csq__write_begin(&writer, CSQ__KIND_QUANTILES, QUANTILES_VERSION, quantiles->limit);
    csq__quantiles_write(&writer, &quantiles->state);
    const csq_status status = csq__write_end(&writer) ? csq__encode_out(&writer, bytes, size, error)
                                                      : csq__fail_memory(error);
    csq__writer_release(&writer);
    return status;
}

/* The limit is all the parameters there are, and their fingerprint. */
static csq_status quantiles_read(csq__reader *reader, const csq_allocator *memory,
                                 csq_quantiles **out, csq_error *error)
{
    uint16_t version;
    uint64_t limit;
    csq_status status =
        csq__read_begin(reader, CSQ__KIND_QUANTILES, QUANTILES_VERSION, &version, &limit, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (limit == 0 || limit > CSQ_QUANTILES_EXACT_LIMIT) {
        reader->failed = true;
        return csq__read_end(reader, error);
    }
    status = quantiles_make((uint32_t)limit, memory, out, error);
    if (status != CSQ_OK) {
        return status;
    }
    return csq__quantiles_read(reader, memory, (uint32_t)limit, &(*out)->state)
               ? csq__read_end(reader, error)
               : csq__fail_memory(error);
}

csq_status csq_quantiles_decode(const void *bytes, uint64_t size, const csq_allocator *allocator,
                                csq_quantiles **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (bytes == NULL) {
        return csq__fail_null(error, "bytes");
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq__reader reader = {bytes, (size_t)size, 0, false};
    csq_quantiles *quantiles = NULL;
    const csq_status status = quantiles_read(&reader, &memory, &quantiles, error);
    if (status != CSQ_OK) {
        csq_quantiles_free(quantiles);
        return status;
    }
    *out = quantiles;
    return CSQ_OK;
}
