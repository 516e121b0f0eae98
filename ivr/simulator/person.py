"""Person: somebody who can be called, and what they do when it rings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ivr.simulator.line import Line

BEHAVIOURS = ("answers", "busy", "rejects", "voicemail", "never", "unreachable", "by hand")
TAKERS = ("answers", "voicemail")


@dataclass(slots=True)
class Person:
    """One address (a number, `client:NAME` or `sip:...`) and its owner.

    `answers` after `answers_after_s`, then presses `keys` once somebody listens; `voicemail` does so too, but is a
    machine that greets for `greeting_s`; `by hand` waits for Line.answer().
    """

    address: str
    behaviour: str = "answers"
    answers_after_s: float = 0
    keys: str = ""
    lines: list[Line] = field(default_factory=list)
    greeting_s: float = 6

    def __post_init__(self) -> None:
        if self.behaviour not in BEHAVIOURS:
            raise ValueError(f"{self.address}: nobody {self.behaviour!r}; a person is one of {', '.join(BEHAVIOURS)}")

    @property
    def line(self) -> Line | None:
        """The newest leg to this person."""
        return self.lines[-1] if self.lines else None
