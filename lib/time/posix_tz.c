/*
 * posix_tz — POSIX TZ strings: reading them, and the span that a rule gives around an instant.
 *
 * Grammar: POSIX.1-2024, Base Definitions 8.3 (whose transition hours go from -167 to 167, as those
 * of RFC 9636, section 3.3.2). Daylight saving time lasts from the start of a year to the end
 * of that year or, where that comes before the start (southern order), to the end of the next;
 * stretches that touch are one, which is how "all year" is written. Rules repeat every 400 years,
 * so any instant is moved into 1970 to 2369.
 *
 * Uses: base.
 */
#include "time/zone_parts.h"

enum { POSIX_NAME_LEAST = 3, POSIX_HOUR_LIMIT = 24, POSIX_RULE_HOUR_LIMIT = 167 };

#define POSIX_CYCLE_S INT64_C(12622780800) /* 400 years */

/* ---- reading ------------------------------------------------------------------------------- */

typedef struct posix_text {
    csq_str text;
    uint64_t at;
    csq_error *error;
} posix_text;

/* The byte under the cursor, or -1 at the end. */
static int posix_peek(const posix_text *in)
{
    return in->at < in->text.size ? (unsigned char)in->text.data[in->at] : -1;
}

static bool posix_take(posix_text *in, char expected)
{
    if (posix_peek(in) != expected) {
        return false;
    }
    in->at++;
    return true;
}

static bool posix_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool posix_is_letter(int c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Fails at the cursor: "expected …, found …". */
static csq_status posix_expected(const posix_text *in, const char *expected)
{
    return csq__fail_expected(in->text, in->at, CSQ_EPOSIXTZ, expected, in->error);
}

/* Reads a number of at most `digits` digits whose value is `least` to `most`. */
static csq_status posix_number(posix_text *in, int digits, int32_t least, int32_t most,
                               const char *expected, int32_t *out)
{
    const uint64_t start = in->at;
    int32_t value = 0;
    int n = 0;
    while (n < digits && posix_is_digit(posix_peek(in))) {
        value = value * 10 + (posix_peek(in) - '0');
        in->at++;
        n++;
    }
    if (n == 0 || posix_is_digit(posix_peek(in)) || value < least || value > most) {
        in->at = n == 0 ? in->at : start;
        return posix_expected(in, expected);
    }
    *out = value;
    return CSQ_OK;
}

/* Reads the "mm" or "ss" behind a ':': exactly two digits. */
static csq_status posix_sixtieth(posix_text *in, int32_t *out)
{
    const uint64_t start = in->at;
    const csq_status status =
        posix_number(in, 2, 0, 59, "two digits from 00 to 59 after ':'", out);
    if (status == CSQ_OK && in->at - start != 2) {
        in->at = start;
        return posix_expected(in, "two digits from 00 to 59 after ':'");
    }
    return status;
}

/* Reads "[+-]hh[:mm[:ss]]" as seconds. */
static csq_status posix_time(posix_text *in, int32_t hour_limit, const char *expected,
                             int32_t *out)
{
    const bool is_negative = posix_take(in, '-');
    if (!is_negative) {
        (void)posix_take(in, '+');
    }
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    csq_status status =
        posix_number(in, hour_limit > 99 ? 3 : 2, 0, hour_limit, expected, &hour);
    if (status == CSQ_OK && posix_take(in, ':')) {
        status = posix_sixtieth(in, &minute);
        if (status == CSQ_OK && posix_take(in, ':')) {
            status = posix_sixtieth(in, &second);
        }
    }
    if (status == CSQ_OK) {
        const int32_t value = hour * 3600 + minute * 60 + second;
        *out = is_negative ? -value : value;
    }
    return status;
}

static csq_status posix_name(posix_text *in, const char *expected, char *out)
{
    const bool is_quoted = posix_take(in, '<');
    const uint64_t start = in->at;
    int c = posix_peek(in);
    while (posix_is_letter(c) ||
           (is_quoted && (posix_is_digit(c) || c == '+' || c == '-'))) {
        in->at++;
        c = posix_peek(in);
    }
    const uint64_t n = in->at - start;
    if (n == 0) {
        return posix_expected(in, expected);
    }
    if (n < POSIX_NAME_LEAST) {
        return posix_expected(in, "at least three letters of a name");
    }
    if (n > CSQ_ZONE_ABBREVIATION_LIMIT) {
        in->at = start + CSQ_ZONE_ABBREVIATION_LIMIT;
        return posix_expected(in, "a name of at most 15 bytes");
    }
    if (is_quoted && !posix_take(in, '>')) {
        return posix_expected(in, "a letter, digit, '+', '-' or '>' in a quoted name");
    }
    memset(out, 0, CSQ_ZONE_ABBREVIATION_LIMIT + 1);
    memcpy(out, in->text.data + start, (size_t)n);
    return CSQ_OK;
}

static csq_status posix_month_date(posix_text *in, csq__rule_date *out)
{
    csq_status status = posix_number(in, 2, 1, 12, "a month from 1 to 12", &out->month);
    if (status != CSQ_OK) {
        return status;
    }
    if (!posix_take(in, '.')) {
        return posix_expected(in, "'.' and a week");
    }
    status = posix_number(in, 1, 1, 5, "a week from 1 to 5", &out->week);
    if (status != CSQ_OK) {
        return status;
    }
    if (!posix_take(in, '.')) {
        return posix_expected(in, "'.' and a weekday");
    }
    return posix_number(in, 1, 0, 6, "a weekday from 0 to 6", &out->day);
}

/* Reads "date[/time]"; without a time it is 02:00. */
static csq_status posix_rule(posix_text *in, csq__rule_date *out)
{
    *out = (csq__rule_date){.time_s = 2 * 3600};
    csq_status status;
    if (posix_take(in, 'M')) {
        out->kind = CSQ__RULE_WEEKDAY;
        status = posix_month_date(in, out);
    } else if (posix_take(in, 'J')) {
        out->kind = CSQ__RULE_JULIAN;
        status = posix_number(in, 3, 1, 365, "a day from 1 to 365 after 'J'", &out->day);
    } else {
        out->kind = CSQ__RULE_ORDINAL;
        status = posix_number(in, 3, 0, 365, "a date: Mm.w.d, Jn, or n from 0 to 365", &out->day);
    }
    if (status == CSQ_OK && posix_take(in, '/')) {
        status = posix_time(in, POSIX_RULE_HOUR_LIMIT, "an hour from 0 to 167", &out->time_s);
    }
    return status;
}

/* Reads the offset, which POSIX counts positive to the west. */
static csq_status posix_offset(posix_text *in, int32_t *out)
{
    int32_t west;
    const csq_status status = posix_time(in, POSIX_HOUR_LIMIT, "an hour from 0 to 24", &west);
    if (status == CSQ_OK) {
        *out = -west;
    }
    return status;
}

static csq_status posix_daylight(posix_text *in, csq__posix_tz *out)
{
    csq_status status = posix_name(
        in, "the end or the name of daylight saving time", out->daylight.abbreviation);
    if (status != CSQ_OK) {
        return status;
    }
    out->daylight.offset_s = out->standard.offset_s + 3600;
    if (posix_peek(in) >= 0 && posix_peek(in) != ',') {
        status = posix_offset(in, &out->daylight.offset_s);
        if (status != CSQ_OK) {
            return status;
        }
    }
    if (!posix_take(in, ',')) {
        return posix_expected(in, "',' and the rule for daylight saving time, which POSIX leaves "
                                  "to the implementation when it is missing");
    }
    status = posix_rule(in, &out->start);
    if (status == CSQ_OK && !posix_take(in, ',')) {
        status = posix_expected(in, "',' and the end of daylight saving time");
    }
    return status == CSQ_OK ? posix_rule(in, &out->end) : status;
}

csq_status csq__posix_parse(csq_str text, csq__posix_tz *out, csq_error *error)
{
    posix_text in = {text, 0, error};
    csq__posix_tz tz = {.daylight.is_daylight = 1};
    if (posix_peek(&in) == ':') {
        return posix_expected(&in, "a name; ':' and a file name is not portable");
    }
    csq_status status = posix_name(&in, "the name of standard time", tz.standard.abbreviation);
    if (status == CSQ_OK) {
        status = posix_offset(&in, &tz.standard.offset_s);
    }
    if (status == CSQ_OK && posix_peek(&in) >= 0) {
        tz.has_daylight = true;
        status = posix_daylight(&in, &tz);
    }
    if (status == CSQ_OK && posix_peek(&in) >= 0) {
        status = posix_expected(&in, "the end");
    }
    if (status == CSQ_OK) {
        *out = tz;
    }
    return status;
}

/* ---- the rule around an instant ------------------------------------------------------------ */

/* A stretch of daylight saving time in seconds since 1970, [from, until). */
typedef struct posix_stretch {
    int64_t from;
    int64_t until;
} posix_stretch;

/* The day number of a rule's date in a year. */
static int64_t posix_rule_day(const csq__rule_date *rule, int64_t year)
{
    static const int32_t before_month[] = {0,   31,  59,  90,  120, 151,
                                           181, 212, 243, 273, 304, 334};
    const bool is_leap = csq__is_leap_year(year);
    const int64_t past = year - 1; // 1 January 1970 is day 0, and 719162 days after that of year 1
    const int64_t new_year = past * 365 + past / 4 - past / 100 + past / 400 - 719162;
    if (rule->kind == CSQ__RULE_ORDINAL) {
        return new_year + rule->day;
    }
    if (rule->kind == CSQ__RULE_JULIAN) {
        return new_year + rule->day - (is_leap && rule->day >= 60 ? 0 : 1);
    }
    const int64_t first =
        new_year + before_month[rule->month - 1] + (is_leap && rule->month > 2 ? 1 : 0);
    const int64_t weekday_of_first = csq__weekday_of_days(first) % 7;
    const int64_t day = csq__mod_floor(rule->day - weekday_of_first, 7) + 7 * (rule->week - 1);
    return first + (day < csq__days_in_month(year, rule->month) ? day : day - 7);
}

static int64_t posix_start(const csq__posix_tz *tz, int64_t year)
{
    return posix_rule_day(&tz->start, year) * 86400 + tz->start.time_s - tz->standard.offset_s;
}

static int64_t posix_end(const csq__posix_tz *tz, int64_t year)
{
    return posix_rule_day(&tz->end, year) * 86400 + tz->end.time_s - tz->daylight.offset_s;
}

/* The stretch that begins in a year of the rule; it may be empty. */
static posix_stretch posix_stretch_of(const csq__posix_tz *tz, int64_t year)
{
    const int64_t from = posix_start(tz, year);
    int64_t until = posix_end(tz, year);
    // The start may lie in January of the year after, and the end of that year before it still.
    for (int64_t y = year + 1; until < from && y <= year + 2; y++) {
        until = posix_end(tz, y);
    }
    return (posix_stretch){from, until};
}

static const posix_stretch posix_always = {INT64_MIN, INT64_MAX};

/* Joins to the stretch of `year` all those that touch it; `posix_always` if they go on for ever. */
static posix_stretch posix_join(const csq__posix_tz *tz, int64_t year)
{
    posix_stretch joined = posix_stretch_of(tz, year);
    for (int64_t y = year - 1; y >= year - 400; y--) {
        const posix_stretch before = posix_stretch_of(tz, y);
        if (before.until < joined.from || before.from == before.until) {
            break;
        }
        joined.from = before.from;
    }
    for (int64_t y = year + 1; y <= year + 400; y++) {
        const posix_stretch after = posix_stretch_of(tz, y);
        if (after.from > joined.until || after.from == after.until) {
            break;
        }
        joined.until = after.until > joined.until ? after.until : joined.until;
    }
    return joined.until - joined.from > POSIX_CYCLE_S ? posix_always : joined;
}

/* The stretch of standard time around `at`, which no stretch of daylight saving time holds. */
static posix_stretch posix_standard(const csq__posix_tz *tz, int64_t at, int64_t year)
{
    posix_stretch standard = posix_always;
    for (int64_t y = year + 1; y >= year - 402 && standard.from == INT64_MIN; y--) {
        const posix_stretch daylight = posix_stretch_of(tz, y);
        if (daylight.from < daylight.until && daylight.until <= at) {
            standard.from = daylight.until;
        }
    }
    for (int64_t y = year - 2; y <= year + 402 && standard.until == INT64_MAX; y++) {
        const posix_stretch daylight = posix_stretch_of(tz, y);
        if (daylight.from < daylight.until && daylight.from > at) {
            standard.until = daylight.from;
        }
    }
    return standard;
}

static csq_ms posix_ms(int64_t seconds, int64_t shift_s)
{
    csq_ms ms;
    if (seconds == INT64_MIN || seconds == INT64_MAX) {
        return seconds;
    }
    if (csq__mul(seconds + shift_s, CSQ__SECOND_MS, &ms)) {
        return ms;
    }
    return shift_s < 0 ? INT64_MIN : INT64_MAX;
}

/* Years around that of an instant whose stretches can hold it or come next to it. Times of at most
 * a week and offsets of a day keep a change within nine days of its year. */
enum { POSIX_YEARS_BEFORE = 2, POSIX_YEARS = 4 };

/* The stretch of daylight saving time that holds `at`, if one of these years does. */
static bool posix_find_daylight(const csq__posix_tz *tz, const posix_stretch *near, int64_t at,
                                int64_t first_year, posix_stretch *out)
{
    for (int i = 0; i < POSIX_YEARS; i++) {
        if (near[i].from > at || at >= near[i].until) {
            continue;
        }
        const bool stands_alone = i > 0 && i + 1 < POSIX_YEARS &&
                                  near[i - 1].until < near[i].from &&
                                  near[i].until < near[i + 1].from;
        *out = stands_alone ? near[i] : posix_join(tz, first_year + i);
        return true;
    }
    return false;
}

/* The stretch of standard time between those of daylight saving time. */
static posix_stretch posix_find_standard(const csq__posix_tz *tz, const posix_stretch *near,
                                         int64_t at, int64_t first_year)
{
    posix_stretch found = posix_always;
    for (int i = 0; i < POSIX_YEARS; i++) {
        if (near[i].from == near[i].until) {
            continue;
        }
        if (near[i].until <= at) {
            found.from = near[i].until > found.from ? near[i].until : found.from;
        } else {
            found.until = near[i].from < found.until ? near[i].from : found.until;
        }
    }
    const bool is_whole = found.from != INT64_MIN && found.until != INT64_MAX;
    return is_whole ? found : posix_standard(tz, at, first_year + POSIX_YEARS_BEFORE);
}

csq__offset_span csq__posix_span(const csq__posix_tz *tz, csq_ms at, bool *is_daylight)
{
    *is_daylight = false;
    if (!tz->has_daylight) {
        return (csq__offset_span){INT64_MIN, INT64_MAX, tz->standard.offset_s};
    }
    const int64_t at_s = csq__div_floor(at, CSQ__SECOND_MS);
    const int64_t in_cycle = csq__mod_floor(at_s, POSIX_CYCLE_S);
    const int64_t first_year = csq__civil_of_days(in_cycle / 86400).year - POSIX_YEARS_BEFORE;
    posix_stretch near[POSIX_YEARS];
    for (int i = 0; i < POSIX_YEARS; i++) {
        near[i] = posix_stretch_of(tz, first_year + i);
    }
    posix_stretch found;
    *is_daylight = posix_find_daylight(tz, near, in_cycle, first_year, &found);
    if (!*is_daylight) {
        found = posix_find_standard(tz, near, in_cycle, first_year);
    }
    const int64_t shift_s = at_s - in_cycle;
    return (csq__offset_span){
        .from = posix_ms(found.from, shift_s),
        .until = posix_ms(found.until, shift_s),
        .offset_s = *is_daylight ? tz->daylight.offset_s : tz->standard.offset_s,
    };
}
