#!/usr/bin/env python3
"""test_watch.py — what is due next, late and fired, against instant.py."""
import datetime
import unittest

import desk
import instant
import oracle

NOW = "2016-03-18 16:00"


def moment(text):
    """"Fri 2016-03-18 16:19" without the day."""
    return oracle.moment(text[4:])


def section(text, title):
    """The rows of the table behind a title."""
    start = text.index(title)
    found = desk.tables(text[start:])
    return found[0][2] if found else []


class WatchTest(desk.DeskTest):
    @classmethod
    def setUpClass(cls):
        cls.incidents, _ = oracle.read_log(desk.LOG)

    def setUp(self):
        super().setUp()
        self.do("import", desk.LOG, "--rules", desk.RULES)

    def states(self, metric, now):
        found = {number: instant.state(metric, *facts, oracle.moment(now))
                 for number, facts in self.incidents.items()}
        return {number: state for number, state in found.items() if state is not None}

    def test_counts_equal_the_oracle(self):
        for now in (NOW, "2016-03-20 12:00", "2016-05-02 14:30"):
            rows = desk.tables(self.do("watch", "--now", now).stdout)[0][2]
            for row in rows:
                states = [state for state in self.states(row["clock"], now).values()
                          if state.is_open]
                with self.subTest(now=now, clock=row["clock"]):
                    self.assertEqual(row["open"], f"{len(states):,}")
                    self.assertEqual(row["of these paused"],
                                     f"{sum(state.is_paused for state in states):,}")
                    self.assertEqual(row["late"], f"{sum(state.late for state in states):,}")

    def test_all_that_comes_next_equals_the_oracle(self):
        text = self.do("watch", "--now", NOW, "--next", "100000").stdout
        shown = section(text, "Next, if nothing happens")
        found = sorted((moment(row["at"]), row["what"], row["incident"], row["clock"])
                       for row in shown)
        states = {metric: self.states(metric, NOW) for metric in oracle.CLOCKS}
        expected = sorted((at, what, number, metric)
                          for metric in oracle.CLOCKS
                          for number, state in states[metric].items()
                          for at, what in state.ahead)
        self.assertGreater(len(expected), 500)
        self.assertEqual(found, expected)
        for row in shown:
            state = states[row["clock"]][row["incident"]]
            left = row["left"].lstrip("-")
            sign = -1 if row["left"].startswith("-") else 1
            self.assertEqual(sign * desk.minutes(left), state.target - state.elapsed)
            self.assertEqual((row["priority"], row["group"]), (state.priority, state.group))

    def test_lists_come_in_order_and_end_where_asked(self):
        text = self.do("watch", "--now", NOW, "--next", "7").stdout
        coming = section(text, "Next, if nothing happens")
        self.assertEqual(len(coming), 7)
        self.assertEqual(sorted(moment(row["at"]) for row in coming),
                         [moment(row["at"]) for row in coming])
        late = section(text, "Late and open")
        overruns = [desk.minutes(row["overrun"]) for row in late]
        self.assertEqual(overruns, sorted(overruns, reverse=True))
        worst = sorted((state.elapsed - state.target for metric in oracle.CLOCKS
                        for state in self.states(metric, NOW).values()
                        if state.is_open and state.late), reverse=True)
        self.assertEqual(overruns, worst[:7])

    def test_breaches_that_fired_equal_the_oracle(self):
        since = "2016-03-16 15:00"
        text = self.do("watch", "--now", NOW, "--since", since, "--next", "100000").stdout
        rows = section(text, "Fired since Wed 2016-03-16 15:00")
        found = {(row["incident"], row["clock"]) for row in rows if row["what"] == "breach"}
        expected = set()
        for metric in oracle.CLOCKS:
            before = self.states(metric, since)
            for number, state in self.states(metric, NOW).items():
                if state.late and not (number in before and before[number].late):
                    expected.add((number, metric))
        self.assertGreater(len(expected), 50)
        self.assertEqual(found, expected)
        instants = [moment(row["at"]) for row in rows]
        self.assertEqual(instants, sorted(instants, reverse=True))

    def test_nothing_after_the_instant_is_seen(self):
        text = self.do("watch", "--now", "2016-02-29 12:00").stdout
        opened = [facts for facts in self.incidents.values()
                  if facts[0] <= datetime.datetime(2016, 2, 29, 12)]
        rows = desk.tables(text)[0][2]
        self.assertEqual(rows[0]["open"], f"{len(opened):,}")
        before = desk.content(self.database)
        self.do("watch", "--now", NOW)
        self.assertEqual(desk.content(self.database), before)

    def test_before_everything_nothing_is_due(self):
        text = self.do("watch", "--now", "2016-01-02 12:00").stdout
        for words in ("Nothing is due", "Nothing that is open is late",
                      "Fired since Fri 2016-01-01 12:00: 0"):
            self.assertIn(words, text)

    def test_an_incident_outside_the_years_is_named_and_left_out(self):
        log = self.write("log.csv", f"{desk.HEADER}\n"
                         "1,New,1,true,2015-03-01 14:00,2016-03-01 15:00,3,a,b\n"
                         "2,New,1,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b\n")
        other = self.directory / "other.db"
        self.assertEqual(desk.run(other, "import", log, "--rules", desk.RULES).returncode, 0)
        for command in (["watch"], ["rank"], ["whatif", desk.RULES]):
            result = desk.run(other, *command)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("incident 1: Sun 2015-03-01 14:00 lies outside", result.stderr)
            self.assertIn("Left out below: 1 incident ", result.stdout)
        row = desk.tables(desk.run(other, "watch").stdout)[0][2][0]
        self.assertEqual((row["clock"], row["open"]), ("closure", "1"))

    def test_the_page_shows_what_it_prints(self):
        self.check_page("What is due", self.do("watch", "--now", NOW, "--next", "4").stdout)

    def test_since_lies_before_now(self):
        self.fail_with(1, "--since lies after", self.database, "watch", "--now", NOW, "--since",
                       "2016-03-19")


if __name__ == "__main__":
    unittest.main()
