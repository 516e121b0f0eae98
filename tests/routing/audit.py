"""Audit: what must be true of a floor after every happening, written down without the distributor's help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.demand import Demand
from routing.effect import Offered
from routing.floor import ORDERED, Floor
from routing.memory import MemoryFloor
from routing.offer import Offer, OfferState
from tests.routing.centre import MORNING

LINE = (ContactState.WAITING, ContactState.OFFERED)
EVERYBODY = Demand("call", {}, "")
SOME = tuple(Demand("call", {"claims": level} if level else {}, str(level)) for level in (0, 2, 5))
CARRIED = {"declined", "missed", "withdrawn", "caller gone", "failed"}


def can(agent: Agent, contact: Contact) -> bool:
    """The skill rule, said again."""
    return not [s for s, level in contact.needs.items() if agent.skills.get(s, 0) < level]


def audit(floor: MemoryFloor, now: datetime, effects: Iterable[Any]) -> None:
    """All of it; the names are those of the reliability rules."""
    one_state(floor)
    no_double_talk_and_agent_truth(floor)
    offer_end(floor)
    no_idle_match(floor)
    wake(floor)
    limits(floor)
    positions(floor)
    conservation(floor)
    for effect in effects:
        if isinstance(effect, Offered):
            fair(floor, effect)


def one_state(floor: MemoryFloor) -> None:
    """A contact is where its live offer says that it is; a done one has one outcome and an end."""
    for contact in floor.contacts.values():
        live = [o for o in floor.offers.values() if o.contact == contact.id and o.ended_at is None]
        assert len(live) <= 1, f"no_double_offer: {contact.id} has {len(live)} live offers"
        expected = ContactState.TALKING if live and live[0].connected_at else ContactState.OFFERED
        done = contact.state is ContactState.DONE
        if live:
            assert contact.state is expected, f"one_state: {contact.id} is {contact.state}, its offer says {expected}"
        else:
            assert contact.state in (ContactState.WAITING, ContactState.DONE), f"one_state: ghost {contact.id}"
        assert done == (contact.outcome is not None) == (contact.ended_at is not None), f"one_end: {contact.id}"
        assert (contact.outcome is Outcome.SERVED) == (done and contact.talking_at is not None), contact.id


def no_double_talk_and_agent_truth(floor: MemoryFloor) -> None:
    """An agent is busy exactly when an offer says so, with one contact at a time."""
    for agent in floor.agents.values():
        live = [o for o in floor.offers.values() if o.agent == agent.name and o.ended_at is None]
        assert len(live) <= 1, f"one_voice: {agent.name} has {len(live)}"
        busy = {AgentState.OFFERED: False, AgentState.TALKING: True}
        if live:
            assert busy.get(agent.state) is bool(live[0].connected_at), f"agent_truth: {agent.name} {agent.state}"
            taken = live[0].contact if live[0].state is OfferState.ACCEPTED else None
            assert agent.contact == taken, f"agent_truth: {agent.name} has {agent.contact}, not {taken}"
        else:
            assert agent.state not in busy, f"agent_truth: {agent.name} is stuck in {agent.state}"
            assert (agent.contact is not None) == (agent.state is AgentState.WRAP_UP), agent.name
            waits = agent.state is AgentState.WRAP_UP
            assert waits or agent.then is None, f"{agent.name} is free and yet to become {agent.then}"
        assert (agent.state is AgentState.WRAP_UP) == (agent.wrap_up_until is not None), agent.name


def offer_end(floor: MemoryFloor) -> None:
    """An offer is over exactly when it has ended, and is not due for anything afterwards."""
    for offer in floor.offers.values():
        if offer.state is OfferState.OPEN:
            assert offer.ended_at is None
            assert offer.expires_at
        elif offer.state is OfferState.ACCEPTED:
            assert offer.accepted_at
            assert bool(offer.expires_at) == (offer.connected_at is None)
        else:
            assert offer.ended_at, f"offer_end: {offer.id}"
            assert offer.connected_at is None, f"offer_end: {offer.id} was talking and is {offer.state}"
            assert offer.expires_at is None


def no_idle_match(floor: MemoryFloor) -> None:
    """Nobody waits while somebody able is free, nor when nobody who could ever come is there."""
    for contact in floor.contacts.values():
        if contact.state is ContactState.WAITING:
            able = [a for a in floor.agents.values() if can(a, contact)]
            free = [a.name for a in able if a.state is AgentState.AVAILABLE]
            assert not free, f"no_idle_match: {contact.id} waits, {free} are free"
            there = [a for a in able if a.state is not AgentState.LOGGED_OUT and a.then is not AgentState.LOGGED_OUT]
            assert there or contact.relax, f"{contact.id} waits for nobody"


def wake(floor: MemoryFloor) -> None:
    """The next deadline is exactly the earliest of what must happen by itself."""
    offers = [o.expires_at for o in floor.offers.values() if o.ended_at is None and not o.connected_at]
    wraps = [a.wrap_up_until for a in floor.agents.values() if a.state is AgentState.WRAP_UP]
    waits = [c.max_wait_at for c in floor.contacts.values() if c.state is ContactState.WAITING]
    shrinks = [c.relax_at for c in floor.contacts.values() if c.state is ContactState.WAITING and c.relax_at]
    assert floor.next_due() == min([*offers, *wraps, *waits, *shrinks], default=None), "wake"


def limits(floor: MemoryFloor) -> None:
    """Offers per contact and misses per agent stay within what the queue says."""
    for contact in floor.contacts.values():
        assert contact.rounds <= floor.queue(contact.queue).offers_max, contact.id
    most = max(queue.misses_max for queue in floor.queues.values())
    for agent in floor.agents.values():
        if agent.state in (AgentState.AVAILABLE, AgentState.OFFERED):
            assert agent.misses < most, f"{agent.name} missed {agent.misses} and is not paused"


def positions(floor: MemoryFloor) -> None:
    """In each queue the positions are 1, 2, 3 ... in the order of (entry - head start, entry)."""
    for queue in floor.queues:
        line = [c for c in floor.contacts.values() if c.queue == queue and c.state in LINE]
        line.sort(key=lambda c: (c.entered_at.timestamp() - c.head_start_s, c.seq))
        assert [floor.position(c) for c in line] == list(range(1, len(line) + 1)), f"positions in {queue}"
        assert floor.waiting(queue)[0] == len(line)


def conservation(floor: MemoryFloor) -> None:
    """What the events count is what the rows are."""
    counts = Counter(event.what for event in floor.events)
    states = Counter(contact.state for contact in floor.contacts.values())
    outcomes = Counter(contact.outcome for contact in floor.contacts.values())
    offers = Counter(offer.state for offer in floor.offers.values())
    assert counts["entered"] == sum(states.values())
    assert counts["overflowed"] == outcomes[Outcome.OVERFLOWED]
    assert counts["abandoned"] == outcomes[Outcome.ABANDONED]
    assert counts["talk ended"] == outcomes[Outcome.SERVED]
    assert counts["talking"] == outcomes[Outcome.SERVED] + states[ContactState.TALKING]
    assert counts["offered"] == sum(offers.values()) == sum(c.offers_made for c in floor.contacts.values())
    assert sum(counts[what] for what in CARRIED) == sum(offers.values()) - offers["open"] - offers["accepted"]


def fair(floor: MemoryFloor, effect: Offered) -> None:
    """skill, prio, fifo, longest idle, no_loop: of what an offer's agent could have taken, it is the first in order."""
    contact, agent = floor.contacts[effect.offer.contact], floor.agents[effect.offer.agent]
    assert can(agent, contact), f"skill: {agent.name} cannot take {contact.id}"
    for other in floor.contacts.values():
        if other.state is ContactState.WAITING and can(agent, other):
            first, second = ((c.entered_at.timestamp() - c.head_start_s, c.seq) for c in (contact, other))
            assert first < second, f"prio: {other.id} was passed over for {contact.id}"
    assert effect.offer.made_at < contact.max_wait_at, f"max_wait: {contact.id} was offered too late"
    before = [o for o in floor.offers.values() if o.contact == contact.id and o.id != effect.offer.id]
    last = max(before, key=_made).agent if before else None
    free = [a for a in floor.agents.values() if a.state is AgentState.AVAILABLE and can(a, contact)]
    assert last != agent.name or not free, f"no_loop: {contact.id} went to {agent.name} again"
    longer = [a.name for a in free if a.free_since < agent.free_since and a.name != last]
    assert not longer, f"longest idle: {longer} before {agent.name}"


def _made(offer: Offer) -> tuple[datetime, int]:
    return (offer.made_at, int(offer.id[1:]))


def servable(floor: Floor) -> list[str]:
    """The first of each lane for which somebody is free, in order."""
    lanes: dict[str, str] = {}
    while contact := floor.next_servable(lanes):
        lanes[contact.lane] = contact.id
    return list(lanes.values())


def picture(floor: Floor, memory: MemoryFloor, queues: Mapping[str, Any], whole: bool) -> dict[str, Any]:
    """What can be seen of a floor through its interface, for comparing it with another; ids from `memory`.

    Without `whole`, what has long been over is left out.
    """
    contacts = {key: floor.contact(key) for key, c in memory.contacts.items() if whole or not c.ended_at}
    offers = [key for key, o in memory.offers.items() if whole or o.live]
    return {
        "contacts": contacts,
        "agents": {key: floor.agent(key) for key in memory.agents},
        "offers": {key: floor.offer(key) for key in offers},
        "live": {key: (o := floor.live_offer(key)) and o.id for key in contacts},
        "rung": {key: (o := floor.offer_of(key)) and o.id for key in memory.agents},
        "servable": servable(floor),
        "forlorn": [c.id for c in floor.forlorn()],
        "free": {by: [a.name for a in floor.free_agents(EVERYBODY, 5, by)] for by in ORDERED},
        "logged in": [a.name for a in floor.logged_in(5)],
        "waiting": {name: floor.waiting(name) for name in queues},
        "talked": {name: floor.handling_s(name, MORNING, 5) for name in queues},
        "there": [floor.agents_there(demand) for demand in SOME],
        "anyone": [floor.anyone_there(demand, breaks) for demand in SOME for breaks in (True, False)],
        "standing": {name: floor.standing(name) for name in queues},
        "in line": {name: [c.id for c in floor.in_line(name, 3)] for name in queues},
        "held": {key: [o.id for o in floor.held_by(key)] for key in memory.agents},
        "live offers": {key: [o.id for o in floor.live_offers(key)] for key in contacts},
        "positions": {key: floor.position(c) for key, c in contacts.items()},
        "next due": floor.next_due(),
    }
