"""Shifts: how long each agent was doing what, told by the events alone, and the figures that are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from routing.agent import AgentState
from routing.event import Event
from routing.figures import Spent
from routing.kind import KINDS, Kind

S = AgentState
BY_THEMSELVES = {"logged in": S.PAUSED, "ready": S.AVAILABLE, "paused": S.PAUSED, "logged out": S.LOGGED_OUT}
CAME_TO_NOTHING = frozenset({"declined", "missed", "withdrawn", "caller gone", "failed"})


@dataclass(slots=True)
class Shift:
    """One agent's time: the `stretches` of it in each state up to `since`, when the present one began."""

    agent: str
    state: AgentState = S.LOGGED_OUT
    since: datetime | None = None
    offer: str | None = None  # what they are asked about, or are busy with
    stretches: list[tuple[AgentState, datetime, datetime]] = field(default_factory=list)

    def becomes(self, state: AgentState, at: datetime) -> None:
        """From now on they do this; the time until now was spent on what they did before."""
        if self.since is not None and at > self.since:
            self.stretches.append((self.state, self.since, at))
        self.state, self.since = state, at

    @property
    def spent(self) -> Spent:
        """How long they were in each state."""
        return _added((state, until - since) for state, since, until in self.stretches)

    def within(self, since: datetime, until: datetime) -> Spent:
        """How much of it lies between two moments."""
        cut = ((state, min(end, until) - max(begin, since)) for state, begin, end in self.stretches)
        return _added((state, length) for state, length in cut if length > timedelta())

    def seconds(self, *states: AgentState) -> float:
        """How long they were in any of these, in seconds."""
        spent = self.spent
        return sum((spent.get(state, timedelta()) for state in states), timedelta()).total_seconds()

    @property
    def logged_in_s(self) -> float:
        """From logging in to logging out, breaks included."""
        return self.seconds(*(set(S) - {S.LOGGED_OUT}))


def _added(stretches: Iterable[tuple[AgentState, timedelta]]) -> Spent:
    spent: dict[AgentState, timedelta] = {}
    for state, length in stretches:
        spent[state] = spent.get(state, timedelta()) + length
    return spent


TELLING = frozenset({"entered", "offered", "talking", "talk ended"}) | CAME_TO_NOTHING | frozenset(BY_THEMSELVES)
"""The events that shifts are made of."""


def shifts_of_events(
    events: Iterable[Event],
    until: datetime,
    kinds: Mapping[str, Kind] = KINDS,
    entered: Mapping[str, str] | None = None,
) -> dict[str, Shift]:
    """Each agent's shift as the events tell it, up to `until`. `entered`: contacts, with their kinds, that began to
    wait before the first of these events."""
    found: dict[str, Shift] = {}
    live = {contact: kinds.get(kind, kinds["call"]).live for contact, kind in (entered or {}).items()}
    for event in events:
        if event.what == "entered":
            live[event.about] = kinds.get(str(event.fields["kind"]), kinds["call"]).live
        elif "offer" in event.fields:
            _follow(found.setdefault(str(event.fields["agent"]), Shift(str(event.fields["agent"]))), event, live)
        elif event.what in BY_THEMSELVES and not event.fields.get("by"):
            found.setdefault(event.about, Shift(event.about)).becomes(BY_THEMSELVES[event.what], event.at)
    for shift in found.values():
        shift.becomes(shift.state, until)
    return found


def _follow(shift: Shift, event: Event, live: Mapping[str, bool]) -> None:
    """What the contact that an agent is asked about, or has, makes them do."""
    offer = str(event.fields["offer"])
    if event.what == "offered":
        shift.offer = offer
        shift.becomes(S.OFFERED, event.at)
    if offer != shift.offer:
        return  # an e-mail in hand
    if event.what == "talking" and live.get(event.about, True):
        shift.becomes(S.TALKING, event.at)
    elif event.what == "talking" or event.what in CAME_TO_NOTHING:
        shift.offer = None
        if shift.state in (S.OFFERED, S.TALKING):
            shift.becomes(S.AVAILABLE, event.at)
    elif event.what == "talk ended":
        shift.offer = None
        shift.becomes(S.WRAP_UP, event.at)
