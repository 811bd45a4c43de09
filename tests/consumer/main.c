/*
 * consumer — the least that a host does with libcsq: it includes csq/csq.h, asks for the version
 * and uses one object. Compiled as C and as C++ in each way in which libcsq can be had.
 */
#include <stdio.h>
#include <string.h>

#include "csq/csq.h"

int main(void)
{
    csq_vocabulary *words = NULL;
    csq_error error;
    uint32_t code = 0;
    if (csq_vocabulary_new(1, NULL, &words, &error) != CSQ_OK ||
        csq_vocabulary_add(words, csq_str_of("urgent"), &code, &error) != CSQ_OK) {
        printf("%s: %s\n", csq_status_name(error.code), error.message);
        return 1;
    }
    const int found = csq_vocabulary_find(words, csq_str_of("urgent")) == code && code == 1;
    csq_vocabulary_free(words);

    char expected[32];
    (void)snprintf(expected, sizeof expected, "%d.%d.%d", (int)CSQ_VERSION_MAJOR,
                   (int)CSQ_VERSION_MINOR, (int)CSQ_VERSION_PATCH);
    printf("libcsq %s\n", csq_version());
    return found && strcmp(csq_version(), expected) == 0 ? 0 : 1;
}
