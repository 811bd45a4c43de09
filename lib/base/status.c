/*
 * status — names and meanings of the status codes, and the version of the library.
 *
 * Uses: base.
 */
#include "base/base_internal.h"

const char *csq_status_name(int32_t status)
{
    switch (status) {
#define STATUS_NAME(name, number, text)                                                            \
    case number:                                                                                   \
        return "CSQ_" #name;
        CSQ_STATUS_LIST(STATUS_NAME)
#undef STATUS_NAME
    default:
        return "CSQ_EUNKNOWN";
    }
}

const char *csq_status_text(int32_t status)
{
    switch (status) {
#define STATUS_TEXT(name, number, text)                                                            \
    case number:                                                                                   \
        return text;
        CSQ_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    default:
        return "a code that this library does not know";
    }
}

const char *csq_version(void)
{
    return "0.1.0"; // a test compares it with the enumerators and the build file
}

uint32_t csq_abi_number(void)
{
    return CSQ_ABI_NUMBER;
}

csq_ms csq_ms_none(void)
{
    return CSQ_MS_NONE;
}

csq_str csq_str_of(const char *text)
{
    return (csq_str){text, text == NULL ? 0 : strlen(text)};
}
