"""check_abi_rules — the suppressions let structs grow at their end and hide nothing else.

Builds a small library in several versions and compares them under a copy of suppress.ini that
names its struct: appending a member passes; inserting one in the middle, narrowing a parameter,
renumbering an enumerator and removing a function do not.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import public

SOURCE = """
#include <stdint.h>
enum kind { KIND_A = 1, KIND_B = @kind };
struct sized { uint32_t size; uint32_t @first; int64_t last; @appended };
struct frozen { int64_t a; @frozen };
int64_t take(const struct sized *s, const struct frozen *f, enum kind k);
int64_t take(const struct sized *s, const struct frozen *f, enum kind k)
{ return s->last + f->a + (int64_t)k; }
int64_t narrow(@parameter value);
int64_t narrow(@parameter value) { return value; }
@gone
"""
USUAL = {"@kind": "2", "@first": "first", "@appended": "", "@frozen": "", "@parameter": "int64_t",
         "@gone": "int gone(void); int gone(void) { return 0; }"}
CASES = [
    ("nothing changed", {}, True),
    ("member appended to a sized struct", {"@appended": "int64_t more;"}, True),
    ("member inserted into a sized struct", {"@first": "first; int64_t inserted"}, False),
    ("member appended to a frozen struct", {"@frozen": "int64_t b;"}, False),
    ("parameter narrowed", {"@parameter": "int32_t"}, False),
    ("enumerator renumbered", {"@kind": "3"}, False),
    ("function removed", {"@gone": ""}, False),
]


def build(folder, name, changes):
    """A shared library of one version."""
    text = SOURCE
    for key, value in {**USUAL, **changes}.items():
        text = text.replace(key, value)
    path = folder / (name + ".so")
    subprocess.run([public.compiler(), "-x", "c", "-g", "-O0", "-fPIC", "-shared", "-o", str(path),
                    "-"], input=text, text=True, check=True)
    return str(path)


def main():
    if not shutil.which("abidiff"):
        print("abi_rules: abidiff is not installed")
        raise SystemExit(77)
    rules = (public.ROOT / "tests" / "abi" / "suppress.ini").read_text(encoding="utf-8")
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        suppressions = folder / "suppress.ini"
        suppressions.write_text(re.sub(r"(?m)^name_regexp = .*", "name_regexp = ^(sized)$", rules))
        old = build(folder, "old", {})
        for title, changes, passes in CASES:
            new = build(folder, "new", changes)
            run = subprocess.run(["abidiff", "--no-added-syms", "--suppr", str(suppressions), old,
                                  new], capture_output=True, text=True, check=False)
            if (run.returncode == 0) != passes:
                problems.append("%s: abidiff exits with %d" % (title, run.returncode))
    public.report("abi_rules", problems)


if __name__ == "__main__":
    main()
