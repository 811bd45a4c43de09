/*
 * calendar_support — zones, instants and calendars for the tests of calendars.
 */
#ifndef CSQ_TESTS_CALENDAR_SUPPORT_H
#define CSQ_TESTS_CALENDAR_SUPPORT_H

#include <stdbool.h>

#include "support.h"

#include "csq/calendar.h"

#define HOUR_MS   INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)
#define DAY_MS    INT64_C(86400000)

/* POSIX strings of zones with odd jumps, as their tzdata footers have them. */
#define TZ_BERLIN    "CET-1CEST,M3.5.0,M10.5.0/3"
#define TZ_NEW_YORK  "EST5EDT,M3.2.0,M11.1.0"
#define TZ_LORD_HOWE "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0" /* half an hour */
#define TZ_TROLL     "<+00>0<+02>-2,M3.5.0/1,M10.5.0/3"     /* two hours */
#define TZ_SHANGHAI  "CST-8"

static inline csq_zone *zone_of(const char *posix)
{
    csq_zone *zone = NULL;
    csq_error error;
    assert_status(CSQ_OK, csq_zone_new_posix(csq_str_of(posix), NULL, &zone, &error));
    return zone;
}

static inline void put_number(uint8_t **at, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        *(*at)++ = (uint8_t)(value >> (8 * i));
    }
}

static inline void put_tzif_header(uint8_t **at, uint32_t n_times, uint32_t n_types,
                                   uint32_t n_chars)
{
    memcpy(*at, "TZif2", 5);
    memset(*at + 5, 0, 15);
    *at += 20;
    const uint32_t counts[6] = {0, 0, 0, n_times, n_types, n_chars};
    for (int i = 0; i < 6; i++) {
        put_number(at, counts[i], 4);
    }
}

/* A TZif zone with one jump, at `at_s`, from one offset to another; `footer` may be "". */
static inline csq_zone *zone_with_jump(const char *name, int64_t at_s, int32_t before_s,
                                       int32_t after_s, const char *footer)
{
    uint8_t bytes[256];
    uint8_t *at = bytes;
    put_tzif_header(&at, 0, 1, 1);
    memset(at, 0, 7);
    at += 7;
    put_tzif_header(&at, 1, 2, 4);
    put_number(&at, (uint64_t)at_s, 8);
    *at++ = 1;
    put_number(&at, (uint32_t)before_s, 4);
    *at++ = 0;
    *at++ = 0;
    put_number(&at, (uint32_t)after_s, 4);
    *at++ = 0;
    *at++ = 0;
    memcpy(at, "LMT", 4);
    at += 4;
    *at++ = '\n';
    memcpy(at, footer, strlen(footer));
    at += strlen(footer);
    *at++ = '\n';
    csq_zone *zone = NULL;
    csq_error error = {0};
    const csq_status status =
        csq_zone_new_tzif(csq_str_of(name), bytes, (uint64_t)(at - bytes), NULL, &zone, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    return zone;
}

/* Apia, which left out 2011-12-30: UTC-10 in its summer, then UTC+14; +13 is what held later. */
static inline csq_zone *zone_apia(void)
{
    return zone_with_jump("Pacific/Apia", 1325239200, -36000, 50400, "<+14>-14");
}

static inline int32_t days_of(const char *date)
{
    int32_t days = 0;
    assert_status(CSQ_OK, csq_date_parse(csq_str_of(date), &days, NULL));
    return days;
}

/* Milliseconds after 00:00 of "09:30" and the like, up to 48:00. */
static inline csq_ms clock_of(const char *text)
{
    csq_ms clock = 0;
    assert_status(CSQ_OK, csq_clock_parse(csq_str_of(text), 2 * DAY_MS, &clock, NULL));
    return clock;
}

/* The instant of "2026-10-01T09:30:00Z", with any offset. */
static inline csq_ms instant_of(const char *text)
{
    csq_ms at = 0;
    assert_status(CSQ_OK, csq_instant_parse(csq_str_of(text), &at, NULL));
    return at;
}

static inline csq_calendar_builder *builder_of(csq_zone *zone, uint32_t night)
{
    csq_calendar_options options = {0};
    options.size = sizeof options;
    options.night = night;
    csq_calendar_builder *builder = NULL;
    assert_status(CSQ_OK, csq_calendar_builder_new(zone, &options, NULL, &builder, NULL));
    return builder;
}

static inline void add_week(csq_calendar_builder *builder, uint32_t first, uint32_t last,
                            const char *start, const char *end)
{
    for (uint32_t weekday = first; weekday <= last; weekday++) {
        assert_status(CSQ_OK, csq_calendar_builder_week(builder, weekday, clock_of(start),
                                                        clock_of(end), NULL));
    }
}

static inline void add_holiday(csq_calendar_builder *builder, const char *date, const char *name)
{
    assert_status(CSQ_OK, csq_calendar_builder_holiday(builder, days_of(date), csq_str_of(name), 0,
                                                       DAY_MS, NULL));
}

static inline void add_override(csq_calendar_builder *builder, const char *date, const char *name,
                                const char *start, const char *end)
{
    assert_status(CSQ_OK, csq_calendar_builder_override(builder, days_of(date), csq_str_of(name),
                                                        clock_of(start), clock_of(end), NULL));
}

static inline void add_break(csq_calendar_builder *builder, const char *date, const char *name,
                             const char *start, const char *end)
{
    assert_status(CSQ_OK, csq_calendar_builder_break(builder, days_of(date), csq_str_of(name),
                                                     clock_of(start), clock_of(end), NULL));
}

/* Builds, and frees the builder and the caller's reference to the zone. */
static inline csq_calendar *build(csq_calendar_builder *builder, csq_zone *zone)
{
    csq_calendar *calendar = NULL;
    csq_error error = {0};
    const csq_status status = csq_calendar_builder_build(builder, &calendar, &error);
    if (status != CSQ_OK) {
        print_error("%s\n", error.message);
    }
    assert_int_equal(status, CSQ_OK);
    csq_calendar_builder_free(builder);
    csq_zone_free(zone);
    return calendar;
}

/* Monday to Friday, 09:00 to 17:00. */
static inline csq_calendar *office_of(const char *posix)
{
    csq_zone *const zone = zone_of(posix);
    csq_calendar_builder *const builder = builder_of(zone, CSQ_NIGHT_DEFAULT);
    add_week(builder, 1, 5, "09:00", "17:00");
    return build(builder, zone);
}

static inline csq_ms measure_of(const csq_calendar *calendar, csq_ms from, csq_ms to)
{
    csq_ms open = CSQ_MS_NONE;
    assert_status(CSQ_OK, csq_calendar_measure(calendar, from, to, &open, NULL));
    return open;
}

static inline csq_ms measure_text(const csq_calendar *calendar, const char *from, const char *to)
{
    return measure_of(calendar, instant_of(from), instant_of(to));
}

#endif
