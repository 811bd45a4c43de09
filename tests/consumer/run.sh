#!/usr/bin/env bash
# run — every way in which another program can have libcsq, tried on one small host program.
#
#     tests/consumer/run.sh BUILD SCRATCH
#
# BUILD is a configured and compiled build folder with --prefix=SCRATCH/prefix. Prints a line
# `PASS …` or `FAIL …` for each way; the log of each lies in SCRATCH.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$1
scratch=$2
prefix=$scratch/prefix
failed=0

try() { # name, function
    ( set -e; "$2" ) >"$scratch/$2.log" 2>&1 & # `set -e` would mean nothing inside of `if`
    if wait $!; then
        echo "PASS consumer: $1"
    else
        echo "FAIL consumer: $1 (see $scratch/$2.log)"
        failed=1
    fi
}

install_prefix() {
    meson install -C "$build" --no-rebuild
    test -f "$prefix/include/csq/csq.h"
    find "$prefix" -name csq.pc | grep -q .
}

pkgconfig_shared() {
    # The words of pkg-config's answer are separate arguments.
    # shellcheck disable=SC2046
    cc -std=c11 -Wall -Wextra -Wpedantic -Werror "$here/main.c" \
        $(pkg-config --cflags --libs csq) -o "$scratch/shared"
    readelf -d "$scratch/shared" | grep -q 'NEEDED.*libcsq\.so\.0'
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir csq) "$scratch/shared"
}

pkgconfig_static() {
    # shellcheck disable=SC2046
    cc -std=c99 -static "$here/main.c" $(pkg-config --static --cflags --libs csq) \
        -o "$scratch/static"
    "$scratch/static"
}

cxx() {
    # shellcheck disable=SC2046
    c++ -x c++ -std=c++11 -Wall -Wextra -Wpedantic -Werror "$here/main.c" -x none \
        $(pkg-config --cflags --libs csq) -o "$scratch/cxx"
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir csq) "$scratch/cxx"
}

subproject() { # default_library
    local project=$scratch/subproject_$1
    rm -rf "$project"
    mkdir -p "$project/subprojects"
    cp "$here/subproject/meson.build" "$here/main.c" "$project/"
    ln -s "$root" "$project/subprojects/csq"
    meson setup "$project/build" "$project" --wrap-mode=forcefallback -Ddefault_library="$1"
    meson compile -C "$project/build"
    "$project/build/consumer"
    ! meson introspect "$project/build" --tests | grep -q test_ # our tests stay ours
}
subproject_shared() { subproject shared; }
subproject_static() { subproject static; }

no_build_system() {
    cc -I"$root/include" -I"$root/lib" "$here/main.c" "$root"/lib/*/*.c -lm -o "$scratch/direct"
    "$scratch/direct"
}

try 'installation' install_prefix
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name csq.pc | head -n 1)")
export PKG_CONFIG_PATH
try 'pkg-config, shared' pkgconfig_shared
try 'pkg-config, static' pkgconfig_static
try 'C++11' cxx
try 'Meson subproject, shared' subproject_shared
try 'Meson subproject, static' subproject_static
try 'cc alone' no_build_system
exit $failed
