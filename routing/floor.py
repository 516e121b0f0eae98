"""Floor: the waiting, the agents and the offers at one moment, behind one interface; here also the one in memory.

The distributor reads and changes the floor through this and nothing else, so that the same decisions come out of
memory (simulation, tests) and of a database (`routing.store`). What it reads is bounded: fronts of lanes, the first
few of a list, what is due.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from routing.agent import AGENT, Agent, AgentState
from routing.contact import CONTACT, Contact, ContactState
from routing.event import Event
from routing.needs import able
from routing.offer import OFFER, Offer, OfferState
from routing.queue import Queue

DUE_MAX = 200
"""How many due things of one kind a tick takes; the next deadline is then at once, so the rest follow."""

Thing = Contact | Agent | Offer
LIFECYCLES = {Contact: CONTACT, Agent: AGENT, Offer: OFFER}


class Floor(Protocol):
    """What the distributor knows of the world. One floor object lives for one transaction."""

    def new_id(self) -> str:
        """A fresh id for an offer."""

    def next_seq(self) -> int:
        """The number of the next entry; always higher than those before."""

    def queue(self, name: str) -> Queue:
        """The settings of a queue; of one that its owner has removed while people wait: the usual ones."""

    def contact(self, contact_id: str) -> Contact | None:
        """The contact, or None if it never entered."""

    def agent(self, name: str) -> Agent | None:
        """The agent, or None if there is none of that name."""

    def offer(self, offer_id: str) -> Offer | None:
        """The offer, or None if it was never made."""

    def live_offer(self, contact_id: str) -> Offer | None:
        """The offer that is open, or accepted and not over, for a contact."""

    def offer_of(self, agent: str) -> Offer | None:
        """The offer that is open, or accepted and not over, for an agent."""

    def fronts(self) -> Sequence[Contact]:
        """The first waiting contact of each lane, in no order."""

    def front(self, lane: str) -> Contact | None:
        """The first waiting contact of one lane."""

    def free_agents(self, needs: Mapping[str, int], limit: int) -> Sequence[Agent]:
        """Available agents able to meet `needs`, longest idle first, then by name."""

    def anyone_there(self, needs: Mapping[str, int]) -> bool:
        """Whether an agent able to meet `needs` is logged in and not about to leave."""

    def agents_there(self, needs: Mapping[str, int]) -> int:
        """How many able agents are at work: logged in, neither paused nor about to leave."""

    def logged_in(self, limit: int) -> Sequence[Agent]:
        """Agents who are logged in, by name."""

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        """How many of a queue wait (those being offered too), and since when the first of them."""

    def position(self, contact: Contact) -> int:
        """1 + how many of the same queue who wait or are being offered have a place before this one."""

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        """How long the latest conversations that ended after `since` took, in seconds."""

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        """Live offers whose `expires_at` has come, the earliest first."""

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        """Agents whose wrap-up is over, the earliest first."""

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        """Waiting contacts whose longest wait is over, the earliest first."""

    def due_relaxations(self, now: datetime) -> Sequence[Contact]:
        """Waiting contacts whose needs are to shrink, the earliest first."""

    def next_due(self) -> datetime | None:
        """The earliest moment at which one of these four will not be empty."""

    def add(self, thing: Thing) -> None:
        """Take up a new contact, agent or offer."""

    def move(self, thing: Thing, verb: str, **changes: Any) -> None:
        """Fire `verb` in the thing's lifecycle and set attributes with it."""

    def change(self, thing: Thing, **changes: Any) -> None:
        """Set attributes that are not the state."""

    def record(self, event: Event) -> None:
        """Append to what happened."""


class MemoryFloor:
    """A floor in memory, for simulation and tests."""

    def __init__(self, queues: Mapping[str, Queue], new_id: Callable[[], str]) -> None:
        self.queues = queues
        self.new_id = new_id
        self.contacts: dict[str, Contact] = {}
        self.agents: dict[str, Agent] = {}
        self.offers: dict[str, Offer] = {}
        self.events: list[Event] = []
        self._seq = 0
        self._lanes: dict[str, list[tuple[datetime, int, str]]] = {}  # waiting, by place
        self._lines: dict[str, list[tuple[datetime, int, str]]] = {}  # waiting or offered, by queue
        self._due_contacts: list[tuple[datetime, str]] = []
        self._relaxing: list[tuple[datetime, str]] = []
        self._due_offers: list[tuple[datetime, str]] = []
        self._wrapping: list[tuple[datetime, str]] = []
        self._free: list[tuple[datetime, str]] = []
        self._live_by_contact: dict[str, str] = {}
        self._live_by_agent: dict[str, str] = {}
        self._ended: dict[str, list[tuple[datetime, str]]] = {}

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def queue(self, name: str) -> Queue:
        return self.queues.get(name) or Queue(name)

    def contact(self, contact_id: str) -> Contact | None:
        return self.contacts.get(contact_id)

    def agent(self, name: str) -> Agent | None:
        return self.agents.get(name)

    def offer(self, offer_id: str) -> Offer | None:
        return self.offers.get(offer_id)

    def live_offer(self, contact_id: str) -> Offer | None:
        return self.offers.get(self._live_by_contact.get(contact_id, ""))

    def offer_of(self, agent: str) -> Offer | None:
        return self.offers.get(self._live_by_agent.get(agent, ""))

    def fronts(self) -> Sequence[Contact]:
        return [self.contacts[lane[0][-1]] for lane in self._lanes.values() if lane]

    def front(self, lane: str) -> Contact | None:
        places = self._lanes.get(lane)
        return self.contacts[places[0][-1]] if places else None

    def free_agents(self, needs: Mapping[str, int], limit: int) -> Sequence[Agent]:
        found: list[Agent] = []
        for _, name in self._free:
            if len(found) == limit:
                break
            if able(self.agents[name].skills, needs):
                found.append(self.agents[name])
        return found

    def anyone_there(self, needs: Mapping[str, int]) -> bool:
        return any(agent.there and able(agent.skills, needs) for agent in self.agents.values())

    def agents_there(self, needs: Mapping[str, int]) -> int:
        return sum(
            agent.there and agent.then is None and agent.state is not AgentState.PAUSED and able(agent.skills, needs)
            for agent in self.agents.values()
        )

    def logged_in(self, limit: int) -> Sequence[Agent]:
        names = sorted(a.name for a in self.agents.values() if a.state is not AgentState.LOGGED_OUT)
        return [self.agents[name] for name in names[:limit]]

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        line = self._lines.get(queue, [])
        return len(line), min((self.contacts[c].entered_at for *_, c in line), default=None)

    def position(self, contact: Contact) -> int:
        return 1 + bisect_left(self._lines.get(contact.queue, []), (*contact.place, ""))

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        ended = self._ended.get(queue, [])
        latest = [self.offers[offer_id] for at, offer_id in reversed(ended[-limit:]) if at > since]
        return [(offer.ended_at - offer.connected_at).total_seconds() for offer in latest]

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        return [self.offers[offer_id] for offer_id in _due(self._due_offers, now)]

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        return [self.agents[name] for name in _due(self._wrapping, now)]

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in _due(self._due_contacts, now)]

    def due_relaxations(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in _due(self._relaxing, now)]

    def next_due(self) -> datetime | None:
        lists = (self._due_offers, self._wrapping, self._due_contacts, self._relaxing)
        firsts = [due[0][0] for due in lists if due]
        return min(firsts, default=None)

    def add(self, thing: Thing) -> None:
        shelf = {Contact: self.contacts, Agent: self.agents, Offer: self.offers}[type(thing)]
        key = thing.name if isinstance(thing, Agent) else thing.id
        if key in shelf:
            raise ValueError(f"{LIFECYCLES[type(thing)].thing_name} {key} is here already (a new name is right)")
        shelf[key] = thing
        self._index(thing, insort)

    def move(self, thing: Thing, verb: str, **changes: Any) -> None:
        self._index(thing, _take_out)
        try:
            LIFECYCLES[type(thing)].fire(thing, verb)
            _set(thing, changes)
        finally:
            self._index(thing, insort)

    def change(self, thing: Thing, **changes: Any) -> None:
        self._index(thing, _take_out)
        _set(thing, changes)
        self._index(thing, insort)

    def record(self, event: Event) -> None:
        self.events.append(event)

    def _index(self, thing: Thing, put: Callable[[list, Any], None]) -> None:
        """Put a thing into the lists that hold things of its present state, or take it out of them."""
        match thing:
            case Contact(state=ContactState.WAITING | ContactState.OFFERED):
                put(self._lines.setdefault(thing.queue, []), (*thing.place, thing.id))
                if thing.state is ContactState.WAITING:
                    put(self._lanes.setdefault(thing.lane, []), (*thing.place, thing.id))
                    put(self._due_contacts, (thing.max_wait_at, thing.id))
                    if thing.relax_at:
                        put(self._relaxing, (thing.relax_at, thing.id))
            case Agent(state=AgentState.AVAILABLE):
                put(self._free, (thing.free_since, thing.name))
            case Agent(state=AgentState.WRAP_UP):
                put(self._wrapping, (thing.wrap_up_until, thing.name))
            case Offer():
                self._index_offer(thing, put)

    def _index_offer(self, offer: Offer, put: Callable[[list, Any], None]) -> None:
        if offer.live and put is insort:
            self._live_by_contact[offer.contact] = offer.id
            self._live_by_agent[offer.agent] = offer.id
        elif offer.live:
            self._live_by_contact.pop(offer.contact, None)
            self._live_by_agent.pop(offer.agent, None)
        elif offer.state is OfferState.ACCEPTED:
            put(self._ended.setdefault(offer.queue, []), (offer.ended_at, offer.id))
        if offer.live and offer.expires_at:
            put(self._due_offers, (offer.expires_at, offer.id))


def _take_out(places: list, entry: Any) -> None:
    del places[bisect_left(places, entry)]


def _due(entries: Iterable[tuple[datetime, str]], now: datetime) -> list[str]:
    due = []
    for at, key in entries:
        if at > now or len(due) == DUE_MAX:
            break
        due.append(key)
    return due


def _set(thing: Thing, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(thing, name, value)
