"""Lengths: how many seconds callers listen - to a text, a choice, a menu, and on their way to each step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush

from ivr import phrase
from ivr.menu import tree as t
from ivr.menu.speaking import PAUSE_BETWEEN_OPTIONS_S, seconds
from ivr.menu.ways import Way

PRESS_S = 1.0
"""What it takes to press a key."""

DIGIT_S = 0.7
"""What it takes to type one digit of a longer number."""

_PLACEHOLDER = re.compile(r"\{\w+\}")
_FILLED = "tomorrow at nine"  # about as long as what stands in for a placeholder


def text_s(words: t.Words, language: str, recordings: Mapping[str, float]) -> float:
    """How long words take in a language: the recording's length where it is known, else estimated from the letters."""
    recording = words.recordings.get(language)
    if recording in recordings:
        return recordings[recording]
    texts = words.every_text(language)
    return max((_estimated(text, language) for text in texts), default=0.0)


def _estimated(text: str, language: str) -> float:
    return seconds(_PLACEHOLDER.sub(_FILLED, text) if "{" in text else text, language)


@dataclass(frozen=True, slots=True)
class MenuLength:
    """How long a menu takes in one language: the words before the first choice, each choice with the pause before it
    (by key), and the keys that mean the same everywhere."""

    words_s: float
    choices_s: Mapping[str, float]
    pause_s: float
    hints_s: float

    @property
    def whole_s(self) -> float:
        """All of it."""
        pauses = max(len(self.choices_s) - 1, 0) * self.pause_s
        return self.words_s + sum(self.choices_s.values()) + pauses + self.hints_s

    def until_s(self, key: str) -> float:
        """From the beginning to the end of one choice."""
        passed = self.words_s
        for number, (other, length_s) in enumerate(self.choices_s.items()):
            passed += length_s + (self.pause_s if number else 0)
            if other == key:
                break
        return passed


class Lengths:
    """The lengths of everything in a hotline, in each of its languages; each measured once."""

    def __init__(
        self, tree: t.Tree, ways: Mapping[str, tuple[Way, ...]], recordings: Mapping[str, float] | None = None
    ) -> None:
        self.tree = tree
        self.ways = ways
        self.recordings = recordings or {}
        self.hints_s = {it: seconds(hints_of(tree.conventions, it), it) for it in tree.languages}
        self._frames = {it: seconds(phrase.option("", "1", it), it) for it in tree.languages}
        self.menus = {
            (menu.name, language): self._menu(menu, language)
            for menu in tree.nodes.values()
            if isinstance(menu, t.Menu)
            for language in tree.languages
        }

    def words_s(self, words: t.Words | None, language: str) -> float:
        """How long words take, if there are any."""
        return text_s(words, language, self.recordings) if words else 0.0

    def choice_s(self, option: t.Option, language: str) -> float:
        """How long one choice takes to say."""
        if option.language:
            said_in = option.language
            return seconds(phrase.language_switch(option.language, option.key), said_in)
        if option.label.recordings.get(language) in self.recordings:
            return self.recordings[option.label.recordings[language]]
        return self._frames[language] + self.words_s(option.label, language)

    def longest(self, menu: t.Menu) -> tuple[str, float]:
        """The language in which a menu takes longest, and how long."""
        return max(((it, self.menus[menu.name, it].whole_s) for it in self.tree.languages), key=lambda pair: pair[1])

    def reached_s(self, language: str) -> Mapping[str, float]:
        """How soon after the call is answered each step can be reached, by the shortest way, waits left out."""
        best: dict[str, float] = {}
        todo = [(0.0, self.tree.start)]
        while todo:
            passed, name = heappop(todo)
            if name in best or name not in self.tree.nodes:
                continue
            best[name] = passed
            for way in self.ways[name]:
                if way.to not in best and (cost := self._cost(name, way, language)) is not None:
                    heappush(todo, (passed + cost, way.to))
        return best

    def _cost(self, name: str, way: Way, language: str) -> float | None:
        node = self.tree.nodes[name]
        match node:
            case t.Menu() if way.by == "key":
                return self.menus[name, language].until_s(way.detail) + PRESS_S
            case t.Ask() if way.by == "then":
                typed = node.digits_max * DIGIT_S
                return self.words_s(node.words, language) + typed + (typed + 3 if node.confirm else 0)
            case t.Say():
                return self.words_s(node.words, language)
            case t.Lookup() | t.Transfer():
                return self.words_s(node.words, language)
            case t.When() | t.Goto() | t.SetVariables() | t.Split() | t.Sms():
                return 0.0
        return None  # what comes after waiting, talking or leaving a message is another matter

    def _menu(self, menu: t.Menu, language: str) -> MenuLength:
        choices = {
            option.key: self.choice_s(option, language) for option in menu.options if option.language != language
        }
        pause_s = max(menu.pause_between_ms / 1000, PAUSE_BETWEEN_OPTIONS_S)
        return MenuLength(self.words_s(menu.words, language), choices, pause_s, self.hints_s[language])


def hints_of(keys: t.Conventions, language: str) -> str:
    """The sentences that name the keys which mean the same everywhere."""
    return phrase.hints(keys.operator, keys.back or "", keys.repeat or "", language)


def each_length(lengths: Lengths, menu: t.Menu) -> Iterator[tuple[str, MenuLength]]:
    """A menu's lengths by language."""
    for language in lengths.tree.languages:
        yield language, lengths.menus[menu.name, language]
