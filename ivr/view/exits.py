"""Exits: the ways out of a step as they are shown - the key to press, and in a few words what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.menu import tree as t
from ivr.menu.ways import Way, ways
from ivr.view.conditions import condition_text
from ivr.view.telling import count, listed, spoken, tell

FORWARD = ("key", "then", "goto", "rule", "otherwise", "share", "overflow", "exit")
"""The ways that belong to one step alone; the others (a person, silence, a wrong key) lead back to shared ones."""


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out as it is shown; `mark` is the key, if there is one to press."""

    way: Way
    mark: str
    text: str

    @property
    def forward(self) -> bool:
        """Whether a step behind it is shown there, at first sight."""
        return self.way.by in FORWARD


def exits(tree: t.Tree, node: t.Node, language: str) -> tuple[Exit, ...]:
    """Every way out of a node, in the order written; silence and wrong key are one where they lead to the same."""
    found = ways(tree, node)
    return tuple(_exits(tree, node, found, language))


def _exits(tree: t.Tree, node: t.Node, found: tuple[Way, ...], language: str) -> Iterator[Exit]:
    alike = isinstance(node, t.Menu | t.Ask) and (
        (node.silence.then, node.silence.tries) == (node.wrong_key.then, node.wrong_key.tries)
    )
    for way in found:
        if alike and way.by == "wrong_key":
            continue
        mark = way.detail if way.by in ("key", "operator", "exit") else ""
        yield Exit(way, mark, _text(tree, node, way, language, alike=alike))


def _text(tree: t.Tree, node: t.Node, way: Way, language: str, *, alike: bool) -> str:
    match way.by, node:
        case "key", t.Menu():
            return _label(node.options, way.detail, language)
        case "exit", t.QueueNode():
            return _label(tree.queues[node.queue].exits, way.detail, language)
        case "silence" | "wrong_key", t.Menu() | t.Ask():
            retry = node.silence if way.by == "silence" else node.wrong_key
            return count("view.way.either" if alike else f"view.way.{way.by}", retry.tries, language)
        case "rule", t.When():
            return condition_text(node.rules[int(way.detail) - 1].condition, language)
        case "share", _:
            return tell("view.way.share", language, percent=way.detail)
        case "overflow", t.QueueNode():
            return overflow_text(tree.queues[node.queue], way.detail, language)
        case (("then" | "otherwise"), _):
            return tell(f"view.way.{way.by}.{kind(node)}", language)
        case "operator", _:
            return tell("view.way.operator", language)
        case _:
            return ""


def overflow_text(settings: t.QueueSettings, reason: str, language: str) -> str:
    """Why callers overflow on this way: one reason, or all that have no way of their own."""
    reasons = [reason] if reason else [it for it in settings.overflows if it not in settings.overflow_when]
    return listed([tell(f"view.overflow.{it}", language) for it in reasons], language, "or")


def kind(node: t.Node) -> str:
    """The word that makes a node what it is in the files: `menu`, `queue`, `set` ..."""
    return _KINDS[type(node)]


_KINDS: dict[type, str] = {
    t.Menu: "menu",
    t.Ask: "ask",
    t.Say: "say",
    t.When: "when",
    t.SetVariables: "set",
    t.Split: "split",
    t.Lookup: "lookup",
    t.Transfer: "transfer",
    t.QueueNode: "queue",
    t.Callback: "callback",
    t.Record: "record",
    t.Sms: "sms",
    t.SurveyNode: "survey",
    t.Goto: "goto",
    t.End: "end",
}


def _label(options: tuple[t.Option, ...], key: str, language: str) -> str:
    return next((spoken(option.label, language) for option in options if option.key == key), "")
