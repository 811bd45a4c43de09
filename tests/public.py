"""public — reads what libcsq promises: floors, public headers, and the declarations in them.

The floors stand in docs/architecture.md, the declarations come from the preprocessor
(`cc -E -P -DCSQ_CDEF`); the generators and the gates look at nothing else. Standard library only.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = ROOT / "include"


def compiler():
    """The C compiler that preprocesses: CC, or the first one found."""
    for name in (os.environ.get("CC", "").split() or [""])[:1] + ["cc", "gcc", "clang"]:
        if name and shutil.which(name):
            return name
    raise SystemExit("no C compiler found")


def floors():
    """Module -> floor, in the order of the table in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    found = {}
    for number, modules in re.findall(r"^\| (\d+) \| ((?:`\w+` ?)+)\|", text, re.M):
        for module in re.findall(r"`(\w+)`", modules):
            found[module] = int(number)
    if "base" not in found:
        raise SystemExit("docs/architecture.md: no table of floors with a row for `base`")
    return found


def module_of_header(stem):
    """The module of csq/<module>.h or csq/<module>_<object>.h."""
    return "base" if stem == "status" else stem.split("_")[0]


def headers():
    """The public headers in the order of the floors, without the umbrella; a module's own first."""
    order = ["status"] + list(floors())
    names = sorted(path.stem for path in INCLUDE.glob("csq/*.h") if path.stem != "csq")
    unknown = [name for name in names if module_of_header(name) not in order]
    if unknown:
        raise SystemExit("headers of no module: " + ", ".join(unknown))
    names.sort(key=lambda name: order.index("status" if name == "status"
                                            else module_of_header(name)))
    return [INCLUDE / "csq" / (name + ".h") for name in names]


def preprocess(*options):
    """Everything that the public headers declare, in order, without directives."""
    text = "".join('#include "csq/%s"\n' % path.name for path in headers())
    command = [compiler(), "-E", "-P", "-x", "c", "-std=c11", "-DCSQ_CDEF", "-I" + str(INCLUDE)]
    run = subprocess.run(command + list(options) + ["-"], input=text, capture_output=True,
                         text=True, check=False)
    if run.returncode != 0:
        raise SystemExit("the headers do not preprocess:\n" + run.stderr)
    return run.stdout


TOKEN = re.compile(r'[A-Za-z_]\w*|\d\w*|"[^"]*"|\S')


def statements(text):
    """The top-level declarations, each a list of tokens that ends with ';'."""
    depth = 0
    current = []
    for token in TOKEN.findall(text):
        depth += (token == "{") - (token == "}")
        current.append(token)
        if token == ";" and depth == 0:
            yield current
            current = []
    if current:
        raise SystemExit("unfinished declaration: " + " ".join(current[:20]))


def function_name(tokens):
    """The name that a declaration gives to a function, or None."""
    if tokens[0] == "typedef" or "{" in tokens or "(" not in tokens:
        return None
    return tokens[tokens.index("(") - 1]


def functions():
    """Exported functions in the order of declaration; refuses one without CSQ_API."""
    names = []
    for tokens in statements(preprocess("-DCSQ_API=csq_exported")):
        exported = tokens[0] == "csq_exported"
        name = function_name(tokens[1:] if exported else tokens)
        if name is None:
            continue
        if not exported:
            raise SystemExit("%s is declared without CSQ_API" % name)
        names.append(name)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SystemExit("declared twice: " + ", ".join(twice))
    return names


def member_name(tokens):
    """The name in one member declaration (tokens without the ';')."""
    if "(" in tokens:
        return tokens[tokens.index("(") + 2]  # type (*name)(...)
    if "[" in tokens:
        return tokens[tokens.index("[") - 1]
    return tokens[-1]


def structs():
    """Name of each complete struct type -> (names of its members, first member's tokens)."""
    found = {}
    for tokens in statements(preprocess()):
        if tokens[:2] != ["typedef", "struct"] or "{" not in tokens:
            continue
        members = []
        current = []
        for token in tokens[tokens.index("{") + 1:len(tokens) - tokens[::-1].index("}") - 1]:
            if token == ";":
                members.append(current)
                current = []
            else:
                current.append(token)
        found[tokens[-2]] = ([member_name(member) for member in members], members[0])
    return found


def size_first_structs():
    """Structs that begin with `uint32_t size` and may grow at their end."""
    return [name for name, (_, first) in structs().items() if first == ["uint32_t", "size"]]


def enumerators():
    """All enumerators in the order of declaration."""
    names = []
    for tokens in statements(preprocess()):
        if "enum" not in tokens[:2] or "{" not in tokens:
            continue
        expect_name = True
        for token in tokens[tokens.index("{") + 1:tokens.index("}")]:
            if expect_name:
                names.append(token)
            expect_name = token == ","
    return names


def sources(*suffixes):
    """The files of lib/ with these suffixes, sorted."""
    return sorted(path for path in (ROOT / "lib").rglob("*") if path.suffix in suffixes)


def report(gate, problems):
    """Prints the problems of a gate and ends the program with its verdict."""
    for problem in problems:
        print("%s: %s" % (gate, problem))
    if problems:
        raise SystemExit(1)
    print("%s: ok" % gate)
    raise SystemExit(0)
