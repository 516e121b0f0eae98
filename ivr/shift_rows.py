"""Shift rows: how each agent's time was spent, day by day, told by the events alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ivr.figures import midnight, next_midnight
from ivr.store import Tx
from routing.event import Event
from routing.figures import Spent, shift_figures
from routing.shifts import TELLING, Shift, shifts_of_events
from routing.store.tables import contacts, events

LOOK_BACK = timedelta(hours=36)
"""Whoever is logged in when a time begins has logged in, or done something, so long before it at most."""

DAYS_MAX = 92
"""Of one report: all events of these days are read for it."""

COLUMNS = {
    "day": "the day, where the hotline is",
    "agent": "the representative's name",
    "logged_in_s": "from logging in to logging out, in seconds",
    "paused_s": "of it on breaks",
    "available_s": "of it ready, with nothing live in hand",
    "offered_s": "of it being asked, or being connected",
    "talking_s": "of it in conversations, with holds",
    "wrap_up_s": "of it for notes after conversations",
    "occupancy": "(talking_s + wrap_up_s) / (logged_in_s - paused_s), from 0 to 1; empty for who was only on a break",
}
"""Every column with its meaning, in the order in which they stand."""


@dataclass(frozen=True, slots=True)
class Worked:
    """What one agent's time of a day, or of several, was spent on."""

    agent: str
    spent: Spent
    day: date | None = None

    @property
    def figures(self) -> dict[str, float | None]:
        """Every figure of agents' time by its name."""
        return shift_figures(self.spent)


def shifts(tx: Tx, since: datetime, until: datetime) -> dict[str, Shift]:
    """Each agent's shift as the events of this time tell it, up to now."""
    first = _first_seq(tx, since - LOOK_BACK)
    told = select(events).where(events.c.seq >= first, events.c.at < until, events.c.what.in_(sorted(TELLING)))
    found = [
        Event(row.at, row.about, row.what, row.fields) for row in tx.connection.execute(told.order_by(events.c.seq))
    ]
    here = {event.about for event in found if event.what == "entered"}
    before = {event.about for event in found if "offer" in event.fields} - here
    return shifts_of_events(found, min(until, tx.now), tx.floor.kinds, _kinds_of(tx, before))


def by_agent(found: Mapping[str, Shift], since: datetime, until: datetime) -> list[Worked]:
    """One row an agent who was logged in in this time, by name."""
    rows = [Worked(name, shift.within(since, until)) for name, shift in sorted(found.items())]
    return [row for row in rows if row.figures["logged_in"]]


def together(rows: list[Worked]) -> Worked:
    """The time of all of them."""
    spent: dict[Any, timedelta] = {}
    for row in rows:
        for state, length in row.spent.items():
            spent[state] = spent.get(state, timedelta()) + length
    return Worked("", spent)


def shift_rows(tx: Tx, zone: ZoneInfo, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
    """A row a day and agent, the first day first; without `since`, of as many days as one report has."""
    until = min(until or tx.now, tx.now)
    since = since or until - timedelta(days=DAYS_MAX - 1)
    found = shifts(tx, since, until)
    day = since.astimezone(zone).date()
    while midnight(day, zone) < until:
        for row in by_agent(found, max(since, midnight(day, zone)), min(until, next_midnight(day, zone))):
            its = row.figures
            seconds = {name: its[name.removesuffix("_s")] for name in COLUMNS if name.endswith("_s")}
            yield {"day": day.isoformat(), "agent": row.agent, **seconds, "occupancy": its["occupancy"]}
        day += timedelta(days=1)


def too_long(since: datetime | None, until: datetime | None, now: datetime) -> bool:
    """Whether that is more than one report has."""
    return since is not None and min(until or now, now) - since > timedelta(days=DAYS_MAX, hours=1)


def _first_seq(tx: Tx, at: datetime) -> int:
    """The number of the first event that happened then or later; events stand in the order in which they happened."""
    low, high = 1, (tx.connection.execute(select(func.max(events.c.seq))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        next_one = select(events.c.at).where(events.c.seq >= middle).order_by(events.c.seq).limit(1)
        if tx.connection.execute(next_one).scalar() < at:
            low = middle + 1
        else:
            high = middle
    return low


CHUNK = 500


def _kinds_of(tx: Tx, ids: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        its = select(contacts.c.id, contacts.c.kind).where(contacts.c.id.in_(wanted[start : start + CHUNK]))
        found |= dict(tx.connection.execute(its).all())
    return found
