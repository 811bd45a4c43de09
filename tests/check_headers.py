"""check_headers — every public header compiles alone, as C99, C11, C17, C++11 and C++20.

With each compiler that is installed, pedantic warnings being errors. Each header is included
twice, so that its guard is tested too.
"""

import shutil
import subprocess

import public

MODES = [("gcc", "c", ["c99", "c11", "c17"]), ("g++", "c++", ["c++11", "c++20"]),
         ("clang", "c", ["c99", "c11", "c17"]), ("clang++", "c++", ["c++11", "c++20"])]
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wundef", "-Wshadow", "-Werror"]


def main():
    problems = []
    compiled = 0
    for compiler, language, standards in MODES:
        if not shutil.which(compiler):
            print("headers: %s is not installed" % compiler)
            continue
        for standard in standards:
            for path in sorted((public.INCLUDE / "csq").glob("*.h")):
                text = '#include "csq/%s"\n' % path.name * 2
                run = subprocess.run(
                    [compiler, "-x", language, "-std=" + standard, "-fsyntax-only",
                     "-I" + str(public.INCLUDE), *WARNINGS, "-"],
                    input=text, capture_output=True, text=True, check=False)
                compiled += 1
                if run.returncode != 0:
                    problems.append("%s as %s with %s:\n%s" % (path.name, standard, compiler,
                                                              run.stderr))
    if compiled == 0:
        problems.append("no compiler found")
    public.report("headers", problems)


if __name__ == "__main__":
    main()
