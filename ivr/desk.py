"""The desk: what a representative does, each thing in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ivr import case_form
from ivr.mail import Mail
from ivr.menu.tree import Tree
from ivr.store import Tx
from ivr.switchboard import Switchboard
from routing import distributor
from routing.agent import AgentState
from routing.case import NOTE_LENGTH_MAX, Case, Channel, Draft, Link, Wanted
from routing.contact import Contact
from routing.effect import Effect
from routing.kind import CONSULT, VISIT
from routing.refusal import Refused
from routing.store.tables import cases, contacts, drafts
from routing.talking import ONLY_CONSULTED

FORM_LENGTH_MAX = 64
CALLER = "caller"
"""Who made a case that callers left by themselves."""
REASON_LENGTH_MAX = 64

AWAY = "away"
"""The reason of a pause that follows when somebody's pages are all gone."""

GONE = Refused("there is no such contact", field="contact")
"""Also said of somebody else's contact: whether it exists is not told."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A case as it was logged; `is_new` is False when this form had made it before."""

    case: Case
    is_new: bool


class Desk:
    """Everything the pages let a representative do. `agent` is always the name they logged in by."""

    def __init__(self, switchboard: Switchboard) -> None:
        self.switchboard = switchboard

    def log_in(self, agent: str) -> Refused | None:
        """Sit down. Nothing is offered before `ready`; who is logged in elsewhere already stays as they are."""
        return self._act(lambda tx: distributor.log_in(tx.floor, agent, tx.now))

    def leave(self, agent: str) -> None:
        """Log out whose last session is over, if they have not left the floor themselves."""
        with self.switchboard.store.look() as tx:
            it = tx.floor.agent(agent)
        if it is not None and it.there:
            self.log_out(agent)

    def away(self, agent: str) -> bool:
        """Send who is available on a break, since they are not there; False: not yet, they have somebody."""
        with self.switchboard.store.look() as tx:
            it = tx.floor.agent(agent)
        if it is not None and it.state is AgentState.AVAILABLE:
            return self.pause(agent, AWAY) is None
        return it is None or it.state in (AgentState.PAUSED, AgentState.LOGGED_OUT)

    def log_out(self, agent: str) -> Refused | None:
        """Leave; with a caller on the line, as soon as the conversation is over."""
        return self._act(lambda tx: distributor.log_out(tx.floor, agent, tx.now))

    def ready(self, agent: str) -> Refused | None:
        """Be offered contacts; this also ends a break or a wrap-up, and brings back who was logged out meanwhile."""

        def happening(tx: Tx) -> list[Effect] | Refused:
            there = distributor.log_in(tx.floor, agent, tx.now)
            if isinstance(there, Refused):
                return there
            ready = distributor.ready(tx.floor, agent, tx.now)
            return ready if isinstance(ready, Refused) else [*there, *ready]

        return self._act(happening)

    def pause(self, agent: str, reason: str) -> Refused | None:
        """Take a break for a reason; with a caller on the line, as soon as the conversation is over."""
        return self._act(lambda tx: distributor.pause(tx.floor, agent, reason, tx.now))

    def extend_wrap_up(self, agent: str) -> Refused | None:
        """Need longer for the last contact: once, by as much as its queue allows."""
        return self._act(lambda tx: distributor.extend_wrap_up(tx.floor, agent, tx.now))

    def dispose(self, agent: str, contact: str, disposition: str) -> Refused | None:
        """Say what came of a conversation, by one of the names that the hotline has for its queue."""

        def happen(tx: Tx) -> tuple[Refused | None, tuple[()]]:
            its = theirs(tx, agent, contact)
            if its is None:
                return GONE, ()
            if its.kind == CONSULT:
                return ONLY_CONSULTED, ()
            tree = tree_of(self.switchboard, tx, contact)
            queue = tree.queues.get(its.queue)
            names = (queue.dispositions if queue else ()) or tuple(tree.dispositions)
            if disposition not in names:
                hint = f"there are: {', '.join(names)}" if names else "this hotline has none"
                return Refused(f"there is no disposition {disposition!r}", field="disposition", hint=hint), ()
            said = distributor.dispose(tx.floor, contact, agent, disposition, tx.now)
            return (said if isinstance(said, Refused) else None), ()

        return self.switchboard.happen(happen)

    def end_wrap_up(self, agent: str) -> Refused | None:
        """Be done with the last contact before the time for it is over."""
        return self._act(lambda tx: distributor.end_wrap_up(tx.floor, agent, tx.now))

    def accept(self, agent: str, offer: str) -> str | Refused:
        """Take an offer; returns the contact's id. The first wins, everybody else is told so."""
        answer = self.switchboard.act(lambda tx: distributor.accept(tx.floor, offer, agent, tx.now))
        return answer if isinstance(answer, Refused) else answer[0].contact.id

    def decline(self, agent: str, offer: str) -> Refused | None:
        """Let somebody else take it; the caller keeps the place."""
        return self._act(lambda tx: distributor.decline(tx.floor, offer, agent, tx.now))

    def hang_up(self, agent: str, contact: str) -> Refused | None:
        """End the conversation; a caller then hears the survey, and a visitor goes."""
        with self.switchboard.store.look() as tx:
            its = theirs(tx, agent, contact)
            if its is None:
                return GONE
            if tx.mails.of_contact(contact):
                return Refused("an e-mail is answered or closed")
        if its.kind == VISIT:
            return self._act(lambda tx: distributor.talk_ended(tx.floor, contact, tx.now))
        self.switchboard.hang_up_agent(contact)
        return None

    def save_draft(self, agent: str, contact: str, kind: str, fields: Mapping[str, str]) -> Refused | None:
        """Keep what is typed so far. It is nobody else's news, so no page is woken."""
        with self.switchboard.store.transaction() as tx:
            if (its := theirs(tx, agent, contact)) is None:
                return GONE
            if its.kind == CONSULT:
                return ONLY_CONSULTED
            tree = tree_of(self.switchboard, tx, contact)
            known = {name for it in tree.cases.values() for name in case_form.names_of(it)}
            if no := _kind_fault(tree, kind) or case_form.shape_fault(fields, known):
                return no
            if tx.cases.by_contact(contact):
                return Refused("the case is logged already")
            kept = tx.cases.keep_draft(contact, kind, fields, tx.now)
        return kept if isinstance(kept, Refused) else None

    def log_case(self, agent: str, contact: str, kind: str, fields: Mapping[str, str], form: str) -> Logged | Refused:
        """Make the case; the same `form` a second time returns the case it made, whatever else it brings."""
        return self.switchboard.happen(lambda tx: (self._log(tx, agent, contact, kind, fields, form), ()))

    def is_busy(self, agent: str) -> bool:
        """Whether the person is with a caller: then nobody is logged out for touching nothing."""
        with self.switchboard.store.look() as tx:
            it = tx.floor.agent(agent)
        return it is not None and it.state in (AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP)

    def _log(
        self, tx: Tx, agent: str, contact: str, kind: str, fields: Mapping[str, str], form: str
    ) -> Logged | Refused:
        its = theirs(tx, agent, contact)
        if its is None:
            return GONE
        if its.kind == CONSULT:
            return ONLY_CONSULTED
        if before := tx.cases.by_form(form):
            return Logged(before, False) if before.contact == contact else Refused("this form is another contact's")
        tree = tree_of(self.switchboard, tx, contact)
        if no := _kind_fault(tree, kind):
            return no
        kept = case_form.filled(tree.cases[kind], fields, tree.currency)
        if isinstance(kept, Refused):
            return kept
        call = tx.call_of(contact)
        about = {"contact": its.id, "call": call.sid, "caller": call.caller} if call else _brought(tx, agent, its)
        case = tx.cases.log(kind, kept, form, agent, tx.now, **about)
        if isinstance(case, Refused):
            return case
        if mail := tx.mails.of_contact(contact):
            mail.case_number = int(case.number)
            tx.mails.save(mail)
        return Logged(case, True)

    def _act(self, happening: Callable[[Tx], list[Effect] | Refused]) -> Refused | None:
        answer = self.switchboard.act(happening)
        return answer if isinstance(answer, Refused) else None


def theirs(tx: Tx, agent: str, contact: str) -> Contact | None:
    """The contact, if this agent has or had it; None for everybody else's and for none at all."""
    found = tx.floor.contact(contact)
    if found is None or found.last_agent != agent:
        return None
    offer = tx.floor.live_offer(contact)
    taken = found.talking_at is not None or (offer is not None and offer.state == "accepted")
    return found if taken else None


def tree_of(switchboard: Switchboard, tx: Tx, contact: str) -> Tree:
    """The hotline that a contact came in by, as it was when it came."""
    if call := tx.call_of(contact):
        return switchboard.hotlines.tree(call.version)
    its, trees = tx.sender_of(contact), switchboard.hotlines.current()
    return next((tree for tree in trees if its and tree.hotline == its.hotline), trees[0])


def cases_seen_by(tx: Tx, agent: str, limit: int) -> list[Case]:
    """The latest cases that the agent may look at, newest first."""
    return tx.cases.search(Wanted(), tx.now, cases.c.created_by.in_((agent, CALLER)), limit=limit)


def drafts_of(tx: Tx, agent: str, limit: int) -> list[Draft]:
    """Forms of the agent's contacts that were begun and never logged, the latest first."""
    begun = select(drafts).join(contacts, contacts.c.id == drafts.c.contact)
    talked = begun.where(contacts.c.last_agent == agent, contacts.c.talking_at.is_not(None))
    latest = talked.order_by(drafts.c.updated_at.desc()).limit(limit)
    return [Draft(**row) for row in tx.connection.execute(latest).mappings()]


def _brought(tx: Tx, agent: str, contact: Contact) -> dict[str, Any]:
    """What a case knows of the e-mail or the visitor that brought it."""
    its = tx.sender_of(contact.id)
    if its is None:
        return {"contact": contact.id}
    note = f"{its.subject}\n\n{its.text}" if isinstance(its, Mail) else its.note
    channel = Channel.EMAIL if isinstance(its, Mail) else Channel.VISIT
    link = Link(tx.now, agent, channel, contact.id, None, note.strip()[:NOTE_LENGTH_MAX])
    return {"contact": contact.id, "caller": its.caller, "hotline": its.hotline, "link": link}


def _kind_fault(tree: Tree, kind: str) -> Refused | None:
    if kind in tree.cases:
        return None
    return Refused(f"there is no kind of case {kind!r}", field="kind", hint=f"there are: {', '.join(tree.cases)}")
