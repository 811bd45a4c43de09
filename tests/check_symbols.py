"""check_symbols — the same names everywhere.

    check_symbols.py SHARED STATIC

Names declared with CSQ_API = names in lib/libcsq.map = dynamic symbols of the shared library =
functions in bindings/csq_cdef.h. Every global of the static archive begins with csq_.
"""

import re
import subprocess
import sys

import public


def symbols(path, *options):
    """Names that nm lists for a library."""
    run = subprocess.run(["nm", "-P", "--defined-only", *options, path], capture_output=True,
                         text=True, check=True)
    rows = [line.split() for line in run.stdout.splitlines()]
    return {row[0].split("@")[0] for row in rows if len(row) > 1 and row[1] != "A"}


def compare(what, expected, found):
    """Problems where two sets of names differ."""
    return (["%s is missing in %s" % (name, what) for name in sorted(expected - found)]
            + ["%s is in %s, but no header declares it" % (name, what)
               for name in sorted(found - expected)])


def main():
    shared, static = sys.argv[1:]
    declared = set(public.functions())
    text = (public.ROOT / "lib" / "libcsq.map").read_text(encoding="utf-8")
    mapped = set(re.findall(r"^\s*(\w+);", text, re.M))
    cdef = (public.ROOT / "bindings" / "csq_cdef.h").read_text(encoding="utf-8")
    cdef = re.sub(r"/\*.*?\*/", "", cdef, flags=re.S)
    bound = {public.function_name(tokens) for tokens in public.statements(cdef)} - {None}
    problems = compare("the map", declared, mapped)
    problems += compare("the shared library", declared, symbols(shared, "-D"))
    problems += compare("bindings/csq_cdef.h", declared, bound)
    for name in sorted(symbols(static, "-g")):
        if not name.startswith("csq_"):
            problems.append("the static archive has a global %s" % name)
    public.report("symbols", problems)


if __name__ == "__main__":
    main()
