/*
 * log — what a row of the incident log says, as one update of one incident.
 *
 * Times have no zone: they are taken as the clock of the log, which the rules then speak of too.
 * A bare digit as priority is written P1, P2, … so that rules and reports read well.
 *
 * Uses: csv, shown, text.
 */
#include "log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shown.h"
#include "text.h"

enum {
    LOG_NUMBER,
    LOG_STATE,
    LOG_SEQUENCE,
    LOG_MADE_SLA,
    LOG_OPENED_AT,
    LOG_UPDATED_AT,
    LOG_PRIORITY,
    LOG_GROUP,
    LOG_ASSIGNEE
};

static const char *const column_names[LOG_COLUMNS] = {
    "number",         "incident_state", "sys_mod_count",    "made_sla",    "opened_at",
    "sys_updated_at", "priority",       "assignment_group", "assigned_to",
};

bool log_find_columns(const csv_record *header, const char *path, log_layout *out)
{
    bool is_complete = true;
    out->n_fields = header->n_fields;
    for (uint32_t column = 0; column < LOG_COLUMNS; ++column) {
        const csq_str name = csq_str_of(column_names[column]);
        uint32_t found = 0;
        uint32_t index = 0;
        for (uint32_t i = 0; i < header->n_fields; ++i) {
            if (text_is_equal(header->fields[i], name)) {
                index = i;
                ++found;
            }
        }
        out->index[column] = index;
        if (found != 1) {
            is_complete = text_fail("%s: the header names the column %s %s", path,
                                    column_names[column], found == 0 ? "nowhere" : "twice");
        }
    }
    return is_complete;
}

static bool refuse(char *reason, const char *column, csq_str value, const char *expected)
{
    const csq_str shown = shown_cut(value, 60);
    snprintf(reason, LOG_REASON_CAPACITY, "%s is \"%.*s\", not %s", column, TEXT(shown), expected);
    return false;
}

static bool read_count(csq_str text, int64_t *out)
{
    if (text.size == 0 || text.size > 9) {
        return false;
    }
    int64_t count = 0;
    for (uint64_t i = 0; i < text.size; ++i) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        count = count * 10 + (text.data[i] - '0');
    }
    *out = count;
    return true;
}

/* "2016-05-01 17:30" */
static bool read_minute(csq_str text, csq_ms *out)
{
    return text.size == 16 && text.data[10] == ' ' && text_parse_instant(text, out);
}

/* A state is a word; the export writes a number such as -100 where the word is lost. */
static bool is_word(csq_str text)
{
    return text.size != 0 && strchr("-+.0123456789", text.data[0]) == NULL;
}

static csq_str name_priority(csq_str text)
{
    static const char names[10][3] = {"P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9"};
    int64_t digit = 0;
    return text.size == 1 && read_count(text, &digit) ? csq_str_of(names[digit]) : text;
}

static bool read_made_sla(csq_str text, int32_t *out)
{
    *out = text_is_equal(text, csq_str_of("true"));
    return *out != 0 || text_is_equal(text, csq_str_of("false"));
}

static csq_str log_field(const log_layout *layout, const csv_record *record, uint32_t column)
{
    return record->fields[layout->index[column]];
}

bool log_read_row(const log_layout *layout, const csv_record *record, log_row *out,
                  char reason[LOG_REASON_CAPACITY])
{
    if (record->n_fields != layout->n_fields) {
        snprintf(reason, LOG_REASON_CAPACITY, "it has %" PRIu32 " fields, the header has %" PRIu32,
                 record->n_fields, layout->n_fields);
        return false;
    }
    csq_str field[LOG_COLUMNS];
    for (uint32_t column = 0; column < LOG_COLUMNS; ++column) {
        field[column] = log_field(layout, record, column);
    }
    if (field[LOG_NUMBER].size == 0 || field[LOG_NUMBER].size > 255) {
        return refuse(reason, "number", field[LOG_NUMBER], "1 to 255 bytes");
    }
    if (!is_word(field[LOG_STATE])) {
        return refuse(reason, "incident_state", field[LOG_STATE], "the name of a state");
    }
    if (!read_count(field[LOG_SEQUENCE], &out->sequence)) {
        return refuse(reason, "sys_mod_count", field[LOG_SEQUENCE], "a count");
    }
    if (!read_made_sla(field[LOG_MADE_SLA], &out->made_sla)) {
        return refuse(reason, "made_sla", field[LOG_MADE_SLA], "true or false");
    }
    if (!read_minute(field[LOG_OPENED_AT], &out->opened_at)) {
        return refuse(reason, "opened_at", field[LOG_OPENED_AT], "YYYY-MM-DD HH:MM");
    }
    if (!read_minute(field[LOG_UPDATED_AT], &out->at)) {
        return refuse(reason, "sys_updated_at", field[LOG_UPDATED_AT], "YYYY-MM-DD HH:MM");
    }
    if (out->at < out->opened_at) {
        return refuse(reason, "sys_updated_at", field[LOG_UPDATED_AT], "at or after opened_at");
    }
    out->number = field[LOG_NUMBER];
    out->status = field[LOG_STATE];
    out->priority = name_priority(field[LOG_PRIORITY]);
    out->group = field[LOG_GROUP];
    out->assignee = field[LOG_ASSIGNEE];
    return true;
}
