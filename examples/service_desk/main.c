/*
 * service_desk — a host of libcsq: keeps an incident log in SQLite and runs service-level clocks.
 *
 * This file reads the command line. The program decides where things are stored, what a row of the
 * log means and how answers are shown; every clock, sum and reason comes from libcsq.
 *
 * Exit status: 0 done; 1 the input, the database or the output failed; 2 wrong usage.
 *
 * Uses: explain, import, rank, report, text, watch, whatif.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "import.h"
#include "rank.h"
#include "report.h"
#include "text.h"
#include "watch.h"
#include "whatif.h"
#include "zones.h"

enum { EXIT_USAGE = 2, ARGUMENT_LIMIT = 3 };

static const char help_program[] =
    "usage: service_desk DB import LOG.csv --rules RULES.json\n"
    "       service_desk DB report [--now T]\n"
    "       service_desk DB explain TICKET [--metric M] [--at T]\n"
    "       service_desk DB watch [--now T] [--since T] [--next N]\n"
    "       service_desk DB rank [--metric M] [--now T] [--top N]\n"
    "       service_desk DB whatif RULES.json [--now T] [--changes N]\n"
    "       service_desk COMMAND --help\n"
    "\n"
    "Keeps an incident log in the SQLite database DB, runs the service-level clocks of a rules\n"
    "document over it, and shows what they say and why.\n"
    "\n"
    "  import   read a log into the database; can be stopped and run again at any time\n"
    "  report   attainment by priority, group and month, worst overruns, waiting\n"
    "  explain  the timeline of one clock of one incident\n"
    "  watch    what is due next, what is late, which warnings have fired\n"
    "  rank     the open incidents in the order in which to work on them, with reasons\n"
    "  whatif   what other rules would have made of the same incidents\n"
    "\n"
    "Exit status: 0 done, 1 input, database or output failed, 2 wrong usage.\n";

static const char help_import[] =
    "usage: service_desk DB import LOG.csv [--rules RULES.json] [options]\n"
    "\n"
    "Reads an incident log (CSV with the columns number, incident_state, sys_mod_count, made_sla,\n"
    "opened_at, sys_updated_at, priority, assignment_group, assigned_to; others are ignored) into\n"
    "DB, which is made if it is not there. Rows that no incident can have are named on stderr\n"
    "with line and reason, counted and skipped. A row is reported as imported only after it is\n"
    "safely stored: after a crash, run the same command again and it goes on.\n"
    "\n"
    "DB keeps the rows and, made from them, the encoded tickets: their event logs. It keeps no\n"
    "clocks; those are computed from a ticket, in microseconds, whenever they are asked for. A\n"
    "stored ticket that is damaged is made again from the rows.\n"
    "\n"
    "Advice about the rules, and incidents with dates outside the \"years\" of a calendar, are\n"
    "named on stderr.\n"
    "\n"
    "  --rules FILE     rules document; needed the first time, later it replaces the stored one\n"
    "  --batch N        rows to a transaction (5000)\n"
    "  --zoneinfo DIR   zone database (" ZONES_DIRECTORY ")\n";

static const char help_report[] =
    "usage: service_desk DB report [options]\n"
    "\n"
    "Prints for each clock of the rules how many incidents met their target, by priority, group\n"
    "and month of opening, the worst overruns, the share of time paused, and how the first clock\n"
    "compares with the log's own made_sla. All clocks are computed anew from the stored tickets.\n"
    "An incident with dates outside the \"years\" of a calendar is named on stderr and left out.\n"
    "\n"
    "  --now T          the instant to judge at: \"2016-05-01 17:30\" on the log's clock, or\n"
    "                   RFC 3339 (the last update of the log that lies within the\n"
    "                   years of a calendar)\n"
    "  --groups N       groups shown one by one (12)\n"
    "  --zoneinfo DIR   zone database (" ZONES_DIRECTORY ")\n";

static const char help_explain[] =
    "usage: service_desk DB explain TICKET [options]\n"
    "\n"
    "Prints the timeline of one clock: each stretch of time with what counted, what did not and\n"
    "why, the policy that holds, and why the others do not. \"judged under X as it was before\"\n"
    "means that the incident changed when or after the clock stopped.\n"
    "\n"
    "  --metric M       the clock (the first one of the rules); \"closure/supplier\" is that in\n"
    "                   the track \"supplier\"\n"
    "  --at T           the instant to read it at, as for report\n"
    "  --zoneinfo DIR   zone database (" ZONES_DIRECTORY ")\n";

static const char help_watch[] =
    "usage: service_desk DB watch [options]\n"
    "\n"
    "Prints how many clocks are open, what is due next if nothing happens (steps of the ladders "
    "of\n"
    "the rules, and breaches), which open clocks are late, and what has fired since an instant.\n"
    "Nothing that happened after the instant to watch at is looked at.\n"
    "\n"
    "  --now T          the instant to watch at, as for report\n"
    "  --since T        what has fired after this instant is shown (a day before)\n"
    "  --next N         lines of each list (10)\n"
    "  --zoneinfo DIR   zone database (" ZONES_DIRECTORY ")\n";

static const char help_rank[] = "usage: service_desk DB rank [options]\n"
                                "\n"
                                "Prints the incidents with an open clock in the order that the "
                                "\"ranking\" of the rules gives,\n"
                                "and what each part of it gave for them.\n"
                                "\n"
                                "  --metric M       the clock that counts (all of the rules)\n"
                                "  --now T          the instant to rank at, as for report\n"
                                "  --top N          places shown (20)\n"
                                "  --zoneinfo DIR   zone database (" ZONES_DIRECTORY ")\n";

static const char help_whatif[] =
    "usage: service_desk DB whatif RULES.json [options]\n"
    "\n"
    "Judges the stored incidents by the stored rules and by others, and prints attainment by\n"
    "priority before and after, and the clocks that become better or worse. Nothing is stored.\n"
    "\n"
    "  --now T          the instant to judge at, as for report\n"
    "  --changes N      clocks listed (20)\n"
    "  --zoneinfo DIR   zone database (" ZONES_DIRECTORY ")\n";

/* ---- the command line ---------------------------------------------------------------------- */

typedef struct command command;

typedef struct arguments {
    const char *plain[ARGUMENT_LIMIT]; /* DB, command, what the command is about */
    int n_plain;
    bool wants_help;
    const command *command; /* NULL: none that we know */
    const char *rules;
    const char *batch;
    const char *zoneinfo;
    const char *now;
    const char *at;
    const char *groups;
    const char *metric;
    const char *since;
    const char *next;
    const char *top;
    const char *changes;
} arguments;

typedef struct option {
    const char *name;
    const char *command; /* those that have it, one behind the other; NULL: all of them */
    const char **value;
} option;

struct command {
    const char *name;
    const char *help;
    int n_plain;
    const char *missing; /* what the last plain argument is */
    int (*run)(const arguments *given);
};

static const command *find_command(const arguments *given);

static int fail_usage(const char *command_name)
{
    text_say("try: service_desk %s%s--help", command_name, command_name[0] != '\0' ? " " : "");
    return EXIT_USAGE;
}

/* Takes `--name VALUE` or `--name=VALUE` at argv[*at]; false when it is not an option we know. */
static bool take_option(char **argv, int *at, const option *options, size_t n_options)
{
    const char *argument = argv[*at];
    const size_t length = strcspn(argument, "=");
    for (size_t i = 0; i < n_options; ++i) {
        const option *known = &options[i];
        if (strlen(known->name) == length && strncmp(known->name, argument, length) == 0) {
            *known->value = argument[length] == '=' ? argument + length + 1 : argv[*at + 1];
            *at += argument[length] != '=';
            return *known->value != NULL || text_fail("%s needs a value", known->name);
        }
    }
    return text_fail("unknown option %s", argument);
}

/* Whether a name is one of the words of a list. */
static bool is_among(const char *name, const char *list)
{
    const size_t length = strlen(name);
    for (const char *at = strstr(list, name); at != NULL; at = strstr(at + 1, name)) {
        const bool begins = at == list || at[-1] == ' ';
        if (begins && (at[length] == '\0' || at[length] == ',')) {
            return true;
        }
    }
    return false;
}

/* Whether all options that were given are options of the command. */
static bool check_options(const option *options, size_t n_options, const char *command_name)
{
    for (size_t i = 0; i < n_options; ++i) {
        if (*options[i].value != NULL && options[i].command != NULL &&
            !is_among(command_name, options[i].command)) {
            return text_fail("%s is an option of %s", options[i].name, options[i].command);
        }
    }
    return true;
}

static bool read_arguments(char **argv, arguments *given)
{
    const option options[] = {
        {"--rules", "import", &given->rules},
        {"--batch", "import", &given->batch},
        {"--now", "report, watch, rank, whatif", &given->now},
        {"--groups", "report", &given->groups},
        {"--metric", "explain, rank", &given->metric},
        {"--at", "explain", &given->at},
        {"--since", "watch", &given->since},
        {"--next", "watch", &given->next},
        {"--top", "rank", &given->top},
        {"--changes", "whatif", &given->changes},
        {"--zoneinfo", NULL, &given->zoneinfo},
    };
    const size_t n_options = sizeof options / sizeof options[0];
    for (int at = 1; argv[at] != NULL; ++at) {
        if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            given->wants_help = true;
        } else if (argv[at][0] == '-') {
            if (!take_option(argv, &at, options, n_options)) {
                return false;
            }
        } else if (given->n_plain == ARGUMENT_LIMIT) {
            return text_fail("unexpected argument %s", argv[at]);
        } else {
            given->plain[given->n_plain++] = argv[at];
        }
    }
    given->command = find_command(given);
    return given->command == NULL || check_options(options, n_options, given->command->name);
}

static bool read_number(const char *name, const char *text, int64_t *out)
{
    *out = 0;
    if (text == NULL) {
        return true;
    }
    char *end = NULL;
    errno = 0;
    const long long number = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text || number < 1 || number > 1000000000) {
        return text_fail("%s needs a number from 1 to 1,000,000,000, not \"%s\"", name, text);
    }
    *out = number;
    return true;
}

static bool read_instant(const char *name, const char *text, csq_ms *out)
{
    *out = CSQ_MS_NONE;
    return text == NULL || text_parse_instant(csq_str_of(text), out) ||
           text_fail("%s needs an instant such as \"2016-05-01 17:30\", not \"%s\"", name, text);
}

/* ---- commands ------------------------------------------------------------------------------ */

static int run_import(const arguments *given)
{
    import_options options = {
        .database = given->plain[0],
        .log = given->plain[2],
        .rules = given->rules,
        .zoneinfo = given->zoneinfo,
    };
    if (!read_number("--batch", given->batch, &options.batch)) {
        return fail_usage("import");
    }
    return import_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_report(const arguments *given)
{
    report_options options = {.database = given->plain[0], .zoneinfo = given->zoneinfo};
    int64_t groups = 0;
    if (!read_instant("--now", given->now, &options.now) ||
        !read_number("--groups", given->groups, &groups)) {
        return fail_usage("report");
    }
    options.groups = (uint32_t)groups;
    return report_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_explain(const arguments *given)
{
    explain_options options = {
        .database = given->plain[0],
        .number = given->plain[2],
        .metric = given->metric,
        .zoneinfo = given->zoneinfo,
    };
    if (!read_instant("--at", given->at, &options.now)) {
        return fail_usage("explain");
    }
    return explain_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_watch(const arguments *given)
{
    watch_options options = {.database = given->plain[0], .zoneinfo = given->zoneinfo};
    int64_t next = 0;
    if (!read_instant("--now", given->now, &options.now) ||
        !read_instant("--since", given->since, &options.since) ||
        !read_number("--next", given->next, &next)) {
        return fail_usage("watch");
    }
    options.next = (uint32_t)next;
    return watch_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_rank(const arguments *given)
{
    rank_options options = {
        .database = given->plain[0],
        .metric = given->metric,
        .zoneinfo = given->zoneinfo,
    };
    int64_t top = 0;
    if (!read_instant("--now", given->now, &options.now) ||
        !read_number("--top", given->top, &top)) {
        return fail_usage("rank");
    }
    options.top = (uint32_t)top;
    return rank_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run_whatif(const arguments *given)
{
    whatif_options options = {
        .database = given->plain[0],
        .rules = given->plain[2],
        .zoneinfo = given->zoneinfo,
    };
    int64_t changes = 0;
    if (!read_instant("--now", given->now, &options.now) ||
        !read_number("--changes", given->changes, &changes)) {
        return fail_usage("whatif");
    }
    if (changes > CSQ_WHAT_IF_CHANGES_LIMIT) {
        text_say("--changes can be at most 1,000,000");
        return fail_usage("whatif");
    }
    options.changes = (uint32_t)changes;
    return whatif_run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const command commands[] = {
    {"import", help_import, 3, "a log", run_import},
    {"report", help_report, 2, "", run_report},
    {"explain", help_explain, 3, "the number of an incident", run_explain},
    {"watch", help_watch, 2, "", run_watch},
    {"rank", help_rank, 2, "", run_rank},
    {"whatif", help_whatif, 3, "a rules document", run_whatif},
};

static const command *command_named(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; ++i) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

/* The command stands behind the database; with --help it may stand alone. */
static const command *find_command(const arguments *given)
{
    if (given->n_plain > 1) {
        return command_named(given->plain[1]);
    }
    return given->n_plain == 1 && given->wants_help ? command_named(given->plain[0]) : NULL;
}

static int run_command(const arguments *given)
{
    const command *chosen = given->command;
    if (chosen == NULL) {
        text_say(given->n_plain < 2 ? "no command after %s" : "unknown command %s",
                 given->plain[given->n_plain < 2 ? 0 : 1]);
        return fail_usage("");
    }
    if (given->n_plain < chosen->n_plain) {
        text_say("%s needs %s", chosen->name, chosen->missing);
        return fail_usage(chosen->name);
    }
    if (given->n_plain > chosen->n_plain) {
        text_say("unexpected argument %s", given->plain[chosen->n_plain]);
        return fail_usage(chosen->name);
    }
    return chosen->run(given);
}

int main(int argc, char **argv)
{
    (void)argc;
    arguments given = {0};
    int status = EXIT_SUCCESS;
    if (!read_arguments(argv, &given)) {
        return fail_usage("");
    }
    if (given.wants_help) {
        fputs(given.command != NULL ? given.command->help : help_program, stdout);
    } else if (given.n_plain == 0) {
        fputs(help_program, stderr);
        return EXIT_USAGE;
    } else {
        status = run_command(&given);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        text_say("cannot write the output: %s", strerror(errno));
        return EXIT_FAILURE;
    }
    return status;
}
