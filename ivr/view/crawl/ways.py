"""Ways: for each point of a tree the shortest way by it, and few calls that between them come by all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ivr import heard as h
from ivr.menu import tree as t
from ivr.view.cover.point import Point, points
from ivr.view.cover.reached import Stepped, copied, reached, stepped
from ivr.view.crawl.start import Start, in_language, on_holiday, starts
from ivr.view.crawl.walk import STATES_MAX, Walk, prepare, walk

FEW_STATES = 2_000
"""States that are looked at for one language or holiday."""


@dataclass(frozen=True, slots=True)
class Path:
    """One call: how it comes in and what is heard in it."""

    start: Start
    heard: tuple[h.Heard, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The walk through a tree, and for each point that a call can come by the shortest path by it."""

    walk: Walk
    paths: dict[Point, Path]
    points: tuple[Point, ...]

    @property
    def out_of_reach(self) -> tuple[Point, ...]:
        """The points that no call comes by; only known if everything was looked at."""
        return tuple(it for it in self.points if it not in self.paths) if self.walk.whole else ()


def find_ways(tree: t.Tree, at: datetime, states_max: int = STATES_MAX) -> Ways:
    """Look at a tree as a caller might meet it from the moment `at` on."""
    found = walk(tree, starts(tree, at), states_max)
    every = points(tree)
    paths = {point: Path(*found.first[point]) for point in every if point in found.first}
    for point in every:
        if point not in paths and (path := _apart(tree, at, point)):
            paths[point] = path
    return Ways(found, paths, every)


def _apart(tree: t.Tree, at: datetime, point: Point) -> Path | None:
    """The way to a language or a holiday, which other ways do not come by on their own."""
    match point.section:
        case "language":
            first = in_language(tree, at, point.where)
            begins = [first] if first else list(starts(tree, at))
        case "hours" if point.what == "holiday":
            first = on_holiday(tree, at, point.where)
            begins = [first] if first else []
        case _:
            return None
    found = walk(tree, begins, FEW_STATES, lambda walk: point in walk.first, languages_apart=True)
    return Path(*found.first[point]) if point in found.first else None


def replayed(tree: t.Tree, path: Path) -> list[Stepped]:
    """Every step of a path, taken again from ring to end."""
    call = path.start.call(tree)
    steps = [stepped(call, h.Rang(), tree, path.start.at)]
    for heard in path.heard:
        call = copied(steps[-1].after)
        prepare(call, heard, path.start.at)
        steps.append(stepped(call, heard, tree, path.start.at))
    return steps


def come_by(tree: t.Tree, path: Path) -> frozenset[Point]:
    """Every point that a path comes by."""
    return frozenset().union(*(reached(tree, it) for it in replayed(tree, path)))


def few(tree: t.Tree, paths: Iterable[Path], wanted: Collection[Point]) -> list[Path]:
    """Those of the paths that are needed to come by all that is wanted, the longest ones first taken, the shortest
    told first."""
    left, kept = set(wanted), []
    for path in sorted(dict.fromkeys(paths), key=lambda it: -len(it.heard)):
        new = come_by(tree, path) & left
        if new:
            left -= new
            kept.append(path)
    return sorted(kept, key=lambda it: len(it.heard))
