#!/usr/bin/env python3
"""test_whatif.py — other rules over the stored incidents, against a report by each of them."""
import json
import unittest

import desk
import oracle


def count(text):
    return int(text.replace(",", ""))


class WhatIfTest(desk.DeskTest):
    def setUp(self):
        super().setUp()
        self.rules = json.loads(desk.RULES.read_text(encoding="utf-8"))
        self.do("import", desk.LOG, "--rules", desk.RULES)

    def other(self, change):
        change(self.rules)
        return self.write("other.json", json.dumps(self.rules))

    @staticmethod
    def shorten(rules):
        targets = rules["policies"][1]["targets"]
        targets["closure"]["values"]["P3"]["within"] = "58h"
        targets["resolution"]["values"]["P3"]["within"] = "36h"
        targets["resolution"]["values"]["P4"]["within"] = "20h"

    def by_priority(self, text):
        return {metric: {row["priority"]: row for row in rows}
                for metric, headings, rows in desk.tables(text) if headings[0] == "priority"
                and metric is not None}

    def test_each_side_is_the_report_of_its_rules(self):
        other = self.other(self.shorten)
        shown = self.by_priority(self.do("whatif", other).stdout)
        before = self.by_priority(self.do("report").stdout)
        self.do("import", desk.LOG, "--rules", other)
        after = self.by_priority(self.do("report").stdout)
        self.assertEqual(sorted(shown), ["closure", "resolution"])
        for metric, rows in shown.items():
            self.assertEqual(sorted(rows), ["P1", "P2", "P3", "P4", "all"])
            for priority, row in rows.items():
                for side, report in (("before", before), ("after", after)):
                    line = report[metric][priority]
                    with self.subTest(metric=metric, priority=priority, side=side):
                        self.assertEqual(row[f"n {side}"], line["n"])
                        self.assertEqual(row[f"missed {side}"], line["missed"])
                        self.assertEqual(row[f"open {side}"], line["open"])
                        self.assertEqual(row[f"share {side}"], line["share met"])

    def test_the_list_explains_the_difference_and_equals_the_oracle(self):
        text = self.do("whatif", self.other(self.shorten), "--changes", "100000").stdout
        changes = desk.tables(text)[-1][2]
        hours = {"closure": {**oracle.CLOSURE_HOURS, "P3": 58},
                 "resolution": {**oracle.RESOLUTION_HOURS, "P3": 36, "P4": 20}}
        old = {"closure": oracle.CLOSURE_HOURS, "resolution": oracle.RESOLUTION_HOURS}
        incidents, _ = oracle.read_log(desk.LOG)
        expected = {}
        for metric, clock in oracle.CLOCKS.items():
            for number, facts in incidents.items():
                found = clock(*facts)
                priority = next(p for p, h in old[metric].items() if h * 60 == found.target)
                late = found.elapsed > hours[metric][priority] * 60
                if late != found.late:
                    expected[number, metric] = "worse" if late else "better"
        found = {(row["incident"], row["clock"]): row["verdict"] for row in changes}
        self.assertGreater(len(expected), 100)
        self.assertEqual(found, expected)
        self.assertEqual({row["what differs"] for row in changes}, {"another target"})
        worse = sum(verdict == "worse" for verdict in expected.values())
        self.assertIn(f"{worse} clocks become worse, {len(expected) - worse} better", text)
        for row in changes:
            late, in_time = ("after", "before") if row["verdict"] == "worse" else ("before", "after")
            self.assertRegex(row[late], r"^late by [\d,]+:\d\d$")
            self.assertRegex(row[in_time], r"^in time, [\d,]+:\d\d left$")

    def test_the_page_shows_what_it_prints(self):
        def change(rules):
            targets = rules["policies"][1]["targets"]
            targets["closure"]["values"]["P3"]["within"] = "58h"
            targets["resolution"]["values"]["P3"]["within"] = "36h"
        self.check_page("Other rules", self.do("whatif", self.other(change)).stdout)

    def test_a_list_that_is_cut_says_so(self):
        text = self.do("whatif", self.other(self.shorten), "--changes", "5").stdout
        self.assertEqual(len(desk.tables(text)[-1][2]), 5)
        self.assertRegex(text, r"\d+ more; --changes N shows more of them")

    def test_nothing_is_stored(self):
        before = desk.content(self.database)
        self.do("whatif", self.other(self.shorten))
        self.assertEqual(desk.content(self.database), before)

    def test_the_same_rules_change_nothing(self):
        text = self.do("whatif", desk.RULES).stdout
        self.assertIn("Clocks of 0 of 3,139 incidents come out otherwise; 0 clocks become worse, "
                      "0 better.", text)

    def test_a_clock_that_is_new_and_one_that_is_gone(self):
        def rename(rules):
            rules["metrics"]["repair"] = rules["metrics"].pop("resolution")
            for policy in rules["policies"]:
                policy["targets"]["repair"] = policy["targets"].pop("resolution")
        text = self.do("whatif", self.other(rename), "--changes", "100000").stdout
        shown = self.by_priority(text)
        self.assertEqual(sorted(shown), ["closure", "repair", "resolution"])
        self.assertEqual((shown["repair"]["all"]["n before"], shown["repair"]["all"]["n after"]),
                         ("0", "3,139"))
        self.assertEqual(shown["repair"]["all"]["missed after"],
                         shown["resolution"]["all"]["missed before"])
        self.assertEqual(shown["resolution"]["all"]["share after"], "no data")
        self.assertIn("a clock only after", text)
        self.assertIn("a clock only before", text)

    def test_rules_that_are_none_are_refused(self):
        self.fail_with(1, "cannot open", self.database, "whatif", self.directory / "nowhere.json")
        self.fail_with(1, "CSQ_EJSON", self.database, "whatif", self.write("bad.json", "{"))
        self.fail_with(1, "has no metrics", self.database, "whatif", self.write("no.json", "{}"))
        self.fail_with(1, "Is a directory", self.database, "whatif", self.directory)


if __name__ == "__main__":
    unittest.main()
