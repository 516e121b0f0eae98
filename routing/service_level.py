"""Service level: the share of contacts answered in time, with the counts that it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from routing.contact import Contact, Outcome


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Counts of finished waits, `within_s` of the entry or after it; short abandonments and overflows stand apart."""

    within_s: float
    answered_within: int = 0
    answered_after: int = 0
    abandoned_within: int = 0
    abandoned_after: int = 0
    overflowed: int = 0

    @property
    def share(self) -> float | None:
        """Answered within / (answered + abandoned after), from 0 to 1; None while nothing counts.

        Who gives up within the time has not been failed by us and does not count; nor do overflows, which the queue's
        owner chose: their number is shown beside it.
        """
        counted = self.answered_within + self.answered_after + self.abandoned_after
        return self.answered_within / counted if counted else None


def service_level(contacts: Iterable[Contact], within_s: float) -> ServiceLevel:
    """The service level over contacts; those that still wait do not count. At `within_s` exactly is in time."""
    counts = {"answered_within": 0, "answered_after": 0, "abandoned_within": 0, "abandoned_after": 0, "overflowed": 0}
    for contact in contacts:
        if contact.outcome is Outcome.OVERFLOWED:
            counts["overflowed"] += 1
        elif ended := contact.talking_at or contact.ended_at:
            what = "answered" if contact.talking_at else "abandoned"
            when = "within" if (ended - contact.entered_at).total_seconds() <= within_s else "after"
            counts[f"{what}_{when}"] += 1
    return ServiceLevel(within_s, **counts)
