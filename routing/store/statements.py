"""Statements: what the floor asks the database, each built once - to build one costs more than to ask it."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import Insert, Select, Table, Update, and_, bindparam, func, insert, or_, select, update

from routing.agent import AgentState
from routing.contact import ContactState, Outcome
from routing.demand import Demand
from routing.kind import CONSULT
from routing.offer import OfferState
from routing.queue import Strategy
from routing.store.fitting import FREE, at_work, fitting, in_order, there
from routing.store.tables import agents, contacts, events, offers, standings

KEPT_MAX = 1024
"""So many statements that depend on what is demanded are kept."""

WAITS = contacts.c.state == ContactState.WAITING.value
IN_LINE = contacts.c.state.in_([ContactState.WAITING.value, ContactState.OFFERED.value])
WRAPS = agents.c.state == AgentState.WRAP_UP.value
LIVE = offers.c.ended_at.is_(None)
OPEN = offers.c.state == OfferState.OPEN.value
TAKEN = offers.c.state == OfferState.ACCEPTED.value
MADE = (offers.c.made_at, offers.c.id)
OF_QUEUE = contacts.c.queue == bindparam("of_queue")
NOW, LIMIT, ABOUT = bindparam("now"), bindparam("limit"), bindparam("about")

# -- contacts --------------------------------------------------------------------------------------------------------

LAST_SEQ = select(func.max(contacts.c.seq))
LINE = select(func.count(), func.min(contacts.c.seq)).where(OF_QUEUE, IN_LINE)
ENTERED_AT = select(contacts.c.entered_at).where(contacts.c.seq == ABOUT)
BY_PLACE = select(contacts).where(OF_QUEUE, IN_LINE).order_by(contacts.c.rank, contacts.c.seq).limit(LIMIT)
CONSULTING = (
    select(contacts)
    .where(contacts.c.asks_about == ABOUT, contacts.c.kind == CONSULT, contacts.c.state != ContactState.DONE.value)
    .limit(1)
)
BEFORE = or_(
    contacts.c.rank < bindparam("rank"),
    and_(contacts.c.rank == bindparam("rank"), contacts.c.seq < bindparam("seq")),
)
AHEAD = select(func.count()).select_from(contacts).where(OF_QUEUE, IN_LINE, BEFORE)
CUT_OFF = (
    select(contacts)
    .where(contacts.c.who == bindparam("who"), OF_QUEUE, contacts.c.ended_at >= bindparam("since"))
    .where(contacts.c.outcome == Outcome.ABANDONED.value, contacts.c.place_to.is_(None))
    .order_by(contacts.c.ended_at.desc(), contacts.c.id.desc())
    .limit(1)
)
WAITED = (
    select(contacts.c.entered_at, contacts.c.talking_at, contacts.c.ended_at)
    .where(OF_QUEUE)
    .order_by(contacts.c.seq.desc())
    .limit(LIMIT)
)
LAST_AGENT = (
    select(contacts.c.last_agent)
    .where(contacts.c.who == ABOUT, contacts.c.talking_at.is_not(None))
    .order_by(contacts.c.talking_at.desc())
    .limit(1)
)


def _fronts() -> Select:
    """The first waiting contact of each lane: one short walk down the index for each, in one statement;
    `SELECT DISTINCT lane` would read all who wait."""
    first = select(func.min(contacts.c.lane).label("lane")).where(WAITS).cte("lanes", recursive=True)
    following = select(func.min(contacts.c.lane)).where(WAITS, contacts.c.lane > first.c.lane).scalar_subquery()
    lanes = first.union_all(select(following).where(first.c.lane.is_not(None)))
    other = contacts.alias()
    by_place = select(other.c.id).where(other.c.state == ContactState.WAITING.value, other.c.lane == lanes.c.lane)
    front = by_place.order_by(other.c.rank, other.c.seq).limit(1).correlate(lanes).scalar_subquery()
    return select(contacts).where(contacts.c.id.in_(select(front).select_from(lanes)))


FRONTS = _fronts()

# -- agents ----------------------------------------------------------------------------------------------------------

IDLE = select(agents).where(FREE).order_by(agents.c.free_since, agents.c.name).limit(LIMIT)
LOGGED_IN = select(agents).where(agents.c.state != AgentState.LOGGED_OUT.value).order_by(agents.c.name).limit(LIMIT)
ALL_AGENTS = select(agents).order_by(agents.c.name)


@lru_cache(KEPT_MAX)
def free(demand: Demand, by: Strategy, after: bool) -> Select:
    """Who fits and has room; with `after`: those whose name comes after the parameter `about`."""
    fit = [FREE, agents.c.free_for.contains(f" {demand.kind} ", autoescape=True), *fitting(demand)]
    if after:
        fit.append(agents.c.name > ABOUT)
    return select(agents).where(*fit).order_by(*in_order(by, demand)).limit(LIMIT)


@lru_cache(KEPT_MAX)
def anyone_there(demand: Demand, breaks: bool) -> Select:
    """One who fits and is there, if there is one."""
    return select(agents.c.name).where(there() if breaks else at_work(), *fitting(demand)).limit(1)


@lru_cache(KEPT_MAX)
def how_many_at_work(demand: Demand) -> Select:
    """How many fit and are at work."""
    return select(func.count()).select_from(agents).where(at_work(), *fitting(demand))


# -- offers ----------------------------------------------------------------------------------------------------------

OF_CONTACT = select(offers).where(offers.c.contact == ABOUT, LIVE).order_by(*MADE)
OF_AGENT = (
    select(offers).where(offers.c.agent == ABOUT, LIVE, or_(OPEN, offers.c.live_kind)).order_by(OPEN.desc()).limit(1)
)
HELD = select(offers).where(offers.c.agent == ABOUT, LIVE, TAKEN, ~offers.c.live_kind).order_by(*MADE)
TALKED = (
    select(offers.c.made_at, offers.c.ended_at)
    .where(offers.c.queue == bindparam("of_queue"), TAKEN, offers.c.ended_at > bindparam("since"))
    .order_by(offers.c.ended_at.desc(), offers.c.id.desc())
    .limit(LIMIT)
)
LEGS = (
    select(offers.c.id, offers.c.leg_sid)
    .where(LIVE, offers.c.leg_sid.is_not(None))
    .order_by(offers.c.made_at)
    .limit(LIMIT)
)

# -- what is due -----------------------------------------------------------------------------------------------------


def _due(table: Table, column: str, key: str, *where: object) -> Select:
    at = table.c[column]
    return select(table).where(at <= NOW, *where).order_by(at, table.c[key]).limit(LIMIT)


DUE_OFFERS = _due(offers, "expires_at", "id")
DUE_WRAP_UPS = _due(agents, "wrap_up_until", "name", WRAPS)
DUE_RESTS = _due(agents, "rests_until", "name")
DUE_CONTACTS = _due(contacts, "max_wait_at", "id", WAITS)
DUE_STEPS = _due(contacts, "relax_at", "id", WAITS)
DUE_RINGS = _due(contacts, "ring_more_at", "id")
NEXT_DUE = select(
    *(
        first.scalar_subquery()
        for first in (
            select(func.min(offers.c.expires_at)).where(offers.c.expires_at.is_not(None)),
            select(func.min(agents.c.wrap_up_until)).where(WRAPS),
            select(func.min(agents.c.rests_until)).where(agents.c.rests_until.is_not(None)),
            select(func.min(contacts.c.max_wait_at)).where(WAITS),
            select(func.min(contacts.c.relax_at)).where(WAITS, contacts.c.relax_at.is_not(None)),
            select(func.min(contacts.c.ring_more_at)).where(contacts.c.ring_more_at.is_not(None)),
        )
    )
)

# -- things as they are ----------------------------------------------------------------------------------------------

STANDING = select(standings).where(standings.c.queue == ABOUT)
EVENT = insert(events)
LAST_EVENT_AT = select(events.c.at).order_by(events.c.seq.desc()).limit(1)


@lru_cache
def by_key(table: Table, key: str) -> Select:
    """One row."""
    return select(table).where(table.c[key] == ABOUT)


@lru_cache
def put_in(table: Table) -> Insert:
    """A new row."""
    return insert(table)


@lru_cache(KEPT_MAX)
def write(table: Table, key: str, columns: frozenset[str]) -> Update:
    """These columns of a row that is still in the state `before`."""
    row = (table.c[key] == ABOUT, table.c.state == bindparam("before"))
    return (
        update(table).where(*row).values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns})
    )
