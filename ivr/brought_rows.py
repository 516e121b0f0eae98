"""Brought rows: each e-mail and each visitor as one row, with who took it when, and the cases that it was about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ivr.inquiry import CameOf, inquiries
from ivr.mail import mails
from ivr.store import Tx
from ivr.visit import visits
from routing.store.tables import case_links, contacts

COLUMNS = {
    "by": "email or visit",
    "hotline": "the hotline that it came to",
    "day": "the day on which it came, where the hotline is",
    "came_at": "when it came, UTC",
    "caller": "the sender's address; of a visitor, the number or address that they gave",
    "language": "the language that it is in, or that the visitor speaks",
    "queue": "the queue that it waited in last",
    "kind": "the kind of case that its form opened with",
    "state": "of an e-mail open, answered, closed or kept; of a visitor waiting, called, served, not there or left",
    "why": "why an e-mail went into no queue",
    "agent": "who took it last",
    "taken_at": "when somebody took it first, UTC; empty for a visitor who did not come when called",
    "waited_s": "from its coming until that, in seconds",
    "done_at": "when it was done with, UTC",
    "ticket": "a visitor's number",
    "case": "the number of the case that it was about",
    "survey_at": "when it was decided to ask them how they were served, UTC; empty for who was not or could not be",
    "answers": "what they answered, question=key",
}
"""Every column with its meaning, in the order in which they stand."""


def count(tx: Tx, since: datetime | None, until: datetime | None) -> int:
    """How many rows there are."""
    tables = ((it, _between(it.c.came_at, since, until)) for it in (mails, visits))
    return sum(tx.connection.execute(select(func.count()).select_from(it).where(*when)).scalar() for it, when in tables)


def brought_rows(tx: Tx, zone: ZoneInfo, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
    """E-mails and visitors that came from `since` on and before `until`, the first one first."""
    case = select(case_links.c.contact, func.max(case_links.c.case_number).label("case_of_contact"))
    case = case.where(case_links.c.contact.is_not(None)).group_by(case_links.c.contact).subquery()
    sent = inquiries.c.came_of.is_(None) | (inquiries.c.came_of != CameOf.NOT_SENT)
    asked = select(inquiries.c.contact, inquiries.c.made_at.label("survey_at"), inquiries.c.answers).where(sent)
    asked = asked.subquery()
    found = []
    for table in (mails, visits):
        wanted = select(table, contacts.c.last_agent, case.c.case_of_contact, asked.c.survey_at, asked.c.answers)
        wanted = wanted.outerjoin(contacts, contacts.c.id == table.c.contact)
        wanted = wanted.outerjoin(asked, asked.c.contact == table.c.contact)
        wanted = wanted.outerjoin(case, case.c.contact == table.c.contact)
        wanted = wanted.where(*_between(table.c.came_at, since, until)).order_by(table.c.came_at, table.c.id)
        found.append(tx.connection.execute(wanted).mappings())
    for row in merge(*found, key=lambda row: row["came_at"]):
        yield _row(row, zone)


def _between(came_at: Any, since: datetime | None, until: datetime | None) -> list[Any]:
    return [*([came_at >= since] if since else []), *([came_at < until] if until else [])]


def _row(row: Any, zone: ZoneInfo) -> dict[str, Any]:
    visit, taken_at = "ticket" in row, row["taken_at"]
    return {
        "by": "visit" if visit else "email",
        "hotline": row["hotline"],
        "day": row["came_at"].astimezone(zone).date().isoformat(),
        "came_at": _utc(row["came_at"]),
        "caller": row["caller"] if visit else row["sender"],
        "language": row["language"],
        "queue": row["queue"],
        "kind": row["case_kind"],
        "state": row["state"],
        "why": None if visit else row["why"],
        "agent": row["last_agent"] if taken_at else None,
        "taken_at": _utc(taken_at),
        "waited_s": (taken_at - row["came_at"]).total_seconds() if taken_at else None,
        "done_at": _utc(row["done_at"]),
        "ticket": row["ticket"] if visit else None,
        "case": row["case_of_contact"] if visit else row["case_number"] or row["case_of_contact"],
        "survey_at": _utc(row["survey_at"]),
        "answers": " ".join(f"{question}={key}" for question, key in (row["answers"] or {}).items()),
    }


def _utc(at: datetime | None) -> str | None:
    """With microseconds: figures that are recomputed must come out the same to the last digit."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z") if at else None
