"""Witness: stands in for the session's step on a hotline where scripts are played, and notes what calls come by."""

from __future__ import annotations

from datetime import datetime

from ivr import heard as h
from ivr.call import Call
from ivr.menu import tree as t
from ivr.session.turn import Instructions
from ivr.view.cover.point import Point
from ivr.view.cover.reached import reached, stepped


class Witness:
    """Called as `session.step` is, and does the same; `points` and `words` (step and language) are what was met."""

    def __init__(self) -> None:
        self.points: set[Point] = set()
        self.words: set[tuple[str, str]] = set()

    def __call__(self, call: Call, heard: h.Heard, tree: t.Tree, now: datetime) -> Instructions:
        """Take the step and note it."""
        it = stepped(call, heard, tree, now)
        self.points |= reached(tree, it)
        self.words |= {(name, call.language) for name in it.way if speaks(tree.nodes[name])}
        if isinstance(heard, h.Pressed) and not it.way and (node := tree.nodes.get(call.node)) and speaks(node):
            self.words.add((node.name, call.language))  # another language was chosen
        return list(it.said)


def speaks(node: t.Node) -> bool:
    """Whether a step has words of its own that callers hear."""
    return not isinstance(node, t.Sms) and getattr(node, "words", None) is not None
