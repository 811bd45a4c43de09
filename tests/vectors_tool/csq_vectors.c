/*
 * csq-vectors FAMILY FILE [--calendars FILE] [--tz DIR] — runs a file of test vectors, one JSON
 * object a line, against libcsq.
 *
 * Prints a line for each value that differs and last "N passed, M failed"; the exit status is 0 if
 * nothing failed, 1 if something did, 2 if the files cannot be read or the arguments make no sense.
 */
#include "vectors.h"

#include <stdio.h>
#include <string.h>

static const vectors_family *const families[] = {
    &vectors_calendar,
    &vectors_sla,
};

static const vectors_family *find_family(const char *name)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strcmp(families[i]->name, name) == 0) {
            return families[i];
        }
    }
    return NULL;
}

static int usage(void)
{
    fprintf(stderr, "usage: csq-vectors FAMILY FILE [--calendars FILE] [--tz DIR]\nfamilies:");
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        fprintf(stderr, " %s", families[i]->name);
    }
    fprintf(stderr, "\n");
    return 2;
}

static bool read_options(vectors_run *run, int argc, char **argv)
{
    for (int i = 3; i < argc; i += 2) {
        if (i + 1 >= argc) {
            return false;
        }
        if (strcmp(argv[i], "--calendars") == 0) {
            run->calendars = argv[i + 1];
        } else if (strcmp(argv[i], "--tz") == 0) {
            run->tz = argv[i + 1];
        } else {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    const vectors_family *const family = argc < 3 ? NULL : find_family(argv[1]);
    vectors_run run = {0};
    if (family == NULL || !read_options(&run, argc, argv)) {
        return usage();
    }
    run.file = argv[2];
    const bool was_read = vectors_run_file(&run, family);
    vectors_run_free(&run);
    if (!was_read) {
        return 2;
    }
    printf("%lu passed, %lu failed\n", run.passed, run.failed);
    return run.failed == 0 ? 0 : 1;
}
