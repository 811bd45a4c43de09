/*
 * tally_promise — chains of promises in a tally: how many were kept, and how far off they were.
 *
 * Every promise of a completed cycle is an estimate of its stop. Errors are summed as integers,
 * with and without their sign, so that bias and spread can be told apart and sums still subtract.
 *
 * Uses: base, time, calendar, condition, ticket.
 */
#include "sla/promise.h"
#include "sla/tally.h"

static bool sums_count_error(csq__promise_sums *sums, const csq_promise *promise)
{
    const csq_ms error = csq__sub_saturated(promise->actual_open_ms, promise->estimated_open_ms);
    int64_t size;
    sums->estimates++;
    return csq__sub(0, error, &size) && csq__add(sums->error, error, &sums->error) &&
           csq__add(sums->error_size, error < 0 ? size : error, &sums->error_size);
}

csq_status csq__promise_sums_count(csq__promise_sums *sums, const csq__judged *judged,
                                   csq_error *error)
{
    csq_promise told = {.outcome = 0};
    uint64_t n = 0;
    const csq__promise *promise = csq__promise_next(judged);
    for (; promise != NULL; promise = csq__promise_next(judged)) {
        const csq_status status = csq__promise_judge(judged, promise, NULL, &told, error);
        if (status != CSQ_OK) {
            return status;
        }
        sums->kept_original += n == 0 && told.outcome == CSQ_PROMISE_KEPT;
        n++;
        if (told.actual_ms != CSQ_MS_NONE && !sums_count_error(sums, &told)) {
            return csq__fail(error, CSQ_EOVERFLOW, CSQ__TEXT("a sum of the tally does not fit"));
        }
    }
    sums->promised += n > 0;
    sums->re_promised += n > 0 ? n - 1 : 0;
    sums->kept_latest += told.outcome == CSQ_PROMISE_KEPT;
    return CSQ_OK;
}

static bool sums_add_number(uint64_t *into, uint64_t from)
{
    *into += from;
    return *into >= from;
}

bool csq__promise_sums_add(csq__promise_sums *into, const csq__promise_sums *from)
{
    return sums_add_number(&into->promised, from->promised) &&
           sums_add_number(&into->kept_original, from->kept_original) &&
           sums_add_number(&into->kept_latest, from->kept_latest) &&
           sums_add_number(&into->re_promised, from->re_promised) &&
           sums_add_number(&into->estimates, from->estimates) &&
           csq__add(into->error, from->error, &into->error) &&
           csq__add(into->error_size, from->error_size, &into->error_size);
}

bool csq__promise_sums_subtract(csq__promise_sums *from, const csq__promise_sums *part)
{
    if (part->promised > from->promised || part->kept_original > from->kept_original ||
        part->kept_latest > from->kept_latest || part->re_promised > from->re_promised ||
        part->estimates > from->estimates) {
        return false;
    }
    from->promised -= part->promised;
    from->kept_original -= part->kept_original;
    from->kept_latest -= part->kept_latest;
    from->re_promised -= part->re_promised;
    from->estimates -= part->estimates;
    return csq__sub(from->error, part->error, &from->error) &&
           csq__sub(from->error_size, part->error_size, &from->error_size);
}

bool csq__promise_sums_are_sound(const csq__tally_entry *entry)
{
    const csq__promise_sums *sums = &entry->promises;
    if (entry->key.due == 0) {
        const csq__promise_sums none = {0};
        return memcmp(sums, &none, sizeof none) == 0;
    }
    uint64_t judged = entry->met;
    uint64_t given = sums->promised;
    int64_t negative;
    return sums_add_number(&judged, entry->missed) && sums->promised <= judged &&
           sums->kept_original <= sums->promised && sums->kept_latest <= sums->promised &&
           sums->kept_original <= judged - entry->late_open &&
           sums->kept_latest <= judged - entry->late_open &&
           (sums->promised > 0 || sums->re_promised == 0) &&
           sums_add_number(&given, sums->re_promised) && sums->estimates <= given &&
           sums->estimates >= sums->kept_original && sums->estimates >= sums->kept_latest &&
           (sums->estimates > 0 || sums->error_size == 0) && sums->error_size >= 0 &&
           csq__sub(0, sums->error_size, &negative) && sums->error <= sums->error_size &&
           sums->error >= negative && (sums->error_size - sums->error) % 2 == 0;
}

void csq__promise_sums_write(csq__writer *writer, const csq__promise_sums *sums)
{
    csq__write_varint(writer, sums->promised);
    csq__write_varint(writer, sums->kept_original);
    csq__write_varint(writer, sums->kept_latest);
    csq__write_varint(writer, sums->re_promised);
    csq__write_varint(writer, sums->estimates);
    csq__write_signed(writer, sums->error);
    csq__write_signed(writer, sums->error_size);
}

void csq__promise_sums_read(csq__reader *reader, csq__promise_sums *sums)
{
    sums->promised = csq__read_varint(reader);
    sums->kept_original = csq__read_varint(reader);
    sums->kept_latest = csq__read_varint(reader);
    sums->re_promised = csq__read_varint(reader);
    sums->estimates = csq__read_varint(reader);
    sums->error = csq__read_signed(reader);
    sums->error_size = csq__read_signed(reader);
}
