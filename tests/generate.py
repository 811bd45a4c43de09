"""generate — writes the files that follow from the public headers, or checks that they do.

    generate.py --write     write those that differ (tests/update_generated.sh calls this)
    generate.py --check     fail and show the difference

Made here: include/csq/csq.h, lib/libcsq.map, bindings/csq_cdef.h, docs/errors.md,
tests/abi/suppress.ini. The same headers give the same bytes with every compiler: declarations are
put together again from their tokens.
"""

import difflib
import re
import sys
import textwrap

import public

RELEASED = public.ROOT / "tests" / "abi" / "frozen"


def umbrella():
    """include/csq/csq.h: every public header, lower floors first."""
    names = [path.name for path in public.headers() if path.stem != "status"]
    return "\n".join(
        ["/*", " * csq/csq.h — all of libcsq.", " */", "#ifndef CSQ_CSQ_H", "#define CSQ_CSQ_H", ""]
        + ['#include "csq/%s"' % name for name in names] + ["", "#endif", ""])


def version_node(text):
    """The node that names not in a released node belong to: CSQ_<major>.<minor>."""
    major, minor = re.search(r"version: '(\d+)\.(\d+)\.\d+'", text).groups()
    return "CSQ_%s.%s" % (major, minor)


def is_defined(name, bodies):
    """Whether some source holds the definition: at the start of a line, not a prototype."""
    for match in re.finditer(r"^\w[^\n;{}()=]*\b%s\(" % name, bodies, re.M):
        end = bodies.find(")\n{", match.start())
        if end >= 0 and ";" not in bodies[match.start():end]:
            return True
    return False


def symbol_map():
    """lib/libcsq.map: released nodes as they are, then the node of this version."""
    node = version_node((public.ROOT / "meson.build").read_text(encoding="utf-8"))
    path = public.ROOT / "lib" / "libcsq.map"
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    kept = ""
    previous = ""
    taken = set()
    for name, body, parent in re.findall(r"^(CSQ_[\d.]+) \{(.*?)\}( CSQ_[\d.]+)?;\n", old,
                                         re.M | re.S):
        if name != node and (RELEASED / name[len("CSQ_"):]).is_dir():
            kept += "%s {%s}%s;\n\n" % (name, body, parent)
            taken |= set(re.findall(r"\b(csq_\w+);", body))
            previous = " " + name
    bodies = "\n".join(path.read_text(encoding="utf-8") for path in public.sources(".c"))
    names = sorted(set(public.functions()) - taken)
    missing = [name for name in names if not is_defined(name, bodies)]
    if missing:
        print("declared, but defined in no source, so not in the map: " + " ".join(missing))
    lines = "".join("        %s;\n" % name for name in names if name not in missing)
    hidden = "" if previous else "    local:\n        *;\n"
    return kept + "%s {\n    global:\n%s%s}%s;\n" % (node, lines, hidden, previous)


def glue(tokens):
    """Tokens of one line as a person would write them."""
    text = " ".join(tokens)
    text = re.sub(r" ([,;)\[\]])", r"\1", text)
    text = re.sub(r"([(\[*-]) ", r"\1", text)
    text = re.sub(r"(\w|\)) \((?!\*)", r"\1(", text)
    return re.sub(r"\) \(", ")(", text)


def declaration(tokens):
    """The lines of one declaration, members and enumerators each on their own."""
    if "{" not in tokens:
        whole = re.sub(r"(?<!,) ", "\0", glue(tokens))  # break lines behind commas only
        lines = textwrap.wrap(whole, 100, subsequent_indent="    ", break_long_words=False)
        return [line.replace("\0", " ") for line in lines]
    start = tokens.index("{")
    end = len(tokens) - tokens[::-1].index("}") - 1
    separator = "," if "enum" in tokens[:start] else ";"
    lines = [glue(tokens[:start]) + " {"]
    current = []
    for token in tokens[start + 1:end]:
        current.append(token)
        if token == separator:
            lines.append("    " + glue(current))
            current = []
    if current:
        lines.append("    " + glue(current))
    lines[-1] = lines[-1].rstrip(",")
    closing = glue(tokens[end + 1:])
    lines.append("}" + closing if closing == ";" else "} " + closing)
    return lines


def cdef():
    """bindings/csq_cdef.h: pure declarations, which cffi and LuaJIT load."""
    lines = ["/*", " * csq_cdef — the declarations of libcsq for foreign function interfaces.",
             " *", " * Generated from include/csq/ by tests/update_generated.sh.", " */"]
    for tokens in public.statements(public.preprocess()):
        lines += declaration(tokens)
    return "\n".join(lines) + "\n"


def status_rows():
    """(name, number, meaning) of each status code."""
    text = (public.INCLUDE / "csq" / "status.h").read_text(encoding="utf-8")
    rows = re.findall(r'\bX\((\w+), (-?\d+),\s*\\?\s*((?:"[^"]*"\s*\\?\s*)+)\)', text)
    return [("CSQ_" + name, number, "".join(re.findall(r'"([^"]*)"', meaning)))
            for name, number, meaning in rows]


def errors():
    """docs/errors.md: the table of status codes."""
    lines = ["# Status codes", "",
             "Every function that can fail returns one of these. Numbers are fixed for ever. The",
             "comment of a function in its header says which codes it returns and why; `csq_error`",
             "says where. Generated from `include/csq/status.h` by `tests/update_generated.sh`.",
             "", "| number | name | meaning |", "|---|---|---|"]
    lines += ["| %s | `%s` | %s |" % (number, name, meaning)
              for name, number, meaning in status_rows()]
    return "\n".join(lines) + "\n"


def suppressions():
    """tests/abi/suppress.ini: only structs that begin with their size may grow, at their end."""
    names = "|".join(sorted(public.size_first_structs()))
    return ("# Structs that begin with their size may grow at their end; nothing else may change.\n"
            "# Generated by tests/update_generated.sh.\n[suppress_type]\n"
            "type_kind = struct\nname_regexp = ^(%s)$\nhas_data_member_inserted_at = end\n" % names)


FILES = {
    "include/csq/csq.h": umbrella,
    "lib/libcsq.map": symbol_map,
    "bindings/csq_cdef.h": cdef,
    "docs/errors.md": errors,
    "tests/abi/suppress.ini": suppressions,
}


def main():
    if sys.argv[1:] not in (["--write"], ["--check"]):
        raise SystemExit(__doc__)
    problems = []
    for name, make in FILES.items():
        path = public.ROOT / name
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        new = make()
        if old == new:
            continue
        if sys.argv[1] == "--write":
            path.write_text(new, encoding="utf-8")
            print("wrote " + name)
        else:
            difference = difflib.unified_diff(old.splitlines(), new.splitlines(),
                                              "committed", "generated", lineterm="", n=1)
            problems.append("%s is stale; run tests/update_generated.sh\n%s"
                            % (name, "\n".join(difference)))
    if sys.argv[1] == "--check":
        public.report("generated", problems)


if __name__ == "__main__":
    main()
