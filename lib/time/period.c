/*
 * period — the periods into which a zone's calendar divides time.
 *
 * Days and longer periods begin at the first instant at which the clock shows their first midnight
 * or later, so that they follow each other without gap or overlap whatever the clock does. The day
 * of an instant is therefore that of the highest time the clock has shown: after a jump back over
 * midnight the new day goes on.
 *
 * Uses: base.
 */
#include "time/zone_parts.h"

/* A period on the calendar: the days [first, end), its index and its label. */
typedef struct period_days {
    int64_t first;
    int64_t end;
    int64_t index;
    char *label;
} period_days;

static csq_status period_fail_option(csq_error *error, const char *member, uint32_t value,
                                     size_t offset)
{
    csq__fail_value(error, member, value);
    csq__error_field(error, offset);
    return CSQ_EINVAL;
}

static csq_status period_read_options(const csq_period_options *options, csq_period_options *out,
                                      csq_error *error)
{
    const csq_status status = csq__struct_read(
        options, CSQ__FIRST_SIZE(csq_period_options, first_weekday), out, sizeof *out, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (out->kind > CSQ_PERIOD_YEAR) {
        return period_fail_option(error, "kind", out->kind, offsetof(csq_period_options, kind));
    }
    const bool has_minutes = out->kind == CSQ_PERIOD_MINUTES;
    if (has_minutes != (out->minutes != 0) || (has_minutes && 1440 % out->minutes != 0)) {
        return period_fail_option(error, "minutes", out->minutes,
                                  offsetof(csq_period_options, minutes));
    }
    if (out->first_weekday > 7 || (out->kind != CSQ_PERIOD_WEEK && out->first_weekday != 0)) {
        return period_fail_option(error, "first_weekday", out->first_weekday,
                                  offsetof(csq_period_options, first_weekday));
    }
    return CSQ_OK;
}

/* ---- minutes and hours --------------------------------------------------------------------- */

static void period_clock_label(csq_ms local, int32_t offset_s, char *label)
{
    const int64_t minute = csq__mod_floor(local, CSQ__DAY_MS) / CSQ__MINUTE_MS;
    size_t n = csq__civil_format(csq__civil_of_days(csq__day_of_local(local)), label);
    label[n++] = 'T';
    n += csq__digits_format(minute / 60, 2, label + n);
    label[n++] = ':';
    n += csq__digits_format(minute % 60, 2, label + n);
    (void)csq__offset_format(offset_s, label + n);
}

/* The stretch of `length` on the clock around an instant, cut where the clock jumps. */
static csq_status period_of_clock(const csq_zone *zone, csq_ms at, csq_ms length, csq_period *out,
                                  csq_error *error)
{
    csq__offset_span span;
    const csq_status status = csq__zone_span(zone, at, &span, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_ms offset = span.offset_s * CSQ__SECOND_MS;
    const csq_ms local = csq__add_saturated(at, offset);
    if (!csq__day_is_public(csq__day_of_local(local))) {
        return csq__fail_instant_years(at, error);
    }
    const csq_ms from = csq__div_floor(local, length) * length - offset;
    out->from = from > span.from ? from : span.from;
    out->to = from + length < span.until ? from + length : span.until;
    out->index = csq__div_floor(out->from, CSQ__SECOND_MS);
    period_clock_label(out->from + offset, span.offset_s, out->label);
    return CSQ_OK;
}

/* ---- days and longer ----------------------------------------------------------------------- */

/* The day of an instant: the highest that the clock has shown up to it. */
static csq_status period_day(const csq_zone *zone, csq_ms at, int64_t *out, csq_error *error)
{
    csq__offset_span span;
    csq_status status = csq__zone_span(zone, at, &span, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_ms local = csq__add_saturated(at, span.offset_s * CSQ__SECOND_MS);
    int64_t day = csq__day_of_local(local);
    if (!csq__day_is_public(day)) {
        return csq__fail_instant_years(at, error);
    }
    for (;;) {
        csq_ms next;
        status = csq__zone_first(zone, (day + 1) * CSQ__DAY_MS, &next, error);
        if (status != CSQ_OK) {
            return status;
        }
        if (next > at) {
            *out = day;
            return CSQ_OK;
        }
        day++;
    }
}

static void period_of_day(int64_t day, period_days *out)
{
    out->first = day;
    out->end = day + 1;
    out->index = day;
    (void)csq__civil_format(csq__civil_of_days(day), out->label);
}

/* Writes the year, with a sign if it is negative; the number of bytes. */
static size_t period_write_year(int64_t year, char *label)
{
    char date[16];
    const size_t n = csq__civil_format((csq__civil){year, 1, 1}, date) - 6;
    memcpy(label, date, n);
    return n;
}

static void period_of_week(int64_t day, uint32_t first_weekday, period_days *out)
{
    const int64_t weekday = first_weekday == 0 ? 1 : first_weekday;
    // 1969-12-29 was the Monday of the week of 1970-01-01, a Thursday.
    const int64_t origin = weekday <= 4 ? weekday - 4 : weekday - 11;
    out->index = csq__div_floor(day - origin, 7);
    out->first = origin + 7 * out->index;
    out->end = out->first + 7;
    if (weekday != 1) {
        const size_t n = csq__civil_format(csq__civil_of_days(out->first), out->label);
        memcpy(out->label + n, "/P7D", 4);
        return;
    }
    const int64_t thursday = out->first + 3;
    int64_t year;
    const int64_t week = csq__iso_week(thursday, &year);
    const size_t n = period_write_year(year, out->label);
    memcpy(out->label + n, "-W", 2);
    (void)csq__digits_format(week, 2, out->label + n + 2);
}

/* A period of `months`, which divides 12. */
static void period_of_months(int64_t day, int32_t months, period_days *out)
{
    const csq__civil civil = csq__civil_of_days(day);
    const int32_t part = (civil.month - 1) / months;
    const int32_t parts = 12 / months;
    const bool is_last = part + 1 == parts;
    out->index = (civil.year - 1970) * parts + part;
    out->first = csq__days_of_civil(civil.year, part * months + 1, 1);
    out->end = csq__days_of_civil(is_last ? civil.year + 1 : civil.year,
                                  is_last ? 1 : (part + 1) * months + 1, 1);
    size_t n = period_write_year(civil.year, out->label);
    if (months == 12) {
        return;
    }
    out->label[n++] = '-';
    if (months != 1) {
        out->label[n++] = months == 3 ? 'Q' : 'H';
    }
    (void)csq__digits_format(part + 1, months == 1 ? 2 : 1, out->label + n);
}

static csq_status period_of_days(const csq_zone *zone, const csq_period_options *options, csq_ms at,
                                 csq_period *out, csq_error *error)
{
    int64_t day = 0;
    csq_status status = period_day(zone, at, &day, error);
    if (status != CSQ_OK) {
        return status;
    }
    period_days days = {.label = out->label};
    if (options->kind == CSQ_PERIOD_DAY) {
        period_of_day(day, &days);
    } else if (options->kind == CSQ_PERIOD_WEEK) {
        period_of_week(day, options->first_weekday, &days);
    } else {
        const int32_t months = options->kind == CSQ_PERIOD_MONTH       ? 1
                               : options->kind == CSQ_PERIOD_QUARTER   ? 3
                               : options->kind == CSQ_PERIOD_HALF_YEAR ? 6
                                                                       : 12;
        period_of_months(day, months, &days);
    }
    out->index = days.index;
    status = csq__zone_first(zone, days.first * CSQ__DAY_MS, &out->from, error);
    if (status == CSQ_OK) {
        status = csq__zone_first(zone, days.end * CSQ__DAY_MS, &out->to, error);
    }
    return status;
}

csq_status csq_period_at(const csq_zone *zone, const csq_period_options *options, csq_ms at,
                         csq_period *out, csq_error *error)
{
    csq_period_options chosen;
    csq_status status = period_read_options(options, &chosen, error);
    if (status != CSQ_OK) {
        return status;
    }
    csq_period period = {.size = sizeof period, .kind = chosen.kind};
    if (chosen.kind == CSQ_PERIOD_NONE) {
        period.from = INT64_MIN;
        period.to = INT64_MAX;
        memcpy(period.label, "all", 3);
    } else if (zone == NULL) {
        status = csq__fail_null(error, "zone");
    } else if (chosen.kind <= CSQ_PERIOD_HOUR) {
        const csq_ms length =
            chosen.kind == CSQ_PERIOD_HOUR ? CSQ__HOUR_MS : chosen.minutes * CSQ__MINUTE_MS;
        status = period_of_clock(zone, at, length, &period, error);
    } else {
        status = period_of_days(zone, &chosen, at, &period, error);
    }
    return status == CSQ_OK ? csq__struct_write(out, CSQ__FIRST_SIZE(csq_period, label), &period,
                                                sizeof period, error)
                            : status;
}
