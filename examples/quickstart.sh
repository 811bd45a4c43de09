#!/bin/sh
# quickstart.sh — from a fresh machine to service-level clocks on a real incident log.
#
# Installs what is missing (Debian, Ubuntu), builds libcsq and the service desk example into
# build-quickstart/, imports the bundled log into a temporary database, prints the report, explains
# one incident, and shows what was due one day in March 2016 and what to work on first. Run it from
# anywhere, as often as you like.
#
# usage: examples/quickstart.sh [INCIDENT]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$root/build-quickstart
incident=${1:-0008249}
day='2016-03-18 16:00'

say() {
    printf '%s\n' "quickstart: $*" >&2
}

fail() {
    say "$@"
    exit 1
}

case $incident in
-*)
    sed -n '2,10s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
esac

# ---- what is needed -----------------------------------------------------------------------------

missing_packages() {
    command -v meson >/dev/null || printf ' meson'
    command -v ninja >/dev/null || printf ' ninja-build'
    command -v cc >/dev/null || printf ' gcc libc6-dev'
    command -v pkg-config >/dev/null || printf ' pkg-config'
    pkg-config --exists sqlite3 2>/dev/null || printf ' libsqlite3-dev'
}

install_packages() {
    command -v apt-get >/dev/null ||
        fail "please install (names of Debian):$1, and run this again"
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            fail "please run as root: apt-get install$1, and run this again"
        as_root=sudo
    fi
    say "installing$1"
    # The names are split into words on purpose.
    # shellcheck disable=SC2086
    $as_root apt-get update -qq >&2 &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends $1 >&2 ||
        fail "the packages could not be installed; please install:$1, and run this again"
}

packages=$(missing_packages)
if [ -n "$packages" ]; then
    install_packages "$packages"
    packages=$(missing_packages)
    [ -z "$packages" ] || fail "still missing:$packages"
fi

meson_version=$(meson --version)
if [ "$(printf '%s\n' 1.0.1 "$meson_version" | sort -V | head -n 1)" != 1.0.1 ]; then
    fail "Meson $meson_version is too old, 1.0.1 is needed (Debian 12, Ubuntu 23.04; else:" \
        "pipx install meson)"
fi

# ---- build --------------------------------------------------------------------------------------

log=$(mktemp)
work=$(mktemp -d)
trap 'rm -rf "$log" "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

quietly() {
    "$@" >"$log" 2>&1 || {
        cat "$log" >&2
        fail "this failed: $*"
    }
}

say "building in $build"
if [ ! -f "$build/build.ninja" ]; then
    rm -rf "$build"
    quietly meson setup "$build" "$root" --buildtype=release -Dtests=disabled -Dexamples=enabled
fi
quietly ninja -C "$build"

# ---- run ----------------------------------------------------------------------------------------

desk=$build/examples/service_desk/service_desk
data=$root/examples/data

"$desk" "$work/desk.db" import "$data/incidents.csv" --rules "$data/servicenow.rules.json"
printf '\n'
"$desk" "$work/desk.db" report
printf '\n'
"$desk" "$work/desk.db" explain "$incident"
printf '\n'
"$desk" "$work/desk.db" watch --now "$day" --next 4
printf '\n'
"$desk" "$work/desk.db" rank --metric resolution --now "$day" --top 6
