"""Blanking: takes what is personal out of somebody's rows and leaves what is counted, so that every total stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Table, delete, select, update

from ivr.callback import CallbackState, callbacks
from ivr.inquiry import CameOf, InquiryState, inquiries
from ivr.lookup import lookups
from ivr.mail import MailState, mail_files, mails
from ivr.mail_sent import mails_sent
from ivr.message import messages
from ivr.privacy.traces import Traces, chunks
from ivr.recording import recordings
from ivr.store import Tx, answers, calls
from ivr.third import thirds
from ivr.visit import visits
from routing.store.tables import case_history, case_links, cases, contacts, drafts, events

Counting = Callable[[str | None, str], frozenset[str]]
"""The fields of a hotline's kind of case that are counted and say nothing about anybody: choices, amounts, days."""

ERASED = "erased-"
"""What stands before a pseudonym."""

PERSONAL = frozenset({"caller", "digits", "value", "number", "text", "name", "address", "words", "note", "sender"})
"""Fields of events that callers have said, typed or shown."""

_IN_HISTORY = frozenset({"call", "contact", "channel", "from", "to", "why", "into", "case", "owner", "state", "due_at"})
"""What a case's history may go on saying: ids and words of ours."""


def erased_id(pseudonym: str) -> str:
    """What stands in the place of a number: the same for all rows of one erasure, so that callers still count once."""
    return f"{ERASED}{pseudonym[:12]}"


def blank(tx: Tx, found: Traces, pseudonym: str, counting: Counting) -> dict[str, int]:
    """Blank everything that was found; returns how much of what."""
    gone = erased_id(pseudonym)
    blank_calls(tx, found.calls, gone)
    blank_contacts(tx, found.contacts, gone)
    blank_mails(tx, found.mails)
    blank_visits(tx, found.visits)
    _cases(tx, found.cases, gone, counting)
    _links(tx, found)
    _events(tx, found.abouts)
    for table, ids in ((messages, found.messages), (recordings, found.recordings)):
        for piece in chunks(ids):
            tx.connection.execute(delete(table).where(table.c.id.in_(piece)))
    return found.counts


def _set(tx: Tx, table: Table, by: Any, ids: Iterable[Any], *also: Any, **values: Any) -> None:
    for piece in chunks(ids):
        tx.connection.execute(update(table).where(by.in_(piece), *also).values(**values))


def _drop(tx: Tx, table: Table, by: Any, ids: Iterable[Any]) -> None:
    for piece in chunks(ids):
        tx.connection.execute(delete(table).where(by.in_(piece)))


def blank_visits(tx: Tx, ids: set[str]) -> None:
    """Who came, and what for."""
    _set(tx, visits, visits.c.id, ids, name="", caller=None, note="")


def blank_calls(tx: Tx, sids: set[str], gone: str) -> None:
    """Who called, what they typed and were told, and what was promised to them."""
    _set(tx, calls, calls.c.sid, sids, caller=gone, typed={}, noted={})
    _drop(tx, answers, answers.c.call, sids)
    _drop(tx, lookups, lookups.c.call, sids)
    _set(
        tx, callbacks, callbacks.c.call, sids, callbacks.c.state == CallbackState.OPEN,
        state=CallbackState.GIVEN_UP, try_at=None,
    )  # fmt: skip
    _set(tx, callbacks, callbacks.c.call, sids, number="", known={})
    _blank_inquiries(tx, inquiries.c.call, sids)


def _blank_inquiries(tx: Tx, by: Any, ids: set[str]) -> None:
    _set(
        tx, inquiries, by, ids, inquiries.c.state != InquiryState.OVER,
        state=InquiryState.OVER, came_of=CameOf.NOT_REACHED, try_at=None,
    )  # fmt: skip
    _set(tx, inquiries, by, ids, number="", words="", word_hash=None)


def blank_contacts(tx: Tx, ids: set[str], gone: str) -> None:
    """Who waited, whom they were joined to outside, and what was begun to be written."""
    _set(tx, contacts, contacts.c.id, ids, contacts.c.who.is_not(None), who=gone)
    _set(tx, thirds, thirds.c.contact, ids, address="")
    _drop(tx, drafts, drafts.c.contact, ids)
    _blank_inquiries(tx, inquiries.c.contact, ids)
    for piece in chunks(ids):
        _blank_sent(tx, mails_sent.c.inquiry.in_(select(inquiries.c.id).where(inquiries.c.contact.in_(piece))))


def blank_mails(tx: Tx, ids: set[str]) -> None:
    """Who wrote what, and what was answered; what had not gone out does not go any more."""
    _drop(tx, mail_files, mail_files.c.mail, ids)
    for piece in chunks(ids):
        _blank_sent(tx, mails_sent.c.mail.in_(piece))
    _set(
        tx, mails, mails.c.id, ids, mails.c.state == MailState.OPEN, state=MailState.CLOSED, try_at=None, done_at=tx.now
    )
    for id in ids:
        one = update(mails).where(mails.c.id == id)
        values = {"sender": None, "sender_name": "", "subject": "", "text": "", "draft": ""}
        tx.connection.execute(one.values(**values, message_id=f"{ERASED}{id}"))


def _blank_sent(tx: Tx, its: Any) -> None:
    for row in tx.connection.execute(select(mails_sent.c.id, mails_sent.c.try_at).where(its)).all():
        ended = {"try_at": None, "failed_at": tx.now} if row.try_at else {}
        values = {"recipient": "", "subject": "", "body": "", "answers": "", "why": None, **ended}
        one = update(mails_sent).where(mails_sent.c.id == row.id)
        tx.connection.execute(one.values(**values, message_id=f"{ERASED}{row.id}"))


def _cases(tx: Tx, numbers: set[int], gone: str, counting: Counting) -> None:
    for number in sorted(numbers):
        row = tx.connection.execute(select(cases).where(cases.c.number == number)).one()
        kept = counting(row.hotline, row.kind)
        fields = {name: value for name, value in row.fields.items() if _shape(name) in kept}
        its = update(cases).where(cases.c.number == number)
        tx.connection.execute(its.values(caller=gone if row.caller else None, fields=fields, found_by=""))
        lines = select(case_history.c.seq, case_history.c.detail).where(case_history.c.case_number == number)
        for line in tx.connection.execute(lines).all():
            cut = update(case_history).where(case_history.c.seq == line.seq)
            tx.connection.execute(cut.values(detail=_detail(line.detail, kept)))
        _set(tx, case_links, case_links.c.case_number, [number], note="")
        tx.cases.index(str(number))


def _shape(name: str) -> str:
    """`items.3.price` is the same kind of field as `items.1.price`."""
    first, _, rest = name.partition(".")
    return f"{first}.{rest.rpartition('.')[2]}" if rest else name


def _detail(detail: Mapping[str, Any], kept: frozenset[str]) -> dict[str, Any]:
    left = {name: value for name, value in detail.items() if name in _IN_HISTORY or not isinstance(value, str | dict)}
    fields = detail.get("fields")
    if isinstance(fields, dict):
        left["fields"] = {name: pair if _shape(name) in kept else ["", ""] for name, pair in fields.items()}
    return left | ({"text": ""} if "text" in detail else {})


def _links(tx: Tx, found: Traces) -> None:
    _set(tx, case_links, case_links.c.call, found.calls, note="")
    _set(tx, case_links, case_links.c.contact, found.contacts, note="")


def _events(tx: Tx, abouts: Iterable[str]) -> None:
    for piece in chunks(abouts):
        its = select(events.c.seq, events.c.fields).where(events.c.about.in_(piece))
        for row in tx.connection.execute(its).all():
            if not PERSONAL.isdisjoint(row.fields):
                left = {name: "" if name in PERSONAL else value for name, value in row.fields.items()}
                tx.connection.execute(update(events).where(events.c.seq == row.seq).values(fields=left))
