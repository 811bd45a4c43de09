/*
 * test_rules_errors — every mistake in a rule document is refused with its code, path and place.
 */
#include "rules_support.h"

/* A caret stands before the byte that the error names; ' stands for ". */
typedef struct error_row {
    const char *rule;
    const char *document;
    csq_status code;
    const char *path;
    const char *message; /* a part of it */
} error_row;

/* Documents around the place of interest. */
#define METRIC(members)   "{'metrics': {'m': {" members "}}}"
#define METRIC_AT(members) "{'metrics': {'m': ^{" members "}}}"
#define CALENDAR(members) "{'calendars': {'c': {" members "}}}"
#define MATCH(condition)                                                                           \
    "{'attributes': {'amount': 'integer', 'seen': 'instant'},\n"                                   \
    " 'metrics': {'m': {'kind': 'first_reply'}},\n"                                                \
    " 'policies': [{'name': 'a'}, {'name': 'p', 'match': " condition "}]}"
#define TARGET(target)                                                                             \
    "{'calendars': {'office': {'zone': 'UTC', 'week': {'mon': ['09:00-17:00']}}},\n"               \
    " 'metrics': {'first_reply': {'kind': 'first_reply'}},\n"                                      \
    " 'policies': [{'name': 'p', 'targets': {'first_reply': " target "}}]}"
#define T "policies[0].targets.first_reply"
#define M "policies[1].match"

static const error_row rows[] = {
    /* the text itself */
    {"no JSON", "^", CSQ_EJSON, "", "expected"},
    {"a duplicate key", "{'about': {}, ^'about': {}}", CSQ_EDUPLICATE, "about", NULL},
    {"an unknown member with a near one", "{^'calendar': {}}", CSQ_ERULE, "calendar",
     "expected \"calendars\", found the unknown member \"calendar\""},
    {"an unknown member far from all", "{^'holidays': {}}", CSQ_ERULE, "holidays",
     "expected one of \"about\", \"attributes\", \"calendars\", \"metrics\", \"select\", \"policies\""},
    {"another kind of value", "^[]", CSQ_ERULE, "", "expected an object, found"},
    {"null is no value", "{'about': ^null}", CSQ_ERULE, "about", "an object"},
    {"about holds texts", "{'about': {'title': ^1}}", CSQ_ERULE, "about.title", "a text, found 1"},
    /* attributes */
    {"an attribute of no kind", "{'attributes': {'a': ^'categry'}}", CSQ_ERULE, "attributes.a",
     "expected \"category\", found the text \"categry\""},
    {"a word of conditions as attribute", "{'attributes': {^'any': 'set'}}", CSQ_ERULE,
     "attributes.any", NULL},
    {"a built-in attribute of another kind", "{'attributes': {^'status': 'integer'}}", CSQ_EEXISTS,
     "attributes.status", NULL},
    /* calendars */
    {"a calendar without a zone", "{'calendars': {'c': ^{'week': {}}}}", CSQ_ERULE, "calendars.c",
     "\"zone\""},
    {"an unknown zone", CALENDAR("'zone': ^'Europe/Berlni'"), CSQ_EZONE, "calendars.c.zone",
     "\"Europe/Berlni\""},
    {"an offset of another form", CALENDAR("'zone': {'offset': ^'0800'}"), CSQ_EZONE,
     "calendars.c.zone.offset", NULL},
    {"an offset too far", CALENDAR("'zone': {'offset': ^'+26:00'}"), CSQ_ERANGE,
     "calendars.c.zone.offset", NULL},
    {"a POSIX string that is none", CALENDAR("'zone': {'posix': ^'EST'}"), CSQ_EPOSIXTZ,
     "calendars.c.zone.posix", NULL},
    {"two zones in one", CALENDAR("'zone': ^{'posix': 'A0', 'offset': '+01:00'}"), CSQ_ERULE,
     "calendars.c.zone", "both"},
    {"always open, but not", CALENDAR("'always_open': ^false"), CSQ_ERULE,
     "calendars.c.always_open", "expected true"},
    {"always open with hours", "{'calendars': {'c': ^{'always_open': true, 'week': {}}}}",
     CSQ_ERULE, "calendars.c", "alone"},
    {"a union of what comes later",
     "{'calendars': {'c': {'union': [^'d']}, 'd': {'always_open': true}}}", CSQ_ENOTFOUND,
     "calendars.c.union[0]", "stands before"},
    {"a union of a misspelt name",
     "{'calendars': {'office': {'always_open': true}, 'c': {'union': [^'ofice']}}}", CSQ_ENOTFOUND,
     "calendars.c.union[0]", "such as \"office\""},
    {"a union of nothing", CALENDAR("'union': ^[]"), CSQ_ERULE, "calendars.c.union", "empty"},
    {"one year", CALENDAR("'zone': 'UTC', 'years': ^[2020]"), CSQ_ERULE, "calendars.c.years", NULL},
    {"years backwards", CALENDAR("'zone': 'UTC', 'years': [2020, ^2019]"), CSQ_ERANGE,
     "calendars.c.years[1]", "from 2020"},
    {"a weekday that does not exist", CALENDAR("'zone': 'UTC', 'week': {^'mo': []}"), CSQ_ERULE,
     "calendars.c.week.mo", "\"mon\""},
    {"hours of another form", CALENDAR("'zone': 'UTC', 'week': {'mon': [^'9-17']}"), CSQ_EDATE,
     "calendars.c.week.mon[0]", "09:00-17:00"},
    {"hours without an end", CALENDAR("'zone': 'UTC', 'week': {'mon': [^'09:00']}"), CSQ_EDATE,
     "calendars.c.week.mon[0]", "09:00-17:00"},
    {"a time of day of another form",
     CALENDAR("'zone': 'UTC', 'holidays': [{'date': '2026-05-01', 'to': ^'9:00'}]"), CSQ_EDATE,
     "calendars.c.holidays[0].to", "a time of day"},
    {"hours that end before their start",
     CALENDAR("'zone': 'UTC',\n 'week': {'mon': [^'22:00-06:00']}"), CSQ_EINTERVAL,
     "calendars.c.week.mon[0]", "22:00-30:00"},
    {"a holiday that does not exist",
     CALENDAR("'zone': 'UTC', 'holidays': [{'date': ^'2026-02-29'}]"), CSQ_EDATE,
     "calendars.c.holidays[0].date", "2026-02-29"},
    {"a holiday without a date", CALENDAR("'zone': 'UTC', 'holidays': [^{'name': 'x'}]"), CSQ_ERULE,
     "calendars.c.holidays[0]", "\"date\""},
    {"a holiday that ends before its start",
     CALENDAR("'zone': 'UTC', 'holidays': [^{'date': '2026-05-01', 'from': '13:00', "
              "'to': '12:00'}]"),
     CSQ_EINTERVAL, "calendars.c.holidays[0]", NULL},
    {"two holidays on a date",
     CALENDAR("'zone': 'UTC', 'holidays': [{'date': '2026-05-02'}, {'date': '2026-05-01'},\n"
              "  ^{'date': '2026-05-01'}]"),
     CSQ_EDUPLICATE, "calendars.c.holidays[2]", NULL},
    {"overlapping holidays in a later version",
     CALENDAR("'zone': 'UTC', 'holidays': [{'date': '2026-05-01'}, {'date': '2026-05-02'}],\n"
              "'versions': [{'from': '2026-01-01T00:00:00Z', 'holidays': [\n"
              "  {'date': '2026-05-01', 'to': '12:00'},\n"
              "  ^{'date': '2026-05-01', 'from': '10:00', 'to': '13:00'}]}]"),
     CSQ_EINTERVAL, "calendars.c.versions[0].holidays[1]", NULL},
    {"an override on no date", CALENDAR("'zone': 'UTC', 'overrides': {^'2026-13-01': []}"),
     CSQ_EDATE, "calendars.c.overrides.2026-13-01", NULL},
    {"a break on no date", CALENDAR("'zone': 'UTC', 'breaks': {^'tomorrow': []}"), CSQ_EDATE,
     "calendars.c.breaks.tomorrow", NULL},
    {"an override without hours", CALENDAR("'zone': 'UTC', 'overrides': {'2026-01-01': ^{}}"),
     CSQ_ERULE, "calendars.c.overrides.2026-01-01", "\"open\""},
    {"versions backwards",
     CALENDAR("'zone': 'UTC', 'versions': [{'from': '2026-07-01T00:00:00Z'}, "
              "{'from': ^'2026-06-01T00:00:00Z'}]"),
     CSQ_EORDER, "calendars.c.versions[1].from", NULL},
    {"a version from no instant", CALENDAR("'zone': 'UTC', 'versions': [{'from': ^'2026'}]"),
     CSQ_EDATE, "calendars.c.versions[0].from", NULL},
    /* metrics */
    {"a metric without a kind", "{'metrics': {'m': ^{}}}", CSQ_ERULE, "metrics.m", "\"kind\""},
    {"a kind that does not exist", METRIC("'kind': ^'first_response'"), CSQ_ERULE, "metrics.m.kind",
     "\"first_reply\""},
    {"a clock that nothing starts", "{'metrics': {'m': ^{'kind': 'clock'}}}", CSQ_ERULE,
     "metrics.m", "\"start\""},
    {"a resolution that nothing ends", "{'metrics': {'m': ^{'kind': 'resolution'}}}", CSQ_ERULE,
     "metrics.m", "\"stop_statuses\""},
    {"ownership by nobody", "{'metrics': {'m': ^{'kind': 'ownership', 'stop': {}}}}", CSQ_ERULE,
     "metrics.m", "\"group\""},
    {"a group that owns a reply", METRIC("'kind': 'first_reply', ^'group': 'x'"), CSQ_ERULE,
     "metrics.m.group", NULL},
    {"an option of another kind", METRIC("'kind': 'first_reply', 'options': {^'repeat': true}"),
     CSQ_ERULE, "metrics.m.options.repeat", NULL},
    {"an option with an unknown value",
     METRIC("'kind': 'first_reply', 'options': {'on_change': ^'cary'}"), CSQ_ERULE,
     "metrics.m.options.on_change", "\"carry\""},
    {"a preset that does not exist", METRIC("'kind': 'first_reply', 'preset': ^'zendesc'"),
     CSQ_ERULE, "metrics.m.preset", "\"zendesk\""},
    {"a preset unlike all others", METRIC("'kind': 'first_reply', 'preset': ^'xyzzyplugh'"),
     CSQ_ERULE, "metrics.m.preset", "names, found the text \"xyzzyplugh\""},
    {"one of several that does not exist",
     METRIC("'kind': 'first_reply', 'preset': ['zammad', ^'count_note']"), CSQ_ERULE,
     "metrics.m.preset[1]", "\"count_notes\""},
    {"a preset of an option that the kind has not",
     METRIC("'kind': 'first_reply', 'preset': ['zammad', ^'repeat']"), CSQ_ERULE,
     "metrics.m.preset[1]", "\"repeat\""},
    {"no preset at all", METRIC("'kind': 'first_reply', 'preset': ^[]"), CSQ_ERULE,
     "metrics.m.preset", "empty list"},
    {"a preset that is an object", METRIC("'kind': 'first_reply', 'preset': ^{}"), CSQ_ERULE,
     "metrics.m.preset", "a preset or a list"},
    {"visits without ownership",
     METRIC("'kind': 'first_reply', 'options': {^'visits': 'sum'}"), CSQ_ERULE,
     "metrics.m.options.visits", NULL},
    {"messages of an update",
     METRIC("'kind': 'periodic_update', 'options': {^'message_base': 'last'}"), CSQ_ERULE,
     "metrics.m.options.message_base", NULL},
    {"a reset of each message",
     "{'metrics': {^'m': {'kind': 'next_reply', 'reset': {}, 'options': {'message_base': "
     "'each'}}}}",
     CSQ_EINVAL, "metrics.m", NULL},
    {"notes of a resolution",
     METRIC("'kind': 'resolution', 'stop_statuses': ['s'], 'options': {^'count_notes': true}"),
     CSQ_ERULE, "metrics.m.options.count_notes", NULL},
    {"bots that acknowledge",
     METRIC("'kind': 'acknowledge', 'options': {^'count_bots': true}"), CSQ_ERULE,
     "metrics.m.options.count_bots", NULL},
    {"what a solve does to a wait",
     METRIC("'kind': 'requester_wait', 'stop_statuses': ['s'], 'pause_statuses': ['p'],"
            " 'options': {^'on_solved': 'keep'}"),
     CSQ_ERULE, "metrics.m.options.on_solved", NULL},
    {"a wait that never pauses", METRIC_AT("'kind': 'requester_wait', 'stop_statuses': ['s']"),
     CSQ_ERULE, "metrics.m", "pause_statuses"},
    {"a wait that never stops", METRIC_AT("'kind': 'requester_wait', 'run_statuses': ['s']"),
     CSQ_ERULE, "metrics.m", "stop_statuses"},
    {"work without its statuses", METRIC_AT("'kind': 'agent_work', 'stop_statuses': ['s']"),
     CSQ_ERULE, "metrics.m", "run_statuses"},
    {"a first resolution that never stops", METRIC_AT("'kind': 'first_resolution'"), CSQ_ERULE,
     "metrics.m", "stop_statuses"},
    {"a total resolution that never stops", METRIC_AT("'kind': 'total_resolution'"), CSQ_ERULE,
     "metrics.m", "stop_statuses"},
    {"a run status that is a number", METRIC("'kind': 'assign', 'run_statuses': [^1]"), CSQ_ERULE,
     "metrics.m.run_statuses[0]", NULL},
    {"a metric that refuses what never opens",
     "{'calendars': {'c': {'never_open': true}}, 'metrics': {'n': {'kind': 'assign'}, 'm': "
     "{'kind': 'assign', 'options': {'empty_calendar': ^'error'}}}}",
     CSQ_ENEVER, "metrics.m.options.empty_calendar", "\"c\""},
    {"an unknown option", METRIC("'kind': 'first_reply', 'options': {^'reopens': 'resume'}"),
     CSQ_ERULE, "metrics.m.options.reopens", "\"reopen\""},
    {"an empty status", METRIC("'kind': 'resolution', 'stop_statuses': [^'']"), CSQ_ERULE,
     "metrics.m.stop_statuses[0]", "not empty"},
    {"no statuses", METRIC("'kind': 'resolution', 'stop_statuses': ^[]"), CSQ_ERULE,
     "metrics.m.stop_statuses", "empty"},
    {"a step at two points",
     METRIC("'kind': 'first_reply', 'steps': [^{'name': 's', 'after': '1h', 'percent': 80}]"),
     CSQ_ERULE, "metrics.m.steps[0]", "found 3"},
    {"a step at no point", METRIC("'kind': 'first_reply', 'steps': [^{'name': 's'}]"), CSQ_ERULE,
     "metrics.m.steps[0]", "found 1"},
    {"a step before its negative",
     METRIC("'kind': 'first_reply', 'steps': [{'name': 's', 'before': ^'-1h'}]"), CSQ_ERULE,
     "metrics.m.steps[0].before", "not negative"},
    {"a percentage too fine",
     METRIC("'kind': 'first_reply', 'steps': [{'name': 's', 'percent': ^0.001}]"), CSQ_ENUMBER,
     "metrics.m.steps[0].percent", NULL},
    {"a percentage below 0",
     METRIC("'kind': 'first_reply', 'steps': [{'name': 's', 'percent': ^-1}]"), CSQ_ERANGE,
     "metrics.m.steps[0].percent", NULL},
    {"a step of a million years",
     METRIC("'kind': 'first_reply', 'steps': [{'name': 's', 'after': ^'8766000000h'}]"), CSQ_ERANGE,
     "metrics.m.steps[0].after", NULL},
    {"two steps of one name",
     METRIC("'kind': 'first_reply', 'steps': [{'name': 's', 'after': '1h'}, "
            "{'name': ^'s', 'after': '2h'}]"),
     CSQ_EEXISTS, "metrics.m.steps[1].name", NULL},
    /* conditions */
    {"an unknown attribute", MATCH("{^'priorty': 'p1'}"), CSQ_ENOTFOUND, M ".priorty",
     "such as \"priority\""},
    {"an unknown event", MATCH("{'event': ^'creted'}"), CSQ_ENOTFOUND, M ".event",
     "such as \"created\""},
    {"an unknown author in a list", MATCH("{'author': ['agent', ^'robot']}"), CSQ_ENOTFOUND,
     M ".author[1]", "an author"},
    {"a number for a name", MATCH("{'status': ^1}"), CSQ_ERULE, M ".status", "a name, found 1"},
    {"a name for a number", MATCH("{'amount': ^'5'}"), CSQ_ERULE, M ".amount", NULL},
    {"a part of a number", MATCH("{'amount': {'at_least': ^0.5}}"), CSQ_ENUMBER,
     M ".amount.at_least", NULL},
    {"a name for an instant", MATCH("{'seen': {'at_most': ^'noon'}}"), CSQ_EDATE, M ".seen.at_most",
     NULL},
    {"a number for an instant", MATCH("{'seen': {'at_most': ^12}}"), CSQ_ERULE, M ".seen.at_most",
     NULL},
    {"a range without room", MATCH("{'amount': {'at_least': 5, 'at_most': ^4}}"), CSQ_ERULE,
     M ".amount.at_most", NULL},
    {"a range of names", MATCH("{'status': {'at_least': ^'a'}}"), CSQ_ERULE, M ".status.at_least",
     "of kind category"},
    {"equality of a set", MATCH("{'tags': ^'vip'}"), CSQ_ERULE, M ".tags", "\"has\""},
    {"membership of a category", MATCH("{'status': {'has': ^'vip'}}"), CSQ_ERULE, M ".status.has",
     "a set"},
    {"no values", MATCH("{'status': ^[]}"), CSQ_ERULE, M ".status", "empty"},
    {"no tests", MATCH("{'status': ^{}}"), CSQ_ERULE, M ".status", "empty"},
    {"an unknown test", MATCH("{'status': {^'chnaged': true}}"), CSQ_ERULE, M ".status.chnaged",
     "\"changed\""},
    {"a policy for what belongs to an event",
     MATCH("{'status': 'a', 'any': [{'not': {^'event': 'reply'}}]}"), CSQ_EINVAL,
     "policies[1].match.any[0].not.event", "belongs to an event"},
    {"a change before the event", MATCH("{'status': {'previous': {^'changed': true}}}"), CSQ_ERULE,
     M ".status.previous.changed", NULL},
    {"an unknown attribute deep inside", MATCH("{'all': [{'any': [{'not': {^'statsu': 'x'}}]}]}"),
     CSQ_ENOTFOUND, M ".all[0].any[0].not.statsu", "\"status\""},
    {"a condition that is a list", MATCH("^[]"), CSQ_ERULE, M, "a condition such as"},
    {"an operand that is no object", MATCH("{'all': [^true]}"), CSQ_ERULE, M ".all[0]", NULL},
    /* policies */
    {"policies without metrics", "^{'policies': [{'name': 'p'}]}", CSQ_ERULE, "", "\"metrics\""},
    {"two policies of one name",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'p'}, {'name': ^'p'}]}",
     CSQ_EEXISTS, "policies[1].name", NULL},
    {"a selection that is none", "{'select': ^'some'}", CSQ_ERULE, "select", "\"first\", \"all\""},
    {"a policy that ends before it comes into force",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'p', 'from': "
     "'2026-01-02T00:00:00Z', 'until': ^'2026-01-02T00:00:00Z'}]}",
     CSQ_EINTERVAL, "policies[0].until", NULL},
    {"an instant of a policy that is none",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'p', 'from': ^'2026'}]}",
     CSQ_EDATE, "policies[0].from", NULL},
    {"versions of a policy in two tracks",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'p', 'until': "
     "'2026-01-02T00:00:00Z'}, {'name': 'p', 'track': ^'t', 'from': '2026-01-02T00:00:00Z'}]}",
     CSQ_EMISMATCH, "policies[1].track", NULL},
    {"versions of a policy at one time",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'p', 'until': "
     "'2026-01-02T00:00:00Z'}, {'name': ^'p', 'from': '2026-01-01T00:00:00Z'}]}",
     CSQ_EEXISTS, "policies[1].name", NULL},
    {"a step for nobody",
     "{'metrics': {'m': {'kind': 'first_reply', 'steps': [{'name': 's', 'percent': 5, 'to': ^[]}]}}}",
     CSQ_ERULE, "metrics.m.steps[0].to", NULL},
    {"a step for somebody twice",
     "{'metrics': {'m': {'kind': 'first_reply', 'steps': [{'name': 's', 'percent': 5, 'to': ^['a', "
     "'a']}]}}}",
     CSQ_EDUPLICATE, "metrics.m.steps[0].to", NULL},
    {"a step for somebody at no time",
     "{'metrics': {'m': {'kind': 'first_reply', 'steps': [^{'name': 's', 'to': ['a']}]}}}",
     CSQ_ERULE, "metrics.m.steps[0]", NULL},
    {"a track without a name",
     "{'metrics': {'m': {'kind': 'first_reply'}}, 'policies': [{'name': 'p', 'track': ^''}]}",
     CSQ_ERULE, "policies[0].track", NULL},
    {"a target of an unknown metric",
     "{'metrics': {'first_reply': {'kind': 'first_reply'}},\n"
     " 'policies': [{'name': 'p', 'targets': {^'first_repl': {'within': '1h'}}}]}",
     CSQ_ENOTFOUND, "policies[0].targets.first_repl", "such as \"first_reply\""},
    {"a target of 0", TARGET("{'within': ^'0h'}"), CSQ_ETARGET, T ".within", "above 0"},
    {"a negative target", TARGET("{'within': ^'-4h'}"), CSQ_ETARGET, T ".within", "-4h"},
    {"a duration without a unit", TARGET("{'within': ^62}"), CSQ_ERULE, T ".within",
     "expected a duration with its unit, such as \"62h\" or \"62m\", found 62"},
    {"a step without a unit",
     METRIC("'kind': 'first_reply', 'steps': [{'name': 's', 'after': ^1800000}]"), CSQ_ERULE,
     "metrics.m.steps[0].after", "unit"},
    {"a text without a unit", TARGET("{'within': ^'62'}"), CSQ_ERULE, T ".within",
     "a duration such as"},
    {"a target beyond int64_t", TARGET("{'within': ^'99999999999999h'}"), CSQ_ETARGET, T ".within",
     NULL},
    {"INT64_MAX as a target", TARGET("{'within': ^9223372036854775807}"), CSQ_ENUMBER, T ".within",
     NULL},
    {"a target of a thousand years", TARGET("{'within': ^'8766000h'}"), CSQ_ETARGET, T ".within",
     NULL},
    {"a duration in unknown units", TARGET("{'within': ^'4w'}"), CSQ_ERULE, T ".within",
     "a duration such as"},
    {"a duration that is not whole", TARGET("{'within': ^'0.00001s'}"), CSQ_ENUMBER, T ".within",
     NULL},
    {"half a number without a unit", TARGET("{'within': ^1.5}"), CSQ_ERULE, T ".within",
     "\"1.5h\""},
    {"two kinds of target", TARGET("^{'within': '1h', 'workdays': 1, 'calendar': 'office'}"),
     CSQ_ERULE, T, "two of them"},
    {"all kinds of target", TARGET("^{'within': '1h', 'workdays': 1, 'due': 'promise'}"),
     CSQ_ERULE, T, "all of them"},
    {"due at a category", TARGET("{'due': ^'status'}"), CSQ_ERULE, T ".due",
     "an attribute that is an instant"},
    {"due at nothing", TARGET("{'due': ^'promised'}"), CSQ_ENOTFOUND, T ".due",
     "such as \"promise\""},
    {"the end of day of a due instant", TARGET("{'due': 'promise', 'end_of_day': ^true}"),
     CSQ_ERULE, T ".end_of_day", NULL},
    {"a due instant beside values",
     TARGET("{'by': 'priority', ^'due': 'promise', 'otherwise': {'within': '1h'}}"), CSQ_ERULE,
     T ".due", NULL},
    {"on_solved of a promise", METRIC("'kind': 'promise', 'options': {^'on_solved': 'keep'}"),
     CSQ_ERULE, "metrics.m.options.on_solved", NULL},
    {"no target", TARGET("^{'calendar': 'office'}"), CSQ_ERULE, T, "none"},
    {"0 working days", TARGET("{'workdays': ^0, 'calendar': 'office'}"), CSQ_ETARGET, T ".workdays",
     NULL},
    {"too many working days", TARGET("{'workdays': ^40000, 'calendar': 'office'}"), CSQ_ETARGET,
     T ".workdays", NULL},
    {"half a working day", TARGET("{'workdays': ^0.5, 'calendar': 'office'}"), CSQ_ENUMBER,
     T ".workdays", NULL},
    {"working days without a calendar", TARGET("^{'workdays': 2}"), CSQ_ERULE, T, "\"calendar\""},
    {"the end of day of hours", TARGET("{'within': '1h', 'end_of_day': ^true}"), CSQ_ERULE,
     T ".end_of_day", NULL},
    {"an unknown calendar", TARGET("{'within': '1h', 'calendar': ^'ofice'}"), CSQ_ENOTFOUND,
     T ".calendar", "such as \"office\""},
    {"a target by a set", TARGET("{'by': ^'tags', 'values': {'a': {'within': '1h'}}}"), CSQ_ERULE,
     T ".by", "category"},
    {"a target by what belongs to an event",
     TARGET("{'by': ^'author', 'otherwise': {'within': '1h'}}"), CSQ_EINVAL, T ".by",
     "belongs to an event"},
    {"a target by nothing", TARGET("^{'values': {'a': {'within': '1h'}}}"), CSQ_ERULE, T, "\"by\""},
    {"a target by values without any", TARGET("^{'by': 'priority'}"), CSQ_ERULE, T, "\"values\""},
    {"a target by values and without", TARGET("{'by': 'priority', ^'within': '1h'}"), CSQ_ERULE,
     T ".within", NULL},
    {"a bad target of a value",
     TARGET("{'by': 'priority', 'values': {'p1': {'within': '1h'},\n 'p2': {'within': ^'0s'}}}"),
     CSQ_ETARGET, T ".values.p2.within", NULL},
    {"an unknown member of a value", TARGET("{'by': 'priority', 'otherwise': {^'by': 'x'}}"),
     CSQ_ERULE, T ".otherwise.by", NULL},
};

/* Takes the caret out and says where it was. */
static void take_caret(char *text, int64_t *byte, int32_t *line, int32_t *column)
{
    char *caret = strchr(text, '^');
    assert_non_null(caret);
    *byte = caret - text;
    *line = 1;
    *column = 1;
    for (const char *c = text; c < caret; c++) {
        *line += *c == '\n';
        *column = *c == '\n' ? 1 : *column + 1;
    }
    memmove(caret, caret + 1, strlen(caret));
}

static void check_row(const error_row *row)
{
    char *text = rules_text(row->document);
    int64_t byte;
    int32_t line;
    int32_t column;
    take_caret(text, &byte, &line, &column);
    csq_schema *schema = test_schema();
    const csq_rules_options options = rules_options();
    csq_rules *rules = NULL;
    csq_error error;
    const csq_status status =
        csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, &error);
    const int is_right = status == row->code && error.code == row->code &&
                         strcmp(error.path, row->path) == 0 && error.line == line &&
                         error.column == column && error.byte == byte &&
                         (row->message == NULL || strstr(error.message, row->message) != NULL);
    if (!is_right) {
        print_error("%s: %s at \"%s\" %d:%d (%s); expected %s at \"%s\" %d:%d\n", row->rule,
                    csq_status_name(status), status == CSQ_OK ? "" : error.path,
                    status == CSQ_OK ? 0 : error.line, status == CSQ_OK ? 0 : error.column,
                    status == CSQ_OK ? "" : error.message, csq_status_name(row->code), row->path,
                    line, column);
    }
    assert_true(is_right);
    assert_null(rules);
    assert_status(row->code,
                  csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, NULL));
    csq_schema_free(schema);
    free(text);
}

static void every_mistake_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_row(&rows[i]);
    }
}

static void a_refused_document_leaves_the_schema_as_it_was(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    const uint32_t n_attributes = csq_schema_count(schema);
    const csq_vocabulary *statuses = csq_schema_vocabulary(schema, CSQ_TICKET_STATUS);
    const uint32_t n_statuses = csq_vocabulary_count(statuses);
    char *text = rules_text("{'attributes': {'segment': 'category'},"
                            " 'metrics': {'m': {'kind': 'resolution', 'stop_statuses': ['done']}},"
                            " 'policies': [{'name': 'p', 'targets': {'m': {'within': '0s'}}}]}");
    csq_rules *rules;
    assert_status(CSQ_ETARGET, csq_rules_read(schema, csq_str_of(text), NULL, NULL, &rules, NULL));
    assert_int_equal(csq_schema_count(schema), n_attributes);
    statuses = csq_schema_vocabulary(schema, CSQ_TICKET_STATUS);
    assert_int_equal(csq_vocabulary_count(statuses), n_statuses);
    free(text);
    csq_schema_free(schema);
}

static void impossible_arguments_are_refused(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_schema *other;
    assert_status(CSQ_OK, csq_schema_new(1, NULL, &other, NULL));
    const csq_str empty = csq_str_of("{}");
    csq_rules *rules = NULL;
    assert_status(CSQ_EINVAL, csq_rules_read(NULL, empty, NULL, NULL, &rules, NULL));
    assert_status(CSQ_EINVAL, csq_rules_read(schema, empty, NULL, NULL, NULL, NULL));
    assert_status(CSQ_EMISMATCH, csq_rules_read(other, empty, NULL, NULL, &rules, NULL));
    csq_rules_options options = rules_options();
    options.text_limit = 1;
    assert_status(CSQ_ELIMIT, csq_rules_read(schema, empty, &options, NULL, &rules, NULL));
    options.size = 3;
    assert_status(CSQ_EABI, csq_rules_read(schema, empty, &options, NULL, &rules, NULL));
    csq_schema_free(other);
    csq_schema_free(schema);
}

static void a_hundred_million_bytes_are_refused_and_none_is_kept(void **state)
{
    (void)state;
    enum { SIZE = 100000000 };
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, 'a', SIZE);
    text[0] = '"';
    text[SIZE - 1] = '"';
    csq_schema *schema = test_schema();
    csq_rules *rules = NULL;
    csq_error error;
    const csq_str document = {text, SIZE};
    assert_status(CSQ_ELIMIT, csq_rules_read(schema, document, NULL, NULL, &rules, &error));
    assert_null(rules);
    csq_rules_options options = rules_options();
    options.text_limit = SIZE;
    assert_status(CSQ_ERULE, csq_rules_read(schema, document, &options, NULL, &rules, &error));
    assert_null(rules);
    csq_schema_free(schema);
    free(text);
}

/* A document of `n` holidays on consecutive days from 0001-01-01 on. */
static char *many_holidays(size_t n)
{
    static const char head[] = "{\"calendars\":{\"c\":{\"zone\":\"UTC\",\"holidays\":[";
    char *text = malloc(sizeof head + n * 32 + 8);
    assert_non_null(text);
    size_t at = sizeof head - 1;
    memcpy(text, head, at);
    for (size_t i = 0; i < n; i++) {
        char date[CSQ_DATE_TEXT];
        assert_status(CSQ_OK, csq_date_format(-719162 + (int32_t)i, date, sizeof date, NULL));
        at += (size_t)sprintf(text + at, "%s{\"date\":\"%s\"}", i == 0 ? "" : ",", date);
    }
    memcpy(text + at, "]}}}", 5);
    return text;
}

static void a_million_holidays_are_read_and_one_more_is_too_many(void **state)
{
    (void)state;
    csq_schema *schema = test_schema();
    csq_rules_options options = rules_options();
    options.text_limit = 64U << 20;
    csq_rules *rules = NULL;
    char *text = many_holidays(1000000);
    assert_status(CSQ_OK, csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, NULL));
    csq_rules_free(rules);
    free(text);
    text = many_holidays(1000001);
    csq_error error;
    assert_status(CSQ_ELIMIT,
                  csq_rules_read(schema, csq_str_of(text), &options, NULL, &rules, &error));
    assert_string_equal(error.path, "calendars.c.holidays[1000000]");
    free(text);
    csq_schema_free(schema);
}

static void one_calendar_more_than_the_limit_is_refused(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    size_t at = (size_t)sprintf(text, "{\"calendars\":{");
    for (int i = 0; i < 4097; i++) {
        at += (size_t)sprintf(text + at, "%s\"c%d\":{\"never_open\":true}", i == 0 ? "" : ",", i);
    }
    strcpy(text + at, "}}");
    csq_schema *schema = test_schema();
    csq_rules *rules;
    csq_error error;
    assert_status(CSQ_ELIMIT, csq_rules_read(schema, csq_str_of(text), NULL, NULL, &rules, &error));
    assert_string_equal(error.path, "calendars.c4096");
    csq_schema_free(schema);
    free(text);
}

/* Each union counts what it is made of, so repeating one is paid for each time. */
static void calendars_share_one_budget_of_intervals(void **state)
{
    (void)state;
    char *text = malloc(1 << 20);
    assert_non_null(text);
    strcpy(text, "{\"calendars\":{\"a\":{\"zone\":\"UTC\",\"years\":[1,9999],\"week\":{"
                 "\"mon\":[\"09:00-17:00\"],\"wed\":[\"09:00-17:00\"]}},\"b\":{\"union\":[\"a\"");
    size_t at = strlen(text);
    for (int i = 0; i < 200; i++) {
        at += (size_t)sprintf(text + at, ",\"a\"");
    }
    strcpy(text + at, "]}}}");
    csq_schema *schema = test_schema();
    csq_rules *rules;
    csq_error error;
    assert_status(CSQ_ELIMIT, csq_rules_read(schema, csq_str_of(text), NULL, NULL, &rules, &error));
    assert_memory_equal(error.path, "calendars.b.union[", 18);
    csq_schema_free(schema);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_refused_with_its_place),
        cmocka_unit_test(a_refused_document_leaves_the_schema_as_it_was),
        cmocka_unit_test(impossible_arguments_are_refused),
        cmocka_unit_test(a_hundred_million_bytes_are_refused_and_none_is_kept),
        cmocka_unit_test(a_million_holidays_are_read_and_one_more_is_too_many),
        cmocka_unit_test(one_calendar_more_than_the_limit_is_refused),
        cmocka_unit_test(calendars_share_one_budget_of_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
