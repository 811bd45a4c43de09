/*
 * standalone_main — runs a fuzz target over its corpus without a fuzzer, as an ordinary test.
 *
 *     fuzz_<entry> FILE_OR_FOLDER...
 *
 * Each file is given whole, cut short at each length, and with each byte changed in turn (the first
 * EDITS positions), which reaches most of the refusals of a reader in no time. A target that finds
 * something wrong aborts. tests/fuzz/campaign.sh builds the same targets with libFuzzer.
 */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L // for directories
#endif

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EDITS = 512, PATH_BYTES = 4096 };

static unsigned long runs;

/* Runs the target on a block of exactly `size` bytes, so that a sanitizer sees reads behind it. */
static void run_exact(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL) {
        fputs("no memory\n", stderr);
        exit(2);
    }
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    runs++;
}

static void run_variants(uint8_t *data, size_t size)
{
    run_exact(data, size);
    const size_t edits = size < EDITS ? size : EDITS;
    for (size_t i = 0; i < edits; i++) {
        run_exact(data, i);
        const uint8_t kept = data[i];
        data[i] = (uint8_t)(kept ^ (1U << (i % 8)));
        run_exact(data, size);
        data[i] = kept;
    }
}

static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    const long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc(size <= 0 ? 1 : (size_t)size);
    if (data == NULL || size < 0 || fread(data, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    fclose(file);
    run_variants(data, (size_t)size);
    free(data);
}

static unsigned long run_folder(DIR *folder, const char *name)
{
    unsigned long files = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[PATH_BYTES];
        if (entry->d_name[0] != '.') {
            (void)snprintf(path, sizeof path, "%s/%s", name, entry->d_name);
            run_file(path);
            files++;
        }
    }
    return files;
}

int main(int argc, char **argv)
{
    unsigned long files = 0;
    run_exact((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder != NULL) {
            files += run_folder(folder, argv[i]);
            (void)closedir(folder);
        } else {
            run_file(argv[i]);
            files++;
        }
    }
    printf("%lu files, %lu runs\n", files, runs);
    return files == 0; // a target without a corpus tests nothing
}
