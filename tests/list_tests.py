"""list_tests — finds the test programs, so that a new file needs no entry anywhere.

    list_tests.py                  print `kind stem path` a line, for tests/meson.build
    list_tests.py --check LISTED   fail if LISTED (what the build printed) is no longer true

Standard library only.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATTERNS = [("unit", "unit/test_*.c"), ("property", "property/property_*.c"),
            ("oom", "oom/oom_*.c"), ("fuzz", "fuzz/fuzz_*.c"), ("vectors", "vectors_tool/*.c"),
            ("bench", "bench/*.c")]


def listing():
    """All test sources, sorted within their kind."""
    lines = []
    for kind, pattern in PATTERNS:
        for path in sorted(HERE.glob(pattern)):
            shared = kind == "bench" and "\nint main(" not in path.read_text(encoding="utf-8")
            lines.append("%s %s %s" % ("support" if shared else kind, path.stem,
                                       path.relative_to(HERE).as_posix()))
    return lines


def main():
    if sys.argv[1:2] == ["--check"]:
        known = set(sys.argv[2].split("\n")) - {""}
        changed = sorted(known ^ set(listing()))
        if changed:
            print("not as the build knows it; run `meson setup --reconfigure`:")
            print("\n".join(changed))
            raise SystemExit(1)
        return
    print("\n".join(listing()))


if __name__ == "__main__":
    main()
