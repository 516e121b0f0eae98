"""Two floors, one in memory and one in a database, to which the same things happen and which must agree."""

from __future__ import annotations

import copy
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from routing import distributor as d
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState
from routing.event import Event
from routing.memory import MemoryFloor
from routing.offer import Offer, OfferState
from routing.queue import Queue
from routing.store import SqlFloor, metadata, open_engine
from routing.store.tables import events
from tests.routing.audit import audit, picture
from tests.routing.centre import MORNING

QUEUES = {
    "claims": Queue("claims", ring_s=20, wrap_up_s=30, max_wait_s=180, misses_max=2, offers_max=4),
    "orders": Queue("orders", ring_s=10, wrap_up_s=0, max_wait_s=120, misses_max=3, offers_max=3),
}
AGENTS = {
    "anna": {"claims": 4, "orders": 2, "de": 3},
    "bert": {"claims": 2, "de": 1},
    "carl": {"orders": 5, "claims": 1},
    "dora": {"claims": 4, "de": 5},
}
NEEDS = ({"claims": 1}, {"claims": 1}, {}, {"claims": 3}, {"de": 2, "claims": 2}, {"orders": 1}, {"claims": 5})


class TwoFloors:
    """The two floors, what may happen to them, and what must then be true. A `pick` chooses by number, the ones in the
    middle of something first."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        ids, sql_ids, self.callers = count(1), count(1), count(1)
        self.memory = MemoryFloor(QUEUES, lambda: f"o{next(ids)}")
        self.sql_new_id = lambda: f"o{next(sql_ids)}"
        self.folder = tempfile.TemporaryDirectory(prefix="floors")
        self.engine = open_engine(f"sqlite:///{self.folder.name}/floor.db")
        # One transaction for the whole history, and a fresh SqlFloor for each happening: every one reads rows anew.
        self.connection = self.engine.connect()
        metadata.create_all(self.connection)
        self.over: dict[str, Any] = {}
        self.places: dict[str, Any] = {}
        self.met: Counter[str] = Counter()

    def close(self) -> None:
        """Everybody goes home, then the database goes."""
        try:
            if self.memory.agents:
                self.everybody_goes_home()
                self.check(whole=True)
        finally:
            self.connection.close()
            self.engine.dispose()
            self.folder.cleanup()

    def sql(self) -> SqlFloor:
        """The other floor, as the next transaction would see it."""
        return SqlFloor(self.connection, QUEUES, self.sql_new_id)

    def happen(self, door: Callable[..., Any], *details: Any) -> Any:
        """The same on both floors; the answers must be equal, and the rules must hold."""
        told = len(self.memory.events)
        ours = door(self.memory, *copy.deepcopy(details), self.now)
        theirs = door(self.sql(), *copy.deepcopy(details), self.now)
        assert ours == theirs
        assert self.memory.events[told:] == self.sql_events(told)
        effects = ours if isinstance(ours, list) else [ours]
        audit(self.memory, self.now, effects)
        self.met.update(f"{door.__name__}: {type(effect).__name__}" for effect in effects)
        self.met.update(event.what for event in self.memory.events[told:])
        return ours

    def sql_events(self, after: int) -> list[Event]:
        """What the database kept of what happened."""
        later = select(events).where(events.c.seq > after).order_by(events.c.seq)
        return [Event(row.at, row.about, row.what, row.fields) for row in self.connection.execute(later)]

    def open(self, there: Iterable[str]) -> None:
        """All agents are hired, and these are ready."""
        for name, skills in AGENTS.items():
            for floor in (self.memory, self.sql()):
                floor.add(Agent(name, skills=dict(skills), ring_at="phone" if name == "carl" else "desk"))
        for name in sorted(there):
            self.ready(name)

    def ready(self, name: str) -> None:
        """An agent logs in, if need be, and is ready."""
        self.happen(d.log_in, name)
        self.happen(d.ready, name)

    def calls_come(self, queue: str, needs: dict[str, int], heads: Iterable[int]) -> None:
        """Callers begin to wait, each told twice."""
        for head_start_s in heads:
            contact = Contact(f"c{next(self.callers)}", queue, needs, head_start_s)
            self.happen(d.enter, contact)
            assert self.happen(d.enter, contact) == []

    def agent_does(self, pick: int, door: Callable[..., Any]) -> None:
        """An agent pauses, leaves, ends wrap-up ..."""
        middle = (AgentState.WRAP_UP,) if door is d.end_wrap_up else (AgentState.OFFERED, AgentState.TALKING)
        agents = sorted(self.memory.agents.values(), key=lambda a: (a.state not in middle, a.name))
        self.happen(door, agents[pick % len(agents)].name, *(["lunch"] if door is d.pause else []))

    def offer_answered(self, pick: int, door: Callable[..., Any], by: str | None) -> None:
        """An agent accepts or declines; `by` may be the wrong one."""
        if self.memory.offers:
            offer = self.offer(pick)
            self.happen(door, offer.id, by or offer.agent)

    def leg_heard_of(self, pick: int, door: Callable[..., Any]) -> None:
        """The carrier tells of an agent's leg."""
        if self.memory.offers:
            offer = self.offer(pick)
            self.happen(door, offer.id, *{d.leg_failed: ["busy"], d.leg_placed: [f"CA{offer.id}"]}.get(door, []))

    def call_ends(self, pick: int, door: Callable[..., Any]) -> None:
        """A caller, or an agent, hangs up."""
        if self.memory.contacts:
            talks = ContactState.TALKING if door is d.talk_ended else ContactState.OFFERED
            order = sorted(self.memory.contacts.values(), key=lambda c: (c.ended_at is not None, c.place))
            contacts = sorted(order, key=lambda c: c.state is not talks)
            self.happen(door, contacts[pick % len(contacts)].id)

    def sleep(self, seconds: float) -> None:
        """Time passes, and nobody wakes the distributor."""
        self.now += timedelta(seconds=seconds)

    def sleep_until_due(self) -> None:
        """Time passes until the deadline, at which there must be something to do."""
        if due := self.memory.next_due():
            self.now = max(self.now, due)
            told = len(self.memory.events)
            self.tick()
            assert len(self.memory.events) > told, "a deadline with nothing to do"

    def tick(self) -> None:
        """The distributor is woken, twice."""
        self.happen(d.tick)
        assert self.happen(d.tick) == [], "a second tick did something"
        waits = [c for c in self.memory.contacts.values() if c.state is ContactState.WAITING]
        late = [c.id for c in waits if c.max_wait_at <= self.now]
        assert not late, f"max_wait: {late}"
        assert self.memory.next_due() is None or self.memory.next_due() > self.now

    def check(self, whole: bool = False) -> None:
        """Both floors look the same, and what is over stays as it is."""
        assert picture(self.memory, self.memory, QUEUES, whole) == picture(self.sql(), self.memory, QUEUES, whole)
        for thing in (*self.memory.offers.values(), *self.memory.contacts.values()):
            seen = copy.copy(thing)
            if isinstance(thing, Contact):
                assert self.places.setdefault(thing.id, thing.place) == thing.place, f"no_barge: {thing.id}"
            else:
                seen.leg_sid = None  # may still be told by the carrier
            if thing.ended_at:
                assert self.over.setdefault(thing.id, seen) == seen, f"one_end: {thing.id}"

    def everybody_goes_home(self) -> None:
        """Drain: without new callers all end, all agents come free, and no deadline is left."""
        for name in AGENTS:
            self.happen(d.log_in, name)
        for _ in range(1000):
            if self.memory.next_due():
                self.sleep_until_due()
            elif talking := [c.id for c in self.memory.contacts.values() if c.state is ContactState.TALKING]:
                self.happen(d.talk_ended, talking[0])
            else:
                break
        assert all(c.state is ContactState.DONE for c in self.memory.contacts.values()), "drain"
        assert not any(o.live or o.state is OfferState.OPEN for o in self.memory.offers.values()), "drain"
        assert {a.state for a in self.memory.agents.values()} <= {AgentState.AVAILABLE, AgentState.PAUSED}, "drain"

    def offer(self, pick: int) -> Offer:
        """One of the offers: open ones first, then those with a leg, then what is over."""
        offers = sorted(self.memory.offers.values(), key=lambda o: (not o.live, o.connected, -int(o.id[1:])))
        return offers[pick % len(offers)]
