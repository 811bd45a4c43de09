#!/usr/bin/env bash
# update_generated — writes everything that follows from the public headers: include/csq/csq.h,
# lib/libcsq.map, bindings/csq_cdef.h, docs/errors.md, tests/abi/suppress.ini and the ABI baseline.
# After the first release, the baseline belongs to that release: then only `--release` renews it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
python3 "$root/tests/generate.py" --write
if [ ! -d "$root/tests/abi/frozen" ] || [ "${1:-}" = --release ]; then
    "$root/tests/abi/update.sh"
fi
