"""Agent: a person who takes contacts, what they can do, and what they are doing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from routing.kind import Kind, room
from routing.lifecycle import Lifecycle


class AgentState(StrEnum):
    """What an agent is doing."""

    LOGGED_OUT = "logged_out"
    AVAILABLE = "available"
    OFFERED = "offered"  # asked, or accepted and not yet connected
    TALKING = "talking"  # with a contact that wants their whole attention
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


S = AgentState
_OUT, _AVAILABLE, _AWAY = S.LOGGED_OUT, S.AVAILABLE, (S.LOGGED_OUT, S.PAUSED)
# Asked many times in each decision, and a member of an Enum takes ten times as long to look up as a name.

AGENT = Lifecycle(
    "agent",
    AgentState,
    [
        ("log_in", S.LOGGED_OUT, S.PAUSED),
        ("ready", [S.PAUSED, S.WRAP_UP], S.AVAILABLE),
        ("offer", S.AVAILABLE, S.OFFERED),
        ("assign", [S.AVAILABLE, S.PAUSED, S.WRAP_UP], S.OFFERED),
        ("take", S.OFFERED, S.AVAILABLE),
        ("release", [S.OFFERED, S.TALKING], S.AVAILABLE),
        ("talk", S.OFFERED, S.TALKING),
        ("wrap_up", S.TALKING, S.WRAP_UP),
        ("pause", [S.AVAILABLE, S.OFFERED, S.TALKING, S.WRAP_UP], S.PAUSED),
        ("log_out", [S.AVAILABLE, S.OFFERED, S.TALKING, S.WRAP_UP, S.PAUSED], S.LOGGED_OUT),
    ],
)


@dataclass(slots=True)
class Agent:
    """One agent. `address` is where their leg is rung; `ring_at` says whether an offer rings there or on the desk.

    `groups` are what queues' tiers name. `capacity`: how many contacts of a kind they can have at once, where that is
    not the kind's own; 0 is "none of these". `wrap_up_s`: their own wrap-up, instead of the queues'.
    """

    name: str
    display_name: str = ""
    address: str = ""
    ring_at: str = "desk"  # "desk": the leg is rung once they have accepted; "phone": it is the offer
    skills: Mapping[str, int] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    capacity: Mapping[str, int] = field(default_factory=dict)
    wrap_up_s: int | None = None

    state: AgentState = AgentState.LOGGED_OUT
    since: datetime | None = None  # in this state
    reason: str = ""  # of a pause
    misses: int = 0  # offers missed in a row
    free_since: datetime | None = None  # what "longest idle" is measured by
    rests_until: datetime | None = None  # available, but asked nothing before that: they declined, were busy ...
    wrap_up_until: datetime | None = None
    wrap_up_extended: bool = False
    contact: str | None = None  # the live one, taken: from the acceptance to the end of wrap-up
    holds: Mapping[str, int] = field(default_factory=dict)  # contacts in hand that are not live: kind -> how many
    then: AgentState | None = None  # paused or logged out, as soon as the contact is over
    calls: int = 0  # conversations that ended on the day `counted_on`, from its first log-in
    talked_s: float = 0.0  # how long they took
    talked_at: datetime | None = None  # when the last one ended
    counted_on: str = ""  # the day, in UTC, as 2026-11-23

    @property
    def there(self) -> bool:
        """Whether they will take another contact before they log in again; a pause is a break, not a departure."""
        return self.state is not _OUT and self.then is not _OUT

    @property
    def at_work(self) -> bool:
        """Whether they are there and neither on a break nor about to take one."""
        return self.then is None and self.state not in _AWAY

    def has_room_for(self, kind: Kind) -> bool:
        """Whether they may be offered a contact of this kind now."""
        return self.state is _AVAILABLE and self.rests_until is None and room(kind, self.capacity, self.holds)

    def is_in(self, group: str) -> bool:
        """Whether a tier of this name is theirs."""
        return group == self.name or group in self.groups


Snapshot = tuple[Any, ...]

snapshot: Callable[[Agent], Snapshot] = attrgetter(*(each.name for each in fields(Agent)))
"""An agent as they are at this moment: `Agent(*snapshot(agent))` is a copy, made when somebody wants it."""
