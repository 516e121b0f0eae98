"""Days: when somebody is there on each day, and why not as usual - holidays, exceptions, closings, clock changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from ivr.view.telling import day_text, tell
from ivr.view.week import hours_text, week_lines
from routing.hours import Calendar, Hours, first_instant

SPECIAL_ONLY_FROM = 32
"""From so many days on, only those that differ from the usual week are told."""

Span = tuple[datetime, datetime]
"""From when to when the clock on the office's wall says that somebody is there (naive)."""


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The night when the clock is put forward or back: what it would show, and what it shows."""

    before: time
    after: time


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a calendar. `minutes_more`: how much longer somebody is there than the clock on the wall tells."""

    date: date
    spans: tuple[Span, ...]
    usual: Hours
    holiday: str | None
    exception: bool
    period: bool
    closings: tuple[Span, ...]
    clock: ClockChange | None
    minutes_more: int

    @property
    def special(self) -> bool:
        """Whether it is not a day like every such weekday."""
        return bool(self.holiday or self.exception or self.period or self.closings or self.clock)


def days(calendar: Calendar, first: date, number: int) -> list[Day]:
    """So many days from the first on."""
    return [_day(calendar, first + timedelta(days=n)) for n in range(number)]


def hours_lines(calendar: Calendar, first: date, number: int, language: str, every: bool = False) -> Iterator[str]:
    """The usual week, and then the days; of many days only those that differ, unless `every`."""
    if number >= SPECIAL_ONLY_FROM and not every:
        week = week_lines(calendar, language)
        width = max(len(name) for name, _ in week)
        yield from (f"  {name:<{width}}  {times}" for name, times in week)
        special = [day for day in days(calendar, first, number) if day.special]
        yield tell("view.hours.only_special" if special else "view.hours.none_special", language)
        yield from (day_line(day, language) for day in special)
        return
    yield from (day_line(day, language) for day in days(calendar, first, number))


def day_line(day: Day, language: str) -> str:
    """`  Thu 2026-12-24  08:00–12:00   exception, usually 08:00–18:00`."""
    times = spans_text(day, language)
    notes = ", ".join(_notes(day, language))
    return f"  {day_text(day.date, language)}  {times:<13}  {notes}".rstrip()


def spans_text(day: Day, language: str) -> str:
    """The times of a day; those that end on the next day end with `+1`."""
    if not day.spans:
        return tell("view.hours.closed", language)
    return ", ".join(f"{first:%H:%M}–{_end(day.date, last)}" for first, last in day.spans)


def now_line(calendar: Calendar, now: datetime, language: str) -> str:
    """Whether somebody is there now, why not, and when next."""
    why = calendar.why_closed(now)
    if why is None:
        return tell("view.hours.now.open", language)
    opens = calendar.next_open(now)
    if opens is None:
        return tell("view.hours.now.never", language)
    known = {"outside hours": "outside", "exception": "exception", "closing": "closing"}
    reason = tell(f"view.hours.why.{known[why]}", language) if why in known else why
    return tell("view.hours.now.closed", language, why=reason, next=f"{day_text(opens.date(), language)} {opens:%H:%M}")


def _end(day: date, last: datetime) -> str:
    if last == datetime.combine(day + timedelta(days=1), time(0)):
        return "24:00"
    return f"{last:%H:%M}" + ("" if last.date() == day else " +1")


def _notes(day: Day, language: str) -> Iterator[str]:
    if day.holiday:
        yield day.holiday
    for name, applies in (("exception", day.exception), ("closing", bool(day.closings)), ("period", day.period)):
        if applies:
            yield tell(f"view.hours.why.{name}", language)
    usual = hours_text(day.usual, language)
    if spans_text(day, language) != usual:
        yield tell("view.hours.usually", language, hours=usual)
    if day.clock:
        before, after = f"{day.clock.before:%H:%M}", f"{day.clock.after:%H:%M}"
        yield tell("view.hours.clock", language, before=before, after=after)
    if day.minutes_more:
        key = "view.hours.clock.more" if day.minutes_more > 0 else "view.hours.clock.less"
        yield tell(key, language, n=abs(day.minutes_more))


def _day(calendar: Calendar, day: date) -> Day:
    zone = ZoneInfo(calendar.timezone)
    spans, closings = _spans(calendar, day)
    holiday = calendar.holidays.name(day) if calendar.holidays else None
    exception = day in calendar.exceptions
    return Day(
        day,
        spans,
        calendar.week.get(day.weekday(), ()),
        holiday,
        exception,
        not exception and not holiday and any(day in period for period in calendar.periods),
        closings,
        clock_change(day, zone),
        sum(_minutes_more(first, last, zone) for first, last in spans),
    )


def _spans(calendar: Calendar, day: date) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """What is left of the day's hours by its closings, and the closings that took something away."""
    spans: list[Span] = []
    for opens, closes in calendar.hours_on(day):
        first = datetime.combine(day, opens)
        spans.append((first, datetime.combine(day + timedelta(days=closes <= opens), closes)))
    took = []
    for closing in calendar.closings:
        left = [part for span in spans for part in _without(span, (closing.first, closing.last))]
        if left != spans:
            took.append((closing.first, closing.last))
            spans = left
    return tuple(spans), tuple(took)


def _without(span: Span, closing: Span) -> Iterator[Span]:
    parts = ((span[0], min(span[1], closing[0])), (max(span[0], closing[1]), span[1]))
    if closing[1] <= span[0] or span[1] <= closing[0]:
        yield span
    else:
        yield from (part for part in parts if part[0] < part[1])


def clock_change(day: date, zone: ZoneInfo) -> ClockChange | None:
    """The change of the clock on a day, if there is one."""
    start = datetime.combine(day, time(0), UTC) - timedelta(hours=15)
    moments = [start + timedelta(minutes=15 * n) for n in range(4 * 40)]
    for one, other in pairwise(moments):
        was, now = one.astimezone(zone).utcoffset(), other.astimezone(zone).utcoffset()
        if was is not None and was != now and other.astimezone(zone).date() == day:
            return ClockChange((other + was).time(), other.astimezone(zone).time())
    return None


def _minutes_more(first: datetime, last: datetime, zone: ZoneInfo) -> int:
    begins, ends = first_instant(first.date(), first.time(), zone), first_instant(last.date(), last.time(), zone)
    return int((ends - begins - (last - first)).total_seconds() // 60)
