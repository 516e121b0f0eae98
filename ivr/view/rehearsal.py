"""Rehearsal: what a caller hears at a step, word for word as the engine says it - at first, after silence, after a key.

A call of its own is taken through the step by the very session that answers callers; nothing is composed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime

from ivr import heard as h
from ivr import instruction as i
from ivr.call import LIFECYCLE, Call
from ivr.menu import tree as t
from ivr.session import notice, step, wait
from ivr.session.turn import NO
from routing.announcing import Outlook

CALLER = "+4915112345678"
DOCUMENTS_MAX = 5
"""Answers that only say something and then go on; more are not listened to."""

MINUTES, PLACE = 5, 3
"""The expected wait and the place in line that are rehearsed."""

SAMPLE_DIGITS = "1234567890"


@dataclass(frozen=True, slots=True)
class Line:
    """Something said: in which language, and the recording that is played for it, if there is one."""

    text: str
    language: str
    recording: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What happens between the words: a text `view.stage.KEY` with what fills it."""

    key: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is heard in one situation (a text `view.scene.KEY`); `n` counts where it can happen again.

    `example`: what is said there holds numbers of one call, made up here. `at`: the step where the call then stands.
    """

    key: str
    said: tuple[Line | Stage, ...]
    at: str
    n: int = 0
    example: bool = False


def rehearse(
    tree: t.Tree, node: str, language: str, now: datetime, known: Mapping[str, str] | None = None
) -> list[Scene]:
    """Every situation at a step. `known`: values by variable; variables not among them get values made up."""
    staged = replace(tree, start=node)
    call = _call(tree, language, now, {**samples(tree), **(known or {})})
    first = _scene("arrive", call, step(call, h.Rang(), staged, now), staged, now)
    stands = staged.nodes[call.node]
    return [first, *_further(call, stands, staged, now)] if first.at == node else [first]


def rehearse_emergency(tree: t.Tree, language: str, now: datetime) -> Scene:
    """What every call meets while the emergency switch is on."""
    call = _call(tree, language, now, samples(tree))
    return _scene("emergency", call, step(call, h.Rang(emergency=True), tree, now), tree, now)


def samples(tree: t.Tree) -> dict[str, str]:
    """A made-up value for everything that callers type and other systems answer."""
    found: dict[str, str] = {}
    for node in tree.nodes.values():
        match node:
            case t.Ask():
                found[node.into] = sample_entry(node)
            case t.SetVariables():
                found |= {name: value for name, value in node.values.items() if "{" not in value}
            case t.Lookup():
                found |= dict.fromkeys(node.into, "…")
    return found


def sample_entry(ask: t.Ask) -> str:
    """Digits that fit."""
    if ask.pattern:
        return ask.pattern.replace("#", "1")
    return (SAMPLE_DIGITS * (ask.digits_min // len(SAMPLE_DIGITS) + 1))[: max(ask.digits_min, 1)]


def _call(tree: t.Tree, language: str, now: datetime, known: Mapping[str, str]) -> Call:
    called = next((number for number, spoken in tree.numbers.items() if spoken == language), "")
    call = Call("rehearsal", tree.hotline, tree.version, CALLER, called or next(iter(tree.numbers), ""), language, now)
    call.noted.update(known)
    return call


def _further(call: Call, node: t.Node, tree: t.Tree, now: datetime) -> Iterator[Scene]:
    """What may follow where the call stands, each from the same beginning."""
    match node:
        case t.Menu():
            yield from _failures(call, node.silence, "silence", h.Silence(), tree, now)
            yield from _failures(call, node.wrong_key, "wrong_key", h.Pressed(_unused_key(tree, node)), tree, now)
            if node.speech:
                yield from _failures(call, node.wrong_key, "not_understood", h.Spoke("…"), tree, now)
        case t.Ask():
            yield from _failures(call, node.silence, "silence", h.Silence(), tree, now)
            yield from _failures(call, node.wrong_key, "wrong_entry", h.Pressed(_wrong_entry(node)), tree, now)
            if node.confirm and not node.secret:
                yield _told("entered", call, h.Pressed(sample_entry(node)), tree, now, example=True)
        case t.SurveyNode():
            yield from _survey(call, node, tree, now)
        case t.Record():
            yield _told("nothing_recorded", call, h.Silence(), tree, now)
        case t.Callback():
            yield _told("another_number", call, h.Pressed("2"), tree, now)
            yield _told("promised", call, h.Pressed("1"), tree, now)
        case t.QueueNode():
            if notice.asks(tree.queues[node.queue]):
                yield _told("not_recorded", call, h.Pressed(NO), tree, now)
            yield from _waits(call, node, tree, now)


def _told(
    key: str, call: Call, heard: h.Heard, tree: t.Tree, now: datetime, n: int = 0, example: bool = False
) -> Scene:
    here = deepcopy(call)
    return _scene(key, here, step(here, heard, tree, now), tree, now, n, example)


def _failures(call: Call, retry: t.Retry, key: str, heard: h.Heard, tree: t.Tree, now: datetime) -> Iterator[Scene]:
    here = deepcopy(call)
    for n in range(1, retry.tries + 1):
        yield _scene(key, here, step(here, heard, tree, now), tree, now, n)


def _survey(call: Call, node: t.SurveyNode, tree: t.Tree, now: datetime) -> Iterator[Scene]:
    here, survey = deepcopy(call), tree.surveys[node.survey]
    here.node, here.question = node.name, 0  # one that is asked later has led on already
    for n, question in enumerate(survey.questions, 1):
        yield _told("survey_wrong_key", here, h.Silence(), tree, now, n)
        yield _scene("answered", here, step(here, h.Pressed(question.keys[0]), tree, now), tree, now, n)
    if survey.message:
        yield _told("said_more", here, h.Silence(), tree, now)


def _waits(call: Call, node: t.QueueNode, tree: t.Tree, now: datetime) -> Iterator[Scene]:
    here = deepcopy(call)
    LIFECYCLE.fire(here, "wait")
    texts = len(tree.queues[node.queue].announce.texts)
    for n in range(max(texts, 2)):
        here.announcements, here.announced, here.announced_at = n, "", None
        outlook = Outlook(1, None, 1) if n == 1 else Outlook(PLACE, 60.0 * MINUTES, 1)
        yield _scene("waiting", here, wait(here, tree, outlook, now), tree, now, n + 1, example=True)


def _scene(
    key: str, call: Call, said: list[i.Instruction], tree: t.Tree, now: datetime, n: int = 0, example: bool = False
) -> Scene:
    """The instructions as they are heard; documents that only go on are followed."""
    heard: list[Line | Stage] = []
    for _ in range(DOCUMENTS_MAX):
        heard += [part for it in said for part in parts(it)]
        onward = said[-1] if said else None
        if not isinstance(onward, i.GoOn) or onward.door != "on":
            break
        said = step(call, h.WentOn(), tree, now)
    return Scene(key, tuple(heard), call.node, n, example)


def parts(instruction: i.Instruction) -> Iterator[Line | Stage]:
    """One instruction as it is heard, and what happens between the words."""
    match instruction:
        case i.Say():
            yield Line(instruction.text, instruction.language)
        case i.PlayRecording():
            yield Line(instruction.say.text, instruction.say.language, instruction.file)
        case i.Play():
            yield Stage("play", {"sound": instruction.sound})
        case i.Pause():
            yield Stage("pause", {"seconds": instruction.length_s})
        case i.Gather():
            for prompt in instruction.prompts:
                yield from parts(prompt)
            key = "speech" if instruction.speech else "key" if instruction.digits_max == 1 else "keys"
            yield Stage(key, {"seconds": instruction.timeout_s, "most": instruction.digits_max})
        case i.Record():
            yield Stage("record", {"seconds": instruction.length_max_s})
        case i.Enqueue():
            yield Stage("enqueue", {"queue": instruction.queue})
        case i.Dial():
            yield Stage("dial", {"number": instruction.number, "seconds": instruction.timeout_s})
        case i.LookUp():
            yield Stage("look_up", {"seconds": instruction.budget_s})
        case i.CallBack():
            yield Stage("call_back", {})
        case i.Text():
            yield Stage("text", {"text": instruction.body})
        case i.Hangup():
            yield Stage("hang_up", {})


def _unused_key(tree: t.Tree, menu: t.Menu) -> str:
    """A key that means nothing in a menu; when each means something, one that no telephone has."""
    keys = tree.conventions
    used = {option.key for option in menu.options} | {keys.operator, keys.back, keys.repeat, keys.end}
    return next((key for key in "9876543210*#" if key not in used), "A")


def _wrong_entry(ask: t.Ask) -> str:
    """Digits that do not fit: too many."""
    return "1" * (ask.digits_max + 1)
