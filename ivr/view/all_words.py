"""All words: everything in a tree that is said to callers, each with the step or room it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
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


def reworded(thing: Any, change: Callable[[str], str]) -> Any:
    """The same part of a tree with every text of its words changed."""
    if isinstance(thing, Words):
        texts = {code: change(text) for code, text in thing.texts.items()}
        plurals = {
            code: replace(plural, forms={form: change(text) for form, text in plural.forms.items()})
            for code, plural in thing.plurals.items()
        }
        return Words(texts, plurals, thing.recordings)
    if isinstance(thing, Mapping):
        return {key: reworded(value, change) for key, value in thing.items()}
    if isinstance(thing, tuple):
        return tuple(reworded(value, change) for value in thing)
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{it.name: reworded(getattr(thing, it.name), change) for it in fields(thing)})
    return thing
