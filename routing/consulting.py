"""Consulting: an agent asks a colleague about a caller, brings the two together, or leaves the caller to the colleague.

What the colleague is asked is a contact of its own (kind CONSULT, in a line where nobody else stands): so it rings, is
accepted, declined and missed as any other one, and binds the colleague as any other conversation does. While the caller
is on hold the two agents talk among themselves; `join` makes it a conversation of three. When the agent leaves, the
consultation becomes the conversation: the warm transfer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from routing import moves
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.effect import Effect, Ended, Held, Resumed, Transferred
from routing.floor import Floor
from routing.kind import CONSULT, CONSULTS, room
from routing.offer import Offer
from routing.refusal import Refused
from routing.settling import settle
from routing.staff import nobody
from routing.talking import finish_talk, lose_caller, theirs

NOT_THERE = Refused("no colleague is there yet", hint="wait for them, or go on without")
NOT_NEEDED = "not needed any more"


def consult(floor: Floor, contact_id: str, agent_name: str, colleague: str, now: datetime) -> list[Effect] | Refused:
    """The agent asks a colleague who is free; the caller hears music meanwhile. First come Held and Offered.

    If the colleague does not come, the consultation overflows, and the agent still has the caller, on hold.
    """
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    contact, offer = found
    agent = floor.agent(colleague)
    if agent is None:
        return nobody(colleague)
    if no := _not_to_be_asked(floor, contact, agent, agent_name):
        return no
    if floor.consulting(contact) is not None:
        return Refused("somebody is asked already", hint="go on without them first")
    moves.hold(floor, contact, f"to ask {colleague}", now)
    asked = Contact(
        floor.new_id(), CONSULTS, {}, 0, CONSULT, contact.language, contact.case_kind, contact.call,
        transfers=contact.transfers + 1, asks_about=contact.id,
    )  # fmt: skip
    asked.stand(now, floor.next_seq(), floor.queue(CONSULTS).max_wait_s)
    floor.add(asked)
    about = {"queue": CONSULTS, "kind": CONSULT, "needs": {}, "of": contact.id, "by": agent_name}
    moves.record(floor, now, asked.id, "entered", **about)
    offered = moves.make_offer(floor, asked, agent, now, by=agent_name)
    return [Held(contact, offer), offered, *settle(floor, now)]


def join(floor: Floor, contact_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The caller comes to the two: all three hear one another."""
    found = theirs(floor, contact_id, agent_name)
    if isinstance(found, Refused):
        return found
    contact, offer = found
    asked = floor.consulting(contact)
    if asked is None or asked.state is not ContactState.TALKING:
        return NOT_THERE
    if contact.held_since is None:
        return []
    moves.resume(floor, contact, now)
    moves.record(floor, now, contact.id, "joined", agent=agent_name, colleague=asked.last_agent)
    return [Resumed(contact, offer)]


def leave_consult(floor: Floor, contact_id: str, who: str, now: datetime) -> list[Effect] | Refused:
    """One of the two agents leaves; a colleague who has not come yet is asked no more.

    If it is the one who had the caller, the colleague has the conversation from now on: Transferred `into` the
    consultation, which is an ordinary contact then, and for a caller on hold Resumed. Refused while nobody is there.
    """
    contact, offer = floor.contact(contact_id), floor.live_offer(contact_id)
    if contact is None or offer is None or contact.kind == CONSULT or contact.state is not ContactState.TALKING:
        return Refused("there is no such contact", field="contact")
    asked = floor.consulting(contact)
    if asked is None:
        return Refused("nobody is consulted")
    if who == asked.last_agent:
        return [*dismiss(floor, contact, now), *settle(floor, now)]
    if who != offer.agent:
        return Refused("there is no such contact", field="contact")
    if asked.state is not ContactState.TALKING:
        return NOT_THERE
    return _hand_over(floor, contact, offer, asked, now)


def dismiss(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """Whoever was consulted about a conversation is needed no longer: talks end, offers close."""
    asked = None if contact.kind == CONSULT else floor.consulting(contact)
    if asked is None:
        return []
    if asked.state is ContactState.TALKING:
        offer = floor.live_offer(asked.id)
        finish_talk(floor, asked, offer, "finish", Outcome.SERVED, None, now)
        return [Ended(asked, offer)]
    effects = lose_caller(floor, asked, now)
    floor.move(asked, "leave", ended_at=now, outcome=Outcome.LEFT, why=NOT_NEEDED, ring_more_at=None)
    waited_s = moves.seconds(asked.entered_at, now)
    moves.record(floor, now, asked.id, "left", queue=asked.queue, why=NOT_NEEDED, waited_s=waited_s)
    return effects


def _not_to_be_asked(floor: Floor, contact: Contact, colleague: Agent, agent_name: str) -> Refused | None:
    """Why this colleague cannot be asked about it, if so."""
    if not floor.kind(contact.kind).legs:
        return Refused("only a telephone call can be shared", field="contact")
    if colleague.name == agent_name:
        return Refused("one cannot ask oneself", field="agent")
    return unavailable(floor, colleague)


def unavailable(floor: Floor, colleague: Agent) -> Refused | None:
    """Why nobody can ask this colleague anything now, if so."""
    if colleague.state is not AgentState.AVAILABLE:
        return Refused(f"{colleague.name} is {colleague.state.value.replace('_', ' ')}", field="agent")
    if not room(floor.kind(CONSULT), colleague.capacity, colleague.holds):
        return Refused(f"{colleague.name} has no room for it", field="agent")
    return None


def _hand_over(floor: Floor, contact: Contact, offer: Offer, asked: Contact, now: datetime) -> list[Effect]:
    held, theirs_now = contact.held_since is not None, floor.live_offer(asked.id)
    finish_talk(floor, contact, offer, "hand_on", Outcome.TRANSFERRED, f"to {asked.last_agent}", now)
    moves.record(floor, now, contact.id, "transferred", agent=offer.agent, into=asked.id, to_agent=asked.last_agent)
    floor.change(asked, kind=contact.kind, queue=contact.queue, call=contact.call, who=contact.who)
    floor.change(theirs_now, kind=contact.kind, queue=contact.queue)
    about = {"queue": contact.queue, "kind": contact.kind, "after": contact.id, "agent": asked.last_agent}
    _take_place(floor, asked, contact, now)
    moves.record(floor, now, asked.id, "taken over", **about)
    resumed = [Resumed(asked, theirs_now)] if held else []
    return [Transferred(contact, offer, into=asked), *resumed, *settle(floor, now)]


def _take_place(floor: Floor, asked: Contact, contact: Contact, now: datetime) -> None:
    """The consultation has the caller now: should they have to wait once more, they do so at their own place, and for
    somebody who can do what they need."""
    queue, reach = floor.queue(contact.queue), contact.reach
    longest = now + timedelta(seconds=queue.max_wait_s)
    floor.change(
        asked,
        needs=contact.needs,
        relax=contact.relax,
        reach=reach,
        head_start_s=contact.head_start_s,
        rank=min(asked.rank, contact.rank),
        closes_at=contact.closes_at,
        max_wait_at=min(longest, contact.closes_at or longest),
        relax_at=moves.step_at(asked.entered_at, queue, contact.relax, None, reach),
    )
