#!/usr/bin/env python3
"""test_faults.py — odd data and rules that can be read: what is said, and what still works."""
import json
import re
import sqlite3
import unittest

import desk

RULES = json.loads(desk.RULES.read_text(encoding="utf-8"))


class FaultTest(desk.DeskTest):
    def load(self, *rows, rules=None):
        """Imports rows with some rules (the bundled ones); the result."""
        log = self.write("log.csv", "\n".join([desk.HEADER, *rows]) + "\n")
        path = self.write("rules.json", json.dumps(rules)) if rules is not None else desk.RULES
        return self.do("import", log, "--rules", path)


class YearsTest(FaultTest):
    EARLY = "1,Closed,0,true,2015-03-01 14:00,2016-03-01 15:00,3,a,b"
    GOOD = "2,Closed,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b"
    WORDS = ('incident 1: Sun 2015-03-01 14:00 lies outside the "years" of calendar '
             '"service hours" in the rules, which begin on Fri 2016-01-01 00:00')

    def test_an_import_warns(self):
        result = self.load(self.EARLY, self.GOOD)
        self.assertIn(self.WORDS, result.stderr)
        self.assertIn("warning: the clocks of 1 incidents cannot be told", result.stderr)
        self.assertNotIn("incident 2", result.stderr)
        self.assertIn("imported 2 rows", result.stdout)

    def test_a_report_names_it_leaves_it_out_and_reports_the_rest(self):
        self.load(self.EARLY, self.GOOD)
        result = self.do("report")
        self.assertIn(self.WORDS, result.stderr)
        self.assertIn("2 incidents, 2 updates", result.stdout)
        self.assertIn("Left out below: 1 incidents with dates", result.stdout)
        rows = [rows for _, headings, rows in desk.tables(result.stdout)
                if headings[0] == "priority"]
        for found in rows:
            self.assertEqual([row["n"] for row in found if row["priority"] == "all"], ["1"])

    def test_an_explanation_says_why_there_is_none(self):
        self.load(self.EARLY, self.GOOD)
        self.fail_with(1, self.WORDS, self.database, "explain", "1")
        self.assertIn("incidents: holds", self.do("explain", "2").stdout)

    def test_more_years_in_the_rules_tell_the_clocks(self):
        self.load(self.EARLY, self.GOOD)
        rules = json.loads(json.dumps(RULES))
        rules["calendars"]["service hours"]["years"] = [2015, 2017]
        result = self.load(self.EARLY, self.GOOD, rules=rules)
        self.assertNotIn("years", result.stderr)
        result = self.do("report")
        self.assertEqual(result.stderr, "")
        self.assertNotIn("Left out", result.stdout)

    def test_only_the_first_of_many_are_named(self):
        result = self.load(*(self.EARLY.replace("1,", f"{n},", 1) for n in range(100, 125)))
        self.assertEqual(len(re.findall("lies outside", result.stderr)), 10)
        self.assertIn("the clocks of 25 incidents", result.stderr)
        result = self.do("report")
        self.assertEqual(len(re.findall("lies outside", result.stderr)), 10)
        self.assertIn("25 incidents are left out, the first 10 are named", result.stderr)

    def test_one_date_in_a_far_future_does_not_decide_for_all(self):
        rules = json.loads(json.dumps(RULES))
        rules["calendars"]["service hours"].update(zone={"posix": "CET-1CEST,M3.5.0,M10.5.0/3"},
                                                   years=[2016, 2016])
        self.load("1,Active,0,true,2016-03-01 14:00,2099-03-01 14:00,3,a,b", self.GOOD, rules=rules)
        result = self.do("report")
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertRegex(result.stderr, r"incident 1: .* 2099-03-01 15:00 lies outside .* which "
                                        r"end on Sat 2016-12-31 23:59")
        self.assertIn("2 incidents, 1 updates, as of Tue 2016-03-01 15:00 (the last update within "
                      "the calendars' years)\nLeft out below: 1 incidents ", result.stdout)
        self.assertRegex(result.stdout, r"  P3 +62:00 +1 ")
        self.assertIn("in time with", self.do("explain", "2").stdout)
        result = self.do("report", "--now", "2050-01-01")
        self.assertIn("the instant asked for: Sat 2050-01-01 01:00 lies outside", result.stderr)
        self.assertEqual(len(re.findall("lies outside", result.stderr)), 1)

    def test_dates_far_outside_are_still_dates(self):
        self.load(self.GOOD)
        for now, shown, n in (("0001-01-01", "Mon 0001-01-01 00:00", 0),
                              ("1960-02-29 23:59", "Mon 1960-02-29 23:59", 0),
                              ("9999-12-31", "Fri 9999-12-31 00:00", 1)):
            result = self.do("report", "--now", now)
            self.assertIn(f"{n} incidents, {n} updates, as of {shown}\n", result.stdout)
            self.assertNotRegex(result.stdout, r"\d ms\b")


class AdviceTest(FaultTest):
    ROW = "1,Closed,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b"

    def test_the_bundled_rules_need_none(self):
        self.assertEqual(self.load(self.ROW).stderr, "")

    def test_advice_is_given_at_import_and_when_the_rules_change(self):
        rules = json.loads(json.dumps(RULES))
        rules["metrics"]["speed"] = {"kind": "resolution", "stop_statuses": ["Closed"]}
        self.load(self.ROW)
        result = self.load(self.ROW, rules=rules)
        self.assertIn("the rules changed", result.stderr)
        self.assertRegex(result.stderr, r"rules\.json: (warning|hint): metrics\.speed: .*"
                                        r"\(no_threshold\)")
        again = self.do("import", self.directory / "log.csv")
        self.assertRegex(again.stderr, r"stored rules: (warning|hint): metrics\.speed: ")


class StateTest(FaultTest):
    ROWS = ("1,Closed,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b",
            "2,Closed,0,false,2016-03-01 14:00,2016-03-02 15:00,4,a,b")

    def damage(self, make):
        """Replaces the state of incident 2 by what `make` makes of it, or of that of 1."""
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute("SELECT state FROM incident ORDER BY id").fetchall()
            states = [row[0] for row in rows]
            connection.execute("UPDATE incident SET state = ? WHERE number = '2'", [make(states)])
        connection.close()

    def test_a_damaged_state_is_made_again_from_the_rows(self):
        self.load(*self.ROWS)
        report = self.do("report").stdout
        explained = self.do("explain", "2").stdout
        before = desk.content(self.database)
        for name, make in (("no bytes", lambda states: b""),
                           ("other bytes", lambda states: b"\0\xff" * 20),
                           ("cut", lambda states: states[1][:-1]),
                           ("a flipped bit", lambda states: states[1][:30] +
                            bytes([states[1][30] ^ 4]) + states[1][31:]),
                           ("of another incident", lambda states: states[0])):
            with self.subTest(state=name):
                self.damage(make)
                for command, expected in ((["report"], report), (["explain", "2"], explained)):
                    result = self.do(*command)
                    self.assertEqual(result.stdout, expected)
                    self.assertRegex(result.stderr, r"^service_desk: incident 2: its stored state "
                                     r"cannot be used \(.*\): made again from its updates\n$")
                self.assertIn("incident 2: its stored state",
                              self.do("import", self.directory / "log.csv").stderr)
                self.assertEqual(desk.content(self.database), before)

    def test_a_missing_state_is_made_without_a_word(self):
        self.load(*self.ROWS)
        report = self.do("report").stdout
        self.damage(lambda states: None)
        result = self.do("report")
        self.assertEqual((result.stdout, result.stderr), (report, ""))


class ReplacedAgreementTest(FaultTest):
    ROWS = ("1,New,0,true,2016-03-01 14:00,2016-03-01 14:00,3,a,b",
            "1,Closed,1,true,2016-03-01 14:00,2016-03-01 15:00,{},a,b",
            "2,Closed,0,true,2016-03-01 14:00,2016-03-01 15:00,2,a,b")

    def test_a_clock_says_that_it_was_judged_before_a_change(self):
        self.load(*(row.format(2) for row in self.ROWS))
        text = self.do("explain", "1").stdout
        self.assertIn('judged     under "incidents" as it was before the priority changed to P2 '
                      '(Tue 2016-03-01 15:00)', text)
        self.assertIn("target     62:00", text)
        self.assertIn("major incidents: holds", text)
        lines = self.do("report").stdout.splitlines()
        self.assertTrue(any(re.match(r"  P2 +several +2 ", line) for line in lines))
        self.assertTrue(any("the target that it was judged under" in line for line in lines))

    def test_the_same_policy_with_another_target(self):
        self.load(*(row.format(4) for row in self.ROWS))
        self.assertIn('before the priority changed to P4', self.do("explain", "1").stdout)

    def test_no_change_no_word(self):
        self.load(*(row.format(3) for row in self.ROWS))
        for number in ("1", "2"):
            self.assertNotIn("judged", self.do("explain", number).stdout)


class WorkdayTest(FaultTest):
    def test_working_days_are_told_as_days_and_have_no_percent(self):
        text = json.dumps(RULES).replace('{"within": "62h"}', '{"workdays": 2}')
        self.load("1,New,0,true,2016-03-01 14:00,2016-03-01 14:00,3,a,b",
                  "1,Closed,1,true,2016-03-01 14:00,2016-03-02 16:00,3,a,b",
                  rules=json.loads(text))
        explained = self.do("explain", "1").stdout
        self.assertIn('target     2 working days on calendar "service hours"', explained)
        self.assertRegex(explained, r"elapsed    \d+:\d\d; paused 0:00")


class ControlTest(FaultTest):
    NAME = "a\x1b[31mb\u202ec\u2066d\x9be\x7ff\tg"
    SHOWN = r"a\x1b[31mb\u202ec\u2066d\x9be\x7ff\x09g"

    def assert_clean(self, *texts):
        for text in texts:
            self.assertNotRegex(text, "[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

    def load_hostile(self):
        rules = json.loads(json.dumps(RULES).replace('"service hours"', json.dumps(self.NAME)))
        rules["about"].update(title=self.NAME, note=self.NAME, comparison=self.NAME)
        rules["metrics"] = {self.NAME: rules["metrics"]["closure"]}
        for policy in rules["policies"]:
            policy["name"] += self.NAME
            policy["targets"] = {self.NAME: policy["targets"]["closure"]}
        return self.load(
            f"1{self.NAME},Closed,0,false,2016-03-01 14:00,2016-03-01 15:00,3,{self.NAME},b",
            "2,Closed,0,false,2016-03-01 14:00,2016-03-01 15:00,3,plain,b",
            f"3,-1{self.NAME},0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b",
            f"4{self.NAME},Closed,0,true,2015-03-01 14:00,2016-03-01 15:00,3,a,b", rules=rules)

    def test_nothing_reaches_a_terminal_as_it_is(self):
        results = [self.load_hostile(), self.do("report"),
                   self.do("explain", f"1{self.NAME}", "--metric", self.NAME),
                   desk.run(self.database, "explain", self.NAME),
                   desk.run(self.database, "explain", "2", "--metric", "\x1b"),
                   desk.run(self.database, "report", "--now", self.NAME),
                   desk.run(self.database, "report", self.NAME),
                   desk.run(self.directory / self.NAME, "report"),
                   desk.run(self.database, "import", self.directory / self.NAME)]
        for result in results:
            self.assert_clean(result.stdout, result.stderr)
            self.assertRegex(result.stdout + result.stderr, r"\\x1b")
        self.assertIn(f"Rules: {self.SHOWN}\n", results[1].stdout)
        self.assertIn(f'-1{self.SHOWN}", not the name of a state', results[0].stderr)

    def test_columns_align_by_what_is_shown(self):
        self.load_hostile()
        lines = self.do("report").stdout.splitlines()
        for heading in ("group", "incident"):
            start = next(i for i, line in enumerate(lines) if line.split()[:1] == [heading])
            table = [line for line in lines[start:start + 4] if line.strip()]
            self.assertEqual(len({len(line) for line in table}), 1, "\n".join(table))
            self.assertTrue(any(self.SHOWN in line for line in table))

    def test_a_line_break_in_a_field_breaks_no_line(self):
        self.load('1,Closed,0,true,2016-03-01 14:00,2016-03-01 15:00,3,"a\nb\u2028c",b')
        self.assertIn("group a\\x0ab\\u2028c, Closed\n", self.do("explain", "1").stdout)


if __name__ == "__main__":
    unittest.main()
