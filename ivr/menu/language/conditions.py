"""Conditions: what a rule of a `when` may ask of the hour, the caller and what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ivr.menu import condition as c
from ivr.menu.countries import CALLING_CODES
from ivr.menu.fault import meant, say
from ivr.menu.language.leaf import LANGUAGE, MENU, YES, Leaf, choice, number_to_dial, refer, text
from ivr.menu.language.shape import Definitions, Given, Group, Key, ListOf, OneKind
from ivr.menu.notes import Notes, example, name_of
from ivr.menu.reader import Text, Written
from ivr.menu.tree import Rule

VALUE_LENGTH_MAX = 100
UNKNOWN = c.All(())


class _Inner:
    """A condition within a condition. Made so that the group of all conditions may hold itself."""

    blank = UNKNOWN

    def read(self, notes: Notes, at: Text | None, written: Written) -> Any:
        return CONDITION.read(notes, at, written)

    def schema(self, definitions: Definitions) -> dict[str, Any]:
        return CONDITION.schema(definitions)

    def takes(self) -> str:
        return "a condition"


def _country(notes: Notes, written: Text, code: str) -> str:
    if code not in CALLING_CODES:
        notes.wrong(written, "S131", meant(code, CALLING_CODES) or example("DE"), word=name_of(written))
    return code


_CALENDAR = refer("calendar", "the name of a calendar under `hours`")
_VALUE = text(VALUE_LENGTH_MAX, "a value")
_VALUES = ListOf(_VALUE, "a value, or a list of values")
_COUNTRY = Leaf("[A-Z]{2}", "a country's two letters, DE", "S131.form", hint=example("DE"), after=_country)
_PATTERN = Leaf(r"[0-9#]{1,20}", "digits, # for any digit", "K212", {"most": 20}, example('"47####"'))
TESTS: Mapping[c.VariableTest, Key] = {
    "is": Key("is", _VALUE, "It is exactly this."),
    "in": Key("in", _VALUES, "It is one of these."),
    "starts_with": Key("starts_with", _VALUES, "It begins with this, or with one of these."),
    "matches_digits": Key("matches_digits", ListOf(_PATTERN, "digits, # for any digit"), "It looks like this."),
    "present": Key("present", YES, "Whether anything is known under the name."),
}


def _hours(given: Given) -> c.Condition:
    return c.HoursAre(given["hours"], given["is"])


def _variable(given: Given) -> c.Condition:
    asked = [test for test in TESTS if test in given]
    if len(asked) != 1:
        at, end = (given.key(asked[1]).place, given.key(asked[1]).end_column) if asked else (given.place, 0)
        hint = say("hint.one_of", names=", ".join(TESTS))
        key = given.key("variable")
        end = end or key.end_column
        given.notes.error(at if asked else key.place, end, say("S132", name=given["variable"]), hint)
        return UNKNOWN
    test = asked[0]
    values = given[test]
    if test == "present":
        values = ("true",) if values else ("false",)
    return c.VariableIs(given["variable"], test, (values,) if isinstance(values, str) else values)


def _caller(given: Given) -> c.Condition:
    withheld = {"withheld": True, "known": False, "any": None}[given["caller"]]
    if withheld and (given["country"] or given["in"]):
        given.notes.wrong(given.at("caller"), "S133", say("hint.this", text="caller: known"))
    return c.CallerIs(withheld, given["country"] or (), given["in"] or ())


def _language(given: Given) -> c.Condition:
    return c.LanguageIs(given["language"])


def _called(given: Given) -> c.Condition:
    return c.CalledIs(given["called"])


def _all(given: Given) -> c.Condition:
    return c.All(given["all"])


def _any(given: Given) -> c.Condition:
    return c.Any(given["any"])


def _not(given: Given) -> c.Condition:
    return c.Not(given["not"])


def _called_number(notes: Notes, written: Text, dialled: str) -> str:
    notes.use("called", dialled, written)
    return dialled


_MANY = ListOf(_Inner(), "a list of conditions", least=1)

CONDITIONS: Mapping[str, Group] = {
    "hours": Group(
        "hours_are",
        "Whether somebody is at the office.",
        (
            Key("hours", _CALENDAR, "The calendar that is asked.", required=True),
            Key("is", choice("open", "closed", "holiday"), "`closed` is any time that is not open; `holiday` is a "
                "public holiday on which the office is closed.", "open"),
        ),
        _hours, UNKNOWN,
    ),
    "variable": Group(
        "variable_is",
        "What is known under a name: typed by the caller, set before, or looked up. One of the tests must be given.",
        (Key("variable", refer("variable", "a name given by `into` or `set`"), "The name.", required=True),
         *TESTS.values()),
        _variable, UNKNOWN,
    ),
    "caller": Group(
        "caller_is",
        "Who calls. Everything that is given must hold.",
        (
            Key("caller", choice("withheld", "known", "any"), "`withheld`: the number is not shown.", required=True),
            Key("country", ListOf(_COUNTRY, "a country, or a list of countries"), "The number is of this country.", ()),
            Key("in", ListOf(refer("list", "a list"), "the name of a list under `lists`, or several"),
                "The number stands in this list.", ()),
        ),
        _caller, UNKNOWN,
    ),
    "language": Group(
        "language_is",
        "What the caller hears.",
        (Key("language", ListOf(LANGUAGE, "a language, or a list of them"), "One of these languages.",
             required=True),),
        _language, UNKNOWN,
    ),
    "called": Group(
        "called_is",
        "Which number was dialled.",
        (Key("called", ListOf(number_to_dial(_called_number), "one of our numbers, or a list of them"),
             "One of these numbers of the hotline.", required=True),),
        _called, UNKNOWN,
    ),
    "all": Group("all", "All of several conditions.",
                 (Key("all", _MANY, "Each of these holds.", required=True),), _all, UNKNOWN),
    "any": Group("any", "One of several conditions.",
                 (Key("any", _MANY, "At least one of these holds.", required=True),), _any, UNKNOWN),
    "not": Group("not", "The opposite of a condition.",
                 (Key("not", _Inner(), "This does not hold.", UNKNOWN, required=True),), _not, UNKNOWN),
}  # fmt: skip

CONDITION = OneKind("condition", CONDITIONS, "S134", "S135", UNKNOWN)


def _rule_of(build: Callable[[Given], Any]) -> Callable[[Given], Rule]:
    return lambda given: Rule(build(given), given["goto"], given.place)


_GOTO = Key("goto", MENU, "Where the call goes if this holds.", required=True)
RULES: Mapping[str, Group] = {
    kind: replace(
        group, name=f"rule_{group.name}", keys=(*group.keys, _GOTO), build=_rule_of(group.build),
        blank=Rule(UNKNOWN, ""),
    )
    for kind, group in CONDITIONS.items()
}  # fmt: skip
RULE = OneKind("rule", RULES, "S134", "S135", Rule(UNKNOWN, ""))
