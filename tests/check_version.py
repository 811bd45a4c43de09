"""check_version — one version: build file, header, library, change log.

    check_version.py VERSION ABI_NUMBER

The two arguments come from the build. csq_version() itself is compared with the header by
tests/check_layout.py; here stands its literal.
"""

import re
import sys

import public

HEADING = re.compile(r"## \[(Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d{2}-\d{2})?$")
SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "ABI"}


def change_log(version):
    """Problems of CHANGELOG.md, which follows Keep a Changelog."""
    lines = (public.ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    problems = []
    releases = []
    for number, line in enumerate(lines, 1):
        if line.startswith("## "):
            match = HEADING.match(line)
            if match is None or (match.group(1) != "Unreleased" and " - " not in line):
                problems.append("CHANGELOG.md:%d: not a heading of a release: %s" % (number, line))
            else:
                releases.append(match.group(1))
        elif line.startswith("### ") and line[4:] not in SECTIONS:
            problems.append("CHANGELOG.md:%d: unknown section: %s" % (number, line))
    if "Unreleased" not in releases and releases[:1] != [version]:
        problems.append("CHANGELOG.md has neither [Unreleased] nor [%s] on top" % version)
    return problems


def main():
    version, abi = sys.argv[1:]
    header = (public.INCLUDE / "csq" / "base.h").read_text(encoding="utf-8")
    numbers = [re.search(r"CSQ_VERSION_%s = (\d+)" % part, header).group(1)
               for part in ("MAJOR", "MINOR", "PATCH")]
    problems = change_log(version)
    if ".".join(numbers) != version:
        problems.append("the header says %s, the build %s" % (".".join(numbers), version))
    if re.search(r"CSQ_ABI_NUMBER = (\d+)", header).group(1) != abi:
        problems.append("CSQ_ABI_NUMBER is not the soversion %s" % abi)
    source = (public.ROOT / "lib" / "base" / "status.c").read_text(encoding="utf-8")
    if '"%s"' % version not in source:
        problems.append("csq_version() in lib/base/status.c does not return %s" % version)
    public.report("version", problems)


if __name__ == "__main__":
    main()
