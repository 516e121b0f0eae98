"""Settling: after whatever has happened, everybody who waits and can be served is, in the order of their places."""

from __future__ import annotations

from datetime import datetime

from routing import moves
from routing.contact import Contact
from routing.effect import Effect
from routing.floor import Floor
from routing.matching import choose
from routing.queue import NOBODY_THERE, Strategy

RING_ALL = Strategy.RING_ALL


def settle(floor: Floor, now: datetime) -> list[Effect]:
    """Look at the floor as it is until nobody who waits has an able agent free, and nobody waits for nobody."""
    effects: list[Effect] = []
    while lonely := floor.forlorn():
        for contact in lonely:
            if not moves.forsake(floor, contact, now):
                effects.append(moves.overflow(floor, contact, NOBODY_THERE, now))
    nobody_for: set[str] = set()  # lanes
    while contact := floor.next_servable(nobody_for):
        served = serve(floor, contact, now)
        effects += served
        if not served:
            nobody_for.add(contact.lane)
    return effects


def serve(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """Offer the contact; nothing: it must wait for somebody to be free."""
    if contact.max_wait_at <= now:
        return [moves.overflow(floor, contact, moves.late(contact), now)]
    queue = floor.queue(contact.queue)
    many = queue.ring_max if queue.strategy is RING_ALL and not contact.away else 1
    return [moves.make_offer(floor, contact, agent, now) for agent in choose(floor, contact, queue, many)]


def ring_more(floor: Floor, contact: Contact, now: datetime) -> list[Effect]:
    """Ask one agent more about a contact, if one is free; else look again after as long. Nobody, once the longest wait
    is over: it overflows when those who are asked have not come."""
    if contact.max_wait_at <= now:
        floor.change(contact, ring_more_at=None)
        return []
    queue = floor.queue(contact.queue)
    if not floor.standing(queue.name).paused:
        for agent in choose(floor, contact, queue):
            return [moves.make_offer(floor, contact, agent, now)]
    floor.change(contact, ring_more_at=moves.ring_more_at(queue, contact.rung, now))
    return []
