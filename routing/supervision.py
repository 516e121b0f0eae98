"""Supervision: what supervisors do on the floor - move, assign, pause and close queues, send home, listen in."""

from __future__ import annotations

from datetime import datetime, timedelta

from routing import moves
from routing.agent import AgentState
from routing.contact import Contact, ContactState
from routing.effect import Effect, Listening
from routing.floor import Floor
from routing.kind import CONSULT, room
from routing.needs import Needs, able, lack, plain
from routing.offer import OfferState
from routing.queue import CLOSED, HEAD_START_MAX_S, WAITING_MAX
from routing.refusal import Refused
from routing.settling import settle
from routing.staff import nobody, step_back

LISTENING = ("listen", "whisper", "barge", "off")
GONE = Refused("there is no such contact that waits", field="contact")


def move(
    floor: Floor, contact_id: str, queue_name: str, needs: Needs | None, by: str, now: datetime
) -> list[Effect] | Refused:
    """A waiting contact goes to another queue and keeps the time it has waited; with its needs, or with others.

    Who is being asked about it is asked no more. The other queue's own head start counts instead of this one's.
    """
    contact = floor.contact(contact_id)
    if not _waits(contact):
        return GONE
    if queue_name == contact.queue and needs in (None, contact.needs):
        return []
    if floor.standing(queue_name).closed is not None:
        return Refused("that queue is closed", field="queue")
    if floor.waiting(queue_name)[0] >= floor.queue(queue_name).max_length:
        return Refused("that queue is full", field="queue")
    effects = _take_back(floor, contact, f"moved by {by}", now)
    if isinstance(effects, Refused):
        return effects
    if contact.state is ContactState.DONE:
        return [*effects, *settle(floor, now)]
    queue, before = floor.queue(queue_name), contact.queue
    head_start_s = contact.head_start_s + queue.head_start_s + floor.kind(contact.kind).head_start_s
    reach = moves.reach_of(queue, moves.seconds(contact.entered_at, now))
    relax = contact.relax if needs is None else ()
    floor.change(
        contact,
        queue=queue_name,
        needs=contact.needs if needs is None else needs,
        relax=relax,
        spares={},
        reach=reach,
        rank=contact.entered_at - timedelta(seconds=head_start_s),
        relax_at=moves.step_at(contact.entered_at, queue, relax, contact.preferred_until, reach),
    )
    told = {"queue": before, "to": queue_name, "by": by, "needs": plain(contact.needs)}
    moves.record(floor, now, contact.id, "moved", **told)
    return [*effects, *settle(floor, now)]


def change_head_start(
    floor: Floor, contact_id: str, head_start_s: int, by: str, now: datetime
) -> list[Effect] | Refused:
    """A waiting contact counts as having come so many seconds before it did; its place changes at once."""
    contact = floor.contact(contact_id)
    if not _waits(contact):
        return GONE
    if abs(head_start_s) > HEAD_START_MAX_S:
        return Refused("too much", field="head_start_s", hint=f"{HEAD_START_MAX_S} at most")
    more_s = head_start_s - contact.head_start_s
    if not more_s:
        return []
    floor.change(contact, head_start_s=head_start_s, rank=contact.rank - timedelta(seconds=more_s))
    moves.record(floor, now, contact.id, "head start changed", head_start_s=head_start_s, by=by)
    return settle(floor, now)


def assign(floor: Floor, contact_id: str, agent_name: str, by: str, now: datetime) -> list[Effect] | Refused:
    """A waiting contact is offered to this agent and nobody else, out of turn; they may be on a break, which goes
    on afterwards, or wrapping up, which is over then. They must be able to take it, and not be about to leave."""
    contact, agent = floor.contact(contact_id), floor.agent(agent_name)
    if not _waits(contact):
        return GONE
    if agent is None:
        return nobody(agent_name)
    if agent.state not in (AgentState.AVAILABLE, AgentState.PAUSED, AgentState.WRAP_UP):
        why = "not logged in" if agent.state is AgentState.LOGGED_OUT else "busy with another contact"
        return Refused(f"{agent_name} is {why}", field="agent")
    if not agent.there:
        return Refused(f"{agent_name} is about to leave", field="agent")
    if not able(agent.skills, contact.needs):
        return Refused(
            f"{agent_name} lacks {lack(agent.skills, contact.needs)}", field="agent", hint="change its needs"
        )
    if not room(floor.kind(contact.kind), agent.capacity, agent.holds):
        return Refused(f"{agent_name} has no room for it", field="agent")
    effects = _take_back(floor, contact, f"assigned by {by}", now)
    if isinstance(effects, Refused):
        return effects
    if contact.state is ContactState.DONE:
        return [*effects, *settle(floor, now)]
    if agent.state is AgentState.PAUSED:
        floor.change(agent, then=AgentState.PAUSED)
    offered = moves.make_offer(floor, contact, agent, now, by)
    return [*effects, offered, *settle(floor, now)]


def pause_queue(floor: Floor, queue: str, why: str, by: str, now: datetime) -> list[Effect]:
    """Nothing of the queue is offered until it goes on; who is asked already stays asked, and all keep their places."""
    if floor.standing(queue).paused is None:
        floor.stand(queue, paused=why)
        moves.record(floor, now, queue, "queue paused", why=why, by=by)
    return settle(floor, now)


def resume_queue(floor: Floor, queue: str, by: str, now: datetime) -> list[Effect]:
    """The queue goes on."""
    if floor.standing(queue).paused is not None:
        floor.stand(queue, paused=None)
        moves.record(floor, now, queue, "queue resumed", by=by)
    return settle(floor, now)


def close_queue(floor: Floor, queue: str, why: str, send_away: bool, by: str, now: datetime) -> list[Effect]:
    """Nobody enters any more; who waits is still served or, with `send_away`, overflows at once. Talks go on."""
    if floor.standing(queue).closed is None:
        floor.stand(queue, closed=why)
        moves.record(floor, now, queue, "queue closed", why=why, by=by)
    effects: list[Effect] = []
    for contact in floor.in_line(queue, WAITING_MAX) if send_away else ():
        if contact.state is ContactState.WAITING:
            effects.append(moves.overflow(floor, contact, CLOSED, now))
    return effects + settle(floor, now)


def open_queue(floor: Floor, queue: str, by: str, now: datetime) -> list[Effect]:
    """The queue takes people in again."""
    if floor.standing(queue).closed is not None:
        floor.stand(queue, closed=None)
        moves.record(floor, now, queue, "queue opened", by=by)
    return settle(floor, now)


def force_log_out(floor: Floor, agent_name: str, by: str, now: datetime) -> list[Effect] | Refused:
    """A supervisor sends an agent home: as if they had logged out; a conversation is never cut."""
    agent = floor.agent(agent_name)
    if agent is None:
        return nobody(agent_name)
    if agent.state is AgentState.LOGGED_OUT or agent.then is AgentState.LOGGED_OUT:
        return []
    moves.record(floor, now, agent.name, "sent home", by=by)
    return step_back(floor, agent, AgentState.LOGGED_OUT, f"sent home by {by}", now)


def listen(floor: Floor, contact_id: str, supervisor: str, how: str, now: datetime) -> list[Effect] | Refused:
    """A supervisor hears a conversation, speaks to the agent alone (whisper), to both (barge), or is off it again."""
    contact, offer = floor.contact(contact_id), floor.live_offer(contact_id)
    if contact is None or offer is None or contact.state is not ContactState.TALKING:
        return Refused("nobody talks there", field="contact")
    if how not in LISTENING:
        return Refused("there is no such way of listening", field="how", hint=f"there are: {', '.join(LISTENING)}")
    moves.record(floor, now, contact.id, "listened to", agent=offer.agent, supervisor=supervisor, how=how)
    return [Listening(contact, offer, supervisor, how)]


def _take_back(floor: Floor, contact: Contact, why: str, now: datetime) -> list[Effect] | Refused:
    """Nobody is asked about the contact any more; it waits. Refused if somebody has said yes already."""
    offers = floor.live_offers(contact.id)
    if any(offer.state is OfferState.ACCEPTED for offer in offers):
        return Refused("already taken", field="contact")
    effects: list[Effect] = []
    for offer in offers:
        effects += moves.withdraw(floor, offer, why, now)
    return [*effects, *(moves.give_back(floor, offers[-1], why, now) if offers else [])]


def _waits(contact: Contact | None) -> bool:
    """Whether somebody waits there; a consultation is the agents' own affair."""
    return (
        contact is not None
        and contact.kind != CONSULT
        and contact.state in (ContactState.WAITING, ContactState.OFFERED)
    )
