"""Moves: the single steps that happenings on the floor are made of - one thing moved, one event, one effect."""

from __future__ import annotations

from datetime import datetime, timedelta

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.effect import Closed, Effect, Offered, Overflowed, Paused, Reserved, Returned
from routing.event import Event
from routing.explaining import explain
from routing.floor import Floor
from routing.kind import CONSULT
from routing.needs import plain
from routing.offer import AWAY_S, Offer
from routing.queue import CLOSED, NOBODY_ANSWERED, TOO_LONG, Queue, Strategy
from routing.reason import Telling

WAITING = ContactState.WAITING
ROUND_ROBIN, RING_PROGRESSIVELY = Strategy.ROUND_ROBIN, Strategy.RING_PROGRESSIVELY

BUSY = "busy"
NO_ANSWER = "no-answer"
"""What the carrier says of a leg that came to nothing; whatever else it says is like BUSY."""

SILENT = "the leg did not answer"
"""What we say of a leg of which nothing was heard."""

UNHEARD = "nothing was heard of them"
"""Why somebody who was to be called was not reached, where the carrier did not tell."""

# -- offers ----------------------------------------------------------------------------------------------------------


def make_offer(floor: Floor, contact: Contact, agent: Agent, now: datetime, by: str = "") -> Offered | Reserved:
    """Ask an agent about a contact: the first of a round, or one more. `by`: who assigned it by hand. For a contact
    that is away they are kept free, and asked when it has come."""
    queue, kind = floor.queue(contact.queue), floor.kind(contact.kind)
    offer = Offer(
        id=floor.new_id(),
        contact=contact.id,
        agent=agent.name,
        queue=contact.queue,
        made_at=now,
        expires_at=now + timedelta(seconds=AWAY_S if contact.away else queue.ring_s),
        reason=explain(floor, contact, queue, agent, by),
        kind=kind.name,
        live_kind=kind.live,
    )
    floor.add(offer)
    asked = {"offers_made": contact.offers_made + 1, "last_agent": agent.name}
    if contact.state is WAITING:
        first = {"rounds": contact.rounds + 1, "rung": 1, "ring_more_at": ring_more_at(queue, 1, now)}
        alone = by or contact.away
        floor.move(contact, "offer", **asked, **({**first, "ring_more_at": None} if alone else first))
    else:
        rung = contact.rung + 1
        floor.change(contact, **asked, rung=rung, ring_more_at=ring_more_at(queue, rung, now))
    over = {"rests_until": None, "wrap_up_until": None, "wrap_up_extended": False, "contact": None}
    floor.move(agent, "assign" if by else "offer", since=now, **over)
    if queue.strategy is ROUND_ROBIN:
        floor.stand(queue.name, last_agent=agent.name)
    about = {"offer": offer.id, "agent": agent.name, "queue": offer.queue, **({"away": True} if contact.away else {})}
    floor.record(Event(now, contact.id, "offered", Telling(offer.reason, about)))
    return (Reserved if contact.away else Offered)(offer, agent, contact)


def ring_more_at(queue: Queue, rung: int, now: datetime) -> datetime | None:
    """When one more is asked about a contact that `rung` are asked about already."""
    if queue.strategy is not RING_PROGRESSIVELY or rung >= queue.ring_max:
        return None
    return now + timedelta(seconds=queue.ring_more_s)


def take(floor: Floor, offer: Offer, now: datetime, expires_at: datetime | None) -> list[Effect]:
    """An agent accepts: the offer is theirs, and nobody else's."""
    floor.move(offer, "accept", accepted_at=now, expires_at=expires_at)
    contact, agent = floor.contact(offer.contact), floor.agent(offer.agent)
    floor.change(contact, last_agent=offer.agent, ring_more_at=None)
    if offer.live_kind:
        floor.change(agent, contact=offer.contact)
    record_offer(floor, now, offer, "accepted")
    effects: list[Effect] = []
    for other in floor.live_offers(offer.contact):
        if other is not offer:
            effects += withdraw(floor, other, f"taken by {offer.agent}", now)
    return effects


def connect(floor: Floor, offer: Offer, now: datetime) -> tuple[Agent, Contact]:
    """Agent and contact meet; what the agent has in hand otherwise is parked."""
    agent, contact = floor.agent(offer.agent), floor.contact(offer.contact)
    floor.change(offer, connected_at=now, expires_at=None)
    floor.move(contact, "talk", talking_at=now)
    if offer.live_kind:
        floor.move(agent, "talk", since=now)
        for held in floor.held_by(agent.name):
            hold(floor, floor.contact(held.contact), "parked", now)
    else:
        holds = {**agent.holds, offer.kind: agent.holds.get(offer.kind, 0) + 1}
        floor.move(agent, "take", since=now, free_since=now, misses=0, holds=holds)
        if agent.then:  # assigned by hand during a break, which goes on
            step_out(floor, agent, agent.then, agent.reason, now)
        else:  # or during a wrap-up, which is over
            unpark(floor, agent, now)
    record_offer(floor, now, offer, "talking", waited_s=seconds(contact.entered_at, now))
    return agent, contact


def withdraw(floor: Floor, offer: Offer, why: str, now: datetime) -> list[Effect]:
    """Nobody is to answer this offer any more; its agent is as free as before. The contact is left as it is."""
    floor.move(offer, "withdraw", ended_at=now, expires_at=None, why=why)
    record_offer(floor, now, offer, "withdrawn", why=why)
    release(floor, floor.agent(offer.agent), now)
    return [Closed(offer)]


def fail(floor: Floor, offer: Offer, why: str, now: datetime, excused: bool = False) -> list[Effect]:
    """The agent's leg came to nothing: a miss, unless it is excused."""
    floor.move(offer, "fail", ended_at=now, expires_at=None, why=why)
    record_offer(floor, now, offer, "failed", why=why)
    queue = floor.queue(offer.queue)
    silent = why in (NO_ANSWER, SILENT)
    rest_s = queue.no_answer_rest_s if silent else queue.busy_rest_s
    if not excused:
        spare(floor, offer, queue.same_no_answer_s if silent else queue.same_busy_s, now)
    return [Closed(offer), *missed(floor, offer, now, rest_s, excused), *give_back(floor, offer, why, now)]


def missed(floor: Floor, offer: Offer, now: datetime, rest_s: int, excused: bool = False) -> list[Effect]:
    """The agent did not come: to the end of the free ones or, after too many that they are to blame for, to a pause."""
    agent = floor.agent(offer.agent)
    if excused:
        release(floor, agent, now, free_since=now)
        return []
    floor.change(agent, misses=agent.misses + 1)
    if agent.misses < floor.queue(offer.queue).misses_max or agent.then is AgentState.LOGGED_OUT:
        release(floor, agent, now, free_since=now, rest_s=rest_s)
        return []
    reason = f"missed {agent.misses} offers in a row" if agent.misses > 1 else "missed an offer"
    step_out(floor, agent, AgentState.PAUSED, reason, now)
    return [Paused(agent, reason)]


def spare(floor: Floor, offer: Offer, spare_s: int, now: datetime) -> None:
    """The agent is not asked about the same contact again for so long; about others they are."""
    contact = floor.contact(offer.contact)
    if spare_s and contact.kind != CONSULT:
        until = now + timedelta(seconds=spare_s)
        relax_at = min(contact.relax_at or until, until)
        floor.change(contact, spares={**contact.spares, offer.agent: until}, relax_at=relax_at)


def give_back(floor: Floor, offer: Offer, why: str, now: datetime) -> list[Effect]:
    """An offer has ended without a conversation: its contact waits again at its place, unless others are still asked
    about it. It overflows if that was its last chance."""
    contact = floor.contact(offer.contact)
    if floor.live_offers(contact.id):
        return []
    floor.move(contact, "return", rung=0, ring_more_at=None, talking_at=None, held_since=None)
    record(floor, now, contact.id, "returned", why=why)
    if contact.relax_at and contact.relax_at <= now:  # it came due while somebody was asked
        widen(floor, contact, now)
    effects: list[Effect] = [Returned(contact, why)]
    if contact.max_wait_at <= now:
        effects.append(overflow(floor, contact, late(contact), now))
    elif contact.kind == CONSULT or contact.rounds >= floor.queue(contact.queue).offers_max:
        effects.append(overflow(floor, contact, NOBODY_ANSWERED, now))
    return effects


# -- contacts --------------------------------------------------------------------------------------------------------


def widen(floor: Floor, contact: Contact, now: datetime) -> None:
    """More agents may take the contact: the preference is over, a later tier may come in, the latest step of needs
    that is due holds. The place stays."""
    waited_s, queue = seconds(contact.entered_at, now), floor.queue(contact.queue)
    changes: dict[str, object] = {}
    if contact.preferred and contact.preferred_until and contact.preferred_until <= now:
        changes |= {"preferred": None, "preferred_until": None}
    due = [needs for after_s, needs in contact.relax if after_s <= waited_s]
    if due:
        changes |= {"needs": due[-1], "relax": contact.relax[len(due) :]}
    if any(until <= now for until in contact.spares.values()):
        changes["spares"] = {agent: until for agent, until in contact.spares.items() if until > now}
    reach = reach_of(queue, waited_s, contact.reach)
    if reach != contact.reach:
        changes["reach"] = reach
    _widened(floor, contact, queue, changes, now)


def forsake(floor: Floor, contact: Contact, now: datetime) -> bool:
    """Nobody who may take the contact is there, so the next step holds at once; False: there is none left."""
    queue = floor.queue(contact.queue)
    if contact.preferred:
        changes: dict[str, object] = {"preferred": None, "preferred_until": None}
    elif contact.reach < len(queue.tiers):
        changes = {"reach": contact.reach + 1}
    elif contact.relax:
        changes = {"needs": contact.relax[0][1], "relax": contact.relax[1:]}
    else:
        return False
    _widened(floor, contact, queue, changes, now)
    return True


def _widened(floor: Floor, contact: Contact, queue: Queue, changes: dict[str, object], now: datetime) -> None:
    left = changes.get("relax", contact.relax)
    until = changes.get("preferred_until", contact.preferred_until)
    reach = changes.get("reach", contact.reach)
    next_step = step_at(contact.entered_at, queue, left, until, reach)
    spares = changes.get("spares", contact.spares)
    moments = [*spares.values(), *([next_step] if next_step else [])]
    floor.change(contact, **changes, relax_at=min(moments, default=None))
    told = {name: plain(it) if name == "needs" else it for name, it in changes.items() if name in TOLD}
    if told:
        record(floor, now, contact.id, "relaxed", **told, waited_s=seconds(contact.entered_at, now))


TOLD = ("needs", "preferred", "reach")


def begin_steps(contact: Contact, queue: Queue, now: datetime) -> None:
    """How long a new contact waits for its preferred agent, who may take it, and when the first step is due."""
    if contact.preferred:
        contact.preferred_until = now + timedelta(seconds=queue.prefer_s)
    contact.reach = reach_of(queue, seconds(contact.entered_at, now))
    contact.relax_at = step_at(contact.entered_at, queue, contact.relax, contact.preferred_until, contact.reach)


def reach_of(queue: Queue, waited_s: float, before: int = 0) -> int:
    """How many tiers may take somebody who has waited so long; the first one always may."""
    return max(before, min(1, len(queue.tiers)), sum(tier.after_s <= waited_s for tier in queue.tiers))


def step_at(entered_at: datetime, queue: Queue, relax: object, until: datetime | None, reach: int) -> datetime | None:
    """When the next step is due, of all that let more agents take a contact."""
    after = [relax[0][0]] if relax else []
    after += [queue.tiers[reach].after_s] if reach < len(queue.tiers) else []
    moments = [entered_at + timedelta(seconds=after_s) for after_s in after]
    return min([*moments, *([until] if until else [])], default=None)


def late(contact: Contact) -> str:
    """Why a contact overflows whose `max_wait_at` has come."""
    return CLOSED if contact.closes_at and contact.max_wait_at == contact.closes_at else TOO_LONG


def overflow(floor: Floor, contact: Contact, why: str, now: datetime) -> Overflowed:
    floor.move(contact, "overflow", ended_at=now, outcome=Outcome.OVERFLOWED, why=why)
    waited_s = seconds(contact.entered_at, now)
    record(floor, now, contact.id, "overflowed", queue=contact.queue, why=why, waited_s=waited_s)
    return Overflowed(contact, why)


def hold(floor: Floor, contact: Contact, why: str, now: datetime) -> None:
    """The conversation rests; who is held already stays so."""
    if contact.held_since is None:
        floor.change(contact, held_since=now)
        record(floor, now, contact.id, "held", why=why)


def resume(floor: Floor, contact: Contact, now: datetime) -> None:
    """It goes on."""
    if contact.held_since is not None:
        held_s = seconds(contact.held_since, now)
        floor.change(contact, held_since=None, held_s=contact.held_s + held_s)
        record(floor, now, contact.id, "resumed", held_s=held_s)


# -- agents ----------------------------------------------------------------------------------------------------------


def release(floor: Floor, agent: Agent, now: datetime, free_since: datetime | None = None, rest_s: int = 0) -> None:
    """Nothing came of the agent's offer: free again, for as long as before unless `free_since` says otherwise."""
    if agent.then:
        step_out(floor, agent, agent.then, agent.reason, now)
        return
    rests_until = now + timedelta(seconds=rest_s) if rest_s else None
    free_since = free_since or agent.free_since or now
    floor.move(agent, "release", since=now, contact=None, free_since=free_since, rests_until=rests_until)
    unpark(floor, agent, now)


def step_out(floor: Floor, agent: Agent, to: AgentState, reason: str, now: datetime) -> None:
    """Into a pause or out."""
    if to is AgentState.PAUSED and agent.state is AgentState.PAUSED:
        floor.change(agent, reason=reason)
        return
    changes = {"since": now, "reason": reason, "then": None, "contact": None, "wrap_up_until": None}
    changes |= {"rests_until": None, "wrap_up_extended": False}
    floor.move(agent, "pause" if to is AgentState.PAUSED else "log_out", **changes)
    record(floor, now, agent.name, "paused" if to is AgentState.PAUSED else "logged out", why=reason)


def finish_wrap_up(floor: Floor, agent: Agent, now: datetime) -> None:
    """What the agent was or wanted to be before holds again; else they are ready."""
    if agent.then:
        step_out(floor, agent, agent.then, agent.reason, now)
    else:
        make_ready(floor, agent, now)


def make_ready(floor: Floor, agent: Agent, now: datetime) -> None:
    changes = {"since": now, "free_since": now, "reason": "", "misses": 0, "then": None}
    floor.move(agent, "ready", contact=None, wrap_up_until=None, wrap_up_extended=False, **changes)
    record(floor, now, agent.name, "ready")
    unpark(floor, agent, now)


def unpark(floor: Floor, agent: Agent, now: datetime) -> None:
    """Whatever was parked for something more urgent goes on."""
    for held in floor.held_by(agent.name) if agent.holds else ():
        resume(floor, floor.contact(held.contact), now)


# -- events ----------------------------------------------------------------------------------------------------------


def seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0


def record_offer(floor: Floor, now: datetime, offer: Offer, what: str, **fields: object) -> None:
    record(floor, now, offer.contact, what, offer=offer.id, agent=offer.agent, queue=offer.queue, **fields)


def record(floor: Floor, now: datetime, about: str, what: str, **fields: object) -> None:
    floor.record(Event(now, about, what, fields))
