"""Script: the list of sentences for the speaker - numbered, each exactly once, with the places where it is heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ivr.menu import tree as t
from ivr.menu.speaking import seconds
from ivr.phrase import latin, next_opening
from ivr.view.all_words import ROOMS, all_words, reworded, words_in
from ivr.view.rehearsal import Line, Scene, rehearse, rehearse_emergency
from ivr.view.telling import tell, title

# The tree's own words are marked before the rehearsal, so that they are known among what the engine says, and their
# placeholders come out of it as they went in. No text of a hotline holds these letters of private use.
_BEGIN, _END, _OPEN, _CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_PRIVATE = str.maketrans("", "", "\ue000\ue001\ue002\ue003")


@dataclass(frozen=True, slots=True)
class Use:
    """Where a sentence is heard: at which step, queue or survey, and in which situation there."""

    place: str
    scene: str
    n: int = 0


@dataclass(slots=True)
class Sentence:
    """One sentence to be spoken; `example`: it holds numbers that are other ones in each call."""

    text: str
    uses: list[Use]
    recording: str | None = None
    example: bool = False

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names in braces."""
        return tuple(dict.fromkeys(_PLACEHOLDER.findall(self.text)))


@dataclass(frozen=True, slots=True)
class Script:
    """Everything to be spoken in one language, in the order in which callers meet it."""

    tree: t.Tree
    language: str
    sentences: tuple[Sentence, ...]
    now: datetime

    @property
    def seconds(self) -> float:
        """About how long all of it takes to say."""
        return sum(seconds(sentence.text, self.language) for sentence in self.sentences)


def script(tree: t.Tree, language: str, now: datetime) -> Script:
    """The script of a hotline in a language: its own words, and the sentences that are composed of them and of keys."""
    found: dict[str, Sentence] = {}
    for use, line, example in _heard(_marked(tree), language, _open_moment(tree, now)):
        if line.language != language:
            continue
        sentence = found.setdefault(_plain(line.text), Sentence(_plain(line.text), []))
        own = line.text.startswith(_BEGIN) and line.text.endswith(_END)
        sentence.example |= example and not own
        sentence.recording = sentence.recording or line.recording
        if use not in sentence.uses:
            sentence.uses.append(use)
    return Script(tree, language, (*found.values(), *_unheard(tree, language, found)), now)


def explained(made: Script, language: str) -> dict[str, str]:
    """What stands in for each placeholder of a script, told in `language`."""
    names = dict.fromkeys(name for sentence in made.sentences for name in sentence.placeholders)
    return {name: _explained(made, name, language) for name in names}


def latin_text(text: str, language: str) -> str | None:
    """Serbian in Latin letters, the names of placeholders left alone; None for other languages."""
    if language != "sr":
        return None
    parts = re.split(r"(\{\w+\})", text)
    return "".join(part if part.startswith("{") else latin(part) for part in parts)


def _open_moment(tree: t.Tree, now: datetime) -> datetime:
    """A moment when somebody is there: then more is said on the way to a person than when nobody is."""
    openings = [calendar.next_open(now) for calendar in tree.hours.values()]
    return min((at for at in openings if at is not None), default=now).astimezone(UTC)


def _heard(tree: t.Tree, language: str, now: datetime) -> Iterator[tuple[Use, Line, bool]]:
    if tree.emergency:
        yield from _lines("emergency", rehearse_emergency(tree, language, now), ())
    for name, node in tree.nodes.items():
        own = tuple(_own(tree, node, language))
        for scene in rehearse(tree, name, language, now):
            yield from _lines(name, scene, own)
        if isinstance(node, t.Menu) and any(option.language == language for option in node.options):
            # The way to this language is told to those who hear another one.
            for other in (it for it in tree.languages if it != language):
                yield from _lines(name, rehearse(tree, name, other, now)[0], own)


def _own(tree: t.Tree, node: t.Node, language: str) -> Iterator[str]:
    """The words that belong to a step; what is heard where it leads to is listed there."""
    parts: list[object] = [node]
    if isinstance(node, t.SurveyNode):
        parts.append(tree.surveys[node.survey])
    if isinstance(node, t.QueueNode):
        parts.append(tree.queues[node.queue])
    for part in parts:
        for words in words_in(part):
            yield from words.every_text(language)


def _lines(name: str, scene: Scene, own: tuple[str, ...]) -> Iterator[tuple[Use, Line, bool]]:
    use, elsewhere = Use(name, scene.key, scene.n), scene.at != name
    for line in scene.said:
        if isinstance(line, Line):
            theirs = line.text.startswith(_BEGIN) and line.text not in own
            composed_there = elsewhere and _BEGIN in line.text and not line.text.startswith(_BEGIN)
            engine_there = elsewhere and scene.key == "arrive" and _BEGIN not in line.text
            if scene.key == "emergency" or not (theirs or composed_there or engine_there):
                yield use, line, scene.example


def _unheard(tree: t.Tree, language: str, found: Mapping[str, Sentence]) -> Iterator[Sentence]:
    """Words that the rehearsal did not come across: further plural forms, and words for a further failure."""
    labels = _labels(tree, language)
    missed: dict[str, Sentence] = {}
    written = [it.written for survey in tree.surveys.values() for it in survey.questions]  # read on a page
    for room, name, words in all_words(tree):
        for text in words.every_text(language):
            read = words in written or (room == "nodes" and _is_read(tree.nodes[name]))
            if text not in found and text not in labels and not read:
                sentence = missed.setdefault(text, Sentence(text, [], words.recordings.get(language)))
                sentence.uses.append(Use(name, ""))
    yield from missed.values()


def _is_read(node: t.Node) -> bool:
    """Whether its words are read on a screen, not heard."""
    return isinstance(node, t.Sms)


def _labels(tree: t.Tree, language: str) -> set[str]:
    """Labels are heard as parts of sentences only."""
    menus = [node.options for node in tree.nodes.values() if isinstance(node, t.Menu)]
    exits = [queue.exits for queue in tree.queues.values()]
    return {text for options in (*menus, *exits) for it in options for text in it.label.every_text(language)}


def _marked(tree: t.Tree) -> t.Tree:
    rooms = {room: reworded(getattr(tree, room), _mark) for room in (*ROOMS, "emergency")}
    return replace(tree, **rooms)


def _mark(text: str) -> str:
    return f"{_BEGIN}{text.replace('{', _OPEN).replace('}', _CLOSE)}{_END}"


def _plain(text: str) -> str:
    return text.replace(_OPEN, "{").replace(_CLOSE, "}").translate(_PRIVATE)


def _explained(made: Script, name: str, language: str) -> str:
    if name == "next_opening":
        tomorrow = (made.now + timedelta(days=1)).replace(hour=8, minute=0)
        example = next_opening(tomorrow, made.now, made.language)
        return tell("view.placeholder.next_opening", language, example=example)
    if name in ("caller_number", "position", "minutes"):
        return tell(f"view.placeholder.{name}", language)
    for node in made.tree.nodes.values():
        if isinstance(node, t.Ask) and node.into == name:
            return tell("view.placeholder.typed", language, step=title(node.name))
        if (isinstance(node, t.SetVariables) and name in node.values) or (
            isinstance(node, t.Lookup) and name in node.into
        ):
            return tell("view.placeholder.noted", language, step=title(node.name))
    return tell("view.placeholder.unknown", language)
