"""check_known_bugs — docs/known-bugs.md and tests/unit/test_known_bugs_*.c name the same tests."""

import re

import public


def main():
    table = (public.ROOT / "docs" / "known-bugs.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(\w+_\w+)`", table))
    run = set()
    for path in sorted((public.ROOT / "tests" / "unit").glob("test_known_bugs_*.c")):
        run |= set(re.findall(r"cmocka_unit_test\(\s*(\w+)\)", path.read_text(encoding="utf-8")))
    for name in sorted(told ^ run):
        print("%s is %s" % (name, "no test" if name in told else "not in docs/known-bugs.md"))
    raise SystemExit(1 if told ^ run or not run else 0)


if __name__ == "__main__":
    main()
