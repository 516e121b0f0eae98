"""Texts: every word on our pages, in one dictionary a language; the page asks for them by key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale

FOLDER = Path(__file__).with_name("templates") / "desk" / "texts"
LANGUAGES = ("en", "de", "sr", "es")
"""The languages a page can be read in; the first is for browsers that want none of them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The dictionary of one language. Calling it with a key gives the text, with `{names}` filled in."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        return self.entries[key].format(**values)

    def or_as_is(self, family: str, word: str) -> str:
        """The text of `family.word`, or the word itself: for words that a hotline or a person made up."""
        return self.entries.get(f"{family}.{word}", word)

    def language_name(self, code: str) -> str:
        """What a language is called in this one: `de` is "German" in English."""
        return Locale(self.language).languages.get(code, code)

    def of(self, words: Mapping[str, str]) -> str:
        """Choose from a hotline's words by language: this one, else the first it was written in."""
        return words.get(self.language) or next(iter(words.values()), "")


@cache
def texts(language: str) -> Texts:
    """The dictionary of `language`, which must be one of LANGUAGES."""
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r} (there are: {', '.join(LANGUAGES)})")
    return Texts(language, json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")))
