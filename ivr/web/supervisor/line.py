"""Line: who waits and who talks, queue by queue, and why one of them is where they are - as the pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ivr.store import Tx
from routing import distributor, needs
from routing.contact import Contact, ContactState
from routing.explaining import explain
from routing.offer import Offer
from routing.queue import Standing
from routing.reason import Reason
from routing.store.rows import contact_of
from routing.store.tables import contacts, events, offers

SHOWN_MAX = 50
"""So many of each queue are shown, and so many conversations; the counts are of all."""

EVENTS_MAX = 100
MASKED_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """One contact as it stands: `caller` ends in the last digits of the number, `expected_s` may be unknown."""

    contact: Contact
    position: int
    caller: str
    needs: str
    expected_s: float | None = None


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One queue: how it stands, how many wait in it, and the first of them."""

    name: str
    standing: Standing
    length: int
    since: datetime | None
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a contact."""

    at: datetime
    what: str
    who: str
    detail: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a contact is where it is: the finding now while it waits, each offer with what was weighed, what happened."""

    place: Place
    reason: Reason | None
    paused: str | None
    offers: tuple[Offer, ...]
    events: tuple[Told, ...]


def lines(tx: Tx, queues: Sequence[str]) -> list[QueueLine]:
    """Every queue, the longest waiting first."""
    found = []
    for name in queues:
        length, since = tx.floor.waiting(name)
        places = [_place(tx, it, n) for n, it in enumerate(tx.floor.in_line(name, SHOWN_MAX), 1)] if length else []
        found.append(QueueLine(name, tx.floor.standing(name), length, since, tuple(places)))
    return sorted(found, key=lambda it: (it.since is None, it.since or tx.now, it.name))


def talking(tx: Tx) -> list[Place]:
    """Who talks, the longest first."""
    they = select(contacts).where(contacts.c.state == ContactState.TALKING.value).order_by(contacts.c.talking_at)
    rows = tx.connection.execute(they.limit(SHOWN_MAX)).mappings()
    return [_place(tx, contact_of(row), 0) for row in rows]


def why(tx: Tx, contact_id: str) -> Why | None:
    """Everything that is known of one contact's way; None when there is no such contact."""
    contact = tx.floor.contact(contact_id)
    if contact is None:
        return None
    in_line = contact.state in (ContactState.WAITING, ContactState.OFFERED)
    place = _place(tx, contact, tx.floor.position(contact) if in_line else 0)
    reason = None
    if contact.state is ContactState.WAITING:
        reason = explain(tx.floor, contact, tx.floor.queue(contact.queue), None)
    made = select(offers.c.id).where(offers.c.contact == contact.id).order_by(offers.c.made_at, offers.c.id)
    its = [tx.floor.offer(name) for name in tx.connection.execute(made).scalars()]
    told = select(events).where(events.c.about == contact.id).order_by(events.c.seq).limit(EVENTS_MAX)
    happened = tuple(_told(row.at, row.what, row.fields) for row in tx.connection.execute(told))
    paused = tx.floor.standing(contact.queue).paused
    return Why(place, reason, paused, tuple(offer for offer in its if offer), happened)


def _place(tx: Tx, contact: Contact, position: int) -> Place:
    call = tx.call_of(contact.id)
    digits = "".join(it for it in call.caller if it.isdigit()) if call else ""
    caller = f"…{digits[-MASKED_DIGITS:]}" if digits else "–"
    expected = distributor.expected_wait(tx.floor, contact, tx.now) if position else None
    return Place(contact, position, caller, needs.words(contact.needs), expected.total_seconds() if expected else None)


def _told(at: datetime, what: str, fields: dict[str, object]) -> Told:
    who = str(fields.get("by") or fields.get("agent") or fields.get("supervisor") or "")
    # What was weighed for an offer stands with the offer, in the reader's words.
    shown = ("queue", "to", "how", "head_start_s", "disposition") + (() if "offer" in fields else ("why",))
    return Told(at, what, who, " ".join(str(fields[it]) for it in shown if fields.get(it) not in (None, "")))
