"""check_layers — a module includes only what stands on a lower floor.

Reads the #include lines of lib/ and include/csq/ against the table of floors in
docs/architecture.md. Of the C library, only headers without input, output, locale or clock may be
included, and <stdlib.h> only by the file that holds the allocator.
"""

import re
import sys

import public

SYSTEM = {"limits.h", "stdalign.h", "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h", "string.h"}
SYSTEM_OF_FILE = {"lib/base/memory.c": {"stdlib.h"}}
SIBLINGS = set()  # pairs (module, module of the same floor) that are allowed


def module_of(include):
    """The module that an include path belongs to."""
    folder, name = include.split("/", 1)
    stem = name[:-len(".h")] if name.endswith(".h") else name
    return public.module_of_header(stem) if folder == "csq" else folder


def problem_of(path, module, include, floors):
    """What is wrong with one quoted include, or None."""
    if "/" not in include:
        return '"%s" is not a path from lib/ or include/' % include
    other = module_of(include)
    if other not in floors:
        return '"%s" belongs to no module' % include
    if other == module or floors[other] < floors[module] or (module, other) in SIBLINGS:
        return None
    return '%s (floor %d) includes "%s" (floor %d)' % (module, floors[module], include,
                                                      floors[other])


def check_file(path, module, floors):
    """The problems of one file."""
    name = path.relative_to(public.ROOT).as_posix()
    system = SYSTEM | SYSTEM_OF_FILE.get(name, set())
    problems = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not match:
            continue
        if match.group(1) == "<":
            problem = None if match.group(2) in system else "<%s> is not allowed" % match.group(2)
        else:
            problem = problem_of(path, module, match.group(2), floors)
        if problem:
            problems.append("%s:%d: %s" % (name, number, problem))
    return problems


def check_modules(floors):
    """The folders of lib/, the list of lib/meson.build and the table must name the same."""
    lib = public.ROOT / "lib"
    text = (lib / "meson.build").read_text(encoding="utf-8")
    listed = re.findall(r"'(\w+)'", re.search(r"csq_modules = \[(.*?)\]", text, re.S).group(1))
    problems = []
    if sorted(listed) != sorted(floors):
        problems.append("lib/meson.build and docs/architecture.md name different modules: %s"
                        % ", ".join(sorted(set(listed) ^ set(floors))))
    for folder in sorted(path for path in lib.iterdir() if path.is_dir()):
        sources = {path.name for path in folder.glob("*.c")}
        if not sources:
            continue
        build = folder / "meson.build"
        built = set(re.findall(r"'([^']+)'", build.read_text())) if build.exists() else set()
        if folder.name not in listed or sources != built:
            problems.append("lib/%s: not built as it stands: %s"
                            % (folder.name, ", ".join(sorted(sources ^ built))))
    return problems


def main():
    floors = public.floors()
    problems = check_modules(floors)
    for path in public.sources(".c", ".h"):
        problems += check_file(path, path.relative_to(public.ROOT / "lib").parts[0], floors)
    for path in public.headers():
        problems += check_file(path, module_of("csq/" + path.name), floors)
    public.report("layers", problems)


if __name__ == "__main__":
    sys.exit(main())
