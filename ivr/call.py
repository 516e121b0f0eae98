"""Call: one conversation with a caller, ring to end, and the table of its states."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from routing.lifecycle import Lifecycle


class CallState(StrEnum):
    """Where a call is; design.md section 4."""

    RINGING = "ringing"
    IN_MENU = "in menu"
    WAITING = "waiting"
    TALKING = "talking"
    ENDED = "ended"


LIFECYCLE = Lifecycle(
    "call",
    CallState,
    [
        ("answer", CallState.RINGING, CallState.IN_MENU),
        ("wait", CallState.IN_MENU, CallState.WAITING),
        ("connect", CallState.WAITING, CallState.TALKING),
        ("return", [CallState.WAITING, CallState.TALKING], CallState.IN_MENU),
        ("end", [CallState.RINGING, CallState.IN_MENU, CallState.WAITING, CallState.TALKING], CallState.ENDED),
    ],
)


class Outcome(StrEnum):
    """How a call ended."""

    SERVED = "served"
    ABANDONED = "abandoned"
    OVERFLOWED = "overflowed"
    LEFT_A_MESSAGE = "left a message"
    TRANSFERRED = "transferred"
    CALLED_BACK = "called back"  # promised; what came of it stands with the callback
    ENDED_IN_MENU = "ended in menu"
    FAILED = "failed"


@dataclass(slots=True)
class Call:
    """One conversation with a caller.

    `sid` is the carrier's id. `version` is the tree the call began with and stays on. `step` is the number of the
    last action address handed out. `path` is the way through the menus, as (node, key pressed). `typed` is what the
    caller entered, by variable, and `entry` an entry not yet confirmed; `noted` is what the tree itself noted or looked
    up. Secrets are in neither. `answers` are the survey's, by question; `survey` says whether it was offered (at
    `survey_at`, and by which `survey_way`) or the caller is spared it. `silences` and `wrong_keys` count at one node,
    `failures` both in a row, wherever; `met` are the menus heard before. `announced` is what a waiting caller was last
    told, `announcements` counts how often; `texted` counts text messages. `redirected_at` is since when the carrier
    should have taken the call elsewhere. `consent` is what the caller was told of being recorded, and said to it.
    """

    sid: str
    hotline: str
    version: str
    caller: str
    called: str
    language: str
    started_at: datetime
    state: CallState = CallState.RINGING
    node: str = ""
    silences: int = 0
    wrong_keys: int = 0
    failures: int = 0
    step: int = 0
    entry: str = ""
    question: int = 0
    hinted: bool = False
    path: list[tuple[str, str]] = field(default_factory=list)
    way_back: list[str] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    case_kind: str = ""
    contact: str | None = None
    outcome: Outcome | None = None
    waiting_since: datetime | None = None
    announced_at: datetime | None = None
    announced: str = ""
    announcements: int = 0
    texted: int = 0
    connected_at: datetime | None = None
    redirected_at: datetime | None = None
    ended_at: datetime | None = None
    survey: str = ""
    survey_at: datetime | None = None
    consent: str = ""
    survey_way: str = ""

    @property
    def id(self) -> str:
        """The name this call goes by in messages."""
        return self.sid
