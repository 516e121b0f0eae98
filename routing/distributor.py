"""Distributor: what happens on the floor, and what follows from it - who is offered what, and when to look again.

Every function takes the floor and `now` (aware, UTC), changes the floor, appends events, and returns effects for the
world outside; a business no is a `Refused` and changes nothing. What is told twice, or too late, changes nothing.
After each change `settle` looks at the floor as it is, not at what has just happened: no wake-up can be forgotten.
"""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta

from routing import moves
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.effect import Accepted, Closed, Connected, Effect, Ended
from routing.estimate import expected_wait_s
from routing.floor import Floor
from routing.offer import LEG_S, Offer, OfferState
from routing.queue import FULL, TOO_LONG, WAITING_MAX
from routing.refusal import Refused

HANDLING_WINDOW_S = 4 * 3600
HANDLING_MAX = 50
"""An expected wait is built on at most so many conversations that ended within this window."""

# -- contacts ------------------------------------------------------------------------------------------------------


def enter(
    floor: Floor,
    contact: Contact,
    now: datetime,
    max_length: int = WAITING_MAX,
    max_expected_wait_s: float | None = None,
) -> list[Effect]:
    """A contact begins to wait. It overflows at once if the queue is full or nobody logged in could ever take it.

    Full is a queue in which `max_length` wait; where a wait longer than `max_expected_wait_s` is to be expected, it
    overflows as too long, unless somebody is free.
    """
    if floor.contact(contact.id):
        return []
    queue = floor.queue(contact.queue)
    full = floor.waiting(contact.queue)[0] >= min(max_length, WAITING_MAX)
    contact.stand(now, floor.next_seq(), queue.max_wait_s)
    contact.relax_at = now + timedelta(seconds=contact.relax[0][0]) if contact.relax else None
    floor.add(contact)
    moves.record(floor, now, contact.id, "entered", queue=contact.queue, kind=contact.kind, needs=dict(contact.needs))
    if full:
        return [moves.overflow(floor, contact, FULL, now)]
    effects = settle(floor, now)
    if max_expected_wait_s is None or contact.state is not ContactState.WAITING:
        return effects
    expected = expected_wait(floor, contact, now)
    if expected is None or expected.total_seconds() <= max_expected_wait_s:
        return effects
    return [*effects, moves.overflow(floor, contact, TOO_LONG, now)]


def caller_gone(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """The caller has hung up: an abandonment while waiting, the end of the conversation while talking."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state is ContactState.DONE:
        return []
    if contact.state is ContactState.TALKING:
        return talk_ended(floor, contact_id, now)
    effects = _lose(floor, contact, now)
    floor.move(contact, "abandon", ended_at=now, outcome=Outcome.ABANDONED)
    moves.record(
        floor, now, contact.id, "abandoned", queue=contact.queue, waited_s=moves.seconds(contact.entered_at, now)
    )
    return effects + settle(floor, now)


def leave(floor: Floor, contact_id: str, why: str, now: datetime) -> list[Effect]:
    """The caller waits no longer, by a way of their own (`why`); whoever talks already goes on talking."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state not in (ContactState.WAITING, ContactState.OFFERED):
        return []
    effects = _lose(floor, contact, now)
    floor.move(contact, "leave", ended_at=now, outcome=Outcome.LEFT, why=why)
    moves.record(floor, now, contact.id, "left", why=why, waited_s=moves.seconds(contact.entered_at, now))
    return effects + settle(floor, now)


def talk_ended(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """The conversation is over, whoever ended it: the agent's wrap-up begins."""
    contact = floor.contact(contact_id)
    offer = floor.live_offer(contact_id)
    if contact is None or offer is None or contact.state is not ContactState.TALKING:
        return []
    agent = floor.agent(offer.agent)
    floor.change(offer, ended_at=now)
    floor.move(contact, "finish", ended_at=now, outcome=Outcome.SERVED)
    until = now + timedelta(seconds=floor.queue(contact.queue).wrap_up_s)
    floor.move(agent, "wrap_up", since=now, wrap_up_until=until, misses=0)
    moves.record_offer(floor, now, offer, "talk ended", talked_s=moves.seconds(offer.connected_at, now))
    if until <= now:
        moves.finish_wrap_up(floor, agent, now)
    return [Ended(contact, offer), *settle(floor, now)]


# -- offers --------------------------------------------------------------------------------------------------------


def accept(floor: Floor, offer_id: str, agent_name: str, now: datetime) -> Accepted | Refused:
    """The agent takes the offer; their leg must answer within LEG_S, or the contact goes back to its place."""
    offer = floor.offer(offer_id)
    if no := _not_theirs(offer, agent_name):
        return no
    agent = moves.take(floor, offer, now, expires_at=now + timedelta(seconds=LEG_S))
    return Accepted(offer, agent, floor.contact(offer.contact))


def decline(floor: Floor, offer_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent does not want it: to the next one, at its first place; the agent goes to the end of the free ones."""
    offer = floor.offer(offer_id)
    if no := _not_theirs(offer, agent_name):
        return no
    floor.move(offer, "decline", ended_at=now, expires_at=None)
    moves.record_offer(floor, now, offer, "declined")
    moves.release(floor, floor.agent(offer.agent), now, free_since=now)
    return [Closed(offer), moves.give_back(floor, offer, "declined", now), *settle(floor, now)]


def leg_placed(floor: Floor, offer_id: str, leg_sid: str, now: datetime) -> list[Effect]:
    """The carrier is ringing the agent's leg. If the offer is over by now, the answer is to hang that leg up."""
    offer = floor.offer(offer_id)
    if offer is None:
        return []
    floor.change(offer, leg_sid=leg_sid)
    return [] if offer.live else [Closed(offer)]


def leg_answered(floor: Floor, offer_id: str, now: datetime) -> Connected | Refused:
    """The agent's leg is there: they talk from now on. Where the leg itself was the offer, this accepts it too.

    If Refused, the leg has nobody to talk to and should be hung up.
    """
    offer = floor.offer(offer_id)
    if offer is None or not offer.live:
        return Refused("this offer is over")
    if offer.connected:
        return Refused("already connected")
    if offer.state is OfferState.OPEN:
        moves.take(floor, offer, now, expires_at=None)
    agent, contact = floor.agent(offer.agent), floor.contact(offer.contact)
    floor.change(offer, connected_at=now, expires_at=None)
    floor.move(agent, "talk", since=now)
    floor.move(contact, "talk", talking_at=now)
    moves.record_offer(floor, now, offer, "talking", waited_s=moves.seconds(contact.entered_at, now))
    return Connected(offer, agent, contact)


def leg_failed(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The agent's leg was busy, rejected or not answered: the contact goes back to its place, the agent missed it."""
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or offer.connected:
        return []
    return [*moves.fail(floor, offer, why, now), *settle(floor, now)]


def leg_lost(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The agent's leg was over before anybody could talk: the contact goes back to its place, the agent missed it."""
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or not offer.connected:
        return []
    floor.change(offer, connected_at=None)
    floor.change(floor.contact(offer.contact), talking_at=None)
    return [*moves.fail(floor, offer, why, now), *settle(floor, now)]


def leg_unreachable(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The carrier could not be asked to ring the leg: nobody missed anything.

    An accepted offer is given back at once; one that rings as the leg itself stands until its time is over.
    """
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or offer.connected:
        return []
    floor.change(offer, why=why)
    if offer.state is OfferState.OPEN:
        return []
    return [*moves.fail(floor, offer, why, now, excused=True), *settle(floor, now)]


# -- agents --------------------------------------------------------------------------------------------------------


def log_in(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent is there, paused until they say that they are ready. Who is logged in already stays as they are."""
    agent = floor.agent(agent_name)
    if agent is None:
        return _nobody(agent_name)
    if agent.then is AgentState.LOGGED_OUT:
        floor.change(agent, then=None)
    if agent.state is AgentState.LOGGED_OUT:
        floor.move(agent, "log_in", since=now, reason="just logged in", misses=0)
        moves.record(floor, now, agent.name, "logged in")
    return settle(floor, now)


def ready(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent may be offered contacts; wrap-up ends. While they talk: no pause will follow."""
    agent = floor.agent(agent_name)
    if agent is None:
        return _nobody(agent_name)
    match agent.state:
        case AgentState.LOGGED_OUT:
            return Refused("not logged in", hint="log in first")
        case AgentState.PAUSED | AgentState.WRAP_UP:
            moves.make_ready(floor, agent, now)
        case AgentState.OFFERED | AgentState.TALKING:
            floor.change(agent, then=None, reason="")
    return settle(floor, now)


def pause(floor: Floor, agent_name: str, reason: str, now: datetime) -> list[Effect] | Refused:
    """No more offers; an open one goes to somebody else. While they have a contact, the pause follows it."""
    agent = floor.agent(agent_name)
    if agent is None:
        return _nobody(agent_name)
    if agent.state is AgentState.LOGGED_OUT:
        return Refused("not logged in", hint="log in first")
    return _step_back(floor, agent, AgentState.PAUSED, reason, now)


def log_out(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent leaves; an open offer goes to somebody else. While they have a contact, leaving follows it."""
    agent = floor.agent(agent_name)
    if agent is None:
        return _nobody(agent_name)
    if agent.state is AgentState.LOGGED_OUT:
        return []
    return _step_back(floor, agent, AgentState.LOGGED_OUT, "", now)


def end_wrap_up(floor: Floor, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent is done before the time set for it."""
    agent = floor.agent(agent_name)
    if agent is None:
        return _nobody(agent_name)
    if agent.state is not AgentState.WRAP_UP:
        return Refused("not in wrap-up")
    moves.finish_wrap_up(floor, agent, now)
    return settle(floor, now)


# -- time ----------------------------------------------------------------------------------------------------------


def next_deadline(floor: Floor) -> datetime | None:
    """When `tick` will have something to do; None: not before something else happens."""
    return floor.next_due()


def tick(floor: Floor, now: datetime) -> list[Effect]:
    """Do what is due: missed offers, silent legs, ended wrap-ups, longest waits, needs that shrink.

    Harmless early, late and twice.
    """
    effects: list[Effect] = []
    for offer in floor.due_offers(now):
        if offer.state is OfferState.ACCEPTED:
            effects += moves.fail(floor, offer, "the leg did not answer", now)
        else:
            floor.move(offer, "miss", ended_at=now, expires_at=None)
            moves.record_offer(floor, now, offer, "missed")
            missed = moves.missed(floor, offer, now, excused=offer.why is not None)
            effects += [Closed(offer), *missed, moves.give_back(floor, offer, "missed", now)]
    for agent in floor.due_wrap_ups(now):
        moves.finish_wrap_up(floor, agent, now)
    effects += [moves.overflow(floor, contact, TOO_LONG, now) for contact in floor.due_contacts(now)]
    for contact in floor.due_relaxations(now):
        moves.relax(floor, contact, now)
    return effects + settle(floor, now)


def settle(floor: Floor, now: datetime) -> list[Effect]:
    """Serve the waiting in the order of their places until nobody who waits has an able agent free."""
    effects: list[Effect] = []
    passed: list[str] = []
    heap = [(contact.place, contact.id) for contact in floor.fronts()]
    heapq.heapify(heap)
    while heap:
        contact = floor.contact(heapq.heappop(heap)[1])
        effect = moves.serve(floor, contact, tuple(passed), now)
        if effect is None:  # nobody is free for it, so for nobody in its lane
            passed.append(contact.id)
            continue
        effects.append(effect)
        if following := floor.front(contact.lane):
            heapq.heappush(heap, (following.place, following.id))
    return effects


def expected_wait(floor: Floor, contact: Contact, now: datetime) -> timedelta | None:
    """How long this contact may still wait; None if there is no basis for saying so."""
    since = now - timedelta(seconds=HANDLING_WINDOW_S)
    queue = floor.queue(contact.queue)
    handling_s = [talked_s + queue.wrap_up_s for talked_s in floor.handling_s(queue.name, since, HANDLING_MAX)]
    wait_s = expected_wait_s(floor.position(contact), floor.agents_there(contact.needs), handling_s)
    return None if wait_s is None else timedelta(seconds=wait_s)


# -- steps of the above --------------------------------------------------------------------------------------------


def _not_theirs(offer: Offer | None, agent_name: str) -> Refused | None:
    """Why this agent cannot answer this offer, if so."""
    if offer is None:
        return Refused("there is no such offer")
    if offer.agent != agent_name:
        return Refused("this offer is for somebody else")
    if offer.state is OfferState.ACCEPTED:
        return Refused("already taken", hint="it is yours")
    return None if offer.state is OfferState.OPEN else Refused("this offer is over")


def _lose(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """The contact goes away: whoever was asked is free again."""
    offer = floor.live_offer(contact.id)
    if offer is None:
        return []
    floor.move(offer, "lose_caller", ended_at=now, expires_at=None)
    moves.record_offer(floor, now, offer, "caller gone")
    moves.release(floor, floor.agent(offer.agent), now)
    return [Closed(offer)]


def _step_back(floor: Floor, agent: Agent, to: AgentState, reason: str, now: datetime) -> list[Effect]:
    """Pause or log out: now, or after the contact the agent has."""
    offer = floor.offer_of(agent.name)
    if offer and offer.state is OfferState.ACCEPTED:
        floor.change(agent, then=to, reason=reason)
        return settle(floor, now)
    effects: list[Effect] = []
    if offer:
        floor.move(offer, "withdraw", ended_at=now, expires_at=None, why="the agent left")
        moves.record_offer(floor, now, offer, "withdrawn")
        effects += [Closed(offer), moves.give_back(floor, offer, "withdrawn", now)]
    moves.step_out(floor, agent, to, reason, now)
    return effects + settle(floor, now)


def _nobody(agent_name: str) -> Refused:
    return Refused(f"there is no agent {agent_name!r}", field="agent")
