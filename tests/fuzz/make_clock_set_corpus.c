/*
 * make_clock_set_corpus — writes the files of tests/fuzz/corpus/clock_set_decode into a folder.
 *
 *     make_clock_set_corpus FOLDER
 *
 * Built by hand against the library and cmocka when the format changes; the files are committed.
 */
#include <stdio.h>

#include "clock_set_support.h"
#include "fuzz/tally_policies.h"

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

static void write_set(const char *name, const csq_clock_set *set)
{
    uint64_t size;
    uint8_t *bytes = live_encoded(set, &size);
    write_bytes(name, bytes, size);
    free(bytes);
}

static void write_damaged(const csq_clock_set *set)
{
    uint64_t size;
    uint8_t *bytes = live_encoded(set, &size);
    write_bytes("cut_short", bytes, size / 2);
    bytes[size / 2] ^= 1;
    write_bytes("wrong_checksum", bytes, size);
    bytes[size / 2] ^= 1;
    bytes[4] = 2;
    write_bytes("newer_version", bytes, size);
    bytes[4] = 1;
    memset(bytes + 28, 0xFF, 9);
    write_bytes("huge_counts", bytes, size);
    free(bytes);
}

int main(int argc, char **argv)
{
    static const char *const histories[] = {
        "Mon 09:00 created customer group=tier1; Mon 09:30 set status=solved",
        "Mon 09:00 created customer group=二线; Mon 12:00 set status=solved",
        "Tue 09:00 created customer; Tue 12:00 reply agent; Tue 13:00 reply customer",
        "Mon 09:00 created; Mon 10:00 set status=solved; Mon 13:00 set status=open",
        "Wed 09:00 created; Wed 10:00 merge 9",
        "Mon 09:00 created; Mon 09:10 edit 2h; Mon 12:00 set status=solved; Tue 09:00 merge 9",
    };
    if (argc != 2) {
        fputs("usage: make_clock_set_corpus FOLDER\n", stderr);
        return 2;
    }
    folder = argv[1];
    csq_schema *schema = test_schema();
    csq_policies *policies = tally_policies(schema);
    csq_clock_set *set = live_set(policies);
    write_set("empty", set);
    for (uint64_t i = 0; i < 6; i++) {
        live_tell(set, schema, i << (8 * i), 0, histories[i]);
        if (i == 0) {
            write_set("single", set);
        }
    }
    write_set("never_taken", set);
    assert_true(live_take(set, "Tue 12:00") > 0);
    write_set("taken", set);
    live_tell(set, schema, 256, 9, "Mon 09:45 reply agent status=solved");
    write_set("late_event", set);
    write_damaged(set);
    csq_clock_set_free(set);
    csq_policies_free(policies);
    csq_schema_free(schema);
    return 0;
}
