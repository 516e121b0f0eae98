"""Calendar: when an office is open - its week, seasons, public holidays, exceptions and closings, in its time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SEARCH_DAYS_MAX = 400  # an office that opens less than once in this time is closed for good

Hours = tuple[tuple[time, time], ...]
"""Opening times of one day as (opens, closes); closing at 00:00 means the end of that day, and closing at or before the
time of opening that time on the next day."""

YearDay = tuple[int | None, int, int]
"""A day as (year, month, day); year None: of every year."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country (ISO 3166-1, `DE`) or of a part of it (`BE` for Berlin)."""

    country: str
    subdivision: str | None = None

    def name(self, day: date) -> str | None:
        """What is celebrated on `day` in the country's own language, or None."""
        return _holidays_of_year(self.country, self.subdivision, day.year).get(day)


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the year, both days included, with a week of its own; `05-01` to `09-30`, or `12-20` to `01-06`."""

    first: YearDay
    last: YearDay
    week: Mapping[int, Hours]

    def __contains__(self, day: date) -> bool:
        if self.first[0] is not None and self.last[0] is not None:
            return self.first <= (day.year, day.month, day.day) <= self.last
        first, last, today = self.first[1:], self.last[1:], (day.month, day.day)
        return first <= today <= last if first <= last else today >= first or today <= last


@dataclass(frozen=True, slots=True)
class Closing:
    """A time when the office is closed once, from and until what the clock on its wall shows (naive)."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours of one office.

    `week` counts from 0 = Monday; a day not named is closed. Closings win over exceptions, exceptions over holidays,
    holidays over the first period that holds the day, periods over the week. Hours that pass midnight belong to the
    day on which they begin. Hours begin and end when the clock on the wall shows them for the first time: an hour
    skipped in spring is over when it would begin, and one repeated in autumn counts once.
    """

    name: str
    timezone: str
    week: Mapping[int, Hours]
    holidays: PublicHolidays | None
    exceptions: Mapping[date, Hours]
    periods: tuple[Period, ...] = ()
    closings: tuple[Closing, ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there at `now` (aware)."""
        today = self._local(now).date()
        nearby = (today + timedelta(days=n) for n in (-1, 0, 1))
        return any(opens <= now < closes for day in nearby for opens, closes in self.spans(day))

    def next_open(self, now: datetime) -> datetime | None:
        """The next moment somebody is there, in the office's own time; `now` itself if open, None if never again."""
        if self.is_open(now):
            return self._local(now)
        today = self._local(now).date()
        for n in range(-1, SEARCH_DAYS_MAX):
            days = (today + timedelta(days=n), today + timedelta(days=n + 1))  # a closing may part a night's hours
            starts = [opens for day in days for opens, _ in self.spans(day) if opens > now]
            if starts:
                return self._local(min(starts))
        return None

    def closes_at(self, now: datetime) -> datetime | None:
        """When those who are there at `now` go (UTC), hours that follow at once counted in; None if nobody is there.

        Who is there for days on end goes, as far as this says, in a day or two.
        """
        today, until = self._local(now).date(), None
        for opens, closes in sorted(span for n in (-1, 0, 1) for span in self.spans(today + timedelta(days=n))):
            if opens <= (until or now) < closes:
                until = closes
        return until.astimezone(UTC) if until else None

    def why_closed(self, now: datetime) -> str | None:
        """None when open; else the holiday's name, `closing`, `exception` or `outside hours`."""
        if self.is_open(now):
            return None
        if any(first <= now < last for first, last in self._closed_once()):
            return "closing"
        today = self._local(now).date()
        if today in self.exceptions:
            return "exception"
        return (self.holidays and self.holidays.name(today)) or "outside hours"

    def is_holiday(self, now: datetime) -> bool:
        """Whether it is a public holiday on which nobody is there at `now`."""
        day = self._local(now).date()
        return self.holidays is not None and self.holidays.name(day) is not None and not self.is_open(now)

    def hours_on(self, day: date) -> Hours:
        """The opening times of one day, after exceptions and holidays."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.holidays and self.holidays.name(day):
            return ()
        week = next((period.week for period in self.periods if day in period), self.week)
        return week.get(day.weekday(), ())

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.timezone))

    def spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """When somebody is there in the hours that begin on `day` (UTC), after all closings."""
        zone = ZoneInfo(self.timezone)
        for opens, closes in self.hours_on(day):
            last = day + timedelta(days=1) if closes <= opens else day
            start, end = first_instant(day, opens, zone), first_instant(last, closes, zone)
            for first, until in self._closed_once():  # what is left of it before and after each closing
                if first <= start < until:
                    start = until
                elif start < first < end:
                    yield start, first
                    start = max(until, start)
            if start < end:  # not when daylight saving swallowed all of it
                yield start, end

    def _closed_once(self) -> list[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.timezone)
        return sorted(
            (first_instant(it.first.date(), it.first.time(), zone), first_instant(it.last.date(), it.last.time(), zone))
            for it in self.closings
        )


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
