"""Wearing: calls, e-mails and visits that are old keep what is counted of them and lose whose they were."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ivr.call import CallState
from ivr.mail import MailState, mails
from ivr.privacy.blanking import ERASED, blank_calls, blank_contacts, blank_mails, blank_visits
from ivr.store import Tx, calls
from ivr.visit import VisitState, visits
from routing.store.tables import contacts


def worn_calls(tx: Tx, old: Any, limit: int | None = None) -> list[str]:
    """Calls that are old, over, and still say whose they were."""
    its = (old, calls.c.state == CallState.ENDED, calls.c.caller.not_like(f"{ERASED}%"))
    return _ids(tx, select(calls.c.sid).where(*its).order_by(calls.c.started_at), limit)


def worn_mails(tx: Tx, old: Any, limit: int | None = None) -> list[str]:
    """E-mails that are old, done with, and still say whose they were."""
    its = (old, mails.c.state != MailState.OPEN, mails.c.message_id.not_like(f"{ERASED}%"))
    return _ids(tx, select(mails.c.id).where(*its).order_by(mails.c.came_at), limit)


def worn_visits(tx: Tx, old: Any, limit: int | None = None) -> list[str]:
    """Visits that are old, over, and still say whose they were."""
    over = visits.c.state.not_in((VisitState.WAITING, VisitState.CALLED))
    said = (visits.c.name != "") | (visits.c.note != "") | visits.c.caller.is_not(None)
    return _ids(tx, select(visits.c.id).where(old, over, said).order_by(visits.c.came_at), limit)


def wear_calls(tx: Tx, sids: list[str]) -> None:
    """Let nobody see any more whose calls these were."""
    for sid in sids:
        gone = f"{ERASED}{sid[-12:]}"
        blank_calls(tx, {sid}, gone)
        ids = set(tx.connection.execute(select(contacts.c.id).where(contacts.c.call == sid)).scalars())
        blank_contacts(tx, ids, gone)


def wear_mails(tx: Tx, ids: list[str]) -> None:
    """The same for e-mails."""
    blank_mails(tx, set(ids))


def wear_visits(tx: Tx, ids: list[str]) -> None:
    """The same for visits."""
    blank_visits(tx, set(ids))


def _ids(tx: Tx, found: Any, limit: int | None) -> list[str]:
    return list(tx.connection.execute(found.limit(limit) if limit else found).scalars())
