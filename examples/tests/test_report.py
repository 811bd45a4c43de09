#!/usr/bin/env python3
"""test_report.py — the report and the explanations of the bundled log, against oracle.py."""
import collections
import json
import re
import unicodedata
import unittest

import desk
import oracle


def share(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "no data"


class ReportTest(desk.DeskTest):
    @classmethod
    def setUpClass(cls):
        cls.incidents, cls.bad = oracle.read_log(desk.LOG)
        cls.clocks = {
            metric: {number: clock(*facts) for number, facts in cls.incidents.items()}
            for metric, clock in oracle.CLOCKS.items()
        }

    def setUp(self):
        super().setUp()
        self.imported = self.do("import", desk.LOG, "--rules", desk.RULES)

    def check_lines(self, metric, key, rows, label):
        """Each line of a table against the sums of the oracle; the number of lines compared."""
        groups = collections.defaultdict(list)
        for clock in self.clocks[metric].values():
            groups[getattr(clock, key)].append(clock)
        compared = 0
        for row in rows:
            if row[label] not in groups and row[label] != "all":
                self.assertRegex(row[label], r"^\(\d+ others\)$")
                continue
            clocks = groups[row[label]] if row[label] != "all" else self.clocks[metric].values()
            late = [clock for clock in clocks if clock.late]
            paused = sum(clock.paused for clock in clocks)
            elapsed = sum(clock.elapsed for clock in clocks)
            overruns = [clock.elapsed - clock.target for clock in late]
            with self.subTest(metric=metric, line=row[label]):
                self.assertEqual(row["n"], f"{len(clocks):,}")
                self.assertEqual(row["missed"], f"{len(late):,}")
                self.assertEqual(row["met"], f"{len(clocks) - len(late):,}")
                self.assertEqual(row["share met"], share(len(clocks) - len(late), len(clocks)))
                self.assertEqual(row["paused share"], share(paused, paused + elapsed))
                self.assertEqual(row["open"], "0")
                if late:
                    self.assertEqual(desk.minutes(row["max overrun"]), max(overruns))
            compared += 1
        return compared

    def test_attainment_equals_the_oracle(self):
        report = desk.tables(self.do("report", "--groups", "1000").stdout)
        for metric in oracle.CLOCKS:
            by_heading = {headings[0]: rows for found, headings, rows in report if found == metric}
            self.assertEqual(self.check_lines(metric, "priority", by_heading["priority"],
                                              "priority"), 5)
            self.assertGreater(self.check_lines(metric, "group", by_heading["group"], "group"), 40)
            self.assertGreater(self.check_lines(metric, "month", by_heading["opened in"],
                                                "opened in"), 10)

    def test_groups_that_are_not_shown_are_added_up(self):
        report = desk.tables(self.do("report", "--groups", "3").stdout)
        rows = [rows for metric, headings, rows in report if headings[0] == "group"][0]
        self.assertEqual(len(rows), 5)
        n = [int(row["n"].replace(",", "")) for row in rows]
        self.assertEqual(sum(n[:4]), n[4])
        self.assertEqual(n[4], len(self.incidents))

    def test_worst_overruns_equal_the_oracle(self):
        report = desk.tables(self.do("report").stdout)
        for metric, clocks in self.clocks.items():
            shown = [rows for found, headings, rows in report
                     if found == metric and headings[0] == "incident"][0]
            worst = sorted((clock.target - clock.elapsed, number)
                           for number, clock in clocks.items() if clock.late)[:10]
            self.assertEqual([(row["incident"], desk.minutes(row["overrun"])) for row in shown],
                             [(number, -left) for left, number in worst])

    def test_comparison_with_made_sla(self):
        report = desk.tables(self.do("report").stdout)
        rows = [rows for _, headings, rows in report if "agree" in headings][0]
        self.assertEqual([row["priority"] for row in rows], ["P1", "P2", "P3", "P4", "all"])
        for row in rows:
            verdicts = [clock.late != self.incidents[number][1][-1].made_sla
                        for number, clock in self.clocks["closure"].items()
                        if row["priority"] in (clock.priority, "all")]
            self.assertEqual(row["n"], f"{len(verdicts):,}")
            self.assertEqual(row["agree"], f"{sum(verdicts):,}")
            self.assertEqual(row["share"], share(sum(verdicts), len(verdicts)))
        by_priority = {row["priority"]: row for row in rows}
        self.assertEqual(by_priority["P4"]["agree"], by_priority["P4"]["n"])

    def test_rows_are_counted(self):
        updates = sum(len(rows) for _, rows in self.incidents.values())
        self.assertIn(f"imported {updates:,} rows", self.imported.stdout)
        self.assertIn(f"{len(self.bad):,} bad rows skipped", self.imported.stdout)
        named = [int(line) for line in re.findall(r":(\d+): row skipped", self.imported.stderr)]
        self.assertEqual(named, self.bad)

    def test_explanations_sum_to_elapsed(self):
        disagreeing = [number for number, clock in self.clocks["closure"].items()
                       if clock.late == self.incidents[number][1][-1].made_sla]
        self.assertGreater(len(disagreeing), 5)
        reopened = ["0028411", "0044260"]
        for number in disagreeing[:5] + reopened:
            for metric, clocks in self.clocks.items():
                text = self.do("explain", number, "--metric", metric).stdout
                with self.subTest(number=number, metric=metric):
                    timeline = [rows for _, headings, rows in desk.tables(text)
                                if headings[0] == "from"][0]
                    counted = sum(desk.minutes(row["counted"]) for row in timeline)
                    self.assertEqual(counted, clocks[number].elapsed)
                    self.assertEqual(desk.minutes(timeline[-1]["total"]), counted)
                    starts = [row["from"] for row in timeline[1:]]
                    self.assertEqual(starts, [row["to"] for row in timeline[:-1]])
                    hours, minute = divmod(counted, 60)
                    self.assertIn(f"Counted in all: {hours:,}:{minute:02}; "
                                  f"elapsed: {hours:,}:{minute:02}.", text)
                    self.assertIn("incidents: holds", text)
                    if clocks[number].priority in ("P3", "P4"):
                        self.assertIn("major incidents: does not match, its test of \"priority\"",
                                      text)

    def test_an_instant_before_the_opening_sees_nothing(self):
        text = self.do("explain", "0008249", "--at", "2016-03-17 10:52").stdout
        self.assertIn("The incident was not opened yet", text)

    def test_an_instant_before_the_close_sees_an_open_clock(self):
        text = self.do("explain", "0008249", "--at", "2016-03-18 16:00").stdout
        self.assertIn("phase      active, in time with 51:00 left", text)
        text = self.do("report", "--now", "2016-02-29 12:00").stdout
        self.assertIn("no data", text)
        self.assertNotIn("nan", text)


class SmallReportTest(desk.DeskTest):
    def test_columns_align_by_width_not_by_bytes(self):
        rows = []
        groups = ["网络运维组", "Réseau", "ネットワーク", "a", "e\u0301quipe"]
        for index, group in enumerate(groups):
            rows.append(f"{index},Closed,1,true,2016-03-01 14:00,2016-03-01 15:00,3,{group},")
        log = self.write("log.csv", "\n".join([desk.HEADER, *rows]) + "\n")
        self.do("import", log, "--rules", desk.RULES)
        lines = self.do("report").stdout.splitlines()
        start = next(i for i, line in enumerate(lines) if line.split()[:1] == ["group"])
        widths = {self.width(line) for line in lines[start:start + 8] if line.strip()}
        self.assertEqual(len(widths), 1, "\n".join(lines[start:start + 8]))

    @staticmethod
    def width(text):
        return sum(0 if unicodedata.combining(c) else
                   2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    def test_no_target_is_no_data_and_never_a_share(self):
        rules = json.loads(desk.RULES.read_text(encoding="utf-8"))
        for policy in rules["policies"]:
            for target in policy["targets"].values():
                target["values"].pop("P3", None)
        log = self.write("log.csv", f"{desk.HEADER}\n"
                         "1,Closed,1,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b\n"
                         "2,Closed,1,true,2016-03-01 14:00,2016-03-01 15:00,4,a,b\n")
        self.do("import", log, "--rules", self.write("rules.json", json.dumps(rules)))
        report = desk.tables(self.do("report").stdout)
        by_priority = [rows for _, headings, rows in report if headings[0] == "priority"]
        for rows in (by_priority[0], by_priority[1]):
            line = {row["priority"]: row for row in rows}["P3"]
            self.assertEqual((line["n"], line["share met"]), ("0", "no data"))
        line = {row["priority"]: row for row in by_priority[2]}["P3"]
        self.assertEqual((line["n"], line["share"]), ("0", "no data"))
        self.assertIn("No policy sets a target", self.do("explain", "1").stdout)


if __name__ == "__main__":
    unittest.main()
