"""Told: everything said to a hotline's author, by key and language, from the files `*.LANGUAGE.json` here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from string import Formatter

from babel import Locale

LANGUAGES = ("en", "de", "sr", "es")
"""The languages that authors are spoken to in; the first one where a text is missing elsewhere."""


def told(key: str, language: str, values: Mapping[str, str]) -> str:
    """The text of `key` with its `{placeholders}` filled in; KeyError when there is no such text in any language."""
    of_language = texts(language)
    pattern = of_language[key] if key in of_language else texts(LANGUAGES[0])[key]
    return Formatter().vformat(pattern, (), values)


def counted(key: str, number: int, language: str) -> str:
    """The text of `key` in the form that a number asks for - `key.one`, `key.few`, `key.other` - with `{n}` put in."""
    form = Locale.parse(language).plural_form(number)
    full = f"{key}.{form}"
    return told(full if full in texts(language) else f"{key}.other", language, {"n": str(number)})


@lru_cache(maxsize=len(LANGUAGES))
def texts(language: str) -> Mapping[str, str]:
    """Every text in a language, by key: `Y019.number`, `hint.for_example`. Empty for a language not spoken here."""
    found: dict[str, str] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(f".{language}.json"):
            found.update(json.loads(file.read_text(encoding="utf-8")))
    return found


def language_of(environment: str | None) -> str:
    """The language that a setting such as `de_DE.UTF-8` asks for; the first one when it is none of ours."""
    code = (environment or "")[:2].lower()
    return code if code in LANGUAGES else LANGUAGES[0]
