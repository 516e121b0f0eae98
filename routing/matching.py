"""Matching: whom to ask about a contact, by its queue's strategy.

Contacts are served in the order of their places (rank, then entry) across all queues: each goes to the first agent, in
the order of its own queue's strategy, among those able to take it who have room, and is passed over only when there is
none. So a freed agent gets the best contact of all that they can take, and the two questions never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from math import log

from routing.agent import Agent
from routing.contact import Contact
from routing.demand import Demand
from routing.floor import ORDERED, Floor
from routing.queue import CHOICE_MAX, Queue, Strategy

LONGEST_IDLE = Strategy.LONGEST_IDLE


def choose(floor: Floor, contact: Contact, queue: Queue, many: int = 1) -> Sequence[Agent]:
    """The agents to ask now: one, or with RING_ALL up to `many` of one tier; none if nobody who may take it is free."""
    if many == 1:
        best = best_agent(floor, contact, queue)
        return [best] if best else []
    fallback: Sequence[Agent] = ()
    for demand in floor.demands(contact):
        free = floor.free_agents(demand, many + len(contact.spares))
        together = [agent for agent in free if agent.name not in contact.spares][:many]
        if [agent for agent in together if agent.name != contact.last_agent]:
            return together
        fallback = fallback or together
    return fallback


def best_agent(floor: Floor, contact: Contact, queue: Queue) -> Agent | None:
    """The agent to ask.

    The one who had the contact's last offer is asked again only if nobody else is free who may take it.
    """
    fallback: Agent | None = None
    for demand in floor.demands(contact):
        found = _in_turn(floor, contact, queue, demand)
        if contact.spares:
            found = [agent for agent in found if agent.name not in contact.spares]
        for agent in found:
            if agent.name != contact.last_agent:
                return agent
        fallback = fallback or next(iter(found), None)
    return fallback


def _in_turn(floor: Floor, contact: Contact, queue: Queue, demand: Demand) -> Sequence[Agent]:
    """The first two of those who are free, if there are so many: the second counts if the first just had it. And as
    many more as are not asked about it again for a while."""
    many = 2 + len(contact.spares)
    if queue.strategy is LONGEST_IDLE:
        return floor.free_agents(demand, many)
    match queue.strategy:
        case Strategy.ROUND_ROBIN:
            last = floor.standing(queue.name).last_agent
            found = list(floor.free_agents(demand, many, Strategy.ROUND_ROBIN, last)) if last else []
            return found if len(found) == many else [*found, *floor.free_agents(demand, many, Strategy.ROUND_ROBIN)]
        case Strategy.FIXED_ORDER:
            return _in_fixed_order(floor, queue, demand, many)
        case Strategy.RANDOM | Strategy.WEIGHTED_RANDOM:
            free = floor.free_agents(demand, CHOICE_MAX)
            weights = queue.weights if queue.strategy is Strategy.WEIGHTED_RANDOM else {}
            return sorted(free, key=lambda agent: lot(contact, agent.name, weights.get(agent.name, 1)))[:many]
        case strategy if strategy in ORDERED:
            return floor.free_agents(demand, many, strategy)
    return floor.free_agents(demand, many)


def _in_fixed_order(floor: Floor, queue: Queue, demand: Demand, many: int) -> Sequence[Agent]:
    found = []
    kind = floor.kind(demand.kind)
    for name in queue.order:
        agent = floor.agent(name)
        if agent and agent.has_room_for(kind) and demand.fits(agent):
            found.append(agent)
        if len(found) == many:
            return found
    rest = floor.free_agents(demand, many + len(found), Strategy.ROUND_ROBIN)
    return [*found, *(agent for agent in rest if agent not in found)]


def lot(contact: Contact, agent: str, weight: int) -> float:
    """What an agent draws for the next offer of a contact: the lowest wins, with chances in proportion to weights.

    A digest stands for the dice, so that the draw is the same whenever and wherever it is made again. The least of
    exponential draws with rates w1, w2 ... is the first one with probability w1 / (w1 + w2 + ...).
    """
    digest = sha256(f"{contact.id}|{contact.offers_made}|{agent}".encode()).digest()
    drawn = (1 + int.from_bytes(digest[:6])) / (1 + 2**48)
    return -log(drawn) / weight
