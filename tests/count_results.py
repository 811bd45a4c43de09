"""count_results — how many tests passed and failed, over Meson's logs.

    count_results.py LOG.json...

Counts the cases that cmocka and csq-vectors report, and 1 for every other test program. A program
that fails without naming a case counts as one failure. Prints `PASSED FAILED SKIPPED`.
"""

import json
import re
import sys

CMOCKA_PASSED = re.compile(r"^\[  PASSED  \] (\d+) test\(s\)\.", re.M)
CMOCKA_FAILED = re.compile(r"^\[  FAILED  \] (\d+) test\(s\)", re.M)
VECTORS = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
GOOD = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def count(entry):
    """(passed, failed, skipped) of one test program."""
    text = (entry.get("stdout") or "") + "\n" + (entry.get("stderr") or "")
    is_good = entry["result"] in GOOD
    if entry["result"] in SKIPPED:
        return 0, 0, 1
    passed = sum(int(number) for number in CMOCKA_PASSED.findall(text))
    failed = sum(int(number) for number in CMOCKA_FAILED.findall(text))
    for good, bad in VECTORS.findall(text):
        passed += int(good)
        failed += int(bad)
    if is_good:
        return max(passed, 1), failed, 0
    return passed, max(failed, 1), 0


def main():
    totals = [0, 0, 0]
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            for line in file:
                totals = [a + b for a, b in zip(totals, count(json.loads(line)))]
    print("%d %d %d" % tuple(totals))


if __name__ == "__main__":
    main()
