"""check_vectors — csq-vectors over a file of which some cases are not built yet.

    check_vectors.py CSQ_VECTORS FAMILY FILE

Beside FILE, `unsupported.txt` may list the ids of cases whose operations do not exist yet, one a
line ('#' begins a remark). The test passes if exactly these fail: a case that fails without being
listed is a fault, and one that is listed but passes must leave the list.
"""

import re
import subprocess
import sys
from pathlib import Path


def expected_failures(folder):
    """The ids in unsupported.txt."""
    path = folder / "unsupported.txt"
    if not path.exists():
        return set()
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return {line for line in lines if line}


def case_of(line):
    """The id in `FAIL id: field: expected …, got …`, or None."""
    match = re.match(r"FAIL ([^:]+):", line)
    return match.group(1) if match else None


def main():
    tool, family, file = sys.argv[1:]
    run = subprocess.run([tool, family, file], capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    last = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1] if lines else "")
    if last is None:
        print(run.stdout + run.stderr)
        raise SystemExit("csq-vectors did not end with its count (status %d)" % run.returncode)
    failing = {case_of(line) for line in lines} - {None}
    expected = expected_failures(Path(file).parent)
    for line in lines:
        if case_of(line) in failing - expected:
            print(line)
    for name in sorted(expected - failing):
        print("%s is listed in unsupported.txt, but passes" % name)
    wrong = len(failing ^ expected)
    if int(last.group(2)) != len(failing):
        print("csq-vectors counts %s failures, but names %d" % (last.group(2), len(failing)))
        wrong += 1
    print("%d listed as not built yet" % len(expected))
    print("%s passed, %d failed" % (last.group(1), wrong))
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
