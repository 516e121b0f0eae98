"""Audit: who did what to this installation, when and from where, in a chain that shows when a row was changed.

Each row's digest covers the row and the digest before it. Who changes or takes out a row in the middle would have to
compute anew every digest after it, and the latest one (`head`) may be noted elsewhere. Rows name our own ids, never a
caller's number or words: what was said of callers can be erased, and this cannot.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Connection, Integer, String, Table, insert, select

from routing.store import Moment, metadata

FIRST = "0" * 64
"""What stands as the digest before the first row's."""

CHECKED_AT_ONCE = 1000
WHO_LENGTH_MAX, ORIGIN_LENGTH_MAX, ABOUT_LENGTH_MAX = 128, 64, 256

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False, index=True),
    Column("who", String(WHO_LENGTH_MAX), nullable=False, index=True),
    Column("origin", String(ORIGIN_LENGTH_MAX), nullable=False),
    Column("what", String(ORIGIN_LENGTH_MAX), nullable=False, index=True),
    Column("about", String(ABOUT_LENGTH_MAX), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("before", String(64), nullable=False, unique=True),  # so that the chain cannot fork
    Column("digest", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `origin` is the address it came from, or `console` for a command on the machine."""

    seq: int
    at: datetime
    who: str
    origin: str
    what: str
    about: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    before: str = FIRST
    digest: str = ""

    def computed(self) -> str:
        """The digest that this row must have."""
        told = [self.before, self.seq, self.at.isoformat(), self.who, self.origin, self.what, self.about, self.fields]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class AuditRows:
    """The audit within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, who: str, origin: str, what: str, about: str, fields: Mapping[str, Any]) -> Entry:
        """Append one row to the chain."""
        last = self._connection.execute(select(audit).order_by(audit.c.seq.desc()).limit(1)).first()
        seq, before = (last.seq + 1, last.digest) if last else (1, FIRST)
        row = {
            "seq": seq,
            "at": at.astimezone(UTC),
            "who": who[:WHO_LENGTH_MAX],
            "origin": origin[:ORIGIN_LENGTH_MAX],
            "what": what[:ORIGIN_LENGTH_MAX],
            "about": about[:ABOUT_LENGTH_MAX],
            "fields": json.loads(json.dumps(fields, default=str)),
        }
        entry = Entry(**row, before=before)
        self._connection.execute(insert(audit).values(**row, before=before, digest=entry.computed()))
        return entry

    def latest(self, limit: int, below: int | None = None, who: str = "", what: str = "") -> list[Entry]:
        """The latest rows, newest first: those `below` a number, of one person, of one kind, where it is given."""
        wanted = select(audit).order_by(audit.c.seq.desc()).limit(limit)
        for given, condition in ((below, audit.c.seq < (below or 0)), (who, audit.c.who == who)):
            wanted = wanted.where(condition) if given else wanted
        wanted = wanted.where(audit.c.what == what) if what else wanted
        return [Entry(**row) for row in self._connection.execute(wanted).mappings()]

    def head(self) -> tuple[int, str]:
        """How many rows there are and the latest digest: noted elsewhere, it shows later that none was taken off."""
        last = self._connection.execute(select(audit.c.seq, audit.c.digest).order_by(audit.c.seq.desc()).limit(1))
        found = last.first()
        return (found.seq, found.digest) if found else (0, FIRST)

    def first_fault(self) -> int | None:
        """The number of the first row that is not as it was written, or after which one is missing; None: all are."""
        before, expected = FIRST, 1
        for entry in self._all():
            if entry.seq != expected or entry.before != before or entry.digest != entry.computed():
                return expected
            before, expected = entry.digest, expected + 1
        return None

    def _all(self) -> Iterator[Entry]:
        seq = 0
        while True:
            part = select(audit).where(audit.c.seq > seq).order_by(audit.c.seq).limit(CHECKED_AT_ONCE)
            rows = self._connection.execute(part).mappings().all()
            if not rows:
                return
            for row in rows:
                yield Entry(**row)
            seq = rows[-1]["seq"]
