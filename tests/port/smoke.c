/*
 * smoke — prints integers and encoded bytes that must be the same on every platform: another byte
 * order, another C library, 32-bit pointers. No test framework, so that it links statically
 * anywhere; tests/port/run.sh compares what it prints with expected.txt.
 *
 *     smoke FOLDER_OF_TZIF_FILES
 *
 * A small service desk in Berlin: open Monday to Friday 9 to 17, closed on a holiday; each ticket
 * is to be solved within eight open hours.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_internal.h"
#include "csq/csq.h"

/* The frozen layouts of docs/abi.md. */
_Static_assert(sizeof(csq_error) == 480, "csq_error");
_Static_assert(sizeof(csq_interval) == 16, "csq_interval");
_Static_assert(offsetof(csq_error, path) == 32, "csq_error.path");
_Static_assert(sizeof(void *) != 8 || sizeof(csq_column) == 64, "csq_column");
_Static_assert(sizeof(void *) != 8 || sizeof(csq_str) == 16, "csq_str");
_Static_assert(sizeof(void *) != 8 || sizeof(csq_allocator) == 16, "csq_allocator");

static void print_bytes(const char *what, const uint8_t *bytes, size_t size)
{
    printf("%s (%zu):", what, size);
    for (size_t i = 0; i < size; i++) {
        printf("%s%02x", i % 32 == 0 ? "\n  " : "", bytes[i]);
    }
    printf("\n");
}

static void must(csq_status status, const csq_error *error)
{
    if (status != CSQ_OK) {
        printf("%s: %s\n", csq_status_name(status), error->message);
        exit(1);
    }
}

static void smoke_base(void)
{
    printf("hash %016" PRIx64 "\n", csq__hash("customer service", 16, 1, 2));
    const csq_allocator allocator = csq__allocator_or_default(NULL);
    csq__writer writer = {&allocator, NULL, 0, 0, false};
    csq__write_begin(&writer, 255, 1, 0x0123456789abcdefU);
    csq__write_u8(&writer, 7);
    csq__write_u32(&writer, 0x01020304);
    csq__write_u64(&writer, 0x0102030405060708U);
    csq__write_varint(&writer, UINT64_MAX);
    csq__write_signed(&writer, INT64_MIN);
    csq__write_signed(&writer, -2);
    csq__write_text(&writer, csq_str_of("gr\xc3\xbc\xc3\x9f"));
    if (!csq__write_end(&writer)) {
        exit(1);
    }
    print_bytes("codec", writer.data, writer.size);
    csq__writer_release(&writer);
}

/* The values themselves, and with one more of them buckets. */
static void smoke_quantiles(void)
{
    static const int64_t values[] = {86400000, -250, 0, 7, INT64_MAX};
    const csq_quantiles_options options = {.size = sizeof options, .exact_limit = 4};
    csq_quantiles *quantiles;
    csq_error error;
    must(csq_quantiles_new(&options, NULL, &quantiles, &error), &error);
    for (int i = 0; i < 5; i++) {
        uint8_t bytes[256];
        uint64_t size = sizeof bytes;
        csq_quantile median = {.size = sizeof median};
        must(csq_quantiles_add(quantiles, values[i], &error), &error);
        if (i >= 3) {
            must(csq_quantiles_at(quantiles, 600000, CSQ_QUANTILE_INCLUSIVE, &median, &error),
                 &error);
            printf("quantile %" PRId64 " %" PRId64 " %" PRId64 "\n", median.low, median.value,
                   median.high);
            must(csq_quantiles_encode(quantiles, bytes, &size, &error), &error);
            print_bytes("quantiles", bytes, (size_t)size);
        }
    }
    csq_quantiles_free(quantiles);
}

/* ---- time ---------------------------------------------------------------------------------- */

static csq_zone *read_zone(const char *folder, const char *name)
{
    static uint8_t bytes[65536];
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        printf("cannot read %s\n", path);
        exit(1);
    }
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    csq_error error;
    csq_zone *zone = NULL;
    must(csq_zone_new_tzif(csq_str_of(name), bytes, size, NULL, &zone, &error), &error);
    return zone;
}

static void smoke_time(const csq_zone *zone)
{
    csq_error error;
    int32_t days = 0;
    must(csq_date_to_days(2026, 10, 25, &days, &error), &error);
    const csq_ms local[] = {(csq_ms)days * 86400000 + 9000000, 1774751400000, 4102444800000};
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
        csq_resolution found = {sizeof found, 0, 0, 0, 0, 0, 0};
        must(csq_zone_resolve(zone, local[i], &found, &error), &error);
        char text[CSQ_INSTANT_TEXT];
        must(csq_instant_format(found.first, zone, text, sizeof text, &error), &error);
        printf("local %" PRId64 ": kind %" PRIu32 ", first %" PRId64 " %s, later %" PRId64 "\n",
               local[i], found.kind, found.first, text, found.later);
    }
    const csq_period_options weeks = {sizeof weeks, CSQ_PERIOD_WEEK, 0, 0};
    csq_period week = {sizeof week, 0, 0, 0, 0, ""};
    must(csq_period_at(zone, &weeks, local[0], &week, &error), &error);
    printf("week %s: %" PRId64 " to %" PRId64 ", index %" PRId64 "\n", week.label, week.from,
           week.to, week.index);
}

/* ---- calendar ------------------------------------------------------------------------------ */

enum { HOUR = 3600000 };

static csq_calendar *build_calendar(csq_zone *zone)
{
    csq_error error;
    csq_calendar_builder *builder = NULL;
    must(csq_calendar_builder_new(zone, NULL, NULL, &builder, &error), &error);
    must(csq_calendar_builder_name(builder, csq_str_of("office"), &error), &error);
    for (uint32_t weekday = 1; weekday <= 5; weekday++) {
        must(csq_calendar_builder_week(builder, weekday, 9 * HOUR, 17 * HOUR, &error), &error);
    }
    int32_t days = 0;
    must(csq_date_to_days(2026, 4, 3, &days, &error), &error);
    must(csq_calendar_builder_holiday(builder, days, csq_str_of("Good Friday"), 0, 24 * HOUR,
                                      &error),
         &error);
    csq_calendar *calendar = NULL;
    must(csq_calendar_builder_build(builder, &calendar, &error), &error);
    csq_calendar_builder_free(builder);
    return calendar;
}

static void smoke_calendar(const csq_calendar *calendar)
{
    const csq_ms thursday = 1775120400000; // 2026-04-02T09:00Z, 11:00 in Berlin
    csq_error error;
    csq_ms open = 0;
    must(csq_calendar_measure(calendar, thursday, thursday + 144 * (csq_ms)HOUR, &open, &error),
         &error);
    csq_ms later = 0;
    must(csq_calendar_add(calendar, thursday, 8 * HOUR, CSQ_EDGE_NEAR, &later, &error), &error);
    csq_ms earlier = 0;
    must(csq_calendar_subtract(calendar, later, 40 * HOUR, CSQ_EDGE_FAR, &earlier, &error),
         &error);
    printf("calendar: measure %" PRId64 ", add %" PRId64 ", subtract %" PRId64 "\n", open, later,
           earlier);
    printf("calendar fingerprint %016" PRIx64 "\n", csq_calendar_fingerprint(calendar));
}

/* ---- ticket -------------------------------------------------------------------------------- */

static void apply(csq_ticket *ticket, csq_ticket_event event)
{
    csq_error error;
    event.size = sizeof event;
    must(csq_ticket_apply(ticket, &event, &error), &error);
}

static uint32_t code_of(csq_schema *schema, uint32_t attribute, const char *name)
{
    csq_error error;
    uint32_t code = 0;
    must(csq_schema_code(schema, attribute, csq_str_of(name), &code, &error), &error);
    return code;
}

/* Created Thursday 11:00, solved the Wednesday after; events arrive in the wrong order. */
static csq_ticket *make_ticket(csq_schema *schema)
{
    const csq_ms created = 1775120400000;
    csq_error error;
    csq_ticket *ticket = NULL;
    must(csq_ticket_new(schema, 42, NULL, &ticket, &error), &error);
    apply(ticket, (csq_ticket_event){.kind = CSQ_EVENT_CHANGE,
                                     .at = created + 144 * (csq_ms)HOUR,
                                     .sequence = 3,
                                     .attribute = CSQ_TICKET_STATUS,
                                     .value = code_of(schema, CSQ_TICKET_STATUS, "solved")});
    apply(ticket, (csq_ticket_event){.kind = CSQ_EVENT_CREATED,
                                     .at = created,
                                     .sequence = 1,
                                     .author = CSQ_AUTHOR_CUSTOMER,
                                     .attribute = CSQ_TICKET_PRIORITY,
                                     .value = code_of(schema, CSQ_TICKET_PRIORITY, "p1")});
    apply(ticket, (csq_ticket_event){.kind = CSQ_EVENT_REPLY,
                                     .at = created + HOUR,
                                     .sequence = 2,
                                     .author = CSQ_AUTHOR_AGENT});
    return ticket;
}

static void smoke_ticket(const csq_ticket *ticket)
{
    csq_error error;
    uint8_t bytes[1024];
    uint64_t size = sizeof bytes;
    must(csq_ticket_encode(ticket, bytes, &size, &error), &error);
    print_bytes("ticket", bytes, (size_t)size);
}

/* ---- service levels ------------------------------------------------------------------------ */

static csq_policies *build_policies(csq_schema *schema, csq_calendar *calendar)
{
    csq_error error;
    csq_policies_builder *builder = NULL;
    must(csq_policies_builder_new(schema, NULL, &builder, &error), &error);
    uint32_t office = 0;
    must(csq_policies_add_calendar(builder, csq_str_of("office"), calendar, &office, &error),
         &error);
    const uint32_t solved = code_of(schema, CSQ_TICKET_STATUS, "solved");
    const csq_metric metric = {.size = sizeof metric,
                               .kind = CSQ_METRIC_RESOLUTION,
                               .name = csq_str_of("resolution"),
                               .stop_statuses = &solved,
                               .n_stop_statuses = 1};
    uint32_t resolution = 0;
    must(csq_policies_add_metric(builder, &metric, &resolution, &error), &error);
    uint32_t policy = 0;
    const csq_policy all = {.size = sizeof all, .name = csq_str_of("all")};
    must(csq_policies_add_policy(builder, &all, &policy, &error), &error);
    const csq_target target = {.size = sizeof target,
                               .metric = resolution,
                               .attribute = CSQ_TICKET_PRIORITY,
                               .within_ms = 8 * HOUR,
                               .calendar = office};
    must(csq_policies_add_target(builder, &target, &error), &error);
    csq_policies *policies = NULL;
    must(csq_policies_build(builder, &policies, &error), &error);
    csq_policies_builder_free(builder);
    return policies;
}

static void smoke_sla(const csq_policies *policies, const csq_ticket *ticket)
{
    const csq_ms now = 1776000000000;
    csq_error error;
    csq_answer answer = {.size = sizeof answer};
    must(csq_policies_answer(policies, ticket, 0, now, &answer, &error), &error);
    printf("clock: phase %" PRIu32 ", breached %" PRIu32 ", elapsed %" PRId64 ", due %" PRId64
           ", percent %" PRId64 "\n",
           answer.phase, answer.breached, answer.elapsed_ms, answer.due_at,
           answer.percent_hundredths);
    printf("policies fingerprint %016" PRIx64 "\n", csq_policies_fingerprint(policies));

    const csq_tally_options options = {.size = sizeof options,
                                       .quantiles = CSQ_TALLY_OVERRUN | CSQ_TALLY_REMAINING,
                                       .exact_limit = 4};
    csq_tally *tally = NULL;
    must(csq_tally_new(policies, &options, NULL, &tally, &error), &error);
    must(csq_tally_add(tally, ticket, now, &error), &error);
    uint8_t bytes[1024];
    uint64_t size = sizeof bytes;
    must(csq_tally_encode(tally, bytes, &size, &error), &error);
    print_bytes("tally", bytes, (size_t)size);
    csq_tally_free(tally);
}

/* Twelve times the same ticket in columns: three events each, of which the last is not there for
 * every third. */
static void smoke_replay(const csq_policies *policies, const csq_ticket *ticket, csq_ms now)
{
    enum { TICKETS = 12, EVENTS = 3 };
    csq_error error;
    uint64_t ids[TICKETS * EVENTS];
    int64_t at[TICKETS * EVENTS];
    int64_t values[TICKETS * EVENTS];
    uint8_t kinds[TICKETS * EVENTS];
    csq_event_type types[EVENTS];
    uint64_t n = 0;
    for (uint32_t k = 0; k < EVENTS; k++) {
        csq_ticket_event event = {.size = sizeof event};
        must(csq_ticket_event_at(ticket, k, &event, &error), &error);
        types[k] = (csq_event_type){.size = sizeof types[k],
                                    .kind = event.kind,
                                    .author = event.author,
                                    .visibility = event.visibility,
                                    .attribute = event.attribute};
        for (uint32_t t = 0; t < TICKETS; t++) {
            if (k == EVENTS - 1 && t % 3 == 0) {
                continue;
            }
            ids[n] = t;
            at[n] = event.at + t * (csq_ms)HOUR;
            values[n] = event.value;
            kinds[n++] = (uint8_t)k;
        }
    }
    const csq_event_columns columns = {.size = sizeof columns,
                                       .ticket = csq_column_of(CSQ_COLUMN_UINT64, ids, n),
                                       .at = csq_column_of(CSQ_COLUMN_INT64, at, n),
                                       .type = csq_column_of(CSQ_COLUMN_UINT8, kinds, n),
                                       .value = csq_column_of(CSQ_COLUMN_INT64, values, n),
                                       .types = types,
                                       .n_types = EVENTS};
    csq_tally *tally = NULL;
    must(csq_tally_new(policies, NULL, NULL, &tally, &error), &error);
    must(csq_tally_replay(tally, &columns, now, NULL, NULL, &error), &error);
    uint8_t bytes[1024];
    uint64_t size = sizeof bytes;
    must(csq_tally_encode(tally, bytes, &size, &error), &error);
    print_bytes("replay", bytes, (size_t)size);
    csq_tally_free(tally);
}

/* The events in any order, what is told of them at two instants, and what is kept. */
static void smoke_live(csq_policies *policies, const csq_ticket *ticket)
{
    csq_error error;
    csq_clock_set *set = NULL;
    must(csq_clock_set_new(policies, NULL, NULL, &set, &error), &error);
    for (uint64_t i = csq_ticket_count(ticket); i > 0; i--) {
        csq_ticket_event event = {.size = sizeof event};
        must(csq_ticket_event_at(ticket, i - 1, &event, &error), &error);
        must(csq_clock_set_apply(set, csq_ticket_id(ticket), &event, &error), &error);
    }
    for (csq_ms now = 1775200000000; now <= 1776000000000; now += 100000000) {
        uint64_t n = 0;
        must(csq_clock_set_take(set, now, &n, &error), &error);
        for (uint64_t i = 0; i < n; i++) {
            csq_notice notice = {.size = sizeof notice};
            must(csq_clock_set_notice(set, i, &notice, &error), &error);
            printf("notice: kind %" PRIu32 ", at %" PRId64 ", told at %" PRId64 "\n", notice.kind,
                   notice.at, now);
        }
    }
    uint8_t bytes[1024];
    uint64_t size = sizeof bytes;
    must(csq_clock_set_encode(set, bytes, &size, &error), &error);
    print_bytes("clock set", bytes, (size_t)size);
    csq_clock_set_free(set);
}

int main(int argc, char **argv)
{
    smoke_base();
    smoke_quantiles();
    csq_zone *zone = read_zone(argc > 1 ? argv[1] : ".", "Europe/Berlin");
    smoke_time(zone);
    csq_calendar *calendar = build_calendar(zone);
    smoke_calendar(calendar);
    csq_error error;
    csq_schema *schema = NULL;
    must(csq_ticket_schema_new(1, NULL, &schema, &error), &error);
    csq_ticket *ticket = make_ticket(schema);
    smoke_ticket(ticket);
    csq_policies *policies = build_policies(schema, calendar);
    smoke_sla(policies, ticket);
    smoke_replay(policies, ticket, 1776000000000);
    smoke_live(policies, ticket);

    csq_policies_free(policies);
    csq_ticket_free(ticket);
    csq_schema_free(schema);
    csq_calendar_free(calendar);
    csq_zone_free(zone);
    return 0;
}
