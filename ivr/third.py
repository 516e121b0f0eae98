"""Third: a number outside that is brought into a conversation, or to which the caller is handed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, Connection, Index, String, Table, insert, select, text, update

from routing.store import Moment, metadata

RING_S = 30
"""So long a third telephone rings; less than most mailboxes wait."""


class How(StrEnum):
    """What for."""

    CONSULT = "consult"  # they are asked first, in the same conference; the caller may hear music meanwhile
    BLIND = "blind"  # the caller is led to them, unasked


class ThirdState(StrEnum):
    """How far it has come. The last three can follow each other; `over` is for good."""

    CALLING = "calling"
    THERE = "there"
    STAYS = "stays"  # the representative has left them and the caller alone
    OVER = "over"


_OPEN = text("state != 'over'")
thirds = Table(
    "thirds",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("contact", String(64), nullable=False, index=True),
    Column("agent", String(64), nullable=False),
    Column("how", String(16), nullable=False),
    Column("address", String(256), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("leg_sid", String(64)),
    Column("why", String(64)),
    CheckConstraint("how IN ('consult', 'blind')", name="how_is_known"),
    CheckConstraint("state IN ('calling', 'there', 'stays', 'over')", name="state_is_known"),
    Index("one_third_at_a_time", "contact", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
)

mutes = Table("mutes", metadata, Column("contact", String(64), primary_key=True))


@dataclass(slots=True)
class Third:
    """One of them. `address` is what the carrier rings; `agent` has brought them in; `why` is why it is over, if that
    was not in the order of things."""

    id: str
    contact: str
    agent: str
    how: How
    address: str
    asked_at: datetime
    state: ThirdState = ThirdState.CALLING
    leg_sid: str | None = None
    why: str | None = None


class ThirdRows:
    """The thirds, and whose microphone is off, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, third: Third) -> None:
        """One that is new."""
        self._connection.execute(insert(thirds).values(_row(third)))

    def save(self, third: Third) -> None:
        """One as it is now."""
        self._connection.execute(update(thirds).where(thirds.c.id == third.id).values(_row(third)))

    def get(self, id: str) -> Third | None:
        """One by its id."""
        return self._first(thirds.c.id == id)

    def of_contact(self, contact: str) -> Third | None:
        """The third of a conversation who is not over."""
        return self._first(thirds.c.contact == contact, thirds.c.state != ThirdState.OVER.value)

    def last_of(self, contact: str) -> Third | None:
        """The latest third of a conversation, over or not."""
        return self._first(thirds.c.contact == contact)

    def live_legs(self, limit: int) -> list[tuple[str, str]]:
        """Those whose leg is rung or talks: (id, the carrier's id of the leg), the oldest first."""
        live = (thirds.c.state != ThirdState.OVER.value, thirds.c.leg_sid.is_not(None))
        legs = select(thirds.c.id, thirds.c.leg_sid).where(*live).order_by(thirds.c.asked_at).limit(limit)
        return [(row.id, row.leg_sid) for row in self._connection.execute(legs)]

    def mute(self, contact: str, on: bool) -> None:
        """Remember that the representative of a conversation is not heard, or is again."""
        self._connection.execute(mutes.delete().where(mutes.c.contact == contact))
        if on:
            self._connection.execute(insert(mutes).values(contact=contact))

    def is_muted(self, contact: str) -> bool:
        """Whether the representative of a conversation is not heard."""
        return self._connection.execute(select(mutes).where(mutes.c.contact == contact)).first() is not None

    def _first(self, *conditions: object) -> Third | None:
        found = select(thirds).where(*conditions).order_by(thirds.c.asked_at.desc()).limit(1)
        row = self._connection.execute(found).mappings().first()
        return Third(**{**row, "how": How(row["how"]), "state": ThirdState(row["state"])}) if row else None


def _row(third: Third) -> dict[str, object]:
    return {f.name: getattr(third, f.name) for f in fields(third)}
