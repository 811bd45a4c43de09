#!/usr/bin/env bash
# run — the same integers and the same encoded bytes on every platform.
#
#     tests/port/run.sh SCRATCH [--write]
#
# Builds tests/port/smoke.c with the library's sources for each platform whose compiler is
# installed, runs it (under qemu where the processor is another) and compares what it prints with
# expected.txt. Prints `PASS …`, `FAIL …` or `SKIP …` for each platform. With --write, what this
# machine prints becomes expected.txt first; encoded forms of a release never change.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$1
zones=$root/tests/vectors/calendar/tz/slim
mkdir -p "$scratch"

platform() { # name, compiler, command that runs the program
    local name=$1 compiler=$2 runner=${3:-}
    if ! command -v "$compiler" >/dev/null || ! command -v "${runner:-true}" >/dev/null; then
        echo "SKIP port: $name ($compiler $runner not installed)"
    elif "$compiler" -std=c11 -O2 -ffp-contract=off -Wall -Wextra -Wpedantic -Wconversion -Werror \
        -DCSQ_STATIC -static -I"$root/include" -I"$root/lib" "$here/smoke.c" "$root"/lib/*/*.c \
        -lm -o "$scratch/smoke_$name" 2>"$scratch/$name.log" &&
        $runner "$scratch/smoke_$name" "$zones" >"$scratch/$name.txt" 2>>"$scratch/$name.log" &&
        diff "$here/expected.txt" "$scratch/$name.txt" >>"$scratch/$name.log"; then
        echo "PASS port: $name"
    else
        echo "FAIL port: $name (see $scratch/$name.log)"
        failed=1
    fi
}

if [ "${2:-}" = --write ]; then
    platform native cc >/dev/null
    cp "$scratch/native.txt" "$here/expected.txt"
fi
failed=0
platform native cc
platform musl musl-gcc
platform i686 i686-linux-gnu-gcc
platform s390x s390x-linux-gnu-gcc qemu-s390x
exit $failed
