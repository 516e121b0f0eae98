"""SqlFloor: the floor in a database, for one transaction; the same decisions come out of it as out of memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update
from sqlalchemy import delete as sql_delete

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, lane_of
from routing.event import Event
from routing.floor import DUE_MAX, LIFECYCLES, Thing
from routing.offer import Offer, OfferState
from routing.queue import Queue
from routing.store.rows import agent_of, column, columns, contact_of, offer_of
from routing.store.tables import agent_skills, agents, contacts, events, offers

WAITS = contacts.c.state == ContactState.WAITING.value
IN_LINE = contacts.c.state.in_([ContactState.WAITING.value, ContactState.OFFERED.value])
LANE = frozenset({"queue", "needs", "reach", "preferred"})
LIVE = offers.c.ended_at.is_(None)
TABLES = {Contact: (contacts, contacts.c.id), Agent: (agents, agents.c.name), Offer: (offers, offers.c.id)}


class Stale(RuntimeError):
    """The row is not what it was when it was read: another transaction was quicker. Roll back and begin again."""


class SqlFloor:
    """One transaction's view of the floor: what was read once is the same object for as long as it lives.

    Every change goes to the database at once, on the condition that the row still has the state it was read with.
    """

    def __init__(self, connection: Connection, queues: Mapping[str, Queue], new_id: Callable[[], str]) -> None:
        self.connection = connection
        self.queues = queues
        self.new_id = new_id
        self._known: dict[tuple[type, str], Thing] = {}

    def next_seq(self) -> int:
        return 1 + (self.connection.execute(select(func.max(contacts.c.seq))).scalar() or 0)

    def queue(self, name: str) -> Queue:
        return self.queues.get(name) or Queue(name)

    def contact(self, contact_id: str) -> Contact | None:
        return self._by_key(Contact, contact_id)

    def agent(self, name: str) -> Agent | None:
        return self._by_key(Agent, name)

    def offer(self, offer_id: str) -> Offer | None:
        return self._by_key(Offer, offer_id)

    def live_offer(self, contact_id: str) -> Offer | None:
        return self._first(Offer, select(offers).where(offers.c.contact == contact_id, LIVE))

    def offer_of(self, agent: str) -> Offer | None:
        return self._first(Offer, select(offers).where(offers.c.agent == agent, LIVE))

    def fronts(self) -> Sequence[Contact]:
        # One short walk down the index for each lane; `SELECT DISTINCT lane` would read all who wait.
        found: list[Contact] = []
        by_lane = select(contacts).where(WAITS).order_by(contacts.c.lane, contacts.c.rank, contacts.c.seq).limit(1)
        contact = self._first(Contact, by_lane)
        while contact:
            found.append(contact)
            contact = self._first(Contact, by_lane.where(contacts.c.lane > contact.lane))
        return found

    def front(self, lane: str) -> Contact | None:
        by_place = select(contacts).where(WAITS, contacts.c.lane == lane).order_by(contacts.c.rank, contacts.c.seq)
        return self._first(Contact, by_place.limit(1))

    def free_agents(self, needs: Mapping[str, int], limit: int) -> Sequence[Agent]:
        free = select(agents).where(agents.c.state == AgentState.AVAILABLE.value, *_able(needs))
        return self._all(Agent, free.order_by(agents.c.free_since, agents.c.name).limit(limit))

    def anyone_there(self, needs: Mapping[str, int]) -> bool:
        there = select(agents.c.name).where(*_there(), *_able(needs)).limit(1)
        return self.connection.execute(there).first() is not None

    def agents_there(self, needs: Mapping[str, int]) -> int:
        at_work = and_(*_there(), agents.c.state != AgentState.PAUSED.value, agents.c.then.is_(None))
        return self.connection.execute(select(func.count()).select_from(agents).where(at_work, *_able(needs))).scalar()

    def logged_in(self, limit: int) -> Sequence[Agent]:
        present = select(agents).where(agents.c.state != AgentState.LOGGED_OUT.value)
        return self._all(Agent, present.order_by(agents.c.name).limit(limit))

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        line = select(func.count(), func.min(contacts.c.entered_at)).where(contacts.c.queue == queue, IN_LINE)
        return tuple(self.connection.execute(line).one())

    def position(self, contact: Contact) -> int:
        before = or_(
            contacts.c.rank < contact.rank, and_(contacts.c.rank == contact.rank, contacts.c.seq < contact.seq)
        )
        ahead = select(func.count()).select_from(contacts).where(contacts.c.queue == contact.queue, IN_LINE, before)
        return 1 + self.connection.execute(ahead).scalar()

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        talked = and_(offers.c.queue == queue, offers.c.state == OfferState.ACCEPTED.value, offers.c.ended_at > since)
        latest = select(offers.c.connected_at, offers.c.ended_at).where(talked)
        latest = latest.order_by(offers.c.ended_at.desc(), offers.c.id.desc()).limit(limit)
        return [(ended - connected).total_seconds() for connected, ended in self.connection.execute(latest)]

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        due = select(offers).where(offers.c.expires_at <= now).order_by(offers.c.expires_at, offers.c.id)
        return self._all(Offer, due.limit(DUE_MAX))

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        due = select(agents).where(agents.c.state == AgentState.WRAP_UP.value, agents.c.wrap_up_until <= now)
        return self._all(Agent, due.order_by(agents.c.wrap_up_until, agents.c.name).limit(DUE_MAX))

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        due = select(contacts).where(WAITS, contacts.c.max_wait_at <= now)
        return self._all(Contact, due.order_by(contacts.c.max_wait_at, contacts.c.id).limit(DUE_MAX))

    def due_relaxations(self, now: datetime) -> Sequence[Contact]:
        due = select(contacts).where(WAITS, contacts.c.relax_at <= now)
        return self._all(Contact, due.order_by(contacts.c.relax_at, contacts.c.id).limit(DUE_MAX))

    def next_due(self) -> datetime | None:
        firsts = (
            select(func.min(offers.c.expires_at)).where(offers.c.expires_at.is_not(None)),
            select(func.min(agents.c.wrap_up_until)).where(agents.c.state == AgentState.WRAP_UP.value),
            select(func.min(contacts.c.max_wait_at)).where(WAITS),
            select(func.min(contacts.c.relax_at)).where(WAITS, contacts.c.relax_at.is_not(None)),
        )
        found = [self.connection.execute(first).scalar() for first in firsts]
        return min((moment for moment in found if moment), default=None)

    def live_legs(self, limit: int) -> Sequence[tuple[str, str]]:
        """Offers that are not over and have a leg: (offer, the carrier's id of the leg), the oldest first."""
        live = select(offers.c.id, offers.c.leg_sid).where(offers.c.ended_at.is_(None), offers.c.leg_sid.is_not(None))
        return [(row.id, row.leg_sid) for row in self.connection.execute(live.order_by(offers.c.made_at).limit(limit))]

    def agents(self) -> Sequence[Agent]:
        """All agents by name, whether logged in or not."""
        return self._all(Agent, select(agents).order_by(agents.c.name))

    def add(self, thing: Thing) -> None:
        table, key = TABLES[type(thing)]
        self.connection.execute(insert(table).values(columns(thing)))
        self._known[type(thing), getattr(thing, key.name)] = thing
        if isinstance(thing, Agent):
            self._keep_skills(thing)

    def move(self, thing: Thing, verb: str, **changes: Any) -> None:
        before = thing.state
        LIFECYCLES[type(thing)].fire(thing, verb)
        self._write(thing, before, {"state": thing.state, **changes})

    def change(self, thing: Thing, **changes: Any) -> None:
        self._write(thing, thing.state, changes)

    def record(self, event: Event) -> None:
        keep_event(self.connection, event)

    def _write(self, thing: Thing, before: Any, changes: Mapping[str, Any]) -> None:
        table, key = TABLES[type(thing)]
        name = getattr(thing, key.name)
        values = {attribute: column(value) for attribute, value in changes.items()}
        if isinstance(thing, Contact) and LANE & changes.keys():
            values["lane"] = lane_of(replace(thing, **changes))
        where = (key == name, table.c.state == before.value)
        if self.connection.execute(update(table).where(*where).values(values)).rowcount != 1:
            raise Stale(f"{LIFECYCLES[type(thing)].thing_name} {name} is no longer {before.value}")
        for attribute, value in changes.items():
            setattr(thing, attribute, value)
        if isinstance(thing, Agent) and "skills" in changes:
            self._keep_skills(thing)

    def _keep_skills(self, agent: Agent) -> None:
        self.connection.execute(sql_delete(agent_skills).where(agent_skills.c.agent == agent.name))
        rows = [{"agent": agent.name, "skill": skill, "level": level} for skill, level in agent.skills.items()]
        if rows:
            self.connection.execute(insert(agent_skills), rows)

    def _by_key(self, kind: type, name: str) -> Any:
        table, key = TABLES[kind]
        return self._known.get((kind, name)) or self._first(kind, select(table).where(key == name))

    def _first(self, kind: type, query: Select) -> Any:
        return next(iter(self._all(kind, query)), None)

    def _all(self, kind: type, query: Select) -> list[Any]:
        read = {Contact: contact_of, Agent: agent_of, Offer: offer_of}[kind]
        key = TABLES[kind][1].name
        found = []
        for row in self.connection.execute(query).mappings():
            known = self._known.get((kind, row[key]))
            found.append(known or self._known.setdefault((kind, row[key]), read(row)))
        return found


def last_event_at(connection: Connection) -> datetime | None:
    """When the last thing happened that was written down."""
    return connection.execute(select(events.c.at).order_by(events.c.seq.desc()).limit(1)).scalar()


def keep_event(connection: Connection, event: Event) -> None:
    """Append one event."""
    row = {"at": event.at, "about": event.about, "what": event.what, "fields": dict(event.fields)}
    connection.execute(insert(events).values(row))


def _there() -> tuple[Any, ...]:
    leaving = agents.c.then == AgentState.LOGGED_OUT.value
    return (agents.c.state != AgentState.LOGGED_OUT.value, or_(agents.c.then.is_(None), ~leaving))


def _able(needs: Mapping[str, int]) -> list[Any]:
    """One condition for each need: the agent has that skill at that level."""
    of_agent = select(agent_skills.c.agent).where(agent_skills.c.agent == agents.c.name)
    return [
        of_agent.where(agent_skills.c.skill == skill, agent_skills.c.level >= level).exists()
        for skill, level in sorted(needs.items())
    ]
