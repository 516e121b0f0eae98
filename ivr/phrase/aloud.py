"""Aloud: numbers, money, dates and codes as they are read to somebody, and which form of a text goes with a number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal, get_currency_name
from unicode_rbnf import RbnfEngine

LANGUAGES = ("en", "de", "sr", "es")
"""Codes of the languages spoken here; `sr` is written in Cyrillic, see `latin`."""

SPELT_MAX = 999_999
"""Up to here a number is written out in words; a larger one is left to the voice."""

_LOCALES = {"en": "en", "de": "de", "sr": "sr_Cyrl", "es": "es"}
# What is counted is a word of this gender: minutes, digits. The voice would guess.
_RULESETS = {
    ("en", "m"): "spellout-cardinal",
    ("en", "f"): "spellout-cardinal",
    ("de", "m"): "spellout-cardinal-masculine",
    ("de", "f"): "spellout-cardinal-feminine",
    ("sr", "m"): "spellout-cardinal-masculine",
    ("sr", "f"): "spellout-cardinal-feminine",
    ("es", "m"): "spellout-cardinal-masculine",
    ("es", "f"): "spellout-cardinal-feminine",
}
_KEYS: Mapping[str, Mapping[str, str]] = {
    "*": {"en": "star", "de": "Sterntaste", "sr": "звездица", "es": "asterisco"},
    "#": {"en": "pound", "de": "Rautetaste", "sr": "тараба", "es": "almohadilla"},
}
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,6}")
_MONEY = re.compile(r"(-?[0-9]{1,12}(?:\.[0-9]{1,2})?) ?([A-Z]{3})|([A-Z]{3}) ?(-?[0-9]{1,12}(?:\.[0-9]{1,2})?)")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::[0-9.]+)?(?:Z|[+-][0-9:]{5})?)?")


def key_name(key: str, language: str) -> str:
    """How a key is called."""
    return _KEYS[key][language] if key in _KEYS else key


def digits_aloud(digits: str, language: str) -> str:
    """Digits one by one in groups of three or four: `47110815` is "4 7 1 1, 0 8 1 5"."""
    return ", ".join(" ".join(key_name(digit, language) for digit in group) for group in _groups(digits))


def groups_aloud(written: str) -> str:
    """A number in the groups it is written in, each digit by itself: `0151 2345` is "0 1 5 1, 2 3 4 5"."""
    return ", ".join(" ".join(group) for group in re.findall(r"[0-9]+", written))


def number_aloud(n: int, language: str, gender: str = "m") -> str:
    """A whole number in words, of the gender ("m", "f") of what is counted: `21` is "двадесет један"."""
    if abs(n) > SPELT_MAX:
        return format_decimal(n, locale=locale_of(language))
    return _engine(language).format_number(n).text_by_ruleset[_RULESETS[language, gender]].replace("\u00ad", "")


def value_aloud(value: str, language: str) -> str:
    """What is known under a name, by its looks: a date, money, a broken number, a code of digits, or simply a text.

    Dates are `2026-11-23` or `2026-11-23T08:30`, money is `12.50 EUR`. Digits alone are read one by one: they are
    order numbers far more often than amounts. What is counted stands in a text with plural forms, see `plural_form`.
    """
    if found := _MONEY.fullmatch(value):
        return money_aloud(found[1] or found[4], found[2] or found[3], language)
    if found := _DAY.fullmatch(value):
        return _day_aloud(found, language) or value
    if _DECIMAL.fullmatch(value):
        return format_decimal(value, locale=locale_of(language), decimal_quantization=False)
    return digits_aloud(value, language) if value.isascii() and value.isdecimal() else value


def money_aloud(amount: str, currency: str, language: str) -> str:
    """An amount and its currency by name, in the right number: `21`, `RSD` is "21 српски динар"."""
    exact = Decimal(amount)
    whole_units = exact == exact.to_integral_value()
    exact = exact.to_integral_value() if whole_units else exact
    said = format_decimal(exact, "#,##0" if whole_units else "#,##0.00", locale=locale_of(language))
    return f"{said} {get_currency_name(currency, exact, locale=locale_of(language))}"


def plural_form(n: int, language: str) -> str:
    """Which form goes with a number: `one`, `few`, `many` or `other`."""
    return locale_of(language).plural_form(n)


def whole(value: str) -> int | None:
    """The whole number that a value is; None if it is none."""
    return int(value) if _WHOLE.fullmatch(value) else None


def day_aloud(at: date, language: str) -> str:
    """A date in the middle of a sentence, with its weekday: "Monday, November 23"."""
    locale = locale_of(language)
    weekday, month = locale.days["format"]["wide"][at.weekday()], locale.months["format"]["wide"][at.month]
    return _DATE[language].format(weekday=weekday, month=month, day=at.day)


def time_aloud(at: datetime | time, language: str) -> str:
    """The time of the day with its preposition: "at 8:30 in the morning"."""
    return _TIME[language](at)


@lru_cache(maxsize=len(LANGUAGES))
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


@lru_cache(maxsize=len(LANGUAGES))
def locale_of(language: str) -> Locale:
    """Babel's locale of a language of ours."""
    return Locale.parse(_LOCALES[language])


def _groups(digits: str) -> list[str]:
    size = 4 if len(digits) % 4 == 0 or len(digits) < 4 else 3
    first = len(digits) % size if len(digits) % size > 1 else 0
    groups = [digits[:first]] * bool(first) + [digits[i : i + size] for i in range(first, len(digits), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


_DATE = {
    "en": "{weekday}, {month} {day}",
    "de": "{weekday}, {day}. {month}",
    "sr": "{weekday}, {day}. {month}",
    "es": "{weekday}, {day} de {month}",
}


def _day_aloud(found: re.Match[str], language: str) -> str | None:
    """A date that was written as 2026-11-23, with its time if it has one; None when there is no such day."""
    year, month, day = (int(found[n]) for n in (1, 2, 3))
    try:
        said = day_aloud(date(year, month, day), language)
        return f"{said}, {time_aloud(time(int(found[4]), int(found[5])), language)}" if found[4] else said
    except ValueError:
        return None


def _time_en(at: datetime | time) -> str:
    if at.hour == 0 and at.minute == 0:
        return "at midnight"
    if at.hour == 12 and at.minute == 0:
        return "at noon"
    part = "in the morning" if at.hour < 12 else "in the afternoon" if at.hour < 18 else "in the evening"
    hour = at.hour % 12 or 12
    return f"at {hour}:{at.minute:02} {part}" if at.minute else f"at {hour} o'clock {part}"


def _time_de(at: datetime | time) -> str:
    return f"um {at.hour} Uhr {at.minute}" if at.minute else f"um {at.hour} Uhr"


def _time_sr(at: datetime | time) -> str:
    hours = {"one": "сат", "few": "сата"}.get(plural_form(at.hour, "sr"), "сати")
    if not at.minute:
        return f"у {at.hour} {hours}"
    minutes = {"one": "минут"}.get(plural_form(at.minute, "sr"), "минута")
    return f"у {at.hour} {hours} и {at.minute} {minutes}"


def _time_es(at: datetime | time) -> str:
    part = "de la mañana" if at.hour < 12 else "de la tarde" if at.hour < 21 else "de la noche"
    hour = at.hour % 12 or 12
    article = "a la" if hour == 1 else "a las"
    return f"{article} {hour}:{at.minute:02} {part}" if at.minute else f"{article} {hour} {part}"


_TIME = {"en": _time_en, "de": _time_de, "sr": _time_sr, "es": _time_es}
