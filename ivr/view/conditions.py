"""Conditions: what a rule asks, said in a few words ("office is open and the caller is on the list regulars")."""

from __future__ import annotations

from ivr.menu import tree as t
from ivr.view.telling import language_name, listed, tell, title


def condition_text(condition: t.Condition, language: str) -> str:
    """What must hold, as the end of a sentence that begins with "if"."""
    match condition:
        case t.HoursAre():
            return tell(f"view.if.hours.{condition.state}", language, calendar=title(condition.calendar))
        case t.VariableIs():
            return _variable(condition, language)
        case t.CallerIs():
            return _caller(condition, language)
        case t.LanguageIs():
            names = [language_name(code, language) for code in condition.languages]
            return tell("view.if.language", language, languages=listed(names, language, "or"))
        case t.CalledIs():
            return tell("view.if.called", language, numbers=listed(condition.numbers, language, "or"))
        case t.All():
            return listed([condition_text(it, language) for it in condition.conditions], language)
        case t.Any():
            return listed([condition_text(it, language) for it in condition.conditions], language, "or")
        case t.Not():
            return tell("view.if.not", language, condition=condition_text(condition.condition, language))


def _variable(condition: t.VariableIs, language: str) -> str:
    name = title(condition.variable)
    if condition.test == "present":
        known = "known" if condition.values == ("true",) else "unknown"
        return tell(f"view.if.variable.{known}", language, variable=name)
    test = "is" if condition.test == "in" else condition.test
    values = listed([f"‘{value}’" for value in condition.values], language, "or")
    return tell(f"view.if.variable.{test}", language, variable=name, values=values)


def _caller(condition: t.CallerIs, language: str) -> str:
    parts = []
    if condition.withheld is not None:
        parts.append(tell("view.if.caller.withheld" if condition.withheld else "view.if.caller.shown", language))
    if condition.countries:
        countries = listed(condition.countries, language, "or")
        parts.append(tell("view.if.caller.country", language, countries=countries))
    if condition.lists:
        lists = listed([title(name) for name in condition.lists], language, "or")
        parts.append(tell("view.if.caller.list", language, lists=lists))
    return listed(parts, language)
