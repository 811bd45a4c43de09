/*
 * ranked — tickets put in order by a ranking, with the reasons of each place.
 *
 * Ties end at the id of the ticket and, for the same ticket twice, at the place among the items, so
 * the order never depends on how it was sorted.
 *
 * Uses: base, calendar, condition, ticket.
 */
#include "sla/ranking.h"

typedef struct ranked_row {
    uint64_t item;
    uint64_t ticket;
    int64_t score;
    csq_ms due; /* CSQ_MS_NONE: none */
    uint32_t lane;
} ranked_row;

typedef struct ranked_reason {
    int64_t points;
    int64_t found;
    uint32_t answer;
} ranked_reason;

struct csq_ranked {
    csq_allocator allocator;
    size_t n;
    size_t n_parts;
    ranked_row *rows;       /* in order */
    ranked_reason *reasons; /* by item and part */
};

/* Elements of a block: there is one at least. */
static size_t ranked_size(size_t n)
{
    return n == 0 ? 1 : n;
}

void csq_ranked_free(csq_ranked *ranked)
{
    if (ranked != NULL) {
        const csq_allocator memory = ranked->allocator;
        csq__release(&memory, ranked->rows, ranked_size(ranked->n) * sizeof *ranked->rows);
        csq__release(&memory, ranked->reasons,
                     ranked_size(ranked->n * ranked->n_parts) * sizeof *ranked->reasons);
        csq__release(&memory, ranked, sizeof *ranked);
    }
}

/* ---- one ticket ---------------------------------------------------------------------------- */

/* What the answers of a ticket come to: the open one with the largest share, the one due first. */
typedef struct ranked_times {
    uint32_t used; /* answer, CSQ_NO_INDEX: none */
    uint32_t left;
    int64_t percent_hundredths;
    csq_ms due;
} ranked_times;

static csq_status read_times(const csq_ranking_item *item, ranked_times *times, csq_error *error)
{
    *times = (ranked_times){CSQ_NO_INDEX, CSQ_NO_INDEX, CSQ_MS_NONE, CSQ_MS_NONE};
    if (item->n_answers > 0 && item->answers == NULL) {
        return csq__fail_null(error, "answers");
    }
    const uint8_t *at = (const uint8_t *)item->answers;
    for (uint32_t i = 0; i < item->n_answers; i++) {
        const uint64_t stride =
            item->answer_stride == 0 ? item->answers->size : item->answer_stride;
        csq_answer answer;
        const csq_status status = csq__element_read(at + i * stride, stride,
                                                    CSQ__FIRST_SIZE(csq_answer, percent_hundredths),
                                                    &answer, sizeof answer, error);
        if (status != CSQ_OK) {
            return status;
        }
        if (answer.phase != CSQ_PHASE_ACTIVE && answer.phase != CSQ_PHASE_PAUSED) {
            continue;
        }
        if (answer.percent_hundredths > times->percent_hundredths) {
            times->used = i;
            times->percent_hundredths = answer.percent_hundredths;
        }
        if (answer.due_at != CSQ_MS_NONE &&
            (times->due == CSQ_MS_NONE || answer.due_at < times->due)) {
            times->left = i;
            times->due = answer.due_at;
        }
    }
    return CSQ_OK;
}

/* The index of the first band at or above a value. */
static size_t find_band(const csq__ranking_part *part, int64_t at)
{
    const csq_ranking_band key = {at, 0};
    return csq__lower_bound(part->bands.data, part->bands.n, sizeof key, &key,
                            csq__ranking_band_compare, NULL);
}

static ranked_reason give_points(const csq__ranking_part *part, const ranked_times *times,
                                 const csq__walk *walk, csq_ms now)
{
    const csq_ranking_band *bands = part->bands.data;
    ranked_reason reason = {0, CSQ_MS_NONE, CSQ_NO_INDEX};
    switch (part->kind) {
    case CSQ_RANKING_USED:
        reason.found = times->percent_hundredths;
        reason.answer = times->used;
        if (times->used != CSQ_NO_INDEX) {
            const size_t above = find_band(part, csq__add_saturated(reason.found, 1));
            reason.points = above == 0 ? 0 : bands[above - 1].points;
        }
        break;
    case CSQ_RANKING_LEFT:
        reason.answer = times->left;
        if (times->left != CSQ_NO_INDEX) {
            // Far apart they differ by no less than can be told from "nothing is due".
            reason.found = csq__sub_saturated(times->due, now);
            reason.found += reason.found == CSQ_MS_NONE;
            const size_t band = find_band(part, reason.found);
            reason.points = band == part->bands.n ? 0 : bands[band].points;
        }
        break;
    case CSQ_RANKING_VALUE: {
        reason.found = walk->now[part->slot];
        const size_t band = find_band(part, reason.found);
        const bool is_named = band < part->bands.n && bands[band].at == reason.found;
        reason.points = is_named ? bands[band].points : bands[0].at == 0 ? bands[0].points : 0;
        break;
    }
    default:
        reason.found = csq__program_holds(
            &csq__policies_policy(walk->policies, part->match)->program, walk->now, walk->before);
        reason.points = reason.found != 0 ? part->points : 0;
        break;
    }
    return reason;
}

static uint32_t find_lane(const csq_ranking *ranking, const csq__walk *walk)
{
    for (uint32_t i = 0; i < ranking->lanes.n; i++) {
        const uint32_t match = csq__ranking_lane_at(ranking, i)->match;
        if (csq__program_holds(&csq__policies_policy(ranking->facts, match)->program, walk->now,
                               walk->before)) {
            return i;
        }
    }
    return CSQ_NO_INDEX;
}

static csq_status rank_item(csq_ranked *ranked, const csq_ranking *ranking, csq__walk *walk,
                            const csq_ranking_item *item, size_t index, csq_ms now,
                            csq_error *error)
{
    if (item->ticket == NULL) {
        return csq__fail_null(error, "ticket");
    }
    ranked_times times;
    csq_status status = read_times(item, &times, error);
    if (status == CSQ_OK) {
        status = csq__walk_ticket(walk, item->ticket, now, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    ranked_row *row = &ranked->rows[index];
    *row = (ranked_row){.item = index,
                        .ticket = csq_ticket_id(item->ticket),
                        .due = times.due,
                        .lane = find_lane(ranking, walk)};
    for (size_t p = 0; p < ranked->n_parts; p++) {
        const ranked_reason reason =
            give_points(csq__ranking_part_at(ranking, p), &times, walk, now);
        ranked->reasons[index * ranked->n_parts + p] = reason;
        row->score += reason.points;
    }
    return CSQ_OK;
}

/* ---- the order ----------------------------------------------------------------------------- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_rows(const void *left, const void *right, const void *user)
{
    (void)user;
    const ranked_row *a = left;
    const ranked_row *b = right;
    if (a->lane != b->lane) {
        return a->lane < b->lane ? -1 : 1;
    }
    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    if (a->due != b->due) {
        // CSQ_MS_NONE is the least instant and comes last.
        return a->due != CSQ_MS_NONE && (b->due == CSQ_MS_NONE || a->due < b->due) ? -1 : 1;
    }
    return a->ticket != b->ticket ? compare_numbers(a->ticket, b->ticket)
                                  : compare_numbers(a->item, b->item);
}

static csq_status rank_all(csq_ranked *ranked, const csq_ranking *ranking,
                           const csq_ranking_item *items, uint64_t stride, csq_ms now,
                           csq_error *error)
{
    csq__walk walk;
    csq_status status =
        csq__walk_init(&walk, ranking->facts, NULL, 0, 0, NULL, 0, &ranked->allocator, error);
    if (status != CSQ_OK) {
        return status;
    }
    for (size_t i = 0; i < ranked->n && status == CSQ_OK; i++) {
        csq_ranking_item item;
        status = csq__element_read((const uint8_t *)items + i * stride, stride,
                                   CSQ__FIRST_SIZE(csq_ranking_item, answer_stride), &item,
                                   sizeof item, error);
        if (status == CSQ_OK) {
            status = rank_item(ranked, ranking, &walk, &item, i, now, error);
        }
        if (status != CSQ_OK) {
            csq__error_index(error, (int64_t)i);
        }
    }
    csq__walk_release(&walk);
    if (status == CSQ_OK) {
        csq__sort(ranked->rows, ranked->n, sizeof *ranked->rows, compare_rows, NULL);
    }
    return status;
}

csq_status csq_ranking_order(const csq_ranking *ranking, const csq_ranking_item *items, uint64_t n,
                             uint64_t stride, csq_ms now, const csq_allocator *allocator,
                             csq_ranked **out, csq_error *error)
{
    if (out == NULL) {
        return csq__fail_null(error, "out");
    }
    *out = NULL;
    if (ranking == NULL || (items == NULL && n > 0)) {
        return csq__fail_null(error, ranking == NULL ? "ranking" : "items");
    }
    if (now == CSQ_MS_NONE) {
        return csq__walk_fail_now(error);
    }
    if (n > UINT32_MAX) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than 4294967295 items"));
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_ranked *ranked = csq__allocate_zeroed(&memory, sizeof *ranked);
    if (ranked == NULL) {
        return csq__fail_memory(error);
    }
    ranked->allocator = memory;
    ranked->n = (size_t)n;
    ranked->n_parts = ranking->parts.n;
    size_t n_reasons;
    if (csq__size_mul(ranked->n, ranked->n_parts, &n_reasons)) {
        ranked->rows = csq__allocate_array(&memory, ranked->n, sizeof *ranked->rows);
        ranked->reasons = csq__allocate_array(&memory, n_reasons, sizeof *ranked->reasons);
    }
    csq_status status =
        ranked->rows == NULL || ranked->reasons == NULL ? csq__fail_memory(error) : CSQ_OK;
    if (status == CSQ_OK && n > 0) {
        status = rank_all(ranked, ranking, items, stride == 0 ? items->size : stride, now, error);
    }
    if (status != CSQ_OK) {
        csq_ranked_free(ranked);
        return status;
    }
    *out = ranked;
    return CSQ_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

uint64_t csq_ranked_count(const csq_ranked *ranked)
{
    return ranked == NULL ? 0 : ranked->n;
}

static csq_status ranked_check(const csq_ranked *ranked, uint64_t position, csq_error *error)
{
    if (ranked == NULL) {
        return csq__fail_null(error, "ranked");
    }
    return position < ranked->n
               ? CSQ_OK
               : csq__fail(error, CSQ_ERANGE, CSQ__TEXT("position "),
                           CSQ__NUMBER((int64_t)position), CSQ__TEXT(", there are "),
                           CSQ__NUMBER((int64_t)ranked->n));
}

csq_status csq_ranked_at(const csq_ranked *ranked, uint64_t position, csq_ranked_place *out,
                         csq_error *error)
{
    const csq_status status = ranked_check(ranked, position, error);
    if (status != CSQ_OK) {
        return status;
    }
    const ranked_row *row = &ranked->rows[position];
    const csq_ranked_place place = {.size = sizeof place,
                                    .lane = row->lane,
                                    .item = row->item,
                                    .ticket = row->ticket,
                                    .score = row->score,
                                    .due_at = row->due};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_ranked_place, due_at), &place, sizeof place,
                             error);
}

csq_status csq_ranked_reason_at(const csq_ranked *ranked, uint64_t position, uint32_t part,
                                csq_ranked_reason *out, csq_error *error)
{
    const csq_status status = ranked_check(ranked, position, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (part >= ranked->n_parts) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("no part "), CSQ__NUMBER(part));
    }
    const ranked_reason *found =
        &ranked->reasons[ranked->rows[position].item * ranked->n_parts + part];
    const csq_ranked_reason reason = {.size = sizeof reason,
                                      .answer = found->answer,
                                      .points = found->points,
                                      .found = found->found};
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_ranked_reason, found), &reason, sizeof reason,
                             error);
}
