"""sla_cases — random cases in the form of the service-level vectors, answered by the oracle.

    sla_cases.py --count N [--seed S] [--tz DIR] [--out FILE]

One seed makes the same cases everywhere. All metrics, every value of every option, all kinds of
events and calendars of several zones, near the days on which their clocks jump; instants fall on
the edges of windows, on each other and on deadlines more often than chance would have it. A case
that the description of the vectors leaves open (`left_open`) is not made.
"""

import argparse
import datetime
import json
import pathlib
import random
import sys

from business_time import DAY, DAY_NAMES, Calendar, Zones, parse_instant, show_instant
from sla_oracle import answer

ZONES = (
    "Etc/UTC Europe/Berlin Europe/London Europe/Dublin America/New_York America/Sao_Paulo "
    "America/Havana America/St_Johns America/Santiago Asia/Tokyo Asia/Kolkata Asia/Tehran "
    "Asia/Amman Africa/Cairo Australia/Lord_Howe Australia/Sydney Pacific/Apia Pacific/Chatham "
    "Antarctica/Troll Asia/Gaza"
).split()
METRICS = (
    "first_reply next_reply periodic_update pausable_update resolution resolution ownership"
).split()
OPTIONS = {
    "reopen": ["resume", "resume_counting", "new_cycle", "first_only"],
    "on_priority_change": ["keep", "retroactive", "carry", "restart"],
    "retroactive_pause": [True, False],
    "calendar_switch": ["segmented", "latest", "first"],
    "edit_scope": ["open", "all"],
    "include_first": [False, True],
    "on_solved": ["keep", "complete", "cancel"],
    "start": ["created", "first_customer_public"],
    "retroactive_start": [False, True],
    "due_edge": ["earliest", "next_open"],
    "breach_compare": ["elapsed", "instant"],
    "empty_calendar": ["never", "wall_clock"],
}
# Those of the project's own cases, which are not made at random.
OWN_OPTIONS = {
    "at_target": ["in_time", "late"],
    "count_notes": [False, True],
    "count_bots": [False, True],
    "message_base": ["oldest", "last"],
    "visits": ["each", "sum"],
    "on_merge": ["cancel", "keep", "complete"],
    "inherit": ["ignore", "start"],
}
STATUSES = ["new", "open", "open", "pending", "hold", "solved", "closed", "merged"]
GROUPS = ["tier1", "tier2", "billing"]
PRIORITIES = ["low", "normal", "high"]
WINDOWS = (
    [["09:00", "17:00"]],
    [["08:00", "12:00"], ["13:00", "17:30"]],
    [["00:00", "24:00"]],
    [["00:00", "06:00"], ["22:00", "24:00"]],
    [["01:30", "02:30"]],
    [["02:00", "03:00"], ["03:00", "04:00"], ["23:00", "24:00"]],
    [["00:00", "00:30"], ["12:00", "12:01"]],
    [["06:15", "09:45"], ["10:00", "11:00"], ["15:00", "23:59"]],
    [],
)


class Maker:
    """Makes one case."""

    def __init__(self, generator, zones):
        self.random = generator
        self.zones = zones

    def often(self, share):
        return self.random.random() < share

    # ---- calendars ---------------------------------------------------------------------------

    def base_date(self, zone_name):
        """A date, half of the time near a jump of the zone's clock."""
        date = datetime.date(self.random.randint(2009, 2031), 1, 1)
        date += self.random.randrange(365) * DAY
        if self.often(0.4):
            return date
        calendar = Calendar({"tz": zone_name}, self.zones)
        for ahead in range(366):
            other = date + ahead * DAY
            if calendar.instant(other + DAY, 0) - calendar.instant(other, 0) != 86400:
                return other - self.random.randint(0, 3) * DAY
        return date

    def windows(self):
        return self.random.choice(WINDOWS)

    def weekly(self):
        """Hours of a week, in a few shapes."""
        shape = self.random.choice(["office", "office", "same", "mixed", "mixed", "sparse"])
        if shape == "office":
            windows = self.random.choice(WINDOWS[:2])
            return {name: windows for name in DAY_NAMES[:5]}
        if shape == "same":
            windows = self.random.choice(WINDOWS[:-1])
            return {name: windows for name in DAY_NAMES}
        if shape == "sparse":
            return {self.random.choice(DAY_NAMES): self.random.choice(WINDOWS[:-1])}
        return {name: self.windows() for name in DAY_NAMES if self.often(0.8)}

    def calendar(self, zone_name, base):
        """A calendar with something particular near the base date."""
        if self.often(0.05):
            return {"tz": zone_name, "weekly": {}, "holidays": []}
        made = {"tz": zone_name, "weekly": self.weekly(), "holidays": []}
        dates = [(base + n * DAY).isoformat() for n in range(-1, 9)]
        for date in dates:
            if self.often(0.08):
                made["holidays"].append(date)
            elif self.often(0.08):
                start, end = self.random.choice(
                    [("13:00", "14:00"), ("00:00", "10:30"), ("02:15", "02:45"), ("16:00", "23:30")]
                )
                made["holidays"].append({"date": date, "from": start, "to": end})
        if self.often(0.35):
            made["overrides"] = {date: self.windows() for date in dates if self.often(0.2)}
        if self.often(0.03):
            made["weekly"] = {}
        return made

    # ---- policy ------------------------------------------------------------------------------

    def seconds(self):
        """A target."""
        kind = self.random.randrange(5)
        if kind == 0:
            return self.random.choice([1, 60, 900, 1800])
        if kind == 1:
            return self.random.randint(1, 200000)
        return 3600 * self.random.randint(1, 40)

    def options(self, metric):
        """Options, those that matter for the metric more often."""
        chosen = {}
        for name, values in OPTIONS.items():
            share = 0.4
            if name == "on_priority_change":
                share = 0.7
            if name == "reopen" and metric == "resolution":
                share = 0.8
            if name in ("due_edge", "breach_compare"):
                share = 0.2
            if self.often(share):
                chosen[name] = self.random.choice(values)
        if self.often(0.12):
            chosen["target_days"] = self.random.randint(1, 8)
            chosen["on_priority_change"] = "keep"
            if self.often(0.7):
                chosen["end_of_day"] = self.often(0.5)
        return chosen

    def escalations(self, policy):
        """A ladder of up to three steps."""
        steps = []
        days = "target_days" in policy["options"]
        for number in range(self.random.randint(1, 3)):
            step = {"id": "s%d" % number}
            if days and self.often(0.6):
                step["offset_days"] = self.random.choice([-4, -2, -1, 1, 2, 5])
            elif not days and self.often(0.4):
                step["percent"] = self.random.choice([1, 25, 50, 75, 80, 100, 120, 300])
            else:
                step["offset_seconds"] = self.random.choice(
                    [-86400, -7200, -3600, -1800, -1, 1, 60, 3600, 30000]
                )
            steps.append(step)
        return steps

    def policy(self, names):
        """A policy; `names` are those of the calendars, or none."""
        metric = self.random.choice(METRICS)
        made = {"metric": metric, "business_hours": self.often(0.9)}
        made["pause_statuses"] = [s for s in ("pending", "hold") if self.often(0.6)]
        made["options"] = self.options(metric)
        if self.often(0.3):
            made["stop_statuses"] = self.random.choice([["solved"], ["closed"], ["solved", "closed"]])
        if self.often(0.4):
            made["cancel_statuses"] = ["merged"]
        if metric == "ownership":
            made["group"] = self.random.choice(GROUPS)
        if "target_days" in made["options"]:
            made["business_hours"] = True
        elif self.often(0.5):
            made["targets"] = {name: {"target_seconds": self.seconds()} for name in PRIORITIES}
            if names and self.often(0.7):
                for row in made["targets"].values():
                    row["calendar"] = self.random.choice(names)
        else:
            made["target_seconds"] = self.seconds()
        own = any("calendar" in row for row in made.get("targets", {}).values())
        if names and not own:
            made["calendar"] = self.random.choice(names)
        if self.often(0.5):
            made["escalations"] = self.escalations(made)
        return made

    # ---- events ------------------------------------------------------------------------------

    def pool(self, calendars, base):
        """Instants at which things like to happen."""
        instants = []
        for calendar in calendars:
            for ahead in range(-1, 8):
                for window in calendar.windows(base + ahead * DAY):
                    instants += window
        start = calendars[0].instant(base, 0)
        instants += [start + self.random.randrange(7 * 86400) for _ in range(12)]
        instants += [instant + self.random.choice([-1, 1]) for instant in instants[:10]]
        return instants

    def event(self, policy, names):
        """Any event but the first."""
        kinds = ["status"] * 6 + ["reply"] * 5 + ["priority"] * 2
        if policy["metric"] == "ownership":
            kinds += ["group"] * 6
        if names and "calendar" in policy:
            kinds += ["calendar"] * 3
        if "target_seconds" in policy:
            kinds += ["policy_change"]
        kind = self.random.choice(kinds)
        if kind == "reply":
            made = {"type": kind, "by": self.random.choice(["customer", "agent"])}
            if self.often(0.4):
                made["public"] = self.often(0.6)
            return made
        if kind == "policy_change":
            return {"type": kind, "target_seconds": self.seconds()}
        values = {"status": STATUSES, "priority": PRIORITIES, "group": GROUPS, "calendar": names}
        return {"type": kind, "to": self.random.choice(values[kind])}

    def created(self, policy):
        """The first event."""
        made = {"type": "created"}
        if self.often(0.8):
            made["by"] = self.random.choice(["customer", "customer", "agent"])
        if self.often(0.2):
            made["public"] = self.often(0.4)
        if self.often(0.8):
            made["status"] = self.random.choice(STATUSES)
        if "targets" in policy or self.often(0.5):
            made["priority"] = self.random.choice(PRIORITIES)
        if self.often(0.7):
            made["group"] = self.random.choice(GROUPS)
        return made

    def events(self, policy, names, pool):
        """The log."""
        count = self.random.choice([0, 1, 2, 3, 4, 5, 6, 8, 10])
        times = sorted(self.random.choice(pool) for _ in range(count + 1))
        for place in range(1, count + 1):
            if self.often(0.12):
                times[place] = times[place - 1]
        times.sort()
        log = [self.created(policy)] + [self.event(policy, names) for _ in range(count)]
        if count and self.often(0.12):
            log[self.random.randint(1, count)] = {"type": "attach"}
        return [dict(event, t=show_instant(time)) for event, time in zip(log, times)]

    def query(self, case, pool):
        """The instant to read at: an event, an edge, a deadline."""
        first = parse_instant(case["events"][0]["t"])
        last = parse_instant(case["events"][-1]["t"])
        attach = [parse_instant(e["t"]) for e in case["events"] if e["type"] == "attach"]
        choices = [last + self.random.randrange(3 * 86400), self.random.choice(pool)]
        choices.append(parse_instant(self.random.choice(case["events"])["t"]))
        instant = self.random.choice(choices)
        if self.often(0.25):
            case["query_time"] = show_instant(max([last] + attach))
            found = answer(case, self.zones)
            marks = [found.get("due_at"), found.get("due_if_resumed_at_query")]
            marks = [mark for mark in marks + list(found.get("escalations", {}).values()) if mark]
            if marks:
                instant = parse_instant(self.random.choice(marks)) + self.random.choice([-1, 0, 1])
        return show_instant(max([instant, first] + attach))

    def case(self):
        """A case without an answer."""
        zone_name = self.random.choice(ZONES)
        base = self.base_date(zone_name)
        names = ["a", "b", "c"][: self.random.randint(2, 3)] if self.often(0.45) else []
        definitions = [self.calendar(zone_name, base) for _ in names or [""]]
        if names and self.often(0.5):
            definitions[-1]["tz"] = self.random.choice(ZONES)
        case = {}
        if names:
            case["calendars"] = dict(zip(names, definitions))
        else:
            case["calendar"] = definitions[0]
        case["policy"] = self.policy(names)
        pool = self.pool([Calendar(definition, self.zones) for definition in definitions], base)
        case["events"] = self.events(case["policy"], names, pool)
        case["query_time"] = self.query(case, pool)
        self.on_the_line(case)
        return case

    def on_the_line(self, case):
        """Now and then, a target that is just reached."""
        if "target_seconds" in case["policy"] and self.often(0.15):
            found = answer(case, self.zones)
            if found.get("elapsed_seconds", 0) > 0:
                case["policy"]["target_seconds"] = found["elapsed_seconds"]


# ---- what the description leaves open ------------------------------------------------------------


def left_open(case):
    """Why the description does not decide a case, or None."""
    policy = case["policy"]
    events = [event for event in case["events"] if event["t"] <= case["query_time"]]
    for rule in (
        open_at_creation, open_ladder, open_terms, open_plain_target, open_calendar, open_attach,
        open_days, open_on_target,
    ):
        reason = rule(case, policy, policy["options"], events)
        if reason:
            return reason
    return None


def stop_statuses(policy):
    return policy.get("stop_statuses", ["solved", "closed"])


def open_at_creation(_, policy, __, events):
    """A ticket that is created solved or merged."""
    status = events[0].get("status")
    if status in policy.get("cancel_statuses", []):
        return "created in a cancel status"
    if status in stop_statuses(policy) and policy["metric"] != "ownership":
        return "created in a stop status"
    return None


def targets_of(case):
    """Every target that may be in force."""
    policy = case["policy"]
    rows = [policy] + list(policy.get("targets", {}).values()) + case["events"]
    return [row["target_seconds"] for row in rows if "target_seconds" in row]


def open_ladder(case, policy, _, __):
    """Percentages that are no whole seconds."""
    for step in policy.get("escalations", []):
        if any(target * step.get("percent", 0) % 100 for target in targets_of(case)):
            return "percent of a target that is not whole"
    return None


def resumed_on_other_terms(policy, events):
    """Whether terms changed while a resolution was finished that is resumed later."""
    stops = stop_statuses(policy)
    solved = changed = False
    for event in events:
        if event["type"] == "status":
            if solved and changed and event["to"] not in stops:
                return True
            solved = event["to"] in stops
            changed = changed and solved
        elif event["type"] == "priority" and solved:
            changed = True
    return False


def open_terms(_, policy, options, events):
    """Terms that change under a finished cycle which goes on afterwards."""
    resumes = options.get("reopen", "resume") in ("resume", "resume_counting")
    changes = resumes and options.get("on_priority_change", "keep") != "keep"
    if policy["metric"] == "resolution" and changes and resumed_on_other_terms(policy, events):
        return "terms changed between solve and reopen"
    return None


def open_plain_target(_, policy, options, events):
    """One target for all priorities: does a new priority bring back what an edit replaced?"""
    kinds = {event["type"] for event in events}
    changes = options.get("on_priority_change", "keep") != "keep"
    if changes and "targets" not in policy and {"priority", "policy_change"} <= kinds:
        return "a priority without a target of its own, and an edit"
    return None


def open_calendar(_, policy, options, events):
    """Two rules for what the calendar does at one change."""
    kinds = {event["type"] for event in events}
    how = (options.get("on_priority_change"), options.get("calendar_switch"))
    if how == ("carry", "latest") and "calendar" not in policy and "priority" in kinds:
        return "carried, but all of it by the latest calendar"
    if options.get("on_priority_change") == "retroactive" and {"priority", "calendar"} <= kinds:
        return "read again over a switch of the calendar"
    return None


def open_attach(_, policy, options, events):
    """What a clock takes over from before the attach."""
    if options.get("retroactive_start", False):
        return None
    status = events[0].get("status")
    for event in events:
        if event["type"] == "status":
            status = event["to"]
        if event["type"] == "attach":
            if options.get("start", "created") != "created":
                return "first message before the attach"
            if status in stop_statuses(policy) and policy["metric"] != "ownership":
                return "attached to a solved ticket"
    return None


def open_days(case, _, options, events):
    """Targets in working days together with what is defined for times only."""
    if "target_days" not in options:
        return None
    if "calendars" in case:
        return "working days of several calendars"
    if any(event["type"] == "policy_change" for event in events):
        return "working days edited"
    return None


def open_on_target(case, _, options, __):
    """By instants a clock may be late before it pauses with the target just reached."""
    if options.get("breach_compare", "elapsed") == "elapsed" or "target_days" in options:
        return None
    found = answer(case, Zones())
    if found["state"] == "paused" and found["remaining_seconds"] == 0:
        return "late by instant, then paused exactly on the target"
    return None


# ---- cases with answers --------------------------------------------------------------------------


def expected(case, zones):
    """The answer, without what the description leaves open."""
    found = answer(case, zones)
    if case["policy"]["options"].get("due_edge", "earliest") == "next_open":
        # Whether the projection is shown as the next opening too is not said.
        found.pop("due_if_resumed_at_query", None)
    own = any("calendar" in row for row in case["policy"].get("targets", {}).values())
    if own and found["state"] in ("completed", "cancelled"):
        # Nor which calendar is in force once the priority of a finished clock changes.
        found.pop("in_hours")
    return found


def make_cases(seed, count, zones):
    """`count` cases with their answers."""
    maker = Maker(random.Random(seed), zones)
    made = 0
    while made < count:
        case = maker.case()
        if left_open(case):
            continue
        made += 1
        head = {"id": "seed-%d-%d" % (seed, made), "title": case["policy"]["metric"]}
        yield dict(head, **case, expect=expected(case, zones))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--tz", type=pathlib.Path)
    parser.add_argument("--out", type=argparse.FileType("w", encoding="utf-8"), default=sys.stdout)
    arguments = parser.parse_args()
    for case in make_cases(arguments.seed, arguments.count, Zones(arguments.tz)):
        arguments.out.write(json.dumps(case) + "\n")


if __name__ == "__main__":
    main()
