"""Prompts: which recordings a tree plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from ivr.menu.tree import Tree, Words

SOUND_BYTES_MAX = 10_000_000
"""One recording; ten minutes of telephone quality."""

SOUND_TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg"}
"""What may be played, by the end of its name."""


def files_used(tree: Tree) -> frozenset[str]:
    """The sound files that a tree names: recordings of its words, and music."""
    music = {f"{it.music}{ending}" for it in tree.queues.values() for ending in SOUND_TYPES}
    return frozenset(file for words in _words(tree) for file in words.recordings.values()) | music


def _words(thing: object) -> Iterator[Words]:
    if isinstance(thing, Words):
        yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from _words(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from _words(value)
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from _words(getattr(thing, each.name))
