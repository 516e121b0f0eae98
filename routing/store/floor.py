"""SqlFloor: the floor in a database, for one transaction; the same decisions come out of it as out of memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, update
from sqlalchemy import delete as sql_delete

from routing.agent import Agent, Snapshot, snapshot
from routing.contact import Contact
from routing.demand import Demand, demands
from routing.event import Event
from routing.floor import DUE_MAX, LIFECYCLES, Thing, waited
from routing.kind import CALL, KINDS, Kind
from routing.offer import Offer, OfferState
from routing.queue import Queue, Standing, Strategy
from routing.store import statements as ask
from routing.store.rows import agent_of, column, columns, contact_of, offer_of
from routing.store.tables import agent_groups, agent_skills, agents, contacts, offers, standings

LANE = frozenset({"queue", "kind", "needs", "reach", "preferred", "spares"})
FEW = 50
"""With so few free agents each lane's demands are held against them here, without asking the database again."""

ROOM = frozenset({"state", "rests_until", "capacity", "holds"})
TABLES = {Contact: (contacts, "id"), Agent: (agents, "name"), Offer: (offers, "id")}
READ = {Contact: contact_of, Agent: agent_of, Offer: offer_of}


class Stale(RuntimeError):
    """The row is not what it was when it was read: another transaction was quicker. Roll back and begin again."""


class SqlFloor:
    """One transaction's view of the floor: what was read once is the same object for as long as it lives.

    Every change goes to the database at once, on the condition that the row still has the state it was read with.
    """

    def __init__(
        self,
        connection: Connection,
        queues: Mapping[str, Queue],
        new_id: Callable[[], str],
        kinds: Mapping[str, Kind] = KINDS,
    ) -> None:
        self.connection = connection
        self.queues = queues
        self.kinds = kinds
        self.new_id = new_id
        self._known: dict[tuple[type, str], Thing] = {}
        self._kept: dict[Any, Any] = {}  # answers that hold until somebody writes what they are about

    def next_seq(self) -> int:
        return 1 + (self.connection.execute(ask.LAST_SEQ).scalar() or 0)

    def queue(self, name: str) -> Queue:
        return self.queues.get(name) or Queue(name)

    def kind(self, name: str) -> Kind:
        return self.kinds.get(name) or self.kinds[CALL]

    def standing(self, queue: str) -> Standing:
        def read() -> Standing:
            row = self.connection.execute(ask.STANDING, {"about": queue}).first()
            return Standing(*row) if row else Standing(queue)

        return self._keep((Standing, queue), read)

    def contact(self, contact_id: str) -> Contact | None:
        return self._by_key(Contact, contact_id)

    def agent(self, name: str) -> Agent | None:
        return self._by_key(Agent, name)

    def offer(self, offer_id: str) -> Offer | None:
        return self._by_key(Offer, offer_id)

    def consulting(self, contact: Contact) -> Contact | None:
        return self._first(Contact, ask.CONSULTING, about=contact.id)

    def live_offer(self, contact_id: str) -> Offer | None:
        found = self.live_offers(contact_id)
        return next((offer for offer in found if offer.state is OfferState.ACCEPTED), found[0] if found else None)

    def live_offers(self, contact_id: str) -> Sequence[Offer]:
        return self._all(Offer, ask.OF_CONTACT, about=contact_id)

    def offer_of(self, agent: str) -> Offer | None:
        return self._first(Offer, ask.OF_AGENT, about=agent)

    def held_by(self, agent: str) -> Sequence[Offer]:
        return self._all(Offer, ask.HELD, about=agent)

    def demands(self, contact: Contact) -> tuple[Demand, ...]:
        return demands(contact, self.queue(contact.queue))

    def next_servable(self, but: Collection[str] = ()) -> Contact | None:
        fronts = self._fronts()
        free = fronts and self._keep((Agent, "idle"), lambda: self._all(Agent, ask.IDLE, limit=FEW + 1))
        if not free:
            return None

        def is_open(demand: Demand) -> bool:
            if len(free) > FEW:
                return bool(self.free_agents(demand, 1))
            kind = self.kind(demand.kind)
            return any(agent.has_room_for(kind) and demand.fits(agent) for agent in free)

        def goes_on(contact: Contact) -> bool:
            if (but and contact.lane in but) or self.standing(contact.queue).paused:
                return False
            return any(map(is_open, self.demands(contact)))

        return next(filter(goes_on, sorted(fronts, key=lambda contact: contact.place)), None)

    def forlorn(self) -> Sequence[Contact]:
        found = []
        for contact in self._fronts():
            breaks = self.queue(contact.queue).breaks_count
            if not any(self.anyone_there(demand, breaks) for demand in self.demands(contact)):
                found.append(contact)
        return sorted(found, key=lambda contact: contact.place)

    def _fronts(self) -> Sequence[Contact]:
        return self._keep((Contact, "fronts"), lambda: self._all(Contact, ask.FRONTS))

    def free_agents(
        self, demand: Demand, limit: int, by: Strategy = Strategy.LONGEST_IDLE, after: str | None = None
    ) -> Sequence[Agent]:
        return self._all(Agent, ask.free(demand, by, after is not None), limit=limit, about=after)

    def anyone_there(self, demand: Demand, breaks: bool = True) -> bool:
        query = ask.anyone_there(demand, breaks)
        return self._keep((Agent, query), lambda: self.connection.execute(query).first() is not None)

    def agents_there(self, demand: Demand) -> int:
        query = ask.how_many_at_work(demand)
        return self._keep((Agent, query), lambda: self.connection.execute(query).scalar())

    def logged_in(self, limit: int) -> Sequence[Agent]:
        return self._all(Agent, ask.LOGGED_IN, limit=limit)

    def snapshots(self, limit: int) -> Sequence[Snapshot]:
        return [snapshot(agent) for agent in self.logged_in(limit)]

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        length, first = self.connection.execute(ask.LINE, {"of_queue": queue}).one()
        return length, self.connection.execute(ask.ENTERED_AT, {"about": first}).scalar() if length else None

    def in_line(self, queue: str, limit: int) -> Sequence[Contact]:
        return self._all(Contact, ask.BY_PLACE, of_queue=queue, limit=limit)

    def position(self, contact: Contact) -> int:
        place = {"of_queue": contact.queue, "rank": contact.rank, "seq": contact.seq}
        return 1 + self.connection.execute(ask.AHEAD, place).scalar()

    def cut_off(self, who: str, queue: str, since: datetime) -> Contact | None:
        return self._first(Contact, ask.CUT_OFF, who=who, of_queue=queue, since=since)

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        latest = self.connection.execute(ask.TALKED, {"of_queue": queue, "since": since, "limit": limit})
        return [(ended - made).total_seconds() for made, ended in latest]

    def waits(self, queue: str, since: datetime, limit: int, now: datetime) -> Sequence[tuple[float, bool]]:
        latest = self.connection.execute(ask.WAITED, {"of_queue": queue, "limit": limit})
        return [waited(*row, now) for row in latest if row.entered_at > since]

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        return self._all(Offer, ask.DUE_OFFERS, now=now, limit=DUE_MAX)

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        return self._all(Agent, ask.DUE_WRAP_UPS, now=now, limit=DUE_MAX)

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        return self._all(Contact, ask.DUE_CONTACTS, now=now, limit=DUE_MAX)

    def due_steps(self, now: datetime) -> Sequence[Contact]:
        return self._all(Contact, ask.DUE_STEPS, now=now, limit=DUE_MAX)

    def due_rings(self, now: datetime) -> Sequence[Contact]:
        return self._all(Contact, ask.DUE_RINGS, now=now, limit=DUE_MAX)

    def due_rests(self, now: datetime) -> Sequence[Agent]:
        return self._all(Agent, ask.DUE_RESTS, now=now, limit=DUE_MAX)

    def next_due(self) -> datetime | None:
        return min((moment for moment in self.connection.execute(ask.NEXT_DUE).one() if moment), default=None)

    def live_legs(self, limit: int) -> Sequence[tuple[str, str]]:
        """Offers that are not over and have a leg: (offer, the carrier's id of the leg), the oldest first."""
        return [(row.id, row.leg_sid) for row in self.connection.execute(ask.LEGS, {"limit": limit})]

    def talked_last_with(self, who: str) -> str | None:
        """The agent who talked to somebody last."""
        return self.connection.execute(ask.LAST_AGENT, {"about": who}).scalar()

    def agents(self) -> Sequence[Agent]:
        """All agents by name, whether logged in or not."""
        return self._all(Agent, ask.ALL_AGENTS)

    def add(self, thing: Thing) -> None:
        table, key = TABLES[type(thing)]
        self.connection.execute(ask.put_in(table), {**columns(thing), **self._derived(thing)})
        self._known[type(thing), getattr(thing, key)] = thing
        self._forget(type(thing))
        if isinstance(thing, Agent):
            self._keep_skills(thing)

    def move(self, thing: Thing, verb: str, **changes: Any) -> None:
        before = thing.state
        LIFECYCLES[type(thing)].fire(thing, verb)
        self._write(thing, before, {"state": thing.state, **changes})

    def change(self, thing: Thing, **changes: Any) -> None:
        self._write(thing, thing.state, changes)

    def stand(self, queue: str, **changes: Any) -> None:
        changed = update(standings).where(standings.c.queue == queue).values(changes)
        if self.connection.execute(changed).rowcount == 0:
            self.connection.execute(insert(standings).values(queue=queue, **changes))
        self._forget(Standing)

    def record(self, event: Event) -> None:
        keep_event(self.connection, event)

    def _write(self, thing: Thing, before: Any, changes: Mapping[str, Any]) -> None:
        table, key = TABLES[type(thing)]
        name = getattr(thing, key)
        for attribute, value in changes.items():
            setattr(thing, attribute, value)
        values = {attribute: column(value) for attribute, value in changes.items()} | self._derived(thing, changes)
        row = {"about": name, "before": before.value} | {f"new_{each}": value for each, value in values.items()}
        if self.connection.execute(ask.write(table, key, frozenset(values)), row).rowcount != 1:
            raise Stale(f"{LIFECYCLES[type(thing)].thing_name} {name} is no longer {before.value}")
        self._forget(type(thing))
        if isinstance(thing, Agent) and not changes.keys().isdisjoint(("skills", "groups")):
            self._keep_skills(thing)

    def _derived(self, thing: Thing, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Columns that follow from others, because an index needs them."""
        if isinstance(thing, Contact) and (changes is None or not LANE.isdisjoint(changes)):
            return {"lane": thing.lane}
        if isinstance(thing, Agent) and (changes is None or not ROOM.isdisjoint(changes)):
            kinds = [kind.name for kind in self.kinds.values() if thing.has_room_for(kind)]
            return {"free_for": f" {' '.join(kinds)} " if kinds else None}
        return {}

    def _keep_skills(self, agent: Agent) -> None:
        self.connection.execute(sql_delete(agent_skills).where(agent_skills.c.agent == agent.name))
        rows = [{"agent": agent.name, "skill": skill, "level": level} for skill, level in agent.skills.items()]
        if rows:
            self.connection.execute(insert(agent_skills), rows)
        self.connection.execute(sql_delete(agent_groups).where(agent_groups.c.agent == agent.name))
        groups = [{"agent": agent.name, "group": group} for group in agent.groups]
        if groups:
            self.connection.execute(insert(agent_groups), groups)

    def _by_key(self, kind: type, name: str) -> Any:
        table, key = TABLES[kind]
        return self._known.get((kind, name)) or self._first(kind, ask.by_key(table, key), about=name)

    def _first(self, kind: type, query: Select, **given: Any) -> Any:
        return next(iter(self._all(kind, query, **given)), None)

    def _all(self, kind: type, query: Select, **given: Any) -> list[Any]:
        read, key = READ[kind], TABLES[kind][1]
        found = []
        for row in self.connection.execute(query, given).mappings():
            known = self._known.get((kind, row[key]))
            found.append(known or self._known.setdefault((kind, row[key]), read(row)))
        return found

    def _keep(self, about: tuple[type, Any], read: Callable[[], Any]) -> Any:
        """An answer that holds until somebody of that kind is written."""
        if about not in self._kept:
            self._kept[about] = read()
        return self._kept[about]

    def _forget(self, kind: type) -> None:
        for about in [about for about in self._kept if about[0] is kind]:
            del self._kept[about]


def last_event_at(connection: Connection) -> datetime | None:
    """When the last thing happened that was written down."""
    return connection.execute(ask.LAST_EVENT_AT).scalar()


def keep_event(connection: Connection, event: Event) -> None:
    """Append one event."""
    row = {"at": event.at, "about": event.about, "what": event.what, "fields": dict(event.fields)}
    connection.execute(ask.EVENT, row)
