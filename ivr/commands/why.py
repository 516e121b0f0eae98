"""`ivr why`: why a contact went to this representative and to no other one, or why it still waits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import click
from sqlalchemy import select

from ivr.commands.storage import Unusable, opened, published
from ivr.settings import data_folder, menus_folder
from ivr.store import Store, Tx
from routing import distributor
from routing.contact import Contact, ContactState, Outcome
from routing.explaining import explain
from routing.kind import CONSULT
from routing.offer import Offer, OfferState
from routing.reason import CLOCK, Reason, Verdict, clause
from routing.store.tables import contacts, events, offers

SHOWN = ("agent", "queue", "to", "by", "of", "after", "into", "to_agent", "colleague", "kind", "needs", "reach")
SHOWN += ("preferred", "waited_s", "talked_s", "held_s")
"""What of an event is shown besides its `why`; nothing that callers said or typed is among it."""

EVENTS_MAX = 200


@click.command()
@click.argument("thing")
def why(thing: str) -> None:
    """Say in one sentence why THING - a contact, an offer or a call - went where it did; then what was weighed.

    A contact's and an offer's id stand in the log and on the desk; a call's is the carrier's (CA...).
    """
    store = opened(data_folder(os.environ))
    try:
        published(menus_folder(os.environ), store)  # what the queues are set to, for who still waits
    except Unusable as error:
        click.echo(f"without the hotlines' settings: {error.message.splitlines()[0]}", err=True)
    found = _found(store, thing)
    if not found:
        raise click.ClickException(f"there is no contact, offer or call {thing!r}")
    for line in found:
        click.echo(line)


def _found(store: Store, thing: str) -> list[str]:
    with store.look() as tx:
        if offer := tx.floor.offer(thing):
            return [_offered(offer), *_weighed(offer.reason)]
        its = select(contacts.c.id).where(contacts.c.call == thing).order_by(contacts.c.seq)
        ids = list(tx.connection.execute(its).scalars()) or [thing]
        found = [contact for name in ids if (contact := tx.floor.contact(name))]
        return [line for contact in found for line in _contact(tx, contact)]


def _contact(tx: Tx, contact: Contact) -> Iterator[str]:
    its = select(offers.c.id).where(offers.c.contact == contact.id).order_by(offers.c.made_at, offers.c.id)
    made = [tx.floor.offer(name) for name in tx.connection.execute(its).scalars()]
    yield _where(tx, contact)
    reason = None
    if contact.state is ContactState.WAITING:
        queue = tx.floor.queue(contact.queue)
        reason = explain(tx.floor, contact, queue, None)
        paused = tx.floor.standing(queue.name).paused
        yield f"it is offered to nobody: the queue is paused ({paused})" if paused else reason.sentence
    yield from _weighed(reason) if reason else ()
    for offer in made:
        yield _offered(offer)
        yield from _weighed(offer.reason)
    if contact.away and contact.state is ContactState.WAITING:
        yield "it is called as soon as somebody can be kept free for it"
    yield "what happened (times are UTC):"
    told = select(events).where(events.c.about == contact.id).order_by(events.c.seq).limit(EVENTS_MAX)
    for event in tx.connection.execute(told):
        yield f"  {event.at:%H:%M:%S} {event.what}{_fields(event.fields)}"


def _where(tx: Tx, contact: Contact) -> str:
    """Where a contact is, in one sentence."""
    said = f"{contact.kind} {contact.id} in {contact.queue}"
    if contact.kind == CONSULT:
        its = tx.floor.contact(contact.asks_about)
        said = f"consultation {contact.id} of {its.last_agent} about {its.kind} {its.id}"
    since = f"since {contact.entered_at:%Y-%m-%d %H:%M:%S} UTC"
    match contact.state:
        case ContactState.WAITING:
            length, _ = tx.floor.waiting(contact.queue)
            expected = distributor.expected_wait(tx.floor, contact, tx.now)
            more = f", about {_spell(expected.total_seconds())} more" if expected else ""
            return f"{said} waits {since}, position {tx.floor.position(contact)} of {length}{more}"
        case ContactState.OFFERED if contact.away:
            return f"{said} waits {since}, is being called, and {contact.last_agent} is kept free for it"
        case ContactState.OFFERED:
            return f"{said} waits {since} and is being offered to {contact.last_agent}"
        case ContactState.TALKING:
            return f"{said} is with {contact.last_agent} since {_time(contact.talking_at)}"
    waited = _spell(((contact.talking_at or contact.ended_at) - contact.entered_at).total_seconds())
    if contact.outcome is Outcome.SERVED:
        return f"{said} was served by {contact.last_agent} after {waited}"
    because = f" ({contact.why})" if contact.why else ""
    return f"{said} ended after {waited}: {str(contact.outcome).replace('_', ' ')}{because}"


def _offered(offer: Offer) -> str:
    state = "" if offer.state is OfferState.ACCEPTED else f" [{str(offer.state).replace('_', ' ')}]"
    return f"{_time(offer.made_at)} {offer.reason.sentence}{state}"


def _weighed(reason: Reason) -> Iterator[str]:
    """Everybody who was looked at, a line each."""
    for candidate in reason.candidates:
        chosen = candidate.verdict is Verdict.CHOSEN
        yield f"  + {candidate.agent} was chosen" if chosen else f"  - {clause(candidate)}"
    if reason.passed:
        yield f"  stood before it, with nobody free who could take them: {', '.join(reason.passed)}"


def _fields(fields: dict[str, object]) -> str:
    shown = [f"{name}={fields[name]}" for name in SHOWN if fields.get(name) not in (None, {}, "")]
    if fields.get("why") and "offer" not in fields:
        shown.append(f"({fields['why']})")
    if fields.get("away"):
        shown.append("(kept free: the caller is rung first)")
    return f" {' '.join(shown)}" if shown else ""


def _time(moment: datetime) -> str:
    return f"{moment:{CLOCK}}"


def _spell(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
