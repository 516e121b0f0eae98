"""Leaf: the single words that may stand behind a name - numbers, names, keys, telephone numbers, choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ivr.menu.fault import meant, say
from ivr.menu.language.shape import Leaf
from ivr.menu.notes import Notes, example, name_of
from ivr.menu.reader import Text

LANGUAGES_SPOKEN = ("en", "de", "sr", "es")
"""The languages the engine has sentences in."""

ANY_PLAIN = ({"type": ["number", "boolean"]},)
"""What an editor may take an unquoted word for."""

NAME_PATTERN = "[a-z][a-z0-9_]{0,39}"
KEY_PATTERN = "[0-9*#]"
BUILT_IN = ("next_opening", "caller_number", "position", "minutes")
"""Names in braces that the engine fills in by itself, so that nothing else can be kept under them."""

VARIABLE = "variable"
"""The sort of names under which something of the call is kept."""

SKILL_LEVEL_MAX = 5
LANGUAGE_SKILL = "{language}"
_SEPARATORS = re.compile(r"[\s().\-/]")


def number(low: int, high: int) -> Leaf:
    """A whole number from low to high."""
    return Leaf(
        pattern=number_pattern(low, high),
        short=f"a whole number from {low} to {high}",
        key="Y019.number",
        values={"low": low, "high": high},
        make=int,
        blank=low,
        plain=({"type": "integer", "minimum": low, "maximum": high},),
    )


def decimal(low: float, high: float) -> Leaf:
    """A number from low to high with up to three decimals."""

    def fits(notes: Notes, written: Text, value: float) -> float:
        if low <= value <= high:
            return value
        notes.wrong(written, "Y024", low=low, high=high)
        return low

    return Leaf(
        pattern=r"[0-9]{1,3}(?:\.[0-9]{1,3})?",
        short=f"a number from {low} to {high}",
        key="Y019.decimal",
        values={"low": low, "high": high},
        make=float,
        blank=low,
        plain=({"type": "number"},),
        after=fits,
    )


SHARE = Leaf(
    pattern=r"0?\.0*[1-9][0-9]{0,6}|1(?:\.0{1,6})?",
    short="a share above 0 and up to 1, such as 0.8",
    key="Y019.share",
    hint=example("0.8"),
    make=float,
    blank=1.0,
    plain=({"type": "number", "exclusiveMinimum": 0, "maximum": 1},),
)

YES = Leaf(
    pattern="true|false|yes|no",
    short="yes or no",
    key="Y018.choice",
    values={"choices": "true, false, yes, no"},
    make=lambda word: word in ("true", "yes"),
    blank=False,
    plain=({"type": "boolean"},),
    choices=("true", "false", "yes", "no"),
)


def choice(*words: str) -> Leaf:
    """One of a few words."""
    return Leaf(
        pattern="|".join(map(re.escape, words)),
        short="one of: " + ", ".join(words),
        key="Y018.choice",
        values={"choices": ", ".join(words)},
        blank=words[0],
        choices=words,
    )


def refer(sort: str, what: str) -> Leaf:
    """The name of something that stands elsewhere; looked up once everything is read."""

    def use(notes: Notes, written: Text, name: str) -> str:
        notes.use(sort, name, written)
        return name

    return Leaf(r"[\s\S]*\S[\s\S]*", what, "Y018.text", after=use, plain=ANY_PLAIN)


def name(also: str = "", know: str = "") -> Leaf:
    """A name that is given here, known to the rest as a `know`; `also`: another pattern that is allowed."""

    def note(notes: Notes, written: Text, value: str) -> str:
        if know == VARIABLE and value in BUILT_IN:
            notes.wrong(written, "S136", say("hint.another_name"), name=value)
            return ""
        if know:
            notes.know(know, written)
        return value

    pattern = f"{NAME_PATTERN}|{also}" if also else NAME_PATTERN
    return Leaf(pattern, "a name: small letters a-z, digits and _", "Y020", hint=example("order_number"), after=note)


def text(length_max: int, short: str, *, after: Callable[[Notes, Text, Any], Any] | None = None) -> Leaf:
    """Any text up to a length."""
    pattern = rf"(?=[\s\S]*\S)[\s\S]{{1,{length_max}}}"
    return Leaf(pattern, short, "Y025", {"most": length_max}, after=after, plain=ANY_PLAIN)


KEY = Leaf(KEY_PATTERN, "a key: 0 to 9, * or #", "K206", plain=({"type": "integer", "minimum": 0, "maximum": 9},))

MENU = refer("menu", "the name of a step under `nodes`")


def number_to_dial(after: Callable[[Notes, Text, Any], Any] | None = None, *, beginnings: bool = False) -> Leaf:
    """A telephone number with + and the country; the value is E.164. `beginnings`: also "+49 30*"."""
    pattern = r"\s*\+(?:[\s().\-/]*[0-9]){7,15}[\s]*"
    if beginnings:
        pattern = r"\s*\+(?:[\s().\-/]*[0-9])(?:(?:[\s().\-/]*[0-9]){6,14}|(?:[\s().\-/]*[0-9]){0,13}\*)\s*"
    pattern = pattern.replace(r"\+(?:", r"\+(?![\s().\-/]*0)(?:", 1)
    return Leaf(
        pattern, 'a telephone number with + and the country first, "+1 800 555 0142"', "N601",
        hint=say("hint.number_with_country"), make=lambda word: _SEPARATORS.sub("", word), after=after,
    )  # fmt: skip


def _spoken_here(notes: Notes, written: Text, language: str) -> str:
    if notes.languages and language not in notes.languages:
        notes.wrong(written, "L310.word", meant(language, notes.languages, tell=True), word=name_of(written))
    return language


LANGUAGE_KNOWN = Leaf(
    "|".join(LANGUAGES_SPOKEN), "a language: en, de, sr or es", "L309.unknown",
    {"names": ", ".join(LANGUAGES_SPOKEN)}, say("hint.there_are", names=", ".join(LANGUAGES_SPOKEN)),
)  # fmt: skip
LANGUAGE = Leaf(
    "|".join(LANGUAGES_SPOKEN), "a language of the hotline", "L309.unknown", {"names": ", ".join(LANGUAGES_SPOKEN)},
    say("hint.there_are", names=", ".join(LANGUAGES_SPOKEN)), after=_spoken_here,
)  # fmt: skip


def number_pattern(low: int, high: int) -> str:
    """The pattern that whole numbers from low to high match, and nothing else; zeros may stand before."""
    found: list[str] = []
    for length in range(len(str(low)), len(str(high)) + 1):
        least = max(low, 10 ** (length - 1) if length > 1 else 0)
        found += _same_length(str(least), str(min(high, 10**length - 1)))
    return f"0{{0,8}}(?:{'|'.join(found)})"


def _same_length(low: str, high: str) -> Sequence[str]:
    if not low:
        return [""]
    if low[0] == high[0]:
        return [low[0] + rest for rest in _same_length(low[1:], high[1:])]
    rest = len(low) - 1
    found = [low[0] + it for it in _same_length(low[1:], "9" * rest)]
    if int(high[0]) - int(low[0]) > 1:
        found.append(f"[{int(low[0]) + 1}-{int(high[0]) - 1}]" + (f"[0-9]{{{rest}}}" if rest else ""))
    return [*found, *(high[0] + it for it in _same_length("0" * rest, high[1:]))]
