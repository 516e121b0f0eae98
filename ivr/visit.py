"""Visit: somebody who stands at the counter, with a number short enough to be called out, until they are served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from routing.contact import Relaxing
from routing.store import Moment, metadata


class VisitState(StrEnum):
    """Where a visitor is."""

    WAITING = "waiting"
    CALLED = "called"  # to somebody's desk
    SERVED = "served"
    NOT_THERE = "not there"  # called, and nobody came
    LEFT = "left"  # without being called


_states = ", ".join(f"'{state.value}'" for state in VisitState)
visits = Table(
    "visits",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("link", String(64), nullable=False, unique=True),
    Column("hotline", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("caller", String(254), nullable=True, index=True),
    Column("note", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("needs", JSON, nullable=False),
    Column("relax", JSON, nullable=False),
    Column("case_kind", String(32), nullable=False),
    Column("came_at", Moment, nullable=False),
    Column("taken_in_by", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("contact", String(64), unique=True),
    Column("try_at", Moment, index=True),
    Column("called_at", Moment),
    Column("called_by", String(64)),
    Column("done_at", Moment),
    Column("taken_at", Moment),
    UniqueConstraint("hotline", "day", "ticket", name="tickets_are_given_once"),
    CheckConstraint(f"state IN ({_states})", name="state_is_known"),
    CheckConstraint("state = 'waiting' OR try_at IS NULL", name="only_waiting_visitors_wait"),
    CheckConstraint("contact IS NULL OR try_at IS NULL", name="visitors_wait_once"),
    CheckConstraint("(state IN ('waiting', 'called')) = (done_at IS NULL)", name="done_visits_have_an_end"),
    CheckConstraint("state <> 'called' OR called_at IS NOT NULL", name="called_visitors_have_a_moment"),
)


@dataclass(slots=True)
class Visit:
    """One visitor. `link` opens the page that tells them their place; nobody can guess it. `caller` is a telephone
    number or an e-mail address, if they gave one. `ticket` counts from 1 each `day`."""

    id: str
    link: str
    hotline: str
    day: str
    ticket: int
    name: str
    caller: str | None
    note: str
    language: str
    queue: str
    case_kind: str
    came_at: datetime
    taken_in_by: str
    needs: Mapping[str, object] = field(default_factory=dict)
    relax: Relaxing = ()
    state: VisitState = VisitState.WAITING
    contact: str | None = None
    try_at: datetime | None = None
    called_at: datetime | None = None
    called_by: str | None = None
    done_at: datetime | None = None
    taken_at: datetime | None = None  # when they were first called, and came

    @property
    def since(self) -> datetime:
        """Since when they wait."""
        return self.came_at

    @property
    def waits(self) -> bool:
        """Whether they are still to be put in line when they have no contact."""
        return self.state is VisitState.WAITING


class VisitRows:
    """The visitors within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, visit: Visit) -> None:
        """Somebody who has just come."""
        self._connection.execute(insert(visits).values(_row(visit)))

    def save(self, visit: Visit) -> None:
        """A visitor as they are now."""
        self._connection.execute(update(visits).where(visits.c.id == visit.id).values(_row(visit)))

    def get(self, id: str) -> Visit | None:
        """One visitor."""
        return self._first(visits.c.id == id)

    def by_link(self, link: str) -> Visit | None:
        """The visitor who has this link."""
        return self._first(visits.c.link == link)

    def of_contact(self, contact: str) -> Visit | None:
        """The visitor that a contact is."""
        return self._first(visits.c.contact == contact)

    def present(self, limit: int) -> list[Visit]:
        """Who is here, in the order in which they came."""
        here = visits.c.done_at.is_(None)
        return self._all(select(visits).where(here).order_by(visits.c.came_at, visits.c.ticket).limit(limit))

    def called_last(self, limit: int) -> list[Visit]:
        """Who is at a desk now or was asked to one, the latest first."""
        called = select(visits).where(visits.c.state == VisitState.CALLED.value)
        return self._all(called.order_by(visits.c.called_at.desc()).limit(limit))

    def last_ticket(self, hotline: str, day: str) -> int:
        """The highest number that was given out on a day; 0: none."""
        its = (visits.c.hotline == hotline, visits.c.day == day)
        return self._connection.execute(select(func.max(visits.c.ticket)).where(*its)).scalar() or 0

    def due(self, now: datetime, limit: int) -> list[Visit]:
        """Those who are to be put in line now."""
        return self._all(select(visits).where(visits.c.try_at <= now).order_by(visits.c.came_at).limit(limit))

    def next_try_at(self) -> datetime | None:
        """When somebody is to be put in line next."""
        first = select(visits.c.try_at).where(visits.c.try_at.is_not(None)).order_by(visits.c.try_at).limit(1)
        return self._connection.execute(first).scalar()

    def _first(self, *conditions: object) -> Visit | None:
        return next(iter(self._all(select(visits).where(*conditions).limit(1))), None)

    def _all(self, query: object) -> list[Visit]:
        return [Visit(**{**row, **_read(row)}) for row in self._connection.execute(query).mappings()]


def _row(visit: Visit) -> dict[str, object]:
    row = {f.name: getattr(visit, f.name) for f in fields(visit)}
    return {**row, "needs": dict(visit.needs), "relax": [[after_s, dict(needs)] for after_s, needs in visit.relax]}


def _read(row: Mapping[str, object]) -> dict[str, object]:
    return {"state": VisitState(row["state"]), "relax": tuple((after_s, needs) for after_s, needs in row["relax"])}
