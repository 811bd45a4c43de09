"""instant — the clocks of the bundled rules at an instant, the slow and obvious way.

Only updates up to the instant are looked at. A clock that runs is projected as if no update came.
Nothing here comes from libcsq.
"""
import collections
import datetime

import oracle

TARGETS = {"closure": oracle.CLOSURE_HOURS, "resolution": oracle.RESOLUTION_HOURS}
STEPS = {
    "closure": [("warn the group", 0.8, 0)],
    "resolution": [("warn the assignee", 0.8, 0), ("escalate to the team lead", 1, 240),
                   ("escalate to the service manager", 1, 540)],
}
STOPS = {"closure": {"Closed"}, "resolution": oracle.DONE}

State = collections.namedtuple(
    "State", "is_open is_paused elapsed target late due ahead status priority group")


def after(start, minutes):
    """The first instant at which that many business minutes have gone by."""
    at = start
    while True:
        opening = at.replace(hour=14, minute=0)
        closing = at.replace(hour=23, minute=0)
        if at.weekday() < 5 and at < closing:
            begin = max(at, opening)
            left = (closing - begin) // datetime.timedelta(minutes=1)
            if minutes <= left:
                return begin + datetime.timedelta(minutes=minutes)
            minutes -= left
        at = at.replace(hour=0, minute=0) + datetime.timedelta(days=1)


def state(metric, opened, rows, now):
    """What the clock is at an instant; None before the opening."""
    if opened > now:
        return None
    seen = [row for row in rows if row.at <= now]
    priority = rows[0].priority
    status = "New"
    is_stopped = False
    spans = []  # counted ones
    since = opened
    for row in seen:
        runs = not is_stopped and (metric == "closure" or not status.startswith("Awaiting"))
        if runs:
            spans.append((since, row.at))
        was_stopped = is_stopped
        is_stopped = (is_stopped if metric == "closure" else False) or row.status in STOPS[metric]
        if not (was_stopped or is_stopped):
            priority = row.priority
        elif was_stopped and not is_stopped:
            priority = row.priority
        since = row.at
        status = row.status
    is_paused = not is_stopped and metric == "resolution" and status.startswith("Awaiting")
    runs = not is_stopped and not is_paused
    if runs:
        spans.append((since, now))
    elapsed = sum(oracle.business_minutes(*span) for span in spans)
    target = TARGETS[metric][priority] * 60
    last = seen[-1] if seen else rows[0]

    def reached(goal):
        left = goal
        for start, stop in spans:
            spent = oracle.business_minutes(start, stop)
            if left <= spent:
                return after(start, left)
            left -= spent
        return after(now, left) if runs else None

    goals = [(name, -(-target * 10 * part // 10) + more) for name, part, more in STEPS[metric]]
    ahead = [(reached(goal), name) for name, goal in goals if runs and goal > elapsed]
    if runs and elapsed <= target:
        ahead.append((reached(target), "breach"))
    return State(not is_stopped, is_paused, elapsed, target, elapsed > target, reached(target),
                 ahead, status, last.priority, last.group)
