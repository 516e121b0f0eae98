"""Brought: what the picture tells of e-mails and visitors - who they are, what was written, which are in hand."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from ivr.call import Call
from ivr.dialable import shown
from ivr.history import history
from ivr.mail import Mail
from ivr.mail_sent import MailSent
from ivr.store import Tx
from ivr.visit import Visit
from ivr.web.on_the_line import earlier
from routing.contact import Contact

EARLIER_MAX = 20
"""So many e-mails of one conversation are shown."""

Json = dict[str, Any]


def who(tx: Tx, contact: Contact, call: Call | None) -> Json:
    """Who it is, their earlier cases, and all that they did before."""
    if call is not None:
        return {"caller": shown(call.caller), "name": None, "ticket": None, "subject": None, "note": None,
                "earlier": earlier(tx, call.caller), "history": _past(tx, call.caller, call.sid)}  # fmt: skip
    its = tx.sender_of(contact.id)
    visit, mail = (its if isinstance(its, Visit) else None), (its if isinstance(its, Mail) else None)
    return {
        "caller": its.caller if its else None,
        "name": (visit.name if visit else mail.sender_name if mail else "") or None,
        "ticket": visit.ticket if visit else None,
        "subject": mail.subject if mail else None,
        "note": visit.note if visit else None,
        "earlier": earlier(tx, its.caller) if its else [],
        "history": _past(tx, its.caller, its.id) if its else [],
    }


def _past(tx: Tx, who: str | None, now_with: str) -> list[Json]:
    return [{**asdict(it), "at": _at(it.at)} for it in history(tx, who, now_with)]


def in_hand(tx: Tx, agent: str, opened: str | None) -> list[Json]:
    """The e-mails that an agent has taken and not yet answered, the oldest first."""
    mails = [(offer.contact, tx.mails.of_contact(offer.contact)) for offer in tx.floor.held_by(agent)]
    found = sorted(((contact, mail) for contact, mail in mails if mail), key=lambda it: it[1].came_at)
    return [
        {
            "contact": contact,
            "from": mail.sender_name or mail.sender,
            "subject": mail.subject,
            "came_at": _at(mail.came_at),
            "begun": bool(mail.draft),
            "open": contact == opened,
        }
        for contact, mail in found
    ]


def mail_json(tx: Tx, contact: Contact) -> Json | None:
    """The e-mail that a contact is, the conversation before it, and the answer as far as it is written."""
    mail = tx.mails.of_contact(contact.id)
    if mail is None:
        return None
    thread = tx.mails.of_thread(mail.thread)
    sent = tx.sent.of_mails(tuple(it.id for it in thread))
    before = [_came(it) for it in thread if it.id != mail.id] + [_went(it) for it in sent]
    return {
        **_came(mail),
        "to": mail.address,
        "state": str(mail.state),
        "case_number": str(mail.case_number) if mail.case_number else None,
        "left_out": mail.left_out,
        "attachments": [{"number": n, "name": name, "bytes": size} for n, name, size in tx.mails.files(mail.id)],
        "draft": mail.draft,
        "before": sorted(before, key=lambda it: it["at"])[-EARLIER_MAX:],
    }


def _came(mail: Mail) -> Json:
    return {"at": _at(mail.came_at), "from": mail.sender, "by": None, "subject": mail.subject, "text": mail.text}


def _went(sent: MailSent) -> Json:
    by = sent.made_by or None
    return {"at": _at(sent.made_at), "from": sent.sender, "by": by, "subject": sent.subject, "text": sent.body}


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
