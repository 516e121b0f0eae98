"""Call rows: each call as one row, with every passage over the floor in it, so that every figure can be recomputed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from ivr.dialable import shown
from ivr.store import Tx, calls
from routing.offer import OfferState
from routing.store.tables import case_links, contacts, offers

CHUNK = 500

COLUMNS = {
    "call": "the call's id at the telephone company",
    "hotline": "the hotline that was called",
    "version": "the version of its files that the caller heard",
    "day": "the day on which it began, where the hotline is",
    "started_at": "when it began, UTC",
    "ended_at": "when it ended, UTC; empty while it lasts",
    "length_s": "from its beginning to its end, in seconds",
    "called": "the number that was dialled",
    "caller": "the caller's number; empty when it was withheld",
    "language": "the language that the caller heard last",
    "outcome": "how it ended",
    "way": "the steps at which keys were pressed, each with its key",
    "queue": "the queue that the caller waited in last",
    "agent": "who talked with the caller last",
    "waited_s": "the wait before the last conversation, or until the caller gave up, in seconds",
    "talked_s": "how long the last conversation lasted, in seconds",
    "offers": "how often the call was offered to somebody",
    "missed": "how often nobody answered such an offer",
    "survey": "offered, or spared: asked not long ago; empty when they talked to nobody or were not to be asked",
    "survey_at": "when it was offered, UTC",
    "survey_way": "how: line, call_back or link",
    "answers": "what the caller answered in the survey, question=key",
    "cases": "the numbers of the cases that it was about",
    "passages": "every wait in a queue, as JSON: contact, queue, kind, entered_at, answered_at, ended_at, outcome, "
    "agent, offers, missed, disposition",
}
"""Every column with its meaning, in the order in which they stand."""


def count(tx: Tx, since: datetime | None, until: datetime | None) -> int:
    """How many rows there are."""
    return tx.connection.execute(select(func.count()).select_from(calls).where(*_between(since, until))).scalar() or 0


def call_rows(tx: Tx, zone: ZoneInfo, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
    """The calls that began from `since` on and before `until`, the first one first."""
    after: tuple[datetime, str] | None = None
    while True:
        where = _between(since, until)
        if after is not None:
            began, sid = after
            later = (calls.c.started_at > began) | ((calls.c.started_at == began) & (calls.c.sid > sid))
            where = [*where, later]
        found = select(calls).where(*where).order_by(calls.c.started_at, calls.c.sid).limit(CHUNK)
        rows = tx.connection.execute(found).all()
        if not rows:
            return
        yield from _chunk(tx, rows, zone)
        after = (rows[-1].started_at, rows[-1].sid)


def _between(since: datetime | None, until: datetime | None) -> list[Any]:
    return [
        *([calls.c.started_at >= since] if since else []),
        *([calls.c.started_at < until] if until else []),
    ]


def _chunk(tx: Tx, rows: Sequence[Row], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    sids = [row.sid for row in rows]
    passages: dict[str, list[dict[str, Any]]] = {sid: [] for sid in sids}
    asked = select(contacts).where(contacts.c.call.in_(sids)).order_by(contacts.c.seq)
    its = {row.id: _passage(row) for row in tx.connection.execute(asked)}
    made = select(offers.c.contact, offers.c.state).where(offers.c.contact.in_(its))
    for offer in tx.connection.execute(made):
        its[offer.contact]["offers"] += 1
        its[offer.contact]["missed"] += offer.state == OfferState.MISSED
    for row in tx.connection.execute(asked):
        passages[row.call].append(its[row.id])
    linked: dict[str, list[int]] = {sid: [] for sid in sids}
    about = select(case_links.c.call, case_links.c.case_number).where(case_links.c.call.in_(sids)).distinct()
    for link in tx.connection.execute(about.order_by(case_links.c.case_number)):
        linked[link.call].append(link.case_number)
    for row in rows:
        yield _row(row, passages[row.sid], linked[row.sid], zone)


def _passage(row: Row) -> dict[str, Any]:
    return {
        "contact": row.id,
        "queue": row.queue,
        "kind": row.kind,
        "entered_at": _utc(row.entered_at),
        "answered_at": _utc(row.talking_at),
        "ended_at": _utc(row.ended_at),
        "outcome": row.outcome,
        "agent": row.last_agent if row.talking_at else None,
        "offers": 0,
        "missed": 0,
        "disposition": row.disposition,
    }


def _row(row: Row, passages: list[dict[str, Any]], about: list[int], zone: ZoneInfo) -> dict[str, Any]:
    last = passages[-1] if passages else None
    entered, answered, ended = (_moment(last, name) for name in ("entered_at", "answered_at", "ended_at"))
    return {
        "call": row.sid,
        "hotline": row.hotline,
        "version": row.version,
        "day": row.started_at.astimezone(zone).date().isoformat(),
        "started_at": _utc(row.started_at),
        "ended_at": _utc(row.ended_at),
        "length_s": _between_s(row.started_at, row.ended_at),
        "called": row.called,
        "caller": shown(row.caller),
        "language": row.language,
        "outcome": row.outcome,
        "way": " ".join(f"{node}:{key}" for node, key in row.path),
        "queue": last["queue"] if last else None,
        "agent": last["agent"] if last else None,
        "waited_s": _between_s(entered, answered or ended),
        "talked_s": _between_s(answered, ended),
        "offers": sum(it["offers"] for it in passages),
        "missed": sum(it["missed"] for it in passages),
        "survey": row.survey,
        "survey_at": _utc(row.survey_at),
        "survey_way": row.survey_way,
        "answers": " ".join(f"{question}={key}" for question, key in row.answers.items()),
        "cases": " ".join(map(str, about)),
        "passages": json.dumps(passages, ensure_ascii=False, separators=(",", ":")),
    }


def _moment(passage: dict[str, Any] | None, name: str) -> datetime | None:
    return datetime.fromisoformat(passage[name]) if passage and passage[name] else None


def _between_s(first: datetime | None, last: datetime | None) -> float | None:
    return (last - first).total_seconds() if first and last else None


def _utc(at: datetime | None) -> str | None:
    """With microseconds: figures that are recomputed must come out the same to the last digit."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z") if at else None
