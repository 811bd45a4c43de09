/*
 * civil — day numbers and dates of the proleptic Gregorian calendar.
 *
 * Formulas: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil,
 * civil_from_days), which count from 1 March of year 0 so that the leap day ends a year; weeks as
 * ISO 8601 defines them.
 *
 * Uses: base.
 */
#include "time/time_internal.h"

enum { DAYS_OF_400_YEARS = 146097, DAYS_BEFORE_1970 = 719468, DATE_YEAR_LIMIT = 9999 };

int64_t csq__days_of_civil(int64_t year, int32_t month, int32_t day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int64_t era = csq__div_floor(y, 400);
    const int64_t year_of_era = y - era * 400;
    const int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    const int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_OF_400_YEARS + day_of_era - DAYS_BEFORE_1970;
}

csq__civil csq__civil_of_days(int64_t days)
{
    const int64_t from_march = days + DAYS_BEFORE_1970;
    const int64_t era = csq__div_floor(from_march, DAYS_OF_400_YEARS);
    const int32_t day_of_era = (int32_t)(from_march - era * DAYS_OF_400_YEARS);
    const int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int32_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int32_t month_from_march = (5 * day_of_year + 2) / 153;
    const int32_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return (csq__civil){.year = era * 400 + year_of_era + (month <= 2 ? 1 : 0),
                        .month = month,
                        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

int64_t csq__iso_week(int64_t thursday, int64_t *year)
{
    *year = csq__civil_of_days(thursday).year;
    return (thursday - csq__days_of_civil(*year, 1, 1)) / 7 + 1;
}

int32_t csq__days_in_month(int64_t year, int32_t month)
{
    if (month == 2) {
        return csq__is_leap_year(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

csq_status csq_date_to_days(int32_t year, int32_t month, int32_t day, int32_t *days,
                            csq_error *error)
{
    if (days == NULL) {
        return csq__fail_null(error, "days");
    }
    if (year < -DATE_YEAR_LIMIT || year > DATE_YEAR_LIMIT) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("year "), CSQ__NUMBER(year),
                         CSQ__TEXT(" is outside -9999 to 9999"));
    }
    if (month < 1 || month > 12) {
        return csq__fail(error, CSQ_EDATE, CSQ__TEXT("expected a month from 1 to 12, found "),
                         CSQ__NUMBER(month));
    }
    const int32_t n = csq__days_in_month(year, month);
    if (day < 1 || day > n) {
        return csq__fail(error, CSQ_EDATE, CSQ__TEXT("expected a day from 1 to "), CSQ__NUMBER(n),
                         CSQ__TEXT(" in month "), CSQ__NUMBER(month), CSQ__TEXT(" of "),
                         CSQ__NUMBER(year), CSQ__TEXT(", found "), CSQ__NUMBER(day));
    }
    *days = (int32_t)csq__days_of_civil(year, month, day);
    return CSQ_OK;
}

csq_status csq_date_of_days(int32_t days, csq_date *out, csq_error *error)
{
    if (!csq__day_is_public(days)) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("day "), CSQ__NUMBER(days),
                         CSQ__TEXT(" is outside the years -9999 to 9999"));
    }
    const csq__civil civil = csq__civil_of_days(days);
    const int32_t weekday = csq__weekday_of_days(days);
    const int64_t thursday = (int64_t)days - weekday + 4;
    int64_t iso_year;
    const int64_t week = csq__iso_week(thursday, &iso_year);
    const csq_date date = {
        .size = sizeof date,
        .year = (int32_t)civil.year,
        .month = civil.month,
        .day = civil.day,
        .weekday = weekday,
        .day_of_year = (int32_t)(days - csq__days_of_civil(civil.year, 1, 1)) + 1,
        .iso_year = (int32_t)iso_year,
        .iso_week = (int32_t)week,
    };
    return csq__struct_write(out, CSQ__FIRST_SIZE(csq_date, iso_week), &date, sizeof date, error);
}

int32_t csq_date_weekday(int32_t days)
{
    return csq__weekday_of_days(days);
}
