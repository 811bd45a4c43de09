/*
 * make_tally_corpus — writes the files of tests/fuzz/corpus/tally_decode into a folder.
 *
 *     make_tally_corpus FOLDER
 *
 * Built by hand against the library and cmocka when the format changes; the files are committed.
 */
#include <stdio.h>

#include "fuzz/tally_policies.h"
#include "sla_support.h"

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

/* Writes the tally of these histories, one string each. */
static csq_tally *write_tally(const char *name, csq_schema *schema, const csq_policies *policies,
                              const char *const *histories, size_t n)
{
    const csq_tally_options options = tally_options(strncmp(name, "quantiles", 9) == 0);
    csq_tally *tally;
    assert_status(CSQ_OK, csq_tally_new(policies, &options, NULL, &tally, NULL));
    for (size_t i = 0; i < n; i++) {
        csq_ticket *ticket = sla_ticket(schema, i, histories[i]);
        assert_status(CSQ_OK, csq_tally_add(tally, ticket, sla_at("Fri 20:00"), NULL));
        csq_ticket_free(ticket);
    }
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
    write_bytes(name, bytes, size);
    free(bytes);
    return tally;
}

static void write_damaged(const csq_tally *tally)
{
    uint64_t size;
    uint8_t *bytes = sla_encoded(tally, &size);
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
}

int main(int argc, char **argv)
{
    static const char *const histories[] = {
        "Mon 09:00 created customer group=tier1; Mon 09:30 set status=solved",
        "Mon 09:00 created customer group=二线; Mon 12:00 set status=solved",
        "Tue 09:00 created customer; Tue 12:00 reply agent; Tue 13:00 reply customer",
        "Fri 19:30 created customer group=tier1",
        "Wed 09:00 created; Wed 10:00 merge 9",
        "Mon 09:00 created; Mon 09:10 edit 2h; Mon 12:00 set status=solved; Tue 09:00 merge 9",
        "Mon 09:00 promise Mon/12:00; Mon 13:00 promise Tue/12:00; Tue 10:00 reply agent",
        "Mon 09:00 created customer group=tier1; Mon 09:20 set status=solved",
        "Mon 09:00 created customer group=tier1; Mon 09:10 set status=solved",
        "Mon 09:00 created customer group=tier1; Mon 10:10 set status=solved",
    };
    if (argc != 2) {
        fputs("usage: make_tally_corpus FOLDER\n", stderr);
        return 2;
    }
    folder = argv[1];
    csq_schema *schema = test_schema();
    csq_policies *policies = tally_policies(schema);
    csq_tally_free(write_tally("empty", schema, policies, histories, 0));
    for (size_t i = 0; i < 7; i++) {
        static const char *const names[] = {"met", "missed", "replies", "open", "cancelled",
                                            "edited", "promised"};
        csq_tally_free(write_tally(names[i], schema, policies, histories + i, 1));
    }
    csq_tally_free(write_tally("quantiles", schema, policies, histories, 2));
    csq_tally_free(write_tally("quantiles_in_buckets", schema, policies, histories, 10));
    csq_tally *all = write_tally("all", schema, policies, histories, 7);
    write_damaged(all);
    csq_tally_free(all);
    csq_policies_free(policies);
    csq_schema_free(schema);
    return 0;
}
