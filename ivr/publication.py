"""Publication: which version of a hotline is live, since when and by whom - and which one is to be, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    select,
    text,
    update,
)

from routing.store import Moment, metadata


class Kind(StrEnum):
    """How a version came to be live."""

    WATCHED = "watched"  # taken from the folder, before anybody published; kept so that one can go back to it
    PUBLISHED = "published"
    ROLLED_BACK = "rolled back"
    RELEASED = "released"  # from now on the folder is watched again


_kinds = ", ".join(f"'{kind.value}'" for kind in Kind)
publications = Table(
    "publications",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("hotline", String(64), nullable=False, index=True),
    Column("version", ForeignKey("trees.version"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("by", String(64), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("live_at", Moment),
    Column("withdrawn_at", Moment),
    CheckConstraint(f"kind IN ({_kinds})", name="kind_is_known"),
    CheckConstraint("live_at IS NULL OR withdrawn_at IS NULL", name="not_both_live_and_withdrawn"),
    Index(
        "publications_due",
        "due_at",
        sqlite_where=text("live_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=text("live_at IS NULL AND withdrawn_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)
WAITING = (publications.c.live_at.is_(None), publications.c.withdrawn_at.is_(None))

prompts = Table(
    "prompts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
tree_prompts = Table(
    "tree_prompts",
    metadata,
    Column("version", ForeignKey("trees.version"), primary_key=True),
    Column("file", String(128), primary_key=True),
    Column("digest", ForeignKey("prompts.digest"), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Publication:
    """A version of a hotline made live at `live_at`, or to be made live at `due_at`, unless it was withdrawn."""

    seq: int
    hotline: str
    version: str
    kind: Kind
    by: str
    asked_at: datetime
    due_at: datetime
    live_at: datetime | None = None
    withdrawn_at: datetime | None = None


class PublicationRows:
    """What was published, and its recordings, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, hotline: str, version: str, kind: Kind, by: str, now: datetime, due_at: datetime | None = None
    ) -> Publication:
        """A version that is live from now on, or from `due_at`."""
        row = {"hotline": hotline, "version": version, "kind": kind.value, "by": by, "asked_at": now}
        row |= {"due_at": due_at or now, "live_at": None if due_at else now}
        seq = self._connection.execute(insert(publications).values(row)).inserted_primary_key[0]
        return next(it for it in self.of(hotline) if it.seq == seq)

    def of(self, hotline: str) -> list[Publication]:
        """Everything published of a hotline: what is still to come first, then the latest."""
        its = select(publications).where(publications.c.hotline == hotline)
        latest = its.order_by(publications.c.live_at.is_(None).desc(), publications.c.live_at.desc())
        return self._all(latest.order_by(publications.c.seq.desc()))

    def live(self) -> Mapping[str, Publication]:
        """The latest of each hotline that is live."""
        latest = select(publications).where(publications.c.live_at.is_not(None))
        found = self._all(latest.order_by(publications.c.live_at, publications.c.seq))
        return {it.hotline: it for it in found}

    def stamp(self) -> object:
        """Something that differs whenever another version may have become live."""
        query = select(
            func.max(publications.c.seq), func.max(publications.c.live_at), func.count(publications.c.live_at)
        )
        return tuple(self._connection.execute(query).one())

    def due(self, now: datetime) -> list[Publication]:
        """Those whose time has come, in the order in which it came."""
        waiting = select(publications).where(*WAITING, publications.c.due_at <= now)
        return self._all(waiting.order_by(publications.c.due_at, publications.c.seq))

    def next_due_at(self) -> datetime | None:
        """When the next one is to be made live."""
        first = select(publications.c.due_at).where(*WAITING).order_by(publications.c.due_at).limit(1)
        return self._connection.execute(first).scalar()

    def make_live(self, seq: int, now: datetime) -> None:
        """Its time has come."""
        self._connection.execute(update(publications).where(publications.c.seq == seq).values(live_at=now))

    def withdraw(self, hotline: str, now: datetime) -> int:
        """What is still to come of a hotline will not; how many that were."""
        waiting = update(publications).where(publications.c.hotline == hotline, *WAITING)
        return self._connection.execute(waiting.values(withdrawn_at=now)).rowcount

    def keep_prompts(self, version: str, digests: Mapping[str, str], contents: Mapping[str, bytes]) -> None:
        """The recordings of a version, by file; each sound is kept once, whatever it is called."""
        for file, digest in digests.items():
            if self._connection.execute(select(prompts.c.digest).where(prompts.c.digest == digest)).first() is None:
                self._connection.execute(insert(prompts).values(digest=digest, content=contents[file]))
            row = {"version": version, "file": file, "digest": digest}
            self._connection.execute(insert(tree_prompts).values(row))

    def prompts_of(self, version: str) -> frozenset[str]:
        """The recordings that a version has, by file."""
        its = select(tree_prompts.c.file).where(tree_prompts.c.version == version)
        return frozenset(self._connection.execute(its).scalars())

    def prompt(self, version: str, file: str) -> bytes | None:
        """One recording of a version."""
        where = (tree_prompts.c.version == version, tree_prompts.c.file == file)
        its = select(prompts.c.content).join(tree_prompts, tree_prompts.c.digest == prompts.c.digest).where(*where)
        return self._connection.execute(its).scalar()

    def _all(self, query: object) -> list[Publication]:
        rows = self._connection.execute(query).mappings()
        return [Publication(**{**row, "kind": Kind(row["kind"])}) for row in rows]
