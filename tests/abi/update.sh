#!/usr/bin/env bash
# update — writes tests/abi/baseline.abi, the description of the interface that changes are held
# against. Run it for a release, or before the first one whenever the interface moves.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
meson setup "$build" "$root" -Dtests=disabled -Dexamples=disabled -Doptimization=0 >/dev/null
meson compile -C "$build" >/dev/null
abidw --headers-dir "$root/include" --drop-private-types --no-corpus-path --no-comp-dir-path \
    "$build/lib/libcsq.so" |
    sed -E "s#(path=')[^']*/(include|lib)/#\\1\\2/#" >"$root/tests/abi/baseline.abi" # no build paths
echo "wrote tests/abi/baseline.abi"
