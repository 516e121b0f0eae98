"""Condition: what a rule of a `when` asks of the moment, the caller and what is known; nothing is ever evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OfficeState = Literal["open", "closed", "holiday"]
VariableTest = Literal["is", "in", "starts_with", "matches_digits", "present"]


@dataclass(frozen=True, slots=True)
class HoursAre:
    """A calendar is `open`, `closed` (not open, for whatever reason), or it is a public `holiday` and so closed."""

    calendar: str
    state: OfficeState


@dataclass(frozen=True, slots=True)
class VariableIs:
    """What is known under a name. A name nothing is known under is like an empty text.

    `is`, `in`: the value is one of `values`; `starts_with`: it begins with one of them; `matches_digits`: it fits one
    of these patterns, `#` standing for any digit; `present`: `values` is ("true",) or ("false",).
    """

    variable: str
    test: VariableTest
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallerIs:
    """Who calls. Everything that is given must hold; an empty tuple or None asks nothing."""

    withheld: bool | None = None  # True: the number is not shown
    countries: tuple[str, ...] = ()  # ISO 3166-1, "DE"; see ivr.menu.countries
    lists: tuple[str, ...] = ()  # names of lists of the hotline; in any of them


@dataclass(frozen=True, slots=True)
class LanguageIs:
    """The caller hears one of these languages."""

    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalledIs:
    """One of these numbers (E.164) was dialled."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of them holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    condition: Condition


Condition = HoursAre | VariableIs | CallerIs | LanguageIs | CalledIs | All | Any | Not


def parts(condition: Condition) -> tuple[Condition, ...]:
    """The condition and all conditions within it."""
    if isinstance(condition, All | Any):
        return (condition, *(part for inner in condition.conditions for part in parts(inner)))
    return (condition, *parts(condition.condition)) if isinstance(condition, Not) else (condition,)
