#!/usr/bin/env bash
# coverage — branch coverage of lib/ by all tests; the page lies in build-coverage/report/.
#
#     tests/coverage.sh
#
# Needs gcovr besides what tests/run.sh installs.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-coverage
rm -rf "$build"
CC=gcc meson setup "$build" "$root" -Db_coverage=true -Doptimization=0 -Dtests=enabled >/dev/null
ninja -C "$build" >/dev/null
meson test -C "$build" --no-rebuild --no-suite gates --timeout-multiplier=4 >"$build/tests.log" 2>&1 ||
    echo "some tests failed, see build-coverage/tests.log"
mkdir -p "$build/report"
# A branch that only the compiler makes (the way out of an unreachable default) does not count.
# gcovr deletes what an output option names before it writes: name files only, no devices.
gcovr -r "$root" -f "$root/lib/" --object-directory "$build" --branches \
    --exclude-unreachable-branches --html-details "$build/report/index.html" \
    --txt "$build/report/branches.txt" --print-summary
cat "$build/report/branches.txt"
