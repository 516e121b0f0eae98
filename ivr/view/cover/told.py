"""Told: a point as its hotline's author reads it - which step, queue or key, and what of it."""

from __future__ import annotations

from ivr.menu import tree as t
from ivr.view.conditions import condition_text
from ivr.view.cover.point import Point
from ivr.view.telling import count, language_name, spoken, tell, title

_AS_WAYS = {
    "entered": "view.way.then.ask", "found": "view.way.then.lookup", "not_found": "view.way.otherwise.lookup",
    "not_connected": "view.way.otherwise.transfer", "promised": "view.way.then.callback",
    "refused": "view.way.otherwise.callback", "left": "view.way.then.record", "answered": "view.way.then.survey",
    "otherwise": "view.way.otherwise.when",
}  # fmt: skip


def row(tree: t.Tree, point: Point, language: str) -> str:
    """What a point belongs to: a step, a queue, the hours, the languages, the keys that mean the same everywhere."""
    match point.section:
        case "queue":
            return tell("cover.row.queue", language, name=title(point.where))
        case "hours":
            return tell("cover.row.hours", language, name=title(point.where))
        case "language":
            return tell("cover.row.languages", language)
        case "convention":
            return tell("cover.row.conventions", language)
    return title(point.where)


def what(tree: t.Tree, point: Point, language: str) -> str:
    """What of it."""
    match point.section:
        case "queue" if point.what == "overflow":
            return tell(f"view.overflow.{point.detail}", language)
        case "queue" if point.what == "recording":
            return tell(f"cover.point.recording.{point.detail}", language)
        case "queue":
            return _option(tree.queues[point.where].exits, point.detail, language)
        case "hours":
            return tell(f"view.if.hours.{point.what}", language, calendar=title(point.where))
        case "language":
            return tell("cover.point.language", language, language=language_name(point.where, language))
        case "convention":
            meaning = tell(f"view.convention.{point.where}", language)
            return tell("cover.point.key", language, key=point.detail, meaning=meaning)
    return _at_step(tree.nodes[point.where], point, language)


def _at_step(node: t.Node, point: Point, language: str) -> str:
    match node:
        case t.Menu() if point.what == "option":
            return _option(node.options, point.detail, language)
        case t.When() if point.what == "rule":
            return condition_text(node.rules[int(point.detail) - 1].condition, language)
        case t.Menu() | t.Ask() if point.what in ("silence", "wrong_key"):
            retry = node.silence if point.what == "silence" else node.wrong_key
            return count(f"view.way.{point.what}", retry.tries, language)
    return tell(_AS_WAYS.get(point.what, f"cover.point.{point.what}"), language)


def _option(options: tuple[t.Option, ...], key: str, language: str) -> str:
    option = next(it for it in options if it.key == key)
    label = language_name(option.language, language) if option.language else spoken(option.label, language)
    return tell("cover.point.option", language, key=key, label=label)
