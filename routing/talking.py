"""Talking: how a conversation ends on the floor, and what its agent does next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from routing import moves
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.effect import Closed, Effect
from routing.floor import Floor
from routing.kind import CONSULT
from routing.offer import Offer
from routing.queue import WRAP_UP_MAX_S, Queue
from routing.refusal import Refused

ONLY_CONSULTED = Refused("you are only consulted", hint="the call is your colleague's")


def finish_talk(
    floor: Floor, contact: Contact, offer: Offer, verb: str, outcome: Outcome, why: str | None, now: datetime
) -> None:
    """The conversation is over: the contact is done by `verb`, and the agent wraps up - or has one e-mail less."""
    moves.resume(floor, contact, now)
    floor.change(offer, ended_at=now)
    floor.move(contact, verb, ended_at=now, outcome=outcome, why=why)
    talked_s = moves.seconds(offer.connected_at, now)
    agent, queue = floor.agent(offer.agent), floor.queue(contact.queue)
    if not offer.live_kind:
        floor.change(agent, holds=_one_less(agent, offer.kind))
        moves.record_offer(floor, now, offer, "talk ended", talked_s=talked_s)
        return
    consulted = contact.kind == CONSULT  # talking, but no call: nothing to wrap up
    until = now + timedelta(seconds=0 if consulted else wrap_up_s(agent, queue))
    counted = new_day(agent, now)
    counted |= {
        "calls": counted["calls"] + (not consulted),
        "talked_s": counted["talked_s"] + talked_s,
        "talked_at": now,
    }
    floor.move(agent, "wrap_up", since=now, wrap_up_until=until, misses=0, **counted)
    moves.record_offer(floor, now, offer, "talk ended", talked_s=talked_s)
    if until <= now:
        moves.finish_wrap_up(floor, agent, now)


def wrap_up_s(agent: Agent, queue: Queue) -> int:
    """How long an agent's wrap-up lasts after a conversation of this queue: their own time, or the queue's."""
    if queue.wrap_up_until_done:
        return WRAP_UP_MAX_S
    return queue.wrap_up_s if agent.wrap_up_s is None else agent.wrap_up_s


def new_day(agent: Agent, now: datetime) -> dict[str, Any]:
    """The agent's counts of the day; a new day begins with none."""
    today = now.date().isoformat()
    fresh = agent.counted_on != today
    return {
        "calls": 0 if fresh else agent.calls,
        "talked_s": 0.0 if fresh else agent.talked_s,
        "counted_on": today,
    }


def _one_less(agent: Agent, kind: str) -> dict[str, int]:
    left = agent.holds.get(kind, 0) - 1
    return {**{name: many for name, many in agent.holds.items() if name != kind}, **({kind: left} if left > 0 else {})}


def lose() -> dict[str, Any]:
    """What is no longer true of a contact that was with an agent and has not been talked to."""
    return {"talking_at": None, "held_since": None}


def hand_back(floor: Floor, offer: Offer, why: str, now: datetime) -> list[Any]:
    """Something that is not live goes back to its place, unfinished; nobody is to blame."""
    agent, contact = floor.agent(offer.agent), floor.contact(offer.contact)
    moves.resume(floor, contact, now)
    floor.change(offer, connected_at=None)
    floor.move(offer, "fail", ended_at=now, why=why)
    moves.record_offer(floor, now, offer, "failed", why=why)
    floor.change(agent, holds=_one_less(agent, offer.kind))
    return moves.give_back(floor, offer, why, now)


def lose_caller(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """The contact goes away: whoever was asked is free again."""
    effects: list[Effect] = []
    for offer in floor.live_offers(contact.id):
        floor.move(offer, "lose_caller", ended_at=now, expires_at=None)
        moves.record_offer(floor, now, offer, "caller gone")
        moves.release(floor, floor.agent(offer.agent), now)
        effects.append(Closed(offer))
    return effects


def theirs(floor: Floor, contact_id: str, agent_name: str) -> tuple[Contact, Offer] | Refused:
    """The conversation, if this agent has it; a consultation is their colleague's."""
    contact, offer = floor.contact(contact_id), floor.live_offer(contact_id)
    if contact is None or offer is None or offer.agent != agent_name or contact.state is not ContactState.TALKING:
        return Refused("there is no such contact", field="contact")
    if contact.kind == CONSULT:
        return ONLY_CONSULTED
    agent = floor.agent(agent_name)
    if offer.live_kind and agent.state is not AgentState.TALKING:
        return Refused("not talking")
    return contact, offer
