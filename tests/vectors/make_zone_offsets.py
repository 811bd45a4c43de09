#!/usr/bin/env python3
"""make_zone_offsets — writes zone_offsets.tsv: what Python's zoneinfo says about the committed zones.

    python3 tests/vectors/make_zone_offsets.py > tests/vectors/zone_offsets.tsv

Reads the TZif bytes of calendar/tz/{fat,slim} (never the system's zones), standard library only.
A row: files (fat, slim or both), zone, Unix seconds, offset in seconds, abbreviation. Rows are the
second before and the second of changes: all of 1995-2040 and every fourth before, those of the
footer in 2099, and random instants (seeded) of 1900-2200. From 1995 on fat and slim must agree.
"""
import datetime
import io
import pathlib
import random
import struct
import zoneinfo

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
ROOT = pathlib.Path(__file__).parent / "calendar" / "tz"


def seconds(year):
    return int((datetime.datetime(year, 1, 1, tzinfo=UTC) - EPOCH).total_seconds())


def transitions(data):
    """The transition times of the 64-bit block (RFC 9636, section 3)."""
    isut, isstd, leap, time, kind, char = struct.unpack(">6l", data[20:44])
    second = 44 + time * 5 + kind * 6 + char + leap * 8 + isstd + isut
    time = struct.unpack(">6l", data[second + 20:second + 44])[3]
    return struct.unpack(f">{time}q", data[second + 44:second + 44 + 8 * time])


def shown(zone, at):
    local = (EPOCH + datetime.timedelta(seconds=at)).astimezone(zone)
    return int(local.utcoffset().total_seconds()), local.tzname()


def footer_changes(zone, year):
    """The instants of a year at which the clock changes, by bisection between weeks."""
    found = []
    weeks = range(seconds(year), seconds(year + 1), 7 * 86400)
    for low, high in zip(weeks, weeks[1:]):
        if shown(zone, low) == shown(zone, high):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if shown(zone, middle) == shown(zone, low):
                low = middle
            else:
                high = middle
        found.append(high)
    return found


def main():
    print("# files\tzone\tat_s\toffset_s\tabbreviation; made by make_zone_offsets.py, not by hand")
    for path in sorted((ROOT / "fat").rglob("*")):
        if path.is_dir():
            continue
        name = str(path.relative_to(ROOT / "fat"))
        fat, slim = path.read_bytes(), (ROOT / "slim" / name).read_bytes()
        fat_zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(fat), name)
        slim_zone = zoneinfo.ZoneInfo.from_file(io.BytesIO(slim), name)
        draw = random.Random(name)
        changes = [at for at in transitions(fat) if at > seconds(1800)]
        old = [at for at in changes if at < seconds(1995)][::4]
        new = [at for at in changes if seconds(1995) <= at < seconds(2040)]
        instants = {draw.randrange(seconds(1900), seconds(2200)) for _ in range(12)}
        for at in old + new + footer_changes(fat_zone, 2099):
            instants |= {at - 1, at}
        for at in sorted(instants):
            in_fat, in_slim = shown(fat_zone, at), shown(slim_zone, at)
            assert in_fat == in_slim or at < seconds(1995), (name, at)
            rows = [("both", in_fat)] if in_fat == in_slim else [("fat", in_fat), ("slim", in_slim)]
            for files, (offset, abbreviation) in rows:
                print(f"{files}\t{name}\t{at}\t{offset}\t{abbreviation}")


if __name__ == "__main__":
    main()
