"""Change: one difference between two versions, kept so that it can be told in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ivr.menu import tree as t
from ivr.view.conditions import condition_text
from ivr.view.facts import Value, name_text, value_text
from ivr.view.telling import count, day_text, language_name, listed, tell, title
from ivr.view.week import days_text, hours_text
from routing.hours import Hours

Sign = Literal["+", "~", "-", "=", "!"]
"""Added, changed, removed; told though callers notice nothing; something that is missing or looks forgotten."""

CONDITIONS = (t.HoursAre, t.VariableIs, t.CallerIs, t.LanguageIs, t.CalledIs, t.All, t.Any, t.Not)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is a text by its key; `n`: it counts that many."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages by their codes; told by name."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactName:
    """What a setting is called."""

    name: str


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week, from the first to the last; 0 = Monday."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Day:
    """One date."""

    date: date


@dataclass(frozen=True, slots=True)
class Times:
    """When somebody is there on one day, and the public holiday it is."""

    hours: Hours
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Several parts, told as `a, b and c`."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a change is about: a step with the keys that lead to it, or a queue, calendar, survey ..., or all."""

    sort: Literal["step", "queue", "hours", "survey", "form", "contact", "mailbox", "hotline"]
    name: str = ""
    keys: tuple[str, ...] = ()


HOTLINE = Subject("hotline")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; `told` is its sentence."""

    sign: Sign
    subject: Subject
    told: Phrase


def sentence(part: Any, language: str) -> str:
    """A part of a sentence, or all of it, in a language."""
    match part:
        case Phrase(key, values, n):
            filled = {name: sentence(value, language) for name, value in values.items()}
            text = tell(key, language, **filled) if n is None else count(key, n, language, **filled)
            return text
        case Languages(codes):
            return listed([language_name(code, language) for code in codes], language)
        case FactName(name):
            return name_text(name, language)
        case Days(from_day, to_day):
            return days_text(from_day, to_day, language)
        case Day(day):
            return day_text(day, language)
        case Times(hours, holiday):
            return f"{hours_text(hours, language)} ({holiday})" if holiday else hours_text(hours, language)
        case Listed(parts):
            return listed([sentence(it, language) for it in parts], language)
        case _ if isinstance(part, Value):
            return value_text(part, language)
        case _ if isinstance(part, CONDITIONS):
            return condition_text(part, language)
        case _:
            return str(part)


def subject_text(subject: Subject, language: str) -> str:
    """A heading: `Claims (press 2)`, `Queue: Service`."""
    if subject.sort == "step":
        way = tell("plan.press", language, keys=", ".join(subject.keys)) if subject.keys else ""
        return f"{title(subject.name)} ({way})" if way else title(subject.name)
    name = subject.name if subject.sort == "mailbox" else title(subject.name)
    return tell(f"plan.subject.{subject.sort}", language, name=name)
