#!/usr/bin/env bash
# run — installs what is missing, builds libcsq in every way that is promised and runs all tests.
#
#     tests/run.sh              everything
#     tests/run.sh STEP...      only these steps: gcc sanitizers memory races valgrind clang unity
#                               consumers port
#
# CSQ_NO_INSTALL=1 leaves the system as it is. Builds from scratch in build-run/ (so that new files
# are always seen); logs stay there. The last line is `N passed, N failed`: cases of cmocka and of
# csq-vectors, gates, consumers and platforms over all builds. The status is 1 if anything failed.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/build-run
passed=0
failed=0
notes=()
known=" gcc sanitizers memory races valgrind clang unity consumers port "
steps=" ${*:-$known} "
for step in $steps; do
    [[ $known == *" $step "* ]] || { echo "unknown step: $step; the steps are$known" >&2; exit 2; }
done

say() { printf '== %s\n' "$*"; }
note() { notes+=("$*"); }
has() { command -v "$1" >/dev/null 2>&1; }
wanted() { [[ $steps == *" $1 "* ]]; }

finish() {
    for text in "${notes[@]:-}"; do
        [ -z "$text" ] || echo "   $text"
    done
    echo "$passed passed, $failed failed"
    exit $((failed != 0))
}

# ---- tools -------------------------------------------------------------------------------------

apt() {
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        has sudo || return 1
        sudo=(sudo)
    fi
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "$@" >>"$out/install.log" 2>&1
}

links_with() { # compiler, flags: whether a program can be built that way
    echo 'int main(void) { return 0; }' >"$out/probe.c"
    "$@" "$out/probe.c" -o "$out/probe" >/dev/null 2>&1
}

missing_packages() { # lines: `need package` or `like package`
    has gcc || echo need gcc
    links_with cc || echo need libc6-dev
    has meson || echo need meson
    has ninja || echo need ninja-build
    has pkg-config || echo need pkg-config
    has python3 || echo need python3
    pkg-config --exists cmocka 2>/dev/null || echo need libcmocka-dev
    pkg-config --exists jansson 2>/dev/null || echo need libjansson-dev
    pkg-config --exists sqlite3 2>/dev/null || echo need libsqlite3-dev
    [ -e /usr/share/zoneinfo/Europe/Paris ] || echo need tzdata # zones of the sla vectors
    has g++ || echo like g++
    has clang || echo like clang
    has valgrind || echo like valgrind
    has abidiff || echo like abigail-tools
    has luajit || echo like luajit
    has xz || echo like xz-utils
    /usr/bin/python3 -c 'import cffi' 2>/dev/null || echo like python3-cffi
    wanted port || return
    has musl-gcc || echo like musl-tools
    has qemu-s390x || echo like qemu-user
    has s390x-linux-gnu-gcc || echo like gcc-s390x-linux-gnu
    links_with s390x-linux-gnu-gcc -static || echo like libc6-dev-s390x-cross
    has i686-linux-gnu-gcc || echo like gcc-i686-linux-gnu
    links_with i686-linux-gnu-gcc -static || echo like libc6-dev-i386-cross
}

install_packages() {
    local rows need like package
    rows=$(missing_packages)
    [ -n "$rows" ] || return
    need=$(awk '$1 == "need" {print $2}' <<<"$rows" | tr '\n' ' ')
    like=$(awk '$1 == "like" {print $2}' <<<"$rows" | tr '\n' ' ')
    say "missing: $need$like"
    if [ -n "${CSQ_NO_INSTALL:-}" ] || ! has apt-get; then
        echo "   not installing; install these with your package manager"
        return
    fi
    if ! apt update; then
        echo "   apt-get does not work here (root or sudo is needed; see build-run/install.log):"
        echo "   apt-get install $need$like"
        return
    fi
    # One by one where a package may be unknown to a distribution: the others still come.
    # shellcheck disable=SC2086
    [ -z "$need" ] || apt install -y --no-install-recommends $need ||
        echo "   could not install: $need(see build-run/install.log)"
    for package in $like; do
        apt install -y --no-install-recommends "$package" || note "not installed: $package"
    done
}

install_sanitizer_runtime() {
    has clang && ! links_with clang -fsanitize=address,undefined && [ -z "${CSQ_NO_INSTALL:-}" ] ||
        return
    local version
    version=$(clang -dumpversion | cut -d. -f1)
    apt install -y --no-install-recommends "libclang-rt-$version-dev" ||
        apt install -y --no-install-recommends "libclang-common-$version-dev"
}

# Distributions with an older Meson get one from the Python package index, in build-run/ only.
newer_meson() {
    local found
    found=$(meson --version 2>/dev/null || echo 0)
    [ "$(printf '1.0.1\n%s\n' "$found" | sort -V | head -n 1)" = 1.0.1 ] && return
    say "Meson $found is older than 1.0.1: fetching one into build-run/venv"
    [ -n "${CSQ_NO_INSTALL:-}" ] || apt install -y --no-install-recommends python3-venv
    /usr/bin/python3 -m venv --system-site-packages "$out/venv" &&
        "$out/venv/bin/pip" install -q 'meson>=1.0.1' >>"$out/install.log" 2>&1 &&
        PATH=$out/venv/bin:$PATH
}

check_tools() {
    local tool
    for tool in gcc meson ninja pkg-config python3; do
        if ! has "$tool"; then
            echo "$tool is missing: cannot go on"
            failed=$((failed + 1))
            finish
        fi
    done
}

# ---- steps -------------------------------------------------------------------------------------

fail() {
    echo "   FAILED: $1"
    failed=$((failed + 1))
}

build() { # name, options: configures and compiles; fails with the end of the log
    local name=$1
    shift
    if ! meson setup "$out/$name" "$root" --werror -Dtests=enabled "$@" >"$out/$name.log" 2>&1 ||
        ! ninja -C "$out/$name" >>"$out/$name.log" 2>&1; then
        grep -E 'error:|undefined reference|ERROR:' "$out/$name.log" | head -n 10
        fail "$name does not build, see build-run/$name.log"
        return 1
    fi
}

tests() { # name, log, options of meson test: runs and counts
    local name=$1 log=$2 counts
    shift 2
    meson test -C "$out/$name" --no-rebuild --logbase "$log" "$@" >"$out/$name-$log.log" 2>&1
    grep -E '^ *[0-9]+/[0-9]+ .* (FAIL|TIMEOUT|ERROR|SKIP|INTERRUPT)' "$out/$name-$log.log"
    local json
    json=$(find "$out/$name/meson-logs" -name "$log*.json" | head -n 1)
    if [ -z "$json" ]; then
        fail "$name: the tests did not run, see build-run/$name-$log.log"
        return
    fi
    counts=$(python3 "$root/tests/count_results.py" "$json")
    read -r good bad skipped <<<"$counts"
    passed=$((passed + good))
    failed=$((failed + bad))
    [ "$bad" = 0 ] || echo "   see $json"
    [ "$skipped" = 0 ] || note "$name: $skipped skipped"
    echo "   $good passed, $bad failed"
}

script() { # counts the PASS, FAIL and SKIP lines of a command
    local lines
    lines=$("$@" | grep -E '^(PASS|FAIL|SKIP)')
    [ -n "$lines" ] || lines="FAIL $1 says nothing"
    grep -v ^SKIP <<<"$lines"
    passed=$((passed + $(grep -c ^PASS <<<"$lines")))
    failed=$((failed + $(grep -c ^FAIL <<<"$lines")))
    while read -r line; do
        [ -z "$line" ] || note "$line"
    done <<<"$(grep ^SKIP <<<"$lines")"
}

step_gcc() {
    CC=gcc build gcc --prefix="$out/prefix" && tests gcc all
}

step_sanitizers() {
    if ! links_with clang -fsanitize=address,undefined; then
        note "not run: sanitizers (clang or its runtime is missing)"
        return
    fi
    export ASAN_OPTIONS=handle_segv=2:detect_leaks=1:strict_string_checks=1
    export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    # Leak detection traces its own process, which some containers forbid.
    if clang -fsanitize=address "$out/probe.c" -o "$out/probe" && ! "$out/probe" 2>/dev/null; then
        ASAN_OPTIONS+=:detect_leaks=0
        note "sanitizers: no leak detection here (tracing is forbidden); valgrind does it"
    fi
    CC=clang build sanitizers -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args=-fno-sanitize-recover=all && tests sanitizers all --timeout-multiplier=4
    unset ASAN_OPTIONS UBSAN_OPTIONS
}

# Reads of memory that nobody wrote.
step_memory() {
    if ! links_with clang -fsanitize=memory; then
        note "not run: memory (clang or its runtime is missing)"
        return
    fi
    CC=clang build memory -Db_sanitize=memory -Db_lundef=false -Dexamples=disabled \
        -Dc_args=-fno-sanitize-recover=all &&
        tests memory all --suite unit --suite oom --timeout-multiplier=4
}

# What two threads may share: ThreadSanitizer over the test that does it.
step_races() {
    if ! links_with clang -fsanitize=thread || ! "$out/probe"; then
        note "not run: races (clang or its runtime is missing, or does not run here)"
        return
    fi
    if CC=clang meson setup "$out/races" "$root" --werror -Dtests=enabled -Dexamples=disabled \
        -Db_sanitize=thread -Db_lundef=false >"$out/races.log" 2>&1 &&
        ninja -C "$out/races" tests/test_threads >>"$out/races.log" 2>&1; then
        tests races all test_threads
    else
        fail "races does not build, see build-run/races.log"
    fi
}

step_valgrind() {
    if ! has valgrind; then
        note "not run: valgrind (missing)"
        return
    fi
    [ -d "$out/gcc" ] || CC=gcc build gcc --prefix="$out/prefix" || return
    tests gcc valgrind --suite unit --suite oom --timeout-multiplier=20 \
        --wrap='valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=all'
}

step_clang() {
    if ! has clang; then
        note "not run: clang (missing)"
        return
    fi
    CC=clang build clang --buildtype=release && tests clang all --suite unit --suite gates
}

step_unity() {
    CC=gcc build unity --unity=on --unity-size=1000 -Dexamples=disabled &&
        tests unity all --suite unit --suite gates
}

step_consumers() {
    [ -d "$out/gcc" ] || CC=gcc build gcc --prefix="$out/consumers/prefix" || return
    mkdir -p "$out/consumers"
    meson configure "$out/gcc" --prefix="$out/consumers/prefix" >/dev/null
    ninja -C "$out/gcc" >>"$out/gcc.log" 2>&1
    script "$root/tests/consumer/run.sh" "$out/gcc" "$out/consumers"
}

step_port() {
    script "$root/tests/port/run.sh" "$out/port"
}

# ---- all ---------------------------------------------------------------------------------------

rm -rf "$out"
mkdir -p "$out"
install_packages
install_sanitizer_runtime
newer_meson
check_tools
for step in $known; do
    if wanted "$step"; then
        say "$step"
        started=$SECONDS
        "step_$step"
        echo "   $((SECONDS - started)) s"
    fi
done
finish
