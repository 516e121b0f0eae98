"""Outline: the tree as nested steps - each where a caller meets it first, and mentioned by name everywhere else."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from ivr.menu import tree as t
from ivr.view.exits import Exit, exits

DEPTH_MAX = 10
"""Steps within steps; what lies deeper is shown beside the rest, so that a page of it can still be read."""


@dataclass(slots=True)
class Step:
    """One node in the outline; `branches` are its ways out, each with the step shown there or None: shown elsewhere."""

    node: t.Node
    depth: int
    branches: list[tuple[Exit, Step | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything a caller can meet, and what no caller can reach.

    `roots`: where calls begin, where a person is asked for, and what only a silence or an emergency leads to.
    """

    roots: tuple[Step, ...]
    unreached: tuple[str, ...]

    def steps(self) -> list[Step]:
        """Every step, in the order in which the outline is read."""
        found: list[Step] = []
        todo = list(reversed(self.roots))
        while todo:
            step = todo.pop()
            found.append(step)
            todo.extend(below for _, below in reversed(step.branches) if below)
        return found


def outline(tree: t.Tree, language: str) -> Outline:
    """The outline of a tree, its ways told in `language`. The shortest way decides where a step is shown.

    What a draft with faults leads to and does not hold is mentioned, not shown.
    """
    placed: dict[str, Step] = {}
    roots: list[Step] = []
    heads = [tree.start, *([tree.emergency.goto] if tree.emergency else []), t.OPERATOR]
    while True:
        mentioned = (exit_.way.to for step in placed.values() for exit_, below in step.branches if below is None)
        missing = next((it for it in (*heads, *mentioned) if it not in placed and it in tree.nodes), None)
        if missing is None:
            return Outline(tuple(roots), tuple(name for name in tree.nodes if name not in placed))
        roots.append(_grow(tree, missing, placed, language))


def _grow(tree: t.Tree, name: str, placed: dict[str, Step], language: str) -> Step:
    """Place `name` and all that is not placed yet and lies ahead of it, near steps first."""
    root = placed[name] = Step(tree.nodes[name], 0)
    todo = deque([root])
    while todo:
        step = todo.popleft()
        for way_out in exits(tree, step.node, language):
            to, below = way_out.way.to, None
            if way_out.forward and to not in placed and to in tree.nodes and step.depth < DEPTH_MAX:
                below = placed[to] = Step(tree.nodes[to], step.depth + 1)
                todo.append(below)
            step.branches.append((way_out, below))
    return root
