"""Pairs: which step of the new version is which of the old one - by name, and by way where a name has changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from ivr.menu import tree as t
from ivr.menu.ways import Way, ways
from ivr.view.all_words import words_in
from ivr.view.outline import outline

ALIKE = 0.6
"""From this likeness of their words on (0 to 1), steps of other names on the same way are taken for the same step."""

COMPARED_LENGTH_MAX = 2000  # letters


class Pairs:
    """The steps of two versions, paired."""

    def __init__(self, old: t.Tree, new: t.Tree) -> None:
        self._new_names = {name: name for name in old.nodes if name in new.nodes}
        self.renamed = dict(_renamed(old, new, self._new_names))
        self._new_names |= self.renamed
        self.removed = tuple(name for name in old.nodes if name not in self._new_names)
        known = set(self._new_names.values())
        self.added = tuple(name for name in new.nodes if name not in known)

    def new_name(self, old_name: str) -> str | None:
        """What a step of the old version is called in the new one; None when it is gone."""
        return self._new_names.get(old_name)

    def both(self) -> Iterator[tuple[str, str]]:
        """The old and the new name of every step that there was and is."""
        yield from self._new_names.items()

    def same(self, old_name: str | None, new_name: str | None) -> bool:
        """Whether two names mean the same step."""
        if old_name is None or new_name is None:
            return old_name is new_name
        return self._new_names.get(old_name, old_name if old_name not in self.removed else None) == new_name


def keys_to(tree: t.Tree) -> Mapping[str, tuple[str, ...]]:
    """The keys that are pressed on the shortest way from the start to each step."""
    found: dict[str, tuple[str, ...]] = {}
    for root in outline(tree, "en").roots:
        todo = deque([(root, ())])
        while todo:
            step, keys = todo.popleft()
            found[step.node.name] = keys
            for way_out, below in step.branches:
                if below:
                    todo.append((below, (*keys, way_out.mark) if way_out.mark else keys))
    return found


def _renamed(old: t.Tree, new: t.Tree, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Old name -> new name: on the same way from steps that are the same, of the same kind, saying nearly the same."""
    pairs = dict(known)
    taken = set(known.values())
    todo = deque(pairs.items())
    if old.start not in pairs and new.start not in taken and _alike(old, new, old.start, new.start):
        todo.append((old.start, new.start))
        pairs[old.start] = new.start
        taken.add(new.start)
        yield old.start, new.start
    while todo:
        before, after = todo.popleft()
        ahead = {_label(way): way.to for way in ways(new, new.nodes[after])}
        for way in ways(old, old.nodes[before]):
            to = ahead.get(_label(way), "")
            if way.to in old.nodes and way.to not in pairs and to not in taken and _alike(old, new, way.to, to):
                pairs[way.to] = to
                taken.add(to)
                todo.append((way.to, to))
                yield way.to, to


def _label(way: Way) -> tuple[str, str]:
    return way.by, "" if way.by == "share" else way.detail


def _alike(old: t.Tree, new: t.Tree, before: str, after: str) -> bool:
    one, other = old.nodes.get(before), new.nodes.get(after)
    if one is None or other is None or type(one) is not type(other):
        return False
    said, says = _text(one), _text(other)
    if said or says:
        return SequenceMatcher(None, said, says, autojunk=False).ratio() >= ALIKE and _place(one) == _place(other)
    return replace(one, name="", place=t.NOWHERE) == replace(other, name="", place=t.NOWHERE)


def _place(node: t.Node) -> object:
    """What makes a step another one even if it says the same: the queue people wait in, the number that is dialled."""
    if isinstance(node, t.QueueNode | t.Callback):
        return node.queue
    return node.number if isinstance(node, t.Transfer) else None


def _text(node: t.Node) -> str:
    return " ".join(" ".join(words.values()) for words in words_in(node))[:COMPARED_LENGTH_MAX]
