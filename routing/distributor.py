"""Distributor: what happens on the floor, and what follows from it - who is offered what, and when to look again.

Every function takes the floor and `now` (aware, UTC), changes the floor, appends events, and returns effects for the
world outside; a business no is a `Refused` and changes nothing. What is told twice, or too late, changes nothing.
After each change `settle` looks at the floor as it is, not at what has just happened: no wake-up can be forgotten.

Here are contacts, offers and the clock; what agents do is in `routing.staff`, what supervisors do in
`routing.supervision`, handing on in `routing.transfer`. All of it can be reached from here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from routing import moves
from routing.agent import AgentState
from routing.announcing import Outlook
from routing.consulting import consult, dismiss, join, leave_consult
from routing.contact import Contact, ContactState, Outcome
from routing.demand import demands
from routing.effect import Accepted, Closed, Connected, Effect, Ended, NotReached, Offered
from routing.estimate import Estimate, estimate, patience_s
from routing.floor import Floor
from routing.needs import plain
from routing.offer import LEG_S, Offer, OfferState
from routing.queue import CLOSED, FULL, TOO_LONG, Queue
from routing.refusal import Refused
from routing.settling import ring_more, settle
from routing.staff import dispose, end_wrap_up, extend_wrap_up, log_in, log_out, pause, ready
from routing.supervision import (
    assign,
    change_head_start,
    close_queue,
    force_log_out,
    listen,
    move,
    open_queue,
    pause_queue,
    resume_queue,
)
from routing.talking import finish_talk, lose, lose_caller
from routing.transfer import hold, resume, transfer_out, transfer_to_agent, transfer_to_queue

__all__ = [
    "accept", "assign", "caller_answered", "caller_gone", "caller_here", "change_head_start", "close_queue",
    "consult", "decline", "dispose", "end_wrap_up", "enter", "expected_wait", "extend_wrap_up", "force_log_out",
    "hold", "join", "leave", "leave_consult", "leg_answered", "leg_failed", "leg_lost", "leg_placed",
    "leg_unreachable", "listen", "log_in", "log_out", "move", "next_deadline", "not_reached", "open_queue",
    "outlook", "pause", "pause_queue", "ready", "resume", "resume_queue", "settle", "talk_ended", "tick",
    "transfer_out", "transfer_to_agent", "transfer_to_queue",
]  # fmt: skip

HANDLING_WINDOW_S = 4 * 3600
HANDLING_MAX = 50
WAITS_MAX = 200
"""An expected wait is built on at most so many conversations, and waits, that ended within this window."""

HERE_S = 120
"""Who was called before an agent was asked waits no longer, should that agent not come after all."""

REACHED = "reached"
"""Stands as the `why` of a callback's offer once somebody has answered, so that it is told but once."""

# -- contacts ------------------------------------------------------------------------------------------------------


def enter(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """A contact begins to wait; entering twice is entering once.

    It overflows at once if the queue is closed or full (`max_length`, `max_ratio`), if nobody logged in could ever take
    it, or, where nobody is free, if a wait longer than `max_expected_wait_s` is to be expected. Somebody who was cut
    off from the same queue `keep_place_s` ago or less has the place back, once. Whose `entered_at` is given already (a
    callback, promised then) has waited since, and stands where that puts it; the longest wait counts from now all the
    same.
    """
    if floor.contact(contact.id):
        return []
    queue, kind = floor.queue(contact.queue), floor.kind(contact.kind)
    no = _refusal(floor, contact, queue, now)
    contact.stand(now, floor.next_seq(), queue.max_wait_s, queue.head_start_s + kind.head_start_s)
    moves.begin_steps(contact, queue, now)
    before = _place_before(floor, contact, queue, now)
    floor.add(contact)
    about = {"queue": contact.queue, "kind": contact.kind, "needs": plain(contact.needs)}
    if contact.entered_at != now:
        about["since"] = contact.entered_at.isoformat()
    moves.record(floor, now, contact.id, "entered", **about)
    if before:
        floor.change(before, place_to=contact.id)
        moves.record(floor, now, contact.id, "has the place back", of=before.id)
    if contact.relax_at and contact.relax_at <= now:  # it has waited long enough elsewhere
        moves.widen(floor, contact, now)
    if no:
        return [moves.overflow(floor, contact, no, now)]
    effects = settle(floor, now)
    if queue.max_expected_wait_s is None or contact.state is not ContactState.WAITING:
        return effects
    expected = expected_wait(floor, contact, now)
    if expected is None or expected.total_seconds() <= queue.max_expected_wait_s:
        return effects
    return [*effects, moves.overflow(floor, contact, TOO_LONG, now)]


def caller_gone(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """The caller has hung up: an abandonment while waiting, the end of the conversation while talking."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state is ContactState.DONE:
        return []
    if contact.state is ContactState.TALKING:
        return talk_ended(floor, contact_id, now)
    effects = lose_caller(floor, contact, now)
    floor.move(contact, "abandon", ended_at=now, outcome=Outcome.ABANDONED, ring_more_at=None)
    waited_s = moves.seconds(contact.entered_at, now)
    moves.record(floor, now, contact.id, "abandoned", queue=contact.queue, waited_s=waited_s)
    return effects + settle(floor, now)


def leave(floor: Floor, contact_id: str, why: str, now: datetime) -> list[Effect]:
    """The caller waits no longer, by a way of their own (`why`); whoever talks already goes on talking."""
    contact = floor.contact(contact_id)
    if contact is None or contact.state not in (ContactState.WAITING, ContactState.OFFERED):
        return []
    effects = lose_caller(floor, contact, now)
    floor.move(contact, "leave", ended_at=now, outcome=Outcome.LEFT, why=why, ring_more_at=None)
    waited_s = moves.seconds(contact.entered_at, now)
    moves.record(floor, now, contact.id, "left", queue=contact.queue, why=why, waited_s=waited_s)
    return effects + settle(floor, now)


def talk_ended(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """The conversation is over, whoever ended it: the agent's wrap-up begins. An e-mail is done with."""
    contact = floor.contact(contact_id)
    offer = floor.live_offer(contact_id)
    if contact is None or offer is None or contact.state is not ContactState.TALKING:
        return []
    alone = dismiss(floor, contact, now)
    finish_talk(floor, contact, offer, "finish", Outcome.SERVED, None, now)
    return [Ended(contact, offer), *alone, *settle(floor, now)]


def caller_answered(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """A callback is answered by the one who was called: the conversation begins now, not when the agent came."""
    contact, offer = floor.contact(contact_id), floor.live_offer(contact_id)
    if contact is None or offer is None or contact.state is not ContactState.TALKING or offer.why == REACHED:
        return []
    floor.change(contact, talking_at=now)
    floor.change(offer, connected_at=now, why=REACHED)
    moves.record_offer(floor, now, offer, "reached", waited_s=moves.seconds(contact.entered_at, now))
    return []


def caller_here(floor: Floor, contact_id: str, now: datetime) -> list[Effect]:
    """Who was away is on the line: the agent who was kept free is asked now. If that agent has left meanwhile, the
    contact waits at its place, and no longer than HERE_S: it is we who have called."""
    contact = floor.contact(contact_id)
    if contact is None or not contact.away or contact.state is ContactState.DONE:
        return []
    queue = floor.queue(contact.queue)
    until = now + timedelta(seconds=min(queue.max_wait_s, HERE_S))
    floor.change(contact, away=False, max_wait_at=min(until, contact.closes_at or until))
    moves.record(floor, now, contact.id, "came to the line", waited_s=moves.seconds(contact.entered_at, now))
    effects: list[Effect] = []
    for offer in floor.live_offers(contact_id):
        floor.change(offer, expires_at=now + timedelta(seconds=queue.ring_s))
        floor.change(contact, ring_more_at=moves.ring_more_at(queue, contact.rung, now))
        effects.append(Offered(offer, floor.agent(offer.agent), contact))
    return [*effects, *settle(floor, now)]


def not_reached(floor: Floor, contact_id: str, why: str, now: datetime) -> list[Effect]:
    """A callback that nobody answered: nobody was served, and the agent, who talked to nobody, is free at once.

    Told too late, when somebody has answered, it changes nothing; nor does it of an e-mail. Visitors may not come,
    too.
    """
    contact, offer = floor.contact(contact_id), floor.live_offer(contact_id)
    if contact and contact.away and contact.state is not ContactState.DONE:
        return [*_still_away(floor, contact, why, now), *settle(floor, now)]
    if contact is None or offer is None or contact.state is not ContactState.TALKING:
        return []
    if offer.why == REACHED or not offer.live_kind:
        return []
    alone = dismiss(floor, contact, now)
    floor.change(offer, connected_at=None)
    floor.move(offer, "fail", ended_at=now, why=why)
    moves.record_offer(floor, now, offer, "failed", why=why)
    floor.move(contact, "not_reach", ended_at=now, outcome=Outcome.NOT_REACHED, why=why, **lose())
    moves.record(floor, now, contact.id, "not reached", queue=contact.queue, why=why)
    moves.release(floor, floor.agent(offer.agent), now)
    return [Ended(contact, offer), *alone, *settle(floor, now)]


# -- offers --------------------------------------------------------------------------------------------------------


def accept(floor: Floor, offer_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent takes the offer. First comes Accepted: the leg must answer within LEG_S, or the contact goes back to
    its place; or Connected, where no leg is needed. Others who were asked about it are told that it is taken."""
    offer = floor.offer(offer_id)
    if no := _not_theirs(floor, offer, agent_name):
        return no
    contact = floor.contact(offer.contact)
    if floor.kind(offer.kind).legs:
        closed = moves.take(floor, offer, now, expires_at=now + timedelta(seconds=LEG_S))
        taken: Effect = Accepted(offer, floor.agent(agent_name), contact)
    else:
        closed = moves.take(floor, offer, now, expires_at=None)
        taken = Connected(offer, *moves.connect(floor, offer, now))
    return [taken, *closed, *settle(floor, now)]


def decline(floor: Floor, offer_id: str, agent_name: str, now: datetime) -> list[Effect] | Refused:
    """The agent does not want it: to the next one, at its first place; the agent goes to the end of the free ones."""
    offer = floor.offer(offer_id)
    if no := _not_theirs(floor, offer, agent_name):
        return no
    floor.move(offer, "decline", ended_at=now, expires_at=None)
    moves.record_offer(floor, now, offer, "declined")
    rest_s = floor.queue(offer.queue).declined_rest_s
    moves.spare(floor, offer, floor.queue(offer.queue).same_declined_s, now)
    moves.release(floor, floor.agent(offer.agent), now, free_since=now, rest_s=rest_s)
    return [Closed(offer), *moves.give_back(floor, offer, "declined", now), *settle(floor, now)]


def leg_placed(floor: Floor, offer_id: str, leg_sid: str, now: datetime) -> list[Effect]:
    """The carrier is ringing the agent's leg. If the offer is over by now, the answer is to hang that leg up."""
    offer = floor.offer(offer_id)
    if offer is None:
        return []
    floor.change(offer, leg_sid=leg_sid)
    return [] if offer.live else [Closed(offer)]


def leg_answered(floor: Floor, offer_id: str, now: datetime) -> list[Effect] | Refused:
    """The agent's leg is there: they talk from now on, and first comes Connected. Where the leg itself was the offer,
    this accepts it too.

    If Refused, the leg has nobody to talk to and should be hung up.
    """
    offer = floor.offer(offer_id)
    if offer is None or not offer.live:
        return Refused("this offer is over")
    if offer.connected or (offer.state is OfferState.OPEN and floor.contact(offer.contact).away):
        return Refused("already connected" if offer.connected else "they are still being called")
    closed = moves.take(floor, offer, now, expires_at=None) if offer.state is OfferState.OPEN else []
    return [Connected(offer, *moves.connect(floor, offer, now)), *closed, *settle(floor, now)]


def leg_failed(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The agent's leg was busy, rejected or not answered: the contact goes back to its place, the agent missed it."""
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or offer.connected:
        return []
    return [*moves.fail(floor, offer, why, now), *settle(floor, now)]


def leg_lost(floor: Floor, offer_id: str, why: str, now: datetime) -> list[Effect]:
    """The agent's leg was over before anybody could talk: the contact goes back to its place, the agent missed it."""
    offer = floor.offer(offer_id)
    if offer is None or not offer.live or not offer.connected or not floor.kind(offer.kind).legs:
        return []
    alone = dismiss(floor, floor.contact(offer.contact), now)
    floor.change(offer, connected_at=None)
    return [*moves.fail(floor, offer, why, now), *alone, *settle(floor, now)]


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


# -- time ----------------------------------------------------------------------------------------------------------


def next_deadline(floor: Floor) -> datetime | None:
    """When `tick` will have something to do; None: not before something else happens."""
    return floor.next_due()


def tick(floor: Floor, now: datetime) -> list[Effect]:
    """Do what is due: missed offers, silent legs, ended wrap-ups and rests, longest waits, steps, one more to ring.

    Harmless early, late and twice.
    """
    effects: list[Effect] = []
    for offer in floor.due_offers(now):
        effects += _expire(floor, offer, now)
    for agent in floor.due_wrap_ups(now):
        contact = floor.contact(agent.contact) if agent.contact else None
        if contact and floor.queue(contact.queue).wrap_up_until_done and agent.then is None:
            moves.step_out(floor, agent, AgentState.PAUSED, "did not end the wrap-up", now)
        else:
            moves.finish_wrap_up(floor, agent, now)
    for agent in floor.due_rests(now):
        floor.change(agent, rests_until=None)
    for contact in floor.due_contacts(now):
        effects.append(moves.overflow(floor, contact, moves.late(contact), now))
    for contact in floor.due_steps(now):
        moves.widen(floor, contact, now)
    effects += settle(floor, now)
    for contact in floor.due_rings(now):
        effects += ring_more(floor, contact, now)
    return effects


def expected_wait(floor: Floor, contact: Contact, now: datetime) -> timedelta | None:
    """How long this contact may still wait; None if there is no basis for saying so."""
    found = expect(floor, contact, now)
    return None if found is None else timedelta(seconds=found.expected_s)


def outlook(floor: Floor, contact: Contact, now: datetime) -> Outlook:
    """How it stands for a contact: its place, its expected wait, and how many who may take it are at work."""
    expected = expected_wait(floor, contact, now)
    agents = sum(floor.agents_there(demand) for demand in demands(contact, floor.queue(contact.queue)))
    return Outlook(floor.position(contact), expected.total_seconds() if expected else None, agents)


def expect(floor: Floor, contact: Contact, now: datetime) -> Estimate | None:
    """The same as an interval: from what conversations and callers' patience have been like lately."""
    since = now - timedelta(seconds=HANDLING_WINDOW_S)
    queue = floor.queue(contact.queue)
    handling_s = [kept_s + queue.wrap_up_s for kept_s in floor.handling_s(queue.name, since, HANDLING_MAX)]
    agents = sum(floor.agents_there(demand) for demand in demands(contact, queue))
    patience = patience_s(floor.waits(queue.name, since, WAITS_MAX, now))
    return estimate(floor.position(contact), agents, handling_s, patience)


# -- steps of the above --------------------------------------------------------------------------------------------


def _refusal(floor: Floor, contact: Contact, queue: Queue, now: datetime) -> str | None:
    """Why nobody may enter, if so."""
    if floor.standing(queue.name).closed is not None or (contact.closes_at and contact.closes_at <= now):
        return CLOSED
    length, _ = floor.waiting(queue.name)
    if length >= queue.max_length:
        return FULL
    if queue.max_ratio is not None and length:
        anyone = replace(contact, preferred=None, reach=len(queue.tiers))
        agents = sum(floor.agents_there(demand) for demand in demands(anyone, queue))
        if length > queue.max_ratio * agents:
            return FULL
    return None


def _place_before(floor: Floor, contact: Contact, queue: Queue, now: datetime) -> Contact | None:
    """Who the contact was before it was cut off; it has that rank now, if it is the better one: only who came in the
    very same microsecond, and has waited on, is before it."""
    if not contact.who or not queue.keep_place_s:
        return None
    before = floor.cut_off(contact.who, queue.name, now - timedelta(seconds=queue.keep_place_s))
    if before and before.rank < contact.rank:
        contact.rank = before.rank
        return before
    return None


def _still_away(floor: Floor, contact: Contact, why: str, now: datetime) -> list[Effect]:
    """Who was called did not come; whoever was kept free for them is as free as before."""
    effects = lose_caller(floor, contact, now)
    floor.move(contact, "not_reach", ended_at=now, outcome=Outcome.NOT_REACHED, why=why, ring_more_at=None)
    moves.record(floor, now, contact.id, "not reached", queue=contact.queue, why=why)
    return [*effects, NotReached(contact, why)]


def _not_theirs(floor: Floor, offer: Offer | None, agent_name: str) -> Refused | None:
    """Why this agent cannot answer this offer, if so."""
    if offer is None:
        return Refused("there is no such offer")
    if offer.agent != agent_name:
        return Refused("this offer is for somebody else")
    match offer.state:
        case OfferState.OPEN if floor.contact(offer.contact).away:
            return Refused("they are still being called", hint="you are asked as soon as they answer")
        case OfferState.OPEN:
            return None
        case OfferState.ACCEPTED:
            return Refused("already taken", hint="it is yours")
        case OfferState.WITHDRAWN if offer.why and offer.why.startswith("taken by"):
            return Refused("already taken", hint=offer.why)
    return Refused("this offer is over")


def _expire(floor: Floor, offer: Offer, now: datetime) -> list[Effect]:
    """Nobody answered: an open offer is missed, an accepted one's leg is silent."""
    if not offer.live:
        return []
    if offer.state is OfferState.ACCEPTED:
        return moves.fail(floor, offer, moves.SILENT, now)
    contact = floor.contact(offer.contact)
    if contact.away:
        return _still_away(floor, contact, moves.UNHEARD, now)
    floor.move(offer, "miss", ended_at=now, expires_at=None)
    moves.record_offer(floor, now, offer, "missed")
    rest_s = floor.queue(offer.queue).no_answer_rest_s
    if offer.why is None:
        moves.spare(floor, offer, floor.queue(offer.queue).same_no_answer_s, now)
    missed = moves.missed(floor, offer, now, rest_s, excused=offer.why is not None)
    return [Closed(offer), *missed, *moves.give_back(floor, offer, "missed", now)]
