"""Picture: what can be seen of a floor through its interface, for comparing it with another one's."""

from __future__ import annotations

from typing import Any

from routing.demand import Demand
from routing.floor import ORDERED, Floor
from tests.routing.simulation.ledger import Ledger
from tests.routing.simulation.world import MORNING

EVERYBODY = Demand("call", {}, "")
SOME = tuple(Demand("call", {"claims": level} if level else {}, str(level)) for level in (0, 2, 5))


def picture(floor: Floor, ledger: Ledger) -> dict[str, Any]:
    """Lists, counts and deadlines: all that the distributor asks for besides the rows themselves."""
    queues = [name for name in ledger.queues if not name.startswith("*")]
    line = [floor.contact(key) for key in sorted(ledger.in_line)]
    live = sorted(key for key, offers in ledger.live_of_contact.items() if offers)
    return {
        "live": {key: [o.id for o in floor.live_offers(key)] for key in live},
        "first of them": {key: floor.live_offer(key).id for key in live},
        "consulting": {key: (c := floor.consulting(floor.contact(key))) and c.id for key in live},
        "rung": {key: (o := floor.offer_of(key)) and o.id for key in ledger.agents},
        "held": {key: [o.id for o in floor.held_by(key)] for key in ledger.agents},
        "servable": servable(floor),
        "forlorn": [c.id for c in floor.forlorn()],
        "free": {by: [a.name for a in floor.free_agents(EVERYBODY, 5, by)] for by in ORDERED},
        "logged in": [a.name for a in floor.logged_in(5)],
        "waiting": {name: floor.waiting(name) for name in queues},
        "talked": {name: floor.handling_s(name, MORNING, 5) for name in queues},
        "waits": {name: floor.waits(name, MORNING, 5, MORNING) for name in queues},
        "there": [floor.agents_there(demand) for demand in SOME],
        "anyone": [floor.anyone_there(demand, breaks) for demand in SOME for breaks in (True, False)],
        "standing": {name: floor.standing(name) for name in queues},
        "in line": {name: [c.id for c in floor.in_line(name, 3)] for name in queues},
        "positions": {c.id: floor.position(c) for c in line},
        "next due": floor.next_due(),
    }


def servable(floor: Floor) -> list[str]:
    """The first of each lane for which somebody is free, in order."""
    lanes: dict[str, str] = {}
    while contact := floor.next_servable(lanes):
        lanes[contact.lane] = contact.id
    return list(lanes.values())
