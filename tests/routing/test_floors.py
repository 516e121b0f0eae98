"""Whatever happens in whatever order: the floor's rules hold, and memory and database decide the same."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from routing import distributor as d
from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState
from routing.event import Event
from routing.floor import MemoryFloor
from routing.offer import Offer, OfferState
from routing.queue import Queue
from routing.store import SqlFloor, metadata, open_engine
from routing.store.tables import events
from tests.routing.audit import audit, picture
from tests.routing.centre import MORNING

QUEUES = {
    "claims": Queue("claims", ring_s=20, wrap_up_s=30, max_wait_s=90, misses_max=2, offers_max=4),
    "orders": Queue("orders", ring_s=10, wrap_up_s=0, max_wait_s=45, misses_max=3, offers_max=3),
}
AGENTS = {
    "anna": {"claims": 4, "orders": 2, "de": 3},
    "bert": {"claims": 2, "de": 1},
    "carl": {"orders": 5, "claims": 1},
    "dora": {"claims": 4, "de": 5},
}
NEEDS = ({"claims": 1}, {"claims": 1}, {}, {"claims": 3}, {"de": 2, "claims": 2}, {"orders": 1}, {"claims": 5})
WAITS_S = (0, 0.5, 1, 7, 10, 15, 20, 29, 30, 45, 100)

names = st.sampled_from(sorted(AGENTS))
picks = st.integers(0, 5)  # which of the offers, contacts or agents: those that are in the middle of something first
LEAVING = (d.log_out, d.end_wrap_up, d.log_in)


class Floors(RuleBasedStateMachine):
    """One floor in memory and one in a database, to which the same things happen."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MORNING
        self.ids, self.sql_ids, self.callers = count(1), count(1), count(1)
        self.memory = MemoryFloor(QUEUES, lambda: f"o{next(self.ids)}")
        self.folder = tempfile.TemporaryDirectory(prefix="floors")
        self.engine = open_engine(f"sqlite:///{self.folder.name}/floor.db")
        # One transaction for the whole history, and a fresh SqlFloor for each happening: every one reads rows anew.
        self.connection = self.engine.connect()
        metadata.create_all(self.connection)
        self.ended: dict[str, Any] = {}
        self.places: dict[str, Any] = {}

    def teardown(self) -> None:
        if self.memory.agents:
            self.everybody_goes_home()
        self.connection.close()
        self.engine.dispose()
        self.folder.cleanup()

    def sql(self) -> SqlFloor:
        return SqlFloor(self.connection, QUEUES, lambda: f"o{next(self.sql_ids)}")

    def happen(self, door: Callable[..., Any], *details: Any) -> Any:
        """The same on both floors; the answers must be equal, and the rules must hold."""
        told = len(self.memory.events)
        ours = door(self.memory, *copy.deepcopy(details), self.now)
        theirs = door(self.sql(), *copy.deepcopy(details), self.now)
        assert ours == theirs
        assert self.memory.events[told:] == self.sql_events(told)
        audit(self.memory, self.now, ours if isinstance(ours, list) else [ours])
        return ours

    def sql_events(self, after: int) -> list[Event]:
        later = select(events).where(events.c.seq > after).order_by(events.c.seq)
        return [Event(row.at, row.about, row.what, row.fields) for row in self.connection.execute(later)]

    @initialize(there=st.sets(names, min_size=1))
    def open(self, there: set[str]) -> None:
        for name, skills in AGENTS.items():
            for floor in (self.memory, self.sql()):
                floor.add(Agent(name, skills=dict(skills), ring_at="phone" if name == "carl" else "desk"))
        for name in sorted(there):
            self.happen(d.log_in, name)
            self.happen(d.ready, name)

    @rule(
        queue=st.sampled_from(sorted(QUEUES)),
        needs=st.sampled_from(NEEDS),
        heads=st.lists(st.sampled_from((0, 0, 40)), min_size=1, max_size=3),
    )
    def calls_come(self, queue: str, needs: dict[str, int], heads: list[int]) -> None:
        for head_start_s in heads:
            contact = Contact(f"c{next(self.callers)}", queue, needs, head_start_s)
            self.happen(d.enter, contact)
            assert self.happen(d.enter, contact) == []

    @rule(name=names)
    def somebody_is_ready(self, name: str) -> None:
        self.happen(d.log_in, name)
        self.happen(d.ready, name)

    @rule(pick=picks, door=st.sampled_from(LEAVING))
    def somebody_goes(self, pick: int, door: Callable[..., Any]) -> None:
        self.happen(door, self.agent(pick))

    @rule(pick=picks)
    def somebody_pauses(self, pick: int) -> None:
        self.happen(d.pause, self.agent(pick), "lunch")

    @precondition(lambda self: self.memory.offers)
    @rule(pick=picks, door=st.sampled_from((d.accept, d.accept, d.decline)), by=st.none() | st.none() | names)
    def an_offer_is_answered(self, pick: int, door: Callable[..., Any], by: str | None) -> None:
        offer = self.offer(pick)
        self.happen(door, offer.id, by or offer.agent)

    @precondition(lambda self: self.memory.offers)
    @rule(pick=picks, door=st.sampled_from((d.leg_answered, d.leg_answered, d.leg_failed, d.leg_placed)))
    def a_leg_is_heard_of(self, pick: int, door: Callable[..., Any]) -> None:
        offer = self.offer(pick)
        self.happen(door, offer.id, *{d.leg_failed: ["busy"], d.leg_placed: [f"CA{offer.id}"]}.get(door, []))

    @precondition(lambda self: self.memory.contacts)
    @rule(pick=picks, door=st.sampled_from((d.caller_gone, d.talk_ended, d.talk_ended)))
    def a_call_ends(self, pick: int, door: Callable[..., Any]) -> None:
        contacts = sorted(self.memory.contacts.values(), key=lambda c: (c.ended_at is not None, c.place))
        self.happen(door, contacts[pick % len(contacts)].id)

    def offer(self, pick: int) -> Offer:
        offers = sorted(self.memory.offers.values(), key=lambda o: (not o.live, o.connected, -int(o.id[1:])))
        return offers[pick % len(offers)]

    def agent(self, pick: int) -> str:
        idle = (AgentState.AVAILABLE, AgentState.PAUSED, AgentState.LOGGED_OUT)
        agents = sorted(self.memory.agents.values(), key=lambda a: (a.state in idle, a.name))
        return agents[pick % len(agents)].name

    @rule(seconds=st.sampled_from(WAITS_S))
    def time_passes_and_we_are_awake_late(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.tick()

    @rule(seconds=st.sampled_from(WAITS_S))
    def time_passes_and_we_sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.memory.next_due())
    @rule()
    def time_passes_until_the_deadline(self) -> None:
        self.now = max(self.now, self.memory.next_due())
        assert self.tick(), "a deadline with nothing to do"

    def tick(self) -> Any:
        did = self.happen(d.tick)
        assert self.happen(d.tick) == [], "a second tick did something"
        late = [c.id for c in self.memory.contacts.values() if self.waits_too_long(c)]
        assert not late, f"max_wait: {late}"
        assert self.memory.next_due() is None or self.memory.next_due() > self.now
        return did or [None]

    def waits_too_long(self, contact: Contact) -> bool:
        return contact.state is ContactState.WAITING and contact.max_wait_at <= self.now

    @invariant()
    def both_floors_look_the_same(self) -> None:
        assert picture(self.memory, self.memory, QUEUES) == picture(self.sql(), self.memory, QUEUES)

    @invariant()
    def what_is_over_stays_as_it_is(self) -> None:
        things = [*self.memory.offers.values(), *self.memory.contacts.values()]
        for thing in things:
            seen = copy.copy(thing)
            if isinstance(thing, Contact):
                assert self.places.setdefault(thing.id, thing.place) == thing.place, f"no_barge: {thing.id}"
            else:
                seen.leg_sid = None  # may still be told by the carrier
            if thing.ended_at:
                assert self.ended.setdefault(thing.id, seen) == seen, f"one_end: {thing.id}"

    def everybody_goes_home(self) -> None:
        """Drain: without new callers all end, all agents come free, and no deadline is left."""
        for name in AGENTS:
            self.happen(d.log_in, name)
        for _ in range(1000):
            if due := self.memory.next_due():
                self.now = max(self.now, due)
                self.tick()
            elif talking := [c.id for c in self.memory.contacts.values() if c.state is ContactState.TALKING]:
                self.happen(d.talk_ended, talking[0])
            else:
                break
        assert all(c.state is ContactState.DONE for c in self.memory.contacts.values()), "drain"
        assert not any(o.ended_at is None for o in self.memory.offers.values()), "drain"
        assert {a.state for a in self.memory.agents.values()} <= {AgentState.AVAILABLE, AgentState.PAUSED}, "drain"
        assert all(o.state is not OfferState.OPEN for o in self.memory.offers.values())


TestFloors = Floors.TestCase
TestFloors.settings = settings(stateful_step_count=40)
