#!/usr/bin/env python3
"""bench_tickets_peers BENCH_TICKETS [--scale F] [--rounds N] [--rows ordered|shuffled]

The rows of bench_tickets with what a user has without libcsq: DuckDB, ClickHouse (as chDB) and
numpy, all with a table of days as calendar, so that open time is a difference of two places on it.

All give the same rows: met, missed and open clocks by metric, priority and week. Each round runs
all of them once, after a round that does not count; a figure is the median of the rounds. Loading
is not timed. What Python lacks of DuckDB, chDB and numpy, pip installs into a temporary venv; where
there is no chDB, its rows are left out.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
IN_VENV = "BENCH_TICKETS_IN_VENV"

# As in bench_log.h.
NOW = 1774915200
FIRST_MONDAY = 1735516800
CREATED, AGENT_REPLY, STATUS, PRIORITY = 0, 1, 3, 4
OPEN, SOLVED = 0, 3
# As in bench_tickets.c.
N_PRIORITIES, N_WEEKS = 4, 64
WITHIN = [[3600, 14400, 28800, 57600], [28800, 86400, 144000, 288000]]

# The target of a clock is that of the priority at its stop, or of the last one while it is open.
# Of several ways to say it, this was the quickest.
STATEMENT = f"""
WITH clock AS (
    SELECT before + least(greatest({NOW} - open, 0), length) AS place
    FROM days WHERE day = {NOW} // 86400),
placed AS MATERIALIZED (
    SELECT ticket, instant, kind, value, "offset",
           before + least(greatest(instant - open, 0), length) AS place
    FROM events JOIN days ON days.day = events.instant // 86400),
stretches AS (
    SELECT ticket, place, kind = {CREATED} OR value = {OPEN} AS is_running,
           lead(place, 1, (SELECT place FROM clock))
               OVER (PARTITION BY ticket ORDER BY instant) AS until
    FROM placed WHERE kind IN ({CREATED}, {STATUS})),
worked AS (
    SELECT ticket, sum(until - place) AS elapsed FROM stretches WHERE is_running GROUP BY ticket),
tickets AS MATERIALIZED (
    SELECT ticket,
           (min(instant + "offset") FILTER (kind = {CREATED}) - {FIRST_MONDAY}) // 604800 AS week,
           min(place) FILTER (kind = {CREATED}) AS place,
           any_value(value) FILTER (kind = {CREATED}) AS priority,
           min(place) FILTER (kind = {AGENT_REPLY}) AS reply,
           min(instant) FILTER (kind = {AGENT_REPLY}) AS replied,
           coalesce(arg_max(value, instant) FILTER (kind = {STATUS}), {OPEN}) = {SOLVED}
               AS is_solved,
           max(instant) FILTER (kind = {STATUS}) AS solved
    FROM placed GROUP BY ticket),
changed AS (
    SELECT ticket,
           arg_max(value, instant) FILTER (replied IS NULL OR instant <= replied) AS at_reply,
           arg_max(value, instant) FILTER (NOT is_solved OR instant <= solved) AS at_end
    FROM events JOIN tickets USING (ticket) WHERE kind = {PRIORITY} GROUP BY ticket),
judged AS MATERIALIZED (
    SELECT week, coalesce(at_reply, priority) AS at_reply, coalesce(at_end, priority) AS at_end,
           coalesce(reply, (SELECT place FROM clock)) - tickets.place AS waited,
           reply IS NOT NULL AS is_replied, coalesce(elapsed, 0) AS elapsed, is_solved
    FROM tickets LEFT JOIN changed USING (ticket) LEFT JOIN worked USING (ticket)),
clocks AS (
    SELECT 0 AS metric, at_reply AS priority, week, waited AS elapsed, is_replied AS is_finished
    FROM judged
    UNION ALL SELECT 1, at_end, week, elapsed, is_solved FROM judged)
SELECT metric, priority, week, count(*) FILTER (is_finished AND elapsed <= within_s) AS met,
       count(*) FILTER (elapsed > within_s) AS missed,
       count(*) FILTER (NOT is_finished AND elapsed <= within_s) AS is_open,
       sum(elapsed)::BIGINT AS elapsed
FROM clocks JOIN targets USING (metric, priority)
GROUP BY ALL
"""

# The same in ClickHouse's own way: the turns of a ticket as arrays.
CLICKHOUSE_STATEMENT = f"""
WITH (SELECT before + least(greatest({NOW} - open, 0), length) FROM days
      WHERE day = intDiv({NOW}, 86400)) AS until,
placed AS (
    SELECT ticket, instant, kind, value, offset,
           before + least(greatest(instant - open, 0), length) AS place
    FROM (SELECT *, intDiv(instant, 86400) AS day FROM events) AS e
    JOIN days ON days.day = e.day),
tickets AS (
    SELECT minIf(place, kind = {CREATED}) AS start,
           intDiv(minIf(instant + offset, kind = {CREATED}) - {FIRST_MONDAY}, 604800) AS week,
           countIf(kind = {AGENT_REPLY}) > 0 AS is_replied,
           minIf(place, kind = {AGENT_REPLY}) AS reply,
           minIf(instant, kind = {AGENT_REPLY}) AS replied,
           arraySort(groupArrayIf((instant, place, if(kind = {CREATED}, {OPEN}, value)),
                                  kind IN ({CREATED}, {STATUS}))) AS turns,
           arraySort(groupArrayIf((instant, value), kind IN ({CREATED}, {PRIORITY}))) AS said,
           turns[-1].3 = {SOLVED} AS is_solved, turns[-1].1 AS solved,
           arraySum((turn, i) -> if(turn.3 = {OPEN},
                                    if(i = length(turns), assumeNotNull(until), turns[i + 1].2)
                                    - turn.2, 0),
                    turns, arrayEnumerate(turns)) AS elapsed
    FROM placed GROUP BY ticket),
clocks AS (
    SELECT week, arrayJoin([
        (0, arrayLast(x -> NOT is_replied OR x.1 <= replied, said).2,
         if(is_replied, reply, assumeNotNull(until)) - start, is_replied),
        (1, arrayLast(x -> NOT is_solved OR x.1 <= solved, said).2, elapsed, is_solved)]) AS c
    FROM tickets)
SELECT c.1 AS metric, c.2 AS priority, week,
       countIf(c.4 AND c.3 <= {WITHIN}[metric + 1][priority + 1]) AS met,
       countIf(c.3 > {WITHIN}[metric + 1][priority + 1]) AS missed,
       countIf(NOT c.4 AND c.3 <= {WITHIN}[metric + 1][priority + 1]) AS is_open,
       sum(c.3) AS elapsed
FROM clocks GROUP BY metric, priority, week
"""


def skip(why):
    print("SKIPPED bench_tickets_peers: " + why)
    raise SystemExit(77)


def need_packages():
    """DuckDB and numpy; if they are not here, this program runs once more in a venv with them."""
    try:
        import duckdb
        import numpy
        return duckdb, numpy
    except ImportError:
        if os.environ.get(IN_VENV):
            skip("duckdb or numpy was installed, but cannot be imported")
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = os.path.join(folder, "bin", "python")
        install = [python, "-m", "pip", "install", "--quiet"]
        if subprocess.run([*install, "duckdb", "numpy"], check=False).returncode != 0:
            skip("pip could not install duckdb and numpy")
        subprocess.run([*install, "chdb"], check=False)
        run = subprocess.run([python, __file__, *sys.argv[1:]], check=False,
                             env={**os.environ, IN_VENV: "1"})
        raise SystemExit(run.returncode)


def summary(rows):
    """(checksum of bench_tickets, seconds to the first reply, to the resolution) of rows."""
    checksum = 0
    elapsed = [0, 0]
    for metric, priority, week, met, missed, is_open, seconds in rows:
        place = (metric * N_PRIORITIES + priority) * N_WEEKS + week
        checksum += (place + 1) * (met + 3 * missed + 7 * is_open)
        elapsed[metric] += seconds
    return (checksum, *elapsed)


class Bench:
    """bench_tickets: the bare loop and csq_tally_replay."""

    def __init__(self, options):
        self.command = [options.program, str(HERE / "tickets.rules.json"), options.zone_file,
                        "--scale", str(options.scale), "--rows", options.rows]

    def run(self, *more):
        run = subprocess.run([*self.command, *more], capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise SystemExit("bench_tickets failed:\n" + run.stdout + run.stderr)
        return run.stdout

    def measure(self):
        """Nanoseconds an event of both; a summary as above."""
        text = self.run("--runs", "1")
        bare, csq = re.findall(r"^(?:bare loop|csq_tally_replay) +([0-9.]+) ns", text, re.M)
        sums = re.search(r"checksum of rows (\d+)\n.*first reply (-?\d+) s, resolution (-?\d+) s",
                         text)
        return float(bare), float(csq), tuple(map(int, sums.groups()))


class DuckDb:
    """The statement on DuckDB's own tables."""

    def __init__(self, duckdb, numpy, columns, days):
        self.base = duckdb.connect(":memory:")
        self.load("events", columns)
        self.load("days", days)
        self.load("targets", {"metric": numpy.repeat([0, 1], N_PRIORITIES),
                              "priority": numpy.tile(numpy.arange(N_PRIORITIES), 2),
                              "within_s": numpy.array(WITHIN).ravel()})

    def load(self, name, columns):
        self.base.register("given", columns)
        self.base.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        self.base.unregister("given")

    def rows(self, threads):
        self.base.execute(f"SET threads = {threads}")
        return self.base.execute(STATEMENT).fetchall()


class ClickHouse:
    """The statement on tables of chDB, in memory as those of DuckDB, ordered as the rows are."""

    def __init__(self, chdb_session, numpy, columns, days, folder):
        self.session = chdb_session.Session()
        self.load(numpy, folder, "events", columns, {"ticket": "UInt32", "instant": "Int64",
                                                     "kind": "UInt8", "value": "UInt8"})
        self.load(numpy, folder, "days", days, dict.fromkeys(days, "Int64"))

    def load(self, numpy, folder, name, columns, types):
        packed = numpy.rec.fromarrays(list(columns.values()), names=list(columns))
        path = os.path.join(folder, name + ".bin")
        packed.tofile(path)
        form = ", ".join("%s %s" % (column, types[column]) for column in columns)
        self.session.query("CREATE TABLE %s (%s) ENGINE = Memory" % (name, form))
        self.session.query("INSERT INTO %s SELECT * FROM file('%s', 'RowBinary', '%s')"
                           % (name, path, form))

    def rows(self, threads):
        text = self.session.query(CLICKHOUSE_STATEMENT + "SETTINGS max_threads = %d" % threads,
                                  "TSV")
        return [tuple(map(int, line.split("\t"))) for line in str(text).splitlines()]


class Vectors:
    """The same by hand in numpy. Ids are dense: 0 to the number of tickets - 1."""

    def __init__(self, numpy, columns, days, is_ordered):
        self.np = numpy
        self.columns = columns
        self.days = days
        self.is_ordered = is_ordered

    def place(self, day, instant):
        opened = self.np.maximum(instant - self.days["open"][day], 0)
        return self.days["before"][day] + self.np.minimum(opened, self.days["length"][day])

    def in_order(self):
        columns = self.columns
        if not self.is_ordered:
            instant = columns["instant"]
            ticket = columns["ticket"].astype("i8")
            order = self.np.argsort((ticket << 32) + (instant - instant.min()))
            columns = {name: column[order] for name, column in columns.items()}
        return columns["ticket"], columns["instant"], columns["kind"], columns["value"]

    def rows(self):
        np = self.np
        ticket, instant, kind, value = self.in_order()
        day = instant // 86400 - self.days["day"][0]
        place = self.place(day, instant)
        now = self.place(np.array([NOW // 86400 - self.days["day"][0]]), np.array([NOW]))[0]

        first = np.flatnonzero(kind == CREATED)
        end = np.append(first[1:], len(kind))
        week = (instant[first] + self.days["offset"][day[first]] - FIRST_MONDAY) // 604800

        replies = np.append(np.flatnonzero(kind == AGENT_REPLY), len(kind))
        reply = replies[np.searchsorted(replies, first)]
        is_replied = reply < end
        reply = np.where(is_replied, reply, end - 1)
        waited = np.where(is_replied, place[reply], now) - place[first]

        turns = np.flatnonzero((kind == CREATED) | (kind == STATUS))
        is_last = np.append(ticket[turns[1:]] != ticket[turns[:-1]], True)
        until = np.where(is_last, now, np.append(place[turns[1:]], now))
        status = np.where(kind[turns] == CREATED, OPEN, value[turns])
        worked = np.where(status == OPEN, until - place[turns], 0)
        elapsed = np.bincount(ticket[turns], worked, len(first)).astype("i8")
        is_solved = status[is_last] == SOLVED
        stop = np.where(is_solved, turns[is_last], end - 1)

        said = np.flatnonzero((kind == CREATED) | (kind == PRIORITY))
        at_reply = value[said[np.searchsorted(said, reply, "right") - 1]]
        at_stop = value[said[np.searchsorted(said, stop, "right") - 1]]
        return (self.count(0, at_reply, week, waited, is_replied)
                + self.count(1, at_stop, week, elapsed, is_solved))

    def count(self, metric, priority, week, elapsed, is_finished):
        np = self.np
        is_late = elapsed > np.array(WITHIN[metric])[priority]
        key = priority.astype("i8") * N_WEEKS + week
        n = N_PRIORITIES * N_WEEKS
        columns = [np.bincount(key[chosen], minlength=n)
                   for chosen in (is_finished & ~is_late, is_late, ~is_finished & ~is_late)]
        columns.append(np.bincount(key, elapsed, n).astype("i8"))
        return [(metric, i // N_WEEKS, i % N_WEEKS, *(int(column[i]) for column in columns))
                for i in range(n)]


def load(numpy, folder):
    """The exported columns, and the days as a table of columns."""
    columns = {}
    for name, file, form in (("ticket", "ticket.u4", "<u4"), ("instant", "at.i8", "<i8"),
                             ("kind", "kind.u1", "u1"), ("value", "value.u1", "u1")):
        columns[name] = numpy.fromfile(os.path.join(folder, file), form)
    table = numpy.loadtxt(os.path.join(folder, "days.csv"), "i8", delimiter=",", skiprows=1)
    names = ("day", "open", "length", "before", "offset")
    return columns, {name: table[:, i].copy() for i, name in enumerate(names)}


def run_rounds(bench, peers, n_events, rounds):
    """Nanoseconds an event of each in each round."""
    took = {name: [] for name in ("bare loop", "csq_tally_replay", *peers)}
    for i in range(-1, rounds):
        bare, csq, expected = bench.measure()
        figures = [bare, csq]
        for name, rows in peers.items():
            start = time.perf_counter()
            found = rows()
            figures.append((time.perf_counter() - start) / n_events * 1e9)
            if summary(found) != expected:
                raise SystemExit("%s: %s, expected %s" % (name, summary(found), expected))
        for name, figure in zip(took, figures):
            if i >= 0:
                took[name].append(figure)
    return took, expected


def main():
    parser = argparse.ArgumentParser(description="DuckDB and numpy on the rows of bench_tickets")
    parser.add_argument("program", help="the built bench_tickets")
    parser.add_argument("--scale", type=float, default=1.0, help="million tickets")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", choices=("ordered", "shuffled"), default="ordered")
    parser.add_argument("--zone-file", default="/usr/share/zoneinfo/America/New_York")
    options = parser.parse_args()
    duckdb, numpy = need_packages()
    try:
        from chdb import session as chdb_session
    except ImportError:
        chdb_session = None
    bench = Bench(options)
    peers = {}
    with tempfile.TemporaryDirectory() as folder:
        bench.run("--export", folder)
        columns, days = load(numpy, folder)
        if chdb_session is not None:
            house = ClickHouse(chdb_session, numpy, columns, days, folder)
            peers["ClickHouse, 1 thread"] = lambda: house.rows(1)
            peers["ClickHouse, 2 threads"] = lambda: house.rows(2)
    base = DuckDb(duckdb, numpy, columns, days)
    vectors = Vectors(numpy, columns, days, options.rows == "ordered")
    n_events = len(columns["ticket"])
    peers["DuckDB, 1 thread"] = lambda: base.rows(1)
    peers["DuckDB, 2 threads"] = lambda: base.rows(2)
    peers["numpy by hand"] = vectors.rows
    took, sums = run_rounds(bench, peers, n_events, options.rounds)
    print("%d events, rows %s; DuckDB %s, numpy %s; median of %d rounds"
          % (n_events, options.rows, duckdb.__version__, numpy.__version__, options.rounds))
    print("the same from all: checksum of rows %d, first reply %d s, resolution %d s" % sums)
    ours = statistics.median(took["csq_tally_replay"])
    print("%-22s %10s %18s %10s" % ("", "ns/event", "least to most", "to libcsq"))
    for name, figures in took.items():
        middle = statistics.median(figures)
        print("%-22s %10.1f %8.1f %9.1f %10.3f" % (name, middle, min(figures), max(figures),
                                                   middle / ours))


if __name__ == "__main__":
    main()
