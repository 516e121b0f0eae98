"""In line: e-mails and visitors on the floor - put there at their place, and again for as long as nobody was there.

An overflow is no end for them: an e-mail does not hang up, and whoever stands at the counter is still there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ivr.mail import Mail
from ivr.menu.tree import Tree
from ivr.promises import needed, relaxing
from ivr.store import Tx
from ivr.visit import Visit, VisitState
from routing import distributor
from routing.contact import Contact, Relaxing
from routing.demand import Demand
from routing.effect import Connected, Effect, Ended, Overflowed, Transferred
from routing.kind import EMAIL, VISIT
from routing.needs import Needs, words

KINDS = (EMAIL, VISIT)
NOBODY_S = 60
"""Between two looks whether somebody is there."""

AT_ONCE_MAX = 100
"""So many are put in line at one time; the others follow at once."""


def place(tree: Tree, queue: str, needs: Needs, language: str) -> tuple[Needs, Relaxing]:
    """What is needed of whoever takes somebody of this language, and how that shrinks while they wait."""
    return needed(needs, language), relaxing(tree.queues[queue], language)


def next_due_at(tx: Tx) -> datetime | None:
    """When somebody is to be put in line next."""
    return min((it for it in (tx.mails.next_try_at(), tx.visits.next_try_at()) if it), default=None)


def put_due(tx: Tx) -> list[Effect]:
    """Put those in line whose time has come (again)."""
    due = [*tx.visits.due(tx.now, AT_ONCE_MAX), *tx.mails.due(tx.now, AT_ONCE_MAX)]
    return [effect for it in due for effect in put(tx, it)]


def put(tx: Tx, it: Mail | Visit) -> list[Effect]:
    """Let it wait on the floor since it came, if anybody is there who could take it; else look later."""
    kind = EMAIL if isinstance(it, Mail) else VISIT
    steps = (it.needs, *(needs for _, needs in it.relax))
    if not any(tx.floor.anyone_there(Demand(kind, needs, words(needs))) for needs in steps):
        it.contact, it.try_at = None, tx.now + timedelta(seconds=NOBODY_S)
        _save(tx, it)
        return []
    contact = Contact(
        tx.new_id(), it.queue, it.needs, 0, kind, it.language, it.case_kind, None, it.relax,
        preferred=_preferred(tx, it), entered_at=it.since,
    )  # fmt: skip
    it.contact, it.try_at = contact.id, None
    _save(tx, it)
    return distributor.enter(tx.floor, contact, tx.now)


def is_about(effect: object) -> bool:
    """Whether the contact of an effect is an e-mail or a visitor."""
    contact = getattr(effect, "contact", None)
    return isinstance(contact, Contact) and contact.kind in KINDS


def follow(tx: Tx, effect: object) -> None:
    """What an effect means to the e-mail or the visitor that its contact is. Harmless twice."""
    match effect:
        case Overflowed(contact, _) if contact.kind in KINDS:
            _wait_again(tx, contact)
        case Connected(offer, _, contact) if contact.kind in KINDS:
            _taken(tx, contact, offer.agent)
        case Ended(contact, _) if contact.kind == VISIT:
            visit = tx.visits.of_contact(contact.id)
            if visit and visit.state is VisitState.CALLED:
                there = contact.outcome is None or contact.outcome.value != "not_reached"
                visit.state, visit.done_at = VisitState.SERVED if there else VisitState.NOT_THERE, tx.now
                if not there and visit.taken_at == visit.called_at:
                    visit.taken_at = None
                tx.visits.save(visit)
        case Transferred(contact, _, _, into) if contact.kind in KINDS and into is not None:
            _go_on_as(tx, contact, into)


def _taken(tx: Tx, contact: Contact, agent: str) -> None:
    it = tx.sender_of(contact.id)
    if it is None or not it.waits:
        return
    it.taken_at = it.taken_at or tx.now
    if isinstance(it, Visit):
        it.state, it.called_at, it.called_by = VisitState.CALLED, tx.now, agent
    _save(tx, it)


def _wait_again(tx: Tx, contact: Contact) -> None:
    it = tx.sender_of(contact.id)
    if it is not None and it.waits:
        it.contact, it.try_at = None, tx.now + timedelta(seconds=NOBODY_S)
        _save(tx, it)


def _go_on_as(tx: Tx, contact: Contact, into: Contact) -> None:
    """It was handed on: it waits as another contact, in another queue perhaps."""
    it = tx.sender_of(contact.id)
    if it is None:
        return
    it.contact, it.queue, it.needs = into.id, into.queue, into.needs
    if isinstance(it, Visit):
        it.state, it.called_at, it.called_by = VisitState.WAITING, None, None
    _save(tx, it)
    if draft := tx.cases.draft(contact.id):
        tx.cases.keep_draft(into.id, draft.kind, draft.fields, tx.now)


def _preferred(tx: Tx, it: Mail | Visit) -> str | None:
    """Who sees to the case that an e-mail is about, if they are there."""
    case = tx.cases.by_number(str(it.case_number)) if isinstance(it, Mail) and it.case_number else None
    agent = tx.floor.agent(case.owner) if case and case.owner else None
    return agent.name if agent and agent.at_work else None


def _save(tx: Tx, it: Mail | Visit) -> None:
    if isinstance(it, Mail):
        tx.mails.save(it)
    else:
        tx.visits.save(it)
