#!/usr/bin/env python3
"""test_rank.py — the order of open work, against instant.py and the points of the rules."""
import contextlib
import datetime
import json
import sqlite3
import unittest

import desk
import instant
import oracle

NOW = "2016-03-18 16:00"


def band(found, bands, default=0):
    """The points of the first band that fits."""
    return next((points for fits, points in bands if fits(found)), default)


def used_points(used):
    return band(used, [(lambda x: x >= 10000, 60), (lambda x: x >= 8000, 30),
                       (lambda x: x >= 5000, 10)])


def left_points(due, now):
    if due is None:
        return 0
    hours = (due - now) / datetime.timedelta(hours=1)
    return band(hours, [(lambda x: x <= 0, 20), (lambda x: x <= 4, 15), (lambda x: x <= 24, 5)])


class RankTest(desk.DeskTest):
    @classmethod
    def setUpClass(cls):
        cls.incidents, _ = oracle.read_log(desk.LOG)

    def setUp(self):
        super().setUp()
        self.do("import", desk.LOG, "--rules", desk.RULES)
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            self.ids = dict(connection.execute("SELECT number, id FROM incident"))

    def expected(self, metrics):
        """(incident, lane, score) of all open work, in order."""
        now = oracle.moment(NOW)
        places = []
        for number, facts in self.incidents.items():
            states = [instant.state(metric, *facts, now) for metric in metrics]
            states = [state for state in states if state is not None and state.is_open]
            if not states:
                continue
            # A paused clock that is not late is not due.
            dues = [state.due for state in states if state.due is not None
                    and (state.late or not state.is_paused)]
            due = min(dues, default=None)
            score = used_points(max(state.elapsed * 10000 // state.target for state in states))
            score += left_points(due, now)
            score += {"P1": 60, "P2": 40, "P3": 10}.get(states[0].priority, 0)
            score -= 50 if states[0].status.startswith("Awaiting") else 0
            lane = "major" if states[0].priority == "P1" else ""
            places.append((lane == "", -score, due is None, due or now, self.ids[number], number,
                           lane, score))
        return [place[5:] for place in sorted(places)]

    def check_order(self, metrics, *options):
        rows = desk.tables(self.do("rank", "--now", NOW, "--top", "100000", *options).stdout)[0][2]
        expected = self.expected(metrics)
        self.assertGreater(len(expected), 200)
        self.assertEqual([self.place(row) for row in rows], expected)

    @staticmethod
    def place(row):
        """Empty cells leave no trace in a row that was split; a score is a number."""
        has_lane = row["lane"] == "major"
        score = row["score"] if has_lane else row["lane"]
        return row["incident"], "major" if has_lane else "", int(score)

    def test_order_and_scores_equal_the_oracle(self):
        self.check_order(["resolution"], "--metric", "resolution")
        self.check_order(["closure", "resolution"])

    def test_points_sum_to_the_score(self):
        text = self.do("rank", "--now", NOW, "--top", "100000").stdout
        lines = [line for line in text.splitlines() if line[:7].strip().replace(",", "").isdigit()]
        rows = desk.tables(text)[0][2]
        self.assertEqual(len(lines), len(rows))
        for line, row in zip(lines, rows):
            why = desk.split(line)[-1].split(" + ")
            points = [word for part in why for word in part.split()
                      if word.lstrip("-").isdigit()]
            self.assertEqual(sum(int(number) for number in points), self.place(row)[2], line)

    def test_fewer_places_are_the_first_ones(self):
        every = desk.tables(self.do("rank", "--now", NOW, "--top", "1000").stdout)[0][2]
        first = desk.tables(self.do("rank", "--now", NOW, "--top", "3").stdout)[0][2]
        self.assertEqual([self.place(row) for row in first],
                         [self.place(row) for row in every[:3]])

    def test_rules_without_a_ranking_are_named(self):
        rules = json.loads(desk.RULES.read_text(encoding="utf-8"))
        del rules["ranking"]
        log = self.write("log.csv", f"{desk.HEADER}\n"
                         "1,New,1,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b\n")
        other = self.directory / "other.db"
        result = desk.run(other, "import", log, "--rules",
                          self.write("rules.json", json.dumps(rules)))
        self.assertEqual(result.returncode, 0)
        self.fail_with(1, "the stored rules have no \"ranking\"", other, "rank")

    def test_nothing_is_open_before_everything(self):
        text = self.do("rank", "--now", "2016-01-02 12:00").stdout
        self.assertIn("0 incidents have an open clock.", text)
        self.assertEqual(desk.tables(text), [])

    def test_the_page_shows_what_it_prints(self):
        self.check_page("What to work on", self.do("rank", "--metric", "resolution", "--now", NOW,
                                                   "--top", "6").stdout)

    def test_unknown_clocks_are_named(self):
        self.fail_with(1, "the rules have no metric \"speed\"", self.database, "rank", "--metric",
                       "speed")


if __name__ == "__main__":
    unittest.main()
