"""All words: everything in a tree that is said to callers, each with the step or room it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ivr.menu.tree import Tree
from ivr.menu.words import Words

ROOMS = ("nodes", "queues", "surveys")
"""The parts of a tree whose words callers hear; names, forms and results are for desks and pages."""


def all_words(tree: Tree) -> Iterator[tuple[str, str, Words]]:
    """`(room, name, words)` in the files' order: `("nodes", "welcome", ...)`; the emergency's room is `emergency`."""
    for room in ROOMS:
        for name, thing in getattr(tree, room).items():
            yield from ((room, name, words) for words in words_in(thing))
    if tree.emergency:
        yield "emergency", "emergency", tree.emergency.words


def words_in(thing: Any) -> Iterator[Words]:
    """All words within a part of a tree. Words that are none (a choice of language has no label) are left out."""
    if isinstance(thing, Words):
        if thing.texts:
            yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from words_in(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from words_in(value)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from words_in(getattr(thing, field.name))
