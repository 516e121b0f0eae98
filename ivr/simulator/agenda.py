"""Agenda: what is going to happen on the network, in order of time, then rank, then arrival."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

PEOPLE, CARRIER = 0, 1
"""Ranks within one instant: what people do comes before the carrier's own time limits."""


class Errand(NamedTuple):
    """Work done outside the network's lock (a webhook, say): `run` without it, then `done(result)` under it.

    `lane` names who runs it when time is real: `call` and `person` side by side, `callback` one after the other.
    """

    run: Callable[[], Any]
    done: Callable[[Any], None]
    lane: str = "call"


Action = Callable[[], "Errand | None"]


Item = tuple[datetime, int, int, Action, Callable[[], bool] | None]
"""A moment, rank and count, and what happens then, if it is alive. Counts differ: nothing behind them is compared."""


class Agenda:
    """A heap of items. Never read outside the network's lock."""

    def __init__(self) -> None:
        self._heap: list[Item] = []
        self._count = itertools.count()

    def put(self, at: datetime, action: Action, rank: int = PEOPLE, alive: Callable[[], bool] | None = None) -> None:
        """Let `action` happen at `at`, if it is still `alive` then: time need not pass for what nobody waits for."""
        heapq.heappush(self._heap, (at, rank, next(self._count), action, alive))

    def next_time(self) -> datetime | None:
        """When the next thing happens; None when nothing is left."""
        heap = self._heap
        while heap:
            alive = heap[0][4]
            if alive is None or alive():
                return heap[0][0]
            heapq.heappop(heap)
        return None

    def take(self) -> Action:
        """Remove the next item and return its action."""
        return heapq.heappop(self._heap)[3]
