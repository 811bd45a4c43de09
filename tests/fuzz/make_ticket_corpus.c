/*
 * make_ticket_corpus — writes the files of tests/fuzz/corpus/ticket_decode into a folder.
 *
 *     make_ticket_corpus FOLDER
 *
 * Built by hand against the library and cmocka when the format changes; the files are committed.
 */
#include <stdio.h>

#include "ticket_support.h"

static const char *folder;

static void write_bytes(const char *name, const uint8_t *bytes, uint64_t size)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s.bin", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
    (void)fclose(file);
}

/* Writes the ticket and frees it. */
static void write_ticket(const char *name, csq_ticket *ticket)
{
    uint64_t size;
    uint8_t *bytes = test_encoded(ticket, &size);
    write_bytes(name, bytes, size);
    free(bytes);
    csq_ticket_free(ticket);
}

static csq_ticket *ticket_of(csq_schema *schema, const csq_ticket_event *events, size_t n)
{
    csq_ticket *ticket = test_ticket(schema, 1);
    for (size_t i = 0; i < n; i++) {
        test_apply(ticket, events[i]);
    }
    return ticket;
}

static void write_attributes(csq_schema *schema)
{
    uint32_t weight;
    uint32_t region;
    uint32_t skills;
    (void)csq_schema_add(schema, csq_str_of("weight"), CSQ_ATTRIBUTE_INTEGER, &weight, NULL);
    (void)csq_schema_add(schema, csq_str_of("地区"), CSQ_ATTRIBUTE_CATEGORY, &region, NULL);
    (void)csq_schema_add(schema, csq_str_of("skills"), CSQ_ATTRIBUTE_SET, &skills, NULL);
    const uint32_t north = test_code(schema, region, "北京");
    const uint32_t south = test_code(schema, region, "广州");
    const uint32_t english = test_code(schema, skills, "en");
    const csq_ticket_event events[] = {
        test_setting(CSQ_EVENT_CHANGE, 1, 1, region, north),
        test_setting(CSQ_EVENT_CHANGE, 2, 2, region, south),
        test_setting(CSQ_EVENT_CHANGE, 2, 3, weight, -1000),
        test_setting(CSQ_EVENT_CHANGE, 3, 4, region, 0),
        test_setting(CSQ_EVENT_CHANGE, 3, 5, weight, CSQ_MS_NONE),
        test_setting(CSQ_EVENT_ADD, 4, 6, skills, english),
        test_setting(CSQ_EVENT_REMOVE, 5, 7, skills, english),
    };
    write_ticket("attributes_of_the_host", ticket_of(schema, events, 7));
}

static void write_orders(csq_schema *schema)
{
    const csq_ticket_event merged[] = {
        test_event(CSQ_EVENT_CREATED, 0, 5), test_reply(10, 3, CSQ_AUTHOR_AGENT, 0),
        test_reply(10, 4, CSQ_AUTHOR_BOT, 2), test_setting(CSQ_EVENT_SPLIT, 20, 2, 0, 8),
        test_setting(CSQ_EVENT_INHERIT, 20, 7, 0, -30),
        test_setting(CSQ_EVENT_MERGE, 20, 9, 0, 9)};
    const csq_ticket_event far[] = {test_reply(CSQ_MS_NONE + 1, UINT64_MAX, 0, 0),
                                    test_reply(INT64_MAX, 0, 0, 0)};
    write_ticket("merged_with_falling_sequences", ticket_of(schema, merged, 6));
    write_ticket("ends_of_time", ticket_of(schema, far, 2));
}

static void write_kinds(csq_schema *schema)
{
    const uint32_t metric = test_code(schema, CSQ_TICKET_METRIC, "first_reply");
    const uint32_t gold = test_code(schema, CSQ_TICKET_POLICY, "gold");
    csq_ticket_event events[] = {
        test_setting(CSQ_EVENT_ATTACH, 1, 1, CSQ_TICKET_POLICY, gold),
        test_setting(CSQ_EVENT_EDIT, 2, 2, 0, 3600000),
        test_setting(CSQ_EVENT_EDIT, 3, 3, 0, 7200000),
        test_setting(CSQ_EVENT_PROMISE, 4, 4, 0, 90000000),
        test_setting(CSQ_EVENT_CHANGE, 5, 5, CSQ_TICKET_PROMISE, CSQ_MS_NONE),
        test_setting(CSQ_EVENT_ESCALATE, 6, 6, 0, 3),
        test_event(CSQ_EVENT_REOPEN, 7, 7),
    };
    events[1].subject = metric;
    events[3].subject = test_code(schema, CSQ_TICKET_REASON, "supplier");
    events[5].subject = test_code(schema, CSQ_TICKET_REASON, "no answer");
    events[5].joined = 1;
    write_ticket("other_kinds", ticket_of(schema, events, 7));
}

static void write_damaged(csq_schema *schema)
{
    csq_ticket *ticket = test_worked_ticket(schema);
    uint64_t size;
    uint8_t *bytes = test_encoded(ticket, &size);
    write_bytes("cut_short", bytes, size / 2);
    bytes[size / 2] ^= 1;
    write_bytes("wrong_checksum", bytes, size);
    bytes[size / 2] ^= 1;
    bytes[4] = 2;
    write_bytes("newer_version", bytes, size);
    bytes[4] = 1;
    memset(bytes + 24, 0xFF, 9);
    write_bytes("huge_counts", bytes, size);
    free(bytes);
    csq_ticket_free(ticket);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: make_ticket_corpus FOLDER\n", stderr);
        return 2;
    }
    folder = argv[1];
    csq_schema *schema = test_schema();
    write_ticket("empty", test_ticket(schema, 0));
    write_ticket("largest_id", test_ticket(schema, UINT64_MAX));
    write_ticket("worked", test_worked_ticket(schema));
    write_attributes(schema);
    write_orders(schema);
    write_kinds(schema);
    write_damaged(schema);
    csq_schema_free(schema);
    return 0;
}
