/*
 * rules_support — rule documents in tests: written with ' for ", read with the committed zones,
 * from strings or files.
 */
#ifndef CSQ_TESTS_RULES_SUPPORT_H
#define CSQ_TESTS_RULES_SUPPORT_H

#include "csq/rules.h"
#include "csq/sla_explain.h"
#include "ticket_support.h"
#include "zone_files.h"

/* `text` with ' replaced by ", in memory that the caller frees with free(). */
static inline char *rules_text(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    assert_non_null(copy);
    for (size_t i = 0; i < size; i++) {
        copy[i] = text[i];
        if (text[i] == '\'') {
            copy[i] = '"';
        }
    }
    return copy;
}

/* A host that has the committed zones; `user` counts the calls. */
static inline csq_status rules_zone(void *user, csq_str name, csq_zone **out)
{
    if (user != NULL) {
        ++*(int *)user;
    }
    for (size_t i = 0; i < ZONE_FILE_COUNT; i++) {
        if (strlen(zone_file_names[i]) == name.size &&
            memcmp(zone_file_names[i], name.data, (size_t)name.size) == 0) {
            *out = zone_of_file("slim", zone_file_names[i]);
            return CSQ_OK;
        }
    }
    return CSQ_EZONE;
}

static inline csq_rules_options rules_options(void)
{
    csq_rules_options options = {0};
    options.size = sizeof options;
    options.zone = rules_zone;
    return options;
}

/* Reads a document that must be valid. */
static inline csq_rules *rules_of_text(csq_schema *schema, csq_str text)
{
    const csq_rules_options options = rules_options();
    csq_rules *rules = NULL;
    csq_error error;
    const csq_status status = csq_rules_read(schema, text, &options, NULL, &rules, &error);
    if (status != CSQ_OK) {
        print_error("%s at %s (line %d): %s\n", csq_status_name(status), error.path, error.line,
                    error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return rules;
}

static inline csq_rules *rules_of(csq_schema *schema, const char *quoted)
{
    char *text = rules_text(quoted);
    csq_rules *rules = rules_of_text(schema, csq_str_of(text));
    free(text);
    return rules;
}

/* The canonical text, ended by a NUL, in memory that the caller frees with free(). */
static inline char *rules_written(const csq_rules *rules)
{
    uint64_t size = 0;
    assert_status(CSQ_OK, csq_rules_write(rules, NULL, &size, NULL));
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    assert_status(CSQ_OK, csq_rules_write(rules, text, &size, NULL));
    text[size] = '\0';
    return text;
}

/* A file below the project's root, ended by a NUL, in memory that the caller frees. */
static inline char *rules_file(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/../../%s", CSQ_TEST_DATA, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("cannot open %s", path);
    }
    char *text = calloc(1, 65536);
    assert_non_null(text);
    const size_t n = fread(text, 1, 65535, file);
    fclose(file);
    assert_true(n > 0 && n < 65535);
    return text;
}

static inline csq_calendar *rules_calendar_named(const csq_rules *rules, const char *name)
{
    for (uint32_t i = 0; i < csq_rules_calendar_count(rules); i++) {
        const csq_str found = csq_rules_calendar_name(rules, i);
        if (found.size == strlen(name) && memcmp(found.data, name, (size_t)found.size) == 0) {
            return csq_rules_calendar(rules, i);
        }
    }
    fail_msg("no calendar %s", name);
    return NULL;
}

static inline csq_answer rules_answer(const csq_rules *rules, const csq_ticket *ticket,
                                      const char *metric, csq_ms now)
{
    uint32_t index;
    const csq_policies *policies = csq_rules_policies(rules);
    assert_status(CSQ_OK, csq_policies_find_metric(policies, csq_str_of(metric), &index, NULL));
    csq_answer answer = {0};
    answer.size = sizeof answer;
    assert_status(CSQ_OK, csq_policies_answer(policies, ticket, index, now, &answer, NULL));
    return answer;
}

#endif
