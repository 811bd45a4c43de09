#!/usr/bin/env python3
"""The program in README.md is examples/minimal.c, and what it prints is minimal.out; every page that
the README names exists."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parent.parent
readme = (root / "README.md").read_text(encoding="utf-8")
failures = []

block = re.search(r"```c\n(.*?)```", readme, re.S)
program = (root / "examples/minimal.c").read_text(encoding="utf-8")
if block is None or block.group(1).strip() != program.strip():
    failures.append("the program in README.md is not examples/minimal.c")
output = (root / "examples/minimal.out").read_text(encoding="utf-8").strip()
if "\n    " + output + "\n" not in readme:
    failures.append("README.md does not show examples/minimal.out")
for page in re.findall(r"\]\(([^):]+)\)", readme):
    if not (root / page).is_file():
        failures.append(f"README.md names {page}, which is not there")

for failure in failures:
    print(failure)
sys.exit(1 if failures else 0)
