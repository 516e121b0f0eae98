"""Calendar changes: from when to when somebody is there on which days, before and now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from ivr.menu import tree as t
from ivr.view.facts import Plain
from ivr.view.plan.change import Change, Day, Days, Phrase, Subject, Times
from routing.hours import Calendar, Hours

DAYS_AHEAD = 366
"""So far ahead single days are compared: a year, with every holiday in it."""

DAYS_TOLD_MAX = 20
"""More single days than this are counted, not told one by one."""


def hours_changes(old: t.Tree, new: t.Tree, today: date) -> Iterator[Change]:
    """The changes of every calendar, as they show from `today` on."""
    for name in dict.fromkeys((*new.hours, *old.hours)):
        subject = Subject("hours", name)
        if name not in old.hours:
            yield Change("+", subject, Phrase("plan.hours.added"))
        elif name not in new.hours:
            yield Change("-", subject, Phrase("plan.hours.removed"))
        elif old.hours[name] != new.hours[name]:
            yield from _calendar(subject, old.hours[name], new.hours[name], today)


def _calendar(subject: Subject, old: Calendar, new: Calendar, today: date) -> Iterator[Change]:
    if old.timezone != new.timezone:
        values = {"old": Plain(old.timezone), "new": Plain(new.timezone)}
        yield Change("~", subject, Phrase("plan.hours.timezone", values))
    yield from _week(subject, old, new)
    days = [today + timedelta(days=n) for n in range(DAYS_AHEAD)]
    single = [day for day in days if _differs_by_itself(old, new, day)]
    for day in single[:DAYS_TOLD_MAX]:
        values = {"day": Day(day), "old": _times(old, day), "new": _times(new, day)}
        yield Change("~", subject, Phrase("plan.hours.day", values))
    if len(single) > DAYS_TOLD_MAX:
        yield Change("~", subject, Phrase("plan.hours.more_days", {}, len(single) - DAYS_TOLD_MAX))
    for closing in new.closings:
        if closing not in old.closings:
            yield Change("+", subject, Phrase("plan.hours.closing.added", _moments(closing.first, closing.last)))
    for closing in old.closings:
        if closing not in new.closings:
            yield Change("-", subject, Phrase("plan.hours.closing.removed", _moments(closing.first, closing.last)))


def _times(calendar: Calendar, day: date) -> Times:
    return Times(calendar.hours_on(day), calendar.holidays.name(day) if calendar.holidays else None)


def _moments(first: object, last: object) -> dict[str, str]:
    return {"first": f"{first:%Y-%m-%d %H:%M}", "last": f"{last:%Y-%m-%d %H:%M}"}


def _week(subject: Subject, old: Calendar, new: Calendar) -> Iterator[Change]:
    def both(day: int) -> tuple[Hours, Hours]:
        return old.week.get(day, ()), new.week.get(day, ())

    for (was, now), group in groupby(range(7), both):
        if was != now:
            days = list(group)
            values = {"days": Days(days[0], days[-1]), "old": Times(was), "new": Times(now)}
            yield Change("~", subject, Phrase("plan.hours.week", values))


def _differs_by_itself(old: Calendar, new: Calendar, day: date) -> bool:
    """Whether a day has other hours than before for another reason than that its weekday has."""
    was, now = old.hours_on(day), new.hours_on(day)
    weekday = day.weekday()
    return was != now and (was, now) != (old.week.get(weekday, ()), new.week.get(weekday, ()))
