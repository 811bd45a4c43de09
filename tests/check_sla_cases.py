"""check_sla_cases — csq-vectors against the oracle, on random service-level cases.

    check_sla_cases.py CSQ_VECTORS TZ [--seed S] [--count N] [--rounds R] [--shrink]

Makes N cases a round (tests/oracle/sla_cases.py), answers them with the oracle and lets the tool
run them; round r uses the seed S + r. A case on which they differ is printed, with --shrink in the
smallest form that still differs. A soak of a few hours:

    check_sla_cases.py BUILD/tests/csq-vectors tests/vectors/calendar/tz/fat \\
        --seed 1000 --count 2000 --rounds 1000 --shrink
"""

import argparse
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "oracle"))

from business_time import Zones  # noqa: E402
from sla_cases import expected, left_open, make_cases  # noqa: E402


class Tool:
    """Runs csq-vectors over cases."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def run(self, cases):
        """(lines by case id, count line) of a run."""
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.writelines(json.dumps(case) + "\n" for case in cases)
            file.flush()
            run = subprocess.run(
                [self.program, "sla", file.name, "--tz", str(self.folder)],
                capture_output=True, text=True, check=False,
            )
        lines = run.stdout.splitlines()
        if not lines or not re.fullmatch(r"\d+ passed, \d+ failed", lines[-1]):
            raise SystemExit("csq-vectors ended early: %s" % (run.stderr or lines[-1:]))
        failed = {}
        for line in lines[:-1]:
            match = re.match(r"FAIL ([^:]+):", line)
            if match:
                failed.setdefault(match.group(1), []).append(line)
        return failed, lines[-1]


def smaller(case):
    """Cases with one thing less."""
    for place in range(1, len(case["events"])):
        yield less(case, ("events", place))
    for key in list(case["policy"]["options"]):
        yield less(case, ("policy", "options", key))
    for key in ("escalations", "cancel_statuses", "stop_statuses"):
        if key in case["policy"]:
            yield less(case, ("policy", key))
    for place in range(len(case["policy"]["pause_statuses"])):
        yield less(case, ("policy", "pause_statuses", place))
    for key in ("by", "public", "status", "group", "priority"):
        if key in case["events"][0]:
            yield less(case, ("events", 0, key))
    for name, calendar in case.get("calendars", {"": case.get("calendar")}).items():
        path = ("calendars", name) if name else ("calendar",)
        for key in ("overrides", "holidays"):
            if calendar.get(key):
                yield less(case, path + (key,))
        for day in calendar["weekly"]:
            yield less(case, path + ("weekly", day))


def less(case, path):
    """A copy without what the path names."""
    made = copy.deepcopy(case)
    place = made
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return made


def shrink(case, tool, zones):
    """The smallest case that still differs."""
    progress = True
    while progress:
        progress = False
        for other in smaller(case):
            try:
                if left_open(other):
                    continue
                other["expect"] = expected(other, zones)
            except (KeyError, TypeError):
                continue
            if tool.run([other])[0]:
                case = other
                progress = True
                break
    return case


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("tz", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--shrink", action="store_true")
    arguments = parser.parse_args()
    tool = Tool(arguments.program, arguments.tz)
    zones = Zones(arguments.tz)
    wrong = total = 0
    for seed in range(arguments.seed, arguments.seed + arguments.rounds):
        cases = list(make_cases(seed, arguments.count, zones))
        failed, _ = tool.run(cases)
        total += len(cases)
        wrong += len(failed)
        for case in cases:
            if case["id"] in failed:
                if arguments.shrink:
                    case = shrink(case, tool, zones)
                print("\n".join(tool.run([case])[0].get(case["id"], [])))
                print(json.dumps(case), flush=True)
    print("%d passed, %d failed" % (total - wrong, wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
