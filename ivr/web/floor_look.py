"""Floor look: everything the wallboard shows at one moment, read in one go, for all queues and for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from ivr.alarms import Alarm, alarms, limits
from ivr.callback import CallbackState, callbacks
from ivr.figures import Counted, counted, midnight, next_midnight, passages
from ivr.hotlines import Hotlines
from ivr.store import Tx
from routing.agent import Agent, AgentState
from routing.contact import ContactState
from routing.kind import CALL
from routing.store.tables import contacts

PEOPLE_MAX = 500
NEAR = 0.1
"""A service level that misses its goal by no more than this is near it."""

STATES = (AgentState.AVAILABLE, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP, AgentState.PAUSED)
"""What people can be doing who are logged in, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One queue, or all of them (`queue` None). `since`: when the one who has waited longest began."""

    queue: str | None
    waiting: int
    since: datetime | None
    today: Counted
    callbacks_due: int
    limit_s: int | None
    alarmed: bool

    @property
    def sign(self) -> str:
        """How the service level stands against its goal: good, warn, bad, or none where nothing counts yet."""
        share, goal = self.today.level.share, self.today.goal
        if share is None or goal is None:
            return "none"
        return "good" if share >= goal else "warn" if share >= goal - NEAR else "bad"


@dataclass(frozen=True, slots=True)
class Look:
    """The floor at one moment. `people`: how many do what; `begins_at`: the midnight from which today counts."""

    at: datetime
    day: date
    begins_at: datetime
    ends_at: datetime
    all: Line
    lines: tuple[Line, ...]
    people: Mapping[AgentState, int]
    agents: Sequence[Agent]
    alarms: tuple[Alarm, ...]

    def line(self, queue: str | None) -> Line | None:
        """The line of a queue, or of all."""
        return next((line for line in (self.all, *self.lines) if line.queue == queue), None)


def look(tx: Tx, hotlines: Hotlines, zone: ZoneInfo) -> Look:
    """See the floor as it is at the transaction's moment; today begins at midnight in `zone`."""
    day = tx.now.astimezone(zone).date()
    begins_at, ends_at = midnight(day, zone), next_midnight(day, zone)
    found = passages(tx, begins_at, ends_at)
    current = {name: it.queue for tree in hotlines.current() for name, it in tree.queues.items()}
    waits, due = _waiting(tx), _due(tx)
    names = sorted(current.keys() | waits.keys() | {each.queue for each in found})
    limit_s = limits(tx, [tx.floor.queue(name) for name in names], hotlines.current())
    waiting = {name: waits.get(name, (0, None)) for name in names}
    ringing = tuple(alarms(tx, hotlines.current(), waiting, limit_s))
    alarmed = {alarm.queue for alarm in ringing}
    lines = tuple(
        Line(
            name, *waiting[name], counted(found, name, tx.floor.queue), due.get(name, 0), limit_s[name], name in alarmed
        )
        for name in names
    )
    firsts = [line.since for line in lines if line.since]
    all_ = Line(
        None, sum(line.waiting for line in lines), min(firsts, default=None), counted(found, None, tx.floor.queue),
        sum(due.values()), None, bool(alarmed - {None}),
    )  # fmt: skip
    agents = tx.floor.logged_in(PEOPLE_MAX)
    people = Counter(agent.state for agent in agents)
    return Look(tx.now, day, begins_at, ends_at, all_, lines, {it: people[it] for it in STATES}, agents, ringing)


def _waiting(tx: Tx) -> dict[str, tuple[int, datetime | None]]:
    """By queue: how many callers wait for a person, and since when the first one does."""
    stand = (ContactState.WAITING.value, ContactState.OFFERED.value)
    where = (contacts.c.kind == CALL, contacts.c.state.in_(stand))
    rows = select(contacts.c.queue, func.count(), func.min(contacts.c.entered_at)).where(*where)
    return {queue: (n, since) for queue, n, since in tx.connection.execute(rows.group_by(contacts.c.queue))}


def _due(tx: Tx) -> dict[str, int]:
    """By queue: promises to call back that are to be kept now, or are in line already."""
    now = or_(callbacks.c.contact.is_not(None), callbacks.c.try_at <= tx.now)
    rows = select(callbacks.c.queue, func.count()).where(callbacks.c.state == CallbackState.OPEN.value, now)
    return dict(tx.connection.execute(rows.group_by(callbacks.c.queue)).all())
