"""Spoken: everything in a tree that is said to callers (or read on a page), by language, ready to be searched."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Literal

from ivr.menu import tree as t

Role = Literal[
    "greeting", "ask", "label", "retry", "say", "queue", "callback", "announce", "notice", "record", "sms", "end",
    "intro", "question", "thanks", "emergency", "desk",
]  # fmt: skip
"""`desk`: what is read, not heard - at the desk, on a page, in an e-mail."""

HITS_A_TEXT_MAX = 3
"""So often one thing is told of one text: who puts these right sees the others."""

WAITING: Collection[Role] = ("greeting", "say", "queue", "announce")
"""Where a caller listens on the way to a person, or waits for one."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words of the tree, what they are for, and the section and name of what they belong to."""

    section: str  # nodes | queues | surveys | cases | dispositions | texts | contacts | mail | emergency | name
    name: str
    role: Role
    words: t.Words
    detail: str = ""  # the key of an option, the name of a question


@dataclass(frozen=True, slots=True)
class Hit:
    """Where something was found in what is said."""

    spoken: Spoken
    language: str
    text: str
    start: int
    end: int
    match: re.Match[str]

    @property
    def said(self) -> str:
        """The characters found."""
        return self.text[self.start : self.end]


def everything_spoken(tree: t.Tree) -> Iterator[Spoken]:
    """All words of a tree."""
    for node in tree.nodes.values():
        for role, words, detail in _of_node(node):
            yield Spoken("nodes", node.name, role, words, detail)
    for name, settings in tree.queues.items():
        for words in settings.announce.texts:
            yield Spoken("queues", name, "announce", words)
        if settings.recording_notice:
            yield Spoken("queues", name, "notice", settings.recording_notice)
        for exit in settings.exits:
            yield Spoken("queues", name, "label", exit.label, exit.key)
    for name, survey in tree.surveys.items():
        yield Spoken("surveys", name, "intro", survey.intro)
        for question in survey.questions:
            yield Spoken("surveys", name, "question", question.words, question.name)
            if question.written:
                yield Spoken("surveys", name, "desk", question.written, question.name)
        yield Spoken("surveys", name, "thanks", survey.thanks)
        if survey.message:
            yield Spoken("surveys", name, "record", survey.message.words)
    if tree.emergency:
        yield Spoken("emergency", "", "emergency", tree.emergency.words)
    yield from _at_the_desk(tree)


def _of_node(node: t.Node) -> Iterator[tuple[Role, t.Words, str]]:
    match node:
        case t.Menu():
            yield "greeting", node.words, ""
            for option in node.options:
                if option.label:
                    yield "label", option.label, option.key
        case t.Ask():
            yield "ask", node.words, ""
        case t.Say() | t.Lookup() | t.Transfer() if node.words:
            yield "say", node.words, ""
        case t.QueueNode() if node.words:
            yield "queue", node.words, ""
        case t.Callback() if node.words:
            yield "callback", node.words, ""
        case t.Record():
            yield "record", node.words, ""
        case t.Sms():
            yield "sms", node.words, ""
        case t.End() if node.words:
            yield "end", node.words, ""
    if isinstance(node, t.Menu | t.Ask):
        if node.short:
            yield ("greeting" if isinstance(node, t.Menu) else "ask"), node.short, "short"
        for retry in (node.silence, node.wrong_key):
            for words in retry.say:
                yield "retry", words, ""


def _at_the_desk(tree: t.Tree) -> Iterator[Spoken]:
    yield Spoken("name", "", "desk", tree.name)
    for name, case in tree.cases.items():
        yield Spoken("cases", name, "desk", case.label)
        for field_ in case.fields:
            yield Spoken("cases", name, "desk", field_.label, field_.name)
            for words in field_.choices.values():
                yield Spoken("cases", name, "desk", words, field_.name)
    for name, words in tree.dispositions.items():
        yield Spoken("dispositions", name, "desk", words)
    for name, words in tree.texts.items():
        yield Spoken("texts", name, "desk", words)
    for name, kind in tree.contacts.items():
        if kind.name:
            yield Spoken("contacts", name, "desk", kind.name)
    for address, mailbox in tree.mail.items():
        if mailbox.reply:
            yield Spoken("mail", address, "desk", mailbox.reply)


@dataclass(slots=True)
class Texts:
    """All that is said in one language, one under the other, so that a search goes once through all of it."""

    language: str
    texts: list[str] = field(default_factory=list)
    owners: list[Spoken] = field(default_factory=list)
    lowered: list[str] = field(default_factory=list)
    joined: str = ""
    lower: str = ""
    _starts: list[int] = field(default_factory=list)
    _starts_lower: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, language: str, spoken: Iterable[Spoken]) -> Texts:
        """The texts of one language (the desk's are not spoken and left out)."""
        made = cls(language)
        for owner in spoken:
            if owner.role == "desk":
                continue
            for text in owner.words.every_text(language):
                made.texts.append(text.replace("\n", " "))
                made.owners.append(owner)
        made.joined = "\n".join(made.texts)
        made.lowered = [text.lower() for text in made.texts]
        made.lower = "\n".join(made.lowered)
        made._starts = list(accumulate((len(text) + 1 for text in made.texts), initial=0))
        made._starts_lower = list(accumulate((len(text) + 1 for text in made.lowered), initial=0))
        return made

    def __iter__(self) -> Iterator[tuple[Spoken, str]]:
        return zip(self.owners, self.texts, strict=True)

    def holding(self, stems: Iterable[str]) -> list[int]:
        """The numbers of the texts that hold one of these stems (in small letters), in order."""
        found: set[int] = set()
        for stem in stems:
            at = self.lower.find(stem)
            while at >= 0:
                number = bisect_right(self._starts, at) - 1
                found.add(number)
                at = self.lower.find(stem, self._starts_lower[number + 1])
        return sorted(found)

    def hits(self, stems: Iterable[str], pattern: re.Pattern[str], roles: Collection[Role] = ()) -> Iterator[Hit]:
        """Where `pattern` is found in texts that hold one of the stems; `roles`: only in these."""
        for number in self.holding(stems):
            owner, text = self.owners[number], self.texts[number]
            if roles and owner.role not in roles:
                continue
            for match in islice(pattern.finditer(text), HITS_A_TEXT_MAX):
                yield Hit(owner, self.language, text, match.start(), match.end(), match)

    def search(self, pattern: re.Pattern[str]) -> Iterator[Hit]:
        """Where a pattern, which must not reach over a line's end, is found in any text."""
        for match in pattern.finditer(self.joined):
            number = bisect_right(self._starts, match.start()) - 1
            begin = self._starts[number]
            yield Hit(
                self.owners[number],
                self.language,
                self.texts[number],
                match.start() - begin,
                match.end() - begin,
                match,
            )
