"""Steady: a clock that never goes back, so that nobody who comes later is ever put before those who wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

PACE = 0.9
"""While the clock on the wall is behind, time goes on at this pace until it has caught up: deadlines still come."""

BEHIND_MAX = timedelta(hours=2)
"""So far behind what was told before, a new beginning still goes on from there. Of more than that it is not said which
of the two was wrong, and at PACE a day would take ten to catch up: then the wall is believed."""


class Steady:
    """Tells the time of `wall`, however it is set; `elapsed_s` counts seconds and is never set.

    Threads take turns with it: that is for whoever has them to see to.
    """

    def __init__(self, wall: Callable[[], datetime], elapsed_s: Callable[[], float]) -> None:
        self._wall, self._elapsed_s = wall, elapsed_s
        self._told: datetime | None = None
        self._told_s = 0.0

    def __call__(self) -> datetime:
        """The time: that of the wall or, if it was set back, a little more than was told last."""
        now, now_s = self._wall(), self._elapsed_s()
        if self._told is not None:
            now = max(now, self._told + timedelta(seconds=PACE * max(now_s - self._told_s, 0.0)))
        self._told, self._told_s = now, now_s
        return now

    def go_on_from(self, latest: datetime) -> timedelta:
        """Begin no earlier than `latest`, what another one told last, if that is at most BEHIND_MAX ahead.

        How far ahead it is (below 0: it is not) comes back.
        """
        ahead = latest - self()
        if timedelta(0) < ahead <= BEHIND_MAX:
            self._told = latest
        return ahead
