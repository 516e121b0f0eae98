"""History: one person's calls, e-mails, visits and cases in one list, whichever number or address they used.

A case joins: whoever called, wrote and came about the same case is taken for the same person - if a representative
brought it to the case. That an e-mail names a case's number proves nothing: numbers can be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from ivr.dialable import shown
from ivr.mail import mails
from ivr.store import Tx, calls
from ivr.visit import visits
from routing.store.tables import case_links, cases

SHOWN_MAX = 20
"""So much of somebody's history is told, the latest."""

JOINED_MAX = 20
"""So many cases are looked at for other numbers and addresses of somebody."""

CALL, EMAIL, VISIT, CASE = "call", "email", "visit", "case"
UNDER_WAY = "under way"


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that somebody did: when, by what (`by`), about which `kind` of case or with which `subject`, and what
    became of it in its own words (an outcome, a state). `case`: the number, of a case or of what an e-mail named."""

    at: datetime
    by: str
    came_of: str
    kind: str
    who: str
    subject: str = ""
    case: str | None = None


def history(tx: Tx, who: str | None, but: str = "", case: str | None = None) -> list[Past]:
    """What is known of whoever this number or address is, the latest first; nothing of a withheld one.

    `but`: the call, e-mail or visit that they are here with now; `case`: one that is about them, whoever brought it.
    """
    known = {who} if who and shown(who) else set()
    known |= _joined(tx, known, case)
    if not known:
        return []
    found = [*_calls(tx, known), *_mails(tx, known), *_visits(tx, known), *_cases(tx, known)]
    found = [past for id, past in found if id not in ("", but, case)]
    return sorted(found, key=lambda it: it.at, reverse=True)[:SHOWN_MAX]


def _joined(tx: Tx, known: set[str], case: str | None) -> set[str]:
    """By which numbers and addresses the cases of these were brought."""
    numbers = [int(case)] if case else []
    if known:
        theirs = select(cases.c.number).where(cases.c.caller.in_(known)).order_by(cases.c.number.desc())
        numbers += tx.connection.execute(theirs.limit(JOINED_MAX)).scalars()
        linked = select(case_links.c.case_number).distinct().order_by(case_links.c.case_number.desc())
        linked = linked.outerjoin(calls, calls.c.sid == case_links.c.call)
        linked = linked.outerjoin(mails, mails.c.contact == case_links.c.contact)
        linked = linked.outerjoin(visits, visits.c.contact == case_links.c.contact)
        by = or_(calls.c.caller.in_(known), mails.c.sender.in_(known), visits.c.caller.in_(known))
        numbers += tx.connection.execute(linked.where(by).limit(JOINED_MAX)).scalars()
    its = select(case_links.c.contact, case_links.c.call).where(case_links.c.case_number.in_(numbers))
    links = tx.connection.execute(its).all()
    contacts, sids = {it.contact for it in links if it.contact}, {it.call for it in links if it.call}
    wanted = (
        select(calls.c.caller).where(calls.c.sid.in_(sids)),
        select(mails.c.sender).where(mails.c.contact.in_(contacts)),
        select(visits.c.caller).where(visits.c.contact.in_(contacts)),
        select(cases.c.caller).where(cases.c.number.in_(numbers)),
    )
    return {it for query in wanted for it in tx.connection.execute(query).scalars() if it and shown(it)}


Known = Iterable[tuple[str, Past]]


def _latest(tx: Tx, table: Any, by: Any, at: Any, known: set[str]) -> Any:
    return tx.connection.execute(select(table).where(by.in_(known)).order_by(at.desc()).limit(SHOWN_MAX + 1))


def _calls(tx: Tx, known: set[str]) -> Known:
    for row in _latest(tx, calls, calls.c.caller, calls.c.started_at, known):
        yield row.sid, Past(row.started_at, CALL, row.outcome or UNDER_WAY, row.case_kind or "", row.caller)


def _mails(tx: Tx, known: set[str]) -> Known:
    for row in _latest(tx, mails, mails.c.sender, mails.c.came_at, known):
        case = str(row.case_number) if row.case_number else None
        yield row.id, Past(row.came_at, EMAIL, row.state, row.case_kind, row.sender, row.subject, case)


def _visits(tx: Tx, known: set[str]) -> Known:
    for row in _latest(tx, visits, visits.c.caller, visits.c.came_at, known):
        yield row.id, Past(row.came_at, VISIT, row.state, row.case_kind, row.caller)


def _cases(tx: Tx, known: set[str]) -> Known:
    for row in _latest(tx, cases, cases.c.caller, cases.c.number, known):
        number = str(row.number)
        yield number, Past(row.created_at, CASE, row.state, row.kind, row.caller, case=number)
