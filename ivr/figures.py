"""Figures of a time: calls' waits as the floor's rows have them, and what is counted of them by queue and day.

What a figure is stands in `routing.figures` and `routing.service_level`; here is only which contacts it is computed
from. The export of calls holds the same passages, so every number can be computed again by whoever doubts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select

from ivr.store import Tx
from routing.contact import Outcome
from routing.figures import Passage, figures
from routing.kind import CALL
from routing.offer import OfferState
from routing.queue import Queue
from routing.service_level import ServiceLevel, service_level
from routing.store.tables import contacts, offers

QueueNamed = Callable[[str], Queue]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one queue, or of all (`queue` None), on one day, or in all (`day` None)."""

    queue: str | None
    passages: tuple[Passage, ...]
    level: ServiceLevel
    goal: float | None  # the share that the queue's owner wants; None over several queues
    day: date | None = None

    @property
    def figures(self) -> dict[str, float | None]:
        """Every figure by its name; `service_level` among them."""
        return {**figures(self.passages), "service_level": self.level.share}


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there. Days with a change of the clock have 23 or 25 hours and no hour of them is lost."""
    return datetime.combine(day, time(), zone)


def next_midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day is over there."""
    return midnight(day + timedelta(days=1), zone)


def passages(tx: Tx, since: datetime, until: datetime) -> list[Passage]:
    """The calls that began to wait from `since` on and before `until`, in the order of entry.

    Callbacks are left out: that they wait is what their callers wished. They are counted where promises are.
    """
    missed = func.sum(case((offers.c.state == OfferState.MISSED.value, 1), else_=0))
    asked = select(offers.c.contact, func.count().label("made"), missed.label("missed")).group_by(offers.c.contact)
    of = (contacts.c.kind == CALL, contacts.c.entered_at >= since, contacts.c.entered_at < until)
    its = asked.join(contacts, contacts.c.id == offers.c.contact).where(*of).subquery()
    found = select(contacts, its.c.made, its.c.missed).outerjoin(its, its.c.contact == contacts.c.id).where(*of)
    return [
        Passage(
            row.id, row.queue, row.kind, row.entered_at, row.talking_at, row.ended_at,
            Outcome(row.outcome) if row.outcome else None, row.made or 0, row.missed or 0,
        )
        for row in tx.connection.execute(found.order_by(contacts.c.seq))
    ]  # fmt: skip


def counted(found: Sequence[Passage], queue: str | None, named: QueueNamed, day: date | None = None) -> Counted:
    """What is counted of a queue, or of all. Over several queues each call is held against its own queue's time."""
    its = tuple(each for each in found if queue is None or each.queue == queue)
    levels = [
        service_level((each for each in its if each.queue == name), named(name).service_level_s)
        for name in sorted({each.queue for each in its})
    ]
    if queue is not None:
        level = levels[0] if levels else ServiceLevel(named(queue).service_level_s)
        return Counted(queue, its, level, named(queue).service_level_share, day)
    return Counted(None, its, added(levels), None, day)


def added(levels: Iterable[ServiceLevel]) -> ServiceLevel:
    """The counts of several queues, each by its own time, in one; `within_s` then says nothing and is 0."""
    levels = list(levels)
    counts = [it.name for it in fields(ServiceLevel) if it.name != "within_s"]
    return ServiceLevel(0, **{name: sum(getattr(level, name) for level in levels) for name in counts})


def by_day_and_queue(found: Sequence[Passage], zone: ZoneInfo, named: QueueNamed) -> list[Counted]:
    """One row a day and queue, the latest day first. A call counts on the day on which it began to wait, there."""
    days: dict[tuple[date, str], list[Passage]] = {}
    for each in found:
        days.setdefault((each.entered_at.astimezone(zone).date(), each.queue), []).append(each)
    order = sorted(days, key=lambda key: (-key[0].toordinal(), key[1]))
    return [counted(days[day, queue], queue, named, day) for day, queue in order]


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of a day: how many who came in it were answered, gave up, and are still here or went elsewhere."""

    begins_at: datetime
    answered: int
    abandoned: int
    others: int


SLOT = timedelta(minutes=30)


def by_slot(found: Iterable[Passage], since: datetime, until: datetime) -> list[Slot]:
    """The day in half hours of real time: one with a change of the clock has two more, or two fewer."""
    slots: dict[int, list[int]] = {}
    for each in found:
        counts = slots.setdefault((each.entered_at - since) // SLOT, [0, 0, 0])
        counts[0 if each.answered_at else 1 if each.outcome is Outcome.ABANDONED else 2] += 1
    last = max([-1, *slots, -(-(until - since) // SLOT) - 1])
    return [Slot(since + SLOT * number, *slots.get(number, (0, 0, 0))) for number in range(last + 1)]
