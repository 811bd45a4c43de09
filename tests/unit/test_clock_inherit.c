/*
 * test_clock_inherit — what a ticket takes over from another one: clocks that begin earlier. See
 * clock_rows.h; "inherit 240" takes over from 240 minutes before it.
 */
#include "clock_rows.h"

#define START(what) {.kind = (what), .inherit = CSQ_INHERIT_START}
#define NEXT(base)                                                                                 \
    {.kind = CSQ_METRIC_NEXT_REPLY, .include_first = 1, .inherit = CSQ_INHERIT_START,              \
     .message_base = (base)}
#define CHANGING(change) {.kind = CSQ_METRIC_RESOLUTION, .inherit = CSQ_INHERIT_START,             \
                          .on_change = (change)}

static void an_open_clock_begins_earlier(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"not by default", RESOLUTION, "Mon 12:00 created; Mon 13:00 inherit 240", "Mon 14:00",
         ACTIVE, 1, 0, 120, 0, .due = "Mon 16:00"},
        {"from then on", START(CSQ_METRIC_RESOLUTION), "Mon 12:00 created; Mon 13:00 inherit 240",
         "Mon 14:00", ACTIVE, 1, 1, 300, 0, .due = "Mon 13:00"},
        {"the metric named", START(CSQ_METRIC_RESOLUTION),
         "Mon 12:00 created; Mon 13:00 inherit 240 metric", "Mon 14:00", ACTIVE, 1, 1, 300, 0,
         .due = "Mon 13:00"},
        {"a later start changes nothing", START(CSQ_METRIC_RESOLUTION),
         "Mon 12:00 created; Mon 13:00 inherit 30", "Mon 14:00", ACTIVE, 1, 0, 120, 0,
         .due = "Mon 16:00"},
        {"the earliest counts", START(CSQ_METRIC_RESOLUTION),
         "Mon 12:00 created; Mon 13:00 inherit 120; Mon 13:00 inherit 180; Mon 13:30 inherit 120",
         "Mon 14:00", ACTIVE, 1, 0, 240, 0, .due = "Mon 14:00"},
        {"no pauses before its own start", START(CSQ_METRIC_RESOLUTION),
         "Mon 12:00 created status=pending; Mon 13:00 inherit 240", "Mon 14:00", PAUSED, 1, 0, 180,
         120, .if_resumed = "Mon 15:00"},
        {"on the calendar of its start", START(CSQ_METRIC_RESOLUTION),
         "Mon 08:00 created calendar=early; Mon 10:00 set calendar=office; Mon 11:00 inherit 240",
         "Mon 12:00", ACTIVE, 1, 1, 300, 0, .due = "Mon 11:00"},
        {"closed hours do not count", START(CSQ_METRIC_RESOLUTION),
         "Mon 10:00 created; Mon 11:00 inherit 1080", "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
        {"measured again with the rest", CHANGING(CSQ_ON_CHANGE_RETROACTIVE),
         "Mon 12:00 created; Mon 13:00 inherit 300; Mon 14:00 set priority=urgent", "Mon 14:00",
         ACTIVE, 1, 1, 360, 0, .due = "Mon 12:00"},
        {"a restart forgets it", CHANGING(CSQ_ON_CHANGE_RESTART),
         "Mon 12:00 created; Mon 13:00 inherit 240; Mon 14:00 set priority=high", "Mon 15:00",
         ACTIVE, 2, 0, 60, 0, .due = "Mon 16:00"},
        {"what is finished stays", START(CSQ_METRIC_RESOLUTION),
         "Mon 12:00 created; Mon 13:00 set status=solved; Mon 14:00 inherit 300", "Mon 15:00",
         COMPLETED, 1, 0, 60, 0, .due = "Mon 16:00", .stopped = "Mon 13:00"},
        {"a stop in the same moment comes before", START(CSQ_METRIC_FIRST_REPLY),
         "Mon 12:00 created; Mon 13:00 reply agent; Mon 13:00 inherit 240", "Mon 15:00", COMPLETED,
         1, 0, 60, 0, .due = "Mon 16:00", .stopped = "Mon 13:00"},
    };
    CHECK(rows);
}

static void a_clock_that_waits_for_a_message_begins(void **state)
{
    (void)state;
    static const clock_row rows[] = {
        {"then", NEXT(0), "Mon 09:00 created agent; Mon 11:00 inherit 120", "Mon 12:00", ACTIVE, 1,
         0, 180, 0, .due = "Mon 13:00"},
        {"at once, if nothing is earlier", NEXT(0), "Mon 09:00 created agent; Mon 11:00 inherit 0",
         "Mon 12:00", ACTIVE, 1, 0, 60, 0, .due = "Mon 15:00"},
        {"again", NEXT(0),
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 inherit 120", "Mon 12:00",
         ACTIVE, 2, 0, 180, 0, .due = "Mon 13:00"},
        {"paused", NEXT(0), "Mon 09:00 created agent status=hold; Mon 11:00 inherit 120",
         "Mon 12:00", PAUSED, 1, 0, 120, 60, .if_resumed = "Mon 14:00"},
        {"not before a first reply", START(CSQ_METRIC_NEXT_REPLY),
         "Mon 09:00 created agent; Mon 11:00 inherit 120", "Mon 12:00", NOT_STARTED, 0, 0, 0, 0,
         .due = NULL},
        {"the first reply", {.kind = CSQ_METRIC_FIRST_REPLY, .inherit = CSQ_INHERIT_START,
                             .start_mode = CSQ_START_FIRST_MESSAGE},
         "Mon 09:00 created agent; Mon 11:00 inherit 120", "Mon 12:00", ACTIVE, 1, 0, 180, 0,
         .due = "Mon 13:00"},
        {"which begins once", {.kind = CSQ_METRIC_FIRST_REPLY, .inherit = CSQ_INHERIT_START,
                               .start_mode = CSQ_START_FIRST_MESSAGE},
         "Mon 09:00 created customer; Mon 10:00 reply agent; Mon 11:00 inherit 120", "Mon 12:00",
         COMPLETED, 1, 0, 60, 0, .due = "Mon 13:00", .stopped = "Mon 10:00"},
        {"an update does not", START(CSQ_METRIC_PERIODIC_UPDATE),
         "Mon 09:00 created agent; Mon 11:00 inherit 120", "Mon 12:00", NOT_STARTED, 0, 0, 0, 0,
         .due = NULL},
        {"what spam ended stays so", NEXT(0),
         "Mon 09:00 created agent status=spam; Mon 11:00 inherit 120", "Mon 12:00", NOT_STARTED, 0,
         0, 0, 0, .due = NULL},
        {"from the last message: an open cycle stays", NEXT(CSQ_MESSAGE_BASE_LAST),
         "Mon 10:00 created customer; Mon 11:00 inherit 120", "Mon 12:00", ACTIVE, 1, 0, 120, 0,
         .due = "Mon 14:00"},
        {"of each message: the oldest open cycle", NEXT(CSQ_MESSAGE_BASE_EACH),
         "Mon 10:00 created customer; Mon 10:30 reply customer; Mon 11:00 inherit 120",
         "Mon 12:00", ACTIVE, 1, 0, 180, 0, .due = "Mon 13:00"},
        {"and no other", NEXT(CSQ_MESSAGE_BASE_EACH),
         "Mon 10:00 created customer; Mon 10:30 reply customer; Mon 11:00 inherit 120; "
         "Mon 12:00 reply agent",
         "Mon 13:00", COMPLETED, 2, 0, 90, 0, .due = "Mon 14:30", .stopped = "Mon 12:00"},
    };
    CHECK(rows);
}

/* The time before is a stretch of its own, begun by the event that brought it. */
static void the_time_before_is_told(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric)START(CSQ_METRIC_RESOLUTION), 0);
    csq_ticket *ticket =
        sla_ticket(world.schema, 1,
                   "Mon 12:00 created; Mon 12:30 set status=hold; Mon 13:00 inherit 180");
    csq_explanation *explanation = sla_explain(policies, ticket, 0, sla_at("Mon 14:00"));
    static const struct {
        const char *from;
        const char *to;
        uint32_t reason;
        uint64_t event;
    } stretches[] = {{"Mon 10:00", "Mon 12:00", CSQ_STRETCH_COUNTED, 2},
                     {"Mon 12:00", "Mon 12:30", CSQ_STRETCH_COUNTED, 0},
                     {"Mon 12:30", "Mon 14:00", CSQ_STRETCH_PAUSED, 1}};
    assert_int_equal(csq_explanation_stretch_count(explanation), 3);
    for (uint64_t i = 0; i < 3; i++) {
        const csq_stretch stretch = sla_stretch(explanation, i);
        assert_ms_equal(stretch.from, sla_at(stretches[i].from));
        assert_ms_equal(stretch.to, sla_at(stretches[i].to));
        assert_int_equal(stretch.reason, stretches[i].reason);
        assert_int_equal(stretch.event, stretches[i].event);
    }
    csq_explanation_free(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

static void a_start_outside_the_years_of_the_calendar_is_named(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric)START(CSQ_METRIC_RESOLUTION), 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 12:00 created");
    csq_ticket_event event = test_event(CSQ_EVENT_INHERIT, sla_at("Mon 13:00"), 9);
    event.value = CSQ_MS_NONE + 1;
    test_apply(ticket, event);
    csq_answer answer = {.size = sizeof answer};
    csq_error error = {0};
    assert_status(CSQ_ERANGE,
                  csq_policies_answer(policies, ticket, 0, sla_at("Mon 14:00"), &answer, &error));
    assert_ms_equal(error.index, 1);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* Told from the start again and again: an explanation is given up, the answer needs none. */
static void starts_that_change_too_often_are_refused(void **state)
{
    (void)state;
    enum { INHERITED = 12000 };
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric)START(CSQ_METRIC_RESOLUTION), 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 12:00 created");
    csq_ticket_event event = test_event(CSQ_EVENT_INHERIT, sla_at("Mon 13:00"), 0);
    for (uint32_t i = 1; i <= INHERITED; i++) {
        event.sequence = 100 + i;
        event.value = sla_at("Mon 12:00") - i;
        test_apply(ticket, event);
    }
    const csq_ms now = sla_at("Mon 14:00");
    assert_ms_equal(sla_answer(policies, ticket, 0, now).elapsed_ms, 2 * HOUR_MS + INHERITED);
    csq_explanation *explanation = (csq_explanation *)&world;
    assert_status(CSQ_ELIMIT,
                  csq_policies_explain(policies, ticket, 0, now, NULL, &explanation, NULL));
    assert_null(explanation);
    csq_ticket_free(ticket);
    sla_close(&world);
}

/* ---- from one ticket to another ------------------------------------------------------------ */

static void what_is_open_on_one_ticket_goes_on_on_another(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric)START(CSQ_METRIC_RESOLUTION), 0);
    csq_ticket *from = sla_ticket(world.schema, 1, "Mon 10:00 created; Mon 11:00 set status=hold");
    csq_ticket *to = sla_ticket(world.schema, 2, "Mon 12:00 created");
    const csq_ms now = sla_at("Mon 13:00");
    csq_ticket_event event = {.size = sizeof event};
    assert_status(CSQ_OK, csq_policies_inherit(policies, from, 0, now, &event, NULL));
    assert_int_equal(event.kind, CSQ_EVENT_INHERIT);
    assert_ms_equal(event.at, now);
    assert_ms_equal(event.value, sla_at("Mon 10:00"));
    assert_int_equal(event.subject, test_code(world.schema, CSQ_TICKET_METRIC, "metric"));
    assert_ms_equal(event.sequence, 0);
    event.sequence = 7;
    test_apply(to, event);
    test_apply(from, test_setting(CSQ_EVENT_MERGE, now, 7, 0, 2));
    const csq_answer answer = sla_answer(policies, to, 0, sla_at("Mon 14:00"));
    assert_ms_equal(answer.started_at, sla_at("Mon 10:00"));
    assert_ms_equal(answer.elapsed_ms, 4 * HOUR_MS);
    assert_status(CSQ_ENODATA, csq_policies_inherit(policies, from, 0, now, &event, NULL));
    csq_ticket_free(to);
    csq_ticket_free(from);
    sla_close(&world);
}

static void nothing_is_inherited_from_bad_arguments(void **state)
{
    (void)state;
    sla_world world;
    sla_open(&world);
    const csq_policies *policies =
        sla_single(&world, (csq_metric)START(CSQ_METRIC_RESOLUTION), 0);
    csq_ticket *ticket = sla_ticket(world.schema, 1, "Mon 10:00 created");
    const csq_ms now = sla_at("Mon 13:00");
    csq_ticket_event event = {.size = sizeof event, .sequence = 77};
    assert_status(CSQ_EINVAL, csq_policies_inherit(NULL, ticket, 0, now, &event, NULL));
    assert_status(CSQ_EINVAL, csq_policies_inherit(policies, NULL, 0, now, &event, NULL));
    assert_status(CSQ_EINVAL, csq_policies_inherit(policies, ticket, 0, now, NULL, NULL));
    assert_status(CSQ_ERANGE, csq_policies_inherit(policies, ticket, 1, now, &event, NULL));
    assert_status(CSQ_ERANGE, csq_policies_inherit(policies, ticket, 0, CSQ_MS_NONE, &event, NULL));
    assert_status(CSQ_ENODATA,
                  csq_policies_inherit(policies, ticket, 0, sla_at("Mon 09:00"), &event, NULL));
    assert_ms_equal(event.sequence, 77);
    event.size = 3;
    assert_status(CSQ_EABI, csq_policies_inherit(policies, ticket, 0, now, &event, NULL));
    csq_ticket_free(ticket);
    sla_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_clock_begins_earlier),
        cmocka_unit_test(a_clock_that_waits_for_a_message_begins),
        cmocka_unit_test(the_time_before_is_told),
        cmocka_unit_test(a_start_outside_the_years_of_the_calendar_is_named),
        cmocka_unit_test(starts_that_change_too_often_are_refused),
        cmocka_unit_test(what_is_open_on_one_ticket_goes_on_on_another),
        cmocka_unit_test(nothing_is_inherited_from_bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
