"""Speech: which option of a menu somebody means by what they say; case, accents and alphabet do not matter."""

from __future__ import annotations

from collections.abc import Iterator

from ivr import phrase
from ivr.menu import tree as t

HINTS_MAX, HINT_LENGTH_MAX = 500, 100
"""What the carrier takes: twilio.com/docs/voice/twiml/gather, hints."""

WORDS_MAX = 60
"""Words of an utterance that are looked at; who says more has not chosen yet."""


def meant(menu: t.Menu, said: str, language: str) -> t.Option | None:
    """The one option that is meant; None when none is, or when several are.

    Where the words of one lie within the words of another ("a complaint", "a complaint about a bill"), the longer ones
    were meant.
    """
    heard = f" {' '.join(phrase.folded(said).split()[:WORDS_MAX])} "
    found: dict[str, str] = {}
    for option in menu.options:
        spoken = [words for words in _phrases(option, language) if f" {words} " in heard]
        if spoken:
            found[option.key] = max(spoken, key=len)
    outer = [key for key, words in found.items() if not any(_lies_within(words, other) for other in found.values())]
    return next(option for option in menu.options if option.key == outer[0]) if len(outer) == 1 else None


def _lies_within(words: str, other: str) -> bool:
    return words != other and f" {words} " in f" {other} "


def expected(menu: t.Menu, language: str) -> tuple[str, ...]:
    """What the carrier should be ready to hear."""
    words = [word for option in menu.options for word in option.spoken.get(language, ())]
    words += [option.label[language] for option in menu.options if option.label]
    plain = (" ".join(word.replace(",", " ").split())[:HINT_LENGTH_MAX] for word in words)
    return tuple(dict.fromkeys(word for word in plain if word))[:HINTS_MAX]


def _phrases(option: t.Option, language: str) -> Iterator[str]:
    """Everything that means this option: the words its author gave, its label, its key, its language's name."""
    written = [*option.spoken.get(language, ())]
    if option.label:
        written.append(option.label[language])
    if option.language:
        written.append(phrase.language_name(option.language))
    if option.key.isdecimal():
        written += [option.key, phrase.number_aloud(int(option.key), language)]
    yield from filter(None, map(phrase.folded, written))
