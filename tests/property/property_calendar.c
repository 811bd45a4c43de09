/*
 * Random calendars against a reference that reads the clock minute by minute: a minute is open
 * when the largest time that the clock has shown so far lies in hours of its date.
 */
#include "calendar_support.h"

enum { ROUNDS = 400, QUERIES = 150, SPAN_DAYS = 9, MINUTES = SPAN_DAYS * 1440, ENTRIES = 40 };

typedef enum entry_kind { WEEK, HOLIDAY, OVERRIDE, CLOSE, BREAK } entry_kind;

typedef struct entry {
    entry_kind kind;
    int version;
    int32_t day;
    csq_ms start;
    csq_ms end;
} entry;

typedef struct reference {
    csq_zone *zone;
    uint32_t night;
    entry entries[ENTRIES];
    int n;
    csq_ms valid_from; /* of version 1; INT64_MAX without one */
    csq_ms from;       /* the first minute below */
    uint8_t open[MINUTES];
    csq_ms before[MINUTES + 1]; /* open time before a minute */
} reference;

/* ---- the reference ------------------------------------------------------------------------- */

static bool has(const reference *r, int version, entry_kind kind, int32_t day)
{
    for (int i = 0; i < r->n; i++) {
        const entry *const e = &r->entries[i];
        if (e->version == version && e->kind == kind && e->day == day) {
            return true;
        }
    }
    return false;
}

static bool covers(const reference *r, int version, entry_kind kind, int32_t day, csq_ms clock)
{
    for (int i = 0; i < r->n; i++) {
        const entry *const e = &r->entries[i];
        if (e->version == version && e->kind == kind && e->day == day && e->start <= clock &&
            clock < e->end) {
            return true;
        }
    }
    return false;
}

static bool is_whole_holiday(const reference *r, int version, int32_t day)
{
    for (int i = 0; i < r->n; i++) {
        const entry *const e = &r->entries[i];
        if (e->version == version && e->kind == HOLIDAY && e->day == day && e->start == 0 &&
            e->end == DAY_MS) {
            return true;
        }
    }
    return false;
}

static bool has_override(const reference *r, int version, int32_t day)
{
    return has(r, version, OVERRIDE, day) || has(r, version, CLOSE, day);
}

static bool is_cut(const reference *r, int version, int32_t day, csq_ms clock)
{
    return covers(r, version, BREAK, day, clock) || covers(r, version, HOLIDAY, day, clock);
}

/* Hours that a date owns, up to 48:00. */
static bool owner_is_open(const reference *r, int version, int32_t day, csq_ms clock)
{
    if (is_whole_holiday(r, version, day) || is_cut(r, version, day, clock)) {
        return false;
    }
    return has_override(r, version, day) ? covers(r, version, OVERRIDE, day, clock)
                                         : covers(r, version, WEEK, csq_date_weekday(day), clock);
}

static bool date_is_open(const reference *r, int version, int32_t day, csq_ms clock)
{
    if (is_whole_holiday(r, version, day) || is_cut(r, version, day, clock) ||
        (is_cut(r, version, day - 1, clock + DAY_MS) && !is_whole_holiday(r, version, day - 1)) ||
        (is_whole_holiday(r, version, day - 1) &&
         covers(r, version, BREAK, day - 1, clock + DAY_MS))) {
        return false;
    }
    if (has_override(r, version, day)) {
        return covers(r, version, OVERRIDE, day, clock);
    }
    return covers(r, version, WEEK, csq_date_weekday(day), clock) ||
           covers(r, version, WEEK, csq_date_weekday(day - 1), clock + DAY_MS) ||
           covers(r, version, OVERRIDE, day - 1, clock + DAY_MS);
}

static bool reading_is_open(const reference *r, int version, csq_ms reading)
{
    const int32_t day = (int32_t)(reading / DAY_MS);
    const csq_ms clock = reading % DAY_MS;
    if (r->night == CSQ_NIGHT_BY_CALENDAR_DATE) {
        return date_is_open(r, version, day, clock);
    }
    return owner_is_open(r, version, day, clock) ||
           owner_is_open(r, version, day - 1, clock + DAY_MS);
}

static void reference_fill(reference *r)
{
    csq_ms largest = INT64_MIN;
    r->before[0] = 0;
    for (csq_ms minute = -3 * 1440; minute < MINUTES; minute++) {
        const csq_ms at = r->from + minute * MINUTE_MS;
        csq_local local = {0};
        local.size = sizeof local;
        assert_status(CSQ_OK, csq_zone_local(r->zone, at, &local, NULL));
        const csq_ms reading = at + local.offset_s * INT64_C(1000);
        largest = reading > largest ? reading : largest;
        if (minute >= 0) {
            r->open[minute] = reading_is_open(r, at >= r->valid_from, largest);
            r->before[minute + 1] = r->before[minute] + (r->open[minute] ? MINUTE_MS : 0);
        }
    }
}

/* ---- random calendars ---------------------------------------------------------------------- */

static csq_zone *random_zone(uint64_t *seed, csq_ms *jump)
{
    static const char *const names[] = {TZ_BERLIN, TZ_NEW_YORK, TZ_LORD_HOWE, TZ_TROLL,
                                        TZ_SHANGHAI};
    static const char *const jumps[] = {"2026-03-29T01:00:00Z", "2026-11-01T06:00:00Z",
                                        "2026-04-04T15:00:00Z", "2026-10-25T01:00:00Z",
                                        "2026-10-01T00:00:00Z"};
    const uint64_t i = test_below(seed, 7);
    if (i == 5) {
        *jump = INT64_C(1325239200000);
        return zone_apia();
    }
    if (i == 6) { // a day shown twice, as in Kwajalein's other direction
        *jump = INT64_C(1790000000000);
        return zone_with_jump("Test/Twice", 1790000000, 43200, -43200, "<-12>12");
    }
    *jump = instant_of(jumps[i]);
    return zone_of(names[i]);
}

static csq_ms random_clock(uint64_t *seed, csq_ms low, csq_ms high)
{
    return low + (csq_ms)test_below(seed, (uint64_t)((high - low) / MINUTE_MS)) * MINUTE_MS;
}

static csq_status try_add(csq_calendar_builder *builder, const entry *e)
{
    const csq_str name = csq_str_of("name");
    switch (e->kind) {
    case WEEK:
        return csq_calendar_builder_week(builder, (uint32_t)e->day, e->start, e->end, NULL);
    case HOLIDAY:
        return csq_calendar_builder_holiday(builder, e->day, name, e->start, e->end, NULL);
    case OVERRIDE:
        return csq_calendar_builder_override(builder, e->day, name, e->start, e->end, NULL);
    case CLOSE:
        return csq_calendar_builder_close(builder, e->day, name, NULL);
    default:
        return csq_calendar_builder_break(builder, e->day, name, e->start, e->end, NULL);
    }
}

static entry random_entry(const reference *r, uint64_t *seed)
{
    entry e = {.kind = (entry_kind)test_below(seed, 8)};
    if (e.kind > BREAK) {
        e.kind = WEEK;
    }
    const int32_t day = (int32_t)(r->from / DAY_MS) - 1 + (int32_t)test_below(seed, SPAN_DAYS + 1);
    e.day = e.kind == WEEK ? 1 + (int32_t)test_below(seed, 7) : day;
    if (e.kind == HOLIDAY && test_below(seed, 2) == 0) {
        e.end = DAY_MS;
        return e;
    }
    const bool is_cut = e.kind == BREAK || e.kind == HOLIDAY;
    e.start = random_clock(seed, 0, is_cut ? 2 * DAY_MS - MINUTE_MS : DAY_MS);
    e.end = random_clock(seed, e.start + MINUTE_MS, 2 * DAY_MS + MINUTE_MS);
    if (test_below(seed, 2) == 0 && e.start < DAY_MS) { // half of them do not pass midnight
        e.end = random_clock(seed, e.start + MINUTE_MS, DAY_MS + MINUTE_MS);
    }
    return e;
}

/* Whether the entry contradicts none before it. */
static bool fits(const reference *r, const entry *e)
{
    for (int i = 0; i < r->n; i++) {
        const entry *const o = &r->entries[i];
        if (o->version != e->version || o->day != e->day) {
            continue;
        }
        if ((o->kind == HOLIDAY && e->kind == HOLIDAY) ||
            (o->kind == CLOSE && (e->kind == CLOSE || e->kind == OVERRIDE)) ||
            (o->kind == OVERRIDE && e->kind == CLOSE)) {
            return false;
        }
    }
    return true;
}

static void add_random_entries(reference *r, csq_calendar_builder *builder, int version, int most,
                               uint64_t *seed)
{
    const int n = (int)test_below(seed, (uint64_t)most);
    for (int i = 0; i < n; i++) {
        entry e = random_entry(r, seed);
        e.version = version;
        if (fits(r, &e)) {
            assert_status(CSQ_OK, try_add(builder, &e));
            r->entries[r->n++] = e;
        }
    }
}

static csq_calendar *random_calendar(reference *r, uint64_t *seed)
{
    csq_ms jump = 0;
    r->n = 0;
    r->zone = random_zone(seed, &jump);
    r->night = 1 + (uint32_t)test_below(seed, 2);
    r->from = (jump / DAY_MS - 4) * DAY_MS;
    csq_calendar_builder *const builder = builder_of(r->zone, r->night);
    add_random_entries(r, builder, 0, 24, seed);
    r->valid_from = INT64_MAX;
    if (test_below(seed, 3) == 0) {
        r->valid_from = r->from + random_clock(seed, 0, SPAN_DAYS * DAY_MS);
        assert_status(CSQ_OK, csq_calendar_builder_version(builder, r->valid_from, NULL));
        add_random_entries(r, builder, 1, 16, seed);
    }
    csq_zone_retain(r->zone);
    csq_calendar *const calendar = build(builder, r->zone);
    reference_fill(r);
    return calendar;
}

/* ---- comparing ----------------------------------------------------------------------------- */

static void check_minutes(const reference *r, const csq_calendar *calendar)
{
    for (int i = 0; i < MINUTES; i++) {
        int32_t is_open = -1;
        const csq_ms at = r->from + i * MINUTE_MS;
        assert_status(CSQ_OK, csq_calendar_is_open(calendar, at, &is_open, NULL));
        assert_int_equal(is_open, r->open[i]);
        assert_ms_equal(measure_of(calendar, r->from, at), r->before[i]);
    }
}

static void check_measure(const reference *r, const csq_calendar *calendar, int i, int j, int k)
{
    const csq_ms a = r->from + i * MINUTE_MS;
    const csq_ms b = r->from + j * MINUTE_MS;
    const csq_ms c = r->from + k * MINUTE_MS;
    assert_ms_equal(measure_of(calendar, a, b), r->before[j] - r->before[i]);
    assert_ms_equal(measure_of(calendar, b, a), -measure_of(calendar, a, b));
    assert_ms_equal(measure_of(calendar, a, b) + measure_of(calendar, b, c),
                    measure_of(calendar, a, c));
}

/* The smallest minute with at least `open` before it, or -1. */
static int smallest_with(const reference *r, csq_ms open)
{
    for (int i = 0; i <= MINUTES; i++) {
        if (r->before[i] >= open) {
            return i;
        }
    }
    return -1;
}

/* The largest minute with at most `open` before it, or -1 if it lies behind the span. */
static int largest_with(const reference *r, csq_ms open)
{
    for (int i = MINUTES; i >= 0; i--) {
        if (r->before[i] <= open) {
            return i == MINUTES ? -1 : i;
        }
    }
    return -1;
}

static void check_instant(const reference *r, int expected, csq_status status, csq_ms found)
{
    if (expected <= 0) { // outside of the span of the reference
        return;
    }
    assert_int_equal(status, CSQ_OK);
    assert_ms_equal(found, r->from + expected * MINUTE_MS);
}

static void check_add(const reference *r, const csq_calendar *calendar, int i, csq_ms duration)
{
    const csq_ms at = r->from + i * MINUTE_MS;
    const csq_ms ahead = r->before[i] + duration;
    const csq_ms behind = r->before[i] - duration;
    csq_ms found = 0;
    csq_status status = csq_calendar_add(calendar, at, duration, CSQ_EDGE_NEAR, &found, NULL);
    check_instant(r, duration == 0 ? i : smallest_with(r, ahead), status, found);
    if (status == CSQ_OK) {
        assert_ms_equal(measure_of(calendar, at, found), duration);
    }
    csq_ms same = 0;
    assert_int_equal(csq_calendar_subtract(calendar, at, -duration, CSQ_EDGE_NEAR, &same, NULL),
                     status);
    assert_true(status != CSQ_OK || same == found);
    status = csq_calendar_add(calendar, at, duration, CSQ_EDGE_FAR, &found, NULL);
    check_instant(r, largest_with(r, ahead), status, found);
    status = csq_calendar_subtract(calendar, at, duration, CSQ_EDGE_NEAR, &found, NULL);
    check_instant(r, duration == 0 ? i : behind < 0 ? -1 : largest_with(r, behind), status, found);
    if (status == CSQ_OK) {
        assert_ms_equal(measure_of(calendar, found, at), duration);
    }
    status = csq_calendar_subtract(calendar, at, duration, CSQ_EDGE_FAR, &found, NULL);
    check_instant(r, behind <= 0 ? -1 : smallest_with(r, behind), status, found);
}

static void check_openings(const reference *r, const csq_calendar *calendar, int i)
{
    const csq_ms at = r->from + i * MINUTE_MS;
    csq_ms found = 0;
    int j = i;
    while (j < MINUTES && !r->open[j]) {
        j++;
    }
    csq_status status = csq_calendar_next_open(calendar, at, &found, NULL);
    check_instant(r, j < MINUTES ? j : -1, status, found);
    assert_true(status != CSQ_OK || (found == at) == r->open[i]);
    while (j < MINUTES && r->open[j]) {
        j++;
    }
    status = csq_calendar_next_close(calendar, at, &found, NULL);
    check_instant(r, j < MINUTES ? j : -1, status, found);
    j = i;
    while (j > 0 && !(r->open[j - 1] && !r->open[j])) {
        j--;
    }
    status = csq_calendar_previous_close(calendar, at, &found, NULL);
    check_instant(r, j, status, found);
    status = csq_calendar_previous_open(calendar, at, &found, NULL);
    check_instant(r, r->open[i] ? i : j, status, found);
}

static void check_explanation(const reference *r, csq_calendar *calendar, int i, int j)
{
    const csq_ms from = r->from + i * MINUTE_MS;
    const csq_ms to = r->from + j * MINUTE_MS;
    csq_calendar_explanation *explanation = NULL;
    assert_status(CSQ_OK, csq_calendar_explain(calendar, from, to, 0, NULL, &explanation, NULL));
    csq_ms at = from;
    csq_ms open = 0;
    for (uint64_t k = 0; k < csq_calendar_explanation_count(explanation); k++) {
        csq_calendar_stretch stretch = {0};
        stretch.size = sizeof stretch;
        assert_status(CSQ_OK, csq_calendar_explanation_at(explanation, k, &stretch, NULL));
        assert_ms_equal(stretch.from, at);
        assert_true(stretch.to > stretch.from);
        assert_true(stretch.version == 0 || stretch.from >= r->valid_from);
        open += stretch.reason == CSQ_REASON_OPEN ? stretch.to - stretch.from : 0;
        at = stretch.to;
    }
    assert_ms_equal(at, to);
    assert_ms_equal(open, r->before[j] - r->before[i]);
    csq_calendar_explanation_free(explanation);
}

static void random_calendars_agree_with_a_walk_over_minutes(void **state)
{
    (void)state;
    static reference r;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t seed = round;
        csq_calendar *const calendar = random_calendar(&r, &seed);
        check_minutes(&r, calendar);
        for (int q = 0; q < QUERIES; q++) {
            const int i = (int)test_below(&seed, MINUTES);
            const int j = (int)test_below(&seed, MINUTES);
            check_measure(&r, calendar, i, j, (int)test_below(&seed, MINUTES));
            check_add(&r, calendar, i, (csq_ms)test_below(&seed, 3000) * MINUTE_MS);
            check_add(&r, calendar, i, r.before[j] > r.before[i] ? r.before[j] - r.before[i] : 0);
            check_openings(&r, calendar, i);
            if (q < 20 && i <= j) {
                check_explanation(&r, calendar, i, j);
            }
        }
        csq_calendar_free(calendar);
        csq_zone_free(r.zone);
    }
}

/* ---- behind the table, and over all of it -------------------------------------------------- */

static void a_fixed_zone_repeats_every_week_for_ever(void **state)
{
    (void)state;
    static reference r;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t seed = 1000000 + round;
        r.n = 0;
        r.from = (csq_ms)test_below(&seed, 20000) * DAY_MS;
        r.zone = zone_of(TZ_SHANGHAI);
        csq_zone_retain(r.zone);
        csq_calendar_builder *const builder = builder_of(r.zone, 1 + (uint32_t)(round & 1));
        add_random_entries(&r, builder, 0, 20, &seed);
        csq_calendar *const calendar = build(builder, r.zone);
        const csq_ms plain = instant_of("2051-01-01T00:00:00Z");
        for (int q = 0; q < QUERIES; q++) {
            const csq_ms a = plain + (csq_ms)test_below(&seed, 365 * 86400) * 1000;
            const csq_ms b = a + (csq_ms)test_below(&seed, 40 * 86400) * 1000;
            const csq_ms shift = (csq_ms)test_below(&seed, 1U << 28) * 7 * DAY_MS;
            assert_ms_equal(measure_of(calendar, a, b), measure_of(calendar, a + shift, b + shift));
            csq_ms near = 0;
            csq_ms far = 0;
            const csq_ms duration = (csq_ms)test_below(&seed, 1000000000);
            if (csq_calendar_add(calendar, a, duration, CSQ_EDGE_NEAR, &near, NULL) == CSQ_OK) {
                assert_status(CSQ_OK, csq_calendar_add(calendar, a + shift, duration, CSQ_EDGE_NEAR,
                                                       &far, NULL));
                assert_ms_equal(far - near, shift);
            }
            if (csq_calendar_previous_close(calendar, a, &near, NULL) == CSQ_OK) {
                assert_status(CSQ_OK, csq_calendar_previous_close(calendar, a + shift, &far, NULL));
                assert_true(near < plain || far - near == shift);
            }
        }
        csq_calendar_free(calendar);
        csq_zone_free(r.zone);
    }
}

static void open_time_never_decreases_and_adding_inverts_it(void **state)
{
    (void)state;
    static reference r;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        uint64_t seed = 2000000 + round;
        csq_calendar *const calendar = random_calendar(&r, &seed);
        csq_interval range;
        assert_status(CSQ_OK, csq_calendar_range(calendar, &range, NULL));
        const csq_ms first = instant_of("2000-01-03T00:00:00Z"); // in the range of all of them
        assert_true(range.from <= first);
        const csq_ms last = instant_of("2049-12-01T00:00:00Z");
        for (int q = 0; q < QUERIES; q++) {
            const csq_ms a = first + (csq_ms)test_below(&seed, (uint64_t)(last - first));
            const csq_ms b = a + (csq_ms)test_below(&seed, (uint64_t)(last - a));
            const csq_ms open = measure_of(calendar, a, b);
            assert_true(open >= 0 && open <= b - a);
            csq_ms found = 0;
            if (open == 0) { // nothing to go back over either, perhaps
                continue;
            }
            assert_status(CSQ_OK, csq_calendar_add(calendar, a, open, CSQ_EDGE_NEAR, &found, NULL));
            assert_true(found <= b);
            assert_ms_equal(measure_of(calendar, a, found), open);
            assert_status(CSQ_OK,
                          csq_calendar_subtract(calendar, b, open, CSQ_EDGE_NEAR, &found, NULL));
            assert_true(found >= a);
            assert_ms_equal(measure_of(calendar, found, b), open);
        }
        csq_calendar_free(calendar);
        csq_zone_free(r.zone);
    }
}

static void merges_agree_with_their_parts(void **state)
{
    (void)state;
    static reference r;
    for (uint64_t round = 0; round < ROUNDS / 4; round++) {
        uint64_t seed = 3000000 + round;
        csq_calendar *parts[3];
        for (int i = 0; i < 3; i++) {
            parts[i] = random_calendar(&r, &seed);
            csq_zone_free(r.zone);
        }
        const csq_calendar *const all[3] = {parts[0], parts[1], parts[2]};
        csq_calendar *any = NULL;
        csq_calendar *each = NULL;
        assert_status(CSQ_OK, csq_calendar_union(all, 3, NULL, &any, NULL));
        assert_status(CSQ_OK, csq_calendar_intersection(all, 3, NULL, &each, NULL));
        csq_ms at = instant_of("2000-02-01T00:00:00Z");
        for (int q = 0; q < 3000; q++) {
            at += (csq_ms)test_below(&seed, 36 * 3600) * 500;
            int32_t open[5] = {0};
            for (int i = 0; i < 3; i++) {
                assert_status(CSQ_OK, csq_calendar_is_open(parts[i], at, &open[i], NULL));
            }
            assert_status(CSQ_OK, csq_calendar_is_open(any, at, &open[3], NULL));
            assert_status(CSQ_OK, csq_calendar_is_open(each, at, &open[4], NULL));
            assert_int_equal(open[3], open[0] | open[1] | open[2]);
            assert_int_equal(open[4], open[0] & open[1] & open[2]);
        }
        csq_calendar_free(any);
        csq_calendar_free(each);
        for (int i = 0; i < 3; i++) {
            csq_calendar_free(parts[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_calendars_agree_with_a_walk_over_minutes),
        cmocka_unit_test(a_fixed_zone_repeats_every_week_for_ever),
        cmocka_unit_test(open_time_never_decreases_and_adding_inverts_it),
        cmocka_unit_test(merges_agree_with_their_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
