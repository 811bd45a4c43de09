/*
 * scalar — the texts inside a document that mean a quantity: durations, times, dates, hours.
 *
 * A duration is a chain of numbers with units, from large to small: "1h30m", "2d", "132.47h". "d"
 * is 24 hours of the clock that counts, not a day of the calendar. It must come to whole
 * milliseconds. The canonical form has hours as its largest unit, because that is how targets are
 * spoken of, and leaves out what is 0.
 *
 * Uses: base, time, text.
 */
#include "rules/rules_internal.h"

typedef struct duration_unit {
    csq_str name;
    int64_t ms;
} duration_unit;

enum { DURATION_UNITS = 5 };

/* The unit that `text` begins with, of those after the first `from`; DURATION_UNITS for none. */
static size_t duration_unit_of(csq_str text, size_t from, duration_unit *unit)
{
    const duration_unit units[DURATION_UNITS] = {
        {CSQ__STR("d"), 86400000}, {CSQ__STR("h"), 3600000}, {CSQ__STR("m"), 60000},
        {CSQ__STR("s"), 1000},     {CSQ__STR("ms"), 1},
    };
    size_t found = DURATION_UNITS;
    for (size_t i = from; i < DURATION_UNITS; i++) {
        const csq_str name = units[i].name;
        // "ms" stands behind "m" and takes its place.
        if (text.size >= name.size && memcmp(text.data, name.data, (size_t)name.size) == 0) {
            *unit = units[i];
            found = i;
        }
    }
    return found;
}

static bool duration_is_digit(csq_str text, size_t at)
{
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

/* The plain decimal (digits, perhaps a point and digits) that begins at `*at`. */
static csq_status duration_number(csq_str text, size_t *at, csq__decimal *out)
{
    size_t end = *at;
    while (duration_is_digit(text, end)) {
        end++;
    }
    if (end == *at) {
        return CSQ_ERULE;
    }
    if (end < text.size && text.data[end] == '.' && duration_is_digit(text, end + 1)) {
        do {
            end++;
        } while (duration_is_digit(text, end));
    }
    while (*at + 1 < end && text.data[*at] == '0' && duration_is_digit(text, *at + 1)) {
        ++*at;
    }
    size_t used;
    const csq_str digits = {text.data + *at, end - *at};
    const csq_status status = csq__decimal_read(digits, &used, out);
    *at = end;
    return status == CSQ_EJSON ? CSQ_ERULE : status;
}

csq_status csq__duration_parse(csq_str text, csq_ms *out)
{
    const bool is_negative = text.size > 0 && text.data[0] == '-';
    size_t at = is_negative ? 1 : 0;
    size_t next_unit = 0;
    int64_t sum = 0;
    do {
        csq__decimal number;
        duration_unit unit = {{NULL, 0}, 0};
        csq_status status = duration_number(text, &at, &number);
        if (status != CSQ_OK) {
            return status;
        }
        const csq_str rest = {text.data + at, text.size - at};
        const size_t found = duration_unit_of(rest, next_unit, &unit);
        if (found == DURATION_UNITS) {
            return CSQ_ERULE;
        }
        next_unit = found + 1;
        at += (size_t)unit.name.size;
        int64_t part;
        status = csq__decimal_times(number, unit.ms, &part);
        if (status != CSQ_OK) {
            return status;
        }
        if (!csq__add(sum, part, &sum)) {
            return CSQ_EOVERFLOW;
        }
    } while (at < text.size);
    *out = is_negative ? -sum : sum;
    return CSQ_OK;
}

size_t csq__duration_format(csq_ms duration, char *out)
{
    static const struct {
        int64_t ms;
        char name[3];
    } units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
    if (duration == 0) {
        memcpy(out, "0s", 2);
        return 2;
    }
    size_t n = 0;
    if (duration < 0) {
        out[n++] = '-';
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const int64_t count = duration / units[i].ms;
        duration %= units[i].ms;
        if (count != 0) {
            n += csq__format_integer(count < 0 ? -count : count, out + n);
            const size_t size = strlen(units[i].name);
            memcpy(out + n, units[i].name, size);
            n += size;
        }
    }
    return n;
}

/* ---- nodes --------------------------------------------------------------------------------- */

csq_status csq__read_duration(const csq__document *document, uint32_t node, csq_status too_large,
                              csq_ms *out, csq_error *error)
{
    switch (csq__duration_parse(csq__json_text(&document->json, node), out)) {
    case CSQ_OK:
        return CSQ_OK;
    case CSQ_ENUMBER:
        return csq__fail_value_as(document, node, CSQ_ENUMBER, "a whole number of milliseconds",
                                  error);
    case CSQ_EOVERFLOW:
        return csq__fail_value_as(document, node, too_large, "fewer than 2^63 milliseconds", error);
    default:
        return csq__fail_value_as(document, node, CSQ_ERULE,
                                  "a duration such as \"30m\", \"1h30m\" or \"132.47h\"", error);
    }
}

csq_status csq__read_clock(const csq__document *document, uint32_t node, csq_ms *out,
                           csq_error *error)
{
    const csq_str text = csq__json_text(&document->json, node);
    if (csq_clock_parse(text, 2 * CSQ__DAY_MS, out, NULL) == CSQ_OK) {
        return CSQ_OK;
    }
    return csq__fail_value_as(document, node, CSQ_EDATE,
                              "a time of day from \"00:00\" to \"48:00\"", error);
}

csq_status csq__read_date(const csq__document *document, uint32_t node, bool is_key, int32_t *out,
                          csq_error *error)
{
    const csq_str text =
        is_key ? csq__json_key(&document->json, node) : csq__json_text(&document->json, node);
    if (csq_date_parse(text, out, NULL) == CSQ_OK) {
        return CSQ_OK;
    }
    csq__fail(error, CSQ_EDATE,
              CSQ__TEXT("expected a date that exists, such as \"2026-10-01\", "
                        "found \""),
              CSQ__VIEW(text), CSQ__TEXT("\""));
    return is_key ? csq__placed_key(document, node, CSQ_EDATE, error)
                  : csq__placed(document, node, CSQ_EDATE, error);
}

csq_status csq__read_instant(const csq__document *document, uint32_t node, csq_ms *out,
                             csq_error *error)
{
    if (csq_instant_parse(csq__json_text(&document->json, node), out, NULL) == CSQ_OK) {
        return CSQ_OK;
    }
    return csq__fail_value_as(document, node, CSQ_EDATE,
                              "an instant such as \"2026-07-01T00:00:00+08:00\"", error);
}

static csq_status hours_fail(const csq__document *document, uint32_t node, csq_error *error)
{
    return csq__fail_value_as(document, node, CSQ_EDATE, "hours such as \"09:00-17:00\"", error);
}

csq_status csq__read_hours(const csq__document *document, uint32_t node, csq_interval *out,
                           csq_error *error)
{
    const csq_str text = csq__json_text(&document->json, node);
    size_t dash = 0;
    while (dash < text.size && text.data[dash] != '-') {
        dash++;
    }
    if (dash == text.size) {
        return hours_fail(document, node, error);
    }
    const csq_ms limit = 2 * CSQ__DAY_MS;
    const csq_str from = {text.data, dash};
    const csq_str to = {text.data + dash + 1, text.size - dash - 1};
    csq_interval hours;
    if (csq_clock_parse(from, limit, &hours.from, NULL) != CSQ_OK ||
        csq_clock_parse(to, limit, &hours.to, NULL) != CSQ_OK) {
        return hours_fail(document, node, error);
    }
    if (hours.to <= hours.from) {
        return csq__fail_value_as(
            document, node, CSQ_EINTERVAL,
            "hours that end after their start (past midnight: \"22:00-30:00\")", error);
    }
    *out = hours;
    return CSQ_OK;
}
