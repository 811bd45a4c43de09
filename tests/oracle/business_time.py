"""business_time — open time of a calendar of the vectors, the slow and obvious way.

    Calendar(definition, zones)   one calendar of a case (see tests/vectors/sla/README.md)
    Always(zone name, zones)      the calendar of which every second is open
    Zones(folder)                 zones from TZif files, else from the system

Each local date is turned into its windows, one date after the other, and every query walks over
the dates. Nothing here is shared with, or modelled on, the library that it checks.
"""

import datetime
import functools
import zoneinfo

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)
DAY = datetime.timedelta(days=1)
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS_AHEAD = 60


def parse_instant(text):
    """Unix seconds of `YYYY-MM-DDTHH:MM:SSZ`."""
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return (moment - EPOCH) // datetime.timedelta(seconds=1)


def show_instant(seconds):
    """The text of an instant, None of None."""
    if seconds is None:
        return None
    return (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of_day(text):
    """Seconds since midnight of HH:MM, 24:00 included."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


class Zones:
    """Zones by name, from the TZif files of a folder where it has them."""

    def __init__(self, folder=None):
        self.folder = folder
        self.known = {}

    def find(self, name):
        """The zone of this name."""
        if name not in self.known:
            path = self.folder / name if self.folder else None
            if path and path.exists():
                with path.open("rb") as file:
                    self.known[name] = zoneinfo.ZoneInfo.from_file(file, key=name)
            else:
                self.known[name] = zoneinfo.ZoneInfo(name)
        return self.known[name]


def instant_of_wall(zone, wall):
    """The first instant at which the clock of `zone` reads `wall` (naive) or later."""

    def reads(seconds):
        moment = EPOCH + datetime.timedelta(seconds=seconds)
        return moment.astimezone(zone).replace(tzinfo=None)

    early = wall.replace(tzinfo=zone, fold=0)
    first = (early.astimezone(UTC) - EPOCH) // datetime.timedelta(seconds=1)
    if reads(first) == wall:
        return first
    # The clock skips `wall`: the jump is the first instant that reads something later.
    low, high = first - 2 * 86400, first
    while high - low > 1:
        middle = (low + high) // 2
        if reads(middle) >= wall:
            high = middle
        else:
            low = middle
    return high


def cut_out(windows, start, end):
    """The windows without [start, end)."""
    kept = []
    for left, right in windows:
        kept.append((left, min(right, start)))
        kept.append((max(left, end), right))
    return [(left, right) for left, right in kept if left < right]


class Calendar:
    """Open time of one calendar."""

    def __init__(self, definition, zones):
        self.zone = zones.find(definition["tz"])
        self.weekly = definition.get("weekly", {})
        self.overrides = definition.get("overrides", {})
        self.closed_dates = set()
        self.closed_parts = {}
        for holiday in definition.get("holidays", []):
            if isinstance(holiday, str):
                self.closed_dates.add(holiday)
            else:
                self.closed_parts.setdefault(holiday["date"], []).append(holiday)
        self.has_weekly = any(self.weekly.values())
        self.last_override = max(self.overrides, default="")
        self.windows = functools.lru_cache(maxsize=None)(self.windows_of_date)

    def is_empty(self):
        """Whether no window is written anywhere."""
        return not self.has_weekly and not any(self.overrides.values())

    def local_date(self, instant):
        """The date that the calendar's own clock shows."""
        return self.local(instant).date()

    def local(self, instant):
        """What the calendar's own clock shows."""
        return (EPOCH + datetime.timedelta(seconds=instant)).astimezone(self.zone)

    def windows_of_date(self, date):
        """[(from, to)] in Unix seconds, in order."""
        key = date.isoformat()
        if key in self.closed_dates:
            return []
        texts = self.overrides.get(key)
        if texts is None:
            texts = self.weekly.get(DAY_NAMES[date.weekday()], [])
        spans = [(seconds_of_day(left), seconds_of_day(right)) for left, right in texts]
        for part in self.closed_parts.get(key, []):
            spans = cut_out(spans, seconds_of_day(part["from"]), seconds_of_day(part["to"]))
        spans = [(self.instant(date, left), self.instant(date, right)) for left, right in spans]
        return [(left, right) for left, right in spans if left < right]

    def instant(self, date, seconds):
        """The instant of a wall time of a date, given in seconds since its midnight."""
        midnight = datetime.datetime.combine(date, datetime.time())
        return instant_of_wall(self.zone, midnight + datetime.timedelta(seconds=seconds))

    def dates_from(self, date, step):
        """Dates from `date` on, in steps of a day, as far as anything can be open."""
        for _ in range(366 * YEARS_AHEAD):
            past = date.isoformat() > self.last_override if step > 0 else date.year < 1971
            if past and not (self.has_weekly and step > 0):
                return
            yield date
            date += step * DAY

    def measure(self, start, end):
        """Open seconds in [start, end)."""
        date = self.local_date(start) - DAY
        last = self.local_date(end) + DAY
        total = 0
        while date <= last and start < end:
            for left, right in self.windows(date):
                total += max(0, min(right, end) - max(left, start))
            date += DAY
        return total

    def is_open(self, instant):
        """Whether the instant lies in an open window."""
        return self.measure(instant, instant + 1) == 1

    def next_open(self, instant):
        """The smallest open instant at or after this one, or None."""
        for date in self.dates_from(self.local_date(instant) - DAY, 1):
            for left, right in self.windows(date):
                if right > instant:
                    return max(left, instant)
        return None

    def forward(self, start, seconds):
        """The earliest instant with this much open time since `start`, or None."""
        if seconds <= 0:
            return start
        for date in self.dates_from(self.local_date(start) - DAY, 1):
            for left, right in self.windows(date):
                left = max(left, start)
                if right - left >= seconds:
                    return left + seconds
                seconds -= max(0, right - left)
        return None

    def backward(self, end, seconds):
        """The latest instant from which there is this much open time to `end`, or None."""
        if seconds <= 0:
            return end
        for date in self.dates_from(self.local_date(end) + DAY, -1):
            for left, right in reversed(self.windows(date)):
                right = min(right, end)
                if right - left >= seconds:
                    return right - seconds
                seconds -= max(0, right - left)
        return None

    def working_day(self, date, count):
        """The date `count` working days after (or, negative, before) `date`, or None."""
        step = 1 if count > 0 else -1
        left = abs(count)
        for other in self.dates_from(date + step * DAY, step):
            if self.windows(other):
                left -= 1
                if left == 0:
                    return other
        return None


class Always(Calendar):
    """Every second is open."""

    def __init__(self, zone_name, zones):
        super().__init__({"tz": zone_name, "weekly": {}}, zones)
        self.weekly = {name: [["00:00", "24:00"]] for name in DAY_NAMES}
        self.has_weekly = True
