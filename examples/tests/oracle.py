"""oracle — the clocks of the bundled rules, computed the slow and obvious way from the CSV file.

Business time is counted day by day; an incident is a list of statuses with the times between them.
Nothing here comes from libcsq.
"""
import collections
import csv
import datetime

CLOSURE_HOURS = {"P1": 4, "P2": 8, "P3": 62, "P4": 133}
RESOLUTION_HOURS = {"P1": 4, "P2": 9, "P3": 27, "P4": 45}
DONE = {"Resolved", "Closed"}

Row = collections.namedtuple("Row", "at sequence status priority group made_sla")
Clock = collections.namedtuple("Clock", "priority group month elapsed paused target late")


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M")


def business_minutes(start, stop):
    """Minutes of Monday to Friday, 14:00 to 23:00, in [start, stop)."""
    total = 0
    day = start.replace(hour=0, minute=0)
    while day < stop:
        if day.weekday() < 5:
            opening = max(start, day.replace(hour=14))
            closing = min(stop, day.replace(hour=23))
            total += max(closing - opening, datetime.timedelta()) // datetime.timedelta(minutes=1)
        day += datetime.timedelta(days=1)
    return total


def read_log(path):
    """Incidents: number -> (opened, rows in the order of happening), and the bad lines."""
    incidents = {}
    seen = {}
    bad = []
    with open(path, encoding="utf-8", newline="") as log:
        for line, cells in enumerate(csv.DictReader(log), start=2):
            opened = moment(cells["opened_at"])
            row = Row(moment(cells["sys_updated_at"]), int(cells["sys_mod_count"]),
                      cells["incident_state"], "P" + cells["priority"],
                      cells["assignment_group"] or "(none)", cells["made_sla"] == "true")
            key = (cells["number"], row.sequence)
            if row.status.lstrip("-").isdigit() or row.at < opened or seen.get(key, row) != row:
                bad.append(line)
                continue
            if key not in seen:
                seen[key] = row
                incidents.setdefault(cells["number"], (opened, []))[1].append(row)
    for _, rows in incidents.values():
        rows.sort()
    return incidents, bad


def closure(opened, rows):
    """Opened to the first Closed.

    A priority that changes with the update that stops the clock comes too late for its target.
    """
    before = rows[0]
    for row in rows:
        if row.status == "Closed":
            elapsed = business_minutes(opened, row.at)
            target = CLOSURE_HOURS[before.priority] * 60
            return Clock(row.priority, row.group, opened.strftime("%Y-%m"), elapsed, 0, target,
                         elapsed > target)
        before = row
    return None


def resolution(opened, rows):
    """The time outside Resolved, Closed and waiting; the last state has to be one of the first."""
    elapsed = 0
    paused = 0
    since = opened
    status = "New"
    stop = None
    before = rows[0]
    for row in rows:
        spent = business_minutes(since, row.at)
        if status.startswith("Awaiting"):
            paused += spent
        elif status not in DONE:
            elapsed += spent
        if row.status in DONE and status not in DONE:
            stop = row
            target = RESOLUTION_HOURS[before.priority] * 60
        since = row.at
        status = row.status
        before = row
    if status not in DONE:
        return None
    return Clock(stop.priority, stop.group, opened.strftime("%Y-%m"), elapsed, paused, target,
                 elapsed > target)


CLOCKS = {"closure": closure, "resolution": resolution}
