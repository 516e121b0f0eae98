"""Wording: the tree's words as a caller hears them - in their language, filled in, in the right form, or recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from ivr import dialable, phrase
from ivr import instruction as i
from ivr.menu import tree as t
from ivr.session.turn import Turn

VALUE_SAID_MAX = 200
"""Characters of a value that are said; what another system answers may be a novel."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def worded(
    turn: Turn, words: t.Words, barge_in: bool = True, pause_ms: int = 0, **counts: int
) -> i.Say | i.PlayRecording:
    """Words in the caller's language. `counts` are numbers known only here: `position`, `minutes`."""
    language = turn.call.language
    said = i.Say(_filled(turn, words, counts, _aloud(turn)), language, barge_in, pause_ms)
    file = words.recordings.get(language)
    return i.PlayRecording(file, said) if file else said


def written(turn: Turn, words: t.Words) -> str:
    """Words for reading: values stand as they are known, not as they are read aloud."""
    return _filled(turn, words, {}, turn.value)


def substituted(text: str, value: Callable[[str], str]) -> str:
    """A text with its placeholders replaced."""
    return _PLACEHOLDER.sub(lambda match: value(match[1]), text)


def placeholders(text: str) -> list[str]:
    """The names that stand in braces in a text."""
    return _PLACEHOLDER.findall(text)


def _filled(turn: Turn, words: t.Words, counts: Mapping[str, int], value: Callable[[str], str]) -> str:
    language = turn.call.language
    plural = words.plurals.get(language)
    counted: dict[str, str] = {}
    text = words[language]
    for name, n in counts.items():
        counted[name] = str(n)
    if plural:
        n = counts.get(plural.placeholder)
        n = phrase.whole(turn.value(plural.placeholder)) if n is None else n
        form = "other" if n is None else phrase.plural_form(n, language)
        text = plural.forms.get(form, plural.forms["other"])
        if n is not None:
            counted[plural.placeholder] = str(n)
    return substituted(text, lambda name: _built_in(turn, name) or counted.get(name) or value(name))


def _aloud(turn: Turn) -> Callable[[str], str]:
    return lambda name: phrase.value_aloud(turn.value(name)[:VALUE_SAID_MAX], turn.call.language)


def _built_in(turn: Turn, name: str) -> str | None:
    """What may stand in any text of a tree: when somebody is there again, and the caller's own number."""
    if name == "next_opening":
        return _next_opening(turn)
    if name == "caller_number":
        number = dialable.own_number(turn.call.caller)
        return phrase.groups_aloud(dialable.written(number)) if number else ""
    return None


def _next_opening(turn: Turn) -> str:
    """The next moment when any calendar of the hotline opens, in words."""
    openings = [(calendar.next_open(turn.now), calendar) for calendar in turn.tree.hours.values()]
    known = [(at, calendar) for at, calendar in openings if at is not None]
    if not known:
        return phrase.later(turn.call.language)
    at, calendar = min(known, key=lambda pair: pair[0])
    return phrase.next_opening(at, turn.now.astimezone(ZoneInfo(calendar.timezone)), turn.call.language)
