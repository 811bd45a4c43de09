/*
 * make_quantiles_corpus — writes the files of tests/fuzz/corpus/quantiles_decode into a folder.
 *
 *     make_quantiles_corpus FOLDER
 *
 * Built by hand against the library and cmocka when the format changes; the files are committed.
 */
#include <stdio.h>

#include "quantiles_support.h"

static void write_state(const char *folder, const char *name, uint32_t limit, const int64_t *values,
                        size_t n)
{
    csq_quantiles *quantiles = quantiles_with(limit, values, n);
    uint64_t size;
    uint8_t *bytes = quantiles_encoded(quantiles, &size);
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s.bin", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
    (void)fclose(file);
    free(bytes);
    csq_quantiles_free(quantiles);
}

int main(int argc, char **argv)
{
    static const int64_t values[] = {7,  -250, 90000, 7, 0,    INT64_MAX, -INT64_MAX, 255,
                                     256, 257, 257,   1, 3600, 86400000,  -1,         12};
    if (argc != 2) {
        fputs("usage: make_quantiles_corpus FOLDER\n", stderr);
        return 2;
    }
    write_state(argv[1], "empty", 9, values, 0);
    write_state(argv[1], "one_value", 9, values, 1);
    write_state(argv[1], "values", 200, values, 16);
    write_state(argv[1], "one_bucket", 1, values + 9, 2);
    write_state(argv[1], "buckets", 9, values, 16);
    return 0;
}
