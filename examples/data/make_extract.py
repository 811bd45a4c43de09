#!/usr/bin/env python3
"""make_extract.py — chooses the incidents of incidents.csv from the full log.

Takes, in the order of the full log and with all their rows:
- every 8th incident, counted from the first one: an even sample over priorities, groups and time;
- every incident whose made_sla is not what the inferred rule says when it is read off the columns
  opened_at and closed_at (business hours Monday to Friday 14:00 to 23:00; P3 62 h, P4 133 h);
- every incident with a row that no log should have: a state that is a number, an update before the
  incident was opened, a running number that stands twice.

Of the 36 columns those in COLUMNS are kept; nothing else is changed. Same input, same output.

usage: make_extract.py FULL.csv > incidents.csv
"""
import csv
import datetime
import sys

COLUMNS = (
    "number", "incident_state", "reassignment_count", "reopen_count", "sys_mod_count", "made_sla",
    "opened_at", "sys_updated_at", "contact_type", "category", "impact", "urgency", "priority",
    "assignment_group", "assigned_to", "closed_code", "resolved_at", "closed_at",
)
EVERY = 8
TARGET_MINUTES = {"3": 62 * 60, "4": 133 * 60}
EPOCH = datetime.datetime(1970, 1, 1)


def minutes(text):
    at = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M")
    return (at - EPOCH) // datetime.timedelta(minutes=1)


def business_minutes_before(minute):
    """Minutes that the service hours were open since Monday 1969-12-29."""
    days, of_day = divmod(minute + 3 * 1440, 1440)
    weeks, weekday = divmod(days, 7)
    whole = weeks * 5 + min(weekday, 5)
    today = min(max(of_day - 14 * 60, 0), 9 * 60) if weekday < 5 else 0
    return whole * 9 * 60 + today


def contradicts_rule(rows):
    last = rows[-1]
    target = TARGET_MINUTES.get(last["priority"])
    if target is None:
        return False
    taken = (business_minutes_before(minutes(last["closed_at"]))
             - business_minutes_before(minutes(last["opened_at"])))
    return (taken <= target) != (last["made_sla"] == "true")


def has_odd_row(rows):
    return (any(row["incident_state"].lstrip("-").isdigit() for row in rows)
            or any(row["sys_updated_at"] < row["opened_at"] for row in rows)
            or len({row["sys_mod_count"] for row in rows}) < len(rows))


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    incidents = {}
    with open(sys.argv[1], encoding="utf-8", newline="") as log:
        for row in csv.DictReader(log):
            incidents.setdefault(row["number"], []).append(row)
    writer = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for index, rows in enumerate(incidents.values()):
        if index % EVERY == 0 or contradicts_rule(rows) or has_odd_row(rows):
            writer.writerows(rows)


if __name__ == "__main__":
    main()
