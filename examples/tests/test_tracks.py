#!/usr/bin/env python3
"""test_tracks.py — rules in which two agreements hold side by side: every clock has its say."""
import copy
import json
import unittest

import desk

NOW = "2016-04-15 17:30"


def beside(rules):
    """The policies twice, in the tracks "ours" and "theirs"."""
    found = copy.deepcopy(rules)
    found["policies"] = []
    for track in ("ours", "theirs"):
        for policy in copy.deepcopy(rules["policies"]):
            found["policies"].append(dict(policy, name=f"{policy['name']} of {track}",
                                          track=track))
    return found


class TracksTest(desk.DeskTest):
    def setUp(self):
        super().setUp()
        self.rules = json.loads(desk.RULES.read_text(encoding="utf-8"))
        self.alone = self.directory / "alone.db"
        log = self.write("log.csv", "".join(
            desk.LOG.read_text(encoding="utf-8").splitlines(keepends=True)[:4000]))
        tracks = self.write("tracks.json", json.dumps(beside(self.rules)))
        self.do("import", log, "--rules", tracks)
        self.assertEqual(desk.run(self.alone, "import", log, "--rules", desk.RULES).returncode, 0)

    def both(self, *arguments):
        """What the rules with tracks print, and those without."""
        result = desk.run(self.alone, *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return self.do(*arguments).stdout, result.stdout

    def test_a_report_has_tables_of_each_clock(self):
        tracks, alone = ({} for _ in range(2))
        for text, found in zip(self.both("report"), (tracks, alone)):
            for clock, headings, rows in desk.tables(text):
                found.setdefault(clock, []).append((headings, rows))
        for clock in ("closure", "resolution"):
            for track in ("ours", "theirs"):
                self.assertEqual(tracks[f"{clock}/{track}"], alone[clock])
        self.assertEqual(tracks[None], alone[None])

    def test_watch_tells_all_clocks_by_name(self):
        tracks, alone = (desk.tables(text) for text in
                         self.both("watch", "--now", NOW, "--next", "100000"))
        counts = {row["clock"]: row for row in tracks[0][2]}
        for row in alone[0][2]:
            self.assertGreater(int(row["late"]), 10)
            for track in ("ours", "theirs"):
                clock = f"{row['clock']}/{track}"
                self.assertEqual(counts[clock], dict(row, clock=clock))
        for (_, _, found), (_, _, expected) in zip(tracks[1:], alone[1:]):
            self.assertEqual(len(found), 2 * len(expected))
            self.assertEqual(
                sorted(list(row.items()) for row in found),
                sorted(list(dict(row, clock=f"{row['clock']}/{track}").items())
                       for row in expected for track in ("ours", "theirs")))

    def test_rank_sees_clocks_of_all_tracks(self):
        for policy in (rules := beside(self.rules))["policies"][:2]:
            policy["targets"] = {name: target for name, target in policy["targets"].items()
                                 if name == "closure"}
        self.do("import", self.directory / "log.csv", "--rules",
                self.write("other.json", json.dumps(rules)))
        tracks, alone = (desk.tables(text)[0][2] for text in
                         self.both("rank", "--now", NOW, "--top", "100000"))
        self.assertEqual([row["incident"] for row in tracks],
                         [row["incident"] for row in alone])

    def test_explain_finds_a_clock_by_its_track(self):
        number = self.do("watch", "--now", NOW).stdout.split("Late and open")[1].split("\n")[4]
        number = desk.split(number)[1]
        tracks, _ = self.both("explain", number, "--at", NOW)
        other = self.do("explain", number, "--at", NOW, "--metric", "closure/theirs").stdout
        self.assertIn('Clock "closure/ours"', tracks)
        self.assertIn('Clock "closure/theirs"', other)
        self.assertEqual(tracks.splitlines()[4:10], [
            line.replace(" of theirs", " of ours") for line in other.splitlines()[4:10]])
        self.assertIn("incidents of ours: is in another track than this clock", other)
        self.fail_with(1, "closure/theirs", self.database, "explain", number, "--metric", "speed")

    def test_what_if_names_the_clocks_that_change(self):
        rules = beside(self.rules)
        rules["policies"][3]["targets"]["closure"]["values"]["P3"]["within"] = "40h"
        text = self.do("whatif", self.write("other.json", json.dumps(rules))).stdout
        tables = {clock: rows for clock, headings, rows in desk.tables(text)
                  if headings[0] == "priority"}
        for clock, rows in tables.items():
            for row in rows:
                if clock != "closure/theirs" or row["priority"] in ("P1", "P2", "P4"):
                    self.assertEqual(row["missed before"], row["missed after"])
        self.assertEqual(sorted(tables), ["closure/ours", "closure/theirs", "resolution/ours",
                                          "resolution/theirs"])
        self.assertEqual({row["clock"] for row in desk.tables(text)[-1][2]}, {"closure/theirs"})


if __name__ == "__main__":
    unittest.main()
