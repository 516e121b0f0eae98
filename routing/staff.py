"""Staff: what agents do besides answering offers - come, go, take a break, wrap up."""

from __future__ import annotations

from datetime import datetime, timedelta

from routing import moves
from routing.agent import Agent, AgentState
from routing.contact import Contact
from routing.effect import Effect
from routing.floor import Floor
from routing.offer import OfferState
from routing.refusal import Refused
from routing.settling import settle
from routing.talking import hand_back, new_day

DISPOSITION_LENGTH_MAX = 64


def log_in(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent is there, paused until they say that they are ready. Who is logged in already stays as they are."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    if agent.then is AgentState.LOGGED_OUT:
        floor.change(agent, then=None)
    if agent.state is AgentState.LOGGED_OUT:
        floor.move(agent, "log_in", since=now, reason="just logged in", misses=0, **new_day(agent, now))
        moves.record(floor, now, agent.name, "logged in")
    return settle(floor, now)


def ready(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent may be offered contacts; wrap-up and rest end. While they talk: no pause will follow."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    match agent.state:
        case AgentState.LOGGED_OUT:
            return Refused("not logged in", hint="log in first")
        case AgentState.PAUSED | AgentState.WRAP_UP:
            moves.make_ready(floor, agent, now)
        case AgentState.AVAILABLE if agent.rests_until:
            floor.change(agent, rests_until=None)
        case AgentState.OFFERED | AgentState.TALKING:
            floor.change(agent, then=None, reason="")
    return settle(floor, now)


def pause(floor: Floor, agent_name: str, reason: str, now: datetime) -> list[Effect] | Refused:
    """No more offers; an open one goes to somebody else. While they talk, the pause follows; e-mails stay in hand."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    if agent.state is AgentState.LOGGED_OUT:
        return Refused("not logged in", hint="log in first")
    return step_back(floor, agent, AgentState.PAUSED, reason, now)


def log_out(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent leaves; an open offer goes to somebody else, and so do e-mails. While they talk, leaving follows."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    if agent.state is AgentState.LOGGED_OUT:
        return []
    return step_back(floor, agent, AgentState.LOGGED_OUT, "", now)


def end_wrap_up(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent is done before the time set for it."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    if agent.state is not AgentState.WRAP_UP:
        return Refused("not in wrap-up")
    moves.finish_wrap_up(floor, agent, now)
    return settle(floor, now)


def extend_wrap_up(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent needs longer: once, by the queue's `wrap_up_extra_s`."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    if agent.state is not AgentState.WRAP_UP:
        return Refused("not in wrap-up")
    if agent.wrap_up_extended:
        return Refused("extended already", hint="take a break instead")
    extra_s = floor.queue(floor.contact(agent.contact).queue).wrap_up_extra_s
    if not extra_s:
        return Refused("a wrap-up cannot be extended in this queue", hint="take a break instead")
    until = agent.wrap_up_until + timedelta(seconds=extra_s)
    floor.change(agent, wrap_up_until=until, wrap_up_extended=True)
    moves.record(floor, now, agent.name, "wrap-up extended", by_s=extra_s)
    return settle(floor, now)


def dispose(floor: Floor, contact_id: str, agent_name: str, disposition: str, now: datetime) -> Contact | Refused:
    """The agent who has or had the contact says what came of it; the last word holds."""
    contact = floor.contact(contact_id)
    if contact is None or contact.last_agent != agent_name or contact.talking_at is None:
        return Refused("there is no such contact", field="contact")
    if not 0 < len(disposition) <= DISPOSITION_LENGTH_MAX:
        return Refused("this is no disposition", field="disposition", hint=f"1 to {DISPOSITION_LENGTH_MAX} characters")
    if contact.disposition != disposition:
        floor.change(contact, disposition=disposition)
        moves.record(floor, now, contact.id, "disposed", agent=agent_name, disposition=disposition)
    return contact


def step_back(floor: Floor, agent: Agent, to: AgentState, reason: str, now: datetime) -> list[Effect]:
    """Pause or log out: now, or after the live contact that the agent has."""
    offer = floor.offer_of(agent.name)
    effects: list[Effect] = []
    if to is AgentState.LOGGED_OUT:
        for held in floor.held_by(agent.name):
            effects += hand_back(floor, held, "the agent left", now)
    if offer and offer.state is OfferState.ACCEPTED:
        floor.change(agent, then=to, reason=reason)
        return effects + settle(floor, now)
    if offer:
        floor.change(agent, then=None)
        effects += moves.withdraw(floor, offer, "the agent left", now)
        effects += moves.give_back(floor, offer, "withdrawn", now)
    moves.step_out(floor, agent, to, reason, now)
    return effects + settle(floor, now)


def nobody(agent_name: str) -> Refused:
    """There is no such agent."""
    return Refused(f"there is no agent {agent_name!r}", field="agent")
