"""Ledger: what a test sees of a floor after each happening - its things and its events, kept by the test itself.

Nothing in it comes from the floor's own lists: who waits, who is free and what is live is worked out here again, from
the things that a happening touched.
"""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState
from routing.event import Event
from routing.kind import Kind
from routing.memory import MemoryFloor
from routing.offer import Offer
from routing.queue import Queue
from routing.store import SqlFloor
from routing.store.tables import events as events_table

Key = tuple[type, str]
MICROSECOND = timedelta(microseconds=1)
CHOSEN = ("was chosen by", "is asked by")  # by a supervisor, by a colleague


class Watched:
    """A floor that remembers what was touched: (thing, verb or None, the state before)."""

    touched: list[tuple[Any, str | None, Any]]

    def add(self, thing: Any) -> None:
        super().add(thing)
        self.touched.append((thing, "add", None))

    def move(self, thing: Any, verb: str, **changes: Any) -> None:
        before = thing.state
        super().move(thing, verb, **changes)
        self.touched.append((thing, verb, before))

    def change(self, thing: Any, **changes: Any) -> None:
        super().change(thing, **changes)
        self.touched.append((thing, None, getattr(thing, "state", None)))


class WatchedMemory(Watched, MemoryFloor):
    """In memory."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.touched = []

    def rebuilt(self) -> WatchedMemory:
        """Another floor, out of copies of this one's rows and nothing else of it."""
        floor = WatchedMemory(self.queues, self.new_id, self.kinds)
        for thing in (*self.agents.values(), *self.contacts.values(), *self.offers.values()):
            floor.add(snapshot(thing))
        for name, standing in self.standings.items():
            floor.standings[name] = copy.copy(standing)
        floor.events, floor._seq = self.events, self._seq
        floor.touched.clear()
        return floor


class WatchedSql(Watched, SqlFloor):
    """In a database."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.touched = []


@dataclass(slots=True)
class Step:
    """One happening: what was done, what came of it, and what it touched."""

    number: int
    now: datetime
    door: str
    details: tuple[Any, ...]
    answer: Any = None
    effects: list[Any] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    touched: list[tuple[Any, str | None, Any]] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    ticked: bool = False
    next_due: datetime | None = None

    def __str__(self) -> str:
        said = ", ".join(str(getattr(each, "id", each)) for each in self.details)
        came = ", ".join(type(effect).__name__ for effect in self.effects)
        return f"{self.number:6} {self.now:%H:%M:%S.%f} {self.door}({said}) -> {came or self.answer}"


class Ledger:
    """Everything there is, by kind, and what follows from it. `queues` are the settings that the floor has."""

    def __init__(self, queues: Mapping[str, Queue], kinds: Mapping[str, Kind]) -> None:
        self.queues = queues
        self.kinds = kinds
        self.paused: set[str] = set()  # queues
        self.moved: set[str] = (
            set()
        )  # contacts to which a supervisor has given another place, queue or agent, or with another's place
        self.closed: set[str] = set()  # queues
        self.moved_by_asking: set[str] = set()  # contacts that were consultations
        self.ranks: dict[str, datetime] = {}  # of contacts, as the events and the rules make them
        self.heads_s: dict[str, int] = {}  # their own head starts
        self.needs: dict[str, Any] = {}
        self.parked: set[str] = set()  # contacts that rest because their agent has something more urgent
        self.on_break: set[str] = set()  # agents who were on a break when they were assigned something
        self.last_agent: dict[str, str] = {}  # who had the last offer of a contact
        self.contacts: dict[str, Contact] = {}
        self.agents: dict[str, Agent] = {}
        self.offers: dict[str, Offer] = {}
        self.events: list[Event] = []
        self.told: set[str] = set()  # contacts that the floor was told of, or had, and that were not looked for yet
        self.waiting: dict[str, Contact] = {}
        self.in_line: dict[str, Contact] = {}
        self.free: dict[str, Agent] = {}
        self.live: dict[str, Offer] = {}
        self.live_of_contact: dict[str, dict[str, Offer]] = defaultdict(dict)
        self.live_of_agent: dict[str, dict[str, Offer]] = defaultdict(dict)
        self.over: dict[Key, Any] = {}
        self.places: dict[str, Any] = {}
        self.folded: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.line_us = 0  # the integral of the lines' length over time, in microseconds: for Little's law
        self.line_at: datetime | None = None

    def time_passes(self, now: datetime) -> None:
        """Lines that stood until now, before something happens."""
        if self.line_at and now > self.line_at:
            self.line_us += len(self.in_line) * ((now - self.line_at) // MICROSECOND)
        self.line_at = now

    def take(self, step: Step) -> None:
        """Look at what a step touched."""
        self.events += step.events
        for contact in step.contacts:
            self.contacts[contact.id] = contact
            if contact.place_to:
                self.moved.add(contact.place_to)
            _keep(self.waiting, contact.id, contact, contact.state is ContactState.WAITING)
            _keep(self.in_line, contact.id, contact, contact.state in (ContactState.WAITING, ContactState.OFFERED))
        for agent in step.agents:
            self.agents[agent.name] = agent
            _keep(self.free, agent.name, agent, agent.state is AgentState.AVAILABLE)
        for offer in step.offers:
            self.offers[offer.id] = offer
            _keep(self.live, offer.id, offer, offer.live)
            _keep(self.live_of_contact[offer.contact], offer.id, offer, offer.live)
            _keep(self.live_of_agent[offer.agent], offer.id, offer, offer.live)
        self.counts.update(event.what for event in step.events)
        for event in step.events:
            self._by_hand(event)
            self._place(event)
        self._breaks(step)

    def _by_hand(self, event: Event) -> None:
        """What a supervisor, or a colleague, has changed about the order of things."""
        match event.what:
            case "queue paused":
                self.paused.add(event.about)
            case "queue resumed":
                self.paused.discard(event.about)
            case "queue closed":
                self.closed.add(event.about)
            case "queue opened":
                self.closed.discard(event.about)
            case "moved" | "head start changed" | "taken over":
                self.moved.add(event.about)
            case "entered" if event.fields.keys() & {"after", "since"}:
                self.moved.add(event.about)
            case "offered" if self.offers[event.fields["offer"]].reason.winner.startswith(CHOSEN):
                self.moved.add(event.about)

    def _place(self, event: Event) -> None:
        """Where a contact stands by the rules, and what it needs."""
        one, fields = self.contacts.get(event.about), event.fields
        match event.what:
            case "entered":
                self.heads_s[one.id], self.needs[one.id] = one.head_start_s, fields["needs"]
                first = self.ranks.get(fields.get("after"))
                own = self._rank(one, str(fields["queue"]), str(fields["kind"]))
                self.ranks[one.id] = min(own, first) if first else own
            case "has the place back":
                self.ranks[one.id] = min(self.ranks[one.id], self.ranks[fields["of"]])
            case "taken over":
                self.moved_by_asking.add(one.id)
                for what in (self.heads_s, self.needs):
                    what[one.id] = what[fields["after"]]
                self.ranks[one.id] = min(self.ranks[one.id], self.ranks[fields["after"]])
            case "moved":
                self.needs[one.id] = fields["needs"]
                self.ranks[one.id] = self._rank(one, str(fields["to"]), one.kind)
            case "head start changed":
                more_s = fields["head_start_s"] - self.heads_s[one.id]
                self.heads_s[one.id] += more_s
                self.ranks[one.id] -= timedelta(seconds=more_s)
            case "relaxed" if "needs" in fields:
                self.needs[one.id] = fields["needs"]
            case "held" if fields["why"] == "parked":
                self.parked.add(event.about)
            case "resumed":
                self.parked.discard(event.about)

    def _rank(self, one: Contact, queue: str, kind: str) -> datetime:
        """Entry less all head starts."""
        head_s = self.heads_s[one.id] + self.queues[queue].head_start_s + self.kinds[kind].head_start_s
        return one.entered_at - timedelta(seconds=head_s)

    def _breaks(self, step: Step) -> None:
        """Who was called from a break, until they are on it again or say that it is over."""
        if step.door == "ready":
            self.on_break.discard(step.details[0])
        for thing, verb, before in step.touched:
            if isinstance(thing, Agent) and verb in ("assign", "pause", "log_out"):
                (self.on_break.add if verb == "assign" and before == "paused" else self.on_break.discard)(thing.name)

    def look_again(self, floor: MemoryFloor) -> None:
        """The same things are other objects now."""
        self.told |= self.contacts.keys() - floor.contacts.keys()
        self.contacts, self.agents, self.offers = dict(floor.contacts), dict(floor.agents), dict(floor.offers)
        for shelf in (self.waiting, self.in_line):
            shelf.update({key: self.contacts[key] for key in shelf})
        self.free.update({key: self.agents[key] for key in self.free})
        for live in (self.live, *self.live_of_contact.values(), *self.live_of_agent.values()):
            live.update({key: self.offers[key] for key in live})

    def head_start_s(self, contact: Contact) -> int:
        """All that counts into a contact's place."""
        queue, kind = self.queues[contact.queue], self.kinds[contact.kind]
        return contact.head_start_s + queue.head_start_s + kind.head_start_s

    def deadlines(self) -> list[tuple[datetime, str]]:
        """Everything that must happen by itself, with its moment."""
        return deadlines(list(self.in_line.values()), list(self.agents.values()), list(self.live.values()))


def deadlines(contacts: list[Contact], agents: list[Agent], offers: list[Offer]) -> list[tuple[datetime, str]]:
    """What must happen by itself among these, with its moment."""
    found = [(contact.ring_more_at, contact.id) for contact in contacts]
    for contact in contacts:
        if contact.state is ContactState.WAITING:
            found += [(contact.max_wait_at, contact.id), (contact.relax_at, contact.id)]
    for agent in agents:
        found += [(agent.wrap_up_until, agent.name), (agent.rests_until, agent.name)]
    found += [(offer.expires_at, offer.id) for offer in offers if offer.live]
    return [(at, what) for at, what in found if at is not None]


def _keep(shelf: dict[str, Any], key: str, thing: Any, belongs: bool) -> None:
    if belongs:
        shelf[key] = thing
    else:
        shelf.pop(key, None)


def things(touched: list[tuple[Any, str | None, Any]], kind: type) -> list[Any]:
    """The touched things of one kind, each once, in order."""
    found = {}
    for thing, _, _ in touched:
        if isinstance(thing, kind):
            found[thing.name if kind is Agent else thing.id] = thing
    return list(found.values())


def read_again(floor: SqlFloor, found: list[Any]) -> list[Any]:
    """The same things as the database has them now."""
    doors = {Contact: floor.contact, Agent: floor.agent, Offer: floor.offer}
    return [doors[type(thing)](thing.name if isinstance(thing, Agent) else thing.id) for thing in found]


def kept_events(connection: Connection, after: int) -> list[Event]:
    """What the database keeps of what happened, from the event with this number on."""
    later = select(events_table).where(events_table.c.seq > after).order_by(events_table.c.seq)
    return [Event(row.at, row.about, row.what, row.fields) for row in connection.execute(later)]


_VALUES = {kind: attrgetter(*(each.name for each in fields(kind))) for kind in (Contact, Agent, Offer)}


def snapshot(thing: Any) -> Any:
    """A copy that stays as it is."""
    return type(thing)(*_VALUES[type(thing)](thing))
