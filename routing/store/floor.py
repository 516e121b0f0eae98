"""SqlFloor: the floor in a database, for one transaction; the same decisions come out of it as out of memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, update
from sqlalchemy import delete as sql_delete

from routing.agent import Agent, AgentState
from routing.contact import Contact, ContactState, Outcome
from routing.demand import Demand, demands
from routing.event import Event
from routing.floor import DUE_MAX, LIFECYCLES, Thing, waited
from routing.kind import CALL, CONSULT, KINDS, Kind
from routing.offer import Offer, OfferState
from routing.queue import Queue, Standing, Strategy
from routing.store.fitting import FREE, at_work, fitting, in_order, there
from routing.store.rows import agent_of, column, columns, contact_of, offer_of
from routing.store.tables import agent_groups, agent_skills, agents, contacts, events, offers, standings

WAITS = contacts.c.state == ContactState.WAITING.value
IN_LINE = contacts.c.state.in_([ContactState.WAITING.value, ContactState.OFFERED.value])
LANE = frozenset({"queue", "needs", "reach", "preferred"})
FEW = 50
"""With so few free agents each lane's demands are held against them here, without asking the database again."""

LIVE = offers.c.ended_at.is_(None)
MADE = (offers.c.made_at, offers.c.id)
ROOM = frozenset({"state", "rests_until", "capacity", "holds"})
TABLES = {Contact: (contacts, contacts.c.id), Agent: (agents, agents.c.name), Offer: (offers, offers.c.id)}


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

    def next_seq(self) -> int:
        return 1 + (self.connection.execute(select(func.max(contacts.c.seq))).scalar() or 0)

    def queue(self, name: str) -> Queue:
        return self.queues.get(name) or Queue(name)

    def kind(self, name: str) -> Kind:
        return self.kinds.get(name) or self.kinds[CALL]

    def standing(self, queue: str) -> Standing:
        row = self.connection.execute(select(standings).where(standings.c.queue == queue)).first()
        return Standing(*row) if row else Standing(queue)

    def contact(self, contact_id: str) -> Contact | None:
        return self._by_key(Contact, contact_id)

    def agent(self, name: str) -> Agent | None:
        return self._by_key(Agent, name)

    def offer(self, offer_id: str) -> Offer | None:
        return self._by_key(Offer, offer_id)

    def consulting(self, contact: Contact) -> Contact | None:
        about = (contacts.c.call == (contact.call or contact.id), contacts.c.kind == CONSULT)
        return self._first(
            Contact, select(contacts).where(*about, contacts.c.state != ContactState.DONE.value).limit(1)
        )

    def live_offer(self, contact_id: str) -> Offer | None:
        found = self.live_offers(contact_id)
        return next((offer for offer in found if offer.state is OfferState.ACCEPTED), found[0] if found else None)

    def live_offers(self, contact_id: str) -> Sequence[Offer]:
        return self._all(Offer, select(offers).where(offers.c.contact == contact_id, LIVE).order_by(*MADE))

    def offer_of(self, agent: str) -> Offer | None:
        asked = offers.c.state == OfferState.OPEN.value
        theirs = select(offers).where(offers.c.agent == agent, LIVE, or_(asked, offers.c.live_kind))
        return self._first(Offer, theirs.order_by(asked.desc()).limit(1))

    def held_by(self, agent: str) -> Sequence[Offer]:
        theirs = (offers.c.agent == agent, LIVE, offers.c.state == OfferState.ACCEPTED.value, ~offers.c.live_kind)
        return self._all(Offer, select(offers).where(*theirs).order_by(*MADE))

    def front(self, lane: str) -> Contact | None:
        by_place = select(contacts).where(WAITS, contacts.c.lane == lane).order_by(contacts.c.rank, contacts.c.seq)
        return self._first(Contact, by_place.limit(1))

    def servable(self) -> Sequence[Contact]:
        free = self._all(Agent, select(agents).where(FREE).order_by(agents.c.free_since, agents.c.name).limit(FEW + 1))
        if not free:
            return []

        def is_open(demand: Demand) -> bool:
            if len(free) > FEW:
                return bool(self.free_agents(demand, 1))
            kind = self.kind(demand.kind)
            return any(agent.has_room_for(kind) and demand.fits(agent) for agent in free)

        found = [contact for contact in self._fronts() if any(map(is_open, self._demands(contact)))]
        return [contact for contact in found if not self.standing(contact.queue).paused]

    def forlorn(self) -> Sequence[Contact]:
        known: dict[tuple[Demand, bool], bool] = {}

        def is_there(demand: Demand, breaks: bool) -> bool:
            if (demand, breaks) not in known:
                known[demand, breaks] = self.anyone_there(demand, breaks)
            return known[demand, breaks]

        found = []
        for contact in self._fronts():
            breaks = self.queue(contact.queue).breaks_count
            if not any(is_there(demand, breaks) for demand in self._demands(contact)):
                found.append(contact)
        return sorted(found, key=lambda contact: contact.place)

    def _demands(self, contact: Contact) -> Sequence[Demand]:
        return demands(contact, self.queue(contact.queue))

    def _fronts(self) -> Sequence[Contact]:
        """The first waiting contact of each lane: one short walk down the index for each, in one statement;
        `SELECT DISTINCT lane` would read all who wait."""
        first = select(func.min(contacts.c.lane).label("lane")).where(WAITS).cte("lanes", recursive=True)
        following = select(func.min(contacts.c.lane)).where(WAITS, contacts.c.lane > first.c.lane).scalar_subquery()
        lanes = first.union_all(select(following).where(first.c.lane.is_not(None)))
        other = contacts.alias()
        by_place = select(other.c.id).where(other.c.state == ContactState.WAITING.value, other.c.lane == lanes.c.lane)
        front = by_place.order_by(other.c.rank, other.c.seq).limit(1).correlate(lanes).scalar_subquery()
        return self._all(Contact, select(contacts).where(contacts.c.id.in_(select(front).select_from(lanes))))

    def free_agents(
        self, demand: Demand, limit: int, by: Strategy = Strategy.LONGEST_IDLE, after: str | None = None
    ) -> Sequence[Agent]:
        fit = [FREE, agents.c.free_for.contains(f" {demand.kind} ", autoescape=True), *fitting(demand)]
        if after is not None:
            fit.append(agents.c.name > after)
        return self._all(Agent, select(agents).where(*fit).order_by(*in_order(by, demand)).limit(limit))

    def anyone_there(self, demand: Demand, breaks: bool = True) -> bool:
        present = there() if breaks else at_work()
        query = select(agents.c.name).where(present, *fitting(demand)).limit(1)
        return self.connection.execute(query).first() is not None

    def agents_there(self, demand: Demand) -> int:
        query = select(func.count()).select_from(agents).where(at_work(), *fitting(demand))
        return self.connection.execute(query).scalar()

    def logged_in(self, limit: int) -> Sequence[Agent]:
        present = select(agents).where(agents.c.state != AgentState.LOGGED_OUT.value)
        return self._all(Agent, present.order_by(agents.c.name).limit(limit))

    def waiting(self, queue: str) -> tuple[int, datetime | None]:
        line = select(func.count(), func.min(contacts.c.seq)).where(contacts.c.queue == queue, IN_LINE)
        length, first = self.connection.execute(line).one()
        since = select(contacts.c.entered_at).where(contacts.c.seq == first)
        return length, self.connection.execute(since).scalar() if length else None

    def in_line(self, queue: str, limit: int) -> Sequence[Contact]:
        line = select(contacts).where(contacts.c.queue == queue, IN_LINE)
        return self._all(Contact, line.order_by(contacts.c.rank, contacts.c.seq).limit(limit))

    def position(self, contact: Contact) -> int:
        before = or_(
            contacts.c.rank < contact.rank, and_(contacts.c.rank == contact.rank, contacts.c.seq < contact.seq)
        )
        ahead = select(func.count()).select_from(contacts).where(contacts.c.queue == contact.queue, IN_LINE, before)
        return 1 + self.connection.execute(ahead).scalar()

    def cut_off(self, who: str, queue: str, since: datetime) -> Contact | None:
        gone = (contacts.c.who == who, contacts.c.queue == queue, contacts.c.ended_at >= since)
        gone += (contacts.c.outcome == Outcome.ABANDONED.value, contacts.c.place_to.is_(None))
        latest = contacts.c.ended_at.desc(), contacts.c.id.desc()
        return self._first(Contact, select(contacts).where(*gone).order_by(*latest).limit(1))

    def handling_s(self, queue: str, since: datetime, limit: int) -> Sequence[float]:
        talked = and_(offers.c.queue == queue, offers.c.state == OfferState.ACCEPTED.value, offers.c.ended_at > since)
        latest = select(offers.c.made_at, offers.c.ended_at).where(talked)
        latest = latest.order_by(offers.c.ended_at.desc(), offers.c.id.desc()).limit(limit)
        return [(ended - made).total_seconds() for made, ended in self.connection.execute(latest)]

    def waits(self, queue: str, since: datetime, limit: int, now: datetime) -> Sequence[tuple[float, bool]]:
        latest = select(contacts.c.entered_at, contacts.c.talking_at, contacts.c.ended_at)
        latest = latest.where(contacts.c.queue == queue).order_by(contacts.c.seq.desc()).limit(limit)
        return [waited(*row, now) for row in self.connection.execute(latest) if row.entered_at > since]

    def due_offers(self, now: datetime) -> Sequence[Offer]:
        due = select(offers).where(offers.c.expires_at <= now).order_by(offers.c.expires_at, offers.c.id)
        return self._all(Offer, due.limit(DUE_MAX))

    def due_wrap_ups(self, now: datetime) -> Sequence[Agent]:
        due = select(agents).where(agents.c.state == AgentState.WRAP_UP.value, agents.c.wrap_up_until <= now)
        return self._all(Agent, due.order_by(agents.c.wrap_up_until, agents.c.name).limit(DUE_MAX))

    def due_contacts(self, now: datetime) -> Sequence[Contact]:
        due = select(contacts).where(WAITS, contacts.c.max_wait_at <= now)
        return self._all(Contact, due.order_by(contacts.c.max_wait_at, contacts.c.id).limit(DUE_MAX))

    def due_steps(self, now: datetime) -> Sequence[Contact]:
        due = select(contacts).where(WAITS, contacts.c.relax_at <= now)
        return self._all(Contact, due.order_by(contacts.c.relax_at, contacts.c.id).limit(DUE_MAX))

    def due_rings(self, now: datetime) -> Sequence[Contact]:
        due = select(contacts).where(contacts.c.ring_more_at <= now)
        return self._all(Contact, due.order_by(contacts.c.ring_more_at, contacts.c.id).limit(DUE_MAX))

    def due_rests(self, now: datetime) -> Sequence[Agent]:
        due = select(agents).where(agents.c.rests_until <= now)
        return self._all(Agent, due.order_by(agents.c.rests_until, agents.c.name).limit(DUE_MAX))

    def next_due(self) -> datetime | None:
        firsts = (
            select(func.min(offers.c.expires_at)).where(offers.c.expires_at.is_not(None)),
            select(func.min(agents.c.wrap_up_until)).where(agents.c.state == AgentState.WRAP_UP.value),
            select(func.min(agents.c.rests_until)).where(agents.c.rests_until.is_not(None)),
            select(func.min(contacts.c.max_wait_at)).where(WAITS),
            select(func.min(contacts.c.relax_at)).where(WAITS, contacts.c.relax_at.is_not(None)),
            select(func.min(contacts.c.ring_more_at)).where(contacts.c.ring_more_at.is_not(None)),
        )
        found = self.connection.execute(select(*(first.scalar_subquery() for first in firsts))).one()
        return min((moment for moment in found if moment), default=None)

    def live_legs(self, limit: int) -> Sequence[tuple[str, str]]:
        """Offers that are not over and have a leg: (offer, the carrier's id of the leg), the oldest first."""
        live = select(offers.c.id, offers.c.leg_sid).where(offers.c.ended_at.is_(None), offers.c.leg_sid.is_not(None))
        return [(row.id, row.leg_sid) for row in self.connection.execute(live.order_by(offers.c.made_at).limit(limit))]

    def talked_last_with(self, who: str) -> str | None:
        """The agent who talked to somebody last."""
        talked = select(contacts.c.last_agent).where(contacts.c.who == who, contacts.c.talking_at.is_not(None))
        return self.connection.execute(talked.order_by(contacts.c.talking_at.desc()).limit(1)).scalar()

    def agents(self) -> Sequence[Agent]:
        """All agents by name, whether logged in or not."""
        return self._all(Agent, select(agents).order_by(agents.c.name))

    def add(self, thing: Thing) -> None:
        table, key = TABLES[type(thing)]
        self.connection.execute(insert(table).values({**columns(thing), **self._derived(thing)}))
        self._known[type(thing), getattr(thing, key.name)] = thing
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

    def record(self, event: Event) -> None:
        keep_event(self.connection, event)

    def _write(self, thing: Thing, before: Any, changes: Mapping[str, Any]) -> None:
        table, key = TABLES[type(thing)]
        name = getattr(thing, key.name)
        for attribute, value in changes.items():
            setattr(thing, attribute, value)
        values = {attribute: column(value) for attribute, value in changes.items()} | self._derived(thing, changes)
        where = (key == name, table.c.state == before.value)
        if self.connection.execute(update(table).where(*where).values(values)).rowcount != 1:
            raise Stale(f"{LIFECYCLES[type(thing)].thing_name} {name} is no longer {before.value}")
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
