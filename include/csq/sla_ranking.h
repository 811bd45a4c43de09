/*
 * csq/sla_ranking.h — what to work on next: tickets in an order that says why.
 *
 * A ranking has lanes and parts. A ticket goes into the first lane whose condition holds for it
 * (the green channel) or behind all lanes; within a lane the higher score comes first, then the
 * earlier due instant, then the lower id. The score is the sum of what each part gives: points by the
 * share of a target that is used up, by the time left until it is due, by the value of an attribute
 * (priority, customer segment), or for a condition. All are integers; nothing is learned or random.
 */
#ifndef CSQ_SLA_RANKING_H
#define CSQ_SLA_RANKING_H

#include "csq/sla.h"

#if defined(__cplusplus) && !defined(CSQ_CDEF)
extern "C" {
#endif

/* ---- rankings ------------------------------------------------------------------------------ */

typedef struct csq_ranking csq_ranking; /* immutable, counted */
typedef struct csq_ranking_builder csq_ranking_builder;

enum { CSQ_RANKING_LANE_LIMIT = 64, CSQ_RANKING_PART_LIMIT = 64, CSQ_RANKING_BAND_LIMIT = 4096 };

typedef enum csq_ranking_kind {
    CSQ_RANKING_USED = 1, /* share of the target that is used up, of the open answer with most */
    CSQ_RANKING_LEFT = 2, /* time on the wall until the earliest open answer is due */
    CSQ_RANKING_VALUE = 3, /* value of an attribute */
    CSQ_RANKING_MATCH = 4 /* a condition */
} csq_ranking_kind;

/*
 * What a part gives for what it finds. USED: from `at` hundredths of a percent up to the next band;
 * LEFT: with at most `at` ms left, negative for overdue, down to the next band; VALUE: for the code
 * `at`, where 0 stands for every other value and none. What no band fits gives 0 points.
 */
typedef struct csq_ranking_band {
    int64_t at;
    int64_t points; /* up to 10^12 either way */
} csq_ranking_band;

typedef struct csq_ranking_part {
    uint32_t size;
    uint32_t kind; /* csq_ranking_kind */
    csq_str name;  /* 1 to 255 bytes, unique among the parts */
    uint32_t attribute; /* VALUE: a category of the ticket */
    uint32_t n_bands;   /* USED, LEFT, VALUE: 1 to 4096, each `at` once */
    const csq_ranking_band *bands; /* in any order */
    const csq_condition *match;    /* MATCH */
    int64_t points;                /* MATCH: while it holds */
} csq_ranking_part;

/* The schema comes from csq_ticket_schema_new. Errors: CSQ_EINVAL, CSQ_EMISMATCH, CSQ_ENOMEM. */
CSQ_API csq_status csq_ranking_builder_new(csq_schema *schema, const csq_allocator *allocator,
                                           csq_ranking_builder **out, csq_error *error);
CSQ_API void csq_ranking_builder_free(csq_ranking_builder *builder);
/* Adds a lane behind those that are there. Its condition reads what holds of the ticket at the
 * instant asked for: tests of a change never hold, and event, author and visibility are refused.
 * Errors: CSQ_EINVAL, CSQ_EEXISTS, CSQ_EMISMATCH (schema), CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_ranking_add_lane(csq_ranking_builder *builder, csq_str name,
                                        const csq_condition *match, uint32_t *index,
                                        csq_error *error);
/* Adds a part. Errors: the same, and CSQ_ERANGE (`at`, points), CSQ_EDUPLICATE (`at`), CSQ_ECODE,
 * CSQ_EABI. */
CSQ_API csq_status csq_ranking_add_part(csq_ranking_builder *builder, const csq_ranking_part *part,
                                        uint32_t *index, csq_error *error);
/* Compiles. The builder is empty afterwards, also where compiling fails. Errors: CSQ_ESTATE
 * (neither lane nor part), CSQ_ELIMIT, CSQ_ENOMEM. */
CSQ_API csq_status csq_ranking_build(csq_ranking_builder *builder, csq_ranking **out,
                                     csq_error *error);
CSQ_API csq_ranking *csq_ranking_retain(csq_ranking *ranking);
CSQ_API void csq_ranking_free(csq_ranking *ranking);

/* Equal for rankings that order alike: made of names and definitions, not of codes. */
CSQ_API uint64_t csq_ranking_fingerprint(const csq_ranking *ranking);
CSQ_API uint32_t csq_ranking_lane_count(const csq_ranking *ranking);
CSQ_API uint32_t csq_ranking_part_count(const csq_ranking *ranking);
/* Names by index; empty beyond the end. Borrowed. */
CSQ_API csq_str csq_ranking_lane_name(const csq_ranking *ranking, uint32_t lane);
CSQ_API csq_str csq_ranking_part_name(const csq_ranking *ranking, uint32_t part);

/* ---- ordering ------------------------------------------------------------------------------ */

/* A ticket and what its clocks answer at the instant of the ranking: those that matter for it. */
typedef struct csq_ranking_item {
    uint32_t size;
    uint32_t n_answers;
    const csq_ticket *ticket;
    const csq_answer *answers;
    uint64_t answer_stride; /* distance of two answers in bytes; 0: the `size` of the first */
} csq_ranking_item;

/* Tickets in order; keeps neither tickets nor answers. */
typedef struct csq_ranked csq_ranked;

/* A place in the order. */
typedef struct csq_ranked_place {
    uint32_t size;
    uint32_t lane;   /* index; CSQ_NO_INDEX: behind all lanes */
    uint64_t item;   /* index among the items */
    uint64_t ticket; /* its id */
    int64_t score;   /* the sum of the points of all parts */
    csq_ms due_at;   /* the earliest of its open answers, CSQ_MS_NONE: none */
} csq_ranked_place;

/* What one part gave, and for what. */
typedef struct csq_ranked_reason {
    uint32_t size;
    uint32_t answer; /* USED, LEFT: index of the answer that decided; else CSQ_NO_INDEX */
    int64_t points;
    int64_t found;   /* hundredths of a percent; ms left; code; 1 while the condition holds, else 0;
                        CSQ_MS_NONE where no open answer has a share or is due */
} csq_ranked_reason;

/*
 * Orders `n` items; `stride` is the distance of two in bytes, 0 the `size` of the first. What
 * happens to a ticket after `now` is not seen. Errors: CSQ_EINVAL (NULL), CSQ_EABI,
 * CSQ_EABI_NEWER, CSQ_EMISMATCH (a ticket of another schema), each with the item as index;
 * CSQ_ERANGE (`now` is CSQ_MS_NONE), CSQ_ELIMIT (4096 tags without a rule; more than 2^32 - 1
 * items), CSQ_ENOMEM.
 */
CSQ_API csq_status csq_ranking_order(const csq_ranking *ranking, const csq_ranking_item *items,
                                     uint64_t n, uint64_t stride, csq_ms now,
                                     const csq_allocator *allocator, csq_ranked **out,
                                     csq_error *error);
CSQ_API void csq_ranked_free(csq_ranked *ranked);
CSQ_API uint64_t csq_ranked_count(const csq_ranked *ranked);
/* The ticket at a position from 0, and why it is there: one reason for each part of the ranking,
 * whose points sum to the score. Errors: CSQ_EINVAL, CSQ_ERANGE, CSQ_EABI. */
CSQ_API csq_status csq_ranked_at(const csq_ranked *ranked, uint64_t position,
                                 csq_ranked_place *out, csq_error *error);
CSQ_API csq_status csq_ranked_reason_at(const csq_ranked *ranked, uint64_t position, uint32_t part,
                                        csq_ranked_reason *out, csq_error *error);

#if defined(__cplusplus) && !defined(CSQ_CDEF)
}
#endif

#endif
