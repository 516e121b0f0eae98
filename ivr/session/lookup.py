"""Lookup: another system asked while the caller hears something or waits a moment; without an answer it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from ivr import heard as h
from ivr import instruction as i
from ivr.menu import tree as t
from ivr.session.turn import Answer, Go, Turn
from ivr.session.wording import placeholders, substituted, worded

DOOR = "looked-up"
POLL_S = 1
"""The carrier is told to wait this long before it asks whether the answer has come; it takes no less."""

FOUND_MAX = 200
"""Characters of one value that are kept."""


def arrive(turn: Turn, node: t.Lookup, said: Sequence[i.Instruction]) -> Answer:
    """Ask, if everything is known that stands in the address."""
    if not all(turn.known(name) for name in placeholders(node.url)):
        return Go(node.otherwise, tuple(said))
    url = substituted(node.url, lambda name: quote(turn.known(name), safe=""))
    words = [worded(turn, node.words)] if node.words else []
    return [*said, *words, i.LookUp(url, node.into, node.budget_s), i.GoOn(DOOR, 0 if words else POLL_S)]


def hear(turn: Turn, node: t.Lookup, heard: h.Heard) -> Answer:
    """What was answered is noted, as far as the tree wants it."""
    if not isinstance(heard, h.LookedUp) or heard.found is None:
        return Go(node.otherwise)
    for name in node.into:
        turn.note(name, heard.found.get(name, "")[:FOUND_MAX])
    return Go(node.then)
