"""Clock: the time of a simulated day - what has passed, what the wall shows, and what the floor is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from routing.steady import Steady


class Clock:
    """Real time (`true`) only goes forward; the wall can be set. The floor is told `now`, which never goes back."""

    def __init__(self, begin: datetime) -> None:
        self.begin = self.true = begin
        self.set_by = timedelta()
        self._steady = Steady(lambda: self.true + self.set_by, lambda: (self.true - self.begin).total_seconds())
        self.now = self._steady()

    def go(self, to: datetime) -> None:
        """Real time passes until then, if it has not passed yet."""
        self.true = max(self.true, to)
        self.now = max(self.now, self._steady())

    def set(self, by_s: float) -> None:
        """Somebody sets the clock on the wall, forward or back."""
        self.set_by += timedelta(seconds=by_s)
        self.now = max(self.now, self._steady())

    def due(self, at: datetime) -> datetime:
        """When, in real time, somebody who sleeps now wakes for what is due when the floor's time is `at`."""
        return self.true + max(at - self.now, timedelta())
