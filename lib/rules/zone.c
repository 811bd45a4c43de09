/*
 * zone — the zones that a document names: from the host, from offsets, from POSIX strings.
 *
 * The host is asked once for each name. "UTC" needs no host. What is not an object of its own is
 * kept for the calendars that come later.
 *
 * Uses: base, time, text.
 */
#include "rules/zone.h"

void csq__zones_release(csq__zones *zones)
{
    csq__named_zone *known = zones->known.data;
    for (size_t i = 0; i < zones->known.n; i++) {
        csq_zone_free(known[i].zone);
    }
    csq__array_release(&zones->known, &zones->document->allocator, sizeof(csq__named_zone));
}

/* "+08:00", "-00:44:30": a sign and a time of day. */
static csq_status zone_of_offset(const csq__document *document, uint32_t node, csq_zone **out,
                                 csq_error *error)
{
    const csq_str text = csq__json_text(&document->json, node);
    const bool has_sign = text.data[0] == '+' || text.data[0] == '-';
    const csq_str clock = {text.data + 1, text.size - 1};
    csq_ms offset;
    if (!has_sign || csq_clock_parse(clock, 2 * CSQ__DAY_MS, &offset, NULL) != CSQ_OK ||
        offset % 1000 != 0) {
        return csq__fail_value_as(document, node, CSQ_EZONE,
                                  "an offset from UTC such as \"+08:00\"", error);
    }
    const int32_t seconds = (int32_t)(offset / 1000);
    return csq__placed(document, node,
                       csq_zone_new_fixed(text.data[0] == '-' ? -seconds : seconds,
                                          &document->allocator, out, error),
                       error);
}

static csq_status zone_of_object(const csq__document *document, uint32_t node, csq_zone **out,
                                 csq_error *error)
{
    const uint32_t offset = csq__member_of(document, node, "offset");
    const uint32_t posix = csq__member_of(document, node, "posix");
    if ((offset == 0) == (posix == 0)) {
        return csq__json_fail(&document->json, node, error, CSQ_ERULE,
                              CSQ__TEXT("expected one of \"offset\" and \"posix\", found "),
                              CSQ__VIEW(csq_str_of(offset == 0 ? "none" : "both")));
    }
    if (offset != 0) {
        return zone_of_offset(document, offset, out, error);
    }
    return csq__placed(document, posix,
                       csq_zone_new_posix(csq__json_text(&document->json, posix),
                                          &document->allocator, out, error),
                       error);
}

static csq_status zone_of_host(const csq__zones *zones, uint32_t node, csq_zone **out,
                               csq_error *error)
{
    const csq__document *document = zones->document;
    const csq_str name = csq__json_text(&document->json, node);
    if (csq__str_equal(name, CSQ__STR("UTC"))) {
        return csq_zone_new_fixed(0, &document->allocator, out, error);
    }
    if (zones->source == NULL) {
        return csq__fail_value_as(
            document, node, CSQ_EZONE,
            "\"UTC\", an offset or a POSIX string, as the host gives no zones", error);
    }
    csq_zone *zone = NULL;
    const csq_status status = zones->source(zones->user, name, &zone);
    if (status == CSQ_OK && zone != NULL) {
        *out = zone;
        return CSQ_OK;
    }
    if (status == CSQ_ENOMEM) {
        return csq__fail_memory(error);
    }
    return csq__fail_value_as(document, node, status < 0 ? status : CSQ_EZONE,
                              "a zone that the host knows", error);
}

csq_status csq__zones_get(csq__zones *zones, uint32_t node, csq_zone **out, csq_error *error)
{
    const csq__document *document = zones->document;
    if (csq__json_kind_of(&document->json, node) == CSQ__JSON_OBJECT) {
        return zone_of_object(document, node, out, error);
    }
    const csq_str name = csq__json_text(&document->json, node);
    const csq__named_zone *known = zones->known.data;
    for (size_t i = 0; i < zones->known.n; i++) {
        if (csq__str_equal(known[i].name, name)) {
            *out = csq_zone_retain(known[i].zone);
            return CSQ_OK;
        }
    }
    csq__named_zone fresh = {.name = name};
    const csq_status status = zone_of_host(zones, node, &fresh.zone, error);
    if (status != CSQ_OK) {
        return status;
    }
    if (csq__array_push(&zones->known, &document->allocator, &fresh, sizeof fresh) == NULL) {
        csq_zone_free(fresh.zone);
        return csq__fail_memory(error);
    }
    *out = csq_zone_retain(fresh.zone);
    return CSQ_OK;
}
