"""Manuscript: a hotline's files as they are being edited on the page, until published or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, Integer, String, Table, delete, insert, select, update

from routing.store import Moment, metadata

manuscripts = Table(
    "manuscripts",
    metadata,
    Column("hotline", String(64), primary_key=True),
    Column("files", JSON, nullable=False),
    Column("base", String(64), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What is being written. `base` is the version it began as; `edition` goes up each time somebody saves."""

    hotline: str
    files: Mapping[str, str]
    base: str
    edition: int
    changed_by: str
    changed_at: datetime


class ManuscriptRows:
    """The manuscripts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, hotline: str) -> Manuscript | None:
        """The one of a hotline, if somebody has begun to edit it."""
        row = self._connection.execute(select(manuscripts).where(manuscripts.c.hotline == hotline)).mappings().first()
        return Manuscript(**row) if row else None

    def begin(self, hotline: str, files: Mapping[str, str], base: str, by: str, now: datetime) -> None:
        """Begin with these files."""
        row = {"files": dict(files), "base": base, "edition": 1, "changed_by": by, "changed_at": now}
        self._connection.execute(insert(manuscripts).values(hotline=hotline, **row))

    def save(self, hotline: str, edition: int, files: Mapping[str, str], by: str, now: datetime) -> bool:
        """Keep these files instead of those of `edition`; False if that is not the latest one."""
        its = update(manuscripts).where(manuscripts.c.hotline == hotline, manuscripts.c.edition == edition)
        row = {"files": dict(files), "edition": edition + 1, "changed_by": by, "changed_at": now}
        return self._connection.execute(its.values(row)).rowcount == 1

    def drop(self, hotline: str, edition: int) -> bool:
        """Give it up, or be done with it; False if `edition` is not the latest one."""
        its = delete(manuscripts).where(manuscripts.c.hotline == hotline, manuscripts.c.edition == edition)
        return self._connection.execute(its).rowcount == 1
