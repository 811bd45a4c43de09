#!/usr/bin/env python3
"""bench_calendar_peers [QUERIES] - the two-year rows of bench_calendar with what a Python user has
without libcsq: a compiled timeline and `bisect`, and numpy's busday functions, which know whole
days only (no hours, no zone: an upper mark, not the same question).

The queries are those of bench_calendar; the sums of the bisect rows must equal its sums.
"""

import bisect
import datetime
import statistics
import sys
import time
import zoneinfo

ROUNDS = 5
MASK = (1 << 64) - 1
FROM, TO = 1735707600, 1798779600  # 2025-01-01 and 2027-01-01 in New York
HOLIDAYS = """
2025-01-01 2025-01-20 2025-02-17 2025-05-26 2025-06-19 2025-07-04 2025-09-01 2025-11-11 2025-11-27
2025-12-25 2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-11-11
2026-11-26 2026-12-25""".split()
ZONE = zoneinfo.ZoneInfo("America/New_York")


def random_numbers(seed):
    """SplitMix64, as bench_calendar."""
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def make_queries(kind, n):
    """Pairs of whole seconds: short spans, long spans, additions."""
    numbers = random_numbers(42 + ["short", "long", "add"].index(kind))
    seconds = TO - FROM
    pairs = []
    for _ in range(n):
        if kind == "short":
            a = FROM + next(numbers) % (seconds - 30 * 86400)
            most = next(numbers) % (12 * 86400)
            pairs.append((a, a + next(numbers) % (1 + most)))
        elif kind == "long":
            a, b = FROM + next(numbers) % seconds, FROM + next(numbers) % seconds
            pairs.append((min(a, b), max(a, b)))
        else:
            a = FROM + next(numbers) % (seconds - 60 * 86400)
            pairs.append((a, 60 + next(numbers) % (40 * 3600 - 60)))
    return pairs


class Timeline:
    """Open intervals and the open seconds before each."""

    def __init__(self):
        closed = {datetime.date.fromisoformat(text) for text in HOLIDAYS}
        self.opens, self.closes, self.before = [], [], [0]
        day = datetime.date(2024, 12, 25)
        while day < datetime.date(2027, 3, 1):
            if day.weekday() < 5 and day not in closed:
                self.opens.append(self.instant(day, 9))
                self.closes.append(self.instant(day, 17))
                self.before.append(self.before[-1] + self.closes[-1] - self.opens[-1])
            day += datetime.timedelta(1)

    @staticmethod
    def instant(day, hour):
        return int(datetime.datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).timestamp())

    def position(self, t):
        i = bisect.bisect_right(self.opens, t) - 1
        return self.before[i] + min(t, self.closes[i]) - self.opens[i]

    def measure(self, pairs):
        return sum(self.position(b) - self.position(a) for a, b in pairs)

    def add(self, pairs):
        total = 0
        for a, duration in pairs:
            x = self.position(a) + duration
            i = bisect.bisect_left(self.before, x) - 1
            total += self.opens[i] + x - self.before[i]
        return total


def report(name, n, run):
    """Times `run` and prints a row."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        total = run()
        times.append(time.perf_counter() - start)
    print("%-26s %10.1f ns per query   %d" % (name, statistics.median(times) / n * 1e9, total))


def report_numpy(queries, n):
    """The same queries on days, in one vector."""
    try:
        import numpy
    except ImportError:
        print("SKIPPED numpy busday: numpy is not installed")
        return
    calendar = numpy.busdaycalendar(holidays=HOLIDAYS)

    def days(index, pairs):
        dates = [datetime.datetime.fromtimestamp(pair[index], ZONE).date() for pair in pairs]
        return numpy.array(dates, "datetime64[D]")

    for kind in ("short", "long"):
        first, last = days(0, queries[kind]), days(1, queries[kind])
        report("numpy busday, " + kind, n,
               lambda a=first, b=last: int(numpy.busday_count(a, b, busdaycal=calendar).sum()))
    first = days(0, queries["add"])
    steps = numpy.array([duration // 28800 for _, duration in queries["add"]])
    report("numpy busday, add", n,
           lambda: int(numpy.busday_offset(first, steps, roll="forward", busdaycal=calendar)
                       .astype("int64").sum()))


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    queries = {kind: make_queries(kind, n) for kind in ("short", "long", "add")}
    timeline = Timeline()
    report("bisect, measure short", n, lambda: timeline.measure(queries["short"]))
    report("bisect, measure long", n, lambda: timeline.measure(queries["long"]))
    report("bisect, add", n, lambda: timeline.add(queries["add"]))
    report_numpy(queries, n)


if __name__ == "__main__":
    main()
