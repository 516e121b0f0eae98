"""MemoryFloor: the floor in memory, for simulation and tests; nothing it does takes longer when more people wait."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.crowd import Crowd
from routing.demand import Demand, demands
from routing.event import Event
from routing.floor import DUE_MAX, LIFECYCLES, Thing, waited
from routing.kind import CALL, CONSULT, KINDS, Kind
from routing.offer import Offer, OfferState
from routing.queue import Queue, Standing, Strategy

Put = Callable[[list, Any], None]
"""Into a sorted list, or out of it."""

CONTACT_IN_LISTS = frozenset(
    {
        "queue",
        "kind",
        "needs",
        "reach",
        "preferred",
        "rank",
        "seq",
        "max_wait_at",
        "relax_at",
        "ring_more_at",
        "place_to",
    }
)
AGENT_IN_LISTS = frozenset(
    {"skills", "groups", "capacity", "free_since", "rests_until", "wrap_up_until", "holds", "then"}
    | {"calls", "talked_s", "talked_at"}
)
"""What else than the state decides in which lists a contact or an agent stands, and where."""


class _Lane:
    """Who waits in one lane, by place, and which crowds may take them."""

    __slots__ = ("crowds", "places", "queue")

    def __init__(self, queue: str, crowds: tuple[Crowd, ...]) -> None:
        self.queue = queue
        self.crowds = crowds
        self.places: list[tuple[datetime, int, str]] = []


class MemoryFloor:
    """A floor in memory."""

    def __init__(
        self, queues: Mapping[str, Queue], new_id: Callable[[], str], kinds: Mapping[str, Kind] = KINDS
    ) -> None:
        self.queues = queues
        self.kinds = kinds
        self.new_id = new_id
        self.contacts: dict[str, Contact] = {}
        self.agents: dict[str, Agent] = {}
        self.offers: dict[str, Offer] = {}
        self.standings: dict[str, Standing] = {}
        self.events: list[Event] = []
        self._seq = 0
        self._lanes: dict[str, _Lane] = {}
        self._lane_of: dict[str, str] = {}  # by contact that waits
        self._lines: dict[str, list[tuple[datetime, int, str]]] = {}  # waiting or offered, by queue
        self._entries: dict[str, list[tuple[int, str]]] = {}  # the same, in the order of entry
        self._crowds: dict[Demand, Crowd] = {}
        self._crowds_of: dict[str, list[Crowd]] = {}  # by agent
        self._open: dict[Crowd, None] = {}  # somebody is free, and somebody waits
        self._idle: dict[Crowd, None] = {}  # nobody is at work, and somebody waits
        self._present: list[str] = []
        self._due_contacts: list[tuple[datetime, str]] = []
        self._due_steps: list[tuple[datetime, str]] = []
        self._due_rings: list[tuple[datetime, str]] = []
        self._due_offers: list[tuple[datetime, str]] = []
        self._wrapping: list[tuple[datetime, str]] = []
        self._resting: list[tuple[datetime, str]] = []
        self._offers_of_contact: dict[str, list[str]] = {}
        self._offers_of_agent: dict[str, list[str]] = {}
        self._ended: dict[str, list[tuple[datetime, str]]] = {}
        self._entered: dict[str, list[tuple[int, str]]] = {}  # all, whatever has become of them
        self._consults: dict[str, list[str]] = {}  # by the conversation they are about; one at most
        self._cut_off: dict[tuple[str, str], list[tuple[datetime, str]]] = {}

    # -- reading ----------------------------------------------------------------------------------------------------

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def queue(self, name: str) -> Queue:
        return self.queues.get(name) or Queue(name)

    def kind(self, name: str) -> Kind:
        return self.kinds.get(name) or self.kinds[CALL]

    def standing(self, queue: str) -> Standing:
        return self.standings.get(queue) or Standing(queue)

    def contact(self, contact_id: str) -> Contact | None:
        return self.contacts.get(contact_id)

    def agent(self, name: str) -> Agent | None:
        return self.agents.get(name)

    def offer(self, offer_id: str) -> Offer | None:
        return self.offers.get(offer_id)

    def consulting(self, contact: Contact) -> Contact | None:
        found = self._consults.get(contact.id)
        return self.contacts[found[0]] if found else None

    def live_offer(self, contact_id: str) -> Offer | None:
        offers = self.live_offers(contact_id)
        return next((offer for offer in offers if offer.state is OfferState.ACCEPTED), offers[0] if offers else None)

    def live_offers(self, contact_id: str) -> Sequence[Offer]:
        return [self.offers[offer_id] for offer_id in self._offers_of_contact.get(contact_id, ())]

    def offer_of(self, agent: str) -> Offer | None:
        offers = [self.offers[offer_id] for offer_id in self._offers_of_agent.get(agent, ())]
        asked = next((offer for offer in offers if offer.state is OfferState.OPEN), None)
        return asked or next((offer for offer in offers if offer.live_kind), None)

    def held_by(self, agent: str) -> Sequence[Offer]:
        offers = [self.offers[offer_id] for offer_id in self._offers_of_agent.get(agent, ())]
        return [offer for offer in offers if offer.state is OfferState.ACCEPTED and not offer.live_kind]

    def front(self, lane: str) -> Contact | None:
        found = self._lanes.get(lane)
        return self.contacts[found.places[0][-1]] if found else None

    def servable(self, limit: int | None = None) -> Sequence[Contact]:
        return list(islice(self._fronts(self._open, self._goes_on), limit))

    def _goes_on(self, lane: _Lane) -> bool:
        standing = self.standings.get(lane.queue)
        return standing is None or not standing.paused

    def forlorn(self) -> Sequence[Contact]:
        return sorted(self._fronts(self._idle, self._is_forlorn), key=lambda contact: contact.place)

    def _fronts(self, crowds: Iterable[Crowd], which: Callable[[_Lane], bool]) -> Iterator[Contact]:
        for name in {name: None for crowd in crowds for name in crowd.lanes}:
            lane = self._lanes[name]
            if which(lane):
                yield self.contacts[lane.places[0][-1]]

    def _is_forlorn(self, lane: _Lane) -> bool:
        breaks = self.queue(lane.queue).breaks_count
        return not any(crowd.there if breaks else crowd.at_work for crowd in lane.crowds)

    def free_agents(
        self, demand: Demand, limit: int, by: Strategy = Strategy.LONGEST_IDLE, after: str | None = None
    ) -> Sequence[Agent]:
        return [self.agents[name] for name in self._crowd(demand).names(limit, by, after, self.agents)]

    def anyone_there(self, demand: Demand, breaks: bool = True) -> bool:
        crowd = self._crowd(demand)
        return (crowd.there if breaks else crowd.at_work) > 0

    def agents_there(self, demand: Demand) -> int:
        return self._crowd(demand).at_work

    def logged_in(self, limit: int) -> Sequence[Agent]:
        return [self.agents[name] for name in self._present[:limit]]

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        entries = self._entries.get(queue)
        return (len(entries), self.contacts[entries[0][-1]].entered_at) if entries else (0, None)

    def in_line(self, queue: str, limit: int) -> Sequence[Contact]:
        return [self.contacts[key] for *_, key in self._lines.get(queue, [])[:limit]]

    def position(self, contact: Contact) -> int:
        return 1 + bisect_left(self._lines.get(contact.queue, []), (*contact.place, ""))

    def cut_off(self, who: str, queue: str, since: datetime) -> Contact | None:
        gone = self._cut_off.get((who, queue))
        return self.contacts[gone[-1][-1]] if gone and gone[-1][0] >= since else None

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        ended = self._ended.get(queue, [])
        latest = [self.offers[offer_id] for at, offer_id in reversed(ended[-limit:]) if at > since]
        return [(offer.ended_at - offer.made_at).total_seconds() for offer in latest]

    def waits(self, queue: str, since: datetime, limit: int, now: datetime) -> Sequence[tuple[float, bool]]:
        entered = self._entered.get(queue, [])
        latest = [self.contacts[contact_id] for _, contact_id in reversed(entered[-limit:])]
        recent = [each for each in latest if each.entered_at > since]
        return [waited(each.entered_at, each.talking_at, each.ended_at, now) for each in recent]

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        return [self.offers[offer_id] for offer_id in _due(self._due_offers, now)]

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        return [self.agents[name] for name in _due(self._wrapping, now)]

    def due_rests(self, now: datetime) -> Sequence[Agent]:
        return [self.agents[name] for name in _due(self._resting, now)]

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in _due(self._due_contacts, now)]

    def due_steps(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in _due(self._due_steps, now)]

    def due_rings(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in _due(self._due_rings, now)]

    def next_due(self) -> datetime | None:
        lists = (self._due_offers, self._wrapping, self._resting)
        lists += (self._due_contacts, self._due_steps, self._due_rings)
        return min((due[0][0] for due in lists if due), default=None)

    # -- changing ---------------------------------------------------------------------------------------------------

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
        in_lists = {Contact: CONTACT_IN_LISTS, Agent: AGENT_IN_LISTS}.get(type(thing))
        if in_lists is not None and in_lists.isdisjoint(changes):
            _set(thing, changes)
            return
        self._index(thing, _take_out)
        if isinstance(thing, Agent) and not changes.keys().isdisjoint(("skills", "groups", "capacity")):
            for crowd in self._crowds_of.pop(thing.name):
                self._watch(crowd)
        _set(thing, changes)
        self._index(thing, insort)

    def stand(self, queue: str, **changes: Any) -> None:
        standing = self.standings.setdefault(queue, Standing(queue))
        for name, value in changes.items():
            setattr(standing, name, value)

    def record(self, event: Event) -> None:
        self.events.append(event)

    # -- lists ------------------------------------------------------------------------------------------------------

    def _index(self, thing: Thing, put: Put) -> None:
        """Put a thing into the lists that hold things of its present state, or take it out of them."""
        match thing:
            case Contact():
                self._index_contact(thing, put)
            case Agent():
                self._index_agent(thing, put)
            case Offer():
                self._index_offer(thing, put)

    def _index_contact(self, contact: Contact, put: Put) -> None:
        if contact.state in (ContactState.WAITING, ContactState.OFFERED):
            put(self._lines.setdefault(contact.queue, []), (*contact.place, contact.id))
            put(self._entries.setdefault(contact.queue, []), (contact.seq, contact.id))
            if contact.ring_more_at:
                put(self._due_rings, (contact.ring_more_at, contact.id))
        if contact.kind == CONSULT and contact.state is not ContactState.DONE:
            put(self._consults.setdefault(contact.asks_about, []), contact.id)
        if contact.state is ContactState.WAITING:
            self._index_in_lane(contact, put)
            put(self._due_contacts, (contact.max_wait_at, contact.id))
            if contact.relax_at:
                put(self._due_steps, (contact.relax_at, contact.id))
        put(self._entered.setdefault(contact.queue, []), (contact.seq, contact.id))
        if contact.outcome is Outcome.ABANDONED and contact.who and contact.place_to is None:
            put(self._cut_off.setdefault((contact.who, contact.queue), []), (contact.ended_at, contact.id))

    def _index_in_lane(self, contact: Contact, put: Put) -> None:
        place = (*contact.place, contact.id)
        if put is insort:
            name = self._lane_of[contact.id] = contact.lane
            if name not in self._lanes:
                wanted = demands(contact, self.queue(contact.queue))
                lane = self._lanes[name] = _Lane(contact.queue, tuple(self._crowd(demand) for demand in wanted))
                for crowd in lane.crowds:
                    crowd.lanes[name] = None
                    self._watch(crowd)
            insort(self._lanes[name].places, place)
            return
        name = self._lane_of.pop(contact.id)
        lane = self._lanes[name]
        _take_out(lane.places, place)
        if not lane.places:
            del self._lanes[name]
            for crowd in lane.crowds:
                crowd.lanes.pop(name, None)
                self._watch(crowd)

    def _index_agent(self, agent: Agent, put: Put) -> None:
        if agent.name not in self._crowds_of:
            self._crowds_of[agent.name] = [crowd for crowd in self._crowds.values() if crowd.demand.fits(agent)]
        for crowd in self._crowds_of[agent.name]:
            if put is insort:
                crowd.put_in(agent)
                self._watch(crowd)
            else:
                crowd.take_out(agent)
        if agent.state is not AgentState.LOGGED_OUT:
            put(self._present, agent.name)
        if agent.wrap_up_until:
            put(self._wrapping, (agent.wrap_up_until, agent.name))
        if agent.rests_until:
            put(self._resting, (agent.rests_until, agent.name))

    def _crowd(self, demand: Demand) -> Crowd:
        """The crowd of a demand; who is in a new one is looked up once."""
        crowd = self._crowds.get(demand)
        if crowd is None:
            crowd = self._crowds[demand] = Crowd(demand, self.kind(demand.kind))
            named = [self.agents[demand.agent]] if demand.agent in self.agents else []
            for agent in self.agents.values() if demand.agent is None else named:
                if demand.fits(agent):
                    self._crowds_of[agent.name].append(crowd)
                    crowd.put_in(agent)
        return crowd

    def _watch(self, crowd: Crowd) -> None:
        """Whether there may be something to decide about it."""
        for watched, so in ((self._open, crowd.has_free), (self._idle, not crowd.at_work)):
            if so and crowd.lanes:
                watched[crowd] = None
            else:
                watched.pop(crowd, None)

    def _index_offer(self, offer: Offer, put: Put) -> None:
        if offer.live:
            for offers in (
                self._offers_of_contact.setdefault(offer.contact, []),
                self._offers_of_agent.setdefault(offer.agent, []),
            ):
                if put is _take_out:
                    offers.remove(offer.id)
                else:
                    insort(offers, offer.id, key=lambda offer_id: (self.offers[offer_id].made_at, offer_id))
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
