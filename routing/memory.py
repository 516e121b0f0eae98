"""MemoryFloor: the floor in memory, for simulation and tests; nothing it does takes longer when more people wait."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from routing.agent import Agent, AgentState, Snapshot, snapshot
from routing.contact import Contact, ContactState, Outcome
from routing.deadlines import Deadlines
from routing.demand import Demand
from routing.event import Event
from routing.floor import DUE_MAX, LIFECYCLES, Thing, waited
from routing.kind import CALL, CONSULT, KINDS, Kind
from routing.lanes import NOWHERE, Lane, Lanes, Place
from routing.offer import Offer, OfferState
from routing.queue import Queue, Standing, Strategy

IN_LANE = frozenset({"queue", "kind", "needs", "reach", "preferred", "spares"})
IN_CROWDS = frozenset({"skills", "groups", "capacity"})
IN_LISTS = {
    Contact: IN_LANE | {"rank", "seq", "call", "max_wait_at", "relax_at", "ring_more_at", "place_to"},
    Agent: IN_CROWDS
    | {"free_since", "rests_until", "wrap_up_until", "holds", "then", "calls", "talked_s", "talked_at"},
}
"""What else than the state decides in which lists a contact or an agent stands, and where."""

NEVER = (None, None, None)
WAITING, OFFERED, DONE = ContactState.WAITING, ContactState.OFFERED, ContactState.DONE
ACCEPTED, ABANDONED, LOGGED_OUT = OfferState.ACCEPTED, Outcome.ABANDONED, AgentState.LOGGED_OUT


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
        self._shelves = {Contact: self.contacts, Agent: self.agents, Offer: self.offers}
        self._handles = {
            Contact: (self._where_contact, self._put_contact, ((None,) * 6)),
            Agent: (self._where_agent, self._put_agent, (NOWHERE, False, None, None)),
            Offer: (self._where_offer, self._put_offer, (None,) * 3),
        }
        self._lanes = Lanes(self, self.agents, self.standings)
        self._lane_of: dict[str, Lane] = {}  # by contact that waits or is asked about
        self._lines: dict[str, list[Place]] = {}  # waiting or offered, by queue
        self._entries: dict[str, list[tuple[int, str]]] = {}  # the same, in the order of entry
        self._present: list[str] = []
        self._seen: dict[str, Snapshot] = {}  # of agents who have not changed since
        self._roll: list[Snapshot] | None = None  # the first of them, if nobody has
        self._due_contacts, self._due_steps, self._due_rings = Deadlines(), Deadlines(), Deadlines()
        self._due_offers, self._wrapping, self._resting = Deadlines(), Deadlines(), Deadlines()
        self._offers_of_contact: dict[str, list[str]] = {}
        self._offers_of_agent: dict[str, list[str]] = {}
        self._ended: dict[str, list[tuple[datetime, str]]] = {}
        self._entered: dict[str, list[tuple[int, str]]] = {}  # all, whatever has become of them
        self._consults: dict[str, str] = {}  # by the conversation they are about
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
        return self.contacts[found] if found else None

    def live_offer(self, contact_id: str) -> Offer | None:
        offers = self.live_offers(contact_id)
        if len(offers) > 1:
            return next((offer for offer in offers if offer.state is ACCEPTED), offers[0])
        return offers[0] if offers else None

    def live_offers(self, contact_id: str) -> Sequence[Offer]:
        return [self.offers[offer_id] for offer_id in self._offers_of_contact.get(contact_id, ())]

    def offer_of(self, agent: str) -> Offer | None:
        offers = [self.offers[offer_id] for offer_id in self._offers_of_agent.get(agent, ())]
        asked = next((offer for offer in offers if offer.state is OfferState.OPEN), None)
        return asked or next((offer for offer in offers if offer.live_kind), None)

    def held_by(self, agent: str) -> Sequence[Offer]:
        offers = [self.offers[offer_id] for offer_id in self._offers_of_agent.get(agent, ())]
        return [offer for offer in offers if offer.state is ACCEPTED and not offer.live_kind]

    def demands(self, contact: Contact) -> tuple[Demand, ...]:
        return (self._lane_of.get(contact.id) or self._lanes.lane(contact)).demands

    def next_servable(self, but: Collection[str] = ()) -> Contact | None:
        found = self._lanes.next_servable(but)
        return self.contacts[found] if found else None

    def forlorn(self) -> Sequence[Contact]:
        if not self._lanes.anybody_lonely:
            return ()
        return sorted((self.contacts[name] for name in self._lanes.forlorn()), key=lambda contact: contact.place)

    def free_agents(
        self, demand: Demand, limit: int, by: Strategy = Strategy.LONGEST_IDLE, after: str | None = None
    ) -> Sequence[Agent]:
        return [self.agents[name] for name in self._lanes.crowd(demand).names(limit, by, after, self.agents)]

    def anyone_there(self, demand: Demand, breaks: bool = True) -> bool:
        crowd = self._lanes.crowd(demand)
        return (crowd.there if breaks else crowd.at_work) > 0

    def agents_there(self, demand: Demand) -> int:
        return self._lanes.crowd(demand).at_work

    def logged_in(self, limit: int) -> Sequence[Agent]:
        return [self.agents[name] for name in self._present[:limit]]

    def snapshots(self, limit: int) -> Sequence[Snapshot]:
        if self._roll is None or len(self._roll) < min(limit, len(self._present)):
            self._roll = [self._seen.get(name) or self._see(name) for name in self._present[:limit]]
        return self._roll[:limit]

    def _see(self, name: str) -> Snapshot:
        found = self._seen[name] = snapshot(self.agents[name])
        return found

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
        return [self.offers[offer_id] for offer_id in self._due_offers.due(now, DUE_MAX)]

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        return [self.agents[name] for name in self._wrapping.due(now, DUE_MAX)]

    def due_rests(self, now: datetime) -> Sequence[Agent]:
        return [self.agents[name] for name in self._resting.due(now, DUE_MAX)]

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in self._due_contacts.due(now, DUE_MAX)]

    def due_steps(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in self._due_steps.due(now, DUE_MAX)]

    def due_rings(self, now: datetime) -> Sequence[Contact]:
        return [self.contacts[contact_id] for contact_id in self._due_rings.due(now, DUE_MAX)]

    def next_due(self) -> datetime | None:
        lists = (self._due_offers, self._wrapping, self._resting)
        lists += (self._due_contacts, self._due_steps, self._due_rings)
        return min((due.first for due in lists if due.first), default=None)

    # -- changing ---------------------------------------------------------------------------------------------------

    def add(self, thing: Thing) -> None:
        shelf = self._shelves[type(thing)]
        key = thing.name if isinstance(thing, Agent) else thing.id
        if key in shelf:
            raise ValueError(f"{LIFECYCLES[type(thing)].thing_name} {key} is here already (a new name is right)")
        shelf[key] = thing
        if isinstance(thing, Agent):
            self._lanes.hire(thing)
        _, keep, nowhere = self._handles[type(thing)]
        keep(thing, nowhere)

    def move(self, thing: Thing, verb: str, **changes: Any) -> None:
        where, put, _ = self._handles[type(thing)]
        before = where(thing)
        try:
            LIFECYCLES[type(thing)].fire(thing, verb)
            self._set(thing, changes)
        finally:
            put(thing, before)

    def change(self, thing: Thing, **changes: Any) -> None:
        kind = type(thing)
        in_lists = IN_LISTS.get(kind)
        if in_lists is not None and in_lists.isdisjoint(changes):
            self._set(thing, changes)
            return
        where, put, _ = self._handles[kind]
        before = where(thing)
        if kind is Agent and not IN_CROWDS.isdisjoint(changes):
            self._lanes.dismiss(thing)
            before = (NOWHERE, *before[1:])
        self._set(thing, changes)
        if kind is Agent and not IN_CROWDS.isdisjoint(changes):
            self._lanes.hire(thing)
        put(thing, before)

    def _set(self, thing: Thing, changes: Mapping[str, Any]) -> None:
        for name, value in changes.items():
            setattr(thing, name, value)
        kind = type(thing)
        if kind is Agent:
            if self._seen.pop(thing.name, None):
                self._roll = None
        elif kind is Contact and not IN_LANE.isdisjoint(changes):
            self._lane_of.pop(thing.id, None)

    def stand(self, queue: str, **changes: Any) -> None:
        standing = self.standings.setdefault(queue, Standing(queue))
        for name, value in changes.items():
            setattr(standing, name, value)

    def record(self, event: Event) -> None:
        self.events.append(event)

    # -- lists ------------------------------------------------------------------------------------------------------
    # Where a thing stands is asked before and after a change, and it is put elsewhere only where that differs.

    def _where_contact(self, contact: Contact) -> tuple[Any, ...]:
        """Its line, its lane, when it is due for what, its queue, what it asks about, and whence it was cut off."""
        state, key = contact.state, contact.id
        about = contact.asks_about if contact.kind == CONSULT and state is not DONE else None
        queue, gone = (contact.queue, (contact.seq, key)), None
        if state is WAITING or state is OFFERED:
            place = (contact.rank, contact.seq, key)
            line = (contact.queue, place)
            if state is WAITING:
                due = (contact.max_wait_at, contact.relax_at, contact.ring_more_at)
                return line, (self._lane(contact), place), due, queue, about, gone
            return line, None, (None, None, contact.ring_more_at), queue, about, gone
        if contact.outcome is ABANDONED and contact.who and contact.place_to is None:
            gone = ((contact.who, contact.queue), (contact.ended_at, key))
        return None, None, NEVER, queue, about, gone

    def _lane(self, contact: Contact) -> Lane:
        found = self._lane_of.get(contact.id)
        if found is None:
            found = self._lane_of[contact.id] = self._lanes.lane(contact)
        return found

    def _put_contact(self, contact: Contact, before: tuple[Any, ...]) -> None:
        line, lane, due, queue, about, gone = self._where_contact(contact)
        if line != before[0]:
            _put(self._lines, before[0], line)
            _put(self._entries, *((it[0], it[1][1:]) if it else None for it in (before[0], line)))
        if lane != before[1]:
            if before[1]:
                self._lanes.leave(*before[1])
            if lane:
                self._lanes.enter(*lane)
        if due != before[2]:
            for deadlines, at in zip((self._due_contacts, self._due_steps, self._due_rings), due, strict=True):
                deadlines.put(contact.id, at)
        if queue != before[3]:
            _put(self._entered, before[3], queue)
        if about != before[4]:
            if before[4]:
                del self._consults[before[4]]
            if about:
                self._consults[about] = contact.id
        if gone != before[5]:
            _put(self._cut_off, before[5], gone)
        if contact.state is DONE:
            self._lane_of.pop(contact.id, None)

    def _where_agent(self, agent: Agent) -> tuple[Any, ...]:
        """In which crowds they count, out of which they are taken; whether they are here at all; and what is due."""
        here = agent.state is not LOGGED_OUT
        return self._lanes.before(agent), here, agent.wrap_up_until, agent.rests_until

    def _put_agent(self, agent: Agent, before: tuple[Any, ...]) -> None:
        self._lanes.after(agent, before[0])
        present = agent.state is not LOGGED_OUT
        if present != before[1]:
            self._roll = None
            if present:
                insort(self._present, agent.name)
            else:
                _take_out(self._present, agent.name)
        if agent.wrap_up_until != before[2]:
            self._wrapping.put(agent.name, agent.wrap_up_until)
        if agent.rests_until != before[3]:
            self._resting.put(agent.name, agent.rests_until)

    def _where_offer(self, offer: Offer) -> tuple[Any, ...]:
        """Whether it binds anybody, among which conversations it counts when it is over, and when it is due."""
        if offer.ended_at is None:
            return True, None, offer.expires_at
        talked = offer.state is ACCEPTED
        return None, (offer.queue, (offer.ended_at, offer.id)) if talked else None, None

    def _put_offer(self, offer: Offer, before: tuple[Any, ...]) -> None:
        live, ended, due = self._where_offer(offer)
        if live != before[0]:
            self._bind(self._offers_of_contact, offer.contact, offer, live)
            self._bind(self._offers_of_agent, offer.agent, offer, live)
        if ended != before[1]:
            _put(self._ended, before[1], ended)
        if due != before[2]:
            self._due_offers.put(offer.id, due)

    def _bind(self, shelf: dict[str, list[str]], whom: str, offer: Offer, live: bool | None) -> None:
        offers = shelf.setdefault(whom, [])
        if live:
            insort(offers, offer.id, key=lambda offer_id: (self.offers[offer_id].made_at, offer_id))
            return
        offers.remove(offer.id)
        if not offers:
            del shelf[whom]


Spot = tuple[Any, Any] | None
"""(which list, which entry)."""


def _put(shelf: dict[Any, list], before: Spot, now: Spot) -> None:
    """Out of the one list, and into the other."""
    if before:
        _take_out(shelf[before[0]], before[1])
    if now:
        insort(shelf.setdefault(now[0], []), now[1])


def _take_out(places: list, entry: Any) -> None:
    del places[bisect_left(places, entry)]
