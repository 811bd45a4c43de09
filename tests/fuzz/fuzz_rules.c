/*
 * fuzz_rules — any bytes as a rule document: an error lies inside the text, and what is read can be
 * written, read again and written to the same text, and advised on.
 */
#include <stdlib.h>
#include <string.h>

#include "csq/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds) {
        abort();
    }
}

static csq_rules *read_text(csq_schema *schema, csq_str text)
{
    csq_rules_options options = {0};
    options.size = sizeof options;
    options.text_limit = 1 << 20;
    csq_rules *rules;
    csq_error error;
    const csq_status status = csq_rules_read(schema, text, &options, NULL, &rules, &error);
    require((status == CSQ_OK) == (rules != NULL));
    if (status != CSQ_OK) {
        require(error.code == status && error.message[0] != '\0');
        require(error.byte <= (int64_t)text.size);
    }
    return rules;
}

static char *write_text(const csq_rules *rules, uint64_t *size)
{
    *size = 0;
    require(csq_rules_write(rules, NULL, size, NULL) == CSQ_OK);
    char *text = malloc((size_t)*size);
    require(text != NULL);
    require(csq_rules_write(rules, text, size, NULL) == CSQ_OK);
    return text;
}

static void check_rules(csq_schema *schema, const csq_rules *rules)
{
    uint64_t size;
    uint64_t again_size;
    char *text = write_text(rules, &size);
    csq_rules *again = read_text(schema, (csq_str){text, size});
    require(again != NULL);
    char *again_text = write_text(again, &again_size);
    require(size == again_size && memcmp(text, again_text, (size_t)size) == 0);
    require(csq_policies_fingerprint(csq_rules_policies(rules)) ==
            csq_policies_fingerprint(csq_rules_policies(again)));
    free(again_text);
    free(text);
    csq_rules_free(again);
    csq_lint *lint;
    require(csq_rules_lint(rules, NULL, &lint, NULL) == CSQ_OK);
    for (uint64_t i = 0; i < csq_lint_count(lint); i++) {
        csq_advice advice = {0};
        advice.size = sizeof advice;
        require(csq_lint_at(lint, i, &advice, NULL) == CSQ_OK && advice.message.size > 0);
    }
    csq_lint_free(lint);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    csq_schema *schema;
    require(csq_ticket_schema_new(1, NULL, &schema, NULL) == CSQ_OK);
    csq_rules *rules = read_text(schema, (csq_str){(const char *)data, size});
    if (rules != NULL) {
        check_rules(schema, rules);
        csq_rules_free(rules);
    }
    csq_schema_free(schema);
    return 0;
}
