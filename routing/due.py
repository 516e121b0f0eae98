"""Due: when a case is to be settled - so many hours or days from now, of the clock's or of the office's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from routing.hours import SEARCH_DAYS_MAX, Calendar, first_instant

Span = tuple[datetime, datetime]


class Unit(StrEnum):
    """What is counted."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"


@dataclass(frozen=True, slots=True)
class Due:
    """So much time for a case. Working hours and days are those of the `calendar`, and need one.

    Hours count from the moment itself. Days end on the wall clock of the calendar's zone (UTC without one): `2 days` at
    the same time two days on, `2 working days` when the office closes on the second day, after today, on which it
    opens.
    """

    amount: int
    unit: Unit
    calendar: Calendar | None = None

    def after(self, now: datetime) -> datetime | None:
        """When a case that is taken up `now` is due (UTC); None if the office is not open that long any more."""
        match self.unit:
            case Unit.HOURS:
                return now.astimezone(UTC) + timedelta(hours=self.amount)
            case Unit.DAYS:
                local = now.astimezone(self._zone)
                return first_instant(local.date() + timedelta(days=self.amount), _wall(local), self._zone)
            case Unit.WORKING_HOURS:
                return self._open_for(now, timedelta(hours=self.amount))
        return self._nth_working_day(now)

    def resumed(self, due_at: datetime, since: datetime, now: datetime) -> datetime:
        """When it is due if the clock has stood from `since` till `now`: what was left then is left now."""
        if due_at <= since:
            return due_at
        if self.unit in (Unit.HOURS, Unit.DAYS) or self.calendar is None:
            return due_at + (now - since)
        left = sum((min(end, due_at) - max(start, since) for start, end in self._spans(since, due_at)), timedelta())
        return self._open_for(now, left) or due_at + (now - since)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.calendar.timezone if self.calendar else "UTC")

    def _open_for(self, now: datetime, left: timedelta) -> datetime | None:
        for start, end in self._spans(now):
            start = max(start, now)
            if end - start >= left:
                return start.astimezone(UTC) + left
            left -= end - start
        return None

    def _nth_working_day(self, now: datetime) -> datetime | None:
        today, found, last = now.astimezone(self._zone).date(), 0, None
        day: date | None = None
        for start, end in self._spans(now):
            its = start.astimezone(self._zone).date()
            if its != day and found == self.amount:
                break
            if its > today and its != day:
                found += 1
            day, last = its, end
        return last.astimezone(UTC) if last and found == self.amount else None

    def _spans(self, since: datetime, until: datetime | None = None) -> Iterator[Span]:
        """The times when somebody is there, parts of which lie after `since` and before `until`."""
        if self.calendar is None:
            return
        first, reached = since.astimezone(self._zone).date() - timedelta(days=1), since
        for n in range(SEARCH_DAYS_MAX + self.amount * 7):
            for start, end in self.calendar.spans(first + timedelta(days=n)):
                if until is not None and start >= until:
                    return
                if end > reached:
                    yield max(start, reached), end
                    reached = end


def _wall(local: datetime) -> time:
    return local.time().replace(fold=0)
