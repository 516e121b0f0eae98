"""Queue: a line people stand in, and the times and limits that its owner has set."""

from __future__ import annotations

from dataclasses import dataclass

WAITING_MAX = 1000
"""How many may wait in one queue; the carriers' own queues hold as many."""

TOO_LONG = "too long"
NOBODY_THERE = "nobody there"
NOBODY_ANSWERED = "nobody answered"
FULL = "full"
"""Why a contact overflows: the longest wait is over, nobody logged in could ever take it, `offers_max` offers came
to nothing, or the queue holds WAITING_MAX already."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's settings: seconds, a share from 0 to 1, and counts."""

    name: str
    ring_s: int = 20  # how long one offer stands
    wrap_up_s: int = 30  # the agent's time after a conversation; 0: none
    max_wait_s: int = 600  # then the contact overflows
    service_level_s: int = 20
    service_level_share: float = 0.8
    misses_max: int = 2  # so many missed offers in a row, and the agent is paused
    offers_max: int = 10  # so many offers of one contact, and it overflows

    def __post_init__(self) -> None:
        """ValueError if a setting cannot be meant."""
        for setting in ("ring_s", "max_wait_s", "service_level_s", "misses_max", "offers_max"):
            if getattr(self, setting) < 1:
                raise ValueError(f"queue {self.name}: {setting} is {getattr(self, setting)} (1 or more is right)")
        if self.wrap_up_s < 0:
            raise ValueError(f"queue {self.name}: wrap_up_s is {self.wrap_up_s} (0 or more is right)")
        if not 0 < self.service_level_share <= 1:
            raise ValueError(
                f"queue {self.name}: service_level_share is {self.service_level_share} (above 0, at most 1 is right)"
            )
