"""check_layout — sizes, offsets and enumerators mean the same to C, cffi and LuaJIT.

    check_layout.py SHARED

A generated C program prints the facts as the compiler sees them; Python's cffi and LuaJIT print
what they compute from bindings/csq_cdef.h. Where one of the two is not installed, it is left out
with a notice. Both also load the library and ask it for its version.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import public


def c_program(structs, enumerators):
    """A program that prints every fact as `name value`."""
    lines = ['#include "csq/csq.h"', "#include <stdio.h>", "int main(void)", "{"]
    for name, members in structs.items():
        lines.append('    printf("%s %%d\\n", (int)sizeof(%s));' % (name, name))
        for member in members:
            lines.append('    printf("%s.%s %%d\\n", (int)offsetof(%s, %s));'
                         % (name, member, name, member))
            lines.append('    printf("%s.%s: %%d\\n", (int)sizeof(((%s *)0)->%s));'
                         % (name, member, name, member))
    lines += ['    printf("%s %%d\\n", (int)%s);' % (name, name) for name in enumerators]
    return "\n".join(lines + ["    return 0;", "}", ""])


def facts_of_c(structs, enumerators):
    """The facts as the C compiler sees them."""
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "facts")
        subprocess.run([public.compiler(), "-std=c11", "-I" + str(public.INCLUDE), "-x", "c", "-",
                        "-o", program], input=c_program(structs, enumerators), text=True,
                       check=True)
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout


def facts_of_cffi(cdef, structs, enumerators, library):
    """The facts as cffi sees them, and the version it reads through the library."""
    import cffi
    ffi = cffi.FFI()
    ffi.cdef(cdef)
    lib = ffi.dlopen(library)
    lines = []
    for name, members in structs.items():
        lines.append("%s %d" % (name, ffi.sizeof(name)))
        types = {member: field.type for member, field in ffi.typeof(name).fields}
        for member in members:
            lines.append("%s.%s %d" % (name, member, ffi.offsetof(name, member)))
            lines.append("%s.%s: %d" % (name, member, ffi.sizeof(types[member])))
    lines += ["%s %d" % (name, getattr(lib, name)) for name in enumerators]
    version = "%s %d" % (ffi.string(lib.csq_version()).decode(), lib.csq_abi_number())
    return "\n".join(lines) + "\n", version


LUA = """
local ffi = require("ffi")
ffi.cdef(io.open(arg[1]):read("*a"))
for line in io.lines(arg[3]) do
  local struct, member = line:match("^(%S+)%.(%S+)$")
  if struct then
    print(line, ffi.offsetof(struct, member))
  elseif line:match("^csq_") then
    print(line, ffi.sizeof(line))
  else
    print(line, tonumber(ffi.C[line]))
  end
end
local lib = ffi.load(arg[2])
print(ffi.string(lib.csq_version()), tonumber(lib.csq_abi_number()))
"""


def facts_of_luajit(cdef_path, names, library):
    """The facts as LuaJIT sees them, and the version it reads through the library."""
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "facts.lua")
        asked = os.path.join(folder, "names")
        with open(script, "w", encoding="utf-8") as file:
            file.write(LUA)
        with open(asked, "w", encoding="utf-8") as file:
            file.write("\n".join(names) + "\n")
        run = subprocess.run(["luajit", script, cdef_path, library, asked], capture_output=True,
                             text=True, check=False)
    if run.returncode != 0:
        raise SystemExit("layout: LuaJIT: " + run.stderr)
    lines = run.stdout.replace("\t", " ").splitlines()
    return "\n".join(lines[:-1]) + "\n", lines[-1]


def compare(who, expected, found):
    """Problems where the facts that were asked for and found differ."""
    pairs = list(zip(expected, found.splitlines()))
    problems = ["C says `%s`, %s says `%s`" % (a, who, b) for a, b in pairs if a != b]
    if len(expected) != len(found.splitlines()):
        problems.append("%s gives another number of facts" % who)
    return problems


def has_cffi():
    """Whether this Python has cffi."""
    try:
        import cffi  # noqa: F401
    except ImportError:
        return False
    return True


def main():
    library = os.path.abspath(sys.argv[1])
    structs = {name: members for name, (members, _) in public.structs().items()}
    enumerators = public.enumerators()
    expected = facts_of_c(structs, enumerators)
    values = dict(line.rsplit(" ", 1) for line in expected.splitlines())
    version = "%s.%s.%s %s" % tuple(
        values["CSQ_" + part]
        for part in ("VERSION_MAJOR", "VERSION_MINOR", "VERSION_PATCH", "ABI_NUMBER"))
    path = public.ROOT / "bindings" / "csq_cdef.h"
    readers = []
    if has_cffi():
        readers.append(("cffi", expected.splitlines())
                       + facts_of_cffi(path.read_text(encoding="utf-8"), structs, enumerators,
                                       library))
    if shutil.which("luajit"):
        # LuaJIT cannot be asked for the size of a member ("struct.member:").
        asked = [line for line in expected.splitlines() if ":" not in line]
        names = [line.split(" ")[0] for line in asked]
        readers.append(("LuaJIT", asked) + facts_of_luajit(str(path), names, library))
    problems = []
    for who, asked, facts, found in readers:
        problems += compare(who, asked, facts)
        if found != version:
            problems.append("%s reads version `%s`, the headers say `%s`" % (who, found, version))
        print("layout: %d facts through %s" % (len(facts.splitlines()), who))
    if not readers:
        print("layout: neither cffi nor LuaJIT is installed")
        raise SystemExit(77)
    public.report("layout", problems)


if __name__ == "__main__":
    main()
