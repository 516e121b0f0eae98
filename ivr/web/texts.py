"""Texts: every word on our pages, in one dictionary a language; the page asks for them by key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.units import format_unit
from flask import request

from ivr.phrase import latin

FOLDER = Path(__file__).with_name("templates")
WRITTEN = ("en", "de", "sr", "es")
"""The languages that there are dictionaries in: each folder of templates may have its own, in `texts/`."""

LANGUAGES = ("en", "de", "sr", "sr-Latn", "es")
"""The languages a page can be read in; the first is for browsers that want none of them. Latin Serbian is derived."""

LANGUAGE_COOKIE = "dialtree-language"


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

    def refusal(self, why: str) -> str:
        """Why something was refused, in this language: keyed by the sentence itself; as it is where none is there."""
        return self.or_as_is("refused", why)

    @property
    def refusals(self) -> list[str]:
        """The keys of all refusals, for pages that say them themselves."""
        return [key for key in self.entries if key.startswith("refused.")]

    @property
    def locale(self) -> Locale:
        """How this language writes dates and numbers."""
        return Locale.parse(self.language, sep="-")

    def days(self, count: int) -> str:
        """So many days: "1 day", "30 days"."""
        return format_unit(count, "duration-day", locale=self.locale)

    def language_name(self, code: str) -> str:
        """What a language is called in this one: `de` is "German" in English."""
        return self.locale.languages.get(code, code)

    @property
    def own_name(self) -> str:
        """What this language calls itself: "Deutsch", "srpski (latinica)"."""
        return self.locale.display_name.capitalize() if self.language != "sr" else "Српски (ћирилица)"

    def of(self, words: Mapping[str, str]) -> str:
        """Choose from a hotline's words by language: this one, else the first it was written in."""
        if self.language == "sr-Latn" and "sr" in words:
            return latin(words["sr"])
        return words.get(self.language) or next(iter(words.values()), "")


@cache
def texts(language: str) -> Texts:
    """The dictionary of `language`, which must be one of LANGUAGES: those of all folders in one.

    ValueError when two folders have a text of the same key.
    """
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r} (there are: {', '.join(LANGUAGES)})")
    written = language.partition("-")[0]
    entries: dict[str, str] = {}
    for path in sorted(FOLDER.rglob(f"texts/{written}.json")):
        more = json.loads(path.read_text(encoding="utf-8"))
        if both := entries.keys() & more.keys():
            raise ValueError(f"{path}: other pages have these texts already: {', '.join(sorted(both))}")
        entries |= more
    if language == "sr-Latn":
        entries = {key: latin(text) for key, text in entries.items()}
    return Texts(language, entries)


def page_texts() -> Texts:
    """The texts in the language that was chosen on the pages, else in one that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return texts(chosen)
    return texts(request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0])
