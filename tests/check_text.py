"""check_text — what no file of the project may contain, and how long things may become.

Fails on paths of the machine it was written on, on left-over notes, on tabs and blanks at the end
of lines, on files of lib/ over 600 lines and functions there over 60. Long files and functions
elsewhere, and lines over 100 columns, are reported only.
"""

import re
import shutil
import subprocess

import public

SUFFIXES = {".c", ".h", ".py", ".sh", ".lua", ".md", ".build", ".txt", ".ini", ".map", ".sql", ""}
DATA = ("tests/vectors/", "tests/fuzz/corpus/", "examples/data/", "bindings/csq_cdef.h",
        "LICENSE")
# In pieces, so that this file does not contain them.
BANNED = [re.compile(text) for text in ("/" + "work/", "/" + "tmp/bash", "/" + "home/\\w",
                                        "\\bTO" + "DO\\b", "\\bFIX" + "ME\\b")]
FILE_LINES = 600
FUNCTION_LINES = 60
COLUMNS = 100


def files():
    """Text files of the project, without build folders and data."""
    names = []
    if shutil.which("git"):
        run = subprocess.run(["git", "-C", str(public.ROOT), "ls-files", "-co",
                              "--exclude-standard"], capture_output=True, text=True, check=False)
        names = run.stdout.splitlines()
    if not names:
        names = [path.relative_to(public.ROOT).as_posix() for path in public.ROOT.rglob("*")
                 if path.is_file()]
    for name in sorted(set(names)):
        path = public.ROOT / name
        hidden = name.startswith(("build", ".git/", "subprojects/")) or "__pycache__" in name
        if not hidden and not name.startswith(DATA) and path.suffix in SUFFIXES and path.is_file():
            yield name, path


def long_functions(lines):
    """(name, first line, length) of each function over the limit: '{' and '}' in column 0."""
    for start, line in enumerate(lines):
        if line != "{":
            continue
        end = next((i for i in range(start, len(lines)) if lines[i] == "}"), start)
        if end - start - 1 > FUNCTION_LINES:
            head = next((lines[i] for i in range(start - 1, -1, -1)
                         if re.match(r"\w", lines[i])), "?")
            yield re.sub(r"\(.*", "", head).split()[-1], start, end - start - 1


def main():
    problems = []
    notices = []
    for name, path in files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        code = path.suffix in {".c", ".h"}
        for number, line in enumerate(lines, 1):
            for pattern in BANNED:
                if pattern.search(line):
                    problems.append("%s:%d: %s" % (name, number, line.strip()))
            if line != line.rstrip() or (code and "\t" in line):
                problems.append("%s:%d: tab, or blanks at the end" % (name, number))
        strict = problems if name.startswith(("lib/", "include/")) else notices
        if code and len(lines) > FILE_LINES:
            strict.append("%s has %d lines" % (name, len(lines)))
        wide = [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
        if code and wide:
            notices.append("%s: over %d columns in lines %s"
                           % (name, COLUMNS, ", ".join(map(str, wide))))
        if path.suffix == ".c":
            for function, start, length in long_functions(lines):
                strict.append("%s:%d: %s has %d lines" % (name, start, function, length))
    for notice in notices:
        print("text: notice: " + notice)
    public.report("text", problems)


if __name__ == "__main__":
    main()
