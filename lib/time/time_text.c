/*
 * time_text — dates, times of day and instants as text, both ways.
 *
 * Forms: ISO 8601 extended dates and times, and RFC 3339 for instants; each form has one length for
 * each part and nothing may stand before or after it. Years in text are 0000 to 9999.
 *
 * Uses: base.
 */
#include "time/zone_parts.h"

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct time_text {
    csq_str text;
    uint64_t at;
    csq_error *error;
} time_text;

csq_status csq__fail_expected(csq_str text, uint64_t at, csq_status code, const char *expected,
                              csq_error *error)
{
    const csq_str wanted = csq_str_of(expected);
    const int c = at < text.size ? (unsigned char)text.data[at] : -1;
    const char quoted[3] = {'\'', (char)c, '\''};
    if (c < 0) {
        csq__fail(error, code, CSQ__TEXT("expected "), CSQ__VIEW(wanted),
                  CSQ__TEXT(", found the end"));
    } else if (c < 0x20 || c > 0x7E) {
        csq__fail(error, code, CSQ__TEXT("expected "), CSQ__VIEW(wanted),
                  CSQ__TEXT(", found byte "), CSQ__NUMBER(c));
    } else {
        csq__fail(error, code, CSQ__TEXT("expected "), CSQ__VIEW(wanted), CSQ__TEXT(", found "),
                  CSQ__VIEW(((csq_str){quoted, sizeof quoted})));
    }
    csq__error_byte(error, at);
    return code;
}

static csq_status time_expected(const time_text *in, const char *expected)
{
    return csq__fail_expected(in->text, in->at, CSQ_EDATE, expected, in->error);
}

static bool time_take(time_text *in, char expected)
{
    if (in->at >= in->text.size || in->text.data[in->at] != expected) {
        return false;
    }
    in->at++;
    return true;
}

/* Reads exactly `n` digits, at most `most`. */
static csq_status time_digits(time_text *in, uint64_t n, int32_t most, const char *expected,
                              int32_t *out)
{
    const uint64_t start = in->at;
    int32_t value = 0;
    for (; in->at < start + n; in->at++) {
        if (in->at >= in->text.size || in->text.data[in->at] < '0' ||
            in->text.data[in->at] > '9') {
            return time_expected(in, expected);
        }
        value = value * 10 + (in->text.data[in->at] - '0');
    }
    if (value > most) {
        in->at = start;
        return time_expected(in, expected);
    }
    *out = value;
    return CSQ_OK;
}

static csq_status time_read_date(time_text *in, int32_t *days)
{
    const uint64_t start = in->at;
    int32_t year = 0;
    int32_t month = 0;
    int32_t day = 0;
    csq_status status = time_digits(in, 4, 9999, "four digits of the year", &year);
    if (status == CSQ_OK && !time_take(in, '-')) {
        status = time_expected(in, "'-'");
    }
    if (status == CSQ_OK) {
        status = time_digits(in, 2, 99, "two digits of the month", &month);
    }
    if (status == CSQ_OK && !time_take(in, '-')) {
        status = time_expected(in, "'-'");
    }
    if (status == CSQ_OK) {
        status = time_digits(in, 2, 99, "two digits of the day", &day);
    }
    if (status != CSQ_OK) {
        return status;
    }
    status = csq_date_to_days(year, month, day, days, in->error);
    if (status != CSQ_OK) {
        csq__error_byte(in->error, start + (month < 1 || month > 12 ? 5 : 8));
    }
    return status;
}

/* Reads a fraction of one to three digits behind the point as milliseconds. */
static csq_status time_read_fraction(time_text *in, csq_ms *out)
{
    csq_ms scale = 100;
    csq_ms value = 0;
    int32_t digit = 0;
    csq_status status = time_digits(in, 1, 9, "a digit of the fraction", &digit);
    while (status == CSQ_OK) {
        value += digit * scale;
        scale /= 10;
        if (in->at >= in->text.size || in->text.data[in->at] < '0' ||
            in->text.data[in->at] > '9') {
            *out = value;
            return CSQ_OK;
        }
        status = scale == 0 ? time_expected(in, "at most three digits of fraction")
                            : time_digits(in, 1, 9, "a digit", &digit);
    }
    return status;
}

/* Reads "HH:MM[:SS[.fff]]", minutes and seconds below 60. */
static csq_status time_read_clock(time_text *in, int32_t hour_limit, const char *hours,
                                  bool needs_seconds, csq_ms *out)
{
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    csq_ms fraction = 0;
    csq_status status = time_digits(in, 2, hour_limit, hours, &hour);
    if (status == CSQ_OK && !time_take(in, ':')) {
        status = time_expected(in, "':' and minutes");
    }
    if (status == CSQ_OK) {
        status = time_digits(in, 2, 59, "minutes from 00 to 59", &minute);
    }
    if (status == CSQ_OK && time_take(in, ':')) {
        status = time_digits(in, 2, 59, "seconds from 00 to 59", &second);
        if (status == CSQ_OK && time_take(in, '.')) {
            status = time_read_fraction(in, &fraction);
        }
    } else if (status == CSQ_OK && needs_seconds) {
        status = time_expected(in, "':' and seconds");
    }
    if (status == CSQ_OK) {
        *out = hour * CSQ__HOUR_MS + minute * CSQ__MINUTE_MS + second * CSQ__SECOND_MS + fraction;
    }
    return status;
}

/* Reads "Z" or "+HH:MM" as milliseconds ahead of UTC. */
static csq_status time_read_offset(time_text *in, csq_ms *out)
{
    if (time_take(in, 'Z') || time_take(in, 'z')) {
        *out = 0;
        return CSQ_OK;
    }
    const bool is_west = time_take(in, '-');
    if (!is_west && !time_take(in, '+')) {
        return time_expected(in, "'Z', '+' or '-' and an offset");
    }
    int32_t hour = 0;
    int32_t minute = 0;
    csq_status status = time_digits(in, 2, 23, "hours from 00 to 23", &hour);
    if (status == CSQ_OK && !time_take(in, ':')) {
        status = time_expected(in, "':' and minutes");
    }
    if (status == CSQ_OK) {
        status = time_digits(in, 2, 59, "minutes from 00 to 59", &minute);
    }
    if (status == CSQ_OK) {
        const csq_ms offset = hour * CSQ__HOUR_MS + minute * CSQ__MINUTE_MS;
        *out = is_west ? -offset : offset;
    }
    return status;
}

static csq_status time_check_text(csq_str text, const void *out, csq_error *error)
{
    if (text.size > 0 && text.data == NULL) {
        return csq__fail_null(error, "text");
    }
    return out == NULL ? csq__fail_null(error, "out") : CSQ_OK;
}

static csq_status time_read_end(const time_text *in)
{
    return in->at == in->text.size ? CSQ_OK : time_expected(in, "the end");
}

csq_status csq_date_parse(csq_str text, int32_t *days, csq_error *error)
{
    csq_status status = time_check_text(text, days, error);
    time_text in = {text, 0, error};
    int32_t value = 0;
    if (status == CSQ_OK) {
        status = time_read_date(&in, &value);
    }
    if (status == CSQ_OK) {
        status = time_read_end(&in);
    }
    if (status == CSQ_OK) {
        *days = value;
    }
    return status;
}

csq_status csq_clock_parse(csq_str text, csq_ms limit, csq_ms *out, csq_error *error)
{
    csq_status status = time_check_text(text, out, error);
    if (status == CSQ_OK && (limit < 1 || limit > 2 * CSQ__DAY_MS)) {
        status = csq__fail(error, CSQ_EINVAL,
                           CSQ__TEXT("expected a limit from 1 to 172800000 ms, found "),
                           CSQ__NUMBER(limit));
    }
    time_text in = {text, 0, error};
    csq_ms value = 0;
    if (status == CSQ_OK) {
        status = time_read_clock(&in, 48, "hours from 00 to 48", false, &value);
    }
    if (status == CSQ_OK) {
        status = time_read_end(&in);
    }
    if (status == CSQ_OK && value > limit) {
        char shown[CSQ_CLOCK_TEXT] = "";
        (void)csq_clock_format(limit, shown, sizeof shown, NULL);
        csq__fail(error, CSQ_EDATE, CSQ__TEXT("expected a time up to "),
                  CSQ__VIEW(csq_str_of(shown)), CSQ__TEXT(", found "), CSQ__VIEW(text));
        csq__error_byte(error, 0);
        status = CSQ_EDATE;
    }
    if (status == CSQ_OK) {
        *out = value;
    }
    return status;
}

csq_status csq_instant_parse(csq_str text, csq_ms *out, csq_error *error)
{
    csq_status status = time_check_text(text, out, error);
    time_text in = {text, 0, error};
    int32_t days = 0;
    csq_ms clock = 0;
    csq_ms offset = 0;
    if (status == CSQ_OK) {
        status = time_read_date(&in, &days);
    }
    if (status == CSQ_OK && !time_take(&in, 'T') && !time_take(&in, 't')) {
        status = time_expected(&in, "'T' and a time");
    }
    if (status == CSQ_OK) {
        status = time_read_clock(&in, 23, "hours from 00 to 23", true, &clock);
    }
    if (status == CSQ_OK) {
        status = time_read_offset(&in, &offset);
    }
    if (status == CSQ_OK) {
        status = time_read_end(&in);
    }
    if (status == CSQ_OK) {
        *out = days * CSQ__DAY_MS + clock - offset;
    }
    return status;
}

/* ---- writing ------------------------------------------------------------------------------- */

size_t csq__digits_format(int64_t value, size_t n, char *out)
{
    for (size_t i = n; i > 0; i--) {
        out[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return n;
}

size_t csq__offset_format(int32_t offset_s, char *out)
{
    const int32_t distance = offset_s < 0 ? -offset_s : offset_s;
    size_t n = 0;
    out[n++] = offset_s < 0 ? '-' : '+';
    n += csq__digits_format(distance / 3600, 2, out + n);
    out[n++] = ':';
    n += csq__digits_format(distance / 60 % 60, 2, out + n);
    if (distance % 60 != 0) {
        out[n++] = ':';
        n += csq__digits_format(distance % 60, 2, out + n);
    }
    return n;
}

size_t csq__civil_format(csq__civil civil, char *out)
{
    size_t n = 0;
    if (civil.year < 0) {
        out[n++] = '-';
    }
    n += csq__digits_format(civil.year < 0 ? -civil.year : civil.year, 4, out + n);
    out[n++] = '-';
    n += csq__digits_format(civil.month, 2, out + n);
    out[n++] = '-';
    return n + csq__digits_format(civil.day, 2, out + n);
}

/* "HH:MM", with seconds and fraction where they are not 0 or asked for. */
static size_t time_write_clock(csq_ms clock, bool with_seconds, char *out)
{
    const csq_ms second = clock / CSQ__SECOND_MS % 60;
    const csq_ms fraction = clock % CSQ__SECOND_MS;
    size_t n = csq__digits_format(clock / CSQ__HOUR_MS, 2, out);
    out[n++] = ':';
    n += csq__digits_format(clock / CSQ__MINUTE_MS % 60, 2, out + n);
    if (with_seconds || second != 0 || fraction != 0) {
        out[n++] = ':';
        n += csq__digits_format(second, 2, out + n);
    }
    if (fraction != 0) {
        out[n++] = '.';
        n += csq__digits_format(fraction, 3, out + n);
    }
    return n;
}

/* Hands out `n` bytes and a NUL. */
static csq_status time_write_out(const char *bytes, size_t n, char *text, uint64_t capacity,
                                 csq_error *error)
{
    if (text == NULL) {
        return csq__fail_null(error, "text");
    }
    if (capacity < n + 1) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("the text needs "),
                         CSQ__NUMBER((int64_t)n + 1), CSQ__TEXT(" bytes, there is room for "),
                         CSQ__NUMBER((int64_t)capacity));
    }
    memcpy(text, bytes, n);
    text[n] = '\0';
    return CSQ_OK;
}

/* The date of a day whose year text can show. */
static csq_status time_civil(int64_t days, csq__civil *out, csq_error *error)
{
    if (csq__day_is_public(days)) {
        *out = csq__civil_of_days(days);
        if (out->year >= 0) {
            return CSQ_OK;
        }
    }
    return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("day "), CSQ__NUMBER(days),
                     CSQ__TEXT(" is outside the years 0000 to 9999 that text can show"));
}

csq_status csq_date_format(int32_t days, char *text, uint64_t capacity, csq_error *error)
{
    csq__civil civil;
    const csq_status status = time_civil(days, &civil, error);
    if (status != CSQ_OK) {
        return status;
    }
    char bytes[CSQ_DATE_TEXT];
    return time_write_out(bytes, csq__civil_format(civil, bytes), text, capacity, error);
}

csq_status csq_clock_format(csq_ms clock, char *text, uint64_t capacity, csq_error *error)
{
    if (clock < 0 || clock > 2 * CSQ__DAY_MS) {
        return csq__fail(error, CSQ_ERANGE,
                         CSQ__TEXT("expected a time of day from 0 to 172800000 ms, found "),
                         CSQ__NUMBER(clock));
    }
    char bytes[CSQ_CLOCK_TEXT];
    return time_write_out(bytes, time_write_clock(clock, false, bytes), text, capacity, error);
}

csq_status csq_instant_format(csq_ms at, const csq_zone *zone, char *text, uint64_t capacity,
                              csq_error *error)
{
    csq__offset_span span = {INT64_MIN, INT64_MAX, 0};
    csq_status status = zone == NULL ? CSQ_OK : csq__zone_span(zone, at, &span, error);
    if (status != CSQ_OK) {
        return status;
    }
    const bool is_utc = zone == NULL || span.offset_s % 60 != 0 || span.offset_s <= -86400 ||
                        span.offset_s >= 86400;
    const int32_t offset_s = is_utc ? 0 : span.offset_s;
    const csq_ms local = csq__add_saturated(at, offset_s * CSQ__SECOND_MS);
    csq__civil civil;
    status = time_civil(csq__day_of_local(local), &civil, error);
    if (status != CSQ_OK) {
        return status;
    }
    char bytes[CSQ_INSTANT_TEXT];
    size_t n = csq__civil_format(civil, bytes);
    bytes[n++] = 'T';
    n += time_write_clock(csq__mod_floor(local, CSQ__DAY_MS), true, bytes + n);
    if (is_utc) {
        bytes[n++] = 'Z';
    } else {
        n += csq__offset_format(offset_s, bytes + n);
    }
    return time_write_out(bytes, n, text, capacity, error);
}
