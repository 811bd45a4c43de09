/*
 * sla_trial_batch — the tickets of a batch of random histories, one by one and in columns.
 */
#ifndef CSQ_TESTS_SLA_TRIAL_BATCH_H
#define CSQ_TESTS_SLA_TRIAL_BATCH_H

#include "sla_trial.h"

/* The tickets of a batch, some with checkpoints. */
static inline void draw_tickets(trial *t)
{
    for (uint32_t i = 0; i < BATCH; i++) {
        csq_ticket_event events[MAX_EVENTS];
        const uint32_t n = random_history(t, events);
        t->tickets[i] = told(t, i + 1, events, n, draw(t, 2) == 0);
    }
}

/* All events of a batch of tickets in columns, at times shuffled. The columns stand until the next
 * call. */
static inline csq_event_columns trial_columns(trial *t)
{
    enum { ROWS = BATCH * MAX_EVENTS };
    static csq_event_type types[ROWS];
    static uint64_t ids[ROWS];
    static int64_t instants[ROWS];
    static uint32_t codes[ROWS];
    static int64_t values[ROWS];
    static uint64_t sequences[ROWS];
    static uint32_t places[ROWS];
    uint32_t n = 0;
    for (uint32_t i = 0; i < BATCH; i++) {
        n += (uint32_t)csq_ticket_count(t->tickets[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        places[i] = i;
    }
    for (uint32_t i = n, is_shuffled = draw(t, 3); i > 1 && is_shuffled; i--) {
        const uint32_t k = draw(t, i);
        const uint32_t held = places[i - 1];
        places[i - 1] = places[k];
        places[k] = held;
    }
    uint32_t row = 0;
    for (uint32_t i = 0; i < BATCH; i++) {
        for (uint64_t e = 0; e < csq_ticket_count(t->tickets[i]); e++, row++) {
            csq_ticket_event event = {.size = sizeof event};
            assert_status(CSQ_OK, csq_ticket_event_at(t->tickets[i], e, &event, NULL));
            const uint32_t at = places[row];
            types[row] = (csq_event_type){.size = sizeof types[row],
                                          .kind = event.kind,
                                          .author = event.author,
                                          .visibility = event.visibility,
                                          .attribute = event.attribute,
                                          .subject = event.subject,
                                          .joined = event.joined};
            ids[at] = csq_ticket_id(t->tickets[i]);
            instants[at] = event.at;
            codes[at] = row;
            values[at] = event.value;
            sequences[at] = event.sequence;
        }
    }
    csq_event_columns columns = {.size = sizeof columns, .types = types, .n_types = n};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, ids, n);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, instants, n);
    columns.type = csq_column_of(CSQ_COLUMN_UINT32, codes, n);
    columns.value = csq_column_of(CSQ_COLUMN_INT64, values, n);
    columns.sequence = csq_column_of(CSQ_COLUMN_UINT64, sequences, n);
    return columns;
}

#endif
