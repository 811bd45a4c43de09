#!/usr/bin/env python3
"""test_usage.py — help, wrong usage, and input that is not what it should be."""
import os
import sqlite3
import unittest

import desk

ROW = "1,Closed,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b"


class HelpTest(desk.DeskTest):
    def test_help_goes_to_stdout(self):
        for arguments, words in (
                (["--help"], "usage: service_desk DB import"),
                (["import", "--help"], "--rules FILE"),
                (["report", "--help"], "--now T"),
                (["explain", "--help"], "--metric M"),
                (["watch", "--help"], "--since T"),
                (["rank", "--help"], "--top N"),
                (["whatif", "--help"], "--changes N"),
                (["x.db", "explain", "--help"], "--metric M")):
            result = desk.run(*arguments)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn(words, result.stdout)

    def test_wrong_usage_says_what_and_has_status_2(self):
        for arguments, words in (
                ([], "usage: service_desk"),
                (["x.db"], "no command after x.db"),
                (["x.db", "dance"], "unknown command dance"),
                (["x.db", "import"], "import needs a log"),
                (["x.db", "explain"], "explain needs the number of an incident"),
                (["x.db", "report", "1"], "unexpected argument 1"),
                (["x.db", "import", "a", "b"], "unexpected argument b"),
                (["x.db", "report", "--colour"], "unknown option --colour"),
                (["x.db", "report", "--now"], "--now needs a value"),
                (["x.db", "report", "--now", "tomorrow"], "--now needs an instant"),
                (["x.db", "report", "--now=2016-02-30"], "--now needs an instant"),
                (["x.db", "report", "--metric", "m"], "--metric is an option of explain"),
                (["x.db", "import", "a", "--batch", "0"], "--batch needs a number"),
                (["x.db", "explain", "1", "--now", "2016"],
                 "--now is an option of report, watch, rank, whatif"),
                (["x.db", "report", "--at", "2016-05-01"], "--at is an option of explain"),
                (["x.db", "rank", "--next", "1"], "--next is an option of watch"),
                (["x.db", "watch", "1"], "unexpected argument 1"),
                (["x.db", "watch", "--next", "-1"], "--next needs a number"),
                (["x.db", "watch", "--since", "then"], "--since needs an instant"),
                (["x.db", "rank", "--top", "many"], "--top needs a number"),
                (["x.db", "whatif"], "whatif needs a rules document"),
                (["x.db", "whatif", "r.json", "--changes", "1000001"], "at most 1,000,000")):
            with self.subTest(arguments=arguments):
                self.fail_with(2, words, *arguments)


class BadInputTest(desk.DeskTest):
    def setUp(self):
        super().setUp()
        self.log = self.write("log.csv", f"{desk.HEADER}\n{ROW}\n")

    def fail_import(self, words, log, rules=desk.RULES):
        self.fail_with(1, words, self.database, "import", log, "--rules", rules)
        self.assertFalse(self.database.exists(), "a failed import left a database behind")

    def test_logs_that_are_none(self):
        self.fail_import("cannot open", self.directory / "nowhere.csv")
        self.fail_import("not a regular file", self.directory)
        self.fail_import("not a regular file", "/dev/null")
        self.fail_import("is empty", self.write("empty.csv", ""))
        self.fail_import("is empty", self.write("blank.csv", "\r\n\n"))
        self.fail_import("the header names the column number nowhere",
                         self.write("no_header.csv", f"{ROW}\n"))
        self.fail_import("the column made_sla twice",
                         self.write("twice.csv", f"{desk.HEADER},made_sla\n"))
        self.fail_import("header", self.write("binary.csv", bytes(range(256)) * 1000))

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_log_that_may_not_be_read(self):
        self.log.chmod(0)
        self.fail_import("cannot open", self.log)

    def test_rules_that_are_none(self):
        self.fail_import("cannot open", self.log, self.directory / "nowhere.json")
        self.fail_import("Is a directory", self.log, self.directory)
        self.fail_import("CSQ_EJSON", self.log, self.write("rules.json", "{"))
        self.fail_import("policies[1].targets.closure.values.P3.within", self.log,
                         self.write("rules.json", desk.RULES.read_text(encoding="utf-8")
                                    .replace('"62h"', '"-62h"')))
        self.fail_import("has no metrics", self.log, self.write("rules.json", "{}"))

    def test_zones_lead_nowhere_else(self):
        for zone, words in (("../../etc/passwd", "is not the name of a zone"),
                            ("/etc/passwd", "is not the name of a zone"),
                            ("Europe/../../../etc/passwd", "is not the name of a zone"),
                            ("Europe//Berlin", "is not the name of a zone"),
                            ("Nowhere/Land", "tzdata")):
            text = desk.RULES.read_text(encoding="utf-8").replace('"UTC"', f'"{zone}"')
            rules = self.write("rules.json", text)
            with self.subTest(zone=zone):
                self.fail_import(words, self.log, rules)
                self.fail_import("calendars", self.log, rules)

    def test_a_zone_of_the_machine_is_found(self):
        directory = self.directory / "zones"
        (directory / "Test").mkdir(parents=True)
        body = bytes(4 + 4 + 4 + 4) + (1).to_bytes(4, "big") + (4).to_bytes(4, "big")
        block = body + (-5 * 3600).to_bytes(4, "big", signed=True) + b"\0\0" + b"TST\0"
        (directory / "Test" / "Zone").write_bytes(
            b"TZif2" + bytes(15) + block + b"TZif2" + bytes(15) + block + b"\nTST5\n")
        text = desk.RULES.read_text(encoding="utf-8").replace('"UTC"', '"Test/Zone"')
        self.do("import", self.log, "--rules", self.write("rules.json", text), "--zoneinfo",
                directory)
        text = self.do("explain", "1", "--zoneinfo", directory).stdout
        self.assertIn("started    Tue 2016-03-01 09:00", text)

    def test_first_import_needs_rules(self):
        self.fail_with(1, "a new database needs rules, --rules RULES.json", self.database, "import",
                       self.log)
        self.assertFalse(self.database.exists())
        self.database.touch()
        self.fail_with(1, "needs --rules", self.database, "import", self.log)

    def test_databases_that_are_none(self):
        for command in (["report"], ["explain", "1"], ["watch"], ["rank"], ["whatif", desk.RULES]):
            missing = self.directory / "nowhere.db"
            self.fail_with(1, f"there is no database {missing}", missing, *command)
            for path, words in ((self.log, "not a database"), (self.directory, "unable to open")):
                result = self.fail_with(1, words, path, *command)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
            self.assertFalse(missing.exists())
        other = self.directory / "other.db"
        with sqlite3.connect(other) as connection:
            connection.execute("CREATE TABLE t (a)")
        self.fail_with(1, "not a database of this program", other, "report")
        self.fail_with(1, "not a database of this program", other, "import", self.log, "--rules",
                       desk.RULES)

    def test_questions_without_answer(self):
        self.do("import", self.log, "--rules", desk.RULES)
        self.fail_with(1, 'no incident "2"', self.database, "explain", "2")
        self.fail_with(1, 'no metric "speed"', self.database, "explain", "1", "--metric", "speed")

    def test_an_unknown_number_suggests_one_with_the_same_digits(self):
        log = self.write("numbers.csv", "\n".join([
            desk.HEADER, ROW.replace("1,", "0008249,", 1), ROW.replace("1,", "INC17,", 1)]) + "\n")
        self.do("import", log, "--rules", desk.RULES)
        for asked, meant in (("8249", "0008249"), ("INC0008249", "0008249"), ("#8249 ", "0008249"),
                             ("17", "INC17"), ("inc00017", "INC17")):
            self.fail_with(1, f'no incident "{asked}"; did you mean {meant}?', self.database,
                           "explain", asked)
        for asked in ("824", "INC", "000", "%"):
            result = self.fail_with(1, f'no incident "{asked}"', self.database, "explain", asked)
            self.assertNotIn("did you mean", result.stderr)

    def test_a_log_without_rows_has_no_report(self):
        self.do("import", self.write("head.csv", f"{desk.HEADER}\n"), "--rules", desk.RULES)
        for command in (["report"], ["watch"], ["rank"], ["whatif", desk.RULES]):
            self.fail_with(1, "holds no incidents", self.database, *command)

    def test_a_log_of_bad_rows_only_fails(self):
        log = self.write("bad.csv", f"{desk.HEADER}\n1,2,3\n")
        result = desk.run(self.database, "import", log, "--rules", desk.RULES)
        self.assertEqual(result.returncode, 1)
        self.assertIn("no row of", result.stderr)

    def test_output_that_cannot_be_written_fails(self):
        self.do("import", self.log, "--rules", desk.RULES)
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = desk.subprocess.run([desk.PROGRAM, str(self.database), "report"], stdout=full,
                                         stderr=desk.subprocess.PIPE, encoding="utf-8", check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot write the output", result.stderr)


if __name__ == "__main__":
    unittest.main()
