"""Distributor: what happens on the floor, and what follows from it - who is offered what, and when to look again.

Every function takes the floor and `now` (aware, UTC), changes the floor, appends events, and returns effects for the
world outside; a business no is a `Refused` and changes nothing. What is told twice, or too late, changes nothing.
After each change `settle` looks at the floor as it is, not at what has just happened: no wake-up can be forgotten.
"""

from __future__ import annotations

import heapq
from datetime import datetime, timedelta

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome, Relaxing
from routing.effect import Accepted, Closed, Connected, Effect, Ended, Offered, Overflowed, Paused, Returned
from routing.estimate import expected_wait_s
from routing.event import Event
from routing.floor import Floor
from routing.matching import CANDIDATES_MAX, best_agent, explain
from routing.offer import LEG_S, Offer, OfferState
from routing.queue import FULL, NOBODY_ANSWERED, NOBODY_THERE, TOO_LONG, WAITING_MAX
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
    floor.add(contact)
    _record(floor, now, contact.id, "entered", queue=contact.queue, kind=contact.kind, needs=dict(contact.needs))
    if full:
        return [_overflow(floor, contact, FULL, now)]
    effects = settle(floor, now)
    if max_expected_wait_s is None or contact.state is not ContactState.WAITING:
        return effects
    expected = expected_wait(floor, contact, now)
    if expected is None or expected.total_seconds() <= max_expected_wait_s:
        return effects
    return [*effects, _overflow(floor, contact, TOO_LONG, now)]


def caller_gone(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """The caller has hung up: an abandonment while waiting, the end of the conversation while talking."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state is ContactState.DONE:
        return []
    if contact.state is ContactState.TALKING:
        return talk_ended(floor, contact_id, now)
    effects = _lose(floor, contact, now)
    floor.move(contact, "abandon", ended_at=now, outcome=Outcome.ABANDONED)
    _record(floor, now, contact.id, "abandoned", queue=contact.queue, waited_s=_seconds(contact.entered_at, now))
    return effects + settle(floor, now)


def leave(floor: Floor, contact_id: str, why: str, now: datetime) -> list[Effect]:
    """The caller waits no longer, by a way of their own (`why`); whoever talks already goes on talking."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state not in (ContactState.WAITING, ContactState.OFFERED):
        return []
    effects = _lose(floor, contact, now)
    floor.move(contact, "leave", ended_at=now, outcome=Outcome.LEFT, why=why)
    _record(floor, now, contact.id, "left", why=why, waited_s=_seconds(contact.entered_at, now))
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
    _record_offer(floor, now, offer, "talk ended", talked_s=_seconds(offer.connected_at, now))
    if until <= now:
        _finish_wrap_up(floor, agent, now)
    return [Ended(contact, offer), *settle(floor, now)]


# -- offers --------------------------------------------------------------------------------------------------------


def accept(floor: Floor, offer_id: str, agent_name: str, now: datetime) -> Accepted | Refused:
    """The agent takes the offer; their leg must answer within LEG_S, or the contact goes back to its place."""
    offer = floor.offer(offer_id)
    if no := _not_theirs(offer, agent_name):
        return no
    agent = _take(floor, offer, now, expires_at=now + timedelta(seconds=LEG_S))
    return Accepted(offer, agent, floor.contact(offer.contact))


def decline(floor: Floor, offer_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent does not want it: to the next one, at its first place; the agent goes to the end of the free ones."""
    offer = floor.offer(offer_id)
    if no := _not_theirs(offer, agent_name):
        return no
    floor.move(offer, "decline", ended_at=now, expires_at=None)
    _record_offer(floor, now, offer, "declined")
    _release(floor, floor.agent(offer.agent), now, free_since=now)
    return [Closed(offer), _return(floor, offer, "declined", now), *settle(floor, now)]


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
        _take(floor, offer, now, expires_at=None)
    agent, contact = floor.agent(offer.agent), floor.contact(offer.contact)
    floor.change(offer, connected_at=now, expires_at=None)
    floor.move(agent, "talk", since=now)
    floor.move(contact, "talk", talking_at=now)
    _record_offer(floor, now, offer, "talking", waited_s=_seconds(contact.entered_at, now))
    return Connected(offer, agent, contact)


def leg_failed(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The agent's leg was busy, rejected or not answered: the contact goes back to its place, the agent missed it."""
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or offer.connected:
        return []
    return [*_fail(floor, offer, why, now), *settle(floor, now)]


def leg_lost(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The agent's leg was over before anybody could talk: the contact goes back to its place, the agent missed it."""
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or not offer.connected:
        return []
    floor.change(offer, connected_at=None)
    floor.change(floor.contact(offer.contact), talking_at=None)
    return [*_fail(floor, offer, why, now), *settle(floor, now)]


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
    return [*_fail(floor, offer, why, now, excused=True), *settle(floor, now)]


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
        _record(floor, now, agent.name, "logged in")
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
            _make_ready(floor, agent, now)
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
    _finish_wrap_up(floor, agent, now)
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
            effects += _fail(floor, offer, "the leg did not answer", now)
        else:
            floor.move(offer, "miss", ended_at=now, expires_at=None)
            _record_offer(floor, now, offer, "missed")
            missed = _missed(floor, offer, now, excused=offer.why is not None)
            effects += [Closed(offer), *missed, _return(floor, offer, "missed", now)]
    for agent in floor.due_wrap_ups(now):
        _finish_wrap_up(floor, agent, now)
    effects += [_overflow(floor, contact, TOO_LONG, now) for contact in floor.due_contacts(now)]
    for contact in floor.due_relaxations(now):
        _relax(floor, contact, now)
    return effects + settle(floor, now)


def settle(floor: Floor, now: datetime) -> list[Effect]:
    """Serve the waiting in the order of their places until nobody who waits has an able agent free."""
    effects: list[Effect] = []
    passed: list[str] = []
    heap = [(contact.place, contact.id) for contact in floor.fronts()]
    heapq.heapify(heap)
    while heap:
        contact = floor.contact(heapq.heappop(heap)[1])
        effect = _serve(floor, contact, tuple(passed), now)
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


def _serve(floor: Floor, contact: Contact, passed: tuple[str, ...], now: datetime) -> Effect | None:
    """Offer the contact, or let it overflow; None: it must wait for somebody to be free."""
    if contact.max_wait_at <= now:
        return _overflow(floor, contact, TOO_LONG, now)
    if contact.offers_made >= floor.queue(contact.queue).offers_max:
        return _overflow(floor, contact, NOBODY_ANSWERED, now)
    agent = best_agent(contact, floor.free_agents(contact.needs, limit=2))
    if agent:
        return _offer(floor, contact, agent, passed, now)
    if not any(floor.anyone_there(needs) for needs in (contact.needs, *(needs for _, needs in contact.relax))):
        return _overflow(floor, contact, NOBODY_THERE, now)
    return None


def _offer(floor: Floor, contact: Contact, agent: Agent, passed: tuple[str, ...], now: datetime) -> Offered:
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
    _record_offer(floor, now, offer, "offered", why=offer.reason.sentence)
    return Offered(offer, agent, contact)


def _not_theirs(offer: Offer | None, agent_name: str) -> Refused | None:
    """Why this agent cannot answer this offer, if so."""
    if offer is None:
        return Refused("there is no such offer")
    if offer.agent != agent_name:
        return Refused("this offer is for somebody else")
    if offer.state is OfferState.ACCEPTED:
        return Refused("already taken", hint="it is yours")
    return None if offer.state is OfferState.OPEN else Refused("this offer is over")


def _take(floor: Floor, offer: Offer, now: datetime, expires_at: datetime | None) -> Agent:
    agent = floor.agent(offer.agent)
    floor.move(offer, "accept", accepted_at=now, expires_at=expires_at)
    floor.change(agent, contact=offer.contact)
    _record_offer(floor, now, offer, "accepted")
    return agent


def _fail(floor: Floor, offer: Offer, why: str, now: datetime, excused: bool = False) -> list[Effect]:
    floor.move(offer, "fail", ended_at=now, expires_at=None, why=why)
    _record_offer(floor, now, offer, "failed", why=why)
    return [Closed(offer), *_missed(floor, offer, now, excused), _return(floor, offer, why, now)]


def _missed(floor: Floor, offer: Offer, now: datetime, excused: bool = False) -> list[Effect]:
    """The agent did not come: to the end of the free ones or, after too many that they are to blame for, to a pause."""
    agent = floor.agent(offer.agent)
    if excused:
        _release(floor, agent, now, free_since=now)
        return []
    floor.change(agent, misses=agent.misses + 1)
    if agent.misses < floor.queue(offer.queue).misses_max or agent.then is AgentState.LOGGED_OUT:
        _release(floor, agent, now, free_since=now)
        return []
    reason = f"missed {agent.misses} offers in a row" if agent.misses > 1 else "missed an offer"
    _leave(floor, agent, AgentState.PAUSED, reason, now)
    return [Paused(agent, reason)]


def _lose(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """The contact goes away: whoever was asked is free again."""
    offer = floor.live_offer(contact.id)
    if offer is None:
        return []
    floor.move(offer, "lose_caller", ended_at=now, expires_at=None)
    _record_offer(floor, now, offer, "caller gone")
    _release(floor, floor.agent(offer.agent), now)
    return [Closed(offer)]


def _relax(floor: Floor, contact: Contact, now: datetime) -> None:
    """The latest step that is due holds; the place stays."""
    waited_s = _seconds(contact.entered_at, now)
    needs = [step for after_s, step in contact.relax if after_s <= waited_s][-1]
    left = tuple(step for step in contact.relax if step[0] > waited_s)
    floor.change(contact, needs=needs, relax=left, relax_at=_relax_at(contact, left))
    _record(floor, now, contact.id, "relaxed", needs=dict(needs), waited_s=waited_s)


def _relax_at(contact: Contact, left: Relaxing) -> datetime | None:
    return contact.entered_at + timedelta(seconds=left[0][0]) if left else None


def _release(floor: Floor, agent: Agent, now: datetime, free_since: datetime | None = None) -> None:
    """Nothing came of the agent's offer: free again, for as long as before unless `free_since` says otherwise."""
    if agent.then:
        _leave(floor, agent, agent.then, agent.reason, now)
    else:
        floor.move(agent, "release", since=now, contact=None, free_since=free_since or agent.free_since)


def _return(floor: Floor, offer: Offer, why: str, now: datetime) -> Returned:
    contact = floor.contact(offer.contact)
    floor.move(contact, "return")
    _record(floor, now, contact.id, "returned", why=why)
    if contact.relax_at and contact.relax_at <= now:  # it came due while somebody was asked
        _relax(floor, contact, now)
    return Returned(contact, why)


def _overflow(floor: Floor, contact: Contact, why: str, now: datetime) -> Overflowed:
    floor.move(contact, "overflow", ended_at=now, outcome=Outcome.OVERFLOWED, why=why)
    _record(floor, now, contact.id, "overflowed", why=why, waited_s=_seconds(contact.entered_at, now))
    return Overflowed(contact, why)


def _step_back(floor: Floor, agent: Agent, to: AgentState, reason: str, now: datetime) -> list[Effect]:
    """Pause or log out: now, or after the contact the agent has."""
    offer = floor.offer_of(agent.name)
    if offer and offer.state is OfferState.ACCEPTED:
        floor.change(agent, then=to, reason=reason)
        return settle(floor, now)
    effects: list[Effect] = []
    if offer:
        floor.move(offer, "withdraw", ended_at=now, expires_at=None, why="the agent left")
        _record_offer(floor, now, offer, "withdrawn")
        effects += [Closed(offer), _return(floor, offer, "withdrawn", now)]
    _leave(floor, agent, to, reason, now)
    return effects + settle(floor, now)


def _leave(floor: Floor, agent: Agent, to: AgentState, reason: str, now: datetime) -> None:
    """Into a pause or out."""
    changes = {"since": now, "reason": reason, "then": None, "contact": None, "wrap_up_until": None}
    if to is AgentState.PAUSED and agent.state is AgentState.PAUSED:
        floor.change(agent, reason=reason)
        return
    floor.move(agent, "pause" if to is AgentState.PAUSED else "log_out", **changes)
    _record(floor, now, agent.name, "paused" if to is AgentState.PAUSED else "logged out", why=reason)


def _finish_wrap_up(floor: Floor, agent: Agent, now: datetime) -> None:
    if agent.then:
        _leave(floor, agent, agent.then, agent.reason, now)
    else:
        _make_ready(floor, agent, now)


def _make_ready(floor: Floor, agent: Agent, now: datetime) -> None:
    changes = {"since": now, "free_since": now, "reason": "", "misses": 0, "then": None}
    floor.move(agent, "ready", contact=None, wrap_up_until=None, **changes)
    _record(floor, now, agent.name, "ready")


def _nobody(agent_name: str) -> Refused:
    return Refused(f"there is no agent {agent_name!r}", field="agent")


def _seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0


def _record_offer(floor: Floor, now: datetime, offer: Offer, what: str, **fields: object) -> None:
    _record(floor, now, offer.contact, what, offer=offer.id, agent=offer.agent, queue=offer.queue, **fields)


def _record(floor: Floor, now: datetime, about: str, what: str, **fields: object) -> None:
    floor.record(Event(now, about, what, fields))
