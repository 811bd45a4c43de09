/*
 * batch — the queries over columns.
 *
 * Rows are loaded, answered and written in blocks that stay in the first-level cache. A row that
 * cannot be loaded or answered becomes "none" and is counted.
 *
 * Uses: base, time, column.
 */
#include "calendar/calendar_internal.h"
#include "column/column_internal.h"

enum { BATCH_BLOCK = 512, BATCH_PROGRESS_ROWS = 65536 };

typedef struct calendar_batch calendar_batch;

/* Answers n rows whose arguments are in a and b; returns how many failed. */
typedef uint64_t (*batch_answer)(const calendar_batch *batch, const csq_ms *a, const csq_ms *b,
                                 uint64_t n, void *out);

struct calendar_batch {
    const csq_calendar *calendar;
    const csq_column *a;
    const csq_column *b; /* NULL: the query has one argument */
    const char *name_a;
    const char *name_b;
    csq_calendar_batch options;
    batch_answer answer;
    size_t width; /* bytes of an answer */
};

/* ---- answering a block --------------------------------------------------------------------- */

static uint64_t answer_measure(const calendar_batch *batch, const csq_ms *a, const csq_ms *b,
                               uint64_t n, void *out)
{
    const csq_calendar *const calendar = batch->calendar;
    csq_ms *const answers = out;
    uint64_t n_failed = 0;
    for (uint64_t i = 0; i < n; i++) {
        csq_ms before_a;
        csq_ms before_b;
        csq_ms answer;
        if (csq__calendar_position(calendar, a[i], &before_a) &&
            csq__calendar_position(calendar, b[i], &before_b) &&
            csq__sub(before_b, before_a, &answer)) {
            answers[i] = answer;
        } else {
            answers[i] = CSQ_MS_NONE;
            n_failed += a[i] != CSQ_MS_NONE && b[i] != CSQ_MS_NONE;
        }
    }
    return n_failed;
}

static uint64_t answer_add(const calendar_batch *batch, const csq_ms *a, const csq_ms *b,
                           uint64_t n, void *out)
{
    csq_ms *const answers = out;
    uint64_t n_failed = 0;
    for (uint64_t i = 0; i < n; i++) {
        csq_ms answer = CSQ_MS_NONE;
        if (a[i] != CSQ_MS_NONE && b[i] != CSQ_MS_NONE &&
            csq_calendar_add(batch->calendar, a[i], b[i], batch->options.edge, &answer, NULL) !=
                CSQ_OK) {
            n_failed++;
        }
        answers[i] = answer;
    }
    return n_failed;
}

static uint64_t answer_is_open(const calendar_batch *batch, const csq_ms *a, const csq_ms *b,
                               uint64_t n, void *out)
{
    (void)b;
    int8_t *const answers = out;
    uint64_t n_failed = 0;
    for (uint64_t i = 0; i < n; i++) {
        bool is_open;
        csq_ms until;
        if (csq__calendar_state(batch->calendar, a[i], &is_open, &until)) {
            answers[i] = is_open;
        } else {
            answers[i] = -1;
            n_failed += a[i] != CSQ_MS_NONE;
        }
    }
    return n_failed;
}

/* ---- going through the rows ---------------------------------------------------------------- */

/* Loads rows; those that cannot be loaded become none and are counted, except where the other
 * argument, if it is loaded already, is none too. */
static uint64_t batch_load(const csq_column *column, uint64_t first, uint64_t n, csq_ms *out,
                           const csq_ms *other)
{
    uint64_t n_bad = 0;
    for (uint64_t done = 0; done < n;) {
        uint64_t bad_row;
        if (csq__column_load(column, first + done, n - done, out + done, &bad_row) == CSQ_OK) {
            break;
        }
        const uint64_t i = bad_row - first;
        out[i] = CSQ_MS_NONE;
        n_bad += other == NULL || other[i] != CSQ_MS_NONE;
        done = i + 1;
    }
    return n_bad;
}

static csq_status batch_rows(const calendar_batch *batch, char *out, uint64_t *n_failed,
                             csq_error *error)
{
    const uint64_t length = batch->a->length;
    csq_ms a[BATCH_BLOCK];
    csq_ms b[BATCH_BLOCK];
    *n_failed = 0;
    for (uint64_t row = 0; row < length; row += BATCH_BLOCK) {
        if (row > 0 && row % BATCH_PROGRESS_ROWS == 0 && batch->options.progress != NULL &&
            batch->options.progress(batch->options.user, row, length) != 0) {
            return csq__fail(error, CSQ_ECANCELLED, CSQ__TEXT("cancelled at row "),
                             CSQ__NUMBER((int64_t)row));
        }
        const uint64_t n = length - row < BATCH_BLOCK ? length - row : BATCH_BLOCK;
        *n_failed += batch_load(batch->a, row, n, a, NULL);
        if (batch->b != NULL) {
            *n_failed += batch_load(batch->b, row, n, b, a);
        }
        *n_failed += batch->answer(batch, a, b, n, out + row * batch->width);
    }
    return CSQ_OK;
}

/* With a progress callback, which may cancel, the answers wait in memory of our own. */
static csq_status batch_rows_apart(const calendar_batch *batch, void *out, uint64_t *n_failed,
                                   csq_error *error)
{
    const csq_allocator own = csq__allocator_or_default(batch->options.allocator);
    size_t size;
    if (!csq__size_mul((size_t)batch->a->length, batch->width, &size)) {
        return csq__fail_memory(error);
    }
    char *const answers = csq__allocate_array(&own, size, 1);
    if (answers == NULL) {
        return csq__fail_memory(error);
    }
    const csq_status status = batch_rows(batch, answers, n_failed, error);
    if (status == CSQ_OK && size > 0) {
        memcpy(out, answers, size);
    }
    csq__release(&own, answers, size == 0 ? 1 : size);
    return status;
}

static csq_status batch_check(calendar_batch *batch, const csq_calendar_batch *options,
                              const void *out, csq_error *error)
{
    if (batch->calendar == NULL || batch->a == NULL) {
        return csq__fail_null(error, batch->calendar == NULL ? "calendar" : batch->name_a);
    }
    csq_status status = csq__struct_read(options, CSQ__FIRST_SIZE(csq_calendar_batch, allocator),
                                         &batch->options, sizeof batch->options, error);
    if (status == CSQ_OK) {
        status = csq__column_check(batch->a, batch->name_a, batch->a->length, error);
    }
    if (status == CSQ_OK && batch->name_b != NULL) {
        status = csq__column_check(batch->b, batch->name_b, batch->a->length, error);
    }
    if (status == CSQ_OK && out == NULL && batch->a->length > 0) {
        status = csq__fail_null(error, "out");
    }
    return status;
}

static csq_status batch_run(calendar_batch *batch, const csq_calendar_batch *options, void *out,
                            uint64_t *n_failed, csq_error *error)
{
    csq_status status = batch_check(batch, options, out, error);
    const uint32_t edge_limit = batch->answer == answer_add ? CSQ_EDGE_FAR : 0;
    if (status == CSQ_OK && batch->options.edge > edge_limit) {
        status = csq__fail_value(error, "edge", batch->options.edge);
    }
    if (status != CSQ_OK) {
        return status;
    }
    uint64_t failed;
    status = batch->options.progress == NULL ? batch_rows(batch, out, &failed, error)
                                             : batch_rows_apart(batch, out, &failed, error);
    if (status == CSQ_OK && n_failed != NULL) {
        *n_failed = failed;
    }
    return status;
}

csq_status csq_calendar_measure_many(const csq_calendar *calendar, const csq_column *from,
                                     const csq_column *to, const csq_calendar_batch *batch,
                                     csq_ms *out, uint64_t *n_failed, csq_error *error)
{
    calendar_batch run = {.calendar = calendar,
                          .a = from,
                          .b = to,
                          .name_a = "from",
                          .name_b = "to",
                          .answer = answer_measure,
                          .width = sizeof *out};
    return batch_run(&run, batch, out, n_failed, error);
}

csq_status csq_calendar_add_many(const csq_calendar *calendar, const csq_column *at,
                                 const csq_column *duration, const csq_calendar_batch *batch,
                                 csq_ms *out, uint64_t *n_failed, csq_error *error)
{
    calendar_batch run = {.calendar = calendar,
                          .a = at,
                          .b = duration,
                          .name_a = "at",
                          .name_b = "duration",
                          .answer = answer_add,
                          .width = sizeof *out};
    return batch_run(&run, batch, out, n_failed, error);
}

csq_status csq_calendar_is_open_many(const csq_calendar *calendar, const csq_column *at,
                                     const csq_calendar_batch *batch, int8_t *out,
                                     uint64_t *n_failed, csq_error *error)
{
    calendar_batch run = {.calendar = calendar,
                          .a = at,
                          .name_a = "at",
                          .answer = answer_is_open,
                          .width = sizeof *out};
    return batch_run(&run, batch, out, n_failed, error);
}
