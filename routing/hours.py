"""Calendar: when an office is open - its week, public holidays and exceptions, in its own time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SEARCH_DAYS_MAX = 400  # an office that opens less than once in this time is closed for good

Hours = tuple[tuple[time, time], ...]
"""Opening times of one day as (opens, closes); closing at 00:00 means the end of that day."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country (ISO 3166-1, `DE`) or of a part of it (`BE` for Berlin)."""

    country: str
    subdivision: str | None = None

    def name(self, day: date) -> str | None:
        """What is celebrated on `day` in the country's own language, or None."""
        return _holidays_of_year(self.country, self.subdivision, day.year).get(day)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours of one office.

    `week` counts from 0 = Monday; a day not named is closed. `exceptions` win over holidays, holidays over the week.
    Hours begin and end when the clock on the wall shows them for the first time: an hour skipped in spring is over when
    it would begin, and one repeated in autumn counts once.
    """

    name: str
    timezone: str
    week: Mapping[int, Hours]
    holidays: PublicHolidays | None
    exceptions: Mapping[date, Hours]

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there at `now` (aware)."""
        today = self._local(now).date()
        nearby = (today + timedelta(days=n) for n in (-1, 0, 1))
        return any(opens <= now < closes for day in nearby for opens, closes in self._spans(day))

    def next_open(self, now: datetime) -> datetime | None:
        """The next moment somebody is there, in the office's own time; `now` itself if open, None if never again."""
        if self.is_open(now):
            return self._local(now)
        today = self._local(now).date()
        for n in range(-1, SEARCH_DAYS_MAX):
            starts = [opens for opens, _ in self._spans(today + timedelta(days=n)) if opens > now]
            if starts:
                return self._local(min(starts))
        return None

    def why_closed(self, now: datetime) -> str | None:
        """None when open; else the holiday's name, `exception` or `outside hours`."""
        if self.is_open(now):
            return None
        today = self._local(now).date()
        if today in self.exceptions:
            return "exception"
        return (self.holidays and self.holidays.name(today)) or "outside hours"

    def hours_on(self, day: date) -> Hours:
        """The opening times of one day, after exceptions and holidays."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.holidays and self.holidays.name(day):
            return ()
        return self.week.get(day.weekday(), ())

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.timezone))

    def _spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.timezone)
        for opens, closes in self.hours_on(day):
            last = day + timedelta(days=1) if closes == time(0) else day
            start, end = first_instant(day, opens, zone), first_instant(last, closes, zone)
            if start < end:  # not when daylight saving swallowed all of it
                yield start, end


def first_instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the clock in `zone` shows `wall` on `day`, or has just jumped over it."""
    naive = datetime.combine(day, wall)
    late = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == naive:
        return late
    # In a gap: fold=0 lies after the jump, fold=1 before it, so halve the span between them down to the jump.
    early = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < naive:
            early = middle
        else:
            late = middle
    return late


@lru_cache(maxsize=256)
def _holidays_of_year(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    import holidays  # slow to import; only hotlines with holidays pay for it

    own_language = holidays.country_holidays(country).default_language  # else the machine's settings would choose
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=year, language=own_language))
