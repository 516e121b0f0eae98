"""Centre: a small call centre for tests - a floor in memory or in a database, a clock, and what people do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any

from sqlalchemy import Engine

from routing import distributor
from routing.agent import Agent, AgentState
from routing.contact import Contact
from routing.effect import Offered, Overflowed
from routing.event import Event
from routing.floor import Floor
from routing.memory import MemoryFloor
from routing.offer import Offer
from routing.queue import Queue
from routing.store import SqlFloor
from tests.routing.simulation.ledger import kept_events

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Centre:
    """Whatever happens goes through the distributor's doors, each happening in its own transaction."""

    def __init__(self, queues: Mapping[str, Queue], engine: Engine | None = None) -> None:
        self.queues = queues
        self.engine = engine
        self.now = MORNING
        self.effects: list[Any] = []
        ids = count(1)
        self.new_id = lambda: f"o{next(ids)}"
        self._memory = MemoryFloor(queues, self.new_id)

    @contextmanager
    def floor(self) -> Iterator[Floor]:
        """The floor, for one transaction."""
        if self.engine is None:
            yield self._memory
            return
        with self.engine.begin() as connection:
            yield SqlFloor(connection, self.queues, self.new_id)

    def do(self, happening: Callable[..., Any], *details: Any) -> Any:
        """Let `happening` of the distributor happen now."""
        with self.floor() as floor:
            result = happening(floor, *details, self.now)
        self.effects += result if isinstance(result, list) else [result]
        return result

    def hire(self, name: str, skills: Mapping[str, int] | None = None, **more: Any) -> None:
        """An agent who is not logged in."""
        with self.floor() as floor:
            floor.add(Agent(name, skills={"claims": 3} if skills is None else skills, **more))

    def come(self, name: str, skills: Mapping[str, int] | None = None, **more: Any) -> None:
        """An agent who is logged in and ready, one second after everything before."""
        self.now += timedelta(seconds=1)
        self.hire(name, skills, **more)
        self.do(distributor.log_in, name)
        self.do(distributor.ready, name)

    def call(self, contact_id: str, queue: str = "claims", needs: Mapping[str, int] | None = None, **more: Any) -> Any:
        """A caller begins to wait."""
        return self.do(distributor.enter, Contact(contact_id, queue, {"claims": 1} if needs is None else needs, **more))

    def talk(self, contact_id: str) -> None:
        """The agent who is asked accepts, and their leg answers."""
        offer = self.offer_for(contact_id)
        self.do(distributor.accept, offer.id, offer.agent)
        self.do(distributor.leg_answered, offer.id)

    def wait(self, seconds: float) -> None:
        """Let time pass as it does live: awake at each deadline and at the end."""
        end = self.now + timedelta(seconds=seconds)
        while (due := self.next_deadline()) and due <= end:
            self.now = max(self.now, due)
            self.do(distributor.tick)
            assert self.next_deadline() != due, f"the tick at {due} did not do what was due"
        self.now = end

    def next_deadline(self) -> datetime | None:
        """When the distributor wants to be woken."""
        with self.floor() as floor:
            return distributor.next_deadline(floor)

    def contact(self, contact_id: str) -> Contact:
        """A contact as it stands."""
        with self.floor() as floor:
            return floor.contact(contact_id)

    def agent(self, name: str) -> Agent:
        """An agent as they stand."""
        with self.floor() as floor:
            return floor.agent(name)

    def state(self, name: str) -> AgentState:
        """What an agent is doing."""
        return self.agent(name).state

    def offer(self, offer_id: str) -> Offer:
        """An offer as it stands."""
        with self.floor() as floor:
            return floor.offer(offer_id)

    def offer_for(self, contact_id: str) -> Offer | None:
        """The live offer of a contact."""
        with self.floor() as floor:
            return floor.live_offer(contact_id)

    def position(self, contact_id: str) -> int:
        """The contact's position in its queue."""
        with self.floor() as floor:
            return floor.position(floor.contact(contact_id))

    def asked(self) -> list[tuple[str, str]]:
        """Who was offered to whom so far, in order."""
        return [(e.offer.contact, e.offer.agent) for e in self.effects if isinstance(e, Offered)]

    def overflowed(self) -> list[tuple[str, str]]:
        """Who overflowed so far and why."""
        return [(e.contact.id, e.why) for e in self.effects if isinstance(e, Overflowed)]

    def events(self) -> list[Event]:
        """All that has happened."""
        if self.engine is None:
            return self._memory.events
        with self.engine.connect() as connection:
            return kept_events(connection, 0)

    def record(self, event: Event) -> None:
        """Append an event."""
        with self.floor() as floor:
            floor.record(event)


def at_once(*happenings: Callable[[], Any]) -> list[Any]:
    """Start all of these at the same moment, each in a thread and a transaction of its own."""
    barrier = Barrier(len(happenings))

    def run(happening: Callable[[], Any]) -> Any:
        barrier.wait()
        return happening()

    with ThreadPoolExecutor(len(happenings)) as pool:
        return [future.result() for future in [pool.submit(run, happening) for happening in happenings]]
