"""Telling: names, numbers and lists as a supervisor reads them, in each language they are spoken to in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.lists import format_list

from ivr.menu.told import told

_LOCALES = {"en": "en", "de": "de", "sr": "sr_Cyrl", "es": "es"}


@lru_cache(maxsize=len(_LOCALES))
def locale(language: str) -> Locale:
    """What Babel knows about one of our languages."""
    return Locale.parse(_LOCALES[language])


def tell(key: str, language: str, /, **values: object) -> str:
    """A text of ours by its key, its placeholders filled in."""
    return told(key, language, {name: str(value) for name, value in values.items()})


def count(key: str, n: int, language: str, /, **values: object) -> str:
    """A text that counts something: `key.one`, `key.few` or `key.other`, with `{n}` filled in."""
    form = locale(language).plural_form(n)
    try:
        return tell(f"{key}.{form}", language, n=n, **values)
    except KeyError:  # a form that the language has and this text does not need, as `many` of es
        return tell(f"{key}.other", language, n=n, **values)


def title(name: str) -> str:
    """A name of the files as a heading: `order_number` is "Order number"."""
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def language_name(code: str, language: str) -> str:
    """What a language is called in another: `es` is "Spanish" in English."""
    return str(locale(language).languages.get(code, code))


def listed(parts: Sequence[str], language: str, style: Literal["standard", "or"] = "standard") -> str:
    """`a, b and c`."""
    return format_list(list(parts), style, locale(language)) if parts else ""


def day_text(day: date, language: str) -> str:
    """`Thu 2026-12-24`."""
    return f"{locale(language).days['format']['abbreviated'][day.weekday()].rstrip('.').capitalize()} {day.isoformat()}"


def spoken(words: Mapping[str, str], language: str) -> str:
    """The words of the tree in a language, or in the first one that has any; empty when none has."""
    return words.get(language) or next(iter(words.values()), "")


def shortened(text: str, length_max: int) -> str:
    """A text cut at a word's end, with an ellipsis, when it is longer."""
    if len(text) <= length_max:
        return text
    return text[: length_max - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"
