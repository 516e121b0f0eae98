"""Deadlines: what is due when, in memory, the earliest first; to forget one costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush

STALE_MAX = 64
"""So many more entries than twice what is true, and the heap is made anew."""


class Deadlines:
    """Moments by key. What is no longer true stays in the heap until it is met, or until it is most of it."""

    __slots__ = ("_at", "_heap")

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}
        self._heap: list[tuple[datetime, str]] = []

    def put(self, key: str, at: datetime | None) -> None:
        """From now on `key` is due `at`; None: never."""
        if at is None:
            self._at.pop(key, None)
        elif self._at.get(key) != at:
            self._at[key] = at
            heappush(self._heap, (at, key))
            if len(self._heap) > 2 * len(self._at) + STALE_MAX:
                self._heap = [(at, key) for key, at in self._at.items()]
                heapify(self._heap)

    def __len__(self) -> int:
        """How many are due at any time."""
        return len(self._at)

    @property
    def first(self) -> datetime | None:
        """The earliest moment."""
        heap = self._heap
        while heap:
            at, key = heap[0]
            if self._at.get(key) == at:
                return at
            heappop(heap)
        return None

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """The keys whose moment has come, the earliest first and then by name, `limit` at most."""
        found: dict[str, datetime] = {}
        while (at := self.first) is not None and at <= now and len(found) < limit:
            found[heappop(self._heap)[1]] = at
        for key, at in found.items():
            heappush(self._heap, (at, key))
        return list(found)
