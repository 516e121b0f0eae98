"""Figures of a time: waits of calls, e-mails and visitors as the rows have them, and what is counted of them.

What a figure is stands in `routing.figures` and `routing.service_level`; here is only which contacts it is computed
from. The exports of calls and of contacts hold the same, so every number can be computed again by whoever doubts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, case, func, select

from ivr.mail import MailState, mails
from ivr.store import Tx
from ivr.visit import VisitState, visits
from routing.contact import Outcome
from routing.figures import Passage, figures
from routing.kind import CALL, EMAIL, VISIT
from routing.offer import OfferState
from routing.queue import Queue
from routing.service_level import ServiceLevel, service_level
from routing.store.tables import contacts, offers

KINDS = (CALL, VISIT, EMAIL)
"""What is counted, each apart, in the order of a report."""

QueueNamed = Callable[[str], Queue]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of one queue, or of all (`queue` None), on one day, or in all (`day` None), of one kind."""

    queue: str | None
    passages: tuple[Passage, ...]
    level: ServiceLevel
    goal: float | None  # the share that the queue's owner wants; None over several queues
    day: date | None = None
    kind: str = CALL

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


def brought(tx: Tx, since: datetime, until: datetime) -> list[Passage]:
    """The e-mails and visitors that came in this time: each once, however often it was handed on or put in line again.

    An e-mail that went into no queue did not wait and is left out. Who went, or did not come when called, gave up -
    unless somebody had talked to them before.
    """
    missed = func.sum(case((offers.c.state == OfferState.MISSED.value, 1), else_=0))
    asked = select(offers.c.contact, func.count().label("made"), missed.label("missed")).group_by(offers.c.contact)
    its = asked.subquery()
    found = []
    for table, read in ((mails, _mail), (visits, _visit)):
        wanted = select(table, its.c.made, its.c.missed).outerjoin(its, its.c.contact == table.c.contact)
        wanted = wanted.where(table.c.came_at >= since, table.c.came_at < until, table.c.state != MailState.KEPT.value)
        found += [read(row) for row in tx.connection.execute(wanted)]
    return sorted(found, key=lambda it: (it.entered_at, it.contact))


def _mail(row: Row) -> Passage:
    outcome = Outcome.SERVED if row.done_at else None
    offered = (row.made or 0, row.missed or 0)
    return Passage(row.id, row.queue, EMAIL, row.came_at, row.done_at, row.done_at, outcome, *offered)


def _visit(row: Row) -> Passage:
    gone = row.state in (VisitState.LEFT, VisitState.NOT_THERE) and row.taken_at is None
    outcome = (Outcome.ABANDONED if gone else Outcome.SERVED) if row.done_at else None
    offered = (row.made or 0, row.missed or 0)
    return Passage(row.id, row.queue, VISIT, row.came_at, row.taken_at, row.done_at, outcome, *offered)


def counted(
    found: Sequence[Passage], queue: str | None, named: QueueNamed, day: date | None = None, kind: str = CALL
) -> Counted:
    """What is counted of a queue, or of all, of one kind: over several kinds a mean wait would say nothing.

    Over several queues each contact is held against its own queue's time.
    """
    its = tuple(each for each in found if each.kind == kind and queue in (None, each.queue))
    levels = [
        service_level((each for each in its if each.queue == name), named(name).level_s(kind))
        for name in sorted({each.queue for each in its})
    ]
    if queue is not None:
        level = levels[0] if levels else ServiceLevel(named(queue).level_s(kind))
        return Counted(queue, its, level, named(queue).service_level_share, day, kind)
    return Counted(None, its, added(levels), None, day, kind)


def added(levels: Iterable[ServiceLevel]) -> ServiceLevel:
    """The counts of several queues, each by its own time, in one; `within_s` then says nothing and is 0."""
    levels = list(levels)
    counts = [it.name for it in fields(ServiceLevel) if it.name != "within_s"]
    return ServiceLevel(0, **{name: sum(getattr(level, name) for level in levels) for name in counts})


def by_day_and_queue(found: Sequence[Passage], zone: ZoneInfo, named: QueueNamed) -> list[Counted]:
    """One row a day, queue and kind, the latest day first. Who waits counts on the day when they began to, there."""
    days: dict[tuple[date, str, str], list[Passage]] = {}
    for each in found:
        days.setdefault((each.entered_at.astimezone(zone).date(), each.queue, each.kind), []).append(each)
    order = sorted(days, key=lambda key: (-key[0].toordinal(), key[1], KINDS.index(key[2])))
    return [counted(days[day, queue, kind], queue, named, day, kind) for day, queue, kind in order]


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
