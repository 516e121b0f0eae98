"""Ways: where a call may go from a node, each with what brings it there. Drawing, comparing and checking walk these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ivr.menu import tree as t

By = Literal[
    "key", "operator", "silence", "wrong_key", "then", "rule", "otherwise", "share", "overflow", "exit", "goto",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a node: by what, to which node, and whether the caller has to do or bear something for it.

    `detail` is the key that is pressed, the reason of an overflow, the number of a rule (from 1), a share in percent.
    """

    by: By
    to: str
    detail: str = ""
    asked: bool = (
        False  # a key, a silence, an entry, a wait or a message lies on this way; without: it is taken at once
    )


def ways(tree: t.Tree, node: t.Node) -> tuple[Way, ...]:
    """Every way out of a node, in the order written. Keys that change the language lead nowhere and are left out."""
    return tuple(_ways(tree, node))


def ways_out(tree: t.Tree, node: t.Node) -> list[str]:
    """The nodes a caller may meet next, keys pressed and silences kept; a node may be named more than once."""
    return [way.to for way in _ways(tree, node)]


def ways_without_input(tree: t.Tree, node: t.Node) -> list[str]:
    """The nodes that may follow at once, without a key, a wait or a word of the caller's; each once."""
    return list(dict.fromkeys(way.to for way in _ways(tree, node) if not way.asked))


def _ways(tree: t.Tree, node: t.Node) -> Iterator[Way]:
    match node:
        case t.Menu():
            for option in node.options:
                if option.goto is not None:
                    yield Way("key", option.goto, option.key, asked=True)
            yield from _failures(tree, node)
        case t.Ask():
            yield Way("then", node.then, asked=True)
            yield from _failures(tree, node)
        case t.Say() | t.Goto() | t.SetVariables() | t.Sms():
            yield Way("goto", node.goto)
        case t.When():
            for number, rule in enumerate(node.rules, 1):
                yield Way("rule", rule.goto, str(number))
            yield Way("otherwise", node.otherwise)
        case t.Split():
            yield from (Way("share", name, str(percent)) for name, percent in node.ways.items())
        case t.Lookup():
            yield Way("then", node.then)
            yield Way("otherwise", node.otherwise)
        case t.Transfer():
            yield Way("otherwise", node.otherwise)
        case t.Callback():
            yield Way("then", node.then, asked=True)
            yield Way("otherwise", node.otherwise)
        case t.Record():
            yield Way("then", node.then, asked=True)
        case t.SurveyNode():
            yield Way("then", node.then)
        case t.QueueNode():
            yield from _queue_ways(tree, node)


def _failures(tree: t.Tree, node: t.Menu | t.Ask) -> Iterator[Way]:
    yield Way("silence", node.silence.then, asked=True)
    yield Way("wrong_key", node.wrong_key.then, asked=True)
    yield Way("operator", t.OPERATOR, tree.conventions.operator, asked=True)


def _queue_ways(tree: t.Tree, node: t.QueueNode) -> Iterator[Way]:
    if settings := tree.queues.get(node.queue):
        # Nobody is there at all, or the queue is full: it overflows on the spot. Only the long wait is a wait.
        special = dict(settings.overflow_when)
        yield from (Way("overflow", to, why, asked=why == "too_long") for why, to in special.items())
        if len(special) < len(settings.overflows):
            yield Way("overflow", settings.overflow, asked={"full", "nobody_there"} <= set(special))
        yield from (Way("exit", it.goto, it.key, asked=True) for it in settings.exits if it.goto is not None)
    if node.then:
        yield Way("then", node.then, asked=True)
