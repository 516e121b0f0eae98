"""Measure: how much of a hotline its call scripts try, and calls that would try the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ivr.menu import tree as t
from ivr.view.cover.point import Point
from ivr.view.cover.witness import speaks
from ivr.view.crawl.as_script import can_be_scripted
from ivr.view.crawl.ways import Path, Ways, come_by, few


@dataclass(frozen=True, slots=True)
class Proposal:
    """A call that would try some of what is not tried."""

    path: Path
    tries: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What counts (`points`), what of it is `tried`, what no call comes by, and the words heard of all there are."""

    points: tuple[Point, ...]
    tried: frozenset[Point]
    unreached: tuple[Point, ...]
    words_heard: int
    words: int

    @property
    def gaps(self) -> tuple[Point, ...]:
        """What no script tries."""
        return tuple(it for it in self.points if it not in self.tried)

    @property
    def percent(self) -> int:
        """How much is tried, rounded down: 100 only if nothing is left."""
        return 100 * len(self.tried) // len(self.points) if self.points else 100


def measure(tree: t.Tree, ways: Ways, reached: Collection[Point], words: Collection[tuple[str, str]]) -> Measure:
    """Hold what was reached against all that counts; what no call can come by does not count."""
    tried = frozenset(reached) & frozenset(ways.points)
    unreached = tuple(it for it in ways.out_of_reach if it not in tried)
    counted = tuple(it for it in ways.points if it not in unreached)
    speaking = sum(speaks(node) for node in tree.nodes.values()) * len(tree.languages)
    return Measure(counted, tried, unreached, len(words), speaking)


def proposals(tree: t.Tree, ways: Ways, gaps: Sequence[Point]) -> list[Proposal]:
    """Few calls that between them try all gaps that a script can bring about, each with those that it is there for."""
    paths = [ways.paths[it] for it in gaps if it in ways.paths and can_be_scripted(ways.paths[it])]
    left, found = list(gaps), []
    for path in few(tree, paths, gaps):
        by_it = come_by(tree, path)
        tries = tuple(it for it in left if it in by_it)
        left = [it for it in left if it not in by_it]
        if tries:
            found.append(Proposal(path, tries))
    return found
