"""Inputs: what may happen to a call where it stands - what its caller may press, and how others may answer."""

from __future__ import annotations

from collections.abc import Iterator

from ivr import dialable
from ivr import heard as h
from ivr import instruction as i
from ivr.call import Call
from ivr.menu import tree as t
from ivr.session import lookup
from ivr.session.condition import fits
from ivr.session.speech import meant
from ivr.session.turn import NO, YES
from ivr.view.rehearsal import sample_entry
from routing.queue import NOBODY_THERE, TOO_LONG

MESSAGE = h.Recorded("RE" + "0" * 32, 8)
ENTRIES_MAX = 8
"""Entries that are tried at one step, however many a tree tells apart."""


def inputs(tree: t.Tree, asked: tuple[t.Condition, ...], call: Call, last: i.Instruction) -> Iterator[h.Heard]:
    """What may be heard next; nothing when the call is over. `asked`: every question the tree asks in a `when`."""
    node = tree.nodes[call.node]
    match last:
        case i.GoOn(door=lookup.DOOR) if isinstance(node, t.Lookup):
            yield h.LookedUp(None)
            yield from (h.LookedUp(found) for found in _answers(node, asked))
        case i.GoOn():
            yield h.WentOn()
        case i.Enqueue(queue):
            yield h.TalkEnded()
            yield from (h.Overflowed(why) for why in (NOBODY_THERE, TOO_LONG))
            yield from (h.LeftByKey(option.key) for option in tree.queues[queue].exits)
        case i.Dial():
            yield from (h.Dialled(False), h.Dialled(True))
        case i.Record():
            yield from (MESSAGE, h.Silence())
        case i.Gather():
            yield from dict.fromkeys(_at(tree, asked, call, node))


def _at(tree: t.Tree, asked: tuple[t.Condition, ...], call: Call, node: t.Node) -> Iterator[h.Heard]:
    """What a caller may do who is asked something; nothing and nothing fitting come first, the ways back last."""
    yield h.Silence()
    match node:
        case t.Menu():
            yield from (h.Pressed(option.key) for option in node.options)
            yield from (h.Pressed(key) for key in _unused(tree, {option.key for option in node.options}))
            yield from _words(node, call.language)
        case t.Ask() if call.entry:
            yield from (h.Pressed(key) for key in (YES, NO))
            yield from (h.Pressed(key) for key in _unused(tree, {YES, NO}))
        case t.Ask():
            yield from (h.Pressed(digits) for digits in entries(node, asked))
            yield from (h.Pressed(digits) for digits in _wrong_entry(tree, node))
        case t.SurveyNode():
            questions = tree.surveys[node.survey].questions
            yield h.Pressed(questions[min(call.question, len(questions) - 1)].keys[0])
        case t.Callback():
            yield from (h.Pressed(keys) for keys in _about_a_callback(call))
        case t.QueueNode():
            yield h.Pressed(NO)
    if isinstance(node, t.Menu | t.Ask | t.Callback):
        keys, ends = tree.conventions, _end_key(node, call)  # what ends an entry never arrives
        yield from (h.Pressed(key) for key in (keys.operator, keys.repeat, keys.back, keys.end) if key and key != ends)


def _end_key(node: t.Node, call: Call) -> str | None:
    if isinstance(node, t.Ask) and not call.entry:
        return node.end_key
    return "#" if isinstance(node, t.Callback) and call.question == 1 else None


def _unused(tree: t.Tree, used: set[str]) -> list[str]:
    """A key that means nothing here; none when every key of a telephone means something."""
    keys = tree.conventions
    used = used | {it for it in (keys.operator, keys.back, keys.repeat, keys.end) if it}
    return [key for key in "9876543210*#" if key not in used][:1]


def _words(menu: t.Menu, language: str) -> Iterator[h.Heard]:
    """Words that mean an option, where words are listened to."""
    for option in menu.options if menu.speech else ():
        for words in [*option.spoken.get(language, ()), *([option.label[language]] if option.label else [])]:
            if words.isascii() and meant(menu, words, language) is option:
                yield h.Spoke(words)
                return


def entries(ask: t.Ask, asked: tuple[t.Condition, ...]) -> list[str]:
    """Digits that fit, one for each difference that the tree makes between them."""
    others = [ask.pattern.replace("#", "9")] if ask.pattern else ["9" * ask.digits_max]
    found = [sample_entry(ask), *(others if any(_about(it, ask) for it in asked) else [])]
    for it in asked:
        if _about(it, ask):
            found += [_lengthened(value.replace("#", "1"), ask) for value in it.values]
    fitting = (it for it in found if ask.digits_min <= len(it) <= ask.digits_max and it.isdecimal())
    return [it for it in dict.fromkeys(fitting) if ask.pattern is None or fits(ask.pattern, it)][:ENTRIES_MAX]


def _about(asked: t.Condition, ask: t.Ask) -> bool:
    return isinstance(asked, t.VariableIs) and asked.variable == ask.into and asked.test != "present"


def _lengthened(digits: str, ask: t.Ask) -> str:
    return digits + "1" * (ask.digits_min - len(digits))


def _wrong_entry(tree: t.Tree, ask: t.Ask) -> list[str]:
    """Digits that do not fit and that a telephone can send in one go: too few, another pattern, a star among them."""
    means = {tree.conventions.operator, tree.conventions.back, tree.conventions.repeat, tree.conventions.end}
    tried = ["2" * (ask.digits_min - 1), *("2" * n for n in (ask.digits_max,) if ask.pattern), "1*", "*", "#"]
    for digits in tried:
        sendable = 0 < len(digits) <= ask.digits_max and not (ask.end_key and ask.end_key in digits)
        unfit = (
            not digits.isdecimal() or len(digits) < ask.digits_min or (ask.pattern and not fits(ask.pattern, digits))
        )
        if sendable and unfit and digits not in means:
            return [digits]
    return []


def _about_a_callback(call: Call) -> Iterator[str]:
    match call.question:
        case 0:
            yield from ("1", "2", "3")
        case 1:
            number = dialable.own_number(call.caller) or call.called
            yield "".join(it for it in dialable.written(number) if it.isdecimal())
        case _:
            yield from (YES, NO)


def _answers(node: t.Lookup, asked: tuple[t.Condition, ...]) -> Iterator[dict[str, str]]:
    """What the other system may answer, as far as the tree makes a difference: nothing much, and each single value."""
    usual = dict.fromkeys(node.into, "1")
    yield usual
    for it in asked:
        if isinstance(it, t.VariableIs) and it.variable in node.into and it.test != "present":
            yield from ({**usual, it.variable: value.replace("#", "1")} for value in it.values)
    yield {}
