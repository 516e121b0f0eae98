"""Contact: anything that waits for a person - a call, a callback - and its place among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from routing.lifecycle import Lifecycle

Relaxing = tuple[tuple[int, Mapping[str, int]], ...]
"""(seconds of waiting, what is needed from then on), ascending."""


class ContactState(StrEnum):
    """Where a contact is."""

    WAITING = "waiting"
    OFFERED = "offered"  # one agent is asked, or has accepted and is being connected
    TALKING = "talking"
    DONE = "done"


class Outcome(StrEnum):
    """How a contact ended on the floor."""

    SERVED = "served"
    ABANDONED = "abandoned"
    OVERFLOWED = "overflowed"
    LEFT = "left"  # by a way of their own: a key that leads out of the queue


S = ContactState
CONTACT = Lifecycle(
    "contact",
    ContactState,
    [
        ("offer", S.WAITING, S.OFFERED),
        ("return", [S.OFFERED, S.TALKING], S.WAITING),
        ("talk", S.OFFERED, S.TALKING),
        ("finish", S.TALKING, S.DONE),
        ("abandon", [S.WAITING, S.OFFERED], S.DONE),
        ("leave", [S.WAITING, S.OFFERED], S.DONE),
        ("overflow", S.WAITING, S.DONE),
    ],
)


@dataclass(slots=True)
class Contact:
    """One contact. Whoever makes it gives the first block; `distributor.enter` and the floor fill in the rest.

    `needs` says which skills, at which least level (1-5), an agent must have. Skill names are of the hotline's
    choosing: languages are skills too. `relax` says what is needed instead after so many seconds of waiting, ascending;
    steps that have been taken are gone from it.
    """

    id: str
    queue: str
    needs: Mapping[str, int] = field(default_factory=dict)
    head_start_s: int = 0
    kind: str = "call"
    language: str = "en"
    case_kind: str | None = None  # the form the agent should see first
    call: str | None = None  # the id of the call behind it, if there is one
    relax: Relaxing = ()

    state: ContactState = ContactState.WAITING
    entered_at: datetime | None = None
    rank: datetime | None = None  # entered_at - head start: who has the lowest is next
    seq: int = 0  # order of entry; decides between equal ranks, whatever the clocks do
    max_wait_at: datetime | None = None
    relax_at: datetime | None = None  # when the first step of `relax` is due
    offers_made: int = 0
    last_agent: str | None = None  # who had the last offer; while talking, and after, who took it
    talking_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    why: str | None = None  # the reason of an overflow

    @property
    def place(self) -> tuple[datetime, int]:
        """What contacts are ordered by. It never changes while they wait, so nobody starves or is overtaken."""
        return (self.rank, self.seq)

    @property
    def lane(self) -> str:
        """The same queue and the same needs: who can take one contact of a lane can take them all."""
        return lane_of(self.queue, self.needs)

    def stand(self, now: datetime, seq: int, max_wait_s: int) -> None:
        """Take a place: now, less the head start."""
        self.entered_at = now
        self.rank = now - timedelta(seconds=self.head_start_s)
        self.seq = seq
        self.max_wait_at = now + timedelta(seconds=max_wait_s)
        self.relax_at = now + timedelta(seconds=self.relax[0][0]) if self.relax else None


def lane_of(queue: str, needs: Mapping[str, int]) -> str:
    """The lane's name: `claims/claims:3/de:2`."""
    return "/".join([queue, *(f"{skill}:{level}" for skill, level in sorted(needs.items()))])
