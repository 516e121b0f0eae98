"""Outbox: what other programs are told of - taken from the events that were kept in the very transaction in which
things happened, signed, and tried again until it is taken or given up.

A program may be told twice (`id` says so) and never of what did not happen.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, Row, String, Table, Text, delete, func, insert, select, update

from ivr.fetch import NotFetched
from ivr.store import Store, Tx
from routing.store import Moment, metadata
from routing.store.tables import case_history, events

log = logging.getLogger(__name__)

HOOKS_MAX = 20
READ_MAX = 500
SENT_AT_ONCE_MAX = 20
TRIES_MAX = 12
FIRST_PAUSE_S, PAUSE_MAX_S = 10, 3600
BUDGET_S = 10.0
LEASE = timedelta(seconds=60)
"""How long one sending may take before somebody else tries."""

KEPT = timedelta(days=14)
"""So long it can be seen what was sent, and what was given up."""

KINDS = {
    "ended": "call.ended",
    "entered": "contact.waiting",
    "abandoned": "contact.abandoned",
    "overflowed": "contact.overflowed",
    "left": "contact.left",
    "talking": "contact.connected",
    "talk ended": "contact.ended",
    "disposed": "contact.disposed",
    "published": "hotline.published",
    "rolled back": "hotline.published",
    "emergency on": "hotline.emergency",
    "emergency off": "hotline.emergency",
    "answered": "survey.answered",
}
"""What is told of the events, and as what."""

CASE_KINDS = {"logged": "case.opened", "settled": "case.settled"}
"""The same of a case's history: everything in it is told, the rest as `case.changed`."""

FIELDS = (
    *("outcome", "queue", "kind", "why", "agent", "waited_s", "talked_s", "disposition", "version", "by", "until"),
    *("question", "key"),
)
"""What of an event is told; nothing that callers said or typed is among it but the key of a survey's answer."""

SIGNATURE = "Dialtree-Signature"

hooks = Table(
    "hooks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("url", String(2000), nullable=False),
    Column("secret", String(64), nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
outbox = Table(
    "outbox",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("hook", ForeignKey("hooks.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("try_at", Moment, index=True),  # None: it was sent, or given up
    Column("sent_at", Moment),
    Column("why", String(200)),
)
outbox_read = Table(
    "outbox_read",
    metadata,
    Column("source", String(16), primary_key=True),
    Column("seq", Integer, nullable=False),
)
SOURCES = {"events": events, "cases": case_history}

Send = Callable[[str, bytes, Mapping[str, str], float], None]
"""Send a body to an address with headers within so many seconds; NotFetched when it was not taken."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Who is told."""

    id: str
    url: str
    made_by: str
    made_at: datetime
    ended_at: datetime | None


class Outbox:
    """The outbox of one database; `send` reaches other programs, `later` takes what needs the network."""

    def __init__(self, store: Store, send: Send, later: Callable[[Callable[[], None]], None]) -> None:
        self._store, self._send, self._later = store, send, later

    # -- who is told --------------------------------------------------------------------------------------------------

    def add(self, url: str, by: str, origin: str) -> tuple[Hook, str] | None:
        """Tell this address from now on; the secret that it can check signatures by is given once. None: too many."""
        secret = secrets.token_urlsafe(32)
        with self._store.transaction() as tx:
            good = tx.connection.execute(select(func.count()).where(hooks.c.ended_at.is_(None))).scalar()
            if good >= HOOKS_MAX:
                return None
            if not good:
                for source, table in SOURCES.items():  # nobody was told before: nobody is told of the past
                    _read_up_to(tx, source, tx.connection.execute(select(func.max(table.c.seq))).scalar() or 0)
            row = {"id": tx.new_id(), "url": url, "made_by": by, "made_at": tx.now}
            tx.connection.execute(insert(hooks).values(**row, secret=secret))
            tx.audited(by, "webhook made", row["id"], origin, url=url)
        return Hook(**row, ended_at=None), secret

    def end(self, id: str, by: str, origin: str) -> bool:
        """Tell it nothing more; False when there is none, or it is over already."""
        with self._store.transaction() as tx:
            its = update(hooks).where(hooks.c.id == id, hooks.c.ended_at.is_(None))
            ended = tx.connection.execute(its.values(ended_at=tx.now)).rowcount == 1
            if ended:
                tx.connection.execute(delete(outbox).where(outbox.c.hook == id, outbox.c.sent_at.is_(None)))
                tx.audited(by, "webhook ended", id, origin)
            return ended

    def all(self) -> list[Hook]:
        """Everybody who is or was told."""
        columns = [hooks.c[name] for name in ("id", "url", "made_by", "made_at", "ended_at")]
        with self._store.look() as tx:
            return [Hook(*row) for row in tx.connection.execute(select(*columns).order_by(hooks.c.made_at.desc()))]

    def latest(self, limit: int) -> list[Row[Any]]:
        """What was told or is still to be told, what was given up first."""
        given_up = (outbox.c.sent_at.is_(None) & outbox.c.try_at.is_(None)).desc()
        with self._store.look() as tx:
            wanted = select(outbox).order_by(given_up, outbox.c.made_at.desc(), outbox.c.id).limit(limit)
            return list(tx.connection.execute(wanted).all())

    def again(self, id: str, by: str, origin: str) -> bool:
        """Try once more what was given up."""
        with self._store.transaction() as tx:
            its = update(outbox).where(outbox.c.id == id, outbox.c.sent_at.is_(None), outbox.c.try_at.is_(None))
            found = tx.connection.execute(its.values(try_at=tx.now, tries=0)).rowcount == 1
            if found:
                tx.audited(by, "webhook sent again", id, origin)
            return found

    # -- telling ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Take up what has happened and send what is due; harmless at any time, and by several processes."""
        with self._store.look() as tx:
            if tx.connection.execute(select(hooks.c.id).where(hooks.c.ended_at.is_(None)).limit(1)).first() is None:
                return
        with self._store.transaction() as tx:
            _take_up(tx)
            due = _take_due(tx)
        for row in due:
            self._later(lambda row=row: self._tell(row))

    def _tell(self, row: Row[Any]) -> None:
        body = row.body.encode()
        headers = {"Content-Type": "application/json", SIGNATURE: signature(row.secret, body, row.made_at)}
        why = None
        try:
            self._send(row.url, body, headers, BUDGET_S)
        except NotFetched as error:
            why = str(error)[:200]
            log.warning("a webhook was not taken: %s", error)
        with self._store.transaction() as tx:
            its = update(outbox).where(outbox.c.id == row.id, outbox.c.sent_at.is_(None))
            tries = row.tries + 1
            if why is None:
                tx.connection.execute(its.values(sent_at=tx.now, try_at=None, tries=tries, why=None))
                return
            pause = timedelta(seconds=min(FIRST_PAUSE_S * 2**row.tries, PAUSE_MAX_S))
            try_at = tx.now + pause if tries < TRIES_MAX else None
            tx.connection.execute(its.values(try_at=try_at, tries=tries, why=why))


def signature(secret: str, body: bytes, made_at: datetime) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 with the secret over the seconds, a dot, and the body."""
    seconds = int(made_at.timestamp())
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={made}"


def _take_up(tx: Tx) -> None:
    """Put into the outbox what has happened since it was read last."""
    told = list(tx.connection.execute(select(hooks.c.id).where(hooks.c.ended_at.is_(None))).scalars())
    for source, table in SOURCES.items():
        read = tx.connection.execute(select(outbox_read.c.seq).where(outbox_read.c.source == source)).scalar() or 0
        rows = tx.connection.execute(
            select(table).where(table.c.seq > read).order_by(table.c.seq).limit(READ_MAX)
        ).all()
        for row in rows:
            for kind, content in _news(source, row):
                made = {"id": f"{source}-{row.seq}", "kind": kind, "at": row.at.isoformat(), **content}
                body = json.dumps(made, ensure_ascii=False)
                for hook in told:
                    new = {"id": tx.new_id(), "hook": hook, "kind": kind, "body": body, "made_at": tx.now}
                    tx.connection.execute(insert(outbox).values(**new, tries=0, try_at=tx.now))
        if rows:
            _read_up_to(tx, source, rows[-1].seq)
    tx.connection.execute(delete(outbox).where(outbox.c.try_at.is_(None), outbox.c.made_at < tx.now - KEPT))


def _news(source: str, row: Row[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if source == "cases":
        kind = CASE_KINDS.get(row.what, "case.changed")
        yield kind, {"about": str(row.case_number), "fields": {"what": row.what, "who": row.who}}
    elif row.what in KINDS:
        yield KINDS[row.what], {"about": row.about, "fields": {it: row.fields[it] for it in FIELDS if it in row.fields}}


def _take_due(tx: Tx) -> list[Row[Any]]:
    """What is to be sent now; nobody else sends it while the lease runs."""
    due = select(outbox, hooks.c.url, hooks.c.secret).join(hooks, hooks.c.id == outbox.c.hook)
    due = due.where(outbox.c.try_at <= tx.now).order_by(outbox.c.try_at, outbox.c.made_at).limit(SENT_AT_ONCE_MAX)
    rows = list(tx.connection.execute(due).all())
    its = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
    tx.connection.execute(its.values(try_at=tx.now + LEASE))
    return rows


def _read_up_to(tx: Tx, source: str, seq: int) -> None:
    if tx.connection.execute(update(outbox_read).where(outbox_read.c.source == source).values(seq=seq)).rowcount == 0:
        tx.connection.execute(insert(outbox_read).values(source=source, seq=seq))
