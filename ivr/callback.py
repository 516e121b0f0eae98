"""Callback: a call that we promised - kept until it is made, and tried again when nobody could make or answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Integer,
    String,
    Table,
    insert,
    select,
    update,
)

from routing.contact import Contact, Relaxing
from routing.queue import Queue
from routing.store import Moment, metadata

KIND = "callback"
"""The kind of a contact that is one."""

NOBODY_S = 60
"""Between two looks whether somebody is there who could call."""

KEPT_DAYS_MAX = 7
"""A promise that could not be kept for so long becomes a case as well."""


class CallbackState(StrEnum):
    """Where a promise is."""

    OPEN = "open"
    KEPT = "kept"
    GIVEN_UP = "given up"


_states = ", ".join(f"'{state.value}'" for state in CallbackState)
callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("call", ForeignKey("calls.sid"), nullable=False, index=True),
    Column("number", String(32), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("needs", JSON, nullable=False),
    Column("relax", JSON, nullable=False),
    Column("case_kind", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("known", JSON, nullable=False),
    Column("place", Moment, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("try_at", Moment, index=True),
    Column("contact", String(64), unique=True),
    Column("rung_at", Moment),
    Column("leg_sid", String(64)),
    Column("reached_at", Moment),
    CheckConstraint(f"state IN ({_states})", name="state_is_known"),
    CheckConstraint("state = 'open' OR try_at IS NULL", name="only_open_ones_are_tried"),
)


@dataclass(slots=True)
class Callback:
    """One promise. `place`: since when it counts as waiting - its caller's first entry, less the step's head start - so
    that the place in line is kept.

    `known` is what the caller had typed, for the form. `contact` is its contact on the floor while it has one, and
    `try_at` when it gets one (again). `leg_sid` is the leg to the caller, who answered it at `reached_at`; `rung_at`
    says since when it is rung, where that is before a representative is asked.
    """

    id: str
    call: str
    number: str
    queue: str
    needs: Mapping[str, int]
    case_kind: str
    language: str
    place: datetime
    asked_at: datetime
    try_at: datetime | None
    known: Mapping[str, str] = field(default_factory=dict)
    relax: Relaxing = ()
    state: CallbackState = CallbackState.OPEN
    tries: int = 0
    contact: str | None = None
    rung_at: datetime | None = None
    leg_sid: str | None = None
    reached_at: datetime | None = None

    def as_contact(self, id: str, since: datetime, away: bool = False) -> Contact:
        """It stands in line at its place, and has waited `since` its caller came first. `away`: they are rung first."""
        self.contact, self.try_at = id, None
        self.rung_at, self.leg_sid, self.reached_at = None, None, None
        head_start_s = int((since - self.place).total_seconds())
        return Contact(
            id, self.queue, self.needs, head_start_s, KIND, self.language, self.case_kind, self.call, self.relax,
            entered_at=since, away=away,
        )  # fmt: skip

    def come_to_nothing(self, rung: bool, queue: Queue, now: datetime) -> None:
        """Nobody called (or, `rung`, nobody answered): later again, or never. How often is for the queue to say."""
        self.contact, self.rung_at, self.leg_sid = None, None, None
        self.tries += rung
        if self.tries >= queue.callback_tries or now - self.asked_at > timedelta(days=KEPT_DAYS_MAX):
            self.state, self.try_at = CallbackState.GIVEN_UP, None
        else:
            self.try_at = now + timedelta(seconds=queue.callback_again_s if rung else NOBODY_S)

    def put_off(self, until: datetime | None, now: datetime) -> None:
        """Nobody may be called now; where `until` is None nobody ever may, which a change of the hours may mend."""
        self.try_at = until or now + timedelta(days=1)

    def be_kept(self) -> None:
        """They have talked."""
        self.state, self.try_at = CallbackState.KEPT, None


class CallbackRows:
    """The promises within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, callback: Callback) -> None:
        """A promise that is new."""
        self._connection.execute(insert(callbacks).values(_row(callback)))

    def save(self, callback: Callback) -> None:
        """A promise as it is now."""
        self._connection.execute(update(callbacks).where(callbacks.c.id == callback.id).values(_row(callback)))

    def get(self, id: str) -> Callback | None:
        """A promise by its id."""
        return self._first(callbacks.c.id == id)

    def open_for(self, number: str) -> Callback | None:
        """The promise to call this number that is still to be kept."""
        return self._first(callbacks.c.number == number, callbacks.c.state == CallbackState.OPEN.value)

    def of_contact(self, contact: str) -> Callback | None:
        """The promise that a contact is."""
        return self._first(callbacks.c.contact == contact)

    def of_call(self, call: str) -> list[Callback]:
        """What was promised in a call."""
        return self._all(select(callbacks).where(callbacks.c.call == call).order_by(callbacks.c.asked_at))

    def live_legs(self, limit: int) -> list[tuple[str, str]]:
        """Open promises whose leg is rung or talks: (contact, the carrier's id of the leg), the oldest first."""
        live = (callbacks.c.state == CallbackState.OPEN.value, callbacks.c.contact.is_not(None))
        legs = select(callbacks.c.contact, callbacks.c.leg_sid).where(*live, callbacks.c.leg_sid.is_not(None))
        rows = self._connection.execute(legs.order_by(callbacks.c.asked_at).limit(limit))
        return [(row.contact, row.leg_sid) for row in rows]

    def due(self, now: datetime) -> list[Callback]:
        """The promises that somebody should be found for now, the oldest first."""
        return self._all(select(callbacks).where(callbacks.c.try_at <= now).order_by(callbacks.c.place))

    def next_try_at(self) -> datetime | None:
        """When somebody is to be found for a promise next."""
        first = select(callbacks.c.try_at).where(callbacks.c.try_at.is_not(None)).order_by(callbacks.c.try_at).limit(1)
        return self._connection.execute(first).scalar()

    def _first(self, *conditions: object) -> Callback | None:
        return next(iter(self._all(select(callbacks).where(*conditions).limit(1))), None)

    def _all(self, query: object) -> list[Callback]:
        rows = self._connection.execute(query).mappings()
        return [Callback(**{**row, **_read(row)}) for row in rows]


def _row(callback: Callback) -> dict[str, object]:
    row = {f.name: getattr(callback, f.name) for f in fields(callback)}
    relax = [[after_s, dict(needs)] for after_s, needs in callback.relax]
    return {**row, "needs": dict(callback.needs), "known": dict(callback.known), "relax": relax}


def _read(row: Mapping[str, object]) -> dict[str, object]:
    relax = tuple((after_s, needs) for after_s, needs in row["relax"])
    return {"state": CallbackState(row["state"]), "relax": relax}
