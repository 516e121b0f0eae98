"""H: opening hours - holidays, what callers hear when nobody is there, and news that outlives its day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import combinations

from ivr.lint import terms
from ivr.lint.rule import Finding, Limits, rule, told_by_check
from ivr.lint.subject import Subject
from ivr.menu import tree as t
from ivr.menu.condition import All, HoursAre, Not
from routing.hours import Calendar, first_instant

for _id in ("H501", "H502", "H507", "H508", "H509", "H512", "H513", "H514"):
    told_by_check(_id)

REFERENCE_MONDAY = date(2026, 1, 5)
"""Calendars are laid side by side in this week, in which no clock is changed anywhere."""


@rule("H503", "warning")
def no_public_holidays(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Calendars without public holidays that are not open every day, or without those of their part of a country."""
    for name, calendar in subject.tree.hours.items():
        always = len(calendar.week) == 7 and all(calendar.week.values())
        if calendar.holidays is None and calendar.week and not always and not subject.entry("hours", name, "holidays"):
            yield Finding(subject.spot("hours", name), {"name": name}, "none")
        elif calendar.holidays and calendar.holidays.subdivision is None and _parts_differ(calendar.holidays.country):
            values = {"country": calendar.holidays.country}
            yield Finding(subject.spot("hours", name, "holidays"), values, "part", severity="advice")


@lru_cache(maxsize=64)
def _parts_differ(country: str) -> bool:
    """Whether the parts of a country have public holidays of their own."""
    import holidays  # slow to import; only hotlines with holidays pay for it

    parts = holidays.list_supported_countries(include_aliases=False).get(country, [])
    year = REFERENCE_MONDAY.year
    whole = len(holidays.country_holidays(country, years=year))
    return any(len(holidays.country_holidays(country, subdiv=part, years=year)) != whole for part in parts)


@rule("H504", "warning")
def closed_until_when(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Ways through a closed hotline on which nobody says when it opens again."""
    for calendar in _calendars_asked(subject):
        silent = _silent_while_closed(subject, calendar)
        if silent:
            yield Finding(subject.spot("nodes", silent), {"name": silent})


def _calendars_asked(subject: Subject) -> list[str]:
    conditions = [
        rule.condition for node in subject.tree.nodes.values() if isinstance(node, t.When) for rule in node.rules
    ]
    return list(dict.fromkeys(it.calendar for it in conditions if isinstance(it, HoursAre)))


def _silent_while_closed(subject: Subject, calendar: str) -> str | None:
    """The first step on a way of a call that comes while a calendar is closed where it is over and nothing was said."""
    seen, todo = {subject.tree.start}, [(subject.tree.start, False)]
    while todo:
        name, closed = todo.pop(0)
        node = subject.tree.nodes[name]
        if _says_when(node):
            continue
        if closed and isinstance(node, t.Record | t.End | t.Callback | t.Menu):
            return name
        if isinstance(node, t.When):
            following, asked = _while_closed(node, calendar)
            closed = closed or asked
        else:
            following = [way.to for way in subject.ways[name] if way.by != "operator"]
        for target in following:
            if target not in seen:
                seen.add(target)
                todo.append((target, closed))
    return None


def _while_closed(node: t.When, calendar: str) -> tuple[list[str], bool]:
    """Where a `when` may lead while the calendar is closed, and whether it asks about it at all."""
    following: list[str] = []
    asked = False
    for each in node.rules:
        match each.condition:
            case HoursAre(calendar=name, state="open") if name == calendar:
                asked = True
            case HoursAre(calendar=name, state="closed") if name == calendar:
                return [*following, each.goto], True
            case Not(condition=HoursAre(calendar=name, state="open")) if name == calendar:
                return [*following, each.goto], True
            case All(conditions=parts) if any(
                isinstance(it, HoursAre) and it.calendar == calendar and it.state == "open" for it in parts
            ):
                asked = True
            case _:
                following.append(each.goto)
    return [*following, node.otherwise], asked


def _says_when(node: t.Node) -> bool:
    words = getattr(node, "words", None)
    return bool(words) and any("{next_opening}" in text for text in words.values())


_DAY_NAMED = re.compile(r"\d|\{\w+\}")


@rule("H505", "warning", drafts=True)
def news_without_an_end(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Announcements for a time, with no day on which they are over."""
    for language, texts in subject.texts.items():
        what = terms.FOR_NOW[language]
        for hit in texts.hits(what.stems, what.pattern):
            if hit.spoken.role in ("label", "emergency") or _DAY_NAMED.search(hit.text):
                continue
            yield Finding(subject.spot_of_text(hit), {"words": hit.said})


@rule("H506", "error")
def open_twice(subject: Subject, limits: Limits) -> Iterator[Finding]:
    """Two calendars of one step that are open at the same time and lead to different places."""
    hours = subject.tree.hours
    for node in subject.tree.nodes.values():
        if not isinstance(node, t.When):
            continue
        rules = [
            (it, it.condition)
            for it in node.rules
            if isinstance(it.condition, HoursAre) and it.condition.state == "open"
        ]
        for (one, first), (other, second) in combinations(rules, 2):
            if one.goto == other.goto or first.calendar == second.calendar:
                continue
            when = _both_open(hours[first.calendar], hours[second.calendar])
            if when:
                values = {"one": first.calendar, "other": second.calendar, "day": when}
                yield Finding(subject.spot("nodes", node.name), values)


def _both_open(one: Calendar, other: Calendar) -> str | None:
    """A weekday on which both are open at once, by their weeks."""
    for opens, closes, day in _spans(one):
        for opens_too, closes_too, _ in _spans(other):
            if opens < closes_too and opens_too < closes:
                return day
    return None


def _spans(calendar: Calendar) -> list[tuple[float, float, str]]:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(calendar.timezone)
    found = []
    for weekday, spans in calendar.week.items():
        day = REFERENCE_MONDAY + timedelta(days=weekday)
        for opens, closes in spans:
            last = day + timedelta(days=1) if closes <= opens or closes == time(0) else day
            start, end = first_instant(day, opens, zone), first_instant(last, closes, zone)
            found.append((start.timestamp(), end.timestamp(), f"{day:%a}".lower()))
    return found
