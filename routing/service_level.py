"""Service level: the share of contacts answered in time, with the counts that it comes from.

There are many formulas of that name; these are ours and the two that others use most, from the same counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing.contact import Outcome
from routing.figures import Passage


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Counts of finished waits, `within_s` of the entry or after it; what caller or owner chose stands apart."""

    within_s: float
    answered_within: int = 0
    answered_after: int = 0
    abandoned_within: int = 0
    abandoned_after: int = 0
    overflowed: int = 0
    left: int = 0

    @property
    def share(self) -> float | None:
        """Answered within / (answered + abandoned after), from 0 to 1; None while nothing counts.

        Who gives up within the time has not been failed by us and does not count; nor do overflows, which the queue's
        owner chose, and those who left by a key, which was their own choice: their numbers are shown beside it.
        """
        return _share(self.answered_within, self.answered_within + self.answered_after + self.abandoned_after)

    @property
    def share_of_answered(self) -> float | None:
        """Answered within / answered: it looks better the more callers give up."""
        return _share(self.answered_within, self.answered_within + self.answered_after)

    @property
    def share_of_all(self) -> float | None:
        """Answered within / (answered + abandoned), early abandonments too: the strictest."""
        abandoned = self.abandoned_within + self.abandoned_after
        return _share(self.answered_within, self.answered_within + self.answered_after + abandoned)


def service_level(passages: Iterable[Passage], within_s: float) -> ServiceLevel:
    """The service level over contacts; those that still wait do not count, nor do e-mails that were
    handed on: they count where they are answered. At `within_s` exactly is in time."""
    counts: dict[str, int] = {}
    for passage in passages:
        if passage.waited_s is None or (passage.answered_at is None and passage.outcome is Outcome.TRANSFERRED):
            continue
        if passage.answered_at is None and passage.outcome in (Outcome.OVERFLOWED, Outcome.LEFT):
            what = passage.outcome.value
        else:
            when = "within" if passage.waited_s <= within_s else "after"
            what = f"answered_{when}" if passage.answered_at else f"abandoned_{when}"
        counts[what] = counts.get(what, 0) + 1
    return ServiceLevel(within_s, **counts)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
