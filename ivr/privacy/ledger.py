"""Ledger: who must not be erased, who was, and what the keeping times took away - without saying who anybody was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, String, Table, insert, select, update

from ivr.privacy.person import By, Person
from routing.store import Moment, metadata

WHY_LENGTH_MAX = 200
SHOWN_MAX = 100

holds = Table(
    "holds",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("known_by", String(16), nullable=False),
    Column("handle", String(254), nullable=False),  # empty once it has ended
    Column("why", String(WHY_LENGTH_MAX), nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_by", String(128)),
    Column("ended_at", Moment),
)
erasures = Table(
    "erasures",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("counts", JSON, nullable=False),
    Column("files", JSON, nullable=False),  # what is still to be taken off the disk
    Column("done_at", Moment),
)
retention_runs = Table(
    "retention_runs",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("counts", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody of whom nothing may be erased, by whom it was ordered and why; `handle` is gone once it has ended."""

    id: str
    known_by: str
    handle: str
    why: str
    made_by: str
    made_at: datetime
    ended_by: str | None = None
    ended_at: datetime | None = None

    @property
    def person(self) -> Person:
        """Who is held."""
        return Person(By(self.known_by), self.handle)


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasing: whose, as a digest, and what it took away; `files` are still to be deleted until `done_at`."""

    id: str
    digest: str
    at: datetime
    made_by: str
    counts: Mapping[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What the keeping times took away on one day."""

    day: str
    begun_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]


class Ledger:
    """The ledger within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, hold: Hold) -> None:
        """Let nothing be erased of somebody."""
        self._connection.execute(insert(holds).values({f.name: getattr(hold, f.name) for f in fields(Hold)}))

    def end_hold(self, id: str, by: str, now: datetime) -> bool:
        """Let them be erased again; False if there is no such hold any more."""
        its = update(holds).where(holds.c.id == id, holds.c.ended_at.is_(None))
        return self._connection.execute(its.values(handle="", ended_by=by, ended_at=now)).rowcount == 1

    def holds(self) -> list[Hold]:
        """Those in force, the latest first."""
        found = select(holds).where(holds.c.ended_at.is_(None)).order_by(holds.c.made_at.desc(), holds.c.id)
        return [Hold(**row) for row in self._connection.execute(found).mappings()]

    def hold_of(self, person: Person) -> Hold | None:
        """What keeps somebody from being erased."""
        return next((it for it in self.holds() if it.person == person), None)

    def add(self, erasure: Erasure) -> None:
        """One more erasing."""
        row = {f.name: getattr(erasure, f.name) for f in fields(Erasure)}
        self._connection.execute(insert(erasures).values({**row, "files": list(erasure.files)}))

    def finished(self, id: str, now: datetime) -> None:
        """Its files are gone, too."""
        self._connection.execute(update(erasures).where(erasures.c.id == id).values(files=[], done_at=now))

    def erasure(self, id: str) -> Erasure | None:
        """One by its id."""
        row = self._connection.execute(select(erasures).where(erasures.c.id == id)).mappings().first()
        return _erasure(row) if row else None

    def erasures(self, limit: int = SHOWN_MAX) -> list[Erasure]:
        """The latest ones, the latest first."""
        found = select(erasures).order_by(erasures.c.at.desc(), erasures.c.id).limit(limit)
        return [_erasure(row) for row in self._connection.execute(found).mappings()]

    def unfinished(self) -> list[Erasure]:
        """Those whose files may still be there."""
        found = select(erasures).where(erasures.c.done_at.is_(None)).order_by(erasures.c.at)
        return [_erasure(row) for row in self._connection.execute(found).mappings()]

    def known(self) -> set[str]:
        """The ids of all erasings that this database has been through."""
        return set(self._connection.execute(select(erasures.c.id)).scalars())

    def last_run(self) -> Run | None:
        """What the keeping times took away last."""
        last = select(retention_runs).order_by(retention_runs.c.day.desc()).limit(1)
        row = self._connection.execute(last).mappings().first()
        return Run(**row) if row else None

    def begin_run(self, day: str, now: datetime) -> None:
        """Begin the run of a day, or go on with it."""
        known = self._connection.execute(select(retention_runs.c.day).where(retention_runs.c.day == day)).scalar()
        if known is None:
            self._connection.execute(insert(retention_runs).values(day=day, begun_at=now, counts={}))

    def count(self, day: str, counts: Mapping[str, int]) -> None:
        """Add to what a day's run took away: in the very transaction in which it did."""
        its = retention_runs.c.day == day
        before = self._connection.execute(select(retention_runs.c.counts).where(its)).scalar() or {}
        after = {name: before.get(name, 0) + counts.get(name, 0) for name in [*before, *counts]}
        self._connection.execute(update(retention_runs).where(its).values(counts=after))

    def end_run(self, day: str, now: datetime) -> None:
        """There is nothing left that is too old."""
        its = update(retention_runs).where(retention_runs.c.day == day)
        self._connection.execute(its.values(ended_at=now))


def _erasure(row: Mapping[str, object]) -> Erasure:
    return Erasure(**{**row, "files": tuple(row["files"])})
