#!/usr/bin/env python3
"""test_import.py — what an import keeps when it is killed, repeated, or fed with bad rows."""
import random
import re
import signal
import subprocess
import time
import unittest

import desk

ROW = "{number},{state},{update},true,2016-03-01 14:00,{at},3,{group},7"


def synthetic_log(incidents):
    """A log of three rows an incident, in an order that mixes the incidents."""
    rows = [desk.HEADER]
    for block in range(0, incidents, 100):
        for update, state in enumerate(("New", "Awaiting User Info", "Closed")):
            for number in range(block, min(block + 100, incidents)):
                at = f"2016-03-{2 + update + number % 20:02} {number % 24:02}:{number % 60:02}"
                rows.append(ROW.format(number=f"{number:07}", state=state, update=update, at=at,
                                       group=number % 17))
    return "\n".join(rows) + "\n"


class KillTest(desk.DeskTest):
    BATCH = 1000

    def kill_after_report(self, log, database, reports, delay):
        """Starts an import and kills it some time after it reported; the rows that it reported."""
        process = subprocess.Popen(
            [desk.PROGRAM, str(database), "import", str(log), "--rules", str(desk.RULES),
             "--batch", str(self.BATCH)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
        reported = 0
        for line in process.stderr:
            match = re.search(r"([\d,]+) rows imported", line)
            if match:
                reported = int(match.group(1).replace(",", ""))
                reports -= 1
                if reports <= 0:
                    break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.stderr.close()
        process.wait()
        return reported

    def test_kill_loses_nothing_reported_and_the_import_goes_on(self):
        log = self.write("log.csv", synthetic_log(20000))
        whole = self.directory / "whole.db"
        result = desk.run(whole, "import", log, "--rules", desk.RULES, "--batch", self.BATCH)
        self.assertEqual(result.returncode, 0, result.stderr)
        seeded = random.Random(20160301)
        kills = 0
        for _ in range(8):
            reported = self.kill_after_report(log, self.database, seeded.randint(1, 4),
                                              seeded.random() / 40)
            stored = len(desk.content(self.database)["event"])
            self.assertGreaterEqual(stored, reported)
            kills += stored < 60000
        self.assertGreater(kills, 2, "the import was too quick to be killed")
        self.do("import", log)
        self.assertEqual(desk.content(self.database), desk.content(whole))

    def test_kill_before_the_first_commit(self):
        log = self.write("log.csv", synthetic_log(2000))
        for delay in (0.0, 0.002, 0.005, 0.01):
            process = subprocess.Popen([desk.PROGRAM, str(self.database), "import", str(log),
                                        "--rules", str(desk.RULES), "--batch", "1000000"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.kill()
            process.wait()
        self.assertIn("imported", self.do("import", log, "--rules", desk.RULES).stdout)
        self.assertEqual(len(desk.content(self.database)["event"]), 6000)


class RepeatTest(desk.DeskTest):
    def test_the_same_file_again_changes_nothing(self):
        first = self.do("import", desk.LOG, "--rules", desk.RULES)
        before = desk.content(self.database)
        again = self.do("import", desk.LOG)
        self.assertEqual(again.stdout.splitlines()[-1], first.stdout.splitlines()[-1])
        self.assertIn("imported before", again.stdout)
        self.assertEqual(desk.content(self.database), before)

    def test_a_batch_size_changes_nothing(self):
        self.do("import", desk.LOG, "--rules", desk.RULES)
        other = self.directory / "other.db"
        desk.run(other, "import", desk.LOG, "--rules", desk.RULES, "--batch", "37")
        self.assertEqual(desk.content(self.database), desk.content(other))

    def test_a_file_that_grew_adds_what_is_new(self):
        text = synthetic_log(50)
        log = self.write("log.csv", text)
        self.do("import", log, "--rules", desk.RULES)
        self.write("log.csv", text + ROW.format(number="new", state="New", update=0,
                                                at="2016-03-02 10:00", group="") + "\n")
        result = self.do("import", log)
        self.assertIn("changed since it was imported", result.stderr)
        self.assertIn("imported 1 rows", result.stdout)
        self.assertIn("150 were there already", result.stdout)

    def test_the_order_of_rows_does_not_matter(self):
        header, *rows = synthetic_log(50).splitlines()
        self.do("import", self.write("log.csv", "\n".join([header, *rows])), "--rules", desk.RULES)
        random.Random(7).shuffle(rows)
        other = self.directory / "other.db"
        desk.run(other, "import", self.write("shuffled.csv", "\n".join([header, *rows])),
                 "--rules", desk.RULES)
        for number in ("0000000", "0000017", "0000049"):
            texts = [desk.run(database, "explain", number).stdout
                     for database in (self.database, other)]
            self.assertIn("Counted in all", texts[0])
            self.assertEqual(texts[0], texts[1])

    def test_other_rules_make_the_clocks_again(self):
        self.do("import", desk.LOG, "--rules", desk.RULES)
        text = desk.RULES.read_text(encoding="utf-8").replace('"62h"', '"1h"')
        result = self.do("import", desk.LOG, "--rules", self.write("rules.json", text))
        self.assertIn("the rules changed", result.stderr)
        other = self.directory / "other.db"
        desk.run(other, "import", desk.LOG, "--rules", self.directory / "rules.json")
        self.assertEqual(desk.content(self.database), desk.content(other))
        self.assertEqual(self.do("report").stdout, desk.run(other, "report").stdout)


class BadRowTest(desk.DeskTest):
    GOOD = "1,New,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b"

    def check(self, rows, reasons, added, newline="\n"):
        """Imports rows below a header; `reasons` maps lines to words of their reason."""
        log = self.write("log.csv", newline.join([desk.HEADER, *rows]) + newline)
        result = self.do("import", log, "--rules", desk.RULES)
        named = re.findall(r"log\.csv:(\d+): row skipped: (.*)", result.stderr)
        self.assertEqual([int(line) for line, _ in named], sorted(reasons), result.stderr)
        for line, reason in named:
            self.assertIn(reasons[int(line)], reason)
        self.assertIn(f"imported {added} rows", result.stdout)
        self.assertIn(f"{len(reasons)} bad rows skipped", result.stdout)

    def test_each_bad_row_is_named_with_its_reason(self):
        self.check([
            self.GOOD,
            "1,-100,1,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b",
            "1,New,x,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b",
            "1,New,1,maybe,2016-03-01 14:00,2016-03-01 15:00,3,a,b",
            "1,New,1,true,2016-02-30 14:00,2016-03-01 15:00,3,a,b",
            "1,New,1,true,2016-03-01 14:00,2016-03-01 13:59,3,a,b",
            "1,New,0,true,2016-03-01 14:00,2016-03-01 15:01,3,a,b",
            "1,New,2,true,2016-03-01 14:01,2016-03-01 15:00,3,a,b",
            ",New,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b",
            "1,New,3",
            "1,New,4,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b,c",
            "1,Closed,5,false,2016-03-01 14:00,2016-03-02 15:00,3,a,b",
        ], {
            3: "incident_state is \"-100\"", 4: "sys_mod_count is \"x\"",
            5: "made_sla is \"maybe\"", 6: "opened_at is \"2016-02-30 14:00\"",
            7: "at or after opened_at",
            8: "another row was update 0", 9: "opened at another time", 10: "number is \"\"",
            11: "3 fields, the header has 9", 12: "10 fields",
        }, 2)

    def test_quotes_line_breaks_and_crlf(self):
        self.check([
            '"1","New","0","true","2016-03-01 14:00","2016-03-01 15:00","3","a, ""b""","x\ny"',
            "",
            "1,Closed,1,true,2016-03-01 14:00,2016-03-02 15:00,3,z,",
        ], {}, 2, "\r\n")
        text = self.do("explain", "1", "--at", "2016-03-01 16:00").stdout
        self.assertIn('group a, "b"', text)

    def test_a_byte_order_mark_is_skipped(self):
        log = self.write("log.csv", b"\xef\xbb\xbf" + f"{desk.HEADER}\n{self.GOOD}\n".encode())
        self.assertIn("imported 1 rows", self.do("import", log, "--rules", desk.RULES).stdout)

    def test_a_quote_that_is_never_closed_costs_one_line(self):
        self.check(['2,"New,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b', self.GOOD],
                   {2: "a quoted field is not closed"}, 1)

    def test_a_quote_in_the_wrong_place_costs_one_line(self):
        self.check(['2,"Ne""w,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b', self.GOOD,
                    '3,Ne"w,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b',
                    '4,"New"w,0,true,2016-03-01 14:00,2016-03-01 15:00,3,a,b'],
                   {2: "text follows a closing quote", 4: "a quote stands inside",
                    5: "text follows a closing quote"}, 1)

    def test_a_line_without_end_costs_one_line(self):
        self.check(["x" * 200000, self.GOOD, "1," * 300], {2: "longer than 65,536 bytes",
                                                          4: "more than 256 fields"}, 1)

    def test_bytes_that_are_no_text_cost_one_line(self):
        log = self.write("log.csv", f"{desk.HEADER}\n".encode() +
                         b"2,New,0,true,2016-03-01 14:00,2016-03-01 15:00,3,\xff\xfe,b\n" +
                         b"3,New,0,true,2016-03-01 14:00,2016-03-01 15:00,3,\0,b\n" +
                         f"{self.GOOD}\n".encode())
        result = self.do("import", log, "--rules", desk.RULES)
        self.assertIn("imported 1 rows", result.stdout)
        self.assertIn("log.csv:2: row skipped: ", result.stderr)
        self.assertIn("CSQ_EUTF8", result.stderr)
        self.assertIn("log.csv:3: row skipped: a field holds a NUL byte", result.stderr)


if __name__ == "__main__":
    unittest.main()
