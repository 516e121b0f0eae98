"""Shifts: how long each agent was doing what, told by the events alone, and the figures that are made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from routing.agent import AgentState
from routing.event import Event
from routing.kind import KINDS, Kind

S = AgentState
BY_THEMSELVES = {"logged in": S.PAUSED, "ready": S.AVAILABLE, "paused": S.PAUSED, "logged out": S.LOGGED_OUT}
CAME_TO_NOTHING = frozenset({"declined", "missed", "withdrawn", "caller gone", "failed"})


@dataclass(slots=True)
class Shift:
    """One agent's time: `spent` in each state up to `since`, when the present one began."""

    agent: str
    state: AgentState = S.LOGGED_OUT
    since: datetime | None = None
    offer: str | None = None  # what they are asked about, or are busy with
    spent: dict[AgentState, timedelta] = field(default_factory=dict)

    def becomes(self, state: AgentState, at: datetime) -> None:
        """From now on they do this; the time until now was spent on what they did before."""
        if self.since is not None and at > self.since:
            self.spent[self.state] = self.spent.get(self.state, timedelta()) + (at - self.since)
        self.state, self.since = state, at

    def seconds(self, *states: AgentState) -> float:
        """How long they were in any of these, in seconds."""
        return sum((self.spent.get(state, timedelta()) for state in states), timedelta()).total_seconds()

    @property
    def logged_in_s(self) -> float:
        """From logging in to logging out, breaks included."""
        return self.seconds(*(set(S) - {S.LOGGED_OUT}))

    @property
    def occupancy(self) -> float | None:
        """(offered + talking + wrap-up) / (logged in - paused), from 0 to 1; None for who was never at work."""
        at_work_s = self.logged_in_s - self.seconds(S.PAUSED)
        return self.seconds(S.OFFERED, S.TALKING, S.WRAP_UP) / at_work_s if at_work_s else None


def shifts_of_events(events: Iterable[Event], until: datetime, kinds: Mapping[str, Kind] = KINDS) -> dict[str, Shift]:
    """Each agent's shift as the events tell it, up to `until`."""
    found: dict[str, Shift] = {}
    live: dict[str, bool] = {}  # by contact: whether it wants the agent's whole attention
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
    if event.what == "talking" and live[event.about]:
        shift.becomes(S.TALKING, event.at)
    elif event.what == "talking" or event.what in CAME_TO_NOTHING:
        shift.offer = None
        if shift.state in (S.OFFERED, S.TALKING):
            shift.becomes(S.AVAILABLE, event.at)
    elif event.what == "talk ended":
        shift.offer = None
        shift.becomes(S.WRAP_UP, event.at)
