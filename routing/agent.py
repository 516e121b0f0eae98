"""Agent: a person who takes contacts, what they can do, and what they are doing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from routing.lifecycle import Lifecycle


class AgentState(StrEnum):
    """What an agent is doing."""

    LOGGED_OUT = "logged_out"
    AVAILABLE = "available"
    OFFERED = "offered"  # rung, or accepted and not yet connected
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


S = AgentState
AGENT = Lifecycle(
    "agent",
    AgentState,
    [
        ("log_in", S.LOGGED_OUT, S.PAUSED),
        ("ready", [S.PAUSED, S.WRAP_UP], S.AVAILABLE),
        ("offer", S.AVAILABLE, S.OFFERED),
        ("release", [S.OFFERED, S.TALKING], S.AVAILABLE),
        ("talk", S.OFFERED, S.TALKING),
        ("wrap_up", S.TALKING, S.WRAP_UP),
        ("pause", [S.AVAILABLE, S.OFFERED, S.TALKING, S.WRAP_UP], S.PAUSED),
        ("log_out", [S.AVAILABLE, S.OFFERED, S.TALKING, S.WRAP_UP, S.PAUSED], S.LOGGED_OUT),
    ],
)


@dataclass(slots=True)
class Agent:
    """One agent. `address` is where their leg is rung; `ring_at` says whether an offer rings there or on the desk."""

    name: str
    display_name: str = ""
    address: str = ""
    ring_at: str = "desk"  # "desk": the leg is rung once they have accepted; "phone": it is the offer
    skills: Mapping[str, int] = field(default_factory=dict)

    state: AgentState = AgentState.LOGGED_OUT
    since: datetime | None = None  # in this state
    reason: str = ""  # of a pause
    misses: int = 0  # offers missed in a row
    free_since: datetime | None = None  # what "longest idle" is measured by
    wrap_up_until: datetime | None = None
    contact: str | None = None  # taken: from the acceptance to the end of wrap-up
    then: AgentState | None = None  # paused or logged out, as soon as the contact is over

    @property
    def there(self) -> bool:
        """Whether they will take another contact before they log in again; a pause is a break, not a departure."""
        return self.state is not AgentState.LOGGED_OUT and self.then is not AgentState.LOGGED_OUT


def able(skills: Mapping[str, int], needs: Mapping[str, int]) -> bool:
    """Whether each needed skill is there at the needed level; an unknown skill is a missing one."""
    return all(skills.get(skill, 0) >= level for skill, level in needs.items())
