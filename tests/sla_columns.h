/*
 * sla_columns — tickets as a log in columns, in which events of one form share a type.
 */
#ifndef CSQ_TESTS_SLA_COLUMNS_H
#define CSQ_TESTS_SLA_COLUMNS_H

#include "sla_support.h"

typedef struct sla_columns {
    csq_event_type *types;
    uint64_t *tickets;
    csq_ms *at;
    uint32_t *type;
    int64_t *value;
    uint64_t *sequence;
    uint32_t n;
    uint32_t n_types;
    uint32_t limit;
} sla_columns;

static inline void sla_columns_open(sla_columns *log, uint32_t limit)
{
    *log = (sla_columns){.limit = limit};
    log->types = calloc(limit, sizeof *log->types);
    log->tickets = calloc(limit, sizeof *log->tickets);
    log->at = calloc(limit, sizeof *log->at);
    log->type = calloc(limit, sizeof *log->type);
    log->value = calloc(limit, sizeof *log->value);
    log->sequence = calloc(limit, sizeof *log->sequence);
    assert_true(log->types != NULL && log->tickets != NULL && log->at != NULL &&
                log->type != NULL && log->value != NULL && log->sequence != NULL);
}

static inline void sla_columns_close(sla_columns *log)
{
    free(log->types);
    free(log->tickets);
    free(log->at);
    free(log->type);
    free(log->value);
    free(log->sequence);
}

static inline uint32_t sla_columns_type(sla_columns *log, const csq_ticket_event *event)
{
    const csq_event_type type = {.size = sizeof type,
                                 .kind = event->kind,
                                 .author = event->author,
                                 .visibility = event->visibility,
                                 .attribute = event->attribute,
                                 .subject = event->subject,
                                 .joined = event->joined};
    uint32_t i = 0;
    while (i < log->n_types && memcmp(&log->types[i], &type, sizeof type) != 0) {
        i++;
    }
    log->types[i] = type;
    log->n_types = i == log->n_types ? i + 1 : log->n_types;
    return i;
}

static inline void sla_columns_add(sla_columns *log, uint64_t ticket, const csq_ticket_event *event)
{
    const uint32_t i = log->n++;
    assert_true(i < log->limit);
    log->type[i] = sla_columns_type(log, event);
    log->tickets[i] = ticket;
    log->at[i] = event->at;
    log->value[i] = event->value;
    log->sequence[i] = event->sequence;
}

static inline void sla_columns_add_ticket(sla_columns *log, const csq_ticket *ticket)
{
    for (uint64_t i = 0; i < csq_ticket_count(ticket); i++) {
        csq_ticket_event event = {.size = sizeof event};
        assert_status(CSQ_OK, csq_ticket_event_at(ticket, i, &event, NULL));
        sla_columns_add(log, csq_ticket_id(ticket), &event);
    }
}

/* Exchanges two rows. */
static inline void sla_columns_swap(sla_columns *log, uint32_t a, uint32_t b)
{
    const uint64_t ticket = log->tickets[a];
    const csq_ms at = log->at[a];
    const uint32_t type = log->type[a];
    const int64_t value = log->value[a];
    const uint64_t sequence = log->sequence[a];
    log->tickets[a] = log->tickets[b];
    log->at[a] = log->at[b];
    log->type[a] = log->type[b];
    log->value[a] = log->value[b];
    log->sequence[a] = log->sequence[b];
    log->tickets[b] = ticket;
    log->at[b] = at;
    log->type[b] = type;
    log->value[b] = value;
    log->sequence[b] = sequence;
}

static inline void sla_columns_shuffle(sla_columns *log, uint64_t *seed)
{
    for (uint32_t i = log->n; i > 1; i--) {
        sla_columns_swap(log, i - 1, (uint32_t)test_below(seed, i));
    }
}

static inline csq_event_columns sla_columns_of(const sla_columns *log)
{
    csq_event_columns columns = {
        .size = sizeof columns, .types = log->types, .n_types = log->n_types};
    columns.ticket = csq_column_of(CSQ_COLUMN_UINT64, log->tickets, log->n);
    columns.at = csq_column_of(CSQ_COLUMN_INT64, log->at, log->n);
    columns.type = csq_column_of(CSQ_COLUMN_UINT32, log->type, log->n);
    columns.value = csq_column_of(CSQ_COLUMN_INT64, log->value, log->n);
    columns.sequence = csq_column_of(CSQ_COLUMN_UINT64, log->sequence, log->n);
    return columns;
}

#endif
