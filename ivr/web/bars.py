"""Bars: stacked columns drawn as SVG, with the same numbers in a table beside them; no script, no style of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

HEIGHT, LEFT, FOOT, STEP = 160, 34, 22, 22
GAP = 4
LABELS_MAX = 12
LABEL_EVERY = 2
COLUMNS_MIN = 16
LINES = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what stands below it, and how high each of its pieces is, from below."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle as SVG wants it; `kind` is its class."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Bars:
    """A chart. `names` are the pieces' names in the reader's language, `kinds` their classes in the style sheet."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def width(self) -> int:
        """In the units of its own view box."""
        return LEFT + STEP * max(COLUMNS_MIN, len(self.columns)) + GAP

    @property
    def height(self) -> int:
        """In the units of its own view box."""
        return HEIGHT + FOOT + 10

    @cached_property
    def top(self) -> int:
        """The number at the upper edge: a whole number of equal steps that no column goes beyond."""
        highest = max([1, *(sum(column.counts) for column in self.columns)])
        step = next(
            unit for power in range(9) for unit in (10**power, 2 * 10**power, 5 * 10**power) if unit * LINES >= highest
        )
        return step * LINES

    @property
    def scale(self) -> list[tuple[int, float]]:
        """The lines across: (number, height)."""
        return [(self.top * n // LINES, self._y(self.top * n // LINES)) for n in range(LINES + 1)]

    def pieces(self) -> Iterator[Piece]:
        """Every rectangle, from left to right and from below."""
        for n, column in enumerate(self.columns):
            below = 0
            for kind, count in zip(self.kinds, column.counts, strict=True):
                if count:
                    y = self._y(below + count)
                    yield Piece(kind, LEFT + STEP * n + GAP / 2, y, STEP - GAP, self._y(below) - y)
                below += count

    def labels(self) -> list[tuple[float, str]]:
        """What stands below, thinned out where there would be too many, full hours first: (middle, text)."""
        every = max(LABEL_EVERY, -(-len(self.columns) // LABELS_MAX))
        first = next((n for n, column in enumerate(self.columns) if column.label.endswith(":00")), 0)
        shown = range(first % every, len(self.columns), every)
        return [(LEFT + STEP * (n + 0.5), self.columns[n].label) for n in shown]

    def _y(self, count: int) -> float:
        return round(10 + HEIGHT * (1 - count / self.top), 2)
