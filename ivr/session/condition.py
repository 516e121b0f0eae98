"""Condition: whether what a rule of a `when` asks holds at this moment, for this caller."""

from __future__ import annotations

from ivr import dialable
from ivr.menu import condition as c
from ivr.menu.countries import country_of
from ivr.session.turn import Turn


def holds(condition: c.Condition, turn: Turn) -> bool:
    """Whether it holds."""
    match condition:
        case c.HoursAre():
            return _hours(condition, turn)
        case c.VariableIs():
            return _variable(condition, turn.known(condition.variable))
        case c.CallerIs():
            return _caller(condition, turn)
        case c.LanguageIs():
            return turn.call.language in condition.languages
        case c.CalledIs():
            return turn.call.called in condition.numbers
        case c.All():
            return all(holds(it, turn) for it in condition.conditions)
        case c.Any():
            return any(holds(it, turn) for it in condition.conditions)
        case c.Not():
            return not holds(condition.condition, turn)


def fits(pattern: str, digits: str) -> bool:
    """Whether digits look like `47####`: # stands for any digit."""
    pairs = zip(pattern, digits, strict=False)
    return len(pattern) == len(digits) and all(p == d if p != "#" else d in "0123456789" for p, d in pairs)


def _hours(condition: c.HoursAre, turn: Turn) -> bool:
    calendar = turn.tree.hours[condition.calendar]
    if condition.state == "holiday":
        return calendar.is_holiday(turn.now)
    return calendar.is_open(turn.now) is (condition.state == "open")


def _variable(condition: c.VariableIs, value: str) -> bool:
    match condition.test:
        case "is" | "in":
            return value in condition.values
        case "starts_with":
            return value.startswith(condition.values)
        case "matches_digits":
            return any(fits(pattern, value) for pattern in condition.values)
        case "present":
            return bool(value) is (condition.values == ("true",))


def _caller(condition: c.CallerIs, turn: Turn) -> bool:
    number = dialable.shown(turn.call.caller)
    if condition.withheld is not None and (number is None) is not condition.withheld:
        return False
    if condition.countries and (number is None or country_of(number) not in condition.countries):
        return False
    return not condition.lists or (number is not None and any(number in turn.tree.lists[it] for it in condition.lists))
