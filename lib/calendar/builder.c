/*
 * builder — takes the entries of a calendar, refusing at once what no calendar can have.
 *
 * Contradictions between entries show only when they are sorted, in csq__plan_prepare.
 *
 * Uses: base, time.
 */
#include "calendar/plan.h"
#include "calendar/timeline.h"

enum {
    CALENDAR_NAME_LIMIT = 65535,
    CALENDAR_FIRST_YEAR = 2000,
    CALENDAR_LAST_YEAR = 2049,
    CALENDAR_YEAR_LIMIT = 9999,
    CALENDAR_ENTRY_LIMIT = 1000000,
    HOURS_LIMIT_MS = 172800000 /* 48 h */
};

#define CALENDAR_COUNT_LIMIT (UINT64_C(1) << 31)

struct csq_calendar_builder {
    csq_allocator allocator;
    csq_zone *zone;
    csq_calendar_options options; /* with defaults filled in */
    char *name;
    uint64_t name_size;
    csq__array weekly;     /* of csq__entry */
    csq__array dated;      /* of csq__entry */
    csq__array valid_from; /* of csq_ms */
    csq__array names;      /* of char */
};

/* ---- options ------------------------------------------------------------------------------- */

static csq_status fail_option(csq_error *error, size_t offset, const char *name, int64_t value)
{
    const csq_status status =
        csq__fail(error, CSQ_ERANGE, CSQ__TEXT("option "), CSQ__VIEW(csq_str_of(name)),
                  CSQ__TEXT(" is out of range: "), CSQ__NUMBER(value));
    csq__error_field(error, offset);
    return status;
}

static csq_status options_check(const csq_calendar_options *options, csq_error *error)
{
    if (options->night > CSQ_NIGHT_BY_CALENDAR_DATE) {
        const csq_status status = csq__fail_value(error, "night", options->night);
        csq__error_field(error, offsetof(csq_calendar_options, night));
        return status;
    }
    if (options->first_year < 1 || options->first_year > CALENDAR_YEAR_LIMIT) {
        return fail_option(error, offsetof(csq_calendar_options, first_year), "first_year",
                           options->first_year);
    }
    if (options->last_year < options->first_year || options->last_year > CALENDAR_YEAR_LIMIT) {
        return fail_option(error, offsetof(csq_calendar_options, last_year), "last_year",
                           options->last_year);
    }
    if (options->entry_limit > CALENDAR_COUNT_LIMIT) {
        return fail_option(error, offsetof(csq_calendar_options, entry_limit), "entry_limit",
                           (int64_t)options->entry_limit);
    }
    if (options->interval_limit > CALENDAR_COUNT_LIMIT) {
        return fail_option(error, offsetof(csq_calendar_options, interval_limit), "interval_limit",
                           (int64_t)options->interval_limit);
    }
    return CSQ_OK;
}

static int32_t year_or(int32_t year, int32_t other)
{
    return year == 0 ? other : year;
}

/* A year that is given moves the default of the other one out of its way. */
static void options_complete(csq_calendar_options *options)
{
    const int32_t first = options->first_year;
    const int32_t last = options->last_year;
    const bool ends_early = last != 0 && last < CALENDAR_FIRST_YEAR;
    const bool begins_late = first > CALENDAR_LAST_YEAR;
    options->first_year = year_or(first, ends_early ? last : CALENDAR_FIRST_YEAR);
    options->last_year = year_or(last, begins_late ? first : CALENDAR_LAST_YEAR);
    if (options->night == CSQ_NIGHT_DEFAULT) {
        options->night = CSQ_NIGHT_BY_OWNER_DATE;
    }
    if (options->entry_limit == 0) {
        options->entry_limit = CALENDAR_ENTRY_LIMIT;
    }
    if (options->interval_limit == 0) {
        options->interval_limit = CSQ__CALENDAR_INTERVAL_LIMIT;
    }
}

/* ---- the builder --------------------------------------------------------------------------- */

csq_status csq_calendar_builder_new(csq_zone *zone, const csq_calendar_options *options,
                                    const csq_allocator *allocator, csq_calendar_builder **out,
                                    csq_error *error)
{
    if (zone == NULL || out == NULL) {
        return csq__fail_null(error, zone == NULL ? "zone" : "out");
    }
    *out = NULL;
    csq_calendar_options own;
    csq_status status = csq__struct_read(
        options, CSQ__FIRST_SIZE(csq_calendar_options, interval_limit), &own, sizeof own, error);
    if (status != CSQ_OK) {
        return status;
    }
    options_complete(&own);
    status = options_check(&own, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq_allocator memory = csq__allocator_or_default(allocator);
    csq_calendar_builder *const builder = csq__allocate_zeroed(&memory, sizeof *builder);
    if (builder == NULL) {
        return csq__fail_memory(error);
    }
    builder->allocator = memory;
    builder->zone = csq_zone_retain(zone);
    builder->options = own;
    *out = builder;
    return CSQ_OK;
}

void csq_calendar_builder_free(csq_calendar_builder *builder)
{
    if (builder == NULL) {
        return;
    }
    const csq_allocator allocator = builder->allocator;
    csq_zone_free(builder->zone);
    csq__release(&allocator, builder->name, (size_t)builder->name_size + 1);
    csq__array_release(&builder->weekly, &allocator, sizeof(csq__entry));
    csq__array_release(&builder->dated, &allocator, sizeof(csq__entry));
    csq__array_release(&builder->valid_from, &allocator, sizeof(csq_ms));
    csq__array_release(&builder->names, &allocator, sizeof(char));
    csq__release(&allocator, builder, sizeof *builder);
}

csq_status csq__calendar_check_name(csq_str name, csq_error *error)
{
    if (name.data == NULL && name.size > 0) {
        return csq__fail_null(error, "name");
    }
    if (name.size > CALENDAR_NAME_LIMIT) {
        return csq__fail(error, CSQ_EINVAL, CSQ__TEXT("name has more than "),
                         CSQ__NUMBER(CALENDAR_NAME_LIMIT), CSQ__TEXT(" bytes"));
    }
    uint64_t bad;
    if (!csq__utf8_is_valid(name, &bad)) {
        csq__fail(error, CSQ_EUTF8, CSQ__TEXT("name is not UTF-8"));
        csq__error_byte(error, bad);
        return CSQ_EUTF8;
    }
    return CSQ_OK;
}

csq_status csq_calendar_builder_name(csq_calendar_builder *builder, csq_str name, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    const csq_status status = csq__calendar_check_name(name, error);
    if (status != CSQ_OK) {
        return status;
    }
    char *const copy = csq__copy_text(&builder->allocator, name);
    if (copy == NULL) {
        return csq__fail_memory(error);
    }
    csq__release(&builder->allocator, builder->name, (size_t)builder->name_size + 1);
    builder->name = copy;
    builder->name_size = name.size;
    return CSQ_OK;
}

/* ---- entries ------------------------------------------------------------------------------- */

static csq_status builder_check_count(const csq_calendar_builder *builder, csq_error *error)
{
    if (builder->weekly.n + builder->dated.n + builder->valid_from.n >=
        builder->options.entry_limit) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("more than "),
                         CSQ__NUMBER((int64_t)builder->options.entry_limit), CSQ__TEXT(" entries"));
    }
    return CSQ_OK;
}

static csq_status hours_check(csq_ms start, csq_ms end, csq_ms start_limit, csq_error *error)
{
    if (start < 0 || start >= start_limit) {
        return csq__fail(error, CSQ_EDATE, CSQ__TEXT("start is "), CSQ__NUMBER(start),
                         CSQ__TEXT(" ms after 00:00, expected 0 to below "),
                         CSQ__NUMBER(start_limit));
    }
    if (end < 0 || end > HOURS_LIMIT_MS) {
        return csq__fail(error, CSQ_EDATE, CSQ__TEXT("end is "), CSQ__NUMBER(end),
                         CSQ__TEXT(" ms after 00:00, expected 0 to "), CSQ__NUMBER(HOURS_LIMIT_MS));
    }
    if (end <= start) {
        return csq__fail(error, CSQ_EINTERVAL, CSQ__TEXT("hours end "), CSQ__NUMBER(end),
                         CSQ__TEXT(" ms after 00:00, not after their start at "),
                         CSQ__NUMBER(start));
    }
    return CSQ_OK;
}

static csq_status day_check(int32_t days, csq_error *error)
{
    if (!csq__day_is_public(days) || csq__civil_of_days(days).year < 1) {
        return csq__fail(error, CSQ_EDATE, CSQ__TEXT("day "), CSQ__NUMBER(days),
                         CSQ__TEXT(" since 1970-01-01 is not in the years 1 to 9999"));
    }
    return CSQ_OK;
}

/* Appends an entry that was checked; nothing is added without memory for all of it. */
static csq_status builder_append(csq_calendar_builder *builder, csq__array *list, csq__entry entry,
                                 csq_str name, csq_error *error)
{
    csq_status status = builder_check_count(builder, error);
    if (status == CSQ_OK) {
        status = csq__calendar_check_name(name, error);
    }
    if (status != CSQ_OK) {
        return status;
    }
    if (name.size > UINT32_MAX - builder->names.n) {
        return csq__fail(error, CSQ_ELIMIT, CSQ__TEXT("names take more than 4 GiB"));
    }
    entry.version = (uint32_t)builder->valid_from.n;
    entry.number = (uint32_t)(builder->weekly.n + builder->dated.n);
    entry.name = (uint32_t)builder->names.n;
    entry.name_size = (uint32_t)name.size;
    if (!csq__array_reserve(&builder->names, &builder->allocator, (size_t)name.size, 1) ||
        csq__array_push(list, &builder->allocator, &entry, sizeof entry) == NULL) {
        return csq__fail_memory(error);
    }
    if (name.size > 0) {
        memcpy((char *)builder->names.data + builder->names.n, name.data, (size_t)name.size);
        builder->names.n += (size_t)name.size;
    }
    return CSQ_OK;
}

static csq_status builder_append_dated(csq_calendar_builder *builder, int32_t days, uint32_t kind,
                                       csq_str name, csq_interval hours, csq_error *error)
{
    const csq_status status = day_check(days, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq__entry entry = {
        .day = days, .kind = kind, .start = (int32_t)hours.from, .end = (int32_t)hours.to};
    return builder_append(builder, &builder->dated, entry, name, error);
}

csq_status csq_calendar_builder_week(csq_calendar_builder *builder, uint32_t weekday, csq_ms start,
                                     csq_ms end, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    if (weekday < 1 || weekday > 7) {
        return csq__fail_value(error, "weekday", weekday);
    }
    const csq_status status = hours_check(start, end, CSQ__DAY_MS, error);
    if (status != CSQ_OK) {
        return status;
    }
    const csq__entry entry = {.day = (int32_t)weekday,
                              .kind = CSQ__ENTRY_WEEK,
                              .start = (int32_t)start,
                              .end = (int32_t)end};
    return builder_append(builder, &builder->weekly, entry, (csq_str){NULL, 0}, error);
}

csq_status csq_calendar_builder_holiday(csq_calendar_builder *builder, int32_t days, csq_str name,
                                        csq_ms start, csq_ms end, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    const csq_status status = hours_check(start, end, HOURS_LIMIT_MS, error);
    if (status != CSQ_OK) {
        return status;
    }
    const bool is_whole = start == 0 && end == CSQ__DAY_MS;
    return builder_append_dated(builder, days,
                                is_whole ? CSQ__ENTRY_HOLIDAY : CSQ__ENTRY_HOLIDAY_PART, name,
                                (csq_interval){start, end}, error);
}

csq_status csq_calendar_builder_override(csq_calendar_builder *builder, int32_t days, csq_str name,
                                         csq_ms start, csq_ms end, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    const csq_status status = hours_check(start, end, CSQ__DAY_MS, error);
    if (status != CSQ_OK) {
        return status;
    }
    return builder_append_dated(builder, days, CSQ__ENTRY_OVERRIDE, name,
                                (csq_interval){start, end}, error);
}

csq_status csq_calendar_builder_close(csq_calendar_builder *builder, int32_t days, csq_str name,
                                      csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    return builder_append_dated(builder, days, CSQ__ENTRY_CLOSE, name, (csq_interval){0, 0}, error);
}

csq_status csq_calendar_builder_break(csq_calendar_builder *builder, int32_t days, csq_str name,
                                      csq_ms start, csq_ms end, csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    const csq_status status = hours_check(start, end, HOURS_LIMIT_MS, error);
    if (status != CSQ_OK) {
        return status;
    }
    return builder_append_dated(builder, days, CSQ__ENTRY_BREAK, name, (csq_interval){start, end},
                                error);
}

csq_status csq_calendar_builder_version(csq_calendar_builder *builder, csq_ms valid_from,
                                        csq_error *error)
{
    if (builder == NULL) {
        return csq__fail_null(error, "builder");
    }
    const int64_t year = csq__civil_of_days(csq__day_of_local(valid_from)).year;
    if (year < 1 || year > CALENDAR_YEAR_LIMIT) {
        return csq__fail(error, CSQ_ERANGE, CSQ__TEXT("valid_from "), CSQ__NUMBER(valid_from),
                         CSQ__TEXT(" ms is not in the years 1 to 9999"));
    }
    const csq__array *const list = &builder->valid_from;
    if (list->n > 0 && ((const csq_ms *)list->data)[list->n - 1] >= valid_from) {
        return csq__fail(error, CSQ_EORDER, CSQ__TEXT("valid_from "), CSQ__NUMBER(valid_from),
                         CSQ__TEXT(" ms is not later than that of the version before"));
    }
    const csq_status status = builder_check_count(builder, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (csq__array_push(&builder->valid_from, &builder->allocator, &valid_from,
                        sizeof valid_from) == NULL) {
        return csq__fail_memory(error);
    }
    return CSQ_OK;
}

/* ---- building ------------------------------------------------------------------------------ */

/* A copy of an array's elements, without spare room; false without memory. */
static bool array_copy(const csq__array *array, const csq_allocator *allocator, size_t element,
                       void **data)
{
    *data = NULL;
    if (array->n == 0) {
        return true;
    }
    *data = csq__allocate_array(allocator, array->n, element);
    if (*data == NULL) {
        return false;
    }
    memcpy(*data, array->data, array->n * element);
    return true;
}

static csq__calendar_plan *plan_copy(const csq_calendar_builder *builder)
{
    const csq_allocator *const allocator = &builder->allocator;
    csq__calendar_plan *const plan = csq__allocate_zeroed(allocator, sizeof *plan);
    if (plan == NULL) {
        return NULL;
    }
    plan->allocator = builder->allocator;
    plan->night = builder->options.night;
    plan->n_weekly = plan->weekly_capacity = builder->weekly.n;
    plan->n_dated = plan->dated_capacity = builder->dated.n;
    plan->n_valid_from = builder->valid_from.n;
    plan->names_size = builder->names.n;
    void *weekly;
    void *dated;
    void *valid_from;
    void *names;
    const bool is_copied =
        (int)array_copy(&builder->weekly, allocator, sizeof(csq__entry), &weekly) &
        (int)array_copy(&builder->dated, allocator, sizeof(csq__entry), &dated) &
        (int)array_copy(&builder->valid_from, allocator, sizeof(csq_ms), &valid_from) &
        (int)array_copy(&builder->names, allocator, sizeof(char), &names);
    plan->weekly = weekly;
    plan->dated = dated;
    plan->valid_from = valid_from;
    plan->names = names;
    if (!is_copied) {
        csq__plan_free(plan);
        return NULL;
    }
    return plan;
}

csq_status csq_calendar_builder_build(const csq_calendar_builder *builder, csq_calendar **out,
                                      csq_error *error)
{
    if (builder == NULL || out == NULL) {
        return csq__fail_null(error, builder == NULL ? "builder" : "out");
    }
    *out = NULL;
    csq__calendar_plan *const plan = plan_copy(builder);
    if (plan == NULL) {
        return csq__fail_memory(error);
    }
    const csq_status status = csq__plan_prepare(plan, error);
    if (status != CSQ_OK) {
        csq__plan_free(plan);
        return status;
    }
    return csq__calendar_compile(plan, builder->zone, (csq_str){builder->name, builder->name_size},
                                 &builder->options, out, error);
}
