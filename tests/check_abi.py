"""check_abi — the shared library against the committed description of its interface.

    check_abi.py SHARED

Compares with tests/abi/baseline.abi by abidiff; additions are the business of check_symbols.py.
As long as nothing is released (tests/abi/frozen/ does not exist) a difference is reported and the
test counts as skipped; afterwards it is a failure. tests/abi/update.sh writes the baseline.
"""

import shutil
import subprocess
import sys

import public

ABI = public.ROOT / "tests" / "abi"
SKIPPED = 77


def has_debug_info(path):
    """abidiff without debug information finds nothing and says nothing."""
    run = subprocess.run(["readelf", "-S", path], capture_output=True, text=True, check=True)
    return ".debug_info" in run.stdout


def main():
    library = sys.argv[1]
    if not shutil.which("abidiff"):
        print("abi: abidiff is not installed")
        raise SystemExit(SKIPPED)
    if not has_debug_info(library):
        raise SystemExit("abi: the library has no debug information")
    if not (ABI / "baseline.abi").exists():
        raise SystemExit("abi: no baseline; run tests/abi/update.sh")
    run = subprocess.run(
        ["abidiff", "--no-added-syms", "--suppr", str(ABI / "suppress.ini"),
         "--headers-dir2", str(public.INCLUDE), str(ABI / "baseline.abi"), library],
        capture_output=True, text=True, check=False)
    print(run.stdout + run.stderr)
    if run.returncode == 0:
        public.report("abi", [])
    if not (ABI / "frozen").is_dir():
        print("abi: differs from the baseline, which nothing released depends on yet")
        raise SystemExit(SKIPPED)
    public.report("abi", ["not compatible with the baseline"])


if __name__ == "__main__":
    main()
