"""sla_oracle — the answer to a case of the service-level vectors, by interval algebra.

    sla_oracle.py FILE [--tz DIR] [--show ID]

Written from tests/vectors/sla/README.md alone, so that it can disagree with the library: a log is
read once, each cycle becomes a list of stretches (running, paused or closed, and by which
calendar), and every figure is taken from these stretches. With a FILE it compares each key of
`expect` and prints what differs.
"""

import argparse
import json
import pathlib
import sys

from business_time import Always, Calendar, Zones, parse_instant, show_instant

RUN, PAUSE, CLOSED = "run", "pause", "closed"
REPLY_METRICS = ("first_reply", "next_reply", "periodic_update", "pausable_update")
UPDATE_METRICS = ("periodic_update", "pausable_update")


class Cycle:
    """One run of a clock: marks say what holds from an instant on, until the next mark."""

    def __init__(self, start, target, mode, calendar):
        self.start = start
        self.target = target
        self.stop = None
        self.outcome = None
        self.marks = [(start, mode, calendar)]

    def mark(self, instant, mode=None, calendar=None):
        """From `instant` on this mode and calendar; None keeps the one before."""
        _, old_mode, old_calendar = self.marks[-1]
        self.marks.append((instant, mode or old_mode, calendar or old_calendar))

    def read_again(self, calendar, pauses_stay):
        """The past under another calendar, with its pauses or without."""
        again = []
        for instant, mode, old in self.marks:
            if mode == PAUSE and not pauses_stay:
                mode = RUN
            again.append((instant, mode, calendar or old))
        return again

    def end(self, outcome, instant):
        """The clock stops here."""
        self.outcome = outcome
        self.stop = instant


class Clock:
    """Reads the log of a case."""

    def __init__(self, case):
        self.policy = case["policy"]
        self.options = self.policy.get("options", {})
        self.metric = self.policy["metric"]
        self.stops = self.policy.get("stop_statuses", ["solved", "closed"])
        self.cancels = self.policy.get("cancel_statuses", [])
        self.pauses = self.policy.get("pause_statuses", [])
        self.runs = self.policy.get("run_statuses", [])
        if self.metric == "periodic_update":
            self.pauses = self.runs = []
        self.cycles = []
        self.running = None
        self.cancelled = False
        self.agent_replied = False
        self.target = self.policy.get("target_seconds")
        self.calendar = self.policy.get("calendar", "only")
        self.status = self.priority = self.group = None
        self.query = parse_instant(case["query_time"])
        logged = case["events"]
        self.attached = self.option("retroactive_start", False) or not any(
            event["type"] == "attach" for event in logged
        )
        for event in logged:
            instant = parse_instant(event["t"])
            if instant <= self.query:
                getattr(self, "on_" + event["type"])(instant, event)

    def option(self, name, default):
        """The value of an option."""
        return self.options.get(name, default)

    def mode(self):
        """Whether a clock runs or stands still in the present status."""
        stands = self.runs and self.status not in self.runs
        return PAUSE if stands or self.status in self.pauses else RUN

    # ---- cycles ------------------------------------------------------------------------------

    def start_cycle(self, instant):
        """A cycle begins, unless the clock is cancelled or not attached yet."""
        if self.cancelled or not self.attached or self.running:
            return
        self.running = Cycle(instant, self.target, self.mode(), self.calendar)
        self.cycles.append(self.running)

    def end_cycle(self, outcome, instant):
        """The running cycle ends, if there is one."""
        if self.running:
            self.running.end(outcome, instant)
            self.running.mark(instant, CLOSED)
            self.running = None

    def holds_group(self):
        """Whether an ownership clock has something to count."""
        return self.group == self.policy["group"] and self.status not in self.stops

    # ---- events ------------------------------------------------------------------------------

    def on_created(self, instant, event):
        self.status = event.get("status")
        self.priority = event.get("priority")
        self.group = event.get("group")
        self.take_priority()
        if self.metric == "ownership":
            if self.holds_group():
                self.start_cycle(instant)
            return
        if self.metric == "resolution":
            self.start_cycle(instant)
        if self.metric == "first_reply" and self.option("start", "created") == "created":
            self.start_cycle(instant)
        if event.get("by") == "customer" and event.get("public", True):
            self.customer_message(instant)

    def on_reply(self, instant, event):
        by, public = event["by"], event.get("public", True)
        notes = by == "agent" and self.option("count_notes", False)
        bots = by == "bot" and self.option("count_bots", False)
        if by == "customer" and public:
            self.customer_message(instant)
        elif (by == "agent" and public) or notes or (bots and public):
            self.agent_message(instant)

    def customer_message(self, instant):
        """A public customer message."""
        begins = self.metric == "next_reply" or (
            self.metric == "first_reply"
            and self.option("start", "created") == "first_customer_public"
        )
        if begins and self.running and self.option("message_base", "oldest") == "last":
            # The cycle begins anew: nothing is counted or paused yet.
            self.cycles.pop()
            self.running = None
        if self.metric == "next_reply":
            if self.agent_replied or self.option("include_first", False):
                self.start_cycle(instant)
        if self.metric == "first_reply" and not self.cycles:
            if self.option("start", "created") == "first_customer_public":
                self.start_cycle(instant)

    def agent_message(self, instant):
        """A public agent reply."""
        self.agent_replied = True
        if self.metric in REPLY_METRICS:
            self.end_cycle("completed", instant)
        if self.metric in UPDATE_METRICS:
            self.start_cycle(instant)

    def on_status(self, instant, event):
        before, self.status = self.status, event["to"]
        was_solved, solved = before in self.stops, self.status in self.stops
        if self.status in self.cancels:
            self.end_cycle("cancelled", instant)
            self.cancelled = True
        if self.cancelled:
            return
        if solved and not was_solved:
            self.solve(instant)
        if self.running:
            self.running.mark(instant, self.mode())
        if was_solved and not solved:
            self.reopen(instant)

    def solve(self, instant):
        """The ticket is solved."""
        if self.metric in ("resolution", "ownership"):
            self.end_cycle("completed", instant)
        elif self.option("on_solved", "keep") == "complete":
            self.end_cycle("completed", instant)
        elif self.option("on_solved", "keep") == "cancel":
            self.end_cycle("cancelled", instant)

    def reopen(self, instant):
        """The ticket is open again."""
        if self.metric == "ownership" and self.holds_group():
            self.start_visit(instant)
        if self.metric == "resolution" and self.cycles and not self.running:
            self.go_on(instant)

    def start_visit(self, instant):
        """The group has the ticket; coming back is a reopen where visits are summed."""
        if self.cycles and not self.running and self.option("visits", "each") == "sum":
            self.go_on(instant)
        else:
            self.start_cycle(instant)

    def go_on(self, instant):
        """A finished clock goes on, or not."""
        how = self.option("reopen", "resume")
        if how == "new_cycle":
            self.start_cycle(instant)
        elif how in ("resume", "resume_counting"):
            cycle = self.cycles[-1]
            if how == "resume_counting":
                cycle.marks = [
                    (when, RUN if mode == CLOSED else mode, calendar)
                    for when, mode, calendar in cycle.marks
                ]
            cycle.stop = cycle.outcome = None
            cycle.mark(instant, self.mode(), self.calendar)
            self.running = cycle

    def on_priority(self, instant, event):
        if event["to"] == self.priority:
            return
        self.priority = event["to"]
        how = self.option("on_priority_change", "keep")
        if how == "keep":
            return
        self.take_priority()
        if not self.running:
            return
        if how == "restart":
            self.end_cycle("cancelled", instant)
            self.start_cycle(instant)
            return
        cycle = self.running
        cycle.target = self.target
        mode = cycle.marks[-1][1]
        if how == "retroactive":
            own = self.calendar if self.names_calendars() else None
            cycle.marks = cycle.read_again(own, self.option("retroactive_pause", True))
        cycle.mark(instant, mode, self.calendar)

    def names_calendars(self):
        """Whether the targets bring their own calendars."""
        return any("calendar" in row for row in self.policy.get("targets", {}).values())

    def take_priority(self):
        """Target and calendar of the present priority."""
        row = self.policy.get("targets", {}).get(self.priority)
        if row:
            self.target = row["target_seconds"]
            self.calendar = row.get("calendar", self.calendar)

    def on_group(self, instant, event):
        before, self.group = self.group, event["to"]
        if self.metric == "ownership" and before != self.group:
            self.end_cycle("completed", instant)
            if self.holds_group():
                self.start_visit(instant)

    def on_merge(self, instant, _):
        outcome = {"cancel": "cancelled", "complete": "completed"}
        if self.option("on_merge", "cancel") != "keep":
            self.end_cycle(outcome[self.option("on_merge", "cancel")], instant)
            self.cancelled = True

    def on_inherit(self, _, event):
        since = parse_instant(event["since"])
        if self.running and since < self.running.start:
            if self.option("inherit", "ignore") == "start":
                self.running.start = since
                self.running.marks.insert(0, (since, RUN, self.running.marks[0][2]))

    def on_calendar(self, instant, event):
        if self.option("calendar_switch", "segmented") == "first":
            return
        self.calendar = event["to"]
        if self.running:
            self.running.mark(instant, calendar=self.calendar)
        elif self.cycles:
            # Read only if a reopen makes the closed time count.
            self.cycles[-1].mark(instant, calendar=self.calendar)

    def on_policy_change(self, _, event):
        self.target = event["target_seconds"]
        if self.running:
            self.running.target = self.target
        if self.option("edit_scope", "open") == "all":
            for cycle in self.cycles:
                cycle.target = self.target

    def on_attach(self, instant, _):
        if self.attached:
            return
        self.attached = True
        if self.metric == "ownership":
            if self.holds_group():
                self.start_cycle(instant)
        elif self.metric in ("resolution", "first_reply"):
            self.start_cycle(instant)


class Reading:
    """The figures of one cycle at its end: the stop, or the query."""

    def __init__(self, clock, cycle, calendars):
        self.clock = clock
        self.cycle = cycle
        self.end = clock.query if cycle.stop is None else cycle.stop
        # The mark that a stop makes at its own instant says what comes after it.
        marks = [mark for mark in cycle.marks if mark[0] <= self.end]
        if cycle.stop is not None:
            while len(marks) > 1 and marks[-1][1] == CLOSED:
                marks.pop()
        self.marks = marks
        self.last = calendars[marks[-1][2]]
        latest = clock.option("calendar_switch", "segmented") == "latest"
        self.calendars = (lambda _: self.last) if latest else (lambda name: calendars[name])
        self.paused = cycle.stop is None and marks[-1][1] == PAUSE

    def stretches(self, mode):
        """(from, to, calendar) of each stretch in this mode."""
        edges = [mark[0] for mark in self.marks[1:]] + [self.end]
        for (start, now, calendar), end in zip(self.marks, edges):
            if now == mode and start < end:
                yield start, end, self.calendars(calendar)

    def count(self, mode):
        """Open seconds in this mode."""
        return sum(cal.measure(start, end) for start, end, cal in self.stretches(mode))

    def elapsed(self):
        return self.count(RUN)

    def reach(self, seconds):
        """The earliest instant with this much elapsed, projected beyond the end."""
        for start, end, calendar in self.stretches(RUN):
            open_here = calendar.measure(start, end)
            if open_here >= seconds:
                return calendar.forward(start, seconds)
            seconds -= open_here
        return self.last.forward(self.end, seconds)

    def calendar_at(self, instant):
        """The calendar in force at an instant of the cycle, or after it."""
        name = self.marks[0][2]
        for start, _, other in self.marks:
            if start <= instant:
                name = other
        return self.calendars(name)

    def shown(self, due):
        """The deadline as `due_edge` wants it."""
        if due is None or self.clock.option("due_edge", "earliest") == "earliest":
            return due
        return self.calendar_at(due).next_open(due)

    def state(self):
        return self.cycle.outcome or ("paused" if self.paused else "active")

    def due(self):
        """(due_at, projection while paused)."""
        left = self.cycle.target - self.elapsed()
        if self.paused and left >= 0:
            return None, self.last.forward(self.end, left)
        return self.shown(self.reach(self.cycle.target)), None

    def is_past(self, found, limit):
        """Whether a figure is beyond its limit, of which `at_target` says what exactly on it is."""
        return found > limit or (found == limit and self.clock.option("at_target", "") == "late")

    def breached(self):
        """Whether the target is missed."""
        if self.clock.option("breach_compare", "elapsed") == "instant":
            due = self.due()[0]
            return due is not None and self.is_past(self.end, due)
        return self.is_past(self.elapsed(), self.cycle.target)

    def step(self, escalation):
        """The instant of an escalation."""
        target = self.cycle.target
        if "percent" in escalation:
            at = target * escalation["percent"] // 100
        else:
            at = target + escalation["offset_seconds"]
        if at <= 0:
            return self.cycle.start
        if self.paused and self.elapsed() < at:
            return None
        return self.reach(at)

    # ---- working days ------------------------------------------------------------------------

    def time_on(self, date, like):
        """A working day's deadline: its end, or the time of day of `like`."""
        if self.clock.option("end_of_day", False):
            return self.last.windows(date)[-1][1]
        clock = self.last.local(like)
        return self.last.instant(date, clock.hour * 3600 + clock.minute * 60 + clock.second)

    def due_by_days(self):
        """The deadline in working days, before it is shown."""
        start = self.cycle.start
        days = self.clock.option("target_days", None)
        date = self.last.working_day(self.last.local_date(start), days)
        if date is None:
            return None
        return self.last.forward(self.time_on(date, start), self.count(PAUSE))

    def step_by_days(self, escalation, due):
        """The instant of an escalation beside a deadline in working days."""
        if due is None:
            return None
        if "offset_days" in escalation:
            date = self.last.working_day(self.last.local_date(due), escalation["offset_days"])
            return None if date is None else self.time_on(date, due)
        offset = escalation["offset_seconds"]
        if offset >= 0:
            return self.last.forward(due, offset)
        return self.last.backward(due, -offset)


def make_calendars(case, zones):
    """Name -> calendar, as the policy takes it."""
    policy = case["policy"]
    defined = case.get("calendars") or {"only": case["calendar"]}
    calendars = {}
    for name, definition in defined.items():
        calendar = Calendar(definition, zones)
        as_wall = policy.get("options", {}).get("empty_calendar", "never") == "wall_clock"
        if not policy["business_hours"] or (as_wall and calendar.is_empty()):
            calendar = Always(definition["tz"], zones)
        calendars[name] = calendar
    return calendars


def answer_days(reading, policy):
    """The keys of a case with `target_days`."""
    raw = reading.due_by_days()
    due = reading.shown(raw)
    late = due is not None and reading.is_past(reading.end, due)
    answer = {
        "state": reading.state(),
        "started_at": show_instant(reading.cycle.start),
        "stopped_at": show_instant(reading.cycle.stop),
        "due_at": show_instant(due),
        "paused_open_seconds": reading.count(PAUSE),
        "breached": late,
        "breached_at": show_instant(due if late else None),
    }
    if policy.get("escalations"):
        answer["escalations"] = {
            step["id"]: show_instant(reading.step_by_days(step, raw))
            for step in policy["escalations"]
        }
    return answer


def answer_earlier(reading):
    """The keys of a cycle before the latest."""
    return {
        "state": reading.state(),
        "started_at": show_instant(reading.cycle.start),
        "stopped_at": show_instant(reading.cycle.stop),
        "elapsed_seconds": reading.elapsed(),
        "breached": reading.breached(),
    }


def answer(case, zones):
    """The `expect` of a case."""
    clock = Clock(case)
    if not clock.cycles:
        return {"state": "not_started"}
    policy = case["policy"]
    calendars = make_calendars(case, zones)
    readings = [Reading(clock, cycle, calendars) for cycle in clock.cycles]
    latest = readings[-1]
    if "target_days" in clock.options:
        return answer_days(latest, policy)
    due, projected = latest.due()
    late = latest.breached()
    result = {
        "state": latest.state(),
        "started_at": show_instant(latest.cycle.start),
        "stopped_at": show_instant(latest.cycle.stop),
        "target_seconds": latest.cycle.target,
        "elapsed_seconds": latest.elapsed(),
        "remaining_seconds": latest.cycle.target - latest.elapsed(),
        "breached": late,
        "breached_at": show_instant(due if late else None),
        "due_at": show_instant(due),
        "in_hours": calendars[clock.calendar].is_open(clock.query),
    }
    if latest.paused and due is None:
        result["due_if_resumed_at_query"] = show_instant(projected)
    if policy.get("escalations"):
        result["escalations"] = {
            step["id"]: show_instant(latest.step(step)) for step in policy["escalations"]
        }
    if len(readings) > 1:
        result["earlier_cycles"] = [answer_earlier(reading) for reading in readings[:-1]]
    return result


def compare(case, zones):
    """Lines on what differs."""
    got = answer(case, zones)
    lines = []
    for key in sorted(set(case["expect"]) | set(got)):
        here, there = case["expect"].get(key, "-"), got.get(key, "-")
        if here != there:
            lines.append("%s: %s: expected %s, oracle %s" % (case["id"], key, here, there))
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--tz", type=pathlib.Path)
    parser.add_argument("--show", help="print the oracle's answer to the case of this id")
    arguments = parser.parse_args()
    zones = Zones(arguments.tz)
    differing = total = 0
    with arguments.file.open(encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            total += 1
            if case["id"] == arguments.show:
                print(json.dumps(answer(case, zones), indent=1))
            lines = compare(case, zones)
            differing += bool(lines)
            for text in lines:
                print(text)
    print("%d agree, %d differ" % (total - differing, differing))
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
