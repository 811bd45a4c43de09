"""check_no_io — the library calls nothing that could read, write, wait or remember.

    check_no_io.py STATIC

What the archive leaves undefined, minus what it defines itself, stays inside the list below; only
the file with the allocator names realloc and free; nothing lies in writable memory.
"""

import subprocess
import sys

import public

ALLOWED = {"memcpy", "memmove", "memset", "memcmp", "strlen"}
ALLOCATOR = {"realloc", "free"}  # base/memory.c only
# Put there by compilers; bcmp is what clang makes of a memcmp that only asks for equality.
COMPILER = {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail", "bcmp"}
FORTIFIED = {"__%s_chk" % name for name in ("memcpy", "memmove", "memset")}
WRITABLE = (".data", ".bss", ".tdata", ".tbss", "*COM*")  # but not .data.rel.ro: constant tables


def nm(path, *options):
    """The lines that nm prints for the archive."""
    run = subprocess.run(["nm", *options, path], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def names(path, option):
    """Pairs (global name, object file that it occurs in)."""
    lines = nm(path, "-P", "-A", "-g", option)
    return sorted({(line.split(": ")[1].split()[0], line.split(": ")[0])
                   for line in lines if ": " in line})


def is_allowed(name, user):
    """Whether an object file may call a function of that name."""
    if name in ALLOCATOR:
        return "memory.c" in user or "unity" in user
    return name in ALLOWED | COMPILER | FORTIFIED


def writable(path):
    """Objects of the library that the program could change while it runs."""
    for line in nm(path, "-f", "sysv"):
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and fields[3] in ("OBJECT", "TLS"):
            section = fields[6]
            if section.startswith(WRITABLE) and not section.startswith(".data.rel.ro"):
                yield "%s lies in %s" % (fields[0], section)


def main():
    archive = sys.argv[1]
    own = {name for name, _ in names(archive, "--defined-only")}
    problems = ["%s calls %s" % (user, name) for name, user in names(archive, "--undefined-only")
                if name not in own and not is_allowed(name, user)]
    public.report("no_io", problems + list(writable(archive)))


if __name__ == "__main__":
    main()
