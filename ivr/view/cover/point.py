"""Point: one thing that can happen to a caller and that a call script can try, and all of them in a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ivr.menu import tree as t
from ivr.session import notice
from ivr.session.survey import LINE

Section = Literal["step", "queue", "hours", "language", "convention"]

OVERFLOWS = ("too_long", "nobody_there")
"""Why a queue lets callers go, as far as one call can bring it about: filling a queue takes many."""

ANSWERS = (notice.AGREED, notice.REFUSED)
"""What callers may say of being recorded, where they are asked."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that can happen: at a step, in a queue, by the hours, in a language or by a key that means the same
    everywhere (`where`, by its name); `what` it is, and which one of several (`detail`: a key, a rule's number)."""

    section: Section
    where: str
    what: str
    detail: str = ""


def points(tree: t.Tree) -> tuple[Point, ...]:
    """Everything to be tried, in the tree's order.

    Each language counts once, by a call that gets somewhere in it: the same ways again in every language would be four
    times the scripts and find nothing that the check of translations does not. A division of calls counts as one: by
    the carrier's name for a call it is decided where it goes, which no script can choose.
    """
    found = [it for node in tree.nodes.values() for it in _of_node(node)]
    found += [*_of_surveys(tree), *_of_queues(tree), *_of_hours(tree), *_of_languages(tree)]
    return (*found, *_of_conventions(tree))


def _of_node(node: t.Node) -> Iterator[Point]:
    def point(what: str, detail: str = "") -> Point:
        return Point("step", node.name, what, detail)

    match node:
        case t.Menu():
            yield from (point("option", option.key) for option in node.options)
            yield from (point(it) for it in ("silence", "wrong_key", *(["spoken"] if node.speech else [])))
        case t.Ask():
            corrects = ["corrected"] if node.confirm and not node.secret else []
            yield from (point(it) for it in ("entered", *corrects, "silence", "wrong_key"))
        case t.When():
            yield from (point("rule", str(number)) for number, _ in enumerate(node.rules, 1))
            yield point("otherwise")
        case _:
            yield from (point(it) for it in _WHAT.get(type(node), ("passed",)))


_WHAT: dict[type, tuple[str, ...]] = {
    t.Lookup: ("found", "not_found"),
    t.Transfer: ("connected", "not_connected"),
    t.QueueNode: ("talked",),
    t.Callback: ("promised", "refused"),
    t.Record: ("left", "not_left"),
    t.SurveyNode: ("answered", "unanswered"),
}


def _of_surveys(tree: t.Tree) -> Iterator[Point]:
    """That callers are told they will be asked later; those whose number is none for that are asked at once."""
    for name, node in tree.nodes.items():
        survey = tree.surveys.get(node.survey) if isinstance(node, t.SurveyNode) else None
        if survey is not None and survey.by != LINE:
            yield Point("step", name, "asked_later")


def _of_queues(tree: t.Tree) -> Iterator[Point]:
    stood_in = {node.queue for node in tree.nodes.values() if isinstance(node, t.QueueNode)}
    for name, settings in tree.queues.items():
        if name in stood_in:
            yield from (Point("queue", name, "overflow", why) for why in OVERFLOWS)
            yield from (Point("queue", name, "exit", option.key) for option in settings.exits)
            yield from (Point("queue", name, "recording", it) for it in ANSWERS if notice.asks(settings))


def _of_hours(tree: t.Tree) -> Iterator[Point]:
    asked = {it.calendar for node in tree.nodes.values() if isinstance(node, t.When) for it in hours_asked(node.rules)}
    for name, calendar in tree.hours.items():
        if name in asked:
            yield from (Point("hours", name, it) for it in ("open", "closed"))
            yield from (Point("hours", name, "holiday"),) if calendar.holidays else ()


def _of_languages(tree: t.Tree) -> Iterator[Point]:
    yield from (Point("language", language, "spoken") for language in tree.languages)


def _of_conventions(tree: t.Tree) -> Iterator[Point]:
    keys = tree.conventions
    meant = {"operator": keys.operator, "back": keys.back, "repeat": keys.repeat, "end": keys.end}
    if any(isinstance(node, t.Menu | t.Ask) for node in tree.nodes.values()):
        yield from (Point("convention", name, "pressed", key) for name, key in meant.items() if key)


def hours_asked(rules: tuple[t.Rule, ...]) -> list[t.HoursAre]:
    """What rules ask about opening hours."""
    return [it for rule in rules for it in parts(rule.condition) if isinstance(it, t.HoursAre)]


def parts(condition: t.Condition) -> Iterator[t.Condition]:
    """A condition's single questions."""
    match condition:
        case t.All() | t.Any():
            for inner in condition.conditions:
                yield from parts(inner)
        case t.Not():
            yield from parts(condition.condition)
        case _:
            yield condition
