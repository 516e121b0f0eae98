"""Transfer: how an agent hands a conversation on - to a queue, a colleague or a number - or lets it rest."""

from __future__ import annotations

from datetime import datetime

from routing import moves
from routing.consulting import dismiss
from routing.contact import Contact, Outcome
from routing.effect import Effect, Held, Resumed, Transferred
from routing.floor import Floor
from routing.needs import Needs, able, lack, plain
from routing.offer import Offer
from routing.refusal import Refused
from routing.settling import settle
from routing.staff import nobody
from routing.talking import finish_talk, theirs

TRANSFERS_MAX = 5
"""So often one matter is handed on from queue to queue; then somebody has to take it on."""


def hold(floor: Floor, contact_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent lets the caller hear music for a while."""
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    contact, offer = found
    if contact.held_since is not None:
        return []
    moves.hold(floor, contact, "by the agent", now)
    return [Held(contact, offer)]


def resume(floor: Floor, contact_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent goes on with a caller who was on hold."""
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    contact, offer = found
    if contact.held_since is None:
        return []
    moves.resume(floor, contact, now)
    return [Resumed(contact, offer)]


def transfer_to_queue(
    floor: Floor, contact_id: str, agent_name: str, queue: str, needs: Needs | None, now: datetime
) -> list[Effect] | Refused:
    """The caller waits again, in another queue or the same, as a new contact that keeps the first one's place; with its
    needs, or with others."""
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    if floor.standing(queue).closed is not None:
        return Refused("that queue is closed", field="queue")
    if floor.waiting(queue)[0] >= floor.queue(queue).max_length:
        return Refused("that queue is full", field="queue")
    return _hand_on(floor, *found, queue, needs, None, now)


def transfer_to_agent(
    floor: Floor, contact_id: str, agent_name: str, colleague: str, now: datetime
) -> list[Effect] | Refused:
    """The caller waits again, in the same queue at their place, and that colleague is preferred; if they do not come in
    time, whoever else can take it is asked."""
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    agent = floor.agent(colleague)
    if agent is None:
        return nobody(colleague)
    if not agent.there:
        return Refused(f"{colleague} is not logged in", field="agent")
    if not able(agent.skills, found[0].needs):
        return Refused(f"{colleague} lacks {lack(agent.skills, found[0].needs)}", field="agent", hint="use a queue")
    return _hand_on(floor, *found, found[0].queue, None, colleague, now)


def transfer_out(floor: Floor, contact_id: str, agent_name: str, number: str, now: datetime) -> list[Effect] | Refused:
    """The caller is led to a number outside; for this floor the matter is over. Whether that number may be dialled is
    for the asker to judge."""
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    contact, offer = found
    alone = dismiss(floor, contact, now)
    finish_talk(floor, contact, offer, "hand_on", Outcome.TRANSFERRED, "to a number", now)
    moves.record(floor, now, contact.id, "transferred", agent=agent_name, number=number)
    return [Transferred(contact, offer, to=number), *alone, *settle(floor, now)]


def _hand_on(
    floor: Floor, contact: Contact, offer: Offer, queue: str, needs: Needs | None, to: str | None, now: datetime
) -> list[Effect] | Refused:
    before = contact.transfers
    if before >= TRANSFERS_MAX:
        return Refused(f"handed on {before} times already", hint="take it on, or log a case")
    into = Contact(
        floor.new_id(), queue, contact.needs if needs is None else needs, contact.head_start_s, contact.kind,
        contact.language, contact.case_kind, contact.call, who=contact.who, preferred=to,
        closes_at=contact.closes_at if queue == contact.queue else None, transfers=before + 1,
    )  # fmt: skip
    why = f"to {to}" if to else f"to queue {queue}"
    alone = dismiss(floor, contact, now)
    finish_talk(floor, contact, offer, "hand_on", Outcome.TRANSFERRED, why, now)
    moves.record(floor, now, contact.id, "transferred", agent=offer.agent, queue=queue, into=into.id, to_agent=to)
    settings, kind = floor.queue(queue), floor.kind(into.kind)
    into.stand(now, floor.next_seq(), settings.max_wait_s, settings.head_start_s + kind.head_start_s)
    into.rank = min(into.rank, contact.rank)
    moves.begin_steps(into, settings, now)
    floor.add(into)
    about = {"queue": queue, "kind": into.kind, "needs": plain(into.needs), "after": contact.id}
    moves.record(floor, now, into.id, "entered", **about)
    return [Transferred(contact, offer, into=into), *alone, *settle(floor, now)]
