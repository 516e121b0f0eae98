"""Proof: that from every state a person, a message or an honest closed notice is reached - or the way that is not so.

Two things are shown of every state that was looked at. Whoever does nothing from there on, or only what does not fit,
is brought to one of those in so many steps: there is no way round in which that never happens, and none that ends with
the call. And whoever presses the right keys gets to one in so many. That somebody may choose for ever to hear the same
again is not held against a tree.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ivr import heard as h
from ivr.menu import tree as t
from ivr.view.crawl.start import Start
from ivr.view.crawl.walk import Edge, Key, State, Walk, tells_the_next_opening

Trouble = Literal["hung_up", "no_words", "round", "nowhere", "broken"]


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A way on which nobody, no message and no notice is ever reached: the call, what was heard in it, and how it goes
    wrong at the end - hung up on, ended without a word, round and round, no way on, or `why` the program fails."""

    trouble: Trouble
    start: Start
    heard: tuple[h.Heard, ...]
    node: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What could be shown. `slowest` and `longest` count what a caller does or bears (keys, silences, answers of
    others) until somebody is reached: by doing nothing, or nothing that fits; and by the shortest way from where that
    is longest."""

    dead_ends: tuple[DeadEnd, ...]
    slowest: int
    longest: int
    farthest: str
    """The node from where `longest` is."""


def prove(walk: Walk) -> Proof:
    """Look at every state of a walk; the shortest dead end of each kind and node comes first."""
    idle, rounds = _idle(walk)
    near = _nearest(walk)
    looked = [key for key, state in walk.states.items() if state.looked]
    farthest = max(looked, key=lambda key: near.get(key, 0), default=None)
    ends = [*_bad_ends(walk), *_rounds(walk, rounds), *(_nowhere(walk, near, looked) if walk.whole else ())]
    return Proof(
        tuple(_shortest(ends)),
        max((idle.get(key, 0) for key in looked), default=0),
        near.get(farthest, 0) if farthest else 0,
        walk.states[farthest].call.node if farthest else "",
    )


def is_bad(tree: t.Tree, state: State | None, edge: Edge) -> Trouble | None:
    """Whether a call goes wrong by this; `state` is None where it only rings."""
    if edge.broken:
        return "broken"
    if edge.to is not None or edge.reaches or (state is not None and state.served):
        return None
    if isinstance(edge.heard, h.Recorded | h.TalkEnded) or edge.heard == h.Dialled(True):
        return None
    node = tree.nodes[state.call.node] if state is not None else None
    if isinstance(node, t.Record) or (state is not None and node and tells_the_next_opening(node, state.call.language)):
        return None  # a message could be left, and none was; or it was said when somebody is there
    if isinstance(edge.heard, h.Pressed) and edge.heard.keys == tree.conventions.end:
        return None
    if not edge.said:
        return "no_words"
    return "hung_up" if isinstance(node, t.Menu | t.Ask | t.Callback) and edge.failed else None


def _bad_ends(walk: Walk) -> Iterator[DeadEnd]:
    for start, edge in walk.beginnings:
        if trouble := is_bad(walk.tree, None, edge):
            yield DeadEnd(trouble, start, (), walk.tree.start, edge.broken)
    for key, state in walk.states.items():
        for edge in state.edges:
            if trouble := is_bad(walk.tree, state, edge):
                start, heard = walk.way_to(key)
                yield DeadEnd(trouble, start, (*heard, edge.heard), state.call.node, edge.broken)


def onward(state: State) -> list[Edge]:
    """What may befall a caller who does nothing, or nothing that fits, and whom nobody answers."""
    others = (h.WentOn, h.LookedUp, h.Overflowed)
    return [it for it in state.edges if it.failed or isinstance(it.heard, others) or it.heard == h.Dialled(False)]


def _idle(walk: Walk) -> tuple[dict[Key, int], list[tuple[Key, ...]]]:
    """For each state in how many steps somebody is reached at the latest, and the ways that go round for ever."""
    known: dict[Key, int] = {}
    rounds: list[tuple[Key, ...]] = []
    for first in walk.states:
        _longest_from(walk, first, known, rounds)
    return known, rounds


def _longest_from(walk: Walk, first: Key, known: dict[Key, int], rounds: list[tuple[Key, ...]]) -> None:
    """Depth first, without recursion: a way may be longer than the program's stack."""
    if first in known:
        return
    on_the_way: dict[Key, int] = {first: 0}  # in order, each with the most steps found so far
    todo = [(first, iter(_followed(walk, first)))]
    while todo:
        key, edges = todo[-1]
        edge = next(edges, None)
        if edge is None:
            todo.pop()
            known[key] = on_the_way.pop(key)
            if todo:
                before = todo[-1][0]
                on_the_way[before] = max(on_the_way[before], 1 + known[key])
        elif edge.to is None or edge.reaches:
            on_the_way[key] = max(on_the_way[key], 1)
        elif edge.to in on_the_way:
            way = list(on_the_way)
            rounds.append(tuple(way[way.index(edge.to) :]))
        elif edge.to in known:
            on_the_way[key] = max(on_the_way[key], 1 + known[edge.to])
        else:
            on_the_way[edge.to] = 0
            todo.append((edge.to, iter(_followed(walk, edge.to))))


def _followed(walk: Walk, key: Key) -> list[Edge]:
    state = walk.states[key]
    return [] if state.served else onward(state)


def _rounds(walk: Walk, rounds: list[tuple[Key, ...]]) -> Iterator[DeadEnd]:
    for way in rounds:
        first = min(way, key=lambda key: walk.states[key].depth)
        at = way.index(first)
        turned = [*way[at:], *way[:at], first]
        start, heard = walk.way_to(first)
        more = [_between(walk, one, other) for one, other in pairwise(turned)]
        yield DeadEnd("round", start, (*heard, *more), walk.states[first].call.node)


def _between(walk: Walk, one: Key, other: Key) -> h.Heard:
    return next(edge.heard for edge in onward(walk.states[one]) if edge.to == other)


def _nearest(walk: Walk) -> dict[Key, int]:
    """For each state the fewest steps to somebody; states from which there is no way are not in it."""
    near: dict[Key, int] = {}
    comes_from: dict[Key, list[Key]] = {}
    for key, state in walk.states.items():
        if state.served:
            near[key] = 0
        for edge in state.edges:
            if edge.reaches or (edge.to is None and not is_bad(walk.tree, state, edge)):
                near.setdefault(key, 1)
            elif edge.to is not None:
                comes_from.setdefault(edge.to, []).append(key)
    todo = deque(sorted(near, key=lambda key: near[key]))
    while todo:
        key = todo.popleft()
        for before in comes_from.get(key, ()):
            if before not in near:
                near[before] = near[key] + 1
                todo.append(before)
    return near


def _nowhere(walk: Walk, near: dict[Key, int], looked: list[Key]) -> Iterator[DeadEnd]:
    for key in looked:
        if key not in near:
            yield DeadEnd("nowhere", *walk.way_to(key), walk.states[key].call.node)


def _shortest(ends: list[DeadEnd]) -> Iterator[DeadEnd]:
    """The shortest of each kind at each node."""
    seen: set[tuple[str, str]] = set()
    for it in sorted(ends, key=lambda it: len(it.heard)):
        if (it.trouble, it.node) not in seen:
            seen.add((it.trouble, it.node))
            yield it
