"""Lookup: what another system was asked for a call, until when an answer counts, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, ForeignKey, Integer, String, Table, delete, insert, select, update

from routing.store import Moment, metadata

lookups = Table(
    "lookups",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("call", ForeignKey("calls.sid"), nullable=False, index=True),
    Column("until", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("found", JSON(none_as_null=True)),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to another system. `found` is what it answered, by variable; None: nothing that can be used."""

    id: str
    call: str
    until: datetime
    answered_at: datetime | None = None
    found: Mapping[str, str] | None = None


class LookupRows:
    """The lookups within one transaction. A row lives until its call has gone on: what was found is personal."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, asked: Asked) -> None:
        """A question that is on its way; an older one of the same call is of no interest any more."""
        self.forget(asked.call)
        row = {"id": asked.id, "call": asked.call, "until": asked.until}
        self._connection.execute(insert(lookups).values(row))

    def answer(self, id: str, found: Mapping[str, str] | None, at: datetime) -> None:
        """What came of it. If nobody waits for it any more, nothing happens."""
        its = update(lookups).where(lookups.c.id == id)
        self._connection.execute(its.values(answered_at=at, found=None if found is None else dict(found)))

    def of_call(self, call: str) -> Asked | None:
        """The latest question of a call."""
        latest = select(lookups).where(lookups.c.call == call).order_by(lookups.c.seq.desc()).limit(1)
        row = self._connection.execute(latest).mappings().first()
        return Asked(row["id"], row["call"], row["until"], row["answered_at"], row["found"]) if row else None

    def forget(self, call: str) -> None:
        """The call goes on, or is over."""
        self._connection.execute(delete(lookups).where(lookups.c.call == call))


def pick(answer: object, into: Mapping[str, str]) -> dict[str, str]:
    """The values in a JSON answer that are wanted, by variable; what is not there, or is a group, is left out."""
    found = {}
    for name, path in into.items():
        value = _at(answer, path.split("."))
        if isinstance(value, bool):
            found[name] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            found[name] = str(value)
    return found


def _at(value: object, path: list[str]) -> object:
    for key in path:
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
