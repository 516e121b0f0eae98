"""Reached: which points one step of a call has come by, told from the call before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from ivr import heard as h
from ivr import instruction as i
from ivr.call import Call, CallState
from ivr.menu import tree as t
from ivr.session import step
from ivr.session.condition import holds
from ivr.session.turn import NO, Turn
from ivr.view.cover.point import ANSWERS, OVERFLOWS, Point, hours_asked


@dataclass(frozen=True, slots=True)
class Stepped:
    """One step of a call: before it, what was heard, after it, what was said, and the nodes come by."""

    before: Call
    heard: h.Heard
    after: Call
    said: Sequence[i.Instruction]
    way: tuple[str, ...]
    now: datetime


def stepped(call: Call, heard: h.Heard, tree: t.Tree, now: datetime) -> Stepped:
    """Take the step, moving `call`."""
    before, way = copied(call), []
    said = step(call, heard, tree, now, way)
    return Stepped(before, heard, call, said, tuple(way), now)


def copied(call: Call) -> Call:
    """A call of its own, of which nothing is shared with the first."""
    other = copy(call)
    for name in ("path", "way_back", "met"):
        setattr(other, name, list(getattr(call, name)))
    for name in ("typed", "noted", "answers"):
        setattr(other, name, dict(getattr(call, name)))
    return other


def reached(tree: t.Tree, it: Stepped) -> frozenset[Point]:
    """The points come by in one step."""
    return frozenset([*_by_key(it), *_at(tree, it), *_passed(tree, it), *_put_off(it), *_spoken(it)])


def _by_key(it: Stepped) -> Iterator[Point]:
    """A key of an option, or one that left a queue."""
    for node, key in it.after.path[len(it.before.path) :]:
        if not isinstance(it.heard, h.LeftByKey):
            yield Point("step", node, "option", key)


def _at(tree: t.Tree, it: Stepped) -> Iterator[Point]:
    """What was heard, at the node where the call stood."""
    node = tree.nodes.get(it.before.node)
    if node is None or isinstance(it.heard, h.Rang | h.WentOn):
        return
    if isinstance(node, t.Menu | t.Ask | t.Callback):
        yield from _conventions(tree, it)
    if isinstance(node, t.QueueNode):
        yield from _waited(node, it)
    elif what := _what(tree, node, it):
        yield Point("step", node.name, what)


def _conventions(tree: t.Tree, it: Stepped) -> Iterator[Point]:
    keys = it.heard.keys if isinstance(it.heard, h.Pressed) else ""
    meant = tree.conventions
    if keys and keys == meant.back and not it.before.way_back:
        return
    for name, key in {
        "operator": meant.operator, "back": meant.back, "repeat": meant.repeat, "end": meant.end,
    }.items():  # fmt: skip
        if keys and keys == key:
            yield Point("convention", name, "pressed", key)


def _waited(node: t.QueueNode, it: Stepped) -> Iterator[Point]:
    if it.after.consent in ANSWERS and it.after.consent != it.before.consent:
        yield Point("queue", node.queue, "recording", it.after.consent)
    match it.heard:
        case h.TalkEnded():
            yield Point("step", node.name, "talked")
        case h.HungUp() if it.before.state is CallState.TALKING:
            yield Point("step", node.name, "talked")
        case h.Overflowed(why):
            reason = t.OVERFLOW_REASONS.get(why, "")
            if reason in OVERFLOWS:
                yield Point("queue", node.queue, "overflow", reason)
        case h.LeftByKey(key):
            yield Point("queue", node.queue, "exit", key)


def _what(tree: t.Tree, node: t.Node, it: Stepped) -> str | None:
    """The word for what happened at a node; None when it only asks again, or the caller is gone."""
    if isinstance(it.heard, h.HungUp):
        return None
    failed, moved = it.after.failures > it.before.failures, bool(it.way)
    match node:
        case t.Menu() | t.Ask() if failed:
            return _failure(it.heard) if moved else None
        case t.Menu():
            return "spoken" if isinstance(it.heard, h.Spoke) and moved else None
        case t.Ask():
            return _entry(tree, it)
        case t.Lookup():
            found = it.heard.found if isinstance(it.heard, h.LookedUp) else None
            return "not_found" if found is None else "found"
        case t.Transfer():
            return "connected" if isinstance(it.heard, h.Dialled) and it.heard.talked else "not_connected"
        case t.Callback():
            promised = any(isinstance(said, i.CallBack) for said in it.said)
            left = moved and it.way[0] == node.otherwise
            return "promised" if promised else "refused" if left else None
        case t.Record():
            if it.way:
                return "left"
            return "not_left" if isinstance(it.said[-1], i.Hangup) else None
        case t.SurveyNode():
            return None if not moved else "unanswered" if failed else "answered"
    return None


def _failure(heard: h.Heard) -> str:
    return "wrong_key" if isinstance(heard, h.Pressed | h.Spoke) else "silence"


def _entry(tree: t.Tree, it: Stepped) -> str | None:
    meant = tree.conventions
    keys = it.heard.keys if isinstance(it.heard, h.Pressed) else ""
    if it.before.entry and keys in (NO, meant.back):
        return "corrected"
    led_away = keys in (meant.operator, meant.back, meant.repeat, meant.end)
    return "entered" if keys and it.way and not led_away else None


def _passed(tree: t.Tree, it: Stepped) -> Iterator[Point]:
    """The nodes on the way that ask nothing."""
    for name, onward in zip(it.way, (*it.way[1:], None), strict=False):
        match node := tree.nodes[name]:
            case t.When():
                yield from _ruled(tree, node, onward, it)
            case t.Lookup() if onward is not None:
                yield Point("step", name, "not_found")
            case t.Transfer() if onward is not None:
                yield Point("step", name, "not_connected")
            case t.Say() | t.SetVariables() | t.Split() | t.Sms() | t.Goto() | t.End():
                yield Point("step", name, "passed")


def _ruled(tree: t.Tree, node: t.When, onward: str | None, it: Stepped) -> Iterator[Point]:
    """The rule that held, and what the hours were that it and those before it asked about."""
    turn = Turn(it.after, tree, it.now)
    fitting = [number for number, rule in enumerate(node.rules, 1) if rule.goto == onward]
    # What a secret chose is known by where it led: the secret itself is forgotten already.
    held = [number for number in fitting if holds(node.rules[number - 1].condition, turn)]
    chosen = (held or ([] if onward == node.otherwise else fitting) or [None])[0]
    yield Point("step", node.name, "rule", str(chosen)) if chosen else Point("step", node.name, "otherwise")
    for asked in hours_asked(node.rules[:chosen]):
        calendar = tree.hours[asked.calendar]
        yield Point("hours", calendar.name, "open" if calendar.is_open(it.now) else "closed")
        if calendar.is_holiday(it.now):
            yield Point("hours", calendar.name, "holiday")


def _put_off(it: Stepped) -> Iterator[Point]:
    """A survey that is asked later."""
    yield from (Point("step", said.node, "asked_later") for said in it.said if isinstance(said, i.AskLater))


def _spoken(it: Stepped) -> Iterator[Point]:
    """The language in which a call gets somewhere: to a person, a message, a promise or a good-bye."""
    if any(isinstance(said, i.Enqueue | i.Dial | i.Record | i.CallBack | i.Hangup) for said in it.said):
        yield Point("language", it.after.language, "spoken")
