"""check_frozen — clients of every release run on the library of today.

    check_frozen.py SHARED

tests/abi/frozen/<major>.<minor>/ holds, for each release, its headers (csq/), its libcsq.map and a
client.c that exits with 0. The client is compiled against those headers and linked with today's
library; the version nodes of that map must stand unchanged in today's.
"""

import os
import re
import subprocess
import sys
import tempfile

import public

NODE = re.compile(r"^(CSQ_[\d.]+) \{.*?\}[^;]*;", re.M | re.S)


def nodes(path):
    """Name -> text of each version node of a map."""
    return {match.group(1): match.group(0)
            for match in NODE.finditer(path.read_text(encoding="utf-8"))}


def run_client(release, library, folder):
    """What is wrong with the client of one release, or an empty list."""
    program = os.path.join(folder, "client")
    build = subprocess.run([public.compiler(), "-std=c11", "-I" + str(release),
                            str(release / "client.c"), library, "-o", program],
                           capture_output=True, text=True, check=False)
    if build.returncode != 0:
        return ["%s: the client does not build:\n%s" % (release.name, build.stderr)]
    environment = dict(os.environ, LD_LIBRARY_PATH=os.path.dirname(library))
    run = subprocess.run([program], env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        return ["%s: the client fails (%d): %s" % (release.name, run.returncode, run.stdout)]
    return []


def main():
    library = os.path.abspath(sys.argv[1])
    current = nodes(public.ROOT / "lib" / "libcsq.map")
    frozen = public.ROOT / "tests" / "abi" / "frozen"
    releases = sorted(path for path in frozen.iterdir() if path.is_dir()) if frozen.is_dir() else []
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for release in releases:
            for name, text in nodes(release / "libcsq.map").items():
                if current.get(name) != text:
                    problems.append("node %s differs from that of release %s"
                                    % (name, release.name))
            problems += run_client(release, library, folder)
    print("frozen: %d releases" % len(releases))
    public.report("frozen", problems)


if __name__ == "__main__":
    main()
