"""On the line: what the picture tells of a conversation besides its caller - hold, who is asked, whom it can go to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from ivr.conversing import queues_of
from ivr.dialable import own_number, shown
from ivr.menu.tree import QueueSettings, Tree
from ivr.recording import Doing
from ivr.session.notice import NEVER, REFUSED
from ivr.store import Tx
from ivr.third import ThirdState
from ivr.web.texts import Texts
from routing.consulting import unavailable
from routing.contact import Contact, ContactState, Outcome
from routing.kind import CONSULT
from routing.needs import able
from routing.offer import Offer
from routing.store.rows import contact_of
from routing.store.tables import cases, contacts, offers

EARLIER_MAX = 5
COLLEAGUES_MAX = 100

Json = dict[str, Any]


def on_the_line(tx: Tx, contact: Contact, tree: Tree, offer: Offer | None, t: Texts) -> Json:
    """Hold, microphone, third, whom it may go to, what may be said of it, and texts that are at hand."""
    advises = contact.kind == CONSULT  # the caller is the colleague's: nothing to be done with them but to talk
    call = None if advises else tx.call_of(contact.id)
    queue = tree.queues.get(contact.queue)
    names = () if advises else (queue.dispositions if queue else ()) or tuple(tree.dispositions)
    return {
        "held_since": _at(contact.held_since),
        "muted": tx.thirds.is_muted(contact.id),
        "recording": recording_of(tx, contact, queue),
        "third": _third(tx, contact),
        "goes_to": _goes_to(tx, contact, tree, None if advises else offer),
        "disposition": contact.disposition,
        "dispositions": [{"name": name, "label": t.of(tree.dispositions[name])} for name in names],
        "callback_to": own_number(call.caller) if call else None,
        "promised": bool(call and (number := own_number(call.caller)) and tx.callbacks.open_for(number)),
        "texts": [
            {"name": name, "label": t.of(words), "text": words.get(contact.language) or t.of(words)}
            for name, words in tree.texts.items()
        ],
    }


def recording_of(tx: Tx, contact: Contact, queue: QueueSettings | None) -> Json | None:
    """Whether what is said is kept: `starting`, `running`, `pausing` (not paused yet!), `paused`, or `refused`."""
    it, call = tx.recordings.live_of(contact.id), tx.call_of(contact.id)
    if it is None:
        refused = queue is not None and queue.recording != NEVER and call is not None and call.consent == REFUSED
        return {"state": "refused", "paused_at": None, "resume_at": None} if refused else None
    if it.wanted is Doing.PAUSED:
        state = "paused" if it.settled else "pausing"
    else:
        state = "running" if it.settled else "starting"
    return {"state": state, "paused_at": _at(it.paused_at), "resume_at": _at(it.resume_at)}


def earlier(tx: Tx, caller: str | None) -> list[Json]:
    """The latest cases of the same caller and how they stand; nobody's, where the number was withheld."""
    if caller is None or shown(caller) is None:
        return []
    theirs = select(cases.c.number).where(cases.c.caller == caller).order_by(cases.c.number.desc())
    numbers = tx.connection.execute(theirs.limit(EARLIER_MAX)).scalars().all()
    found = [tx.cases.by_number(str(number)) for number in numbers]
    return [
        {"number": it.number, "kind": it.kind, "state": str(it.state), "created_at": _at(it.created_at)} for it in found
    ]


def consult(tx: Tx, contact: Contact) -> Json | None:
    """Of a consultation: which colleague asks, and since when the caller hears music meanwhile."""
    if contact.kind != CONSULT:
        return None
    its = tx.floor.contact(contact.asks_about)
    by = tx.floor.agent(its.last_agent)
    return {"by": its.last_agent, "display_name": by.display_name or by.name, "held_since": _at(its.held_since)}


def _third(tx: Tx, contact: Contact) -> Json | None:
    """Whom the agent asks about it, or has asked last and in vain: a number, or a colleague."""
    third = tx.thirds.of_contact(contact.id) or tx.thirds.last_of(contact.id)
    its = select(contacts).where(contacts.c.asks_about == contact.id).order_by(contacts.c.seq.desc()).limit(1)
    row = tx.connection.execute(its).mappings().first()
    if row is not None and (third is None or (third.state is ThirdState.OVER and third.asked_at <= row["entered_at"])):
        return _colleague(tx, contact_of(row))
    if third is None or (third.state is ThirdState.OVER and not third.why):
        return None
    return {"number": third.address, "agent": None, "state": str(third.state), "why": third.why}


def _colleague(tx: Tx, asked: Contact) -> Json | None:
    state, why = ThirdState.THERE if asked.state is ContactState.TALKING else ThirdState.CALLING, None
    if asked.state is ContactState.DONE:
        if asked.outcome is not Outcome.OVERFLOWED:
            return None
        last = select(offers.c.state, offers.c.why).where(offers.c.contact == asked.id)
        ended = tx.connection.execute(last.order_by(offers.c.made_at.desc()).limit(1)).one()
        state, why = ThirdState.OVER, ended.why or ended.state
    elif asked.kind != CONSULT:
        state = ThirdState.STAYS
    return {"number": None, "agent": asked.last_agent, "state": str(state), "why": why}


def _goes_to(tx: Tx, contact: Contact, tree: Tree, offer: Offer | None) -> Json:
    """Queues, colleagues and numbers; a colleague who can take it may be given it, whoever is free may be asked."""
    if offer is None:
        return {"queues": [], "agents": [], "numbers": []}
    agents = [
        {
            "name": it.name,
            "display_name": it.display_name or it.name,
            "state": str(it.state),
            "may_take": able(it.skills, contact.needs),
            "may_be_asked": unavailable(tx.floor, it) is None,
        }
        for it in tx.floor.logged_in(COLLEAGUES_MAX)
        if it.name != offer.agent
    ]
    return {"queues": queues_of(tree), "agents": agents, "numbers": list(tree.transfer_numbers)}


def _at(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
