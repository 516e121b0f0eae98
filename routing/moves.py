"""Moves: the single steps that happenings on the floor are made of - one thing moved, one event, one effect."""

from __future__ import annotations

from datetime import datetime, timedelta

from routing.agent import Agent, AgentState
from routing.contact import Contact, Outcome, Relaxing
from routing.effect import Closed, Effect, Offered, Overflowed, Paused, Returned
from routing.event import Event
from routing.floor import Floor
from routing.matching import CANDIDATES_MAX, best_agent, explain
from routing.offer import Offer
from routing.queue import NOBODY_ANSWERED, NOBODY_THERE, TOO_LONG


def serve(floor: Floor, contact: Contact, passed: tuple[str, ...], now: datetime) -> Effect | None:
    """Offer the contact, or let it overflow; None: it must wait for somebody to be free."""
    if contact.max_wait_at <= now:
        return overflow(floor, contact, TOO_LONG, now)
    if contact.offers_made >= floor.queue(contact.queue).offers_max:
        return overflow(floor, contact, NOBODY_ANSWERED, now)
    agent = best_agent(contact, floor.free_agents(contact.needs, limit=2))
    if agent:
        return make_offer(floor, contact, agent, passed, now)
    if not any(floor.anyone_there(needs) for needs in (contact.needs, *(needs for _, needs in contact.relax))):
        return overflow(floor, contact, NOBODY_THERE, now)
    return None


def make_offer(floor: Floor, contact: Contact, agent: Agent, passed: tuple[str, ...], now: datetime) -> Offered:
    offer = Offer(
        id=floor.new_id(),
        contact=contact.id,
        agent=agent.name,
        queue=contact.queue,
        made_at=now,
        expires_at=now + timedelta(seconds=floor.queue(contact.queue).ring_s),
        reason=explain(contact, agent, floor.logged_in(CANDIDATES_MAX), passed[:CANDIDATES_MAX]),
    )
    floor.add(offer)
    floor.move(contact, "offer", offers_made=contact.offers_made + 1, last_agent=agent.name)
    floor.move(agent, "offer", since=now)
    record_offer(floor, now, offer, "offered", why=offer.reason.sentence)
    return Offered(offer, agent, contact)


def take(floor: Floor, offer: Offer, now: datetime, expires_at: datetime | None) -> Agent:
    agent = floor.agent(offer.agent)
    floor.move(offer, "accept", accepted_at=now, expires_at=expires_at)
    floor.change(agent, contact=offer.contact)
    record_offer(floor, now, offer, "accepted")
    return agent


def fail(floor: Floor, offer: Offer, why: str, now: datetime, excused: bool = False) -> list[Effect]:
    floor.move(offer, "fail", ended_at=now, expires_at=None, why=why)
    record_offer(floor, now, offer, "failed", why=why)
    return [Closed(offer), *missed(floor, offer, now, excused), give_back(floor, offer, why, now)]


def missed(floor: Floor, offer: Offer, now: datetime, excused: bool = False) -> list[Effect]:
    """The agent did not come: to the end of the free ones or, after too many that they are to blame for, to a pause."""
    agent = floor.agent(offer.agent)
    if excused:
        release(floor, agent, now, free_since=now)
        return []
    floor.change(agent, misses=agent.misses + 1)
    if agent.misses < floor.queue(offer.queue).misses_max or agent.then is AgentState.LOGGED_OUT:
        release(floor, agent, now, free_since=now)
        return []
    reason = f"missed {agent.misses} offers in a row" if agent.misses > 1 else "missed an offer"
    step_out(floor, agent, AgentState.PAUSED, reason, now)
    return [Paused(agent, reason)]


def relax(floor: Floor, contact: Contact, now: datetime) -> None:
    """The latest step that is due holds; the place stays."""
    waited_s = seconds(contact.entered_at, now)
    needs = [step for after_s, step in contact.relax if after_s <= waited_s][-1]
    left = tuple(step for step in contact.relax if step[0] > waited_s)
    floor.change(contact, needs=needs, relax=left, relax_at=relax_at(contact, left))
    record(floor, now, contact.id, "relaxed", needs=dict(needs), waited_s=waited_s)


def relax_at(contact: Contact, left: Relaxing) -> datetime | None:
    return contact.entered_at + timedelta(seconds=left[0][0]) if left else None


def release(floor: Floor, agent: Agent, now: datetime, free_since: datetime | None = None) -> None:
    """Nothing came of the agent's offer: free again, for as long as before unless `free_since` says otherwise."""
    if agent.then:
        step_out(floor, agent, agent.then, agent.reason, now)
    else:
        floor.move(agent, "release", since=now, contact=None, free_since=free_since or agent.free_since)


def give_back(floor: Floor, offer: Offer, why: str, now: datetime) -> Returned:
    contact = floor.contact(offer.contact)
    floor.move(contact, "return")
    record(floor, now, contact.id, "returned", why=why)
    if contact.relax_at and contact.relax_at <= now:  # it came due while somebody was asked
        relax(floor, contact, now)
    return Returned(contact, why)


def overflow(floor: Floor, contact: Contact, why: str, now: datetime) -> Overflowed:
    floor.move(contact, "overflow", ended_at=now, outcome=Outcome.OVERFLOWED, why=why)
    record(floor, now, contact.id, "overflowed", why=why, waited_s=seconds(contact.entered_at, now))
    return Overflowed(contact, why)


def step_out(floor: Floor, agent: Agent, to: AgentState, reason: str, now: datetime) -> None:
    """Into a pause or out."""
    changes = {"since": now, "reason": reason, "then": None, "contact": None, "wrap_up_until": None}
    if to is AgentState.PAUSED and agent.state is AgentState.PAUSED:
        floor.change(agent, reason=reason)
        return
    floor.move(agent, "pause" if to is AgentState.PAUSED else "log_out", **changes)
    record(floor, now, agent.name, "paused" if to is AgentState.PAUSED else "logged out", why=reason)


def finish_wrap_up(floor: Floor, agent: Agent, now: datetime) -> None:
    if agent.then:
        step_out(floor, agent, agent.then, agent.reason, now)
    else:
        make_ready(floor, agent, now)


def make_ready(floor: Floor, agent: Agent, now: datetime) -> None:
    changes = {"since": now, "free_since": now, "reason": "", "misses": 0, "then": None}
    floor.move(agent, "ready", contact=None, wrap_up_until=None, **changes)
    record(floor, now, agent.name, "ready")


def seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0


def record_offer(floor: Floor, now: datetime, offer: Offer, what: str, **fields: object) -> None:
    record(floor, now, offer.contact, what, offer=offer.id, agent=offer.agent, queue=offer.queue, **fields)


def record(floor: Floor, now: datetime, about: str, what: str, **fields: object) -> None:
    floor.record(Event(now, about, what, fields))
