#!/usr/bin/env python3
"""expect_output.py — runs a program and compares what it prints with a file.

usage: expect_output.py EXPECTED PROGRAM [ARGUMENT...]
"""
import difflib
import subprocess
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = file.read()
    result = subprocess.run(sys.argv[2:], capture_output=True, encoding="utf-8", timeout=60)
    if result.returncode != 0 or result.stdout != expected:
        lines = difflib.unified_diff(expected.splitlines(True), result.stdout.splitlines(True),
                                     "expected", "printed")
        sys.exit(f"exit status {result.returncode}\n{result.stderr}{''.join(lines)}")


if __name__ == "__main__":
    main()
